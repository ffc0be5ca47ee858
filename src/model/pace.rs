//! Pace: how fast the agents of a pool work, and how often their solutions come back, from hour to hour.
//!
//! *In a manager's words*: "she is a tenth slower than the others, still learning, and has the new
//! assistant since Monday."
//!
//! *Assumption*: proficiency, learning, tools and the hour each multiply. *Source*: M18, M20, M30 of
//! the catalogue, whose files say more.

use super::learning::Ramp;
use crate::time::{SimDuration, SimTime};

/// Factors on the handle time of a pool's agents, and on how often their solutions come back.
#[derive(Clone, PartialEq, Debug)]
pub struct Pace {
    /// Constant factor: proficiency.
    pub factor: f64,
    /// When they began, and how they learn.
    pub ramp: Option<(SimTime, Ramp)>,
    /// What everybody who was there before must learn, and since when.
    pub products: Vec<(SimTime, Ramp)>,
    /// Tools they have.
    pub tools: Vec<Tool>,
    /// Further factors for a time: a rush, the tired day after.
    pub windows: Vec<Window>,
}

/// Factors that hold for a time. Where several do, they multiply.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Window {
    /// From when.
    pub from: SimTime,
    /// Until when.
    pub until: SimTime,
    /// Factor on handle times.
    pub handle: f64,
    /// Factor on the share of solutions that come back.
    pub reopens: f64,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            factor: 1.0,
            ramp: None,
            products: Vec::new(),
            tools: Vec::new(),
            windows: Vec::new(),
        }
    }
}

impl Pace {
    /// Whether it is 1 for ever.
    pub fn is_plain(&self) -> bool {
        *self == Pace::default()
    }

    /// Factor on handle times of touches that begin at that instant.
    pub fn at(&self, now: SimTime) -> f64 {
        self.at_for(now, self.ramp)
    }

    /// The same for somebody who began at another time.
    pub fn at_for(&self, now: SimTime, own: Option<(SimTime, Ramp)>) -> f64 {
        let own = self.with_tools(now, own);
        let learning = self.learns(own).map(|(since, ramp)| ramp.factor(now - since));
        let missing = own.map_or(0.0, |(since, ramp)| ramp.missing(now - since));
        let tools = self.tools.iter().map(|tool| tool.handle(now, missing));
        self.factor
            * learning.product::<f64>()
            * tools.product::<f64>()
            * self.open(now).map(|w| w.handle).product::<f64>()
    }

    /// Factor on the share of solutions that come back, for touches that begin at that instant.
    pub fn reopens_at(&self, now: SimTime) -> f64 {
        self.reopens_at_for(now, self.ramp)
    }

    /// The same for somebody who began at another time.
    pub fn reopens_at_for(&self, now: SimTime, own: Option<(SimTime, Ramp)>) -> f64 {
        let own = self.with_tools(now, own);
        let learning = self.learns(own).map(|(since, ramp)| ramp.reopen_factor(now - since));
        let tools = self.tools.iter().map(|tool| tool.reopen_factor(now));
        learning.product::<f64>()
            * tools.product::<f64>()
            * self.open(now).map(|w| w.reopens).product::<f64>()
    }

    /// How somebody learns who has the tools of that moment.
    fn with_tools(&self, now: SimTime, own: Option<(SimTime, Ramp)>) -> Option<(SimTime, Ramp)> {
        let faster = self.tools.iter().map(|tool| tool.ramp(now)).product::<f64>();
        own.map(|(since, ramp)| (since, Ramp { over: ramp.over.scale(faster), ..ramp }))
    }

    /// What somebody learns who began then: the job, and what came later.
    fn learns(&self, own: Option<(SimTime, Ramp)>) -> impl Iterator<Item = (SimTime, Ramp)> {
        let began = own.map_or(SimTime::from_micros(i64::MIN), |(began, _)| began);
        let later = self.products.iter().copied().filter(move |(since, _)| began <= *since);
        own.into_iter().chain(later)
    }

    /// How much of what there is to learn somebody has left who began then: 1 for all of it.
    pub fn left_to_learn(&self, now: SimTime, own: Option<(SimTime, Ramp)>) -> f64 {
        let own = self.with_tools(now, own);
        self.learns(own).map(|(since, ramp)| ramp.missing(now - since)).fold(0.0, f64::max)
    }

