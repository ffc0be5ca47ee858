//! `init` and `schema`: a scenario to begin with, and the language for editors.

use super::failure::Failure;
use super::{Done, output};
use clap::Args;
use std::path::PathBuf;
use surgecast::report::write::write_whole;
use surgecast::scenario::language::{TEMPLATE, schema};

/// What `init` is asked.
#[derive(Args)]
pub(super) struct InitArgs {
    /// File to write; standard output where none is named.
    file: Option<PathBuf>,
    /// Write over a file that is there.
    #[arg(long)]
    force: bool,
}

pub(super) fn init(args: &InitArgs, quiet: bool) -> Done {
    let Some(path) = &args.file else { return output::print(TEMPLATE) };
    if path.exists() && !args.force {
        return Err(Failure::Command(format!(
            "{} is there already; --force writes over it",
            path.display()
        )));
    }
    write_whole(path, TEMPLATE.as_bytes())?;
    if quiet {
        Ok(())
    } else {
        output::print(&format!("wrote {}; try: surgecast check {0}\n", path.display()))
    }
}

pub(super) fn print_schema() -> Done {
    output::print(&format!("{:#}\n", schema().to_value()))
}
