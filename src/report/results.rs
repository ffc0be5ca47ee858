//! `results.json`: everything a report or chart needs, and nothing else. Reports are made from
//! these figures alone, today or in ten years.

use crate::outcome::measure::Unit;
use crate::stats::{Estimate, Interval};
use serde::{Deserialize, Serialize};

/// Version of the layout of `results.json`.
pub const FORMAT: u32 = 1;

/// The quantiles that timelines give, in order.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.50, 0.75, 0.95];

/// The results of one scenario.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Results {
    /// Version of this layout.
    pub format: u32,
    /// What was simulated.
    pub scenario: About,
    /// How much of it was simulated.
    pub runs: Runs,
    /// The peak of the backlog.
    pub peak: Peak,
    /// When the backlog is cleared.
    pub clearance: Clearance,
    /// All measures, for the desk, each ticket class and each team.
    pub measures: Vec<MeasureResult>,
    /// What the measures are.
    #[serde(default)]
    pub definitions: Vec<Definition>,
    /// The backlog over time.
    pub timeline: Timeline,
    /// What comes in and what can be worked off.
    pub flows: Flows,
    /// Ages of unsolved tickets at the close of each open day.
    pub ages: Ages,
    /// Figures by week.
    pub weeks: Vec<WeekResult>,
    /// Load and staff by hour of the week.
    pub hours: Hours,
    /// What is planned or expected when, for marking in charts.
    pub events: Vec<Event>,
    /// The same customers without the follow-up loops, where that was run.
    pub snowball: Option<Snowball>,
    /// The same customers with the lowest and highest plausible rate of chasers, where the usual
    /// one is in force, which nobody has measured.
    #[serde(default)]
    pub chaser_rate: Option<ChaserRate>,
    /// Values that nobody wrote, with the evidence there is for them.
    #[serde(default)]
    pub defaults: Vec<DefaultResult>,
    /// What the reader should know before anything else: truncation, warnings.
    pub notes: Vec<String>,
    /// Where the figures come from. Only this part differs between two runs of the same build.
    pub provenance: Provenance,
}

/// What was simulated.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct About {
    /// Name of the scenario.
    pub name: String,
    /// First day, as 2026-11-16.
    pub start: String,
    /// Last day.
    pub end: String,
    /// Length, in weeks.
    pub weeks: f64,
    /// Time zone.
    pub time_zone: String,
    /// Names of the ticket classes.
    pub tickets: Vec<String>,
    /// Names of the teams.
    pub teams: Vec<String>,
    /// Hash of the scenario as it was read, with everything it extends and every override.
    pub digest: String,
    /// What the command line changed, as it was written.
    #[serde(default)]
    pub changes: Vec<String>,
}

/// How much was simulated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Runs {
    /// Replications done.
    pub done: u64,
    /// Replications asked for, or the most allowed where a precision was asked for.
    pub asked: u64,
    /// Whether the run was interrupted before it had done what was asked.
    pub partial: bool,
    /// Replications stopped because their backlog passed the cap.
    pub truncated: u64,
    /// The cap.
    pub cap: u64,
    /// The seed.
    pub seed: u64,
    /// Whether means are adjusted for how busy the simulated days happened to be.
    #[serde(default)]
    pub adjusted: bool,
}

/// The peak of the backlog.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Peak {
    /// Mean over replications of the most unsolved tickets.
    pub backlog: Estimate,
    /// Its 5 %, 50 % and 95 % quantiles over replications.
    pub quantiles: [f64; 3],
    /// The day on which most seasons have it, in the week in which most have it.
    pub date: String,
}

