//! How tickets are worked on: a touch begins, ends or is broken off, and what comes of it.

use super::Run;
use super::agent::{Agent, AgentState, Work};
use super::desk::Desk;
use super::event::Kind;
use super::slots::Place;
use crate::ids::{AgentId, TeamId, TicketId};
use crate::model::escalation::Route;
use crate::model::handle;
use crate::model::swarming::Swarming;
use crate::model::team::ShiftEnd;
use crate::outcome::observer::{Exit, Observer, Touch};
use crate::ticket::{State, Task};
use crate::time::{SimDuration, SimTime};

impl<'a, O: Observer, const PLAIN: bool> Run<'a, O, PLAIN> {
    /// An agent takes a ticket that is in no line any more.
    #[inline]
    pub(super) fn start(&mut self, agent: AgentId, id: TicketId) {
        let (pace, switch) = if PLAIN || self.desk.people.is_empty() {
            (1.0, SimDuration::ZERO)
        } else {
            self.effort(agent, self.desk.slots[id].facts.class)
        };
        let slot = &mut self.desk.slots[id];
        slot.place = Place::InWork;
        slot.stamp = slot.stamp.wrapping_add(1);
        let again = std::mem::take(&mut slot.is_broken_off);
        if !again {
            slot.last_wait = self.now - slot.facts.since;
        }
        let slot = if PLAIN || again || !self.model.tells_expected_wait {
            slot
        } else {
            self.note_wait(id);
            &mut self.desk.slots[id]
        };
        let reading = std::mem::take(&mut slot.reading);
        let reading = if pace == 1.0 { reading } else { reading.scale(pace) };
        let (slot, handle, swarming) = if again {
            let left = self.desk.slots.rest(id).work_left;
            (&mut self.desk.slots[id], left, None)
        } else if PLAIN {
            let facts = &slot.facts;
            let law = &self.model.stage(facts.class, facts.team).handle;
            let handle = handle::draw(law, facts.key, facts.touches);
            (slot, handle, None)
        } else {
            let (handle, swarming) = self.handle_at(id, pace);
            (&mut self.desk.slots[id], handle, swarming)
        };
        if PLAIN || !slot.is_chaser {
            self.observer.starts(self.now, id, &slot.facts, agent, again);
        }
        let work = reading + switch + handle;
        if PLAIN {
            self.occupy(agent, Work::Ticket(id), reading, work);
            return;
        }
        let speed = self.desk.teams[self.desk.agents[agent.index()].team.index()].speed;
        let lasts = |work: SimDuration| if speed == 1.0 { work } else { work.scale(1.0 / speed) };
        let class = slot.facts.class;
        if self.model.teams[slot.facts.team.index()].shares(class) {
            self.take_beside(agent, id, lasts(reading), lasts(work));
            return;
        }
        self.occupy(agent, Work::Ticket(id), lasts(reading), lasts(work));
        if let Some(swarming) = swarming {
            self.swarm(agent, id, swarming);
        } else if !again {
            self.may_ask(agent, id);
        }
    }

    /// How long the touch that begins now takes at that pace, without reading, and the help it gets.
    #[inline(always)]
    fn handle_at(&self, id: TicketId, pace: f64) -> (SimDuration, Option<&'a Swarming>) {
        let slot = &self.desk.slots[id];
        let facts = &slot.facts;
        if facts.task != Task::Answer {
            return (self.errand(id), None);
        }
        if let Some(merge) = self.desk.slots.merge(id) {
            return (merge, None);
        }
        if slot.is_chaser {
            return (SimDuration::ZERO, None);
        }
        let stage = self.model.stage(facts.class, facts.team);
        let handle = handle::draw(&stage.handle, facts.key, facts.touches);
        let swarming = self.model.teams[facts.team.index()].swarming.as_ref().filter(|plan| {
            let touch = (facts.key, facts.touches);
            plan.is_hard(facts.class, touch, handle, stage.mean_handle)
        });
        let class = &self.model.classes[facts.class.index()];
        let late = class.late.as_ref().map_or(1.0, |late| late.factor(self.now, facts));
        let ready = class.ready_answer(facts.key, self.now).map_or(1.0, |text| text.handle);
        let factor = pace * self.desk.slots.factor(id) * late * ready;
        (if factor == 1.0 { handle } else { handle.scale(factor) }, swarming)
    }

