//! `report`: the page, the charts and the tables once more, from `results.json` alone.

use super::failure::Failure;
use super::output::{self, Pictures};
use super::run::{draw, write_tables};
use super::{Done, Format};
use clap::Args;
use std::path::PathBuf;
use surgecast::report::results::{FORMAT, Results};
use surgecast::report::text;
use surgecast::report::write::make_folder;
use surgecast::scenario::source::read_text;

/// Most bytes of a file of results: years of fifty teams have a few million.
const MOST_BYTES: u64 = 1 << 30;

/// What `report` is asked.
#[derive(Args)]
pub(super) struct ReportArgs {
    /// The folder of a run, or its results.json.
    results: PathBuf,
    /// Folder for the report; that of the results by default.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// What the charts are written as.
    #[arg(long, value_enum, default_value_t = Pictures::ALL, value_name = "FORMAT")]
    charts: Pictures,
}

pub(super) fn report(args: &ReportArgs, format: Format, quiet: bool) -> Done {
    let file = match args.results.is_dir() {
        true => args.results.join("results.json"),
        false => args.results.clone(),
    };
    let json = read_text(&file, MOST_BYTES)?;
    let results: Results = serde_json::from_str(&json).map_err(|error| {
        Failure::Command(format!(
            "{} is not what `run` writes ({error}); name a folder of a run, or its results.json",
            file.display()
        ))
    })?;
    if results.format > FORMAT {
        return Err(Failure::Command(format!(
            "{} was written by a newer version of surgecast ({})",
            file.display(),
            results.provenance.version
        )));
    }
    let folder = args.out.clone().or(file.parent().map(PathBuf::from)).unwrap_or_default();
    make_folder(&folder.join("charts"))?;
    write_tables(&folder, &results)?;
    draw(&folder, &results, args.charts)?;
    if format == Format::Json {
        return output::print(&output::to_json(&results)?);
    }
    output::print(&text::summary(&results))?;
    if quiet {
        return Ok(());
    }
    output::print(&format!("\nReport: {}\n", folder.join("report.html").display()))
}
