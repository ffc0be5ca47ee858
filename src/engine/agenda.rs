//! What will happen when: the future events of a run.
//!
//! Completions, at most one for each agent, and arrivals, one for each class, are held against each other
//! in a tournament: an agent who takes the next ticket at once plays again with the new one. Far timers
//! (patience, chasers, answers: tens of thousands when it snowballs) live in a bucketed calendar, put in
//! order bucket by bucket. The next change of plan and census stand in registers.

use super::event::{Event, Kind};
use super::slots::Slots;
use super::tournament::Tournament;
use crate::ids::{AgentId, ClassId};
use crate::model::Model;
use crate::time::{SimDuration, SimTime};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Buckets of the far timers over a run.
const BUCKETS: i64 = 4096;
/// The bucket of the present has two to the power of this cells, a bit of a word for each.
const CELL_BITS: u32 = 6;

/// Later than any event.
const NOTHING: u128 = u128::MAX;

/// What happens next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Next {
    /// An agent is done.
    Done(AgentId),
    /// A customer of a class writes.
    Arrival(ClassId),
    /// Anything else.
    Event(Event),
}

/// The future of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agenda {
    /// Completions and arrivals: times since the start, and below them in `bits` whose it is, an agent
    /// or after all agents a class.
    regular: Tournament,
    bits: u32,
    agents: u32,
    /// Who is done and still takes part: most take the next ticket at once.
    done: Option<AgentId>,
    timers: Timers,
    next_change: usize,
    next_census: usize,
    /// The earlier of the next change and the next census.
    planned: u128,
    /// The earliest of plan and timers.
    other: u128,
    /// What is regular comes before that one if it is smaller than this.
    limit: u64,
    start: SimTime,
    /// Just after the end, where all is kept that comes later, and so never.
    never: SimTime,
}

impl Agenda {
    /// Forgets everything, for a run of that model.
    pub(crate) fn reset(&mut self, model: &Model) {
        self.start = model.start;
        self.never = model.end + SimDuration::from_micros(1);
        self.invite(model.agents(), model.classes.len());
        self.timers.reset(model.start, model.end);
        self.next_change = 0;
        self.next_census = 0;
        self.plan(model);
    }

    fn invite(&mut self, agents: usize, classes: usize) {
        self.regular.reset(agents + classes);
        self.bits = usize::BITS - (agents + classes).leading_zeros();
        self.agents = agents as u32;
        self.done = None;
    }

    /// When what happens next, taken off the agenda; the last of a run is its last census.
    #[inline(always)]
    pub(crate) fn next(&mut self, model: &Model, slots: &Slots) -> Option<(SimTime, Next)> {
        if let Some(agent) = self.done.take() {
            self.regular.leave(agent.index());
        }
        loop {
            let first = self.regular.winner();
            if first < self.limit {
                return Some(self.regular_event(first));
            }
            if self.other == NOTHING {
                return None;
            }
            if self.other == self.planned {
                return Some(self.planned_event(model));
            }
            if !self.timers.opens {
                let event = Event(self.other);
                self.timers.pop();
                self.refresh();
                return Some((event.at(), Next::Event(event)));
            }
            self.timers.open(slots);
            self.refresh();
        }
    }

    #[inline(always)]
    fn regular_event(&mut self, first: u64) -> (SimTime, Next) {
        let at = self.start + SimDuration::from_micros((first >> self.bits) as i64);
        let who = first as u32 & ((1 << self.bits) - 1);
        if who >= self.agents {
            // An arrival stays until its class says when the next one is.
            return (at, Next::Arrival(ClassId((who - self.agents) as u16)));
        }
        self.done = Some(AgentId(who));
        (at, Next::Done(AgentId(who)))
    }