    /// An agent is busy for a time, of which the first part goes to reading.
    #[inline(always)]
    pub(super) fn occupy(
        &mut self,
        agent: AgentId,
        work: Work,
        reading: SimDuration,
        lasts: SimDuration,
    ) {
        let ends_at = self.now.saturating_add(lasts);
        let state = self.is_busy_with(agent, work);
        state.reading = reading;
        state.ends_at = ends_at;
        self.desk.agenda.will_be_done(ends_at, agent);
    }

    /// An agent is busy until further notice.
    #[inline(always)]
    pub(super) fn is_busy_with(&mut self, agent: AgentId, work: Work) -> &mut Agent {
        let Desk { agents, teams, watch, .. } = &mut self.desk;
        let state = &mut agents[agent.index()];
        state.state = AgentState::Busy;
        state.work = work;
        state.started_at = self.now;
        let team = &mut teams[state.team.index()];
        team.busy += 1;
        if PLAIN {
            return state;
        }
        team.busy_otherwise += u32::from(matches!(work, Work::Other | Work::Helping));
        if watch.is_kept {
            watch.changes(self.now, 0, i64::from(work != Work::Other));
        }
        state
    }

    #[inline(always)]
    pub(super) fn on_done(&mut self, agent: AgentId) {
        let state = &self.desk.agents[agent.index()];
        let work = state.work;
        if !PLAIN && work == Work::Several {
            self.finish_one(agent);
            return;
        }
        if !PLAIN && work == Work::Helping {
            self.stop_helping(agent);
            self.become_free(agent);
            return;
        }
        let touch = self.touch(agent, state, false);
        if !PLAIN && !self.desk.people.is_empty() {
            self.note_work(agent);
        }
        match work {
            Work::Ticket(id) => {
                if !PLAIN && !self.desk.swarms.is_empty() {
                    self.release_helpers(agent, id);
                }
                self.complete(id, &touch);
            }
            Work::Several | Work::Helping | Work::Other => {
                self.observer.side_work(self.now, &touch);
            }
        }
        self.become_free(agent);
    }

    /// What was in hand is done.
    #[inline(always)]
    pub(super) fn complete(&mut self, id: TicketId, touch: &Touch) {
        if !PLAIN && self.desk.slots[id].is_chaser {
            let class = self.desk.slots[id].facts.class;
            self.observer.read_chaser(self.now, class, touch);
            self.desk.slots.release(id);
        } else {
            self.end_touch(id, touch);
        }
    }

    #[inline(always)]
    pub(super) fn touch(&self, agent: AgentId, state: &Agent, broken_off: bool) -> Touch {
        Touch {
            agent,
            team: state.team,
            started_at: state.started_at,
            reading: state.reading.min(self.now - state.started_at),
            broken_off,
            beside: false,
            helps: false,
            together: 1 + self.together(agent).0 as u32,
        }
    }

    /// An agent is done with something: home, break, or the next ticket.
    #[inline(always)]
    pub(super) fn become_free(&mut self, agent: AgentId) {
        let state = &mut self.desk.agents[agent.index()];
        state.reading = SimDuration::ZERO;
        state.state = AgentState::Idle;
        let (on_roster, called_away, owes) =
            (state.on_roster, state.called_away, state.owed > SimDuration::ZERO);
        let otherwise = u32::from(matches!(state.work, Work::Other | Work::Helping));
        let watched = i64::from(state.work != Work::Other);
        let team = state.team;
        let counts = &mut self.desk.teams[team.index()];
        counts.busy -= 1;
        if !PLAIN {
            counts.busy_otherwise -= otherwise;
            if self.desk.watch.is_kept {
                self.desk.watch.changes(self.now, 0, -watched);
            }
        }
        if !on_roster {
            self.stand_up(agent, AgentState::Off);
        } else if !PLAIN && called_away {
            self.stand_up(agent, AgentState::Away);
        } else if owes {
            self.stand_up(agent, AgentState::Away);
            self.begin_break(agent);
        } else if PLAIN {
            // Nobody else has just come free.
            self.offer_work(agent);
        } else {
            self.desk.freed.push(agent);
        }
        self.may_start_more(team);
    }

