//! What `plan` may change and what it must reach, as a scenario or the command line writes it.
//!
//! A target is `cleared by 2027-01-31 >= 90%`, or a measure against a number. A change is a key with a
//! range, `teams.front-line.agents = 20..40 by 2`, or with the values to choose from,
//! `hires.0.from = 2026-12-01 | 2026-11-16`.

use super::dials::Dial;
use super::spec::ScenarioSpec;
use super::vary::Values;
use crate::outcome::measure::{MEASURES, Measure, Unit, find};
use crate::problem::{Problem, Problems, nearest};
use jiff::civil::Date;

/// Most values of one change.
const MOST_LEVELS: usize = 400;

/// Most values of a change that nobody wrote.
const USUAL_LEVELS: u32 = 40;

/// No share that a plan can aim at is larger: 90 is meant as 90 %.
const MOST_SHARE: f64 = 2.0;

/// What a plan must reach.
#[derive(Clone, Copy)]
pub enum Goal {
    /// The backlog is cleared, by a day or by the end, with a probability.
    Cleared {
        /// The day.
        by: Option<Date>,
        /// The probability.
        p: f64,
    },
    /// A measure is at least or at most something.
    Measure {
        /// Which one.
        measure: &'static Measure,
        /// Whether it is the least; else it is the most.
        at_least: bool,
        /// The number.
        value: f64,
    },
}

/// What a plan may change.
#[derive(Clone, PartialEq, Debug)]
pub struct Lever {
    /// What it is called.
    pub title: String,
    /// The values, as they are shown.
    pub levels: Vec<String>,
    /// The overrides of each.
    pub overrides: Vec<Vec<String>>,
    /// Whether a later level is never worse: more people.
    pub rising: bool,
}

/// Problems of the `[plan]` table.
pub fn check(spec: &ScenarioSpec, problems: &mut Problems) {
    let Some(plan) = &spec.plan else { return };
    for target in &plan.targets {
        if let Err(why) = goal(&target.value) {
            let problem =
                Problem::error("wrong-target", why).at(target.span.clone(), "this target");
            problems.push(
                problem.help("write \"cleared by 2027-01-31 >= 90%\" or \"occupancy <= 85%\""),
            );
        }
    }
    for change in &plan.change {
        if let Err(why) = lever(&change.value, spec) {
            let problem =
                Problem::error("wrong-change", why).at(change.span.clone(), "this change");
            problems.push(problem.help(
                "write \"teams.front-line.agents = 20..40\" or \"hires.0.from = 2026-12-01 | 2026-11-16\"",
            ));
        }
    }
}

/// What a target says.
///
/// *Errors*: in words, what is wrong with it.
pub fn goal(text: &str) -> Result<Goal, String> {
    let (name, rest, at_least) = match (text.split_once(">="), text.split_once("<=")) {
        (Some((name, rest)), None) => (name.trim(), rest.trim(), true),
        (None, Some((name, rest))) => (name.trim(), rest.trim(), false),
        _ => return Err(format!("`{text}` compares nothing with >= or <=")),
    };
    let value = number(rest).ok_or_else(|| format!("`{rest}` is no number"))?;
    let mut words = name.split_whitespace();
    if words.next() == Some("cleared") {
        let by = match (words.next(), words.next(), words.next()) {
            (None, ..) => None,
            (Some("by"), Some(day), None) => {
                let day = day.parse().map_err(|_| format!("`{day}` is no date"))?;
                Some(day)
            }
            _ => return Err(format!("`{name}` is not cleared by a date")),
        };
        if !at_least || !(0.01..=0.999).contains(&value) {
            return Err(format!(
                "cleared wants a probability of at least 1% to 99.9%, not `{text}`"
            ));
        }
        return Ok(Goal::Cleared { by, p: value });
    }
    match find(name) {
        Some(measure) if measure.unit == Unit::Share && value > MOST_SHARE => Err(format!(
            "`{rest}` is {:.0} % of {}; did you mean `{rest}%`?",
            value * 100.0,
            measure.title
        )),
        Some(measure) => Ok(Goal::Measure { measure, at_least, value }),
        None => {
            let known = MEASURES.iter().map(|measure| measure.key).chain(["cleared"]);
            let near = nearest(name, known);
            let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            Err(format!("there is no measure `{name}`{near}"))
        }
    }
}

