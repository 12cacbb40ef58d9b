//! Tree of values with places -> checked against the schema.
//!
//! Everything that can be told from a key and its value alone is told here, all at once. After a finding the tree is mended
//! where it is plain what was meant (a misspelt key, a number in quotes, a key below its block), so that one slip brings one
//! finding and the rest of the checks see what the author meant.

pub(super) mod guess;
mod keys;
mod meaning;
pub(crate) mod near;
mod tables;
mod types;
mod values;
mod within;

use std::collections::BTreeSet;

pub(crate) use self::near::nearest;
use super::schema::{Field, Kind, Naming, ROOT, Shape};
use super::source::{Place, Source};
use super::tree::{Entry, Node, Raw, Table};
use super::{Diagnostic, Locale, value};

/// Checks a voice's tree against the schema and mends it. `lost` are keys whose values could not be read at all, which is
/// reported already.
pub(crate) fn check(
    tree: &mut Table,
    sources: &[Source],
    locales: &[Locale],
    lost: &BTreeSet<String>,
) -> Vec<Diagnostic> {
    let mut reader = Reader { sources, locales, lost, findings: Vec::new(), frames: Vec::new() };
    let place = Place { source: 0, bytes: 0..0 };
    reader.table(tree, Frame::new(&ROOT, String::new(), "the file".to_owned(), place));
    reader.findings
}

/// A walk over the tree.
struct Reader<'s> {
    sources: &'s [Source],
    locales: &'s [Locale],
    lost: &'s BTreeSet<String>,
    findings: Vec<Diagnostic>,
    /// The tables around the one that is being read, the outermost first.
    frames: Vec<Frame>,
}

/// A table that is being read.
struct Frame {
    shape: &'static Shape,
    /// Path of sections: `answers.say`.
    path: String,
    /// Whether it stands under two brackets.
    many: bool,
    /// How a sentence calls it: "the answer `delivery.time`".
    called: String,
    place: Place,
    /// Keys that stand in it.
    present: BTreeSet<String>,
    /// Keys that were found out of place or misspelt: reported, hence not missing.
    explained: BTreeSet<String>,
    /// Entries that stand below it and belong to it.
    adopted: Vec<Entry>,
    /// The header of the first block inside it.
    first_block: Option<Place>,
}

impl Frame {
    fn new(shape: &'static Shape, path: String, called: String, place: Place) -> Self {
        Self {
            shape,
            path,
            many: false,
            called,
            place,
            present: BTreeSet::new(),
            explained: BTreeSet::new(),
            adopted: Vec::new(),
            first_block: None,
        }
    }

    /// Its header as written in the file.
    fn header(&self) -> String {
        match (self.path.as_str(), self.many) {
            ("", _) => "the top of the file".to_owned(),
            (path, true) => format!("[[{path}]]"),
            (path, false) => format!("[{path}]"),
        }
    }
}

