//! Escalation: tickets that move up, because of what a touch found or because they waited.
//!
//! *In a manager's words*: "a fifth of what the front line touches needs a specialist, and whatever
//! has waited two days goes to the team lead."
//!
//! *Assumption*: after each touch a ticket escalates with a given share, independently of its
//! past; a ticket that has waited longer than a limit moves without a touch. The way to the next
//! team may take time. *Source*: M11 of the catalogue; B10.

use super::context::Context;
use super::procedure::UnclearSpec;
use crate::dist::Law;
use crate::ids::{CalendarId, ClassId, TeamId};
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Length, Share, Written};
use rand::RngExt;
use schemars::JsonSchema;
use serde::Deserialize;

/// An escalation rule as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationSpec {
    /// Team the tickets leave.
    pub from: Written<String>,
    /// Team they go to.
    pub to: Written<String>,
    /// Ticket classes it concerns; all of them where none is named.
    #[serde(default)]
    pub tickets: Vec<Written<String>>,
    /// Share of touches after which a ticket moves on.
    #[serde(default)]
    pub after_touch: Option<Written<Share>>,
    /// Waiting time after which a ticket moves on without a touch.
    #[serde(default)]
    pub waiting_over: Option<Written<Length>>,
    /// Calendar on which `waiting_over` counts business time.
    #[serde(default)]
    pub hours: Option<Written<String>>,
    /// Mean time on the way, when a hand-over is slow.
    #[serde(default)]
    pub delay: Option<Written<Length>>,
    /// Whether the ticket becomes one step more urgent.
    #[serde(default)]
    pub raises_priority: Option<Written<bool>>,
    /// Share of these escalations that go as they should.
    #[serde(default)]
    pub clarity: Option<Written<Share>>,
    /// What comes of the others.
    #[serde(default)]
    pub unclear: Option<UnclearSpec>,
}

/// Where a ticket may go, and how.
#[derive(Clone, PartialEq, Debug)]
pub struct Route {
    /// The team.
    pub to: TeamId,
    /// Time on the way.
    pub delay: Option<Law>,
    /// Whether it becomes one step more urgent.
    pub raises_priority: bool,
}

/// The escalations of one class at one team.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Escalations {
    /// After a touch: (probability of this route or an earlier one, route).
    pub after_touch: Vec<(f64, Route)>,
    /// While waiting.
    pub waiting: Option<Waiting>,
}

/// A move without a touch, of tickets that waited too long.
#[derive(Clone, PartialEq, Debug)]
pub struct Waiting {
    /// How long is too long.
    pub over: SimDuration,
    /// Calendar on which that counts, or the wall clock.
    pub hours: Option<CalendarId>,
    /// Where to.
    pub route: Route,
}

/// A rule with its names resolved.
#[derive(Clone, PartialEq, Debug)]
pub struct Rule {
    /// Team left.
    pub from: TeamId,
    /// Classes concerned.
    pub classes: Vec<ClassId>,
    /// Share after a touch.
    pub after_touch: f64,
    /// Limit while waiting, and the calendar it counts on.
    pub waiting: Option<(SimDuration, Option<CalendarId>)>,
    /// Where to.
    pub route: Route,
}

impl EscalationSpec {
    /// The rule this describes.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> Option<Rule> {
        let from = context.team(&self.from, problems);
        let to = context.team(&self.to, problems);
        let classes = context.tickets(&self.tickets, problems);
        if self.after_touch.is_none() && self.waiting_over.is_none() {
            problems.push(
                Problem::error("empty-escalation", "this escalation never happens")
                    .at(self.from.span.clone(), "from this team")
                    .help("add after_touch = \"20%\" or waiting_over = \"2 d\""),
            );
        }
        let hours = self.hours.as_ref().and_then(|name| context.calendar(name, problems));
        let limit = self.waiting_over.as_ref();
        let waiting = limit.map(|limit| context.span(limit, hours, "to this escalation", problems));
        if from.is_some() && from == to && waiting.is_some() {
            problems.push(
                Problem::error(
                    "escalation-loop",
                    "a ticket cannot move to its own team for waiting too long",
                )
                .at(self.to.span.clone(), "the team it leaves"),
            );
        }
        let changes =
            self.delay.is_some() || self.raises_priority.as_ref().is_some_and(|r| r.value);
        if from.is_some() && from == to && waiting.is_none() && !changes {
            problems.push(
                Problem::warning(
                    "escalation-to-itself",
                    "these tickets are escalated to the team that has them",
                )
                .at(self.to.span.clone(), "the team they leave")
                .help("each only waits for one more touch there; name another team in `to`"),
            );
        }
        let delay = self.delay.as_ref().map(|mean| Law::log_normal(mean.value.wall(), 1.0));
        Some(Rule {
            from: from?,
            classes,
            after_touch: self.after_touch.as_ref().map_or(0.0, |share| share.value.0),
            waiting: waiting.map(|over| (over, hours)),
            route: Route {
                to: to?,
                delay,
                raises_priority: self.raises_priority.as_ref().is_some_and(|raises| raises.value),
            },
        })
    }
}

impl Escalations {
    /// Adds a rule; shares after a touch exclude each other.
    pub fn add(&mut self, rule: &Rule) {
        if rule.after_touch > 0.0 {
            let before = self.after_touch.last().map_or(0.0, |(p, _)| *p);
            self.after_touch.push((before + rule.after_touch, rule.route.clone()));
        }
        if let Some((over, hours)) = rule.waiting {
            self.waiting = Some(Waiting { over, hours, route: rule.route.clone() });
        }
    }

    /// Probability that a touch escalates at all.
    pub fn p_after_touch(&self) -> f64 {
        self.after_touch.last().map_or(0.0, |(p, _)| *p)
    }

    /// Where a ticket goes after its `touch`-th touch, if anywhere; `factor` multiplies the shares.
    #[inline]
    pub fn after_touch(&self, key: Key, touch: u16, factor: f64) -> Option<&Route> {
        if self.after_touch.is_empty() {
            return None;
        }
        let u: f64 = key.draw(Purpose::Escalate, u64::from(touch)).random();
        self.after_touch.iter().find(|(p, _)| u < *p * factor).map(|(_, route)| route)
    }
}

impl Route {
    /// Time on the way for a ticket after its `touch`-th touch.
    pub fn way(&self, key: Key, touch: u16) -> SimDuration {
        let delay = self.delay.as_ref();
        delay.map_or(SimDuration::ZERO, |law| {
            law.sample(&mut key.draw(Purpose::Transfer, u64::from(touch)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(to: u16, share: f64) -> Rule {
        let route = Route { to: TeamId(to), delay: None, raises_priority: false };
        Rule { from: TeamId(0), classes: vec![], after_touch: share, waiting: None, route }
    }

    #[test]
    fn routes_exclude_each_other_and_keep_their_shares() {
        let mut escalations = Escalations::default();
        escalations.add(&rule(1, 0.2));
        escalations.add(&rule(2, 0.1));
        assert!((escalations.p_after_touch() - 0.3).abs() < 1e-12);
        let n = 60_000;
        let count = |team| {
            let went = |i| {
                escalations.after_touch(Key(4).nth(i), 0, 1.0).is_some_and(|r| r.to == TeamId(team))
            };
            (0..n).filter(|i| went(*i)).count() as f64
        };
        for (team, p) in [(1, 0.2), (2, 0.1)] {
            let standard_error = (p * (1.0 - p) / n as f64).sqrt();
            assert!((count(team) / n as f64 - p).abs() < 4.0 * standard_error);
        }
    }
}
