//! A tournament among contestants known beforehand, each with one item at most: the smallest wins.
//!
//! Every agent has one completion, every class one next arrival. Where it changes, only the matches on the
//! way from there to the final are played again: without a branch that depends on who wins, and with
//! opponents that are all known beforehand.

/// What a contestant has who has nothing.
const NOTHING: u64 = u64::MAX;

/// Contestants and their items.
#[derive(Clone, Debug, Default)]
pub(super) struct Tournament {
    /// Who plays whom: 2 against 3 in the final, and the winner of 2n against 2n + 1 goes on as n. The
    /// second half are the contestants.
    places: Vec<u64>,
    /// How many rounds there are.
    rounds: u32,
    winner: u64,
}

impl Tournament {
    /// Nobody of so many contestants has anything.
    pub(super) fn reset(&mut self, contestants: usize) {
        self.places.clear();
        self.places.resize(2 * contestants.next_power_of_two(), NOTHING);
        self.rounds = self.places.len().ilog2() - 1;
        self.winner = NOTHING;
    }

    /// The smallest item; larger than any where nobody has one.
    #[inline(always)]
    pub(super) fn winner(&self) -> u64 {
        self.winner
    }

    /// From now on a contestant has that item.
    ///
    /// *Panics* where there is no such contestant.
    #[inline]
    pub(super) fn enter(&mut self, contestant: usize, item: u64) {
        let places = &mut self.places[..];
        // With the size known beforehand there is no loop, and no bound to be checked on the way.
        self.winner = match self.rounds {
            1 => play::<4>(places, contestant, item),
            2 => play::<8>(places, contestant, item),
            3 => play::<16>(places, contestant, item),
            4 => play::<32>(places, contestant, item),
            5 => play::<64>(places, contestant, item),
            6 => play::<128>(places, contestant, item),
            7 => play::<256>(places, contestant, item),
            8 => play::<512>(places, contestant, item),
            9 => play::<1024>(places, contestant, item),
            10 => play::<2048>(places, contestant, item),
            _ => play_any(places, contestant, item),
        };
    }

    /// A contestant has nothing any more.
    #[inline(always)]
    pub(super) fn leave(&mut self, contestant: usize) {
        self.enter(contestant, NOTHING);
    }
}

/// Plays a contestant's matches among so many places; says who wins the final.
#[inline(always)]
fn play<const PLACES: usize>(places: &mut [u64], contestant: usize, item: u64) -> u64 {
    let Some(places) = places.first_chunk_mut::<PLACES>() else { return item };
    assert!(contestant < PLACES / 2, "no such contestant");
    let mut place = PLACES / 2 + contestant;
    let mut winner = item;
    for _ in 1..PLACES.ilog2() {
        places[place] = winner;
        winner = winner.min(places[place ^ 1]);
        place /= 2;
    }
    winner
}

/// The same among any number of places.
fn play_any(places: &mut [u64], contestant: usize, item: u64) -> u64 {
    let mut place = places.len() / 2 + contestant;
    let mut winner = item;
    while place > 1 {
        places[place] = winner;
        winner = winner.min(places[place ^ 1]);
        place /= 2;
    }
    winner
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, Purpose};
    use rand::RngExt;

    #[test]
    fn the_smallest_wins_whoever_comes_and_goes() {
        for contestants in [0, 1, 2, 4, 5, 16, 17, 50, 290, 2000] {
            let mut chance = Key(1).draw(Purpose::Pick, contestants as u64);
            let mut tournament = Tournament::default();
            tournament.reset(contestants);
            assert_eq!(tournament.winner(), NOTHING);
            let mut items = vec![NOTHING; contestants];
            for _ in 0..if contestants > 0 { 3000 } else { 0 } {
                let who = chance.random_range(0..contestants);
                items[who] = if chance.random() { chance.random::<u16>().into() } else { NOTHING };
                tournament.enter(who, items[who]);
                assert_eq!(Some(&tournament.winner()), items.iter().min());
            }
        }
    }
}
