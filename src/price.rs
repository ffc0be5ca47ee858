//! Prices: what a desk's hours, people, contacts and broken promises cost.
//!
//! Plain values that a model holds and a recorder reads. Everything is counted in whole cents of
//! whatever currency the planner writes, rounded once per run, so that sums over runs are exact.

use crate::ids::TeamId;
use crate::opinion::Opinion;
use crate::time::{SimDuration, SimTime};

/// An amount of money for one of something, in millionths of the planner's currency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Price(u64);

const MILLIONTHS_PER_CENT: u128 = 10_000;

impl Price {
    /// The price of that amount, to the millionth.
    pub fn new(amount: f64) -> Price {
        Price((amount * 1e6).round() as u64)
    }

    /// A multiple or a share of it.
    pub fn scaled(self, factor: f64) -> Price {
        Price((self.0 as f64 * factor).round() as u64)
    }

    /// What so many cost, in cents.
    pub fn of(self, count: u64) -> u64 {
        cents(u128::from(self.0) * u128::from(count), MILLIONTHS_PER_CENT)
    }

    /// What so much time costs at a price per `unit` of it, in cents.
    pub fn over(self, micros: u128, unit: SimDuration) -> u64 {
        cents(u128::from(self.0) * micros, MILLIONTHS_PER_CENT * unit.micros() as u128)
    }
}

/// Millionths to the nearest cent.
fn cents(millionths: u128, per: u128) -> u64 {
    u64::try_from((millionths + per / 2) / per).unwrap_or(u64::MAX)
}

/// Paid presence of agents with one wage.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Shift {
    /// Their team.
    pub team: TeamId,
    /// How many.
    pub agents: u32,
    /// When it begins.
    pub from: SimTime,
    /// When it ends.
    pub to: SimTime,
    /// What an agent gets for an hour, any premium included.
    pub per_hour: Price,
    /// Whether these hours are overtime.
    pub overtime: bool,
}

/// People who join, and what that costs once.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Joining {
    /// Their team.
    pub team: TeamId,
    /// How many.
    pub agents: u32,
    /// When they arrive.
    pub at: SimTime,
    /// What each of them costs.
    pub each: Price,
}

/// Something that is paid for once.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Outlay {
    /// When.
    pub at: SimTime,
    /// How much.
    pub price: Price,
}

/// What happens to the tickets of a class, and what each case costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClassPrices {
    /// A promised first reply that was missed.
    pub late_reply: Price,
    /// A promised solution that was missed.
    pub late_resolution: Price,
    /// A customer lost: margin and refund together.
    pub lost: Price,
    /// A contact that a bot tried.
    pub tried: Price,
    /// A contact that a bot called resolved.
    pub contained: Price,
}

/// Everything that has a price, and how customers judge.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Prices {
    /// Paid presence.
    pub shifts: Vec<Shift>,
    /// People who join.
    pub joining: Vec<Joining>,
    /// What is paid for once: notices and the like.
    pub outlays: Vec<Outlay>,
    /// What it costs to mend each recurring problem, by number.
    pub mending: Vec<Price>,
    /// Tools and other fixed cost of the desk.
    pub fixed_per_week: Price,
    /// By ticket class.
    pub classes: Vec<ClassPrices>,
    /// Whether anything has a price at all.
    pub any: bool,
    /// How customers judge.
    pub opinion: Opinion,
}

/// What a team costs in a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TeamBill {
    /// Paid agent time, overtime included, in microseconds.
    pub paid_micros: u64,
    /// Pay for regular hours, in cents.
    pub wages: u64,
    /// Pay for overtime, in cents.
    pub overtime: u64,
    /// Cost of the people who joined, in cents.
    pub hiring: u64,
}

