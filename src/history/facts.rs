//! What an export says about a desk: everything that can be measured in it, and nothing else.

use super::arrivals::{Arrivals, Came, Window, days_from};
use super::asked::HistoryError;
use super::backlog::{self, Day};
use super::baseline;
use super::records::{History, Kind, Record, hours_between};
use super::spans::{self, Lasting, Spans};
use super::staffing::Attendance;
use super::words::Outcome;
use crate::when::When;
use jiff::civil::{Date, DateTime, Time};
use serde::Serialize;
use std::collections::BTreeMap;

/// A value of a column, and how often it stands there.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Part {
    /// The value as written.
    pub name: String,
    /// Tickets that have it.
    pub tickets: usize,
    /// Share of the tickets that have any.
    pub share: f64,
    /// Mean touch of those that have it, seconds, where it is known.
    pub handle: Option<Spans>,
}

/// What calls say.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Calls {
    /// Calls that wanted an agent: answered, or given up after a wait.
    pub wanting: usize,
    /// Share of them that had to wait.
    pub queued: f64,
    /// Share of them that gave up.
    pub abandoned: f64,
    /// Waits of those who waited and were answered, seconds.
    pub wait_answered: Option<Spans>,
    /// Waits of those who gave up, seconds.
    pub wait_abandoned: Option<Spans>,
    /// Mean patience, seconds, where customers give up at a constant rate.
    pub patience: Option<f64>,
}

/// What an export says about a desk.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Facts {
    /// What the rows are.
    pub kind: Kind,
    /// Rows of the file.
    pub rows: usize,
    /// (field, header of its column)
    pub columns: Vec<(&'static str, String)>,
    /// Tickets or calls.
    pub contacts: u64,
    /// When the first of them came.
    pub first: DateTime,
    /// When the last of them came.
    pub last: DateTime,
    /// The latest time in the file: what is open then is still open.
    pub as_of: DateTime,
    /// When they come.
    pub arrivals: Arrivals,
    /// How many of the last weeks say most about the weeks to come.
    pub recent_weeks: u32,
    /// Hours from creation to solution, of those that are solved.
    pub solved: Option<Spans>,
    /// Hours from creation until a ticket leaves the backlog, those included that have not yet.
    pub open_for: Option<Lasting>,
    /// Whether solutions are known to the day only, so that these hours are whole days.
    pub by_day: bool,
    /// Hours from creation to the first reply.
    pub first_reply: Option<Spans>,
    /// Priorities, the most frequent first.
    pub priorities: Vec<Part>,
    /// Classes.
    pub classes: Vec<Part>,
    /// Channels.
    pub channels: Vec<Part>,
    /// Share of tickets that came back.
    pub reopened: Option<f64>,
    /// Share of tickets that were passed on.
    pub moved: Option<f64>,
    /// How often a ticket was passed on, on average.
    pub moves: Option<f64>,
    /// Share of promises kept.
    pub kept: Option<f64>,
    /// Hours that tickets spent in each state.
    pub states: Vec<(String, f64)>,
    /// Each day of the window; nothing where tickets do not end in the file.
    pub days: Vec<Day>,
    /// What calls say.
    pub calls: Option<Calls>,
    /// Seconds that an agent works on one.
    pub handle: Option<Spans>,
    /// People at work in each hour of the week, Monday's first hour first.
    pub staffing: Vec<f64>,
    /// Share of their time for which they take no call though somebody waits.
    pub off_queue: Option<f64>,
}

