//! What customers are told: when, for how long it calms them, and what it promised (see `mood`).

use crate::evidence::{Evidence, Grade};
use crate::time::SimTime;

/// How much faster customers ask again or give up once a promised date has passed.
pub const PAST_PROMISE: Evidence = Evidence {
    key: "notices.past_promise",
    value: 1.5,
    unit: "factor",
    range: (1.0, 2.0),
    grade: Grade::A,
    source: "hazard of leaving up to +52 % per minute past the announced wait, on the phone (Webb, Yu, Bretthauer, SSRN 3706565)",
};

/// What a message does to those who have got it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Effect {
    /// Factor on their rates while it holds.
    pub calm: f64,
    /// Factor once what it promised has passed without an answer.
    pub past: f64,
}

impl Effect {
    /// Whether it changes nothing.
    pub fn is_none(&self, promises: bool) -> bool {
        self.calm == 1.0 && (!promises || self.past == 1.0)
    }
}

/// A message that a customer has got.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Told {
    /// When.
    pub at: SimTime,
    /// Until when it calms.
    pub holds_until: SimTime,
    /// What was promised for that time, if anything, is past then.
    pub promises: bool,
    /// What it does.
    pub effect: Effect,
}
