//! The summary that a run prints: a sentence to act on, then the figures behind it.

use super::results::{
    AtRate, ChaserRate, MeasureResult, Results, Scope, nearly_sure, stays_behind,
};
use crate::experiment::target::ChosenBy;
use crate::outcome::measure::{Measure, Unit, find};
use crate::stats::Estimate;
use jiff::civil::Date;
use std::fmt::Write;

/// A backlog that at the end is still so much of its peak may not have seen it.
const AT_THE_END: f64 = 0.9;

/// What call centres count as too many: one in twenty.
const MANY_GIVE_UP: f64 = 0.05;

/// What it means for the figures that a run was stopped at the cap.
pub const STOPPED: &str = "they count as above it in every figure over time, and are never cleared; \
     their cost, their hours and whatever else is counted are of the time before that";

/// A whole number with separators: 8,400.
pub fn count(value: f64) -> String {
    if !value.is_finite() {
        return if value > 0.0 { "beyond all limits".to_string() } else { "unknown".to_string() };
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 && digits != "0" { format!("-{text}") } else { text }
}

/// A date as people say it, with the year where it is not the year of `near`: 14 December.
pub fn date(text: &str, near: &str) -> String {
    let Ok(date) = text.get(..10).unwrap_or(text).parse::<Date>() else { return text.to_string() };
    let same_season = near
        .parse::<Date>()
        .is_ok_and(|near| (near.until(date).map_or(999, |s| s.get_days())).abs() < 300);
    date.strftime(if same_season { "%-d %B" } else { "%-d %B %Y" }).to_string()
}

/// A probability with two digits; never 0 or 1 where runs disagree.
pub fn probability(p: f64) -> String {
    match p {
        p if p > 0.0 && p < 0.005 => "under 0.01".to_string(),
        p if p < 1.0 && p > 0.995 => "over 0.99".to_string(),
        p => format!("{p:.2}"),
    }
}

/// So many things: "1 replication", "400 replications".
pub fn several(number: u64, one: &str) -> String {
    format!("{} {one}{}", count(number as f64), if number == 1 { "" } else { "s" })
}

/// A value in its unit.
pub fn value(value: f64, unit: Unit) -> String {
    let text = match unit {
        Unit::Count => count(value),
        Unit::Share => format!("{:.1} %", value * 100.0),
        Unit::Ratio => format!("{value:.2}"),
        Unit::Money if value.abs() < 100.0 => format!("{value:.2}"),
        Unit::Money => count(value),
        Unit::Points => format!("{value:.2}"),
        Unit::Days => format!("{value:.1} d"),
        Unit::Hours => match value.abs() {
            hours if (hours * 60.0).round() < 60.0 => format!("{:.0} min", value * 60.0),
            hours if hours < 100.0 => format!("{value:.1} h"),
            _ => format!("{} h", count(value)),
        },
    };
    // What is next to nothing has no sign.
    let is_nothing = !text.contains(|c| matches!(c, '1'..='9'));
    text.strip_prefix('-').filter(|_| is_nothing).map_or(text.clone(), str::to_string)
}

/// The sentence a manager can act on.
pub fn sentence(results: &Results) -> String {
    let (peak, clearance, start) = (&results.peak, &results.clearance, &results.scenario.start);
    let mut text = match &clearance.in_band {
        Some(share) => format!(
            "The backlog is at or below {} at {:.0} % of closes. The most at any moment of a season is {}",
            count(clearance.target),
            share.value * 100.0,
            count(peak.backlog.value)
        ),
        None => format!(
            "The backlog peaks at {} on {}",
            count(peak.backlog.value),
            date(&peak.date, start)
        ),
    };
    if results.runs.done > 1 {
        let _ = write!(
            text,
            " (90 % between {} and {})",
            count(peak.quantiles[0]),
            count(peak.quantiles[2])
        );
    }
    let last = desk_value(results, "final_backlog");
    if last >= AT_THE_END * peak.backlog.value && last > clearance.target {
        text.push_str(", is about as high at the end of the run, and may rise further");
    }
    if clearance.in_band.is_some() {
        let few_hours = clearance.target_from == ChosenBy::HalfADay.describe();
        if few_hours && stays_behind(&clearance.for_good) {
            text.push_str(": this desk falls behind though every day is an ordinary one.");
            return text;
        }
        text.push_str(": an ordinary season, with nothing to clear");
        let given_up = desk_value(results, "withdrawn_share");
        if given_up >= MANY_GIVE_UP {
            let full = desk_value(results, "turned_away_share") > 0.0;
            let what = if full { "gives up waiting or is turned away" } else { "gives up waiting" };
            let _ = write!(text, ", but {} of 100 times a customer {what}", percent(given_up));
        }
        text.push('.');
        return text;
    }
    text.push_str(". ");
    if let Some(share) = clearance.seldom_piles_up() {
        let percent = (share * 100.0).floor();
        text.push_str(&if share < 1.0 {
            format!("In {percent:.0} % of the runs it never piles up")
        } else {
            "It never piles up".to_owned()
        });
        let _ = write!(
            text,
            ": it is not for {} closes in a row above {}, {}.",
            clearance.closes,
            count(clearance.target),
            clearance.target_from
        );
        return text;
    }
    let again = clearance.comes_again(peak);
    match clearance.named(peak) {
        Some(by) => {
            let what = if by.date < peak.date { "What piles up before that" } else { "It" };
            let _ = write!(
                text,
                "{what} is cleared {}by {} with probability {}",
                if again { "for good " } else { "" },
                date(&by.date, start),
                probability(by.p.value)
            );
        }
        _ => {
            let _ = write!(
                text,
                "In none of {} runs is it cleared {}within {}",
                count(results.runs.done as f64),
                if again { "for good " } else { "" },
                weeks(results.scenario.weeks)
            );
        }
    }
    match (&clearance.naive.date, clearance.naive.days) {
        (Some(day), _) => {
            let _ = write!(text, "; the naive division says {}.", date(day, start));
        }
        (None, Some(_)) => text.push_str("; the naive division says in more than a century."),
        (None, None) => text.push_str("; the naive division says never."),
    }
    text
}

/// A share in whole percent, a half rounded as `probability` rounds it.
fn percent(share: f64) -> i64 {
    (share * 100.0).round() as i64
}

/// A measure of the whole desk; nothing where there was nothing to measure.
fn desk_value(results: &Results, key: &str) -> f64 {
    let measure = results.measures.iter().find(|m| m.key == key && m.scope == Scope::Desk);
    measure.and_then(|measure| measure.estimate).map_or(0.0, |estimate| estimate.value)
}

fn weeks(weeks: f64) -> String {
    let text = format!("{weeks:.1}");
    format!("{} weeks", text.strip_suffix(".0").unwrap_or(&text))
}

/// " (12 to 15)", or nothing where there is no interval.
fn between(estimate: &Estimate, show: impl Fn(f64) -> String) -> String {
    let interval = estimate.interval.as_ref();
    interval.map_or_else(String::new, |within| {
        format!(" ({} to {})", show(within.low), show(within.high))
    })
}

/// What cleared means here, and when it is.
fn clearing(text: &mut String, results: &Results) {
    let clearance = &results.clearance;
    let within = clearance.target_interval.map_or(String::new(), |within| {
        let (low, high) = (count(within.low), count(within.high));
        format!("; {low} to {high} with 95 % confidence, cleared.at_most fixes it")
    });
    let _ = writeln!(
        text,
        "Cleared means at most {} unsolved at {} closes in a row ({}{within}).",
        count(clearance.target),
        clearance.closes,
        clearance.target_from
    );
    if clearance.never_above == results.runs.done {
        return;
    }
    let named = clearance.named(&results.peak).filter(|_| clearance.seldom_piles_up().is_none());
    if named.is_some_and(|by| by.date < results.peak.date) {
        let days = results.timeline.at.iter().zip(&results.timeline.is_close);
        let last = days.filter(|(_, is_close)| **is_close).map(|(at, _)| at.as_str()).next_back();
        if last.is_none_or(|last| *results.peak.date > *last.get(..10).unwrap_or(last)) {
            text.push_str("No close follows the peak: a longer run shows when it is cleared.\n");
        } else {
            let _ = writeln!(text, "The peak itself is gone within {} closes.", clearance.closes);
        }
    }
    let by = |index: usize| {
        clearance.quantiles[index].as_ref().map(|day| date(day, &results.scenario.start))
    };
    if clearance.comes_again(&results.peak) {
        let relapse = percent(clearance.relapse.value);
        let first = nearly_sure(&clearance.by_date).filter(|by| by.p.value > 0.0).map(|by| {
            let day = date(&by.date, &results.scenario.start);
            format!(" is cleared by {day} with probability {}, and", probability(by.p.value))
        });
        let _ = writeln!(
            text,
            "A first pile-up{} is followed by another one in {relapse} % of the runs.",
            first.unwrap_or_default()
        );
        return;
    }
    let horizon = weeks(results.scenario.weeks);
    let within = percent(clearance.within_horizon.value);
    if clearance.seldom_piles_up().is_some() {
        let _ = writeln!(
            text,
            "{within} % of the runs never pile up, or are cleared within {horizon}."
        );
        return;
    }
    let _ = match (by(1), by(2)) {
        (Some(half), Some(most)) => {
            writeln!(text, "Half of the runs are cleared by {half}, 95 % by {most}.")
        }
        (Some(half), None) => {
            writeln!(text, "Half of the runs are cleared by {half}; {within} % within {horizon}.")
        }
        // The sentence has said that none is.
        (None, _) if clearance.within_horizon.value == 0.0 => Ok(()),
        (None, _) => writeln!(text, "{within} % of the runs are cleared within {horizon}."),
    };
    if clearance.relapse.value > 0.0 {
        let relapse = match percent(clearance.relapse.value) {
            0 => "under 1".to_string(),
            percent => percent.to_string(),
        };
        let _ = writeln!(text, "The backlog piles up once more in {relapse} % of the runs.");
    }
}

/// What cleared means and when it is, and what follow-ups add: a sentence or two each.
pub fn remarks(results: &Results) -> Vec<String> {
    let mut text = String::new();
    if results.clearance.in_band.is_none() {
        clearing(&mut text, results);
    }
    if let Some(snowball) = &results.snowball {
        let _ = writeln!(
            text,
            "{} add {} tickets to the peak{} and {}{:.1} days above target{}.",
            capital(&listed(&snowball.loops)),
            count(snowball.peak_difference.value),
            between(&snowball.peak_difference, count),
            if results.is_cut_off() { "at least " } else { "" },
            snowball.days_difference.value,
            between(&snowball.days_difference, |days| format!("{days:.1}")),
        );
    }
    text.lines().map(str::to_string).collect()
}

/// The measures that a summary shows.
const SHOWN: [&str; 18] = [
    "days_above",
    "final_backlog",
    "first_reply_p50",
    "first_reply_p90",
    "full_resolution_p50",
    "reply_attainment",
    "solution_attainment",
    "service_level",
    "withdrawn_share",
    "turned_away_share",
    "amplification",
    "snowball_share",
    "chasers_per_ticket",
    "containment",
    "occupancy",
    "idle_hours",
    "total_cost",
    "csat",
];

/// The most important figures of the desk that it has.
pub fn key_figures(results: &Results) -> Vec<(&'static Measure, Estimate)> {
    let figure = |key: &&str| {
        let of_desk = |m: &&MeasureResult| m.key == *key && m.scope == Scope::Desk;
        let found = results.measures.iter().find(of_desk).and_then(|m| m.estimate)?;
        // Where nobody gives up, or is turned away, there is nothing to be said of it.
        let seldom = ["withdrawn_share", "turned_away_share"].contains(key);
        Some((find(key)?, found)).filter(|_| !seldom || found.value > 0.0)
    };
    SHOWN.iter().filter_map(figure).collect()
}

/// The summary: notes first, the sentence, then the most important figures.
pub fn summary(results: &Results) -> String {
    let mut text = String::new();
    for note in &results.notes {
        let _ = writeln!(text, "Note: {note}.");
    }
    let _ = writeln!(text, "{}\n", sentence(results));
    for remark in remarks(results) {
        let _ = writeln!(text, "{remark}");
    }
    text.push('\n');
    for (measure, estimate) in key_figures(results) {
        let _ = writeln!(
            text,
            "  {:<34} {:>12}{}",
            measure.title,
            value(estimate.value, measure.unit),
            interval(&estimate, measure.unit)
        );
        if measure.key == "occupancy" {
            by_team(&mut text, results, measure);
        }
    }
    assumptions(&mut text, results);
    let changes = &results.scenario.changes;
    if !changes.is_empty() {
        let _ = writeln!(
            text,
            "\nWith {}.{}",
            listed(changes),
            if results.clearance.target_from == ChosenBy::Scenario.describe() {
                ""
            } else {
                " Another desk has other calm weeks, and so another target: `compare` holds plans \
                 against one."
            }
        );
    }
    let runs = &results.runs;
    let _ = writeln!(
        text,
        "\n{}, seed {}{}.{}",
        several(runs.done, "replication"),
        runs.seed,
        if runs.done > 1 {
            "; intervals are 95 % confidence"
        } else {
            ": one of many seasons that may come"
        },
        if runs.adjusted {
            " Means are adjusted for how busy the simulated days happened to be."
        } else {
            ""
        }
    );
    text
}

/// Most teams that are named one by one.
const MOST_TEAMS: usize = 8;

/// A measure of each of several teams: all together may look idle while one of them drowns.
fn by_team(text: &mut String, results: &Results, measure: &Measure) {
    let teams: Vec<(&String, Estimate)> = results
        .measures
        .iter()
        .filter(|result| result.key == measure.key)
        .filter_map(|result| match &result.scope {
            Scope::Team(name) => Some((name, result.estimate?)),
            Scope::Desk | Scope::Tickets(_) => None,
        })
        .collect();
    if !(2..=MOST_TEAMS).contains(&teams.len()) {
        return;
    }
    for (name, estimate) in teams {
        let _ = writeln!(
            text,
            "    {:<32} {:>12}{}",
            name,
            value(estimate.value, measure.unit),
            interval(&estimate, measure.unit)
        );
    }
}

/// What nobody has measured, and what that may come to.
fn assumptions(text: &mut String, results: &Results) {
    if let Some(ChaserRate { tickets, default, at: [low, high], .. }) = &results.chaser_rate {
        // Beside the figures above stands what the same customers make of them at another rate: the
        // means of these few seasons alone would not fit to those of all.
        let at = |end: &AtRate| {
            let peak = results.peak.backlog.value + end.peak_difference.value;
            let days = results.clearance.days_above.value + end.days_difference.value;
            format!(
                "at {} the peak is {} with {:.1} days above target",
                end.rate,
                count(peak.max(0.0)),
                days.max(0.0)
            )
        };
        let _ = writeln!(
            text,
            "\nThe chasers' rate of {} ({default} a day) is judged, not measured: {}, {}.",
            listed(tickets),
            at(low),
            at(high)
        );
    }
    let all = results.defaults.len();
    let assumed = results.defaults.iter().filter(|default| default.is_assumed()).count();
    if assumed > 0 {
        let blank = if results.chaser_rate.is_some() { "" } else { "\n" };
        let file = &results.provenance.file;
        let _ = writeln!(
            text,
            "{blank}{all} numbers in force are defaults, {assumed} of them judged, recalled or from \
             vendors: surgecast explain {file} --defaults"
        );
    }
}

fn interval(estimate: &Estimate, unit: Unit) -> String {
    estimate.interval.map_or(String::new(), |interval| {
        format!("   ({} to {})", value(interval.low, unit), value(interval.high, unit))
    })
}

/// The sentence with a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Names in a row: "chasers, duplicates and reopens".
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(count(8_400.4), "8,400");
        assert_eq!(count(-1_234_567.0), "-1,234,567");
        assert_eq!(count(12.0), "12");
        assert_eq!(date("2026-12-14", "2026-11-16"), "14 December");
        assert_eq!(date("2028-01-02", "2026-11-16"), "2 January 2028");
        assert_eq!(probability(0.999), "over 0.99");
        assert_eq!(probability(1.0), "1.00");
        assert_eq!(value(0.5, Unit::Hours), "30 min");
    }
}
