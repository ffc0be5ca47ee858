//! What arithmetic alone says about a desk: its load with and without askings, the backlog beyond
//! which it loses ground, whether and when its backlog is cleared, and how long help may wait.
//!
//! It is the fluid of `theory::flows`: no chance, no simulation, milliseconds. Chance makes the true
//! answer a probability, so the command lets a short simulation follow.

use super::fluid::Fluid;
use super::naive::{Division, divide, pile};
use super::target::ChosenBy;
use crate::ids::TeamId;
use crate::model::flows::left_out;
use crate::outcome::clearance::{Judgement, Target};
use crate::theory::flows::Course;
use crate::theory::snowball::Regime;
use crate::theory::tipping::Balance;
use crate::time::{SimDuration, SimTime};
use serde::Serialize;

/// Shares by which help adds to the staff of every team.
pub const HELP: [f64; 4] = [0.1, 0.2, 0.3, 0.5];

/// A team at a time.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TeamState {
    /// Its name.
    pub team: String,
    /// Agent hours at the queue per week.
    pub staff_hours: f64,
    /// Hours of work per week where nobody asks again.
    pub work_hours: f64,
    /// The same where everybody asks as often as they ever will; nothing where that has no end.
    pub work_hours_at_worst: Option<f64>,
    /// "recoverable", "bistable", "overloaded" or "hopeless".
    pub regime: &'static str,
    /// The waiting tickets beyond which it loses ground; nothing where it can come back from any.
    pub critical_backlog: Option<f64>,
    /// Tickets waiting at it.
    pub waiting: f64,
    /// Critical backlog less tickets waiting.
    pub headroom: Option<f64>,
}

/// How late help may begin.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Help {
    /// Share by which it adds to the staff of every team.
    pub share: f64,
    /// About how many people that is.
    pub people: f64,
    /// The last day on which it can begin; nothing where even the first is too late.
    pub latest_start: Option<String>,
    /// Days from the first close above the target until then; negative where help must begin before
    /// anything is to be seen.
    pub days_of_warning: Option<f64>,
}

/// What the fluid says.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Diagnosis {
    /// What the scenario is called.
    pub name: String,
    /// Its first day.
    pub start: String,
    /// "recoverable", "bistable", "overloaded" or "hopeless", the worst of its teams now.
    pub regime: &'static str,
    /// The teams over the first four weeks, or as many as the run has.
    pub now: Vec<TeamState>,
    /// The day of the highest backlog.
    pub peak_date: String,
    /// That backlog.
    pub peak: f64,
    /// The teams over four weeks from the peak on, or as many as the run has.
    pub at_peak: Vec<TeamState>,
    /// How many weeks that are; where none is left, `at_peak` is of the last one of the run.
    pub weeks_at_peak: usize,
    /// Most unsolved tickets that count as cleared.
    pub target: f64,
    /// How that was chosen, in words.
    pub target_from: &'static str,
    /// The first close above that.
    pub piles_up: Option<String>,
    /// The first close at which a team has more waiting than it can come back from.
    pub passes_critical: Option<String>,
    /// The day on which it is cleared.
    pub cleared: Option<String>,
    /// From when days are counted: the start where the desk opens with most of it, else the peak.
    pub counted_from: String,
    /// Days from then until it is cleared.
    pub days_to_clear: Option<f64>,
    /// Days that the naive division says; nothing for "never".
    pub naive_days: Option<f64>,
    /// The day that the naive division says.
    pub naive_date: Option<String>,
    /// The day by which the backlog should be cleared.
    pub by: String,
    /// Whether it is by then.
    pub cleared_by_then: bool,
    /// How late help may begin, where without help it is not.
    pub help: Vec<Help>,
    /// What the scenario has that the fluid leaves out.
    pub left_out: Vec<&'static str>,
}

