//! Approvals: steps at which somebody else must say yes before the work goes on.
//!
//! *In a manager's words*: "every refund over a hundred goes to finance; until they have signed it
//! the ticket is on hold."
//!
//! *Assumption*: each rule concerns a share of the tickets, at the first touch of its team that ends
//! without an escalation; it concerns a ticket once. The ticket is on hold while it waits for the
//! approving team, which has agents and lines of its own, and while one of them reads it; then it
//! goes back for the rest of the work. An approval may itself need another one. Whether the clock
//! of the promised solution stands meanwhile is for the rule to say. Approvals always find room.
//! *Source*: M11 of the catalogue; article 3 (too many escalation levels and approvals); Zendesk
//! documentation (D1: a ticket on hold is still waited for).

use super::context::Context;
use super::handle::{self, TimeSpec};
use crate::dist::{Law, happens};
use crate::evidence::{Evidence, Grade};
use crate::ids::{ClassId, TeamId};
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Length, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Mean time to read and decide an approval.
pub const TAKES: Evidence = Evidence {
    key: "approvals.takes",
    value: 3.0,
    unit: "min",
    range: (1.0, 15.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Most rules a scenario may have: a ticket remembers which of them it has passed.
pub const MOST: usize = 64;

/// An approval rule as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalSpec {
    /// Team whose tickets need it.
    pub from: Written<String>,
    /// Team that approves.
    pub by: Written<String>,
    /// Share of the tickets that need it.
    pub share: Written<Share>,
    /// Ticket classes it concerns; all of them where none is named.
    #[serde(default)]
    pub tickets: Vec<Written<String>>,
    /// Time to read and decide one: its mean, or a table.
    #[serde(default)]
    pub takes: Option<Written<TimeSpec>>,
    /// Whether the clock of the promised solution stands meanwhile.
    #[serde(default)]
    pub stops_clock: Option<Written<bool>>,
}

/// A step that needs somebody else's yes.
#[derive(Clone, PartialEq, Debug)]
pub struct Approval {
    /// Team whose tickets need it.
    pub from: TeamId,
    /// Team that approves.
    pub by: TeamId,
    /// Classes concerned.
    pub classes: Vec<ClassId>,
    /// Probability that a ticket needs it.
    pub p: f64,
    /// Time to read and decide.
    pub takes: Law,
    /// Whether the clock of the promised solution stands meanwhile.
    pub stops_clock: bool,
}

impl ApprovalSpec {
    /// The rule this describes; none where no ticket needs it.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> Option<Approval> {
        let (from, by) = (context.team(&self.from, problems), context.team(&self.by, problems));
        if from.is_some() && from == by {
            problems.push(
                Problem::error("own-approval", "a team cannot approve its own tickets")
                    .at(self.by.span.clone(), "the team that asks")
                    .help("name another team, or leave this approval out"),
            );
        }
        let mean = Length::new(TAKES.value, TimeUnit::Minute);
        let approval = Approval {
            from: from?,
            by: by?,
            classes: context.tickets(&self.tickets, problems),
            p: self.share.value.0,
            takes: handle::compile(self.takes.as_ref(), mean, handle::HANDLE_CV.value, problems),
            stops_clock: self.stops_clock.as_ref().is_some_and(|stops| stops.value),
        };
        (approval.p > 0.0).then_some(approval)
    }
}

impl Approval {
    /// Whether a ticket needs this, the `rule`-th approval of the scenario.
    pub fn is_needed(&self, key: Key, rule: u16) -> bool {
        happens(self.p, &mut key.draw(Purpose::Approval, u64::from(rule) * 2))
    }

    /// Time to read and decide it for that ticket.
    pub fn draw(&self, key: Key, rule: u16) -> SimDuration {
        self.takes.sample(&mut key.draw(Purpose::Approval, u64::from(rule) * 2 + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_larger_share_concerns_the_same_tickets_and_more() {
        let needs = |p: f64| {
            let takes = Law::Constant(SimDuration::from_minutes(4));
            let (from, by) = (TeamId(0), TeamId(1));
            let rule = Approval { from, by, classes: vec![], p, takes, stops_clock: false };
            assert_eq!(rule.draw(Key(1), 3), SimDuration::from_minutes(4));
            (0..4000).map(|i| rule.is_needed(Key(2).nth(i), 3)).collect::<Vec<bool>>()
        };
        let (few, many) = (needs(0.1), needs(0.4));
        assert!(few.iter().zip(&many).all(|(few, many)| !few || *many));
        let share = few.iter().filter(|needed| **needed).count() as f64 / 4000.0;
        assert!((share - 0.1).abs() < 4.0 * (0.09_f64 / 4000.0).sqrt(), "{share}");
    }
}
