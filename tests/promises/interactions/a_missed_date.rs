//! A promised date that is missed (M29): the same notice, with a date the desk keeps and with one it
//! does not.

use super::communication_buys_time::PILE;
use super::{Figure, all, assert_more, closes_above};

fn promised(date: &str) -> String {
    format!("{PILE}\n[[notices]]\nfrom = 2026-11-16\nfewer = \"0%\"\npromised_by = {date}\n")
}

/// *Sign*: more chasers with the early date, because those who were told to wait until the second
/// day and still wait on the third ask half as often again, where with the late date they ask 40 %
/// less; and more days above 40 tickets, because chasers take hours from the pile. (Whether a missed
/// date is worse than silence depends on how long they wait before it and after.)
#[test]
fn a_missed_date_backfires() {
    let (missed, kept) = (promised("2026-11-18"), promised("2026-12-07"));
    let chasers: Figure = |recorder, _| all(recorder).chasers as f64;
    let days: Figure = |recorder, frame| closes_above(recorder, frame, 40);
    assert_more(&missed, &kept, 12, chasers);
    assert_more(&missed, &kept, 12, days);
}
