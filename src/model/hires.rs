//! Hires and temps: people who come, learn, and perhaps go again.
//!
//! *In a manager's words*: "eight temps from the first of December, a week of training, gone at the
//! end of January."
//!
//! *Assumption*: between the decision and their first day lies recruiting. In training they do no
//! tickets; then they work their team's hours, slower at first. While they are nested, each of them
//! takes a share of the time of those who have long been there, spread evenly over all of them. Of
//! those who stay some leave early, at the end of a day of work. *Source*: M24, M20 of the
//! catalogue; P8.

use super::attrition::{self, Attrition, Leaving};
use super::context::{Context, wall};
use super::days::Days;
use super::learning::{Ramp, RampSpec};
use super::pace::Window;
use crate::evidence::{Evidence, Grade};
use crate::ids::TeamId;
use crate::problem::{Problem, Problems};
use crate::time::{SimDuration, SimTime};
use crate::written::{Brief, Factor, Length, Moment, Share, TimeUnit, Written};
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

/// Time from the decision to the first day, for temps; who stays takes as long as a successor.
pub const RECRUITING: Evidence = Evidence {
    key: "hires.recruiting",
    value: 2.0,
    unit: "weeks",
    range: (0.5, 6.0),
    grade: Grade::J,
    source: "temps: our judgement; permanent staff as `attrition.recruiting`",
};

/// Handle time while nested, on top of the ramp.
pub const NESTED: Evidence = Evidence {
    key: "hires.nesting.handle",
    value: 1.25,
    unit: "factor",
    range: (1.0, 2.0),
    grade: Grade::J,
    source: "form: reduced output in nesting (WFM Labs); size: our judgement",
};

/// Share of a mentor's time that each of them takes while nested.
pub const MENTOR: Evidence = Evidence {
    key: "hires.nesting.mentor",
    value: 0.20,
    unit: "share",
    range: (0.05, 0.5),
    grade: Grade::J,
    source: "form: nesting uses mentors (WFM Labs); size: our judgement",
};

/// Most of its time that a team gives to mentoring.
const MOST_MENTORING: f64 = 0.8;

const A_DAY: SimDuration = SimDuration::from_days(1);

/// By how much a day's first instant may be off after weeks of training.
const CLOCK_CHANGE: SimDuration = SimDuration::from_minutes(60);

/// Nesting as written: how long, or a table.
pub type NestingSpec = Brief<Length, NestingTable>;

/// Nesting written in full.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NestingTable {
    /// How long, from their first ticket.
    pub lasts: Option<Written<Length>>,
    /// Their handle time meanwhile, on top of the ramp.
    pub handle: Option<Written<Factor>>,
    /// Share of a mentor's time that each of them takes.
    pub mentor: Option<Written<Share>>,
}

/// The first weeks at the desk, beside a mentor.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Nesting {
    /// From when to when.
    pub hours: (SimTime, SimTime),
    /// Factor on their handle time.
    pub handle: f64,
    /// Share of a mentor's time that each of them takes.
    pub mentor: f64,
}

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
    #[serde(default)]
    pub from: Option<Written<Moment>>,
    /// Or when they are asked for; recruiting comes before the first day.
    #[serde(default)]
    pub decided: Option<Written<Moment>>,
    /// Time from the decision to the first day.
    #[serde(default)]
    pub recruiting: Option<Written<Length>>,
    /// Their last day, where they leave again.
    #[serde(default)]
    pub until: Option<Written<Moment>>,
    /// Training before their first ticket.
    #[serde(default)]
    pub training: Option<Written<Length>>,
    /// The first weeks at the desk beside a mentor: how long, or a table.
    #[serde(default)]
    pub nesting: Option<NestingSpec>,
    /// Share of them that leaves within 90 days.
    #[serde(default)]
    pub early: Option<Written<Share>>,
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
    /// The first weeks beside a mentor.
    pub nesting: Option<Nesting>,
    /// Share of them that leaves within 90 days.
    pub early: f64,
}

impl HireSpec {
    /// The people this describes.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> Option<Hire> {
        let team = context.team(&self.team, problems)?;
        let first = self.first_day(context, problems)?;
        let (from, until) = match &self.until {
            Some(until) => {
                // The last day is worked.
                let next = until.value.0.date().tomorrow().unwrap_or(until.value.0.date());
                let next = context.days.instant(next.to_datetime(jiff::civil::Time::midnight()));
                (context.since(&first, (until, next), problems), next)
            }
            None => (context.instant(&first, problems), SimTime::NEVER),
        };
        let training =
            self.training.as_ref().map_or(Length::new(TRAINING.value, TimeUnit::Week), |t| t.value);
        let works_from = from + training.wall();
        // A period that ends before it begins has been said.
        if works_from >= until && from < until {
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
        // The share that is published is of those who mean to stay.
        let usual = if until == SimTime::NEVER { attrition::EARLY.value } else { 0.0 };
        Some(Hire {
            name,
            team,
            agents: self.agents.value,
            from,
            works_from,
            until,
            ramp,
            nesting: self.nesting.as_ref().map(|nesting| nested(nesting, works_from)),
            early: self.early.as_ref().map_or(usual, |share| share.value.0),
        })
    }

