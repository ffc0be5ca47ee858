//! Fewer replications for the same answer: what knowing the busyness of the simulated days is worth.
//!
//! `cargo bench --bench precision` simulates the shipped scenarios and prints, for each figure, how much
//! wider its interval is without control variates (squared: how many times more replications it would
//! take), what ten strata of busyness could bring at most, and the time to an interval of 2 % to each
//! side, which is the only speed a user feels.

#![allow(clippy::print_stdout)] // A benchmark is read on the screen.

use std::path::Path;
use std::time::Instant;
use surgecast::experiment::controls::busyness_controls;
use surgecast::experiment::ensemble::{Ensemble, Trial};
use surgecast::experiment::frame::frame_of;
use surgecast::outcome::clearance::Target;
use surgecast::outcome::measure::find;
use surgecast::outcome::row::Row;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};
use surgecast::stats::ratio;

const SCENARIOS: [&str; 4] = ["first-steps", "night-outage", "holiday-avalanche", "rescue-30000"];

/// Replications, and how many a time is given for.
const REPLICATIONS: u64 = 200;

/// Half of the interval asked for, as a share of the value.
const WITHIN: f64 = 0.02;

const LEVEL: f64 = 0.95;

type Figure = (&'static str, fn(&Row) -> (f64, f64));

const FIGURES: [Figure; 5] = [
    ("peak backlog", |row| (row.run.peak as f64, 1.0)),
    ("days above target", |row| (f64::from(row.judgement.closes_above), 1.0)),
    ("full resolution time", |row| of("full_resolution_hours", row)),
    ("first reply in time", |row| of("reply_attainment", row)),
    ("occupancy", |row| of("occupancy", row)),
];

fn of(measure: &str, row: &Row) -> (f64, f64) {
    find(measure).expect("a measure of the registry").of_desk(row)
}

fn main() {
    println!(
        "{:20} {:22} {:>10} {:>8} {:>8} {:>11} {:>11}",
        "", "", "value", "gain", "strata", "2 % before", "2 % with"
    );
    for name in SCENARIOS {
        measure(name);
    }
}

fn measure(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let Ok(scenario) = Scenario::read(&folder.join(format!("{name}.toml")), &[]) else {
        panic!("{name} is wrong")
    };
    let Some(Compiled { model, .. }) = scenario.compile(Parts::All).0 else {
        panic!("{name} cannot run")
    };
    let frame = frame_of(&model);
    let target =
        Target { at_most: model.opening.len() as f64 / 10.0 + 100.0, closes: 3, watch_from: 0 };
    let points = frame.closes.clone();
    let pool = rayon::ThreadPoolBuilder::new().build().expect("threads");
    let trial = Trial { model: &model, frame: &frame, seed: 1, target, points: &points };
    let begun = Instant::now();
    let ensemble = Ensemble::simulate(&trial, 0..REPLICATIONS, &pool, &());
    let each = begun.elapsed().as_secs_f64() / REPLICATIONS as f64;
    let indices: Vec<u64> = (0..REPLICATIONS).collect();
    let controls = busyness_controls(&model, 1, &indices);
    let busyness = controls.sums();
    for (title, figure) in FIGURES {
        let pairs: Vec<(f64, f64)> = ensemble.rows.iter().map(figure).collect();
        let (Some(plain), Some(with)) =
            (ratio::estimate(&pairs, LEVEL), controls.ratio(&pairs, LEVEL))
        else {
            continue;
        };
        let half = |estimate: &surgecast::stats::Estimate| {
            estimate.interval.map_or(f64::NAN, surgecast::stats::Interval::half_width)
        };
        if half(&plain) == 0.0 {
            continue; // the same in every season
        }
        let time = |half: f64| (half / (WITHIN * plain.value)).powi(2) * REPLICATIONS as f64 * each;
        println!(
            "{name:20} {title:22} {:10.2} {:8.2} {:8.2} {:9.1} s {:9.1} s",
            plain.value,
            (half(&plain) / half(&with)).powi(2),
            strata(&pairs, &busyness),
            time(half(&plain)),
            time(half(&with))
        );
    }
}

/// How many times fewer replications it would take were as many of them in each tenth of busyness: the
/// variance of the figure over the variance within tenths.
fn strata(pairs: &[(f64, f64)], busyness: &[f64]) -> f64 {
    if busyness.is_empty() {
        return 1.0;
    }
    let ratio = pairs.iter().map(|p| p.0).sum::<f64>() / pairs.iter().map(|p| p.1).sum::<f64>();
    let mut ordered: Vec<(f64, f64)> =
        busyness.iter().zip(pairs).map(|(b, (n, d))| (*b, n - ratio * d)).collect();
    ordered.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: f64 = ordered.iter().map(|(_, u)| u * u).sum();
    let tenth = ordered.len() / 10;
    let within: f64 = ordered
        .chunks(tenth)
        .map(|part| {
            let mean = part.iter().map(|(_, u)| u).sum::<f64>() / part.len() as f64;
            // Each tenth's own mean takes one of its degrees of freedom.
            let squares: f64 = part.iter().map(|(_, u)| (u - mean).powi(2)).sum();
            squares * part.len() as f64 / (part.len() - 1) as f64
        })
        .sum();
    all / within
}
