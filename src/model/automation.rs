//! Self-service and bots: contacts that never reach an agent, and those that come back.
//!
//! *In a manager's words*: "the bot tries six in ten, calls half of them resolved, and some of those
//! write again the next day, angrier."
//!
//! *Assumption*: attempt = share of contacts the bot tries, at any hour; resolves = share of attempts
//! it calls resolved; returns = share of those that come back, later, harder and perhaps more
//! urgent; whatever it does not resolve goes to the agents after the time it took. It resolves the
//! easy contacts first: a contact is as easy as the first touch that it draws for itself would be
//! short. So what is left takes longer, mean left = (mean - d x easy mean) / (1 - d) with d the share
//! resolved, and no factor is needed. The bot picks so much by easiness that what it resolves has
//! the relative handle time `easy` at its mature level; where all take the same time it cannot pick.
//! A new bot learns: the share it resolves rises in a straight line. *Source*: M26 of the
//! catalogue; B15, P5.

use super::context::{Context, delay, wall};
use super::handle;
use crate::dist::{Law, happens};
use crate::evidence::{Evidence, Grade};
use crate::ids::ClassId;
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::{SimDuration, SimTime};
use crate::written::{Factor, Length, Moment, Share, TimeUnit, Written};
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

/// Time until a bot that learns is mature.
pub const LEARNS_OVER: Evidence = Evidence {
    key: "automation.*.learns_over",
    value: 26.0,
    unit: "weeks",
    range: (8.0, 52.0),
    grade: Grade::C,
    source: "20-35 % resolved at first, 40-65 % in six months (aichatbotplatform.net, supportbench.com)",
};

/// Mean time with the bot before a contact reaches an agent.
pub const TAKES: Evidence = Evidence {
    key: "automation.*.takes",
    value: 2.0,
    unit: "min",
    range: (0.5, 15.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Mean time until those come back whom it had called resolved.
pub const RETURNS_AFTER: Evidence = Evidence {
    key: "automation.*.returns.after",
    value: 1.0,
    unit: "d",
    range: (0.1, 7.0),
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
    /// When it goes live; it always was where no date is written.
    pub from: Option<Written<Moment>>,
    /// Share of attempts it calls resolved (containment), once it has learnt.
    pub resolves: Option<Written<Share>>,
    /// That share on its first day, where it learns.
    pub resolves_at_first: Option<Written<Share>>,
    /// Time until it has learnt.
    pub learns_over: Option<Written<Length>>,
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
    /// Whether they are then one step more urgent.
    pub raises_priority: Option<Written<bool>>,
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
    /// When it goes live.
    pub from: SimTime,
    /// Probability that it calls an attempt resolved, once it has learnt.
    pub p_resolves: f64,
    /// The same on its first day, and how long it learns.
    pub learns: Option<(f64, SimDuration)>,
    /// Time a contact spends with it before an agent may have it.
    pub takes: Law,
    /// Probability that a resolved contact comes back.
    pub p_returns: f64,
    /// Time until it does.
    pub returns_after: Law,
    /// Factor on the handle time of those that come back.
    pub harder: f64,
    /// Whether those are one step more urgent.
    pub raises_priority: bool,
    /// Mean handle time of what it resolves, relative to all, once it has learnt.
    pub easy: f64,
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
    /// The bot this describes; none where it tries nothing, or resolves nothing and takes no time.
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
        if let Some(handle) = &returns.handle {
            handle.at_least_one("makes contacts easier that a bot has failed at", problems);
        }
        let p_attempt = share(&self.attempt, ATTEMPT);
        let from = self.from.as_ref().map(|from| context.instant(from, problems));
        let learns = self.resolves_at_first.as_ref().map(|first| {
            let usual = Length::new(LEARNS_OVER.value, TimeUnit::Week);
            (first.value.0, wall(&self.learns_over, usual, problems))
        });
        if let Some((_, over)) = learns
            && let Some(written) = self.learns_over.as_ref().filter(|_| over <= SimDuration::ZERO)
        {
            problems.push(
                Problem::error("zero-time", "learning takes longer than no time")
                    .at(written.span.clone(), "here"),
            );
        }
        if let (None, Some(over)) = (learns, &self.learns_over) {
            problems.push(
                Problem::warning(
                    "never-learns",
                    "a bot that knows everything has nothing to learn",
                )
                .at(over.span.clone(), "this time changes nothing")
                .help("write what it resolves on its first day: resolves_at_first = \"20%\""),
            );
        }
        if let Some(first) = &self.resolves_at_first
            && first.value.0 > share(&self.resolves, RESOLVES)
        {
            problems.push(
                Problem::warning("never-learns", "this bot resolves less and less as it learns")
                    .at(first.span.clone(), "more than it resolves in the end")
                    .help("write less here, or more in resolves"),
            );
        }
        let automation = Automation {
            name: name.to_string(),
            classes: context.tickets(&self.tickets, problems),
            p_attempt,
            from: from.unwrap_or(SimTime::from_micros(i64::MIN)),
            p_resolves: share(&self.resolves, RESOLVES),
            learns,
            takes: delay(&self.takes, Length::new(TAKES.value, TimeUnit::Minute), 1.0),
            p_returns: share(&returns.share, RETURNS),
            returns_after: delay(
                &returns.after,
                Length::new(RETURNS_AFTER.value, TimeUnit::Day),
                1.0,
            ),
            harder: returns.handle.as_ref().map_or(HARDER.value, |factor| factor.value.0),
            raises_priority: returns.raises_priority.as_ref().is_some_and(|raises| raises.value),
            easy: share(&self.easy, EASY),
        };
        let resolves = automation.p_resolves > 0.0 || learns.is_some_and(|(first, _)| first > 0.0);
        let idle = !resolves && automation.takes == Law::Constant(SimDuration::ZERO);
        (p_attempt > 0.0 && !idle).then_some(automation)
    }
}

/// Which contacts of a class a bot picks.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Taste {
    /// Share of what it resolves that it picks by how easy it is.
    pub share: f64,
    /// The longest handle time it picks, where that does not change as it learns.
    pub up_to: Option<SimDuration>,
}

