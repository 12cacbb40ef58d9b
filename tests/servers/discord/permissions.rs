//! Who may do what where. Discord docs, topics/permissions: the bits and the order in which roles and overwrites count.

use super::errors::{ApiError, missing_access, missing_permissions};
use super::ids::Id;
use super::state::{Channel, State, kind};

pub const BAN_MEMBERS: u64 = 1 << 2;
pub const ADMINISTRATOR: u64 = 1 << 3;
pub const MANAGE_CHANNELS: u64 = 1 << 4;
pub const ADD_REACTIONS: u64 = 1 << 6;
pub const VIEW_CHANNEL: u64 = 1 << 10;
pub const SEND_MESSAGES: u64 = 1 << 11;
pub const MANAGE_MESSAGES: u64 = 1 << 13;
pub const EMBED_LINKS: u64 = 1 << 14;
pub const ATTACH_FILES: u64 = 1 << 15;
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
pub const MENTION_EVERYONE: u64 = 1 << 17;
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
pub const MANAGE_THREADS: u64 = 1 << 34;
pub const CREATE_PUBLIC_THREADS: u64 = 1 << 35;
pub const CREATE_PRIVATE_THREADS: u64 = 1 << 36;
pub const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;

/// All there is.
pub const ALL: u64 = (1 << 53) - 1;
/// What a new guild gives to @everyone.
pub const EVERYDAY: u64 = VIEW_CHANNEL
    | SEND_MESSAGES
    | SEND_MESSAGES_IN_THREADS
    | READ_MESSAGE_HISTORY
    | ADD_REACTIONS
    | EMBED_LINKS
    | ATTACH_FILES
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | USE_APPLICATION_COMMANDS;

/// The permissions of a member in the whole guild; none for a stranger.
pub fn in_guild(state: &State, user: Id, guild: Id) -> u64 {
    let Some(guild) = state.guilds.get(&guild) else { return 0 };
    let Some(member) = guild.members.get(&user) else { return 0 };
    if guild.owner == user {
        return ALL;
    }
    let held = |role: &&super::state::Role| role.id == guild.id || member.roles.contains(&role.id);
    let bits = guild.roles.iter().filter(held).fold(0, |bits, role| bits | role.permissions);
    if bits & ADMINISTRATOR != 0 { ALL } else { bits }
}

/// The permissions of a person in a channel, a thread or a direct message.
pub fn in_channel(state: &State, user: Id, channel: &Channel) -> u64 {
    let Some(guild) = channel.guild else {
        let takes_part = user == state.bot || channel.recipient == Some(user);
        return if takes_part { EVERYDAY } else { 0 };
    };
    let mut bits = in_guild(state, user, guild);
    // Docs, topics/threads: a thread inherits the permissions of its parent.
    let place = channel.parent.filter(|_| channel.thread.is_some()).and_then(|id| state.channel(id)).unwrap_or(channel);
    if bits != ALL {
        bits = overwritten(state, bits, user, guild, place);
    }
    if bits & VIEW_CHANNEL == 0 {
        return 0;
    }
    // Docs, topics/threads: a private thread is seen by those who were invited and by those with MANAGE_THREADS.
    let invited = channel.thread.as_ref().is_some_and(|thread| thread.members.contains(&user));
    if channel.kind == kind::PRIVATE_THREAD && !invited && bits & MANAGE_THREADS == 0 {
        return 0;
    }
    // Implicit Permissions: who cannot write cannot do what takes writing.
    if bits & to_write(channel) == 0 { bits & !(MENTION_EVERYONE | ATTACH_FILES | EMBED_LINKS) } else { bits }
}

/// Docs, topics/permissions, Permission Overwrites: @everyone, then the roles together, then the member.
fn overwritten(state: &State, mut bits: u64, user: Id, guild: Id, place: &Channel) -> u64 {
    let roles = state.guilds.get(&guild).and_then(|guild| guild.members.get(&user)).map(|member| &member.roles);
    let everyone = place.overwrites.iter().filter(|one| !one.member && one.id == guild);
    for one in everyone {
        bits = bits & !one.deny | one.allow;
    }
    let held = place.overwrites.iter().filter(|one| !one.member && roles.is_some_and(|roles| roles.contains(&one.id)));
    let (allow, deny) = held.fold((0, 0), |(allow, deny), one| (allow | one.allow, deny | one.deny));
    bits = bits & !deny | allow;
    for one in place.overwrites.iter().filter(|one| one.member && one.id == user) {
        bits = bits & !one.deny | one.allow;
    }
    bits
}

/// Refuses with 50001 if the place cannot be seen, with 50013 if a permission is missing there.
pub fn need(state: &State, user: Id, channel: &Channel, bits: u64) -> Result<(), ApiError> {
    let held = in_channel(state, user, channel);
    if held & VIEW_CHANNEL == 0 {
        return Err(missing_access());
    }
    if held & bits == bits { Ok(()) } else { Err(missing_permissions()) }
}

/// What writing in a place takes.
pub fn to_write(channel: &Channel) -> u64 {
    // Docs, topics/threads: SEND_MESSAGES has no effect in threads.
    if channel.thread.is_some() { SEND_MESSAGES_IN_THREADS } else { SEND_MESSAGES }
}
