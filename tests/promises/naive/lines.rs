//! Lines: lists without order, searched for the ticket that comes first.
//!
//! A ticket joins with the next number. Where the oldest comes first that number is its place;
//! where the newest does, its negative. Whatever is put first gets a negative number too, so that
//! the last one put first comes first of all.

use super::{Naive, Place};
use surgecast::ids::{AgentId, LineId};
use surgecast::model::discipline::{Discipline, Group, LineKind};
use surgecast::model::handle;
use surgecast::outcome::observer::Observer;
use surgecast::time::SimTime;

/// A line, and how much an agent prefers it.
pub type LineOf = (u8, LineId);

impl<O: Observer> Naive<'_, O> {
    pub fn next_join(&mut self) -> i64 {
        self.joined += 1;
        self.joined
    }

    /// What a waiting ticket needs next.
    pub fn group(&self, id: usize) -> Group {
        let life = &self.tickets[id];
        let facts = &life.facts;
        let pending = self.model.classes[facts.class.index()].pending.as_ref();
        match pending {
            _ if life.is_chaser => Group::NeedsInformation,
            Some(pending) if pending.asks(facts, facts.touches) => Group::NeedsInformation,
            Some(_) if facts.touches > 0 => Group::AwaitsAction,
            Some(_) | None => Group::Rest,
        }
    }

    pub fn line_for(&self, id: usize) -> LineId {
        let facts = &self.tickets[id].facts;
        let line = self.model.line(facts.team, facts.class, facts.priority, self.group(id));
        match self.tickets[id].owner {
            Some(owner) => self.model.own_line(AgentId::new(owner), line),
            None => line,
        }
    }

    /// A ticket goes where the order of work of its team puts it.
    pub fn put_last(&mut self, id: usize, line: LineId) {
        let join = self.next_join();
        let newest_first = self.model.lines[line.index()].kind == LineKind::Lifo;
        let key = self.key_of(id);
        self.put(id, line, key, if newest_first { -join } else { join });
    }

    /// A ticket goes where it is taken first.
    pub fn put_first(&mut self, id: usize) {
        let line = self.line_for(id);
        let join = self.next_join();
        let keyed = self.model.lines[line.index()].kind == LineKind::Keyed;
        self.put(id, line, if keyed { i64::MIN } else { 0 }, -join);
    }

    pub fn put(&mut self, id: usize, line: LineId, key: i64, order: i64) {
        let life = &mut self.tickets[id];
        (life.place, life.key, life.order) = (Place::InLine(line), key, order);
        self.lines[line.index()].push(id);
    }

    /// A ticket leaves its line, and what was to happen to it there will not.
    pub fn take_out(&mut self, id: usize) {
        self.take_from_line(id);
        self.strike_waiting(id);
    }

    pub fn take_from_line(&mut self, id: usize) {
        let Place::InLine(line) = self.tickets[id].place else { unreachable!("in no line") };
        let line = &mut self.lines[line.index()];
        let place = line.iter().position(|other| *other == id).expect("it is in its line");
        // The last one fills the gap, which matters only to a choice by chance.
        line.swap_remove(place);
    }

    /// A waiting ticket moves to another line of its team; its customer waits on.
    pub fn move_within(&mut self, id: usize, line: LineId) {
        self.take_from_line(id);
        self.put_last(id, line);
    }

    fn key_of(&self, id: usize) -> i64 {
        let facts = &self.tickets[id].facts;
        let discipline = &self.model.teams[facts.team.index()].discipline;
        let stage = self.model.stage(facts.class, facts.team);
        let replied = facts.replied_at != SimTime::NEVER;
        let due =
            if replied { facts.solution_due } else { facts.reply_due.min(facts.solution_due) };
        let handle = if *discipline == Discipline::Shortest {
            handle::draw(&stage.handle, facts.key, facts.touches)
        } else {
            stage.mean_handle
        };
        discipline.key(due, stage.mean_handle, handle)
    }

    /// The ticket that comes first in a line.
    pub fn head(&self, line: LineId) -> Option<usize> {
        let place = |id: &usize| (self.tickets[*id].key, self.tickets[*id].order);
        self.lines[line.index()].iter().copied().min_by_key(place)
    }
}
