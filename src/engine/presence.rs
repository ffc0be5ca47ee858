//! When agents are there: rosters, absences, breaks, interruptions, and the end of a shift.

use super::Run;
use super::agent::{AgentState, Work};
use super::event::{Event, Kind};
use crate::ids::{AgentId, PoolId};
use crate::model::team::ShiftEnd;
use crate::outcome::observer::Observer;
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// The name of an agent in chance: replication, cohort, seat, and who sits there.
    pub(super) fn agent_key(&self, agent: AgentId) -> Key {
        let pool = &self.model.pools[self.desk.agents[agent.index()].pool.index()];
        let first = pool.key(self.key, agent.0);
        self.desk.people.get(agent.index()).map_or(first, |person| person.seat.key(first))
    }

    /// The agents that a pool employs.
    pub(super) fn agents_of(&self, pool: PoolId) -> impl Iterator<Item = AgentId> + use<O, PLAIN> {
        let pool = &self.model.pools[pool.index()];
        (pool.agents.start..pool.agents.start + pool.seats).map(AgentId)
    }

    /// A shift, or a day of a long one, begins: whoever is not absent is there.
    pub(super) fn on_on(&mut self, pool: PoolId, day: i64) {
        let shrinkage = self.model.pools[pool.index()].shrinkage;
        let p_today = shrinkage.p_absent_on(self.key, day);
        for agent in self.agents_of(pool) {
            let absent = p_today > 0.0 && shrinkage.absent(self.agent_key(agent), day, p_today);
            if self.is_empty_seat(agent) {
                continue;
            }
            let there = self.desk.agents[agent.index()].on_roster;
            match (there, absent) {
                (false, false) => self.clock_in(agent),
                (true, true) => self.clock_out(agent),
                (true, false) | (false, true) => {}
            }
        }
    }

    pub(super) fn on_off(&mut self, pool: PoolId) {
        for agent in self.agents_of(pool) {
            if self.desk.agents[agent.index()].on_roster {
                self.clock_out(agent);
            }
        }
    }

    pub(super) fn clock_in(&mut self, agent: AgentId) {
        if !self.desk.people.is_empty() {
            self.note_roster(agent, true);
        }
        let state = &mut self.desk.agents[agent.index()];
        state.on_roster = true;
        if !state.called_away {
            self.scheduled(agent, 1);
        }
        // Somebody still busy with the last shift's touch simply stays.
        let state = &self.desk.agents[agent.index()];
        if state.state == AgentState::Off && !state.called_away {
            self.sit_down(agent);
        } else if state.work == Work::Several {
            self.desk.freed.push(agent);
        }
    }

    pub(super) fn clock_out(&mut self, agent: AgentId) {
        if !self.desk.people.is_empty() {
            self.note_roster(agent, false);
        }
        let state = &mut self.desk.agents[agent.index()];
        state.on_roster = false;
        state.owed = SimDuration::ZERO;
        let away = state.called_away || state.state == AgentState::Away;
        if !away {
            self.scheduled(agent, -1);
        }
        match self.desk.agents[agent.index()].state {
            AgentState::Off => {}
            AgentState::Idle => self.leave_queue(agent, AgentState::Off),
            AgentState::Away => {
                let state = &mut self.desk.agents[agent.index()];
                state.state = AgentState::Off;
                state.stamp = state.stamp.wrapping_add(1);
            }
            AgentState::Busy => {
                let pool = self.desk.agents[agent.index()].pool;
                let team = self.model.pools[pool.index()].team;
                match self.model.teams[team.index()].shift_end {
                    ShiftEnd::Finish | ShiftEnd::FinishPooled => {}
                    // What is done at this very moment is done.
                    _ if self.is_just_done(agent) => {}
                    ShiftEnd::Suspend | ShiftEnd::HandOver => {
                        if self.desk.agents[agent.index()].work != Work::Other {
                            self.break_off(
                                agent,
                                self.model.teams[team.index()].reread_after_break(),
                            );
                            self.stand_up(agent, AgentState::Off);
                        }
                    }
                }
            }
        }
    }

    /// Whether an agent's one ticket is done now, which comes after the change of shift.
    fn is_just_done(&self, agent: AgentId) -> bool {
        let state = &self.desk.agents[agent.index()];
        matches!(state.work, Work::Ticket(_)) && state.ends_at == self.now
    }

    /// An agent comes to the queue and is free.
    fn sit_down(&mut self, agent: AgentId) {
        self.desk.agents[agent.index()].state = AgentState::Idle;
        self.staffed(agent, 1);
        self.desk.freed.push(agent);
    }

    /// An agent leaves the queue for a state in which no work is done.
    pub(super) fn stand_up(&mut self, agent: AgentId, state: AgentState) {
        self.desk.agents[agent.index()].state = state;
        self.staffed(agent, -1);
    }

    /// An idle agent leaves the queue.
    fn leave_queue(&mut self, agent: AgentId, state: AgentState) {
        self.idles_no_more(agent);
        self.desk.freed.retain(|freed| *freed != agent);
        self.stand_up(agent, state);
    }

    fn staffed(&mut self, agent: AgentId, change: i32) {
        let pool = self.desk.agents[agent.index()].pool;
        let team = self.model.pools[pool.index()].team;
        let state = &mut self.desk.teams[team.index()];
        state.staffed = state.staffed.wrapping_add_signed(change);
        self.observer.staffed(self.now, team, state.staffed);
        if self.desk.watch.is_kept {
            self.desk.watch.changes(self.now, i64::from(change), 0);
        }
        if !self.desk.people.is_empty() {
            self.note_presence(agent, change > 0);
        }
    }

    fn scheduled(&mut self, agent: AgentId, change: i32) {
        let pool = self.desk.agents[agent.index()].pool;
        let team = self.model.pools[pool.index()].team;
        let state = &mut self.desk.teams[team.index()];
        state.scheduled = state.scheduled.wrapping_add_signed(change);
        if change > 0 {
            self.may_start_more(team);
        }
    }

    /// A turn of the rota: those whose turn it is owe a break and take it once they are free.
    pub(super) fn on_turn(&mut self, pool: PoolId, turn: u64, lasts: SimDuration) {
        let plan = &self.model.pools[pool.index()];
        self.owe(pool, lasts, |seat| plan.shrinkage.away(seat, plan.seats, turn));
    }

    /// Part of a pool is trained, each once the touch in hand is done.
    pub(super) fn on_lesson(&mut self, pool: PoolId, lesson: u16) {
        let lesson = self.model.pools[pool.index()].lessons[usize::from(lesson)];
        self.owe(pool, lesson.lasts, |seat| lesson.is_for(seat));
    }

    /// Those of a pool who are on the roster and of whom it is true owe time away from the queue.
    fn owe(&mut self, pool: PoolId, lasts: SimDuration, who: impl Fn(u32) -> bool) {
        for (seat, agent) in (0..).zip(self.agents_of(pool)) {
            let state = &mut self.desk.agents[agent.index()];
            if !state.on_roster || !who(seat) {
                continue;
            }
            state.owed += lasts;
            if state.state == AgentState::Idle {
                self.leave_queue(agent, AgentState::Away);
                self.begin_break(agent);
            }
        }
    }

    /// An agent who has just stood up takes the breaks owed.
    pub(super) fn begin_break(&mut self, agent: AgentId) {
        self.scheduled(agent, -1);
        let state = &mut self.desk.agents[agent.index()];
        let until = self.now + std::mem::take(&mut state.owed);
        self.desk.agenda.will_happen(until, Kind::BreakOver, agent.0, state.stamp);
    }

    pub(super) fn on_break_over(&mut self, event: Event) {
        let agent = event.agent();
        let state = &self.desk.agents[agent.index()];
        if state.state != AgentState::Away || !event.bears(state.stamp) {
            return;
        }
        if state.owed > SimDuration::ZERO {
            let state = &mut self.desk.agents[agent.index()];
            let until = self.now + std::mem::take(&mut state.owed);
            self.desk.agenda.will_happen(until, Kind::BreakOver, agent.0, state.stamp);
            return;
        }
        self.scheduled(agent, 1);
        self.sit_down(agent);
    }

    /// Unscheduled interruptions go on from the start of the run, whatever the roster says, and for
    /// those, too, whom an intervention may bring.
    pub(super) fn plan_interruptions(&mut self) {
        for index in 0..self.model.pools.len() {
            if self.model.pools[index].interruptions.is_some() {
                for agent in self.model.pools[index].agents.clone().map(AgentId) {
                    self.plan_interruption(agent);
                }
            }
        }
    }

    fn plan_interruption(&mut self, agent: AgentId) {
        let pool = self.desk.agents[agent.index()].pool;
        let Some(plan) = &self.model.pools[pool.index()].interruptions else { return };
        let n = self.desk.interruptions.get(&agent).copied().unwrap_or_default() + 1;
        self.desk.interruptions.insert(agent, n);
        let mut chance = self.agent_key(agent).draw(Purpose::Break, n * 2);
        let at = self.now.saturating_add(plan.every.sample(&mut chance));
        self.desk.agenda.will_happen(at, Kind::CalledAway, agent.0, 0);
    }

    pub(super) fn on_called_away(&mut self, agent: AgentId) {
        let pool = self.desk.agents[agent.index()].pool;
        let Some(plan) = &self.model.pools[pool.index()].interruptions else { return };
        let n = self.desk.interruptions.get(&agent).copied().unwrap_or_default();
        let mut chance = self.agent_key(agent).draw(Purpose::Break, n * 2 + 1);
        let back = self.now.saturating_add(plan.lasts.sample(&mut chance));
        self.desk.agenda.will_happen(back, Kind::Back, agent.0, 0);
        let state = &mut self.desk.agents[agent.index()];
        state.called_away = true;
        let counted = state.on_roster && state.state != AgentState::Away;
        match state.state {
            AgentState::Off => {}
            AgentState::Idle => self.leave_queue(agent, AgentState::Away),
            AgentState::Away => state.stamp = state.stamp.wrapping_add(1),
            AgentState::Busy => {
                if state.work != Work::Other {
                    let team = self.model.pools[pool.index()].team;
                    self.break_off(agent, self.model.teams[team.index()].reread_after_break());
                    let goes = if self.desk.agents[agent.index()].on_roster {
                        AgentState::Away
                    } else {
                        AgentState::Off
                    };
                    self.stand_up(agent, goes);
                }
            }
        }
        if counted {
            self.scheduled(agent, -1);
        }
    }

    pub(super) fn on_back(&mut self, agent: AgentId) {
        let state = &mut self.desk.agents[agent.index()];
        state.called_away = false;
        let (on_roster, free) = (state.on_roster, state.state != AgentState::Busy);
        if on_roster {
            self.scheduled(agent, 1);
            if free {
                self.sit_down(agent);
            }
        }
        self.plan_interruption(agent);
    }
}
