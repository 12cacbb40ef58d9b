//! Whether this process may act for the others: its word that it works holds until a moment, by its own steady clock, and
//! others take over only after that moment.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

/// Until when a process may act.
#[derive(Clone, Debug)]
pub struct Standing(Arc<Until>);

#[derive(Debug)]
struct Until {
    began: Instant,
    /// Milliseconds since then; the highest number: for ever.
    holds_for: AtomicU64,
}

impl Standing {
    /// Of a process that has no other beside it.
    pub fn for_ever() -> Self {
        Self(Arc::new(Until { began: Instant::now(), holds_for: AtomicU64::new(u64::MAX) }))
    }

    /// Until a moment.
    pub(super) fn until(moment: Instant) -> Self {
        let standing = Self(Arc::new(Until { began: Instant::now(), holds_for: AtomicU64::new(0) }));
        standing.extend(moment);
        standing
    }

    /// It holds until a later moment.
    pub(super) fn extend(&self, until: Instant) {
        let holds_for = until.saturating_duration_since(self.0.began).as_millis();
        self.0.holds_for.fetch_max(u64::try_from(holds_for).unwrap_or(u64::MAX - 1), Ordering::SeqCst);
    }

    /// It holds no longer.
    pub(super) fn end(&self) {
        self.0.holds_for.store(0, Ordering::SeqCst);
    }

    /// Whether it holds.
    pub fn holds(&self) -> bool {
        self.left().is_none_or(|left| !left.is_zero())
    }

    /// For how long it holds; for ever: nothing.
    fn left(&self) -> Option<Duration> {
        let holds_for = self.0.holds_for.load(Ordering::SeqCst);
        (holds_for < u64::MAX).then(|| Duration::from_millis(holds_for).saturating_sub(self.0.began.elapsed()))
    }

    /// After how long it must be said again that the process works, to be said several times before it ends.
    pub fn pulse(&self) -> Duration {
        self.left().map_or(Duration::MAX, |left| left / 4)
    }

    /// Until it holds no longer.
    pub async fn lost(&self) {
        /// How long after it was ended that is noticed at the latest.
        const LOOK_EVERY: Duration = Duration::from_millis(250);
        while let Some(left) = self.left() {
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LOOK_EVERY)).await;
        }
        std::future::pending().await
    }

    /// Goes on with something as long as it holds: before each step it is asked again, so that a process that stood still
    /// and wakes does not go on where it stopped.
    pub async fn within<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        let mut lost = pin!(self.lost());
        std::future::poll_fn(|cx| {
            if !self.holds() || lost.as_mut().poll(cx).is_ready() {
                return Poll::Ready(None);
            }
            work.as_mut().poll(cx).map(Some)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_begun_ends_with_the_standing() {
        let standing = Standing::until(Instant::now() + Duration::from_millis(50));
        assert_eq!(standing.within(async { 1 }).await, Some(1));
        assert_eq!(standing.within(std::future::pending::<()>()).await, None);
        assert!(!standing.holds());
        assert_eq!(standing.within(async { 1 }).await, None, "not even one step");
    }

    #[tokio::test]
    async fn it_can_be_extended_and_ended() {
        let standing = Standing::until(Instant::now());
        assert!(!standing.holds());
        standing.extend(Instant::now() + Duration::from_secs(60));
        assert!(standing.holds());
        standing.end();
        standing.lost().await;
        assert!(Standing::for_ever().holds());
    }
}
