//! The promise: the core loop behaves as its theory says. A desk of 1,000 tickets a day with 240
//! hours of work, whose customers ask again, has a critical backlog of 2,947; it is enlarged until
//! chance matters no more, and held against the fluid of `theory::snowball`.
//!
//! `SURGECAST_SEASONS=400 cargo test --release core_loop -- --nocapture` runs it longer and prints.

use crate::support::from_text;
use surgecast::engine::{Desk, simulate};
use surgecast::ids::{AgentId, TicketId};
use surgecast::outcome::observer::Observer;
use surgecast::stats::mean;
use surgecast::theory::snowball::{Regime, Snowball};
use surgecast::ticket::Ticket;
use surgecast::time::SimTime;

const DESK: Snowball = Snowball {
    arrival_rate: 1000.0,
    capacity_hours: 240.0,
    handle_hours: 0.2,
    p_reopen: 0.05,
    chaser_rate: 0.15,
    chaser_hours: 4.0 / 60.0,
};

/// When nothing waits for the first time, and whether the run was stopped before.
#[derive(Default)]
struct FirstEmpty {
    waiting: i64,
    at: Option<SimTime>,
}

impl FirstEmpty {
    fn changes(&mut self, now: SimTime, by: i64) {
        self.waiting += by;
        if self.waiting == 0 && now > SimTime::ZERO && self.at.is_none() {
            self.at = Some(now);
        }
    }
}

impl Observer for FirstEmpty {
    fn begins_run(&mut self, _: SimTime) {
        *self = FirstEmpty::default();
    }
    fn waits(&mut self, now: SimTime, _: TicketId, _: &Ticket) {
        self.changes(now, 1);
    }
    fn leaves_line(&mut self, now: SimTime, _: TicketId, _: &Ticket) {
        self.changes(now, -1);
    }
    fn starts(&mut self, now: SimTime, _: TicketId, _: &Ticket, _: AgentId, again: bool) {
        self.changes(now, if again { 0 } else { -1 });
    }
}

/// How a desk is asked: its size, staff, chasers and opening backlog.
struct Asked {
    scale: u64,
    agents: u64,
    chasers: &'static str,
    backlog: f64,
    days: u32,
    /// A run is stopped, and counts as never cleared, above this many waiting tickets.
    stop_at: f64,
}

/// Days until nothing waits, by season; nothing where that does not happen.
fn clearances(asked: &Asked, seasons: u64) -> Vec<Option<f64>> {
    let (scale, opening) = (asked.scale as f64, asked.backlog * asked.scale as f64);
    let text = format!(
        "start = 2026-01-05\ndays = {}\nbacklog_cap = {:.0}\n\n[tickets.all]\n\
         arrivals = {{ per_day = {:.0}, profile = \"flat\", busyness_cv = 0 }}\n\
         handle = {{ mean = \"12 min\", cv = 1.0 }}\n\
         reopen = {{ share = \"5%\", after = \"1 s\" }}\n\
         chasers = {{ after = \"0 s\", per_day = 0.15, handle = \"4 min\", {} }}\n\n\
         [teams.desk]\nagents = {}\nhours = \"always\"\nshrinkage = 0\n\n\
         [opening]\ntickets = {{ all = {opening:.0} }}\n\
         ages = [{{ up_to = \"1 min\", share = \"100%\" }}]\n",
        asked.days,
        asked.stop_at * scale,
        1000.0 * scale,
        asked.chasers,
        asked.agents
    );
    let model = from_text(&text).model;
    let (mut desk, mut first) = (Desk::new(), FirstEmpty::default());
    let mut found = Vec::new();
    for season in 0..seasons {
        simulate(&model, 11, season, &mut desk, &mut first);
        found.push(first.at.map(|at| at.hours() / 24.0));
    }
    found
}

const AT_ONCE: &str = "at_most = 0, read = \"at-once\"";
const WITH_TICKET: &str = "at_most = 0";

