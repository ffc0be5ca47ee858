//! Dates as places on an axis, and the days at which an axis is marked.

use super::ChartError;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::{Span, ToSpan};

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Reads a local date, or date and time, as days since 1970: 2026-12-01, 2026-12-01T18:00:00.
pub(super) fn day_number(text: &str) -> Result<f64, ChartError> {
    let at: DateTime =
        text.parse().map_err(|source| ChartError::Date { text: text.to_owned(), source })?;
    Ok(at.duration_since(EPOCH).as_secs_f64() / 86_400.0)
}

/// The date on which that moment lies.
pub(super) fn date(day: f64) -> Date {
    moment(day).date()
}

fn moment(day: f64) -> DateTime {
    // Far beyond every horizon, and still inside the calendar.
    let minutes = (day.clamp(-700_000.0, 2_900_000.0) * 1440.0).round() as i64;
    let whole = minutes.div_euclid(1440);
    let rest = minutes.rem_euclid(1440);
    EPOCH.saturating_add(whole.days()).saturating_add(rest.minutes())
}

fn number(date: Date) -> f64 {
    date.to_datetime(jiff::civil::Time::midnight()).duration_since(EPOCH).as_secs_f64() / 86_400.0
}

/// "14 December", with the year where the reader could doubt it.
pub(super) fn spelled(day: f64, with_year: bool) -> String {
    let date = date(day);
    let month = MONTHS[usize::from(date.month().unsigned_abs().clamp(1, 12)) - 1];
    let tied = '\u{a0}';
    if with_year {
        format!("{}{tied}{month}{tied}{}", date.day(), date.year())
    } else {
        format!("{}{tied}{month}", date.day())
    }
}

/// "14 Dec", with the year where the reader could doubt it.
pub(super) fn short(day: f64, with_year: bool) -> String {
    let date = date(day);
    let tied = '\u{a0}';
    if with_year {
        format!("{}{tied}{}{tied}{}", date.day(), month(date), date.year())
    } else {
        format!("{}{tied}{}", date.day(), month(date))
    }
}

fn month(date: Date) -> &'static str {
    &MONTHS[usize::from(date.month().unsigned_abs().clamp(1, 12)) - 1][..3]
}

/// "Mon", …
pub(super) fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

/// A marked place on a time axis.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Tick {
    /// Where, in days since 1970.
    pub(super) at: f64,
    /// What is written there.
    pub(super) label: String,
    /// What is written below it, where something new begins: a day, a year.
    pub(super) below: Option<String>,
}

/// How far apart the marks of an axis are.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Pace {
    Hours(i64),
    Days,
    Weeks(i64),
    Months(i16),
    Years(i16),
}

impl Pace {
    /// From the finest to the coarsest.
    const ALL: [Pace; 17] = [
        Pace::Hours(1),
        Pace::Hours(2),
        Pace::Hours(3),
        Pace::Hours(6),
        Pace::Hours(12),
        Pace::Days,
        Pace::Weeks(1),
        Pace::Weeks(2),
        Pace::Months(1),
        Pace::Months(3),
        Pace::Months(6),
        Pace::Years(1),
        Pace::Years(2),
        Pace::Years(5),
        Pace::Years(10),
        Pace::Years(50),
        Pace::Years(1000),
    ];

    fn days(self) -> f64 {
        match self {
            Pace::Hours(hours) => hours as f64 / 24.0,
            Pace::Days => 1.0,
            Pace::Weeks(weeks) => 7.0 * weeks as f64,
            Pace::Months(months) => 30.4 * f64::from(months),
            Pace::Years(years) => 365.25 * f64::from(years),
        }
    }

    /// The last mark at or before a moment.
    fn mark_before(self, at: DateTime) -> DateTime {
        let date = at.date();
        let midnight = |date: Date| date.to_datetime(jiff::civil::Time::midnight());
        match self {
            Pace::Hours(hours) => {
                let hour = i64::from(at.hour()) / hours * hours;
                midnight(date).saturating_add(hour.hours())
            }
            Pace::Days => midnight(date),
            Pace::Weeks(_) => {
                let past = date.weekday().to_monday_zero_offset();
                midnight(date.saturating_sub(i64::from(past).days()))
            }
            Pace::Months(months) => {
                let month = (i16::from(date.month()) - 1) / months * months + 1;
                midnight(Date::new(date.year(), month as i8, 1).unwrap_or(date))
            }
            Pace::Years(years) => {
                midnight(Date::new(date.year().div_euclid(years) * years, 1, 1).unwrap_or(date))
            }
        }
    }

