//! CSV files that a scenario names: counts of arrivals, courses of surges, open tickets.
//!
//! Delimiter and byte order mark are recognised; rows may come in any order; every problem names
//! the row.

use super::source::{Sources, read_text};
use crate::problem::{Problem, Problems};
use crate::sheet::Sheet;
use crate::when::{instant, moment};
use crate::written::Written;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;

/// The largest data file read.
const MOST_BYTES: u64 = 256 << 20;

/// How the rows of a series are meant.
pub struct Meaning<'a> {
    /// The desk's time zone. A time with a zone of its own is turned into this one.
    pub zone: &'a TimeZone,
    /// The length of what a row stands for, in minutes: rows begin at multiples of it. A row for a day is
    /// that of its date, whatever time is beside it.
    pub minutes: Option<u32>,
    /// What its number is.
    pub number: Number,
}

/// What a column of numbers holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Number {
    /// What was counted: whole numbers.
    Count,
    /// What is expected.
    Mean,
    /// Factors on something else.
    Factor,
}

/// A data file that a scenario names.
pub struct Table {
    sheet: Sheet,
    /// What to call it in problems.
    name: Written<String>,
}

impl Table {
    /// Reads the file that a scenario names, relative to the folder of the file which names it.
    pub fn read(
        name: &Written<String>,
        sources: &Sources,
        problems: &mut Problems,
    ) -> Option<Table> {
        let text = match read_text(&sources.folder_of(&name.span).join(&name.value), MOST_BYTES) {
            Ok(text) => text,
            Err(error) => {
                problems.push(
                    Problem::error("file-unreadable", error.to_string())
                        .at(name.span.clone(), "asked for here"),
                );
                return None;
            }
        };
        match Sheet::parse(&text) {
            Ok(sheet) => Some(Table { sheet, name: name.clone() }),
            Err(what) => {
                problems.push(wrong(name, 0, &what));
                None
            }
        }
    }

    /// Position of a column: the one named, or the one at `default`.
    fn column(
        &self,
        name: Option<&Written<String>>,
        default: usize,
        problems: &mut Problems,
    ) -> Option<usize> {
        let Some(name) = name else { return Some(default) };
        let found = self.sheet.position(&[&name.value]);
        if found.is_none() {
            problems.push(
                Problem::error(
                    "unknown-column",
                    format!("{} has no column `{}`", self.name.value, name.value),
                )
                .at(name.span.clone(), "asked for here")
                .help(format!("its columns are {}", self.sheet.header.join(", "))),
            );
        }
        found
    }

    fn wrong(&self, line: u64, what: &str, problems: &mut Problems) {
        problems.push(wrong(&self.name, line, what));
    }

    /// Instants and numbers from two columns, in order of time.
    pub fn series(
        &self,
        (time, number): (Option<&Written<String>>, Option<&Written<String>>),
        meaning: &Meaning<'_>,
        problems: &mut Problems,
    ) -> Option<Vec<(DateTime, f64)>> {
        let (time, number) = (self.column(time, 0, problems)?, self.column(number, 1, problems)?);
        let mut rows = Vec::with_capacity(self.sheet.len());
        for (line, fields) in self.sheet.rows() {
            let field = |column: usize| fields.get(column).unwrap_or("");
            let row = meaning.at(field(time)).and_then(|at| {
                let value = meaning.value(field(number))?;
                Ok((at, value, line))
            });
            match row {
                Ok(row) => rows.push(row),
                Err(what) => {
                    self.wrong(line, &what, problems);
                    return None;
                }
            }
        }
        if let Some((line, text)) =
            self.thousands(number).filter(|_| meaning.number == Number::Mean)
        {
            let what = format!(
                "`{text}` may have a mark between thousands: write {}, or {text}0 if it is a fraction",
                text.replace('.', "")
            );
            self.wrong(line, &what, problems);
            return None;
        }
        rows.sort_by_key(|(at, _, line)| (*at, *line));
        let mut series: Vec<(DateTime, f64)> = Vec::with_capacity(rows.len());
        let mut last = 0;
        for (at, value, line) in rows {
            let Some(before) = series.last_mut().filter(|before| before.0 == at) else {
                series.push((at, value));
                last = line;
                continue;
            };
            if !meaning.happens_twice(at) {
                let rest = if meaning.minutes == Some(DAY) {
                    "; rows shorter than a day need another `interval`, and if each row is a ticket, \
                     write rows = \"tickets\""
                } else {
                    ""
                };
                let what = format!("{} stands in line {last} already{rest}", spoken(at));
                self.wrong(line, &what, problems);
                return None;
            }
            if meaning.number != Number::Factor {
                before.1 += value;
            }
        }
        Some(series)
    }

