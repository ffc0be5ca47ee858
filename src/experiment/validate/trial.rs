//! The replications of a case: how long, how many, and what they measure.

use super::super::ensemble::Progress;
use super::build::{Built, build};
use super::case::{Case, Metric, Quantity, RunKind, TracedTicket};
use super::judge::{Finding, estimate, find, find_exact, precision};
use super::meter::{Meter, Pair, Visit};
use super::plan::Plan;
use super::unexpressed::Unexpressed;
use crate::engine::{Desk, simulate as run_engine};
use crate::rng::Key;
use rayon::ThreadPool;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// Replications of a case at the least.
const FEWEST: u64 = 30;

/// Replications from which their number is planned, where they are short.
const PILOT: u64 = 600;

/// A replication of the long run is split off the rest of the visits this far.
const LONG_RUN_VISITS: u64 = 2000;

/// A trace without chance agrees to this, in hours: times are whole microseconds, and case files
/// print ten digits.
const ROUNDING: f64 = 2e-9;

/// How a validation is done.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Options {
    /// Number from which all chance is drawn.
    pub seed: u64,
    /// Replications of every case; as many as the precision needs where not given.
    pub replications: Option<u64>,
    /// Most visits simulated for a part of a case.
    pub most_visits: u64,
}

/// Quantities of a case that are measured in the same replications.
struct Part<'a> {
    quantities: Vec<(usize, &'a Quantity)>,
    /// Until when a replication runs.
    end: f64,
}

/// Simulates a case until its quantities are precise.
pub(super) fn simulate(
    case: &Case,
    options: &Options,
    pool: &ThreadPool,
    progress: &dyn Progress,
) -> Result<(Vec<Finding>, u64), Unexpressed> {
    let mut findings = Vec::new();
    let mut visits = 0;
    for part in parts(case) {
        let built = build(case, part.end)?;
        let quantities: Vec<&Quantity> = part.quantities.iter().map(|(_, q)| *q).collect();
        let plan = Plan::new(case, &built, &quantities, part.end);
        let seed = Key::replication(options.seed, 0).named(&case.id).0;
        let mut sample = Sample { built: &built, plan: &plan, seed, pairs: Vec::new(), visits: 0 };
        sample.extend_to_precision(&quantities, options, pool, progress);
        visits += sample.visits;
        for (column, (place, quantity)) in part.quantities.iter().enumerate() {
            findings.push((*place, find(quantity, &sample.column(quantity.metric, column))));
        }
    }
    findings.sort_by_key(|(place, _)| *place);
    Ok((findings.into_iter().map(|(_, finding)| finding).collect(), visits))
}

/// What replications of a part have measured so far.
struct Sample<'a> {
    built: &'a Built,
    plan: &'a Plan,
    seed: u64,
    /// By replication, then by quantity.
    pairs: Vec<Vec<Pair>>,
    visits: u64,
}

