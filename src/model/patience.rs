//! Patience: customers who give up waiting, silently or to try again.
//!
//! *In a manager's words*: "after three days without a word they are gone."
//!
//! *Assumption*: each wait for an agent has a patience drawn from a Weibull law; when it runs out
//! the ticket is withdrawn, and a share of those customers writes or calls again later. *Source*:
//! M07 of the catalogue; Webb, Yu, Bretthauer 2020.

use super::context::{Context, wall};
use crate::dist::{Law, happens};
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Amount, Length, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Mean time until customers who gave up try again.
pub const RETURNS_AFTER: Evidence = Evidence {
    key: "tickets.*.patience.returns_after",
    value: 4.0,
    unit: "h",
    range: (0.1, 72.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Patience as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PatienceSpec {
    /// Mean time a customer waits for an agent before giving up.
    pub mean: Written<Length>,
    /// Shape of the Weibull law: 1 gives up at a constant rate, above 1 the longer the likelier.
    #[serde(default)]
    pub shape: Option<Written<Amount>>,
    /// Share of those who gave up that comes back with the same need.
    #[serde(default)]
    pub returns: Option<Written<Share>>,
    /// Mean time until they come back.
    #[serde(default)]
    pub returns_after: Option<Written<Length>>,
    /// Whether customers whose touch was broken off may give up as well, with new patience.
    #[serde(default)]
    pub after_interruption: Option<Written<bool>>,
}

/// How long customers of a class wait for an agent.
#[derive(Clone, PartialEq, Debug)]
pub struct Patience {
    /// Time until a customer gives up.
    pub law: Law,
    /// Share that comes back.
    pub p_returns: f64,
    /// Time until they do.
    pub returns_after: Law,
    /// Whether those whose touch was broken off may give up as well.
    pub after_interruption: bool,
}

impl PatienceSpec {
    /// The patience this describes.
    pub fn compile(&self, _context: &Context<'_>, problems: &mut Problems) -> Patience {
        let mean = wall(&Some(self.mean.clone()), self.mean.value, problems);
        let shape = self.shape.as_ref().map_or(1.0, |shape| shape.value.0);
        if mean <= SimDuration::ZERO || !(0.1..=20.0).contains(&shape) {
            problems.push(
                Problem::error(
                    "wrong-patience",
                    "patience needs a positive mean, and a shape from 0.1 to 20",
                )
                .at(self.mean.span.clone(), "this patience"),
            );
            return Patience::new(Law::exponential(SimDuration::from_days(1)));
        }
        let law = if shape == 1.0 {
            Law::exponential(mean)
        } else {
            let scale = mean.micros() as f64 / statrs::function::gamma::gamma(1.0 + 1.0 / shape);
            Law::Weibull { scale, shape }
        };
        if let Some(returns) = self.returns.as_ref().filter(|returns| returns.value.0 > 0.95) {
            problems.push(
                Problem::error("wrong-patience", "customers who give up would never be gone")
                    .at(returns.span.clone(), "share that tries again")
                    .help("at most 95% of them can try again"),
            );
        }
        let after =
            wall(&self.returns_after, Length::new(RETURNS_AFTER.value, TimeUnit::Hour), problems);
        Patience {
            law,
            p_returns: self.returns.as_ref().map_or(0.0, |share| share.value.0),
            returns_after: Law::exponential(after),
            after_interruption: self.after_interruption.as_ref().is_some_and(|yes| yes.value),
        }
    }
}

impl Patience {
    /// Patience of that law; nobody who gave up comes back.
    pub fn new(law: Law) -> Patience {
        Patience {
            law,
            p_returns: 0.0,
            returns_after: Law::Constant(SimDuration::ZERO),
            after_interruption: false,
        }
    }

    /// How long a ticket's customer waits on its `visit`-th visit to a line (0 for the first).
    #[inline]
    pub fn draw(&self, key: Key, visit: u16) -> SimDuration {
        self.law.sample(&mut key.draw(Purpose::Patience, u64::from(visit)))
    }

    /// How long that customer waits after the visit's `n`-th interruption, if not for ever.
    pub fn draw_again(&self, key: Key, visit: u16, n: u16) -> Option<SimDuration> {
        let draw = u64::from(n) << 16 | u64::from(visit);
        self.after_interruption.then(|| self.law.sample(&mut key.draw(Purpose::Patience, draw)))
    }

    /// When a customer who gave up on that visit comes back, if at all.
    pub fn comes_back(&self, key: Key, visit: u16) -> Option<SimDuration> {
        if self.p_returns == 0.0 {
            return None;
        }
        let mut chance = key.draw(Purpose::Redial, u64::from(visit));
        happens(self.p_returns, &mut chance).then(|| self.returns_after.sample(&mut chance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_patience_is_what_was_asked_for_whatever_the_shape() {
        for shape in [0.7, 1.0, 2.0] {
            let text = format!("mean = \"10 h\"\nshape = {shape:.1}");
            let spec: PatienceSpec = toml::from_str(&text).unwrap();
            let days = super::super::days::Days::plain(0, 1);
            let context = Context {
                days: &days,
                end: days.end(),
                tickets: &[],
                teams: &[],
                calendars: &[],
                open: &[],
            };
            let patience = spec.compile(&context, &mut Problems::default());
            assert!((patience.law.mean().hours() - 10.0).abs() < 1e-6);
            assert_eq!(patience.comes_back(Key(1), 0), None);
            assert_eq!(patience.draw_again(Key(1), 1, 1), None);
            let anew = Patience { after_interruption: true, ..patience };
            assert_ne!(anew.draw_again(Key(1), 1, 1), Some(anew.draw(Key(1), 1)));
        }
    }
}
