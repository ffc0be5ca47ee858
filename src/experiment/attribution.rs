//! Which loop caused how much: the same seasons with every set of loops, and what each loop adds on
//! average over all orders in which they could be taken out (the Shapley value), season by season,
//! so that the parts sum exactly to the whole.
//!
//! *Source*: Shapley, A value for n-person games, 1953; Owen, Sobol' indices and Shapley value,
//! SIAM/ASA J. Uncertainty Quantification 2, 2014. With few loops all sets are run; with many, each
//! season draws an order of its own and its reverse, which is unbiased, and the interval tells what
//! that costs (Castro, Gomez, Tejada 2009).

use super::ensemble::{Ensemble, Progress, Trial};
use super::frame::frame_of;
use crate::model::Model;
use crate::outcome::clearance::Target;
use crate::outcome::row::Row;
use crate::rng::{Key, Purpose};
use crate::stats::{Estimate, mean};
use rand::seq::SliceRandom;
use rayon::ThreadPool;
use std::collections::BTreeMap;

/// Most loops for which every set of them is run.
pub const EXACT: usize = 5;

/// Loops that are in the desk: a bit for each.
type Present = u32;

/// What is attributed: a figure of a season.
pub type Figure<'f> = &'f dyn Fn(&Row) -> f64;

/// What each of several loops adds to a figure.
#[derive(Clone, Debug)]
pub struct Shares {
    /// Without any of them.
    pub without: Estimate,
    /// What each adds, in the order given.
    pub adds: Vec<Estimate>,
    /// With all of them.
    pub with: Estimate,
    /// What all of them add, season by season on the same customers.
    pub whole: Estimate,
}

/// Seasons under sets of loops, each simulated once.
pub struct Attribution<'a> {
    loops: usize,
    model_of: &'a dyn Fn(Present) -> Model,
    rows: BTreeMap<Present, BTreeMap<u64, Row>>,
    seasons: u64,
    /// Whether every set of loops was run.
    pub exact: bool,
}

impl<'a> Attribution<'a> {
    /// Simulates `seasons` seasons; `model_of` gives the desk that has the loops of a set. Nothing
    /// where it was interrupted.
    pub fn run(
        loops: usize,
        model_of: &'a dyn Fn(Present) -> Model,
        seasons: u64,
        seed: u64,
        target: Target,
        pool: &ThreadPool,
        progress: &dyn Progress,
    ) -> Option<Attribution<'a>> {
        let exact = loops <= EXACT;
        let rows = BTreeMap::new();
        let mut all = Attribution { loops, model_of, rows, seasons, exact };
        let mut wanted: BTreeMap<Present, Vec<u64>> = BTreeMap::new();
        for season in 0..seasons {
            let sets: Vec<Present> = match exact {
                true => (0..1 << loops).collect(),
                false => all.orders(season).iter().flat_map(|order| chain(order)).collect(),
            };
            for set in sets {
                wanted.entry(set).or_default().push(season);
            }
        }
        for (set, mut seasons) in wanted {
            seasons.dedup();
            let model = (all.model_of)(set);
            let frame = frame_of(&model);
            let trial = Trial { model: &model, frame: &frame, seed, target, points: &[] };
            let known = all.rows.entry(set).or_default();
            for season in seasons {
                // Whole ranges go to all threads at once, single seasons to one.
                if known.contains_key(&season) {
                    continue;
                }
                let until = if exact { all.seasons } else { season + 1 };
                let done = Ensemble::simulate(&trial, season..until, pool, progress);
                known.extend(done.rows.into_iter().map(|row| (row.index, row)));
            }
            if progress.stopped() {
                return None;
            }
        }
        Some(all)
    }

    /// Two orders of all loops that a season draws: one, and its reverse.
    fn orders(&self, season: u64) -> [Vec<usize>; 2] {
        let mut order: Vec<usize> = (0..self.loops).collect();
        order.shuffle(&mut Key(season).named("attribution").draw(Purpose::Pick, 0));
        let reverse = order.iter().rev().copied().collect();
        [order, reverse]
    }

    /// What each loop adds to a figure.
    pub fn shares(&self, figure: Figure<'_>, level: f64) -> Option<Shares> {
        let value = |set: Present, season: u64| figure(&self.rows[&set][&season]);
        let seasons = || 0..self.seasons;
        let all = (1 << self.loops) - 1;
        let estimate =
            |values: Vec<f64>| mean::estimate(&values, level).filter(|_| !values.is_empty());
        let adds = (0..self.loops).map(|one| {
            let of_season = |season: u64| match self.exact {
                true => weighted(self.loops, one, |set| value(set, season)),
                false => {
                    let orders = self.orders(season);
                    let steps = orders.iter().map(|order| {
                        let before = order.iter().take_while(|other| **other != one);
                        let before: Present = before.map(|other| 1 << other).sum();
                        value(before | 1 << one, season) - value(before, season)
                    });
                    steps.sum::<f64>() / 2.0
                }
            };
            estimate(seasons().map(of_season).collect())
        });
        Some(Shares {
            adds: adds.collect::<Option<_>>()?,
            without: estimate(seasons().map(|season| value(0, season)).collect())?,
            with: estimate(seasons().map(|season| value(all, season)).collect())?,
            whole: estimate(seasons().map(|s| value(all, s) - value(0, s)).collect())?,
        })
    }
}

/// The sets met on the way when loops come in one after the other.
fn chain(order: &[usize]) -> Vec<Present> {
    let mut set = 0;
    let mut sets = vec![0];
    for one in order {
        set |= 1 << one;
        sets.push(set);
    }
    sets
}

/// What one of several adds to a value, averaged over all orders.
fn weighted(n: usize, one: usize, value: impl Fn(Present) -> f64) -> f64 {
    let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
    let mut sum = 0.0;
    for set in (0..1 << n).filter(|set: &Present| set >> one & 1 == 0) {
        let size = set.count_ones() as usize;
        let weight = factorial(size) * factorial(n - size - 1) / factorial(n);
        sum += weight * (value(set | 1 << one) - value(set));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_shared_by_two_worked_by_hand() {
        // Alone they add 10 and 20, together 50: the 20 that only both bring are halved.
        let value = |set: Present| [0.0, 10.0, 20.0, 50.0][set as usize];
        assert_eq!((weighted(2, 0, value), weighted(2, 1, value)), (20.0, 30.0));
    }

    #[test]
    fn shares_of_five_sum_to_the_whole() {
        let value = |set: Present| f64::from(set.count_ones()).powi(3) + f64::from(set & 5);
        let sum: f64 = (0..5).map(|one| weighted(5, one, value)).sum();
        assert!((sum - (value(31) - value(0))).abs() < 1e-9);
    }

    #[test]
    fn a_chain_begins_with_nothing_and_ends_with_all() {
        assert_eq!(chain(&[2, 0, 1]), [0, 4, 5, 7]);
    }
}
