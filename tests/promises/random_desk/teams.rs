//! Teams of a random desk: who works when, in which order, and where tickets go from there.

use super::classes::later_team;
use super::{Dice, Plan};
use surgecast::ids::{CalendarId, ClassId, TeamId};
use surgecast::model::assignment::{Assignment, Sharing};
use surgecast::model::attrition::{Attrition, Leaving, Succession};
use surgecast::model::blending::Blending;
use surgecast::model::concurrency::Concurrency;
use surgecast::model::crowding::Crowding;
use surgecast::model::discipline::{Discipline, Mix};
use surgecast::model::escalation::{Route, Rule};
use surgecast::model::fatigue::Fatigue;
use surgecast::model::forgetting::Forgetting;
use surgecast::model::hires::{Hire, Nesting};
use surgecast::model::learning::{Curve, Ramp};
use surgecast::model::overtime::{Overtime, extra};
use surgecast::model::overwork::Overwork;
use surgecast::model::pace::Tool;
use surgecast::model::people::Spread;
use surgecast::model::picking::Picking;
use surgecast::model::pool::{Interruptions, PoolPlan};
use surgecast::model::pressure::Pressure;
use surgecast::model::products::Product;
use surgecast::model::questions::Questions;
use surgecast::model::reviews::{Review, Watch};
use surgecast::model::rush::Rush;
use surgecast::model::shrinkage::Shrinkage;
use surgecast::model::swarming::{Hard, Swarming};
use surgecast::model::team::{Habits, ShiftEnd, TeamPlan};
use surgecast::model::tools::Rollout;
use surgecast::time::{SimDuration, SimTime};
use surgecast::written::Hours;

const DISCIPLINES: [(&str, Discipline); 12] = [
    ("discipline: oldest", Discipline::Oldest),
    ("discipline: newest", Discipline::Newest),
    ("discipline: random", Discipline::Random),
    ("discipline: priority", Discipline::Priority),
    ("discipline: priority with ageing", Discipline::PriorityAgeing([8.0, 4.0, 2.0, 1.0])),
    ("discipline: earliest due", Discipline::EarliestDue),
    ("discipline: least slack", Discipline::LeastSlack),
    ("discipline: shortest", Discipline::Shortest),
    ("discipline: cost of waiting", Discipline::CostOfWaiting([8.0, 4.0, 2.0, 1.0])),
    (
        "discipline: several weights",
        Discipline::Mix(Mix { age: 40.0, priority: 3.0, state: 2.0, quick: 5.0 }),
    ),
    ("discipline: state first", Discipline::StateFirst),
    ("picking", Discipline::CherryPicking(Picking { slope: 0.3 })),
];

const SHIFT_ENDS: [(&str, ShiftEnd); 4] = [
    ("team: touches finished late", ShiftEnd::Finish),
    ("team: touches finished pooled", ShiftEnd::FinishPooled),
    ("team: touches suspended", ShiftEnd::Suspend),
    ("team: touches handed over", ShiftEnd::HandOver),
];

pub fn team(dice: &mut Dice, plan: &Plan, index: usize) -> TeamPlan {
    let (order, discipline) = dice.among(&DISCIPLINES);
    dice.uses(order);
    let (end, shift_end) = dice.among(&SHIFT_ENDS);
    dice.uses(end);
    TeamPlan {
        name: format!("team {index}"),
        discipline,
        shift_end,
        reread: dice.minutes(1.0, 10.0),
        interrupts: dice.has("team: urgent tickets interrupt", 0.3),
        concurrency: if dice.has("concurrency", 0.35) { concurrency(dice, plan) } else { None },
        swarming: dice.has("swarming", 0.3).then(|| swarming(dice, plan)),
        questions: dice.has("questions", 0.3).then(|| questions(dice)),
        blending: dice.has("blending", 0.3).then(|| Blending {
            immediate: plan.some_classes(dice),
            suspends: dice.has("blending: suspends", 0.7),
            reread: dice.minutes(0.0, 5.0),
        }),
        room: dice.has("room", 0.25).then(|| dice.whole(0, 12) as u32),
        crowding: dice.has("crowding", 0.25).then(|| crowding(dice)),
        assignment: assignment(dice),
        forgetting: dice.has("forgetting", 0.3).then(|| Forgetting {
            after: dice.minutes(30.0, 2000.0),
            audit: dice.has("forgetting: audits", 0.5).then(|| dice.minutes(300.0, 2000.0)),
        }),
        habits: habits(dice),
    }
}

