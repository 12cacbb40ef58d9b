//! What stands between hearing and writing down: without a bound for what must not be lost, with one for chatter.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serenity::model::event::Event;
use tokio::sync::{Notify, oneshot};

use crate::adapters::Taken;

/// Events that wait; beyond it, ordinary messages make room.
const ROOM: usize = 20_000;
/// How often it is said that something was left out.
const SAID_EVERY: Duration = Duration::from_secs(10);

/// An event on its way to be taken in.
pub(super) struct Heard {
    /// The event.
    pub event: Event,
    /// Who waits for what becomes of it.
    pub waiting: Option<oneshot::Sender<Outcome>>,
    /// Whether it is people talking among themselves, as far as can be told.
    pub ordinary: bool,
}

/// What became of an interaction; `None`: it concerns nobody here.
pub(super) type Outcome = Option<Taken>;

/// Events in the order in which they were heard.
pub(super) struct Queue {
    room: usize,
    waiting: Mutex<Waiting>,
    came: Notify,
}

#[derive(Default)]
struct Waiting {
    events: VecDeque<Heard>,
    ordinary: usize,
    closed: bool,
    dropped: u64,
    said: Option<Instant>,
}

impl Queue {
    pub(super) fn new() -> Self {
        Self::with_room(ROOM)
    }

    fn with_room(room: usize) -> Self {
        Self { room, waiting: Mutex::default(), came: Notify::new() }
    }

    /// Adds an event. Gives how many were left out since it was said last, when it is time to say so.
    pub(super) fn push(&self, heard: Heard) -> Option<u64> {
        let mut waiting = self.waiting();
        waiting.ordinary += usize::from(heard.ordinary);
        waiting.events.push_back(heard);
        let said = if waiting.events.len() > self.room && waiting.ordinary > 0 { waiting.make_room() } else { None };
        drop(waiting);
        self.came.notify_one();
        said
    }

    /// Nothing more comes.
    pub(super) fn close(&self) {
        self.waiting().closed = true;
        self.came.notify_one();
    }

    /// The next event; nothing when none is left and nothing more comes. For one reader.
    pub(super) async fn next(&self) -> Option<Heard> {
        loop {
            {
                let mut waiting = self.waiting();
                if let Some(heard) = waiting.events.pop_front() {
                    waiting.ordinary -= usize::from(heard.ordinary);
                    return Some(heard);
                }
                if waiting.closed {
                    return None;
                }
            }
            self.came.notified().await;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Leaves out the oldest ordinary message.
    fn make_room(&mut self) -> Option<u64> {
        let oldest = self.events.iter().position(|heard| heard.ordinary)?;
        self.events.remove(oldest)?;
        self.ordinary -= 1;
        self.dropped += 1;
        if self.said.is_some_and(|said| said.elapsed() < SAID_EVERY) {
            return None;
        }
        self.said = Some(Instant::now());
        Some(std::mem::take(&mut self.dropped))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::discord::tests::event;

    fn heard(ordinary: bool) -> Heard {
        Heard { event: event("typing"), waiting: None, ordinary }
    }

    async fn left(queue: &Queue) -> Vec<bool> {
        queue.close();
        let mut left = Vec::new();
        while let Some(heard) = queue.next().await {
            left.push(heard.ordinary);
        }
        left
    }

    #[tokio::test]
    async fn chatter_makes_room_and_nothing_else_does() {
        let queue = Queue::with_room(3);
        let said: Vec<_> =
            [false, true, true, false, false, false].into_iter().map(|ordinary| queue.push(heard(ordinary))).collect();
        assert_eq!(said, [None, None, None, Some(1), None, None], "it is said once in a while");
        assert_eq!(left(&queue).await, [false, false, false, false]);
    }

    #[tokio::test]
    async fn what_stands_in_a_queue_that_is_closed_comes_out_all_the_same() {
        let queue = Queue::new();
        queue.push(heard(true));
        queue.push(heard(false));
        assert_eq!(left(&queue).await, [true, false]);
        assert!(left(&queue).await.is_empty());
    }
}
