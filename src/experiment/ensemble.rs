//! Many replications of one model: rows in the order of their index, and sums over all of them.
//!
//! Replications are handed out in order to whichever thread is free, each is a function of its
//! index alone, and sums are whole numbers, so the result is the same at any number of threads, and
//! what an interruption leaves is always the first so many.

use crate::engine::{Desk, simulate};
use crate::model::Model;
use crate::outcome::clearance::Target;
use crate::outcome::frame::{Frame, WEEK_HOURS};
use crate::outcome::recorder::{AGES, Recorder, Snapshot, Week};
use crate::outcome::row::Row;
use crate::stats::histogram::Histogram;
use crate::ticket::Cause;
use rayon::ThreadPool;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// Whoever waits for a long computation.
pub trait Progress: Sync {
    /// One more replication is done.
    fn step(&self);
    /// Whether to stop: what is in flight is finished, nothing new is begun.
    fn stopped(&self) -> bool;
}

/// Nobody waits.
impl Progress for () {
    fn step(&self) {}
    fn stopped(&self) -> bool {
        false
    }
}

/// What is simulated, and how it is judged.
#[derive(Clone, Copy)]
pub struct Trial<'a> {
    /// The desk.
    pub model: &'a Model,
    /// Its frame.
    pub frame: &'a Frame,
    /// The seed.
    pub seed: u64,
    /// What counts as cleared.
    pub target: Target,
    /// The censuses whose values are kept as timelines.
    pub points: &'a [u32],
}

/// The series of a timeline, in the order of `PointSums::series`.
pub const SERIES: [(&str, &str); 5] = [
    ("unsolved", "unsolved tickets"),
    ("customers", "customers without a solution"),
    ("waiting", "tickets waiting for an agent"),
    ("overdue", "unsolved and past the promised solution"),
    ("unanswered", "without a reply past the promised one"),
];

/// All replications of one model so far.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Ensemble {
    /// One row per replication, in the order of their indices.
    pub rows: Vec<Row>,
    /// Sums over all of them.
    pub sums: Sums,
}

/// Sums over replications, exact in any order.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Sums {
    /// By point of the timeline.
    pub points: Vec<PointSums>,
    /// Tickets by age bucket, by close.
    pub ages: Vec<[u64; AGES]>,
    /// By week.
    pub weeks: Vec<WeekSums>,
    /// Work that came in by hour of the week, in microseconds.
    pub load_micros: Vec<u64>,
    /// Agent time at the queue by hour of the week, in microseconds.
    pub staffed_micros: Vec<u64>,
}

/// Values at a point of the timeline over replications.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct PointSums {
    /// Histograms of the series, in the order of `SERIES`.
    pub series: [Histogram; SERIES.len()],
    /// Sums of the series.
    pub sums: [u64; SERIES.len()],
}

/// Figures of a week over replications.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct WeekSums {
    /// Tickets created.
    pub created: u64,
    /// Solutions.
    pub solved: u64,
    /// Work by cause, in microseconds.
    pub work_micros: [u64; Cause::ALL.len()],
    /// Agent time at the queue, in microseconds.
    pub staffed_micros: u64,
}

impl Ensemble {
    /// Simulates replications `range`, or as many of its first ones as there is time for.
    pub fn simulate(
        trial: &Trial<'_>,
        range: Range<u64>,
        pool: &ThreadPool,
        progress: &dyn Progress,
    ) -> Ensemble {
        let next = AtomicU64::new(range.start);
        let parts = pool.broadcast(|_| {
            let mut worker = Worker::new(trial);
            loop {
                if progress.stopped() {
                    break;
                }
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= range.end {
                    break;
                }
                worker.run(index);
                progress.step();
            }
            worker.ensemble
        });
        let mut all = Ensemble::default();
        parts.into_iter().for_each(|part| all.merge(part));
        all
    }

    /// Adds other replications of the same trial.
    pub fn merge(&mut self, other: Ensemble) {
        self.rows.extend(other.rows);
        self.rows.sort_by_key(|row| row.index);
        self.sums.merge(&other.sums);
    }

    /// How many replications there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A figure of every replication, in order.
    pub fn values(&self, figure: impl Fn(&Row) -> f64) -> Vec<f64> {
        self.rows.iter().map(figure).collect()
    }
}

