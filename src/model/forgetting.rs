//! Forgotten tickets: they are still there, and nobody sees them.
//!
//! *In a manager's words*: "one turned up last week that had lain in somebody's inbox since May; the
//! customer had to call before anybody looked."
//!
//! *Assumption*: a ticket that lies in an agent's inbox, or is on hold at its team, is lost from
//! sight with a constant hazard, until its customer asks again, until the team looks through
//! everything, or until it goes back to the pool. Meanwhile no agent takes it; its customer waits,
//! asks and gives up as before. *Source*: M15 of the catalogue; article 4 (left-behind tickets).

use super::context::wall;
use crate::dist::exponential;
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::{SimDuration, SimTime};
use crate::written::{Length, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Share of tickets in inboxes that is lost from sight in a day.
pub const PER_DAY: Evidence = Evidence {
    key: "teams.*.forgotten.per_day",
    value: 0.01,
    unit: "per day",
    range: (0.001, 0.05),
    grade: Grade::J,
    source: "our judgement",
};

/// Forgotten tickets as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ForgottenSpec {
    /// Share of those in inboxes and on hold that is lost from sight in a day.
    pub per_day: Option<Written<Share>>,
    /// Time between two looks through everything; nobody looks where none is written.
    pub audit: Option<Written<Length>>,
}

/// How a team loses tickets from sight.
#[derive(Clone, PartialEq, Debug)]
pub struct Forgetting {
    /// Mean time until one is.
    pub after: SimDuration,
    /// Time between two looks through everything.
    pub audit: Option<SimDuration>,
}

impl ForgottenSpec {
    /// What this describes; none where nothing is ever forgotten.
    pub fn compile(&self, problems: &mut Problems) -> Option<Forgetting> {
        let per_day = self.per_day.as_ref().map_or(PER_DAY.value, |share| share.value.0);
        let day = Length::new(1.0, TimeUnit::Day);
        let audit = self.audit.as_ref().map(|_| wall(&self.audit, day, problems));
        if let Some(written) = self.audit.as_ref().filter(|_| audit < Some(day.wall())) {
            problems.push(
                Problem::error(
                    "out-of-range",
                    "a team looks through everything once a day at most",
                )
                .at(written.span.clone(), "at least \"1 d\""),
            );
        }
        // A share p a day is a hazard of -ln(1 - p) a day.
        let hazard = -(1.0 - per_day.min(0.999)).ln();
        (hazard > 0.0).then(|| Forgetting { after: day.wall().scale(1.0 / hazard), audit })
    }
}

impl Forgetting {
    /// Time until a ticket is lost from sight, as the `n`-th time it may be.
    pub fn draw(&self, key: Key, n: u16) -> SimDuration {
        self.after.scale(exponential(&mut key.draw(Purpose::Forget, u64::from(n))))
    }

    /// When the team looks through everything, between two instants.
    pub fn audits(&self, start: SimTime, end: SimTime) -> Vec<SimTime> {
        let Some(every) = self.audit.filter(|every| *every > SimDuration::ZERO) else {
            return Vec::new();
        };
        let first = start.micros().div_euclid(every.micros()) + 1;
        let last = end.micros().div_euclid(every.micros());
        let at = (first..=last).map(|n| SimTime::from_micros(n * every.micros()));
        at.filter(|at| *at < end).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_a_day_is_lost_from_sight() {
        let spec = ForgottenSpec { per_day: Some(Written::unwritten(Share(0.2))), audit: None };
        let forgetting = spec.compile(&mut Problems::default()).unwrap();
        let n = 20_000;
        let day = SimDuration::from_days(1);
        let lost = (0..n).filter(|i| forgetting.draw(Key(4).nth(*i), 1) <= day).count();
        let share = lost as f64 / n as f64;
        assert!((share - 0.2).abs() < 4.0 * (0.16 / n as f64).sqrt(), "{share}");
        let never = ForgottenSpec { per_day: Some(Written::unwritten(Share(0.0))), audit: None };
        assert_eq!(never.compile(&mut Problems::default()), None);
    }

    #[test]
    fn audits_come_at_whole_multiples_from_the_start() {
        let weekly =
            Forgetting { after: SimDuration::from_days(9), audit: Some(SimDuration::from_days(7)) };
        let hours = SimTime::from_hours;
        let days: Vec<f64> =
            weekly.audits(hours(-200.0), hours(400.0)).iter().map(|at| at.hours()).collect();
        assert_eq!(days, [-168.0, 0.0, 168.0, 336.0]);
    }
}
