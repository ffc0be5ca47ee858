//! Who leaves, who comes after them, and whom reviews of staff ask for.

use super::Run;
use super::event::{Event, Kind};
use super::slots::Place;
use crate::ids::{AgentId, PoolId, TicketId};
use crate::model::attrition::{Hazard, Leaving};
use crate::model::learning::Ramp;
use crate::model::pool::Pool;
use crate::model::reviews::Watch;
use crate::outcome::observer::{Departure, Observer};
use crate::rng::{Key, Purpose};
use crate::time::{SimDuration, SimTime};

/// What is going on with a seat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Nobody sits there, and nobody is looked for.
    Empty,
    /// Somebody is looked for.
    Sought,
    /// Somebody is in training.
    InTraining,
    /// Somebody sits there.
    Filled,
    /// Somebody sits there who has been given notice.
    OnNotice,
}

/// A seat and who sits there.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    state: State,
    /// Grows with every decision, which cancels what was under way.
    stamp: u32,
    /// The how-manieth person, from 0.
    generation: u32,
    /// When this one joined, where it was not long ago.
    joined: Option<SimTime>,
    /// When this one began to do tickets, where somebody sat there before.
    began: SimTime,
    /// Hazard that makes this one leave.
    threshold: f64,
    hazard: Hazard,
    /// When the hazard was last added to.
    judged: SimTime,
}

impl Seat {
    pub(super) fn new(pool: &Pool, key: Key) -> Seat {
        let joined = pool.leaving.as_ref().and_then(|leaving| leaving.joined);
        Seat {
            state: if pool.empty_at_first { State::Empty } else { State::Filled },
            stamp: 0,
            generation: 0,
            joined,
            began: SimTime::ZERO,
            threshold: pool.leaving.as_ref().map_or(0.0, |_| Leaving::threshold(key)),
            hazard: Hazard::default(),
            // Nobody leaves before counting begins.
            judged: joined.unwrap_or(SimTime::ZERO).max(SimTime::ZERO),
        }
    }

    /// The name in chance of who sits there, given that of the first one.
    pub(super) fn key(&self, first: Key) -> Key {
        match self.generation {
            0 => first,
            later => first.follow_up(Purpose::Leaves, u64::from(later)),
        }
    }

    /// Since when and how whoever sits there learns.
    pub(super) fn learns(&self, pool: &Pool) -> Option<(SimTime, Ramp)> {
        if self.generation == 0 {
            return pool.pace.ramp;
        }
        let succession = pool.leaving.as_ref().and_then(|leaving| leaving.succession);
        succession.map(|succession| (self.began, succession.ramp))
    }

