//! Surges: a holiday rush, an outage, a launch, a promotion multiplies the arrivals for a while.
//!
//! *In a manager's words*: "in December we get almost twice the mail."
//!
//! *Assumption*: a surge multiplies the arrival rate of the classes it concerns by
//! 1 + lift x shape(t); the shape rises in a straight line, holds at 1, and decays exponentially.
//! Several surges at once multiply. *Source*: M02 of the catalogue; presets name theirs.

use super::context::{Context, wall};
use super::days::Days;
use crate::evidence::{Evidence, Grade};
use crate::ids::ClassId;
use crate::problem::{Problem, Problems, Span, nearest};
use crate::time::{SimDuration, SimTime};
use crate::written::{Change, Length, Moment, TimeUnit, Written};
use jiff::civil::{Date, date};
use schemars::JsonSchema;
use serde::Deserialize;

/// Lift of a surge, where the scenario does not say.
pub const LIFT: Evidence = Evidence {
    key: "surges.lift",
    value: 0.42,
    unit: "share",
    range: (0.20, 1.00),
    grade: Grade::B,
    source: "retail season +42 % (Zendesk study, reported by Business2Community)",
};

/// A surge as written: a preset, a file, or a period with a lift.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SurgeSpec {
    /// What it is called in charts.
    pub name: Option<Written<String>>,
    /// A surge known by name, such as "ecommerce-december".
    pub preset: Option<Written<String>>,
    /// A CSV file with the columns date and factor: straight lines between the dates, and the last factor
    /// until its day ends.
    pub curve: Option<Written<String>>,
    /// When it begins.
    pub from: Option<Written<Moment>>,
    /// When it stops holding its height; a date alone is the midnight at which it begins.
    pub until: Option<Written<Moment>>,
    /// How long it holds, where no `until` is written.
    pub lasts: Option<Written<Length>>,
    /// How much it adds at its height: "80%" means 1.8 times the arrivals.
    pub lift: Option<Written<Change>>,
    /// How long it takes to rise.
    pub rise: Option<Written<Length>>,
    /// Mean of its exponential decay.
    pub tail: Option<Written<Length>>,
    /// Ticket classes it concerns; all of them where none is named.
    pub tickets: Vec<Written<String>>,
}

impl SurgeSpec {
    /// The surge this describes. `curve` holds the points of the file it names.
    pub fn compile(
        &self,
        context: &Context<'_>,
        curve: Option<Vec<(SimTime, f64)>>,
        problems: &mut Problems,
    ) -> Option<Surge> {
        let name = match (&self.name, &self.preset) {
            (Some(name), _) | (None, Some(name)) => name.value.clone(),
            (None, None) => "surge".to_string(),
        };
        let shape = match (curve, &self.preset) {
            (Some(points), _) => Shape::Curve(points),
            (None, Some(preset)) => self.preset_shape(preset, context, problems)?,
            (None, None) => self.pulse(context, problems)?,
        };
        Some(Surge { name, classes: context.tickets(&self.tickets, problems), shape })
    }

    /// Where it is written.
    pub fn span(&self) -> Span {
        let words = [&self.preset, &self.curve].into_iter().flatten().map(|word| &word.span);
        let from = self.from.as_ref().map(|from| &from.span);
        let lift = self.lift.as_ref().map(|lift| &lift.span);
        let names = [self.name.as_ref(), self.tickets.first()];
        let names = names.into_iter().flatten().map(|name| &name.span);
        words.chain(from).chain(lift).chain(names).next().cloned().unwrap_or(0..0)
    }

    /// How much it adds at its height; nothing where a file says so.
    pub fn height(&self) -> Option<f64> {
        let preset = self.preset.as_ref();
        let preset = preset.and_then(|name| PRESETS.iter().find(|known| known.name == name.value));
        let usual = preset.map_or(LIFT.value, |preset| preset.lift.value);
        self.curve.is_none().then(|| self.lift.as_ref().map_or(usual, |lift| lift.value.0))
    }

