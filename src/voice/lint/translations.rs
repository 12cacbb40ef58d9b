//! Languages of the brand in which something is not worded.

use super::{Found, Rule, Whole, some_of};
use crate::voice::load::notes::{Owner, Said};
use crate::voice::source::Place;
use crate::voice::{Diagnostic, Locale};

pub(super) const RULE: Rule = Rule {
    codes: &[
        ("missing-translation", "Everything is worded in every language of `brand.locales`."),
        ("missing-label", "Where a brand speaks several languages, answers have a label in each for their buttons."),
        ("missing-calendar", "Every language of the brand has a calendar for times in sentences."),
    ],
    taste: false,
    run,
};

fn run(whole: &Whole<'_>, found: &mut Found) {
    let brand = &whole.voice.brand;
    for locale in brand.locales.iter().filter(|locale| **locale != brand.default_locale) {
        let place = place_of(whole, locale);
        let missing = |group: fn(&Owner) -> bool| -> Vec<String> {
            whole
                .notes
                .said
                .iter()
                .filter(|said| group(&said.owner) && lacks(said, locale))
                .map(|said| said.owner.name())
                .collect()
        };
        let answers = missing(|owner| matches!(owner, Owner::Answer(_)));
        let lines = missing(|owner| matches!(owner, Owner::Line(_)));
        let others = missing(|owner| !matches!(owner, Owner::Answer(_) | Owner::Line(_) | Owner::Calendar(..)));
        let labels: Vec<String> = whole
            .notes
            .labels
            .iter()
            .filter(|(_, locales)| !locales.is_empty() && !locales.iter().any(|l| l.serves(locale) > 0))
            .map(|(name, _)| name.clone())
            .collect();
        for (names, one, many) in [
            (answers, "answer has", "answers have"),
            (lines, "line has", "lines have"),
            (others, "other text has", "other texts have"),
            (labels, "label has", "labels have"),
        ] {
            if names.is_empty() {
                continue;
            }
            let what = if names.len() == 1 { one } else { many };
            let message = format!("{} {what} no wording in {locale}: {}.", names.len(), some_of(&names, 12));
            found.push(
                Diagnostic::warning("missing-translation", place.clone(), message)
                    .because(format!("People who write in {locale} read {} instead.", brand.default_locale))
                    .help(format!("Add a text for {locale}, or take {locale} out of `locales` until it is there.")),
            );
        }
    }
    unlabelled(whole, found);
    for locale in &brand.locales {
        if !whole.voice.calendar.keys().any(|calendar| calendar.serves(locale) > 0) {
            found.push(
                Diagnostic::warning(
                    "missing-calendar",
                    place_of(whole, locale),
                    format!("There is no calendar for {locale}."),
                )
                .because("The team would be \"back tomorrow at 09:00\" in another language.")
                .help(format!("Add [calendar.{locale}] with weekdays, months and the forms of times.")),
            );
        }
    }
}

/// Answers whose buttons bear their title, in a brand that speaks several languages.
fn unlabelled(whole: &Whole<'_>, found: &mut Found) {
    let brand = &whole.voice.brand;
    let without = whole.notes.labels.iter().filter(|(_, locales)| locales.is_empty());
    let names: Vec<String> = without.map(|(name, _)| name.trim_end_matches(".label").to_owned()).collect();
    if brand.locales.len() < 2 || names.is_empty() {
        return;
    }
    let have = if names.len() == 1 { "answer has" } else { "answers have" };
    let message = format!("{} {have} no `label`: {}.", names.len(), some_of(&names, 12));
    found.push(
        Diagnostic::hint("missing-label", whole.brand_place("locales"), message)
            .because(format!("Their buttons bear the title, in {} for everybody.", brand.default_locale))
            .help("Add, for instance: label = { en-GB = \"Delivery times\", de-DE = \"Lieferzeiten\" }"),
    );
}

/// Whether nothing is worded in a language, though something is in others.
fn lacks(said: &Said, locale: &Locale) -> bool {
    !said.variants.is_empty() && !said.variants.iter().any(|variant| variant.locale.serves(locale) > 0)
}

/// The locale in `brand.locales`.
fn place_of(whole: &Whole<'_>, locale: &Locale) -> Place {
    let brand = whole.tree.table("brand");
    let listed = brand.map(|brand| brand.list("locales")).unwrap_or_default();
    let node = listed.iter().find(|node| node.text().and_then(Locale::parse).as_ref() == Some(locale));
    node.map_or_else(|| whole.brand_place("default_locale"), |node| node.place.clone())
}
