//! Money: what the desk costs, and what its backlog costs.
//!
//! *In a manager's words*: "an hour costs us 24, the temps 32, every late answer a credit of 5, a
//! customer who walks away takes 40 with him, and one who goes to the bank costs us 25 more."
//!
//! *Assumption*: agents are paid for the hours they are scheduled, absences and breaks included:
//! shrinkage is taken off paid time, so that an hour at the queue costs wage / (1 - shrinkage). A
//! touch finished after the end of a shift is not paid extra. The hours of a rush outside the
//! roster are overtime. People are paid from their first day, training included, to their last;
//! seats that stand empty are not. Prices are the
//! planner's own: none has a default, and what has no price costs nothing. Amounts are in whatever
//! currency the planner thinks in. *Source*: M33, M24 of the catalogue; B18.

use super::context::{Context, amount};
use super::pool::PoolPlan;
use super::satisfaction::SatisfactionSpec;
use crate::evidence::{Evidence, Grade};
use crate::ids::TeamId;
use crate::price::{ClassPrices, Joining, Outlay, Price, Prices, Seats, Shift, Succeeding};
use crate::problem::{Problem, Problems};
use crate::rng::Key;
use crate::time::SimTime;
use crate::written::{Amount, Factor, Named, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Pay in overtime, relative to the usual wage.
pub const OVERTIME: Evidence = Evidence {
    key: "money.overtime",
    value: 1.5,
    unit: "factor",
    range: (1.0, 2.0),
    grade: Grade::R,
    source: "time and a half beyond 40 hours a week (US Fair Labor Standards Act); laws and contracts differ",
};

/// Most that an hour may cost.
const MOST_PER_HOUR: f64 = 1e6;

/// Most that anything else may cost, once.
const MOST: f64 = 1e9;

/// Highest premium.
const MOST_PREMIUM: f64 = 10.0;

/// Prices as written; what is not written costs nothing.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MoneySpec {
    /// Wage of an agent for a paid hour, with everything that comes on top of it.
    pub wage: Option<Written<Amount>>,
    /// Pay in overtime (the hours of a rush), relative to the wage: 1.5 or "+50%".
    pub overtime: Option<Written<Factor>>,
    /// Cost of finding and training a person who stays, once.
    pub hire: Option<Written<Amount>>,
    /// Cost of finding and training a person who leaves again, once.
    pub temp: Option<Written<Amount>>,
    /// What a temp costs for a paid hour, where it is not the team's wage.
    pub temp_wage: Option<Written<Amount>>,
    /// Tools, rooms and other fixed cost of the desk in a week.
    pub fixed_per_week: Option<Written<Amount>>,
    /// Fee for every contact a bot tries.
    pub bot_attempt: Option<Written<Amount>>,
    /// Fee for every contact a bot calls resolved.
    pub bot_contained: Option<Written<Amount>>,
    /// Penalty for a promised first reply that is missed.
    pub late_reply: Option<Written<Amount>>,
    /// Penalty for a promised solution that is missed.
    pub late_resolution: Option<Written<Amount>>,
    /// Margin lost with a customer who gives up.
    pub margin: Option<Written<Amount>>,
    /// What such a customer gets back.
    pub refund: Option<Written<Amount>>,
    /// What it costs where a customer who gives up takes it outside: a charge-back and its fee, the
    /// work on a public complaint.
    pub outside: Option<Written<Amount>>,
    /// Margin lost with a customer who leaves for good, where `customers` says who does.
    pub customer: Option<Written<Amount>>,
    /// Other amounts for certain ticket classes.
    pub tickets: Named<ClassMoneySpec>,
    /// How customers judge.
    pub satisfaction: SatisfactionSpec,
}

/// Prices of a ticket class as written; where nothing is written, that of all classes holds.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClassMoneySpec {
    /// Penalty for a promised first reply that is missed.
    pub late_reply: Option<Written<Amount>>,
    /// Penalty for a promised solution that is missed.
    pub late_resolution: Option<Written<Amount>>,
    /// Margin lost with a customer who gives up.
    pub margin: Option<Written<Amount>>,
    /// What such a customer gets back.
    pub refund: Option<Written<Amount>>,
    /// What a case costs that such a customer takes outside.
    pub outside: Option<Written<Amount>>,
}

