//! How likely each of several plans is the best: by a bootstrap over seasons.
//!
//! Seasons are drawn again with replacement, the same ones for all plans, and each time the plan
//! with the lowest figure wins; a tie is shared. The share of wins is the probability, given the
//! seasons seen, that a plan is best in the long run, as far as resampling can tell.
//!
//! *Source*: Efron and Tibshirani 1993, An Introduction to the Bootstrap, section 24.3 (bootstrap
//! shares as posterior probabilities); Rubin 1981, The Bayesian bootstrap.

use super::paired::index_below;
use crate::rng::Key;

/// How often seasons are drawn again.
pub const RESAMPLES: u32 = 2000;

/// The probability that each plan is the best; lower is better.
///
/// A plan may have fewer seasons than another, which then are the same first ones: seasons that the
/// same plans have are drawn among themselves.
///
/// *Shape*: one (numerator, denominator) per season for each plan; its figure is the ratio of the
/// sums. The same key gives the same probabilities.
pub fn p_best(plans: &[Vec<(f64, f64)>], resamples: u32, key: Key) -> Vec<f64> {
    let mut ends: Vec<usize> = plans.iter().map(Vec::len).collect();
    ends.sort_unstable();
    ends.dedup();
    let mut wins = vec![0.0; plans.len()];
    let mut sums = vec![(0.0, 0.0); plans.len()];
    for resample in 0..u64::from(resamples) {
        let key = key.nth(resample);
        sums.iter_mut().for_each(|sum| *sum = (0.0, 0.0));
        let mut from = 0;
        for &to in &ends {
            for draw in from..to {
                let season = from + index_below(to - from, key.nth(draw as u64));
                for (sum, plan) in sums.iter_mut().zip(plans) {
                    if plan.len() >= to {
                        sum.0 += plan[season].0;
                        sum.1 += plan[season].1;
                    }
                }
            }
            from = to;
        }
        let figure = |(numerator, denominator): &(f64, f64)| match *denominator {
            0.0 => f64::INFINITY,
            denominator => numerator / denominator,
        };
        let lowest = sums.iter().map(figure).fold(f64::INFINITY, f64::min);
        let is_best: Vec<bool> = sums.iter().map(|sum| figure(sum) <= lowest).collect();
        let share = 1.0 / is_best.iter().filter(|best| **best).count().max(1) as f64;
        for (win, best) in wins.iter_mut().zip(is_best) {
            *win += if best { share } else { 0.0 };
        }
    }
    wins.into_iter().map(|win| win / f64::from(resamples.max(1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(values: &[f64]) -> Vec<(f64, f64)> {
        values.iter().map(|value| (*value, 1.0)).collect()
    }

    #[test]
    fn two_plans_in_two_seasons_worked_by_hand() {
        // The first is ahead by 1 in one season and behind by 3 in the other. It wins only where
        // both draws take the season in which it is ahead: a quarter of the resamples.
        let plans = [plain(&[0.0, 3.0]), plain(&[1.0, 0.0])];
        let p = p_best(&plans, 20_000, Key(5));
        let error = (0.25_f64 * 0.75 / 20_000.0).sqrt();
        assert!((p[0] - 0.25).abs() < 4.0 * error, "{p:?}");
        assert!((p[0] + p[1] - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_sure_winner_a_tie_and_seasons_that_one_plan_lacks() {
        let p = p_best(&[plain(&[2.0; 9]), plain(&[1.0; 9])], 100, Key(1));
        assert_eq!(p, [0.0, 1.0]);
        let p = p_best(&[plain(&[2.0; 9]), plain(&[2.0; 9])], 100, Key(1));
        assert_eq!(p, [0.5, 0.5]);
        // The second has its first seasons only; what the first does later still counts.
        let p = p_best(&[plain(&[1.0, 1.0, 7.0, 7.0]), plain(&[2.0, 2.0])], 100, Key(1));
        assert_eq!(p, [0.0, 1.0]);
    }

    #[test]
    fn ratios_are_of_sums() {
        // 1/1 and 9/9 against 3/2 and 0/4: by sums 1 against 0.5.
        let p = p_best(&[vec![(5.0, 5.0)], vec![(3.0, 6.0)]], 10, Key(1));
        assert_eq!(p, [0.0, 1.0]);
        assert_eq!(p_best(&[vec![(0.0, 0.0)], vec![(3.0, 6.0)]], 10, Key(1)), [0.0, 1.0]);
    }
}
