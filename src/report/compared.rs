//! A comparison in words: a sentence per pair, a table per plan, which is best and what is open.

use super::comparison::{ComparisonResults, PairResult, figure};
use super::csv;
use super::text::{count, date, listed, probability, value};
use crate::experiment::compare::Comparison;
use crate::outcome::measure::{Better, Unit, find};
use crate::stats::{Estimate, Interval};
use std::fmt::Write;

/// Measures that a table shows.
const SHOWN: [&str; 20] = [
    "peak_backlog",
    "days_above",
    "final_backlog",
    "first_reply_hours",
    "first_reply_p90",
    "full_resolution_hours",
    "reply_attainment",
    "solution_attainment",
    "amplification",
    "snowball_share",
    "occupancy",
    "staffed_hours",
    "total_cost",
    "running_cost",
    "overtime_cost",
    "hiring_cost",
    "penalties",
    "lost_margin",
    "csat",
    "nps_proxy",
];

/// How deep a line of costs stands below the one that it is part of.
fn depth(key: &str) -> usize {
    match key {
        "running_cost" | "penalties" | "lost_margin" => 1,
        "overtime_cost" | "hiring_cost" => 2,
        _ => 0,
    }
}

/// Everything that is printed.
pub fn text(results: &ComparisonResults) -> String {
    let mut text = String::new();
    for note in &results.notes {
        let _ = writeln!(text, "Note: {note}.");
    }
    for pair in &results.pairs {
        let _ = writeln!(text, "{}", sentence(results, pair));
    }
    let _ = writeln!(text, "\n{}", verdict(results));
    for pair in results.pairs.iter().filter(|pair| pair.base == 0) {
        table(&mut text, results, pair);
    }
    let _ = writeln!(
        text,
        "\n{} of the same customers, seed {}. Differences with {:.0} % intervals. The target is at most \
         {} unsolved for all of them, that of the first plan.{}",
        seasons(results),
        results.seed,
        results.level * 100.0,
        count(results.target),
        gain(results)
    );
    text
}

fn seasons(results: &ComparisonResults) -> String {
    let numbers: Vec<u64> = results.plans.iter().map(|plan| plan.replications).collect();
    match (numbers.iter().min(), numbers.iter().max()) {
        (Some(least), Some(most)) if least != most => {
            format!("{} to {} seasons", count(*least as f64), count(*most as f64))
        }
        (_, most) => format!("{} seasons", count(most.copied().unwrap_or(0) as f64)),
    }
}

/// What the shared customers are worth.
fn gain(results: &ComparisonResults) -> String {
    let gains = results.pairs.iter().filter(|pair| pair.base == 0).filter_map(|pair| pair.gain);
    match gains.reduce(f64::min) {
        Some(gain) if gain >= 1.5 => format!(
            " Different customers for each plan would need {} times as many seasons for the same \
             intervals.",
            if gain < 10.0 { format!("{gain:.1}") } else { count(gain) }
        ),
        _ => String::new(),
    }
}

