//! Intervals mean what they say: of many 95 % intervals, 95 % hold the true value.
//!
//! Each test makes many samples whose truth is known and counts how often the interval holds it;
//! the share may differ from its level by four binomial standard errors, and where a method is
//! approximate or cautious by the amount derived there.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use std::ops::RangeInclusive;
use surgecast::dist::{Law, exponential};
use surgecast::engine::{Desk, simulate};
use surgecast::ids::TicketId;
use surgecast::model::Model;
use surgecast::model::arrivals::{ArrivalProcess, Piece};
use surgecast::model::build::ModelBuilder;
use surgecast::model::class::Class;
use surgecast::model::days::Days;
use surgecast::model::opening::OpeningTicket;
use surgecast::model::pool::PoolPlan;
use surgecast::model::team::TeamPlan;
use surgecast::outcome::observer::{Exit, Observer};
use surgecast::rng::{Generator, Key, Purpose};
use surgecast::stats::quantile::Ordered;
use surgecast::stats::{Estimate, mean, proportion, ratio};
use surgecast::theory::drain::mm1_mean_until_idle;
use surgecast::ticket::{State, Ticket};
use surgecast::time::{SimDuration, SimTime};

const LEVEL: f64 = 0.95;

/// The share of `trials` intervals that hold the truth lies within four standard errors of a share
/// in that range.
#[track_caller]
fn covers(
    truth: f64,
    trials: u64,
    expected: RangeInclusive<f64>,
    estimate: impl Fn(u64) -> Estimate,
) {
    let holds = |trial: &u64| estimate(*trial).interval.unwrap().contains(truth);
    let share = (0..trials).filter(holds).count() as f64 / trials as f64;
    let spread = 4.0 * (LEVEL * (1.0 - LEVEL) / trials as f64).sqrt();
    let allowed = expected.start() - spread..=expected.end() + spread;
    assert!(allowed.contains(&share), "{share} of the intervals hold {truth}, not {expected:?}");
}

fn chance(trial: u64) -> Generator {
    Key(2026).nth(trial).draw(Purpose::Pick, 0)
}

fn many(trial: u64, n: usize, mut draw: impl FnMut(&mut Generator) -> f64) -> Vec<f64> {
    let mut chance = chance(trial);
    (0..n).map(|_| draw(&mut chance)).collect()
}

#[test]
fn means_of_few_normal_values() {
    // Student's interval is exact for normal values, however few.
    covers(3.0, 8000, LEVEL..=LEVEL, |trial| {
        let sample = many(trial, 8, |chance| {
            let z: f64 = StandardNormal.sample(chance);
            3.0 + 2.0 * z
        });
        mean::estimate(&sample, LEVEL).unwrap()
    });
}

#[test]
fn means_of_many_skewed_values() {
    // What Student's interval lacks for values of skewness g and excess kurtosis k is, to first
    // order, 2 z phi(z) (g^2 (z^4 + 2 z^2 - 3) / 18 - k (z^2 - 3) / 12) / n (Hall 1992, section
    // 2.6): for 200 exponential values (g = 2, k = 6) that is 0.0045.
    covers(1.0, 4000, LEVEL - 0.0045..=LEVEL, |trial| {
        mean::estimate(&many(trial, 200, exponential), LEVEL).unwrap()
    });
}

#[test]
fn ratios_of_sums() {
    // Customers per replication and their waits hang together: n uniform on 50 to 149, and a sum of
    // n exponential waits of mean 0.3 h that are longer when n is large. The truth is E[sum] / E[n].
    // The residuals' skewness is below 1, so that 100 replications lack less than 0.003 (as above).
    let (low, high) = (50_u32, 150_u32);
    let slope = |n: u32| 0.3 * f64::from(n) / 100.0;
    let sums = |f: &dyn Fn(f64) -> f64| (low..high).map(|n| f(f64::from(n))).sum::<f64>();
    let truth = sums(&|n| n * slope(n as u32)) / sums(&|n| n);
    covers(truth, 4000, LEVEL - 0.003..=LEVEL, |trial| {
        let mut chance = chance(trial);
        let pairs: Vec<(f64, f64)> = (0..100)
            .map(|_| {
                let n = chance.random_range(low..high);
                let waits = (0..n).map(|_| slope(n) * exponential(&mut chance));
                (waits.sum(), f64::from(n))
            })
            .collect();
        ratio::estimate(&pairs, LEVEL).unwrap()
    });
}

