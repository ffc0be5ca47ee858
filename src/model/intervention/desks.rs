//! What a desk is under each set of interventions that can be in force: a model for each, with the same
//! classes, teams and agents.

use super::{Intervention, Trigger};
use crate::ids::{ClassId, Mask, PoolId, TeamId};
use crate::model::build::{BuildError, ModelBuilder};
use crate::model::class::Class;
use crate::model::pool::{Pool, PoolPlan};
use crate::model::team::Team;
use crate::model::{Change, Model};
use crate::time::SimTime;

/// The interventions of a model, and what the desk is under each set of them.
#[derive(Clone, Debug, Default)]
pub struct Interventions {
    /// The rules, in the order of their bits.
    pub rules: Vec<Intervention>,
    /// The desk under every set of them that can be in force, in the order of masks; without any
    /// it is the model that these interventions belong to.
    pub desks: Vec<(Mask, Model)>,
}

impl Model {
    /// The desk as dated interventions have it at an instant: they are part of the plan.
    pub fn planned_at(&self, at: SimTime) -> &Model {
        let planned = self.interventions.as_ref().and_then(|all| all.desk(all.dated(at)));
        planned.unwrap_or(self)
    }

    /// A time cut where a dated intervention or a notice begins or ends: in each part the plan is one.
    pub fn stretches(&self, from: SimTime, to: SimTime) -> Vec<(SimTime, SimTime)> {
        let rules = self.interventions.iter().flat_map(|all| &all.rules);
        let dated = rules.filter_map(|rule| match rule.trigger {
            Trigger::At(decided) => {
                let begins = decided.saturating_add(rule.lag);
                Some([begins, rule.ends(begins)])
            }
            Trigger::When(_) => None,
        });
        let notices = self.classes.iter().flat_map(|class| &class.notices);
        let macros = self.classes.iter().flat_map(|class| &class.macros).map(|text| [text.from; 2]);
        let notices = notices.map(|notice| [notice.from, notice.until]);
        let mut cuts: Vec<SimTime> = dated.chain(notices).chain(macros).flatten().collect();
        cuts.retain(|at| from < *at && *at < to);
        cuts.extend([from, to]);
        cuts.sort_unstable();
        cuts.dedup();
        cuts.windows(2).map(|pair| (pair[0], pair[1])).collect()
    }
}

impl Interventions {
    /// Whether any of them goes by how busy people are.
    pub fn watch_occupancy(&self) -> bool {
        self.rules.iter().any(|rule| {
            let when = match rule.trigger {
                Trigger::When(condition) => Some(condition),
                Trigger::At(_) => None,
            };
            when.iter().chain(&rule.stop).any(|condition| condition.occupancy.is_some())
        })
    }

    /// The desk under a set of interventions; nothing for the empty set.
    pub fn desk(&self, mask: Mask) -> Option<&Model> {
        let place = self.desks.binary_search_by_key(&mask, |(of, _)| *of).ok()?;
        Some(&self.desks[place].1)
    }

    /// Those in force at an instant by their dates alone.
    pub fn dated(&self, at: SimTime) -> Mask {
        let is_in_force = |rule: &Intervention| match rule.trigger {
            Trigger::At(decided) => {
                let begins = decided.saturating_add(rule.lag);
                begins <= at && at < rule.ends(begins)
            }
            Trigger::When(_) => false,
        };
        let bit = |(index, rule)| Mask::from(is_in_force(rule)) << index;
        self.rules.iter().enumerate().map(bit).sum()
    }

