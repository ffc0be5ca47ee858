//! What the manager changes during the run: interventions are decided at the close of a day, begin
//! and end, and the desk goes on as another model says.

use super::Run;
use super::event::{Event, Kind};
use super::slots::Place;
use crate::ids::{AgentId, Mask, PoolId, TeamId, TicketId};
use crate::model::Model;
use crate::model::intervention::desks::on_roster;
use crate::model::intervention::{Standing, Trigger};
use crate::outcome::observer::Observer;
use crate::ticket::State;
use crate::time::{SimDuration, SimTime};

/// Where an intervention stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stage {
    phase: Phase,
    /// Closes in a row at which the condition for its next phase held.
    streak: u16,
    /// How many times it has been decided or ended, which cancels an end that was planned before.
    stamp: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Phase {
    /// Not decided, or over and may return.
    #[default]
    Waiting,
    /// Decided; its lag runs.
    Coming,
    /// In force.
    InForce,
    /// Over for good.
    Over,
}

/// How busy people have been since the last close of a day, where an intervention goes by it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Watch {
    pub(super) is_kept: bool,
    /// How many are at the queue, and how many of them in a touch.
    staffed: i64,
    busy: i64,
    since: SimTime,
    staffed_micros: i64,
    busy_micros: i64,
}

impl Watch {
    pub(super) fn new(is_kept: bool) -> Watch {
        Watch { is_kept, ..Watch::default() }
    }

    /// So many more are at the queue, and so many more in a touch.
    pub(super) fn changes(&mut self, now: SimTime, staffed: i64, busy: i64) {
        self.count(now);
        self.staffed += staffed;
        self.busy += busy;
    }

    /// A new day begins.
    pub(super) fn begins(&mut self, now: SimTime) {
        self.count(now);
        (self.staffed_micros, self.busy_micros) = (0, 0);
    }

    fn count(&mut self, now: SimTime) {
        let lasted = (now - self.since).micros();
        self.staffed_micros += self.staffed * lasted;
        self.busy_micros += self.busy * lasted;
        self.since = now;
    }

    fn occupancy(&self) -> f64 {
        self.busy_micros as f64 / self.staffed_micros.max(1) as f64
    }
}

impl<'a, O: Observer, const PLAIN: bool> Run<'a, O, PLAIN> {
    /// What is decided for a date is known from the start.
    pub(super) fn plan_interventions(&mut self) {
        let Some(all) = &self.base.interventions else { return };
        for (index, rule) in all.rules.iter().enumerate() {
            if let Trigger::At(at) = rule.trigger {
                self.will_begin(index, at.saturating_add(rule.lag));
            }
        }
    }

    fn will_begin(&mut self, index: usize, at: SimTime) {
        let stage = &mut self.desk.interventions[index];
        stage.phase = Phase::Coming;
        stage.streak = 0;
        stage.stamp += 1;
        self.desk.agenda.will_happen(at, Kind::Intervenes, index as u32, stage.stamp);
    }

    /// At the close of an open day the manager looks at the desk.
    pub(super) fn judge_interventions(&mut self, census: usize) {
        let Some(all) = &self.base.interventions else { return };
        if self.base.census.closes.binary_search(&(census as u32)).is_err() {
            return;
        }
        self.desk.watch.count(self.now);
        let standing = self.standing();
        self.desk.watch.begins(self.now);
        for (index, rule) in all.rules.iter().enumerate() {
            let stage = &mut self.desk.interventions[index];
            let condition = match (stage.phase, rule.trigger) {
                (Phase::Waiting, Trigger::When(condition)) => Some(condition),
                (Phase::InForce, _) => rule.stop,
                (Phase::Waiting | Phase::Coming | Phase::Over, _) => None,
            };
            let Some(condition) = condition else { continue };
            stage.streak = if condition.holds(&standing) { stage.streak + 1 } else { 0 };
            if stage.streak < condition.closes {
                continue;
            }
            if stage.phase == Phase::Waiting {
                self.will_begin(index, self.now.saturating_add(rule.lag));
            } else {
                let stamp = stage.stamp;
                self.desk.agenda.will_happen(self.now, Kind::Intervenes, index as u32, stamp);
            }
        }
    }

