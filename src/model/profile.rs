//! The shape of a week: how arrivals spread over its 168 hours.
//!
//! *In a manager's words*: "Monday mornings are the worst, Sundays are quiet."
//!
//! *Assumption*: the arrival rate is constant within an hour and the shape repeats every week.
//! *Source*: worked example of peak hours in B4 of the catalogue; the shapes are our judgement.

use crate::problem::{Problem, Problems, nearest};
use crate::written::{Amount, Named, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Hours in a week.
pub const HOURS: usize = 168;

/// The shape of a week as written: weights of the days and of the hours of a day, or of all hours of
/// the week.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileSpec {
    /// Seven weights, Monday first. Only their proportions matter.
    pub days: Option<Written<Vec<Amount>>>,
    /// Twenty-four weights, midnight to midnight.
    pub hours: Option<Written<Vec<Amount>>>,
    /// Twenty-four weights of Saturdays and Sundays, where they differ.
    pub weekend_hours: Option<Written<Vec<Amount>>>,
    /// Instead of these: 168 weights, from Monday's midnight to Sunday's.
    pub week: Option<Written<Vec<Amount>>>,
}

/// Arrivals in each hour of the week relative to the average hour, Monday 00:00 first.
#[derive(Clone, PartialEq, Debug)]
pub struct Profile {
    weights: Vec<f64>,
}

impl Profile {
    /// The same at every hour.
    pub fn flat() -> Profile {
        Profile { weights: vec![1.0; HOURS] }
    }

    /// A shape from weights of days and hours, scaled so that the average hour weighs 1.
    ///
    /// *Panics* unless there are seven days and 24 hours with a positive sum.
    pub fn new(days: &[f64], hours: &[f64], weekend_hours: &[f64]) -> Profile {
        assert!(days.len() == 7 && hours.len() == 24 && weekend_hours.len() == 24);
        let mut weights = Vec::with_capacity(HOURS);
        for (day, weight) in days.iter().enumerate() {
            let hours = if day < 5 { hours } else { weekend_hours };
            let sum: f64 = hours.iter().sum();
            weights.extend(hours.iter().map(|hour| weight * hour / sum));
        }
        Profile::of_week(weights)
    }

    /// A shape from weights of all hours of a week, scaled so that the average hour weighs 1.
    ///
    /// *Panics* unless there are 168 with a positive sum.
    pub fn of_week(mut weights: Vec<f64>) -> Profile {
        let total: f64 = weights.iter().sum();
        assert!(weights.len() == HOURS && total > 0.0, "a profile needs some weight");
        weights.iter_mut().for_each(|weight| *weight *= HOURS as f64 / total);
        Profile { weights }
    }

    /// Weight of an hour of a weekday (Monday 0), 1 for the average hour of the week.
    pub fn weight(&self, weekday: usize, hour: usize) -> f64 {
        self.weights[weekday * 24 + hour]
    }

    /// The preset of that name.
    pub fn preset(name: &str) -> Option<Profile> {
        let preset = PRESETS.iter().find(|preset| preset.name == name)?;
        if preset.name == "flat" {
            // Exactly 1, so that writing the default changes no bit.
            return Some(Profile::flat());
        }
        Some(Profile::new(&preset.days, &preset.hours, &preset.hours))
    }
}

/// A shape of the week that can be asked for by name.
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub what: &'static str,
    days: [f64; 7],
    hours: [f64; 24],
}

/// Shapes that can be asked for by name.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "flat",
        what: "the same at every hour of the week",
        days: [1.0; 7],
        hours: [1.0; 24],
    },
    Preset {
        name: "office-week",
        what: "business customers: weekdays from eight to six, Monday the heaviest",
        days: [1.25, 1.05, 1.0, 1.0, 0.9, 0.15, 0.1],
        hours: [
            0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 1.0, 2.0, 2.6, 2.5, 2.2, 1.6, 2.0, 2.2, 2.0, 1.7,
            1.2, 0.7, 0.4, 0.3, 0.2, 0.2, 0.1,
        ],
    },
    Preset {
        name: "retail-week",
        what: "shoppers: every day from morning to late evening, Monday heavy, weekend lighter",
        days: [1.2, 1.08, 1.03, 1.0, 0.97, 0.87, 0.85],
        hours: [
            0.4, 0.25, 0.15, 0.1, 0.1, 0.15, 0.4, 0.8, 1.3, 1.7, 1.8, 1.7, 1.5, 1.5, 1.5, 1.5, 1.4,
            1.3, 1.3, 1.4, 1.5, 1.3, 1.0, 0.7,
        ],
    },
    Preset {
        name: "always-on",
        what: "an online service used around the clock, quieter at night",
        days: [1.05, 1.02, 1.0, 1.0, 1.0, 0.97, 0.96],
        hours: [
            0.6, 0.5, 0.45, 0.4, 0.4, 0.5, 0.7, 0.9, 1.1, 1.3, 1.3, 1.3, 1.2, 1.2, 1.2, 1.2, 1.2,
            1.2, 1.2, 1.3, 1.3, 1.2, 1.0, 0.8,
        ],
    },
];

