//! Examples -> an order of answers with confidence.

use std::collections::{BTreeMap, BTreeSet};

use super::calibrate::{Curve, Seen};
use super::grams::Grams;
use super::heads::{Heads, Role, Row, Score};
use super::postings::Postings;
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
    /// Words that the examples of exactly one class hold.
    telling: BTreeSet<String>,
}

/// Similarity from which on a text is an example word for word, and the score that it has at least.
const EXACT: f32 = 0.985;
const EXACT_SCORE: f32 = 0.85;
/// Scores closer than this make the better answer less likely, by up to [`DOUBT`]: of questions whose two best answers
/// score alike, less than half are answered right by the better one, however high both score.
const CLOSE: f32 = 0.1;
const DOUBT: f32 = 0.2;
/// The most that one word can be trusted which is no example and which several answers share ("lampshade"), or none
/// holds: it names a topic, and looks like whichever example is nearest.
const ONE_WORD: f32 = 0.5;
/// How fast confidence falls from the best answer to the others: at this distance to 37 %.
const FADE: f32 = 0.18;
/// Passes of the separator over the rows: for good, and in cross-validation, where the rough shape is enough.
const PASSES: usize = 6;
const FOLD_PASSES: usize = 4;
/// Similarity to an example from which on an off-topic sentence is none.
const ON_TOPIC: f32 = 0.6;
/// Parts that the examples are cut into for cross-validation.
const FOLDS: usize = 5;
/// Examples scored in cross-validation that are enough to know the curve; a large voice needs no more folds.
const ENOUGH: usize = 90;

impl Matcher {
    /// Learns classes, with texts that belong to none of them.
    pub(in crate::understanding) fn learn(classes: &[Class], background: &[Vec<String>]) -> Self {
        let set = Set::of(classes, background);
        let curve = Curve::fit(&set.cross_validate());
        let heads = Heads::learn(set.space.dimensions(), classes.len(), &set.rows, PASSES, |_| true);
        Self { heads, curve, asks: set.asks, space: set.space, telling: telling_words(classes) }
    }

    /// The answers a text may ask for, best first.
    pub(in crate::understanding) fn rank(&self, words: &[String]) -> Vec<Ranked> {
        let x = self.space.vector(&Grams::of(words));
        if x.is_empty() {
            return Vec::new();
        }
        let scores = lift_exact(self.heads.score(&x));
        let is_example = scores.iter().any(|score| score.nearest >= EXACT);
        let mut ranked: Vec<Ranked> = scores
            .into_iter()
            .enumerate()
            .filter(|(_, score)| score.nearest_not <= score.nearest)
            .map(|(class, score)| Ranked {
                class,
                ask: self.asks.get(score.example).copied().unwrap_or_default(),
                confidence: self.curve.at(score.total),
                score: score.total,
            })
            .collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.class.cmp(&b.class)));
        weigh_margins(&mut ranked);
        let vague = matches!(words, [word] if !self.telling.contains(word));
        if vague && !is_example {
            for one in &mut ranked {
                one.confidence = one.confidence.min(ONE_WORD);
            }
        }
        ranked
    }
}

fn telling_words(classes: &[Class]) -> BTreeSet<String> {
    let mut classes_of: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (nth, class) in classes.iter().enumerate() {
        for word in class.asks.iter().flatten() {
            classes_of.entry(word).or_default().insert(nth);
        }
    }
    classes_of.into_iter().filter(|(_, classes)| classes.len() == 1).map(|(word, _)| word.to_owned()).collect()
}

/// An example word for word is that answer, whatever the other views say.
fn lift_exact(mut scores: Vec<Score>) -> Vec<Score> {
    let is_exact = |score: &Score| score.nearest >= EXACT;
    let others = scores.iter().filter(|score| !is_exact(score)).map(|score| score.total).fold(0.0, f32::max);
    scores
        .iter_mut()
        .filter(|score| is_exact(score))
        .for_each(|score| score.total = score.total.max(EXACT_SCORE).max(others + CLOSE));
    scores
}

