//! Waiting lines: lists, keyed heaps, indexed lists, and lists that are indexed too. No operation ever walks a line.

use super::slots::{NONE, Slots};
use crate::ids::{LineId, TicketId};
use crate::model::Model;
use crate::model::discipline::LineKind;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// One line.
#[derive(Clone, Debug)]
struct Line {
    kind: LineKind,
    len: u32,
    head: u32,
    tail: u32,
    /// Keyed lines: (key, order, ticket, stamp); entries of tickets that have left are stale.
    keyed: BinaryHeap<Reverse<(i64, i64, u32, u32)>>,
    /// Indexed and browsed lines: tickets in no order.
    indexed: Vec<u32>,
}

/// All lines of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    lines: Vec<Line>,
    /// Where a ticket of a browsed line is among `indexed`, by ticket; empty where no line is
    /// browsed.
    seats: Vec<u32>,
}

impl Lines {
    pub(crate) fn reset(&mut self, model: &Model) {
        self.lines.resize_with(model.lines.len(), || Line {
            kind: LineKind::Fifo,
            len: 0,
            head: NONE,
            tail: NONE,
            keyed: BinaryHeap::new(),
            indexed: Vec::new(),
        });
        for (line, planned) in self.lines.iter_mut().zip(&model.lines) {
            line.kind = planned.kind;
            (line.len, line.head, line.tail) = (0, NONE, NONE);
            line.keyed.clear();
            line.indexed.clear();
        }
    }

    /// How many tickets wait in a line.
    #[inline]
    pub(crate) fn len(&self, line: LineId) -> u32 {
        self.lines[line.index()].len
    }

    /// Puts the ticket that is the `order`-th to join where its order of work would take it last.
    #[inline(always)]
    pub(crate) fn push(
        &mut self,
        slots: &mut Slots,
        id: TicketId,
        line: LineId,
        (key, order): (i64, i64),
    ) {
        let lane = &mut self.lines[line.index()];
        lane.len += 1;
        let slot = &mut slots[id];
        slot.line = line;
        slot.order = order;
        if lane.kind == LineKind::Fifo {
            lane.append(slots, id);
        } else {
            self.push_by_kind(slots, id, line, key);
        }
    }

    fn push_by_kind(&mut self, slots: &mut Slots, id: TicketId, line: LineId, key: i64) {
        let lane = &mut self.lines[line.index()];
        match lane.kind {
            LineKind::Fifo => lane.append(slots, id),
            LineKind::Browsed => {
                lane.append(slots, id);
                lane.be_seen(&mut self.seats, id);
            }
            LineKind::Lifo => {
                slots[id].order = -slots[id].order;
                lane.prepend(slots, id);
            }
            LineKind::Keyed => {
                let slot = &slots[id];
                lane.keyed.push(Reverse((key, slot.order, id.0, slot.stamp)));
            }
            LineKind::Indexed => {
                slots[id].prev = lane.indexed.len() as u32;
                lane.indexed.push(id.0);
            }
        }
    }

    /// Puts a ticket where it is taken first.
    pub(crate) fn push_first(&mut self, slots: &mut Slots, id: TicketId, line: LineId) {
        let lane = &mut self.lines[line.index()];
        lane.len += 1;
        slots[id].line = line;
        match lane.kind {
            LineKind::Fifo | LineKind::Lifo => lane.prepend(slots, id),
            LineKind::Browsed => {
                lane.prepend(slots, id);
                lane.be_seen(&mut self.seats, id);
            }
            LineKind::Keyed => {
                let slot = &slots[id];
                lane.keyed.push(Reverse((i64::MIN, slot.order, id.0, slot.stamp)));
            }
            LineKind::Indexed => {
                slots[id].prev = lane.indexed.len() as u32;
                lane.indexed.push(id.0);
            }
        }
    }

    /// Puts a ticket of a list at its far end.
    pub(crate) fn push_last(&mut self, slots: &mut Slots, id: TicketId, line: LineId) {
        let lane = &mut self.lines[line.index()];
        lane.len += 1;
        slots[id].line = line;
        lane.append(slots, id);
        if lane.kind == LineKind::Browsed {
            lane.be_seen(&mut self.seats, id);
        }
    }

    /// The kind of a line.
    pub(crate) fn kind(&self, line: LineId) -> LineKind {
        self.lines[line.index()].kind
    }

