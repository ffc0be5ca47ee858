//! `phase`: the map of a desk over people and burden, with the points simulated over it.

use super::failure::Failure;
use super::judging::compile;
use super::keeping::{self, Keeper};
use super::progress::Bar;
use super::running::Running;
use super::{Done, Format, ScenarioArgs, judging, output, show};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use rayon::ThreadPool;
use serde::{Deserialize, Serialize};
use std::path::Path;
use surgecast::experiment::ensemble::Progress;
use surgecast::experiment::phase::{Asked, Phase, Point};
use surgecast::report::charts::{self, phase};
use surgecast::report::csv;
use surgecast::report::text::{count, date};
use surgecast::report::write::{make_folder, write_whole};
use surgecast::scenario::compile::Parts;
use surgecast::scenario::dials::Dial;
use surgecast::scenario::spec::ScenarioSpec;

/// Most numbers of people for which the line is drawn.
const MOST_COLUMNS: u32 = 33;

/// Simulated places across and upward.
const POINTS: (usize, usize) = (9, 7);

/// Points that are finished, a line each.
const PARTIAL: &str = "phase.partial";

/// What `phase` is asked.
#[derive(Args)]
pub(super) struct PhaseArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Team whose people are varied; the largest by default.
    #[arg(long, value_name = "TEAM")]
    team: Option<String>,
    /// Numbers of people, as in 20..50; from two thirds to four thirds of today's by default.
    #[arg(long, value_name = "FROM..TO", value_parser = range)]
    people: Option<(u32, u32)>,
    /// What burdens the desk; the surge where there is one, else its opening backlog, else chasers.
    #[arg(long, value_enum)]
    up: Option<Burden>,
    /// The greatest burden (a lift of 80 % is 0.8); two and a half times today's by default.
    #[arg(long, value_name = "VALUE")]
    up_to: Option<f64>,
    /// The day by which the backlog should be cleared; the end of the run by default.
    #[arg(long, value_name = "DATE", value_parser = judging::date)]
    by: Option<Date>,
    /// How many seasons to simulate at each point.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    replications: u64,
    #[command(flatten)]
    running: Running,
    /// Go on where an interrupted map stopped.
    #[arg(long)]
    resume: bool,
}

/// What the file of finished points begins with.
#[derive(PartialEq, Serialize, Deserialize)]
struct Heading {
    version: String,
    digest: String,
    seed: u64,
    seasons: u64,
    /// What goes across and upward, and where points stand.
    dials: [String; 2],
    points: (Vec<f64>, Vec<f64>),
    /// What counts as cleared, and by which close.
    at_most: f64,
    by: u32,
}

/// What burdens a desk.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Burden {
    /// The lift of the surge.
    Surge,
    /// Chasers per waiting ticket and day.
    Chasers,
    /// Tickets that wait at the start.
    Backlog,
}

impl Burden {
    fn dial(self) -> Dial {
        match self {
            Burden::Surge => Dial::Surge,
            Burden::Chasers => Dial::Chasers,
            Burden::Backlog => Dial::Backlog,
        }
    }
}

fn range(text: &str) -> Result<(u32, u32), String> {
    let wrong = || "write a smaller and a larger number, as in 20..50".to_string();
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    let (from, to) = (from.trim().parse().ok(), to.trim().parse().ok());
    from.zip(to).filter(|(from, to): &(u32, u32)| *from >= 1 && from < to).ok_or_else(wrong)
}

