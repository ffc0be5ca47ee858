//! Blending (M19): calls that suspend e-mail are answered at once, and nobody sits idle for them.

use super::{Figure, assert_less};

/// Two agents around the clock; calls and e-mails of ten minutes each keep them busy two thirds of
/// the time.
const DESK: &str = r#"
start = 2026-11-16
weeks = 1
opening = "empty"

[tickets.calls]
channel = "phone"
arrivals = { per_day = 90, profile = "flat", busyness_cv = 0 }
handle = { mean = "10 min", law = "exponential" }

[tickets.mails]
arrivals = { per_day = 110, profile = "flat", busyness_cv = 0 }
handle = { mean = "10 min", law = "exponential" }

[teams.desk]
hours = "always"
shrinkage = 0
"#;

fn wait(class: usize) -> Figure {
    match class {
        0 => |recorder, _| recorder.classes[0].wait_micros as f64,
        _ => |recorder, _| recorder.classes[1].wait_micros as f64,
    }
}

/// *Sign*: a call that suspends an e-mail waits only for other calls, and they take a third of the
/// time.
#[test]
fn calls_wait_less_where_they_suspend_mails() {
    let (plain, blended) = ("agents = 2\n", "agents = 2\nblending = true\n");
    assert_less(&format!("{DESK}{blended}"), &format!("{DESK}{plain}"), 8, wait(0));
}

/// *Sign*: one agent for each kind cannot help the other one out, so e-mails wait longer than those
/// that fill the gaps of both, although calls put them aside.
#[test]
fn mails_wait_less_as_a_filler_than_behind_a_wall() {
    let wall = "groups = [{ name = \"calls\", agents = 1, handles = [\"calls\"] }, \
                { name = \"mails\", agents = 1, handles = [\"mails\"] }]\n";
    let blended = format!("{DESK}agents = 2\nblending = true\n");
    assert_less(&blended, &format!("{DESK}{wall}"), 8, wait(1));
}

/// *Sign*: with one of two ring-fenced a call finds one agent where it found two, and has to wait
/// for the one.
#[test]
fn a_ring_fence_costs_the_callers() {
    let fenced = "agents = 2\nblending = { ring_fence = { agents = 1 } }\n";
    let blended = format!("{DESK}agents = 2\nblending = true\n");
    assert_less(&blended, &format!("{DESK}{fenced}"), 8, wait(0));
}
