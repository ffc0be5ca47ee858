//! Opening hours: when a desk is open, and how much open time lies between two instants.
//!
//! *In a manager's words*: "we work Monday to Friday nine to six, Saturdays until four, never at
//! Christmas." Agents' shifts follow a calendar, promises are counted on one, and the backlog is
//! judged at its closing times.
//!
//! *Assumption*: hours repeat weekly except on the dates listed. *Source*: help-desk products
//! (business schedules with holidays); D1, O18 of the catalogue.

use super::days::{Days, weekday_index};
use crate::problem::{Problem, Problems};
use crate::time::{SimDuration, SimTime};
use crate::written::{DayHours, Hours, Length, Moment, Named, TimeUnit, Written};
use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// From so many working days in a row on, a closure is none of the public holidays of every year.
const LONG: usize = 3;

/// Opening hours as written: spans of hours for days or ranges of days, and exceptions.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CalendarSpec {
    /// Hours of every day of the week.
    pub every_day: Option<Written<DayHours>>,
    /// Hours of Monday to Thursday.
    #[serde(rename = "mon-thu")]
    pub mon_thu: Option<Written<DayHours>>,
    /// Hours of Monday to Friday.
    #[serde(rename = "mon-fri")]
    pub mon_fri: Option<Written<DayHours>>,
    /// Hours of Monday to Saturday.
    #[serde(rename = "mon-sat")]
    pub mon_sat: Option<Written<DayHours>>,
    /// Hours of Saturday and Sunday.
    #[serde(rename = "sat-sun")]
    pub sat_sun: Option<Written<DayHours>>,
    /// Hours of Sunday to Thursday.
    #[serde(rename = "sun-thu")]
    pub sun_thu: Option<Written<DayHours>>,
    /// Hours of Mondays.
    pub mon: Option<Written<DayHours>>,
    /// Hours of Tuesdays.
    pub tue: Option<Written<DayHours>>,
    /// Hours of Wednesdays.
    pub wed: Option<Written<DayHours>>,
    /// Hours of Thursdays.
    pub thu: Option<Written<DayHours>>,
    /// Hours of Fridays.
    pub fri: Option<Written<DayHours>>,
    /// Hours of Saturdays.
    pub sat: Option<Written<DayHours>>,
    /// Hours of Sundays.
    pub sun: Option<Written<DayHours>>,
    /// Dates on which the desk stays closed.
    pub closed: Vec<Written<Moment>>,
    /// Dates with hours of their own, written as `"2026-12-24" = "09:00-13:00"`.
    pub special: Named<Written<DayHours>>,
}

impl CalendarSpec {
    /// The spans of one weekday (Monday 0). A single day is stronger than a range, a short range
    /// stronger than a long one.
    fn weekly(&self, weekday: usize) -> &[Hours] {
        let single = [&self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun];
        let ranges: [(&Option<Written<DayHours>>, &[usize]); 6] = [
            (&self.sat_sun, &[5, 6]),
            (&self.mon_thu, &[0, 1, 2, 3]),
            (&self.mon_fri, &[0, 1, 2, 3, 4]),
            (&self.sun_thu, &[6, 0, 1, 2, 3]),
            (&self.mon_sat, &[0, 1, 2, 3, 4, 5]),
            (&self.every_day, &[0, 1, 2, 3, 4, 5, 6]),
        ];
        let range = ranges.iter().find(|(hours, days)| hours.is_some() && days.contains(&weekday));
        let hours =
            single[weekday].as_ref().or_else(|| range.and_then(|(hours, _)| hours.as_ref()));
        hours.map_or(&[], |hours| &hours.value.0)
    }

    /// The same as years usually are: with public holidays, but open where it was to stay closed for
    /// `LONG` working days or more.
    pub fn usual(&self) -> CalendarSpec {
        let long = self.long_closures();
        let usual = |moment: &&Written<Moment>| !long.contains(&moment.0.date());
        CalendarSpec { closed: self.closed.iter().filter(usual).cloned().collect(), ..self.clone() }
    }

    /// Working days on which it stays closed in a row, where they are `LONG` or more.
    pub fn long_closures(&self) -> Vec<Date> {
        let works = |date: Date| !self.weekly(weekday_index(date.weekday())).is_empty();
        let dates = self.closed.iter().map(|moment| moment.0.date()).filter(|date| works(*date));
        let dates: BTreeSet<Date> = dates.collect();
        let mut long = Vec::new();
        let mut row: Vec<Date> = Vec::new();
        for date in dates {
            let goes_on = row.last().is_some_and(|last| {
                let between = last.series(1.day()).skip(1).take_while(|day| *day < date);
                between.into_iter().all(|day| !works(day))
            });
            if !goes_on {
                row.clear();
            }
            row.push(date);
            if row.len() == LONG {
                long.extend(&row);
            } else if row.len() > LONG {
                long.push(date);
            }
        }
        long
    }

