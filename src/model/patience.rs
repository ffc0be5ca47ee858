//! Patience: customers who give up waiting: silently, to try again, or to complain elsewhere.
//!
//! *In a manager's words*: "after three days without a word they are gone, and one in ten of them
//! gets the money back from the bank, or tells the world."
//!
//! *Assumption*: each wait for an agent has a patience drawn from a Weibull law; when it runs out
//! the ticket is withdrawn. A share of those customers writes or calls again later, another share
//! takes the matter outside (a charge-back, a regulator, social media), and the rest is silent.
//! *Source*: M07 of the catalogue; Webb, Yu, Bretthauer 2020. Of charge-backs 23 % are said to come
//! at once and 38 % within three days without a solution (Chargeflow, a vendor): no share has a
//! default.

use super::context::{Context, wall};
use crate::dist::Law;
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Amount, Length, Share, TimeUnit, Written};
use rand::RngExt;
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
    /// Share of those who gave up that takes it outside: a charge-back, a regulator, social media.
    #[serde(default)]
    pub outside: Option<Written<Share>>,
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
    /// Share that takes it outside.
    pub p_outside: f64,
    /// Whether those whose touch was broken off may give up as well.
    pub after_interruption: bool,
}

/// What a customer does who has given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// Nothing that anybody hears of.
    Silent,
    /// Tries again after that time.
    TriesAgain(SimDuration),
    /// Takes it outside.
    Outside,
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
        let share =
            |share: &Option<Written<Share>>| share.as_ref().map_or(0.0, |share| share.value.0);
        let (p_returns, p_outside) = (share(&self.returns), share(&self.outside));
        if let Some(outside) = self.outside.as_ref().filter(|_| p_returns + p_outside > 1.0) {
            let sum = (p_returns + p_outside) * 100.0;
            problems.push(
                Problem::error(
                    "wrong-patience",
                    format!("{sum:.0} % of those who give up try again or take it outside"),
                )
                .at(outside.span.clone(), "share that takes it outside")
                .help("these are shares of all who give up, at most 100% together"),
            );
        }
        let after =
            wall(&self.returns_after, Length::new(RETURNS_AFTER.value, TimeUnit::Hour), problems);
        Patience {
            law,
            p_returns,
            returns_after: Law::exponential(after),
            p_outside,
            after_interruption: self.after_interruption.as_ref().is_some_and(|yes| yes.value),
        }
    }
}

impl Patience {
    /// Patience of that law; all who give up are silent.
    pub fn new(law: Law) -> Patience {
        Patience {
            law,
            p_returns: 0.0,
            returns_after: Law::Constant(SimDuration::ZERO),
            p_outside: 0.0,
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

    /// What a customer does who gave up on that visit.
    pub fn next(&self, key: Key, visit: u16) -> Next {
        if self.p_returns == 0.0 && self.p_outside == 0.0 {
            return Next::Silent;
        }
        let mut chance = key.draw(Purpose::Redial, u64::from(visit));
        let mark: f64 = chance.random();
        if mark < self.p_returns {
            Next::TriesAgain(self.returns_after.sample(&mut chance))
        } else if mark < self.p_returns + self.p_outside {
            Next::Outside
        } else {
            Next::Silent
        }
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
            assert_eq!(patience.next(Key(1), 0), Next::Silent);
            assert_eq!(patience.draw_again(Key(1), 1, 1), None);
            let anew = Patience { after_interruption: true, ..patience };
            assert_ne!(anew.draw_again(Key(1), 1, 1), Some(anew.draw(Key(1), 1)));
        }
    }

    #[test]
    fn those_who_give_up_try_again_complain_elsewhere_or_are_silent() {
        let hour = SimDuration::from_hours(1.0);
        let with = |p_returns, p_outside| Patience {
            p_returns,
            p_outside,
            returns_after: Law::Constant(hour),
            ..Patience::new(Law::exponential(hour))
        };
        let (n, both) = (20_000, with(0.3, 0.2));
        let of = |patience: &Patience, next: Next| {
            (0..n).filter(|i| patience.next(Key(8).nth(*i), 0) == next).count() as f64 / n as f64
        };
        for (next, p) in [(Next::TriesAgain(hour), 0.3), (Next::Outside, 0.2), (Next::Silent, 0.5)]
        {
            let share = of(&both, next);
            assert!(
                (share - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt(),
                "{next:?} {share}"
            );
        }
        // Whoever tries again does so whether or not others complain.
        assert_eq!(of(&both, Next::TriesAgain(hour)), of(&with(0.3, 0.0), Next::TriesAgain(hour)));
        assert_eq!(of(&with(0.0, 1.0), Next::Outside), 1.0);
    }
}
