//! Swarming: colleagues who are free help with a hard ticket at once.
//!
//! *In a manager's words*: "when somebody opens a monster, whoever has nothing to do sits down beside
//! them; it is off the table sooner and seldom has to go up."
//!
//! *Assumption*: a touch that would take one agent longer than a limit, or a share of touches, is hard.
//! Idle agents of the team who may take such a ticket join at its start, those idle for longest first;
//! nobody waits for them. Each adds part of an agent's speed, so that the touch takes less time and
//! more agent hours, and fewer of them escalate where a helper stayed to the end. A helper whose shift
//! ends, or who is called away, leaves as from a ticket of their own, and what is left takes longer;
//! where shifts are finished they stay. A touch that is broken off is gone on with alone. *Source*:
//! M32 of the catalogue; no size is published.

use super::context::Context;
use crate::dist::happens;
use crate::evidence::{Evidence, Grade};
use crate::ids::ClassId;
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Brief, Length, Share, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// How long a hard touch takes at the least.
pub const HARD: Evidence = Evidence {
    key: "teams.*.swarm.over",
    value: 2.0,
    unit: "times the mean handle time",
    range: (1.5, 5.0),
    grade: Grade::J,
    source: "our judgement: about one touch in ten where handle times are log-normal with a CV of 1",
};

/// Agents who work on a hard ticket together.
pub const AGENTS: Evidence = Evidence {
    key: "teams.*.swarm.agents",
    value: 2.0,
    unit: "agents",
    range: (2.0, 5.0),
    grade: Grade::J,
    source: "our judgement",
};

/// What each helper adds to the speed of one agent.
pub const HELPER: Evidence = Evidence {
    key: "teams.*.swarm.helper",
    value: 0.5,
    unit: "of an agent",
    range: (0.2, 1.0),
    grade: Grade::J,
    source: "our judgement: two take two thirds of the time, and a third more hours",
};

/// Escalations after a touch with help, relative to the usual share.
pub const ESCALATES: Evidence = Evidence {
    key: "teams.*.swarm.escalates",
    value: 0.5,
    unit: "of the usual share",
    range: (0.2, 1.0),
    grade: Grade::J,
    source: "our judgement; that fewer escalate is what articles on teamwork say",
};

/// Most agents on one ticket.
const MOST: u32 = 50;

/// Swarming as written: whether there is any, or a table.
pub type SwarmSpec = Brief<bool, SwarmTable>;

/// Swarming written in full.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SwarmTable {
    /// Ticket classes that may need it; all of them where none is named.
    pub tickets: Vec<Written<String>>,
    /// Touches that would take one agent longer are hard.
    pub over: Option<Written<Length>>,
    /// Instead: the share of touches that are.
    pub share: Option<Written<Share>>,
    /// Agents who work on one together, as far as they are free.
    pub agents: Option<Written<u32>>,
    /// What each helper adds to the speed of one agent.
    pub helper: Option<Written<Share>>,
    /// Escalations after such a touch, relative to the usual share.
    pub escalates: Option<Written<Share>>,
}

/// Which touches are hard.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Hard {
    /// Those that would take longer.
    Longer(SimDuration),
    /// Those that would take so many times the mean.
    TimesTheMean(f64),
    /// A share of them.
    Share(f64),
}

/// How a team swarms.
#[derive(Clone, PartialEq, Debug)]
pub struct Swarming {
    /// Classes concerned.
    pub tickets: Vec<ClassId>,
    /// Which touches of theirs.
    pub hard: Hard,
    /// Agents on one ticket at most.
    pub agents: u32,
    /// What each helper adds to the speed of one agent.
    pub helper: f64,
    /// Factor on the share that escalates.
    pub escalates: f64,
}

/// The swarming that a team's keys describe; none where nobody helps.
pub fn compile(
    spec: Option<&SwarmSpec>,
    context: &Context<'_>,
    problems: &mut Problems,
) -> Option<Swarming> {
    let full = match spec? {
        Brief::Short(false) => return None,
        Brief::Short(true) => SwarmTable::default(),
        Brief::Full(full) => full.clone(),
    };
    let share = |written: &Option<Written<Share>>, usual: Evidence| {
        written.as_ref().map_or(usual.value, |share| share.value.0)
    };
    let agents = full.agents.as_ref().map_or(AGENTS.value as u32, |agents| agents.value);
    if let Some(written) = full.agents.as_ref().filter(|n| !(1..=MOST).contains(&n.value)) {
        problems.push(
            Problem::error("out-of-range", format!("from 1 to {MOST} agents work on a ticket"))
                .at(written.span.clone(), "here"),
        );
    }
    if let (Some(over), Some(share)) = (&full.over, &full.share) {
        problems.push(
            Problem::error("two-limits", "a touch is hard by its length or by chance, not by both")
                .at(share.span.clone(), "by chance here")
                .at(over.span.clone(), "by its length here"),
        );
    }
    let hard = match (&full.over, &full.share) {
        (Some(over), _) => Hard::Longer(over.value.wall()),
        (None, Some(share)) => Hard::Share(share.value.0),
        (None, None) => Hard::TimesTheMean(HARD.value),
    };
    let swarming = Swarming {
        tickets: context.tickets(&full.tickets, problems),
        hard,
        agents,
        helper: share(&full.helper, HELPER),
        escalates: share(&full.escalates, ESCALATES),
    };
    (agents > 1 && hard != Hard::Share(0.0)).then_some(swarming)
}

impl Swarming {
    /// Whether a ticket's `touch`-th touch (from 0) is hard that would take one agent so long, where
    /// its kind takes `mean`.
    pub fn is_hard(
        &self,
        class: ClassId,
        (key, touch): (Key, u16),
        takes: SimDuration,
        mean: SimDuration,
    ) -> bool {
        self.tickets.contains(&class)
            && match self.hard {
                Hard::Longer(over) => takes > over,
                Hard::TimesTheMean(times) => takes > mean.scale(times),
                Hard::Share(p) => happens(p, &mut key.draw(Purpose::Swarm, u64::from(touch))),
            }
    }
}

/// How fast one agent with so many helpers is, each of whom adds so much.
pub fn speed(helper: f64, helpers: usize) -> f64 {
    1.0 + helper * helpers as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_take_two_thirds_of_the_time_and_a_third_more_hours() {
        let elapsed = 1.0 / speed(HELPER.value, 1);
        assert!((elapsed - 2.0 / 3.0).abs() < 1e-12);
        assert!((2.0 * elapsed - 4.0 / 3.0).abs() < 1e-12);
        assert_eq!(speed(HELPER.value, 0), 1.0);
    }

    #[test]
    fn what_is_hard_is_long_or_falls_to_it() {
        let minutes = SimDuration::from_minutes;
        let by = |hard| Swarming {
            tickets: vec![ClassId(0)],
            hard,
            agents: 2,
            helper: 0.5,
            escalates: 0.5,
        };
        let is = |hard, class, takes| {
            by(hard).is_hard(ClassId(class), (Key(1), 0), minutes(takes), minutes(10))
        };
        assert!(is(Hard::Longer(minutes(30)), 0, 31) && !is(Hard::Longer(minutes(30)), 0, 30));
        assert!(is(Hard::TimesTheMean(2.0), 0, 21) && !is(Hard::TimesTheMean(2.0), 0, 20));
        assert!(is(Hard::Share(1.0), 0, 1) && !is(Hard::Share(0.0), 0, 99));
        assert!(!is(Hard::Share(1.0), 1, 99), "another class");
    }
}
