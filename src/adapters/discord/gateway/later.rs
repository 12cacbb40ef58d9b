//! What was heard and could not be written down before this process had to leave the connection to another one. Discord does
//! not tell it again, and nobody finds somebody's first private message in a history: it is written down as soon as the store
//! takes it, in the order in which it came, and before what is heard after it. It is lost only with the process.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::adapters::{Incoming, Intake};
use crate::voice::BrandId;

/// Events that wait at most.
const MOST: usize = 1024;
/// For how long each is tried.
const WITHIN: Duration = Duration::from_secs(15 * 60);
/// How often.
const EVERY: Duration = Duration::from_secs(1);

/// What waits to be written down when nobody listens any more.
pub(in crate::adapters::discord) struct Later {
    brand: BrandId,
    waiting: watch::Sender<VecDeque<(Instant, Incoming)>>,
}

impl Later {
    /// Nothing waits.
    pub(in crate::adapters::discord) fn new(brand: BrandId) -> Self {
        Self { brand, waiting: watch::Sender::new(VecDeque::new()) }
    }

    /// Waits until nothing waits any more; false when it is time to stop before.
    pub(super) async fn is_through(&self, stop: &CancellationToken) -> bool {
        let mut waiting = self.waiting.subscribe();
        tokio::select! {
            biased;
            through = waiting.wait_for(VecDeque::is_empty) => through.is_ok(),
            () = stop.cancelled() => false,
        }
    }

    /// Leaves something; false when too much waits already.
    pub(super) fn leave(self: &Arc<Self>, incoming: &Incoming, intake: &Arc<dyn Intake>) -> bool {
        let (mut is_first, mut has_room) = (false, true);
        self.waiting.send_modify(|waiting| {
            (is_first, has_room) = (waiting.is_empty(), waiting.len() < MOST);
            if has_room {
                waiting.push_back((Instant::now(), incoming.clone()));
            }
        });
        if is_first {
            tokio::spawn(Arc::clone(self).write_down(Arc::clone(intake)));
        }
        has_room
    }

    /// One after the other, until nothing waits.
    async fn write_down(self: Arc<Self>, intake: Arc<dyn Intake>) {
        loop {
            let next = self.waiting.borrow().front().cloned();
            let Some((since, incoming)) = next else { return };
            while let Err(error) = intake.take(&incoming).await {
                if since.elapsed() > WITHIN {
                    tracing::error!(brand = %self.brand, %error, "something that came in could not be written down for long and is lost");
                    break;
                }
                tokio::time::sleep(EVERY).await;
            }
            let mut is_last = false;
            self.waiting.send_modify(|waiting| {
                waiting.pop_front();
                is_last = waiting.is_empty();
            });
            // Whoever leaves something from now on sees that nobody is at it.
            if is_last {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::tests::Kept;
    use crate::voice::Platform;

    /// Something that can be told from others.
    fn from(number: usize) -> Incoming {
        let (brand, platform) = (BrandId::from("lumen"), Platform::from("discord"));
        Incoming::Renumbered { brand, platform, from: number.to_string(), to: String::new() }
    }

    #[tokio::test]
    async fn what_was_left_is_written_down_in_its_order_once_the_store_takes_it() {
        let kept = Arc::new(Kept { failures: 1.into(), ..Kept::default() });
        let intake: Arc<dyn Intake> = Arc::<Kept>::clone(&kept);
        let later = Arc::new(Later::new(BrandId::from("lumen")));
        for number in 0..4 {
            assert!(later.leave(&from(number), &intake));
        }
        assert!(later.is_through(&CancellationToken::new()).await);
        assert_eq!(*kept.taken.lock().unwrap(), (0..4).map(from).collect::<Vec<_>>());
        // And again, when nothing waits any more.
        assert!(later.leave(&from(4), &intake));
        assert!(later.is_through(&CancellationToken::new()).await);
        assert_eq!(kept.taken.lock().unwrap().len(), 5);
    }

    #[tokio::test]
    async fn what_finds_no_room_is_said_to_be_lost() {
        let intake: Arc<dyn Intake> = Arc::new(Kept { failures: u32::MAX.into(), ..Kept::default() });
        let later = Arc::new(Later::new(BrandId::from("lumen")));
        assert!((0..MOST).all(|number| later.leave(&from(number), &intake)));
        assert!(!later.leave(&from(MOST), &intake));
    }

    #[tokio::test]
    async fn what_is_heard_next_waits_for_it_or_is_left_as_well() {
        let intake: Arc<dyn Intake> = Arc::new(Kept { failures: u32::MAX.into(), ..Kept::default() });
        let (later, stop) = (Arc::new(Later::new(BrandId::from("lumen"))), CancellationToken::new());
        assert!(later.leave(&from(0), &intake));
        stop.cancel();
        assert!(!later.is_through(&stop).await);
        let nothing = Later::new(BrandId::from("lumen"));
        assert!(nothing.is_through(&stop).await, "what can be written down is, at the end too");
    }
}