/// People as the payroll knows them.
#[derive(Clone, PartialEq, Debug)]
pub struct Paid {
    /// Their team.
    pub team: TeamId,
    /// The cohort of their pool.
    pub cohort: String,
    /// How many.
    pub agents: u32,
    /// When they are scheduled, training included.
    pub spans: Vec<(SimTime, SimTime)>,
    /// When they join, where they come during the run.
    pub joins: Option<SimTime>,
    /// Whether they leave again.
    pub temp: bool,
}

impl Paid {
    /// The agents of a pool who are there from the start.
    pub fn regular(pool: &PoolPlan) -> Paid {
        Paid {
            team: pool.team,
            cohort: pool.cohort.clone(),
            agents: pool.seats,
            spans: pool.spans.clone(),
            joins: None,
            temp: false,
        }
    }
}

/// Something that is paid for once, as written with the mechanism it belongs to.
#[derive(Clone, PartialEq, Debug)]
pub struct Cost {
    /// When.
    pub at: SimTime,
    /// How much.
    pub amount: Written<Amount>,
    /// Whether it is a month of a tool, which is no one-off.
    pub is_tool: bool,
}

/// Everybody who is paid: by roster, and the pools as they are once rushes were called; and what is
/// paid for once.
pub struct Payroll<'a> {
    /// By roster.
    pub paid: &'a [Paid],
    /// The pools, rushes included.
    pub pools: &'a [PoolPlan],
    /// Wages of teams that have their own.
    pub wages: &'a [Option<Written<Amount>>],
    /// What is paid for once.
    pub costs: &'a [Cost],
    /// What it costs to mend each recurring problem.
    pub mending: &'a [Option<Cost>],
}

impl MoneySpec {
    /// The prices this describes.
    pub fn compile(
        &self,
        payroll: &Payroll<'_>,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Prices {
        self.check(payroll, problems);
        let price = |written: &Option<Written<Amount>>| Price::new(amount(written, 0.0).min(MOST));
        let mut classes: Vec<ClassPrices> = Vec::new();
        for name in context.tickets {
            let own = self.tickets.iter().find(|(of, _)| of.value == *name).map(|(_, own)| own);
            let pick = |pick: fn(&ClassMoneySpec) -> &Option<Written<Amount>>, all| {
                price(own.map(pick).filter(|own| own.is_some()).unwrap_or(all))
            };
            let lost = amount(own.map_or(&None, |own| &own.margin), amount(&self.margin, 0.0))
                + amount(own.map_or(&None, |own| &own.refund), amount(&self.refund, 0.0));
            classes.push(ClassPrices {
                late_reply: pick(|own| &own.late_reply, &self.late_reply),
                late_resolution: pick(|own| &own.late_resolution, &self.late_resolution),
                lost: Price::new(lost.min(2.0 * MOST)),
                outside: pick(|own| &own.outside, &self.outside),
                churned: price(&self.customer),
                tried: price(&self.bot_attempt),
                contained: price(&self.bot_contained),
            });
        }
        for (name, _) in self.tickets.iter() {
            context.ticket(name, problems);
        }
        let (tools, once): (Vec<&Cost>, Vec<&Cost>) =
            payroll.costs.iter().partition(|cost| cost.is_tool);
        Prices {
            shifts: self.shifts(payroll),
            joining: self.joining(payroll.paid),
            succeeding: self.succeeding(payroll),
            outlays: once.into_iter().map(Cost::outlay).collect(),
            tools: tools.into_iter().map(Cost::outlay).collect(),
            mending: payroll
                .mending
                .iter()
                .map(|cost| cost.as_ref().map_or(Price::default(), |cost| cost.outlay().price))
                .collect(),
            fixed_per_week: price(&self.fixed_per_week),
            classes,
            any: self.has_prices()
                || payroll.wages.iter().any(Option::is_some)
                || !payroll.costs.is_empty()
                || payroll.mending.iter().any(Option::is_some),
            opinion: self.satisfaction.compile(problems),
        }
    }

