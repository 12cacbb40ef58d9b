//! Where something is: a chat or a topic in it, and what kind of place it is to customers.

use std::fmt;

use teloxide::types::{ChatId, MessageId, Recipient, ThreadId};

use super::wire::Message;
use crate::config::{ChannelKind, GroupConfig};
use crate::engine::PlaceKind;

/// The topic that every forum has from the beginning. Messages to it are sent without its number: with it, Telegram finds
/// no such topic (<https://core.telegram.org/api/forum#forum-topics>).
const GENERAL_TOPIC: i32 = 1;

/// A chat, or a topic in it: `-1001234` or `-1001234/7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Spot {
    pub chat: i64,
    pub thread: Option<i32>,
}

impl Spot {
    pub fn chat(chat: i64) -> Self {
        Self { chat, thread: None }
    }

    /// Where a message is. Replies in groups without topics have a thread number as well: only `is_topic_message` says that
    /// it is a topic's (<https://core.telegram.org/bots/api#message>).
    pub fn of(message: &Message) -> Self {
        let thread = message.message_thread_id.filter(|_| message.is_topic_message);
        let thread = thread.and_then(|id| i32::try_from(id).ok()).filter(|id| *id != GENERAL_TOPIC);
        Self { chat: message.chat.id, thread }
    }

    /// Reads `chat`, `chat/topic`, and `chat/topic/message` without the message.
    pub fn read(id: &str) -> Option<Self> {
        let mut parts = id.split('/');
        let chat = parts.next()?.parse().ok()?;
        let thread = match parts.next() {
            Some(thread) => Some(thread.parse().ok()?).filter(|id| *id != GENERAL_TOPIC),
            None => None,
        };
        Some(Self { chat, thread })
    }

    /// Whether it is a private chat: the numbers of people are positive, those of groups negative.
    pub fn is_private(self) -> bool {
        self.chat > 0
    }

    /// As Telegram takes it.
    pub fn recipient(self) -> Recipient {
        Recipient::Id(ChatId(self.chat))
    }

    pub fn thread_id(self) -> Option<ThreadId> {
        self.thread.map(|id| ThreadId(MessageId(id)))
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.thread {
            Some(thread) => write!(f, "{}/{thread}", self.chat),
            None => write!(f, "{}", self.chat),
        }
    }
}

/// What kind of place a group, or a topic of it, is.
pub fn kind(group: &GroupConfig, thread: Option<i32>) -> PlaceKind {
    let of_topic = thread.and_then(|id| group.topics.get(&id.to_string()));
    match of_topic.unwrap_or(&group.kind) {
        ChannelKind::Help => PlaceKind::Help,
        ChannelKind::General => PlaceKind::General,
        ChannelKind::Muted => PlaceKind::Muted,
    }
}
