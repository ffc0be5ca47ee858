//! Handle time: how long an agent works on a ticket in one touch.
//!
//! *In a manager's words*: "most take five minutes, some take an hour."
//!
//! *Assumption*: each touch draws its handle time anew, log-normal unless the scenario says
//! otherwise; a team may have a handle time of its own. *Source*: form, P7 of the catalogue
//! ("closer to log-normal with a heavy tail").

use crate::dist::Law;
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Amount, Brief, Length, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Mean handle time, where the scenario does not say.
pub const HANDLE_MEAN: Evidence = Evidence {
    key: "tickets.*.handle.mean",
    value: 6.0,
    unit: "min",
    range: (4.0, 15.0),
    grade: Grade::C,
    source: "e-mail, active time: 4-6 min simple, 15 technical (stealthagents.com 2026 and our judgement)",
};

/// Spread of handle times, where the scenario does not say.
pub const HANDLE_CV: Evidence = Evidence {
    key: "tickets.*.handle.cv",
    value: 1.0,
    unit: "",
    range: (0.6, 1.8),
    grade: Grade::B,
    source: "log-normal with a heavy tail (WFM Labs, simulation for capacity planning)",
};

/// The shape of a law.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Log-normal with the given CV.
    #[default]
    LogNormal,
    /// Gamma with the given CV.
    Gamma,
    /// Exponential; the CV is 1.
    Exponential,
    /// Always the mean.
    Constant,
}

/// A handle time written in full.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LawSpec {
    /// Mean.
    #[serde(default)]
    pub mean: Option<Written<Length>>,
    /// Standard deviation over mean.
    #[serde(default)]
    pub cv: Option<Written<Amount>>,
    /// Shape of the law.
    #[serde(default)]
    pub law: Option<Written<Form>>,
}

/// A span of time that varies: its mean (`"6 min"`), or a table with mean, cv and law.
pub type TimeSpec = Brief<Length, LawSpec>;

/// The law a written time means; `mean` and `cv` stand in for what is not written.
pub fn compile(
    spec: Option<&Written<TimeSpec>>,
    mean: Length,
    cv: f64,
    problems: &mut Problems,
) -> Law {
    let (written_mean, written_cv, form) = match spec.map(|spec| &spec.value) {
        None => (None, None, Form::default()),
        Some(Brief::Short(mean)) => (Some(*mean), None, Form::default()),
        Some(Brief::Full(full)) => (
            full.mean.as_ref().map(|mean| mean.value),
            full.cv.as_ref().map(|cv| cv.value.0),
            full.law.as_ref().map_or(Form::default(), |law| law.value),
        ),
    };
    let mean = written_mean.unwrap_or(mean);
    let span = spec.map_or(0..0, |spec| spec.span.clone());
    if mean.is_business() {
        problems.push(
            Problem::error("business-time", "this is a time of work, not of the calendar")
                .at(span.clone(), "expected minutes or hours"),
        );
    }
    if mean.wall() <= SimDuration::ZERO {
        problems.push(
            Problem::error("zero-time", "this time must be longer than zero")
                .at(span.clone(), "here"),
        );
        return Law::Constant(SimDuration::from_minutes(1));
    }
    if written_cv.is_some_and(|cv| cv != 0.0 && !(0.001..=20.0).contains(&cv)) {
        problems.push(
            Problem::error("out-of-range", "a cv is 0, or lies between 0.001 and 20")
                .at(span.clone(), "this spread"),
        );
        return Law::Constant(mean.wall());
    }
    if let (Form::Exponential | Form::Constant, Some(_)) = (form, written_cv) {
        problems.push(
            Problem::warning("cv-ignored", "this law has a CV of its own")
                .at(span, "the written cv changes nothing"),
        );
    }
    let (mean, cv) = (mean.wall(), written_cv.unwrap_or(cv));
    match form {
        Form::LogNormal => Law::log_normal(mean, cv),
        Form::Gamma if cv > 0.0 => Law::gamma(mean, 1.0 / (cv * cv)),
        Form::Exponential => Law::exponential(mean),
        Form::Gamma | Form::Constant => Law::Constant(mean),
    }
}

/// The default handle time as a length.
pub fn default_mean() -> Length {
    Length::new(HANDLE_MEAN.value, TimeUnit::Minute)
}

/// The handle time of a ticket's `touch`-th touch (0 for the first), before the agent's pace.
#[inline]
pub fn draw(law: &Law, key: Key, touch: u16) -> SimDuration {
    if let Law::Constant(span) = law {
        return *span;
    }
    law.sample(&mut key.draw(Purpose::Handle, u64::from(touch)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Wrap {
        handle: Written<TimeSpec>,
    }

    fn law(text: &str, problems: &mut Problems) -> Law {
        let wrap: Wrap = toml::from_str(text).unwrap();
        compile(Some(&wrap.handle), default_mean(), HANDLE_CV.value, problems)
    }

    #[test]
    fn a_handle_time_is_a_mean_or_a_table() {
        let mut problems = Problems::default();
        let short = law("handle = \"8 min\"", &mut problems);
        let full = law("handle = { mean = \"8 min\", cv = 1.0 }", &mut problems);
        assert_eq!(short, full);
        let constant = law("handle = { mean = \"15 min\", law = \"constant\" }", &mut problems);
        assert_eq!(constant, Law::Constant(SimDuration::from_minutes(15)));
        assert_eq!(problems.iter().count(), 0);
        law("handle = \"0 min\"", &mut problems);
        law("handle = \"2 business days\"", &mut problems);
        let codes: Vec<_> = problems.iter().map(|p| p.code).collect();
        assert_eq!(codes, ["zero-time", "business-time"]);
    }

    #[test]
    fn a_touch_draws_the_same_time_whenever_it_happens() {
        let law = Law::log_normal(SimDuration::from_minutes(6), 1.0);
        assert_eq!(draw(&law, Key(4), 1), draw(&law, Key(4), 1));
        assert_ne!(draw(&law, Key(4), 0), draw(&law, Key(4), 1));
    }
}
