//! Contact rate: demand as customers or orders, and how often each of them leads to a contact.
//!
//! *In a manager's words*: "12,000 customers, and in a week one in twelve of them writes"; "of 1,500
//! orders a day 18 % come with a question."
//!
//! *Assumption*: contacts are customers (or orders) times the contact rate, spread over the week by
//! the profile like arrivals written as a number; growth and surges are those of either factor.
//! *Source*: M03 of the catalogue; B5.

use crate::problem::{Problem, Problems, Span};
use crate::written::{Amount, Written, percent, written_as_text_or_number};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

/// A time in which customers are asked how often they write, and how many days it has.
const PERIODS: [(&str, f64); 4] =
    [("day", 1.0), ("week", 7.0), ("month", 365.25 / 12.0), ("year", 365.25)];

/// The highest rate: a thousand contacts of each.
const MOST: f64 = 1000.0;

/// A contact rate as written: `0.18` or `"18%"` of orders, `"8% per week"` of customers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ContactRate {
    /// Contacts of each.
    pub each: f64,
    /// Days in which that many come, where a time is named.
    pub days: Option<f64>,
}

impl ContactRate {
    fn checked(each: f64, days: Option<f64>) -> Result<ContactRate, String> {
        if (0.0..=MOST).contains(&each) {
            return Ok(ContactRate { each, days });
        }
        Err(format!("a contact rate lies between 0 and {MOST} contacts of each, not {each}"))
    }

    fn parse(text: &str) -> Result<ContactRate, String> {
        let advice = "write \"18%\" of orders, or \"8% per week\" of customers";
        let (number, days) = match text.split_once(" per ") {
            None => (text, None),
            Some((number, period)) => {
                let period = period.trim();
                let named = PERIODS.iter().find(|(name, _)| *name == period);
                let wrong =
                    || format!("a contact rate is per day, week, month or year, not `{period}`");
                (number, Some(named.ok_or_else(wrong)?.1))
            }
        };
        let (each, signed) =
            percent(number).ok_or_else(|| format!("`{text}` is not a contact rate; {advice}"))?;
        if signed {
            return Err(format!("a contact rate has no sign; {advice}"));
        }
        ContactRate::checked(each, days)
    }
}

written_as_text_or_number!(
    ContactRate,
    "a contact rate such as \"18%\" or \"8% per week\"",
    json_schema!({ "anyOf": [
        { "type": "number", "minimum": 0 },
        { "type": "string", "pattern": r"^\s*[0-9.]+\s*%?(\s+per\s+(day|week|month|year))?\s*$" },
    ], "description": "Contacts of each order (0.18 or \"18%\"), or of each customer in a time (\"8% per week\")." }),
    number = |each| ContactRate::checked(each, None)
);

/// Demand as customers or orders and how often each of them leads to a contact, as far as it is written.
#[derive(Clone, Copy, Debug)]
pub struct Contacts<'a> {
    /// How many customers there are.
    pub customers: Option<&'a Written<Amount>>,
    /// Orders on an average day.
    pub orders: Option<&'a Written<Amount>>,
    /// Contacts of each.
    pub rate: Option<&'a Written<ContactRate>>,
}

