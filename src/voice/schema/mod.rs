//! The table of sections and fields: what may be written in a voice file, what it does, and what a customer notices of it.
//!
//! Checking (`voice::read`), the manual (docs/voice.md) and the messages all come from here, so that they cannot differ.

mod answers;
mod brand;
mod kind;
mod knowledge;
mod lookup;
mod people;

pub(crate) use self::kind::quoted;
pub use self::kind::{Kind, Naming, Value};
pub(crate) use self::lookup::{blocks, example, field_at, homes, is_key, is_section, kinds_of, walk};

/// The keys of one kind of table.
#[derive(Debug)]
pub struct Shape {
    /// What one such table is called in a sentence: `answer`, `slot`.
    pub noun: &'static str,
    /// The field that names it (`id`), where there is one.
    pub named_by: Option<&'static str>,
    /// Its fields.
    pub fields: &'static [Field],
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// As it is written.
    pub name: &'static str,
    /// What may stand there.
    pub kind: Kind,
    /// Whether it must be written.
    pub required: bool,
    /// What counts when it is left out, in words; empty when nothing does.
    pub default: &'static str,
    /// What it is: one or two sentences.
    pub what: &'static str,
    /// What a customer notices of it; empty when nothing.
    pub notice: &'static str,
    /// A value as it could be written.
    pub example: &'static str,
}

impl Field {
    /// A field that must be written.
    const fn required(name: &'static str, kind: Kind, example: &'static str, what: &'static str) -> Self {
        Self { name, kind, required: true, default: "", what, notice: "", example }
    }

    /// A field that may be left out; `default` says in words what counts then.
    const fn optional(
        name: &'static str,
        kind: Kind,
        default: &'static str,
        example: &'static str,
        what: &'static str,
    ) -> Self {
        Self { name, kind, required: false, default, what, notice: "", example }
    }

    /// Says what a customer notices.
    const fn notice(self, notice: &'static str) -> Self {
        Self { notice, ..self }
    }
}

impl Shape {
    const fn new(noun: &'static str, fields: &'static [Field]) -> Self {
        Self { noun, named_by: None, fields }
    }

    const fn named_by(self, key: &'static str) -> Self {
        Self { named_by: Some(key), ..self }
    }

    /// Its keys, for sentences.
    pub fn keys(&self) -> String {
        self.fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")
    }

    /// The field of a key.
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == key)
    }
}

/// Every section of a voice file.
pub const ROOT: Shape = Shape::new(
    "file",
    &[
        Field::required("schema", Kind::One(Value::Version), "1", "The version of this format. It is 1."),
        Field::required(
            "brand",
            Kind::Table(&brand::BRAND),
            "",
            "Who speaks, in which languages, and where links may lead.",
        ),
        Field::optional(
            "voice",
            Kind::Table(&brand::VOICE),
            "",
            "",
            "How the brand sounds, in words for people. The bot's rules are in `[rules]`.",
        ),
        Field::optional(
            "rules",
            Kind::Table(&brand::RULES),
            "",
            "",
            "Rules that every sentence of this file is checked against.",
        ),
        Field::optional(
            "moods",
            Kind::Named(&brand::MOOD, Naming::Variable),
            "",
            "",
            "How the tone bends to the moment: calmer when somebody is upset.",
        ),
        Field::optional(
            "mood_words",
            Kind::Table(&brand::MOOD_WORDS),
            "",
            "",
            "Words that show how somebody feels. They are added to the built-in ones.",
        ),
        Field::optional(
            "hours",
            Kind::Named(&knowledge::HOURS, Naming::Variable),
            "",
            "",
            "When people are there. `[handoff] hours` says which of these count.",
        ),
        Field::optional(
            "facts",
            Kind::Facts,
            "",
            "",
            "What changes more often than wording, written once and used as `{{name}}`.",
        ),
        Field::optional(
            "links",
            Kind::Named(&knowledge::LINK, Naming::Variable),
            "",
            "",
            "Where wordings may lead: as a button under an answer, or as `{{link.NAME}}` inside it.",
        ),
        Field::optional(
            "slots",
            Kind::Named(&knowledge::SLOT, Naming::Variable),
            "",
            "",
            "What the bot has to ask before it can answer: a country, an order number.",
        ),
        Field::optional("answers", Kind::Tables(&answers::ANSWER), "", "", "What the brand says to a question."),
        Field::optional(
            "clarify",
            Kind::Tables(&answers::CLARIFY),
            "",
            "",
            "What to ask when a message could mean one of several answers.",
        ),
        Field::optional(
            "small_talk",
            Kind::Named(&answers::SMALL_TALK, Naming::Variable),
            "",
            "",
            "Greetings, thanks and goodbyes: `greeting`, `thanks`, `bye`, or names of your own.",
        ),
        Field::optional(
            "fallback",
            Kind::Table(&answers::FALLBACK),
            "",
            "",
            "What happens when nothing fits. The sentences are in `[lines]`.",
        ),
        Field::optional(
            "handoff",
            Kind::Table(&people::HANDOFF),
            "",
            "",
            "How people are brought in. The sentences are in `[lines]`.",
        ),
        Field::optional("silence", Kind::Table(&people::SILENCE), "", "", "When the bot keeps silent."),
        Field::optional(
            "lines",
            Kind::Lines,
            "",
            "",
            "The sentences that the bot itself needs. What you leave out comes from the built-in voice (English and German).",
        ),
        Field::optional(
            "calendar",
            Kind::Named(&people::CALENDAR, Naming::Locale),
            "",
            "",
            "Names of days and forms of times in a language. English and German are built in.",
        ),
    ],
);

/// Keys by which other programs, or people, call what is called otherwise here: theirs, ours.
pub(crate) const OTHER_NAMES: &[(&str, &str)] = &[
    ("answer", "say"),
    ("audience", "only_in"),
    ("button", "label"),
    ("channel", "when"),
    ("condition", "when"),
    ("examples", "ask"),
    ("href", "url"),
    ("intent", "id"),
    ("key", "id"),
    ("lang", "locale"),
    ("language", "locale"),
    ("languages", "locales"),
    ("message", "text"),
    ("negative", "not_ask"),
    ("options", "choices"),
    ("phrases", "ask"),
    ("prompt", "ask"),
    ("question", "ask"),
    ("questions", "ask"),
    ("reaction", "react"),
    ("regex", "pattern"),
    ("reply", "say"),
    ("response", "say"),
    ("responses", "say"),
    ("synonyms", "words"),
    ("type", "kind"),
    ("utterances", "ask"),
    ("where", "only_in"),
];
