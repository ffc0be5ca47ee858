//! What a spreadsheet would forecast: references that a simulation has to beat.

use super::Facts;
use super::arrivals::{days_from, weekday_of};
use super::records::History;
use crate::stats::survival::Survival;
use jiff::ToSpan;

/// Open tickets at the end of each of so many days after those of `facts`, if tickets went on to come as on
/// each weekday before, and to stay as long as they did before, however many there are: no limit of
/// people. Whole days, as (last day of the facts + 1, ...).
pub fn without_queues(history: &History, facts: &Facts, days: usize) -> Vec<f64> {
    let last = facts.arrivals.window.until;
    let age = |from, to| days_from(from, to).max(0) as f64;
    let spans = history.records.iter().map(|record| {
        let created = record.created.local.date();
        let until = record.ended.map_or(last, |ended| ended.local.date());
        (age(created, until), record.ended.is_some())
    });
    let survival = Survival::of(spans.collect());
    let open: Vec<f64> = history
        .records
        .iter()
        .filter(|record| record.ended.is_none())
        .map(|record| age(record.created.local.date(), last))
        .collect();
    (1..=days)
        .map(|ahead| {
            let still = open.iter().map(|age| {
                let now = survival.beyond(*age);
                if now > 0.0 { survival.beyond(age + ahead as f64) / now } else { 1.0 }
            });
            let new = (1..=ahead).map(|day| {
                let date = last.saturating_add((day as i64).days());
                facts.arrivals.weekdays[weekday_of(date)].mean * survival.beyond((ahead - day) as f64)
            });
            still.sum::<f64>() + new.sum::<f64>()
        })
        .collect()
}
