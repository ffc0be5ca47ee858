//! Validation: cases with exact answers, simulated by the very engine that forecasts, and judged.
//!
//! A case becomes a `Model` through the builder that every user of the library has; what the engine
//! cannot express is named with its reason. The length of a replication is the case's own; how many
//! there are follows from the precision asked for.

pub mod build;
pub mod case;
mod demand;
mod fluid;
pub mod judge;
mod meter;
mod plan;
pub mod shipped;
mod staff;
mod trial;
mod unexpressed;
mod window;

pub use trial::Options;

use super::ensemble::Progress;
use case::{Case, CaseFile, RunKind};
use judge::{Finding, SIGNIFICANCE, Spread, bonferroni, holm};
use rayon::ThreadPool;
use serde::Serialize;
use unexpressed::Unexpressed;

/// Version of the schema that is read.
pub const FORMAT: u32 = 1;

/// Why a case file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// It is not what it should be.
    #[error("not a case file: {0}")]
    Schema(#[from] serde_json::Error),
    /// It is newer, or in another unit.
    #[error(
        "cases in format {format} and in `{unit}`s; this program reads format {FORMAT} in hours"
    )]
    Format {
        /// Its format.
        format: u32,
        /// Its unit of time.
        unit: String,
    },
}

/// Reads a case file.
///
/// *Errors*: where it does not follow the schema.
pub fn read(text: &str) -> Result<Vec<Case>, CaseError> {
    let file: CaseFile = serde_json::from_str(text)?;
    if file.format != FORMAT || file.time_unit != "hour" {
        return Err(CaseError::Format { format: file.format, unit: file.time_unit });
    }
    Ok(file.cases)
}

/// A case and what came of it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Tried {
    /// The case's name.
    pub id: String,
    /// Its family.
    pub family: String,
    /// What it is, in a line.
    pub title: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a case.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The engine cannot express it, for this reason.
    Unexpressed(String),
    /// It has been simulated.
    Simulated {
        /// Its quantities.
        findings: Vec<Finding>,
        /// Visits simulated.
        visits: u64,
        /// The p value of the case.
        p: f64,
        /// Whether the verdict goes against it.
        rejected: bool,
    },
}

/// What came of all cases.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Validation {
    /// The cases, in the order of the files.
    pub cases: Vec<Tried>,
    /// The seed.
    pub seed: u64,
    /// How many cases were simulated.
    pub expressed: u64,
    /// How many quantities.
    pub quantities: u64,
    /// How many of them are as precise as asked for.
    pub precise: u64,
    /// Visits simulated.
    pub visits: u64,
    /// The largest finite |z| of all.
    pub worst_z: f64,
    /// The spread of the first quantities' z.
    pub spread: Option<Spread>,
    /// Whether the engine agrees with theory.
    pub holds: bool,
    /// Whether every case was tried.
    pub complete: bool,
}

impl Validation {
    /// Simulates and judges all cases.
    pub fn run(
        cases: &[Case],
        options: &Options,
        pool: &ThreadPool,
        progress: &dyn Progress,
    ) -> Validation {
        let mut tried = Vec::new();
        for case in cases {
            if progress.stopped() {
                break;
            }
            let outcome = match attempt(case, options, pool, progress) {
                Ok((findings, visits)) => {
                    let p = bonferroni(findings.iter().map(|finding| finding.p));
                    Outcome::Simulated { findings, visits, p, rejected: false }
                }
                Err(why) => Outcome::Unexpressed(why.to_string()),
            };
            let (id, family, title) = (case.id.clone(), case.family.clone(), case.title.clone());
            tried.push(Tried { id, family, title, outcome });
            progress.step();
        }
        Validation::judge(tried, options.seed, cases.len())
    }

    fn judge(mut cases: Vec<Tried>, seed: u64, asked: usize) -> Validation {
        let mut p_values = Vec::new();
        let mut first_z = Vec::new();
        let (mut quantities, mut precise, mut all_visits, mut worst_z) = (0, 0, 0, 0.0_f64);
        for case in &cases {
            let Outcome::Simulated { findings, visits, p, .. } = &case.outcome else { continue };
            p_values.push(*p);
            let chance = findings.iter().find(|finding| finding.interval.is_some());
            first_z.extend(chance.map(|finding| finding.z));
            quantities += findings.len() as u64;
            precise += findings.iter().filter(|finding| finding.precise).count() as u64;
            all_visits += visits;
            let finite = findings.iter().map(|f| f.z.abs()).filter(|z| z.is_finite());
            worst_z = finite.fold(worst_z, f64::max);
        }
        let verdicts = holm(&p_values, SIGNIFICANCE);
        let mut verdict = verdicts.iter().copied();
        for case in &mut cases {
            if let Outcome::Simulated { rejected, .. } = &mut case.outcome {
                *rejected = verdict.next().unwrap_or_default();
            }
        }
        let spread = Spread::of(&first_z);
        let usual = spread.is_none_or(|spread| spread.is_usual());
        Validation {
            expressed: p_values.len() as u64,
            holds: usual && !verdicts.contains(&true),
            complete: cases.len() == asked,
            cases,
            seed,
            quantities,
            precise,
            visits: all_visits,
            worst_z,
            spread,
        }
    }

    /// The cases that the engine cannot express, with their reasons.
    pub fn unexpressed(&self) -> impl Iterator<Item = (&Tried, &str)> {
        self.cases.iter().filter_map(|case| match &case.outcome {
            Outcome::Unexpressed(why) => Some((case, why.as_str())),
            Outcome::Simulated { .. } => None,
        })
    }
}

fn attempt(
    case: &Case,
    options: &Options,
    pool: &ThreadPool,
    progress: &dyn Progress,
) -> Result<(Vec<Finding>, u64), Unexpressed> {
    match &case.run {
        RunKind::DeterministicFluid { .. } => Ok((fluid::findings(case)?, 0)),
        RunKind::SteadyState { .. }
        | RunKind::PeriodicSteadyState { .. }
        | RunKind::Transient { .. }
            if !case.tickets.is_empty() =>
        {
            trial::trace(case)
        }
        RunKind::SteadyState { .. }
        | RunKind::PeriodicSteadyState { .. }
        | RunKind::Transient { .. } => trial::simulate(case, options, pool, progress),
    }
}
