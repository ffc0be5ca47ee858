//! What a customer thinks of a solved ticket: a score from 1 to 5, in millionths of a point.
//!
//! Plain values that a model holds and a recorder reads; where the numbers come from stands with
//! the mechanism, `model::satisfaction`.

use crate::time::SimDuration;

/// A point of the scale, in millionths.
pub const POINT: u64 = 1_000_000;

/// The lowest score.
pub const WORST: u64 = POINT;

/// The highest score.
pub const BEST: u64 = 5 * POINT;

/// From this score on a customer is a promoter: rounded it is a five.
const PROMOTER: u64 = 4_500_000;

/// Below this score a customer is a detractor: rounded it is a three or less.
const DETRACTOR: u64 = 3_500_000;

/// A score that depends on a wait: straight between its points, level before the first and after
/// the last.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Curve(
    /// Waits in order, and the score at each in millionths.
    pub Vec<(SimDuration, u64)>,
);

impl Curve {
    /// The score after a wait; the best one where the curve has no points.
    pub fn at(&self, wait: SimDuration) -> u64 {
        let points = &self.0;
        let next = points.partition_point(|(at, _)| *at <= wait);
        match (next.checked_sub(1).map(|last| points[last]), points.get(next).copied()) {
            (None, None) => BEST,
            (None, Some((_, score))) | (Some((_, score)), None) => score,
            (Some((from, before)), Some((to, after))) => {
                let (part, whole) = ((wait - from).micros(), (to - from).micros());
                let rise = after as i64 - before as i64;
                // Only a curve over years needs more than 64 bits.
                let risen = match rise.checked_mul(part) {
                    Some(product) => product / whole,
                    None => (i128::from(rise) * i128::from(part) / i128::from(whole)) as i64,
                };
                (before as i64 + risen) as u64
            }
        }
    }
}

/// How customers judge.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Opinion {
    /// Score by time to the first reply.
    pub reply: Curve,
    /// Score by time to the solution.
    pub resolution: Curve,
    /// Taken off for each time the ticket was reopened, in millionths.
    pub per_reopen: u64,
    /// Taken off for each touch after the first, in millionths.
    pub per_touch: u64,
}

impl Opinion {
    /// The score of a solved ticket: the lower of what its first reply and its solution earn, less
    /// what reopens and further touches cost; never below 1.
    pub fn score(
        &self,
        reply: SimDuration,
        resolution: SimDuration,
        reopens: u16,
        touches: u16,
    ) -> u64 {
        let earned = self.reply.at(reply).min(self.resolution.at(resolution));
        let further = u64::from(touches.saturating_sub(1));
        let off = self.per_reopen * u64::from(reopens) + self.per_touch * further;
        earned.saturating_sub(off).max(WORST)
    }
}

/// Whether a customer with that score is a promoter.
pub fn promotes(score: u64) -> bool {
    score >= PROMOTER
}

/// Whether a customer with that score is a detractor.
pub fn detracts(score: u64) -> bool {
    score < DETRACTOR
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(h: f64) -> SimDuration {
        SimDuration::from_hours(h)
    }

    #[test]
    fn a_score_worked_by_hand() {
        let opinion = Opinion {
            reply: Curve(vec![(hours(0.0), BEST), (hours(2.0), 4 * POINT)]),
            resolution: Curve(vec![(hours(24.0), BEST), (hours(72.0), 2 * POINT)]),
            per_reopen: POINT / 2,
            per_touch: POINT / 10,
        };
        // Half way down the first curve, and the solution was quick.
        assert_eq!(opinion.score(hours(1.0), hours(5.0), 0, 1), 4_500_000);
        // A third of the way down the second: 5 - 3 x 16/48 = 4, less a reopen and two touches.
        assert_eq!(opinion.score(hours(0.0), hours(40.0), 1, 3), 3_300_000);
        // Level after the last point; never below the lowest score.
        assert_eq!(opinion.score(hours(9.0), hours(9.0), 0, 0), 4 * POINT);
        assert_eq!(opinion.score(hours(9.0), hours(900.0), 3, 1), WORST);
    }

    #[test]
    fn fives_promote_and_threes_detract() {
        assert!(promotes(4_500_000) && !promotes(4_499_999));
        assert!(detracts(3_499_999) && !detracts(3_500_000));
    }
}
