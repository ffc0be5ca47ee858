//! Estimates: a value, the interval around it, and how many replications stand behind both.

pub mod best;
pub mod control;
pub mod histogram;
pub mod mean;
pub mod paired;
pub mod proportion;
pub mod quantile;
pub mod ratio;
pub mod selection;
pub mod survival;

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// Two ends between which the true value lies with a stated confidence. An end may be infinite.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    #[serde(with = "extended")]
    pub low: f64,
    /// Upper end.
    #[serde(with = "extended")]
    pub high: f64,
}

impl Interval {
    /// Half the distance between the ends.
    pub fn half_width(self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// Whether a value lies between the ends or on one.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// A value estimated from independent replications.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Estimate {
    /// The estimate itself; infinite where the quantile asked for lies beyond the horizon.
    #[serde(with = "extended")]
    pub value: f64,
    /// Where the true value lies; absent where the sample is too small to say.
    pub interval: Option<Interval>,
    /// Confidence of the interval, between 0 and 1.
    pub level: f64,
    /// Number of replications (or of trials) behind the estimate.
    pub n: u64,
}

impl Estimate {
    /// The estimate of what cannot be less or more than that, whatever a symmetric interval says.
    #[must_use]
    pub fn within(mut self, least: f64, most: f64) -> Estimate {
        self.value = self.value.clamp(least, most);
        self.interval = self.interval.map(|Interval { low, high }| Interval {
            low: low.clamp(least, most),
            high: high.clamp(least, most),
        });
        self
    }
}

/// The value that Student's t law stays below with probability `p`.
///
/// *Panics* where `p` is not strictly between 0 and 1 or `freedom` is not at least 1.
///
/// *Source*: many degrees of freedom by Abramowitz and Stegun 1964, eq. 26.7.5.
pub fn t_quantile(p: f64, freedom: f64) -> f64 {
    assert!(p > 0.0 && p < 1.0, "a probability strictly between 0 and 1, not {p}");
    assert!(freedom >= 1.0, "at least one degree of freedom, not {freedom}");
    // From here on five terms of the expansion are exact to the last digits, whereas the inverse
    // beta function loses four digits by 100,000 degrees of freedom and later fails to converge.
    if freedom >= 1000.0 {
        let z = normal_quantile(p);
        let square = z * z;
        let first = z * (square + 1.0) / 4.0;
        let second = z * ((5.0 * square + 16.0) * square + 3.0) / 96.0;
        let third = z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0;
        let fourth = z
            * ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square - 945.0)
            / 92_160.0;
        return z + (first + (second + (third + fourth / freedom) / freedom) / freedom) / freedom;
    }
    let law = StudentsT::new(0.0, 1.0, freedom).expect("freedom was checked above");
    law.inverse_cdf(p)
}

/// The value that the standard normal law stays below with probability `p`.
///
/// *Panics* where `p` is not strictly between 0 and 1.
pub fn normal_quantile(p: f64) -> f64 {
    assert!(p > 0.0 && p < 1.0, "a probability strictly between 0 and 1, not {p}");
    Normal::standard().inverse_cdf(p)
}

/// The probability left out above (and below) an interval of that level.
///
/// *Panics* where the level is not strictly between 0 and 1.
fn tail(level: f64) -> f64 {
    assert!(level > 0.0 && level < 1.0, "a level strictly between 0 and 1, not {level}");
    (1.0 - level) / 2.0
}

/// The t interval around a value whose standard error comes from `n` replications.
fn t_interval(value: f64, standard_error: f64, n: usize, level: f64) -> Interval {
    let half_width = t_quantile(1.0 - tail(level), n as f64 - 1.0) * standard_error;
    Interval { low: value - half_width, high: value + half_width }
}

/// Reads and writes numbers that may be infinite. JSON has no infinity, so it is written as the
/// text "inf" or "-inf".
mod extended {
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;
    use std::fmt;

