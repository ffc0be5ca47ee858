//! Attrition: people leave, more of them after weeks without a pause, and their seats stay empty.
//!
//! *In a manager's words*: "a third goes every year, more after a bad season, and it takes two months
//! until somebody new is at the desk; of new ones a fifth is gone within three months."
//!
//! *Assumption*: everybody has a hazard of leaving that is constant, multiplied by how busy the last
//! weeks were and by how much of them was overtime; newcomers have one more for a time, training
//! included. It adds up over calendar time and is compared at the end of each of the agent's days
//! with a threshold, exponential with mean 1, that belongs to the person: another plan meets the
//! same people, and whoever leaves under less load leaves under more. Nobody leaves before counting
//! begins. After an exit come recruiting and training, in which the seat does no tickets, and then
//! somebody new who learns. *Source*: M21 of the catalogue; Whitt 2006; B14, P8.

use super::context::wall;
use super::learning::{Ramp, RampSpec};
use crate::dist::exponential;
use crate::evidence::{Evidence, Grade};
use crate::problem::Problems;
use crate::rng::{Key, Purpose};
use crate::time::{SimDuration, SimTime};
use crate::written::{Brief, Factor, Length, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Share of people who leave in a year.
pub const PER_YEAR: Evidence = Evidence {
    key: "teams.*.attrition.per_year",
    value: 0.35,
    unit: "per year",
    range: (0.15, 1.0),
    grade: Grade::B,
    source: "internal 15-25 % good, 30-45 % typical; outsourced 40-80 % (WFM Labs)",
};

/// How much likelier people leave who never had a pause.
pub const BURNOUT: Evidence = Evidence {
    key: "teams.*.attrition.burnout",
    value: 1.23,
    unit: "factor",
    range: (1.0, 3.0),
    grade: Grade::C,
    source: "half a point of yearly attrition for each point of occupancy above 85 % (MetricNet, second-hand)",
};

/// Occupancy from which load drives people away.
pub const ABOVE: Evidence = Evidence {
    key: "teams.*.attrition.above",
    value: 0.85,
    unit: "share",
    range: (0.75, 0.95),
    grade: Grade::B,
    source: "warn above 85 %, alarm above 90 % (WFM Labs)",
};

/// Days of work over which load is remembered.
pub const OVER: Evidence = Evidence {
    key: "teams.*.attrition.over",
    value: 20.0,
    unit: "days of work",
    range: (5.0, 60.0),
    grade: Grade::J,
    source: "our judgement",
};

/// How much likelier people leave for each tenth of their hours that is overtime.
pub const OVERTIME: Evidence = Evidence {
    key: "teams.*.attrition.overtime",
    value: 1.25,
    unit: "factor",
    range: (1.0, 2.0),
    grade: Grade::J,
    source: "form: M21 of the catalogue; size: our judgement",
};

/// Share of newcomers who leave early.
pub const EARLY: Evidence = Evidence {
    key: "teams.*.attrition.early",
    value: 0.20,
    unit: "share",
    range: (0.15, 0.25),
    grade: Grade::B,
    source: "15-25 % of a class within 90 days (WFM Labs)",
};

/// What is early, in days from joining.
pub const EARLY_DAYS: i64 = 90;

/// Time until somebody new has been found.
pub const RECRUITING: Evidence = Evidence {
    key: "teams.*.attrition.recruiting",
    value: 6.0,
    unit: "weeks",
    range: (2.0, 13.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Training of somebody who stays.
pub const TRAINING: Evidence = Evidence {
    key: "teams.*.attrition.training",
    value: 3.0,
    unit: "weeks",
    range: (2.0, 16.0),
    grade: Grade::B,
    source: "simple 2-3, standard 4-6, technical 6-12, regulated 8-16 weeks (WFM Labs)",
};

/// Attrition as written: the share that leaves in a year, or a table.
pub type AttritionSpec = Brief<Factor, AttritionTable>;

/// Attrition written in full.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AttritionTable {
    /// Share of people who leave in a year: "35%".
    pub per_year: Option<Written<Factor>>,
    /// How much likelier people leave who never had a pause: "+23%".
    pub burnout: Option<Written<Factor>>,
    /// Occupancy from which load drives people away.
    pub above: Option<Written<Share>>,
    /// How long load is remembered: days of work.
    pub over: Option<Written<Length>>,
    /// How much likelier people leave for each tenth of their hours that is overtime.
    pub overtime: Option<Written<Factor>>,
    /// Share of newcomers who leave within 90 days.
    pub early: Option<Written<Share>>,
    /// Time until somebody new has been found.
    pub recruiting: Option<Written<Length>>,
    /// Training before the first ticket.
    pub training: Option<Written<Length>>,
    /// How newcomers get up to speed.
    pub ramp: Option<RampSpec>,
}

/// What drives people away.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Attrition {
    /// Hazard in a usual year.
    pub per_year: f64,
    /// Factor on it at full occupancy.
    pub burnout: f64,
    /// Occupancy from which it rises.
    pub above: f64,
    /// Days of work over which load is remembered.
    pub days: f64,
    /// Factor on it for each tenth of the hours that is overtime.
    pub overtime: f64,
}

/// Who comes after somebody who has left, and when.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Succession {
    /// Time until somebody has been found.
    pub recruiting: SimDuration,
    /// Training after that.
    pub training: SimDuration,
    /// How they get up to speed.
    pub ramp: Ramp,
}