    /// Their first day: written, or so long after the decision.
    fn first_day(&self, context: &Context<'_>, problems: &mut Problems) -> Option<Written<Moment>> {
        match (&self.from, &self.decided) {
            (Some(from), None) => Some(from.clone()),
            (None, Some(decided)) => {
                let usual = if self.until.is_some() { RECRUITING } else { attrition::RECRUITING };
                let usual = Length::new(usual.value, TimeUnit::Week);
                let recruiting = wall(&self.recruiting, usual, problems);
                let at = context.days.instant(decided.value.0) + recruiting;
                let value = Moment(context.days.civil(at));
                Some(Written { value, span: decided.span.clone() })
            }
            (None, None) | (Some(_), Some(_)) => {
                problems.push(
                    Problem::error("hires-without-start", "people join on one first day")
                        .at(self.team.span.clone(), "these hires")
                        .help("write from, or decided and recruiting"),
                );
                None
            }
        }
    }
}

fn nested(spec: &NestingSpec, from: SimTime) -> Nesting {
    let full = match spec {
        Brief::Short(lasts) => {
            NestingTable { lasts: Some(Written::unwritten(*lasts)), ..NestingTable::default() }
        }
        Brief::Full(full) => full.clone(),
    };
    let lasts = full.lasts.as_ref().map_or(SimDuration::ZERO, |lasts| lasts.value.wall());
    Nesting {
        hours: (from, from + lasts),
        handle: full.handle.as_ref().map_or(NESTED.value, |factor| factor.value.0),
        mentor: full.mentor.as_ref().map_or(MENTOR.value, |share| share.value.0),
    }
}

impl Nesting {
    /// What it does to those who are nested.
    pub fn own(&self) -> Window {
        let (from, until) = self.hours;
        Window { from, until, handle: self.handle, reopens: 1.0 }
    }

    /// What so many of them do to so many mentors.
    pub fn mentors(&self, nested: u32, mentors: u32) -> Window {
        let (from, until) = self.hours;
        let given = self.mentor * f64::from(nested) / f64::from(mentors.max(1));
        let handle = 1.0 / (1.0 - given.min(MOST_MENTORING));
        Window { from, until, handle, reopens: 1.0 }
    }
}

impl Hire {
    /// How they leave, their team's people leaving like that.
    pub fn leaving(&self, team: Option<Leaving>) -> Option<Leaving> {
        let stays = self.until == SimTime::NEVER;
        let alone =
            Leaving { attrition: Attrition::default(), early: 0.0, joined: None, succession: None };
        let leaving = Leaving {
            early: self.early,
            joined: Some(self.from),
            succession: team.filter(|_| stays).and_then(|team| team.succession),
            ..team.unwrap_or(alone)
        };
        (team.is_some() || self.early > 0.0).then_some(leaving)
    }

    /// The spans of a roster in which they work.
    pub fn spans(&self, roster: &[(SimTime, SimTime)], days: &Days) -> Vec<(SimTime, SimTime)> {
        self.cut(roster, self.works_from, days)
    }

    /// The spans of a roster for which they are paid: training counts.
    pub fn paid(&self, roster: &[(SimTime, SimTime)], days: &Days) -> Vec<(SimTime, SimTime)> {
        self.cut(roster, self.from, days)
    }

    /// The part of a roster from then on. A shift over midnight is one of the day on which it begins: who
    /// comes with the day has no part of it, who goes with the day works it to its end.
    fn cut(
        &self,
        roster: &[(SimTime, SimTime)],
        from: SimTime,
        days: &Days,
    ) -> Vec<(SimTime, SimTime)> {
        let with_the_day = |at: SimTime| at - days.midnight(days.day_of(at)) <= CLOCK_CHANGE;
        let cut = |(begins, ends): &(SimTime, SimTime)| {
            let last = *ends - SimDuration::from_micros(1);
            let over_midnight =
                days.day_of(*begins) != days.day_of(last) && *ends - *begins <= A_DAY;
            if over_midnight && *begins < from && with_the_day(from) {
                return (from, from);
            }
            let to = if over_midnight && *begins < self.until { *ends } else { self.until };
            ((*begins).max(from), (*ends).min(to))
        };
        roster.iter().map(cut).filter(|(from, to)| from < to).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            nesting: None,
            early: 0.0,
        };
        let roster = [(hour(9.0), hour(17.0)), (hour(33.0), hour(41.0)), (hour(49.0), hour(57.0))];
        let days = Days::plain(0, 9);
        let spans = |hire: &Hire, roster: &[_]| hire.spans(roster, &days);
        assert_eq!(spans(&hire, &roster), [(hour(33.0), hour(41.0)), (hour(49.0), hour(50.0))]);
        // Of the nights before 24 and before 48 the second alone is theirs, and whole.
        let nights = [(hour(20.0), hour(28.0)), (hour(44.0), hour(52.0)), (hour(68.0), hour(76.0))];
        assert_eq!(spans(&hire, &nights), [(hour(44.0), hour(52.0))]);
        // Round the clock there is no shift to be had whole.
        assert_eq!(spans(&hire, &[(hour(0.0), hour(200.0))]), [(hour(24.0), hour(50.0))]);
        // Temps do not leave early unless somebody says so.
        assert_eq!(hire.leaving(None), None);
        let some = Hire { early: 0.1, ..hire }.leaving(None).unwrap();
        assert_eq!((some.joined, some.succession), (Some(hour(0.0)), None));
    }

    #[test]
    fn four_who_take_a_fifth_each_slow_eight_mentors_by_a_tenth() {
        let hours = (SimTime::ZERO, SimTime::from_hours(100.0));
        let nesting = Nesting { hours, handle: 1.3, mentor: 0.2 };
        assert!((nesting.mentors(4, 8).handle - 1.0 / 0.9).abs() < 1e-12);
        assert_eq!(nesting.mentors(400, 8).handle, 1.0 / (1.0 - MOST_MENTORING));
        assert_eq!(nesting.own().handle, 1.3);
    }
}
