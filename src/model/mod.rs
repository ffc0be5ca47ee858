//! What is simulated: one file per mechanism, and the `Model` that joins them.

pub mod acknowledgement;
pub mod approval;
pub mod arrivals;
pub mod assignment;
pub mod attrition;
pub mod automation;
pub mod blending;
pub mod build;
pub mod bulk;
pub mod busyness;
pub mod calendar;
pub mod chasers;
pub mod class;
pub mod concurrency;
pub mod contact_rate;
pub mod context;
pub mod crowding;
pub mod customers;
pub mod days;
pub mod discipline;
pub mod duplicates;
pub mod escalation;
pub mod fatigue;
pub mod flows;
pub mod forgetting;
pub mod growth;
pub mod handle;
pub mod hires;
pub mod intervention;
pub mod lateness;
pub mod learning;
pub mod load;
pub mod macros;
pub mod money;
pub mod mood;
pub mod notices;
pub mod opening;
pub mod overtime;
pub mod overwork;
pub mod pace;
pub mod patience;
pub mod pending;
pub mod people;
pub mod picking;
pub mod plain;
pub mod plan;
pub mod pool;
pub mod pressure;
pub mod priority;
pub mod procedure;
pub mod products;
pub mod profile;
pub mod promise;
pub mod questions;
pub mod reopen;
pub mod reviews;
pub mod room;
pub mod root_causes;
pub mod rush;
pub mod satisfaction;
pub mod shrinkage;
pub mod surge;
pub mod swarming;
pub mod switching;
pub mod team;
pub mod told;
pub mod tools;
pub mod triage;

use crate::dist::Law;
use crate::ids::{AgentId, ClassId, LineId, PoolId, TeamId};
use crate::price::Prices;
use crate::ticket::{Priority, Task};
use crate::time::{SimDuration, SimTime};
use approval::Approval;
use automation::{Automation, Taste};
use bulk::BulkReply;
use calendar::Calendar;
use class::Class;
use customers::Customers;
use days::Days;
use discipline::Group;
use escalation::Escalations;
use intervention::desks::Interventions;
use opening::OpeningTicket;
use plan::Census;
use pool::Pool;
use procedure::Procedure;
use reviews::Review;
use root_causes::RootCause;
use team::{Line, Team};
use triage::Triage;

/// A desk, compiled: names resolved to ids, valid by construction, the same for all replications.
#[derive(Clone, Debug)]
pub struct Model {
    /// What it is called.
    pub name: String,
    /// The days of the run, warm-up included.
    pub days: Days,
    /// When the simulation begins: before zero where there is a warm-up.
    pub start: SimTime,
    /// When it ends.
    pub end: SimTime,
    /// Calendars, for promises and escalations.
    pub calendars: Vec<Calendar>,
    /// Ticket classes.
    pub classes: Vec<Class>,
    /// Teams.
    pub teams: Vec<Team>,
    /// Waiting lines of all teams.
    pub lines: Vec<Line>,
    /// Pools of all teams.
    pub pools: Vec<Pool>,
    /// A class at a team, `stages[class * teams + team]`.
    pub stages: Vec<Stage>,
    /// Who sends new tickets where; they go to their first team where nobody does.
    pub triage: Option<Triage>,
    /// Steps that need somebody else's yes.
    pub approvals: Vec<Approval>,
    /// Escalations that do not always go as they should.
    pub procedures: Vec<Procedure>,
    /// Whether tickets have to remember what only some mechanisms need.
    pub has_extras: bool,
    /// Bots; a class meets at most one.
    pub automation: Vec<Automation>,
    /// The bot in front of each class.
    pub bot_of: Vec<Option<usize>>,
    /// Recurring problems.
    pub root_causes: Vec<RootCause>,
    /// Who writes, and may leave; nothing where demand does not depend on how they fare.
    pub customers: Option<Customers>,
    /// Answers sent to many tickets at once.
    pub bulk: Vec<BulkReply>,
    /// What the bot in front of a class picks, by class.
    pub tastes: Vec<Taste>,
    /// Tickets that wait at time zero, oldest first.
    pub opening: Vec<OpeningTicket>,
    /// What things cost and how customers judge, where the scenario says so.
    pub prices: Option<Prices>,
    /// How busyness carries over from day to day.
    pub busyness_memory: f64,
    /// Reviews of staff, each with the pool of those it asks for.
    pub reviews: Vec<(Review, PoolId)>,
    /// Planned changes, in order.
    pub changes: Vec<Planned>,
    /// When the desk is counted.
    pub census: Census,
    /// Whether anybody's work depends on who does it: people differ, learn, or tire.
    pub personal: bool,
    /// Whether anybody holds several tickets at once.
    pub side_by_side: bool,
    /// Teams whose speed depends on how many are there.
    pub crowded: Vec<TeamId>,
    /// Whether customers of any class are told how long the desk expects them to wait.
    pub tells_expected_wait: bool,
    /// Most unsolved tickets; a run that passes it is stopped and said to be truncated.
    pub cap: u32,
    /// What the manager changes during the run.
    pub interventions: Option<Box<Interventions>>,
    /// Which line a ticket joins, by team, class, priority and group.
    line_of: Vec<LineId>,
    /// How far an agent's own lines stand behind those of the team, by agent; empty where no team
    /// has inboxes.
    own_lines: Vec<u32>,
}