    /// What an intervention must leave as it is but changes: something that customers decide, or
    /// that names who is who. `desk` is the model under some of them, `base` that under none.
    pub fn must_not_change(base: &Model, desk: &Model) -> Option<&'static str> {
        let names = |model: &Model| -> Vec<String> {
            let classes = model.classes.iter().map(|class| class.name.clone());
            classes.chain(model.teams.iter().map(|team| team.name.clone())).collect()
        };
        let arrivals = |(a, b): (&Class, &Class)| a.arrivals != b.arrivals;
        let crowding = |(a, b): (&Team, &Team)| a.crowding != b.crowding;
        if names(base) != names(desk) {
            return Some("ticket classes and teams: they are there from the start");
        }
        if (base.start, base.end) != (desk.start, desk.end) {
            return Some("the span of the run");
        }
        if base.classes.iter().zip(&desk.classes).any(arrivals) {
            return Some("when customers write: they decide it themselves");
        }
        if base.opening != desk.opening {
            return Some("the opening backlog");
        }
        let stems = |model: &Model| -> Vec<(Vec<ClassId>, f64)> {
            model.root_causes.iter().map(|cause| (cause.classes.clone(), cause.p_share)).collect()
        };
        if stems(base) != stems(desk) {
            return Some("which contacts stem from recurring problems");
        }
        if base.busyness_memory != desk.busyness_memory || base.cap != desk.cap {
            return Some("the busyness of days or the cap");
        }
        if base.customers != desk.customers {
            return Some("who the customers are: they decide for themselves");
        }
        let leaving = |(a, b): (&Pool, &Pool)| a.leaving.is_some() != b.leaving.is_some();
        if base.pools.iter().zip(&desk.pools).any(leaving) {
            return Some("whether people leave a team: they do from the start, or not at all");
        }
        if base.reviews != desk.reviews {
            return Some("reviews of staff: they go by the backlog themselves");
        }
        if base.teams.iter().zip(&desk.teams).any(crowding) {
            return Some("how crowding slows a team");
        }
        if base.triage != desk.triage {
            return Some("who sorts new tickets: some may be on their way");
        }
        if (&base.approvals, &base.procedures) != (&desk.approvals, &desk.procedures) {
            return Some("approvals and how clear escalations are: some tickets may be on hold");
        }
        let held = |model: &Model| -> Vec<_> {
            let teams = model.teams.iter();
            teams.map(|team| team.concurrency.as_ref().map(|c| c.tickets.clone())).collect()
        };
        if held(base) != held(desk) {
            return Some(
                "which tickets agents hold several of at once, only how many: some are in hand",
            );
        }
        let lying = |model: &Model| -> Vec<_> {
            let teams = model.teams.iter();
            teams.map(|team| (team.assignment.clone(), team.forgetting.clone())).collect()
        };
        if lying(base) != lying(desk) {
            return Some("who has an inbox and what is forgotten: tickets may lie there");
        }
        for class in (0..base.classes.len()).map(ClassId::new) {
            for team in (0..base.teams.len()).map(TeamId::new) {
                if base.can_wait(class, team) != desk.can_wait(class, team) {
                    return Some("which teams work on a ticket class: some may be waiting there");
                }
            }
        }
        None
    }
}

impl ModelBuilder {
    /// Joins the parts of a desk that interventions change: `desks` has what it is like under each
    /// set of them that can be in force.
    ///
    /// *Errors*: see `BuildError`.
    pub fn build_with(
        self,
        rules: Vec<Intervention>,
        desks: Vec<(Mask, ModelBuilder)>,
    ) -> Result<Model, BuildError> {
        let hours = self.desk.clone();
        let (masks, builders): (Vec<Mask>, Vec<ModelBuilder>) = desks.into_iter().unzip();
        let mut all: Vec<ModelBuilder> = std::iter::once(self).chain(builders).collect();
        ModelBuilder::align(&mut all);
        let mut models = all.into_iter().map(|mut builder| {
            (builder.anywhere, builder.desk) = (true, hours.clone());
            builder.build()
        });
        let mut base = models.next().expect("the desk itself comes first")?;
        let mut models: Vec<Model> = models.collect::<Result<_, _>>()?;
        // What any of the desks needs to know of the past is noted from the start.
        let all = || std::iter::once(&base).chain(&models);
        let tells = all().any(|desk| desk.tells_expected_wait);
        let personal = all().any(|desk| desk.personal);
        for desk in std::iter::once(&mut base).chain(&mut models) {
            (desk.tells_expected_wait, desk.personal) = (tells, personal);
        }
        for (mask, desk) in masks.iter().zip(&models) {
            if let Some(what) = Interventions::must_not_change(&base, desk) {
                return Err(BuildError::Fixed { mask: *mask, what });
            }
        }
        let mut desks: Vec<(Mask, Model)> = masks.into_iter().zip(models).collect();
        desks.sort_by_key(|(mask, _)| *mask);
        base.interventions = Some(Box::new(Interventions { rules, desks }));
        Ok(base)
    }

