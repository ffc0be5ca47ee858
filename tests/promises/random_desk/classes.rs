//! Ticket classes of a random desk: what their customers need, and how they bear waiting.

use super::arrivals::arrivals;
use super::{Dice, Plan};
use serde::Deserialize;
use surgecast::ids::{CalendarId, ClassId, TeamId};
use surgecast::model::acknowledgement::{Acknowledgement, Says};
use surgecast::model::automation::Automation;
use surgecast::model::chasers::{Bump, Chasers, Reading};
use surgecast::model::class::Class;
use surgecast::model::customers::Customers;
use surgecast::model::duplicates::Duplicates;
use surgecast::model::lateness::Lateness;
use surgecast::model::macros::Macro;
use surgecast::model::notices::{Notice, Promised};
use surgecast::model::patience::Patience;
use surgecast::model::pending::Pending;
use surgecast::model::priority::{self, LevelsSpec, MATRIX, PriorityMix};
use surgecast::model::promise::{Promise, Target};
use surgecast::model::reopen::Reopen;
use surgecast::model::room::TurnedAway;
use surgecast::model::root_causes::RootCause;
use surgecast::model::told::Effect;
use surgecast::opinion::{Curve, Opinion, POINT};
use surgecast::problem::Problems;
use surgecast::ticket::Priority;
use surgecast::time::SimDuration;
use surgecast::written::Written;

pub fn class(dice: &mut Dice, plan: &Plan, index: usize) -> Class {
    let names = ["order-status", "returns", "billing"];
    let arrivals = arrivals(dice, plan);
    let entry = plan.team(dice);
    let handle = handle(dice);
    let mut class = Class::new(names[index], arrivals, entry, handle);
    class.priority = priorities(dice);
    if dice.has("handle: own time at a team", 0.3) {
        let team = plan.team(dice);
        class.handle_at = vec![(team, dice.law(5.0, 60.0))];
    }
    class.promise = promise(dice);
    if dice.has("lateness", 0.25) {
        let hours = dice.among(&[0.0, 2.0, 12.0]);
        let after = dice.has("lateness: by age", 0.4).then(|| SimDuration::from_hours(hours));
        class.late = Some(Lateness { per_day: dice.part(-0.5, 2.0), at_most: 0.8, after });
    }
    if dice.has("patience", 0.35) {
        class.patience = Some(patience(dice));
    }
    if dice.has("room: tries again", 0.6) {
        class.turned_away = Some(turned_away(dice, plan));
    }
    if dice.has("acknowledgement", 0.3) {
        class.acknowledgement = Some(acknowledgement(dice));
    }
    if dice.has("notices", 0.3) {
        class.notices = notices(dice, plan);
    }
    if dice.has("chasers", 0.5) {
        class.chasers = Some(chasers(dice));
        if dice.has("duplicates", 0.4) {
            class.duplicates = Some(duplicates(dice, plan));
        }
    }
    if dice.has("reopen", 0.4) {
        class.reopen = Some(reopen(dice));
    }
    if dice.has("pending", 0.4) {
        class.pending = Some(pending(dice));
    }
    if dice.has("macros", 0.3) {
        class.macros = macros(dice, plan);
    }
    class
}

fn handle(dice: &mut Dice) -> surgecast::dist::Law {
    if dice.coarse {
        dice.uses("handle: constant");
    } else {
        dice.uses("handle: by chance");
    }
    dice.law(5.0, 70.0)
}

#[derive(Deserialize)]
struct Levels {
    urgency: Written<LevelsSpec>,
    impact: Written<LevelsSpec>,
}

