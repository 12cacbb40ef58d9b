//! All the server knows.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::asking::Call;
use super::chats::{Chat, ChatState, Kind};
use super::files::FileState;
use super::messages::Message;
use super::pressing::Query;
use super::trouble::Trouble;
use super::users::{BotState, Person, special};

pub struct World {
    pub bots: BTreeMap<i64, BotState>,
    pub people: BTreeMap<i64, Person>,
    pub chats: BTreeMap<Chat, ChatState>,
    pub files: BTreeMap<String, FileState>,
    pub queries: BTreeMap<String, Query>,
    pub calls: Vec<Call>,
    pub troubles: Vec<Trouble>,
    /// How far the test moved the clock.
    pub later: Duration,
    /// How long a press can be answered.
    pub answer_within: Duration,
    /// Whether bots can still look at a group under the number it had before it became a supergroup.
    pub old_groups_readable: bool,
    /// How long a webhook that failed is left alone.
    pub repeat_after: Duration,
    counter: i64,
}

impl World {
    pub fn new() -> Self {
        Self {
            bots: BTreeMap::new(),
            people: special().into_iter().map(|person| (person.id, person)).collect(),
            chats: BTreeMap::new(),
            files: BTreeMap::new(),
            queries: BTreeMap::new(),
            calls: Vec::new(),
            troubles: Vec::new(),
            later: Duration::ZERO,
            answer_within: Duration::from_secs(15),
            old_groups_readable: false,
            repeat_after: Duration::from_millis(100),
            counter: 0,
        }
    }

    /// A number nobody has yet.
    pub fn next(&mut self) -> i64 {
        self.counter += 1;
        self.counter
    }

    pub fn now(&self) -> SystemTime {
        SystemTime::now() + self.later
    }

    pub fn unix_time(&self) -> i64 {
        self.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() as i64
    }

    pub fn person(&self, id: i64) -> &Person {
        self.people.get(&id).unwrap_or_else(|| panic!("nobody has the number {id}"))
    }

    pub fn bot(&self, id: i64) -> &BotState {
        &self.bots[&id]
    }

    pub fn bot_mut(&mut self, id: i64) -> &mut BotState {
        self.bots.get_mut(&id).unwrap()
    }

    pub fn chat(&self, chat: Chat) -> &ChatState {
        self.chats.get(&chat).unwrap_or_else(|| panic!("there is no chat {}", chat.id))
    }

    pub fn chat_mut(&mut self, chat: Chat) -> &mut ChatState {
        self.chats.get_mut(&chat).unwrap_or_else(|| panic!("there is no chat {}", chat.id))
    }

    /// The private chat of a person with a bot, made if they never met.
    pub fn private(&mut self, bot: i64, user: i64) -> Chat {
        let chat = Chat { id: user, of: bot };
        self.chats.entry(chat).or_insert_with(|| ChatState::new(Kind::Private, ""));
        chat
    }

    /// A message that stands in a chat and was not deleted.
    pub fn message(&self, chat: Chat, id: i64) -> Option<&Message> {
        self.chat(chat).messages.get(&id).filter(|message| !message.deleted)
    }

    pub fn message_mut(&mut self, chat: Chat, id: i64) -> &mut Message {
        self.chat_mut(chat).messages.get_mut(&id).unwrap_or_else(|| panic!("there is no message {id}"))
    }
}
