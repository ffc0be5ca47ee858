//! From written arrivals to an arrival process: profile, growth, surges, counts.

mod counts;

use super::source::Sources;
use crate::model::arrivals::{ArrivalProcess, ArrivalsSpec, Batches, Incidents, Piece, Placement};
use crate::model::busyness::{BUSYNESS_CV, Busyness};
use crate::model::context::{Context, amount};
use crate::model::growth::{self, Growth};
use crate::model::profile::{self, Profile, ProfileSpec};
use crate::model::surge::Surge;
use crate::problem::{Problem, Problems, Span, grouped};
use crate::time::{SimDuration, SimTime};
use crate::written::{Named, Written};

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
}

/// Whether arrivals are to grow, and where that is written.
fn grows(spec: &ArrivalsSpec) -> Option<&Span> {
    spec.growth_per_year.as_ref().filter(|growth| growth.value.0 != 0.0).map(|growth| &growth.span)
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
