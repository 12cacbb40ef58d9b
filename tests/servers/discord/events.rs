//! Events on their way to the sessions that asked for them.

use serde_json::{Value, json};

use super::gateway::{Sent, intents};
use super::ids::{Id, id_of, shard_of};
use super::objects;
use super::permissions::{VIEW_CHANNEL, in_channel};
use super::state::{Channel, State};

impl Sent {
    /// The guild that it is about.
    fn guild(&self) -> Option<Id> {
        let is_guild = matches!(&*self.name, "GUILD_CREATE" | "GUILD_UPDATE" | "GUILD_DELETE");
        id_of(&self.data[if is_guild { "id" } else { "guild_id" }])
    }
}

impl State {
    /// Sends an event to every session that asked for one of `needed` (0: to all). Without the message content intent a
    /// session gets `hidden`, if there is one.
    pub fn emit(&mut self, name: &str, needed: u64, data: Value, hidden: Option<Value>) {
        let sent = Sent { name: name.to_owned(), data, hidden, needed };
        self.deliver(&sent);
        self.gateway.sent.push(sent);
    }

    /// Sends an event, maybe again.
    pub fn deliver(&mut self, sent: &Sent) {
        if let Some(held) = &mut self.gateway.held {
            return held.push(sent.clone());
        }
        let guild = sent.guild();
        for session in self.gateway.sessions.values_mut() {
            let (shard, of) = session.shard;
            if shard_of(guild, of) != shard {
                continue;
            }
            if sent.needed == 0 || session.intents & sent.needed != 0 {
                let reads = session.intents & intents::MESSAGE_CONTENT != 0;
                session.push(&sent.name, sent.hidden.as_ref().filter(|_| !reads).unwrap_or(&sent.data));
            }
        }
    }

    /// Sends an event about a channel, if the bot sees that channel.
    pub fn emit_in(&mut self, channel: Id, name: &str, needed: u64, data: Value) {
        if self.bot_sees(channel) {
            self.emit(name, needed, data, None);
        }
    }

    /// Sends an event about a message. Docs, events/gateway-events, Message Create: an ephemeral message is tied to
    /// DIRECT_MESSAGES and has neither `guild_id` nor `member`.
    pub fn emit_message(&mut self, name: &str, id: Id) {
        let Some(message) = self.messages.get(&id) else { return };
        let (channel, author, webhook) = (message.channel, message.author, message.webhook.is_some());
        let guild = self.channels.get(&channel).and_then(|channel| channel.guild);
        let guild = guild.filter(|_| message.visible_to.is_none());
        if guild.is_some() && !self.bot_sees(channel) {
            return;
        }
        let add = |mut object: Value| {
            if let Some(guild) = guild.and_then(|id| self.guilds.get(&id)) {
                object["guild_id"] = json!(guild.id.to_string());
                if let Some(member) = guild.members.get(&author).filter(|_| !webhook) {
                    object["member"] = objects::partial_member(member);
                }
            }
            object
        };
        let data = add(objects::message(self, message, true));
        let hidden = add(objects::message(self, message, false));
        let needed = if guild.is_some() { intents::GUILD_MESSAGES } else { intents::DIRECT_MESSAGES };
        self.emit(name, needed, data, Some(hidden));
    }

    /// Sends THREAD_CREATE or THREAD_UPDATE.
    pub fn emit_thread(&mut self, name: &str, thread: Id) {
        let Some(channel) = self.channel(thread) else { return };
        let mut data = objects::channel(self, channel);
        if name == "THREAD_CREATE" {
            data["newly_created"] = json!(true);
        }
        self.emit_in(thread, name, intents::GUILDS, data);
    }

    /// Sends an event that is about a channel object.
    pub fn emit_channel(&mut self, name: &str, channel: Id) {
        let Some(place) = self.channels.get(&channel) else { return };
        let data = objects::channel(self, place);
        self.emit_in(channel, name, intents::GUILDS, data);
    }

    /// Sends an event about a member, if the bot is in the guild. Docs, events/gateway, Caveats: GUILD_MEMBER_UPDATE is
    /// sent about the bot itself whatever the intents are.
    pub fn emit_member(&mut self, name: &str, guild: Id, user: Id) {
        let Some(place) = self.guilds.get(&guild).filter(|_| self.bot_in(guild)) else { return };
        let mut data = objects::member(self, place, user).unwrap_or_else(|| json!({"user": objects::user(self, user)}));
        data["guild_id"] = json!(guild.to_string());
        let needed = if user == self.bot { 0 } else { intents::GUILD_MEMBERS };
        self.emit(name, needed, data, None);
    }

    /// Sends an event about a guild in which the bot is.
    pub fn emit_guild(&mut self, name: &str, guild: Id, data: Value) {
        if self.bot_in(guild) {
            self.emit(name, intents::GUILDS, data, None);
        }
    }

    /// The bot sees a channel; it always sees its direct messages.
    pub fn bot_sees(&self, channel: Id) -> bool {
        self.channels.get(&channel).is_some_and(|channel| in_channel(self, self.bot, channel) & VIEW_CHANNEL != 0)
    }

    /// What GUILD_CREATE shows. Docs, events/gateway-events, Guild Create: without GUILD_PRESENCES the members are only
    /// the bot itself, and the threads are the active ones that it sees.
    pub fn whole_guild(&self, id: Id) -> Value {
        let Some(guild) = self.guilds.get(&id) else { return Value::Null };
        let mut object = objects::guild(guild);
        let (threads, channels): (Vec<&Channel>, Vec<&Channel>) = self
            .channels
            .values()
            .filter(|channel| channel.guild == Some(id) && !channel.deleted)
            .partition(|channel| channel.thread.is_some());
        let active = |channel: &&&Channel| {
            channel.thread.as_ref().is_some_and(|thread| !thread.archived) && self.bot_sees(channel.id)
        };
        let bot = guild.members.get(&self.bot).map(|member| member.joined.clone());
        object["joined_at"] = json!(bot);
        object["large"] = json!(false);
        object["unavailable"] = json!(false);
        object["member_count"] = json!(guild.members.len());
        object["members"] = json!(objects::member(self, guild, self.bot).into_iter().collect::<Vec<_>>());
        object["channels"] = channels.iter().map(|channel| objects::channel(self, channel)).collect();
        object["threads"] = threads.iter().filter(active).map(|channel| objects::channel(self, channel)).collect();
        for empty in ["voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"] {
            object[empty] = json!([]);
        }
        object
    }
}
