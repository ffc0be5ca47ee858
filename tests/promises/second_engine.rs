//! The promise: a second, naive engine tells the same story, fact by fact, of any desk; and what the
//! recorder has counted is what one finds by searching that story.
//!
//! `SURGECAST_DESKS=10000 cargo test second_engine -- --nocapture` compares so many random desks and
//! prints what occurred in them; `SURGECAST_DESK=17` compares that one alone.

use crate::naive::{self, Seen};
use crate::random_desk::{MECHANISMS, RandomDesk, random_desk};
use std::collections::BTreeMap;
use std::fmt::Write;
use surgecast::engine::{Desk, simulate};
use surgecast::experiment::frame::frame_of;
use surgecast::model::Model;
use surgecast::outcome::journal::{Entry, Fact, Journal};
use surgecast::outcome::recorder::Recorder;

mod figures;
mod story;

use figures::Figures;
use story::Story;

/// Desks compared where nobody says otherwise.
const DESKS: u64 = 5000;

/// How often each mechanism and each kind of fact must have occurred in that many desks.
const AT_LEAST: u64 = 50;

fn number_of(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is a number of desks, not {text}")))
}

/// What occurred over many desks.
#[derive(Default)]
struct Coverage {
    desks: BTreeMap<&'static str, u64>,
    facts: BTreeMap<String, u64>,
    seen: Seen,
}

#[test]
#[expect(clippy::print_stdout, reason = "the table of what occurred, for those who ask for it")]
fn a_second_engine_tells_the_same_story() {
    let mut coverage = Coverage::default();
    let mut desk = Desk::new();
    let seeds = match number_of("SURGECAST_DESK") {
        Some(seed) => seed..seed + 1,
        None => 0..number_of("SURGECAST_DESKS").unwrap_or(DESKS),
    };
    for seed in seeds.clone() {
        let random = random_desk(seed);
        compare(seed, &random, &mut desk, &mut coverage);
    }
    print!("{}", coverage.table());
    if seeds.end - seeds.start >= DESKS {
        let rare = coverage.rare();
        assert!(rare.is_empty(), "hardly ever exercised: {rare:?}");
    }
}

/// Runs both engines and holds their stories side by side.
fn compare(seed: u64, random: &RandomDesk, desk: &mut Desk, coverage: &mut Coverage) {
    let model = &random.model;
    let frame = frame_of(model);
    let mut real = (Journal::default(), (Story::default(), Recorder::new(&frame)));
    simulate(model, seed, 0, desk, &mut real);
    let (real_journal, (real_story, recorder)) = real;
    let mut plain = (Journal::default(), Story::default());
    let seen = naive::simulate(model, seed, 0, &mut plain);
    let (plain_journal, plain_story) = plain;
    if real_journal.entries != plain_journal.entries {
        let difference = first_difference(&real_journal.entries, &plain_journal.entries);
        panic!("desk {seed}: the journals differ\n{difference}{}", describe(random));
    }
    // The journal names the facts; the story also tells how each ticket stood at that moment.
    if real_story != plain_story {
        let difference = first_difference(&real_story.told, &plain_story.told);
        panic!("desk {seed}: the stories differ\n{difference}{}", describe(random));
    }
    // What the recorder has counted meanwhile is found anew by searching the story.
    let counted = Figures::of_recorder(recorder);
    let found = Figures::of_story(&real_story.told, &frame);
    if counted != found {
        panic!(
            "desk {seed}: the figures differ\n{}{}",
            counted.differences(&found),
            describe(random)
        );
    }
    coverage.add(random, &real_journal.entries, seen);
}

/// The first entries that differ, with those before and after.
fn first_difference<T: PartialEq + std::fmt::Debug>(real: &[T], plain: &[T]) -> String {
    let mut text = String::new();
    let place = real.iter().zip(plain).take_while(|(real, plain)| real == plain).count();
    let from = place.saturating_sub(12);
    for entry in &real[from..place] {
        writeln!(text, "   both: {entry:?}").unwrap();
    }
    for (who, entries) in [("engine", real), (" naive", plain)] {
        for entry in entries.iter().skip(place).take(6) {
            writeln!(text, " {who}: {entry:?}").unwrap();
        }
        if entries.len() <= place {
            writeln!(text, " {who}: nothing more").unwrap();
        }
    }
    text
}