    fn preset_shape(
        &self,
        name: &Written<String>,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Option<Shape> {
        let Some(preset) = PRESETS.iter().find(|preset| preset.name == name.value) else {
            let known: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
            let help = match nearest(&name.value, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known surges: {}", known.join(", ")),
            };
            problems.push(
                Problem::error("unknown-surge", format!("no surge is named `{}`", name.value))
                    .at(name.span.clone(), "asked for here")
                    .help(help),
            );
            return None;
        };
        let lift = self.lift.as_ref().map_or(preset.lift.value, |lift| lift.value.0);
        let start = context.days.civil(SimTime::ZERO).date();
        Some(preset.shape(lift, context.days, start))
    }

    fn pulse(&self, context: &Context<'_>, problems: &mut Problems) -> Option<Shape> {
        let Some(from) = &self.from else {
            problems.push(
                Problem::error("surge-without-start", "this surge has no beginning")
                    .at(self.span(), "this surge")
                    .help("write from = 2026-12-01, or name a preset"),
            );
            return None;
        };
        let no_time = Length::new(0.0, TimeUnit::Hour);
        let rise = wall(&self.rise, no_time, problems);
        let tail = wall(&self.tail, no_time, problems);
        let (start, until) = match (&self.until, &self.lasts) {
            (Some(until), lasts) => {
                if let Some(lasts) = lasts {
                    problems.push(
                        Problem::error("two-lengths", "`until` and `lasts` both say when it ends")
                            .at(lasts.span.clone(), "this")
                            .at(until.span.clone(), "and this")
                            .help("keep one of the two"),
                    );
                }
                context.period(from, until, problems)
            }
            (None, Some(lasts)) => {
                let start = context.instant(from, problems);
                (start, start + lasts.value.wall())
            }
            (None, None) => {
                // A pulse that only rises and decays holds its height for no time.
                let start = context.instant(from, problems);
                if tail == SimDuration::ZERO {
                    problems.push(
                        Problem::error("surge-without-end", "this surge has no end")
                            .at(from.span.clone(), "begins here")
                            .help(
                                "write until = 2026-12-24, lasts = \"2 weeks\" or tail = \"5 d\"",
                            ),
                    );
                }
                (start, start + rise)
            }
        };
        let lift = self.lift.as_ref().map_or(LIFT.value, |lift| lift.value.0);
        Some(Shape::Pulse { from: start, rise, until, tail, lift })
    }
}

/// A surge in simulated time.
#[derive(Clone, PartialEq, Debug)]
pub struct Surge {
    /// What the planner calls it.
    pub name: String,
    /// The classes it concerns.
    pub classes: Vec<ClassId>,
    /// What it does to their arrival rate.
    pub shape: Shape,
}

impl Surge {
    /// Dates that are written are looked at one by one; those of a preset or a file are looked at here.
    pub fn warn_if_outside(&self, span: &Span, context: &Context<'_>, problems: &mut Problems) {
        let Shape::Curve(_) = self.shape else { return };
        if self.shape.ends() <= SimTime::ZERO || self.shape.begins() >= context.end {
            let message = format!("{} lies outside the run, and changes nothing", self.name);
            let begins = context.days.civil(self.shape.begins()).date();
            problems.push(
                Problem::warning("date-outside", message)
                    .at(span.clone(), format!("begins on {begins}"))
                    .help("let the run take place then, or leave it out"),
            );
        }
    }
}

/// The course of a surge.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// Rises, holds, decays.
    Pulse {
        /// When it begins.
        from: SimTime,
        /// How long it takes to rise to its full height.
        rise: SimDuration,
        /// When it stops holding.
        until: SimTime,
        /// Mean of the exponential decay afterwards.
        tail: SimDuration,
        /// How much it adds at its height, 1 meaning twice the arrivals.
        lift: f64,
    },
    /// Factors at given instants, joined by straight lines; 1 before the first and from the last on.
    Curve(Vec<(SimTime, f64)>),
}

impl Shape {
    /// The factor on the arrival rate at an instant.
    pub fn factor(&self, at: SimTime) -> f64 {
        match self {
            Shape::Pulse { from, rise, until, tail, lift } => {
                if at < *from {
                    return 1.0;
                }
                let since = at - *from;
                let risen = if since < *rise { since.hours() / rise.hours() } else { 1.0 };
                let held = if at < *until {
                    1.0
                } else if *tail > SimDuration::ZERO {
                    (-(at - *until).hours() / tail.hours()).exp()
                } else {
                    0.0
                };
                1.0 + lift * risen * held
            }
            Shape::Curve(points) => {
                let after = points.partition_point(|(point, _)| *point <= at);
                if after == 0 || after == points.len() {
                    return 1.0;
                }
                let ((t0, f0), (t1, f1)) = (points[after - 1], points[after]);
                f0 + (f1 - f0) * ((at - t0).hours() / (t1 - t0).hours())
            }
        }
    }

    /// Instants at which the course bends, where a piece of the arrival rate must end.
    pub fn bends(&self) -> Vec<SimTime> {
        match self {
            Shape::Pulse { from, rise, until, .. } => vec![*from, *from + *rise, *until],
            Shape::Curve(points) => points.iter().map(|(point, _)| *point).collect(),
        }
    }

    /// When it no longer matters much: at the end of its period and three times its tail.
    pub fn ends(&self) -> SimTime {
        match self {
            Shape::Pulse { until, tail, .. } => *until + tail.scale(3.0),
            Shape::Curve(points) => points.last().map_or(SimTime::ZERO, |(point, _)| *point),
        }
    }

    /// When it begins to matter.
    pub fn begins(&self) -> SimTime {
        match self {
            Shape::Pulse { from, .. } => *from,
            Shape::Curve(points) => points.first().map_or(SimTime::NEVER, |(point, _)| *point),
        }
    }
}

