//! The time-varying desk as a fluid: mean flows without chance, exact as arrivals, staff and backlog
//! all grow large.
//!
//! With x tickets at the desk, y away with their customers, s agents and q = (x - s)^+ waiting,
//!
//! ```text
//! x' = λ(t) + γ q + y / f - μ min(x, s(t)) - θ q
//! y' = p μ min(x, s(t)) - y / f
//! ```
//!
//! *Source*: Mandelbaum, Massey and Reiman 1998.

use super::are_rates;
use super::steps::Steps;
use std::convert::Infallible;
use std::ops::ControlFlow;

/// Served tickets that come back after a stay with the customer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct FollowUps {
    /// Probability that a served ticket comes back.
    pub p: f64,
    /// Mean stay with the customer.
    pub mean_delay: f64,
}

/// A desk as a fluid. Any unit of time, the same in all fields.
#[derive(Clone, PartialEq, Debug)]
pub struct FluidDesk {
    /// New tickets per unit of time.
    pub arrivals: Steps,
    /// Agents present.
    pub agents: Steps,
    /// Tickets an agent completes per unit of time.
    pub service_rate: f64,
    /// Further tickets that a waiting one breeds per unit of time.
    pub chaser_rate: f64,
    /// Rate at which a waiting ticket is given up.
    pub abandonment_rate: f64,
    /// What becomes of served tickets, where not all end.
    pub follow_ups: Option<FollowUps>,
}

/// Where the tickets are.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Content {
    /// At the desk, waiting or in service.
    pub at_desk: f64,
    /// Away with their customers.
    pub away: f64,
}

/// The desk at an instant.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Point {
    /// The instant.
    pub at: f64,
    /// At the desk, waiting or in service.
    pub at_desk: f64,
    /// Waiting for one of the agents present from then on.
    pub waiting: f64,
    /// Away with their customers.
    pub away: f64,
}

/// When the desk is back at a level.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Return {
    /// It never was above.
    NeverAbove,
    /// It rose above, or started there, and was first back at this time.
    At(f64),
    /// It is still above at the horizon.
    NotWithinHorizon,
}

impl FluidDesk {
    /// The course of the desk from time 0 at the instants of a grid.
    ///
    /// *Panics* where the grid does not rise from 0 or later to a finite end, where a rate is not
    /// finite, or where a mean delay is not positive.
    pub fn trajectory(&self, start: Content, grid: &[f64]) -> Vec<Point> {
        assert!(grid.first().is_none_or(|first| *first >= 0.0), "the course begins at time 0");
        assert!(grid.windows(2).all(|pair| pair[0] <= pair[1]), "a grid rises");
        assert!(grid.last().is_none_or(|last| last.is_finite()), "a grid ends");
        let mut walk = Walk::new(self, start);
        let mut point = |at: &f64| {
            let ControlFlow::Continue(()) =
                walk.to(*at, |_| ControlFlow::<Infallible>::Continue(()));
            let Content { at_desk, away } = walk.content;
            Point { at: *at, at_desk, waiting: (at_desk - self.agents.at(*at)).max(0.0), away }
        };
        grid.iter().map(&mut point).collect()
    }

    /// When the number at the desk, having been above a level, first is at or below it.
    ///
    /// *Panics* where the horizon or a rate is not finite, or where a mean delay is not positive.
    pub fn first_return(&self, start: Content, level: f64, horizon: f64) -> Return {
        assert!(horizon.is_finite(), "a horizon is finite");
        let mut above = start.at_desk > level;
        let walked = Walk::new(self, start).to(horizon, |leg| {
            let end = leg.end.at_desk;
            if above && end <= level {
                let crossing = leg.first(|content| content.at_desk <= level);
                return ControlFlow::Break(leg.begins_at + crossing);
            }
            above |= end > level;
            ControlFlow::Continue(())
        });
        match walked {
            ControlFlow::Break(at) => Return::At(at),
            ControlFlow::Continue(()) if above => Return::NotWithinHorizon,
            ControlFlow::Continue(()) => Return::NeverAbove,
        }
    }

