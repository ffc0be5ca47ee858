//! Teams and their agents: who works when, on what, and what happens at the end of a shift.
//!
//! *In a manager's words*: "twenty-six on the front line, nine to six; at six everybody finishes
//! the mail in hand and goes home."
//!
//! *Assumption*: agents of a pool share shift, skills and tenure (see `pool` and `pace`); each is a
//! person with absences and breaks of their own. *Source*: M17, M18, W3 of the catalogue.

use super::assignment::{Assignment, InboxSpec, Sharing};
use super::attrition::AttritionSpec;
use super::blending::{Blending, BlendingSpec};
use super::concurrency::{Concurrency, ConcurrencySpec};
use super::crowding::{Crowding, CrowdingSpec};
use super::discipline::{Discipline, DisciplineSpec, LineKind};
use super::fatigue::{Fatigue, FatigueSpec};
use super::forgetting::{Forgetting, ForgottenSpec};
use super::handle::TimeSpec;
use super::overwork::{Overwork, OverworkSpec};
use super::people::PeopleSpec;
use super::pressure::{Pressure, PressureSpec};
use super::questions::{Questions, QuestionsSpec};
use super::shrinkage::ShrinkageSpec;
use super::swarming::{SwarmSpec, Swarming};
use crate::evidence::{Evidence, Grade};
use crate::ids::{ClassId, LineId, PoolId, TeamId};
use crate::ticket::Priority;
use crate::time::SimDuration;
use crate::written::{Amount, Factor, Length, Written};
use schemars::JsonSchema;
use serde::Deserialize;
use std::ops::Range;

/// What happens to a touch in progress when its agent's shift ends, as written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShiftEnd {
    /// The agent finishes it and then goes.
    #[default]
    Finish,
    /// The team finishes what it has in hand and starts nothing new until no more are at work
    /// than are on the roster, whoever it is.
    FinishPooled,
    /// It goes back to the front of its line and is continued where it stopped.
    Suspend,
    /// As `suspend`, and whoever continues must read it again first.
    HandOver,
}

/// Time to read a ticket again that another agent had begun.
pub const REREAD: Evidence = Evidence {
    key: "teams.*.reread",
    value: 3.0,
    unit: "min",
    range: (1.0, 5.0),
    grade: Grade::J,
    source: "our judgement, like the cost of merging or passing on",
};

/// A team as written. Its agents all work the same hours, or come in groups.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TeamSpec {
    /// How many agents it has.
    pub agents: Option<Written<u32>>,
    /// Calendar of their shift; the scenario's only calendar, or "office-hours", where none is
    /// named.
    pub hours: Option<Written<String>>,
    /// Ticket classes they work on; all of them where none is named.
    pub handles: Vec<Written<String>>,
    /// Paid time away from the queue: the total, or its parts.
    pub shrinkage: Option<Written<ShrinkageSpec>>,
    /// Order of work.
    pub order: Option<Written<DisciplineSpec>>,
    /// What happens to a touch in progress at the end of a shift.
    pub shift_end: Option<Written<ShiftEnd>>,
    /// Time to read a ticket again after a hand-over.
    pub reread: Option<Written<Length>>,
    /// Whether a more urgent ticket interrupts a less urgent one.
    pub interrupts: Option<Written<bool>>,
    /// Immediate work beside deferred work: true, or a table.
    pub blending: Option<Written<BlendingSpec>>,
    /// How many chats an agent holds at once, or a table.
    pub concurrency: Option<Written<ConcurrencySpec>>,
    /// Idle colleagues who help with hard tickets: true, or a table.
    pub swarm: Option<SwarmSpec>,
    /// Colleagues who answer those who still learn: true, or a table.
    pub questions: Option<QuestionsSpec>,
    /// Most tickets it can hold, waiting and in work: telephone lines, for instance.
    pub room: Option<Written<u32>>,
    /// Speed of tickets in work while 1, 2, 3 … are at the team; the last one holds for more.
    pub speeds: CrowdingSpec,
    /// Who gets a new ticket: agents pull it from a common pool, or each has an inbox.
    pub assignment: Option<Written<Sharing>>,
    /// What becomes of tickets in inboxes.
    pub inbox: Option<InboxSpec>,
    /// Whether a ticket that comes again goes to whoever answered it last.
    pub returns_to_owner: Option<Written<bool>>,
    /// Tickets in inboxes and on hold that are lost from sight.
    pub forgotten: Option<ForgottenSpec>,
    /// Handle time of every ticket here, instead of the class's own.
    pub handle: Option<Written<TimeSpec>>,
    /// How its people differ, where they do.
    pub people: Option<PeopleSpec>,
    /// How they work while many wait.
    pub pressure: Option<PressureSpec>,
    /// How long high load slows them down: true, or a table.
    pub overwork: Option<OverworkSpec>,
    /// How long days slow them down, and the day after: true, or a table.
    pub fatigue: Option<FatigueSpec>,
    /// How people leave, and who comes after them: the share that leaves in a year, or a table.
    pub attrition: Option<AttritionSpec>,
    /// What it costs an agent to go on with another ticket class.
    pub switch: Option<Written<Length>>,
    /// Wage of its agents for a paid hour, where it is not that of `[money]`.
    pub wage: Option<Written<Amount>>,
    /// Groups of agents with hours or skills of their own, instead of `agents`.
    pub groups: Vec<GroupSpec>,
}

