//! What will happen when: the future events of a run.
//!
//! Completions, at most one per busy agent, live in a small heap. A completion that starts the next
//! ticket leaves a hole at the top which the new completion fills in place. Far timers (patience,
//! chasers, answers: tens of thousands when it snowballs) live in a bucketed calendar, put in order
//! bucket by bucket, and never enlarge that heap. The next change of plan, arrival and census stand in registers.

use super::event::{Event, Kind};
use super::heap::Heap;
use crate::ids::{AgentId, ClassId};
use crate::model::Model;
use crate::time::{SimDuration, SimTime};
use std::cmp::Reverse;

/// Buckets of the far timers over a run.
const BUCKETS: i64 = 4096;
/// The bucket of the present has two to the power of this cells, a bit of a word for each.
const CELL_BITS: u32 = 6;

/// Later than any event.
const NOTHING: u128 = u128::MAX;

/// The future of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agenda {
    completions: Heap,
    /// Whether the top of the completions has happened and may be overwritten.
    hole: bool,
    timers: Timers,
    arrivals: Heap,
    next_change: usize,
    next_census: usize,
    /// The earlier of the next change and the next census.
    planned: u128,
    /// The earliest of everything but completions.
    other: u128,
}

impl Agenda {
    /// Forgets everything, for a run of that model.
    pub(crate) fn reset(&mut self, model: &Model) {
        self.completions.clear();
        self.hole = false;
        self.timers.reset(model.start, model.end);
        self.arrivals.clear();
        self.next_change = 0;
        self.next_census = 0;
        self.plan(model);
    }

    /// The next event and its kind, taken off the agenda; the last of a run is its last census.
    #[inline(always)]
    pub(crate) fn next(&mut self, model: &Model) -> Option<(Event, Kind)> {
        if self.hole {
            self.hole = false;
            self.completions.pop();
        }
        let done = self.completions.top();
        if done < self.other {
            self.hole = true;
            return Some((Event(done), Kind::Done));
        }
        if self.other == NOTHING {
            return None;
        }
        let event = Event(self.other);
        let kind = event.kind();
        match kind {
            Kind::Change => {
                self.next_change += 1;
                self.plan(model);
            }
            Kind::Census => {
                self.next_census += 1;
                self.plan(model);
            }
            // The arrival stays on top until the class says when its next one is.
            Kind::Arrival => {}
            Kind::Done
            | Kind::Intervenes
            | Kind::BreakOver
            | Kind::CalledAway
            | Kind::Back
            | Kind::Recruited
            | Kind::Trained
            | Kind::LetGo
            | Kind::HandedOver
            | Kind::BotReturn
            | Kind::Reaches
            | Kind::Answers
            | Kind::AutoClose
            | Kind::Reopens
            | Kind::GivesUp
            | Kind::TriesAgain
            | Kind::Chases
            | Kind::WaitedTooLong
            | Kind::BackToPool
            | Kind::Forgotten => {
                self.timers.pop();
                self.refresh();
            }
        }
        Some((event, kind))
    }

    /// Follows the plan of another model from now on: what that one has planned up to now is past.
    pub(crate) fn follow(&mut self, model: &Model, now: SimTime) {
        self.next_change = model.changes.partition_point(|planned| planned.at <= now);
        self.plan(model);
    }

    /// Position of the change of plan that was taken last.
    pub(crate) fn change(&self) -> usize {
        self.next_change - 1
    }

    /// Whether the change taken last and the next one are both part of one change of the roster.
    pub(crate) fn roster_still_changes(&self, model: &Model) -> bool {
        let last = &model.changes[self.change()];
        let next = model.changes.get(self.next_change);
        next.is_some_and(|next| {
            next.at == last.at && last.change.is_roster() && next.change.is_roster()
        })
    }

    /// Position of the census that was taken last.
    pub(crate) fn census(&self) -> usize {
        self.next_census - 1
    }

    /// An agent will be done.
    #[inline(always)]
    pub(crate) fn will_be_done(&mut self, at: SimTime, agent: AgentId, stamp: u32) {
        let event = Event::new(at, Kind::Done, agent.0, stamp).0;
        if self.hole {
            self.hole = false;
            self.completions.replace_top(event);
        } else {
            self.completions.push(event);
        }
    }

    /// Something will happen to a ticket or an agent.
    pub(crate) fn will_happen(&mut self, at: SimTime, kind: Kind, id: u32, stamp: u32) {
        let event = Event::new(at, kind, id, stamp);
        if self.timers.push(event) {
            self.other = self.other.min(event.0);
        }
    }

    /// The first arrival of a class; none where it never comes.
    pub(crate) fn first_arrival(&mut self, at: SimTime, class: ClassId) {
        if at != SimTime::NEVER {
            let event = Event::new(at, Kind::Arrival, u32::from(class.0), 0).0;
            self.arrivals.push(event);
            self.other = self.other.min(event);
        }
    }

    /// The arrival just taken is followed by one at that time, or by none.
    #[inline(always)]
    pub(crate) fn next_arrival(&mut self, at: SimTime, class: ClassId) {
        if at == SimTime::NEVER {
            self.arrivals.pop();
        } else {
            self.arrivals.replace_top(Event::new(at, Kind::Arrival, u32::from(class.0), 0).0);
        }
        self.refresh();
    }

    /// Looks what comes next by plan.
    fn plan(&mut self, model: &Model) {
        let change = model.changes.get(self.next_change);
        let change = change.map_or(NOTHING, |planned| Event::new(planned.at, Kind::Change, 0, 0).0);
        let census = model.census.at.get(self.next_census);
        let census = census.map_or(NOTHING, |at| Event::new(*at, Kind::Census, 0, 0).0);
        self.planned = change.min(census);
        self.refresh();
    }

