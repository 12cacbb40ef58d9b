//! One row of the outbox: send it, record what became of it; try again later and later; give up at last.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use super::Bot;
use crate::adapters::{Deliver, SendError, Sent};
use crate::engine::Delivery;
use crate::store::StoreError;

/// The first wait before sending again; it doubles with every try.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(1);
/// The longest wait before sending again.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);
/// When something is given up that could not be sent.
const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How long a platform may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long to wait when the store cannot take down what was sent.
const STORE_WAIT: Duration = Duration::from_secs(1);

impl Bot {
    /// Sends a row that was claimed, and records what became of it.
    pub(super) async fn deliver(&self, adapter: &Arc<dyn Deliver>, delivery: &Delivery) -> Result<(), StoreError> {
        let sent = send(adapter, delivery).await;
        self.record(delivery, sent).await
    }

    /// As [`Bot::deliver`], and does not let go while the store is in trouble: what was sent and not recorded would be sent
    /// twice.
    pub(super) async fn deliver_surely(
        &self,
        adapter: &Arc<dyn Deliver>,
        delivery: &Delivery,
        stopping: impl Fn() -> bool,
    ) {
        let sent = send(adapter, delivery).await;
        loop {
            match self.record(delivery, sent.clone()).await {
                Ok(()) => return,
                Err(error) if error.passes() && !stopping() => {
                    tracing::warn!(brand = %delivery.brand, outbox = delivery.id.0, %error, "what was sent is not recorded yet");
                    tokio::time::sleep(STORE_WAIT).await;
                }
                Err(error) => {
                    tracing::error!(brand = %delivery.brand, outbox = delivery.id.0, %error, "what was sent is not recorded");
                    return;
                }
            }
        }
    }

    async fn record(&self, delivery: &Delivery, sent: Result<Sent, SendError>) -> Result<(), StoreError> {
        let (brand, id, now) = (&delivery.brand, delivery.id, self.clock.now());
        match sent {
            Ok(sent) => self.store.delivered(brand, id, sent.message_id.as_deref(), now).await,
            Err(SendError::Later { reason, retry_after }) => {
                if now.duration_since(delivery.decided_at) >= GIVE_UP_AFTER {
                    return self.give_up(delivery, &reason).await;
                }
                let wait = wait_before_next(delivery.attempt).max(retry_after.unwrap_or(SignedDuration::ZERO));
                tracing::warn!(%brand, outbox = id.0, attempt = delivery.attempt, reason, "not sent; trying again");
                self.store.retry(brand, id, &reason, now.saturating_add(wait).unwrap_or(now)).await
            }
            Err(SendError::Never { reason }) => self.give_up(delivery, &reason).await,
        }
    }

    async fn give_up(&self, delivery: &Delivery, reason: &str) -> Result<(), StoreError> {
        tracing::error!(brand = %delivery.brand, outbox = delivery.id.0, reason, "cannot be sent");
        self.store.failed(&delivery.brand, delivery.id, reason, self.clock.now()).await?;
        self.came_in.notify_one();
        Ok(())
    }
}

/// Sends in a task of its own, so that an adapter that panics or hangs is one failed try.
async fn send(adapter: &Arc<dyn Deliver>, delivery: &Delivery) -> Result<Sent, SendError> {
    let (adapter, delivery) = (Arc::clone(adapter), delivery.clone());
    let sending = tokio::spawn(async move { tokio::time::timeout(PATIENCE, adapter.deliver(&delivery)).await });
    let later = |reason: &str| Err(SendError::Later { reason: reason.to_owned(), retry_after: None });
    match sending.await {
        Ok(Ok(sent)) => sent,
        Ok(Err(_)) => later("the platform did not answer in time"),
        Err(_) => later("the adapter panicked"),
    }
}

/// How long to wait after the how-manieth try.
fn wait_before_next(attempt: u32) -> SignedDuration {
    let doubled = 1_i32.checked_shl(attempt.saturating_sub(1)).filter(|factor| *factor > 0);
    doubled.and_then(|factor| FIRST_WAIT.checked_mul(factor)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_longer_until_the_longest() {
        let waits: Vec<i64> = (1..=11).map(|attempt| wait_before_next(attempt).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(wait_before_next(0).as_secs(), 1);
        assert_eq!(wait_before_next(32), LONGEST_WAIT);
        assert_eq!(wait_before_next(u32::MAX), LONGEST_WAIT);
    }
}
