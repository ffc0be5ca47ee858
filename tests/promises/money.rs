//! What a desk costs and what its customers think: worked out on paper, and without any effect on
//! the desk itself.

use crate::support::{EVERYTHING, from_text, repository};
use surgecast::engine::{Desk, simulate};
use surgecast::experiment::frame::frame_of;
use surgecast::model::Model;
use surgecast::outcome::clearance::Target;
use surgecast::outcome::measure::{MEASURES, Unit, find};
use surgecast::outcome::recorder::Recorder;
use surgecast::outcome::row::Row;
use surgecast::outcome::tally::{ClassTally, TeamTally};

fn row(model: &Model, index: u64) -> Row {
    let frame = frame_of(model);
    let mut recorder = Recorder::new(&frame);
    simulate(model, 5, index, &mut Desk::new(), &mut recorder);
    let target = Target { at_most: 50.0, closes: 3, watch_from: 0 };
    Row::new(index, &recorder, &[], &target)
}

/// A measure of the desk in one run; nothing where there is nothing to measure.
fn measured(row: &Row, key: &str) -> Option<f64> {
    let (numerator, denominator) = find(key).unwrap().of_desk(row);
    (denominator != 0.0).then(|| numerator / denominator)
}

/// A ticket every half hour, around the clock, and one agent who takes half an hour for each; two
/// hours of overtime; two hires who are in training all day.
const ON_PAPER: &str = r#"
start = 2026-03-02
days = 1
opening = "empty"

[calendars.desk]
mon-fri = "09:00-17:00"

[tickets.ticket]
arrivals = { every = "30 min" }
handle = { mean = "30 min", law = "constant" }
promise = { first_reply = "9 h", resolution = "12 h" }

[teams.desk]
agents = 1
shrinkage = "0%"

[[rushes]]
team = "desk"
on = 2026-03-02
hours = "16:00-19:00"
agents = 1
pace = 1
tired_pace = 1

[[hires]]
team = "desk"
agents = 2
from = 2026-03-02
training = "1 d"
"#;

const PRICES: &str = r#"
[money]
wage = 20
hire = 500
fixed_per_week = 70
late_reply = 2
late_resolution = 1

[money.tickets.ticket]
late_resolution = 10
"#;

#[test]
fn a_day_s_bill_worked_by_hand() {
    let row = row(&from_text(&format!("{ON_PAPER}{PRICES}")).model, 0);
    // Ticket n comes at n/2 and is done at 9.5 + n/2, until 19:00: twenty are solved, each after
    // nine and a half hours; 28 are left.
    assert_eq!((row.all_classes().solved, row.all_classes().remaining), (20, 28));
    let expected = [
        // One agent and two in training from 9 to 17, at 20 an hour.
        ("wages", 3.0 * 8.0 * 20.0),
        // The rush begins within the shift: two of its three hours are overtime, at 30.
        ("overtime_cost", 60.0),
        ("hiring_cost", 1000.0),
        ("tools_cost", 10.0),
        ("automation_cost", 0.0),
        // All twenty replies are half an hour late. Of those left, numbers 20 to 29 are past nine
        // hours at midnight and 20 to 23 past twelve.
        ("penalties", 30.0 * 2.0 + 4.0 * 10.0),
        ("lost_margin", 0.0),
        ("running_cost", 480.0 + 60.0 + 1000.0 + 10.0),
        ("total_cost", 1550.0 + 100.0),
        ("cost_per_solved", 1550.0 / 20.0),
        ("paid_hours", 8.0 + 16.0 + 2.0),
        // Nine and a half hours to the reply: 3.4 at eight, 3 at 24. To the solution: 5 at four, 4.4
        // at 24. The lower counts; all are detractors.
        ("csat", 3.4 - 0.4 * 1.5 / 16.0),
        ("nps_proxy", -100.0),
    ];
    for (key, value) in expected {
        let found = measured(&row, key).unwrap();
        assert!((found - value).abs() < 1e-9, "{key}: {found}, on paper {value}");
    }
}

