//! Chasers and communication (M05 and M29): who is told asks less, so the pile is gone sooner.

use super::{Figure, all, assert_less, closes_above};

/// Two agents day and night, 200 tickets a day and a pile of 70 % of the critical backlog of 590:
/// s = 48 h / 12.6 min - 200 tickets a day, over 0.15 chasers a day of 4 min.
pub(super) const PILE: &str = r#"
start = 2026-11-16
weeks = 6

[tickets.orders]
arrivals = { per_day = 200, profile = "flat", busyness_cv = 0 }
handle = "12 min"
reopen = "5%"
chasers = { after = "0 h", per_day = 0.15, at_most = 0, handle = "4 min" }

[teams.desk]
agents = 2
hours = "always"
shrinkage = 0

[opening]
tickets = { orders = 413 }
ages = [{ up_to = "2 d", share = "100%" }]
"#;

/// The pile with a notice to those who wait; nobody is kept from writing, so that nothing but the
/// rate of asking again differs.
fn told(notice: &str) -> String {
    format!("{PILE}\n[[notices]]\nfrom = 2026-11-16\nfewer = \"0%\"\n{notice}\n")
}

/// *Sign*: fewer chasers, because their rate is multiplied by 0.6 for two weeks; and fewer days
/// above 40 tickets, because the hours that chasers took go into the pile: with c the drag of
/// chasers, (1/c) ln(1/(1 - B/B*)) falls as c falls and B* rises.
#[test]
fn communication_buys_time() {
    let told = told("lasts = \"14 d\"");
    let chasers: Figure = |recorder, _| all(recorder).chasers as f64;
    let days: Figure = |recorder, frame| closes_above(recorder, frame, 40);
    assert_less(&told, PILE, 12, chasers);
    assert_less(&told, PILE, 12, days);
}