/// A group of agents within a team, as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupSpec {
    /// What it is called.
    pub name: Written<String>,
    /// How many agents it has.
    pub agents: Written<u32>,
    /// Calendar of its shift, where it differs from the team's.
    #[serde(default)]
    pub hours: Option<Written<String>>,
    /// Ticket classes it works on, where it does not work on all the team's.
    #[serde(default)]
    pub handles: Vec<Written<String>>,
    /// Whether it takes those classes strictly in the order written.
    #[serde(default)]
    pub in_order: Option<Written<bool>>,
    /// Its handle time relative to the others': "120%" is slower.
    #[serde(default)]
    pub handle: Option<Written<Factor>>,
    /// Paid time away from the queue, where it differs from the team's.
    #[serde(default)]
    pub shrinkage: Option<Written<ShrinkageSpec>>,
}

/// A team.
#[derive(Clone, PartialEq, Debug)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// Its order of work.
    pub discipline: Discipline,
    /// What happens at the end of a shift.
    pub shift_end: ShiftEnd,
    /// Time to read a ticket again after a hand-over.
    pub reread: SimDuration,
    /// Whether a more urgent ticket interrupts a less urgent one in work.
    pub interrupts: bool,
    /// How it does immediate and deferred work side by side.
    pub blending: Option<Blending>,
    /// How its agents hold several tickets at once.
    pub concurrency: Option<Concurrency>,
    /// How idle agents help with hard tickets.
    pub swarming: Option<Swarming>,
    /// How those who still learn ask their colleagues.
    pub questions: Option<Questions>,
    /// Most tickets it can hold, waiting and in work.
    pub room: Option<u32>,
    /// How fast tickets in work go by how many are there.
    pub crowding: Option<Crowding>,
    /// What load does to its people.
    pub habits: Habits,
    /// How it shares out its tickets, where agents do not only pull.
    pub assignment: Option<Assignment>,
    /// How it loses tickets from sight.
    pub forgetting: Option<Forgetting>,
    /// Where those stand that nobody sees.
    pub hidden: Option<LineId>,
    /// Whether any ticket comes to it as the desk stands.
    pub reached: bool,
    /// Its lines, those of its agents left out.
    pub lines: Range<usize>,
    /// All of them.
    pub all_lines: Range<usize>,
    /// Its pools.
    pub pools: Vec<PoolId>,
}