pub(super) fn phase(args: &PhaseArgs, format: Format, quiet: bool) -> Done {
    let scenario = args.scenario.read()?;
    let season = compile(&scenario, Parts::All)?;
    let (staff, upward) = dials(&scenario.spec, args)?;
    let spec = &scenario.spec;
    let now = (staff.now(spec).unwrap_or(1.0), upward.now(spec).unwrap_or(0.0));
    let (from, to) = args.people.unwrap_or_else(|| {
        let people = now.0.max(2.0);
        ((people * 2.0 / 3.0).floor() as u32, (people * 4.0 / 3.0).ceil() as u32)
    });
    let step = (to - from).div_ceil(MOST_COLUMNS).max(1);
    let people: Vec<f64> = (from..=to).step_by(step as usize).map(f64::from).collect();
    let top =
        args.up_to.filter(|top| *top > 0.0 && top.is_finite()).unwrap_or(2.5 * now.1.max(0.1));
    let (pool, seed) = (args.running.threads()?, args.running.seed(spec));
    let points = (across(&people), upwards(top));
    let all = points.0.len() * points.1.len();
    let bar = Bar::new(all as u64 * args.replications, quiet || format == Format::Json);
    let target = judging::target(&scenario, &season, seed, &pool, &bar)?;
    let by = judging::close_by(&season.model, &target, args.by)?;
    let model = |people: f64, burden: f64, calm: bool| {
        let mut turned = staff.turned(spec, people);
        turned.extend(upward.turned(spec, burden));
        let parts = if calm { Parts::Calm } else { Parts::All };
        // What arithmetic would warn of is what the map shows.
        scenario.with(&turned).compile(parts).0.map(|compiled| compiled.model)
    };
    let seasons = args.replications;
    let folder = args.running.folder(&args.scenario.stem());
    make_folder(&folder)?;
    let heading = Heading {
        version: env!("CARGO_PKG_VERSION").to_string(),
        digest: scenario.sources.digest(),
        seed,
        seasons,
        dials: [staff.title(spec), upward.title(spec)],
        points: points.clone(),
        at_most: target.at_most,
        by,
    };
    let asked = Asked { model: &model, people, top, points, seasons, seed, target, by };
    let (simulated, keep) = simulate(&asked, &heading, &folder, args.resume, &pool, &bar)?;
    let map = Phase { columns: asked.columns(&pool), top, points: simulated };
    bar.finish();
    let census = &season.model.census;
    let at = census.at[census.closes[by as usize] as usize];
    let days = &season.model.days;
    let day = days.date(days.day_of(at - surgecast::time::SimDuration::from_micros(1))).to_string();
    let start = days.date(days.day_of(surgecast::time::SimTime::ZERO)).to_string();
    let about = phase::About {
        name: season.model.name.clone(),
        across: staff.title(spec),
        upward: upward.title(spec),
        upward_is_share: upward == Dial::Surge,
        now,
        by: date(&day, &start),
        target: target.at_most,
    };
    let failed = |error: charts::ChartError| Failure::Files(error.to_string());
    let chart = phase::draw(&map, &about).map_err(failed)?;
    write_whole(&folder.join("phase.svg"), chart.svg.as_bytes())?;
    #[cfg(feature = "png")]
    write_whole(&folder.join("phase.png"), &charts::png(&chart.svg).map_err(failed)?)?;
    let table = csv::phase(&map, (staff.key(), upward.key()));
    let table = table.map_err(|error| Failure::Files(error.to_string()))?;
    write_whole(&folder.join("phase.csv"), table.as_bytes())?;
    keep.done();
    if format == Format::Json {
        let whole = serde_json::json!({
            "across": about.across, "upward": about.upward, "now": now, "by": day, "map": map,
        });
        output::print(&format!("{whole:#}\n"))?;
    } else {
        output::print(&format!("{}.\n", phase::finding(&map, &about)))?;
        if !quiet {
            let lines = format!(
                "{} numbers of people, {} places simulated with {} season{} each.\nFiles: {}\n",
                map.columns.len(),
                map.points.len(),
                count(seasons as f64),
                if seasons == 1 { "" } else { "s" },
                folder.join("phase.svg").display()
            );
            output::print(&lines)?;
        }
    }
    Ok(())
}

/// The points, those that an interrupted map has left and the rest.
fn simulate(
    asked: &Asked<'_>,
    heading: &Heading,
    folder: &Path,
    go_on: bool,
    pool: &ThreadPool,
    bar: &Bar,
) -> Result<(Vec<Point>, Keeper), Failure> {
    let file = folder.join(PARTIAL);
    let left = if go_on { keeping::left(&file, "map", |found| found == heading)? } else { None };
    let mut points: Vec<Point> = left.map_or(Vec::new(), |(_, points): (Heading, _)| points);
    let mut keep = Keeper::begin(&file, heading, &points)?;
    for place in asked.places() {
        if points.iter().any(|point| (point.people, point.burden) == place) {
            continue;
        }
        if let Some(point) = asked.point(place, pool, bar) {
            keep.add(&point)?;
            points.push(point);
        }
        if bar.stopped() {
            bar.finish();
            show::say("interrupted; go on with --resume\n");
            return Err(Failure::Interrupted);
        }
    }
    Ok((points, keep))
}

/// What goes across and upward.
fn dials(spec: &ScenarioSpec, args: &PhaseArgs) -> Result<(Dial, Dial), Failure> {
    let staff = match &args.team {
        Some(team) => Some(Dial::Staff(team.clone())).filter(|dial| dial.now(spec).is_some()),
        None => Dial::of_largest_team(spec),
    };
    let teams: Vec<&str> = spec.teams.names().collect();
    let staff = staff.ok_or_else(|| {
        let asked = args.team.as_deref().unwrap_or_default();
        Failure::Command(format!("no team is called `{asked}`; there are {}", teams.join(", ")))
    })?;
    let has = |dial: &Dial| dial.now(spec).is_some();
    let upward = match args.up {
        Some(burden) => Some(burden.dial()).filter(has),
        None => [Dial::Surge, Dial::Backlog, Dial::Chasers].into_iter().find(has),
    };
    let upward = upward.ok_or_else(|| {
        Failure::Command(
            "the scenario has no such burden that could be turned up: a surge with a lift, an \
             opening backlog in numbers, or chasers"
                .to_string(),
        )
    })?;
    Ok((staff, upward))
}

/// Some of the numbers of people, evenly.
fn across(people: &[f64]) -> Vec<f64> {
    let step = people.len().div_ceil(POINTS.0).max(1);
    let first = (people.len() - 1) % step / 2;
    people.iter().copied().skip(first).step_by(step).collect()
}

/// Burdens, evenly.
fn upwards(top: f64) -> Vec<f64> {
    (0..POINTS.1).map(|i| top * (i as f64 + 0.5) / POINTS.1 as f64).collect()
}
