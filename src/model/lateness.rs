//! Lateness: late tickets take longer, because they must be read again and apologised for.
//!
//! *In a manager's words*: "a week late, and half of the answer is saying sorry."
//!
//! *Assumption*: handle time grows by a share for every day past what was promised, or past an age
//! that the scenario names, up to a limit. *Source*: M23 of the catalogue; form: service that
//! grows with the wait beyond an announced one (Webb, Yu, Bretthauer; by telephone).

use super::context::wall;
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::ticket::Ticket;
use crate::time::{SimDuration, SimTime};
use crate::written::{Brief, Change, Length, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Growth of handle time for each day late.
pub const PER_DAY: Evidence = Evidence {
    key: "tickets.*.late.per_day",
    value: 0.05,
    unit: "share per day",
    range: (0.0, 0.2),
    grade: Grade::J,
    source: "form: up to 21 s for each minute beyond the announced wait (telephone; Webb, Yu, Bretthauer); size for tickets: our judgement",
};

/// Most that lateness adds.
pub const AT_MOST: Evidence = Evidence {
    key: "tickets.*.late.at_most",
    value: 0.5,
    unit: "share",
    range: (0.0, 2.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Lateness as written: growth of handle time for each day, or a table.
pub type LatenessSpec = Brief<Change, LatenessTable>;

/// Lateness written in full.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LatenessTable {
    /// What each day late adds to handle time.
    pub per_day: Option<Written<Change>>,
    /// The most that lateness adds.
    pub at_most: Option<Written<Change>>,
    /// Late is who is older than this, whatever was promised.
    pub after: Option<Written<Length>>,
}

/// How handle time of a class grows with lateness.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lateness {
    /// What each day late adds to handle time.
    pub per_day: f64,
    /// The most that lateness adds.
    pub at_most: f64,
    /// Late is who is older than this; past its promise where nothing is said.
    pub after: Option<SimDuration>,
}

/// The lateness that a scenario describes; `promises` says whether the class promises anything.
pub fn compile(
    spec: Option<&Written<LatenessSpec>>,
    promises: bool,
    problems: &mut Problems,
) -> Option<Lateness> {
    let written = spec?;
    let full = match &written.value {
        Brief::Short(per_day) => LatenessTable {
            per_day: Some(Written::unwritten(*per_day)),
            ..LatenessTable::default()
        },
        Brief::Full(full) => full.clone(),
    };
    if full.after.is_none() && !promises {
        problems.push(
            Problem::warning("never-late", "these tickets are never late: nothing is promised")
                .at(written.span.clone(), "this changes nothing")
                .help("write a promise, or after = \"3 d\" for an age from which they are late"),
        );
    }
    let share = |written: &Option<Written<Change>>, usual: Evidence| {
        written.as_ref().map_or(usual.value, |change| change.value.0)
    };
    Some(Lateness {
        per_day: share(&full.per_day, PER_DAY),
        at_most: share(&full.at_most, AT_MOST),
        after: full
            .after
            .is_some()
            .then(|| wall(&full.after, Length::new(0.0, TimeUnit::Day), problems)),
    })
}

impl Lateness {
    /// Factor on the handle time of a touch that begins now.
    pub fn factor(&self, now: SimTime, ticket: &Ticket) -> f64 {
        let due = match self.after {
            Some(after) => ticket.created_at.saturating_add(after),
            None if ticket.replied_at == SimTime::NEVER => {
                ticket.reply_due.min(ticket.solution_due)
            }
            None => ticket.solution_due,
        };
        if now <= due {
            return 1.0;
        }
        let added = self.per_day * (now - due).days();
        1.0 + if added.abs() < self.at_most { added } else { self.at_most.copysign(added) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ClassId, TeamId};
    use crate::rng::Key;
    use crate::ticket::{Cause, Priority, State};

    #[test]
    fn three_days_late_is_three_times_the_share() {
        let day = |n: f64| SimTime::from_hours(24.0 * n);
        let mut ticket = Ticket {
            key: Key(1),
            created_at: day(0.0),
            since: day(0.0),
            reply_due: day(1.0),
            solution_due: day(2.0),
            replied_at: SimTime::NEVER,
            with_customer: SimDuration::ZERO,
            class: ClassId(0),
            team: TeamId(0),
            priority: Priority(1),
            state: State::New,
            cause: Cause::New,
            task: crate::ticket::Task::Answer,
            touches: 0,
            visits: 0,
            chasers: 0,
            reopens: 0,
            opening: false,
        };
        let late = Lateness { per_day: 0.05, at_most: 0.5, after: None };
        assert_eq!(late.factor(day(1.0), &ticket), 1.0);
        assert!((late.factor(day(4.0), &ticket) - 1.15).abs() < 1e-12);
        assert_eq!(late.factor(day(40.0), &ticket), 1.5);
        // With a reply only the solution is owed.
        ticket.replied_at = day(3.0);
        assert!((late.factor(day(4.0), &ticket) - 1.1).abs() < 1e-12);
        let old = Lateness { after: Some(SimDuration::from_days(3)), ..late };
        assert!((old.factor(day(4.0), &ticket) - 1.05).abs() < 1e-12);
        ticket.solution_due = SimTime::NEVER;
        assert_eq!(late.factor(day(4.0), &ticket), 1.0);
    }
}
