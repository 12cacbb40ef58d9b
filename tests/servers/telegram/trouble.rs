//! Trouble on demand.

use std::time::Duration;

use super::BotApi;
use super::args::Args;
use super::chats::Chat;
use super::world::World;

/// What can go wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429 with this `retry_after`, in seconds. Nothing is done.
    TooMany(u64),
    /// 500. Nothing is done.
    ServerError,
    /// This code with this description. Nothing is done.
    Refuse(u16, &'static str),
    /// Nothing is done for this long, and nothing at all when the caller goes away meanwhile.
    Hang(Duration),
    /// The work is done at once, the answer comes only after this long.
    AnswerLate(Duration),
    /// The connection is cut without an answer. Nothing is done.
    Drop,
    /// The work is done, then the connection is cut without an answer.
    DropAfterWork,
    /// The work is done at once, the answer comes a few bytes at a time, with this pause before each few.
    Drip(Duration),
    /// 403 "bot was blocked by the user". Nothing is done.
    Blocked,
    /// 400 "can't parse entities", to messages with `entities` or a `parse_mode`.
    RefuseEntities,
}

#[derive(Debug)]
pub struct Trouble {
    /// In small letters; none for every method but getUpdates.
    method: Option<String>,
    /// The only chat that it is about.
    chat: Option<i64>,
    left: usize,
    fault: Fault,
}

impl World {
    /// What is to go wrong with this call.
    pub fn take_trouble(&mut self, method: &str, args: &Args) -> Option<Fault> {
        let formatted = args.has("parse_mode") || args.list("entities").is_some_and(|list| !list.is_empty());
        let hit = self.troubles.iter_mut().find(|trouble| {
            let here = match &trouble.method {
                Some(only) => only == method,
                None => method != "getupdates",
            };
            let here = here && trouble.chat.is_none_or(|chat| args.int("chat_id") == Some(chat));
            here && trouble.left > 0 && (trouble.fault != Fault::RefuseEntities || formatted)
        })?;
        hit.left -= 1;
        Some(hit.fault)
    }
}

impl BotApi {
    /// The next so many calls of a method meet this fault. Faults of the same method come one after the other.
    pub fn fail_next(&self, method: &str, calls: usize, fault: Fault) {
        let method = Some(method.to_ascii_lowercase());
        self.shared.change(|world| world.troubles.push(Trouble { method, chat: None, left: calls, fault }));
    }

    /// The next so many calls of any method but getUpdates meet this fault.
    pub fn fail_next_calls(&self, calls: usize, fault: Fault) {
        self.shared.change(|world| world.troubles.push(Trouble { method: None, chat: None, left: calls, fault }));
    }

    /// The next so many calls of any method about a chat meet this fault.
    pub fn fail_next_in(&self, chat: Chat, calls: usize, fault: Fault) {
        let chat = Some(chat.id);
        self.shared.change(|world| world.troubles.push(Trouble { method: None, chat, left: calls, fault }));
    }

    /// The next so many messages sent with `entities` or a `parse_mode` are refused with "can't parse entities".
    pub fn refuse_entities(&self, messages: usize) {
        self.fail_next("sendMessage", messages, Fault::RefuseEntities);
    }

    /// Ends all trouble.
    pub fn no_trouble(&self) {
        self.shared.change(|world| world.troubles.clear());
    }
}
