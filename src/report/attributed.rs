//! Which loop caused how much, in words, as JSON and as a table.

use super::charts::rounded;
use super::csv::{ESTIMATED, estimated, finish};
use super::text::{capital, value};
use crate::experiment::attribution::Shares;
use crate::outcome::measure::{Measure, Unit};
use crate::stats::Estimate;
use serde_json::json;
use std::fmt::Write;

/// A loop as it is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Named {
    /// On the command line and in tables.
    pub name: &'static str,
    /// In sentences and pictures.
    pub title: &'static str,
}

/// A measure, and what each loop adds to it, in the order of the loops.
#[derive(Clone)]
pub struct Attributed {
    /// The measure.
    pub measure: &'static Measure,
    /// What each loop adds.
    pub shares: Shares,
}

/// An attribution to be told.
#[derive(Clone)]
pub struct Attributions {
    /// What the scenario is called.
    pub title: String,
    /// Its first and last day.
    pub span: (String, String),
    /// The loops.
    pub loops: Vec<Named>,
    /// What was attributed, the most important first.
    pub figures: Vec<Attributed>,
    /// Seasons simulated under each set of loops.
    pub seasons: u64,
    /// Whether every set of loops was simulated.
    pub exact: bool,
}

/// Measures that the finding may be about, the most important first.
const TOLD: [&str; 3] = ["peak_backlog", "days_above", "total_cost"];

impl Attributed {
    /// How much of the larger of with and without all loops together make; nothing where that may be
    /// chance or is less than a hundredth.
    fn moves(&self) -> Option<f64> {
        let Shares { with, without, whole, .. } = &self.shares;
        let sure = whole.interval.is_some_and(|interval| !interval.contains(0.0));
        let part = whole.value.abs() / with.value.abs().max(without.value.abs()).max(1e-9);
        (sure && part >= 0.01).then_some(part)
    }

    /// The loop that adds or takes most, by its place; nothing where it may all be chance or comes
    /// to less than a hundredth of the whole.
    fn foremost(&self) -> Option<usize> {
        let adds = self.shares.adds.iter().enumerate();
        let (place, most) = adds.max_by(|a, b| a.1.value.abs().total_cmp(&b.1.value.abs()))?;
        let sure = most.interval.is_some_and(|interval| !interval.contains(0.0));
        let whole = self.shares.with.value.abs().max(self.shares.without.value.abs());
        (sure && most.value.abs() >= whole / 100.0).then_some(place)
    }
}

/// A figure with as many digits as its interval lets one know.
pub fn figure(estimate: &Estimate, unit: Unit) -> String {
    match unit {
        Unit::Count | Unit::Money => rounded(estimate),
        Unit::Share | Unit::Hours | Unit::Ratio | Unit::Days | Unit::Points => {
            value(estimate.value, unit).replace('-', "−")
        }
    }
}

/// What a loop adds, with its sign.
pub fn addition(estimate: &Estimate, unit: Unit) -> String {
    let told = figure(estimate, unit);
    if estimate.value > 0.0 { format!("+{told}") } else { told }
}

/// The measure that the loops move most, by its own size; where none is moved for sure, the most
/// important one.
pub fn foremost(told: &Attributions) -> Option<&Attributed> {
    let mut most: Option<(f64, &Attributed)> = None;
    for key in TOLD {
        let Some(one) = told.figures.iter().find(|one| one.measure.key == key) else { continue };
        let Some(part) = one.moves() else { continue };
        if most.is_none_or(|(least, _)| part > least) {
            most = Some((part, one));
        }
    }
    most.map(|(_, one)| one).or(told.figures.first())
}

/// The sentence to remember, of the measure that moves most.
pub fn finding(told: &Attributions) -> String {
    let Some(first) = foremost(told) else {
        return "These loops change nothing.".to_string();
    };
    let Attributed { measure, shares } = first;
    let (with, without) =
        (figure(&shares.with, measure.unit), figure(&shares.without, measure.unit));
    let whose = match told.loops[..] {
        [only] => only.title,
        _ => "these loops",
    };
    if first.moves().is_none() {
        return format!(
            "Without {whose} the {} would hardly differ: {without} instead of {with}.",
            measure.title
        );
    }
    let place = first.foremost();
    let (Some(place), 2..) = (place, told.loops.len()) else {
        return format!(
            "Without {whose} the {} would be {without} instead of {with}.",
            measure.title
        );
    };
    format!(
        "Without these loops the {} would be {without} instead of {with}; the largest part of the \
         difference, {}, is due to {}.",
        measure.title,
        figure(&shares.adds[place], measure.unit).trim_start_matches('−'),
        told.loops[place].title
    )
}

/// The finding, then a small waterfall of every measure.
pub fn text(told: &Attributions) -> String {
    let mut text = format!("{}\n\n", finding(told));
    for Attributed { measure, shares } in &told.figures {
        let unit = measure.unit;
        let whole = shares.with.value.abs().max(shares.without.value.abs()).max(1e-9);
        let _ = writeln!(text, "{}", capital(measure.title));
        let mut line = |what: &str, estimate: &Estimate, sign: bool| {
            let plus = if sign && estimate.value > 0.0 { "+" } else { "" };
            let shown = format!("{plus}{}", value(estimate.value, unit));
            let interval = estimate.interval.map_or(String::new(), |interval| {
                format!("({} to {})", value(interval.low, unit), value(interval.high, unit))
            });
            let long = (estimate.value.abs() / whole * 30.0).round().min(30.0) as usize;
            let row = format!("  {what:<42} {shown:>12}   {interval:<28} {}", "#".repeat(long));
            text.push_str(row.trim_end());
            text.push('\n');
        };
        line("without any of these loops", &shares.without, false);
        for (one, adds) in told.loops.iter().zip(&shares.adds) {
            line(one.title, adds, true);
        }
        line("as it is", &shares.with, false);
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "{} seasons of the same customers under each set of loops, 95 % intervals. {}",
        told.seasons,
        order(told.exact)
    );
    text
}

