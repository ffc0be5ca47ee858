//! Arrivals from a file of counts: what happened, or what is expected (decision 10).

use super::{Demand, grows};
use crate::model::arrivals::{
    ArrivalProcess, ArrivalsSpec, CountsAs, CountsSpec, Interval, Piece, Placement, Rows,
};
use crate::model::days::weekday_index;
use crate::model::growth::Growth;
use crate::model::profile::Profile;
use crate::model::surge::Surge;
use crate::problem::{Problem, Problems};
use crate::scenario::files::{Meaning, Number, Table, spoken};
use crate::stats::quantile::Ordered;
use crate::time::SimTime;
use crate::written::{Length, TimeUnit, Written};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeSet;

impl Demand<'_> {
    /// Arrivals as a file counts them.
    pub(super) fn by_counts(
        &self,
        (spec, all): (&CountsSpec, &ArrivalsSpec),
        profile: &Profile,
        surges: &[&Surge],
        problems: &mut Problems,
    ) -> ArrivalProcess {
        let rows = spec.rows.as_ref().map_or_else(Default::default, |rows| rows.value);
        let usual = if rows == Rows::Tickets { Interval::Hour } else { Interval::Day };
        let minutes = spec.interval.as_ref().map_or(usual, |interval| interval.value).minutes();
        let written = spec.counts.as_ref().map_or(CountsAs::Exact, |counts| counts.value);
        let number = if written == CountsAs::Exact { Number::Count } else { Number::Mean };
        let zone = self.context.days.zone();
        let meaning = Meaning { zone, minutes: Some(minutes), number };
        let columns = (spec.time.as_ref(), spec.count.as_ref());
        let series = Table::read(&spec.file, self.sources, problems).and_then(|table| match rows {
            Rows::Counts => table.series(columns, &meaning, problems),
            Rows::Tickets => table.counted(spec.time.as_ref(), &meaning, problems),
        });
        let Some(mut series) = series else { return ArrivalProcess::none() };
        if let Some(later) = &spec.later {
            let Some(weeks) = whole_weeks(later, problems) else { return ArrivalProcess::none() };
            series.iter_mut().for_each(|(at, _)| *at = at.saturating_add(weeks.weeks()));
        }
        // Usual days did not happen: there is chance around them.
        let exact = written == CountsAs::Exact && !self.calm;
        if exact && !surges.is_empty() {
            problems.push(
                Problem::error(
                    "surge-on-history",
                    "a surge cannot multiply counts that really happened",
                )
                .at(spec.file.span.clone(), "exact counts")
                .help("write counts = \"mean\", or name only other tickets in the surge"),
            );
        }
        warn_of_idle_keys(all, spec, written, problems);
        let blocks = self.blocks(&series, minutes, &spec.file, problems);
        let mut pieces = Vec::new();
        let mut counts = Vec::new();
        for (block, (from, to, count)) in blocks.iter().enumerate() {
            let weights = self.weights(*from, *to, profile);
            let sum: f64 = weights.iter().map(|(_, _, weight)| weight).sum();
            for (start, end, weight) in weights {
                // Where the profile has nobody, they were there all the same.
                let share = if sum > 0.0 {
                    weight / sum
                } else {
                    (end - start).hours() / (*to - *from).hours()
                };
                let base = count * share / (end - start).micros() as f64;
                if exact {
                    pieces.push(Piece { from: start, rate: base, block: block as u32 });
                } else {
                    let day = self.context.days.day_of(start) as u32;
                    self.push_pieces(&mut pieces, (start, end), base, day, Growth::NONE, surges);
                }
            }
            counts.push(count.round() as u32);
        }
        let mut process = ArrivalProcess::poisson(pieces, self.context.end);
        if exact {
            process.placement = Placement::Exact(counts);
        }
        process
    }

    /// The counted intervals of the run: (from, to, count). The warm-up, the calm companion and
    /// what is missing take the usual count of that interval of the week in the weeks around it.
    fn blocks(
        &self,
        series: &[(DateTime, f64)],
        minutes: u32,
        file: &Written<String>,
        problems: &mut Problems,
    ) -> Vec<(SimTime, SimTime, f64)> {
        let days = self.context.days;
        let count_at = counts_by_time(series, minutes);
        let first_day = days.day_of(SimTime::ZERO);
        let mut missing = Vec::new();
        let mut blocks = Vec::new();
        for day in 0..days.len() {
            for minute in (0..1440).step_by(minutes as usize) {
                let (from, to) = (days.minute(day, minute), days.minute(day, minute + minutes));
                if to <= from || to <= self.start || from >= self.context.end {
                    continue;
                }
                let at = days.date(day).at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
                if minute > 0 && days.civil(from) != at {
                    continue; // clocks skip it
                }
                let counted = count_at(at).filter(|_| day >= first_day);
                let known = counted.filter(|_| !self.calm);
                let count = known.unwrap_or_else(|| {
                    let is_gap = day >= first_day && !self.calm;
                    if day >= first_day && counted.is_none() {
                        missing.push(at);
                    }
                    let around = if day >= first_day {
                        day
                    } else {
                        first_day + (day + 7 * 52 - first_day) % 7
                    };
                    let date = days.date(around).to_datetime(at.time());
                    usual_of_weekday(date, if is_gap { GAP_WEEKS } else { CALM_WEEKS }, &count_at)
                });
                blocks.push((from, to, count));
            }
        }
        let all = (days.len() - first_day) * 1440 / minutes as usize;
        if missing.len() * 2 > all {
            let span = series.first().zip(series.last());
            let has = span.map_or_else(String::new, |(first, last)| {
                format!("; it has {} to {}", first.0.date(), last.0.date())
            });
            problems.push(
                Problem::error(
                    "counts-missing",
                    format!("{} does not cover the run{has}", file.value),
                )
                .at(file.span.clone(), "this file")
                .help(
                    "let the run take place on days that it has, or write later = \"52 weeks\" to \
                     take last year's for this year's",
                ),
            );
        } else if let Some(first) = missing.first() {
            problems.push(
                Problem::warning(
                    "counts-missing",
                    match missing.len() {
                        1 => format!("{} is missing from {}", spoken(*first), file.value),
                        n => format!(
                            "{n} intervals are missing from {}, the first on {}",
                            file.value,
                            spoken(*first)
                        ),
                    },
                )
                .at(file.span.clone(), "filled with the median of the same weekday around them"),
            );
        }
        blocks
    }

    /// The hours of an interval with their weights: (from, to, weight).
    fn weights(
        &self,
        from: SimTime,
        to: SimTime,
        profile: &Profile,
    ) -> Vec<(SimTime, SimTime, f64)> {
        let days = self.context.days;
        let mut parts = Vec::new();
        let mut at = from;
        while at < to {
            let civil = days.civil(at);
            let day = days.day_of(at);
            let next = days.minute(day, (i32::from(civil.hour()) as u32 + 1) * 60);
            let until = if next > at { next.min(to) } else { to };
            let weight = profile.weight(days.weekday(day), civil.hour() as usize);
            parts.push((at, until, weight * (until - at).hours()));
            at = until;
        }
        parts
    }
}

