//! What stands in `expect` -> [`Check`]s.

use crate::engine::Silence;
use crate::voice::source::Place;
use crate::voice::tree::Table;
use crate::voice::{AnswerId, Diagnostic, Line, MoodId, SlotId};

use super::Check;
use super::cursor::Cursor;
use super::keys::{self, Names};

/// Reads every promise of an `expect`, in the order of the file.
pub(super) fn read(cursor: &mut Cursor, names: &Names, table: &Table, place: &Place) -> Vec<(Check, Place)> {
    cursor.only_keys(table, keys::EXPECT, "`expect`");
    if table.entries.is_empty() {
        let finding = Diagnostic::error("missing-key", place.clone(), "this `expect` expects nothing in particular");
        cursor.found(finding.help("for no reply at all write { nothing = true } or { silent = \"…\" }"));
    }
    let mut checks = Vec::new();
    for entry in &table.entries {
        let check = check(cursor, names, table, &entry.key);
        checks.extend(check.map(|check| (check, entry.node.place.clone())));
    }
    contradiction(cursor, table);
    checks
}

fn check(cursor: &mut Cursor, names: &Names, table: &Table, key: &str) -> Option<Check> {
    match key {
        "answer" => known_list(cursor, table, key, &as_strs(&names.answers), "answer")
            .map(|ids| Check::Answer(ids.into_iter().map(AnswerId::new).collect())),
        "says" => texts(cursor, table, key).map(Check::Says),
        "not_says" => texts(cursor, table, key).map(Check::NotSays),
        "exactly" => text(cursor, table, key).map(Check::Exactly),
        "choices" => texts(cursor, table, key).map(Check::Choices),
        "asks" => one(cursor, table, key, &as_strs(&names.slots), "slot").map(|id| Check::Asks(SlotId::new(id))),
        "line" => known_list(cursor, table, key, &keys::lines(), "line").map(|found| {
            let of = |key: &String| Line::ALL.iter().copied().find(|line| line.key() == key);
            Check::Line(found.iter().filter_map(of).collect())
        }),
        "silent" => one(cursor, table, key, &keys::silences(), "reason for silence")
            .and_then(|name| Silence::ALL.iter().copied().find(|reason| reason.name() == name).map(Check::Silent)),
        "handoff" => one(cursor, table, key, &names.reasons(), "reason for a handoff").map(Check::Handoff),
        "react" => text(cursor, table, key).map(Check::React),
        "mood" => {
            let mut moods = as_strs(&names.moods);
            moods.push("none");
            one(cursor, table, key, &moods, "mood").map(|id| Check::Mood((id != "none").then(|| MoodId::new(id))))
        }
        "phase" => one(cursor, table, key, keys::PHASES, "phase").map(Check::Phase),
        "locale" => cursor.locale(table, key).map(|(locale, _)| Check::Locale(locale)),
        "nothing" => nothing(cursor, table, key),
        _ => None,
    }
}

fn nothing(cursor: &mut Cursor, table: &Table, key: &str) -> Option<Check> {
    let (flag, place) = cursor.flag(table, key)?;
    if !flag {
        let finding = Diagnostic::error("wrong-value", place, "`nothing = false` promises nothing");
        cursor.found(finding.help("say what should come of it instead"));
    }
    flag.then_some(Check::Nothing)
}

/// Reports promises that cannot both be kept.
fn contradiction(cursor: &mut Cursor, table: &Table) {
    let quiet = ["nothing", "silent"].into_iter().find_map(|key| table.entry(key));
    let loud = ["answer", "says", "exactly", "choices", "asks", "line"].into_iter().find_map(|key| table.entry(key));
    if let (Some(quiet), Some(loud)) = (quiet, loud) {
        let message = format!("`{}` and `{}` cannot both be kept", quiet.key, loud.key);
        let finding = Diagnostic::error("contradiction", loud.key_place.clone(), message);
        cursor.found(finding.see(quiet.key_place.clone(), "nothing is said here"));
    }
}

fn text(cursor: &mut Cursor, table: &Table, key: &str) -> Option<String> {
    cursor.text(table, key).map(|(text, _)| text)
}

fn texts(cursor: &mut Cursor, table: &Table, key: &str) -> Option<Vec<String>> {
    cursor.texts(table, key).map(|texts| texts.into_iter().map(|(text, _)| text).collect())
}

fn one(cursor: &mut Cursor, table: &Table, key: &str, known: &[&str], what: &str) -> Option<String> {
    cursor.one_of(table, key, known, what).map(|(text, _)| text)
}

fn known_list(cursor: &mut Cursor, table: &Table, key: &str, known: &[&str], what: &str) -> Option<Vec<String>> {
    let texts = cursor.texts(table, key)?;
    let right: Vec<bool> = texts.iter().map(|(text, place)| cursor.known(text, place, known, what)).collect();
    right.into_iter().all(|right| right).then(|| texts.into_iter().map(|(text, _)| text).collect())
}

fn as_strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
