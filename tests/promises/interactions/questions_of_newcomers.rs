//! Questions among colleagues (M32 x M20): newcomers err less, and cost others' time.

use super::{Figure, all, assert_less, assert_more};

/// Eight agents around the clock, four of them new; a third of their time is free.
const DESK: &str = r#"
start = 2026-11-16
weeks = 1
opening = "empty"

[tickets.mail]
arrivals = { per_day = 240, profile = "flat", busyness_cv = 0 }
handle = { mean = "30 min", law = "exponential" }
reopen = { share = "20%", after = "4 h" }

[[hires]]
team = "desk"
agents = 4
from = 2026-11-16
training = "0 d"
early = 0

[teams.desk]
agents = 4
hours = "always"
shrinkage = 0
"#;

fn asking() -> String {
    format!("{DESK}questions = {{ share = \"80%\" }}\n")
}

/// *Sign*: a fifth fewer of the solutions with an answer come back.
#[test]
fn fewer_come_back() {
    let reopened: Figure = |recorder, _| all(recorder).reopened as f64;
    assert_less(&asking(), DESK, 16, reopened);
}

/// *Sign*: an answer of three minutes saves a newcomer a quarter of some forty minutes; one of half an
/// hour costs the team more than it saves.
#[test]
fn long_answers_eat_up_what_they_save() {
    let busy: Figure = |recorder, _| recorder.teams[0].busy_micros as f64;
    assert_less(&asking(), DESK, 16, busy);
    let long = asking().replace("questions = {", "questions = { takes = \"30 min\",");
    assert_more(&long, DESK, 16, busy);
}
