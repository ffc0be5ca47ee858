//! `diagnose`: what arithmetic says of a desk at once, and then a short simulation.

use super::failure::Failure;
use super::judging::compile;
use super::progress::Bar;
use super::running::threads;
use super::{Done, Format, ScenarioArgs, judging, output, show};
use clap::Args;
use jiff::civil::Date;
use rayon::ThreadPool;
use surgecast::experiment::ensemble::{Ensemble, Trial};
use surgecast::experiment::fluid::Fluid;
use surgecast::experiment::frame::frame_of;
use surgecast::experiment::target::ChosenBy;
use surgecast::model::Model;
use surgecast::outcome::clearance::Target;
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
    #[arg(long, value_name = "DATE", value_parser = judging::date)]
    by: Option<Date>,
    /// How many seasons to simulate after the arithmetic; 0 for arithmetic alone.
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
    let (target, chosen_by) = judging::target_by_arithmetic(&scenario, &season)?;
    let by = judging::close_by(&season.model, &target, args.by)?;
    let diagnosis = Fluid::of(&season.model).diagnose(&target, chosen_by, by);
    // What arithmetic says is there at once, and the simulation follows.
    match format {
        Format::Json => {}
        Format::Text if quiet => {
            output::print(&format!("{}\n", diagnosis::finding(&diagnosis)))?;
        }
        Format::Text => output::print(&diagnosis::text(&diagnosis))?,
    }
    let pool = threads(args.threads)?;
    let bar = Bar::new(args.replications, quiet || format == Format::Json);
    let simulated = match args.replications {
        0 => None,
        seasons => {
            let band = judging::band(&scenario, args.seed, &pool, &bar)?;
            let target = judging::watched(&scenario, &season, band.at_most);
            let target = (target, band.by);
            simulate(&season.model, target, by, (seasons, args.seed), &pool, &bar)
        }
    };
    bar.finish();
    match (format, &simulated) {
        (Format::Json, _) => {
            let whole = serde_json::json!({ "fluid": diagnosis, "simulated": simulated });
            output::print(&format!("{whole:#}\n"))?;
        }
        (Format::Text, Some(simulated)) => {
            output::print(&format!("\n{}\n", diagnosis::beside(&diagnosis, simulated)))?;
        }
        (Format::Text, None) => {}
    }
    let done = simulated.map_or(0, |simulated| simulated.seasons);
    if done == args.replications {
        return Ok(());
    }
    show::say("interrupted; the simulated figures are of the seasons done so far\n");
    Err(Failure::Interrupted)
}

/// What so many seasons say; nothing where none was done.
fn simulate(
    model: &Model,
    (target, chosen_by): (Target, ChosenBy),
    by: u32,
    (seasons, seed): (u64, u64),
    pool: &ThreadPool,
    bar: &Bar,
) -> Option<Simulated> {
    let frame = frame_of(model);
    let trial = Trial { model, frame: &frame, seed, target, points: &[] };
    let ensemble = Ensemble::simulate(&trial, 0..seasons, pool, bar);
    let cleared = ensemble.rows.iter().filter(|row| row.judgement.settled_by(by)).count() as u64;
    let seasons = ensemble.len() as u64;
    Some(Simulated {
        seasons,
        target: target.at_most,
        target_from: chosen_by.describe(),
        cleared: proportion::estimate(cleared, seasons, LEVEL)?,
        peak: mean::estimate(&ensemble.values(|row| row.run.peak as f64), LEVEL)?,
    })
}
