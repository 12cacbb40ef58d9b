//! Connections that are begun anew, of which platforms allow few.

use jiff::{SignedDuration, Timestamp};

/// The number of a session: a connection that is begun anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub i64);

/// On which terms a session may be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTerms {
    /// Sessions of one lane are begun one after the other, whichever part they are for.
    pub lane: u32,
    /// What must lie between two of a lane.
    pub apart: SignedDuration,
    /// How long one that is being begun is waited for; then whoever asked for it is taken for dead.
    pub begins_within: SignedDuration,
    /// How many may be begun in 24 hours, by all parts together.
    pub in_a_day: u32,
}

/// Whether a session may be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeginSession {
    /// It may, and is written down.
    Now(SessionId),
    /// Not before this moment.
    NotBefore(Timestamp),
}

/// What became of a session that was to be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionBecame {
    /// It was begun.
    Begun,
    /// It was perhaps begun, and nothing was heard of it: it is kept apart from others, and does not count for the day.
    Failed,
    /// It was not begun: it is as if nobody had asked.
    Nothing,
}
