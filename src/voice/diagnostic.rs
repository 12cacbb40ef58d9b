//! What is wrong in a voice file: where, what, what a customer would notice, how to mend it.

use super::source::Place;

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name of the kind of finding, such as `unknown-key`.
    pub code: &'static str,
    /// How bad it is.
    pub level: Level,
    /// Where.
    pub place: Place,
    /// What is wrong, in plain words, one sentence.
    pub message: String,
    /// What a customer would notice, or why it matters; may be empty.
    pub why: String,
    /// How to mend it; may be empty.
    pub help: String,
    /// A line to copy over the marked place, when there is exactly one right one.
    pub replacement: Option<String>,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<(Place, String)>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The voice cannot be used.
    Error,
    /// A customer would notice; the voice can be used.
    Warning,
    /// Could be better.
    Hint,
}

impl Diagnostic {
    /// An error with a place and a message; the rest is added with the methods below.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            level: Level::Error,
            place,
            message: message.into(),
            why: String::new(),
            help: String::new(),
            replacement: None,
            related: Vec::new(),
        }
    }

    /// A warning with a place and a message.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(code, place, message) }
    }

    /// A hint with a place and a message.
    pub fn hint(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { level: Level::Hint, ..Self::error(code, place, message) }
    }

    /// Says what a customer would notice.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Gives the text that the marked place should have.
    #[must_use]
    pub fn replace_with(mut self, replacement: impl Into<String>) -> Self {
        self.replacement = Some(replacement.into());
        self
    }

    /// Points to another place.
    #[must_use]
    pub fn see(mut self, place: Place, words: impl Into<String>) -> Self {
        self.related.push((place, words.into()));
        self
    }
}
