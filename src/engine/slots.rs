//! Slots: where tickets live while something may still happen to them. A slot is used again as
//! soon as its ticket has left for good, so memory follows the backlog and not the history.

use super::event::Event;
use crate::ids::{AgentId, LineId, TeamId, TicketId};
use crate::ticket::Ticket;
use crate::time::{SimDuration, SimTime};

/// No slot: the end of a list.
pub(crate) const NONE: u32 = u32::MAX;

/// Where a ticket is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// Nowhere: the slot is free.
    Free,
    /// In a line.
    InLine,
    /// With an agent.
    InWork,
    /// On its way: with a bot, between teams, with its customer, or solved and perhaps coming back.
    Away,
}

/// A ticket and what the engine needs to move it: two lines of a cache, for tens of thousands of them
/// are met again long after they came. What few tickets have is kept apart (`Rest`).
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(crate) struct Slot {
    pub(crate) facts: Ticket,
    pub(crate) place: Place,
    /// Not a ticket but a chaser to be read by itself.
    pub(crate) is_chaser: bool,
    /// Grows whenever the ticket moves, which cancels its timers.
    pub(crate) stamp: u32,
    pub(crate) line: LineId,
    /// Neighbours in a list; `prev` is the position in an indexed line.
    pub(crate) next: u32,
    pub(crate) prev: u32,
    /// Its place among all that wait: smaller is sooner. Whoever joins gets the next number, or its
    /// negative where the newest comes first; whatever is put first gets a negative number too.
    pub(crate) order: i64,
    /// Whether the last touch was broken off, so that some of its work is left.
    pub(crate) is_broken_off: bool,
    /// Whether it has a factor or a merge of its own.
    is_special: bool,
    /// How often touches of this visit were broken off.
    pub(crate) interruptions: u16,
    /// Reading of chasers that the next touch begins with.
    pub(crate) reading: SimDuration,
    /// How long it last waited for an agent.
    pub(crate) last_wait: SimDuration,
}

/// What only few tickets have; of others it is not up to date.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rest {
    /// Work left of a touch that was broken off.
    pub(crate) work_left: SimDuration,
    /// What was left of its promise when the clock stopped.
    pub(crate) promise_left: SimDuration,
    /// Factor on its handle time.
    factor: f64,
    /// Time to merge it, where its agent will see that it is a duplicate.
    merge: Option<SimDuration>,
}

impl Slot {
    /// Takes in the next ticket. Line, neighbours and order are set when it joins a line, what is left
    /// of its promise when the clock stops, how long it waited when it is taken.
    #[inline(always)]
    fn house(&mut self, facts: Ticket) {
        self.facts = facts;
        self.place = Place::Away;
        self.is_chaser = false;
        // The stamp goes on, so that timers of the former ticket stay cancelled.
        self.stamp = self.stamp.wrapping_add(1);
        self.is_broken_off = false;
        self.is_special = false;
        self.interruptions = 0;
        self.reading = SimDuration::ZERO;
    }
}

/// All slots of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots {
    all: Vec<Slot>,
    /// By slot, as far as any has one.
    rest: Vec<Rest>,
    free: Vec<u32>,
    /// One per slot, or none at all.
    extras: Vec<Extra>,
    has_extras: bool,
}

/// What only some mechanisms need to know of a ticket. A model without them has none.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Extra {
    /// Decisions so far about the team to which it belongs.
    pub(crate) decisions: u16,
    /// Times it has been passed on since it was sorted.
    pub(crate) bounces: u8,
    /// Since when it has been with wrong teams.
    pub(crate) astray_since: SimTime,
    /// Its place among all that wait when it first stood in a line, and since when it waited there,
    /// where it keeps that.
    pub(crate) first_place: Option<(i64, SimTime)>,
    /// The approval it is put to, and all it has been put to, a bit for each.
    pub(crate) approval: u16,
    pub(crate) approved: u64,
    /// Team whose ticket it is while another one decides.
    pub(crate) home: TeamId,
    pub(crate) held_since: SimTime,
    /// When its solution was due, while the clock stands because it is on hold.
    pub(crate) due: Option<SimTime>,
    /// Escalations so far, sent again ones included.
    pub(crate) escalations: u16,
    /// The last escalation: from where, to where, how often sent back.
    pub(crate) sent_from: TeamId,
    pub(crate) sent_to: TeamId,
    pub(crate) backs: u8,
    /// Whose inbox it is in, or in whose hands; and who answered it last.
    pub(crate) owner: Option<AgentId>,
    pub(crate) last_owner: Option<AgentId>,
    /// Since when it has been forgotten.
    pub(crate) hidden_since: Option<SimTime>,
    /// How often it might have been so far.
    pub(crate) chances_to_forget: u16,
}