    fn planned_event(&mut self, model: &Model) -> (SimTime, Next) {
        let event = Event(self.planned);
        if event.kind() == Kind::Change {
            self.next_change += 1;
        } else {
            self.next_census += 1;
        }
        self.plan(model);
        (event.at(), Next::Event(event))
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

    /// An agent will be done then, and not when it was said before.
    #[inline(always)]
    pub(crate) fn will_be_done(&mut self, at: SimTime, agent: AgentId) {
        self.done = self.done.filter(|done| *done != agent);
        self.enter(at, agent.0);
    }

    /// An agent has laid aside what was in hand.
    pub(crate) fn will_not_be_done(&mut self, agent: AgentId) {
        self.done = self.done.filter(|done| *done != agent);
        self.regular.leave(agent.index());
    }

    /// The next customer of a class will write then.
    #[inline(always)]
    pub(crate) fn will_arrive(&mut self, at: SimTime, class: ClassId) {
        self.enter(at, self.agents + u32::from(class.0));
    }

    /// What comes after the end, or never, does not come in the run, whenever it is.
    #[inline(always)]
    fn enter(&mut self, at: SimTime, who: u32) {
        let after = (at.min(self.never) - self.start).micros() as u64;
        self.regular.enter(who as usize, after << self.bits | u64::from(who));
    }

    /// Something will happen to a ticket or an agent.
    pub(crate) fn will_happen(&mut self, at: SimTime, kind: Kind, id: u32, stamp: u32) {
        let event = Event::new(at, kind, id, stamp);
        self.timers.push(event);
        if self.timers.next < self.other {
            self.refresh();
        }
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
        self.other = self.planned.min(self.timers.next);
        let never = ((self.never - self.start).micros() as u64) << self.bits;
        let limit = if self.other == NOTHING {
            never
        } else {
            let event = Event(self.other);
            let at = ((event.at() - self.start).micros() as u64) << self.bits;
            if event.kind().is_before_completions() {
                at
            } else if event.kind().is_after_arrivals() {
                at + (1 << self.bits)
            } else {
                at + u64::from(self.agents)
            }
        };
        self.limit = limit.min(never);
    }
}

/// Far timers in buckets of equal width. The bucket of the present is divided into cells, and only the
/// cell of the present is in order. A bucket, with the first cell that holds something, and every further
/// cell is opened when its time comes, and no sooner: what is set for an earlier one meanwhile has its place.
#[derive(Clone, Debug, Default)]
struct Timers {
    /// The cell of the present, the next timer last.
    near: Vec<u128>,
    /// Timers set for the present cell since it was put in order.
    soon: BinaryHeap<Reverse<u128>>,
    /// The earliest of both, or else when the next cell or bucket is to be opened.
    next: u128,
    /// Whether the next thing to do is to open one.
    opens: bool,
    /// The present bucket by cell, each in no order.
    cells: Vec<Vec<u128>>,
    /// Which cells hold something, a bit for each.
    occupied: u64,
    /// Cells of the present bucket that have been opened.
    opened: usize,
    /// Later buckets, each in no order.
    far: Vec<Vec<u128>>,
    /// Which buckets hold something, a bit for each.
    full: Vec<u64>,
    /// The present bucket.
    bucket: usize,
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
        self.full.clear();
        self.full.resize(BUCKETS as usize / 64 + 1, 0);
        (self.next, self.opens, self.occupied) = (NOTHING, false, 0);
        (self.opened, self.bucket) = (0, 0);
        (self.start, self.end) = (start, end);
        let least = ((end - start).micros() / BUCKETS).max(SimDuration::from_seconds(1).micros());
        self.width = (least as u64).next_power_of_two().trailing_zeros();
    }

    /// Takes an event in, unless it lies beyond the end.
    fn push(&mut self, event: Event) {
        if event.at() > self.end {
            return;
        }
        let bucket = ((event.at() - self.start).micros() >> self.width) as usize;
        let comes_first = event.0 < self.next;
        if bucket > self.bucket {
            self.far[bucket].push(event.0);
            self.full[bucket / 64] |= 1 << (bucket % 64);
            if comes_first {
                self.opens_at(bucket, 0);
            }
        } else if self.cell_of(event) >= self.opened {
            let cell = self.put_in_cell(event);
            if comes_first {
                self.opens_at(bucket, cell);
            }
        } else {
            self.soon.push(Reverse(event.0));
            if comes_first {
                (self.next, self.opens) = (event.0, false);
            }
        }
    }

    /// The next thing to do is to open that cell of that bucket when it begins.
    #[inline]
    fn opens_at(&mut self, bucket: usize, cell: usize) {
        let begins = (bucket << self.width) + (cell << (self.width - CELL_BITS));
        let at = self.start + SimDuration::from_micros(begins as i64);
        (self.next, self.opens) = (Event::new(at, Kind::Change, 0, 0).0, true);
    }