    /// How many rows fall into each interval, in order of time: each is one ticket, with the time of its
    /// coming in a column. A day without any has none.
    pub fn counted(
        &self,
        time: Option<&Written<String>>,
        meaning: &Meaning<'_>,
        problems: &mut Problems,
    ) -> Option<Vec<(DateTime, f64)>> {
        let usual = self.sheet.position(&["created", "created at", "created time", "opened_at"]);
        let time = self.column(time, usual.unwrap_or(0), problems)?;
        let minutes = meaning.minutes.unwrap_or(DAY) as i32;
        let mut counts: BTreeMap<DateTime, f64> = BTreeMap::new();
        for (line, fields) in self.sheet.rows() {
            let text = fields.get(time).unwrap_or("");
            let Some(at) = moment(text, meaning.zone) else {
                let what = format!("`{}` is not a time such as 2026-12-01 09:30", short(text));
                self.wrong(line, &what, problems);
                return None;
            };
            let minute = i32::from(at.hour()) * 60 + i32::from(at.minute());
            let begins = minute - minute % minutes;
            let begins = Time::midnight() + i64::from(begins).minutes();
            *counts.entry(at.date().to_datetime(begins)).or_default() += 1.0;
        }
        let (first, last) = (counts.first_key_value()?.0.date(), counts.last_key_value()?.0.date());
        let days = first.series(1_i64.day()).take_while(|day| *day <= last);
        for midnight in days.map(|day| day.to_datetime(Time::midnight())) {
            counts.entry(midnight).or_default();
        }
        Some(counts.into_iter().collect())
    }

    /// The first number whose point may be a mark between thousands: some are whole, and all others have
    /// three digits behind it.
    fn thousands(&self, column: usize) -> Option<(u64, &str)> {
        let rows = self.sheet.rows();
        let numbers = rows.filter_map(|(line, row)| Some((line, row.get(column)?)));
        let (pointed, whole): (Vec<_>, Vec<_>) = numbers.partition(|(_, text)| text.contains('.'));
        let first = pointed.first().filter(|_| pointed.iter().all(|(_, text)| is_grouped(text)));
        first.copied().filter(|_| !whole.is_empty())
    }

    /// Open tickets: (created, class, priority, state), each as written, with the line.
    pub fn tickets(&self, zone: &TimeZone, problems: &mut Problems) -> Option<Vec<TicketRow>> {
        let created = self.sheet.position(&["created", "created at", "created time", "opened_at"]);
        let class = self.sheet.position(&["ticket", "class", "type", "category"]);
        let (Some(created), Some(class)) = (created, class) else {
            let what = format!(
                "expected the columns created and ticket, found {}",
                self.sheet.header.join(", ")
            );
            self.wrong(1, &what, problems);
            return None;
        };
        let (priority, state) =
            (self.sheet.position(&["priority"]), self.sheet.position(&["state", "status"]));
        let asked = self.sheet.position(&["asked"]);
        let mut tickets = Vec::with_capacity(self.sheet.len());
        for (line, fields) in self.sheet.rows() {
            let field = |column: Option<usize>| column.and_then(|c| fields.get(c)).unwrap_or("");
            let at = |text: &str| match moment(text, zone) {
                Some(at) => Ok((at, instant(text, at, zone))),
                None => Err(format!("`{}` is not a time such as 2026-12-01 09:30", short(text))),
            };
            let asked = Some(field(asked)).filter(|text| !text.is_empty()).map(at).transpose();
            let ((created, since), asked) = match (at(field(Some(created))), asked) {
                (Ok(created), Ok(asked)) => (created, asked),
                (Err(what), _) | (_, Err(what)) => {
                    self.wrong(line, &what, problems);
                    return None;
                }
            };
            tickets.push(TicketRow {
                line,
                created,
                since,
                asked: asked.map(|(_, asked)| asked),
                class: field(Some(class)).to_string(),
                priority: field(priority).to_lowercase(),
                state: field(state).to_lowercase(),
            });
        }
        Some(tickets)
    }

    /// Reports something wrong in a row.
    pub fn row_problem(&self, line: u64, what: &str, problems: &mut Problems) {
        self.wrong(line, what, problems);
    }
}

/// A row of an opening backlog.
#[derive(Clone, PartialEq, Debug)]
pub struct TicketRow {
    /// Line in the file.
    pub line: u64,
    /// When it was created, in the desk's time zone.
    pub created: DateTime,
    /// The same as an instant: of an hour that comes twice the one that is written, else the first.
    pub since: Timestamp,
    /// When its customer was asked, where that is written.
    pub asked: Option<Timestamp>,
    /// Its class.
    pub class: String,
    /// Its priority as written, in lower case.
    pub priority: String,
    /// Its state as written, in lower case.
    pub state: String,
}