impl Slots {
    /// Forgets all tickets, for a run with or without extras.
    pub(crate) fn clear(&mut self, has_extras: bool) {
        self.all.clear();
        self.rest.clear();
        self.free.clear();
        self.extras.clear();
        self.has_extras = has_extras;
    }

    /// What only some mechanisms need to know of a ticket.
    #[inline]
    pub(crate) fn extra(&self, id: TicketId) -> Option<&Extra> {
        self.extras.get(id.index())
    }

    /// The same, to be changed.
    #[inline]
    pub(crate) fn extra_mut(&mut self, id: TicketId) -> Option<&mut Extra> {
        self.extras.get_mut(id.index())
    }

    /// Houses a ticket in the slot that became free last, or in a new one.
    #[inline(always)]
    pub(crate) fn take(&mut self, facts: Ticket) -> TicketId {
        let Some(id) = self.free.pop() else { return self.build(facts) };
        self.all[id as usize].house(facts);
        if let Some(extra) = self.extras.get_mut(id as usize) {
            *extra = Extra::default();
        }
        TicketId(id)
    }

    fn build(&mut self, facts: Ticket) -> TicketId {
        self.all.push(Slot {
            facts,
            place: Place::Away,
            is_chaser: false,
            stamp: 0,
            line: LineId(0),
            next: NONE,
            prev: NONE,
            order: 0,
            is_broken_off: false,
            is_special: false,
            interruptions: 0,
            reading: SimDuration::ZERO,
            last_wait: SimDuration::ZERO,
        });
        if self.has_extras {
            self.extras.push(Extra::default());
        }
        TicketId(self.all.len() as u32 - 1)
    }

    /// What few tickets have, of one that has it.
    pub(crate) fn rest(&self, id: TicketId) -> &Rest {
        &self.rest[id.index()]
    }

    /// The same, to be changed, of any ticket.
    pub(crate) fn rest_mut(&mut self, id: TicketId) -> &mut Rest {
        if self.rest.len() <= id.index() {
            self.rest.resize(self.all.len(), Rest::default());
        }
        &mut self.rest[id.index()]
    }

    /// Factor on the handle time of a ticket.
    #[inline]
    pub(crate) fn factor(&self, id: TicketId) -> f64 {
        if self[id].is_special { self.rest[id.index()].factor } else { 1.0 }
    }

    /// Time to merge a ticket, where its agent will see that it is a duplicate.
    #[inline]
    pub(crate) fn merge(&self, id: TicketId) -> Option<SimDuration> {
        if self[id].is_special { self.rest[id.index()].merge } else { None }
    }

    /// Gives a ticket a factor on its handle time, and the time to merge it.
    pub(crate) fn set_special(&mut self, id: TicketId, factor: f64, merge: Option<SimDuration>) {
        self[id].is_special = factor != 1.0 || merge.is_some();
        let rest = self.rest_mut(id);
        (rest.factor, rest.merge) = (factor, merge);
    }

    /// Whether a timer has been cancelled by what became of its ticket: it will find nothing to do.
    #[inline]
    pub(crate) fn have_cancelled(&self, event: Event) -> bool {
        event.kind().is_of_waiting() && !event.bears(self[event.ticket()].stamp)
    }

    /// The ticket has left for good.
    #[inline(always)]
    pub(crate) fn release(&mut self, id: TicketId) {
        let slot = &mut self[id];
        slot.place = Place::Free;
        slot.stamp = slot.stamp.wrapping_add(1);
        self.free.push(id.0);
    }

    /// Ids of all slots, free ones too.
    pub(crate) fn ids(&self) -> impl Iterator<Item = TicketId> + use<> {
        (0..self.all.len() as u32).map(TicketId)
    }
}

impl std::ops::Index<TicketId> for Slots {
    type Output = Slot;
    #[inline]
    fn index(&self, id: TicketId) -> &Slot {
        &self.all[id.index()]
    }
}

impl std::ops::IndexMut<TicketId> for Slots {
    #[inline]
    fn index_mut(&mut self, id: TicketId) -> &mut Slot {
        &mut self.all[id.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_fills_two_lines_of_a_cache() {
        assert_eq!((size_of::<Slot>(), align_of::<Slot>()), (128, 64));
    }
}
