//! What became of each contact, from the rows of an export.
//!
//! A row is a ticket or a call, or, where the same number stands in several rows, an update of one. Of
//! updates the first says how a ticket came and the last what became of it.

use super::asked::HistoryError;
use super::columns::{Columns, Field};
use super::words::{self, Outcome};
use crate::sheet::Sheet;
use crate::when::{self, Order, When};
use csv::StringRecord;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;

/// Most rows that are read: some three gigabytes of memory.
const MOST_ROWS: usize = 4_000_000;

/// A time that is later than all others by so many days is a mistake.
const MOST_DAYS_ALONE: i64 = 366;

/// One ticket or call.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// Line of the file, of its last update.
    pub line: u64,
    /// What earlier updates said, in their order; empty where there is one.
    pub earlier: Vec<Earlier>,
    /// How many contacts this row counts, where it counts any.
    pub count: Option<u64>,
    /// When it came.
    pub created: When,
    /// When it was solved.
    pub solved: Option<When>,
    /// When it left the backlog: solved, or closed without that.
    pub ended: Option<When>,
    /// When an agent first replied.
    pub first_reply: Option<When>,
    /// Its priority, as written.
    pub priority: String,
    /// Its class, as written.
    pub class: String,
    /// How it came, as written.
    pub channel: String,
    /// Who worked on it last, as written.
    pub agent: String,
    /// How often it came back.
    pub reopens: Option<u32>,
    /// How often it was passed on.
    pub moves: Option<u32>,
    /// Whether its promise was kept.
    pub kept: Option<bool>,
    /// Seconds the customer waited for an agent.
    pub wait: Option<f64>,
    /// Seconds an agent worked on it.
    pub handle: Option<f64>,
    /// What became of a call.
    pub outcome: Outcome,
}

/// What an update said of a ticket that may change later.
#[derive(Clone, PartialEq, Debug)]
pub struct Earlier {
    at: When,
    priority: String,
    class: String,
    agent: String,
    reopens: Option<u32>,
    moves: Option<u32>,
}

/// What the rows are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Tickets that stay in a backlog until they are solved.
    Tickets,
    /// Calls that are answered or given up.
    Calls,
    /// Counts of a day or an hour.
    Counts,
}

