//! `sweep`: a scenario at many settings on the same customers. Points are kept as they are finished,
//! so that an interrupted sweep goes on where it stopped and ends with the same bytes.

use super::compare::{can_judge, measure};
use super::failure::Failure;
use super::judging::compile;
use super::keeping::{self, Keeper};
use super::progress::Bar;
use super::running::Running;
use super::{Done, Format, ScenarioArgs, judging, output, show};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use std::path::Path;
use surgecast::experiment::design::{MOST_SOBOL, grid, latin, sobol};
use surgecast::experiment::sweep::Judge;
use surgecast::problem::Problems;
use surgecast::report::charts;
use surgecast::report::swept::{self, FORMAT, Point, SweepResults};
use surgecast::report::write::make_folder;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};
use surgecast::scenario::spec::DesignWord;
use surgecast::scenario::vary::{Factor, written};
use surgecast::time::{SimDuration, SimTime};

/// Seasons of a point, where nobody says.
const REPLICATIONS: u64 = 100;

/// Points of a design that is no grid, where nobody says.
const POINTS: u32 = 64;

/// Most points.
const MOST_POINTS: usize = 100_000;

/// Points that are finished, a line each.
const PARTIAL: &str = "points.partial";

/// Confidence of the intervals.
const LEVEL: f64 = 0.95;

/// What `sweep` is asked.
#[derive(Args)]
pub(super) struct SweepArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// A key and its values, as in --vary teams.front-line.agents=20..30:2 or a list a,b,c (may be
    /// repeated); those of the scenario's [sweep] table by default.
    #[arg(long, value_name = "KEY=VALUES")]
    vary: Vec<String>,
    /// Which combinations to simulate.
    #[arg(long, value_enum)]
    design: Option<Design>,
    /// How many points, where the design is no grid; 64 by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    points: Option<u32>,
    /// How many seasons to simulate of each point; 100 by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    replications: Option<u64>,
    /// The measure that text and charts show; the tables have all.
    #[arg(long, value_name = "MEASURE", default_value = "days_above")]
    by: String,
    #[command(flatten)]
    running: Running,
    /// Go on where an interrupted sweep stopped.
    #[arg(long)]
    resume: bool,
}

/// Which combinations to simulate.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Design {
    /// Every one.
    Grid,
    /// A Latin hypercube.
    LatinHypercube,
    /// A Sobol sequence.
    Sobol,
}

/// What the file of finished points begins with.
#[derive(Serialize, Deserialize)]
struct Heading {
    version: String,
    digest: String,
    seed: u64,
    replications: u64,
    keys: Vec<String>,
    values: Vec<Vec<String>>,
    target: Option<f64>,
}

pub(super) fn sweep(args: &SweepArgs, format: Format, quiet: bool) -> Done {
    let by = measure(&args.by)?;
    let scenario = args.scenario.read()?;
    let compiled = compile(&scenario, Parts::All)?;
    can_judge(by, [&compiled.model])?;
    let asked = scenario.spec.sweep.clone().unwrap_or_default();
    let factors = factors(args, &scenario)?;
    let design = args.design.unwrap_or(match asked.design.unwrap_or_default() {
        DesignWord::Grid => Design::Grid,
        DesignWord::LatinHypercube => Design::LatinHypercube,
        DesignWord::Sobol => Design::Sobol,
    });
    let written_points = asked.points.as_ref().map(|n| n.value.clamp(2, MOST_POINTS as u32));
    let points = args.points.or(written_points).unwrap_or(POINTS) as usize;
    let in_table = asked.replications.as_ref().map(|n| u64::from(n.value.max(1)));
    let replications = args.replications.or(in_table).unwrap_or(REPLICATIONS);
    let seed = args.running.seed(&scenario.spec);
    let values = values(&factors, design, points, seed)?;
    // A mistake in the last point should not be found out after hours.
    for point in &values {
        at(&scenario, &factors, point)?;
    }
    let folder = args.running.folder(&format!("sweep-{}", args.scenario.stem()));
    make_folder(&folder)?;
    let pool = args.running.threads()?;
    let mut heading = Heading {
        version: env!("CARGO_PKG_VERSION").to_string(),
        digest: scenario.sources.digest(),
        seed,
        replications,
        keys: factors.iter().map(|factor| factor.key.clone()).collect(),
        values,
        target: None,
    };
    let file = folder.join(PARTIAL);
    let (mut done, target) =
        if args.resume { resume(&file, &heading)? } else { (Vec::new(), None) };
    let left = (heading.values.len() - done.len()) as u64;
    let bar = Bar::new(left * replications, quiet || format == Format::Json);
    let target = match target {
        Some(target) => target,
        None => judging::at_most(&scenario, seed, &pool, &bar)?,
    };
    heading.target = Some(target);
    let closes = judging::closes(&scenario);
    let watch_from = scenario.watch_from(&compiled);
    let judge = Judge { at_most: target, closes, watch_from, seed };
    let mut keep = Keeper::begin(&file, &heading, &done)?;
    for point in &heading.values[done.len()..] {
        let desk = at(&scenario, &factors, point)?;
        // A setting may move the surge.
        let judge = Judge { watch_from: scenario.watch_from(&desk), ..judge };
        let Some(rows) = judge.seasons(&desk.model, 0..replications, &pool, &bar) else {
            bar.finish();
            show::say("interrupted; go on with --resume\n");
            return Err(Failure::Interrupted);
        };
        let point = Point::new(&rows, LEVEL);
        keep.add(&point)?;
        done.push(point);
    }
    bar.finish();
    let last = compiled.model.end - SimDuration::from_micros(1);
    let date = |at| compiled.model.days.civil(at).date().to_string();
    let results = SweepResults {
        format: FORMAT,
        title: compiled.model.name.clone(),
        span: (date(SimTime::ZERO), date(last)),
        keys: heading.keys,
        design: match design {
            Design::Grid => "grid",
            Design::LatinHypercube => "latin-hypercube",
            Design::Sobol => "sobol",
        }
        .to_string(),
        values: heading.values,
        points: done,
        by: by.key.to_string(),
        replications,
        seed,
        level: LEVEL,
        target,
        version: heading.version,
    };
    let chart = charts::sweep(&results).map_err(|error| Failure::Files(error.to_string()))?;
    let tables = vec![
        ("replications.csv", swept::replications_csv(&results)),
        ("measures.csv", swept::measures_csv(&results)),
    ];
    let json = output::to_json(&results.without_seasons())?;
    output::write_all(&folder, tables, &chart.into_iter().collect::<Vec<_>>(), &json)?;
    keep.done();
    match format {
        Format::Json => output::print(&json),
        Format::Text => {
            output::print(&swept::text(&results))?;
            if quiet { Ok(()) } else { output::print(&format!("\nFiles: {}\n", folder.display())) }
        }
    }
}

