//! Quantiles of a sample, with intervals that hold whatever the law behind it.
//!
//! The p-quantile of n values is the smallest value that at least the share p of them do not
//! exceed: an observed value, never one in between (definition 1 of Hyndman and Fan 1996). So a
//! value known only to lie beyond the horizon may take part as infinity, and a quantile that falls
//! among such values is infinite: "not within the horizon".

use super::{Estimate, Interval, tail};
use statrs::distribution::{Binomial, DiscreteCDF};

/// A sample in ascending order, so that many quantiles cost one sort.
#[derive(Clone, PartialEq, Debug)]
pub struct Ordered(Vec<f64>);

impl Ordered {
    /// Puts a sample in order.
    ///
    /// *Panics* where a value is not a number.
    pub fn new(mut sample: Vec<f64>) -> Ordered {
        assert!(!sample.iter().any(|x| x.is_nan()), "a sample value is not a number");
        sample.sort_unstable_by(f64::total_cmp);
        Ordered(sample)
    }

    /// The values in ascending order.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// The `p`-quantile; nothing for an empty sample.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let rank = rank(p, self.0.len() as u64)?;
        Some(self.at(rank))
    }

    /// The `p`-quantile with a straight line between the two values beside it, as spreadsheets have it
    /// (definition 7 of Hyndman and Fan 1996); nothing for an empty sample. For describing what was
    /// measured, where nothing is infinite.
    pub fn between(&self, p: f64) -> Option<f64> {
        let place = p.clamp(0.0, 1.0) * self.0.len().checked_sub(1)? as f64;
        let (below, above) = (self.0[place.floor() as usize], self.0[place.ceil() as usize]);
        Some(below + (above - below) * place.fract())
    }

    /// The `p`-quantile between two order statistics that enclose the true one with at least the
    /// probability `level`; nothing for an empty sample. The interval is absent where the sample
    /// is too small for that.
    ///
    /// *Panics* where the level is not strictly between 0 and 1.
    ///
    /// *Source*: David and Nagaraja 2003, Order Statistics, section 7.1.
    pub fn estimate(&self, p: f64, level: f64) -> Option<Estimate> {
        let n = self.0.len() as u64;
        let value = self.quantile(p)?;
        let interval = enclosing_ranks(p, n, level)
            .map(|(low, high)| Interval { low: self.at(low), high: self.at(high) });
        Some(Estimate { value, interval, level, n })
    }

    fn at(&self, rank: u64) -> f64 {
        self.0[rank as usize - 1]
    }
}

/// The rank, from 1, of the `p`-quantile among `n` values: the smallest k with k / n at least p.
/// Nothing for no values. A `p` below 0 counts as 0 and one above 1 as 1.
pub fn rank(p: f64, n: u64) -> Option<u64> {
    if n == 0 {
        return None;
    }
    // The product may land on the wrong side of a whole number (0.07 x 100 exceeds 7), while the
    // quotient 7 / 100 rounds to the same bits as 0.07. So the quotient has the last word.
    let reaches = |k: u64| k as f64 / n as f64 >= p;
    let mut rank = ((p * n as f64).ceil() as u64).clamp(1, n);
    while rank > 1 && reaches(rank - 1) {
        rank -= 1;
    }
    while rank < n && !reaches(rank) {
        rank += 1;
    }
    Some(rank)
}

/// The ranks whose order statistics enclose the `p`-quantile with at least the probability `level`.
///
/// Each end may fail with half of what the level leaves. Where even the largest (or smallest) value
/// fails more often than that, it is taken all the same and the other end makes up for it.
fn enclosing_ranks(p: f64, n: u64, level: f64) -> Option<(u64, u64)> {
    let half = tail(level);
    if n < 2 {
        return None;
    }
    let values_below = Binomial::new(p, n).ok()?;
    // The r-th value lies above the quantile where fewer than r values are below it; the s-th lies
    // below it where s or more are.
    let low_fails = |r: u64| values_below.cdf(r - 1);
    let high_fails = |s: u64| values_below.sf(s - 1);
    let largest_low = |of: f64| last(n, |r| low_fails(r) <= of);
    let smallest_high = |of: f64| last(n, |k| high_fails(n + 1 - k) <= of).map(|k| n + 1 - k);
    match (largest_low(half), smallest_high(half)) {
        (Some(low), Some(high)) => Some((low, high)),
        (Some(_), None) => Some((largest_low(2.0 * half - high_fails(n))?, n)),
        (None, Some(_)) => Some((1, smallest_high(2.0 * half - low_fails(1))?)),
        (None, None) => (low_fails(1) + high_fails(n) <= 2.0 * half).then_some((1, n)),
    }
}

