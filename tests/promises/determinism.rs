//! The same seed gives the same bits: on any number of threads, watched or not, in one go or in
//! several, and whoever else writes to the desk. (With mechanisms that do nothing: `neutral`.)

use crate::support::outputs::{Plan, StopAfter, assert_same};
use crate::support::{EVERYTHING, from_text, repository};
use surgecast::engine::{Desk, simulate};
use surgecast::experiment::forecast::Work;
use surgecast::experiment::frame::frame_of;
use surgecast::model::Model;
use surgecast::outcome::clearance::Target;
use surgecast::outcome::journal::{Entry, Fact, Journal};
use surgecast::outcome::recorder::Recorder;
use surgecast::outcome::row::Row;
use surgecast::scenario::Scenario;
use surgecast::ticket::Cause;

/// Beyond the 60 of the calm companion, and a different number for every thread.
const REPLICATIONS: u64 = 23;

fn everything() -> Plan {
    let scenario = Scenario::read(&repository().join(EVERYTHING), &[]).unwrap();
    Plan::new(scenario, REPLICATIONS)
}

#[test]
fn one_thread_gives_the_same_files_as_two_and_eight() {
    let plan = everything();
    let on = |threads| plan.outputs(&plan.forecast(threads, Work::default(), &()));
    let one = on(1);
    assert!(one.len() >= 10, "{:?}", one.keys());
    assert_same(&one, &on(2), "two threads");
    assert_same(&one, &on(8), "eight threads");
}

#[test]
fn an_interrupted_and_resumed_forecast_is_the_uninterrupted_one() {
    let plan = everything();
    let whole = plan.outputs(&plan.forecast(2, Work::default(), &()));
    // In the calm companion, in the season, in the season without loops, and at the very end.
    for stop in [0, 40, 61, 83, 105] {
        let mut work = Work::default();
        let mut interruptions = 0;
        let resumed = loop {
            let progress = StopAfter::new(stop + interruptions * 30);
            let part = plan.forecast(2, work, &progress);
            // What an interruption leaves goes through its file.
            let text = serde_json::to_string(&part.work).unwrap();
            work = serde_json::from_str(&text).unwrap();
            assert_eq!(work, part.work, "the file of an interrupted run loses something");
            if part.complete {
                break plan.outputs(&part);
            }
            interruptions += 1;
            assert!(interruptions < 20, "a resumed forecast makes no progress");
        };
        assert_same(&whole, &resumed, &format!("stopped after {stop} replications"));
    }
}

pub(crate) fn row(model: &Model, index: u64, journal: Option<&mut Journal>) -> Row {
    let frame = frame_of(model);
    let mut recorder = Recorder::new(&frame);
    match journal {
        Some(journal) => {
            let mut both = (journal, &mut recorder);
            simulate(model, 5, index, &mut Desk::new(), &mut both);
        }
        None => simulate(model, 5, index, &mut Desk::new(), &mut recorder),
    }
    let closes: Vec<u32> = frame
        .closes
        .iter()
        .map(|census| recorder.snapshots.get(*census as usize).map_or(u32::MAX, |s| s.unsolved))
        .collect();
    let target = Target { at_most: 50.0, closes: 3, watch_from: 0 };
    Row::new(index, &recorder, &closes, &target)
}

#[test]
fn a_run_that_is_traced_is_the_run_that_is_not() {
    let text = std::fs::read_to_string(repository().join(EVERYTHING)).unwrap();
    let model = from_text(&text).model;
    for index in 0..4 {
        let mut journal = Journal::default();
        let traced = row(&model, index, Some(&mut journal));
        assert_eq!(traced, row(&model, index, None));
        assert!(journal.entries.len() > 10_000, "{}", journal.entries.len());
    }
}

