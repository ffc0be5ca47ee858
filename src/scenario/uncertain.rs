//! What nobody knows for sure about a scenario, and how far off it may be.
//!
//! A default is taken to its published or plausible range: one value stands behind all its keys, so
//! they move together. What the scenario writes itself, and for which there is published evidence
//! at all, is an estimate of the planner's own and is taken a fifth down and up, as are arrivals.
//! The scenario's `[uncertain]` table says better.

use super::explain::{InForce, Origin, values};
use super::source::Sources;
use super::vary::{Factor, Range, Values, is_change, number, plain, written};
use crate::evidence::{Evidence, Grade};
use crate::problem::Problems;

/// How far a value that the scenario writes may be off.
const OFF: f64 = 0.2;

/// Defaults that are about how a season is looked at, and not about the desk.
const ABOUT_THE_STUDY: [&str; 2] = ["cleared.closes", "warm_up"];

/// Something uncertain.
#[derive(Clone, PartialEq, Debug)]
pub struct Uncertain {
    /// What it is called: its key, or the key of the default with `*` for names.
    pub name: String,
    /// The keys that take its value.
    pub keys: Vec<String>,
    /// The value in force.
    pub now: String,
    /// The values it may have.
    pub values: Values,
    /// Why it is uncertain, in words.
    pub why: String,
    /// The grade of its evidence, where it is a default.
    pub grade: Option<Grade>,
}

impl Uncertain {
    /// The overrides that set it to a share of the way from its lowest to its highest value.
    pub fn at(&self, share: f64) -> Vec<String> {
        let value = self.value_at(share);
        self.keys.iter().map(|key| format!("{key}={value}")).collect()
    }

    /// The value at a share of the way from the lowest to the highest.
    pub fn value_at(&self, share: f64) -> String {
        self.values.at(share)
    }
}

/// Everything uncertain about a scenario: what its own table says first, then defaults, then what
/// it writes. Wrong entries of the table become problems.
pub fn uncertain(sources: &Sources, problems: &mut Problems) -> Vec<Uncertain> {
    let in_force = values(sources);
    let mut all: Vec<Uncertain> = Vec::new();
    for Factor { key, values } in written(sources, &["uncertain"], problems) {
        let now = in_force.iter().find(|value| value.key == key);
        all.push(Uncertain {
            name: key.clone(),
            now: now.map_or("–".to_string(), |now| now.value.clone()),
            keys: vec![key],
            values,
            why: "as the scenario says".to_string(),
            grade: None,
        });
    }
    let known =
        |all: &[Uncertain], key: &str| all.iter().any(|one| one.keys.iter().any(|k| k == key));
    for value in &in_force {
        if known(&all, &value.key) || ABOUT_THE_STUDY.contains(&value.key.as_str()) {
            continue;
        }
        match value.origin {
            Origin::Default | Origin::Preset(_) => default(value, &mut all),
            Origin::Written { .. } | Origin::Set => all.extend(estimate(value)),
        }
    }
    all
}

/// The overrides that set a default, wherever it is in force, to a value; nothing where it is not.
pub fn of_default(sources: &Sources, evidence: &Evidence, value: f64) -> Option<Vec<String>> {
    let all = values(sources);
    let keys = all.iter().filter(|one| {
        one.origin == Origin::Default
            && one.evidence.as_ref().is_some_and(|e| e.key == evidence.key)
    });
    let sets: Vec<String> = keys.map(|one| format!("{}={}", one.key, plain(value))).collect();
    (!sets.is_empty()).then_some(sets)
}

/// A default joins the others of its kind.
fn default(value: &InForce, all: &mut Vec<Uncertain>) {
    let Some(evidence) = value.evidence else { return };
    let (low, high) = evidence.range;
    // What is relative to another time is written as a time of its own, and not as a default.
    if low >= high || evidence.unit.starts_with("times ") {
        return;
    }
    let why = format!("range of the default ({})", evidence.standing());
    let twin = all.iter_mut().find(|one| one.name == evidence.key && one.grade.is_some());
    if let Some(twin) = twin {
        twin.keys.push(value.key.clone());
        return;
    }
    let (factor, unit) = settable(evidence.unit);
    let is_whole = unit.is_empty() && [low, high, evidence.value].iter().all(|x| x.fract() == 0.0);
    all.push(Uncertain {
        name: evidence.key.to_string(),
        keys: vec![value.key.clone()],
        now: value.value.clone(),
        values: Values::Range(Range::of(low * factor, high * factor, unit, is_whole)),
        why,
        grade: Some(evidence.grade),
    });
}

/// How much comes, as it may be written.
const ARRIVALS: [&str; 5] = [
    "arrivals.per_day",
    "arrivals.per_hour",
    "arrivals.per_week",
    "arrivals.orders_per_day",
    "arrivals.contact_rate",
];

