//! `compare`: plans on the same customers, and what differs.

use super::failure::Failure;
use super::judging::compile;
use super::keeping::{self, Keeper};
use super::progress::Bar;
use super::running::Running;
use super::{Done, Format, judging, output, show};
use clap::Args;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use surgecast::experiment::compare::{Comparison, Design, Kept, Options, Seasons};
use surgecast::model::Model;
use surgecast::outcome::measure::{Better, MEASURES, Measure, Unit, find};
use surgecast::outcome::row::Row;
use surgecast::problem::nearest;
use surgecast::report::write::make_folder;
use surgecast::report::{charts, compared, comparison};
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};
use surgecast::time::{SimDuration, SimTime};

/// What `compare` is asked.
#[derive(Args)]
pub(super) struct CompareArgs {
    /// The scenarios; the first is what the others are compared with. Of a single one, its variants.
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
    /// Override a key in all of them (may be repeated).
    #[arg(long = "set", value_name = "PATH=VALUE")]
    overrides: Vec<String>,
    /// What the best is the best by, such as total_cost or solution_attainment.
    #[arg(long, value_name = "MEASURE", default_value = "days_above")]
    by: String,
    /// Go on until the best is known with this probability.
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, conflicts_with = "replications")]
    confidence: f64,
    /// Smallest difference that matters, in the unit of the measure (for shares, 0.01 is a point);
    /// by default one day, or a hundredth of the first plan's figure.
    #[arg(long, value_name = "NUMBER", conflicts_with = "replications")]
    indifference: Option<f64>,
    /// Most seasons to simulate of each.
    #[arg(long, value_name = "N", default_value_t = 2000, conflicts_with = "replications",
        value_parser = clap::value_parser!(u64).range(2..=10_000_000))]
    at_most: u64,
    /// Simulate exactly so many seasons of each instead.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=10_000_000))]
    replications: Option<u64>,
    #[command(flatten)]
    running: Running,
    /// Go on where an interrupted comparison stopped.
    #[arg(long)]
    resume: bool,
}

/// What the file of finished seasons begins with.
#[derive(PartialEq, Serialize, Deserialize)]
struct Heading {
    version: String,
    digests: Vec<String>,
    seed: u64,
    target: Option<f64>,
}

/// Finished seasons of a plan.
#[derive(Serialize, Deserialize)]
struct Batch<'a> {
    plan: usize,
    seasons: Cow<'a, [Row]>,
}

/// Seasons that are finished, a line for each batch of a plan.
const PARTIAL: &str = "seasons.partial";

/// Confidence of the intervals.
const LEVEL: f64 = 0.95;

/// A plan that can run.
struct Plan {
    name: String,
    scenario: Scenario,
    compiled: Compiled,
}

