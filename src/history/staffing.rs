//! Who was at work when, from what they did: an export of calls has no roster.

use super::arrivals::{Arrivals, weekday_of};
use super::records::Record;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;

/// Without work for longer than that, somebody is taken to be away, seconds.
const AWAY: f64 = 45.0 * 60.0;

/// People at work in each hour of the week, on average over the days that have rows; Monday's first hour
/// first. Somebody is at work from the beginning of a touch to the end of the next, unless three quarters of
/// an hour lie between them. Empty where no row names an agent and a handle time.
pub fn by_hour(records: &[Record], arrivals: &Arrivals) -> Vec<f64> {
    // (agent, day) -> (begin, end) of touches, in seconds of the day
    let mut touches: BTreeMap<(&str, Date), Vec<(f64, f64)>> = BTreeMap::new();
    for record in records {
        let Some(handle) = record.handle.filter(|_| !record.agent.is_empty()) else { continue };
        let day = record.created.local.date();
        if !arrivals.window.has(day) || arrivals.missing.contains(&day) {
            continue;
        }
        let begin = seconds_of_day(record.created.local) + record.wait.unwrap_or(0.0);
        touches.entry((record.agent.as_str(), day)).or_default().push((begin, begin + handle));
    }
    if touches.is_empty() {
        return Vec::new();
    }
    let mut hours = vec![0.0; 168];
    for ((_, day), touches) in &mut touches {
        touches.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut stretch = touches[0];
        for touch in &touches[1..] {
            if touch.0 - stretch.1 > AWAY {
                add(&mut hours, *day, stretch);
                stretch = *touch;
            }
            stretch.1 = stretch.1.max(touch.1);
        }
        add(&mut hours, *day, stretch);
    }
    for (hour, people) in hours.iter_mut().enumerate() {
        *people /= arrivals.weekdays[hour / 24].days.max(1) as f64;
    }
    hours
}

fn seconds_of_day(at: DateTime) -> f64 {
    f64::from(at.hour()) * 3600.0 + f64::from(at.minute()) * 60.0 + f64::from(at.second())
}

/// Adds the hours that a stretch of a day covers; what lies beyond midnight belongs to the next day.
fn add(hours: &mut [f64], day: Date, (from, to): (f64, f64)) {
    let first = (from / 3600.0).floor() as i64;
    let last = (to / 3600.0).ceil() as i64;
    for hour in first..last {
        let begins = hour as f64 * 3600.0;
        let covered = (to.min(begins + 3600.0) - from.max(begins)).max(0.0) / 3600.0;
        let weekday = weekday_of(day.saturating_add((hour.div_euclid(24)).days()));
        hours[weekday * 24 + hour.rem_euclid(24) as usize] += covered;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::arrivals::{Came, Window};
    use crate::history::columns::Columns;
    use crate::history::records::read;
    use crate::sheet::Sheet;
    use jiff::tz::TimeZone;

    #[test]
    fn people_are_at_work_between_their_touches() {
        // Ann from 9:00 to 10:30 on both Mondays, and again on one of them from 13:00 for a quarter.
        let text = "created,agent,wait,handle\n\
            2026-03-02 09:00,Ann,0,1200\n2026-03-02 09:55,Ann,300,1800\n\
            2026-03-02 13:00,Ann,0,900\n2026-03-09 09:00,Ann,0,1800\n\
            2026-03-09 10:00,Ann,0,1800\n2026-03-09 11:00,?,0,1800\n";
        let sheet = Sheet::parse(text).unwrap();
        let columns = Columns::find(&sheet, &[]).unwrap();
        let history = read(&sheet, &columns, None, &TimeZone::UTC).unwrap();
        let days = history.records.iter().map(|record| record.created.local.date());
        let came: Vec<Came> = days.map(|day| Came { day, hour: None, contacts: 1 }).collect();
        let (from, until) = (came[0].day, came[5].day);
        let people = by_hour(&history.records, &Arrivals::of(&came, Window { from, until }));
        assert_eq!((people[9], people[10], people[11], people[13]), (1.0, 0.5, 0.0, 0.125));
        assert_eq!(people.iter().sum::<f64>(), 1.625);
    }
}
