//! Arranging the world: people, guilds, roles, members, channels. Whoever is connected is told at once.

use std::collections::BTreeMap;

use serde_json::json;

use super::Discord;
use super::gateway::intents;
use super::ids::{Id, now};
use super::objects;
use super::permissions::{EVERYDAY, VIEW_CHANNEL};
use super::state::{Channel, Guild, Member, Overwrite, Role, State, User, kind};

/// The roles of a guild, one to be changed.
fn role(state: &mut State, guild: Id, role: Id) -> &mut Role {
    let guild = state.guilds.get_mut(&guild).expect("an unknown guild");
    guild.roles.iter_mut().find(|one| one.id == role).expect("an unknown role")
}

fn newcomer(roles: &[Id]) -> Member {
    Member { roles: roles.to_vec(), nick: None, joined: now() }
}

impl Discord {
    /// A new person, known by this name.
    pub fn add_user(&self, name: &str) -> Id {
        self.shared.change(|state| {
            let id = state.ids.next();
            let user = User { id, name: name.into(), bot: false, takes_dms: true, locale: "en-US".into() };
            state.users.insert(id, user);
            id
        })
    }

    /// A bot of somebody else; it speaks through the same methods as people.
    pub fn add_bot(&self, name: &str) -> Id {
        let id = self.add_user(name);
        self.shared.change(|state| state.users.get_mut(&id).unwrap().bot = true);
        id
    }

    /// Renames a person, as the next messages and events show.
    pub fn rename(&self, user: Id, name: &str) {
        self.shared.change(|state| name.clone_into(&mut state.users.get_mut(&user).expect("an unknown user").name));
    }

    /// The language of somebody's Discord, `en-US` unless said otherwise.
    pub fn set_locale(&self, user: Id, locale: &str) {
        self.shared.change(|state| locale.clone_into(&mut state.users.get_mut(&user).expect("an unknown user").locale));
    }

    /// Whether a person takes direct messages; if not, the bot gets 403 with 50007.
    pub fn set_takes_dms(&self, user: Id, takes: bool) {
        self.shared.change(|state| state.users.get_mut(&user).expect("an unknown user").takes_dms = takes);
    }

    /// A guild with its owner and the bot in it, without channels.
    pub fn add_guild(&self, name: &str, owner: Id) -> Id {
        let guild = self.add_foreign_guild(name, owner);
        self.invite_bot(guild);
        guild
    }

    /// A guild that a shard hears of: its number, and of how many.
    pub fn add_guild_on(&self, name: &str, owner: Id, shard: (u64, u64)) -> Id {
        let guild = self.found_guild(name, owner, shard);
        self.invite_bot(guild);
        guild
    }

    /// A guild without the bot.
    pub fn add_foreign_guild(&self, name: &str, owner: Id) -> Id {
        self.found_guild(name, owner, (0, 1))
    }

    fn found_guild(&self, name: &str, owner: Id, shard: (u64, u64)) -> Id {
        self.shared.change(|state| {
            let id = state.ids.next_on(shard);
            let role = |id, name: &str, permissions, managed| Role {
                id,
                name: name.to_owned(),
                permissions,
                mentionable: false,
                managed,
            };
            let managed = state.ids.next();
            let guild = Guild {
                id,
                name: name.to_owned(),
                owner,
                roles: vec![role(id, "@everyone", EVERYDAY, false), role(managed, "House", EVERYDAY, true)],
                members: BTreeMap::from([(owner, newcomer(&[]))]),
                locale: "en-US".to_owned(),
            };
            state.guilds.insert(id, guild);
            id
        })
    }

    /// The bot joins: GUILD_CREATE.
    pub fn invite_bot(&self, guild: Id) {
        let managed = self.bot_role(guild);
        self.shared.change(|state| {
            let bot = state.bot;
            state.guilds.get_mut(&guild).expect("an unknown guild").members.insert(bot, newcomer(&[managed]));
            let whole = state.whole_guild(guild);
            state.emit_guild("GUILD_CREATE", guild, whole);
        });
    }

    /// The bot is thrown out: GUILD_DELETE without `unavailable`.
    pub fn kick_bot(&self, guild: Id) {
        self.shared.change(|state| {
            state.emit_guild("GUILD_DELETE", guild, json!({"id": guild.to_string()}));
            let bot = state.bot;
            state.guilds.get_mut(&guild).expect("an unknown guild").members.remove(&bot);
        });
    }