    // serde hands the field over by reference.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    pub(super) fn serialize<S: Serializer>(number: &f64, output: S) -> Result<S::Ok, S::Error> {
        if number.is_finite() {
            output.serialize_f64(*number)
        } else {
            output.serialize_str(&number.to_string())
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<f64, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = f64;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, \"inf\" or \"-inf\"")
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<f64, E> {
                Ok(number)
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<f64, E> {
                Ok(number as f64)
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<f64, E> {
                Ok(number as f64)
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
                text.parse().map_err(|_| E::custom(format!("`{text}` is not a number")))
            }
        }
        input.deserialize_any(Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_digits(actual: f64, printed: f64, digits: i32) {
        let scale = 10.0_f64.powi(digits);
        assert_eq!((actual * scale).round(), (printed * scale).round(), "{actual} not {printed}");
    }

    #[test]
    fn what_cannot_be_is_not_in_the_interval() {
        let interval = Some(Interval { low: -0.2, high: 0.8 });
        let rare = Estimate { value: 0.3, interval, level: 0.95, n: 10 }.within(0.0, 1.0);
        let cut = rare.interval.unwrap();
        assert_eq!((rare.value, cut.low, cut.high), (0.3, 0.0, 0.8));
    }

    #[test]
    fn quantiles_agree_with_the_printed_tables() {
        // One and two degrees of freedom have closed forms: tan(pi (p - 1/2)), and
        // (2p - 1) / sqrt(2 p (1 - p)).
        let one = t_quantile(0.975, 1.0) / (0.475 * std::f64::consts::PI).tan();
        assert!((one - 1.0).abs() < 1e-9);
        let two = t_quantile(0.9, 2.0) / (0.8 / (2.0_f64 * 0.9 * 0.1).sqrt());
        assert!((two - 1.0).abs() < 1e-9);
        // Abramowitz and Stegun 1964, table 26.10.
        assert_digits(t_quantile(0.975, 10.0), 2.228, 3);
        assert_digits(t_quantile(0.95, 30.0), 1.697, 3);
        assert_digits(t_quantile(0.975, 120.0), 1.980, 3);
        assert_digits(normal_quantile(0.975), 1.959_964, 6);
    }

    #[test]
    fn many_degrees_of_freedom_keep_nine_digits() {
        // The law's distribution function integrated and inverted with 25 digits.
        for (p, freedom, expected) in [
            (0.975, 999.0, 1.962_341_461_133_45),
            (0.975, 1000.0, 1.962_339_080_826_41),
            (0.9995, 1000.0, 3.300_282_648_423_91),
            (0.9, 2000.0, 1.281_975_000_683_14),
            (0.975, 100_000.0, 1.959_987_707_534_61),
            (0.999_999, 1000.0, 4.781_608_620_458_35),
        ] {
            // Every term of the expansion is worth more than this somewhere.
            let digits = if freedom < 1000.0 { 1e-9 } else { 2e-12 };
            assert!((t_quantile(p, freedom) / expected - 1.0).abs() < digits, "{p}, {freedom}");
        }
    }

    #[test]
    fn an_infinite_estimate_survives_json() {
        let estimate = Estimate {
            value: f64::INFINITY,
            interval: Some(Interval { low: 31.5, high: f64::INFINITY }),
            level: 0.9,
            n: 400,
        };
        let text = serde_json::to_string(&estimate).unwrap();
        assert_eq!(
            text,
            r#"{"value":"inf","interval":{"low":31.5,"high":"inf"},"level":0.9,"n":400}"#
        );
        assert_eq!(serde_json::from_str::<Estimate>(&text).unwrap(), estimate);
        let whole = r#"{"value":3,"interval":null,"level":0.9,"n":1}"#;
        assert_eq!(serde_json::from_str::<Estimate>(whole).unwrap().value, 3.0);
        let below = r#"{"low":-3,"high":"-inf"}"#;
        let below: Interval = serde_json::from_str(below).unwrap();
        assert_eq!((below.low, below.high), (-3.0, f64::NEG_INFINITY));
        let wrong = serde_json::from_str::<Interval>(r#"{"low":"low","high":true}"#);
        assert!(wrong.unwrap_err().to_string().contains("`low` is not a number"));
    }
}
