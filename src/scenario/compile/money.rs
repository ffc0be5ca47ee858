//! What things cost: prices, and wages and penalties that come to nothing.

use super::Compiler;
use super::people::Roster;
use crate::model::context::Context;
use crate::model::money::{Cost, MoneySpec, Payroll};
use crate::model::promise::PromiseSpec;
use crate::price::Prices;
use crate::problem::{Problem, Problems};
use crate::written::{Amount, Written};

impl Compiler<'_> {
    /// What things cost, where the scenario says so.
    pub(super) fn money(
        &self,
        roster: &Roster,
        (costs, mending): (&[Cost], &[Option<Cost>]),
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Option<Prices> {
        let wages = self.spec.teams.iter().map(|(_, team)| team.wage.clone());
        let wages: Vec<Option<Written<Amount>>> = wages.collect();
        let Some(money) = &self.spec.money else {
            if let Some(wage) = wages.iter().flatten().next() {
                problems.push(
                    Problem::warning(
                        "wage-without-money",
                        "this wage counts for nothing: the scenario has no [money] table",
                    )
                    .at(wage.span.clone(), "this wage")
                    .help("write [money], with a wage for the other teams"),
                );
            }
            if let Some(cost) = costs.iter().chain(mending.iter().flatten()).next() {
                problems.push(
                    Problem::warning(
                        "cost-without-money",
                        "this cost counts for nothing: the scenario has no [money] table",
                    )
                    .at(cost.amount.span.clone(), "this cost")
                    .help("write [money], with a wage for the teams"),
                );
            }
            return None;
        };
        self.check_penalties(money, problems);
        let payroll =
            Payroll { paid: &roster.paid, pools: &roster.pools, wages: &wages, costs, mending };
        Some(money.compile(&payroll, context, problems))
    }

    /// Warns of a penalty for a promise that nobody made.
    fn check_penalties(&self, money: &MoneySpec, problems: &mut Problems) {
        let mut penalties = vec![(None, &money.late_reply, &money.late_resolution)];
        for (name, own) in money.tickets.iter() {
            penalties.push((Some(&name.value), &own.late_reply, &own.late_resolution));
        }
        let replies: Promised = |promise| promise.first_reply.is_some();
        let solutions: Promised = |promise| promise.resolution.is_some();
        for (of, late_reply, late_resolution) in penalties {
            self.check_penalty(of, late_reply, replies, ("first reply", "first_reply"), problems);
            self.check_penalty(
                of,
                late_resolution,
                solutions,
                ("solution", "resolution"),
                problems,
            );
        }
    }

    fn check_penalty(
        &self,
        of: Option<&String>,
        penalty: &Option<Written<Amount>>,
        is_promised: Promised,
        (what, key): (&str, &str),
        problems: &mut Problems,
    ) {
        let promised = self.spec.tickets.iter().any(|(name, ticket)| {
            of.is_none_or(|of| *of == name.value)
                && ticket.promise.as_ref().is_some_and(is_promised)
        });
        if let Some(penalty) = penalty.as_ref().filter(|p| !promised && p.value.0 > 0.0) {
            let message = format!("no {what} is promised, so none is late");
            problems.push(
                Problem::warning("penalty-without-promise", message)
                    .at(penalty.span.clone(), "this penalty is never paid")
                    .help(format!("write promise.{key} = \"2 d\" for the ticket class")),
            );
        }
    }
}

/// Whether something is promised.
type Promised = fn(&PromiseSpec) -> bool;
