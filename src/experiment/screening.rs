//! Which of many uncertain values matter at all: elementary effects.
//!
//! From a random corner of the room of all values one walks along its edges, changing one value at
//! a time; what each step changes in the answer, per length of the step, is the elementary effect
//! of that value there. The mean size of its effects (mu*) says how much a value matters, their
//! spread (sigma) whether that hangs on the other values.
//!
//! *Source*: Morris 1991, Technometrics 33(2); mu* by Campolongo, Cariboni and Saltelli 2007,
//! Environmental Modelling & Software 22(10). Four levels, steps of two thirds.

use crate::rng::{Key, Purpose};
use crate::stats::{Estimate, Interval, mean};
use rand::RngExt;
use rand::seq::SliceRandom;

/// The length of a step, of the whole range.
const STEP: f64 = 2.0 / 3.0;

/// How often walks are drawn again for an interval.
const RESAMPLES: u64 = 1000;

/// A walk: its points, and which value each step changes.
#[derive(Clone, PartialEq, Debug)]
pub struct Walk {
    /// One more than there are values; each point has a share per value.
    pub points: Vec<Vec<f64>>,
    /// The value that each step changes.
    pub steps: Vec<usize>,
}

/// Walks through a room of so many values. The same seed gives the same walks.
pub fn walks(values: usize, walks: usize, seed: u64) -> Vec<Walk> {
    let key = Key::replication(seed, 0).named("screening");
    (0..walks as u64).map(|walk| one(values, key.nth(walk))).collect()
}

fn one(values: usize, key: Key) -> Walk {
    let mut chance = key.draw(Purpose::Pick, 0);
    // On levels 0, 1/3, 2/3, 1 a step of 2/3 goes up from the lower two and down from the upper.
    let levels = [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0];
    let mut at: Vec<f64> = (0..values).map(|_| levels[chance.random_range(0..4)]).collect();
    let mut steps: Vec<usize> = (0..values).collect();
    steps.shuffle(&mut chance);
    let mut points = vec![at.clone()];
    for &step in &steps {
        at[step] = if at[step] < 0.5 { at[step] + STEP } else { at[step] - STEP };
        points.push(at.clone());
    }
    Walk { points, steps }
}

/// What a value does to the answer.
#[derive(Clone, PartialEq, Debug)]
pub struct Effect {
    /// Mean size of its elementary effects.
    pub mu_star: Estimate,
    /// Mean of its effects with their signs.
    pub mu: f64,
    /// Their standard deviation.
    pub sigma: Estimate,
}

/// The effect of every value, from the answers at the points of all walks; intervals by drawing
/// walks again. Nothing with fewer than two walks.
///
/// *Shape*: `answers[walk][point]`.
pub fn effects(walks: &[Walk], answers: &[Vec<f64>], level: f64, seed: u64) -> Option<Vec<Effect>> {
    let values = walks.first().filter(|_| walks.len() >= 2)?.steps.len();
    let mut found = vec![Vec::with_capacity(walks.len()); values];
    for (walk, answers) in walks.iter().zip(answers) {
        for (place, &value) in walk.steps.iter().enumerate() {
            let moved = walk.points[place + 1][value] - walk.points[place][value];
            found[value].push((answers[place + 1] - answers[place]) / moved);
        }
    }
    let key = Key::replication(seed, 0).named("screening intervals");
    found
        .iter()
        .enumerate()
        .map(|(value, found)| effect(found, level, key.nth(value as u64)))
        .collect()
}

fn effect(found: &[f64], level: f64, key: Key) -> Option<Effect> {
    let sizes = |of: &[f64]| mean::mean(&of.iter().map(|e| e.abs()).collect::<Vec<_>>());
    let spread = |of: &[f64]| mean::variance(of).map(f64::sqrt);
    let n = found.len();
    let mut again: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    for resample in 0..RESAMPLES {
        let mut chance = key.draw(Purpose::Pick, resample);
        let drawn: Vec<f64> = (0..n).map(|_| found[chance.random_range(0..n)]).collect();
        again[0].push(sizes(&drawn)?);
        again[1].push(spread(&drawn)?);
    }
    let estimate = |value: f64, again: &mut Vec<f64>| {
        again.sort_by(f64::total_cmp);
        let cut = ((RESAMPLES as f64) * (1.0 - level) / 2.0) as usize;
        let ends = Interval { low: again[cut], high: again[again.len() - 1 - cut] };
        Estimate { value, interval: Some(ends), level, n: n as u64 }
    };
    let [mut of_sizes, mut of_spreads] = again;
    Some(Effect {
        mu_star: estimate(sizes(found)?, &mut of_sizes),
        mu: mean::mean(found)?,
        sigma: estimate(spread(found)?, &mut of_spreads),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_changes_every_value_once_and_stays_inside() {
        for walk in walks(5, 20, 3) {
            assert_eq!(walk.points.len(), 6);
            let mut steps = walk.steps.clone();
            steps.sort_unstable();
            assert_eq!(steps, [0, 1, 2, 3, 4]);
            for (place, pair) in walk.points.windows(2).enumerate() {
                let changed: Vec<usize> = (0..5).filter(|v| pair[0][*v] != pair[1][*v]).collect();
                assert_eq!(changed, [walk.steps[place]]);
            }
            let inside = |share: &f64| (-1e-9..=1.0 + 1e-9).contains(share);
            assert!(walk.points.iter().flatten().all(inside));
        }
        assert_eq!(walks(3, 2, 1), walks(3, 2, 1));
    }

    #[test]
    fn effects_of_a_plane_and_of_an_interaction_worked_by_hand() {
        // y = 3 a - 2 b + 4 b c: a acts by 3 everywhere; b by -2 + 4 c, c by 4 b; d not at all.
        let walks = walks(4, 40, 7);
        let answer = |p: &Vec<f64>| 3.0 * p[0] - 2.0 * p[1] + 4.0 * p[1] * p[2];
        let answers: Vec<Vec<f64>> =
            walks.iter().map(|walk| walk.points.iter().map(answer).collect()).collect();
        let told = effects(&walks, &answers, 0.95, 1).unwrap();
        assert!((told[0].mu_star.value - 3.0).abs() < 1e-9 && told[0].sigma.value < 1e-9);
        // c is 0, 1/3, 2/3 or 1, each as likely: the effects of b are -2, -2/3, 2/3, 2.
        let interval = told[1].mu_star.interval.unwrap();
        assert!(interval.contains(4.0 / 3.0), "{interval:?}");
        let sigma = (20.0_f64 / 9.0).sqrt();
        assert!(told[1].sigma.interval.unwrap().contains(sigma), "{:?}", told[1].sigma);
        assert!(told[1].mu.abs() < 1.0 && told[2].mu_star.interval.unwrap().contains(2.0));
        assert_eq!((told[3].mu_star.value, told[3].sigma.value), (0.0, 0.0));
        assert!(effects(&walks[..1], &answers[..1], 0.95, 1).is_none());
    }
}