impl Automation {
    /// Share of attempts it resolves at an instant.
    pub fn resolves_at(&self, now: SimTime) -> f64 {
        let Some((first, over)) = self.learns else { return self.p_resolves };
        // What always was begins to learn at the start of the run.
        let begins = self.from.max(SimTime::ZERO);
        let learnt = (now - begins).at_least_zero().micros() as f64 / over.micros() as f64;
        first + (self.p_resolves - first) * learnt.min(1.0)
    }

    /// Share of what it resolves that it picks by how easy it is, where handle times have that law:
    /// as much as it takes for the relative handle time `easy` at its mature level.
    pub fn picks_easy(&self, law: &Law) -> f64 {
        let resolves = self.p_resolves;
        if resolves <= 0.0 {
            return 0.0;
        }
        let easiest = law.time_of_shortest(resolves) / resolves;
        if easiest >= 1.0 { 0.0 } else { ((1.0 - self.easy) / (1.0 - easiest)).clamp(0.0, 1.0) }
    }

    /// What it picks of contacts whose handle times have that law.
    pub fn taste(&self, law: &Law) -> Taste {
        let up_to = match self.learns {
            Some(_) => None,
            None => Some(law.longest_below(self.p_resolves)),
        };
        Taste { share: self.picks_easy(law), up_to }
    }

    /// Mean handle time of what it resolves at an instant, relative to all.
    pub fn easy_at(&self, now: SimTime, law: &Law) -> f64 {
        self.easy_of(self.resolves_at(now), law)
    }

    /// The same where it resolves that share of its attempts.
    fn easy_of(&self, resolves: f64, law: &Law) -> f64 {
        let picks = self.picks_easy(law);
        if resolves <= 0.0 {
            return 1.0;
        }
        picks * law.time_of_shortest(resolves) / resolves + 1.0 - picks
    }

    /// Mean handle time of what it resolves once it has learnt, relative to all, where it would have to be
    /// shorter than that of the shortest.
    pub fn beyond_reach(&self, law: &Law) -> Option<f64> {
        let reached = self.easy_of(self.p_resolves, law);
        (self.p_resolves > 0.0 && reached > self.easy + 0.005).then_some(reached)
    }

    /// How a contact with that key fares now. Its first touch would have that law, and that is the
    /// bot's taste for such contacts.
    pub fn meet(&self, key: Key, now: SimTime, law: &Law, taste: Taste) -> Meeting {
        if now < self.from {
            return Meeting::Skipped;
        }
        let mut chance = key.draw(Purpose::Automation, 0);
        if !happens(self.p_attempt, &mut chance) {
            return Meeting::Skipped;
        }
        let resolves = self.resolves_at(now);
        let by_chance = happens(resolves, &mut chance);
        let picks =
            taste.share > 0.0 && happens(taste.share, &mut key.draw(Purpose::Automation, 1));
        let resolved = match (picks, taste.up_to) {
            (false, _) => by_chance,
            (true, Some(up_to)) => handle::draw(law, key, 0) <= up_to,
            (true, None) => law.share_up_to(handle::draw(law, key, 0)) < resolves,
        };
        if !resolved {
            return Meeting::HandedOver(self.takes.sample(&mut chance));
        }
        if !happens(self.p_returns, &mut chance) {
            return Meeting::Contained;
        }
        Meeting::Returns(self.returns_after.sample(&mut chance))
    }

