//! A desk as mean flows: what `theory::flows` needs to know of a model, and what it leaves out.

use super::Model;
use super::chasers::{Chasers, Reading};
use super::discipline::Discipline;
use super::load::touches_per_ticket;
use super::load::{
    approvals_per_visit, hours_beside, misrouted, tickets_per_contact, touches_per_contact,
};
use super::pending::Pending;
use super::team::ShiftEnd;
use crate::dist::Law;
use crate::ids::{ClassId, TeamId};
use crate::theory::chasing::Chasing;
use crate::theory::flows::{Flows, Kind, Mailing, Move, Stage};
use crate::ticket::State;
use crate::time::{SimDuration, SimTime};

/// Length of a step.
const STEP: SimDuration = SimDuration::from_minutes(60);

/// How long customers take to answer, where their class never asks them.
const USUAL_ANSWER: SimDuration = SimDuration::from_days(1);

/// The kind of a class's genuine tickets.
fn genuine(class: usize) -> usize {
    2 * class
}

/// The kind of a class's second tickets.
fn second(class: usize) -> usize {
    2 * class + 1
}

/// The desk as mean flows, from the start of the run to its end, in hourly steps.
pub fn flows(model: &Model) -> Flows {
    let steps = (model.end - SimTime::ZERO).hours().ceil().max(1.0) as usize;
    let teams = model.teams.len();
    let mut flows = Flows {
        step_hours: STEP.hours(),
        steps,
        teams,
        errands: vec![vec![0.0; steps]; teams],
        staff: vec![vec![0.0; steps]; teams],
        ..Flows::default()
    };
    for class in 0..model.classes.len() {
        class_flows(model, class, &mut flows);
    }
    for pool in model.pools.iter().filter(|pool| !pool.empty_at_first) {
        let away = pool.interruptions.as_ref().map_or(1.0, |away| {
            let (every, lasts) = (away.every.mean().hours(), away.lasts.mean().hours());
            every / (every + lasts).max(1e-9)
        });
        let present = f64::from(pool.seats) * pool.shrinkage.present() * away;
        for (from, to) in &pool.spans {
            let (mut from, to) = ((*from).max(SimTime::ZERO), (*to).min(model.end));
            while from < to {
                let step = (from.micros() / STEP.micros()) as usize;
                let next = SimTime::from_micros(STEP.micros() * (step as i64 + 1)).min(to);
                flows.staff[pool.team.index()][step] +=
                    present * (next - from).hours() / pool.pace.at(from);
                from = next;
            }
        }
    }
    open_with_backlog(model, &mut flows);
    for bulk in &model.bulk {
        let kinds = bulk.classes.iter().flat_map(|c| [genuine(c.index()), second(c.index())]);
        flows.mailings.push(Mailing {
            step: steps_of(bulk.at.max(SimTime::ZERO) - SimTime::ZERO),
            kinds: kinds.collect(),
            fits: bulk.p_fits,
            back: (bulk.p_reopen, steps_of(bulk.after.mean())),
        });
    }
    flows
}

fn steps_of(span: SimDuration) -> usize {
    (span.hours() / STEP.hours()).round().max(0.0) as usize
}