/// How people of a pool leave.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Leaving {
    /// What drives them away.
    pub attrition: Attrition,
    /// Share of newcomers who leave early.
    pub early: f64,
    /// When its first people joined; nothing where they have long been there.
    pub joined: Option<SimTime>,
    /// Who comes after them.
    pub succession: Option<Succession>,
}

/// A hazard that has added up, and what of it has nothing to do with load.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Hazard {
    /// All of it.
    pub all: f64,
    /// As it would be without load.
    pub usual: f64,
}

/// The attrition that a scenario describes, for people who have long been there.
pub fn compile(spec: Option<&AttritionSpec>, problems: &mut Problems) -> Option<Leaving> {
    let full = match spec? {
        Brief::Short(per_year) => AttritionTable {
            per_year: Some(Written::unwritten(*per_year)),
            ..AttritionTable::default()
        },
        Brief::Full(full) => full.clone(),
    };
    let factor = |written: &Option<Written<Factor>>, usual: Evidence| {
        written.as_ref().map_or(usual.value, |factor| factor.value.0)
    };
    let share = |written: &Option<Written<Share>>, usual: Evidence| {
        written.as_ref().map_or(usual.value, |share| share.value.0)
    };
    let mut weeks = |written, usual: Evidence| {
        wall(written, Length::new(usual.value, TimeUnit::Week), problems)
    };
    let recruiting = weeks(&full.recruiting, RECRUITING);
    let training = weeks(&full.training, TRAINING);
    let days = full.over.as_ref().map_or(OVER.value, |over| over.value.wall().days());
    let attrition = Attrition {
        per_year: factor(&full.per_year, PER_YEAR),
        burnout: factor(&full.burnout, BURNOUT),
        above: share(&full.above, ABOVE),
        days: days.max(0.1),
        overtime: factor(&full.overtime, OVERTIME),
    };
    let ramp = RampSpec::compile(full.ramp.as_ref(), problems);
    let succession = Some(Succession { recruiting, training, ramp });
    let leaving = Leaving { attrition, early: share(&full.early, EARLY), joined: None, succession };
    (attrition.per_year > 0.0).then_some(leaving)
}

