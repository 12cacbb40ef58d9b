//! setMessageReaction, answerCallbackQuery.

use serde_json::Value;

use super::super::args::Args;
use super::super::failure::{Answer, bad};
use super::super::formatting::units;
use super::super::pressing::Answered;
use super::super::transcript;
use super::super::world::World;
use super::{reach, required};

/// "Reaction emoji. Currently, it can be one of" these (Bot API, ReactionTypeEmoji).
const EMOJI: &[&str] = &[
    "❤",
    "👍",
    "👎",
    "🔥",
    "🥰",
    "👏",
    "😁",
    "🤔",
    "🤯",
    "😱",
    "🤬",
    "😢",
    "🎉",
    "🤩",
    "🤮",
    "💩",
    "🙏",
    "👌",
    "🕊",
    "🤡",
    "🥱",
    "🥴",
    "😍",
    "🐳",
    "❤‍🔥",
    "🌚",
    "🌭",
    "💯",
    "🤣",
    "⚡",
    "🍌",
    "🏆",
    "💔",
    "🤨",
    "😐",
    "🍓",
    "🍾",
    "💋",
    "🖕",
    "😈",
    "😴",
    "😭",
    "🤓",
    "👻",
    "👨‍💻",
    "👀",
    "🎃",
    "🙈",
    "😇",
    "😨",
    "🤝",
    "✍",
    "🤗",
    "🫡",
    "🎅",
    "🎄",
    "☃",
    "💅",
    "🤪",
    "🗿",
    "🆒",
    "💘",
    "🙉",
    "🦄",
    "😘",
    "💊",
    "🙊",
    "😎",
    "👾",
    "🤷‍♂",
    "🤷",
    "🤷‍♀",
    "😡",
];

/// "A JSON-serialized list of reaction types to set on the message. Currently, as non-premium users, bots can set up to one
/// reaction per message" (Bot API, setMessageReaction, reaction).
pub fn set_reaction(world: &mut World, bot: i64, args: &Args) -> Answer {
    let chat = reach::chat(world, bot, args, "chat_id")?;
    let id = required(args, "message_id", "message identifier is not specified")?;
    if world.message(chat, id).is_none() {
        return Err(bad("message to react not found"));
    }
    let list: &[Value] = args.list("reaction").map(Vec::as_slice).unwrap_or_default();
    if list.len() > 1 {
        return Err(bad("REACTIONS_TOO_MANY"));
    }
    let emoji: Vec<String> = list.iter().filter_map(|kind| kind["emoji"].as_str().map(str::to_owned)).collect();
    // Custom emoji would have to be on the message already or be allowed in the chat.
    if emoji.len() != list.len() || emoji.iter().any(|emoji| !EMOJI.contains(&emoji.as_str())) {
        return Err(bad("REACTION_INVALID"));
    }
    let message = world.message_mut(chat, id);
    message.reactions.remove(&bot);
    if !emoji.is_empty() {
        let (thread, line) = (message.thread, format!("reacts {} to \"{}\"", emoji[0], message.text()));
        message.reactions.insert(bot, emoji);
        let line = format!("{} {line}", transcript::name(world, bot));
        world.chat_mut(chat).act(thread, line);
    }
    super::yes()
}

/// "Text of the notification. If not specified, nothing will be shown to the user, 0-200 characters" (Bot API,
/// answerCallbackQuery, text). How long a query can be answered is not documented; the test sets it.
pub fn answer_callback_query(world: &mut World, bot: i64, args: &Args) -> Answer {
    let id = args.text("callback_query_id").unwrap_or_default();
    let (now, within) = (world.now(), world.answer_within);
    let in_time = |at: std::time::SystemTime| now.duration_since(at).unwrap_or_default() <= within;
    let query = world.queries.get_mut(&id).filter(|query| query.bot == bot && in_time(query.at));
    let Some(query) = query else {
        return Err(bad("query is too old and response timeout expired or query ID is invalid"));
    };
    let text = args.text("text").unwrap_or_default();
    if units(&text) > 200 {
        return Err(bad("MESSAGE_TOO_LONG"));
    }
    let (chat, user, message) = (query.chat, query.user, query.message);
    let answered = Answered { text, alert: args.flag("show_alert"), url: args.text("url") };
    let how = if answered.alert { "an alert" } else { "a toast" };
    query.answers.push(answered.clone());
    if !answered.text.is_empty() {
        let thread = world.chat(chat).messages.get(&message).and_then(|message| message.thread);
        let line = format!("({} sees {how}: {})", transcript::name(world, user), answered.text);
        world.chat_mut(chat).act(thread, line);
    }
    super::yes()
}