fn class_flows(model: &Model, index: usize, flows: &mut Flows) {
    let (id, class) = (ClassId::new(index), &model.classes[index]);
    let teams = flows.teams;
    let contacts = class.arrivals.by_step(STEP, flows.steps);
    let at = |step: usize| SimTime::from_micros(STEP.micros() * step as i64);
    let tickets: Vec<f64> = contacts
        .iter()
        .enumerate()
        .map(|(step, contacts)| contacts * tickets_per_contact(model, id, at(step)))
        .collect();
    let touches = touches_per_ticket(model, id).unwrap_or_else(|| vec![0.0; teams]);
    for team in 0..teams {
        let beside = hours_beside(model, id, TeamId::new(team), &touches);
        let errands = flows.errands[team].iter_mut().zip(&tickets);
        errands.for_each(|(errands, tickets)| *errands += beside * tickets);
    }
    // What a bot leaves over is harder; over the whole run, for the first touch.
    let first = |step: usize| touches_per_contact(model, id, class.entry, 1.0, at(step));
    let needed: f64 = contacts.iter().enumerate().map(|(step, n)| n * first(step)).sum();
    let all: f64 = tickets.iter().sum();
    let harder = if all > 0.0 { needed / all } else { 1.0 };

    let chasing = class.chasers.as_ref().map(chasing);
    let opens = class.duplicates.as_ref().map(|d| (d.p_opens, second(index)));
    let longest = model.opening.iter().map(|o| o.created_at).min().unwrap_or(SimTime::ZERO);
    let longest = steps_of(SimTime::ZERO - longest) + flows.steps + 2;
    let given_up = class.patience.as_ref().map(|patience| {
        // Those who try again are taken to have waited on.
        let gone = 1.0 - patience.p_returns;
        let share = |w: usize| patience.law.share_up_to(STEP.scale(w as f64)) * gone;
        (0..longest).map(share).collect::<Vec<f64>>()
    });
    let kind = Kind {
        entry: class.entry.index(),
        chasing,
        reading: class.chasers.as_ref().map_or(0.0, |chasers| chasers.handle.hours()),
        at_once: class.chasers.as_ref().is_some_and(|c| c.reading == Reading::AtOnce),
        duplicates: opens.filter(|_| chasing.is_some()),
        given_up: given_up.unwrap_or_default(),
    };
    let chased = class.duplicates.as_ref().is_some_and(|duplicates| duplicates.chased);
    let of_second = if chased {
        kind.clone()
    } else {
        Kind { entry: kind.entry, given_up: kind.given_up.clone(), ..Kind::default() }
    };
    flows.kinds.extend([kind, of_second]);
    flows.arrivals.extend([tickets, vec![0.0; flows.steps]]);

    let mut stages: Vec<Stage> =
        (0..teams).map(|team| stage(model, id, TeamId::new(team))).collect();
    let entry = class.entry.index();
    stages[entry].hours *= harder;
    let merged = class.duplicates.as_ref().map_or(0.0, |d| d.p_merge);
    let merging = class.duplicates.as_ref().map_or(0.0, |d| d.merge_handle.hours());
    // What is not recognised as a second ticket goes on like a first one.
    let seconds = stages.clone().into_iter().map(|mut stage| {
        stage.hours = merged * merging + (1.0 - merged) * stage.hours;
        stage.moves.iter_mut().for_each(|m| m.p *= 1.0 - merged);
        stage
    });
    flows.stages.extend(stages.iter().cloned());
    flows.stages.extend(seconds);
}

fn chasing(chasers: &Chasers) -> Chasing {
    Chasing {
        after: chasers.after.hours(),
        rate: chasers.rate * SimDuration::from_minutes(60).micros() as f64,
        shape: chasers.shape,
        at_most: (chasers.at_most < u16::MAX).then_some(u32::from(chasers.at_most)),
    }
}

/// A class's genuine tickets at a team: the same shares as `load::touches_per_ticket` has.
fn stage(model: &Model, class: ClassId, team: TeamId) -> Stage {
    let (plan, stage) = (&model.classes[class.index()], model.stage(class, team));
    let kind = genuine(class.index());
    let mut moves = Vec::new();
    let mut go = |p: f64, to: Option<usize>, after: SimDuration, unsolved: bool| {
        if p > 0.0 {
            let to = to.map(|team| (team, kind));
            moves.push(Move { p, to, after: steps_of(after), unsolved });
        }
    };
    let mut before = 0.0;
    for (p, route) in &stage.escalations.after_touch {
        let way = route.delay.as_ref().map_or(SimDuration::ZERO, Law::mean);
        go(p - before, Some(route.to.index()), way, true);
        before = *p;
    }
    let approvals = approvals_per_visit(model, class, team);
    let again = 1.0 - 1.0 / (1.0 + approvals);
    go((1.0 - before) * again, Some(team.index()), STEP, true);
    let stays = (1.0 - before) * (1.0 - again);
    let asks = plan.pending.as_ref().map_or(0.0, Pending::p_asks_on_average);
    if let Some(pending) = &plan.pending {
        let silent = pending.p_no_reply;
        let answer = pending.reply_after.mean();
        go(stays * asks * (1.0 - silent), Some(team.index()), answer, true);
        go(stays * asks * silent, None, pending.close_after, true);
    }
    if let Some(reopen) = &plan.reopen {
        let back = stays * (1.0 - asks) * reopen.expected(misrouted(model, class));
        go(back, Some(team.index()), reopen.delay.mean(), false);
    }
    Stage { hours: model.agent_hours(class, team), moves }
}