#[test]
fn a_week_costs_a_week_whatever_the_clocks_do() {
    for (start, days, cost) in
        [("2026-03-16", 14, 1400.0), ("2026-10-19", 14, 1400.0), ("2026-03-27", 4, 400.0)]
    {
        let text =
            ON_PAPER.replace("2026-03-02", start).replace("days = 1", &format!("days = {days}"));
        let money = "\n[money]\nfixed_per_week = 700\n";
        let zone = "time_zone = \"Europe/Berlin\"\n";
        let model = from_text(&format!("{zone}{text}{money}"));
        let found = measured(&row(&model.model, 0), "tools_cost").unwrap();
        // Of days in part of a week one may have an hour more or less.
        assert!(
            (found - cost).abs() <= if days == 14 { 0.0 } else { 100.0 / 24.0 + 0.01 },
            "{found}"
        );
    }
}

#[test]
fn two_weeks_of_an_intervention_end_at_the_hour_they_began_and_cost_two_weeks() {
    let text = ON_PAPER.replace("2026-03-02", "2026-10-12").replace("days = 1", "weeks = 4");
    for ends in ["lasts = \"14 d\"", "lasts = \"2 weeks\"", "until = 2026-11-02"] {
        let extra = format!(
            "\n[[interventions]]\nfrom = 2026-10-19\n{ends}\ncost_per_week = 1680\n\
             change.teams.desk.agents = 3\n"
        );
        let model = from_text(&format!("time_zone = \"Europe/Sofia\"\n{text}{extra}{PRICES}"));
        let row = row(&model.model, 0);
        assert_eq!(measured(&row, "intervention_days"), Some(14.0), "{ends}");
        assert_eq!(measured(&row, "intervention_cost"), Some(3360.0), "{ends}");
    }
}

#[test]
fn shrinkage_is_paid() {
    let shrunk = ON_PAPER.replace("\"0%\"", "\"30%\"");
    let row = row(&from_text(&format!("{shrunk}{PRICES}")).model, 0);
    assert_eq!(measured(&row, "paid_hours"), Some(26.0));
    assert!(measured(&row, "staffed_hours").unwrap() < 10.0);
}

/// One telephone, no queue: a call every half hour, three quarters of an hour each. Every second
/// caller is lost.
const ONE_LINE: &str = r#"
start = 2026-03-02
days = 1
opening = "empty"

[tickets.call]
arrivals = { every = "30 min" }
handle = { mean = "45 min", law = "constant" }

[teams.lines]
agents = 1
hours = "always"
shrinkage = 0
room = 1
wage = 10

[money]
wage = 99
margin = 40
refund = 5

[money.satisfaction]
first_reply = [{ after = "0 min", score = 5 }, { after = "90 min", score = 4 }]
"#;

#[test]
fn lost_customers_worked_by_hand() {
    let row = row(&from_text(ONE_LINE).model, 0);
    assert_eq!((row.all_classes().solved, row.all_classes().withdrawn), (24, 24));
    assert_eq!(measured(&row, "wages"), Some(240.0));
    assert_eq!(measured(&row, "lost_margin"), Some(24.0 * 45.0));
    // Half way from 5 to 4: all who are asked promote, all who were lost detract.
    assert_eq!(measured(&row, "csat"), Some(4.5));
    assert_eq!(measured(&row, "nps_proxy"), Some(0.0));
}

/// Nobody there before midnight: whoever orders gives up within minutes, and goes to the bank.
const NOBODY_THERE: &str = r#"
start = 2026-03-02
days = 1
opening = "empty"

[calendars.far]
mon-fri = "23:59-24:00"

[tickets.order]
arrivals = { every = "1 h" }
handle = "5 min"
patience = { mean = "1 min", outside = "100%" }

[teams.desk]
agents = 1
hours = "far"
shrinkage = 0

[money]
margin = 40
outside = 90
tickets.order = { outside = 25 }
"#;

