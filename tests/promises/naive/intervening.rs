//! The manager decides, and the desk becomes another one.

use super::future::What;
use super::people::Doing;
use super::{Naive, Place};
use surgecast::ids::PoolId;
use surgecast::model::intervention::{Standing, Trigger};
use surgecast::outcome::observer::Observer;
use surgecast::ticket::State;
use surgecast::time::{SimDuration, SimTime};

/// Where an intervention stands.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Undecided,
    Decided,
    InForce,
    Over,
}

#[derive(Clone, Default)]
pub struct Decision {
    stage: Stage,
    /// At how many closes in a row it has been so that something should be done.
    in_a_row: u16,
}

impl<O: Observer> Naive<'_, O> {
    pub fn write_interventions(&mut self) {
        let Some(all) = &self.base.interventions else { return };
        for (rule, plan) in all.rules.iter().enumerate() {
            if let Trigger::At(at) = plan.trigger {
                self.settle(rule, at.saturating_add(plan.lag));
            }
        }
    }

    fn settle(&mut self, rule: usize, begins: SimTime) {
        self.decisions[rule] = Decision { stage: Stage::Decided, in_a_row: 0 };
        self.will(begins, What::Intervenes(rule));
    }

    /// At the close of a day the manager looks at the desk.
    pub fn judge(&mut self, census: usize) {
        let Some(all) = &self.base.interventions else { return };
        if !self.base.census.closes.iter().any(|close| *close as usize == census) {
            return;
        }
        let unsolved = |life: &&super::Life| {
            life.place != Place::Gone && !life.is_chaser && life.facts.state.is_unsolved()
        };
        let occupancy = self.occupancy();
        self.day_began = self.now;
        let mut standing =
            Standing { backlog: 0, overdue: 0, oldest: SimDuration::ZERO, occupancy };
        for life in self.tickets.iter().filter(unsolved) {
            standing.backlog += 1;
            // While its customer is asked the clock stands still, unless it had run out.
            let stopped = life.facts.state == State::Pending
                && life.promise_left.is_some_and(|left| left > SimDuration::ZERO);
            standing.overdue += u32::from(self.now > life.facts.solution_due && !stopped);
            standing.oldest = standing.oldest.max(self.now - life.facts.created_at);
        }
        for (rule, plan) in all.rules.iter().enumerate() {
            let decision = &mut self.decisions[rule];
            let condition = match (decision.stage, plan.trigger) {
                (Stage::Undecided, Trigger::When(condition)) => condition,
                (Stage::InForce, _) if plan.stop.is_some() => plan.stop.expect("just seen"),
                _ => continue,
            };
            decision.in_a_row = if condition.holds(&standing) { decision.in_a_row + 1 } else { 0 };
            if decision.in_a_row >= condition.closes {
                if decision.stage == Stage::Undecided {
                    self.sees("an intervention decided on a condition");
                    self.settle(rule, self.now.saturating_add(plan.lag));
                } else {
                    self.sees("an intervention ended on a condition");
                    self.will(self.now, What::Intervenes(rule));
                }
            }
        }
    }

    /// How busy everybody has been since the last close of a day.
    fn occupancy(&self) -> f64 {
        let (mut there, mut busy) = (SimDuration::ZERO, SimDuration::ZERO);
        for person in &self.people {
            let (was_there, worked) = person.diary.between(self.day_began, self.now);
            there += was_there;
            busy += worked;
            if let Some(work) = person.work.as_ref().filter(|w| !matches!(w.doing, Doing::Other)) {
                busy += self.now - work.since.max(self.day_began);
            }
        }
        busy.micros() as f64 / there.micros().max(1) as f64
    }

    pub fn on_intervenes(&mut self, rule: usize) {
        if self.now == self.base.end {
            return; // nothing can come of it
        }
        let base = self.base;
        let all = base.interventions.as_ref().expect("there is one");
        let plan = &all.rules[rule];
        self.strike_intervention(rule);
        let ends = plan.ends(self.now);
        let begins = self.decisions[rule].stage == Stage::Decided && self.now < ends;
        let stage = if begins {
            Stage::InForce
        } else if plan.may_return() {
            Stage::Undecided
        } else {
            Stage::Over
        };
        self.decisions[rule] = Decision { stage, in_a_row: 0 };
        if begins {
            self.will(ends, What::Intervenes(rule));
        }
        let in_force = (0..all.rules.len()).filter(|r| self.decisions[*r].stage == Stage::InForce);
        let mask = in_force.map(|rule| 1 << rule).sum();
        self.observer.intervenes(self.now, mask);
        let old = self.model;
        self.model = if mask == 0 { base } else { all.desk(mask).expect("every set is known") };
        self.strike_plan();
        self.write_plan(Some(self.now));
        for pool in (0..base.pools.len()).map(PoolId::new) {
            let changed = |get: fn(&surgecast::model::pool::Pool) -> _| {
                get(&old.pools[pool.index()]) != get(&self.model.pools[pool.index()])
            };
            let seats = old.pools[pool.index()].seats != self.model.pools[pool.index()].seats;
            if seats || changed(|pool| pool.spans.clone()) {
                self.follow_roster(pool);
            }
        }
        if !self.model.has_lines_of(old) {
            self.line_up_anew();
        }
        if let Some(bulk) = plan.bulk.as_ref().filter(|_| begins) {
            self.send(bulk, plan.bulk_number(rule));
        }
    }

    /// Whoever the new roster has at work now is at work, and nobody else.
    fn follow_roster(&mut self, pool: PoolId) {
        let model = self.model;
        let plan = &model.pools[pool.index()];
        let shift = plan.spans.iter().find(|(from, to)| *from <= self.now && self.now < *to);
        let mut employed = 0;
        if let Some((from, to)) = shift {
            // Only who stays longer than a day may be absent on one day of it and not on another.
            let long = *to - *from > SimDuration::from_days(1) && !plan.shrinkage.is_none();
            let day = model.days.day_of(if long { self.now } else { *from }) as i64;
            let first = model.days.day_of(SimTime::ZERO) as i64;
            self.on_on(pool, day - first);
            employed = plan.seats as usize;
        }
        let leaving: Vec<usize> = self.seats_of(pool).skip(employed).collect();
        for agent in leaving {
            if self.people[agent].on_roster {
                self.sees("sent home by an intervention");
                self.clock_out(agent);
            }
        }
    }

    /// All who wait line up in the order in which they stood up before; what was broken off first.
    fn line_up_anew(&mut self) {
        self.sees("lined up anew");
        let waits = |id: &usize| matches!(self.tickets[*id].place, Place::InLine(_));
        let mut waiting: Vec<usize> = (0..self.tickets.len()).filter(waits).collect();
        waiting.sort_by_key(|id| self.tickets[*id].order.abs());
        self.lines = vec![Vec::new(); self.model.lines.len()];
        for id in waiting {
            let team = &self.model.teams[self.tickets[id].facts.team.index()];
            if let (Some(hidden), Some(_)) = (team.hidden, self.tickets[id].hidden_since) {
                let order = self.next_join();
                self.put(id, hidden, 0, order);
            } else if self.tickets[id].is_chaser || self.tickets[id].left.is_some() {
                self.put_first(id);
            } else {
                let line = self.line_for(id);
                self.put_last(id, line);
            }
        }
    }
}
