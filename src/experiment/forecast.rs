//! The main job: a season forecast. The calm companion sets the target, the season is simulated
//! until it is precise enough, and the same customers are met once more without follow-up loops.

use super::controls::busyness_controls;
use super::ensemble::{Ensemble, Progress, Trial};
use super::frame::frame_of;
use super::target::{Band, ChosenBy, healthy_band};
use crate::model::Model;
use crate::outcome::clearance::Target;
use crate::outcome::frame::Frame;
use crate::stats::proportion;
use crate::time::{SimDuration, SimTime};
use rayon::ThreadPool;
use serde::{Deserialize, Serialize};

/// Replications in which the loops are also switched off.
const PAIRED: u64 = 200;

/// Replications at each end of the range of the chasers' rate, where that is only judged.
const AT_RATES: u64 = 40;

/// Fewest replications where a precision is asked for; every batch is half of what is done.
const FIRST_BATCH: u64 = 200;

/// Runs up to this length keep hourly timelines, longer ones the closes of open days.
const HOURLY_UP_TO: SimDuration = SimDuration::from_days(15);

/// Closes in a row that make a clearance, where the scenario does not say.
pub const CLOSES: u32 = crate::scenario::spec::CLOSES.value as u32;

/// The desks to simulate.
#[derive(Clone, Copy)]
pub struct Desks<'a> {
    /// The season.
    pub season: &'a Model,
    /// The same desk in calm weeks.
    pub calm: &'a Model,
    /// The season without follow-up loops, where it has any.
    pub without_loops: Option<&'a Model>,
    /// The season with the lowest and with the highest plausible rate of chasers, where the usual
    /// one is in force, which nobody has measured.
    pub chasers: Option<[&'a Model; 2]>,
}

/// How to simulate.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Options {
    /// Replications; with a precision, the most there may be.
    pub replications: u64,
    /// The seed.
    pub seed: u64,
    /// Confidence of the intervals.
    pub level: f64,
    /// How precise the answer must be, where that decides.
    pub precision: Option<f64>,
    /// The most unsolved tickets that count as cleared, where the scenario says it.
    pub cleared_at: Option<f64>,
    /// Closes in a row that make a clearance.
    pub closes: u32,
    /// When the season's first surge begins, or the start where there is an opening backlog.
    pub watch_from: SimTime,
}

/// What has been simulated; all of it, or what an interruption left.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Work {
    /// The target, once it is known.
    pub target: Option<Band>,
    /// The replications that are paired with ones without loops.
    pub first: Ensemble,
    /// The others.
    pub rest: Ensemble,
    /// The first replications without loops.
    pub without_loops: Ensemble,
    /// The first replications with the lowest and with the highest rate of chasers.
    #[serde(default)]
    pub chasers: [Ensemble; 2],
}

/// A forecast.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// What was simulated.
    pub work: Work,
    /// The frame of the figures.
    pub frame: Frame,
    /// What counts as cleared.
    pub target: Target,
    /// The same, with how it was chosen.
    pub band: Band,
    /// Censuses of the timeline.
    pub points: Vec<u32>,
    /// Replications asked for.
    pub asked: u64,
    /// Whether all of it was done.
    pub complete: bool,
}

impl Forecast {
    /// Simulates, from where `work` stands; on an interruption it comes back incomplete.
    pub fn run(
        desks: &Desks<'_>,
        options: &Options,
        mut work: Work,
        pool: &ThreadPool,
        progress: &dyn Progress,
    ) -> Forecast {
        let frame = frame_of(desks.season);
        let points = points(&frame);
        let band = choose_target(desks, options, &mut work, pool, progress);
        let watch_from =
            frame.closes.partition_point(|i| frame.census[*i as usize] < options.watch_from);
        let (at_most, closes) = (band.at_most, options.closes);
        let target = Target { at_most, closes, watch_from: watch_from as u32 };
        let seed = options.seed;
        let trial = Trial { model: desks.season, frame: &frame, seed, target, points: &points };
        let paired = PAIRED.min(options.replications);
        let extend = |ensemble: &mut Ensemble, trial: &Trial<'_>, from: u64, to: u64| {
            let done = from + ensemble.len() as u64;
            if done < to {
                ensemble.merge(Ensemble::simulate(trial, done..to, pool, progress));
            }
            from + ensemble.len() as u64 >= to
        };
        let mut complete = extend(&mut work.first, &trial, 0, paired);
        match options.precision {
            None => {
                complete = complete && extend(&mut work.rest, &trial, paired, options.replications);
            }
            Some(precision) => {
                let mut goal = FIRST_BATCH;
                while complete {
                    complete =
                        extend(&mut work.rest, &trial, paired, goal.min(options.replications));
                    if goal >= options.replications
                        || is_precise(desks.season, &work, &target, &frame, options, precision)
                    {
                        break;
                    }
                    goal += goal / 2;
                }
            }
        }
        if let Some(model) = desks.without_loops {
            let trial = Trial { model, ..trial };
            complete = complete && extend(&mut work.without_loops, &trial, 0, paired);
        }
        for (ensemble, model) in work.chasers.iter_mut().zip(desks.chasers.into_iter().flatten()) {
            let trial = Trial { model, points: &[], ..trial };
            complete = complete && extend(ensemble, &trial, 0, AT_RATES.min(paired));
        }
        Forecast { work, frame, target, band, points, asked: options.replications, complete }
    }

    /// All replications of the season.
    pub fn season(&self) -> Ensemble {
        self.work.season()
    }
}

impl Work {
    /// All replications of the season.
    pub fn season(&self) -> Ensemble {
        let mut all = self.first.clone();
        all.merge(self.rest.clone());
        all
    }
}

fn choose_target(
    desks: &Desks<'_>,
    options: &Options,
    work: &mut Work,
    pool: &ThreadPool,
    progress: &dyn Progress,
) -> Band {
    if let Some(band) = work.target {
        return band;
    }
    let band = match options.cleared_at {
        Some(at_most) => Band { at_most, by: ChosenBy::Scenario, within: None },
        None => healthy_band(desks.calm, options.seed, pool, progress),
    };
    if !progress.stopped() {
        work.target = Some(band);
    }
    band
}

/// The censuses a timeline shows: closes, and all hours of a short run.
fn points(frame: &Frame) -> Vec<u32> {
    if frame.end - SimTime::ZERO <= HOURLY_UP_TO {
        (0..frame.census.len() as u32).collect()
    } else {
        frame.closes.clone()
    }
}

/// Whether the mean peak is known within that share of itself, and the probability of clearance by
/// every date within so many hundredths.
fn is_precise(
    model: &Model,
    work: &Work,
    target: &Target,
    frame: &Frame,
    options: &Options,
    precision: f64,
) -> bool {
    let season = work.season();
    let indices: Vec<u64> = season.rows.iter().map(|row| row.index).collect();
    let controls = busyness_controls(model, options.seed, &indices);
    let peaks = season.values(|row| row.run.peak as f64);
    let peak = controls.mean(&peaks, options.level);
    let width = peak.and_then(|peak| Some(peak.interval?.half_width() / peak.value.max(1.0)));
    let Some(width) = width else { return false };
    let last = target.last_judged(frame.closes.len()).unwrap_or(0);
    let widest = (0..=last)
        .filter_map(|close| {
            let cleared =
                season.rows.iter().filter(|row| row.judgement.cleared_by(close as u32)).count();
            proportion::estimate(cleared as u64, season.len() as u64, options.level)?.interval
        })
        .map(super::super::stats::Interval::half_width)
        .fold(0.0, f64::max);
    width <= precision && widest <= precision
}
