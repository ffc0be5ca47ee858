//! When contacts come: by day, by hour of the week, how much days differ, and which stand out.

use crate::stats::quantile::Ordered;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Below this share of a usual day of its weekday a day is quiet: a holiday.
const QUIET: f64 = 0.5;

/// A day is busy above this many times the usual.
const BUSY: f64 = 1.4;

/// With fewer such days beside it nothing says what is usual.
const LEAST_NEAR: usize = 4;

/// A day stands out only where chance hardly ever makes it so: beyond so many standard deviations.
const BEYOND_CHANCE: f64 = 4.0;

/// Fewer than this on a usual day, and a day without any says nothing.
const ENOUGH: f64 = 20.0;

/// A day at the edge of an export is part of it where it has this share of a usual one.
const ALIVE: f64 = 0.1;

/// The days on which an export holds what came, first and last. Before and after them stands only
/// what is left of other times, as where an export takes tickets by the day they were changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Window {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

impl Window {
    /// Whether a day lies within.
    pub fn has(&self, date: Date) -> bool {
        (self.from..=self.until).contains(&date)
    }

    /// How many days.
    pub fn days(&self) -> usize {
        days_from(self.from, self.until) as usize + 1
    }

    /// Its days in order.
    pub fn iter(&self) -> impl Iterator<Item = Date> + use<> {
        let until = self.until;
        self.from.series(1_i64.day()).take_while(move |day| *day <= until)
    }

    /// The window of what came, in order of days: a day belongs to it where most days of the week beside it have at
    /// least a tenth of what is usual on theirs. Usual is what the days have on which most tickets came.
    pub fn of(came: &[Came]) -> Option<Window> {
        let (first, last) = (came.first()?.day, came.last()?.day);
        let all = Window { from: first, until: last };
        let count = counts(came);
        let usual: Vec<f64> = (0..7)
            .map(|weekday| {
                let of_weekday = count.iter().filter(|(day, _)| weekday_of(**day) == weekday);
                usual_of_most(of_weekday.map(|(_, n)| *n).collect())
            })
            .collect();
        let is_alive = |day: Date| {
            let usual = usual[weekday_of(day)];
            (usual > 0.0).then(|| *count.get(&day).unwrap_or(&0) as f64 >= ALIVE * usual)
        };
        // Whether most days of the week from there, or up to there, are alive.
        let is_part = |day: Date, step: i64| {
            let week = (0..7).filter_map(|n| is_alive(day.saturating_add((step * n).days())));
            let (mut alive, mut known) = (0, 0);
            for is_alive in week {
                known += 1;
                alive += i32::from(is_alive);
            }
            is_alive(day) == Some(true) && 2 * alive > known
        };
        let from = all.iter().find(|day| is_part(*day, 1)).unwrap_or(first);
        let backwards = last.series((-1_i64).day()).take_while(|day| *day >= from);
        let until = { backwards }.find(|day| is_part(*day, -1)).unwrap_or(last);
        Some(Window { from, until })
    }
}

/// Days from one date to another.
pub fn days_from(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// Monday 0 to Sunday 6.
pub fn weekday_of(date: Date) -> usize {
    date.weekday().to_monday_zero_offset() as usize
}

/// Contacts that came together: one, or all of an hour or a day.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Came {
    /// On which day.
    pub day: Date,
    /// In which hour of it, where that is known.
    pub hour: Option<u8>,
    /// How many.
    pub contacts: u64,
}

/// How many came on each day.
fn counts(came: &[Came]) -> BTreeMap<Date, u64> {
    let mut count = BTreeMap::new();
    for came in came {
        *count.entry(came.day).or_default() += came.contacts;
    }
    count
}

/// The count of the day on which the middle one of all contacts came.
fn usual_of_most(mut days: Vec<u64>) -> f64 {
    days.sort_unstable();
    let all: u64 = days.iter().sum();
    let mut passed = 0;
    let middle = days.into_iter().find(|contacts| {
        passed += contacts;
        2 * passed >= all
    });
    middle.unwrap_or(0) as f64
}