/// "With help spends 9 fewer days above target than Rescue (6 to 13), is cleared by 15 January with
/// probability 0.91 instead of 0.34, and costs 14,200 more (13,900 to 14,500)."
pub fn sentence(results: &ComparisonResults, pair: &PairResult) -> String {
    let (plan, base) = (&results.plans[pair.plan], &results.plans[pair.base]);
    let mut clauses = Vec::new();
    let mut versus = format!(" than {}", base.title);
    let by = results.by().filter(|measure| measure.key != "days_above");
    if let (Some(measure), Some(difference)) = (by, figure(&pair.measures, &results.best.by)) {
        let more = ["higher", "lower"];
        clauses.push(match moved(difference) {
            None => format!("has about the same {} as {}", measure.title, base.title),
            Some(size) => format!(
                "has {} {} that is {} {}{versus} ({})",
                if measure.title.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" },
                measure.title,
                amount(size, measure.unit),
                more[usize::from(difference.value < 0.0)],
                ends(difference, measure.unit)
            ),
        });
        versus.clear();
    }
    if let Some(difference) = figure(&pair.measures, "days_above") {
        clauses.push(match moved(difference) {
            None if difference.value == 0.0 => "spends as many days above target".to_string(),
            None => {
                format!("spends about as many days above target{}", as_far(difference, Unit::Days))
            }
            Some(days) => format!(
                "spends {} {} days above target{versus} ({})",
                bare(days),
                if difference.value < 0.0 { "fewer" } else { "more" },
                ends(difference, Unit::Days)
            ),
        });
    }
    if let (Some(here), Some(there), Some(by)) = (&plan.cleared, &base.cleared, &results.by_date) {
        let by = date(by, &results.start);
        let (here, there) = (probability(here.value), probability(there.value));
        clauses.push(if here == there {
            format!("is cleared for good by {by} with the same probability of {here}")
        } else {
            format!("is cleared for good by {by} with probability {here} instead of {there}")
        });
    }
    let cost = figure(&pair.measures, "total_cost").filter(|_| results.best.by != "total_cost");
    // A season that was stopped has not been paid for.
    let cost = cost.filter(|_| plan.truncated == 0 && base.truncated == 0);
    if let Some(difference) = cost {
        clauses.push(match moved(difference) {
            None => "costs about the same".to_string(),
            Some(size) => format!(
                "costs {} {} ({})",
                rough(size),
                if difference.value < 0.0 { "less" } else { "more" },
                ends(difference, Unit::Money)
            )
            .replace(&format!(" ({0} to {0})", rough(size)), ""),
        });
        // Who pays the bills sees the running cost alone.
        let runs = figure(&pair.measures, "running_cost");
        if let Some((runs, size)) = runs.and_then(|runs| Some((runs, moved(runs)?)))
            && moved(difference).is_some()
            && runs.value.signum() != difference.value.signum()
            && let Some(clause) = clauses.last_mut()
        {
            let word = if runs.value < 0.0 { "less" } else { "more" };
            let _ = write!(clause, " in all, though {} {word} to run", rough(size));
        }
    }
    let last = clauses.pop().unwrap_or_else(|| "cannot be compared".to_string());
    let joined = match clauses.is_empty() {
        true => last,
        false => format!("{}, and {last}", clauses.join(", ")),
    };
    format!("{} {joined}.", plan.title)
}

/// How large a difference is, unless its interval says that it may be none.
fn moved(difference: &Estimate) -> Option<f64> {
    let unsure = difference.interval.is_some_and(|interval| interval.contains(0.0));
    (!unsure && difference.value != 0.0).then_some(difference.value.abs())
}

fn as_far(difference: &Estimate, unit: Unit) -> String {
    difference.interval.map_or(String::new(), |interval| {
        format!(" ({} to {})", signed(interval.low, unit), signed(interval.high, unit))
    })
}

/// The ends of an interval on the side of its value, the smaller first: "6 to 13".
fn ends(difference: &Estimate, unit: Unit) -> String {
    let Some(Interval { low, high }) = difference.interval else {
        return "one season".to_string();
    };
    let (near, far) = if difference.value < 0.0 { (-high, -low) } else { (low, high) };
    let show = |x: f64| match unit {
        Unit::Days => bare(x),
        Unit::Money => rough(x),
        Unit::Count | Unit::Hours | Unit::Share | Unit::Ratio | Unit::Points => amount(x, unit),
    };
    format!("{} to {}", show(near), show(far))
}

/// Days without their unit: whole where they are many.
fn bare(days: f64) -> String {
    if days.abs() >= 9.95 { count(days) } else { value(days, Unit::Days).replace(" d", "") }
}

/// An amount of money with the three figures that a sentence has room for.
fn rough(x: f64) -> String {
    if x.abs() < 1000.0 {
        return value(x, Unit::Money);
    }
    let step = 10.0_f64.powf(x.abs().log10().floor() - 2.0);
    count((x / step).round() * step)
}

