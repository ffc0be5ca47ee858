//! The cheapest plan that meets targets with a stated probability.
//!
//! The fluid says where to begin. Plans are then simulated on the same customers, a few seasons
//! each, and more seasons the nearer they are to a target. The winner is simulated once more on
//! seasons that had no part in the search, and must meet every target with the lower end of its
//! interval; otherwise the next plan is taken.

pub mod search;

use super::ensemble::{Ensemble, Progress, Trial};
use super::fluid::Fluid;
use super::frame::frame_of;
use crate::model::Model;
use crate::outcome::clearance::Target;
use crate::outcome::measure::{Better, Measure, Unit};
use crate::outcome::row::Row;
use crate::stats::{Estimate, mean, proportion, ratio};
use rayon::ThreadPool;
use search::{Interrupted, Judge, Levels, Search, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// Measures that are better low, and that more people make higher, or better high and lower.
const HURT_BY_PEOPLE: [&str; 8] = [
    "idle_hours",
    "touches_per_hour",
    "work_gini",
    "leavers",
    "burnt_out",
    "empty_seats",
    "averted",
    "mended",
];

/// Confidence of the intervals.
pub const LEVEL: f64 = 0.95;

/// Seasons of a plan in the search, until it is decided.
const BATCHES: [u64; 4] = [20, 60, 150, 400];

/// Seasons from which a cost is known well enough to compare plans on the same customers.
const COSTED: u64 = 4;

/// The seed of the confirmation, apart from that of the search.
const FRESH: u64 = 0x5eed_f5e5_0000_0000;

/// Seasons that are lost at most where the machine fails.
const KEPT: u64 = 100;

/// Confidence of the interval that ends a confirmation early, after a fifth of its seasons. A look ahead
/// that strict leaves the last one its own confidence (Haybittle 1971, British Journal of Radiology 44,
/// p. 793; Peto et al. 1976, British Journal of Cancer 34, p. 585).
const BEYOND_DOUBT: f64 = 0.999;

/// Most plans that are put to confirmation.
const MOST_ATTEMPTS: u64 = 12;

/// A target, ready to be judged.
#[derive(Clone, Copy, PartialEq)]
pub enum Goal {
    /// Cleared by a close with a probability.
    Cleared {
        /// The close.
        by: u32,
        /// The probability.
        p: f64,
    },
    /// A measure at least or at most so much.
    Measure {
        /// Which.
        measure: &'static Measure,
        /// At least; else at most.
        at_least: bool,
        /// So much.
        value: f64,
    },
}

impl Goal {
    /// Whether more people can only help: waits and backlogs, and not what people cost or idle.
    pub fn is_helped_by_people(&self) -> bool {
        let Goal::Measure { measure, at_least, .. } = self else { return true };
        let better = match measure.better {
            Better::Lower => !at_least,
            Better::Higher => *at_least,
            Better::Neither => measure.key == "occupancy" && !at_least,
        };
        better && measure.unit != Unit::Money && !HURT_BY_PEOPLE.contains(&measure.key)
    }

    /// What it is of, where that is not clearance.
    pub fn measure(&self) -> Option<&'static Measure> {
        match self {
            Goal::Cleared { .. } => None,
            Goal::Measure { measure, .. } => Some(*measure),
        }
    }
}

/// What is asked of a search.
pub struct Asked<'a> {
    /// The desk under a plan, or as it stands; nothing where it makes no sense.
    pub model: &'a dyn Fn(Option<&[usize]>) -> Option<Model>,
    /// How many levels each lever has.
    pub levels: Vec<usize>,
    /// Of which levers a later level is dearer and never worse.
    pub rising: Vec<bool>,
    /// The targets.
    pub goals: Vec<Goal>,
    /// What a plan costs.
    pub cost: &'static Measure,
    /// What counts as cleared.
    pub target: Target,
    /// The close of the frontier's probability.
    pub by: u32,
    /// The seed.
    pub seed: u64,
    /// Seasons of the confirmation, unless it is beyond doubt before.
    pub confirm: u64,
}

/// Seasons of a plan, those that come next.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Batch {
    plan: Option<Levels>,
    seed: u64,
    seasons: Vec<Season>,
}

/// What is kept of a season.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Season {
    cost: f64,
    /// Whether it is cleared by the close of each goal, and of the frontier.
    cleared: Vec<bool>,
    /// Numerator and denominator of each goal's measure.
    pairs: Vec<(f64, f64)>,
}

