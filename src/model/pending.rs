//! Pending: the agent asks the customer something, and the ticket waits for the answer.
//!
//! *In a manager's words*: "a third of them need an order number first; some never answer, and
//! after three days the system closes the ticket."
//!
//! *Assumption*: each touch ends with a question with some probability, so the number of touches
//! is geometric; answers take a log-normal time; a share never answers and is closed after a
//! fixed time. Reminders bring some of the silent ones to answer after all, and put the closing off
//! ("bump, bump, solve"). *Source*: M10 and M27 of the catalogue; P10 (auto-close practice).

use super::context::Context;
use super::handle::{self, TimeSpec};
use crate::dist::{Law, happens};
use crate::evidence::{Evidence, Grade};
use crate::ids::CalendarId;
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::ticket::Ticket;
use crate::time::{SimDuration, SimTime};
use crate::written::{Length, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Time after which a ticket without an answer is closed.
pub const CLOSE_AFTER: Evidence = Evidence {
    key: "tickets.*.pending.close_after",
    value: 72.0,
    unit: "h",
    range: (72.0, 504.0),
    grade: Grade::A,
    source: "product practice: 72 h; or 3 + 3 + 4 business days; or 5, 10 or 14 days + 7",
};

/// Share of questions that are never answered.
pub const NO_REPLY: Evidence = Evidence {
    key: "tickets.*.pending.no_reply",
    value: 0.10,
    unit: "share",
    range: (0.0, 0.4),
    grade: Grade::J,
    source: "our judgement",
};

/// Mean time of an answer.
pub const REPLY_AFTER: Evidence = Evidence {
    key: "tickets.*.pending.reply_after",
    value: 10.0,
    unit: "h",
    range: (1.0, 48.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Share of the silent customers who answer after a reminder.
pub const REMINDED: Evidence = Evidence {
    key: "tickets.*.pending.reminded",
    value: 0.30,
    unit: "share",
    range: (0.0, 0.6),
    grade: Grade::J,
    source: "our judgement",
};

/// Pending as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PendingSpec {
    /// Share of touches that end with a question to the customer.
    pub asks: Written<Share>,
    /// Only the first so many touches of a ticket can end with a question; all of them by default.
    #[serde(default)]
    pub at_most: Option<Written<u16>>,
    /// Time until the customer answers: its mean, or a table with mean, cv and law.
    #[serde(default)]
    pub reply_after: Option<Written<TimeSpec>>,
    /// Share of questions that are never answered.
    #[serde(default)]
    pub no_reply: Option<Written<Share>>,
    /// Times after which a silent customer is reminded, each counted from the one before.
    #[serde(default)]
    pub reminders: Vec<Written<Length>>,
    /// Share of those still silent who answer after a reminder.
    #[serde(default)]
    pub reminded: Option<Written<Share>>,
    /// Time after which a ticket without an answer is closed, counted from the last reminder.
    #[serde(default)]
    pub close_after: Option<Written<Length>>,
    /// Calendar of business time, for reminders and closing.
    #[serde(default)]
    pub hours: Option<Written<String>>,
}

/// How tickets of a class wait for their customers.
#[derive(Clone, PartialEq, Debug)]
pub struct Pending {
    /// Probability that a touch ends with a question.
    pub p_asks: f64,
    /// Only the first so many touches can.
    pub at_most: Option<u16>,
    /// Time until the customer answers.
    pub reply_after: Law,
    /// Probability that the customer never does.
    pub p_no_reply: f64,
    /// Times after which a silent customer is reminded, each counted from the one before.
    pub reminders: Vec<SimDuration>,
    /// Probability that one who is reminded answers.
    pub p_reminded: f64,
    /// Time after the last reminder, or the question, at which the ticket is then closed.
    pub close_after: SimDuration,
    /// Calendar that counts these times, or the wall clock.
    pub hours: Option<CalendarId>,
}

/// What comes of a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The customer answers then.
    At(SimTime),
    /// No answer comes; the ticket is closed then.
    Never(SimTime),
}

impl PendingSpec {
    /// The pending times this describes; none where nothing is ever asked.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> Option<Pending> {
        let hours = self.hours.as_ref().and_then(|name| context.calendar(name, problems));
        let close = Written::unwritten(Length::new(CLOSE_AFTER.value, TimeUnit::Hour));
        let mut span =
            |length: &Written<Length>| context.span(length, hours, "beside it", problems);
        let close_after = span(self.close_after.as_ref().unwrap_or(&close));
        let reminders = self.reminders.iter().map(&mut span).collect();
        let p_asks = self.asks.value.0;
        let at_most = self.at_most.as_ref().map(|at_most| at_most.value);
        if p_asks > 0.95 && at_most.is_none() {
            problems.push(
                Problem::error(
                    "never-solved",
                    "at this share a ticket takes more than 20 touches on average",
                )
                .at(self.asks.span.clone(), "share of touches that end with a question")
                .help("at most 95% of touches can end with one, or write at_most = 1"),
            );
        }
        let usual = Length::new(REPLY_AFTER.value, TimeUnit::Hour);
        let pending = Pending {
            p_asks,
            at_most,
            reply_after: handle::compile(self.reply_after.as_ref(), usual, 1.0, problems),
            p_no_reply: self.no_reply.as_ref().map_or(NO_REPLY.value, |share| share.value.0),
            reminders,
            p_reminded: self.reminded.as_ref().map_or(REMINDED.value, |share| share.value.0),
            close_after,
            hours,
        };
        (p_asks > 0.0 && at_most != Some(0)).then_some(pending)
    }
}

