//! Guards what the engine costs: five workloads, held against recorded figures.
//!
//! `cargo bench --bench guard` counts the instructions of one season of each with valgrind, and fails
//! where one takes more than 5 % above what is recorded. Where there is no valgrind it times the engine
//! against a loop written by hand for the workload, in turns on the same machine, and fails where three
//! measurements out of three are more than 40 % above what is recorded. That sees less, but needs nothing.
//!
//! `cargo bench --bench guard -- --record` writes the figures anew, `--timed` does without valgrind,
//! names (`W1 W4`) pick workloads.

#![allow(clippy::print_stdout)] // A benchmark is read on the screen.

mod callgrind;
#[allow(dead_code)] // Whether both wait as long as they should is checked by the bench `ratio`.
#[path = "../ratio/floor.rs"]
mod floor;
#[allow(dead_code)] // As above.
#[path = "../ratio/workloads.rs"]
mod workloads;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use surgecast::experiment::ensemble::{Ensemble, Trial};
use surgecast::experiment::frame::frame_of;
use surgecast::model::Model;
use surgecast::outcome::clearance::Target;
use surgecast::outcome::row::Row;
use workloads::{WORKLOADS, Workload};

/// How far instructions may rise. They are the same in every run; other versions of the compiler
/// move them by a percent or two.
const MORE_INSTRUCTIONS: f64 = 0.05;

/// How far the multiple of the loop written by hand may rise. On a machine with three times as much to
/// do as it has processors, 24 of 25 measurements came within a third of the median of their workload;
/// other machines have other caches.
const MORE_TIME: f64 = 0.40;

/// Measurements of which all must be above that before it counts, and those whose median is recorded.
const MEASUREMENTS: [usize; 2] = [3, 5];

/// Turns of engine and loop. Other work on the machine only ever slows either down, so that the fastest
/// of many turns is near to what it takes alone.
const TURNS: u64 = 15;

/// Where the figures are recorded.
const RECORDED: &str = "benches/guard/recorded.csv";

/// What is recorded of a workload.
struct Figures {
    name: String,
    instructions: f64,
    multiple: f64,
}

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [word, name] = &asked[..]
        && word == "one"
    {
        let workload = WORKLOADS.iter().find(|workload| workload.name == name);
        println!("{}", tickets(&season(&workload.expect("a workload").model(), 1)));
        return ExitCode::SUCCESS;
    }
    let has = |word: &str| asked.iter().any(|arg| arg == word);
    let chosen: Vec<&Workload> = {
        let named = |workload: &&Workload| has(workload.name);
        let some: Vec<&Workload> = WORKLOADS.iter().filter(named).collect();
        if some.is_empty() { WORKLOADS.iter().collect() } else { some }
    };
    if has("--record") {
        return record();
    }
    let counts = callgrind::is_there() && !has("--timed");
    let recorded = recorded();
    let mut rises = Vec::new();
    for workload in chosen {
        let known = recorded.iter().find(|figures| figures.name == workload.name);
        let Some(known) = known else {
            println!("{}: nothing is recorded of it in {RECORDED}", workload.name);
            return ExitCode::FAILURE;
        };
        rises.extend(if counts { counted(workload, known) } else { timed(workload, known) });
    }
    for rise in &rises {
        println!("{rise}");
    }
    if rises.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!(
        "Find what costs it. Where it must be, record the figures anew \
         (cargo bench --bench guard -- --record) and say why in the change."
    );
    ExitCode::FAILURE
}

/// Counts a season; a sentence where it takes too many instructions.
fn counted(workload: &Workload, known: &Figures) -> Option<String> {
    let name = workload.name;
    let (tickets, now) = callgrind::count(&["one", name]);
    let rise = now as f64 / known.instructions - 1.0;
    println!(
        "{name:4} {:>6.0} million instructions for {tickets} tickets, {:+.1} % to those recorded",
        now as f64 / 1e6,
        100.0 * rise
    );
    (rise > MORE_INSTRUCTIONS).then(|| {
        format!(
            "{name} takes {:.1} % more instructions than recorded; {:.0} % are allowed",
            100.0 * rise,
            100.0 * MORE_INSTRUCTIONS
        )
    })
}

/// Times a season against the loop written by hand; a sentence where it is too slow beside it.
fn timed(workload: &Workload, known: &Figures) -> Option<String> {
    let name = workload.name;
    let mut now = f64::INFINITY;
    for _ in 0..MEASUREMENTS[0] {
        now = now.min(multiple(workload));
        if now <= known.multiple * (1.0 + MORE_TIME) {
            break;
        }
    }
    let rise = now / known.multiple - 1.0;
    println!("{name:4} {now:6.2} times the loop written by hand, recorded {:.2}", known.multiple);
    (rise > MORE_TIME).then(|| {
        format!(
            "{name} takes {:.0} % longer than recorded, beside a loop written by hand; {:.0} % are allowed",
            100.0 * rise,
            100.0 * MORE_TIME
        )
    })
}

/// Engine time over the time of the loop written by hand, by ticket, each at its fastest.
fn multiple(workload: &Workload) -> f64 {
    let model = workload.model();
    let (mut engine, mut floor) = (f64::INFINITY, f64::INFINITY);
    for turn in 1..=TURNS {
        let begun = Instant::now();
        let answer = (workload.floor)(turn);
        floor = floor.min(begun.elapsed().as_nanos() as f64 / answer.customers as f64);
        let begun = Instant::now();
        let rows = season(&model, turn);
        engine = engine.min(begun.elapsed().as_nanos() as f64 / tickets(&rows) as f64);
    }
    engine / floor
}

/// One season, by the way of `run`.
fn season(model: &Model, seed: u64) -> Vec<Row> {
    let frame = frame_of(model);
    let target = Target { at_most: 100.0, closes: 3, watch_from: 0 };
    let points = frame.closes.clone();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    let trial = Trial { model, frame: &frame, seed, target, points: &points };
    Ensemble::simulate(&trial, 0..1, &pool, &()).rows
}

fn tickets(rows: &[Row]) -> u64 {
    let all = rows.iter().map(Row::all_classes);
    all.map(|all| all.opening + all.created.iter().sum::<u64>()).sum()
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(RECORDED)
}

fn recorded() -> Vec<Figures> {
    let text = std::fs::read_to_string(path()).unwrap_or_default();
    let figures = |line: &str| {
        let mut fields = line.split(',');
        let name = fields.next()?.to_string();
        let mut number = || fields.next()?.parse().ok();
        Some(Figures { name, instructions: number()?, multiple: number()? })
    };
    text.lines().filter_map(figures).collect()
}

/// Measures every workload both ways and writes what came out.
fn record() -> ExitCode {
    if !callgrind::is_there() {
        println!("only where valgrind is installed can instructions be recorded");
        return ExitCode::FAILURE;
    }
    let mut text = "workload,instructions,times the loop by hand\n".to_string();
    for workload in &WORKLOADS {
        let (_, instructions) = callgrind::count(&["one", workload.name]);
        let mut multiples = [0.0; MEASUREMENTS[1]].map(|_| multiple(workload));
        multiples.sort_by(f64::total_cmp);
        let line =
            format!("{},{instructions},{:.2}\n", workload.name, multiples[MEASUREMENTS[1] / 2]);
        print!("{line}");
        text += &line;
    }
    match std::fs::write(path(), text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cannot write {RECORDED}: {error}");
            ExitCode::FAILURE
        }
    }
}
