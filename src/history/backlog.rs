//! How many tickets were unsolved at the end of each day, as far as an export knows.

use super::arrivals::{Window, days_from};
use super::records::Record;
use jiff::civil::Date;
use serde::Serialize;

/// A day of the past.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Day {
    /// Which.
    pub date: Date,
    /// Tickets that came.
    pub created: u64,
    /// Tickets that left the backlog.
    pub ended: u64,
    /// Tickets unsolved at its end. What was there before the export begins is unknown, and not in it.
    pub open: u64,
}

/// Every day of a window. Tickets from before that are known and had not ended are in it.
pub fn days(records: &[Record], window: Window) -> Vec<Day> {
    let mut days: Vec<Day> =
        window.iter().map(|date| Day { date, created: 0, ended: 0, open: 0 }).collect();
    let place = |date: Date| usize::try_from(days_from(window.from, date)).ok();
    let mut open = 0_i64;
    let mut change = vec![0_i64; days.len()];
    for record in records {
        let created = record.created.local.date();
        // What ended before it came is a mistake of the export: it came and went on that day.
        let ended = record.ended.map(|ended| ended.local.date().max(created));
        if created > window.until || ended.is_some_and(|ended| ended < window.from) {
            continue;
        }
        match place(created) {
            Some(at) => {
                days[at].created += 1;
                change[at] += 1;
            }
            None => open += 1,
        }
        if let Some(day) =
            ended.and_then(place).and_then(|at| days.get_mut(at).map(|day| (at, day)))
        {
            day.1.ended += 1;
            change[day.0] -= 1;
        }
    }
    for (day, change) in days.iter_mut().zip(change) {
        open += change;
        day.open = open.unsigned_abs();
    }
    days
}