    /// An outage: GUILD_DELETE with `unavailable`, or the GUILD_CREATE that ends it.
    pub fn outage(&self, guild: Id, begins: bool) {
        self.shared.change(|state| {
            if begins {
                state.emit_guild("GUILD_DELETE", guild, json!({"id": guild.to_string(), "unavailable": true}));
            } else {
                let whole = state.whole_guild(guild);
                state.emit_guild("GUILD_CREATE", guild, whole);
            }
        });
    }

    /// The role that the bot brought with it.
    pub fn bot_role(&self, guild: Id) -> Id {
        self.shared.read(|state| {
            let guild = state.guilds.get(&guild).expect("an unknown guild");
            guild.roles.iter().find(|role| role.managed).expect("a guild has a role for the bot").id
        })
    }

    /// A role that can be given. GUILD_ROLE_CREATE.
    pub fn add_role(&self, guild: Id, name: &str, permissions: u64) -> Id {
        self.shared.change(|state| {
            let id = state.ids.next();
            let role = Role { id, name: name.to_owned(), permissions, mentionable: false, managed: false };
            state.guilds.get_mut(&guild).expect("an unknown guild").roles.push(role);
            emit_role(state, "GUILD_ROLE_CREATE", guild, id);
            id
        })
    }

    /// Changes what a role may; the role with the id of the guild is @everyone. GUILD_ROLE_UPDATE.
    pub fn set_role_permissions(&self, guild: Id, which: Id, permissions: u64) {
        self.shared.change(|state| {
            role(state, guild, which).permissions = permissions;
            emit_role(state, "GUILD_ROLE_UPDATE", guild, which);
        });
    }

    /// Everybody may mention this role, or not.
    pub fn set_mentionable(&self, guild: Id, which: Id, mentionable: bool) {
        self.shared.change(|state| {
            role(state, guild, which).mentionable = mentionable;
            emit_role(state, "GUILD_ROLE_UPDATE", guild, which);
        });
    }

    /// Somebody joins with these roles. GUILD_MEMBER_ADD.
    pub fn join(&self, guild: Id, user: Id, roles: &[Id]) {
        self.shared.change(|state| {
            state.guilds.get_mut(&guild).expect("an unknown guild").members.insert(user, newcomer(roles));
            state.emit_member("GUILD_MEMBER_ADD", guild, user);
        });
    }

    /// Somebody leaves. GUILD_MEMBER_REMOVE.
    pub fn leave(&self, guild: Id, user: Id) {
        self.shared.change(|state| {
            state.guilds.get_mut(&guild).expect("an unknown guild").members.remove(&user);
            state.emit_member("GUILD_MEMBER_REMOVE", guild, user);
        });
    }

    /// Gives a role. GUILD_MEMBER_UPDATE.
    pub fn give_role(&self, guild: Id, user: Id, role: Id) {
        self.member(guild, user, |member| member.roles.push(role));
    }

    /// Takes a role away. GUILD_MEMBER_UPDATE.
    pub fn take_role(&self, guild: Id, user: Id, role: Id) {
        self.member(guild, user, |member| member.roles.retain(|one| *one != role));
    }

    /// Names somebody in one guild. GUILD_MEMBER_UPDATE.
    pub fn set_nick(&self, guild: Id, user: Id, nick: &str) {
        self.member(guild, user, |member| member.nick = Some(nick.to_owned()));
    }

    fn member(&self, guild: Id, user: Id, change: impl FnOnce(&mut Member)) {
        self.shared.change(|state| {
            let place = state.guilds.get_mut(&guild).expect("an unknown guild");
            change(place.members.get_mut(&user).expect("not a member"));
            state.emit_member("GUILD_MEMBER_UPDATE", guild, user);
        });
    }

    /// A text channel for everybody. CHANNEL_CREATE.
    pub fn add_channel(&self, guild: Id, name: &str) -> Id {
        self.make_channel(guild, name, kind::TEXT, |_| {})
    }

    /// A channel for announcements. CHANNEL_CREATE.
    pub fn add_announcements(&self, guild: Id, name: &str) -> Id {
        self.make_channel(guild, name, kind::ANNOUNCEMENT, |_| {})
    }