    fn is_filled(&self) -> bool {
        matches!(self.state, State::Filled | State::OnNotice)
    }
}

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// Whether nobody does tickets on a seat.
    pub(super) fn is_empty_seat(&self, agent: AgentId) -> bool {
        self.desk.people.get(agent.index()).is_some_and(|person| !person.seat.is_filled())
    }

    /// Counting begins with some seats empty.
    pub(super) fn tell_empty_seats(&mut self) {
        for index in 0..self.desk.people.len() {
            let agent = AgentId::new(index);
            if self.is_empty_seat(agent) {
                let team = self.desk.agents[index].team;
                self.observer.empty(self.now, agent, team);
            }
        }
    }

    /// The end of an agent's day: does this one leave? Who is not employed now does not.
    pub(super) fn judge(&mut self, agent: AgentId, leaving: &Leaving, employed: bool) {
        let person = &mut self.desk.people[agent.index()];
        let seat = &mut person.seat;
        if !seat.is_filled() || self.now <= seat.judged {
            return;
        }
        if !employed {
            seat.judged = self.now;
            return;
        }
        let since = (seat.judged, self.now);
        let (load, overtime) = (person.diary.load, person.diary.overtime);
        seat.hazard.add(leaving.hazard(seat.joined, since, load, overtime));
        seat.judged = self.now;
        if seat.hazard.is_enough(seat.threshold) {
            let usual = seat.hazard.is_usual(seat.threshold);
            self.depart(agent, if usual { Departure::Usual } else { Departure::Burnout });
            if let Some(succession) = &leaving.succession {
                self.seek(agent, succession.recruiting);
            }
        }
    }

    fn depart(&mut self, agent: AgentId, why: Departure) {
        let state = &self.desk.agents[agent.index()];
        let team = state.team;
        if state.on_roster {
            self.clock_out(agent);
        }
        self.change_seat(agent, State::Empty);
        self.observer.departs(self.now, agent, team, why);
    }

    /// A seat changes; what was under way with it is off. Gives its stamp.
    fn change_seat(&mut self, agent: AgentId, state: State) -> u32 {
        let seat = &mut self.desk.people[agent.index()].seat;
        seat.state = state;
        seat.stamp = seat.stamp.wrapping_add(1);
        seat.stamp
    }

    fn seek(&mut self, agent: AgentId, takes: SimDuration) {
        let stamp = self.change_seat(agent, State::Sought);
        let at = self.now.saturating_add(takes);
        self.desk.agenda.will_happen(at, Kind::Recruited, agent.0, stamp);
    }

    fn is_off(&self, event: Event) -> bool {
        !event.bears(self.desk.people[event.agent().index()].seat.stamp)
    }

    pub(super) fn on_recruited(&mut self, event: Event) {
        let agent = event.agent();
        let pool = &self.model.pools[self.desk.agents[agent.index()].pool.index()];
        let Some(succession) = pool.leaving.as_ref().and_then(|leaving| leaving.succession) else {
            return;
        };
        if self.is_off(event) {
            return;
        }
        self.observer.joins(self.now, agent, pool.team);
        self.desk.people[agent.index()].seat.joined = Some(self.now);
        let stamp = self.change_seat(agent, State::InTraining);
        let at = self.now.saturating_add(succession.training);
        self.desk.agenda.will_happen(at, Kind::Trained, agent.0, stamp);
    }

    /// Somebody new sits there from now, and is at work if the others are.
    pub(super) fn on_trained(&mut self, event: Event) {
        if self.is_off(event) {
            return;
        }
        let agent = event.agent();
        let pool = &self.model.pools[self.desk.agents[agent.index()].pool.index()];
        self.change_seat(agent, State::Filled);
        let person = &mut self.desk.people[agent.index()];
        person.seat.generation += 1;
        let key = person.seat.key(pool.key(self.key, agent.0));
        person.is_succeeded(pool, key, self.now);
        let seat = &mut person.seat;
        seat.began = self.now;
        seat.threshold = Leaving::threshold(key);
        seat.hazard = Hazard::default();
        seat.judged = seat.joined.unwrap_or(self.now);
        self.observer.settles(self.now, agent, pool.team);
        if pool.employs(agent.0) && pool.is_at_work(self.now) {
            self.clock_in(agent);
        }
    }

    pub(super) fn on_let_go(&mut self, event: Event) {
        if !self.is_off(event) {
            self.depart(event.agent(), Departure::LetGo);
        }
    }

    /// A review of staff asks for more people, or for fewer.
    pub(super) fn on_review(&mut self, index: u16) {
        let (review, pool) = &self.model.reviews[usize::from(index)];
        let overdue = match review.watch {
            Watch::Backlog(_) => 0,
            Watch::Overdue(_) => self.overdue_at(*pool),
        };
        let before = self.desk.asked_for[usize::from(index)];
        let after = review.asks_for(before, self.present(review.team), overdue);
        self.desk.asked_for[usize::from(index)] = after;
        let first = self.model.pools[pool.index()].agents.start;
        for seat in before..after {
            self.ask_for(AgentId(first + seat), review.recruiting);
        }
        for seat in (after..before).rev() {
            self.let_go(AgentId(first + seat), review.notice);
        }
    }

    /// Tickets at the team of a pool, waiting or in work, that are past the promised solution.
    fn overdue_at(&self, pool: PoolId) -> u32 {
        let team = self.model.pools[pool.index()].team;
        let late = |id: &TicketId| {
            let slot = &self.desk.slots[*id];
            let there = matches!(slot.place, Place::InLine | Place::InWork) && !slot.is_chaser;
            there && slot.facts.team == team && slot.facts.solution_due < self.now
        };
        self.desk.slots.ids().filter(late).count() as u32
    }

    /// Somebody is asked for, or asked to stay.
    fn ask_for(&mut self, agent: AgentId, recruiting: SimDuration) {
        match self.desk.people[agent.index()].seat.state {
            State::Empty => self.seek(agent, recruiting),
            State::OnNotice => {
                self.change_seat(agent, State::Filled);
            }
            State::Sought | State::InTraining | State::Filled => {}
        }
    }

    /// Somebody is given notice, or need not come.
    fn let_go(&mut self, agent: AgentId, notice: SimDuration) {
        match self.desk.people[agent.index()].seat.state {
            State::Sought => {
                self.change_seat(agent, State::Empty);
            }
            State::InTraining => self.depart(agent, Departure::LetGo),
            State::Filled => {
                let stamp = self.change_seat(agent, State::OnNotice);
                let at = self.now.saturating_add(notice);
                self.desk.agenda.will_happen(at, Kind::LetGo, agent.0, stamp);
            }
            State::Empty | State::OnNotice => {}
        }
    }
}