impl Reader<'_> {
    /// Checks the keys of a table, those inside them, and what is missing.
    fn table(&mut self, table: &mut Table, mut frame: Frame) {
        frame.present = table.entries.iter().map(|entry| entry.key.clone()).collect();
        frame.first_block = self.first_block(table, &frame);
        self.frames.push(frame);
        for entry in std::mem::take(&mut table.entries) {
            if let Some(entry) = self.entry(entry) {
                table.entries.push(entry);
            }
        }
        let adopted = self.frames.last_mut().map(|frame| std::mem::take(&mut frame.adopted)).unwrap_or_default();
        for mut entry in adopted {
            if table.get(&entry.key).is_none()
                && let Some(field) = self.frames.last().and_then(|frame| frame.shape.field(&entry.key))
            {
                self.value(field, &mut entry);
                table.entries.push(entry);
            }
        }
        if let Some(frame) = self.frames.pop() {
            self.missing(table, &frame);
            self.within(table, &frame);
        }
    }

    /// Checks one key; gives it back mended, or nothing when it has no meaning here.
    fn entry(&mut self, mut entry: Entry) -> Option<Entry> {
        let shape = self.frames.last()?.shape;
        if shape.field(&entry.key).is_none() {
            entry = self.unknown_key(entry)?;
        }
        let field = shape.field(&entry.key)?;
        self.value(field, &mut entry);
        Some(entry)
    }

    /// Reads tables inside a table.
    fn inner(&mut self, field: &'static Field, shape: &'static Shape, entry: &mut Entry) {
        let parent = self.frames.last();
        let path = match parent.map(|frame| frame.path.as_str()) {
            Some("") | None => field.name.to_owned(),
            Some(path) => format!("{path}.{}", field.name),
        };
        let of = parent.filter(|frame| frame.shape.named_by.is_some()).map(|frame| frame.called.clone());
        match (&field.kind, &mut entry.node.value) {
            (Kind::Table(_), Raw::Table(table)) => {
                let called = match of {
                    Some(of) => format!("`{}` of {of}", field.name),
                    None => format!("[{path}]"),
                };
                self.table(table, Frame::new(shape, path, called, entry.node.place.clone()));
            }
            (Kind::Named(_, naming), Raw::Table(table)) => {
                self.names(table, *naming, shape);
                for named in &mut table.entries {
                    let called = format!("the {} `{}`", shape.noun, named.key);
                    let place = named.node.place.clone();
                    let path = format!("{path}.{}", named.key);
                    if let Some(inner) = named.node.table_mut() {
                        self.table(inner, Frame::new(shape, path, called, place));
                    } else {
                        self.no_block(field, &format!("`{}`", named.key), &named.node);
                    }
                }
                table.entries.retain(|named| named.node.table().is_some());
            }
            (Kind::Tables(_) | Kind::Say(_), Raw::List(list)) => {
                for (i, node) in list.iter_mut().enumerate() {
                    let place = node.place.clone();
                    let called = called(shape, i, node, of.as_deref());
                    match node.table_mut() {
                        Some(table) => {
                            self.table(table, Frame { many: true, ..Frame::new(shape, path.clone(), called, place) });
                        }
                        None => self.no_block(field, &format!("`{}`", field.name), node),
                    }
                }
                list.retain(|node| node.table().is_some());
            }
            _ => {}
        }
    }

    /// Names of tables must be such that they can be used.
    fn names(&mut self, table: &mut Table, naming: Naming, shape: &Shape) {
        table.entries.retain(|entry| {
            let fine = match naming {
                Naming::Variable => value::is_variable(&entry.key),
                Naming::Choice => value::is_variable(&entry.key) || value::is_variable(&format!("_{}", entry.key)),
                Naming::Locale => Locale::parse(&entry.key).is_some(),
            };
            if !fine {
                let message = format!("`{}` cannot be the name of a {}.", entry.key, shape.noun);
                let finding = Diagnostic::error("bad-name", entry.key_place.clone(), message)
                    .because("Wordings and other parts of the file call it by this name.");
                self.findings.push(match naming {
                    Naming::Locale => finding.help("Use a language such as `en` or `en-GB`."),
                    Naming::Variable | Naming::Choice => {
                        let better = as_variable(&entry.key);
                        let finding = finding.help(
                            "Use letters, digits and _ only, beginning with a letter, so that it can stand in {{…}}.",
                        );
                        if value::is_variable(&better) { finding.replace_with(better) } else { finding }
                    }
                });
            }
            fine
        });
    }

    fn missing(&mut self, table: &Table, frame: &Frame) {
        for field in frame.shape.fields.iter().filter(|field| field.required) {
            if table.get(field.name).is_some()
                || frame.present.contains(field.name)
                || frame.explained.contains(field.name)
                || self.lost.contains(field.name)
            {
                continue;
            }
            let finding = if field.kind.shape().is_some() && frame.path.is_empty() {
                Diagnostic::error("missing", frame.place.clone(), format!("The voice has no [{}] section.", field.name))
                    .help(format!("Add [{}] with {}.", field.name, required_keys(field)))
            } else {
                let message = match frame.path.as_str() {
                    "" => format!("`{}` is missing at the top of the file.", field.name),
                    _ => format!("{} has no `{}`.", capital(&frame.called), field.name),
                };
                let first = if frame.path.is_empty() { "Begin the file with" } else { "Add" };
                Diagnostic::error("missing", frame.place.clone(), message)
                    .help(format!("{first}: {} = {}", field.name, field.example))
            };
            self.findings.push(finding.because(field.what));
        }
    }

    /// The header of the first block inside a table, below which its own keys can no longer stand.
    fn first_block(&self, table: &Table, frame: &Frame) -> Option<Place> {
        let mut headers = Vec::new();
        for entry in &table.entries {
            self.headers(&entry.node, &mut headers);
        }
        let place = headers.into_iter().min_by_key(|place| place.bytes.start)?;
        let header = self.written(&place);
        header.trim_matches(['[', ' ']).starts_with(&frame.path).then_some(place)
    }

    /// Places of the headers of blocks in a value; values in braces have none.
    fn headers(&self, node: &Node, found: &mut Vec<Place>) {
        match &node.value {
            Raw::Table(table) => {
                if self.written(&node.place).starts_with('[') {
                    found.push(node.place.clone());
                } else {
                    table.entries.iter().for_each(|entry| self.headers(&entry.node, found));
                }
            }
            Raw::List(list) => {
                let first = list.iter().find(|node| node.table().is_some());
                found.extend(
                    first.filter(|node| self.written(&node.place).starts_with('[')).map(|node| node.place.clone()),
                );
            }
            Raw::Text(_) | Raw::Int(..) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) => {}
        }
    }

    /// What stands at a place.
    fn written(&self, place: &Place) -> &str {
        self.sources.get(place.source).and_then(|source| source.text.get(place.bytes.clone())).unwrap_or_default()
    }

    fn line(&self, place: &Place) -> usize {
        self.sources.get(place.source).map_or(0, |source| source.line_column(place.bytes.start).0)
    }
}

