//! What may explain that a line cannot be read, each with the line as it should be.

use std::ops::Range;

use super::scan::{self, begins_statement, is_header, line_at, open_at, without_comment};
use super::{Stumble, joints, quotes, values};

/// A slip in plain words.
pub(super) struct Slip {
    pub code: &'static str,
    /// Bytes of the text that it is about.
    pub at: Range<usize>,
    pub message: String,
    pub why: &'static str,
    pub help: String,
    /// What mends it: bytes and what should stand there.
    pub edit: Option<(Range<usize>, String)>,
}

impl Slip {
    /// Whether the slip explains an error at a place, when after its correction the next one is at another: that must be
    /// behind what was corrected, and behind the error itself.
    pub fn explains(&self, error: usize, next: usize) -> bool {
        let Some((at, new)) = &self.edit else { return false };
        let end = at.start + new.len();
        // What was swallowed up to the end of the file comes to light, with errors of its own.
        let swallowed = matches!(self.code, "unclosed-list" | "unclosed-quote" | "line-break");
        let passed = error < at.end || swallowed || next > error + end - at.end;
        next >= end && passed
    }
}

/// A line that cannot be read.
pub(super) struct Line<'t> {
    pub text: &'t str,
    /// Its bytes.
    pub range: Range<usize>,
    /// The line as written.
    pub written: &'t str,
    /// Where the parser stumbles, in the line.
    pub at: usize,
    pub message: &'t str,
    /// What is open at its beginning.
    pub open: Vec<scan::Open>,
}

/// Ways to see a slip in a line, the likelier first.
const WAYS: &[fn(&Line<'_>) -> Option<Slip>] = &[
    merge_conflict,
    hidden_space,
    quotes::never_closed_block,
    joints::unclosed_list,
    quotes::curly,
    joints::header,
    joints::comment,
    joints::colon,
    joints::colon_in_braces,
    joints::double_equals,
    joints::no_equals,
    values::no_value,
    quotes::backslash,
    joints::semicolon,
    joints::missing_comma,
    quotes::quote_inside,
    quotes::line_break,
    joints::trailing_mark,
    values::bare_value,
    values::odd_key,
    control_character,
];

/// Every slip that may explain an error.
pub(super) fn candidates(text: &str, error: &Stumble) -> Vec<Slip> {
    let range = line_at(text, error.at);
    let written = text.get(range.clone()).unwrap_or_default();
    let line = Line {
        text,
        written,
        at: error.at.saturating_sub(range.start).min(written.len()),
        message: &error.message,
        open: open_at(text, range.start),
        range,
    };
    WAYS.iter().filter_map(|way| way(&line)).collect()
}

/// What is said when nothing explains it.
pub(super) fn stumble(text: &str, error: &Stumble) -> Slip {
    let line = line_at(text, error.at);
    let start = error.at.min(line.end).max(line.start);
    let at = if text.get(start..line.end).is_some_and(|rest| !rest.trim().is_empty()) { start..line.end } else { line };
    Slip {
        code: "syntax",
        at,
        message: "This line cannot be read.".to_owned(),
        why: "A line is `key = value`, a [section], a [[block]], or a note that begins with #.",
        help: format!("The reader of the file says: {}.", error.message),
        edit: None,
    }
}

impl Line<'_> {
    /// Bytes of the line as bytes of the text.
    pub fn place(&self, part: Range<usize>) -> Range<usize> {
        self.range.start + part.start..self.range.start + part.end
    }

    /// The key, the bytes of the value up to a comment, and the value, for `key = value`.
    pub fn value(&self) -> Option<(&str, Range<usize>, &str)> {
        if !begins_statement(self.written) || is_header(self.written) || !self.open.is_empty() {
            return None;
        }
        let equals = self.written.find('=')?;
        let from =
            equals + 1 + (self.written.get(equals + 1..)?.len() - self.written.get(equals + 1..)?.trim_start().len());
        let key = self.written.get(..equals)?.trim();
        let end = without_comment(self.written).len().max(from);
        Some((key, from..end, self.written.get(from..end)?))
    }

    /// A slip whose marked part is replaced.
    pub fn slip(
        &self,
        code: &'static str,
        part: Range<usize>,
        new: String,
        message: impl Into<String>,
        why: &'static str,
    ) -> Slip {
        let at = self.place(part);
        let help = format!("Write: {}", self.with(&at, &new));
        Slip { code, edit: Some((at.clone(), new)), at, message: message.into(), why, help }
    }

    /// The line with some of the text's bytes replaced, for the help.
    pub fn with(&self, at: &Range<usize>, new: &str) -> String {
        let before = self.text.get(self.range.start..at.start).unwrap_or_default();
        let after = self.text.get(at.end..self.range.end.max(at.end)).unwrap_or_default();
        format!("{before}{new}{after}").trim().to_owned()
    }
}

fn merge_conflict(line: &Line<'_>) -> Option<Slip> {
    let marks = ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| line.written.starts_with(mark));
    marks.then(|| Slip {
        code: "merge-conflict",
        at: line.range.clone(),
        message: "Two versions of this file were put together and never settled.".to_owned(),
        why: "Both versions stand in the file, one after the other.",
        help: "Keep the lines that are right, and delete the others and the lines of <, = and >.".to_owned(),
        edit: Some((line.range.clone(), String::new())),
    })
}

/// Spaces and marks that look like nothing, outside of texts.
fn hidden_space(line: &Line<'_>) -> Option<Slip> {
    let rest = line.written.get(line.at..)?;
    let odd = |c: char| {
        matches!(
            c,
            '\u{A0}' | '\u{2007}' | '\u{202F}' | '\u{3000}' | '\u{2000}'
                ..='\u{200F}' | '\u{FEFF}' | '\u{2060}' | '\u{AD}'
        )
    };
    let (i, c) = rest.char_indices().next().filter(|(_, c)| odd(*c))?;
    let part = line.at + i..line.at + i + c.len_utf8();
    let new = if matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}' | '\u{AD}') { "" } else { " " };
    Some(Slip {
        help: format!("Delete it and type a space: {}", line.with(&line.place(part.clone()), new)),
        ..line.slip(
            "hidden-character",
            part,
            new.to_owned(),
            format!("There is a space here that is not a plain one (U+{:04X}).", u32::from(c)),
            "It comes in by copying from a web page or a document, and cannot be told by eye.",
        )
    })
}

fn control_character(line: &Line<'_>) -> Option<Slip> {
    let (i, c) = line.written.get(line.at..)?.char_indices().next().filter(|(_, c)| c.is_control())?;
    let part = line.at + i..line.at + i + c.len_utf8();
    Some(line.slip(
        "hidden-character",
        part,
        String::new(),
        format!("There is a character here that cannot be seen (U+{:04X}).", u32::from(c)),
        "It comes in by copying from another program.",
    ))
}
