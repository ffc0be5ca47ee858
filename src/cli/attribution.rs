//! `explain --attribution`: which loop caused how much of the peak, of the days above target and of
//! the cost, as text, a table and a waterfall.

use super::explain::ExplainArgs;
use super::failure::Failure;
use super::judging::compile;
use super::progress::Bar;
use super::running::threads;
use super::{Done, Format, judging, output, show};
use surgecast::experiment::attribution::{Attribution, EXACT};
use surgecast::outcome::measure::{Measure, find};
use surgecast::outcome::row::Row;
use surgecast::report::attributed::{self, Attributed, Attributions, Named};
use surgecast::report::charts;
use surgecast::report::write::{make_folder, write_whole};
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::Parts;
use surgecast::scenario::loops::{LOOPS, LoopSet, present};
use surgecast::time::{SimDuration, SimTime};

/// Confidence of the intervals.
const LEVEL: f64 = 0.95;

/// What is attributed, the most important first.
const FIGURES: [&str; 5] =
    ["peak_backlog", "days_above", "mean_backlog", "work_hours", "total_cost"];

pub(super) fn attribution(args: &ExplainArgs, format: Format, quiet: bool) -> Done {
    let scenario = args.scenario.read()?;
    let season = compile(&scenario, Parts::All)?;
    let loops = chosen(&scenario, &args.loops)?;
    let pool = threads(args.threads)?;
    let silent = quiet || format == Format::Json;
    let runs = if loops.len() <= EXACT { 1 << loops.len() } else { 2 * (loops.len() as u64) };
    let bar = Bar::new(args.replications * runs, silent);
    let target = judging::target(&scenario, &season, args.seed, &pool, &bar)?;
    let model_of = |present: u32| {
        let absent = loops.iter().enumerate().filter(|(bit, _)| present >> bit & 1 == 0);
        let out = absent.fold(LoopSet::NONE, |set, (_, place)| set.and(LoopSet::only(*place)));
        let (compiled, _) = scenario.compile(Parts::Without(out));
        // What runs with all its loops runs without some of them.
        compiled.map_or_else(|| season.model.clone(), |compiled| compiled.model)
    };
    let (n, seed) = (args.replications, args.seed);
    let done = Attribution::run(loops.len(), &model_of, n, seed, target, &pool, &bar);
    bar.finish();
    let Some(done) = done else {
        show::say("interrupted; nothing was written\n");
        return Err(Failure::Interrupted);
    };
    let date = |at| season.model.days.civil(at).date().to_string();
    let told = Attributions {
        title: season.model.name.clone(),
        span: (date(SimTime::ZERO), date(season.model.end - SimDuration::from_micros(1))),
        loops: loops
            .iter()
            .map(|place| Named { name: LOOPS[*place].name, title: LOOPS[*place].title })
            .collect(),
        figures: FIGURES.iter().filter_map(|key| attributed(&done, find(key)?)).collect(),
        seasons: n,
        exact: done.exact,
    };
    let folder = output::folder(args.out.as_ref(), &args.scenario.stem());
    make_folder(&folder)?;
    let table = attributed::csv(&told).map_err(|error| Failure::Files(error.to_string()))?;
    write_whole(&folder.join("attribution.csv"), table.as_bytes())?;
    let chart = charts::waterfall(&told).map_err(|error| Failure::Files(error.to_string()))?;
    let name = match &chart {
        Some(chart) => {
            output::draw(&folder, chart, output::Pictures::ALL)?;
            "attribution.svg"
        }
        None => "attribution.csv",
    };
    match format {
        Format::Json => output::print(&format!("{:#}\n", attributed::json(&told))),
        Format::Text if quiet => output::print(&format!("{}\n", attributed::finding(&told))),
        Format::Text => {
            output::print(&attributed::text(&told))?;
            output::print(&format!("\nFiles: {}\n", folder.join(name).display()))
        }
    }
}

/// What each loop adds to a measure; nothing where the scenario has nothing that it counts.
fn attributed(done: &Attribution<'_>, measure: &'static Measure) -> Option<Attributed> {
    let of = |row: &Row| {
        let (sum, count) = measure.of_desk(row);
        if count == 0.0 { 0.0 } else { sum / count }
    };
    let shares = done.shares(&of, LEVEL)?;
    let is_known = shares.with.value != 0.0 || shares.without.value != 0.0;
    is_known.then_some(Attributed { measure, shares })
}

/// The loops asked for, or all that the scenario has, by their places.
fn chosen(scenario: &Scenario, asked: &[String]) -> Result<Vec<usize>, Failure> {
    let there = present(&scenario.spec);
    let names = |places: &[usize]| -> String {
        places.iter().map(|place| LOOPS[*place].name).collect::<Vec<_>>().join(", ")
    };
    if there.is_empty() {
        return Err(Failure::Command(
            "the scenario has no loop that could be taken out".to_string(),
        ));
    }
    if asked.is_empty() {
        return Ok(there);
    }
    let mut places = Vec::new();
    for name in asked {
        let place = there.iter().find(|place| LOOPS[**place].name == name.trim());
        let Some(place) = place else {
            return Err(Failure::Command(format!(
                "the scenario has no loop `{name}`; it has {}",
                names(&there)
            )));
        };
        if !places.contains(place) {
            places.push(*place);
        }
    }
    Ok(places)
}
