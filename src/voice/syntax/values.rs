//! Values without quotes, keys without values, keys that cannot be.

use std::ops::Range;

use super::quotes;
use super::scan::{self, without_comment};
use super::slips::{Line, Slip};
use crate::voice::read::guess;
use crate::voice::schema::{self, Kind, Value};

/// `name =` or `name`.
pub(super) fn no_value(line: &Line<'_>) -> Option<Slip> {
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

/// A value without quotes: a word, a date, hours, yes. Others like it further on in the line are mended with it.
pub(super) fn bare_value(line: &Line<'_>) -> Option<Slip> {
    let key = scan::key_of(line.written).unwrap_or_default();
    let whole = line.value().filter(|(_, _, value)| !value.starts_with(['[', '{', '"', '\'']));
    let bare = match whole {
        Some((key, at, value)) => vec![Bare { at, meant: value_as_meant(key, value)? }],
        None => bare_members(line, &key),
    };
    let (first, last) = (bare.first()?, bare.last()?);
    let part = first.at.start..last.at.end;
    let value = line.written.get(first.at.clone())?.to_owned();
    let (message, why) = words(&value, &first.meant, bare.len());
    let mut new = String::new();
    let mut from = part.start;
    for Bare { at, meant } in &bare {
        new.push_str(line.written.get(from..at.start)?);
        new.push_str(meant);
        from = at.end;
    }
    Some(line.slip("no-quotes", part, new, message, why))
}

/// A value that is not right as it stands, and what was meant.
struct Bare {
    at: Range<usize>,
    meant: String,
}

/// Such members of a list or of braces, from where the parser stumbles to the end of the line.
fn bare_members(line: &Line<'_>, key: &str) -> Vec<Bare> {
    let before = line.written.get(..line.at).unwrap_or_default();
    let opening = before.rfind(['[', ',', '{', '=']).map(|i| i + 1);
    let Some(mut from) = opening.or((!line.open.is_empty()).then_some(line.at)) else { return Vec::new() };
    let end = without_comment(line.written).len();
    let mut bare = Vec::new();
    while from < end {
        let rest = line.written.get(from..end).unwrap_or_default();
        let start = from + member_start(rest);
        let rest = line.written.get(start..end).unwrap_or_default();
        let length = member_length(rest);
        let value = rest.get(..length).unwrap_or_default().trim_end();
        // In braces a key stands before each value.
        let is_key = rest.get(length..).is_some_and(|after| after.starts_with('='));
        if let Some(meant) = value_as_meant(key, value).filter(|_| !is_key && !value.is_empty()) {
            bare.push(Bare { at: start..start + value.len(), meant });
        }
        from = start + length.max(1);
    }
    bare
}

/// Where the next member begins: behind commas, brackets, `=` and white space, but not behind the braces of a blank.
fn member_start(rest: &str) -> usize {
    let mut at = 0;
    while let Some(c) = rest.get(at..).and_then(|rest| rest.chars().next()) {
        let blank = rest.get(at..).is_some_and(|rest| rest.starts_with("{{"));
        if blank || !matches!(c, ' ' | '\t' | ',' | '[' | ']' | '{' | '}' | '=') {
            break;
        }
        at += c.len_utf8();
    }
    at
}

/// The length of a member: up to a quote that ends it, else to the comma, bracket or `=` behind it; blanks belong to it.
fn member_length(rest: &str) -> usize {
    if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        return scan::one_line(rest, quote);
    }
    let quote = rest.find('"').filter(|at| quotes::may_end(rest.get(at + 1..).unwrap_or_default()));
    if let Some(at) = quote.filter(|at| !rest.get(..*at).is_some_and(|before| before.contains('='))) {
        return at + 1;
    }
    let mut at = 0;
    while let Some(found) = rest.get(at..).and_then(|rest| rest.find([',', ']', '{', '}', '=', '#'])).map(|i| at + i) {
        let after = rest.get(found..).unwrap_or_default();
        match after.starts_with("{{").then(|| after.find("}}")).flatten() {
            Some(close) => at = found + close + 2,
            None => return found,
        }
    }
    rest.len()
}

fn words(value: &str, meant: &str, count: usize) -> (String, &'static str) {
    if meant.starts_with(['"', '\'']) {
        let why = "Text stands in straight quotes; only numbers, dates, true and false stand without.";
        let message = match count {
            _ if value.ends_with(['"', '\'']) => format!("{value} has no quote at its beginning."),
            1 => format!("{value} stands without quotes."),
            _ => format!("{value} and what follows stand without quotes."),
        };
        (message, why)
    } else if meant == "true" || meant == "false" {
        let why = "Yes and no are true and false in this file, without quotes.";
        (format!("`{value}` stands where {meant} belongs."), why)
    } else {
        (format!("{value} cannot be read as a value."), "Numbers stand without words, and dates as 2026-12-24.")
    }
}

/// What somebody meant who wrote a value without quotes; none when it is right as it stands, or cannot be told.
pub(super) fn value_as_meant(key: &str, value: &str) -> Option<String> {
    if value.starts_with(['"', '\'', '[', '{']) || toml::de::DeValue::parse(value).is_ok() {
        return None;
    }
    let kinds = schema::kinds_of(key.rsplit('.').next().unwrap_or(key));
    let is = |wanted: fn(&Kind) -> bool| kinds.iter().any(wanted);
    if let Some(flag) = guess::flag(value).filter(|_| {
        is(|kind| matches!(kind, Kind::One(Value::Flag)))
            || matches!(value, "True" | "TRUE" | "False" | "FALSE")
            // A fact, most likely: "no" as words would count as yes in an {{#if}}.
            || kinds.is_empty() && matches!(value.to_lowercase().as_str(), "yes" | "no" | "on" | "off")
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
    // A quote at the end only: the one at the beginning was forgotten.
    let value = value.strip_suffix(['"', '\'']).filter(|value| !value.contains(['"', '\''])).unwrap_or(value);
    Some(quotes::quoted(value))
}

/// `bot name = …`, `größe = …`.
pub(super) fn odd_key(line: &Line<'_>) -> Option<Slip> {
    let equals = line.written.find('=')?;
    let start = line.written.len() - line.written.trim_start().len();
    let key = line.written.get(start..equals)?.trim_end();
    let better = key.split('.').map(|part| guess::id(part, '_')).collect::<Vec<_>>().join(".");
    let fine = line.at <= start + key.len()
        && !better.is_empty()
        && better != key
        && line.open.is_empty()
        && !key.contains(['"', '\'', '[', '{']);
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
