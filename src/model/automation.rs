//! Self-service and bots: contacts that never reach an agent, and those that come back.
//!
//! *In a manager's words*: "the bot tries six in ten, calls half of them resolved, and some of those
//! write again the next day, angrier."
//!
//! *Assumption*: attempt = share of contacts the bot tries; resolves = share of attempts it calls
//! resolved; returns = share of those that come back, later and harder. Easy contacts are resolved
//! first, so what is left takes longer: mean left = (mean - d x easy mean) / (1 - d), with d the
//! share resolved. *Source*: M26 of the catalogue; B15, P5.

use super::context::{Context, delay};
use crate::dist::{Law, happens};
use crate::evidence::{Evidence, Grade};
use crate::ids::ClassId;
use crate::problem::Problems;
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Factor, Length, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Share of contacts the bot tries.
pub const ATTEMPT: Evidence = Evidence {
    key: "automation.*.attempt",
    value: 0.6,
    unit: "share",
    range: (0.2, 1.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Share of attempts the bot calls resolved.
pub const RESOLVES: Evidence = Evidence {
    key: "automation.*.resolves",
    value: 0.30,
    unit: "share",
    range: (0.10, 0.65),
    grade: Grade::C,
    source: "44.8 % of chats, 38-98 % by industry (Comm100); 20-35 % at first, 40-65 % after six months",
};

/// Share of resolved contacts that come back.
pub const RETURNS: Evidence = Evidence {
    key: "automation.*.returns.share",
    value: 0.15,
    unit: "share",
    range: (0.10, 0.20),
    grade: Grade::B,
    source: "containment 40-60 % minus 10-20 % who return (turnella.com)",
};

/// Handle time of an easy contact, relative to the average one.
pub const EASY: Evidence = Evidence {
    key: "automation.*.easy",
    value: 0.5,
    unit: "share",
    range: (0.3, 1.0),
    grade: Grade::B,
    source: "worked example: contacts of 3 min deflected from a mean of 6 (turnella.com, Seldon Solutions)",
};

/// How much longer a returned contact takes.
pub const HARDER: Evidence = Evidence {
    key: "automation.*.returns.handle",
    value: 1.2,
    unit: "factor",
    range: (1.0, 1.5),
    grade: Grade::J,
    source: "our judgement",
};

/// A bot, portal or help page as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AutomationSpec {
    /// Ticket classes it stands in front of; all of them where none is named.
    pub tickets: Vec<Written<String>>,
    /// Share of contacts it tries.
    pub attempt: Option<Written<Share>>,
    /// Share of attempts it calls resolved (containment).
    pub resolves: Option<Written<Share>>,
    /// Mean time a contact spends with it.
    pub takes: Option<Written<Length>>,
    /// Handle time of the contacts it resolves, relative to the average contact.
    pub easy: Option<Written<Share>>,
    /// Those it called resolved that come back.
    pub returns: Option<ReturnsSpec>,
}

/// Contacts that come back after a bot called them resolved.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReturnsSpec {
    /// Share that comes back.
    pub share: Option<Written<Share>>,
    /// Mean time until they do.
    pub after: Option<Written<Length>>,
    /// How much longer they then take.
    pub handle: Option<Written<Factor>>,
}

/// A bot in front of one or more classes.
#[derive(Clone, PartialEq, Debug)]
pub struct Automation {
    /// What the planner calls it.
    pub name: String,
    /// The classes it stands in front of.
    pub classes: Vec<ClassId>,
    /// Probability that it tries a contact.
    pub p_attempt: f64,
    /// Probability that it calls an attempt resolved.
    pub p_resolves: f64,
    /// Time a contact spends with it before an agent may have it.
    pub takes: Law,
    /// Probability that a resolved contact comes back.
    pub p_returns: f64,
    /// Time until it does.
    pub returns_after: Law,
    /// Factor on the handle time of those that come back.
    pub harder: f64,
    /// Factor on the handle time of those it did not resolve.
    pub residual: f64,
}

/// How a contact fares with a bot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meeting {
    /// It goes straight to the agents.
    Skipped,
    /// It goes to the agents after this time.
    HandedOver(SimDuration),
    /// It is called resolved, and stays so.
    Contained,
    /// It is called resolved, and comes back after this time.
    Returns(SimDuration),
}

impl AutomationSpec {
    /// The bot this describes; none where it resolves nothing and takes no time.
    pub fn compile(
        &self,
        name: &str,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Option<Automation> {
        let share = |written: &Option<Written<Share>>, default: Evidence| {
            written.as_ref().map_or(default.value, |share| share.value.0)
        };
        let returns = self.returns.clone().unwrap_or_default();
        let p_attempt = share(&self.attempt, ATTEMPT);
        let p_resolves = share(&self.resolves, RESOLVES);
        let automation = Automation {
            name: name.to_string(),
            classes: context.tickets(&self.tickets, problems),
            p_attempt,
            p_resolves,
            takes: delay(&self.takes, Length::new(2.0, TimeUnit::Minute), 1.0),
            p_returns: share(&returns.share, RETURNS),
            returns_after: delay(&returns.after, Length::new(1.0, TimeUnit::Day), 1.0),
            harder: returns.handle.as_ref().map_or(HARDER.value, |factor| factor.value.0),
            residual: residual(p_attempt * p_resolves, share(&self.easy, EASY)),
        };
        (p_attempt > 0.0).then_some(automation)
    }
}

/// Mean handle time of the contacts left, relative to all, when a share `deflected` of them with a
/// relative handle time `easy` is taken out.
pub fn residual(deflected: f64, easy: f64) -> f64 {
    if deflected >= 1.0 { 1.0 } else { (1.0 - deflected * easy) / (1.0 - deflected) }
}

impl Automation {
    /// How a contact with that key fares.
    pub fn meet(&self, key: Key) -> Meeting {
        let mut chance = key.draw(Purpose::Automation, 0);
        if !happens(self.p_attempt, &mut chance) {
            return Meeting::Skipped;
        }
        if !happens(self.p_resolves, &mut chance) {
            return Meeting::HandedOver(self.takes.sample(&mut chance));
        }
        if !happens(self.p_returns, &mut chance) {
            return Meeting::Contained;
        }
        Meeting::Returns(self.returns_after.sample(&mut chance))
    }

    /// Share of contacts that never reach an agent: attempt x resolves x (1 - returns).
    pub fn net_deflection(&self) -> f64 {
        self.p_attempt * self.p_resolves * (1.0 - self.p_returns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taking_the_easy_ones_leaves_harder_ones() {
        // The worked example of the source: 20 % of 3 min out of a mean of 6 leaves 6.75.
        assert!((residual(0.2, 0.5) * 6.0 - 6.75).abs() < 1e-12);
        assert_eq!(residual(0.0, 0.5), 1.0);
    }

    #[test]
    fn three_shares_make_the_net_deflection() {
        let law = Law::Constant(SimDuration::from_minutes(1));
        let bot = Automation {
            name: "bot".into(),
            classes: vec![],
            p_attempt: 0.6,
            p_resolves: 0.45,
            takes: law.clone(),
            p_returns: 0.15,
            returns_after: law,
            harder: 1.0,
            residual: 1.0,
        };
        let n = 100_000;
        let contained = (0..n).filter(|i| bot.meet(Key(5).nth(*i)) == Meeting::Contained).count();
        let p = bot.net_deflection();
        assert!((p - 0.2295).abs() < 1e-12);
        let standard_error = (p * (1.0 - p) / n as f64).sqrt();
        assert!((contained as f64 / n as f64 - p).abs() < 4.0 * standard_error);
    }
}
