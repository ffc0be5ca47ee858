//! How an agent works: quicker or slower than others, and with more or fewer tickets that come back.

use super::Run;
use crate::ids::AgentId;
use crate::model::team::Pool;
use crate::outcome::observer::Observer;
use crate::rng::Key;

/// What is particular about an agent.
#[derive(Clone, Debug)]
pub(super) struct Person {
    /// Own factor on handle times.
    handle: f64,
    /// Own factor on the share of solutions that come back.
    quality: f64,
    /// That factor for the touch in hand, with everything that bears on it.
    pub(super) reopens: f64,
}

impl Person {
    pub(super) fn new(pool: &Pool, key: Key) -> Person {
        let spread = &pool.spread;
        Person { handle: spread.handle(key), quality: spread.reopens(key), reopens: 1.0 }
    }
}

impl<O: Observer> Run<'_, O> {
    /// The factor on handle times of a touch that an agent begins now.
    pub(super) fn pace(&mut self, agent: AgentId) -> f64 {
        let pool = &self.model.pools[self.desk.agents[agent.index()].pool.index()];
        let person = &mut self.desk.people[agent.index()];
        person.reopens = person.quality * pool.pace.reopens_at(self.now);
        person.handle * pool.pace.at(self.now)
    }
}
