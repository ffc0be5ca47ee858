//! Standard output, and the folder of a run.

use super::failure::Failure;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Writes to standard output. A reader that has gone away is no error.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| {
        if error.kind() == ErrorKind::BrokenPipe {
            Failure::PipeClosed
        } else {
            Failure::Files(format!("cannot write to standard output: {error}"))
        }
    })
}

/// The folder that a scenario's results go to: the one asked for, or one named after the file.
pub(super) fn folder(asked: Option<&PathBuf>, scenario: &Path) -> PathBuf {
    match asked {
        Some(folder) => folder.clone(),
        None => Path::new("outputs").join(scenario.file_stem().unwrap_or_default()),
    }
}
