//! Staffing reviews and delay: whoever hires by the pile has most people once it is gone.

use super::{LEVEL, assert_more, figures};
use surgecast::outcome::frame::Frame;
use surgecast::outcome::recorder::Recorder;
use surgecast::stats::mean;

/// A pile that the desk could clear alone within two months, and a manager who will not wait.
fn desk(recruiting: &str) -> String {
    format!(
        "start = 2026-09-14
weeks = 22

[tickets.orders]
arrivals = {{ per_day = 330 }}

[teams.desk]
agents = 7
shrinkage = 0

[opening]
tickets = {{ orders = 2500 }}

[[staffing_reviews]]
team = \"desk\"
backlog = {TARGET}
every = \"7 d\"
tickets_per_agent = 150
at_most = 20
recruiting = \"{recruiting}\"
training = \"1 week\"
ramp = {{ start = \"120%\", over = \"4 weeks\" }}
"
    )
}

const TARGET: u32 = 400;

/// The week with the most hours at the queue.
fn fullest_week(recorder: &Recorder<'_>) -> usize {
    let weeks = recorder.weeks.iter().enumerate();
    weeks.max_by_key(|(_, week)| week.staffed_micros).map_or(0, |(week, _)| week)
}

/// Those hired while the pile was high come together weeks later: the later they come, the later the
/// desk is at its fullest.
#[test]
fn the_longer_hiring_takes_the_later_the_desk_is_full() {
    let fullest = |recorder: &Recorder<'_>, _: &Frame| fullest_week(recorder) as f64;
    assert_more(&desk("6 weeks"), &desk("0 d"), 12, fullest);
}

/// The pile is below its target when the desk is at its fullest, because the reviews that saw it high
/// are only answered then.
#[test]
fn the_desk_is_fullest_when_the_pile_has_gone() {
    let too_many = |recorder: &Recorder<'_>, frame: &Frame| {
        let (_, end) = frame.span_of_week(fullest_week(recorder));
        let closes = frame.closes.iter().map(|close| *close as usize);
        let last = closes.rev().find(|close| frame.census[*close] <= end);
        let unsolved = last.map_or(0, |close| recorder.snapshots[close].unsolved);
        f64::from(unsolved) - f64::from(TARGET)
    };
    let interval =
        mean::estimate(&figures(&desk("6 weeks"), 12, too_many), LEVEL).unwrap().interval;
    assert!(interval.unwrap().high < 0.0, "{interval:?} tickets above the target");
}
