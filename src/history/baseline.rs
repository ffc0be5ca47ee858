//! What arithmetic forecasts without any queue: the reference that a simulation has to beat, and the judge of
//! which past weeks say most about those to come.

use super::arrivals::{Arrivals, Window, days_from, weekday_of};
use super::records::History;
use crate::stats::survival::Survival;
use jiff::ToSpan;

/// Days that were forecast from the days before, to see which past weeks would have done best.
const TRIED: i64 = 28;

/// So many times, each as many days earlier.
const TIMES: i64 = 2;

/// Open tickets at the end of each of so many days after a window, if tickets went on to come as on each
/// weekday of it, and to stay as long as `survival` says (in days), however many there are: no limit of
/// people.
pub fn without_queues(
    history: &History,
    arrivals: &Arrivals,
    survival: &Survival,
    days: usize,
) -> Vec<f64> {
    let last = arrivals.window.until;
    let open: Vec<f64> = history
        .records
        .iter()
        .filter(|record| record.ended.is_none())
        .map(|record| days_from(record.created.local.date(), last).max(0) as f64)
        .collect();
    (1..=days)
        .map(|ahead| {
            let still = open.iter().map(|age| {
                let now = survival.beyond(*age);
                if now > 0.0 { survival.beyond(age + ahead as f64) / now } else { 1.0 }
            });
            let new = (1..=ahead).map(|day| {
                let date = last.saturating_add((day as i64).days());
                arrivals.weekdays[weekday_of(date)].mean * survival.beyond((ahead - day) as f64)
            });
            still.sum::<f64>() + new.sum::<f64>()
        })
        .collect()
}

/// How many days tickets stay open, from all that is known at the end of a window.
pub fn lifetimes(history: &History, window: Window) -> Survival {
    lifetimes_in(history, Window { from: jiff::civil::Date::MIN, ..window })
}

/// The same from how tickets fared on the days of a window.
fn lifetimes_in(history: &History, window: Window) -> Survival {
    let mut spans = Vec::new();
    for record in &history.records {
        let created = record.created.local.date();
        let ended = record.ended.map(|ended| ended.local.date().max(created));
        let ended = ended.filter(|ended| *ended <= window.until);
        let until = ended.unwrap_or(window.until);
        if until < window.from || created > window.until {
            continue;
        }
        // Who came before the window is watched from the age it had then; a day earlier, lest it be taken
        // for one that ends on its first day.
        let entered =
            if created < window.from { days_from(created, window.from) as f64 - 0.5 } else { 0.0 };
        spans.push((entered, days_from(created, until) as f64, ended.is_some()));
    }
    Survival::entering(spans)
}

/// How many of the last weeks of a window say most about the weeks to come: those from which arithmetic would
/// have forecast the last four weeks, and the four before them, best. Where tickets do not end, it is their
/// number that is forecast. `came` has what came, in order of days.
pub fn recent_weeks(history: &History, came: &[super::arrivals::Came], window: Window) -> u32 {
    let all = (window.days() / 7).max(1) as u32;
    let known = window.days() as i64 - TIMES * TRIED;
    let mut tried: Vec<u32> = [4, 8, 13, 26, 52].into_iter().filter(|weeks| *weeks < all).collect();
    tried.push(all);
    if known < TRIED || tried.len() == 1 {
        return tried[0];
    }
    let has_ends = history.records.iter().any(|record| record.ended.is_some());
    let error = |weeks: u32| -> f64 {
        (1..=TIMES).map(|time| error_of(history, came, window, weeks, time * TRIED, has_ends)).sum()
    };
    let best = tried.iter().map(|weeks| (*weeks, error(*weeks)));
    best.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(all, |(weeks, _)| weeks)
}

/// How far off the forecast of four weeks was that began so many days before the end of a window.
fn error_of(
    history: &History,
    came: &[super::arrivals::Came],
    window: Window,
    weeks: u32,
    ago: i64,
    has_ends: bool,
) -> f64 {
    let split = window.until.saturating_sub((ago - 1).days());
    let last = split.saturating_sub(1.day());
    let first = last.saturating_sub((7 * i64::from(weeks) - 1).days()).max(window.from);
    let recent = Window { from: first, until: last };
    let arrivals = Arrivals::of(came, recent);
    let ahead = Window { from: split, until: split.saturating_add((TRIED - 1).days()) };
    let (predicted, actual): (Vec<f64>, Vec<f64>) = if has_ends {
        let known = history.known_on(split, &jiff::tz::TimeZone::UTC);
        let survival = lifetimes_in(&known, recent);
        let actual = super::backlog::days(&history.records, ahead);
        let predicted = without_queues(&known, &arrivals, &survival, actual.len());
        (predicted, actual.iter().map(|day| day.open as f64).collect())
    } else {
        let predicted = ahead.iter().map(|date| arrivals.weekdays[weekday_of(date)].mean);
        let actual = Arrivals::of(came, ahead).daily;
        (predicted.collect(), actual.into_iter().map(|count| count as f64).collect())
    };
    let off: f64 = predicted.iter().zip(&actual).map(|(p, a)| (p - a).abs()).sum();
    off / actual.iter().sum::<f64>().max(1.0)
}
