//! `fit`: from an export of tickets, calls or counts to facts about a desk, and to a scenario.

use super::failure::Failure;
use super::judging::compile;
use super::output::{self, Pictures};
use super::progress::Bar;
use super::running::threads;
use super::{Done, Format, judging, show};
use clap::{Args, ValueEnum};
use flate2::read::MultiGzDecoder;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use surgecast::experiment::ensemble::Progress;
use surgecast::experiment::tuning::{abandonment, reach};
use surgecast::history::opening::OPENING;
use surgecast::history::records::History;
use surgecast::history::scenario::{Draft, draft};
use surgecast::history::{self, Asked, By, Facts, Fitting};
use surgecast::report::charts::past;
use surgecast::report::fitted;
use surgecast::report::write::{make_folder, write_whole};
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::Parts;
use surgecast::scenario::source::in_words;
use surgecast::sheet::{Sheet, decode};
use surgecast::when::Order;

/// Most bytes of an export: a hundred times what a year of a large desk has.
const MOST_BYTES: u64 = 1 << 30;

/// Seasons of four weeks in which it is seen how many give up.
const SEASONS: u64 = 12;

/// How many settings are tried.
const TRIES: u64 = 10;

/// An export, and how to read it.
#[derive(Args, Clone)]
pub(super) struct ExportArgs {
    /// The export: CSV, or the same packed as .gz.
    export: PathBuf,
    /// Which column holds what, as in --column created="Opened on" (may be repeated); usual names are known.
    #[arg(long = "column", value_name = "NAME=COLUMN")]
    columns: Vec<String>,
    /// The desk's time zone; times without a zone of their own are of it.
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    zone: String,
    /// Whether 3/4 is in April or in March, where the dates leave it open.
    #[arg(long, value_enum)]
    dates: Option<Dates>,
    /// First day to take; by default the first on which the export holds what came.
    #[arg(long, value_name = "DATE", value_parser = judging::date)]
    from: Option<Date>,
    /// What makes ticket classes of the scenario.
    #[arg(long, value_enum, default_value_t = Classes::None)]
    by: Classes,
    /// How many people the desk has, where you know.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    agents: Option<u32>,
    /// Minutes that an agent works on a ticket in all, where you know.
    #[arg(long, value_name = "MINUTES", value_parser = minutes)]
    handle_minutes: Option<f64>,
    /// How many of the last weeks say how many come now and how they fare; by default those that would have
    /// forecast the last eight best.
    #[arg(long, value_name = "WEEKS", value_parser = clap::value_parser!(u32).range(1..=520))]
    recent_weeks: Option<u32>,
}

/// How dates are written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Dates {
    /// 31/12/2026.
    DayFirst,
    /// 12/31/2026.
    MonthFirst,
}

/// What makes classes.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Classes {
    /// One class of all.
    None,
    /// The column of types or categories.
    Class,
    /// The column of channels.
    Channel,
}

/// What `fit` is asked.
#[derive(Args)]
pub(super) struct FitArgs {
    #[command(flatten)]
    export: ExportArgs,
    /// Last day to take; by default the last on which the export holds what came.
    #[arg(long, value_name = "DATE", value_parser = judging::date)]
    until: Option<Date>,
    /// Folder for the scenario; outputs/fit-NAME by default.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// What the chart is written as.
    #[arg(long, value_enum, default_value_t = Pictures::ALL, value_name = "FORMAT")]
    charts: Pictures,
}

fn minutes(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0);
    number.ok_or_else(|| "write minutes as 6 or 7.5".to_string())
}

impl ExportArgs {
    /// What results are named after: the file without its endings.
    pub(super) fn stem(&self) -> String {
        let name = self.export.file_name().unwrap_or_default().to_string_lossy();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_string()
    }

    /// The desk's time zone.
    pub(super) fn time_zone(&self) -> Result<TimeZone, Failure> {
        TimeZone::get(&self.zone).map_err(|_| {
            Failure::Command(format!(
                "there is no time zone `{}`; write one such as Europe/Sofia",
                self.zone
            ))
        })
    }

    /// What the export holds.
    pub(super) fn history(&self) -> Result<History, Failure> {
        let bytes = read(&self.export)?;
        let sheet = Sheet::parse(&decode(&bytes)).map_err(|what| self.wrong(&what))?;
        let order = self.dates.map(|dates| match dates {
            Dates::DayFirst => Order::DayFirst,
            Dates::MonthFirst => Order::MonthFirst,
        });
        let asked = Asked { columns: self.columns.clone(), order };
        history::read(&sheet, &self.time_zone()?, &asked)
            .map_err(|error| self.wrong(&error.to_string()))
    }

    /// Measures what is known of the days up to one.
    pub(super) fn facts(&self, history: &History, until: Option<Date>) -> Result<Facts, Failure> {
        history::measure(history, self.from, until).map_err(|error| self.wrong(&error.to_string()))
    }