/// A target and how a plan fares.
#[derive(Clone, Copy, PartialEq)]
pub struct Met {
    /// The target.
    pub goal: Goal,
    /// How the plan fares.
    pub estimate: Estimate,
    /// Whether the whole interval meets it.
    pub met: bool,
}

/// A plan that was simulated.
#[derive(Clone, PartialEq)]
pub struct Simulated {
    /// Its levels; nothing for the desk as it stands.
    pub plan: Option<Levels>,
    /// What it costs.
    pub cost: Estimate,
    /// How likely it is cleared.
    pub cleared: Estimate,
    /// How it fares against the targets.
    pub goals: Vec<Met>,
    /// What the search made of it.
    pub verdict: Option<Verdict>,
}

impl Simulated {
    /// How far it is from its targets, as shares of what they ask, by the estimates.
    pub fn shortfall(&self) -> f64 {
        let missing = |met: &Met| match met.goal {
            Goal::Cleared { p, .. } => (p - met.estimate.value) / p,
            Goal::Measure { at_least, value, .. } => {
                let missing = value - met.estimate.value;
                let scale = if value == 0.0 { 1.0 } else { value.abs() };
                (if at_least { missing } else { -missing }) / scale
            }
        };
        self.goals.iter().map(|met| missing(met).max(0.0)).sum()
    }
}

/// What a search found.
#[derive(PartialEq)]
pub struct Found {
    /// The plan, on fresh seasons; nothing where no plan meets the targets.
    pub plan: Option<Simulated>,
    /// The desk as it stands: on fresh seasons of the plan, where there is one.
    pub today: Option<Simulated>,
    /// Every plan judged, by cost.
    pub tried: Vec<Simulated>,
    /// Plans that seemed to meet the targets and did not on fresh seasons.
    pub rejected: u64,
    /// What the cheapest plan costs that is not ruled out.
    pub bound: Option<f64>,
}

/// Why there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stopped {
    /// It was interrupted.
    Interrupted,
    /// The desk has nothing that this measure counts.
    NothingToMeasure(&'static str),
}

impl From<Interrupted> for Stopped {
    fn from(_: Interrupted) -> Stopped {
        Stopped::Interrupted
    }
}

/// Searches for the cheapest plan, from what an interrupted search had done. Whatever is simulated is
/// kept, which can fail.
///
/// *Errors*: it was interrupted, or something could not be kept, or a target is of something that the
/// desk has not.
pub fn plan(
    asked: &Asked<'_>,
    done: &[Batch],
    keep: &mut dyn FnMut(&Batch) -> bool,
    pool: &ThreadPool,
    progress: &dyn Progress,
) -> Result<Found, Stopped> {
    let mut bench = Bench::new(asked, done, keep, pool, progress);
    let mut search = Search::new(asked.levels.clone(), asked.rising.clone());
    let mut today = bench.today(asked.seed, BATCHES[1])?;
    for goal in asked.goals.iter().filter(|_| today.is_some()) {
        if let Goal::Measure { measure, .. } = goal
            && !today.iter().flat_map(|today| &today.goals).any(|met| met.goal == *goal)
        {
            return Err(Stopped::NothingToMeasure(measure.key));
        }
    }
    let mut rejected = 0;
    let mut chosen = None;
    while rejected < MOST_ATTEMPTS {
        let Some(plan) = search.cheapest(&mut bench)? else { break };
        let confirmed = bench.confirm(&plan, rejected)?;
        if confirmed.goals.iter().all(|goal| goal.met) {
            chosen = Some(confirmed);
            break;
        }
        // Sure only where even the far end of an interval misses.
        let sure = bench.fails_for_sure(&confirmed);
        search.reject(&plan, sure);
        rejected += 1;
    }
    if let Some(plan) = chosen.as_ref().and_then(|chosen| chosen.plan.as_ref()) {
        today = bench.today(bench.fresh(rejected), bench.first_look())?;
        let cost = bench.cost(plan);
        search.narrow(cost, &mut bench)?;
    }
    let bound = search.bound(&mut bench).map(|(cost, _)| cost);
    let mut tried: Vec<Simulated> =
        search.known().filter_map(|(plan, verdict)| bench.simulated(plan, Some(verdict))).collect();
    tried.sort_by(|a, b| a.cost.value.total_cmp(&b.cost.value));
    Ok(Found { plan: chosen, today, tried, rejected, bound })
}

