//! Chance, by name. Every draw has its own generator, seeded by what it is for and never by the
//! order in which things happen, so that two policies meet the same customers on the same days.

use rand::rand_core::utils::fill_bytes_via_next_word;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng, TryRng};
use std::convert::Infallible;

/// A 64-bit name of somebody or something that draws: a replication, a class, a ticket, an agent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Key(pub u64);

/// What a draw decides. Its number is part of the seed: never renumber, only append.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub enum Purpose {
    /// Times between exogenous arrivals of a class.
    Arrivals = 1,
    /// The busyness factor of a day.
    Busyness = 2,
    /// Urgency and impact of a ticket.
    Priority = 3,
    /// Handle time of a touch.
    Handle = 4,
    /// Whether and where a touch escalates.
    Escalate = 5,
    /// Whether a touch ends with a question to the customer.
    Pending = 6,
    /// How long the customer takes to answer, and whether at all.
    CustomerReply = 7,
    /// How long a customer waits before giving up.
    Patience = 8,
    /// When the next chaser is written.
    Chaser = 9,
    /// Whether a chaser opens a second ticket, and what becomes of it.
    Duplicate = 10,
    /// Whether and when a solved ticket comes back.
    Reopen = 11,
    /// Whether the bot is tried, resolves, and is regretted.
    Automation = 12,
    /// Absence of an agent on a day.
    Absence = 13,
    /// Class, age and state of a ticket of the opening backlog.
    Opening = 14,
    /// What a busy line or a lost call does next.
    Redial = 15,
    /// Choice among idle agents or waiting tickets.
    Pick = 16,
    /// Length of an unscheduled break, or of the time to the next.
    Break = 17,
    /// Size of a batch of arrivals; state of a modulated arrival process.
    Burst = 18,
    /// Delay on the way from one team to another.
    Transfer = 19,
    /// Whether a bulk answer really answered.
    Bulk = 20,
    /// Length of a block of other work.
    SideWork = 21,
    /// Whether a notice reaches a customer, and keeps them from writing.
    Notice = 30,
    /// Whether a macro fits a ticket.
    Macro = 31,
    /// Which recurring problem a contact stems from.
    RootCause = 32,
    /// Whether a customer leaves, and whether one is there to write.
    Loyalty = 33,
    /// Whether a touch is hard.
    Swarm = 34,
    /// Whether somebody new asks a colleague.
    Question = 35,
    /// How quick an agent is.
    Speed = 40,
    /// How often an agent's solutions come back.
    Quality = 41,
    /// When an agent leaves, and who comes after.
    Leaves = 42,
    /// Where a ticket is sorted, and how sure a machine is of it.
    Triage = 60,
    /// When a ticket is lost from sight.
    Forget = 63,
    /// Whether a ticket needs an approval, and how long that takes to read.
    Approval = 61,
    /// Whether an escalation goes as it should.
    Procedure = 62,
}

/// Scrambles a word so that near seeds give unrelated generators (David Stafford's "Mix13",
/// the finaliser of SplitMix64; Steele, Lea, Flood 2014).
#[inline]
pub const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// A generator of draws: xoshiro256++ (Blackman and Vigna 2019), seeded by SplitMix64.
///
/// Nearly every draw has a generator of its own and takes one word of it. That word needs half of the
/// state, which is set up only once a second word is asked for.
#[derive(Clone, Debug)]
pub struct Generator(Progress);

#[derive(Clone, Debug)]
enum Progress {
    /// Nothing drawn yet.
    Seeded(u64),
    /// One word drawn.
    Begun(u64),
    /// Several words drawn.
    Going(Xoshiro256PlusPlus),
}

impl Generator {
    /// The generator of that seed.
    #[inline]
    pub fn seeded(seed: u64) -> Generator {
        Generator(Progress::Seeded(seed))
    }