fn describe(random: &RandomDesk) -> String {
    let Model { start, end, classes, teams, pools, .. } = &random.model;
    format!(
        "from {} to {} h, {} classes, {} teams, {} pools: {:?}\n",
        start.hours(),
        end.hours(),
        classes.len(),
        teams.len(),
        pools.len(),
        random.mechanisms
    )
}

impl Coverage {
    fn add(&mut self, random: &RandomDesk, entries: &[Entry], seen: Seen) {
        for mechanism in &random.mechanisms {
            *self.desks.entry(mechanism).or_default() += 1;
        }
        for entry in entries {
            *self.facts.entry(kind(&entry.fact)).or_default() += 1;
        }
        for (what, n) in seen {
            *self.seen.entry(what).or_default() += n;
        }
    }

    fn table(&self) -> String {
        let mut text = String::new();
        writeln!(text, "\nMechanism                                       desks").unwrap();
        for mechanism in MECHANISMS {
            let n = self.desks.get(mechanism).copied().unwrap_or_default();
            writeln!(text, "  {mechanism:<43}{n:>8}").unwrap();
        }
        writeln!(text, "Fact of the journal                             times").unwrap();
        for fact in FACTS {
            let n = self.facts.get(*fact).copied().unwrap_or_default();
            writeln!(text, "  {fact:<43}{n:>8}").unwrap();
        }
        writeln!(text, "Turn of events                                  times").unwrap();
        for turn in TURNS {
            let n = self.seen.get(turn).copied().unwrap_or_default();
            writeln!(text, "  {turn:<43}{n:>8}").unwrap();
        }
        text
    }

    /// Whatever has occurred too seldom for the comparison to mean anything.
    fn rare(&self) -> Vec<&str> {
        let mechanisms = MECHANISMS.iter().map(|name| (*name, self.desks.get(name)));
        let facts = FACTS.iter().map(|name| (*name, self.facts.get(*name)));
        let turns = TURNS.iter().map(|name| (*name, self.seen.get(name)));
        let all = mechanisms.chain(facts).chain(turns);
        all.filter(|(_, n)| n.is_none_or(|n| *n < AT_LEAST)).map(|(name, _)| name).collect()
    }
}

/// Kinds of facts, with why a ticket came and how it left.
const FACTS: &[&str] = &[
    "OpensWith",
    "Contained",
    "StaysAway",
    "Won",
    "Unwritten",
    "Parts, leaving",
    "Parts, recommending",
    "Parts, warning",
    "Created(New)",
    "Created(Duplicate)",
    "Created(BotReturn)",
    "Waits",
    "TurnedAway",
    "LeavesLine",
    "Starts",
    "Ends",
    "Ends, broken off",
    "ReadChaser",
    "ReadChaser, broken off",
    "SideWork",
    "FirstReply",
    "Moves",
    "Sorted, rightly",
    "Sorted, wrongly",
    "PassedOn",
    "Holds",
    "Resumes",
    "Assigned",
    "Forgotten",
    "Remembered",
    "Asks",
    "Answered",
    "Chased",
    "GoesOutside",
    "Leaves(Solved)",
    "Leaves(SolvedInBulk)",
    "Leaves(AutoClosed)",
    "Leaves(Withdrawn)",
    "Leaves(Merged)",
    "Reopened",
    "Remains",
];