    fn special_dates(&self) -> impl Iterator<Item = (Option<Date>, &Written<String>, &[Hours])> {
        self.special.iter().map(|(name, hours)| (name.parse().ok(), name, hours.value.0.as_slice()))
    }

    /// Reports dates that cannot be read or lie outside the run, and a calendar that never opens.
    pub fn check(&self, name: &Written<String>, days: &Days, problems: &mut Problems) {
        for (date, written, _) in self.special_dates() {
            if date.is_none() {
                problems.push(
                    Problem::error("wrong-date", format!("`{}` is not a date", written.value))
                        .at(written.span.clone(), "expected a date")
                        .help("write \"2026-12-24\" = \"09:00-13:00\""),
                );
            }
        }
        for (date, written, _) in self.special_dates() {
            if date.is_some_and(|date| days.index_of(date).is_none()) {
                problems.push(
                    Problem::warning(
                        "date-outside",
                        format!("{} lies outside the run", written.value),
                    )
                    .at(written.span.clone(), "these hours change nothing"),
                );
            }
        }
        self.check_overlaps(problems);
        for moment in &self.closed {
            if days.index_of(moment.0.date()).is_none() {
                problems.push(
                    Problem::warning(
                        "date-outside",
                        format!("{} lies outside the run", moment.0.date()),
                    )
                    .at(moment.span.clone(), "this closed day changes nothing"),
                );
            }
        }
        let weekly = (0..7).any(|weekday| !self.weekly(weekday).is_empty());
        if !weekly && self.special.0.is_empty() {
            problems.push(
                Problem::error(
                    "calendar-empty",
                    format!("the calendar `{}` never opens", name.value),
                )
                .at(name.span.clone(), "no hours given")
                .help("give hours such as mon-fri = \"09:00-18:00\""),
            );
        }
    }

    /// Reports hours of one day that overlap, or that run past midnight into those of the same day.
    fn check_overlaps(&self, problems: &mut Problems) {
        let ranges = [
            &self.every_day,
            &self.mon_thu,
            &self.mon_fri,
            &self.mon_sat,
            &self.sat_sun,
            &self.sun_thu,
        ];
        let days = [&self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun];
        let special = self.special.iter().map(|(_, hours)| hours);
        let ranges = ranges.into_iter().flatten().map(|hours| (hours, true));
        let days = days.into_iter().flatten().chain(special).map(|hours| (hours, false));
        for (written, is_range) in ranges.chain(days) {
            let mut spans = written.value.0.clone();
            if is_range {
                // A night runs into the same hours of the next day.
                let next = |hours: &Hours| Hours { from: hours.from + 1440, to: hours.to + 1440 };
                spans.extend(written.value.0.iter().map(next));
            }
            spans.sort_unstable_by_key(|hours| (hours.from, hours.to));
            if spans.windows(2).any(|pair| pair[1].from < pair[0].to) {
                problems.push(
                    Problem::warning("hours-overlap", "these hours overlap")
                        .at(written.span.clone(), "counted once where they do")
                        .help(
                            "for more people at some hours give a team groups with calendars of \
                             their own",
                        ),
                );
            }
        }
    }

    /// The open spans of every day of the run.
    pub fn compile(&self, days: &Days) -> Calendar {
        let closed: Vec<Date> = self.closed.iter().map(|moment| moment.0.date()).collect();
        let mut spans = Vec::new();
        for day in 0..days.len() {
            let date = days.date(day);
            let special = self.special_dates().find(|(special, _, _)| *special == Some(date));
            let hours = match special {
                Some((_, _, hours)) => hours,
                None if closed.contains(&date) => &[],
                None => self.weekly(weekday_index(date.weekday())),
            };
            for span in hours {
                let from = days.minute(day, u32::from(span.from));
                spans.push((from, days.minute(day, u32::from(span.to))));
            }
        }
        let weekly: u32 =
            (0..7).flat_map(|d| self.weekly(d)).map(|h| u32::from(h.to - h.from)).sum();
        let open_days = (0..7).filter(|d| !self.weekly(*d).is_empty()).count().max(1);
        let day = SimDuration::from_minutes(i64::from(weekly) / open_days as i64);
        Calendar::new(spans, day).with_week(SimDuration::from_minutes(i64::from(weekly)))
    }
}

