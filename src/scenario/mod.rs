//! What is written: a scenario's text, read, checked and compiled into a model.

pub mod check;
pub mod compile;
pub mod demand;
pub mod files;
pub mod language;
pub mod parse;
pub mod source;
pub mod spec;

use crate::problem::{Problems, Severity};
use crate::time::SimTime;
use compile::{Compiled, Parts, compile};
use source::{ReadError, Sources};
use spec::ScenarioSpec;
use std::path::Path;

/// Replications of a run, where neither scenario nor command says.
pub const REPLICATIONS: u64 = 400;

/// A scenario as it was read.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its texts.
    pub sources: Sources,
    /// What they say.
    pub spec: ScenarioSpec,
    /// What is wrong with how it is written.
    pub problems: Problems,
}

impl Scenario {
    /// Reads a scenario file, what it extends, and overrides `path=value`.
    ///
    /// *Errors*: a file cannot be read. Mistakes in it are in `problems`.
    pub fn read(path: &Path, overrides: &[String]) -> Result<Scenario, ReadError> {
        Ok(Scenario::from_sources(Sources::read(path, overrides)?))
    }

    /// A scenario given as text.
    pub fn from_text(name: &str, text: &str, overrides: &[String]) -> Scenario {
        Scenario::from_sources(Sources::from_text(name, text, overrides))
    }

    fn from_sources(sources: Sources) -> Scenario {
        let mut problems = Problems::default();
        let table = sources.merge(&mut problems);
        let spec = parse::parse(&table, &mut problems);
        drop(table);
        Scenario { sources, spec, problems }
    }

    /// Compiles the scenario, or parts of it. Nothing where a problem keeps it from running; all
    /// problems, those of reading included, come along.
    pub fn compile(&self, parts: Parts) -> (Option<Compiled>, Problems) {
        let mut problems = self.problems.clone();
        let compiled = compile(&self.spec, &self.sources, parts, &mut problems);
        let compiled = compiled.filter(|_| !self.problems.has_errors());
        if let Some(compiled) = &compiled
            && parts == Parts::All
        {
            check::check(self, compiled, &mut problems);
        }
        (compiled, quiet_about_missing(problems))
    }

    /// When the backlog is first watched: from the start where it opens with one, else from the
    /// first surge.
    pub fn watch_from(&self, compiled: &Compiled) -> SimTime {
        if !compiled.model.opening.is_empty() {
            return SimTime::ZERO;
        }
        let surges = compiled.happenings.iter().filter(|happening| happening.kind == "surge");
        surges.map(|surge| surge.at).min().unwrap_or(SimTime::ZERO).max(SimTime::ZERO)
    }
}

/// Where an entry was wrong and left out, nobody complains that it is missing.
fn quiet_about_missing(problems: Problems) -> Problems {
    const LEFT_OUT: [&str; 4] = ["wrong-type", "wrong-value", "unknown-word", "missing-key"];
    const MISSING: [&str; 5] =
        ["no-start", "no-arrivals", "empty-desk", "team-without-agents", "surge-without-start"];
    let left_out = problems.iter().any(|problem| LEFT_OUT.contains(&problem.code));
    let mut kept = Problems::default();
    for problem in problems.iter() {
        let echo =
            left_out && MISSING.contains(&problem.code) && problem.severity == Severity::Error;
        if !echo {
            kept.push(problem.clone());
        }
    }
    kept
}
