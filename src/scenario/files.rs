//! CSV files that a scenario names: counts of arrivals, courses of surges, open tickets.
//!
//! Delimiter and byte order mark are recognised; rows may come in any order; every problem names
//! the row.

use super::source::{Sources, read_text};
use crate::problem::{Problem, Problems};
use crate::written::Written;
use jiff::civil::{DateTime, Time};

/// The largest data file read.
const MOST_BYTES: u64 = 256 << 20;

/// A data file as rows of text under named columns.
pub struct Table {
    header: Vec<String>,
    /// (line in the file, fields)
    rows: Vec<(u64, Vec<String>)>,
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
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let first_line = text.lines().next().unwrap_or("");
        let most = |a: &u8, b: &u8| {
            let count = |mark: u8| first_line.bytes().filter(|byte| *byte == mark).count();
            count(*a).cmp(&count(*b))
        };
        let delimiter = *b",;\t".iter().rev().max_by(|a, b| most(a, b)).unwrap_or(&b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    rows.push((line, record.iter().map(str::to_string).collect::<Vec<_>>()));
                }
                Err(error) => {
                    problems.push(wrong(name, 0, &error.to_string()));
                    return None;
                }
            }
        }
        if rows.is_empty() {
            problems.push(wrong(name, 0, "the file is empty"));
            return None;
        }
        let header = rows.remove(0).1;
        Some(Table { header, rows, name: name.clone() })
    }

    /// Position of a column: the one named, or the one at `default`.
    fn column(
        &self,
        name: Option<&Written<String>>,
        default: usize,
        problems: &mut Problems,
    ) -> Option<usize> {
        let Some(name) = name else { return Some(default) };
        let found = self.header.iter().position(|title| title.eq_ignore_ascii_case(&name.value));
        if found.is_none() {
            problems.push(
                Problem::error(
                    "unknown-column",
                    format!("{} has no column `{}`", self.name.value, name.value),
                )
                .at(name.span.clone(), "asked for here")
                .help(format!("its columns are {}", self.header.join(", "))),
            );
        }
        found
    }

    /// Position of a column by its usual name, if it is there.
    fn usual(&self, names: &[&str]) -> Option<usize> {
        self.header
            .iter()
            .position(|title| names.iter().any(|name| title.eq_ignore_ascii_case(name)))
    }

    fn wrong(&self, line: u64, what: &str, problems: &mut Problems) {
        problems.push(wrong(&self.name, line, what));
    }

    /// Instants and numbers from two columns, in order of time.
    pub fn series(
        &self,
        time: Option<&Written<String>>,
        number: Option<&Written<String>>,
        problems: &mut Problems,
    ) -> Option<Vec<(DateTime, f64)>> {
        let (time, number) = (self.column(time, 0, problems)?, self.column(number, 1, problems)?);
        let mut series = Vec::with_capacity(self.rows.len());
        for (line, fields) in &self.rows {
            let field = |column: usize| fields.get(column).map_or("", String::as_str);
            let Some(at) = moment(field(time)) else {
                self.wrong(
                    *line,
                    &format!(
                        "`{}` is not a date such as 2026-12-01, or a local time such as \
                         2026-12-01 09:30",
                        short(field(time))
                    ),
                    problems,
                );
                return None;
            };
            let value = field(number).parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0);
            let Some(value) = value else {
                self.wrong(
                    *line,
                    &format!("`{}` is not a number of at least 0", short(field(number))),
                    problems,
                );
                return None;
            };
            series.push((at, value, *line));
        }
        series.sort_by_key(|(at, _, line)| (*at, *line));
        if let Some(pair) = series.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let (first, second) = (pair[0].2, pair[1].2);
            let what = format!("{} stands in line {first} already", spoken(pair[0].0));
            self.wrong(second, &what, problems);
            return None;
        }
        Some(series.into_iter().map(|(at, value, _)| (at, value)).collect())
    }

    /// Open tickets: (created, class, priority, state), each as written, with the line.
    pub fn tickets(&self, problems: &mut Problems) -> Option<Vec<TicketRow>> {
        let created = self.usual(&["created", "created at", "created time", "opened_at"]);
        let class = self.usual(&["ticket", "class", "type", "category"]);
        let (Some(created), Some(class)) = (created, class) else {
            let what = format!(
                "expected the columns created and ticket, found {}",
                self.header.join(", ")
            );
            self.wrong(1, &what, problems);
            return None;
        };
        let (priority, state) = (self.usual(&["priority"]), self.usual(&["state", "status"]));
        let mut tickets = Vec::with_capacity(self.rows.len());
        for (line, fields) in &self.rows {
            let field = |column: Option<usize>| {
                column.and_then(|c| fields.get(c)).map_or("", String::as_str)
            };
            let Some(at) = moment(field(Some(created))) else {
                let what = format!(
                    "`{}` is not a local time such as 2026-12-01 09:30",
                    short(field(Some(created)))
                );
                self.wrong(*line, &what, problems);
                return None;
            };
            tickets.push(TicketRow {
                line: *line,
                created: at,
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

/// A date, or a date and time, in the forms that exports use; nothing where it has a time zone, for another
/// zone's hour must not be taken for the desk's. (Parsed as a `Date`, a time would be dropped without a word.)
fn moment(text: &str) -> Option<DateTime> {
    let text = text.trim();
    let has_zone = text.get(10..).is_some_and(|time| time.contains(['Z', 'z', '+', '-', '[']));
    if has_zone { None } else { text.parse().ok() }
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

    #[test]
    fn semicolons_byte_order_marks_and_newest_first_are_understood() {
        let (table, mut problems) =
            table("\u{feff}Date;Offered;Id\n2021-12-31;900;2\n2021-12-30;1209;1\n");
        let column = Written::unwritten("offered".to_string());
        let series = table.series(None, Some(&column), &mut problems).unwrap();
        assert_eq!(series[0], (date(2021, 12, 30).at(0, 0, 0, 0), 1209.0));
        assert_eq!(series.len(), 2);
    }

    #[test]
    fn a_time_beside_a_date_is_read() {
        let day = date(2026, 3, 1);
        for (text, hour, minute) in
            [("2026-03-01", 0, 0), ("2026-03-01T20:30:00", 20, 30), (" 2026-03-01 20:30 ", 20, 30)]
        {
            assert_eq!(moment(text), Some(day.at(hour, minute, 0, 0)), "{text}");
        }
        for text in ["yesterday", "2026-03-01 25:00", "2026-03-01T20:30Z", "2026-03-01 20:30+02:00"]
        {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn a_wrong_row_is_named_by_its_line() {
        let (table, mut problems) = table("at,n\n2026-01-01 10:30,5\n2026-01-01 11:00,many\n");
        assert!(table.series(None, None, &mut problems).is_none());
        let message = problems.iter().next().unwrap().message.clone();
        assert_eq!(message, "x.csv, line 3: `many` is not a number of at least 0");
        let none = Written::unwritten("calls".to_string());
        assert!(table.series(None, Some(&none), &mut problems).is_none());
        assert_eq!(problems.iter().last().unwrap().help.as_deref(), Some("its columns are at, n"));
    }
}
