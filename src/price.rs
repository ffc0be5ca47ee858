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
    /// Their seats.
    pub seats: Seats,
    /// When it begins.
    pub from: SimTime,
    /// When it ends.
    pub to: SimTime,
    /// What an agent gets for an hour, any premium included.
    pub per_hour: Price,
    /// Whether these hours are overtime.
    pub overtime: bool,
}

/// A seat of a cohort of agents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seat {
    /// The cohort, by a number that stands for its name.
    pub cohort: u64,
    /// Number of the seat.
    pub number: u32,
}

/// Seats of a cohort of agents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seats {
    /// The cohort, by a number that stands for its name.
    pub cohort: u64,
    /// Number of the first seat.
    pub first: u32,
    /// How many.
    pub count: u32,
}

impl Seats {
    /// Whether a seat is among them.
    pub fn hold(&self, seat: Seat) -> bool {
        let numbers = self.first..self.first + self.count;
        seat.cohort == self.cohort && numbers.contains(&seat.number)
    }
}

/// Seats whose people come and go during a run, and what each who comes costs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Succeeding {
    /// Their team.
    pub team: TeamId,
    /// Their seats.
    pub seats: Seats,
    /// What each who comes costs.
    pub each: Price,
}

/// A seat that nobody was paid for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unpaid {
    /// The seat.
    pub seat: Seat,
    /// From when.
    pub from: SimTime,
    /// Until when.
    pub to: SimTime,
}

/// Who came and went in a run.
#[derive(Clone, Debug, Default)]
pub struct Turnover {
    /// Seats that nobody was paid for.
    pub unpaid: Vec<Unpaid>,
    /// Seats for which somebody was found.
    pub found: Vec<Seat>,
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
    /// A case that a customer who gave up took outside.
    pub outside: Price,
    /// A customer who leaves for good, by what would have come of staying.
    pub churned: Price,
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
    /// People who come after others.
    pub succeeding: Vec<Succeeding>,
    /// What is paid for once: notices and the like.
    pub outlays: Vec<Outlay>,
    /// What is paid for tools, month by month.
    pub tools: Vec<Outlay>,
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
    /// What a team costs from one instant to another, in which people came and went like that.
    pub fn team_bill(
        &self,
        team: TeamId,
        (from, to): (SimTime, SimTime),
        turnover: &Turnover,
    ) -> TeamBill {
        let mut bill = TeamBill::default();
        let (mut paid, mut wages, mut overtime) = (0_u128, 0_u128, 0_u128);
        for shift in self.shifts.iter().filter(|shift| shift.team == team) {
            let (begin, end) = (shift.from.max(from), shift.to.min(to));
            let time = (end - begin).at_least_zero().micros();
            let of_shift = |unpaid: &&Unpaid| shift.seats.hold(unpaid.seat);
            let unpaid = turnover.unpaid.iter().filter(of_shift);
            let unpaid = unpaid.map(|u| (u.to.min(end) - u.from.max(begin)).at_least_zero());
            let unpaid: i64 = unpaid.map(SimDuration::micros).sum();
            let micros = time as u128 * u128::from(shift.seats.count) - unpaid as u128;
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
        for succeeding in self.succeeding.iter().filter(|succeeding| succeeding.team == team) {
            let found = turnover.found.iter().filter(|seat| succeeding.seats.hold(**seat));
            bill.hiring += succeeding.each.of(found.count() as u64);
        }
        bill
    }

    /// What is paid for once from one instant to another, in cents.
    pub fn outlays(&self, from: SimTime, to: SimTime) -> u64 {
        due(&self.outlays, from, to)
    }

    /// What is paid for tools from one instant to another, in cents.
    pub fn tools(&self, from: SimTime, to: SimTime) -> u64 {
        due(&self.tools, from, to)
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

fn due(outlays: &[Outlay], from: SimTime, to: SimTime) -> u64 {
    let due = outlays.iter().filter(|outlay| from <= outlay.at && outlay.at < to);
    due.map(|outlay| outlay.price.of(1)).sum()
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
            seats: Seats { cohort: 7, first: 0, count: agents },
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
        let bill =
            |team, from, to| prices.team_bill(team, (hour(from), hour(to)), &Turnover::default());
        let day = bill(TEAM, 0.0, 24.0);
        assert_eq!((day.wages, day.overtime, day.hiring), (32_000, 4500, 100_000));
        assert_eq!(day.paid_micros, (17.5 * 3.6e9) as u64);
        // A run that is stopped at eleven pays two hours, and nobody has come yet.
        let stopped = bill(TEAM, 0.0, 11.0);
        assert_eq!((stopped.wages, stopped.overtime, stopped.hiring), (8000, 0, 0));
        assert_eq!(bill(TeamId(1), 0.0, 24.0), TeamBill::default());
        assert_eq!(prices.fixed(SimDuration::from_days(3).micros() as u64), 30_000);
    }

    #[test]
    fn an_empty_seat_is_not_paid_and_filling_it_costs() {
        // Seats 4 and 5 from 9 to 17 at 20 an hour; nobody sits on seat 5 from noon, and somebody is
        // found who is paid from 16 on. Seat 9 is another pool's.
        let seats = Seats { cohort: 7, first: 4, count: 2 };
        let shift = Shift {
            team: TEAM,
            seats,
            from: hour(9.0),
            to: hour(17.0),
            per_hour: Price::new(20.0),
            overtime: false,
        };
        let prices = Prices {
            shifts: vec![shift],
            succeeding: vec![Succeeding { team: TEAM, seats, each: Price::new(300.0) }],
            ..Prices::default()
        };
        let seat = |number| Seat { cohort: 7, number };
        let unpaid = |number| Unpaid { seat: seat(number), from: hour(12.0), to: hour(16.0) };
        let turnover = Turnover {
            unpaid: vec![unpaid(5), unpaid(9)],
            found: vec![seat(5), Seat { cohort: 8, number: 5 }],
        };
        let bill = prices.team_bill(TEAM, (hour(0.0), hour(24.0)), &turnover);
        assert_eq!((bill.wages, bill.hiring), (24_000, 30_000));
        assert_eq!(bill.paid_micros, 12 * 3_600_000_000);
    }

    #[test]
    fn small_fees_are_rounded_once_and_not_one_by_one() {
        // Four thousandths each: nothing for one, forty cents for a hundred.
        let fee = Price::new(0.004);
        assert_eq!((fee.of(1), fee.of(100)), (0, 40));
        assert_eq!(fee.scaled(0.5).of(100), 20);
    }
}
