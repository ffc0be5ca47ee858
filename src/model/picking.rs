//! Cherry-picking: the more tickets wait, the likelier an agent takes an easier one than is due.
//!
//! *In a manager's words*: "when the board is full they do the quick ones first; the numbers look
//! good and the hard ones rot."
//!
//! *Assumption*: an agent takes the oldest ticket, or with a probability that rises with the tickets
//! waiting for each agent at the queue looks at a few waiting ones, any of them, and takes the one
//! with the shortest handle time. What has been put first, such as a chaser to be read at once, is
//! never passed over. *Source*: M35 of the catalogue; KC, Staats, Kouchaki, Gino 2020 (emergency
//! doctors: each further patient raises the chance of an easier choice by 8 %); that the probability
//! is proportional to the load, and how many tickets are compared, is our judgement.

use crate::evidence::{Evidence, Grade};
use crate::rng::Generator;
use rand::RngExt;

/// How much likelier an easier ticket is taken for each one that waits per agent.
pub const EASY_FIRST: Evidence = Evidence {
    key: "teams.*.order.easy-first",
    value: 0.08,
    unit: "per ticket waiting for an agent",
    range: (0.0, 0.2),
    grade: Grade::A,
    source: "emergency doctors: 8 % for each further patient (KC, Staats, Kouchaki, Gino 2020)",
};

/// Waiting tickets of which the easiest is taken; the same one may be looked at twice.
pub const LOOKS: usize = 3;

/// How agents of a team pick easier tickets.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Picking {
    /// Probability of an easier choice for each ticket that waits per agent, up to 1.
    pub slope: f64,
}

impl Picking {
    /// The positions, among so many tickets, of those of which the agent takes the easiest; none
    /// where the agent takes the oldest. `waiting` tickets are at the team, and `agents` at its
    /// queue.
    pub fn looks_at(
        &self,
        waiting: u32,
        agents: u32,
        among: u32,
        chance: &mut Generator,
    ) -> Option<[u32; LOOKS]> {
        let each = f64::from(waiting) / f64::from(agents.max(1));
        if among == 0 || chance.random::<f64>() >= self.slope * each {
            return None;
        }
        Some(std::array::from_fn(|_| chance.random_range(0..among)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, Purpose};

    #[test]
    fn an_easier_choice_grows_likelier_with_the_load() {
        let share = |waiting| {
            let picking = Picking { slope: 0.08 };
            let easy = |n: &u64| {
                let mut chance = Key(3).draw(Purpose::Pick, *n);
                picking.looks_at(waiting, 4, waiting, &mut chance).is_some()
            };
            (0..10_000).filter(easy).count() as f64 / 10_000.0
        };
        // 20 for 4 agents: 5 x 0.08 = 0.4, with a standard error of 0.0049; 50 for 4: always.
        assert!((share(20) - 0.4).abs() < 4.0 * 0.0049, "{}", share(20));
        assert_eq!((share(0), share(50)), (0.0, 1.0));
    }

    #[test]
    fn it_looks_at_tickets_that_are_there() {
        let mut chance = Key(3).draw(Purpose::Pick, 0);
        let picking = Picking { slope: 1.0 };
        let looks = picking.looks_at(7, 1, 2, &mut chance).unwrap();
        assert!(looks.iter().all(|place| *place < 2));
        assert_eq!(picking.looks_at(7, 1, 0, &mut chance), None);
    }
}
