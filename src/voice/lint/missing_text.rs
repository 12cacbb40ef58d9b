//! Things to say for which, at some moment, there are no words.

use super::variables::Known;
use super::{Found, Rule, Whole, listed, some_of};
use crate::voice::Diagnostic;
use crate::voice::load::notes::{Owner, Said, SaidVariant};

pub(super) const RULE: Rule = Rule {
    codes: &[(
        "missing-text",
        "Everything to say has one wording in the default language that can always be used: without `tone`, without `when`, and without a blank that is not always known.",
    )],
    taste: false,
    run,
};

fn run(whole: &Whole<'_>, found: &mut Found) {
    let mut unworded = Vec::new();
    for said in &whole.notes.said {
        match &said.owner {
            Owner::Calendar(..) => {}
            Owner::Line(line) if said.variants.is_empty() => unworded.push(line.key().to_owned()),
            Owner::Line(_)
            | Owner::Answer(_)
            | Owner::SlotAsk(_)
            | Owner::SlotRetry(_)
            | Owner::MoodPrefix(_)
            | Owner::ClarifyAsk(_)
            | Owner::SmallTalk(_)
            | Owner::HandoffRule(_) => found_in(whole, said, found),
        }
    }
    for line in crate::voice::Line::ALL {
        let noted = whole.notes.said.iter().any(|said| said.owner == Owner::Line(*line));
        if !noted {
            unworded.push(line.key().to_owned());
        }
    }
    // Without a default locale everything would be missing, and that is reported as what it is.
    let default = &whole.voice.brand.default_locale;
    let known = whole.tree.table("brand").is_some_and(|brand| brand.text("default_locale").is_some());
    if !unworded.is_empty() && known && !whole.lost {
        found.push(no_builtin_lines(whole, default.as_str(), &unworded));
    }
}

fn no_builtin_lines(whole: &Whole<'_>, locale: &str, lines: &[String]) -> Diagnostic {
    let message = format!("There is no built-in wording in {locale}, and {} lines are not worded.", lines.len());
    Diagnostic::error("missing-text", whole.brand_place("default_locale"), message)
        .because("At these moments the bot would have nothing to say.")
        .help(format!("Word them in [lines]: {}.", listed(lines.iter().map(String::as_str))))
}

fn found_in(whole: &Whole<'_>, said: &Said, found: &mut Found) {
    let default = &whole.voice.brand.default_locale;
    let in_default: Vec<&SaidVariant> = said.variants.iter().filter(|v| v.locale.serves(default) > 0).collect();
    if said.variants.is_empty() && !matches!(said.owner, Owner::Answer(_)) || !whole.is_ours(&said.place) {
        return;
    }
    if whole.lost {
        return;
    }
    // Without `say` at all there is a finding for the missing key, and a wording with faults is mended first.
    if said.variants.is_empty() || in_default.iter().any(|v| !v.faults.is_empty()) {
        return;
    }
    let known = Known::by(&said.owner, whole);
    let free: Vec<&&SaidVariant> = in_default.iter().filter(|v| v.tone.is_none() && v.when.is_always()).collect();
    let unguarded = |v: &SaidVariant| {
        v.uses.iter().filter(|u| u.needed && !known.is_always(&u.name)).map(|u| u.name.clone()).collect::<Vec<_>>()
    };
    if free.iter().any(|v| unguarded(v).is_empty()) {
        return;
    }
    // A blank that is nowhere known is a finding of its own, and may well be a slip.
    if free.iter().any(|v| v.uses.iter().any(|used| !known.has(&used.name))) {
        return;
    }
    let place = said.place.clone();
    let finding = match free.as_slice() {
        [] if in_default.is_empty() => Diagnostic::error(
            "missing-text",
            place,
            format!("{} has no text in {default}.", capital(&said.owner.spoken())),
        )
        .because(format!("{default} is the default language: people whose language is not known would get nothing."))
        .help(format!("Add a wording in {default}.")),
        [] => Diagnostic::error(
            "missing-text",
            place,
            format!(
                "Every wording of {} in {default} has a condition ({}).",
                said.owner.spoken(),
                conditions(&in_default)
            ),
        )
        .because("When no condition holds, say at night or on another platform, the bot would have nothing to say.")
        .help("Add one wording without `tone` and without `when`."),
        [first, ..] => {
            let names = unguarded(first);
            let name = names.first().cloned().unwrap_or_default();
            let place = first
                .uses
                .iter()
                .find(|u| u.needed && u.name == name)
                .map_or(place, |u| whole.inside(first, u.at.clone()));
            let mut names = names;
            names.dedup();
            Diagnostic::error(
                "missing-text",
                place,
                format!(
                    "Every wording of {} prints {}, which is not always known.",
                    said.owner.spoken(),
                    some_of(&names, 3)
                ),
            )
            .because(reason(&name))
            .help(format!(
                "Add a wording without it, or put it into a condition: {{{{#if {name}}}}} … {{{{{name}}}}} …{{{{/if}}}}"
            ))
        }
    };
    found.push(finding);
}

fn reason(name: &str) -> &'static str {
    match name {
        "first_name" => "Not everybody shows a name; to them the bot would have nothing to say.",
        _ => "Where it is not known the bot would have nothing to say.",
    }
}

fn conditions(variants: &[&SaidVariant]) -> String {
    let mut kinds = std::collections::BTreeSet::new();
    for variant in variants {
        let when = &variant.when;
        let parts = [
            (variant.tone.is_some(), "tone"),
            (when.channel.is_some(), "channel"),
            (when.hours.is_some(), "hours"),
            (!when.regions.is_empty(), "regions"),
            (when.from.is_some() || when.until.is_some(), "dates"),
        ];
        kinds.extend(parts.into_iter().filter(|(has, _)| *has).map(|(_, name)| name));
    }
    kinds.into_iter().collect::<Vec<_>>().join(", ")
}

pub(super) fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
