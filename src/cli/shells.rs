//! `completions` and `man`: what shells and `man` know of the commands.

use super::failure::Failure;
use super::{Done, output};
use clap::{Args, Command};
use clap_complete::Shell;

/// What `completions` is asked.
#[derive(Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// What `man` is asked.
#[derive(Args)]
pub(super) struct ManArgs {
    /// A command; the whole program by default.
    command: Option<String>,
}

pub(super) fn completions(args: &CompletionsArgs, mut program: Command) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, "surgecast", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}

pub(super) fn man(args: &ManArgs, program: &Command) -> Done {
    let page = match &args.command {
        None => program.clone(),
        Some(name) => {
            let known = program.get_subcommands().map(|command| command.get_name().to_string());
            let known: Vec<String> = known.collect();
            let Some(command) = program.find_subcommand(name) else {
                let known = known.join(", ");
                return Err(Failure::Command(format!(
                    "there is no command `{name}`; there are {known}"
                )));
            };
            command
                .clone()
                .display_name(format!("surgecast-{name}"))
                .bin_name(format!("surgecast {name}"))
        }
    };
    let mut roff = Vec::new();
    let rendered = clap_mangen::Man::new(page).render(&mut roff);
    rendered.map_err(|error| Failure::Files(format!("cannot write the page: {error}")))?;
    output::print(&String::from_utf8_lossy(&roff))
}
