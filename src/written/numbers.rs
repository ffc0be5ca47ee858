//! Numbers as written: lengths of time, shares, factors, changes, amounts.

use super::{Written, written_as_text_or_number};
use crate::problem::{Problem, Problems, nearest};
use crate::time::SimDuration;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A unit of time as written. Business units count open time of a calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TimeUnit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days of 24 hours.
    Day,
    /// Weeks of seven days.
    Week,
    /// Hours in which the desk is open.
    BusinessHour,
    /// Days on which the desk is open.
    BusinessDay,
}

/// A length of time as written: `"6 min"`, `"2 business days"`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Length {
    /// How many of the unit.
    pub count: f64,
    /// The unit.
    pub unit: TimeUnit,
}

/// Spellings of the units of time, the first of each the one we print.
pub const UNITS: &[(TimeUnit, &[&str])] = &[
    (TimeUnit::Second, &["s", "sec", "second", "seconds"]),
    (TimeUnit::Minute, &["min", "m", "minute", "minutes"]),
    (TimeUnit::Hour, &["h", "hour", "hours"]),
    (TimeUnit::Day, &["d", "day", "days"]),
    (TimeUnit::Week, &["weeks", "w", "week"]),
    (TimeUnit::BusinessHour, &["business hours", "business hour"]),
    (TimeUnit::BusinessDay, &["business days", "business day"]),
];

impl Length {
    /// A length of that many of a unit.
    pub const fn new(count: f64, unit: TimeUnit) -> Length {
        Length { count, unit }
    }

    /// The span on the wall clock. Business units count as hours and days of 24 hours;
    /// `Calendar::span_of` knows better.
    pub fn wall(self) -> SimDuration {
        let hours = match self.unit {
            TimeUnit::Second => 1.0 / 3600.0,
            TimeUnit::Minute => 1.0 / 60.0,
            TimeUnit::Hour | TimeUnit::BusinessHour => 1.0,
            TimeUnit::Day | TimeUnit::BusinessDay => 24.0,
            TimeUnit::Week => 168.0,
        };
        SimDuration::from_hours(self.count * hours)
    }

    /// Whether it counts open time only.
    pub fn is_business(self) -> bool {
        matches!(self.unit, TimeUnit::BusinessHour | TimeUnit::BusinessDay)
    }

    fn parse(text: &str) -> Result<Length, String> {
        let text = text.trim();
        if text.contains(',') {
            let point = text.replace(',', ".");
            return Err(format!("`{text}` has a comma; a fraction has a point, as in \"{point}\""));
        }
        let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let unit = unit.trim();
        let advice =
            "write a number and a unit: s, min, h, d, weeks, business hours, business days";
        let count: f64 =
            number.parse().map_err(|_| format!("`{text}` is not a length of time; {advice}"))?;
        if unit.is_empty() {
            return Err(format!("`{text}` has no unit; {advice}"));
        }
        let named = UNITS.iter().find(|(_, names)| names.contains(&unit));
        let Some((unit, _)) = named else {
            let known = UNITS.iter().flat_map(|(_, names)| names.iter().rev().copied());
            return Err(match nearest(unit, known.filter(|name| name.len() > 2)) {
                Some(near) => format!("`{unit}` is not a unit of time; did you mean `{near}`?"),
                None => format!("`{unit}` is not a unit of time; {advice}"),
            });
        };
        let length = Length { count, unit: *unit };
        if length.wall() > SimDuration::from_days(366 * 1000) {
            return Err(format!("`{text}` is longer than 1,000 years"));
        }
        Ok(length)
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names =
            UNITS.iter().find(|(unit, _)| *unit == self.unit).map_or("", |(_, names)| names[0]);
        write!(f, "{} {names}", self.count)
    }
}

/// A probability or fraction as written: `0.3` or `"30%"`, from 0 to 1.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub struct Share(pub f64);

/// A multiplier as written: `1.5`, `"150%"`, `"+50%"` or `"-20%"`, at least 0.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub struct Factor(pub f64);

