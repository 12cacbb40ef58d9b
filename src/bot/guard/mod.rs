//! The guard at the border: what is more than a person, a place or the whole process may send is shed before it costs
//! anything (threats 10 and 16 of the domain notes). Shed is acknowledged and counted, and neither kept nor answered.
//!
//! Chatter goes first, then questions in public, then private words. Never shed: what the team does and what is due, words
//! in a conversation that waits for a person or has one, words that bring one, and the wish to be left alone.
//! `docs/reliability.md` has the numbers.
//!
//! | file | idea |
//! |---|---|
//! | `talk` | what comes in: whose it is, how soon it is shed |
//! | `buckets` | so many at once, and one more each so often |
//! | `crowd` | how much waits in the whole process |
//! | `loops` | machines that talk to each other |
//! | `attended` | which conversations wait for a person or have one |
//! | `border` | all of it, around what comes in |

mod attended;
mod border;
mod buckets;
mod crowd;
mod loops;
mod talk;

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::engine::Delivery;
use crate::voice::{BrandId, Platform};
use attended::Attended;
pub(super) use border::AtBorder;
use buckets::{Buckets, Rate};
use crowd::Crowd;
use loops::{Loops, Said};
use talk::{Class, Kind, Talk};

/// Buckets at most, and people and answers that are remembered.
const BUCKETS: usize = 50_000;
const PEOPLE: usize = 20_000;
const ANSWERS: usize = 10_000;
/// How much may come to one public place.
const PLACE: Rate = Rate::new(100, 20);
/// Words that must be heard and that are let in for that alone; those that bring a person open a case meanwhile.
const WISHES: Rate = Rate { at_once: 10, every_us: 10_000_000 };
/// People of whom it is remembered that their words are shed.
const SAID_OF: usize = 10_000;
/// How often it is said that somebody's words are shed.
const SAID: Rate = Rate::one_in(SignedDuration::from_mins(1));

/// Whose bucket it is.
#[derive(Clone, Copy, Hash)]
enum Whose {
    Person(Kind),
    Place,
    Wishes,
    Log,
}

/// Why something is shed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// One person sends more than they may.
    Person,
    /// More comes to one place than may.
    Place,
    /// More waits than can be handled.
    Crowd,
    /// A machine talks to the bot.
    Loop,
}

/// What is counted and remembered, for all brands.
#[derive(Debug)]
pub(super) struct Guard {
    hashes: RandomState,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    buckets: Buckets,
    /// What was said in the log; of their own, so that no flood of it takes the room of people.
    said: Buckets,
    loops: Loops,
    attended: Attended,
    crowd: Crowd,
}

impl Default for Guard {
    fn default() -> Self {
        let state = State {
            buckets: Buckets::new(BUCKETS),
            said: Buckets::new(SAID_OF),
            loops: Loops::new(PEOPLE),
            attended: Attended::new(ANSWERS),
            crowd: Crowd::default(),
        };
        Self { hashes: RandomState::new(), state: Mutex::new(state) }
    }
}

impl Guard {
    /// Why something is to be shed; none: there is room for it.
    fn weigh(&self, talk: &Talk<'_>, now: Timestamp) -> Option<Why> {
        let (at, state) = (talk.at.min(now), self.state());
        let spare = if talk.kind == Kind::Words { talk.class.spares_person() } else { 0 };
        if self.said(talk).is_some_and(|said| state.loops.is_loop(self.person(talk), said, at, now)) {
            Some(Why::Loop)
        } else if !state.buckets.has(self.bucket(talk, Whose::Person(talk.kind)), talk.kind.rate(), spare, at) {
            Some(Why::Person)
        } else if talk.is_public
            && !state.buckets.has(self.bucket(talk, Whose::Place), PLACE, talk.class.spares_place(), at)
        {
            Some(Why::Place)
        } else if talk.kind != Kind::Press && state.crowd.is_too_much(talk.brand, talk.class) {
            Some(Why::Crowd)
        } else {
            None
        }
    }

    /// Something was let in and is new: it is paid for.
    fn let_in(&self, talk: &Talk<'_>, now: Timestamp) {
        let (at, mut state) = (talk.at.min(now), self.state());
        state.buckets.take(self.bucket(talk, Whose::Person(talk.kind)), talk.kind.rate(), at);
        if talk.is_public {
            state.buckets.take(self.bucket(talk, Whose::Place), PLACE, at);
        }
        if let Some(said) = self.said(talk) {
            state.loops.heard(self.person(talk), said, at, now);
        }
    }

    /// Something is shed. Says whether it is time to say so in the log.
    fn shed(&self, talk: &Talk<'_>, now: Timestamp) -> bool {
        let mut state = self.state();
        if let Some(said) = self.said(talk) {
            state.loops.heard(self.person(talk), said, talk.at.min(now), now);
        }
        let log = self.bucket(talk, Whose::Log);
        let say = state.said.has(log, SAID, 0, now);
        if say {
            state.said.take(log, SAID, now);
        }
        say
    }

    /// Whether words that must be heard are let in for that alone; a person's are, some at once.
    fn hears_wish(&self, talk: &Talk<'_>, now: Timestamp) -> bool {
        let (wishes, mut state) = (self.bucket(talk, Whose::Wishes), self.state());
        let has = state.buckets.has(wishes, WISHES, 0, now);
        if has {
            state.buckets.take(wishes, WISHES, now);
        }
        has
    }

    /// The bot spoke to somebody.
    pub(super) fn answered(&self, delivery: &Delivery, now: Timestamp) {
        let who = self.hash(&delivery.brand, &delivery.platform, &delivery.recipient.id);
        self.state().loops.answered(who, now);
    }

    /// A conversation in a place was given to people.
    pub(super) fn given_to_people(&self, brand: &BrandId, platform: &Platform, place: &str) {
        self.state().attended.changed(self.hash(brand, platform, place));
    }

    /// How much waits was counted.
    pub(super) fn counted(&self, waiting: Vec<(BrandId, u64)>) {
        self.state().crowd.counted(waiting);
    }

    /// The words as they are compared: blanks and the case of letters tell no two apart.
    fn said(&self, talk: &Talk<'_>) -> Option<Said> {
        let words = talk.words.filter(|_| talk.kind == Kind::Words && talk.may_be_loop)?;
        let plain = words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        Some(Said { hash: self.hashes.hash_one(&plain), length: plain.chars().count() })
    }

    fn person(&self, talk: &Talk<'_>) -> u64 {
        self.hash(talk.brand, talk.platform, talk.person)
    }

    fn place(&self, talk: &Talk<'_>) -> u64 {
        self.hash(talk.brand, talk.platform, talk.place)
    }

    fn conversation(&self, talk: &Talk<'_>) -> u64 {
        self.hashes.hash_one((self.person(talk), self.place(talk)))
    }

    fn bucket(&self, talk: &Talk<'_>, whose: Whose) -> u64 {
        let of = match whose {
            Whose::Person(_) | Whose::Wishes | Whose::Log => self.person(talk),
            Whose::Place => self.place(talk),
        };
        self.hashes.hash_one((whose, of))
    }

    fn hash(&self, brand: &BrandId, platform: &Platform, id: &str) -> u64 {
        self.hashes.hash_one((brand.as_str(), platform.as_str(), id))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
