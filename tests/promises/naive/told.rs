//! What customers were told when their tickets came, and what the desk then expected.

use super::Naive;
use surgecast::model::acknowledgement::{Says, expected_after};
use surgecast::model::mood::Mood;
use surgecast::outcome::observer::Observer;
use surgecast::time::SimTime;

impl<O: Observer> Naive<'_, O> {
    /// The customer of a new ticket may be told how long the one before had to wait.
    pub fn acknowledge(&mut self, id: usize) {
        let facts = &self.tickets[id].facts;
        let class = &self.model.classes[facts.class.index()];
        let expected = self.expected[facts.class.index()];
        if class.acknowledgement.as_ref().is_some_and(|a| a.says == Says::Expected) {
            self.tickets[id].told = self.due(self.now, expected, &class.promise);
            if expected.is_some() {
                self.sees("told how long to wait");
            }
        }
    }

    /// Somebody takes a ticket for the first time.
    pub fn note_wait(&mut self, id: usize) {
        let life = &self.tickets[id];
        if life.is_chaser || life.facts.touches > 0 {
            return;
        }
        let hours = self.model.classes[life.facts.class.index()].promise.hours;
        let waited = self.between(life.facts.since, self.now, hours);
        self.expected[life.facts.class.index()] = Some(expected_after(waited));
    }

    pub fn mood(&self, id: usize) -> Mood<'_> {
        let life = &self.tickets[id];
        let class = &self.model.classes[life.facts.class.index()];
        let promised = match &class.acknowledgement {
            Some(acknowledgement) => acknowledgement.promised(&life.facts, life.told),
            None => SimTime::NEVER,
        };
        Mood::of((class.acknowledgement.as_ref(), &class.notices), &life.facts, promised)
    }
}
