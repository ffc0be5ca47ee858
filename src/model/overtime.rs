//! Overtime: a team works longer on certain days.
//!
//! *In a manager's words*: "until the pile is gone everybody stays two hours longer."
//!
//! *Assumption*: those who take part work the further hours on every day of the period on which
//! they have a shift, paid with the premium of `[money]`. What that does to them is said by the
//! team's `fatigue` and `attrition`. *Source*: M22 of the catalogue; article 0.

use super::context::Context;
use super::days::Days;
use super::money::{joined, without};
use super::pool::PoolPlan;
use crate::ids::TeamId;
use crate::problem::Problems;
use crate::time::SimTime;
use crate::written::{Hours, Moment, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Overtime as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OvertimeSpec {
    /// What it is called in charts.
    #[serde(default)]
    pub name: Option<Written<String>>,
    /// Team that works longer.
    pub team: Written<String>,
    /// The first day.
    pub from: Written<Moment>,
    /// The last day.
    pub until: Written<Moment>,
    /// The further hours on days on which they work.
    pub hours: Written<Hours>,
    /// How many take part; all of them where no number is written.
    #[serde(default)]
    pub agents: Option<Written<u32>>,
}

/// Overtime.
#[derive(Clone, PartialEq, Debug)]
pub struct Overtime {
    /// What it is called.
    pub name: String,
    /// The team.
    pub team: TeamId,
    /// The further hours of each day: the day's midnights, and the hours.
    pub days: Vec<Extra>,
    /// How many take part.
    pub agents: u32,
}

/// The further hours of a day.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Extra {
    /// The day, from midnight to midnight.
    pub day: (SimTime, SimTime),
    /// The hours.
    pub hours: (SimTime, SimTime),
}

impl OvertimeSpec {
    /// The overtime this describes.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> Option<Overtime> {
        let team = context.team(&self.team, problems)?;
        let (first, last) = (self.from.value.0.date(), self.until.value.0.date());
        if first == last {
            context.instant(&self.from, problems);
        } else {
            context.period(&self.from, &self.until, problems);
        }
        let days = context.days;
        let of_period = |day: &usize| (first..=last).contains(&days.date(*day));
        let day = |day: usize| extra(days, day, self.hours.value);
        Some(Overtime {
            name: self.name.as_ref().map_or("overtime", |name| &name.value).to_string(),
            team,
            days: (0..days.len()).filter(of_period).map(day).collect(),
            agents: self.agents.as_ref().map_or(u32::MAX, |agents| agents.value),
        })
    }
}

/// Hours of a day.
pub fn extra(days: &Days, day: usize, hours: Hours) -> Extra {
    let minute = |minute: u16| days.minute(day, u32::from(minute));
    Extra {
        day: (days.midnight(day), days.midnight(day + 1)),
        hours: (minute(hours.from), minute(hours.to)),
    }
}

impl Overtime {
    /// Lets the first agents of the team's pools stay longer.
    pub fn call(&self, pools: &mut Vec<PoolPlan>) {
        let begin = self.days.first().map_or(SimTime::NEVER, |extra| extra.hours.0);
        let end = self.days.last().map_or(SimTime::NEVER, |extra| extra.hours.1);
        let some = |pool: &PoolPlan| pool.callable.0 < end && begin < pool.callable.1;
        call(pools, self.team, self.agents, some, |pool| {
            let works = |extra: &&Extra| {
                let (first, last) = pool.callable;
                let there = first <= extra.hours.0 && extra.hours.1 <= last;
                let (morning, midnight) = extra.day;
                there && pool.spans.iter().any(|(from, _)| (morning..midnight).contains(from))
            };
            let further: Vec<_> = self.days.iter().filter(works).map(|e| e.hours).collect();
            further.into_iter().for_each(|hours| stay(pool, hours));
        });
    }
}

/// Calls so many agents of a team's pools, the first ones first, out of the pools in which somebody
/// is there to be called; a pool of which only some are called is split.
pub fn call(
    pools: &mut Vec<PoolPlan>,
    team: TeamId,
    agents: u32,
    is_there: impl Fn(&PoolPlan) -> bool,
    mut called: impl FnMut(&mut PoolPlan),
) {
    let mut wanted = agents;
    let mut index = 0;
    while index < pools.len() && wanted > 0 {
        if pools[index].team == team && is_there(&pools[index]) {
            if pools[index].seats > wanted {
                let mut rest = pools[index].clone();
                pools[index].seats = wanted;
                rest.seats -= wanted;
                rest.first_seat += wanted;
                pools.insert(index + 1, rest);
            }
            wanted -= pools[index].seats;
            called(&mut pools[index]);
        }
        index += 1;
    }
}

/// A pool works further hours; what lies outside its shifts is overtime.
pub fn stay(pool: &mut PoolPlan, hours: (SimTime, SimTime)) {
    pool.overtime.extend(without(&[hours], &joined(&pool.spans)));
    pool.overtime.sort_unstable();
    pool.spans.push(hours);
    pool.spans.sort_unstable();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_stay_longer_on_the_days_they_work() {
        let hour = SimTime::from_hours;
        let span = |from: f64, to: f64| (hour(from), hour(to));
        let mut pools =
            vec![PoolPlan::new(TeamId(0), "desk", 5, vec![span(9.0, 17.0), span(57.0, 65.0)])];
        let days = (0..3).map(f64::from).map(|day| Extra {
            day: span(24.0 * day, 24.0 * day + 24.0),
            hours: span(24.0 * day + 16.0, 24.0 * day + 19.0),
        });
        let overtime =
            Overtime { name: "overtime".into(), team: TeamId(0), days: days.collect(), agents: 2 };
        overtime.call(&mut pools);
        assert_eq!(pools.iter().map(|pool| pool.seats).collect::<Vec<_>>(), [2, 3]);
        // Nobody has a shift on the second day; the first hour lies within the shift.
        assert_eq!(pools[0].overtime, [span(17.0, 19.0), span(65.0, 67.0)]);
        assert_eq!(joined(&pools[0].spans), [span(9.0, 19.0), span(57.0, 67.0)]);
        assert!(pools[1].overtime.is_empty());
    }
}
