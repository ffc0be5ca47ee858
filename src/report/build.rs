//! From a forecast to `Results`: every figure that reports and charts are made from.

use super::results::{
    About, Ages, AtRate, ChaserRate, Clearance, ClearedBy, DefaultResult, Definition, Event,
    FORMAT, Flows, Hours, MeasureResult, Naive, Peak, Provenance, QUANTILES, Results, Runs, Scope,
    Series, Snowball, Timeline, WeekResult, stays_behind,
};
use super::text::STOPPED;
use crate::experiment::controls::busyness_controls;
use crate::experiment::ensemble::{Ensemble, PointSums, SERIES};
use crate::experiment::forecast::Forecast;
use crate::experiment::naive::{divide, pile};
use crate::experiment::target::ChosenBy;
use crate::ids::{ClassId, TeamId};
use crate::model::Model;
use crate::model::chasers::PER_DAY;
use crate::model::load::{Load, new_tickets, productive_hours};
use crate::outcome::measure::{MEASURES, Measure, find};
use crate::outcome::recorder::AGE_HOURS;
use crate::outcome::row::Row;
use crate::scenario::compile::{Compiled, Happening};
use crate::scenario::explain::{InForce, Origin};
use crate::stats::control::Controls;
use crate::stats::{Estimate, mean, paired, proportion, quantile::Ordered, ratio};
use crate::ticket::Cause;
use crate::time::{SimDuration, SimTime};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Closes in the band, as a share, that make an ordinary season at least; calm weeks have 95 %.
const ORDINARY: f64 = 0.90;

/// The commonest day in the week with most of some days, the earliest of equal ones. The middle of all
/// could be one on which nothing happens.
fn commonest(days: &[usize]) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for day in days {
        *counts.entry(*day).or_default() += 1;
    }
    let in_week = |first: usize| counts.range(first..first + 7).map(|(_, n)| *n).sum::<usize>();
    let first = counts.keys().copied().max_by_key(|first| (in_week(*first), Reverse(*first)))?;
    let week = counts.range(first..first + 7);
    week.max_by_key(|(day, n)| (**n, Reverse(**day))).map(|(day, _)| *day)
}

/// What a forecast does not know itself.
pub struct Setting<'a> {
    /// The compiled scenario.
    pub compiled: &'a Compiled,
    /// Name of its time zone.
    pub time_zone: &'a str,
    /// Digest of its text.
    pub digest: String,
    /// What the command line changed in it.
    pub changes: Vec<String>,
    /// The seed.
    pub seed: u64,
    /// Confidence of the intervals.
    pub level: f64,
    /// All values in force.
    pub in_force: Vec<InForce>,
    /// Warnings of `check`, in a line each.
    pub notes: Vec<String>,
    /// Where the figures come from.
    pub provenance: Provenance,
}

/// All figures of a forecast. Nothing where no replication was done.
pub fn results(forecast: &Forecast, setting: &Setting<'_>) -> Option<Results> {
    let season = forecast.season();
    let model = &setting.compiled.model;
    let indices: Vec<u64> = season.rows.iter().map(|row| row.index).collect();
    let controls = busyness_controls(model, setting.seed, &indices);
    Builder { forecast, setting, model, season, controls }.results()
}

/// A value that nobody wrote, with what is known about it.
fn default(value: &InForce) -> Option<DefaultResult> {
    let evidence = value.evidence.filter(|_| !value.is_written())?;
    Some(DefaultResult {
        key: value.key.clone(),
        value: value.value.clone(),
        low: evidence.range.0,
        high: evidence.range.1,
        unit: evidence.unit.to_string(),
        grade: evidence.grade.to_string(),
        source: evidence.source.to_string(),
    })
}

fn definition(measure: &Measure) -> Definition {
    Definition {
        key: measure.key.to_string(),
        title: measure.title.to_string(),
        unit: measure.unit,
        definition: measure.definition.to_string(),
    }
}

