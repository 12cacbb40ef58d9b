//! Scores -> probabilities, from what cross-validation saw.
//!
//! The curve is a logistic one through two points that a brand can rely on: 0.60, the usual bar in private, lies
//! between the weakest tenth of what was answered right and the middle of what questions score for an answer that is
//! not theirs; 0.85, the usual bar in public, lies between the weakest quarter of the right ones and the tenth of the
//! wrong ones that looks best. Quantiles rather than a fit of all scores, because examples of one author resemble each
//! other more than they resemble what customers write: a likelihood fit asks for too much. Below the private bar the
//! curve falls so that all but the best tenth of off-topic sentences stay under 0.25.

/// What cross-validation saw.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    /// Scores of the best answer where it was right.
    pub right: Vec<f32>,
    /// The best scores of answers that were not the right one.
    pub away: Vec<f32>,
    /// The best scores that off-topic sentences got.
    pub chatter: Vec<f32>,
}

/// score -> probability = 1 / (1 + e^-(0.405 + slope * (score - private))), with one slope above and one below.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Curve {
    private: f32,
    above: f32,
    below: f32,
}

/// The scores of the two points in voices in general, and how many right examples weigh as much as that.
const USUAL_PRIVATE: f32 = 0.25;
const USUAL_WIDTH: f32 = 0.13;
const BELIEF: f32 = 12.0;
/// The distance of the two points stays in these bounds.
const WIDTH: std::ops::RangeInclusive<f32> = 0.07..=0.18;
/// No voice answers below this score, however small it is: chance words reach it.
const LOWEST: f32 = 0.20;
/// The private bar stands this far above all but the best twentieth of chatter.
const ABOVE_CHATTER: f32 = 0.04;
/// How much steeper the curve may be below the private bar than above it.
const STEEPER: std::ops::RangeInclusive<f32> = 1.0..=2.5;
/// log(p / (1 - p)) of 0.25, 0.60 and 0.85.
const CHATTER: f32 = -1.098_612;
const PRIVATE: f32 = 0.405_465;
const PUBLIC: f32 = 1.734_601;

impl Curve {
    /// Fits the curve. The same sightings give the same curve, whatever their order.
    pub(super) fn fit(seen: &Seen) -> Self {
        let between = |right: f32, away: f32| match (quantile(&seen.right, right), quantile(&seen.away, away)) {
            (Some(right), Some(away)) => Some((right + away) / 2.0),
            (Some(one), None) | (None, Some(one)) => Some(one),
            (None, None) => None,
        };
        let trust = seen.right.len() as f32 / (seen.right.len() as f32 + BELIEF);
        let towards = |usual: f32, found: Option<f32>| usual + trust * (found.unwrap_or(usual) - usual);
        let private = towards(USUAL_PRIVATE, between(0.1, 0.5));
        let width = towards(USUAL_WIDTH, between(0.4, 0.97).map(|public| public - private));
        let chatter = quantile(&seen.chatter, 0.9);
        let private = private.max(chatter.map_or(LOWEST, |chatter| chatter + ABOVE_CHATTER)).max(LOWEST);
        let above = (PUBLIC - PRIVATE) / width.clamp(*WIDTH.start(), *WIDTH.end());
        let below = chatter.map_or(above, |chatter| (PRIVATE - CHATTER) / (private - chatter).max(f32::EPSILON));
        Self { private, above, below: below.clamp(above * STEEPER.start(), above * STEEPER.end()) }
    }

    /// The probability at a score.
    pub(super) fn at(&self, score: f32) -> f32 {
        let distance = score - self.private;
        let slope = if distance < 0.0 { self.below } else { self.above };
        1.0 / (1.0 + (-(PRIVATE + slope * distance)).exp())
    }
}

/// The value below which a share of the values lies, interpolated; none without values.
fn quantile(values: &[f32], share: f32) -> Option<f32> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let place = share * sorted.len().saturating_sub(1) as f32;
    let low = sorted.get(place.floor() as usize)?;
    let high = sorted.get(place.ceil() as usize)?;
    Some(low + (high - low) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spread(from: f32, to: f32, count: usize) -> Vec<f32> {
        (0..count).map(|nth| from + (to - from) * nth as f32 / count as f32).collect()
    }

    fn clear() -> Seen {
        Seen { right: spread(0.4, 0.9, 100), away: spread(0.05, 0.35, 100), chatter: spread(0.0, 0.12, 80) }
    }

    #[test]
    fn right_answers_pass_the_bars_and_chatter_stays_low() {
        let curve = Curve::fit(&clear());
        assert!(curve.at(0.45) >= 0.6, "nine of ten right answers pass the private bar");
        assert!(curve.at(0.65) >= 0.85, "the better half passes the public bar");
        assert!(curve.at(0.19) < 0.6, "the usual other answer does not");
        assert!(curve.at(0.11) < 0.25, "chatter is far below");
    }

    #[test]
    fn little_evidence_moves_the_curve_little() {
        let none = Curve::fit(&Seen::default());
        assert!((none.at(USUAL_PRIVATE) - 0.6).abs() < 1e-3);
        let one = Curve::fit(&Seen { right: vec![0.9], away: vec![0.7], chatter: vec![0.0] });
        assert!((one.private - none.private).abs() < 0.05, "{one:?}");
        let hopeless = Curve::fit(&Seen { right: spread(0.0, 0.01, 50), away: vec![0.0; 50], chatter: vec![0.0; 50] });
        assert!(hopeless.at(0.1) < 0.6, "however little is needed to be right, chance words are not enough");
    }

    #[test]
    fn a_quantile_lies_between_its_neighbours() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[1.0, 2.0], 0.25), Some(1.25));
        assert_eq!(quantile(&[], 0.5), None);
    }

    proptest! {
        #[test]
        fn a_higher_score_is_never_less_likely(
            right in prop::collection::vec(-0.1_f32..1.0, 0..30),
            away in prop::collection::vec(-0.1_f32..1.0, 0..30),
            chatter in prop::collection::vec(-0.1_f32..1.0, 0..30),
        ) {
            let seen = Seen { right, away, chatter };
            let curve = Curve::fit(&seen);
            let values: Vec<f32> = (-20..=120).map(|score| curve.at(score as f32 / 100.0)).collect();
            prop_assert!(values.is_sorted() && values.iter().all(|p| (0.0..=1.0).contains(p)), "{:?} {:?}", curve, values);
            let turned = Seen { right: seen.right.iter().rev().copied().collect(), ..seen };
            prop_assert_eq!(Curve::fit(&turned), curve);
        }
    }
}
