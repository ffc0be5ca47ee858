//! The snowball as a fluid: waiting tickets breed chasers, chasers eat the capacity that would have
//! cleared the backlog, and beyond a critical backlog it grows by itself.
//!
//! *Source* throughout: derived for this project (fluid of the mean flows), checked by simulation.

/// A desk whose waiting customers write again. Any unit of time, the same in all fields.
///
/// The backlog B obeys dB/dt = -slack + drag x B.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Snowball {
    /// New tickets per unit of time.
    pub arrival_rate: f64,
    /// Productive hours of the staff per unit of time.
    pub capacity_hours: f64,
    /// Hours to treat a ticket once.
    pub handle_hours: f64,
    /// Probability that a treated ticket comes back.
    pub p_reopen: f64,
    /// Chasers a waiting ticket sends per unit of time.
    pub chaser_rate: f64,
    /// Hours to read, sort or merge a chaser.
    pub chaser_hours: f64,
}

/// What a desk with at most so many chasers per ticket can come back from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Regime {
    /// From any backlog, even with every ticket chased as often as it can be.
    Recoverable,
    /// From a small backlog; a large one keeps itself up after its cause has passed.
    Bistable,
    /// From none: there is no slack even without chasers.
    Hopeless,
}

/// The capacities that separate the regimes, in productive hours per unit of time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Thresholds {
    /// Up to here the desk is hopeless.
    pub hopeless_up_to: f64,
    /// Above this it is recoverable; in between it is bistable.
    pub recoverable_above: f64,
}

impl Snowball {
    /// Hours of work that a new ticket brings, reopenings included; infinite where every treated
    /// ticket comes back.
    pub fn hours_per_ticket(&self) -> f64 {
        self.handle_hours / (1.0 - self.p_reopen)
    }

    /// Tickets by which the backlog would shrink per unit of time without chasers; negative where
    /// it grows.
    pub fn slack(&self) -> f64 {
        (self.capacity_hours - self.arrival_rate * self.hours_per_ticket())
            / self.hours_per_ticket()
    }

    /// Tickets' worth of work that one waiting ticket adds per unit of time by chasing.
    pub fn chaser_drag(&self) -> f64 {
        self.chaser_rate * self.chaser_hours / self.hours_per_ticket()
    }

    /// The backlog beyond which the desk loses ground, zero where it does so at any; nothing where
    /// chasers cost no work, so that no backlog is critical.
    pub fn critical_backlog(&self) -> Option<f64> {
        let spare_hours = self.capacity_hours - self.arrival_rate * self.hours_per_ticket();
        let hours_per_waiting = self.chaser_rate * self.chaser_hours;
        (hours_per_waiting > 0.0).then(|| (spare_hours / hours_per_waiting).max(0.0))
    }

    /// The time to clear a backlog; nothing where it is never cleared.
    pub fn clearance_time(&self, backlog: f64) -> Option<f64> {
        let naive = self.naive_clearance_time(backlog)?;
        match self.critical_backlog() {
            None => Some(naive),
            Some(critical) if backlog < critical => {
                Some(naive * ratio_to_naive(backlog / critical))
            }
            Some(_) => None,
        }
    }

    /// The naive division, backlog over slack; nothing where there is no slack.
    pub fn naive_clearance_time(&self, backlog: f64) -> Option<f64> {
        let slack = self.slack();
        (slack > 0.0).then(|| backlog / slack)
    }

    /// The capacities that separate the regimes where a ticket is chased at most `m` times.
    pub fn thresholds(&self, m: u32) -> Thresholds {
        let treatments = self.arrival_rate / (1.0 - self.p_reopen);
        let chased_hours = self.handle_hours + f64::from(m) * self.chaser_hours;
        Thresholds {
            hopeless_up_to: treatments * self.handle_hours,
            recoverable_above: treatments * chased_hours,
        }
    }

    /// What the desk can come back from where a ticket is chased at most `m` times.
    pub fn regime(&self, m: u32) -> Regime {
        let Thresholds { hopeless_up_to, recoverable_above } = self.thresholds(m);
        if self.capacity_hours <= hopeless_up_to {
            Regime::Hopeless
        } else if self.capacity_hours > recoverable_above {
            Regime::Recoverable
        } else {
            Regime::Bistable
        }
    }
}