/// An export as it was read.
#[derive(Clone, PartialEq, Debug)]
pub struct History {
    /// Rows below the header.
    pub rows: usize,
    /// (word for a field, header of its column)
    pub columns: Vec<(&'static str, String)>,
    /// Tickets or calls, in the order in which they came.
    pub records: Vec<Record>,
    /// The latest time that stands anywhere: what is open then is still open.
    pub as_of: When,
    /// Whether solutions are known to the day only.
    pub is_solved_by_day: bool,
    /// Hours that tickets spent in each state, the longest first; where the rows are updates.
    pub states: Vec<(String, f64)>,
    kind: Kind,
}

impl History {
    /// What the rows are.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What was known when that day began: tickets that came later are unknown, and those that were done
    /// later are open.
    pub fn known_on(&self, day: Date, zone: &TimeZone) -> History {
        let midnight = day.to_datetime(Time::midnight());
        let as_of = When::of_local(midnight, zone);
        let earlier = |when: Option<When>| when.filter(|when| when.local < midnight);
        let known = self.records.iter().filter(|record| record.created.local < midnight);
        let records = known.map(|record| {
            let ended = earlier(record.ended);
            let mut known = Record {
                ended,
                solved: earlier(record.solved),
                first_reply: earlier(record.first_reply),
                ..record.clone()
            };
            let said = record.earlier.iter().rev().find(|said| said.at.local < midnight);
            let is_later = ended.is_none() && record.ended.is_some();
            if let Some(said) = said {
                known.priority.clone_from(&said.priority);
                known.class.clone_from(&said.class);
                known.agent.clone_from(&said.agent);
                (known.reopens, known.moves) = (said.reopens, said.moves);
            } else if is_later {
                // What is counted in the end says what was to come.
                (known.reopens, known.moves) = (None, None);
            }
            if is_later {
                known.kept = None;
            }
            known
        });
        History {
            records: records.collect(),
            as_of,
            rows: self.rows,
            columns: self.columns.clone(),
            is_solved_by_day: self.is_solved_by_day,
            states: Vec::new(),
            kind: self.kind,
        }
    }
}

/// Reads the rows. Times without a zone of their own are of `zone`.
///
/// *Errors*: no column says when tickets were created, or a row cannot be read.
pub fn read(
    sheet: &Sheet,
    columns: &Columns,
    order: Option<Order>,
    zone: &TimeZone,
) -> Result<History, HistoryError> {
    if !columns.has(Field::Created) {
        let header = sheet.header.join(", ");
        return Err(HistoryError::Asked(format!(
            "no column is known to say when tickets were created; write created=COLUMN with one of {header}"
        )));
    }
    if sheet.len() > MOST_ROWS {
        return Err(HistoryError::Asked(format!(
            "the file has {} rows, and {MOST_ROWS} are read at most: cut it into years",
            sheet.len()
        )));
    }
    let unit = |field| words::seconds_in(&columns.title(field, sheet));
    let reader = Reader {
        columns,
        order: reading_order(sheet, columns, order)?,
        zone,
        wait_unit: unit(Field::Wait),
        handle_unit: unit(Field::Handle),
        stations: u32::from(columns.title(Field::Moves, sheet).to_lowercase().contains("stations")),
    };
    let mut tickets: Vec<Vec<(Option<When>, u64, &StringRecord)>> = Vec::new();
    let mut place_of: BTreeMap<String, usize> = BTreeMap::new();
    for (line, row) in sheet.rows() {
        let id = columns.text(Field::Id, row);
        let place = match place_of.get(&id).filter(|_| !id.is_empty()) {
            Some(place) => *place,
            None => {
                tickets.push(Vec::new());
                place_of.insert(id, tickets.len() - 1);
                tickets.len() - 1
            }
        };
        tickets[place].push((reader.when(Field::Updated, row, line)?, line, row));
    }
    let mut records = Vec::with_capacity(tickets.len());
    let mut latest: Vec<(When, u64)> = Vec::with_capacity(tickets.len());
    let mut hours: BTreeMap<String, f64> = BTreeMap::new();
    for updates in &mut tickets {
        // Stable, so that updates of one minute stay in the order of the file.
        updates.sort_by_key(|(at, ..)| *at);
        for pair in updates.windows(2) {
            let (Some(from), Some(to)) = (pair[0].0, pair[1].0) else { continue };
            let state = columns.text(Field::Status, pair[0].2);
            *hours.entry(state).or_default() += hours_between(from, to);
        }
        let record = reader.record(updates)?;
        let times =
            [Some(record.created), record.solved, record.ended, updates[updates.len() - 1].0];
        latest.extend(times.into_iter().flatten().max().map(|at| (at, record.line)));
        records.push(record);
    }
    if columns.has(Field::Outcome) && records.iter().all(|record| record.outcome == Outcome::Other)
    {
        let column = columns.title(Field::Outcome, sheet);
        let word =
            sheet.rows().next().map_or(String::new(), |(_, row)| columns.text(Field::Outcome, row));
        return Err(HistoryError::Asked(format!(
            "no word of the column `{column}`, such as `{}`, is known to mean answered or abandoned; write these \
             words, or --column outcome= to leave it out",
            short(&word)
        )));
    }
    records.sort_by_key(|record| record.created);
    latest.sort_unstable();
    let Some((as_of, line)) = latest.last().copied() else {
        return Err(HistoryError::Asked("the file has a header and no rows".to_string()));
    };
    let before = latest.iter().rev().nth(1).filter(|(before, _)| {
        super::arrivals::days_from(before.local.date(), as_of.local.date()) > MOST_DAYS_ALONE
    });
    if let Some((before, _)) = before {
        let (alone, rest) = (as_of.local.date(), before.local.date());
        let what = format!(
            "{alone} is more than a year after anything else in the file, which ends on {rest}"
        );
        return Err(HistoryError::Row { line, what });
    }
    let mut states: Vec<(String, f64)> =
        hours.into_iter().filter(|(name, _)| !name.is_empty()).collect();
    states.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut ends = records.iter().filter_map(|record| record.ended).peekable();
    let is_solved_by_day =
        ends.peek().is_some() && ends.all(|ended| ended.local.time() == Time::midnight());
    Ok(History {
        rows: sheet.len(),
        columns: columns.found(sheet),
        records,
        as_of,
        is_solved_by_day,
        states,
        kind: kind_of(columns),
    })
}

/// What rows with these columns are.
fn kind_of(columns: &Columns) -> Kind {
    let has = |field| columns.has(field);
    match () {
        () if has(Field::Count) && !has(Field::Solved) && !has(Field::Id) => Kind::Counts,
        () if has(Field::Outcome) || has(Field::Wait) && !has(Field::Solved) => Kind::Calls,
        () => Kind::Tickets,
    }
}

/// Hours from one time to another.
pub fn hours_between(from: When, to: When) -> f64 {
    to.instant.duration_since(from.instant).as_secs_f64() / 3600.0
}

/// Whether days or months come first, asked of all columns of times together.
fn reading_order(
    sheet: &Sheet,
    columns: &Columns,
    asked: Option<Order>,
) -> Result<Option<Order>, HistoryError> {
    const TIMES: [Field; 5] =
        [Field::Created, Field::FirstReply, Field::Solved, Field::Closed, Field::Updated];
    if asked.is_some() {
        return Ok(asked);
    }
    let fields = || TIMES.into_iter().filter(|field| columns.has(*field));
    let texts: Vec<String> =
        sheet.rows().flat_map(|(_, row)| fields().map(|field| columns.text(field, row))).collect();
    let order = when::order_of(texts.iter().map(String::as_str)).map_err(|(one, other)| {
        HistoryError::Asked(format!(
            "`{one}` has the day first and `{other}` the month; write --dates with the one that is meant"
        ))
    })?;
    match texts.iter().find(|text| when::needs_order(text)) {
        Some(text) if order.is_none() => Err(HistoryError::Asked(format!(
            "every date, such as `{text}`, can be read with the day or the month first; write \
             --dates day-first or --dates month-first"
        ))),
        _ => Ok(order),
    }
}

/// What is needed to read a row.
struct Reader<'a> {
    columns: &'a Columns,
    order: Option<Order>,
    zone: &'a TimeZone,
    /// Seconds in the unit of waits, and of handle times.
    wait_unit: f64,
    handle_unit: f64,
    /// How many moves a ticket has by the count of the file that stays where it came.
    stations: u32,
}

