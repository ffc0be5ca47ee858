//! Civil days: where each local midnight falls in simulated time, daylight saving included.
//!
//! A day usually lasts 24 hours; where clocks change it lasts 23 or 25. Everything that a planner
//! writes in dates and hours is turned into `SimTime` here and nowhere else.

use crate::time::{SimDuration, SimTime};
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A day on which no clock changes.
const DAY: SimDuration = SimDuration::from_days(1);

/// The local days that a run touches.
#[derive(Clone, Debug)]
pub struct Days {
    zone: TimeZone,
    origin: Timestamp,
    first: Date,
    /// Midnights, one more than there are days.
    midnights: Vec<SimTime>,
}

impl Days {
    /// Days around a start: `before` of them earlier, `after` of them from the start on.
    /// Simulated time zero is local midnight of `start`.
    pub fn new(zone: TimeZone, start: Date, before: u32, after: u32) -> Days {
        let midnight = |date: Date| instant(&zone, date.to_datetime(jiff::civil::Time::midnight()));
        let origin = midnight(start);
        let first = start.saturating_sub(Span::new().days(i64::from(before)));
        let midnights = (0..=i64::from(before + after))
            .map(|day| since(origin, midnight(first.saturating_add(Span::new().days(day)))))
            .collect();
        Days { zone, origin, first, midnights }
    }

    /// Days of exactly 24 hours from a Monday on, for models made without dates.
    pub fn plain(before: u32, after: u32) -> Days {
        Days::new(TimeZone::UTC, jiff::civil::date(2001, 1, 1), before, after)
    }

