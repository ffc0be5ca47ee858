//! What becomes of tickets that no agent has in hand: they wait for their customers, move to
//! another team, leave, and come back.

use super::future::What;
use super::{Naive, Place};
use surgecast::ids::TicketId;
use surgecast::model::escalation::Route;
use surgecast::model::pending::Answer;
use surgecast::outcome::observer::{Exit, Observer};
use surgecast::ticket::{Cause, Priority, State, Task};
use surgecast::time::{SimDuration, SimTime};

impl<O: Observer> Naive<'_, O> {
    pub fn name(&self, id: usize) -> TicketId {
        TicketId(self.tickets[id].chair)
    }

    pub fn wait_for_customer(&mut self, id: usize, asked: SimTime) {
        self.stop_clock(id);
        let life = &mut self.tickets[id];
        life.place = Place::Away;
        life.facts.state = State::Pending;
        life.facts.since = self.now;
        let facts = &self.tickets[id].facts;
        let pending = self.model.classes[facts.class.index()].pending.as_ref();
        let answer = pending.map(|pending| {
            let later = |from, span| self.after(from, span, pending.hours);
            pending.answer(facts.key, facts.touches, (asked, self.now), later)
        });
        // A class that is never asked anything may open with pending tickets: their answers are there.
        match answer.unwrap_or(Answer::At(self.now)) {
            Answer::At(at) => self.will(at, What::Answers(id)),
            Answer::Never(at) => self.will(at, What::AutoClose(id)),
        }
    }

    pub fn on_answers(&mut self, id: usize) {
        self.resume_clock(id);
        let facts = &mut self.tickets[id].facts;
        facts.with_customer += self.now - facts.since;
        facts.state = State::Open;
        facts.since = self.now;
        self.observer.answered(self.now, self.name(id), &self.tickets[id].facts);
        self.awaits_reply(id);
        self.arriving.push(id);
    }

    pub fn on_auto_close(&mut self, id: usize) {
        let facts = &mut self.tickets[id].facts;
        facts.with_customer += self.now - facts.since;
        self.leave(id, Exit::AutoClosed, None);
    }

    pub fn solve(&mut self, id: usize, factor: f64) {
        let life = &self.tickets[id];
        let facts = &life.facts;
        let class = &self.model.classes[facts.class.index()];
        let reopen = class.reopen.as_ref();
        let text = class.macros.iter().find(|text| text.helps(facts.key, self.now));
        let factor = factor * text.map_or(1.0, |text| text.reopens);
        let astray = reopen.filter(|_| life.bounces > 0).map_or(1.0, |r| r.after_misroute);
        let factor = factor * astray;
        let (key, solution) = (facts.key, facts.reopens);
        let after = reopen.and_then(|r| r.comes_back(key, solution, life.last_wait, factor));
        self.leave(id, Exit::Solved, after.map(|after| (after, What::Reopens(id))));
    }

    /// A ticket leaves the backlog, and comes back after a time if that lies within the run.
    pub fn leave(&mut self, id: usize, exit: Exit, back: Option<(SimDuration, What)>) {
        let back = back.map(|(after, what)| (self.now.saturating_add(after), what));
        let back = back.filter(|(at, _)| *at <= self.model.end);
        if back.is_some() {
            self.stop_clock(id);
        }
        let life = &mut self.tickets[id];
        life.place = Place::Away;
        // Whatever was begun is over.
        life.left = None;
        life.first_place = None;
        life.facts.state = match exit {
            Exit::Solved | Exit::SolvedInBulk => State::Solved,
            Exit::AutoClosed | Exit::Withdrawn | Exit::Merged => State::Closed,
        };
        self.observer.leaves(self.now, TicketId(life.chair), &life.facts, exit);
        match back {
            None => {
                self.part(id, exit);
                self.stand_up_ticket(id);
            }
            Some((at, what)) => {
                self.tickets[id].facts.since = self.now;
                self.will(at, what);
            }
        }
    }

    pub fn on_reopens(&mut self, id: usize) {
        self.resume_clock(id);
        let facts = &mut self.tickets[id].facts;
        facts.state = State::Open;
        facts.cause = Cause::Reopen;
        facts.reopens += 1;
        self.comes_back(id, false);
        self.arriving.push(id);
    }

    /// A customer who had given up tries again, and begins anew with the first team.
    pub fn on_tries_again(&mut self, id: usize) {
        let facts = &mut self.tickets[id].facts;
        facts.state = if facts.touches == 0 { State::New } else { State::Open };
        facts.team = self.model.classes[facts.class.index()].entry;
        facts.task = Task::Answer;
        self.comes_back(id, true);
        self.send_in(id);
    }

    fn comes_back(&mut self, id: usize, gave_up: bool) {
        self.observer.reopened(self.now, self.name(id), &self.tickets[id].facts, gave_up);
        self.tickets[id].facts.since = self.now;
        self.awaits_reply(id);
    }

    /// A customer has written again; where there was a reply before, the next one may be promised.
    pub fn awaits_reply(&mut self, id: usize) {
        let facts = &self.tickets[id].facts;
        let promise = &self.model.classes[facts.class.index()].promise;
        let due = self.due(self.now, promise.next_reply[facts.priority.index()], promise);
        if facts.replied_at != SimTime::NEVER && due != SimTime::NEVER {
            self.observer.awaits_reply(self.now, self.name(id), facts, due);
        }
    }

    /// A ticket is sent to another team.
    pub fn route(&mut self, id: usize, route: &Route, more: SimDuration) {
        self.observer.moves(self.now, self.name(id), &self.tickets[id].facts, route.to);
        let life = &mut self.tickets[id];
        let way = route.way(life.facts.key, life.facts.touches) + more;
        life.place = Place::Away;
        life.facts.team = route.to;
        life.facts.since = self.now + way;
        if route.raises_priority {
            life.facts.priority = more_urgent(life.facts.priority);
        }
        if way == SimDuration::ZERO {
            self.arriving.push(id);
        } else {
            self.will(self.now + way, What::Reaches(id));
        }
    }

    /// The first answer of all.
    pub fn reply(&mut self, id: usize) {
        if self.tickets[id].facts.replied_at == SimTime::NEVER {
            self.tickets[id].facts.replied_at = self.now;
            self.observer.first_reply(self.now, self.name(id), &self.tickets[id].facts);
        }
    }
}

/// One step more urgent.
pub fn more_urgent(priority: Priority) -> Priority {
    Priority(priority.0.saturating_sub(1))
}
