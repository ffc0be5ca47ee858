//! What the recorder must know at every instant.

use super::{HOUR, refill};
use crate::ids::{AgentId, TeamId, TicketId};
use crate::outcome::frame::Frame;
use crate::price::Turnover;
use crate::time::{SimDuration, SimTime};
use std::collections::BTreeMap;

/// Promises fall due within quarters of an hour; a census counts the quarters that are over.
const QUARTER: i64 = HOUR / 4;

/// What must be known at every instant.
#[derive(Clone, Debug, Default)]
pub(super) struct Live {
    pub(super) begin: SimTime,
    pub(super) unsolved: u32,
    pub(super) duplicates: u32,
    pub(super) waiting: u32,
    /// The peak before the latest one, and when it was.
    pub(super) peak_before: (u64, i64),
    /// Whose coming made the latest one.
    pub(super) peak_by: Option<TicketId>,
    /// Time in the backlog: when tickets left it, less when they came, added up.
    pub(super) backlog_micros: i128,
    /// How long before the run the oldest ticket was created.
    before: SimDuration,
    /// Unsolved tickets by hour of creation.
    pub(super) by_creation: Vec<u32>,
    /// No unsolved ticket is older than this hour.
    pub(super) oldest: usize,
    pub(super) solution: Due,
    pub(super) reply: Due,
    pub(super) staff: Vec<(u32, SimTime)>,
    /// When recurring problems are mended, by number.
    pub(super) mended: Vec<SimTime>,
    /// Seats that nobody is paid for, and since when.
    pub(super) unpaid: BTreeMap<AgentId, SimTime>,
    /// Empty seats, their teams, and since when.
    pub(super) empty: BTreeMap<AgentId, (TeamId, SimTime)>,
    pub(super) turnover: Turnover,
    /// Touches done, by agent.
    pub(super) touches: Vec<u32>,
    /// Since when a customer who has had a reply waits for the next one, by slot, as far as any does.
    pub(super) wrote_again: Vec<SimTime>,
    /// When the reply to that is due, by slot, as far as any was promised one.
    pub(super) next_due: Vec<SimTime>,
    /// How long a ticket has been on hold so far, by slot, as far as any has.
    held: Vec<SimDuration>,
    pub(super) next_close: usize,
    /// The hour of the latest close.
    pub(super) closed: Option<usize>,
    /// Unsolved tickets at the latest close, and since how many closes there are more and more.
    pub(super) growth: (u32, u64),
    /// Interventions in force, and since when these.
    pub(super) mask: (u32, SimTime),
    /// The hour asked for last.
    hour: Hour,
}

/// A stretch of time within one hour of the clock, one hour of creation and one week.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hour {
    ends: SimTime,
    /// Where tickets created in it are counted.
    pub(super) of_creation: usize,
    /// Which hour of the week it is; beyond all of them in the warm-up.
    pub(super) of_week: usize,
    /// The week it is in, and when that began.
    pub(super) week: usize,
    pub(super) week_begins: SimTime,
}

impl Live {
    pub(super) fn reset(&mut self, frame: &Frame, now: SimTime) {
        let hours = (frame.end - SimTime::ZERO).micros() / HOUR + 2;
        self.begin = now;
        self.backlog_micros = 0;
        (self.peak_before, self.peak_by) = ((0, 0), None);
        self.mask = (0, now);
        self.hour = Hour { ends: now, ..Hour::default() };
        (self.unsolved, self.duplicates, self.waiting, self.next_close) = (0, 0, 0, 0);
        self.before = frame.oldest_opening;
        let before = frame.oldest_opening.micros() / HOUR + 1;
        refill(&mut self.by_creation, (before + hours) as usize, 0);
        self.oldest = self.by_creation.len();
        self.solution.reset(hours as usize * 4);
        self.reply.reset(hours as usize * 4);
        let agents = frame.pools.last().map_or(0, |(agents, ..)| agents.end as usize);
        refill(&mut self.touches, agents, 0);
        (self.closed, self.growth) = (None, (u32::MAX, 0));
        self.wrote_again.clear();
        self.held.clear();
        self.next_due.clear();
        self.mended.clear();
        self.unpaid.clear();
        self.empty.clear();
        self.turnover.unpaid.clear();
        self.turnover.found.clear();
        self.staff.resize(frame.teams, (0, now));
        self.staff.iter_mut().for_each(|(_, since)| *since = now);
    }

