//! What may explain that a line cannot be read, each with the line as it should be.

use std::ops::Range;

use super::Stumble;
use super::quotes;
use super::scan::{self, begins_statement, is_header, line_at, open_at, without_comment};
use crate::voice::read::guess;
use crate::voice::schema::{self, Kind, Value};

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
    unclosed_list,
    quotes::curly,
    header,
    comment,
    colon,
    colon_in_braces,
    double_equals,
    no_equals,
    no_value,
    quotes::backslash,
    missing_comma,
    quotes::quote_inside,
    quotes::line_break,
    trailing_mark,
    bare_value,
    odd_key,
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

/// A list or braces that were never closed before the next statement.
fn unclosed_list(line: &Line<'_>) -> Option<Slip> {
    let open = *line.open.first().filter(|open| matches!(open.mark, '[' | '{'))?;
    let at_end = line.range.end >= line.text.len();
    if !begins_statement(line.written) && !at_end {
        return None;
    }
    let (close, what) = if open.mark == '[' { (']', "list") } else { ('}', "table in braces") };
    let until = if begins_statement(line.written) { line.range.start } else { line.range.end };
    let before = line.text.get(..until)?;
    let last = line_at(line.text, before.trim_end().len());
    let end = last.start + without_comment(line.text.get(last.clone())?).len();
    let first = line_at(line.text, open.at);
    let opened = line.text.get(..open.at)?.matches('\n').count() + 1;
    let marks: String = line.open.iter().rev().map(|open| if open.mark == '[' { ']' } else { '}' }).collect();
    let trimmed = line.text.get(first.start..end)?.trim_end_matches(',').len() + first.start;
    Some(Slip {
        code: "unclosed-list",
        at: open.at..open.at + 1,
        message: format!("The {what} that begins on line {opened} is never closed."),
        why: "Everything below it would belong to it.",
        help: format!("Write {close} at its end: {}{marks}", line.text.get(last.start.min(trimmed)..trimmed)?.trim()),
        edit: Some((trimmed..end, marks)),
    })
}

/// `[answers` and the like.
fn header(line: &Line<'_>) -> Option<Slip> {
    let written = without_comment(line.written);
    let start = written.len() - written.trim_start().len();
    let header = written.get(start..)?;
    if !header.starts_with('[') || !line.open.is_empty() {
        return None;
    }
    let name = header.trim_matches(['[', ']', ' ']);
    let name = name.split(['[', ']']).next().unwrap_or_default().trim();
    let plain: String = name.chars().map(|c| if c == ' ' { '_' } else { c }).collect();
    if plain.is_empty()
        || !plain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\''))
    {
        return None;
    }
    let many = schema::blocks().contains(&plain) || header.starts_with("[[") && !schema::is_section(&plain);
    let right = if many { format!("[[{plain}]]") } else { format!("[{plain}]") };
    (right != header).then(|| {
        line.slip(
            "brackets",
            start..written.len(),
            right.clone(),
            format!("This header should be {right}."),
            "Its brackets do not pair up, so the bot cannot tell what the lines below belong to.",
        )
    })
}

/// `// note`, `-- note`, `; note`.
fn comment(line: &Line<'_>) -> Option<Slip> {
    let start = line.written.len() - line.written.trim_start().len();
    let rest = line.written.get(start..)?;
    let mark = ["//", "--", ";", "/*", "<!--"].into_iter().find(|mark| rest.starts_with(mark))?;
    Some(line.slip(
        "comment",
        start..start + mark.len(),
        "#".to_owned(),
        format!("{mark} does not begin a note here."),
        "Only lines that begin with # are notes that the bot passes over.",
    ))
}

/// `name: "A"`.
fn colon(line: &Line<'_>) -> Option<Slip> {
    if !line.open.is_empty() {
        return None;
    }
    let at = line.written.find(':').filter(|at| !line.written.get(at + 1..).unwrap_or_default().starts_with('='))?;
    let key = line.written.get(..at)?.trim();
    if key.is_empty()
        || !key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\''))
        || line.written.get(..at)?.contains('=')
    {
        return None;
    }
    let start = line.written.get(..at)?.trim_end().len();
    let end = at + 1 + (line.written.get(at + 1..)?.len() - line.written.get(at + 1..)?.trim_start().len());
    let value = line.written.get(end..)?;
    let new = value_as_meant(key, without_comment(value)).unwrap_or_else(|| without_comment(value).to_owned());
    let all = start..end + without_comment(value).len();
    Some(line.slip(
        "colon",
        all,
        format!(" = {new}"),
        format!("Between `{key}` and its value stands : instead of ="),
        "In this file a key and its value are joined with =.",
    ))
}

