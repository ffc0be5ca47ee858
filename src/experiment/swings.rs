//! How many seasons each bar of a tornado needs.
//!
//! Bars are compared by eye with the longest one. An end of a bar that is known to a tenth of that
//! length, half its interval either way, gets no more seasons; the others get twice as many as before,
//! up to a limit. Stopping goes by the width of an interval and not by its value, which leaves what the
//! interval promises nearly as it is. *Source*: Chow and Robbins 1965, Annals of Mathematical Statistics
//! 36(2).

use crate::stats::Estimate;

/// Half of an interval that is narrow enough, of the longest bar.
pub const ENOUGH: f64 = 0.1;

/// Seasons of every end before any is judged.
const FIRST: u64 = 10;

/// After how many seasons the ends are judged: ten, then always twice as many.
pub fn stages(most: u64) -> Vec<u64> {
    let doubled = std::iter::successors(Some(FIRST), |n| n.checked_mul(2));
    doubled.take_while(|n| *n < most).chain([most]).collect()
}

/// The ends that need more seasons, by their places. One whose change nothing is known of needs more.
pub fn open(ends: &[Option<Estimate>]) -> Vec<usize> {
    let reach = ends.iter().flatten().map(|end| end.value.abs()).fold(0.0, f64::max);
    let is_open = |end: &Option<Estimate>| {
        let interval = end.as_ref().and_then(|end| end.interval);
        interval.is_none_or(|within| within.half_width() > ENOUGH * reach)
    };
    (0..ends.len()).filter(|place| is_open(&ends[*place])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;

    #[test]
    fn an_end_is_open_until_it_is_known_to_a_tenth_of_the_longest() {
        let end = |value: f64, half: f64| {
            let interval = Some(Interval { low: value - half, high: value + half });
            Some(Estimate { value, interval, level: 0.95, n: 10 })
        };
        assert_eq!(open(&[end(-30.0, 4.0), end(20.0, 3.0), end(1.0, 2.9), None]), [0, 3]);
        // Where nothing moves, what is known to be nothing is known.
        assert!(open(&[end(0.0, 0.0), end(0.0, 0.0)]).is_empty());
        assert_eq!(open(&[end(0.0, 0.1), end(0.0, 0.0)]), [0]);
    }

    #[test]
    fn seasons_double_up_to_the_limit() {
        assert_eq!(stages(60), [10, 20, 40, 60]);
        assert_eq!((stages(10), stages(7)), (vec![10], vec![7]));
    }
}
