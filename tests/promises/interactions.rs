//! Mechanisms that meet: what one does to another, as paired differences on the same customers. The
//! sign is said beforehand, with its reason; a test fails unless the interval excludes zero there.

mod a_missed_date;
mod cherry_picking;
mod communication_buys_time;
mod easy_ones_first;
mod hiring_too_late;
mod lost_customers;
mod mail_fills_the_gaps;
mod newest_first;
mod questions_of_newcomers;
mod rushing_raises_reopens;
mod several_chats_at_once;
mod swarming_on_hard_ones;
mod temps_slow_first;
mod tired_people_leave;

use crate::support::from_text;
use surgecast::engine::{Desk, simulate};
use surgecast::experiment::frame::frame_of;
use surgecast::outcome::frame::Frame;
use surgecast::outcome::recorder::Recorder;
use surgecast::outcome::tally::ClassTally;
use surgecast::stats::mean;

/// Two-sided level of the intervals.
const LEVEL: f64 = 0.95;

/// What a run is asked for.
pub(crate) type Figure = fn(&Recorder<'_>, &Frame) -> f64;

/// The figures of so many runs of a scenario.
pub(crate) fn figures(text: &str, runs: u64, figure: Figure) -> Vec<f64> {
    let model = from_text(text).model;
    let frame = frame_of(&model);
    let (mut desk, mut recorder) = (Desk::new(), Recorder::new(&frame));
    let mut run = |index| {
        simulate(&model, 11, index, &mut desk, &mut recorder);
        assert!(!recorder.run.truncated, "a backlog that explodes shows nothing");
        figure(&recorder, &frame)
    };
    (0..runs).map(&mut run).collect()
}

/// The interval of the mean difference between two scenarios, the first less the second, over runs
/// with the same customers.
pub(crate) fn difference(first: &str, second: &str, runs: u64, figure: Figure) -> (f64, f64) {
    let (first, second) = (figures(first, runs, figure), figures(second, runs, figure));
    let differences: Vec<f64> = first.iter().zip(&second).map(|(a, b)| a - b).collect();
    let interval = mean::estimate(&differences, LEVEL).unwrap().interval.unwrap();
    (interval.low, interval.high)
}

#[track_caller]
pub(crate) fn assert_more(first: &str, second: &str, runs: u64, figure: Figure) {
    let (low, high) = difference(first, second, runs, figure);
    assert!(low > 0.0, "the difference lies between {low} and {high}, not above zero");
}

#[track_caller]
pub(crate) fn assert_less(first: &str, second: &str, runs: u64, figure: Figure) {
    let (low, high) = difference(first, second, runs, figure);
    assert!(high < 0.0, "the difference lies between {low} and {high}, not below zero");
}

/// Counts of all classes.
pub(crate) fn all(recorder: &Recorder<'_>) -> ClassTally {
    let mut all = ClassTally::default();
    recorder.classes.iter().for_each(|class| all.add(class));
    all
}

/// Closes of days with more than so many unsolved tickets.
pub(crate) fn closes_above(recorder: &Recorder<'_>, frame: &Frame, unsolved: u32) -> f64 {
    let at = |close: &u32| recorder.snapshots[*close as usize].unsolved;
    frame.closes.iter().filter(|close| at(close) > unsolved).count() as f64
}