impl Prices {
    /// What a team costs from one instant to another.
    pub fn team_bill(&self, team: TeamId, from: SimTime, to: SimTime) -> TeamBill {
        let mut bill = TeamBill::default();
        let (mut paid, mut wages, mut overtime) = (0_u128, 0_u128, 0_u128);
        for shift in self.shifts.iter().filter(|shift| shift.team == team) {
            let time = (shift.to.min(to) - shift.from.max(from)).at_least_zero().micros();
            let micros = time as u128 * u128::from(shift.agents);
            paid += micros;
            let pay = u128::from(shift.per_hour.0) * micros;
            *(if shift.overtime { &mut overtime } else { &mut wages }) += pay;
        }
        bill.paid_micros = u64::try_from(paid).unwrap_or(u64::MAX);
        let hour = MILLIONTHS_PER_CENT * SimDuration::from_minutes(60).micros() as u128;
        (bill.wages, bill.overtime) = (cents(wages, hour), cents(overtime, hour));
        let joined = self.joining.iter().filter(|joining| joining.team == team);
        bill.hiring = joined
            .filter(|joining| from <= joining.at && joining.at < to)
            .map(|joining| joining.each.of(u64::from(joining.agents)))
            .sum();
        bill
    }

    /// What is paid for once from one instant to another, in cents.
    pub fn outlays(&self, from: SimTime, to: SimTime) -> u64 {
        let due = self.outlays.iter().filter(|outlay| from <= outlay.at && outlay.at < to);
        due.map(|outlay| outlay.price.of(1)).sum()
    }

    /// What it costs to mend those recurring problems, in cents.
    pub fn mending(&self, mended: impl Iterator<Item = usize>) -> u64 {
        mended.filter_map(|number| self.mending.get(number)).map(|price| price.of(1)).sum()
    }

    /// Fixed cost of the desk over a time, in cents.
    pub fn fixed(&self, micros: u64) -> u64 {
        self.fixed_per_week.over(u128::from(micros), SimDuration::from_days(7))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEAM: TeamId = TeamId(0);

    fn hour(h: f64) -> SimTime {
        SimTime::from_hours(h)
    }

    #[test]
    fn a_week_s_bill_worked_by_hand() {
        // Two agents at 20 an hour from 9 to 17, a third of them for an hour and a half of overtime
        // at 30, and a hire for 1,000 who comes at noon.
        let shift = |agents, from, to, per_hour, overtime| Shift {
            team: TEAM,
            agents,
            from: hour(from),
            to: hour(to),
            per_hour: Price::new(per_hour),
            overtime,
        };
        let prices = Prices {
            shifts: vec![shift(2, 9.0, 17.0, 20.0, false), shift(1, 17.0, 18.5, 30.0, true)],
            joining: vec![Joining {
                team: TEAM,
                agents: 1,
                at: hour(12.0),
                each: Price::new(1000.0),
            }],
            fixed_per_week: Price::new(700.0),
            ..Prices::default()
        };
        let day = prices.team_bill(TEAM, hour(0.0), hour(24.0));
        assert_eq!((day.wages, day.overtime, day.hiring), (32_000, 4500, 100_000));
        assert_eq!(day.paid_micros, (17.5 * 3.6e9) as u64);
        // A run that is stopped at eleven pays two hours, and nobody has come yet.
        let stopped = prices.team_bill(TEAM, hour(0.0), hour(11.0));
        assert_eq!((stopped.wages, stopped.overtime, stopped.hiring), (8000, 0, 0));
        assert_eq!(prices.team_bill(TeamId(1), hour(0.0), hour(24.0)), TeamBill::default());
        assert_eq!(prices.fixed(SimDuration::from_days(3).micros() as u64), 30_000);
    }

    #[test]
    fn small_fees_are_rounded_once_and_not_one_by_one() {
        // Four thousandths each: nothing for one, forty cents for a hundred.
        let fee = Price::new(0.004);
        assert_eq!((fee.of(1), fee.of(100)), (0, 40));
        assert_eq!(fee.scaled(0.5).of(100), 20);
    }
}