/// By how many weeks; other lengths would move weekdays.
fn whole_weeks(later: &Written<Length>, problems: &mut Problems) -> Option<i64> {
    let weeks = match later.value.unit {
        TimeUnit::Week => later.value.count,
        TimeUnit::Day => later.value.count / 7.0,
        TimeUnit::Second | TimeUnit::Minute | TimeUnit::Hour => f64::NAN,
        TimeUnit::BusinessHour | TimeUnit::BusinessDay => f64::NAN,
    };
    if weeks.fract() == 0.0 && weeks.abs() <= MOST_WEEKS_LATER {
        return Some(weeks as i64);
    }
    problems.push(
        Problem::error("counts-shifted", "counts can be moved by whole weeks only")
            .at(later.span.clone(), "a Monday would not stay a Monday")
            .help("write later = \"52 weeks\""),
    );
    None
}

/// Counts are taken as they are: says which keys beside them change nothing.
fn warn_of_idle_keys(
    spec: &ArrivalsSpec,
    counts: &CountsSpec,
    written: CountsAs,
    problems: &mut Problems,
) {
    let busyness = spec.busyness_cv.as_ref().filter(|cv| cv.value.0 != 0.0).map(|cv| &cv.span);
    let batches = spec.batches.as_ref().map(|batches| &batches.span);
    let history = written == CountsAs::Exact;
    let tickets = counts.rows.as_ref().is_some_and(|rows| rows.value == Rows::Tickets);
    if let Some(count) = counts.count.as_ref().filter(|_| tickets) {
        problems.push(
            Problem::warning("fixed-arrivals", "each row is a ticket: `count` changes nothing")
                .at(count.span.clone(), "this")
                .help("leave it out, or write rows = \"counts\""),
        );
    }
    for (key, span) in [
        ("growth_per_year", grows(spec)),
        ("busyness_cv", busyness.filter(|_| history)),
        ("batches", batches.filter(|_| history)),
    ] {
        let Some(span) = span else { continue };
        let counted = if history { "what was counted" } else { "a forecast" };
        let message = format!("{counted} is taken as it is: `{key}` changes nothing");
        let help = if key == "growth_per_year" {
            "leave it out"
        } else {
            "write counts = \"mean\" for chance around the counts"
        };
        problems.push(
            Problem::warning("fixed-arrivals", message)
                .at(span.clone(), "this")
                .at(counts.file.span.clone(), "beside these counts")
                .help(help),
        );
    }
}