fn kind(fact: &Fact) -> String {
    let name = match fact {
        Fact::Parts(true, _) => "Parts, leaving",
        Fact::Parts(false, 1) => "Parts, recommending",
        Fact::Parts(false, _) => "Parts, warning",
        Fact::Waits(_) => "Waits",
        Fact::TurnedAway(_) => "TurnedAway",
        Fact::Starts(_) => "Starts",
        Fact::Ends(_, false) => "Ends",
        Fact::Ends(_, true) => "Ends, broken off",
        Fact::ReadChaser(_, false) => "ReadChaser",
        Fact::ReadChaser(_, true) => "ReadChaser, broken off",
        Fact::SideWork(_) => "SideWork",
        Fact::Moves(_) => "Moves",
        Fact::Holds(_) => "Holds",
        Fact::Assigned(_) => "Assigned",
        Fact::Sorted(_, true) => "Sorted, rightly",
        Fact::Sorted(_, false) => "Sorted, wrongly",
        Fact::PassedOn(_) => "PassedOn",
        Fact::OpensWith
        | Fact::Contained
        | Fact::StaysAway
        | Fact::Won
        | Fact::Unwritten
        | Fact::Created(_)
        | Fact::LeavesLine
        | Fact::FirstReply
        | Fact::Asks
        | Fact::Answered
        | Fact::Chased
        | Fact::GoesOutside
        | Fact::Leaves(_)
        | Fact::Reopened
        | Fact::Resumes
        | Fact::Forgotten
        | Fact::Remembered
        | Fact::Remains => return format!("{fact:?}"),
    };
    name.to_string()
}

/// Rarer turns of events inside a run, which the naive engine counts.
const TURNS: &[&str] = &[
    "a break",
    "a day of a diary ended",
    "a lesson",
    "a touch begun overworked",
    "a touch begun tired",
    "a touch begun under pressure",
    "a broken-off touch answered in bulk",
    "absent on a day",
    "an approval that needs another one",
    "an idle agent looked again and found work",
    "an intervention decided on a condition",
    "an intervention ended on a condition",
    "bumped to the back",
    "bumped to the front",
    "called away from a touch",
    "called away from other work",
    "came back from a bot more urgent",
    "asked to stay",
    "escalated late for want of a clear procedure",
    "found by an audit",
    "gave up while on hold",
    "given to whoever answered it last",
    "went back to the pool",
    "gave up after an interruption",
    "held back until the team has finished",
    "interrupted for an urgent ticket",
    "lined up anew",
    "kept its age in another line",
    "kept away by a mended problem",
    "kept away by a notice",
    "an easier ticket taken before the oldest",
    "left",
    "left for the load",
    "left in the middle of a shift",
    "let go",
    "let go in training",
    "lost for want of room",
    "moved for waiting too long",
    "need not come",
    "not employed at a day's end",
    "overflowed to another team",
    "passed on to a wrong team again",
    "raised to a more urgent line",
    "somebody new",
    "somebody new in the middle of a shift",
    "sent home by an intervention",
    "sent back again",
    "slower or faster in the middle of a touch",
    "sorted by a machine that takes its time",
    "kept to deferred work",
    "suspended for a ticket of one's own",
    "suspended for immediate work",
    "answered before the touch was done",
    "asked a colleague in a touch",
    "asked an idle colleague",
    "nobody to ask",
    "a helper joined",
    "a helper left early",
    "a ticket taken beside others",
    "several broken off together",
    "slower or faster with several in hand",
    "told how long to wait",
    "turned away for now",
];

#[test]
fn every_mechanism_has_a_random_desk() {
    // Parts of a model that are no mechanisms of a desk, only put a price on what it does, or are
    // another way to write a number.
    let others = [
        "mod",
        "build",
        "class",
        "contact_rate",
        "context",
        "flows",
        "load",
        "money",
        "mood",
        "pace",
        "plain",
        "plan",
        "pool",
        "satisfaction",
        "told",
    ];
    for entry in std::fs::read_dir("src/model").unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_stem().unwrap().to_str().unwrap().to_string();
        let known = MECHANISMS.iter().any(|m| m.split(':').next() == Some(file.as_str()));
        assert!(
            known || others.contains(&file.as_str()),
            "no random desk has anything of src/model/{file}.rs: add it to tests/promises/random_desk"
        );
    }
}
