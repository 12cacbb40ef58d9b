//! Servers, channels, threads and roles, as the gateway reports them, and who wrote what not long ago: what an event
//! alone does not say. Kept in memory; after a restart it is told anew.

use std::collections::{BTreeSet, HashMap, VecDeque};

use serenity::model::channel::{ChannelType, GuildChannel, PermissionOverwriteType};
use serenity::model::event::Event;
use serenity::model::guild::Role;
use serenity::model::permissions::Permissions;

use super::tag::Tag;
use super::wire::ServerShape;
use crate::engine::Sender;

/// Messages whose authors are remembered: a deletion names the message alone
/// (<https://discord.com/developers/docs/events/gateway-events#message-delete>).
const REMEMBERED: usize = 10_000;
/// Channels and threads that are remembered; a server has 500 channels at most.
const CHANNELS: usize = 50_000;

/// What is known around an event.
#[derive(Debug, Default)]
pub(super) struct Directory {
    /// The number of the bot itself.
    pub me: Option<u64>,
    servers: HashMap<u64, HashMap<u64, RoleKnown>>,
    channels: HashMap<u64, Channel>,
    recent: Recent,
}

/// A role of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
struct RoleKnown {
    name: String,
    permissions: Permissions,
}

/// A channel or thread of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Channel {
    /// Its server.
    pub server: u64,
    /// What it is.
    pub class: Class,
    /// Its name.
    pub name: String,
    /// The channel that a thread belongs to.
    pub parent: Option<u64>,
    /// Who opened a thread.
    pub owner: Option<u64>,
    /// The tag that a post of a forum has to have.
    pub tag: Tag,
    /// What everybody is allowed and denied in it, beyond the roles.
    everyone: (Permissions, Permissions),
}

/// What a channel is (<https://discord.com/developers/docs/resources/channel#channel-object-channel-types>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Text, or the chat of a voice or stage channel.
    Text,
    /// Announcements.
    Announcements,
    /// Threads only: a forum, or a gallery of them.
    Forum,
    /// A thread.
    Thread,
    /// Nothing that is written in.
    Other,
}

impl Class {
    #[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
    fn of(kind: ChannelType) -> Self {
        match kind {
            ChannelType::Text | ChannelType::Voice | ChannelType::Stage => Class::Text,
            ChannelType::News => Class::Announcements,
            // 16: a media channel, which is a forum of pictures.
            ChannelType::Forum | ChannelType::Unknown(16) => Class::Forum,
            ChannelType::NewsThread | ChannelType::PublicThread | ChannelType::PrivateThread => Class::Thread,
            _ => Class::Other,
        }
    }
}

/// Who wrote a message, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrote {
    /// Who.
    pub sender: Sender,
    /// In which server; none: in private.
    pub server: Option<u64>,
    /// In which channel.
    pub channel: u64,
    /// Whether it was one of the team.
    pub staff: bool,
}

impl Directory {
    /// Takes in what an event tells about servers, channels, threads and roles.
    #[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
    pub(super) fn learn(&mut self, event: &Event) {
        match event {
            Event::Ready(event) => self.me = Some(event.ready.user.id.get()),
            Event::GuildCreate(event) => {
                let server = event.guild.id.get();
                self.servers.insert(server, event.guild.roles.values().map(role).collect());
                let channels = event.guild.channels.values().chain(&event.guild.threads);
                channels.for_each(|channel| self.learn_channel_of(server, channel));
            }
            Event::GuildUpdate(event) => {
                self.servers.insert(event.guild.id.get(), event.guild.roles.values().map(role).collect());
            }
            Event::GuildRoleCreate(event) => self.learn_role(&event.role),
            Event::GuildRoleUpdate(event) => self.learn_role(&event.role),
            Event::GuildRoleDelete(event) => {
                if let Some(roles) = self.servers.get_mut(&event.guild_id.get()) {
                    roles.remove(&event.role_id.get());
                }
            }
            Event::ChannelCreate(event) => self.learn_channel(&event.channel),
            Event::ChannelUpdate(event) => self.learn_channel(&event.channel),
            Event::ChannelDelete(event) => self.forget_channel(event.channel.id.get()),
            Event::ThreadCreate(event) => self.learn_channel(&event.thread),
            Event::ThreadUpdate(event) => self.learn_channel(&event.thread),
            Event::ThreadDelete(event) => self.forget_channel(event.thread.id.get()),
            Event::ThreadListSync(event) => {
                event.threads.iter().for_each(|thread| self.learn_channel_of(event.guild_id.get(), thread));
            }
            _ => {}
        }
    }

    /// Takes in a server with its roles, as the API tells it.
    pub(super) fn learn_server(&mut self, server: u64, shape: &ServerShape) {
        let known = |name: &str, permissions| RoleKnown { name: name.to_owned(), permissions };
        let roles = shape.roles.iter().map(|role| (role.id.get(), known(&role.name, role.permissions)));
        self.servers.insert(server, roles.collect());
    }