fn concurrency(dice: &mut Dice, plan: &Plan) -> Option<Concurrency> {
    let handle: Vec<f64> = match dice.happens(0.5) {
        true => vec![1.0, 1.15, 1.3],
        false => (0..dice.whole(1, 3)).map(|_| dice.among(&[0.5, 1.0, 1.5, 3.0])).collect(),
    };
    let errs = dice.among(&[1.0, 1.0, 1.5]);
    let concurrency = Concurrency::new(plan.some_classes(dice), dice.whole(2, 4) as u32, handle);
    concurrency.map(|concurrency| concurrency.with_errors(errs))
}

fn swarming(dice: &mut Dice, plan: &Plan) -> Swarming {
    Swarming {
        tickets: plan.some_classes(dice),
        hard: match dice.whole(0, 2) {
            0 => Hard::Longer(dice.minutes(1.0, 60.0)),
            1 => Hard::TimesTheMean(dice.part(0.3, 2.0)),
            _ => Hard::Share(dice.part(0.1, 1.0)),
        },
        agents: dice.whole(2, 4) as u32,
        helper: dice.among(&[0.0, 0.3, 0.5, 1.0]),
        escalates: dice.among(&[0.0, 0.5, 1.0]),
    }
}

fn questions(dice: &mut Dice) -> Questions {
    Questions {
        share: dice.part(0.3, 1.0),
        takes: dice.among(&[SimDuration::ZERO, SimDuration::from_minutes(3)])
            + dice.minutes(0.0, 9.0),
        handle: dice.among(&[0.5, 0.8, 1.0, 1.2]),
        reopens: dice.part(0.3, 1.0),
    }
}

/// What load does to people.
fn habits(dice: &mut Dice) -> Habits {
    let pressure = |dice: &mut Dice| Pressure {
        pace: dice.part(0.8, 1.5),
        full_at: dice.among(&[0.0, 1.0, 5.0]),
        reopens: dice.part(0.8, 2.0),
    };
    let overwork = |dice: &mut Dice| Overwork {
        handle: dice.part(1.0, 2.0),
        above: dice.among(&[0.0, 0.2, 0.85]),
        days: dice.part(0.2, 3.0),
    };
    Habits {
        pressure: dice.has("pressure", 0.2).then(|| pressure(dice)),
        overwork: dice.has("overwork", 0.25).then(|| overwork(dice)),
        fatigue: dice.has("fatigue", 0.25).then(|| fatigue(dice)),
        switch: if dice.has("switching", 0.2) {
            dice.minutes(1.0, 10.0)
        } else {
            SimDuration::ZERO
        },
    }
}

/// Days that are soon too long.
fn fatigue(dice: &mut Dice) -> Fatigue {
    let usual = dice.part(0.5, 8.0);
    Fatigue {
        usual,
        slower: dice.part(0.0, 0.1),
        long: usual + dice.part(-1.0, 3.0),
        slower_past_long: dice.part(0.0, 0.3),
        next_day: dice.part(0.0, 0.1),
        recovery: dice.part(1.0, 40.0),
    }
}

fn assignment(dice: &mut Dice) -> Option<Assignment> {
    let rule = match dice.whole(0, 5) {
        0 => {
            dice.uses("assignment: in turn");
            Sharing::RoundRobin
        }
        1 => {
            dice.uses("assignment: to the least loaded");
            Sharing::LeastLoaded
        }
        _ => Sharing::Shared,
    };
    let returns_to_owner = dice.has("assignment: returns to its owner", 0.25);
    let most = dice.whole(1, 4) as u32;
    let at_most =
        (rule != Sharing::Shared && dice.has("assignment: limited inboxes", 0.5)).then_some(most);
    let returns_after = dice.minutes(60.0, 2000.0);
    let assignment = Assignment { rule, at_most, returns_after, returns_to_owner };
    (rule != Sharing::Shared || returns_to_owner).then_some(assignment)
}

