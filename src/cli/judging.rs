//! What several commands ask of a scenario before they simulate: what counts as cleared, and by when.

use super::failure::Failure;
use super::show;
use jiff::civil::Date;
use rayon::ThreadPool;
use surgecast::experiment::ensemble::Progress;
use surgecast::experiment::forecast::CLOSES;
use surgecast::experiment::target::{Band, ChosenBy, everyday, healthy_band};
use surgecast::model::Model;
use surgecast::outcome::clearance::Target;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};

/// What counts as cleared at once, without simulation: what the scenario says, or what its calm
/// companion has by arithmetic.
pub(super) fn target_by_arithmetic(
    scenario: &Scenario,
    season: &Compiled,
) -> Result<(Target, ChosenBy), Failure> {
    let (at_most, by) = match written(scenario) {
        Some(at_most) => (at_most, ChosenBy::Scenario),
        None => everyday(&compile(scenario, Parts::Calm)?.model),
    };
    Ok((watched(scenario, season, at_most), by))
}

/// The target of a scenario: what it says, or what its calm companion stays below.
pub(super) fn target(
    scenario: &Scenario,
    season: &Compiled,
    seed: u64,
    pool: &ThreadPool,
    progress: &dyn Progress,
) -> Result<Target, Failure> {
    Ok(watched(scenario, season, at_most(scenario, seed, pool, progress)?))
}

/// So many unsolved tickets as a target, from when the scenario's backlog is watched.
pub(super) fn watched(scenario: &Scenario, season: &Compiled, at_most: f64) -> Target {
    let watch_from = scenario.watch_from(season);
    let census = &season.model.census;
    let watch_from = census.closes.partition_point(|i| census.at[*i as usize] < watch_from) as u32;
    Target { at_most, closes: closes(scenario), watch_from }
}

fn written(scenario: &Scenario) -> Option<f64> {
    let cleared = scenario.spec.cleared.as_ref()?;
    cleared.at_most.as_ref().map(|at_most| f64::from(at_most.value))
}

/// How many unsolved tickets count as cleared: what the scenario says, or the calm desk's usual backlog.
pub(super) fn at_most(
    scenario: &Scenario,
    seed: u64,
    pool: &ThreadPool,
    progress: &dyn Progress,
) -> Result<f64, Failure> {
    Ok(band(scenario, seed, pool, progress)?.at_most)
}

/// The same, with how it was chosen.
pub(super) fn band(
    scenario: &Scenario,
    seed: u64,
    pool: &ThreadPool,
    progress: &dyn Progress,
) -> Result<Band, Failure> {
    if let Some(at_most) = written(scenario) {
        return Ok(Band { at_most, by: ChosenBy::Scenario, within: None });
    }
    let calm = compile(scenario, Parts::Calm)?;
    let band = healthy_band(&calm.model, seed, pool, progress);
    if progress.stopped() {
        // Of fewer calm weeks than it takes, it would be another target.
        show::say("interrupted before the first season was simulated\n");
        return Err(Failure::Interrupted);
    }
    Ok(band)
}

/// At how many closes in a row.
pub(super) fn closes(scenario: &Scenario) -> u32 {
    let written = scenario.spec.cleared.as_ref().and_then(|cleared| cleared.closes.as_ref());
    written.map_or(CLOSES, |closes| closes.value.max(1))
}

/// A date of the command line.
pub(super) fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write it as 2026-12-24".to_string())
}

/// The last close up to the end of a day, where clearance can be judged by then; without a day, the
/// last at which it can be judged at all.
pub(super) fn close_by(model: &Model, target: &Target, day: Option<Date>) -> Result<u32, Failure> {
    let closes = &model.census.closes;
    let Some(last) = target.last_judged(closes.len()) else {
        return Err(Failure::Command(format!(
            "the run has {} open days, and clearance takes {} of them; make it longer",
            closes.len(),
            target.closes
        )));
    };
    let Some(day) = day else { return Ok(last as u32) };
    let days = &model.days;
    let place = days.index_of(day);
    let until = place.map(|place| days.midnight(place + 1));
    let before = until.map_or(0, |until| {
        closes.partition_point(|close| model.census.at[*close as usize] <= until)
    });
    let date_of = |close: usize| {
        let at = model.census.at[closes[close] as usize];
        days.civil(at - surgecast::time::SimDuration::from_micros(1)).date()
    };
    match before.checked_sub(1) {
        Some(close) if close <= last => {
            if date_of(close) != day {
                let found = date_of(close);
                show::say(&format!("nothing is closed on {day}: judged at the close of {found}\n"));
            }
            Ok(close as u32)
        }
        _ => Err(Failure::Command(format!(
            "whether it is cleared by {day} cannot be judged: that can be any day from {} to {}, as it \
             takes {} closes in a row",
            date_of(0),
            date_of(last),
            target.closes
        ))),
    }
}

/// Compiles parts of a scenario, or shows its problems.
pub(super) fn compile(scenario: &Scenario, parts: Parts) -> Result<Compiled, Failure> {
    match scenario.compile(parts) {
        (Some(compiled), _) => Ok(compiled),
        (None, problems) => Err(Failure::scenario(&scenario.sources, &problems.sorted())),
    }
}