    /// Gives the same pools to models that stand for one desk under different interventions, so
    /// that an agent has the same id in all of them. A pool that a model lacks has nobody in it.
    fn align(desks: &mut [ModelBuilder]) {
        let name = |plan: &PoolPlan| (plan.team, plan.cohort.clone(), plan.first_seat);
        let mut all: Vec<PoolPlan> = Vec::new();
        for plan in desks.iter().flat_map(|desk| &desk.pool_plans) {
            match all.iter_mut().find(|known| name(known) == name(plan)) {
                Some(known) => known.seats = known.seats.max(plan.seats),
                None => all.push(plan.clone()),
            }
        }
        for desk in desks {
            let plans = all.iter().map(|known| {
                let own = desk.pool_plans.iter().find(|plan| name(plan) == name(known)).cloned();
                let nobody = PoolPlan { seats: 0, spans: Vec::new(), ..known.clone() };
                PoolPlan { most_seats: known.seats, ..own.unwrap_or(nobody) }
            });
            desk.pool_plans = plans.collect();
        }
    }
}

/// Every set of interventions that can be in force at some time, none left out.
pub fn reachable(rules: &[Intervention]) -> Vec<Mask> {
    let spans: Vec<(SimTime, SimTime)> = rules
        .iter()
        .map(|rule| match rule.trigger {
            Trigger::At(at) => {
                let begins = at.saturating_add(rule.lag);
                (begins, rule.ends(begins).max(begins))
            }
            Trigger::When(_) => (SimTime::ZERO, SimTime::NEVER),
        })
        .collect();
    let mut instants: Vec<SimTime> = spans.iter().flat_map(|(from, to)| [*from, *to]).collect();
    instants.sort_unstable();
    instants.dedup();
    let mut masks = std::collections::BTreeSet::new();
    for now in instants {
        // Those in force for certain just before or after this instant, and those perhaps.
        let (mut sure, mut perhaps) = (0, 0);
        for (index, (rule, (from, to))) in rules.iter().zip(&spans).enumerate() {
            let bit = 1 << index;
            let certain = matches!(rule.trigger, Trigger::At(_)) && rule.stop.is_none();
            if certain && *from < now && now < *to {
                sure |= bit;
            } else if *from <= now && now <= *to {
                perhaps |= bit;
            }
        }
        // All subsets of what is perhaps in force.
        let mut some: Mask = perhaps;
        loop {
            masks.insert(sure | some);
            if some == 0 {
                break;
            }
            some = (some - 1) & perhaps;
        }
    }
    masks.into_iter().filter(|mask| *mask != 0).collect()
}

/// Whether a pool is on the roster at that instant by the plan, and for which day.
pub fn on_roster(model: &Model, pool: PoolId, now: SimTime) -> Option<i64> {
    let mut on = None;
    for planned in model.changes.iter().take_while(|planned| planned.at <= now) {
        match planned.change {
            Change::On { pool: of, day } if of == pool => on = Some(day),
            Change::Off(of) if of == pool => on = None,
            Change::On { .. }
            | Change::Off(_)
            | Change::DayEnds(_)
            | Change::Begin
            | Change::Turn { .. }
            | Change::Lesson { .. }
            | Change::FenceEnds(_)
            | Change::Bulk(_)
            | Change::Audit(_)
            | Change::Review(_) => {}
        }
    }
    on
}

#[cfg(test)]
mod tests {
    use super::super::Condition;
    use super::*;
    use crate::price::Price;
    use crate::time::SimDuration;

    #[test]
    fn only_sets_that_can_meet_are_reachable() {
        let dated = |from: f64, until: f64| Intervention {
            name: String::new(),
            trigger: Trigger::At(SimTime::from_hours(from)),
            lag: SimDuration::ZERO,
            until: SimTime::from_hours(until),
            lasts: None,
            stop: None,
            once: false,
            bulk: None,
            cost: Price::new(0.0),
            cost_per_week: Price::new(0.0),
        };
        // The second begins as the first ends: they may meet at that instant.
        assert_eq!(reachable(&[dated(0.0, 5.0), dated(5.0, 9.0)]), [1, 2, 3]);
        assert_eq!(reachable(&[dated(0.0, 5.0), dated(6.0, 9.0)]), [1, 2]);
        // The second lies within the first; a third may come at any time.
        let limits = Condition {
            above: true,
            backlog: Some(9),
            overdue: None,
            oldest: None,
            occupancy: None,
            closes: 1,
        };
        let any = Intervention { trigger: Trigger::When(limits), ..dated(0.0, 1e9) };
        let within = [dated(1.0, 9.0), dated(2.0, 3.0), any];
        assert_eq!(reachable(&within), [1, 3, 4, 5, 7]);
    }
}