    /// The ticket that comes first in a list or keyed line, with its key.
    #[inline(always)]
    pub(crate) fn head(&mut self, slots: &Slots, line: LineId) -> Option<(TicketId, i64)> {
        let lane = &self.lines[line.index()];
        if lane.len == 0 {
            return None;
        }
        match lane.kind {
            LineKind::Fifo | LineKind::Lifo | LineKind::Browsed => Some((TicketId(lane.head), 0)),
            LineKind::Indexed => Some((TicketId(lane.indexed[0]), 0)),
            LineKind::Keyed => self.keyed_head(slots, line),
        }
    }

    fn keyed_head(&mut self, slots: &Slots, line: LineId) -> Option<(TicketId, i64)> {
        let lane = &mut self.lines[line.index()];
        loop {
            let Reverse((key, order, id, stamp)) = *lane.keyed.peek()?;
            let slot = &slots[TicketId(id)];
            // It may have left for another line, or stand elsewhere in this one.
            if slot.stamp == stamp && slot.line == line && slot.order == order {
                return Some((TicketId(id), key));
            }
            lane.keyed.pop();
        }
    }

    /// The `index`-th ticket of an indexed or browsed line.
    pub(crate) fn nth(&self, line: LineId, index: u32) -> TicketId {
        TicketId(self.lines[line.index()].indexed[index as usize])
    }

    /// Takes a ticket out of its line. The caller then changes its stamp, which voids the entry
    /// that a keyed line may still hold.
    #[inline(always)]
    pub(crate) fn remove(&mut self, slots: &mut Slots, id: TicketId) {
        let line = slots[id].line;
        let lane = &mut self.lines[line.index()];
        if lane.kind == LineKind::Fifo {
            lane.len -= 1;
            lane.unlink(slots, id);
        } else {
            self.remove_by_kind(slots, id, line);
        }
    }

    fn remove_by_kind(&mut self, slots: &mut Slots, id: TicketId, line: LineId) {
        let lane = &mut self.lines[line.index()];
        lane.len -= 1;
        match lane.kind {
            LineKind::Fifo | LineKind::Lifo => lane.unlink(slots, id),
            LineKind::Browsed => {
                lane.unlink(slots, id);
                let place = self.seats[id.index()];
                lane.indexed.swap_remove(place as usize);
                if let Some(moved) = lane.indexed.get(place as usize) {
                    self.seats[*moved as usize] = place;
                }
            }
            LineKind::Keyed => {
                if let Some(Reverse((_, _, first, _))) = lane.keyed.peek()
                    && *first == id.0
                {
                    lane.keyed.pop();
                }
            }
            LineKind::Indexed => {
                let place = slots[id].prev as usize;
                lane.indexed.swap_remove(place);
                if let Some(moved) = lane.indexed.get(place) {
                    slots[TicketId(*moved)].prev = place as u32;
                }
            }
        }
    }
}

impl Line {
    #[inline]
    fn append(&mut self, slots: &mut Slots, id: TicketId) {
        let slot = &mut slots[id];
        (slot.prev, slot.next) = (self.tail, NONE);
        match self.tail {
            NONE => self.head = id.0,
            tail => slots[TicketId(tail)].next = id.0,
        }
        self.tail = id.0;
    }

    /// Gives a ticket a place among those that can be taken.
    fn be_seen(&mut self, seats: &mut Vec<u32>, id: TicketId) {
        if seats.len() <= id.index() {
            seats.resize(id.index() + 1, NONE);
        }
        seats[id.index()] = self.indexed.len() as u32;
        self.indexed.push(id.0);
    }

    fn prepend(&mut self, slots: &mut Slots, id: TicketId) {
        let slot = &mut slots[id];
        (slot.prev, slot.next) = (NONE, self.head);
        match self.head {
            NONE => self.tail = id.0,
            head => slots[TicketId(head)].prev = id.0,
        }
        self.head = id.0;
    }

    #[inline]
    fn unlink(&mut self, slots: &mut Slots, id: TicketId) {
        let (prev, next) = (slots[id].prev, slots[id].next);
        match prev {
            NONE => self.head = next,
            prev => slots[TicketId(prev)].next = next,
        }
        match next {
            NONE => self.tail = prev,
            next => slots[TicketId(next)].prev = prev,
        }
    }
}
