//! Busy days: some days bring more tickets than the weekday explains, for every class at once.
//!
//! *In a manager's words*: "Tuesday is Tuesday, but no two Tuesdays are alike, and a bad one is
//! often followed by another."
//!
//! *Assumption*: a day's arrival rate is the planned one times a factor of mean 1, gamma
//! distributed with a given coefficient of variation; factors of successive days hang together
//! through a Gaussian autoregression. All classes share one factor a day unless told otherwise.
//! *Source*: Ibrahim, Ye, L'Ecuyer, Shen 2016, survey of call arrivals (doubly stochastic Poisson
//! with a daily busyness factor); M01 of the catalogue.

use super::Model;
use crate::evidence::{Evidence, Grade};
use crate::rng::{Key, Purpose};
use crate::time::SimTime;
use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{ContinuousCDF, Gamma, Normal};
use statrs::function::gamma::ln_gamma;
use std::f64::consts::PI;

/// Spread of a day's volume beyond chance, where the scenario does not say.
pub const BUSYNESS_CV: Evidence = Evidence {
    key: "tickets.*.arrivals.busyness_cv",
    value: 0.12,
    unit: "",
    range: (0.05, 0.30),
    grade: Grade::J,
    source: "form: Ibrahim, Ye, L'Ecuyer, Shen 2016; size: our judgement",
};

/// How much of a day's busyness carries over to the next, where the scenario does not say.
pub const BUSYNESS_MEMORY: Evidence = Evidence {
    key: "busyness_memory",
    value: 0.3,
    unit: "share",
    range: (0.0, 0.8),
    grade: Grade::J,
    source: "form: Oreshkin, Regnard, L'Ecuyer 2016; size: our judgement",
};

/// Lowest and highest normal score tabulated; beyond them lies one day in three million.
const SCORE_LIMIT: f64 = 5.0;
const KNOTS: usize = 1024;
/// From one tabulated score to the next.
const STEP: f64 = 2.0 * SCORE_LIMIT / KNOTS as f64;

/// The law of a day's factor: gamma with mean 1, tabulated over the normal score of the day.
#[derive(Clone, PartialEq, Debug)]
pub struct Busyness {
    /// Quantiles at evenly spaced normal scores from -5 to 5.
    quantiles: Box<[f64]>,
}

impl Busyness {
    /// The law with that coefficient of variation.
    ///
    /// *Panics* where it is not positive.
    pub fn new(cv: f64) -> Busyness {
        let shape = 1.0 / (cv * cv);
        let gamma = Gamma::new(shape, shape).expect("a busyness factor needs a positive CV");
        let normal = Normal::standard();
        let score = |knot: usize| SCORE_LIMIT * (2.0 * knot as f64 / KNOTS as f64 - 1.0);
        let law = Slope::new(shape);
        // From each end to the middle: that way every error shrinks, the other way it would grow.
        let mut logs = [0.0; KNOTS + 1];
        let rare = normal.cdf(-SCORE_LIMIT);
        logs[0] = between(-700.0, 0.0, |log| gamma.cdf(log.exp()) < rare);
        logs[KNOTS] = between(0.0, 7.0, |log| gamma.sf(log.exp()) > rare);
        for knot in 0..KNOTS / 2 {
            logs[knot + 1] = law.step(logs[knot], score(knot), STEP);
        }
        for knot in (KNOTS / 2 + 1..KNOTS).rev() {
            logs[knot] = law.step(logs[knot + 1], score(knot + 1), -STEP);
        }
        Busyness { quantiles: logs.iter().map(|log| log.exp()).collect() }
    }

    /// The factor of a day from its normal score, between tabulated quantiles by a straight line.
    pub fn factor(&self, score: f64) -> f64 {
        let place = (score / SCORE_LIMIT + 1.0) / 2.0 * KNOTS as f64;
        let place = place.clamp(0.0, KNOTS as f64);
        let knot = (place as usize).min(KNOTS - 1);
        let (low, high) = (self.quantiles[knot], self.quantiles[knot + 1]);
        low + (high - low) * (place - knot as f64)
    }
}

/// Fills the normal scores of a model's days in the replication of that key, which all its classes share.
pub fn fill_scores_of(model: &Model, replication: Key, scores: &mut Vec<f64>) {
    scores.clear();
    scores.resize(model.days.len(), 0.0);
    let before = model.days.day_of(SimTime::ZERO);
    fill_scores(replication.named("busyness"), model.busyness_memory, before, scores);
}

/// Where between two places a condition ceases to hold, to the last bit.
fn between(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    // Seventy halvings leave nothing between them.
    for _ in 0..70 {
        let middle = 0.5 * (low + high);
        *if holds(middle) { &mut low } else { &mut high } = middle;
    }
    low
}

