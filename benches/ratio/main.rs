//! What the general engine costs, as a multiple of a loop written by hand for the workload.
//!
//! `cargo bench --bench ratio` runs each workload in turns, engine and floor, and prints medians. The
//! engine takes the way of `run`: a scenario in TOML, all measures on, estimates from its rows. Before
//! a time is printed both answers are held against what theory says, or against each other.

#![allow(clippy::print_stdout)] // A benchmark is read on the screen.

mod floor;
mod workloads;

use std::time::Instant;
use surgecast::engine::{Desk, simulate};
use surgecast::experiment::ensemble::{Ensemble, Trial};
use surgecast::experiment::frame::frame_of;
use surgecast::outcome::clearance::Target;
use surgecast::outcome::row::Row;
use surgecast::stats::{mean, ratio};
use surgecast::time::SimTime;
use workloads::{WORKLOADS, Workload};

/// Turns; the median of them is printed.
const ROUNDS: u64 = 5;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    println!(
        "{:4} {:>12} {:>12} {:>12} {:>7}   mean wait, min",
        "", "floor ns", "unmeasured", "engine ns", "ratio"
    );
    for workload in &WORKLOADS {
        if asked.is_empty() || asked.iter().any(|name| name == workload.name) {
            measure(workload);
        }
    }
}

fn measure(workload: &Workload) {
    let model = workload.model();
    let frame = frame_of(&model);
    let target = Target { at_most: 100.0, closes: 3, watch_from: 0 };
    let points = frame.closes.clone();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    let (mut engine_ns, mut bare_ns, mut floor_ns) = (Vec::new(), Vec::new(), Vec::new());
    let mut desk = Desk::new();
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
        let begun = Instant::now();
        for index in 0..workload.replications {
            simulate(&model, 1 + round, index, &mut desk, &mut ());
        }
        bare_ns.push(begun.elapsed().as_nanos() as f64 / tickets as f64);
        engine.extend(ensemble.rows.iter().map(workload.waits));
    }
    let wait = ratio::estimate(&engine, 0.95).expect("several replications").value;
    check(workload, &engine, &floor_waits, model.end);
    let (floor, bare, engine) = (median(floor_ns), median(bare_ns), median(engine_ns));
    println!(
        "{:4} {floor:12.1} {bare:12.1} {engine:12.1} {:7.2}   {wait:.5} ({})",
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
