//! `plan`: the cheapest way to meet targets.

use super::failure::Failure;
use super::judging::compile;
use super::keeping::{self, Keeper};
use super::progress::Bar;
use super::running::Running;
use super::{Done, Format, ScenarioArgs, judging, output, show};
use clap::Args;
use rayon::ThreadPool;
use serde::{Deserialize, Serialize};
use std::path::{Component, Path, PathBuf};
use surgecast::experiment::plan::{self, Asked, Batch, Found, Goal, Stopped};
use surgecast::model::Model;
use surgecast::outcome::clearance::Target;
use surgecast::outcome::measure::{Measure, find};
use surgecast::price::Price;
use surgecast::problem::Severity;
use surgecast::report::planned::{self, About};
use surgecast::report::write::{make_folder, write_whole};
use surgecast::report::{charts, csv};
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::Parts;
use surgecast::scenario::planning::{self, Lever};
use surgecast::time::{SimDuration, SimTime};

/// Most settings of all changes but one; each is searched for itself.
const MOST_SETTINGS: usize = 2000;

/// Seasons that are finished, a line for some of each plan.
const PARTIAL: &str = "plans.partial";

/// What `plan` is asked.
#[derive(Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// What must be reached, as in "cleared by 2027-01-31 >= 90%" or "occupancy <= 85%" (may be
    /// repeated); the scenario's [plan] by default, or to be cleared by the end with 90 %.
    #[arg(long = "target", value_name = "TARGET")]
    targets: Vec<String>,
    /// What may be changed, as in "teams.front-line.agents = 20..40" or "hires.0.from = 2026-12-01 |
    /// 2026-11-16" (may be repeated); the scenario's [plan] by default, or the people of every team.
    #[arg(long = "change", value_name = "CHANGE")]
    changes: Vec<String>,
    /// Fresh seasons on which the plan is confirmed; a fifth of them where that leaves no doubt.
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u64).range(2..=10_000_000))]
    confirm: u64,
    #[command(flatten)]
    running: Running,
    /// Go on where an interrupted search stopped.
    #[arg(long)]
    resume: bool,
}

/// What the file of finished seasons begins with.
#[derive(Serialize, Deserialize)]
struct Heading {
    version: String,
    digest: String,
    seed: u64,
    targets: Vec<String>,
    changes: Vec<String>,
    /// What counts as cleared.
    at_most: Option<f64>,
}

