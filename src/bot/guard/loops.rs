//! Two machines that talk to each other must end (threat 16 of the domain notes), also where the platform does not say that
//! one is: what says the same again and again, or answers at length faster than anybody types, is no longer listened to.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

/// The how-manieth time in a row that the same text is not listened to; a text this short is a choice that was typed, and
/// menus may follow each other.
const SAME_AGAIN: u8 = 3;
const SAME_AGAIN_SHORT: u8 = 6;
const SHORT: usize = 2;
/// Longer after the one before, the same text is a new beginning: a person who has read an answer and says the same again is
/// not served by silence, and what follows is the engine's to decide.
const IN_A_ROW: SignedDuration = SignedDuration::from_secs(10);
/// A reply to the bot is a machine's when it has so many characters, and more of them a second than anybody types; the
/// how-manieth such reply in a row is not listened to.
const LONG: usize = 40;
const A_SECOND: i64 = 40;
const FAST_AGAIN: u8 = 3;
/// How long whoever was found to be a machine must be quiet to be listened to again.
const QUIET: SignedDuration = SignedDuration::from_mins(1);

/// A text as it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// What tells it from other texts.
    pub(super) hash: u64,
    /// Characters.
    pub(super) length: usize,
}

/// What people said last, by the hash of who said it.
#[derive(Debug)]
pub(super) struct Loops {
    of: HashMap<u64, Heard>,
    at_most: usize,
}

/// What is remembered of somebody.
#[derive(Clone, Copy, Debug)]
struct Heard {
    hash: u64,
    same: u8,
    fast: u8,
    /// When they spoke last, by the platform's clock and by ours.
    said_at: Timestamp,
    heard_at: Timestamp,
    /// When the bot spoke to them, if they have said nothing since.
    answered_at: Option<Timestamp>,
}

impl Loops {
    /// Remembers no more people than so many.
    pub(super) fn new(at_most: usize) -> Self {
        Self { of: HashMap::new(), at_most }
    }

    /// Whether this is a machine's, said at a moment and heard now.
    pub(super) fn is_loop(&self, who: u64, said: Said, at: Timestamp, now: Timestamp) -> bool {
        let Some(heard) = self.of.get(&who) else { return false };
        let next = heard.next(said, at, now);
        next.same >= if said.length <= SHORT { SAME_AGAIN_SHORT } else { SAME_AGAIN } || next.fast >= FAST_AGAIN
    }

    /// Somebody said something.
    pub(super) fn heard(&mut self, who: u64, said: Said, at: Timestamp, now: Timestamp) {
        let next = match self.of.get(&who) {
            Some(heard) => heard.next(said, at, now),
            None => Heard { hash: said.hash, same: 1, fast: 0, said_at: at, heard_at: now, answered_at: None },
        };
        self.keep(who, next, now);
    }

    /// The bot spoke to somebody.
    pub(super) fn answered(&mut self, who: u64, now: Timestamp) {
        // Also whoever pressed a button or opened the chat and has said nothing yet.
        let nothing = Heard { hash: 0, same: 0, fast: 0, said_at: now, heard_at: now, answered_at: None };
        let heard = self.of.get(&who).copied().unwrap_or(nothing);
        self.keep(who, Heard { answered_at: Some(now), ..heard }, now);
    }

    /// Whoever has not been heard for a while makes room; while there is none, newcomers are not remembered.
    fn keep(&mut self, who: u64, heard: Heard, now: Timestamp) {
        if self.of.len() >= self.at_most && !self.of.contains_key(&who) {
            self.of.retain(|_, other| now.duration_since(other.heard_at) < IN_A_ROW);
            if self.of.len() >= self.at_most {
                return;
            }
        }
        self.of.insert(who, heard);
    }
}

impl Heard {
    /// What is remembered once this was said as well.
    fn next(&self, said: Said, at: Timestamp, now: Timestamp) -> Self {
        let again = self.hash == said.hash && at.duration_since(self.said_at) < IN_A_ROW;
        let fast = match self.answered_at {
            Some(answered) if is_typed_too_fast(said, now.duration_since(answered)) => self.fast.saturating_add(1),
            // Once found, a machine is one until it is quiet, whatever it says without being answered.
            None if self.fast >= FAST_AGAIN && now.duration_since(self.heard_at) < QUIET => self.fast,
            Some(_) => 0,
            None if self.fast >= FAST_AGAIN => 0,
            // More of the same reply.
            None => self.fast,
        };
        Self {
            hash: said.hash,
            same: if again { self.same.saturating_add(1) } else { 1 },
            fast,
            said_at: at,
            heard_at: now,
            answered_at: None,
        }
    }
}

fn is_typed_too_fast(said: Said, within: SignedDuration) -> bool {
    let length = i64::try_from(said.length).unwrap_or(i64::MAX);
    said.length >= LONG && SignedDuration::from_millis(length.saturating_mul(1000) / A_SECOND) > within
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn said(hash: u64, length: usize) -> Said {
        Said { hash, length }
    }

    /// What of this is not listened to: each at its second, with the bot answering before where it says so.
    fn ends(talk: &[(i64, Said, bool)]) -> Vec<bool> {
        let mut loops = Loops::new(10);
        talk.iter()
            .map(|(at, said, answered)| {
                let at = second(*at);
                if *answered {
                    loops.answered(1, at);
                }
                let ends = loops.is_loop(1, *said, at, at);
                loops.heard(1, *said, at, at);
                ends
            })
            .collect()
    }

    #[test]
    fn the_same_text_three_times_in_a_row_ends_in_silence_until_something_else_is_said() {
        let (a, b) = (said(1, 20), said(2, 20));
        let talk = [(0, a), (5, a), (10, a), (15, a), (20, b), (25, a), (30, a)].map(|(at, said)| (at, said, false));
        assert_eq!(ends(&talk), [false, false, true, true, false, false, false]);
        assert_eq!(
            ends(&[(0, a, false), (15, a, false), (30, a, false)]),
            [false; 3],
            "somebody who has read the answer"
        );
        let choice = said(3, 1);
        let chosen: Vec<_> = (0..6).map(|at| (at, choice, false)).collect();
        assert_eq!(ends(&chosen), [false, false, false, false, false, true], "a choice may be typed some times");
    }

    #[test]
    fn long_replies_that_nobody_can_have_typed_end_in_silence_at_the_third() {
        let text = |hash| said(hash, 60);
        let talk: Vec<_> = (0..5).map(|n| (n, text(u64::try_from(n).unwrap()), n > 0 && n < 4)).collect();
        assert_eq!(ends(&talk), [false, false, false, true, true]);
        // A person takes longer, or says less.
        let slow: Vec<_> = (0..5).map(|n| (n, said(u64::try_from(n).unwrap(), 12), true)).collect();
        assert_eq!(ends(&slow), [false; 5]);
        let broken =
            [(0, text(1), false), (1, text(2), true), (2, text(3), true), (3, said(4, 3), true), (4, text(5), true)];
        assert_eq!(ends(&broken), [false; 5]);
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let mut loops = Loops::new(10);
        (0..1000).for_each(|who| loops.heard(who, said(1, 20), second(0), second(0)));
        assert_eq!(loops.of.len(), 10);
        loops.heard(5000, said(1, 20), second(600), second(600));
        assert_eq!(loops.of.len(), 1, "whoever was not heard for a while makes room");
    }
}
