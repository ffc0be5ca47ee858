//! Where new tickets go first, and how those in a wrong line find the right one.

use super::future::What;
use super::{Naive, Place};
use surgecast::ids::{LineId, TeamId};
use surgecast::model::discipline::LineKind;
use surgecast::model::triage::First;
use surgecast::outcome::observer::Observer;
use surgecast::ticket::Task;
use surgecast::time::SimDuration;

impl<O: Observer> Naive<'_, O> {
    fn belongs_to(&self, id: usize) -> TeamId {
        self.model.classes[self.tickets[id].facts.class.index()].entry
    }

    /// A ticket comes to the desk.
    pub fn send_in(&mut self, id: usize) {
        let facts = &self.tickets[id].facts;
        let triage = self.model.triage.as_ref().filter(|t| t.classes.contains(&facts.class));
        let Some(triage) = triage else {
            self.arriving.push(id);
            return;
        };
        match triage.first(facts.key, self.tickets[id].decisions, self.belongs_to(id)) {
            First::ByHand(team) => {
                let facts = &mut self.tickets[id].facts;
                (facts.team, facts.task) = (team, Task::Sort);
                self.arriving.push(id);
            }
            First::To(team, after) => {
                self.decide(id, team);
                self.tickets[id].facts.since = self.now + after;
                if after == SimDuration::ZERO {
                    self.arriving.push(id);
                } else {
                    self.sees("sorted by a machine that takes its time");
                    self.will(self.now + after, What::Reaches(id));
                }
            }
        }
    }

    fn decide(&mut self, id: usize, to: TeamId) {
        let right = to == self.belongs_to(id);
        self.observer.sorted(self.now, self.name(id), &self.tickets[id].facts, to, right);
        let life = &mut self.tickets[id];
        life.decisions += 1;
        life.bounces = 0;
        life.astray_since = self.now;
        life.facts.team = to;
        life.facts.task = if right { Task::Answer } else { Task::PassOn };
    }

    pub fn end_errand(&mut self, id: usize) {
        if !matches!(self.tickets[id].facts.task, Task::Sort | Task::PassOn) {
            self.end_step(id);
            return;
        }
        let model = self.model;
        let triage = model.triage.as_ref().expect("no errands without triage");
        let right = self.belongs_to(id);
        let life = &self.tickets[id];
        let (key, from, n) = (life.facts.key, life.facts.team, life.decisions);
        if life.facts.task == Task::Sort {
            let to = triage.by_hand(key, n, right);
            self.decide(id, to);
        } else {
            let to = triage.passes_on(key, n, right, from, life.bounces);
            let found = (to == right).then(|| self.now - life.astray_since);
            self.observer.passed_on(self.now, self.name(id), &life.facts, to, found);
            if found.is_none() {
                self.sees("passed on to a wrong team again");
            }
            let life = &mut self.tickets[id];
            life.decisions += 1;
            life.bounces += 1;
            life.facts.team = to;
            life.facts.task = if to == right { Task::Answer } else { Task::PassOn };
        }
        let life = &mut self.tickets[id];
        life.place = Place::Away;
        life.facts.since = self.now;
        self.arriving.push(id);
    }

    /// A ticket joins a line, where it may have the place it had in another one.
    pub fn join_line(&mut self, id: usize, line: LineId) {
        let beside = self.model.lines[line.index()].by_age;
        if let (Some((order, _)), Some(beside)) = (self.tickets[id].first_place, beside) {
            self.sees("kept its age in another line");
            let newest_first = self.model.lines[line.index()].kind == LineKind::Lifo;
            let order = if newest_first { -order } else { order };
            self.put(id, beside, order, order);
            return;
        }
        self.put_last(id, line);
        let place = (self.joined, self.tickets[id].facts.since);
        let class = self.tickets[id].facts.class;
        let triage = self.model.triage.as_ref();
        if triage.is_some_and(|t| t.keeps_age && t.classes.contains(&class)) {
            self.tickets[id].first_place.get_or_insert(place);
        }
    }

    /// The line of those that have no age to keep, beside which a ticket may stand.
    pub fn usual(&self, line: LineId) -> LineId {
        self.model.lines[line.index()].by_age_of.unwrap_or(line)
    }
}
