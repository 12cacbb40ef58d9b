//! Words that say that somebody is talking to a bot.

use super::Whole;
use crate::voice::load::notes::SaidVariant;
use crate::voice::rules::finder;
use crate::voice::tree::Node;
use crate::voice::{Locale, template};

/// The words of a language; of every language where that one has none.
pub(super) fn of(whole: &Whole<'_>, locale: &Locale) -> Vec<String> {
    let words = whole.builtin.table("bot_words").and_then(|section| section.table("words"));
    let entries = words.map(|table| table.entries.as_slice()).unwrap_or_default();
    let texts = |node: &Node| {
        node.list().unwrap_or_default().iter().filter_map(Node::text).map(str::to_owned).collect::<Vec<_>>()
    };
    let of_language = |locale: &Locale| {
        entries
            .iter()
            .filter(|e| Locale::parse(&e.key).is_some_and(|l| l.serves(locale) > 0))
            .flat_map(|e| texts(&e.node))
            .collect::<Vec<_>>()
    };
    let words = of_language(locale);
    if words.is_empty() { entries.iter().flat_map(|e| texts(&e.node)).collect() } else { words }
}

/// Whether a wording says so, blanks for names filled in.
pub(super) fn in_wording(whole: &Whole<'_>, variant: &SaidVariant) -> bool {
    let words = of(whole, &variant.locale);
    let mut text = variant.text.clone();
    for used in variant.uses.iter().rev().filter(|used| !used.asked) {
        let value = match used.name.as_str() {
            "bot_name" => whole.voice.persona.bot_name.as_str(),
            "brand_name" => whole.voice.brand.name.as_str(),
            _ => continue,
        };
        text.replace_range(used.at.clone(), value);
    }
    let shown: String = text.chars().filter(|c| template::is_showable(*c)).collect();
    finder(words.iter().map(String::as_str)).is_some_and(|finds| finds.is_match(&shown))
}
