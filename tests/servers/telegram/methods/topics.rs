//! createForumTopic, editForumTopic, closeForumTopic, reopenForumTopic.

use serde_json::json;

use super::super::args::Args;
use super::super::chats::{Chat, Topic};
use super::super::failure::{Answer, Failure, bad};
use super::super::membership::rights;
use super::super::topics::ICON_COLOR;
use super::super::world::World;
use super::reach;

/// "The bot must be an administrator in the chat for this to work and must have the can_manage_topics administrator right"
/// (Bot API, createForumTopic).
pub fn create(world: &mut World, bot: i64, args: &Args) -> Answer {
    let chat = reach::chat(world, bot, args, "chat_id")?;
    let state = world.chat(chat);
    if !state.forum {
        return Err(bad("the chat is not a forum"));
    }
    if !state.role(bot).may(rights::MANAGE_TOPICS) {
        return Err(bad("not enough rights to create a topic"));
    }
    // "Topic name, 1-128 characters".
    let name = args.text("name").unwrap_or_default().trim().to_owned();
    if name.is_empty() {
        return Err(bad("topic title must be non-empty"));
    }
    if name.chars().count() > 128 {
        return Err(bad("TOPIC_TITLE_INVALID"));
    }
    let thread = world.open_topic(chat, bot, &name);
    Ok(json!({ "message_thread_id": thread, "name": name, "icon_color": ICON_COLOR }))
}

/// "New topic name, 0-128 characters. If not specified or empty, the current name of the topic will be kept" (Bot API,
/// editForumTopic, name).
pub fn edit(world: &mut World, bot: i64, args: &Args) -> Answer {
    let (chat, topic) = topic(world, bot, args)?;
    let name = args.text("name").unwrap_or_default().trim().to_owned();
    if name.chars().count() > 128 {
        return Err(bad("TOPIC_TITLE_INVALID"));
    }
    if name == topic.name || (name.is_empty() && !args.has("icon_custom_emoji_id")) {
        return Err(bad("TOPIC_NOT_MODIFIED"));
    }
    if !name.is_empty() {
        world.rename_topic(chat, bot, topic.thread, &name);
    }
    super::yes()
}

/// "The bot must be an administrator in the chat for this to work and must have the can_manage_topics administrator rights,
/// unless it is the creator of the topic" (Bot API, closeForumTopic and reopenForumTopic).
pub fn close(world: &mut World, bot: i64, args: &Args, closed: bool) -> Answer {
    let (chat, topic) = topic(world, bot, args)?;
    if topic.closed == closed {
        return Err(bad("TOPIC_NOT_MODIFIED"));
    }
    world.set_topic_closed(chat, bot, topic.thread, closed);
    super::yes()
}

fn topic(world: &World, bot: i64, args: &Args) -> Result<(Chat, Topic), Failure> {
    let chat = reach::chat(world, bot, args, "chat_id")?;
    let state = world.chat(chat);
    if !state.forum {
        return Err(bad("the chat is not a forum"));
    }
    let thread = args.int("message_thread_id").unwrap_or_default();
    let topic = state.topics.get(&thread).ok_or_else(|| bad("TOPIC_ID_INVALID"))?;
    if topic.creator != bot && !state.role(bot).may(rights::MANAGE_TOPICS) {
        return Err(bad("not enough rights to manage the topic"));
    }
    Ok((chat, topic.clone()))
}