    /// The second word, or a later one.
    #[inline(never)]
    fn go_on(&mut self) -> u64 {
        match &mut self.0 {
            Progress::Going(whole) => whole.next_u64(),
            Progress::Seeded(seed) | Progress::Begun(seed) => {
                let mut whole = Xoshiro256PlusPlus::seed_from_u64(*seed);
                whole.next_u64();
                let word = whole.next_u64();
                self.0 = Progress::Going(whole);
                word
            }
        }
    }
}

impl TryRng for Generator {
    type Error = Infallible;

    /// Small, so that it is written out wherever something is drawn.
    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let Progress::Seeded(seed) = self.0 else { return Ok(self.go_on()) };
        self.0 = Progress::Begun(seed);
        // The first and the last of the four words of state are all that the first word needs.
        let first = mix(seed.wrapping_add(STEP));
        let last = mix(seed.wrapping_add(STEP.wrapping_mul(4)));
        Ok(first.wrapping_add(last).rotate_left(23).wrapping_add(first))
    }

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        // The upper bits are the better ones.
        self.try_next_u64().map(|word| (word >> 32) as u32)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        fill_bytes_via_next_word(bytes, || self.try_next_u64())
    }
}

// Odd constants with well-spread bits keep (key, purpose, use) triples apart.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
const PURPOSE: u64 = 0xd1b5_4a32_d192_ed03;
const USE: u64 = 0xaef1_7502_108e_f2d9;

impl Key {
    /// The key of one replication of one experiment.
    pub fn replication(seed: u64, index: u64) -> Key {
        Key(mix(seed ^ STEP)).nth(index)
    }

    /// The key of something named, below this one.
    pub fn named(self, name: &str) -> Key {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Key(mix(self.0 ^ mix(hash)))
    }

    /// The key of the `n`-th thing below this one.
    #[inline]
    pub fn nth(self, n: u64) -> Key {
        Key(mix(self.0.wrapping_add(n.wrapping_add(1).wrapping_mul(STEP))))
    }

    /// The key of the `n`-th follow-up of a kind.
    #[inline]
    pub fn follow_up(self, purpose: Purpose, n: u64) -> Key {
        Key(self.seed(purpose, n)).nth(0)
    }

    /// The generator of the `n`-th draw for a purpose.
    #[inline]
    pub fn draw(self, purpose: Purpose, n: u64) -> Generator {
        Generator::seeded(self.seed(purpose, n))
    }

    #[inline]
    fn seed(self, purpose: Purpose, n: u64) -> u64 {
        let word = self.0 ^ (purpose as u64).wrapping_mul(PURPOSE);
        mix(word.wrapping_add(n.wrapping_mul(USE)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;
    use std::collections::HashSet;

    #[test]
    fn it_is_xoshiro_word_for_word() {
        for seed in [0, 1, 99, u64::MAX] {
            let (mut ours, mut whole) =
                (Generator::seeded(seed), Xoshiro256PlusPlus::seed_from_u64(seed));
            for _ in 0..5 {
                assert_eq!(ours.next_u64(), whole.next_u64());
            }
        }
    }

    #[test]
    fn keys_and_seeds_do_not_collide_on_a_realistic_grid() {
        let mut seen = HashSet::new();
        for replication in 0..20 {
            for class in ["order-status", "returns"] {
                let class = Key::replication(1, replication).named(class);
                for ticket in 0..200 {
                    for purpose in [Purpose::Handle, Purpose::Patience, Purpose::Chaser] {
                        for n in 0..8 {
                            assert!(seen.insert(class.nth(ticket).seed(purpose, n)));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn first_bits_of_neighbouring_streams_look_uniform() {
        // 100,000 first draws of neighbouring tickets: mean 1/2, standard error sqrt(1/12/n).
        let n = 100_000;
        let key = Key::replication(7, 0).named("returns");
        let mean = (0..n).map(|i| key.nth(i).draw(Purpose::Handle, 0).random::<f64>()).sum::<f64>()
            / n as f64;
        let standard_error = (1.0 / 12.0 / n as f64).sqrt();
        assert!((mean - 0.5).abs() < 4.0 * standard_error, "mean {mean}");
    }
}
