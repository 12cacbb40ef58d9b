//! People and bots.

use std::collections::VecDeque;
use std::time::SystemTime;

use serde_json::{Map, Value, json};

/// A person (or somebody else's bot), as the test holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct User {
    /// Their number.
    pub id: i64,
}

/// A bot of the program under test, as the test holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bot {
    /// Its number.
    pub id: i64,
    /// What the program must be given: digits, a colon and 35 characters, as real ones are.
    pub token: String,
    /// Without the `@`.
    pub username: String,
}

/// What a person looks like: `Person::named("Alice").username("alice")`.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub(super) id: i64,
    pub(super) is_bot: bool,
    pub(super) first_name: String,
    pub(super) last_name: Option<String>,
    pub(super) username: Option<String>,
    pub(super) language_code: Option<String>,
    pub(super) deactivated: bool,
}

impl Person {
    /// A person with a first name; the number is chosen by the server unless [`Person::id`] gives one.
    pub fn named(first_name: &str) -> Self {
        Self { first_name: first_name.to_owned(), ..Self::default() }
    }

    /// With this number.
    pub fn id(mut self, id: i64) -> Self {
        self.id = id;
        self
    }

    /// With a last name.
    pub fn last_name(mut self, last_name: &str) -> Self {
        self.last_name = Some(last_name.to_owned());
        self
    }

    /// With a user name, without the `@`.
    pub fn username(mut self, username: &str) -> Self {
        self.username = Some(username.to_owned());
        self
    }

    /// With a client set to this language, such as `de`.
    pub fn language(mut self, language_code: &str) -> Self {
        self.language_code = Some(language_code.to_owned());
        self
    }

    /// Somebody else's bot. What it writes reaches the bots under test as in bot-to-bot mode.
    pub fn bot(mut self) -> Self {
        self.is_bot = true;
        self
    }

    /// The object User (Bot API, User).
    pub(super) fn json(&self) -> Value {
        let mut user = Map::new();
        user.insert("id".into(), json!(self.id));
        user.insert("is_bot".into(), json!(self.is_bot));
        user.insert("first_name".into(), json!(self.first_name));
        let rest =
            [("last_name", &self.last_name), ("username", &self.username), ("language_code", &self.language_code)];
        for (key, value) in rest {
            if let Some(value) = value {
                user.insert(key.into(), json!(value));
            }
        }
        Value::Object(user)
    }
}

/// The fake senders. "For backward compatibility, if the message was sent on behalf of a chat, the field contains a fake
/// sender user in non-channel chats" (Bot API, Message, from).
pub const TELEGRAM: i64 = 777_000;
pub const GROUP_ANONYMOUS_BOT: i64 = 1_087_968_824;
pub const CHANNEL_BOT: i64 = 136_817_688;

pub fn special() -> [Person; 3] {
    [
        Person::named("Telegram").id(TELEGRAM),
        Person::named("Group").id(GROUP_ANONYMOUS_BOT).username("GroupAnonymousBot").bot(),
        Person::named("Channel").id(CHANNEL_BOT).username("Channel_Bot").bot(),
    ]
}

/// What the server keeps of a bot; its name and the like are among the users.
#[derive(Debug)]
pub struct BotState {
    pub token: String,
    pub privacy: bool,
    pub allowed: Vec<String>,
    pub next_update: i64,
    /// Whether they are not counted from where they began any more.
    pub counts_anew: bool,
    pub pending: VecDeque<Pending>,
    pub history: Vec<Value>,
    pub held: bool,
    pub poll: u64,
    pub webhook: Option<Webhook>,
    pub webhook_round: u64,
    pub commands: Vec<(Value, String, Value)>,
    pub descriptions: Vec<(String, String)>,
    pub short_descriptions: Vec<(String, String)>,
}

/// An update in the queue.
#[derive(Clone, Debug)]
pub struct Pending {
    pub update: Value,
    /// Put there again by the test: given out once, whatever was confirmed.
    pub again: bool,
    /// Whether a poll has had it.
    pub given: bool,
}

/// What setWebhook set.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub url: String,
    pub secret: Option<String>,
    pub max_connections: i64,
    pub last_error: Option<(SystemTime, String)>,
}

/// "A JSON-serialized list of the update types you want your bot to receive. [...] Specify an empty list to receive all
/// update types except chat_member, message_reaction, and message_reaction_count (default)" (Bot API, getUpdates).
pub const NOT_BY_DEFAULT: &[&str] = &["chat_member", "message_reaction", "message_reaction_count"];

impl BotState {
    pub fn new(token: String, next_update: i64) -> Self {
        Self {
            token,
            privacy: true,
            allowed: Vec::new(),
            next_update,
            counts_anew: false,
            pending: VecDeque::new(),
            history: Vec::new(),
            held: false,
            poll: 0,
            webhook: None,
            webhook_round: 0,
            commands: Vec::new(),
            descriptions: Vec::new(),
            short_descriptions: Vec::new(),
        }
    }

    pub fn wants(&self, kind: &str) -> bool {
        if self.allowed.is_empty() {
            !NOT_BY_DEFAULT.contains(&kind)
        } else {
            self.allowed.iter().any(|allowed| allowed == kind)
        }
    }
}
