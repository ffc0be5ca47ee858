//! Offered load and capacity, by arithmetic: what the spreadsheet would know, done right.

use super::Model;
use super::pending::Pending;
use super::triage::Triage;
use crate::ids::{ClassId, TeamId};
use crate::theory::jackson::visit_rates;
use crate::time::SimTime;

/// Expected touches of one ticket of a class at each team, follow-ups by solved and asked customers
/// included, chasers and duplicates not.
///
/// *Shape*: by team. Nothing where tickets would circle for ever.
pub fn touches_per_ticket(model: &Model, class: ClassId) -> Option<Vec<f64>> {
    let teams = model.teams.len();
    let plan = &model.classes[class.index()];
    let mut external = vec![0.0; teams];
    external[plan.entry.index()] = 1.0;
    let asked = plan.pending.as_ref().map_or(0.0, |p| p.p_asks_on_average() * (1.0 - p.p_no_reply));
    let asks = plan.pending.as_ref().map_or(0.0, Pending::p_asks_on_average);
    let astray = misrouted(model, class);
    let reopens = plan.reopen.as_ref().map_or(0.0, |reopen| reopen.expected(astray));
    let mut routing = vec![vec![0.0; teams]; teams];
    for (team, row) in routing.iter_mut().enumerate() {
        let escalations = &model.stage(class, TeamId::new(team)).escalations;
        let mut before = 0.0;
        for (p, route) in &escalations.after_touch {
            row[route.to.index()] += p - before;
            before = *p;
        }
        let again = 1.0 - 1.0 / (1.0 + approvals_per_visit(model, class, TeamId::new(team)));
        row[team] += (1.0 - before) * (again + (1.0 - again) * (asked + (1.0 - asks) * reopens));
    }
    visit_rates(&external, &routing)
}

/// Share of a class's tickets that triage sends to a wrong team first.
pub(crate) fn misrouted(model: &Model, class: ClassId) -> f64 {
    let triage = model.triage.as_ref().filter(|triage| triage.sorts(class));
    triage.map_or(0.0, Triage::p_astray)
}

/// Share of a class's contacts that become tickets, those that come back from a bot included, as
/// much as the bot knows and as notices keep from writing at an instant.
pub fn tickets_per_contact(model: &Model, class: ClassId, at: SimTime) -> f64 {
    let bot = model.bot_of[class.index()];
    let passed = bot.map_or(1.0, |bot| 1.0 - model.automation[bot].net_deflection(at));
    passed * model.classes[class.index()].p_writes(at)
}

/// Expected tickets of a class created by genuine needs between two instants.
pub fn new_tickets(model: &Model, class: ClassId, from: SimTime, to: SimTime) -> f64 {
    model.classes[class.index()].arrivals.expected(from, to)
        * tickets_per_contact(model, class, from)
}

/// Touches of mean length of a contact at a team, of which a ticket has so many there: a bot takes
/// some contacts away, the easy ones first, and those that come back take longer. How easy a contact
/// is shows in its first touch only.
pub(crate) fn touches_per_contact(
    model: &Model,
    class: ClassId,
    team: TeamId,
    touches: f64,
    at: SimTime,
) -> f64 {
    let Some(bot) = model.bot_of[class.index()].map(|bot| &model.automation[bot]) else {
        return touches;
    };
    let entry = model.classes[class.index()].entry;
    let first = if team == entry { 1.0 } else { 0.0 };
    let (resolved, easy) = (bot.resolved(at), bot.easy_at(at, &model.stage(class, entry).handle));
    let direct = first * (1.0 - resolved * easy) + (touches - first) * (1.0 - resolved);
    let back = resolved * bot.p_returns * bot.harder * (first * easy + touches - first);
    direct + back
}

/// Approvals that a ticket of a class needs at a team; each means one touch more there.
pub(crate) fn approvals_per_visit(model: &Model, class: ClassId, team: TeamId) -> f64 {
    let rules = &model.stage(class, team).approvals;
    rules.iter().map(|rule| model.approvals[usize::from(*rule)].p).sum()
}

/// Expected hours that a team spends beside the touches of one ticket of a class: on seeing where it
/// belongs, on approvals, on what comes of unclear escalations.
pub(crate) fn hours_beside(model: &Model, class: ClassId, team: TeamId, touches: &[f64]) -> f64 {
    errand_hours(model, class, team) + step_hours(model, class, team, touches)
}

