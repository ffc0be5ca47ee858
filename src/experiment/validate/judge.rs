//! Whether the figures agree: z against Student's t, and a verdict that allows for how many there
//! are.
//!
//! Quantities of a case hang together, so a case is judged by its most surprising one, with
//! Bonferroni's correction for their number; cases are independent and judged by Holm's procedure.
//! Agreement that is too good is as suspicious as agreement that is too bad: the mean square of
//! the first quantities' z must be near 1.
//!
//! *Source*: Holm 1979, Scandinavian Journal of Statistics 6, pp. 65-70.

use super::case::{Metric, Quantity};
use super::meter::Pair;
use crate::stats::{Interval, mean, ratio, t_quantile};
use serde::Serialize;
use statrs::distribution::{ChiSquared, ContinuousCDF, Normal, StudentsT};

/// Confidence of the intervals printed.
const LEVEL: f64 = 0.95;

/// Chance of a verdict against a correct engine, over all cases.
pub const SIGNIFICANCE: f64 = 0.01;

/// Exact values are printed with ten digits; a constant agrees with them to this share.
const PRINTED: f64 = 1e-9;

/// Chance that the mean square of z condemns a correct engine.
const SPREAD_SIGNIFICANCE: f64 = 0.001;

/// A quantity as simulated, beside its exact value.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Finding {
    /// Its name within the case.
    pub name: String,
    /// What tells it from others of the same metric.
    pub of: String,
    /// Its unit.
    pub unit: String,
    /// The exact value.
    pub exact: f64,
    /// The estimate.
    pub simulated: f64,
    /// Its 95 % interval; absent where there is no chance.
    pub interval: Option<Interval>,
    /// Its standard error.
    pub standard_error: f64,
    /// How many standard errors it lies from the exact value.
    pub z: f64,
    /// The probability of so large a distance, if the engine is correct.
    pub p: f64,
    /// Replications behind it.
    pub replications: u64,
    /// Whether the standard error is as small as asked for.
    pub precise: bool,
}

/// The standard error asked for: 1 % of the value, and 0.001 for a probability.
pub fn precision(quantity: &Quantity) -> f64 {
    let relative = 0.01 * quantity.value.abs();
    if quantity.unit == "probability" || relative == 0.0 { 0.001 } else { relative }
}

/// The estimate of a quantity and its standard error, from a pair per replication: a ratio of
/// sums, or for variances the variance over replications. Absent where nothing was measured.
pub(super) fn estimate(metric: Metric, pairs: &[Pair]) -> Option<(f64, f64)> {
    if matches!(metric, Metric::VarCount | Metric::FirstPassageVar) {
        let sample: Vec<f64> = pairs.iter().map(|pair| pair.0).collect();
        let centre = mean::mean(&sample)?;
        let value = mean::variance(&sample)?;
        let squares: Vec<f64> = sample.iter().map(|x| (x - centre).powi(2)).collect();
        return Some((value, mean::standard_error(&squares)?));
    }
    let estimate = ratio::estimate(pairs, LEVEL)?;
    let half = estimate.interval.map_or(0.0, Interval::half_width);
    Some((
        estimate.value,
        half / t_quantile((1.0 + LEVEL) / 2.0, (pairs.len() as f64 - 1.0).max(1.0)),
    ))
}

/// Holds a quantity's estimate against its exact value.
pub(super) fn find(quantity: &Quantity, pairs: &[Pair]) -> Finding {
    let (simulated, standard_error) = estimate(quantity.metric, pairs).unwrap_or((f64::NAN, 0.0));
    let distance = simulated - quantity.value;
    let wanted = precision(quantity);
    let z = if distance.abs() <= PRINTED * quantity.value.abs() {
        0.0
    } else if standard_error > 0.0 {
        distance / standard_error
    } else if distance.abs() <= wanted {
        0.0 // what never happened may still be rare
    } else {
        f64::INFINITY
    };
    let freedom = (pairs.len() as f64 - 1.0).max(1.0);
    let half = t_quantile((1.0 + LEVEL) / 2.0, freedom) * standard_error;
    Finding {
        name: quantity.name.clone(),
        of: filters(quantity),
        unit: quantity.unit.clone(),
        exact: quantity.value,
        simulated,
        interval: Some(Interval { low: simulated - half, high: simulated + half }),
        standard_error,
        z,
        p: two_sided(z, freedom),
        replications: pairs.len() as u64,
        precise: standard_error <= wanted,
    }
}

/// A quantity without chance: it agrees to rounding, or it does not.
pub(super) fn find_exact(quantity: &Quantity, computed: f64, tolerance: f64) -> Finding {
    let agrees = (computed - quantity.value).abs() <= tolerance * quantity.value.abs().max(1.0);
    Finding {
        name: quantity.name.clone(),
        of: filters(quantity),
        unit: quantity.unit.clone(),
        exact: quantity.value,
        simulated: computed,
        interval: None,
        standard_error: 0.0,
        z: if agrees { 0.0 } else { f64::INFINITY },
        p: if agrees { 1.0 } else { 0.0 },
        replications: 1,
        precise: true,
    }
}

