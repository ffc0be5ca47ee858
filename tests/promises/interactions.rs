//! Mechanisms that meet: what one does to the other has the sign it must have, on the same customers.
//!
//! Each test says beforehand which of two plans comes out higher, and why. Both are simulated with the
//! same seeds, and the 95 % interval of the paired difference must lie on that side of zero.

use crate::support::from_text;
use surgecast::engine::{Desk, simulate};
use surgecast::experiment::frame::frame_of;
use surgecast::model::Model;
use surgecast::outcome::clearance::Target;
use surgecast::outcome::recorder::Recorder;
use surgecast::outcome::row::Row;
use surgecast::stats::paired;

mod rushing_raises_reopens;

/// A figure of a run, from its row and its recorder.
type Figure<'a> = &'a dyn Fn(&Row, &Recorder<'_>) -> f64;

fn figures(model: &Model, replications: u64, figure: Figure<'_>) -> Vec<f64> {
    let frame = frame_of(model);
    let (mut desk, mut recorder) = (Desk::new(), Recorder::new(&frame));
    let target = Target { at_most: 50.0, closes: 1, watch_from: 0 };
    let mut run = |index| {
        simulate(model, 11, index, &mut desk, &mut recorder);
        let census = frame.closes.iter().map(|close| recorder.snapshots.get(*close as usize));
        let closes: Vec<u32> = census.map(|s| s.map_or(u32::MAX, |s| s.unsolved)).collect();
        figure(&Row::new(index, &recorder, &closes, &target), &recorder)
    };
    (0..replications).map(&mut run).collect()
}

/// The first scenario has more of a figure than the second; gives the mean difference.
#[track_caller]
fn has_more(first: &str, second: &str, replications: u64, figure: Figure<'_>) -> f64 {
    let [first, second] = [first, second].map(|text| from_text(text).model);
    let (first, second) =
        (figures(&first, replications, figure), figures(&second, replications, figure));
    let difference = paired::mean_difference(&first, &second, 0.95).expect("finite figures");
    let interval = difference.interval.expect("several replications");
    assert!(interval.low > 0.0, "{} ({} to {})", difference.value, interval.low, interval.high);
    difference.value
}
