//! Seven questions to somebody who has no scenario yet, and the scenario that follows from the answers.

use jiff::civil::Date;
use std::fmt::Write;

/// A question with a number for an answer.
pub struct Question {
    /// What is asked.
    pub text: &'static str,
    /// What may stand behind the number.
    pub units: &'static [&'static str],
    /// The answer of whoever gives none.
    pub usual: f64,
    /// The smallest and the largest answer that makes sense.
    pub within: (f64, f64),
    /// Whether only whole numbers do.
    pub whole: bool,
}

const fn question(
    (text, units): (&'static str, &'static [&'static str]),
    usual: f64,
    within: (f64, f64),
    whole: bool,
) -> Question {
    Question { text, units, usual, within, whole }
}

const TICKETS: &[&str] = &["ticket", "tickets"];
const PEOPLE: &[&str] = &["people", "agents", "agent"];
const MINUTES: &[&str] = &["min", "minutes", "minute", "m"];
const HOURS: &[&str] = &["h", "hours", "hour"];
const PERCENT: &[&str] = &["%", "percent", "of 100"];
const IN_WEEKS: &[&str] = &["weeks", "week", "w"];

/// The seven questions. The last has two more parts where there is a peak.
pub const QUESTIONS: [Question; 7] = [
    question(
        ("How many new tickets come in an ordinary week?", &["a week", "per week", "tickets"]),
        500.0,
        (1.0, 5e6),
        false,
    ),
    question(
        ("How many people answer them (Monday to Friday, 9 to 17)?", PEOPLE),
        5.0,
        (1.0, 20_000.0),
        true,
    ),
    question(
        ("How many minutes does a ticket take to answer?", MINUTES),
        12.0,
        (0.1, 5000.0),
        false,
    ),
    question(("How many tickets wait for an answer today?", TICKETS), 0.0, (0.0, 500_000.0), true),
    question(
        ("Within how many hours do you promise a first answer?", HOURS),
        24.0,
        (0.1, 10_000.0),
        false,
    ),
    question(
        (
            "Of 100 customers who wait longer than a day, how many write again on each further day?",
            PERCENT,
        ),
        15.0,
        (0.0, 100.0),
        false,
    ),
    question(
        ("How much more comes in your next peak, in percent (0 for no peak)?", PERCENT),
        0.0,
        (0.0, 5000.0),
        false,
    ),
];

/// What is asked of those who expect a peak.
pub const PEAK: [Question; 2] = [
    question(("In how many weeks does it begin?", IN_WEEKS), 3.0, (0.0, 26.0), false),
    question(("For how many weeks does it last?", IN_WEEKS), 2.0, (0.1, 26.0), false),
];

/// Weeks simulated after the peak, or in all.
const WEEKS: f64 = 10.0;

/// What an answer says: the usual one where it is empty, nothing where it is none.
///
/// *Errors*: in words, what would be one.
pub fn answer(question: &Question, text: &str) -> Result<f64, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(question.usual);
    }
    // People write 1,200 and 15 % and 8 min, and mean by 10,5 what others mean by 10.5.
    let is_digit =
        |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\'' | '-');
    let end = text.find(|c| !is_digit(c)).unwrap_or(text.len());
    let (number, unit) = (text[..end].trim(), text[end..].trim().to_lowercase());
    let number: String = number.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\'')).collect();
    if !unit.is_empty() && !number.is_empty() && !question.units.contains(&unit.as_str()) {
        return Err(format!("`{unit}` is not what is asked for. Write a number alone."));
    }
    let (least, most) = question.within;
    let value = if is_plain(&number) || is_grouped(&number) {
        number.replace(',', "").parse::<f64>().ok()
    } else if number.contains([',', '.']) {
        return Err(format!(
            "`{number}` can be read in two ways. Write thousands as 1200 or 1,200, parts as 10.5."
        ));
    } else {
        None
    };
    match value {
        None => Err(format!("`{text}` is no number. Write one such as {}.", question.usual)),
        Some(value) if value < least || value > most => {
            Err(format!("{value} cannot be: write a number from {least} to {most}."))
        }
        Some(value) if question.whole && value.fract() != 0.0 => {
            Err(format!("{value} cannot be: write a whole number."))
        }
        Some(value) => Ok(value),
    }
}

/// Whether a number has a point for its parts and no other marks; three digits behind it could be
/// thousands.
fn is_plain(number: &str) -> bool {
    let parts = number.split_once('.').map_or("", |(_, parts)| parts);
    !number.contains(',') && (parts.len() != 3 || number.starts_with('0'))
}

