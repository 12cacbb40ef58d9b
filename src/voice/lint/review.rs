//! Answers whose day of review has passed.

use super::{Found, Rule, Whole};
use crate::voice::Diagnostic;
use crate::voice::load::notes::Owner;

pub(super) const RULE: Rule =
    Rule { codes: &[("review-due", "Answers are read again by the day in `review_by`.")], taste: true, run };

fn run(whole: &Whole<'_>, found: &mut Found) {
    let Some(today) = whole.today else { return };
    for (_, table) in whole.tree.tables("answers") {
        let (Some(id), Some(node)) = (table.text("id"), table.get("review_by")) else { continue };
        let Some(date) = node.date().filter(|date| *date < today) else { continue };
        let owner = table.text("owner").map(|owner| format!(" (owner: {owner})")).unwrap_or_default();
        let finding = Diagnostic::warning(
            "review-due",
            node.place.clone(),
            format!("`{id}` was to be read again by {date}{owner}."),
        )
        .because("What it promises may no longer be true.")
        .help("Read it, mend it, and set a new date.");
        found.taste(finding, &Owner::Answer(id.into()), None);
    }
}
