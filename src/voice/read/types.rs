//! Whether a value has the type that its field wants, and what it should be when it has not.

use super::guess;
use crate::voice::schema::{Kind, Value};
use crate::voice::tree::{Node, Raw};

/// A value put right.
pub(super) struct Mended {
    pub value: Raw,
    /// As it is to be written.
    pub written: String,
    pub help: String,
}

/// What a value is, for "here stands …".
pub(super) fn what(node: &Node) -> &'static str {
    match &node.value {
        Raw::Text(_) => "text in quotes",
        Raw::Int(..) | Raw::Float(..) => "a number",
        Raw::Flag(_) => "true or false",
        Raw::Date(_) if node.date().is_some() => "a date",
        Raw::Date(_) => "a date or time",
        Raw::List(list) if list.first().is_some_and(|node| node.table().is_some()) => "a list of blocks",
        Raw::List(_) => "a list",
        Raw::Table(_) => "a section or a table in braces",
    }
}

/// Whether a value has the type that a kind wants.
pub(super) fn fits(kind: &Kind, node: &Node) -> bool {
    match kind {
        Kind::One(value) | Kind::OneByLocale(value) => one_fits(value, node),
        Kind::List(_) | Kind::Exactly(_) | Kind::Words | Kind::Tables(_) => matches!(node.value, Raw::List(_)),
        Kind::Text | Kind::OneText | Kind::Say(_) => matches!(node.value, Raw::Text(_)),
        Kind::Table(_) | Kind::Named(..) | Kind::Facts | Kind::Lines | Kind::Options => {
            matches!(node.value, Raw::Table(_))
        }
    }
}

fn one_fits(value: &Value, node: &Node) -> bool {
    match value {
        Value::Version | Value::Int(..) => matches!(node.value, Raw::Int(..)),
        Value::Share => matches!(node.value, Raw::Int(..) | Raw::Float(..)),
        Value::Flag => matches!(node.value, Raw::Flag(_)),
        Value::Date => node.date().is_some(),
        Value::Str
        | Value::Form
        | Value::Slug
        | Value::Id
        | Value::Name
        | Value::Duration
        | Value::Range
        | Value::OneOf(_)
        | Value::Locale
        | Value::TimeZone
        | Value::Url
        | Value::Host
        | Value::Label
        | Value::Emoji
        | Value::Pattern => matches!(node.value, Raw::Text(_)),
    }
}

/// Puts a value of the wrong type right, where there is one plain way. `written` is how it stands in the file.
pub(super) fn mend(kind: &Kind, node: &Node, written: &str) -> Option<Mended> {
    let plain = !matches!(node.value, Raw::Table(_) | Raw::List(_));
    match kind {
        Kind::One(value) | Kind::OneByLocale(value) => mend_one(value, node, written),
        Kind::Text | Kind::OneText | Kind::Say(_) => in_quotes(node, written),
        Kind::List(_) | Kind::Words if plain => {
            let element = Node { place: node.place.clone(), value: node.value.clone() };
            mended(Raw::List(vec![element]), format!("[{written}]"), "Put square brackets round it")
        }
        Kind::List(_)
        | Kind::Words
        | Kind::Exactly(_)
        | Kind::Table(_)
        | Kind::Tables(_)
        | Kind::Named(..)
        | Kind::Facts
        | Kind::Lines
        | Kind::Options => None,
    }
}

fn mended(value: Raw, written: String, how: &str) -> Option<Mended> {
    let help = format!("{how}: {written}");
    Some(Mended { value, written, help })
}

fn mend_one(wanted: &Value, node: &Node, written: &str) -> Option<Mended> {
    let text = node.text().map(str::trim);
    match wanted {
        Value::Version | Value::Int(..) => whole_number(node, text),
        Value::Share => {
            let share: f64 = text?.parse().ok()?;
            mended(Raw::Float(share, text?.to_owned()), text?.to_owned(), "Remove the quotes")
        }
        Value::Flag => {
            let said = text.map(str::to_lowercase).or_else(|| node.int().map(|int| int.to_string()))?;
            let flag = guess::flag(&said)?;
            let how = if said == flag.to_string() { "Remove the quotes" } else { "Write it without quotes" };
            mended(Raw::Flag(flag), flag.to_string(), how)
        }
        Value::Date => {
            let date = guess::date(text?)?;
            mended(date.parse().ok().map(Raw::Date)?, date, "Write the date without quotes")
        }
        Value::Duration => {
            let number = node.int()?;
            let minutes = format!("{number}m");
            let help = format!(
                "Say the unit, in quotes: \"{minutes}\" for minutes, \"{number}s\" for seconds, \"{number}h\" for hours"
            );
            Some(Mended { written: format!("\"{minutes}\""), value: Raw::Text(minutes), help })
        }
        Value::Str | Value::Form | Value::Name | Value::Label | Value::Pattern => in_quotes(node, written),
        Value::Slug
        | Value::Id
        | Value::Range
        | Value::OneOf(_)
        | Value::Locale
        | Value::TimeZone
        | Value::Url
        | Value::Host
        | Value::Emoji => None,
    }
}

fn whole_number(node: &Node, text: Option<&str>) -> Option<Mended> {
    if let Some(text) = text {
        let int: i64 = text.parse().ok()?;
        return mended(Raw::Int(int, text.to_owned()), text.to_owned(), "Remove the quotes");
    }
    let float = node.number().filter(|float| float.fract() == 0.0 && float.abs() < 1e9)?;
    #[allow(clippy::cast_possible_truncation, reason = "whole and below 10^9")]
    let int = float as i64;
    mended(Raw::Int(int, int.to_string()), int.to_string(), "Write a whole number")
}

fn in_quotes(node: &Node, written: &str) -> Option<Mended> {
    let words = match &node.value {
        Raw::Flag(flag) => flag.to_string(),
        Raw::Int(_, digits) | Raw::Float(_, digits) => digits.clone(),
        Raw::Date(date) => date.to_string(),
        Raw::Text(_) | Raw::List(_) | Raw::Table(_) => return None,
    };
    mended(Raw::Text(words), format!("\"{written}\""), "Put quotes round it")
}
