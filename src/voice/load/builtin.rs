//! The default voice: what is said where a brand says nothing, and word lists that brands add to.

use crate::voice::source::Source;
use crate::voice::syntax;
use crate::voice::tree::{Node, Raw, Table};

/// The files of the default voice, one a language: name and text.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("default-voice/en.toml", include_str!("../../../assets/default-voice/en.toml")),
    ("default-voice/de.toml", include_str!("../../../assets/default-voice/de.toml")),
];

/// The files as sources.
pub(crate) fn sources() -> Vec<Source> {
    FILES.iter().map(|(name, text)| Source { name: (*name).to_owned(), text: (*text).to_owned() }).collect()
}

/// The default voice as one tree; its places are numbered from `first_source`. Handoff rules of one id are joined, so that
/// each language can bring its own words.
pub(crate) fn tree(first_source: usize) -> Table {
    let mut whole = Table::default();
    for (i, source) in sources().iter().enumerate() {
        whole.merge(syntax::parse(first_source + i, source).table, &mut Vec::new());
    }
    let handoff = whole.entries.iter_mut().find(|e| e.key == "handoff").and_then(|e| e.node.table_mut());
    let rules = handoff.and_then(|t| t.entries.iter_mut().find(|e| e.key == "rules"));
    if let Some(Raw::List(rules)) = rules.map(|e| &mut e.node.value) {
        *rules = joined_by_id(std::mem::take(rules));
    }
    whole
}

/// The handoff rules that every voice has, by id; a test holds this against the files.
const HANDOFF_RULES: &[&str] = &["safety", "legal"];

/// Whether every voice has this handoff rule.
pub(crate) fn has_handoff_rule(id: &str) -> bool {
    HANDOFF_RULES.contains(&id)
}

/// The small talk that every voice has; a test holds this against the files.
const SMALL_TALK: &[&str] = &["greeting", "thanks", "bye"];

/// Whether every voice knows words for this small talk.
pub(crate) fn has_small_talk(name: &str) -> bool {
    SMALL_TALK.contains(&name)
}

fn joined_by_id(rules: Vec<Node>) -> Vec<Node> {
    let mut joined: Vec<Node> = Vec::new();
    for rule in rules {
        let id = rule.table().and_then(|t| t.text("id"));
        let same = joined.iter_mut().find(|other| other.table().and_then(|t| t.text("id")) == id);
        match (same.and_then(Node::table_mut), rule.value) {
            (Some(ours), Raw::Table(theirs)) => ours.merge(theirs, &mut Vec::new()),
            (_, value) => joined.push(Node { place: rule.place, value }),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::voice::Locale;
    use crate::voice::load::load;
    use crate::voice::read;

    /// Sections that only the default voice has.
    const OWN: &[&str] = &["lines_before_handoff", "bot_words"];

    #[test]
    fn the_files_follow_the_schema_that_brands_follow() {
        for (number, source) in sources().iter().enumerate() {
            assert_eq!(syntax::parse(number, source).findings, [], "{}", source.name);
        }
        let mut whole = tree(0);
        whole.entries.retain(|entry| !OWN.contains(&entry.key.as_str()));
        let locales = ["en", "de"].map(|tag| Locale::parse(tag).unwrap());
        let findings = read::check(&mut whole, &sources(), &locales, &BTreeSet::new());
        let other: Vec<_> = findings.iter().filter(|finding| finding.code != "missing").collect();
        assert!(other.is_empty(), "{other:?}");
    }

    #[test]
    fn the_lists_of_handoff_rules_and_small_talk_are_those_of_the_files() {
        let whole = tree(0);
        let talk: Vec<&str> = whole.named("small_talk").map(|(entry, _)| entry.key.as_str()).collect();
        assert_eq!(talk, SMALL_TALK);
        let ids: Vec<String> = tree(0)
            .table("handoff")
            .map(|handoff| handoff.tables("rules").filter_map(|(_, rule)| rule.text("id").map(str::to_owned)).collect())
            .unwrap();
        assert_eq!(ids, HANDOFF_RULES);
    }

    /// The least that a brand can write, in a language.
    fn brand(locale: &str, more: &str) -> Source {
        let text = format!(
            "schema = 1\n[brand]\nid = \"acme\"\nname = \"Acme\"\ndefault_locale = \"{locale}\"\n\
             timezone = \"Europe/London\"\nprivacy_url = \"https://acme.example/privacy\"\n{more}"
        );
        Source { name: "acme.toml".into(), text }
    }

    #[test]
    fn a_brand_that_words_nothing_is_complete_in_english_and_in_german() {
        for locale in ["en", "en-GB", "en-US", "de", "de-AT"] {
            let loaded = load(&[brand(locale, "")]);
            assert_eq!(loaded.findings, [], "{locale}");
            let voice = loaded.voice.unwrap();
            assert!(voice.lines.iter().all(|(_, wording)| !wording.is_empty()), "{locale}");
        }
    }

    #[test]
    fn its_sentences_suit_a_strict_brand() {
        let strict = "[rules]\nmax_sentence_words = 22\nmax_words = 40\nmax_exclamation_marks = 0\n\
                      [[rules.banned]]\nwords = [\"unfortunately\", \"kindly\", \"please note\", \"leider\", \"oops\", \"hassle\"]\n";
        for locale in ["en-GB", "de-DE"] {
            assert_eq!(load(&[brand(locale, strict)]).findings, [], "{locale}");
        }
    }

    #[test]
    fn what_is_said_before_a_person_comes_unasked_does_not_ask() {
        let loaded = load(&[brand("en", "[fallback]\nthen = \"handoff\"\n")]);
        let voice = loaded.voice.unwrap();
        let last = &voice.lines.get(crate::voice::Line::FallbackLast).variants[0];
        assert!(!last.text.source().contains('?'));
    }
}
