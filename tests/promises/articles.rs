//! The promise: every statement that the founding articles make about backlogs can be simulated,
//! and what comes out has the sign that was stated in advance. `docs/articles.toml` has the
//! statements, `docs/articles.md` the figures; SURGECAST_RECORD=1 writes them anew.

use crate::support::{assert_recorded, files, recorded, relative, repository};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use surgecast::experiment::ensemble::{Ensemble, Trial};
use surgecast::experiment::frame::frame_of;
use surgecast::outcome::clearance::Target;
use surgecast::outcome::measure::{Measure, Unit, find};
use surgecast::report::text::value;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::Parts;
use surgecast::stats::{Estimate, ratio};

/// Seasons of each scenario that does not say otherwise.
const REPLICATIONS: u64 = 40;

/// Statements there are: fewer means that one was lost.
const STATEMENTS: usize = 103;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Articles {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// Chapter of the table.
    part: String,
    /// Articles that make the statement.
    articles: String,
    statement: String,
    /// The scenario that illustrates it, and the one it is compared with.
    scenario: String,
    against: String,
    /// What is different in `against` beside that, as overrides.
    #[serde(default)]
    change: Vec<String>,
    /// Overrides of both.
    #[serde(default)]
    both: Vec<String>,
    measure: String,
    expect: Expect,
    because: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Expect {
    More,
    Less,
    None,
}

impl Expect {
    /// Whether a difference is as was expected: its interval excludes zero on that side, or there
    /// is no difference to be seen.
    fn is_met(self, difference: &Estimate) -> bool {
        let interval = difference.interval.expect("there are several seasons");
        match self {
            Expect::More => interval.low > 0.0,
            Expect::Less => interval.high < 0.0,
            Expect::None => interval.low <= 0.0 && interval.high >= 0.0,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Expect::More => "more",
            Expect::Less => "less",
            Expect::None => "no effect",
        }
    }
}

fn articles() -> Articles {
    let text = std::fs::read_to_string(repository().join("docs/articles.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

/// Runs of scenarios by file and overrides, each done once.
struct Runs {
    pool: rayon::ThreadPool,
    done: BTreeMap<(String, Vec<String>), Ensemble>,
}

impl Runs {
    fn of(&mut self, scenario: &str, overrides: &[String]) -> &Ensemble {
        let key = (scenario.to_string(), overrides.to_vec());
        let pool = &self.pool;
        self.done.entry(key).or_insert_with(|| {
            let path = repository().join("scenarios").join(scenario);
            let read = Scenario::read(&path, overrides).unwrap();
            let (compiled, problems) = read.compile(Parts::All);
            let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let model = compiled.unwrap_or_else(|| panic!("{scenario}: {told:#?}")).model;
            let frame = frame_of(&model);
            let cleared = read.spec.cleared.as_ref().and_then(|cleared| cleared.at_most.as_ref());
            let at_most = cleared.map_or(1000.0, |at_most| f64::from(at_most.value));
            let target = Target { at_most, closes: 3, watch_from: 0 };
            let seasons = read.spec.replications.as_ref().map_or(REPLICATIONS, |n| n.value);
            let trial = Trial { model: &model, frame: &frame, seed: 1, target, points: &[] };
            Ensemble::simulate(&trial, 0..seasons, pool, &())
        })
    }
}

fn pairs(ensemble: &Ensemble, measure: &Measure) -> Vec<(f64, f64)> {
    ensemble.rows.iter().map(|row| measure.of_desk(row)).collect()
}

/// A value or difference; shares differ by points.
fn shown(x: f64, unit: Unit, is_difference: bool) -> String {
    let text = match unit {
        Unit::Share if is_difference => format!("{:.1} points", x * 100.0),
        Unit::Count if x.abs() < 10.0 => format!("{x:.2}"),
        Unit::Ratio => format!("{x:.3}"),
        Unit::Count | Unit::Hours | Unit::Share | Unit::Days | Unit::Money | Unit::Points => {
            value(x, unit)
        }
    };
    if is_difference && x > 0.0 { format!("+{text}") } else { text }
}

#[test]
fn every_statement_is_simulated_and_comes_out_as_stated() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let mut runs = Runs { pool, done: BTreeMap::new() };
    let mut text = String::from(HEAD);
    let (mut wrong, mut part) = (Vec::new(), String::new());
    for row in articles().rows {
        if row.part != part {
            part.clone_from(&row.part);
            let _ = write!(text, "\n## {part}\n\n{COLUMNS}");
        }
        let measure = find(&row.measure).unwrap_or_else(|| panic!("no measure `{}`", row.measure));
        let with = pairs(runs.of(&row.scenario, &row.both), measure);
        let changed: Vec<String> = row.both.iter().chain(&row.change).cloned().collect();
        let without = pairs(runs.of(&row.against, &changed), measure);
        let mean = |pairs: &[(f64, f64)]| ratio::estimate(pairs, 0.95).map_or(0.0, |e| e.value);
        let difference = ratio::difference(&with, &without, 0.95)
            .unwrap_or_else(|| panic!("{}: no figure for {}", row.statement, row.measure));
        let interval = difference.interval.expect("there are several seasons");
        if !row.expect.is_met(&difference) {
            wrong.push(format!(
                "{} ({}): {} {} against {}, difference {} to {}",
                row.statement,
                row.expect.word(),
                row.measure,
                mean(&with),
                mean(&without),
                interval.low,
                interval.high
            ));
        }
        let unit = measure.unit;
        let changes = if row.change.is_empty() {
            String::new()
        } else {
            format!(" with `{}`", row.change.join("`, `"))
        };
        let _ = writeln!(
            text,
            "| {} | {} | [{}](../scenarios/{}) | {}{changes} | {} | {} | {} | {} | {} ({} to {}) |",
            row.statement,
            row.articles,
            row.scenario.trim_end_matches(".toml"),
            row.scenario,
            row.against.trim_end_matches(".toml"),
            measure.title,
            format_args!("{}: {}", row.expect.word(), row.because),
            shown(mean(&without), unit, false),
            shown(mean(&with), unit, false),
            shown(difference.value, unit, true),
            shown(interval.low, unit, true),
            shown(interval.high, unit, true),
        );
    }
    assert!(wrong.is_empty(), "{} statements did not come out:\n{}", wrong.len(), wrong.join("\n"));
    let path = repository().join("docs/articles.md");
    assert_recorded(&recorded(&path, &text).into_iter().collect::<Vec<_>>());
}

const HEAD: &str = "# What the articles say, and what comes out

Five public articles about ticket backlogs (0 ChatPandas, 1 a glossary, 2 LiveAgent, 3 Qiscus, 4 New
Way) name causes, remedies, figures and risks. Each of their statements has a scenario here, a
measure, and an expectation with its reason; where what came out first contradicted what an article
hopes for, the row says so. The figures are means over seasons of the same customers with and without,
and the difference with its 95 % interval. The table is written by a test from
[articles.toml](articles.toml), and the test fails where a difference does not lie on the side that is
expected:

```sh
SURGECAST_RECORD=1 cargo test --test promises articles
```
";

const COLUMNS: &str = "| Statement | Articles | Scenario | Compared with | Measure | Expected, and why | Without | With | Difference |
|---|---|---|---|---|---|---|---|---|
";

#[test]
fn no_statement_and_no_scenario_is_missing() {
    let rows = articles().rows;
    assert_eq!(rows.len(), STATEMENTS, "statements in docs/articles.toml");
    let statements: BTreeSet<(&str, &str)> =
        rows.iter().map(|row| (row.part.as_str(), row.statement.as_str())).collect();
    assert_eq!(statements.len(), rows.len(), "a statement stands there twice");
    let used: BTreeSet<String> = rows
        .iter()
        .flat_map(|row| [&row.scenario, &row.against])
        .map(|name| format!("scenarios/{name}"))
        .collect();
    for folder in ["surges", "staffing", "automation", "escalation", "lessons"] {
        for path in files(&format!("scenarios/{folder}"), "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            let name = relative(&path);
            assert!(
                text.starts_with("# Article "),
                "{name} does not say which statement it is for"
            );
            assert!(text.lines().count() <= 25, "{name} is long for a lesson");
            let extended = || {
                let base = path.file_name().unwrap().to_string_lossy().into_owned();
                files("scenarios", "toml").iter().any(|other| {
                    let other = std::fs::read_to_string(other).unwrap();
                    other.contains(&format!("{base}\""))
                })
            };
            assert!(used.contains(&name) || extended(), "{name} illustrates nothing");
        }
    }
}