fn wrong(name: &Written<String>, line: u64, what: &str) -> Problem {
    let place = if line > 0 {
        format!("{}, line {line}: {what}", name.value)
    } else {
        format!("{}: {what}", name.value)
    };
    Problem::error("file-wrong", place).at(name.span.clone(), "this file")
}

/// A field as a message can show it: its first line, and not too much of that.
pub(super) fn short(field: &str) -> String {
    let line: String = field.lines().next().unwrap_or("").chars().take(40).collect();
    if line.len() < field.len() { line + "…" } else { line }
}

/// A date, with the time of day where that is not midnight.
pub(super) fn spoken(at: DateTime) -> String {
    if at.time() == Time::midnight() {
        at.date().to_string()
    } else {
        at.strftime("%Y-%m-%d %H:%M").to_string()
    }
}

impl Meaning<'_> {
    /// When what the row stands for begins.
    fn at(&self, text: &str) -> Result<DateTime, String> {
        let at = moment(text, self.zone).ok_or_else(|| {
            format!(
                "`{}` is not a date such as 2026-12-01, or a time such as 2026-12-01 09:30",
                short(text)
            )
        })?;
        match self.minutes {
            // Midnight of ours, wherever it was written; else the day that is written, for midnight of
            // another zone is none of ours.
            Some(DAY) if at.time() == Time::midnight() => Ok(at),
            Some(DAY) => Ok(date_of(text).unwrap_or(at.date()).to_datetime(Time::midnight())),
            Some(minutes) if !begins(at.time(), minutes) => Err(format!(
                "{} does not begin an interval of {minutes} minutes",
                at.strftime("%Y-%m-%d %H:%M:%S")
            )),
            Some(_) | None => Ok(at),
        }
    }

    fn value(&self, text: &str) -> Result<f64, String> {
        let value = text.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0);
        let Some(value) = value else {
            return Err(format!(
                "`{}` is not a number of at least 0, written as 1209 or 1209.5",
                short(text)
            ));
        };
        let is_count = value.fract() == 0.0 && !is_grouped(text);
        if self.number == Number::Count && !is_count {
            return Err(format!(
                "`{}` is no count: what happened is a whole number, written as 1209 without marks \
                 between its digits",
                short(text)
            ));
        }
        Ok(value)
    }

    /// Whether that time comes twice, as in the night when clocks go back: both rows are meant.
    fn happens_twice(&self, at: DateTime) -> bool {
        let offset = self.zone.to_ambiguous_timestamp(at).offset();
        self.minutes != Some(DAY) && matches!(offset, AmbiguousOffset::Fold { .. })
    }
}

/// Minutes of a day.
const DAY: u32 = 1440;

/// Whether a point may be a mark between thousands: up to three digits before it and three behind.
fn is_grouped(number: &str) -> bool {
    let parts = number.split_once('.');
    parts.is_some_and(|(before, behind)| (1..=3).contains(&before.len()) && behind.len() == 3)
}

/// Whether intervals of that many minutes begin at a time of day.
fn begins(time: Time, minutes: u32) -> bool {
    let minute = time.hour() as u32 * 60 + time.minute() as u32;
    time.second() == 0 && minute.is_multiple_of(minutes)
}

