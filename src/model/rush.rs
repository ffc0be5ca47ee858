//! A Resolution Rush: the team stays late one evening and works through the pile.
//!
//! *In a manager's words*: "on Thursday everybody stays until ten, there is pizza, and on Friday
//! everybody is tired."
//!
//! *Assumption*: those who take part work further hours at a quicker pace, and slower for a while
//! afterwards. *Source*: M22 of the catalogue; article 0; Collewet, Sauermann 2017 (fewer calls per
//! hour on longer days).

use super::context::Context;
use super::overtime::{call, stay};
use super::pace::Window;
use super::pool::PoolPlan;
use crate::evidence::{Evidence, Grade};
use crate::ids::TeamId;
use crate::problem::Problems;
use crate::time::{SimDuration, SimTime};
use crate::written::{Factor, Hours, Length, Moment, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// How much quicker people work in a rush.
pub const PACE: Evidence = Evidence {
    key: "rushes.pace",
    value: 1.10,
    unit: "factor",
    range: (1.0, 1.3),
    grade: Grade::J,
    source: "our judgement",
};

/// How much oftener solutions of a rush come back.
pub const REOPENS: Evidence = Evidence {
    key: "rushes.reopens",
    value: 1.10,
    unit: "factor",
    range: (1.0, 1.5),
    grade: Grade::J,
    source: "sign: M23 and M09, rushing raises reopens; size: our judgement",
};

/// How much of their usual pace they have the day after.
pub const TIRED_PACE: Evidence = Evidence {
    key: "rushes.tired_pace",
    value: 0.93,
    unit: "factor",
    range: (0.8, 1.0),
    grade: Grade::J,
    source: "sign: fewer calls per hour on longer days (Collewet, Sauermann 2017); size: our judgement",
};

/// How long people are tired after a rush.
pub const TIRED_FOR: Evidence = Evidence {
    key: "rushes.tired_for",
    value: 1.0,
    unit: "d",
    range: (0.5, 3.0),
    grade: Grade::J,
    source: "our judgement",
};

/// A rush as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RushSpec {
    /// What it is called in charts.
    #[serde(default)]
    pub name: Option<Written<String>>,
    /// Team that stays.
    pub team: Written<String>,
    /// The day.
    pub on: Written<Moment>,
    /// The hours.
    pub hours: Written<Hours>,
    /// How many take part; all of them where no number is written.
    #[serde(default)]
    pub agents: Option<Written<u32>>,
    /// Their pace, relative to the usual: "+10%".
    #[serde(default)]
    pub pace: Option<Written<Factor>>,
    /// Share of their solutions that come back, relative to the usual: "+10%".
    #[serde(default)]
    pub reopens: Option<Written<Factor>>,
    /// Their pace afterwards.
    #[serde(default)]
    pub tired_pace: Option<Written<Factor>>,
    /// How long they are tired, from the end of the rush.
    #[serde(default)]
    pub tired_for: Option<Written<Length>>,
}

/// A rush.
#[derive(Clone, PartialEq, Debug)]
pub struct Rush {
    /// What it is called.
    pub name: String,
    /// The team.
    pub team: TeamId,
    /// When it begins.
    pub from: SimTime,
    /// When it ends.
    pub until: SimTime,
    /// How many take part.
    pub agents: u32,
    /// Pace in the rush.
    pub pace: f64,
    /// Factor on the share of solutions that come back.
    pub reopens: f64,
    /// Pace afterwards.
    pub tired_pace: f64,
    /// For how long.
    pub tired_for: SimDuration,
}

