//! Every shipped scenario checks, runs and keeps its books; every fault is told at its line.

use crate::support::binary::surgecast;
use crate::support::{
    EVERYTHING, assert_recorded, compiled, files, recorded, relative, repository, shipped,
};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use surgecast::engine::{Desk, simulate};
use surgecast::experiment::ensemble::{Ensemble, Trial};
use surgecast::experiment::frame::frame_of;
use surgecast::model::Model;
use surgecast::outcome::clearance::Target;
use surgecast::outcome::recorder::Recorder;
use surgecast::outcome::tally::ClassTally;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::Parts;

/// Enough for the rarest of the events that are counted.
const REPLICATIONS: u64 = 4;

fn invalid() -> Vec<PathBuf> {
    files("tests/data/invalid", "toml")
}

/// The arguments that a faulty scenario is checked with: lines that begin with `# --set`.
fn overrides(text: &str) -> Vec<String> {
    text.lines().filter_map(|line| line.strip_prefix("# --set ").map(str::to_string)).collect()
}

#[test]
fn every_fault_is_told_as_recorded() {
    let mut differences = Vec::new();
    for path in invalid() {
        let text = std::fs::read_to_string(&path).unwrap();
        let (name, overrides) = (relative(&path), overrides(&text));
        let mut arguments = vec!["check", &name];
        overrides.iter().for_each(|set| arguments.extend(["--set", set]));
        let told = surgecast(&arguments);
        assert!(
            told.err.contains("error[") || told.err.contains("warning["),
            "{name}: {}",
            told.err
        );
        let expected = if told.err.contains("error[") { 2 } else { 0 };
        assert_eq!(told.code, Some(expected), "{name}");
        differences.extend(recorded(&path.with_extension("txt"), &told.err));
    }
    assert_recorded(&differences);
}

#[test]
fn nothing_recorded_has_lost_its_scenario() {
    for path in files("tests/data/invalid", "txt") {
        assert!(path.with_extension("toml").exists(), "{} has no scenario", relative(&path));
    }
}

#[test]
fn ten_mistakes_are_told_at_once_each_at_its_line() {
    let path = repository().join("tests/data/invalid/ten-mistakes.toml");
    let scenario = Scenario::read(&path, &[]).unwrap();
    let (compiled, problems) = scenario.compile(Parts::All);
    assert!(compiled.is_none());
    let line = |problem: &surgecast::problem::Problem| {
        let (source, place) = scenario.sources.locate(&problem.labels[0].span).unwrap();
        source.text[..place.start].matches('\n').count() + 1
    };
    let lines: BTreeSet<usize> = problems.iter().map(line).collect();
    assert_eq!((problems.iter().count(), lines.len()), (10, 10), "{problems:?}");
}

#[test]
fn every_kind_of_problem_has_a_recorded_example() {
    let told: String = files("tests/data/invalid", "txt")
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    for (code, _) in surgecast::problem::CODES {
        assert!(told.contains(&format!("[{code}]")), "no scenario in tests/data/invalid: {code}");
    }
}

#[test]
fn every_shipped_scenario_checks_without_an_error() {
    for path in shipped() {
        let told = surgecast(&["check", &relative(&path)]);
        assert_eq!(told.code, Some(0), "{}: {}", relative(&path), told.err);
        assert!(told.out.ends_with("It can run.\n"), "{}", told.out);
    }
}

