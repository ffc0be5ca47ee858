//! The cheapest plan in words, as a scenario to run, and as a table of every plan tried.

use super::text::{count, date, probability, several, value};
use crate::experiment::plan::search::Verdict;
use crate::experiment::plan::{Found, Goal, Met, Simulated};
use crate::outcome::clearance::Target;
use crate::outcome::measure::{Measure, Unit};
use crate::scenario::planning::Lever;
use serde_json::{Value, json};
use std::fmt::Write;

/// How many plans are named after the best.
const RUNNERS_UP: usize = 3;

/// What a search was about.
pub struct About<'a> {
    /// Name of the scenario.
    pub name: String,
    /// Its first day.
    pub start: String,
    /// What was changed.
    pub levers: &'a [Lever],
    /// The targets.
    pub goals: &'a [Goal],
    /// What a plan costs.
    pub cost: &'static Measure,
    /// The day of each close that a goal names, and of the frontier.
    pub day: &'a dyn Fn(u32) -> String,
    /// The close of the frontier.
    pub by: u32,
    /// Seasons of the confirmation.
    pub confirm: u64,
    /// What counts as cleared, whatever the plan.
    pub target: Target,
    /// What `check` warns of under the plan that was found.
    pub warnings: Vec<String>,
}

impl About<'_> {
    /// What targets are of, beside clearance, each once.
    pub fn measures(&self) -> Vec<&'static Measure> {
        let mut all: Vec<&'static Measure> = Vec::new();
        for measure in self.goals.iter().filter_map(Goal::measure) {
            if !all.contains(&measure) {
                all.push(measure);
            }
        }
        all
    }

    /// A goal in words.
    fn goal(&self, goal: &Goal) -> String {
        match goal {
            Goal::Cleared { by, p } => {
                format!(
                    "cleared for good by {} with at least {}",
                    date(&(self.day)(*by), &self.start),
                    probability(*p)
                )
            }
            Goal::Measure { measure, at_least, value: wanted } => {
                let bound = if *at_least { "at least" } else { "at most" };
                format!("{} {bound} {}", measure.title, value(*wanted, measure.unit))
            }
        }
    }

    /// A plan in words.
    fn plan(&self, plan: &Simulated) -> String {
        let Some(levels) = &plan.plan else { return "as the scenario stands".to_string() };
        let value = |(lever, level): (&Lever, &usize)| {
            format!("{} = {}", lever.title, lever.levels[*level])
        };
        self.levers.iter().zip(levels).map(value).collect::<Vec<_>>().join(", ")
    }

    fn cost(&self, cost: f64) -> String {
        format!("{} {}", self.cost.title, value(cost, self.cost.unit))
    }

    /// What a plan comes to, with what is counted: "costs 81,000 to run", "takes 5,200 agent hours".
    pub(super) fn comes_to(&self, number: &str) -> String {
        match self.cost.unit {
            Unit::Money => format!("costs {number} to run"),
            Unit::Count | Unit::Share | Unit::Hours | Unit::Ratio | Unit::Days | Unit::Points => {
                format!("takes {number} {}", self.cost.title)
            }
        }
    }
}

fn between(low: String, high: String) -> String {
    format!("({low} to {high})")
}

fn fares(met: &Met) -> String {
    match met.goal {
        Goal::Cleared { .. } => {
            let within = met
                .estimate
                .interval
                .map_or(String::new(), |i| between(probability(i.low), probability(i.high)));
            format!("{} {within}", probability(met.estimate.value))
        }
        Goal::Measure { measure, .. } => {
            let within = met.estimate.interval.map_or(String::new(), |i| {
                between(value(i.low, measure.unit), value(i.high, measure.unit))
            });
            format!("{} {within}", value(met.estimate.value, measure.unit))
        }
    }
}

