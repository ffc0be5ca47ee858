//! Values as a planner writes them in a scenario: "6 min", "30%", "09:00-18:00", names with the
//! place they stand at. Each parses itself, so that a wrong one is reported where it is written.

use crate::problem::{Problem, Problems, Span, nearest};
use crate::time::SimDuration;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

/// A value together with the place in the text where it is written.
#[derive(Clone, PartialEq, Debug)]
pub struct Written<T> {
    /// The value.
    pub value: T,
    /// Where it stands; empty for a value nobody wrote.
    pub span: Span,
}

impl<T> Written<T> {
    /// A value that stands nowhere: a default, or one made by the library.
    pub fn unwritten(value: T) -> Self {
        Written { value, span: 0..0 }
    }
}

impl<T> Deref for Written<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let spanned = toml::Spanned::<T>::deserialize(input)?;
        Ok(Written { span: spanned.span(), value: spanned.into_inner() })
    }
}

impl<T: JsonSchema> JsonSchema for Written<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A table whose keys are names of the planner's own, in the order of the text.
#[derive(Clone, PartialEq, Debug)]
pub struct Named<T>(pub Vec<(Written<String>, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Named(Vec::new())
    }
}

impl<T> Named<T> {
    /// The names, in the order of the text.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Names and values, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (&Written<String>, &T)> {
        self.0.iter().map(|(name, value)| (name, value))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Named<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of named entries")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Named<T>, M::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry::<Written<String>, T>()? {
                    entries.push(entry);
                }
                // The parser sorts keys by name; planners expect the order they wrote.
                entries.sort_by_key(|(name, _)| name.span.start);
                Ok(Named(entries))
            }
        }
        input.deserialize_map(Entries(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Named_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let entry = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "additionalProperties": entry })
    }
}

/// A value that may be written short (`reopen = "5%"`) or as a table (`reopen = { share = "5%" }`).
#[derive(Clone, PartialEq, Debug)]
pub enum Brief<S, T> {
    /// The one value that matters most.
    Short(S),
    /// All of it.
    Full(T),
}

impl<'de, S: Deserialize<'de>, T: Deserialize<'de>> Deserialize<'de> for Brief<S, T> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Either<S, T>(PhantomData<(S, T)>);
        impl<'de, S: Deserialize<'de>, T: Deserialize<'de>> Visitor<'de> for Either<S, T> {
            type Value = Brief<S, T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or a table")
            }
            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Self::Value, M::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Brief::Full)
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                S::deserialize(serde::de::value::StrDeserializer::new(text)).map(Brief::Short)
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
                S::deserialize(serde::de::value::F64Deserializer::new(number)).map(Brief::Short)
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
                S::deserialize(serde::de::value::I64Deserializer::new(number)).map(Brief::Short)
            }
            fn visit_bool<E: Error>(self, yes: bool) -> Result<Self::Value, E> {
                S::deserialize(serde::de::value::BoolDeserializer::new(yes)).map(Brief::Short)
            }
        }
        input.deserialize_any(Either(PhantomData))
    }
}

impl<S: JsonSchema, T: JsonSchema> JsonSchema for Brief<S, T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("{}_or_{}", S::schema_name(), T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let short = generator.subschema_for::<S>();
        let full = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [short, full] })
    }
}

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

/// Hours of a day as written: `"09:00-18:00"`, with `"22:00-06:00"` running past midnight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hours {
    /// Minute of the day at which they begin.
    pub from: u16,
    /// Minute at which they end; over 1440 where they run past midnight.
    pub to: u16,
}

impl Hours {
    fn parse(text: &str) -> Result<Hours, String> {
        let wrong = || format!("`{text}` is not a span of hours; write \"09:00-18:00\"");
        let (from, to) = text.split_once('-').ok_or_else(wrong)?;
        let minute = |part: &str| {
            let (hour, minute) = part.trim().split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            (minute < 60 && hour * 60 + minute <= 1440).then_some(hour * 60 + minute)
        };
        let (from, to) = minute(from).zip(minute(to)).ok_or_else(wrong)?;
        if from == to || from == 1440 {
            return Err(format!("`{text}` is empty; leave the day out, or write \"00:00-24:00\""));
        }
        Ok(Hours { from, to: if to < from { to + 1440 } else { to } })
    }
}

/// Hours of one day: one span or several.
#[derive(Clone, PartialEq, Debug)]
pub struct DayHours(pub Vec<Hours>);

impl<'de> Deserialize<'de> for DayHours {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Spans;
        impl<'de> Visitor<'de> for Spans {
            type Value = DayHours;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("hours such as \"09:00-18:00\", or a list of them")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<DayHours, E> {
                Hours::parse(text).map(|hours| DayHours(vec![hours])).map_err(E::custom)
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut seq: A,
            ) -> Result<DayHours, A::Error> {
                let mut spans = Vec::new();
                while let Some(hours) = seq.next_element::<Hours>()? {
                    spans.push(hours);
                }
                Ok(DayHours(spans))
            }
        }
        input.deserialize_any(Spans)
    }
}