#[test]
fn quantiles_of_any_law_even_beyond_the_horizon() {
    // Order statistics enclose the quantile with at least the level, and with at most what one rank
    // less on each side would leave: for 200 values and p = 0.9 that is below 0.975.
    let truth = -(0.1_f64.ln());
    for horizon in [f64::INFINITY, 2.5] {
        covers(truth, 4000, LEVEL..=0.975, |trial| {
            // What lies beyond the horizon is only known to lie there.
            let censored = |x: f64| if x > horizon { f64::INFINITY } else { x };
            let sample = many(trial, 200, |chance| censored(exponential(chance)));
            Ordered::new(sample).estimate(0.9, LEVEL).unwrap()
        });
    }
}

/// Wilson's coverage of a share, exactly: the probability of all counts whose interval holds it.
fn wilson_coverage(p: f64, trials: u64) -> f64 {
    let mut probability = (1.0 - p).powi(trials as i32);
    let mut covered = 0.0;
    for successes in 0..=trials {
        let interval = proportion::estimate(successes, trials, LEVEL).unwrap().interval.unwrap();
        covered += if interval.contains(p) { probability } else { 0.0 };
        let left = (trials - successes) as f64;
        probability *= left / (successes as f64 + 1.0) * p / (1.0 - p);
    }
    covered
}

#[test]
fn shares_within_what_wilson_s_interval_gives_exactly() {
    for p in [0.03, 0.5, 0.8] {
        let exact = wilson_coverage(p, 120);
        assert!((0.925..0.98).contains(&exact), "{exact}");
        covers(p, 4000, exact..=exact, |trial| {
            let mut chance = chance(trial);
            let hits = (0..120).filter(|_| chance.random::<f64>() < p).count();
            proportion::estimate(hits as u64, 120, LEVEL).unwrap()
        });
    }
}

// ---- a simulated desk whose clearance is known exactly ----

const ARRIVALS: f64 = 3.0;
const HANDLED: f64 = 5.0;
const PILE: u32 = 20;
/// Hours until the run is cut off: about four in ten runs are not cleared by then.
const HORIZON: f64 = 10.0;

/// One agent with twenty tickets who clears five an hour while three come.
fn desk(end: f64) -> Model {
    let mut builder = ModelBuilder::new("pile", Days::plain(0, (end / 24.0).ceil() as u32 + 1));
    builder.ends_at(SimTime::from_hours(end));
    let team = builder.team(TeamPlan::new("desk"));
    let rate = ARRIVALS / 3.6e9;
    let piece = Piece { from: SimTime::ZERO, rate, block: 0 };
    let arrivals = ArrivalProcess::poisson(vec![piece], SimTime::from_hours(end));
    let handle = Law::exponential(SimDuration::from_hours(1.0 / HANDLED));
    let class = builder.class(Class::new("ticket", arrivals, team, handle));
    let there = vec![(SimTime::ZERO, SimTime::from_hours(end))];
    builder.pool(PoolPlan::new(team, "desk", 1, there));
    let ticket = OpeningTicket {
        class,
        created_at: SimTime::ZERO,
        priority: None,
        state: State::New,
        asked_at: None,
    };
    builder.opening(vec![ticket; PILE as usize]);
    builder.build().unwrap()
}

/// When nothing was left for the first time.
#[derive(Default)]
struct Clearance {
    unsolved: u32,
    cleared_at: Option<SimTime>,
}

