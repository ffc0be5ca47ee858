//! One or two interventions, and a desk for each set of them.

use super::{Dice, Plan, bulk_reply, teams};
use surgecast::model::Model;
use surgecast::model::build::{BuildError, ModelBuilder};
use surgecast::model::intervention::desks::reachable;
use surgecast::model::intervention::{Condition, Intervention, Trigger};
use surgecast::price::Price;
use surgecast::time::{SimDuration, SimTime};

/// What an intervention does to a desk.
#[derive(Clone)]
enum Change {
    Seats { pool: usize, by: i64 },
    Hours { pool: usize, spans: Vec<(SimTime, SimTime)> },
    Order { team: usize, like: Box<surgecast::model::team::TeamPlan> },
    Habits { class: usize, like: Box<surgecast::model::class::Class> },
    Nothing,
}

pub fn build(dice: &mut Dice, plan: &Plan, mut builder: ModelBuilder) -> Result<Model, BuildError> {
    let mut rules = Vec::new();
    let mut changes = Vec::new();
    for _ in 0..dice.whole(1, 2) {
        rules.push(rule(dice, plan));
        changes.push(change(dice, plan, &mut builder));
    }
    let desks = reachable(&rules).into_iter().map(|mask| {
        let mut desk = builder.clone();
        for (index, change) in changes.iter().enumerate() {
            if mask >> index & 1 == 1 {
                change.lay_over(&mut desk);
            }
        }
        (mask, desk)
    });
    let desks = desks.collect();
    builder.build_with(rules, desks)
}

fn rule(dice: &mut Dice, plan: &Plan) -> Intervention {
    let trigger = if dice.happens(0.5) {
        dice.uses("intervention: at a date");
        Trigger::At(plan.moment(dice))
    } else {
        dice.uses("intervention: on a condition");
        Trigger::When(condition(dice, true))
    };
    let stops = dice.has("intervention: until a condition", 0.6);
    let bulk = dice.has("intervention: answers many", 0.2);
    Intervention {
        name: "something is done".into(),
        trigger,
        lag: if dice.happens(0.5) { SimDuration::ZERO } else { dice.minutes(10.0, 1500.0) },
        until: if dice.happens(0.2) { plan.moment(dice) } else { SimTime::NEVER },
        lasts: dice.happens(0.4).then(|| dice.minutes(30.0, 2000.0)),
        stop: stops.then(|| condition(dice, false)),
        once: dice.happens(0.3),
        bulk: bulk.then(|| bulk_reply(dice, plan, SimTime::NEVER)),
        cost: Price::new(10.0),
        cost_per_week: Price::new(70.0),
    }
}

fn condition(dice: &mut Dice, above: bool) -> Condition {
    Condition {
        above,
        backlog: dice.happens(0.7).then(|| dice.whole(1, 25) as u32),
        overdue: dice.happens(0.3).then(|| dice.whole(0, 6) as u32),
        oldest: dice.happens(0.3).then(|| dice.minutes(60.0, 3000.0)),
        occupancy: dice.has("intervention: on occupancy", 0.3).then(|| dice.part(0.2, 0.95)),
        closes: dice.whole(1, 2) as u16,
    }
}

fn change(dice: &mut Dice, plan: &Plan, builder: &mut ModelBuilder) -> Change {
    let pools = builder.pools_mut().len() as i64;
    let pool = dice.whole(0, pools - 1) as usize;
    match dice.whole(0, 5) {
        0 => {
            dice.uses("intervention: more people");
            Change::Seats { pool, by: dice.whole(1, 3) }
        }
        1 => {
            dice.uses("intervention: fewer people");
            Change::Seats { pool, by: -dice.whole(1, 2) }
        }
        2 => {
            dice.uses("intervention: other hours");
            let other = dice.whole(0, 1) as usize;
            Change::Hours { pool, spans: plan.calendars[other].spans().collect() }
        }
        3 => {
            dice.uses("intervention: another order of work");
            let team = dice.whole(0, plan.teams as i64 - 1) as usize;
            Change::Order { team, like: Box::new(teams::team(dice, plan, team)) }
        }
        4 => {
            dice.uses("intervention: other habits of customers");
            let class = dice.whole(0, plan.classes as i64 - 1) as usize;
            Change::Habits { class, like: Box::new(super::classes::class(dice, plan, class)) }
        }
        _ => Change::Nothing,
    }
}

impl Change {
    fn lay_over(&self, desk: &mut ModelBuilder) {
        match self {
            Change::Seats { pool, by } => {
                let seats = &mut desk.pools_mut()[*pool].seats;
                // Somebody stays, so that whoever waits there can still be served.
                *seats = (i64::from(*seats) + by).max(1) as u32;
            }
            Change::Hours { pool, spans } => desk.pools_mut()[*pool].spans = spans.clone(),
            Change::Order { team, like } => {
                let plan = &mut desk.teams_mut()[*team];
                plan.discipline = like.discipline.clone();
                plan.interrupts = like.interrupts;
                plan.blending = like.blending.clone();
                plan.swarming = like.swarming.clone();
                plan.questions = like.questions;
                // How many at once may change, and how long each takes; not what is held so.
                if let (Some(old), Some(new)) = (&plan.concurrency, &like.concurrency) {
                    let mut changed = new.clone();
                    changed.tickets.clone_from(&old.tickets);
                    plan.concurrency = Some(changed);
                }
                plan.room = like.room;
                plan.habits = like.habits;
            }
            Change::Habits { class, like } => {
                let of = &mut desk.classes_mut()[*class];
                of.handle = like.handle.clone();
                of.patience = like.patience.clone();
                of.chasers = like.chasers.clone();
                of.duplicates = like.duplicates.clone();
                of.reopen = like.reopen.clone();
                of.pending = like.pending.clone();
                of.promise = like.promise.clone();
                of.acknowledgement = like.acknowledgement.clone();
                of.notices = like.notices.clone();
                of.macros = like.macros.clone();
            }
            Change::Nothing => {}
        }
    }
}
