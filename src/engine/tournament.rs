//! A tournament among contestants known beforehand, each with one item at most: the smallest wins.
//!
//! Every agent has one completion. Where it changes, only the matches on the way from there to the final
//! are played again, four contestants to a match, without a branch that depends on who wins.

/// What a contestant has who has nothing.
pub(super) const NOTHING: u64 = u64::MAX;

/// Contestants and their items.
#[derive(Clone, Debug, Default)]
pub(super) struct Tournament {
    /// Matches, the final first. The winners of matches 4n + 1 to 4n + 4 play match n, and the
    /// contestants the last ones.
    matches: Vec<[u64; 4]>,
    /// The first match that contestants play.
    round: usize,
    winner: u64,
}

impl Tournament {
    /// Nobody of so many contestants has anything.
    pub(super) fn reset(&mut self, contestants: usize) {
        let (mut matches, mut round) = (1, 0);
        while 4 * (matches - round) < contestants {
            round = matches;
            matches = 4 * matches + 1;
        }
        self.round = round;
        self.matches.clear();
        self.matches.resize(matches, [NOTHING; 4]);
        self.winner = NOTHING;
    }

    /// The smallest item.
    #[inline(always)]
    pub(super) fn winner(&self) -> u64 {
        self.winner
    }

    /// From now on a contestant has that item.
    ///
    /// *Panics* where there is no such contestant.
    #[inline(always)]
    pub(super) fn enter(&mut self, contestant: usize, item: u64) {
        let matches = &mut self.matches[..];
        let (mut place, mut seat) = (self.round + contestant / 4, contestant % 4);
        let mut winner = item;
        loop {
            let four = &mut matches[place];
            four[seat] = winner;
            winner = four[0].min(four[1]).min(four[2].min(four[3]));
            if place == 0 {
                break;
            }
            place -= 1;
            (place, seat) = (place / 4, place % 4);
        }
        self.winner = winner;
    }

    /// A contestant has nothing any more.
    #[inline(always)]
    pub(super) fn leave(&mut self, contestant: usize) {
        self.enter(contestant, NOTHING);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, Purpose};
    use rand::RngExt;

    #[test]
    fn the_smallest_wins_whoever_comes_and_goes() {
        for contestants in [0, 1, 4, 5, 16, 17, 290] {
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
