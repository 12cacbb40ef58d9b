//! Text of `*.test.toml` -> dialogues, and every finding in one run.

use jiff::civil::{Date, DateTime, Time};
use toml::value::Datetime;

use crate::engine::RepliesTo;
use crate::voice::read::near::nearest;
use crate::voice::source::{Place, Source};
use crate::voice::tree::{Raw, Table};
use crate::voice::{Diagnostic, Platform, syntax};

use super::agent::{AGENT_WORDS, NotDone, agent_does};
use super::cursor::Cursor;
use super::keys::{self, Names};
use super::{Act, DEFAULT_PACE, Dialogue, Spot, Turn, Words, checks};

/// What came of reading dialogues.
#[derive(Debug, Default)]
pub struct Read {
    /// The dialogues without a mistake, in the order of the files.
    pub dialogues: Vec<Dialogue>,
    /// Every mistake, in the order of places.
    pub findings: Vec<Diagnostic>,
}

/// When a dialogue begins unless it says otherwise: a Tuesday morning.
const DEFAULT_AT: DateTime = DateTime::constant(2026, 11, 24, 10, 0, 0, 0);

/// Reads dialogues that may name what the voice has. Places count the sources from 0 in the order given.
pub fn read(sources: &[Source], names: &Names) -> Read {
    let mut read = Read::default();
    for (number, source) in sources.iter().enumerate() {
        let parsed = syntax::parse(number, source);
        read.findings.extend(parsed.findings);
        let mut cursor = Cursor::default();
        cursor.only_keys(&parsed.table, &["dialogue"], "a file of dialogues");
        for (table, place) in cursor.tables(&parsed.table, "dialogue") {
            let before = cursor.findings.len();
            let dialogue = Reader { cursor: &mut cursor, names }.dialogue(table, &place);
            if cursor.findings.len() == before {
                read.dialogues.extend(dialogue);
            }
        }
        read.findings.append(&mut cursor.findings);
    }
    read.findings.sort_by_key(|finding| (finding.place.source, finding.place.bytes.start));
    read
}

struct Reader<'r> {
    cursor: &'r mut Cursor,
    names: &'r Names,
}

