//! Looking at what happened.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::Discord;
use super::gateway::{Identify, Sent, Session};
use super::ids::Id;
use super::permissions::in_channel;
use super::state::{Channel, Interaction, Message, Request};

impl Discord {
    /// All requests, in the order in which they came.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.read(|state| state.requests.clone())
    }

    /// The requests whose `METHOD /path` contains this.
    pub fn requests_to(&self, part: &str) -> Vec<Request> {
        let wanted = |one: &&Request| format!("{} {}", one.method, one.path).contains(part);
        self.shared.read(|state| state.requests.iter().filter(wanted).cloned().collect())
    }

    /// The messages that people and bots wrote in a channel, in order, with deleted and ephemeral ones.
    pub fn messages(&self, channel: Id) -> Vec<Message> {
        let here = |one: &&Message| one.channel == channel && one.is_written();
        self.shared.read(|state| state.messages.values().filter(here).cloned().collect())
    }

    /// The notices of Discord itself in a channel, such as 1, somebody was added to a thread.
    pub fn notices(&self, channel: Id) -> Vec<Message> {
        let here = |one: &&Message| one.channel == channel && !one.is_written();
        self.shared.read(|state| state.messages.values().filter(here).cloned().collect())
    }

    /// The messages of the bot in a channel that are still there, in order.
    pub fn bot_messages(&self, channel: Id) -> Vec<Message> {
        let bot = self.bot();
        self.messages(channel).into_iter().filter(|one| one.author == bot && !one.deleted).collect()
    }

    /// The last message of the bot in a channel.
    #[track_caller]
    pub fn last_bot_message(&self, channel: Id) -> Message {
        let last = self.bot_messages(channel).pop();
        last.unwrap_or_else(|| panic!("the bot said nothing in {}", self.channel_name(channel)))
    }

    /// A message.
    #[track_caller]
    pub fn message(&self, message: Id) -> Message {
        let found = self.shared.read(|state| state.messages.get(&message).cloned());
        found.unwrap_or_else(|| panic!("there is no message {message}"))
    }

    /// A channel or a thread, even a deleted one.
    #[track_caller]
    pub fn channel(&self, channel: Id) -> Channel {
        let found = self.shared.read(|state| state.channels.get(&channel).cloned());
        found.unwrap_or_else(|| panic!("there is no channel {channel}"))
    }

    /// A channel by its name, such as a thread that the bot made.
    pub fn channel_named(&self, name: &str) -> Option<Channel> {
        let named = |one: &&Channel| one.name == name && !one.deleted;
        self.shared.read(|state| state.channels.values().find(named).cloned())
    }

    /// The threads and posts under a channel, oldest first.
    pub fn threads(&self, parent: Id) -> Vec<Channel> {
        let under = |one: &&Channel| one.parent == Some(parent) && one.thread.is_some() && !one.deleted;
        self.shared.read(|state| state.channels.values().filter(under).cloned().collect())
    }

    /// An interaction and what became of it.
    #[track_caller]
    pub fn interaction(&self, interaction: Id) -> Interaction {
        let found = self.shared.read(|state| state.interactions.get(&interaction).cloned());
        found.unwrap_or_else(|| panic!("there is no interaction {interaction}"))
    }

    /// The messages that answered an interaction, as they stand now.
    pub fn answers(&self, interaction: Id) -> Vec<Message> {
        self.interaction(interaction).answers.into_iter().map(|message| self.message(message)).collect()
    }

    /// The commands of a guild, or the global ones.
    pub fn commands(&self, guild: Option<Id>) -> Vec<Value> {
        self.shared.read(|state| state.commands.get(&guild).cloned().unwrap_or_default())
    }

    /// Where and when the bot was typing.
    pub fn typing(&self) -> Vec<(Id, Duration)> {
        self.shared.read(|state| state.typing.clone())
    }

    /// The reactions on a message: emoji and people.
    pub fn reactions(&self, message: Id) -> Vec<(String, Vec<Id>)> {
        self.message(message).reactions
    }

    /// What somebody may do in a channel.
    pub fn permissions(&self, user: Id, channel: Id) -> u64 {
        self.shared.read(|state| state.channel(channel).map_or(0, |channel| in_channel(state, user, channel)))
    }

    /// All events that were sent, or would have been if somebody had been there.
    pub fn sent(&self) -> Vec<Sent> {
        self.shared.read(|state| state.gateway.sent.clone())
    }

    /// The IDENTIFYs that were taken.
    pub fn identifies(&self) -> Vec<Identify> {
        self.shared.read(|state| state.gateway.identifies.clone())
    }

    /// When IDENTIFYs were taken, by key.
    pub fn identifies_by_key(&self) -> BTreeMap<u64, Vec<Duration>> {
        let mut by_key: BTreeMap<u64, Vec<Duration>> = BTreeMap::new();
        for identify in self.identifies() {
            by_key.entry(identify.key).or_default().push(identify.at);
        }
        by_key
    }

    /// How many IDENTIFYs came too soon after another of their key, with `keeps_pace`.
    pub fn hasty_identifies(&self) -> usize {
        self.shared.read(|state| state.gateway.hasty)
    }

    /// The shards that are connected, each with its number and of how many.
    pub fn connected_shards(&self) -> Vec<(u64, u64)> {
        let up = |session: &&Session| session.line.is_some();
        let mut shards: Vec<_> =
            self.shared.read(|state| state.gateway.sessions.values().filter(up).map(|session| session.shard).collect());
        shards.sort_unstable();
        shards
    }

    /// How many RESUMEs were taken.
    pub fn resumes(&self) -> usize {
        self.shared.read(|state| state.gateway.resumes)
    }

    /// How many RESUMEs came to a session that was gone.
    pub fn refused_resumes(&self) -> usize {
        self.shared.read(|state| state.gateway.refused_resumes)
    }

    /// How many connections came to the address that READY gives for resuming.
    pub fn at_resume_address(&self) -> usize {
        self.shared.read(|state| state.gateway.at_resume_address)
    }

    /// How many heartbeats came.
    pub fn heartbeats(&self) -> usize {
        self.shared.read(|state| state.gateway.heartbeats)
    }

    /// How many sessions may still be started.
    pub fn session_starts(&self) -> u64 {
        self.shared.read(|state| state.gateway.remaining)
    }

    /// The close codes of the gateway, from both ends.
    pub fn closes(&self) -> Vec<u16> {
        self.shared.read(|state| state.gateway.closes.clone())
    }

    /// Somebody is connected to the gateway and has identified or resumed.
    pub fn connected(&self) -> bool {
        self.shared.read(|state| state.gateway.lines().next().is_some())
    }

    /// How long the server has been there: the clock of [`Request::at`].
    pub fn clock(&self) -> Duration {
        self.shared.read(|state| state.started.elapsed())
    }
}
