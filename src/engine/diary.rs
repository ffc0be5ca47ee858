//! What agents remember of their days: how long they were at the queue, and how busy.

use super::Run;
use super::agent::{AgentState, Work};
use crate::ids::{AgentId, PoolId};
use crate::model::fatigue::Tiredness;
use crate::model::overwork::remembered;
use crate::outcome::observer::Observer;
use crate::time::{SimDuration, SimTime};

/// The day so far, and what is left of earlier ones.
#[derive(Clone, Debug)]
pub(super) struct Diary {
    /// At the queue since then, or since the day began.
    since: Option<SimTime>,
    /// When the day began.
    from: SimTime,
    /// Time at the queue before `since`.
    present: SimDuration,
    /// Time in touches that are over.
    busy: SimDuration,
    /// On the roster since then, or since the day began.
    on_since: Option<SimTime>,
    /// Time on the roster before `on_since`.
    worked: SimDuration,
    /// Occupancy of recent days.
    pub(super) occupancy: f64,
    /// The same, as it bears on leaving.
    pub(super) load: f64,
    /// Share of recent hours that was overtime.
    pub(super) overtime: f64,
    /// What long days have left.
    pub(super) tired: Tiredness,
}

impl Diary {
    /// One without entries.
    pub(super) fn new() -> Diary {
        Diary {
            since: None,
            from: SimTime::from_micros(i64::MIN),
            present: SimDuration::ZERO,
            busy: SimDuration::ZERO,
            on_since: None,
            worked: SimDuration::ZERO,
            occupancy: 0.0,
            load: 0.0,
            overtime: 0.0,
            tired: Tiredness::default(),
        }
    }

    /// Somebody else begins, perhaps at work at this moment.
    pub(super) fn begin_anew(&mut self, now: SimTime) {
        let (since, on_since) = (self.since.map(|_| now), self.on_since.map(|_| now));
        *self = Diary { since, on_since, from: now, ..Diary::new() };
    }

    /// Time on the roster since the day began.
    pub(super) fn worked_until(&self, now: SimTime) -> SimDuration {
        self.worked + self.on_since.map_or(SimDuration::ZERO, |since| now - since)
    }
}

/// How much of some spans lies between two instants.
fn overlap(spans: &[(SimTime, SimTime)], from: SimTime, to: SimTime) -> SimDuration {
    let within = spans.iter().map(|(begin, end)| ((*end).min(to), (*begin).max(from)));
    within.fold(SimDuration::ZERO, |sum, (end, begin)| sum + (end - begin).at_least_zero())
}

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// An agent has come to the queue, or left it.
    pub(super) fn note_presence(&mut self, agent: AgentId, comes: bool) {
        let diary = &mut self.desk.people[agent.index()].diary;
        if let Some(since) = diary.since.take() {
            diary.present += self.now - since;
        }
        diary.since = comes.then_some(self.now);
    }

    /// An agent has come on the roster, or gone from it.
    pub(super) fn note_roster(&mut self, agent: AgentId, comes: bool) {
        let diary = &mut self.desk.people[agent.index()].diary;
        diary.worked = diary.worked_until(self.now);
        diary.on_since = comes.then_some(self.now);
    }

    /// An agent stops working on something.
    pub(super) fn note_work(&mut self, agent: AgentId) {
        let state = &self.desk.agents[agent.index()];
        if state.work != Work::Other {
            let diary = &mut self.desk.people[agent.index()].diary;
            diary.busy += self.now - state.started_at.max(diary.from);
        }
    }

    /// A day is over: what is in hand counts up to now.
    pub(super) fn on_day_ends(&mut self, pool: PoolId) {
        let plan = &self.model.pools[pool.index()];
        let habits = &self.model.teams[plan.team.index()].habits;
        // Those, too, whom an intervention has sent home.
        for agent in plan.agents.clone().map(AgentId) {
            let present = self.desk.people[agent.index()].diary.since.is_some();
            if present {
                self.note_presence(agent, true);
            }
            if self.desk.agents[agent.index()].state == AgentState::Busy {
                self.note_work(agent);
            }
            let diary = &mut self.desk.people[agent.index()].diary;
            if let Some(overwork) = &habits.overwork {
                diary.occupancy =
                    remembered(diary.occupancy, diary.busy, diary.present, overwork.days);
            }
            if let Some(fatigue) = &habits.fatigue {
                let worked = diary.worked_until(self.now);
                diary.tired = fatigue.after(worked, diary.tired, self.now);
            }
            if let Some(leaving) = &plan.leaving {
                let days = leaving.attrition.days;
                let worked = diary.worked_until(self.now);
                // Nobody has worked the overtime of days before the run began.
                let from = diary.from.max(self.base.start);
                let overtime = overlap(&plan.overtime, from, self.now).min(worked);
                diary.load = remembered(diary.load, diary.busy, diary.present, days);
                diary.overtime = remembered(diary.overtime, overtime, worked, days);
            }
            diary.from = self.now;
            diary.worked = SimDuration::ZERO;
            diary.on_since = diary.on_since.map(|_| self.now);
            (diary.present, diary.busy) = (SimDuration::ZERO, SimDuration::ZERO);
            if let Some(leaving) = &plan.leaving {
                self.judge(agent, leaving, plan.employs(agent.0));
            }
        }
    }
}
