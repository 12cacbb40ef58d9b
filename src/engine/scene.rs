//! What the step needs to know about the moment and the place, beside the conversation itself.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{PersonId, Place};
use crate::voice::{AnswerId, Platform};

/// The moment and the place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// Now.
    pub now: Timestamp,
    /// What was heard in this place in the last [`HEARD_FOR`], oldest first; without the event at hand.
    /// Empty for private chats.
    pub heard: Vec<Heard>,
    /// Cases of the brand that wait before this one would.
    pub queue_ahead: u32,
    /// How long people have waited lately (median of the last claims); none when not known.
    pub usual_wait: Option<SignedDuration>,
    /// Where else this person has written to the brand, the latest first: known when they cannot be reached here any more.
    #[serde(default)]
    pub elsewhere: Vec<OtherWay>,
}

/// Another place in which a person has written to the brand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherWay {
    /// On which platform.
    pub platform: Platform,
    /// Where.
    pub place: Place,
}

/// How far back a scene reaches.
pub const HEARD_FOR: SignedDuration = SignedDuration::from_mins(60);

/// Something heard in a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Speaker,
    /// Which answers it gave, when it was the bot.
    pub answers: Vec<AnswerId>,
    /// Whether it asked something, when it was a person: a question is no answer to another's.
    pub asks: bool,
}

/// Who was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// A person of the community.
    Person(PersonId),
    /// The bot.
    Bot,
    /// Somebody of the team.
    Staff,
    /// Another machine.
    Machine,
}

impl Scene {
    /// A moment in a private chat, nobody waiting.
    pub fn at(now: Timestamp) -> Self {
        Self { now, heard: Vec::new(), queue_ahead: 0, usual_wait: None, elsewhere: Vec::new() }
    }
}