/// Measures what is in an export from one day to another; by default on all days on which it holds what
/// came.
///
/// *Errors*: no contact on these days, or counts that are none.
pub fn measure(
    history: &History,
    from: Option<Date>,
    until: Option<Date>,
) -> Result<Facts, HistoryError> {
    let kind = history.kind();
    let came = came(history, kind)?;
    let whole = Window::of(&came);
    let (Some(window), Some(first), Some(last)) = (whole, came.first(), came.last()) else {
        return Err(HistoryError::Asked("nobody came".to_string()));
    };
    let window = Window { from: from.unwrap_or(window.from), until: until.unwrap_or(window.until) };
    let last = last.day.max(history.as_of.local.date());
    if window.until > last || window.from < first.day || window.until < window.from {
        return Err(HistoryError::Asked(format!(
            "the file has what came from {} to {last}, and cannot be asked for {} to {}",
            first.day, window.from, window.until
        )));
    }
    let arrivals = Arrivals::of(&came, window);
    let all = &history.records;
    let inside = || all.iter().filter(|record| window.has(record.created.local.date()));
    let is_calls = kind == Kind::Calls;
    let names_agents = all.iter().any(|record| !record.agent.is_empty());
    let handling = |record: &Record| handling(record, names_agents);
    let ends = kind == Kind::Tickets && all.iter().any(|record| record.ended.is_some());
    let count = |has: &dyn Fn(&Record) -> Option<f64>| {
        let known: Vec<f64> = inside().filter_map(has).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    };
    let spans =
        |span: &dyn Fn(&Record) -> Option<f64>| Spans::of(inside().filter_map(span).collect());
    let attendance = if is_calls { Attendance::of(all, &arrivals) } else { Attendance::default() };
    Ok(Facts {
        kind,
        rows: history.rows,
        columns: history.columns.clone(),
        contacts: came.iter().map(|came| came.contacts).sum(),
        first: all[0].created.local,
        last: all[all.len() - 1].created.local,
        as_of: history.as_of.local,
        recent_weeks: baseline::recent_weeks(history, &came, window),
        solved: spans(&|record| solving(record, history.is_solved_by_day)).filter(|_| ends),
        open_for: ends
            .then(|| Lasting::of(inside().map(|record| open_for(record, history)).collect())),
        by_day: history.is_solved_by_day,
        first_reply: spans(&|record| Some(hours_between(record.created, record.first_reply?))),
        priorities: parts(inside().map(|record| (record.priority.as_str(), handling(record)))),
        classes: parts(inside().map(|record| (record.class.as_str(), handling(record)))),
        channels: parts(inside().map(|record| (record.channel.as_str(), handling(record)))),
        reopened: count(&|record| Some(f64::from(u8::from(record.reopens? > 0)))),
        moved: count(&|record| Some(f64::from(u8::from(record.moves? > 0)))),
        moves: count(&|record| record.moves.map(f64::from)),
        kept: count(&|record| Some(f64::from(u8::from(record.kept?)))),
        states: history.states.clone(),
        days: if ends { backlog::days(all, window) } else { Vec::new() },
        calls: is_calls.then(|| calls(&inside().collect::<Vec<_>>())),
        handle: match kind {
            Kind::Counts => handle_of_counts(inside()),
            Kind::Tickets | Kind::Calls => spans(&handling),
        },
        staffing: attendance.by_hour(&arrivals),
        off_queue: attendance.off_queue(),
        arrivals,
    })
}

/// What came, in order of days. Of calls those count that wanted an agent.
fn came(history: &History, kind: Kind) -> Result<Vec<Came>, HistoryError> {
    // Dates alone are no midnights.
    let midnight = |record: &Record| record.created.local.time() == Time::midnight();
    let has_hours = !history.records.iter().all(midnight);
    let mut came = Vec::with_capacity(history.records.len());
    for record in &history.records {
        let contacts = match kind {
            Kind::Counts => record.count.ok_or_else(|| HistoryError::Row {
                line: record.line,
                what: "the count is no whole number such as 1209".to_string(),
            })?,
            Kind::Calls => u64::from(wants(record)),
            Kind::Tickets => 1,
        };
        let at = record.created.local;
        let hour = has_hours.then(|| at.hour().unsigned_abs());
        came.push(Came { day: at.date(), hour, contacts });
    }
    Ok(came)
}

/// Whether a call wanted an agent: answered, or given up after a wait. Who hangs up at once has heard all
/// they wanted, or dialled wrongly.
fn wants(record: &Record) -> bool {
    match record.outcome {
        Outcome::Answered => true,
        Outcome::Abandoned => record.wait.is_some_and(|wait| wait > 0.0),
        Outcome::Unknown => true,
        Outcome::Other => false,
    }
}

