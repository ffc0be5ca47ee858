//! Pressure: people work faster while many wait, and more of their answers do not hold.
//!
//! *In a manager's words*: "when the board is full everybody gets through more, and more comes
//! back."
//!
//! *Assumption*: a touch goes quicker the more tickets wait for each agent at the queue when it
//! begins, in a straight line up to a limit; the share of solutions that come back rises along the
//! same line. *Source*: M23 and M09 of the catalogue; form: Delasay, Ingolfsson and Kolfal 2016
//! (speed-up with load).

use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::written::{Amount, Factor, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Pace under full pressure.
pub const PACE: Evidence = Evidence {
    key: "teams.*.pressure.pace",
    value: 1.10,
    unit: "factor",
    range: (1.0, 1.3),
    grade: Grade::J,
    source: "form: speed-up with load (Delasay, Ingolfsson, Kolfal 2016); size: our judgement",
};

/// How many waiting tickets for each agent make full pressure.
pub const FULL_AT: Evidence = Evidence {
    key: "teams.*.pressure.full_at",
    value: 20.0,
    unit: "tickets per agent",
    range: (2.0, 100.0),
    grade: Grade::J,
    source: "our judgement",
};

/// How much oftener solutions come back under full pressure.
pub const REOPENS: Evidence = Evidence {
    key: "teams.*.pressure.reopens",
    value: 1.20,
    unit: "factor",
    range: (1.0, 2.0),
    grade: Grade::J,
    source: "sign: M23 and M09, rushing raises reopens; size: our judgement",
};

/// Pressure as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PressureSpec {
    /// Pace under full pressure, relative to the usual: "+10%".
    pub pace: Option<Written<Factor>>,
    /// Waiting tickets for each agent at the queue that make full pressure.
    pub full_at: Option<Written<Amount>>,
    /// Share of solutions that come back under full pressure, relative to the usual.
    pub reopens: Option<Written<Factor>>,
}

/// How a team works while many wait.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pressure {
    /// Pace under full pressure.
    pub pace: f64,
    /// Waiting tickets for each agent that make full pressure.
    pub full_at: f64,
    /// Factor on the share of solutions that come back under full pressure.
    pub reopens: f64,
}

/// The pressure that a scenario describes.
pub fn compile(spec: Option<&PressureSpec>, problems: &mut Problems) -> Option<Pressure> {
    let spec = spec?;
    if let Some(pace) = spec.pace.as_ref().filter(|pace| pace.value.0 <= 0.0) {
        problems.push(
            Problem::error("zero-speed", "at this pace nothing is ever done")
                .at(pace.span.clone(), "a pace above zero"),
        );
    }
    let factor = |written: &Option<Written<Factor>>, usual: Evidence| {
        written.as_ref().map_or(usual.value, |factor| factor.value.0)
    };
    Some(Pressure {
        pace: factor(&spec.pace, PACE).max(0.01),
        full_at: spec.full_at.as_ref().map_or(FULL_AT.value, |amount| amount.value.0),
        reopens: factor(&spec.reopens, REOPENS),
    })
}

impl Pressure {
    /// How much pressure there is, from 0 to 1.
    pub fn felt(&self, waiting: u32, agents: u32) -> f64 {
        let each = f64::from(waiting) / f64::from(agents.max(1));
        if each >= self.full_at { f64::from(u8::from(waiting > 0)) } else { each / self.full_at }
    }

    /// Factor on handle times under that pressure.
    pub fn handle(&self, felt: f64) -> f64 {
        1.0 / (1.0 + (self.pace - 1.0) * felt)
    }

    /// Factor on the share of solutions that come back.
    pub fn reopen_factor(&self, felt: f64) -> f64 {
        1.0 + (self.reopens - 1.0) * felt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_pressure_gives_half_the_speed_up() {
        let pressure = Pressure { pace: 1.5, full_at: 20.0, reopens: 1.2 };
        // Four agents and forty waiting: ten for each.
        let felt = pressure.felt(40, 4);
        assert_eq!(felt, 0.5);
        assert_eq!(pressure.handle(felt), 0.8);
        assert_eq!(pressure.reopen_factor(felt), 1.1);
        assert_eq!((pressure.felt(0, 0), pressure.felt(500, 4)), (0.0, 1.0));
    }
}
