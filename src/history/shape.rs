//! How long tickets stay open, and what that says of waiting for others than an agent.
//!
//! An export shows when a ticket came and when it was done, seldom what lay between. Most desks answer
//! many tickets within hours and have others open for weeks, which no queue explains: those wait for a
//! customer, a vendor, a colleague. The scenario has that as questions: a first touch ends with one with
//! some probability, and an answer takes its time.

use super::arrivals::Window;
use super::records::History;
use super::shifts::Shifts;
use crate::stats::survival::Survival;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use serde::Serialize;

/// Solved within that many open hours, a ticket has waited for nobody but an agent.
pub const SOON: f64 = 4.0;

/// Hours.
const HALF_A_DAY: f64 = 12.0;

/// No answer takes less than that many hours on average.
const LEAST_ANSWER: f64 = 1.0;

/// Answers are never steadier, or more different, than that.
const LEAST_CV: f64 = 0.05;
const MOST_CV: f64 = 15.0;

/// Where a smaller share of tickets takes longer, nothing has to be explained.
const LEAST_SHARE: f64 = 0.02;

/// Questions and answers that explain how long tickets are open.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Questions {
    /// Share of first touches that end with a question.
    pub asks: f64,
    /// Mean hours until the answer.
    pub mean: f64,
    /// Standard deviation of that time over its mean.
    pub cv: f64,
}

/// How tickets fared on the days of some windows.
struct Watched {
    /// Tickets that came then and were done soon, and that came then at all.
    soon: (usize, usize),
    /// Hours, of those that were not, from when the desk could have looked at them until it was no longer soon.
    before_soon: f64,
    /// Of every ticket that was not done soon and was open then: (age when it was first watched, age when it
    /// ended or was last seen, whether it ended), in hours from when it was no longer soon.
    later: Vec<(f64, f64, bool)>,
}

/// Watches the tickets of a window. Where solutions are known to the day only, soon is on the same day.
fn watch(history: &History, window: Window, shifts: &Shifts, watched: &mut Watched) {
    let begin = midnight(window.from);
    let end = midnight(window.until.saturating_add(1.day())).min(history.as_of.local);
    for record in &history.records {
        let created = record.created.local;
        let ended = record.ended.map(|ended| ended.local.max(created));
        let until = ended.unwrap_or(history.as_of.local);
        if until < begin || created >= end {
            continue;
        }
        let (since, soon, until) = if history.is_solved_by_day {
            let day = midnight(created.date());
            (day, day, midnight(until.date()))
        } else {
            let since = shifts.after(created, 0.0);
            (since, shifts.after(since, SOON), until)
        };
        let is_done = |by: DateTime| ended.is_some() && until <= by;
        let is_later = !is_done(soon);
        if created >= begin && (soon < end || !is_later) {
            watched.soon.0 += usize::from(!is_later);
            watched.soon.1 += 1;
            watched.before_soon += if is_later { hours(since, soon) } else { 0.0 };
        }
        if !is_later || end <= soon {
            continue;
        }
        // Counted from when it was no longer soon, all begin at zero, whenever in the day they came.
        let age = |at: DateTime| hours(soon, at).max(0.0);
        // What ends on the day on which it is first watched was there a moment before.
        let early = if history.is_solved_by_day && created < begin { HALF_A_DAY } else { 0.0 };
        let entered = (age(begin) - early).max(0.0);
        let last = if is_done(end) { until } else { end };
        watched.later.push((entered, age(last).max(entered), is_done(end)));
    }
}

fn hours(from: DateTime, to: DateTime) -> f64 {
    to.duration_since(from).as_secs_f64() / 3600.0
}

fn midnight(date: Date) -> DateTime {
    date.to_datetime(Time::midnight())
}

/// The questions that explain how long tickets were open on the days of some windows (one that is there
/// twice counts twice): as many are done soon, and the others are open as long, in mean and spread, where the
/// answer waits for the desk to open. Nothing where nearly all are done soon, or nothing was seen.
///
/// Every ticket that was open on one of these days takes part, from the age it had when they began. So
/// this is how tickets fared then, not how those fared that came then.
pub fn questions(history: &History, windows: &[Window], shifts: &Shifts) -> Option<Questions> {
    let mut watched = Watched { soon: (0, 0), before_soon: 0.0, later: Vec::new() };
    windows.iter().for_each(|window| watch(history, *window, shifts, &mut watched));
    let (soon, all) = watched.soon;
    let asks = 1.0 - soon as f64 / all.max(1) as f64;
    if asks < LEAST_SHARE || watched.later.is_empty() {
        return None;
    }
    let before = watched.before_soon / (all - soon) as f64;
    let (mean, square) = Survival::entering(watched.later).moments_beyond(-1.0);
    // Dates leave no trace of the hours that an answer waits for the desk to open.
    let closed = if history.is_solved_by_day { 0.0 } else { shifts.mean_wait() };
    let deviation = (square - mean * mean).max(0.0).sqrt();
    let answer = (mean + before - closed).max(LEAST_ANSWER);
    Some(Questions { asks, mean: answer, cv: (deviation / answer).clamp(LEAST_CV, MOST_CV) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::columns::Columns;
    use crate::history::records::read;
    use crate::sheet::Sheet;
    use jiff::tz::TimeZone;

    #[test]
    fn as_many_are_asked_as_are_not_done_soon_and_for_as_long() {
        // Half are done within an hour, the others after 40 and 60 hours; the desk never closes.
        let mut export = String::from("created,solved\n");
        for day in 1..29 {
            for (created, solved) in [(9, 10), (10, 11)] {
                export +=
                    &format!("2026-01-{day:02} {created:02}:00,2026-01-{day:02} {solved:02}:00\n");
            }
            for hours in [40, 60] {
                let created = jiff::civil::date(2026, 1, day).at(8, 0, 0, 0);
                let solved = created.saturating_add(jiff::Span::new().hours(hours));
                export += &format!("{},{}\n", created.strftime("%F %R"), solved.strftime("%F %R"));
            }
        }
        let sheet = Sheet::parse(&export).unwrap();
        let columns = Columns::find(&sheet, &[]).unwrap();
        let history = read(&sheet, &columns, None, &TimeZone::UTC).unwrap();
        let january = |from, until| Window {
            from: jiff::civil::date(2026, 1, from),
            until: jiff::civil::date(2026, 1, until),
        };
        let always = Shifts::at_least(&[1.0; 168], 0.5);
        let found = questions(&history, &[january(1, 28)], &always).unwrap();
        assert_eq!(found.asks, 0.5);
        assert!((found.mean - 50.0).abs() < 1e-9 && (found.cv - 0.2).abs() < 1e-9, "{found:?}");
        // The same from what was seen in two weeks of it, and in each of them by itself.
        for windows in [vec![january(8, 21)], vec![january(8, 14), january(15, 21)]] {
            let found = questions(&history, &windows, &always).unwrap();
            assert!((found.mean - 50.0).abs() < 1e-9, "{found:?}");
        }
    }
}
