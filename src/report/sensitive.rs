//! The results of a sensitivity analysis: how far each uncertain value moves the answer, in words
//! and in tables.

use super::compared::{amount, signed};
use super::csv;
use super::text::{count, value};
use crate::outcome::measure::{Measure, Unit, find};
use crate::stats::{Estimate, Interval};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// Version of the layout of a sensitivity analysis's `results.json`.
pub const FORMAT: u32 = 1;

/// Most rows that are printed.
const PRINTED: usize = 20;

/// A sensitivity analysis.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SensitivityResults {
    /// Version of this layout.
    pub format: u32,
    /// Name of the scenario.
    pub title: String,
    /// First and last day.
    pub span: (String, String),
    /// Key of the measure.
    pub by: String,
    /// The measure with every value as it is.
    pub base: Estimate,
    /// How far each value moves it at its ends, the one that moves it furthest first; empty where
    /// values were screened.
    pub swings: Vec<Swing>,
    /// Elementary effects, the largest first; empty where values were not screened.
    pub effects: Vec<EffectResult>,
    /// Values that could not be varied, and why.
    pub left_out: Vec<(String, String)>,
    /// Seasons of each setting, at most.
    pub replications: u64,
    /// Walks, where values were screened.
    pub walks: u64,
    /// The seed.
    pub seed: u64,
    /// Confidence of the intervals.
    pub level: f64,
    /// Most unsolved tickets that count as cleared.
    pub target: f64,
    /// Version of surgecast.
    pub version: String,
}

/// What is varied.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Varied {
    /// Its key, or that of the default with `*` for names.
    pub name: String,
    /// The keys that take its value.
    pub keys: Vec<String>,
    /// The value in force.
    pub now: String,
    /// Its lowest value.
    pub low: String,
    /// Its highest value.
    pub high: String,
    /// Why it is uncertain.
    pub why: String,
    /// The grade of a default.
    pub grade: Option<String>,
}

/// How far a value moves the answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Swing {
    /// The value.
    pub varied: Varied,
    /// The answer at its lowest, less the answer as it is, on the same customers.
    pub at_low: Estimate,
    /// The same at its highest.
    pub at_high: Estimate,
}

impl Swing {
    /// The furthest that it moves the answer.
    pub fn reach(&self) -> f64 {
        self.at_low.value.abs().max(self.at_high.value.abs())
    }
}

/// What screening found about a value.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EffectResult {
    /// The value.
    pub varied: Varied,
    /// Mean size of its elementary effects: over its whole range, the others anywhere.
    pub mu_star: Estimate,
    /// Mean of its effects with their signs.
    pub mu: f64,
    /// Standard deviation of its effects: how much they hang on the other values.
    pub sigma: Estimate,
}

impl SensitivityResults {
    /// The measure.
    pub fn by(&self) -> Option<&'static Measure> {
        find(&self.by)
    }

    /// How many seasons there are of each setting: "60", "10 to 60".
    pub(super) fn seasons(&self) -> String {
        let ends = self.swings.iter().flat_map(|swing| [swing.at_low.n, swing.at_high.n]);
        let most = self.replications;
        let most_used = ends.clone().max().unwrap_or(most);
        match ends.min() {
            Some(fewest) if fewest < most_used => {
                format!("{} to {}", count(fewest as f64), count(most_used as f64))
            }
            _ => count(most_used as f64),
        }
    }

    /// Why some got fewer than others, where they did.
    fn why_so_many(&self) -> &'static str {
        let mut ends = self.swings.iter().flat_map(|swing| [swing.at_low.n, swing.at_high.n]);
        if ends.any(|n| n < self.replications) {
            ", as many as tell an end to a tenth of the longest bar"
        } else {
            ""
        }
    }
}

/// A name as people read it, without the table it stands in.
pub fn plainly(varied: &Varied) -> String {
    let name = varied.name.trim_start_matches("tickets.*.").trim_start_matches("teams.*.");
    let name = name.trim_start_matches("tickets.").trim_start_matches("teams.").replace(".*", "");
    name.replace(['.', '_'], " ")
}

/// Everything that is printed.
pub fn text(results: &SensitivityResults) -> String {
    let Some(measure) = results.by() else { return String::new() };
    let mut text = String::new();
    let unit = measure.unit;
    if let Some(first) = results.swings.first() {
        let _ = writeln!(
            text,
            "{}\n\nWith every value as it is, {}: {}. What changes when one value changes:\n",
            sentence(results, first, measure),
            measure.title,
            value(results.base.value, unit)
        );
        for swing in results.swings.iter().take(PRINTED) {
            let varied = &swing.varied;
            let _ = writeln!(
                text,
                "{:<44} {:>12} {:<28} {:>12} {}",
                varied.name,
                varied.low,
                change(&swing.at_low, unit),
                varied.high,
                change(&swing.at_high, unit)
            );
        }
        more(&mut text, results.swings.len());
    }
    if let Some(first) = results.effects.first() {
        let _ = writeln!(
            text,
            "What matters most is {}: {} by {} on average over its range of {} to {}.\n",
            first.varied.name,
            measure.title,
            amount(first.mu_star.value, unit),
            first.varied.low,
            first.varied.high
        );
        let _ = writeln!(text, "{:<44} {:<34} sigma", "", "mu*");
        for effect in results.effects.iter().take(PRINTED) {
            let _ = writeln!(
                text,
                "{:<44} {:<34} {}",
                effect.varied.name,
                sized(&effect.mu_star, unit),
                sized(&effect.sigma, unit)
            );
        }
        more(&mut text, results.effects.len());
        let _ = writeln!(
            text,
            "\nmu* is the mean size of what a value changes over its whole range, the others being \
             anywhere in theirs; sigma is large where that hangs on the others (Morris)."
        );
    }
    for (name, why) in &results.left_out {
        let _ = writeln!(text, "Left out: {name}: {why}.");
    }
    let walks = match results.walks {
        0 => String::new(),
        walks => format!("{walks} walks, "),
    };
    let _ = writeln!(
        text,
        "\n{walks}{} seasons of the same customers at each setting{}, seed {}; {:.0} % intervals. \
         At all of them the target is at most {} unsolved, that of the scenario as it stands.",
        results.seasons(),
        results.why_so_many(),
        results.seed,
        results.level * 100.0,
        count(results.target)
    );
    text
}

