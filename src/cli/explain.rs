//! `explain`: which values are in force, where each comes from, and how good its evidence is.

use super::failure::Failure;
use super::{Done, Format, ScenarioArgs, output, show};
use clap::Args;
use std::fmt::Write;
use std::path::PathBuf;
use surgecast::report::text::several;
use surgecast::scenario::compile::Parts;
use surgecast::scenario::explain::{InForce, Origin, values};

/// What `explain` is asked.
#[derive(Args)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
    /// Only values whose key holds this text.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Only defaults and presets: what nobody has written.
    #[arg(long)]
    defaults: bool,
    /// Simulate instead: which loop caused how much of the backlog, the delay and the cost.
    #[arg(long, conflicts_with_all = ["only", "defaults"])]
    pub(super) attribution: bool,
    /// Loops to tell apart, as in chasers,reopens; all that the scenario has by default.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', requires = "attribution")]
    pub(super) loops: Vec<String>,
    /// How many seasons to simulate of each set of loops.
    #[arg(long, value_name = "N", default_value_t = 60, requires = "attribution",
        value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
    pub(super) replications: u64,
    /// Number from which all chance is drawn.
    #[arg(long, default_value_t = 1, requires = "attribution")]
    pub(super) seed: u64,
    /// Threads; all processors by default.
    #[arg(long, requires = "attribution", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Folder for the waterfall and its table; outputs/<scenario> by default.
    #[arg(long, value_name = "FOLDER", requires = "attribution")]
    pub(super) out: Option<PathBuf>,
}

pub(super) fn explain(args: &ExplainArgs, format: Format) -> Done {
    let scenario = args.scenario.read()?;
    let (compiled, problems) = scenario.compile(Parts::All);
    if compiled.is_none() {
        show::problems(&scenario.sources, &problems.sorted());
        return Err(Failure::Scenario);
    }
    let asked = |value: &InForce| {
        let written = matches!(value.origin, Origin::Written { .. } | Origin::Set);
        args.only.as_ref().is_none_or(|text| value.key.contains(text.as_str()))
            && !(args.defaults && written)
    };
    let values: Vec<InForce> = values(&scenario.sources).into_iter().filter(asked).collect();
    match format {
        Format::Json => output::print(&json(&values)),
        Format::Text => output::print(&table(&values)),
    }
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Written { file, line } => format!("{file}:{line}"),
        Origin::Set => "--set".to_string(),
        Origin::Preset(name) => format!("preset {name}"),
        Origin::Default => "default".to_string(),
    }
}

/// The first two steps of a key, under which its values stand together.
fn section(key: &str) -> &str {
    let end = key.match_indices('.').map(|(place, _)| place).nth(1);
    key.find('.').map_or("", |first| &key[..end.unwrap_or(first)])
}

fn table(values: &[InForce]) -> String {
    let mut text = String::new();
    let mut last = None;
    for value in values {
        let section = section(&value.key);
        if last != Some(section) {
            let _ = writeln!(text, "\n{}", if section.is_empty() { "scenario" } else { section });
            last = Some(section);
        }
        let key = value.key.strip_prefix(section).unwrap_or(&value.key).trim_start_matches('.');
        let mark = if value.is_assumed() { '!' } else { ' ' };
        let from = origin(&value.origin);
        let _ = write!(text, "{mark} {key:<26} {:<22} {from:<24}", value.value);
        if let Some(evidence) = &value.evidence {
            let _ = write!(
                text,
                " {} (grade {}), {}: {}",
                evidence.standing(),
                evidence.grade,
                evidence.range_shown(),
                evidence.source
            );
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    let assumed = values.iter().filter(|value| value.is_assumed()).count();
    let _ = writeln!(
        text,
        "\n{} in force; {assumed} of them, marked `!`, are defaults that rest on vendors' \
         figures, on memory or on judgement. After each value: where it comes from, its evidence, \
         the range of published or plausible values, the source.",
        several(values.len() as u64, "value")
    );
    text.trim_start().to_string()
}

fn json(values: &[InForce]) -> String {
    let value = |value: &InForce| {
        serde_json::json!({
            "key": value.key,
            "value": value.value,
            "origin": origin(&value.origin),
            "assumed": value.is_assumed(),
            "evidence": value.evidence.map(|evidence| serde_json::json!({
                "grade": evidence.grade.to_string(),
                "low": evidence.range.0,
                "high": evidence.range.1,
                "unit": evidence.unit,
                "source": evidence.source,
            })),
        })
    };
    format!("{:#}\n", serde_json::Value::Array(values.iter().map(value).collect()))
}
