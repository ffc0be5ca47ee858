//! Bots and the mix of tickets (M26 and M04): the easy ones go first, so what is left takes longer.

use super::{Figure, all, assert_less, assert_more};
use surgecast::ticket::Cause;

const DESK: &str = r#"
start = 2026-11-16
weeks = 3
opening = "empty"

[tickets.orders]
arrivals = { per_day = 200, profile = "flat" }
handle = { mean = "6 min", cv = 1.0 }

[teams.desk]
agents = 4
hours = "always"
shrinkage = 0
"#;

/// Six contacts in ten are tried and a third of those resolved for good.
const BOT: &str = "[automation.bot]\nattempt = \"60%\"\nresolves = \"33%\"\neasy = \"50%\"\nreturns = { share = \"0%\" }";

/// *Sign*: touches take longer, because a fifth of the contacts is gone that took half as long as
/// the average: (1 - 0.2 x 0.5) / (1 - 0.2) = 1.125 of the handle time. So the bot takes away more
/// tickets than work, where each is a share of what there was: 20 % of tickets, 10 % of work.
#[test]
fn the_easy_ones_first() {
    let with = format!("{DESK}\n{BOT}\n");
    let mean_touch: Figure = |recorder, _| {
        let all = all(recorder);
        all.work_micros[Cause::New as usize] as f64 / all.all_touches() as f64
    };
    assert_more(&with, DESK, 8, mean_touch);
    // Against a bot that does not pick: as many tickets, more work.
    let blind = with.replace("easy = \"50%\"", "easy = \"100%\"");
    let work: Figure = |recorder, _| all(recorder).all_work_micros() as f64;
    assert_more(&with, &blind, 8, work);
    assert_less(&with, DESK, 8, work);
}
