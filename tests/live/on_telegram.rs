//! Telegram, played by the tests' own Bot API server.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::telegram::{Bot, BotApi, Chat, Message, Person, Role, User, rights};
use super::town::{CaseThread, Desk, Said, Town};

/// Customers of one bot, each in private with it.
pub struct Telegram {
    pub api: BotApi,
    pub bot: Bot,
    people: Mutex<BTreeMap<String, User>>,
}

impl Telegram {
    /// A server with one bot on it.
    pub fn new(username: &str) -> Self {
        Self::beside(&BotApi::start(), username)
    }

    /// Another bot on the same server.
    pub fn beside(api: &BotApi, username: &str) -> Self {
        Self { api: api.clone(), bot: api.bot(username), people: Mutex::default() }
    }

    /// A person by their first name; the same one each time. Whoever was not met yet has opened the chat with the bot.
    pub fn person(&self, name: &str) -> User {
        let mut people = self.people.lock().unwrap();
        *people.entry(name.to_owned()).or_insert_with(|| self.api.person(Person::named(name).language("en")))
    }

    /// Somebody who is known elsewhere already.
    pub fn meets(&self, name: &str, user: User) {
        self.people.lock().unwrap().insert(name.to_owned(), user);
    }

    /// The private chat of a person with the bot.
    pub fn chat(&self, name: &str) -> Chat {
        self.api.private(self.person(name), &self.bot)
    }

    /// A section of bot.toml without a desk.
    pub fn section(&self, token_env: &str) -> String {
        format!("[brands.telegram]\ntoken_env = \"{token_env}\"\napi_url = \"{}\"\n", self.api.url())
    }
}

fn said(messages: Vec<Message>) -> Vec<Said> {
    let said = |message: Message| Said {
        text: message.text().to_owned(),
        buttons: message.buttons().into_iter().map(|button| button.text).collect(),
    };
    messages.into_iter().filter(|message| !message.is_service()).map(said).collect()
}

impl Town for Telegram {
    fn platform(&self) -> &'static str {
        "telegram"
    }

    fn says(&self, who: &str, text: &str) {
        self.api.says(self.person(who), self.chat(who), None, text);
    }

    fn said(&self, who: &str) -> Vec<Said> {
        said(self.api.bot_messages(self.chat(who)))
    }

    fn presses(&self, who: &str, label: &str) {
        let chat = self.chat(who);
        let message = with_button(self.api.bot_messages(chat), label);
        self.api.presses(self.person(who), chat, message.id, label);
    }

    fn transcript(&self) -> String {
        self.api.everything()
    }
}

/// The last message with a button of this label.
pub fn with_button(messages: Vec<Message>, label: &str) -> Message {
    let has = |message: &&Message| message.buttons().iter().any(|button| button.text == label);
    messages.iter().rev().find(has).unwrap_or_else(|| panic!("no button {label:?} in {messages:#?}")).clone()
}

/// A supergroup with topics where the team works.
pub struct TelegramDesk {
    api: BotApi,
    pub chat: Chat,
    agents: Mutex<BTreeMap<String, User>>,
}

impl TelegramDesk {
    /// A desk with two agents, Ana and Ben, both administrators, and Mia, who is none.
    pub fn of(town: &Telegram) -> Self {
        let api = town.api.clone();
        let chat = api.forum("Team");
        api.set_member(user_of(&town.bot), chat, Role::admin(&[rights::MANAGE_TOPICS]));
        let mut agents = BTreeMap::new();
        for (name, role) in [("Ana", Role::admin(&[])), ("Ben", Role::admin(&[])), ("Mia", Role::Member)] {
            let user = api.user(name);
            api.set_member(user, chat, role);
            agents.insert(name.to_owned(), user);
        }
        Self { api, chat, agents: Mutex::new(agents) }
    }

    /// The lines of bot.toml for it, below a section of Telegram.
    pub fn lines(&self) -> String {
        format!("desk = {}\nadmins_are_agents = true\n", self.chat.id)
    }

    /// One of the team.
    pub fn agent(&self, name: &str) -> User {
        self.agents.lock().unwrap()[name]
    }
}

/// A bot as the user that it is.
pub fn user_of(bot: &Bot) -> User {
    User { id: bot.id }
}

impl Desk for TelegramDesk {
    fn cases(&self) -> Vec<CaseThread> {
        let case = |topic: super::telegram::Topic| CaseThread {
            id: topic.thread.to_string(),
            posts: said(self.api.bot_messages_in(self.chat, topic.thread)),
            title: topic.name,
        };
        self.api.topics(self.chat).into_iter().map(case).collect()
    }

    fn says(&self, agent: &str, case: &str, text: &str) {
        self.api.says(self.agent(agent), self.chat, Some(case.parse().unwrap()), text);
    }

    fn presses(&self, agent: &str, case: &str, label: &str) {
        let message = with_button(self.api.bot_messages_in(self.chat, case.parse().unwrap()), label);
        self.api.presses(self.agent(agent), self.chat, message.id, label);
    }

    fn transcript(&self) -> String {
        self.api.transcript(self.chat)
    }
}