/// The date as it is written.
fn date_of(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn table(text: &str) -> (Table, Problems) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.csv"), text).unwrap();
        let mut sources = Sources::default();
        sources.folder = folder.path().to_path_buf();
        let mut problems = Problems::default();
        let name = Written::unwritten("x.csv".to_string());
        (Table::read(&name, &sources, &mut problems).unwrap(), problems)
    }

    fn meaning(zone: &TimeZone, minutes: u32, number: Number) -> Meaning<'_> {
        Meaning { zone, minutes: Some(minutes), number }
    }

    /// What is wrong with those rows.
    fn wrong_with(text: &str, meaning: &Meaning<'_>) -> String {
        let (table, mut problems) = table(text);
        assert!(table.series((None, None), meaning, &mut problems).is_none());
        problems.iter().next().unwrap().message.clone()
    }

    #[test]
    fn semicolons_byte_order_marks_and_newest_first_are_understood() {
        let (table, mut problems) =
            table("\u{feff}Date;Offered;Id\n2021-12-31;900;2\n2021-12-30;1209;1\n");
        let column = Written::unwritten("offered".to_string());
        let series = table
            .series(
                (None, Some(&column)),
                &meaning(&TimeZone::UTC, DAY, Number::Count),
                &mut problems,
            )
            .unwrap();
        assert_eq!(series[0], (date(2021, 12, 30).at(0, 0, 0, 0), 1209.0));
        assert_eq!(series.len(), 2);
    }

    #[test]
    fn a_time_beside_a_date_is_read_in_the_zone_of_the_desk() {
        let day = date(2026, 3, 1);
        let sofia = TimeZone::get("Europe/Sofia").unwrap();
        for (text, hour, minute) in [
            ("2026-03-01", 0, 0),
            ("2026-03-01T20:30:00", 20, 30),
            (" 2026-03-01 20:30 ", 20, 30),
            ("2026-03-01T18:30Z", 20, 30),
            ("2026-03-01 18:30:00 UTC", 20, 30),
            ("2026-03-01 13:30-05:00", 20, 30),
        ] {
            assert_eq!(moment(text, &sofia), Some(day.at(hour, minute, 0, 0)), "{text}");
        }
        for text in ["yesterday", "2026-03-01 25:00", "2026-03-01T25:30Z", "2026-03-01 UTC"] {
            assert_eq!(moment(text, &sofia), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_the_one_written_whatever_time_is_beside_it() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let (greenwich, mut problems) =
            table("day,n\n2026-03-01T00:00:00Z,5\n2026-03-02 12:00,6\n");
        let daily = meaning(&zone, DAY, Number::Count);
        let series = greenwich.series((None, None), &daily, &mut problems).unwrap();
        let midnight = |day| date(2026, 3, day).at(0, 0, 0, 0);
        assert_eq!(series, [(midnight(1), 5.0), (midnight(2), 6.0)]);
        // Five hours behind, a day begins at five.
        let (ours, mut problems) = table("day,n\n2026-03-02T05:00:00Z,7\n");
        let series = ours.series((None, None), &daily, &mut problems).unwrap();
        assert_eq!(series, [(midnight(2), 7.0)]);
        let hourly = "at,n\n2026-03-01 09:00,5\n2026-03-01 10:00,6\n";
        assert_eq!(
            wrong_with(hourly, &daily),
            "x.csv, line 3: 2026-03-01 stands in line 2 already; rows shorter than a day need another \
             `interval`, and if each row is a ticket, write rows = \"tickets\""
        );
    }

    #[test]
    fn the_hour_that_comes_twice_has_two_rows() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let (table, mut problems) =
            table("at,n\n2026-10-25 01:00,3\n2026-10-25 02:00,4\n2026-10-25 02:00,5\n");
        let hourly = meaning(&zone, 60, Number::Count);
        let series = table.series((None, None), &hourly, &mut problems).unwrap();
        let hour = |hour| date(2026, 10, 25).at(hour, 0, 0, 0);
        assert_eq!(series, [(hour(1), 3.0), (hour(2), 9.0)]);
        let twice = "at,n\n2026-10-25 01:00,3\n2026-10-25 01:00,4\n";
        let message = "x.csv, line 3: 2026-10-25 01:00 stands in line 2 already";
        assert_eq!(wrong_with(twice, &hourly), message);
    }

    #[test]
    fn counts_are_whole_and_rows_begin_where_intervals_do() {
        let utc = TimeZone::UTC;
        let daily = |number| meaning(&utc, DAY, number);
        let german = "day,n\n2026-03-01,1.015\n";
        assert!(wrong_with(german, &daily(Number::Count)).contains("`1.015` is no count"));
        let thousand = "day,n\n2026-03-01,1.000\n";
        assert!(wrong_with(thousand, &daily(Number::Count)).contains("`1.000` is no count"));
        let (table, mut problems) = table(german);
        assert!(table.series((None, None), &daily(Number::Mean), &mut problems).is_some());
        let mixed = wrong_with("day,n\n2026-03-01,1.015\n2026-03-02,998\n", &daily(Number::Mean));
        assert!(mixed.starts_with("x.csv, line 2: `1.015` may have a mark"), "{mixed}");
        let late = "at,n\n2026-03-01 09:05,3\n";
        assert_eq!(
            wrong_with(late, &meaning(&utc, 30, Number::Count)),
            "x.csv, line 2: 2026-03-01 09:05:00 does not begin an interval of 30 minutes"
        );
    }

    #[test]
    fn a_wrong_row_is_named_by_its_line() {
        let (table, mut problems) = table("at,n\n2026-01-01 10:30,5\n2026-01-01 11:00,many\n");
        let utc = TimeZone::UTC;
        let meaning = meaning(&utc, 30, Number::Count);
        assert!(table.series((None, None), &meaning, &mut problems).is_none());
        let message = problems.iter().next().unwrap().message.clone();
        let expected = "`many` is not a number of at least 0, written as 1209 or 1209.5";
        assert_eq!(message, format!("x.csv, line 3: {expected}"));
        let none = Written::unwritten("calls".to_string());
        assert!(table.series((None, Some(&none)), &meaning, &mut problems).is_none());
        assert_eq!(problems.iter().last().unwrap().help.as_deref(), Some("its columns are at, n"));
    }
}
