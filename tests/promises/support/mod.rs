//! What several promises need.

pub(crate) mod binary;
pub(crate) mod desk;
pub(crate) mod outputs;

use std::path::{Path, PathBuf};
use surgecast::engine::{Desk, simulate};
use surgecast::experiment::frame::frame_of;
use surgecast::model::Model;
use surgecast::outcome::journal::Journal;
use surgecast::outcome::recorder::Recorder;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};
use surgecast::time::SimTime;

pub(crate) fn hours(h: f64) -> SimTime {
    SimTime::from_hours(h)
}

/// The journal of one replication; the recorder runs beside it and checks its balances.
pub(crate) fn journal(model: &Model, seed: u64, index: u64) -> Journal {
    let frame = frame_of(model);
    let mut both = (Journal::default(), Recorder::new(&frame));
    simulate(model, seed, index, &mut Desk::new(), &mut both);
    both.0
}

/// The top of the repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder of the repository with that extension, in order.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![repository().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The shipped scenarios that stand by themselves; the folders beside them hold short lessons.
pub(crate) fn headline() -> Vec<PathBuf> {
    let by_themselves = |path: &PathBuf| path.parent() == Some(&repository().join("scenarios"));
    shipped().into_iter().filter(by_themselves).collect()
}

/// A path as it is written in the repository, whatever the system's separator.
pub(crate) fn relative(path: &Path) -> String {
    path.strip_prefix(repository()).unwrap_or(path).display().to_string().replace('\\', "/")
}

/// The shipped scenarios.
pub(crate) fn shipped() -> Vec<PathBuf> {
    let found = files("scenarios", "toml");
    assert!(!found.is_empty());
    found
}

/// A scenario that uses every mechanism, and in which everything that is counted happens.
pub(crate) const EVERYTHING: &str = "tests/data/everything.toml";

/// A scenario of the repository, which compiles.
pub(crate) fn compiled(path: &Path, parts: Parts) -> (Scenario, Compiled) {
    let scenario = Scenario::read(path, &[]).unwrap();
    with_parts(scenario, parts)
}

/// A scenario given as text, which compiles.
pub(crate) fn from_text(text: &str) -> Compiled {
    with_parts(Scenario::from_text("test.toml", text, &[]), Parts::All).1
}

fn with_parts(scenario: Scenario, parts: Parts) -> (Scenario, Compiled) {
    let (compiled, problems) = scenario.compile(parts);
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let compiled = compiled.unwrap_or_else(|| panic!("{}: {told:#?}", scenario.sources.name()));
    (scenario, compiled)
}

/// Compares a text with the one recorded in a file of the repository. With SURGECAST_RECORD=1 in
/// the environment it is recorded instead. Gives what differs.
pub(crate) fn recorded(path: &Path, text: &str) -> Option<String> {
    if std::env::var_os("SURGECAST_RECORD").is_some_and(|yes| yes == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        return None;
    }
    let known = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    if known == text {
        return None;
    }
    let same = known.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(nothing)").to_string();
    Some(format!(
        "{}, line {}:\n  recorded: {}\n  now:      {}",
        relative(path),
        same + 1,
        line(&known),
        line(text)
    ))
}

/// Fails with everything that differs from what was recorded.
pub(crate) fn assert_recorded(differences: &[String]) {
    assert!(
        differences.is_empty(),
        "{} recorded texts differ; SURGECAST_RECORD=1 cargo test records them anew, and the change \
         log says why\n{}",
        differences.len(),
        differences.join("\n")
    );
}