impl Reader<'_> {
    /// A time, if one is written.
    fn when(
        &self,
        field: Field,
        row: &StringRecord,
        line: u64,
    ) -> Result<Option<When>, HistoryError> {
        let text = self.columns.text(field, row);
        if text.is_empty() {
            return Ok(None);
        }
        let read = when::read(&text, self.order, self.zone);
        read.map(Some).ok_or_else(|| HistoryError::Row {
            line,
            what: format!("`{}` is not a time such as 2026-12-01 09:30", short(&text)),
        })
    }

    /// Seconds, if a length is written.
    fn span(
        &self,
        field: Field,
        (line, row): (u64, &StringRecord),
        unit: f64,
    ) -> Result<Option<f64>, HistoryError> {
        let text = self.columns.text(field, row);
        if text.is_empty() {
            return Ok(None);
        }
        words::span(&text, unit).map(Some).ok_or_else(|| HistoryError::Row {
            line,
            what: format!(
                "`{}` is no length of at most a week, such as 90 or 0:01:30",
                short(&text)
            ),
        })
    }

    /// A ticket from its updates, in their order.
    fn record(
        &self,
        updates: &[(Option<When>, u64, &StringRecord)],
    ) -> Result<Record, HistoryError> {
        let (_, line, first) = updates[0];
        let (_, last_line, last) = updates[updates.len() - 1];
        let Some(created) = self.when(Field::Created, first, line)? else {
            let what = "nothing says when it was created".to_string();
            return Err(HistoryError::Row { line, what });
        };
        let solved = self.when(Field::Solved, last, last_line)?;
        let closed = self.when(Field::Closed, last, last_line)?;
        let number = |field, row| {
            let number = self.columns.text(field, row).parse::<f64>().ok();
            number.map(|n| n as u32)
        };
        // The first station is no move.
        let moves =
            |row| number(Field::Moves, row).map(|moves| moves.saturating_sub(self.stations));
        let earlier = updates.iter().filter_map(|(at, _, row)| {
            Some(Earlier {
                at: (*at)?,
                priority: self.columns.text(Field::Priority, row),
                class: self.columns.text(Field::Class, row),
                agent: self.columns.text(Field::Agent, row),
                reopens: number(Field::Reopens, row),
                moves: moves(row),
            })
        });
        let earlier = if updates.len() > 1 { earlier.collect() } else { Vec::new() };
        let status = self.columns.text(Field::Status, last).to_lowercase();
        let is_open = words::is_open(&status);
        // Where a ticket is called closed and nothing says when, it was by the time of its last update.
        let ended = match solved.or(closed) {
            Some(_) if is_open => None,
            None if words::is_closed(&status) => {
                Some(updates[updates.len() - 1].0.unwrap_or(created))
            }
            ended => ended,
        };
        let solved = solved.filter(|_| !is_open);
        // 1.209 may be a thousand and some, or one and some: neither is read.
        let count = self.columns.text(Field::Count, last);
        let count = Some(count)
            .filter(|text| !text.contains('.'))
            .and_then(|text| text.parse::<f64>().ok());
        let count = count.filter(|count| *count >= 0.0 && count.fract() == 0.0);
        Ok(Record {
            line: last_line,
            count: count.map(|count| count as u64),
            created,
            solved,
            earlier,
            ended,
            first_reply: self.when(Field::FirstReply, last, last_line)?,
            priority: self.columns.text(Field::Priority, last),
            class: self.columns.text(Field::Class, last),
            channel: self.columns.text(Field::Channel, first),
            agent: self.columns.text(Field::Agent, last),
            reopens: number(Field::Reopens, last),
            moves: moves(last),
            kept: words::kept(&self.columns.text(Field::Kept, last)),
            wait: self.span(Field::Wait, (last_line, last), self.wait_unit)?,
            handle: self.span(Field::Handle, (last_line, last), self.handle_unit)?,
            outcome: words::outcome(&self.columns.text(Field::Outcome, last)),
        })
    }
}

