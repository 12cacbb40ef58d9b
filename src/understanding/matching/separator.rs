//! A linear separator for each answer: what tells its examples from everybody else's.
//!
//! One-versus-rest support vector machines (squared hinge), learned by dual coordinate descent (Hsieh et al. 2008),
//! for all answers in one pass: the weights of one dimension lie side by side, so a row's scores for every answer are
//! sums of contiguous slices.

use super::space::Sparse;

/// Cost of a violated margin.
const COST: f32 = 1.0;
/// A pass that moves no row by more than this is the last.
const STILL: f32 = 0.02;

/// What a row is for one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// An example of it.
    For,
    /// An example of something else.
    Against,
    /// It says nothing about this answer.
    Neutral,
}

/// The separators of all answers.
#[derive(Debug, Default)]
pub(super) struct Separator {
    classes: usize,
    /// For each dimension the weights of all answers.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Separator {
    /// Learns from rows, in at most so many passes; `side` says what a row is for an answer.
    pub(super) fn learn(
        dimensions: usize,
        classes: usize,
        rows: &[&Sparse],
        passes: usize,
        side: impl Fn(usize, usize) -> Side,
    ) -> Self {
        let mut learned = Self { classes, weights: vec![0.0; dimensions * classes], bias: vec![0.0; classes] };
        let mut alphas = vec![0.0; rows.len() * classes];
        let mut delta = vec![0.0; classes];
        for pass in 0..passes {
            let mut moved = 0.0_f32;
            for row in shuffled(rows.len(), pass) {
                let Some((x, alphas)) = rows.get(row).zip(alphas.get_mut(row * classes..(row + 1) * classes)) else {
                    continue;
                };
                let scores = learned.scores(x);
                for (class, ((score, alpha), delta)) in scores.iter().zip(alphas).zip(&mut delta).enumerate() {
                    *delta = step(side(row, class), *score, alpha);
                    moved = moved.max(delta.abs());
                }
                learned.add(x, &delta);
            }
            if moved < STILL {
                break;
            }
        }
        learned
    }

    /// The signed distance of a vector from each answer's border, in margins.
    pub(super) fn scores(&self, x: &Sparse) -> Vec<f32> {
        let mut scores = self.bias.clone();
        for (dimension, weight) in x {
            if let Some(weights) = self.weights.get(place(*dimension, self.classes)) {
                scores.iter_mut().zip(weights).for_each(|(score, w)| *score += weight * w);
            }
        }
        scores
    }

    fn add(&mut self, x: &Sparse, delta: &[f32]) {
        if delta.iter().all(|d| *d == 0.0) {
            return;
        }
        self.bias.iter_mut().zip(delta).for_each(|(bias, d)| *bias += d);
        for (dimension, weight) in x {
            if let Some(weights) = self.weights.get_mut(place(*dimension, self.classes)) {
                weights.iter_mut().zip(delta).for_each(|(w, d)| *w += weight * d);
            }
        }
    }
}

/// Where the weights of a dimension lie.
fn place(dimension: u32, classes: usize) -> std::ops::Range<usize> {
    let first = dimension as usize * classes;
    first..first + classes
}

/// One coordinate step; gives the change of the weights along the row. Rows have length 1, the bias adds 1.
fn step(side: Side, score: f32, alpha: &mut f32) -> f32 {
    let sign = match side {
        Side::For => 1.0,
        Side::Against => -1.0,
        Side::Neutral => return 0.0,
    };
    const DIAGONAL: f32 = 1.0 / (2.0 * COST);
    let gradient = sign * score - 1.0 + *alpha * DIAGONAL;
    let new = (*alpha - gradient / (2.0 + DIAGONAL)).max(0.0);
    let change = (new - *alpha) * sign;
    *alpha = new;
    change
}

/// Every row once, shuffled: rows of one answer lie side by side and would pull one after the other. The shuffle
/// (Fisher and Yates, with a linear congruential generator) is the same every time.
fn shuffled(count: usize, pass: usize) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..count).collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ (pass as u64);
    for last in (1..count).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        rows.swap(last, ((state >> 33) as usize) % (last + 1));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_comes_once() {
        for count in [0, 1, 2, 3, 8, 9, 100, 128] {
            let mut rows: Vec<usize> = shuffled(count, 3);
            rows.sort_unstable();
            assert_eq!(rows, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn rows_end_on_their_own_side() {
        let rows: Vec<Sparse> = vec![vec![(0, 0.8), (2, 0.6)], vec![(1, 0.8), (2, 0.6)], vec![(3, 1.0)]];
        let separator = Separator::learn(4, 2, &rows.iter().collect::<Vec<_>>(), 20, |row, class| {
            if row == class { Side::For } else { Side::Against }
        });
        for (row, x) in rows.iter().enumerate() {
            let scores = separator.scores(x);
            for (class, score) in scores.iter().enumerate() {
                assert_eq!(*score > 0.0, row == class, "row {row}, class {class}: {score}");
            }
        }
    }
}
