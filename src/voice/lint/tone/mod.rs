//! How sentences sound, as far as a machine can tell: the brand's `[rules]` over every wording.
//!
//! [`check`] looks at a text as a customer reads it; it serves wordings here and what is about to be sent at run time.

mod length;
mod marks;
mod reading;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;

use self::reading::Readings;
use super::{Found, Rule, Whole};
use crate::voice::load::notes::{Owner, SaidVariant};
use crate::voice::rules::Rules;
use crate::voice::source::Place;
use crate::voice::{Diagnostic, Level, RuleId};

pub(super) const RULE: Rule = Rule {
    codes: &[
        ("banned-word", "Words of `[[rules.banned]]` are not used."),
        ("term", "Words of `[[rules.terms]]` are used instead of others."),
        ("name-spelling", "Names of `[[rules.names]]` have their capital letters."),
        ("exclamation", "A wording has no more exclamation marks than allowed; bad news has none."),
        ("emoji", "A wording has allowed emoji only, and no more than allowed."),
        ("too-long", "A wording has no more words than allowed."),
        ("long-sentence", "A sentence has no more words than allowed."),
        ("doubled-word", "No word stands twice in a row."),
    ],
    taste: true,
    run,
};

/// Something in a text that a rule does not like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToneFault {
    /// The rule's code.
    pub code: &'static str,
    /// How bad it is.
    pub level: Level,
    /// Bytes of the text.
    pub at: Range<usize>,
    /// The words in question, for exceptions.
    pub words: Option<String>,
    /// What is wrong.
    pub message: String,
    /// Why it matters.
    pub why: String,
    /// The way out.
    pub help: String,
    /// What should stand there, where that is plain.
    pub replacement: Option<String>,
    /// The key of `[rules]` that asks for it, and which of its blocks.
    pub asked_by: (&'static str, Option<usize>),
}

/// Checks a text as a customer reads it. `bad_news` is whether it has that tone.
pub fn check(text: &str, rules: &Rules, bad_news: bool) -> Vec<ToneFault> {
    let mut faults = Vec::new();
    words::check(text, rules, &mut faults);
    marks::emoji_allowed(text, rules, &mut faults);
    counts(text, rules, bad_news, &mut faults);
    faults
}

/// The rules that count something, and so need to know which branches of a condition are said.
fn counts(text: &str, rules: &Rules, bad_news: bool, faults: &mut Vec<ToneFault>) {
    marks::exclamation(text, rules, bad_news, faults);
    marks::emoji_count(text, rules, faults);
    length::words(text, rules, faults);
    length::sentences(text, rules, faults);
    length::doubled(text, faults);
}

/// Checks a wording with its blanks: in every way in which its conditions can turn out, as far as the rules can tell.
fn check_wording(text: &str, rules: &Rules, bad_news: bool) -> Vec<ToneFault> {
    if !text.contains("{{") {
        return check(text, rules, bad_news);
    }
    let readings = Readings::of(text);
    let mut faults = Vec::new();
    words::check(&readings.everything, rules, &mut faults);
    marks::emoji_allowed(&readings.everything, rules, &mut faults);
    for reading in [&readings.all_known, &readings.none_known] {
        let mut counted = Vec::new();
        counts(reading, rules, bad_news, &mut counted);
        let new = |fault: &ToneFault| !faults.iter().any(|f| f.code == fault.code && f.at.start == fault.at.start);
        let counted: Vec<ToneFault> = counted.into_iter().filter(new).collect();
        faults.extend(counted);
    }
    faults
}

/// The rule that sentences break: its key in `[rules]`, which of its blocks, and the code of what is found.
type AskedBy = (&'static str, Option<usize>, &'static str);

fn run(whole: &Whole<'_>, found: &mut Found) {
    let mut builtin: BTreeMap<AskedBy, Vec<(String, ToneFault)>> = BTreeMap::new();
    for said in &whole.notes.said {
        if matches!(said.owner, Owner::Calendar(..)) {
            continue;
        }
        for variant in said.variants.iter().filter(|variant| variant.faults.is_empty()) {
            let bad_news = is_bad_news(whole, &said.owner, variant);
            for fault in check_wording(&variant.text, &whole.voice.rules, bad_news) {
                if variant.builtin && is_muted(whole, &said.owner) {
                    continue;
                }
                if variant.builtin {
                    let (key, number) = fault.asked_by;
                    builtin.entry((key, number, fault.code)).or_default().push((said.owner.name(), fault));
                } else {
                    let words = fault.words.clone();
                    found.taste(finding(whole, variant, fault), &said.owner, words.as_deref());
                }
            }
        }
    }
    for (asked_by, faults) in builtin {
        found.push(in_builtin(whole, asked_by, &faults));
    }
}

fn is_bad_news(whole: &Whole<'_>, owner: &Owner, variant: &SaidVariant) -> bool {
    variant.tone.as_ref().is_some_and(|tone| tone.as_str() == "bad_news") || is_muted(whole, owner)
}

/// Whether the words of a handoff rule leave the brand's tone out: those of the default voice then need not follow it.
fn is_muted(whole: &Whole<'_>, owner: &Owner) -> bool {
    let muted = |id: &RuleId| whole.voice.handoff.rules.iter().any(|rule| rule.id == *id && rule.mute_brand_tone);
    matches!(owner, Owner::HandoffRule(id) if muted(id))
}

fn finding(whole: &Whole<'_>, variant: &SaidVariant, fault: ToneFault) -> Diagnostic {
    Diagnostic {
        code: fault.code,
        level: fault.level,
        place: whole.inside(variant, fault.at),
        message: fault.message,
        why: fault.why,
        help: fault.help,
        replacement: fault.replacement,
        related: Vec::new(),
    }
}

/// Sentences of the default voice that break a brand's rule: the brand can word them itself, so one finding at the rule.
fn in_builtin(whole: &Whole<'_>, (key, number, code): AskedBy, faults: &[(String, ToneFault)]) -> Diagnostic {
    let mut names: Vec<String> = faults.iter().map(|(name, _)| name.clone()).collect();
    names.dedup();
    let what = faults.first().map(|(_, fault)| fault.message.trim_end_matches('.').to_owned()).unwrap_or_default();
    let count = if names.len() == 1 {
        "A built-in sentence breaks".to_owned()
    } else {
        format!("{} built-in sentences break", names.len())
    };
    Diagnostic {
        level: Level::Warning,
        ..Diagnostic::error(
            code,
            rule_place(whole, key, number),
            format!("{count} this rule: {}.", super::some_of(&names, 8)),
        )
        .because(format!("Customers read them where you have no wording of your own. {what}."))
        .help("Word them in your own way in [lines], or loosen the rule.")
    }
}

fn rule_place(whole: &Whole<'_>, key: &str, number: Option<usize>) -> Place {
    let rules = whole.tree.entry("rules").map(|entry| &entry.node);
    let value = rules.and_then(|rules| rules.table()?.get(key));
    let block = value.and_then(|value| value.list()?.get(number?));
    block.or(value).or(rules).map_or_else(|| whole.brand_place("name"), |node| node.place.clone())
}

#[cfg(test)]
mod tests;
