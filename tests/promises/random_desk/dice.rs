//! Chance for random desks, which remembers what it has brought about.

use super::MECHANISMS;
use rand::RngExt;
use std::collections::BTreeSet;
use surgecast::dist::Law;
use surgecast::rng::{Generator, Key, Purpose};
use surgecast::time::SimDuration;

/// Throws dice, and keeps a list of the mechanisms that came up.
pub struct Dice {
    chance: Generator,
    /// Whether all times are whole numbers of five minutes, so that much happens at one instant.
    pub coarse: bool,
    pub used: BTreeSet<&'static str>,
}

impl Dice {
    pub fn new(seed: u64) -> Dice {
        let mut dice = Dice {
            chance: Key(seed).named("random desk").draw(Purpose::Pick, 0),
            coarse: false,
            used: BTreeSet::new(),
        };
        dice.coarse = dice.has("coarse times", 0.35);
        dice
    }

    pub fn happens(&mut self, p: f64) -> bool {
        self.chance.random::<f64>() < p
    }

    /// Notes a mechanism.
    pub fn uses(&mut self, mechanism: &'static str) {
        assert!(MECHANISMS.contains(&mechanism), "`{mechanism}` is not on the list");
        self.used.insert(mechanism);
    }

    /// Whether the desk has a mechanism, which is noted if so.
    pub fn has(&mut self, mechanism: &'static str, p: f64) -> bool {
        let has = self.happens(p);
        if has {
            self.uses(mechanism);
        }
        has
    }

    /// A whole number between two, both included.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        self.chance.random_range(low..=high)
    }

    pub fn part(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.chance.random::<f64>()
    }

    pub fn among<T: Clone>(&mut self, these: &[T]) -> T {
        let place = self.whole(0, these.len() as i64 - 1);
        these[place as usize].clone()
    }

    /// A span of so many minutes.
    pub fn minutes(&mut self, low: f64, high: f64) -> SimDuration {
        if self.coarse {
            let (low, high) = ((low / 5.0).ceil() as i64, (high / 5.0).ceil() as i64);
            return SimDuration::from_minutes(5 * self.whole(low, high));
        }
        SimDuration::from_hours(self.part(low, high) / 60.0)
    }

    /// Some law whose mean is so many minutes.
    pub fn law(&mut self, low: f64, high: f64) -> Law {
        let mean = self.minutes(low, high);
        if self.coarse {
            return Law::Constant(mean);
        }
        match self.whole(0, 6) {
            0 => Law::Constant(mean),
            1 => Law::exponential(mean),
            2 => Law::gamma(mean, 2.0),
            3 => Law::Weibull { scale: mean.micros() as f64, shape: 1.5 },
            4 => Law::mixture(&[(0.3, mean.scale(2.0)), (0.7, mean.scale(0.5))]),
            5 => Law::Uniform {
                low: mean.scale(0.5).micros() as f64,
                high: mean.scale(1.5).micros() as f64,
            },
            _ => Law::log_normal(mean, 1.0),
        }
    }
}
