//! Hires and learning: newcomers cost their mentors more than they bring, and then they help.

use super::{assert_less, assert_more};

/// A pile that keeps everybody busy; nine temps come after a week.
fn desk(hires: &str) -> String {
    format!(
        "start = 2026-11-16
weeks = 8

[tickets.orders]
arrivals = {{ per_day = 520 }}

[teams.desk]
agents = 9
shrinkage = 0

[opening]
tickets = {{ orders = 7000 }}
{hires}
"
    )
}

const TEMPS: &str = "
[[hires]]
team = \"desk\"
agents = 9
from = 2026-11-23
until = 2027-02-28
training = \"0 d\"
nesting = { lasts = \"2 weeks\", handle = \"+50%\", mentor = \"50%\" }
ramp = { start = \"200%\", over = \"4 weeks\", shape = \"linear\" }
";

/// In their first week each temp works at a third of the usual speed and takes half of a mentor's
/// time: fewer tickets are solved than without them.
#[test]
fn fewer_tickets_are_solved_while_temps_are_nested() {
    assert_less(&desk(TEMPS), &desk(""), 12, |recorder, _| recorder.weeks[1].solved as f64);
}

/// Later they work at nearly the usual speed and need nobody: more tickets are solved.
#[test]
fn more_tickets_are_solved_afterwards() {
    assert_more(&desk(TEMPS), &desk(""), 12, |recorder, _| recorder.weeks[4].solved as f64);
}
