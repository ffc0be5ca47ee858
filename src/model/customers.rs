//! Customers: how many there are, who leaves, and what they tell others.
//!
//! *In a manager's words*: "who waits a week for an answer does not buy here again, and tells three
//! others; who was helped at once sends us a friend."
//!
//! *Assumption*: all planned arrivals are written by the customers there are at the start; usual
//! coming and going is part of the plan. When a ticket leaves for good its customer decides, once,
//! by a draw of the ticket's own: of those who are still there a share leaves with each day that the
//! solution took beyond what they tolerate (waits for their own answers left out), with each reopen,
//! and where they gave up. A share of the promoters and detractors among them (the scores of
//! `model::satisfaction`; who gave up detracts) wins a customer or keeps one away, some weeks later.
//! Contacts come in proportion to the customers there are: of those who left by the contact's own
//! mark none come; those won write from a stream of their own, and at most double the demand.
//! *Source*: M08 of the catalogue; B8. The shares are the planner's to set: published ones are
//! vendors'.

use super::context::wall;
use crate::dist::happens;
use crate::evidence::{Evidence, Grade};
use crate::opinion::{Opinion, detracts, promotes};
use crate::problem::{Problem, Problems, Span};
use crate::rng::{Key, Purpose};
use crate::ticket::Ticket;
use crate::time::{SimDuration, SimTime};
use crate::written::{Length, Share, TimeUnit, Written};
use rand::RngExt;
use schemars::JsonSchema;
use serde::Deserialize;

