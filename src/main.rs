//! surgecast: forecasts how a support backlog snowballs in a surge, and when it is cleared.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