pub(super) fn compare(args: &CompareArgs, format: Format, quiet: bool) -> Done {
    let by = measure(&args.by)?;
    let seasons = seasons(args)?;
    let plans = plans(args)?;
    can_judge(by, plans.iter().map(|plan| &plan.compiled.model))?;
    let first = &plans[0];
    let span = same_span(&plans)?;
    let pool = args.running.threads()?;
    let seed = args.running.seed(&first.scenario.spec);
    let mut heading = Heading {
        version: env!("CARGO_PKG_VERSION").to_string(),
        digests: plans.iter().map(|plan| plan.scenario.sources.digest()).collect(),
        seed,
        target: None,
    };
    let folder = args.running.folder(&folder_name(args, &plans));
    let file = folder.join(PARTIAL);
    let (batches, target) = if args.resume { resume(&file, &heading)? } else { (Vec::new(), None) };
    let bar = match seasons {
        Seasons::Exactly(n) => Bar::new(n * plans.len() as u64, quiet || format == Format::Json),
        Seasons::UntilSettled { .. } => Bar::open("seasons", quiet || format == Format::Json),
    };
    let at_most = match target {
        Some(target) => target,
        None => judging::at_most(&first.scenario, seed, &pool, &bar)?,
    };
    heading.target = Some(at_most);
    make_folder(&folder)?;
    let mut keeper = Keeper::begin(&file, &heading, &batches)?;
    let closes = judging::closes(&first.scenario);
    let designs: Vec<Design<'_>> = plans
        .iter()
        .map(|plan| Design {
            name: plan.name.clone(),
            model: &plan.compiled.model,
            watch_from: plan.scenario.watch_from(&plan.compiled),
        })
        .collect();
    let options = Options { seasons, by, seed, cleared: (at_most, closes) };
    // A disk that is full stops nobody; it is told in the end.
    let mut kept_all = Ok(());
    let mut keep = |plan: usize, rows: &[Row]| {
        let batch = Batch { plan, seasons: Cow::Borrowed(rows) };
        if kept_all.is_ok() {
            kept_all = keeper.add(&batch);
        }
    };
    let kept = Kept { done: by_plan(batches, plans.len()), keep: &mut keep };
    let done = Comparison::go_on(&designs, &options, kept, &pool, &bar);
    bar.finish();
    kept_all?;
    let about = comparison::About {
        titles: titles(&plans),
        digests: heading.digests,
        span,
        seed,
        level: LEVEL,
        version: heading.version,
    };
    let Some(results) = comparison::results(&done, &about) else {
        show::say("interrupted before the first seasons of all plans; go on with --resume\n");
        return Err(Failure::Interrupted);
    };
    let json = output::to_json(&results)?;
    if done.complete {
        let chart = charts::differences(&results);
        let chart = chart.map_err(|error| Failure::Files(error.to_string()))?;
        let tables = vec![
            ("differences.csv", compared::differences_csv(&results)),
            ("measures.csv", compared::measures_csv(&results)),
            ("replications.csv", compared::replications_csv(&done)),
        ];
        output::write_all(&folder, tables, &[chart], &json)?;
        keeper.done();
    }
    match format {
        Format::Json => output::print(&json)?,
        Format::Text => output::print(&compared::text(&results))?,
    }
    if done.complete {
        if format == Format::Text && !quiet {
            output::print(&format!("\nFiles: {}\n", folder.display()))?;
        }
        return Ok(());
    }
    show::say("interrupted; the figures are of the seasons done so far; go on with --resume\n");
    Err(Failure::Interrupted)
}

/// Batches that an interrupted comparison finished, and its target.
fn resume(path: &Path, heading: &Heading) -> Result<(Vec<Batch<'static>>, Option<f64>), Failure> {
    let is_same = |found: &Heading| {
        (&found.version, &found.digests, found.seed)
            == (&heading.version, &heading.digests, heading.seed)
    };
    let left: Option<(Heading, Vec<Batch<'static>>)> = keeping::left(path, "comparison", is_same)?;
    Ok(left.map_or((Vec::new(), None), |(found, batches)| (batches, found.target)))
}

/// The seasons of each plan, the first ones without a gap.
fn by_plan(batches: Vec<Batch<'_>>, plans: usize) -> Vec<Vec<Row>> {
    let mut done: Vec<Vec<Row>> = vec![Vec::new(); plans];
    for Batch { plan, seasons } in batches {
        let Some(done) = done.get_mut(plan) else { continue };
        for row in seasons.into_owned() {
            if row.index == done.len() as u64 {
                done.push(row);
            }
        }
    }
    done
}

/// Refuses to judge desks by money that know of none.
pub(super) fn can_judge<'a>(by: &Measure, desks: impl IntoIterator<Item = &'a Model>) -> Done {
    if by.unit != Unit::Money || desks.into_iter().any(|model| model.prices.is_some()) {
        return Ok(());
    }
    Err(Failure::Command(format!(
        "`{}` is nothing where nothing has a price; write a [money] table, or judge by another measure",
        by.key
    )))
}

/// The measure that decides.
pub(super) fn measure(key: &str) -> Result<&'static Measure, Failure> {
    let ranks =
        |measure: &&Measure| measure.better != Better::Neither || measure.key == "total_cost";
    if let Some(measure) = find(key) {
        return if ranks(&measure) {
            Ok(measure)
        } else {
            Err(Failure::Command(format!("`{key}` is neither better high nor low; choose another")))
        };
    }
    let keys = MEASURES.iter().filter(ranks).map(|measure| measure.key);
    let help = match nearest(key, keys) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "days_above, peak_backlog, total_cost and others can decide".to_string(),
    };
    Err(Failure::Command(format!("there is no measure `{key}`; {help}")))
}