    /// Share of contacts that an agent never has to do with, at an instant: attempt x resolves x
    /// (1 - returns).
    pub fn net_deflection(&self, now: SimTime) -> f64 {
        self.resolved(now) * (1.0 - self.p_returns)
    }

    /// Share of contacts that it calls resolved at an instant.
    pub fn resolved(&self, now: SimTime) -> f64 {
        if now < self.from { 0.0 } else { self.p_attempt * self.resolves_at(now) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SimTime = SimTime::ZERO;

    fn bot() -> Automation {
        let law = Law::Constant(SimDuration::from_minutes(1));
        Automation {
            name: "bot".into(),
            classes: vec![],
            p_attempt: 0.6,
            from: NOW,
            p_resolves: 0.45,
            learns: None,
            takes: law.clone(),
            p_returns: 0.15,
            returns_after: law,
            harder: 1.0,
            raises_priority: false,
            easy: 0.5,
        }
    }

    #[test]
    fn taking_the_easy_ones_leaves_harder_ones() {
        // The worked example of the source: 20 % of 3 min out of a mean of 6 leaves 6.75. Here the
        // contacts themselves say so: the handle times of what is left average it.
        let law = Law::log_normal(SimDuration::from_minutes(6), 1.0);
        let bot = Automation { p_attempt: 1.0, p_resolves: 0.2, p_returns: 0.0, ..bot() };
        let picks = bot.taste(&law);
        assert!((bot.easy_at(NOW, &law) - 0.5).abs() < 1e-12, "{}", bot.easy_at(NOW, &law));
        let n = 200_000;
        let left: Vec<f64> = (0..n)
            .map(|i| Key(5).nth(i))
            .filter(|key| bot.meet(*key, NOW, &law, picks) != Meeting::Contained)
            .map(|key| handle::draw(&law, key, 0).hours() * 60.0)
            .collect();
        let count = left.len() as f64;
        assert!((count / n as f64 - 0.8).abs() < 4.0 * (0.16 / n as f64).sqrt());
        let mean = left.iter().sum::<f64>() / count;
        let variance = left.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
        assert!((mean - 6.75).abs() < 4.0 * (variance / count).sqrt(), "{mean}");
    }

    #[test]
    fn where_all_take_the_same_time_nothing_is_easy() {
        let law = Law::Constant(SimDuration::from_minutes(6));
        assert_eq!((bot().picks_easy(&law), bot().easy_at(NOW, &law)), (0.0, 1.0));
    }

    #[test]
    fn three_shares_make_the_net_deflection() {
        let law = Law::log_normal(SimDuration::from_minutes(6), 1.0);
        let (bot, n) = (bot(), 100_000);
        let picks = bot.taste(&law);
        let meets = |i| bot.meet(Key(5).nth(i), NOW, &law, picks);
        let contained = (0..n).filter(|i| meets(*i) == Meeting::Contained).count();
        let p = bot.net_deflection(NOW);
        assert!((p - 0.2295).abs() < 1e-12);
        let standard_error = (p * (1.0 - p) / n as f64).sqrt();
        assert!((contained as f64 / n as f64 - p).abs() < 4.0 * standard_error);
    }

    #[test]
    fn a_bot_learns_in_a_straight_line_from_its_first_day() {
        let day = SimTime::from_hours;
        let learns = Some((0.25, SimDuration::from_days(10)));
        let bot = Automation { from: day(24.0), learns, ..bot() };
        let at = [24.0, 24.0 + 120.0, 24.0 + 240.0, 9000.0].map(|h| bot.resolves_at(day(h)));
        for (found, expected) in at.into_iter().zip([0.25, 0.35, 0.45, 0.45]) {
            assert!((found - expected).abs() < 1e-12, "{at:?}");
        }
        let law = Law::Constant(SimDuration::from_minutes(6));
        assert_eq!(bot.meet(Key(1), day(23.0), &law, Taste::default()), Meeting::Skipped);
        assert_eq!(bot.net_deflection(day(23.0)), 0.0);
    }
}
