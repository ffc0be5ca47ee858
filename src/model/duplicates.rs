//! Duplicates: a waiting customer opens a second ticket for the same need, perhaps elsewhere.
//!
//! *In a manager's words*: "she wrote twice, then phoned, and three of us answered."
//!
//! *Assumption*: a share of chasers arrives as a new ticket, some of them through another channel.
//! When an agent takes it, a share is recognised and merged at a small cost; the rest is worked on
//! in full as if it were new. *Source*: M06 of the catalogue; B6.

use super::context::{Context, wall};
use crate::dist::happens;
use crate::evidence::{Evidence, Grade};
use crate::ids::ClassId;
use crate::problem::Problems;
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Length, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Share of chasers that open a second ticket.
pub const SHARE: Evidence = Evidence {
    key: "tickets.*.duplicates.share",
    value: 0.08,
    unit: "share",
    range: (0.02, 0.40),
    grade: Grade::C,
    source: "duplicate tickets 10-15 % in access cases, 25-40 % in incidents (supportbench.com)",
};

/// Share of duplicates that an agent recognises.
pub const MERGE: Evidence = Evidence {
    key: "tickets.*.duplicates.merge",
    value: 0.7,
    unit: "share",
    range: (0.3, 1.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Time to recognise and merge one.
pub const MERGE_HANDLE: Evidence = Evidence {
    key: "tickets.*.duplicates.merge_handle",
    value: 3.0,
    unit: "min",
    range: (2.0, 5.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Duplicates as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DuplicatesSpec {
    /// Share of chasers that open a second ticket.
    pub share: Option<Written<Share>>,
    /// Share of duplicates that an agent recognises and merges.
    pub merge: Option<Written<Share>>,
    /// Time to recognise and merge one.
    pub merge_handle: Option<Written<Length>>,
    /// Ticket class that a duplicate becomes where the customer changes the channel.
    pub switch_to: Option<Written<String>>,
    /// Share of duplicates that change the channel.
    pub switch: Option<Written<Share>>,
    /// Whether customers chase their duplicates too.
    pub chased: Option<Written<bool>>,
}

/// How customers of a class open second tickets.
#[derive(Clone, PartialEq, Debug)]
pub struct Duplicates {
    /// Probability that a chaser is a new ticket.
    pub p_opens: f64,
    /// Probability that it is recognised.
    pub p_merge: f64,
    /// Time to merge it.
    pub merge_handle: SimDuration,
    /// Class it becomes with a probability.
    pub switch: Option<(ClassId, f64)>,
    /// Whether customers chase their duplicates too.
    pub chased: bool,
}

impl DuplicatesSpec {
    /// The duplicates this describes; none where their share is zero.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> Option<Duplicates> {
        let share = |written: &Option<Written<Share>>, default: f64| {
            written.as_ref().map_or(default, |share| share.value.0)
        };
        let to = self.switch_to.as_ref().and_then(|name| context.ticket(name, problems));
        let duplicates = Duplicates {
            p_opens: share(&self.share, SHARE.value),
            p_merge: share(&self.merge, MERGE.value),
            merge_handle: wall(
                &self.merge_handle,
                Length::new(MERGE_HANDLE.value, TimeUnit::Minute),
                problems,
            ),
            switch: to.map(|class| (class, share(&self.switch, 1.0))),
            chased: self.chased.as_ref().is_some_and(|chased| chased.value),
        };
        (duplicates.p_opens > 0.0).then_some(duplicates)
    }
}

impl Duplicates {
    /// Whether a ticket's `n`-th chaser opens a second ticket.
    pub fn opens(&self, key: Key, n: u16) -> bool {
        happens(self.p_opens, &mut key.draw(Purpose::Duplicate, u64::from(n)))
    }

    /// The class of a duplicate with that key.
    pub fn class(&self, own: ClassId, duplicate: Key) -> ClassId {
        match self.switch {
            Some((to, p)) if happens(p, &mut duplicate.draw(Purpose::Duplicate, u64::MAX)) => to,
            _ => own,
        }
    }

    /// Whether the agent who takes a duplicate with that key recognises it.
    pub fn recognised(&self, duplicate: Key) -> bool {
        happens(self.p_merge, &mut duplicate.draw(Purpose::Duplicate, u64::MAX - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_at_their_ends_are_certain() {
        let sure = Duplicates {
            p_opens: 1.0,
            p_merge: 0.0,
            merge_handle: SimDuration::ZERO,
            switch: Some((ClassId(3), 1.0)),
            chased: false,
        };
        for n in 0..100 {
            assert!(sure.opens(Key(1), n));
            assert!(!sure.recognised(Key(n.into())));
            assert_eq!(sure.class(ClassId(0), Key(n.into())), ClassId(3));
        }
    }
}
