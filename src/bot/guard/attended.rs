//! Which conversations wait for a person or have one, remembered for a moment: asked only about somebody who would be shed,
//! and under a flood not each time.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

/// How long an answer of the store holds: yes, and no.
const YES: SignedDuration = SignedDuration::from_secs(5);
const NO: SignedDuration = SignedDuration::from_secs(1);
/// How long words that bring a person count as a case that is open: until it is, the worker has so much time.
const SOON: SignedDuration = SignedDuration::from_mins(1);

/// Answers by the hash of a person in a place.
#[derive(Debug)]
pub(super) struct Attended {
    of: HashMap<u64, Answer>,
    at_most: usize,
    /// Grows when a conversation was given to people: an answer that was asked for before may be out of date.
    changes: u64,
}

#[derive(Clone, Copy, Debug)]
struct Answer {
    place: u64,
    yes: bool,
    until: Timestamp,
}

impl Attended {
    /// Remembers no more than so many answers.
    pub(super) fn new(at_most: usize) -> Self {
        Self { of: HashMap::new(), at_most, changes: 0 }
    }

    /// The answer, where one holds.
    pub(super) fn known(&self, who: u64, now: Timestamp) -> Option<bool> {
        self.of.get(&who).filter(|answer| answer.until > now).map(|answer| answer.yes)
    }

    /// To be taken before the store is asked.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    /// The store said so.
    pub(super) fn answered(&mut self, who: u64, place: u64, yes: bool, changes: u64, now: Timestamp) {
        if yes || changes == self.changes {
            self.keep(who, place, yes, now, if yes { YES } else { NO });
        }
    }

    /// Words came in that bring a person.
    pub(super) fn soon(&mut self, who: u64, place: u64, now: Timestamp) {
        self.keep(who, place, true, now, SOON);
    }

    /// Conversations of a place were given to people: whoever was said to have nobody there may have somebody now.
    pub(super) fn changed(&mut self, place: u64) {
        self.changes = self.changes.wrapping_add(1);
        self.of.retain(|_, answer| answer.yes || answer.place != place);
    }

    fn keep(&mut self, who: u64, place: u64, yes: bool, now: Timestamp, time: SignedDuration) {
        if self.of.len() >= self.at_most && !self.of.contains_key(&who) {
            self.of.retain(|_, answer| answer.until > now);
            if self.of.len() >= self.at_most {
                return;
            }
        }
        let until = now.saturating_add(time).unwrap_or(now);
        self.of.insert(who, Answer { place, yes, until });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn an_answer_holds_for_a_moment_and_a_no_only_until_somebody_comes() {
        let mut attended = Attended::new(10);
        attended.answered(1, 7, false, attended.changes(), second(0));
        attended.answered(2, 8, false, attended.changes(), second(0));
        assert_eq!(attended.known(1, second(0)), Some(false));
        attended.changed(7);
        assert_eq!((attended.known(1, second(0)), attended.known(2, second(0))), (None, Some(false)));
        assert_eq!(attended.known(2, second(1)), None);
        let before = attended.changes();
        attended.changed(7);
        attended.answered(1, 7, false, before, second(2));
        assert_eq!(attended.known(1, second(2)), None, "it was asked before somebody came");
        attended.answered(1, 7, true, before, second(2));
        assert_eq!((attended.known(1, second(6)), attended.known(1, second(7))), (Some(true), None));
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let mut attended = Attended::new(10);
        (0..1000).for_each(|who| attended.answered(who, 1, false, 0, second(0)));
        assert_eq!(attended.of.len(), 10);
        attended.soon(5000, 1, second(100));
        assert_eq!(attended.of.len(), 1);
    }
}
