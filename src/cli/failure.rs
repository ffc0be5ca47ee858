//! What can go wrong, and the exit code of each: 0 done; 1 a requested target was missed; 2 the
//! scenario or command is wrong; 3 reading or writing failed; 130 interrupted.

use super::show;
use std::process::ExitCode;
use surgecast::problem::Problem;
use surgecast::report::write::WriteError;
use surgecast::scenario::source::{ReadError, Sources};

/// A requested target was missed.
const MISSED: u8 = 1;

/// The scenario or command is wrong.
pub(super) const WRONG: u8 = 2;

/// Why a command did not do what it was asked for.
pub(super) enum Failure {
    /// The scenario is wrong; the problems have been shown.
    Scenario,
    /// The command is wrong.
    Command(String),
    /// Reading or writing failed.
    Files(String),
    /// A target was missed, as has been shown.
    Missed,
    /// The user interrupted; what was complete has been written.
    Interrupted,
    /// Whoever read our output has gone away, which is nobody's mistake.
    PipeClosed,
}

impl Failure {
    /// Shows the problems of a scenario.
    pub(super) fn scenario(sources: &Sources, problems: &[Problem]) -> Failure {
        show::problems(sources, problems);
        Failure::Scenario
    }

    /// Says what went wrong on standard error and gives the exit code.
    pub(super) fn tell(self) -> ExitCode {
        let code = match self {
            Failure::PipeClosed => 0,
            Failure::Scenario => WRONG,
            Failure::Command(text) => {
                show::error(&text);
                WRONG
            }
            Failure::Files(text) => {
                show::error(&text);
                3
            }
            Failure::Missed => MISSED,
            Failure::Interrupted => 130,
        };
        ExitCode::from(code)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Failure {
        Failure::Files(error.to_string())
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Failure {
        Failure::Files(error.to_string())
    }
}
