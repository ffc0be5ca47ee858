//! A mechanism that does nothing changes nothing: a desk gives the same bits with each mechanism written
//! without effect as without it.

use crate::determinism::row;
use crate::support::from_text;
use surgecast::engine::{Desk, simulate};
use surgecast::model::Model;
use surgecast::outcome::journal::Journal;

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
