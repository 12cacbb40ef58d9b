//! editMessageText, editMessageReplyMarkup, deleteMessage.

use serde_json::{Map, Value, json};

use super::super::args::Args;
use super::super::chats::{Chat, Kind};
use super::super::failure::{Answer, Failure, bad};
use super::super::formatting::{formatted, units};
use super::super::keyboard;
use super::super::membership::rights;
use super::super::world::World;
use super::sending::MOST_TEXT;
use super::{reach, required};

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly the same as \
     a current content and reply markup of the message";

pub fn edit_text(world: &mut World, bot: i64, args: &Args) -> Answer {
    let (chat, id) = own(world, bot, args)?;
    let (text, entities) = formatted(args, "text", "entities")?;
    if text.is_empty() {
        return Err(bad("message text is empty"));
    }
    if units(&text) > MOST_TEXT {
        return Err(bad("MESSAGE_TOO_LONG"));
    }
    let keyboard = keyboard::checked(args)?;
    let mut fields = world.chat(chat).messages[&id].fields.clone();
    if !fields.contains_key("text") {
        return Err(bad("there is no text in the message to edit"));
    }
    fields.insert("text".into(), json!(text));
    put(&mut fields, "entities", (!entities.is_empty()).then(|| json!(entities)));
    // A keyboard that is not given again is taken away.
    put(&mut fields, "reply_markup", keyboard);
    put(&mut fields, "link_preview_options", args.get("link_preview_options").cloned());
    change(world, chat, id, fields)
}

pub fn edit_keyboard(world: &mut World, bot: i64, args: &Args) -> Answer {
    let (chat, id) = own(world, bot, args)?;
    let keyboard = keyboard::checked(args)?;
    let mut fields = world.chat(chat).messages[&id].fields.clone();
    put(&mut fields, "reply_markup", keyboard);
    change(world, chat, id, fields)
}

fn put(fields: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    match value {
        Some(value) => fields.insert(key.to_owned(), value),
        None => fields.remove(key),
    };
}

fn change(world: &mut World, chat: Chat, id: i64, fields: Map<String, Value>) -> Answer {
    let now = world.unix_time();
    let message = world.message_mut(chat, id);
    if message.fields == fields {
        return Err(bad(NOT_MODIFIED));
    }
    let before = message.text().to_owned();
    message.fields = fields;
    message.edit_date = Some(now);
    if message.text() != before {
        message.edits.push(before);
    }
    let message = world.chat(chat).messages[&id].clone();
    Ok(world.message_json(&message))
}

/// The message of the bot itself that a call names. Editing it has no time limit: "business messages that were not sent by
/// the bot and do not contain an inline keyboard can only be edited within 48 hours" (Bot API, editMessageText).
fn own(world: &World, bot: i64, args: &Args) -> Result<(Chat, i64), Failure> {
    let chat = reach::chat(world, bot, args, "chat_id")?;
    let id = required(args, "message_id", "message identifier is not specified")?;
    let message = world.message(chat, id).ok_or_else(|| bad("message to edit not found"))?;
    if message.by_bot != Some(bot) || message.is_service() {
        return Err(bad("message can't be edited"));
    }
    Ok((chat, id))
}

/// "A message can only be deleted if it was sent less than 48 hours ago. Service messages about a supergroup, channel, or
/// forum topic creation can't be deleted. [...] Bots can delete outgoing messages in private chats, groups, and supergroups.
/// Bots can delete incoming messages in private chats. [...] If the bot has can_delete_messages administrator right in a
/// supergroup or a channel, it can delete any message there" (Bot API, deleteMessage).
pub fn delete_message(world: &mut World, bot: i64, args: &Args) -> Answer {
    const TWO_DAYS: i64 = 48 * 60 * 60;
    let chat = reach::chat(world, bot, args, "chat_id")?;
    let id = required(args, "message_id", "message identifier is not specified")?;
    let message = world.message(chat, id).ok_or_else(|| bad("message to delete not found"))?;
    let state = world.chat(chat);
    let mine = message.by_bot == Some(bot) || state.kind == Kind::Private;
    let old = world.unix_time() - message.date >= TWO_DAYS;
    let fixed = message.fields.contains_key("forum_topic_created");
    if old || fixed || !(mine || state.role(bot).may(rights::DELETE_MESSAGES)) {
        return Err(bad("message can't be deleted"));
    }
    world.message_mut(chat, id).deleted = true;
    super::yes()
}
