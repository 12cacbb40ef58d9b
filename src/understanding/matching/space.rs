//! N-grams -> TF-IDF vectors of length 1, over the n-grams that the examples use.

use super::grams::Grams;

/// A vector: (dimension, weight), sorted by dimension, weights above zero.
pub(super) type Sparse = Vec<(u32, f32)>;

/// How much strange n-grams count towards the length.
const STRANGE: f32 = 0.5;

/// The dimensions of a voice and what each weighs.
#[derive(Debug, Default)]
pub(super) struct Space {
    words: Block,
    pieces: Block,
}

/// N-grams of one kind: sorted hashes and their inverse document frequencies.
#[derive(Debug, Default)]
struct Block {
    first: u32,
    /// What an n-gram weighs that no example uses.
    strange: f32,
    hashes: Vec<u64>,
    idf: Vec<f32>,
}

impl Space {
    /// The space of these examples.
    pub(super) fn of(examples: &[Grams]) -> Self {
        let words = Block::of(0, examples.iter().map(|grams| grams.words.as_slice()), examples.len());
        let first = u32::try_from(words.hashes.len()).unwrap_or(u32::MAX);
        let pieces = Block::of(first, examples.iter().map(|grams| grams.pieces.as_slice()), examples.len());
        Self { words, pieces }
    }

    /// Number of dimensions.
    pub(super) fn dimensions(&self) -> usize {
        self.words.hashes.len() + self.pieces.hashes.len()
    }

    /// A text's vector: words and pieces weigh the same, whatever their number; n-grams no example uses are dropped.
    pub(super) fn vector(&self, grams: &Grams) -> Sparse {
        let mut vector = self.words.weigh(&grams.words);
        vector.extend(self.pieces.weigh(&grams.pieces));
        vector.iter_mut().for_each(|(_, weight)| *weight *= std::f32::consts::FRAC_1_SQRT_2);
        vector
    }
}

impl Block {
    fn of<'g>(first: u32, examples: impl Iterator<Item = &'g [(u64, u32)]>, count: usize) -> Self {
        let mut all: Vec<u64> = examples.flat_map(|grams| grams.iter().map(|(hash, _)| *hash)).collect();
        all.sort_unstable();
        let runs = all.chunk_by(|a, b| a == b).filter_map(|run| run.first().map(|hash| (*hash, run.len())));
        let (hashes, idf) = runs.map(|(hash, holding)| (hash, inverse_frequency(holding, count))).unzip();
        Self { first, strange: inverse_frequency(0, count), hashes, idf }
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

/// How rare an n-gram is: ln((1 + examples) / (1 + examples that hold it)) + 1.
fn inverse_frequency(holding: usize, examples: usize) -> f32 {
    ((1.0 + examples as f32) / (1.0 + holding as f32)).ln() + 1.0
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
        let space = Space::of(&[grams("where is my parcel"), grams("how much is a lamp")]);
        let parcel = space.vector(&grams("where is my parcel"));
        assert!((cosine(&parcel, &parcel) - 1.0).abs() < 1e-5);
        assert!(cosine(&parcel, &space.vector(&grams("wheres my parcle"))) > 0.4);
        assert!(space.vector(&grams("xyzzy")).is_empty());
    }
}