/// Speeds while so many are there: any, slower and slower, or the same for ever.
fn crowding(dice: &mut Dice) -> Crowding {
    let speeds = (0..dice.whole(1, 6)).map(|_| dice.among(&[0.25, 0.5, 0.8, 1.0, 1.0, 1.3, 2.0]));
    Crowding::new(speeds).expect("positive speeds")
}

pub fn pools(dice: &mut Dice, plan: &Plan) -> Vec<PoolPlan> {
    let mut pools = Vec::new();
    for team in (0..plan.teams).map(TeamId::new) {
        let groups = dice.whole(1, 3);
        for group in 0..groups {
            let pool = pool(dice, plan, team, group);
            pools.push(pool);
        }
        if dice.has("tools", 0.2) {
            let rollout = tool(dice, plan, team);
            rollout.reach(&mut pools);
        }
        if dice.has("products", 0.15) {
            let product = Product {
                name: "new".into(),
                teams: vec![team],
                from: plan.moment(dice),
                ramp: ramp(dice),
            };
            product.teach(&mut pools);
        }
        if groups > 1 {
            dice.uses("team: groups");
        }
        if dice.has("hires", 0.2) {
            let hires = hires(dice, plan, team, &mut pools);
            pools.extend(hires);
        }
    }
    if dice.has("overtime", 0.25) {
        let hours = Hours { from: 17 * 60, to: dice.whole(18, 26) as u16 * 60 };
        let overtime = Overtime {
            name: "overtime".into(),
            team: plan.team(dice),
            days: (0..plan.days.len()).map(|day| extra(&plan.days, day, hours)).collect(),
            agents: dice.among(&[1, 2, u32::MAX]),
        };
        overtime.call(&mut pools);
    }
    if dice.has("rush", 0.25) {
        let from = plan.moment(dice);
        let rush = Rush {
            name: "rush".into(),
            team: plan.team(dice),
            from,
            until: from + dice.minutes(60.0, 300.0),
            agents: dice.among(&[1, 2, u32::MAX]),
            pace: dice.part(1.0, 1.3),
            reopens: dice.part(1.0, 3.0),
            tired_pace: dice.part(0.8, 1.0),
            tired_for: SimDuration::from_hours(dice.part(2.0, 24.0)),
        };
        rush.call(&mut pools);
    }
    pools
}

/// The first group of a team works on everything, so that no ticket is left to nobody.
fn pool(dice: &mut Dice, plan: &Plan, team: TeamId, group: i64) -> PoolPlan {
    let cohort = format!("team {} group {group}", team.index());
    let roster = roster(dice, plan);
    let mut pool = PoolPlan::new(team, &cohort, dice.whole(1, 3) as u32, roster);
    if group > 0 && dice.has("team: skills", 0.6) {
        pool.serves = plan.some_classes(dice);
    } else if dice.happens(0.3) {
        pool.serves = (0..plan.classes).rev().map(ClassId::new).collect();
    }
    if !pool.serves.is_empty() {
        pool.ordered = dice.has("team: classes in a strict order", 0.4);
    }
    if dice.has("team: a group tried later", 0.2) {
        pool.tried = 1;
    }
    if dice.has("blending: ring-fenced", 0.2) {
        pool.fence = match dice.happens(0.5) {
            true => plan.calendars[1].spans().collect(),
            false => vec![(plan.moment(dice), SimTime::NEVER)],
        };
    }
    if dice.has("shrinkage: absence", 0.3) {
        pool.shrinkage.p_absent = dice.part(0.1, 0.6);
        if dice.has("shrinkage: absence differs between days", 0.5) {
            pool.shrinkage.absence_cv = dice.part(0.1, 0.7);
        }
    }
    if dice.has("shrinkage: off the queue", 0.35) {
        pool.shrinkage.off_queue = dice.part(0.05, 0.6);
    }
    if dice.has("shrinkage: total", 0.1) {
        pool.shrinkage = Shrinkage::total(dice.part(0.1, 0.5), 0.2);
    }
    if dice.has("team: agents called away", 0.25) {
        pool.interruptions =
            Some(Interruptions { every: dice.law(60.0, 600.0), lasts: dice.law(5.0, 90.0) });
    }
    if dice.has("team: other work", 0.15) {
        pool.side_work = Some(dice.law(10.0, 60.0));
    }
    if dice.has("attrition", 0.3) {
        pool.leaving = Some(leaving(dice));
    }
    if dice.has("people", 0.25) {
        let cvs = [0.0, 0.2, 0.6];
        pool.spread = Spread { speed_cv: dice.among(&cvs), quality_cv: dice.among(&cvs) };
    }
    if dice.has("team: own pace", 0.25) {
        pool.pace.factor = dice.part(0.7, 1.5);
    }
    pool
}

