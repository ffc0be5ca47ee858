//! Comparing scenarios on the same customers: every design is simulated with the same seed, so that
//! arrivals, handle times, busy days and absences are shared and only the plan differs. Simulation
//! goes on until the best plan is known, or for a number of seasons that was asked for.

use super::ensemble::{Ensemble, Progress, Trial};
use super::frame::frame_of;
use crate::model::Model;
use crate::outcome::clearance::Target;
use crate::outcome::frame::Frame;
use crate::outcome::measure::{Better, Measure};
use crate::outcome::row::Row;
use crate::rng::Key;
use crate::stats::best::{RESAMPLES, p_best};
use crate::stats::selection::{Rules, Selection, select};
use crate::stats::{Estimate, mean, paired, proportion, ratio};
use crate::time::{SimDuration, SimTime};
use jiff::civil::Date;
use rayon::ThreadPool;

/// Seasons of every design before the first decision: fewer would leave its other figures vague.
pub const FIRST: u64 = 100;

/// Seasons after which it is looked whether a design can be ruled out.
const BATCH: u64 = 20;

/// One of the designs compared.
pub struct Design<'a> {
    /// What it is called.
    pub name: String,
    /// The desk.
    pub model: &'a Model,
    /// From when its backlog is watched.
    pub watch_from: SimTime,
}

/// How long to go on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Seasons {
    /// So many of each, whatever they show.
    Exactly(u64),
    /// Until the best is known.
    UntilSettled {
        /// Probability of selecting the best.
        confidence: f64,
        /// Smallest difference that matters; by default one day, or a hundredth of the first
        /// design's figure where it is not in days.
        zone: Option<f64>,
        /// Most seasons of each.
        at_most: u64,
    },
}

/// How to compare.
pub struct Options {
    /// How long to go on.
    pub seasons: Seasons,
    /// What the best is the best by.
    pub by: &'static Measure,
    /// The seed.
    pub seed: u64,
    /// Most unsolved tickets that count as cleared, and closes in a row.
    pub cleared: (f64, u32),
}

/// Seasons that an interrupted comparison has done, and where those of this one are kept.
pub struct Kept<'k> {
    /// Seasons of each design, the first ones without a gap.
    pub done: Vec<Vec<Row>>,
    /// Takes seasons of a design as they are done.
    pub keep: &'k mut dyn FnMut(usize, &[Row]),
}

/// How the best was selected.
#[derive(Clone, PartialEq, Debug)]
pub struct Ranking {
    /// What was asked.
    pub rules: Rules,
    /// What came of it.
    pub selection: Selection,
}

/// Designs simulated on the same customers.
pub struct Comparison {
    /// Names, in the order given.
    pub names: Vec<String>,
    /// Replications of each, in the same order; designs that were ruled out have fewer.
    pub ensembles: Vec<Ensemble>,
    /// What counts as cleared in all of them: the first one's target.
    pub target: Target,
    /// What the best is the best by.
    pub by: &'static Measure,
    /// How the best was selected, where that was asked for and can be.
    pub ranking: Option<Ranking>,
    /// Date of every close, for each design.
    pub dates: Vec<Vec<Date>>,
    /// Whether all of it was done.
    pub complete: bool,
}