/// A field as a message can show it.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Sheet;

    fn history(text: &str) -> Result<History, HistoryError> {
        let sheet = Sheet::parse(text).unwrap();
        read(&sheet, &Columns::find(&sheet, &[])?, None, &TimeZone::UTC)
    }

    #[test]
    fn updates_of_one_ticket_are_put_together() {
        let text = "number,incident_state,opened_at,sys_updated_at,resolved_at,priority,contact_type,reopen_count\n\
            7,Resolved,29/2/2016 01:00,29/2/2016 09:00,29/2/2016 08:00,1 - High,Email,1\n\
            7,New,29/2/2016 01:00,29/2/2016 02:00,29/2/2016 08:00,3 - Low,Phone,0\n\
            8,New,1/3/2016 01:00,1/3/2016 02:00,?,3 - Low,Phone,0\n";
        let history = history(text).unwrap();
        assert_eq!((history.rows, history.records.len()), (3, 2));
        let record = &history.records[0];
        assert_eq!((record.priority.as_str(), record.channel.as_str()), ("1 - High", "Phone"));
        assert_eq!(record.reopens, Some(1));
        assert_eq!(hours_between(record.created, record.solved.unwrap()), 7.0);
        assert_eq!(history.records[1].ended, None);
        assert_eq!(history.states, [("New".to_string(), 7.0)]);
        assert_eq!(history.as_of.local.to_string(), "2016-03-01T02:00:00");
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_line() {
        let wrong = |text: &str| history(text).unwrap_err().to_string();
        let vague = wrong("created,solved\n3/4/2026,4/4/2026\n");
        assert!(vague.contains("write --dates day-first"), "{vague}");
        let both = wrong("created,solved\n13/4/2026,4/14/2026\n");
        assert!(both.contains("`13/4/2026` has the day first"), "{both}");
        let soon = wrong("created\n2026-04-03\nsoon\n");
        assert_eq!(soon, "line 3: `soon` is not a time such as 2026-12-01 09:30");
        assert!(wrong("id,text\n1,x\n").contains("write created=COLUMN"));
        assert!(wrong("created,solved\n").contains("no rows"));
    }

    #[test]
    fn lengths_are_read_in_the_unit_of_their_column() {
        let text =
            "created,wait time in minutes,handle time,outcome\n2026-04-03 09:00,1.5,0:02:30,HANG\n";
        let record = history(text).unwrap().records.remove(0);
        assert_eq!((record.wait, record.handle), (Some(90.0), Some(150.0)));
        assert_eq!(record.outcome, Outcome::Abandoned);
    }
}
