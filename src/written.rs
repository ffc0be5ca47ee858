//! Values as a planner writes them in a scenario: "6 min", "30%", "09:00-18:00", names with the
//! place they stand at. Each parses itself, so that a wrong one is reported where it is written.

mod hours;
mod numbers;

pub use hours::{DayHours, Hours, Moment};
pub(crate) use numbers::percent;
pub use numbers::{Amount, Change, Factor, Length, Share, TimeUnit, UNITS};

use crate::problem::Span;
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

#[cfg(test)]
mod tests {
    use super::*;

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
