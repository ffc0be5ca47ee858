//! The mean of one figure per replication, with Student's t interval.

use super::{Estimate, t_interval};

/// The mean of a sample with its t interval; nothing where the sample is empty or holds a value
/// that is not finite, since the mean of censored values means nothing.
///
/// *Panics* where the level is not strictly between 0 and 1.
///
/// *Source*: Law 2015, Simulation Modeling and Analysis, eq. 4.12.
pub fn estimate(sample: &[f64], level: f64) -> Option<Estimate> {
    let value = mean(sample)?;
    let interval =
        standard_error(sample).map(|error| t_interval(value, error, sample.len(), level));
    Some(Estimate { value, interval, level, n: sample.len() as u64 })
}

/// The mean of a sample; nothing where it is empty or holds a value that is not finite.
pub fn mean(sample: &[f64]) -> Option<f64> {
    if sample.is_empty() {
        return None;
    }
    let n = sample.len() as f64;
    // In index order, so that the bits do not depend on which thread ran which replication. The
    // second pass returns what the first one lost to rounding.
    let rough = sample.iter().sum::<f64>() / n;
    let mean = rough + sample.iter().map(|x| x - rough).sum::<f64>() / n;
    mean.is_finite().then_some(mean)
}

/// The unbiased variance; nothing for fewer than two values or where one is not finite.
///
/// *Source*: Chan, Golub and LeVeque 1983, eq. 1.7 (the corrected two-pass algorithm).
pub fn variance(sample: &[f64]) -> Option<f64> {
    let mean = mean(sample)?;
    if sample.len() < 2 {
        return None;
    }
    let n = sample.len() as f64;
    let (mut sum, mut squares) = (0.0, 0.0);
    for x in sample {
        let deviation = x - mean;
        sum += deviation;
        squares += deviation * deviation;
    }
    let variance = (squares - sum * sum / n).max(0.0) / (n - 1.0);
    variance.is_finite().then_some(variance)
}

/// The standard error of the mean; nothing where there is no variance.
pub fn standard_error(sample: &[f64]) -> Option<f64> {
    variance(sample).map(|variance| (variance / sample.len() as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_worked_by_hand() {
        // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squared deviations 9+1+1+1+0+0+4+16 = 32.
        let sample = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(mean(&sample), Some(5.0));
        assert_eq!(variance(&sample), Some(32.0 / 7.0));
        let estimate = estimate(&sample, 0.95).unwrap();
        // t(0.975; 7) = 2.364624 in the tables; standard error sqrt(32 / 7 / 8) = sqrt(4 / 7).
        let half_width = 2.364_624 * (4.0_f64 / 7.0).sqrt();
        let interval = estimate.interval.unwrap();
        assert!((interval.half_width() - half_width).abs() < 1e-6);
        assert!((interval.low + half_width - 5.0).abs() < 1e-6);
        assert_eq!(estimate.n, 8);
    }

    #[test]
    fn one_value_has_no_interval_and_none_has_no_mean() {
        let estimate = estimate(&[3.0], 0.9).unwrap();
        assert_eq!((estimate.value, estimate.interval), (3.0, None));
        assert_eq!(super::estimate(&[], 0.9), None);
    }

    #[test]
    fn equal_values_have_a_true_interval_of_no_width() {
        let interval = estimate(&[0.1; 12], 0.9).unwrap().interval.unwrap();
        assert_eq!((interval.low, interval.high), (0.1, 0.1));
    }

    #[test]
    fn a_censored_value_leaves_no_mean() {
        assert_eq!(estimate(&[1.0, f64::INFINITY], 0.9), None);
        assert_eq!(variance(&[f64::INFINITY, f64::NEG_INFINITY]), None);
    }

    #[test]
    fn small_deviations_on_a_large_mean_keep_their_digits() {
        // A billion plus 4, 7, 13, 16: variance 30 exactly. The textbook formula returns rubbish.
        let sample = [4.0, 7.0, 13.0, 16.0].map(|x| x + 1e9);
        assert_eq!(mean(&sample), Some(1e9 + 10.0));
        assert_eq!(variance(&sample), Some(30.0));
    }
}
