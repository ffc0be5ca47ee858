//! The observer that measures a case: from the facts of a replication to a numerator and a
//! denominator of every quantity.
//!
//! The words are those of the case files. A visit is one stay at one station; its wait ends when
//! service first begins or the customer gives up. Averages over customers follow those who arrive
//! within the window until they are done; averages over time see the state between events.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "each fact concerns a few metrics; one that none concerns has no value and fails its case"
)]

use super::case::Metric;
use super::plan::{Plan, Watch};
use crate::ids::{AgentId, ClassId, TeamId, TicketId};
use crate::outcome::observer::{Exit, Observer, Touch};
use crate::ticket::{Cause, Ticket};
use crate::time::SimTime;

/// Microseconds in an hour, and in a day.
const HOUR: f64 = 3.6e9;
const DAY: i64 = 86_400_000_000;

/// A stay at a station.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit {
    pub(super) arrived: SimTime,
    pub(super) started: Option<SimTime>,
    pub(super) finished: Option<SimTime>,
    pub(super) gave_up: Option<SimTime>,
    station: usize,
    class: usize,
    /// Whether it was there at time zero, and is no arrival.
    opening: bool,
    /// Whether it is its ticket's first.
    first: bool,
    /// Number of its ticket among external arrivals, from 1.
    ordinal: u64,
}

/// Numerator and denominator of a quantity in a replication.
pub(super) type Pair = (f64, f64);

/// Measures one replication at a time.
pub(super) struct Meter<'a> {
    plan: &'a Plan,
    pub(super) pairs: Vec<Pair>,
    /// Visits in progress, by slot.
    visits: Vec<Option<Visit>>,
    /// Finished visits, where they are kept.
    pub(super) log: Vec<Visit>,
    /// Tickets waiting and in service by station and class, with a row and a column for all.
    waiting: Vec<u32>,
    busy: Vec<u32>,
    pool_busy: Vec<u32>,
    /// When the state last changed.
    last: SimTime,
    next_reading: usize,
    /// External arrivals so far, and tickets of the opening backlog not done and not begun.
    arrivals: u64,
    opening_left: u32,
    opening_unstarted: u32,
    /// When each watch's level was first reached.
    passed: Vec<Option<SimTime>>,
    begun: bool,
    /// Visits so far: what a replication costs.
    pub(super) work: u64,
}

