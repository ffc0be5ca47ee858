//! `diagnose`: what arithmetic says of a desk, with a short simulation beside it.

use super::failure::Failure;
use super::progress::Bar;
use super::run::{compile, threads};
use super::{Done, Format, ScenarioArgs, judging, output};
use clap::Args;
use jiff::civil::Date;
use surgecast::experiment::diagnose::Fluid;
use surgecast::experiment::ensemble::{Ensemble, Trial};
use surgecast::experiment::frame::frame_of;
use surgecast::report::diagnosis::{self, Simulated};
use surgecast::scenario::compile::Parts;
use surgecast::stats::{mean, proportion};

/// Confidence of the intervals.
const LEVEL: f64 = 0.95;

/// What `diagnose` is asked.
#[derive(Args)]
pub(super) struct DiagnoseArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// The day by which the backlog should be cleared; the end of the run by default.
    #[arg(long, value_name = "DATE")]
    by: Option<Date>,
    /// How many seasons to simulate beside the arithmetic; 0 for none.
    #[arg(long, value_name = "N", default_value_t = 60)]
    replications: u64,
    /// Number from which all chance is drawn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; all processors by default.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

pub(super) fn diagnose(args: &DiagnoseArgs, format: Format, quiet: bool) -> Done {
    let scenario = args.scenario.read()?;
    let season = compile(&scenario, Parts::All)?;
    let pool = threads(args.threads)?;
    let bar = Bar::new(args.replications, quiet || format == Format::Json);
    let target = judging::target(&scenario, &season, args.seed, &pool, &bar)?;
    let by = judging::close_by(&season.model, &target, args.by)?;
    let diagnosis = Fluid::of(&season.model).diagnose(&target, by);
    let frame = frame_of(&season.model);
    let trial = Trial { model: &season.model, frame: &frame, seed: args.seed, target, points: &[] };
    let ensemble = Ensemble::simulate(&trial, 0..args.replications, &pool, &bar);
    bar.finish();
    let cleared = ensemble.rows.iter().filter(|row| row.judgement.settled_by(by)).count() as u64;
    let seasons = ensemble.len() as u64;
    let peak = mean::estimate(&ensemble.values(|row| row.run.peak as f64), LEVEL);
    let simulated = proportion::estimate(cleared, seasons, LEVEL)
        .zip(peak)
        .map(|(cleared, peak)| Simulated { seasons, cleared, peak });
    match format {
        Format::Json => {
            let whole = serde_json::json!({ "fluid": diagnosis, "simulated": simulated });
            output::print(&format!("{whole:#}\n"))?;
        }
        Format::Text if quiet => {
            output::print(&format!("{}\n", diagnosis::finding(&diagnosis)))?;
        }
        Format::Text => output::print(&diagnosis::text(&diagnosis, simulated.as_ref()))?,
    }
    if seasons < args.replications { Err(Failure::Interrupted) } else { Ok(()) }
}
