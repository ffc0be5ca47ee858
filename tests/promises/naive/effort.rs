//! How quickly an agent works, and how well: every factor there is, one after the other.

use super::Naive;
use surgecast::outcome::observer::Observer;

impl<O: Observer> Naive<'_, O> {
    /// The factor on handle times of a touch that begins now; who does it remembers how well.
    pub fn pace(&mut self, agent: usize) -> f64 {
        let person = &mut self.people[agent];
        let pool = &self.model.pools[person.pool.index()];
        person.reopens = pool.spread.reopens(person.key) * pool.pace.reopens_at(self.now);
        pool.spread.handle(person.key) * pool.pace.at(self.now)
    }
}
