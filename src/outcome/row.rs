//! A row: what is kept of one replication. Everything else is summed up over replications.

use super::clearance::{Judgement, Target};
use super::recorder::Recorder;
use super::tally::{ClassTally, RunTally, TeamTally};
use crate::stats::histogram::Histogram;
use serde::{Deserialize, Serialize};

/// The percentiles kept of every run's first reply and full resolution times.
pub const PERCENTILES: [f64; 4] = [0.50, 0.75, 0.90, 0.95];

/// Percentiles in seconds, in the order of `PERCENTILES`; nothing where nothing was measured.
pub type Percentiles = [Option<u64>; PERCENTILES.len()];

/// Percentiles of the waits of one class, or of all.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Waits {
    /// First reply times.
    pub reply: Percentiles,
    /// Full resolution times.
    pub resolution: Percentiles,
}

/// What is kept of one replication.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Which replication.
    pub index: u64,
    /// Counts by class.
    pub classes: Vec<ClassTally>,
    /// Counts by team.
    pub teams: Vec<TeamTally>,
    /// Counts of the run.
    pub run: RunTally,
    /// Percentiles over all tickets.
    pub waits: Waits,
    /// Percentiles by class.
    pub waits_by_class: Vec<Waits>,
    /// How it fared against the target.
    pub judgement: Judgement,
    /// Unsolved tickets at the last close.
    pub last_close: u32,
    /// First replies kept and missed, solutions kept and missed, by week.
    pub promises: Vec<[u64; 4]>,
}

impl Row {
    /// The row of the run that a recorder has just followed.
    pub fn new(index: u64, recorder: &Recorder<'_>, closes: &[u32], target: &Target) -> Row {
        let percentiles = |histogram: &Histogram| -> Percentiles {
            PERCENTILES.map(|p| histogram.quantile(p).map(|seconds| seconds.round() as u64))
        };
        let waits = |reply: &Histogram, resolution: &Histogram| Waits {
            reply: percentiles(reply),
            resolution: percentiles(resolution),
        };
        let merged = |histograms: &[Histogram]| {
            let mut all = Histogram::new();
            histograms.iter().for_each(|histogram| all.merge(histogram));
            all
        };
        let by_class = recorder.reply_seconds.iter().zip(&recorder.resolution_seconds);
        let by_class: Vec<Waits> =
            by_class.map(|(reply, resolution)| waits(reply, resolution)).collect();
        let all = match by_class[..] {
            [only] => only,
            _ => waits(&merged(&recorder.reply_seconds), &merged(&recorder.resolution_seconds)),
        };
        Row {
            index,
            classes: recorder.classes.clone(),
            teams: recorder.teams.clone(),
            run: recorder.run.clone(),
            waits: all,
            waits_by_class: by_class,
            judgement: target.judge(closes),
            last_close: closes.last().copied().unwrap_or(0),
            promises: recorder
                .weeks
                .iter()
                .map(|week| [week.reply[0], week.reply[1], week.solution[0], week.solution[1]])
                .collect(),
        }
    }

    /// Counts of all classes together.
    pub fn all_classes(&self) -> ClassTally {
        let mut sum = ClassTally::default();
        self.classes.iter().for_each(|tally| sum.add(tally));
        sum
    }

    /// Counts of all teams together.
    pub fn all_teams(&self) -> TeamTally {
        let mut sum = TeamTally::default();
        self.teams.iter().for_each(|tally| sum.add(tally));
        sum
    }
}
