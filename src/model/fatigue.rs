//! Fatigue: long days slow people down, and so does the day after.
//!
//! *In a manager's words*: "the ninth hour is worth less than the first, the twelfth much less, and
//! next morning you still feel it."
//!
//! *Assumption*: speed falls with the hours since the agent began that day, past a usual day in
//! one straight line and past a long one in a steeper one; hours over the usual day are carried
//! over as tiredness that fades with time. Morale divides all of it. Breaks count as hours at work.
//! *Source*: M22 of the catalogue; Collewet and Sauermann 2017 (fewer calls per hour on longer
//! days).

use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::time::{SimDuration, SimTime};
use crate::written::{Brief, Factor, Length, Share, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// A usual day.
pub const USUAL: Evidence = Evidence {
    key: "teams.*.fatigue.usual",
    value: 8.0,
    unit: "h",
    range: (6.0, 9.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Speed lost for each tenth of a usual day worked beyond it.
pub const SLOWER: Evidence = Evidence {
    key: "teams.*.fatigue.slower",
    value: 0.01,
    unit: "share",
    range: (0.0, 0.05),
    grade: Grade::R,
    source: "fewer calls per hour on longer days (Collewet, Sauermann 2017); elasticity of output to hours about 0.9, recalled",
};

/// A long day.
pub const LONG: Evidence = Evidence {
    key: "teams.*.fatigue.long",
    value: 10.0,
    unit: "h",
    range: (8.0, 12.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Speed lost for each tenth of a usual day worked beyond a long one.
pub const SLOWER_PAST_LONG: Evidence = Evidence {
    key: "teams.*.fatigue.slower_past_long",
    value: 0.05,
    unit: "share",
    range: (0.0, 0.15),
    grade: Grade::J,
    source: "our judgement",
};

/// Speed lost for each hour over the usual day that is not yet slept off.
pub const NEXT_DAY: Evidence = Evidence {
    key: "teams.*.fatigue.next_day",
    value: 0.025,
    unit: "share per hour",
    range: (0.0, 0.05),
    grade: Grade::J,
    source: "our judgement",
};

/// Time in which tiredness falls to a third (1/e).
pub const RECOVERY: Evidence = Evidence {
    key: "teams.*.fatigue.recovery",
    value: 1.0,
    unit: "d",
    range: (0.5, 7.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Most of their speed that people lose.
const MOST: f64 = 0.5;

/// Fatigue as written: whether there is any, or a table.
pub type FatigueSpec = Brief<bool, FatigueTable>;

/// Fatigue written in full.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FatigueTable {
    /// A usual day.
    pub usual: Option<Written<Length>>,
    /// Speed lost for each tenth of a usual day beyond it.
    pub slower: Option<Written<Share>>,
    /// A long day.
    pub long: Option<Written<Length>>,
    /// Speed lost for each tenth of a usual day beyond a long one.
    pub slower_past_long: Option<Written<Share>>,
    /// Speed lost later for each hour beyond the usual day that is not yet slept off.
    pub next_day: Option<Written<Share>>,
    /// How long that takes to fall to a third.
    pub recovery: Option<Written<Length>>,
    /// Morale and ownership: all fatigue is divided by it.
    pub morale: Option<Written<Factor>>,
}

/// How long days slow people down.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Fatigue {
    /// A usual day, in hours.
    pub usual: f64,
    /// Speed lost for each hour beyond it.
    pub slower: f64,
    /// A long day, in hours.
    pub long: f64,
    /// Speed lost for each hour beyond a long one.
    pub slower_past_long: f64,
    /// Speed lost for each hour beyond a usual day that is not yet slept off.
    pub next_day: f64,
    /// Time in which that falls to 1/e, in hours.
    pub recovery: f64,
}

/// Hours over the usual day that are not yet slept off.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Tiredness {
    hours: f64,
    at: SimTime,
}

/// The fatigue that a scenario describes.
pub fn compile(spec: Option<&FatigueSpec>, problems: &mut Problems) -> Option<Fatigue> {
    let full = match spec? {
        Brief::Short(false) => return None,
        Brief::Short(true) => FatigueTable::default(),
        Brief::Full(full) => full.clone(),
    };
    let hours = |written: &Option<Written<Length>>, usual: f64| {
        written.as_ref().map_or(usual, |length| length.value.wall().hours())
    };
    let share = |written: &Option<Written<Share>>, usual: Evidence| {
        written.as_ref().map_or(usual.value, |share| share.value.0)
    };
    let usual = hours(&full.usual, USUAL.value);
    let morale = full.morale.as_ref().map_or(1.0, |factor| factor.value.0);
    let nothing =
        [(&full.usual, usual <= 0.0), (&full.recovery, hours(&full.recovery, 24.0) <= 0.0)];
    for (written, _) in nothing.iter().filter(|(_, nothing)| *nothing) {
        let span = written.as_ref().map_or(0..0, |length| length.span.clone());
        problems.push(
            Problem::error("zero-time", "this time must be longer than zero").at(span, "here"),
        );
    }
    if let Some(written) = full.morale.as_ref().filter(|_| morale <= 0.0) {
        problems.push(
            Problem::error("out-of-range", "morale is above zero; 1 is the usual one")
                .at(written.span.clone(), "this factor"),
        );
    }
    let usual = usual.max(0.01);
    let each_hour = |per_tenth: f64| per_tenth * 10.0 / usual / morale.max(0.01);
    Some(Fatigue {
        usual,
        slower: each_hour(share(&full.slower, SLOWER)),
        long: hours(&full.long, LONG.value),
        slower_past_long: each_hour(share(&full.slower_past_long, SLOWER_PAST_LONG)),
        next_day: share(&full.next_day, NEXT_DAY) / morale.max(0.01),
        recovery: hours(&full.recovery, RECOVERY.value * 24.0).max(0.01),
    })
}

impl Fatigue {
    /// Factor on handle times of a touch that begins now, after so long at work that day.
    pub fn factor(&self, worked: SimDuration, tired: Tiredness, now: SimTime) -> f64 {
        let hours = worked.hours();
        let steep = (hours - self.long.max(self.usual)).max(0.0);
        let flat = (hours - self.usual).max(0.0) - steep;
        let today = self.slower * flat + self.slower_past_long * steep;
        let lost = (today + self.next_day * self.left(tired, now)).min(MOST);
        1.0 / (1.0 - lost)
    }

    /// How tired somebody is after a day of that length.
    pub fn after(&self, worked: SimDuration, tired: Tiredness, now: SimTime) -> Tiredness {
        let over = (worked.hours() - self.usual).max(0.0);
        Tiredness { hours: self.left(tired, now) + over, at: now }
    }

    fn left(&self, tired: Tiredness, now: SimTime) -> f64 {
        if tired.hours == 0.0 {
            return 0.0;
        }
        tired.hours * (-(now - tired.at).hours() / self.recovery).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_day_and_the_next_worked_by_hand() {
        let fatigue = compile(Some(&Brief::Short(true)), &mut Problems::default()).unwrap();
        let hours = SimDuration::from_hours;
        let rested = Tiredness::default();
        let speed = |worked: f64, tired, at: f64| {
            1.0 / fatigue.factor(hours(worked), tired, SimTime::from_hours(at))
        };
        assert_eq!(speed(8.0, rested, 17.0), 1.0);
        // A tenth more than eight hours: 1 %. Two hours: 2.5 %, and 6.25 % for each hour more.
        assert!((speed(8.8, rested, 17.8) - 0.99).abs() < 1e-12);
        assert!((speed(10.0, rested, 19.0) - 0.975).abs() < 1e-12);
        assert!((speed(12.0, rested, 21.0) - (0.975 - 0.125)).abs() < 1e-12);
        // Four hours over, and a day later 4/e of them are left at 2.5 % each.
        let tired = fatigue.after(hours(12.0), rested, SimTime::from_hours(21.0));
        let left = 4.0 * (-1.0_f64).exp();
        assert!((speed(0.0, tired, 45.0) - (1.0 - 0.025 * left)).abs() < 1e-12);
        assert_eq!(speed(1000.0, tired, 45.0), 0.5);
    }

    #[test]
    fn high_morale_halves_it() {
        let text = "morale = 2";
        let table: FatigueTable = toml::from_str(text).unwrap();
        let fatigue = compile(Some(&Brief::Full(table)), &mut Problems::default()).unwrap();
        let worked = SimDuration::from_hours(8.8);
        let factor = fatigue.factor(worked, Tiredness::default(), SimTime::ZERO);
        assert!((1.0 / factor - 0.995).abs() < 1e-12);
    }
}
