//! Reopens: solved tickets that come back, because the answer was none.
//!
//! *In a manager's words*: "one in twenty answers did not help, and after a long wait it is one in
//! ten."
//!
//! *Assumption*: each solution is followed by a reopen with some probability, after a log-normal
//! delay; the probability may be another one where the ticket had waited too long. *Source*: M09
//! of the catalogue; B9.

use super::context::{delay, wall};
use crate::dist::{Law, happens};
use crate::evidence::{Evidence, Grade};
use crate::problem::Problems;
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Brief, Length, Share, TimeUnit, Written};
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
}

/// How solved tickets of a class come back.
#[derive(Clone, PartialEq, Debug)]
pub struct Reopen {
    /// Probability per solution.
    pub p: f64,
    /// Another probability for tickets whose last wait was longer than this.
    pub after_wait: Option<(SimDuration, f64)>,
    /// Time until they come back.
    pub delay: Law,
}

/// The reopens a scenario describes; none where their share is zero.
pub fn compile(spec: &ReopenSpec, problems: &mut Problems) -> Option<Reopen> {
    let full = match spec {
        Brief::Short(share) => {
            ReopenTable { share: Some(Written::unwritten(*share)), ..ReopenTable::default() }
        }
        Brief::Full(full) => full.clone(),
    };
    let p = full.share.as_ref().map_or(SHARE.value, |share| share.value.0);
    let threshold = wall(&full.waited_over, Length::new(0.0, TimeUnit::Hour), problems);
    let after_wait = full.share_after_wait.as_ref().map(|share| (threshold, share.value.0));
    let delay = delay(&full.after, Length::new(AFTER.value, TimeUnit::Day), 1.0);
    (p > 0.0 || after_wait.is_some()).then_some(Reopen { p, after_wait, delay })
}

impl Reopen {
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
            p: 0.0,
            after_wait: Some((SimDuration::from_days(2), 1.0)),
            delay: Law::Constant(SimDuration::from_days(1)),
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
            let reopen = Reopen { p, after_wait: None, delay: Law::Constant(SimDuration::ZERO) };
            (0..1000)
                .map(|i| reopen.comes_back(Key(9).nth(i), 0, SimDuration::ZERO, 1.0).is_some())
                .collect::<Vec<_>>()
        };
        let (low, high) = (at(0.05), at(0.12));
        assert!(low.iter().zip(&high).all(|(low, high)| !low || *high));
    }
}