/// When the backlog is cleared.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Clearance {
    /// Cleared means: at or below this many unsolved tickets …
    pub target: f64,
    /// … at this many closes in a row.
    pub closes: u32,
    /// How the target was chosen, in words.
    pub target_from: String,
    /// Where the target lies with 95 % confidence, if it was found by simulation. All other intervals
    /// are of being above or below the target as it is.
    pub target_interval: Option<Interval>,
    /// Share of closes at or below the target, where all days are ordinary: then there is nothing
    /// to clear, and the target is the upper end of what is usual.
    pub in_band: Option<Estimate>,
    /// Replications whose backlog never piled up: it was not above the target for that many closes in a row.
    pub never_above: u64,
    /// Probability of being cleared by each date, for dates that the horizon can judge; runs that
    /// were never above the target count as cleared.
    pub by_date: Vec<ClearedBy>,
    /// The same for good: after that date the backlog does not pile up again within the run.
    pub for_good: Vec<ClearedBy>,
    /// 5 %, 50 % and 95 % quantiles of the date of clearance; nothing where it lies beyond the
    /// horizon.
    pub quantiles: [Option<String>; 3],
    /// Probability of being cleared within the horizon.
    pub within_horizon: Estimate,
    /// Mean number of days above the target within the horizon.
    pub days_above: Estimate,
    /// Share of replications in which the backlog rose above the target again after clearance.
    pub relapse: Estimate,
    /// What the spreadsheet says.
    pub naive: Naive,
}

/// Runs that pile up again after the date named, as a share, from which being cleared for good is what
/// matters.
const PILES_UP_AGAIN: f64 = 0.1;

impl Results {
    /// Whether most runs end before the backlog is cleared: days above target go on beyond.
    pub fn is_cut_off(&self) -> bool {
        self.clearance.in_band.is_none() && self.clearance.within_horizon.value < 0.5
    }
}

impl Clearance {
    /// Share of the replications that never pile up, where it is at least half: then no date of
    /// clearance says much.
    pub fn seldom_piles_up(&self) -> Option<f64> {
        let share = self.never_above as f64 / self.within_horizon.n.max(1) as f64;
        (share >= 0.5).then_some(share)
    }

    /// Whether there is a first pile-up and it is not what matters: it is cleared before the peak, or
    /// many runs that clear it pile up again.
    pub fn comes_again(&self, peak: &Peak) -> bool {
        if self.seldom_piles_up().is_some() {
            return false;
        }
        let first = nearly_sure(&self.by_date);
        let early = first.is_some_and(|by| by.p.value >= 0.9 && by.date < peak.date);
        let never = self.never_above as f64 / self.within_horizon.n.max(1) as f64;
        let clear_it = self.within_horizon.value - never;
        let later = first.is_some_and(|by| {
            let good = self.for_good.iter().find(|good| good.date == by.date);
            good.is_some_and(|good| by.p.value - good.p.value > PILES_UP_AGAIN)
        });
        early || later || self.relapse.value > 0.0 && self.relapse.value >= 0.5 * clear_it
    }

    /// The date that the sentence names, where any run is cleared by then.
    pub fn named(&self, peak: &Peak) -> Option<&ClearedBy> {
        nearly_sure(self.that_matters(peak)).filter(|by| by.p.value > 0.0)
    }

    /// The dates that matter: of being cleared, or for good where the first pile-up is not what matters.
    pub fn that_matters(&self, peak: &Peak) -> &[ClearedBy] {
        if self.comes_again(peak) { &self.for_good } else { &self.by_date }
    }
}

/// The first of some dates by which it is nearly sure, or else the last one that can be judged.
pub fn nearly_sure(by_date: &[ClearedBy]) -> Option<&ClearedBy> {
    by_date.iter().find(|by| by.p.value >= 0.9).or(by_date.last())
}

/// Whether most runs are not cleared for good in the end.
pub fn stays_behind(for_good: &[ClearedBy]) -> bool {
    for_good.last().is_none_or(|by| by.p.value < 0.5)
}

/// The naive division: peak backlog over mean daily slack, or the opening backlog where there is one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Naive {
    /// Backlog divided: the mean peak, or what the desk opens with.
    pub backlog: f64,
    /// Tickets a day that capacity exceeds forecast, over the four weeks from then on.
    pub slack_per_day: f64,
    /// Days it takes by division; nothing where there is no slack ("never").
    pub days: Option<f64>,
    /// The date that makes; nothing where never.
    pub date: Option<String>,
}