/// The filters of a quantity, in a few words.
fn filters(quantity: &Quantity) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(quantity.class.clone());
    words.extend(quantity.station.clone());
    words.extend(quantity.level.map(|level| format!("level {level}")));
    words.extend(quantity.nth.map(|nth| format!("n = {nth}")));
    words.extend(quantity.threshold_h.map(|limit| format!("limit {limit:.4} h")));
    words.extend(quantity.at_h.map(|at| format!("at {at} h")));
    words.extend(quantity.phase_h.map(|phase| format!("phase {phase} h")));
    let window = quantity.window_h.or(quantity.phase_window_h);
    words.extend(window.map(|(from, to)| format!("{from} to {to} h")));
    words.join(", ")
}

/// The probability that Student's t lies at least so far from zero.
fn two_sided(z: f64, freedom: f64) -> f64 {
    if !z.is_finite() {
        return 0.0;
    }
    let below = if freedom >= 1000.0 {
        Normal::standard().cdf(-z.abs())
    } else {
        StudentsT::new(0.0, 1.0, freedom).map_or(0.5, |law| law.cdf(-z.abs()))
    };
    2.0 * below
}

/// The p value of a case: its smallest, times their number.
pub fn bonferroni(p_values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = p_values.len() as f64;
    (p_values.fold(1.0, f64::min) * n).min(1.0)
}

/// Which of these hypotheses Holm's procedure rejects.
///
/// *Shape*: one answer per p value, in their order.
pub fn holm(p_values: &[f64], significance: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut rejected = vec![false; p_values.len()];
    for (place, index) in order.into_iter().enumerate() {
        let left = (p_values.len() - place) as f64;
        if p_values[index] > significance / left {
            break;
        }
        rejected[index] = true;
    }
    rejected
}

/// How far the z of the first quantities spread.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Spread {
    /// Their mean square; 1 where all is well.
    pub mean_square: f64,
    /// How many there are.
    pub n: u64,
    /// The mean square is below this, and above that, once in two thousand times each.
    pub usual: Interval,
}

impl Spread {
    /// The spread of these z; absent where there are none.
    pub fn of(z: &[f64]) -> Option<Spread> {
        let n = z.len() as f64;
        let law = ChiSquared::new(n).ok()?;
        let usual = Interval {
            low: law.inverse_cdf(SPREAD_SIGNIFICANCE / 2.0) / n,
            high: law.inverse_cdf(1.0 - SPREAD_SIGNIFICANCE / 2.0) / n,
        };
        let mean_square = z.iter().map(|z| z * z).sum::<f64>() / n;
        Some(Spread { mean_square, n: z.len() as u64, usual })
    }

    /// Whether it is neither too large nor too small.
    pub fn is_usual(&self) -> bool {
        self.usual.contains(self.mean_square)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_s_steps_worked_by_hand() {
        // At 5 %: 0.005 < 0.05/4, 0.01 < 0.05/3, 0.03 > 0.05/2: two are rejected, and the last is
        // not looked at although it is below 5 %.
        assert_eq!(holm(&[0.03, 0.005, 0.04, 0.01], 0.05), [false, true, false, true]);
        assert_eq!(holm(&[], 0.05), [false; 0]);
        assert_eq!(holm(&[0.0, 1.0], 0.01), [true, false]);
    }

    #[test]
    fn a_case_pays_for_each_of_its_quantities() {
        assert_eq!(bonferroni([0.2, 0.01, 0.5].into_iter()), 0.03);
        assert_eq!(bonferroni([0.9, 0.8].into_iter()), 1.0);
    }

    #[test]
    fn tails_agree_with_the_printed_tables() {
        // t(0.975; 29) = 2.045, and the normal law's 1.96.
        assert!((two_sided(2.045_230, 29.0) - 0.05).abs() < 1e-6);
        assert!((two_sided(-1.959_964, 1e6) - 0.05).abs() < 1e-6);
        assert_eq!(two_sided(f64::INFINITY, 29.0), 0.0);
    }

    #[test]
    fn a_spread_of_one_is_usual_and_others_are_not() {
        let z = |size: f64| Spread::of(&[size; 60]).unwrap().is_usual();
        assert!(z(1.0) && !z(0.5) && !z(1.5));
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn a_mean_and_a_variance_find_their_exact_values() {
        // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, variance 32/7; squares 9 1 1 1 0 0 4 16 have mean 4 and
        // variance (25 + 9 x 3 + 16 x 2 + 0 + 144) / 7 = 228 / 7.
        let pairs: Vec<Pair> = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].map(|x| (x, 1.0)).into();
        let (mean, error) = estimate(Metric::MeanWait, &pairs).unwrap();
        assert!((mean - 5.0).abs() < 1e-12 && (error - (4.0_f64 / 7.0).sqrt()).abs() < 1e-9);
        let (variance, error) = estimate(Metric::VarCount, &pairs).unwrap();
        assert!((variance - 32.0 / 7.0).abs() < 1e-12);
        assert!((error - (228.0_f64 / 56.0).sqrt()).abs() < 1e-9, "{error}");
    }

    #[test]
    fn what_never_happened_may_be_rare() {
        let rare = Quantity { value: 0.0004, unit: "probability".into(), ..Quantity::default() };
        assert_eq!(find(&rare, &[(0.0, 1.0); 40]).z, 0.0);
        let common = Quantity { value: 0.4, ..rare };
        assert_eq!(find(&common, &[(0.0, 1.0); 40]).p, 0.0);
    }
}
