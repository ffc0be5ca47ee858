//! The frame of a run's figures: its classes, teams, weeks and hours, as far as counting needs them.

use crate::ids::{AgentId, ClassId, TeamId};
use crate::price::{Price, Prices, Seat};
use crate::ticket::Task;
use crate::time::{SimDuration, SimTime};
use std::ops::Range;

/// Hours in a week.
pub const WEEK_HOURS: usize = 168;

/// What counting needs to know about a model.
#[derive(Clone, PartialEq, Debug)]
pub struct Frame {
    /// How many classes there are.
    pub classes: usize,
    /// How many teams there are.
    pub teams: usize,
    /// When the simulation begins: before zero where there is a warm-up.
    pub start: SimTime,
    /// When the run ends.
    pub end: SimTime,
    /// How long before the start the oldest ticket of the opening backlog was created.
    pub oldest_opening: SimDuration,
    /// When the desk is counted.
    pub census: Vec<SimTime>,
    /// Positions in `census` that are closes of open days.
    pub closes: Vec<u32>,
    /// When each week of the run begins: at local midnight, every seven days from the start on.
    pub week_starts: Vec<SimTime>,
    /// Hour of the local week (Monday 00:00 is 0) of each hour since the start.
    pub hour_of_week: Vec<u8>,
    /// What things cost and how customers judge, where that is known.
    pub prices: Option<Prices>,
    /// Whether demand depends on how customers fare.
    pub has_customers: bool,
    /// What each intervention costs: once, and per week in force.
    pub interventions: Vec<(Price, Price)>,
    /// What things cost under each set of interventions.
    pub prices_under: Vec<(u32, Prices)>,
    /// Agents of each pool, their team, and the seat of the first.
    pub pools: Vec<(Range<u32>, TeamId, Seat)>,
    /// Within what time an agent is promised to take a contact, by class; empty where nobody is
    /// promised that.
    pub answer_within: Vec<Option<SimDuration>>,
    /// The team that gets a class first, by class.
    pub entries: Vec<TeamId>,
    /// Mean time of an agent that a touch of a class takes at a team, `[class * teams + team]`.
    pub agent_time: Vec<SimDuration>,
    /// How long touches take on average that are not about the answer, by team and task.
    pub errands: Vec<[SimDuration; Task::COUNT]>,
}

impl Frame {
    /// The seat of an agent.
    pub fn seat(&self, agent: AgentId) -> Seat {
        let pool = self.pools.partition_point(|(agents, ..)| agents.end <= agent.0);
        let (agents, _, first) = &self.pools[pool];
        Seat { number: first.number + agent.0 - agents.start, ..*first }
    }

    /// Within what time an agent is promised to take a contact of a class.
    #[inline]
    pub fn answer_within(&self, class: ClassId) -> Option<SimDuration> {
        self.answer_within.get(class.index()).copied().flatten()
    }

    /// What things cost under a set of interventions.
    pub fn prices_under(&self, mask: u32) -> Option<&Prices> {
        let under = self.prices_under.iter().find(|(of, _)| *of == mask);
        under.map(|(_, prices)| prices).or(self.prices.as_ref())
    }

    /// How many weeks the run touches.
    pub fn weeks(&self) -> usize {
        self.week_starts.len()
    }

    /// The week of an instant. What came before the start belongs to the first, the end and what comes
    /// after it to the last.
    pub fn week(&self, at: SimTime) -> usize {
        const WEEK: i64 = SimDuration::from_days(7).micros();
        // Clocks that change move a week by an hour and no more: it is this one or its neighbour.
        let about = (at.micros().max(0) / WEEK) as usize;
        let about = about.min(self.weeks() - 1);
        if at < self.week_starts[about] {
            return about.saturating_sub(1);
        }
        about + usize::from(self.week_starts.get(about + 1).is_some_and(|next| at >= *next))
    }

    /// How long a time within the run is where every week has seven days, whatever the clocks do.
    pub fn without_clock_changes(&self, from: SimTime, to: SimTime) -> SimDuration {
        let seven = SimDuration::from_days(7);
        let an_hour = SimDuration::from_hours(1.0);
        let mut all = SimDuration::ZERO;
        for (week, begins) in self.week_starts.iter().enumerate() {
            let next = self.week_starts.get(week + 1).copied().unwrap_or(self.end);
            let is_whole = (next - *begins) + an_hour >= seven;
            let lasts = if is_whole { next - *begins } else { seven };
            let inside = (to.min(next) - from.max(*begins)).at_least_zero();
            all += inside.scale(seven.hours() / lasts.hours());
        }
        all
    }

    /// From when until when a week lasts, the first from ever and the last for ever.
    pub fn span_of_week(&self, week: usize) -> (SimTime, SimTime) {
        let begins =
            if week == 0 { SimTime::from_micros(i64::MIN) } else { self.week_starts[week] };
        (begins, self.week_starts.get(week + 1).copied().unwrap_or(SimTime::NEVER))
    }
}
