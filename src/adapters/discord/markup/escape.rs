//! Words that stay words: a backslash before whatever Discord would read as markup.
//!
//! Discord's clients take a backslash before a sign as that sign and nothing else (the `escape` rule of the Markdown
//! library they are built on, <https://github.com/discord/simple-markdown>). A mention is read by the server too, from the
//! raw text, so the signs of one are parted by a character that is not seen. Round brackets are markup behind square ones
//! alone, and those are escaped.

use super::NOTHING;

/// Signs that are markup wherever they stand.
const EVERYWHERE: &[char] = &['\\', '*', '_', '~', '`', '|', '<', '>', '[', ']'];
/// Signs that are markup at the beginning of a line: headings, small print, lists.
const AT_LINE_START: &[char] = &['#', '-', '+'];
/// What pings everybody behind an `@` (<https://discord.com/developers/docs/resources/message#allowed-mentions-object>).
const EVERYBODY: &[&str] = &["everyone", "here"];

/// Markdown while it is written.
#[derive(Default)]
pub(super) struct Writer {
    out: String,
    line: Line,
    after_style: bool,
}

/// What stands in the line so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Line {
    /// Nothing but blanks.
    #[default]
    Blank,
    /// A number and nothing else.
    Number,
    /// Anything.
    Words,
}

impl Line {
    fn with(self, c: char) -> Self {
        match (self, c) {
            (_, '\n') => Line::Blank,
            (Line::Blank, c) if c.is_whitespace() || c == NOTHING => Line::Blank,
            (Line::Blank | Line::Number, c) if c.is_ascii_digit() => Line::Number,
            _ => Line::Words,
        }
    }
}

impl Writer {
    /// Writes what is meant as markup.
    pub(super) fn markup(&mut self, text: &str) {
        self.out.push_str(text);
        self.line = text.chars().fold(self.line, Line::with);
        self.after_style = false;
    }

    /// Writes what begins a style. What is inside is read by itself, as if it stood at the beginning of a line.
    pub(super) fn open(&mut self, mark: &str) {
        // Two marks side by side would be read as another one.
        if self.after_style {
            self.out.push(NOTHING);
        }
        self.markup(mark);
        self.line = Line::Blank;
    }

    /// Writes what ends a style.
    pub(super) fn close(&mut self, mark: &str) {
        self.markup(mark);
        self.line = Line::Words;
        self.after_style = true;
    }

    /// Writes words.
    pub(super) fn words(&mut self, text: &str) {
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            if self.is_markup(c, rest.as_str()) {
                self.out.push('\\');
            }
            self.out.push(c);
            if c == '@' && pings(&self.out, rest.as_str()) {
                self.out.push(NOTHING);
            }
            self.line = self.line.with(c);
            self.after_style = false;
        }
    }

    fn is_markup(&self, c: char, behind: &str) -> bool {
        EVERYWHERE.contains(&c)
            || (self.line == Line::Blank && AT_LINE_START.contains(&c))
            || (self.line == Line::Number && matches!(c, '.' | ')'))
            // An address, and an invitation to a server, which needs no "https" in front of it. Links are told apart from
            // words before they come here.
            || (c == ':' && behind.starts_with("//"))
            || (c == '.' && ends_with(&self.out, "discord"))
    }

    pub(super) fn done(self) -> String {
        self.out
    }
}

/// Whether an `@` that was just written would ping, by what stands around it.
fn pings(before: &str, behind: &str) -> bool {
    let begins = |word: &&str| behind.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    before.ends_with("<@") || EVERYBODY.iter().any(begins)
}

fn ends_with(text: &str, word: &str) -> bool {
    let at = text.len().checked_sub(word.len());
    at.and_then(|at| text.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
}
