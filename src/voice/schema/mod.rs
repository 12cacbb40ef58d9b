//! The table of sections and fields: what may be written in a voice file, what it does, and what a customer notices of it.
//!
//! Checking ([`super::check`]), the manual (docs/voice.md) and the messages all come from here, so that they cannot differ.

mod answers;
mod brand;
mod knowledge;
mod people;

use super::lines::Line;

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

/// What may stand as a value.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// The version of the format: 1.
    Version,
    /// One text for people, never shown to customers or shown everywhere the same.
    Str,
    /// A brand's id.
    Slug,
    /// The id of an answer or a rule.
    Id,
    /// A wording, several, or either by locale.
    Text,
    /// A wording or several, in one language.
    OneText,
    /// One short text, or one by locale; at most 80 characters.
    Label,
    /// A list of words or phrases, or such lists by locale.
    Words,
    /// A list of texts.
    Strings,
    /// A list of names of other things in the file.
    Names,
    /// True or false.
    Flag,
    /// A whole number from, to.
    Int(i64, i64),
    /// A number from 0 to 1.
    Share,
    /// A length of time.
    Duration,
    /// A day.
    Date,
    /// Days.
    Dates,
    /// Ranges of hours.
    Ranges,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Some of these words.
    SomeOf(&'static [&'static str]),
    /// A locale.
    Locale,
    /// Locales.
    Locales,
    /// An IANA time zone.
    TimeZone,
    /// An https address.
    Url,
    /// An https address, or one by locale.
    Urls,
    /// Host names.
    Hosts,
    /// One emoji.
    Emoji,
    /// A regular expression.
    Pattern,
    /// Exactly this many names.
    Exactly(usize),
    /// A wording with blanks, in one language.
    Form,
    /// A table with these keys.
    Table(&'static Shape),
    /// A list of such tables.
    Tables(&'static Shape),
    /// Tables of this kind under names of the author's choice.
    Named(&'static Shape, Naming),
    /// A text, or a list of tables.
    Say(&'static Shape),
    /// Values by name: `[facts]`.
    Facts,
    /// Texts by line: `[lines]`.
    Lines,
    /// Labels by answer: `options` of a clarify.
    Options,
}

/// How the names of tables may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// Letters, digits, `_` and `-`, so that it can stand in `{{…}}`.
    Variable,
    /// The same, or beginning with a digit.
    Choice,
    /// A locale.
    Locale,
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

    /// The field of a key.
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == key)
    }
}