/// `{ en: "A" }`.
fn colon_in_braces(line: &Line<'_>) -> Option<Slip> {
    if !line.message.contains("assignment") && !line.message.contains("unquoted key") {
        return None;
    }
    let from = line.at.min(line.written.len());
    let before = line.written.get(..from)?;
    let at = line.written.get(from..)?.find(':').map(|i| from + i).or_else(|| before.rfind(':'))?;
    Some(line.slip(
        "colon",
        at..at + 1,
        " =".to_owned(),
        "Between a key and its value stands : instead of =",
        "In this file a key and its value are joined with =.",
    ))
}

fn double_equals(line: &Line<'_>) -> Option<Slip> {
    let at = line.written.find('=')?;
    let start = if line.written.get(..at)?.ends_with(':') { at - 1 } else { at };
    let rest = line.written.get(at..)?;
    let length = rest.len() - rest.trim_start_matches(['=', '>', '~']).len();
    (length > 1 || start < at).then(|| {
        line.slip(
            "equals",
            start..at + length,
            "=".to_owned(),
            format!("`{}` stands where one = belongs.", line.written.get(start..at + length).unwrap_or_default()),
            "A key and its value are joined with a single =.",
        )
    })
}

/// `name "A"`.
fn no_equals(line: &Line<'_>) -> Option<Slip> {
    if !line.open.is_empty() || line.written.contains('=') {
        return None;
    }
    let start = line.written.len() - line.written.trim_start().len();
    let rest = line.written.get(start..)?;
    let key = rest
        .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.'))
        .next()
        .filter(|key| !key.is_empty())?;
    let end = start + key.len();
    let value = without_comment(line.written.get(end..)?).trim();
    if value.is_empty() || !schema::is_key(key.rsplit('.').next()?) {
        return None;
    }
    let value = value_as_meant(key, value).unwrap_or_else(|| value.to_owned());
    let all = end..without_comment(line.written).len();
    Some(line.slip(
        "equals",
        all,
        format!(" = {value}"),
        format!("There is no = between `{key}` and its value."),
        "A key and its value are joined with =.",
    ))
}

/// `name =` or `name`.
fn no_value(line: &Line<'_>) -> Option<Slip> {
    if !line.open.is_empty() {
        return None;
    }
    let written = without_comment(line.written);
    let key = written.trim().trim_end_matches(['=', ' ', ':']);
    if key.is_empty() || !key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')) {
        return None;
    }
    let example = schema::example(key.rsplit('.').next()?).unwrap_or("\"…\"");
    let start = written.len() - written.trim_start().len();
    Some(Slip {
        code: "no-value",
        at: line.place(start..written.len()),
        message: format!("`{key}` has no value."),
        why: "A key without a value says nothing.",
        help: format!("Write one, such as {key} = {example}, or delete the line."),
        edit: None,
    })
}

/// `max = 1;` and `name = "x",`.
fn trailing_mark(line: &Line<'_>) -> Option<Slip> {
    let (_, at, value) = line.value()?;
    let end = value.trim_end_matches([',', ';', ' ']).len();
    (end < value.len() && end > 0).then(|| {
        let mark = value.get(end..).unwrap_or_default().trim();
        line.slip(
            "trailing-mark",
            at.start + end..at.end,
            String::new(),
            format!("There is a {mark} behind the value."),
            "Each line ends by itself; commas stand only between the members of a list or of braces.",
        )
    })
}

/// `["a" "b"]`, or no comma at the end of a line of a list.
fn missing_comma(line: &Line<'_>) -> Option<Slip> {
    if !line.message.contains("missing comma") && !line.message.contains("extra assignment") {
        return None;
    }
    let before = line.text.get(..line.range.start + line.at)?.trim_end().len();
    let next = line.written.get(line.at..)?.trim_start();
    // A word right behind a closed text means that there is a quote inside it.
    if next.starts_with(char::is_alphabetic)
        && line.open.is_empty()
        && line.written.get(..line.at)?.ends_with(['"', '\''])
    {
        return None;
    }
    let extra = line.message.contains("extra assignment");
    let at = if extra {
        // The parser went on to the next key: the comma belongs before that key.
        let written = line.written.get(..line.at)?.trim_end();
        let key = written
            .rfind(|c: char| c.is_whitespace())
            .map(|i| written.get(..i).unwrap_or_default().trim_end().len())?;
        line.range.start + key
    } else {
        before
    };
    let own = line_at(line.text, at);
    let fixed = format!("{},{}", line.text.get(own.start..at)?, line.text.get(at..own.end)?);
    Some(Slip {
        code: "missing-comma",
        at: at.saturating_sub(1)..at,
        message: "A comma is missing here.".to_owned(),
        why: "The members of a list, and of braces, are parted by commas.",
        help: format!("Write: {}", fixed.trim()),
        edit: Some((at..at, ",".to_owned())),
    })
}