/// Plans under simulation.
struct Bench<'a> {
    asked: &'a Asked<'a>,
    pool: &'a ThreadPool,
    progress: &'a dyn Progress,
    seasons: BTreeMap<Levels, Vec<Season>>,
    /// What an interrupted search simulated, by plan and seed.
    done: BTreeMap<(Option<Levels>, u64), Vec<Season>>,
    keep: &'a mut dyn FnMut(&Batch) -> bool,
    /// Whether something could not be kept.
    failed: bool,
    /// Share of cleared seasons from which a confirmation passes, by goal.
    needed: Vec<f64>,
}

impl<'a> Bench<'a> {
    fn new(
        asked: &'a Asked<'a>,
        batches: &[Batch],
        keep: &'a mut dyn FnMut(&Batch) -> bool,
        pool: &'a ThreadPool,
        progress: &'a dyn Progress,
    ) -> Bench<'a> {
        let needed = |goal: &Goal| match goal {
            Goal::Cleared { p, .. } => needed(*p, asked.confirm),
            Goal::Measure { value, .. } => *value,
        };
        let needed = asked.goals.iter().map(needed).collect();
        let mut done: BTreeMap<_, Vec<Season>> = BTreeMap::new();
        for Batch { plan, seed, seasons } in batches {
            done.entry((plan.clone(), *seed)).or_default().extend_from_slice(seasons);
        }
        Bench { asked, pool, progress, seasons: BTreeMap::new(), done, keep, failed: false, needed }
    }

    /// Seasons of a plan, or as many of the first of them as there is time for; none where the plan makes
    /// no sense.
    fn run(&mut self, plan: Option<&[usize]>, seed: u64, range: Range<u64>) -> Vec<Season> {
        let plan = plan.map(<[usize]>::to_vec);
        let done = self.done.get(&(plan.clone(), seed)).map_or(&[][..], |done| done);
        let there = done.len() as u64;
        let mut seasons =
            done[range.start.min(there) as usize..range.end.min(there) as usize].to_vec();
        let mut next = range.start + seasons.len() as u64;
        if next == range.end {
            return seasons;
        }
        let Some(model) = (self.asked.model)(plan.as_deref()) else { return seasons };
        let frame = frame_of(&model);
        let target = self.asked.target;
        let trial = Trial { model: &model, frame: &frame, seed, target, points: &[] };
        while next < range.end && !self.stopped() {
            let part = next..range.end.min(next + KEPT);
            let rows = Ensemble::simulate(&trial, part, self.pool, self.progress).rows;
            let new: Vec<Season> = rows.iter().map(|row| self.season(row)).collect();
            next += new.len() as u64;
            seasons.extend_from_slice(&new);
            let batch = Batch { plan: plan.clone(), seed, seasons: new };
            self.failed |= !(self.keep)(&batch);
        }
        seasons
    }

    /// Whether nothing more is to be simulated.
    fn stopped(&self) -> bool {
        self.failed || self.progress.stopped()
    }

    fn season(&self, row: &Row) -> Season {
        let by = self.asked.goals.iter().map(|goal| match goal {
            Goal::Cleared { by, .. } => *by,
            Goal::Measure { .. } => self.asked.by,
        });
        let pair = |goal: &Goal| match goal {
            Goal::Cleared { .. } => (0.0, 0.0),
            Goal::Measure { measure, .. } => measure.of_desk(row),
        };
        let (sum, count) = self.asked.cost.of_desk(row);
        Season {
            cost: if count > 0.0 { sum / count } else { 0.0 },
            cleared: by.chain([self.asked.by]).map(|by| row.judgement.settled_by(by)).collect(),
            pairs: self.asked.goals.iter().map(pair).collect(),
        }
    }

    /// Sees to it that a plan has so many seasons; false where it was interrupted.
    fn ensure(&mut self, plan: &[usize], seasons: u64) -> bool {
        let done = self.seasons.get(plan).map_or(0, |known| known.len() as u64);
        if done < seasons {
            let more = self.run(Some(plan), self.asked.seed, done..seasons);
            self.seasons.entry(plan.to_vec()).or_default().extend(more);
        }
        !self.stopped()
    }

    /// How a plan fares against a goal, from its seasons.
    fn estimate(&self, goal: usize, seasons: &[Season], level: f64) -> Option<Estimate> {
        match &self.asked.goals[goal] {
            Goal::Cleared { .. } => cleared(seasons, goal, level),
            Goal::Measure { measure, .. } => {
                let pairs: Vec<(f64, f64)> = seasons.iter().map(|s| s.pairs[goal]).collect();
                ratio::estimate(&pairs, level).map(|estimate| measure.possible(estimate, &pairs))
            }
        }
    }

    /// Whether a goal is met from `needed` on: by the estimate, for sure, or missed for sure.
    fn stands(&self, goal: usize, estimate: &Estimate, needed: f64) -> (bool, bool, bool) {
        let better = match &self.asked.goals[goal] {
            Goal::Cleared { .. } | Goal::Measure { at_least: true, .. } => 1.0,
            Goal::Measure { at_least: false, .. } => -1.0,
        };
        let reaches = |value: f64| better * value >= better * needed;
        let (near, far) = match estimate.interval {
            Some(within) if better > 0.0 => (within.low, within.high),
            Some(within) => (within.high, within.low),
            None => (f64::NEG_INFINITY * better, f64::INFINITY * better),
        };
        (reaches(estimate.value), reaches(near), !reaches(far))
    }

    /// The goals as seasons have them; one without an estimate has nothing to measure and is met.
    fn goals(&self, seasons: &[Season], level: f64) -> Vec<Met> {
        let goal = |(place, goal): (usize, &Goal)| {
            let estimate = self.estimate(place, seasons, level)?;
            let wanted = match goal {
                Goal::Cleared { p, .. } => *p,
                Goal::Measure { value, .. } => *value,
            };
            let met = self.stands(place, &estimate, wanted).1;
            Some(Met { goal: *goal, estimate, met })
        };
        self.asked.goals.iter().enumerate().filter_map(goal).collect()
    }

    fn simulated_of(
        &self,
        plan: Option<&[usize]>,
        seasons: &[Season],
        verdict: Option<Verdict>,
    ) -> Option<Simulated> {
        let costs: Vec<f64> = seasons.iter().map(|season| season.cost).collect();
        Some(Simulated {
            plan: plan.map(<[usize]>::to_vec),
            cost: mean::estimate(&costs, LEVEL)?,
            cleared: cleared(seasons, self.asked.goals.len(), LEVEL)?,
            goals: self.goals(seasons, LEVEL),
            verdict,
        })
    }

    fn simulated(&self, plan: &[usize], verdict: Option<Verdict>) -> Option<Simulated> {
        self.simulated_of(Some(plan), self.seasons.get(plan)?, verdict)
    }

    fn today(&mut self, seed: u64, seasons: u64) -> Result<Option<Simulated>, Interrupted> {
        let seasons = self.run(None, seed, 0..seasons);
        if self.stopped() {
            return Err(Interrupted);
        }
        Ok(self.simulated_of(None, &seasons, None))
    }

    /// The seed of an attempt to confirm.
    fn fresh(&self, attempt: u64) -> u64 {
        self.asked.seed ^ (FRESH + attempt)
    }

    /// Seasons after which a confirmation may be over.
    fn first_look(&self) -> u64 {
        (self.asked.confirm / 5).max(2).min(self.asked.confirm)
    }

    /// A plan on seasons of its own, until it is beyond doubt whether it meets the targets.
    fn confirm(&mut self, plan: &[usize], attempt: u64) -> Result<Simulated, Interrupted> {
        let seed = self.fresh(attempt);
        let mut seasons = Vec::new();
        let mut next = self.first_look();
        loop {
            seasons.extend(self.run(Some(plan), seed, seasons.len() as u64..next));
            if self.stopped() {
                return Err(Interrupted);
            }
            let found = self.simulated_of(Some(plan), &seasons, None).ok_or(Interrupted)?;
            let sure = self.goals(&seasons, BEYOND_DOUBT).iter().all(|goal| goal.met);
            if next == self.asked.confirm || sure || self.fails_for_sure(&found) {
                return Ok(found);
            }
            next = self.asked.confirm;
        }
    }

    fn fails_for_sure(&self, found: &Simulated) -> bool {
        let mut goals = found.goals.iter();
        goals.any(|met| {
            let place = self.asked.goals.iter().position(|goal| *goal == met.goal).unwrap_or(0);
            let wanted = match met.goal {
                Goal::Cleared { p, .. } => p,
                Goal::Measure { value, .. } => value,
            };
            self.stands(place, &met.estimate, wanted).2
        })
    }
}

