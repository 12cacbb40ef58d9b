//! Wordings that name a variable which nothing gives a value to.

use std::collections::BTreeSet;

use super::{Found, Rule, Whole};
use crate::voice::lines::{ALWAYS_KNOWN, SOMETIMES_KNOWN};
use crate::voice::load::notes::{Owner, SaidVariant};
use crate::voice::load::{CALENDAR_FORMS, DATE_FORM};
use crate::voice::read::nearest;
use crate::voice::template::Use;
use crate::voice::{Diagnostic, Fact, SlotId, Voice};

pub(super) const RULE: Rule = Rule {
    codes: &[
        ("unknown-variable", "Every `{{name}}` is something that is known where the wording is used."),
        ("flag-printed", "What is only true or false is asked for with `{{#if}}`, never printed."),
    ],
    taste: false,
    run,
};

/// The names that the wordings of an owner may use.
pub(super) struct Known<'w> {
    voice: &'w Voice,
    /// Names of its own that are always known.
    own: BTreeSet<&'w str>,
    /// Names of its own that are known at times.
    own_at_times: BTreeSet<&'w str>,
    /// Whether it knows its own names only.
    only_own: bool,
}

impl<'w> Known<'w> {
    /// What is known where the wordings of an owner are used.
    pub fn by(owner: &Owner, whole: &Whole<'w>) -> Self {
        let mut known =
            Self { voice: whole.voice, own: BTreeSet::new(), own_at_times: BTreeSet::new(), only_own: false };
        match owner {
            Owner::Answer(id) => {
                known.own.extend(whole.answer(id).iter().flat_map(|answer| &answer.needs).map(SlotId::as_str));
            }
            Owner::Line(line) => {
                known.own.extend(line.known());
                known.own_at_times.extend(line.may_know());
            }
            Owner::Calendar(_, form) => {
                let forms = CALENDAR_FORMS.iter().chain([&DATE_FORM]);
                known.own.extend(forms.filter(|(name, _)| name == form).flat_map(|(_, names)| names.iter()));
                known.only_own = true;
            }
            Owner::SlotAsk(_)
            | Owner::SlotRetry(_)
            | Owner::MoodPrefix(_)
            | Owner::ClarifyAsk(_)
            | Owner::SmallTalk(_)
            | Owner::HandoffRule(_) => {}
        }
        known
    }

    /// Whether a name has a value whenever the wordings may be used.
    pub fn is_always(&self, name: &str) -> bool {
        let link = |name: &str| self.voice.links.contains_key(name);
        let everywhere = || {
            ALWAYS_KNOWN.contains(&name)
                || self.voice.facts.contains_key(name)
                || name.strip_prefix("link.").is_some_and(link)
        };
        self.own.contains(name) || !self.only_own && everywhere()
    }

    /// Whether a name can have a value at all.
    pub fn has(&self, name: &str) -> bool {
        let at_times = || SOMETIMES_KNOWN.contains(&name) || self.voice.slots.contains_key(name);
        self.is_always(name) || self.own_at_times.contains(name) || !self.only_own && at_times()
    }

    /// Whether a name is only true or false.
    fn is_flag(&self, name: &str) -> bool {
        name == "open" || matches!(self.voice.facts.get(name), Some(Fact::Flag(_)))
    }

    /// Every name that can have a value, in alphabetical order.
    fn names(&self) -> Vec<String> {
        let mut names: BTreeSet<String> =
            self.own.iter().chain(&self.own_at_times).map(|name| (*name).to_owned()).collect();
        if !self.only_own {
            names.extend(ALWAYS_KNOWN.iter().chain(SOMETIMES_KNOWN).map(|name| (*name).to_owned()));
            names.extend(self.voice.facts.keys().cloned());
            names.extend(self.voice.links.keys().map(|link| format!("link.{link}")));
            names.extend(self.voice.slots.keys().map(SlotId::to_string));
        }
        names.into_iter().collect()
    }
}

fn run(whole: &Whole<'_>, found: &mut Found) {
    for said in &whole.notes.said {
        let uses = || said.variants.iter().flat_map(|variant| variant.uses.iter().map(move |used| (variant, used)));
        if uses().next().is_none() {
            continue;
        }
        let known = Known::by(&said.owner, whole);
        for (variant, used) in uses() {
            if !known.has(&used.name) {
                if !whole.lost {
                    found.push(unknown(whole, &said.owner, &known, variant, used));
                }
            } else if !used.asked && known.is_flag(&used.name) {
                found.push(printed(whole, variant, used));
            }
        }
    }
}

fn unknown(whole: &Whole<'_>, owner: &Owner, known: &Known<'_>, variant: &SaidVariant, used: &Use) -> Diagnostic {
    let place = whole.inside(variant, used.at.clone());
    let message = format!("`{{{{{}}}}}` is not known in {}.", used.name, owner.spoken());
    let why = if used.asked {
        "The condition would never come true."
    } else {
        "This wording would never be used, because the blank can never be filled."
    };
    let finding = Diagnostic::error("unknown-variable", place, message).because(why);
    let names = known.names();
    let listed = names.join(", ");
    match nearest(&used.name, names.iter().map(String::as_str)) {
        Some(meant) => {
            let tag = variant.text.get(used.at.clone()).unwrap_or_default().replacen(&used.name, meant, 1);
            finding.help(format!("Did you mean `{meant}`? Known here: {listed}.")).replace_with(tag)
        }
        None if used.name.starts_with("link.") => finding
            .help(format!("Write a block [links.{}], or use one of: {listed}.", used.name.trim_start_matches("link."))),
        None => finding.help(format!("Known here: {listed}. To add one of your own, write it in [facts].")),
    }
}

fn printed(whole: &Whole<'_>, variant: &SaidVariant, used: &Use) -> Diagnostic {
    let place = whole.inside(variant, used.at.clone());
    Diagnostic::error("flag-printed", place, format!("`{}` is true or false; it cannot be printed.", used.name))
        .because("Customers would read \"true\".")
        .help(format!("Use it in a condition: {{{{#if {0}}}}}…{{{{else}}}}…{{{{/if}}}}", used.name))
}
