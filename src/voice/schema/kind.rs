//! What may stand behind a key.

use super::Shape;

/// What may stand behind a key.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// One value.
    One(Value),
    /// One value, or one by locale.
    OneByLocale(Value),
    /// A list of values.
    List(Value),
    /// A list of exactly this many texts.
    Exactly(usize),
    /// A wording, several, or either by locale.
    Text,
    /// A wording or several, in one language.
    OneText,
    /// A list of words or phrases, or such lists by locale.
    Words,
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

/// A single value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// The version of the format: 1.
    Version,
    /// Words for people.
    Str,
    /// Words with blanks, in one language.
    Form,
    /// A brand's id.
    Slug,
    /// The id of an answer or a rule.
    Id,
    /// The name of another thing in the file.
    Name,
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
    /// A range of hours.
    Range,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A locale.
    Locale,
    /// An IANA time zone.
    TimeZone,
    /// An https address.
    Url,
    /// A host name.
    Host,
    /// Plain words, at most 80 characters.
    Label,
    /// One emoji.
    Emoji,
    /// A regular expression.
    Pattern,
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

impl Kind {
    /// The shape of the tables that stand here.
    pub fn shape(&self) -> Option<&'static Shape> {
        match self {
            Kind::Table(shape) | Kind::Tables(shape) | Kind::Named(shape, _) | Kind::Say(shape) => Some(shape),
            Kind::One(_)
            | Kind::OneByLocale(_)
            | Kind::List(_)
            | Kind::Exactly(_)
            | Kind::Text
            | Kind::OneText
            | Kind::Words
            | Kind::Facts
            | Kind::Lines
            | Kind::Options => None,
        }
    }

    /// What is wanted, as the end of "this needs …".
    pub fn wanted(&self) -> String {
        match self {
            Kind::One(value) => value.wanted(),
            Kind::OneByLocale(value) => format!("{}, or one by language", value.wanted()),
            Kind::List(value) => value.wanted_in_list(),
            Kind::Exactly(count) => format!("a list of {count} texts"),
            Kind::Text => "text in quotes, a list of texts, or either by language".into(),
            Kind::OneText => "text in quotes, or a list of texts".into(),
            Kind::Words => "a list of texts, or one by language".into(),
            Kind::Table(shape) => format!("keys of its own: {}", shape.keys()),
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
            Kind::One(value) => value.title(),
            Kind::OneByLocale(Value::Label) => "Label".into(),
            Kind::OneByLocale(value) => format!("{}, or one by language", value.title()),
            Kind::List(Value::OneOf(words)) => format!("list of {}", in_code(words)),
            Kind::List(value) => format!("list of {}s", value.title()),
            Kind::Exactly(count) => format!("list of {count} texts"),
            Kind::Text => "Text".into(),
            Kind::OneText => "text or list of texts".into(),
            Kind::Words => "Words".into(),
            Kind::Table(_) => "keys, see below".into(),
            Kind::Tables(_) => "blocks, see below".into(),
            Kind::Named(..) => "named blocks, see below".into(),
            Kind::Say(_) => "Text, or `[[answers.say]]` blocks".into(),
            Kind::Facts | Kind::Lines => "see below".into(),
            Kind::Options => "Labels by answer id".into(),
        }
    }
}

impl Value {
    fn wanted(&self) -> String {
        match self {
            Value::Version => "the number 1, without quotes".into(),
            Value::Str | Value::Form => "text in quotes".into(),
            Value::Slug => "a name of 2 to 40 small letters, digits and -".into(),
            Value::Id => "a name of small letters and digits, with . _ or - between".into(),
            Value::Name => "a name in quotes".into(),
            Value::Flag => "true or false, without quotes".into(),
            Value::Int(from, to) => format!("a whole number from {from} to {to}, without quotes"),
            Value::Share => "a number from 0 to 1, without quotes".into(),
            Value::Duration => "a length of time such as \"20s\", \"15m\", \"24h\" or \"30d\"".into(),
            Value::Date => "a date such as 2026-12-24, without quotes".into(),
            Value::Range => "hours such as \"09:00-17:30\"".into(),
            Value::OneOf(words) => format!("one of {}", quoted(words)),
            Value::Locale => "a language such as \"en\" or \"en-GB\"".into(),
            Value::TimeZone => "a time zone such as \"Europe/London\"".into(),
            Value::Url => "an address that begins with https://".into(),
            Value::Host => "a host such as \"lanternloom.example\"".into(),
            Value::Label => "a short text in quotes".into(),
            Value::Emoji => "one emoji in quotes".into(),
            Value::Pattern => "a pattern in single quotes".into(),
        }
    }

    fn wanted_in_list(&self) -> String {
        match self {
            Value::Date => "a list of dates such as [2026-12-24, 2026-12-25]".into(),
            Value::Range => "a list of hours such as [\"09:00-17:30\"]".into(),
            Value::Locale => "a list of languages such as [\"en-GB\", \"de-DE\"]".into(),
            Value::OneOf(words) => format!("a list of some of {}", quoted(words)),
            Value::Name => "a list of names such as [\"one\", \"two\"]".into(),
            Value::Host => "a list of hosts such as [\"lanternloom.example\"]".into(),
            Value::Version
            | Value::Str
            | Value::Form
            | Value::Slug
            | Value::Id
            | Value::Flag
            | Value::Int(..)
            | Value::Share
            | Value::Duration
            | Value::TimeZone
            | Value::Url
            | Value::Label
            | Value::Emoji
            | Value::Pattern => "a list of texts".into(),
        }
    }

    fn title(&self) -> String {
        match self {
            Value::Version => "the number 1".into(),
            Value::Str => "text".into(),
            Value::Form => "text with blanks".into(),
            Value::Slug | Value::Id => "id".into(),
            Value::Name => "name".into(),
            Value::Flag => "true or false".into(),
            Value::Int(from, to) => format!("number, {from} to {to}"),
            Value::Share => "number, 0 to 1".into(),
            Value::Duration => "length of time".into(),
            Value::Date => "date".into(),
            Value::Range => "range of hour".into(),
            Value::OneOf(words) => in_code(words),
            Value::Locale => "language".into(),
            Value::TimeZone => "time zone".into(),
            Value::Url => "https address".into(),
            Value::Host => "host name".into(),
            Value::Label => "label".into(),
            Value::Emoji => "one emoji".into(),
            Value::Pattern => "pattern".into(),
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

fn in_code(words: &[&str]) -> String {
    words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(", ")
}