impl<'a> Meter<'a> {
    pub(super) fn new(plan: &'a Plan) -> Meter<'a> {
        let cells = (plan.stations + 1) * (plan.classes + 1);
        Meter {
            plan,
            pairs: vec![(0.0, 0.0); plan.watches.len()],
            visits: Vec::new(),
            log: Vec::new(),
            waiting: vec![0; cells],
            busy: vec![0; cells],
            pool_busy: vec![0; plan.pool_of.iter().max().map_or(1, |most| *most as usize + 1)],
            last: SimTime::ZERO,
            next_reading: 0,
            arrivals: 0,
            opening_left: 0,
            opening_unstarted: 0,
            passed: vec![None; plan.watches.len()],
            begun: false,
            work: 0,
        }
    }

    fn cell(&self, watch: &Watch) -> usize {
        watch.station * (self.plan.classes + 1) + watch.class
    }

    fn cells(&self, station: usize, class: usize) -> [usize; 4] {
        let (width, all) = (self.plan.classes + 1, self.plan.stations);
        [
            station * width + class,
            station * width + width - 1,
            all * width + class,
            all * width + width - 1,
        ]
    }

    fn wait_more(&mut self, station: usize, class: usize, by: i32) {
        for cell in self.cells(station, class) {
            self.waiting[cell] = self.waiting[cell].wrapping_add_signed(by);
        }
    }

    fn serve_more(&mut self, station: usize, class: usize, agent: AgentId, by: i32) {
        for cell in self.cells(station, class) {
            self.busy[cell] = self.busy[cell].wrapping_add_signed(by);
        }
        let pool = &mut self.pool_busy[self.plan.pool_of[agent.index()] as usize];
        *pool = pool.wrapping_add_signed(by);
    }

    /// Time passes: whatever held since the last change held until now.
    #[inline]
    fn advance(&mut self, now: SimTime) {
        if now == self.last {
            return;
        }
        if self.begun {
            self.average(now);
            self.read(now.micros());
            self.check_passages();
        }
        self.last = now;
    }

    fn average(&mut self, now: SimTime) {
        for (index, watch) in self.plan.watches.iter().enumerate() {
            let cell = self.cell(watch);
            let (waiting, busy) = (self.waiting[cell], self.busy[cell]);
            let value = match watch.metric {
                Metric::MeanQueue => waiting,
                Metric::MeanInSystem => waiting + busy,
                Metric::MeanBusy => busy,
                Metric::PoolBusy => self.pool_busy[watch.level as usize],
                Metric::ProbN => u32::from(waiting + busy == watch.level),
                Metric::ProbNGe => u32::from(waiting + busy >= watch.level),
                _ => continue,
            };
            let span = (watch.window.until(now) - watch.window.until(self.last)) as f64;
            let pair = &mut self.pairs[index];
            pair.0 += span * f64::from(value);
            pair.1 += span;
        }
    }

    /// Reads the state for all instants before `until`: it has held since the last change.
    fn read(&mut self, until: i64) {
        while let Some((at, index)) = self.plan.readings.get(self.next_reading) {
            if *at >= until {
                return;
            }
            self.next_reading += 1;
            let watch = &self.plan.watches[*index];
            let cell = self.cell(watch);
            let (waiting, busy) = (self.waiting[cell], self.busy[cell]);
            let n = waiting + busy;
            let value = match watch.metric {
                Metric::QueueAt => f64::from(waiting),
                Metric::InSystemAt => f64::from(n),
                Metric::SecondMomentInSystemAt => f64::from(n).powi(2),
                Metric::BusyAt => f64::from(busy),
                Metric::ProbNAt => f64::from(u8::from(n == watch.level)),
                Metric::ProbNGeAt => f64::from(u8::from(n >= watch.level)),
                Metric::ProbQueueGeAt => f64::from(u8::from(waiting >= watch.level)),
                _ => continue,
            };
            self.count(*index, value);
        }
    }

    fn check_passages(&mut self) {
        for (index, watch) in self.plan.watches.iter().enumerate() {
            if self.passed[index].is_some() {
                continue;
            }
            let cell = self.cell(watch);
            let reached = match watch.metric {
                Metric::FirstPassageMean | Metric::FirstPassageVar | Metric::FirstPassageCdf => {
                    self.waiting[cell] + self.busy[cell] <= watch.level
                }
                Metric::FirstPassageMeanQueue | Metric::FirstPassageCdfQueue => {
                    self.waiting[cell] <= watch.level
                }
                Metric::FirstPassageMeanBacklogCleared | Metric::FirstPassageCdfBacklogCleared => {
                    self.opening_left == 0
                }
                Metric::FirstPassageMeanBacklogClearedStarted => self.opening_unstarted == 0,
                _ => continue,
            };
            if reached {
                self.passed[index] = Some(self.last);
            }
        }
    }

    fn count(&mut self, index: usize, value: f64) {
        let pair = &mut self.pairs[index];
        pair.0 += value;
        pair.1 += 1.0;
    }

    /// Runs over the watches that concern a visit.
    fn each(&mut self, visit: &Visit, value: impl Fn(&Plan, &Watch) -> Option<f64>) {
        let plan = self.plan;
        for (index, watch) in plan.watches.iter().enumerate() {
            let concerns = (watch.class == plan.classes || watch.class == visit.class)
                && (watch.station == plan.stations || watch.station == visit.station)
                && (!watch.first_visit_only || visit.first)
                && !visit.opening
                && watch.window.holds(visit.arrived);
            if concerns && let Some(value) = value(plan, watch) {
                self.count(index, value);
            }
        }
    }

    /// A visit's wait is over: service begins, or the customer has given up.
    fn wait_over(&mut self, visit: &Visit, now: SimTime, served: bool) {
        let wait = (now - visit.arrived).micros();
        let hours = wait as f64 / HOUR;
        let yes = |what: bool| Some(f64::from(u8::from(what)));
        let ordinal = visit.ordinal;
        self.each(visit, |plan, watch| match watch.metric {
            Metric::MeanWait => Some(hours),
            Metric::MeanSquaredWait => Some(hours * hours),
            Metric::MeanWaitServed => served.then_some(hours),
            Metric::MeanWaitAbandoned => (!served).then_some(hours),
            Metric::ProbDelayed => yes(wait > 0),
            Metric::ProbWaitGt => yes(wait > watch.threshold),
            Metric::ProbServedWithin => yes(served && wait <= watch.threshold),
            Metric::ProbAbandon => yes(!served),
            Metric::ProbBlocked => yes(false),
            Metric::MeanWaitNth => (visit.first && ordinal == watch.nth).then_some(hours),
            Metric::MeanWaitFirstN => (visit.first && ordinal <= watch.nth).then_some(hours),
            Metric::MeanWaitStartedBy => (now.micros() <= watch.threshold).then_some(hours),
            Metric::FracStartedBy => yes(now.micros() <= watch.threshold),
            Metric::ProbStartedSameDay => {
                yes(visit.arrived.micros().div_euclid(DAY) == now.micros().div_euclid(DAY))
            }
            Metric::MeanOpenHoursWait => {
                Some((plan.open.until(now) - plan.open.until(visit.arrived)) as f64 / HOUR)
            }
            Metric::ProbOpenHoursWaitGt => {
                yes(plan.open.until(now) - plan.open.until(visit.arrived) > watch.threshold)
            }
            _ => None,
        });
    }

    /// Adds a ticket that has left, or takes one back that came again.
    fn ticket(&mut self, left_at: SimTime, ticket: &Ticket, sign: f64) {
        if ticket.opening || ticket.cause == Cause::Chaser {
            return;
        }
        let class = self.plan.class_of[ticket.class.index()];
        let sojourn = (left_at - ticket.created_at).micros();
        for (index, watch) in self.plan.watches.iter().enumerate() {
            let value = match watch.metric {
                Metric::MeanTicketSojourn => sojourn as f64 / HOUR,
                Metric::ProbTicketSojournGt => f64::from(u8::from(sojourn > watch.threshold)),
                Metric::MeanVisitsPerTicket => f64::from(ticket.visits),
                _ => continue,
            };
            if (watch.class == self.plan.classes || watch.class == class)
                && watch.window.holds(ticket.created_at)
            {
                let pair = &mut self.pairs[index];
                pair.0 += sign * value;
                pair.1 += sign;
            }
        }
    }

    fn begin_visit(&mut self, now: SimTime, id: TicketId, ticket: &Ticket) {
        self.work += 1;
        if self.visits.len() <= id.index() {
            self.visits.resize(id.index() + 1, None);
        }
        self.visits[id.index()] = Some(self.visit(now, ticket));
    }

    fn visit(&self, now: SimTime, ticket: &Ticket) -> Visit {
        // Only a ticket that has just been created is on its first visit, so the number of
        // external arrivals so far is its own.
        Visit {
            arrived: now,
            started: None,
            finished: None,
            gave_up: None,
            station: ticket.team.index(),
            class: self.plan.class_of[ticket.class.index()],
            opening: ticket.opening,
            first: ticket.visits == 1,
            ordinal: self.arrivals,
        }
    }

    fn keep(&mut self, visit: Visit) {
        if self.plan.keeps_visits {
            self.log.push(visit);
        }
    }

    fn finish(&mut self, now: SimTime) {
        self.advance(now);
        self.read(now.micros() + 1);
        self.check_passages();
        for (index, watch) in self.plan.watches.iter().enumerate() {
            let passed = self.passed[index];
            let hours = passed.map(|at| at.micros() as f64 / HOUR);
            match watch.metric {
                Metric::FirstPassageMean
                | Metric::FirstPassageVar
                | Metric::FirstPassageMeanQueue
                | Metric::FirstPassageMeanBacklogCleared
                | Metric::FirstPassageMeanBacklogClearedStarted => {
                    if let Some(hours) = hours {
                        self.pairs[index] = (hours, 1.0);
                    }
                }
                Metric::FirstPassageCdf
                | Metric::FirstPassageCdfQueue
                | Metric::FirstPassageCdfBacklogCleared => {
                    let in_time = passed.is_some_and(|at| at.micros() <= watch.threshold);
                    self.pairs[index] = (f64::from(u8::from(in_time)), 1.0);
                }
                Metric::MeanCount | Metric::VarCount => self.pairs[index].1 = 1.0,
                _ => {}
            }
        }
    }
}

impl Observer for Meter<'_> {
    fn begins_run(&mut self, now: SimTime) {
        let pairs = vec![(0.0, 0.0); self.plan.watches.len()];
        let fresh = Meter::new(self.plan);
        let visits = std::mem::take(&mut self.visits);
        *self = Meter { visits, pairs, last: now, ..fresh };
        self.visits.clear();
    }

