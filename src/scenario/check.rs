//! Warnings that need no simulation: what arithmetic already knows about a scenario.

use super::Scenario;
use super::compile::{Compiled, Parts, compile};
use crate::ids::{ClassId, TeamId};
use crate::model::Model;
use crate::model::load::{offered_hours, productive_hours, touches_per_ticket};
use crate::problem::{Problem, Problems, Span};
use crate::time::{SimDuration, SimTime};

/// Adds warnings about load and about teams that nobody reaches.
pub fn check(scenario: &Scenario, compiled: &Compiled, problems: &mut Problems) {
    unreached_teams(scenario, &compiled.model, problems);
    let calm = compile(&scenario.spec, &scenario.sources, Parts::Calm, &mut Problems::default());
    if let Some(calm) = calm {
        load(scenario, &calm.model, problems);
    }
}

fn team_span(scenario: &Scenario, team: usize) -> Span {
    let teams = &scenario.spec.teams.0;
    teams.get(team).map_or(0..0, |(name, spec)| {
        spec.agents.as_ref().map_or(name.span.clone(), |agents| agents.span.clone())
    })
}

fn unreached_teams(scenario: &Scenario, model: &Model, problems: &mut Problems) {
    for (index, team) in model.teams.iter().enumerate() {
        if team.lines.is_empty() {
            problems.push(
                Problem::warning(
                    "team-unreached",
                    format!("no ticket ever reaches the team `{}`", team.name),
                )
                .at(team_span(scenario, index), "its agents are paid for nothing")
                .help("name it in a ticket's team or in an escalation"),
            );
        }
    }
}

/// Staffing below the offered load of calm weeks: the backlog can only grow.
fn load(scenario: &Scenario, calm: &Model, problems: &mut Problems) {
    let (from, to) = (SimTime::ZERO, (SimTime::ZERO + SimDuration::from_days(28)).min(calm.end));
    let weeks = (to - from).days() / 7.0;
    let endless =
        (0..calm.classes.len()).find(|c| touches_per_ticket(calm, ClassId::new(*c)).is_none());
    if let Some(class) = endless {
        let (name, _) = &scenario.spec.tickets.0[class];
        problems.push(
            Problem::error(
                "endless-ticket",
                format!("`{}` tickets are touched for ever and never solved", name.value),
            )
            .at(name.span.clone(), "this ticket class"),
        );
        return;
    }
    for (index, team) in calm.teams.iter().enumerate() {
        let id = TeamId::new(index);
        let (offered, productive) = (
            offered_hours(calm, id, from, to) / weeks,
            productive_hours(calm, id, from, to) / weeks,
        );
        if offered > productive {
            problems.push(
                Problem::warning(
                    "understaffed",
                    format!(
                        "`{}` gets {offered:.0} hours of work in a calm week and has {productive:.0} hours at the queue",
                        team.name
                    ),
                )
                .at(team_span(scenario, index), "its backlog can only grow")
                .help(format!(
                    "{:.0}% more agents would carry the load, follow-ups by waiting customers not counted",
                    (offered / productive.max(0.1) - 1.0).max(0.01) * 100.0
                )),
            );
        }
    }
}
