//! From written arrivals to an arrival process: profile, growth, surges, counts.

use super::files::{Meaning, Number, Table, spoken};
use super::source::Sources;
use crate::model::arrivals::{
    ArrivalProcess, ArrivalsSpec, Batches, CountsAs, CountsSpec, Incidents, Piece, Placement,
};
use crate::model::busyness::{BUSYNESS_CV, Busyness};
use crate::model::context::{Context, amount};
use crate::model::days::weekday_index;
use crate::model::growth::{self, Growth};
use crate::model::profile::{self, Profile, ProfileSpec};
use crate::model::surge::Surge;
use crate::problem::{Problem, Problems, Span, grouped};
use crate::stats::quantile::Ordered;
use crate::time::{SimDuration, SimTime};
use crate::written::{Named, Written};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeSet;

/// Most arrivals a day of one class: beyond it no desk and no memory can follow.
const MOST_PER_DAY: f64 = 10e6;

/// Most regular arrivals of one class: they are all listed in memory.
const MOST_LISTED: u64 = 10_000_000;

/// What all classes' arrivals share.
pub struct Demand<'a> {
    /// Names, days, calendars.
    pub context: &'a Context<'a>,
    /// The scenario's own profiles.
    pub profiles: &'a Named<ProfileSpec>,
    /// When the simulation begins.
    pub start: SimTime,
    /// The scenario's texts, for files beside them.
    pub sources: &'a Sources,
    /// How many customers the scenario says it has.
    pub customers: Option<u32>,
    /// Whether counted days are replaced by usual ones, as in the calm companion.
    pub calm: bool,
}