/// A difference without its sign: shares differ by points, for 60 % is not 40 % more than 40 %.
pub fn amount(x: f64, unit: Unit) -> String {
    match unit {
        Unit::Share => format!("{:.1} points", x * 100.0),
        Unit::Count | Unit::Hours | Unit::Ratio | Unit::Days | Unit::Money | Unit::Points => {
            value(x, unit)
        }
    }
}

/// A difference with its sign.
pub fn signed(x: f64, unit: Unit) -> String {
    let text = amount(x, unit);
    // What is next to nothing has no sign.
    if !text.contains(|c| matches!(c, '1'..='9')) {
        return text.trim_start_matches('-').to_string();
    }
    if x > 0.0 { format!("+{text}") } else { text }
}

/// A difference with its sign and interval.
pub fn difference(estimate: &Estimate, unit: Unit) -> String {
    let Some(interval) = estimate.interval else { return signed(estimate.value, unit) };
    let all = [estimate.value, interval.low, interval.high];
    let signed = |x: f64| {
        // Hours and minutes are not mixed in one line.
        let in_hours = unit == Unit::Hours && all.iter().any(|end| end.abs() >= 1.0);
        if in_hours && x.abs() < 1.0 { signed_hours(x) } else { signed(x, unit) }
    };
    let end = |x: f64| signed(x).replace(" points", "");
    format!("{} ({} to {})", signed(all[0]), end(all[1]), end(all[2]))
}

/// Hours below one, beside longer ones.
fn signed_hours(x: f64) -> String {
    let text = format!("{:.1} h", x.abs());
    match x {
        _ if text == "0.0 h" => text,
        x if x < 0.0 => format!("-{text}"),
        _ => format!("+{text}"),
    }
}

/// Which plan is best, how sure that is, and what is not settled.
pub fn verdict(results: &ComparisonResults) -> String {
    let Some(measure) = results.by() else { return String::new() };
    let title = |plan: &usize| results.plans[*plan].title.clone();
    let titles = |plans: &[usize]| listed(&plans.iter().map(title).collect::<Vec<_>>());
    let best = &results.best;
    let goal = match measure.better {
        Better::Higher => "highest",
        Better::Lower | Better::Neither => "lowest",
    };
    let chances: Vec<String> = results
        .plans
        .iter()
        .map(|plan| format!("{} {}", plan.title, probability(plan.p_best)))
        .collect();
    let chances = format!("Probability of being the best (bootstrap): {}.", chances.join(", "));
    let Some(selection) = &best.selection else {
        return format!("{goal} {}: {}. {chances}", measure.title, title(&best.plan)).replacen(
            goal,
            &super::text::capital(goal),
            1,
        );
    };
    let zone = amount(selection.zone, measure.unit);
    let confidence = selection.confidence;
    let mut text = if selection.open.is_empty() {
        format!(
            "{} {}: {}, with confidence {confidence}, differences below {zone} aside ({}).",
            super::text::capital(goal),
            measure.title,
            title(&best.plan),
            selection.procedure
        )
    } else {
        let mut open = vec![best.plan];
        open.extend(&selection.open);
        format!(
            "Not settled: which of {} has the {goal} {}; the seasons allowed were not enough to \
             tell differences of {zone} with confidence {confidence}.",
            titles(&open),
            measure.title
        )
    };
    // Plans that are as good as another one that lost are of no interest.
    let is_near = |plan: &&usize| {
        let pair = results.pair(**plan, best.plan).or(results.pair(best.plan, **plan));
        let difference = pair.and_then(|pair| figure(&pair.measures, measure.key));
        difference.is_none_or(|difference| difference.value.abs() < selection.zone)
    };
    let level: Vec<usize> = selection.level.iter().filter(is_near).copied().collect();
    if !level.is_empty() {
        let are = if level.len() == 1 { "is" } else { "are" };
        let _ = write!(
            text,
            " Not settled: whether {} {are} really worse; the difference is below {zone}.",
            titles(&level)
        );
    }
    format!("{text} {chances}")
}

/// Most letters of a name over a column.
const MOST_WIDE: usize = 26;

