//! Where every value in force comes from: what the scenario writes, what a preset brings, and what
//! is a default, with the evidence there is for it.

use super::defaults::DEFAULTS;
use super::short::stands_for;
use super::source::Sources;
use crate::evidence::{Evidence, Grade};
use crate::model::picking::EASY_FIRST;
use crate::model::surge::PRESETS;
use crate::model::tools::ToolKind;
use crate::problem::{Problems, Span};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;
use toml::de::{DeTable, DeValue};

/// Where a value comes from.
#[derive(Clone, PartialEq, Debug)]
pub enum Origin {
    /// It is written in that file, on that line.
    Written {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
    },
    /// It was set on the command line.
    Set,
    /// A preset of that name brings it.
    Preset(String),
    /// Nobody wrote anything.
    Default,
}

/// A value in force.
#[derive(Clone, PartialEq, Debug)]
pub struct InForce {
    /// Its key, with the names and positions of this scenario.
    pub key: String,
    /// The value, as it is written or would be.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What is known about such values.
    pub evidence: Option<Evidence>,
}

impl InForce {
    /// Whether the scenario or the command says it.
    pub fn is_written(&self) -> bool {
        matches!(self.origin, Origin::Written { .. } | Origin::Set)
    }

    /// Whether it is a default that rests on vendors' figures, memory or judgement.
    pub fn is_assumed(&self) -> bool {
        let weak = |evidence: &Evidence| matches!(evidence.grade, Grade::C | Grade::R | Grade::J);
        !self.is_written() && self.evidence.as_ref().is_some_and(weak)
    }
}

/// Defaults that bear on nothing unless another key stands beside them.
const ONLY_BESIDE: [(&str, &str); 3] = [
    ("automation.*.learns_over", "resolves_at_first"),
    ("hires.recruiting", "decided"),
    ("tickets.*.pending.reminded", "reminders"),
];

/// Defaults that are words, by the tables that have them.
const WORDS: [(&str, &str, &str); 5] = [
    ("", "time_zone", "UTC"),
    ("teams.*", "order", "oldest"),
    ("teams.*", "shift_end", "finish"),
    ("tickets.*", "arrivals.profile", "flat"),
    ("tickets.*", "channel", "email"),
];

/// Hours of a team where there is not one calendar alone.
const HOURS: &str = "office-hours";

/// Tables that are about other scenarios than the one that is read.
const ASIDE: [&str; 3] = ["sweep", "uncertain", "variants"];

/// Defaults that another key stands for, where it is written beside them.
const STOOD_FOR: [(&str, &str); 6] = [
    ("teams.*.concurrency.slower", "handle"),
    ("teams.*.shrinkage.absence_part", "shrinkage.absence"),
    ("teams.*.shrinkage.absence_part", "shrinkage.off_queue"),
    ("teams.*.shrinkage.total", "shrinkage.absence"),
    ("teams.*.shrinkage.total", "shrinkage.off_queue"),
    ("teams.*.swarm.over", "share"),
];

/// A table or value of the scenario with its key.
struct Place<'a, 'b> {
    key: String,
    value: &'a DeValue<'b>,
    span: Span,
}

