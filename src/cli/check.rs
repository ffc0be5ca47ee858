//! `check`: what is wrong with a scenario, before anything is simulated.

use super::failure::Failure;
use super::{Done, Format, ScenarioArgs, output, show};
use clap::Args;
use surgecast::model::Model;
use surgecast::problem::{Problem, Severity};
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};
use surgecast::scenario::dials::Dial;

/// What `check` is asked.
#[derive(Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    scenario: ScenarioArgs,
}

pub(super) fn check(args: &CheckArgs, format: Format, quiet: bool) -> Done {
    let scenario = args.scenario.read()?;
    let (mut compiled, mut problems) = scenario.compile(Parts::All);
    // What is wrong in a variant alone is told as well.
    for variant in scenario.spec.variants.names().filter_map(|name| scenario.variant(name)) {
        let (of_variant, found) = variant.compile(Parts::All);
        compiled = compiled.filter(|_| of_variant.is_some());
        let is_new = |problem: &&Problem| !problems.iter().any(|known| known == *problem);
        let new: Vec<Problem> = found.iter().filter(is_new).cloned().collect();
        new.into_iter().for_each(|problem| problems.push(problem));
    }
    let problems = problems.sorted();
    if format == Format::Json {
        output::print(&json(&scenario, &problems))?;
    } else {
        show::problems(&scenario.sources, &problems);
    }
    let Some(Compiled { model, .. }) = compiled else { return Err(Failure::Scenario) };
    if !quiet && format == Format::Text {
        let text = format!(
            "{}: {}, {}, {}, {:.0} days. It can run.\n",
            model.name,
            several(model.classes.len(), "ticket class", "ticket classes"),
            several(model.teams.len(), "team", "teams"),
            agents(&scenario, &model),
            (model.end - surgecast::time::SimTime::ZERO).days(),
        );
        output::print(&text)?;
    }
    Ok(())
}

/// How many are there at first, and how many more may come.
fn agents(scenario: &Scenario, model: &Model) -> String {
    let teams = scenario.spec.teams.names().map(|team| Dial::Staff(team.to_string()));
    let first: f64 = teams.filter_map(|team| team.now(&scenario.spec)).sum();
    let more = model.agents().saturating_sub(first as usize);
    let more = if more == 0 { String::new() } else { format!(" and up to {more} more") };
    several(first as usize, "agent", "agents") + &more
}

fn several(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn json(scenario: &Scenario, problems: &[Problem]) -> String {
    let problem = |problem: &Problem| {
        let place = problem.labels.first().and_then(|label| scenario.sources.locate(&label.span));
        let (file, line) = match place {
            Some((source, place)) => {
                let line = source.text[..place.start].matches('\n').count() + 1;
                (Some(source.name.clone()), Some(line))
            }
            None => (None, None),
        };
        serde_json::json!({
            "code": problem.code,
            "severity": if problem.severity == Severity::Error { "error" } else { "warning" },
            "message": problem.message,
            "file": file,
            "line": line,
            "help": problem.help,
        })
    };
    let problems: Vec<_> = problems.iter().map(problem).collect();
    format!("{:#}\n", serde_json::Value::Array(problems))
}