/// How the logarithm u of a quantile of a gamma law of mean 1 grows with its normal score z: as both
/// stand for the same probability, du/dz = φ(z) / (x f(x)) with x = e^u and the gamma density f.
struct Slope {
    shape: f64,
    /// Logarithm of the density of u where u is 0, and of √2π.
    constant: f64,
}

impl Slope {
    fn new(shape: f64) -> Slope {
        let at_one = shape * (shape.ln() - 1.0) - ln_gamma(shape);
        Slope { shape, constant: at_one + 0.5 * (2.0 * PI).ln() }
    }

    fn at(&self, log: f64, score: f64) -> f64 {
        (-0.5 * score * score - self.constant + self.shape * (log.exp_m1() - log)).exp()
    }

    /// One step of the classical Runge-Kutta method.
    fn step(&self, log: f64, score: f64, by: f64) -> f64 {
        let first = self.at(log, score);
        let second = self.at(log + 0.5 * by * first, score + 0.5 * by);
        let third = self.at(log + 0.5 * by * second, score + 0.5 * by);
        let fourth = self.at(log + by * third, score + by);
        log + by / 6.0 * (first + 2.0 * (second + third) + fourth)
    }
}

/// Fills the normal scores of the days of one replication: a stationary autoregression of that
/// memory, run forwards and backwards from the scenario's first day, so that a longer warm-up
/// changes no day that counts.
///
/// *Shape*: `scores[day]`, of which `before` days precede the start.
pub fn fill_scores(key: Key, memory: f64, before: usize, scores: &mut [f64]) {
    let fresh = |day: usize| -> f64 {
        // Days are named by their distance from the start, early ones by wrapping below zero.
        let name = (day as u64).wrapping_sub(before as u64);
        StandardNormal.sample(&mut key.draw(Purpose::Busyness, name))
    };
    let new = (1.0 - memory * memory).sqrt();
    for day in before..scores.len() {
        let kept = if day == before { None } else { Some(scores[day - 1]) };
        scores[day] = kept.map_or(fresh(day), |kept| memory * kept + new * fresh(day));
    }
    for day in (0..before.min(scores.len())).rev() {
        let kept = scores.get(day + 1).copied();
        scores[day] = kept.map_or(fresh(day), |kept| memory * kept + new * fresh(day));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_have_mean_one_and_the_cv_asked_for() {
        for cv in [0.12, 0.3, 1.0] {
            let law = Busyness::new(cv);
            let n = 200_000;
            let mut scores = vec![0.0; n];
            fill_scores(Key(3), 0.0, 0, &mut scores);
            let factors: Vec<f64> = scores.iter().map(|score| law.factor(*score)).collect();
            let mean = factors.iter().sum::<f64>() / n as f64;
            let variance = factors.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64;
            let standard_error = cv / (n as f64).sqrt();
            assert!((mean - 1.0).abs() < 4.0 * standard_error, "cv {cv}: mean {mean}");
            // The variance of a sample variance of a gamma law: (kurtosis 3 + 6 cv^2).
            let spread = cv * cv * ((2.0 + 6.0 * cv * cv) / n as f64).sqrt();
            assert!((variance - cv * cv).abs() < 4.0 * spread, "cv {cv}: variance {variance}");
        }
    }

    #[test]
    fn the_table_holds_the_quantiles_of_the_law() {
        let normal = Normal::standard();
        for cv in [0.001, 0.05, 0.12, 0.5, 1.0, 3.0] {
            let shape = 1.0 / (cv * cv);
            let gamma = Gamma::new(shape, shape).unwrap();
            let law = Busyness::new(cv);
            for knot in (0..=KNOTS).step_by(16) {
                let score = STEP * knot as f64 - SCORE_LIMIT;
                let below = gamma.cdf(law.quantiles[knot]);
                // A relative error of the quantile moves its score by less than that, over the cv.
                let off = (below - normal.cdf(score)) / (-0.5 * score * score).exp();
                assert!(off.abs() < 1e-8, "cv {cv}, score {score}: off by {off}");
            }
        }
    }

    #[test]
    fn memory_carries_over_and_a_warm_up_changes_no_later_day() {
        let (mut short, mut long) = (vec![0.0; 100_000], vec![0.0; 100_028]);
        fill_scores(Key(9), 0.6, 0, &mut short);
        fill_scores(Key(9), 0.6, 28, &mut long);
        assert_eq!(short[..], long[28..]);
        let n = short.len() - 1;
        let correlation = (0..n).map(|day| short[day] * short[day + 1]).sum::<f64>() / n as f64;
        // Bartlett: variance of the lag-one correlation of an AR(1) is (1 - rho^2)/n for the
        // autocorrelation; of the raw product moment it is below 4/n here.
        assert!((correlation - 0.6).abs() < 4.0 * (4.0 / n as f64).sqrt(), "{correlation}");
    }
}
