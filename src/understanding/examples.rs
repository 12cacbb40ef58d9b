//! The voice's answers, as the matcher sees them.

use std::collections::BTreeSet;

use super::lexicon::background;
use super::matching::{Class, Matcher};
use super::normalize::normalize;
use super::reading::Candidate;
use super::slots::Slots;
use super::text::Text;
use super::words::texts;
use crate::voice::{AnswerId, Example, SlotId, SlotKind, Voice};

/// Candidates of one question, at most.
const CANDIDATES: usize = 5;
/// Words of one question that are matched; what comes after them says no more about what is asked.
pub(super) const WORDS: usize = 64;

/// The answers of a voice and what tells them apart.
#[derive(Debug)]
pub(super) struct Answers {
    matcher: Matcher,
    /// For each answer its id and its examples, in the order the matcher counts them.
    answers: Vec<(AnswerId, Vec<String>)>,
    /// Slots that examples stand in for by `{slot}`.
    masked: BTreeSet<SlotId>,
}

impl Answers {
    /// Learns the answers of a voice.
    pub(super) fn learn(voice: &Voice, slots: &Slots) -> Self {
        let asks = voice.answers.iter().flat_map(|answer| answer.ask.iter().chain(&answer.not_ask));
        let maskable = |slot: &&str| {
            let kind = voice.slots.get(*slot).map(|slot| &slot.kind);
            matches!(kind, Some(SlotKind::Choice(_) | SlotKind::Pattern(_)))
        };
        let masked = asks.flat_map(|ask| placeholders(&ask.text)).filter(maskable).map(SlotId::from).collect();
        let words = |text: &str| example_words(text, &masked, slots);
        let mut classes = Vec::new();
        let mut answers = Vec::new();
        for answer in &voice.answers {
            // In one order whatever the file's: the order of examples must not matter.
            let asks: BTreeSet<&str> = answer.ask.iter().map(|ask| ask.text.as_str()).collect();
            let list = |texts: &[Example]| texts.iter().map(|text| words(&text.text)).collect::<BTreeSet<_>>();
            classes.push(Class {
                asks: asks.iter().map(|text| words(text)).collect(),
                not_asks: list(&answer.not_ask).into_iter().collect(),
            });
            answers.push((answer.id.clone(), asks.into_iter().map(str::to_owned).collect()));
        }
        let off_topic: Vec<Vec<String>> =
            background().en.iter().chain(&background().de).map(|text| texts(&normalize(text))).collect();
        Self { matcher: Matcher::learn(&classes, &off_topic), answers, masked }
    }

    /// The answers a text may ask for, the best first.
    pub(super) fn candidates(&self, text: &Text<'_>, slots: &Slots) -> Vec<Candidate> {
        let ranked = self.matcher.rank(&masked_words(text, &self.masked, slots));
        let candidate = |ranked: &super::matching::Ranked| {
            let (answer, asks) = self.answers.get(ranked.class)?;
            let example = asks.get(ranked.ask).cloned().unwrap_or_default();
            Some(Candidate { answer: answer.clone(), confidence: ranked.confidence, example })
        };
        ranked.iter().take(CANDIDATES).filter_map(candidate).collect()
    }
}

/// The words of an example: `{slot}` stands for any value of a slot that has values to recognise, and for nothing
/// where it has none.
fn example_words(written: &str, masked: &BTreeSet<SlotId>, slots: &Slots) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = written;
    while let Some((before, slot, after)) = next_placeholder(rest) {
        words.extend(masked_words(&Text::of(before), masked, slots));
        if masked.contains(slot) {
            words.push(mask(slot));
        }
        rest = after;
    }
    words.extend(masked_words(&Text::of(rest), masked, slots));
    words
}

/// The words of a text, values of masked slots as `{slot}`; the value's own words stand at the end, for examples that
/// are about one value only.
fn masked_words(text: &Text<'_>, masked: &BTreeSet<SlotId>, slots: &Slots) -> Vec<String> {
    let plain = |range: std::ops::Range<usize>| {
        text.words.get(range).unwrap_or_default().iter().map(|word| word.text.clone()).collect::<Vec<_>>()
    };
    let end = text.words.len().min(WORDS);
    if masked.is_empty() {
        return plain(0..end);
    }
    let (mut words, mut values, mut at) = (Vec::new(), Vec::new(), 0);
    for place in slots.places(text, masked) {
        if place.words.start >= at && place.words.end <= end {
            words.extend(plain(at..place.words.start));
            words.push(mask(place.slot.as_str()));
            values.extend(plain(place.words.clone()));
            at = place.words.end;
        }
    }
    words.extend(plain(at..end));
    words.extend(values);
    words
}

fn mask(slot: &str) -> String {
    format!("{{{slot}}}")
}

/// The names in braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, slot, after) = next_placeholder(rest)?;
        rest = after;
        Some(slot)
    })
}

fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (slot, after) = rest.split_once('}')?;
    Some((before, slot.trim(), after))
}
