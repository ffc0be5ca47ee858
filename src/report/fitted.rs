//! What an export says about a desk, in words and as a table.

use super::text::{count, listed, several};
use crate::history::arrivals::Unusual;
use crate::history::records::Kind;
use crate::history::spans::Spans;
use crate::history::{Facts, Part};
use csv::Writer;
use jiff::civil::Date;
use std::fmt::Write;

/// Days that stand out are named up to this many.
const MOST_NAMED: usize = 6;

/// Parts of a whole are named up to this many.
const MOST_PARTS: usize = 5;

/// What was found, for a screen.
pub fn text(facts: &Facts) -> String {
    let mut text = String::new();
    let arrivals = &facts.arrivals;
    let window = arrivals.window;
    let mut line = |words: String| {
        let _ = writeln!(text, "{words}");
    };
    let read = facts.columns.iter().map(|(field, column)| format!("{field} from {column}"));
    line(format!(
        "Read {}: {}.",
        several(facts.rows as u64, "row"),
        listed(&read.collect::<Vec<_>>())
    ));
    let outside = match arrivals.outside {
        0 => String::new(),
        n => format!(" ({} before or after: leftovers of other times)", count(n as f64)),
    };
    line(format!(
        "{} from {} to {}{outside}.",
        several(arrivals.contacts, noun(facts.kind)),
        day(window.from),
        day(window.until)
    ));
    line(String::new());
    let week: Vec<String> = arrivals
        .weekdays
        .iter()
        .map(|weekday| format!("{} {}", &weekday.name[..3], rate(weekday.mean)))
        .collect();
    line(format!("A day brings {} on average: {}.", rate(arrivals.per_day), week.join(", ")));
    if let Some((hour, share)) = busiest_hour(&arrivals.by_hour) {
        line(format!(
            "The busiest hour is {hour:02}:00 to {:02}:00, with {:.0} % of a day.",
            hour + 1,
            100.0 * share
        ));
    }
    line(format!(
        "Days differ by {:.0} % beyond weekday and chance (busyness_cv {:.2}).",
        100.0 * arrivals.busyness_cv,
        arrivals.busyness_cv
    ));
    let (quiet, busy): (Vec<&Unusual>, Vec<&Unusual>) =
        arrivals.unusual.iter().partition(|day| day.is_quiet());
    for (what, days) in [("Quiet, as holidays are", quiet), ("Busy", busy)] {
        if !days.is_empty() {
            line(format!("{what}: {}.", named(&days)));
        }
    }
    if !arrivals.missing.is_empty() {
        let days: Vec<String> = arrivals.missing.iter().map(|date| day(*date)).collect();
        line(format!("Without any row, and left out: {}.", shortened(&days)));
    }
    if let Some(open_for) = &facts.open_for {
        let half = open_for.median.map_or("an unknown time".to_string(), hours);
        let most = open_for.p90.map_or("a time that is not known yet".to_string(), hours);
        line(format!(
            "Half are done within {half}, nine in ten within {most}, {} still open included.",
            count((open_for.n - open_for.ended) as f64)
        ));
    }
    if let Some(last) = facts.days.last() {
        let peak = facts.days.iter().max_by_key(|day| day.open);
        let peak = peak.map_or(String::new(), |peak| {
            format!("; at most {}, on {}", count(peak.open as f64), day(peak.date))
        });
        line(format!(
            "Of those in the file {} were open at the end of {}{peak}.",
            count(last.open as f64),
            day(last.date)
        ));
    }
    if facts.kind == Kind::Tickets && facts.open_for.is_none() {
        line(
            "No ticket is done in this file: nothing says how long they take, or how many are open. Is there a \
             column for it (--column solved=...)?"
                .to_string(),
        );
    }
    if let Some(calls) = &facts.calls {
        line(format!(
            "{:.1} % wait, {:.1} % give up; those who wait and are answered wait {} on average.",
            100.0 * calls.queued,
            100.0 * calls.abandoned,
            calls.wait_answered.as_ref().map_or("an unknown time".to_string(), |w| seconds(w.mean))
        ));
        if let Some(patience) = calls.patience {
            line(format!("Customers are ready to wait {} on average.", seconds(patience)));
        }
    }
    if let Some(Spans { mean, cv, n, .. }) = &facts.handle {
        line(format!(
            "A touch takes {} (CV {cv:.2}, {} of them).",
            seconds(*mean),
            count(*n as f64)
        ));
    }
    for (what, share) in [
        ("came back", facts.reopened),
        ("were passed on", facts.moved),
        ("kept their promise", facts.kept),
    ] {
        if let Some(share) = share {
            line(format!("{:.1} % {what}.", 100.0 * share));
        }
    }
    for (what, parts) in [
        ("Priorities", &facts.priorities),
        ("Classes", &facts.classes),
        ("Channels", &facts.channels),
    ] {
        if !parts.is_empty() {
            line(format!("{what}: {}.", shares(parts)));
        }
    }
    let in_states: f64 = facts.states.iter().map(|(_, hours)| hours).sum();
    if in_states > 0.0 {
        let shares = facts.states.iter().map(|(name, hours)| (name, hours / in_states));
        let named: Vec<String> = shares
            .take(MOST_PARTS)
            .map(|(name, share)| format!("{name} {:.0} %", 100.0 * share))
            .collect();
        line(format!("Time went by in these states: {}.", named.join(", ")));
    }
    text
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Tickets => "ticket",
        Kind::Calls => "waiting or answered call",
        Kind::Counts => "contact",
    }
}