/// The finding, how sure it is, and the plans next to it.
pub fn text(found: &Found, about: &About<'_>) -> String {
    let mut text = format!("{}\n", finding(found, about));
    let _ = writeln!(
        text,
        "Cleared means at most {} unsolved at {} closes in a row, whatever the plan.",
        count(about.target.at_most),
        about.target.closes
    );
    let _ = writeln!(
        text,
        "A plan meets a target where both ends of its interval do: one that is on the edge is not proven to."
    );
    for warning in &about.warnings {
        let _ = writeln!(text, "Note: {warning}.");
    }
    if let Some(plan) = &found.plan {
        let _ = writeln!(text, "\n{}:", on(plan, about));
        for met in &plan.goals {
            let _ = writeln!(text, "  {:<49} {}", about.goal(&met.goal) + ":", fares(met));
        }
        let _ = writeln!(text, "\n{}", how_far(found, plan, about));
        if about.cost.unit == Unit::Money {
            let _ = writeln!(
                text,
                "Penalties, lost margin and complaints are left out of it: `compare` has the total."
            );
        }
        if found.rejected > 0 {
            let _ = writeln!(
                text,
                "{} cheaper before it met the targets in the search, and did not on fresh seasons.",
                if found.rejected == 1 {
                    "One plan".to_string()
                } else {
                    format!("{} plans", count(found.rejected as f64))
                }
            );
        }
        let others = runners_up(found);
        if !others.is_empty() {
            let _ = writeln!(text, "\nThe next plans that met the targets in the search:");
        }
        for other in others {
            let _ = writeln!(text, "  {}: {}", about.plan(other), standing(other, about));
        }
    }
    if let Some(today) = &found.today {
        let _ = writeln!(text, "\nAs the scenario stands{}:", {
            let same = found.plan.as_ref().map_or("", |_| " of the same customers");
            format!(", on {} seasons{same}", count(today.cost.n as f64))
        });
        let _ = writeln!(text, "  {}", about.cost(today.cost.value));
        for met in &today.goals {
            let _ = writeln!(text, "  {:<49} {}", about.goal(&met.goal) + ":", fares(met));
        }
    }
    let seasons: u64 = found.tried.iter().map(|plan| plan.cost.n).sum();
    let _ = writeln!(
        text,
        "\n{} judged with {}; intervals are 95 % confidence.",
        several(found.tried.len() as u64, "plan"),
        several(seasons, "simulated season")
    );
    text
}

/// What a confirmation is of.
fn on(plan: &Simulated, about: &About<'_>) -> String {
    let early = if plan.cost.n < about.confirm {
        format!(" of up to {}, which leave no doubt", count(about.confirm as f64))
    } else {
        String::new()
    };
    format!("On {} fresh seasons{early}", count(plan.cost.n as f64))
}

/// The sentence to act on.
pub fn finding(found: &Found, about: &About<'_>) -> String {
    match &found.plan {
        Some(plan) => format!(
            "The cheapest plan that meets the targets: {}. It {}.",
            about.plan(plan),
            about.comes_to(&count(plan.cost.value))
        ),
        None => {
            let tried = found.tried.iter();
            let nearest = tried.min_by(|a, b| a.shortfall().total_cmp(&b.shortfall()));
            let nearest = nearest.map_or(String::new(), |plan| {
                format!(" The nearest is {}: {}.", about.plan(plan), standing(plan, about))
            });
            format!("No plan within these changes meets the targets.{nearest}")
        }
    }
}

fn standing(plan: &Simulated, about: &About<'_>) -> String {
    let mut text = format!(
        "{}, cleared for good by {} with probability {}",
        about.cost(plan.cost.value),
        date(&(about.day)(about.by), &about.start),
        probability(plan.cleared.value)
    );
    for met in &plan.goals {
        if let Goal::Measure { measure, .. } = met.goal {
            let _ = write!(text, ", {} {}", measure.title, value(met.estimate.value, measure.unit));
        }
    }
    text
}

