//! Wordings that a chat program refuses once their blanks are filled.

use super::missing_text::capital;
use super::{Found, Rule, Whole};
use crate::voice::load::notes::{Owner, SaidVariant};
use crate::voice::template::MAX_VALUE_CHARS;
use crate::voice::{Diagnostic, Fact, FactText, SlotKind};

/// Most characters of a message on Discord, which allows the fewest.
const MOST: usize = 2000;
/// What a name or a number may well take.
const USUAL: usize = 32;
/// What a slot of kind text takes at most.
const TEXT_SLOT: usize = 200;

pub(super) const RULE: Rule = Rule {
    codes: &[(
        "too-long-for-chat",
        "A wording has no more than 2,000 characters (Discord), with the longest values in its blanks.",
    )],
    taste: false,
    run,
};

fn run(whole: &Whole<'_>, found: &mut Found) {
    for said in whole.notes.said.iter().filter(|said| !matches!(said.owner, Owner::Calendar(..))) {
        for variant in said.variants.iter().filter(|variant| !variant.builtin) {
            // Nearly every wording is far from the limit, however long its values are.
            let blanks = variant.uses.iter().filter(|used| !used.asked).count();
            if variant.text.len() + blanks * MAX_VALUE_CHARS <= MOST {
                continue;
            }
            let length = filled(whole, variant);
            if length > MOST {
                let name = capital(&said.owner.spoken());
                let message = format!("{name} has {length} characters with the longest values; Discord takes {MOST}.");
                found.push(
                    Diagnostic::error("too-long-for-chat", variant.place.clone(), message)
                        .because("Discord would refuse the message, and the customer would get none.")
                        .help("Shorten it, or lead people to a page with `link`."),
                );
            }
        }
    }
}

/// Characters of a wording with the longest value in each blank.
fn filled(whole: &Whole<'_>, variant: &SaidVariant) -> usize {
    let printed = || variant.uses.iter().filter(|used| !used.asked);
    let tags: usize = printed().map(|used| used.at.len()).sum();
    let values: usize = printed().map(|used| longest(whole, &used.name)).sum();
    (variant.text.chars().count() + values).saturating_sub(tags)
}

fn longest(whole: &Whole<'_>, name: &str) -> usize {
    let voice = whole.voice;
    if let Some(fact) = voice.facts.get(name) {
        return match fact {
            Fact::Flag(_) => 0,
            Fact::Text(text) => longest_text(text),
            Fact::ByRegion { regions, default } => {
                regions.values().chain([default]).map(longest_text).max().unwrap_or(0)
            }
        };
    }
    if let Some(link) = name.strip_prefix("link.").and_then(|name| voice.links.get(name)) {
        // Where a platform has no links in text, the address is written behind the label.
        return longest_of(link.label.values()) + longest_of(link.url.values());
    }
    match voice.slots.get(name).map(|slot| &slot.kind) {
        Some(SlotKind::Choice(choices)) => choices.iter().map(|c| longest_of(c.label.values())).max().unwrap_or(0),
        Some(SlotKind::Text) => TEXT_SLOT,
        Some(SlotKind::Pattern(_) | SlotKind::YesNo) | None => USUAL,
    }
}

fn longest_text(text: &FactText) -> usize {
    match text {
        FactText::Same(text) => text.chars().count(),
        FactText::ByLocale(texts) => longest_of(texts.values()),
    }
}

fn longest_of<'t>(texts: impl Iterator<Item = &'t String>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or(0)
}