/// A class at a team.
#[derive(Clone, PartialEq, Debug)]
pub struct Stage {
    /// Handle time of a touch.
    pub handle: Law,
    /// Its mean.
    pub mean_handle: SimDuration,
    /// Where tickets go from here.
    pub escalations: Escalations,
    /// Approvals that its tickets may need here, by their position in the model.
    pub approvals: Vec<u16>,
    /// The line that its tickets join here, by priority, where what they need next does not matter.
    pub lines: Option<[LineId; Priority::COUNT]>,
    /// Whether something may happen to its tickets while they wait here.
    pub sets_timers: bool,
    /// Whether every touch here solves its ticket for good.
    pub always_solves: bool,
}

/// A planned change and its time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Planned {
    /// When.
    pub at: SimTime,
    /// What.
    pub change: Change,
}

/// What changes by plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Change {
    /// A pool leaves the roster.
    Off(PoolId),
    /// A day of a pool is over, whose agents remember their days.
    DayEnds(PoolId),
    /// A pool is on the roster from now, or a new day begins for it: who is absent, who is there.
    On {
        /// The pool.
        pool: PoolId,
        /// Days since the scenario's start, by which absences are drawn.
        day: i64,
    },
    /// Counting begins, and with it the opening backlog.
    Begin,
    /// A turn of a pool's rota of breaks.
    Turn {
        /// The pool.
        pool: PoolId,
        /// Number of the turn.
        turn: u64,
        /// How long a break lasts.
        lasts: SimDuration,
    },
    /// Part of a pool is trained.
    Lesson {
        /// The pool.
        pool: PoolId,
        /// Which of its lessons.
        lesson: u16,
    },
    /// A pool may take immediate work again.
    FenceEnds(PoolId),
    /// An answer is sent to many tickets at once.
    Bulk(u16),
    /// A team looks through everything it has.
    Audit(TeamId),
    /// A team's staff is reviewed.
    Review(u16),
}

impl Change {
    /// Whether it says who is at work, or that counting begins.
    pub fn is_roster(&self) -> bool {
        match self {
            Change::Off(_)
            | Change::DayEnds(_)
            | Change::On { .. }
            | Change::Begin
            | Change::Turn { .. }
            | Change::Lesson { .. }
            | Change::FenceEnds(_) => true,
            Change::Bulk(_) | Change::Audit(_) | Change::Review(_) => false,
        }
    }
}

impl Model {
    /// The class at that team.
    #[inline]
    pub fn stage(&self, class: ClassId, team: TeamId) -> &Stage {
        &self.stages[class.index() * self.teams.len() + team.index()]
    }

