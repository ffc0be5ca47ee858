//! Chasers: waiting customers who write again, which is the snowball.
//!
//! *In a manager's words*: "where is my ticket?" Every such message must be read by somebody, so a
//! backlog makes work that makes the backlog longer.
//!
//! *Assumption*: after a grace time a waiting customer writes again at a rate per day of waiting,
//! which may rise or fall with the time waited; at most so many times per ticket. A chaser is read
//! with the ticket's next touch, or at once as a small piece of work of its own. What customers were
//! told meanwhile changes the rate from then on (see `mood`). *Source*: M05 of
//! the catalogue; failure demand, P9. No rate has ever been published: fit yours.

use super::context::{amount, wall};
use super::mood::Mood;
use crate::dist::exponential;
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::rng::Purpose;
use crate::ticket::{Cause, Ticket};
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Factor, Length, TimeUnit, Written};
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

/// Factor on the rate where a bot had called the need resolved.
pub const AFTER_BOT: Evidence = Evidence {
    key: "tickets.*.chasers.after_bot",
    value: 1.0,
    unit: "factor",
    range: (1.0, 3.0),
    grade: Grade::J,
    source: "our judgement: that they are angrier is plausible and not measured, so no more by default",
};

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
    /// How much more customers ask again after a bot had called their need resolved.
    pub after_bot: Option<Written<Factor>>,
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
    /// Factor on the rate where a bot had called the need resolved.
    pub after_bot: f64,
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
            after_bot: self.after_bot.as_ref().map_or(AFTER_BOT.value, |factor| factor.value.0),
        };
        (per_day > 0.0).then_some(chasers)
    }
}

impl Chasers {
    /// When the customer of a ticket that has waited since it joined its line writes again.
    ///
    /// The hazard is the base rate at that wait times what the mood makes of it; it is integrated
    /// step by step of the mood until it has used up a unit exponential draw.
    pub fn next(&self, ticket: &Ticket, mood: &Mood<'_>, now: SimTime) -> Option<SimTime> {
        if ticket.chasers >= self.at_most {
            return None;
        }
        let draw = u64::from(ticket.visits) << 16 | u64::from(ticket.chasers);
        let mut need = exponential(&mut ticket.key.draw(Purpose::Chaser, draw));
        if ticket.cause == Cause::BotReturn {
            need /= self.after_bot;
        }
        let since = ticket.since;
        let mut from = (now - since).max(self.after);
        loop {
            let (factor, until) = mood.at(since.saturating_add(from));
            let wait = SimDuration::from_micros((self.wait(from, need / factor) + 0.5) as i64);
            let next = since.saturating_add(wait);
            if next < until || until == SimTime::NEVER {
                return Some(next);
            }
            need = (need - factor * self.hazard(from, until - since)).max(0.0);
            from = until - since;
        }
    }

    /// The wait at which the base rate has used up that much since another.
    fn wait(&self, from: SimDuration, need: f64) -> f64 {
        let from = from.micros() as f64;
        if self.shape == 1.0 {
            return from + need / self.rate;
        }
        DAY * ((from / DAY).powf(self.shape) + need / self.scale()).powf(1.0 / self.shape)
    }

    /// The base rate over the waits between two.
    fn hazard(&self, from: SimDuration, to: SimDuration) -> f64 {
        let (from, to) = (from.micros() as f64, to.micros() as f64);
        if self.shape == 1.0 {
            return (to - from) * self.rate;
        }
        self.scale() * ((to / DAY).powf(self.shape) - (from / DAY).powf(self.shape))
    }

    /// Cumulative hazard: rate x day / shape x (w / day)^shape.
    fn scale(&self) -> f64 {
        self.rate * DAY / self.shape
    }
}

#[cfg(test)]
mod tests {
    use super::super::notices::{Notice, Promised};
    use super::super::told::Effect;
    use super::*;
    use crate::ids::{ClassId, TeamId};
    use crate::rng::Key;
    use crate::ticket::{Priority, State};

    fn chasers(text: &str) -> Option<Chasers> {
        let spec: ChasersSpec = toml::from_str(text).unwrap();
        spec.compile(&mut Problems::default())
    }

    /// A ticket on its first visit to a line.
    fn ticket(key: Key, since: SimTime, chasers: u16) -> Ticket {
        Ticket {
            key,
            created_at: since,
            since,
            reply_due: SimTime::NEVER,
            solution_due: SimTime::NEVER,
            replied_at: SimTime::NEVER,
            with_customer: SimDuration::ZERO,
            class: ClassId(0),
            team: TeamId(0),
            priority: Priority(2),
            state: State::New,
            cause: Cause::New,
            task: crate::ticket::Task::Answer,
            touches: 0,
            visits: 1,
            chasers,
            reopens: 0,
            opening: false,
        }
    }

