//! Questions among colleagues: whoever still learns asks, and somebody who knows more answers.
//!
//! *In a manager's words*: "the new ones turn round and ask; it costs a colleague three minutes, and
//! they need not find it out for themselves."
//!
//! *Assumption*: somebody new asks about a share of the touches they begin, which falls to none as
//! they learn. Whoever of the team may do such a ticket and has less left to learn answers: the one
//! idle for longest, or else the one whose touch has begun last, which takes that much longer. The
//! newcomer's touch takes less time for it, and its solution comes back more seldom. Nobody asks about
//! a hard touch that is swarmed, nor in a chat held beside others; who is alone, among equals or among
//! people with several chats in hand does without. *Source*: M32 of the catalogue; no size is
//! published.

use super::context::wall;
use crate::dist::happens;
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Brief, Factor, Length, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Share of touches about which somebody asks on the first day.
pub const SHARE: Evidence = Evidence {
    key: "teams.*.questions.share",
    value: 0.3,
    unit: "of touches",
    range: (0.1, 0.8),
    grade: Grade::J,
    source: "our judgement",
};

/// How long an answer takes.
pub const TAKES: Evidence = Evidence {
    key: "teams.*.questions.takes",
    value: 3.0,
    unit: "min",
    range: (1.0, 10.0),
    grade: Grade::J,
    source: "our judgement, like the cost of merging or passing on",
};

/// Handle time of a touch with an answer.
pub const HANDLE: Evidence = Evidence {
    key: "teams.*.questions.handle",
    value: 0.75,
    unit: "factor",
    range: (0.6, 1.0),
    grade: Grade::J,
    source: "our judgement: half of what a newcomer's 1.5 x is above a tenured agent's",
};

/// How often the solution of such a touch comes back, relative to one without an answer.
pub const REOPENS: Evidence = Evidence {
    key: "teams.*.questions.reopens",
    value: 0.8,
    unit: "factor",
    range: (0.5, 1.0),
    grade: Grade::J,
    source: "our judgement: a newcomer's 1.25 x becomes a tenured agent's",
};

/// Questions as written: whether there are any, or a table.
pub type QuestionsSpec = Brief<bool, QuestionsTable>;

/// Questions written in full.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QuestionsTable {
    /// Share of touches about which somebody asks on the first day; it falls as they learn.
    pub share: Option<Written<Share>>,
    /// How long an answer takes.
    pub takes: Option<Written<Length>>,
    /// Handle time of a touch with an answer, relative to one without.
    pub handle: Option<Written<Factor>>,
    /// How often its solution comes back, relative to one without.
    pub reopens: Option<Written<Factor>>,
}

/// How the newcomers of a team ask.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Questions {
    /// Share of touches asked about by somebody who has everything left to learn.
    pub share: f64,
    /// How long an answer takes.
    pub takes: SimDuration,
    /// Factor on the handle time of a touch with an answer.
    pub handle: f64,
    /// Factor on the share of its solutions that come back.
    pub reopens: f64,
}

/// The questions that a team's keys describe; none where nobody asks.
pub fn compile(spec: Option<&QuestionsSpec>, problems: &mut Problems) -> Option<Questions> {
    let full = match spec? {
        Brief::Short(false) => return None,
        Brief::Short(true) => QuestionsTable::default(),
        Brief::Full(full) => full.clone(),
    };
    if let Some(written) = full.handle.as_ref().filter(|factor| factor.value.0 <= 0.0) {
        problems.push(
            Problem::error("zero-time", "at this factor a touch takes no time")
                .at(written.span.clone(), "a factor above zero"),
        );
    }
    let factor = |written: &Option<Written<Factor>>, usual: Evidence| {
        written.as_ref().map_or(usual.value, |factor| factor.value.0)
    };
    let questions = Questions {
        share: full.share.as_ref().map_or(SHARE.value, |share| share.value.0),
        takes: wall(&full.takes, Length::new(TAKES.value, TimeUnit::Minute), problems),
        handle: factor(&full.handle, HANDLE),
        reopens: factor(&full.reopens, REOPENS),
    };
    (questions.share > 0.0).then_some(questions)
}

impl Questions {
    /// Whether somebody with so much left to learn, of 1, asks about a ticket's `touch`-th touch
    /// (from 0).
    pub fn is_asked(&self, (key, touch): (Key, u16), left_to_learn: f64) -> bool {
        let p = self.share * left_to_learn;
        p > 0.0 && happens(p, &mut key.draw(Purpose::Question, u64::from(touch)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_way_they_ask_half_as_often_and_in_the_end_not_at_all() {
        let all = Questions { share: 1.0, takes: SimDuration::ZERO, handle: 0.8, reopens: 0.9 };
        let asks = |left| {
            let n = 10_000_u64;
            (0..n).filter(|i| all.is_asked((Key(7).nth(*i), 0), left)).count() as f64 / n as f64
        };
        assert_eq!([asks(0.0), asks(1.0)], [0.0, 1.0]);
        // Four standard errors of a share of one half.
        assert!((asks(0.5) - 0.5).abs() < 4.0 * 0.5 / 100.0);
        let half = Questions { share: 0.5, ..all };
        assert_eq!(
            (0..50).map(|i| half.is_asked((Key(i), 3), 1.0)).collect::<Vec<_>>(),
            (0..50).map(|i| all.is_asked((Key(i), 3), 0.5)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn nobody_asks_where_no_share_is_left() {
        let spec = |share: f64| {
            Brief::Full(QuestionsTable {
                share: Some(Written::unwritten(Share(share))),
                ..QuestionsTable::default()
            })
        };
        let compiled = |spec: &QuestionsSpec| compile(Some(spec), &mut Problems::default());
        assert_eq!(compiled(&spec(0.0)), None);
        assert_eq!(compiled(&Brief::Short(false)), None);
        assert_eq!(compiled(&spec(SHARE.value)), compiled(&Brief::Short(true)));
    }
}
