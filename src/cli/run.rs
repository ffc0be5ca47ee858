//! `run`: the main job. Reads a scenario, forecasts it, writes everything, says the sentence.

use super::failure::Failure;
use super::judging::{self, compile};
use super::keeping;
use super::output::Pictures;
use super::progress::Bar;
use super::running::Running;
use super::{Done, Format, ScenarioArgs, output, show};
use clap::Args;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Instant;
use surgecast::experiment::forecast::{Desks, Forecast, Options, Work};
use surgecast::problem::{Problem, Severity};
use surgecast::report::build::{Setting, results};
use surgecast::report::results::{Provenance, Results};
use surgecast::report::write::{make_folder, write_whole};
use surgecast::report::{charts, csv, page, text};
use surgecast::scenario::compile::{Compiled, Parts};
use surgecast::scenario::explain::values;
use surgecast::scenario::source::read_text;
use surgecast::scenario::{REPLICATIONS, Scenario};

/// Replications where a precision is asked for: the most there may be.
const MOST_REPLICATIONS: u64 = 20_000;

/// What an interrupted run leaves for `--resume`.
const PARTIAL: &str = "partial.json";

/// Largest file of an interrupted run that is read.
const MOST_PARTIAL_BYTES: u64 = 4 << 30;

/// What `run` is asked.
#[derive(Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// How many seasons to simulate.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    replications: Option<u64>,
    /// Simulate until the peak is known within this share, and every probability of being cleared
    /// within so many points (such as 0.02).
    #[arg(long, value_name = "SHARE", value_parser = share)]
    precision: Option<f64>,
    #[command(flatten)]
    running: Running,
    /// What the charts are written as.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Pictures::ALL)]
    charts: Pictures,
    /// Go on where an interrupted run stopped.
    #[arg(long)]
    resume: bool,
}

/// An interrupted run.
#[derive(Serialize, Deserialize)]
struct Partial {
    version: String,
    digest: String,
    seed: u64,
    work: Work,
}

pub(super) fn run(args: &RunArgs, format: Format, quiet: bool) -> Done {
    let begun = Instant::now();
    let path = &args.scenario.scenario;
    let scenario = args.scenario.read()?;
    let (season, problems) = scenario.compile(Parts::All);
    let problems = problems.sorted();
    let Some(season) = season else { return Err(Failure::scenario(&scenario.sources, &problems)) };
    let calm = compile(&scenario, Parts::Calm)?;
    let without = compile(&scenario, Parts::WITHOUT_FOLLOW_UPS)?;
    let notes = warnings(&scenario, &problems, quiet);
    let options = options(args, &scenario, &season)?;
    let folder = args.running.folder(&args.scenario.stem());
    make_folder(&folder.join("charts"))?;
    let digest = scenario.sources.digest();
    let work = if args.resume { resume(&folder, &digest, options.seed)? } else { Work::default() };
    let pool = args.running.threads()?;
    let has_loops = season.model.classes.iter().any(|class| {
        class.chasers.is_some() || class.duplicates.is_some() || class.reopen.is_some()
    });
    let at_rates = scenario.at_rates();
    let desks = Desks {
        season: &season.model,
        calm: &calm.model,
        without_loops: has_loops.then_some(&without.model),
        chasers: at_rates.as_ref().map(|[low, high]| [&low.model, &high.model]),
    };
    let bar = Bar::new(options.replications, quiet || format == Format::Json);
    let forecast = Forecast::run(&desks, &options, work, &pool, &bar);
    bar.finish();
    if !forecast.complete {
        let partial = Partial {
            version: env!("CARGO_PKG_VERSION").to_string(),
            digest: digest.clone(),
            seed: options.seed,
            work: forecast.work.clone(),
        };
        write_json(&folder.join(PARTIAL), &partial)?;
    }
    let tickets: u64 = forecast
        .season()
        .rows
        .iter()
        .map(surgecast::outcome::row::Row::all_classes)
        .map(|t| t.opening + t.created.iter().sum::<u64>())
        .sum();
    let wall_seconds = begun.elapsed().as_secs_f64();
    let setting = Setting {
        compiled: &season,
        time_zone: scenario.spec.time_zone.as_ref().map_or("UTC", |zone| &zone.value),
        digest,
        changes: args.scenario.overrides.clone(),
        seed: options.seed,
        level: options.level,
        in_force: values(&scenario.sources),
        notes,
        provenance: Provenance {
            version: env!("CARGO_PKG_VERSION").to_string(),
            machine: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            threads: pool.current_num_threads() as u64,
            finished: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            wall_seconds,
            tickets_per_second: tickets as f64 / wall_seconds,
            file: path.display().to_string(),
        },
    };
    let Some(results) = results(&forecast, &setting) else {
        show::say("interrupted before the first season was simulated; go on with --resume\n");
        return Err(Failure::Interrupted);
    };
    pool.install(|| write(&folder, &forecast, &results, args.charts))?;
    if format == Format::Json {
        output::print(&output::to_json(&results)?)?;
    } else {
        output::print(&text::summary(&results))?;
        if !quiet {
            output::print(&format!("\nFiles: {}\n", folder.display()))?;
        }
    }
    if forecast.complete {
        // The whole is there; what an earlier interruption left is of no more use.
        let _ = std::fs::remove_file(folder.join(PARTIAL));
        return Ok(());
    }
    show::say("interrupted; go on with --resume\n");
    Err(Failure::Interrupted)
}

