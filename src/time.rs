//! Simulated time: whole microseconds, so that ties are exact and order is total.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};

const MICROS_PER_SECOND: i64 = 1_000_000;

/// An instant, in whole microseconds since the scenario's start. The warm-up runs at negative times.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct SimTime(i64);

/// A span between two instants, in whole microseconds. It may be negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct SimDuration(i64);

impl SimTime {
    /// The scenario's start.
    pub const ZERO: SimTime = SimTime(0);
    /// Later than every instant that is simulated: a deadline that does not exist.
    pub const NEVER: SimTime = SimTime(i64::MAX);

    /// The instant `micros` microseconds after the scenario's start.
    pub const fn from_micros(micros: i64) -> Self {
        SimTime(micros)
    }

    /// Microseconds since the scenario's start.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The instant `hours` after the scenario's start, rounded to a microsecond.
    pub fn from_hours(hours: f64) -> Self {
        SimTime::ZERO + SimDuration::from_hours(hours)
    }

    /// Hours since the scenario's start, for statistics and print.
    pub fn hours(self) -> f64 {
        SimDuration(self.0).hours()
    }

    /// The same instant unless it is `NEVER`.
    pub fn exists(self) -> Option<SimTime> {
        (self != SimTime::NEVER).then_some(self)
    }

    /// This instant plus a span, or `NEVER` where the sum would overflow or either is endless.
    pub fn saturating_add(self, span: SimDuration) -> SimTime {
        SimTime(self.0.saturating_add(span.0))
    }
}

impl SimDuration {
    /// No time at all.
    pub const ZERO: SimDuration = SimDuration(0);
    /// Longer than anything simulated.
    pub const MAX: SimDuration = SimDuration(i64::MAX);

    /// A span of whole microseconds.
    pub const fn from_micros(micros: i64) -> Self {
        SimDuration(micros)
    }

    /// A span of whole seconds.
    pub const fn from_seconds(seconds: i64) -> Self {
        SimDuration(seconds * MICROS_PER_SECOND)
    }

    /// A span of whole minutes.
    pub const fn from_minutes(minutes: i64) -> Self {
        SimDuration::from_seconds(minutes * 60)
    }

    /// A span of days of 24 hours.
    pub const fn from_days(days: i64) -> Self {
        SimDuration::from_minutes(days * 24 * 60)
    }

    /// A span in hours, rounded to a microsecond; beyond the range of time it is the longest span.
    pub fn from_hours(hours: f64) -> Self {
        SimDuration((hours * 3600.0 * MICROS_PER_SECOND as f64).round() as i64)
    }

    /// Whole microseconds.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Hours, for statistics and print.
    pub fn hours(self) -> f64 {
        self.0 as f64 / (3600.0 * MICROS_PER_SECOND as f64)
    }

    /// Days of 24 hours, for statistics and print.
    pub fn days(self) -> f64 {
        self.hours() / 24.0
    }

    /// The span times a factor, rounded to a microsecond.
    pub fn scale(self, factor: f64) -> SimDuration {
        SimDuration((self.0 as f64 * factor).round() as i64)
    }

    /// The span, or nothing where it is negative.
    pub fn at_least_zero(self) -> SimDuration {
        SimDuration(self.0.max(0))
    }
}

// Sums stop at the end of time: a law with a long tail may draw a span that no clock can hold.

impl Add<SimDuration> for SimTime {
    type Output = SimTime;
    fn add(self, span: SimDuration) -> SimTime {
        SimTime(self.0.saturating_add(span.0))
    }
}

impl AddAssign<SimDuration> for SimTime {
    fn add_assign(&mut self, span: SimDuration) {
        *self = *self + span;
    }
}

impl Sub<SimDuration> for SimTime {
    type Output = SimTime;
    fn sub(self, span: SimDuration) -> SimTime {
        SimTime(self.0 - span.0)
    }
}

impl Sub for SimTime {
    type Output = SimDuration;
    fn sub(self, earlier: SimTime) -> SimDuration {
        SimDuration(self.0 - earlier.0)
    }
}

impl Add for SimDuration {
    type Output = SimDuration;
    fn add(self, other: SimDuration) -> SimDuration {
        SimDuration(self.0.saturating_add(other.0))
    }
}

impl AddAssign for SimDuration {
    fn add_assign(&mut self, other: SimDuration) {
        *self = *self + other;
    }
}

impl Sub for SimDuration {
    type Output = SimDuration;
    fn sub(self, other: SimDuration) -> SimDuration {
        SimDuration(self.0 - other.0)
    }
}

impl Neg for SimDuration {
    type Output = SimDuration;
    fn neg(self) -> SimDuration {
        SimDuration(-self.0)
    }
}

impl fmt::Display for SimDuration {
    /// The span in the largest unit that keeps it readable: "6 min", "2.5 h", "3 d".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hours = self.hours();
        let (value, unit) = match hours.abs() {
            h if h < 1.0 / 60.0 => (hours * 3600.0, "s"),
            h if h < 1.0 => (hours * 60.0, "min"),
            h if h < 48.0 => (hours, "h"),
            _ => (hours / 24.0, "d"),
        };
        let text = format!("{value:.1}");
        write!(f, "{} {unit}", text.strip_suffix(".0").unwrap_or(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_round_to_a_microsecond() {
        assert_eq!(SimDuration::from_hours(1.0 / 3.0).micros(), 1_200_000_000);
        assert_eq!(SimDuration::from_minutes(90).hours(), 1.5);
    }

    #[test]
    fn never_is_later_than_anything_and_stays_so() {
        assert!(SimTime::from_hours(1e9) < SimTime::NEVER);
        assert_eq!(SimTime::NEVER.saturating_add(SimDuration::from_days(1)), SimTime::NEVER);
        assert_eq!(SimTime::NEVER.exists(), None);
    }

    #[test]
    fn spans_print_in_a_readable_unit() {
        assert_eq!(SimDuration::from_minutes(6).to_string(), "6 min");
        assert_eq!(SimDuration::from_hours(2.5).to_string(), "2.5 h");
        assert_eq!(SimDuration::from_days(3).to_string(), "3 d");
    }
}
