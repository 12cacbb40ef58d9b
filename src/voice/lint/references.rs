//! Names of things that are nowhere defined.

use super::{Found, Rule, Whole};
use crate::voice::Diagnostic;
use crate::voice::load::notes::{Kind, Reference};
use crate::voice::read::nearest;

pub(super) const RULE: Rule = Rule {
    codes: &[("unknown-name", "Every answer, slot, link, tone, region and name of hours that is mentioned exists.")],
    taste: false,
    run,
};

fn run(whole: &Whole<'_>, found: &mut Found) {
    // What could not be read may define it.
    if whole.lost {
        return;
    }
    for reference in &whole.notes.references {
        let regions_without_slot = reference.kind == Kind::Region && whole.voice.brand.region_slot.is_none();
        if !whole.notes.is_defined(reference.kind, &reference.name) && !regions_without_slot {
            found.push(finding(whole, reference));
        }
    }
}

fn finding(whole: &Whole<'_>, reference: &Reference) -> Diagnostic {
    let (noun, why, define) = words(reference.kind);
    let them = if reference.kind == Kind::Hours { "them" } else { "it" };
    let message = format!("No {noun} called `{}`, but {} names {them}.", reference.name, reference.by);
    let finding = Diagnostic::error("unknown-name", reference.place.clone(), message).because(why);
    let names: Vec<&str> =
        whole.notes.defined.keys().filter(|(kind, _)| *kind == reference.kind).map(|(_, name)| name.as_str()).collect();
    let is_text = whole.sources.get(reference.place.source).and_then(|s| s.text.get(reference.place.bytes.clone()));
    let other_name = OTHER_NAMES.iter().find(|(theirs, ours)| *theirs == reference.name && names.contains(ours));
    let meant = other_name.map(|(_, ours)| *ours).or_else(|| nearest(&reference.name, names.iter().copied()));
    match meant {
        Some(meant) => {
            let finding = finding.help(format!("Did you mean `{meant}`?"));
            let exact = is_text.map(|text| text.trim_matches(['"', '\'']) == reference.name);
            match is_text {
                Some(text) if exact == Some(true) => finding.replace_with(text.replacen(&reference.name, meant, 1)),
                _ => finding,
            }
        }
        None if names.is_empty() => {
            finding.help(format!("{define}, or delete the name here.").replace("NAME", &reference.name))
        }
        None => {
            finding.help(format!("{define}, or use one of: {}.", names.join(", ")).replace("NAME", &reference.name))
        }
    }
}

/// What people call regions, and their codes.
const OTHER_NAMES: &[(&str, &str)] = &[("UK", "GB"), ("EN", "GB"), ("USA", "US"), ("GER", "DE"), ("SUI", "CH")];

/// What it is called, what a customer would notice, how to define it.
fn words(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::Answer => ("answer is", "A button would lead nowhere.", "Write the answer"),
        Kind::Slot => ("slot is", "The bot could not ask for it.", "Write a block [slots.NAME]"),
        Kind::Link => ("link is", "The button would be missing.", "Write a block [links.NAME]"),
        Kind::Hours => ("hours are", "People would be told the wrong times.", "Write a block [hours.NAME]"),
        Kind::Tone => ("tone is", "The wording would never be used.", "Name the tone in a mood: tone = \"NAME\""),
        Kind::Region => (
            "region is",
            "Nobody would count as being there.",
            "Write it as a choice of the slot that is `brand.region_slot`",
        ),
        Kind::Fact => ("fact is", "There would be a hole in the sentence.", "Write it in [facts]"),
        Kind::HandoffRule => ("handoff rule is", "It would never be set off.", "Write a block [[handoff.rules]]"),
    }
}
