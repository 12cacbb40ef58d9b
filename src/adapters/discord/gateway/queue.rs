//! What stands between hearing and writing down. When it is full, chatter makes room first, the oldest; when there is none, what
//! comes is left out, and the places of messages that were are read once there is room: Discord keeps them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serenity::model::event::Event;
use tokio::sync::{Notify, oneshot};

use super::gaps::Known;
use crate::adapters::Taken;

/// Events that wait; beyond it, ordinary messages make room.
const ROOM: usize = 8_000;
/// Events that wait at most, whatever they are, for so many that there is room.
const AT_MOST: fn(usize) -> usize = |room| room + room / 4 + 1;
/// Places at most of which it is remembered that they must be read.
const PLACES: usize = 2_000;
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
    /// Places of messages that were left out, and the number before the first of them.
    unread: BTreeMap<u64, Known>,
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
        if waiting.events.len() >= self.room && (waiting.ordinary > 0 || heard.ordinary) {
            waiting.make_room();
        }
        // A chatter that found no older one to go for it goes itself.
        let is_left_out = match heard.ordinary {
            true => waiting.events.len() >= self.room,
            false => waiting.events.len() >= AT_MOST(self.room),
        };
        if is_left_out {
            waiting.leave_out(&heard.event, heard.ordinary);
        } else {
            waiting.ordinary += usize::from(heard.ordinary);
            waiting.events.push_back(heard);
        }
        let said = waiting.is_time_to_say();
        drop(waiting);
        self.came.notify_one();
        said
    }

    /// An event did not come this far.
    pub(super) fn leave_out(&self, event: &Event) {
        self.waiting().leave_out(event, false);
        self.came.notify_one();
    }

    /// Places that must be read because messages were left out, and from where on; once nothing waits any more.
    pub(super) fn take_unread(&self) -> Vec<Known> {
        let mut waiting = self.waiting();
        if waiting.events.is_empty() { std::mem::take(&mut waiting.unread).into_values().collect() } else { Vec::new() }
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
    fn make_room(&mut self) {
        let Some(oldest) = self.events.iter().position(|heard| heard.ordinary) else { return };
        if self.events.remove(oldest).is_some() {
            self.ordinary -= 1;
            self.dropped += 1;
        }
    }

    /// Leaves out what comes. Whoever waits for it is told so by their channel's end.
    fn leave_out(&mut self, event: &Event, ordinary: bool) {
        self.dropped += 1;
        let Event::MessageCreate(event) = event else { return };
        let (place, before) = (event.message.channel_id.get(), event.message.id.get().saturating_sub(1));
        if !ordinary && (self.unread.len() < PLACES || self.unread.contains_key(&place)) {
            let private = event.message.guild_id.is_none();
            let known = self.unread.entry(place).or_insert(Known { place, private, message: before });
            known.message = before.min(known.message);
        }
    }

    /// How many were left out since it was said last, when it is time to say so.
    fn is_time_to_say(&mut self) -> Option<u64> {
        if self.dropped == 0 || self.said.is_some_and(|said| said.elapsed() < SAID_EVERY) {
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
    async fn a_queue_never_grows_beyond_its_room_and_what_was_left_out_is_read_later() {
        let queue = Queue::with_room(4);
        for _ in 0..100 {
            queue.push(Heard { event: event("message_dm"), waiting: None, ordinary: false });
            queue.push(heard(true));
        }
        assert_eq!(queue.waiting().events.len(), AT_MOST(4));
        assert!(queue.take_unread().is_empty(), "first what waits");
        assert_eq!(left(&queue).await, [false; 6]);
        let Event::MessageCreate(message) = event("message_dm") else { panic!("a message") };
        let (place, number) = (message.message.channel_id.get(), message.message.id.get());
        assert_eq!(queue.take_unread(), [Known { place, private: true, message: number - 1 }]);
        assert!(queue.take_unread().is_empty(), "once");
    }

    #[tokio::test]
    async fn whoever_waits_for_what_was_left_out_is_told() {
        let queue = Queue::with_room(4);
        assert_eq!((0..6).filter_map(|_| queue.push(heard(false))).count(), 0);
        let (waiting, told) = oneshot::channel();
        queue.push(Heard { waiting: Some(waiting), ..heard(false) });
        assert!(told.await.is_err());
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