/// Open hours over the run, ready for questions.
#[derive(Clone, PartialEq, Debug)]
pub struct Calendar {
    /// Open spans, sorted and apart.
    spans: Vec<Open>,
    /// Where to look for the spans that begin by an instant.
    by_start: Guide,
    /// Where to look for the spans before which less than so much open time lies.
    by_open_time: Guide,
    /// Length of a usual open day, what "a business day" means.
    business_day: SimDuration,
    /// Open time of a usual week.
    business_week: SimDuration,
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct Open {
    from: SimTime,
    to: SimTime,
    /// Open time in all earlier spans.
    before: SimDuration,
}

/// For ascending values: how many lie below a value, at least. Calendars are asked several times a
/// ticket; this saves them the search.
#[derive(Clone, PartialEq, Debug)]
struct Guide {
    first: i64,
    /// A cell is two to the power of this wide: a shift finds it.
    width: u32,
    /// By cell of that width: how many values lie below its lower end.
    below: Vec<u32>,
}

impl Guide {
    fn new(values: impl ExactSizeIterator<Item = i64> + Clone) -> Guide {
        // Four times as many cells as values, at most, leave hardly more than one to look at.
        let cells = 4 * values.len() + 1;
        let (first, last) =
            (values.clone().next().unwrap_or(0), values.clone().last().unwrap_or(0));
        let least = (last - first) / cells as i64 + 1;
        let width = (least as u64).next_power_of_two().trailing_zeros();
        let mut below = vec![0; cells + 1];
        for value in values {
            // Cells from the next one on have the value below their lower end.
            below[((value - first) >> width) as usize + 1] += 1;
        }
        for cell in 1..below.len() {
            below[cell] += below[cell - 1];
        }
        Guide { first, width, below }
    }

    #[inline]
    fn at_least(&self, value: i64) -> usize {
        if value < self.first {
            return 0;
        }
        let cell = (value.saturating_sub(self.first) >> self.width) as usize;
        self.below[cell.min(self.below.len() - 1)] as usize
    }
}

impl Calendar {
    /// A calendar from open spans; overlapping ones are joined. `business_day` is the length of a
    /// usual open day.
    pub fn new(mut spans: Vec<(SimTime, SimTime)>, business_day: SimDuration) -> Calendar {
        spans.sort_unstable();
        let mut joined: Vec<Open> = Vec::with_capacity(spans.len());
        let mut before = SimDuration::ZERO;
        for (from, to) in spans.into_iter().filter(|(from, to)| from < to) {
            match joined.last_mut() {
                Some(last) if from <= last.to => {
                    before += (to - last.to).at_least_zero();
                    last.to = last.to.max(to);
                }
                _ => {
                    joined.push(Open { from, to, before });
                    before += to - from;
                }
            }
        }
        let by_start = Guide::new(joined.iter().map(|span| (span.from - SimTime::ZERO).micros()));
        let by_open_time = Guide::new(joined.iter().map(|span| span.before.micros()));
        let business_week = business_day.scale(5.0);
        Calendar { spans: joined, by_start, by_open_time, business_day, business_week }
    }

    /// The same calendar with as much open time in a usual week; five usual days otherwise.
    fn with_week(self, business_week: SimDuration) -> Calendar {
        Calendar { business_week, ..self }
    }

    /// Open without a break between two instants.
    pub fn always(from: SimTime, to: SimTime) -> Calendar {
        Calendar::new(vec![(from, to)], SimDuration::from_days(1))
            .with_week(SimDuration::from_days(7))
    }

    /// Whether it is open at an instant.
    pub fn is_open(&self, at: SimTime) -> bool {
        let after = self.begun_by(at);
        after > 0 && at < self.spans[after - 1].to
    }

    /// How many spans begin at that instant or before.
    #[inline]
    fn begun_by(&self, at: SimTime) -> usize {
        let from = self.by_start.at_least((at - SimTime::ZERO).micros());
        from + self.spans[from..].iter().take_while(|span| span.from <= at).count()
    }

    /// Open time from the first span's start to an instant.
    #[inline]
    pub fn clock(&self, at: SimTime) -> SimDuration {
        let after = self.begun_by(at);
        let Some(span) = after.checked_sub(1).map(|last| self.spans[last]) else {
            return SimDuration::ZERO;
        };
        span.before + (at.min(span.to) - span.from)
    }

    /// Open time between two instants.
    pub fn open_between(&self, from: SimTime, to: SimTime) -> SimDuration {
        self.clock(to) - self.clock(from)
    }

    /// The first instant at which `open` more open time has passed since `from`; `NEVER` where
    /// the calendar ends before.
    pub fn after(&self, from: SimTime, open: SimDuration) -> SimTime {
        self.after_clock(from, self.clock(from), open)
    }

    /// The same for two spans, `NEVER` for one that is not.
    pub fn after_each(
        &self,
        from: SimTime,
        one: Option<SimDuration>,
        other: Option<SimDuration>,
    ) -> (SimTime, SimTime) {
        let clock = self.clock(from);
        let of = |span: Option<SimDuration>| {
            span.map_or(SimTime::NEVER, |span| self.after_clock(from, clock, span))
        };
        (of(one), of(other))
    }

