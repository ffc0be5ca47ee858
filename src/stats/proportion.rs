//! The share of trials in which something happened, with Wilson's interval.

use super::{Estimate, Interval, normal_quantile, tail};

/// The share of `successes` among `trials` with its Wilson interval; nothing without a trial.
///
/// *Panics* where there are more successes than trials, or the level is not strictly between 0
/// and 1.
///
/// *Source*: Wilson 1927, Journal of the American Statistical Association 22, p. 209.
pub fn estimate(successes: u64, trials: u64, level: f64) -> Option<Estimate> {
    assert!(successes <= trials, "{successes} successes in {trials} trials");
    if trials == 0 {
        return None;
    }
    let value = successes as f64 / trials as f64;
    let interval = (trials >= 2).then(|| wilson(successes, trials, level));
    Some(Estimate { value, interval, level, n: trials })
}

fn wilson(successes: u64, trials: u64, level: f64) -> Interval {
    let n = trials as f64;
    let share = successes as f64 / n;
    let z = normal_quantile(1.0 - tail(level));
    let pull = z * z / n;
    let centre = (share + pull / 2.0) / (1.0 + pull);
    let half_width = z / (1.0 + pull) * (share * (1.0 - share) / n + pull / (4.0 * n)).sqrt();
    // At the borders the formula gives 0 and 1 exactly; rounding must not step over them.
    Interval {
        low: if successes == 0 { 0.0 } else { centre - half_width },
        high: if successes == trials { 1.0 } else { centre + half_width },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_solve_the_equation_that_defines_them() {
        // Wilson's ends are the shares p at which (share - p)^2 = z^2 p (1 - p) / n.
        for (successes, trials) in [(1, 2), (7, 10), (81, 263), (9_990, 10_000)] {
            let estimate = estimate(successes, trials, 0.95).unwrap();
            let z = normal_quantile(0.975);
            let interval = estimate.interval.unwrap();
            for end in [interval.low, interval.high] {
                let distance = (estimate.value - end).powi(2);
                let allowed = z * z * end * (1.0 - end) / trials as f64;
                assert!((distance / allowed - 1.0).abs() < 1e-9, "{successes} of {trials}");
            }
        }
    }

    #[test]
    fn newcombe_s_example_is_reproduced() {
        // Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263 gives 0.2553 to 0.3662.
        let interval = estimate(81, 263, 0.95).unwrap().interval.unwrap();
        assert_eq!((interval.low * 1e4).round(), 2553.0);
        assert_eq!((interval.high * 1e4).round(), 3662.0);
        // and 0 of 20 gives 0 to 0.1611.
        let interval = estimate(0, 20, 0.95).unwrap().interval.unwrap();
        assert_eq!((interval.low, (interval.high * 1e4).round()), (0.0, 1611.0));
    }

    #[test]
    fn success_and_failure_mirror_each_other() {
        let (some, rest) = (estimate(3, 17, 0.9).unwrap(), estimate(14, 17, 0.9).unwrap());
        let (some, rest) = (some.interval.unwrap(), rest.interval.unwrap());
        assert!((some.low - (1.0 - rest.high)).abs() < 1e-15);
        assert!((some.high - (1.0 - rest.low)).abs() < 1e-15);
        assert_eq!(estimate(17, 17, 0.9).unwrap().interval.unwrap().high, 1.0);
    }

    #[test]
    fn one_trial_has_no_interval_and_none_has_no_share() {
        assert_eq!(estimate(1, 1, 0.9).unwrap().interval, None);
        assert_eq!(estimate(0, 0, 0.9), None);
    }
}
