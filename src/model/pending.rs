//! Pending: the agent asks the customer something, and the ticket waits for the answer.
//!
//! *In a manager's words*: "a third of them need an order number first; some never answer, and
//! after three days the system closes the ticket."
//!
//! *Assumption*: each touch ends with a question with some probability, so the number of touches
//! is geometric; answers take a log-normal time; a share never answers and is closed after a
//! fixed time. *Source*: M10 of the catalogue; P10 (auto-close practice).

use super::context::{delay, wall};
use crate::dist::{Law, happens};
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
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

/// Pending as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PendingSpec {
    /// Share of touches that end with a question to the customer.
    pub asks: Written<Share>,
    /// Mean time until the customer answers.
    #[serde(default)]
    pub reply_after: Option<Written<Length>>,
    /// Share of questions that are never answered.
    #[serde(default)]
    pub no_reply: Option<Written<Share>>,
    /// Time after which a ticket without an answer is closed.
    #[serde(default)]
    pub close_after: Option<Written<Length>>,
}

/// How tickets of a class wait for their customers.
#[derive(Clone, PartialEq, Debug)]
pub struct Pending {
    /// Probability that a touch ends with a question.
    pub p_asks: f64,
    /// Time until the customer answers.
    pub reply_after: Law,
    /// Probability that the customer never does.
    pub p_no_reply: f64,
    /// Time after which the ticket is then closed.
    pub close_after: SimDuration,
}

/// What comes of a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The customer answers after this time.
    After(SimDuration),
    /// No answer comes; the ticket is closed after this time.
    Never(SimDuration),
}

impl PendingSpec {
    /// The pending times this describes; none where nothing is ever asked.
    pub fn compile(&self, problems: &mut Problems) -> Option<Pending> {
        let p_asks = self.asks.value.0;
        if p_asks > 0.95 {
            problems.push(
                Problem::error(
                    "never-solved",
                    "at this share a ticket takes more than 20 touches on average",
                )
                .at(self.asks.span.clone(), "share of touches that end with a question")
                .help("at most 95% of touches can end with one"),
            );
        }
        let pending = Pending {
            p_asks,
            reply_after: delay(
                &self.reply_after,
                Length::new(REPLY_AFTER.value, TimeUnit::Hour),
                1.0,
            ),
            p_no_reply: self.no_reply.as_ref().map_or(NO_REPLY.value, |share| share.value.0),
            close_after: wall(
                &self.close_after,
                Length::new(CLOSE_AFTER.value, TimeUnit::Hour),
                problems,
            ),
        };
        (p_asks > 0.0).then_some(pending)
    }
}

impl Pending {
    /// Whether a ticket's `touch`-th touch ends with a question.
    #[inline]
    pub fn asks(&self, key: Key, touch: u16) -> bool {
        happens(self.p_asks, &mut key.draw(Purpose::Pending, u64::from(touch)))
    }

    /// What comes of the question asked in that touch.
    pub fn answer(&self, key: Key, touch: u16) -> Answer {
        let mut chance = key.draw(Purpose::CustomerReply, u64::from(touch));
        if happens(self.p_no_reply, &mut chance) {
            return Answer::Never(self.close_after);
        }
        // An answer after the ticket was closed comes too late to count.
        let after = self.reply_after.sample(&mut chance);
        if after > self.close_after {
            Answer::Never(self.close_after)
        } else {
            Answer::After(after)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_answers_count_as_none() {
        let pending = Pending {
            p_asks: 1.0,
            reply_after: Law::Constant(SimDuration::from_days(4)),
            p_no_reply: 0.0,
            close_after: SimDuration::from_days(3),
        };
        assert!(pending.asks(Key(1), 0));
        assert_eq!(pending.answer(Key(1), 0), Answer::Never(SimDuration::from_days(3)));
        let patient = Pending { close_after: SimDuration::from_days(5), ..pending };
        assert_eq!(patient.answer(Key(1), 0), Answer::After(SimDuration::from_days(4)));
    }
}