fn priorities(dice: &mut Dice) -> PriorityMix {
    if dice.has("priority: one", 0.3) {
        return PriorityMix::only(Priority(dice.whole(0, 3) as u8));
    }
    if dice.has("priority: shares", 0.5) {
        return PriorityMix::new([0.1, 0.3, 0.4, 0.2]);
    }
    dice.uses("priority: matrix");
    let levels: Levels = toml::from_str(
        "urgency = { urgent = 0.2, normal = 0.5, low = 0.3 }\nimpact = { high = 0.5, low = 0.5 }",
    )
    .expect("well-formed levels");
    let custom = [[0, 1, 2, 3], [0, 0, 1, 1], [2, 1, 0, 3], [3, 3, 3, 3]];
    let matrix = if dice.happens(0.5) { MATRIX } else { custom };
    priority::compile(
        Some(&levels.urgency),
        Some(&levels.impact),
        &matrix,
        &mut Problems::default(),
    )
}

fn promise(dice: &mut Dice) -> Promise {
    let first = dice.has("promise: first reply", 0.5);
    let resolution = dice.has("promise: resolution", 0.5);
    let next = dice.has("promise: next reply", 0.4);
    let by_priority = (first || next || resolution) && dice.has("promise: by priority", 0.3);
    let mut target = |there: bool, least: f64, most: f64| -> Target {
        let same = there.then(|| dice.minutes(least, most));
        let mut target = [same; Priority::COUNT];
        for one in target.iter_mut().filter(|_| there && by_priority) {
            *one = dice.happens(0.8).then(|| dice.minutes(least, most));
        }
        target
    };
    let first_reply = target(first, 30.0, 600.0);
    let next_reply = target(next, 20.0, 500.0);
    let resolution_by = target(resolution, 120.0, 2000.0);
    let hours = if (first || next || resolution) && dice.happens(0.5) {
        dice.uses("promise: business time");
        Some(CalendarId(dice.whole(0, 1) as u16))
    } else {
        None
    };
    let answer = dice.has("promise: answer", 0.3).then(|| dice.minutes(0.5, 60.0));
    Promise { answer, first_reply, next_reply, resolution: resolution_by, hours }
}

fn patience(dice: &mut Dice) -> Patience {
    let mut patience = Patience::new(dice.law(30.0, 900.0));
    if dice.has("patience: returns", 0.5) {
        patience.p_returns = dice.among(&[0.4, 1.0]);
        patience.returns_after = dice.law(10.0, 300.0);
    }
    if dice.has("patience: outside", 0.4) {
        let share: f64 = dice.among(&[0.3, 1.0]);
        patience.p_outside = share.min(1.0 - patience.p_returns);
    }
    patience.after_interruption = dice.has("patience: after an interruption", 0.5);
    patience
}

fn effect(dice: &mut Dice) -> Effect {
    Effect { calm: dice.among(&[0.0, 0.3, 0.7, 1.0]), past: dice.among(&[1.0, 1.5, 4.0]) }
}

fn acknowledgement(dice: &mut Dice) -> Acknowledgement {
    let says = match dice.whole(0, 2) {
        0 => Says::Nothing,
        1 => {
            dice.uses("acknowledgement: says what is promised");
            Says::Promise
        }
        _ => {
            dice.uses("acknowledgement: says what is expected");
            Says::Expected
        }
    };
    Acknowledgement { lasts: dice.minutes(30.0, 900.0), says, effect: effect(dice) }
}

fn notices(dice: &mut Dice, plan: &Plan) -> Vec<Notice> {
    let mut notices = Vec::new();
    for number in 0..dice.whole(1, 2) as u16 {
        let from = plan.moment(dice);
        let mut until = from + dice.minutes(60.0, 1500.0);
        let promised = match dice.whole(0, 2) {
            0 => Promised::Nothing,
            1 => {
                dice.uses("notices: a promised date");
                let date = from + dice.minutes(30.0, 900.0);
                until = until.min(date);
                Promised::By(date)
            }
            _ => {
                dice.uses("notices: a promised wait");
                Promised::Within(dice.minutes(30.0, 600.0))
            }
        };
        notices.push(Notice {
            number,
            from,
            until,
            p_reach: dice.among(&[0.5, 1.0]),
            p_stays_away: dice.among(&[0.0, 0.4, 1.0]),
            promised,
            effect: effect(dice),
        });
    }
    notices
}

