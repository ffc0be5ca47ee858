//! Slots: where tickets live while something may still happen to them. A slot is used again as
//! soon as its ticket has left for good, so memory follows the backlog and not the history.

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

/// A ticket and what the engine needs to move it.
#[derive(Clone, Debug)]
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
    /// Work left of a touch that was broken off.
    pub(crate) work_left: SimDuration,
    /// How often touches of this visit were broken off.
    pub(crate) interruptions: u16,
    /// Reading of chasers that the next touch begins with.
    pub(crate) reading: SimDuration,
    /// Factor on its handle time.
    pub(crate) factor: f64,
    /// What was left of its promise when the clock stopped.
    pub(crate) promise_left: SimDuration,
    /// How long it last waited for an agent.
    pub(crate) last_wait: SimDuration,
    /// Time to merge it, where its agent will see that it is a duplicate.
    pub(crate) merge: Option<SimDuration>,
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
        self.work_left = SimDuration::ZERO;
        self.interruptions = 0;
        self.reading = SimDuration::ZERO;
        self.factor = 1.0;
        self.merge = None;
    }
}

/// All slots of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots {
    all: Vec<Slot>,
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
            work_left: SimDuration::ZERO,
            interruptions: 0,
            reading: SimDuration::ZERO,
            factor: 1.0,
            promise_left: SimDuration::ZERO,
            last_wait: SimDuration::ZERO,
            merge: None,
        });
        if self.has_extras {
            self.extras.push(Extra::default());
        }
        TicketId(self.all.len() as u32 - 1)
    }

    /// The ticket has left for good.
    #[inline]
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
