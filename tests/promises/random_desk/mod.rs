//! Random small desks: everything a desk can have, thrown together by a seed. Nobody would run
//! such a desk; every mechanism meets every other in some of them.

mod arrivals;
mod classes;
mod dice;
mod interventions;
mod mechanisms;
mod procedures;
mod teams;
mod triage;

pub use dice::Dice;
pub use mechanisms::MECHANISMS;

use jiff::civil::date;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use surgecast::ids::{ClassId, TeamId};
use surgecast::model::Model;
use surgecast::model::build::ModelBuilder;
use surgecast::model::bulk::BulkReply;
use surgecast::model::calendar::Calendar;
use surgecast::model::days::Days;
use surgecast::model::opening::OpeningTicket;
use surgecast::ticket::{Priority, State};
use surgecast::time::{SimDuration, SimTime};

/// A desk and the mechanisms it has.
pub struct RandomDesk {
    pub model: Model,
    pub mechanisms: BTreeSet<&'static str>,
}

/// What the parts of a desk have in common while it is put together.
struct Plan {
    days: Days,
    /// When the run begins and ends.
    start: SimTime,
    end: SimTime,
    calendars: Vec<Calendar>,
    teams: usize,
    classes: usize,
}

/// The desk of a seed.
pub fn random_desk(seed: u64) -> RandomDesk {
    let mut dice = Dice::new(seed);
    let plan = Plan::new(&mut dice);
    let mut builder = ModelBuilder::new("random desk", plan.days.clone());
    builder.starts_at(plan.start).ends_at(plan.end).calendars(plan.calendars.clone());
    if dice.happens(0.7) {
        builder.desk_hours(plan.calendars[0].clone());
    }
    builder.cap(if dice.has("cap", 0.05) { dice.whole(5, 30) as u32 } else { 350 });
    for team in 0..plan.teams {
        builder.team(teams::team(&mut dice, &plan, team));
    }
    for class in 0..plan.classes {
        let class = classes::class(&mut dice, &plan, class);
        builder.class(class);
    }
    for pool in teams::pools(&mut dice, &plan) {
        builder.pool(pool);
    }
    for (review, pool) in teams::reviews(&mut dice, &plan) {
        builder.review(review, pool);
    }
    for rule in teams::escalations(&mut dice, &plan) {
        builder.escalation(rule);
    }
    for cause in classes::root_causes(&mut dice, &plan) {
        builder.root_cause(cause);
    }
    builder.customers(classes::customers(&mut dice));
    for procedure in procedures::procedures(&mut dice, &plan) {
        builder.procedure(procedure);
    }
    for approval in procedures::approvals(&mut dice, &plan) {
        builder.approval(approval);
    }
    for bot in classes::bots(&mut dice, &plan) {
        builder.automation(bot);
    }
    builder.triage(triage::triage(&mut dice, &plan));
    if dice.has("busyness: memory", 0.3) {
        builder.busyness_memory(dice.part(0.1, 0.8));
    }
    add_bulk_replies(&mut dice, &plan, &mut builder);
    add_opening(&mut dice, &plan, &mut builder);
    let model = if dice.has("intervention", 0.2) {
        interventions::build(&mut dice, &plan, builder)
    } else {
        builder.build()
    };
    let model = model.unwrap_or_else(|error| panic!("desk {seed}: {error}"));
    RandomDesk { model, mechanisms: dice.used }
}

impl Plan {
    fn new(dice: &mut Dice) -> Plan {
        let sofia = || TimeZone::get("Europe/Sofia").expect("zones are in the library");
        let week = dice.has("days: more than a week", 0.05);
        let after = if week { 8 } else { dice.whole(1, 3) as u32 };
        let before = if dice.has("warm-up", 0.3) { dice.whole(1, 2) as u32 } else { 0 };
        let days = match dice.whole(0, 9) {
            0 => {
                dice.uses("days: clocks change");
                let night =
                    dice.among(&[date(2026, 3, 28), date(2026, 10, 24), date(2026, 10, 25)]);
                Days::new(sofia(), night, before, after)
            }
            1..4 => Days::new(sofia(), date(2026, 11, 27), before, after),
            _ => {
                dice.uses("days: plain");
                Days::plain(before, after)
            }
        };
        let hours = |h: f64| SimDuration::from_hours(h);
        let mut start = days.start();
        if before > 0 && dice.has("warm-up: from within a day", 0.3) {
            start += hours(dice.whole(1, 20) as f64);
        }
        let mut end = days.end();
        if dice.has("ends within a day", 0.2) {
            end = end - hours(dice.whole(1, 15) as f64);
        }
        let calendars = (0..2).map(|_| calendar(dice, &days)).collect();
        let teams = dice.whole(1, 3) as usize;
        let classes = dice.whole(1, 3) as usize;
        Plan { days, start, end, calendars, teams, classes }
    }

