//! Times as exports write them: ISO, day first, month first, run together, or seconds since 1970.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// A point of time in a row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct When {
    /// The instant: of an hour that comes twice the one that is written, else the first.
    pub instant: Timestamp,
    /// The same on the clocks of the desk.
    pub local: DateTime,
}

impl When {
    /// What the clocks of a zone show: the first instant at which they do, or would without a change.
    pub fn of_local(local: DateTime, zone: &TimeZone) -> When {
        When { instant: first_of(local, zone), local }
    }
}

/// Whether 3/4 is the third of April or the fourth of March.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// 31/12/2026.
    DayFirst,
    /// 12/31/2026.
    MonthFirst,
}

/// A date, or a date and time, as ISO 8601 writes them. Where it has a zone of its own it is turned into
/// the desk's. (Parsed as a `Date`, a time would be dropped without a word.)
pub fn moment(text: &str, zone: &TimeZone) -> Option<DateTime> {
    let text = text.trim();
    if let Some(text) = text.strip_suffix(" UTC") {
        return moment(&format!("{text}Z"), zone);
    }
    let has_zone = text.get(10..).is_some_and(|time| time.contains(['Z', 'z', '+', '-', '[']));
    if has_zone {
        Some(zone.to_datetime(text.parse::<Timestamp>().ok()?))
    } else {
        text.parse().ok()
    }
}

/// The instant that a text stands for which reads as that time.
pub fn instant(text: &str, at: DateTime, zone: &TimeZone) -> Timestamp {
    let text = text.trim();
    let text = text.strip_suffix(" UTC").map_or(text.to_string(), |text| format!("{text}Z"));
    text.parse().unwrap_or_else(|_| first_of(at, zone))
}

/// The first instant at which the clocks of a zone show that time, or would without a change.
fn first_of(at: DateTime, zone: &TimeZone) -> Timestamp {
    let zoned = zone.to_ambiguous_zoned(at).compatible();
    zoned.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// What a column of times says of the order of days and months: nothing where every date could be read
/// both ways, or none is written that way.
///
/// *Errors*: a text that is the one and another that is the other.
pub fn order_of<'a>(
    texts: impl Iterator<Item = &'a str>,
) -> Result<Option<Order>, (String, String)> {
    let mut found: Option<(Order, &str)> = None;
    for text in texts {
        let Some((first, second, mark)) = leading(text) else { continue };
        let order = match (first > 12, second > 12) {
            (true, false) => Order::DayFirst,
            (false, true) => Order::MonthFirst,
            // Nobody writes points between month and day.
            (false, false) if mark == '.' => Order::DayFirst,
            _ => continue,
        };
        match found {
            Some((before, other)) if before != order => {
                return Err((other.to_string(), text.to_string()));
            }
            _ => found = Some((order, text)),
        }
    }
    Ok(found.map(|(order, _)| order))
}

/// Whether reading a text takes the order of days and months.
pub fn needs_order(text: &str) -> bool {
    leading(text).is_some_and(|(_, _, mark)| mark != '.')
}

/// The first two numbers of a date that does not begin with its year, and what stands between them.
fn leading(text: &str) -> Option<(u32, u32, char)> {
    let mark = text.chars().find(|c| !c.is_ascii_digit())?;
    let mut parts = text.trim().split(mark);
    let (first, second) = (parts.next()?, parts.next()?);
    let is_short = |part: &str| (1..=2).contains(&part.len());
    let is_date = matches!(mark, '/' | '.' | '-') && is_short(first) && is_short(second);
    is_date.then_some((first.parse().ok()?, second.parse().ok()?, mark))
}

/// Reads a time in any of these forms.
pub fn read(text: &str, order: Option<Order>, zone: &TimeZone) -> Option<When> {
    let text = &plainly(text);
    if let Some(local) = moment(text, zone) {
        return Some(When { instant: instant(text, local, zone), local });
    }
    if text.len() >= 10 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return since_1970(text, zone);
    }
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let local = date(day, order)?.to_datetime(time_of_day(time.trim())?);
    Some(When::of_local(local, zone))
}

/// The same with a date in one word (05-Jan-2026 for Jan 05, 2026) and a zone as ISO writes it.
fn plainly(text: &str) -> String {
    let text = text.trim().replace(',', " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = match words.as_slice() {
        [day, month, year, rest @ ..] if month_named(month).is_some() && year.len() == 4 => {
            format!("{day}-{month}-{year} {}", rest.join(" "))
        }
        [month, day, year, rest @ ..] if month_named(month).is_some() && year.len() == 4 => {
            format!("{day}-{month}-{year} {}", rest.join(" "))
        }
        _ => words.join(" "),
    };
    // +0200, perhaps after a blank, for +02:00.
    let zone = text.len().checked_sub(5).and_then(|at| Some((text.get(..at)?, text.get(at..)?)));
    match zone {
        Some((time, zone))
            if time.contains(':')
                && zone.starts_with(['+', '-'])
                && zone[1..].bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            format!("{}{}:{}", time.trim_end(), &zone[..3], &zone[3..])
        }
        _ => text.trim().to_string(),
    }
}

