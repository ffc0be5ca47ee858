//! The tickets that are open at the end of an export, as the opening backlog of a scenario.

use super::records::{History, Record};
use super::shape::{Questions, SOON};
use super::shifts::Shifts;
use crate::dist::Law;
use crate::time::SimDuration;
use jiff::civil::DateTime;
use std::fmt::Write;

/// What the list of open tickets is called.
pub const OPENING: &str = "opening.csv";

/// A list of all tickets that are open, with the ticket class that `name_of` gives each.
///
/// Which of them wait for an agent is not in the export. One that the desk has not had for four open hours
/// does. Any other waits for somebody who was asked when it came, as far as anybody knows; but answers come while
/// the desk is closed too, and then wait: as many as the law of answers says, spread evenly over the tickets.
pub fn open_tickets<'a>(
    history: &History,
    name_of: &dyn Fn(&Record) -> &'a str,
    questions: Option<Questions>,
    shifts: &Shifts,
) -> String {
    let mut text = String::from("created,ticket,state,asked\n");
    let now = history.as_of.local;
    let closed_since = shifts.last_open(now);
    let law = questions.map(|q| Law::log_normal(SimDuration::from_hours(q.mean), q.cv));
    // Half of one is there at the start, so that as many are rounded up as down.
    let mut answered = 0.5;
    for record in history.records.iter().filter(|record| record.ended.is_none()) {
        let created = record.created.local;
        let is_new = match history.is_solved_by_day {
            true => created.date() >= now.date(),
            false => shifts.after(created, SOON) > now,
        };
        let mut asked = law.as_ref().filter(|_| !is_new);
        if let Some(law) = asked {
            answered += answered_meanwhile(law, created, (closed_since, now));
            if answered >= 1.0 {
                answered -= 1.0;
                asked = None;
            }
        }
        let at = created.strftime("%Y-%m-%d %H:%M:%S").to_string();
        let (state, since) = if asked.is_some() { ("pending", at.as_str()) } else { ("open", "") };
        let _ = writeln!(text, "{at},{},{state},{since}", name_of(record));
    }
    text
}

/// Probability that an answer came between two times, of those to questions asked earlier that had not come
/// by the first of them.
fn answered_meanwhile(law: &Law, asked: DateTime, (from, to): (DateTime, DateTime)) -> f64 {
    let beyond = |at: DateTime| {
        let hours = at.duration_since(asked).as_secs_f64().max(0.0) / 3600.0;
        1.0 - law.share_up_to(SimDuration::from_hours(hours))
    };
    let before = beyond(from);
    if before > 0.0 { 1.0 - beyond(to) / before } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::columns::Columns;
    use crate::history::records::read;
    use crate::sheet::Sheet;
    use jiff::tz::TimeZone;

    #[test]
    fn new_tickets_and_answers_of_the_night_wait_for_an_agent() {
        // Known on Monday the ninth at six in the morning; the desk closed on Friday at five.
        let mut export =
            String::from("id,created,solved,updated\n1,2026-03-06 16:30,,2026-03-09 06:00\n");
        for id in 2..102 {
            let _ = writeln!(export, "{id},2026-03-04 09:00,,");
        }
        let sheet = Sheet::parse(&export).unwrap();
        let columns = Columns::find(&sheet, &[]).unwrap();
        let history = read(&sheet, &columns, None, &TimeZone::UTC).unwrap();
        let shifts = Shifts::office(&[1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0], 1.0);
        let questions = Questions { asks: 0.4, mean: 100.0, cv: 1.0 };
        let list = open_tickets(&history, &|_| "x", Some(questions), &shifts);
        assert!(list.contains("\n2026-03-06 16:30:00,x,open,\n"), "{list}");
        let pending = list.lines().filter(|line| line.contains("pending")).count();
        // Asked 56 hours before the desk closed, and 61 more have passed.
        let law = Law::log_normal(SimDuration::from_hours(100.0), 1.0);
        let beyond = |hours| 1.0 - law.share_up_to(SimDuration::from_hours(hours));
        let still = 100.0 * beyond(117.0) / beyond(56.0);
        assert!((pending as f64 - still).abs() <= 1.0, "{pending} {still}");
        let all = open_tickets(&history, &|_| "x", None, &shifts);
        assert!(!all.contains("pending"));
    }
}
