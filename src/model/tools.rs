//! Tools: a knowledge base, an assistant for agents, one panel instead of five.
//!
//! *In a manager's words*: "with the assistant the new ones are a third quicker, the old hands hardly,
//! and first everybody sat in a training for half a day."
//!
//! *Assumption*: from a date people take a tool up in a straight line. It multiplies handle times (of
//! newcomers by another factor than of those who have learnt, and in between by how much is still to
//! be learnt), the share of solutions that come back, and the time it takes to learn. Before it
//! comes, each agent is trained for some hours at the beginning of one of the last five shifts, a
//! fifth of the team at a time, or where a shift is too short for it in as many shifts as it takes;
//! whoever is absent then is not. *Source*: M30 of the catalogue;
//! Brynjolfsson, Li and Raymond 2023; B17.

use super::context::{Context, wall};
use super::money::{Cost, joined};
use super::pace::Tool;
use super::pool::{Lesson, PoolPlan};
use crate::evidence::{Evidence, Grade};
use crate::ids::TeamId;
use crate::problem::{Problem, Problems};
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Factor, Length, Moment, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Handle time of newcomers with an assistant.
pub const ASSISTED_NOVICES: Evidence = Evidence {
    key: "tools.novices",
    value: 0.75,
    unit: "factor",
    range: (0.65, 1.0),
    grade: Grade::A,
    source: "agent-assist: +34 % issues per hour for novices, which is 1/1.34 (Brynjolfsson, Li, Raymond 2023)",
};

/// Handle time of experienced agents with an assistant.
pub const ASSISTED: Evidence = Evidence {
    key: "tools.handle",
    value: 1.0,
    unit: "factor",
    range: (0.85, 1.0),
    grade: Grade::A,
    source: "agent-assist: about no effect for experts, +14 % issues per hour on average (Brynjolfsson, Li, Raymond 2023)",
};

/// Handle time with a knowledge base.
pub const KNOWLEDGE: Evidence = Evidence {
    key: "tools.handle (knowledge-base)",
    value: 0.85,
    unit: "factor",
    range: (0.6, 1.0),
    grade: Grade::C,
    source: "handle time -20 to -40 % by vendors; -15 % is cautious (99helpers.com)",
};