/// A relative change as written: `"80%"`, `"+80%"` or `0.8` add four fifths, `"-20%"` takes a
/// fifth away.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub struct Change(pub f64);

/// A rate or count of things that need not be whole: a finite number, at least 0.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default)]
pub struct Amount(pub f64);

/// A number in as few characters as it takes.
fn brief(number: f64) -> String {
    if number.abs() < MOST_AMOUNT { number.to_string() } else { format!("{number:e}") }
}

/// Reads "30%", "+20%", "-20%" or a plain number; the flag says whether it carried a sign.
pub(crate) fn percent(text: &str) -> Option<(f64, bool)> {
    let text = text.trim();
    let signed = text.starts_with(['+', '-']);
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
        None => text.parse::<f64>().ok()?,
    };
    number.is_finite().then_some((number, signed))
}

impl Share {
    fn checked(number: f64) -> Result<Share, String> {
        match number {
            n if (0.0..=1.0).contains(&n) => Ok(Share(n)),
            n if n.is_finite() && n > 1.0 => Err(format!(
                "a share lies between 0 and 1 (0% to 100%), not {n}; did you mean `\"{n}%\"`?"
            )),
            n => Err(format!("a share lies between 0 and 1 (0% to 100%), not {n}")),
        }
    }

    fn parse(text: &str) -> Result<Share, String> {
        let (number, _) = percent(text)
            .ok_or_else(|| format!("`{text}` is not a share; write `0.3` or `\"30%\"`"))?;
        if (0.0..=1.0).contains(&number) {
            return Ok(Share(number));
        }
        Err(format!("a share lies between 0% and 100%, not {text}"))
    }
}

/// The largest factor, and the largest change: a thousandfold.
const MOST_FACTOR: f64 = 1000.0;

/// Largest change that is taken for what it says where it has no percent sign: eleven times as much.
const MOST_BARE: f64 = 10.0;

/// The largest amount: more of anything describes no desk.
const MOST_AMOUNT: f64 = 1e15;

impl Factor {
    fn checked(number: f64) -> Result<Factor, String> {
        if (0.0..=MOST_FACTOR).contains(&number) {
            return Ok(Factor(number));
        }
        Err(format!("a factor lies between 0 and {MOST_FACTOR} (100,000%), not {}", brief(number)))
    }

    fn parse(text: &str) -> Result<Factor, String> {
        let parsed = percent(text);
        let (number, signed) = parsed.ok_or_else(|| {
            format!("`{text}` is not a factor; write `1.5`, `\"150%\"` or `\"+50%\"`")
        })?;
        Factor::checked(if signed { 1.0 + number } else { number })
    }
}

impl Written<Factor> {
    /// Reports a factor below 1 where less of it would mean the opposite of what it is for.
    pub fn at_least_one(&self, otherwise: &str, problems: &mut Problems) {
        let factor = self.value.0;
        if factor < 1.0 {
            problems.push(
                Problem::error("factor-below-one", format!("a factor of {factor} {otherwise}"))
                    .at(self.span.clone(), "below 1")
                    .help(format!(
                        "write \"+{:.0}%\" or {} for so much more",
                        factor * 100.0,
                        1.0 + factor
                    )),
            );
        }
    }
}

impl Change {
    fn checked(number: f64) -> Result<Change, String> {
        if (-1.0..=MOST_FACTOR).contains(&number) {
            return Ok(Change(number));
        }
        Err(format!(
            "a change lies between -1 (-100%) and {MOST_FACTOR} (100,000%), not {}",
            brief(number)
        ))
    }

    fn parse(text: &str) -> Result<Change, String> {
        let parsed = percent(text);
        let (number, _) = parsed
            .ok_or_else(|| format!("`{text}` is not a change; write `\"80%\"` or `\"-20%\"`"))?;
        Change::checked(number)
    }

    /// A change without a percent sign: a large one is a slip.
    fn bare(number: f64) -> Result<Change, String> {
        let change = Change::checked(number)?;
        if number > MOST_BARE {
            let (percent, much) = (brief(number), brief(100.0 * number));
            return Err(format!(
                "{percent} would be {much} %; write \"{percent}%\", or \"{much}%\" if that is meant"
            ));
        }
        Ok(change)
    }
}

