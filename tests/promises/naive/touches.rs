//! A touch begins, ends, or is broken off.

use super::future::What;
use super::people::{Doing, State, Work};
use super::{Naive, Place};
use surgecast::ids::AgentId;
use surgecast::model::handle;
use surgecast::model::team::ShiftEnd;
use surgecast::outcome::observer::{Exit, Observer, Touch};
use surgecast::ticket::{self, Task};
use surgecast::time::SimDuration;

impl<O: Observer> Naive<'_, O> {
    /// An agent takes a ticket that is in no line any more.
    pub fn start(&mut self, agent: usize, id: usize) {
        self.tickets[id].place = Place::InWork;
        let (pace, switch) = self.effort(agent, id);
        let life = &mut self.tickets[id];
        let left = life.left.take();
        let again = left.is_some();
        if !again {
            life.last_wait = self.now - life.facts.since;
            self.note_wait(id);
        }
        let life = &mut self.tickets[id];
        let reading = std::mem::replace(&mut life.unread, SimDuration::ZERO).scale(pace);
        let life = &self.tickets[id];
        let facts = &life.facts;
        let (mut hard, mut is_new) = (None, false);
        let work = match (left, life.merge) {
            (Some(left), _) => left,
            (None, _) if life.facts.task != Task::Answer => self.errand(id),
            (None, Some(merge)) => merge,
            (None, None) if life.is_chaser => SimDuration::ZERO,
            (None, None) => {
                let law = &self.model.stage(facts.class, facts.team).handle;
                let class = &self.model.classes[facts.class.index()];
                let late = class.late.as_ref().map_or(1.0, |late| late.factor(self.now, facts));
                let text = class.macros.iter().find(|text| text.helps(facts.key, self.now));
                let factor = pace * life.factor * late * text.map_or(1.0, |text| text.handle);
                let takes = handle::draw(law, facts.key, facts.touches);
                hard = self.is_hard(id, takes);
                is_new = true;
                takes.scale(factor)
            }
        };
        if !self.tickets[id].is_chaser {
            let (name, facts) = (self.name(id), &self.tickets[id].facts);
            self.observer.starts(self.now, name, facts, AgentId::new(agent), again);
        }
        let speed = self.speeds[self.team_of(agent).index()];
        let lasts = |work: SimDuration| work.scale(1.0 / speed);
        let (reading, whole) = (lasts(reading), lasts(reading + switch + work));
        if self.is_held_beside(id) {
            self.take_beside(agent, id, reading, whole);
        } else {
            self.occupy(agent, Doing::Ticket(id), reading, whole);
            if let Some(plan) = hard {
                self.swarm(agent, id, plan);
            } else if is_new {
                self.may_ask(agent, id);
            }
        }
    }

    pub fn occupy(&mut self, agent: usize, doing: Doing, reading: SimDuration, lasts: SimDuration) {
        let until = self.now.saturating_add(lasts);
        let person = &mut self.people[agent];
        person.state = State::Busy;
        person.idle_turn = None;
        person.work = Some(Work { doing, since: self.now, until, reading });
        self.will(until, What::Done(agent));
    }

    /// The agent lays down what was in hand.
    fn lay_down(&mut self, agent: usize, broken_off: bool) -> (Work, Touch) {
        let team = self.team_of(agent);
        let work = self.people[agent].work.take().expect("only who works can stop");
        if !matches!(work.doing, Doing::Other) {
            self.people[agent].diary.works(work.since, self.now);
        }
        let touch = Touch {
            agent: AgentId::new(agent),
            team,
            started_at: work.since,
            reading: work.reading.min(self.now - work.since),
            broken_off,
            beside: false,
            helps: false,
            together: 1 + self.hands_on(agent).len() as u32,
        };
        (work, touch)
    }

    pub fn on_done(&mut self, agent: usize) {
        if self.holds_several(agent) {
            self.finish_one(agent);
            return;
        }
        if let Some(Work { doing: Doing::Helping(..), .. }) = self.people[agent].work {
            self.has_answered(agent);
            return;
        }
        let (work, touch) = self.lay_down(agent, false);
        match work.doing {
            Doing::Ticket(id) => {
                self.release_helpers(agent, id);
                self.complete(agent, id, &touch);
            }
            Doing::Several | Doing::Helping(..) | Doing::Other => {
                self.observer.side_work(self.now, &touch);
            }
        }
        self.has_finished(agent);
    }

    /// What was in hand is done.
    pub fn complete(&mut self, agent: usize, id: usize, touch: &Touch) {
        if self.tickets[id].is_chaser {
            let class = self.tickets[id].facts.class;
            self.observer.read_chaser(self.now, class, touch);
            self.stand_up_ticket(id);
        } else {
            self.end_touch(agent, id, touch);
        }
    }

    fn end_touch(&mut self, agent: usize, id: usize, touch: &Touch) {
        self.observer.ends(self.now, self.name(id), &self.tickets[id].facts, touch);
        self.tickets[id].owner = None;
        if self.tickets[id].facts.task != Task::Answer {
            self.end_errand(id);
            return;
        }
        let life = &mut self.tickets[id];
        life.first_place = None;
        life.last_owner = Some(touch.agent.index());
        let number = life.facts.touches;
        life.facts.touches += 1;
        if life.merge.is_some() {
            self.leave(id, Exit::Merged, None);
            return;
        }
        life.facts.state = ticket::State::Open;
        self.reply(id);
        let model = self.model;
        let facts = &self.tickets[id].facts;
        let stage = model.stage(facts.class, facts.team);
        let swarming = model.teams[facts.team.index()].swarming.as_ref();
        let helped = swarming.filter(|_| touch.together > 1);
        let goes_up = helped.map_or(1.0, |swarming| swarming.escalates);
        if let Some(route) = stage.escalations.after_touch(facts.key, number, goes_up) {
            self.escalate(id, route);
            return;
        }
        if self.needs_approval(id) {
            return;
        }
        let facts = &self.tickets[id].facts;
        let pending = &model.classes[facts.class.index()].pending;
        if pending.as_ref().is_some_and(|pending| pending.asks(facts, number)) {
            self.wait_for_customer(id, self.now);
            self.observer.asks(self.now, self.name(id), &self.tickets[id].facts);
            return;
        }
        self.solve(id, self.people[agent].reopens);
    }

    /// A touch is broken off, and its ticket goes to the front of its line. The agent has nothing
    /// in hand. `suspended` says how long it takes to get into it again, where nobody else is to.
    pub fn break_off(&mut self, agent: usize, suspended: Option<SimDuration>) {
        if self.holds_several(agent) {
            self.drop_all(agent);
            return;
        }
        if let Some(Work { doing: Doing::Helping(..), .. }) = self.people[agent].work {
            self.leave_swarm(agent);
            return;
        }
        let (work, touch) = self.lay_down(agent, true);
        let Doing::Ticket(id) = work.doing else { unreachable!("other work is never broken off") };
        self.strike_done(agent);
        self.people[agent].state = State::Idle;
        let speed = self.speeds[touch.team.index()] * self.speed_with_help(agent);
        let left = (work.until - self.now).scale(speed);
        self.release_helpers(agent, id);
        self.put_aside(id, left, suspended, &touch);
    }

    /// A ticket whose touch was broken off goes to the front of its line.
    pub fn put_aside(
        &mut self,
        id: usize,
        left: SimDuration,
        suspended: Option<SimDuration>,
        touch: &Touch,
    ) {
        let team = &self.model.teams[touch.team.index()];
        // Where the touch would have ended at this instant, something is left all the same: the
        // agent has gone before.
        let mut left = left.max(SimDuration::from_micros(1));
        if let Some(reread) = suspended {
            left += reread;
        } else if team.shift_end == ShiftEnd::HandOver {
            left += team.reread;
        }
        self.tickets[id].left = Some(left);
        if self.tickets[id].is_chaser {
            self.observer.read_chaser(self.now, self.tickets[id].facts.class, touch);
        } else {
            self.observer.ends(self.now, self.name(id), &self.tickets[id].facts, touch);
        }
        self.put_first(id);
        if !self.tickets[id].is_chaser {
            self.expect_impatience(id);
            self.expect_chaser(id);
            self.expect_inbox(id);
        }
    }
}
