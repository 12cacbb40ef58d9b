//! What waits, what could not be sent, and how much of each there is: for operators.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::engine::{CaseId, OutboxId};
use crate::voice::{BrandId, Platform};

/// A row of the outbox that was not sent the first time, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Its number.
    pub id: OutboxId,
    /// Where to.
    pub platform: Platform,
    /// The name of the place where the customer is; empty in private.
    pub place: String,
    /// The name that the customer shows.
    pub customer: String,
    /// What it is.
    pub kind: UnsentKind,
    /// The case that it is about, or that is open where it belongs.
    pub case: Option<CaseId>,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// What was wrong the last time, without any of its words.
    pub reason: String,
    /// Whether the platform may have it all the same.
    pub unsure: bool,
    /// How it stands.
    pub state: UnsentState,
}

/// What kind of thing was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsentKind {
    /// Safety words to the customer.
    Safety,
    /// What the bot says to the customer.
    Bot,
    /// What an agent says to the customer.
    Agent,
    /// A reaction to a message.
    Reaction,
    /// A post for the team.
    Post,
}

/// How something stands that was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsentState {
    /// It was given up.
    Failed {
        /// When.
        at: Timestamp,
        /// Whether its words are there, so that it can be tried again.
        has_words: bool,
    },
    /// It is tried again.
    Again {
        /// When, at the earliest.
        not_before: Timestamp,
    },
    /// It would have come too late and was not sent.
    Late {
        /// When that was found.
        at: Timestamp,
    },
}

/// What became of the wish to try something again that was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutBack {
    /// It waits to be sent.
    Done,
    /// It stays as it is.
    Refused(NotPutBack),
}

/// Why something cannot be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPutBack {
    /// There is no such row, or it is long gone.
    NotThere,
    /// The platform has it.
    Sent,
    /// It was not given up: it is on its way or waits.
    OnItsWay,
    /// Somebody else owns the conversation since, or it has gone on.
    Overtaken,
    /// It came too late, and would again.
    TooLate,
    /// Its words were removed.
    NoWords,
}

/// How much waits on a platform of a brand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Events that wait to be handled.
    pub inbox: u64,
    /// When the oldest of those came in that a customer caused.
    pub oldest_unanswered: Option<Timestamp>,
    /// Events that were set aside.
    pub parked: u64,
    /// What waits to be sent or is on its way, by lane: `safety`, `case`, `answer`, and `staff` for posts.
    pub outbox: BTreeMap<&'static str, u64>,
    /// When the oldest of those was decided.
    pub oldest_unsent: Option<Timestamp>,
    /// Open cases, by state.
    pub cases: BTreeMap<String, u64>,
}

/// How much waits, by brand and platform; where nothing does, there is no entry.
pub type Depths = BTreeMap<(BrandId, Platform), Depth>;

/// The lanes of [`Depth::outbox`].
pub const LANES: [&str; 4] = ["safety", "case", "answer", "staff"];
