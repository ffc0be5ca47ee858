//! Who takes what: the only place where tickets and agents meet.

use super::Run;
use super::desk::{AgentState, Desk, Work};
use super::event::Kind;
use super::slots::Place;
use crate::ids::{AgentId, LineId, PoolId, TeamId, TicketId};
use crate::model::Model;
use crate::model::discipline::{Discipline, Group, Head, LineKind};
use crate::model::picking::Picking;
use crate::model::team::ShiftEnd;
use crate::outcome::observer::Observer;
use crate::ticket::{State, Task};
use crate::time::{SimDuration, SimTime};
use rand::RngExt;

impl<O: Observer> Run<'_, O> {
    /// Free agents choose among what waits; then nobody stays idle beside work; then what has just
    /// come joins its line, or goes straight to an agent who is still free.
    #[inline]
    pub(super) fn start_what_can_start(&mut self) {
        let mut done = 0;
        while done < self.desk.freed.len() {
            let agent = self.desk.freed[done];
            done += 1;
            self.offer_work(agent);
        }
        self.desk.freed.clear();
        if !self.desk.look_again.is_empty() {
            self.look_again();
        }
        let mut done = 0;
        while done < self.desk.arriving.len() {
            let id = self.desk.arriving[done];
            done += 1;
            self.join(id);
        }
        self.desk.arriving.clear();
        // An interruption on behalf of an urgent ticket may have put another one back.
        if !self.desk.look_again.is_empty() {
            self.look_again();
        }
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
            let Desk { freed, idle, agents, .. } = &mut *self.desk;
            freed.extend(team.pools.iter().flat_map(|pool| &idle[pool.index()]));
            freed.sort_unstable_by_key(|agent| agents[agent.index()].idle_turn);
            for looked in 0..self.desk.freed.len() {
                let agent = self.desk.freed[looked];
                let pool = self.desk.agents[agent.index()].pool;
                if let Some(id) = self.next_for(agent, pool) {
                    self.desk.idle[pool.index()].retain(|idle| *idle != agent);
                    self.desk.lines.remove(&mut self.desk.slots, id);
                    self.start(agent, id);
                }
            }
            self.desk.freed.clear();
        }
        self.desk.look_again.clear();
    }

    /// A free agent takes the ticket that comes first, or stays idle.
    fn offer_work(&mut self, agent: AgentId) {
        if self.desk.agents[agent.index()].state != AgentState::Idle {
            return;
        }
        let pool = self.desk.agents[agent.index()].pool;
        match self.next_for(agent, pool) {
            Some(id) => {
                self.desk.lines.remove(&mut self.desk.slots, id);
                self.start(agent, id);
            }
            None => self.stay_idle(agent, pool),
        }
    }

    fn next_for(&mut self, agent: AgentId, pool: PoolId) -> Option<TicketId> {
        let team = self.model.pools[pool.index()].team;
        if self.may_start(team) { self.choose(agent, pool) } else { None }
    }

    /// Whether a team that finishes pooled may start another touch.
    pub(super) fn may_start(&self, team: TeamId) -> bool {
        let state = &self.desk.teams[team.index()];
        self.model.teams[team.index()].shift_end != ShiftEnd::FinishPooled
            || state.busy < state.scheduled
    }

    fn stay_idle(&mut self, agent: AgentId, pool: PoolId) {
        if let Some(law) = &self.model.pools[pool.index()].side_work {
            let key = self.agent_key(agent);
            let block = self.desk.agents[agent.index()].blocks;
            self.desk.agents[agent.index()].blocks += 1;
            let lasts = law.sample(&mut key.draw(crate::rng::Purpose::SideWork, u64::from(block)));
            self.occupy(agent, Work::Other, lasts);
            return;
        }
        self.desk.idled += 1;
        self.desk.agents[agent.index()].idle_turn = self.desk.idled;
        self.desk.idle[pool.index()].push_back(agent);
    }

    /// The waiting ticket that an agent takes next, from the pool's lines or from the own inbox.
    fn choose(&mut self, agent: AgentId, pool: PoolId) -> Option<TicketId> {
        let lines = &self.model.pools[pool.index()].lines;
        let team = self.model.pools[pool.index()].team;
        let inbox = self.model.teams[team.index()].assignment.as_ref().map(|_| agent);
        if let [(_, only)] = lines[..]
            && inbox.is_none()
            && !matches!(self.model.lines[only.index()].kind, LineKind::Indexed | LineKind::Browsed)
        {
            return self.desk.lines.head(&self.desk.slots, only).map(|(id, _)| id);
        }
        let discipline = &self.model.teams[team.index()].discipline;
        if *discipline == Discipline::Random {
            return self.choose_any(inbox, pool, team);
        }
        let mut best = None;
        for (preference, line) in lines {
            self.better_of(&mut best, discipline, *preference, *line);
            if inbox.is_some() {
                let own = self.model.own_line(agent, *line);
                self.better_of(&mut best, discipline, *preference, own);
            }
        }
        let ((preference, _, order), id) = best?;
        // Whatever was put first is taken first; nothing of the kind waits behind what was not.
        if let Discipline::CherryPicking(picking) = discipline
            && order > 0
        {
            return Some(self.pick_easy(picking, inbox, pool, preference).unwrap_or(id));
        }
        Some(id)
    }

    /// Holds the first ticket of a line against the best so far: by preference, score and order.
    #[inline]
    fn better_of(
        &mut self,
        best: &mut Option<((u8, i64, i64), TicketId)>,
        discipline: &Discipline,
        preference: u8,
        line: LineId,
    ) {
        let Some((id, key)) = self.desk.lines.head(&self.desk.slots, line) else { return };
        let slot = &self.desk.slots[id];
        let score = if slot.is_chaser {
            // Read at once means before everything.
            i64::MIN
        } else if let Discipline::Priority = discipline {
            i64::from(slot.facts.priority.0)
        } else if matches!(
            discipline,
            Discipline::Oldest | Discipline::Newest | Discipline::CherryPicking(_)
        ) {
            0
        } else {
            discipline.score(self.now, &self.head_facts(id, key))
        };
        let place = (preference, score, slot.order);
        if best.is_none_or(|(smallest, _)| place < smallest) {
            *best = Some((place, id));
        }
    }

    /// An easier ticket of the pool's lines of a preference, where the agent looks for one.
    fn pick_easy(
        &mut self,
        picking: &Picking,
        inbox: Option<AgentId>,
        pool: PoolId,
        preference: u8,
    ) -> Option<TicketId> {
        let team = self.model.pools[pool.index()].team;
        let mut chance = self.desk.pick(team.index(), self.key);
        let (desk, model) = (&*self.desk, self.model);
        let all = model.teams[team.index()].all_lines.clone();
        let waiting = all.map(|line| desk.lines.len(LineId::new(line))).sum();
        let lines = lines_of(model, inbox, pool).filter(|(p, line)| {
            *p == preference && model.lines[line.index()].kind == LineKind::Browsed
        });
        let among = lines.clone().map(|(_, line)| desk.lines.len(line)).sum();
        let staffed = desk.teams[team.index()].staffed;
        let looks = picking.looks_at(waiting, staffed, among, &mut chance)?;
        let seen = looks.into_iter().filter_map(|mut place| {
            lines.clone().find_map(|(_, line)| {
                let len = desk.lines.len(line);
                if place < len {
                    return Some(desk.lines.nth(line, place));
                }
                place -= len;
                None
            })
        });
        seen.min_by_key(|id| (self.handle_of(*id), desk.slots[*id].order))
    }

    /// Handle time of the next touch of a ticket, before the agent's pace.
    fn handle_of(&self, id: TicketId) -> SimDuration {
        let facts = &self.desk.slots[id].facts;
        let law = &self.model.stage(facts.class, facts.team).handle;
        crate::model::handle::draw(law, facts.key, facts.touches)
    }

    /// Any waiting ticket within the pool's most preferred lines, all with equal chances.
    fn choose_any(
        &mut self,
        inbox: Option<AgentId>,
        pool: PoolId,
        team: TeamId,
    ) -> Option<TicketId> {
        let mut lines = lines_of(self.model, inbox, pool);
        let waits = |line: LineId| self.desk.lines.len(line) > 0;
        let first = lines.clone().find(|(_, line)| waits(*line));
        let preference = first.map(|(preference, _)| preference)?;
        let among = lines.clone().filter(|(p, _)| *p == preference).map(|(_, line)| line);
        let total: u32 = among.map(|line| self.desk.lines.len(line)).sum();
        let mut place = self.desk.pick(team.index(), self.key).random_range(0..total);
        lines.find_map(|(p, line)| {
            if p != preference {
                return None;
            }
            let len = self.desk.lines.len(line);
            if place < len {
                return Some(self.desk.lines.nth(line, place));
            }
            place -= len;
            None
        })
    }

    fn head_facts(&self, id: TicketId, key: i64) -> Head {
        // Whoever keeps its age has waited since it first stood in a line.
        let first = self.desk.slots.extra(id).and_then(|extra| extra.first_place);
        let slot = &self.desk.slots[id];
        let facts = &slot.facts;
        Head {
            since: first.map_or(facts.since, |(_, since)| since),
            priority: facts.priority,
            group: if slot.is_chaser { Group::NeedsInformation } else { self.group(id) },
            mean_handle: self.model.stage(facts.class, facts.team).mean_handle,
            key,
        }
    }

    /// What a waiting ticket needs next.
    fn group(&self, id: TicketId) -> Group {
        let facts = &self.desk.slots[id].facts;
        let pending = self.model.classes[facts.class.index()].pending.as_ref();
        match pending {
            Some(pending) if pending.asks(facts.key, facts.touches) => Group::NeedsInformation,
            Some(_) if facts.touches > 0 => Group::AwaitsAction,
            _ => Group::Rest,
        }
    }

    /// The line a ticket belongs to at its team.
    pub(super) fn line_for(&self, id: TicketId) -> LineId {
        let slot = &self.desk.slots[id];
        let facts = &slot.facts;
        let team = &self.model.teams[facts.team.index()];
        let group = if slot.is_chaser || !team.discipline.splits_groups() {
            Group::NeedsInformation
        } else {
            self.group(id)
        };
        let line = self.model.line(facts.team, facts.class, facts.priority, group);
        match self.desk.slots.extra(id).and_then(|extra| extra.owner) {
            Some(owner) if !slot.is_chaser => self.model.own_line(owner, line),
            Some(_) | None => line,
        }
    }

    /// A ticket begins to wait for an agent of its team, unless one takes it at once.
    fn join(&mut self, id: TicketId) {
        if self.is_turned_away(id) {
            return;
        }
        let line = self.line_for(id);
        let slot = &mut self.desk.slots[id];
        slot.stamp = slot.stamp.wrapping_add(1);
        if !slot.is_chaser {
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
        if self.model.teams[self.desk.slots[id].facts.team.index()].interrupts
            && self.interrupt_for(id, line)
        {
            return;
        }
        self.enqueue(id, line);
        if !self.desk.slots[id].is_chaser {
            self.arm(id);
            self.arm_inbox(id);
        }
    }

    pub(super) fn enqueue(&mut self, id: TicketId, line: LineId) {
        let slot = &mut self.desk.slots[id];
        slot.place = Place::InLine;
        if slot.is_chaser {
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
        if slot.is_chaser || slot.work_left > SimDuration::ZERO {
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
    pub(super) fn put_in_order(&mut self, id: TicketId, line: LineId) {
        let order = self.next_order();
        let newest_first = self.desk.lines.kind(line) == LineKind::Lifo;
        self.desk.slots[id].order = if newest_first { -order } else { order };
        let key = self.line_key(id);
        self.desk.lines.push(&mut self.desk.slots, id, line, key);
    }

    fn line_key(&self, id: TicketId) -> i64 {
        let facts = &self.desk.slots[id].facts;
        let discipline = &self.model.teams[facts.team.index()].discipline;
        if discipline.line_kind() != LineKind::Keyed {
            return 0;
        }
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
    /// been idle longest. The agent leaves the idle ones.
    fn idle_agent(&mut self, line: LineId) -> Option<AgentId> {
        let planned = &self.model.lines[line.index()];
        if !self.may_start(planned.team) {
            return None;
        }
        let mut best: Option<(u8, u64, AgentId, PoolId)> = None;
        for (tried, pool) in &planned.pools {
            let Some(agent) = self.desk.idle[pool.index()].front() else { continue };
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

    /// Interrupts the least urgent touch of the line's agents for a more urgent ticket: of several
    /// the one begun last.
    fn interrupt_for(&mut self, id: TicketId, line: LineId) -> bool {
        let urgent = self.desk.slots[id].facts.priority;
        let mut victim: Option<(crate::ticket::Priority, SimTime, AgentId)> = None;
        for (_, pool) in &self.model.lines[line.index()].pools {
            for agent in self.model.pools[pool.index()].agents.clone().map(AgentId) {
                let state = &self.desk.agents[agent.index()];
                let (AgentState::Busy, Work::Ticket(ticket)) = (state.state, state.work) else {
                    continue;
                };
                if !state.on_roster {
                    continue;
                }
                let slot = &self.desk.slots[ticket];
                let candidate = (slot.facts.priority, state.started_at, agent);
                if slot.facts.priority > urgent && victim.is_none_or(|victim| candidate > victim) {
                    victim = Some(candidate);
                }
            }
        }
        let Some((_, _, agent)) = victim else { return false };
        self.break_off(agent);
        self.start(agent, id);
        true
    }

    /// Sets the timers of a ticket that has begun to wait.
    pub(super) fn arm(&mut self, id: TicketId) {
        let slot = &self.desk.slots[id];
        let facts = &slot.facts;
        let class = &self.model.classes[facts.class.index()];
        if let Some(patience) = &class.patience {
            let after = patience.draw(facts.key, facts.visits);
            let at = self.mood(id).after(self.now, after);
            self.desk.agenda.will_happen(at, Kind::GivesUp, id.0, slot.stamp);
        }
        let stage = self.model.stage(facts.class, facts.team);
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

/// The lines of a pool, and beside each the agent's own where there are inboxes.
fn lines_of(
    model: &Model,
    inbox: Option<AgentId>,
    pool: PoolId,
) -> impl Iterator<Item = (u8, LineId)> + Clone {
    model.pools[pool.index()].lines.iter().flat_map(move |(preference, line)| {
        let own = inbox.map(|agent| (*preference, model.own_line(agent, *line)));
        std::iter::once((*preference, *line)).chain(own)
    })
}