/// One thread's memory and what it has found.
struct Worker<'a> {
    trial: &'a Trial<'a>,
    desk: Desk,
    recorder: Recorder<'a>,
    closes: Vec<u32>,
    ensemble: Ensemble,
}

impl<'a> Worker<'a> {
    fn new(trial: &'a Trial<'a>) -> Worker<'a> {
        let recorder = Recorder::new(trial.frame);
        let sums = Sums::sized(trial);
        let ensemble = Ensemble { rows: Vec::new(), sums };
        Worker { trial, desk: Desk::new(), recorder, closes: Vec::new(), ensemble }
    }

    fn run(&mut self, index: u64) {
        let trial = self.trial;
        simulate(trial.model, trial.seed, index, &mut self.desk, &mut self.recorder);
        // A truncated run counts as above the cap from where it was stopped.
        let beyond = trial.model.cap.saturating_add(1);
        let recorder = &self.recorder;
        // It is never cleared, be the cap lower than what counts as cleared.
        let above = beyond.max((trial.target.at_most as u32).saturating_add(1));
        let unsolved =
            |census: &u32| recorder.snapshots.get(*census as usize).map_or(above, |s| s.unsolved);
        self.closes.clear();
        self.closes.extend(trial.frame.closes.iter().map(unsolved));
        self.ensemble.rows.push(Row::new(index, recorder, &self.closes, &trial.target));
        self.ensemble.sums.count(recorder, trial.points, beyond);
    }
}

impl Sums {
    fn sized(trial: &Trial<'_>) -> Sums {
        Sums {
            points: vec![PointSums::default(); trial.points.len()],
            ages: vec![[0; AGES]; trial.frame.closes.len()],
            weeks: vec![WeekSums::default(); trial.frame.weeks()],
            load_micros: vec![0; WEEK_HOURS],
            staffed_micros: vec![0; WEEK_HOURS],
        }
    }

    fn count(&mut self, recorder: &Recorder<'_>, points: &[u32], beyond: u32) {
        for (sums, census) in self.points.iter_mut().zip(points) {
            let values = match recorder.snapshots.get(*census as usize) {
                Some(Snapshot { unsolved, customers, waiting, overdue, unanswered, .. }) => {
                    [*unsolved, *customers, *waiting, *overdue, *unanswered]
                }
                None => [beyond; SERIES.len()],
            };
            for (series, value) in values.into_iter().enumerate() {
                sums.series[series].add(u64::from(value));
                sums.sums[series] += u64::from(value);
            }
        }
        for (sum, ages) in self.ages.iter_mut().zip(&recorder.ages) {
            sum.iter_mut().zip(ages).for_each(|(sum, age)| *sum += u64::from(*age));
        }
        for (sum, week) in self.weeks.iter_mut().zip(&recorder.weeks) {
            sum.count(week);
        }
        add(&mut self.load_micros, &recorder.load_micros);
        add(&mut self.staffed_micros, &recorder.staffed_micros);
    }

    fn merge(&mut self, other: &Sums) {
        if self.points.is_empty() && self.weeks.is_empty() {
            *self = other.clone();
            return;
        }
        for (point, more) in self.points.iter_mut().zip(&other.points) {
            point.series.iter_mut().zip(&more.series).for_each(|(sum, more)| sum.merge(more));
            add(&mut point.sums, &more.sums);
        }
        self.ages.iter_mut().zip(&other.ages).for_each(|(sum, more)| add(sum, more));
        for (week, more) in self.weeks.iter_mut().zip(&other.weeks) {
            week.created += more.created;
            week.solved += more.solved;
            add(&mut week.work_micros, &more.work_micros);
            week.staffed_micros += more.staffed_micros;
        }
        add(&mut self.load_micros, &other.load_micros);
        add(&mut self.staffed_micros, &other.staffed_micros);
    }
}

impl WeekSums {
    fn count(&mut self, week: &Week) {
        self.created += week.created;
        self.solved += week.solved;
        add(&mut self.work_micros, &week.work_micros);
        self.staffed_micros += week.staffed_micros;
    }
}

fn add(sums: &mut [u64], more: &[u64]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}
