//! Reopens: solved tickets that come back, because the answer was none.
//!
//! *In a manager's words*: "one in twenty answers did not help, after a long wait it is one in ten,
//! and what has been sent from team to team comes back half as often again."
//!
//! *Assumption*: each solution is followed by a reopen with some probability, after a log-normal
//! delay; the probability may be another one where the ticket had waited too long, and is multiplied
//! where it had landed with a wrong team and been passed on. *Source*: M09 and M12 of the catalogue;
//! B9. How much oftener misrouted tickets come back is nowhere published: no factor unless written.

use super::context::{delay, wall};
use crate::dist::{Law, happens};
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problems, Span};
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Brief, Factor, Length, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Share of solutions that are followed by a reopen.
pub const SHARE: Evidence = Evidence {
    key: "tickets.*.reopen.share",
    value: 0.05,
    unit: "share",
    range: (0.03, 0.15),
    grade: Grade::C,
    source: "average 3.1 % of 260 firms (PowerMetrics, Endsight 2022); below 5 % healthy, over 8 % systemic",
};

/// Mean time until a customer reopens.
pub const AFTER: Evidence = Evidence {
    key: "tickets.*.reopen.after",
    value: 1.0,
    unit: "d",
    range: (0.1, 7.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Reopens as written: a share, or a table.
pub type ReopenSpec = Brief<Share, ReopenTable>;

/// Reopens written in full.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReopenTable {
    /// Share of solutions that are followed by a reopen.
    pub share: Option<Written<Share>>,
    /// Mean time until the customer reopens.
    pub after: Option<Written<Length>>,
    /// The share for tickets that waited longer than `waited_over`.
    pub share_after_wait: Option<Written<Share>>,
    /// A wait from which that other share holds.
    pub waited_over: Option<Written<Length>>,
    /// How much oftener tickets come back that triage had sent to a wrong team: 1.5 or "+50%".
    pub after_misroute: Option<Written<Factor>>,
}

/// How solved tickets of a class come back.
#[derive(Clone, PartialEq, Debug)]
pub struct Reopen {
    /// Probability per solution.
    pub p: f64,
    /// Another probability for tickets whose last wait was longer than this.
    pub after_wait: Option<(SimDuration, f64)>,
    /// Factor on it for tickets that have been passed on by a wrong team.
    pub after_misroute: f64,
    /// Time until they come back.
    pub delay: Law,
}

/// The reopens a scenario describes; none where their share is zero.
pub fn compile(spec: &ReopenSpec, problems: &mut Problems) -> Option<Reopen> {
    let full = ReopenTable::of(spec);
    let p = full.share.as_ref().map_or(SHARE.value, |share| share.value.0);
    let threshold = wall(&full.waited_over, Length::new(0.0, TimeUnit::Hour), problems);
    let after_wait = full.share_after_wait.as_ref().map(|share| (threshold, share.value.0));
    let delay = delay(&full.after, Length::new(AFTER.value, TimeUnit::Day), 1.0);
    let after_misroute = full.after_misroute.as_ref().map_or(1.0, |factor| factor.value.0);
    (p > 0.0 || after_wait.is_some()).then_some(Reopen { p, after_wait, after_misroute, delay })
}

impl ReopenTable {
    /// The reopens of a table, or of a share alone.
    fn of(spec: &ReopenSpec) -> ReopenTable {
        match spec {
            Brief::Short(share) => {
                ReopenTable { share: Some(Written::unwritten(*share)), ..ReopenTable::default() }
            }
            Brief::Full(full) => full.clone(),
        }
    }
}

/// Where it is written that misrouted tickets come back oftener or more rarely.
pub fn misroute_span(spec: &ReopenSpec) -> Option<Span> {
    let factor = ReopenTable::of(spec).after_misroute?;
    (factor.value.0 != 1.0).then_some(factor.span)
}

impl Reopen {
    /// Reopens with that probability, whatever became of a ticket before.
    pub fn new(p: f64, delay: Law) -> Reopen {
        Reopen { p, after_wait: None, after_misroute: 1.0, delay }
    }

    /// Share of a class's solutions that is followed by a reopen where such a share of its tickets
    /// is misrouted, however long they waited.
    pub fn expected(&self, misrouted: f64) -> f64 {
        let then = (self.p * self.after_misroute).min(1.0);
        self.p + misrouted * (then - self.p)
    }

    /// When a ticket comes back after its `solution`-th solution (0 for the first), if at all.
    /// `wait` is how long it last waited for an agent; `factor` multiplies the share, by who solved
    /// it and how.
    pub fn comes_back(
        &self,
        key: Key,
        solution: u16,
        wait: SimDuration,
        factor: f64,
    ) -> Option<SimDuration> {
        let p = match self.after_wait {
            Some((threshold, p)) if wait > threshold => p,
            _ => self.p,
        } * factor;
        if p == 0.0 {
            return None;
        }
        let mut chance = key.draw(Purpose::Reopen, u64::from(solution));
        happens(p, &mut chance).then(|| self.delay.sample(&mut chance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_wait_changes_the_share() {
        let never = Reopen {
            after_wait: Some((SimDuration::from_days(2), 1.0)),
            ..Reopen::new(0.0, Law::Constant(SimDuration::from_days(1)))
        };
        assert_eq!(never.comes_back(Key(1), 0, SimDuration::from_days(2), 1.0), None);
        assert_eq!(
            never.comes_back(Key(1), 0, SimDuration::from_days(3), 1.0),
            Some(SimDuration::from_days(1))
        );
    }

    #[test]
    fn a_larger_share_reopens_the_same_tickets_and_more() {
        // The same uniform draw is compared with the share: common random numbers.
        let at = |p: f64| {
            let reopen = Reopen::new(p, Law::Constant(SimDuration::ZERO));
            (0..1000)
                .map(|i| reopen.comes_back(Key(9).nth(i), 0, SimDuration::ZERO, 1.0).is_some())
                .collect::<Vec<_>>()
        };
        let (low, high) = (at(0.05), at(0.12));
        assert!(low.iter().zip(&high).all(|(low, high)| !low || *high));
    }

    #[test]
    fn misrouted_tickets_come_back_oftener_by_hand() {
        let table: ReopenTable =
            toml::from_str("share = \"20%\"\nafter_misroute = \"+50%\"").unwrap();
        let mut problems = Problems::default();
        let reopen = compile(&Brief::Full(table), &mut problems).unwrap();
        assert_eq!(reopen.after_misroute, 1.5);
        // A quarter of the tickets is misrouted: 3/4 x 20 % + 1/4 x 30 %.
        assert!((reopen.expected(0.25) - 0.225).abs() < 1e-12);
        // Nothing comes back oftener than always: 1/2 x 20 % + 1/2 x 100 %.
        let always = Reopen { after_misroute: 9.0, ..reopen };
        assert!((always.expected(0.5) - 0.6).abs() < 1e-12);
    }
}