    /// All amounts, with the most that each may be.
    fn amounts(&self) -> Vec<(&Written<Amount>, f64)> {
        let hourly = [&self.wage, &self.temp_wage];
        let mut single = vec![
            &self.hire,
            &self.temp,
            &self.fixed_per_week,
            &self.bot_attempt,
            &self.bot_contained,
            &self.late_reply,
            &self.late_resolution,
            &self.margin,
            &self.refund,
            &self.outside,
            &self.customer,
        ];
        for (_, own) in self.tickets.iter() {
            single.extend([&own.late_reply, &own.late_resolution, &own.margin, &own.refund]);
            single.push(&own.outside);
        }
        let hourly = hourly.into_iter().flatten().map(|written| (written, MOST_PER_HOUR));
        hourly.chain(single.into_iter().flatten().map(|written| (written, MOST))).collect()
    }

    fn has_prices(&self) -> bool {
        !self.amounts().is_empty()
    }

    fn check(&self, payroll: &Payroll<'_>, problems: &mut Problems) {
        let wages = payroll.wages.iter().flatten().map(|wage| (wage, MOST_PER_HOUR));
        let costs = payroll.costs.iter().chain(payroll.mending.iter().flatten());
        let costs = costs.map(|cost| (&cost.amount, MOST));
        for (written, most) in self.amounts().into_iter().chain(wages).chain(costs) {
            if written.value.0 > most {
                problems.push(
                    Problem::error("wrong-price", format!("this is more than {most:e}"))
                        .at(written.span.clone(), "this amount")
                        .help("count in thousands where the currency is small"),
                );
            }
        }
        // Who gets time off instead is paid nothing.
        if let Some(premium) = self.overtime.as_ref().filter(|f| f.value.0 > 0.0) {
            premium.at_least_one("pays overtime less than regular hours", problems);
        }
        if let Some(premium) = self.overtime.as_ref().filter(|f| f.value.0 > MOST_PREMIUM) {
            problems.push(
                Problem::error(
                    "wrong-price",
                    format!("overtime is paid at most {MOST_PREMIUM} times the wage"),
                )
                .at(premium.span.clone(), "this factor")
                .help("write 1.5 or \"+50%\""),
            );
        }
    }

    /// Every span in which somebody is paid.
    fn shifts(&self, payroll: &Payroll<'_>) -> Vec<Shift> {
        let wage = |team: TeamId, temp: bool| {
            let own = payroll.wages.get(team.index()).and_then(Option::as_ref);
            let temps = self.temp_wage.as_ref().filter(|_| temp);
            let hour = temps.or(own).or(self.wage.as_ref()).map_or(0.0, |wage| wage.value.0);
            Price::new(hour.min(MOST_PER_HOUR))
        };
        let premium = self.overtime.as_ref().map_or(OVERTIME.value, |factor| factor.value.0);
        let mut shifts = Vec::new();
        for paid in payroll.paid {
            let (team, per_hour) = (paid.team, wage(paid.team, paid.temp));
            let seats = paid.seats();
            for (from, to) in joined(&paid.spans) {
                shifts.push(Shift { team, seats, from, to, per_hour, overtime: false });
            }
        }
        for pool in payroll.pools {
            let cohort = cohort_number(&pool.cohort);
            let seats = Seats { cohort, first: pool.first_seat, count: pool.seats };
            let Some(paid) = payroll.paid.iter().find(|paid| paid.cohort == pool.cohort) else {
                continue;
            };
            let team = pool.team;
            let per_hour = wage(team, paid.temp).scaled(premium.min(MOST_PREMIUM));
            for (from, to) in without(&joined(&pool.spans), &joined(&paid.spans)) {
                shifts.push(Shift { team, seats, from, to, per_hour, overtime: true });
            }
        }
        shifts
    }

    fn succeeding(&self, payroll: &Payroll<'_>) -> Vec<Succeeding> {
        let each = |paid: &Paid| {
            let each = if paid.temp { &self.temp } else { &self.hire };
            Price::new(amount(each, 0.0).min(MOST))
        };
        let paid = payroll.paid.iter();
        paid.map(|paid| Succeeding { team: paid.team, seats: paid.seats(), each: each(paid) })
            .collect()
    }

    fn joining(&self, paid: &[Paid]) -> Vec<Joining> {
        let joins = paid.iter().filter_map(|paid| {
            let each = if paid.temp { &self.temp } else { &self.hire };
            let each = Price::new(amount(each, 0.0).min(MOST));
            Some(Joining { team: paid.team, agents: paid.agents, at: paid.joins?, each })
        });
        joins.collect()
    }
}

