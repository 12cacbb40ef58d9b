//! A text with mended places, and the way back to the text as written.

use std::borrow::Cow;
use std::ops::Range;

/// A text as it is read, and where its parts come from.
#[derive(Clone)]
pub(super) struct Patched<'s> {
    text: Cow<'s, str>,
    parts: Vec<Part>,
}

/// A stretch of the text: taken over as it is, or put in place of something.
#[derive(Clone)]
struct Part {
    length: usize,
    original: Range<usize>,
    as_written: bool,
}

impl<'s> Patched<'s> {
    /// The text as written.
    pub fn new(text: &'s str) -> Self {
        let all = Part { length: text.len(), original: 0..text.len(), as_written: true };
        Self { text: Cow::Borrowed(text), parts: vec![all] }
    }

    /// The text as it is read now.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text with some of its bytes replaced; none when they are not whole characters of it.
    pub fn with(&self, at: Range<usize>, new: &str) -> Option<Self> {
        self.text.get(at.clone())?;
        let mut text = self.text.clone().into_owned();
        text.replace_range(at.clone(), new);
        let (mut before, rest) = split(&self.parts, at.start);
        let (replaced, after) = split(&rest, at.len());
        let from = replaced
            .first()
            .or(after.first())
            .map_or_else(|| before.last().map_or(0, |p| p.original.end), |p| p.original.start);
        let until = replaced.last().map_or(from, |part| part.original.end);
        before.push(Part { length: new.len(), original: from..until, as_written: false });
        before.extend(after);
        Some(Self { text: Cow::Owned(text), parts: before })
    }

    /// The bytes as written that some bytes of the text come from.
    pub fn original(&self, at: Range<usize>) -> Range<usize> {
        let mut offset = 0;
        let (mut start, mut end) = (None, None);
        for part in &self.parts {
            let until = offset + part.length;
            if start.is_none() && (at.start < until || (at.start == until && part.as_written)) {
                let into = if part.as_written { at.start - offset } else { 0 };
                start = Some(part.original.start + into);
            }
            if end.is_none() && at.end <= until && start.is_some() {
                let into = if part.as_written { at.end - offset } else { part.original.len() };
                end = Some(part.original.start + into);
            }
            offset = until;
        }
        let last = self.parts.last().map_or(0, |part| part.original.end);
        let start = start.unwrap_or(last);
        start..end.unwrap_or(last).max(start)
    }
}

/// Parts up to a length, and the rest; the part over the line is cut in two.
fn split(parts: &[Part], at: usize) -> (Vec<Part>, Vec<Part>) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let mut offset = 0;
    for part in parts {
        let until = offset + part.length;
        if until <= at && !(part.length == 0 && until == at && !after.is_empty()) {
            before.push(part.clone());
        } else if offset >= at {
            after.push(part.clone());
        } else if part.as_written {
            let cut = part.original.start + (at - offset);
            before.push(Part { length: at - offset, original: part.original.start..cut, as_written: true });
            after.push(Part { length: until - at, original: cut..part.original.end, as_written: true });
        } else {
            before.push(Part { length: at - offset, original: part.original.clone(), as_written: false });
            after.push(Part { length: until - at, original: part.original.end..part.original.end, as_written: false });
        }
        offset = until;
    }
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::Patched;

    #[test]
    fn what_is_found_in_a_mended_text_is_pointed_to_in_the_text_as_written() {
        let written = "name = Acme\nage = 3\nlast = x";
        let mended = Patched::new(written).with(7..11, "\"Acme\"").unwrap().with(22..22, "").unwrap();
        let at = |needle: &str| {
            let start = mended.text().find(needle).unwrap();
            written[mended.original(start..start + needle.len())].to_owned()
        };
        assert_eq!(at("\"Acme\""), "Acme");
        assert_eq!(at("name"), "name");
        assert_eq!(at("last"), "last");
        let again = mended.with(0..mended.text().len(), "new").unwrap();
        assert_eq!(again.original(0..3), 0..written.len());
        assert!(mended.with(500..501, "").is_none());
    }
}
