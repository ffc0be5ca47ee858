//! Pressure and reopens: whoever hurries through a pile gets part of it back.

use super::{all, assert_more};

/// A desk that opens with a pile.
fn desk(pressure: &str) -> String {
    format!(
        "start = 2026-11-16
weeks = 3

[tickets.orders]
arrivals = {{ per_day = 120 }}
reopen = \"8%\"

[teams.desk]
agents = 5
shrinkage = 0
{pressure}

[opening]
tickets = {{ orders = 400 }}
"
    )
}

/// More solutions come back under pressure: the share rises with the pile, and the pile only takes
/// longer to go where the extra tickets eat what the hurry gains.
#[test]
fn hurrying_brings_tickets_back() {
    assert_more(
        &desk("pressure = { pace = \"+15%\", reopens = \"+60%\" }"),
        &desk("pressure = { pace = \"+15%\", reopens = 1 }"),
        24,
        |recorder, _| all(recorder).reopened as f64,
    );
}

/// Where hurry costs enough quality, it feeds the pile: more unsolved tickets than the same hurry
/// with answers as good as ever. The sum over time of the backlog says it whenever the pile ends.
#[test]
fn what_comes_back_keeps_the_pile_up() {
    assert_more(
        &desk("pressure = { pace = \"+15%\", reopens = \"+100%\" }"),
        &desk("pressure = { pace = \"+15%\", reopens = 1 }"),
        24,
        |recorder, _| recorder.run.backlog_micros as f64,
    );
}
