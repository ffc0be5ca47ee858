//! What several promises need.

use surgecast::engine::{Desk, simulate};
use surgecast::experiment::frame::frame_of;
use surgecast::model::Model;
use surgecast::outcome::journal::Journal;
use surgecast::outcome::recorder::Recorder;
use surgecast::time::SimTime;

pub fn hours(h: f64) -> SimTime {
    SimTime::from_hours(h)
}

/// The journal of one replication; the recorder runs beside it and checks its balances.
pub fn journal(model: &Model, seed: u64, index: u64) -> Journal {
    let frame = frame_of(model);
    let mut both = (Journal::default(), Recorder::new(&frame));
    simulate(model, seed, index, &mut Desk::new(), &mut both);
    both.0
}
