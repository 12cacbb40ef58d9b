//! Chats and their topics.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::membership::Role;
use super::messages::Message;
use super::world::World;

/// A chat, as the test holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chat {
    /// What the program sees as `chat_id`.
    pub id: i64,
    /// For private chats, the bot's number; otherwise 0.
    pub(super) of: i64,
}

/// A topic of a forum, as the test sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// `message_thread_id`
    pub thread: i64,
    /// What it is called now.
    pub name: String,
    /// Whether it is closed.
    pub closed: bool,
    /// Who made it.
    pub creator: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Private,
    Group,
    Supergroup,
    Channel,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Group => "group",
            Self::Supergroup => "supergroup",
            Self::Channel => "channel",
        }
    }
}

/// A line of what people see in a chat.
#[derive(Clone, Debug)]
pub enum Line {
    Message(i64),
    /// Something that is no message: a press, a toast, a reaction.
    Act {
        thread: Option<i64>,
        text: String,
    },
}

#[derive(Debug)]
pub struct ChatState {
    pub kind: Kind,
    pub title: String,
    pub username: Option<String>,
    pub forum: bool,
    pub linked: Option<Chat>,
    pub members: BTreeMap<i64, Role>,
    /// Bots that came in while their privacy mode was off.
    pub read_all: BTreeSet<i64>,
    pub started: bool,
    pub blocked: bool,
    pub migrated_to: Option<i64>,
    pub topics: BTreeMap<i64, Topic>,
    pub messages: BTreeMap<i64, Message>,
    pub next_message: i64,
    pub last_bot: Option<i64>,
    pub lines: Vec<Line>,
}

impl ChatState {
    pub fn new(kind: Kind, title: &str) -> Self {
        Self {
            kind,
            title: title.to_owned(),
            username: None,
            forum: false,
            linked: None,
            members: BTreeMap::new(),
            read_all: BTreeSet::new(),
            started: false,
            blocked: false,
            migrated_to: None,
            topics: BTreeMap::new(),
            messages: BTreeMap::new(),
            next_message: 2,
            last_bot: None,
            lines: Vec::new(),
        }
    }

    pub fn role(&self, id: i64) -> Role {
        self.members.get(&id).cloned().unwrap_or(Role::Left)
    }

    pub fn act(&mut self, thread: Option<i64>, text: String) {
        self.lines.push(Line::Act { thread, text });
    }
}

impl World {
    /// The object Chat (Bot API, Chat).
    pub fn chat_json(&self, chat: Chat) -> Value {
        let state = self.chat(chat);
        let mut json = json!({ "id": chat.id, "type": state.kind.word() });
        if state.kind == Kind::Private {
            let person = self.person(chat.id).json();
            for key in ["first_name", "last_name", "username"] {
                if let Some(value) = person.get(key) {
                    json[key] = value.clone();
                }
            }
        } else {
            json["title"] = json!(state.title);
        }
        if let Some(username) = &state.username {
            json["username"] = json!(username);
        }
        if state.forum {
            json["is_forum"] = json!(true);
        }
        json
    }

    /// The object ChatFullInfo (Bot API, ChatFullInfo), with the fields that are not marked optional.
    pub fn full_chat_json(&self, chat: Chat) -> Value {
        let mut json = self.chat_json(chat);
        let state = self.chat(chat);
        json["accent_color_id"] = json!(0);
        json["max_reaction_count"] = json!(11);
        json["accepted_gift_types"] = json!({ "unlimited_gifts": false, "limited_gifts": false,
            "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false });
        if let Some(linked) = state.linked {
            json["linked_chat_id"] = json!(linked.id);
        }
        if matches!(state.kind, Kind::Group | Kind::Supergroup) {
            json["permissions"] = json!({ "can_send_messages": true, "can_send_other_messages": true,
                "can_invite_users": true });
        }
        json
    }
}
