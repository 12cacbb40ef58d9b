//! Regions without a question that finds out where somebody is.

use super::{Found, Rule, Whole};
use crate::voice::load::notes::Kind;
use crate::voice::{Diagnostic, SlotKind};

pub(super) const RULE: Rule = Rule {
    codes: &[("region-slot", "Whoever writes by region says in `brand.region_slot` which choice slot asks for it.")],
    taste: false,
    run,
};

fn run(whole: &Whole<'_>, found: &mut Found) {
    if whole.lost {
        return;
    }
    match &whole.voice.brand.region_slot {
        None => {
            let mentions: Vec<_> = whole.notes.references.iter().filter(|r| r.kind == Kind::Region).collect();
            let Some(first) = mentions.first() else { return };
            let choice = whole.voice.slots.values().find(|slot| matches!(slot.kind, SlotKind::Choice(_)));
            let name = choice.map_or("country", |slot| slot.id.as_str());
            found.push(
                Diagnostic::error(
                    "region-slot",
                    first.place.clone(),
                    format!(
                        "{} goes by region, but nothing says how the region is found out.",
                        super::missing_text::capital(&first.by)
                    ),
                )
                .because("Everybody would get what holds in no region in particular.")
                .help(format!("Write in [brand]: region_slot = \"{name}\", the name of a slot of kind \"choice\".")),
            );
        }
        Some(id) => {
            let slot = whole.voice.slots.get(id);
            if slot.is_some_and(|slot| !matches!(slot.kind, SlotKind::Choice(_))) {
                found.push(
                    Diagnostic::error(
                        "region-slot",
                        whole.brand_place("region_slot"),
                        format!("The slot `{id}` is no choice, so it cannot say where somebody is."),
                    )
                    .because("Texts by region would never be used.")
                    .help("Name a slot with kind = \"choice\"."),
                );
            }
        }
    }
}
