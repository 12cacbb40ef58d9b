//! Messages as they are kept, and as bots get them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::chats::Chat;
use super::world::World;

/// A message, as the test sees it. Edits are applied; a deleted one stays, marked.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// `message_id`
    pub id: i64,
    /// Where it stands.
    pub chat: Chat,
    /// `message_thread_id`
    pub thread: Option<i64>,
    /// Unix time.
    pub date: i64,
    /// Unix time of the last edit.
    pub edit_date: Option<i64>,
    /// The sender's number; none for posts of a channel.
    pub from: Option<i64>,
    /// The chat it was sent on behalf of.
    pub sender_chat: Option<Chat>,
    /// Which of the bots under test sent it.
    pub by_bot: Option<i64>,
    /// The message it answers.
    pub reply_to: Option<i64>,
    /// Its other fields, as in the Bot API's Message: `text`, `entities`, `reply_markup`, `photo`, ...
    pub fields: Map<String, Value>,
    /// What the text was before each edit, oldest first.
    pub edits: Vec<String>,
    /// Whether it was deleted.
    pub deleted: bool,
    /// Who reacted with what.
    pub reactions: BTreeMap<i64, Vec<String>>,
}

/// A button below a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub text: String,
    /// `callback_data`
    pub data: Option<String>,
    /// `url`
    pub url: Option<String>,
}

/// Fields that make a message a service message.
pub const SERVICE: &[&str] = &[
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "left_chat_member",
    "migrate_from_chat_id",
    "migrate_to_chat_id",
    "new_chat_members",
];

impl Message {
    /// Its text, or the caption of what it shows, or nothing.
    pub fn text(&self) -> &str {
        self.fields.get("text").or_else(|| self.fields.get("caption")).and_then(Value::as_str).unwrap_or_default()
    }

    /// The entities of the text or caption.
    pub fn entities(&self) -> Vec<Value> {
        let entities = self.fields.get("entities").or_else(|| self.fields.get("caption_entities"));
        entities.and_then(Value::as_array).cloned().unwrap_or_default()
    }

    /// The piece of the text an entity covers.
    pub fn covered(&self, entity: &Value) -> String {
        let units: Vec<u16> = self.text().encode_utf16().collect();
        let at = |key: &str| entity[key].as_u64().unwrap_or_default() as usize;
        String::from_utf16_lossy(&units[at("offset")..at("offset") + at("length")])
    }

    /// Its inline keyboard, row by row.
    pub fn keyboard(&self) -> Vec<Vec<Button>> {
        let rows = self.fields.get("reply_markup").and_then(|markup| markup["inline_keyboard"].as_array());
        let word = |button: &Value, key: &str| button[key].as_str().map(str::to_owned);
        let button = |button: &Value| Button {
            text: word(button, "text").unwrap_or_default(),
            data: word(button, "callback_data"),
            url: word(button, "url"),
        };
        let row = |row: &Value| row.as_array().map(|row| row.iter().map(button).collect()).unwrap_or_default();
        rows.map(|rows| rows.iter().map(row).collect()).unwrap_or_default()
    }

    /// Its buttons in reading order.
    pub fn buttons(&self) -> Vec<Button> {
        self.keyboard().into_iter().flatten().collect()
    }

    /// Whether it tells of an event in the chat instead of being written by somebody.
    pub fn is_service(&self) -> bool {
        SERVICE.iter().any(|field| self.fields.contains_key(*field))
    }
}

/// A message that is about to be kept.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub thread: Option<i64>,
    pub from: Option<i64>,
    pub sender_chat: Option<Chat>,
    pub reply_to: Option<i64>,
    pub fields: Map<String, Value>,
}

impl Draft {
    /// With fields from a JSON object.
    pub fn new(from: impl Into<Option<i64>>, fields: Value) -> Self {
        Self { from: from.into(), fields: fields.as_object().cloned().unwrap(), ..Self::default() }
    }
}

impl World {
    /// Keeps a message and gives its number. Nobody is told yet.
    pub fn keep(&mut self, chat: Chat, draft: Draft) -> i64 {
        let date = self.unix_time();
        let by_bot = draft.from.filter(|from| self.bots.contains_key(from));
        let state = self.chat_mut(chat);
        let id = state.next_message;
        state.next_message += 1;
        let Draft { mut thread, from, sender_chat, reply_to, fields } = draft;
        // The message that opens a topic gives the topic its number.
        if fields.contains_key("forum_topic_created") {
            thread = Some(id);
        }
        let message = Message {
            id,
            chat,
            thread,
            date,
            edit_date: None,
            from,
            sender_chat,
            by_bot,
            reply_to,
            fields,
            edits: Vec::new(),
            deleted: false,
            reactions: BTreeMap::new(),
        };
        if !message.is_service() && from.is_some_and(|from| self.person(from).is_bot) {
            self.chat_mut(chat).last_bot = from;
        }
        let state = self.chat_mut(chat);
        state.messages.insert(id, message);
        state.lines.push(super::chats::Line::Message(id));
        id
    }

    /// The object Message (Bot API, Message).
    pub fn message_json(&self, message: &Message) -> Value {
        let mut json = self.bare_message_json(message);
        let state = self.chat(message.chat);
        // What people write into a topic without answering anybody comes as an answer to the message that opened it.
        let root = message.thread.filter(|thread| state.forum && *thread != message.id);
        let replied = message.reply_to.or(root).and_then(|id| state.messages.get(&id));
        if let Some(replied) = replied.filter(|replied| !replied.deleted) {
            // "the Message object in this field will not contain further reply_to_message fields even if it itself is a
            // reply" (Bot API, Message, reply_to_message).
            json["reply_to_message"] = self.bare_message_json(replied);
        }
        json
    }

    fn bare_message_json(&self, message: &Message) -> Value {
        let state = self.chat(message.chat);
        let mut json = json!({
            "message_id": message.id,
            "date": message.date,
            "chat": self.chat_json(message.chat),
        });
        if let Some(from) = message.from {
            json["from"] = self.person(from).json();
        }
        if let Some(sender_chat) = message.sender_chat {
            json["sender_chat"] = self.chat_json(sender_chat);
        }
        if let Some(thread) = message.thread {
            json["message_thread_id"] = json!(thread);
            if state.forum {
                json["is_topic_message"] = json!(true);
            }
        }
        if let Some(edited) = message.edit_date {
            json["edit_date"] = json!(edited);
        }
        for (key, value) in &message.fields {
            json[key.as_str()] = value.clone();
        }
        json
    }
}
