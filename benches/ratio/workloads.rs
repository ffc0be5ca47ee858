//! The five workloads, each with the loop written by hand for it.

use crate::floor::{self, Answer, Staffing};
use std::path::Path;
use surgecast::model::Model;
use surgecast::outcome::row::Row;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::Parts;

pub(crate) struct Workload {
    pub(crate) name: &'static str,
    file: &'static str,
    /// Replications of the engine in a round.
    pub(crate) replications: u64,
    /// Exact mean wait in minutes; where there is none, the floor's stands in.
    pub(crate) exact: Option<f64>,
    /// Minutes in which an empty desk forgets that it was empty: (√servers − √load)⁻².
    pub(crate) relaxation: f64,
    pub(crate) floor: fn(u64) -> Answer,
    /// Sum and number of the engine's waits, in minutes.
    pub(crate) waits: fn(&Row) -> (f64, f64),
}

impl Workload {
    /// Its desk, by the way that a user's scenario goes.
    pub(crate) fn model(&self) -> Model {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/workloads");
        let read = Scenario::read(&folder.join(self.file), &[]);
        let compiled = read.ok().and_then(|scenario| scenario.compile(Parts::All).0);
        compiled.unwrap_or_else(|| panic!("{} cannot run", self.file)).model
    }
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

pub(crate) const WORKLOADS: [Workload; 5] = [
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
