//! A normalised text in words.

/// A word of a normalised text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The word; apostrophes inside it are left out, so that "don't" and "dont" are one.
    pub text: String,
    /// First byte in the normalised text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// What may follow an apostrophe within one word ("don't", "it's", "geht's"); anything else begins a word ("l'ordine").
const CONTRACTIONS: &[&str] = &["t", "s", "m", "re", "ve", "ll", "d"];

/// The words of a normalised text: runs of letters, marks and digits; ideographs stand alone.
pub(super) fn words(normalized: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (start, c) in normalized.char_indices() {
        let end = start + c.len_utf8();
        if is_ideograph(c) {
            words.push(Word { text: c.to_string(), start, end });
            open = false;
        } else if c.is_alphanumeric() || (open && unicode_normalization::char::is_combining_mark(c)) {
            match words.last_mut().filter(|_| open) {
                Some(word) => {
                    word.text.push(c);
                    word.end = end;
                }
                None => words.push(Word { text: c.to_string(), start, end }),
            }
            open = true;
        } else {
            open = false;
        }
    }
    join_contractions(words, normalized)
}

/// Only the texts of the words.
pub(super) fn texts(normalized: &str) -> Vec<String> {
    words(normalized).into_iter().map(|word| word.text).collect()
}

fn join_contractions(parts: Vec<Word>, normalized: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::with_capacity(parts.len());
    for part in parts {
        match words.last_mut() {
            Some(word)
                if normalized.get(word.end..part.start) == Some("'") && CONTRACTIONS.contains(&part.text.as_str()) =>
            {
                word.text.push_str(&part.text);
                word.end = part.end;
            }
            Some(_) | None => words.push(part),
        }
    }
    words
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_its_words() {
        for (text, expected) in [
            ("where's my parcel?", vec!["wheres", "my", "parcel"]),
            ("don't, won't", vec!["dont", "wont"]),
            ("l'ordine è qui", vec!["l", "ordine", "è", "qui"]),
            ("human-sized", vec!["human", "sized"]),
            ("送料は", vec!["送", "料", "は"]),
            ("q\u{335}r", vec!["q\u{335}r"]),
            ("''t", vec!["t"]),
            ("😀", vec![]),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
    }

    #[test]
    fn every_word_knows_its_place() {
        let text = "it's a lamp";
        let places: Vec<_> = words(text).iter().map(|word| &text[word.start..word.end]).collect();
        assert_eq!(places, ["it's", "a", "lamp"]);
    }
}
