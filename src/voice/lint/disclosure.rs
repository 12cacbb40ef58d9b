//! People are told that they are talking to a bot.

use super::{Found, Rule, Whole, bot_words};
use crate::voice::load::notes::Owner;
use crate::voice::{Diagnostic, Line};

pub(super) const RULE: Rule = Rule {
    codes: &[("disclosure", "The disclosure, and the answer to \"are you a bot?\", say that this is a bot.")],
    taste: false,
    run,
};

fn run(whole: &Whole<'_>, found: &mut Found) {
    for said in &whole.notes.said {
        let (Owner::Line(Line::Disclosure) | Owner::Line(Line::IAmABot)) = &said.owner else { continue };
        for variant in said.variants.iter().filter(|v| !v.builtin && v.faults.is_empty()) {
            if bot_words::in_wording(whole, variant) {
                continue;
            }
            let words = bot_words::of(whole, &variant.locale);
            let words = words.iter().take(4).map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
            let message =
                format!("{} does not say that this is a bot.", super::missing_text::capital(&said.owner.spoken()));
            found.push(
                Diagnostic::error("disclosure", variant.place.clone(), message)
                    .because("Customers would think that they talk to a person; platforms and, in many countries, the law ask that they are told.")
                    .help(format!("Use one of these words, or the like: {words}.")),
            );
        }
    }
}