/// Shifts of a group: a calendar's hours, one long shift over days, or short ones of its own.
fn roster(dice: &mut Dice, plan: &Plan) -> Vec<(SimTime, SimTime)> {
    let spans: Vec<_> = if dice.has("team: a shift over days", 0.1) {
        vec![(plan.days.start() + dice.minutes(0.0, 600.0), plan.end)]
    } else if dice.has("team: shifts of its own", 0.2) {
        let hours = dice.whole(2, 9) as u32 * 60;
        let from = dice.whole(5, 14) as u32 * 60;
        let minute = |day, minute| plan.days.minute(day, minute);
        (0..plan.days.len()).map(|day| (minute(day, from), minute(day, from + hours))).collect()
    } else {
        let which = dice.whole(0, 1) as usize;
        plan.calendars[which].spans().collect()
    };
    spans
}

fn ramp(dice: &mut Dice) -> Ramp {
    let (shape, curve) = dice.among(&[
        ("learning: in a line", Curve::Linear),
        ("learning: quick at first", Curve::Exponential),
        ("learning: slow at first", Curve::S),
        ("learning: in steps", Curve::Stepped),
    ]);
    dice.uses(shape);
    let (start, reopens) = (dice.part(1.2, 2.0), dice.part(1.0, 3.0));
    Ramp { start, over: dice.minutes(300.0, 3000.0), curve, reopens }
}

fn tool(dice: &mut Dice, plan: &Plan, team: TeamId) -> Rollout {
    let lessons = dice.has("tools: lessons", 0.6);
    Rollout {
        name: "tool".into(),
        teams: vec![team],
        tool: Tool {
            from: plan.moment(dice),
            adoption: dice.among(&[SimDuration::ZERO, SimDuration::from_hours(10.0)]),
            handle: dice.part(0.5, 1.2),
            novices: dice.part(0.5, 1.2),
            reopens: dice.part(0.5, 1.5),
            ramp: dice.part(0.3, 1.5),
        },
        training: if lessons { dice.minutes(10.0, 300.0) } else { SimDuration::ZERO },
        costs: Vec::new(),
    }
}

/// People who leave every few days, sooner under load.
fn leaving(dice: &mut Dice) -> Leaving {
    let attrition = Attrition {
        per_year: dice.among(&[0.0, 20.0, 150.0]),
        burnout: dice.part(1.0, 20.0),
        above: dice.among(&[0.0, 0.5, 0.85]),
        days: dice.part(0.2, 3.0),
        overtime: dice.part(1.0, 2.0),
    };
    let succession = Succession {
        recruiting: dice.minutes(0.0, 900.0),
        training: dice.minutes(0.0, 600.0),
        ramp: ramp(dice),
    };
    let early = if dice.has("attrition: early", 0.4) { dice.part(0.5, 1.0) } else { 0.0 };
    let succession = dice.happens(0.8).then_some(succession);
    Leaving { attrition, early, joined: None, succession }
}

