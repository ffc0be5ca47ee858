//! The tipping point of a desk of several teams: the backlog whose askings alone eat all its slack.
//!
//! If every visit to a team waits for W, tickets ask so often that the team has load(W) hours of
//! work per hour. Load grows with W. Where it meets the staff lies the critical wait, and by
//! Little's law the critical backlog; beyond it the desk loses ground, below it gains. With one team
//! and askings at a constant rate without end this is B* of `theory::snowball`.

use super::chasing::Chasing;
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
        let load_at = |wait: f64| self.load(team, wait).map_or(f64::INFINITY, |(load, _)| load);
        let (load, load_at_worst) = (load_at(0.0), load_at(f64::INFINITY));
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
        let (mut below, mut above) = (0.0, LONGEST);
        for _ in 0..60 {
            let middle = (below + above) / 2.0;
            let too_much = self.load(team, middle).is_none_or(|(load, _)| load >= self.staff[team]);
            if too_much { above = middle } else { below = middle }
        }
        self.load(team, below).map_or(0.0, |(_, visits)| visits * below)
    }

    /// Work and visits per hour at a team each visit to which waits so long. Nothing where tickets
    /// make more tickets without end. What a ticket asked in earlier visits goes with it as a mean.
    fn load(&self, team: usize, wait: f64) -> Option<(f64, f64)> {
        let Flows { teams, kinds, stages, .. } = self.flows;
        // Tickets by stage, and what they would have asked by now if there were no end.
        let mut fresh = vec![(0.0, 0.0); stages.len()];
        for (k, arrivals) in self.arrivals.iter().enumerate() {
            fresh[k * teams + kinds[k].entry].0 += arrivals;
        }
        let new: f64 = fresh.iter().map(|(tickets, _)| tickets).sum();
        let (mut load, mut visits) = (self.errands[team], 0.0);
        for _ in 0..MOST_ROUNDS {
            let mut next = vec![(0.0, 0.0); stages.len()];
            for (place, &(tickets, asked)) in fresh.iter().enumerate() {
                if tickets <= 0.0 {
                    continue;
                }
                let kind = &kinds[place / teams];
                let mut before = asked / tickets;
                if place % teams == team {
                    let asks = asks(kind, before, wait);
                    let (p, other) = kind.duplicates.unwrap_or((0.0, 0));
                    let read = (1.0 - p) * kind.reading;
                    let reading = if read > 0.0 { asks * read } else { 0.0 };
                    load += tickets * (stages[place].hours + reading);
                    visits += tickets;
                    before += kind.chasing.map_or(0.0, |chasing| unending(&chasing, wait));
                    if p > 0.0 && asks > 0.0 {
                        if asks.is_infinite() {
                            return None;
                        }
                        next[other * teams + kinds[other].entry].0 += tickets * asks * p;
                    }
                }
                for m in &stages[place].moves {
                    if let Some((to, kind)) = m.to {
                        let there = &mut next[kind * teams + to];
                        there.0 += tickets * m.p;
                        there.1 += tickets * m.p * before;
                    }
                }
            }
            fresh = next;
            if fresh.iter().map(|(tickets, _)| tickets).sum::<f64>() <= 1e-12 * new {
                return Some((load, visits));
            }
        }
        None
    }
}

/// Chasers of a visit that waits so long, of tickets that would have asked so often before.
fn asks(kind: &Kind, before: f64, wait: f64) -> f64 {
    let Some(chasing) = kind.chasing else { return 0.0 };
    if wait.is_infinite() {
        return (chasing.in_the_end() - chasing.ended(before)).max(0.0);
    }
    chasing.ended(before + chasing.unending(wait)) - chasing.ended(before)
}

/// What a wait would bring if there were no end; of an endless wait, more than any end.
fn unending(chasing: &Chasing, wait: f64) -> f64 {
    const ANY_END: f64 = 500.0;
    match chasing.at_most {
        Some(_) if wait.is_infinite() => ANY_END,
        Some(_) => chasing.unending(wait),
        None => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::close::assert_printed;
    use super::super::flows::{Move, Stage};
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
        // 1000 x 0.2 / 0.95 = 210.5 hours where nobody asks, and 1000 x 4 min = 66.7 more where
        // each ticket has asked once, however often it comes back.
        for (hours, regime) in
            [(300.0, Regime::Recoverable), (260.0, Regime::Bistable), (204.0, Regime::Hopeless)]
        {
            let balance = desk(hours, Some(1)).balance(0, 24)[0];
            assert_eq!(balance.regime, regime);
            assert_printed(balance.load_at_worst * 24.0, 200.0 / 0.95 + 1000.0 / 15.0, 6);
        }
        // A visit asks if none before it has: with q = exp(-0.15 W) the tickets of all visits ask
        // (1 - q) (1 + 0.05 q + 0.05^2 q^2 ...) times each. That fills the 49.5 hours to spare at
        // (1 - q) / (1 - 0.05 q) = 0.742, so q = 0.2678 and W = 8.782 days.
        let critical = desk(260.0, Some(1)).balance(0, 24)[0].critical.unwrap();
        let share = (260.0 - 200.0 / 0.95) * 15.0 / 1000.0;
        let q: f64 = (1.0 - share) / (1.0 - 0.05 * share);
        assert_printed(critical, -q.ln() / 0.15 * 1000.0 / 0.95, 3);
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