impl Contacts<'_> {
    /// Where it is written, if it is.
    pub fn span(&self) -> Option<Span> {
        let span = |written: &Written<Amount>| written.span.clone();
        let rate = self.rate.map(|rate| rate.span.clone());
        rate.or(self.customers.map(span)).or(self.orders.map(span))
    }

    /// Contacts on an average day; `customers` is how many the scenario has, where it says so.
    /// Nothing where it is written wrongly.
    pub fn per_day(&self, customers: Option<u32>, problems: &mut Problems) -> Option<f64> {
        let told = self.customers.map(|n| (n.value.0, n.span.clone()));
        let orders = self.orders.map(|n| (n.value.0, n.span.clone()));
        let Some(rate) = self.rate else {
            let what =
                if orders.is_some() { "orders lead to a contact" } else { "customers write" };
            let help = if orders.is_some() { "\"18%\"" } else { "\"8% per week\"" };
            problems.push(
                Problem::error("wrong-contact-rate", format!("how many {what} is not said"))
                    .at(self.span()?, "of these")
                    .help(format!("write contact_rate = {help}")),
            );
            return None;
        };
        if let (Some(told), Some(orders)) = (&told, &orders) {
            problems.push(
                Problem::error("two-rates", "a contact rate of customers and of orders at once")
                    .at(orders.1.clone(), "orders")
                    .at(told.1.clone(), "customers")
                    .help("keep one of them"),
            );
            return None;
        }
        let mut wrong = |what: &str, label: &str, help: &str| {
            problems.push(
                Problem::error("wrong-contact-rate", what).at(rate.span.clone(), label).help(help),
            );
            None
        };
        let customers = told.map(|told| told.0).or(customers.map(f64::from));
        match (orders, rate.value.days, customers) {
            (Some((orders, _)), None, _) => Some(orders * rate.value.each),
            (Some(_), Some(_), _) => wrong(
                "a contact rate of orders is a share of them, whenever they come",
                "of each order",
                "leave the time out: contact_rate = \"18%\"",
            ),
            (None, Some(days), Some(customers)) => Some(customers * rate.value.each * (1.0 / days)),
            (None, None, Some(_)) => wrong(
                "in what time each customer writes so often is not said",
                "of each customer",
                "write \"8% per week\" (or per day, month, year)",
            ),
            (None, _, None) => wrong(
                "a contact rate of nobody",
                "of how many?",
                "write customers = 12000 or orders_per_day = 1500 beside it, or [customers] with their number",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(text: &str, customers: Option<u32>) -> Result<f64, String> {
        let spec: super::super::arrivals::ArrivalsSpec =
            toml::from_str(text).map_err(|error| error.to_string())?;
        let mut problems = Problems::default();
        let per_day = spec.contacts().per_day(customers, &mut problems);
        per_day.ok_or_else(|| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn customers_and_orders_times_contact_rate_by_hand() {
        let close = |text: &str, customers: Option<u32>, per_day: f64| {
            let found = demand(text, customers).unwrap();
            assert!((found - per_day).abs() < 1e-9, "{text}: {found}");
        };
        // 12,000 x 8 % = 960 a week.
        close("customers = 12000\ncontact_rate = \"8% per week\"", None, 960.0 / 7.0);
        close("contact_rate = \"0.08 per week\"", Some(12_000), 960.0 / 7.0);
        // A customer who writes 1.461 times a year writes once in 250 days.
        close("customers = 500\ncontact_rate = \"1.461 per year\"", Some(9), 2.0);
        close("customers = 500\ncontact_rate = \"12 % per month\"", None, 60.0 * 12.0 / 365.25);
        close("orders_per_day = 1500\ncontact_rate = \"18%\"", None, 270.0);
        close("orders_per_day = 1500\ncontact_rate = 0.18", Some(7), 270.0);
    }

    #[test]
    fn a_rate_of_nobody_or_without_its_time_is_told() {
        let told = |text: &str| demand(text, None).unwrap_err();
        assert!(told("contact_rate = \"8% per week\"").contains("nobody"));
        assert!(told("customers = 9\ncontact_rate = 0.08").contains("in what time"));
        assert!(told("orders_per_day = 9\ncontact_rate = \"8% per day\"").contains("a share"));
        assert!(told("customers = 9").contains("not said"));
        assert!(told("contact_rate = \"8% per fortnight\"").contains("not `fortnight`"));
        assert!(told("contact_rate = \"+8%\"").contains("no sign"));
        assert!(told("contact_rate = \"often\"").contains("not a contact rate"));
        assert!(told("contact_rate = 2000").contains("between"));
    }
}
