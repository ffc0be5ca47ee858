//! People differ: some are quicker than others, and some answers hold better.
//!
//! *In a manager's words*: "my quickest does twice what my slowest does, and his tickets do not
//! come back."
//!
//! *Assumption*: every agent has a factor on handle time and one on the share of solutions that
//! come back, each log-normal over people with mean 1 and the same for as long as that person
//! stays. A shared line gives the quick ones more tickets, so that a team of unlike people does a
//! little more than one of like people. *Source*: M18 of the catalogue; form: service times differ
//! between agents (Gans et al. 2010).

use crate::evidence::{Evidence, Grade};
use crate::rng::{Key, Purpose};
use crate::written::{Share, Written};
use rand_distr::{Distribution, StandardNormal};
use schemars::JsonSchema;
use serde::Deserialize;

/// How much the speed of people differs, where a scenario says that people differ.
pub const SPEED_CV: Evidence = Evidence {
    key: "teams.*.people.speed_cv",
    value: 0.2,
    unit: "CV",
    range: (0.05, 0.5),
    grade: Grade::J,
    source: "form: service times differ between agents (Gans et al. 2010); size: our judgement",
};

/// How much it differs whose solutions come back.
pub const QUALITY_CV: Evidence = Evidence {
    key: "teams.*.people.quality_cv",
    value: 0.3,
    unit: "CV",
    range: (0.0, 1.0),
    grade: Grade::J,
    source: "our judgement",
};

/// How people of a team differ, as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PeopleSpec {
    /// Standard deviation of their handle times over the mean, from person to person.
    pub speed_cv: Option<Written<Share>>,
    /// The same of the share of their solutions that come back.
    pub quality_cv: Option<Written<Share>>,
}

/// How people of a pool differ: CVs from person to person.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Spread {
    /// Of handle time.
    pub speed_cv: f64,
    /// Of the share of solutions that come back.
    pub quality_cv: f64,
}

/// The spread that a scenario describes; none where it says nothing.
pub fn compile(spec: Option<&PeopleSpec>) -> Spread {
    let Some(spec) = spec else { return Spread::default() };
    let cv = |written: &Option<Written<Share>>, usual: Evidence| {
        written.as_ref().map_or(usual.value, |share| share.value.0)
    };
    Spread { speed_cv: cv(&spec.speed_cv, SPEED_CV), quality_cv: cv(&spec.quality_cv, QUALITY_CV) }
}

impl Spread {
    /// Whether all are alike.
    pub fn is_none(&self) -> bool {
        self.speed_cv == 0.0 && self.quality_cv == 0.0
    }

    /// An agent's factor on handle time.
    pub fn handle(&self, agent: Key) -> f64 {
        factor(self.speed_cv, agent, Purpose::Speed)
    }

    /// An agent's factor on the share of solutions that come back.
    pub fn reopens(&self, agent: Key) -> f64 {
        factor(self.quality_cv, agent, Purpose::Quality)
    }
}

/// A log-normal factor of mean 1.
fn factor(cv: f64, agent: Key, purpose: Purpose) -> f64 {
    if cv == 0.0 {
        return 1.0;
    }
    let variance = (1.0 + cv * cv).ln();
    let z: f64 = StandardNormal.sample(&mut agent.draw(purpose, 0));
    (variance.sqrt() * z - variance / 2.0).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_larger_spread_moves_everybody_further_the_same_way() {
        let like = Spread::default();
        assert!(like.is_none());
        assert_eq!((like.handle(Key(3)), like.reopens(Key(3))), (1.0, 1.0));
        // At CV 1 the variance of the logarithm is ln 2: one person's factors at two spreads tell
        // the same standard normal draw.
        let score = |cv: f64| {
            let variance = (1.0 + cv * cv).ln();
            let spread = Spread { speed_cv: cv, quality_cv: cv };
            (spread.handle(Key(3)).ln() + variance / 2.0) / variance.sqrt()
        };
        assert!((score(1.0) - score(0.2)).abs() < 1e-12);
    }

    #[test]
    fn the_mean_factor_is_one() {
        let spread = Spread { speed_cv: 0.4, quality_cv: 0.3 };
        let n = 100_000_u32;
        let mean = (0..n).map(|i| spread.handle(Key(1).nth(u64::from(i)))).sum::<f64>();
        let error = 0.4 / f64::from(n).sqrt();
        assert!((mean / f64::from(n) - 1.0).abs() < 4.0 * error);
    }
}