struct Builder<'a> {
    forecast: &'a Forecast,
    setting: &'a Setting<'a>,
    model: &'a Model,
    season: Ensemble,
    /// How busy the seasons happened to be.
    controls: Controls,
}

impl Builder<'_> {
    fn results(&self) -> Option<Results> {
        let peak = self.peak()?;
        let clearance = self.clearance(&peak)?;
        Some(Results {
            format: FORMAT,
            scenario: self.about(),
            runs: self.runs(),
            clearance,
            peak,
            measures: self.measures(),
            definitions: MEASURES.iter().map(definition).collect(),
            timeline: self.timeline(),
            flows: self.flows(),
            ages: self.ages(),
            weeks: self.weeks(),
            hours: self.hours(),
            events: self.events(),
            snowball: self.snowball(),
            chaser_rate: self.chaser_rate(),
            defaults: self.setting.in_force.iter().filter_map(default).collect(),
            notes: self.notes(),
            provenance: self.setting.provenance.clone(),
        })
    }

    fn date(&self, at: SimTime) -> String {
        self.model.days.civil(at).date().to_string()
    }

    fn moment(&self, at: SimTime) -> String {
        let civil = self.model.days.civil(at);
        civil.strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }

    fn close(&self, close: u32) -> SimTime {
        // A close at midnight belongs to the day it ends.
        let frame = &self.forecast.frame;
        frame.census[frame.closes[close as usize] as usize] - SimDuration::from_micros(1)
    }

    fn about(&self) -> About {
        let model = self.model;
        let last = model.end - SimDuration::from_micros(1);
        About {
            name: model.name.clone(),
            start: self.date(SimTime::ZERO),
            end: self.date(last),
            weeks: self.forecast.frame.without_clock_changes(SimTime::ZERO, model.end).days() / 7.0,
            time_zone: self.setting.time_zone.to_string(),
            tickets: model.classes.iter().map(|class| class.name.clone()).collect(),
            teams: model.teams.iter().map(|team| team.name.clone()).collect(),
            digest: self.setting.digest.clone(),
            changes: self.setting.changes.clone(),
        }
    }

    fn runs(&self) -> Runs {
        Runs {
            done: self.season.len() as u64,
            asked: self.forecast.asked,
            partial: !self.forecast.complete,
            truncated: self.truncated(),
            cap: u64::from(self.model.cap),
            seed: self.setting.seed,
            adjusted: self.controls.is_any(),
        }
    }

    fn truncated(&self) -> u64 {
        self.season.rows.iter().filter(|row| row.run.truncated).count() as u64
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let (truncated, all) = (self.truncated(), self.season.len());
        if truncated > 0 {
            notes.push(format!(
                "{truncated} of {all} runs were stopped because their backlog passed {}: {STOPPED}",
                self.model.cap
            ));
            let early = self.season.rows.iter().filter(|row| row.run.micros == 0).count();
            if early > 0 {
                notes.push(format!(
                    "{early} of them in the warm-up, of which nothing is counted: raise backlog_cap"
                ));
            }
        }
        if !self.forecast.complete {
            notes.push(format!(
                "interrupted: {all} of {} replications are done",
                self.forecast.asked
            ));
        }
        notes.extend(self.setting.notes.iter().cloned());
        notes
    }

    fn peak(&self) -> Option<Peak> {
        let level = self.setting.level;
        let beyond = f64::from(self.model.cap) + 1.0;
        let of = |row: &Row| if row.run.truncated { beyond } else { row.run.peak as f64 };
        let values = self.season.values(of);
        let backlog = self.controls.mean(&values, level)?;
        let ordered = Ordered::new(values);
        let quantiles = [0.05, 0.50, 0.95].map(|p| ordered.quantile(p).unwrap_or(f64::NAN));
        let days = self.season.rows.iter().map(|row| {
            self.model.days.day_of(SimTime::from_micros(row.run.peak_micros).max(SimTime::ZERO))
        });
        let date = self.date(self.model.days.midnight(commonest(&days.collect::<Vec<_>>())?));
        Some(Peak { backlog, quantiles, date })
    }

    fn clearance(&self, peak: &Peak) -> Option<Clearance> {
        let (level, rows, target) = (self.setting.level, &self.season.rows, &self.forecast.target);
        let n = rows.len() as u64;
        let share = |is: &dyn Fn(&Row) -> bool| {
            proportion::estimate(rows.iter().filter(|row| is(row)).count() as u64, n, level)
        };
        let last = target.last_judged(self.forecast.frame.closes.len());
        let judged = 0..last.map_or(0, |last| last as u32 + 1);
        let dates = |is: &dyn Fn(&Row, u32) -> bool| -> Vec<ClearedBy> {
            let by = |close| {
                let p = share(&|row| is(row, close))?;
                Some(ClearedBy { date: self.date(self.close(close)), p })
            };
            judged.clone().filter_map(by).collect()
        };
        let by_date = dates(&|row, close| row.judgement.cleared_by(close));
        let for_good = dates(&|row, close| row.judgement.settled_by(close));
        let days: Vec<f64> = rows
            .iter()
            .map(|row| match (row.judgement.piled_up, row.judgement.cleared) {
                (None, _) => -1.0,
                (Some(_), Some(close)) => f64::from(close),
                (Some(_), None) => f64::INFINITY,
            })
            .collect();
        let ordered = Ordered::new(days);
        let quantiles = [0.05, 0.50, 0.95].map(|p| {
            let close = ordered.quantile(p).filter(|close| close.is_finite())?;
            Some(self.date(if close < 0.0 { SimTime::ZERO } else { self.close(close as u32) }))
        });
        let closes_above = self.season.values(|row| f64::from(row.judgement.closes_above));
        let closes = self.forecast.frame.closes.len().max(1) as f64;
        let in_band =
            self.season.values(|row| 1.0 - f64::from(row.judgement.closes_above) / closes);
        // Whatever is planned may make an ordinary season one in which something piles up.
        let falls_behind = self.forecast.band.by == ChosenBy::HalfADay && stays_behind(&for_good);
        let in_band = self.controls.mean(&in_band, level).map(|share| share.within(0.0, 1.0));
        let in_band = in_band.filter(|share| {
            self.setting.compiled.ordinary && (falls_behind || share.value >= ORDINARY)
        });
        Some(Clearance {
            in_band,
            target: target.at_most,
            closes: target.closes,
            target_from: self.forecast.band.by.describe().to_string(),
            target_interval: self.forecast.band.within,
            never_above: rows.iter().filter(|row| row.judgement.piled_up.is_none()).count() as u64,
            by_date,
            for_good,
            quantiles,
            within_horizon: share(&|row| row.judgement.cleared_by(u32::MAX))?,
            days_above: self.controls.mean(&closes_above, level)?.within(0.0, f64::INFINITY),
            relapse: share(&|row| row.judgement.relapses > 0)?,
            naive: self.naive(peak),
        })
    }

    fn naive(&self, peak: &Peak) -> Naive {
        let days = &self.model.days;
        let day = days.index_of(peak.date.parse().unwrap_or_default());
        let peak_at = day.map_or(SimTime::ZERO, |day| days.midnight(day)).max(SimTime::ZERO);
        let (backlog, from) = pile(self.model, peak.backlog.value, peak_at);
        let division = divide(self.model, backlog, from);
        let date = division.days.filter(|days| *days < 36_525.0).map(|days| {
            let at = from + SimDuration::from_hours(days * 24.0);
            self.date(at)
        });
        Naive { backlog, slack_per_day: division.slack_per_day, days: division.days, date }
    }

    fn measures(&self) -> Vec<MeasureResult> {
        let (level, rows) = (self.setting.level, &self.season.rows);
        let mut all = Vec::new();
        let mut push = |measure: &Measure, scope: Scope, pairs: Vec<(f64, f64)>| {
            // Where some replications have nothing to say, the others are no sample of known busyness.
            let says = |(n, d): &(f64, f64)| *n != 0.0 || *d != 0.0;
            let estimate = if pairs.iter().all(says) {
                self.controls.ratio(&pairs, level)
            } else {
                let pairs: Vec<(f64, f64)> = pairs.iter().copied().filter(says).collect();
                ratio::estimate(&pairs, level)
            };
            let estimate = estimate.map(|estimate| measure.possible(estimate, &pairs));
            all.push(MeasureResult { key: measure.key.to_string(), scope, estimate });
        };
        for measure in MEASURES {
            push(measure, Scope::Desk, rows.iter().map(|row| measure.of_desk(row)).collect());
        }
        for (index, class) in self.model.classes.iter().enumerate() {
            for measure in MEASURES {
                let pairs: Option<Vec<_>> =
                    rows.iter().map(|row| measure.of_class(row, index)).collect();
                if let Some(pairs) = pairs {
                    push(measure, Scope::Tickets(class.name.clone()), pairs);
                }
            }
        }
        for (index, team) in self.model.teams.iter().enumerate() {
            for measure in MEASURES {
                let pairs: Option<Vec<_>> =
                    rows.iter().map(|row| measure.of_team(row, index)).collect();
                if let Some(pairs) = pairs {
                    push(measure, Scope::Team(team.name.clone()), pairs);
                }
            }
        }
        all
    }

    /// Quantiles of a series at every point, none above the cap.
    fn quantiles(&self, points: &[PointSums], series: usize) -> Vec<[f64; 5]> {
        let cap = f64::from(self.model.cap);
        let at = |point: &PointSums| {
            QUANTILES.map(|p| point.series[series].quantile(p).unwrap_or(0.0).min(cap))
        };
        points.iter().map(at).collect()
    }

    fn timeline(&self) -> Timeline {
        let frame = &self.forecast.frame;
        let points = &self.forecast.points;
        let n = self.season.len() as f64;
        let sums = &self.season.sums.points;
        let series = SERIES.iter().enumerate().map(|(index, (key, title))| Series {
            key: (*key).to_string(),
            title: (*title).to_string(),
            quantiles: self.quantiles(sums, index),
            mean: sums.iter().map(|point| point.sums[index] as f64 / n).collect(),
        });
        Timeline {
            at: points.iter().map(|point| self.moment(frame.census[*point as usize])).collect(),
            is_close: points
                .iter()
                .map(|point| frame.closes.binary_search(point).is_ok())
                .collect(),
            series: series.collect(),
        }
    }

    /// What comes in and what can be worked off, on every day: closed days bring tickets too.
    fn flows(&self) -> Flows {
        let model = self.model;
        let (first, last) = (model.days.day_of(SimTime::ZERO), model.days.len());
        let mut planned = (model, Load::new(model));
        let whole_run = planned.1.hours_per_ticket(SimTime::ZERO, model.end);
        let mut flows = Flows::default();
        for day in first..last {
            let from = model.days.midnight(day).max(SimTime::ZERO);
            let to = model.days.midnight(day + 1).min(model.end);
            if from >= to {
                continue;
            }
            let (mut new, mut offered, mut staffed) = (0.0, 0.0, 0.0);
            for (from, to) in model.stretches(from, to) {
                let classes = (0..model.classes.len()).map(ClassId::new);
                let teams = || (0..model.teams.len()).map(TeamId::new);
                let desk = model.planned_at(from);
                if !std::ptr::eq(desk, planned.0) {
                    planned = (desk, Load::new(desk));
                }
                let load = &planned.1;
                new += classes.map(|class| new_tickets(desk, class, from, to)).sum::<f64>();
                offered += teams().map(|team| load.offered_hours(team, from, to)).sum::<f64>();
                staffed += teams().map(|team| productive_hours(desk, team, from, to)).sum::<f64>();
            }
            // A day on which nothing comes says nothing about what a ticket takes.
            let today = (new > 0.0 && offered > 0.0).then(|| offered / new);
            flows.on.push(self.date(from));
            flows.new.push(new);
            flows.capacity.push(today.or(whole_run).map_or(0.0, |per_ticket| staffed / per_ticket));
        }
        flows
    }

    fn ages(&self) -> Ages {
        let n = self.season.len() as f64;
        let mut buckets = Vec::new();
        let mut young = 0;
        for hours in AGE_HOURS {
            buckets.push(if hours <= 48 {
                format!("{young}-{hours} h")
            } else {
                format!("{}-{} d", young / 24, hours / 24)
            });
            young = hours;
        }
        buckets.push(format!("over {} d", young / 24));
        let closes = 0..self.forecast.frame.closes.len() as u32;
        Ages {
            buckets,
            at: closes.map(|close| self.date(self.close(close))).collect(),
            mean: self
                .season
                .sums
                .ages
                .iter()
                .map(|ages| ages.iter().map(|sum| *sum as f64 / n).collect())
                .collect(),
        }
    }

    fn weeks(&self) -> Vec<WeekResult> {
        let n = self.season.len() as f64;
        let (level, rows) = (self.setting.level, &self.season.rows);
        let attainment = |week: usize, kept: usize| {
            let pairs: Vec<(f64, f64)> = rows
                .iter()
                .filter_map(|row| row.promises.get(week))
                .map(|p| (p[kept] as f64, (p[kept] + p[kept + 1]) as f64))
                .collect();
            ratio::estimate(&pairs, level).map(|share| share.within(0.0, 1.0))
        };
        let hours = |micros: u64| micros as f64 / 3.6e9 / n;
        let week = |(index, sums): (usize, &crate::experiment::ensemble::WeekSums)| WeekResult {
            from: self.date(self.forecast.frame.week_starts[index]),
            created: sums.created as f64 / n,
            solved: sums.solved as f64 / n,
            reply_attainment: attainment(index, 0),
            solution_attainment: attainment(index, 2),
            work_hours: sums.work_micros.iter().map(|micros| hours(*micros)).collect(),
            staffed_hours: hours(sums.staffed_micros),
        };
        self.season.sums.weeks.iter().enumerate().map(week).collect()
    }

    fn hours(&self) -> Hours {
        let n = self.season.len() as f64;
        let mut counted = vec![0_u32; self.season.sums.load_micros.len()];
        for hour in &self.forecast.frame.hour_of_week {
            counted[usize::from(*hour)] += 1;
        }
        let mean = |sums: &[u64]| -> Vec<f64> {
            let per_hour =
                |(sum, count): (&u64, &u32)| *sum as f64 / 3.6e9 / n / f64::from((*count).max(1));
            sums.iter().zip(&counted).map(per_hour).collect()
        };
        Hours {
            causes: Cause::ALL.iter().map(|cause| cause.title().to_string()).collect(),
            load: mean(&self.season.sums.load_micros),
            staff: mean(&self.season.sums.staffed_micros),
            rostered: self.rostered(&counted),
        }
    }

    /// By hour of the week, in what share of its hours anybody is on the roster for half of it.
    fn rostered(&self, counted: &[u32]) -> Vec<f64> {
        let hours = &self.forecast.frame.hour_of_week;
        let mut manned = vec![false; hours.len()];
        let pools = self.model.pools.iter().filter(|pool| pool.seats > 0);
        for (from, to) in pools.flat_map(|pool| &pool.spans) {
            let hour = |at: SimTime| (at.hours().round().max(0.0) as usize).min(manned.len());
            let (first, last) = (hour(*from), hour(*to));
            manned[first..last.max(first)].fill(true);
        }
        let mut on = vec![0_u32; counted.len()];
        for (hour, manned) in hours.iter().zip(manned) {
            on[usize::from(*hour)] += u32::from(manned);
        }
        on.iter().zip(counted).map(|(on, of)| f64::from(*on) / f64::from((*of).max(1))).collect()
    }

    fn events(&self) -> Vec<Event> {
        let within = |happening: &&Happening| happening.at < self.model.end;
        let event = |happening: &Happening| Event {
            at: self.moment(happening.at.max(SimTime::ZERO)),
            until: happening.until.map(|until| self.moment(until.min(self.model.end))),
            label: happening.label.clone(),
            kind: happening.kind.to_string(),
        };
        self.setting.compiled.happenings.iter().filter(within).map(event).collect()
    }

    /// The season at the ends of the range of the chasers' rate, where it was run.
    fn chaser_rate(&self) -> Option<ChaserRate> {
        let (level, work) = (self.setting.level, &self.forecast.work);
        let n = work.chasers.iter().map(Ensemble::len).min().filter(|n| *n > 0)?;
        let at = |rate: f64, ensemble: &Ensemble| {
            let figures = |figure: &dyn Fn(&Row) -> f64| {
                let values: Vec<f64> = ensemble.rows.iter().take(n).map(figure).collect();
                let usual: Vec<f64> = work.first.rows.iter().take(n).map(figure).collect();
                let difference = paired::mean_difference(&values, &usual, level);
                mean::estimate(&values, level)
                    .map(|mean| mean.within(0.0, f64::INFINITY))
                    .zip(difference)
            };
            let (peak, peak_difference) = figures(&|row| row.run.peak as f64)?;
            let days = |row: &Row| f64::from(row.judgement.closes_above);
            let (days_above, days_difference) = figures(&days)?;
            Some(AtRate { rate, peak, peak_difference, days_above, days_difference })
        };
        let (low, high) = PER_DAY.range;
        let at = [at(low, &work.chasers[0])?, at(high, &work.chasers[1])?];
        let is_default = |default: &&InForce| {
            default.origin == Origin::Default
                && default.evidence.is_some_and(|evidence| evidence.key == PER_DAY.key)
        };
        let class = |default: &InForce| default.key.split('.').nth(1).map(str::to_string);
        let tickets = self.setting.in_force.iter().filter(is_default).filter_map(class).collect();
        Some(ChaserRate { tickets, default: PER_DAY.value, replications: n as u64, at })
    }

    fn snowball(&self) -> Option<Snowball> {
        let (with, without) = (&self.forecast.work.first, &self.forecast.work.without_loops);
        if without.is_empty() || with.len() != without.len() {
            return None;
        }
        let level = self.setting.level;
        let difference = |figure: &dyn Fn(&Row) -> f64| {
            paired::mean_difference(&with.values(figure), &without.values(figure), level)
        };
        let amplification: Option<Estimate> = find("amplification").and_then(|measure| {
            let pairs: Vec<_> = with.rows.iter().map(|row| measure.of_desk(row)).collect();
            ratio::estimate(&pairs, level)
        });
        Some(Snowball {
            loops: self.loops(),
            replications: with.len() as u64,
            without: self.quantiles(&without.sums.points, 0),
            with: self.quantiles(&with.sums.points, 0),
            peak_difference: difference(&|row| row.run.peak as f64)?,
            days_difference: difference(&|row| f64::from(row.judgement.closes_above))?,
            amplification,
        })
    }

    fn loops(&self) -> Vec<String> {
        let classes = &self.model.classes;
        let named = [
            ("chasers", classes.iter().any(|class| class.chasers.is_some())),
            ("duplicates", classes.iter().any(|class| class.duplicates.is_some())),
            ("reopens", classes.iter().any(|class| class.reopen.is_some())),
        ];
        named.into_iter().filter(|(_, there)| *there).map(|(name, _)| name.to_string()).collect()
    }
}
