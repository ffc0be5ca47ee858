//! Who leaves and who comes after them, and whom reviews of staff ask for.

use super::future::What;
use super::{Naive, Place};
use surgecast::ids::{AgentId, PoolId};
use surgecast::model::attrition::{Hazard, Leaving};
use surgecast::model::learning::Ramp;
use surgecast::outcome::observer::{Departure, Observer};
use surgecast::rng::Purpose;
use surgecast::time::SimTime;

/// What is going on with a seat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    Empty,
    Sought,
    InTraining,
    Filled,
    OnNotice,
}

/// A seat and who sits there.
pub struct Seat {
    pub status: Status,
    /// People who sat there before.
    pub before: u64,
    joined: Option<SimTime>,
    began: SimTime,
    hazard: Hazard,
    judged: SimTime,
}

impl Seat {
    pub fn new(leaving: Option<&Leaving>, empty: bool) -> Seat {
        let joined = leaving.and_then(|leaving| leaving.joined);
        Seat {
            status: if empty { Status::Empty } else { Status::Filled },
            before: 0,
            joined,
            began: SimTime::ZERO,
            hazard: Hazard::default(),
            judged: joined.unwrap_or(SimTime::ZERO).max(SimTime::ZERO),
        }
    }

    pub fn is_filled(&self) -> bool {
        self.status == Status::Filled || self.status == Status::OnNotice
    }
}

impl<O: Observer> Naive<'_, O> {
    fn leaving(&self, agent: usize) -> Option<Leaving> {
        self.model.pools[self.people[agent].pool.index()].leaving
    }

    pub fn learns(&self, agent: usize) -> Option<(SimTime, Ramp)> {
        let seat = &self.people[agent].seat;
        if seat.before == 0 {
            return self.model.pools[self.people[agent].pool.index()].pace.ramp;
        }
        let succession = self.leaving(agent).and_then(|leaving| leaving.succession);
        Some((seat.began, succession.expect("somebody has come after somebody").ramp))
    }

    pub fn tell_empty_seats(&mut self) {
        for agent in 0..self.people.len() {
            if !self.people[agent].seat.is_filled() {
                self.observer.empty(self.now, AgentId::new(agent), self.team_of(agent));
            }
        }
    }

    /// The end of a day of a pool: who leaves?
    pub fn judge_leaving(&mut self, agent: usize) {
        let Some(leaving) = self.leaving(agent) else { return };
        let person = &mut self.people[agent];
        if !person.seat.is_filled() || person.seat.judged >= self.now {
            return;
        }
        let pool = &self.model.pools[person.pool.index()];
        if agent >= (pool.agents.start + pool.seats) as usize {
            person.seat.judged = self.now;
            self.sees("not employed at a day's end");
            return;
        }
        let span = (person.seat.judged, self.now);
        let (load, overtime) = (person.diary.load, person.diary.overtime);
        person.seat.hazard.add(leaving.hazard(person.seat.joined, span, load, overtime));
        person.seat.judged = self.now;
        let threshold = Leaving::threshold(person.key);
        let hazard = person.seat.hazard;
        if !hazard.is_enough(threshold) {
            return;
        }
        if hazard.is_usual(threshold) {
            self.sees("left");
            self.depart(agent, Departure::Usual);
        } else {
            self.sees("left for the load");
            self.depart(agent, Departure::Burnout);
        }
        if let Some(succession) = leaving.succession {
            self.people[agent].seat.status = Status::Sought;
            self.will(self.now.saturating_add(succession.recruiting), What::Recruited(agent));
        }
    }

    fn depart(&mut self, agent: usize, why: Departure) {
        if self.people[agent].on_roster {
            self.sees("left in the middle of a shift");
            self.clock_out(agent);
        }
        self.people[agent].seat.status = Status::Empty;
        self.strike_seat(agent);
        self.observer.departs(self.now, AgentId::new(agent), self.team_of(agent), why);
    }

    pub fn on_recruited(&mut self, agent: usize) {
        let succession = self.leaving(agent).and_then(|leaving| leaving.succession);
        let succession = succession.expect("somebody was looked for");
        self.observer.joins(self.now, AgentId::new(agent), self.team_of(agent));
        let seat = &mut self.people[agent].seat;
        seat.status = Status::InTraining;
        seat.joined = Some(self.now);
        self.will(self.now.saturating_add(succession.training), What::Trained(agent));
    }

    pub fn on_trained(&mut self, agent: usize) {
        self.sees("somebody new");
        let pool = &self.model.pools[self.people[agent].pool.index()];
        let person = &mut self.people[agent];
        let seat = &mut person.seat;
        seat.status = Status::Filled;
        seat.before += 1;
        seat.began = self.now;
        seat.hazard = Hazard::default();
        seat.judged = seat.joined.expect("who is trained has joined");
        let first = self.key.named("agent").named(&pool.cohort);
        let first =
            first.nth(u64::from(pool.first_seat) + agent as u64 - u64::from(pool.agents.start));
        person.key = first.follow_up(Purpose::Leaves, seat.before);
        person.last = None;
        person.diary.is_handed_on(self.now);
        self.observer.settles(self.now, AgentId::new(agent), pool.team);
        let employed = agent < (pool.agents.start + pool.seats) as usize;
        if employed && pool.spans.iter().any(|(from, to)| *from <= self.now && self.now < *to) {
            self.sees("somebody new in the middle of a shift");
            self.clock_in(agent);
        }
    }

    pub fn on_let_go(&mut self, agent: usize) {
        self.sees("let go");
        self.depart(agent, Departure::LetGo);
    }

    pub fn on_review(&mut self, index: u16) {
        let (review, pool) = &self.model.reviews[usize::from(index)];
        let pool: PoolId = *pool;
        let there = self.tickets.iter().filter(|life| {
            let at_team = matches!(life.place, Place::InLine(_) | Place::InWork);
            at_team && life.facts.team == review.team
        });
        let overdue = there.filter(|l| !l.is_chaser && l.facts.solution_due < self.now).count();
        // Whoever has been asked for and not been told to go.
        let asked_for =
            |status| matches!(status, Status::Sought | Status::InTraining | Status::Filled);
        let seats = self.model.pools[pool.index()].agents.clone();
        let seats: Vec<usize> = seats.map(|agent| agent as usize).collect();
        let here = seats.iter().filter(|seat| asked_for(self.people[**seat].seat.status));
        let before = here.count() as u32;
        let after = review.asks_for(before, self.present(review.team), overdue as u32);
        for agent in &seats[before.min(after) as usize..after as usize] {
            let seat = &mut self.people[*agent].seat;
            match seat.status {
                Status::OnNotice => {
                    seat.status = Status::Filled;
                    self.strike_seat(*agent);
                    self.sees("asked to stay");
                }
                Status::Empty | Status::Sought | Status::InTraining | Status::Filled => {
                    seat.status = Status::Sought;
                    self.will(self.now.saturating_add(review.recruiting), What::Recruited(*agent));
                }
            }
        }
        for agent in seats[after.min(before) as usize..before as usize].iter().rev() {
            let seat = &mut self.people[*agent].seat;
            match seat.status {
                Status::Sought => {
                    seat.status = Status::Empty;
                    self.strike_seat(*agent);
                    self.sees("need not come");
                }
                Status::InTraining => {
                    self.sees("let go in training");
                    self.depart(*agent, Departure::LetGo);
                }
                Status::Filled | Status::Empty | Status::OnNotice => {
                    seat.status = Status::OnNotice;
                    self.will(self.now.saturating_add(review.notice), What::LetGo(*agent));
                }
            }
        }
    }
}
