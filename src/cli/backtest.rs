//! `backtest`: what a forecast from an export would have said at some day, beside what came.

use super::failure::Failure;
use super::fit::{ExportArgs, keep_opening};
use super::judging::compile;
use super::output;
use super::progress::Bar;
use super::running::Running;
use super::{Done, Format, judging, show};
use clap::Args;
use jiff::ToSpan;
use jiff::civil::Date;
use std::path::Path;
use surgecast::experiment::backtest::{Backtest, judge, midnights};
use surgecast::experiment::ensemble::{Ensemble, Trial};
use surgecast::experiment::frame::frame_of;
use surgecast::history::arrivals::Window;
use surgecast::history::figures::{Figures, resampled};
use surgecast::history::records::{History, Kind};
use surgecast::history::scenario::{Draft, draft};
use surgecast::history::{Facts, backlog, baseline};
use surgecast::outcome::clearance::Target;
use surgecast::report::backtested;
use surgecast::report::charts;
use surgecast::report::write::{make_folder, write_whole};
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::Parts;

/// How often the recent weeks are drawn anew.
const SAMPLES: usize = 40;

/// What `backtest` is asked.
#[derive(Args)]
pub(super) struct BacktestArgs {
    #[command(flatten)]
    export: ExportArgs,
    /// The first day to forecast, from what was known when it began.
    #[arg(long, value_name = "DATE", value_parser = judging::date)]
    split: Date,
    /// The last day to forecast; by default the last on which the export holds what came.
    #[arg(long, value_name = "DATE", value_parser = judging::date)]
    until: Option<Date>,
    /// How many seasons to simulate.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..))]
    replications: u64,
    #[command(flatten)]
    running: Running,
}

pub(super) fn backtest(args: &BacktestArgs, format: Format, quiet: bool) -> Done {
    let history = args.export.history()?;
    if history.kind() != Kind::Tickets {
        return Err(Failure::Command(
            "only a list of tickets says how many were open: name an export with a row or more for each ticket"
                .to_string(),
        ));
    }
    let all = args.export.facts(&history, None)?;
    let until = args.until.unwrap_or(all.arrivals.window.until);
    if all.days.is_empty() || args.split > until {
        return Err(Failure::Command(format!(
            "there is nothing to forecast from {} to {until}: name a --split before that, and a file that says \
             when tickets were solved",
            args.split
        )));
    }
    let first = all.first.date();
    if args.split <= first || until > all.as_of.date() {
        return Err(Failure::Command(format!(
            "the file has tickets from {first} on, and says what became of them until {}: name a --split after the \
             first of these days and an --until up to the last",
            all.as_of.date()
        )));
    }
    let days = Window { from: args.split, until }.days();
    let known = history.known_on(args.split, &args.export.time_zone()?);
    let facts = args.export.facts(&known, Some(args.split.saturating_sub(1.day())))?;
    let mut fitting = args.export.fitting();
    fitting.days = Some(days);
    let draft = draft(&facts, &known, &fitting);
    let folder = args.running.folder(&format!("backtest-{}", args.export.stem()));
    let path = folder.join(format!("{}.toml", args.export.stem()));
    let scenario = keep(&path, &draft)?;
    let bar = Bar::new(args.replications, quiet || format == Format::Json);
    let others = resampled(&facts, &known, &draft.weeks, SAMPLES);
    let ensemble = simulate(&scenario, &draft, &others, days, args, &bar)?;
    bar.finish();
    if ensemble.is_empty() {
        show::say("interrupted before the first season was simulated\n");
        return Err(Failure::Interrupted);
    }
    let found = hold(&ensemble, &history, (&known, &facts), Window { from: args.split, until });
    write(&folder, &found, &facts, &fitting.file)?;
    if format == Format::Json {
        output::print(&output::to_json(&found)?)?;
    } else {
        output::print(&backtested::text(&found))?;
        if !quiet {
            output::print(&format!("\nFiles: {}\n", folder.display()))?;
        }
    }
    if found.seasons == args.replications { Ok(()) } else { Err(Failure::Interrupted) }
}

/// Simulates the scenario under each of the figures that the weeks may have said, so that what they leave open
/// is in the spread; as it stands where they leave nothing open.
fn simulate(
    scenario: &Scenario,
    draft: &Draft,
    others: &[Figures],
    days: usize,
    args: &BacktestArgs,
    bar: &Bar,
) -> Result<Ensemble, Failure> {
    let pool = args.running.threads()?;
    let seed = args.running.seed(&scenario.spec);
    let target = Target { at_most: 0.0, closes: 1, watch_from: 0 };
    let mut ways: Vec<Vec<String>> =
        others.iter().map(|figures| draft.overrides(figures)).collect();
    if ways.is_empty() {
        ways.push(Vec::new());
    }
    let each = args.replications.div_ceil(ways.len() as u64);
    let mut all = Ensemble::default();
    for (place, way) in (0_u64..).zip(&ways) {
        let season = compile(&scenario.with(way), Parts::All)?;
        let frame = frame_of(&season.model);
        let points = midnights(&season.model, &frame, days);
        let trial = Trial { model: &season.model, frame: &frame, seed, target, points: &points };
        let last = ((place + 1) * each).min(args.replications);
        all.merge(Ensemble::simulate(&trial, place * each..last, &pool, bar));
    }
    Ok(all)
}

/// Writes the scenario that is simulated, so that anybody can run it, and reads it.
fn keep(path: &Path, draft: &Draft) -> Result<Scenario, Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(&folder.join("charts"))?;
    keep_opening(folder, draft)?;
    write_whole(path, draft.scenario.as_bytes())?;
    Ok(Scenario::read(path, &[])?)
}

/// What was simulated beside what came, and beside simpler forecasts.
fn hold(
    ensemble: &Ensemble,
    history: &History,
    (known, facts): (&History, &Facts),
    window: Window,
) -> Backtest {
    let came = backlog::days(&history.records, window);
    let actual: Vec<(Date, u64, u64)> =
        came.iter().map(|day| (day.date, day.open, day.created)).collect();
    let last = facts.days.last().map_or(0, |day| day.open);
    let others = [
        ("no change at all", vec![last as f64; actual.len()]),
        ("arithmetic without queues", {
            let survival = baseline::lifetimes(known, facts.arrivals.window);
            baseline::without_queues(known, &facts.arrivals, &survival, actual.len())
        }),
    ];
    judge(ensemble, &actual, &others)
}

fn write(folder: &Path, found: &Backtest, facts: &Facts, file: &str) -> Done {
    let table = backtested::table(found).map_err(|error| Failure::Files(error.to_string()))?;
    write_whole(&folder.join("backtest.csv"), table.as_bytes())?;
    let chart = charts::backtested(found, &facts.days, file);
    let chart = chart.map_err(|error| Failure::Files(error.to_string()))?;
    output::draw(&folder.join("charts"), &chart, output::Pictures::ALL)?;
    write_whole(&folder.join("results.json"), output::to_json(found)?.as_bytes())?;
    Ok(())
}
