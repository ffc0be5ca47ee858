//! The cases that come with the program: made from the closed forms in `theory`, so that the
//! engine can be checked anywhere and in a minute. A test makes the files and holds them to theory.

use super::case::Case;
use super::read;

const FILES: [&str; 6] = [
    include_str!("../../../tests/data/theory/lines.json"),
    include_str!("../../../tests/data/theory/one-agent.json"),
    include_str!("../../../tests/data/theory/priorities.json"),
    include_str!("../../../tests/data/theory/tiers.json"),
    include_str!("../../../tests/data/theory/backlog.json"),
    include_str!("../../../tests/data/theory/snowball.json"),
];

/// All of them.
///
/// *Panics* never: a test reads every file.
pub fn cases() -> Vec<Case> {
    FILES.iter().flat_map(|text| read(text).expect("a shipped case file is well formed")).collect()
}