/// A number that stands for the name of a cohort.
pub fn cohort_number(cohort: &str) -> u64 {
    Key::default().named(cohort).0
}

impl Paid {
    fn seats(&self) -> Seats {
        Seats { cohort: cohort_number(&self.cohort), first: 0, count: self.agents }
    }
}

impl Cost {
    fn outlay(&self) -> Outlay {
        Outlay { at: self.at, price: Price::new(self.amount.value.0.min(MOST)) }
    }
}

/// Spans in order, those that touch or overlap made one.
pub fn joined(spans: &[(SimTime, SimTime)]) -> Vec<(SimTime, SimTime)> {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let mut all: Vec<(SimTime, SimTime)> = Vec::new();
    for (from, to) in sorted {
        match all.last_mut() {
            Some((_, end)) if from <= *end => *end = (*end).max(to),
            _ => all.push((from, to)),
        }
    }
    all
}

/// What is left of spans once others are taken out of them; both in order.
pub fn without(
    spans: &[(SimTime, SimTime)],
    taken: &[(SimTime, SimTime)],
) -> Vec<(SimTime, SimTime)> {
    let mut left = Vec::new();
    for (from, to) in spans {
        let (mut begin, to) = (*from, *to);
        for (taken_from, taken_to) in taken {
            if *taken_from < to && *taken_to > begin {
                if begin < *taken_from {
                    left.push((begin, *taken_from));
                }
                begin = *taken_to;
            }
        }
        if begin < to {
            left.push((begin, to));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(h: f64) -> SimTime {
        SimTime::from_hours(h)
    }

    #[test]
    fn only_what_lies_outside_the_roster_is_overtime() {
        let spans = |list: &[(f64, f64)]| -> Vec<(SimTime, SimTime)> {
            list.iter().map(|(from, to)| (hour(*from), hour(*to))).collect()
        };
        let roster = spans(&[(9.0, 12.0), (13.0, 17.0)]);
        // They stay from 16 to 20 and work through lunch.
        let with_rush = joined(&spans(&[(9.0, 12.0), (13.0, 17.0), (16.0, 20.0), (11.0, 13.5)]));
        assert_eq!(with_rush, spans(&[(9.0, 20.0)]));
        assert_eq!(without(&with_rush, &roster), spans(&[(12.0, 13.0), (17.0, 20.0)]));
        assert_eq!(without(&roster, &roster), []);
        assert_eq!(without(&roster, &[]), roster);
    }

    #[test]
    fn a_payroll_worked_by_hand() {
        // Three agents from 9 to 17, one of whom stays until 19; two temps from noon at a wage of
        // their own, who cost 400 each to find.
        let money: MoneySpec =
            toml::from_str("wage = 20\novertime = \"+50%\"\ntemp = 400\ntemp_wage = 30").unwrap();
        let roster = vec![(hour(9.0), hour(17.0))];
        let desk = PoolPlan::new(TeamId(0), "desk", 3, roster.clone());
        let temps = Paid {
            team: TeamId(0),
            cohort: "hire/temps".into(),
            agents: 2,
            spans: vec![(hour(12.0), hour(17.0))],
            joins: Some(hour(12.0)),
            temp: true,
        };
        let late = PoolPlan { spans: vec![roster[0], (hour(17.0), hour(19.0))], ..desk.clone() };
        let pools = [
            PoolPlan { seats: 1, ..late },
            PoolPlan { seats: 2, first_seat: 1, ..desk.clone() },
            PoolPlan::new(TeamId(0), "hire/temps", 2, vec![(hour(15.0), hour(17.0))]),
        ];
        let paid = [Paid::regular(&desk), temps];
        let payroll =
            Payroll { paid: &paid, pools: &pools, wages: &[None], costs: &[], mending: &[] };
        let prices = Prices {
            shifts: money.shifts(&payroll),
            joining: money.joining(&paid),
            ..Prices::default()
        };
        let day = (hour(0.0), hour(24.0));
        let bill = prices.team_bill(TeamId(0), day, &Default::default());
        // 3 x 8 h x 20 + 2 x 5 h x 30 = 780; 2 h x 20 x 1.5 = 60; 2 x 400.
        assert_eq!((bill.wages, bill.overtime, bill.hiring), (78_000, 6000, 80_000));
        assert_eq!(bill.paid_micros, 36 * 3_600_000_000);
    }
}
