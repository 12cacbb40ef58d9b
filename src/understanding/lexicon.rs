//! Words that show what a message is, whatever the brand: one file a language in `assets/lexicon/`.
//!
//! They are data so that somebody who speaks a language can correct them without Rust. Every list is matched as whole
//! words after normalising; a phrase of several words must stand together.

use serde::Deserialize;
use std::sync::LazyLock;

/// The words of one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lexicon {
    /// The language, such as `de`; from the file's name.
    #[serde(skip)]
    pub language: &'static str,
    /// Small words; they vote for the language and mean nothing by themselves.
    pub function_words: Vec<String>,
    /// Other words that vote for the language.
    pub telling_words: Vec<String>,
    /// What makes a question.
    pub question: QuestionWords,
    /// What joins two questions, and what never ends a message.
    pub join: JoinWords,
    /// What stands around a question.
    pub politeness: PoliteWords,
    /// What answers the bot.
    pub reply: ReplyWords,
    /// What asks for a person.
    pub person: PersonWords,
    /// What asks whether this is a bot.
    pub bot: BotWords,
    /// What shows how somebody feels.
    pub mood: MoodWords,
    /// Laughter and banter.
    pub banter: Words,
    /// Danger to life and limb.
    pub safety: Words,
    /// What stands before a secret.
    pub secret: SecretWords,
}

/// A plain list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub words: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionWords {
    /// Words a question begins with.
    pub words: Vec<String>,
    /// Phrases that ask for something wherever they stand.
    pub requests: Vec<String>,
    /// Beginnings of questions that expect no answer.
    pub rhetorical: Vec<String>,
    /// Questions that expect no answer when nothing follows.
    pub rhetorical_alone: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinWords {
    /// Words between two questions.
    pub words: Vec<String>,
    /// Words that a finished message does not end with.
    pub dangling: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PoliteWords {
    pub greeting: Vec<String>,
    pub thanks: Vec<String>,
    pub bye: Vec<String>,
    /// Words that change nothing beside the others.
    pub filler: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplyWords {
    pub yes: Vec<String>,
    pub no: Vec<String>,
    /// Calls off, at the beginning or end of a short message.
    pub never_mind: Vec<String>,
    /// Calls off, when it is the whole message.
    pub never_mind_alone: Vec<String>,
    /// Begins a correction.
    pub correction: Vec<String>,
    /// Begins a correction after a "no".
    pub correction_after_no: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonWords {
    /// People one can ask for.
    pub nouns: Vec<String>,
    /// People only after a word of speaking: "someone".
    pub only_with_speak: Vec<String>,
    /// Stands before the person: "talk to".
    pub speak: Vec<String>,
    /// Stands after the person: "… sprechen".
    #[serde(default)]
    pub speak_after: Vec<String>,
    /// Stands before the person, who must then end the clause or be followed by one of `follow`: "I want".
    pub want: Vec<String>,
    /// Words between those and the person.
    pub between: Vec<String>,
    /// Words that may follow the person after `want`.
    pub follow: Vec<String>,
    /// Asks for a person wherever it stands.
    pub phrases: Vec<String>,
    /// Stands right before `speak` or `want` where nobody is asked for: "without".
    pub not_asking: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BotWords {
    /// Stands before the noun: "are you".
    pub ask: Vec<String>,
    /// What this may be.
    pub nouns: Vec<String>,
    /// Words between those.
    pub between: Vec<String>,
    /// Words that may follow the noun; otherwise it must end the clause.
    pub follow: Vec<String>,
    /// Asks it as a whole message.
    pub phrases: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MoodWords {
    /// Irritation level 2 each.
    pub strong: Vec<String>,
    /// Irritation level 1 each.
    pub mild: Vec<String>,
    /// Joy.
    pub joy: Vec<String>,
    /// Swearing.
    pub swearing: Vec<String>,
    /// Turns joy around when it stands shortly before.
    pub negators: Vec<String>,
    /// Something went wrong; words of joy in the same message are no joy.
    pub failure: Vec<String>,
    /// Joy at the beginning of a message that goes on with a failure: "great, it broke again".
    pub sarcasm: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretWords {
    /// Stands before a password.
    pub password: Vec<String>,
    /// Stands before a secret number of 3 to 8 digits.
    pub number: Vec<String>,
    /// Words after `password` that are no password.
    pub not_password: Vec<String>,
}

/// Texts that no answer is for, by language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Background {
    pub en: Vec<String>,
    pub de: Vec<String>,
}

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/lexicon/", $name, ".toml"))
    };
}

/// The files, by language. A language is added here and in `assets/lexicon/`.
const FILES: &[(&str, &str)] = &[
    ("en", file!("en")),
    ("de", file!("de")),
    ("fr", file!("fr")),
    ("es", file!("es")),
    ("it", file!("it")),
    ("nl", file!("nl")),
];

/// Every lexicon, in the order of the table. The files are part of the program and a test reads each of them, so a
/// file that cannot be read is empty here rather than a failure in the middle of a conversation.
pub(super) fn all() -> &'static [Lexicon] {
    static ALL: LazyLock<Vec<Lexicon>> = LazyLock::new(|| {
        let read = |(language, text): &(&'static str, &str)| Lexicon {
            language,
            ..toml::from_str::<Lexicon>(text).unwrap_or_default()
        };
        FILES.iter().map(read).collect()
    });
    &ALL
}

/// Sentences that no answer is for.
pub(super) fn background() -> &'static Background {
    static BACKGROUND: LazyLock<Background> = LazyLock::new(|| toml::from_str(file!("background")).unwrap_or_default());
    &BACKGROUND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_can_be_read() {
        for (language, text) in FILES {
            let read = toml::from_str::<Lexicon>(text);
            assert!(read.is_ok(), "{language}: {}", read.unwrap_err());
        }
        let read = toml::from_str::<Background>(file!("background"));
        assert!(read.is_ok(), "{}", read.unwrap_err());
        assert_eq!(all().len(), FILES.len());
    }

    #[test]
    fn the_background_is_large_enough_to_be_one() {
        assert!(background().en.len() >= 80 && background().de.len() >= 80);
    }
}
