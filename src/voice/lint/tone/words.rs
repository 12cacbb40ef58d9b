//! Banned words, terms, names.

use super::ToneFault;
use crate::voice::rules::{Rules, WordKind, WordRule};

pub(super) fn check(text: &str, rules: &Rules, faults: &mut Vec<ToneFault>) {
    for rule in &rules.words {
        for found in rule.finds.find_iter(text) {
            let words = found.as_str();
            let right = match &rule.kind {
                WordKind::Name { write } => words == write,
                WordKind::Term { instead } => stands_in(text, found.range(), instead),
                WordKind::Banned { .. } => false,
            };
            if !right {
                faults.push(fault(rule, words, found.range()));
            }
        }
    }
}

/// Whether the words found are part of the right term: "shade" in "lamp shade".
fn stands_in(text: &str, at: std::ops::Range<usize>, term: &str) -> bool {
    let (text, term) = (text.to_lowercase(), term.to_lowercase());
    text.match_indices(&term).any(|(start, found)| start <= at.start && at.end <= start + found.len())
}

fn fault(rule: &WordRule, words: &str, at: std::ops::Range<usize>) -> ToneFault {
    let (message, help, replacement, key) = match &rule.kind {
        WordKind::Term { instead } => {
            let instead = like(words, instead);
            (format!("\"{words}\" is not the brand's word."), format!("Write \"{instead}\"."), Some(instead), "terms")
        }
        WordKind::Name { write } => (
            format!("The name is spelt {write}, not {words}."),
            format!("Write \"{write}\"."),
            Some(write.clone()),
            "names",
        ),
        WordKind::Banned { instead } => {
            let help = if instead.is_empty() { "Say it in other words.".to_owned() } else { instead.clone() };
            (format!("The brand does not say \"{words}\"."), help, None, "banned")
        }
    };
    let why = match &rule.kind {
        _ if !rule.why.is_empty() => rule.why.clone(),
        WordKind::Term { .. } => "One thing has one name.".to_owned(),
        WordKind::Name { .. } => "Names are spelt as on the product.".to_owned(),
        WordKind::Banned { .. } => "It is not how the brand sounds.".to_owned(),
    };
    ToneFault {
        code: rule.kind.code(),
        level: rule.level,
        at,
        words: Some(words.to_owned()),
        message,
        why,
        help,
        replacement,
        asked_by: (key, Some(rule.number)),
    }
}

/// A word with a capital letter when the one it stands for has one.
fn like(model: &str, word: &str) -> String {
    let capital = model.chars().next().is_some_and(char::is_uppercase);
    let mut chars = word.chars();
    match chars.next() {
        Some(first) if capital => first.to_uppercase().chain(chars).collect(),
        _ => word.to_owned(),
    }
}