/// Shows the problems of a scenario that can run, and gives its warnings in a line each.
fn warnings(scenario: &Scenario, problems: &[Problem], quiet: bool) -> Vec<String> {
    if !quiet && !problems.is_empty() {
        show::problems(&scenario.sources, problems);
    }
    let warnings = problems.iter().filter(|problem| problem.severity == Severity::Warning);
    warnings.map(|problem| problem.message.clone()).collect()
}

/// A share as people write it: 0.02 or 2%.
fn share(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim();
    let value: f64 = number.parse().map_err(|_| "write a share such as 0.02 or 2%".to_string())?;
    Ok(if text.contains('%') { value / 100.0 } else { value })
}

fn options(args: &RunArgs, scenario: &Scenario, season: &Compiled) -> Result<Options, Failure> {
    if let Some(precision) = args.precision
        && !(0.001..=0.5).contains(&precision)
    {
        return Err(Failure::Command(format!(
            "a precision lies between 0.001 and 0.5, not {precision}"
        )));
    }
    let spec = &scenario.spec;
    let written = spec.replications.as_ref().map(|n| n.value.clamp(1, 10_000_000));
    let default =
        if args.precision.is_some() { MOST_REPLICATIONS } else { written.unwrap_or(REPLICATIONS) };
    let cleared = spec.cleared.clone().unwrap_or_default();
    Ok(Options {
        replications: args.replications.unwrap_or(default),
        seed: args.running.seed(spec),
        level: 0.95,
        precision: args.precision,
        cleared_at: cleared.at_most.as_ref().map(|at_most| f64::from(at_most.value)),
        closes: judging::closes(scenario),
        watch_from: scenario.watch_from(season),
    })
}

fn resume(folder: &Path, digest: &str, seed: u64) -> Result<Work, Failure> {
    let path = folder.join(PARTIAL);
    if !path.exists() {
        keeping::nothing_left(folder);
        return Ok(Work::default());
    }
    let text = read_text(&path, MOST_PARTIAL_BYTES)?;
    let partial: Partial = serde_json::from_str(&text).map_err(|error| {
        Failure::Files(format!(
            "cannot read {}: {error}; run without --resume to begin anew",
            path.display()
        ))
    })?;
    let same = partial.digest == digest
        && partial.seed == seed
        && partial.version == env!("CARGO_PKG_VERSION");
    if !same {
        return Err(Failure::Command(format!(
            "{} was left by another scenario, seed or version; run without --resume to begin anew",
            path.display()
        )));
    }
    Ok(partial.work)
}

fn write(folder: &Path, forecast: &Forecast, results: &Results, pictures: Pictures) -> Done {
    let seasons = || {
        let table = csv::replications(&forecast.season());
        let table = table.map_err(|error| Failure::Files(error.to_string()))?;
        Ok(write_whole(&folder.join("replications.csv"), table.as_bytes())?)
    };
    let tables = || seasons().and(write_tables(folder, results));
    let (tables, charts) = rayon::join(tables, || draw(folder, results, pictures));
    tables.and(charts)?;
    // Last, so that whoever finds it finds everything it speaks of.
    write_whole(&folder.join("results.json"), output::to_json(results)?.as_bytes())?;
    Ok(())
}

/// Writes the tables that results hold.
pub(super) fn write_tables(folder: &Path, results: &Results) -> Done {
    let tables = [
        ("timeline.csv", csv::timeline(results)),
        ("flows.csv", csv::flows(results)),
        ("measures.csv", csv::measures(results)),
    ];
    for (name, table) in tables {
        let table = table.map_err(|error| Failure::Files(error.to_string()))?;
        write_whole(&folder.join(name), table.as_bytes())?;
    }
    Ok(())
}

/// Draws the charts of results and the page with all of them into a folder that has one for charts.
pub(super) fn draw(folder: &Path, results: &Results, pictures: Pictures) -> Done {
    let failed = |error: charts::ChartError| Failure::Files(error.to_string());
    let charts = charts::all(results).map_err(failed)?;
    let page = page::page(results, &charts);
    write_whole(&folder.join("report.html"), page.as_bytes())?;
    let folder = &folder.join("charts");
    // A chart of an earlier run that this one does not draw would pass for its own.
    for name in charts::NAMES {
        for extension in ["svg", "png"] {
            let drawn = charts.iter().any(|chart| chart.name == name);
            if !(drawn && pictures.include(extension)) {
                // Mostly there is none.
                let _ = std::fs::remove_file(folder.join(format!("{name}.{extension}")));
            }
        }
    }
    output::draw_all(folder, &charts, pictures)
}

fn write_json(path: &Path, value: &impl Serialize) -> Done {
    let text = serde_json::to_string(value).map_err(|error| Failure::Files(error.to_string()))?;
    Ok(write_whole(path, text.as_bytes())?)
}
