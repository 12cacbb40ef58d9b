//! N-grams -> TF-IDF vectors of length 1, over the n-grams that the examples use.

use super::grams::Grams;

/// A vector: (dimension, weight), sorted by dimension, weights above zero.
pub(super) type Sparse = Vec<(u32, f32)>;

/// Share of the whole words in a vector's squared length; the rest is pieces'.
const WORDS: f32 = 0.4;
/// How much strange n-grams count towards the length.
const STRANGE: f32 = 0.5;

/// The dimensions of a voice and what each weighs.
#[derive(Debug, Default)]
pub(super) struct Space {
    words: Block,
    pieces: Block,
}

/// N-grams of one kind: sorted hashes and what each weighs. Rare among examples and rare among answers count alike:
/// "how do I" stands in few examples of many answers, "refund" in many of one.
#[derive(Debug, Default)]
struct Block {
    first: u32,
    /// What an n-gram weighs that no example uses.
    strange: f32,
    hashes: Vec<u64>,
    idf: Vec<f32>,
}

impl Space {
    /// The space of these examples, given by answer.
    pub(super) fn of(answers: &[Vec<Grams>]) -> Self {
        let words = Block::of(0, answers, |grams| &grams.words);
        let first = u32::try_from(words.hashes.len()).unwrap_or(u32::MAX);
        let pieces = Block::of(first, answers, |grams| &grams.pieces);
        Self { words, pieces }
    }

    /// Number of dimensions.
    pub(super) fn dimensions(&self) -> usize {
        self.words.hashes.len() + self.pieces.hashes.len()
    }

    /// A text's vector: words and pieces weigh the same, whatever their number; n-grams no example uses are dropped.
    pub(super) fn vector(&self, grams: &Grams) -> Sparse {
        let scaled = |block: Sparse, share: f32| block.into_iter().map(move |(d, weight)| (d, weight * share.sqrt()));
        let words = scaled(self.words.weigh(&grams.words), WORDS);
        words.chain(scaled(self.pieces.weigh(&grams.pieces), 1.0 - WORDS)).collect()
    }
}

impl Block {
    fn of(first: u32, answers: &[Vec<Grams>], kind: impl Fn(&Grams) -> &Vec<(u64, u32)>) -> Self {
        let by_answer = answers.iter().enumerate();
        let held =
            by_answer.flat_map(|(answer, asks)| asks.iter().flat_map(&kind).map(move |(hash, _)| (*hash, answer)));
        let mut all: Vec<(u64, usize)> = held.collect();
        all.sort_unstable();
        let examples = answers.iter().map(Vec::len).sum();
        let rarity = |holding: &[(u64, usize)]| {
            let answers_holding = holding.chunk_by(|a, b| a.1 == b.1).count();
            (rarity(holding.len(), examples) * rarity(answers_holding, answers.len())).sqrt()
        };
        let runs = all.chunk_by(|a, b| a.0 == b.0).filter_map(|run| run.first().map(|(hash, _)| (*hash, rarity(run))));
        let (hashes, idf) = runs.unzip();
        let strange = (self::rarity(0, examples) * self::rarity(0, answers.len())).sqrt();
        Self { first, strange, hashes, idf }
    }

    /// The weights of n-grams, at length 1 with those that no example uses, which are then left out.
    fn weigh(&self, grams: &[(u64, u32)]) -> Sparse {
        let mut vector = Sparse::new();
        let mut square = 0.0;
        for (hash, times) in grams {
            let often = 1.0 + (*times as f32).ln();
            match self.hashes.binary_search(hash) {
                Ok(nth) => {
                    let weight = often * self.idf.get(nth).copied().unwrap_or_default();
                    square += weight * weight;
                    vector.push((self.first.saturating_add(u32::try_from(nth).unwrap_or(u32::MAX)), weight));
                }
                Err(_) => square += STRANGE * (often * self.strange) * (often * self.strange),
            }
        }
        if square > 0.0 {
            let length = square.sqrt();
            vector.iter_mut().for_each(|(_, weight)| *weight /= length);
        }
        vector
    }
}

/// How rare something is: ln((1 + all) / (1 + those that hold it)) + 1.
fn rarity(holding: usize, all: usize) -> f32 {
    ((1.0 + all as f32) / (1.0 + holding as f32)).ln() + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grams(text: &str) -> Grams {
        Grams::of(&text.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    fn cosine(a: &Sparse, b: &Sparse) -> f32 {
        a.iter().filter_map(|(d, x)| b.iter().find(|(e, _)| d == e).map(|(_, y)| x * y)).sum()
    }

    #[test]
    fn the_same_words_point_the_same_way_and_strange_ones_nowhere() {
        let space = Space::of(&[vec![grams("where is my parcel")], vec![grams("how much is a lamp")]]);
        let parcel = space.vector(&grams("where is my parcel"));
        assert!((cosine(&parcel, &parcel) - 1.0).abs() < 1e-5);
        assert!(cosine(&parcel, &space.vector(&grams("wheres my parcle"))) > 0.25);
        let strange: f32 = space.vector(&grams("xyzzy plugh")).iter().map(|(_, weight)| weight * weight).sum();
        assert!(strange < 0.1, "a syllable in common is not a match: {strange}");
    }
}