pub(super) fn plan(args: &PlanArgs, format: Format, quiet: bool) -> Done {
    let path = &args.scenario.scenario;
    let scenario = args.scenario.read()?;
    let season = compile(&scenario, Parts::All)?;
    let wanted = planning::goals(&scenario.spec, &args.targets).map_err(Failure::Command)?;
    let levers = planning::levers(&scenario.spec, &args.changes).map_err(Failure::Command)?;
    check(&scenario, &levers)?;
    let (pool, seed) = (args.running.threads()?, args.running.seed(&scenario.spec));
    let folder = args.running.folder(&args.scenario.stem());
    make_folder(&folder)?;
    let partial = folder.join(PARTIAL);
    let mut heading = Heading {
        version: env!("CARGO_PKG_VERSION").to_string(),
        digest: scenario.sources.digest(),
        seed,
        targets: args.targets.clone(),
        changes: args.changes.clone(),
        at_most: None,
    };
    let (at_most, done) =
        if args.resume { resume(&partial, &heading)? } else { (None, Vec::new()) };
    let bar = Bar::open("seasons", quiet || format == Format::Json);
    let at_most = match at_most {
        Some(at_most) => at_most,
        None => judging::at_most(&scenario, seed, &pool, &bar)?,
    };
    heading.at_most = Some(at_most);
    let target = judging::watched(&scenario, &season, at_most);
    let goals = goals(&wanted, &season.model, &target)?;
    let first_close = goals.iter().find_map(|goal| match goal {
        Goal::Cleared { by, .. } => Some(*by),
        Goal::Measure { .. } => None,
    });
    let by = match first_close {
        Some(by) => by,
        None => judging::close_by(&season.model, &target, None)?,
    };
    let cost = cost(&season.model)?;
    let under = |levels: Option<&[usize]>| {
        let levels = levels.unwrap_or_default().iter().zip(&levers);
        let changes = levels.flat_map(|(level, lever)| lever.overrides[*level].clone());
        scenario.with(&changes.collect::<Vec<_>>()).compile(Parts::All)
    };
    let model = |levels: Option<&[usize]>| under(levels).0.map(|compiled| compiled.model);
    let asked = Asked {
        model: &model,
        levels: levers.iter().map(|lever| lever.levels.len()).collect(),
        // Where more people may cost or idle too much, each number of them is looked at for itself.
        rising: levers
            .iter()
            .map(|lever| lever.rising && goals.iter().all(Goal::is_helped_by_people))
            .collect(),
        goals,
        cost,
        target,
        by,
        seed,
        confirm: args.confirm,
    };
    let mut keeper = Keeper::begin(&partial, &heading, &done)?;
    let found = match search(&asked, &done, &mut keeper, &pool, &bar) {
        Err(wrong @ Failure::Command(_)) => {
            // There is nothing to go on with.
            keeper.done();
            return Err(wrong);
        }
        other => other?,
    };
    // What arithmetic warns of may be within the targets for as long as the run lasts.
    let warnings = found.plan.as_ref().map_or(Vec::new(), |plan| {
        let (_, problems) = under(plan.plan.as_deref());
        let warnings = problems.iter().filter(|problem| problem.severity == Severity::Warning);
        warnings.map(|problem| problem.message.clone()).collect()
    });
    let model = &season.model;
    let day = |close: u32| day(model, close);
    let about = About {
        name: model.name.clone(),
        start: model.days.date(model.days.day_of(SimTime::ZERO)).to_string(),
        levers: &levers,
        goals: &asked.goals,
        cost,
        day: &day,
        by,
        confirm: args.confirm,
        target,
        warnings,
    };
    let failed = |error: charts::ChartError| Failure::Files(error.to_string());
    let p = asked.goals.iter().find_map(|goal| match goal {
        Goal::Cleared { p, .. } => Some(*p),
        Goal::Measure { .. } => None,
    });
    if let Some(chart) = charts::frontier::draw(&found, &about, p).map_err(failed)? {
        write_whole(&folder.join("frontier.svg"), chart.svg.as_bytes())?;
        #[cfg(feature = "png")]
        write_whole(&folder.join("frontier.png"), &charts::png(&chart.svg).map_err(failed)?)?;
    }
    let table = csv::plans(&found, &about).map_err(|error| Failure::Files(error.to_string()))?;
    write_whole(&folder.join("plans.csv"), table.as_bytes())?;
    let file = folder.join("plan.toml");
    let way = way(&folder, path);
    let base = (way.as_str(), args.scenario.variant.as_deref());
    match planned::scenario(&found, &about, base, &args.scenario.overrides) {
        Some(text) => write_whole(&file, text.as_bytes())?,
        // An earlier plan would pass for this one.
        None => drop(std::fs::remove_file(&file)),
    }
    keeper.done();
    match format {
        Format::Json => output::print(&format!("{:#}\n", planned::json(&found, &about)))?,
        Format::Text if quiet => output::print(&format!("{}\n", planned::finding(&found, &about)))?,
        Format::Text => {
            output::print(&planned::text(&found, &about))?;
            if found.plan.is_some() {
                output::print(&format!("Try: surgecast run {}\n", file.display()))?;
            }
        }
    }
    if found.plan.is_some() { Ok(()) } else { Err(Failure::Missed) }
}