    /// Fewer of a team are busy, or more on the roster: one that finishes pooled may have been
    /// waiting for that.
    #[inline]
    pub(super) fn may_start_more(&mut self, team: TeamId) {
        if !PLAIN && self.model.teams[team.index()].shift_end == ShiftEnd::FinishPooled {
            self.will_look_again(team);
        }
    }

    /// An agent's touch is broken off: the ticket goes back to where it is taken first, to be
    /// continued, and the agent has nothing in hand.
    /// Going on with it takes that much time to read it again.
    pub(super) fn break_off(&mut self, agent: AgentId, reread: SimDuration) {
        match self.desk.agents[agent.index()].work {
            Work::Ticket(_) | Work::Other => {}
            Work::Several => return self.drop_all(agent, reread),
            Work::Helping => return self.leave_swarm(agent),
        }
        let touch = self.touch(agent, &self.desk.agents[agent.index()], true);
        if !PLAIN && !self.desk.people.is_empty() {
            self.note_work(agent);
        }
        let state = &mut self.desk.agents[agent.index()];
        let Work::Ticket(id) = state.work else { return };
        let left = state.ends_at - self.now;
        state.reading = SimDuration::ZERO;
        state.state = AgentState::Idle;
        self.desk.agenda.will_not_be_done(agent);
        self.desk.teams[touch.team.index()].busy -= 1;
        if self.desk.watch.is_kept {
            self.desk.watch.changes(self.now, 0, -1);
        }
        let speed = self.desk.teams[touch.team.index()].speed * self.together(agent).1;
        let left = if speed == 1.0 { left } else { left.scale(speed) };
        if !self.desk.swarms.is_empty() {
            self.release_helpers(agent, id);
        }
        self.put_aside(id, left, reread, &touch);
    }

    /// A ticket whose touch was broken off goes back to where it is taken first.
    pub(super) fn put_aside(
        &mut self,
        id: TicketId,
        left: SimDuration,
        reread: SimDuration,
        touch: &Touch,
    ) {
        let slot = &mut self.desk.slots[id];
        // Whoever goes before the touch ends leaves something, be it next to nothing.
        slot.is_broken_off = true;
        slot.interruptions = slot.interruptions.saturating_add(1);
        if slot.is_chaser {
            self.observer.read_chaser(self.now, slot.facts.class, touch);
        } else {
            self.observer.ends(self.now, id, &slot.facts, touch);
        }
        self.desk.slots.rest_mut(id).work_left = left.max(SimDuration::from_micros(1)) + reread;
        self.put_back(id);
        if !self.desk.slots[id].is_chaser {
            self.arm_again(id);
            self.arm_chaser(id);
            self.arm_inbox(id);
        }
    }

    /// A touch is done: the ticket moves on, waits for its customer, or is solved.
    #[inline(always)]
    fn end_touch(&mut self, id: TicketId, touch: &Touch) {
        let slot = &mut self.desk.slots[id];
        self.observer.ends(self.now, id, &slot.facts, touch);
        let task = slot.facts.task;
        let slot = if PLAIN || !self.model.has_extras {
            slot
        } else {
            self.disown(id);
            if task == Task::Answer {
                self.forget_first_place(id);
                self.note_owner(id, touch.agent);
            }
            &mut self.desk.slots[id]
        };
        if !PLAIN && task != Task::Answer {
            self.end_errand(id);
            return;
        }
        let number = slot.facts.touches;
        slot.facts.touches = number.saturating_add(1);
        let slot = if PLAIN {
            slot
        } else if self.desk.slots.merge(id).is_some() {
            self.leave(id, Exit::Merged);
            return;
        } else {
            &mut self.desk.slots[id]
        };
        slot.facts.state = State::Open;
        if slot.facts.replied_at == SimTime::NEVER {
            slot.facts.replied_at = self.now;
            self.observer.first_reply(self.now, id, &slot.facts);
        }
        let facts = &slot.facts;
        let stage = self.model.stage(facts.class, facts.team);
        if stage.always_solves {
            self.leave(id, Exit::Solved);
            return;
        }
        let escalates = if PLAIN || touch.together == 1 {
            1.0
        } else {
            let swarming = self.model.teams[facts.team.index()].swarming.as_ref();
            swarming.map_or(1.0, |swarming| swarming.escalates)
        };
        if let Some(route) = stage.escalations.after_touch(facts.key, number, escalates) {
            self.escalate(id, route);
            return;
        }
        if !PLAIN && !stage.approvals.is_empty() && self.needs_approval(id) {
            return;
        }
        let facts = &self.desk.slots[id].facts;
        let pending = &self.model.classes[facts.class.index()].pending;
        if pending.as_ref().is_some_and(|pending| pending.asks(facts, number)) {
            self.wait_for_customer(id, self.now);
            self.observer.asks(self.now, id, &self.desk.slots[id].facts);
            return;
        }
        let who = if PLAIN { None } else { self.desk.people.get(touch.agent.index()) };
        let reopens = who.map_or(1.0, |who| who.reopens);
        self.solve(id, reopens);
    }

