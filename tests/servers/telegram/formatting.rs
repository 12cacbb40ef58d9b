//! Text with its entities: what bots send, and what is found in what people write.

use serde_json::{Value, json};

use super::args::Args;
use super::failure::{Failure, bad};
use super::html;

/// The text and entities a call gives under these parameters, checked and trimmed.
pub fn formatted(args: &Args, text: &str, entities: &str) -> Result<(String, Vec<Value>), Failure> {
    let raw = args.text(text).unwrap_or_default();
    let mode = args.text("parse_mode").unwrap_or_default();
    let (text, entities) = match mode.to_ascii_lowercase().as_str() {
        "" => (raw, args.list(entities).cloned().unwrap_or_default()),
        "html" => html::parse(&raw).map_err(|problem| bad(format!("can't parse entities: {problem}")))?,
        // Markdown is documented too; this server does not read it.
        _ => return Err(bad("unsupported parse_mode")),
    };
    check(&text, &entities)?;
    Ok(trim(&text, entities))
}

/// "offset: Offset in UTF-16 code units to the start of the entity. length: Length of the entity in UTF-16 code units"
/// (Bot API, MessageEntity).
fn check(text: &str, entities: &[Value]) -> Result<(), Failure> {
    let length = units(text) as i64;
    for entity in entities {
        if entity["type"].as_str().is_none() {
            return Err(bad("can't parse entities: Can't find field \"type\""));
        }
        let (Some(offset), Some(size)) = (entity["offset"].as_i64(), entity["length"].as_i64()) else {
            return Err(bad("can't parse entities: Can't find field \"offset\""));
        };
        if offset < 0 || size <= 0 || offset + size > length {
            return Err(bad("ENTITY_BOUNDS_INVALID"));
        }
    }
    Ok(())
}

/// Without white space around it; the entities move along.
fn trim(text: &str, entities: Vec<Value>) -> (String, Vec<Value>) {
    let before = units(text) - units(text.trim_start());
    let trimmed = text.trim();
    let end = before + units(trimmed);
    let moved = entities.into_iter().filter_map(|mut entity| {
        let from = (entity["offset"].as_u64()? as usize).max(before);
        let to = ((entity["offset"].as_u64()? + entity["length"].as_u64()?) as usize).min(end);
        entity["offset"] = json!(from.checked_sub(before)?);
        entity["length"] = json!(to.checked_sub(from).filter(|length| *length > 0)?);
        Some(entity)
    });
    (trimmed.to_owned(), moved.collect())
}

/// How many UTF-16 code units a text has.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The commands, mentions and addresses in what a person wrote, as clients and servers find them: "“mention” (@username),
/// [...] “bot_command” (/start@jobs_bot), “url” (https://telegram.org)" (Bot API, MessageEntity, type).
pub fn found(text: &str) -> Vec<Value> {
    let mut entities = Vec::new();
    let mut before = None;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let apart = before.is_none_or(|c: char| !c.is_alphanumeric() && c != '_' && c != '/' && c != '@');
        let hit = if apart { piece(rest) } else { None };
        let length = hit.map_or(c.len_utf8(), |(kind, length)| {
            entities.push(json!({ "type": kind, "offset": units(&text[..at]), "length": units(&rest[..length]) }));
            length
        });
        before = rest[..length].chars().next_back();
        at += length;
    }
    entities
}

/// What begins here, and its length in bytes.
fn piece(rest: &str) -> Option<(&'static str, usize)> {
    let name = |text: &str| text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    if let Some(command) = rest.strip_prefix('/') {
        let length = name(command);
        if !(1..=64).contains(&length) {
            return None;
        }
        let to = command[length..].strip_prefix('@').map(name).filter(|to| *to >= 3).map_or(0, |to| to + 1);
        return Some(("bot_command", 1 + length + to));
    }
    if let Some(mentioned) = rest.strip_prefix('@') {
        return Some(("mention", 1 + name(mentioned))).filter(|(_, length)| (4..=33).contains(length));
    }
    if rest.starts_with("https://") || rest.starts_with("http://") {
        let word = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
        return Some(("url", word.trim_end_matches(['.', ',', '!', '?', ';', ':', ')']).len()));
    }
    None
}
