//! How long tickets stay open, and what that says of waiting for others than an agent.
//!
//! An export shows when a ticket came and when it was done, seldom what lay between. Most desks answer
//! many tickets within hours and have others open for weeks, which no queue explains: those wait for a
//! customer, a vendor, a colleague. The scenario has that as questions: a touch ends with one with
//! some probability, and an answer takes its time.

use super::arrivals::Window;
use super::records::{History, hours_between};
use crate::stats::survival::Survival;
use jiff::civil::Date;
use serde::Serialize;

/// Solved within that many hours, a ticket has not waited for anybody else.
const SOON: f64 = 8.0;

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

/// How long tickets were open in the days of a window: (hours, share still open).
///
/// Every ticket that was open on one of these days takes part, from the age it had when they began. So
/// this is how tickets fared then, not how those fared that came then.
pub fn survival(history: &History, window: Window) -> Survival {
    let hours = |date: Date| date.to_datetime(jiff::civil::Time::midnight());
    let begin = hours(window.from);
    let end = hours(window.until.saturating_add(jiff::ToSpan::day(1)));
    let mut spans = Vec::new();
    for record in &history.records {
        let created = record.created;
        let until = record.ended.unwrap_or(history.as_of).max(created);
        if until.local < begin || created.local >= end {
            continue;
        }
        let by_day = history.is_solved_by_day;
        let to = |local: jiff::civil::DateTime| -> f64 {
            let created = if by_day { hours(created.local.date()) } else { created.local };
            (local.duration_since(created).as_secs_f64() / 3600.0).max(0.0)
        };
        let entered = to(begin);
        let ended_in = record.ended.is_some() && until.local < end;
        let left = match ended_in {
            true if by_day => to(hours(until.local.date())),
            true => hours_between(created, until),
            false => to(end.min(history.as_of.local)),
        };
        if left >= entered {
            spans.push((entered, left, ended_in));
        }
    }
    Survival::entering(spans)
}

/// The questions that explain how long tickets are open: as many are done soon, and the others are open
/// as long, in mean and spread, where each answer waits that many hours, on average, for the desk to open.
/// Nothing where nearly all are done soon, or none is.
pub fn questions(survival: &Survival, closed: f64) -> Option<Questions> {
    let later = survival.beyond(SOON);
    if !(0.02..=0.95).contains(&later) {
        return None;
    }
    let (mean, square) = survival.moments_beyond(SOON);
    // Whoever is asked once is asked again with the same probability, so that the number of questions is
    // geometric; the time is the sum of as many answers.
    let once = 1.0 - later;
    let answer = (mean * once - closed).max(LEAST_ANSWER);
    let variance = (square - mean * mean).max(0.0);
    let spread = once * (variance - answer * answer * later / (once * once));
    let cv = (spread.max(0.0).sqrt() / answer).clamp(0.1, 15.0);
    Some(Questions { asks: later, mean: answer, cv })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_have_the_mean_of_what_they_explain() {
        // Half are done at once, the others after 100 or 300 hours.
        let mut spans = vec![(0.0, 1.0, true); 100];
        spans.extend(vec![(0.0, 100.0, true); 50]);
        spans.extend(vec![(0.0, 300.0, true); 50]);
        let questions = questions(&Survival::entering(spans), 0.0).unwrap();
        assert_eq!(questions.asks, 0.5);
        // Two answers on average: 200 hours in all.
        assert!((questions.mean - 100.0).abs() < 1e-9);
        let all = (questions.cv * 100.0).powi(2) / 0.5 + 100.0 * 100.0 * 0.5 / 0.25;
        assert!(all >= 10_000.0, "no answers are steadier than that");
    }
}
