//! What counts as cleared, where the scenario does not say: the usual backlog of a calm desk.
//!
//! The calm companion is the same desk without surge, opening backlog, hires and interventions.
//! Its backlog at 95 % of closes is the upper end of the healthy band. Where even the calm desk
//! falls behind there is no such band, and half a day of work stands in.

use super::ensemble::{Ensemble, Progress, Trial};
use super::fluid::Fluid;
use super::frame::frame_of;
use crate::ids::TeamId;
use crate::model::Model;
use crate::model::load::{Load, productive_hours};
use crate::outcome::clearance::Target;
use crate::outcome::frame::Frame;
use crate::stats::histogram::Histogram;
use crate::stats::mean::{mean, standard_error};
use crate::stats::{Interval, t_quantile};
use crate::time::SimDuration;
use rayon::ThreadPool;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Closes of the companion that are wanted, over all replications.
const CLOSES: u64 = 5040;

/// Fewest and most replications of the companion. Fewer could not tell growth from chance; more would
/// take a short run longer than the run itself.
const REPLICATIONS: (u64, u64) = (12, 60);

/// Replications of the companion after which it is roughly known what is high: how the others differ in
/// how often they pass that tells how well it is known.
const PILOT: u64 = 4;

/// Confidence of the interval of the target.
const LEVEL: f64 = 0.95;

/// What the calm companion stays below at this share of closes is usual.
const USUAL: f64 = 0.95;

/// The companion's own seed, apart from every season's.
const OTHER_SEED: u64 = 0x5eed_ca1a_0de5_4000;

/// What counts as cleared.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Band {
    /// The most unsolved tickets that do.
    pub at_most: f64,
    /// How that was chosen.
    pub by: ChosenBy,
    /// Where it lies with 95 % confidence, if it was found by simulation.
    pub within: Option<Interval>,
}

/// How the target was chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChosenBy {
    /// The scenario says it.
    Scenario,
    /// The 95th percentile of closes of the calm companion.
    CalmDesk,
    /// Half a day of work, because the calm companion is unstable.
    HalfADay,
    /// What the calm companion has at a close by arithmetic, without simulation, or half a day of
    /// work where that is more.
    Arithmetic,
}

impl ChosenBy {
    /// In words.
    pub fn describe(self) -> &'static str {
        match self {
            ChosenBy::Scenario => "as the scenario says",
            ChosenBy::CalmDesk => {
                "the backlog that this desk stays below at 95 % of closes in calm weeks"
            }
            ChosenBy::HalfADay => {
                "half a day of work, because this desk falls behind even in calm weeks"
            }
            ChosenBy::Arithmetic => {
                "the more of what arithmetic has at a close in calm weeks, and half a day of work"
            }
        }
    }
}

/// What counts as cleared, from the calm companion of a model.
pub fn healthy_band(calm: &Model, seed: u64, pool: &ThreadPool, progress: &dyn Progress) -> Band {
    let frame = frame_of(calm);
    let points = frame.closes.clone();
    let simulate = |at_most: f64, range: Range<u64>| {
        let target = Target { at_most, closes: 1, watch_from: 0 };
        let seed = seed ^ OTHER_SEED;
        let trial = Trial { model: calm, frame: &frame, seed, target, points: &points };
        Ensemble::simulate(&trial, range, pool, progress)
    };
    let mut all = simulate(0.0, 0..PILOT);
    let roughly = closes(&all).quantile(USUAL).unwrap_or(0.0);
    let others = simulate(roughly, PILOT..replications(points.len()));
    let above = others.values(|row| f64::from(row.judgement.closes_above));
    all.merge(others);
    if is_unstable(&all, &frame, Fluid::of(calm).falls_behind()) {
        return Band { at_most: half_a_day(calm), by: ChosenBy::HalfADay, within: None };
    }
    let closes = closes(&all);
    let at_most = closes.quantile(USUAL).unwrap_or(0.0).ceil();
    let shares: Vec<f64> = above.iter().map(|above| above / points.len().max(1) as f64).collect();
    let within = interval(&closes, &shares, all.len());
    Band { at_most, by: ChosenBy::CalmDesk, within }
}

/// All closes of all replications.
fn closes(ensemble: &Ensemble) -> Histogram {
    let mut closes = Histogram::new();
    for point in &ensemble.sums.points {
        closes.merge(&point.series[0]);
    }
    closes
}

/// Where the usual backlog lies. Closes of one season are alike, so it is not their number that counts
/// but how the shares of seasons above it differ (R. S. Woodruff, Confidence intervals for medians and
/// other position measures, 1952).
fn interval(closes: &Histogram, shares: &[f64], seasons: usize) -> Option<Interval> {
    let error = standard_error(shares)? * (shares.len() as f64 / seasons as f64).sqrt();
    let reach = t_quantile(0.5 + LEVEL / 2.0, shares.len() as f64 - 1.0) * error;
    let end = |p: f64| closes.quantile(p.clamp(0.0, 1.0)).map(f64::ceil);
    Some(Interval { low: end(USUAL - reach)?, high: end(USUAL + reach)? })
}

/// The same by arithmetic alone.
///
/// The fluid gives the fullest close of its last four weeks. It leaves out chance, which makes
/// ordinary days better and worse, so half a day of work is never too much.
pub fn everyday(calm: &Model) -> (f64, ChosenBy) {
    let fluid = Fluid::of(calm);
    let half_a_day = half_a_day(calm);
    if fluid.falls_behind() {
        return (half_a_day, ChosenBy::HalfADay);
    }
    (fluid.fullest_late_close().ceil().max(half_a_day), ChosenBy::Arithmetic)
}

