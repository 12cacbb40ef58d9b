//! `[[rules.exceptions]]`: where the author accepts what a rule finds, with a reason.

use std::collections::BTreeSet;

use super::{Candidate, RULES, Whole};
use crate::voice::Diagnostic;
use crate::voice::read::nearest;
use crate::voice::tree::Table;

/// Leaves out what exceptions accept, and adds what is wrong with the exceptions themselves.
pub(super) fn apply(whole: &Whole<'_>, candidates: Vec<Candidate>) -> Vec<Diagnostic> {
    let rules = &whole.voice.rules;
    let mut used = BTreeSet::new();
    let mut kept = Vec::new();
    for candidate in candidates {
        let accepted = candidate.owner.as_deref().filter(|_| candidate.taste).and_then(|owner| {
            rules.excepted(owner, candidate.diagnostic.code, candidate.words.as_deref(), whole.today)
        });
        match accepted {
            Some(exception) => {
                used.insert(exception);
            }
            None => kept.push(candidate.diagnostic),
        }
    }
    let tables =
        whole.tree.table("rules").map(|rules| rules.tables("exceptions").collect::<Vec<_>>()).unwrap_or_default();
    for (number, (node, table)) in tables.into_iter().enumerate() {
        match wrong(whole, table) {
            Some(finding) => kept.push(finding),
            None if !used.contains(&number) && !whole.lost => kept.push(
                Diagnostic::hint("unused-exception", node.place.clone(), "This exception accepts nothing.")
                    .because("Perhaps the sentence was mended since, or the exception has run out.")
                    .help("Delete it, or check `where`, `rule` and `words`."),
            ),
            None => {}
        }
    }
    kept
}

/// An exception for a place or a rule that does not exist.
fn wrong(whole: &Whole<'_>, table: &Table) -> Option<Diagnostic> {
    let (place, rule) = (table.get("where")?, table.get("rule")?);
    let (owner, code) = (place.text()?, rule.text()?);
    let owners: BTreeSet<String> = whole.notes.said.iter().map(|said| said.owner.name()).collect();
    if !owners.contains(owner) && !whole.lost {
        let finding =
            Diagnostic::error("unknown-name", place.place.clone(), format!("There is no answer or line `{owner}`."))
                .because("The exception would count for nothing.");
        return Some(match nearest(owner, owners.iter().map(String::as_str)) {
            Some(meant) => finding.help(format!("Did you mean `{meant}`?")).replace_with(format!("\"{meant}\"")),
            None => {
                finding.help("Write the id of an answer, the key of a line, or a path such as `slots.country.ask`.")
            }
        });
    }
    let codes: Vec<&str> =
        RULES.iter().filter(|rule| rule.taste).flat_map(|rule| rule.codes).map(|(code, _)| *code).collect();
    if codes.contains(&code) {
        return None;
    }
    let known = RULES.iter().flat_map(|rule| rule.codes).any(|(name, _)| *name == code);
    let message = if known {
        format!("`{code}` cannot be excepted: it is not a matter of taste.")
    } else {
        format!("There is no rule `{code}`.")
    };
    let finding = Diagnostic::error("unknown-name", rule.place.clone(), message)
        .because("The exception would count for nothing.");
    Some(match nearest(code, codes.iter().copied()) {
        Some(meant) if !known => finding.help(format!("Did you mean `{meant}`?")).replace_with(format!("\"{meant}\"")),
        _ => finding.help(format!("Rules that can be excepted: {}.", codes.join(", "))),
    })
}
