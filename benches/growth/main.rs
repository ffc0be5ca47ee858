//! How the cost of a touch grows with the backlog, ticket classes, teams, agents and the horizon, on
//! desks with everything on.
//!
//! `cargo bench --bench growth` measures nanoseconds by touch, the fastest of three rounds, and draws
//! `docs/growth.svg` and `docs/growth.csv`; names of axes (`backlog agents`) measure those alone and
//! write nothing. `one AXIS SIZE` simulates a single season, for whoever counts instructions.

#![allow(clippy::print_stdout)] // A benchmark is read on the screen.

mod desk;
mod picture;

use desk::{AXES, Size};
use std::path::Path;
use std::time::Instant;
use surgecast::experiment::ensemble::{Ensemble, Trial};
use surgecast::experiment::frame::frame_of;
use surgecast::outcome::clearance::Target;
use surgecast::scenario::compile::Compiled;

/// Rounds; the fastest counts, as other work on the machine only ever slows down.
const ROUNDS: u64 = 3;

/// Touches of a round, at least: small desks are simulated several times.
const TOUCHES: u64 = 200_000;

/// What was measured at one size.
struct Measured {
    axis: &'static str,
    size: u64,
    seasons: u64,
    touches: u64,
    /// What customers bring: new tickets, chasers, duplicates, reopened tickets, and the backlog
    /// at the start.
    contacts: u64,
    ns_by_touch: f64,
}

impl Measured {
    /// Nanoseconds by whatever happens to a ticket: a touch or a contact.
    fn ns_by_event(&self) -> f64 {
        self.ns_by_touch * self.touches as f64 / (self.touches + self.contacts) as f64
    }
}

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [word, axis, size] = &asked[..]
        && word == "one"
    {
        let axis = AXES.iter().find(|known| known.name == axis).expect("an axis");
        let size = size.parse().expect("a size");
        let (touches, contacts, _) = seasons(&(axis.desk)(size).compiled(), 1, 0..1);
        println!("{touches} touches, {contacts} contacts");
        return;
    }
    let mut all = Vec::new();
    println!("{:8} {:>9} {:>11} {:>11} {:>11}", "", "", "touches", "ns by touch", "ns by event");
    for axis in &AXES {
        if asked.is_empty() || asked.iter().any(|name| name == axis.name) {
            all.extend(
                axis.sizes.iter().map(|size| measure(axis.name, *size, &(axis.desk)(*size))),
            );
        }
    }
    if asked.is_empty() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        for (name, text) in [("growth.csv", table(&all)), ("growth.svg", picture::draw(&all))] {
            std::fs::write(docs.join(name), text).expect("docs can be written");
        }
    }
}

/// Simulates the desk of one size.
fn measure(axis: &'static str, size: u64, desk: &Size) -> Measured {
    let compiled = desk.compiled();
    // The first season says how many a round needs, and brings memory and caches into their place.
    let (touches, ..) = seasons(&compiled, 1, 0..1);
    let many = TOUCHES.div_ceil(touches.max(1));
    let mut best = f64::INFINITY;
    let mut counts = (0, 0);
    for _ in 0..ROUNDS {
        let (touches, contacts, nanos) = seasons(&compiled, 1, 0..many);
        best = best.min(nanos / touches as f64);
        counts = (touches, contacts);
    }
    let (touches, contacts) = counts;
    let measured = Measured { axis, size, seasons: many, touches, contacts, ns_by_touch: best };
    println!(
        "{axis:8} {size:9} {touches:11} {:11.0} {:11.0}",
        measured.ns_by_touch,
        measured.ns_by_event()
    );
    measured
}

/// Touches and contacts of those seasons, and what they took in nanoseconds.
fn seasons(compiled: &Compiled, seed: u64, range: std::ops::Range<u64>) -> (u64, u64, f64) {
    let model = &compiled.model;
    let frame = frame_of(model);
    let target = Target { at_most: 100.0, closes: 3, watch_from: 0 };
    let points = frame.closes.clone();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    let trial = Trial { model, frame: &frame, seed, target, points: &points };
    let begun = Instant::now();
    let ensemble = Ensemble::simulate(&trial, range, &pool, &());
    let nanos = begun.elapsed().as_nanos() as f64;
    let (mut touches, mut contacts) = (0, 0);
    for row in &ensemble.rows {
        assert!(!row.run.truncated, "a desk ran over its cap");
        touches += row.all_teams().touches;
        let all = row.all_classes();
        contacts += all.contacts.iter().sum::<u64>() + all.opening;
    }
    (touches, contacts, nanos)
}

fn table(all: &[Measured]) -> String {
    let mut text = "axis,size,seasons,touches,contacts,ns by touch,ns by event\n".to_string();
    for one in all {
        let Measured { axis, size, seasons, touches, contacts, ns_by_touch } = one;
        let by_event = one.ns_by_event();
        text += &format!(
            "{axis},{size},{seasons},{touches},{contacts},{ns_by_touch:.0},{by_event:.0}\n"
        );
    }
    text
}