fn more(text: &mut String, all: usize) {
    if all > PRINTED {
        let _ = writeln!(text, "… and {} more in the table", all - PRINTED);
    }
}

/// What moves the answer most.
pub fn sentence(results: &SensitivityResults, first: &Swing, measure: &Measure) -> String {
    if first.reach() == 0.0 {
        return format!(
            "Nothing moves {} by itself: {} at both ends of every value. Another measure may tell more, \
             as in --by mean_backlog.",
            measure.title,
            value(results.base.value, measure.unit)
        );
    }
    let varied = &first.varied;
    let at = |difference: &Estimate| value(results.base.value + difference.value, measure.unit);
    format!(
        "What moves {} most is {}: {} at {}, {} at {}.",
        measure.title,
        plainly(varied),
        at(&first.at_low),
        varied.low,
        at(&first.at_high),
        varied.high
    )
}

fn change(estimate: &Estimate, unit: Unit) -> String {
    let end = |x: f64| signed(x, unit).replace(" points", "");
    let interval = estimate.interval.map_or(String::new(), |Interval { low, high }| {
        format!(" ({} to {})", end(low), end(high))
    });
    signed(estimate.value, unit) + &interval
}

fn sized(estimate: &Estimate, unit: Unit) -> String {
    let interval = estimate.interval.map_or(String::new(), |Interval { low, high }| {
        format!(" ({} to {})", amount(low, unit), amount(high, unit))
    });
    amount(estimate.value, unit) + &interval
}

/// `sensitivity.csv`: a row per value and end, or per value where values were screened.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn csv(results: &SensitivityResults) -> Result<String, ::csv::Error> {
    let mut out = ::csv::Writer::from_writer(Vec::new());
    let screened = results.swings.is_empty();
    let mut header = vec!["name", "keys", "grade", "why", "now", "low_end", "high_end"];
    header.push(if screened { "effect" } else { "end" });
    header.push("measure");
    header.extend(csv::ESTIMATED);
    out.write_record(header)?;
    let mut row = |varied: &Varied, what: &str, estimate: &Estimate| {
        let mut record = vec![
            varied.name.clone(),
            varied.keys.join(" "),
            varied.grade.clone().unwrap_or_default(),
            varied.why.clone(),
            varied.now.clone(),
            varied.low.clone(),
            varied.high.clone(),
            what.to_string(),
            results.by.clone(),
        ];
        record.extend(csv::estimated(estimate));
        out.write_record(record)
    };
    for swing in &results.swings {
        row(&swing.varied, "low", &swing.at_low)?;
        row(&swing.varied, "high", &swing.at_high)?;
    }
    for effect in &results.effects {
        let mu = Estimate { value: effect.mu, interval: None, ..effect.mu_star };
        row(&effect.varied, "mu_star", &effect.mu_star)?;
        row(&effect.varied, "mu", &mu)?;
        row(&effect.varied, "sigma", &effect.sigma)?;
    }
    csv::finish(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results() -> SensitivityResults {
        let estimate = |value: f64| Estimate {
            value,
            interval: Some(Interval { low: value - 1.0, high: value + 1.0 }),
            level: 0.95,
            n: 60,
        };
        let varied = Varied {
            name: "tickets.*.chasers.per_day".to_string(),
            keys: vec!["tickets.a.chasers.per_day".to_string()],
            now: "0.15 per day".to_string(),
            low: "0.02".to_string(),
            high: "0.5".to_string(),
            why: "range of the default (judged)".to_string(),
            grade: Some("J".to_string()),
        };
        SensitivityResults {
            format: FORMAT,
            title: "Desk".to_string(),
            span: ("2026-11-16".to_string(), "2026-12-06".to_string()),
            by: "days_above".to_string(),
            base: estimate(30.0),
            swings: vec![Swing { varied, at_low: estimate(-12.0), at_high: estimate(25.5) }],
            effects: Vec::new(),
            left_out: vec![("weeks".to_string(), "it cannot be varied".to_string())],
            replications: 60,
            walks: 0,
            seed: 1,
            level: 0.95,
            target: 60.0,
            version: "0".to_string(),
        }
    }

    #[test]
    fn swings_in_words_and_as_a_table() {
        let told = text(&results());
        let first = "What moves days above target most is chasers per day: 18.0 d at 0.02, 55.5 d at 0.5.\n";
        assert!(told.starts_with(first), "{told}");
        let mut none = results();
        (none.swings[0].at_low.value, none.swings[0].at_high.value) = (0.0, 0.0);
        let told_none = text(&none);
        let first =
            "Nothing moves days above target by itself: 30.0 d at both ends of every value.";
        assert!(told_none.starts_with(first), "{told_none}");
        assert!(told.contains("0.02 -12.0 d (-13.0 d to -11.0 d)"), "{told}");
        assert!(told.contains("Left out: weeks: it cannot be varied.\n"));
        let table = csv(&results()).unwrap();
        assert!(table.contains("J,range of the default (judged),0.15 per day,0.02,0.5,high,days_above,25.5,24.5,26.5,0.95,60\n"), "{table}");
    }
}