/// What a change says.
///
/// *Errors*: in words, what is wrong with it.
pub fn lever(text: &str, spec: &ScenarioSpec) -> Result<Lever, String> {
    let (key, values) =
        text.split_once('=').ok_or_else(|| format!("`{text}` has no `=` after its key"))?;
    let (key, values) = (key.trim(), values.trim());
    if key.is_empty() || values.is_empty() {
        return Err(format!("`{text}` lacks its key or its values"));
    }
    // Of a team that is written in groups, people are people of all groups.
    let team = key.strip_prefix("teams.").and_then(|rest| rest.strip_suffix(".agents"));
    let grouped = |team: &&str| {
        let found = spec.teams.iter().find(|(name, _)| name.value == **team);
        found.is_some_and(|(_, spec)| spec.agents.is_none() && !spec.groups.is_empty())
    };
    let dial = team.filter(grouped).map(|team| Dial::Staff(team.to_string()));
    let turn = |value: &str| match &dial {
        Some(dial) => dial.turned(spec, value.parse().unwrap_or(0.0)),
        None => vec![format!("{key}={value}")],
    };
    let (levels, in_range) = match values.split_once("..") {
        Some((from, rest)) => (range(from, rest)?, true),
        None => (values.split('|').map(|value| value.trim().to_string()).collect(), false),
    };
    if levels.iter().any(String::is_empty) {
        return Err(format!("`{values}` has an empty place"));
    }
    // Newcomers who take their mentors' time or ask the others may do more harm than good.
    let people = key.ends_with(".agents") && !takes_time_of_others(key, spec);
    if dial.is_some() && levels.iter().any(|level| level.parse::<u32>().is_err()) {
        return Err(format!("`{values}` is no number of people"));
    }
    let overrides = levels.iter().map(|level| turn(level)).collect();
    Ok(Lever { title: key.to_string(), levels, overrides, rising: people && in_range })
}

/// Whether more of those people may leave the others less time.
fn takes_time_of_others(key: &str, spec: &ScenarioSpec) -> bool {
    if !key.starts_with("hires.") {
        return false;
    }
    let mut teams = spec.teams.iter();
    spec.hires.iter().any(|hire| hire.nesting.is_some())
        || teams.any(|(_, team)| team.questions.is_some())
}

/// The values of a range: 20..40, 20..40 by 2, 20%..60% by 10%, +5%..+15% by 5%. Steps are of one where
/// nobody says.
fn range(from: &str, rest: &str) -> Result<Vec<String>, String> {
    let (to, by) = rest.split_once(" by ").unwrap_or((rest, "1"));
    let (from, to, by) = (from.trim(), to.trim(), by.trim());
    if from == to && !from.is_empty() {
        return Ok(vec![from.to_string()]);
    }
    let text = format!("{from}..{to}:{by}");
    let values = Values::parse(&text).map_err(|why| why.replace(&text, &format!("{from}..{rest}")));
    let levels = values?.levels();
    if levels.len() > MOST_LEVELS {
        return Err(format!("`{from}..{rest}` has more than {MOST_LEVELS} values"));
    }
    Ok(levels)
}

fn number(text: &str) -> Option<f64> {
    let value: f64 = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
        None => text.replace(',', "").parse().ok()?,
    };
    value.is_finite().then_some(value)
}

/// The goals of a scenario: those of the command line, else those written, else to be cleared by the
/// end with nine in ten.
///
/// *Errors*: in words, what is wrong with one of the command line.
pub fn goals(spec: &ScenarioSpec, asked: &[String]) -> Result<Vec<Goal>, String> {
    if !asked.is_empty() {
        return asked.iter().map(|text| goal(text)).collect();
    }
    let written = spec.plan.iter().flat_map(|plan| &plan.targets);
    let goals: Vec<Goal> = written.filter_map(|text| goal(&text.value).ok()).collect();
    Ok(if goals.is_empty() { vec![Goal::Cleared { by: None, p: 0.9 }] } else { goals })
}