impl Judge for Bench<'_> {
    fn cost(&mut self, plan: &[usize]) -> f64 {
        self.ensure(plan, COSTED);
        let known = self.seasons.get(plan).map_or(&[][..], |seasons| seasons);
        // The same seasons for all, however many some have.
        let first = &known[..known.len().min(COSTED as usize)];
        if first.is_empty() {
            return f64::INFINITY;
        }
        first.iter().map(|season| season.cost).sum::<f64>() / first.len() as f64
    }

    fn verdict(&mut self, plan: &[usize]) -> Option<Verdict> {
        for batch in BATCHES {
            if !self.ensure(plan, batch) {
                return None;
            }
            let seasons = self.seasons.get(plan).map_or(&[][..], |seasons| seasons);
            if seasons.is_empty() {
                return Some(Verdict::Misses { sure: true });
            }
            let stands: Vec<(bool, bool, bool)> = (0..self.needed.len())
                .filter_map(|goal| {
                    let estimate = self.estimate(goal, seasons, LEVEL)?;
                    Some(self.stands(goal, &estimate, self.needed[goal]))
                })
                .collect();
            // What is sure here is that it misses the target itself, not what confirmation needs.
            let misses = self.fails_for_sure(&self.simulated(plan, None)?);
            if misses || stands.iter().any(|(.., missed)| *missed) {
                return Some(Verdict::Misses { sure: misses });
            }
            if stands.iter().all(|(_, met, _)| *met) {
                return Some(Verdict::Meets);
            }
            if batch == BATCHES[BATCHES.len() - 1] {
                let meets = stands.iter().all(|(likely, ..)| *likely);
                return Some(if meets { Verdict::Meets } else { Verdict::Misses { sure: false } });
            }
        }
        None
    }

    fn guess(&mut self, plan: &[usize], lever: usize) -> usize {
        let closes: Vec<u32> = self
            .asked
            .goals
            .iter()
            .filter_map(|goal| match goal {
                Goal::Cleared { by, .. } => Some(*by),
                Goal::Measure { .. } => None,
            })
            .collect();
        let clears = |level: usize| {
            let mut plan = plan.to_vec();
            plan[lever] = level;
            (self.asked.model)(Some(&plan)).is_some_and(|model| {
                let judgement = Fluid::of(&model).judge(&self.asked.target, None);
                closes.iter().all(|by| judgement.settled_by(*by))
            })
        };
        let (mut low, mut high) = (0, self.asked.levels[lever] - 1);
        while low < high {
            let middle = (low + high) / 2;
            if clears(middle) { high = middle } else { low = middle + 1 }
        }
        low
    }
}

