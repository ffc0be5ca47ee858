//! When a desk is open and who is there, as hours of the week that a scenario can hold.

use jiff::ToSpan;
use jiff::civil::{DateTime, Time};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Days as calendars call them, Monday first.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Open hours of a week: of each day the hours from which and to which it is open, none where it is closed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Shifts([Vec<(u8, u8)>; 7]);

impl Shifts {
    /// The hours of the week (168 values, Monday's first) that reach a level.
    pub fn at_least(hours: &[f64], level: f64) -> Shifts {
        let mut days: [Vec<(u8, u8)>; 7] = Default::default();
        for (place, value) in hours.iter().enumerate().filter(|(_, value)| **value >= level) {
            debug_assert!(value.is_finite());
            let (day, hour) = (&mut days[place / 24], (place % 24) as u8);
            match day.last_mut().filter(|(_, until)| *until == hour) {
                Some((_, until)) => *until = hour + 1,
                None => day.push((hour, hour + 1)),
            }
        }
        Shifts(days)
    }

    /// From the first to the last hour of each day that reaches a level.
    pub fn spanning(hours: &[f64], level: f64) -> Shifts {
        let mut shifts = Shifts::at_least(hours, level);
        for day in &mut shifts.0 {
            if let (Some(first), Some(last)) = (day.first(), day.last()) {
                *day = vec![(first.0, last.1)];
            }
        }
        shifts
    }

    /// Nine to five on the days that reach a level.
    pub fn office(days: &[f64; 7], level: f64) -> Shifts {
        Shifts(days.map(|value| if value >= level { vec![(9, 17)] } else { Vec::new() }))
    }

    /// Whether it never opens.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// Open hours in a week.
    pub fn hours(&self) -> f64 {
        let spans = self.0.iter().flatten();
        spans.map(|(from, until)| f64::from(until - from)).sum()
    }

    /// When so many open hours have passed since a time; the time itself, or when it opens, for none. A desk
    /// that never opens is always open.
    pub fn after(&self, at: DateTime, hours: f64) -> DateTime {
        let mut left = hours * 3600.0;
        let mut now = at;
        // Two weeks hold whatever a desk does in one.
        for _ in 0..14 {
            let day = now.date().weekday().to_monday_zero_offset() as usize;
            let midnight = now.date().to_datetime(Time::midnight());
            let passed = now.duration_since(midnight).as_secs_f64();
            for (from, until) in &self.0[day] {
                let begins = (f64::from(*from) * 3600.0).max(passed);
                let ends = f64::from(*until) * 3600.0;
                if ends <= begins {
                    continue;
                }
                if begins + left < ends || left == 0.0 {
                    let micros = ((begins + left) * 1e6).round() as i64;
                    return midnight.saturating_add(micros.microseconds());
                }
                left -= ends - begins;
            }
            now = midnight.saturating_add(1.day());
        }
        at
    }

    /// The last time up to then at which it was open: that time itself where it is; also where it never opens.
    pub fn last_open(&self, at: DateTime) -> DateTime {
        let hour = |time: DateTime| {
            time.date().to_datetime(Time::midnight()) + i64::from(time.hour()).hours()
        };
        let is_open = |begins: DateTime| {
            let day = begins.date().weekday().to_monday_zero_offset() as usize;
            let hour = begins.hour().unsigned_abs();
            self.0[day].iter().any(|(from, until)| (*from..*until).contains(&hour))
        };
        let back = (0..14 * 24).map(|hours: i64| hour(at).saturating_sub(hours.hours()));
        let last = { back }.find(|begins| is_open(*begins));
        last.map_or(at, |begins| at.min(begins.saturating_add(1.hour())))
    }

    /// Mean hours from any moment of the week until it is open: what comes at night or at the weekend waits.
    pub fn mean_wait(&self) -> f64 {
        let is_open = |hour: usize| {
            let (day, hour) = (&self.0[hour / 24 % 7], (hour % 24) as u8);
            day.iter().any(|(from, until)| (*from..*until).contains(&hour))
        };
        if self.is_empty() {
            return 0.0;
        }
        let wait = |hour: usize| match (hour..hour + 168).position(is_open) {
            Some(0) | None => 0.0,
            Some(hours) => hours as f64 - 0.5,
        };
        (0..168).map(wait).sum::<f64>() / 168.0
    }