fn seasons(args: &CompareArgs) -> Result<Seasons, Failure> {
    if let Some(n) = args.replications {
        return Ok(Seasons::Exactly(n));
    }
    let wrong = |what: String| Err(Failure::Command(what));
    if !(0.5..1.0).contains(&args.confidence) {
        return wrong(format!("a confidence lies between 0.5 and 1, not {}", args.confidence));
    }
    if args.indifference.is_some_and(|zone| !(zone > 0.0 && zone.is_finite())) {
        return wrong("an indifference is a number above 0".to_string());
    }
    let (confidence, zone, at_most) = (args.confidence, args.indifference, args.at_most);
    Ok(Seasons::UntilSettled { confidence, zone, at_most })
}

fn plans(args: &CompareArgs) -> Result<Vec<Plan>, Failure> {
    let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut scenarios = Vec::new();
    for path in &args.scenarios {
        scenarios.push((stem(path), Scenario::read(path, &args.overrides)?));
    }
    if let ([(_, only)], [path]) = (&scenarios[..], &args.scenarios[..]) {
        let variants = only.spec.variants.names();
        let variants: Vec<(String, Scenario)> =
            variants.filter_map(|name| Some((name.to_string(), only.variant(name)?))).collect();
        if variants.is_empty() && !only.problems.has_errors() {
            return Err(Failure::Command(format!(
                "{} has no variants to compare; name a second scenario, or write \
                 [variants.NAME] with the keys that differ",
                path.display()
            )));
        }
        scenarios.extend(variants);
    }
    let mut plans: Vec<Plan> = Vec::new();
    for (mut name, scenario) in scenarios {
        let compiled = compile(&scenario, Parts::All)?;
        // Two files may have the same name in different folders.
        let twins = plans.iter().filter(|plan| plan.name == name).count();
        if twins > 0 {
            name = format!("{name}-{}", twins + 1);
        }
        plans.push(Plan { name, scenario, compiled });
    }
    Ok(plans)
}

/// Titles that tell the plans apart: their names, and those of variants where they are the same.
fn titles(plans: &[Plan]) -> Vec<String> {
    let title = |plan: &Plan| plan.compiled.model.name.clone();
    let all: Vec<String> = plans.iter().map(title).collect();
    let is_single = |title: &String| all.iter().filter(|other| *other == title).count() == 1;
    let first_of = |place: usize| !all[..place].contains(&all[place]);
    (0..plans.len())
        .map(|place| match is_single(&all[place]) || first_of(place) {
            true => all[place].clone(),
            false => plans[place].name.clone(),
        })
        .collect()
}

type Span = (jiff::civil::Date, jiff::civil::Date);

/// The days of all plans, which must be the same.
fn same_span(plans: &[Plan]) -> Result<Span, Failure> {
    let span = |plan: &Plan| {
        let model = &plan.compiled.model;
        let last = model.end - SimDuration::from_micros(1);
        (model.days.civil(SimTime::ZERO).date(), model.days.civil(last).date())
    };
    let first = span(&plans[0]);
    for plan in &plans[1..] {
        let other = span(plan);
        if other != first {
            return Err(Failure::Command(format!(
                "`{}` runs from {} to {}, `{}` from {} to {}: plans are compared over the same days",
                plans[0].name, first.0, first.1, plan.name, other.0, other.1
            )));
        }
    }
    Ok(first)
}

/// `compare-a-b`; of many plans, the first and how many more.
fn folder_name(args: &CompareArgs, plans: &[Plan]) -> String {
    match (&args.scenarios[..], plans) {
        ([_], [first, ..]) => format!("compare-{}", first.name),
        (_, [first, second]) => format!("compare-{}-{}", first.name, second.name),
        _ => format!("compare-{}-and-{}-more", plans[0].name, plans.len() - 1),
    }
}