    /// What is said beside the export.
    pub(super) fn fitting(&self) -> Fitting {
        let name = self.export.file_name().unwrap_or_default().to_string_lossy().to_string();
        // Both stand in comments, which end with the line.
        let on_a_line = |text: String| text.replace(char::is_control, " ");
        Fitting {
            name: on_a_line(self.stem()),
            file: on_a_line(name),
            zone: self.zone.clone(),
            agents: self.agents,
            handle: self.handle_minutes,
            by: match self.by {
                Classes::None => By::Nothing,
                Classes::Class => By::Class,
                Classes::Channel => By::Channel,
            },
            recent: self.recent_weeks,
            days: None,
            off_queue: None,
        }
    }

    fn wrong(&self, what: &str) -> Failure {
        Failure::Command(format!("{}: {what}", self.export.display()))
    }
}

/// The bytes of an export, unpacked.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| {
        Failure::Files(format!("cannot read {}: {}", path.display(), in_words(&error)))
    };
    let file = File::open(path).map_err(failed)?;
    let is_packed = path.extension().is_some_and(|extension| extension == "gz");
    let mut bytes = Vec::new();
    let mut reader: Box<dyn Read> =
        if is_packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    reader.by_ref().take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Failure::Files(format!("{} is larger than a gigabyte", path.display())));
    }
    Ok(bytes)
}

pub(super) fn fit(args: &FitArgs, format: Format, quiet: bool) -> Done {
    let mut history = args.export.history()?;
    if let Some(until) = args.until {
        // Checked before what came later is forgotten.
        args.export.facts(&history, args.until)?;
        history = history.known_on(until.saturating_add(1.day()), &args.export.time_zone()?);
    }
    let facts = args.export.facts(&history, args.until)?;
    let mut fitting = args.export.fitting();
    let folder = output::folder(args.out.as_ref(), &format!("fit-{}", args.export.stem()));
    let first = draft(&facts, &history, &fitting);
    fitting.off_queue = off_queue(&facts, &first, quiet || format == Format::Json)?;
    let draft = if fitting.off_queue.is_some() { draft(&facts, &history, &fitting) } else { first };
    make_folder(&folder.join("charts"))?;
    keep_opening(&folder, &draft)?;
    let scenario = folder.join(format!("{}.toml", args.export.stem()));
    write_whole(&scenario, draft.scenario.as_bytes())?;
    let daily = fitted::daily(&facts).map_err(|error| Failure::Files(error.to_string()))?;
    write_whole(&folder.join("daily.csv"), daily.as_bytes())?;
    let chart = past(&facts, &fitting.file).map_err(|error| Failure::Files(error.to_string()))?;
    output::draw(&folder.join("charts"), &chart, args.charts)?;
    let json = output::to_json(&facts)?;
    write_whole(&folder.join("facts.json"), json.as_bytes())?;
    if format == Format::Json {
        return output::print(&json);
    }
    output::print(&fitted::text(&facts))?;
    if quiet {
        return Ok(());
    }
    output::print(&format!(
        "Times without a zone of their own are taken as of {}.\n",
        args.export.zone
    ))?;
    // What is wrong with the desk as it was is said at once.
    let written = Scenario::read(&scenario, &[])?;
    let (_, problems) = written.compile(Parts::All);
    output::print("\n")?;
    show::problems(&written.sources, &problems.sorted());
    output::print(&format!(
        "Scenario: {0}\nRead it, then try: surgecast run {0}\n",
        scenario.display()
    ))
}

/// Writes the list of open tickets; one of an earlier time goes away.
pub(super) fn keep_opening(folder: &Path, draft: &Draft) -> Done {
    let path = folder.join(OPENING);
    match &draft.opening {
        Some(opening) => Ok(write_whole(&path, opening.as_bytes())?),
        None => {
            // It may never have been there.
            let _ = std::fs::remove_file(&path);
            Ok(())
        }
    }
}

/// How much of their time people are off the queue, so that as many give up in the simulation as did. Nothing
/// where nobody did, or nobody is seen at work.
fn off_queue(facts: &Facts, draft: &Draft, quiet: bool) -> Result<Option<f64>, Failure> {
    let abandoned = facts.calls.as_ref().map_or(0.0, |calls| calls.abandoned);
    if abandoned <= 0.0 || facts.staffing.is_empty() {
        return Ok(None);
    }
    let scenario = Scenario::from_text("the fitted scenario", &draft.scenario, &[]);
    let pool = threads(None)?;
    let bar = Bar::new(TRIES * SEASONS, quiet);
    let found = reach(abandoned, (0.0, 0.9), |share| {
        let ways = [format!("teams.desk.shrinkage.off_queue={share:.5}"), "weeks=4".to_string()];
        let model = compile(&scenario.with(&ways), Parts::All)?.model;
        let given_up = abandonment(&model, SEASONS, 1, &pool, &bar);
        if bar.stopped() { Err(Failure::Interrupted) } else { Ok(given_up) }
    })?;
    bar.finish();
    Ok(Some(found))
}
