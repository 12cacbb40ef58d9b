//! Suggestions that lead back to the same answer.

use super::{Found, Rule, Whole};
use crate::voice::Diagnostic;

pub(super) const RULE: Rule =
    Rule { codes: &[("follow-up-to-itself", "An answer does not suggest itself.")], taste: false, run };

fn run(whole: &Whole<'_>, found: &mut Found) {
    for (_, table) in whole.tree.tables("answers") {
        let Some(id) = table.text("id") else { continue };
        for node in table.list("follow_ups").iter().filter(|node| node.text() == Some(id)) {
            found.push(
                Diagnostic::warning(
                    "follow-up-to-itself",
                    node.place.clone(),
                    format!("`{id}` suggests itself as the next question."),
                )
                .because("A button under the answer would bring the same answer again.")
                .help("Delete it from `follow_ups`."),
            );
        }
    }
}
