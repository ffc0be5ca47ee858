//! Numbers and phrases as charts print them.

use crate::outcome::measure::{Measure, Unit};
use crate::report::results::{About, Runs};
pub(super) use crate::report::text::{capital, listed};
use crate::stats::Estimate;

/// A space at which no line is broken.
const TIED: char = '\u{a0}';

/// A number of things: "8,400", "0.4", "∞".
pub(super) fn count(value: f64) -> String {
    if value.is_nan() {
        return "–".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    let size = value.abs();
    let decimals = usize::from(size < 9.95 && (size - size.round()).abs() >= 0.05);
    let digits = format!("{size:.decimals$}");
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let is_zero = digits.chars().all(|c| matches!(c, '0' | '.'));
    format!("{}{grouped}{rest}", if value < 0.0 && !is_zero { "−" } else { "" })
}

/// An estimate, rounded to what its interval lets one know (at least two figures), or to three
/// figures where there is no interval.
pub(in crate::report) fn estimate(estimate: &Estimate) -> String {
    let value = estimate.value;
    if !value.is_finite() || value == 0.0 {
        return count(value);
    }
    let highest = value.abs().log10().floor();
    let known = estimate.interval.map(crate::stats::Interval::half_width);
    let step = match known.filter(|half| half.is_finite() && *half > 0.0) {
        Some(half) => half.log10().floor().min(highest - 1.0),
        None => highest - 2.0,
    };
    rounded(value, step)
}

/// A number of things to three figures.
pub(super) fn about(value: f64) -> String {
    if !value.is_finite() || value == 0.0 {
        return count(value);
    }
    rounded(value, value.abs().log10().floor() - 2.0)
}

fn rounded(value: f64, power_of_ten: f64) -> String {
    // Below one, `count` decides.
    let step = 10.0_f64.powf(power_of_ten.max(0.0));
    if value.abs() < 10.0 { count(value) } else { count((value / step).round() * step) }
}

/// What is measured, with the unit that its numbers do not show.
pub(super) fn with_unit(measure: &Measure) -> String {
    match measure.unit {
        Unit::Hours if !measure.title.contains("hours") => format!("{}, hours", measure.title),
        Unit::Hours | Unit::Count | Unit::Share | Unit::Ratio => measure.title.to_owned(),
        Unit::Days | Unit::Money | Unit::Points => measure.title.to_owned(),
    }
}

/// A number of things with their name: "1 day", "12 days", "0.4 days".
pub(super) fn several(number: &str, one: &str, many: &str) -> String {
    format!("{number}{TIED}{}", if number == "1" { one } else { many })
}

/// What holds in that share of the replications: "in 80 % of the replications ", or nothing where in all.
pub(super) fn mostly(p: f64) -> String {
    if p >= 1.0 { String::new() } else { format!("in {} of the replications ", share(p)) }
}

/// A share: "28 %".
pub(super) fn share(p: f64) -> String {
    if !p.is_finite() {
        return "–".to_owned();
    }
    let percent = 100.0 * p;
    // What is rare or all but sure must not be printed as never or always.
    match percent {
        x if x > 0.0 && x < 0.5 => format!("under{TIED}1{TIED}%"),
        x if x < 100.0 && x > 99.5 => format!("over{TIED}99{TIED}%"),
        x => format!("{x:.0}{TIED}%"),
    }
}

/// How likely something is, after "is cleared by 22 January": "with probability 0.72",
/// "in all 400 replications".
pub(super) fn likely(p: &Estimate, runs: &Runs) -> String {
    let all = count(runs.done as f64);
    match p.value {
        _ if runs.done == 1 => "in the one replication done".to_owned(),
        p if p >= 1.0 => format!("in all {all}{TIED}replications"),
        p if p > 0.995 => format!("with probability over{TIED}0.99"),
        p if p < 0.005 => format!("with a probability under{TIED}0.01"),
        p if p < 0.5 => format!("with a probability of only{TIED}{p:.2}"),
        p => format!("with probability{TIED}{p:.2}"),
    }
}

/// How long the horizon is: "12 weeks", "3 days", "5 years".
pub(super) fn horizon(about: &About) -> String {
    let weeks = about.weeks;
    let years = weeks * 7.0 / 365.25;
    if !weeks.is_finite() || weeks <= 0.0 {
        "the time simulated".to_owned()
    } else if (weeks - weeks.round()).abs() > 0.01 && weeks < 8.0 {
        several(&count((weeks * 7.0 * 10.0).round() / 10.0), "day", "days")
    } else if years >= 1.5 && (years - years.round()).abs() < 0.02 {
        several(&count(years.round()), "year", "years")
    } else {
        several(&count(weeks.round().max(1.0)), "week", "weeks")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;

    #[test]
    fn numbers_read_as_people_write_them() {
        for (value, text) in [
            (8400.0, "8,400"),
            (2_000_000.0, "2,000,000"),
            (999.6, "1,000"),
            (0.0, "0"),
            (0.42, "0.4"),
            (9.96, "10"),
            (-3.0, "−3"),
            (-0.01, "0"),
            (12.4, "12"),
            (f64::INFINITY, "∞"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(count(value), text);
        }
        assert_eq!(about(8412.0), "8,410");
        assert_eq!(about(1_234_567.0), "1,230,000");
        assert_eq!(several(&count(1.0), "day", "days"), "1\u{a0}day");
    }

    #[test]
    fn an_estimate_shows_the_figures_it_knows() {
        let with = |value, half: Option<f64>| {
            let interval = half.map(|half| Interval { low: value - half, high: value + half });
            estimate(&Estimate { value, interval, level: 0.95, n: 400 })
        };
        assert_eq!(with(8412.0, Some(160.0)), "8,400");
        assert_eq!(with(8412.0, Some(30.0)), "8,410");
        assert_eq!(with(8412.0, Some(0.0)), "8,410");
        assert_eq!(with(40.3, Some(300.0)), "40");
        assert_eq!(with(8412.0, Some(f64::INFINITY)), "8,410");
        assert_eq!(with(8412.0, None), "8,410");
        assert_eq!(with(2.34, Some(0.1)), "2.3");
        assert_eq!(with(f64::INFINITY, None), "∞");
    }

    #[test]
    fn shares_and_chances_never_pretend_to_be_sure() {
        assert_eq!(share(0.28), "28\u{a0}%");
        assert_eq!(share(0.001), "under\u{a0}1\u{a0}%");
        assert_eq!(share(0.999), "over\u{a0}99\u{a0}%");
        assert_eq!(share(1.0), "100\u{a0}%");
        let runs = Runs {
            done: 400,
            asked: 400,
            partial: false,
            truncated: 0,
            cap: 0,
            seed: 1,
            adjusted: false,
        };
        let chance =
            |value| likely(&Estimate { value, interval: None, level: 0.95, n: 400 }, &runs);
        assert_eq!(chance(0.72), "with probability\u{a0}0.72");
        assert_eq!(chance(1.0), "in all 400\u{a0}replications");
        assert_eq!(chance(0.9975), "with probability over\u{a0}0.99");
    }

    #[test]
    fn names_are_listed_in_a_row() {
        let names = ["chasers", "duplicates", "reopens"].map(str::to_owned);
        assert_eq!(capital(&listed(&names)), "Chasers, duplicates and reopens");
        assert_eq!(listed(&names[..1]), "chasers");
    }
}
