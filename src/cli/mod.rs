//! The command line: the only place that knows clap, the terminal, signals and the clock.

mod attribution;
mod backtest;
mod check;
mod compare;
mod diagnose;
mod explain;
mod failure;
mod fit;
mod init;
mod judging;
mod keeping;
mod output;
mod phase;
mod plan;
mod progress;
mod report;
mod run;
mod running;
mod sensitivity;
mod shells;
mod show;
mod sweep;
mod validate;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use failure::Failure;
use std::path::PathBuf;
use std::process::ExitCode;
use surgecast::scenario::Scenario;

/// Forecasts how a support backlog snowballs in a surge, and when it is cleared.
#[derive(Parser)]
#[command(name = "surgecast", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print nothing but what was asked for.
    #[arg(long, short, global = true)]
    quiet: bool,
    /// What goes to standard output.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Subcommand)]
enum Command {
    /// Forecast a scenario: hundreds of simulated seasons, charts and figures.
    Run(run::RunArgs),
    /// Check a scenario without simulating it.
    Check(check::CheckArgs),
    /// Compare scenarios on the same customers.
    Compare(compare::CompareArgs),
    /// Say at once how near a desk is to its tipping point, and how long help may wait.
    Diagnose(diagnose::DiagnoseArgs),
    /// Simulate a scenario at many settings on the same customers.
    Sweep(sweep::SweepArgs),
    /// Say which uncertain values matter, and how far each moves the answer.
    Sensitivity(sensitivity::SensitivityArgs),
    /// Say which values are in force, where each comes from, and how good its evidence is.
    Explain(explain::ExplainArgs),
    /// Hold a forecast from an export against what came afterwards.
    Backtest(backtest::BacktestArgs),
    /// Measure what an export of tickets, calls or counts holds, and write a scenario from it.
    Fit(fit::FitArgs),
    /// Write a commented scenario that shows every key.
    Init(init::InitArgs),
    /// Draw where a desk recovers, is late or trapped, is lost, over people and what burdens them.
    Phase(phase::PhaseArgs),
    /// Find the cheapest plan that meets targets, such as cleared by a day with 90 %.
    Plan(plan::PlanArgs),
    /// Write the report, the charts and the tables of a run once more, from its results alone.
    Report(report::ReportArgs),
    /// Print what a shell needs to complete the commands.
    Completions(shells::CompletionsArgs),
    /// Print a manual page, of the program or of one command.
    Man(shells::ManArgs),
    /// Print the JSON Schema of the scenario language, for editors.
    Schema,
    /// Hold the engine against models with exact answers.
    Validate(validate::ValidateArgs),
}

/// What goes to standard output.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A short summary for people.
    Text,
    /// The results for programs.
    Json,
}

/// A scenario and changes to it.
#[derive(Args, Clone)]
struct ScenarioArgs {
    /// The scenario file.
    scenario: PathBuf,
    /// Override a key, as in --set teams.front-line.agents=30 (may be repeated).
    #[arg(long = "set", value_name = "PATH=VALUE")]
    overrides: Vec<String>,
    /// Take one of its variants instead of the scenario as it stands.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
}

impl ScenarioArgs {
    /// Reads the scenario, or the variant of it that is asked for.
    fn read(&self) -> Result<Scenario, Failure> {
        let scenario = Scenario::read(&self.scenario, &self.overrides)?;
        let Some(name) = &self.variant else { return Ok(scenario) };
        scenario.variant(name).ok_or_else(|| {
            let known: Vec<&str> = scenario.spec.variants.names().collect();
            let known = match known[..] {
                [] => "it has none; write [variants.NAME] with the keys that differ".to_string(),
                _ => format!("it has {}", known.join(", ")),
            };
            let path = self.scenario.display();
            Failure::Command(format!("{path} has no variant `{name}`; {known}"))
        })
    }

    /// What its results are named after: the file, the variant, and what is changed, lest they be taken
    /// for those of the scenario as it stands.
    fn stem(&self) -> String {
        let mut stem = self.scenario.file_stem().unwrap_or_default().to_string_lossy().to_string();
        if let Some(variant) = &self.variant {
            stem = format!("{stem}-{variant}");
        }
        let changes: String = self.overrides.iter().map(|change| short_name(change)).collect();
        stem.extend(changes.chars().take(MOST_LETTERS));
        stem
    }
}

/// Most letters of changes in the name of a folder.
const MOST_LETTERS: usize = 80;

/// A change in the name of a folder: `-front-line.agents=24`.
fn short_name(change: &str) -> String {
    let (path, value) = change.split_once('=').unwrap_or((change, ""));
    let parts: Vec<&str> = path.trim().split('.').collect();
    let name = parts[parts.len().saturating_sub(2)..].join(".");
    let plain = |c: &char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '%' | '+');
    let value: String = value.chars().filter(plain).collect();
    format!("-{}={value}", name.chars().filter(plain).collect::<String>())
}

/// Runs the program; what went wrong decides the exit code.
pub(crate) fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no mistakes.
            let wrong = error.use_stderr();
            let _ = error.print();
            return ExitCode::from(if wrong { failure::WRONG } else { 0 });
        }
    };
    let done = match &cli.command {
        Command::Run(args) => run::run(args, cli.format, cli.quiet),
        Command::Check(args) => check::check(args, cli.format, cli.quiet),
        Command::Compare(args) => compare::compare(args, cli.format, cli.quiet),
        Command::Diagnose(args) => diagnose::diagnose(args, cli.format, cli.quiet),
        Command::Sweep(args) => sweep::sweep(args, cli.format, cli.quiet),
        Command::Sensitivity(args) => sensitivity::sensitivity(args, cli.format, cli.quiet),
        Command::Explain(args) if args.attribution => {
            attribution::attribution(args, cli.format, cli.quiet)
        }
        Command::Explain(args) => explain::explain(args, cli.format),
        Command::Backtest(args) => backtest::backtest(args, cli.format, cli.quiet),
        Command::Fit(args) => fit::fit(args, cli.format, cli.quiet),
        Command::Init(args) => init::init(args, cli.quiet),
        Command::Phase(args) => phase::phase(args, cli.format, cli.quiet),
        Command::Plan(args) => plan::plan(args, cli.format, cli.quiet),
        Command::Report(args) => report::report(args, cli.format, cli.quiet),
        Command::Completions(args) => shells::completions(args, Cli::command()),
        Command::Man(args) => shells::man(args, &Cli::command()),
        Command::Schema => init::print_schema(),
        Command::Validate(args) => validate::validate(args, cli.format, cli.quiet),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

/// What a command comes to.
type Done = Result<(), Failure>;