impl Comparison {
    /// Simulates the designs. Where it was interrupted, those still simulated are cut to what all
    /// of them have.
    pub fn run(
        designs: &[Design<'_>],
        options: &Options,
        pool: &ThreadPool,
        progress: &dyn Progress,
    ) -> Comparison {
        let kept = Kept { done: vec![Vec::new(); designs.len()], keep: &mut |_, _| {} };
        Comparison::go_on(designs, options, kept, pool, progress)
    }

    /// The same from where an interrupted comparison stopped; it ends with the same bits.
    pub fn go_on(
        designs: &[Design<'_>],
        options: &Options,
        kept: Kept<'_>,
        pool: &ThreadPool,
        progress: &dyn Progress,
    ) -> Comparison {
        let frames: Vec<Frame> = designs.iter().map(|design| frame_of(design.model)).collect();
        let (at_most, closes) = options.cleared;
        let watch_from = frames.first().zip(designs.first()).map_or(0, |(frame, design)| {
            frame.closes.partition_point(|i| frame.census[*i as usize] < design.watch_from)
        });
        let target = Target { at_most, closes, watch_from: watch_from as u32 };
        let mut all = Comparison {
            names: designs.iter().map(|design| design.name.clone()).collect(),
            ensembles: vec![Ensemble::default(); designs.len()],
            target,
            by: options.by,
            ranking: None,
            dates: designs.iter().zip(&frames).map(|(d, frame)| dates(d.model, frame)).collect(),
            complete: true,
        };
        let Kept { done: known, keep } = kept;
        let mut extend = |all: &mut Comparison, which: &[usize], to: u64| {
            for &design in which {
                let (model, frame) = (designs[design].model, &frames[design]);
                // A comparison draws no fans, so no timeline is kept.
                let trial = Trial { model, frame, seed: options.seed, target, points: &[] };
                let known = known[design].iter().take(to as usize);
                let rows = &mut all.ensembles[design].rows;
                rows.extend(known.skip(rows.len()).cloned());
                let from = rows.len() as u64;
                if from < to {
                    let more = Ensemble::simulate(&trial, from..to, pool, progress);
                    keep(design, &more.rows);
                    all.ensembles[design].merge(more);
                }
            }
            let done = which.iter().map(|design| all.ensembles[*design].len()).min().unwrap_or(0);
            for &design in which {
                all.ensembles[design].rows.truncate(done);
            }
            all.complete = done as u64 >= to;
            all.complete
        };
        let everyone: Vec<usize> = (0..designs.len()).collect();
        match options.seasons {
            Seasons::Exactly(n) => {
                extend(&mut all, &everyone, n);
            }
            Seasons::UntilSettled { confidence, zone, at_most } => {
                let mut n = FIRST.min(at_most).max(2);
                if !extend(&mut all, &everyone, n) {
                    return all;
                }
                let Some(zone) = zone.or_else(|| all.usual_zone()) else { return all };
                let rules = Rules { confidence, zone, first: n as usize };
                loop {
                    // A measure that some season cannot give ranks nothing.
                    let Some(values) = all.values_to_rank() else { return all };
                    let selection = select(&values, &rules);
                    let still_in: Vec<usize> = selection.still_in().collect();
                    let decided = selection.decided;
                    all.ranking = Some(Ranking { rules, selection });
                    if decided || n >= at_most {
                        break;
                    }
                    n = (n + BATCH).min(at_most);
                    if !extend(&mut all, &still_in, n) {
                        break;
                    }
                }
            }
        }
        all
    }

    /// The smallest difference that matters, where nobody says.
    fn usual_zone(&self) -> Option<f64> {
        use crate::outcome::measure::Unit;
        let first = self.value(0, self.by, 0.95)?.value.abs();
        Some(match self.by.unit {
            Unit::Days => 1.0,
            Unit::Count | Unit::Hours | Unit::Share | Unit::Ratio | Unit::Money | Unit::Points => {
                if first > 0.0 {
                    first / 100.0
                } else {
                    0.01
                }
            }
        })
    }

    /// What is ranked, lower being better: a figure per season.
    fn values_to_rank(&self) -> Option<Vec<Vec<f64>>> {
        let sign = self.sign();
        let value = |row: &Row| {
            let (numerator, denominator) = self.by.of_desk(row);
            (denominator != 0.0).then(|| sign * numerator / denominator)
        };
        let of_design = |e: &Ensemble| e.rows.iter().map(value).collect::<Option<Vec<f64>>>();
        self.ensembles.iter().map(of_design).collect()
    }

    fn sign(&self) -> f64 {
        if self.by.better == Better::Higher { -1.0 } else { 1.0 }
    }

    /// The probability that each design is the best by the measure asked for.
    pub fn p_best(&self, seed: u64) -> Vec<f64> {
        let pairs = |design: usize| -> Vec<(f64, f64)> {
            let pairs = self.pairs(design, self.by, usize::MAX);
            pairs.into_iter().map(|(n, d)| (self.sign() * n, d)).collect()
        };
        let plans: Vec<_> = (0..self.names.len()).map(pairs).collect();
        p_best(&plans, RESAMPLES, Key::replication(seed, 0).named("best"))
    }

    /// A measure of one design.
    pub fn value(&self, design: usize, measure: &Measure, level: f64) -> Option<Estimate> {
        let pairs = self.pairs(design, measure, usize::MAX);
        Some(measure.possible(ratio::estimate(&pairs, level)?, &pairs))
    }

    /// How much more of a measure one design has than another, in the seasons that both have.
    pub fn difference(
        &self,
        design: usize,
        base: usize,
        measure: &Measure,
        level: f64,
    ) -> Option<Estimate> {
        let n = self.shared(design, base);
        let (first, second) = (self.pairs(design, measure, n), self.pairs(base, measure, n));
        // Nothing comes of no money: the same as nothing to compare.
        let known = |pairs: &[(f64, f64)]| pairs.iter().any(|(_, d)| *d != 0.0);
        if !known(&first) || !known(&second) {
            return None;
        }
        ratio::difference(&first, &second, level)
    }

    /// Seasons that two designs have in common.
    pub fn shared(&self, design: usize, base: usize) -> usize {
        self.ensembles[design].len().min(self.ensembles[base].len())
    }

    fn pairs(&self, design: usize, measure: &Measure, n: usize) -> Vec<(f64, f64)> {
        self.ensembles[design].rows.iter().take(n).map(|row| measure.of_desk(row)).collect()
    }

    /// The last date by which clearance can be judged in all designs.
    pub fn last_judged(&self) -> Option<Date> {
        let last = |dates: &Vec<Date>| Some(dates[self.target.last_judged(dates.len())?]);
        self.dates.iter().map(last).collect::<Option<Vec<Date>>>()?.into_iter().min()
    }

    fn cleared(&self, design: usize, by: Date, n: usize) -> Vec<f64> {
        let closes = self.dates[design].partition_point(|date| *date <= by);
        let cleared = |row: &Row| {
            let at = closes.checked_sub(1).map(|close| close as u32);
            f64::from(u8::from(at.is_some_and(|close| row.judgement.settled_by(close))))
        };
        self.ensembles[design].rows.iter().take(n).map(cleared).collect()
    }

    /// How much likelier one design is to be cleared for good by a date than another.
    pub fn cleared_difference(
        &self,
        design: usize,
        base: usize,
        by: Date,
        level: f64,
    ) -> Option<Estimate> {
        let n = self.shared(design, base);
        let (here, there) = (self.cleared(design, by, n), self.cleared(base, by, n));
        let difference = paired::mean_difference(&here, &there, level)?;
        Some(difference.within(-1.0, 1.0))
    }

    /// The probability that a design is cleared for good by a date: a small pile-up that is cleared before
    /// the large one comes does not count.
    pub fn p_cleared(&self, design: usize, by: Date, level: f64) -> Option<Estimate> {
        let cleared = self.cleared(design, by, usize::MAX);
        let sum = cleared.iter().filter(|cleared| **cleared > 0.0).count();
        proportion::estimate(sum as u64, cleared.len() as u64, level)
    }

    /// The variance of a difference of two designs with common random numbers, against the sum of
    /// their variances, which independent seasons would have: how many times fewer seasons do.
    pub fn gain(&self, design: usize, base: usize, measure: &Measure) -> Option<f64> {
        let n = self.shared(design, base);
        let values = |design: usize| -> Vec<f64> {
            let pairs = self.pairs(design, measure, n);
            pairs.into_iter().map(|(n, d)| if d == 0.0 { 0.0 } else { n / d }).collect()
        };
        let (first, second) = (values(design), values(base));
        let differences: Vec<f64> = first.iter().zip(&second).map(|(a, b)| a - b).collect();
        let apart = mean::variance(&first)? + mean::variance(&second)?;
        let paired = mean::variance(&differences)?;
        (paired > 0.0).then(|| apart / paired)
    }
}

/// Dates of the closes of a desk; one at midnight belongs to the day it ends.
fn dates(model: &Model, frame: &Frame) -> Vec<Date> {
    let close = |census: &u32| frame.census[*census as usize] - SimDuration::from_micros(1);
    frame.closes.iter().map(|census| model.days.civil(close(census)).date()).collect()
}
