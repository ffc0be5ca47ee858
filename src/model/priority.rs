//! Priority: how urgent a ticket is and how many it hurts.
//!
//! *In a manager's words*: "a fifth of our tickets are urgent; what is urgent and hits the whole
//! company comes first."
//!
//! *Assumption*: urgency and impact are drawn per ticket, independently, and a matrix turns them
//! into one of four priorities. *Source*: the urgency x impact matrix of ITIL-style help desks;
//! M04 of the catalogue.

use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::ticket::Priority;
use crate::written::{Brief, Named, Share, Written};
use rand::RngExt;
use schemars::JsonSchema;
use serde::Deserialize;

/// A level of urgency or impact.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Top.
    Urgent,
    /// Above the usual.
    High,
    /// The usual.
    Normal,
    /// Below the usual.
    Low,
}

impl Level {
    /// All levels, the highest first.
    pub const ALL: [(Level, &'static str); 4] = [
        (Level::Urgent, "urgent"),
        (Level::High, "high"),
        (Level::Normal, "normal"),
        (Level::Low, "low"),
    ];
}

/// One level for every ticket of a class, or shares of several (`{ high = "20%", normal = "80%" }`).
pub type LevelsSpec = Brief<Level, Named<Written<Share>>>;

/// Which priority an urgency (row) and an impact (column) make; 0 is the most urgent.
pub type Matrix = [[u8; 4]; 4];

/// The usual matrix: the sum of both levels, rounded towards the urgent side.
pub const MATRIX: Matrix = [[0, 0, 0, 1], [0, 1, 1, 2], [1, 1, 2, 2], [2, 2, 3, 3]];

/// How the priorities of a class are spread.
#[derive(Clone, PartialEq, Debug)]
pub struct PriorityMix {
    /// Probability of this priority or a more urgent one.
    p_up_to: [f64; Priority::COUNT],
    /// The only one there is, where there is no choice.
    only: Option<Priority>,
}

impl PriorityMix {
    /// Every ticket has this priority.
    pub fn only(priority: Priority) -> PriorityMix {
        PriorityMix::new([0, 1, 2, 3].map(|level| f64::from(u8::from(level == priority.0))))
    }

    /// Shares of the four priorities, the most urgent first; they sum to 1.
    pub fn new(shares: [f64; Priority::COUNT]) -> PriorityMix {
        let mut sum = 0.0;
        let p_up_to = shares.map(|share| {
            sum += share;
            sum
        });
        let sure = shares.iter().position(|share| *share == 1.0);
        PriorityMix { p_up_to, only: sure.map(|level| Priority(level as u8)) }
    }

    /// The priority of a ticket.
    #[inline]
    pub fn of(&self, key: Key) -> Priority {
        if let Some(only) = self.only {
            return only;
        }
        let u: f64 = key.draw(Purpose::Priority, 0).random();
        let level = self.p_up_to.iter().position(|p| u < *p).unwrap_or(Priority::COUNT - 1);
        Priority(level as u8)
    }

    /// Share of tickets of a priority.
    pub fn share(&self, priority: Priority) -> f64 {
        let before = priority.index().checked_sub(1).map_or(0.0, |level| self.p_up_to[level]);
        self.p_up_to[priority.index()] - before
    }
}

/// Reads shares of levels; they must sum to 1.
fn shares(spec: Option<&Written<LevelsSpec>>, problems: &mut Problems) -> [f64; 4] {
    let Some(spec) = spec else { return [0.0, 0.0, 1.0, 0.0] };
    match &spec.value {
        Brief::Short(level) => Level::ALL.map(|(l, _)| f64::from(u8::from(l == *level))),
        Brief::Full(named) => {
            let mut shares = [0.0; 4];
            for (name, share) in named.iter() {
                match Level::ALL.iter().position(|(_, known)| *known == name.value) {
                    Some(level) => shares[level] = share.value.0,
                    None => problems.push(
                        Problem::error("unknown-level", format!("`{}` is not a level", name.value))
                            .at(name.span.clone(), "this level")
                            .help("the levels are urgent, high, normal and low"),
                    ),
                }
            }
            let sum: f64 = shares.iter().sum();
            let known = |name: &str| Level::ALL.iter().any(|(_, level)| *level == name);
            if (sum - 1.0).abs() > 1e-6 && named.iter().all(|(name, _)| known(&name.value)) {
                problems.push(
                    Problem::error(
                        "shares-sum",
                        format!("these shares sum to {:.0}%, not 100%", sum * 100.0),
                    )
                    .at(spec.span.clone(), "these shares"),
                );
            }
            shares
        }
    }
}

/// The mix of priorities that an urgency and an impact make.
pub fn compile(
    urgency: Option<&Written<LevelsSpec>>,
    impact: Option<&Written<LevelsSpec>>,
    matrix: &Matrix,
    problems: &mut Problems,
) -> PriorityMix {
    let (urgency, impact) = (shares(urgency, problems), shares(impact, problems));
    let mut mix = [0.0; 4];
    for (row, p_row) in matrix.iter().zip(urgency) {
        for (priority, p_column) in row.iter().zip(impact) {
            mix[*priority as usize] += p_row * p_column;
        }
    }
    PriorityMix::new(mix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urgency_and_impact_meet_in_the_matrix() {
        // High urgency 20 %, normal impact everywhere: 20 % second priority, 80 % third.
        let named = |text: &str| Written::unwritten(toml::from_str::<Wrap>(text).unwrap().x);
        #[derive(Deserialize)]
        struct Wrap {
            x: LevelsSpec,
        }
        let mut problems = Problems::default();
        let urgency = named("x = { high = \"20%\", normal = 0.8 }");
        let mix = compile(Some(&urgency), None, &MATRIX, &mut problems);
        assert!((mix.share(Priority(1)) - 0.2).abs() < 1e-12);
        assert!((mix.share(Priority(2)) - 0.8).abs() < 1e-12);
        let urgent = (0..50_000).filter(|i| mix.of(Key(1).nth(*i)) == Priority(1)).count() as f64;
        let standard_error = (0.2 * 0.8 * 50_000.0_f64).sqrt();
        assert!((urgent - 10_000.0).abs() < 4.0 * standard_error);
        assert!(!problems.has_errors());
    }

    #[test]
    fn shares_that_do_not_sum_are_a_problem() {
        #[derive(Deserialize)]
        struct Wrap {
            x: Written<LevelsSpec>,
        }
        let codes = |text: &str| {
            let spec: Wrap = toml::from_str(text).unwrap();
            let mut problems = Problems::default();
            compile(Some(&spec.x), None, &MATRIX, &mut problems);
            problems.iter().map(|p| p.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("x = { high = \"20%\", normal = 0.7 }"), ["shares-sum"]);
        // Once the level is spelled right the sum may be right, too.
        assert_eq!(codes("x = { high = \"20%\", normall = 0.7 }"), ["unknown-level"]);
    }
}
