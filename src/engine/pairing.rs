//! Who takes what: the only place where tickets and agents meet.

use super::Run;
use super::agent::{AgentState, Work};
use super::desk::Desk;
use super::event::Kind;
use super::slots::Place;
use crate::ids::{AgentId, LineId, PoolId, TeamId, TicketId};
use crate::model::Stage;
use crate::model::blending::is_fenced;
use crate::model::discipline::{Discipline, Group, LineKind};
use crate::model::team::{Line, ShiftEnd};
use crate::outcome::observer::Observer;
use crate::ticket::{Priority, State, Task};
use crate::time::{SimDuration, SimTime};

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// Free agents choose among what waits; then nobody stays idle beside work; then what has just
    /// come joins its line, or goes straight to an agent who is still free.
    #[inline(always)]
    pub(super) fn start_what_can_start(&mut self) {
        if !self.desk.freed.is_empty() {
            self.offer_freed();
        }
        if !self.desk.look_again.is_empty() {
            self.look_again();
        }
        if !self.desk.arriving.is_empty() {
            self.join_arriving();
        }
    }

    #[inline(always)]
    fn join_arriving(&mut self) {
        let mut done = 0;
        while done < self.desk.arriving.len() {
            let id = self.desk.arriving[done];
            done += 1;
            self.join(id);
            // Whoever helped with a touch that was interrupted is free.
            if !self.desk.freed.is_empty() {
                self.offer_freed();
            }
        }
        self.desk.arriving.clear();
        // An interruption on behalf of an urgent ticket may have put another one back.
        if !self.desk.look_again.is_empty() {
            self.look_again();
        }
    }

    #[inline(always)]
    fn offer_freed(&mut self) {
        let mut done = 0;
        while done < self.desk.freed.len() {
            let agent = self.desk.freed[done];
            done += 1;
            self.offer_work(agent);
        }
        self.desk.freed.clear();
    }

    /// The idle agents of a team look again once free agents have chosen: something was put back,
    /// or the team may start more than before.
    pub(super) fn will_look_again(&mut self, team: TeamId) {
        if self.desk.look_again.last() != Some(&team) {
            self.desk.look_again.push(team);
        }
    }

    /// Idle agents look again, team by team, the longest idle first.
    fn look_again(&mut self) {
        self.desk.look_again.sort_unstable();
        self.desk.look_again.dedup();
        for place in 0..self.desk.look_again.len() {
            let team = &self.model.teams[self.desk.look_again[place].index()];
            if team.all_lines.clone().all(|line| self.desk.lines.len(LineId::new(line)) == 0) {
                continue;
            }
            let Desk { freed, idle, agents, .. } = &mut self.desk;
            freed.extend(team.pools.iter().flat_map(|pool| &idle[pool.index()]));
            freed.sort_unstable_by_key(|agent| agents[agent.index()].idle_turn);
            self.roomy_agents_look(place);
            let mut looked = 0;
            while looked < self.desk.freed.len() {
                let agent = self.desk.freed[looked];
                looked += 1;
                // Somebody may be helping with what another one has just taken.
                if let Some(id) = self.next_for(agent) {
                    self.idles_no_more(agent);
                    self.take(agent, id);
                }
            }
            self.desk.freed.clear();
        }
        self.desk.look_again.clear();
    }

    /// Those of the team at that place with room in their hands look too, after the idle ones, the
    /// fewest in hand first.
    fn roomy_agents_look(&mut self, place: usize) {
        let team = &self.model.teams[self.desk.look_again[place].index()];
        if team.concurrency.is_none() {
            return;
        }
        let idle = self.desk.freed.len();
        for pool in &team.pools {
            for agent in self.model.pools[pool.index()].agents.clone().map(AgentId) {
                if self.has_room(agent) {
                    self.desk.freed.push(agent);
                }
            }
        }
        let mut roomy = self.desk.freed.split_off(idle);
        roomy.sort_unstable_by_key(|agent| {
            (self.held_by(*agent), self.desk.agents[agent.index()].idle_turn)
        });
        self.desk.freed.append(&mut roomy);
    }

    /// A free agent takes the ticket that comes first, or stays idle.
    #[inline(always)]
    pub(super) fn offer_work(&mut self, agent: AgentId) {
        match self.next_for(agent) {
            Some(id) => self.take(agent, id),
            None => {
                let state = &self.desk.agents[agent.index()];
                if state.state == AgentState::Idle {
                    self.stay_idle(agent, state.pool);
                }
            }
        }
    }

    /// An agent takes a ticket out of its line, and looks for another one where there is room.
    #[inline(always)]
    fn take(&mut self, agent: AgentId, id: TicketId) {
        self.desk.lines.remove(&mut self.desk.slots, id);
        self.start(agent, id);
        if self.has_room(agent) {
            self.desk.freed.push(agent);
        }
    }

    #[inline(always)]
    fn next_for(&mut self, agent: AgentId) -> Option<TicketId> {
        let state = &self.desk.agents[agent.index()];
        let pool = state.pool;
        let may = match state.state {
            AgentState::Idle => self.may_start(state.team),
            AgentState::Busy => self.has_room(agent),
            AgentState::Off | AgentState::Away => false,
        };
        if may { self.choose(agent, pool) } else { None }
    }

    /// Whether a team that finishes pooled may start another touch.
    pub(super) fn may_start(&self, team: TeamId) -> bool {
        let state = &self.desk.teams[team.index()];
        PLAIN
            || self.model.teams[team.index()].shift_end != ShiftEnd::FinishPooled
            || state.busy < state.scheduled
    }

    #[inline(always)]
    fn stay_idle(&mut self, agent: AgentId, pool: PoolId) {
        if !PLAIN && let Some(law) = &self.model.pools[pool.index()].side_work {
            let key = self.agent_key(agent);
            let block = self.desk.agents[agent.index()].blocks;
            self.desk.agents[agent.index()].blocks += 1;
            let lasts = law.sample(&mut key.draw(crate::rng::Purpose::SideWork, u64::from(block)));
            self.occupy(agent, Work::Other, SimDuration::ZERO, lasts);
            return;
        }
        self.desk.idled += 1;
        self.desk.agents[agent.index()].idle_turn = self.desk.idled;
        self.desk.idle[pool.index()].push_back(agent);
    }

    /// An agent leaves the idle ones of the pool, who stand in the order of their turns.
    pub(super) fn idles_no_more(&mut self, agent: AgentId) {
        let Desk { agents, idle, .. } = &mut self.desk;
        let state = &agents[agent.index()];
        let idle = &mut idle[state.pool.index()];
        let place = idle.partition_point(|other| agents[other.index()].idle_turn < state.idle_turn);
        if idle.get(place) == Some(&agent) {
            idle.remove(place);
        }
    }

    /// What a waiting ticket needs next.
    pub(super) fn group(&self, id: TicketId) -> Group {
        let facts = &self.desk.slots[id].facts;
        let pending = self.model.classes[facts.class.index()].pending.as_ref();
        match pending {
            Some(pending) if pending.asks(facts, facts.touches) => Group::NeedsInformation,
            Some(_) if facts.touches > 0 => Group::AwaitsAction,
            _ => Group::Rest,
        }
    }

    /// The line a ticket belongs to at its team.
    pub(super) fn line_for(&self, id: TicketId) -> LineId {
        let facts = &self.desk.slots[id].facts;
        self.line_at(self.model.stage(facts.class, facts.team), id)
    }

    /// The line a ticket belongs to at the stage where it is.
    #[inline(always)]
    fn line_at(&self, stage: &Stage, id: TicketId) -> LineId {
        let slot = &self.desk.slots[id];
        let facts = &slot.facts;
        let line = match &stage.lines {
            Some(lines) => lines[facts.priority.index()],
            None => {
                let chaser = !PLAIN && slot.is_chaser;
                let group = if chaser { Group::NeedsInformation } else { self.group(id) };
                self.model.line(facts.team, facts.class, facts.priority, group)
            }
        };
        let extra = if PLAIN { None } else { self.desk.slots.extra(id) };
        match extra.and_then(|extra| extra.owner) {
            Some(owner) if !slot.is_chaser => self.model.own_line(owner, line),
            Some(_) | None => line,
        }
    }

    /// A ticket begins to wait for an agent of its team, unless one takes it at once.
    #[inline(always)]
    pub(super) fn join(&mut self, id: TicketId) {
        if self.is_turned_away(id) {
            return;
        }
        let (model, facts) = (self.model, &self.desk.slots[id].facts);
        let stage = model.stage(facts.class, facts.team);
        let line = self.line_at(stage, id);
        let slot = &mut self.desk.slots[id];
        slot.stamp = slot.stamp.wrapping_add(1);
        if PLAIN || !slot.is_chaser {
            slot.facts.visits = slot.facts.visits.saturating_add(1);
            slot.interruptions = 0;
            slot.facts.state = match slot.facts.state {
                before @ (State::New | State::OnHold) => before,
                State::Open | State::Pending | State::Solved | State::Closed => State::Open,
            };
            self.observer.waits(self.now, id, &slot.facts);
        }
        if let Some(owner) = self.give_away(id, line) {
            self.comes_to(owner, id, line);
            return;
        }
        if let Some(agent) = self.idle_agent(line) {
            self.start(agent, id);
            return;
        }
        if self.may_interrupt(id, line) && self.interrupt_for(id, line) {
            return;
        }
        self.enqueue(id, line);
        if PLAIN || !self.desk.slots[id].is_chaser {
            self.arm(id, stage);
            self.arm_inbox(id);
        }
    }

    #[inline(always)]
    pub(super) fn enqueue(&mut self, id: TicketId, line: LineId) {
        let slot = &mut self.desk.slots[id];
        slot.place = Place::InLine;
        if PLAIN {
            self.put_in_order(id, line);
        } else if slot.is_chaser {
            self.put_first(id, line);
        } else if let Some((beside, order)) = self.kept_place(id, line) {
            self.put_by_age(id, beside, order);
        } else {
            self.put_in_order(id, line);
            if self.model.has_extras {
                self.note_first_place(id);
            }
        }
    }

    /// A waiting ticket joins its line under another order of work.
    pub(super) fn line_up(&mut self, id: TicketId) {
        if self.stays_hidden(id) {
            return;
        }
        let line = self.line_for(id);
        let slot = &self.desk.slots[id];
        if slot.is_chaser || slot.is_broken_off {
            self.put_first(id, line);
        } else {
            self.put_in_order(id, line);
        }
    }

    pub(super) fn next_order(&mut self) -> i64 {
        self.desk.joined += 1;
        self.desk.joined
    }

    /// Puts a ticket where it is taken first.
    pub(super) fn put_first(&mut self, id: TicketId, line: LineId) {
        self.desk.slots[id].order = -self.next_order();
        self.desk.lines.push_first(&mut self.desk.slots, id, line);
    }

    /// Puts a ticket where the order of work of its team wants a newcomer.
    #[inline(always)]
    pub(super) fn put_in_order(&mut self, id: TicketId, line: LineId) {
        let order = self.next_order();
        let keyed = self.desk.lines.kind(line) == LineKind::Keyed;
        let key = if keyed { self.line_key(id) } else { 0 };
        self.desk.lines.push(&mut self.desk.slots, id, line, (key, order));
    }

    /// By what a keyed line puts a ticket in order.
    fn line_key(&self, id: TicketId) -> i64 {
        let facts = &self.desk.slots[id].facts;
        let discipline = &self.model.teams[facts.team.index()].discipline;
        let stage = self.model.stage(facts.class, facts.team);
        let due = if facts.replied_at == SimTime::NEVER {
            facts.reply_due.min(facts.solution_due)
        } else {
            facts.solution_due
        };
        let handle = if *discipline == Discipline::Shortest {
            self.handle_of(id)
        } else {
            stage.mean_handle
        };
        discipline.key(due, stage.mean_handle, handle)
    }

    /// A waiting ticket has become more urgent: where that means another line, it joins that one.
    pub(super) fn requeue(&mut self, id: TicketId) {
        let line = self.line_for(id);
        let stands = self.desk.slots[id].line;
        if line != self.model.lines[stands.index()].by_age_of.unwrap_or(stands) {
            self.desk.lines.remove(&mut self.desk.slots, id);
            self.put_in_order(id, line);
        }
    }

    /// Puts a ticket whose touch was broken off where it is taken first.
    pub(super) fn put_back(&mut self, id: TicketId) {
        let line = self.line_for(id);
        let slot = &mut self.desk.slots[id];
        slot.place = Place::InLine;
        slot.stamp = slot.stamp.wrapping_add(1);
        let team = slot.facts.team;
        self.put_first(id, line);
        self.will_look_again(team);
    }

    /// The agent who takes a ticket of a line at once: of the pools tried first the one who has
    /// been idle longest, or else who has room beside the fewest. The agent leaves the idle ones.
    #[inline(always)]
    fn idle_agent(&mut self, line: LineId) -> Option<AgentId> {
        let planned = &self.model.lines[line.index()];
        let idle = self.longest_idle(planned);
        if !PLAIN && idle.is_none() && planned.shared { self.roomiest(planned) } else { idle }
    }

    #[inline(always)]
    pub(super) fn longest_idle(&mut self, planned: &Line) -> Option<AgentId> {
        if !self.may_start(planned.team) {
            return None;
        }
        if let [(_, pool)] = planned.pools[..] {
            let fenced = !PLAIN && planned.immediate && self.is_fenced(pool);
            return if fenced { None } else { self.desk.idle[pool.index()].pop_front() };
        }
        let mut best: Option<(u8, u64, AgentId, PoolId)> = None;
        for (tried, pool) in &planned.pools {
            let Some(agent) = self.desk.idle[pool.index()].front() else { continue };
            if !PLAIN && planned.immediate && self.is_fenced(*pool) {
                continue;
            }
            let turn = self.desk.agents[agent.index()].idle_turn;
            let candidate = (*tried, turn, *agent, *pool);
            if best.is_none_or(|best| candidate < best) {
                best = Some(candidate);
            }
        }
        let (_, _, agent, pool) = best?;
        self.desk.idle[pool.index()].pop_front();
        Some(agent)
    }

    /// Whether a ticket of a line may interrupt a touch.
    fn may_interrupt(&self, id: TicketId, line: LineId) -> bool {
        if PLAIN {
            return false;
        }
        let team = &self.model.teams[self.desk.slots[id].facts.team.index()];
        let immediate = self.model.lines[line.index()].immediate;
        team.interrupts || immediate && team.blending.as_ref().is_some_and(|b| b.suspends)
    }

    /// Interrupts a touch of the line's agents for a ticket: the least urgent one, deferred before
    /// immediate, and of several the one begun last.
    fn interrupt_for(&mut self, id: TicketId, line: LineId) -> bool {
        let mut victim: Option<(bool, Priority, SimTime, AgentId)> = None;
        for (_, pool) in &self.model.lines[line.index()].pools {
            if self.model.lines[line.index()].immediate && self.is_fenced(*pool) {
                continue;
            }
            for agent in self.model.pools[pool.index()].agents.clone().map(AgentId) {
                let candidate = self.interruptible(agent, id);
                if candidate.is_some() && candidate > victim {
                    victim = candidate;
                }
            }
        }
        let Some((_, _, _, agent)) = victim else { return false };
        self.make_way(agent, id);
        self.start(agent, id);
        true
    }

    /// Whether an agent's touch may be interrupted for a ticket, and what speaks for it: it can
    /// wait, it is not urgent, it has just begun.
    pub(super) fn interruptible(
        &self,
        agent: AgentId,
        id: TicketId,
    ) -> Option<(bool, Priority, SimTime, AgentId)> {
        let state = &self.desk.agents[agent.index()];
        let (AgentState::Busy, Work::Ticket(ticket)) = (state.state, state.work) else {
            return None;
        };
        let (old, new) = (&self.desk.slots[ticket].facts, &self.desk.slots[id].facts);
        let team = &self.model.teams[new.team.index()];
        let (waits, wants) = (team.defers(old.class), team.defers(new.class));
        let may = if waits == wants {
            team.interrupts && old.priority > new.priority
        } else {
            waits && team.blending.as_ref().is_some_and(|blending| blending.suspends)
        };
        (may && state.on_roster).then_some((waits, old.priority, state.started_at, agent))
    }

    /// An agent lays the touch in hand aside for a ticket.
    pub(super) fn make_way(&mut self, agent: AgentId, id: TicketId) {
        let team = &self.model.teams[self.desk.slots[id].facts.team.index()];
        let Work::Ticket(old) = self.desk.agents[agent.index()].work else { return };
        let suspends = team.defers(self.desk.slots[old].facts.class)
            && !team.defers(self.desk.slots[id].facts.class);
        let reread = match &team.blending {
            Some(blending) if suspends => blending.reread,
            Some(_) | None => team.reread_after_break(),
        };
        self.break_off(agent, reread);
    }

    /// Whether the agents of a pool keep to deferred work now.
    #[inline]
    pub(super) fn is_fenced(&self, pool: PoolId) -> bool {
        let fence = &self.model.pools[pool.index()].fence;
        !fence.is_empty() && is_fenced(fence, self.now)
    }

    /// Sets the timers of a ticket that has begun to wait at that stage.
    #[inline(always)]
    pub(super) fn arm(&mut self, id: TicketId, stage: &Stage) {
        if !stage.sets_timers {
            return;
        }
        let slot = &self.desk.slots[id];
        let facts = &slot.facts;
        let class = &self.model.classes[facts.class.index()];
        if let Some(patience) = &class.patience {
            let after = patience.draw(facts.key, facts.visits);
            let at = self.mood(id).after(self.now, after);
            self.desk.agenda.will_happen(at, Kind::GivesUp, id.0, slot.stamp);
        }
        if let Some(waiting) = &stage.escalations.waiting
            && facts.task == Task::Answer
        {
            let due = match waiting.hours {
                None => facts.since.saturating_add(waiting.over),
                Some(hours) => self.model.calendars[hours.index()].after(facts.since, waiting.over),
            };
            let at = due.max(self.now);
            self.desk.agenda.will_happen(at, Kind::WaitedTooLong, id.0, slot.stamp);
        }
        self.arm_chaser(id);
    }
}
