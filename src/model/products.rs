//! New products: everybody learns again.
//!
//! *In a manager's words*: "when the new model came out, the old hands were beginners for a month."
//!
//! *Assumption*: from a date handle times of those who were there before rise by a factor and fall
//! back along a curve, as a newcomer's do; who joins later is trained on it. *Source*: M20 of the
//! catalogue.

use super::context::Context;
use super::learning::{Curve, Ramp, RampSpec};
use super::pool::PoolPlan;
use crate::evidence::{Evidence, Grade};
use crate::ids::TeamId;
use crate::problem::Problems;
use crate::time::{SimDuration, SimTime};
use crate::written::{Moment, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Handle times on the first day of a new product.
pub const START: Evidence = Evidence {
    key: "new_products.ramp.start",
    value: 1.25,
    unit: "factor",
    range: (1.0, 1.5),
    grade: Grade::J,
    source: "our judgement, below a newcomer's 1.3-1.8 x (WFM Labs)",
};

/// Time until handle times are the usual ones again.
pub const OVER: Evidence = Evidence {
    key: "new_products.ramp.over",
    value: 6.0,
    unit: "weeks",
    range: (2.0, 26.0),
    grade: Grade::J,
    source: "our judgement",
};

/// A new product as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductSpec {
    /// What it is called in charts.
    #[serde(default)]
    pub name: Option<Written<String>>,
    /// Teams that learn; all of them where none is named.
    #[serde(default)]
    pub teams: Vec<Written<String>>,
    /// When it comes.
    pub from: Written<Moment>,
    /// How they get back to speed.
    #[serde(default)]
    pub ramp: Option<RampSpec>,
}

/// A new product.
#[derive(Clone, PartialEq, Debug)]
pub struct Product {
    /// What it is called.
    pub name: String,
    /// Teams that learn; all where there are none.
    pub teams: Vec<TeamId>,
    /// When it comes.
    pub from: SimTime,
    /// How they get back to speed.
    pub ramp: Ramp,
}

impl ProductSpec {
    /// The product this describes.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> Product {
        let spec = self.ramp.clone().unwrap_or_default();
        let over = SimDuration::from_days((OVER.value * 7.0) as i64);
        let usual = Ramp { start: START.value, over, curve: Curve::default(), reopens: 1.0 };
        Product {
            name: self.name.as_ref().map_or("new product", |name| &name.value).to_string(),
            teams: self.teams.iter().filter_map(|name| context.team(name, problems)).collect(),
            from: context.instant(&self.from, problems),
            ramp: spec.compile_with(usual, problems),
        }
    }
}

impl Product {
    /// Lets the pools of its teams learn.
    pub fn teach(&self, pools: &mut [PoolPlan]) {
        for pool in pools {
            if self.teams.is_empty() || self.teams.contains(&pool.team) {
                pool.pace.products.push((self.from, self.ramp));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_hands_learn_again_and_later_ones_have_learnt() {
        let hour = SimTime::from_hours;
        let over = SimDuration::from_hours(10.0);
        let ramp = Ramp { start: 1.5, over, curve: Curve::Linear, reopens: 1.2 };
        let product = Product { name: "new".into(), teams: Vec::new(), from: hour(100.0), ramp };
        let mut pools = [PoolPlan::new(TeamId(0), "desk", 1, Vec::new())];
        product.teach(&mut pools);
        let pace = &pools[0].pace;
        assert_eq!([90.0, 100.0, 105.0, 120.0].map(|at| pace.at(hour(at))), [1.0, 1.5, 1.25, 1.0]);
        assert_eq!(pace.reopens_at(hour(105.0)), 1.1);
        let newcomer = Some((hour(101.0), Ramp { start: 1.0, reopens: 1.0, ..ramp }));
        assert_eq!(pace.at_for(hour(105.0), newcomer), 1.0);
    }
}
