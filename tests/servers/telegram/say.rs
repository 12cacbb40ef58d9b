//! What a person writes, in all its forms.

use serde_json::{Value, json};

use super::chats::Chat;
use super::files::Attachment;
use super::formatting::found;
use super::messages::Draft;
use super::users::{Bot, User};
use super::world::World;

/// A message in the making: `Say::text("Hi").reply_to(12)`. Without [`Say::thread`] it goes into the chat itself (in a
/// forum, the topic "General").
#[derive(Clone, Debug, Default)]
pub struct Say {
    pub(super) text: String,
    pub(super) entities: Vec<Value>,
    pub(super) thread: Option<i64>,
    pub(super) reply_to: Option<i64>,
    pub(super) attachment: Option<Attachment>,
    pub(super) origin: Option<Origin>,
    pub(super) album: Option<String>,
    pub(super) via: Option<i64>,
}

/// Where a forwarded message came from (Bot API, MessageOrigin).
#[derive(Clone, Debug)]
pub enum Origin {
    /// A person or bot.
    User(User),
    /// A person who hides it, with a name only.
    HiddenUser(String),
    /// A group, by an anonymous administrator.
    Chat(Chat),
    /// A post of a channel, with its number there.
    Channel(Chat, i64),
}

impl Say {
    /// A text. Commands, mentions and addresses in it become entities by themselves.
    pub fn text(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// A photo, sticker, voice message or document; the text of a [`Say`] with one is its caption.
    pub fn attachment(attachment: Attachment) -> Self {
        Self { attachment: Some(attachment), ..Self::default() }
    }

    /// With this caption.
    pub fn caption(mut self, caption: &str) -> Self {
        self.text = caption.to_owned();
        self
    }

    /// In a topic.
    pub fn thread(mut self, thread: Option<i64>) -> Self {
        self.thread = thread;
        self
    }

    /// As an answer to a message of the same chat.
    pub fn reply_to(mut self, message_id: i64) -> Self {
        self.reply_to = Some(message_id);
        self
    }

    /// Forwarded from elsewhere.
    pub fn forwarded(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// Written through a bot in inline mode.
    pub fn via(mut self, bot: &Bot) -> Self {
        self.via = Some(bot.id);
        self
    }

    /// One more entity: its type, and the piece of the text it covers (where it first stands).
    pub fn entity(mut self, kind: &str, covered: &str) -> Self {
        let at = self.text.find(covered).expect("the text does not contain it");
        let units = super::formatting::units;
        self.entities.push(json!({ "type": kind, "offset": units(&self.text[..at]), "length": units(covered) }));
        self
    }

    pub(super) fn draft(&self, world: &mut World, from: i64) -> Draft {
        let mut entities = self.entities.clone();
        entities.extend(found(&self.text));
        entities.sort_by_key(|entity| entity["offset"].as_u64());
        let mut fields = serde_json::Map::new();
        let (text, beside) = match &self.attachment {
            Some(attachment) => {
                let (key, value) = world.attach(attachment);
                fields.insert(key.into(), value);
                ("caption", "caption_entities")
            }
            None => ("text", "entities"),
        };
        if !self.text.is_empty() {
            fields.insert(text.into(), json!(self.text));
        }
        if !entities.is_empty() {
            fields.insert(beside.into(), json!(entities));
        }
        if let Some(origin) = &self.origin {
            fields.insert("forward_origin".into(), origin.json(world));
        }
        if let Some(album) = &self.album {
            fields.insert("media_group_id".into(), json!(album));
        }
        if let Some(via) = self.via {
            fields.insert("via_bot".into(), world.person(via).json());
        }
        Draft { thread: self.thread, from: Some(from), sender_chat: None, reply_to: self.reply_to, fields }
    }
}

impl Origin {
    fn json(&self, world: &World) -> Value {
        let date = world.unix_time() - 3600;
        match self {
            Self::User(user) => json!({ "type": "user", "date": date, "sender_user": world.person(user.id).json() }),
            Self::HiddenUser(name) => json!({ "type": "hidden_user", "date": date, "sender_user_name": name }),
            Self::Chat(chat) => json!({ "type": "chat", "date": date, "sender_chat": world.chat_json(*chat) }),
            Self::Channel(chat, id) => {
                json!({ "type": "channel", "date": date, "chat": world.chat_json(*chat), "message_id": id })
            }
        }
    }
}