    fn standing(&self) -> Standing {
        let mut standing = Standing {
            backlog: self.unsolved,
            overdue: 0,
            oldest: SimDuration::ZERO,
            occupancy: self.desk.watch.occupancy(),
        };
        for id in self.desk.slots.ids() {
            let slot = &self.desk.slots[id];
            if slot.place == Place::Free || slot.is_chaser || !slot.facts.state.is_unsolved() {
                continue;
            }
            let stopped = slot.facts.state == State::Pending
                && self.desk.slots.rest(id).promise_left > SimDuration::ZERO;
            standing.overdue += u32::from(slot.facts.solution_due < self.now && !stopped);
            standing.oldest = standing.oldest.max(self.now - slot.facts.created_at);
        }
        standing
    }

    /// An intervention that was coming begins; one that is in force ends.
    pub(super) fn on_intervenes(&mut self, event: Event) {
        let index = event.id() as usize;
        let Some(all) = &self.base.interventions else { return };
        let rule = &all.rules[index];
        let stage = &mut self.desk.interventions[index];
        if !event.bears(stage.stamp) || self.now >= self.base.end {
            return; // it has ended sooner than planned, or the run is over
        }
        stage.streak = 0;
        stage.stamp += 1;
        let stamp = stage.stamp;
        let ends = rule.ends(self.now);
        let begins = stage.phase == Phase::Coming && ends > self.now;
        if begins {
            stage.phase = Phase::InForce;
            self.desk.agenda.will_happen(ends, Kind::Intervenes, index as u32, stamp);
        } else {
            stage.phase = if rule.may_return() { Phase::Waiting } else { Phase::Over };
        }
        let in_force = |stage: &Stage| stage.phase == Phase::InForce;
        let stages = self.desk.interventions.iter().map(in_force).enumerate();
        let mask = stages.fold(0, |mask: Mask, (index, on)| mask | Mask::from(on) << index);
        self.observer.intervenes(self.now, mask);
        let base = self.base;
        self.become_desk(all.desk(mask).unwrap_or(base));
        if let Some(bulk) = rule.bulk.as_ref().filter(|_| begins) {
            self.send(bulk, rule.bulk_number(index));
        }
    }

    /// From now on the desk is as another model says: its roster, its lines, its rules. What has
    /// begun goes on as it was.
    fn become_desk(&mut self, model: &'a Model) {
        let old = std::mem::replace(&mut self.model, model);
        self.desk.agenda.follow(model, self.now);
        for (index, (old, new)) in old.pools.iter().zip(&model.pools).enumerate() {
            if (&old.spans, old.seats) != (&new.spans, new.seats) {
                self.follow_roster(PoolId::new(index));
            }
        }
        if !model.has_lines_of(old) {
            self.line_up_anew();
        }
        for team in 0..model.teams.len() {
            self.will_look_again(TeamId::new(team));
        }
    }

    /// Whoever should be there by the new roster comes; whoever should not, goes.
    fn follow_roster(&mut self, pool: PoolId) {
        let plan = &self.model.pools[pool.index()];
        let mut staying = plan.agents.start;
        if let Some(day) = on_roster(self.model, pool, self.now) {
            staying += plan.seats;
            self.on_on(pool, day);
        }
        for agent in (staying..plan.agents.end).map(AgentId) {
            if self.desk.agents[agent.index()].on_roster {
                self.clock_out(agent);
            }
        }
    }

    /// Whatever waits joins the lines of the new order of work, in the order in which it stood up
    /// for the old one; what was broken off goes first.
    fn line_up_anew(&mut self) {
        let all = self.desk.slots.ids();
        let mut waiting: Vec<TicketId> =
            all.filter(|id| self.desk.slots[*id].place == Place::InLine).collect();
        waiting.sort_unstable_by_key(|id| self.desk.slots[*id].order.unsigned_abs());
        self.desk.lines.reset(self.model);
        for id in waiting {
            self.line_up(id);
        }
    }
}