impl Kind {
    /// The shape of the tables that stand here.
    pub fn shape(&self) -> Option<&'static Shape> {
        match self {
            Kind::Table(shape) | Kind::Tables(shape) | Kind::Named(shape, _) | Kind::Say(shape) => Some(shape),
            Kind::Version
            | Kind::Str
            | Kind::Slug
            | Kind::Id
            | Kind::Text
            | Kind::OneText
            | Kind::Label
            | Kind::Words
            | Kind::Strings
            | Kind::Names
            | Kind::Flag
            | Kind::Int(..)
            | Kind::Share
            | Kind::Duration
            | Kind::Date
            | Kind::Dates
            | Kind::Ranges
            | Kind::OneOf(_)
            | Kind::SomeOf(_)
            | Kind::Locale
            | Kind::Locales
            | Kind::TimeZone
            | Kind::Url
            | Kind::Urls
            | Kind::Hosts
            | Kind::Emoji
            | Kind::Pattern
            | Kind::Exactly(_)
            | Kind::Form
            | Kind::Facts
            | Kind::Lines
            | Kind::Options => None,
        }
    }

    /// What is wanted, as the end of "this needs …".
    pub fn wanted(&self) -> String {
        match self {
            Kind::Version => "the number 1".into(),
            Kind::Str | Kind::Form => "text in quotes".into(),
            Kind::Slug => "a name of 2 to 40 small letters, digits and -".into(),
            Kind::Id => "a name of small letters and digits, with . _ or - between".into(),
            Kind::Text => "text in quotes, a list of texts, or either by language".into(),
            Kind::OneText => "text in quotes, or a list of texts".into(),
            Kind::Label => "a short text in quotes, or one a language".into(),
            Kind::Words => "a list of texts, or one a language".into(),
            Kind::Strings | Kind::Names | Kind::Hosts => "a list of texts".into(),
            Kind::Flag => "true or false, without quotes".into(),
            Kind::Int(from, to) => format!("a whole number from {from} to {to}, without quotes"),
            Kind::Share => "a number from 0 to 1, without quotes".into(),
            Kind::Duration => "a length of time such as \"20s\", \"15m\", \"24h\" or \"30d\"".into(),
            Kind::Date => "a date such as 2026-12-24, without quotes".into(),
            Kind::Dates => "a list of dates such as [2026-12-24, 2026-12-25], without quotes".into(),
            Kind::Ranges => "a list of hours such as [\"09:00-17:30\"]".into(),
            Kind::OneOf(words) => format!("one of {}", quoted(words)),
            Kind::SomeOf(words) => format!("a list of some of {}", quoted(words)),
            Kind::Locale => "a language such as \"en\" or \"en-GB\"".into(),
            Kind::Locales => "a list of languages such as [\"en-GB\", \"de-DE\"]".into(),
            Kind::TimeZone => "a time zone such as \"Europe/London\"".into(),
            Kind::Url => "an address that begins with https://".into(),
            Kind::Urls => "an address that begins with https://, or one a language".into(),
            Kind::Emoji => "one emoji in quotes".into(),
            Kind::Pattern => "a pattern in single quotes".into(),
            Kind::Exactly(count) => format!("a list of {count} texts"),
            Kind::Table(shape) => format!("keys of its own: {}", keys(shape)),
            Kind::Tables(shape) => format!("[[…]] with two brackets, once for each {}", shape.noun),
            Kind::Named(shape, _) => format!("a name and keys for each {}", shape.noun),
            Kind::Say(_) => "text in quotes, a list of texts, either by language, or [[answers.say]] blocks".into(),
            Kind::Facts => "a name and a value for each fact".into(),
            Kind::Lines => "a name and a text for each line".into(),
            Kind::Options => "a label for each answer, such as { \"delivery.time\" = \"Delivery times\" }".into(),
        }
    }

    /// What it is called in the manual.
    pub fn title(&self) -> String {
        match self {
            Kind::Version => "number 1".into(),
            Kind::Str => "text".into(),
            Kind::Form => "text with blanks".into(),
            Kind::Slug | Kind::Id => "id".into(),
            Kind::Text => "Text".into(),
            Kind::OneText => "text or list of texts".into(),
            Kind::Label => "Label".into(),
            Kind::Words => "Words".into(),
            Kind::Strings => "list of texts".into(),
            Kind::Names => "list of names".into(),
            Kind::Flag => "true or false".into(),
            Kind::Int(from, i64::MAX) => format!("number, {from} or more"),
            Kind::Int(from, to) => format!("number, {from} to {to}"),
            Kind::Share => "number, 0 to 1".into(),
            Kind::Duration => "length of time".into(),
            Kind::Date => "date".into(),
            Kind::Dates => "list of dates".into(),
            Kind::Ranges => "list of hours".into(),
            Kind::OneOf(words) => words.iter().map(|w| format!("`\"{w}\"`")).collect::<Vec<_>>().join(", "),
            Kind::SomeOf(words) => {
                format!("list of {}", words.iter().map(|w| format!("`\"{w}\"`")).collect::<Vec<_>>().join(", "))
            }
            Kind::Locale => "language".into(),
            Kind::Locales => "list of languages".into(),
            Kind::TimeZone => "time zone".into(),
            Kind::Url => "https address".into(),
            Kind::Urls => "https address, or one a language".into(),
            Kind::Hosts => "list of host names".into(),
            Kind::Emoji => "one emoji".into(),
            Kind::Pattern => "pattern".into(),
            Kind::Exactly(count) => format!("list of {count} texts"),
            Kind::Table(_) => "keys, see below".into(),
            Kind::Tables(_) => "blocks, see below".into(),
            Kind::Named(..) => "named blocks, see below".into(),
            Kind::Say(_) => "Text, or `[[answers.say]]` blocks".into(),
            Kind::Facts | Kind::Lines => "see below".into(),
            Kind::Options => "Labels by answer id".into(),
        }
    }
}

