//! Comparing scenarios on the same customers: every design is simulated with the same seed, so that
//! arrivals, handle times, busy days and absences are shared and only the plan differs.

use super::ensemble::{Ensemble, Progress, Trial};
use super::frame::frame_of;
use crate::model::Model;
use crate::outcome::clearance::Target;
use crate::outcome::measure::Measure;
use crate::stats::{Estimate, paired, ratio};
use crate::time::SimTime;
use rayon::ThreadPool;

/// One of the designs compared.
pub struct Design<'a> {
    /// What it is called.
    pub name: String,
    /// The desk.
    pub model: &'a Model,
    /// From when its backlog is watched.
    pub watch_from: SimTime,
}

/// Designs simulated on the same customers.
pub struct Comparison {
    /// Names, in the order given.
    pub names: Vec<String>,
    /// Replications of each, in the same order.
    pub ensembles: Vec<Ensemble>,
    /// What counts as cleared in all of them: the first one's target.
    pub target: Target,
    /// Closes of the first one.
    pub closes: usize,
    /// Whether all of it was done.
    pub complete: bool,
}

impl Comparison {
    /// Simulates every design; one that was interrupted, and those after it, are cut to what all
    /// have.
    pub fn run(
        designs: &[Design<'_>],
        replications: u64,
        seed: u64,
        cleared: (f64, u32),
        pool: &ThreadPool,
        progress: &dyn Progress,
    ) -> Comparison {
        let frames: Vec<_> = designs.iter().map(|design| frame_of(design.model)).collect();
        let (at_most, closes) = cleared;
        let watch_from = frames.first().zip(designs.first()).map_or(0, |(frame, design)| {
            frame.closes.partition_point(|i| frame.census[*i as usize] < design.watch_from)
        });
        let target = Target { at_most, closes, watch_from: watch_from as u32 };
        let mut ensembles: Vec<Ensemble> = designs
            .iter()
            .zip(&frames)
            .map(|(design, frame)| {
                let trial =
                    Trial { model: design.model, frame, seed, target, points: &frame.closes };
                Ensemble::simulate(&trial, 0..replications, pool, progress)
            })
            .collect();
        let done = ensembles.iter().map(Ensemble::len).min().unwrap_or(0);
        ensembles.iter_mut().for_each(|ensemble| ensemble.rows.truncate(done));
        Comparison {
            names: designs.iter().map(|design| design.name.clone()).collect(),
            ensembles,
            target,
            closes: frames.first().map_or(0, |frame| frame.closes.len()),
            complete: done as u64 == replications,
        }
    }

    /// A measure of one design.
    pub fn value(&self, design: usize, measure: &Measure, level: f64) -> Option<Estimate> {
        ratio::estimate(&self.pairs(design, measure), level)
    }

    /// How much more of a measure one design has than another, on the same customers.
    pub fn difference(
        &self,
        design: usize,
        base: usize,
        measure: &Measure,
        level: f64,
    ) -> Option<Estimate> {
        ratio::difference(&self.pairs(design, measure), &self.pairs(base, measure), level)
    }

    fn pairs(&self, design: usize, measure: &Measure) -> Vec<(f64, f64)> {
        self.ensembles[design].rows.iter().map(|row| measure.of_desk(row)).collect()
    }

    /// How much likelier one design is to be cleared by a close than another.
    pub fn cleared_difference(
        &self,
        design: usize,
        base: usize,
        close: u32,
        level: f64,
    ) -> Option<Estimate> {
        let cleared = |of: usize| {
            self.ensembles[of].values(|row| f64::from(u8::from(row.judgement.cleared_by(close))))
        };
        paired::mean_difference(&cleared(design), &cleared(base), level)
    }

    /// Share of replications in which a design is cleared by a close.
    pub fn p_cleared(&self, design: usize, close: u32) -> f64 {
        let rows = &self.ensembles[design].rows;
        rows.iter().filter(|row| row.judgement.cleared_by(close)).count() as f64
            / rows.len().max(1) as f64
    }
}
