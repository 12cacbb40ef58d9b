//! Sessions: connections that are begun anew, of which a platform allows few in a day. All processes of a bot ask before
//! they begin one, through [`Intake`](super::Intake).

use jiff::SignedDuration;

use crate::voice::{BrandId, Platform};

/// One connection of a bot, of those that it is heard over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Whose bot.
    pub brand: BrandId,
    /// On which platform.
    pub platform: Platform,
    /// Which connection, counted from 0.
    pub part: u32,
}

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

/// A session that may be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionNumber(pub i64);

/// Whether a session may be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayBegin {
    /// It may, and is written down.
    Now(SessionNumber),
    /// Not for so long; then it is to be asked again.
    After(SignedDuration),
}

/// What became of a session that was to be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionBecame {
    /// It was begun.
    Begun,
    /// It was perhaps begun, and nothing was heard of it.
    Failed,
    /// It was not begun: it is as if nobody had asked.
    Nothing,
}
