//! One rule a file: what only the whole voice shows.
//!
//! A rule looks at the voice as meant and at what was noted while it was read (`Whole`), and reports what it finds. To add
//! one: a file here, a line in [`RULES`], a broken voice under `tests/data/broken`.

mod bot_words;
mod chat_limit;
mod disclosure;
mod examples;
mod exceptions;
mod few_examples;
mod follow_ups;
mod hidden;
mod hours;
mod links;
mod missing_text;
mod names;
mod references;
mod regions;
mod review;
mod secrets;
mod sensitive;
mod templates;
pub mod tone;
mod translations;
mod unused;
mod variables;

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use super::load::notes::{Kind, Notes, Owner, SaidVariant};
use super::source::{Place, Source};
use super::tree::Table;
use super::{Answer, AnswerId, Diagnostic, Voice, literal};

pub use self::secrets::CODE as SECRET;
pub(super) use self::unused::CODE as UNUSED;

/// A rule about the whole voice.
#[derive(Clone, Copy)]
pub struct Rule {
    /// The codes of what it reports, each with the rule in one sentence: the manual's list.
    pub codes: &'static [(&'static str, &'static str)],
    /// Whether it is a matter of taste, so that `[[rules.exceptions]]` can accept what it finds.
    pub taste: bool,
    /// Looks at the voice.
    run: fn(&Whole<'_>, &mut Found),
}

/// Every rule, in the order of the manual.
pub const RULES: &[Rule] = &[
    templates::RULE,
    variables::RULE,
    missing_text::RULE,
    chat_limit::RULE,
    translations::RULE,
    references::RULE,
    names::RULE,
    examples::RULE,
    few_examples::RULE,
    regions::RULE,
    follow_ups::RULE,
    unused::RULE,
    hours::RULE,
    links::RULE,
    disclosure::RULE,
    sensitive::RULE,
    review::RULE,
    secrets::RULE,
    hidden::RULE,
    tone::RULE,
];

/// A voice as meant and as written.
pub(crate) struct Whole<'v> {
    pub voice: &'v Voice,
    /// Answers by id.
    pub answers: BTreeMap<&'v str, &'v Answer>,
    pub notes: &'v Notes,
    pub tree: &'v Table,
    pub builtin: &'v Table,
    pub sources: &'v [Source],
    /// Whether parts of the files could not be read at all, so that what is mentioned may well be defined there.
    pub lost: bool,
    /// The day, where the caller has one.
    pub today: Option<Date>,
}

/// Findings on their way through the exceptions.
#[derive(Default)]
pub(crate) struct Found(Vec<Candidate>);

/// A finding and what an exception would name to silence it.
pub(crate) struct Candidate {
    pub diagnostic: Diagnostic,
    /// The wording's owner, by its name in the file.
    pub owner: Option<String>,
    /// The words it is about.
    pub words: Option<String>,
    /// Whether an exception can silence it: matters of taste can, broken things cannot.
    pub taste: bool,
}

impl Found {
    /// Reports something broken.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(Candidate { diagnostic, owner: None, words: None, taste: false });
    }

    /// Reports a matter of taste, which the author may accept with a reason.
    pub fn taste(&mut self, diagnostic: Diagnostic, owner: &Owner, words: Option<&str>) {
        let (owner, words) = (Some(owner.name()), words.map(str::to_owned));
        self.0.push(Candidate { diagnostic, owner, words, taste: true });
    }
}

impl<'v> Whole<'v> {
    /// The answer of an id.
    pub fn answer(&self, id: &AnswerId) -> Option<&'v Answer> {
        self.answers.get(id.as_str()).copied()
    }

    /// The place of some bytes of a wording.
    pub fn inside(&self, variant: &SaidVariant, at: Range<usize>) -> Place {
        literal::inside(self.sources, &variant.place, &variant.text, at)
    }

    /// Whether a place is in a file of the brand, and not in the default voice.
    pub fn is_ours(&self, place: &Place) -> bool {
        place.source < self.sources.len()
    }

    /// A place in words: "in voice.toml, line 12".
    pub fn line_of(&self, place: &Place) -> String {
        let source = self.sources.get(place.source);
        source.map(|s| format!("in {}, line {}", s.name, s.line_column(place.bytes.start).0)).unwrap_or_default()
    }

    /// The place of a name's definition.
    pub fn defined_at(&self, kind: Kind, name: &str) -> Option<&Place> {
        self.notes.defined.get(&(kind, name.to_owned()))
    }

    /// A place of the brand's files that stands for a field of `[brand]`: its value, or the section, or the first file.
    pub fn brand_place(&self, key: &str) -> Place {
        let entry = self.tree.entry("brand");
        let field = entry.and_then(|e| e.node.table()?.get(key));
        field.or(entry.map(|e| &e.node)).map_or(Place { source: 0, bytes: 0..0 }, |node| node.place.clone())
    }
}

/// Runs every rule. What the voice's own exceptions accept is left out.
pub(crate) fn run(whole: &Whole<'_>) -> Vec<Diagnostic> {
    let mut found = Found::default();
    for rule in RULES {
        (rule.run)(whole, &mut found);
    }
    exceptions::apply(whole, found.0)
}

/// Names in a sentence: `a`, `b` and `c`.
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// The first few of many names: `a`, `b`, `c` and 4 more.
pub(crate) fn some_of(names: &[String], most: usize) -> String {
    match names.get(..most) {
        Some(first) if names.len() > most => {
            let first = first.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            format!("{first} and {} more", names.len() - most)
        }
        _ => listed(names.iter().map(String::as_str)),
    }
}
