//! What a second thread costs, and what a replication leaves behind.
//!
//! `cargo bench --bench parallel` prints, at one thread and at two: instructions by replication (where
//! valgrind is installed), seconds of processor by replication, in turns; allocations by replication
//! after the first; the most memory held, at few and at many replications of a tiny desk. It fails where
//! a figure is beyond its bound. Processor time and memory are read from `/proc`, where there is one.

#![allow(clippy::print_stdout)] // A benchmark is read on the screen.

#[path = "../guard/callgrind.rs"]
mod callgrind;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::path::Path;
use std::process::{Command, ExitCode};
use surgecast::experiment::ensemble::{Ensemble, Trial};
use surgecast::experiment::frame::frame_of;
use surgecast::outcome::clearance::Target;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How much more a replication may cost where two threads work: instructions, and seconds of processor
/// (two threads share the caches of the machine).
const MORE: [f64; 2] = [0.03, 0.10];

/// Turns of one thread and two.
const TURNS: usize = 5;

/// Replications of the large desk in a turn, and where instructions are counted.
const REPLICATIONS: [u64; 2] = [60, 6];

/// Replications of the tiny desk, and how many bytes each may keep: its row.
const FEW_AND_MANY: [u64; 2] = [1_000, 100_000];
const BYTES_KEPT: f64 = 4096.0;

/// Allocations by replication after the first: those of the row that is kept of it.
const ALLOCATIONS: f64 = 64.0;

/// Ten tickets a day for a week.
const TINY: &str = "start = 2026-01-05\ndays = 7\nopening = \"empty\"\n\
    [tickets.mail]\narrivals = { per_day = 10 }\nhandle = \"8 min\"\n\
    [teams.desk]\nagents = 1\n";

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [desk, threads, replications] = &asked[..] {
        let number = |text: &str| text.parse::<u64>().expect("a number");
        child(desk, number(threads) as usize, number(replications));
        return ExitCode::SUCCESS;
    }
    let mut good = true;
    let mut judge = |holds: bool, words: String| {
        println!("{words}{}", if holds { "" } else { "  TOO MUCH" });
        good &= holds;
    };
    if callgrind::is_there() {
        let count = |threads: &str, n: u64| callgrind::count(&["large", threads, &n.to_string()]).1;
        // The difference leaves the start out.
        let by_one = |threads| {
            (count(threads, REPLICATIONS[1]) - count(threads, 2)) as f64
                / (REPLICATIONS[1] - 2) as f64
        };
        let (one, two) = (by_one("1"), by_one("2"));
        let more = two / one - 1.0;
        judge(
            more <= MORE[0],
            format!(
                "instructions by replication: {:.1} million at one thread, {:+.2} % at two (at most {:+.0} %)",
                one / 1e6,
                100.0 * more,
                100.0 * MORE[0]
            ),
        );
    }
    if Path::new("/proc/self/stat").exists() {
        let mut turns: Vec<(f64, f64)> = (0..TURNS)
            .map(|_| {
                let [one, two] =
                    ["1", "2"].map(|threads| told("large", threads, REPLICATIONS[0]).seconds);
                (one / REPLICATIONS[0] as f64, two / one - 1.0)
            })
            .collect();
        turns.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (seconds, more) = turns[TURNS / 2];
        judge(
            more <= MORE[1],
            format!(
                "processor time by replication: {:.1} ms at one thread, {:+.1} % at two (at most {:+.0} %; \
                 median of {TURNS} turns from {:+.1} % to {:+.1} %)",
                1e3 * seconds,
                100.0 * more,
                100.0 * MORE[1],
                100.0 * turns[0].1,
                100.0 * turns[TURNS - 1].1
            ),
        );
        let [few, many] = FEW_AND_MANY.map(|n| told("tiny", "1", n).kilobytes);
        let kept = (many - few) * 1024.0 / (FEW_AND_MANY[1] - FEW_AND_MANY[0]) as f64;
        judge(
            kept <= BYTES_KEPT,
            format!(
                "memory of a tiny desk: {:.1} MB at {} replications, {:.1} MB at {}: {kept:.0} bytes each (at \
                 most {BYTES_KEPT})",
                few / 1024.0,
                FEW_AND_MANY[0],
                many / 1024.0,
                FEW_AND_MANY[1]
            ),
        );
        let [one, two] = ["1", "2"].map(|threads| told("large", threads, 8).kilobytes / 1024.0);
        println!("memory of a large desk: {one:.1} MB with one worker, {two:.1} MB with two");
    }
    for (name, desk) in [("tiny", compiled("tiny")), ("large", compiled("large"))] {
        let each = allocations(&desk);
        judge(
            each <= ALLOCATIONS,
            format!(
                "allocations by replication of a {name} desk after the first: {each:.1} (at most {ALLOCATIONS})"
            ),
        );
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What a run in a process of its own says of itself.
struct Told {
    /// Of processor, by all threads.
    seconds: f64,
    /// The most memory it held.
    kilobytes: f64,
}

fn told(desk: &str, threads: &str, replications: u64) -> Told {
    let program = std::env::current_exe().expect("a running program has a name");
    let out = Command::new(program).args([desk, threads, &replications.to_string()]).output();
    let text = String::from_utf8(out.expect("it starts").stdout).expect("plain text");
    let mut numbers = text.split_whitespace().map(|number| number.parse().expect("a number"));
    let mut next = || numbers.next().expect("two numbers");
    Told { seconds: next(), kilobytes: next() }
}

/// Simulates, and prints seconds of processor and kilobytes.
fn child(desk: &str, threads: usize, replications: u64) {
    let desk = compiled(desk);
    let done = simulate(&desk, threads, 0..replications).len();
    assert_eq!(done as u64, replications);
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    // Ticks of a hundredth of a second, by user and by system: the 14th and 15th field.
    let stat = read("/proc/self/stat");
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum();
    let status = read("/proc/self/status");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|peak| peak.split_whitespace().next()).unwrap_or("0");
    println!("{} {peak}", ticks / 100.0);
}

/// How often memory is asked for by a replication, once its worker has done a few.
fn allocations(desk: &Compiled) -> f64 {
    let asked = |n: u64| {
        let region = Region::new(ALLOCATOR);
        let ensemble = simulate(desk, 1, 0..n);
        let change = region.change();
        drop(ensemble);
        (change.allocations + change.reallocations) as f64
    };
    // The difference leaves the worker's own memory out.
    let (few, many) = (asked(10), asked(40));
    (many - few) / 30.0
}

fn simulate(desk: &Compiled, threads: usize, range: std::ops::Range<u64>) -> Ensemble {
    let frame = frame_of(&desk.model);
    let target = Target { at_most: 100.0, closes: 3, watch_from: 0 };
    let points = frame.closes.clone();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let trial = Trial { model: &desk.model, frame: &frame, seed: 1, target, points: &points };
    Ensemble::simulate(&trial, range, &pool, &())
}

/// The tiny desk, or the holiday desk.
fn compiled(name: &str) -> Compiled {
    let scenario = match name {
        "tiny" => Scenario::from_text("tiny.toml", TINY, &[]),
        _ => {
            let path =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/holiday-avalanche.toml");
            Scenario::read(&path, &[]).expect("it can be read")
        }
    };
    scenario.compile(Parts::All).0.expect("it can run")
}
