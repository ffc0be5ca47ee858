//! What is to be measured of a case: its quantities with names resolved and times in microseconds.

use super::build::Built;
use super::case::{Case, Metric, Quantity, RunKind, Staff};
use super::demand::unroll;
use super::window::{OpenHours, Window, micros};

/// A quantity, ready to be measured.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Watch {
    pub(super) metric: Metric,
    /// The case's class, or the number of classes for all of them.
    pub(super) class: usize,
    /// The station, or the number of stations for all of them.
    pub(super) station: usize,
    pub(super) window: Window,
    pub(super) threshold: i64,
    pub(super) level: u32,
    pub(super) nth: u64,
    pub(super) first_visit_only: bool,
}

/// All that is measured in a replication.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Plan {
    pub(super) watches: Vec<Watch>,
    /// How many classes and stations the case has.
    pub(super) classes: usize,
    pub(super) stations: usize,
    /// The case's class of each of the model's.
    pub(super) class_of: Vec<usize>,
    /// The pool of each agent.
    pub(super) pool_of: Vec<u32>,
    /// Instants at which a watch reads the state, in order.
    pub(super) readings: Vec<(i64, usize)>,
    pub(super) open: OpenHours,
    /// Whether the course of every visit is kept.
    pub(super) keeps_visits: bool,
}

impl Watch {
    /// Whether it asks for the state at given instants.
    fn reads(&self) -> bool {
        matches!(
            self.metric,
            Metric::QueueAt
                | Metric::InSystemAt
                | Metric::SecondMomentInSystemAt
                | Metric::BusyAt
                | Metric::ProbNAt
                | Metric::ProbNGeAt
                | Metric::ProbQueueGeAt
        )
    }
}

impl Plan {
    /// A plan to measure these quantities of a case that has been built to run until that hour.
    pub(super) fn new(case: &Case, built: &Built, quantities: &[&Quantity], end: f64) -> Plan {
        let desk = &case.model;
        let (classes, stations) = (desk.classes.len(), desk.stations.len());
        let watch = |quantity: &&Quantity| {
            let place = |names: Vec<&String>, wanted: &Option<String>| {
                let wanted = wanted.as_ref();
                wanted.and_then(|w| names.iter().position(|n| *n == w)).unwrap_or(names.len())
            };
            Watch {
                metric: quantity.metric,
                class: place(desk.classes.iter().map(|c| &c.name).collect(), &quantity.class),
                station: place(desk.stations.iter().map(|s| &s.name).collect(), &quantity.station),
                window: window(&case.run, quantity),
                threshold: micros(quantity.threshold_h.unwrap_or_default()),
                level: quantity.level.unwrap_or_default(),
                nth: quantity.nth.unwrap_or_default(),
                first_visit_only: quantity.first_visit_only.unwrap_or_default(),
            }
        };
        let watches: Vec<Watch> = quantities.iter().map(watch).collect();
        let mut readings = Vec::new();
        for (index, (watch, quantity)) in watches.iter().zip(quantities).enumerate() {
            if watch.reads() {
                readings.extend(instants(&case.run, quantity).map(|at| (micros(at), index)));
            }
        }
        readings.sort_unstable();
        let pools = &built.model.pools;
        let pool_of = pools.iter().flat_map(|pool| {
            let before = pools.iter().position(|first| first.team == pool.team);
            let this = pools.iter().position(|other| other.agents == pool.agents);
            let number = this.unwrap_or_default() - before.unwrap_or_default();
            pool.agents.clone().map(move |_| number as u32)
        });
        Plan {
            classes,
            stations,
            class_of: built.class_of.clone(),
            pool_of: pool_of.collect(),
            readings,
            open: open_hours(case, end),
            keeps_visits: !case.tickets.is_empty(),
            watches,
        }
    }
}

/// Arrivals that count, or the time over which is averaged.
fn window(run: &RunKind, quantity: &Quantity) -> Window {
    let whole = match (quantity.window_h, run) {
        (Some((from, to)), _) => Window::new(from, to),
        (
            None,
            RunKind::SteadyState { warmup_h, run_h }
            | RunKind::PeriodicSteadyState { warmup_h, run_h, .. },
        ) => Window::new(*warmup_h, warmup_h + run_h),
        (None, RunKind::Transient { horizon_h } | RunKind::DeterministicFluid { horizon_h }) => {
            Window::new(0.0, *horizon_h)
        }
    };
    match (quantity.phase_window_h, quantity.period_h) {
        (Some(hours), Some(period)) => whole.every(hours, period),
        _ => whole,
    }
}

/// When the state is read: once, or at a phase of every period that counts.
fn instants(run: &RunKind, quantity: &Quantity) -> Box<dyn Iterator<Item = f64>> {
    match (quantity.at_h, quantity.phase_h, quantity.period_h, run) {
        (None, Some(phase), Some(period), RunKind::PeriodicSteadyState { warmup_h, run_h, .. }) => {
            let first = (warmup_h / period).ceil() as u32;
            let last = ((warmup_h + run_h) / period).floor() as u32;
            Box::new((first..last).map(move |n| f64::from(n) * period + phase))
        }
        (at, ..) => Box::new(at.into_iter()),
    }
}

/// When anybody is scheduled at the first station.
fn open_hours(case: &Case, end: f64) -> OpenHours {
    let Staff::Schedule { pieces, period, .. } = &case.model.stations[0].staff else {
        return OpenHours::new([(0.0, end)]);
    };
    let steps = unroll(pieces, *period, end);
    let span = |place: usize| {
        let until = steps.get(place + 1).map_or(end, |(at, _)| *at);
        (steps[place].1 > 0).then_some((steps[place].0, until))
    };
    OpenHours::new((0..steps.len()).filter_map(span))
}
