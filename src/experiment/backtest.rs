//! How well a forecast would have done: what was predicted beside what came, and beside simpler forecasts.

use super::ensemble::Ensemble;
use crate::model::Model;
use crate::outcome::frame::Frame;
use crate::outcome::tally::ClassTally;
use crate::time::SimTime;
use jiff::civil::Date;
use serde::Serialize;

/// A day that was predicted, and is past.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Day {
    /// Which.
    pub date: Date,
    /// Open tickets at its end, as they were.
    pub actual: f64,
    /// Mean of the simulated ones.
    pub mean: f64,
    /// The 5, 25, 50, 75 and 95 % quantiles of the simulated ones.
    pub quantiles: [f64; 5],
}

/// How far a forecast was from what came.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Errors {
    /// Whose forecast it is.
    pub of: &'static str,
    /// Mean distance, as a share of what came.
    pub relative: f64,
    /// Mean distance.
    pub absolute: f64,
    /// Mean of what was predicted over that of what came, less one.
    pub bias: f64,
    /// What was predicted for the last day over what came, less one.
    pub at_end: f64,
}

impl Errors {
    /// Holds a forecast against what came, day by day.
    ///
    /// *Panics* where they differ in length, or there is no day.
    pub fn of(of: &'static str, predicted: &[f64], actual: &[f64]) -> Errors {
        assert!(predicted.len() == actual.len() && !actual.is_empty(), "a day for each day");
        let mean =
            |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / actual.len() as f64;
        let pairs = || predicted.iter().zip(actual);
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        Errors {
            of,
            relative: mean(&mut pairs().map(|(p, a)| (p - a).abs() / a.max(1.0))),
            absolute: mean(&mut pairs().map(|(p, a)| (p - a).abs())),
            bias: sum(predicted) / sum(actual).max(1.0) - 1.0,
            at_end: predicted[actual.len() - 1] / actual[actual.len() - 1].max(1.0) - 1.0,
        }
    }
}

/// A forecast that is past.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Backtest {
    /// The days.
    pub days: Vec<Day>,
    /// Share of the days on which what came lay between the 5 % and the 95 % quantile.
    pub within: f64,
    /// Simulated seasons.
    pub seasons: u64,
    /// New tickets: simulated on average, and as they came.
    pub created: (f64, f64),
    /// The simulation first, then simpler forecasts.
    pub errors: Vec<Errors>,
}

/// The census of a model at the end of each day, by position.
pub fn midnights(model: &Model, frame: &Frame, days: usize) -> Vec<u32> {
    let calendar = &model.days;
    let first = calendar.day_of(SimTime::ZERO);
    let ends = (1..=days).map(|day| calendar.midnight(first + day));
    // Beyond the end of the run stands its last census.
    let last = frame.census.len().saturating_sub(1);
    let place = |at| frame.census.partition_point(|census| *census < at).min(last);
    ends.map(|at| place(at) as u32).collect()
}

/// Holds what was simulated at the end of each day against what came. `actual` has (day, open tickets, new
/// ones); `others` are simpler forecasts of the open tickets.
pub fn judge(
    ensemble: &Ensemble,
    actual: &[(Date, u64, u64)],
    others: &[(&'static str, Vec<f64>)],
) -> Backtest {
    let seasons = ensemble.len() as u64;
    let points = ensemble.sums.points.iter().zip(actual);
    let days: Vec<Day> = points
        .map(|(point, (date, open, _))| Day {
            date: *date,
            actual: *open as f64,
            mean: point.sums[0] as f64 / seasons.max(1) as f64,
            quantiles: [0.05, 0.25, 0.5, 0.75, 0.95]
                .map(|p| point.series[0].quantile(p).unwrap_or(0.0)),
        })
        .collect();
    let is_within = |day: &&Day| (day.quantiles[0]..=day.quantiles[4]).contains(&day.actual);
    let within = days.iter().filter(is_within).count() as f64 / days.len().max(1) as f64;
    let came: Vec<f64> = days.iter().map(|day| day.actual).collect();
    let means: Vec<f64> = days.iter().map(|day| day.mean).collect();
    let mut errors = vec![Errors::of("surgecast", &means, &came)];
    errors.extend(others.iter().map(|(of, predicted)| Errors::of(of, predicted, &came)));
    let created =
        ensemble.values(|row| row.classes.iter().map(ClassTally::genuine).sum::<u64>() as f64);
    let created = created.iter().sum::<f64>() / seasons.max(1) as f64;
    let new = actual.iter().map(|(_, _, new)| *new as f64).sum();
    Backtest { days, within, seasons, created: (created, new), errors }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_those_of_the_textbook() {
        let errors = Errors::of("x", &[110.0, 90.0, 130.0], &[100.0, 100.0, 100.0]);
        assert!((errors.relative - 0.5 / 3.0).abs() < 1e-12);
        assert!((errors.absolute - 50.0 / 3.0).abs() < 1e-12);
        assert!((errors.bias - 0.1).abs() < 1e-12);
        assert!((errors.at_end - 0.3).abs() < 1e-12);
    }
}