/// The levers of a scenario: those of the command line, else those written, else the people of every
/// team, from three fifths to twice as many.
///
/// *Errors*: in words, what is wrong with one of the command line.
pub fn levers(spec: &ScenarioSpec, asked: &[String]) -> Result<Vec<Lever>, String> {
    if !asked.is_empty() {
        return asked.iter().map(|text| lever(text, spec)).collect();
    }
    let written = spec.plan.iter().flat_map(|plan| &plan.change);
    let levers: Vec<Lever> = written.filter_map(|text| lever(&text.value, spec).ok()).collect();
    if !levers.is_empty() {
        return Ok(levers);
    }
    let of_team = |name: &str| {
        let now = Dial::Staff(name.to_string()).now(spec).unwrap_or(1.0).max(1.0);
        let (from, to) = ((0.6 * now).floor().max(1.0), (2.0 * now).ceil());
        let step = ((to - from) as u32).div_ceil(USUAL_LEVELS).max(1);
        lever(&format!("teams.{name}.agents = {from}..{to} by {step}"), spec)
    };
    spec.teams.names().map(of_team).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn targets_are_read() {
        let Ok(Goal::Cleared { by: Some(by), p }) = goal("cleared by 2027-01-31 >= 90%") else {
            panic!("this is a target")
        };
        assert_eq!((by.to_string().as_str(), p), ("2027-01-31", 0.9));
        let Ok(Goal::Measure { measure, at_least, value }) = goal("occupancy<=0.85") else {
            panic!("this is a target")
        };
        assert_eq!((measure.key, at_least, value), ("occupancy", false, 0.85));
        for (text, why) in [
            ("cleared = 90%", "compares nothing"),
            ("cleared <= 90%", "at least"),
            ("cleared by Monday >= 90%", "no date"),
            ("occupancy >= much", "no number"),
            ("ocupancy >= 1", "did you mean `occupancy`"),
        ] {
            let told = goal(text).err().unwrap_or_default();
            assert!(told.contains(why), "{text}: {told}");
        }
    }

    #[test]
    fn changes_are_read() {
        let text = "[teams.front]\nagents = 9\n[teams.back]\n\
            groups = [{ name = \"a\", agents = 2 }, { name = \"b\", agents = 1 }]\n";
        let spec = Scenario::from_text("plan.toml", text, &[]).spec;
        let read = |text: &str| lever(text, &spec);
        let people = read("teams.front.agents = 8..12 by 2").unwrap();
        assert_eq!((people.levels.join(" "), people.rising), ("8 10 12".to_string(), true));
        assert_eq!(people.overrides[1], ["teams.front.agents=10"]);
        let back = read("teams.back.agents = 6..6").unwrap();
        assert_eq!(
            back.overrides[0],
            ["teams.back.groups.0.agents=4", "teams.back.groups.1.agents=2"]
        );
        let share = read("automation.bot.attempt = 20%..40% by 10%").unwrap();
        assert_eq!((share.levels.join(" "), share.rising), ("20% 30% 40%".to_string(), false));
        let changes = read("a = +5%..+15% by 5%").unwrap();
        assert_eq!(changes.overrides[1], ["a=+10%"]);
        let weeks = read("hires.0.from = 2026-11-16..2026-11-30 by 1 week").unwrap();
        assert_eq!(weeks.levels.join(" "), "2026-11-16 2026-11-23 2026-11-30");
        let days = read("hires.0.from = 2026-12-01 | 2026-11-16").unwrap();
        assert_eq!(days.overrides[1], ["hires.0.from=2026-11-16"]);
        assert_eq!(read("a = 0.1..0.3 by 0.1").unwrap().levels.join(" "), "0.1 0.2 0.3");
        for (text, why) in [
            ("teams.front.agents", "no `=`"),
            ("a = 3..1", "begins below where it ends"),
            ("a = 1..3 by 0", "a step is above 0"),
            ("a = 10%..3", "the same unit"),
            ("a = 1..900", "more than 400 values"),
            ("a = x..y", "no number"),
            ("a = 1 |", "empty place"),
            ("teams.back.agents = 1.5..3", "no number of people"),
        ] {
            let told = read(text).err().unwrap_or_default();
            assert!(told.contains(why), "{text}: {told}");
        }
        let usual = levers(&spec, &[]).unwrap();
        assert_eq!((usual[0].levels[0].as_str(), usual[0].levels.len()), ("5", 14));
        assert_eq!((usual[1].levels[0].as_str(), usual[1].levels.len()), ("1", 6));
    }
}
