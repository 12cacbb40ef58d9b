//! What bots are told, and which of them.

use serde_json::{Value, json};

use super::BotApi;
use super::chats::{Chat, Kind};
use super::messages::Message;
use super::users::{Bot, Pending};
use super::world::World;

impl BotApi {
    /// The next update of a bot has this number. "If there are no new updates for at least a week, then identifier of the next
    /// update will be chosen randomly instead of sequentially" (Bot API, Update, update_id).
    pub fn counts_updates_from(&self, bot: &Bot, number: i64) {
        self.shared.change(|world| {
            let state = world.bot_mut(bot.id);
            (state.next_update, state.counts_anew) = (number, true);
        });
    }
}

impl World {
    /// Puts an update of a kind into a bot's queue, if the bot asked for that kind.
    pub fn tell(&mut self, bot: i64, kind: &str, object: Value) -> Option<i64> {
        self.bot(bot).wants(kind).then(|| self.queue(bot, json!({ kind: object })))
    }

    /// Puts any update into a bot's queue and gives its number. "Update identifiers start from a certain positive number
    /// and increase sequentially" (Bot API, Update).
    pub fn queue(&mut self, bot: i64, fields: Value) -> i64 {
        let state = self.bot_mut(bot);
        let id = state.next_update;
        state.next_update += 1;
        let mut update = json!({ "update_id": id });
        for (key, value) in fields.as_object().into_iter().flatten() {
            update[key.as_str()] = value.clone();
        }
        state.history.push(update.clone());
        state.pending.push_back(Pending { update, again: false, given: false });
        id
    }

    /// Tells every bot in the chat that sees the message.
    pub fn tell_of_message(&mut self, chat: Chat, id: i64, kind: &str) -> Vec<(i64, i64)> {
        let state = self.chat(chat);
        let message = &state.messages[&id];
        let bots: Vec<i64> = match state.kind {
            Kind::Private => vec![chat.of],
            Kind::Group | Kind::Supergroup | Kind::Channel => self.bots.keys().copied().collect(),
        };
        let bots = bots.into_iter().filter(|bot| message.from != Some(*bot) || message.is_service());
        let bots: Vec<i64> = bots.filter(|bot| self.sees(*bot, message)).collect();
        let json = self.message_json(message);
        bots.into_iter().filter_map(|bot| Some((bot, self.tell(bot, kind, json.clone())?))).collect()
    }

    /// Whether a bot is shown a message. "By default, all bots added to groups run in Privacy Mode and only see relevant
    /// messages and commands: Commands explicitly meant for them (e.g., /command@this_bot). General commands (e.g. /start) if
    /// the bot was the last bot to send a message to the group. Inline messages sent via the bot. Replies to any messages
    /// implicitly or explicitly meant for this bot. All bots will also receive, regardless of privacy mode: All service
    /// messages. All messages from private chats. All messages from channels where they are a member. Privacy mode is enabled
    /// by default for all bots, except bots that were added to a group as admins" (Telegram Bot Features, Privacy mode).
    ///
    /// A general command is shown as well where no bot wrote yet.
    fn sees(&self, bot: i64, message: &Message) -> bool {
        let state = self.chat(message.chat);
        match state.kind {
            Kind::Private => return true,
            Kind::Channel => return state.role(bot).is_admin(),
            Kind::Group | Kind::Supergroup => {}
        }
        let role = state.role(bot);
        if !role.is_present() {
            return false;
        }
        if role.is_admin() || state.read_all.contains(&bot) || message.is_service() {
            return true;
        }
        let replied = message.reply_to.and_then(|id| state.messages.get(&id));
        let via = message.fields.get("via_bot").is_some_and(|via| via["id"] == bot);
        via || replied.is_some_and(|replied| replied.by_bot == Some(bot)) || self.commands(bot, message)
    }

    fn commands(&self, bot: i64, message: &Message) -> bool {
        let username = self.person(bot).username.clone().unwrap_or_default();
        let last = self.chat(message.chat).last_bot;
        let spoke_last = last.is_none_or(|last| last == bot);
        message.entities().iter().filter(|entity| entity["type"] == "bot_command").any(|entity| {
            match message.covered(entity).split_once('@') {
                Some((_, to)) => to.eq_ignore_ascii_case(&username),
                None => spoke_last,
            }
        })
    }
}
