//! Which chats a bot reaches, and what it may do there.

use super::super::args::{Args, number};
use super::super::chats::{Chat, Kind};
use super::super::failure::{Failure, bad, forbidden};
use super::super::membership::{Role, rights};
use super::super::world::World;

/// The chat a call names. "Unique identifier for the target chat or username of the target bot, supergroup or channel in the
/// format @username" (Bot API, sendMessage, chat_id).
pub fn chat(world: &World, bot: i64, args: &Args, key: &str) -> Result<Chat, Failure> {
    let given = args.get(key).ok_or_else(|| bad(format!("{key} is empty")))?;
    let Some(id) = number(given) else {
        let name = given.as_str().and_then(|name| name.strip_prefix('@')).unwrap_or_default();
        let named = world.chats.iter().find(|(_, state)| state.username.as_deref() == Some(name));
        return present(world, bot, *named.ok_or_else(|| bad("chat not found"))?.0);
    };
    if id > 0 {
        return private(world, bot, id);
    }
    present(world, bot, Chat { id, of: 0 })
}

/// The chat a call names that only looks at it: a group that has become a supergroup may still be there to be looked at.
pub fn readable(world: &World, bot: i64, args: &Args) -> Result<Chat, Failure> {
    let old = args.get("chat_id").and_then(number).map(|id| Chat { id, of: 0 });
    let moved = |chat: &Chat| world.chats.get(chat).is_some_and(|state| state.migrated_to.is_some());
    match old.filter(|chat| world.old_groups_readable && moved(chat)) {
        Some(chat) => Ok(chat),
        None => chat(world, bot, args, "chat_id"),
    }
}

fn private(world: &World, bot: i64, id: i64) -> Result<Chat, Failure> {
    let person = world.people.get(&id).ok_or_else(|| bad("chat not found"))?;
    let chat = Chat { id, of: bot };
    if person.deactivated {
        return Err(forbidden("user is deactivated"));
    }
    match world.chats.get(&chat) {
        _ if person.is_bot => Err(forbidden("bots can't send messages to bots")),
        Some(state) if state.blocked => Err(forbidden("bot was blocked by the user")),
        Some(state) if state.started => Ok(chat),
        // "Bots can't start conversations with users. A user must either add them to a group or send them a message first"
        // (Bots: An introduction for developers).
        Some(_) | None => Err(forbidden("bot can't initiate conversation with a user")),
    }
}

fn present(world: &World, bot: i64, chat: Chat) -> Result<Chat, Failure> {
    let state = world.chats.get(&chat).ok_or_else(|| bad("chat not found"))?;
    if let Some(to) = state.migrated_to {
        return Err(Failure::migrated(to));
    }
    let kind = state.kind.word();
    match state.members.get(&bot) {
        None => Err(bad("chat not found")),
        Some(Role::Kicked) => Err(forbidden(format!("bot was kicked from the {kind} chat"))),
        Some(Role::Left) => Err(forbidden(format!("bot is not a member of the {kind} chat"))),
        Some(_) => Ok(chat),
    }
}

/// The topic a call names, when the bot may write into it (or, without one, into the chat).
pub fn writable(world: &World, bot: i64, chat: Chat, thread: Option<i64>) -> Result<(), Failure> {
    let state = world.chat(chat);
    let role = state.role(bot);
    if role == Role::Restricted {
        return Err(bad("not enough rights to send text messages to the chat"));
    }
    if state.kind == Kind::Channel && !role.may(rights::POST_MESSAGES) {
        return Err(bad("need administrator rights in the channel chat"));
    }
    // The topic "General" has no number: not even 1 is taken for it.
    let Some(thread) = thread else { return Ok(()) };
    let topic = state.topics.get(&thread).ok_or_else(|| bad("message thread not found"))?;
    if topic.closed && !role.may(rights::MANAGE_TOPICS) {
        return Err(bad("TOPIC_CLOSED"));
    }
    Ok(())
}
