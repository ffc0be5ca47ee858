//! The real binary, run as a user would.

use super::repository;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Longer than any story takes; past it the program hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a run of the program left.
pub(crate) struct Told {
    /// Its exit code; nothing where a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error, with the separators of paths as they are written here.
    pub(crate) err: String,
}

/// The program with those arguments, in that folder.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_surgecast"));
    command.current_dir(folder).args(arguments);
    // What the program says does not hang on who asks.
    command.env_remove("RUST_BACKTRACE").env("NO_COLOR", "1").env("COLUMNS", "100");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program in the top folder of the repository.
pub(crate) fn surgecast(arguments: &[&str]) -> Told {
    surgecast_in(repository(), arguments)
}

/// Runs the program in a folder.
pub(crate) fn surgecast_in(folder: &Path, arguments: &[&str]) -> Told {
    finish(command(folder, arguments))
}

/// Runs a command to its end; it must not hang or panic.
pub(crate) fn finish(mut command: Command) -> Told {
    let described = format!("{command:?}");
    let child = command.spawn().unwrap();
    let id = child.id();
    let begun = Instant::now();
    let output: Output = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| child.wait_with_output().unwrap());
        while !waiting.is_finished() {
            assert!(begun.elapsed() < PATIENCE, "{described} (process {id}) hangs");
            std::thread::sleep(Duration::from_millis(5));
        }
        waiting.join().unwrap()
    });
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
    let err = text(output.stderr);
    assert!(!err.contains("panicked"), "{described}\n{err}");
    Told { code: output.status.code(), out: text(output.stdout), err }
}

/// Runs a command and presses Ctrl-C half a second after that file or folder is there. Gives what it says
/// on standard error.
#[cfg(unix)]
pub(crate) fn interrupted(mut command: Command, there: &Path) -> String {
    let child = command.spawn().unwrap();
    let begun = Instant::now();
    while !there.exists() && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(500));
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{err}");
    err
}
