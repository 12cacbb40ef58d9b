//! Texts of files -> [`Voice`] and every finding.
//!
//! | part | idea |
//! |---|---|
//! | `lower` | what all parts share: texts, labels, words, names |
//! | `brand`, `knowledge`, `answers`, `talk`, `handoff` | the sections |
//! | `builtin` | the default voice |
//! | `notes` | what the whole-voice rules need besides the voice |

mod answers;
mod brand;
pub(crate) mod builtin;
mod handoff;
mod knowledge;
mod lower;
pub(crate) mod notes;
mod rules;
mod talk;

pub(crate) use self::knowledge::{WEEKDAYS, is_by_region, pattern};
pub(crate) use self::talk::{CALENDAR_FORMS, DATE_FORM};

use std::collections::BTreeSet;

use jiff::civil::Date;

use self::lower::Lower;
use self::notes::Notes;
use super::lint::Whole;
use super::source::{Place, Source};
use super::tree::{Clash, Table};
use super::{Diagnostic, Level, Locale, Voice, lint, read, syntax};

/// What came of reading a voice.
#[derive(Debug)]
pub struct Loaded {
    /// The voice; none when something in it is an error.
    pub voice: Option<Voice>,
    /// Every finding, in the order of places.
    pub findings: Vec<Diagnostic>,
}

/// Reads a voice from the texts of its files, all of them together, whatever the day.
pub fn load(sources: &[Source]) -> Loaded {
    load_on(sources, None)
}

/// The same on a day: what has run out by then is reported too.
pub fn load_on(sources: &[Source], today: Option<Date>) -> Loaded {
    let (mut tree, mut findings, lost) = read_files(sources);
    let locales = brand::locales(tree.table("brand").unwrap_or(&Table::default()));
    findings.extend(read::check(&mut tree, sources, &locales.1, &lost));
    let builtin = builtin::tree(sources.len());
    let (voice, notes) = lower(&tree, &builtin, sources.len(), locales);
    let answers = voice.answers.iter().map(|answer| (answer.id.as_str(), answer)).collect();
    let whole = Whole {
        voice: &voice,
        answers,
        notes: &notes,
        tree: &tree,
        builtin: &builtin,
        sources,
        lost: !lost.is_empty(),
        today,
    };
    findings.extend(lint::run(&whole));
    // What is broken is often unused too; that is not worth saying before it is mended.
    if findings.iter().any(|finding| finding.level == Level::Error) {
        findings.retain(|finding| finding.code != lint::UNUSED);
    }
    // A finding in the default voice would be our own mistake; it still must not point to a file that nobody has.
    for finding in findings.iter_mut().filter(|finding| finding.place.source >= sources.len()) {
        finding.place = Place { source: 0, bytes: 0..0 };
    }
    // What is left of a line after a slip may begin or end within a character.
    for finding in &mut findings {
        let related = finding.related.iter_mut().map(|(place, _)| place);
        for place in related.chain([&mut finding.place]) {
            if let Some(source) = sources.get(place.source) {
                place.bytes = source.whole_characters(&place.bytes);
            }
        }
    }
    findings.sort_by_key(|f| (f.place.source, f.place.bytes.start, f.place.bytes.end, f.code));
    let fine = findings.iter().all(|finding| finding.level != Level::Error);
    Loaded { voice: fine.then_some(voice), findings }
}

/// The files as one tree, with findings and the keys whose values could not be read.
fn read_files(sources: &[Source]) -> (Table, Vec<Diagnostic>, BTreeSet<String>) {
    let mut whole = Table::default();
    let (mut findings, mut lost, mut clashes) = (Vec::new(), BTreeSet::new(), Vec::new());
    for (number, source) in sources.iter().enumerate() {
        let parsed = syntax::parse(number, source);
        findings.extend(parsed.findings);
        lost.extend(parsed.lost);
        whole.merge(parsed.table, &mut clashes);
    }
    findings.extend(clashes.into_iter().map(|clash| two_places(clash, sources)));
    (whole, findings, lost)
}

fn two_places(clash: Clash, sources: &[Source]) -> Diagnostic {
    let (file, line) = line_of(sources, &clash.first);
    Diagnostic::error(
        "duplicate-key",
        clash.second,
        format!("`{}` is set twice: it already stands in {file}, line {line}.", clash.key),
    )
    .because("The bot cannot know which of the two you mean.")
    .help("Keep one and delete the other.")
    .see(clash.first, "the first one")
}

/// The file's name and the line of a place, for sentences.
fn line_of<'s>(sources: &'s [Source], place: &Place) -> (&'s str, usize) {
    sources.get(place.source).map_or(("", 0), |source| (source.name.as_str(), source.line_column(place.bytes.start).0))
}

/// The tree as meant. Where something was left out that must not be, something harmless stands in for it, so that the rest
/// can be checked; such a voice is never given out.
fn lower(
    brand: &Table,
    builtin: &Table,
    builtin_from: usize,
    (default_locale, locales): (Locale, Vec<Locale>),
) -> (Voice, Notes) {
    let mut lower = Lower { brand, builtin, builtin_from, default_locale, locales, notes: Notes::default() };
    lower.tones();
    let voice = Voice {
        brand: lower.brand(),
        persona: lower.persona(),
        rules: lower.rules(),
        moods: lower.moods(),
        mood_words: lower.mood_words(),
        hours: lower.hours(),
        facts: lower.facts(),
        links: lower.links(),
        slots: lower.slots(),
        answers: lower.answers(),
        clarify: lower.clarify(),
        small_talk: lower.small_talk(),
        fallback: lower.fallback(),
        handoff: lower.handoff(),
        silence: lower.silence(),
        lines: lower.lines(),
        calendar: lower.calendar(),
    };
    lower.regions(voice.brand.region_slot.as_ref());
    (voice, lower.notes)
}
