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

/// The shape of a week as written: weights of the days and of the hours of a day.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileSpec {
    /// Seven weights, Monday first. Only their proportions matter.
    pub days: Written<Vec<Amount>>,
    /// Twenty-four weights, midnight to midnight.
    pub hours: Written<Vec<Amount>>,
    /// Twenty-four weights of Saturdays and Sundays, where they differ.
    #[serde(default)]
    pub weekend_hours: Option<Written<Vec<Amount>>>,
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
        let total: f64 = weights.iter().sum();
        assert!(total > 0.0, "a profile needs some weight");
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
        return spec.compile(problems);
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
    fn compile(&self, problems: &mut Problems) -> Option<Profile> {
        let weekend_hours = self.weekend_hours.as_ref().unwrap_or(&self.hours);
        let mut good = true;
        for (list, length, what) in
            [(&self.days, 7, "days"), (&self.hours, 24, "hours"), (weekend_hours, 24, "hours")]
        {
            let sum: f64 = list.value.iter().map(|amount| amount.0).sum();
            if list.value.len() != length || sum <= 0.0 || !sum.is_finite() {
                let text = format!("expected {length} weights of {what}, not all zero");
                problems.push(
                    Problem::error("wrong-profile", text)
                        .at(list.span.clone(), format!("{} weights", list.value.len())),
                );
                good = false;
            }
        }
        let plain = |list: &[Amount]| list.iter().map(|amount| amount.0).collect::<Vec<f64>>();
        good.then(|| {
            Profile::new(
                &plain(&self.days.value),
                &plain(&self.hours.value),
                &plain(&weekend_hours.value),
            )
        })
    }
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
}