/// What a weekday brings.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DayOfWeek {
    /// Which.
    pub name: String,
    /// How many such days the window has, without those that have no row at all.
    pub days: usize,
    /// Contacts on all of them.
    pub contacts: u64,
    /// Contacts on one.
    pub mean: f64,
    /// The middle one of them.
    pub median: f64,
    /// Variance over mean of the days: 1 where there is chance alone. None for fewer than two days.
    pub var_to_mean: Option<f64>,
}

/// A day unlike others of its weekday.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Unusual {
    /// Which.
    pub date: Date,
    /// Contacts.
    pub contacts: u64,
    /// How many are usual: the median of that weekday in the weeks around it.
    pub usual: f64,
}

impl Unusual {
    /// Share of a usual day.
    pub fn share(&self) -> f64 {
        self.contacts as f64 / self.usual
    }

    /// Whether it has fewer than usual.
    pub fn is_quiet(&self) -> bool {
        self.share() < QUIET
    }
}

/// How contacts come.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Arrivals {
    /// The days that are counted.
    pub window: Window,
    /// Contacts on them.
    pub contacts: u64,
    /// Contacts before and after them.
    pub outside: u64,
    /// Contacts a day, over all days of which there are rows.
    pub per_day: f64,
    /// Monday to Sunday.
    pub weekdays: Vec<DayOfWeek>,
    /// Contacts by hour, from midnight; empty where times of day are not known.
    pub by_hour: Vec<u64>,
    /// The same for each weekday, Monday first.
    pub by_week_hour: Vec<Vec<u64>>,
    /// How much days differ beyond weekday and chance: coefficient of variation of the daily rate,
    /// without days that stand out.
    pub busyness_cv: f64,
    /// Days that stand out, in order.
    pub unusual: Vec<Unusual>,
    /// Days without any row where others of their weekday have many: missing, not quiet.
    pub missing: Vec<Date>,
    /// Contacts on each day of the window.
    pub daily: Vec<u64>,
}

impl Arrivals {
    /// Counts contacts on the days of a window.
    pub fn of(came: &[Came], window: Window) -> Arrivals {
        let inside = || came.iter().filter(|came| window.has(came.day));
        let contacts: u64 = inside().map(|came| came.contacts).sum();
        let all: u64 = came.iter().map(|came| came.contacts).sum();
        let count = counts(came);
        let daily: Vec<u64> =
            window.iter().map(|day| count.get(&day).copied().unwrap_or(0)).collect();
        let hours_known = contacts > 0 && inside().all(|came| came.hour.is_some());
        let mut by_week_hour = vec![vec![0; 24]; if hours_known { 7 } else { 0 }];
        for came in inside() {
            if let (Some(hour), true) = (came.hour, hours_known) {
                by_week_hour[weekday_of(came.day)][usize::from(hour)] += came.contacts;
            }
        }
        let by_hour = (0..if hours_known { 24 } else { 0 })
            .map(|hour| by_week_hour.iter().map(|hours| hours[hour]).sum())
            .collect();
        let around = |at: usize| usual_around(&daily, at);
        // A row that says zero says that nobody came.
        let has_row: BTreeSet<Date> = came.iter().map(|came| came.day).collect();
        let day_at = |at: usize| window.from.saturating_add((at as i64).days());
        let missing: Vec<usize> = (0..daily.len())
            .filter(|at| !has_row.contains(&day_at(*at)) && around(*at) >= ENOUGH)
            .collect();
        let date = |at: usize| window.from.saturating_add((at as i64).days());
        let unusual: Vec<Unusual> = (0..daily.len())
            .filter(|at| !missing.contains(at) && around(*at) >= ENOUGH)
            .map(|at| Unusual { date: date(at), contacts: daily[at], usual: around(at) })
            .filter(|day| day.is_quiet() || day.share() > BUSY)
            .filter(|day| {
                (day.contacts as f64 - day.usual).abs() > BEYOND_CHANCE * day.usual.sqrt()
            })
            .collect();
        let weekdays: Vec<DayOfWeek> = (0..7)
            .map(|weekday| {
                let days = (0..daily.len()).filter(|at| weekday_of(date(*at)) == weekday);
                let days = days.filter(|at| !missing.contains(at));
                day_of_week(weekday, days.map(|at| daily[at] as f64).collect())
            })
            .collect();
        let usual_days: Vec<(usize, f64)> = (0..daily.len())
            .filter(|at| !missing.contains(at))
            .filter(|at| !unusual.iter().any(|day| day.date == date(*at)))
            .map(|at| (weekday_of(date(at)), daily[at] as f64))
            .collect();
        Arrivals {
            window,
            contacts,
            outside: all - contacts,
            per_day: contacts as f64 / (daily.len() - missing.len()).max(1) as f64,
            weekdays,
            by_hour,
            by_week_hour,
            busyness_cv: busyness(&usual_days),
            unusual,
            missing: missing.into_iter().map(date).collect(),
            daily,
        }
    }

