//! A diagnosis in words: the finding, the arithmetic behind it, how long help may wait, and what a
//! short simulation says.

use super::text::{count, date, listed, probability};
use crate::experiment::diagnose::{Diagnosis, Help, TeamState};
use crate::stats::Estimate;
use serde::Serialize;
use std::fmt::Write;

/// Arithmetic looks at closes and simulation at all hours: a peak that many times as high is another one.
const HIGHER: f64 = 1.5;

/// What a short simulation says beside the fluid.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Simulated {
    /// Seasons simulated.
    pub seasons: u64,
    /// Most unsolved tickets that count as cleared there.
    pub target: f64,
    /// How that was chosen, in words.
    pub target_from: &'static str,
    /// Probability of being cleared by the day asked for.
    pub cleared: Estimate,
    /// Highest backlog.
    pub peak: Estimate,
}

/// The diagnosis as text.
pub fn text(diagnosis: &Diagnosis) -> String {
    let near = &diagnosis.start;
    let mut text = format!(
        "{}\nCleared means at most {} unsolved tickets, {}.\n\n",
        finding(diagnosis),
        count(diagnosis.target),
        diagnosis.target_from
    );
    let peak = match diagnosis.weeks_at_peak {
        0 => "the last week".to_string(),
        1 => format!("a week from {}", date(&diagnosis.peak_date, near)),
        2 | 3 => {
            let weeks = diagnosis.weeks_at_peak;
            format!("{weeks} weeks from {}", date(&diagnosis.peak_date, near))
        }
        _ => format!("from {} on", date(&diagnosis.peak_date, near)),
    };
    let _ =
        writeln!(text, "{:<44} {:>14} {:>26}", "Four weeks, by arithmetic", "from the start", peak);
    for (now, then) in diagnosis.now.iter().zip(&diagnosis.at_peak) {
        team(&mut text, now, then);
    }
    let _ = writeln!(text, "\n{}", regimes(diagnosis));
    if !diagnosis.help.is_empty() {
        let _ = writeln!(
            text,
            "\nTo be cleared for good by {}, with more staff in every team:",
            date(&diagnosis.by, near)
        );
        for help in &diagnosis.help {
            let _ = writeln!(text, "  {}", deadline(help, near));
        }
    }
    if !diagnosis.left_out.is_empty() {
        let names: Vec<String> = diagnosis.left_out.iter().map(ToString::to_string).collect();
        let _ = writeln!(text, "\nThe arithmetic leaves out: {}. `run` has them.", listed(&names));
    }
    text
}

/// The sentence a manager can act on.
pub fn finding(diagnosis: &Diagnosis) -> String {
    let near = &diagnosis.start;
    let target = count(diagnosis.target);
    if diagnosis.piles_up.is_none() {
        return format!(
            "By arithmetic, chance left out, nothing piles up: the backlog stays at or below {target}."
        );
    }
    let mut text = format!(
        "By arithmetic, chance left out, the backlog is highest on {}, with {}",
        date(&diagnosis.peak_date, near),
        count(diagnosis.peak),
    );
    match (&diagnosis.cleared, diagnosis.days_to_clear) {
        (Some(day), Some(days)) => {
            let _ = write!(
                text,
                ". It is cleared for good by {}, {} from ",
                date(day, near),
                of_days(days)
            );
            let _ = write!(text, "{} on", date(&diagnosis.counted_from, near));
        }
        _ => text.push_str(", and is not cleared within the run"),
    }
    match (diagnosis.naive_days, &diagnosis.naive_date) {
        (Some(days), _) if days > 36_525.0 => {
            text.push_str("; the naive division says in more than a century.");
        }
        (Some(days), Some(day)) => {
            let _ = write!(
                text,
                "; the naive division says {}, by {}.",
                of_days(days),
                date(day, near)
            );
            if diagnosis.cleared.is_none() {
                text.truncate(text.len() - 1);
                let _ = write!(text, ", counted from {}.", date(&diagnosis.counted_from, near));
            }
        }
        _ => text.push_str("; the naive division says never."),
    }
    if let Some(day) = diagnosis.passes_critical.as_ref().filter(|_| diagnosis.cleared.is_none()) {
        let _ = write!(
            text,
            " At the close of {} it is beyond what the desk can bear: those who wait ask for more than the \
             desk has to spare.",
            date(day, near)
        );
    }
    text
}

fn of_days(days: f64) -> String {
    match days.round() {
        1.0 => "1 day".to_string(),
        days => format!("{} days", count(days)),
    }
}