/// The count of an interval, by when it begins. Where rows are shorter than a day, none stands for none: on
/// a day with others, and on days of the week that mostly have no row, as when a desk is closed.
fn counts_by_time(
    series: &[(DateTime, f64)],
    minutes: u32,
) -> impl Fn(DateTime) -> Option<f64> + use<'_> {
    let days: BTreeSet<Date> = series.iter().map(|(at, _)| at.date()).collect();
    let span = days.first().copied().zip(days.last().copied());
    let weeks =
        span.map_or(0, |(first, last)| first.until(last).map_or(0, |days| days.get_days() / 7 + 1));
    let mut rows = [0; 7];
    days.iter().for_each(|day| rows[weekday_index(day.weekday())] += 1);
    move |at: DateTime| {
        if let Ok(found) = series.binary_search_by_key(&at, |(at, _)| *at) {
            return Some(series[found].1);
        }
        let is_within = span.is_some_and(|(first, last)| (first..=last).contains(&at.date()));
        let is_closed = 2 * rows[weekday_index(at.date().weekday())] < weeks;
        (minutes < 1440 && is_within && (days.contains(&at.date()) || is_closed)).then_some(0.0)
    }
}

/// Counts older than this say nothing of today.
const MOST_WEEKS_LATER: f64 = 53.0 * 20.0;

/// Weeks to either side from which a gap is filled.
const GAP_WEEKS: i64 = 4;

/// Weeks to either side that say what is usual: half a year, lest a rush of weeks be its own measure.
const CALM_WEEKS: i64 = 13;

/// Median count of the same time on the same weekday in the weeks around a time: one storm among them does
/// not move it.
fn usual_of_weekday(at: DateTime, weeks: i64, count_at: &impl Fn(DateTime) -> Option<f64>) -> f64 {
    let near = (-weeks..=weeks).filter_map(|week| count_at(at.saturating_add(week.weeks())));
    Ordered::new(near.collect()).quantile(0.5).unwrap_or(0.0)
}
