//! How a step was decided, kept with every step: for `/why`, for agents and for tuning.

use serde::{Deserialize, Serialize};

use super::{Reason, Silence};
use crate::understanding::Reading;
use crate::voice::{AnswerId, MoodId, SlotId, SmallTalkId};

/// How a step was decided.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// What the message was read as; none for events without words.
    pub reading: Option<Reading>,
    /// Gates passed, in order, and the one that stopped it, last.
    pub gates: Vec<String>,
    /// The mood it was answered in.
    pub mood: Option<MoodId>,
    /// Every decision taken, in order.
    pub decisions: Vec<Decision>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Gave these answers.
    Answer(Vec<AnswerId>),
    /// Asked which of these was meant.
    Clarify(Vec<AnswerId>),
    /// Asked for a slot.
    AskSlot(SlotId),
    /// Said that it does not know: the how-manieth time in a row.
    Miss(u8),
    /// Answered small talk.
    SmallTalk(SmallTalkId),
    /// Said one of the voice's lines, by its key.
    Say(String),
    /// Offered a person.
    Offer(Reason),
    /// Brought a person.
    HandOff(Reason),
    /// Reacted with an emoji.
    React,
    /// Said nothing.
    StaySilent(Silence),
    /// The case or session changed state, in a word.
    Moved(String),
}
