//! Acknowledgements: every ticket gets an automatic first answer.
//!
//! *In a manager's words*: "we have got your message and you will hear from us within twelve hours."
//!
//! *Assumption*: it goes out the moment a ticket is created and is no first reply. It calms for a
//! time: the customer asks again less often and is more patient. It may say when the customer will
//! hear: what is promised for first replies, or what the desk expects, which is the wait of the
//! ticket of that class that an agent took last (counted in business time where the class's promise
//! is). Then it calms until that time, and past it the customer is the angrier (see `mood`).
//! *Source*: M27 and M29 of the catalogue; article 0.

use super::context::wall;
use super::promise::Promise;
use super::told::{Effect, PAST_PROMISE, Told};
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::ticket::Ticket;
use crate::time::{SimDuration, SimTime};
use crate::written::{Factor, Length, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// How much less acknowledged customers ask again or give up.
pub const CALMS: Evidence = Evidence {
    key: "tickets.*.acknowledgement.calms",
    value: 0.20,
    unit: "share",
    range: (0.0, 0.4),
    grade: Grade::J,
    source: "our judgement",
};

/// How long an acknowledgement that promises nothing is believed.
pub const LASTS: Evidence = Evidence {
    key: "tickets.*.acknowledgement.lasts",
    value: 24.0,
    unit: "h",
    range: (4.0, 72.0),
    grade: Grade::J,
    source: "our judgement",
};

/// What an acknowledgement says about the wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// Nothing.
    #[default]
    Nothing,
    /// What is promised for first replies.
    Promise,
    /// How long the ticket before had to wait.
    Expected,
}

/// An acknowledgement as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AcknowledgementSpec {
    /// How much less the customer then asks again or gives up.
    pub calms: Option<Written<Share>>,
    /// How long it calms, where it says nothing about the wait.
    pub lasts: Option<Written<Length>>,
    /// What it says about the wait: "nothing", "promise" or "expected".
    pub says: Option<Written<Says>>,
    /// How much faster customers ask again or give up once that has passed: 1.5 or "+50%".
    pub past_promise: Option<Written<Factor>>,
}

/// The automatic first answer to tickets of a class.
#[derive(Clone, PartialEq, Debug)]
pub struct Acknowledgement {
    /// How long it calms, where it says nothing about the wait.
    pub lasts: SimDuration,
    /// What it says about the wait.
    pub says: Says,
    /// What it does to those who wait.
    pub effect: Effect,
}

impl AcknowledgementSpec {
    /// The acknowledgement this describes, beside what the class promises; none where it has no
    /// effect.
    pub fn compile(&self, promise: &Promise, problems: &mut Problems) -> Option<Acknowledgement> {
        let calms = self.calms.as_ref().map_or(CALMS.value, |share| share.value.0);
        let past = self.past_promise.as_ref().map_or(PAST_PROMISE.value, |past| past.value.0);
        let says = self.says.as_ref().map_or(Says::Nothing, |says| says.value);
        if let Some(written) = self.says.as_ref().filter(|_| says == Says::Promise)
            && promise.first_reply.iter().all(Option::is_none)
        {
            problems.push(
                Problem::error(
                    "nothing-promised",
                    "the acknowledgement tells of a promise that these tickets do not have",
                )
                .at(written.span.clone(), "this promise")
                .help(
                    "write promise = { first_reply = \"12 h\" } beside it, or says = \"expected\"",
                ),
            );
        }
        let lasts = wall(&self.lasts, Length::new(LASTS.value, TimeUnit::Hour), problems);
        let effect = Effect { calm: 1.0 - calms, past };
        let idle = effect.is_none(says != Says::Nothing);
        (!idle).then_some(Acknowledgement { lasts, says, effect })
    }
}

/// What a desk expects of the next ticket when the last one had to wait so long: nobody says that
/// it takes no time at all.
pub fn expected_after(waited: SimDuration) -> SimDuration {
    waited.max(SimDuration::from_minutes(1))
}

impl Acknowledgement {
    /// When it says that the customer will hear, if the desk expects that wait; `NEVER` where it
    /// does not say.
    pub fn promised(&self, ticket: &Ticket, expected: SimTime) -> SimTime {
        match self.says {
            Says::Nothing => SimTime::NEVER,
            Says::Promise => ticket.reply_due,
            Says::Expected => expected,
        }
    }

    /// What the customer of a ticket was told when it was created.
    pub fn told(&self, created_at: SimTime, promised: SimTime) -> Told {
        let promises = promised != SimTime::NEVER;
        let holds_until = if promises { promised } else { created_at.saturating_add(self.lasts) };
        Told { at: created_at, holds_until, promises, effect: self.effect }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(text: &str) -> Option<Acknowledgement> {
        let spec: AcknowledgementSpec = toml::from_str(text).unwrap();
        spec.compile(&Promise::default(), &mut Problems::default())
    }

    #[test]
    fn one_that_does_nothing_is_none() {
        assert_eq!(compiled("calms = \"0%\""), None);
        assert_eq!(compiled("calms = \"0%\"\nsays = \"expected\"\npast_promise = 1"), None);
        assert!(compiled("calms = \"0%\"\nsays = \"expected\"").is_some());
        assert_eq!(compiled("").unwrap().effect.calm, 0.8);
    }

    #[test]
    fn it_holds_for_a_time_or_until_what_it_promised() {
        let told = |text: &str, promised: SimTime| {
            compiled(text).unwrap().told(SimTime::from_hours(1.0), promised)
        };
        let plain = told("lasts = \"6 h\"", SimTime::NEVER);
        assert_eq!((plain.holds_until.hours(), plain.promises), (7.0, false));
        let dated = told("says = \"expected\"", SimTime::from_hours(30.0));
        assert_eq!((dated.holds_until.hours(), dated.promises), (30.0, true));
    }

    #[test]
    fn a_promise_must_exist_to_be_told() {
        let spec: AcknowledgementSpec = toml::from_str("says = \"promise\"").unwrap();
        let mut problems = Problems::default();
        spec.compile(&Promise::default(), &mut problems);
        assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["nothing-promised"]);
    }
}
