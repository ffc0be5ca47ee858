//! Overtime and attrition: stay late this month, resign the next.

use super::{assert_less, assert_more};
use surgecast::outcome::recorder::Recorder;

/// Four weeks of long days for a team from which many leave.
fn desk(overtime: &str) -> String {
    format!(
        "start = 2026-11-16
weeks = 12

[tickets.orders]
arrivals = {{ per_day = 350 }}

[teams.desk]
agents = 15
shrinkage = 0
fatigue = true
attrition = {{ per_year = \"80%\", overtime = \"+60%\", recruiting = \"6 weeks\" }}

[opening]
tickets = {{ orders = 1000 }}
{overtime}
"
    )
}

const OVERTIME: &str = "
[[overtime]]
team = \"desk\"
from = 2026-11-16
until = 2026-12-11
hours = \"17:00-20:00\"
";

fn leavers(recorder: &Recorder<'_>) -> f64 {
    (recorder.teams[0].left + recorder.teams[0].burnt_out) as f64
}

/// A hazard that overtime multiplies reaches the same people's thresholds sooner: more of them leave.
#[test]
fn overtime_drives_people_away() {
    assert_more(&desk(OVERTIME), &desk(""), 24, |recorder, _| leavers(recorder));
    assert_more(&desk(OVERTIME), &desk(""), 24, |recorder, _| recorder.teams[0].burnt_out as f64);
}

/// Seats stay empty for weeks after: the hours won in November are partly lost in January.
#[test]
fn what_was_won_is_missing_later() {
    assert_less(&desk(OVERTIME), &desk(""), 24, |recorder, _| {
        recorder.weeks[5..10].iter().map(|week| week.staffed_micros as f64).sum::<f64>()
    });
}
