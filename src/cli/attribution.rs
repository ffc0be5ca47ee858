//! `explain --attribution`: which loop caused how much of the peak, of the days above target and of
//! the cost.

use super::explain::ExplainArgs;
use super::failure::Failure;
use super::progress::Bar;
use super::run::{compile, threads};
use super::{Done, Format, judging, output};
use std::fmt::Write;
use surgecast::experiment::attribution::{Attribution, EXACT, Figure, Shares};
use surgecast::outcome::measure::{Unit, find};
use surgecast::report::text::value;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::Parts;
use surgecast::scenario::loops::{LOOPS, LoopSet, present};
use surgecast::stats::Estimate;

/// Confidence of the intervals.
const LEVEL: f64 = 0.95;

/// What is attributed.
const FIGURES: [&str; 5] =
    ["peak_backlog", "days_above", "mean_backlog", "work_hours", "total_cost"];

pub(super) fn attribution(args: &ExplainArgs, format: Format, quiet: bool) -> Done {
    let scenario = args.scenario.read()?;
    let season = compile(&scenario, Parts::All)?;
    let loops = chosen(&scenario, &args.loops)?;
    let pool = threads(args.threads)?;
    let quiet = quiet || format == Format::Json;
    let runs = if loops.len() <= EXACT { 1 << loops.len() } else { 2 * (loops.len() as u64) };
    let bar = Bar::new(args.replications * runs, quiet);
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
    let Some(done) = done else { return Err(Failure::Interrupted) };
    let mut tables = Vec::new();
    for key in FIGURES {
        let Some(measure) = find(key) else { continue };
        let figure: Figure = match key {
            "peak_backlog" => |row| of(row, "peak_backlog"),
            "days_above" => |row| of(row, "days_above"),
            "mean_backlog" => |row| of(row, "mean_backlog"),
            "work_hours" => |row| of(row, "work_hours"),
            _ => |row| of(row, "total_cost"),
        };
        let is_known = done.values(figure).iter().any(|value| *value > 0.0);
        if let Some(shares) = done.shares(figure, LEVEL).filter(|_| is_known) {
            tables.push((measure.key, measure.title, measure.unit, shares));
        }
    }
    let text = match format {
        Format::Json => json(&loops, &tables, done.exact),
        Format::Text => text(&loops, &tables, n, done.exact),
    };
    output::print(&text)
}

/// A measure of one season.
fn of(row: &surgecast::outcome::row::Row, key: &str) -> f64 {
    let Some(measure) = find(key) else { return 0.0 };
    let (sum, count) = measure.of_desk(row);
    if count == 0.0 { 0.0 } else { sum / count }
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

type Table = (&'static str, &'static str, Unit, Shares);

fn text(loops: &[usize], tables: &[Table], seasons: u64, exact: bool) -> String {
    let mut text = String::new();
    for (_, title, unit, shares) in tables {
        let line = |text: &mut String, what: &str, estimate: &Estimate, sign: bool| {
            let plus = if sign && estimate.value > 0.0 { "+" } else { "" };
            let shown = format!("{plus}{}", value(estimate.value, *unit));
            let interval = estimate.interval.map_or(String::new(), |interval| {
                format!("({} to {})", value(interval.low, *unit), value(interval.high, *unit))
            });
            let whole = shares.with.value.abs().max(1e-9);
            let long = (estimate.value.abs() / whole * 30.0).round().min(30.0) as usize;
            let _ =
                writeln!(text, "  {what:<42} {shown:>12}   {interval:<28} {}", "#".repeat(long));
        };
        let _ = writeln!(text, "{title}");
        line(&mut text, "without any of these loops", &shares.without, false);
        for (place, adds) in loops.iter().zip(&shares.adds) {
            line(&mut text, LOOPS[*place].title, adds, true);
        }
        line(&mut text, "as it is", &shares.with, false);
        text.push('\n');
    }
    let order = if exact {
        "Each loop's part is what it adds on average over all orders in which the loops could be \
         taken out (Shapley), computed from every set of them."
    } else {
        "Each loop's part is what it adds on average over orders in which the loops could be taken \
         out (Shapley); every season drew two of them, and the intervals tell what that costs."
    };
    let _ = writeln!(
        text,
        "{seasons} seasons of the same customers under each set of loops, 95 % intervals. {order}"
    );
    text
}

fn json(loops: &[usize], tables: &[Table], exact: bool) -> String {
    let table = |(key, title, _, shares): &Table| {
        let adds: serde_json::Map<String, serde_json::Value> = loops
            .iter()
            .zip(&shares.adds)
            .map(|(place, adds)| (LOOPS[*place].name.to_string(), serde_json::json!(adds)))
            .collect();
        serde_json::json!({
            "measure": key, "title": title,
            "without": shares.without, "adds": adds, "with": shares.with,
        })
    };
    let figures: Vec<_> = tables.iter().map(table).collect();
    format!("{:#}\n", serde_json::json!({ "exact": exact, "figures": figures }))
}
