//! Something on its way out: an effect with its address, as the outbox keeps it and an adapter gets it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ConversationId, Outgoing, Place, StaffPost};
use crate::voice::{BrandId, Platform};

/// The store's number of an outgoing row, never used twice. Where a platform takes a nonce, this is it: sending the same
/// row again is then not a second message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OutboxId(pub i64);

impl fmt::Display for OutboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Something on its way out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its number; also the nonce.
    pub id: OutboxId,
    /// Whose.
    pub brand: BrandId,
    /// Where to.
    pub platform: Platform,
    /// Which conversation it belongs to.
    pub conversation: ConversationId,
    /// The place of the conversation. A post for the team goes to the team's place instead, which the adapter knows.
    pub place: Place,
    /// The customer.
    pub recipient: Recipient,
    /// How they can be answered in the place at the moment, as the adapter said last.
    pub via: Option<String>,
    /// What the buttons carry, in the order of the choices of a message or of the buttons of a post.
    pub buttons: Vec<String>,
    /// What goes out.
    pub body: Body,
    /// Where the team talks about the case: the platform's number of the first post about it, or of the thread that the
    /// post began. None: this is the first post, or it is not for the team.
    pub thread: Option<String>,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// The how-manieth try this is, counted from 1.
    pub attempt: u32,
    /// How far an earlier try got, as the adapter had it written down.
    pub progress: Option<String>,
    /// Set when an earlier try may have reached the platform without our having heard of it.
    pub unsure: Option<Unsure>,
}

/// The room of everything that goes to the team.
pub const DESK: &str = "desk";

impl Delivery {
    /// Where it is heard, as far as limits go: what stands before the slash in the number of the place, because topics share
    /// the limit of their chat; [`DESK`] for the team.
    pub fn room(&self) -> &str {
        match &self.body {
            Body::Staff(_) => DESK,
            Body::Send(_) | Body::React { .. } => room_of(&self.place.id),
        }
    }
}

/// The room that a place is in.
pub fn room_of(place: &str) -> &str {
    place.split('/').next().unwrap_or(place)
}

/// Where to look for a message that may have been sent: behind these. For platforms that count their messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsure {
    /// The number of the newest message that was known in the place when it was decided.
    pub here: Option<i64>,
    /// The same for all private places of the platform.
    pub anywhere: Option<i64>,
}

/// The customer of a delivery: the only person who may be mentioned in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The platform's number of them.
    pub id: String,
    /// The name they show; may hold anything.
    pub name: String,
}

/// What goes out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A message to the customer.
    Send(Outgoing),
    /// A reaction to a message of the customer.
    React {
        /// The platform's number of the message.
        message_id: String,
        /// The emoji.
        emoji: String,
    },
    /// A post for the team; no way leads from it to the customer's place.
    Staff(StaffPost),
}
