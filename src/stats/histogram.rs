//! Histograms of whole numbers in fixed buckets, whose merge is exact in any order.
//!
//! Values up to 255 have a bucket each; above that every octave (from a power of two to the next)
//! has 128 buckets of equal width. A bucket's middle is then within 1/256, or 0.4 %, of any value
//! in it.

use super::quantile::rank;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

/// Buckets per octave, and values at the start with a bucket each whatever their octave.
const PER_OCTAVE: u64 = 128;
/// Leading zeros of the values from 128 to 255, the first octave that fills its buckets.
const FIRST_FULL_OCTAVE: u32 = PER_OCTAVE.leading_zeros();
/// Number of buckets that cover all values.
pub const BUCKETS: usize = (FIRST_FULL_OCTAVE as usize + 2) * PER_OCTAVE as usize;

/// The bucket a value falls into.
#[inline]
pub const fn bucket_of(value: u64) -> usize {
    let shift = FIRST_FULL_OCTAVE.saturating_sub(value.leading_zeros());
    shift as usize * PER_OCTAVE as usize + (value >> shift) as usize
}

/// The smallest value of a bucket.
///
/// *Panics* where there is no such bucket.
pub const fn lower(bucket: usize) -> u64 {
    assert!(bucket < BUCKETS, "there is no such bucket");
    let bucket = bucket as u64;
    let shift = (bucket / PER_OCTAVE).saturating_sub(1);
    (bucket - shift * PER_OCTAVE) << shift
}

/// The largest value of a bucket.
///
/// *Panics* where there is no such bucket.
pub const fn upper(bucket: usize) -> u64 {
    if bucket + 1 == BUCKETS { u64::MAX } else { lower(bucket + 1) - 1 }
}

/// The value halfway between a bucket's ends.
///
/// *Panics* where there is no such bucket.
pub fn middle(bucket: usize) -> f64 {
    let lower = lower(bucket);
    lower as f64 + (upper(bucket) - lower) as f64 / 2.0
}

/// Counts of whole numbers by bucket, as long as the highest bucket used.
///
/// *Shape*: `counts` by bucket; the last is never zero.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Histogram {
    counts: Vec<u64>,
}

impl Histogram {
    /// A histogram of nothing.
    pub const fn new() -> Histogram {
        Histogram { counts: Vec::new() }
    }

    /// Counts a value.
    #[inline]
    pub fn add(&mut self, value: u64) {
        self.add_n(value, 1);
    }

    /// Counts a value `n` times.
    #[inline]
    pub fn add_n(&mut self, value: u64, n: u64) {
        self.add_to_bucket(bucket_of(value), n);
    }

    /// Takes back one count of a value that was counted before.
    ///
    /// *Panics* where its bucket is empty.
    pub fn take_back(&mut self, value: u64) {
        let bucket = bucket_of(value);
        self.counts[bucket] = self.counts[bucket].checked_sub(1).expect("it was counted before");
        while self.counts.last() == Some(&0) {
            self.counts.pop();
        }
    }

    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        self.counts.clear();
    }

    /// Counts all that another histogram counted.
    pub fn merge(&mut self, other: &Histogram) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
    }

    /// How many values were counted.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The buckets in use and their counts, in ascending order.
    pub fn used(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        self.counts.iter().copied().enumerate().filter(|&(_, count)| count > 0)
    }

    /// The middle of the bucket that holds the `p`-quantile, as `quantile` defines it: within 0.4 %
    /// of it, exact up to 255. Nothing where nothing was counted.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let mut left = rank(p, self.total())?;
        for (bucket, count) in self.used() {
            if count >= left {
                return Some(middle(bucket));
            }
            left -= count;
        }
        None
    }

    /// How many values were at least `value`. All of its bucket count as such: exact up to 255 and
    /// at the lower end of a bucket, otherwise values up to 0.8 % smaller are counted too.
    pub fn count_at_least(&self, value: u64) -> u64 {
        self.counts.iter().skip(bucket_of(value)).sum()
    }

    /// How many values were above `value`. None of its bucket count as such: exact up to 255 and
    /// at the upper end of a bucket, otherwise values up to 0.8 % larger are missed.
    pub fn count_above(&self, value: u64) -> u64 {
        self.counts.iter().skip(bucket_of(value) + 1).sum()
    }

    /// The mean, taking every value for the middle of its bucket: within 0.4 % of the true one.
    /// Nothing where nothing was counted.
    pub fn mean(&self) -> Option<f64> {
        let total = self.total();
        let sum: f64 = self.used().map(|(bucket, count)| middle(bucket) * count as f64).sum();
        (total > 0).then(|| sum / total as f64)
    }

    #[inline]
    fn add_to_bucket(&mut self, bucket: usize, n: u64) {
        if n == 0 {
            return;
        }
        if self.counts.len() <= bucket {
            self.counts.resize(bucket + 1, 0);
        }
        self.counts[bucket] += n;
    }
}

