//! How often a waiting customer has written again after so long a wait.
//!
//! *Source*: derived for this project; a Poisson stream that ends with its `at_most`-th point.

/// Chasers of a waiting ticket: none for a while, then a rate that may move with the wait, and an
/// end where somebody has written often enough. Times in hours.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Chasing {
    /// Wait before the first.
    pub after: f64,
    /// Chasers per hour at a wait of one day.
    pub rate: f64,
    /// The rate goes with (wait / one day)^(shape - 1).
    pub shape: f64,
    /// Most in all; nothing where there is no end.
    pub at_most: Option<u32>,
}

/// From so many on an end is too far to matter.
const NO_END: u32 = 60;

const DAY: f64 = 24.0;

impl Chasing {
    /// Chasers that a wait of so many hours has brought on average.
    pub fn expected(&self, wait: f64) -> f64 {
        self.ended(self.unending(wait))
    }

    /// Chasers that a wait would have brought on average if there were no end.
    pub fn unending(&self, wait: f64) -> f64 {
        if wait <= self.after {
            return 0.0;
        }
        let powers = (wait / DAY).powf(self.shape) - (self.after / DAY).powf(self.shape);
        self.rate * DAY / self.shape * powers
    }

    /// What the end leaves of so many.
    pub fn ended(&self, unending: f64) -> f64 {
        match self.at_most.filter(|most| *most < NO_END) {
            Some(most) => ended(unending, most),
            None => unending,
        }
    }

    /// Chasers that an endless wait brings; infinite where there is no end.
    pub fn in_the_end(&self) -> f64 {
        if self.rate == 0.0 { 0.0 } else { self.at_most.map_or(f64::INFINITY, f64::from) }
    }
}

/// The mean of a Poisson number that is cut at `most`: the sum of P(N >= k) for k up to it.
fn ended(mean: f64, most: u32) -> f64 {
    let mut p = (-mean).exp();
    let mut below = 0.0;
    let mut sum = 0.0;
    for k in 1..=most {
        below += p;
        sum += (1.0 - below).max(0.0);
        p *= mean / f64::from(k);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::close::assert_exact;
    use super::*;

    #[test]
    fn chasers_by_hand() {
        // 0.5 a day after one day: after three days 1 on average; with an end at one, 1 - 1/e; with
        // an end at two, that and P(N >= 2) = 1 - 2/e.
        let chasing = Chasing { after: 24.0, rate: 0.5 / 24.0, shape: 1.0, at_most: None };
        assert_eq!(chasing.expected(24.0), 0.0);
        assert_exact(chasing.expected(72.0), 1.0);
        let e = (-1.0_f64).exp();
        let up_to = |most| Chasing { at_most: Some(most), ..chasing };
        assert_exact(up_to(1).expected(72.0), 1.0 - e);
        assert_exact(up_to(2).expected(72.0), 2.0 - 3.0 * e);
        assert_exact(up_to(2).expected(1e6), 2.0);
        assert_eq!((up_to(2).in_the_end(), chasing.in_the_end()), (2.0, f64::INFINITY));
        // A rate that rises with the wait: 0.5 a day times w / 1 day, so 0.5 (3^2 - 1) / 2 = 2.
        assert_exact(Chasing { shape: 2.0, ..chasing }.expected(72.0), 2.0);
    }
}
