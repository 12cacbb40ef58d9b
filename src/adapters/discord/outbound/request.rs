//! What Discord is asked, as data.

use jiff::Timestamp;
use serde_json::Value;

use crate::adapters::discord::rest::Call;
use crate::adapters::discord::via::Via;
use crate::engine::{OutboxId, Place, Unsure};

/// A delivery in Discord's words.
#[derive(Clone, PartialEq)]
pub struct Request {
    /// Its number in the outbox.
    pub(in crate::adapters::discord) id: OutboxId,
    /// Set when an earlier try may have reached Discord.
    pub(in crate::adapters::discord) unsure: Option<Unsure>,
    /// When it was decided.
    pub(in crate::adapters::discord) decided_at: Timestamp,
    /// Which way it goes.
    pub(in crate::adapters::discord) way: Way,
    /// The messages, in order.
    pub(in crate::adapters::discord) parts: Vec<Part>,
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::adapters::discord) struct Part {
    /// Its body.
    pub body: Value,
    /// The same without anything that Discord could refuse.
    pub plain: Value,
}

/// Which way a delivery goes.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::adapters::discord) enum Way {
    /// Into a channel, a thread or a private chat.
    To(Home),
    /// As an answer to an interaction, for as long as that can be answered.
    FollowUp { via: Via, otherwise: Home },
    /// Into a thread of its own, which begins at a message.
    Thread { channel: String, message: String, name: String, place: Place, customer: String },
    /// To the team.
    Desk {
        desk: u64,
        forum: bool,
        /// The tag without which the forum takes no post.
        tag: Option<u64>,
        thread: Option<String>,
        name: String,
        /// Whether it goes into the one thread of this name that is kept for all of its kind.
        standing: bool,
    },
    /// As a reaction.
    React(Call),
    /// Nowhere: there is nothing to say, or no way to say it.
    Nowhere,
}

/// Where messages can always be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::adapters::discord) enum Home {
    /// A channel, a thread, or a private chat that is known.
    Channel(String),
    /// A private chat with a customer, that may have to be opened. They began: it is no message out of the blue.
    Private(String),
}

impl Call {
    /// Sends a message.
    pub(in crate::adapters::discord) fn message(channel: &str, body: Value) -> Self {
        Self::post(format!("channels/{channel}/messages"), body)
    }
}

/// Without the token of an interaction.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path: Vec<&str> = self.path.split('/').map(|part| if part.len() > 40 { "…" } else { part }).collect();
        f.debug_struct("Call").field("method", &self.method).field("path", &path.join("/")).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").field("id", &self.id).field("parts", &self.parts.len()).finish_non_exhaustive()
    }
}