    /// The first instant after `from`, when the clock shows that, at which so much more has passed.
    fn after_clock(&self, from: SimTime, clock: SimDuration, open: SimDuration) -> SimTime {
        let goal = clock + open;
        if open <= SimDuration::ZERO && self.is_open(from) {
            return from;
        }
        let next = self.by_open_time.at_least(goal.micros());
        let next = next + self.spans[next..].iter().take_while(|span| span.before < goal).count();
        let Some(span) = next.checked_sub(1).map(|last| self.spans[last]) else {
            return self.spans.first().map_or(SimTime::NEVER, |first| first.from.max(from));
        };
        let at = span.from + (goal - span.before);
        if at <= span.to { at.max(from) } else { SimTime::NEVER }
    }

    /// The open spans, in order.
    pub fn spans(&self) -> impl ExactSizeIterator<Item = (SimTime, SimTime)> {
        self.spans.iter().map(|span| (span.from, span.to))
    }

    /// What a written length means on this calendar: days become usual open days.
    pub fn span_of(&self, length: Length) -> SimDuration {
        match length.unit {
            TimeUnit::Day | TimeUnit::BusinessDay => self.business_day.scale(length.count),
            TimeUnit::Second | TimeUnit::Minute | TimeUnit::Hour | TimeUnit::BusinessHour => {
                length.wall()
            }
            // A week of promises is as much as the desk is open in one.
            TimeUnit::Week => self.business_week.scale(length.count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    fn desk(text: &str, days: &Days) -> Calendar {
        let spec: CalendarSpec = toml::from_str(text).unwrap();
        spec.compile(days)
    }

    fn hours(h: f64) -> SimTime {
        SimTime::from_hours(h)
    }

    #[test]
    fn a_guide_never_leads_too_far() {
        for values in [vec![], vec![5], vec![0, 1, 2, 3, 1000], vec![-7, -7, 3, 90, 90, 91]] {
            let guide = Guide::new(values.iter().copied());
            for asked in -10..1100 {
                let below = values.iter().filter(|value| **value < asked).count();
                assert!(guide.at_least(asked) <= below, "{asked} among {values:?}");
            }
            assert_eq!(guide.at_least(i64::MAX - 10), guide.at_least(1_000_000));
        }
    }

    #[test]
    fn open_time_skips_nights_weekends_and_holidays() {
        // Monday 14 December 2026, desk 9-18, closed on Tuesday.
        let days = Days::new(TimeZone::UTC, date(2026, 12, 14), 0, 14);
        let desk = desk("mon-fri = \"09:00-18:00\"\nclosed = [2026-12-15]", &days);
        assert!(
            !desk.is_open(hours(8.9)) && desk.is_open(hours(9.0)) && !desk.is_open(hours(18.0))
        );
        // Monday 17:00 to Wednesday 10:00 is one hour plus one hour.
        assert_eq!(desk.open_between(hours(17.0), hours(58.0)).hours(), 2.0);
        assert_eq!(desk.after(hours(17.0), SimDuration::from_hours(2.0)), hours(58.0));
        // Written at night, the clock starts in the morning.
        assert_eq!(desk.after(hours(20.0), SimDuration::from_hours(1.0)), hours(58.0));
        // Exactly at closing time is still in time.
        assert_eq!(desk.after(hours(17.0), SimDuration::from_hours(1.0)), hours(18.0));
        assert_eq!(desk.span_of(Length::new(2.0, TimeUnit::BusinessDay)).hours(), 18.0);
        assert_eq!(desk.after(hours(17.0), SimDuration::from_days(300)), SimTime::NEVER);
    }

    #[test]
    fn single_days_are_stronger_than_ranges_and_dates_than_both() {
        let days = Days::new(TimeZone::UTC, date(2026, 12, 21), 0, 7);
        let text = "every_day = \"08:00-12:00\"\nmon-fri = \"09:00-18:00\"\nfri = [\"09:00-12:00\", \"13:00-15:00\"]\n[special]\n\"2026-12-24\" = \"10:00-11:00\"\n";
        let lengths: Vec<f64> = {
            let desk = desk(text, &days);
            (0..7)
                .map(|d| desk.open_between(days.midnight(d), days.midnight(d + 1)).hours())
                .collect()
        };
        assert_eq!(lengths, [9.0, 9.0, 9.0, 1.0, 5.0, 4.0, 4.0]);
    }

    #[test]
    fn a_night_shift_crosses_midnight_and_joins_the_next() {
        let days = Days::plain(0, 3);
        let night = desk("every_day = [\"22:00-06:00\", \"06:00-07:00\"]", &days);
        assert_eq!(night.open_between(hours(20.0), hours(44.0)).hours(), 9.0);
        assert_eq!(night.spans().next(), Some((hours(6.0), hours(7.0))));
        assert_eq!(night.spans().nth(1), Some((hours(22.0), hours(31.0))));
    }
}
