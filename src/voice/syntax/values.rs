//! Values without quotes, keys without values, keys that cannot be.

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

/// A value without quotes: a word, a date, hours, yes.
pub(super) fn bare_value(line: &Line<'_>) -> Option<Slip> {
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
        (
            format!("`{value}` stands where {meant} belongs."),
            "Yes and no are true and false in this file, without quotes.",
        )
    } else {
        (format!("{value} cannot be read as a value."), "Numbers stand without words, and dates as 2026-12-24.")
    };
    Some(line.slip("no-quotes", part, meant, message, why))
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
    Some(quotes::quoted(value))
}

/// `bot name = …`, `größe = …`.
pub(super) fn odd_key(line: &Line<'_>) -> Option<Slip> {
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