impl Amount {
    fn checked(number: f64) -> Result<Amount, String> {
        match number {
            n if (0.0..=MOST_AMOUNT).contains(&n) => Ok(Amount(n)),
            n if n.is_finite() && n > 0.0 => Err(format!("{} is more than any desk has", brief(n))),
            n => Err(format!("expected a finite number of at least 0, not {n}")),
        }
    }

    fn parse(text: &str) -> Result<Amount, String> {
        Err(format!("expected a number, not the text \"{text}\""))
    }
}

written_as_text_or_number!(
    Length,
    "a length of time such as \"6 min\"",
    json_schema!({
        "type": "string",
        "pattern": r"^\s*[0-9.]+\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?|business hours?|business days?)\s*$",
        "description": "A length of time: a number and s, min, h, d, weeks, business hours or business days."
    }),
    number = |n| Err(if n < 0.0 {
        format!("`{n}` is negative, and a length of time is not")
    } else {
        format!("`{n}` has no unit; write \"{n} min\", \"{n} h\" or \"{n} d\"")
    })
);
written_as_text_or_number!(
    Share,
    "a share such as 0.3 or \"30%\"",
    json_schema!({ "anyOf": [
        { "type": "number", "minimum": 0, "maximum": 1 },
        { "type": "string", "pattern": r"^\s*[0-9.]+\s*%\s*$" },
    ], "description": "A share from 0 to 1, or from \"0%\" to \"100%\"." }),
    number = Share::checked
);
written_as_text_or_number!(
    Factor,
    "a factor such as 1.5, \"150%\" or \"+50%\"",
    json_schema!({ "anyOf": [
        { "type": "number", "minimum": 0 },
        { "type": "string", "pattern": r"^\s*[+-]?[0-9.]+\s*%?\s*$" },
    ], "description": "A factor: 1.5, \"150%\" or \"+50%\" mean the same." }),
    number = Factor::checked
);
written_as_text_or_number!(
    Amount,
    "a number of at least 0",
    json_schema!({ "type": "number", "minimum": 0 }),
    number = Amount::checked
);
written_as_text_or_number!(
    Change,
    "a change such as \"80%\" or \"-20%\"",
    json_schema!({ "anyOf": [
        { "type": "number", "minimum": -1 },
        { "type": "string", "pattern": r"^\s*[+-]?[0-9.]+\s*%\s*$" },
    ], "description": "A relative change: \"80%\" adds four fifths, \"-20%\" takes a fifth away." }),
    number = Change::bare
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_carry_their_unit() {
        assert_eq!(Length::parse("6 min").unwrap().wall(), SimDuration::from_minutes(6));
        assert_eq!(Length::parse("1.5h").unwrap().wall(), SimDuration::from_minutes(90));
        assert!(Length::parse("2 business days").unwrap().is_business());
        assert!(Length::parse("6").unwrap_err().contains("no unit"));
        assert!(Length::parse("6 fortnights").unwrap_err().contains("not a unit"));
        assert!(Length::parse("soon").unwrap_err().contains("not a length"));
        assert!(Length::parse("99999999 weeks").unwrap_err().contains("1,000 years"));
    }

    #[test]
    fn shares_and_factors_read_percent() {
        assert_eq!(Share::parse("30%"), Ok(Share(0.3)));
        assert!(Share::checked(30.0).unwrap_err().contains("\"30%\""));
        assert!(Share::checked(f64::NAN).is_err());
        assert_eq!(Factor::parse("+50%"), Ok(Factor(1.5)));
        assert_eq!(Factor::parse("-20%"), Ok(Factor(0.8)));
        assert_eq!(Factor::parse("150%"), Ok(Factor(1.5)));
        assert!(Factor::checked(f64::INFINITY).is_err());
        assert_eq!(Change::parse("+80%"), Change::parse("80%"));
        assert_eq!(Change::parse("-20%"), Ok(Change(-0.2)));
        assert!(Change::parse("-120%").is_err());
    }
}