/// Expected hours that a team spends on approvals of one ticket of a class, and on what comes of
/// unclear escalations.
fn step_hours(model: &Model, class: ClassId, team: TeamId, touches: &[f64]) -> f64 {
    let mut put_to = vec![0.0; model.approvals.len()];
    let concerned = |rule: &usize| model.approvals[*rule].classes.contains(&class);
    let before = |from: TeamId| model.stage(class, from).escalations.p_after_touch();
    for rule in (0..put_to.len()).filter(concerned) {
        let approval = &model.approvals[rule];
        let again = approvals_per_visit(model, class, approval.from);
        put_to[rule] = touches[approval.from.index()] * (1.0 - before(approval.from)) * approval.p
            / (1.0 + again);
    }
    // Approvals of approvals, as long as the chain of rules may be.
    let mut chained = put_to.clone();
    for _ in 0..put_to.len() {
        let mut next = vec![0.0; put_to.len()];
        for rule in (0..put_to.len()).filter(concerned) {
            let approval = &model.approvals[rule];
            let asking = (0..put_to.len()).filter(|r| model.approvals[*r].by == approval.from);
            next[rule] = asking.map(|r| chained[r]).sum::<f64>() * approval.p;
        }
        (0..put_to.len()).for_each(|rule| put_to[rule] = (put_to[rule] + next[rule]).min(1.0));
        chained = next;
    }
    let decided = model.approvals.iter().zip(&put_to).filter(|(approval, _)| approval.by == team);
    let mut hours: f64 = decided.map(|(approval, n)| n * approval.takes.mean().hours()).sum();
    for procedure in model.procedures.iter().filter(|p| p.classes.contains(&class)) {
        if procedure.from == team || procedure.to == team {
            let mut last = 0.0;
            let mut p = 0.0;
            for (up_to, route) in &model.stage(class, procedure.from).escalations.after_touch {
                p += if route.to == procedure.to { up_to - last } else { 0.0 };
                last = *up_to;
            }
            let backs = procedure.expected_backs() * touches[procedure.from.index()] * p;
            hours += backs * procedure.takes.hours();
        }
    }
    hours
}

/// Expected hours that a team spends on one ticket of a class for seeing where it belongs.
fn errand_hours(model: &Model, class: ClassId, team: TeamId) -> f64 {
    let Some(triage) = model.triage.as_ref().filter(|triage| triage.sorts(class)) else {
        return 0.0;
    };
    let (sorted, passed_on) = triage.expected(model.classes[class.index()].entry);
    let sorted = if triage.team == Some(team) { sorted } else { 0.0 };
    sorted * triage.takes.hours() + passed_on[team.index()] * triage.bounce_takes.hours()
}

/// What a ticket of each class needs of each team, worked out once for questions about many days.
pub struct Load<'a> {
    model: &'a Model,
    /// By class: what a ticket needs of each team.
    needs: Vec<Vec<Need>>,
}

/// What a ticket of a class needs of a team.
struct Need {
    touches: f64,
    hours_beside: f64,
}

impl Load<'_> {
    /// The load of a model.
    pub fn new(model: &Model) -> Load<'_> {
        let of_class = |class| {
            let touches = touches_per_ticket(model, class);
            let touches = touches.unwrap_or_else(|| vec![0.0; model.teams.len()]);
            let of_team = |team: usize| Need {
                touches: touches[team],
                hours_beside: hours_beside(model, class, TeamId::new(team), &touches),
            };
            (0..model.teams.len()).map(of_team).collect()
        };
        Load { model, needs: (0..model.classes.len()).map(ClassId::new).map(of_class).collect() }
    }

    /// Expected hours of work that come to a team between two instants, whenever they are done; by what
    /// bots, notices and ready answers do at the first of them.
    pub fn offered_hours(&self, team: TeamId, from: SimTime, to: SimTime) -> f64 {
        let model = self.model;
        let of_class = |(index, needs): (usize, &Vec<Need>)| {
            let class = ClassId::new(index);
            let Need { touches, hours_beside } = needs[team.index()];
            let errands = if hours_beside == 0.0 {
                0.0
            } else {
                new_tickets(model, class, from, to) * hours_beside
            };
            if touches == 0.0 {
                return errands;
            }
            let plan = &model.classes[index];
            let contacts = plan.arrivals.expected(from, to) * plan.p_writes(from);
            let handle = model.agent_hours(class, team) * plan.ready_factor(from);
            contacts * handle * touches_per_contact(model, class, team, touches, from) + errands
        };
        self.needs.iter().enumerate().map(of_class).sum()
    }

    /// Mean hours of work of a ticket over all teams and touches, over the classes' mix between two
    /// instants; nothing where no ticket is expected.
    pub fn hours_per_ticket(&self, from: SimTime, to: SimTime) -> Option<f64> {
        let classes = (0..self.model.classes.len()).map(ClassId::new);
        let teams = (0..self.model.teams.len()).map(TeamId::new);
        let tickets: f64 = classes.map(|class| new_tickets(self.model, class, from, to)).sum();
        let hours: f64 = teams.map(|team| self.offered_hours(team, from, to)).sum();
        (tickets > 0.0 && hours > 0.0).then(|| hours / tickets)
    }
}