/// What a short simulation says.
pub fn beside(diagnosis: &Diagnosis, simulated: &Simulated) -> String {
    let p = simulated.cleared.value;
    let higher = simulated.peak.value > HIGHER * diagnosis.peak.max(diagnosis.target);
    let agrees =
        if higher { "Simulation agrees on that, not on the height" } else { "Simulation agrees" };
    let verdict = match (diagnosis.cleared_by_then, p) {
        (true, p) if p >= 0.9 => agrees,
        (false, p) if p <= 0.1 => agrees,
        (_, p) if p > 0.1 && p < 0.9 => "With chance it is open",
        _ => "Simulation says otherwise, and it knows more",
    };
    let within = simulated
        .cleared
        .interval
        .map_or(String::new(), |i| format!(" ({} to {})", probability(i.low), probability(i.high)));
    let mut text = format!(
        "{verdict}: in {} simulated seasons it is cleared for good by {} with probability {}{within}; the peak \
         is {} on average.",
        count(simulated.seasons as f64),
        date(&diagnosis.by, &diagnosis.start),
        probability(p),
        count(simulated.peak.value)
    );
    if simulated.target != diagnosis.target {
        let _ = write!(
            text,
            " Cleared means at most {} there: {}.",
            count(simulated.target),
            simulated.target_from
        );
    }
    text
}

fn team(text: &mut String, now: &TeamState, then: &TeamState) {
    let _ = writeln!(text, "{} ({} now, {} then)", now.team, now.regime, then.regime);
    let hours = |hours: f64| format!("{} h", count(hours));
    let worst =
        |state: &TeamState| state.work_hours_at_worst.map_or("without end".to_string(), hours);
    let backlog = |critical: Option<f64>| critical.map_or("any".to_string(), count);
    let row = |text: &mut String, what: &str, now: String, then: String| {
        let _ = writeln!(text, "  {what:<42} {now:>14} {then:>26}");
    };
    row(text, "hours at the queue a week", hours(now.staff_hours), hours(then.staff_hours));
    row(
        text,
        "work a week, where nobody asks again",
        hours(now.work_hours),
        hours(then.work_hours),
    );
    row(text, "work a week, where all ask all they will", worst(now), worst(then));
    row(
        text,
        "backlog it can bear for long",
        backlog(now.critical_backlog),
        backlog(then.critical_backlog),
    );
    row(text, "waiting", count(now.waiting), count(then.waiting));
    let room = |state: &TeamState| state.headroom.map_or("enough".to_string(), count);
    row(text, "headroom", room(now), room(then));
}

fn regimes(diagnosis: &Diagnosis) -> String {
    let means = |regime: &str| match regime {
        "hopeless" => "while that lasts there is more work than hours, even if nobody asks again",
        "overloaded" => "there is more work than hours, and what is too much for it gives up",
        "bistable" => {
            "it has slack while little waits and none when much does, because those who wait ask again"
        }
        _ => "it comes back from any backlog, however often customers ask",
    };
    let worst = |teams: &[TeamState]| {
        let badness = |state: &&TeamState| match state.regime {
            "hopeless" => 3,
            "overloaded" => 2,
            "bistable" => 1,
            _ => 0,
        };
        teams.iter().max_by_key(badness).map_or("recoverable", |state| state.regime)
    };
    let (now, then) = (worst(&diagnosis.now), worst(&diagnosis.at_peak));
    let over = diagnosis.at_peak.iter().any(|state| state.headroom.is_some_and(|room| room < 0.0));
    let note = if over && diagnosis.cleared.is_some() {
        " At the peak more waits than it can bear for long, but not for long: it came at once, and \
         nobody asks without end."
    } else {
        ""
    };
    if now == then {
        return format!("The desk is {now}: {}.{note}", means(now));
    }
    format!(
        "In its first four weeks the desk is {now}: {}. After the peak it is {then}: {}.{note}",
        means(now),
        means(then)
    )
}

fn deadline(help: &Help, near: &str) -> String {
    let people = match help.people.ceil() {
        1.0 => "1 person".to_string(),
        people => format!("{} people", count(people)),
    };
    let what = format!("{:.0} % more (about {people})", help.share * 100.0);
    let Some(day) = &help.latest_start else {
        return format!("{what:<32} is not enough, however early");
    };
    let warning = match help.days_of_warning {
        Some(days) if days > 0.0 => format!(", {} after the backlog first shows", of_days(days)),
        Some(days) if days < 0.0 => format!(", {} before the backlog shows", of_days(-days)),
        Some(_) => ", the day on which the backlog first shows".to_string(),
        None => String::new(),
    };
    format!("{what:<32} must begin by {}{warning}", date(day, near))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_says_when_and_with_how_much_warning() {
        let help = |latest: Option<&str>, days| Help {
            share: 0.2,
            people: 7.6,
            latest_start: latest.map(str::to_string),
            days_of_warning: days,
        };
        let told = |help| deadline(&help, "2026-11-16");
        assert!(told(help(None, None)).ends_with("is not enough, however early"));
        let late = told(help(Some("2026-12-14"), Some(9.0)));
        assert_eq!(
            late,
            "20 % more (about 8 people)       must begin by 14 December, 9 days after the backlog first shows"
        );
        assert!(
            told(help(Some("2026-12-01"), Some(-1.0))).ends_with("1 day before the backlog shows")
        );
    }
}
