//! What a bot says about itself: commands and descriptions.

use serde_json::{Value, json};

use super::super::args::Args;
use super::super::failure::{Answer, Failure, bad};
use super::super::users::BotState;
use super::super::world::World;
use super::yes;

fn scope(args: &Args) -> Value {
    args.get("scope").cloned().unwrap_or_else(|| json!({ "type": "default" }))
}

fn language(args: &Args) -> String {
    args.text("language_code").unwrap_or_default()
}

/// "A JSON-serialized list of bot commands to be set as the list of the bot's commands. At most 100 commands can be
/// specified" (Bot API, setMyCommands). "command: Text of the command; 1-32 characters. Can contain only lowercase English
/// letters, digits and underscores. description: Description of the command; 1-256 characters" (BotCommand).
pub fn set_commands(world: &mut World, bot: i64, args: &Args) -> Answer {
    const SCOPES: &[&str] = &[
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ];
    let commands = args.list("commands").ok_or_else(|| bad("can't parse BotCommand: list of commands expected"))?;
    if commands.len() > 100 {
        return Err(bad("BOT_COMMANDS_TOO_MUCH"));
    }
    for command in commands {
        let name = command["command"].as_str().unwrap_or_default();
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !(1..=32).contains(&name.len()) || !name.chars().all(allowed) {
            return Err(bad("BOT_COMMAND_INVALID"));
        }
        let description = command["description"].as_str().unwrap_or_default();
        if !(1..=256).contains(&description.chars().count()) {
            return Err(bad("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    let scope = scope(args);
    if !SCOPES.contains(&scope["type"].as_str().unwrap_or_default()) {
        return Err(bad("can't parse BotCommandScope: unsupported type specified"));
    }
    let language = language(args);
    let commands = json!(commands);
    let state = world.bot_mut(bot);
    forget(state, &scope, &language);
    state.commands.push((scope, language, commands));
    yes()
}

fn forget(state: &mut BotState, scope: &Value, language: &str) {
    state.commands.retain(|(other, tongue, _)| other != scope || tongue != language);
}

pub fn delete_commands(world: &mut World, bot: i64, args: &Args) -> Answer {
    forget(world.bot_mut(bot), &scope(args), &language(args));
    yes()
}

/// "Returns an Array of BotCommand objects. If commands aren't set, an empty list is returned" (Bot API, getMyCommands).
pub fn commands(world: &World, bot: i64, args: &Args) -> Answer {
    let (scope, language) = (scope(args), language(args));
    let mut sets = world.bot(bot).commands.iter();
    let found = sets.find(|(other, tongue, _)| *other == scope && *tongue == language);
    Ok(found.map_or_else(|| json!([]), |(_, _, commands)| commands.clone()))
}

pub fn checked_description(args: &Args, key: &str, most: usize) -> Result<String, Failure> {
    let text = args.text(key).unwrap_or_default();
    if text.chars().count() > most {
        return Err(bad(format!("{key} is too long")));
    }
    Ok(text)
}

/// "Pass an empty string to remove the dedicated description for the given language."
pub fn set_description(descriptions: &mut Vec<(String, String)>, text: String, args: &Args) -> Value {
    let language = language(args);
    descriptions.retain(|(other, _)| *other != language);
    if !text.is_empty() {
        descriptions.push((language, text));
    }
    json!(true)
}

pub fn description(descriptions: &[(String, String)], key: &str, args: &Args) -> Value {
    let language = language(args);
    let found = descriptions.iter().find(|(other, _)| *other == language);
    json!({ key: found.map(|(_, text)| text.as_str()).unwrap_or_default() })
}
