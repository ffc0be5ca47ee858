//! What the general engine costs, as a multiple of a loop written by hand for the workload.
//!
//! `cargo bench --bench ratio` runs each workload in turns, engine and floor, and prints medians. The
//! engine takes the way of `run`: a scenario in TOML, all measures on, estimates from its rows. Before
//! a time is printed both answers are held against what theory says, or against each other.

#![allow(clippy::print_stdout)] // A benchmark is read on the screen.

mod floor;

use floor::{Answer, Staffing};
use std::path::Path;
use std::time::Instant;
use surgecast::experiment::ensemble::{Ensemble, Trial};
use surgecast::experiment::frame::frame_of;
use surgecast::outcome::clearance::Target;
use surgecast::outcome::row::Row;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};
use surgecast::stats::{mean, ratio};
use surgecast::time::SimTime;

/// Turns; the median of them is printed.
const ROUNDS: u64 = 5;

struct Workload {
    name: &'static str,
    file: &'static str,
    /// Replications of the engine in a round.
    replications: u64,
    /// Exact mean wait in minutes; where there is none, the floor's stands in.
    exact: Option<f64>,
    /// Minutes in which an empty desk forgets that it was empty: (√servers − √load)⁻².
    relaxation: f64,
    floor: fn(u64) -> Answer,
    /// Sum and number of the engine's waits, in minutes.
    waits: fn(&Row) -> (f64, f64),
}

/// Waits for the first team.
fn waits(row: &Row) -> (f64, f64) {
    (row.teams[0].wait_micros as f64 / 6e7, row.teams[0].waits as f64)
}

/// Waits of all where customers give up: who gives up at a constant rate of one in two minutes gives
/// up half as often as all minutes waited. (The engine's own waits are of those who were served.)
fn waits_of_all(row: &Row) -> (f64, f64) {
    let all = row.all_classes();
    (2.0 * all.withdrawn as f64, all.created.iter().sum::<u64>() as f64)
}

const WORKLOADS: [Workload; 5] = [
    Workload {
        name: "W1",
        file: "w1.toml",
        replications: 2,
        exact: Some(9.0),
        relaxation: 380.0,
        floor: |seed| floor::queue(1_000_000, 0.9, 1, 0.0, seed),
        waits,
    },
    Workload {
        name: "W2",
        file: "w2.toml",
        replications: 1,
        exact: Some(0.25164),
        relaxation: 32.0,
        floor: |seed| floor::queue(2_000_000, 47.5, 50, 0.0, seed),
        waits,
    },
    Workload {
        name: "W3",
        file: "w3.toml",
        replications: 1,
        exact: Some(0.20416),
        relaxation: 8.0,
        floor: |seed| floor::queue(2_000_000, 55.0, 50, 2.0, seed),
        waits: waits_of_all,
    },
    Workload {
        name: "W4",
        file: "w4.toml",
        replications: 8,
        exact: None,
        relaxation: 0.0,
        floor: |seed| {
            floor::desk(&Staffing { agents: [150, 90, 50], opening: 0, expected: 150_000.0 }, seed)
        },
        waits,
    },
    Workload {
        name: "W4L",
        file: "w4l.toml",
        replications: 8,
        exact: None,
        relaxation: 0.0,
        floor: |seed| {
            floor::desk(
                &Staffing { agents: [30, 10, 4], opening: 30_000, expected: 120_000.0 },
                seed,
            )
        },
        waits,
    },
];

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    println!("{:4} {:>12} {:>12} {:>7}   mean wait, min", "", "floor ns", "engine ns", "ratio");
    for workload in &WORKLOADS {
        if asked.is_empty() || asked.iter().any(|name| name == workload.name) {
            measure(workload);
        }
    }
}

fn measure(workload: &Workload) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/workloads").join(workload.file);
    let Ok(scenario) = Scenario::read(&file, &[]) else { panic!("{} is wrong", workload.file) };
    let Some(Compiled { model, .. }) = scenario.compile(Parts::All).0 else {
        panic!("{} cannot run", workload.file)
    };
    let frame = frame_of(&model);
    let target = Target { at_most: 100.0, closes: 3, watch_from: 0 };
    let points = frame.closes.clone();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    let (mut engine_ns, mut floor_ns) = (Vec::new(), Vec::new());
    let (mut engine, mut floor_waits) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let begun = Instant::now();
        let mut customers = 0;
        for turn in 0..workload.replications {
            let answer = (workload.floor)(1 + round * workload.replications + turn);
            customers += answer.customers;
            floor_waits.push(answer.mean_wait);
        }
        floor_ns.push(begun.elapsed().as_nanos() as f64 / customers as f64);
        let trial =
            Trial { model: &model, frame: &frame, seed: 1 + round, target, points: &points };
        let begun = Instant::now();
        let ensemble = Ensemble::simulate(&trial, 0..workload.replications, &pool, &());
        let taken = begun.elapsed().as_nanos() as f64;
        let tickets: u64 = ensemble
            .rows
            .iter()
            .map(Row::all_classes)
            .fold(0, |sum, all| sum + all.opening + all.created.iter().sum::<u64>());
        engine_ns.push(taken / tickets as f64);
        engine.extend(ensemble.rows.iter().map(workload.waits));
    }
    let wait = ratio::estimate(&engine, 0.95).expect("several replications").value;
    check(workload, &engine, &floor_waits, model.end);
    let (floor, engine) = (median(floor_ns), median(engine_ns));
    println!(
        "{:4} {floor:12.1} {engine:12.1} {:7.2}   {wait:.5} ({})",
        workload.name,
        engine / floor,
        workload.exact.map_or_else(
            || format!("floor {:.5}", mean::mean(&floor_waits).unwrap_or(0.0)),
            |exact| format!("exact {exact}")
        )
    );
}

/// Both answers lie within four standard errors of what they should be.
fn check(workload: &Workload, engine: &[(f64, f64)], floor: &[f64], end: SimTime) {
    let waits: Vec<f64> = engine.iter().map(|(sum, n)| sum / n).collect();
    let error = |values: &[f64]| mean::standard_error(values).expect("several values");
    let of = |values: &[f64]| mean::mean(values).expect("several values");
    // Runs begin empty: that takes at most the share of a relaxation time from the mean.
    let empty = workload.relaxation / (end.hours() * 60.0);
    let bias = workload.exact.map_or(0.0, |exact| exact * empty);
    let same = |whose: &str, got: f64, expected: f64, error: f64| {
        let name = workload.name;
        assert!(
            (got - expected).abs() <= 4.0 * error + bias,
            "{name}: {whose} waits {got}, which should be {expected} (standard error {error})"
        );
    };
    match workload.exact {
        Some(exact) => {
            same("the engine", of(&waits), exact, error(&waits));
            same("the floor", of(floor), exact, error(floor));
        }
        None => same("the engine", of(&waits), of(floor), error(&waits).hypot(error(floor))),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
