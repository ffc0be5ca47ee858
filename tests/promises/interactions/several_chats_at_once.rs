//! Chats at once (M19): they wait less and take longer.

use super::{Figure, all, assert_less, assert_more};

/// Two agents around the clock, and chats that keep one and a half of them busy one at a time.
const DESK: &str = r#"
start = 2026-11-16
weeks = 1
opening = "empty"

[tickets.chats]
channel = "chat"
arrivals = { per_day = 216, profile = "flat", busyness_cv = 0 }
handle = { mean = "10 min", law = "exponential" }

[teams.desk]
agents = 2
hours = "always"
shrinkage = 0
"#;

/// *Sign*: six places instead of two, and two agents who get 30 % more done when they have three
/// chats than when they have two, so nearly nobody waits; each chat that has company takes longer.
#[test]
fn chats_wait_less_and_take_longer() {
    let three = format!("{DESK}concurrency = 3\n");
    let waited: Figure = |recorder, _| recorder.classes[0].wait_micros as f64;
    let in_hand: Figure =
        |recorder, _| recorder.teams[0].hand_micros as f64 / recorder.teams[0].touches as f64;
    assert_less(&three, DESK, 8, waited);
    assert_more(&three, DESK, 8, in_hand);
}

/// *Sign*: chats that are no slower together than alone would make one agent as good as three; the
/// slower each is beside others, the longer agents are busy with the same chats.
#[test]
fn slower_chats_keep_people_busy() {
    let slow = format!("{DESK}concurrency = {{ at_once = 3, slower = \"+40%\" }}\n");
    let quick = format!("{DESK}concurrency = {{ at_once = 3, slower = \"+5%\" }}\n");
    let busy: Figure = |recorder, _| recorder.teams[0].busy_micros as f64;
    assert_more(&slow, &quick, 8, busy);
}

/// *Sign*: the more are in hand when a chat is taken, the oftener its solution comes back.
#[test]
fn divided_attention_errs() {
    let with = |reopens: &str| {
        let reopen = "reopen = { share = \"10%\", after = \"1 h\" }";
        let chats = DESK.replace("[teams.desk]", &format!("{reopen}\n\n[teams.desk]"));
        format!("{chats}concurrency = {{ at_once = 3, reopens = \"{reopens}\" }}\n")
    };
    let reopened: Figure = |recorder, _| all(recorder).reopened as f64;
    assert_more(&with("+50%"), &with("100%"), 8, reopened);
}