/// Agent hours at the queue of a team between two instants, shrinkage taken off. The pace of new
/// agents counts as hours of tenured ones.
pub fn productive_hours(model: &Model, team: TeamId, from: SimTime, to: SimTime) -> f64 {
    let mut hours = 0.0;
    for pool in model.teams[team.index()].pools.iter().map(|pool| &model.pools[pool.index()]) {
        if pool.empty_at_first {
            continue;
        }
        let seats = f64::from(pool.seats);
        for (start, end) in &pool.spans {
            let (start, end) = ((*start).max(from), (*end).min(to));
            if start < end {
                hours +=
                    seats * (end - start).hours() * pool.shrinkage.present() / pool.pace.at(start);
            }
        }
    }
    hours
}

#[cfg(test)]
mod tests {
    use super::super::arrivals::{ArrivalProcess, Piece};
    use super::super::build::ModelBuilder;
    use super::super::class::Class;
    use super::super::days::Days;
    use super::super::escalation::{Route, Rule};
    use super::super::pool::PoolPlan;
    use super::super::reopen::Reopen;
    use super::super::shrinkage::Shrinkage;
    use super::super::team::TeamPlan;
    use super::*;
    use crate::dist::Law;
    use crate::time::SimDuration;

    #[test]
    fn load_and_capacity_worked_by_hand() {
        let mut builder = ModelBuilder::new("load", Days::plain(0, 1));
        let front = builder.team(TeamPlan::new("front"));
        let back = builder.team(TeamPlan::new("back"));
        let piece = Piece { from: SimTime::ZERO, rate: 10.0 / 3.6e9, block: 0 };
        let arrivals = ArrivalProcess::poisson(vec![piece], SimTime::from_hours(24.0));
        let mut class =
            Class::new("a", arrivals, front, Law::Constant(SimDuration::from_minutes(6)));
        class.handle_at = vec![(back, Law::Constant(SimDuration::from_minutes(30)))];
        class.reopen = Some(Reopen::new(0.1, Law::Constant(SimDuration::ZERO)));
        let class = builder.class(class);
        let shift = vec![(SimTime::from_hours(9.0), SimTime::from_hours(17.0))];
        let half = Shrinkage { off_queue: 0.5, ..Shrinkage::default() };
        builder.pool(PoolPlan { shrinkage: half, ..PoolPlan::new(front, "f", 4, shift.clone()) });
        builder.pool(PoolPlan::new(back, "b", 1, shift));
        let route = Route { to: back, delay: None, raises_priority: false };
        builder.escalation(Rule {
            from: front,
            classes: vec![class],
            after_touch: 0.2,
            waiting: None,
            route,
        });
        let model = builder.build().unwrap();
        // Front: 1 / (1 - 0.8 x 0.1) touches; back: 0.2 of those, over 1 - 0.1.
        let touches = touches_per_ticket(&model, class).unwrap();
        let load = Load::new(&model);
        assert!((touches[0] - 1.0 / 0.92).abs() < 1e-12);
        assert!((touches[1] - 0.2 / 0.92 / 0.9).abs() < 1e-12);
        let day = (SimTime::ZERO, SimTime::from_hours(24.0));
        assert!((load.offered_hours(front, day.0, day.1) - 24.0 / 0.92).abs() < 1e-9);
        assert!((productive_hours(&model, front, day.0, day.1) - 16.0).abs() < 1e-9);
        let per_ticket = load.hours_per_ticket(day.0, day.1).unwrap();
        assert!((per_ticket - (0.1 * touches[0] + 0.5 * touches[1])).abs() < 1e-9);
    }
}