/// The share of seasons cleared, by the place of a goal.
fn cleared(seasons: &[Season], place: usize, level: f64) -> Option<Estimate> {
    let cleared = seasons.iter().filter(|season| season.cleared[place]).count();
    proportion::estimate(cleared as u64, seasons.len() as u64, level)
}

/// The smallest share of so many seasons whose Wilson interval lies above a probability.
fn needed(p: f64, seasons: u64) -> f64 {
    let low = |cleared: u64| {
        proportion::estimate(cleared, seasons, LEVEL)
            .and_then(|estimate| estimate.interval)
            .map_or(0.0, |interval| interval.low)
    };
    let (mut below, mut enough) = (0, seasons);
    while below < enough {
        let middle = (below + enough) / 2;
        if low(middle) >= p { enough = middle } else { below = middle + 1 }
    }
    enough as f64 / seasons.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_confirmation_needs_by_hand() {
        // At (0.9 + z^2 / 2n ± ...) the lower end of Wilson is 0.9 where (s - 0.9)^2 = z^2 0.09 / n:
        // s = 0.9 + 1.96 x 0.3 / sqrt(2000) = 0.91315, so 1,827 of 2,000.
        assert_eq!(needed(0.9, 2000), 1827.0 / 2000.0);
        // Few seasons can never show it: all of 20 show 0.839.
        assert_eq!(needed(0.9, 20), 1.0);
        assert!(cleared(&[], 0, LEVEL).is_none());
    }
}
