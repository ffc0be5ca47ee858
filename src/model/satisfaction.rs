//! Satisfaction: what customers make of how long it took.
//!
//! *In a manager's words*: "who hears from us within minutes is delighted, who waits until tomorrow
//! is not, and who has to write twice is lost to us."
//!
//! *Assumption*: a solved ticket is judged once, from 1 to 5, by whichever disappoints more: the
//! time to the first reply or the time to the solution, on the wall clock. Every reopen and every
//! touch after the first take something off. Those who gave up are not asked; the NPS proxy counts
//! them as detractors. *Source*: M33 of the catalogue; B19. The figures of the first reply are a
//! vendor's, up to eight hours; the rest is our own judgement. They show a direction, not a survey.

use super::context::amount;
use crate::evidence::{Evidence, Grade};
use crate::opinion::{BEST, Curve, Opinion, POINT, WORST};
use crate::problem::{Problem, Problems};
use crate::time::SimDuration;
use crate::written::{Amount, Length, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Score of a first reply at once; the curve goes on in `FIRST_REPLY_CURVE`.
pub const FIRST_REPLY: Evidence = Evidence {
    key: "money.satisfaction.first_reply",
    value: 4.9,
    unit: "points of 5",
    range: (3.4, 4.9),
    grade: Grade::C,
    source: "vendor figures, sample unknown (replicen.com): under 3 min 4.6-4.9, up to 2 h 4.0-4.4, up to 8 h 3.4-3.9; later waits are our judgement",
};

/// Score of a solution within four hours; the curve goes on in `RESOLUTION_CURVE`.
pub const RESOLUTION: Evidence = Evidence {
    key: "money.satisfaction.resolution",
    value: 5.0,
    unit: "points of 5",
    range: (1.0, 5.0),
    grade: Grade::J,
    source: "our judgement; global level 82 % satisfied (Zendesk Benchmark 2013)",
};

/// Taken off for each reopen.
pub const PER_REOPEN: Evidence = Evidence {
    key: "money.satisfaction.per_reopen",
    value: 0.5,
    unit: "points of 5",
    range: (0.0, 1.5),
    grade: Grade::J,
    source: "our judgement",
};

/// Taken off for each touch after the first.
pub const PER_TOUCH: Evidence = Evidence {
    key: "money.satisfaction.per_touch",
    value: 0.1,
    unit: "points of 5",
    range: (0.0, 0.5),
    grade: Grade::J,
    source: "our judgement",
};

/// Hours to the first reply and the score: between the bands of the vendor's table up to 8 h.
pub const FIRST_REPLY_CURVE: [(f64, f64); 8] = [
    (0.0, FIRST_REPLY.value),
    (0.05, 4.5),
    (2.0, 3.95),
    (8.0, 3.4),
    (24.0, 3.0),
    (72.0, 2.4),
    (168.0, 1.8),
    (720.0, 1.0),
];

/// Hours to the solution and the score.
pub const RESOLUTION_CURVE: [(f64, f64); 7] = [
    (4.0, RESOLUTION.value),
    (24.0, 4.4),
    (72.0, 3.8),
    (168.0, 3.0),
    (336.0, 2.2),
    (720.0, 1.5),
    (1440.0, 1.0),
];

/// How customers judge, as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SatisfactionSpec {
    /// Score by time to the first reply, straight between the points.
    pub first_reply: Vec<ScoreSpec>,
    /// Score by time to the solution.
    pub resolution: Vec<ScoreSpec>,
    /// Points taken off for each time a ticket comes back.
    pub per_reopen: Option<Written<Amount>>,
    /// Points taken off for each touch after the first.
    pub per_touch: Option<Written<Amount>>,
}

/// A point of a curve of scores.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreSpec {
    /// After this time …
    pub after: Written<Length>,
    /// … the score, from 1 to 5.
    pub score: Written<Amount>,
}

impl SatisfactionSpec {
    /// How customers judge; by the usual curves where none are written.
    pub fn compile(&self, problems: &mut Problems) -> Opinion {
        let off = |written: &Option<Written<Amount>>, usual: f64| {
            (amount(written, usual).min(5.0) * POINT as f64).round() as u64
        };
        Opinion {
            reply: curve(&self.first_reply, &FIRST_REPLY_CURVE, problems),
            resolution: curve(&self.resolution, &RESOLUTION_CURVE, problems),
            per_reopen: off(&self.per_reopen, PER_REOPEN.value),
            per_touch: off(&self.per_touch, PER_TOUCH.value),
        }
    }
}

fn curve(written: &[ScoreSpec], usual: &[(f64, f64)], problems: &mut Problems) -> Curve {
    let score = |points: f64| (points * POINT as f64).round() as u64;
    if written.is_empty() {
        let point =
            |(hours, points): &(f64, f64)| (SimDuration::from_hours(*hours), score(*points));
        return Curve(usual.iter().map(point).collect());
    }
    let mut points: Vec<(SimDuration, u64)> = Vec::new();
    for point in written {
        let given = score(point.score.value.0.min(9.0));
        if !(WORST..=BEST).contains(&given) {
            problems.push(
                Problem::error("wrong-score", "a score lies between 1 and 5")
                    .at(point.score.span.clone(), "this score"),
            );
        }
        let after = super::context::wall(&Some(point.after.clone()), point.after.value, problems);
        if points.last().is_some_and(|(last, _)| *last >= after) {
            problems.push(
                Problem::error("wrong-score", "the points of a curve come in the order of time")
                    .at(point.after.span.clone(), "not later than the point before"),
            );
            continue;
        }
        points.push((after, given));
    }
    Curve(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_curve_lies_within_the_vendor_s_bands() {
        let opinion = SatisfactionSpec::default().compile(&mut Problems::default());
        let after = |minutes: i64| {
            opinion.reply.at(SimDuration::from_minutes(minutes)) as f64 / POINT as f64
        };
        assert!((4.6..=4.9).contains(&after(2)), "{}", after(2));
        for minutes in [20, 60, 110] {
            assert!((3.95..=4.5).contains(&after(minutes)), "{}", after(minutes));
        }
        for minutes in [130, 300, 480] {
            assert!((3.4..=3.95).contains(&after(minutes)), "{}", after(minutes));
        }
    }

    #[test]
    fn the_usual_curves_only_fall() {
        for curve in [&FIRST_REPLY_CURVE[..], &RESOLUTION_CURVE[..]] {
            assert!(curve.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 > pair[1].1));
        }
    }
}
