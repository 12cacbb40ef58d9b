//! Scores -> probabilities: a logistic curve fitted to what cross-validation saw (Platt 1999).
//!
//! A brand with six examples gives too little evidence for a curve of its own, so the fit starts from a curve that
//! holds for voices in general and moves away from it only as far as the evidence goes.

/// One thing that cross-validation saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Seen {
    /// The score of the best answer.
    pub score: f32,
    /// Whether that answer was right.
    pub right: bool,
    /// How much it counts.
    pub weight: f32,
}

/// score -> probability = 1 / (1 + e^-(slope * (score - middle))).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Curve {
    slope: f32,
    middle: f32,
}

/// The curve of voices in general, and how firmly it is believed (as a number of sightings).
const USUAL: Curve = Curve { slope: 14.0, middle: 0.42 };
const BELIEF_SLOPE: f32 = 4.0;
const BELIEF_MIDDLE: f32 = 4.0;
/// No voice gets an answer past a score this low, however small it is: scores below it are chance words.
const LOWEST_MIDDLE: f32 = 0.28;
const STEPS: usize = 60;

impl Curve {
    /// Fits the curve. The same sightings give the same curve.
    pub(super) fn fit(seen: &[Seen]) -> Self {
        // Newton's method on the penalised log likelihood in (a, b): p = sigmoid(a * score + b).
        let (mut a, mut b) = (USUAL.slope, -USUAL.slope * USUAL.middle);
        for _ in 0..STEPS {
            let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0_f32, 0.0_f32, 1e-6_f32, 0.0_f32, 1e-6_f32);
            let mut add = |x: f32, target: f32, weight: f32| {
                let p = sigmoid(a * x + b);
                let (error, curvature) = (weight * (p - target), weight * p * (1.0 - p));
                ga += error * x;
                gb += error;
                haa += curvature * x * x;
                hab += curvature * x;
                hbb += curvature;
            };
            seen.iter().for_each(|seen| add(seen.score, f32::from(u8::from(seen.right)), seen.weight));
            for (x, p) in USUAL.pseudo_sightings() {
                add(x, p, BELIEF_MIDDLE.min(BELIEF_SLOPE));
            }
            let determinant = haa * hbb - hab * hab;
            if determinant.abs() < 1e-9 {
                break;
            }
            let (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
            a -= da.clamp(-4.0, 4.0);
            b -= db.clamp(-4.0, 4.0);
            if da.abs() + db.abs() < 1e-4 {
                break;
            }
        }
        let slope = a.clamp(6.0, 40.0);
        Self { slope, middle: (-b / a.max(1e-3)).clamp(LOWEST_MIDDLE, 0.9) }
    }

    /// The probability at a score.
    pub(super) fn at(&self, score: f32) -> f32 {
        sigmoid(self.slope * (score - self.middle))
    }

    /// Points of the usual curve, taken for sightings.
    fn pseudo_sightings(&self) -> impl Iterator<Item = (f32, f32)> {
        [-0.2_f32, -0.1, 0.0, 0.1, 0.2].map(|offset| (self.middle + offset, sigmoid(self.slope * offset))).into_iter()
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}