#[test]
fn complaints_outside_worked_by_hand() {
    let row = row(&from_text(NOBODY_THERE).model, 0);
    // One order each hour from midnight on.
    let all = row.all_classes();
    assert_eq!((all.created.iter().sum::<u64>(), all.withdrawn, all.outside), (24, 24, 24));
    assert_eq!(measured(&row, "outside_complaints"), Some(24.0));
    assert_eq!(measured(&row, "outside_cost"), Some(24.0 * 25.0));
    assert_eq!(measured(&row, "lost_margin"), Some(24.0 * 40.0));
    assert_eq!(measured(&row, "total_cost"), Some(24.0 * 65.0));
}

fn everything() -> String {
    std::fs::read_to_string(repository().join(EVERYTHING)).unwrap()
}

#[test]
fn judgements_are_taken_back_with_the_solutions_they_were_about() {
    let model = from_text(&everything()).model;
    for index in 0..3 {
        let row = row(&model, index);
        let all = row.all_classes();
        assert!(all.reopened > 50 && all.lost > 0 && all.lost < all.withdrawn, "{all:?}");
        for tally in &row.classes {
            assert_eq!(tally.opinions, tally.full_resolutions);
            let (least, most) = (1_000_000 * tally.opinions, 5_000_000 * tally.opinions);
            assert!((least..=most).contains(&tally.score_millionths));
            assert!(tally.promoters + tally.detractors <= tally.opinions);
        }
        let money = MEASURES.iter().filter(|measure| measure.unit == Unit::Money);
        // Nobody intervenes here, so that has no price.
        for measure in money.filter(|measure| measure.key != "intervention_cost") {
            assert!(measured(&row, measure.key).unwrap() > 0.0, "{} is nothing", measure.key);
        }
        let sum = |keys: &[&str]| keys.iter().filter_map(|key| measured(&row, key)).sum::<f64>();
        let running = sum(&[
            "wages",
            "overtime_cost",
            "hiring_cost",
            "tools_cost",
            "one_off_cost",
            "intervention_cost",
            "automation_cost",
        ]);
        assert!((running - sum(&["running_cost"])).abs() < 0.005);
        let total = sum(&["running_cost", "penalties", "lost_margin", "outside_cost"]);
        assert!((total - sum(&["total_cost"])).abs() < 0.005);
    }
}

/// A row as it would be if nobody had asked what things cost.
fn unpriced(mut row: Row) -> Row {
    for tally in &mut row.classes {
        *tally = ClassTally {
            priced: 0,
            lost: 0,
            lost_cents: 0,
            outside_cents: 0,
            penalty_cents: 0,
            automation_cents: 0,
            opinions: 0,
            score_millionths: 0,
            promoters: 0,
            detractors: 0,
            ..tally.clone()
        };
    }
    for tally in &mut row.teams {
        *tally = TeamTally {
            priced: 0,
            paid_micros: 0,
            wage_cents: 0,
            overtime_cents: 0,
            hiring_cents: 0,
            ..tally.clone()
        };
    }
    (row.run.priced, row.run.fixed_cents, row.run.outlay_cents) = (false, 0, 0);
    row
}

#[test]
fn counting_the_money_changes_nothing_else() {
    let text = everything();
    let (without, _) = text.split_once("\n[money]\n").unwrap();
    let without = without.replace("wage = 31.5\n", "");
    let (priced, plain) = (from_text(&text).model, from_text(&without).model);
    for index in 0..3 {
        let plain = row(&plain, index);
        assert_eq!(unpriced(row(&priced, index)), plain);
        for measure in MEASURES {
            if matches!(measure.unit, Unit::Money | Unit::Points) {
                assert_eq!(measured(&plain, measure.key), None, "{}", measure.key);
            }
        }
    }
}

#[test]
fn a_table_without_prices_gives_opinions_and_no_costs() {
    let row = row(&from_text(&format!("{ON_PAPER}\n[money]\n")).model, 0);
    assert!(measured(&row, "csat").is_some());
    assert_eq!(measured(&row, "total_cost"), None);
}
