//! A text in the forms that reading needs.

use super::normalize::{cut, normalize};
use super::words::{Word, words};

/// Words of a long text that are read for what it wants.
const BEGINNING: usize = 120;
const END: usize = 80;

/// A text, normalised and in words.
#[derive(Clone, Debug, Default)]
pub(super) struct Text<'t> {
    /// As written, cut to what is read.
    pub raw: &'t str,
    /// Normalised.
    pub normalized: String,
    /// In words, their places are places in `normalized`; of a shortened text not all of them.
    pub words: Vec<Word>,
}

impl<'t> Text<'t> {
    /// Prepares a text.
    pub(super) fn of(written: &'t str) -> Self {
        let raw = cut(written);
        let normalized = normalize(raw);
        let words = words(&normalized);
        Self { raw, normalized, words }
    }

    /// The text with only the words of its beginning and its end: what a message wants stands there, and a page of text
    /// must not cost more than a few sentences.
    pub(super) fn shortened(&self) -> Self {
        let mut short = self.clone();
        if short.words.len() > BEGINNING + END {
            short.words.drain(BEGINNING..short.words.len() - END);
        }
        short
    }

    /// What stands between a word and the one before it; for the first word what stands before it, for the place after
    /// the last word the rest.
    pub(super) fn before(&self, word: usize) -> &str {
        let start = word.checked_sub(1).and_then(|before| self.words.get(before)).map_or(0, |word| word.end);
        let end = self.words.get(word).map_or(self.normalized.len(), |word| word.start);
        self.normalized.get(start..end).unwrap_or_default()
    }

    /// Whether a clause ends before this word: an end mark, a comma, a line, or the text's end.
    pub(super) fn clause_ends_before(&self, word: usize) -> bool {
        word >= self.words.len() || self.before(word).contains(['.', '!', '?', ',', ';', ':', '(', ')', '\n', '"', '…'])
    }
}

/// A piece of the text as written, between white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk<'t> {
    /// First byte.
    pub start: usize,
    /// As written.
    pub text: &'t str,
}

/// The pieces of a text between white space.
pub(super) fn chunks(raw: &str) -> impl Iterator<Item = Chunk<'_>> {
    let mut rest = 0;
    raw.split(char::is_whitespace).filter_map(move |text| {
        let start = rest;
        let space = raw.get(start + text.len()..).and_then(|after| after.chars().next()).map_or(0, char::len_utf8);
        rest = start + text.len() + space;
        (!text.is_empty()).then_some(Chunk { start, text })
    })
}

/// The words of a text as written, each with the place of the piece it stands in.
pub(super) fn placed_words(raw: &str) -> (Vec<Word>, Vec<std::ops::Range<usize>>) {
    let mut words = Vec::new();
    let mut places = Vec::new();
    for chunk in chunks(raw) {
        let found = Text::of(chunk.text).words;
        places.extend(found.iter().map(|_| chunk.start..chunk.start + chunk.text.len()));
        words.extend(found);
    }
    (words, places)
}

/// A text as written from one of its words on; none when nothing is left.
pub(super) fn from_word(raw: &str, word: usize) -> Option<&str> {
    let (_, places) = placed_words(raw);
    raw.get(places.get(word)?.start..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_know_their_places() {
        let raw = " a\u{a0}b\u{2003} ccc";
        let found: Vec<_> = chunks(raw).map(|chunk| (chunk.start, chunk.text)).collect();
        assert_eq!(found, [(1, "a"), (4, "b"), (9, "ccc")]);
        assert!(found.iter().all(|(start, text)| raw[*start..].starts_with(text)));
    }
}
