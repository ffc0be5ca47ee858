//! Learning: new people are slower, and catch up.
//!
//! *In a manager's words*: "a new colleague needs half as long again, and four months to get to
//! speed."
//!
//! *Assumption*: handle time of a new agent is a multiple of a tenured one's and falls to it along
//! a curve of tenure. *Source*: M20 of the catalogue; P8, L10, L11.

use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::time::SimDuration;
use crate::written::{Factor, Length, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Handle time of a new agent relative to a tenured one.
pub const START: Evidence = Evidence {
    key: "hires.ramp.start",
    value: 1.5,
    unit: "factor",
    range: (1.3, 1.8),
    grade: Grade::B,
    source: "1.3-1.8 x tenured (WFM Labs, speed to proficiency)",
};

/// Time until a new agent is as quick as the others.
pub const OVER: Evidence = Evidence {
    key: "hires.ramp.over",
    value: 4.0,
    unit: "months",
    range: (3.0, 18.0),
    grade: Grade::B,
    source: "3-6 months routine, 9-18 complex (WFM Labs)",
};

/// How much oftener solutions of a new agent come back than those of a tenured one.
pub const REOPENS: Evidence = Evidence {
    key: "hires.ramp.reopens",
    value: 1.25,
    unit: "factor",
    range: (1.0, 3.0),
    grade: Grade::J,
    source: "sign: M09, reopens rise with trainees; size: our judgement",
};

/// The curve of learning.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Curve {
    /// Quick at first, then slower: 95 % of the way at the end.
    #[default]
    Exponential,
    /// In a straight line.
    Linear,
    /// Slowly at first, quickest half way, slowly again towards the end.
    S,
    /// In four equal steps, at the end of each quarter.
    Stepped,
}

/// A ramp as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RampSpec {
    /// Handle time at first, relative to a tenured agent.
    pub start: Option<Written<Factor>>,
    /// Time until nothing is missing.
    pub over: Option<Written<Length>>,
    /// The curve.
    pub shape: Option<Written<Curve>>,
    /// Share of solutions that come back at first, relative to a tenured agent's.
    pub reopens: Option<Written<Factor>>,
}

/// How handle time falls with tenure.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ramp {
    /// Factor on handle time at first.
    pub start: f64,
    /// Time until it is 1.
    pub over: SimDuration,
    /// The curve.
    pub curve: Curve,
    /// Factor on the share of solutions that come back at first; it falls to 1 as handle time does.
    pub reopens: f64,
}

impl RampSpec {
    /// A newcomer's ramp.
    pub fn compile(spec: Option<&RampSpec>, problems: &mut Problems) -> Ramp {
        let usual = Ramp {
            start: START.value,
            over: SimDuration::from_days(122),
            curve: Curve::default(),
            reopens: REOPENS.value,
        };
        spec.map_or(usual, |spec| spec.compile_with(usual, problems))
    }

    /// The ramp this describes, where nothing is written the usual one.
    pub fn compile_with(&self, usual: Ramp, problems: &mut Problems) -> Ramp {
        let spec = self;
        let over = spec.over.as_ref().map_or(usual.over, |over| over.value.wall());
        if over <= SimDuration::ZERO {
            let span = spec.over.as_ref().map_or(0..0, |over| over.span.clone());
            problems.push(Problem::error("zero-time", "a ramp takes some time").at(span, "here"));
        }
        if let Some(start) = &spec.start {
            start.at_least_one("makes new people faster than tenured ones", problems);
        }
        Ramp {
            start: spec.start.as_ref().map_or(usual.start, |start| start.value.0),
            over: over.max(SimDuration::from_micros(1)),
            curve: spec.shape.as_ref().map_or(usual.curve, |shape| shape.value),
            reopens: spec.reopens.as_ref().map_or(usual.reopens, |factor| factor.value.0),
        }
    }
}

/// Steps of a stepped ramp.
const STEPS: f64 = 4.0;

/// What is missing on a logistic curve, made to begin at 1 and to end at 0.
fn s_curve(done: f64) -> f64 {
    let logistic = |x: f64| 1.0 / (1.0 + (10.0 * (x - 0.5)).exp());
    let (first, last) = (logistic(0.0), logistic(1.0));
    ((logistic(done.min(1.0)) - last) / (first - last)).max(0.0)
}

impl Ramp {
    /// Factor on handle time after that time in the job.
    pub fn factor(&self, tenure: SimDuration) -> f64 {
        1.0 + (self.start - 1.0) * self.missing(tenure)
    }

    /// Factor on the share of solutions that come back.
    pub fn reopen_factor(&self, tenure: SimDuration) -> f64 {
        1.0 + (self.reopens - 1.0) * self.missing(tenure)
    }

    /// How much of the way is still to go: 1 at first, then less; 0 before there was anything to
    /// learn.
    pub fn missing(&self, tenure: SimDuration) -> f64 {
        if tenure < SimDuration::ZERO {
            return 0.0;
        }
        let done = tenure.micros() as f64 / self.over.micros() as f64;
        match self.curve {
            Curve::Exponential => (-3.0 * done).exp(),
            Curve::Linear => (1.0 - done).max(0.0),
            Curve::S => s_curve(done),
            Curve::Stepped => (1.0 - (done * STEPS).floor() / STEPS).max(0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_way_on_a_line_is_half_as_slow() {
        let ramp = Ramp {
            start: 1.5,
            over: SimDuration::from_days(40),
            curve: Curve::Linear,
            reopens: 1.2,
        };
        assert_eq!(ramp.factor(SimDuration::ZERO), 1.5);
        assert_eq!(ramp.factor(SimDuration::from_days(20)), 1.25);
        assert_eq!(ramp.factor(SimDuration::from_days(90)), 1.0);
        assert_eq!(ramp.reopen_factor(SimDuration::from_days(20)), 1.1);
        let at = |curve, days| Ramp { curve, ..ramp }.factor(SimDuration::from_days(days));
        assert_eq!(
            [0, 9, 10, 39, 40].map(|d| at(Curve::Stepped, d)),
            [1.5, 1.5, 1.375, 1.125, 1.0]
        );
        assert_eq!([0, 20, 40, 90].map(|d| at(Curve::S, d)), [1.5, 1.25, 1.0, 1.0]);
        assert!(at(Curve::S, 5) > at(Curve::Linear, 5) && at(Curve::S, 35) < at(Curve::Linear, 35));
        // Nobody is slow at what there is not yet.
        assert_eq!(at(Curve::Linear, -1), 1.0);
        let curve = Ramp { curve: Curve::Exponential, ..ramp };
        assert!(
            (curve.factor(SimDuration::from_days(40)) - (1.0 + 0.5 * (-3.0_f64).exp())).abs()
                < 1e-12
        );
    }
}