/// Probability of being cleared by a date.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ClearedBy {
    /// The date of a close.
    pub date: String,
    /// The probability.
    pub p: Estimate,
}

/// What a measure is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The whole desk.
    Desk,
    /// One ticket class.
    Tickets(String),
    /// One team.
    Team(String),
}

/// A measure's estimate.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MeasureResult {
    /// Key of the measure in the registry.
    pub key: String,
    /// What it is about.
    pub scope: Scope,
    /// The estimate; nothing where there was nothing to measure.
    pub estimate: Option<Estimate>,
}

/// What a measure is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Definition {
    /// Key of the measure.
    pub key: String,
    /// What reports call it.
    pub title: String,
    /// In what it is counted.
    pub unit: Unit,
    /// Formula and population in words, and what is done with tickets still open at the end.
    pub definition: String,
}

/// The backlog over time.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Timeline {
    /// Local date and time of each point, as 2026-12-01T18:00:00.
    pub at: Vec<String>,
    /// Whether each point is the close of an open day.
    pub is_close: Vec<bool>,
    /// The series.
    pub series: Vec<Series>,
}

/// What comes in and what can be worked off, by calendar day.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Flows {
    /// The days, closed ones included, as 2026-12-01.
    pub on: Vec<String>,
    /// New tickets expected, after self-service.
    pub new: Vec<f64>,
    /// Tickets the planned agents can work off.
    pub capacity: Vec<f64>,
}

/// A series over time.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Series {
    /// Key: unsolved, customers, waiting, overdue, unanswered.
    pub key: String,
    /// What reports call it.
    pub title: String,
    /// Quantiles over replications at each point, in the order of `QUANTILES`. A quantile above
    /// the cap is given as the cap.
    pub quantiles: Vec<[f64; 5]>,
    /// Mean over replications at each point.
    pub mean: Vec<f64>,
}

impl Timeline {
    /// The series of that key.
    pub fn series(&self, key: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.key == key)
    }
}

/// Ages of unsolved tickets.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Ages {
    /// Names of the buckets, the youngest first.
    pub buckets: Vec<String>,
    /// Date of each close.
    pub at: Vec<String>,
    /// Mean number of tickets, `mean[close][bucket]`.
    pub mean: Vec<Vec<f64>>,
}

/// Figures of a week, mean over replications.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct WeekResult {
    /// Its first day.
    pub from: String,
    /// Tickets created.
    pub created: f64,
    /// Solutions.
    pub solved: f64,
    /// Share of first replies within the promise, decided in this week.
    pub reply_attainment: Option<Estimate>,
    /// Share of solutions within the promise, decided in this week.
    pub solution_attainment: Option<Estimate>,
    /// Hours of work by cause, in the order of `Hours::causes`.
    pub work_hours: Vec<f64>,
    /// Agent hours at the queue.
    pub staffed_hours: f64,
}

/// Load and staff by hour of the week, Monday 00:00 first.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Hours {
    /// Names of the causes of work, as in `WeekResult::work_hours`.
    pub causes: Vec<String>,
    /// Mean hours of work that come in per clock hour.
    pub load: Vec<f64>,
    /// Mean agents at the queue.
    pub staff: Vec<f64>,
    /// In what share of the weeks anybody is on the roster; who finishes something in hand may be there
    /// at other hours.
    pub rostered: Vec<f64>,
}

/// Something planned or expected, for marking in charts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Event {
    /// Local date and time.
    pub at: String,
    /// When it is over, where it lasts.
    pub until: Option<String>,
    /// What it is called.
    pub label: String,
    /// What it is: surge, hires, rush, bulk-reply, closed.
    pub kind: String,
}

/// The same customers with and without the follow-up loops.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Snowball {
    /// Names of the loops that were switched off.
    pub loops: Vec<String>,
    /// Replications compared.
    pub replications: u64,
    /// Unsolved tickets without the loops: quantiles at each point of the timeline.
    pub without: Vec<[f64; 5]>,
    /// Unsolved tickets with the loops, in the same replications.
    pub with: Vec<[f64; 5]>,
    /// Mean peak with the loops less the mean peak without them.
    pub peak_difference: Estimate,
    /// Mean days above target with the loops less the same without them.
    pub days_difference: Estimate,
    /// Touches per genuine new ticket, with the loops.
    pub amplification: Option<Estimate>,
}

