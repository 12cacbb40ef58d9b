//! sendMessage, copyMessage, sendChatAction.

use serde_json::{Map, Value, json};

use super::super::args::{Args, number};
use super::super::chats::Chat;
use super::super::failure::{Answer, Failure, bad};
use super::super::formatting::{formatted, units};
use super::super::keyboard;
use super::super::messages::Draft;
use super::super::world::World;
use super::reach;

/// "Text of the message to be sent, 1-4096 characters after entities parsing" (Bot API, sendMessage, text). Characters are
/// counted in UTF-16 code units here, the strictest reading.
pub const MOST_TEXT: usize = 4096;

pub fn send_message(world: &mut World, bot: i64, args: &Args) -> Answer {
    let chat = reach::chat(world, bot, args, "chat_id")?;
    let (text, entities) = formatted(args, "text", "entities")?;
    if text.is_empty() {
        return Err(bad("message text is empty"));
    }
    if units(&text) > MOST_TEXT {
        return Err(bad("message is too long"));
    }
    let mut fields = Map::new();
    fields.insert("text".into(), json!(text));
    if !entities.is_empty() {
        fields.insert("entities".into(), json!(entities));
    }
    if let Some(options) = args.get("link_preview_options") {
        fields.insert("link_preview_options".into(), options.clone());
    }
    let id = post(world, bot, chat, args, fields)?;
    Ok(world.message_json(&world.chat(chat).messages[&id]))
}

/// Keeps a message of a bot where the call wants it.
fn post(world: &mut World, bot: i64, chat: Chat, args: &Args, mut fields: Map<String, Value>) -> Result<i64, Failure> {
    if let Some(keyboard) = keyboard::checked(args)? {
        fields.insert("reply_markup".into(), keyboard);
    }
    let reply_to = replied(world, chat, args)?;
    // An answer to a message in a topic lands in that topic. (Not in the documents, but so it is.)
    let beside = reply_to.and_then(|id| world.chat(chat).messages[&id].thread);
    let thread = args.int("message_thread_id").or(beside);
    reach::writable(world, bot, chat, thread)?;
    let draft = Draft { thread, from: Some(bot), sender_chat: None, reply_to, fields };
    let id = world.keep(chat, draft);
    world.tell_of_message(chat, id, "message");
    Ok(id)
}

/// The message to answer. "allow_sending_without_reply: Pass True if the message should be sent even if the specified
/// message to be replied to is not found" (Bot API, ReplyParameters).
fn replied(world: &World, chat: Chat, args: &Args) -> Result<Option<i64>, Failure> {
    let Some(parameters) = args.get("reply_parameters") else { return Ok(None) };
    let id = parameters.get("message_id").and_then(number).filter(|id| world.message(chat, *id).is_some());
    let anyway = parameters["allow_sending_without_reply"].as_bool().unwrap_or(false);
    if id.is_none() && !anyway {
        return Err(bad("message to be replied not found"));
    }
    Ok(id)
}

/// "Service messages, paid media messages, giveaway messages, giveaway winners messages, and invoice messages can't be
/// copied. [...] The method is analogous to the method forwardMessage, but the copied message doesn't have a link to the
/// original message. Returns the MessageId of the sent message on success" (Bot API, copyMessage).
pub fn copy_message(world: &mut World, bot: i64, args: &Args) -> Answer {
    let chat = reach::chat(world, bot, args, "chat_id")?;
    let from = reach::chat(world, bot, args, "from_chat_id")?;
    let id = args.int("message_id").unwrap_or_default();
    let message = world.message(from, id).ok_or_else(|| bad("message to copy not found"))?;
    if message.is_service() {
        return Err(bad("message can't be copied"));
    }
    let mut fields = message.fields.clone();
    for link in ["forward_origin", "is_automatic_forward", "media_group_id", "via_bot", "reply_markup"] {
        fields.remove(link);
    }
    if args.has("caption") && !fields.contains_key("text") {
        let (caption, entities) = formatted(args, "caption", "caption_entities")?;
        // "New caption for media, 0-1024 characters after entities parsing".
        if units(&caption) > 1024 {
            return Err(bad("message caption is too long"));
        }
        fields.insert("caption".into(), json!(caption));
        fields.insert("caption_entities".into(), json!(entities));
    }
    let id = post(world, bot, chat, args, fields)?;
    Ok(json!({ "message_id": id }))
}

/// "Type of action to broadcast" (Bot API, sendChatAction, action).
const ACTIONS: &[&str] = &[
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

pub fn chat_action(world: &World, bot: i64, args: &Args) -> Answer {
    let chat = reach::chat(world, bot, args, "chat_id")?;
    reach::writable(world, bot, chat, args.int("message_thread_id"))?;
    if !ACTIONS.contains(&args.text("action").unwrap_or_default().as_str()) {
        return Err(bad("wrong parameter action in request"));
    }
    super::yes()
}