/// Handle time with one panel instead of several.
pub const ONE_PANEL: Evidence = Evidence {
    key: "tools.handle (one-panel)",
    value: 0.95,
    unit: "factor",
    range: (0.85, 1.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Time until everybody uses it.
pub const ADOPTION: Evidence = Evidence {
    key: "tools.adoption",
    value: 4.0,
    unit: "weeks",
    range: (0.0, 26.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Hours of training for each agent.
pub const TRAINING: Evidence = Evidence {
    key: "tools.training",
    value: 2.0,
    unit: "h",
    range: (0.0, 40.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Shifts over which a team is trained, a part of it in each.
const PARTS: u32 = 5;

/// Time between invoices.
const MONTH: SimDuration = SimDuration::from_minutes(730 * 60);

/// What a tool is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ToolKind {
    /// Answers to look up.
    KnowledgeBase,
    /// Suggests answers while agents work.
    AgentAssist,
    /// One panel for all channels and data.
    OnePanel,
}

impl ToolKind {
    /// What it does to handle times: of those who have learnt their job, and of newcomers where that
    /// is something else.
    pub fn effect(self) -> (Evidence, Option<Evidence>) {
        match self {
            ToolKind::KnowledgeBase => (KNOWLEDGE, None),
            ToolKind::AgentAssist => (ASSISTED, Some(ASSISTED_NOVICES)),
            ToolKind::OnePanel => (ONE_PANEL, None),
        }
    }
}

/// A tool as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolSpec {
    /// What it is: knowledge-base, agent-assist or one-panel, which have effects of their own.
    pub kind: Written<ToolKind>,
    /// What it is called in charts.
    #[serde(default)]
    pub name: Option<Written<String>>,
    /// Teams that get it; all of them where none is named.
    #[serde(default)]
    pub teams: Vec<Written<String>>,
    /// When it comes.
    pub from: Written<Moment>,
    /// Time until everybody uses it.
    #[serde(default)]
    pub adoption: Option<Written<Length>>,
    /// Handle time of those who have learnt their job, relative to that without it.
    #[serde(default)]
    pub handle: Option<Written<Factor>>,
    /// The same of newcomers on their first day.
    #[serde(default)]
    pub novices: Option<Written<Factor>>,
    /// Share of solutions that come back, relative to that without it.
    #[serde(default)]
    pub reopens: Option<Written<Factor>>,
    /// Time that newcomers need to get up to speed, relative to that without it.
    #[serde(default)]
    pub ramp: Option<Written<Factor>>,
    /// Hours of training for each agent before it comes.
    #[serde(default)]
    pub training: Option<Written<Length>>,
    /// What it costs in a month, from the day it comes.
    #[serde(default)]
    pub cost_per_month: Option<Written<Amount>>,
}

/// A tool on its way to its teams.
#[derive(Clone, PartialEq, Debug)]
pub struct Rollout {
    /// What it is called.
    pub name: String,
    /// Teams that get it; all where there are none.
    pub teams: Vec<TeamId>,
    /// What it does.
    pub tool: Tool,
    /// Training for each agent.
    pub training: SimDuration,
    /// What is paid for it, month by month.
    pub costs: Vec<Cost>,
}

impl ToolSpec {
    /// The tool this describes.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> Rollout {
        let (handle, novices) = self.kind.value.effect();
        let (handle, novices) = (handle.value, novices.unwrap_or(handle).value);
        let mut above_zero = |written: &Option<Written<Factor>>, usual: f64| {
            let Some(factor) = written else { return usual };
            if factor.value.0 <= 0.0 {
                problems.push(
                    Problem::error("out-of-range", "no tool takes all of this time away")
                        .at(factor.span.clone(), "a factor above zero"),
                );
            }
            factor.value.0.max(0.01)
        };
        let handle_written = above_zero(&self.handle, handle);
        // Who writes one effect means it for all, unless newcomers have one of their own.
        let novices = if self.handle.is_some() { handle_written } else { novices };
        let (novices, ramp) = (above_zero(&self.novices, novices), above_zero(&self.ramp, 1.0));
        let from = context.instant(&self.from, problems);
        let usual = |evidence: Evidence, unit| Length::new(evidence.value, unit);
        let tool = Tool {
            from,
            adoption: wall(&self.adoption, usual(ADOPTION, TimeUnit::Week), problems),
            handle: handle_written,
            novices,
            reopens: self.reopens.as_ref().map_or(1.0, |factor| factor.value.0),
            ramp,
        };
        let mut costs = Vec::new();
        let mut at = from;
        while let Some(amount) = self.cost_per_month.clone().filter(|_| at < context.end) {
            costs.push(Cost { at, amount, is_tool: true });
            at += MONTH;
        }
        Rollout {
            name: self.name.as_ref().map_or("tool", |name| &name.value).to_string(),
            teams: self.teams.iter().filter_map(|name| context.team(name, problems)).collect(),
            tool,
            training: wall(&self.training, usual(TRAINING, TimeUnit::Hour), problems),
            costs,
        }
    }
}

impl Rollout {
    /// Trains the pools of its teams, and gives it to them.
    pub fn reach(&self, pools: &mut [PoolPlan]) {
        for pool in pools {
            if !self.teams.is_empty() && !self.teams.contains(&pool.team) {
                continue;
            }
            pool.pace.tools.push(self.tool);
            if self.training == SimDuration::ZERO {
                continue;
            }
            let mut before = self.shifts_before(pool);
            for part in 0..PARTS {
                // What does not fit into one shift goes on in another.
                let mut left = self.training;
                while left > SimDuration::ZERO
                    && let Some((at, ends)) = before.pop()
                {
                    let lasts = left.min(ends - at);
                    pool.lessons.push(Lesson { at, part, of: PARTS, lasts });
                    left = left - lasts;
                }
            }
        }
    }

    /// The shifts of a pool before the tool comes: when each begins and ends.
    fn shifts_before(&self, pool: &PoolPlan) -> Vec<(SimTime, SimTime)> {
        let day = SimDuration::from_days(1);
        let mut shifts = Vec::new();
        for (mut begins, ends) in joined(&pool.spans) {
            // Who works round the clock begins anew every day.
            while begins < ends.min(self.tool.from) {
                shifts.push((begins, ends.min(begins + day)));
                begins += day;
            }
        }
        shifts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_is_trained_in_each_of_the_last_five_shifts() {
        let hour = SimTime::from_hours;
        let shift =
            |day: u32| (hour(24.0 * f64::from(day) + 9.0), hour(24.0 * f64::from(day) + 17.0));
        let mut pools = [PoolPlan::new(TeamId(0), "desk", 10, (0..9).map(shift).collect())];
        let tool = Tool {
            from: shift(7).0,
            adoption: SimDuration::ZERO,
            handle: 0.9,
            novices: 0.9,
            reopens: 1.0,
            ramp: 1.0,
        };
        let rollout = Rollout {
            name: "panel".into(),
            teams: vec![TeamId(0)],
            tool,
            training: SimDuration::from_hours(2.0),
            costs: Vec::new(),
        };
        rollout.reach(&mut pools);
        let lessons: Vec<_> = pools[0].lessons.iter().map(|l| (l.at, l.part)).collect();
        let expected: Vec<_> =
            (2..7).rev().zip(0..).map(|(day, part)| (shift(day).0, part)).collect();
        assert_eq!(lessons, expected);
        assert_eq!(pools[0].pace.at(shift(8).0), 0.9);
        // Twelve hours take two shifts: a whole one, and half of the one before it.
        let long = Rollout { training: SimDuration::from_hours(12.0), ..rollout.clone() };
        let mut pools = [PoolPlan::new(TeamId(0), "desk", 10, (0..9).map(shift).collect())];
        long.reach(&mut pools);
        let lessons: Vec<_> =
            pools[0].lessons.iter().map(|l| (l.at, l.part, l.lasts.hours())).collect();
        let expected = |day: u32, part, lasts| (shift(day).0, part, lasts);
        assert_eq!(
            lessons[..4],
            [expected(6, 0, 8.0), expected(5, 0, 4.0), expected(4, 1, 8.0), expected(3, 1, 4.0)]
        );
        let mut always = [PoolPlan::new(TeamId(0), "desk", 10, vec![(hour(0.0), hour(240.0))])];
        rollout.reach(&mut always);
        let lessons: Vec<_> = always[0].lessons.iter().map(|lesson| lesson.at).collect();
        assert_eq!(lessons, [7, 6, 5, 4, 3].map(|day| hour(24.0 * f64::from(day))));
    }
}
