//! Where new tickets go first, and how those in a wrong line find the right one.

use super::Run;
use super::event::Kind;
use crate::ids::{LineId, TeamId, TicketId};
use crate::model::discipline::LineKind;
use crate::model::triage::First;
use crate::outcome::observer::Observer;
use crate::ticket::Task;
use crate::time::SimDuration;

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// A ticket comes to the desk: to its first team, or to whoever sorts it.
    #[inline]
    pub(super) fn send_in(&mut self, id: TicketId) {
        if PLAIN {
            // Nobody has just come free, and nothing else is about to join.
            self.join(id);
        } else if self.model.triage.is_some() {
            self.sort_first(id);
        } else {
            self.desk.arriving.push(id);
        }
    }

    fn sort_first(&mut self, id: TicketId) {
        let Some(triage) = &self.model.triage else { return };
        let facts = &self.desk.slots[id].facts;
        let (class, key) = (facts.class, facts.key);
        let decisions = self.desk.slots.extra(id).map_or(0, |extra| extra.decisions);
        let first = if triage.sorts(class) {
            triage.first(key, decisions, self.model.classes[class.index()].entry)
        } else {
            First::To(self.model.classes[class.index()].entry, SimDuration::ZERO)
        };
        match first {
            First::ByHand(team) => {
                let facts = &mut self.desk.slots[id].facts;
                (facts.team, facts.task) = (team, Task::Sort);
                self.desk.arriving.push(id);
            }
            First::To(team, after) => {
                if triage.sorts(class) {
                    self.has_sorted(id, team);
                }
                if after == SimDuration::ZERO {
                    self.desk.arriving.push(id);
                } else {
                    let slot = &mut self.desk.slots[id];
                    slot.facts.since = self.now + after;
                    let (at, stamp) = (slot.facts.since, slot.stamp);
                    self.desk.agenda.will_happen(at, Kind::Reaches, id.0, stamp);
                }
            }
        }
    }

    /// Somebody, or something, has decided to which team a ticket belongs.
    fn has_sorted(&mut self, id: TicketId, to: TeamId) {
        let now = self.now;
        let facts = &self.desk.slots[id].facts;
        let right = to == self.model.classes[facts.class.index()].entry;
        self.observer.sorted(now, id, facts, to, right);
        if let Some(extra) = self.desk.slots.extra_mut(id) {
            extra.decisions = extra.decisions.saturating_add(1);
            extra.bounces = 0;
            extra.astray_since = now;
        }
        let facts = &mut self.desk.slots[id].facts;
        facts.team = to;
        facts.task = if right { Task::Answer } else { Task::PassOn };
    }

    /// A touch is done that was not about the answer.
    pub(super) fn end_errand(&mut self, id: TicketId) {
        match self.desk.slots[id].facts.task {
            Task::Answer => {}
            Task::Sort | Task::PassOn => self.end_triage(id),
            Task::Approve => self.end_approval(id),
            Task::SendBack => self.end_send_back(id),
            Task::Clarify => self.end_clarify(id),
        }
    }

    fn end_triage(&mut self, id: TicketId) {
        let Some(triage) = &self.model.triage else { return };
        let facts = &self.desk.slots[id].facts;
        let (key, from, task) = (facts.key, facts.team, facts.task);
        let right = self.model.classes[facts.class.index()].entry;
        let Some(extra) = self.desk.slots.extra_mut(id) else { return };
        let (decisions, bounces) = (extra.decisions, extra.bounces);
        if task == Task::Sort {
            self.has_sorted(id, triage.by_hand(key, decisions, right));
        } else {
            let to = triage.passes_on(key, decisions, right, from, bounces);
            extra.decisions = decisions.saturating_add(1);
            extra.bounces = bounces.saturating_add(1);
            let found = (to == right).then_some(self.now - extra.astray_since);
            self.observer.passed_on(self.now, id, &self.desk.slots[id].facts, to, found);
            let facts = &mut self.desk.slots[id].facts;
            facts.team = to;
            facts.task = if found.is_some() { Task::Answer } else { Task::PassOn };
        }
        self.comes_at_once(id);
    }

    /// The line and place of a ticket that stood in a line before and keeps its age.
    pub(super) fn kept_place(&self, id: TicketId, line: LineId) -> Option<(LineId, i64)> {
        let (order, _) = self.desk.slots.extra(id)?.first_place?;
        Some((self.model.line_by_age(line)?, order))
    }

    /// A ticket has joined a line for the first time since it was sent in.
    pub(super) fn note_first_place(&mut self, id: TicketId) {
        let slot = &self.desk.slots[id];
        let (class, place) = (slot.facts.class, (slot.order.abs(), slot.facts.since));
        let keeps = |triage: &crate::model::triage::Triage| triage.keeps_age && triage.sorts(class);
        if self.model.triage.as_ref().is_some_and(keeps)
            && let Some(extra) = self.desk.slots.extra_mut(id)
        {
            extra.first_place.get_or_insert(place);
        }
    }

    /// Its place in lines is forgotten: it has been worked on, or has left.
    #[inline]
    pub(super) fn forget_first_place(&mut self, id: TicketId) {
        if !PLAIN && let Some(extra) = self.desk.slots.extra_mut(id) {
            extra.first_place = None;
        }
    }

    /// Puts a ticket in the line of those that keep their age.
    pub(super) fn put_by_age(&mut self, id: TicketId, line: LineId, order: i64) {
        let of = self.model.lines[line.index()].by_age_of;
        let newest_first = of.is_some_and(|of| self.desk.lines.kind(of) == LineKind::Lifo);
        let order = if newest_first { -order } else { order };
        self.desk.lines.push(&mut self.desk.slots, id, line, (order, order));
    }
}
