//! What is written: a scenario's text, read, checked and compiled into a model.

pub mod asking;
pub mod check;
pub mod compile;
pub mod defaults;
pub mod demand;
pub mod dials;
pub mod explain;
pub mod files;
pub mod language;
pub mod loops;
pub mod parse;
pub mod planning;
pub mod short;
pub mod source;
pub mod spec;
mod syntax;
pub mod uncertain;
pub mod vary;

use crate::model::chasers::PER_DAY;
use crate::problem::{Label, Problem, Problems, Severity};
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

    /// The variant of that name, or nothing where the scenario has no such one.
    pub fn variant(&self, name: &str) -> Option<Scenario> {
        let known = self.spec.variants.names().any(|known| known == name);
        known.then(|| Scenario::from_sources(self.sources.variant(name)))
    }

    /// The same scenario with further overrides `path=value`.
    pub fn with(&self, overrides: &[String]) -> Scenario {
        Scenario::from_sources(self.sources.with(overrides))
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
        check::limits(&self.spec, &mut problems);
        planning::check(&self.spec, &mut problems);
        let compiled = compile(&self.spec, &self.sources, parts, &mut problems);
        let compiled = compiled.filter(|_| !problems.has_errors());
        if let Some(compiled) = &compiled
            && parts == Parts::All
        {
            check::check(self, compiled, &mut problems);
            vary::written(&self.sources, &["sweep", "vary"], &mut problems);
            vary::written(&self.sources, &["uncertain"], &mut problems);
        }
        // Arithmetic may find that a scenario that compiles makes no sense.
        let compiled = compiled.filter(|_| !problems.has_errors());
        (compiled, without_echoes(problems))
    }

    /// The desk with the lowest and with the highest plausible rate of chasers, where the usual one is
    /// in force somewhere: nobody has ever measured it.
    pub fn at_rates(&self) -> Option<[Compiled; 2]> {
        let at = |rate: f64| {
            let sets = uncertain::of_default(&self.sources, &PER_DAY, rate)?;
            self.with(&sets).compile(Parts::All).0
        };
        let (low, high) = PER_DAY.range;
        Some([at(low)?, at(high)?])
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

/// Problems that only follow from others are left out: what is missing where an entry was wrong,
/// values at a place that could not be read, dates outside a run whose span is not known.
fn without_echoes(problems: Problems) -> Problems {
    const LEFT_OUT: [&str; 8] = [
        "syntax",
        "unknown-key",
        "extends-circle",
        "file-unreadable",
        "wrong-type",
        "wrong-value",
        "unknown-word",
        "missing-key",
    ];
    const MISSING: [&str; 6] = [
        "no-start",
        "no-arrivals",
        "empty-desk",
        "team-without-agents",
        "surge-without-start",
        "calendar-empty",
    ];
    const NO_SPAN: [&str; 5] =
        ["no-start", "wrong-start", "wrong-length", "wrong-value", "unknown-time-zone"];
    const NO_HOURS: [&str; 2] = ["zero-time", "promise-too-short"];
    const OUTSIDE: [&str; 2] = ["date-outside", "counts-missing"];
    let any = |codes: &[&str]| problems.iter().any(|problem| codes.contains(&problem.code));
    let (left_out, no_span) = (any(&LEFT_OUT), any(&NO_SPAN));
    let closed = any(&["calendar-empty"]);
    let unknown_ticket = any(&["unknown-ticket"]);
    let unreadable: Vec<&Label> =
        problems.iter().filter(|p| p.code == "syntax").flat_map(|p| p.labels.first()).collect();
    let touches = |label: &Label| {
        let near = |other: &&&Label| {
            label.span.start <= other.span.end && other.span.start <= label.span.end
        };
        unreadable.iter().find(near).is_some()
    };
    let is_echo = |problem: &Problem| {
        problem.severity == Severity::Error && left_out && MISSING.contains(&problem.code)
            || no_span && OUTSIDE.contains(&problem.code)
            || left_out && closed && NO_HOURS.contains(&problem.code)
            || unknown_ticket && problem.code == "nobody-handles"
            || problem.code != "syntax" && problem.labels.first().is_some_and(touches)
    };
    let mut kept = Problems::default();
    problems.iter().filter(|problem| !is_echo(problem)).for_each(|p| kept.push(p.clone()));
    kept
}
