//! Sensitive answers without careful words.

use super::{Found, Rule, Whole};
use crate::voice::Diagnostic;
use crate::voice::load::notes::Owner;

pub(super) const RULE: Rule =
    Rule { codes: &[("sensitive-tone", "A sensitive answer has a wording for bad news.")], taste: true, run };

fn run(whole: &Whole<'_>, found: &mut Found) {
    for said in &whole.notes.said {
        let Owner::Answer(id) = &said.owner else { continue };
        let Some(answer) = whole.answer(id).filter(|answer| answer.sensitive) else { continue };
        let careful = said.variants.iter().any(|v| v.tone.as_ref().is_some_and(|tone| tone.as_str() == "bad_news"));
        if !careful {
            let message = format!("`{}` is sensitive and has no wording with tone = \"bad_news\".", answer.id);
            let finding = Diagnostic::hint("sensitive-tone", said.place.clone(), message)
                .because("Somebody who is upset gets the same words as everybody else.")
                .help("Add an [[answers.say]] block with tone = \"bad_news\".");
            found.taste(finding, &said.owner, None);
        }
    }
}
