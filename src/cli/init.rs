//! `init` and `schema`: a scenario to begin with, and the language for editors.

use super::failure::Failure;
use super::{Done, output, show};
use clap::Args;
use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;
use surgecast::report::write::write_whole;
use surgecast::scenario::asking::{PEAK, QUESTIONS, Question, answer, scenario};
use surgecast::scenario::language::{TEMPLATE, schema};

/// What `init` is asked.
#[derive(Args)]
pub(super) struct InitArgs {
    /// File to write; standard output where none is named.
    file: Option<PathBuf>,
    /// Write over a file that is there.
    #[arg(long)]
    force: bool,
    /// Ask seven questions and write the scenario that follows; Enter takes the usual answer.
    #[arg(long)]
    ask: bool,
}

pub(super) fn init(args: &InitArgs, quiet: bool) -> Done {
    let Some(path) = &args.file else {
        return output::print(&if args.ask { ask()? } else { TEMPLATE.to_string() });
    };
    if path.exists() && !args.force {
        return Err(Failure::Command(format!(
            "{} is there already; --force writes over it",
            path.display()
        )));
    }
    let (text, next) =
        if args.ask { (ask()?, "diagnose") } else { (TEMPLATE.to_string(), "check") };
    write_whole(path, text.as_bytes())?;
    if quiet {
        Ok(())
    } else {
        output::print(&format!("wrote {}; try: surgecast {next} {0}\n", path.display()))
    }
}

/// Asks the seven questions on standard error, reads answers from standard input, and gives the
/// scenario. Where the input ends, the usual answers stand.
fn ask() -> Result<String, Failure> {
    let mut answers = [0.0; 7];
    for (place, question) in QUESTIONS.iter().enumerate() {
        answers[place] = put(&format!("{}. {}", place + 1, question.text), question)?;
    }
    let mut peak = PEAK.map(|part| part.usual);
    if answers[6] > 0.0 {
        for (place, part) in PEAK.iter().enumerate() {
            peak[place] = put(&format!("   {}", part.text), part)?;
        }
    }
    // The scenario begins on the next Monday.
    let today = jiff::Zoned::now().date();
    let ahead = 7 - i64::from(today.weekday().to_monday_zero_offset());
    Ok(scenario(&answers, peak, today.saturating_add(jiff::Span::new().days(ahead))))
}

/// Puts a question until the answer makes sense.
fn put(text: &str, question: &Question) -> Result<f64, Failure> {
    loop {
        show::say(&format!("{text} [{}] ", question.usual));
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        let bytes =
            read.map_err(|error| Failure::Files(format!("cannot read the answer: {error}")))?;
        // What is not typed by somebody does not end the line.
        if !std::io::stdin().is_terminal() {
            show::say("\n");
        }
        if bytes == 0 {
            return Ok(question.usual);
        }
        match answer(question, &line) {
            Ok(value) => return Ok(value),
            Err(why) => show::say(&format!("   {why}\n")),
        }
    }
}

pub(super) fn print_schema() -> Done {
    output::print(&format!("{:#}\n", schema().to_value()))
}
