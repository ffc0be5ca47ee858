//! Which column of an export holds what: the names that help desks and telephone systems give them, or
//! those the user says.
//!
//! *Source*: exports of Zendesk, Freshdesk, Jira Service Management, ServiceNow, HubSpot, Intercom,
//! LiveAgent, and the call logs that queueing research uses.

use super::asked::HistoryError;
use crate::problem::nearest;
use crate::sheet::Sheet;
use csv::StringRecord;

/// What a column may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// Number of the ticket. Where it stands in several rows, each is an update of one ticket.
    Id,
    /// When it was created.
    Created,
    /// When an agent first replied.
    FirstReply,
    /// When it was solved.
    Solved,
    /// When it was closed.
    Closed,
    /// When this row was written.
    Updated,
    /// State of the ticket.
    Status,
    /// Its priority.
    Priority,
    /// Its class.
    Class,
    /// How it came.
    Channel,
    /// Who worked on it.
    Agent,
    /// How often it came back.
    Reopens,
    /// How often it was passed on.
    Moves,
    /// Whether its promise was kept.
    Kept,
    /// How long the customer waited for an agent.
    Wait,
    /// How long an agent worked on it.
    Handle,
    /// What became of a call.
    Outcome,
    /// How many came, where a row is a day or an hour.
    Count,
}

/// Every field: (field, the word for it on the command line, usual names).
pub const FIELDS: &[(Field, &str, &[&str])] = &[
    (
        Field::Id,
        "id",
        &["id", "ticket id", "number", "key", "issue key", "hs_object_id", "case id"],
    ),
    (
        Field::Created,
        "created",
        &[
            "created",
            "created at",
            "created time",
            "created date",
            "opened_at",
            "sys_created_on",
            "createdate",
            "created_at",
            "date_created",
            "service request open timestamp",
            "opened",
            "date+vru_entry",
            "start",
            "date",
            "day",
        ],
    ),
    (
        Field::FirstReply,
        "first_reply",
        &[
            "first reply at",
            "first_reply_at",
            "first_admin_reply_at",
            "first responded at",
            "answered at",
        ],
    ),
    (
        Field::Solved,
        "solved",
        &[
            "solved",
            "solved at",
            "resolved time",
            "resolved at",
            "resolved",
            "resolutiondate",
            "resolved_at",
            "date_resolved",
            "last_close_at",
            "service request close date",
        ],
    ),
    (
        Field::Closed,
        "closed",
        &["closed", "closed at", "closed time", "closed_at", "closedate", "closed_date"],
    ),
    (
        Field::Updated,
        "updated",
        &[
            "updated",
            "updated at",
            "last update time",
            "sys_updated_at",
            "sys_updated_on",
            "hs_lastmodifieddate",
            "updated_at",
            "date_changed",
            "last modified timestamp",
        ],
    ),
    (Field::Status, "status", &["status", "state", "incident_state", "ticket status"]),
    (Field::Priority, "priority", &["priority", "priority_name", "hs_ticket_priority"]),
    (
        Field::Class,
        "class",
        &[
            "type",
            "ticket type",
            "category",
            "issue_type",
            "issue type",
            "hs_ticket_category",
            "class",
        ],
    ),
    (Field::Channel, "channel", &["via", "channel", "source", "contact_type", "channel_type"]),
    (
        Field::Agent,
        "agent",
        &[
            "assignee",
            "agent",
            "assigned_to",
            "resolved_by",
            "hubspot_owner_id",
            "agentid",
            "server",
        ],
    ),
    (Field::Reopens, "reopens", &["reopens", "reopen_count", "count_reopens"]),
    (Field::Moves, "moves", &["reassignment_count", "assignee stations", "count_assignments"]),
    (Field::Kept, "kept", &["made_sla", "resolution status", "sla met"]),
    (
        Field::Wait,
        "wait",
        &["wait", "waiting time", "queue time", "q_time", "wait (seconds)", "wait time in minutes"],
    ),
    (
        Field::Handle,
        "handle",
        &[
            "handle",
            "handle time",
            "time tracked",
            "talk time",
            "ser_time",
            "aht_s",
            "handle time in minutes",
            "handle (seconds)",
        ],
    ),
    (Field::Outcome, "outcome", &["outcome", "disposition", "call result"]),
    (
        Field::Count,
        "count",
        &["count", "calls", "tickets", "volume", "offered", "callsoffered", "calls offered"],
    ),
];

/// Where each field stands in a file. A field may be put together from several columns, as from a date
/// and a time.
#[derive(Clone, PartialEq, Debug)]
pub struct Columns {
    places: Vec<(Field, Vec<usize>)>,
}

