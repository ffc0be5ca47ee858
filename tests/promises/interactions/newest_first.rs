//! The order of work and chasers (M14 and M05): newest first makes the newest customers happy and
//! the oldest furious.

use super::{Figure, all, assert_less, assert_more};

/// Two agents day and night with 48 h of work a day, 40 h of which are new; a pile of 300.
const PILE: &str = r#"
start = 2026-11-16
weeks = 4

[tickets.orders]
arrivals = { per_day = 200, profile = "flat", busyness_cv = 0 }
handle = "12 min"
chasers = { after = "24 h", per_day = 0.15, at_most = 0, handle = "4 min" }

[opening]
tickets = { orders = 300 }
ages = [{ up_to = "1 d", share = "100%" }]

[teams.desk]
agents = 2
hours = "always"
shrinkage = 0
"#;

/// *Sign*: more chasers newest first. Whoever waits w asks 0.15 (w - 1) times on average after a
/// day, a convex function of w, and of all orders that do not look at the work newest first spreads
/// the waits most for the same mean (Shanthikumar and Sumita 1987). The median of first replies is
/// shorter, because a newcomer passes the whole pile; the oldest ticket is older, because the pile
/// stays below.
#[test]
fn newest_first_pleases_the_newest_and_angers_the_oldest() {
    let newest = format!("{PILE}order = \"newest\"\n");
    let chasers: Figure = |recorder, _| all(recorder).chasers as f64;
    let median: Figure = |recorder, _| recorder.reply_seconds[0].quantile(0.5).unwrap();
    let oldest: Figure = |recorder, _| recorder.run.oldest_hours as f64;
    assert_more(&newest, PILE, 8, chasers);
    assert_less(&newest, PILE, 8, median);
    assert_more(&newest, PILE, 8, oldest);
}