impl Demand<'_> {
    /// The arrivals of a class, given the surges that concern it.
    pub fn compile(
        &self,
        class: &Written<String>,
        spec: &ArrivalsSpec,
        surges: &[&Surge],
        problems: &mut Problems,
    ) -> ArrivalProcess {
        let profile = match &spec.profile {
            Some(name) => {
                profile::find(name, self.profiles, problems).unwrap_or_else(Profile::flat)
            }
            None => Profile::flat(),
        };
        let counts = spec.counts.as_ref().map(|counts| &counts.file.span);
        let every = spec.every.as_ref().map(|every| &every.span);
        let rates = [&spec.per_day, &spec.per_hour, &spec.per_week];
        let rate = rates.into_iter().flatten().map(|rate| rate.span.clone()).next();
        let rate = rate.or(spec.contacts().span()).or(counts.and(every).cloned());
        if let (Some(rate), Some(other)) = (rate, counts.or(every)) {
            problems.push(
                Problem::error("two-rates", "arrivals that are counted or regular have no rate")
                    .at(rate, "so many")
                    .at(other.clone(), "and these")
                    .help("keep one of them"),
            );
        }
        let mut process = match &spec.counts {
            Some(counts) => self.by_counts((counts, spec), &profile, surges, problems),
            None => match &spec.every {
                Some(every) => {
                    if grows(spec).is_some() || !surges.is_empty() {
                        problems.push(
                            Problem::warning(
                                "fixed-arrivals",
                                "arrivals at fixed times neither surge nor grow",
                            )
                            .at(every.span.clone(), "one after each such time, whatever happens")
                            .help("write per_hour or per_day for arrivals that can"),
                        );
                    }
                    self.regular(every.value.wall(), &every.span, problems)
                }
                None => self.by_rate(class, spec, &profile, surges, problems),
            },
        };
        let poisson = process.placement == Placement::Poisson;
        let cv = amount(&spec.busyness_cv, BUSYNESS_CV.value);
        if poisson && cv > 0.0 {
            let limits = 0.001..=3.0;
            if !limits.contains(&cv) {
                let span = spec.busyness_cv.as_ref().map_or(0..0, |cv| cv.span.clone());
                problems.push(
                    Problem::error(
                        "wrong-busyness",
                        "a busyness_cv is 0, or lies between 0.001 and 3",
                    )
                    .at(span, "this spread"),
                );
            }
            process.busyness = Some(Busyness::new(cv.clamp(0.001, 3.0)));
        }
        let batches = spec.batches.as_ref().and_then(|shares| batches(shares, problems));
        // Who came with others has been counted.
        process.batches = batches.filter(|_| !matches!(process.placement, Placement::Exact(_)));
        if let Some(incidents) = &spec.incidents {
            let (calm, lasts) = (incidents.every.value.wall(), incidents.lasts.value.wall());
            let least = SimDuration::from_minutes(1);
            if calm < least || lasts < least || !poisson {
                problems.push(
                    Problem::error(
                        "wrong-incidents",
                        "incidents need times of at least a minute, and a rate they can lift",
                    )
                    .at(incidents.every.span.clone(), "these incidents")
                    .help("write every = \"60 d\", lasts = \"8 h\" beside a per_day"),
                );
            } else if incidents.lift.value.0 != 0.0 {
                let lift = 1.0 + incidents.lift.value.0;
                let (calm, lasts) = (calm.micros() as f64, lasts.micros() as f64);
                process.incidents = Some(Incidents::two_level(calm, lasts, lift));
            }
        }
        process
    }

    fn by_rate(
        &self,
        class: &Written<String>,
        spec: &ArrivalsSpec,
        profile: &Profile,
        surges: &[&Surge],
        problems: &mut Problems,
    ) -> ArrivalProcess {
        let rates = [(&spec.per_day, 1.0), (&spec.per_hour, 24.0), (&spec.per_week, 1.0 / 7.0)];
        let mut written: Vec<(f64, Span)> = Vec::new();
        for (rate, per_day) in rates {
            written.extend(rate.as_ref().map(|rate| (rate.value.0 * per_day, rate.span.clone())));
        }
        if let Some(span) = spec.contacts().span() {
            let Some(per_day) = spec.contacts().per_day(self.customers, problems) else {
                return ArrivalProcess::none();
            };
            written.push((per_day, span));
        }
        let (per_day, span) = match &written[..] {
            [one] => one.clone(),
            [] => {
                problems.push(
                    Problem::error(
                        "no-arrivals",
                        format!("how many `{}` tickets come is not said", class.value),
                    )
                    .at(class.span.clone(), "this ticket class")
                    .help("write arrivals = { per_day = 200 }"),
                );
                return ArrivalProcess::none();
            }
            [first, second, ..] => {
                problems.push(
                    Problem::error("two-rates", "two arrival rates for one class")
                        .at(second.1.clone(), "the second")
                        .at(first.1.clone(), "the first")
                        .help("keep one of them"),
                );
                first.clone()
            }
        };
        if per_day > MOST_PER_DAY {
            problems.push(
                Problem::error(
                    "too-many-arrivals",
                    format!(
                        "{} arrivals a day are more than the {} that can be simulated",
                        grouped(per_day as u64),
                        grouped(MOST_PER_DAY as u64)
                    ),
                )
                .at(span, "this rate"),
            );
            return ArrivalProcess::none();
        }
        let growth = growth::compile(spec, problems);
        let days = self.context.days;
        let mut pieces = Vec::new();
        for day in 0..days.len() {
            for hour in 0..24 {
                let from = days.minute(day, hour * 60);
                let to = days.minute(day, hour * 60 + 60);
                if to <= from || to <= self.start || from >= self.context.end {
                    continue;
                }
                let per_hour = per_day / 24.0 * profile.weight(days.weekday(day), hour as usize);
                let base = per_hour / SimDuration::from_minutes(60).micros() as f64;
                self.push_pieces(&mut pieces, (from, to), base, day as u32, growth, surges);
            }
        }
        pieces
            .dedup_by(|later, earlier| later.rate == earlier.rate && later.block == earlier.block);
        ArrivalProcess::poisson(pieces, self.context.end)
    }

    /// One hour, cut where a surge bends or counting begins; each part at its middle's factor.
    fn push_pieces(
        &self,
        pieces: &mut Vec<Piece>,
        (from, to): (SimTime, SimTime),
        base: f64,
        block: u32,
        growth: Growth,
        surges: &[&Surge],
    ) {
        let mut cuts = vec![from];
        let bends = surges.iter().flat_map(|surge| surge.shape.bends()).chain([SimTime::ZERO]);
        cuts.extend(bends.filter(|bend| *bend > from && *bend < to));
        cuts.sort_unstable();
        cuts.dedup();
        for (index, start) in cuts.iter().enumerate() {
            let end = cuts.get(index + 1).copied().unwrap_or(to);
            let middle = *start + (end - *start).scale(0.5);
            // The warm-up is calm: no surge, no growth.
            let mut rate = base;
            if *start >= SimTime::ZERO {
                rate *= growth.factor(middle.hours() / (365.25 * 24.0));
                rate *= surges.iter().map(|surge| surge.shape.factor(middle)).product::<f64>();
            }
            pieces.push(Piece { from: *start, rate: rate.max(0.0), block });
        }
    }

    fn regular(&self, every: SimDuration, span: &Span, problems: &mut Problems) -> ArrivalProcess {
        let mut process = ArrivalProcess::none();
        if every < SimDuration::from_seconds(1) {
            problems.push(
                Problem::error("too-many-arrivals", "regular arrivals are at least a second apart")
                    .at(span.clone(), "here"),
            );
            return process;
        }
        let length = self.context.end - SimTime::ZERO;
        let count = length.micros() / every.micros();
        if count as u64 > MOST_LISTED {
            problems.push(
                Problem::error(
                    "too-many-arrivals",
                    format!(
                        "{} regular arrivals in one run are more than the {} that can be listed",
                        grouped(count as u64),
                        grouped(MOST_LISTED)
                    ),
                )
                .at(span.clone(), "here")
                .help("write a rate such as per_day = 1000"),
            );
            return process;
        }
        let at = |i: i64| SimTime::ZERO + SimDuration::from_micros(every.micros() * i);
        process.placement = Placement::Listed((0..=count).map(at).collect());
        process.end = self.context.end;
        process
    }

    fn by_counts(
        &self,
        (spec, all): (&CountsSpec, &ArrivalsSpec),
        profile: &Profile,
        surges: &[&Surge],
        problems: &mut Problems,
    ) -> ArrivalProcess {
        let minutes = spec.interval.as_ref().map_or_else(Default::default, |i| i.value).minutes();
        let written = spec.counts.as_ref().map_or(CountsAs::Exact, |counts| counts.value);
        let number = if written == CountsAs::Exact { Number::Count } else { Number::Mean };
        let zone = self.context.days.zone();
        let meaning = Meaning { zone, minutes: Some(minutes), number };
        let columns = (spec.time.as_ref(), spec.count.as_ref());
        let series = Table::read(&spec.file, self.sources, problems)
            .and_then(|table| table.series(columns, &meaning, problems));
        let Some(series) = series else { return ArrivalProcess::none() };
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
                let share = if sum > 0.0 { weight / sum } else { 0.0 };
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
                .help("let the run take place on days that it has"),
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

/// Whether arrivals are to grow, and where that is written.
fn grows(spec: &ArrivalsSpec) -> Option<&Span> {
    spec.growth_per_year.as_ref().filter(|growth| growth.value.0 != 0.0).map(|growth| &growth.span)
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

fn batches(
    shares: &Written<Vec<crate::written::Share>>,
    problems: &mut Problems,
) -> Option<Batches> {
    let mut sum = 0.0;
    let p_up_to: Vec<f64> = shares
        .value
        .iter()
        .map(|share| {
            sum += share.0;
            sum
        })
        .collect();
    if (sum - 1.0).abs() > 1e-6 {
        problems.push(
            Problem::error(
                "shares-sum",
                format!("these shares sum to {:.0}%, not 100%", sum * 100.0),
            )
            .at(shares.span.clone(), "shares of batches of 1, 2, 3 …"),
        );
        return None;
    }
    // Where everybody comes alone there are no batches.
    (p_up_to[0] < 1.0).then_some(Batches { p_up_to })
}