impl Attrition {
    /// Hazard in a year under that occupancy and share of overtime.
    fn in_a_year(&self, occupancy: f64, overtime: f64) -> f64 {
        if self.per_year == 0.0 {
            return 0.0;
        }
        let strain = ((occupancy - self.above) / (1.0 - self.above).max(1e-9)).max(0.0);
        self.per_year * self.burnout.powf(strain) * self.overtime.powf(overtime * 10.0)
    }
}

impl Leaving {
    /// When somebody goes: once their hazard has added up to this.
    pub fn threshold(person: Key) -> f64 {
        exponential(&mut person.draw(Purpose::Leaves, 0))
    }

    /// The hazard between two instants of somebody who joined then, under that load.
    pub fn hazard(
        &self,
        joined: Option<SimTime>,
        (from, to): (SimTime, SimTime),
        occupancy: f64,
        overtime: f64,
    ) -> Hazard {
        let years = (to - from).days() / 365.25;
        let early = joined.map_or(0.0, |joined| {
            let ends = joined + SimDuration::from_days(EARLY_DAYS);
            let within = (to.min(ends) - from.max(joined)).at_least_zero();
            -(1.0 - self.early.min(0.999)).ln() * within.days() / EARLY_DAYS as f64
        });
        Hazard {
            all: self.attrition.in_a_year(occupancy, overtime) * years + early,
            usual: self.attrition.per_year * years + early,
        }
    }
}

impl Hazard {
    /// Adds what another time has brought.
    pub fn add(&mut self, more: Hazard) {
        self.all += more.all;
        self.usual += more.usual;
    }

    /// Whether somebody goes.
    pub fn is_enough(&self, threshold: f64) -> bool {
        self.all > 0.0 && self.all >= threshold
    }

    /// Whether whoever goes would have gone without any load too.
    pub fn is_usual(&self, threshold: f64) -> bool {
        self.usual >= threshold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual() -> Leaving {
        compile(Some(&Brief::Short(Factor(0.35))), &mut Problems::default()).unwrap()
    }

    #[test]
    fn a_year_s_hazard_worked_by_hand() {
        let year = (SimTime::ZERO, SimTime::from_hours(24.0 * 365.25));
        let hazard = |occupancy, overtime| usual().hazard(None, year, occupancy, overtime).all;
        assert!((hazard(0.5, 0.0) - 0.35).abs() < 1e-12);
        // Full load: 0.35 x 1.23; a fifth of the hours overtime: x 1.25 twice.
        assert!((hazard(1.0, 0.0) - 0.35 * 1.23).abs() < 1e-12);
        assert!((hazard(0.8, 0.2) - 0.35 * 1.25 * 1.25).abs() < 1e-12);
        assert!((usual().hazard(None, year, 1.0, 0.2).usual - 0.35).abs() < 1e-12);
    }

    #[test]
    fn a_fifth_of_a_class_is_gone_after_ninety_days() {
        let leaving = Leaving { attrition: Attrition::default(), ..usual() };
        let day = |n: i64| SimTime::ZERO + SimDuration::from_days(n);
        let hazard = leaving.hazard(Some(day(10)), (day(0), day(500)), 1.0, 1.0);
        assert!((1.0 - (-hazard.all).exp() - 0.2).abs() < 1e-12);
        let n = 20_000;
        let gone = (0..n).filter(|i| hazard.is_enough(Leaving::threshold(Key(3).nth(*i))));
        let share = gone.count() as f64 / n as f64;
        assert!((share - 0.2).abs() < 4.0 * (0.16 / n as f64).sqrt(), "{share}");
    }

    #[test]
    fn only_who_would_have_stayed_is_burnt_out() {
        let hazard = Hazard { all: 0.8, usual: 0.5 };
        assert_eq!([0.4, 0.6, 0.9].map(|at| hazard.is_enough(at)), [true, true, false]);
        assert_eq!([0.4, 0.6].map(|at| hazard.is_usual(at)), [true, false]);
        assert!(!Hazard::default().is_enough(0.0));
    }
}
