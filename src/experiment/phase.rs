//! The phase diagram: over people and something that burdens them, where a desk recovers by a day,
//! where it is trapped although it has slack on paper, and where it is lost. The fluid draws the
//! lines, and simulated seasons stand over them as points.

use super::ensemble::{Ensemble, Progress, Trial};
use super::fluid::Fluid;
use super::frame::frame_of;
use crate::model::Model;
use crate::outcome::clearance::Target;
use rayon::ThreadPool;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

/// Halvings in search of the line: the range over five hundred.
const HALVINGS: u32 = 9;

/// What is asked.
pub struct Asked<'a> {
    /// The desk with so many people and such a burden; with only the calm desk's part of it where
    /// the last is true. Nothing where it makes no sense.
    pub model: &'a (dyn Fn(f64, f64, bool) -> Option<Model> + Sync),
    /// Numbers of people, rising.
    pub people: Vec<f64>,
    /// The greatest burden.
    pub top: f64,
    /// Places of the simulated points: some of the numbers of people, and burdens.
    pub points: (Vec<f64>, Vec<f64>),
    /// Seasons per point.
    pub seasons: u64,
    /// The seed.
    pub seed: u64,
    /// What counts as cleared, and by which close.
    pub target: Target,
    /// The close by which it should be.
    pub by: u32,
}

/// A number of people.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Column {
    /// How many.
    pub people: f64,
    /// The greatest burden from which the desk recovers; nothing where from none.
    pub recovers_up_to: Option<f64>,
    /// Whether it recovers from none, and has no slack even where nobody asks again.
    pub lost: bool,
}

/// Seasons simulated at one place.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Point {
    /// People.
    pub people: f64,
    /// Burden.
    pub burden: f64,
    /// Share of seasons cleared by the day.
    pub cleared: f64,
    /// Seasons.
    pub seasons: u64,
}

/// A phase diagram.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Phase {
    /// The lines, by number of people.
    pub columns: Vec<Column>,
    /// The greatest burden.
    pub top: f64,
    /// Simulated points.
    pub points: Vec<Point>,
}

impl Asked<'_> {
    /// The lines.
    pub fn columns(&self, pool: &ThreadPool) -> Vec<Column> {
        pool.install(|| self.people.par_iter().map(|people| column(self, *people)).collect())
    }

    /// The places of the simulated points, people first.
    pub fn places(&self) -> impl Iterator<Item = (f64, f64)> {
        let (people, burdens) = &self.points;
        people.iter().flat_map(|people| burdens.iter().map(|burden| (*people, *burden)))
    }

    /// Simulates a point; nothing where it makes no sense or was interrupted.
    pub fn point(
        &self,
        (people, burden): (f64, f64),
        pool: &ThreadPool,
        progress: &dyn Progress,
    ) -> Option<Point> {
        let model = (self.model)(people, burden, false)?;
        let frame = frame_of(&model);
        let (seed, target) = (self.seed, self.target);
        let trial = Trial { model: &model, frame: &frame, seed, target, points: &[] };
        let rows = Ensemble::simulate(&trial, 0..self.seasons, pool, progress).rows;
        let cleared = rows.iter().filter(|row| row.judgement.settled_by(self.by)).count();
        (rows.len() as u64 == self.seasons).then(|| Point {
            people,
            burden,
            cleared: cleared as f64 / self.seasons as f64,
            seasons: self.seasons,
        })
    }
}

fn column(asked: &Asked<'_>, people: f64) -> Column {
    let recovers = |burden: f64| {
        (asked.model)(people, burden, false)
            .is_some_and(|model| Fluid::of(&model).judge(&asked.target, None).settled_by(asked.by))
    };
    let recovers_up_to = if recovers(asked.top) {
        Some(asked.top)
    } else if !recovers(0.0) {
        None
    } else {
        let (mut well, mut ill) = (0.0, asked.top);
        for _ in 0..HALVINGS {
            let middle = (well + ill) / 2.0;
            if recovers(middle) { well = middle } else { ill = middle }
        }
        Some(well)
    };
    let hopeless =
        || (asked.model)(people, 0.0, true).is_none_or(|model| Fluid::of(&model).falls_behind());
    Column { people, recovers_up_to, lost: recovers_up_to.is_none() && hopeless() }
}