impl Observer for Clearance {
    fn begins_run(&mut self, _now: SimTime) {
        *self = Clearance::default();
    }
    fn opens_with(&mut self, _id: TicketId, _ticket: &Ticket, _in_line: bool) {
        self.unsolved += 1;
    }
    fn created(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket) {
        self.unsolved += 1;
    }
    fn leaves(&mut self, now: SimTime, _id: TicketId, _ticket: &Ticket, _exit: Exit) {
        self.unsolved -= 1;
        if self.unsolved == 0 {
            self.cleared_at.get_or_insert(now);
        }
    }
}

/// Hours to clearance of so many runs, infinite where they end first.
fn clearances(model: &Model, seed: u64, runs: u64) -> Vec<f64> {
    let mut desk = Desk::new();
    let mut observer = Clearance::default();
    let mut run = |index| {
        simulate(model, seed, index, &mut desk, &mut observer);
        observer.cleared_at.map_or(f64::INFINITY, SimTime::hours)
    };
    (0..runs).map(&mut run).collect()
}

/// The probability that the desk is cleared by that hour: the chain watched at the ticks of a
/// Poisson clock that is as fast as the chain ever is.
fn p_cleared_by(hour: f64) -> f64 {
    let clock = ARRIVALS + HANDLED;
    let (up, down) = (ARRIVALS / clock, HANDLED / clock);
    let mut shares = vec![0.0; 400];
    shares[PILE as usize] = 1.0;
    let mut ticks = (-clock * hour).exp();
    let mut cleared = 0.0;
    for tick in 1..600_u32 {
        cleared += ticks * shares[0];
        ticks *= clock * hour / f64::from(tick);
        let mut next = vec![0.0; shares.len()];
        next[0] = shares[0];
        for n in 1..shares.len() - 1 {
            next[n - 1] += down * shares[n];
            next[n + 1] += up * shares[n];
        }
        shares = next;
    }
    cleared
}

#[test]
fn the_probability_of_clearance_with_a_horizon() {
    let truth = p_cleared_by(HORIZON);
    assert!((truth - 0.583_541_780_8).abs() < 1e-9, "{truth}");
    let model = desk(HORIZON);
    let exact = wilson_coverage(truth, 60);
    covers(truth, 1000, exact..=exact, |seed| {
        let cleared = clearances(&model, seed, 60).iter().filter(|at| at.is_finite()).count();
        proportion::estimate(cleared as u64, 60, LEVEL).unwrap()
    });
}

#[test]
fn the_median_clearance_and_one_that_lies_beyond_the_horizon() {
    let model = desk(HORIZON);
    // The quantile that is half an hour within the horizon; and one beyond it, whose interval must
    // reach to infinity.
    let inside = HORIZON - 0.5;
    let (p_inside, p_beyond) = (p_cleared_by(inside), 0.8);
    covers(inside, 1000, LEVEL..=0.98, |seed| {
        Ordered::new(clearances(&model, seed, 80)).estimate(p_inside, LEVEL).unwrap()
    });
    let beyond = Ordered::new(clearances(&model, 1, 80)).estimate(p_beyond, LEVEL).unwrap();
    assert_eq!((beyond.value, beyond.interval.unwrap().high), (f64::INFINITY, f64::INFINITY));
}

#[test]
fn the_mean_clearance_of_simulated_desks() {
    // Ten times the mean: no run in a million is later. Twenty busy periods together have skewness
    // 1.31 and, nearly inverse Gaussian, excess kurtosis 2.9: 60 runs lack 0.0064 (as above).
    let truth = mm1_mean_until_idle(ARRIVALS, HANDLED, PILE).unwrap();
    let model = desk(10.0 * truth);
    covers(truth, 600, LEVEL - 0.0064..=LEVEL, |seed| {
        mean::estimate(&clearances(&model, seed, 60), LEVEL).unwrap()
    });
}
