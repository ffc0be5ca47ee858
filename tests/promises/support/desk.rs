//! A small desk with a wave of tickets, fast enough for hundreds of seasons, and a folder in which
//! stories about it take place.

use tempfile::TempDir;

/// The desk.
pub(crate) const DESK: &str = "name = \"Desk\"
start = 2026-11-16
weeks = 3

[cleared]
at_most = 60

[tickets.questions]
arrivals = { per_day = 60 }
chasers = {}

[teams.desk]
agents = 4

[[surges]]
name = \"Launch\"
from = 2026-11-19
lasts = \"2 d\"
lift = \"100%\"
";

/// The same desk with so many agents.
pub(crate) fn desk_of(agents: u32) -> String {
    DESK.replace("agents = 4", &format!("agents = {agents}"))
}

/// A folder with that text as its `desk.toml`.
pub(crate) fn folder_with(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("desk.toml"), text).unwrap();
    folder
}

/// A folder with the desk in it.
pub(crate) fn folder() -> TempDir {
    folder_with(DESK)
}
