//! Values: one by one, in lists, by language, in blocks.

use super::{Reader, capital, reason, types};
use crate::voice::Diagnostic;
use crate::voice::schema::{Field, Kind, Shape, Value};
use crate::voice::source::Place;
use crate::voice::tree::{Entry, Node, Raw};

impl Reader<'_> {
    /// Checks the value of a field and mends it where it is plain what was meant.
    pub(super) fn value(&mut self, field: &'static Field, entry: &mut Entry) {
        let name = format!("`{}`", entry.key);
        match &field.kind {
            Kind::One(value) => self.one(field, value, &name, &mut entry.node),
            Kind::OneByLocale(value) => self.one_by_locale(field, value, &name, &mut entry.node),
            Kind::List(_) | Kind::Exactly(_) => self.list(field, &field.kind, &name, &mut entry.node),
            Kind::Text | Kind::OneText => self.text(field, &field.kind, &name, &mut entry.node),
            Kind::Words => self.words(field, &name, &mut entry.node),
            Kind::Say(shape) => self.say(field, shape, entry, &name),
            Kind::Table(shape) | Kind::Tables(shape) | Kind::Named(shape, _) => {
                self.brackets(field, entry);
                if self.fits(field, &field.kind, &name, &mut entry.node) {
                    self.inner(field, shape, entry);
                }
            }
            Kind::Facts => self.facts(field, &name, entry),
            Kind::Lines => self.lines(field, &name, entry),
            Kind::Options => self.options(field, &name, entry),
        }
    }

    fn one(&mut self, field: &Field, value: &Value, name: &str, node: &mut Node) {
        if self.fits(field, &Kind::One(*value), name, node) {
            self.meaning(field, value, name, node);
        }
    }

    /// `say`: a text, or blocks.
    fn say(&mut self, field: &'static Field, shape: &'static Shape, entry: &mut Entry, name: &str) {
        let is_block = match &entry.node.value {
            Raw::Table(table) => table.entries.iter().any(|e| shape.field(&e.key).is_some()),
            Raw::List(list) => list.first().is_some_and(|node| node.table().is_some()),
            Raw::Text(_) | Raw::Int(..) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) => false,
        };
        if is_block {
            self.brackets(field, entry);
            self.inner(field, shape, entry);
        } else {
            self.text(field, &Kind::Text, name, &mut entry.node);
        }
    }

    /// A wording, several, or (where the kind is `Text`) either by locale.
    pub(super) fn text(&mut self, field: &Field, kind: &Kind, name: &str, node: &mut Node) {
        match &mut node.value {
            Raw::Text(text) => {
                if text.trim().is_empty() {
                    self.empty(field, name, &node.place);
                }
            }
            Raw::List(list) => {
                if list.is_empty() {
                    self.empty(field, name, &node.place);
                }
                list.iter_mut().for_each(|element| self.one(field, &Value::Str, name, element));
                list.retain(|element| element.text().is_some_and(|text| !text.trim().is_empty()));
            }
            Raw::Table(table) if matches!(kind, Kind::Text) => {
                self.locale_keys(table);
                for entry in &mut table.entries {
                    let name = format!("`{}` of {name}", entry.key);
                    self.text(field, &Kind::OneText, &name, &mut entry.node);
                }
            }
            Raw::Int(..) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) | Raw::Table(_) => {
                self.fits(field, kind, name, node);
            }
        }
    }

    pub(super) fn one_by_locale(&mut self, field: &Field, value: &Value, name: &str, node: &mut Node) {
        if let Raw::Table(table) = &mut node.value {
            self.locale_keys(table);
            for entry in &mut table.entries {
                let name = format!("`{}` of {name}", entry.key);
                self.one(field, value, &name, &mut entry.node);
            }
        } else if self.fits(field, &Kind::OneByLocale(*value), name, node) {
            self.meaning(field, value, name, node);
        }
    }

    fn words(&mut self, field: &Field, name: &str, node: &mut Node) {
        if let Raw::Table(table) = &mut node.value {
            self.locale_keys(table);
            for entry in &mut table.entries {
                let name = format!("`{}` of {name}", entry.key);
                self.list(field, &Kind::List(Value::Str), &name, &mut entry.node);
            }
        } else {
            self.list(field, &Kind::Words, name, node);
        }
    }

    fn list(&mut self, field: &Field, kind: &Kind, name: &str, node: &mut Node) {
        if !self.fits(field, kind, name, node) {
            return;
        }
        let Raw::List(list) = &mut node.value else { return };
        if let Kind::Exactly(count) = kind
            && list.len() != *count
        {
            let message = format!("{} needs {count} names; here are {}.", capital(name), list.len());
            self.findings.push(
                Diagnostic::error("count", node.place.clone(), message)
                    .because("Dates could not be said.")
                    .help(format!("{} Write all {count}.", field.what)),
            );
        }
        let value = if let Kind::List(value) = kind { *value } else { Value::Str };
        list.iter_mut().for_each(|element| self.one(field, &value, name, element));
    }

    /// Whether a value has the type of its field. When not, that is reported, and the value is mended where it is plain what
    /// was meant.
    pub(super) fn fits(&mut self, field: &Field, kind: &Kind, name: &str, node: &mut Node) -> bool {
        if types::fits(kind, node) {
            return true;
        }
        let finding = self.wrong_type(field, kind, name, node);
        let mended = types::mend(kind, node, self.written(&node.place));
        self.findings.push(match &mended {
            Some(mended) => finding.help(mended.help.clone()).replace_with(mended.written.clone()),
            None if field.example.is_empty() => finding.help(format!("Write {}.", kind.wanted())),
            None => finding.help(format!("Write, for instance: {} = {}", field.name, field.example)),
        });
        if let Some(mended) = mended {
            node.value = mended.value;
            return true;
        }
        false
    }

    /// Reports a member of a section or a list of blocks that is no block itself.
    pub(super) fn no_block(&mut self, field: &Field, name: &str, node: &Node) {
        let finding = self.wrong_type(field, &field.kind, name, node);
        self.findings.push(finding.help(format!("Write {}.", field.kind.wanted())));
    }

    fn wrong_type(&self, field: &Field, kind: &Kind, name: &str, node: &Node) -> Diagnostic {
        let message = format!("{} needs {}; here stands {}.", capital(name), kind.wanted(), types::what(node));
        Diagnostic::error("wrong-type", node.place.clone(), message).because(reason(field))
    }

    /// Reports a text without words.
    pub(super) fn empty(&mut self, field: &Field, name: &str, place: &Place) {
        let help = if field.required {
            format!("Write something, such as: {}", field.example)
        } else {
            "Write something, or delete the line.".to_owned()
        };
        self.findings.push(
            Diagnostic::error("empty", place.clone(), format!("{} is empty.", capital(name)))
                .because("A customer would get an empty message.")
                .help(help),
        );
    }
}
