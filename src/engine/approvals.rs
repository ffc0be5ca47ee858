//! Tickets on hold for somebody's approval, and escalations whose procedure is not clear.

use super::Run;
use super::event::Kind;
use super::slots::Place;
use crate::ids::{TeamId, TicketId};
use crate::model::escalation::Route;
use crate::model::procedure::{Passage, Procedure};
use crate::outcome::observer::Observer;
use crate::ticket::{State, Task};
use crate::time::{SimDuration, SimTime};

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// Puts a ticket that its team has just touched to the next approval it needs, if any.
    pub(super) fn needs_approval(&mut self, id: TicketId) -> bool {
        let facts = &self.desk.slots[id].facts;
        let stage = self.model.stage(facts.class, facts.team);
        let (key, passed) = (facts.key, self.desk.slots.extra(id).map_or(0, |e| e.approved));
        let needed = |rule: &&u16| {
            passed & (1 << **rule) == 0
                && self.model.approvals[usize::from(**rule)].is_needed(key, **rule)
        };
        let Some(rule) = stage.approvals.iter().find(needed).copied() else { return false };
        self.hold(id, rule);
        true
    }

    fn hold(&mut self, id: TicketId, rule: u16) {
        let approval = &self.model.approvals[usize::from(rule)];
        let (now, stops) = (self.now, approval.stops_clock);
        let slot = &mut self.desk.slots[id];
        self.observer.holds(now, id, &slot.facts, approval.by, stops);
        let (home, due) = (slot.facts.team, slot.facts.solution_due);
        if stops {
            let promise = &self.model.classes[slot.facts.class.index()].promise;
            let left = promise.left(now, due, &self.model.calendars);
            slot.facts.solution_due = SimTime::NEVER;
            self.desk.slots.rest_mut(id).promise_left = left;
        }
        let slot = &mut self.desk.slots[id];
        slot.facts.team = approval.by;
        slot.facts.state = State::OnHold;
        slot.facts.since = now;
        slot.place = Place::Away;
        slot.stamp = slot.stamp.wrapping_add(1);
        let first = slot.facts.task != Task::Approve;
        slot.facts.task = Task::Approve;
        if let Some(extra) = self.desk.slots.extra_mut(id) {
            extra.approval = rule;
            extra.approved |= 1 << rule;
            extra.held_since = now;
            extra.due = stops.then_some(due);
            if first {
                extra.home = home;
            }
        }
        self.desk.arriving.push(id);
    }

    /// A ticket is on hold no longer: its clock goes on where it had stopped.
    pub(super) fn end_hold(&mut self, id: TicketId) {
        let Some(extra) = self.desk.slots.extra_mut(id) else { return };
        let (due, held) = (extra.due.take(), self.now - extra.held_since);
        if let Some(due) = due {
            self.desk.slots[id].facts.solution_due = due;
            self.resume_promise(id);
        }
        let slot = &mut self.desk.slots[id];
        slot.facts.state = State::Open;
        self.observer.resumes(self.now, id, &slot.facts, held, due.is_some());
    }

    /// Somebody has approved: another one must, or the work goes on.
    pub(super) fn end_approval(&mut self, id: TicketId) {
        self.end_hold(id);
        if self.needs_approval(id) {
            return;
        }
        let home = self.desk.slots.extra(id).map(|extra| extra.home);
        let facts = &mut self.desk.slots[id].facts;
        facts.team = home.unwrap_or(facts.team);
        facts.task = Task::Answer;
        self.comes_at_once(id);
    }

    /// A ticket that was in work comes to a line of its team.
    pub(super) fn comes_at_once(&mut self, id: TicketId) {
        let slot = &mut self.desk.slots[id];
        slot.place = Place::Away;
        slot.stamp = slot.stamp.wrapping_add(1);
        slot.facts.since = self.now;
        self.desk.arriving.push(id);
    }

    fn procedure(&self, id: TicketId, from: TeamId, to: TeamId) -> Option<&Procedure> {
        let class = self.desk.slots[id].facts.class;
        let concerns = |p: &&Procedure| p.from == from && p.to == to && p.classes.contains(&class);
        self.model.procedures.iter().find(concerns)
    }

    /// A ticket goes up to another team, by a procedure that may not be clear.
    #[inline]
    pub(super) fn escalate(&mut self, id: TicketId, route: &Route) {
        if self.model.procedures.is_empty() {
            self.route(id, route, SimDuration::ZERO);
            return;
        }
        let from = self.desk.slots[id].facts.team;
        let passage = self.passage(id, from, route.to, 0);
        self.route(id, route, passage.delay);
        self.arrives_unclear(id, passage);
    }

    fn passage(&mut self, id: TicketId, from: TeamId, to: TeamId, backs: u8) -> Passage {
        let n = self.desk.slots.extra(id).map_or(0, |extra| extra.escalations);
        let key = self.desk.slots[id].facts.key;
        let passage =
            self.procedure(id, from, to).map_or(Passage::CLEAR, |p| p.passage(key, n, backs));
        if let Some(extra) = self.desk.slots.extra_mut(id) {
            extra.escalations = n.saturating_add(1);
            extra.backs = backs;
            (extra.sent_from, extra.sent_to) = (from, to);
        }
        passage
    }

    fn arrives_unclear(&mut self, id: TicketId, passage: Passage) {
        let task = if passage.is_sent_back { Task::SendBack } else { Task::Answer };
        self.desk.slots[id].facts.task = task;
    }

    /// Whoever opened an escalated ticket sends it back: something is missing.
    pub(super) fn end_send_back(&mut self, id: TicketId) {
        let Some(extra) = self.desk.slots.extra_mut(id) else { return };
        let to = extra.sent_from;
        self.observer.passed_on(self.now, id, &self.desk.slots[id].facts, to, None);
        let facts = &mut self.desk.slots[id].facts;
        (facts.team, facts.task) = (to, Task::Clarify);
        self.comes_at_once(id);
    }

    /// What was missing has been added, and the ticket goes up again.
    pub(super) fn end_clarify(&mut self, id: TicketId) {
        let Some(extra) = self.desk.slots.extra(id) else { return };
        let (from, to, backs) = (extra.sent_from, extra.sent_to, extra.backs.saturating_add(1));
        self.observer.passed_on(self.now, id, &self.desk.slots[id].facts, to, None);
        let passage = self.passage(id, from, to, backs);
        self.desk.slots[id].facts.team = to;
        self.arrives_unclear(id, passage);
        if passage.delay == SimDuration::ZERO {
            self.comes_at_once(id);
            return;
        }
        let slot = &mut self.desk.slots[id];
        slot.place = Place::Away;
        slot.stamp = slot.stamp.wrapping_add(1);
        slot.facts.since = self.now + passage.delay;
        let (at, stamp) = (self.now.saturating_add(passage.delay), slot.stamp);
        self.desk.agenda.will_happen(at, Kind::Reaches, id.0, stamp);
    }

    /// How long the touch of a ticket takes that is not about its answer.
    pub(super) fn errand(&self, id: TicketId) -> SimDuration {
        let facts = &self.desk.slots[id].facts;
        let triage = self.model.triage.as_ref();
        let extra = self.desk.slots.extra(id).copied().unwrap_or_default();
        match facts.task {
            Task::Answer => SimDuration::ZERO,
            Task::Sort => triage.map_or(SimDuration::ZERO, |triage| triage.takes),
            Task::PassOn => triage.map_or(SimDuration::ZERO, |triage| triage.bounce_takes),
            Task::Approve => {
                let rule = extra.approval;
                self.model.approvals[usize::from(rule)].draw(facts.key, rule)
            }
            Task::SendBack | Task::Clarify => {
                let procedure = self.procedure(id, extra.sent_from, extra.sent_to);
                procedure.map_or(SimDuration::ZERO, |procedure| procedure.takes)
            }
        }
    }
}
