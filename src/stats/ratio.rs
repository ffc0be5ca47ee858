//! Ratios of sums, such as hours waited per ticket, and the difference of two of them.
//!
//! A ratio of sums weighs every ticket alike; an average of ratios weighs every replication alike,
//! and a quiet one too much.

use super::mean::{mean, standard_error};
use super::{Estimate, t_interval};

/// The sum of numerators over the sum of denominators with an interval by the delta method;
/// nothing where the denominators sum to zero.
///
/// *Shape*: one (numerator, denominator) per replication, in index order.
///
/// *Panics* where the level is not strictly between 0 and 1.
///
/// *Source*: Cochran 1977, Sampling Techniques, section 2.11 (estimation of a ratio).
pub fn estimate(replications: &[(f64, f64)], level: f64) -> Option<Estimate> {
    let (value, influence) = linearised(replications)?;
    Some(with_interval(value, &influence, level))
}

/// The difference of two ratios of sums, first less second, from designs simulated on the same
/// replications; nothing where either has denominators that sum to zero.
///
/// *Shape*: one (numerator, denominator) per replication for each design, in the same order.
///
/// *Panics* where the designs have not as many replications as each other, or the level is not
/// strictly between 0 and 1.
///
/// *Source*: Cochran 1977, Sampling Techniques, chapter 6 (comparison of two ratios).
pub fn difference(first: &[(f64, f64)], second: &[(f64, f64)], level: f64) -> Option<Estimate> {
    assert_eq!(first.len(), second.len(), "paired designs share their replications");
    let (of_first, influence_on_first) = linearised(first)?;
    let (of_second, influence_on_second) = linearised(second)?;
    let influence: Vec<f64> =
        influence_on_first.iter().zip(&influence_on_second).map(|(a, b)| a - b).collect();
    Some(with_interval(of_first - of_second, &influence, level))
}

/// The ratio, and how far each replication pulls it: (numerator - ratio x denominator) over the
/// mean denominator. The ratio's error is their mean, to first order.
pub(super) fn linearised(replications: &[(f64, f64)]) -> Option<(f64, Vec<f64>)> {
    let column = |pick: fn(&(f64, f64)) -> f64| replications.iter().map(pick).collect::<Vec<_>>();
    let numerator = mean(&column(|pair| pair.0))?;
    let denominator = mean(&column(|pair| pair.1))?;
    if denominator == 0.0 {
        return None;
    }
    let ratio = numerator / denominator;
    let influence = replications.iter().map(|(num, den)| (num - ratio * den) / denominator);
    Some((ratio, influence.collect()))
}

fn with_interval(value: f64, influence: &[f64], level: f64) -> Estimate {
    let n = influence.len();
    let interval = standard_error(influence).map(|error| t_interval(value, error, n, level));
    Estimate { value, interval, level, n: n as u64 }
}

#[cfg(test)]
mod tests {
    use super::super::t_quantile;
    use super::*;

    #[test]
    fn a_ratio_worked_by_hand() {
        // Sums 18 and 9, ratio 2, mean denominator 3. Residuals 2-2x1, 4-2x3, 12-2x5 = 0, -2, 2;
        // over 3 their variance is (4/9 + 4/9) / 2 = 4/9, the standard error sqrt(4/27).
        let estimate = estimate(&[(2.0, 1.0), (4.0, 3.0), (12.0, 5.0)], 0.9).unwrap();
        assert_eq!((estimate.value, estimate.n), (2.0, 3));
        let half_width = t_quantile(0.95, 2.0) * (4.0_f64 / 27.0).sqrt();
        assert!((estimate.interval.unwrap().half_width() / half_width - 1.0).abs() < 1e-9);
    }

    #[test]
    fn unit_denominators_give_the_plain_mean() {
        let sample = [3.0, 8.0, 1.0, 6.5];
        let ratio = estimate(&sample.map(|x| (x, 1.0)), 0.9).unwrap();
        let plain = super::super::mean::estimate(&sample, 0.9).unwrap();
        assert_eq!(ratio.value, plain.value);
        let (ratio, plain) = (ratio.interval.unwrap(), plain.interval.unwrap());
        assert!((ratio.half_width() / plain.half_width() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn no_denominator_no_ratio_and_one_replication_no_interval() {
        assert_eq!(estimate(&[(1.0, 0.0), (2.0, 0.0)], 0.9), None);
        assert_eq!(estimate(&[], 0.9), None);
        assert_eq!(difference(&[(1.0, 2.0)], &[(1.0, 0.0)], 0.9), None);
        assert_eq!(estimate(&[(1.0, 2.0)], 0.9).unwrap().interval, None);
    }

    #[test]
    fn a_difference_worked_by_hand() {
        // First: sums 6 and 4, ratio 1.5, influences (1-1.5x2)/2, (5-1.5x2)/2 = -1, 1.
        // Second: sums 4 and 8, ratio 0.5, influences (1-0.5x4)/4, (3-0.5x4)/4 = -1/4, 1/4.
        // Difference 1, influences -3/4, 3/4: variance 9/8, standard error 3/4.
        let first = [(1.0, 2.0), (5.0, 2.0)];
        let second = [(1.0, 4.0), (3.0, 4.0)];
        let estimate = difference(&first, &second, 0.9).unwrap();
        assert_eq!(estimate.value, 1.0);
        let half_width = t_quantile(0.95, 1.0) * 0.75;
        assert!((estimate.interval.unwrap().half_width() / half_width - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_design_does_not_differ_from_itself() {
        let design = [(2.0, 1.0), (4.0, 3.0), (12.0, 5.0)];
        let estimate = difference(&design, &design, 0.9).unwrap();
        let interval = estimate.interval.unwrap();
        assert_eq!((estimate.value, interval.low, interval.high), (0.0, 0.0, 0.0));
    }
}
