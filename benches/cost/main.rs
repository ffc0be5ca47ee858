//! What each mechanism costs when it is on, by touch: a desk, and the same desk with one mechanism.
//!
//! `cargo bench --bench cost` prints nanoseconds by touch, medians of turns; a machine that does
//! other things makes them noisy. `benches/cost/callgrind.sh` counts instructions instead, which
//! do not care; docs/performance.md has what came out.

#![allow(clippy::print_stdout)] // A benchmark is read on the screen.

use std::path::Path;
use std::time::Instant;
use surgecast::engine::{Desk, simulate};
use surgecast::experiment::frame::frame_of;
use surgecast::outcome::recorder::Recorder;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};

/// Turns; the median of them is printed.
const ROUNDS: u64 = 7;

/// Replications of a turn.
const REPLICATIONS: u64 = 4;

const DESK: &str = r#"
start = 2026-11-16
weeks = 8
opening = "empty"
[calendars.desk]
mon-fri = "09:00-18:00"
[tickets.mail]
arrivals = { per_day = 400 }
handle = { mean = "7 min", cv = 1.0 }
promise.first_reply = "8 h"
promise.resolution = "2 d"
{class}
[teams.front]
agents = 13
hours = "desk"
{team}
[teams.back]
agents = 3
hours = "desk"
[[escalations]]
from = "front"
to = "back"
after_touch = "10%"
{end}
"#;

const HIRES: &str = "[[hires]]\nteam = \"front\"\nagents = 3\nfrom = 2026-11-23";

const HIRES_WHO_ASK: &str =
    "[[hires]]\nteam = \"front\"\nagents = 3\nfrom = 2026-11-23\n[teams.front.questions]";

/// Mechanisms: a name, where it is written, and how.
const MECHANISMS: &[(&str, &str, &str)] = &[
    ("none", "end", ""),
    ("a surge", "end", "[[surges]]\nfrom = 2026-11-23\nlasts = \"5 d\"\nlift = \"20%\""),
    ("chasers", "class", "chasers = { per_day = 0.3 }"),
    ("chasers read at once", "class", "chasers = { per_day = 0.3, read = \"at-once\" }"),
    ("duplicates", "class", "chasers = { per_day = 0.3 }\nduplicates = {}"),
    ("patience", "class", "patience = { mean = \"9 d\" }"),
    ("patience and complaints", "class", "patience = { mean = \"9 d\", outside = \"10%\" }"),
    ("reopens", "class", "reopen = \"5%\""),
    ("reopens, next reply", "class", "reopen = \"5%\"\npromise.next_reply = \"8 h\""),
    ("pending", "class", "pending = { asks = \"20%\" }"),
    ("late tickets", "class", "late = \"5%\""),
    ("acknowledgement", "class", "chasers = { per_day = 0.3 }\nacknowledgement = {}"),
    ("priorities", "class", "urgency = { high = \"20%\", normal = \"80%\" }"),
    ("earliest due first", "team", "order = \"earliest-due\""),
    ("random order", "team", "order = \"random\""),
    ("cherry-picking", "team", "order = \"cherry-picking\""),
    ("weighted order", "team", "order = { mix = { age = 1, priority = 1 } }"),
    ("shrinkage", "team", "shrinkage = \"20%\""),
    ("people differ", "team", "people = {}"),
    ("pressure", "team", "pressure = {}"),
    ("overwork", "team", "overwork = {}"),
    ("fatigue", "team", "fatigue = {}"),
    ("attrition", "team", "attrition = {}"),
    ("switching", "team", "switch = \"30 s\""),
    ("inboxes", "team", "assignment = \"round-robin\""),
    ("room", "team", "room = 5000"),
    ("several at once", "team", "concurrency = { at_once = 2, tickets = [\"mail\"] }"),
    ("blending", "team", "blending = { immediate = [\"mail\"] }"),
    ("swarming", "team", "swarm = true"),
    ("bot", "end", "[automation.bot]\ntickets = [\"mail\"]\nattempt = \"30%\"\nresolves = \"10%\""),
    ("hires", "end", HIRES),
    ("hires who ask", "end", HIRES_WHO_ASK),
    ("triage", "end", "[triage]\nautomatic = {}"),
    ("triage, reopens", "end", "[triage]\nautomatic = {}\n[tickets.mail.reopen]\nshare = \"5%\""),
    (
        "triage, reopens after a misroute",
        "end",
        "[triage]\nautomatic = {}\n[tickets.mail.reopen]\nshare = \"5%\"\nafter_misroute = 1.5",
    ),
    ("approvals", "end", "[[approvals]]\nfrom = \"front\"\nby = \"back\"\nshare = \"5%\""),
    ("recurring problems", "end", "[[problems]]\nmended_after = \"50 weeks\""),
    ("notices", "end", "[[notices]]\nfrom = 2026-11-16\nlasts = \"50 d\"\nfewer = \"1%\""),
    ("macros", "end", "[[macros]]\nhandle = \"-1%\""),
    ("money", "end", "[money]\nwage = 24"),
    ("customers who leave", "end", "[customers]\nnumber = 90000"),
    (
        "interventions",
        "end",
        "[[interventions]]\nwhen = { occupancy_above = \"99.9%\" }\nchange.teams.front.agents = 14",
    ),
];

fn compiled(name: &str) -> Compiled {
    let (_, place, text) =
        MECHANISMS.iter().find(|(of, ..)| *of == name).expect("a mechanism of the list");
    let mut scenario = DESK.to_string();
    for hole in ["class", "team", "end"] {
        scenario = scenario.replace(&format!("{{{hole}}}"), if hole == *place { text } else { "" });
    }
    let scenario = Scenario::from_text(Path::new(name).to_str().unwrap_or(name), &scenario, &[]);
    let (compiled, problems) = scenario.compile(Parts::All);
    let told: Vec<String> = problems.iter().map(|p| p.message.clone()).collect();
    compiled.unwrap_or_else(|| panic!("{name}: {told:?}"))
}

/// Touches of so many replications of a desk.
fn touches(desk: &Compiled, first: u64, replications: u64) -> u64 {
    let frame = frame_of(&desk.model);
    let (mut memory, mut recorder) = (Desk::new(), Recorder::new(&frame));
    let mut touches = 0;
    for index in first..first + replications {
        simulate(&desk.model, 1, index, &mut memory, &mut recorder);
        touches += recorder.teams.iter().map(|team| team.touches).sum::<u64>();
    }
    touches
}

fn main() {
    let mut asked = std::env::args().skip(1).filter(|arg| arg != "--bench");
    if let Some(name) = asked.next() {
        // One mechanism, once: for whoever counts instructions.
        if name == "--list" {
            MECHANISMS.iter().for_each(|(name, ..)| println!("{name}"));
            return;
        }
        let replications = asked.next().map_or(REPLICATIONS, |n| n.parse().expect("a number"));
        println!("{}", touches(&compiled(&name), 0, replications));
        return;
    }
    let mut plain = 0.0;
    for (name, ..) in MECHANISMS {
        let desk = compiled(name);
        let mut nanos: Vec<f64> = (0..ROUNDS)
            .map(|round| {
                let begun = Instant::now();
                let done = touches(&desk, round * REPLICATIONS, REPLICATIONS);
                begun.elapsed().as_nanos() as f64 / done as f64
            })
            .collect();
        nanos.sort_by(f64::total_cmp);
        let median = nanos[nanos.len() / 2];
        if *name == "none" {
            plain = median;
        }
        println!("{name:<24} {median:>7.0} ns by touch {:>+7.0}", median - plain);
    }
}
