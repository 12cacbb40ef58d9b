//! Examples -> an order of answers with confidence.

use super::calibrate::{Curve, Seen};
use super::grams::Grams;
use super::heads::{Heads, Role, Row, Score};
use super::space::{Space, Sparse};

/// What is to be learned about one answer. Texts are given in words.
#[derive(Clone, Debug, Default)]
pub(in crate::understanding) struct Class {
    /// Questions it answers.
    pub asks: Vec<Vec<String>>,
    /// Questions that look alike and that it does not answer.
    pub not_asks: Vec<Vec<String>>,
}

/// An answer that a text may ask for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::understanding) struct Ranked {
    /// Which class, counted from 0.
    pub class: usize,
    /// Which of its asks is nearest, counted from 0.
    pub ask: usize,
    /// Probability that it is right.
    pub confidence: f32,
    /// The score that gave it.
    pub score: f32,
}

/// What was learned.
#[derive(Debug)]
pub(in crate::understanding) struct Matcher {
    space: Space,
    heads: Heads,
    curve: Curve,
    /// For each row, which ask of its class it is.
    asks: Vec<usize>,
}

/// Parts that the examples are cut into for cross-validation.
const FOLDS: usize = 5;

impl Matcher {
    /// Learns classes, with texts that belong to none of them.
    pub(in crate::understanding) fn learn(classes: &[Class], background: &[Vec<String>]) -> Self {
        let set = Set::of(classes, background);
        let curve = Curve::fit(&set.cross_validate());
        let heads = Heads::learn(set.space.dimensions(), classes.len(), &set.rows, |_| true);
        Self { heads, curve, asks: set.asks, space: set.space }
    }

    /// The answers a text may ask for, best first.
    pub(in crate::understanding) fn rank(&self, words: &[String]) -> Vec<Ranked> {
        let x = self.space.vector(&Grams::of(words));
        if x.is_empty() {
            return Vec::new();
        }
        let mut ranked: Vec<Ranked> = self
            .heads
            .score(&x)
            .into_iter()
            .enumerate()
            .filter(|(_, score)| allowed(score))
            .map(|(class, score)| Ranked {
                class,
                ask: self.asks.get(score.example).copied().unwrap_or_default(),
                confidence: self.curve.at(score.total),
                score: score.total,
            })
            .collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.class.cmp(&b.class)));
        ranked
    }
}

fn allowed(score: &Score) -> bool {
    score.nearest_not <= score.nearest
}

/// The rows to learn from.
struct Set {
    space: Space,
    rows: Vec<Row>,
    asks: Vec<usize>,
    folds: Vec<usize>,
    classes: usize,
}

impl Set {
    fn of(classes: &[Class], background: &[Vec<String>]) -> Self {
        let grams = |texts: &[Vec<String>]| texts.iter().map(|words| Grams::of(words)).collect::<Vec<_>>();
        let asked: Vec<Vec<Grams>> = classes.iter().map(|class| grams(&class.asks)).collect();
        let space = Space::of(&asked.concat());
        let mut set = Self { space, rows: Vec::new(), asks: Vec::new(), folds: Vec::new(), classes: classes.len() };
        for (nth, (class, asks)) in classes.iter().zip(&asked).enumerate() {
            set.add(Role::Ask(nth), nth, asks);
            set.add(Role::NotAsk(nth), nth, &grams(&class.not_asks));
        }
        set.add(Role::Background, 0, &grams(background));
        set
    }

    fn add(&mut self, role: Role, shift: usize, texts: &[Grams]) {
        for (nth, grams) in texts.iter().enumerate() {
            let vector: Sparse = self.space.vector(grams);
            self.rows.push(Row { vector, role });
            self.asks.push(nth);
            self.folds.push((nth + shift) % FOLDS);
        }
    }

    /// What each row's score is when it was not learned from.
    fn cross_validate(&self) -> Vec<Seen> {
        let mut seen = Vec::new();
        for fold in 0..FOLDS {
            let out = |nth: usize| self.folds.get(nth) == Some(&fold);
            let heads = Heads::learn(self.space.dimensions(), self.classes, &self.rows, |nth| !out(nth));
            for (nth, row) in self.rows.iter().enumerate().filter(|(nth, _)| out(*nth)) {
                let _ = nth;
                seen.extend(sightings(row, &heads.score(&row.vector)));
            }
        }
        seen
    }
}

fn sightings(row: &Row, scores: &[Score]) -> Vec<Seen> {
    let best = |skip: Option<usize>| {
        let others = scores.iter().enumerate().filter(|(class, _)| Some(*class) != skip);
        others.max_by(|(_, a), (_, b)| a.total.total_cmp(&b.total)).map(|(class, score)| (class, score.total))
    };
    let seen = |score: f32, right: bool, weight: f32| Seen { score, right, weight };
    match row.role {
        Role::Ask(own) => {
            let top = best(None).map(|(class, score)| seen(score, class == own, 1.0));
            let away = best(Some(own)).map(|(_, score)| seen(score, false, 0.5));
            top.into_iter().chain(away).collect()
        }
        Role::NotAsk(own) => scores.get(own).map(|score| seen(score.total, false, 1.0)).into_iter().collect(),
        Role::Background => best(None).map(|(_, score)| seen(score, false, 1.0)).into_iter().collect(),
    }
}