    /// How long a ticket has been on hold, as far as it was counted.
    #[inline]
    pub(super) fn held(&self, id: TicketId) -> Option<SimDuration> {
        self.held.get(id.index()).copied()
    }

    pub(super) fn holds_for(&mut self, id: TicketId, time: SimDuration) {
        if self.held.len() <= id.index() {
            self.held.resize(id.index() + 1, SimDuration::ZERO);
        }
        self.held[id.index()] += time;
    }

    /// A new ticket has the slot.
    #[inline]
    pub(super) fn was_never_held(&mut self, id: TicketId) {
        if let Some(held) = self.held.get_mut(id.index()) {
            *held = SimDuration::ZERO;
        }
    }

    /// Where tickets of that age are counted.
    pub(super) fn creation_hour(&self, created_at: SimTime) -> usize {
        let since = created_at.micros() + self.before.micros();
        ((since.max(0) as u64 / HOUR as u64) as usize).min(self.by_creation.len() - 1)
    }

    /// The hour of the present, which only goes on.
    #[inline]
    pub(super) fn hour(&mut self, frame: &Frame, now: SimTime) -> Hour {
        if now >= self.hour.ends {
            self.find_hour(frame, now);
        }
        self.hour
    }

    fn find_hour(&mut self, frame: &Frame, now: SimTime) {
        let number = now.micros().div_euclid(HOUR);
        let of_week = usize::try_from(number).ok().and_then(|hour| frame.hour_of_week.get(hour));
        let of_creation = self.creation_hour(now);
        // Hours of creation begin with the oldest ticket's, which need not be on the stroke.
        let begins = [number * HOUR, of_creation as i64 * HOUR - self.before.micros()];
        let ends = SimTime::from_micros(begins[0].min(begins[1]) + HOUR);
        let week = frame.week(now);
        let (week_begins, week_ends) = frame.span_of_week(week);
        self.hour = Hour {
            ends: ends.min(week_ends),
            of_creation,
            of_week: of_week.map_or(usize::MAX, |hour| usize::from(*hour)),
            week,
            week_begins,
        };
    }

    /// The week of an instant up to now.
    #[inline]
    pub(super) fn week(&mut self, frame: &Frame, now: SimTime, at: SimTime) -> usize {
        let present = self.hour(frame, now);
        if at >= present.week_begins { present.week } else { frame.week(at) }
    }
}

/// Promises by the quarter of an hour in which they fall due.
#[derive(Clone, Debug, Default)]
pub(super) struct Due {
    quarters: Vec<i32>,
    /// Quarters that are over.
    over: usize,
    /// Tickets whose quarter is over.
    pub(super) late: i32,
    /// Their quarters, added up.
    late_since: i64,
}

impl Due {
    fn reset(&mut self, quarters: usize) {
        self.quarters.clear();
        self.quarters.resize(quarters, 0);
        (self.over, self.late, self.late_since) = (0, 0, 0);
    }

    /// A ticket begins (+1) or ceases (-1) to owe something that is due then.
    #[inline(always)]
    pub(super) fn count(&mut self, due: SimTime, change: i32) {
        if due == SimTime::NEVER {
            return;
        }
        // A promise due on the stroke is late after it.
        let quarter = (due.micros() - 1).div_euclid(QUARTER);
        if quarter < self.over as i64 {
            self.late += change;
            self.late_since += quarter * i64::from(change);
        } else if let Some(count) = self.quarters.get_mut(quarter as usize) {
            *count += change;
        }
    }

    pub(super) fn advance(&mut self, now: SimTime) {
        let over = ((now.micros() / QUARTER) as usize).min(self.quarters.len());
        while self.over < over {
            self.late += self.quarters[self.over];
            self.late_since += self.over as i64 * i64::from(self.quarters[self.over]);
            self.over += 1;
        }
    }

    /// How long the late ones have been late, in quarters of an hour begun, added up.
    pub(super) fn lateness(&self) -> i64 {
        self.over as i64 * i64::from(self.late) - self.late_since
    }
}
