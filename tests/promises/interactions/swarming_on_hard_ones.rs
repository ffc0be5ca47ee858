//! Swarming (M32): hard tickets are off the table sooner and go up less, and cost more hours.

use super::{Figure, all, assert_less, assert_more};

/// Four agents around the clock, of whom two are free on average; three touches in ten go up.
const DESK: &str = r#"
start = 2026-11-16
weeks = 1
opening = "empty"

[tickets.technical]
team = "front"
arrivals = { per_day = 96, profile = "flat", busyness_cv = 0 }
handle = { mean = "30 min", cv = 1.2 }

[teams.second-line]
agents = 3
hours = "always"
shrinkage = 0

[[escalations]]
from = "front"
to = "second-line"
after_touch = "30%"

[teams.front]
agents = 4
hours = "always"
shrinkage = 0
"#;

fn swarming() -> String {
    format!("{DESK}swarm = {{ over = \"40 min\" }}\n")
}

/// *Sign*: half of the escalations after a touch with help do not happen.
#[test]
fn fewer_go_up_where_colleagues_help() {
    let moves: Figure = |recorder, _| all(recorder).moves as f64;
    assert_less(&swarming(), DESK, 8, moves);
}

/// *Sign*: two agents take two thirds of the time, which is four thirds of the hours on the front line.
#[test]
fn help_costs_hours_on_the_front_line() {
    let hours: Figure = |recorder, _| recorder.teams[1].busy_micros as f64;
    assert_more(&swarming(), DESK, 8, hours);
}

/// *Sign*: hard touches last less, and the others are as they were; a ticket is in hand for less time.
#[test]
fn hard_touches_take_less_time() {
    let in_hand: Figure =
        |recorder, _| recorder.teams[1].hand_micros as f64 / recorder.teams[1].touches as f64;
    assert_less(&swarming(), DESK, 8, in_hand);
}