/// All values in force, those written first, in the order of their keys.
pub fn values(sources: &Sources) -> Vec<InForce> {
    let mut table = sources.merge(&mut Problems::default());
    let mut all = Vec::new();
    for other in ASIDE {
        table.remove(other);
    }
    written(&table, "", sources, &mut all);
    for (evidence, anchor) in DEFAULTS {
        let key = &evidence.key[if anchor.is_empty() { 0 } else { anchor.len() + 1 }..];
        for (at, inside) in places(&table, anchor) {
            let bears = ONLY_BESIDE.iter().all(|(of, needs)| {
                *of != evidence.key || inside.is_some_and(|table| has(table, needs))
            });
            let stood_for = STOOD_FOR.iter().any(|(of, other)| {
                *of == evidence.key && inside.is_some_and(|table| has(table, other))
            });
            let says = match inside {
                Some(table) => has(table, key),
                None => stands_for(anchor.rsplit('.').next().unwrap_or(anchor)) == Some(key),
            };
            if bears && !stood_for && !says {
                let key = if at.is_empty() { key.to_string() } else { format!("{at}.{key}") };
                all.push(defaulted(key, *evidence, Origin::Default));
            }
        }
    }
    for (at, inside) in places(&table, "surges") {
        let Some(name) = inside.and_then(|surge| text(surge, "preset")) else { continue };
        let Some(preset) = PRESETS.iter().find(|preset| preset.name == name) else { continue };
        let key = format!("{at}.lift");
        all.retain(|value| value.key != key || value.origin != Origin::Default);
        if inside.is_some_and(|surge| !has(surge, "lift")) {
            all.push(defaulted(key, preset.lift, Origin::Preset(name)));
        }
    }
    for (at, team) in places(&table, "teams.*") {
        // An order of work is one word: this value is in force under no other.
        let key = format!("{at}.order.easy-first");
        all.retain(|value| value.key != key || value.origin != Origin::Default);
        if let Some(word) = team.and_then(|team| text(team, "order"))
            && word == "cherry-picking"
        {
            all.push(defaulted(key, EASY_FIRST, Origin::Preset(word)));
        }
    }
    for (at, tool) in places(&table, "tools") {
        let Some(tool) = tool else { continue };
        // Of all kinds of tools, what this one does.
        let effects = ["handle", "novices"].map(|effect| format!("{at}.{effect}"));
        let is_effect = |key: &str| effects.iter().any(|effect| key.starts_with(effect.as_str()));
        all.retain(|value| value.origin != Origin::Default || !is_effect(&value.key));
        let kind = text(tool, "kind").and_then(|word| {
            let word: StrDeserializer<'_, serde::de::value::Error> =
                word.as_str().into_deserializer();
            ToolKind::deserialize(word).ok()
        });
        let Some((handle, novices)) = kind.map(ToolKind::effect).filter(|_| !has(tool, "handle"))
        else {
            continue;
        };
        let [of_all, of_novices] = effects;
        all.push(defaulted(of_all, handle, Origin::Default));
        let novices = novices.filter(|_| !has(tool, "novices"));
        all.extend(novices.map(|novices| defaulted(of_novices, novices, Origin::Default)));
    }
    all.extend(words(&table));
    // What concerns the scenario as a whole comes first.
    all.sort_by_key(|value| (value.key.contains('.'), value.key.clone()));
    all
}

/// What nobody wrote where a word belongs.
fn words(table: &DeTable<'_>) -> Vec<InForce> {
    let calendars: Vec<String> =
        places(table, "calendars.*").into_iter().map(|(at, _)| at).collect();
    let hours = match &calendars[..] {
        [only] => only.trim_start_matches("calendars."),
        _ => HOURS,
    };
    let mut all = Vec::new();
    for (anchor, key, word) in WORDS.into_iter().chain([("teams.*", "hours", hours)]) {
        for (at, inside) in places(table, anchor) {
            let Some(inside) = inside else { continue };
            // Counts by the hour need no profile.
            let bears = key != "arrivals.profile" || !has(inside, "arrivals.counts");
            if bears && !has(inside, key) {
                let key = if at.is_empty() { key.to_string() } else { format!("{at}.{key}") };
                let value = format!("\"{word}\"");
                all.push(InForce { key, value, origin: Origin::Default, evidence: None });
            }
        }
    }
    all
}

fn defaulted(key: String, evidence: Evidence, origin: Origin) -> InForce {
    InForce { key, value: evidence.shown(evidence.value), origin, evidence: Some(evidence) }
}

fn text(table: &DeTable<'_>, key: &str) -> Option<String> {
    match table.get(key)?.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    }
}

/// Whether a key, perhaps of an inner table, is written; a short form (`handle = "6 min"` for its
/// mean) counts.
fn has(table: &DeTable<'_>, key: &str) -> bool {
    let (first, rest) =
        key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
    match (table.get(first).map(toml::Spanned::get_ref), rest) {
        (None, _) => false,
        (Some(DeValue::Table(inner)), Some(rest)) => has(inner, rest),
        (Some(_), Some(rest)) => stands_for(first) == Some(rest),
        (Some(_), None) => true,
    }
}