/// Runs some replications and asserts both identities, term by term, for every class.
fn keeps_its_books(model: &Model, what: &str) -> ClassTally {
    let frame = frame_of(model);
    let (mut desk, mut recorder) = (Desk::new(), Recorder::new(&frame));
    let mut all = ClassTally::default();
    for index in 0..REPLICATIONS {
        simulate(model, 7, index, &mut desk, &mut recorder);
        for (class, tally) in recorder.classes.iter().enumerate() {
            let sum = |counts: &[u64]| counts.iter().sum::<u64>();
            let at = format!("{what}: {}, replication {index}", model.classes[class].name);
            assert_eq!(
                sum(&tally.contacts),
                tally.contained + sum(&tally.created),
                "contacts = contained + created; {at}"
            );
            assert_eq!(
                tally.opening + sum(&tally.created) + tally.reopened,
                tally.solved
                    + tally.solved_in_bulk
                    + tally.auto_closed
                    + tally.withdrawn
                    + tally.merged
                    + tally.remaining,
                "opening + created + reopened = all ways out + remaining; {at}"
            );
            assert!(tally.balances());
            all.add(tally);
        }
        let classes = recorder.classes.iter().map(|tally| tally.remaining).sum::<u64>();
        let last = recorder.snapshots.last().map_or(0, |snapshot| u64::from(snapshot.unsolved));
        if !recorder.run.truncated {
            assert_eq!(classes, last, "{what}: the last census counts what remains");
        }
    }
    all
}

#[test]
fn both_identities_hold_in_every_replication_of_every_shipped_scenario() {
    for path in shipped() {
        for parts in [Parts::All, Parts::Calm, Parts::WITHOUT_FOLLOW_UPS] {
            let (_, compiled) = compiled(&path, parts);
            keeps_its_books(&compiled.model, &format!("{}, {parts:?}", relative(&path)));
        }
    }
}

#[test]
fn both_identities_hold_where_every_term_counts() {
    let everything = repository().join(EVERYTHING);
    let (_, season) = compiled(&everything, Parts::All);
    let tally = keeps_its_books(&season.model, "everything");
    let terms = [
        ("contained", tally.contained),
        ("opening", tally.opening),
        ("reopened", tally.reopened),
        ("tried again", tally.tried_again),
        ("solved", tally.solved),
        ("solved in bulk", tally.solved_in_bulk),
        ("auto-closed", tally.auto_closed),
        ("withdrawn", tally.withdrawn),
        ("merged", tally.merged),
        ("remaining", tally.remaining),
        ("chasers", tally.chasers),
        ("moves", tally.moves),
        ("questions", tally.questions),
        ("replies missed", tally.reply_missed),
        ("solutions missed", tally.solution_missed),
    ];
    for (term, count) in terms {
        assert!(count > 0, "{term} never happens in {EVERYTHING}");
    }
}

#[test]
fn a_truncated_run_keeps_its_books_too() {
    let everything = repository().join(EVERYTHING);
    let scenario = Scenario::read(&everything, &["backlog_cap=300".to_string()]).unwrap();
    let model = scenario.compile(Parts::All).0.unwrap().model;
    keeps_its_books(&model, "everything, capped");
    let frame = frame_of(&model);
    let mut recorder = Recorder::new(&frame);
    simulate(&model, 7, 0, &mut Desk::new(), &mut recorder);
    assert!(recorder.run.truncated);
}

#[test]
fn every_shipped_scenario_runs() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    for path in shipped() {
        let (_, compiled) = compiled(&path, Parts::All);
        let frame = frame_of(&compiled.model);
        let target = Target { at_most: 100.0, closes: 3, watch_from: 0 };
        let trial =
            Trial { model: &compiled.model, frame: &frame, seed: 1, target, points: &frame.closes };
        let ensemble = Ensemble::simulate(&trial, 0..4, &pool, &());
        assert_eq!(ensemble.len(), 4, "{}", relative(&path));
        let stopped = ensemble.rows.iter().any(|row| row.run.truncated);
        assert!(!stopped, "{} is shipped with a backlog that explodes", relative(&path));
        for row in &ensemble.rows {
            assert!(row.all_classes().solved > 0, "{}", relative(&path));
        }
    }
}

#[test]
fn a_variant_finds_what_it_extends_from_any_folder() {
    // Paths are relative to the file that names them, not to where the program is called.
    for path in shipped() {
        let text = std::fs::read_to_string(&path).unwrap();
        if text.contains("extends") {
            let absolute = path.canonicalize().unwrap();
            assert!(Scenario::read(Path::new(&absolute), &[]).is_ok());
        }
    }
}
