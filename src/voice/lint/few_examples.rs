//! Answers that are hard to reach because they have few examples, or none.

use super::{Found, Rule, Whole};
use crate::voice::Diagnostic;
use crate::voice::load::notes::{Kind, Owner};

/// Examples from which an answer is understood fairly well.
const ENOUGH: usize = 3;

pub(super) const RULE: Rule = Rule {
    codes: &[
        ("few-examples", "Every answer has three example questions or more."),
        ("unreachable-answer", "Every answer has an example question, or a button that leads to it."),
    ],
    taste: true,
    run,
};

fn run(whole: &Whole<'_>, found: &mut Found) {
    for (node, table) in whole.tree.tables("answers") {
        let (Some(id), Some(ask)) = (table.text("id"), table.get("ask")) else { continue };
        let answer = whole.answers.get(id);
        let count = answer.map_or(0, |answer| answer.ask.len());
        let place = if ask.place.source == node.place.source { ask.place.clone() } else { node.place.clone() };
        let by_button = || whole.notes.references.iter().any(|r| r.kind == Kind::Answer && r.name == id);
        let finding = match count {
            0 if by_button() => continue,
            0 => Diagnostic::warning(
                "unreachable-answer",
                place,
                format!("`{id}` has no example question and no button leads to it."),
            )
            .because("No customer can ever get it.")
            .help("Write three or more questions in `ask`, as customers put them."),
            few if few < ENOUGH => {
                let have =
                    if few == 1 { "one example question".to_owned() } else { format!("{few} example questions") };
                Diagnostic::warning("few-examples", place, format!("`{id}` has {have}."))
                    .because("Customers who put it in other words are not understood.")
                    .help("Write three or more that differ from each other: short, long, with other words.")
            }
            _ => continue,
        };
        found.taste(finding, &Owner::Answer(id.into()), None);
    }
}