impl Reader<'_> {
    fn dialogue(&mut self, table: &Table, place: &Place) -> Option<Dialogue> {
        self.cursor.only_keys(table, keys::DIALOGUE, "a dialogue");
        let name = self.cursor.text(table, "name");
        if table.get("name").is_none() {
            let missing = Diagnostic::error("missing-key", place.clone(), "this dialogue has no `name`");
            self.cursor.found(missing.help("say what it promises: name = \"Asks how long delivery takes\""));
        }
        let spot = self.cursor.one_of(table, "place", &keys::spots(), "place");
        let platform = self.cursor.one_of(table, "platform", &keys::platforms(), "platform");
        let locale = self.cursor.locale(table, "locale").map(|(locale, _)| locale);
        let customer = self.cursor.text(table, "name_of_customer").map(|(name, _)| name);
        let at = self.at(table);
        let written: Vec<_> = self.cursor.tables(table, "turns");
        if table.get("turns").is_none_or(|turns| turns.list().is_some_and(<[_]>::is_empty)) {
            let missing = Diagnostic::error("missing-key", place.clone(), "nothing happens in this dialogue");
            self.cursor.found(missing.help("add turns, each under its own [[dialogue.turns]]"));
        }
        let turns: Vec<Turn> = written.iter().filter_map(|(table, place)| self.turn(table, place)).collect();
        Some(Dialogue {
            name: name?.0,
            written: place.clone(),
            locale,
            at: at.unwrap_or(DEFAULT_AT),
            spot: spot.and_then(|(name, _)| Spot::named(&name)).unwrap_or_default(),
            platform: Platform::new(platform.map_or_else(|| "console".to_owned(), |(name, _)| name)),
            customer: customer.unwrap_or_default(),
            turns,
        })
    }

    fn at(&mut self, table: &Table) -> Option<DateTime> {
        let node = table.get("at")?;
        let local = if let Raw::Date(written) = &node.value { local(written) } else { None };
        if local.is_none() {
            let message = "`at` should be a day and a time of the brand's time zone, such as 2026-11-24T10:00:00";
            let help = "write it without quotes and without an offset";
            self.cursor.found(Diagnostic::error("wrong-type", node.place.clone(), message).help(help));
        }
        local
    }

    fn turn(&mut self, table: &Table, place: &Place) -> Option<Turn> {
        self.cursor.only_keys(table, keys::TURN, "a turn");
        let checks = match self.cursor.table(table, "expect") {
            Some((expect, place)) => checks::read(self.cursor, self.names, expect, &place),
            None => Vec::new(),
        };
        let actor = self.actor(table, place)?;
        self.only_with(table, "as", &["agent", "member"], actor);
        for key in ["mention", "reply_to", "attachment"] {
            self.only_with(table, key, &["customer", "member"], actor);
        }
        self.only_with(table, "pace", &["customer", "member", "press", "agent"], actor);
        if matches!(actor, "customer" | "press") && table.get("expect").is_none() {
            let missing = Diagnostic::error("missing-key", place.clone(), "this turn of the customer has no `expect`");
            self.cursor.found(missing.help(
                "say what should come of it: expect = { answer = \"…\" }, { silent = \"…\" } or { nothing = true }",
            ));
        }
        let pace = self.cursor.duration(table, if actor == "wait" { "wait" } else { "pace" });
        let act = self.act(table, actor)?;
        Some(Turn { written: place.clone(), act, pace: pace.unwrap_or(DEFAULT_PACE), checks })
    }

    /// The one key that says who acts.
    fn actor(&mut self, table: &Table, place: &Place) -> Option<&'static str> {
        let present: Vec<&'static str> = keys::ACTORS.iter().copied().filter(|key| table.get(key).is_some()).collect();
        match present.as_slice() {
            [one] => Some(*one),
            [] => {
                // A wrong key that looks like an actor was reported already.
                let misspelt =
                    table.entries.iter().any(|entry| nearest(&entry.key, keys::ACTORS.iter().copied()).is_some());
                if !misspelt {
                    let nobody = Diagnostic::error("no-actor", place.clone(), "nobody does anything in this turn");
                    self.cursor.found(nobody.help(format!("a turn has one of {}", keys::ACTORS.join(", "))));
                }
                None
            }
            [first, second, ..] => {
                let message =
                    format!("a turn has one of {}; this one has `{first}` and `{second}`", keys::ACTORS.join(", "));
                let at = table.entry(second).map_or_else(|| place.clone(), |entry| entry.key_place.clone());
                let finding = Diagnostic::error("two-actors", at, message);
                self.cursor.found(finding.help("give the second its own [[dialogue.turns]]"));
                None
            }
        }
    }

    /// Reports a key that means nothing beside this actor.
    fn only_with(&mut self, table: &Table, key: &str, actors: &[&str], actor: &str) {
        if let Some(entry) = table.entry(key).filter(|_| !actors.contains(&actor)) {
            let message = format!("`{key}` means nothing beside `{actor}`");
            let finding = Diagnostic::error("unknown-key", entry.key_place.clone(), message);
            self.cursor.found(finding.help(format!("it belongs to {}", actors.join(" or "))));
        }
    }

    fn act(&mut self, table: &Table, actor: &str) -> Option<Act> {
        let name = self.cursor.text(table, "as").map(|(name, _)| name);
        match actor {
            "customer" => Some(Act::Customer(self.words(table, actor)?)),
            "member" => {
                let words = self.words(table, actor)?;
                Some(Act::Member { name: name.unwrap_or_else(|| "another member".to_owned()), words })
            }
            "press" => Some(Act::Press(self.cursor.text(table, actor)?.0)),
            "agent" => {
                let (written, place) = self.cursor.text(table, actor)?;
                match agent_does(&written) {
                    Ok(does) => Some(Act::Agent { name: name.unwrap_or_else(|| "Robin".to_owned()), does }),
                    Err(not_done) => {
                        self.not_done(&not_done, place);
                        None
                    }
                }
            }
            _ => Some(Act::Wait),
        }
    }

    fn not_done(&mut self, not_done: &NotDone, place: Place) {
        match not_done {
            NotDone::Unknown(word) => {
                let words: Vec<&str> = AGENT_WORDS.iter().map(|(word, _)| *word).collect();
                self.cursor.known(word, &place, &words, "action of an agent");
            }
            NotDone::Missing(word, what) => {
                let message = format!("`{word}` needs {what} behind it");
                self.cursor.found(Diagnostic::error("missing-words", place, message));
            }
        }
    }

    fn words(&mut self, table: &Table, actor: &str) -> Option<Words> {
        let (text, place) = self.cursor.text(table, actor)?;
        let reply_to = self.cursor.one_of(table, "reply_to", keys::REPLY_TO, "message to reply to, called");
        let attachment = self.cursor.text(table, "attachment").map(|(kind, _)| kind);
        if text.trim().is_empty() && attachment.is_none() {
            let finding = Diagnostic::error("missing-words", place, format!("`{actor}` writes nothing"));
            self.cursor.found(finding.help("write words, or add attachment = \"photo\""));
        }
        Some(Words {
            text,
            mention: self.cursor.flag(table, "mention").is_some_and(|(flag, _)| flag),
            reply_to: reply_to.map(|(to, _)| if to == "bot" { RepliesTo::Bot } else { RepliesTo::Person }),
            attachment,
        })
    }
}

/// A local date and time; none when it has an offset or lacks one of the two.
fn local(written: &Datetime) -> Option<DateTime> {
    let (date, time) = (written.date?, written.time?);
    if written.offset.is_some() {
        return None;
    }
    let date = Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
    let second = i8::try_from(time.second.unwrap_or(0)).ok()?;
    let time = Time::new(i8::try_from(time.hour).ok()?, i8::try_from(time.minute).ok()?, second, 0);
    Some(DateTime::from_parts(date.ok()?, time.ok()?))
}

#[cfg(test)]
mod tests;