    #[inline]
    fn cell_of(&self, event: Event) -> usize {
        let within = (event.at() - self.start).micros() >> (self.width - CELL_BITS);
        within as usize & ((1 << CELL_BITS) - 1)
    }

    #[inline]
    fn put_in_cell(&mut self, event: Event) -> usize {
        let cell = self.cell_of(event);
        self.cells[cell].push(event.0);
        self.occupied |= 1 << cell;
        cell
    }

    /// Takes the next timer off.
    fn pop(&mut self) {
        if self.near.last() == Some(&self.next) {
            self.near.pop();
        } else {
            self.soon.pop();
        }
        self.look();
    }

    /// Looks what comes next.
    #[inline]
    fn look(&mut self) {
        let near = self.near.last().map_or(NOTHING, |first| *first);
        self.next = near.min(self.soon.peek().map_or(NOTHING, |first| first.0));
        self.opens = false;
        if self.next < NOTHING {
            return;
        }
        if self.occupied > 0 {
            self.opens_at(self.bucket, self.occupied.trailing_zeros() as usize);
        } else if let Some(bucket) = self.next_bucket() {
            self.opens_at(bucket, 0);
        }
    }

    fn next_bucket(&self) -> Option<usize> {
        let mut words = self.full.iter().enumerate().skip(self.bucket / 64);
        words
            .find(|(_, word)| **word > 0)
            .map(|(at, word)| 64 * at + word.trailing_zeros() as usize)
    }

    /// Opens the next cell, where necessary of the next bucket. Most timers have been cancelled by then,
    /// and are left out before anything is put in order.
    #[inline(never)]
    fn open(&mut self, slots: &Slots) {
        if self.occupied == 0
            && let Some(bucket) = self.next_bucket()
        {
            self.bucket = bucket;
            self.full[bucket / 64] &= !(1 << (bucket % 64));
            let mut events = std::mem::take(&mut self.far[bucket]);
            for event in events.drain(..) {
                self.put_in_cell(Event(event));
            }
            self.far[bucket] = events; // its memory
        }
        if self.occupied > 0 {
            let cell = self.occupied.trailing_zeros() as usize;
            self.occupied &= self.occupied - 1;
            self.opened = cell + 1;
            std::mem::swap(&mut self.near, &mut self.cells[cell]);
            self.near.retain(|event| !slots.have_cancelled(Event(*event)));
            self.near.sort_unstable_by_key(|event| Reverse(*event));
        }
        self.look();
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
        let (mut agenda, slots) = (Agenda::default(), Slots::default());
        agenda.reset(&model);
        agenda.invite(4, 1);
        let mut chance = Key(3).draw(Purpose::Pick, 0);
        for id in 0..2000 {
            agenda.will_happen(hours(chance.random::<f64>() * 60.0), Kind::BotReturn, id, 0);
        }
        agenda.will_be_done(hours(1.0), AgentId(3));
        agenda.will_arrive(hours(1.0), ClassId(0));
        agenda.will_happen(hours(1.0), Kind::TriesAgain, 9, 0);
        agenda.will_be_done(hours(0.5), AgentId(2));
        agenda.will_not_be_done(AgentId(2));
        agenda.will_happen(hours(1.0), Kind::Intervenes, 1, 0);
        let mut last = model.start;
        let mut seen = Vec::new();
        while let Some((at, next)) = agenda.next(&model, &slots) {
            assert!(at >= last, "{next:?} comes before {last:?}");
            last = at;
            if at == hours(1.0) {
                seen.push(next);
            }
            match next {
                Next::Arrival(class) => agenda.will_arrive(SimTime::NEVER, class),
                // Completions made while time passes must still come in order.
                Next::Event(event) if event.kind() == Kind::Census => {
                    agenda.will_be_done(at + SimDuration::from_minutes(7), AgentId(1));
                }
                Next::Event(_) | Next::Done(_) => {}
            }
            if at >= model.end {
                break;
            }
        }
        let event = |kind, id| Next::Event(Event::new(hours(1.0), kind, id, 0));
        let done = Next::Done(AgentId(3));
        let arrival = Next::Arrival(ClassId(0));
        let [first, last] = [event(Kind::Intervenes, 1), event(Kind::Census, 0)];
        assert_eq!(seen, [first, done, event(Kind::TriesAgain, 9), arrival, last]);
    }
}
