//! What agents remember of their days: how long they were at the queue, and how busy.

use super::Run;
use super::desk::{AgentState, Work};
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
            tired: Tiredness::default(),
        }
    }

    /// Time on the roster since the day began.
    pub(super) fn worked_until(&self, now: SimTime) -> SimDuration {
        self.worked + self.on_since.map_or(SimDuration::ZERO, |since| now - since)
    }
}

impl<O: Observer> Run<'_, O> {
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
        if let Work::Ticket(_) = state.work {
            let diary = &mut self.desk.people[agent.index()].diary;
            diary.busy += self.now - state.started_at.max(diary.from);
        }
    }

    /// A day is over: what is in hand counts up to now.
    pub(super) fn on_day_ends(&mut self, pool: PoolId) {
        let habits = &self.model.teams[self.model.pools[pool.index()].team.index()].habits;
        // Those, too, whom an intervention has sent home.
        for agent in self.model.pools[pool.index()].agents.clone().map(AgentId) {
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
            diary.from = self.now;
            diary.worked = SimDuration::ZERO;
            diary.on_since = diary.on_since.map(|_| self.now);
            (diary.present, diary.busy) = (SimDuration::ZERO, SimDuration::ZERO);
        }
    }
}
