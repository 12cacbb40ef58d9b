//! Chats as text, for people to read.

use std::fmt::Write;

use super::BotApi;
use super::chats::{Chat, ChatState, Kind, Line};
use super::messages::{Message, SERVICE};
use super::users::GROUP_ANONYMOUS_BOT;
use super::world::World;

/// What somebody is called: people by first name, the only bot under test `bot`, one of several by its user name.
pub fn name(world: &World, id: i64) -> String {
    if world.bots.len() == 1 && world.bots.contains_key(&id) {
        "bot".to_owned()
    } else {
        world.person(id).first_name.clone()
    }
}

impl World {
    fn transcript(&self, chat: Chat) -> String {
        let state = self.chat(chat);
        let mut lines = String::new();
        for line in &state.lines {
            let (thread, text) = match line {
                Line::Message(id) => (state.messages[id].thread, self.line(state, &state.messages[id])),
                Line::Act { thread, text } => (*thread, text.clone()),
            };
            if let Some(topic) = thread.and_then(|thread| state.topics.get(&thread)) {
                let _ = write!(lines, "#{} | ", topic.name);
            }
            let _ = writeln!(lines, "{}", text.replace('\n', "\n    "));
        }
        lines
    }

    fn line(&self, state: &ChatState, message: &Message) -> String {
        let who = match (message.from, message.sender_chat) {
            (Some(GROUP_ANONYMOUS_BOT) | None, Some(chat)) => self.chat(chat).title.clone(),
            (Some(_), Some(chat)) if message.fields.contains_key("is_automatic_forward") => {
                self.chat(chat).title.clone()
            }
            (Some(from), _) => name(self, from),
            (None, None) => String::new(),
        };
        if message.is_service() {
            return format!("({who}: {})", service(message));
        }
        let mut line = format!("{who}: ");
        if message.deleted {
            line.push_str("(deleted) ");
        }
        if let Some(replied) = message.reply_to.and_then(|id| state.messages.get(&id)) {
            let _ = write!(line, "(to \"{}\") ", shortened(replied.text()));
        }
        if message.fields.contains_key("forward_origin") {
            line.push_str("(forwarded) ");
        }
        for kind in ["photo", "sticker", "voice", "document"] {
            if let Some(shown) = message.fields.get(kind) {
                let more = shown.get("emoji").or_else(|| shown.get("file_name")).and_then(|more| more.as_str());
                let _ = write!(line, "<{kind}{}{}> ", if more.is_some() { " " } else { "" }, more.unwrap_or_default());
            }
        }
        line.push_str(message.text());
        if message.edit_date.is_some() && !message.edits.is_empty() {
            line.push_str(" (edited)");
        }
        let mut line = line.trim_end().to_owned();
        for button in message.buttons() {
            let _ = match button.url {
                Some(url) => write!(line, " [{} -> {url}]", button.text),
                None => write!(line, " [{}]", button.text),
            };
        }
        line
    }
}

fn service(message: &Message) -> String {
    let Some(kind) = SERVICE.iter().find(|kind| message.fields.contains_key(**kind)) else { return String::new() };
    let value = &message.fields[*kind];
    let name = value["name"].as_str().or_else(|| value[0]["first_name"].as_str()).unwrap_or_default();
    format!("{} {name}", kind.replace('_', " ")).trim_end().to_owned()
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(24).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

impl BotApi {
    /// A chat as people see it now, a line for each message, press, toast and reaction, such as
    ///
    /// ```text
    /// Alice: hello
    /// bot: Hi! [Track my order] [Returns]
    /// (Alice presses [Returns])
    /// #Returns | Bob: I'll have a look
    /// ```
    ///
    /// Edits are applied and marked `(edited)`, what was deleted is marked `(deleted)`, lines of a topic begin with its name.
    pub fn transcript(&self, chat: Chat) -> String {
        self.shared.read(|world| world.transcript(chat))
    }

    /// Every chat, then the last calls: for the message of a test that failed.
    pub fn everything(&self) -> String {
        self.shared.read(|world| {
            let mut all = String::new();
            for (chat, state) in &world.chats {
                let title = match state.kind {
                    Kind::Private => format!("{} with {}", name(world, chat.id), world.person(chat.of).first_name),
                    Kind::Group | Kind::Supergroup | Kind::Channel => state.title.clone(),
                };
                let _ = write!(all, "--- {} {} ({title})\n{}", state.kind.word(), chat.id, world.transcript(*chat));
            }
            let _ = writeln!(all, "--- last calls");
            for call in world.calls.iter().rev().take(30).rev() {
                let outcome = call.code().map_or_else(|| "under way".to_owned(), |code| code.to_string());
                let _ = writeln!(all, "{} {} -> {outcome} {}", call.method, call.body, call.refusal());
            }
            all
        })
    }
}
