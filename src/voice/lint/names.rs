//! One name for two things.

use super::missing_text::capital;
use super::{Found, Rule, Whole};
use crate::voice::Diagnostic;
use crate::voice::lines::{ALWAYS_KNOWN, Line, SOMETIMES_KNOWN};
use crate::voice::load::notes::Kind;

pub(super) const RULE: Rule = Rule {
    codes: &[
        ("duplicate-id", "Ids of answers and handoff rules are given once."),
        ("name-taken", "A fact and a slot have different names, and no name that the bot itself uses."),
    ],
    taste: false,
    run,
};

fn run(whole: &Whole<'_>, found: &mut Found) {
    for (kind, name, place) in &whole.notes.defined_again {
        let noun = if *kind == Kind::Answer { "answer" } else { "handoff rule" };
        let first = whole.defined_at(*kind, name);
        let line = first.map(|place| whole.line_of(place)).unwrap_or_default();
        let finding = Diagnostic::error(
            "duplicate-id",
            place.clone(),
            format!("There are two {noun}s with the id `{name}`; the other is {line}."),
        )
        .because("Customers would get either, and reports could not tell them apart.")
        .help("Give one of them another id, or put both together.");
        found.push(match first {
            Some(first) => finding.see(first.clone(), "the other one"),
            None => finding,
        });
    }
    let lines = Line::ALL.iter().flat_map(|line| line.known().iter().chain(line.may_know()));
    let own: Vec<&str> = ALWAYS_KNOWN.iter().chain(SOMETIMES_KNOWN).chain(lines).copied().collect();
    for ((kind, name), place) in &whole.notes.defined {
        let taken = match kind {
            Kind::Fact if own.contains(&name.as_str()) => "the bot fills that in itself".to_owned(),
            Kind::Slot if own.contains(&name.as_str()) => "the bot fills that in itself".to_owned(),
            Kind::Slot => match whole.defined_at(Kind::Fact, name) {
                Some(fact) => format!("there is a fact of that name {}", whole.line_of(fact)),
                None => continue,
            },
            Kind::Answer | Kind::Link | Kind::Hours | Kind::Tone | Kind::Region | Kind::Fact | Kind::HandoffRule => {
                continue;
            }
        };
        let noun = if *kind == Kind::Fact { "fact" } else { "slot" };
        found.push(
            Diagnostic::error(
                "name-taken",
                place.clone(),
                capital(&format!("the {noun} cannot be called `{name}`: {taken}.")),
            )
            .because(format!("`{{{{{name}}}}}` would mean two things."))
            .help("Give it another name."),
        );
    }
}
