//! Who is still a customer: everything that customers did is written down and counted anew.

use super::Naive;
use surgecast::ids::{ClassId, TicketId};
use surgecast::model::customers::Parting;
use surgecast::outcome::observer::{Exit, Observer};
use surgecast::rng::Key;
use surgecast::ticket::Cause;
use surgecast::time::SimTime;

impl<O: Observer> Naive<'_, O> {
    fn customers_there(&self) -> i64 {
        let customers = self.model.customers.as_ref().expect("somebody asks for them");
        let felt = |at: SimTime| at.saturating_add(customers.word_takes) <= self.now;
        let left = self.partings.iter().filter(|(_, parting)| parting.leaves).count() as i64;
        let words = self.partings.iter().filter(|(at, _)| felt(*at));
        i64::from(customers.number) - left + words.map(|(_, parting)| parting.word).sum::<i64>()
    }

    pub fn nobody_writes(&mut self, class: ClassId, key: Key, won: bool) -> bool {
        let Some(customers) = &self.model.customers else { return false };
        if !self.has_begun {
            return false;
        }
        let there = self.customers_there();
        if won {
            if customers.is_won(key, there) {
                self.observer.demand_moves(self.now, class, true);
                return false;
            }
            return true;
        }
        if customers.writes(key, there) {
            return false;
        }
        self.observer.demand_moves(self.now, class, false);
        true
    }

    pub fn part(&mut self, id: usize, exit: Exit) {
        let Some(customers) = &self.model.customers else { return };
        let life = &self.tickets[id];
        let counts = self.has_begun
            && life.facts.cause != Cause::Duplicate
            && matches!(exit, Exit::Solved | Exit::SolvedInBulk | Exit::Withdrawn);
        if !counts {
            return;
        }
        let parting = customers.parting(&life.facts, self.now, exit == Exit::Withdrawn);
        if parting != Parting::NOTHING {
            let Parting { leaves, word } = parting;
            self.observer.parts(self.now, TicketId(life.chair), &life.facts, leaves, word);
            self.partings.push((self.now, parting));
        }
    }
}
