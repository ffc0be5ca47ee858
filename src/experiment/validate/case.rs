//! The schema of case files: queueing models with known answers, in hours and rates per hour.
//!
//! What is not known here is refused rather than overlooked: a file that says more than this
//! program reads would be simulated as something else.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A file of cases.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CaseFile {
    /// What the file is about.
    pub title: String,
    /// Version of the schema.
    pub format: u32,
    /// Unit of all times.
    pub time_unit: String,
    /// The cases.
    pub cases: Vec<Case>,
}

/// A model with known answers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Case {
    /// Its name.
    pub id: String,
    /// The family it belongs to.
    pub family: String,
    /// What it is, in a line.
    pub title: String,
    /// What it is, in words.
    pub description: String,
    /// The model.
    pub model: Desk,
    /// How its quantities are to be read.
    pub run: RunKind,
    /// What is known exactly.
    pub quantities: Vec<Quantity>,
    /// Where the formula stands.
    pub source: String,
    /// How the values were computed.
    pub method: String,
    /// For a trace without chance: the course of every ticket.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<TracedTicket>,
}

/// The model of a case.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    /// Ticket classes.
    pub classes: Vec<Class>,
    /// Stations.
    pub stations: Vec<Station>,
    /// Where tickets go after service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routing: Vec<Routing>,
    /// What is there at time zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
}

/// A ticket class.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// When its tickets come.
    pub arrivals: Arrivals,
    /// The station they come to.
    pub entry: String,
    /// Its priority; 1 is the highest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// Time from arrival until it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_after: Option<f64>,
    /// Rate at which priority accumulates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency_rate: Option<f64>,
    /// Time until a waiting ticket leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience: Option<Dist>,
    /// What then becomes of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_abandon: Vec<Branch>,
    /// What becomes of tickets that find a station full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_blocked: Option<OnBlocked>,
    /// Rate at which a waiting ticket spawns others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chaser_rate: Option<f64>,
}

/// What becomes of tickets that find a station full.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnBlocked {
    /// The first time.
    pub first_attempt: Vec<Branch>,
    /// Later.
    pub later_attempts: Vec<Branch>,
}

/// When tickets come.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "process", rename_all = "snake_case", deny_unknown_fields)]
pub enum Arrivals {
    /// At a constant rate.
    Poisson {
        /// The rate.
        rate: f64,
    },
    /// At a rate in steps.
    PoissonPiecewise {
        /// (from, rate).
        pieces: Vec<(f64, f64)>,
        /// After which it repeats.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        period: Option<f64>,
    },
    /// At a rate in a sine wave.
    PoissonSinusoid {
        /// Mean rate.
        mean: f64,
        /// How far it swings.
        amplitude: f64,
        /// Radians per hour.
        angular_frequency: f64,
        /// Radians at time zero.
        phase: f64,
    },
    /// At independent intervals of one law.
    Renewal {
        /// The law.
        interarrival: Dist,
    },
    /// Several at once.
    BatchPoisson {
        /// Rate of batches.
        rate: f64,
        /// Probability of 1, 2, 3 … at once.
        batch_probs: Vec<f64>,
    },
    /// At a rate that jumps between levels.
    Mmpp {
        /// Rates of the levels.
        rates: Vec<f64>,
        /// Rates of jumps from one to another.
        switch: Vec<Vec<f64>>,
    },
    /// At a rate drawn once per replication.
    RandomRatePoisson {
        /// Its law; a "time" of the law is a rate.
        rate_dist: Dist,
    },
    /// From a fixed number of customers.
    FiniteSource {
        /// How many.
        sources: u32,
        /// Rate of each while idle.
        rate_per_idle_source: f64,
    },
    /// As listed.
    Trace {
        /// When.
        times: Vec<f64>,
        /// How long each is served.
        service_times: Vec<f64>,
    },
}

/// A law of a span.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "dist", rename_all = "snake_case", deny_unknown_fields)]
pub enum Dist {
    /// Exponential.
    Exponential {
        /// Mean.
        mean: f64,
    },
    /// Always the same.
    Deterministic {
        /// That.
        value: f64,
    },
    /// Erlang.
    Erlang {
        /// Phases.
        k: u32,
        /// Mean of the whole.
        mean: f64,
    },
    /// Gamma.
    Gamma {
        /// Shape.
        shape: f64,
        /// Mean.
        mean: f64,
    },
    /// Log-normal.
    Lognormal {
        /// Mean of the span.
        mean: f64,
        /// Its squared coefficient of variation.
        scv: f64,
    },
    /// A mix of exponentials.
    Hyperexponential {
        /// Probabilities.
        probs: Vec<f64>,
        /// Means.
        means: Vec<f64>,
    },
    /// Uniform.
    Uniform {
        /// Shortest.
        low: f64,
        /// Longest.
        high: f64,
    },
}

/// A station.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Station {
    /// Its name.
    pub name: String,
    /// Who serves.
    pub staff: Staff,
    /// How long, by class or `*`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub service: BTreeMap<String, Dist>,
    /// In which order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discipline: Option<Order>,
    /// Most tickets present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// Speed of every ticket in service by the number present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed_by_number_in_system: Option<Vec<f64>>,
    /// How many tickets progress at full speed under processor sharing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing_capacity: Option<f64>,
}

/// An order of work.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// First come, first served.
    Fcfs,
    /// The newest first.
    Lcfs,
    /// Any.
    RandomOrder,
    /// The shortest first.
    ShortestJobFirst,
    /// The one with the least work left, at once.
    ShortestRemainingFirstPreemptive,
    /// By priority.
    PriorityNonpreemptive,
    /// By priority, at once.
    PriorityPreemptiveResume,
    /// By due date.
    EarliestDueFirst,
    /// By a priority that grows.
    AccumulatingPriority,
    /// All at once, each slower.
    ProcessorSharing,
}