impl Team {
    /// Time to read a ticket again whose touch was broken off.
    pub fn reread_after_break(&self) -> SimDuration {
        if self.shift_end == ShiftEnd::HandOver { self.reread } else { SimDuration::ZERO }
    }

    /// Whether tickets of a class are held beside others of the kind.
    #[inline]
    pub fn shares(&self, class: ClassId) -> bool {
        self.concurrency.as_ref().is_some_and(|concurrency| concurrency.shares(class))
    }

    /// Whether tickets of a class can wait while immediate ones cannot.
    pub fn defers(&self, class: ClassId) -> bool {
        self.blending.as_ref().is_some_and(|blending| !blending.is_immediate(class))
    }
}

/// What load does to the people of a team.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Habits {
    /// While many wait.
    pub pressure: Option<Pressure>,
    /// After many busy days.
    pub overwork: Option<Overwork>,
    /// On long days, and the days after.
    pub fatigue: Option<Fatigue>,
    /// What it costs to go on with another class.
    pub switch: SimDuration,
}

impl Habits {
    /// Whether load does nothing to them.
    pub fn is_none(&self) -> bool {
        *self == Habits::default()
    }

    /// Whether its agents remember their days.
    pub fn remembers(&self) -> bool {
        self.overwork.is_some() || self.fatigue.is_some()
    }
}

/// A waiting line of a team.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// The team it belongs to.
    pub team: TeamId,
    /// How it keeps its tickets.
    pub kind: LineKind,
    /// The priority of all its tickets, where each has lines of its own.
    pub priority: Option<Priority>,
    /// Whether its tickets are immediate where others can wait.
    pub immediate: bool,
    /// Whether its tickets are held beside others of the kind.
    pub shared: bool,
    /// Pools whose agents may take from it: (order in which they are tried, pool).
    pub pools: Vec<(u8, PoolId)>,
    /// The line beside it of tickets that keep the place they had in another line.
    pub by_age: Option<LineId>,
    /// The line that it is beside, where it is such a line itself.
    pub by_age_of: Option<LineId>,
}

/// A team as given to the model builder.
#[derive(Clone, PartialEq, Debug)]
pub struct TeamPlan {
    /// Its name.
    pub name: String,
    /// Its order of work.
    pub discipline: Discipline,
    /// What happens at the end of a shift.
    pub shift_end: ShiftEnd,
    /// Time to read a ticket again after a hand-over.
    pub reread: SimDuration,
    /// Whether a more urgent ticket interrupts a less urgent one in work.
    pub interrupts: bool,
    /// How it does immediate and deferred work side by side.
    pub blending: Option<Blending>,
    /// How its agents hold several tickets at once.
    pub concurrency: Option<Concurrency>,
    /// How idle agents help with hard tickets.
    pub swarming: Option<Swarming>,
    /// How those who still learn ask their colleagues.
    pub questions: Option<Questions>,
    /// Most tickets it can hold, waiting and in work.
    pub room: Option<u32>,
    /// How fast tickets in work go by how many are there.
    pub crowding: Option<Crowding>,
    /// What load does to its people.
    pub habits: Habits,
    /// How it shares out its tickets, where agents do not only pull.
    pub assignment: Option<Assignment>,
    /// How it loses tickets from sight.
    pub forgetting: Option<Forgetting>,
}

impl TeamPlan {
    /// A team that serves the oldest first and finishes what it has begun.
    pub fn new(name: &str) -> TeamPlan {
        TeamPlan {
            name: name.to_string(),
            discipline: Discipline::Oldest,
            shift_end: ShiftEnd::Finish,
            reread: SimDuration::ZERO,
            interrupts: false,
            blending: None,
            concurrency: None,
            swarming: None,
            questions: None,
            room: None,
            assignment: None,
            forgetting: None,
            crowding: None,
            habits: Habits::default(),
        }
    }
}