/// A surge that can be asked for by name: its height by date, as a share of its lift.
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// Its usual lift, with evidence.
    pub lift: Evidence,
    /// (month, day, share of the lift); dates after the turn of the year count on.
    knots: &'static [(i16, i8, i8, f64)],
}

/// Surges that can be asked for by name.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "ecommerce-december",
        lift: Evidence {
            key: "surges.lift (ecommerce-december)",
            value: 0.79,
            unit: "share",
            range: (0.0, 1.82),
            grade: Grade::B,
            source: "first week of December +79 %, average of ten brands (influx.com); high until the last week, a dip, a second rise in early January, -34 % by its end",
        },
        // Year offset, month, day, share of the lift.
        knots: &[
            (0, 11, 16, 0.0),
            (0, 11, 26, 0.35),
            (0, 11, 28, 0.85),
            (0, 12, 1, 1.0),
            (0, 12, 22, 1.0),
            (0, 12, 25, 0.35),
            (0, 12, 29, 0.35),
            (1, 1, 3, 0.70),
            (1, 1, 9, 0.60),
            (1, 1, 31, -0.43),
            (1, 2, 14, 0.0),
        ],
    },
    Preset {
        name: "retail-season",
        lift: LIFT,
        knots: &[
            (0, 11, 20, 0.0),
            (0, 11, 27, 0.8),
            (0, 12, 8, 1.0),
            (0, 12, 23, 1.0),
            (0, 12, 26, 0.5),
            (1, 1, 8, 0.5),
            (1, 1, 20, 0.0),
        ],
    },
    Preset {
        name: "black-friday",
        lift: Evidence {
            key: "surges.lift (black-friday)",
            value: 0.80,
            unit: "share",
            range: (0.20, 3.93),
            grade: Grade::C,
            source: "Black Friday week +80 % (Freshworks, ticketboard.cc); shops with stores +393 % on Cyber Monday (Helpshift 2018)",
        },
        knots: &[(0, 11, 25, 0.0), (0, 11, 27, 1.0), (0, 12, 1, 1.0), (0, 12, 5, 0.0)],
    },
];

impl Preset {
    /// The course with that lift, in the season that begins in the year of the start (or the year
    /// before, where the start falls into its tail).
    pub fn shape(&self, lift: f64, days: &Days, start: Date) -> Shape {
        let season = if start.month() <= 6 { start.year() - 1 } else { start.year() };
        let points = self.knots.iter().map(|(year, month, day, share)| {
            let midnight =
                date(season + year, *month, *day).to_datetime(jiff::civil::Time::midnight());
            (days.instant(midnight), 1.0 + lift * share)
        });
        Shape::Curve(points.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(h: f64) -> SimTime {
        SimTime::from_hours(h)
    }

    #[test]
    fn a_pulse_rises_holds_and_decays() {
        let pulse = Shape::Pulse {
            from: hours(10.0),
            rise: SimDuration::from_hours(4.0),
            until: hours(20.0),
            tail: SimDuration::from_hours(10.0),
            lift: 0.8,
        };
        assert_eq!(pulse.factor(hours(9.0)), 1.0);
        assert!((pulse.factor(hours(12.0)) - 1.4).abs() < 1e-12);
        assert!((pulse.factor(hours(15.0)) - 1.8).abs() < 1e-12);
        assert!((pulse.factor(hours(30.0)) - (1.0 + 0.8 * (-1.0_f64).exp())).abs() < 1e-12);
    }

    #[test]
    fn a_step_ends_at_once_and_a_curve_is_straight_between_its_points() {
        let step = Shape::Pulse {
            from: hours(0.0),
            rise: SimDuration::ZERO,
            until: hours(5.0),
            tail: SimDuration::ZERO,
            lift: 2.0,
        };
        assert_eq!((step.factor(hours(0.0)), step.factor(hours(5.0))), (3.0, 1.0));
        let curve = Shape::Curve(vec![(hours(0.0), 1.0), (hours(10.0), 2.0), (hours(20.0), 0.5)]);
        assert!((curve.factor(hours(5.0)) - 1.5).abs() < 1e-12);
        assert!((curve.factor(hours(15.0)) - 1.25).abs() < 1e-12);
        assert_eq!(curve.factor(hours(20.0)), 1.0);
    }

    #[test]
    fn the_december_preset_is_highest_in_the_first_week_of_december() {
        let days = Days::new(jiff::tz::TimeZone::UTC, date(2026, 11, 16), 0, 120);
        let shape = PRESETS[0].shape(0.79, &days, date(2026, 11, 16));
        let at =
            |month, day, year| shape.factor(days.instant(date(year, month, day).at(12, 0, 0, 0)));
        assert!((at(12, 3, 2026) - 1.79).abs() < 1e-9);
        assert!(at(1, 30, 2027) < 0.7 && at(1, 30, 2027) > 0.64);
        assert_eq!(at(11, 10, 2026), 1.0);
    }
}