impl Columns {
    /// Finds the columns of a file: those asked for as "created=Opened on", and the usual ones. One
    /// that is asked for as "handle=" is left out.
    ///
    /// *Errors*: a field that does not exist, or a column that the file does not have.
    pub fn find(sheet: &Sheet, asked: &[String]) -> Result<Columns, HistoryError> {
        let mut places: Vec<(Field, Vec<usize>)> = Vec::new();
        for wish in asked {
            let (word, name) = wish.split_once('=').unwrap_or((wish, ""));
            let (word, name) = (word.trim(), name.trim());
            let Some((field, ..)) = FIELDS.iter().find(|(_, known, _)| *known == word) else {
                let known: Vec<&str> = FIELDS.iter().map(|(_, known, _)| *known).collect();
                let near = nearest(word, known.iter().copied());
                let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
                let known = known.join(", ");
                return Err(HistoryError::Asked(format!(
                    "no column is called `{word}` here{near} Write NAME=COLUMN with one of {known}"
                )));
            };
            if name.is_empty() {
                places.push((*field, Vec::new()));
                continue;
            }
            let Some(place) = place(sheet, name) else {
                let header = sheet.header.join(", ");
                return Err(HistoryError::Asked(format!(
                    "the file has no column `{name}`; its columns are {header}"
                )));
            };
            places.push((*field, place));
        }
        for (field, _, names) in FIELDS {
            let is_there = places.iter().any(|(found, _)| found == field);
            if let Some(place) =
                names.iter().find_map(|name| place(sheet, name)).filter(|_| !is_there)
            {
                places.push((*field, place));
            }
        }
        Ok(Columns { places })
    }

    /// Whether there is such a column.
    pub fn has(&self, field: Field) -> bool {
        self.places.iter().any(|(found, place)| *found == field && !place.is_empty())
    }

    /// The text of a field in a row; empty where there is no such column or nothing stands in it.
    pub fn text(&self, field: Field, row: &StringRecord) -> String {
        let Some((_, place)) = self.places.iter().find(|(found, _)| *found == field) else {
            return String::new();
        };
        let parts: Vec<&str> =
            place.iter().filter_map(|at| row.get(*at)).filter(|part| !is_nothing(part)).collect();
        parts.join(" ")
    }

    /// The header above a field.
    pub fn title(&self, field: Field, sheet: &Sheet) -> String {
        let place = self.places.iter().find(|(found, _)| *found == field).map(|(_, place)| place);
        let titles = place.into_iter().flatten().map(|at| sheet.header[*at].clone());
        titles.collect::<Vec<_>>().join(" + ")
    }

    /// What was found: (word for the field, header of its column), in the order of the fields.
    pub fn found(&self, sheet: &Sheet) -> Vec<(&'static str, String)> {
        let here = FIELDS.iter().filter(|(field, ..)| self.has(*field));
        here.map(|(field, word, _)| (*word, self.title(*field, sheet))).collect()
    }
}

/// The column of that name, or the columns whose names are joined by a plus.
fn place(sheet: &Sheet, name: &str) -> Option<Vec<usize>> {
    if let Some(at) = sheet.position(&[name]) {
        return Some(vec![at]);
    }
    let parts: Option<Vec<usize>> =
        name.split('+').map(|part| sheet.position(&[part.trim()])).collect();
    parts.filter(|parts| parts.len() > 1)
}

/// Whether a field says that nothing is known.
fn is_nothing(text: &str) -> bool {
    const NOTHING: [&str; 9] = ["", "?", "-", "na", "n/a", "nan", "null", "none", "no_server"];
    NOTHING.iter().any(|nothing| text.eq_ignore_ascii_case(nothing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_are_known_and_others_can_be_said() {
        let sheet =
            Sheet::parse("Ticket ID,Created Time,When done,Agent\n1,2026-01-01,?,Ann\n").unwrap();
        let columns = Columns::find(&sheet, &["solved=when done".to_string()]).unwrap();
        let row = sheet.rows().next().unwrap().1;
        assert_eq!(columns.text(Field::Created, row), "2026-01-01");
        assert_eq!(columns.text(Field::Solved, row), "");
        assert_eq!(columns.found(&sheet).len(), 4);
        assert!(!columns.has(Field::Priority));
        for (asked, says) in [("solvd=x", "did you mean solved?"), ("solved=x", "no column `x`")] {
            let error = Columns::find(&sheet, &[asked.to_string()]).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn a_date_and_a_time_may_stand_in_two_columns() {
        let sheet = Sheet::parse("date,vru+line,vru_entry\n990101,AA01,0:00:31\n").unwrap();
        let columns = Columns::find(&sheet, &["id=vru+line".to_string()]).unwrap();
        let row = sheet.rows().next().unwrap().1;
        assert_eq!(columns.text(Field::Created, row), "990101 0:00:31");
        assert_eq!(columns.title(Field::Created, &sheet), "date + vru_entry");
        assert_eq!(columns.text(Field::Id, row), "AA01");
    }
}