/// The last of 1 to `n` for which something holds, if it holds from 1 up to there and no further.
fn last(n: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut before, mut after) = (0, n + 1);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if holds(middle) { before = middle } else { after = middle }
    }
    (before > 0).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_to(n: u32) -> Ordered {
        Ordered::new((1..=n).rev().map(f64::from).collect())
    }

    #[test]
    fn a_described_quantile_lies_between_two_values() {
        let sample = one_to(4);
        assert_eq!(sample.between(0.5), Some(2.5));
        assert_eq!((sample.between(0.0), sample.between(1.0)), (Some(1.0), Some(4.0)));
        assert_eq!(one_to(1).between(0.9), Some(1.0));
        assert_eq!(Ordered::new(Vec::new()).between(0.5), None);
    }

    #[test]
    fn a_quantile_is_an_observed_value() {
        let sample = one_to(4);
        let at = |p| sample.quantile(p).unwrap();
        assert_eq!(
            [at(0.0), at(0.25), at(0.26), at(0.5), at(0.51), at(1.0)],
            [1., 1., 2., 2., 3., 4.]
        );
        assert_eq!(Ordered::new(vec![]).quantile(0.5), None);
    }

    #[test]
    fn ranks_do_not_trip_over_rounding() {
        // 0.07 x 100 is 7.000000000000001 in floating point, 0.29 x 100 is 28.999999999999996.
        assert_eq!((rank(0.07, 100), rank(0.29, 100)), (Some(7), Some(29)));
        for n in [10, 100, 1000] {
            for k in 1..=n {
                assert_eq!(rank(k as f64 / n as f64, n), Some(k));
            }
        }
    }

    #[test]
    fn the_median_of_ten_lies_between_the_second_and_the_ninth() {
        // P(B <= 1) = 11/1024 = 0.0107 and P(B <= 2) = 56/1024 = 0.0547 for B binomial(10, 1/2).
        assert_eq!(enclosing_ranks(0.5, 10, 0.95), Some((2, 9)));
        // 0.0547 may be spent on each side at level 0.89.
        assert_eq!(enclosing_ranks(0.5, 10, 0.89), Some((3, 8)));
        let estimate = one_to(10).estimate(0.5, 0.95).unwrap();
        assert_eq!((estimate.value, estimate.n), (5.0, 10));
        assert_eq!(estimate.interval, Some(Interval { low: 2.0, high: 9.0 }));
    }

    #[test]
    fn a_short_sample_has_a_lopsided_interval_or_none() {
        // p = 0.9, n = 25: the maximum fails with 0.9^25 = 0.0718, over half of 0.1, which leaves
        // 0.0282 below: P(B <= 18) = 0.0095, P(B <= 19) = 0.0334, hence the 19th.
        assert_eq!(enclosing_ranks(0.9, 25, 0.9), Some((19, 25)));
        assert_eq!(enclosing_ranks(0.1, 25, 0.9), Some((1, 7)));
        // 0.9^21 = 0.109: nothing among 21 values bounds the quantile from above often enough.
        assert_eq!(enclosing_ranks(0.9, 21, 0.9), None);
        // Five values enclose a median with 1 - 2/32 = 0.9375.
        assert_eq!(enclosing_ranks(0.5, 5, 0.9375), Some((1, 5)));
        assert_eq!(enclosing_ranks(0.5, 5, 0.94), None);
        assert_eq!(one_to(1).estimate(0.5, 0.5).unwrap().interval, None);
    }

    #[test]
    fn censored_values_are_larger_than_any() {
        let mut sample = vec![f64::INFINITY; 4];
        sample.extend([12.0, 9.0, 15.0, 11.0, 10.0, 14.0]);
        let sample = Ordered::new(sample);
        let median = sample.estimate(0.5, 0.95).unwrap();
        assert_eq!(median.value, 14.0);
        assert_eq!(median.interval, Some(Interval { low: 10.0, high: f64::INFINITY }));
        assert_eq!(sample.quantile(0.7), Some(f64::INFINITY));
    }

    #[test]
    fn intervals_are_as_tight_as_the_level_allows() {
        for (p, n, level) in
            [(0.5, 200, 0.9), (0.9, 500, 0.95), (0.05, 1000, 0.9), (0.5, 100_000, 0.9)]
        {
            let (low, high) = enclosing_ranks(p, n, level).unwrap();
            let below = Binomial::new(p, n).unwrap();
            let coverage = |low: u64, high: u64| below.cdf(high - 1) - below.cdf(low - 1);
            assert!(coverage(low, high) >= level);
            // One rank further in, that side would fail more often than it may.
            assert!(below.cdf(low) > (1.0 - level) / 2.0);
            assert!(below.sf(high - 2) > (1.0 - level) / 2.0);
        }
    }
}
