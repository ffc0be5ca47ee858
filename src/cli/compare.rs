//! `compare`: scenarios on the same customers, and what differs.

use super::failure::Failure;
use super::progress::Bar;
use super::run::{compile, threads};
use super::{Done, Format, output, show};
use clap::Args;
use std::fmt::Write;
use std::path::PathBuf;
use surgecast::experiment::compare::{Comparison, Design};
use surgecast::experiment::forecast::CLOSES;
use surgecast::experiment::target::healthy_band;
use surgecast::outcome::measure::{MEASURES, Unit, find};
use surgecast::report::text::{probability, value};
use surgecast::scenario::compile::Parts;
use surgecast::scenario::{REPLICATIONS, Scenario};
use surgecast::stats::Estimate;

/// What `compare` is asked.
#[derive(Args)]
pub(super) struct CompareArgs {
    /// The scenarios; the first is what the others are compared with.
    #[arg(required = true, num_args = 2..)]
    scenarios: Vec<PathBuf>,
    /// Override a key in all of them (may be repeated).
    #[arg(long = "set", value_name = "PATH=VALUE")]
    overrides: Vec<String>,
    /// How many seasons to simulate of each.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=10_000_000))]
    replications: Option<u64>,
    /// Number from which all chance is drawn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; all processors by default.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// Confidence of the intervals.
const LEVEL: f64 = 0.95;

/// Measures that a comparison shows.
const SHOWN: [&str; 20] = [
    "peak_backlog",
    "days_above",
    "final_backlog",
    "first_reply_hours",
    "first_reply_p90",
    "full_resolution_hours",
    "reply_attainment",
    "solution_attainment",
    "amplification",
    "snowball_share",
    "occupancy",
    "staffed_hours",
    "total_cost",
    "running_cost",
    "overtime_cost",
    "hiring_cost",
    "penalties",
    "lost_margin",
    "csat",
    "nps_proxy",
];

pub(super) fn compare(args: &CompareArgs, format: Format, quiet: bool) -> Done {
    let mut scenarios = Vec::new();
    for path in &args.scenarios {
        let scenario = Scenario::read(path, &args.overrides)?;
        let compiled = compile(&scenario, Parts::All)?;
        scenarios.push((path, scenario, compiled));
    }
    let (_, first, _) = &scenarios[0];
    let calm = compile(first, Parts::Calm)?;
    let pool = threads(args.threads)?;
    let spec = &first.spec;
    let written = spec.replications.as_ref().map(|n| n.value);
    let replications = args.replications.or(written).unwrap_or(REPLICATIONS);
    let bar = Bar::new(replications * scenarios.len() as u64, quiet || format == Format::Json);
    let cleared = spec.cleared.clone().unwrap_or_default();
    let at_most = match cleared.at_most {
        Some(at_most) => f64::from(at_most.value),
        None => healthy_band(&calm.model, args.seed, &pool, &bar).0,
    };
    let closes = cleared.closes.map_or(CLOSES, |closes| closes.value.max(1));
    let designs: Vec<Design<'_>> = scenarios
        .iter()
        .map(|(path, scenario, compiled)| Design {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            model: &compiled.model,
            watch_from: scenario.watch_from(compiled),
        })
        .collect();
    let comparison =
        Comparison::run(&designs, replications, args.seed, (at_most, closes), &pool, &bar);
    bar.finish();
    if format == Format::Json {
        output::print(&json(&comparison))?;
    } else {
        output::print(&table(&comparison))?;
    }
    if comparison.complete {
        return Ok(());
    }
    show::say("interrupted; the figures are of the seasons that all scenarios have\n");
    Err(Failure::Interrupted)
}

fn table(comparison: &Comparison) -> String {
    let mut text = format!(
        "{} seasons of the same customers. Differences are to {}, with 95 % intervals.\n",
        comparison.ensembles[0].len(),
        comparison.names[0]
    );
    let [base_name, other_names @ ..] = &comparison.names[..] else { return text };
    let wide = base_name.chars().count().max(14);
    for (place, name) in other_names.iter().enumerate() {
        let (design, width) = (place + 1, name.chars().count().max(14));
        let _ = writeln!(text, "\n{:<34} {base_name:>wide$} {name:>width$}   difference", "");
        for key in SHOWN {
            let Some(measure) = find(key) else { continue };
            let base = comparison.value(0, measure, LEVEL);
            let other = comparison.value(design, measure, LEVEL);
            let difference = comparison.difference(design, 0, measure, LEVEL);
            let (Some(base), Some(other), Some(difference)) = (base, other, difference) else {
                continue;
            };
            let _ = writeln!(
                text,
                "{:<34} {:>wide$} {:>width$}   {}",
                measure.title,
                value(base.value, measure.unit),
                value(other.value, measure.unit),
                signed(&difference, measure.unit)
            );
        }
        let last = comparison.target.last_judged(comparison.closes).unwrap_or(0) as u32;
        let difference = comparison.cleared_difference(design, 0, last, LEVEL);
        let _ = writeln!(
            text,
            "{:<34} {:>wide$} {:>width$}   {}",
            "cleared within the horizon",
            probability(comparison.p_cleared(0, last)),
            probability(comparison.p_cleared(design, last)),
            difference.map_or(String::new(), |difference| signed(&difference, Unit::Ratio))
        );
    }
    text
}

/// A difference with its sign and interval.
fn signed(difference: &Estimate, unit: Unit) -> String {
    // Shares differ by points: 60 % is not 40 % more than 40 %.
    let show = |x: f64| match unit {
        Unit::Share => format!("{:.1} points", x * 100.0),
        Unit::Count | Unit::Hours | Unit::Ratio | Unit::Days | Unit::Money | Unit::Points => {
            value(x, unit)
        }
    };
    let sign = |x: f64| if x > 0.0 { format!("+{}", show(x)) } else { show(x) };
    match difference.interval {
        Some(interval) => {
            format!(
                "{} ({} to {})",
                sign(difference.value),
                sign(interval.low),
                sign(interval.high)
            )
        }
        None => sign(difference.value),
    }
}

fn json(comparison: &Comparison) -> String {
    let design = |design: usize| {
        let measures: serde_json::Map<String, serde_json::Value> = MEASURES
            .iter()
            .map(|measure| {
                let figures = serde_json::json!({
                    "value": comparison.value(design, measure, LEVEL),
                    "difference": (design > 0).then(|| comparison.difference(design, 0, measure, LEVEL)),
                });
                (measure.key.to_string(), figures)
            })
            .collect();
        serde_json::json!({ "name": comparison.names[design], "measures": measures })
    };
    let designs: Vec<_> = (0..comparison.names.len()).map(design).collect();
    format!(
        "{:#}\n",
        serde_json::json!({ "replications": comparison.ensembles[0].len(), "target": comparison.target.at_most, "designs": designs })
    )
}