impl Sample<'_> {
    fn extend_to_precision(
        &mut self,
        quantities: &[&Quantity],
        options: &Options,
        pool: &ThreadPool,
        progress: &dyn Progress,
    ) {
        if let Some(n) = options.replications {
            self.extend(0..n.max(2), pool, progress);
            return;
        }
        self.extend(0..FEWEST, pool, progress);
        if self.visits / FEWEST < LONG_RUN_VISITS {
            self.extend(FEWEST..PILOT, pool, progress);
        }
        // The number is planned from the pilot, and once more because that was rough.
        for _ in 0..2 {
            let so_far = self.pairs.len() as u64;
            let wanted = self.wanted(quantities);
            let affordable = options.most_visits / (self.visits / so_far.max(1)).max(1);
            let n = wanted.min(affordable);
            if n <= so_far || progress.stopped() {
                return;
            }
            self.extend(so_far..n, pool, progress);
        }
    }

    /// Replications that the least precise quantity needs, with a tenth to spare.
    fn wanted(&self, quantities: &[&Quantity]) -> u64 {
        let so_far = self.pairs.len() as f64;
        let needs = quantities.iter().enumerate().map(|(column, quantity)| {
            let pairs = self.column(quantity.metric, column);
            let error = estimate(quantity.metric, &pairs).map_or(0.0, |(_, error)| error);
            let ratio = error / precision(quantity);
            if ratio > 1.0 { 1.1 * so_far * ratio * ratio } else { so_far }
        });
        needs.fold(so_far, f64::max).ceil() as u64
    }

    /// The pairs of a quantity; without those that measured nothing where a pair is one value.
    fn column(&self, metric: Metric, column: usize) -> Vec<Pair> {
        let pairs = self.pairs.iter().map(|row| row[column]);
        if metric == Metric::FirstPassageVar {
            return pairs.filter(|pair| pair.1 > 0.0).collect();
        }
        pairs.collect()
    }

    fn extend(&mut self, range: Range<u64>, pool: &ThreadPool, progress: &dyn Progress) {
        let next = AtomicU64::new(range.start);
        let parts = pool.broadcast(|_| {
            let mut desk = Desk::new();
            let mut meter = Meter::new(self.plan);
            let mut rows = Vec::new();
            let mut visits = 0;
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= range.end || progress.stopped() {
                    return (rows, visits);
                }
                run_engine(&self.built.model, self.seed, index, &mut desk, &mut meter);
                visits += meter.work;
                rows.push((index, meter.pairs.clone()));
            }
        });
        let mut rows = Vec::new();
        for (part, visits) in parts {
            rows.extend(part);
            self.visits += visits;
        }
        rows.sort_by_key(|(index, _)| *index);
        self.pairs.extend(rows.into_iter().map(|(_, pairs)| pairs));
    }
}

/// Splits the quantities of a case by how long their replications must be.
fn parts(case: &Case) -> Vec<Part<'_>> {
    let all = case.quantities.iter().enumerate();
    let horizon = match case.run {
        RunKind::SteadyState { warmup_h, run_h }
        | RunKind::PeriodicSteadyState { warmup_h, run_h, .. } => {
            // Who arrives in the time that counts is followed for as long as the warm-up takes.
            return vec![Part { quantities: all.collect(), end: 2.0 * warmup_h + run_h }];
        }
        RunKind::Transient { horizon_h } | RunKind::DeterministicFluid { horizon_h } => horizon_h,
    };
    let mut parts: Vec<Part<'_>> = Vec::new();
    for (place, quantity) in all {
        let end = match need(quantity.metric) {
            Need::Instant => {
                [quantity.at_h, quantity.window_h.map(|window| window.1), quantity.threshold_h]
                    .into_iter()
                    .flatten()
                    .fold(0.0, f64::max)
            }
            Need::Followed => 4.0 * horizon,
            // Ten times the mean: later than almost any passage.
            Need::Passage => {
                let squared = quantity.metric == Metric::FirstPassageVar;
                if squared { horizon } else { 10.0 * quantity.value }
            }
        };
        let same = parts
            .iter_mut()
            .find(|part| need(part.quantities[0].1.metric) == need(quantity.metric));
        match same {
            Some(part) => {
                part.end = part.end.max(end);
                part.quantities.push((place, quantity));
            }
            None => parts.push(Part { quantities: vec![(place, quantity)], end }),
        }
    }
    parts
}

/// How long a replication must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// Until the last instant asked for.
    Instant,
    /// Until all who count are done.
    Followed,
    /// Until the passage.
    Passage,
}