    #[inline]
    fn refresh(&mut self) {
        self.other = self.planned.min(self.arrivals.top()).min(self.timers.next);
    }
}

/// Far timers in buckets of equal width. The bucket of the present is divided into cells, and only the
/// cell of the present is in order.
#[derive(Clone, Debug, Default)]
struct Timers {
    /// The cell of the present, the next timer last.
    near: Vec<u128>,
    /// Timers set for the present cell since it was put in order.
    soon: Heap,
    /// The earliest of both.
    next: u128,
    /// The present bucket by cell, each in no order.
    cells: Vec<Vec<u128>>,
    /// Which cells hold something, a bit for each.
    occupied: u64,
    /// The cell that `near` holds.
    cell: usize,
    /// Later buckets, each in no order.
    far: Vec<Vec<u128>>,
    /// The bucket that `cells` hold.
    bucket: usize,
    /// How many wait in `far`.
    waiting: usize,
    start: SimTime,
    end: SimTime,
    /// A bucket lasts for two to the power of this, in microseconds: a shift finds it.
    width: u32,
}

impl Timers {
    fn reset(&mut self, start: SimTime, end: SimTime) {
        self.near.clear();
        self.soon.clear();
        self.cells.iter_mut().for_each(Vec::clear);
        self.cells.resize_with(1 << CELL_BITS, Vec::new);
        self.far.iter_mut().for_each(Vec::clear);
        self.far.resize_with(BUCKETS as usize + 1, Vec::new);
        (self.next, self.occupied, self.waiting) = (NOTHING, 0, 0);
        (self.cell, self.bucket) = (0, 0);
        (self.start, self.end) = (start, end);
        let least = ((end - start).micros() / BUCKETS).max(SimDuration::from_seconds(1).micros());
        self.width = (least as u64).next_power_of_two().trailing_zeros();
    }

    /// Takes an event in, unless it lies beyond the end; says whether it may be the next.
    fn push(&mut self, event: Event) -> bool {
        if event.at() > self.end {
            return false;
        }
        let bucket = ((event.at() - self.start).micros() >> self.width) as usize;
        if bucket > self.bucket {
            self.far[bucket.min(BUCKETS as usize)].push(event.0);
            self.waiting += 1;
        } else if bucket == self.bucket && self.cell_of(event) > self.cell {
            self.put_in_cell(event);
        } else {
            self.soon.push(event.0);
            self.next = self.next.min(event.0);
            return true;
        }
        if self.next == NOTHING {
            self.advance();
        }
        true
    }

    #[inline]
    fn cell_of(&self, event: Event) -> usize {
        let within = (event.at() - self.start).micros() >> (self.width - CELL_BITS);
        within as usize & ((1 << CELL_BITS) - 1)
    }

    #[inline]
    fn put_in_cell(&mut self, event: Event) {
        let cell = self.cell_of(event);
        self.cells[cell].push(event.0);
        self.occupied |= 1 << cell;
    }

    fn pop(&mut self) {
        if self.near.last() == Some(&self.next) {
            self.near.pop();
        } else {
            self.soon.pop();
        }
        self.next = self.near.last().map_or(NOTHING, |first| *first).min(self.soon.top());
        if self.next == NOTHING {
            self.advance();
        }
    }

    /// Moves on to the next cell that holds something.
    fn advance(&mut self) {
        while self.occupied == 0 && self.waiting > 0 {
            self.bucket += 1;
            let mut events = std::mem::take(&mut self.far[self.bucket]);
            self.waiting -= events.len();
            events.drain(..).for_each(|event| self.put_in_cell(Event(event)));
            self.far[self.bucket] = events; // its memory
            self.cell = 0;
        }
        if self.occupied > 0 {
            self.cell = self.occupied.trailing_zeros() as usize;
            self.occupied &= self.occupied - 1;
            std::mem::swap(&mut self.near, &mut self.cells[self.cell]);
            self.near.sort_unstable_by_key(|event| Reverse(*event));
            self.next = self.near.last().map_or(NOTHING, |first| *first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::build::ModelBuilder;
    use crate::model::days::Days;
    use crate::rng::{Key, Purpose};
    use rand::RngExt;

    fn hours(h: f64) -> SimTime {
        SimTime::from_hours(h)
    }

    #[test]
    fn everything_comes_in_order_of_time_and_rank() {
        let model = ModelBuilder::new("empty", Days::plain(0, 2)).build().unwrap();
        let mut agenda = Agenda::default();
        agenda.reset(&model);
        let mut chance = Key(3).draw(Purpose::Pick, 0);
        for id in 0..2000 {
            agenda.will_happen(hours(chance.random::<f64>() * 60.0), Kind::Chases, id, 0);
        }
        agenda.will_be_done(hours(1.0), AgentId(3), 0);
        agenda.first_arrival(hours(1.0), ClassId(0));
        agenda.will_happen(hours(1.0), Kind::GivesUp, 9, 0);
        let mut last = Event(0);
        let mut seen = Vec::new();
        while let Some((event, kind)) = agenda.next(&model) {
            assert_eq!(kind, event.kind());
            assert!(event > last, "{:?} after {:?}", event.kind(), last.kind());
            last = event;
            if event.at() == hours(1.0) {
                seen.push(event.kind());
            }
            if event.kind() == Kind::Arrival {
                agenda.next_arrival(SimTime::NEVER, ClassId(0));
            }
            // Completions made while time passes must still come in order.
            if event.kind() == Kind::Census {
                agenda.will_be_done(event.at() + SimDuration::from_minutes(7), AgentId(1), 0);
            }
        }
        assert_eq!(seen, [Kind::Done, Kind::GivesUp, Kind::Arrival, Kind::Census]);
    }
}