impl Pending {
    /// Whether a ticket's `touch`-th touch (0 for the first) ends with a question.
    #[inline]
    pub fn asks(&self, ticket: &Ticket, touch: u16) -> bool {
        // A touch before the run began counts among the first ones.
        let before = u16::from(ticket.was_seen_before());
        self.at_most.is_none_or(|at_most| touch + before < at_most)
            && happens(self.p_asks, &mut ticket.key.draw(Purpose::Pending, u64::from(touch)))
    }

    /// The probability at which, if every touch could end with a question, as many were asked: a ticket that
    /// is worked on by one team gets as many touches.
    pub fn p_asks_on_average(&self) -> f64 {
        let Some(at_most) = self.at_most else { return self.p_asks };
        // The first touch, a second where the first asks, and so on.
        let touches: f64 = (0..=i32::from(at_most)).map(|n| self.p_asks.powi(n)).sum();
        1.0 - 1.0 / touches
    }

    /// What comes of the question asked in that touch, where no answer has come until now. `later`
    /// counts time in `hours`.
    pub fn answer(
        &self,
        key: Key,
        touch: u16,
        (asked, now): (SimTime, SimTime),
        later: impl Fn(SimTime, SimDuration) -> SimTime,
    ) -> Answer {
        let mut chance = key.draw(Purpose::CustomerReply, u64::from(touch));
        let waited = now - asked;
        let silent = happens(self.p_silent_after(waited), &mut chance);
        let mut answers = SimTime::NEVER;
        if !silent {
            answers = asked.saturating_add(self.reply_after.sample_beyond(waited, &mut chance));
        }
        let mut asked = asked;
        for (n, wait) in (1_u64..).zip(&self.reminders) {
            asked = later(asked, *wait);
            // What was reminded of before now brought nothing.
            if answers != SimTime::NEVER || asked == SimTime::NEVER || asked < now {
                continue;
            }
            let mut chance = key.draw(Purpose::CustomerReply, n << 16 | u64::from(touch));
            if happens(self.p_reminded, &mut chance) {
                answers = asked.saturating_add(self.reply_after.sample(&mut chance));
            }
        }
        // An answer after the ticket was closed comes too late to count.
        let closes = later(asked, self.close_after).max(now);
        if answers > closes || answers == SimTime::NEVER {
            Answer::Never(closes)
        } else {
            Answer::At(answers)
        }
    }

    /// Probability that somebody who has not answered for so long never will, unreminded.
    fn p_silent_after(&self, waited: SimDuration) -> f64 {
        if waited == SimDuration::ZERO || self.p_no_reply == 0.0 {
            return self.p_no_reply;
        }
        let late = (1.0 - self.p_no_reply) * (1.0 - self.reply_after.share_up_to(waited));
        self.p_no_reply / (self.p_no_reply + late)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ClassId, TeamId};
    use crate::ticket::{Cause, Priority, State, Task};

    fn hours(h: f64) -> SimTime {
        SimTime::from_hours(h)
    }

    fn answer(pending: &Pending, key: Key) -> Answer {
        pending.answer(key, 0, (hours(5.0), hours(5.0)), SimTime::saturating_add)
    }

