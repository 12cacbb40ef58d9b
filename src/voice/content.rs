//! Structured text: what a rendered wording is until an adapter turns it into a platform's markup.
//!
//! A wording marks `*emphasis*`, `**strong**` and `` `code` `` in its own words. Values (a name, an order number) arrive
//! as marked-off plain text and can therefore never become markup, a link or a mention (threat 2 of the domain notes).

use serde::{Deserialize, Serialize};

/// A message as structured text: paragraphs of styled pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Paragraphs, in order; a platform sets them apart in its own way.
    pub paragraphs: Vec<Vec<Inline>>,
}

/// One piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Words in one style; may hold single line breaks, holds no markup.
    Text {
        /// The words, as a person reads them.
        text: String,
        /// How they are set.
        style: Style,
    },
    /// Words that somebody typed and nobody approved: a name, an order number. Never markup, never a link, never a
    /// mention, whatever they look like.
    Told {
        /// The words, as they were typed, on one line.
        text: String,
        /// How they are set.
        style: Style,
    },
    /// A link out of the voice's own list, or one that an agent wrote.
    Link {
        /// What the customer sees.
        label: String,
        /// Where it leads: https, a host of the brand.
        url: String,
    },
}

/// How words are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// As they are.
    #[default]
    Plain,
    /// `*so*`: usually italics.
    Emphasis,
    /// `**so**`: usually bold.
    Strong,
    /// `` `so` ``: something to type or copy.
    Code,
}

/// Marks the start of a value inside rendered text. Private use; taken out of every value, and refused in wordings.
pub(super) const VALUE_OPEN: char = '\u{E000}';
/// Marks the end of a value.
pub(super) const VALUE_CLOSE: char = '\u{E001}';
/// Stands between the label and the address of a link value.
pub(super) const LINK_PART: char = '\u{E002}';
/// Stands at the beginning of a value that somebody typed.
pub(super) const TOLD: char = '\u{E003}';

impl Content {
    /// Plain words as they are, with no markup read from them: for what people wrote themselves.
    pub fn verbatim(text: &str) -> Self {
        let paragraphs = text
            .split("\n\n")
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .map(|p| vec![Inline::Text { text: p.to_owned(), style: Style::Plain }])
            .collect();
        Self { paragraphs }
    }

    /// What one of the team typed: their words as they are, their addresses as links.
    pub fn typed(text: &str) -> Self {
        let mut content = Self::verbatim(text);
        for paragraph in &mut content.paragraphs {
            *paragraph = std::mem::take(paragraph).into_iter().flat_map(with_links).collect();
        }
        content
    }

    /// Whether there is nothing to read in it.
    pub fn is_empty(&self) -> bool {
        self.paragraphs.iter().all(Vec::is_empty)
    }

    /// Puts the paragraphs of `other` after these.
    pub fn append(&mut self, other: Content) {
        self.paragraphs.extend(other.paragraphs);
    }

    /// The words alone, paragraphs parted by an empty line, a link as `label (address)`: for logs, tests and people.
    pub fn to_plain(&self) -> String {
        let paragraph = |inlines: &Vec<Inline>| inlines.iter().map(Inline::to_plain).collect::<String>();
        self.paragraphs.iter().map(paragraph).collect::<Vec<_>>().join("\n\n")
    }

    /// Reads the markup of a rendered wording whose values are marked off.
    pub(super) fn from_rendered(text: &str) -> Self {
        let mut paragraphs = Vec::new();
        let mut current = Paragraph::default();
        let mut chars = text.trim().chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                VALUE_OPEN => {
                    let value: String = chars.by_ref().take_while(|c| *c != VALUE_CLOSE).collect();
                    current.value(&value);
                }
                '\n' if chars.peek() == Some(&'\n') => {
                    while chars.peek() == Some(&'\n') {
                        chars.next();
                    }
                    paragraphs.extend(std::mem::take(&mut current).finish());
                }
                '`' => current.toggle(Style::Code),
                _ if current.style == Style::Code => current.word(c),
                '*' if chars.peek() == Some(&'*') => {
                    chars.next();
                    current.toggle(Style::Strong);
                }
                '*' => current.toggle(Style::Emphasis),
                c => current.word(c),
            }
        }
        paragraphs.extend(current.finish());
        Self { paragraphs }
    }
}

impl Inline {
    /// The words alone; of a link, its label.
    pub fn words(&self) -> &str {
        match self {
            Inline::Text { text, .. } | Inline::Told { text, .. } => text,
            Inline::Link { label, .. } => label,
        }
    }

    /// The words alone; a link as `label (address)`.
    pub fn to_plain(&self) -> String {
        match self {
            Inline::Text { text, .. } | Inline::Told { text, .. } => text.clone(),
            Inline::Link { label, url } if label == url => url.clone(),
            Inline::Link { label, url } => format!("{label} ({url})"),
        }
    }
}

/// Splits plain words at the web addresses in them.
fn with_links(inline: Inline) -> Vec<Inline> {
    let Inline::Text { text, style } = inline else { return vec![inline] };
    let mut parts = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("https://").into_iter().chain(rest.find("http://")).min() {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(from.len());
        let url = from.split_at(end).0.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
        if !before.is_empty() {
            parts.push(Inline::Text { text: before.to_owned(), style });
        }
        parts.push(Inline::Link { label: url.to_owned(), url: url.to_owned() });
        rest = from.split_at(url.len()).1;
    }
    if !rest.is_empty() {
        parts.push(Inline::Text { text: rest.to_owned(), style });
    }
    parts
}

/// A paragraph while it is read.
#[derive(Default)]
struct Paragraph {
    done: Vec<Inline>,
    words: String,
    style: Style,
}

impl Paragraph {
    fn word(&mut self, c: char) {
        self.words.push(c);
    }

    fn value(&mut self, value: &str) {
        match value.split_once(LINK_PART) {
            None => match value.strip_prefix(TOLD) {
                Some(told) => {
                    self.flush();
                    self.done.push(Inline::Told { text: told.to_owned(), style: self.style });
                }
                None => self.words.push_str(value),
            },
            Some((label, url)) => {
                self.flush();
                self.done.push(Inline::Link { label: label.to_owned(), url: url.to_owned() });
            }
        }
    }

    fn toggle(&mut self, style: Style) {
        self.flush();
        self.style = if self.style == style { Style::Plain } else { style };
    }

    fn flush(&mut self) {
        if !self.words.is_empty() {
            self.done.push(Inline::Text { text: std::mem::take(&mut self.words), style: self.style });
        }
    }

    fn finish(mut self) -> Option<Vec<Inline>> {
        self.flush();
        (!self.done.is_empty()).then_some(self.done)
    }
}
