//! Growth: more customers from week to week, for ever or until nearly everybody is one.
//!
//! *In a manager's words*: "we grow by half every year", "… and three times today's customers is all
//! there are".
//!
//! *Assumption*: arrivals grow evenly, by the same factor every year; or, where they level off, along a
//! logistic curve that begins as steeply and ends at the limit. *Source*: M03 of the catalogue; logistic
//! growth: Verhulst 1838.

use super::arrivals::ArrivalsSpec;
use crate::problem::{Problem, Problems};
use crate::written::{Change, Factor, Written};

/// How arrivals grow.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Growth {
    /// Factor after a year, as it begins.
    pub per_year: f64,
    /// What it levels off at, of today's arrivals, where it does.
    pub limit: Option<f64>,
}

/// The growth that arrivals describe; none where nothing is written.
pub fn compile(spec: &ArrivalsSpec, problems: &mut Problems) -> Growth {
    let per_year =
        spec.growth_per_year.as_ref().map_or(1.0, |Written { value: Change(more), .. }| 1.0 + more);
    let written = spec.growth_limit.as_ref();
    let limit = written.map(|Written { value: Factor(limit), .. }| *limit);
    if let (Some(written), Some(limit)) = (written, limit)
        && !(per_year > 1.0 && limit > 1.0 || per_year < 1.0 && limit > 0.0 && limit < 1.0)
    {
        problems.push(
            Problem::error("out-of-range", "growth never comes to this limit")
                .at(written.span.clone(), "of today's arrivals")
                .help("write growth_per_year and a limit above 100%, or a decline and one below"),
        );
        return Growth { per_year, limit: None };
    }
    Growth { per_year, limit }
}

impl Growth {
    /// As many as today, for ever.
    pub const NONE: Growth = Growth { per_year: 1.0, limit: None };

    /// How many times the arrivals of today there are after so many years.
    pub fn factor(&self, years: f64) -> f64 {
        let Some(limit) = self.limit else { return self.per_year.powf(years) };
        // Today's slope is rate (limit - 1) / limit, which is to be the logarithm of growth in a year.
        let rate = self.per_year.ln() * limit / (limit - 1.0);
        limit / (1.0 + (limit - 1.0) * (-rate * years).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_as_steeply_and_levels_off_at_the_limit() {
        let ever = Growth { per_year: 1.5, limit: None };
        assert_eq!([0.0, 1.0, 2.0].map(|years| ever.factor(years)), [1.0, 1.5, 2.25]);
        let until = Growth { per_year: 1.5, limit: Some(3.0) };
        assert_eq!(until.factor(0.0), 1.0);
        assert!((until.factor(1e-6) - ever.factor(1e-6)).abs() < 1e-9);
        // Half of the limit: 2 e^(-rt) = 1 with r = 1.5 ln 1.5.
        let half = 2.0_f64.ln() / (1.5 * 1.5_f64.ln());
        assert!((until.factor(half) - 1.5).abs() < 1e-12);
        assert!((until.factor(50.0) - 3.0).abs() < 1e-9);
        let down = Growth { per_year: 0.5, limit: Some(0.4) };
        assert!((down.factor(50.0) - 0.4).abs() < 1e-9 && down.factor(0.5) < 1.0);
    }
}