    /// Contacts on a usual day of a weekday, without the days that stand out.
    ///
    /// All of them, where none is like the others.
    pub fn usual(&self, weekday: usize) -> f64 {
        let stands_out = |date: Date| {
            self.missing.contains(&date) || self.unusual.iter().any(|day| day.date == date)
        };
        let days = self.window.iter().zip(&self.daily);
        let usual: Vec<f64> = days
            .filter(|(date, _)| weekday_of(*date) == weekday && !stands_out(*date))
            .map(|(_, contacts)| *contacts as f64)
            .collect();
        if usual.is_empty() { self.weekdays[weekday].mean } else { mean(&usual) }
    }

    /// The 168 weights of a usual week, Monday's first hour first: what each hour brings. Where times of
    /// day are not known, all hours of a day are alike.
    pub fn week(&self) -> Vec<f64> {
        let mut weights = Vec::with_capacity(168);
        for weekday in 0..7 {
            let usual = self.usual(weekday);
            let hours = self.by_week_hour.get(weekday);
            let sum: u64 = hours.map_or(0, |hours| hours.iter().sum());
            for hour in 0..24 {
                let share = match hours {
                    Some(hours) if sum > 0 => hours[hour] as f64 / sum as f64,
                    _ => 1.0 / 24.0,
                };
                weights.push(usual * share);
            }
        }
        weights
    }
}

/// Median count of the same weekday in the six weeks to either side of a day, itself left out; zero, which
/// nothing stands out from, where there are too few of these to say what is usual.
fn usual_around(daily: &[u64], at: usize) -> f64 {
    let weeks = (-6_i64..=6).filter(|week| *week != 0);
    let near = weeks.filter_map(|week| {
        let day = at as i64 + 7 * week;
        usize::try_from(day).ok().and_then(|day| daily.get(day)).map(|count| *count as f64)
    });
    let near: Vec<f64> = near.collect();
    if near.len() < LEAST_NEAR {
        return 0.0;
    }
    Ordered::new(near).quantile(0.5).unwrap_or(0.0)
}