    #[test]
    fn only_the_first_touches_ask_where_that_is_said() {
        let pending = |at_most, p_asks| Pending {
            p_asks,
            at_most,
            reply_after: Law::Constant(SimDuration::from_days(4)),
            p_no_reply: 0.0,
            reminders: Vec::new(),
            p_reminded: 0.0,
            close_after: SimDuration::from_days(3),
            hours: None,
        };
        assert_eq!(pending(None, 0.4).p_asks_on_average(), 0.4);
        // Every ticket is asked once: two touches.
        assert_eq!(pending(Some(1), 1.0).p_asks_on_average(), 0.5);
        // 1 + 0.4 + 0.16 touches.
        assert!((pending(Some(2), 0.4).p_asks_on_average() - (1.0 - 1.0 / 1.56)).abs() < 1e-12);
        let mut ticket = Ticket {
            key: Key(1),
            created_at: hours(-9.0),
            since: hours(-9.0),
            reply_due: SimTime::NEVER,
            solution_due: SimTime::NEVER,
            replied_at: SimTime::NEVER,
            with_customer: SimDuration::ZERO,
            class: ClassId::new(0),
            team: TeamId::new(0),
            priority: Priority(2),
            state: State::New,
            cause: Cause::New,
            task: Task::Answer,
            touches: 0,
            visits: 0,
            chasers: 0,
            reopens: 0,
            opening: true,
        };
        let once = pending(Some(1), 1.0);
        assert!(once.asks(&ticket, 0) && !once.asks(&ticket, 1));
        ticket.replied_at = ticket.created_at;
        assert!(!once.asks(&ticket, 0), "it has been asked before");
    }

    #[test]
    fn late_answers_count_as_none() {
        let pending = Pending {
            p_asks: 1.0,
            at_most: None,
            reply_after: Law::Constant(SimDuration::from_days(4)),
            p_no_reply: 0.0,
            reminders: Vec::new(),
            p_reminded: 0.0,
            close_after: SimDuration::from_days(3),
            hours: None,
        };
        assert_eq!(answer(&pending, Key(1)), Answer::Never(hours(77.0)));
        let patient = Pending { close_after: SimDuration::from_days(5), ..pending };
        assert_eq!(answer(&patient, Key(1)), Answer::At(hours(101.0)));
    }

    #[test]
    fn who_has_waited_long_waits_on_as_long_as_those_who_did() {
        let pending = Pending {
            p_asks: 1.0,
            at_most: None,
            reply_after: Law::log_normal(SimDuration::from_hours(10.0), 2.0),
            p_no_reply: 0.2,
            reminders: Vec::new(),
            p_reminded: 0.0,
            close_after: SimDuration::from_days(4000),
            hours: None,
        };
        // Of those asked at 0:00, the ones who are silent at 20:00 for the same answers, or as many.
        let (asked, now) = (hours(0.0), hours(20.0));
        let n = 40_000;
        let tell = |key: Key, now| pending.answer(key, 0, (asked, now), SimTime::saturating_add);
        let late = (0..n).map(|i| tell(Key(3).nth(i), asked));
        let late: Vec<Answer> =
            late.filter(|answer| !matches!(answer, Answer::At(at) if *at <= now)).collect();
        let other: Vec<Answer> = (0..n).map(|i| tell(Key(5).nth(i), now)).collect();
        let share = |of: &[Answer], is: &dyn Fn(&Answer) -> bool| {
            let count = of.iter().filter(|answer| is(answer)).count() as f64 / of.len() as f64;
            (count, count * (1.0 - count) / of.len() as f64)
        };
        let by_40 = |answer: &Answer| matches!(answer, Answer::At(at) if *at <= hours(40.0));
        let never = |answer: &Answer| matches!(answer, Answer::Never(_));
        for is in [&by_40 as &dyn Fn(&Answer) -> bool, &never] {
            let (one, two) = (share(&late, is), share(&other, is));
            assert!((one.0 - two.0).abs() < 4.0 * (one.1 + two.1).sqrt(), "{one:?} {two:?}");
        }
        assert!(other.iter().all(|answer| !matches!(answer, Answer::At(at) if *at <= now)));
    }

    #[test]
    fn bump_bump_solve() {
        let day = SimDuration::from_days;
        let pending = Pending {
            p_asks: 1.0,
            at_most: None,
            reply_after: Law::Constant(SimDuration::from_hours(2.0)),
            p_no_reply: 1.0,
            reminders: vec![day(3), day(3)],
            p_reminded: 0.0,
            close_after: day(4),
            hours: None,
        };
        // Asked at 5:00; closed after 3 + 3 + 4 days where nobody stirs.
        assert_eq!(answer(&pending, Key(1)), Answer::Never(hours(245.0)));
        let all = Pending { p_reminded: 1.0, ..pending.clone() };
        assert_eq!(answer(&all, Key(1)), Answer::At(hours(79.0)));
        // Half answer the first reminder, half of the others the second.
        let half = Pending { p_reminded: 0.5, ..pending };
        let n = 20_000;
        let at = |when: Answer| (0..n).filter(|i| answer(&half, Key(7).nth(*i)) == when).count();
        let (first, second) = (at(Answer::At(hours(79.0))), at(Answer::At(hours(151.0))));
        for (count, p) in [(first, 0.5), (second, 0.25)] {
            let share = count as f64 / n as f64;
            assert!((share - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt(), "{share}");
        }
    }
}