/// What a loop's part means.
fn order(exact: bool) -> &'static str {
    if exact {
        "Each loop's part is what it adds on average over all orders in which the loops could be \
         taken out (Shapley), computed from every set of them."
    } else {
        "Each loop's part is what it adds on average over orders in which the loops could be taken \
         out (Shapley); every season drew two of them, and the intervals tell what that costs."
    }
}

/// The attribution for programs.
pub fn json(told: &Attributions) -> serde_json::Value {
    let figure = |Attributed { measure, shares }: &Attributed| {
        let adds = told.loops.iter().zip(&shares.adds);
        let adds: serde_json::Map<String, serde_json::Value> =
            adds.map(|(one, adds)| (one.name.to_string(), json!(adds))).collect();
        json!({
            "measure": measure.key, "title": measure.title,
            "without": shares.without, "adds": adds, "with": shares.with,
        })
    };
    let figures: Vec<_> = told.figures.iter().map(figure).collect();
    json!({ "exact": told.exact, "seasons": told.seasons, "figures": figures })
}

/// `attribution.csv`: a row per measure and step, from "without" over the loops to "with".
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn csv(told: &Attributions) -> Result<String, csv::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record([&["measure", "part"], &ESTIMATED[..]].concat())?;
    for Attributed { measure, shares } in &told.figures {
        let loops = told.loops.iter().map(|one| one.name).zip(&shares.adds);
        let steps = [("without", &shares.without)].into_iter().chain(loops);
        for (part, estimate) in steps.chain([("with", &shares.with)]) {
            let mut record = vec![measure.key.to_string(), part.to_string()];
            record.extend(estimated(estimate));
            out.write_record(record)?;
        }
    }
    finish(out)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::outcome::measure::find;
    use crate::stats::Interval;

    fn estimate(value: f64, half: f64) -> Estimate {
        let interval = Some(Interval { low: value - half, high: value + half });
        Estimate { value, interval, level: 0.95, n: 60 }
    }

    /// A desk with those loops, of which each adds so much to a peak of 1,000 and 30 days.
    pub(in crate::report) fn told(loops: &[(&'static str, f64)]) -> Attributions {
        let of = |key: &str, without: f64, scale: f64| {
            let adds: Vec<f64> = loops.iter().map(|(_, adds)| adds * scale).collect();
            let whole = adds.iter().sum::<f64>();
            Attributed {
                measure: find(key).unwrap(),
                shares: Shares {
                    whole: estimate(whole, 20.0 * scale),
                    without: estimate(without, without * 0.02),
                    with: estimate(without + adds.iter().sum::<f64>(), without * 0.03),
                    adds: adds.iter().map(|adds| estimate(*adds, 20.0 * scale)).collect(),
                },
            }
        };
        Attributions {
            title: "Desk".to_string(),
            span: ("2026-11-16".to_string(), "2027-02-14".to_string()),
            loops: loops.iter().map(|(title, _)| Named { name: title, title }).collect(),
            figures: vec![of("peak_backlog", 1000.0, 1.0), of("days_above", 30.0, 0.02)],
            seasons: 60,
            exact: true,
        }
    }

    #[test]
    fn the_finding_names_the_foremost_loop_and_none_where_all_is_chance() {
        assert_eq!(
            finding(&told(&[("chasers", 300.0), ("reopens", 90.0)])),
            "Without these loops the peak backlog would be 1,000 instead of 1,390; the largest part \
             of the difference, 300, is due to chasers."
        );
        assert_eq!(
            finding(&told(&[("chasers", 300.0)])),
            "Without chasers the peak backlog would be 1,000 instead of 1,300."
        );
        assert_eq!(
            finding(&told(&[("chasers", 4.0), ("reopens", 15.0)])),
            "Without these loops the peak backlog would hardly differ: 1,000 instead of 1,020."
        );
        // Many loops may move it for sure of which none does alone.
        assert_eq!(
            finding(&told(&[("chasers", 15.0), ("reopens", 15.0)])),
            "Without these loops the peak backlog would be 1,000 instead of 1,030."
        );
    }

    #[test]
    fn the_finding_is_about_what_moves_most() {
        let mut both = told(&[("chasers", 300.0), ("reopens", 90.0)]);
        // The days go from 30 to 38, the peak from 1,000 to 1,390; then the days from 8 to 16.
        assert_eq!(foremost(&both).unwrap().measure.key, "peak_backlog");
        both.figures[1].shares.without.value = 8.0;
        both.figures[1].shares.with.value = 16.0;
        assert_eq!(foremost(&both).unwrap().measure.key, "days_above");
        assert!(finding(&both).starts_with("Without these loops the days above target would be 8"));
        // Unless that may be chance.
        both.figures[1].shares.whole = estimate(8.0, 9.0);
        assert_eq!(foremost(&both).unwrap().measure.key, "peak_backlog");
    }

    #[test]
    fn a_table_has_a_row_per_step() {
        let table = csv(&told(&[("chasers", 300.0)])).unwrap();
        let rows: Vec<&str> = table.lines().collect();
        assert_eq!(rows.len(), 1 + 2 * 3);
        assert_eq!(rows[2], "peak_backlog,chasers,300,280,320,0.95,60");
    }
}
