//! Root causes: tickets that stem from a recurring problem, until it is found and mended.
//!
//! *In a manager's words*: "one mail in five is about the same broken form; once somebody had
//! counted them, it was mended in three weeks, and they never came again."
//!
//! *Assumption*: a share of the contacts of a class stems from a cause, by the contact's own mark.
//! The cause is detected once so many of them have come since the start of the run; where the
//! backlog is analysed at intervals, the first analysis after fewer of them finds it. A fixed time
//! later it is mended: from then on those contacts do not come. *Source*: M31 of the catalogue;
//! article 3 ("analyse problem patterns periodically; fix the product").

use super::context::{Context, wall};
use super::money::Cost;
use crate::evidence::{Evidence, Grade};
use crate::ids::ClassId;
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Length, Share, TimeUnit, Written};
use rand::RngExt;
use schemars::JsonSchema;
use serde::Deserialize;

/// Share of the contacts that stem from a cause.
pub const SHARE: Evidence = Evidence {
    key: "problems.share",
    value: 0.15,
    unit: "share",
    range: (0.05, 0.40),
    grade: Grade::J,
    source: "our judgement",
};

/// Contacts after which agents see that they are all about the same.
pub const DETECTED_AFTER: Evidence = Evidence {
    key: "problems.detected_after",
    value: 200.0,
    unit: "contacts",
    range: (20.0, 1000.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Contacts after which an analysis sees it.
pub const ANALYSIS_FINDS: Evidence = Evidence {
    key: "problems.analysis_finds",
    value: 30.0,
    unit: "contacts",
    range: (5.0, 200.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Time to mend what was detected.
pub const MENDED_AFTER: Evidence = Evidence {
    key: "problems.mended_after",
    value: 3.0,
    unit: "weeks",
    range: (0.5, 12.0),
    grade: Grade::J,
    source: "our judgement",
};

/// A recurring problem as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProblemSpec {
    /// What it is called.
    pub name: Option<Written<String>>,
    /// Ticket classes it brings contacts of; all of them where none is named.
    pub tickets: Vec<Written<String>>,
    /// Share of their contacts that stem from it.
    pub share: Option<Written<Share>>,
    /// Contacts after which agents see the problem by themselves.
    pub detected_after: Option<Written<u32>>,
    /// Time between analyses of the backlog; there are none where nothing is written.
    pub analysis_every: Option<Written<Length>>,
    /// Contacts after which an analysis finds the problem.
    pub analysis_finds: Option<Written<u32>>,
    /// Time from finding to mending it.
    pub mended_after: Option<Written<Length>>,
    /// What mending it costs, once.
    pub cost: Option<Written<Amount>>,
}

/// A recurring problem.
#[derive(Clone, PartialEq, Debug)]
pub struct RootCause {
    /// What the planner calls it.
    pub name: String,
    /// The classes it brings contacts of.
    pub classes: Vec<ClassId>,
    /// Share of their contacts that stem from it.
    pub p_share: f64,
    /// Contacts after which agents see it.
    pub detected_after: u32,
    /// Time between analyses, and contacts after which one finds it.
    pub analysis: Option<(SimDuration, u32)>,
    /// Time from finding to mending it.
    pub mended_after: SimDuration,
}

impl ProblemSpec {
    /// The problem this describes, and what mending it costs.
    pub fn compile(
        &self,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> (RootCause, Option<Cost>) {
        let count = |written: &Option<Written<u32>>, default: Evidence| {
            written.as_ref().map_or(default.value as u32, |count| count.value).max(1)
        };
        let every = self.analysis_every.as_ref().map(|every| {
            let span = wall(&self.analysis_every, every.value, problems);
            if span <= SimDuration::ZERO {
                problems.push(
                    Problem::error("zero-time", "analyses come at longer intervals than no time")
                        .at(every.span.clone(), "here"),
                );
            }
            span.max(SimDuration::from_minutes(1))
        });
        let usual = Length::new(MENDED_AFTER.value, TimeUnit::Week);
        let cause = RootCause {
            name: self.name.as_ref().map_or("problem", |name| &name.value).to_string(),
            classes: context.tickets(&self.tickets, problems),
            p_share: self.share.as_ref().map_or(SHARE.value, |share| share.value.0),
            detected_after: count(&self.detected_after, DETECTED_AFTER),
            analysis: every.map(|every| (every, count(&self.analysis_finds, ANALYSIS_FINDS))),
            mended_after: wall(&self.mended_after, usual, problems),
        };
        let cost =
            self.cost.clone().map(|amount| Cost { at: SimTime::ZERO, amount, is_tool: false });
        (cause, cost)
    }
}

/// An error for each class of which more than everything stems from problems.
pub fn check(
    specs: &[ProblemSpec],
    causes: &[RootCause],
    context: &Context<'_>,
    problems: &mut Problems,
) {
    for (index, name) in context.tickets.iter().enumerate() {
        let mut sum = 0.0;
        for (cause, spec) in causes.iter().zip(specs) {
            if !cause.classes.contains(&ClassId::new(index)) {
                continue;
            }
            sum += cause.p_share;
            if sum > 1.0 + 1e-9 {
                let span = spec.share.as_ref().map_or(0..0, |share| share.span.clone());
                problems.push(
                    Problem::error(
                        "shares-sum",
                        format!("more than 100 % of `{name}` contacts stem from problems"),
                    )
                    .at(span, "with this share"),
                );
                break;
            }
        }
    }
}

/// Which problem a contact stems from, if any: `shares` holds the numbers of the problems of its
/// class, each with the share that stems from it or an earlier one.
pub fn stems_from(shares: &[(f64, u16)], key: Key) -> Option<u16> {
    let u: f64 = key.draw(Purpose::RootCause, 0).random();
    shares.iter().find(|(p_up_to, _)| u < *p_up_to).map(|(_, number)| *number)
}

impl RootCause {
    /// When it will be mended, where it is this contact, the `seen`-th, that shows the problem to
    /// agents or to the next analysis.
    pub fn mended_at(&self, seen: u32, now: SimTime) -> Option<SimTime> {
        if seen == self.detected_after {
            return Some(now.saturating_add(self.mended_after));
        }
        let (every, _) = self.analysis.filter(|(_, finds)| *finds == seen)?;
        let (every, since) = (every.micros(), (now - SimTime::ZERO).micros());
        let next =
            SimTime::from_micros(since.div_euclid(every).saturating_add(1).saturating_mul(every));
        Some(next.saturating_add(self.mended_after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_see_it_late_and_an_analysis_early() {
        let day = SimDuration::from_days;
        let cause = RootCause {
            name: "form".into(),
            classes: vec![],
            p_share: 0.2,
            detected_after: 100,
            analysis: Some((day(7), 10)),
            mended_after: day(20),
        };
        let at = |seen, hours| cause.mended_at(seen, SimTime::from_hours(hours));
        assert_eq!(at(9, 50.0), None);
        // The analysis of day 7, and 20 days.
        assert_eq!(at(10, 50.0), Some(SimTime::from_hours(27.0 * 24.0)));
        assert_eq!(at(11, 51.0), None);
        assert_eq!(at(100, 24.0), Some(SimTime::from_hours(21.0 * 24.0)));
        let blind = RootCause { analysis: None, ..cause };
        assert_eq!(blind.mended_at(10, SimTime::from_hours(50.0)), None);
    }

    #[test]
    fn each_problem_has_its_share() {
        let shares = [(0.2, 1), (0.5, 0)];
        let n = 20_000;
        let of = |which: Option<u16>| {
            (0..n).filter(|i| stems_from(&shares, Key(9).nth(*i)) == which).count() as f64
        };
        for (which, p) in [(Some(1), 0.2), (Some(0), 0.3), (None, 0.5)] {
            let share = of(which) / n as f64;
            assert!((share - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt(), "{share}");
        }
    }
}