    /// A forum with these tags. CHANNEL_CREATE.
    pub fn add_forum(&self, guild: Id, name: &str, tags: &[&str]) -> Id {
        let tags: Vec<(Id, String)> =
            tags.iter().map(|tag| (self.shared.change(|state| state.ids.next()), (*tag).to_owned())).collect();
        self.make_channel(guild, name, kind::FORUM, |channel| channel.tags = tags)
    }

    /// Whether posts in a forum need a tag.
    pub fn set_requires_tag(&self, forum: Id, requires: bool) {
        self.shared.change(|state| state.channels.get_mut(&forum).expect("an unknown forum").requires_tag = requires);
    }

    /// A text channel that only these roles and the bot see. CHANNEL_CREATE.
    pub fn add_private_channel(&self, guild: Id, name: &str, roles: &[Id]) -> Id {
        let seen_by: Vec<Id> = roles.iter().copied().chain([self.bot_role(guild)]).collect();
        self.make_channel(guild, name, kind::TEXT, |channel| {
            channel.overwrites.push(Overwrite { id: guild, member: false, allow: 0, deny: VIEW_CHANNEL });
            let allow = |id: Id| Overwrite { id, member: false, allow: VIEW_CHANNEL, deny: 0 };
            channel.overwrites.extend(seen_by.into_iter().map(allow));
        })
    }

    fn make_channel(&self, guild: Id, name: &str, number: u8, set: impl FnOnce(&mut Channel)) -> Id {
        self.shared.change(|state| {
            let id = state.ids.next();
            let mut channel = Channel::new(id, number, Some(guild), name);
            set(&mut channel);
            state.channels.insert(id, channel);
            state.emit_channel("CHANNEL_CREATE", id);
            id
        })
    }

    /// Sets what a role (or @everyone: the id of the guild) may in a channel besides. CHANNEL_UPDATE.
    pub fn overwrite_role(&self, channel: Id, role: Id, allow: u64, deny: u64) {
        self.overwrite(channel, Overwrite { id: role, member: false, allow, deny });
    }

    /// Sets what a member may in a channel besides. CHANNEL_UPDATE.
    pub fn overwrite_member(&self, channel: Id, user: Id, allow: u64, deny: u64) {
        self.overwrite(channel, Overwrite { id: user, member: true, allow, deny });
    }

    fn overwrite(&self, channel: Id, overwrite: Overwrite) {
        self.shared.change(|state| {
            let place = state.channels.get_mut(&channel).expect("an unknown channel");
            place.overwrites.retain(|one| one.id != overwrite.id);
            place.overwrites.push(overwrite);
            state.emit_channel("CHANNEL_UPDATE", channel);
        });
    }

    /// Deletes a channel or a thread. CHANNEL_DELETE or THREAD_DELETE.
    pub fn delete_channel(&self, channel: Id) {
        self.shared.change(|state| state.remove_channel(channel));
    }

    /// The tag of a forum by its name.
    pub fn tag(&self, forum: Id, name: &str) -> Id {
        self.shared.read(|state| {
            let forum = state.channel(forum).expect("an unknown forum");
            forum.tags.iter().find(|(_, one)| one == name).expect("an unknown tag").0
        })
    }
}

fn emit_role(state: &mut State, name: &str, guild: Id, which: Id) {
    let place = &state.guilds[&guild];
    let number = place.roles.iter().position(|role| role.id == which).unwrap_or(0);
    let data = json!({"guild_id": guild.to_string(), "role": objects::role(&place.roles[number], number)});
    state.emit_guild(name, guild, data);
}

impl State {
    /// Takes a channel or a thread away and tells the bot.
    pub fn remove_channel(&mut self, id: Id) {
        let Some(channel) = self.channel(id).cloned() else { return };
        if channel.thread.is_some() {
            // Docs, events/gateway-events, Thread Delete: a part of the channel object.
            let data = json!({
                "id": id.to_string(), "guild_id": channel.guild.map(|id| id.to_string()),
                "parent_id": channel.parent.map(|id| id.to_string()), "type": channel.kind,
            });
            self.emit_in(id, "THREAD_DELETE", intents::GUILDS, data);
        } else {
            self.emit_channel("CHANNEL_DELETE", id);
        }
        if let Some(channel) = self.channels.get_mut(&id) {
            channel.deleted = true;
        }
    }
}