    fn team(&self, dice: &mut Dice) -> TeamId {
        TeamId::new(dice.whole(0, self.teams as i64 - 1) as usize)
    }

    fn some_classes(&self, dice: &mut Dice) -> Vec<ClassId> {
        let all = (0..self.classes).map(ClassId::new);
        let some: Vec<ClassId> = all.filter(|_| dice.happens(0.7)).collect();
        if some.is_empty() { vec![ClassId(0)] } else { some }
    }

    /// Some instant from the start of counting to a little past the end, often a whole hour.
    fn moment(&self, dice: &mut Dice) -> SimTime {
        let hours = self.end.hours();
        let at = dice.part(0.0, hours * 1.05);
        SimTime::from_hours(if dice.happens(0.6) { at.round() } else { at })
    }
}

/// Hours of a desk: by day with or without a break, over midnight, or always.
fn calendar(dice: &mut Dice, days: &Days) -> Calendar {
    let eight = SimDuration::from_hours(8.0);
    if dice.has("calendar: always open", 0.15) {
        return Calendar::always(days.start(), days.end());
    }
    let opens = dice.whole(6, 11) as u32 * 60;
    let night = dice.has("calendar: over midnight", 0.15);
    let lunch = !night && dice.has("calendar: break", 0.4);
    let closed = dice.has("calendar: closed day", 0.2);
    let mut spans = Vec::new();
    for day in 0..days.len() {
        if closed && days.len() > 1 && day == days.len() - 1 {
            continue;
        }
        let mut open =
            |from: u32, to: u32| spans.push((days.minute(day, from), days.minute(day, to)));
        if night {
            open(20 * 60, 30 * 60);
        } else if lunch {
            open(opens, opens + 240);
            open(opens + 300, opens + 540);
        } else {
            open(opens, opens + 480);
        }
    }
    Calendar::new(spans, eight)
}

fn add_bulk_replies(dice: &mut Dice, plan: &Plan, builder: &mut ModelBuilder) {
    for _ in 0..if dice.has("bulk", 0.25) { dice.whole(1, 2) } else { 0 } {
        let at = plan.moment(dice);
        builder.bulk(bulk_reply(dice, plan, at));
    }
}

fn bulk_reply(dice: &mut Dice, plan: &Plan, at: SimTime) -> BulkReply {
    BulkReply {
        at,
        classes: plan.some_classes(dice),
        p_fits: dice.among(&[0.3, 0.8, 1.0]),
        p_reopen: dice.among(&[0.0, 0.3, 1.0]),
        after: dice.law(20.0, 600.0),
    }
}

fn add_opening(dice: &mut Dice, plan: &Plan, builder: &mut ModelBuilder) {
    if !dice.has("opening", 0.25) {
        return;
    }
    let mut tickets: Vec<OpeningTicket> = (0..dice.whole(1, 15))
        .map(|_| OpeningTicket {
            class: ClassId::new(dice.whole(0, plan.classes as i64 - 1) as usize),
            created_at: SimTime::from_hours(-(dice.whole(0, 60) as f64)),
            priority: dice.happens(0.5).then(|| Priority(dice.whole(0, 3) as u8)),
            state: dice.among(&[State::New, State::Open, State::Pending]),
            asked_at: dice.happens(0.5).then(|| SimTime::from_hours(-(dice.whole(0, 60) as f64))),
        })
        .collect();
    for ticket in &mut tickets {
        ticket.asked_at = ticket.asked_at.map(|asked| asked.max(ticket.created_at));
    }
    tickets.sort_by_key(|ticket| ticket.created_at);
    if tickets.iter().any(|ticket| ticket.state == State::Pending) {
        dice.uses("opening: pending");
    }
    builder.opening(tickets);
}