fn table(text: &mut String, results: &ComparisonResults, pair: &PairResult) {
    let (plan, base) = (&results.plans[pair.plan], &results.plans[pair.base]);
    // As the sentences call them, where there is room.
    let fit = [plan, base].iter().all(|plan| plan.title.chars().count() <= MOST_WIDE);
    let [here, there] = [plan, base].map(|plan| if fit { &plan.title } else { &plan.name });
    let [wide, width] = [there, here].map(|name| name.chars().count().max(14));
    let _ = writeln!(text, "\n{:<34} {there:>wide$} {here:>width$}   difference", "");
    for key in SHOWN {
        let Some(measure) = find(key) else { continue };
        let of = |figures| figure(figures, key);
        let (Some(here), Some(there), Some(by)) =
            (of(&plan.measures), of(&base.measures), of(&pair.measures))
        else {
            continue;
        };
        // What is nothing in both needs no line.
        if there.value == 0.0 && here.value == 0.0 {
            continue;
        }
        let part = if depth(key) > 0 { "of which " } else { "" };
        let _ = writeln!(
            text,
            "{:<34} {:>wide$} {:>width$}   {}",
            format!("{}{part}{}", "  ".repeat(depth(key)), measure.title),
            value(there.value, measure.unit),
            value(here.value, measure.unit),
            difference(by, measure.unit)
        );
    }
    if let (Some(here), Some(there), Some(by), Some(day)) =
        (&plan.cleared, &base.cleared, &pair.cleared, &results.by_date)
    {
        let _ = writeln!(
            text,
            "{:<34} {:>wide$} {:>width$}   {}",
            format!("cleared for good by {}", date(day, &results.start)),
            probability(there.value),
            probability(here.value),
            difference(by, Unit::Ratio)
        );
    }
}

/// `differences.csv`: a row per pair of plans and measure.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn differences_csv(results: &ComparisonResults) -> Result<String, ::csv::Error> {
    let mut out = ::csv::Writer::from_writer(Vec::new());
    let mut header = vec!["plan", "base", "measure"];
    header.extend(csv::ESTIMATED);
    out.write_record(header)?;
    for pair in &results.pairs {
        let names = [&results.plans[pair.plan].name, &results.plans[pair.base].name];
        let figures = pair.measures.iter().map(|f| (f.key.as_str(), &f.estimate));
        for (key, estimate) in figures.chain(pair.cleared.iter().map(|p| ("p_cleared", p))) {
            let mut record = vec![names[0].clone(), names[1].clone(), key.to_string()];
            record.extend(csv::estimated(estimate));
            out.write_record(record)?;
        }
    }
    csv::finish(out)
}

/// `measures.csv`: a row per plan and measure.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn measures_csv(results: &ComparisonResults) -> Result<String, ::csv::Error> {
    let mut out = ::csv::Writer::from_writer(Vec::new());
    let mut header = vec!["plan", "measure"];
    header.extend(csv::ESTIMATED);
    out.write_record(header)?;
    for plan in &results.plans {
        let figures = plan.measures.iter().map(|f| (f.key.as_str(), &f.estimate));
        for (key, estimate) in figures.chain(plan.cleared.iter().map(|p| ("p_cleared", p))) {
            let mut record = vec![plan.name.clone(), key.to_string()];
            record.extend(csv::estimated(estimate));
            out.write_record(record)?;
        }
    }
    csv::finish(out)
}

/// `replications.csv`: a row per plan and season.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn replications_csv(comparison: &Comparison) -> Result<String, ::csv::Error> {
    let mut out = ::csv::Writer::from_writer(Vec::new());
    let mut header = vec!["plan"];
    header.extend(csv::replication_header());
    out.write_record(header)?;
    for (name, ensemble) in comparison.names.iter().zip(&comparison.ensembles) {
        for row in &ensemble.rows {
            let mut record = vec![name.clone()];
            record.extend(csv::replication(row));
            out.write_record(record)?;
        }
    }
    csv::finish(out)
}

#[cfg(test)]
mod tests {
    use super::super::comparison::{BestResult, FORMAT, Figure, PlanResult, SelectionResult};
    use super::*;

