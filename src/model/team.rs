//! Teams and their agents: who works when, on what, and what happens at the end of a shift.
//!
//! *In a manager's words*: "twenty-six on the front line, nine to six; at six everybody finishes
//! the mail in hand and goes home."
//!
//! *Assumption*: agents of a pool share shift, skills and tenure; each is a person with absences
//! and breaks of their own. *Source*: M17, M18, W3 of the catalogue.

use super::assignment::{Assignment, InboxSpec, Sharing};
use super::attrition::{AttritionSpec, Leaving};
use super::blending::{Blending, BlendingSpec};
use super::concurrency::{Concurrency, ConcurrencySpec};
use super::crowding::{Crowding, CrowdingSpec};

use super::discipline::{Discipline, DisciplineSpec, LineKind};
use super::fatigue::{Fatigue, FatigueSpec};
use super::forgetting::{Forgetting, ForgottenSpec};
use super::handle::TimeSpec;
use super::learning::Ramp;
use super::overwork::{Overwork, OverworkSpec};
use super::people::{PeopleSpec, Spread};
use super::pressure::{Pressure, PressureSpec};
use super::questions::{Questions, QuestionsSpec};
use super::shrinkage::{Shrinkage, ShrinkageSpec};
use super::swarming::{SwarmSpec, Swarming};
use super::tools::Tool;
use crate::dist::Law;
use crate::evidence::{Evidence, Grade};
use crate::ids::{ClassId, LineId, PoolId, TeamId};
use crate::rng::Key;
use crate::time::{SimDuration, SimTime};
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
    /// The line whose first ticket they take, where there is never anything to choose.
    pub only_line: Option<LineId>,
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

/// Factors on the handle time of a pool's agents, and on how often their solutions come back.
#[derive(Clone, PartialEq, Debug)]
pub struct Pace {
    /// Constant factor: proficiency.
    pub factor: f64,
    /// When they began, and how they learn.
    pub ramp: Option<(SimTime, Ramp)>,
    /// What everybody who was there before must learn, and since when.
    pub products: Vec<(SimTime, Ramp)>,
    /// Tools they have.
    pub tools: Vec<Tool>,
    /// Further factors for a time: a rush, the tired day after.
    pub windows: Vec<Window>,
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

/// Factors that hold for a time. Where several do, they multiply.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Window {
    /// From when.
    pub from: SimTime,
    /// Until when.
    pub until: SimTime,
    /// Factor on handle times.
    pub handle: f64,
    /// Factor on the share of solutions that come back.
    pub reopens: f64,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            factor: 1.0,
            ramp: None,
            products: Vec::new(),
            tools: Vec::new(),
            windows: Vec::new(),
        }
    }
}

impl Pace {
    /// Whether it is 1 for ever.
    pub fn is_plain(&self) -> bool {
        *self == Pace::default()
    }

    /// Factor on handle times of touches that begin at that instant.
    pub fn at(&self, now: SimTime) -> f64 {
        self.at_for(now, self.ramp)
    }

    /// The same for somebody who began at another time.
    pub fn at_for(&self, now: SimTime, own: Option<(SimTime, Ramp)>) -> f64 {
        let own = self.with_tools(now, own);
        let learning = self.learns(own).map(|(since, ramp)| ramp.factor(now - since));
        let missing = own.map_or(0.0, |(since, ramp)| ramp.missing(now - since));
        let tools = self.tools.iter().map(|tool| tool.handle(now, missing));
        self.factor
            * learning.product::<f64>()
            * tools.product::<f64>()
            * self.open(now).map(|w| w.handle).product::<f64>()
    }

    /// Factor on the share of solutions that come back, for touches that begin at that instant.
    pub fn reopens_at(&self, now: SimTime) -> f64 {
        self.reopens_at_for(now, self.ramp)
    }

    /// The same for somebody who began at another time.
    pub fn reopens_at_for(&self, now: SimTime, own: Option<(SimTime, Ramp)>) -> f64 {
        let own = self.with_tools(now, own);
        let learning = self.learns(own).map(|(since, ramp)| ramp.reopen_factor(now - since));
        let tools = self.tools.iter().map(|tool| tool.reopen_factor(now));
        learning.product::<f64>()
            * tools.product::<f64>()
            * self.open(now).map(|w| w.reopens).product::<f64>()
    }

    /// How somebody learns who has the tools of that moment.
    fn with_tools(&self, now: SimTime, own: Option<(SimTime, Ramp)>) -> Option<(SimTime, Ramp)> {
        let faster = self.tools.iter().map(|tool| tool.ramp(now)).product::<f64>();
        own.map(|(since, ramp)| (since, Ramp { over: ramp.over.scale(faster), ..ramp }))
    }

    /// What somebody learns who began then: the job, and what came later.
    fn learns(&self, own: Option<(SimTime, Ramp)>) -> impl Iterator<Item = (SimTime, Ramp)> {
        let began = own.map_or(SimTime::from_micros(i64::MIN), |(began, _)| began);
        let later = self.products.iter().copied().filter(move |(since, _)| began <= *since);
        own.into_iter().chain(later)
    }

    /// How much of what there is to learn somebody has left who began then: 1 for all of it.
    pub fn left_to_learn(&self, now: SimTime, own: Option<(SimTime, Ramp)>) -> f64 {
        let own = self.with_tools(now, own);
        self.learns(own).map(|(since, ramp)| ramp.missing(now - since)).fold(0.0, f64::max)
    }

    fn open(&self, now: SimTime) -> impl Iterator<Item = &Window> {
        self.windows.iter().filter(move |window| window.from <= now && now < window.until)
    }
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

#[cfg(test)]
mod tests {
    use super::super::learning::Curve;
    use super::*;

    #[test]
    fn pace_multiplies_proficiency_learning_and_the_hour() {
        let ramp = Ramp {
            start: 2.0,
            over: SimDuration::from_days(10),
            curve: Curve::Linear,
            reopens: 1.4,
        };
        let hour = SimTime::from_hours;
        let pace = Pace {
            factor: 1.1,
            ramp: Some((hour(0.0), ramp)),
            products: Vec::new(),
            tools: Vec::new(),
            windows: vec![Window {
                from: hour(100.0),
                until: hour(110.0),
                handle: 0.8,
                reopens: 1.25,
            }],
        };
        assert!((pace.at(hour(120.0)) - 1.1 * 1.5).abs() < 1e-12);
        assert!((pace.at(hour(105.0)) - 1.1 * (1.0 + 135.0 / 240.0) * 0.8).abs() < 1e-12);
        assert!((pace.reopens_at(hour(105.0)) - (1.0 + 0.4 * 135.0 / 240.0) * 1.25).abs() < 1e-12);
        assert!(!pace.is_plain() && Pace::default().is_plain());
        let left = |at| pace.left_to_learn(hour(at), pace.ramp);
        assert_eq!([left(0.0), left(120.0), left(240.0)], [1.0, 0.5, 0.0]);
        assert_eq!(pace.left_to_learn(hour(120.0), None), 0.0);
    }
}
