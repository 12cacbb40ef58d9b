//! A voice as written: values with places, in the order of the file, and how several files become one.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use super::source::Place;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The whole value: quotes, brackets and braces included; for a section its header.
    pub place: Place,
    pub value: Raw,
}

/// A value as written.
#[derive(Clone, Debug)]
pub(crate) enum Raw {
    Text(String),
    /// The value and its digits as written (decimal).
    Int(i64, String),
    /// The value and its digits as written, so that 3.50 stays 3.50.
    Float(f64, String),
    Flag(bool),
    Date(Datetime),
    List(Vec<Node>),
    Table(Table),
}

/// Keys and values, in the order of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub key: String,
    pub key_place: Place,
    pub node: Node,
}

/// Two values for one key, when files are put together.
#[derive(Clone, Debug)]
pub(crate) struct Clash {
    pub key: String,
    pub first: Place,
    pub second: Place,
}

impl Node {
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Raw::Text(text) => Some(text),
            Raw::Int(..) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) | Raw::List(_) | Raw::Table(_) => None,
        }
    }

    pub fn flag(&self) -> Option<bool> {
        match self.value {
            Raw::Flag(flag) => Some(flag),
            Raw::Text(_) | Raw::Int(..) | Raw::Float(..) | Raw::Date(_) | Raw::List(_) | Raw::Table(_) => None,
        }
    }

    pub fn int(&self) -> Option<i64> {
        match self.value {
            Raw::Int(int, _) => Some(int),
            Raw::Text(_) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) | Raw::List(_) | Raw::Table(_) => None,
        }
    }

    /// A number, with or without a fraction.
    pub fn number(&self) -> Option<f64> {
        match self.value {
            Raw::Float(float, _) => Some(float),
            #[allow(clippy::cast_precision_loss, reason = "the ranges of the format are far below 2^52")]
            Raw::Int(int, _) => Some(int as f64),
            Raw::Text(_) | Raw::Flag(_) | Raw::Date(_) | Raw::List(_) | Raw::Table(_) => None,
        }
    }

    pub fn date(&self) -> Option<jiff::civil::Date> {
        match &self.value {
            Raw::Date(written) if written.time.is_none() => {
                let date = written.date?;
                jiff::civil::Date::new(
                    i16::try_from(date.year).ok()?,
                    i8::try_from(date.month).ok()?,
                    i8::try_from(date.day).ok()?,
                )
                .ok()
            }
            Raw::Text(_)
            | Raw::Int(..)
            | Raw::Float(..)
            | Raw::Flag(_)
            | Raw::Date(_)
            | Raw::List(_)
            | Raw::Table(_) => None,
        }
    }

    pub fn list(&self) -> Option<&[Node]> {
        match &self.value {
            Raw::List(list) => Some(list),
            Raw::Text(_) | Raw::Int(..) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) | Raw::Table(_) => None,
        }
    }

    pub fn table(&self) -> Option<&Table> {
        match &self.value {
            Raw::Table(table) => Some(table),
            Raw::Text(_) | Raw::Int(..) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) | Raw::List(_) => None,
        }
    }

    pub fn table_mut(&mut self) -> Option<&mut Table> {
        match &mut self.value {
            Raw::Table(table) => Some(table),
            Raw::Text(_) | Raw::Int(..) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) | Raw::List(_) => None,
        }
    }
}

impl Table {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The key and the value of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The text of a key; none when it is something else, which was reported where it was checked.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    pub fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)?.flag()
    }

    pub fn int(&self, key: &str) -> Option<i64> {
        self.get(key)?.int()
    }

    pub fn number(&self, key: &str) -> Option<f64> {
        self.get(key)?.number()
    }

    pub fn date(&self, key: &str) -> Option<jiff::civil::Date> {
        self.get(key)?.date()
    }

    /// The values of a list; empty when there is none.
    pub fn list(&self, key: &str) -> &[Node] {
        self.get(key).and_then(Node::list).unwrap_or_default()
    }

    pub fn table(&self, key: &str) -> Option<&Table> {
        self.get(key)?.table()
    }

    /// The tables of a `[[list]]`, each with its node.
    pub fn tables<'t>(&'t self, key: &str) -> impl Iterator<Item = (&'t Node, &'t Table)> {
        self.list(key).iter().filter_map(|node| Some((node, node.table()?)))
    }

    /// The named tables of a section, such as `[slots.country]`, each with its entry.
    pub fn named<'t>(&'t self, key: &str) -> impl Iterator<Item = (&'t Entry, &'t Table)> {
        let entries = self.table(key).map(|table| table.entries.as_slice()).unwrap_or_default();
        entries.iter().filter_map(|entry| Some((entry, entry.node.table()?)))
    }

    /// Puts the keys of another file behind these: tables key by key, lists of tables one behind the other; the same plain
    /// key twice is a clash, and the first stays.
    pub fn merge(&mut self, other: Table, clashes: &mut Vec<Clash>) {
        let index: BTreeMap<String, usize> =
            self.entries.iter().enumerate().map(|(i, entry)| (entry.key.clone(), i)).collect();
        for theirs in other.entries {
            let ours = index.get(&theirs.key).and_then(|i| self.entries.get_mut(*i));
            match ours {
                None => self.entries.push(theirs),
                Some(ours) => ours.merge(theirs, clashes),
            }
        }
    }
}

impl Entry {
    fn merge(&mut self, other: Entry, clashes: &mut Vec<Clash>) {
        match (&mut self.node.value, other.node.value) {
            (Raw::Table(ours), Raw::Table(theirs)) => ours.merge(theirs, clashes),
            (Raw::List(ours), Raw::List(theirs)) if all_tables(ours) && all_tables(&theirs) => ours.extend(theirs),
            _ => clashes.push(Clash { key: other.key, first: self.key_place.clone(), second: other.key_place }),
        }
    }
}

fn all_tables(list: &[Node]) -> bool {
    list.iter().all(|node| node.table().is_some())
}

/// Takes over a parsed document. `place` turns bytes of the parsed text into a place of the source, for the case that
/// the parsed text is a mended copy.
pub(crate) fn from_document(document: &DeTable<'_>, place: &dyn Fn(Range<usize>) -> Place) -> Table {
    let mut entries: Vec<Entry> = document
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().clone().into_owned(),
            key_place: place(key.span()),
            node: Node { place: place(value.span()), value: raw(value.get_ref(), place) },
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_place.bytes.start);
    Table { entries }
}

fn raw(value: &DeValue<'_>, place: &dyn Fn(Range<usize>) -> Place) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.clone().into_owned()),
        DeValue::Integer(int) => {
            let value = i64::from_str_radix(int.as_str(), int.radix()).unwrap_or(i64::MAX);
            Raw::Int(value, value.to_string())
        }
        DeValue::Float(float) => Raw::Float(float.as_str().parse().unwrap_or(f64::NAN), float.as_str().to_owned()),
        DeValue::Boolean(flag) => Raw::Flag(*flag),
        DeValue::Datetime(date) => Raw::Date(*date),
        DeValue::Array(list) => Raw::List(
            list.iter().map(|node| Node { place: place(node.span()), value: raw(node.get_ref(), place) }).collect(),
        ),
        DeValue::Table(table) => Raw::Table(from_document(table, place)),
    }
}
