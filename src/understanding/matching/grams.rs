//! Words -> n-grams: single words and pairs, and pieces of 2 to 5 characters within a word.
//!
//! The pieces are what forgives typos and finds parts of compounds ("Lieferzeit" in "Lieferzeiten").

/// N-grams of a text, as hashes, sorted, each with how often it occurs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Grams {
    /// Words and pairs of words.
    pub words: Vec<(u64, u32)>,
    /// Pieces of words.
    pub pieces: Vec<(u64, u32)>,
}

/// Shortest and longest piece of a word, in characters, a blank before and after the word included.
const PIECES: std::ops::RangeInclusive<usize> = 2..=4;
/// Characters of one word that are cut into pieces; nobody's question hangs on the rest.
const MAX_WORD: usize = 40;

impl Grams {
    /// The n-grams of words. A word in braces stands for a slot's value: it counts as a word and is not cut.
    pub(super) fn of(words: &[String]) -> Self {
        let mut singles: Vec<u64> = words.iter().map(|word| hash(1, word.chars())).collect();
        singles.extend(words.windows(2).filter_map(|pair| match pair {
            [a, b] => Some(hash(2, a.chars().chain([' ']).chain(b.chars()))),
            _ => None,
        }));
        let mut pieces = Vec::new();
        for word in words {
            cut(word, &mut pieces);
        }
        Self { words: count(singles), pieces: count(pieces) }
    }
}

fn cut(word: &str, pieces: &mut Vec<u64>) {
    if word.starts_with('{') {
        pieces.push(hash(3, word.chars()));
        return;
    }
    let mut padded = vec![' '];
    padded.extend(word.chars().take(MAX_WORD));
    padded.push(' ');
    for n in PIECES {
        if padded.len() <= n {
            pieces.push(hash(3, padded.iter().copied()));
            break;
        }
        pieces.extend(padded.windows(n).map(|piece| hash(3, piece.iter().copied())));
    }
}

fn count(mut hashes: Vec<u64>) -> Vec<(u64, u32)> {
    hashes.sort_unstable();
    let mut counted: Vec<(u64, u32)> = Vec::with_capacity(hashes.len());
    for hash in hashes {
        match counted.last_mut() {
            Some((last, times)) if *last == hash => *times += 1,
            Some(_) | None => counted.push((hash, 1)),
        }
    }
    counted
}

/// FNV-1a, 64 bits, over the code points: at the size of a voice two n-grams never share one.
fn hash(kind: u64, chars: impl Iterator<Item = char>) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let start = (0xcbf2_9ce4_8422_2325 ^ kind).wrapping_mul(PRIME);
    chars.fold(start, |hash, c| (hash ^ u64::from(u32::from(c))).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grams(text: &str) -> Grams {
        Grams::of(&text.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn words_and_pairs_are_counted() {
        let grams = grams("a lamp a lamp");
        // a x2, lamp x2, "a lamp" x2, "lamp a" x1
        let mut times: Vec<u32> = grams.words.iter().map(|(_, times)| *times).collect();
        times.sort_unstable();
        assert_eq!(times, [1, 2, 2, 2]);
    }

    #[test]
    fn words_are_cut_into_pieces_of_two_to_five() {
        // " ab ": " a", "ab", "b ", " ab", "ab ", " ab " (as long as the word: itself once, then no more)
        assert_eq!(grams("ab").pieces.len(), 6);
        assert_eq!(grams("{country}").pieces.len(), 1);
    }

    #[test]
    fn compounds_share_pieces_with_their_parts() {
        let (whole, part) = (grams("lieferzeiten"), grams("lieferung"));
        assert!(whole.pieces.iter().filter(|piece| part.pieces.contains(piece)).count() >= 10);
    }
}