/// Seconds that an agent worked on it.
///
/// Where a file names agents at all, work of nobody is a mistake of the telephone system.
fn handling(record: &Record, names_agents: bool) -> Option<f64> {
    let is_answered = matches!(record.outcome, Outcome::Answered | Outcome::Unknown);
    let is_of_somebody = !names_agents || !record.agent.is_empty();
    record.handle.filter(|handle| *handle > 0.0 && is_answered && is_of_somebody)
}

/// Handle times of rows that count contacts: the mean over contacts, and nothing of how they differ.
fn handle_of_counts<'a>(rows: impl Iterator<Item = &'a Record>) -> Option<Spans> {
    let known = rows.filter_map(|row| Some((row.handle?, row.count? as f64)));
    let known: Vec<(f64, f64)> =
        known.filter(|(handle, count)| *handle > 0.0 && *count > 0.0).collect();
    let contacts: f64 = known.iter().map(|(_, count)| count).sum();
    let seconds: f64 = known.iter().map(|(handle, count)| handle * count).sum();
    let spans = Spans::of(known.iter().map(|(handle, _)| *handle).collect())?;
    Some(Spans { mean: seconds / contacts, ..spans })
}

/// Hours from creation to solution; whole days where solutions are known to the day only.
fn solving(record: &Record, by_day: bool) -> Option<f64> {
    Some(span(record, record.solved?, by_day)).filter(|hours| *hours >= 0.0)
}

/// Hours for which a ticket was open, and whether that has ended.
fn open_for(record: &Record, history: &History) -> (f64, bool) {
    let until = record.ended.unwrap_or(history.as_of);
    (span(record, until, history.is_solved_by_day).max(0.0), record.ended.is_some())
}

fn span(record: &Record, until: When, by_day: bool) -> f64 {
    if by_day {
        24.0 * days_from(record.created.local.date(), until.local.date()) as f64
    } else {
        hours_between(record.created, until)
    }
}

/// How often each value stands there, the most frequent first; of (value, seconds of work).
fn parts<'a>(values: impl Iterator<Item = (&'a str, Option<f64>)>) -> Vec<Part> {
    let mut of: BTreeMap<&str, (usize, Vec<f64>)> = BTreeMap::new();
    for (name, handle) in values.filter(|(name, _)| !name.is_empty()) {
        let part = of.entry(name).or_default();
        part.0 += 1;
        part.1.extend(handle);
    }
    let all: usize = of.values().map(|(tickets, _)| tickets).sum();
    let mut parts: Vec<Part> = of
        .into_iter()
        .map(|(name, (tickets, handle))| Part {
            name: name.to_string(),
            tickets,
            share: tickets as f64 / all as f64,
            handle: Spans::of(handle),
        })
        .collect();
    parts.sort_by(|a, b| b.tickets.cmp(&a.tickets).then(a.name.cmp(&b.name)));
    parts
}

/// What calls say of waiting.
fn calls(records: &[&Record]) -> Calls {
    let wanting: Vec<&&Record> = records.iter().filter(|record| wants(record)).collect();
    let has_queued = |record: &Record| record.wait.is_some_and(|wait| wait > 0.0);
    let gave_up = |record: &Record| record.outcome == Outcome::Abandoned;
    let share = |count: usize| count as f64 / wanting.len().max(1) as f64;
    let queued = || wanting.iter().filter(|record| has_queued(record));
    let waits = |abandoned: bool| {
        let those = queued().filter(|record| gave_up(record) == abandoned);
        Spans::of(those.filter_map(|record| record.wait).collect())
    };
    let patient: Vec<(f64, bool)> =
        queued().filter_map(|record| Some((record.wait?, gave_up(record)))).collect();
    Calls {
        wanting: wanting.len(),
        queued: share(queued().count()),
        abandoned: share(wanting.iter().filter(|record| gave_up(record)).count()),
        wait_answered: waits(false),
        wait_abandoned: waits(true),
        patience: spans::patience(&patient),
    }
}
