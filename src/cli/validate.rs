//! `validate`: holds the engine against models with exact answers.

use super::failure::Failure;
use super::progress::Bar;
use super::running::threads;
use super::{Done, Format, output};
use clap::Args;
use std::path::PathBuf;
use surgecast::experiment::validate::case::Case;
use surgecast::experiment::validate::{self, Options, Validation};
use surgecast::report::validation;
use surgecast::scenario::source::read_text;

/// Largest case file that is read.
const MOST_BYTES: u64 = 1 << 28;

/// Most visits for a part of a case, in millions.
const EFFORT: u64 = 40;

/// What `validate` is asked.
#[derive(Args)]
pub(super) struct ValidateArgs {
    /// Case files; the cases that come with the program where none is given.
    files: Vec<PathBuf>,
    /// Only cases of this family, or the case of this name (may be repeated).
    #[arg(long, value_name = "NAME")]
    family: Vec<String>,
    /// Replications of every case; as many as the precision needs by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=10_000_000))]
    replications: Option<u64>,
    /// Most tickets to simulate for a case, in millions, in search of precision.
    #[arg(long, value_name = "MILLIONS", default_value_t = EFFORT)]
    effort: u64,
    /// Number from which all chance is drawn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; all processors by default.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

pub(super) fn validate(args: &ValidateArgs, format: Format, quiet: bool) -> Done {
    let cases = select(all(args)?, &args.family)?;
    let options = Options {
        seed: args.seed,
        replications: args.replications,
        most_visits: args.effort.saturating_mul(1_000_000),
    };
    let pool = threads(args.threads)?;
    let bar = Bar::of(cases.len() as u64, "cases", quiet || format == Format::Json);
    let validation = Validation::run(&cases, &options, &pool, &bar);
    bar.finish();
    match format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&validation);
            output::print(&text.map_err(|error| Failure::Files(error.to_string()))?)?;
            output::print("\n")?;
        }
        Format::Text if quiet => output::print(&validation::verdict(&validation))?,
        Format::Text => output::print(&validation::text(&validation))?,
    }
    match (validation.complete, validation.holds) {
        (false, _) => Err(Failure::Interrupted),
        (true, true) => Ok(()),
        (true, false) => Err(Failure::Missed),
    }
}

fn all(args: &ValidateArgs) -> Result<Vec<Case>, Failure> {
    if args.files.is_empty() {
        return Ok(validate::shipped::cases());
    }
    let mut cases = Vec::new();
    for path in &args.files {
        let text = read_text(path, MOST_BYTES)?;
        let read = validate::read(&text)
            .map_err(|error| Failure::Command(format!("{}: {error}", path.display())))?;
        cases.extend(read);
    }
    Ok(cases)
}

fn select(cases: Vec<Case>, names: &[String]) -> Result<Vec<Case>, Failure> {
    if names.is_empty() {
        return Ok(cases);
    }
    if let Some(unknown) = names.iter().find(|name| !cases.iter().any(|case| is(case, name))) {
        let mut families: Vec<&str> = cases.iter().map(|case| case.family.as_str()).collect();
        families.dedup();
        return Err(Failure::Command(format!(
            "no case or family is called `{unknown}`; there are {}",
            families.join(", ")
        )));
    }
    Ok(cases.into_iter().filter(|case| names.iter().any(|name| is(case, name))).collect())
}

fn is(case: &Case, name: &str) -> bool {
    case.family == name || case.id == name
}