    fn begins(&mut self, now: SimTime) {
        self.begun = true;
        self.last = now;
    }

    fn opens_with(&mut self, _id: TicketId, _ticket: &Ticket, _in_line: bool) {
        self.opening_left += 1;
        self.opening_unstarted += 1;
    }

    fn contact(&mut self, now: SimTime, class: ClassId, cause: Cause, _contained: bool) {
        if cause != Cause::New {
            return;
        }
        self.arrivals += 1;
        let class = self.plan.class_of[class.index()];
        for (watch, pair) in self.plan.watches.iter().zip(&mut self.pairs) {
            let counts = matches!(watch.metric, Metric::MeanCount | Metric::VarCount);
            if counts
                && (watch.class == self.plan.classes || watch.class == class)
                && watch.window.holds(now)
            {
                pair.0 += 1.0;
            }
        }
    }

    fn turned_away(&mut self, now: SimTime, _id: TicketId, ticket: &Ticket) {
        self.work += 1;
        let visit = self.visit(now, ticket);
        self.each(&visit, |_, watch| (watch.metric == Metric::ProbBlocked).then_some(1.0));
    }

    fn waits(&mut self, now: SimTime, id: TicketId, ticket: &Ticket) {
        self.advance(now);
        self.begin_visit(now, id, ticket);
        self.wait_more(ticket.team.index(), self.plan.class_of[ticket.class.index()], 1);
    }

