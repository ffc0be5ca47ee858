//! Tickets on hold for an approval, and escalations whose procedure is not clear.

use super::future::What;
use super::{Naive, Place};
use surgecast::ids::TeamId;
use surgecast::model::escalation::Route;
use surgecast::model::procedure::{Passage, Procedure};
use surgecast::outcome::observer::Observer;
use surgecast::ticket::{State, Task};
use surgecast::time::{SimDuration, SimTime};

impl<O: Observer> Naive<'_, O> {
    /// Puts a ticket to the first approval in the scenario's order that its team needs for it and
    /// that it has not had.
    pub fn needs_approval(&mut self, id: usize) -> bool {
        let model = self.model;
        for (rule, approval) in model.approvals.iter().enumerate() {
            let facts = &self.tickets[id].facts;
            let concerns = approval.from == facts.team && approval.classes.contains(&facts.class);
            let had = self.tickets[id].approvals.contains(&rule);
            if concerns && !had && approval.is_needed(facts.key, rule as u16) {
                self.hold(id, rule);
                return true;
            }
        }
        false
    }

    fn hold(&mut self, id: usize, rule: usize) {
        let approval = &self.model.approvals[rule];
        let facts = &self.tickets[id].facts;
        let stops = approval.stops_clock;
        self.observer.holds(self.now, self.name(id), facts, approval.by, stops);
        if self.tickets[id].facts.task == Task::Approve {
            self.sees("an approval that needs another one");
        } else {
            self.tickets[id].home = facts.team;
        }
        if stops {
            self.stop_clock(id);
            let due = &mut self.tickets[id].facts.solution_due;
            let before = std::mem::replace(due, SimTime::NEVER);
            self.tickets[id].due_before = Some(before);
        }
        let life = &mut self.tickets[id];
        life.approvals.push(rule);
        life.held_since = self.now;
        life.place = Place::Away;
        (life.facts.team, life.facts.task) = (approval.by, Task::Approve);
        (life.facts.state, life.facts.since) = (State::OnHold, self.now);
        self.arriving.push(id);
    }

    pub fn end_hold(&mut self, id: usize) {
        let due = self.tickets[id].due_before.take();
        if let Some(due) = due {
            self.tickets[id].facts.solution_due = due;
            self.resume_clock(id);
        }
        let life = &mut self.tickets[id];
        life.facts.state = State::Open;
        let held = self.now - life.held_since;
        self.observer.resumes(
            self.now,
            self.name(id),
            &self.tickets[id].facts,
            held,
            due.is_some(),
        );
    }

    fn procedure(&self, id: usize, from: TeamId, to: TeamId) -> Option<&Procedure> {
        let class = self.tickets[id].facts.class;
        let mut all = self.model.procedures.iter();
        all.find(|p| (p.from, p.to) == (from, to) && p.classes.contains(&class))
    }

    /// A ticket goes up to another team.
    pub fn escalate(&mut self, id: usize, route: &Route) {
        let from = self.tickets[id].facts.team;
        let passage = self.passage(id, (from, route.to), 0);
        self.route(id, route, passage.delay);
        self.tickets[id].facts.task = sent(passage);
    }

    fn passage(&mut self, id: usize, way: (TeamId, TeamId), backs: u8) -> Passage {
        let (key, n) = (self.tickets[id].facts.key, self.tickets[id].escalations);
        let passage =
            self.procedure(id, way.0, way.1).map_or(Passage::CLEAR, |p| p.passage(key, n, backs));
        if passage.delay > SimDuration::ZERO {
            self.sees("escalated late for want of a clear procedure");
        }
        let life = &mut self.tickets[id];
        life.escalations += 1;
        (life.way, life.backs) = (way, backs);
        passage
    }

    /// A touch is done that was about an approval or an unclear escalation.
    pub fn end_step(&mut self, id: usize) {
        let (from, to) = self.tickets[id].way;
        let mut delay = SimDuration::ZERO;
        match self.tickets[id].facts.task {
            Task::Approve => {
                self.end_hold(id);
                if self.needs_approval(id) {
                    return;
                }
                let home = self.tickets[id].home;
                let facts = &mut self.tickets[id].facts;
                (facts.team, facts.task) = (home, Task::Answer);
            }
            Task::SendBack => {
                self.observer.passed_on(
                    self.now,
                    self.name(id),
                    &self.tickets[id].facts,
                    from,
                    None,
                );
                let facts = &mut self.tickets[id].facts;
                (facts.team, facts.task) = (from, Task::Clarify);
            }
            Task::Clarify => {
                self.observer.passed_on(self.now, self.name(id), &self.tickets[id].facts, to, None);
                let passage = self.passage(id, (from, to), self.tickets[id].backs + 1);
                if passage.is_sent_back {
                    self.sees("sent back again");
                }
                let facts = &mut self.tickets[id].facts;
                (facts.team, facts.task) = (to, sent(passage));
                delay = passage.delay;
            }
            Task::Answer | Task::Sort | Task::PassOn => unreachable!("none of these steps"),
        }
        let life = &mut self.tickets[id];
        life.place = Place::Away;
        life.facts.since = self.now + delay;
        if delay == SimDuration::ZERO {
            self.arriving.push(id);
        } else {
            self.will(self.now + delay, What::Reaches(id));
        }
    }

    /// How long a touch takes that is not about the answer.
    pub fn errand(&self, id: usize) -> SimDuration {
        let life = &self.tickets[id];
        let triage = || self.model.triage.as_ref().expect("sorted by triage");
        match life.facts.task {
            Task::Sort => triage().takes,
            Task::PassOn => triage().bounce_takes,
            Task::Approve => {
                let rule = *life.approvals.last().expect("it is put to one");
                self.model.approvals[rule].draw(life.facts.key, rule as u16)
            }
            Task::SendBack | Task::Clarify => {
                self.procedure(id, life.way.0, life.way.1).expect("it was not clear").takes
            }
            Task::Answer => unreachable!("an answer is no errand"),
        }
    }
}

fn sent(passage: Passage) -> Task {
    if passage.is_sent_back { Task::SendBack } else { Task::Answer }
}
