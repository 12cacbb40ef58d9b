//! Vectors -> one score an answer, blended from three views that err differently.
//!
//! Nearest examples see exact and near-exact questions, the centroid sees the general drift, the separator sees which
//! words matter. A pseudo-answer of off-topic sentences pulls down what resembles them.

use super::postings::Postings;
use super::separator::{Separator, Side};
use super::space::Sparse;

/// What a row of the training set is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// An example of an answer.
    Ask(usize),
    /// Something that must not give an answer.
    NotAsk(usize),
    /// Off topic.
    Background,
}

/// A row of the training set.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Where it lies.
    pub vector: Sparse,
    /// What it is.
    pub role: Role,
}

/// Weights of the views; they sum to 1. The background's pull comes off. Found on seven public sets of questions, where
/// accuracy and refusal change little around them.
const SEPARATOR: f32 = 0.44;
const NEAREST: f32 = 0.15;
const NEAREST_THREE: f32 = 0.15;
const CENTROID: f32 = 0.26;
const BACKGROUND: f32 = 0.09;

/// Everything that scores a vector.
#[derive(Debug)]
pub(super) struct Heads {
    classes: usize,
    postings: Postings,
    roles: Vec<Option<Role>>,
    /// For each dimension the weights of all answers' centroids.
    centroids: Vec<f32>,
    separator: Separator,
}

/// How well an answer fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score {
    /// The blend.
    pub total: f32,
    /// Similarity of the nearest example, 0 to 1.
    pub nearest: f32,
    /// Which row that is.
    pub example: usize,
    /// Similarity of the nearest thing that must not give this answer, 0 to 1.
    pub nearest_not: f32,
}

impl Heads {
    /// Learns from the rows that `keep` lets through; the others are what a cross-validation asks about.
    pub(super) fn learn(
        dimensions: usize,
        classes: usize,
        rows: &[Row],
        passes: usize,
        keep: impl Fn(usize) -> bool,
    ) -> Self {
        let mut roles = Vec::with_capacity(rows.len());
        let mut sums = vec![0.0; dimensions * classes];
        for (nth, row) in rows.iter().enumerate() {
            let role = Some(row.role).filter(|_| keep(nth));
            roles.push(role);
            let Some(Role::Ask(class)) = role else { continue };
            for (dimension, weight) in &row.vector {
                if let Some(sum) = sums.get_mut(*dimension as usize * classes + class) {
                    *sum += weight;
                }
            }
        }
        let near = |(row, role): (_, &Option<Role>)| match role {
            Some(Role::Ask(_) | Role::NotAsk(_)) => Some(row),
            Some(Role::Background) | None => None,
        };
        let vectors = rows.iter().map(|row| &row.vector);
        let postings = Postings::of(dimensions, vectors.zip(&roles).map(near));
        let kept: Vec<&Row> = rows.iter().zip(&roles).filter(|(_, role)| role.is_some()).map(|(row, _)| row).collect();
        let vectors: Vec<&Sparse> = kept.iter().map(|row| &row.vector).collect();
        let separator = Separator::learn(dimensions, classes + 1, &vectors, passes, |row, class| {
            kept.get(row).map_or(Side::Neutral, |row| side(row.role, class, classes))
        });
        Self { classes, postings, roles, centroids: at_length_one(sums, classes), separator }
    }

    /// The score of every answer.
    pub(super) fn score(&self, x: &Sparse) -> Vec<Score> {
        let similar = self.postings.similarities(x);
        let centroids = self.centroid_similarities(x);
        let margins = self.separator.scores(x);
        let background = margins.get(self.classes).copied().map_or(0.0, sigmoid_of_double);
        let near = self.nearest(&similar);
        let blend = |((near, centroid), margin): ((Near, &f32), &f32)| Score {
            total: SEPARATOR * sigmoid_of_double(*margin)
                + NEAREST * near.top[0]
                + NEAREST_THREE * near.mean()
                + CENTROID * centroid
                - BACKGROUND * background,
            nearest: near.top[0],
            example: near.example,
            nearest_not: near.not,
        };
        near.into_iter().zip(&centroids).zip(&margins).map(blend).collect()
    }

    fn centroid_similarities(&self, x: &Sparse) -> Vec<f32> {
        let mut sums = vec![0.0; self.classes];
        for (dimension, weight) in x {
            let first = *dimension as usize * self.classes;
            if let Some(weights) = self.centroids.get(first..first + self.classes) {
                sums.iter_mut().zip(weights).for_each(|(sum, w)| *sum += weight * w);
            }
        }
        sums
    }

    fn nearest(&self, similar: &[f32]) -> Vec<Near> {
        let mut near = vec![Near::default(); self.classes];
        for (nth, (role, similarity)) in self.roles.iter().zip(similar).enumerate() {
            match role {
                Some(Role::Ask(class)) => {
                    if let Some(near) = near.get_mut(*class) {
                        near.take(nth, *similarity);
                    }
                }
                Some(Role::NotAsk(class)) => {
                    if let Some(near) = near.get_mut(*class) {
                        near.not = near.not.max(*similarity);
                    }
                }
                Some(Role::Background) | None => {}
            }
        }
        near
    }
}

/// The nearest examples of one answer.
#[derive(Clone, Copy, Debug, Default)]
struct Near {
    top: [f32; 3],
    seen: usize,
    example: usize,
    not: f32,
}

impl Near {
    fn take(&mut self, row: usize, similarity: f32) {
        if self.seen == 0 || similarity > self.top[0] {
            self.example = row;
        }
        self.seen += 1;
        let mut carried = similarity;
        for place in &mut self.top {
            if carried > *place {
                std::mem::swap(place, &mut carried);
            }
        }
    }

    fn mean(&self) -> f32 {
        let seen = self.seen.clamp(1, self.top.len());
        self.top.iter().take(seen).sum::<f32>() / seen as f32
    }
}

fn side(role: Role, class: usize, background: usize) -> Side {
    match role {
        Role::Ask(own) if own == class => Side::For,
        Role::Ask(_) => Side::Against,
        Role::NotAsk(own) if own == class => Side::Against,
        Role::NotAsk(_) => Side::Neutral,
        Role::Background if class == background => Side::For,
        Role::Background => Side::Against,
    }
}

/// Centroids at length 1, from sums laid out by dimension.
fn at_length_one(mut sums: Vec<f32>, classes: usize) -> Vec<f32> {
    let mut squares = vec![0.0_f32; classes];
    for sums in sums.chunks_exact(classes.max(1)) {
        squares.iter_mut().zip(sums).for_each(|(square, sum)| *square += sum * sum);
    }
    for sums in sums.chunks_exact_mut(classes.max(1)) {
        sums.iter_mut()
            .zip(&squares)
            .filter(|(_, square)| **square > 0.0)
            .for_each(|(sum, square)| *sum /= square.sqrt());
    }
    sums
}

fn sigmoid_of_double(margin: f32) -> f32 {
    1.0 / (1.0 + (-2.0 * margin).exp())
}
