//! What is true of every desk, whatever happens on it: held on random desks by an observer that
//! keeps books of its own.

mod watch;

use crate::random_desk::random_desk;
use crate::support::hours;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::cell::Cell;
use std::collections::BTreeMap;
use surgecast::dist::Law;
use surgecast::engine::{Desk, simulate};
use surgecast::experiment::frame::frame_of;
use surgecast::ids::TicketId;
use surgecast::model::Model;
use surgecast::model::arrivals::{ArrivalProcess, Piece};
use surgecast::model::build::ModelBuilder;
use surgecast::model::class::Class;
use surgecast::model::days::Days;
use surgecast::model::pool::PoolPlan;
use surgecast::model::team::TeamPlan;
use surgecast::outcome::observer::{Observer, Touch};
use surgecast::outcome::recorder::Recorder;
use surgecast::rng::Key;
use surgecast::ticket::Ticket;
use surgecast::time::{SimDuration, SimTime};
use watch::Watch;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20_261_122),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

#[test]
fn the_books_of_random_desks_balance() {
    let (clocks, looked) = (Cell::new(0), Cell::new(0));
    proptest!(config(1500), |(seed in any::<u64>())| {
        let random = random_desk(seed);
        let model = &random.model;
        let frame = frame_of(model);
        let mut both = (Watch::new(model), Recorder::new(&frame));
        simulate(model, seed, 0, &mut Desk::new(), &mut both);
        let (watch, recorder) = both;
        // Little's law on the path: time average of the number = sum of the times, to the bit.
        prop_assert_eq!(watch.waiting_over_time, watch.waiting_over_tickets);
        prop_assert_eq!(watch.open_over_time, watch.open_over_tickets);
        prop_assert_eq!(watch.counted_over_time as u128, recorder.run.backlog_micros);
        clocks.set(clocks.get() + watch.clocks);
        looked.set(looked.get() + watch.looked);
    });
    // None of it held because there was nothing to hold.
    assert!(clocks.get() > 10_000, "{} promises were looked at", clocks.get());
    assert!(looked.get() > 10_000, "{} moments with work in line", looked.get());
}

/// One class, one line, equal agents around the clock; nobody gives up or comes back.
fn plain_desk(agents: u32, per_hour: f64, mean_hours: f64, cv: f64) -> Model {
    let mut builder = ModelBuilder::new("plain", Days::plain(0, 4));
    let team = builder.team(TeamPlan::new("desk"));
    let rate = per_hour / SimDuration::from_hours(1.0).micros() as f64;
    let arrivals =
        ArrivalProcess::poisson(vec![Piece { from: hours(0.0), rate, block: 0 }], hours(96.0));
    let handle = Law::log_normal(SimDuration::from_hours(mean_hours), cv);
    builder.class(Class::new("ticket", arrivals, team, handle));
    builder.pool(PoolPlan::new(team, "desk", agents, vec![(hours(0.0), hours(96.0))]));
    builder.build().expect("a plain desk")
}

/// Waits and handle times by the ticket's name in chance.
#[derive(Default)]
struct Times {
    waits: BTreeMap<Key, SimDuration>,
    handled: BTreeMap<Key, SimDuration>,
}

impl Observer for Times {
    fn starts(
        &mut self,
        now: SimTime,
        _: TicketId,
        ticket: &Ticket,
        _: surgecast::ids::AgentId,
        _: bool,
    ) {
        self.waits.insert(ticket.key, now - ticket.since);
    }

    fn ends(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, touch: &Touch) {
        self.handled.insert(ticket.key, now - touch.started_at);
    }
}

fn times(model: &Model, seed: u64) -> Times {
    let mut times = Times::default();
    simulate(model, seed, 0, &mut Desk::new(), &mut times);
    times
}

#[test]
fn another_agent_never_hurts_and_handle_times_belong_to_tickets() {
    let more_served = Cell::new(0);
    proptest!(config(150), |(
        seed in any::<u64>(),
        agents in 1_u32..8,
        load in 0.3..1.6_f64,
        cv in 0.2..2.0_f64,
    )| {
        let per_hour = f64::from(agents) * load / 0.5;
        let few = times(&plain_desk(agents, per_hour, 0.5, cv), seed);
        let many = times(&plain_desk(agents + 1, per_hour, 0.5, cv), seed);
        // First come, first served with equal agents: nobody waits longer for one agent more
        // (Kiefer and Wolfowitz 1955: the ordered workloads of the larger desk lie below).
        for (key, wait) in &few.waits {
            let shorter = many.waits.get(key);
            prop_assert!(shorter.is_some_and(|shorter| shorter <= wait), "{key:?} waits longer");
        }
        for (key, handled) in &few.handled {
            if let Some(other) = many.handled.get(key) {
                prop_assert_eq!(handled, other);
            }
        }
        more_served.set(more_served.get() + many.waits.len() - few.waits.len());
    });
    assert!(more_served.get() > 100);
}