impl JsonSchema for DayHours {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "DayHours".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let hours = generator.subschema_for::<Hours>();
        json_schema!({ "anyOf": [hours, { "type": "array", "items": hours }] })
    }
}

/// A date, or a date with a time of day, in the desk's time zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moment(pub jiff::civil::DateTime);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let advice =
            "write a date as 2026-12-01, or with a time as 2026-12-01T09:00:00, without quotes";
        let written =
            toml::value::Datetime::deserialize(input).map_err(|_| D::Error::custom(advice))?;
        let date = written.date.ok_or_else(|| D::Error::custom(advice))?;
        if written.offset.is_some() {
            return Err(D::Error::custom(
                "leave the offset out: times are in the desk's time zone",
            ));
        }
        let civil = || -> Result<_, jiff::Error> {
            let date = jiff::civil::Date::new(
                i16::try_from(date.year).unwrap_or(i16::MAX),
                date.month as i8,
                date.day as i8,
            )?;
            let time = match written.time {
                Some(t) => jiff::civil::Time::new(
                    t.hour as i8,
                    t.minute as i8,
                    t.second.unwrap_or(0) as i8,
                    0,
                )?,
                None => jiff::civil::Time::midnight(),
            };
            Ok(date.to_datetime(time))
        };
        civil().map(Moment).map_err(|_| D::Error::custom(advice))
    }
}

impl JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        // Editors hand TOML dates to the schema as text.
        json_schema!({ "type": "string", "description": "A date (2026-12-01) or a date with a time (2026-12-01T09:00:00), in the desk's time zone." })
    }
}

macro_rules! written_as_text_or_number {
    ($type:ident, $expecting:literal, $schema:expr, number = $number:expr) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                struct Parse;
                impl Visitor<'_> for Parse {
                    type Value = $type;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }
                    fn visit_str<E: Error>(self, text: &str) -> Result<$type, E> {
                        $type::parse(text).map_err(E::custom)
                    }
                    fn visit_f64<E: Error>(self, number: f64) -> Result<$type, E> {
                        let read: fn(f64) -> Result<$type, String> = $number;
                        read(number).map_err(E::custom)
                    }
                    fn visit_i64<E: Error>(self, number: i64) -> Result<$type, E> {
                        self.visit_f64(number as f64)
                    }
                }
                input.deserialize_any(Parse)
            }
        }

        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

pub(crate) use written_as_text_or_number;

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
written_as_text_or_number!(
    Hours,
    "hours such as \"09:00-18:00\"",
    json_schema!({ "type": "string", "pattern": r"^\s*[0-9]{1,2}:[0-9]{2}\s*-\s*[0-9]{1,2}:[0-9]{2}\s*$",
        "description": "Hours of a day, such as \"09:00-18:00\"; \"22:00-06:00\" runs past midnight." }),
    number = |n| Err(format!("`{n}` is not a span of hours; write \"09:00-18:00\""))
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

    #[test]
    fn hours_may_run_past_midnight() {
        assert_eq!(Hours::parse("09:00-18:00"), Ok(Hours { from: 540, to: 1080 }));
        assert_eq!(Hours::parse("22:00-06:00"), Ok(Hours { from: 1320, to: 1800 }));
        assert_eq!(Hours::parse("00:00-24:00"), Ok(Hours { from: 0, to: 1440 }));
        assert!(Hours::parse("9-18").is_err());
        assert!(Hours::parse("09:00-09:00").is_err());
    }

    #[derive(serde::Deserialize)]
    struct Probe {
        share: Written<Share>,
        both: Brief<Share, Inner>,
        names: Named<Length>,
        day: Moment,
    }

    #[derive(serde::Deserialize, PartialEq, Debug)]
    struct Inner {
        share: Written<Share>,
    }

    #[test]
    fn values_know_where_they_stand() {
        let text = "share = \"5%\"\nboth = { share = 0.5 }\nday = 2026-12-01\n[names]\nz = \"1 h\"\na = \"2 h\"\n";
        let probe: Probe = toml::from_str(text).unwrap();
        assert_eq!(&text[probe.share.span.clone()], "\"5%\"");
        let Brief::Full(inner) = probe.both else { panic!("a table was written") };
        assert_eq!(&text[inner.share.span.clone()], "0.5");
        assert_eq!(probe.names.names().collect::<Vec<_>>(), ["z", "a"]);
        assert_eq!(probe.day.0.date(), jiff::civil::date(2026, 12, 1));
    }
}
