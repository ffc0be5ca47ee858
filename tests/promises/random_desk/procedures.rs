//! Who must say yes at a random desk, and which escalations are not clear.

use super::{Dice, Plan};
use surgecast::ids::TeamId;
use surgecast::model::approval::Approval;
use surgecast::model::procedure::Procedure;

pub fn procedures(dice: &mut Dice, plan: &Plan) -> Vec<Procedure> {
    let mut procedures = Vec::new();
    for from in (0..plan.teams).map(TeamId::new) {
        for to in (0..plan.teams).map(TeamId::new) {
            if dice.has("procedure: unclear", 0.2) {
                procedures.push(Procedure {
                    from,
                    to,
                    classes: plan.some_classes(dice),
                    clarity: dice.part(0.0, 0.9),
                    delay: dice.law(5.0, 300.0),
                    p_back: dice.among(&[0.0, 0.5, 1.0]),
                    takes: dice.minutes(1.0, 10.0),
                    at_most: dice.whole(0, 3) as u8,
                });
            }
        }
    }
    procedures
}

/// Anybody may have to ask anybody else, who may have to ask too.
pub fn approvals(dice: &mut Dice, plan: &Plan) -> Vec<Approval> {
    let mut approvals: Vec<Approval> = Vec::new();
    if plan.teams < 2 {
        return approvals;
    }
    for from in (0..plan.teams).map(TeamId::new) {
        while dice.has("approval", 0.2) && approvals.len() < 6 {
            let other = (from.index() + dice.whole(1, plan.teams as i64 - 1) as usize) % plan.teams;
            if approvals.iter().any(|approval| approval.by == from) {
                dice.uses("approval: of an approval");
            }
            approvals.push(Approval {
                from,
                by: TeamId::new(other),
                classes: plan.some_classes(dice),
                p: dice.among(&[0.1, 0.5, 1.0]),
                takes: dice.law(1.0, 20.0),
                stops_clock: dice.has("approval: stops the clock", 0.5),
            });
        }
    }
    approvals
}
