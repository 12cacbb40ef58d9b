//! What the keys of one table must be together.

use super::{Frame, Reader, capital};
use crate::voice::load::builtin;
use crate::voice::source::Place;
use crate::voice::tree::Table;
use crate::voice::{Diagnostic, Locale};

/// Most choices of a slot: what a Discord menu holds.
const MAX_CHOICES: usize = 25;

impl Reader<'_> {
    /// Checks a table as a whole, after its keys.
    pub(super) fn within(&mut self, table: &Table, frame: &Frame) {
        match frame.shape.noun {
            "slot" => self.slot(table, frame),
            "mood" => self.mood(table, frame),
            "clarify" => self.clarify(table),
            "handoff rule" => self.handoff_rule(table, frame),
            "condition" => self.dates(table),
            "wording" => self.locale_of_wording(table),
            "small talk" => self.small_talk(table, frame),
            _ => {}
        }
    }

    fn slot(&mut self, table: &Table, frame: &Frame) {
        let place = || table.get("kind").map_or_else(|| frame.place.clone(), |kind| kind.place.clone());
        match table.text("kind") {
            Some("pattern") if !frame.present.contains("pattern") => {
                let message = format!("{} is a pattern, but there is no `pattern`.", capital(&frame.called));
                self.findings.push(
                    Diagnostic::error("missing", place(), message)
                        .because("The bot could not tell a reply that fits from one that does not.")
                        .help("Add: pattern = 'LL-[0-9]{6}'"),
                );
            }
            Some("choice") => self.choices(table, frame, place()),
            _ => {}
        }
        for (key, kind) in [("pattern", "pattern"), ("choices", "choice")] {
            let here = table.text("kind").filter(|here| *here != kind);
            if let (Some(entry), Some(here)) = (table.entry(key), here) {
                let message = format!("`{key}` counts for nothing while `kind` is \"{here}\".");
                self.findings.push(
                    Diagnostic::warning("no-effect", entry.key_place.clone(), message)
                        .because("Replies would be taken that you did not mean to take.")
                        .help(format!("Write kind = \"{kind}\", or delete `{key}`.")),
                );
            }
        }
    }

    fn choices(&mut self, table: &Table, frame: &Frame, place: Place) {
        let count = table.table("choices").map_or(0, |choices| choices.entries.len());
        if (2..=MAX_CHOICES).contains(&count) {
            return;
        }
        let message = match count {
            0 => format!("{} is a choice, but there are no choices.", capital(&frame.called)),
            1 => format!("{} has one choice only.", capital(&frame.called)),
            _ => format!("{} has {count} choices; {MAX_CHOICES} are the most.", capital(&frame.called)),
        };
        let place = table.entry("choices").filter(|_| count > 0).map_or(place, |entry| entry.key_place.clone());
        self.findings.push(
            Diagnostic::error("choices", place, message)
                .because("Customers pick from buttons: two at least, and no more than a chat can show.")
                .help(format!("Write a block [{}.choices.NAME] with a label for each choice.", frame.path)),
        );
    }

    fn mood(&mut self, table: &Table, frame: &Frame) {
        let Some(when) = table.get("when").and_then(|node| Some((node, node.table()?))) else { return };
        let (anger, joy) = (when.1.get("anger_at_least").is_some(), when.1.flag("joy") == Some(true));
        if anger != joy {
            return;
        }
        let message = if anger {
            format!("{} asks for anger and joy at once.", capital(&frame.called))
        } else {
            format!("{} does not say when it applies.", capital(&frame.called))
        };
        self.findings.push(
            Diagnostic::error("mood-when", when.0.place.clone(), message)
                .because("The mood would never come up.")
                .help("Write one of: when = { anger_at_least = 2 } or when = { joy = true }"),
        );
    }

    fn clarify(&mut self, table: &Table) {
        let Some(between) = table.get("between") else { return };
        let count = between.list().map_or(0, <[_]>::len);
        if !(2..=4).contains(&count) {
            let here = if count == 1 { "is one".to_owned() } else { format!("are {count}") };
            let message = format!("A [[clarify]] is between two to four answers; here {here}.");
            self.findings.push(
                Diagnostic::error("clarify-between", between.place.clone(), message)
                    .because("With one there is nothing to choose, and more than four buttons are not read.")
                    .help("Write: between = [\"delivery.time\", \"delivery.track\"]"),
            );
        }
        for entry in table.table("options").map(|t| t.entries.as_slice()).unwrap_or_default() {
            let listed = table.list("between").iter().any(|node| node.text() == Some(&entry.key));
            if !listed {
                let message = format!("`{}` has a button here, but is not one of `between`.", entry.key);
                self.findings.push(
                    Diagnostic::error("clarify-option", entry.key_place.clone(), message)
                        .because("The button would never be shown.")
                        .help("Add the answer to `between`, or delete the option."),
                );
            }
        }
    }

    fn handoff_rule(&mut self, table: &Table, frame: &Frame) {
        let builtin = table.text("id").is_some_and(builtin::has_handoff_rule);
        if builtin
            || frame.present.contains("words")
            || frame.explained.contains("words")
            || self.lost.contains("words")
        {
            return;
        }
        let message = format!("{} has no `words`.", capital(&frame.called));
        self.findings.push(
            Diagnostic::error("missing", frame.place.clone(), message)
                .because("Nothing would ever set it off.")
                .help("Add: words = [\"journalist\", \"press enquiry\"]"),
        );
    }

    fn locale_of_wording(&mut self, table: &Table) {
        let Some(node) = table.get("locale") else { return };
        let Some((tag, locale)) = node.text().and_then(|tag| Some((tag, Locale::parse(tag)?))) else { return };
        if !self.locales.iter().any(|spoken| spoken.serves(&locale) > 0) {
            let finding = self.not_spoken(tag, &node.place, true);
            self.findings.push(finding);
        }
    }

    fn small_talk(&mut self, table: &Table, frame: &Frame) {
        let name = frame.path.rsplit('.').next().unwrap_or_default();
        if table.get("ask").is_none() && !builtin::has_small_talk(name) && !frame.explained.contains("ask") {
            self.findings.push(
                Diagnostic::error("missing", frame.place.clone(), format!("{} has no `ask`.", capital(&frame.called)))
                    .because("No message would ever count as it.")
                    .help("Add: ask = [\"good luck\", \"fingers crossed\"]"),
            );
        }
    }

    fn dates(&mut self, table: &Table) {
        if let (Some(from), Some(until)) = (table.date("from"), table.date("until"))
            && from > until
            && let Some(node) = table.get("until")
        {
            self.findings.push(
                Diagnostic::error(
                    "never",
                    node.place.clone(),
                    format!("The wording ends on {until}, before it begins on {from}."),
                )
                .because("It would never be said.")
                .help("Swap the two dates, or mend one of them."),
            );
        }
    }
}
