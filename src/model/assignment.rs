//! Assignment: whether agents pull tickets from a common pool or have inboxes of their own.
//!
//! *In a manager's words*: "every ticket gets an owner at once, in turn; what lies in Anna's inbox
//! waits for Anna, also when she is ill."
//!
//! *Assumption*: a ticket that comes to a team with inboxes goes to one of those agents who are on
//! the roster and may work on it: in turn, or to whoever has the fewest (of equals the one whose
//! turn is longest ago). Where nobody is there, or all inboxes are full, it waits in the team's pool.
//! Agents take from their inbox and from the pool whatever comes first by the team's order of work.
//! A ticket that lies in an inbox too long goes back to the front of the pool. Where tickets return
//! to their owner, one that comes again goes to the inbox of whoever answered it last, if there.
//! *Source*: M10 and M13 of the catalogue; O2.

use super::context::wall;
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::time::SimDuration;
use crate::written::{Length, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Time after which a ticket goes back from an inbox to the pool.
pub const RETURNS_AFTER: Evidence = Evidence {
    key: "teams.*.inbox.returns_after",
    value: 2.0,
    unit: "d",
    range: (0.5, 14.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Who gets a new ticket, as written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sharing {
    /// Nobody: agents pull from a common pool.
    #[default]
    Shared,
    /// Each agent in turn.
    RoundRobin,
    /// Whoever has the fewest.
    LeastLoaded,
}

/// Inboxes as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InboxSpec {
    /// Most tickets an agent is given, in the inbox and in hand.
    pub at_most: Option<Written<u32>>,
    /// Time after which a ticket goes back from an inbox to the pool.
    pub returns_after: Option<Written<Length>>,
}

/// How a team shares out its tickets.
#[derive(Clone, PartialEq, Debug)]
pub struct Assignment {
    /// Who gets a ticket.
    pub rule: Sharing,
    /// Most tickets an agent is given.
    pub at_most: Option<u32>,
    /// Time after which a ticket goes back to the pool.
    pub returns_after: SimDuration,
    /// Whether a ticket that comes again goes to whoever answered it last.
    pub returns_to_owner: bool,
}

/// The assignment a team's keys describe; none where all is shared.
pub fn compile(
    rule: Option<&Written<Sharing>>,
    inbox: Option<&InboxSpec>,
    returns_to_owner: bool,
    problems: &mut Problems,
) -> Option<Assignment> {
    let written = inbox.cloned().unwrap_or_default();
    let rule = rule.map_or(Sharing::Shared, |rule| rule.value);
    let default = Length::new(RETURNS_AFTER.value, TimeUnit::Day);
    let returns_after = wall(&written.returns_after, default, problems);
    if let Some(after) =
        written.returns_after.as_ref().filter(|_| returns_after <= SimDuration::ZERO)
    {
        problems.push(
            Problem::error("zero-time", "a ticket lies in an inbox for some time")
                .at(after.span.clone(), "here"),
        );
    }
    if let Some(most) = written.at_most.as_ref().filter(|most| most.value == 0) {
        problems.push(
            Problem::error("out-of-range", "an inbox holds at least one ticket")
                .at(most.span.clone(), "at least 1")
                .help("write assignment = \"shared\" where nobody is to have an inbox"),
        );
    }
    let assignment = Assignment {
        rule,
        at_most: written.at_most.as_ref().map(|most| most.value),
        returns_after,
        returns_to_owner,
    };
    (rule != Sharing::Shared || returns_to_owner).then_some(assignment)
}

impl Assignment {
    /// How soon an agent is given a ticket who has that many and was given the last one as the
    /// `turn`-th: smaller is sooner. Nothing where the inbox is full, or agents pull.
    #[inline]
    pub fn place(&self, has: u32, turn: u64) -> Option<(u32, u64)> {
        if self.at_most.is_some_and(|most| has >= most) {
            return None;
        }
        match self.rule {
            Sharing::Shared => None,
            Sharing::RoundRobin => Some((0, turn)),
            Sharing::LeastLoaded => Some((has, turn)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_turn_to_the_least_loaded_or_to_nobody() {
        let mut assignment = Assignment {
            rule: Sharing::RoundRobin,
            at_most: Some(3),
            returns_after: SimDuration::from_days(2),
            returns_to_owner: false,
        };
        assert!(assignment.place(2, 4) < assignment.place(0, 5));
        assert_eq!(assignment.place(3, 1), None);
        assignment.rule = Sharing::LeastLoaded;
        assert!(assignment.place(0, 5) < assignment.place(2, 4));
        assert!(assignment.place(1, 4) < assignment.place(1, 5));
        assert_eq!(compile(None, None, false, &mut Problems::default()), None);
    }
}