/// Reviews of staff, with those whom they may ask for.
pub fn reviews(dice: &mut Dice, plan: &Plan) -> Vec<(Review, PoolPlan)> {
    let mut reviews = Vec::new();
    for index in 0..if dice.has("reviews", 0.35) { dice.whole(1, 2) } else { 0 } {
        let team = plan.team(dice);
        let watch = if dice.has("reviews: overdue", 0.4) {
            Watch::Overdue(dice.part(0.0, 0.3))
        } else {
            Watch::Backlog(dice.whole(0, 5) as u32)
        };
        let mut at: Vec<SimTime> = (0..dice.whole(2, 60)).map(|_| plan.moment(dice)).collect();
        at.sort_unstable();
        at.dedup();
        let review = Review {
            team,
            watch,
            at,
            tickets_per_agent: dice.part(0.3, 2.0),
            at_most: dice.whole(1, 4) as u32,
            recruiting: dice.minutes(0.0, 400.0),
            training: dice.minutes(0.0, 300.0),
            ramp: ramp(dice),
            notice: dice.minutes(0.0, 600.0),
        };
        let (recruiting, training) = (review.recruiting, review.training);
        let cohort = format!("review {index}");
        let mut pool = PoolPlan::new(team, &cohort, review.at_most, roster(dice, plan));
        pool.leaving = Some(Leaving {
            attrition: Attrition::default(),
            early: 0.0,
            joined: None,
            succession: Some(Succession { recruiting, training, ramp: review.ramp }),
        });
        reviews.push((review, pool));
    }
    reviews
}

fn hires(dice: &mut Dice, plan: &Plan, team: TeamId, pools: &mut [PoolPlan]) -> Option<PoolPlan> {
    let from = plan.moment(dice);
    let works_from = from + dice.minutes(0.0, 300.0);
    let until = if dice.happens(0.5) {
        works_from + SimDuration::from_hours(dice.part(2.0, 40.0))
    } else {
        SimTime::NEVER
    };
    let ramp = ramp(dice);
    let agents = dice.whole(1, 2) as u32;
    let hours = (works_from, works_from + dice.minutes(0.0, 900.0));
    let nesting = dice.has("hires: nested", 0.4).then(|| Nesting {
        hours,
        handle: dice.part(1.0, 1.5),
        mentor: dice.part(0.1, 0.9),
    });
    let early = dice.among(&[0.0, 0.0, 0.9, 0.999]);
    let name = "hires".to_string();
    let hire = Hire { name, team, agents, from, works_from, until, ramp, nesting, early };
    let spans = hire.spans(&roster(dice, plan), &plan.days);
    let cohort = format!("hires of team {}", team.index());
    let mut pool = PoolPlan::new(team, &cohort, agents, spans);
    pool.pace.ramp = Some((works_from, ramp));
    if let Some(nesting) = &nesting {
        pool.pace.windows.push(nesting.own());
        for mentors in pools.iter_mut().filter(|mentors| mentors.team == team) {
            mentors.pace.windows.push(nesting.mentors(agents, mentors.seats));
        }
    }
    let of_team = dice.has("attrition", 0.3).then(|| leaving(dice));
    pool.leaving = hire.leaving(of_team);
    pool.callable = (works_from, until);
    Some(pool)
}

pub fn escalations(dice: &mut Dice, plan: &Plan) -> Vec<Rule> {
    let mut rules = Vec::new();
    for from in (0..plan.teams).map(TeamId::new) {
        for _ in 0..dice.whole(0, 2) {
            if dice.has("escalation: after a touch", 0.6) {
                let to = plan.team(dice);
                let route = route(dice, to);
                let classes = plan.some_classes(dice);
                let after_touch = dice.part(0.05, 0.4);
                rules.push(Rule { from, classes, after_touch, waiting: None, route });
            }
        }
        if let Some(to) = later_team(dice, plan, from)
            && dice.has("escalation: waited too long", 0.4)
        {
            let business = dice.has("escalation: business time", 0.4);
            let hours = business.then(|| CalendarId(dice.whole(0, 1) as u16));
            let waiting = Some((dice.minutes(30.0, 600.0), hours));
            let route = route(dice, to);
            let classes = plan.some_classes(dice);
            rules.push(Rule { from, classes, after_touch: 0.0, waiting, route });
        }
    }
    rules
}

fn route(dice: &mut Dice, to: TeamId) -> Route {
    let delay = dice.has("escalation: takes time", 0.5).then(|| dice.law(5.0, 200.0));
    let raises_priority = dice.has("escalation: raises the priority", 0.4);
    Route { to, delay, raises_priority }
}
