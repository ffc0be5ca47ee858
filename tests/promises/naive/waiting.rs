//! Tickets wait: customers ask again, give up, are answered in bulk; some tickets move on.

use super::future::What;
use super::lives::more_urgent;
use super::{Naive, Place};
use surgecast::model::bulk::BulkReply;
use surgecast::model::chasers::{Bump, Reading};
use surgecast::model::discipline::LineKind;
use surgecast::model::patience::Next;
use surgecast::outcome::observer::{Exit, Observer};
use surgecast::rng::Purpose;
use surgecast::ticket::{Cause, Priority, State, Task};
use surgecast::time::SimDuration;

impl<O: Observer> Naive<'_, O> {
    /// What may happen to a ticket that has just begun to wait.
    pub fn expect(&mut self, id: usize) {
        let model = self.model;
        let facts = &self.tickets[id].facts;
        let class = &model.classes[facts.class.index()];
        let patience = class.patience.as_ref().map(|p| p.draw(facts.key, facts.visits));
        let limit = model.stage(facts.class, facts.team).escalations.waiting.as_ref();
        let too_long = limit.map(|limit| self.after(facts.since, limit.over, limit.hours));
        if let Some(patience) = patience {
            let at = self.mood(id).after(self.now, patience);
            self.will(at, What::GivesUp(id));
        }
        // Only the team to which it belongs loses patience with itself.
        let facts = &self.tickets[id].facts;
        if let Some(at) = too_long.filter(|_| facts.task == Task::Answer) {
            self.will(at.max(self.now), What::WaitedTooLong(id));
        }
        self.expect_chaser(id);
    }

    /// The customer of a broken-off touch may have new patience, which runs out.
    pub fn expect_impatience(&mut self, id: usize) {
        let life = &mut self.tickets[id];
        life.interruptions += 1;
        let facts = &life.facts;
        let patience = self.model.classes[facts.class.index()].patience.as_ref();
        let lasts =
            patience.and_then(|p| p.draw_again(facts.key, facts.visits, life.interruptions));
        if let Some(lasts) = lasts {
            let at = self.mood(id).after(self.now, lasts);
            self.will(at, What::GivesUp(id));
        }
    }

    pub fn expect_chaser(&mut self, id: usize) {
        let facts = &self.tickets[id].facts;
        let class = &self.model.classes[facts.class.index()];
        let Some(chasers) = &class.chasers else { return };
        let chases_duplicates = class.duplicates.as_ref().is_some_and(|d| d.chased);
        if facts.cause == Cause::Duplicate && !chases_duplicates {
            return;
        }
        if let Some(at) = chasers.next(facts, &self.mood(id), self.now) {
            self.will(at, What::Chases(id));
        }
    }

    /// A ticket leaves its line, and no agent has taken it.
    fn leave_line(&mut self, id: usize) {
        self.comes_to_sight(id);
        self.tickets[id].owner = None;
        self.take_out(id);
        self.tickets[id].place = Place::Away;
        self.observer.leaves_line(self.now, self.name(id), &self.tickets[id].facts);
    }

    pub fn on_gives_up(&mut self, id: usize) {
        if self.tickets[id].left.is_some() {
            self.sees("gave up after an interruption");
        }
        self.leave_line(id);
        if self.tickets[id].facts.state == State::OnHold {
            self.sees("gave up while on hold");
            self.end_hold(id);
        }
        let facts = &self.tickets[id].facts;
        let patience = self.model.classes[facts.class.index()].patience.as_ref();
        let next = patience.map_or(Next::Silent, |p| p.next(facts.key, facts.visits));
        if next == Next::Outside {
            self.observer.goes_outside(self.now, self.name(id), &self.tickets[id].facts);
        }
        let back = match next {
            Next::TriesAgain(after) => Some((after, What::TriesAgain(id))),
            Next::Silent | Next::Outside => None,
        };
        self.leave(id, Exit::Withdrawn, back);
    }

    pub fn on_waited_too_long(&mut self, id: usize) {
        let model = self.model;
        let facts = &self.tickets[id].facts;
        let waiting = &model.stage(facts.class, facts.team).escalations.waiting;
        // An intervention may have lifted the limit.
        let Some(waiting) = waiting else { return };
        self.leave_line(id);
        self.sees("moved for waiting too long");
        self.escalate(id, &waiting.route);
    }

    pub fn on_chases(&mut self, id: usize) {
        let own = self.tickets[id].facts.class;
        let class = &self.model.classes[own.index()];
        // An intervention may have made them stop asking.
        let Some(chasers) = &class.chasers else { return };
        let facts = &mut self.tickets[id].facts;
        let n = facts.chasers;
        facts.chasers += 1;
        let key = facts.key;
        self.observer.chased(self.now, self.name(id), &self.tickets[id].facts);
        self.awaits_reply(id);
        self.remember(id);
        match (&class.duplicates, chasers.reading) {
            (Some(duplicates), _) if duplicates.opens(key, n) => {
                let key = key.follow_up(Purpose::Duplicate, u64::from(n));
                let factor = self.tickets[id].factor;
                let merge = duplicates.recognised(key).then_some(duplicates.merge_handle);
                let new = self.create(duplicates.class(own, key), key, Cause::Duplicate, factor);
                self.tickets[new].merge = merge;
            }
            (_, reading) => {
                let facts = &self.tickets[id].facts;
                self.observer.is_to_be_read(self.now, facts, chasers.handle);
                match reading {
                    Reading::WithTicket => self.tickets[id].unread += chasers.handle,
                    Reading::AtOnce => self.ask_to_read(id, chasers.handle),
                }
            }
        }
        if chasers.raises_priority {
            self.raise_in_line(id);
        }
        self.bump(id, chasers.bump);
        self.expect_chaser(id);
    }

    /// A chaser is a small piece of work of its own, done before all else.
    fn ask_to_read(&mut self, id: usize, handle: SimDuration) {
        let mut facts = self.tickets[id].facts.clone();
        facts.since = self.now;
        facts.cause = Cause::Chaser;
        facts.task = Task::Answer;
        facts.priority = Priority(0);
        let note = self.sit_down_ticket(facts);
        self.tickets[note].is_chaser = true;
        self.tickets[note].unread = handle;
        self.arriving.push(note);
    }

    /// A waiting ticket becomes more urgent. Where that means another line, it joins that one.
    fn raise_in_line(&mut self, id: usize) {
        let facts = &mut self.tickets[id].facts;
        facts.priority = more_urgent(facts.priority);
        let line = self.line_for(id);
        let Place::InLine(stands) = self.tickets[id].place else { return };
        if self.usual(stands) != line {
            self.move_within(id, line);
            self.sees("raised to a more urgent line");
        }
    }

    /// A chaser may move its ticket to either end of its line, where the line has ends.
    fn bump(&mut self, id: usize, bump: Bump) {
        let Place::InLine(line) = self.tickets[id].place else { return };
        let line = self.usual(line);
        let kind = self.model.lines[line.index()].kind;
        if matches!(kind, LineKind::Keyed | LineKind::Indexed) {
            return;
        }
        let order = match bump {
            Bump::None => return,
            Bump::ToFront => -self.next_join(),
            Bump::ToBack => self.next_join(),
        };
        self.take_from_line(id);
        self.put(id, line, 0, order);
        self.sees(if order < 0 { "bumped to the front" } else { "bumped to the back" });
    }

    /// One answer goes to every waiting ticket that it fits.
    pub fn on_bulk(&mut self, index: u16) {
        let model = self.model;
        self.send(&model.bulk[usize::from(index)], index);
    }

    pub fn send(&mut self, bulk: &BulkReply, index: u16) {
        for id in self.by_chair() {
            let life = &self.tickets[id];
            let key = life.facts.key;
            let waits = matches!(life.place, Place::InLine(_)) && !life.is_chaser;
            let waits = waits && life.facts.state != State::OnHold;
            if waits && bulk.classes.contains(&life.facts.class) && bulk.fits(key, index) {
                if life.left.is_some() {
                    self.sees("a broken-off touch answered in bulk");
                }
                self.leave_line(id);
                self.reply(id);
                let back = bulk.comes_back(key, index);
                let back = back.map(|after| (after, What::Reopens(id)));
                self.leave(id, Exit::SolvedInBulk, back);
            }
        }
    }
}
