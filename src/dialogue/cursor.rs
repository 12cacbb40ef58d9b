//! Takes typed values out of a table as written, and collects what is wrong with them.

use jiff::SignedDuration;

use crate::voice::read::near::nearest;
use crate::voice::source::Place;
use crate::voice::tree::{Node, Raw, Table};
use crate::voice::{Diagnostic, Locale, value};

/// Collects findings while a file is read.
#[derive(Default)]
pub(super) struct Cursor {
    pub findings: Vec<Diagnostic>,
}

impl Cursor {
    pub fn found(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// Reports keys that are not in the list; `of` says whose keys they are.
    pub fn only_keys(&mut self, table: &Table, keys: &[&str], of: &str) {
        for entry in &table.entries {
            if !keys.contains(&entry.key.as_str()) {
                let finding = Diagnostic::error(
                    "unknown-key",
                    entry.key_place.clone(),
                    format!("{of} has no key `{}`", entry.key),
                );
                self.found(with_nearest(finding, &entry.key, keys, ""));
            }
        }
    }

    /// Reports that something else should stand there.
    fn wrong(&mut self, node: &Node, key: &str, should: &str) {
        let message = format!("`{key}` should be {should}, not {}", kind(&node.value));
        self.found(Diagnostic::error("wrong-type", node.place.clone(), message));
    }

    pub fn text(&mut self, table: &Table, key: &str) -> Option<(String, Place)> {
        let node = table.get(key)?;
        let text = node.text().map(str::to_owned);
        if text.is_none() {
            self.wrong(node, key, "text");
        }
        Some((text?, node.place.clone()))
    }

    /// A text or a list of texts.
    pub fn texts(&mut self, table: &Table, key: &str) -> Option<Vec<(String, Place)>> {
        let node = table.get(key)?;
        let Some(list) = node.list() else {
            let text = node.text().map(|text| vec![(text.to_owned(), node.place.clone())]);
            if text.is_none() {
                self.wrong(node, key, "text or a list of texts");
            }
            return text;
        };
        let mut texts = Vec::new();
        for item in list {
            match item.text() {
                Some(text) => texts.push((text.to_owned(), item.place.clone())),
                None => self.wrong(item, key, "a list of texts"),
            }
        }
        (texts.len() == list.len()).then_some(texts)
    }

    pub fn flag(&mut self, table: &Table, key: &str) -> Option<(bool, Place)> {
        let node = table.get(key)?;
        let flag = node.flag();
        if flag.is_none() {
            self.wrong(node, key, "true or false");
        }
        Some((flag?, node.place.clone()))
    }

    pub fn table<'t>(&mut self, table: &'t Table, key: &str) -> Option<(&'t Table, Place)> {
        let node = table.get(key)?;
        let inner = node.table();
        if inner.is_none() {
            self.wrong(node, key, "a table in braces, such as { says = \"…\" }");
        }
        Some((inner?, node.place.clone()))
    }

    /// The tables of a `[[list]]`.
    pub fn tables<'t>(&mut self, table: &'t Table, key: &str) -> Vec<(&'t Table, Place)> {
        let Some(node) = table.get(key) else { return Vec::new() };
        let Some(list) = node.list() else {
            self.wrong(node, key, "a list, each with its own [[…]] header");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in list {
            match item.table() {
                Some(inner) => tables.push((inner, item.place.clone())),
                None => self.wrong(item, key, "a list, each with its own [[…]] header"),
            }
        }
        tables
    }

    pub fn duration(&mut self, table: &Table, key: &str) -> Option<SignedDuration> {
        let (text, place) = self.text(table, key)?;
        let duration = value::duration(&text);
        if duration.is_none() {
            let message =
                format!("`{key}` should be a time such as \"30s\", \"15m\", \"24h\" or \"500ms\", not \"{text}\"");
            self.found(Diagnostic::error("not-a-duration", place, message));
        }
        duration
    }

    pub fn locale(&mut self, table: &Table, key: &str) -> Option<(Locale, Place)> {
        let (text, place) = self.text(table, key)?;
        let Some(locale) = Locale::parse(&text) else {
            let message = format!("`{key}` should be a language tag such as \"en-GB\", not \"{text}\"");
            self.found(Diagnostic::error("not-a-locale", place, message));
            return None;
        };
        Some((locale, place))
    }

    /// A text that is one of a list; `what` says what it should name.
    pub fn one_of(&mut self, table: &Table, key: &str, words: &[&str], what: &str) -> Option<(String, Place)> {
        let (text, place) = self.text(table, key)?;
        self.known(&text, &place, words, what).then_some((text, place))
    }

    /// Whether a word is one of a list; reports it when not.
    pub fn known(&mut self, word: &str, place: &Place, words: &[&str], what: &str) -> bool {
        let known = words.contains(&word);
        if !known {
            let finding = Diagnostic::error("unknown-name", place.clone(), format!("there is no {what} \"{word}\""));
            self.found(with_nearest(finding, word, words, "\""));
        }
        known
    }
}

/// Adds "did you mean", or the whole list where it is short.
fn with_nearest(finding: Diagnostic, wrong: &str, words: &[&str], quote: &str) -> Diagnostic {
    match nearest(wrong, words.iter().copied()) {
        Some(word) => finding.help(format!("did you mean `{word}`?")).replace_with(format!("{quote}{word}{quote}")),
        None if words.is_empty() => finding.help("this voice has none"),
        None if words.len() <= 24 => finding.help(format!("there are: {}", words.join(", "))),
        None => finding,
    }
}

fn kind(value: &Raw) -> &'static str {
    match value {
        Raw::Text(_) => "text",
        Raw::Int(..) | Raw::Float(..) => "a number",
        Raw::Flag(_) => "true or false",
        Raw::Date(_) => "a date or time",
        Raw::List(_) => "a list",
        Raw::Table(_) => "a table",
    }
}
