//! Hires and temps: people who come, learn, and perhaps go again.
//!
//! *In a manager's words*: "eight temps from the first of December, a week of training, gone at the
//! end of January."
//!
//! *Assumption*: in training they do no tickets; then they work their team's hours, slower at
//! first. *Source*: M24, M20 of the catalogue; P8.

use super::context::Context;
use super::learning::{Ramp, RampSpec};
use crate::evidence::{Evidence, Grade};
use crate::ids::TeamId;
use crate::problem::{Problem, Problems};
use crate::time::SimTime;
use crate::written::{Length, Moment, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Training before the first ticket, for temps.
pub const TRAINING: Evidence = Evidence {
    key: "hires.training",
    value: 1.0,
    unit: "weeks",
    range: (0.5, 16.0),
    grade: Grade::J,
    source: "temps 1 week (our judgement); permanent staff 2-16 weeks by trade (WFM Labs)",
};

/// People who join a team, as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HireSpec {
    /// What they are called in charts.
    #[serde(default)]
    pub name: Option<Written<String>>,
    /// Team they join.
    pub team: Written<String>,
    /// How many.
    pub agents: Written<u32>,
    /// Their first day.
    pub from: Written<Moment>,
    /// Their last day, where they leave again.
    #[serde(default)]
    pub until: Option<Written<Moment>>,
    /// Training before their first ticket.
    #[serde(default)]
    pub training: Option<Written<Length>>,
    /// How they get up to speed.
    #[serde(default)]
    pub ramp: Option<RampSpec>,
    /// Calendar of their shift, where it differs from the team's.
    #[serde(default)]
    pub hours: Option<Written<String>>,
    /// Ticket classes they work on, where they do not work on all the team's.
    #[serde(default)]
    pub handles: Vec<Written<String>>,
}

/// People who join a team.
#[derive(Clone, PartialEq, Debug)]
pub struct Hire {
    /// What they are called.
    pub name: String,
    /// Their team.
    pub team: TeamId,
    /// How many.
    pub agents: u32,
    /// When they arrive.
    pub from: SimTime,
    /// When they begin to work on tickets.
    pub works_from: SimTime,
    /// When they leave.
    pub until: SimTime,
    /// How they get up to speed.
    pub ramp: Ramp,
}

impl HireSpec {
    /// The people this describes.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> Option<Hire> {
        let team = context.team(&self.team, problems)?;
        let (from, until) = match &self.until {
            Some(until) => {
                let (from, _) = context.period(&self.from, until, problems);
                // The last day is worked.
                let next = until.value.0.date().tomorrow().unwrap_or(until.value.0.date());
                (from, context.days.instant(next.to_datetime(jiff::civil::Time::midnight())))
            }
            None => (context.instant(&self.from, problems), SimTime::NEVER),
        };
        let training =
            self.training.as_ref().map_or(Length::new(TRAINING.value, TimeUnit::Week), |t| t.value);
        let works_from = from + training.wall();
        if works_from >= until {
            problems.push(
                Problem::error("training-too-long", "they leave before their training is over")
                    .at(self.team.span.clone(), "these hires")
                    .help("write a shorter training, or let them stay longer"),
            );
        }
        let name = self.name.as_ref().map_or_else(
            || format!("{} for {}", self.agents.value, self.team.value),
            |name| name.value.clone(),
        );
        let ramp = RampSpec::compile(self.ramp.as_ref(), problems);
        Some(Hire { name, team, agents: self.agents.value, from, works_from, until, ramp })
    }
}

impl Hire {
    /// The spans of a roster in which they work.
    pub fn spans(&self, roster: &[(SimTime, SimTime)]) -> Vec<(SimTime, SimTime)> {
        self.cut(roster, self.works_from)
    }

    /// The spans of a roster for which they are paid: training counts.
    pub fn paid(&self, roster: &[(SimTime, SimTime)]) -> Vec<(SimTime, SimTime)> {
        self.cut(roster, self.from)
    }

    fn cut(&self, roster: &[(SimTime, SimTime)], from: SimTime) -> Vec<(SimTime, SimTime)> {
        let cut =
            |(begins, ends): &(SimTime, SimTime)| ((*begins).max(from), (*ends).min(self.until));
        roster.iter().map(cut).filter(|(from, to)| from < to).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SimDuration;

    #[test]
    fn they_work_from_the_end_of_their_training_to_their_last_day() {
        let hour = SimTime::from_hours;
        let hire = Hire {
            name: "temps".into(),
            team: TeamId(0),
            agents: 3,
            from: hour(0.0),
            works_from: hour(24.0),
            until: hour(50.0),
            ramp: Ramp {
                start: 1.5,
                over: SimDuration::from_days(30),
                curve: Default::default(),
                reopens: 1.0,
            },
        };
        let roster = [(hour(9.0), hour(17.0)), (hour(33.0), hour(41.0)), (hour(49.0), hour(57.0))];
        assert_eq!(hire.spans(&roster), [(hour(33.0), hour(41.0)), (hour(49.0), hour(50.0))]);
    }
}
