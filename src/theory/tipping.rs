//! The tipping point of a desk of several teams: the backlog whose askings alone eat all its slack.
//!
//! If every visit to a team waits for W, tickets ask so often that the team has load(W) hours of
//! work per hour. Load grows with W. Where it meets the staff lies the critical wait, and by
//! Little's law the critical backlog; beyond it the desk loses ground, below it gains. With one team
//! and askings at a constant rate without end this is B* of `theory::snowball`.

use super::flows::{Flows, Kind};
use super::snowball::Regime;

/// A team in balance over some steps. Hours are agent hours per hour.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Balance {
    /// Hours at the queue.
    pub staff: f64,
    /// Work where nobody asks again.
    pub load: f64,
    /// Work where everybody asks as often as they ever will; infinite where that has no end.
    pub load_at_worst: f64,
    /// What the team can come back from.
    pub regime: Regime,
    /// The backlog waiting at the team beyond which it loses ground: zero where it does so at any,
    /// nothing where at none.
    pub critical: Option<f64>,
}

/// Mean rates over some steps, per hour.
struct Rates<'a> {
    flows: &'a Flows,
    /// New tickets by kind.
    arrivals: Vec<f64>,
    staff: Vec<f64>,
    errands: Vec<f64>,
}

/// A wait of which nobody has ever heard, in hours.
const LONGEST: f64 = 24.0 * 3650.0;

/// Rounds in which tickets move on before they are taken to circle for ever.
const MOST_ROUNDS: usize = 2000;

impl Flows {
    /// Every team in balance over the steps of a window.
    ///
    /// *Panics* where the window holds no step.
    pub fn balance(&self, from: usize, to: usize) -> Vec<Balance> {
        assert!(from < to && to <= self.steps, "a window of some steps, not {from} to {to}");
        let hours = (to - from) as f64 * self.step_hours;
        let mean = |by_step: &Vec<f64>| by_step[from..to].iter().sum::<f64>() / hours;
        let rates = Rates {
            flows: self,
            arrivals: self.arrivals.iter().map(mean).collect(),
            staff: self.staff.iter().map(mean).collect(),
            errands: self.errands.iter().map(mean).collect(),
        };
        (0..self.teams).map(|team| rates.balance(team)).collect()
    }
}

impl Rates<'_> {
    fn balance(&self, team: usize) -> Balance {
        let staff = self.staff[team];
        let load = self.load(team, |_| 0.0).map_or(f64::INFINITY, |(load, _)| load);
        let worst = self.load(team, |kind| kind.chasing.map_or(0.0, |c| c.in_the_end()));
        let load_at_worst = worst.map_or(f64::INFINITY, |(load, _)| load);
        let (regime, critical) = if load >= staff {
            (Regime::Hopeless, Some(0.0))
        } else if load_at_worst < staff {
            (Regime::Recoverable, None)
        } else {
            (Regime::Bistable, Some(self.critical(team)))
        };
        Balance { staff, load, load_at_worst, regime, critical }
    }

    /// The waiting tickets at which load meets staff.
    fn critical(&self, team: usize) -> f64 {
        let at = |wait: f64| {
            self.load(team, |kind| kind.chasing.map_or(0.0, |chasing| chasing.expected(wait)))
        };
        let (mut below, mut above) = (0.0, LONGEST);
        for _ in 0..60 {
            let middle = (below + above) / 2.0;
            let too_much = at(middle).is_none_or(|(load, _)| load >= self.staff[team]);
            if too_much { above = middle } else { below = middle }
        }
        at(below).map_or(0.0, |(_, visits)| visits * below)
    }

    /// Work and visits per hour at a team, at which a visit brings so many askings by kind. Nothing
    /// where tickets make more tickets without end.
    fn load(&self, team: usize, asks: impl Fn(&Kind) -> f64) -> Option<(f64, f64)> {
        let Flows { teams, kinds, stages, .. } = self.flows;
        let asks: Vec<f64> = kinds.iter().map(asks).collect();
        let opens = |k: usize| kinds[k].duplicates.unwrap_or((0.0, 0));
        if asks.iter().enumerate().any(|(k, asks)| !asks.is_finite() && opens(k).0 > 0.0) {
            return None;
        }
        let mut fresh = vec![0.0; stages.len()];
        for (k, arrivals) in self.arrivals.iter().enumerate() {
            fresh[k * teams + kinds[k].entry] += arrivals;
        }
        let new: f64 = fresh.iter().sum();
        let mut visits = fresh.clone();
        for _ in 0..MOST_ROUNDS {
            let mut next = vec![0.0; stages.len()];
            for (place, tickets) in fresh.iter().enumerate().filter(|(_, tickets)| **tickets > 0.0)
            {
                for m in &stages[place].moves {
                    if let Some((to, kind)) = m.to {
                        next[kind * teams + to] += tickets * m.p;
                    }
                }
                let (p, other) = opens(place / teams);
                if place % teams == team && p > 0.0 {
                    next[other * teams + kinds[other].entry] += tickets * asks[place / teams] * p;
                }
            }
            visits.iter_mut().zip(&next).for_each(|(sum, more)| *sum += more);
            fresh = next;
            if fresh.iter().sum::<f64>() <= 1e-12 * new {
                return Some(self.at(team, &visits, &asks));
            }
        }
        None
    }

    fn at(&self, team: usize, visits: &[f64], asks: &[f64]) -> (f64, f64) {
        let Flows { teams, kinds, stages, .. } = self.flows;
        let (mut load, mut sum) = (self.errands[team], 0.0);
        for (k, kind) in kinds.iter().enumerate() {
            let visits = visits[k * teams + team];
            if visits > 0.0 {
                let read = (1.0 - kind.duplicates.map_or(0.0, |(opens, _)| opens)) * kind.reading;
                let reading = if read > 0.0 { asks[k] * read } else { 0.0 };
                load += visits * (stages[k * teams + team].hours + reading);
                sum += visits;
            }
        }
        (load, sum)
    }
}

