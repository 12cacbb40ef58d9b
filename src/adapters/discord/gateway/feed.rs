//! What serenity's shard hears goes in here. It never waits: a shard that does sends no heartbeat, and Discord closes the
//! connection (<https://discord.com/developers/docs/events/gateway#sending-heartbeats>).

use std::sync::Arc;

use serenity::model::event::Event;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::queue::Queue;

/// Events on their way from the shard to the queue, which takes microseconds for each.
const ROOM: usize = 4096;

/// Takes events from the shard.
#[derive(Clone)]
pub(super) struct Feed {
    events: Sender<Event>,
    queue: Arc<Queue>,
}

impl Feed {
    /// A way to a queue, and its other end.
    pub(super) fn new(queue: Arc<Queue>) -> (Self, Receiver<Event>) {
        let (events, fed) = channel(ROOM);
        (Self { events, queue }, fed)
    }

    /// An event was heard.
    pub(super) fn heard(&self, event: Event) {
        match self.events.try_send(event) {
            Ok(()) => {}
            Err(TrySendError::Full(event)) => self.queue.leave_out(&event),
            // Nobody takes it in any more while the process stops.
            Err(TrySendError::Closed(_)) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::discord::tests::event;

    #[tokio::test]
    async fn a_feed_that_is_full_does_not_wait_and_what_was_left_out_is_read_later() {
        let queue = Arc::new(Queue::new());
        let (feed, mut fed) = Feed::new(Arc::clone(&queue));
        (0..ROOM).for_each(|_| feed.heard(event("typing")));
        feed.heard(event("message_dm"));
        assert_eq!(fed.len(), ROOM);
        assert!(fed.recv().await.is_some());
        assert_eq!(queue.take_unread().len(), 1, "its place is read later");
    }
}
