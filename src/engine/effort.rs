//! How an agent works: quicker or slower than others and than at other times, and with more or fewer
//! tickets that come back.

use super::Run;
use super::diary::Diary;
use super::seats::Seat;
use crate::ids::{AgentId, ClassId, LineId};
use crate::model::pool::Pool;
use crate::model::switching;
use crate::outcome::observer::Observer;
use crate::rng::Key;
use crate::time::{SimDuration, SimTime};

/// What is particular about an agent.
#[derive(Clone, Debug)]
pub(super) struct Person {
    /// Own factor on handle times.
    handle: f64,
    /// Own factor on the share of solutions that come back.
    quality: f64,
    /// That factor for the touch in hand, with everything that bears on it.
    pub(super) reopens: f64,
    /// Class of the last touch.
    last: Option<ClassId>,
    /// What the agent remembers of past days.
    pub(super) diary: Diary,
    /// Who sits there.
    pub(super) seat: Seat,
}

impl Person {
    pub(super) fn new(pool: &Pool, key: Key) -> Person {
        Person {
            handle: pool.spread.handle(key),
            quality: pool.spread.reopens(key),
            reopens: 1.0,
            last: None,
            diary: Diary::new(),
            seat: Seat::new(pool, key),
        }
    }

    /// Somebody else sits there now.
    pub(super) fn is_succeeded(&mut self, pool: &Pool, key: Key, now: SimTime) {
        (self.handle, self.quality) = (pool.spread.handle(key), pool.spread.reopens(key));
        self.last = None;
        self.diary.begin_anew(now);
    }
}

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// How an agent begins a touch of a class now: the factor on handle times, and what it costs to
    /// get into it.
    pub(super) fn effort(&mut self, agent: AgentId, class: ClassId) -> (f64, SimDuration) {
        let pool = &self.model.pools[self.desk.agents[agent.index()].pool.index()];
        let team = &self.model.teams[pool.team.index()];
        let habits = &team.habits;
        let person = &mut self.desk.people[agent.index()];
        let learns = person.seat.learns(pool);
        let mut pace = person.handle * pool.pace.at_for(self.now, learns);
        let mut reopens = person.quality * pool.pace.reopens_at_for(self.now, learns);
        if let Some(pressure) = &habits.pressure {
            let waiting = team.all_lines.clone().map(|line| self.desk.lines.len(LineId::new(line)));
            let felt = pressure.felt(waiting.sum(), self.desk.teams[pool.team.index()].staffed);
            pace *= pressure.handle(felt);
            reopens *= pressure.reopen_factor(felt);
        }
        if let Some(overwork) = &habits.overwork {
            pace *= overwork.factor(person.diary.occupancy);
        }
        if let Some(fatigue) = &habits.fatigue {
            let worked = person.diary.worked_until(self.now);
            pace *= fatigue.factor(worked, person.diary.tired, self.now);
        }
        let switch = switching::cost(habits.switch, person.last, class);
        person.last = Some(class);
        person.reopens = reopens;
        (pace, switch)
    }
}
