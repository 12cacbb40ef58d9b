//! What Telegram sends, as far as it is read here (<https://core.telegram.org/bots/api#available-types>).
//!
//! Read leniently, and not into teloxide's types: to those, a message with one entity of a kind that they do not know is an
//! empty message (a test shows it), and what they hold to be required changes with every version of the Bot API. Here a
//! field that is not needed is not missed, and the contents of a message are told by their keys.

use serde::Deserialize;
use serde_json::{Map, Value};

/// Something that happened (<https://core.telegram.org/bots/api#update>).
#[derive(Clone, Debug, Deserialize)]
pub struct Update {
    #[serde(rename = "update_id")]
    pub id: i64,
    pub message: Option<Box<Message>>,
    pub edited_message: Option<Box<Message>>,
    pub callback_query: Option<Callback>,
    pub my_chat_member: Option<MemberChange>,
}

/// A message (<https://core.telegram.org/bots/api#message>).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Message {
    pub message_id: i64,
    pub message_thread_id: Option<i64>,
    pub is_topic_message: bool,
    pub from: Option<User>,
    pub sender_chat: Option<Chat>,
    pub date: i64,
    pub edit_date: Option<i64>,
    pub chat: Chat,
    pub via_bot: Option<User>,
    pub is_automatic_forward: bool,
    pub reply_to_message: Option<Box<Message>>,
    pub media_group_id: Option<String>,
    pub text: Option<String>,
    pub entities: Vec<Entity>,
    pub caption: Option<String>,
    pub caption_entities: Vec<Entity>,
    pub migrate_to_chat_id: Option<i64>,
    pub migrate_from_chat_id: Option<i64>,
    /// Everything else: pictures, files, service messages.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Message {
    /// The words, whether they stand alone or under a picture.
    pub fn words(&self) -> (&str, &[Entity]) {
        match (&self.text, &self.caption) {
            (Some(text), _) => (text, &self.entities),
            (None, Some(caption)) => (caption, &self.caption_entities),
            (None, None) => ("", &[]),
        }
    }

    /// Whether somebody else wrote it first.
    pub fn is_forwarded(&self) -> bool {
        self.rest.contains_key("forward_origin")
    }
}

/// A person or a bot (<https://core.telegram.org/bots/api#user>).
#[derive(Clone, Debug, Deserialize)]
pub struct User {
    pub id: i64,
    #[serde(default)]
    pub is_bot: bool,
    #[serde(default)]
    pub first_name: String,
    pub last_name: Option<String>,
    pub language_code: Option<String>,
}

/// A chat (<https://core.telegram.org/bots/api#chat>).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chat {
    pub id: i64,
    #[serde(rename = "type")]
    pub kind: String,
    pub title: Option<String>,
    pub is_forum: bool,
}

impl Chat {
    pub fn is_private(&self) -> bool {
        self.kind == "private"
    }
}

/// Something special in a text (<https://core.telegram.org/bots/api#messageentity>). Offsets count UTF-16 units.
#[derive(Clone, Debug, Deserialize)]
pub struct Entity {
    #[serde(rename = "type")]
    pub kind: String,
    pub offset: usize,
    pub length: usize,
    pub user: Option<User>,
}

/// A button was pressed (<https://core.telegram.org/bots/api#callbackquery>).
#[derive(Clone, Debug, Deserialize)]
pub struct Callback {
    pub id: String,
    pub from: User,
    pub message: Option<Box<Message>>,
    pub data: Option<String>,
}

/// Somebody's standing in a chat changed (<https://core.telegram.org/bots/api#chatmemberupdated>).
#[derive(Clone, Debug, Deserialize)]
pub struct MemberChange {
    pub chat: Chat,
    pub from: User,
    pub date: i64,
    pub new_chat_member: Member,
}

/// Somebody's standing in a chat (<https://core.telegram.org/bots/api#chatmember>).
#[derive(Clone, Debug, Deserialize)]
pub struct Member {
    pub status: String,
    #[serde(default)]
    pub can_manage_topics: bool,
    /// Everything else: what they may do, by Telegram's names.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Member {
    /// What an administrator may do, by Telegram's names.
    pub fn rights(&self) -> impl Iterator<Item = &str> {
        let is_right = |(name, value): &(&String, &Value)| {
            name.starts_with("can_") && name.as_str() != "can_be_edited" && **value == Value::Bool(true)
        };
        let others = self.rest.iter().filter(is_right).map(|(name, _)| name.as_str());
        let topics = self.can_manage_topics.then_some("can_manage_topics");
        others.chain(topics).filter(|_| self.status == "administrator")
    }

    /// Whether they run the chat.
    pub fn is_admin(&self) -> bool {
        matches!(self.status.as_str(), "creator" | "administrator")
    }
}

/// The bot itself (<https://core.telegram.org/bots/api#getme>).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Me {
    pub id: i64,
    pub first_name: String,
    pub username: String,
    pub can_read_all_group_messages: bool,
}

impl Me {
    /// Whether a name, with or without `@`, is that of the bot; names have no case.
    pub fn is_called(&self, name: &str) -> bool {
        !self.username.is_empty() && name.trim_start_matches('@').eq_ignore_ascii_case(&self.username)
    }
}

/// How updates are delivered (<https://core.telegram.org/bots/api#webhookinfo>).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WebhookInfo {
    pub url: String,
    pub pending_update_count: u64,
    pub last_error_date: Option<i64>,
    pub last_error_message: Option<String>,
}

/// A message that was sent, as far as it is needed.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Posted {
    pub message_id: i64,
}

/// A topic that was opened (<https://core.telegram.org/bots/api#forumtopic>).
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Topic {
    pub message_thread_id: i32,
}
