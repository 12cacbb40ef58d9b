//! Keys that mean nothing where they stand: misspelt, called otherwise elsewhere, or below a block they belong above.

use super::{Reader, nearest};
use crate::voice::Diagnostic;
use crate::voice::schema::{Kind, OTHER_NAMES, ROOT, Value, homes};
use crate::voice::tree::Entry;

impl Reader<'_> {
    /// Reports a key that its table does not have. Gives it back under the right name where that is plain.
    pub(super) fn unknown_key(&mut self, mut entry: Entry) -> Option<Entry> {
        if let Some(depth) = self.belongs_above(&entry) {
            self.misplaced(entry, depth);
            return None;
        }
        let frame = self.frames.last()?;
        let (header, present) = (frame.header(), &frame.present);
        let names = || frame.shape.fields.iter().map(|field| field.name);
        let similar = nearest(&entry.key, names().filter(|name| !present.contains(*name)));
        let translated = || OTHER_NAMES.iter().filter(|(theirs, _)| *theirs == entry.key).map(|(_, ours)| *ours);
        let translated = translated().find(|ours| frame.shape.field(ours).is_some() && !present.contains(*ours));
        let meant = similar.or(translated);
        let message = match frame.path.as_str() {
            "" => format!("`{}` is not a section or key of a voice file.", entry.key),
            _ => format!("`{}` is not a key of {header}.", entry.key),
        };
        let finding = Diagnostic::error("unknown-key", entry.key_place.clone(), message);
        let finding = finding.because("The bot does not know it, so it would count for nothing.");
        let Some(meant) = meant else {
            let help = self.where_it_lives(&entry.key, &names().collect::<Vec<_>>().join(", "));
            self.findings.push(finding.help(help));
            return None;
        };
        self.findings.push(finding.help(format!("Did you mean `{meant}`?")).replace_with(meant));
        if let Some(frame) = self.frames.last_mut() {
            frame.explained.insert(meant.to_owned());
        }
        meant.clone_into(&mut entry.key);
        Some(entry)
    }

    /// Where a key that is unknown here has a meaning.
    fn where_it_lives(&self, key: &str, known: &str) -> String {
        if ROOT.field(key).is_some() {
            return format!("[{key}] is a section of its own: write its header without anything before it.");
        }
        let homes = homes(key);
        let path = self.frames.last().map(|frame| frame.path.as_str()).unwrap_or_default();
        match homes.as_slice() {
            [] if path.is_empty() => format!("Sections are: {known}."),
            [] => format!("Delete it, or use one of these keys: {known}."),
            [one] => format!("`{key}` belongs to {one}. Move it there."),
            [some @ .., last] if some.len() < 4 => {
                format!("`{key}` is a key of {} and {last}. Move it there.", some.join(", "))
            }
            _ => format!("Move it below the section it belongs to. Keys here are: {known}."),
        }
    }

    /// Which table around this one has such a key, as its place among them.
    fn belongs_above(&self, entry: &Entry) -> Option<usize> {
        let around = self.frames.len().checked_sub(1)?;
        (0..around).rev().find(|depth| {
            self.frames.get(*depth).is_some_and(|frame| {
                let field = frame.shape.field(&entry.key);
                field.is_some_and(|field| !frame.path.is_empty() || matches!(field.kind, Kind::One(Value::Version)))
            })
        })
    }

    /// The mistake that TOML makes easy: a key after a block belongs to that block.
    fn misplaced(&mut self, entry: Entry, depth: usize) {
        let (Some(here), Some(home)) = (self.frames.last(), self.frames.get(depth)) else { return };
        let line = self.line(&entry.key_place);
        let message = match home.path.as_str() {
            "" => format!(
                "`{}` on line {line} stands inside {}, but it belongs to the top of the file.",
                entry.key,
                here.header()
            ),
            _ => format!(
                "`{}` on line {line} stands inside {} of {}, but it belongs to the {} itself.",
                entry.key,
                here.header(),
                home.called,
                home.shape.noun
            ),
        };
        let help = match &home.first_block {
            _ if home.path.is_empty() => "Move it above the first line with [ ].".to_owned(),
            Some(block) => format!("Move it up, above line {}: the first {}.", self.line(block), self.written(block)),
            None => format!("Move it up, to the other keys of {}.", home.called),
        };
        let finding = Diagnostic::error("misplaced-key", entry.key_place.clone(), message)
            .because(
                "A key belongs to the last [section] or [[block]] above it, and there this one counts for nothing.",
            )
            .help(help);
        self.findings.push(finding);
        if let Some(home) = self.frames.get_mut(depth) {
            home.explained.insert(entry.key.clone());
            home.adopted.push(entry);
        }
    }
}