/// How many times longer a backlog takes than the naive division says, from its share of the
/// critical backlog; infinite from 1 on.
pub fn ratio_to_naive(share: f64) -> f64 {
    match share {
        share if share >= 1.0 => f64::INFINITY,
        // The limit; the quotient is 0 / 0.
        0.0 => 1.0,
        share => -(-share).ln_1p() / share,
    }
}

#[cfg(test)]
mod tests {
    use super::super::close::{assert_exact, assert_printed};
    use super::*;

    // 1,000 tickets a day of 12 minutes, 240 hours a day, 5 % reopened; 0.15 chasers a day of 4
    // minutes.
    const DESK: Snowball = Snowball {
        arrival_rate: 1000.0,
        capacity_hours: 240.0,
        handle_hours: 0.2,
        p_reopen: 0.05,
        chaser_rate: 0.15,
        chaser_hours: 4.0 / 60.0,
    };

    #[test]
    fn the_critical_backlog_by_hand() {
        // (240 - 1000 x 0.2 / 0.95) / (0.15 x 4 / 60) = 29.4737 / 0.01.
        assert_exact(DESK.critical_backlog().unwrap(), (240.0 - 200.0 / 0.95) / 0.01);
        assert_printed(DESK.critical_backlog().unwrap(), 2947.0, 0);
        assert_exact(DESK.slack(), 240.0 / (0.2 / 0.95) - 1000.0);
        assert_exact(DESK.chaser_drag(), 0.01 * 0.95 / 0.2);
    }

    #[test]
    fn clearance_against_the_naive_division() {
        let critical = DESK.critical_backlog().unwrap();
        for (share, naive, clearance) in [(0.5, 10.5, 14.6), (0.8, 16.8, 33.9)] {
            let backlog = share * critical;
            assert_printed(DESK.naive_clearance_time(backlog).unwrap(), naive, 1);
            assert_printed(DESK.clearance_time(backlog).unwrap(), clearance, 1);
            let by_formula = (1.0 / (1.0 - share)).ln() / DESK.chaser_drag();
            assert_exact(DESK.clearance_time(backlog).unwrap(), by_formula);
        }
        assert_eq!(DESK.clearance_time(critical), None);
        assert_eq!(DESK.clearance_time(0.0), Some(0.0));
    }

    #[test]
    fn the_ratio_to_the_naive_division() {
        for (share, ratio) in [(0.25, 1.15), (0.5, 1.39), (0.8, 2.01), (0.9, 2.56)] {
            assert_printed(ratio_to_naive(share), ratio, 2);
        }
        assert_eq!((ratio_to_naive(0.0), ratio_to_naive(1.0)), (1.0, f64::INFINITY));
        // 1 + share / 2 to first order.
        assert_exact(ratio_to_naive(1e-10), 1.0 + 0.5e-10);
    }

    #[test]
    fn one_chaser_each_and_three_regimes() {
        let with = |capacity_hours| Snowball { capacity_hours, ..DESK };
        let Thresholds { hopeless_up_to, recoverable_above } = DESK.thresholds(1);
        assert_printed(recoverable_above, 280.7, 1);
        assert_exact(hopeless_up_to, 200.0 / 0.95);
        assert_eq!(with(300.0).regime(1), Regime::Recoverable);
        assert_eq!(with(260.0).regime(1), Regime::Bistable);
        assert_eq!(with(210.0).regime(1), Regime::Hopeless);
        // Nobody chases: there is no trap.
        assert_eq!(with(211.0).regime(0), Regime::Recoverable);
    }

    #[test]
    fn without_chasers_the_naive_division_is_right() {
        let quiet = Snowball { chaser_rate: 0.0, ..DESK };
        assert_eq!(quiet.critical_backlog(), None);
        assert_eq!(quiet.clearance_time(1e6), quiet.naive_clearance_time(1e6));
    }

    #[test]
    fn without_slack_any_backlog_is_too_much() {
        let short = Snowball { capacity_hours: 200.0, ..DESK };
        assert_eq!(short.critical_backlog(), Some(0.0));
        assert_eq!((short.clearance_time(10.0), short.naive_clearance_time(10.0)), (None, None));
    }
}
