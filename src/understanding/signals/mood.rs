//! How somebody feels, explained by words.

use super::super::phrases::{Phrases, shown};
use super::super::text::{Text, chunks};
use super::lists::{Lists, general};
use crate::understanding::Irritation;
use crate::voice::MoodWords;

/// The highest level of irritation.
const FURIOUS: u8 = 3;
/// Words in capitals that are shouting: so many words, or so many letters.
const SHOUTED_WORDS: usize = 3;
const SHOUTED_LETTERS: usize = 8;
/// Words before a word of joy in which a "not" turns it around.
const NEGATION_REACH: usize = 3;

/// Emoji that show irritation, with their level, and joy; they are the same in every language.
const ANGRY: &[(char, u8)] = &[('🤬', 2), ('😡', 2), ('😠', 1), ('😤', 1), ('🖕', 2)];
const HAPPY: &[char] = &['😍', '🥰', '🤩', '🎉', '🥳'];

/// The voice's words for moods, besides the built-in ones.
#[derive(Debug, Default)]
pub(in crate::understanding) struct Mood {
    strong: Phrases,
    mild: Phrases,
    joy: Phrases,
}

impl Mood {
    /// Takes the voice's words.
    pub(in crate::understanding) fn new(words: &MoodWords) -> Self {
        Self { strong: Phrases::new(&words.strong), mild: Phrases::new(&words.mild), joy: Phrases::new(&words.joy) }
    }

    /// Irritation and the words of joy.
    pub(in crate::understanding) fn read(&self, text: &Text<'_>) -> (Irritation, Vec<String>) {
        let lists = general();
        let mut cues = Cues::default();
        for list in [&self.strong, &lists.strong, &lists.swearing] {
            cues.take(text, list, 2);
        }
        for list in [&self.mild, &lists.mild] {
            cues.take(text, list, 1);
        }
        ANGRY
            .iter()
            .filter(|(emoji, _)| text.raw.contains(*emoji))
            .for_each(|(emoji, level)| cues.add(emoji.to_string(), *level));
        let (mut joy, turned) = self.joys(text, lists);
        joy.extend(HAPPY.iter().filter(|emoji| text.raw.contains(**emoji)).map(char::to_string));
        cues.turned(turned);
        cues.sarcasm(text, lists);
        let pleased = !joy.is_empty() || lists.thanks.any(&text.words);
        if !pleased || !cues.found.is_empty() {
            cues.loudness(text, lists);
        }
        let joy = if cues.found.is_empty() && !lists.failure.any(&text.words) { joy } else { Vec::new() };
        (cues.irritation(), joy)
    }

    /// Words of joy, and those that a "not" turns around.
    fn joys(&self, text: &Text<'_>, lists: &Lists) -> (Vec<String>, Vec<String>) {
        let (mut joy, mut turned) = (Vec::new(), Vec::new());
        for range in self.joy.find(&text.words).chain(lists.joy.find(&text.words)) {
            let found = text.words.get(range.clone()).map(shown).unwrap_or_default();
            let reach = (0..NEGATION_REACH)
                .take_while(|back| !text.clause_ends_before(range.start.saturating_sub(*back)))
                .count();
            let before = text.words.get(range.start.saturating_sub(reach)..range.start).unwrap_or_default();
            let list = if lists.negators.any(before) { &mut turned } else { &mut joy };
            if !list.contains(&found) {
                list.push(found);
            }
        }
        (joy, turned)
    }
}

/// What was found so far: each place of the text counts once.
#[derive(Debug, Default)]
struct Cues {
    found: Vec<(String, u8)>,
    taken: Vec<usize>,
}

impl Cues {
    fn take(&mut self, text: &Text<'_>, list: &Phrases, level: u8) {
        for range in list.find(&text.words) {
            if !range.clone().any(|word| self.taken.contains(&word)) {
                self.taken.extend(range.clone());
                self.add(text.words.get(range).map(shown).unwrap_or_default(), level);
            }
        }
    }

    fn add(&mut self, cue: String, level: u8) {
        if !self.found.iter().any(|(known, _)| *known == cue) {
            self.found.push((cue, level));
        }
    }

    /// "not happy" is mild irritation.
    fn turned(&mut self, words: Vec<String>) {
        let unhappy = |word: &String| !self.found.iter().any(|(cue, _)| cue.contains(word.as_str()));
        let new: Vec<String> = words.into_iter().filter(unhappy).collect();
        new.into_iter().for_each(|word| self.add(format!("not {word}"), 1));
    }

    /// "great, it broke again": joy first, then a failure.
    fn sarcasm(&mut self, text: &Text<'_>, lists: &Lists) {
        let opening = lists.sarcasm.at(&text.words);
        let fails = |length: &usize| text.words.get(*length..).is_some_and(|rest| lists.failure.any(rest));
        let parted = |length: &usize| text.clause_ends_before(*length);
        if let Some(length) = opening.filter(fails).filter(parted) {
            self.add(text.words.get(..length).map(shown).unwrap_or_default(), 1);
        }
    }

    fn loudness(&mut self, text: &Text<'_>, lists: &Lists) {
        if shouts(text.raw) {
            self.add("capitals".to_owned(), 1);
        }
        let greets = lists.greeting.at(&text.words) == Some(text.words.len());
        if !greets && repeated_marks(&text.normalized) {
            self.add("repeated marks".to_owned(), 1);
        }
    }

    /// Levels add up; mild words and loudness alone never make somebody furious.
    fn irritation(self) -> Irritation {
        let sum: u8 = self.found.iter().fold(0, |sum, (_, level)| sum.saturating_add(*level));
        let strong = self.found.iter().any(|(_, level)| *level >= 2);
        let level = sum.min(if strong { FURIOUS } else { FURIOUS - 1 });
        Irritation { level, cues: self.found.into_iter().map(|(cue, _)| cue).collect() }
    }
}

/// Whether words are shouted. Links, codes with digits and single letters do not count.
fn shouts(raw: &str) -> bool {
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
    let shouted = |word: &str| {
        letters(word) >= 2
            && !word.contains("://")
            && word.chars().all(|c| !c.is_lowercase() && !c.is_numeric())
            && word.chars().any(char::is_uppercase)
    };
    let words: Vec<&str> = chunks(raw).map(|chunk| chunk.text).filter(|word| shouted(word)).collect();
    let loud: usize = words.iter().map(|word| letters(word)).sum();
    match words.len() {
        0 => false,
        // A single word may be a name; it is shouting when it is most of what is said.
        1 => loud >= SHOUTED_LETTERS && loud * 2 >= letters(raw),
        2 => loud >= SHOUTED_LETTERS,
        _ => words.len() >= SHOUTED_WORDS && words.iter().any(|word| letters(word) > 3),
    }
}

fn repeated_marks(normalized: &str) -> bool {
    let marks: Vec<bool> = normalized.chars().map(|c| matches!(c, '!' | '?')).collect();
    marks.windows(2).any(|pair| pair == [true, true])
}
