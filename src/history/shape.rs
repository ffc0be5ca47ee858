//! How long tickets stay open, and what that says of waiting for others than an agent.
//!
//! An export shows when a ticket came and when it was done, seldom what lay between. Most desks answer
//! many tickets within hours and have others open for weeks, which no queue explains: those wait for a
//! customer, a vendor, a colleague. The scenario has that as questions: a touch ends with one with
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

/// Questions and answers that explain how long tickets are open.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Questions {
    /// Share of touches that end with a question.
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
    /// Of every ticket that was not done soon and was open then: (age when it was first watched, age when it
    /// ended or was last seen, whether it ended), in hours from when the desk could have looked at it.
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
        if created >= begin && (soon < end || is_done(soon)) {
            watched.soon.0 += usize::from(is_done(soon));
            watched.soon.1 += 1;
        }
        if is_done(soon) || end <= soon {
            continue;
        }
        let age = |at: DateTime| (at.duration_since(since).as_secs_f64() / 3600.0).max(0.0);
        // What ends on the day on which it is first watched was there a moment before.
        let early = if history.is_solved_by_day && created < begin { HALF_A_DAY } else { 0.0 };
        let entered = (age(begin) - early).max(age(soon));
        let last = if is_done(end) { until } else { end };
        watched.later.push((entered, age(last).max(entered), is_done(end)));
    }
}

fn midnight(date: Date) -> DateTime {
    date.to_datetime(Time::midnight())
}

/// The questions that explain how long tickets were open on the days of some windows (one that is there
/// twice counts twice): as many are done soon, and the others are open as long, in mean and spread, where each
/// answer waits for the desk to open. Nothing where nearly all are done soon, or none is.
///
/// Every ticket that was open on one of these days takes part, from the age it had when they began. So
/// this is how tickets fared then, not how those fared that came then.
pub fn questions(history: &History, windows: &[Window], shifts: &Shifts) -> Option<Questions> {
    let mut watched = Watched { soon: (0, 0), later: Vec::new() };
    windows.iter().for_each(|window| watch(history, *window, shifts, &mut watched));
    let (soon, all) = watched.soon;
    let asks = 1.0 - soon as f64 / all.max(1) as f64;
    if !(0.02..=0.95).contains(&asks) {
        return None;
    }
    let (mean, square) = Survival::entering(watched.later).moments_beyond(-1.0);
    // Dates leave no trace of the hours that an answer waits for the desk to open.
    let closed = if history.is_solved_by_day { 0.0 } else { shifts.mean_wait() };
    Some(explain(asks, (mean, square), closed))
}

/// Answers whose sum has those moments (hours, and their square), where each waits so long to be read.
fn explain(asks: f64, (mean, square): (f64, f64), closed: f64) -> Questions {
    // Whoever is asked once is asked again with the same probability, so that the number of questions is
    // geometric; the time is the sum of as many answers.
    let once = 1.0 - asks;
    let answer = (mean * once - closed).max(LEAST_ANSWER);
    let variance = (square - mean * mean).max(0.0);
    let spread = once * (variance - answer * answer * asks / (once * once));
    let cv = (spread.max(0.0).sqrt() / answer).clamp(0.1, 15.0);
    Questions { asks, mean: answer, cv }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_have_the_mean_of_what_they_explain() {
        // Half are asked, and open for 100 or 300 hours: two answers on average, 200 hours in all.
        let questions = explain(0.5, (200.0, 50_000.0), 0.0);
        assert_eq!((questions.asks, questions.mean), (0.5, 100.0));
        // With 20 hours' wait for each answer it comes after 80.
        assert_eq!(explain(0.5, (200.0, 50_000.0), 20.0).mean, 80.0);
        // Mean 300, and answers of CV 1 as exponential ones: a geometric sum of these is exponential.
        let exponential = explain(0.75, (400.0, 2.0 * 400.0 * 400.0), 0.0);
        assert!((exponential.cv - 1.0).abs() < 1e-12 && (exponential.mean - 100.0).abs() < 1e-12);
    }
}
