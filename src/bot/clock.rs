//! Where the moment comes from.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// Says what time it is.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// What the clock of the machine was seen at last; there is one.
static SEEN: Mutex<Option<Seen>> = Mutex::new(None);

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
        let here = Seen { at: Timestamp::now(), steady: Instant::now() };
        if let Some(by) = seen.and_then(|before| before.jumped(&here)) {
            tracing::warn!(seconds = by.as_secs(), "the clock of the machine was set: what is due is measured anew");
            super::figures::clock_jumped();
        }
        *seen = Some(here);
        here.at
    }
}

/// How far the time of day may go its own way between two looks.
const APART: SignedDuration = SignedDuration::from_secs(5);

/// A moment by both clocks: the one that people set, and the one that only ticks.
#[derive(Clone, Copy, Debug)]
struct Seen {
    at: Timestamp,
    steady: Instant,
}

impl Seen {
    /// By how much the time of day was set since. Looks follow each other closely, so a clock that is merely a little fast
    /// or slow never adds up to a jump. A machine that slept is one, because what ticks sleeps with it.
    fn jumped(&self, later: &Self) -> Option<SignedDuration> {
        let ticked = SignedDuration::try_from(later.steady.saturating_duration_since(self.steady)).unwrap_or_default();
        let by = later.at.duration_since(self.at).saturating_sub(ticked);
        (by.abs() > APART).then_some(by)
    }
}

/// A clock that stands where it was set.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that stands at a moment.
    pub fn at(moment: Timestamp) -> Self {
        Self(Mutex::new(moment))
    }

    /// Sets it to another moment.
    pub fn set(&self, moment: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = moment;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_that_was_set_is_noticed_and_one_that_goes_is_not() {
        let start = Seen { at: Timestamp::now(), steady: Instant::now() };
        let after = |ticked: u64, set: i64| Seen {
            at: start.at + SignedDuration::from_secs(ticked as i64 + set),
            steady: start.steady + Duration::from_secs(ticked),
        };
        for (ticked, set, jumped) in [
            (0, 0, None),
            (86_400, 0, None),
            (60, 5, None),
            (60, -5, None),
            (1, 6, Some(6)),
            (3600, -3600, Some(-3600)),
        ] {
            assert_eq!(start.jumped(&after(ticked, set)).map(|by| by.as_secs()), jumped, "{ticked} {set}");
        }
    }
}
