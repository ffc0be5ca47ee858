//! Bulk replies: one answer for many tickets at once.
//!
//! *In a manager's words*: "everybody who asks where the parcel is gets the same mail, and we close
//! the lot."
//!
//! *Assumption*: at its time it solves the oldest waiting tickets of its classes, up to a number or
//! share; a share of those customers reopens. *Source*: M27 of the catalogue; article 0
//! ("one response fits all").

use super::context::{Context, delay};
use crate::dist::{Law, happens};
use crate::evidence::{Evidence, Grade};
use crate::ids::ClassId;
use crate::problem::Problems;
use crate::rng::{Key, Purpose};
use crate::time::{SimDuration, SimTime};
use crate::written::{Length, Moment, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Share of bulk answers after which the customer writes again.
pub const REOPEN: Evidence = Evidence {
    key: "bulk_replies.reopen",
    value: 0.20,
    unit: "share",
    range: (0.12, 0.40),
    grade: Grade::J,
    source: "our judgement; symptom-only solutions reopen in 12-15 % of cases (altorlab.com)",
};

/// Mean time until those write again whom it did not help.
pub const AFTER: Evidence = Evidence {
    key: "bulk_replies.after",
    value: 1.0,
    unit: "d",
    range: (0.1, 7.0),
    grade: Grade::J,
    source: "our judgement",
};

/// A bulk reply as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkReplySpec {
    /// When it is sent.
    #[serde(default)]
    pub at: Option<Written<Moment>>,
    /// Ticket classes it answers.
    #[serde(default)]
    pub tickets: Vec<Written<String>>,
    /// Share of the waiting tickets of these classes that it fits.
    #[serde(default)]
    pub fits: Option<Written<Share>>,
    /// Share of those customers who write again.
    #[serde(default)]
    pub reopen: Option<Written<Share>>,
    /// Mean time until they do.
    #[serde(default)]
    pub after: Option<Written<Length>>,
}

/// An answer sent to many tickets at once.
#[derive(Clone, PartialEq, Debug)]
pub struct BulkReply {
    /// When.
    pub at: SimTime,
    /// To tickets of these classes.
    pub classes: Vec<ClassId>,
    /// Probability that it fits a ticket.
    pub p_fits: f64,
    /// Probability that its customer writes again.
    pub p_reopen: f64,
    /// Time until then.
    pub after: Law,
}

impl BulkReplySpec {
    /// The bulk reply this describes, sent at that time.
    pub fn compile(
        &self,
        at: SimTime,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> BulkReply {
        BulkReply {
            at,
            classes: context.tickets(&self.tickets, problems),
            p_fits: self.fits.as_ref().map_or(1.0, |share| share.value.0),
            p_reopen: self.reopen.as_ref().map_or(REOPEN.value, |share| share.value.0),
            after: delay(&self.after, Length::new(AFTER.value, TimeUnit::Day), 1.0),
        }
    }
}

impl BulkReply {
    /// Whether it fits a ticket, as the `index`-th of the run.
    pub fn fits(&self, key: Key, index: u16) -> bool {
        happens(self.p_fits, &mut key.draw(Purpose::Bulk, u64::from(index) * 2))
    }

    /// When a customer it was sent to writes again, if at all.
    pub fn comes_back(&self, key: Key, index: u16) -> Option<SimDuration> {
        let mut chance = key.draw(Purpose::Bulk, u64::from(index) * 2 + 1);
        happens(self.p_reopen, &mut chance).then(|| self.after.sample(&mut chance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fits_and_fails_by_its_shares() {
        let bulk = BulkReply {
            at: SimTime::ZERO,
            classes: vec![],
            p_fits: 0.5,
            p_reopen: 0.2,
            after: Law::Constant(SimDuration::from_days(1)),
        };
        let n = 20_000;
        let fits = (0..n).filter(|i| bulk.fits(Key(1).nth(*i), 0)).count() as f64 / n as f64;
        let back = (0..n).filter(|i| bulk.comes_back(Key(1).nth(*i), 0).is_some()).count() as f64
            / n as f64;
        assert!((fits - 0.5).abs() < 4.0 * (0.25 / n as f64).sqrt());
        assert!((back - 0.2).abs() < 4.0 * (0.16 / n as f64).sqrt());
    }
}