    fn estimate(value: f64, low: f64, high: f64) -> Estimate {
        Estimate { value, interval: Some(Interval { low, high }), level: 0.95, n: 100 }
    }

    fn plan(title: &str, p_best: f64, cleared: f64) -> PlanResult {
        PlanResult {
            name: title.to_lowercase(),
            title: title.to_string(),
            digest: String::new(),
            replications: 100,
            truncated: 0,
            p_best,
            cleared: Some(estimate(cleared, cleared - 0.05, cleared + 0.05)),
            measures: Vec::new(),
        }
    }

    fn example() -> ComparisonResults {
        let figure = |key: &str, estimate| Figure { key: key.to_string(), estimate };
        ComparisonResults {
            format: FORMAT,
            plans: vec![plan("Plan A", 0.001, 0.34), plan("Plan B", 0.999, 0.91)],
            pairs: vec![PairResult {
                plan: 1,
                base: 0,
                replications: 100,
                cleared: Some(estimate(0.57, 0.5, 0.64)),
                measures: vec![
                    figure("days_above", estimate(-9.4, -13.2, -5.96)),
                    figure("total_cost", estimate(14_200.0, 13_900.0, 14_500.0)),
                ],
                gain: Some(12.3),
            }],
            best: BestResult {
                by: "days_above".to_string(),
                plan: 1,
                selection: Some(SelectionResult {
                    procedure: "procedure KN of Kim and Nelson 2001".to_string(),
                    confidence: 0.95,
                    zone: 1.0,
                    decided: true,
                    worse: vec![0],
                    level: vec![],
                    open: vec![],
                }),
            },
            target: 500.0,
            start: "2026-11-16".to_string(),
            end: "2027-02-14".to_string(),
            by_date: Some("2027-01-15".to_string()),
            seed: 1,
            level: 0.95,
            notes: Vec::new(),
            version: "0".to_string(),
        }
    }

    #[test]
    fn a_pair_in_a_sentence() {
        let results = example();
        let told = sentence(&results, &results.pairs[0]);
        let expected = "Plan B spends 9.4 fewer days above target than Plan A (6.0 to 13), is \
            cleared for good by 15 January with probability 0.91 instead of 0.34, and costs 14,200 more \
            (13,900 to 14,500).";
        assert_eq!(told, expected);
    }

    #[test]
    fn what_may_be_no_difference_is_called_about_the_same() {
        let mut results = example();
        results.pairs[0].measures[0].estimate = estimate(-0.2, -1.0, 0.6);
        results.pairs[0].measures[1].estimate = estimate(3.0, -5.0, 11.0);
        results.plans[1].cleared = results.plans[0].cleared;
        let told = sentence(&results, &results.pairs[0]);
        let expected = "Plan B spends about as many days above target (-1.0 d to +0.6 d), is \
            cleared for good by 15 January with the same probability of 0.34, and costs about the same.";
        assert_eq!(told, expected);
    }

    #[test]
    fn the_verdict_says_what_is_settled_and_what_is_not() {
        let mut results = example();
        assert_eq!(
            verdict(&results),
            "Lowest days above target: Plan B, with confidence 0.95, differences below 1.0 d aside \
             (procedure KN of Kim and Nelson 2001). Probability of being the best (bootstrap): \
             Plan A under 0.01, Plan B over 0.99."
        );
        if let Some(selection) = &mut results.best.selection {
            selection.worse.clear();
            selection.level.push(0);
        }
        // It is 9.4 days worse: whatever it could not be told from, it is not the best one.
        assert!(!verdict(&results).contains("Not settled"));
        results.pairs[0].measures[0].estimate = estimate(-0.4, -0.9, 0.1);
        assert!(verdict(&results).contains("Not settled: whether Plan A is really worse; the"));
        if let Some(selection) = &mut results.best.selection {
            selection.level.clear();
            selection.open.push(0);
        }
        assert!(verdict(&results).starts_with("Not settled: which of Plan B and Plan A has the"));
    }
}