    fn span(self) -> Span {
        match self {
            Pace::Hours(hours) => hours.hours(),
            Pace::Days => 1.day(),
            Pace::Weeks(weeks) => (7 * weeks).days(),
            Pace::Months(months) => months.months(),
            Pace::Years(years) => years.years(),
        }
    }
}

/// The marks of an axis from one day to another that is so many pixels long.
pub(super) fn ticks(from: f64, to: f64, pixels: f64) -> Vec<Tick> {
    const ROOM: f64 = 58.0;
    let per_day = pixels / (to - from).max(1e-6);
    let enough = |pace: &Pace| pace.days() * per_day >= ROOM;
    let pace = Pace::ALL.into_iter().find(enough).unwrap_or(Pace::Years(1000));
    let mut ticks: Vec<Tick> = Vec::new();
    let mut at = pace.mark_before(moment(from));
    let mut before: Option<DateTime> = None;
    // An axis of `pixels` has room for fewer than that; the bound is against the calendar's end.
    for _ in 0..1000 {
        let day = at.duration_since(EPOCH).as_secs_f64() / 86_400.0;
        if day > to + 1e-6 {
            break;
        }
        if day >= from - 1e-6 {
            ticks.push(tick(pace, at, before));
            before = Some(at);
        }
        let next = at.saturating_add(pace.span());
        if next <= at {
            break;
        }
        at = next;
    }
    ticks
}

fn tick(pace: Pace, at: DateTime, before: Option<DateTime>) -> Tick {
    let day = number(at.date());
    let new_year = before.is_none_or(|before| before.year() != at.year());
    let new_day = before.is_none_or(|before| before.date() != at.date());
    let year = || new_year.then(|| at.year().to_string());
    let (label, below) = match pace {
        Pace::Hours(_) => {
            let named = format!("{} {}", weekday(at.date()), short(day, false));
            (format!("{:02}:{:02}", at.hour(), at.minute()), new_day.then_some(named))
        }
        Pace::Days => (short(day, false), Some(weekday(at.date()).to_owned())),
        Pace::Weeks(_) => (short(day, false), year()),
        Pace::Months(_) => (month(at.date()).to_owned(), year()),
        Pace::Years(_) => (at.year().to_string(), None),
    };
    Tick { at: at.duration_since(EPOCH).as_secs_f64() / 86_400.0, label, below }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: &str, to: &str) -> Vec<String> {
        ticks(day_number(from).unwrap(), day_number(to).unwrap(), 1080.0)
            .into_iter()
            .map(|tick| match tick.below {
                Some(below) => format!("{}/{below}", tick.label),
                None => tick.label,
            })
            .map(|label| label.replace('\u{a0}', " "))
            .collect()
    }

    #[test]
    fn weeks_are_marked_on_mondays() {
        let marks = labels("2026-11-18", "2027-02-08");
        assert_eq!(marks[..3], ["23 Nov/2026", "30 Nov", "7 Dec"]);
        assert_eq!(marks[6], "4 Jan/2027");
        assert_eq!(marks.len(), 12);
    }

    #[test]
    fn short_horizons_are_marked_in_hours_and_long_ones_in_months() {
        let hours = labels("2026-11-16", "2026-11-19");
        assert_eq!(hours[..3], ["00:00/Mon 16 Nov", "06:00", "12:00"]);
        assert_eq!(hours[4], "00:00/Tue 17 Nov");
        let days = labels("2026-11-16", "2026-11-30");
        assert_eq!(days[..2], ["16 Nov/Mon", "17 Nov/Tue"]);
        let months = labels("2026-11-16", "2027-11-15");
        assert_eq!(months[..2], ["Dec/2026", "Jan/2027"]);
        let years = labels("2026-11-16", "2031-11-15");
        assert_eq!(years[..3], ["Jan/2027", "Jul", "Jan/2028"]);
        assert!(labels("0001-01-01", "9999-01-01").len() > 5);
    }

    #[test]
    fn dates_are_read_and_spelled() {
        let day = day_number("2026-12-14T18:00:00").unwrap();
        assert_eq!(day - day_number("2026-12-14").unwrap(), 0.75);
        assert_eq!(spelled(day, false), "14\u{a0}December");
        assert_eq!(short(day, true), "14\u{a0}Dec\u{a0}2026");
        assert!(matches!(day_number("soon"), Err(ChartError::Date { .. })));
    }
}
