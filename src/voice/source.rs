//! The texts of a voice and places in them.

use std::ops::Range;

/// One file, or text from elsewhere, with the name that messages call it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file's path, as the author gave it.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A place: bytes of one of the sources.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Which source, counted from 0 in the order they were given.
    pub source: usize,
    /// Bytes of its text.
    pub bytes: Range<usize>,
}

impl Source {
    /// The bytes with the characters that they cut made whole, within the text.
    pub fn whole_characters(&self, bytes: &Range<usize>) -> Range<usize> {
        let mut start = bytes.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = bytes.end.clamp(start, self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        start..end
    }

    /// Line and column of a byte, both from 1; the column counts characters. Past the end it is the end.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let mut at = byte.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}
