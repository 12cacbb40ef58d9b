//! getMe, getChat, getChatMember, getChatAdministrators, leaveChat.

use serde_json::{Value, json};

use super::super::args::Args;
use super::super::chats::Kind;
use super::super::failure::{Answer, bad};
use super::super::membership::Role;
use super::super::world::World;
use super::{reach, required, yes};

/// "can_read_all_group_messages: True, if privacy mode is disabled for the bot. Returned only in getMe" (Bot API, User).
pub fn me(world: &World, bot: i64) -> Value {
    let mut me = world.person(bot).json();
    me["can_join_groups"] = json!(true);
    me["can_read_all_group_messages"] = json!(!world.bot(bot).privacy);
    me["supports_inline_queries"] = json!(false);
    me["can_connect_to_business"] = json!(false);
    me["has_main_web_app"] = json!(false);
    me
}

pub fn chat(world: &World, bot: i64, args: &Args) -> Answer {
    Ok(world.full_chat_json(reach::readable(world, bot, args)?))
}

pub fn member(world: &World, bot: i64, args: &Args) -> Answer {
    let chat = reach::readable(world, bot, args)?;
    let user = required(args, "user_id", "invalid user_id specified")?;
    let person = world.people.get(&user).ok_or_else(|| bad("user not found"))?;
    let state = world.chat(chat);
    let role = if state.kind == Kind::Private { Role::Member } else { state.role(user) };
    Ok(role.json(person))
}

/// "Use this method to get a list of administrators in a chat. Returns an Array of ChatMember objects" (Bot API,
/// getChatAdministrators), without other bots.
pub fn administrators(world: &World, bot: i64, args: &Args) -> Answer {
    let chat = reach::readable(world, bot, args)?;
    let state = world.chat(chat);
    if state.kind == Kind::Private {
        return Err(bad("there are no administrators in the private chat"));
    }
    let admins = state.members.iter().filter(|(_, role)| role.is_admin());
    let admins = admins.map(|(id, role)| (world.person(*id), role));
    let admins = admins.filter(|(person, _)| !person.is_bot || person.id == bot);
    Ok(admins.map(|(person, role)| role.json(person)).collect())
}

pub fn leave(world: &mut World, bot: i64, args: &Args) -> Answer {
    let chat = reach::chat(world, bot, args, "chat_id")?;
    if world.chat(chat).kind == Kind::Private {
        return Err(bad("chat member status can't be changed in private chats"));
    }
    world.set_role(bot, chat, bot, Role::Left);
    yes()
}
