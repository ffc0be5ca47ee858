//! A desk as a fluid: no chance, no simulation, milliseconds.

use crate::ids::{ClassId, TeamId};
use crate::model::Model;
use crate::model::flows::flows;
use crate::outcome::clearance::{Judgement, Target};
use crate::theory::flows::{Course, Flows};
use crate::theory::snowball::Regime;
use crate::theory::tipping::Balance;
use crate::time::{SimDuration, SimTime};

/// What looks ahead looks so far: four weeks, as the naive division does.
const WINDOW: SimDuration = SimDuration::from_days(28);

/// What grows from nothing ends at twice its mean; what has found its level ends near it.
const WELL_ABOVE: f64 = 1.25;

/// A desk as a fluid, ready to be asked.
pub struct Fluid<'a> {
    pub(super) model: &'a Model,
    pub(super) flows: Flows,
    /// The step at whose end each close is counted.
    pub(super) closes: Vec<usize>,
}

impl<'a> Fluid<'a> {
    /// The fluid of a desk.
    pub fn of(model: &'a Model) -> Fluid<'a> {
        let flows = flows(model);
        let step = |close: &u32| {
            let hours = model.census.at[*close as usize].hours() / flows.step_hours;
            (hours.round() as usize).clamp(1, flows.steps) - 1
        };
        let closes = model.census.closes.iter().map(step).collect();
        Fluid { model, flows, closes }
    }

    /// The same desk with that share more or fewer staff, for ever.
    #[must_use]
    pub fn staffed(&self, share: f64) -> Fluid<'a> {
        let mut flows = self.flows.clone();
        flows.staff.iter_mut().flatten().for_each(|hours| *hours *= share);
        Fluid { model: self.model, flows, closes: self.closes.clone() }
    }

    /// The course of the desk.
    pub fn course(&self, help: Option<(f64, usize)>) -> Course {
        self.flows.course(help)
    }

    /// How the fluid fares against a target.
    pub fn judge(&self, target: &Target, help: Option<(f64, usize)>) -> Judgement {
        self.judge_course(target, &self.course(help))
    }

    pub(super) fn judge_course(&self, target: &Target, course: &Course) -> Judgement {
        let closes: Vec<u32> =
            self.closes.iter().map(|step| course.unsolved[*step].round() as u32).collect();
        target.judge(&closes)
    }

    /// The teams in balance over four weeks from a step on, or over the whole weeks that are left of the run;
    /// over its last one where none is left.
    pub fn balance(&self, from: usize) -> Vec<Balance> {
        let week = (SimDuration::from_days(7).hours() / self.flows.step_hours) as usize;
        let long = week * self.weeks_from(from).max(1);
        let to = (from + long).min(self.flows.steps);
        self.flows.balance(to.saturating_sub(long).min(from), to)
    }

    /// How many whole weeks there are from a step on, up to four.
    pub fn weeks_from(&self, from: usize) -> usize {
        let left = (self.flows.steps - from) as f64 * self.flows.step_hours;
        (left.min(WINDOW.hours()) / SimDuration::from_days(7).hours()) as usize
    }

    /// Whether at first some team has more work than hours, even where nobody asks again, and that piles up.
    pub fn falls_behind(&self) -> bool {
        let behind = |(team, balance): (usize, &Balance)| {
            balance.regime == Regime::Hopeless && !self.sheds(team)
        };
        self.balance(0).iter().enumerate().any(behind)
    }

    /// Whether what is too much for a team gives up, so that it does not pile up.
    pub(super) fn sheds(&self, team: usize) -> bool {
        let team = TeamId::new(team);
        let mut classes = self.model.classes.iter().enumerate();
        classes.any(|(class, plan)| {
            plan.patience.is_some() && self.model.can_wait(ClassId::new(class), team)
        }) && !self.grows()
    }

    /// Whether the last close is well above the mean of all.
    fn grows(&self) -> bool {
        let course = self.course(None);
        let closes: Vec<f64> = self.closes.iter().map(|step| course.unsolved[*step]).collect();
        let mean = closes.iter().sum::<f64>() / closes.len().max(1) as f64;
        closes.last().is_some_and(|last| *last > WELL_ABOVE * mean)
    }

    /// The most unsolved tickets at a close of the last four weeks.
    pub fn fullest_late_close(&self) -> f64 {
        let course = self.course(None);
        let end = self.model.end;
        let settled = end - WINDOW.min(end - SimTime::ZERO);
        let late = self.closes.iter().filter(|step| self.end_of(**step) > settled);
        late.map(|step| course.unsolved[*step]).fold(0.0, f64::max)
    }

    pub(super) fn end_of(&self, step: usize) -> SimTime {
        SimTime::from_hours((step + 1) as f64 * self.flows.step_hours)
    }
}