/// A number that may be small.
fn rate(value: f64) -> String {
    if value < 10.0 { format!("{value:.1}") } else { count(value) }
}

fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

fn busiest_hour(by_hour: &[u64]) -> Option<(usize, f64)> {
    let all: u64 = by_hour.iter().sum();
    let (hour, most) = by_hour.iter().enumerate().max_by_key(|(_, count)| **count)?;
    (all > 0).then(|| (hour, *most as f64 / all as f64))
}

/// Days that stand out, those first that do so most.
fn named(days: &[&Unusual]) -> String {
    let mut days = days.to_vec();
    let apart = |day: &Unusual| day.share().max(1e-3).ln().abs();
    days.sort_by(|a, b| apart(b).total_cmp(&apart(a)));
    let words: Vec<String> = days
        .iter()
        .map(|d| format!("{} ({:.0} % of a usual one)", day(d.date), 100.0 * d.share()))
        .collect();
    shortened(&words)
}

fn shortened(words: &[String]) -> String {
    match words.len() {
        n if n > MOST_NAMED => {
            format!("{} and {} more", words[..MOST_NAMED].join(", "), n - MOST_NAMED)
        }
        _ => listed(words),
    }
}

fn shares(parts: &[Part]) -> String {
    let mut words: Vec<String> = parts
        .iter()
        .take(MOST_PARTS)
        .map(|part| format!("{} {:.1} %", part.name, 100.0 * part.share))
        .collect();
    if parts.len() > MOST_PARTS {
        words.push(format!("{} more", parts.len() - MOST_PARTS));
    }
    words.join(", ")
}

/// A time in the unit that people would say it in.
fn hours(hours: f64) -> String {
    match hours {
        h if h < 1.0 => format!("{:.0} min", 60.0 * h),
        h if h < 48.0 => format!("{h:.1} h"),
        h => format!("{:.1} days", h / 24.0),
    }
}

fn seconds(seconds: f64) -> String {
    if seconds < 120.0 { format!("{seconds:.0} s") } else { hours(seconds / 3600.0) }
}

/// `daily.csv`: a row per day of the window, with what came, what was done and what was open at its end
/// where that is known.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn daily(facts: &Facts) -> Result<String, csv::Error> {
    let mut out = Writer::from_writer(Vec::new());
    out.write_record(["date", "contacts", "done", "open"])?;
    for (place, (date, contacts)) in
        facts.arrivals.window.iter().zip(&facts.arrivals.daily).enumerate()
    {
        let day = facts.days.get(place);
        let known = |of: Option<u64>| of.map_or(String::new(), |n| n.to_string());
        let (done, open) = (known(day.map(|day| day.ended)), known(day.map(|day| day.open)));
        out.write_record([date.to_string(), contacts.to_string(), done, open])?;
    }
    super::csv::finish(out)
}
