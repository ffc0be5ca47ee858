//! What happens to tickets while they wait: customers chase, give up, are answered in bulk, and
//! tickets that waited too long move on.

use super::Run;
use super::event::{Event, Kind};
use super::slots::Place;
use crate::ids::TicketId;
use crate::model::bulk::BulkReply;
use crate::model::chasers::{Bump, Reading};
use crate::model::patience::Next;
use crate::outcome::observer::{Exit, Observer};
use crate::rng::Purpose;
use crate::ticket::{Cause, State, Task};
use crate::time::{SimDuration, SimTime};

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// Whether a timer still finds its ticket waiting as it was.
    pub(super) fn still_waits(&self, event: Event) -> bool {
        let slot = &self.desk.slots[event.ticket()];
        slot.place == Place::InLine && event.bears(slot.stamp)
    }

    fn leave_line(&mut self, id: TicketId) {
        self.comes_to_sight(id);
        self.disown(id);
        self.desk.lines.remove(&mut self.desk.slots, id);
        let slot = &mut self.desk.slots[id];
        slot.stamp = slot.stamp.wrapping_add(1);
        slot.place = Place::Away;
        self.observer.leaves_line(self.now, id, &slot.facts);
    }

    pub(super) fn on_gives_up(&mut self, event: Event) {
        if !self.still_waits(event) {
            return;
        }
        let id = event.ticket();
        self.leave_line(id);
        if self.desk.slots[id].facts.state == State::OnHold {
            self.end_hold(id);
        }
        let facts = &self.desk.slots[id].facts;
        let patience = self.model.classes[facts.class.index()].patience.as_ref();
        let next = patience.map_or(Next::Silent, |patience| patience.next(facts.key, facts.visits));
        let back = match next {
            Next::Silent => None,
            Next::TriesAgain(after) => Some(after),
            Next::Outside => {
                self.observer.goes_outside(self.now, id, facts);
                None
            }
        };
        self.leave_for(id, Exit::Withdrawn, back, Kind::TriesAgain);
    }

    /// Sets the time at which the customer of a broken-off touch gives up, where they do.
    pub(super) fn arm_again(&mut self, id: TicketId) {
        let slot = &self.desk.slots[id];
        let facts = &slot.facts;
        let patience = self.model.classes[facts.class.index()].patience.as_ref();
        let after =
            patience.and_then(|p| p.draw_again(facts.key, facts.visits, slot.interruptions));
        if let Some(after) = after {
            let at = self.mood(id).after(self.now, after);
            self.desk.agenda.will_happen(at, Kind::GivesUp, id.0, slot.stamp);
        }
    }

    pub(super) fn on_auto_close(&mut self, id: TicketId) {
        let facts = &mut self.desk.slots[id].facts;
        facts.with_customer += self.now - facts.since;
        self.leave(id, Exit::AutoClosed);
    }

    pub(super) fn on_waited_too_long(&mut self, event: Event) {
        if !self.still_waits(event) {
            return;
        }
        let id = event.ticket();
        let facts = &self.desk.slots[id].facts;
        let model = self.model;
        let Some(waiting) = &model.stage(facts.class, facts.team).escalations.waiting else {
            return;
        };
        self.leave_line(id);
        self.escalate(id, &waiting.route);
    }

    /// Sets the time of the next chaser of a ticket that waits.
    #[inline(always)]
    pub(super) fn arm_chaser(&mut self, id: TicketId) {
        let slot = &self.desk.slots[id];
        let facts = &slot.facts;
        let class = &self.model.classes[facts.class.index()];
        let Some(chasers) = &class.chasers else { return };
        if facts.cause == Cause::Duplicate && !class.duplicates.as_ref().is_some_and(|d| d.chased) {
            return;
        }
        if let Some(at) = chasers.next(facts, &self.mood(id), self.now) {
            self.desk.agenda.will_happen(at, Kind::Chases, id.0, slot.stamp);
        }
    }

    pub(super) fn on_chases(&mut self, event: Event) {
        if !self.still_waits(event) {
            return;
        }
        let id = event.ticket();
        let slot = &mut self.desk.slots[id];
        let class = &self.model.classes[slot.facts.class.index()];
        let Some(chasers) = &class.chasers else { return };
        let n = slot.facts.chasers;
        slot.facts.chasers = n.saturating_add(1);
        self.observer.chased(self.now, id, &slot.facts);
        self.awaits_reply(id);
        self.remember(id);
        let slot = &mut self.desk.slots[id];
        let key = slot.facts.key;
        let opens = class.duplicates.as_ref().is_some_and(|duplicates| duplicates.opens(key, n));
        if opens {
            self.open_duplicate(id, n);
        } else {
            self.observer.is_to_be_read(self.now, &slot.facts, chasers.handle);
            match chasers.reading {
                Reading::WithTicket => slot.reading += chasers.handle,
                Reading::AtOnce => self.ask_to_read(id, chasers.handle),
            }
        }
        if chasers.raises_priority {
            let facts = &mut self.desk.slots[id].facts;
            facts.priority = Self::raise(facts.priority);
            self.requeue(id);
        }
        self.bump(id, chasers.bump);
        self.arm_chaser(id);
    }

    /// A chaser arrives as a second ticket for the same need.
    fn open_duplicate(&mut self, id: TicketId, n: u16) {
        let slot = &self.desk.slots[id];
        let own = slot.facts.class;
        let key = slot.facts.key.follow_up(Purpose::Duplicate, u64::from(n));
        let factor = self.desk.slots.factor(id);
        let Some(duplicates) = &self.model.classes[own.index()].duplicates else { return };
        let class = duplicates.class(own, key);
        let merge = duplicates.recognised(key).then_some(duplicates.merge_handle);
        let duplicate = self.create(class, key, Cause::Duplicate, factor);
        self.desk.slots.set_special(duplicate, factor, merge);
    }

    /// A chaser becomes a small piece of work of its own, to be done before all else.
    fn ask_to_read(&mut self, id: TicketId, handle: SimDuration) {
        let mut facts = self.desk.slots[id].facts.clone();
        facts.since = self.now;
        facts.cause = Cause::Chaser;
        facts.task = Task::Answer;
        facts.priority = crate::ticket::Priority(0);
        let note = self.desk.slots.take(facts);
        let slot = &mut self.desk.slots[note];
        slot.is_chaser = true;
        slot.reading = handle;
        self.desk.arriving.push(note);
    }

    fn bump(&mut self, id: TicketId, bump: Bump) {
        // Whoever had kept its place has a new one now.
        let line = self.desk.slots[id].line;
        let line = self.model.lines[line.index()].by_age_of.unwrap_or(line);
        if bump == Bump::None || !self.desk.lines.kind(line).is_list() {
            return;
        }
        self.desk.lines.remove(&mut self.desk.slots, id);
        match bump {
            Bump::None => {}
            Bump::ToFront => self.put_first(id, line),
            Bump::ToBack => {
                self.desk.slots[id].order = self.next_order();
                self.desk.lines.push_last(&mut self.desk.slots, id, line);
            }
        }
    }

    /// One answer goes to every waiting ticket it fits.
    pub(super) fn on_bulk(&mut self, index: u16) {
        self.send(&self.model.bulk[usize::from(index)], index);
    }

    pub(super) fn send(&mut self, bulk: &BulkReply, index: u16) {
        for id in self.desk.slots.ids() {
            let slot = &self.desk.slots[id];
            let key = slot.facts.key;
            let on_hold = slot.facts.state == State::OnHold;
            let waits = slot.place == Place::InLine && !slot.is_chaser && !on_hold;
            if waits && bulk.classes.contains(&slot.facts.class) && bulk.fits(key, index) {
                self.leave_line(id);
                let facts = &mut self.desk.slots[id].facts;
                if facts.replied_at == SimTime::NEVER {
                    facts.replied_at = self.now;
                    self.observer.first_reply(self.now, id, facts);
                }
                self.leave_for(id, Exit::SolvedInBulk, bulk.comes_back(key, index), Kind::Reopens);
            }
        }
    }
}