fn seasons(usually: u64) -> u64 {
    let asked = std::env::var("SURGECAST_SEASONS").ok();
    asked.map_or(usually, |text| text.parse().expect("a number of seasons"))
}

fn from_share(scale: u64, share: f64, chasers: &'static str, seasons: u64) -> Vec<Option<f64>> {
    let critical = DESK.critical_backlog().unwrap();
    let fluid = DESK.clearance_time(share * critical).unwrap();
    // A large desk clears when the fluid does, give or take little; a small one may take long.
    let days = if scale == 100 { fluid * 1.1 } else { fluid + 60.0 };
    let asked = Asked {
        scale,
        agents: 10 * scale,
        chasers,
        backlog: share * critical,
        days: days.ceil() as u32,
        stop_at: 3.0 * critical,
    };
    clearances(&asked, seasons)
}

#[test]
#[expect(clippy::print_stdout, reason = "the table of what came out, for those who ask for it")]
fn larger_desks_clear_as_the_fluid_does() {
    println!("share of B*  scale  cleared  mean days  fluid  ratio   read with the ticket");
    for share in [0.5, 0.8] {
        let fluid = DESK.clearance_time(share * DESK.critical_backlog().unwrap()).unwrap();
        let mut ratios = Vec::new();
        for (scale, n) in [(1, 60), (10, 6), (100, 1)] {
            let n = if scale == 100 { n } else { seasons(n) };
            let cleared: Vec<f64> =
                from_share(scale, share, AT_ONCE, n).into_iter().flatten().collect();
            let beside: Vec<f64> =
                from_share(scale, share, WITH_TICKET, n).into_iter().flatten().collect();
            let of = |days: &[f64]| mean::estimate(days, 0.95).map_or(f64::NAN, |e| e.value);
            let ratio = of(&cleared) / fluid;
            println!(
                "{share:<12} {scale:<6} {}/{n}  {:>9.2} {fluid:>6.2} {ratio:>6.3} {:>12.2}",
                cleared.len(),
                of(&cleared),
                of(&beside)
            );
            ratios.push(ratio);
        }
        let largest = ratios.pop().unwrap();
        assert!((largest - 1.0).abs() < 0.03, "from {share} B*: {largest} times the fluid");
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the share that came out, for those who ask for it")]
fn beyond_the_critical_backlog_a_desk_is_lost() {
    let n = seasons(24);
    let critical = DESK.critical_backlog().unwrap();
    let asked = Asked {
        scale: 10,
        agents: 100,
        chasers: AT_ONCE,
        backlog: 1.2 * critical,
        days: 60,
        stop_at: 1.8 * critical,
    };
    let cleared = clearances(&asked, n).into_iter().flatten().count();
    println!("from 1.2 B*, ten times the desk: {cleared} of {n} cleared in 60 days");
    assert!(cleared as f64 <= 0.01 * n as f64);
}

#[test]
fn with_one_chaser_per_ticket_the_three_regimes_appear() {
    // Six times the desk, so that these hours are whole agents.
    let at = |hours: u64, backlog: f64| {
        let desk = Snowball { capacity_hours: hours as f64, ..DESK };
        let asked = Asked {
            scale: 6,
            agents: hours * 6 / 24,
            chasers: "at_most = 1, read = \"at-once\"",
            backlog,
            days: 200,
            stop_at: 60_000.0,
        };
        (desk.regime(1), clearances(&asked, 1)[0].is_some())
    };
    assert_eq!(at(260, 200.0), (Regime::Bistable, true));
    assert_eq!(at(260, 6000.0), (Regime::Bistable, true));
    assert_eq!(at(260, 20_000.0), (Regime::Bistable, false));
    assert_eq!(at(300, 20_000.0), (Regime::Recoverable, true));
    assert_eq!(at(204, 6000.0), (Regime::Hopeless, false));
}
