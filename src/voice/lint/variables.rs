//! Wordings that name a variable which nothing gives a value to.

use std::collections::BTreeSet;

use super::{Found, Rule, Whole};
use crate::voice::lines::{ALWAYS_KNOWN, SOMETIMES_KNOWN};
use crate::voice::load::notes::{Owner, SaidVariant};
use crate::voice::load::{CALENDAR_FORMS, DATE_FORM};
use crate::voice::read::nearest;
use crate::voice::template::Use;
use crate::voice::{Diagnostic, Fact, SlotId};

pub(super) const RULE: Rule = Rule {
    codes: &[
        ("unknown-variable", "Every `{{name}}` is something that is known where the wording is used."),
        ("flag-printed", "What is only true or false is asked for with `{{#if}}`, never printed."),
    ],
    taste: false,
    run,
};

/// The names that a wording may use.
#[derive(Default)]
pub(super) struct Known {
    /// Known whenever the wording may be used.
    pub always: BTreeSet<String>,
    /// Known at times.
    pub sometimes: BTreeSet<String>,
    /// Those of either kind that are true or false.
    pub flags: BTreeSet<String>,
}

impl Known {
    /// What is known where the wordings of an owner are used.
    pub fn by(owner: &Owner, whole: &Whole<'_>) -> Self {
        if let Owner::Calendar(_, form) = owner {
            let forms = CALENDAR_FORMS.iter().chain([&DATE_FORM]);
            let names = forms.filter(|(name, _)| name == form).flat_map(|(_, known)| known.iter());
            return Self { always: names.map(|name| (*name).to_owned()).collect(), ..Self::default() };
        }
        let mut known = Self::everywhere(whole);
        let slots: BTreeSet<&SlotId> = match owner {
            Owner::Answer(id) => {
                whole.voice.answers.iter().filter(|answer| answer.id == *id).flat_map(|answer| &answer.needs).collect()
            }
            Owner::Line(line) => {
                known.always.extend(line.known().iter().map(|name| (*name).to_owned()));
                known.sometimes.extend(line.may_know().iter().map(|name| (*name).to_owned()));
                BTreeSet::new()
            }
            Owner::SlotAsk(_)
            | Owner::SlotRetry(_)
            | Owner::MoodPrefix(_)
            | Owner::ClarifyAsk(_)
            | Owner::SmallTalk(_)
            | Owner::HandoffRule(_)
            | Owner::Calendar(..) => BTreeSet::new(),
        };
        known.always.extend(slots.iter().map(|slot| slot.to_string()));
        known
    }

    fn everywhere(whole: &Whole<'_>) -> Self {
        let mut known = Self::default();
        known.always.extend(ALWAYS_KNOWN.iter().map(|name| (*name).to_owned()));
        known.sometimes.extend(SOMETIMES_KNOWN.iter().map(|name| (*name).to_owned()));
        known.flags.insert("open".to_owned());
        for (name, fact) in &whole.voice.facts {
            known.always.insert(name.clone());
            if matches!(fact, Fact::Flag(_)) {
                known.flags.insert(name.clone());
            }
        }
        known.always.extend(whole.voice.links.keys().map(|link| format!("link.{link}")));
        known.sometimes.extend(whole.voice.slots.keys().map(SlotId::to_string));
        known
    }

    /// Whether a name can have a value at all.
    pub fn has(&self, name: &str) -> bool {
        self.always.contains(name) || self.sometimes.contains(name)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.always.iter().chain(&self.sometimes).map(String::as_str)
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
            } else if !used.asked && known.flags.contains(&used.name) {
                found.push(printed(whole, variant, used));
            }
        }
    }
}

fn unknown(whole: &Whole<'_>, owner: &Owner, known: &Known, variant: &SaidVariant, used: &Use) -> Diagnostic {
    let place = whole.inside(variant, used.at.clone());
    let message = format!("`{{{{{}}}}}` is not known in {}.", used.name, owner.spoken());
    let why = if used.asked {
        "The condition would never come true."
    } else {
        "This wording would never be used, because the blank can never be filled."
    };
    let finding = Diagnostic::error("unknown-variable", place, message).because(why);
    let mut names: Vec<&str> = known.names().collect();
    names.sort_unstable();
    let listed = names.join(", ");
    match nearest(&used.name, names) {
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