/// All tables of a pattern, with their keys: `tickets.*.chasers`, `hires`. A mechanism in its short
/// form is no table; one that is switched off is not there.
fn places<'a, 'b>(table: &'a DeTable<'b>, pattern: &str) -> Vec<(String, Option<&'a DeTable<'b>>)> {
    let mut found = vec![(String::new(), Some(table))];
    for step in pattern.split('.').filter(|step| !step.is_empty()) {
        let mut next = Vec::new();
        for (at, table) in found {
            let Some(table) = table else { continue };
            for (name, value) in table {
                let name: &str = name.get_ref();
                if step != "*" && step != name {
                    continue;
                }
                let key = if at.is_empty() { name.to_string() } else { format!("{at}.{name}") };
                match value.get_ref() {
                    DeValue::Table(inner) => next.push((key, Some(inner))),
                    DeValue::Array(items) => {
                        for (index, item) in items.iter().enumerate() {
                            if let DeValue::Table(inner) = item.get_ref() {
                                next.push((format!("{key}.{index}"), Some(inner)));
                            }
                        }
                    }
                    DeValue::Boolean(false) => {}
                    DeValue::String(_)
                    | DeValue::Integer(_)
                    | DeValue::Float(_)
                    | DeValue::Boolean(true)
                    | DeValue::Datetime(_) => next.push((key, None)),
                }
            }
        }
        found = next;
    }
    found
}

/// What is written, value by value.
fn written(table: &DeTable<'_>, at: &str, sources: &Sources, all: &mut Vec<InForce>) {
    for (name, value) in table {
        let name: &str = name.get_ref();
        let key = if at.is_empty() { name.to_string() } else { format!("{at}.{name}") };
        let place = Place { key, value: value.get_ref(), span: value.span() };
        note(&place, sources, all);
    }
}

fn note(place: &Place<'_, '_>, sources: &Sources, all: &mut Vec<InForce>) {
    match place.value {
        DeValue::Table(inner) => return written(inner, &place.key, sources, all),
        DeValue::Array(items)
            if items.iter().any(|item| matches!(item.get_ref(), DeValue::Table(_))) =>
        {
            for (index, item) in items.iter().enumerate() {
                let key = format!("{}.{index}", place.key);
                note(&Place { key, value: item.get_ref(), span: item.span() }, sources, all);
            }
            return;
        }
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_) => {}
    }
    let Some((source, at)) = sources.locate(&place.span) else { return };
    let line = source.text[..at.start].matches('\n').count() + 1;
    let origin = match source.name.as_str() {
        "--set" => Origin::Set,
        file => Origin::Written { file: file.to_string(), line },
    };
    let value = source.text[at].split_whitespace().collect::<Vec<_>>().join(" ");
    let evidence = known(&place.key);
    all.push(InForce { key: place.key.clone(), value, origin, evidence });
}