#[cfg(test)]
mod tests {
    use super::super::chasing::Chasing;
    use super::super::close::assert_printed;
    use super::super::flows::{Move, Stage};
    use super::super::snowball::Snowball;
    use super::*;

    /// The desk of `theory::snowball`, in hours.
    fn desk(capacity_a_day: f64, at_most: Option<u32>) -> Flows {
        let chasing = Chasing { after: 0.0, rate: 0.15 / 24.0, shape: 1.0, at_most };
        let reading = 4.0 / 60.0;
        let back = Move { p: 0.05, to: Some((0, 0)), after: 1, unsolved: false };
        Flows {
            step_hours: 1.0,
            steps: 24,
            teams: 1,
            kinds: vec![Kind { chasing: Some(chasing), reading, ..Kind::default() }],
            stages: vec![Stage { hours: 0.2, moves: vec![back] }],
            arrivals: vec![vec![1000.0 / 24.0; 24]],
            errands: vec![vec![0.0; 24]],
            staff: vec![vec![capacity_a_day / 24.0; 24]],
            ..Flows::default()
        }
    }

    #[test]
    fn the_critical_backlog_of_the_snowball() {
        let balance = desk(240.0, None).balance(0, 24)[0];
        assert_printed(balance.critical.unwrap(), 2947.0, 0);
        assert_printed(balance.load * 24.0, 200.0 / 0.95, 6);
        assert_eq!(balance.regime, Regime::Bistable);
        // Reading with the grace time of a day: nobody asks in it, so a day's visits wait free.
        let mut later = desk(240.0, None);
        later.kinds[0].chasing.as_mut().unwrap().after = 24.0;
        let critical = later.balance(0, 24)[0].critical.unwrap();
        assert_printed(critical, 2947.0 + 1000.0 / 0.95, 0);
    }

    #[test]
    fn one_asking_each_and_the_three_regimes() {
        for (hours, regime) in
            [(300.0, Regime::Recoverable), (260.0, Regime::Bistable), (204.0, Regime::Hopeless)]
        {
            let snowball = Snowball {
                arrival_rate: 1000.0,
                capacity_hours: hours,
                handle_hours: 0.2,
                p_reopen: 0.05,
                chaser_rate: 0.15,
                chaser_hours: 4.0 / 60.0,
            };
            let balance = desk(hours, Some(1)).balance(0, 24)[0];
            assert_eq!((balance.regime, snowball.regime(1)), (regime, regime));
            let most = snowball.thresholds(1).recoverable_above;
            assert_printed(balance.load_at_worst * 24.0, most, 6);
        }
        // (260 x 0.95 / 1000 - 0.2) x 15 = 0.705 askings each, so 1 - exp(-0.15 W) = 0.705 and
        // W = 8.1387 days at 1000 / 0.95 visits a day.
        let critical = desk(260.0, Some(1)).balance(0, 24)[0].critical.unwrap();
        assert_printed(critical, -(1.0_f64 - 0.705).ln() / 0.15 * 1000.0 / 0.95, 3);
    }

    #[test]
    fn second_tickets_count_as_work_and_as_backlog() {
        // All askings open second tickets of 0.1 h that nobody asks about: the load is 0.2 / 0.95
        // per ticket and 0.1 per asking of a visit, so 240 hours allow 0.28 askings a visit.
        let mut flows = desk(240.0, None);
        flows.kinds[0].duplicates = Some((1.0, 1));
        flows.kinds.push(Kind::default());
        flows.stages.push(Stage { hours: 0.1, moves: Vec::new() });
        flows.arrivals.push(vec![0.0; 24]);
        let balance = flows.balance(0, 24)[0];
        let visits = 1000.0 / 0.95;
        let asks = (240.0 - visits * 0.2) / 0.1 / visits;
        let wait = asks / 0.15;
        assert_printed(balance.critical.unwrap(), wait * visits * (1.0 + asks), 3);
        // Where second tickets are asked about like the first, each breeds others.
        flows.kinds[1] = flows.kinds[0].clone();
        assert!(flows.balance(0, 24)[0].critical.unwrap() < balance.critical.unwrap());
        assert_eq!(flows.balance(0, 24)[0].load_at_worst, f64::INFINITY);
    }
}