/// Two answers that score alike are both likely, and the better one less than it would be alone.
fn weigh_margins(ranked: &mut [Ranked]) {
    let mut scores = ranked.iter().map(|ranked| ranked.score);
    let (Some(best), second) = (scores.next(), scores.next()) else { return };
    let alone = second.map_or(1.0, |second| ((best - second) / CLOSE).min(1.0));
    let top = ranked.first().map_or(0.0, |first| first.confidence) * (1.0 - DOUBT * (1.0 - alone));
    for one in ranked {
        one.confidence = one.confidence.min(top * (-(best - one.score) / FADE).exp());
    }
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
        let space = Space::of(&asked);
        let mut set = Self { space, rows: Vec::new(), asks: Vec::new(), folds: Vec::new(), classes: classes.len() };
        for (nth, (class, asks)) in classes.iter().zip(&asked).enumerate() {
            set.add(Role::Ask(nth), nth, asks);
            set.add(Role::NotAsk(nth), nth, &grams(&class.not_asks));
        }
        let asks = set.rows.iter().map(|row| matches!(row.role, Role::Ask(_)).then_some(&row.vector));
        let postings = Postings::of(set.space.dimensions(), asks);
        // Jokes are what some brands are about.
        let on_topic =
            |text: &Grams| postings.similarities(&set.space.vector(text)).iter().any(|near| *near >= ON_TOPIC);
        let chatter: Vec<Grams> = grams(background).into_iter().filter(|text| !on_topic(text)).collect();
        set.add(Role::Background, 0, &chatter);
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

    /// What rows score that were not learned from: fold after fold, until enough is seen.
    fn cross_validate(&self) -> Seen {
        let mut seen = Seen::default();
        for fold in 0..FOLDS {
            if seen.away.len() >= ENOUGH {
                break;
            }
            let out = |nth: usize| self.folds.get(nth) == Some(&fold);
            let heads = Heads::learn(self.space.dimensions(), self.classes, &self.rows, FOLD_PASSES, |nth| !out(nth));
            for (_, row) in self.rows.iter().enumerate().filter(|(nth, _)| out(*nth)) {
                seen.add(row.role, &heads.score(&row.vector));
            }
        }
        seen
    }
}

impl Seen {
    /// Notes what the scores of a text show that was not learned from.
    fn add(&mut self, role: Role, scores: &[Score]) {
        let best = |skip: Option<usize>| {
            let others = scores.iter().enumerate().filter(|(class, _)| Some(*class) != skip);
            others.max_by(|(_, a), (_, b)| a.total.total_cmp(&b.total)).map(|(class, score)| (class, score.total))
        };
        match role {
            Role::Ask(own) => {
                self.right.extend(best(None).filter(|(class, _)| *class == own).map(|(_, score)| score));
                self.away.extend(best(Some(own)).map(|(_, score)| score));
            }
            Role::NotAsk(own) => self.away.extend(scores.get(own).map(|score| score.total)),
            Role::Background => self.chatter.extend(best(None).map(|(_, score)| score)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    fn class(asks: &[&str], not_asks: &[&str]) -> Class {
        let list = |texts: &[&str]| texts.iter().map(|text| words(text)).collect();
        Class { asks: list(asks), not_asks: list(not_asks) }
    }

    fn shop() -> Matcher {
        let classes = [
            class(
                &["how long does delivery take", "when will my order arrive", "delivery time"],
                &["my delivery is late"],
            ),
            class(&["where is my parcel", "my delivery is late", "track my order"], &[]),
            class(&["how much is delivery", "what does shipping cost", "is delivery free"], &[]),
        ];
        Matcher::learn(&classes, &["the weather is nice", "tell me a joke", "who won the game"].map(words))
    }

    #[test]
    fn an_example_word_for_word_wins_and_is_sure() {
        let best = shop().rank(&words("where is my parcel"))[0];
        assert_eq!((best.class, best.ask), (1, 0));
        assert!(best.confidence >= 0.95, "{best:?}");
    }

    #[test]
    fn a_text_nearer_to_what_must_not_ask_never_gets_the_answer() {
        let ranked = shop().rank(&words("my delivery is so late"));
        assert_eq!(ranked[0].class, 1);
        assert!(ranked.iter().all(|ranked| ranked.class != 0), "{ranked:?}");
    }

    #[test]
    fn confidence_follows_the_order_of_scores() {
        let ranked = shop().rank(&words("how much time does delivery take"));
        assert!(ranked.len() == 3 && ranked.is_sorted_by(|a, b| a.score >= b.score && a.confidence >= b.confidence));
    }

    #[test]
    fn of_two_alike_neither_is_sure() {
        let twins =
            [class(&["when are you open", "opening hours"], &[]), class(&["when are you open", "opening times"], &[])];
        let ranked = Matcher::learn(&twins, &[words("tell me a joke")]).rank(&words("when do you open"));
        assert!(ranked[0].confidence - ranked[1].confidence < 0.15, "{ranked:?}");
        assert!(ranked[0].confidence < 0.85, "{ranked:?}");
    }

    #[test]
    fn nothing_to_go_by_gives_nothing() {
        assert_eq!(shop().rank(&[]), []);
        assert_eq!(shop().rank(&words("xzqv")), []);
        assert_eq!(Matcher::learn(&[], &[]).rank(&words("hello")), []);
        assert_eq!(Matcher::learn(&[Class::default()], &[]).rank(&words("hello")), []);
    }
}
