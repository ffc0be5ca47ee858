//! Chasers: waiting customers who write again, which is the snowball.
//!
//! *In a manager's words*: "where is my ticket?" Every such message must be read by somebody, so a
//! backlog makes work that makes the backlog longer.
//!
//! *Assumption*: after a grace time a waiting customer writes again at a rate per day of waiting,
//! which may rise or fall with the time waited; at most so many times per ticket. A chaser is read
//! with the ticket's next touch, or at once as a small piece of work of its own. *Source*: M05 of
//! the catalogue; failure demand, P9. No rate has ever been published: fit yours.

use super::context::{amount, wall};
use crate::dist::exponential;
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Length, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Chasers per waiting ticket and day.
pub const PER_DAY: Evidence = Evidence {
    key: "tickets.*.chasers.per_day",
    value: 0.15,
    unit: "per day",
    range: (0.02, 0.5),
    grade: Grade::J,
    source: "no measured rate was found anywhere; fit it to your own tickets",
};

/// Time before a customer thinks of writing again.
pub const AFTER: Evidence = Evidence {
    key: "tickets.*.chasers.after",
    value: 24.0,
    unit: "h",
    range: (4.0, 72.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Most chasers per ticket.
pub const AT_MOST: Evidence = Evidence {
    key: "tickets.*.chasers.at_most",
    value: 3.0,
    unit: "",
    range: (1.0, 10.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Time to read and answer or file a chaser.
pub const HANDLE: Evidence = Evidence {
    key: "tickets.*.chasers.handle",
    value: 3.0,
    unit: "min",
    range: (2.0, 5.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Most chasers per ticket and day: nobody writes more often than every quarter of an hour.
const MOST_PER_DAY: f64 = 100.0;

/// When and by whom a chaser is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// By whoever takes the ticket next, as part of that touch.
    #[default]
    WithTicket,
    /// At once, as a small piece of work that is served first.
    AtOnce,
}

/// What a chaser does to the ticket's place in its line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bump {
    /// Nothing.
    #[default]
    None,
    /// It moves to the front.
    ToFront,
    /// It moves to the end, as in systems that sort by last update.
    ToBack,
}

/// Chasers as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChasersSpec {
    /// Time a customer waits before thinking of writing again.
    pub after: Option<Written<Length>>,
    /// Chasers per ticket and day of waiting after that.
    pub per_day: Option<Written<Amount>>,
    /// How the rate moves with the wait: 1 not at all, above 1 it rises.
    pub shape: Option<Written<Amount>>,
    /// Most chasers per ticket; 0 means no limit.
    pub at_most: Option<Written<u16>>,
    /// Time to read one.
    pub handle: Option<Written<Length>>,
    /// When they are read.
    pub read: Option<Written<Reading>>,
    /// What they do to the ticket's place.
    pub bump: Option<Written<Bump>>,
    /// Whether a chaser makes the ticket one step more urgent.
    pub raises_priority: Option<Written<bool>>,
}

/// How customers of a class chase.
#[derive(Clone, PartialEq, Debug)]
pub struct Chasers {
    /// Time before the first.
    pub after: SimDuration,
    /// Rate per microsecond of waiting, at a wait of one day.
    pub rate: f64,
    /// 1 for a constant rate; the rate goes with (wait / 1 day)^(shape - 1).
    pub shape: f64,
    /// Most per ticket.
    pub at_most: u16,
    /// Time to read one.
    pub handle: SimDuration,
    /// When they are read.
    pub reading: Reading,
    /// What they do to the ticket's place.
    pub bump: Bump,
    /// Whether they make the ticket more urgent.
    pub raises_priority: bool,
}

const DAY: f64 = 86_400e6;

impl ChasersSpec {
    /// The chasers this describes; none where their rate or number is zero.
    pub fn compile(&self, problems: &mut Problems) -> Option<Chasers> {
        let shape = amount(&self.shape, 1.0);
        if !(0.1..=10.0).contains(&shape) {
            let span = self.shape.as_ref().map_or(0..0, |shape| shape.span.clone());
            problems.push(
                Problem::error("wrong-shape", "the shape of a rate lies between 0.1 and 10")
                    .at(span, "this shape"),
            );
        }
        let per_day = amount(&self.per_day, PER_DAY.value);
        if per_day > MOST_PER_DAY {
            let span = self.per_day.as_ref().map_or(0..0, |per_day| per_day.span.clone());
            problems.push(
                Problem::error(
                    "out-of-range",
                    format!("chasers per ticket and day go from 0 to {MOST_PER_DAY}"),
                )
                .at(span, "this rate"),
            );
        }
        let at_most = self.at_most.as_ref().map_or(AT_MOST.value as u16, |n| n.value);
        let chasers = Chasers {
            after: wall(&self.after, Length::new(AFTER.value, TimeUnit::Hour), problems),
            rate: per_day / DAY,
            shape,
            at_most: if at_most == 0 { u16::MAX } else { at_most },
            handle: wall(&self.handle, Length::new(HANDLE.value, TimeUnit::Minute), problems),
            reading: self.read.as_ref().map_or(Reading::default(), |read| read.value),
            bump: self.bump.as_ref().map_or(Bump::default(), |bump| bump.value),
            raises_priority: self.raises_priority.as_ref().is_some_and(|raises| raises.value),
        };
        (per_day > 0.0).then_some(chasers)
    }
}

impl Chasers {
    /// When a customer who has waited since `since`, on the ticket's `visit`-th visit to a line, and
    /// has written `n` chasers so far, writes the next.
    pub fn next(
        &self,
        key: Key,
        visit: u16,
        n: u16,
        since: SimTime,
        now: SimTime,
    ) -> Option<SimTime> {
        if n >= self.at_most {
            return None;
        }
        let draw = u64::from(visit) << 16 | u64::from(n);
        let need = exponential(&mut key.draw(Purpose::Chaser, draw));
        let from = (now - since).max(self.after).micros() as f64;
        let wait = if self.shape == 1.0 {
            from + need / self.rate
        } else {
            // Cumulative hazard: rate x day / shape x (w / day)^shape.
            let scale = self.rate * DAY / self.shape;
            DAY * ((from / DAY).powf(self.shape) + need / scale).powf(1.0 / self.shape)
        };
        Some(since.saturating_add(SimDuration::from_micros(wait.round() as i64)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chasers(text: &str) -> Option<Chasers> {
        let spec: ChasersSpec = toml::from_str(text).unwrap();
        spec.compile(&mut Problems::default())
    }

    #[test]
    fn no_rate_means_no_chasers_and_zero_at_most_means_no_limit() {
        assert_eq!(chasers("per_day = 0.0"), None);
        assert_eq!(chasers("at_most = 0").unwrap().at_most, u16::MAX);
        assert_eq!(chasers("").unwrap().at_most, 3);
    }

    #[test]
    fn the_first_comes_after_the_grace_time_and_no_more_than_allowed() {
        let chasers = chasers("after = \"24 h\"\nper_day = 0.5\nat_most = 2").unwrap();
        let since = SimTime::from_hours(5.0);
        let n = 50_000;
        let waits: Vec<f64> = (0..n)
            .map(|i| (chasers.next(Key(2).nth(i), 1, 0, since, since).unwrap() - since).hours())
            .collect();
        assert!(waits.iter().all(|wait| *wait >= 24.0));
        // Mean 24 h + 1 / (0.5 per day) = 72 h; standard deviation 48 h.
        let mean = waits.iter().sum::<f64>() / n as f64;
        assert!((mean - 72.0).abs() < 4.0 * 48.0 / (n as f64).sqrt(), "{mean}");
        assert_eq!(chasers.next(Key(2), 1, 2, since, since), None);
    }

    #[test]
    fn a_rising_rate_has_the_hazard_it_says() {
        // Rate 1 per day x w with w in days and no grace: cumulative hazard w^2 / 2, so the share
        // that has not written after 1 day is exp(-1/2).
        let chasers = chasers("after = \"0 h\"\nper_day = 1.0\nshape = 2.0").unwrap();
        let n = 50_000;
        let late = (0..n)
            .filter(|i| {
                chasers.next(Key(6).nth(*i), 1, 0, SimTime::ZERO, SimTime::ZERO).unwrap().hours()
                    > 24.0
            })
            .count() as f64;
        let p = (-0.5_f64).exp();
        assert!((late / n as f64 - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt());
    }
}