    /// Mean time of an agent that a touch of a class takes at a team, where its agents hold as many
    /// side by side as is best.
    pub fn agent_time(&self, class: ClassId, team: TeamId) -> SimDuration {
        let concurrency = self.teams[team.index()].concurrency.as_ref();
        let handle = self.stage(class, team).mean_handle;
        let shared = concurrency.filter(|c| c.shares(class));
        shared.map_or(handle, |concurrency| handle.scale(1.0 / concurrency.yields()))
    }

    /// The same in hours.
    pub fn agent_hours(&self, class: ClassId, team: TeamId) -> f64 {
        self.agent_time(class, team).hours()
    }

    /// The line that such a ticket joins.
    #[inline]
    pub fn line(&self, team: TeamId, class: ClassId, priority: Priority, group: Group) -> LineId {
        self.line_of[self.line_index(team, class, priority, group)]
    }

    /// Whether some teams have inboxes.
    pub fn has_inboxes(&self) -> bool {
        !self.own_lines.is_empty()
    }

    /// The line of an agent's own beside one of a team with inboxes.
    #[inline]
    pub fn own_line(&self, agent: AgentId, line: LineId) -> LineId {
        LineId(line.0 + self.own_lines[agent.index()])
    }

    /// The line beside a line where tickets stand that keep the place they had in another one.
    #[inline]
    pub fn line_by_age(&self, line: LineId) -> Option<LineId> {
        self.lines[line.index()].by_age
    }

    fn line_index(&self, team: TeamId, class: ClassId, priority: Priority, group: Group) -> usize {
        let cell = team.index() * self.classes.len() + class.index();
        (cell * Priority::COUNT + priority.index()) * 3 + group as usize
    }

    /// Whether tickets wait in the same lines and order as in another model of the same desk.
    pub fn has_lines_of(&self, other: &Model) -> bool {
        let order = |model: &Model| -> Vec<_> {
            model.teams.iter().map(|team| team.discipline.clone()).collect()
        };
        self.lines == other.lines && self.line_of == other.line_of && order(self) == order(other)
    }

    /// Whether tickets of a class can wait at a team.
    pub fn can_wait(&self, class: ClassId, team: TeamId) -> bool {
        let line = self.line_of[self.line_index(team, class, Priority(0), Group::Rest)];
        line != LineId(u32::MAX)
    }

    /// How long touches at a team take on average that are not about the answer, by task.
    pub fn errands(&self, team: TeamId) -> [SimDuration; Task::COUNT] {
        let mut lasts = [SimDuration::ZERO; Task::COUNT];
        let mean = |means: &[SimDuration]| match means.len() {
            0 => SimDuration::ZERO,
            n => SimDuration::from_micros(
                means.iter().map(|mean| mean.micros()).sum::<i64>() / n as i64,
            ),
        };
        if let Some(triage) = &self.triage {
            lasts[Task::Sort as usize] = triage.takes;
            lasts[Task::PassOn as usize] = triage.bounce_takes;
        }
        let decided = self.approvals.iter().filter(|approval| approval.by == team);
        let decided: Vec<SimDuration> = decided.map(|approval| approval.takes.mean()).collect();
        lasts[Task::Approve as usize] = mean(&decided);
        let steps = |from: bool| {
            let here = |p: &&Procedure| if from { p.from == team } else { p.to == team };
            mean(&self.procedures.iter().filter(here).map(|p| p.takes).collect::<Vec<_>>())
        };
        lasts[Task::SendBack as usize] = steps(false);
        lasts[Task::Clarify as usize] = steps(true);
        lasts
    }

    /// All agents there may ever be.
    pub fn agents(&self) -> usize {
        self.pools.last().map_or(0, |pool| pool.agents.end as usize)
    }

    /// The pool an agent belongs to.
    pub fn pool_of(&self, agent: u32) -> PoolId {
        PoolId::new(self.pools.partition_point(|pool| pool.agents.end <= agent))
    }
}