#[test]
fn a_desk_used_before_gives_the_same_run() {
    let text = std::fs::read_to_string(repository().join(EVERYTHING)).unwrap();
    let model = from_text(&text).model;
    let frame = frame_of(&model);
    let (mut desk, mut used) = (Desk::new(), Journal::default());
    for index in 0..3 {
        simulate(&model, 5, index, &mut desk, &mut used);
        let (mut fresh, mut recorder) = (Journal::default(), Recorder::new(&frame));
        simulate(&model, 5, index, &mut Desk::new(), &mut (&mut fresh, &mut recorder));
        assert_eq!(used.entries, fresh.entries, "replication {index}");
    }
}

const FIRST_CLASS: &str = "[tickets.orders]
arrivals = { per_day = 150, busyness_cv = 0.3 }
team = \"front\"
urgency = { high = \"30%\", normal = \"70%\" }
chasers = { after = \"4 h\", per_day = 0.4 }
duplicates = { share = \"20%\" }
pending = { asks = \"20%\" }
patience = { mean = \"4 d\", returns = \"20%\" }
reopen = \"8%\"
";

const SECOND_CLASS: &str = "[tickets.billing]
arrivals = { per_day = 40 }
chasers = {}
reopen = \"5%\"
";

/// A desk of those ticket classes, with a team for each.
fn desk(tickets: &[&str], second_team: &str) -> Model {
    let text = format!(
        "start = 2026-11-16\nweeks = 3\n\n{}\n[teams.front]\nagents = 8\nhandles = [\"orders\"{}]\n\n\
         [teams.back]\nagents = 4\n{second_team}\n",
        tickets.join("\n"),
        if tickets.len() > 1 && second_team.is_empty() { ", \"billing\"" } else { "" },
    );
    from_text(&text).model
}

/// What happened to the tickets of a class: when, which of them in the order they came, and what.
fn story(model: &Model, class: &str) -> Vec<(i64, u32, Fact)> {
    let mut journal = Journal::default();
    simulate(model, 3, 1, &mut Desk::new(), &mut journal);
    // The tickets there at the start and at the end are told of in any order.
    let opening = journal.entries.iter().take_while(|entry| entry.fact == Fact::OpensWith).count();
    journal.entries[..opening].sort_by_key(|entry| entry.at);
    let last = journal.entries.partition_point(|entry| entry.at < model.end);
    let numbered = |entry: &Entry| journal.entries.iter().position(|e| e.ticket == entry.ticket);
    let mut remain: Vec<(Option<usize>, Entry)> =
        journal.entries[last..].iter().map(|entry| (numbered(entry), *entry)).collect();
    remain.sort_by_key(|(first, _)| *first);
    journal.entries.truncate(last);
    journal.entries.extend(remain.into_iter().map(|(_, entry)| entry));
    let mut numbers = Vec::new();
    let mine = |entry: &&Entry| {
        entry.class.is_some_and(|of| model.classes[of.index()].name == class)
            && entry.ticket.is_some()
    };
    let mut number = |ticket: u32| {
        numbers.iter().position(|known| *known == ticket).unwrap_or_else(|| {
            numbers.push(ticket);
            numbers.len() - 1
        }) as u32
    };
    let entries = journal.entries.iter().filter(mine);
    entries.map(|entry| (entry.at.micros(), number(entry.ticket.unwrap()), entry.fact)).collect()
}

#[test]
fn a_new_class_with_a_team_of_its_own_moves_nobody() {
    let alone = desk(&[FIRST_CLASS], "");
    let own_team = "handles = [\"billing\"]";
    // Wherever it stands in the text, and although its name comes first in the alphabet.
    let after = desk(&[FIRST_CLASS, SECOND_CLASS], own_team);
    let before = desk(&[SECOND_CLASS, FIRST_CLASS], own_team);
    let story_alone = story(&alone, "orders");
    assert!(story_alone.len() > 10_000);
    for (model, place) in [(&after, "after"), (&before, "before")] {
        let other = story(model, "orders");
        let differs = story_alone.iter().zip(&other).position(|(one, other)| one != other);
        let at = differs.map(|at| (at, story_alone[at], other[at]));
        assert!(story_alone == other, "written {place} it moves {at:?}");
    }
}

#[test]
fn a_new_class_at_the_same_team_meets_the_same_customers() {
    let arrivals = |model: &Model| -> Vec<i64> {
        let mine = story(model, "orders");
        let new = mine.iter().filter(|(_, _, fact)| *fact == Fact::Created(Cause::New));
        new.map(|(at, _, _)| *at).collect()
    };
    let alone = desk(&[FIRST_CLASS], "");
    let shared = desk(&[SECOND_CLASS, FIRST_CLASS], "");
    assert_eq!(arrivals(&alone), arrivals(&shared));
    assert_ne!(story(&alone, "orders"), story(&shared, "orders"));
}

/// Everything that a plain desk can have: two tiers of two groups, and all loops that need no more.
const PLAIN: &str = r#"
name = "Plain"
start = 2026-10-19
weeks = 3
warm_up = "1 week"

[calendars.desk]
mon-fri = "09:00-17:00"
sat = "10:00-14:00"

[tickets.orders]
arrivals = { per_day = 90, busyness_cv = 0.3, batches = ["90%", "10%"] }
urgency = { high = "30%", normal = "70%" }
handle_at = { second = "12 min" }
promise = { first_reply = "8 h", next_reply = "6 h", resolution = "2 business days", hours = "desk" }
chasers = { after = "8 h", per_day = 0.5, at_most = 3, bump = "to-front", raises_priority = true }
reopen = { share = "10%", after = "20 h" }
pending = { asks = "20%", reply_after = "12 h", no_reply = "30%" }
patience = { mean = "4 d", returns = "30%", returns_after = "5 h", outside = "20%" }

[tickets.refunds]
arrivals = { per_day = 30 }
handle = { mean = "9 min", cv = 0.8 }
chasers = { after = "1 d", bump = "to-back" }
reopen = "5%"

[teams.first]
groups = [
  { name = "all", agents = 2, hours = "desk", handles = ["orders", "refunds"], in_order = true },
  { name = "orders", agents = 1, hours = "desk", handles = ["orders"] },
]
hours = "desk"
handles = ["orders", "refunds"]
order = "ORDER"
shift_end = "END"
shrinkage = { absence = "8%", off_queue = "20%" }

[teams.second]
agents = 1
hours = "desk"
handles = ["orders", "refunds"]
order = "ORDER"
shift_end = "END"

[[escalations]]
from = "first"
to = "second"
after_touch = "12%"
delay = "1 h"
raises_priority = true

[[escalations]]
from = "first"
to = "second"
tickets = ["refunds"]
waiting_over = "1 business day"
hours = "desk"

[[surges]]
from = 2026-10-26
until = 2026-10-29
lift = "150%"
"#;

#[test]
fn a_plain_desk_runs_as_one_that_is_asked_about_everything() {
    let orders = [
        "oldest",
        "newest",
        "random",
        "priority",
        "earliest-due",
        "least-slack",
        "shortest",
        "state-first",
        "cherry-picking",
    ];
    for order in orders {
        for end in ["finish", "suspend", "hand-over"] {
            let text = PLAIN.replace("ORDER", order).replace("END", end);
            let plain = from_text(&text).model;
            assert!(plain.is_plain(), "{order}, {end}");
            // Nobody is told anything, but the desk is asked whether somebody is.
            let mut asked = plain.clone();
            asked.tells_expected_wait = true;
            assert!(!asked.is_plain());
            for index in 0..2 {
                let mut journals = [Journal::default(), Journal::default()];
                let rows: Vec<Row> = [&plain, &asked]
                    .into_iter()
                    .zip(&mut journals)
                    .map(|(model, journal)| row(model, index, Some(journal)))
                    .collect();
                assert_eq!(rows[0], rows[1], "{order}, {end}");
                assert_eq!(journals[0].entries, journals[1].entries, "{order}, {end}");
                assert!(journals[0].entries.len() > 5000, "{}", journals[0].entries.len());
            }
        }
    }
}