    /// Takes in a channel or thread.
    pub(super) fn learn_channel(&mut self, channel: &GuildChannel) {
        self.learn_channel_of(channel.guild_id.get(), channel);
    }

    /// Takes in a channel or thread of a server; inside a server's own event it does not name the server.
    #[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
    pub(super) fn learn_channel_of(&mut self, server: u64, channel: &GuildChannel) {
        let everyone = channel.permission_overwrites.iter().find(|overwrite| match overwrite.kind {
            PermissionOverwriteType::Role(role) => role.get() == server,
            _ => false,
        });
        let known = Channel {
            server,
            class: Class::of(channel.kind),
            name: channel.name.clone(),
            parent: channel.parent_id.map(|parent| parent.get()),
            owner: channel.owner_id.map(|owner| owner.get()),
            tag: Tag::of(channel),
            everyone: everyone.map(|overwrite| (overwrite.allow, overwrite.deny)).unwrap_or_default(),
        };
        self.channels.insert(channel.id.get(), known);
        if self.channels.len() > CHANNELS {
            self.forget_old_threads();
        }
    }

    /// Half of the threads go, the oldest: one that something happens in is asked about again.
    fn forget_old_threads(&mut self) {
        let is_thread = |(id, channel): (&u64, &Channel)| (channel.class == Class::Thread).then_some(*id);
        let mut threads: Vec<u64> = self.channels.iter().filter_map(is_thread).collect();
        threads.sort_unstable();
        for old in threads.iter().take(threads.len() / 2) {
            self.channels.remove(old);
        }
    }

    fn learn_role(&mut self, new: &Role) {
        let (id, known) = role(new);
        self.servers.entry(new.guild_id.get()).or_default().insert(id, known);
    }

    fn forget_channel(&mut self, id: u64) {
        self.channels.remove(&id);
        self.channels.retain(|_, channel| channel.parent != Some(id) || channel.class != Class::Thread);
    }

    /// A channel or thread.
    pub(super) fn channel(&self, id: u64) -> Option<&Channel> {
        self.channels.get(&id)
    }

    /// Whether a role is in one of these servers; `None` when one of them was not told of.
    pub(super) fn has_role(&self, servers: &BTreeSet<u64>, role: u64) -> Option<bool> {
        let known: Vec<_> = servers.iter().filter_map(|server| self.servers.get(server)).collect();
        let found = known.iter().any(|roles| roles.contains_key(&role));
        (found || known.len() == servers.len()).then_some(found)
    }

    /// The name of a role.
    pub(super) fn role_name(&self, server: u64, role: u64) -> Option<&str> {
        self.servers.get(&server)?.get(&role).map(|role| role.name.as_str())
    }

    /// Whether everybody in the server sees a channel, whatever their roles; `None` when it is not known. Follows
    /// <https://discord.com/developers/docs/topics/permissions#permission-overwrites>: what the role of everybody has (its
    /// number is the server's), then what the channel denies, then what it allows.
    pub(super) fn everybody_sees(&self, channel: u64) -> Option<bool> {
        let known = self.channels.get(&channel)?;
        let base = self.servers.get(&known.server)?.get(&known.server)?.permissions;
        let (allow, deny) = known.everyone;
        Some(base.administrator() || base.difference(deny).union(allow).view_channel())
    }

    /// Remembers who wrote a message.
    pub(super) fn remember(&mut self, message: u64, wrote: Wrote) {
        self.recent.remember(message, wrote);
    }

    /// Who wrote a message, if that is not long ago.
    pub(super) fn who_wrote(&self, message: u64) -> Option<&Wrote> {
        self.recent.by_message.get(&message)
    }
}

fn role(role: &Role) -> (u64, RoleKnown) {
    (role.id.get(), RoleKnown { name: role.name.clone(), permissions: role.permissions })
}

/// The authors of the newest messages.
#[derive(Debug, Default)]
struct Recent {
    by_message: HashMap<u64, Wrote>,
    in_order: VecDeque<u64>,
}

impl Recent {
    fn remember(&mut self, message: u64, wrote: Wrote) {
        if self.by_message.insert(message, wrote).is_none() {
            self.in_order.push_back(message);
        }
        while self.in_order.len() > REMEMBERED {
            if let Some(oldest) = self.in_order.pop_front() {
                self.by_message.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrote(channel: u64) -> Wrote {
        let sender = Sender { id: "1".to_owned(), name: String::new(), locale: None };
        Wrote { sender, server: None, channel, staff: false }
    }

    #[test]
    fn the_oldest_authors_make_room() {
        let mut directory = Directory::default();
        for message in 1..=20_000 {
            directory.remember(message, wrote(message));
        }
        assert_eq!(directory.recent.by_message.len(), REMEMBERED);
        assert_eq!(directory.who_wrote(10_000), None);
        assert_eq!(directory.who_wrote(10_001).map(|wrote| wrote.channel), Some(10_001));
    }
}
