//! Counts instructions with valgrind's callgrind, where it is installed.

use std::process::{Command, Stdio};

/// Whether there is a valgrind to count with.
pub(crate) fn is_there() -> bool {
    let mut asked = Command::new("valgrind");
    asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    asked.status().is_ok_and(|status| status.success())
}

/// What this very program prints when it is started with those arguments, and the instructions of all
/// its threads until it ends.
///
/// *Panics* where it cannot be run.
pub(crate) fn count(arguments: &[&str]) -> (String, u64) {
    let program = std::env::current_exe().expect("a running program has a name");
    let mut counted = Command::new("valgrind");
    counted.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program);
    let told = counted.args(arguments).output().expect("valgrind starts");
    let log = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "valgrind failed:\n{log}");
    // "==123== Collected : 1234567890"
    let after = log.split("Collected :").nth(1).expect("callgrind says what it has collected");
    let number = after.split_whitespace().next().and_then(|number| number.parse().ok());
    (
        String::from_utf8_lossy(&told.stdout).trim().to_string(),
        number.expect("callgrind collects a number"),
    )
}
