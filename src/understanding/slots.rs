//! Values of slots in a text.

use std::collections::{BTreeMap, BTreeSet};

use super::normalize::normalize;
use super::patterns;
use super::phrases::Phrases;
use super::signals::Replies;
use super::text::{Chunk, Text, chunks};
use super::words::{Word, texts};
use super::{Found, SlotValue};
use crate::voice::{Choice, ChoiceId, Slot, SlotId, SlotKind};
use regex::Regex;

/// Letters of a word from which on one typo is forgiven.
const TYPO_FROM: usize = 5;
/// Letters of an abbreviation, at most, that capitals tell from a common word.
const ABBREVIATION: usize = 3;
/// Characters of a free text, at most.
const TEXT: usize = 200;

/// The voice's slots, ready to be found.
#[derive(Debug, Default)]
pub(super) struct Slots {
    slots: Vec<(SlotId, Kind)>,
}

#[derive(Debug)]
enum Kind {
    Choice(Choices),
    Pattern(Regex),
    YesNo,
    Text,
}

/// The choices of a slot: phrases, and which choice each is.
#[derive(Debug, Default)]
struct Choices {
    phrases: Phrases,
    meant: BTreeMap<Vec<String>, ChoiceId>,
}

/// A value and the words it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The slot.
    pub slot: SlotId,
    /// The words.
    pub words: std::ops::Range<usize>,
}

impl Slots {
    /// Takes the slots of a voice.
    pub(super) fn new(slots: &BTreeMap<SlotId, Slot>) -> Self {
        let kind = |slot: &Slot| match &slot.kind {
            SlotKind::Choice(choices) => Kind::Choice(Choices::new(choices)),
            SlotKind::Pattern(pattern) => Kind::Pattern(pattern.clone()),
            SlotKind::YesNo => Kind::YesNo,
            SlotKind::Text => Kind::Text,
        };
        Self { slots: slots.iter().map(|(id, slot)| (id.clone(), kind(slot))).collect() }
    }

    /// The values in a text. Yes or no and free text are values only of the slot that was asked for.
    pub(super) fn find(&self, text: &Text<'_>, asked: Option<&SlotId>) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for (id, kind) in &self.slots {
            let is_asked = asked == Some(id);
            let values: Vec<SlotValue> = match kind {
                Kind::Choice(choices) => {
                    choices.find(text, is_asked).map(|(_, choice)| SlotValue::Choice(choice)).collect()
                }
                Kind::Pattern(pattern) => {
                    patterns::matches(pattern, text.raw, is_asked).into_iter().map(SlotValue::Text).collect()
                }
                Kind::YesNo if is_asked => Replies::begins_yes_no(text).map(SlotValue::Flag).into_iter().collect(),
                Kind::Text if is_asked => free_text(text.raw).map(SlotValue::Text).into_iter().collect(),
                Kind::YesNo | Kind::Text => Vec::new(),
            };
            for value in values {
                let value = Found { slot: id.clone(), value };
                if !found.contains(&value) {
                    found.push(value);
                }
            }
        }
        found
    }

    /// Where values of some choice and pattern slots stand among a text's words, so that examples such as "shipping to
    /// {country}" match every country.
    pub(super) fn places(&self, text: &Text<'_>, slots: &BTreeSet<SlotId>) -> Vec<Place> {
        let mut places = Vec::new();
        for (slot, kind) in self.slots.iter().filter(|(slot, _)| slots.contains(slot)) {
            let place = |words| Place { slot: slot.clone(), words };
            match kind {
                Kind::Choice(choices) => places.extend(choices.find(text, false).map(|(words, _)| place(words))),
                Kind::Pattern(pattern) => places.extend(patterns::places(pattern, text).map(place)),
                Kind::YesNo | Kind::Text => {}
            }
        }
        places.sort_by_key(|place: &Place| (place.words.start, place.words.end));
        places
    }
}

impl Choices {
    fn new(choices: &[Choice]) -> Self {
        let mut made = Self::default();
        for choice in choices {
            for written in choice.label.values().chain(&choice.words) {
                let words = texts(&normalize(written));
                made.meant.entry(words.clone()).or_insert_with(|| choice.id.clone());
                made.phrases.add(words);
            }
        }
        made
    }

    /// The choices named in a text, with their places.
    fn find<'c>(
        &'c self,
        text: &'c Text<'_>,
        asked: bool,
    ) -> impl Iterator<Item = (std::ops::Range<usize>, ChoiceId)> + 'c {
        let mut at = 0;
        std::iter::from_fn(move || {
            while let Some(rest) = text.words.get(at..).filter(|rest| !rest.is_empty()) {
                let here = at;
                if let Some((length, choice)) = self.at(rest, asked, text) {
                    at += length;
                    return Some((here..here + length, choice));
                }
                at += 1;
            }
            None
        })
    }

    fn at(&self, rest: &[Word], asked: bool, text: &Text<'_>) -> Option<(usize, ChoiceId)> {
        if let Some(length) = self.phrases.at(rest) {
            let words: Vec<String> = rest.iter().take(length).map(|word| word.text.clone()).collect();
            let choice = self.meant.get(&words)?;
            return (asked || trusted(&words, text)).then(|| (length, choice.clone()));
        }
        let word = &rest.first()?.text;
        self.near(word).map(|choice| (1, choice.clone()))
    }

    /// The one choice whose single word is at most one typo away.
    fn near(&self, word: &str) -> Option<&ChoiceId> {
        let length = word.chars().count();
        if length < TYPO_FROM {
            return None;
        }
        let close = |words: &Vec<String>| match words.as_slice() {
            [other] => {
                let others = other.chars().count();
                others >= TYPO_FROM && others.abs_diff(length) <= 1 && strsim::osa_distance(word, other) <= 1
            }
            _ => false,
        };
        self.meant.iter().find(|(words, _)| close(words)).map(|(_, choice)| choice)
    }
}

/// Whether words mean a choice even though nobody asked: "it", "us" and "another one" are said for many reasons. In
/// capitals, "US" is the States.
fn trusted(words: &[String], text: &Text<'_>) -> bool {
    let common = |word: &String| super::lexicon::all().iter().any(|lexicon| lexicon.function_words.contains(word));
    if !words.iter().all(common) {
        return true;
    }
    let [word] = words else { return false };
    let bare = |chunk: Chunk<'_>| chunk.text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let in_capitals = |bare: String| bare.chars().all(char::is_uppercase) && bare.to_lowercase() == *word;
    let quiet = text.raw.chars().any(char::is_lowercase) || text.words.len() == 1;
    quiet && word.chars().count() <= ABBREVIATION && chunks(text.raw).map(bare).any(in_capitals)
}

fn free_text(raw: &str) -> Option<String> {
    let trimmed = raw.trim();
    let length = trimmed.chars().count();
    (1..=TEXT).contains(&length).then(|| trimmed.to_owned())
}
