//! Hours of a day and dates as written.

use super::written_as_text_or_number;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::borrow::Cow;
use std::fmt;

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
        let wrong = || {
            format!(
                "`{text}` is not a span of hours; write \"09:00-18:00\", or [] where it is closed"
            )
        };
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
        let absent = || format!("the calendar has no {date}, or the clock no such time");
        civil().map(Moment).map_err(|_| D::Error::custom(absent()))
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
    fn hours_may_run_past_midnight() {
        assert_eq!(Hours::parse("09:00-18:00"), Ok(Hours { from: 540, to: 1080 }));
        assert_eq!(Hours::parse("22:00-06:00"), Ok(Hours { from: 1320, to: 1800 }));
        assert_eq!(Hours::parse("00:00-24:00"), Ok(Hours { from: 0, to: 1440 }));
        assert!(Hours::parse("9-18").is_err());
        assert!(Hours::parse("09:00-09:00").is_err());
    }
}