    fn open(&self, now: SimTime) -> impl Iterator<Item = &Window> {
        self.windows.iter().filter(move |window| window.from <= now && now < window.until)
    }
}

/// A tool.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Tool {
    /// When it comes.
    pub from: SimTime,
    /// Time until everybody uses it.
    pub adoption: SimDuration,
    /// Factor on handle times of those who have learnt.
    pub handle: f64,
    /// The same for newcomers.
    pub novices: f64,
    /// Factor on the share of solutions that come back.
    pub reopens: f64,
    /// Factor on the time it takes to learn.
    pub ramp: f64,
}

impl Tool {
    /// The share of people who use it.
    fn adopted(&self, now: SimTime) -> f64 {
        if now < self.from {
            return 0.0;
        }
        let since = (now - self.from).micros() as f64;
        if self.adoption <= SimDuration::ZERO {
            return 1.0;
        }
        (since / self.adoption.micros() as f64).min(1.0)
    }

    /// Factor on handle times of somebody who has that much of the job still to learn.
    pub fn handle(&self, now: SimTime, missing: f64) -> f64 {
        let full = self.handle + (self.novices - self.handle) * missing;
        1.0 + self.adopted(now) * (full - 1.0)
    }

    /// Factor on the share of solutions that come back.
    pub fn reopen_factor(&self, now: SimTime) -> f64 {
        1.0 + self.adopted(now) * (self.reopens - 1.0)
    }

    /// Factor on the time it takes to learn.
    pub fn ramp(&self, now: SimTime) -> f64 {
        1.0 + self.adopted(now) * (self.ramp - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::learning::Curve;
    use super::*;

    #[test]
    fn pace_multiplies_proficiency_learning_and_the_hour() {
        let ramp = Ramp {
            start: 2.0,
            over: SimDuration::from_days(10),
            curve: Curve::Linear,
            reopens: 1.4,
        };
        let hour = SimTime::from_hours;
        let pace = Pace {
            factor: 1.1,
            ramp: Some((hour(0.0), ramp)),
            products: Vec::new(),
            tools: Vec::new(),
            windows: vec![Window {
                from: hour(100.0),
                until: hour(110.0),
                handle: 0.8,
                reopens: 1.25,
            }],
        };
        assert!((pace.at(hour(120.0)) - 1.1 * 1.5).abs() < 1e-12);
        assert!((pace.at(hour(105.0)) - 1.1 * (1.0 + 135.0 / 240.0) * 0.8).abs() < 1e-12);
        assert!((pace.reopens_at(hour(105.0)) - (1.0 + 0.4 * 135.0 / 240.0) * 1.25).abs() < 1e-12);
        assert!(!pace.is_plain() && Pace::default().is_plain());
        let left = |at| pace.left_to_learn(hour(at), pace.ramp);
        assert_eq!([left(0.0), left(120.0), left(240.0)], [1.0, 0.5, 0.0]);
        assert_eq!(pace.left_to_learn(hour(120.0), None), 0.0);
    }

    #[test]
    fn half_adopted_and_half_learnt_worked_by_hand() {
        let hour = SimTime::from_hours;
        let tool = Tool {
            from: hour(100.0),
            adoption: SimDuration::from_hours(10.0),
            handle: 1.0,
            novices: 0.8,
            reopens: 0.5,
            ramp: 0.6,
        };
        assert_eq!(
            [99.0, 100.0, 105.0, 200.0].map(|at| tool.handle(hour(at), 1.0)),
            [1.0, 1.0, 0.9, 0.8]
        );
        assert_eq!(tool.handle(hour(200.0), 0.0), 1.0);
        assert_eq!(tool.handle(hour(105.0), 0.5), 0.95);
        assert_eq!((tool.reopen_factor(hour(105.0)), tool.ramp(hour(105.0))), (0.75, 0.8));
        let at_once = Tool { adoption: SimDuration::ZERO, ..tool };
        assert_eq!(at_once.handle(hour(100.0), 1.0), 0.8);
    }
}