/// Who serves at a station.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Staff {
    /// Always as many.
    Constant {
        /// How many.
        agents: u32,
    },
    /// More than are ever needed.
    Infinite,
    /// By the clock.
    Schedule {
        /// (from, how many).
        pieces: Vec<(f64, u32)>,
        /// After which it repeats.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        period: Option<f64>,
        /// What happens when the number drops.
        on_reduction: OnReduction,
    },
    /// Agents with skills.
    Pools {
        /// The pools.
        pools: Vec<Pool>,
        /// Which pools an arrival of a class tries first.
        arrival_tries_pools_in_order: BTreeMap<String, Vec<String>>,
        /// How an idle pool is chosen otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        idle_pool_choice: Option<String>,
    },
    /// Agents who come and go by chance.
    Unreliable {
        /// How many.
        agents: u32,
        /// Mean time present.
        mean_present: f64,
        /// Mean time absent.
        mean_absent: f64,
    },
    /// Agents who do other work when nobody waits.
    Vacations {
        /// How many.
        agents: u32,
        /// Law of a block of other work.
        vacation: Dist,
    },
    /// Agents who begin only once so many wait.
    StartThreshold {
        /// How many agents.
        agents: u32,
        /// How many must wait.
        threshold: u32,
    },
}

/// What happens to tickets in service when the scheduled staff drops.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnReduction {
    /// They are interrupted and go to the front.
    PreemptToFront,
    /// They are finished, and nothing is begun until no more are in service than scheduled.
    FinishThenLeavePooled,
    /// They are finished by those who leave; the others go on.
    FinishThenLeaveNamed,
}

/// Agents with the same skills.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Its name.
    pub name: String,
    /// How many agents.
    pub agents: u32,
    /// Classes, in the order in which they are taken.
    pub serves_in_order: Vec<String>,
    /// How long each takes here.
    pub service: BTreeMap<String, Dist>,
}

/// Where tickets go after service at a station.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    /// The station.
    pub station: String,
    /// Where to.
    pub branches: Vec<Branch>,
    /// Where to after a visit that had to wait.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches_if_delayed: Vec<Branch>,
}

/// A way out.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Probability.
    pub p: f64,
    /// A station, or `exit`.
    pub to: String,
    /// Time on the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<Dist>,
}

/// What is there at time zero.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Tickets that wait or are in service.
    pub backlog: Vec<Backlog>,
}

/// Tickets that are there at time zero.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backlog {
    /// Their class.
    pub class: String,
    /// Where they are.
    pub station: String,
    /// How many.
    pub count: u32,
}

/// How quantities are to be read.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RunKind {
    /// In the long run.
    SteadyState {
        /// Time not counted.
        warmup_h: f64,
        /// Time counted.
        run_h: f64,
    },
    /// In the long run, by phase of a period.
    PeriodicSteadyState {
        /// The period.
        period_h: f64,
        /// Time not counted.
        warmup_h: f64,
        /// Time counted.
        run_h: f64,
    },
    /// From the start.
    Transient {
        /// Until then.
        horizon_h: f64,
    },
    /// Without chance, as a fluid.
    DeterministicFluid {
        /// Until then.
        horizon_h: f64,
    },
}

/// A quantity with its exact value.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// Its name within the case.
    pub name: String,
    /// What is measured.
    pub metric: Metric,
    /// The exact value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// What it means, in words.
    pub definition: String,
    /// Only this class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Only this station.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
    /// A time limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold_h: Option<f64>,
    /// A count, or the number of a pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u32>,
    /// At this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_h: Option<f64>,
    /// At this phase of every period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase_h: Option<f64>,
    /// The period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_h: Option<f64>,
    /// Arrivals, or the time average, between these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_h: Option<(f64, f64)>,
    /// The same in every period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase_window_h: Option<(f64, f64)>,
    /// The so-manieth external arrival.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// First attempts only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_visit_only: Option<bool>,
}

/// What is measured; the words are those of the schema.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is defined where it is measured, and in the case file")]
pub enum Metric {
    #[default]
    MeanWait,
    MeanSquaredWait,
    MeanWaitServed,
    MeanWaitAbandoned,
    ProbDelayed,
    ProbWaitGt,
    ProbServedWithin,
    ProbAbandon,
    ProbBlocked,
    MeanStationSojourn,
    ProbStationSojournGt,
    ShareByPool,
    MeanTicketSojourn,
    ProbTicketSojournGt,
    MeanVisitsPerTicket,
    MeanQueue,
    MeanInSystem,
    MeanBusy,
    PoolBusy,
    ProbN,
    ProbNGe,
    QueueAt,
    InSystemAt,
    SecondMomentInSystemAt,
    BusyAt,
    ProbNAt,
    ProbNGeAt,
    ProbQueueGeAt,
    MeanCount,
    VarCount,
    FirstPassageMean,
    FirstPassageVar,
    FirstPassageCdf,
    FirstPassageMeanQueue,
    FirstPassageCdfQueue,
    FirstPassageMeanBacklogCleared,
    FirstPassageMeanBacklogClearedStarted,
    FirstPassageCdfBacklogCleared,
    MeanWaitNth,
    MeanWaitFirstN,
    MeanWaitStartedBy,
    FracStartedBy,
    MeanOpenHoursWait,
    ProbOpenHoursWaitGt,
    ProbStartedSameDay,
    Fluid,
    Trace,
}

/// The course of a ticket in a trace without chance.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TracedTicket {
    /// When it came.
    pub arrival: f64,
    /// When service first began.
    pub first_start: Option<f64>,
    /// When it was done.
    pub finish: Option<f64>,
    /// When it gave up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abandoned_at: Option<f64>,
}