fn open_with_backlog(model: &Model, flows: &mut Flows) {
    let mut waiting = std::collections::BTreeMap::new();
    for ticket in &model.opening {
        let class = ticket.class.index();
        let away = ticket.state == State::Pending;
        let steps = if away {
            let pending = model.classes[class].pending.as_ref();
            steps_of(pending.map_or(USUAL_ANSWER, |pending| pending.reply_after.mean())).max(1)
        } else {
            steps_of(SimTime::ZERO - ticket.created_at)
        };
        *waiting.entry((away, class, steps)).or_insert(0.0) += 1.0;
    }
    for ((away, class, steps), tickets) in waiting {
        let list = if away { &mut flows.away } else { &mut flows.opening };
        list.push((genuine(class), steps, tickets));
    }
}

/// What a model has that mean flows leave out, in words.
pub fn left_out(model: &Model) -> Vec<&'static str> {
    let any_class = |has: &dyn Fn(&super::class::Class) -> bool| model.classes.iter().any(has);
    let any_team = |has: &dyn Fn(&super::team::Team) -> bool| model.teams.iter().any(has);
    let all = [
        (model.interventions.is_some(), "interventions"),
        (any_class(&|class| !class.notices.is_empty()), "whom notices calm"),
        (any_class(&|class| !class.macros.is_empty()), "macros"),
        (any_class(&|class| class.late.is_some()), "late tickets that take longer"),
        (any_class(&|class| !class.problems.is_empty()), "recurring problems that are mended"),
        (any_class(&|class| class.acknowledgement.is_some()), "acknowledgements"),
        (any_team(&|team| !team.habits.is_none()), "pace that changes under load"),
        (
            any_team(&|team| matches!(team.shift_end, ShiftEnd::Finish | ShiftEnd::FinishPooled)),
            "touches finished after a shift has ended",
        ),
        (any_team(&|team| team.room.is_some()), "who is turned away from a full team"),
        (any_team(&|team| team.blending.is_some()), "immediate work that interrupts other work"),
        (any_team(&|team| team.swarming.is_some()), "colleagues who help"),
        (any_team(&|team| team.questions.is_some()), "colleagues who are asked"),
        (model.customers.is_some(), "customers who leave or are won"),
        (any_team(&|team| team.forgetting.is_some()), "forgotten tickets"),
        (
            any_team(&|team| team.discipline != Discipline::Oldest),
            "an order other than oldest first",
        ),
        (model.pools.iter().any(|pool| pool.leaving.is_some()), "people who leave"),
        (!model.reviews.is_empty(), "staffing reviews"),
    ];
    all.into_iter().filter(|(has, _)| *has).map(|(_, what)| what).collect()
}

#[cfg(test)]
mod tests {
    use super::super::arrivals::{ArrivalProcess, Piece};
    use super::super::build::ModelBuilder;
    use super::super::class::Class;
    use super::super::days::Days;
    use super::super::pool::PoolPlan;
    use super::super::reopen::Reopen;
    use super::super::shrinkage::Shrinkage;
    use super::super::team::TeamPlan;
    use super::*;

    #[test]
    fn a_desk_in_hourly_steps_by_hand() {
        let hours = SimTime::from_hours;
        let mut builder = ModelBuilder::new("flows", Days::plain(0, 1));
        let team = builder.team(TeamPlan::new("desk"));
        let piece = Piece { from: SimTime::ZERO, rate: 10.0 / 3.6e9, block: 0 };
        let arrivals = ArrivalProcess::poisson(vec![piece], hours(24.0));
        let mut class =
            Class::new("a", arrivals, team, Law::Constant(SimDuration::from_minutes(6)));
        let day = Law::Constant(SimDuration::from_days(1));
        class.reopen = Some(Reopen::new(0.1, day));
        builder.class(class);
        let half = Shrinkage { off_queue: 0.5, ..Shrinkage::default() };
        let shift = vec![(hours(9.5), hours(17.0))];
        builder.pool(PoolPlan { shrinkage: half, ..PoolPlan::new(team, "d", 4, shift) });
        let flows = flows(&builder.build().unwrap());
        assert_eq!((flows.steps, flows.kinds.len()), (24, 2));
        assert!((flows.arrivals[0][3] - 10.0).abs() < 1e-9 && flows.arrivals[1][3] == 0.0);
        assert_eq!(&flows.staff[0][8..11], [0.0, 1.0, 2.0]);
        assert_eq!((flows.staff[0][16], flows.staff[0][17]), (2.0, 0.0));
        let back = Move { p: 0.1, to: Some((0, 0)), after: 24, unsolved: false };
        assert_eq!(flows.stages[0], Stage { hours: 0.1, moves: vec![back] });
    }
}