/// How long a solution may take without losing anybody.
pub const TOLERATE: Evidence = Evidence {
    key: "customers.tolerate",
    value: 3.0,
    unit: "d",
    range: (0.5, 14.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Share that leaves with each day beyond.
pub const LEAVE_PER_DAY: Evidence = Evidence {
    key: "customers.leave_per_day",
    value: 0.02,
    unit: "share",
    range: (0.0, 0.10),
    grade: Grade::J,
    source: "our judgement; vendors quote one in three who leave when service is slow, 46 % after one bad case (TechSee)",
};

/// Share that leaves with each reopen.
pub const LEAVE_PER_REOPEN: Evidence = Evidence {
    key: "customers.leave_per_reopen",
    value: 0.02,
    unit: "share",
    range: (0.0, 0.10),
    grade: Grade::J,
    source: "our judgement; 96 % of customers with a high-effort case are less loyal, 9 % with a low-effort one (Gartner, quoted by a vendor)",
};

/// Share of those who gave up waiting that leaves.
pub const LEAVE_GIVEN_UP: Evidence = Evidence {
    key: "customers.leave_given_up",
    value: 0.30,
    unit: "share",
    range: (0.05, 0.70),
    grade: Grade::J,
    source: "our judgement",
};

/// Share of promoters that wins a customer.
pub const RECOMMEND: Evidence = Evidence {
    key: "customers.recommend",
    value: 0.01,
    unit: "share",
    range: (0.0, 0.05),
    grade: Grade::J,
    source: "our judgement",
};

/// Share of detractors that keeps one away.
pub const WARN: Evidence = Evidence {
    key: "customers.warn",
    value: 0.02,
    unit: "share",
    range: (0.0, 0.10),
    grade: Grade::J,
    source: "our judgement: bad news travels further than good",
};

/// Time until what is told is felt.
pub const WORD_TAKES: Evidence = Evidence {
    key: "customers.word_takes",
    value: 2.0,
    unit: "weeks",
    range: (0.5, 12.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Demand at most doubles by word of mouth: the stream of those won is as large as the usual one.
const MOST: f64 = 2.0;

/// Customers as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CustomersSpec {
    /// How many there are at the start, who write everything.
    pub number: Option<Written<u32>>,
    /// How long a solution may take without losing anybody.
    pub tolerate: Option<Written<Length>>,
    /// Share of those still there that leaves with each day beyond.
    pub leave_per_day: Option<Written<Share>>,
    /// Share that leaves with each time their ticket comes back.
    pub leave_per_reopen: Option<Written<Share>>,
    /// Share of those who gave up waiting that leaves.
    pub leave_given_up: Option<Written<Share>>,
    /// Share of promoters that wins a customer.
    pub recommend: Option<Written<Share>>,
    /// Share of detractors that keeps one away.
    pub warn: Option<Written<Share>>,
    /// Time until what they tell is felt.
    pub word_takes: Option<Written<Length>>,
}

/// The customers of a desk.
#[derive(Clone, PartialEq, Debug)]
pub struct Customers {
    /// How many there are at the start.
    pub number: u32,
    /// How long a solution may take without losing anybody.
    pub tolerate: SimDuration,
    /// Share that leaves with each day beyond.
    pub p_leave_per_day: f64,
    /// Share that leaves with each reopen.
    pub p_leave_per_reopen: f64,
    /// Share of those who gave up that leaves.
    pub p_leave_given_up: f64,
    /// Share of promoters that wins a customer.
    pub p_recommend: f64,
    /// Share of detractors that keeps one away.
    pub p_warn: f64,
    /// Time until that is felt.
    pub word_takes: SimDuration,
    /// How they judge a solution.
    pub opinion: Opinion,
}

/// What a customer does when a ticket has left for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parting {
    /// Whether the customer leaves.
    pub leaves: bool,
    /// Customers won (1) or kept away (-1) by what this one tells.
    pub word: i64,
}

impl Parting {
    /// Nothing comes of it.
    pub const NOTHING: Parting = Parting { leaves: false, word: 0 };
}

impl CustomersSpec {
    /// The customers this describes; nothing where none can leave or be won.
    pub fn compile(
        &self,
        opinion: Opinion,
        span: Span,
        problems: &mut Problems,
    ) -> Option<Customers> {
        let Some(number) = self.number.as_ref().filter(|number| number.value > 0) else {
            let span = self.number.as_ref().map_or(span, |number| number.span.clone());
            problems.push(
                Problem::error("no-customers", "[customers] does not say how many there are")
                    .at(span, "a number above zero is needed here")
                    .help(
                        "write number = 20000: the customers who together write all the tickets; \
                         who leaves takes that part of the demand along",
                    ),
            );
            return None;
        };
        let share = |written: &Option<Written<Share>>, usual: Evidence| {
            written.as_ref().map_or(usual.value, |share| share.value.0)
        };
        let days = Length::new(TOLERATE.value, TimeUnit::Day);
        let weeks = Length::new(WORD_TAKES.value, TimeUnit::Week);
        let customers = Customers {
            number: number.value,
            tolerate: wall(&self.tolerate, days, problems),
            p_leave_per_day: share(&self.leave_per_day, LEAVE_PER_DAY),
            p_leave_per_reopen: share(&self.leave_per_reopen, LEAVE_PER_REOPEN),
            p_leave_given_up: share(&self.leave_given_up, LEAVE_GIVEN_UP),
            p_recommend: share(&self.recommend, RECOMMEND),
            p_warn: share(&self.warn, WARN),
            word_takes: wall(&self.word_takes, weeks, problems),
            opinion,
        };
        customers.matter().then_some(customers)
    }
}

impl Customers {
    /// Whether anybody can leave, be won or be kept away.
    fn matter(&self) -> bool {
        let leave = [self.p_leave_per_day, self.p_leave_per_reopen, self.p_leave_given_up];
        leave.into_iter().chain([self.p_recommend, self.p_warn]).any(|share| share > 0.0)
    }

    /// What the customer of a ticket does that leaves for good now.
    pub fn parting(&self, ticket: &Ticket, now: SimTime, gave_up: bool) -> Parting {
        let mut chance = ticket.key.draw(Purpose::Loyalty, 0);
        let (u, v) = (chance.random::<f64>(), chance.random::<f64>());
        let took = (now - ticket.created_at).at_least_zero();
        let beyond = (took - ticket.with_customer - self.tolerate).at_least_zero();
        let mut stays = (1.0 - self.p_leave_per_day).powf(beyond.hours() / 24.0)
            * (1.0 - self.p_leave_per_reopen).powi(i32::from(ticket.reopens));
        if gave_up {
            stays *= 1.0 - self.p_leave_given_up;
        }
        let replied = (ticket.replied_at.min(now) - ticket.created_at).at_least_zero();
        let score = self.opinion.score(replied, took, ticket.reopens, ticket.touches);
        let word = if gave_up || detracts(score) {
            -i64::from(v < self.p_warn)
        } else {
            i64::from(promotes(score) && v < self.p_recommend)
        };
        Parting { leaves: u >= stays, word }
    }

    /// Whether there is somebody to write a planned contact, where so many customers are there.
    pub fn writes(&self, key: Key, there: i64) -> bool {
        let part = there as f64 / f64::from(self.number);
        part >= 1.0 || happens(part, &mut key.draw(Purpose::Loyalty, 1))
    }

    /// Whether a contact of the stream of those won by word of mouth is written.
    pub fn is_won(&self, key: Key, there: i64) -> bool {
        let more = there as f64 / f64::from(self.number) - 1.0;
        more > 0.0 && happens(more / (MOST - 1.0), &mut key.draw(Purpose::Loyalty, 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ClassId, TeamId};
    use crate::opinion::{BEST, Curve, POINT};
    use crate::ticket::{Cause, Priority, State, Task};

    fn day(n: f64) -> SimDuration {
        SimDuration::from_hours(24.0 * n)
    }

    fn customers() -> Customers {
        Customers {
            number: 100,
            tolerate: day(2.0),
            p_leave_per_day: 0.10,
            p_leave_per_reopen: 0.20,
            p_leave_given_up: 0.5,
            p_recommend: 0.3,
            p_warn: 0.6,
            word_takes: day(7.0),
            // Five points within a day, one after three.
            opinion: Opinion {
                resolution: Curve(vec![(day(1.0), BEST), (day(3.0), POINT)]),
                ..Opinion::default()
            },
        }
    }

    fn ticket(n: u64, reopens: u16) -> Ticket {
        Ticket {
            key: Key(5).nth(n),
            created_at: SimTime::ZERO,
            since: SimTime::ZERO,
            reply_due: SimTime::NEVER,
            solution_due: SimTime::NEVER,
            replied_at: SimTime::NEVER,
            with_customer: day(0.5),
            class: ClassId(0),
            team: TeamId(0),
            priority: Priority(0),
            state: State::Solved,
            cause: Cause::New,
            task: Task::Answer,
            touches: 1,
            visits: 1,
            chasers: 0,
            reopens,
            opening: false,
        }
    }

    /// Shares of 20,000 customers who leave, and their words in sum, each.
    fn of_many(took: f64, reopens: u16, gave_up: bool) -> (f64, f64) {
        let n = 20_000;
        let partings = (0..n)
            .map(|i| customers().parting(&ticket(i, reopens), SimTime::ZERO + day(took), gave_up));
        let all: Vec<Parting> = partings.collect();
        let left = all.iter().filter(|parting| parting.leaves).count() as f64;
        let word: i64 = all.iter().map(|parting| parting.word).sum();
        (left / n as f64, word as f64 / n as f64)
    }

    #[test]
    fn who_waits_long_leaves_as_worked_by_hand() {
        let close = |share: f64, p: f64| (share - p).abs() < 4.0 * (p * (1.0 - p) / 2e4).sqrt();
        // Solved in a day: nobody leaves, three in ten win somebody.
        let (left, word) = of_many(0.9, 0, false);
        assert!(left == 0.0 && close(word, 0.3), "{left} {word}");
        // Four and a half days, half of one with the customer: two beyond, and reopened once:
        // 1 - 0.9² x 0.8 = 0.352; six in ten warn.
        let (left, word) = of_many(4.5, 1, false);
        assert!(close(left, 0.352) && close(-word, 0.6), "{left} {word}");
        // Who gave up within a day has waited in vain: half of them leave, and six in ten warn.
        let (left, word) = of_many(0.9, 0, true);
        assert!(close(left, 0.5) && close(-word, 0.6), "{left} {word}");
    }

    #[test]
    fn who_leaves_soon_would_have_left_later() {
        for i in 0..2000 {
            let at = |days| customers().parting(&ticket(i, 0), SimTime::ZERO + day(days), false);
            assert!(!at(5.0).leaves || at(9.0).leaves);
        }
    }

    #[test]
    fn contacts_come_in_proportion() {
        let n = 20_000;
        let share = |comes: &dyn Fn(Key) -> bool| {
            (0..n).filter(|i| comes(Key(8).nth(*i))).count() as f64 / n as f64
        };
        let close = |share: f64, p: f64| (share - p).abs() < 4.0 * (p * (1.0 - p) / 2e4).sqrt();
        let all = customers();
        assert_eq!(share(&|key| all.writes(key, 100)), 1.0);
        assert_eq!(share(&|key| all.is_won(key, 100)), 0.0);
        assert!(close(share(&|key| all.writes(key, 70)), 0.7));
        assert!(close(share(&|key| all.is_won(key, 120)), 0.2));
        assert_eq!(share(&|key| all.writes(key, -3)), 0.0);
        assert_eq!(share(&|key| all.is_won(key, 250)), 1.0);
    }
}