fn need(metric: Metric) -> Need {
    match metric {
        Metric::QueueAt
        | Metric::InSystemAt
        | Metric::SecondMomentInSystemAt
        | Metric::BusyAt
        | Metric::ProbNAt
        | Metric::ProbNGeAt
        | Metric::ProbQueueGeAt
        | Metric::MeanCount
        | Metric::VarCount
        | Metric::FirstPassageCdf
        | Metric::FirstPassageCdfQueue
        | Metric::FirstPassageCdfBacklogCleared
        | Metric::Fluid
        | Metric::Trace => Need::Instant,
        Metric::FirstPassageMean
        | Metric::FirstPassageVar
        | Metric::FirstPassageMeanQueue
        | Metric::FirstPassageMeanBacklogCleared
        | Metric::FirstPassageMeanBacklogClearedStarted => Need::Passage,
        Metric::MeanWait
        | Metric::MeanSquaredWait
        | Metric::MeanWaitServed
        | Metric::MeanWaitAbandoned
        | Metric::ProbDelayed
        | Metric::ProbWaitGt
        | Metric::ProbServedWithin
        | Metric::ProbAbandon
        | Metric::ProbBlocked
        | Metric::MeanStationSojourn
        | Metric::ProbStationSojournGt
        | Metric::ShareByPool
        | Metric::MeanTicketSojourn
        | Metric::ProbTicketSojournGt
        | Metric::MeanVisitsPerTicket
        | Metric::MeanQueue
        | Metric::MeanInSystem
        | Metric::MeanBusy
        | Metric::PoolBusy
        | Metric::ProbN
        | Metric::ProbNGe
        | Metric::MeanWaitNth
        | Metric::MeanWaitFirstN
        | Metric::MeanWaitStartedBy
        | Metric::FracStartedBy
        | Metric::MeanOpenHoursWait
        | Metric::ProbOpenHoursWaitGt
        | Metric::ProbStartedSameDay => Need::Followed,
    }
}

/// A case without chance: one replication, and the course of every ticket.
pub(super) fn trace(case: &Case) -> Result<(Vec<Finding>, u64), Unexpressed> {
    let RunKind::Transient { horizon_h } = case.run else {
        return Err(Unexpressed::new("a trace in the long run"));
    };
    let built = build(case, horizon_h)?;
    let quantities: Vec<&Quantity> = case.quantities.iter().collect();
    let plan = Plan::new(case, &built, &quantities, horizon_h);
    let mut meter = Meter::new(&plan);
    run_engine(&built.model, 0, 0, &mut Desk::new(), &mut meter);
    let measured =
        |(quantity, pair): (&Quantity, &Pair)| find_exact(quantity, pair.0 / pair.1, ROUNDING);
    let mut findings: Vec<Finding> =
        case.quantities.iter().zip(&meter.pairs).map(measured).collect();
    meter.log.sort_by_key(|visit| visit.arrived);
    let hours = |at: Option<crate::time::SimTime>| at.map(crate::time::SimTime::hours);
    let course = |visit: &Visit| {
        (
            Some(visit.arrived.hours()),
            hours(visit.started),
            hours(visit.finished),
            hours(visit.gave_up),
        )
    };
    let mut tickets: Vec<&TracedTicket> = case.tickets.iter().collect();
    tickets.sort_by(|a, b| a.arrival.total_cmp(&b.arrival));
    for (number, ticket) in tickets.into_iter().enumerate() {
        let expected =
            (Some(ticket.arrival), ticket.first_start, ticket.finish, ticket.abandoned_at);
        let found = meter.log.get(number).map_or((None, None, None, None), course);
        let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= ROUNDING,
            (a, b) => a == b,
        };
        let agrees = near(expected.0, found.0)
            && near(expected.1, found.1)
            && near(expected.2, found.2)
            && near(expected.3, found.3);
        let quantity = Quantity {
            name: format!("ticket_{}", number + 1),
            metric: Metric::Trace,
            value: 1.0,
            unit: "course".to_string(),
            ..Quantity::default()
        };
        findings.push(find_exact(&quantity, f64::from(u8::from(agrees)), 0.0));
    }
    Ok((findings, meter.work))
}
