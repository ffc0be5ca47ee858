//! When a scenario takes place: its days, its length, its warm-up, its hours.

use super::super::files::Table;
use super::{Compiler, Parts};
use crate::model::calendar::{Calendar, CalendarSpec};
use crate::model::context::wall;
use crate::model::days::Days;
use crate::problem::{Problem, Problems, grouped};
use crate::scenario::spec::WARM_UP;
use crate::time::{SimDuration, SimTime};
use crate::written::{Brief, DayHours, Hours, Written};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

/// Longest run, in days.
const MOST_DAYS: f64 = 10.0 * 366.0;

impl Compiler<'_> {
    /// The days, and when the simulation begins and ends; a usual span where the written one is
    /// wrong, so that everything else is checked as well.
    pub(super) fn span(&self, problems: &mut Problems) -> (Days, SimTime, SimTime) {
        let zone = self.time_zone(problems);
        let date = self.first_day(problems);
        let days = self.length(problems);
        let usual = SimDuration::from_hours(WARM_UP.value * 7.0 * 24.0);
        let warm_up = match &self.spec.warm_up {
            Some(written) => wall(&Some(written.clone()), written.value, problems),
            None => usual,
        };
        let warm_up = if warm_up > SimDuration::from_days(366) {
            let span = self.spec.warm_up.as_ref().map_or(0..0, |w| w.span.clone());
            problems.push(
                Problem::error("wrong-length", "a warm-up lasts at most a year")
                    .at(span, "this warm-up"),
            );
            usual
        } else {
            warm_up
        };
        let warm_up = if self.has_opening() { SimDuration::ZERO } else { warm_up };
        // Promises to tickets of the opening backlog count open time before the start.
        let oldest = if self.has_opening() { self.oldest_opening(date, &zone) } else { 0.0 };
        let before = warm_up.days().ceil().max(oldest) as u32 + 1;
        let after = days.ceil() as u32;
        let days = Days::new(zone, date, before, after);
        let start = SimTime::ZERO - warm_up;
        let end = days.end();
        (days, start, end)
    }

    pub(super) fn first_day(&self, problems: &mut Problems) -> Date {
        let usual = date(2026, 1, 5);
        let Some(start) = &self.spec.start else {
            problems.push(
                Problem::error("no-start", "the scenario does not say when it starts")
                    .help("write start = 2026-11-16"),
            );
            return usual;
        };
        let date = start.value.0.date();
        if (1970..=2200).contains(&date.year()) {
            return date;
        }
        problems.push(
            Problem::error("wrong-start", "a scenario starts between 1970 and 2200")
                .at(start.span.clone(), "this date"),
        );
        usual
    }

    /// How many days are simulated.
    pub(super) fn length(&self, problems: &mut Problems) -> f64 {
        let usual = 7.0 * 12.0;
        let (mut weeks, mut days) = (self.spec.weeks.as_ref(), self.spec.days.as_ref());
        if let (Some(in_weeks), Some(in_days)) = (weeks, days) {
            // A variant may count in another unit than what it extends.
            match self.sources.lies_over(&in_days.span, &in_weeks.span) {
                Some(true) => weeks = None,
                Some(false) => days = None,
                None => problems.push(
                    Problem::error("two-lengths", "weeks and days both say how long the run lasts")
                        .at(in_days.span.clone(), "days")
                        .at(in_weeks.span.clone(), "weeks")
                        .help("keep one of them"),
                ),
            }
        }
        let (days, span) = match (weeks, days) {
            (Some(weeks), _) => (weeks.value.0 * 7.0, weeks.span.clone()),
            (None, Some(days)) => (f64::from(days.value), days.span.clone()),
            (None, None) => return usual,
        };
        if (1.0..=MOST_DAYS).contains(&days) {
            return days;
        }
        let written = if days < 1e9 { grouped(days.ceil() as u64) } else { format!("{days:e}") };
        problems.push(
            Problem::error(
                "wrong-length",
                format!("a run lasts from one day to ten years, not {written} days"),
            )
            .at(span, "this length"),
        );
        usual
    }

    /// How many days before the start the oldest ticket of the opening backlog may lie.
    pub(super) fn oldest_opening(&self, start: Date, zone: &TimeZone) -> f64 {
        let Some(Brief::Full(table)) = self.spec.opening.as_ref().map(|opening| &opening.value)
        else {
            return 0.0;
        };
        let bands =
            table.ages.iter().map(|band| band.up_to.value.wall().days()).fold(3.0, f64::max);
        let file = table.file.as_ref().map_or(0.0, |name| {
            let rows = Table::read(name, self.sources, &mut Problems::default())
                .and_then(|table| table.tickets(zone, &mut Problems::default()));
            let first = rows.and_then(|rows| rows.iter().map(|row| row.created.date()).min());
            first
                .and_then(|date| date.until(start).ok())
                .map_or(0.0, |span| f64::from(span.get_days()))
        });
        bands.max(file).min(3660.0)
    }

    pub(super) fn time_zone(&self, problems: &mut Problems) -> TimeZone {
        let Some(name) = &self.spec.time_zone else { return TimeZone::UTC };
        TimeZone::get(&name.value).unwrap_or_else(|_| {
            let known = jiff::tz::db().available().map(|n| n.to_string()).collect::<Vec<_>>();
            let near = crate::problem::nearest(&name.value, known.iter().map(String::as_str));
            problems.push(
                Problem::error(
                    "unknown-time-zone",
                    format!("no time zone is named `{}`", name.value),
                )
                .at(name.span.clone(), "this zone")
                .help(
                    near.map_or("write a zone such as \"Europe/Sofia\"".to_string(), |n| {
                        format!("did you mean `{n}`?")
                    }),
                ),
            );
            TimeZone::UTC
        })
    }

    /// The scenario's calendars, then "always" and "office-hours".
    pub(super) fn calendars(
        &self,
        days: &Days,
        problems: &mut Problems,
    ) -> (Vec<String>, Vec<Calendar>) {
        let mut names = Vec::new();
        let mut calendars = Vec::new();
        for (name, spec) in self.spec.calendars.iter() {
            spec.check(name, days, problems);
            names.push(name.value.clone());
            let calm = self.parts == Parts::Calm;
            calendars.push(if calm { spec.usual().compile(days) } else { spec.compile(days) });
        }
        if !names.iter().any(|name| name == "always") {
            names.push("always".to_string());
            calendars.push(Calendar::always(days.start(), days.end()));
        }
        if !names.iter().any(|name| name == "office-hours") {
            let hours = DayHours(vec![Hours { from: 9 * 60, to: 17 * 60 }]);
            let office = CalendarSpec {
                mon_fri: Some(Written::unwritten(hours)),
                ..CalendarSpec::default()
            };
            names.push("office-hours".to_string());
            calendars.push(office.compile(days));
        }
        (names, calendars)
    }
}
