//! Overwork: weeks without a pause wear people down.
//!
//! *In a manager's words*: "they can sprint for a week, and then everything takes longer."
//!
//! *Assumption*: every agent remembers how busy the last days were, the more recent the more; above
//! a limit handle time grows in a straight line, up to what an agent needs who never had a pause.
//! A day counts by its hours. *Source*: M23 of the catalogue; form: slow-down after long high load
//! (Delasay, Ingolfsson and Kolfal 2016); limit: B14.

use crate::evidence::{Evidence, Grade};
use crate::time::SimDuration;
use crate::written::{Brief, Factor, Length, Share, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Handle time of an agent who never had a pause.
pub const HANDLE: Evidence = Evidence {
    key: "teams.*.overwork.handle",
    value: 1.10,
    unit: "factor",
    range: (1.0, 1.3),
    grade: Grade::J,
    source: "form: slow-down after long high load (Delasay, Ingolfsson, Kolfal 2016); size: our judgement",
};

/// Occupancy from which load wears people down.
pub const ABOVE: Evidence = Evidence {
    key: "teams.*.overwork.above",
    value: 0.85,
    unit: "share",
    range: (0.75, 0.95),
    grade: Grade::B,
    source: "warn above 85 %, alarm above 90 % (WFM Labs)",
};

/// Days of work over which load is remembered.
pub const DAYS: Evidence = Evidence {
    key: "teams.*.overwork.over",
    value: 10.0,
    unit: "days of work",
    range: (3.0, 30.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Hours of a day of work, by which days are weighed.
const DAY: f64 = 8.0;

/// Overwork as written: whether there is any, or a table.
pub type OverworkSpec = Brief<bool, OverworkTable>;

/// Overwork written in full.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OverworkTable {
    /// Handle time of who never had a pause, relative to the usual: "+10%".
    pub handle: Option<Written<Factor>>,
    /// Occupancy from which load wears people down.
    pub above: Option<Written<Share>>,
    /// How long load is remembered: days of work.
    pub over: Option<Written<Length>>,
}

/// How long high load slows people down.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Overwork {
    /// Factor on handle times after endless full load.
    pub handle: f64,
    /// Occupancy from which load wears people down.
    pub above: f64,
    /// Days of work over which load is remembered.
    pub days: f64,
}

/// The overwork that a scenario describes.
pub fn compile(spec: Option<&OverworkSpec>) -> Option<Overwork> {
    let full = match spec? {
        Brief::Short(false) => return None,
        Brief::Short(true) => OverworkTable::default(),
        Brief::Full(full) => full.clone(),
    };
    let days = full.over.as_ref().map_or(DAYS.value, |over| over.value.wall().days());
    Some(Overwork {
        handle: full.handle.as_ref().map_or(HANDLE.value, |factor| factor.value.0),
        above: full.above.as_ref().map_or(ABOVE.value, |share| share.value.0),
        days: days.max(0.1),
    })
}

impl Overwork {
    /// Factor on handle times of who remembers such occupancy.
    pub fn factor(&self, occupancy: f64) -> f64 {
        1.0 + (self.handle - 1.0) * strain(occupancy, self.above)
    }
}

/// How far occupancy is on the way from a limit to 1.
fn strain(occupancy: f64, above: f64) -> f64 {
    if occupancy <= above { 0.0 } else { (occupancy - above) / (1.0 - above) }
}

/// A share as remembered over so many days of work, after another day (or part of one) of `part`
/// within `whole`. A day of no hours changes nothing.
pub fn remembered(before: f64, part: SimDuration, whole: SimDuration, days: f64) -> f64 {
    if whole <= SimDuration::ZERO {
        return before;
    }
    let weight = 1.0 - (-whole.hours() / (DAY * days)).exp();
    before + weight * (part.micros() as f64 / whole.micros() as f64 - before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_way_above_the_limit_is_half_as_slow() {
        let overwork = Overwork { handle: 1.2, above: 0.8, days: 10.0 };
        assert_eq!(overwork.factor(0.8), 1.0);
        assert!((overwork.factor(0.9) - 1.1).abs() < 1e-12);
        assert!((overwork.factor(1.0) - 1.2).abs() < 1e-12);
    }

    #[test]
    fn two_halves_of_a_day_are_remembered_as_the_day() {
        let hours = SimDuration::from_hours;
        let whole = remembered(0.4, hours(7.2), hours(8.0), 5.0);
        let half = remembered(0.4, hours(3.6), hours(4.0), 5.0);
        assert!((remembered(half, hours(3.6), hours(4.0), 5.0) - whole).abs() < 1e-12);
        // After as many days as are remembered, 1 - 1/e of the way.
        let long = (0..5).fold(0.0, |before, _| remembered(before, hours(8.0), hours(8.0), 5.0));
        assert!((long - (1.0 - (-1.0_f64).exp())).abs() < 1e-12);
        assert_eq!(remembered(0.4, SimDuration::ZERO, SimDuration::ZERO, 5.0), 0.4);
    }
}
