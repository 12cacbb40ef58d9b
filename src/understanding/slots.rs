//! Values of slots in a text.

use std::collections::BTreeMap;

use super::normalize::normalize;
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
/// Pieces of a text that patterns are tried on.
const PIECES: usize = 200;
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
pub(super) struct Place<'s> {
    /// The slot.
    pub slot: &'s SlotId,
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
                    matches(pattern, text.raw, is_asked).into_iter().map(SlotValue::Text).collect()
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

    /// Where values of choices and patterns stand among a text's words, so that examples such as "shipping to
    /// {country}" match every country.
    pub(super) fn places(&self, text: &Text<'_>) -> Vec<Place<'_>> {
        let mut places = Vec::new();
        for (id, kind) in &self.slots {
            match kind {
                Kind::Choice(choices) => {
                    places.extend(choices.find(text, false).map(|(words, _)| Place { slot: id, words }));
                }
                Kind::Pattern(pattern) => {
                    places.extend(pattern_places(pattern, text).map(|words| Place { slot: id, words }))
                }
                Kind::YesNo | Kind::Text => {}
            }
        }
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

/// Values of a pattern: single pieces, and two neighbours taken together ("LL 123456").
fn matches(pattern: &Regex, raw: &str, asked: bool) -> Vec<String> {
    let pieces: Vec<Chunk<'_>> = chunks(raw).take(PIECES).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let length = [2, 1].into_iter().find_map(|length| {
            let value = value_of(pattern, pieces.get(at..at + length)?)?;
            found.push(value);
            Some(length)
        });
        at += length.unwrap_or(1);
    }
    if found.is_empty() && asked {
        let prefix = literal_prefix(pattern.as_str());
        found = pieces
            .iter()
            .filter_map(|piece| whole(pattern, &format!("{prefix}{}", trimmed(piece.text))))
            .take(1)
            .collect();
    }
    found
}

fn value_of(pattern: &Regex, pieces: &[Chunk<'_>]) -> Option<String> {
    match pieces {
        [one] => whole(pattern, one.text).or_else(|| whole(pattern, trimmed(one.text))),
        [first, second] => {
            let (first, second) = (trimmed(first.text), trimmed(second.text));
            // Two values side by side are two values.
            if whole(pattern, first).is_some() || whole(pattern, second).is_some() {
                return None;
            }
            ["-", "", " "].iter().find_map(|between| whole(pattern, &format!("{first}{between}{second}")))
        }
        _ => None,
    }
}

fn trimmed(piece: &str) -> &str {
    piece.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The text as the pattern wants it written, when the whole of it matches in some case.
fn whole(pattern: &Regex, text: &str) -> Option<String> {
    let plain = normalize(text);
    let upper = plain.to_uppercase();
    let fits = |form: &&str| {
        pattern.find(form).is_some_and(|found| found.start() == 0 && found.end() == form.len() && !form.is_empty())
    };
    let forms = [text, upper.as_str(), plain.as_str()];
    let form = forms.iter().find(|form| fits(form))?;
    let wants_upper = wants_upper_case(pattern.as_str());
    Some(if wants_upper && fits(&upper.as_str()) { upper } else { (*form).to_owned() })
}

/// Whether the letters that a pattern itself names are capitals.
fn wants_upper_case(pattern: &str) -> bool {
    let (mut upper, mut lower, mut escaped) = (false, false, false);
    let mut group = ' ';
    for c in pattern.chars() {
        let flag = group == '?' && !matches!(c, ')' | ':' | '>');
        if !escaped && !flag {
            upper |= c.is_ascii_uppercase();
            lower |= c.is_ascii_lowercase();
        }
        escaped = c == '\\' && !escaped;
        group = match (group, c) {
            ('(', '?') => '?',
            ('?', ')' | ':' | '>') => ' ',
            ('?', _) => '?',
            (_, c) => c,
        };
    }
    upper && !lower
}

/// The fixed characters that a pattern begins with, such as `LL-`.
fn literal_prefix(pattern: &str) -> String {
    let mut body = pattern;
    while let Some(rest) = ["(?i)", "(?i:", "(?:", "^", "("].iter().find_map(|opening| body.strip_prefix(opening)) {
        body = rest;
    }
    let fixed = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '#');
    let mut prefix: String = body.chars().take_while(fixed).collect();
    let next = body.get(prefix.len()..).and_then(|rest| rest.chars().next());
    if matches!(next, Some('?' | '*' | '{' | '+')) {
        prefix.pop();
    }
    prefix
}

fn pattern_places<'p>(pattern: &'p Regex, text: &'p Text<'_>) -> impl Iterator<Item = std::ops::Range<usize>> + 'p {
    let words = text.words.len().min(PIECES);
    let fits = move |range: &std::ops::Range<usize>| {
        let part = text.words.get(range.clone())?;
        let written = text.normalized.get(part.first()?.start..part.last()?.end)?;
        whole(pattern, written).map(|_| range.clone())
    };
    (0..words).filter_map(move |start| {
        let ranges = [3, 2, 1].map(|length| start..start + length);
        ranges.into_iter().filter(|range| range.end <= words).find_map(|range| fits(&range))
    })
}

fn free_text(raw: &str) -> Option<String> {
    let trimmed = raw.trim();
    let length = trimmed.chars().count();
    (1..=TEXT).contains(&length).then(|| trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_tells_its_case_and_its_beginning() {
        for (pattern, upper, prefix) in [
            ("^(?:^LL-[0-9]{6}$)$", true, "LL-"),
            ("^LL-?[0-9]{6}$", true, "LL"),
            (r"^\D{2}\S+$", false, ""),
            ("[a-z]+", false, ""),
            ("(?i)ab[0-9]", false, "ab"),
            ("(?P<x>AB)[0-9]", true, ""),
        ] {
            assert_eq!(wants_upper_case(pattern), upper, "{pattern}");
            assert_eq!(literal_prefix(pattern), prefix, "{pattern}");
        }
    }
}