/// Whether its commas stand between thousands: 1,200 or 12,000.5.
fn is_grouped(number: &str) -> bool {
    let whole = number.split_once('.').map_or(number, |(whole, _)| whole);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("").trim_start_matches('-');
    whole.contains(',')
        && (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3)
}

/// The scenario that the answers describe; `peak` holds the parts of the last question.
pub fn scenario(answers: &[f64; 7], peak: [f64; 2], start: Date) -> String {
    let [per_week, people, minutes, waiting, promise, again, lift] = *answers;
    let [begins, lasts] = peak;
    let weeks = if lift > 0.0 { begins + lasts + WEEKS } else { WEEKS }.ceil();
    let mut text = format!(
        "# Written by `surgecast init --ask` from seven answers. Everything else is as on a usual desk;\n\
         # `surgecast explain` lists it, and `surgecast init` shows all you can add.\n\
         name = \"My desk\"\n\
         start = {start}\nweeks = {weeks}\n\n\
         [tickets.all]\n\
         arrivals = {{ per_week = {per_week}, profile = \"office-week\" }}\n\
         handle = \"{minutes} min\"\n\
         promise = {{ first_reply = \"{promise} h\" }}\n\
         chasers = {{ after = \"24 h\", per_day = {} }}\n\
         reopen = \"5%\"\n\n\
         [teams.desk]\nagents = {people}\n",
        again / 100.0
    );
    if waiting > 0.0 {
        let _ = write!(
            text,
            "\n[opening]\ntickets = {{ all = {waiting} }}\n\
             ages = [{{ up_to = \"2 d\", share = \"40%\" }}, {{ up_to = \"7 d\", share = \"40%\" }}, \
             {{ up_to = \"21 d\", share = \"20%\" }}]\n"
        );
    }
    if lift > 0.0 {
        let days = (begins * 7.0).round() as i64;
        let from = start.saturating_add(jiff::Span::new().days(days));
        let _ = write!(
            text,
            "\n[[surges]]\nname = \"Peak\"\nfrom = {from}\nlasts = \"{} d\"\nlift = \"{lift}%\"\n",
            (lasts * 7.0).round().max(1.0)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::scenario::compile::Parts;
    use jiff::civil::date;

    #[test]
    fn answers_are_read_as_people_write_them() {
        let (tickets, people) = (&QUESTIONS[0], &QUESTIONS[1]);
        assert_eq!(answer(tickets, "  "), Ok(500.0));
        assert_eq!(answer(tickets, "1,200"), Ok(1200.0));
        assert_eq!(answer(tickets, "12 000 tickets"), Ok(12000.0));
        assert_eq!(answer(&QUESTIONS[2], "0.125"), Ok(0.125));
        assert_eq!(answer(&QUESTIONS[5], "20 %"), Ok(20.0));
        assert_eq!(answer(&QUESTIONS[2], "8.5 min"), Ok(8.5));
        for (question, text, why) in [
            (tickets, "many", "no number"),
            (tickets, "-3", "from 1 to"),
            (people, "2.5", "whole number"),
            (people, "0", "from 1 to"),
            (tickets, "inf", "no number"),
            (tickets, "5000 a month", "`a month` is not what is asked for"),
            (tickets, "1.250", "two ways"),
            (people, "10,5", "two ways"),
            (&QUESTIONS[2], "1,5", "two ways"),
            (&QUESTIONS[2], "20 %", "`%` is not"),
            (&QUESTIONS[3], "25%", "`%` is not"),
        ] {
            let told = answer(question, text).unwrap_err();
            assert!(told.contains(why), "{text}: {told}");
        }
    }

    #[test]
    fn whatever_the_answers_the_scenario_can_run() {
        let usual = QUESTIONS.map(|question| question.usual);
        let least = QUESTIONS.map(|question| question.within.0);
        let busy = [900.0, 12.0, 9.5, 350.0, 8.0, 20.0, 80.0];
        for answers in [usual, least, busy] {
            for peak in [PEAK.map(|part| part.usual), PEAK.map(|part| part.within.0)] {
                let text = scenario(&answers, peak, date(2026, 11, 16));
                let (compiled, problems) =
                    Scenario::from_text("asked.toml", &text, &[]).compile(Parts::All);
                let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
                assert!(compiled.is_some(), "{text}\n{told:?}");
            }
        }
    }
}