    fn flow(&self, λ: f64, s: f64, queueing: bool) -> Flow {
        let (μ, γ, θ) = (self.service_rate, self.chaser_rate, self.abandonment_rate);
        let (p, back) = self.follow_ups.map_or((0.0, 0.0), |f| (f.p, 1.0 / f.mean_delay));
        if queueing {
            Flow {
                into: λ - (γ - θ + μ) * s, feedback: γ - θ, back, out: p * μ * s, away: 0.0
            }
        } else {
            Flow { into: λ, feedback: -μ, back, out: 0.0, away: p * μ }
        }
    }

    /// A hundredth of the fastest time constant. A step of fourth order then errs by (1/100)^5 / 120
    /// of what is in motion, and a hundred of them by less than 1e-10.
    fn longest_step(&self) -> f64 {
        let back = self.follow_ups.map_or(0.0, |f| 1.0 / f.mean_delay);
        let net_growth = (self.chaser_rate - self.abandonment_rate).abs();
        let rates = [self.service_rate, net_growth, back];
        assert!(are_rates(&rates), "finite rates and positive delays, not {rates:?}");
        0.01 / rates.into_iter().fold(0.0, f64::max)
    }
}

/// The linear flow while staff, arrivals and the presence of a queue do not change.
#[derive(Clone, Copy)]
struct Flow {
    into: f64,
    feedback: f64,
    back: f64,
    out: f64,
    away: f64,
}

impl Flow {
    fn rate(&self, content: Content) -> Content {
        let returning = self.back * content.away;
        Content {
            at_desk: self.into + self.feedback * content.at_desk + returning,
            away: self.out + self.away * content.at_desk - returning,
        }
    }
}

/// A stretch of time under one flow.
struct Leg {
    begins_at: f64,
    length: f64,
    content: Content,
    flow: Flow,
    end: Content,
}

impl Leg {
    fn new(begins_at: f64, length: f64, content: Content, flow: Flow) -> Leg {
        let mut leg = Leg { begins_at, length, content, flow, end: content };
        leg.end = leg.after(length);
        leg
    }

    /// The content `h` after the leg's begin, by the classical Runge-Kutta step of fourth order.
    fn after(&self, h: f64) -> Content {
        let ahead = |rate: Content, h: f64| Content {
            at_desk: self.content.at_desk + h * rate.at_desk,
            away: self.content.away + h * rate.away,
        };
        let first = self.flow.rate(self.content);
        let second = self.flow.rate(ahead(first, h / 2.0));
        let third = self.flow.rate(ahead(second, h / 2.0));
        let fourth = self.flow.rate(ahead(third, h));
        let mean = |part: fn(&Content) -> f64| {
            (part(&first) + 2.0 * part(&second) + 2.0 * part(&third) + part(&fourth)) / 6.0
        };
        ahead(Content { at_desk: mean(|rate| rate.at_desk), away: mean(|rate| rate.away) }, h)
    }

    /// How long after the leg's begin something that is true at its end first becomes so.
    fn first(&self, holds: impl Fn(Content) -> bool) -> f64 {
        let (mut before, mut after) = (0.0, self.length);
        loop {
            let middle = before + (after - before) / 2.0;
            if middle <= before || middle >= after {
                return after;
            }
            if holds(self.after(middle)) { after = middle } else { before = middle }
        }
    }
}

/// The way through time, leg by leg.
struct Walk<'a> {
    desk: &'a FluidDesk,
    now: f64,
    content: Content,
    longest_step: f64,
}