fn turned_away(dice: &mut Dice, plan: &Plan) -> TurnedAway {
    let p_first = dice.among(&[0.3, 0.8, 1.0]);
    let another = dice.has("room: another share after later attempts", 0.5);
    TurnedAway {
        overflow: dice.has("room: overflow", 0.4).then(|| plan.team(dice)),
        p_first,
        p_later: if another { dice.among(&[0.0, 0.5, 0.9]) } else { p_first },
        after: dice.law(10.0, 300.0),
    }
}

fn chasers(dice: &mut Dice) -> Chasers {
    let shape = if dice.has("chasers: rate moves with the wait", 0.3) {
        dice.among(&[0.6, 1.7])
    } else {
        1.0
    };
    let reading = if dice.has("chasers: read at once", 0.4) {
        Reading::AtOnce
    } else {
        dice.uses("chasers: read with the ticket");
        Reading::WithTicket
    };
    let bump = match dice.whole(0, 3) {
        0 => {
            dice.uses("chasers: bump to the front");
            Bump::ToFront
        }
        1 => {
            dice.uses("chasers: bump to the back");
            Bump::ToBack
        }
        _ => Bump::None,
    };
    let after_bot = if dice.has("chasers: after a bot", 0.2) { dice.part(1.5, 4.0) } else { 1.0 };
    Chasers {
        after_bot,
        after: dice.minutes(10.0, 240.0),
        rate: dice.part(1.0, 12.0) / 86_400e6,
        shape,
        at_most: dice.whole(1, 4) as u16,
        handle: dice.minutes(1.0, 10.0),
        reading,
        bump,
        raises_priority: dice.has("chasers: raise the priority", 0.3),
    }
}

fn duplicates(dice: &mut Dice, plan: &Plan) -> Duplicates {
    let switch = dice.has("duplicates: another channel", 0.4).then(|| {
        (ClassId::new(dice.whole(0, plan.classes as i64 - 1) as usize), dice.part(0.3, 1.0))
    });
    Duplicates {
        p_opens: dice.part(0.1, 0.6),
        p_merge: dice.among(&[0.0, 0.6, 1.0]),
        merge_handle: dice.minutes(1.0, 10.0),
        switch,
        chased: dice.has("duplicates: chased too", 0.3),
    }
}

fn reopen(dice: &mut Dice) -> Reopen {
    let after_wait = dice
        .has("reopen: another share after a long wait", 0.3)
        .then(|| (dice.minutes(20.0, 300.0), dice.part(0.0, 0.8)));
    let p = dice.part(0.05, 0.5);
    let misroute = dice.has("reopen: after a misroute", 0.3);
    let after_misroute = if misroute { dice.among(&[0.0, 0.5, 1.5, 4.0]) } else { 1.0 };
    Reopen { p, after_wait, after_misroute, delay: dice.law(20.0, 900.0) }
}

fn pending(dice: &mut Dice) -> Pending {
    Pending {
        p_asks: dice.part(0.1, 0.6),
        at_most: dice.has("pending: at most", 0.3).then(|| dice.whole(1, 3) as u16),
        reply_after: dice.law(10.0, 500.0),
        p_no_reply: dice.part(0.0, 0.4),
        reminders: match dice.has("pending: reminders", 0.4) {
            true => (0..dice.whole(1, 2)).map(|_| dice.minutes(30.0, 300.0)).collect(),
            false => Vec::new(),
        },
        p_reminded: dice.among(&[0.0, 0.5, 1.0]),
        close_after: dice.minutes(60.0, 900.0),
        hours: dice.has("pending: business time", 0.3).then(|| CalendarId(dice.whole(0, 1) as u16)),
    }
}

fn macros(dice: &mut Dice, plan: &Plan) -> Vec<Macro> {
    let numbers = 0..dice.whole(1, 2) as u16;
    let text = |number| Macro {
        number,
        from: if dice.happens(0.5) { plan.moment(dice) } else { plan.start },
        p_fits: dice.among(&[0.3, 0.7, 1.0]),
        handle: dice.among(&[0.4, 0.8, 1.0]),
        reopens: dice.among(&[0.5, 1.0, 2.0]),
    };
    numbers.map(text).collect()
}