    fn waits(chasers: &Chasers, mood: &Mood<'_>, since: SimTime, key: Key, n: u64) -> Vec<f64> {
        let wait = |i| {
            let ticket = ticket(key.nth(i), since, 0);
            (chasers.next(&ticket, mood, since).unwrap() - since).hours()
        };
        (0..n).map(wait).collect()
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
        let waits = waits(&chasers, &Mood::plain(), since, Key(2), n);
        assert!(waits.iter().all(|wait| *wait >= 24.0));
        // Mean 24 h + 1 / (0.5 per day) = 72 h; standard deviation 48 h.
        let mean = waits.iter().sum::<f64>() / n as f64;
        assert!((mean - 72.0).abs() < 4.0 * 48.0 / (n as f64).sqrt(), "{mean}");
        assert_eq!(chasers.next(&ticket(Key(2), since, 2), &Mood::plain(), since), None);
    }

    #[test]
    fn who_was_misled_by_a_bot_asks_sooner() {
        let calm = chasers("after = \"2 h\"\nper_day = 0.5").unwrap();
        let angry = Chasers { after_bot: 3.0, ..calm.clone() };
        let misled =
            |i| Ticket { cause: Cause::BotReturn, ..ticket(Key(4).nth(i), SimTime::ZERO, 0) };
        for i in 0..100 {
            let at = |chasers: &Chasers, ticket: &Ticket| {
                chasers.next(ticket, &Mood::plain(), SimTime::ZERO).unwrap().hours() - 2.0
            };
            // Beyond the grace time, a third.
            assert!((at(&calm, &misled(i)) - 3.0 * at(&angry, &misled(i))).abs() < 1e-6);
            let other = ticket(Key(4).nth(i), SimTime::ZERO, 0);
            assert_eq!(at(&calm, &other), at(&angry, &other));
        }
    }

    #[test]
    fn a_rising_rate_has_the_hazard_it_says() {
        // Rate 1 per day x w with w in days and no grace: cumulative hazard w^2 / 2, so the share
        // that has not written after 1 day is exp(-1/2).
        let chasers = chasers("after = \"0 h\"\nper_day = 1.0\nshape = 2.0").unwrap();
        let n = 50_000;
        let waits = waits(&chasers, &Mood::plain(), SimTime::ZERO, Key(6), n);
        let late = waits.iter().filter(|wait| **wait > 24.0).count() as f64;
        let p = (-0.5_f64).exp();
        assert!((late / n as f64 - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt());
    }

    #[test]
    fn a_rate_that_changes_in_the_middle_of_a_wait_is_honoured_exactly() {
        // Half the rate from the second to the third day, and twice the rate from then on: a need
        // of x with one chaser a day comes after x, 2 + 2 (x - 2), or 3 + (x - 2.5) / 2 days. With a
        // rate that rises with the wait the cumulative hazard is w^2 / 2 instead of w.
        let day = |d: f64| SimTime::from_hours(24.0 * d);
        let notices = [Notice {
            number: 0,
            from: day(2.0),
            until: day(3.0),
            p_reach: 1.0,
            p_stays_away: 0.0,
            promised: Promised::By(day(3.0)),
            effect: Effect { calm: 0.5, past: 2.0 },
        }];
        for shape in [1.0, 2.0] {
            let text = format!("after = \"0 h\"\nper_day = 1.0\nshape = {shape:.1}");
            let chasers = chasers(&text).unwrap();
            for i in 0..1000 {
                let ticket = ticket(Key(11).nth(i), SimTime::ZERO, 0);
                let mood = Mood::of((None, &notices), &ticket, SimTime::NEVER);
                let next = chasers.next(&ticket, &mood, SimTime::ZERO).unwrap().hours() / 24.0;
                let x = exponential(&mut ticket.key.draw(Purpose::Chaser, 1 << 16));
                let total = |w: f64| w.powf(shape) / shape;
                let used = total(next.min(2.0))
                    + 0.5 * (total(next.clamp(2.0, 3.0)) - total(2.0))
                    + 2.0 * (total(next.max(3.0)) - total(3.0));
                assert!((used - x).abs() < 1e-6, "{x} days of need last {next} days, {used}");
            }
        }
    }
}
