//! The list of commands that Telegram shows (<https://core.telegram.org/bots/api#setmycommands>), in every language of the
//! voice.

use std::collections::BTreeMap;

use serde_json::Value;
use teloxide::payloads::SetMyCommands;
use teloxide::types::BotCommand;

use super::Telegram;
use super::reasons::Fault;
use crate::adapters::Intake;
use crate::voice::{Line, Locale};

/// The commands, as they are typed, and what says what they do.
const COMMANDS: &[(&str, Line)] = &[
    ("ask", Line::CommandAsk),
    ("human", Line::CommandHuman),
    ("help", Line::CommandHelp),
    ("privacy", Line::CommandPrivacy),
];
/// How much may be said about a command, in characters.
const MOST_CHARS: usize = 256;

/// Has the commands shown.
///
/// # Errors
/// When one of the lists could not be put there; those after it are not tried.
pub async fn show(telegram: &Telegram, intake: &dyn Intake) -> Result<(), Fault> {
    for list in lists(telegram, intake) {
        telegram.client.call::<_, Value>(&list).await?;
    }
    Ok(())
}

/// One list for everybody, and one for each language of two letters.
fn lists(telegram: &Telegram, intake: &dyn Intake) -> Vec<SetMyCommands> {
    let brand = &telegram.voice.brand;
    let mut languages: BTreeMap<&str, &Locale> = BTreeMap::new();
    for locale in brand.locales.iter().filter(|locale| locale.language().len() == 2) {
        languages.entry(locale.language()).or_insert(locale);
    }
    let everybody = std::iter::once((None, &brand.default_locale));
    let each = languages.into_iter().map(|(language, locale)| (Some(language.to_owned()), locale));
    let list = |(language_code, locale): (Option<String>, &Locale)| {
        let mut list = SetMyCommands::new(described(telegram, intake, locale));
        list.language_code = language_code;
        list
    };
    everybody.chain(each).map(list).filter(|list| !list.commands.is_empty()).collect()
}

fn described(telegram: &Telegram, intake: &dyn Intake, locale: &Locale) -> Vec<BotCommand> {
    let words = |line| {
        let text = intake.notice(&telegram.brand, line, Some(locale)).to_plain();
        text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MOST_CHARS).collect::<String>()
    };
    let commands = COMMANDS.iter().map(|(name, line)| (*name, words(*line)));
    commands.filter(|(_, words)| !words.is_empty()).map(|(name, words)| BotCommand::new(name, words)).collect()
}