impl Fluid<'_> {
    /// Diagnoses the desk: `by` is the close by which it should be cleared.
    pub fn diagnose(&self, target: &Target, chosen_by: ChosenBy, by: u32) -> Diagnosis {
        let course = self.course(None);
        let judgement = self.judge_course(target, &course);
        // The height of what is cleared, where that is; else of all.
        let last = judgement.settled.map_or(self.closes.len(), |close| close as usize + 1);
        let watched = &self.closes[(target.watch_from as usize).min(last)..last];
        let peak = watched
            .iter()
            .copied()
            .max_by(|a, b| course.unsolved[*a].total_cmp(&course.unsolved[*b]))
            .unwrap_or(0);
        let peak_at = self.end_of(peak);
        let now = self.teams(0, &course);
        let (backlog, from_at) = pile(self.model, course.unsolved[peak], peak_at);
        let naive: Division = divide(self.model, backlog, from_at);
        let ends = naive.days.map(|days| from_at + SimDuration::from_hours(24.0 * days.min(1e6)));
        let cleared = judgement.settled.map(|close| self.closes[close as usize]);
        let cleared_by_then = judgement.settled_by(by);
        let balances = self.balance(0);
        let worst = balances.iter().enumerate().max_by_key(|(_, balance)| badness(&balance.regime));
        Diagnosis {
            name: self.model.name.clone(),
            start: self.date(SimTime::ZERO),
            regime: worst.map_or("recoverable", |(team, found)| self.word(team, found.regime)),
            now,
            peak_date: self.date(peak_at),
            peak: course.unsolved[peak],
            at_peak: self.teams(peak, &course),
            weeks_at_peak: self.weeks_from(peak),
            target: target.at_most,
            target_from: chosen_by.describe(),
            piles_up: judgement.piled_up.map(|close| self.date_of_close(close)),
            passes_critical: self
                .passes_critical(target, &course)
                .map(|at| self.date(self.end_of(at))),
            cleared: judgement.settled.map(|close| self.date_of_close(close)),
            counted_from: self.date(from_at),
            days_to_clear: cleared.map(|at| (self.end_of(at) - from_at).days().max(0.0)),
            naive_days: naive.days,
            naive_date: ends.map(|at| self.date(at)),
            by: self.date_of_close(by),
            cleared_by_then,
            help: if cleared_by_then { Vec::new() } else { self.help(target, by, &judgement) },
            left_out: left_out(self.model),
        }
    }

    fn teams(&self, from: usize, course: &Course) -> Vec<TeamState> {
        let week = 7.0 * 24.0;
        let state = |(team, balance): (usize, Balance)| {
            // Now is before the first step is over.
            let waiting =
                if from == 0 { self.waiting_at_first(team) } else { course.waiting[team][from] };
            let worst = balance.load_at_worst * week;
            TeamState {
                team: self.model.teams[TeamId::new(team).index()].name.clone(),
                staff_hours: balance.staff * week,
                work_hours: balance.load * week,
                work_hours_at_worst: worst.is_finite().then_some(worst),
                regime: self.word(team, balance.regime),
                critical_backlog: balance.critical,
                waiting,
                headroom: balance.critical.map(|critical| critical - waiting),
            }
        };
        self.balance(from).into_iter().enumerate().map(state).collect()
    }

    fn waiting_at_first(&self, team: usize) -> f64 {
        let here =
            self.flows.opening.iter().filter(|(kind, ..)| self.flows.kinds[*kind].entry == team);
        here.map(|(.., tickets)| tickets).sum()
    }

    /// The first close at which a team has lost ground for good: more wait than it can come back
    /// from with what it has over the next four weeks.
    fn passes_critical(&self, target: &Target, course: &Course) -> Option<usize> {
        self.closes.iter().copied().skip(target.watch_from as usize).find(|step| {
            let balance = self.balance(*step);
            // Where nothing has piled up yet, a week without slack is no loss.
            course.unsolved[*step] > target.at_most
                && balance.iter().enumerate().any(|(team, balance)| {
                    balance
                        .critical
                        .is_some_and(|most| course.waiting[team][*step] > most.max(target.at_most))
                })
        })
    }

    fn help(&self, target: &Target, by: u32, alone: &Judgement) -> Vec<Help> {
        let days = &self.model.days;
        let first = days.day_of(SimTime::ZERO);
        let step_of = |day: usize| {
            ((days.midnight(day) - SimTime::ZERO).hours() / self.flows.step_hours).round() as usize
        };
        let last = days.day_of(self.end_of(self.closes[by as usize]));
        let people: f64 = self
            .model
            .pools
            .iter()
            .filter(|pool| pool.pace.ramp.is_none())
            .map(|pool| f64::from(pool.seats))
            .sum();
        let seen =
            alone.piled_up.map(|close| days.day_of(self.end_of(self.closes[close as usize])));
        let mut shares = HELP.to_vec();
        if people * HELP[0] < 1.0 {
            // A small desk gets whole people: less than one is one.
            shares
                .iter_mut()
                .for_each(|share| *share = (people * *share - 1e-9).ceil() / people.max(1.0));
            shares.dedup();
        }
        // Less help must begin earlier, or is not enough: from the most to the least.
        let mut too_late = Some(last + 1);
        let mut all: Vec<Help> = shares
            .iter()
            .rev()
            .map(|share| {
                let clears =
                    |day: usize| self.judge(target, Some((*share, step_of(day)))).settled_by(by);
                let latest = too_late.filter(|_| clears(first)).map(|too_late| {
                    let (mut early, mut late) = (first, too_late);
                    while early + 1 < late {
                        let middle = (early + late) / 2;
                        if clears(middle) { early = middle } else { late = middle }
                    }
                    early
                });
                too_late = latest.map(|day| day + 1);
                let days_of_warning =
                    latest.zip(seen).map(|(latest, seen)| latest as f64 - seen as f64);
                let latest_start = latest.map(|day| days.date(day).to_string());
                Help { share: *share, people: people * share, latest_start, days_of_warning }
            })
            .collect();
        all.reverse();
        all
    }

    fn date_of_close(&self, close: u32) -> String {
        let census = &self.model.census;
        self.date(census.at[census.closes[close as usize] as usize])
    }

    /// The regime in one word.
    fn word(&self, team: usize, regime: Regime) -> &'static str {
        match regime {
            Regime::Recoverable => "recoverable",
            Regime::Bistable => "bistable",
            // What is too much for it gives up.
            Regime::Hopeless if self.sheds(team) => "overloaded",
            Regime::Hopeless => "hopeless",
        }
    }

    /// The day that an instant ends or lies in.
    fn date(&self, at: SimTime) -> String {
        let before = if at > SimTime::ZERO { at - SimDuration::from_micros(1) } else { at };
        self.model.days.civil(before).date().to_string()
    }
}

fn badness(regime: &Regime) -> u8 {
    match regime {
        Regime::Recoverable => 0,
        Regime::Bistable => 1,
        Regime::Hopeless => 2,
    }
}
