//! The clock of a chat: it stands until it is set, or runs with the machine's at a distance.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::bot::Clock;

/// The clock of a chat.
#[derive(Debug)]
pub(super) struct ChatClock(Mutex<Hands>);

#[derive(Clone, Copy, Debug)]
enum Hands {
    Stand(Timestamp),
    Run(SignedDuration),
}

impl ChatClock {
    /// A clock that stands.
    pub fn standing(at: Timestamp) -> Self {
        Self(Mutex::new(Hands::Stand(at)))
    }

    /// A clock that runs.
    pub fn running(from: Timestamp) -> Self {
        Self(Mutex::new(Hands::Run(from.duration_since(Timestamp::now()))))
    }

    /// Sets it; it goes on as it did.
    pub fn set(&self, to: Timestamp) {
        let mut hands = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *hands = match *hands {
            Hands::Stand(_) => Hands::Stand(to),
            Hands::Run(_) => Hands::Run(to.duration_since(Timestamp::now())),
        };
    }
}

impl Clock for ChatClock {
    fn now(&self) -> Timestamp {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Hands::Stand(at) => at,
            Hands::Run(ahead) => {
                let now = Timestamp::now();
                now.saturating_add(ahead).unwrap_or(now)
            }
        }
    }
}
