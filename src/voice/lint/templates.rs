//! Wordings whose blanks are malformed, or that use what is not allowed.

use super::{Found, Rule, Whole};
use crate::voice::Diagnostic;
use crate::voice::load::notes::SaidVariant;
use crate::voice::template::{FaultKind, MAX_TEMPLATE_BYTES, TemplateFault};

pub(super) const RULE: Rule = Rule {
    codes: &[(
        "wording",
        "Blanks are `{{name}}`, `{{#if x}}…{{else}}…{{/if}}` and `{{#unless x}}…{{/unless}}`; emphasis marks come in pairs.",
    )],
    taste: false,
    run,
};

fn run(whole: &Whole<'_>, found: &mut Found) {
    for said in &whole.notes.said {
        for variant in &said.variants {
            for fault in &variant.faults {
                found.push(finding(whole, variant, fault));
            }
        }
    }
}

fn finding(whole: &Whole<'_>, variant: &SaidVariant, fault: &TemplateFault) -> Diagnostic {
    let place = whole.inside(variant, fault.at.clone());
    let (message, why, help) = words(&fault.kind);
    let finding = Diagnostic::error("wording", place, message).because(why).help(help);
    match replacement(&fault.kind) {
        Some(replacement) => finding.replace_with(replacement),
        None => finding,
    }
}

/// What is wrong, what a customer would see, and the way out.
fn words(kind: &FaultKind) -> (String, &'static str, String) {
    match kind {
        FaultKind::Unclosed => (
            "`{{` is never closed with `}}`.".into(),
            "Customers would see the braces, or nothing at all.",
            "Write }} behind the name, as in {{first_name}}.".into(),
        ),
        FaultKind::Unopened => (
            "`}}` stands without `{{`.".into(),
            "Customers would see the braces.",
            "Write {{ before the name, or delete the }}.".into(),
        ),
        FaultKind::BlockUnclosed(keyword) => (
            format!("`{{{{#{keyword} …}}}}` is never closed."),
            "The bot cannot know where the condition ends.",
            format!("Write {{{{/{keyword}}}}} where it ends."),
        ),
        FaultKind::BlockUnopened(tag) => (
            format!("`{{{{{tag}}}}}` stands without its `{{{{#if …}}}}` or `{{{{#unless …}}}}`."),
            "The bot cannot know where the condition begins.",
            "Write the opening before it, or delete it.".into(),
        ),
        FaultKind::Forbidden(tag) => (
            format!("`{tag}` is not allowed in wordings."),
            "Only what a person approved may be said, so wordings can fill blanks and nothing more.",
            "Use {{name}}, {{#if name}}…{{else}}…{{/if}} or {{#unless name}}…{{/unless}}.".into(),
        ),
        FaultKind::NotAName(name) if name.is_empty() => (
            "There is no name between the braces.".into(),
            "There is nothing to fill in.",
            "Write the name of what is to stand there, as in {{first_name}}.".into(),
        ),
        FaultKind::NotAName(name) => (
            format!("`{name}` cannot be a name in braces."),
            "There is nothing of that name to fill in.",
            "Names are letters, digits, _ and -, in one word: {{order_number}}.".into(),
        ),
        FaultKind::TooLong => (
            format!("The wording is longer than {MAX_TEMPLATE_BYTES} bytes."),
            "No chat program shows that much at once.",
            "Shorten it, or lead people to a page with `link`.".into(),
        ),
        FaultKind::BadCharacter(c) => (
            format!("There is a character here that cannot be seen (U+{:04X}).", u32::from(*c)),
            "Chat programs may show a box, or turn the text around.",
            "Delete it; it usually comes in by copying from a web page or a document.".into(),
        ),
        FaultKind::MarkUnclosed(mark) => (
            format!("`{mark}` is opened and never closed."),
            "Customers would see the rest of the message in bold, slanted, or with a stray mark.",
            match *mark {
                "*" => "Write a second * behind the word: *human*. For times and bullets use × and •.".into(),
                mark => format!("Write a second {mark} behind the word."),
            },
        ),
        FaultKind::Engine(reason) => (
            format!("The wording cannot be read: {}", first_line(reason)),
            "It could not be said.",
            "Simplify the blanks.".into(),
        ),
    }
}

fn replacement(kind: &FaultKind) -> Option<String> {
    match kind {
        FaultKind::BadCharacter(_) => Some(String::new()),
        FaultKind::Forbidden(tag) => {
            let inside = tag.trim_matches(['{', '}', '&', '~', ' ', '\\']);
            let name = !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            name.then(|| format!("{{{{{inside}}}}}"))
        }
        FaultKind::NotAName(name) => {
            let better = name.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase();
            let fine = !better.is_empty() && better.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            fine.then(|| format!("{{{{{better}}}}}"))
        }
        FaultKind::Unclosed
        | FaultKind::Unopened
        | FaultKind::BlockUnclosed(_)
        | FaultKind::BlockUnopened(_)
        | FaultKind::TooLong
        | FaultKind::MarkUnclosed(_)
        | FaultKind::Engine(_) => None,
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