impl RushSpec {
    /// The rush this describes. Where the team's own `fatigue` makes it tired, the rush does not do
    /// so again unless the scenario says how much.
    pub fn compile(
        &self,
        tires: impl Fn(TeamId) -> bool,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Option<Rush> {
        let team = context.team(&self.team, problems)?;
        context.instant(&self.on, problems);
        let day = context.days.index_of(self.on.value.0.date())?;
        let factor = |written: &Option<Written<Factor>>, default: f64| {
            written.as_ref().map_or(default, |factor| factor.value.0).max(0.05)
        };
        Some(Rush {
            name: self.name.as_ref().map_or("rush", |name| &name.value).to_string(),
            team,
            from: context.days.minute(day, u32::from(self.hours.value.from)),
            until: context.days.minute(day, u32::from(self.hours.value.to)),
            agents: self.agents.as_ref().map_or(u32::MAX, |agents| agents.value),
            pace: factor(&self.pace, PACE.value),
            reopens: self.reopens.as_ref().map_or(REOPENS.value, |factor| factor.value.0),
            tired_pace: factor(&self.tired_pace, if tires(team) { 1.0 } else { TIRED_PACE.value }),
            tired_for: self
                .tired_for
                .as_ref()
                .map_or(SimDuration::from_hours(24.0 * TIRED_FOR.value), |t| t.value.wall()),
        })
    }
}

impl Rush {
    /// Lets the first agents of the team's pools take part, those in training or gone left out; a
    /// pool of which only some do is split.
    pub fn call(&self, pools: &mut Vec<PoolPlan>) {
        let there = |pool: &PoolPlan| {
            let (first, last) = pool.callable;
            first <= self.from && self.until <= last
        };
        call(pools, self.team, self.agents, there, |pool| self.join(pool));
    }

    fn join(&self, pool: &mut PoolPlan) {
        stay(pool, (self.from, self.until));
        // Windows hold factors on handle time, the inverse of pace.
        let window =
            |from, until, pace: f64, reopens| Window { from, until, handle: 1.0 / pace, reopens };
        let rested = self.until + self.tired_for;
        pool.pace.windows.push(window(self.from, self.until, self.pace, self.reopens));
        pool.pace.windows.push(window(self.until, rested, self.tired_pace, 1.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_of_a_pool_stays_late_and_is_tired() {
        let hour = SimTime::from_hours;
        let mut pools = vec![PoolPlan::new(TeamId(0), "desk", 10, vec![(hour(9.0), hour(17.0))])];
        let rush = Rush {
            name: "rush".into(),
            team: TeamId(0),
            from: hour(18.0),
            until: hour(22.0),
            agents: 4,
            pace: 1.25,
            reopens: 1.5,
            tired_pace: 0.8,
            tired_for: SimDuration::from_days(1),
        };
        rush.call(&mut pools);
        assert_eq!(
            pools.iter().map(|p| (p.first_seat, p.seats)).collect::<Vec<_>>(),
            [(0, 4), (4, 6)]
        );
        assert_eq!(pools[0].spans.len(), 2);
        assert_eq!(pools[1].spans.len(), 1);
        let pace = |at: f64| pools[0].pace.at(hour(at));
        assert_eq!((pace(10.0), pace(19.0), pace(30.0), pace(47.0)), (1.0, 0.8, 1.25, 1.0));
        let reopens = |at: f64| pools[0].pace.reopens_at(hour(at));
        assert_eq!((reopens(10.0), reopens(19.0), reopens(30.0)), (1.0, 1.5, 1.0));
    }

    #[test]
    fn whoever_is_in_training_or_gone_is_not_called() {
        let hour = SimTime::from_hours;
        let hires = |from: f64, until: f64| {
            let plan = PoolPlan::new(TeamId(0), "hires", 2, Vec::new());
            PoolPlan { callable: (hour(from), hour(until)), ..plan }
        };
        let mut pools = vec![hires(20.0, 90.0), hires(0.0, 19.0), hires(18.0, 22.0)];
        let rush = Rush {
            name: "rush".into(),
            team: TeamId(0),
            from: hour(18.0),
            until: hour(22.0),
            agents: 3,
            pace: 1.0,
            reopens: 1.0,
            tired_pace: 1.0,
            tired_for: SimDuration::ZERO,
        };
        rush.call(&mut pools);
        assert_eq!(pools.iter().map(|pool| pool.spans.len()).collect::<Vec<_>>(), [0, 0, 1]);
    }
}