/// The profile of a written name: one of the scenario's own, or a preset.
pub fn find(
    name: &Written<String>,
    own: &Named<ProfileSpec>,
    problems: &mut Problems,
) -> Option<Profile> {
    if let Some((_, spec)) = own.iter().find(|(written, _)| written.value == name.value) {
        return spec.compile(name, problems);
    }
    if let Some(profile) = Profile::preset(&name.value) {
        return Some(profile);
    }
    let known: Vec<&str> = own.names().chain(PRESETS.iter().map(|preset| preset.name)).collect();
    let problem =
        Problem::error("unknown-profile", format!("no profile is named `{}`", name.value))
            .at(name.span.clone(), "asked for here");
    problems.push(problem.help(match nearest(&name.value, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known profiles: {}", known.join(", ")),
    }));
    None
}

impl ProfileSpec {
    fn compile(&self, name: &Written<String>, problems: &mut Problems) -> Option<Profile> {
        let ProfileSpec { days, hours, weekend_hours, week } = self;
        if let Some(week) = week {
            if let Some(other) = [days, hours, weekend_hours].into_iter().flatten().next() {
                problems.push(
                    Problem::error("wrong-profile", "weights of the week and of its parts at once")
                        .at(other.span.clone(), "of a part")
                        .at(week.span.clone(), "of all hours")
                        .help("keep one of them"),
                );
                return None;
            }
            return weights(week, HOURS, "the hours of a week", problems).map(Profile::of_week);
        }
        let (Some(days), Some(hours)) = (days, hours) else {
            let text = format!("the profile `{}` has no weights of days and hours", name.value);
            problems.push(
                Problem::error("wrong-profile", text)
                    .at(name.span.clone(), "asked for here")
                    .help("write days and hours, or all 168 hours of the week as week"),
            );
            return None;
        };
        let weekend = weekend_hours.as_ref().unwrap_or(hours);
        let days = weights(days, 7, "days", problems);
        let hours = weights(hours, 24, "hours", problems);
        let weekend = weights(weekend, 24, "hours", problems);
        Some(Profile::new(&days?, &hours?, &weekend?))
    }
}

/// As many weights as there should be, some of them above zero.
fn weights(
    list: &Written<Vec<Amount>>,
    length: usize,
    what: &str,
    problems: &mut Problems,
) -> Option<Vec<f64>> {
    let weights: Vec<f64> = list.value.iter().map(|amount| amount.0).collect();
    let sum: f64 = weights.iter().sum();
    if weights.len() == length && sum > 0.0 && sum.is_finite() {
        return Some(weights);
    }
    problems.push(
        Problem::error(
            "wrong-profile",
            format!("expected {length} weights of {what}, not all zero"),
        )
        .at(list.span.clone(), format!("{} weights", weights.len())),
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_hour_of_every_preset_weighs_one() {
        for preset in PRESETS {
            let profile = Profile::preset(preset.name).unwrap();
            let sum: f64 = (0..7)
                .flat_map(|d| (0..24).map(move |h| (d, h)))
                .map(|(d, h)| profile.weight(d, h))
                .sum();
            assert!((sum - 168.0).abs() < 1e-9, "{}", preset.name);
        }
    }

    #[test]
    fn weights_of_days_hold_whatever_the_hours() {
        // Monday twice as heavy as any other day; the weekend has other hours.
        let profile = Profile::new(&[2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], &[1.0; 24], &{
            let mut hours = [0.0; 24];
            hours[12] = 5.0;
            hours
        });
        let day = |d| (0..24).map(|h| profile.weight(d, h)).sum::<f64>();
        assert!((day(0) - 2.0 * day(1)).abs() < 1e-9);
        assert!((day(6) - day(1)).abs() < 1e-9);
        assert_eq!(profile.weight(6, 11), 0.0);
    }

    #[test]
    fn all_hours_of_a_week_may_be_weighed() {
        // Sundays from 23:00 alone bring three quarters of what comes.
        let mut week = vec![1.0; HOURS];
        week[HOURS - 1] = 3.0 * 167.0;
        let profile = Profile::of_week(week);
        assert!((profile.weight(6, 23) - 0.75 * 168.0).abs() < 1e-9);
        assert!((profile.weight(0, 0) - 0.25 * 168.0 / 167.0).abs() < 1e-9);
    }
}
