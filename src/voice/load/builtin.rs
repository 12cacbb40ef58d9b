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