/// Seconds, or milliseconds where there are 13 digits.
fn since_1970(digits: &str, zone: &TimeZone) -> Option<When> {
    let number: i64 = digits.parse().ok()?;
    let instant = match digits.len() {
        10 => Timestamp::from_second(number).ok()?,
        13 => Timestamp::from_millisecond(number).ok()?,
        _ => return None,
    };
    Some(When { instant, local: zone.to_datetime(instant) })
}

/// 31/12/2026, 12/31/26, 5.3.2016, 05/Mar/16, 2026/12/31, 20261231, 991231.
fn date(text: &str, order: Option<Order>) -> Option<Date> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let year = text.len().checked_sub(4)?;
        let year = (matches!(year, 2 | 4)).then(|| text.split_at(year))?;
        return Date::new(in_full(year.0)?, year.1[..2].parse().ok()?, year.1[2..].parse().ok()?)
            .ok();
    }
    let mut parts = text.split(['/', '.', '-']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, month, day) = match (a.len(), month_named(b)) {
        (4, _) => (a, b.parse().ok()?, c.parse().ok()?),
        (_, Some(month)) => (c, month, a.parse().ok()?),
        (_, None) if order? == Order::DayFirst => (c, b.parse().ok()?, a.parse().ok()?),
        (_, None) => (c, a.parse().ok()?, b.parse().ok()?),
    };
    Date::new(in_full(year)?, month, day).ok()
}

/// A year of two digits lies between 1970 and 2069.
fn in_full(year: &str) -> Option<i16> {
    let number: i16 = year.parse().ok()?;
    Some(match (year.len(), number) {
        (2, 70..) => 1900 + number,
        (2, _) => 2000 + number,
        _ => number,
    })
}

/// The month whose English name begins so.
fn month_named(text: &str) -> Option<i8> {
    const MONTHS: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
    let start = text.get(..3).filter(|start| start.bytes().all(|b| b.is_ascii_alphabetic()))?;
    let at = MONTHS.find(&start.to_ascii_lowercase())?;
    (at % 3 == 0).then_some((at / 3) as i8 + 1)
}

/// 9:30, 09:30:15, 9:30 PM; midnight where nothing stands.
fn time_of_day(text: &str) -> Option<Time> {
    if text.is_empty() {
        return Some(Time::midnight());
    }
    let lower = text.to_ascii_lowercase();
    let (clock, half) = match lower.strip_suffix("am").or(lower.strip_suffix("pm")) {
        Some(clock) => (clock.trim_end(), lower.chars().rev().nth(1)),
        None => (lower.as_str(), None),
    };
    let mut parts = clock.split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    let second = parts.next().map_or(Some(0.0), |part| part.parse::<f64>().ok())?;
    let hour = match half {
        Some('p') if hour < 12 => hour + 12,
        Some('a') if hour == 12 => 0,
        _ => hour,
    };
    Time::new(hour, minute, second as i8, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_forms_of_exports_are_read() {
        let zone = TimeZone::get("America/Vancouver").unwrap();
        let at = |hour, minute| date(2016, 3, 5).at(hour, minute, 0, 0);
        let day_first = Some(Order::DayFirst);
        for (text, order, expected) in [
            ("5/3/2016 01:16", day_first, at(1, 16)),
            ("3/5/2016 1:16 PM", Some(Order::MonthFirst), at(13, 16)),
            ("05.03.2016", day_first, at(0, 0)),
            ("05/Mar/16 12:05 AM", None, at(0, 5)),
            ("5-March-2016 9:30", None, at(9, 30)),
            ("2016/03/05 09:30:00", None, at(9, 30)),
            ("20160305 0930", None, at(9, 30)),
            ("160305 9:30:00", None, at(9, 30)),
            ("2016-03-05T20:30:00+03:00", None, at(9, 30)),
            ("1457199000", None, at(9, 30)),
            ("2016-03-05 20:30:00 +0300", None, at(9, 30)),
            ("05 Mar 2016 09:30", None, at(9, 30)),
            ("Mar 05, 2016 09:30 AM", None, at(9, 30)),
            ("1457199000000", None, at(9, 30)),
        ] {
            let read = read(text, order, &zone).map(|when| when.local);
            assert_eq!(read, Some(expected), "{text}");
        }
        for text in ["", "?", "3/4/2016", "yesterday", "32/1/2016", "1/13/2016", "12345"] {
            let order = (text != "3/4/2016").then_some(Order::DayFirst);
            assert_eq!(read(text, order, &zone), None, "{text}");
        }
    }

    #[test]
    fn a_column_tells_whether_days_come_first() {
        let of = |texts: &[&'static str]| order_of(texts.iter().copied());
        assert_eq!(of(&["5/3/2016", "29/2/2016 01:16"]), Ok(Some(Order::DayFirst)));
        assert_eq!(of(&["5/3/2016", "2/29/2016 01:16"]), Ok(Some(Order::MonthFirst)));
        assert_eq!(of(&["5/3/2016", "?", "2016-03-05"]), Ok(None));
        assert_eq!(of(&["5.3.2016"]), Ok(Some(Order::DayFirst)));
        assert!(of(&["13/1/2016", "1/13/2016"]).is_err());
        assert!(needs_order("5/3/2016") && !needs_order("2016-03-05"));
    }
}
