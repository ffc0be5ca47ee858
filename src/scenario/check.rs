//! Warnings that need no simulation: what arithmetic already knows about a scenario.

use super::Scenario;
use super::compile::{Compiled, Parts, compile};
use super::spec::ScenarioSpec;
use crate::ids::{ClassId, TeamId};
use crate::model::Model;
use crate::model::load::{Load, productive_hours, touches_per_ticket};
use crate::model::team::ShiftEnd;
use crate::problem::{Problem, Problems, Span, grouped};
use crate::time::{SimDuration, SimTime};

/// Most replications of a run.
const MOST_REPLICATIONS: u64 = 10_000_000;

/// Most unsolved tickets a run may hold: more fit into no memory.
const MOST_UNSOLVED: u32 = 20_000_000;

/// Numbers that stand at the top of a scenario and have limits of their own.
pub fn limits(spec: &ScenarioSpec, problems: &mut Problems) {
    let mut limit = |written: Option<(u64, Span)>, least: u64, most: u64, what: &str| {
        if let Some((number, span)) = written.filter(|(n, _)| !(least..=most).contains(n)) {
            problems.push(
                Problem::error(
                    "out-of-range",
                    format!(
                        "{what} from {} to {}, not {}",
                        grouped(least),
                        grouped(most),
                        grouped(number)
                    ),
                )
                .at(span, "this number"),
            );
        }
    };
    let replications = spec.replications.as_ref().map(|n| (n.value, n.span.clone()));
    limit(replications, 1, MOST_REPLICATIONS, "replications go");
    let cap = spec.backlog_cap.as_ref().map(|cap| (u64::from(cap.value), cap.span.clone()));
    limit(cap, 1, u64::from(MOST_UNSOLVED), "a backlog_cap goes");
    let closes = spec.cleared.as_ref().and_then(|cleared| cleared.closes.as_ref());
    let closes = closes.map(|closes| (u64::from(closes.value), closes.span.clone()));
    limit(closes, 1, 3660, "closes in a row go");
}

/// Adds warnings about load and about teams that nobody reaches.
pub fn check(scenario: &Scenario, compiled: &Compiled, problems: &mut Problems) {
    unreached_teams(scenario, &compiled.model, problems);
    touches_beyond_shifts(scenario, &compiled.model, problems);
    bots_too_choosy(scenario, &compiled.model, problems);
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
    let desks = model.interventions.iter().flat_map(|all| &all.desks).map(|(_, desk)| desk);
    let desks: Vec<&Model> = desks.chain([model]).collect();
    for (index, team) in model.teams.iter().enumerate() {
        if !desks.iter().any(|desk| desk.teams[index].reached) {
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

/// Touches that no shift is long enough for, which agents finish in hours that nobody pays.
fn touches_beyond_shifts(scenario: &Scenario, model: &Model, problems: &mut Problems) {
    for (index, team) in model.teams.iter().enumerate() {
        let spans = team.pools.iter().flat_map(|pool| &model.pools[pool.index()].spans);
        let longest = spans.map(|(from, to)| *to - *from).max().unwrap_or(SimDuration::ZERO);
        let finishes = matches!(team.shift_end, ShiftEnd::Finish | ShiftEnd::FinishPooled);
        let mean =
            |class: &usize| model.stage(ClassId::new(*class), TeamId::new(index)).mean_handle;
        let can = |class: &usize| model.can_wait(ClassId::new(*class), TeamId::new(index));
        let mut classes = (0..model.classes.len()).filter(can);
        let too_long = classes.find(|class| mean(class) > longest);
        if let Some(class) = too_long.filter(|_| finishes && longest > SimDuration::ZERO) {
            problems.push(
                Problem::warning(
                    "touch-beyond-shift",
                    format!(
                        "a touch of `{}` takes {:.1} hours on average, and the longest shift of `{}` {:.1}",
                        model.classes[class].name,
                        mean(&class).hours(),
                        team.name,
                        longest.hours()
                    ),
                )
                .at(team_span(scenario, index), "they finish it after hours, unpaid")
                .help("write shift_end = \"hand-over\" for work that goes on the next day"),
            );
        }
    }
}

/// Bots that are to resolve easier contacts than there are.
fn bots_too_choosy(scenario: &Scenario, model: &Model, problems: &mut Problems) {
    for bot in &model.automation {
        let spec = scenario.spec.automation.iter().find(|(name, _)| name.value == bot.name);
        let Some(easy) = spec.and_then(|(_, spec)| spec.easy.as_ref()) else { continue };
        let reached = bot.classes.iter().find_map(|class| {
            let entry = model.classes[class.index()].entry;
            Some((class, bot.beyond_reach(&model.stage(*class, entry).handle)?))
        });
        let Some((class, reached)) = reached else { continue };
        problems.push(
            Problem::warning(
                "easy-beyond-reach",
                format!(
                    "the easiest {:.0} % of `{}` take {:.0} % of the usual time: `{}` picks those",
                    bot.p_resolves * 100.0,
                    model.classes[class.index()].name,
                    reached * 100.0,
                    bot.name
                ),
            )
            .at(easy.span.clone(), "none are so easy")
            .help("raise easy, or the cv of their handle time"),
        );
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
            .at(name.span.clone(), "this ticket class")
            .help("lower one of its shares: of touches that escalate, of questions, of reopens"),
        );
        return;
    }
    let all = Load::new(calm);
    for (index, team) in calm.teams.iter().enumerate() {
        let id = TeamId::new(index);
        let (offered, productive) =
            (all.offered_hours(id, from, to) / weeks, productive_hours(calm, id, from, to) / weeks);
        if offered > productive {
            let help = if productive > 0.0 {
                format!(
                    "{:.0}% more agents would carry the load, follow-ups by waiting customers not counted",
                    (offered / productive - 1.0).max(0.01) * 100.0
                )
            } else {
                "nobody is there: give it agents, or hours that lie within the run".to_string()
            };
            let mut classes = calm.classes.iter().enumerate();
            let gives_up = classes.any(|(class, plan)| {
                plan.patience.is_some() && calm.can_wait(ClassId::new(class), id)
            });
            let label = if gives_up {
                "only customers who give up keep its backlog from growing"
            } else if team.room.is_some() {
                "it turns away what is too much for its room"
            } else if scenario.spec.hires.iter().any(|hires| hires.team.value == team.name) {
                "until others join, its backlog can only grow"
            } else if !scenario.spec.interventions.is_empty() {
                "without an intervention its backlog can only grow"
            } else {
                "its backlog can only grow"
            };
            problems.push(
                Problem::warning(
                    "understaffed",
                    format!(
                        "`{}` gets {} hours of work in a calm week and has {} hours at the queue",
                        team.name,
                        grouped(offered.round() as u64),
                        grouped(productive.round() as u64)
                    ),
                )
                .at(team_span(scenario, index), label)
                .help(help),
            );
        }
    }
}
