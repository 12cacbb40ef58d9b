//! The commands that Discord offers while somebody types `/`, and what it suggests behind `/ask`
//! (<https://discord.com/developers/docs/interactions/application-commands>).
//!
//! They are registered twice: for each server of the brand, where they show at once and nowhere else, and for private
//! messages alone (context 1), so that no server shows them twice.

use serde_json::{Value, json};
use serenity::builder::{CreateCommand, CreateCommandOption};
use serenity::model::application::{CommandOptionType, CommandType, InteractionContext};

use super::markup::line;
use crate::voice::{Answer, Content, Line, Locale, Voice, localized};

/// Asks something.
pub(super) const ASK: &str = "ask";
/// Asks for a person.
pub(super) const HUMAN: &str = "human";
/// Asks what is kept.
pub(super) const PRIVACY: &str = "privacy";
/// Asks what the bot can do.
pub(super) const HELP: &str = "help";
/// What is asked, as an option of [`ASK`].
pub(super) const QUESTION: &str = "question";

/// Every command, with the line of the voice that describes it.
const COMMANDS: &[(&str, Line)] =
    &[(ASK, Line::CommandAsk), (HUMAN, Line::CommandHuman), (PRIVACY, Line::CommandPrivacy), (HELP, Line::CommandHelp)];

/// The longest description of a command, the longest suggestion, and how many suggestions are shown.
const LONGEST: usize = 100;
const SUGGESTIONS: usize = 25;
/// The longest question that the option takes.
const LONGEST_QUESTION: u16 = 1000;

/// Discord's locales (<https://discord.com/developers/docs/reference#locales>).
const LOCALES: &[&str] = &[
    "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "hi", "hr", "hu", "id", "it", "ja",
    "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
];

/// Where commands are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offered {
    /// In a server.
    InServer,
    /// In private messages.
    InPrivate,
}

/// The words of a line in a locale; none: the default one.
pub(super) type Words<'a> = dyn Fn(Line, Option<&Locale>) -> Content + Send + Sync + 'a;

/// The body that registers all commands; `None` when the brand has no words for them.
pub(super) fn registration(voice: &Voice, words: &Words<'_>, offered: Offered) -> Option<Value> {
    let commands: Option<Vec<CreateCommand>> =
        COMMANDS.iter().map(|(name, line)| command(voice, words, offered, name, *line)).collect();
    serde_json::to_value(commands?).ok()
}

fn command(voice: &Voice, words: &Words<'_>, offered: Offered, name: &str, line: Line) -> Option<CreateCommand> {
    let mut command = CreateCommand::new(name).kind(CommandType::ChatInput).description(described(words, line, None)?);
    for (locale, text) in translations(voice, words, line) {
        command = command.description_localized(locale, text);
    }
    if offered == Offered::InPrivate {
        command = command.contexts(vec![InteractionContext::BotDm]);
    }
    if name == ASK {
        command = command.add_option(question(voice, words)?);
    }
    Some(command)
}

fn question(voice: &Voice, words: &Words<'_>) -> Option<CreateCommandOption> {
    let described = described(words, Line::CommandQuestion, None)?;
    let mut option = CreateCommandOption::new(CommandOptionType::String, QUESTION, described)
        .required(true)
        .max_length(LONGEST_QUESTION)
        .set_autocomplete(true);
    for (locale, text) in translations(voice, words, Line::CommandQuestion) {
        option = option.description_localized(locale, text);
    }
    Some(option)
}

fn described(words: &Words<'_>, of: Line, locale: Option<&Locale>) -> Option<String> {
    let text = line(&words(of, locale).to_plain(), LONGEST);
    (!text.is_empty()).then_some(text)
}

/// The words of a line in each of Discord's locales that the brand speaks.
fn translations(voice: &Voice, words: &Words<'_>, line: Line) -> Vec<(&'static str, String)> {
    let spoken = LOCALES.iter().filter_map(|tag| {
        let locale = Locale::parse(tag)?;
        let ours = voice.speaks(&locale)?;
        Some((*tag, described(words, line, Some(ours))?))
    });
    spoken.collect()
}

/// The answer to somebody who types behind `/ask`: what the brand can be asked that holds every word of it
/// (<https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-autocomplete>).
pub(super) fn suggestions(voice: &Voice, typed: &str, locale: Option<&Locale>) -> Value {
    let locale = locale.map_or(&voice.brand.default_locale, |wanted| voice.locale_for(wanted));
    let typed = lower_words(typed);
    let fitting = voice.answers.iter().filter(|answer| holds(voice, answer, locale, &typed));
    let choices: Vec<Value> = fitting
        .map(|answer| json!({ "name": line(label(voice, answer, locale), LONGEST), "value": asked(answer, locale, label(voice, answer, locale)) }))
        .take(SUGGESTIONS)
        .collect();
    json!({ "type": 8, "data": { "choices": choices } })
}

fn label<'a>(voice: &Voice, answer: &'a Answer, locale: &Locale) -> &'a str {
    localized(&answer.label, locale, &voice.brand.default_locale).unwrap_or(&answer.title)
}

/// What is asked when a suggestion is taken: an example question in the language, else its label.
fn asked(answer: &Answer, locale: &Locale, label: &str) -> String {
    let in_language = |ask: &&crate::voice::Example| ask.locale.as_ref().is_none_or(|other| other.serves(locale) > 0);
    let example = answer.ask.iter().filter(in_language).map(|ask| ask.text.as_str());
    // A value that is cut would ask something else.
    let short = |text: &&str| text.encode_utf16().count() <= LONGEST;
    example.chain([label]).find(short).map_or_else(|| line(label, LONGEST), str::to_owned)
}

fn holds(voice: &Voice, answer: &Answer, locale: &Locale, typed: &[String]) -> bool {
    let asks = answer.ask.iter().map(|ask| ask.text.as_str());
    let words: Vec<String> =
        asks.chain([answer.title.as_str(), label(voice, answer, locale)]).flat_map(lower_words).collect();
    typed.iter().all(|typed| words.iter().any(|word| word.starts_with(typed)))
}

fn lower_words(text: &str) -> Vec<String> {
    let words = unicode_segmentation::UnicodeSegmentation::unicode_words(text);
    words.map(str::to_lowercase).collect()
}