/// Recurring problems: of a class at most all contacts stem from them.
pub fn root_causes(dice: &mut Dice, plan: &Plan) -> Vec<RootCause> {
    let mut causes = Vec::new();
    if !dice.has("root_causes", 0.3) {
        return causes;
    }
    for number in 0..dice.whole(1, 2) {
        let analysis = dice
            .has("root_causes: analysis", 0.5)
            .then(|| (dice.minutes(60.0, 900.0), dice.whole(1, 10) as u32));
        causes.push(RootCause {
            name: format!("problem {number}"),
            classes: plan.some_classes(dice),
            p_share: dice.among(&[0.1, 0.3, 0.5]),
            detected_after: dice.whole(1, 20) as u32,
            analysis,
            mended_after: dice.minutes(0.0, 900.0),
        });
    }
    causes
}

/// Few customers, so that it shows when some leave.
pub fn customers(dice: &mut Dice) -> Option<Customers> {
    if !dice.has("customers", 0.2) {
        return None;
    }
    let recommends = dice.has("customers: recommend", 0.6);
    let points = |hours: f64, points: u64| (SimDuration::from_hours(hours), points * POINT);
    let within = dice.part(1.0, 8.0);
    Some(Customers {
        number: dice.whole(5, 200) as u32,
        tolerate: dice.minutes(10.0, 400.0),
        p_leave_per_day: dice.among(&[0.0, 0.3, 0.9]),
        p_leave_per_reopen: dice.among(&[0.0, 0.2, 1.0]),
        p_leave_given_up: dice.among(&[0.0, 0.5, 1.0]),
        p_recommend: if recommends { dice.part(0.1, 1.0) } else { 0.0 },
        p_warn: dice.among(&[0.0, 0.5]),
        word_takes: dice.minutes(0.0, 600.0),
        opinion: Opinion {
            reply: Curve(vec![points(0.0, 5), points(within, 4)]),
            resolution: Curve(vec![points(within, 5), points(4.0 * within, 2)]),
            per_reopen: POINT / 2,
            per_touch: POINT / 10,
        },
    })
}

/// Bots: each class meets at most one.
pub fn bots(dice: &mut Dice, plan: &Plan) -> Vec<Automation> {
    let mut bots = Vec::new();
    let mut first: Vec<ClassId> = Vec::new();
    for class in (0..plan.classes).map(ClassId::new) {
        if !dice.has("automation", 0.2) {
            continue;
        }
        if !first.is_empty() && dice.happens(0.5) {
            first.push(class);
            continue;
        }
        first.push(class);
        let (p_attempt, p_resolves) = (dice.part(0.4, 1.0), dice.part(0.1, 0.8));
        let returns = dice.has("automation: returns", 0.6);
        let learns = dice
            .has("automation: learns", 0.5)
            .then(|| (dice.part(0.0, 0.5), dice.minutes(300.0, 3000.0)));
        bots.push(Automation {
            name: format!("bot {}", bots.len()),
            classes: vec![class],
            p_attempt,
            from: if dice.happens(0.4) { plan.moment(dice) } else { plan.start },
            p_resolves,
            learns,
            takes: dice.law(1.0, 30.0),
            p_returns: if returns { dice.part(0.2, 1.0) } else { 0.0 },
            returns_after: dice.law(20.0, 600.0),
            harder: dice.part(1.0, 1.5),
            raises_priority: dice.has("automation: returns are more urgent", 0.5),
            easy: dice.part(0.2, 1.0),
        });
    }
    bots
}

/// Position of a team that a ticket may reach without a touch from another: only ever forward, so
/// that nobody moves in circles.
pub fn later_team(dice: &mut Dice, plan: &Plan, from: TeamId) -> Option<TeamId> {
    let next = from.index() + 1;
    (next < plan.teams)
        .then(|| TeamId::new(dice.whole(next as i64, plan.teams as i64 - 1) as usize))
}