/// Words in quotes, for sentences: `"a", "b" or "c"`.
pub(crate) fn quoted(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

fn keys(shape: &Shape) -> String {
    shape.fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")
}

/// Every section of a voice file.
pub const ROOT: Shape = Shape::new(
    "file",
    &[
        Field::required("schema", Kind::Version, "1", "The version of this format. It is 1."),
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

/// Sections that only the built-in voice has.
pub(crate) const BUILTIN: Shape = Shape::new(
    "file",
    &[
        Field::optional("lines_before_handoff", Kind::Lines, "", "", "Lines where fallback.then is handoff."),
        Field::optional("bot_words", Kind::Table(&people::BOT_WORDS), "", "", "Words that say that this is a bot."),
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

/// Every place in the file where a key stands, as a section header: `[brand]`, `[[answers.say]]`.
pub(crate) fn homes(key: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(&ROOT, "", &mut |header, shape| {
        if shape.field(key).is_some() {
            found.push(header.to_owned());
        }
    });
    if Line::ALL.iter().any(|line| line.key() == key) {
        found.push("[lines]".to_owned());
    }
    found
}

/// Paths of blocks, of which there can be several: `answers`, `answers.say`.
pub(crate) fn blocks() -> Vec<String> {
    let mut found = Vec::new();
    walk(&ROOT, "", &mut |header, _| {
        if let Some(path) = header.strip_prefix("[[") {
            found.push(path.trim_end_matches(']').to_owned());
        }
    });
    found
}

/// Whether this is the path of a section that stands once.
pub(crate) fn is_section(path: &str) -> bool {
    let names: Vec<&str> = path.split('.').collect();
    let mut found = ROOT.field(path).is_some_and(|field| field.kind.shape().is_none());
    walk(&ROOT, "", &mut |header, _| {
        let parts: Vec<&str> = header.trim_matches(['[', ']']).split('.').collect();
        let same =
            parts.len() == names.len() && parts.iter().zip(&names).all(|(part, name)| *part == "NAME" || part == name);
        found = found || same && !header.starts_with("[[");
    });
    found
}

/// Every kind of value that a key of this name takes somewhere.
pub(crate) fn kinds_of(key: &str) -> Vec<Kind> {
    let mut found: Vec<Kind> = ROOT.field(key).map(|field| field.kind).into_iter().collect();
    walk(&ROOT, "", &mut |_, shape| found.extend(shape.field(key).map(|field| field.kind)));
    if Line::ALL.iter().any(|line| line.key() == key) {
        found.push(Kind::Text);
    }
    found
}

/// Whether there is a key of this name somewhere.
pub(crate) fn is_key(key: &str) -> bool {
    !kinds_of(key).is_empty()
}

/// A value as a key of this name could have.
pub(crate) fn example(key: &str) -> Option<&'static str> {
    let mut found = ROOT.field(key).map(|field| field.example);
    walk(&ROOT, "", &mut |_, shape| found = found.or(shape.field(key).map(|field| field.example)));
    found.filter(|example| !example.is_empty())
}

/// Visits every shape below one, with its header.
pub(crate) fn walk(shape: &'static Shape, path: &str, visit: &mut dyn FnMut(&str, &'static Shape)) {
    for field in shape.fields {
        let Some(inner) = field.kind.shape() else { continue };
        let path = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
        let path = if matches!(field.kind, Kind::Named(..)) { format!("{path}.NAME") } else { path };
        let many = matches!(field.kind, Kind::Tables(_) | Kind::Say(_));
        let header = if many { format!("[[{path}]]") } else { format!("[{path}]") };
        visit(&header, inner);
        walk(inner, &path, visit);
    }
}