/// How a sentence calls one of several blocks.
fn called(shape: &Shape, number: usize, node: &Node, of: Option<&str>) -> String {
    let name = shape.named_by.and_then(|key| node.table()?.text(key));
    match (name, of) {
        (Some(name), _) => format!("the {} `{name}`", shape.noun),
        (None, Some(of)) => format!("{} {} of {of}", shape.noun, number + 1),
        (None, None) => format!("{} {}", shape.noun, number + 1),
    }
}

fn required_keys(field: &Field) -> String {
    let required = |shape: &Shape| {
        shape
            .fields
            .iter()
            .filter(|f| f.required)
            .map(|f| format!("{} = {}", f.name, f.example))
            .collect::<Vec<_>>()
            .join(", ")
    };
    field.kind.shape().map(required).unwrap_or_default()
}

/// Why a field matters: what a customer notices, else what it is.
fn reason(field: &Field) -> &'static str {
    if field.notice.is_empty() { field.what } else { field.notice }
}

/// A name turned into one that can stand in `{{…}}`.
fn as_variable(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("_")
}

/// A sentence with a capital letter, unless it begins with something else.
fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::schema;
    use crate::voice::syntax;

    #[test]
    fn every_example_in_the_schema_is_what_its_field_takes() {
        let mut shapes = vec![&ROOT];
        schema::walk(&ROOT, "", &mut |_, shape| shapes.push(shape));
        let locales = ["en-GB", "de-DE"].map(|tag| Locale::parse(tag).unwrap());
        let fields = shapes.iter().flat_map(|shape| shape.fields).filter(|field| !field.example.is_empty());
        let mut tried = 0;
        for field in fields {
            let text = format!("{} = {}\n", field.name, field.example);
            let sources = [Source { name: "example".into(), text }];
            let parsed = syntax::parse(0, &sources[0]);
            assert_eq!(parsed.findings, [], "{}", sources[0].text);
            let mut entry = parsed.table.entries[0].clone();
            let mut reader = Reader {
                sources: &sources,
                locales: &locales,
                lost: &BTreeSet::new(),
                findings: Vec::new(),
                frames: Vec::new(),
            };
            reader.value(field, &mut entry);
            assert_eq!(reader.findings, [], "{}", sources[0].text);
            tried += 1;
        }
        assert!(tried > 90, "{tried}");
    }
}
