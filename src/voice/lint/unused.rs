//! Slots, links, facts and hours that nothing uses.

use std::collections::BTreeSet;

use super::{Found, Rule, Whole};
use crate::voice::Diagnostic;
use crate::voice::load::notes::Kind;

/// Its code.
pub(in crate::voice) const CODE: &str = "unused";

pub(super) const RULE: Rule =
    Rule { codes: &[(CODE, "Every slot, link, fact and name of hours is used somewhere.")], taste: false, run };

fn run(whole: &Whole<'_>, found: &mut Found) {
    if whole.lost {
        return;
    }
    let mentioned: BTreeSet<(Kind, &str)> = whole.notes.references.iter().map(|r| (r.kind, r.name.as_str())).collect();
    let uses = whole.notes.said.iter().flat_map(|said| &said.variants).flat_map(|variant| &variant.uses);
    let blanks: BTreeSet<&str> = uses.map(|used| used.name.as_str()).collect();
    for ((kind, name), place) in &whole.notes.defined {
        let (noun, help) = match kind {
            Kind::Slot => ("slot", "Name it in `needs` of an answer, or delete it."),
            Kind::Link => ("link", "Name it as `link` of an answer, or say {{link.NAME}} in a wording, or delete it."),
            Kind::Fact => ("fact", "Say {{NAME}} in a wording, or delete it."),
            Kind::Hours => ("name of hours", "Write hours = \"NAME\" in [handoff], or delete it."),
            Kind::Answer | Kind::Tone | Kind::Region | Kind::HandoffRule => continue,
        };
        let blank = if *kind == Kind::Link { format!("link.{name}") } else { name.clone() };
        if mentioned.contains(&(*kind, name)) || blanks.contains(blank.as_str()) {
            continue;
        }
        found.push(
            Diagnostic::hint(CODE, place.clone(), format!("Nothing uses the {noun} `{name}`."))
                .because("Perhaps a name is misspelt somewhere, or this is left over.")
                .help(help.replace("NAME", name)),
        );
    }
}