fn day_of_week(weekday: usize, counts: Vec<f64>) -> DayOfWeek {
    let name = match weekday {
        0 => Weekday::Monday,
        1 => Weekday::Tuesday,
        2 => Weekday::Wednesday,
        3 => Weekday::Thursday,
        4 => Weekday::Friday,
        5 => Weekday::Saturday,
        _ => Weekday::Sunday,
    };
    let mean = mean(&counts);
    let spread = variance(&counts).filter(|_| mean > 0.0).map(|variance| variance / mean);
    DayOfWeek {
        name: format!("{name:?}"),
        days: counts.len(),
        contacts: counts.iter().sum::<f64>() as u64,
        mean,
        median: Ordered::new(counts).between(0.5).unwrap_or(0.0),
        var_to_mean: spread,
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Variance of a sample; nothing for fewer than two values.
fn variance(values: &[f64]) -> Option<f64> {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (values.len() > 1).then(|| squares / (values.len() - 1) as f64)
}

/// Coefficient of variation of the daily rate: what the days of a weekday vary beyond chance, over their
/// mean, pooled over the weekdays by how many they bring. The variance is that of each day and the next of
/// its weekday, so that what changes slowly over the year is none of it (von Neumann 1941).
fn busyness(days: &[(usize, f64)]) -> f64 {
    let (mut excess, mut squares) = (0.0, 0.0);
    for weekday in 0..7 {
        let of_weekday = days.iter().filter(|(day, _)| *day == weekday);
        let counts: Vec<f64> = of_weekday.map(|(_, count)| *count).collect();
        for pair in counts.windows(2) {
            let (difference, mean) = (pair[1] - pair[0], (pair[0] + pair[1]) / 2.0);
            excess += difference * difference / 2.0 - mean;
            // The product of two days is, on average, the square of their mean rate.
            squares += pair[0] * pair[1];
        }
    }
    if squares > 0.0 { (excess / squares).max(0.0).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Weeks from a Monday with so many contacts on each day of the week.
    fn weeks(count: usize, of_day: impl Fn(usize, usize) -> u64) -> Vec<Came> {
        let days = (0..7 * count).map(|at| Came {
            day: date(2026, 3, 2).saturating_add((at as i64).days()),
            hour: Some(10),
            contacts: of_day(at / 7, at % 7),
        });
        days.filter(|came| came.contacts > 0).collect()
    }

    fn window_of(came: &[Came]) -> Window {
        Window::of(came).unwrap()
    }

    #[test]
    fn leftovers_before_and_after_are_no_part_of_the_window() {
        let mut times = weeks(10, |week, day| match (week, day) {
            (0, _) => u64::from(day == 3),
            (8.., 5) => 2,
            (8.., _) => u64::from(week == 8),
            (_, 5..) => 4,
            _ => 40,
        });
        times.push(Came { day: date(2026, 11, 4), hour: Some(9), contacts: 1 });
        let window = window_of(&times);
        assert_eq!((window.from, window.until), (date(2026, 3, 9), date(2026, 4, 26)));
        assert_eq!(window.days(), 49);
        // A desk that is closed at weekends ends on a Friday.
        let closed = weeks(4, |_, day| if day < 5 { 30 } else { 0 });
        assert_eq!(window_of(&closed).until, date(2026, 3, 27));
        assert_eq!(Window::of(&[]), None);
    }

    #[test]
    fn holidays_and_missing_days_do_not_count_as_usual() {
        let times = weeks(8, |week, day| match (week, day) {
            (3, 2) => 0,
            (4, 1) => 20,
            (5, 0) => 200,
            _ => 100,
        });
        let arrivals = Arrivals::of(&times, window_of(&times));
        assert_eq!(arrivals.missing, [date(2026, 3, 25)]);
        let shares: Vec<f64> = arrivals.unusual.iter().map(Unusual::share).collect();
        assert_eq!(shares, [0.2, 2.0]);
        assert!(arrivals.unusual[0].is_quiet() && !arrivals.unusual[1].is_quiet());
        assert_eq!(arrivals.usual(1), 100.0);
        assert_eq!(arrivals.weekdays[1].mean, 90.0);
        assert_eq!(arrivals.weekdays[2].days, 7);
        assert_eq!(arrivals.busyness_cv, 0.0);
        assert_eq!(arrivals.week()[10], 100.0);
        assert_eq!(arrivals.week()[11], 0.0);
    }

    #[test]
    fn busyness_is_what_days_vary_beyond_chance() {
        // 90 and 110 in turn: two in a row have a variance of 200 beside a mean of 100.
        let times = weeks(8, |week, _| if week % 2 == 0 { 90 } else { 110 });
        let arrivals = Arrivals::of(&times, window_of(&times));
        let expected = ((200.0 - 100.0_f64) / 9900.0).sqrt();
        assert!((arrivals.busyness_cv - expected).abs() < 1e-12);
        assert_eq!(arrivals.weekdays[0].var_to_mean, Some(100.0 * 8.0 / 7.0 / 100.0));
    }
}