/// What varies: as the command says, or the scenario.
fn factors(args: &SweepArgs, scenario: &Scenario) -> Result<Vec<Factor>, Failure> {
    let asked: Result<Vec<Factor>, String> =
        args.vary.iter().map(|text| Factor::parse(text)).collect();
    let mut factors = asked.map_err(Failure::Command)?;
    if factors.is_empty() {
        let mut problems = Problems::default();
        factors = written(&scenario.sources, &["sweep", "vary"], &mut problems);
        if problems.has_errors() {
            return Err(Failure::scenario(&scenario.sources, &problems.sorted()));
        }
    }
    if factors.is_empty() {
        return Err(Failure::Command(
            "nothing varies; write --vary teams.front-line.agents=20..30:2, or a [sweep] table \
             in the scenario"
                .to_string(),
        ));
    }
    let twice = |(at, factor): (usize, &Factor)| factors[..at].iter().any(|f| f.key == factor.key);
    match factors.iter().enumerate().find(|one| twice(*one)) {
        Some((_, factor)) => {
            Err(Failure::Command(format!("`{}` varies twice; list its values once", factor.key)))
        }
        None => Ok(factors),
    }
}

/// What every factor is set to, by point.
fn values(
    factors: &[Factor],
    design: Design,
    points: usize,
    seed: u64,
) -> Result<Vec<Vec<String>>, Failure> {
    let shares = match design {
        Design::Grid => {
            let levels: Vec<Vec<String>> = factors.iter().map(|f| f.values.levels()).collect();
            let sizes: Vec<usize> = levels.iter().map(Vec::len).collect();
            let all = sizes.iter().try_fold(1_usize, |all, size| all.checked_mul(*size));
            if all.is_none_or(|all| all > MOST_POINTS) {
                return Err(Failure::Command(format!(
                    "this grid has more than {MOST_POINTS} points; take larger steps, or \
                     --design sobol --points 256"
                )));
            }
            let value = |point: &Vec<usize>| {
                point.iter().zip(&levels).map(|(at, levels)| levels[*at].clone()).collect()
            };
            return Ok(grid(&sizes).iter().map(value).collect());
        }
        Design::LatinHypercube => latin(points, factors.len(), seed),
        Design::Sobol if factors.len() > MOST_SOBOL => {
            return Err(Failure::Command(format!(
                "a Sobol sequence has at most {MOST_SOBOL} keys here; use --design latin-hypercube"
            )));
        }
        Design::Sobol => sobol(points, factors.len(), seed),
    };
    let point = |shares: &Vec<f64>| {
        factors.iter().zip(shares).map(|(factor, share)| factor.values.at(*share)).collect()
    };
    Ok(shares.iter().map(point).collect())
}

/// The desk at a point.
fn at(scenario: &Scenario, factors: &[Factor], point: &[String]) -> Result<Compiled, Failure> {
    let sets = factors.iter().zip(point).map(|(factor, value)| factor.set(value));
    compile(&scenario.with(&sets.collect::<Vec<_>>()), Parts::All)
}

/// Points that an interrupted sweep finished, and its target.
fn resume(path: &Path, heading: &Heading) -> Result<(Vec<Point>, Option<f64>), Failure> {
    let is_same = |found: &Heading| {
        let Heading { version, digest, seed, replications, keys, values, target: _ } = found;
        (version, digest, keys, values)
            == (&heading.version, &heading.digest, &heading.keys, &heading.values)
            && (*seed, *replications) == (heading.seed, heading.replications)
    };
    let left: Option<(Heading, Vec<Point>)> = keeping::left(path, "sweep", is_same)?;
    Ok(left.map_or((Vec::new(), None), |(found, mut points)| {
        points.truncate(heading.values.len());
        (points, found.target)
    }))
}
