//! A desk under many settings on the same customers: seasons of one model, judged by a target that
//! all settings share.

use super::ensemble::{Ensemble, Progress, Trial};
use super::frame::frame_of;
use crate::model::Model;
use crate::outcome::clearance::Target;
use crate::outcome::row::Row;
use crate::time::SimTime;
use rayon::ThreadPool;
use std::ops::Range;

/// By what all settings are judged.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Judge {
    /// Most unsolved tickets that count as cleared.
    pub at_most: f64,
    /// At so many closes in a row.
    pub closes: u32,
    /// From when the backlog is watched.
    pub watch_from: SimTime,
    /// The seed: the same customers for all settings.
    pub seed: u64,
}

impl Judge {
    /// Simulates seasons of a model; nothing where that was interrupted.
    pub fn seasons(
        &self,
        model: &Model,
        seasons: Range<u64>,
        pool: &ThreadPool,
        progress: &dyn Progress,
    ) -> Option<Vec<Row>> {
        let frame = frame_of(model);
        let from =
            frame.closes.partition_point(|i| frame.census[*i as usize] < self.watch_from) as u32;
        let target = Target { at_most: self.at_most, closes: self.closes, watch_from: from };
        let trial = Trial { model, frame: &frame, seed: self.seed, target, points: &[] };
        let wanted = seasons.end.saturating_sub(seasons.start);
        let rows = Ensemble::simulate(&trial, seasons, pool, progress).rows;
        (rows.len() as u64 == wanted).then_some(rows)
    }
}