impl<'a> Walk<'a> {
    fn new(desk: &'a FluidDesk, start: Content) -> Walk<'a> {
        Walk { desk, now: 0.0, content: start, longest_step: desk.longest_step() }
    }

    /// Walks on to an instant and shows every leg, until told to stop.
    fn to<T>(&mut self, end: f64, mut show: impl FnMut(&Leg) -> ControlFlow<T>) -> ControlFlow<T> {
        let FluidDesk { arrivals, agents, .. } = self.desk;
        let (mut arrivals_piece, mut agents_piece) =
            (arrivals.piece_at(self.now), agents.piece_at(self.now));
        while self.now < end {
            let (next_arrivals, next_agents) =
                (arrivals.start(arrivals_piece + 1), agents.start(agents_piece + 1));
            let stop = end.min(next_arrivals).min(next_agents);
            let (λ, s) = (arrivals.value(arrivals_piece), agents.value(agents_piece));
            let steps = ((stop - self.now) / self.longest_step).ceil().max(1.0);
            let length = (stop - self.now) / steps;
            for _ in 0..steps as u64 {
                self.step(λ, s, length, &mut show)?;
            }
            // The breakpoint itself, not the sum of the steps that led to it.
            self.now = stop;
            arrivals_piece += usize::from(stop == next_arrivals);
            agents_piece += usize::from(stop == next_agents);
        }
        ControlFlow::Continue(())
    }

    /// One step, in two legs where the queue appears or vanishes on the way: across that kink the
    /// flow is not smooth and the step would lose its order.
    fn step<T>(
        &mut self,
        λ: f64,
        s: f64,
        length: f64,
        show: &mut impl FnMut(&Leg) -> ControlFlow<T>,
    ) -> ControlFlow<T> {
        // At the kink both flows agree, and the direction says which one comes next.
        let here = self.content.at_desk;
        let rises = self.desk.flow(λ, s, true).rate(self.content).at_desk > 0.0;
        let queueing = here > s || (here == s && rises);
        let whole = self.leg(length, self.desk.flow(λ, s, queueing));
        let left = |content: Content| {
            if queueing { content.at_desk < s } else { content.at_desk > s }
        };
        if !left(whole.end) {
            return self.finish(&whole, show);
        }
        let before = whole.first(left);
        self.finish(&self.leg(before, whole.flow), show)?;
        self.content.at_desk = s;
        self.finish(&self.leg(length - before, self.desk.flow(λ, s, !queueing)), show)
    }

    fn leg(&self, length: f64, flow: Flow) -> Leg {
        Leg::new(self.now, length, self.content, flow)
    }

    fn finish<T>(
        &mut self,
        leg: &Leg,
        show: &mut impl FnMut(&Leg) -> ControlFlow<T>,
    ) -> ControlFlow<T> {
        self.now += leg.length;
        self.content = leg.end;
        show(leg)
    }
}

#[cfg(test)]
mod tests {
    use super::super::close::{assert_exact, assert_printed};
    use super::*;

    fn desk(arrivals: &[(f64, f64)], agents: &[(f64, f64)]) -> FluidDesk {
        FluidDesk {
            arrivals: Steps::new(arrivals.to_vec(), None).unwrap(),
            agents: Steps::new(agents.to_vec(), None).unwrap(),
            service_rate: 2.0,
            chaser_rate: 0.0,
            abandonment_rate: 0.0,
            follow_ups: None,
        }
    }

    fn present(at_desk: f64) -> Content {
        Content { at_desk, away: 0.0 }
    }

    #[test]
    fn a_surge_of_four_hours_by_hand() {
        // 30 an hour against 20 for 4 hours, then 12: up from 15 by 10 an hour to 55, down by 8 an
        // hour to the 10 agents at 9.625, then towards 6 as 6 + 4 exp(-2 (t - 9.625)).
        let desk = desk(&[(0.0, 30.0), (4.0, 12.0)], &[(0.0, 10.0)]);
        let course = desk.trajectory(present(15.0), &[0.0, 4.0, 6.0, 12.0]);
        let at_end = 6.0 + 4.0 * (-4.75_f64).exp();
        for (point, expected) in course.iter().zip([15.0, 55.0, 39.0, at_end]) {
            assert_exact(point.at_desk, expected);
        }
        assert_exact(course[1].waiting, 45.0);
        assert_eq!(course[3].waiting, 0.0);
        let back = |level| desk.first_return(present(15.0), level, 100.0);
        let Return::At(at) = back(10.0) else { panic!("it comes back") };
        assert_exact(at, 9.625);
        let Return::At(at) = back(7.0) else { panic!("it comes back") };
        assert_exact(at, 9.625 + 4.0_f64.ln() / 2.0);
        assert_eq!(back(6.0), Return::NotWithinHorizon);
        assert_eq!(back(55.5), Return::NeverAbove);
    }