/// A value without quotes: a word, a date, hours, yes.
fn bare_value(line: &Line<'_>) -> Option<Slip> {
    let (key, part) = match line.value() {
        Some((key, at, value)) if !value.starts_with(['[', '{', '"', '\'']) => (key.to_owned(), at),
        _ => {
            let opening = line.written.get(..line.at)?.rfind(['[', ',', '{', '=']).map(|i| i + 1);
            let from = opening.or((!line.open.is_empty()).then_some(line.at))?;
            let rest = line.written.get(from..)?;
            let lead = rest.len() - rest.trim_start().len();
            let length = rest.get(lead..)?.find([',', ']', '}', '#']).unwrap_or(rest.len() - lead);
            let part = from + lead..from + lead + length;
            (scan::key_of(line.written).unwrap_or_default(), part)
        }
    };
    let value = line.written.get(part.clone())?.trim_end();
    let part = part.start..part.start + value.len();
    if value.is_empty() || value.starts_with(['"', '\'', '[', '{']) {
        return None;
    }
    let meant = value_as_meant(&key, value)?;
    let (message, why) = if meant.starts_with('"') || meant.starts_with('\'') {
        (
            format!("{value} stands without quotes."),
            "Text stands in straight quotes; only numbers, dates, true and false stand without.",
        )
    } else if meant == "true" || meant == "false" {
        (format!("`{value}` is written {meant} here."), "Yes and no are true and false in this file, without quotes.")
    } else {
        (format!("{value} cannot be read as a value."), "Numbers stand without words, and dates as 2026-12-24.")
    };
    Some(line.slip("no-quotes", part, meant, message, why))
}

/// What somebody meant who wrote a value without quotes; none when it is right as it stands, or cannot be told.
fn value_as_meant(key: &str, value: &str) -> Option<String> {
    if value.starts_with(['"', '\'', '[', '{']) || toml::de::DeValue::parse(value).is_ok() {
        return None;
    }
    let kinds = schema::kinds_of(key.rsplit('.').next().unwrap_or(key));
    let is = |wanted: fn(&Kind) -> bool| kinds.iter().any(wanted);
    if let Some(flag) = guess::flag(value).filter(|_| {
        is(|kind| matches!(kind, Kind::One(Value::Flag))) || matches!(value, "True" | "TRUE" | "False" | "FALSE")
    }) {
        return Some(flag.to_string());
    }
    if let Some(date) = guess::date(value).filter(|_| !is(|kind| matches!(kind, Kind::One(Value::Str) | Kind::Text))) {
        return Some(date);
    }
    if is(|kind| matches!(kind, Kind::One(Value::Int(..) | Value::Share))) {
        let number: String = value.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-')).collect();
        let number = number.replace(',', ".");
        let number = number.trim_start_matches('0');
        let number =
            if number.is_empty() || number.starts_with('.') { format!("0{number}") } else { number.to_owned() };
        if value.starts_with(|c: char| c.is_ascii_digit()) && number.parse::<f64>().is_ok() {
            return Some(number);
        }
    }
    Some(quotes::quoted(value))
}

/// `bot name = …`, `größe = …`.
fn odd_key(line: &Line<'_>) -> Option<Slip> {
    let equals = line.written.find('=')?;
    let start = line.written.len() - line.written.trim_start().len();
    let key = line.written.get(start..equals)?.trim_end();
    let better = guess::id(key, '_');
    let fine = !better.is_empty() && better != key && line.open.is_empty() && !key.contains(['"', '\'', '[', '{']);
    fine.then(|| {
        line.slip(
            "bad-key",
            start..start + key.len(),
            better.clone(),
            format!("`{key}` cannot be a key."),
            "Keys are made of letters a-z, digits, _ and -, in one word.",
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
