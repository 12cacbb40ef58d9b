//! Example questions that say the same in two places.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::{Found, Rule, Whole};
use crate::voice::load::notes::ExampleAt;
use crate::voice::{AnswerId, Diagnostic};

pub(super) const RULE: Rule = Rule {
    codes: &[("duplicate-example", "No example question stands in two answers, or in `ask` and `not_ask` of one.")],
    taste: false,
    run,
};

fn run(whole: &Whole<'_>, found: &mut Found) {
    let mut seen: BTreeMap<String, &ExampleAt> = BTreeMap::new();
    let mut seen_negative: BTreeMap<(String, &AnswerId), &ExampleAt> = BTreeMap::new();
    for example in whole.notes.examples.iter().filter(|example| example.negative) {
        seen_negative.entry((plain(&example.text), &example.answer)).or_insert(example);
    }
    for example in whole.notes.examples.iter().filter(|example| !example.negative) {
        let text = plain(&example.text);
        if let Some(negative) = seen_negative.get(&(text.clone(), &example.answer)) {
            found.push(contradicts(example, negative));
        }
        match seen.get(&text) {
            Some(first) => found.push(twice(whole, example, first)),
            None => {
                seen.insert(text, example);
            }
        }
    }
}

fn twice(whole: &Whole<'_>, example: &ExampleAt, first: &ExampleAt) -> Diagnostic {
    let place = example.place.clone();
    let (text, here, there) = (&example.text, &example.answer, &first.answer);
    if here == there {
        return Diagnostic::hint("duplicate-example", place, format!("\"{text}\" stands twice in `{here}`."))
            .because("It teaches the bot nothing new.")
            .help("Delete it, or write a question in other words.")
            .see(first.place.clone(), "the first one");
    }
    let both = |between: &[AnswerId]| between.contains(here) && between.contains(there);
    let clarified = whole.voice.clarify.iter().any(|clarify| both(&clarify.between));
    let message = format!("\"{text}\" is an example of `{there}` and of `{here}`.");
    let finding = if clarified {
        Diagnostic::warning("duplicate-example", place, message)
            .because("The bot always asks which of the two is meant.")
            .help("If it means one of them more often, keep it only there.")
    } else {
        Diagnostic::error("duplicate-example", place, message)
            .because("Customers would get either one.")
            .help("Keep it in one of them, or add a [[clarify]] between the two.")
    };
    finding.see(first.place.clone(), format!("in `{there}`"))
}

fn contradicts(example: &ExampleAt, negative: &ExampleAt) -> Diagnostic {
    let message = format!("\"{}\" stands in `ask` and in `not_ask` of `{}`.", example.text, example.answer);
    Diagnostic::error("duplicate-example", negative.place.clone(), message)
        .because("The bot cannot learn that a question is meant and not meant.")
        .help("Delete one of the two.")
        .see(example.place.clone(), "in `ask`")
}

/// The words alone: no capitals, no marks, no accents that only decorate.
fn plain(text: &str) -> String {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    text.split(|c: char| !c.is_alphanumeric() && c != '{' && c != '}')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