    /// Sends a ticket to another team; it takes that much more time than usual on the way.
    pub(super) fn route(&mut self, id: TicketId, route: &Route, more: SimDuration) {
        let slot = &mut self.desk.slots[id];
        self.observer.moves(self.now, id, &slot.facts, route.to);
        let way = route.way(slot.facts.key, slot.facts.touches) + more;
        slot.place = Place::Away;
        slot.stamp = slot.stamp.wrapping_add(1);
        slot.facts.team = route.to;
        slot.facts.since = self.now + way;
        if route.raises_priority {
            slot.facts.priority = Self::raise(slot.facts.priority);
        }
        if way == SimDuration::ZERO {
            self.desk.arriving.push(id);
        } else {
            self.desk.agenda.will_happen(
                self.now.saturating_add(way),
                Kind::Reaches,
                id.0,
                slot.stamp,
            );
        }
    }

    /// A ticket is solved, perhaps to come back: `reopens` is a factor on the share that do.
    #[inline(always)]
    fn solve(&mut self, id: TicketId, reopens: f64) {
        let slot = &self.desk.slots[id];
        let class = &self.model.classes[slot.facts.class.index()];
        let Some(reopen) = &class.reopen else {
            self.leave(id, Exit::Solved);
            return;
        };
        let (key, solution) = (slot.facts.key, slot.facts.reopens);
        let text = if PLAIN { None } else { class.ready_answer(key, self.now) };
        let bounced = !PLAIN && self.desk.slots.extra(id).is_some_and(|extra| extra.bounces > 0);
        let astray = if bounced { reopen.after_misroute } else { 1.0 };
        let reopens = reopens * text.map_or(1.0, |text| text.reopens) * astray;
        let after = reopen.comes_back(key, solution, slot.last_wait, reopens);
        self.leave_for(id, Exit::Solved, after, Kind::Reopens);
    }

    /// A ticket leaves the backlog and comes back after a time, if at all.
    pub(super) fn leave_for(
        &mut self,
        id: TicketId,
        exit: Exit,
        after: Option<SimDuration>,
        kind: Kind,
    ) {
        let at = after.map(|after| self.now.saturating_add(after));
        let Some(at) = at.filter(|at| *at <= self.model.end) else {
            self.leave(id, exit);
            return;
        };
        let slot = &mut self.desk.slots[id];
        let promise = &self.model.classes[slot.facts.class.index()].promise;
        let left = promise.left(self.now, slot.facts.solution_due, &self.model.calendars);
        slot.facts.state = exit.state();
        // A touch that had been broken off is over: who comes back gets a new one.
        slot.is_broken_off = false;
        slot.place = Place::Away;
        slot.stamp = slot.stamp.wrapping_add(1);
        self.unsolved -= 1;
        self.observer.leaves(self.now, id, &slot.facts, exit);
        slot.facts.since = self.now;
        self.desk.agenda.will_happen(at, kind, id.0, slot.stamp);
        self.desk.slots.rest_mut(id).promise_left = left;
        self.forget_first_place(id);
    }

    /// A ticket leaves for good.
    #[inline(always)]
    pub(super) fn leave(&mut self, id: TicketId, exit: Exit) {
        let slot = &mut self.desk.slots[id];
        slot.facts.state = exit.state();
        self.unsolved -= 1;
        self.observer.leaves(self.now, id, &slot.facts, exit);
        if !PLAIN && self.model.customers.is_some() {
            self.part(id, exit);
        }
        self.desk.slots.release(id);
    }
}