/// Searches, and keeps what is simulated.
fn search(
    asked: &Asked<'_>,
    done: &[Batch],
    keeper: &mut Keeper,
    pool: &ThreadPool,
    bar: &Bar,
) -> Result<Found, Failure> {
    let mut failure = None;
    let mut keep = |batch: &Batch| match keeper.add(batch) {
        Ok(()) => true,
        Err(error) => {
            failure = Some(error);
            false
        }
    };
    let found = plan::plan(asked, done, &mut keep, pool, bar);
    bar.finish();
    found.map_err(|stopped| match (failure, stopped) {
        (Some(failure), _) => failure,
        (None, Stopped::Interrupted) => {
            show::say("interrupted; go on with --resume\n");
            Failure::Interrupted
        }
        (None, Stopped::NothingToMeasure(key)) => Failure::Command(format!(
            "a target is of `{key}`, and the scenario has nothing that this measure counts"
        )),
    })
}

/// What counts as cleared, and seasons that an interrupted search finished.
fn resume(path: &Path, heading: &Heading) -> Result<(Option<f64>, Vec<Batch>), Failure> {
    let is_same = |found: &Heading| {
        let Heading { version, digest, seed, targets, changes, at_most: _ } = found;
        (version, digest, targets, changes)
            == (&heading.version, &heading.digest, &heading.targets, &heading.changes)
            && *seed == heading.seed
    };
    let left: Option<(Heading, Vec<Batch>)> = keeping::left(path, "search", is_same)?;
    Ok(left.map_or((None, Vec::new()), |(found, batches)| (found.at_most, batches)))
}

/// Refuses changes that nothing can come of, before anything is simulated.
fn check(scenario: &Scenario, levers: &[Lever]) -> Done {
    for lever in levers {
        for changes in [lever.overrides.first(), lever.overrides.last()].into_iter().flatten() {
            compile(&scenario.with(changes), Parts::All)?;
        }
    }
    let mut sizes: Vec<usize> = levers.iter().map(|lever| lever.levels.len()).collect();
    let rising = levers.iter().enumerate().filter(|(_, lever)| lever.rising);
    if let Some((main, _)) = rising.max_by_key(|(_, lever)| lever.levels.len()) {
        sizes[main] = 1;
    }
    let settings: f64 = sizes.iter().map(|size| *size as f64).product();
    if settings > MOST_SETTINGS as f64 {
        return Err(Failure::Command(format!(
            "these changes make {settings} settings beside the longest range, where at most \
             {MOST_SETTINGS} are searched; name fewer changes or larger steps, as in 20..40 by 5"
        )));
    }
    Ok(())
}

fn goals(wanted: &[planning::Goal], model: &Model, target: &Target) -> Result<Vec<Goal>, Failure> {
    let goal = |goal: &planning::Goal| match goal {
        planning::Goal::Cleared { by, p } => {
            Ok(Goal::Cleared { by: judging::close_by(model, target, *by)?, p: *p })
        }
        planning::Goal::Measure { measure, at_least, value } => {
            Ok(Goal::Measure { measure, at_least: *at_least, value: *value })
        }
    };
    wanted.iter().map(goal).collect()
}

/// Money where people have a wage, else hours: without one, as many as possible would cost the least.
fn cost(model: &Model) -> Result<&'static Measure, Failure> {
    let mut paid = model.prices.iter().flat_map(|prices| &prices.shifts);
    let has_wages = paid.any(|shift| shift.per_hour > Price::default());
    let key = if has_wages { "running_cost" } else { "staffed_hours" };
    find(key).ok_or_else(|| Failure::Command(format!("there is no measure `{key}`")))
}

fn day(model: &Model, close: u32) -> String {
    let at = model.census.at[model.census.closes[close as usize] as usize];
    model.days.date(model.days.day_of(at - SimDuration::from_micros(1))).to_string()
}

/// The way from a folder to a file, as `extends` has it: relative where both are, for a result that
/// can be moved with its folder.
fn way(folder: &Path, file: &Path) -> String {
    let plain = |path: &Path| {
        let mut parts = path.components();
        parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
    };
    let way = if plain(folder) && plain(file) {
        let down = folder.components().filter(|part| matches!(part, Component::Normal(_))).count();
        let up: PathBuf = std::iter::repeat_n("..", down).collect();
        up.join(file)
    } else {
        file.canonicalize().unwrap_or_else(|_| file.to_path_buf())
    };
    way.display().to_string().replace('\\', "/")
}
