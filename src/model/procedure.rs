//! Procedures: how clear it is what is escalated, to whom, and with what in the ticket.
//!
//! *In a manager's words*: "nobody is sure when to escalate; tickets lie about for hours, and second
//! level sends half of them back because something is missing."
//!
//! *Assumption*: clarity is the share of escalations that go as they should. Each of the others
//! takes longer on its way, and some are sent back by whoever opens them, to the team they came
//! from; there somebody adds what was missing and sends them on again, which may again be unclear,
//! up to a number of times. *Source*: M11 of the catalogue (clarity of the procedure); articles 1
//! and 3.

use super::context::wall;
use crate::dist::{Law, happens};
use crate::evidence::{Evidence, Grade};
use crate::ids::{ClassId, TeamId};
use crate::problem::Problems;
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Length, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Mean extra time on the way of an unclear escalation.
pub const DELAY: Evidence = Evidence {
    key: "escalations.unclear.delay",
    value: 4.0,
    unit: "h",
    range: (1.0, 24.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Share of unclear escalations that are sent back.
pub const SENT_BACK: Evidence = Evidence {
    key: "escalations.unclear.sent_back",
    value: 0.5,
    unit: "share",
    range: (0.2, 0.8),
    grade: Grade::J,
    source: "our judgement",
};

/// Time to see that something is missing, and time to add it.
pub const TAKES: Evidence = Evidence {
    key: "escalations.unclear.takes",
    value: 3.0,
    unit: "min",
    range: (2.0, 5.0),
    grade: Grade::J,
    source: "our judgement",
};

/// How often a ticket is sent back at most.
pub const AT_MOST: Evidence = Evidence {
    key: "escalations.unclear.at_most",
    value: 3.0,
    unit: "times",
    range: (1.0, 5.0),
    grade: Grade::J,
    source: "our judgement",
};

/// What comes of an unclear escalation, as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UnclearSpec {
    /// Mean extra time on the way.
    pub delay: Option<Written<Length>>,
    /// Share that is sent back.
    pub sent_back: Option<Written<Share>>,
    /// Time to see that something is missing, and again to add it.
    pub takes: Option<Written<Length>>,
    /// How often a ticket is sent back at most.
    pub at_most: Option<Written<u8>>,
}

/// How tickets of some classes go from one team up to another.
#[derive(Clone, PartialEq, Debug)]
pub struct Procedure {
    /// Team they leave.
    pub from: TeamId,
    /// Team they go to.
    pub to: TeamId,
    /// Classes concerned.
    pub classes: Vec<ClassId>,
    /// Probability that an escalation goes as it should.
    pub clarity: f64,
    /// Extra time on the way otherwise.
    pub delay: Law,
    /// Probability that an unclear one is sent back.
    pub p_back: f64,
    /// Time to see that something is missing, and again to add it.
    pub takes: SimDuration,
    /// How often a ticket is sent back at most.
    pub at_most: u8,
}

/// How an escalation goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Passage {
    /// Extra time on the way.
    pub delay: SimDuration,
    /// Whether it is sent back.
    pub is_sent_back: bool,
}

impl Passage {
    /// As it should.
    pub const CLEAR: Passage = Passage { delay: SimDuration::ZERO, is_sent_back: false };
}

impl UnclearSpec {
    /// The procedure between two teams of that clarity; none where it is always clear.
    pub fn compile(
        &self,
        clarity: f64,
        (from, to): (TeamId, TeamId),
        classes: Vec<ClassId>,
        problems: &mut Problems,
    ) -> Option<Procedure> {
        let delay = wall(&self.delay, Length::new(DELAY.value, TimeUnit::Hour), problems);
        let procedure = Procedure {
            from,
            to,
            classes,
            clarity,
            delay: Law::log_normal(delay, 1.0),
            p_back: self.sent_back.as_ref().map_or(SENT_BACK.value, |share| share.value.0),
            takes: wall(&self.takes, Length::new(TAKES.value, TimeUnit::Minute), problems),
            at_most: self.at_most.as_ref().map_or(AT_MOST.value as u8, |most| most.value),
        };
        (clarity < 1.0).then_some(procedure)
    }
}

impl Procedure {
    /// How the `n`-th escalation of a ticket goes that has been sent back `backs` times.
    pub fn passage(&self, key: Key, n: u16, backs: u8) -> Passage {
        let mut chance = key.draw(Purpose::Procedure, u64::from(n));
        if happens(self.clarity, &mut chance) {
            return Passage::CLEAR;
        }
        let is_sent_back = happens(self.p_back, &mut chance) && backs < self.at_most;
        Passage { delay: self.delay.sample(&mut chance), is_sent_back }
    }

    /// Expected times that an escalated ticket is sent back.
    pub fn expected_backs(&self) -> f64 {
        let p = (1.0 - self.clarity) * self.p_back;
        (1..=i32::from(self.at_most)).map(|n| p.powi(n)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn procedure(clarity: f64, at_most: u8) -> Procedure {
        Procedure {
            from: TeamId(0),
            to: TeamId(1),
            classes: vec![],
            clarity,
            delay: Law::Constant(SimDuration::from_hours(4.0)),
            p_back: 0.5,
            takes: SimDuration::from_minutes(3),
            at_most,
        }
    }

    #[test]
    fn unclear_ones_take_longer_and_half_of_them_come_back() {
        let unclear = procedure(0.6, 2);
        let n = 20_000;
        let all: Vec<Passage> = (0..n).map(|i| unclear.passage(Key(8).nth(i), 0, 0)).collect();
        let late = all.iter().filter(|p| p.delay > SimDuration::ZERO).count() as f64 / n as f64;
        let back = all.iter().filter(|p| p.is_sent_back).count() as f64 / n as f64;
        assert!((late - 0.4).abs() < 4.0 * (0.24 / n as f64).sqrt(), "{late}");
        assert!((back - 0.2).abs() < 4.0 * (0.16 / n as f64).sqrt(), "{back}");
        assert!((0..200).all(|i| !unclear.passage(Key(8).nth(i), 1, 2).is_sent_back));
        // 0.2 the first time, 0.2 of those again.
        assert!((unclear.expected_backs() - 0.24).abs() < 1e-12);
        assert_eq!(procedure(1.0, 3).passage(Key(1), 0, 0), Passage::CLEAR);
    }
}
