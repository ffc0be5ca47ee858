//! Pools: agents of a team who share shift, skills and tenure.

use super::attrition::Leaving;
use super::pace::Pace;
use super::people::Spread;
use super::shrinkage::Shrinkage;
use crate::dist::Law;
use crate::ids::{ClassId, LineId, TeamId};
use crate::rng::Key;
use crate::time::{SimDuration, SimTime};
use std::ops::Range;

/// Agents of one team who share shift, skills and tenure.
#[derive(Clone, PartialEq, Debug)]
pub struct Pool {
    /// Its team.
    pub team: TeamId,
    /// What the planner calls it; agents are keyed by it, so that another plan meets the same.
    pub cohort: String,
    /// Number of the first seat in the cohort, where a cohort is split.
    pub first_seat: u32,
    /// Its agents' ids.
    pub agents: Range<u32>,
    /// How many of them, the first ones, are employed; an intervention may bring more.
    pub seats: u32,
    /// When they are on the roster.
    pub spans: Vec<(SimTime, SimTime)>,
    /// Lines they take from: (preference, line), smaller preferences first.
    pub lines: Vec<(u8, LineId)>,
    /// Their lines one after the other, where whatever waits in one goes before all in the next.
    pub in_turn: Option<Vec<LineId>>,
    /// When they keep to deferred work, in order.
    pub fence: Vec<(SimTime, SimTime)>,
    /// Time lost from the roster.
    pub shrinkage: Shrinkage,
    /// Unscheduled interruptions of work.
    pub interruptions: Option<Interruptions>,
    /// Other work that fills idle time in blocks that cannot be interrupted.
    pub side_work: Option<Law>,
    /// How their pace moves.
    pub pace: Pace,
    /// How they differ.
    pub spread: Spread,
    /// The part of their hours that is overtime, in order.
    pub overtime: Vec<(SimTime, SimTime)>,
    /// When they are trained.
    pub lessons: Vec<Lesson>,
    /// How they leave, where they do.
    pub leaving: Option<Leaving>,
    /// Whether all its seats are empty at first.
    pub empty_at_first: bool,
}

impl Pool {
    /// The name of one of its agents in chance: replication, cohort and seat.
    pub fn key(&self, replication: Key, agent: u32) -> Key {
        let seat = self.first_seat + (agent - self.agents.start);
        replication.named("agent").named(&self.cohort).nth(u64::from(seat))
    }

    /// Whether an agent of its is employed; an intervention may bring more or fewer.
    pub fn employs(&self, agent: u32) -> bool {
        agent < self.agents.start + self.seats
    }

    /// Whether its shift is on at that instant; its end is not part of it.
    pub fn is_at_work(&self, now: SimTime) -> bool {
        let begun = self.spans.partition_point(|(from, _)| *from <= now);
        begun.checked_sub(1).is_some_and(|last| now < self.spans[last].1)
    }
}

/// Unscheduled interruptions: the agent is called away in the middle of whatever happens.
#[derive(Clone, PartialEq, Debug)]
pub struct Interruptions {
    /// Time between the end of one and the beginning of the next.
    pub every: Law,
    /// How long one lasts.
    pub lasts: Law,
}

/// Training of part of a pool at the beginning of a shift.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lesson {
    /// When.
    pub at: SimTime,
    /// Which part.
    pub part: u32,
    /// Of how many.
    pub of: u32,
    /// How long.
    pub lasts: SimDuration,
}

impl Lesson {
    /// Whether a seat belongs to that part.
    pub fn is_for(&self, seat: u32) -> bool {
        seat % self.of == self.part
    }
}

/// A pool as given to the model builder.
#[derive(Clone, PartialEq, Debug)]
pub struct PoolPlan {
    /// Its team.
    pub team: TeamId,
    /// Name that its agents are keyed by.
    pub cohort: String,
    /// Number of its first seat in the cohort.
    pub first_seat: u32,
    /// How many agents.
    pub seats: u32,
    /// Agents that are numbered, where an intervention may bring more than there are.
    pub most_seats: u32,
    /// When they are on the roster.
    pub spans: Vec<(SimTime, SimTime)>,
    /// Classes they can work on, in order of preference where `ordered`.
    pub serves: Vec<ClassId>,
    /// Whether they take classes strictly in that order.
    pub ordered: bool,
    /// When an arriving ticket tries this pool: smaller first. Of pools tried together the agent
    /// who has been idle longest takes the ticket.
    pub tried: u8,
    /// When they keep to deferred work, in order.
    pub fence: Vec<(SimTime, SimTime)>,
    /// Time lost from the roster.
    pub shrinkage: Shrinkage,
    /// Unscheduled interruptions.
    pub interruptions: Option<Interruptions>,
    /// Other work that fills idle time.
    pub side_work: Option<Law>,
    /// How their pace moves.
    pub pace: Pace,
    /// How they differ.
    pub spread: Spread,
    /// The part of their hours that is overtime.
    pub overtime: Vec<(SimTime, SimTime)>,
    /// When they are trained.
    pub lessons: Vec<Lesson>,
    /// How they leave, where they do.
    pub leaving: Option<Leaving>,
    /// The review of staff that may ask for them; their seats are empty at first.
    pub review: Option<u16>,
    /// From when to when they can be called to work: training is over, and they have not left.
    pub callable: (SimTime, SimTime),
}

impl PoolPlan {
    /// Whether anybody of it is ever at work.
    pub fn is_ever_there(&self) -> bool {
        self.seats > 0 && !self.spans.is_empty()
    }

    /// Agents of a team who work on every class it gets during those spans, without shrinkage.
    pub fn new(team: TeamId, cohort: &str, seats: u32, spans: Vec<(SimTime, SimTime)>) -> PoolPlan {
        PoolPlan {
            team,
            cohort: cohort.to_string(),
            first_seat: 0,
            seats,
            most_seats: 0,
            spans,
            serves: Vec::new(),
            ordered: false,
            tried: 0,
            fence: Vec::new(),
            shrinkage: Shrinkage::default(),
            interruptions: None,
            side_work: None,
            pace: Pace::default(),
            spread: Spread::default(),
            overtime: Vec::new(),
            lessons: Vec::new(),
            leaving: None,
            review: None,
            callable: (SimTime::from_micros(i64::MIN), SimTime::NEVER),
        }
    }
}