    fn starts(&mut self, now: SimTime, id: TicketId, _: &Ticket, agent: AgentId, _again: bool) {
        self.advance(now);
        let Some(mut visit) = self.visits[id.index()] else { return };
        self.wait_more(visit.station, visit.class, -1);
        self.serve_more(visit.station, visit.class, agent, 1);
        if visit.started.is_none() {
            visit.started = Some(now);
            self.visits[id.index()] = Some(visit);
            self.opening_unstarted -= u32::from(visit.opening && visit.first);
            self.wait_over(&visit, now, true);
        }
    }

    fn ends(&mut self, now: SimTime, id: TicketId, _: &Ticket, touch: &Touch) {
        self.advance(now);
        let Some(visit) = self.visits[id.index()] else { return };
        self.serve_more(visit.station, visit.class, touch.agent, -1);
        if touch.broken_off {
            self.wait_more(visit.station, visit.class, 1);
            return;
        }
        self.opening_left -= u32::from(visit.opening && visit.first);
        let pool = self.plan.pool_of[touch.agent.index()];
        let sojourn = (now - visit.arrived).micros();
        let yes = |what: bool| Some(f64::from(u8::from(what)));
        self.each(&visit, |_, watch| match watch.metric {
            Metric::MeanStationSojourn => Some(sojourn as f64 / HOUR),
            Metric::ProbStationSojournGt => yes(sojourn > watch.threshold),
            Metric::ShareByPool => yes(pool == watch.level),
            _ => None,
        });
        self.keep(Visit { finished: Some(now), ..visit });
    }

    fn leaves_line(&mut self, now: SimTime, id: TicketId, _ticket: &Ticket) {
        self.advance(now);
        let Some(visit) = self.visits[id.index()] else { return };
        self.wait_more(visit.station, visit.class, -1);
        if visit.opening && visit.first {
            self.opening_left -= 1;
            self.opening_unstarted -= u32::from(visit.started.is_none());
        }
        // Whoever had been served before an interruption has waited no longer than until then.
        if visit.started.is_none() {
            self.wait_over(&visit, now, false);
            self.keep(Visit { gave_up: Some(now), ..visit });
        }
    }

    fn leaves(&mut self, now: SimTime, _id: TicketId, ticket: &Ticket, _exit: Exit) {
        self.ticket(now, ticket, 1.0);
    }

    fn reopened(&mut self, _now: SimTime, _id: TicketId, ticket: &Ticket, _gave_up: bool) {
        self.ticket(ticket.since, ticket, -1.0);
    }

    fn staffed(&mut self, now: SimTime, _team: TeamId, _agents: u32) {
        self.advance(now);
    }

    fn ends_run(&mut self, now: SimTime, _truncated: bool) {
        self.finish(now);
    }
}
