//! Sections whose keys are names of the author's choice or of another table: facts, lines, options; texts by language; and
//! brackets.

use super::{Reader, capital, nearest, types};
use crate::voice::lines::Line;
use crate::voice::schema::{Field, Kind, Naming, Shape, Value, quoted};
use crate::voice::source::Place;
use crate::voice::template::MAX_VALUE_CHARS;
use crate::voice::tree::{Entry, Node, Raw, Table};
use crate::voice::{Diagnostic, Locale};

impl Reader<'_> {
    /// Brackets of headers: one pair for what stands once, two for what can be several. Mends them.
    pub(super) fn brackets(&mut self, field: &Field, entry: &mut Entry) {
        let once = matches!(field.kind, Kind::Table(_));
        let many = matches!(field.kind, Kind::Tables(_) | Kind::Say(_));
        match &mut entry.node.value {
            Raw::List(list) if once => {
                let [Node { place, value: Raw::Table(table) }] = list.as_mut_slice() else { return };
                let node = Node { place: place.clone(), value: Raw::Table(std::mem::take(table)) };
                // Headers were mended when the file was read; what is left is braces in a list.
                let written = self.written(&node.place).to_owned();
                let message = format!("`{}` stands in a list, but there is only one.", field.name);
                self.findings.push(
                    Diagnostic::error("brackets", entry.node.place.clone(), message)
                        .because("A list holds several of a kind.")
                        .help(format!("Take the square brackets away: {written}"))
                        .replace_with(written),
                );
                entry.node = node;
            }
            Raw::Table(table) if many => {
                let place = entry.node.place.clone();
                let only = Node { place: place.clone(), value: Raw::Table(std::mem::take(table)) };
                let written = self.written(&place).to_owned();
                // Headers were mended when the file was read; what is left stands in braces.
                self.findings.push(
                    Diagnostic::error(
                        "brackets",
                        place.clone(),
                        format!("`{}` needs a list, because there can be several.", field.name),
                    )
                    .because("A single one in braces leaves no room for a second.")
                    .help(format!("Put square brackets round it: [{written}]"))
                    .replace_with(format!("[{written}]")),
                );
                entry.node = Node { place, value: Raw::List(vec![only]) };
            }
            Raw::Text(_)
            | Raw::Int(..)
            | Raw::Float(..)
            | Raw::Flag(_)
            | Raw::Date(_)
            | Raw::List(_)
            | Raw::Table(_) => {}
        }
    }

    pub(super) fn facts(&mut self, field: &'static Field, name: &str, entry: &mut Entry) {
        if !self.fits(field, &field.kind, name, &mut entry.node) {
            return;
        }
        static FACT: Shape = Shape { noun: "fact", named_by: None, fields: &[] };
        let Raw::Table(table) = &mut entry.node.value else { return };
        self.names(table, Naming::Variable, &FACT);
        for fact in &mut table.entries {
            self.fact(&format!("the fact `{}`", fact.key), &mut fact.node, Depth::Whole);
        }
    }

    /// A fact: a single value; by locale; by region, and there by locale.
    fn fact(&mut self, called: &str, node: &mut Node, depth: Depth) {
        let is_date = node.date().is_some();
        match &mut node.value {
            Raw::Text(text) if text.trim().is_empty() => self.findings.push(
                Diagnostic::error("empty", node.place.clone(), format!("{} is empty.", capital(called)))
                    .because("Wordings that use it would have a hole.")
                    .help("Write its value, or delete it."),
            ),
            Raw::Text(text) if text.chars().count() > MAX_VALUE_CHARS => {
                let length = text.chars().count();
                let message = format!("{} has {length} characters; {MAX_VALUE_CHARS} are the most.", capital(called));
                self.findings.push(
                    Diagnostic::error("fact-too-long", node.place.clone(), message)
                        .because("Longer values are cut off in the middle of a sentence.")
                        .help("Put the sentence into the wordings, and keep the value that changes here."),
                );
            }
            Raw::Text(_) | Raw::Int(..) | Raw::Float(..) => {}
            Raw::Flag(_) if depth == Depth::Whole => {}
            Raw::Date(_) if is_date => {}
            Raw::Table(table) if depth != Depth::OneLocale => {
                let by_region = depth == Depth::Whole && crate::voice::load::is_by_region(table);
                if !by_region {
                    self.locale_keys(table);
                } else if table.get("default").is_none() {
                    self.findings.push(no_default(called, &node.place));
                }
                let depth = if by_region { Depth::OneRegion } else { Depth::OneLocale };
                for entry in &mut table.entries {
                    self.fact(&format!("`{}` of {called}", entry.key), &mut entry.node, depth);
                }
            }
            Raw::Flag(_) | Raw::Date(_) | Raw::List(_) | Raw::Table(_) => {
                let message = format!("{} needs one value; here stands {}.", capital(called), types::what(node));
                self.findings.push(
                    Diagnostic::error("wrong-type", node.place.clone(), message)
                        .because("A fact is put into sentences as it is.")
                        .help("Write text in quotes, a number, a date, or true or false."),
                );
            }
        }
    }

    pub(super) fn lines(&mut self, field: &'static Field, name: &str, entry: &mut Entry) {
        if !self.fits(field, &field.kind, name, &mut entry.node) {
            return;
        }
        let Raw::Table(table) = &mut entry.node.value else { return };
        for line in std::mem::take(&mut table.entries) {
            let known = Line::ALL.iter().any(|known| known.key() == line.key);
            if let Some(mut line) = if known { Some(line) } else { self.unknown_line(line) } {
                let called = format!("the line `{}`", line.key);
                self.text(field, &Kind::Text, &called, &mut line.node);
                table.entries.push(line);
            }
        }
    }

    fn unknown_line(&mut self, mut line: Entry) -> Option<Entry> {
        let message = format!("`{}` is not one of the lines that the bot needs.", line.key);
        let finding =
            Diagnostic::error("unknown-key", line.key_place.clone(), message).because("It would never be said.");
        let known = || Line::ALL.iter().map(|line| line.key());
        let Some(meant) = nearest(&line.key, known()) else {
            self.findings.push(finding.help(format!("The lines are: {}.", known().collect::<Vec<_>>().join(", "))));
            return None;
        };
        self.findings.push(finding.help(format!("Did you mean `{meant}`?")).replace_with(meant));
        meant.clone_into(&mut line.key);
        Some(line)
    }

    pub(super) fn options(&mut self, field: &'static Field, name: &str, entry: &mut Entry) {
        if !self.fits(field, &field.kind, name, &mut entry.node) {
            return;
        }
        let Raw::Table(table) = &mut entry.node.value else { return };
        for option in &mut table.entries {
            let name = format!("`{}`", option.key);
            self.one_by_locale(field, &Value::Label, &name, &mut option.node);
        }
    }

    /// Keys of a table by locale must be locales of the brand; others are taken out.
    pub(super) fn locale_keys(&mut self, table: &mut Table) {
        table.entries.retain(|entry| {
            let spoken = Locale::parse(&entry.key).map(|locale| self.locales.iter().any(|l| l.serves(&locale) > 0));
            if spoken != Some(true) {
                let finding = self.not_spoken(&entry.key, &entry.key_place, spoken.is_some());
                self.findings.push(finding);
            }
            spoken == Some(true)
        });
    }

    pub(super) fn not_spoken(&self, tag: &str, place: &Place, is_locale: bool) -> Diagnostic {
        let tags: Vec<&str> = self.locales.iter().map(Locale::as_str).collect();
        let message = if is_locale {
            format!("`{tag}` is not one of the brand's languages ({}).", tags.join(", "))
        } else {
            format!("`{tag}` is not a language; texts in braces go by language here.")
        };
        let finding =
            Diagnostic::error("unknown-locale", place.clone(), message).because("Nobody would ever read this text.");
        match nearest(tag, tags.iter().copied()) {
            _ if is_locale => finding.help(format!("Add \"{tag}\" to `locales` in [brand], or delete this text.")),
            Some(meant) => finding.help(format!("Did you mean `{meant}`?")).replace_with(meant),
            None => finding.help(format!("Use one of the brand's languages: {}.", quoted(&tags))),
        }
    }
}

/// How deep in a fact we are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Whole,
    OneRegion,
    OneLocale,
}

fn no_default(called: &str, place: &Place) -> Diagnostic {
    Diagnostic::error("missing", place.clone(), format!("{} has no `default`.", capital(called)))
        .because("People in other regions, or in none that is known, would get no value.")
        .help("Add: default = \"7 to 10\"")
}