    /// The time zone whose days they are.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// How many days there are.
    pub fn len(&self) -> usize {
        self.midnights.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether no clock changes on a day, so that its hours lie where they seem to: most days.
    fn is_plain(&self, day: usize) -> bool {
        day < self.len() && self.midnights[day + 1] - self.midnights[day] == DAY
    }

    /// The first instant of all.
    pub fn start(&self) -> SimTime {
        self.midnights[0]
    }

    /// The end of the last day.
    pub fn end(&self) -> SimTime {
        self.midnights[self.len()]
    }

    /// The midnight that begins a day.
    pub fn midnight(&self, day: usize) -> SimTime {
        self.midnights[day]
    }

    /// The day that holds an instant; instants outside belong to the first or last day.
    pub fn day_of(&self, at: SimTime) -> usize {
        self.midnights.partition_point(|midnight| *midnight <= at).clamp(1, self.len()) - 1
    }

    /// The day of a date, if the run touches it.
    pub fn index_of(&self, date: Date) -> Option<usize> {
        let days = self.first.until(date).ok()?.get_days();
        usize::try_from(days).ok().filter(|day| *day < self.len())
    }

    /// The date of a day.
    pub fn date(&self, day: usize) -> Date {
        self.first.saturating_add(Span::new().days(day as i64))
    }

    /// The weekday of a day, Monday being 0.
    pub fn weekday(&self, day: usize) -> usize {
        (weekday_index(self.first.weekday()) + day) % 7
    }

    /// The instant of a minute of a day, which may lie past its midnight. A minute that a clock
    /// change skips is taken an hour later, one that happens twice is taken the first time.
    pub fn minute(&self, day: usize, minute: u32) -> SimTime {
        let (which, rest) = (day + (minute / 1440) as usize, minute % 1440);
        if self.is_plain(which) {
            return self.midnights[which] + SimDuration::from_minutes(i64::from(rest));
        }
        let time = jiff::civil::time((rest / 60) as i8, (rest % 60) as i8, 0, 0);
        self.instant(self.date(which).to_datetime(time))
    }

    /// The instant of a local date and time.
    pub fn instant(&self, at: DateTime) -> SimTime {
        since(self.origin, instant(&self.zone, at))
    }

    /// When an instant of the world is.
    pub fn at(&self, at: Timestamp) -> SimTime {
        since(self.origin, at)
    }

    /// The local date and time of an instant.
    pub fn civil(&self, at: SimTime) -> DateTime {
        let day = self.day_of(at);
        let since = at - self.midnights[day];
        if self.is_plain(day) && SimDuration::ZERO <= since && since < DAY {
            let since = jiff::SignedDuration::from_micros(since.micros());
            return self.date(day).to_datetime(jiff::civil::Time::midnight() + since);
        }
        let micros = jiff::SignedDuration::from_micros(at.micros());
        let timestamp = self.origin.saturating_add(micros).unwrap_or(Timestamp::MAX);
        timestamp.to_zoned(self.zone.clone()).datetime()
    }
}

fn instant(zone: &TimeZone, at: DateTime) -> Timestamp {
    // "Compatible" is the rule of RFC 5545: skip forward over gaps, take the first of two.
    zone.to_ambiguous_zoned(at).compatible().map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

fn since(origin: Timestamp, at: Timestamp) -> SimTime {
    let micros = at.duration_since(origin).as_micros();
    SimTime::ZERO + SimDuration::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}

/// Position of a weekday in the week, Monday being 0.
pub fn weekday_index(weekday: Weekday) -> usize {
    weekday.to_monday_zero_offset() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn sofia_loses_an_hour_in_march_and_wins_it_back_in_october() {
        let zone = TimeZone::get("Europe/Sofia").unwrap();
        let spring = Days::new(zone.clone(), date(2026, 3, 28), 0, 3);
        assert_eq!(spring.midnight(1).hours(), 24.0);
        assert_eq!(spring.midnight(2).hours(), 47.0);
        // 03:00 does not exist on the 29th; 09:00 is eight hours after midnight.
        assert_eq!((spring.minute(1, 540) - spring.midnight(1)).hours(), 8.0);
        let autumn = Days::new(zone, date(2026, 10, 24), 0, 3);
        assert_eq!((autumn.midnight(2) - autumn.midnight(1)).hours(), 25.0);
        assert_eq!((autumn.minute(1, 540) - autumn.midnight(1)).hours(), 10.0);
    }

    #[test]
    fn plain_days_need_no_zone_and_say_what_it_says() {
        // Clocks change at three, at midnight forwards, at one back to midnight, by half an hour.
        let changes = [
            ("Europe/Sofia", date(2026, 3, 27)),
            ("Europe/Sofia", date(2026, 10, 23)),
            ("America/Sao_Paulo", date(2018, 11, 2)),
            ("America/Sao_Paulo", date(2018, 2, 15)),
            ("America/Havana", date(2026, 10, 30)),
            ("Australia/Lord_Howe", date(2026, 4, 3)),
        ];
        for (name, start) in changes {
            let days = Days::new(TimeZone::get(name).unwrap(), start, 1, 4);
            assert!((0..days.len()).any(|day| !days.is_plain(day)), "{name}: no clock changes");
            for day in 0..days.len() {
                assert_eq!(days.weekday(day), weekday_index(days.date(day).weekday()));
                for minute in (0..2880).step_by(15) {
                    let later = Span::new().minutes(i64::from(minute));
                    let written = days.date(day).to_datetime(jiff::civil::Time::midnight());
                    let by_zone = days.instant(written.saturating_add(later));
                    assert_eq!(days.minute(day, minute), by_zone, "{name}, {day}, {minute}");
                    let zoned = days.origin + jiff::SignedDuration::from_micros(by_zone.micros());
                    let local = zoned.to_zoned(days.zone.clone()).datetime();
                    assert_eq!(days.civil(by_zone), local, "{name}, {day}, {minute}");
                }
            }
        }
    }

    #[test]
    fn days_before_the_start_have_negative_times() {
        let days = Days::plain(28, 7);
        assert_eq!(days.start().hours(), -28.0 * 24.0);
        assert_eq!(days.day_of(SimTime::ZERO), 28);
        assert_eq!(days.weekday(28), 0);
        assert_eq!(days.index_of(date(2001, 1, 7)), Some(34));
        assert_eq!(days.index_of(date(2001, 1, 8)), None);
        assert_eq!(days.civil(SimTime::from_hours(30.5)).to_string(), "2001-01-02T06:30:00");
        assert_eq!(days.minute(28, 1500).hours(), 25.0);
    }
}