    /// The calendar in TOML, under its heading.
    pub fn toml(&self, name: &str) -> String {
        let mut text = format!("[calendars.{name}]\n");
        let mut at = 0;
        while at < 7 {
            let same = self.0[at..].iter().take_while(|day| **day == self.0[at]).count();
            let key = match (at, same) {
                (_, 1) => DAYS[at].to_string(),
                (0, 4..=7) => format!("mon-{}", DAYS[[3, 4, 5, 6][same - 4]]),
                (5, 2) => "sat-sun".to_string(),
                _ => String::new(),
            };
            // Other ranges have no key: day by day.
            let (key, taken) = match key.as_str() {
                "" => (DAYS[at].to_string(), 1),
                "mon-sun" => ("every_day".to_string(), 7),
                _ => (key, same),
            };
            let spans: Vec<String> = self.0[at]
                .iter()
                .map(|(from, until)| format!("\"{from:02}:00-{until:02}:00\""))
                .collect();
            let _ = match spans.as_slice() {
                [] => Ok(()),
                [one] => writeln!(text, "{key} = {one}"),
                many => writeln!(text, "{key} = [{}]", many.join(", ")),
            };
            at += taken;
        }
        text
    }
}

/// A roster from how many people are at work in each hour of the week: groups of (people, shifts), the
/// longest shifts first. In each hour as many are there as were on average, rounded.
pub fn roster(people: &[f64]) -> Vec<(u32, Shifts)> {
    let most = people.iter().copied().fold(0.0, f64::max).round() as u32;
    let mut groups: BTreeMap<Shifts, u32> = BTreeMap::new();
    for place in 1..=most {
        *groups.entry(Shifts::at_least(people, f64::from(place) - 0.5)).or_default() += 1;
    }
    let mut groups: Vec<(u32, Shifts)> =
        groups.into_iter().map(|(shifts, people)| (people, shifts)).collect();
    groups.sort_by(|a, b| b.1.hours().total_cmp(&a.1.hours()));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A week with so much in each hour of a day.
    fn week(of: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        (0..168).map(|place| of(place / 24, place % 24)).collect()
    }

    #[test]
    fn hours_are_written_as_calendars() {
        let office =
            |day: usize, hour: usize| f64::from(u8::from(day < 5 && (9..17).contains(&hour)));
        let shifts = Shifts::at_least(&week(office), 0.5);
        assert_eq!(shifts.toml("desk"), "[calendars.desk]\nmon-fri = \"09:00-17:00\"\n");
        assert_eq!(shifts.hours(), 40.0);
        // Four nights of 16 hours and a weekend of 64: half of their squares over the week.
        let wait = (4.0 * 16.0 * 16.0 / 2.0 + 64.0 * 64.0 / 2.0) / 168.0;
        assert!((shifts.mean_wait() - wait).abs() < 1e-9);
        let lunch = week(|day, hour| if hour == 12 { 0.0 } else { office(day + 2, hour) });
        let shifts = Shifts::at_least(&lunch, 0.5);
        let two = "[\"09:00-12:00\", \"13:00-17:00\"]";
        assert_eq!(
            shifts.toml("x"),
            format!("[calendars.x]\nmon = {two}\ntue = {two}\nwed = {two}\n")
        );
        assert_eq!(Shifts::spanning(&lunch, 0.5).hours(), 24.0);
        let always = Shifts::at_least(&[1.0; 168], 0.5);
        assert_eq!(always.toml("x"), "[calendars.x]\nevery_day = \"00:00-24:00\"\n");
        let weekend = Shifts::office(&[0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 3.0], 1.0);
        assert_eq!(weekend.toml("x"), "[calendars.x]\nsat-sun = \"09:00-17:00\"\n");
        assert!(Shifts::default().is_empty());
        let at = |day, hour| jiff::civil::date(2026, 1, day).at(hour, 0, 0, 0);
        let office = Shifts::office(&[1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0], 1.0);
        // The ninth is a Friday.
        assert_eq!(office.after(at(9, 7), 0.0), at(9, 9));
        assert_eq!(office.after(at(9, 15), 0.0), at(9, 15));
        assert_eq!(office.after(at(9, 15), 4.0), at(12, 11));
        assert_eq!(office.after(at(10, 3), 8.5), at(13, 9).saturating_add(30.minutes()));
        assert_eq!(Shifts::default().after(at(9, 7), 3.0), at(9, 7));
        assert_eq!(office.last_open(at(12, 6)), at(9, 17));
        assert_eq!(office.last_open(at(9, 10)), at(9, 10));
        assert_eq!(Shifts::default().last_open(at(9, 10)), at(9, 10));
    }

    #[test]
    fn a_roster_has_as_many_people_in_each_hour_as_there_were() {
        let people = week(|day, hour| match (day, hour) {
            (6, _) => 0.0,
            (_, 8) => 2.4,
            (_, 9..12) => 5.6,
            (_, 12..18) => 3.2,
            _ => 0.1,
        });
        let roster = roster(&people);
        let shifts: Vec<(u32, f64)> =
            roster.iter().map(|(people, s)| (*people, s.hours())).collect();
        assert_eq!(shifts, [(2, 60.0), (1, 54.0), (3, 18.0)]);
    }
}
