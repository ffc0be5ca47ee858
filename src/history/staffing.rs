//! Who was at work when, from what they did: an export of calls has no roster.

use super::arrivals::{Arrivals, weekday_of};
use super::records::Record;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;

/// Without work for longer than that, somebody is taken to be away, seconds.
const AWAY: f64 = 45.0 * 60.0;

/// From when to when, in seconds of a day.
type Stretch = (f64, f64);

/// Who was at work when, and what they did.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Attendance {
    /// Of each day the stretches for which somebody was there, one list for all people.
    there: BTreeMap<Date, Vec<Stretch>>,
    /// Of each day the touches.
    touches: BTreeMap<Date, Vec<Stretch>>,
    /// Of each day the waits.
    waits: BTreeMap<Date, Vec<Stretch>>,
}

impl Attendance {
    /// What the calls of a window show. Somebody is at work from the beginning of a touch to the end of the
    /// next, unless three quarters of an hour lie between them. Nobody is where no row names an agent and a
    /// handle time.
    pub fn of(records: &[Record], arrivals: &Arrivals) -> Attendance {
        let mut seen = Attendance::default();
        let mut of_agent: BTreeMap<(&str, Date), Vec<Stretch>> = BTreeMap::new();
        for record in records {
            let day = record.created.local.date();
            if !arrivals.window.has(day) || arrivals.missing.contains(&day) {
                continue;
            }
            let came = seconds_of_day(record.created.local);
            let wait = record.wait.unwrap_or(0.0);
            if wait > 0.0 {
                seen.waits.entry(day).or_default().push((came, came + wait));
            }
            let Some(handle) = record.handle.filter(|_| !record.agent.is_empty()) else { continue };
            let touch = (came + wait, came + wait + handle);
            seen.touches.entry(day).or_default().push(touch);
            of_agent.entry((record.agent.as_str(), day)).or_default().push(touch);
        }
        for ((_, day), mut touches) in of_agent {
            touches.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            let stretches = seen.there.entry(day).or_default();
            let mut stretch = touches[0];
            for touch in &touches[1..] {
                if touch.0 - stretch.1 > AWAY {
                    stretches.push(stretch);
                    stretch = *touch;
                }
                stretch.1 = stretch.1.max(touch.1);
            }
            stretches.push(stretch);
        }
        seen
    }

    /// People at work in each hour of the week, on average over the days that have rows; Monday's first hour
    /// first. Empty where nobody is seen.
    pub fn by_hour(&self, arrivals: &Arrivals) -> Vec<f64> {
        let mut hours = vec![0.0; if self.there.is_empty() { 0 } else { 168 }];
        for (day, stretches) in &self.there {
            stretches.iter().for_each(|stretch| add(&mut hours, *day, *stretch));
        }
        for (hour, people) in hours.iter_mut().enumerate() {
            *people /= arrivals.weekdays[hour / 24].days.max(1) as f64;
        }
        hours
    }

    /// Share of their time at work for which people take no call: while somebody waits whoever is not on a
    /// call takes none. Nothing where nobody waits while somebody is there.
    pub fn off_queue(&self) -> Option<f64> {
        let (mut there, mut busy) = (0.0, 0.0);
        for (day, waits) in &self.waits {
            let of = |all: &BTreeMap<Date, Vec<Stretch>>| all.get(day).cloned().unwrap_or_default();
            // (when, change of those who wait, are there, are on a call)
            let mut steps: Vec<(f64, [i64; 3])> = Vec::new();
            for (what, stretches) in
                [waits.clone(), of(&self.there), of(&self.touches)].iter().enumerate()
            {
                for (from, to) in stretches {
                    let mut change = [0; 3];
                    change[what] = 1;
                    steps.push((*from, change));
                    steps.push((*to, change.map(|one: i64| -one)));
                }
            }
            steps.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            let mut now = [0; 3];
            for pair in steps.windows(2) {
                pair[0].1.iter().zip(&mut now).for_each(|(change, now)| *now += change);
                if now[0] > 0 {
                    let span = pair[1].0 - pair[0].0;
                    there += now[1] as f64 * span;
                    busy += now[2] as f64 * span;
                }
            }
        }
        (there > 0.0).then(|| (1.0 - busy / there).clamp(0.0, 1.0))
    }
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
        let arrivals = Arrivals::of(&came, Window { from, until });
        let seen = Attendance::of(&history.records, &arrivals);
        let people = seen.by_hour(&arrivals);
        assert_eq!((people[9], people[10], people[11], people[13]), (1.0, 0.5, 0.0, 0.125));
        assert_eq!(people.iter().sum::<f64>(), 1.625);
        // While one waits from 9:55 to 10:00, Ann is there and on no call.
        assert_eq!(seen.off_queue(), Some(1.0));
    }
}
