//! When the customers of a random desk write.

use super::{Dice, Plan};
use std::sync::LazyLock;
use surgecast::model::arrivals::{ArrivalProcess, Batches, Incidents, Piece, Placement};
use surgecast::model::busyness::Busyness;
use surgecast::model::growth::Growth;
use surgecast::model::profile::Profile;
use surgecast::model::surge::{PRESETS, Shape};
use surgecast::time::{SimDuration, SimTime};

/// Tables of busyness take a while to compute.
static BUSYNESS: LazyLock<[Busyness; 2]> = LazyLock::new(|| [0.2, 0.6].map(Busyness::new));

pub fn arrivals(dice: &mut Dice, plan: &Plan) -> ArrivalProcess {
    // About fifty tickets of a class over the run.
    let per_day = dice.part(5.0, 120.0) / plan.days.len() as f64;
    let mut process = match dice.whole(0, 9) {
        _ if dice.coarse && dice.happens(0.8) => listed(dice, plan),
        0 => listed(dice, plan),
        1 | 2 => {
            dice.uses("arrivals: exact counts");
            let mut process = rates(dice, plan, per_day);
            let days = plan.days.len() as i64;
            let counts = (0..days).map(|_| dice.whole(0, 120 / days) as u32);
            process.placement = Placement::Exact(counts.collect());
            process
        }
        _ => {
            dice.uses("arrivals: poisson");
            rates(dice, plan, per_day)
        }
    };
    if process.placement == Placement::Poisson {
        if dice.has("busyness", 0.3) {
            process.busyness = Some(dice.among(&BUSYNESS[..]));
        }
        if dice.has("arrivals: incidents", 0.2) {
            let (calm, lasts) = (dice.minutes(60.0, 900.0), dice.minutes(30.0, 200.0));
            let (calm, lasts) = (calm.micros() as f64, lasts.micros() as f64);
            process.incidents = Some(Incidents::two_level(calm, lasts, dice.part(0.0, 5.0)));
        }
    }
    if dice.has("arrivals: batches", 0.25) {
        process.batches = Some(Batches { p_up_to: vec![0.7, 0.9, 1.0] });
    }
    process
}

fn listed(dice: &mut Dice, plan: &Plan) -> ArrivalProcess {
    dice.uses("arrivals: listed");
    let mut process = ArrivalProcess::none();
    let span = (plan.end - plan.start).hours();
    let every = dice.minutes(5.0, 5.0 + 25.0 * span / 24.0);
    let mut at = SimTime::ZERO.max(plan.start);
    if dice.happens(0.3) {
        at = plan.start;
    }
    let mut times = Vec::new();
    while at < plan.end && times.len() < 80 {
        times.push(at);
        if dice.happens(0.8) {
            at += every;
        }
    }
    process.placement = Placement::Listed(times);
    process.end = plan.end;
    process
}

/// Hourly rates: a profile, growth and surges, each where the dice say so.
fn rates(dice: &mut Dice, plan: &Plan, per_day: f64) -> ArrivalProcess {
    let days = &plan.days;
    let profile = if dice.has("profile", 0.5) {
        let name = dice.among(&["office-week", "retail-week", "always-on"]);
        Profile::preset(name).expect("a preset of that name")
    } else {
        Profile::flat()
    };
    let per_year = if dice.has("growth", 0.2) { dice.part(0.5, 50.0) } else { 1.0 };
    let levels_off = per_year > 1.0 && dice.has("growth: levels off", 0.5);
    let growth = Growth { per_year, limit: levels_off.then(|| dice.part(1.01, 3.0)) };
    let surges = surges(dice, plan);
    let mut pieces: Vec<Piece> = Vec::new();
    for day in 0..days.len() {
        for hour in 0..24 {
            let (from, to) = (days.minute(day, hour * 60), days.minute(day, hour * 60 + 60));
            if to <= from {
                continue;
            }
            let mut cuts: Vec<SimTime> = surges.iter().flat_map(Shape::bends).collect();
            cuts.retain(|cut| *cut > from && *cut < to);
            cuts.push(from);
            cuts.sort_unstable();
            cuts.dedup();
            for from in cuts {
                let weight = profile.weight(days.weekday(day), hour as usize);
                let mut rate =
                    per_day / 24.0 * weight / SimDuration::from_hours(1.0).micros() as f64;
                if from >= SimTime::ZERO {
                    rate *= growth.factor(from.hours() / (365.25 * 24.0));
                    rate *= surges.iter().map(|shape| shape.factor(from)).product::<f64>();
                }
                pieces.push(Piece { from, rate: rate.max(0.0), block: day as u32 });
            }
        }
    }
    ArrivalProcess::poisson(pieces, plan.end)
}

fn surges(dice: &mut Dice, plan: &Plan) -> Vec<Shape> {
    let mut shapes = Vec::new();
    if dice.has("surge: pulse", 0.25) {
        let from = plan.moment(dice);
        let rise = if dice.happens(0.5) { dice.minutes(30.0, 300.0) } else { SimDuration::ZERO };
        let tail = if dice.happens(0.5) { dice.minutes(60.0, 600.0) } else { SimDuration::ZERO };
        let until = from + rise + dice.minutes(30.0, 600.0);
        shapes.push(Shape::Pulse { from, rise, until, tail, lift: dice.part(0.3, 4.0) });
    }
    if dice.has("surge: curve", 0.15) {
        let mut times = [plan.moment(dice), plan.moment(dice), plan.moment(dice)];
        times.sort_unstable();
        shapes.push(Shape::Curve(times.map(|at| (at, dice.part(0.2, 4.0))).to_vec()));
    }
    if dice.has("surge: preset", 0.1) {
        let today = plan.days.civil(SimTime::ZERO).date();
        let place = dice.whole(0, PRESETS.len() as i64 - 1) as usize;
        shapes.push(PRESETS[place].shape(dice.part(0.3, 2.0), &plan.days, today));
    }
    shapes
}
