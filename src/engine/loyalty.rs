//! Customers who leave, those who come by word of mouth, and whose contacts come at all.

use super::Run;
use crate::ids::{ClassId, TicketId};
use crate::model::customers::Parting;
use crate::outcome::observer::{Exit, Observer};
use crate::rng::Key;
use crate::ticket::Cause;
use crate::time::SimTime;
use std::collections::VecDeque;

/// The customers there are, and what has been told of the desk but is not felt yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Following {
    there: i64,
    /// When each word is felt, in order, and customers it brings or keeps away.
    words: VecDeque<(SimTime, i64)>,
}

impl Following {
    pub(super) fn reset(&mut self, number: u32) {
        self.there = i64::from(number);
        self.words.clear();
    }

    /// How many customers are there now.
    fn there(&mut self, now: SimTime) -> i64 {
        while let Some((felt_at, word)) = self.words.front().copied()
            && felt_at <= now
        {
            self.there += word;
            self.words.pop_front();
        }
        self.there
    }
}

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// Whether nobody is there to write a contact that has come due; `won` where it is of the
    /// stream of those won by word of mouth.
    #[inline]
    pub(super) fn nobody_writes(&mut self, class: ClassId, key: Key, won: bool) -> bool {
        let Some(customers) = &self.model.customers else { return false };
        if !self.counting {
            return false;
        }
        let there = self.desk.following.there(self.now);
        let comes = if won { customers.is_won(key, there) } else { customers.writes(key, there) };
        if comes == won {
            self.observer.demand_moves(self.now, class, won);
        }
        !comes
    }

    /// A ticket leaves for good: its customer may leave too, and tells others.
    pub(super) fn part(&mut self, id: TicketId, exit: Exit) {
        let Some(customers) = &self.model.customers else { return };
        let ticket = &self.desk.slots[id].facts;
        if !self.counting || ticket.cause == Cause::Duplicate || !exit.is_judged() {
            return;
        }
        let parting = customers.parting(ticket, self.now, exit == Exit::Withdrawn);
        if parting == Parting::NOTHING {
            return;
        }
        let following = &mut self.desk.following;
        following.there -= i64::from(parting.leaves);
        if parting.word != 0 {
            let felt_at = self.now.saturating_add(customers.word_takes);
            following.words.push_back((felt_at, parting.word));
        }
        self.observer.parts(self.now, id, ticket, parting.leaves, parting.word);
    }
}
