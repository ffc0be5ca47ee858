//! The same seed gives the same bits: on any number of threads, watched or not, in one go or in
//! several, whoever else writes to the desk, and with mechanisms that do nothing.

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

fn row(model: &Model, index: u64, journal: Option<&mut Journal>) -> Row {
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

/// A desk under load; `{tickets}` stands in the class, `{team}` in the team, `{end}` at the end.
const BASE: &str = "start = 2026-11-16
weeks = 3
{top}

[calendars.desk]
mon-fri = \"09:00-18:00\"

[tickets.orders]
arrivals = { per_day = 160, busyness_cv = 0.3{arrivals} }
handle = { mean = \"7 min\", cv = 1.3 }
promise = { first_reply = \"8 h\", resolution = \"2 d\" }
{tickets}

[tickets.refunds]
arrivals = { per_day = 20 }
handle = \"12 min\"

[teams.front]
agents = 6
hours = \"desk\"
{team}

[teams.back]
agents = 3
hours = \"desk\"
order = \"priority\"

[[escalations]]
from = \"front\"
to = \"back\"
after_touch = \"15%\"
{route}

{end}
";

/// Where a mechanism is written, how it is written without any effect, and what it is added to.
struct Neutral {
    place: &'static str,
    absent: &'static str,
    neutral: &'static str,
}

const fn neutral(place: &'static str, neutral: &'static str) -> Neutral {
    Neutral { place, absent: "", neutral }
}

const fn instead(place: &'static str, absent: &'static str, neutral: &'static str) -> Neutral {
    Neutral { place, absent, neutral }
}

const NEUTRAL: &[Neutral] = &[
    // Arrivals.
    neutral("arrivals", ", profile = \"flat\""),
    instead(
        "end",
        "[tickets.more]\narrivals = { per_week = 128 }",
        "[tickets.more]\narrivals = { customers = 1024, contact_rate = \"0.125 per week\" }",
    ),
    instead(
        "end",
        "[tickets.more]\narrivals = { per_day = 16 }",
        "[tickets.more]\narrivals = { orders_per_day = 64, contact_rate = \"25%\" }",
    ),
    neutral("arrivals", ", growth_per_year = \"0%\""),
    neutral("arrivals", ", batches = [\"100%\"]"),
    neutral("arrivals", ", incidents = { every = \"3 d\", lasts = \"8 h\", lift = \"0%\" }"),
    neutral("end", "[[surges]]\nfrom = 2026-11-20\nlasts = \"3 d\"\ntail = \"1 d\"\nlift = \"0%\""),
    neutral("end", "[[surges]]\npreset = \"ecommerce-december\"\nlift = \"0%\""),
    // Customers.
    instead(
        "tickets",
        "chasers = {}\npatience = { mean = \"3 d\" }",
        "chasers = {}\npatience = { mean = \"3 d\" }\nacknowledgement = { calms = \"0%\" }",
    ),
    instead(
        "tickets",
        "chasers = {}",
        "chasers = {}\nacknowledgement = { calms = 0, says = \"expected\", past_promise = 1 }",
    ),
    neutral("end", "[[notices]]\nfrom = 2026-11-20\nreach = \"0%\""),
    neutral("end", "[[notices]]\nfrom = 2026-11-20\ntickets = [\"orders\"]\nfewer = 0\ncalms = 0"),
    neutral(
        "end",
        "[[notices]]\nfrom = 2026-11-20\nfewer = 0\ncalms = 0\npromised_within = \"1 d\"\npast_promise = 1",
    ),
    neutral("tickets", "chasers = { per_day = 0 }"),
    neutral("tickets", "duplicates = { share = \"0%\" }\nchasers = { per_day = 0 }"),
    instead(
        "tickets",
        "chasers = {}\nduplicates = {}",
        "chasers = { shape = 1, bump = \"none\", raises_priority = false, read = \"with-ticket\" }\n\
         duplicates = { switch_to = \"refunds\", switch = \"0%\", chased = false }",
    ),
    instead("tickets", "chasers = {}", "chasers = {}\nduplicates = { share = \"0%\" }"),
    neutral("tickets", "reopen = \"0%\""),
    instead(
        "tickets",
        "reopen = \"8%\"",
        "reopen = { share = \"8%\", share_after_wait = \"8%\", waited_over = \"1 d\" }",
    ),
    instead(
        "end",
        "[triage]\nteam = \"back\"\n[tickets.more]\narrivals = { per_day = 90 }\nreopen = \"8%\"",
        "[triage]\nteam = \"back\"\n[tickets.more]\narrivals = { per_day = 90 }\n\
         reopen = { share = \"8%\", after_misroute = 1 }",
    ),
    neutral("tickets", "pending = { asks = \"0%\" }"),
    neutral("tickets", "patience = { mean = \"300000 d\" }"),
    instead(
        "tickets",
        "patience = { mean = \"3 d\" }",
        "patience = { mean = \"3 d\", shape = 1, returns = \"0%\", returns_after = \"1 h\" }",
    ),
    instead(
        "tickets",
        "patience = { mean = \"3 d\", returns = \"20%\" }",
        "patience = { mean = \"3 d\", returns = \"20%\", outside = 0 }",
    ),
    neutral("tickets", "urgency = { normal = \"100%\" }"),
    neutral("tickets", "impact = \"normal\""),
    neutral("top", "priority_matrix = [[1, 1, 1, 2], [1, 2, 2, 3], [2, 2, 3, 3], [3, 3, 4, 4]]"),
    // Bots.
    neutral("end", "[automation.bot]\nattempt = \"0%\""),
    neutral("end", "[automation.bot]\nattempt = \"60%\"\nresolves = \"0%\"\ntakes = \"0 s\""),
    instead(
        "end",
        "[automation.bot]\nreturns = { share = \"0%\" }",
        "[automation.bot]\nreturns = { share = \"0%\", after = \"2 h\", handle = \"+50%\" }",
    ),
    instead(
        "end",
        "[automation.bot]",
        "[automation.bot]\nresolves_at_first = \"30%\"\nlearns_over = \"9 weeks\"",
    ),
    instead(
        "end",
        "[automation.bot]",
        "[automation.bot]\nreturns = { raises_priority = false }\neasy = \"50%\"",
    ),
    neutral("end", "[automation.bot]\nfrom = 2026-12-06T23:59:59"),
    // Customers of whom none leaves, and of whom nobody speaks.
    neutral(
        "end",
        "[customers]\nnumber = 900\nleave_per_day = 0\nleave_per_reopen = 0\nleave_given_up = 0\nwarn = 0\nrecommend = 0",
    ),
    // Recurring problems.
    neutral("end", "[[problems]]\nshare = 0"),
    neutral("end", "[[problems]]\nmended_after = \"900 weeks\""),
    neutral("end", "[[problems]]\ndetected_after = 100000"),
    // Ready answers.
    neutral("end", "[[macros]]\nfits = \"0%\""),
    neutral("end", "[[macros]]\nhandle = 1"),
    instead(
        "tickets",
        "pending = { asks = \"20%\", no_reply = \"30%\" }",
        "pending = { asks = \"20%\", no_reply = \"30%\", reminders = [], reminded = \"90%\" }",
    ),
    instead(
        "tickets",
        "pending = { asks = \"20%\", no_reply = \"30%\", close_after = \"10 d\" }",
        "pending = { asks = \"20%\", no_reply = \"30%\", reminders = [\"3 d\", \"3 d\"], reminded = 0, \
         close_after = \"4 d\" }",
    ),
    // Teams.
    neutral("team", "order = \"oldest\""),
    neutral("team", "order = \"priority\""),
    neutral("team", "order = { easy-first = 0 }"),
    neutral("team", "order = { mix = { } }"),
    neutral("team", "interrupts = true"),
    neutral("team", "swarm = false"),
    neutral("team", "swarm = { agents = 1 }"),
    neutral("team", "swarm = { share = 0 }"),
    neutral("team", "swarm = { over = \"900 h\" }"),
    neutral("team", "questions = true"),
    instead(
        "end",
        "[[hires]]\nteam = \"front\"\nagents = 2\nfrom = 2026-11-18\ntraining = \"1 d\"",
        "[[hires]]\nteam = \"front\"\nagents = 2\nfrom = 2026-11-18\ntraining = \"1 d\"\n\
         [teams.front.questions]\nshare = 0",
    ),
    neutral("team", "concurrency = 1"),
    neutral("team", "concurrency = { at_once = 1, slower = 3, tickets = [\"orders\"] }"),
    neutral("team", "concurrency = 3"),
    neutral("team", "blending = false"),
    neutral("team", "blending = true"),
    neutral("team", "blending = { immediate = [\"orders\", \"refunds\"] }"),
    instead(
        "team",
        "blending = { immediate = [\"refunds\"] }",
        "blending = { immediate = [\"refunds\"], ring_fence = { agents = 0 } }",
    ),
    neutral("team", "assignment = \"shared\""),
    neutral("team", "forgotten = { per_day = \"0%\" }"),
    neutral("team", "forgotten = { per_day = \"50%\", audit = \"1 d\" }"),
    instead(
        "team",
        "assignment = \"round-robin\"",
        "assignment = \"round-robin\"\ninbox = { at_most = 1000000 }\nforgotten = { per_day = \"0%\" }",
    ),
    neutral("team", "shift_end = \"finish\""),
    instead("team", "shift_end = \"suspend\"", "shift_end = \"hand-over\"\nreread = \"0 min\""),
    instead("team", "shrinkage = 0", "shrinkage = { absence = 0, off_queue = 0 }"),
    instead(
        "team",
        "shrinkage = { absence = 0.1 }",
        "shrinkage = { absence = 0.1, absence_cv = 0 }",
    ),
    neutral("team", "pressure = { pace = 1, reopens = 1 }"),
    neutral("team", "overwork = false"),
    neutral("team", "overwork = { handle = \"100%\" }"),
    neutral("team", "fatigue = false"),
    neutral("team", "fatigue = { usual = \"900 h\" }"),
    neutral("team", "fatigue = { slower = 0, slower_past_long = 0, next_day = 0 }"),
    neutral("team", "attrition = \"0%\""),
    neutral("team", "switch = \"0 s\""),
    neutral("tickets", "late = \"0%\""),
    instead(
        "end",
        "[tickets.more]\narrivals = { per_day = 9 }\npromise = { resolution = \"1 d\" }",
        "[tickets.more]\narrivals = { per_day = 9 }\npromise = { resolution = { urgent = \"1 d\", \
         high = \"1 d\", normal = \"1 d\", low = \"1 d\" } }",
    ),
    neutral("tickets", "late = { per_day = \"5%\", after = \"900 weeks\" }"),
    neutral("team", "people = { speed_cv = 0, quality_cv = 0 }"),
    neutral("route", "delay = \"0 s\""),
    neutral("route", "raises_priority = false"),
    neutral("end", "[[escalations]]\nfrom = \"back\"\nto = \"front\"\nafter_touch = \"0%\""),
    neutral(
        "end",
        "[[escalations]]\nfrom = \"front\"\nto = \"back\"\nwaiting_over = \"900 weeks\"",
    ),
    neutral("end", "[triage]\nautomatic = { accuracy = \"100%\", takes = \"0 s\" }"),
    instead(
        "end",
        "[triage]\nteam = \"back\"",
        "[triage]\nteam = \"back\"\nautomatic = { accuracy = \"0%\", takes = \"0 s\", threshold = \"1%\" }",
    ),
    neutral("end", "[[approvals]]\nfrom = \"front\"\nby = \"back\"\nshare = \"0%\""),
    neutral("route", "clarity = \"100%\"\nunclear = { sent_back = \"100%\" }"),
    instead("route", "", "clarity = \"0%\"\nunclear = { delay = \"0 h\", sent_back = \"0%\" }"),
    // What is planned.
    neutral("end", "[[hires]]\nteam = \"front\"\nagents = 0\nfrom = 2026-11-20"),
    instead(
        "end",
        "[[hires]]\nteam = \"front\"\nagents = 2\nfrom = 2026-11-18\nearly = 0",
        "[[hires]]\nteam = \"front\"\nagents = 2\nfrom = 2026-11-18\nearly = 0\n\
         nesting = { lasts = \"2 weeks\", handle = 1, mentor = 0 }",
    ),
    neutral("end", "[[staffing_reviews]]\nteam = \"front\"\nbacklog = 10\nat_most = 0"),
    neutral("end", "[[staffing_reviews]]\nteam = \"front\"\nbacklog = 999999\nevery = \"7 d\""),
    neutral(
        "end",
        "[[tools]]\nkind = \"one-panel\"\nfrom = 2026-11-20\nhandle = 1\ntraining = \"0 h\"",
    ),
    neutral("end", "[[new_products]]\nfrom = 2026-11-20\nramp = { start = \"100%\" }"),
    instead(
        "end",
        "[[hires]]\nteam = \"front\"\nagents = 2\nfrom = 2026-11-18\ntraining = \"1 d\"\n\
         ramp = { start = \"100%\", over = \"1 d\", reopens = 1 }",
        "[[hires]]\nteam = \"front\"\nagents = 2\nfrom = 2026-11-18\ntraining = \"1 d\"\n\
         ramp = { start = \"100%\", over = \"9 weeks\", shape = \"linear\", reopens = 1 }",
    ),
    neutral(
        "end",
        "[[overtime]]\nteam = \"front\"\nfrom = 2026-11-19\nuntil = 2026-11-24\nhours = \"18:00-20:00\"\nagents = 0",
    ),
    neutral(
        "end",
        "[[rushes]]\nteam = \"front\"\non = 2026-11-19\nhours = \"18:00-22:00\"\nagents = 0",
    ),
    neutral(
        "end",
        "[[bulk_replies]]\nat = 2026-11-24T10:00:00\ntickets = [\"orders\"]\nfits = \"0%\"",
    ),
    // Money: what nobody does costs nothing.
    instead(
        "end",
        "[money]\nwage = 20",
        "[money]\nwage = 20\novertime = 2\nhire = 100\ntemp = 50\ntemp_wage = 9\nmargin = 40\nbot_attempt = 1",
    ),
    instead("top", "opening = \"empty\"", "warm_up = \"0 d\""),
    instead("end", "[opening]", "[opening]\ntickets = { orders = 0 }"),
    instead(
        "end",
        "[opening]\ntickets = { orders = 200 }",
        "[opening]\ntickets = { orders = 200 }\npending = \"0%\"",
    ),
];

fn neutral_model(place: &str, text: &str) -> Model {
    let mut scenario = BASE.to_string();
    for hole in ["top", "arrivals", "tickets", "team", "route", "end"] {
        let hole_text = format!("{{{hole}}}");
        assert!(scenario.contains(&hole_text));
        scenario = scenario.replace(&hole_text, if hole == place { text } else { "" });
    }
    from_text(&scenario).model
}

#[test]
fn a_mechanism_that_does_nothing_is_absent_to_the_bit() {
    let mut different = Vec::new();
    for Neutral { place, absent, neutral } in NEUTRAL {
        let (absent_model, neutral_model) =
            (neutral_model(place, absent), neutral_model(place, neutral));
        for index in 0..2 {
            if row(&absent_model, index, None) != row(&neutral_model, index, None) {
                different.push(*neutral);
                break;
            }
        }
    }
    assert!(different.is_empty(), "{} mechanisms are not neutral: {different:#?}", different.len());
}

#[test]
fn promises_that_are_only_measured_change_their_own_counts_only() {
    let base = "promise = { first_reply = \"8 h\", resolution = \"2 d\" }";
    let desk = |promise: &str| {
        let text = "[tickets.more]\narrivals = { per_day = 60 }\nreopen = \"20%\"\nchasers = {}\n";
        neutral_model("end", &format!("{text}{promise}"))
    };
    let without = desk(base);
    let with = desk(&base.replace("8 h\",", "8 h\", next_reply = \"4 h\", answer = \"7 d\","));
    for index in 0..2 {
        let mut with = row(&with, index, None);
        let all = with.all_classes();
        assert!(all.next_reply_kept > 9 && all.next_reply_missed > 9, "{all:?}");
        assert!(all.answered[0] > 9 && all.answered[1] > 9, "{all:?}");
        for tally in &mut with.classes {
            (tally.next_reply_kept, tally.next_reply_missed) = (0, 0);
            (tally.answered, tally.unanswered) = ([0; 2], [0; 2]);
        }
        assert!(with == row(&without, index, None));
    }
}

#[test]
fn the_desk_that_neutral_mechanisms_are_tried_on_is_not_idle() {
    let model = neutral_model("", "");
    let all = row(&model, 0, None).all_classes();
    assert!(all.solved > 1_000 && all.moves > 100 && all.reply_missed > 0, "{all:?}");
}

#[test]
fn customers_whom_nothing_moves_write_what_was_planned() {
    let patient = "[customers]\nnumber = 900\ntolerate = \"900 weeks\"\nleave_per_reopen = 0\n\
                   leave_given_up = 0\nwarn = 0\nrecommend = 0";
    let journal = |model: &Model| {
        let mut journal = Journal::default();
        simulate(model, 3, 1, &mut Desk::new(), &mut journal);
        journal.entries
    };
    let (with, without) = (neutral_model("end", patient), neutral_model("end", ""));
    assert!(with.customers.is_some() && without.customers.is_none());
    assert!(journal(&with) == journal(&without));
}

/// Interventions that never come, and some that change a thing into itself, in the middle of the day.
const IDLE_INTERVENTIONS: [&str; 3] = [
    "[[interventions]]\nwhen = { backlog_above = 4000000000 }\nchange.teams.front.agents = 20",
    "[[interventions]]\nfrom = 2026-11-24T11:30:00\nlasts = \"30 h\"\nchange.teams.front.agents = 6",
    "[[interventions]]\nwhen = { backlog_above = 10 }\nstop_when = { backlog_below = 10 }\n\
     change.teams.back.order = \"priority\"",
];

#[test]
fn an_intervention_that_changes_nothing_is_absent_to_the_bit() {
    let absent = neutral_model("", "");
    for idle in IDLE_INTERVENTIONS {
        let model = neutral_model("end", idle);
        let mut begun = 0;
        for index in 0..4 {
            let mut with = row(&model, index, None);
            begun += with.run.interventions;
            // That there is one is counted, and nothing else differs.
            with.run.may_intervene = false;
            (with.run.interventions, with.run.intervention_micros) = (0, 0);
            assert!(with == row(&absent, index, None), "{idle} in replication {index}");
        }
        assert_eq!(begun == 0, idle.contains("4000000000"), "{idle}: {begun}");
    }
}

#[test]
fn an_intervention_at_the_start_is_another_scenario() {
    let from = "[[interventions]]\nfrom = 2026-11-16\nchange.teams.front.order = \"newest\"\n\
                change.tickets.orders.chasers = { per_day = 0.6 }";
    let filled = |fillings: [(&str, &str); 4]| {
        let holes = ["{arrivals}", "{tickets}", "{team}", "{route}", "{end}"];
        let text = BASE.replace("{top}", "opening = \"empty\"");
        let text = fillings.iter().fold(text, |text, (hole, with)| text.replace(hole, with));
        from_text(&holes.iter().fold(text, |text, hole| text.replace(hole, ""))).model
    };
    let none = ("{route}", "");
    let intervened = filled([("{end}", from), none, none, none]);
    let chasers = ("{tickets}", "chasers = { per_day = 0.6 }");
    let changed = filled([("{team}", "order = \"newest\""), chasers, none, none]);
    let mut with = row(&intervened, 0, None);
    assert_eq!(with.run.interventions, 1);
    with.run.may_intervene = false;
    (with.run.interventions, with.run.intervention_micros) = (0, 0);
    assert!(with == row(&changed, 0, None));
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