    #[test]
    fn a_snowball_stopped_by_more_agents() {
        // With 8 agents q' = 2 + 0.03 q, with 12 from hour 10 on q' = -6 + 0.03 q.
        let desk =
            FluidDesk { chaser_rate: 0.03, ..desk(&[(0.0, 18.0)], &[(0.0, 8.0), (10.0, 12.0)]) };
        let peak = 8.0 + 2.0 / 0.03 * 0.3_f64.exp_m1();
        let waiting = |t: f64| 200.0 - (200.0 - (peak - 12.0)) * (0.03 * t).exp();
        let course = desk.trajectory(present(8.0), &[10.0, 12.0, 24.0]);
        assert_exact(course[0].at_desk, peak);
        assert_exact(course[0].waiting, peak - 12.0);
        assert_exact(course[1].at_desk, 12.0 + waiting(2.0));
        let cleared = (200.0 / (212.0 - peak)).ln() / 0.03;
        assert_exact(course[2].at_desk, 9.0 + 3.0 * (-2.0 * (14.0 - cleared)).exp());
        let Return::At(at) = desk.first_return(present(8.0), 12.0, 24.0) else {
            panic!("it comes back")
        };
        assert_exact(at, 10.0 + cleared);
    }

    #[test]
    fn an_echo_of_follow_ups() {
        // 30 % come back after 5 hours. While all 8 agents are busy y = 24 (1 - exp(-t / 5)) and
        // x' = λ - 16 + y / 5.
        let desk = FluidDesk {
            follow_ups: Some(FollowUps { p: 0.3, mean_delay: 5.0 }),
            ..desk(&[(0.0, 25.0), (3.0, 8.0)], &[(0.0, 8.0)])
        };
        let course = desk.trajectory(present(8.0), &[3.0, 8.0, 16.0]);
        let away = |t: f64| -24.0 * (-t / 5.0).exp_m1();
        assert_exact(course[0].at_desk, 8.0 + 13.8 * 3.0 - away(3.0));
        assert_exact(course[1].at_desk, 8.0 + 13.8 * 3.0 - 3.2 * 5.0 - away(8.0));
        assert_exact(course[1].away, away(8.0));
        // Solved with the matrix exponential of each piece.
        assert_printed(course[2].at_desk, 5.888_815_472, 9);
    }

    #[test]
    fn impatience_settles_an_overload() {
        // q' = 20 - q / 2 from 0: q = 40 (1 - exp(-t / 2)).
        let desk = FluidDesk { abandonment_rate: 0.5, ..desk(&[(0.0, 40.0)], &[(0.0, 10.0)]) };
        let course = desk.trajectory(present(10.0), &[1.0, 100.0]);
        assert_exact(course[0].waiting, -40.0 * (-0.5_f64).exp_m1());
        assert_exact(course[1].at_desk, 50.0);
    }

    #[test]
    fn nights_are_closed_and_days_repeat() {
        // 4 an hour around the clock, 8 agents from 9 to 17: 96 arrive and 128 could be served a
        // day, so with a queue all day it shrinks by 32.
        let office = Steps::new(vec![(0.0, 0.0), (9.0, 8.0), (17.0, 0.0)], Some(24.0)).unwrap();
        let desk = FluidDesk { agents: office, ..desk(&[(0.0, 4.0)], &[(0.0, 0.0)]) };
        let course = desk.trajectory(present(200.0), &[9.0, 17.0, 24.0, 33.0, 72.0]);
        for (point, expected) in course.iter().zip([236.0, 140.0, 168.0, 204.0, 104.0]) {
            assert_exact(point.at_desk, expected);
        }
        assert_exact(course[2].waiting, 168.0);
        assert_exact(course[0].waiting, 228.0);
    }

    #[test]
    fn the_grid_does_not_bend_the_course() {
        let desk = desk(&[(0.0, 30.0), (4.0, 12.0)], &[(0.0, 10.0)]);
        let fine: Vec<f64> = (0..=1200).map(|i| f64::from(i) / 100.0).collect();
        let end = desk.trajectory(present(15.0), &fine)[1200].at_desk;
        assert_exact(end, desk.trajectory(present(15.0), &[12.0])[0].at_desk);
    }
}
