//! The words of a message: without the mention of the bot, and with the command that they begin with.

use std::ops::Range;

use super::wire::{Entity, Me};

/// The longest text that is taken in, in characters. Telegram's own limit is 4,096 (<https://core.telegram.org/bots/api#message>).
const MAX_CHARS: usize = 8192;

/// The words of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Without the bot's name where it is only called by it.
    pub text: String,
    /// Whether the bot is called by its name.
    pub mentions_bot: bool,
    /// The command that they begin with.
    pub command: Option<Typed>,
}

/// A command as it was typed (<https://core.telegram.org/bots/features#commands>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Its name in lower case, without `/`.
    pub name: String,
    /// The bot that it is for, when it says so: `/help@SomeBot`.
    pub bot: Option<String>,
    /// What stands behind it.
    pub rest: String,
}

/// Reads a text and what Telegram found in it.
pub fn read(text: &str, entities: &[Entity], me: &Me) -> Words {
    let mentions: Vec<Range<usize>> =
        entities.iter().filter(|entity| calls(entity, text, me)).filter_map(|entity| bytes(text, entity)).collect();
    let command = entities.iter().find(|entity| entity.kind == "bot_command" && entity.offset == 0);
    let command = command.and_then(|entity| bytes(text, entity)).and_then(|range| typed(text, range));
    Words { text: clean(&without(text, &mentions)), mentions_bot: !mentions.is_empty(), command }
}

/// Whether an entity calls the bot by its name.
fn calls(entity: &Entity, text: &str, me: &Me) -> bool {
    match entity.kind.as_str() {
        "mention" => bytes(text, entity).and_then(|range| text.get(range)).is_some_and(|name| me.is_called(name)),
        "text_mention" => entity.user.as_ref().is_some_and(|user| user.id == me.id),
        _ => false,
    }
}

fn typed(text: &str, range: Range<usize>) -> Option<Typed> {
    let word = text.get(range.clone())?.strip_prefix('/')?;
    let (name, bot) = word.split_once('@').map_or((word, None), |(name, bot)| (name, Some(bot.to_owned())));
    let rest = text.get(range.end..)?.trim();
    Some(Typed { name: name.to_lowercase(), bot, rest: clean(rest) })
}

/// Where an entity stands in bytes; none when it does not fit the text.
fn bytes(text: &str, entity: &Entity) -> Option<Range<usize>> {
    let begin = byte_of(text, entity.offset)?;
    let end = byte_of(text, entity.offset.checked_add(entity.length)?)?;
    Some(begin..end)
}

fn byte_of(text: &str, units: usize) -> Option<usize> {
    let mut so_far = 0;
    for (at, c) in text.char_indices() {
        if so_far >= units {
            return (so_far == units).then_some(at);
        }
        so_far += c.len_utf16();
    }
    (so_far == units).then_some(text.len())
}

/// A text without some stretches of it, and without what only parted them from the rest.
fn without(text: &str, stretches: &[Range<usize>]) -> String {
    let mut left = text.to_owned();
    for range in stretches.iter().rev() {
        let (before, after) = (left.get(..range.start).unwrap_or_default(), left.get(range.end..).unwrap_or_default());
        let after = match before {
            before if before.trim().is_empty() => after.trim_start_matches([',', ':', ' ', '\n']),
            before if before.ends_with(char::is_whitespace) => after.trim_start_matches([',', ':', ' ']),
            _ => after,
        };
        left = if after.is_empty() { before.trim_end().to_owned() } else { format!("{before}{after}") };
    }
    left
}

/// A text without what no text holds, and not too much of it.
pub fn clean(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn me() -> Me {
        Me { id: 42, username: "LoomBot".into(), ..Me::default() }
    }

    fn entity(kind: &str, offset: usize, length: usize) -> Entity {
        Entity { kind: kind.into(), offset, length, user: None }
    }

    #[test]
    fn the_name_of_the_bot_is_no_part_of_what_is_asked() {
        for (text, offset, left) in [
            ("@LoomBot where is my lamp?", 0, "where is my lamp?"),
            ("@loombot, where is my lamp?", 0, "where is my lamp?"),
            ("where is my lamp @LoomBot", 17, "where is my lamp"),
            ("hey @LoomBot where is it", 4, "hey where is it"),
            ("👋 @LoomBot, hi", 3, "👋 hi"),
            ("@LoomBot", 0, ""),
        ] {
            let words = read(text, &[entity("mention", offset, 8)], &me());
            assert_eq!((words.text.as_str(), words.mentions_bot), (left, true), "{text}");
        }
        let other = read("@Other hi", &[entity("mention", 0, 6)], &me());
        assert_eq!((other.text.as_str(), other.mentions_bot), ("@Other hi", false));
    }

    #[test]
    fn a_command_is_what_telegram_says_is_one_at_the_beginning() {
        let typed = |text: &str, length| read(text, &[entity("bot_command", 0, length)], &me()).command;
        let ask = typed("/Ask@LoomBot  where is it?", 12).unwrap();
        assert_eq!(
            (ask.name.as_str(), ask.bot.as_deref(), ask.rest.as_str()),
            ("ask", Some("LoomBot"), "where is it?")
        );
        assert_eq!(typed("/help", 5).map(|typed| typed.name).as_deref(), Some("help"));
        assert_eq!(read("try /help", &[entity("bot_command", 4, 5)], &me()).command, None);
        assert_eq!(read("/help", &[], &me()).command, None);
    }

    #[test]
    fn entities_that_do_not_fit_do_no_harm() {
        for (offset, length) in [(0, 99), (1, 1), (usize::MAX, 1), (5, usize::MAX), (3, 0)] {
            let words =
                read("👋👋 hi", &[entity("mention", offset, length), entity("bot_command", offset, length)], &me());
            assert_eq!(words.text, "👋👋 hi");
        }
        assert_eq!(read("a\0b", &[], &me()).text, "ab");
        assert_eq!(read(&"x".repeat(9000), &[], &me()).text.len(), MAX_CHARS);
    }
}