/// An estimate of the planner's own: what has evidence elsewhere, and arrivals.
fn estimate(value: &InForce) -> Option<Uncertain> {
    let arrivals = ARRIVALS.iter().any(|key| value.key.ends_with(key));
    let evidence = value.evidence.filter(|_| !is_decided(&value.key));
    if evidence.is_none() && !arrivals {
        return None;
    }
    let (now, unit) = number(&value.value)?;
    if now == 0.0 || !now.is_finite() {
        return None;
    }
    let most = match unit {
        // A surge may more than double what comes.
        _ if value.key.ends_with("lift") => f64::INFINITY,
        "%" if !value.value.contains('+') => 100.0,
        "" if evidence.is_some_and(|e| e.unit == "share") => 1.0,
        _ => f64::INFINITY,
    };
    let (near, far) = (now * (1.0 - OFF), (now * (1.0 + OFF)).min(most));
    let (low, high) = (near.min(far), near.max(far));
    // Tickets a day may be any number; chasers at most, and the like, are counted.
    let counted =
        unit.is_empty() && evidence.is_some_and(|e| matches!(e.unit, "" | "tickets" | "contacts"));
    let (low, high) = if counted { (low.round(), high.round()) } else { (low, high) };
    (low < high).then(|| Uncertain {
        name: value.key.clone(),
        keys: vec![value.key.clone()],
        now: value.value.trim_matches('"').to_string(),
        values: Values::Range(Range::of(low, high, unit, counted).signed(is_change(&value.value))),
        why: "a fifth down and up".to_string(),
        grade: None,
    })
}

/// Whether a planner decides such a value rather than estimating it.
fn is_decided(key: &str) -> bool {
    const DECIDED: [&str; 6] =
        ["hires", "interventions", "staffing_reviews", "rushes", "bulk_replies", "notices"];
    DECIDED.iter().any(|section| key.starts_with(section)) && !key.ends_with("reopen")
}

/// The unit in which a default can be written, and what its number is to be multiplied with.
fn settable(unit: &str) -> (f64, &str) {
    match unit {
        "min" | "h" | "d" | "s" | "weeks" => (1.0, unit),
        "months" => (365.25 / 12.0, "d"),
        "days of work" => (1.0, "d"),
        // Shares, factors, rates and counts are plain numbers.
        _ => (1.0, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "start = 2026-11-16\n[tickets.a]\narrivals = { per_day = 80 }\n\
        chasers = { after = \"10 h\" }\nreopen = \"90%\"\n[tickets.b]\narrivals = { per_day = 20 }\n\
        chasers = { per_day = 0.2 }\n[tickets.c]\narrivals = { per_day = 20 }\nchasers = {}\n\
        [tickets.d]\narrivals = { customers = 900, contact_rate = \"8% per week\" }\n\
        [teams.desk]\nagents = 9\noverwork = true\n\
        pressure = { pace = \"+10%\", reopens = \"-10%\" }\n[uncertain]\nteams.desk.shrinkage = \"25%..35%\"\n";

    #[test]
    fn defaults_move_together_estimates_alone_and_the_table_has_the_word() {
        let mut problems = Problems::default();
        let all = uncertain(&Sources::from_text("desk.toml", TEXT, &[]), &mut problems);
        assert!(!problems.has_errors());
        let of = |name: &str| {
            all.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("{name}: {all:?}"))
        };
        let rate = of("tickets.*.chasers.per_day");
        assert_eq!(rate.keys, ["tickets.a.chasers.per_day", "tickets.c.chasers.per_day"]);
        assert_eq!(rate.at(0.0)[1], "tickets.c.chasers.per_day=0.02");
        assert_eq!((rate.value_at(1.0).as_str(), rate.grade), ("0.5", Some(Grade::J)));
        let own = of("tickets.b.chasers.per_day");
        assert_eq!(
            (own.value_at(0.0), own.value_at(1.0)),
            ("0.16".to_string(), "0.24".to_string())
        );
        assert_eq!(
            (of("tickets.a.chasers.after").value_at(0.0), of("tickets.a.chasers.after").grade),
            ("8 h".to_string(), None)
        );
        assert_eq!(of("tickets.a.arrivals.per_day").value_at(1.0), "96");
        assert_eq!(of("tickets.d.arrivals.contact_rate").value_at(0.0), "6.4 % per week");
        assert_eq!(of("tickets.d.arrivals.contact_rate").value_at(1.0), "9.6 % per week");
        // No share passes all.
        assert_eq!(of("tickets.a.reopen").value_at(1.0), "100%");
        assert_eq!(of("teams.desk.shrinkage").value_at(1.0), "35%");
        assert!(
            !all.iter().any(|one| one.name == "teams.*.shrinkage" || one.name.contains("agents"))
        );
        // A change keeps its sign: a fifth of what it changes is not a fifth of the whole.
        let pace = of("teams.desk.pressure.pace");
        assert_eq!((pace.value_at(0.0), pace.value_at(1.0)), ("+8%".into(), "+12%".into()));
        let reopens = of("teams.desk.pressure.reopens");
        assert_eq!((reopens.value_at(0.0), reopens.value_at(1.0)), ("-12%".into(), "-8%".into()));
        assert_eq!(of("teams.*.overwork.over").value_at(1.0), "30 d");
        // Whole numbers stay whole.
        assert_eq!(of("tickets.*.chasers.at_most").value_at(0.5), "6");
    }

    #[test]
    fn a_default_is_set_wherever_it_is_in_force() {
        let sources = Sources::from_text("desk.toml", TEXT, &[]);
        let sets = of_default(&sources, &crate::model::chasers::PER_DAY, 0.5).unwrap();
        assert_eq!(sets, ["tickets.a.chasers.per_day=0.5", "tickets.c.chasers.per_day=0.5"]);
        assert_eq!(of_default(&sources, &crate::model::reopen::SHARE, 0.1), None);
    }
}