/// How often the companion is simulated: a long season has many closes, and needs few replications.
fn replications(closes: usize) -> u64 {
    CLOSES.div_ceil(closes.max(1) as u64).clamp(REPLICATIONS.0, REPLICATIONS.1)
}

/// Whether the backlog grows over the run, beyond what chance explains.
fn is_unstable(ensemble: &Ensemble, frame: &Frame, falls_behind: bool) -> bool {
    if ensemble.rows.iter().any(|row| row.run.truncated) {
        return true;
    }
    if !falls_behind {
        return last_week_is_higher(ensemble, frame);
    }
    // Where it should by arithmetic, any growth from the first midnight to the last will do: one that began
    // long before the run adds less to what is there.
    let growth = ensemble.values(|row| {
        let all = row.all_classes();
        all.remaining as f64 - all.opening as f64
    });
    let known = mean(&growth).zip(standard_error(&growth));
    known.is_some_and(|(mean, error)| mean > 4.0 * error)
}

/// Whether the closes of the last whole week are above those of all whole weeks by more than a quarter.
/// A week is held against weeks: most desks have more at one close of it than at another, every week anew.
fn last_week_is_higher(ensemble: &Ensemble, frame: &Frame) -> bool {
    let seasons = ensemble.len().max(1) as f64;
    let mut weeks: Vec<Vec<f64>> = vec![Vec::new(); frame.weeks()];
    for (close, point) in frame.closes.iter().zip(&ensemble.sums.points) {
        // A close at midnight is one of the day before.
        let week = frame.week(frame.census[*close as usize] - SimDuration::from_micros(1));
        weeks[week].push(point.sums[0] as f64 / seasons);
    }
    let most = weeks.iter().map(Vec::len).max().unwrap_or(0);
    weeks.retain(|closes| !closes.is_empty() && closes.len() == most);
    let weekly: Vec<f64> = weeks.iter().filter_map(|closes| mean(closes)).collect();
    let (Some(last), Some(all)) = (weekly.last(), mean(&weekly)) else { return false };
    // Closes of a week are alike: its mean is known about as well as one of them.
    let spread = ensemble.sums.points.last().and_then(|point| {
        let at = |p| point.series[0].quantile(p);
        Some((at(0.84)? - at(0.16)?) / 2.0)
    });
    let error = spread.unwrap_or(0.0) / seasons.sqrt();
    *last > 1.25 * all + 4.0 * error
}

/// Tickets that half a day's productive hours can work off.
fn half_a_day(calm: &Model) -> f64 {
    let span = (crate::time::SimTime::ZERO, calm.end);
    let teams = 0..calm.teams.len();
    let hours: f64 =
        teams.map(|team| productive_hours(calm, TeamId::new(team), span.0, span.1)).sum();
    let open_days = calm.census.closes.len().max(1) as f64;
    let per_ticket = Load::new(calm).hours_per_ticket(span.0, span.1).unwrap_or(1.0);
    (hours / open_days / per_ticket / 2.0).round()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::Law;
    use crate::model::arrivals::{ArrivalProcess, Piece};
    use crate::model::build::ModelBuilder;
    use crate::model::class::Class;
    use crate::model::days::Days;
    use crate::model::pool::PoolPlan;
    use crate::model::team::TeamPlan;
    use crate::rng::{Key, Purpose};
    use crate::time::SimTime;
    use rand::RngExt;

    #[test]
    fn long_seasons_need_few_companions() {
        // Four weeks of six days, twelve weeks of seven, a year, a run without a close.
        assert_eq!([24, 84, 364, 0].map(replications), [60, 60, 14, 60]);
    }

    #[test]
    fn the_interval_counts_seasons_and_not_closes() {
        // Twenty closes of a season are one level, uniform up to 1000, and up to 10 more each: at 955 are
        // 95 % of 1000 and half of 10.
        let (seasons, closes_each, trials) = (56, 20, 400);
        let mut covered = 0;
        for trial in 0..trials {
            let mut chance = Key::replication(trial, 0).draw(Purpose::Pick, 0);
            let (mut all, mut shares) = (Histogram::new(), Vec::new());
            for _ in 0..seasons {
                let level = chance.random::<f64>() * 1000.0;
                let closes: Vec<f64> =
                    (0..closes_each).map(|_| level + chance.random::<f64>() * 10.0).collect();
                closes.iter().for_each(|close| all.add(*close as u64));
                let above = closes.iter().filter(|close| **close > 950.0).count();
                shares.push(above as f64 / f64::from(closes_each));
            }
            let within = interval(&all, &shares, seasons).unwrap();
            covered += u64::from(within.contains(955.0));
        }
        // 95 % of 400, less four standard errors; as if closes were independent it would be a third.
        let standard_error = (0.95 * 0.05 / trials as f64).sqrt();
        let share = covered as f64 / trials as f64;
        assert!(share > 0.95 - 4.0 * standard_error, "{share}");
    }

    #[test]
    fn half_a_day_is_what_half_the_hours_can_solve() {
        let hours = SimTime::from_hours;
        let mut builder = ModelBuilder::new("desk", Days::plain(0, 2));
        let team = builder.team(TeamPlan::new("desk"));
        let piece = Piece { from: hours(0.0), rate: 1e-9, block: 0 };
        let arrivals = ArrivalProcess::poisson(vec![piece], hours(48.0));
        let handle = Law::Constant(SimDuration::from_minutes(30));
        builder.class(Class::new("ticket", arrivals, team, handle));
        let shifts = vec![(hours(9.0), hours(17.0)), (hours(33.0), hours(41.0))];
        builder.pool(PoolPlan::new(team, "desk", 4, shifts));
        // Four agents, eight hours, half an hour a ticket: 64 a day.
        assert_eq!(half_a_day(&builder.build().unwrap()), 32.0);
    }
}