/// What the rate of chasers does, since no rate has ever been published.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChaserRate {
    /// The ticket classes for which it is in force.
    pub tickets: Vec<String>,
    /// The rate in force, per waiting ticket and day.
    pub default: f64,
    /// Replications compared.
    pub replications: u64,
    /// The season at the lowest and at the highest plausible rate.
    pub at: [AtRate; 2],
}

/// The season at another rate of chasers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AtRate {
    /// The rate.
    pub rate: f64,
    /// Mean peak.
    pub peak: Estimate,
    /// Mean peak less that at the rate in force, on the same customers.
    pub peak_difference: Estimate,
    /// Mean days above target.
    pub days_above: Estimate,
    /// Mean days above target less those at the rate in force, on the same customers.
    pub days_difference: Estimate,
}

/// A value that nobody wrote.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DefaultResult {
    /// Its key.
    pub key: String,
    /// The value in force, with its unit.
    pub value: String,
    /// Lowest published or plausible value.
    pub low: f64,
    /// Highest published or plausible value.
    pub high: f64,
    /// Unit of both.
    pub unit: String,
    /// Grade of its evidence: A and B are published; C is from vendors, R recalled, J judged.
    pub grade: String,
    /// Where it comes from.
    pub source: String,
}

impl DefaultResult {
    /// Whether it rests on vendors' figures, memory or judgement.
    pub fn is_assumed(&self) -> bool {
        matches!(self.grade.as_str(), "C" | "R" | "J")
    }
}

/// Where the figures come from.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Provenance {
    /// Version of surgecast.
    pub version: String,
    /// Operating system and processor.
    pub machine: String,
    /// Threads used.
    pub threads: u64,
    /// When the run was finished, in coordinated universal time.
    pub finished: String,
    /// Wall time, in seconds.
    pub wall_seconds: f64,
    /// Tickets simulated a second.
    pub tickets_per_second: f64,
    /// Path of the scenario file as it was given.
    pub file: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(value: f64) -> Estimate {
        Estimate { value, interval: None, level: 0.95, n: 100 }
    }

    fn clearance(never_above: u64, first: &str, relapse: f64) -> Clearance {
        let by = |date: &str| vec![ClearedBy { date: date.to_owned(), p: share(0.95) }];
        Clearance {
            target: 100.0,
            closes: 3,
            target_from: "written".to_owned(),
            target_interval: None,
            in_band: None,
            never_above,
            by_date: by(first),
            for_good: by("2026-12-30"),
            quantiles: [None, None, None],
            within_horizon: share(0.95),
            days_above: share(3.0),
            relapse: share(relapse),
            naive: Naive { backlog: 100.0, slack_per_day: 1.0, days: None, date: None },
        }
    }

    #[test]
    fn the_first_pile_up_matters_unless_another_follows() {
        let peak = Peak {
            backlog: share(500.0),
            quantiles: [1.0, 2.0, 3.0],
            date: "2026-12-20".to_owned(),
        };
        let date = |clearance: &Clearance| clearance.that_matters(&peak)[0].date.clone();
        assert_eq!(date(&clearance(0, "2026-12-24", 0.2)), "2026-12-24");
        // Cleared before the peak, or a second one in most runs.
        assert_eq!(date(&clearance(0, "2026-12-10", 0.2)), "2026-12-30");
        assert_eq!(date(&clearance(0, "2026-12-24", 0.5)), "2026-12-30");
        // Where most runs never pile up the first date is no pile-up at all.
        let seldom = clearance(50, "2026-12-10", 0.2);
        assert_eq!(seldom.seldom_piles_up(), Some(0.5));
        assert!(!seldom.comes_again(&peak));
        assert_eq!(clearance(49, "2026-12-10", 0.2).seldom_piles_up(), None);
    }
}