/// What is known about values of such a key; of a short form, about what it stands for.
fn known(key: &str) -> Option<Evidence> {
    let steps: Vec<&str> = key.split('.').filter(|step| step.parse::<usize>().is_err()).collect();
    let fits = |pattern: &[&str], steps: &[&str]| {
        pattern.len() == steps.len()
            && pattern.iter().zip(steps).all(|(pattern, step)| *pattern == "*" || pattern == step)
    };
    let all = || DEFAULTS.iter().map(|(evidence, _)| *evidence);
    let steps_of = |evidence: &Evidence| evidence.key.split('.').collect::<Vec<_>>();
    let exact = all().find(|evidence| fits(&steps_of(evidence), &steps));
    exact.or_else(|| {
        let inner = stands_for(steps.last()?)?;
        let full = [&steps[..], &[inner]].concat();
        all().find(|evidence| fits(&steps_of(evidence), &full))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::scenario::compile::Parts;

    const TEXT: &str = "start = 2026-11-16\n\n[tickets.orders]\narrivals = { per_day = 80 }\n\
        chasers = { after = \"8 h\" }\nreopen = \"4%\"\n\n[teams.desk]\nagents = 9\n\n\
        [[surges]]\npreset = \"black-friday\"\n\n[[hires]]\nteam = \"desk\"\nagents = 2\n\
        from = 2026-12-01\n";

    fn of<'a>(all: &'a [InForce], key: &str) -> Option<&'a InForce> {
        all.iter().find(|value| value.key == key)
    }

    #[test]
    fn every_value_says_where_it_comes_from() {
        let overrides = ["teams.desk.agents=11".to_string()];
        let all = values(&Sources::from_text("desk.toml", TEXT, &overrides));
        let agents = of(&all, "teams.desk.agents").unwrap();
        assert_eq!((agents.value.as_str(), &agents.origin), ("11", &Origin::Set));
        let after = of(&all, "tickets.orders.chasers.after").unwrap();
        let line_5 = Origin::Written { file: "desk.toml".into(), line: 5 };
        assert_eq!((after.value.as_str(), &after.origin), ("\"8 h\"", &line_5));
        assert!(after.evidence.is_some() && !after.is_assumed());
        let per_day = of(&all, "tickets.orders.chasers.per_day").unwrap();
        assert_eq!(per_day.origin, Origin::Default);
        assert!(per_day.is_assumed(), "no published value: judged");
        // Nothing is said of mechanisms that are off, of what a short form says, or of a preset's.
        assert!(of(&all, "tickets.orders.duplicates.share").is_none());
        assert!(of(&all, "tickets.orders.reopen.share").is_none());
        assert!(of(&all, "tickets.orders.reopen.after").is_some(), "the short form leaves it open");
        assert_eq!(of(&all, "tickets.orders.reopen").unwrap().evidence.unwrap().unit, "share");
        let lift = of(&all, "surges.0.lift").unwrap();
        assert_eq!(lift.origin, Origin::Preset("black-friday".into()));
        // What holds though its table is not written.
        for key in
            ["tickets.orders.handle.mean", "teams.desk.shrinkage.total", "hires.0.ramp.start"]
        {
            assert_eq!(of(&all, key).map(|value| &value.origin), Some(&Origin::Default), "{key}");
        }
        assert!(of(&all, "busyness_memory").is_some());
        // Recruiting takes no time where nobody says when it was decided.
        assert!(of(&all, "hires.0.recruiting").is_none());
    }

    #[test]
    fn the_words_nobody_wrote_change_nothing_once_they_are_written() {
        let scenario = |overrides: &[String]| {
            let scenario = Scenario::from_text("desk.toml", TEXT, overrides);
            format!("{:?}", scenario.compile(Parts::All).0.unwrap().model)
        };
        let words = values(&Sources::from_text("desk.toml", TEXT, &[]));
        let words = words.iter().filter(|value| value.value.starts_with('"'));
        let defaults = words.filter(|value| value.origin == Origin::Default);
        let overrides: Vec<String> =
            defaults.map(|word| format!("{}={}", word.key, word.value)).collect();
        assert_eq!(overrides.len(), WORDS.len() + 1, "{overrides:?}");
        assert!(overrides.contains(&"teams.desk.hours=\"office-hours\"".to_string()));
        assert!(scenario(&overrides) == scenario(&[]));
        let one = format!("{TEXT}\n[calendars.short]\nmon-fri = \"10-14\"\n");
        let all = values(&Sources::from_text("desk.toml", &one, &[]));
        assert_eq!(of(&all, "teams.desk.hours").unwrap().value, "\"short\"");
    }

    #[test]
    fn a_tool_brings_the_effects_of_its_kind() {
        let effects = |tool: &str| -> Vec<(String, String)> {
            let all =
                values(&Sources::from_text("desk.toml", &format!("[[tools]]\n{tool}\n"), &[]));
            let of_tool = all.iter().filter(|value| {
                value.origin == Origin::Default
                    && ["tools.0.handle", "tools.0.novices"]
                        .iter()
                        .any(|k| value.key.starts_with(k))
            });
            of_tool.map(|value| (value.key.clone(), value.value.clone())).collect()
        };
        let pair = |key: &str, value: &str| (key.to_string(), value.to_string());
        let handle = pair("tools.0.handle", "0.85 factor");
        assert_eq!(effects("kind = \"knowledge-base\""), [handle]);
        let assisted = [pair("tools.0.handle", "1 factor"), pair("tools.0.novices", "0.75 factor")];
        assert_eq!(effects("kind = \"agent-assist\""), assisted);
        // Who writes one effect means it for all.
        assert_eq!(effects("kind = \"agent-assist\"\nhandle = 0.9"), []);
    }

    #[test]
    fn only_cherry_picking_brings_the_usual_cherry_picking() {
        let order = |word: &str| {
            let text = format!("[teams.desk]\nagents = 9\norder = {word}\n");
            let all = values(&Sources::from_text("desk.toml", &text, &[]));
            of(&all, "teams.desk.order.easy-first").map(|value| value.origin.clone())
        };
        let word = Origin::Preset("cherry-picking".into());
        assert_eq!(order("\"cherry-picking\""), Some(word));
        assert_eq!(order("{ priority-ageing = [4, 2, 1, 1] }"), None);
        let line_3 = Origin::Written { file: "desk.toml".into(), line: 3 };
        assert_eq!(order("{ easy-first = 0.1 }"), Some(line_3));
    }
}