/// How much cheaper another plan could be.
fn how_far(found: &Found, plan: &Simulated, about: &About<'_>) -> String {
    // Costs of the search and of the confirmation are of different seasons.
    let own = found.tried.iter().find(|tried| tried.plan == plan.plan);
    let own = own.map_or(plan.cost.value, |own| own.cost.value);
    match found.bound {
        Some(bound) if bound < own * 0.9999 => format!(
            "Plans below {} are ruled out, so it is at most {:.1} % dearer than the cheapest.",
            about.cost(bound),
            (own / bound - 1.0) * 100.0
        ),
        _ => "Every cheaper plan is ruled out.".to_string(),
    }
}

/// The cheapest plans that met the targets in the search, after the best.
fn runners_up(found: &Found) -> Vec<&Simulated> {
    let best = found.plan.as_ref().and_then(|plan| plan.plan.clone());
    let meets = found.tried.iter().filter(|tried| tried.verdict == Some(Verdict::Meets));
    meets.filter(|tried| tried.plan != best).take(RUNNERS_UP).collect()
}

/// The plan as a scenario that extends the one it is for, or a variant of it, with the overrides it
/// was found under.
pub fn scenario(
    found: &Found,
    about: &About<'_>,
    (extends, variant): (&str, Option<&str>),
    overrides: &[String],
) -> Option<String> {
    let plan = found.plan.as_ref()?;
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let mut text = format!("# {}\n", finding(found, about));
    for met in &plan.goals {
        let _ = writeln!(text, "# {}: {}: {}.", on(plan, about), about.goal(&met.goal), fares(met));
    }
    let _ = writeln!(text, "extends = {}", quoted(extends));
    if let Some(variant) = variant {
        let _ = writeln!(text, "variant = {}", quoted(variant));
    }
    text.push_str("set = [\n");
    // A variant may have a name of its own, which lies over what stands outside of this list.
    let name = format!("name = {}", quoted(&format!("{}, as planned", about.name)));
    let _ = writeln!(text, "  {},", quoted(&name));
    // By itself it would be held against calm weeks of its own.
    let _ = writeln!(text, "  \"cleared.at_most = {:.0}\",", about.target.at_most);
    // What the plan was found under comes first, so that the plan itself lies over it.
    for change in overrides {
        let _ = writeln!(text, "  {},", quoted(change));
    }
    for (lever, level) in about.levers.iter().zip(plan.plan.iter().flatten()) {
        for change in &lever.overrides[*level] {
            let _ = writeln!(text, "  {},", quoted(change));
        }
    }
    text.push_str("]\n");
    Some(text)
}

/// The plans of which none is both cheaper and likelier to clear, by cost: the frontier.
pub fn frontier(found: &Found) -> Vec<&Simulated> {
    let mut best = -1.0;
    let mut line = Vec::new();
    for plan in &found.tried {
        if plan.cleared.value > best {
            best = plan.cleared.value;
            line.push(plan);
        }
    }
    line
}

/// The search for programs.
pub fn json(found: &Found, about: &About<'_>) -> Value {
    let plan = |plan: &Simulated| {
        let levels: serde_json::Map<String, Value> = about
            .levers
            .iter()
            .zip(plan.plan.iter().flatten())
            .map(|(lever, level)| (lever.title.clone(), lever.levels[*level].clone().into()))
            .collect();
        let goals: Vec<Value> = plan
            .goals
            .iter()
            .map(|met| json!({ "target": about.goal(&met.goal), "estimate": met.estimate, "met": met.met }))
            .collect();
        json!({
            "plan": levels, "cost": plan.cost, "cleared": plan.cleared, "targets": goals,
            "meets": plan.verdict.map(|verdict| verdict == Verdict::Meets),
        })
    };
    json!({
        "cost": about.cost.key,
        "cleared_by": (about.day)(about.by),
        "cleared_at_most": about.target.at_most,
        "confirmed": found.plan.as_ref().map(plan),
        "today": found.today.as_ref().map(plan),
        "tried": found.tried.iter().map(plan).collect::<Vec<_>>(),
        "rejected": found.rejected,
        "warnings": about.warnings,
        "no_plan_below": found.bound,
    })
}
