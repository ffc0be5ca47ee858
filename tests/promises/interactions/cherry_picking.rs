//! Cherry-picking on a full board (M35): the counts go up at first, and the hard tickets rot.

use super::{Figure, all, assert_more};

/// Two agents day and night with 44 h of new work a day, and a pile of 300; one week of it.
const PILE: &str = r#"
start = 2026-11-16
weeks = 1

[tickets.orders]
arrivals = { per_day = 220, profile = "flat", busyness_cv = 0 }
handle = { mean = "12 min", cv = 1.2 }

[opening]
tickets = { orders = 300 }
ages = [{ up_to = "1 d", share = "100%" }]

[teams.desk]
agents = 2
hours = "always"
shrinkage = 0
"#;

/// *Sign*: more is solved within the week, since 150 tickets for each agent make the easier choice
/// certain, and the easiest of three takes far less than the mean; the agents are busy as long. The
/// oldest ticket is older, because a hard one is passed over again and again.
#[test]
fn cherry_picking_lifts_the_counts_and_lets_the_hard_ones_rot() {
    let picking = format!("{PILE}order = \"cherry-picking\"\n");
    let solved: Figure = |recorder, _| all(recorder).solved as f64;
    let oldest: Figure = |recorder, _| recorder.run.oldest_hours as f64;
    assert_more(&picking, PILE, 8, solved);
    assert_more(&picking, PILE, 8, oldest);
}
