//! Agents who help with a ticket in a colleague's hands, and those who answer questions.

use super::Naive;
use super::future::What;
use super::people::{Doing, State, Work};
use surgecast::ids::AgentId;
use surgecast::model::swarming::speed;
use surgecast::outcome::observer::{Observer, Touch};
use surgecast::time::{SimDuration, SimTime};

impl<O: Observer> Naive<'_, O> {
    /// Whether somebody who begins that ticket may have help, which would take them so long.
    pub fn is_hard(&self, id: usize, takes: SimDuration) -> Option<(u32, f64)> {
        let facts = &self.tickets[id].facts;
        let swarming = self.model.teams[facts.team.index()].swarming.as_ref()?;
        let mean = self.model.stage(facts.class, facts.team).mean_handle;
        let touch = (facts.key, facts.touches);
        let hard = swarming.is_hard(facts.class, touch, takes, mean);
        hard.then_some((swarming.agents, swarming.helper))
    }

    /// Whoever is idle and may take that ticket helps, as many as the team wants.
    pub fn swarm(&mut self, agent: usize, id: usize, (most, adds): (u32, f64)) {
        let facts = &self.tickets[id].facts;
        let line = self.model.line(facts.team, facts.class, facts.priority, self.group(id));
        for _ in 1..most {
            let Some(helper) = self.idle_agent(line) else { break };
            self.sees("a helper joined");
            self.idled += 1;
            let person = &mut self.people[helper];
            person.turn = self.idled;
            person.state = State::Busy;
            person.idle_turn = None;
            person.work = Some(Work {
                doing: Doing::Helping(agent, Some(adds)),
                since: self.now,
                until: SimTime::NEVER,
                reading: SimDuration::ZERO,
            });
            let (name, facts) = (self.name(id), &self.tickets[id].facts);
            self.observer.helps(self.now, name, facts, AgentId::new(helper));
        }
        let helpers = self.hands_on(agent).len();
        if helpers > 0 {
            self.prolong_touch(agent, 1.0 / speed(adds, helpers));
        }
    }

    /// Somebody who has just begun that ticket and still learns may ask.
    pub fn may_ask(&mut self, agent: usize, id: usize) {
        let facts = &self.tickets[id].facts;
        let Some(questions) = self.model.teams[facts.team.index()].questions else { return };
        let asks = self.left_to_learn(agent);
        if !questions.is_asked((facts.key, facts.touches), asks) {
            return;
        }
        let line = self.model.line(facts.team, facts.class, facts.priority, self.group(id));
        let knows = |naive: &Self, who: usize| naive.left_to_learn(who) < asks;
        let in_touch = |naive: &Self, who: usize| {
            let person = &naive.people[who];
            let work = person.work.as_ref().filter(|_| person.on_roster)?;
            matches!(work.doing, Doing::Ticket(_)).then_some((work.since, who))
        };
        if let Some(colleague) = self.idle_agent_who(line, knows) {
            self.sees("asked an idle colleague");
            self.occupy(colleague, Doing::Helping(agent, None), SimDuration::ZERO, questions.takes);
            let (name, facts) = (self.name(id), &self.tickets[id].facts);
            self.observer.helps(self.now, name, facts, AgentId::new(colleague));
        } else {
            let pools = &self.model.lines[line.index()].pools;
            let able = |who: &usize| pools.iter().any(|(_, pool)| *pool == self.people[*who].pool);
            let fit = (0..self.people.len()).filter(able).filter(|who| knows(self, *who));
            let Some((_, colleague)) = fit.filter_map(|who| in_touch(self, who)).max() else {
                self.sees("nobody to ask");
                return;
            };
            self.sees("asked a colleague in a touch");
            let work = self.people[colleague].work.as_mut().expect("busy with a ticket");
            work.until = work.until.saturating_add(questions.takes);
            let until = work.until;
            self.strike_done(colleague);
            self.will(until, What::Done(colleague));
        }
        self.prolong_touch(agent, questions.handle);
        self.people[agent].reopens *= questions.reopens;
    }

    fn left_to_learn(&self, agent: usize) -> f64 {
        let pace = &self.model.pools[self.people[agent].pool.index()].pace;
        pace.left_to_learn(self.now, self.learns(agent))
    }

    /// An answer has been given.
    pub fn has_answered(&mut self, helper: usize) {
        let with = self.helps(helper).expect("only who was asked can answer");
        let Some(Work { doing: Doing::Ticket(id), .. }) = self.people[with].work else {
            unreachable!("questions are about tickets");
        };
        self.sees("answered before the touch was done");
        self.stops_helping(helper, id);
        self.has_finished(helper);
    }

    /// Who lends somebody a hand, and does not only answer a question.
    pub fn hands_on(&self, agent: usize) -> Vec<usize> {
        let answers = |helper: &usize| {
            let work = self.people[*helper].work.as_ref();
            work.is_some_and(|work| matches!(work.doing, Doing::Helping(_, None)))
        };
        self.helpers_of(agent).into_iter().filter(|helper| !answers(helper)).collect()
    }

    /// Who helps somebody, in the order in which they came.
    pub fn helpers_of(&self, agent: usize) -> Vec<usize> {
        let all = 0..self.people.len();
        let mut helpers: Vec<usize> =
            all.filter(|helper| self.helps(*helper) == Some(agent)).collect();
        helpers.sort_by_key(|helper| self.people[*helper].turn);
        helpers
    }

    fn helps(&self, helper: usize) -> Option<usize> {
        match self.people[helper].work {
            Some(Work { doing: Doing::Helping(with, _), .. }) => Some(with),
            _ => None,
        }
    }

    /// How fast somebody is with all who help.
    pub fn speed_with_help(&self, agent: usize) -> f64 {
        let helpers = self.hands_on(agent);
        let adds = helpers.first().map(|helper| &self.people[*helper].work);
        match adds {
            Some(Some(Work { doing: Doing::Helping(_, Some(adds)), .. })) => {
                speed(*adds, helpers.len())
            }
            _ => 1.0,
        }
    }

    pub fn release_helpers(&mut self, agent: usize, id: usize) {
        for helper in self.helpers_of(agent) {
            self.stops_helping(helper, id);
            self.has_finished(helper);
        }
    }

    /// A helper leaves early.
    pub fn leave_swarm(&mut self, helper: usize) {
        let with = self.helps(helper).expect("only who helps can leave");
        self.sees("a helper left early");
        self.strike_done(helper);
        let before = self.speed_with_help(with);
        let Some(Work { doing: Doing::Ticket(id), .. }) = self.people[with].work else {
            unreachable!("help is with a ticket");
        };
        let work = self.people[helper].work.take();
        let after = self.speed_with_help(with);
        self.prolong_touch(with, before / after);
        self.people[helper].work = work;
        self.stops_helping(helper, id);
        self.people[helper].state = State::Idle;
    }

    fn stops_helping(&mut self, helper: usize, id: usize) {
        let touch = self.touch_of_help(helper, false);
        let person = &mut self.people[helper];
        person.work = None;
        person.diary.works(touch.started_at, self.now);
        self.strike_done(helper);
        self.observer.helped(self.now, self.name(id), &self.tickets[id].facts, &touch);
    }

    fn touch_of_help(&self, helper: usize, broken_off: bool) -> Touch {
        let work = self.people[helper].work.as_ref().expect("help is work");
        Touch {
            agent: AgentId::new(helper),
            team: self.team_of(helper),
            started_at: work.since,
            reading: SimDuration::ZERO,
            broken_off,
            beside: false,
            helps: true,
            together: 1,
        }
    }

    pub fn still_helps(&mut self, helper: usize) {
        let with = self.helps(helper).expect("only who helps can");
        let Some(Work { doing: Doing::Ticket(id), .. }) = self.people[with].work else {
            unreachable!("help is with a ticket");
        };
        let touch = self.touch_of_help(helper, true);
        self.observer.still_works(self.now, &touch, Some(&self.tickets[id].facts));
    }

    /// What is left of somebody's touch takes that much longer.
    pub fn prolong_touch(&mut self, agent: usize, longer: f64) {
        let now = self.now;
        let Some(work) = &mut self.people[agent].work else { return };
        let later = |at: SimTime| now.saturating_add((at - now).scale(longer));
        let read = work.since + work.reading;
        if read > now {
            work.reading = later(read) - work.since;
        }
        work.until = later(work.until);
        let until = work.until;
        self.strike_done(agent);
        self.will(until, What::Done(agent));
    }
}