impl Serialize for Histogram {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.collect_seq(self.used())
    }
}

impl<'de> Deserialize<'de> for Histogram {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let mut histogram = Histogram::new();
        for (bucket, count) in Vec::<(usize, u64)>::deserialize(input)? {
            if bucket >= BUCKETS {
                return Err(D::Error::custom(format!(
                    "a histogram has {BUCKETS} buckets; there is no bucket {bucket}"
                )));
            }
            histogram.add_to_bucket(bucket, count);
        }
        Ok(histogram)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[u64]) -> Histogram {
        let mut histogram = Histogram::new();
        values.iter().for_each(|&value| histogram.add(value));
        histogram
    }

    #[test]
    fn buckets_follow_each_other_without_gap() {
        assert_eq!((lower(0), upper(0)), (0, 0));
        for bucket in 1..BUCKETS {
            assert_eq!(lower(bucket), upper(bucket - 1) + 1);
            assert_eq!((bucket_of(lower(bucket)), bucket_of(upper(bucket))), (bucket, bucket));
        }
        assert_eq!(upper(BUCKETS - 1), u64::MAX);
    }

    #[test]
    fn buckets_worked_by_hand() {
        // 256 to 511 in pairs from bucket 256 on, 512 to 1023 in fours from 384 on.
        assert_eq!([0, 127, 128, 255].map(bucket_of), [0, 127, 128, 255]);
        assert_eq!(
            [256, 257, 258, 511, 512, 515, 516].map(bucket_of),
            [256, 256, 257, 383, 384, 384, 385]
        );
        assert_eq!((lower(385), upper(385), middle(385)), (516, 519, 517.5));
    }

    #[test]
    fn a_count_taken_back_was_never_there() {
        let mut histogram = of(&[3, 900, 900]);
        histogram.take_back(900);
        assert_eq!(histogram, of(&[3, 900]));
        histogram.take_back(900);
        assert_eq!(histogram, of(&[3]));
    }

    #[test]
    fn a_histogram_worked_by_hand() {
        let mut histogram = of(&[3, 3, 10, 516]);
        histogram.add_n(519, 2);
        histogram.add_n(1_000_000, 0);
        assert_eq!(histogram.total(), 6);
        assert_eq!(histogram.used().collect::<Vec<_>>(), [(3, 2), (10, 1), (385, 3)]);
        let at = |p| histogram.quantile(p).unwrap();
        assert_eq!([at(0.0), at(0.33), at(0.34), at(0.5), at(0.51)], [3.0, 3.0, 10.0, 10.0, 517.5]);
        assert_eq!((histogram.count_at_least(10), histogram.count_above(10)), (4, 3));
        assert_eq!((histogram.count_at_least(518), histogram.count_above(518)), (3, 0));
        assert_eq!(histogram.mean(), Some((6.0 + 10.0 + 3.0 * 517.5) / 6.0));
    }

    #[test]
    fn nothing_counted_has_no_quantile_and_no_mean() {
        assert_eq!((Histogram::new().quantile(0.5), Histogram::new().mean()), (None, None));
    }

    #[test]
    fn json_holds_the_used_buckets_only() {
        let histogram = of(&[3, 3, 516, u64::MAX]);
        let text = serde_json::to_string(&histogram).unwrap();
        assert_eq!(text, "[[3,2],[385,1],[7423,1]]");
        assert_eq!(serde_json::from_str::<Histogram>(&text).unwrap(), histogram);
        assert!(serde_json::from_str::<Histogram>("[[7424,1]]").is_err());
    }

    proptest! {
        #[test]
        fn the_middle_is_within_half_a_percent(bits in 0_u32..64, noise in any::<u64>()) {
            let value = noise >> bits;
            let error = (middle(bucket_of(value)) - value as f64).abs();
            prop_assert!(error <= 0.005 * value as f64);
        }

        #[test]
        fn merging_is_exact_in_any_order(
            parts in prop::collection::vec(prop::collection::vec(0_u64..100_000, 0..40), 0..8),
        ) {
            let whole = of(&parts.concat());
            let histograms: Vec<Histogram> = parts.iter().map(|part| of(part)).collect();
            let merged = |order: &mut dyn Iterator<Item = &Histogram>| {
                let mut sum = Histogram::new();
                order.for_each(|histogram| sum.merge(histogram));
                sum
            };
            prop_assert_eq!(&merged(&mut histograms.iter()), &whole);
            prop_assert_eq!(&merged(&mut histograms.iter().rev()), &whole);
        }
    }
}
