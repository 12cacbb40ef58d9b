//! What the bots did.

use serde_json::Value;

use super::BotApi;
use super::asking::{Call, CommandSet};
use super::chats::Chat;
use super::messages::Message;
use super::users::Bot;

impl BotApi {
    /// All calls, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.read(|world| world.calls.clone())
    }

    /// All calls of a method, oldest first.
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        self.shared.read(|world| world.calls.iter().filter(|call| call.is(method)).cloned().collect())
    }

    /// All messages of a chat in order, also service messages and deleted ones.
    pub fn messages(&self, chat: Chat) -> Vec<Message> {
        self.shared.read(|world| world.chat(chat).messages.values().cloned().collect())
    }

    /// A message. Panics when there is none with this number.
    pub fn message(&self, chat: Chat, message_id: i64) -> Message {
        self.shared.read(|world| {
            let message = world.chat(chat).messages.get(&message_id).cloned();
            message.unwrap_or_else(|| panic!("there is no message {message_id} in the chat {}", chat.id))
        })
    }

    /// What the bots under test wrote in a chat, in order, without service messages; also what was deleted since.
    pub fn bot_messages(&self, chat: Chat) -> Vec<Message> {
        let mut messages = self.messages(chat);
        messages.retain(|message| message.by_bot.is_some() && !message.is_service());
        messages
    }

    /// What the bots under test wrote in a topic.
    pub fn bot_messages_in(&self, chat: Chat, thread: i64) -> Vec<Message> {
        let mut messages = self.bot_messages(chat);
        messages.retain(|message| message.thread == Some(thread));
        messages
    }

    /// The last message of a bot under test in a chat. Panics when there is none.
    pub fn last_bot_message(&self, chat: Chat) -> Message {
        let last = self.bot_messages(chat).pop();
        last.unwrap_or_else(|| panic!("no bot wrote\n{}", self.transcript(chat)))
    }

    /// The commands a bot has set.
    pub fn commands(&self, bot: &Bot) -> Vec<CommandSet> {
        let word = |command: &Value, key: &str| command[key].as_str().unwrap_or_default().to_owned();
        let pair = |command: &Value| (word(command, "command"), word(command, "description"));
        self.shared.read(|world| {
            let sets = world.bot(bot.id).commands.iter().map(|(scope, language, commands)| CommandSet {
                scope: scope.clone(),
                language: language.clone(),
                commands: commands.as_array().into_iter().flatten().map(pair).collect(),
            });
            sets.collect()
        })
    }

    /// The descriptions a bot has set: language (empty for all) and text.
    pub fn descriptions(&self, bot: &Bot) -> Vec<(String, String)> {
        self.shared.read(|world| world.bot(bot.id).descriptions.clone())
    }

    /// The short descriptions a bot has set: language (empty for all) and text.
    pub fn short_descriptions(&self, bot: &Bot) -> Vec<(String, String)> {
        self.shared.read(|world| world.bot(bot.id).short_descriptions.clone())
    }

    /// The reaction of a bot on a message.
    pub fn reaction(&self, bot: &Bot, chat: Chat, message_id: i64) -> Option<String> {
        self.message(chat, message_id).reactions.get(&bot.id).and_then(|emoji| emoji.first().cloned())
    }

    /// Where the webhook of a bot leads.
    pub fn webhook(&self, bot: &Bot) -> Option<String> {
        self.shared.read(|world| world.bot(bot.id).webhook.as_ref().map(|webhook| webhook.url.clone()))
    }

    /// What a bot asked for in `allowed_updates`; empty for the default.
    pub fn allowed_updates(&self, bot: &Bot) -> Vec<String> {
        self.shared.read(|world| world.bot(bot.id).allowed.clone())
    }
}
