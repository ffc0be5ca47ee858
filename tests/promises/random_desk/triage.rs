//! Who sends new tickets of a random desk where, and where they land.

use super::{Dice, Plan};
use surgecast::ids::TeamId;
use surgecast::model::triage::{Machine, Triage, elsewhere};
use surgecast::time::SimDuration;

pub fn triage(dice: &mut Dice, plan: &Plan) -> Option<Triage> {
    if !dice.has("triage", 0.3) {
        return None;
    }
    let takes = if dice.happens(0.5) { dice.minutes(1.0, 20.0) } else { SimDuration::ZERO };
    let machine = dice.has("triage: a machine sorts", 0.6).then(|| Machine {
        accuracy: dice.among(&[0.4, 0.7, 0.94, 1.0]),
        takes,
        threshold: dice.among(&[0.0, 0.5, 0.9]),
    });
    let unsure = machine.is_some() && dice.has("triage: people decide what it is unsure of", 0.5);
    if machine.is_none() {
        dice.uses("triage: by hand");
    }
    let team = (machine.is_none() || unsure).then(|| plan.team(dice));
    let all: Vec<TeamId> = (0..plan.teams).map(TeamId::new).collect();
    Some(Triage {
        classes: plan.some_classes(dice),
        team,
        takes: dice.minutes(1.0, 10.0),
        accuracy: dice.among(&[0.3, 0.6, 0.85, 1.0]),
        machine,
        wrong: elsewhere(&all, team, plan.teams),
        bounce_takes: dice.minutes(1.0, 10.0),
        at_most: dice.whole(1, 4) as u8,
        keeps_age: dice.has("triage: keeps its age", 0.6),
    })
}
