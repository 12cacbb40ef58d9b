//! Lists of words and phrases, found in a text as whole words.

use std::collections::BTreeMap;
use std::ops::Range;

use super::normalize::normalize;
use super::words::{Word, texts};

/// Words that are looked back for a phrase that ends at a place.
const LONGEST: usize = 8;

/// A list of phrases.
#[derive(Clone, Debug, Default)]
pub(super) struct Phrases {
    /// What follows, by first word; the longest first.
    by_first: BTreeMap<String, Vec<Vec<String>>>,
}

impl Phrases {
    /// Takes phrases as they were written.
    pub(super) fn new<S: AsRef<str>>(written: impl IntoIterator<Item = S>) -> Self {
        let mut phrases = Self::default();
        written.into_iter().for_each(|phrase| phrases.add(texts(&normalize(phrase.as_ref()))));
        phrases
    }

    /// Adds a phrase given in words.
    pub(super) fn add(&mut self, words: Vec<String>) {
        let mut words = words.into_iter();
        let Some(first) = words.next() else { return };
        let rest: Vec<String> = words.collect();
        let known = self.by_first.entry(first).or_default();
        if let Err(place) = known.binary_search_by(|other| rest.len().cmp(&other.len()).then(other.cmp(&rest))) {
            known.insert(place, rest);
        }
    }

    /// Number of words of the longest phrase that begins with the first of these words.
    pub(super) fn at(&self, words: &[Word]) -> Option<usize> {
        let (first, after) = words.split_first()?;
        let known = self.by_first.get(&first.text)?;
        let fits = |rest: &&Vec<String>| {
            after.len() >= rest.len() && rest.iter().zip(after).all(|(word, found)| *word == found.text)
        };
        known.iter().find(fits).map(|rest| rest.len() + 1)
    }

    /// Number of words of the longest phrase that ends with the last of these words.
    pub(super) fn ending(&self, words: &[Word]) -> Option<usize> {
        (words.len().saturating_sub(LONGEST)..words.len()).find_map(|start| {
            let from = words.get(start..)?;
            self.lengths(from).any(|length| length == from.len()).then_some(from.len())
        })
    }

    /// Every phrase in a text, from left to right, none within another.
    pub(super) fn find<'w>(&'w self, words: &'w [Word]) -> impl Iterator<Item = Range<usize>> + 'w {
        let mut start = 0;
        std::iter::from_fn(move || {
            while start < words.len() {
                let here = start;
                match words.get(here..).and_then(|from| self.at(from)) {
                    Some(length) => {
                        start += length;
                        return Some(here..here + length);
                    }
                    None => start += 1,
                }
            }
            None
        })
    }

    /// Whether one of the phrases is in a text.
    pub(super) fn any(&self, words: &[Word]) -> bool {
        self.find(words).next().is_some()
    }

    /// Whether a text is exactly one of the phrases.
    pub(super) fn is(&self, words: &[Word]) -> bool {
        self.lengths(words).any(|length| length == words.len())
    }

    /// Lengths of all phrases that begin with the first of these words.
    fn lengths<'w>(&'w self, words: &'w [Word]) -> impl Iterator<Item = usize> + 'w {
        let (known, after) = match words.split_first() {
            Some((first, after)) => (self.by_first.get(&first.text).map_or(&[][..], Vec::as_slice), after),
            None => (&[][..], words),
        };
        let fits = move |rest: &&Vec<String>| {
            after.len() >= rest.len() && rest.iter().zip(after).all(|(word, found)| *word == found.text)
        };
        known.iter().filter(fits).map(|rest| rest.len() + 1)
    }
}

/// The words as they stand in the text, for showing what was found.
pub(super) fn shown(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn phrases_are_whole_words_and_the_longest_wins() {
        let phrases = Phrases::new(["kill", "kill myself", "Geht’s noch"]);
        let found = |text: &str| {
            let words = words(&normalize(text));
            phrases.find(&words).map(|range| shown(&words[range])).collect::<Vec<_>>()
        };
        assert_eq!(found("I kill myself, they kill"), ["kill myself", "kill"]);
        assert_eq!(found("skill myself"), Vec::<String>::new());
        assert_eq!(found("Gehts noch?"), ["gehts noch"]);
    }

    #[test]
    fn a_phrase_is_known_by_its_end() {
        let phrases = Phrases::new(["talk to", "to"]);
        let words = words("i talk to");
        assert_eq!(phrases.ending(&words), Some(2));
        assert_eq!(phrases.ending(&words[..2]), None);
        assert!(phrases.is(&words[1..]));
    }
}
