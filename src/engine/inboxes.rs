//! Inboxes: who is given a ticket, what becomes of it there, and tickets that nobody sees.

use super::Run;
use super::agent::AgentState;
use super::event::{Event, Kind};
use crate::ids::{AgentId, LineId, TeamId, TicketId};
use crate::outcome::observer::Observer;
use crate::ticket::State;

/// What an agent has been given.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Inbox {
    /// Tickets in the inbox and in hand.
    has: u32,
    /// The how-manieth to be given a ticket.
    turn: u64,
}

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// Gives a ticket that comes to a team with inboxes to somebody, where anybody is there.
    #[inline]
    pub(super) fn give_away(&mut self, id: TicketId, line: LineId) -> Option<AgentId> {
        if PLAIN || self.desk.inboxes.is_empty() || self.desk.slots[id].is_chaser {
            return None;
        }
        let owner = self.owner_for(id, line)?;
        self.desk.given += 1;
        let inbox = &mut self.desk.inboxes[owner.index()];
        inbox.has += 1;
        inbox.turn = self.desk.given;
        self.desk.slots.extra_mut(id)?.owner = Some(owner);
        self.observer.assigned(self.now, id, &self.desk.slots[id].facts, owner);
        Some(owner)
    }

    fn owner_for(&self, id: TicketId, line: LineId) -> Option<AgentId> {
        let planned = &self.model.lines[line.index()];
        let rules = self.model.teams[planned.team.index()].assignment.as_ref()?;
        let there = |agent: AgentId| {
            let agent = &self.desk.agents[agent.index()];
            let keeps_off = planned.immediate && self.is_fenced(agent.pool);
            agent.on_roster && !agent.called_away && !keeps_off
        };
        let last = self.desk.slots.extra(id).and_then(|extra| extra.last_owner);
        if rules.returns_to_owner
            && let Some(last) = last.filter(|last| there(*last))
        {
            let pool = self.desk.agents[last.index()].pool;
            if planned.pools.iter().any(|(_, able)| *able == pool) {
                return Some(last);
            }
        }
        let able = planned.pools.iter().map(|(_, pool)| &self.model.pools[pool.index()]);
        let able = able.flat_map(|pool| pool.agents.clone().map(AgentId));
        let places = able.filter(|agent| there(*agent)).filter_map(|agent| {
            let Inbox { has, turn } = self.desk.inboxes[agent.index()];
            Some((rules.place(has, turn)?, agent))
        });
        places.min().map(|(_, agent)| agent)
    }

    /// A ticket comes to its new owner, who takes it at once or finds it in the inbox.
    pub(super) fn comes_to(&mut self, owner: AgentId, id: TicketId, line: LineId) {
        let team = self.model.lines[line.index()].team;
        if self.desk.agents[owner.index()].state == AgentState::Idle && self.may_start(team) {
            self.idles_no_more(owner);
            self.start(owner, id);
            return;
        }
        if self.model.lines[line.index()].shared && self.has_room(owner) {
            self.start(owner, id);
            return;
        }
        if self.model.lines[line.index()].immediate
            && self.interruptible(owner, id).is_some_and(|(defers, ..)| defers)
        {
            self.make_way(owner, id);
            self.start(owner, id);
            return;
        }
        self.enqueue(id, self.model.own_line(owner, line));
        let (model, facts) = (self.model, &self.desk.slots[id].facts);
        self.arm(id, model.stage(facts.class, facts.team));
        self.arm_inbox(id);
    }

    /// A ticket has no owner any more: it has been touched, or has left.
    #[inline]
    pub(super) fn disown(&mut self, id: TicketId) {
        if PLAIN {
            return;
        }
        let Some(extra) = self.desk.slots.extra_mut(id) else { return };
        if let Some(owner) = extra.owner.take() {
            self.desk.inboxes[owner.index()].has -= 1;
        }
    }

    /// Whoever has just answered a ticket is remembered, where its customer comes back to them.
    #[inline]
    pub(super) fn note_owner(&mut self, id: TicketId, agent: AgentId) {
        if self.desk.inboxes.is_empty() {
            return;
        }
        if let Some(extra) = self.desk.slots.extra_mut(id) {
            extra.last_owner = Some(agent);
        }
    }

    /// Sets the times at which a ticket that lies somewhere goes back to the pool, or is forgotten.
    #[inline]
    pub(super) fn arm_inbox(&mut self, id: TicketId) {
        if PLAIN {
            return;
        }
        let Some(extra) = self.desk.slots.extra_mut(id) else { return };
        let owned = extra.owner.is_some();
        let slot = &self.desk.slots[id];
        let team = &self.model.teams[slot.facts.team.index()];
        let stamp = slot.stamp;
        if let Some(rules) = team.assignment.as_ref().filter(|_| owned) {
            let at = self.now.saturating_add(rules.returns_after);
            self.desk.agenda.will_happen(at, Kind::BackToPool, id.0, stamp);
        }
        self.arm_forgetting(id);
    }

    fn arm_forgetting(&mut self, id: TicketId) {
        let Some(extra) = self.desk.slots.extra(id).copied() else { return };
        let slot = &self.desk.slots[id];
        let team = &self.model.teams[slot.facts.team.index()];
        let lies = extra.owner.is_some() || slot.facts.state == State::OnHold;
        let Some(forgetting) = team.forgetting.as_ref().filter(|_| lies) else { return };
        let at = self.now.saturating_add(forgetting.draw(slot.facts.key, extra.chances_to_forget));
        self.desk.agenda.will_happen(at, Kind::Forgotten, id.0, slot.stamp);
        if let Some(extra) = self.desk.slots.extra_mut(id) {
            extra.chances_to_forget = extra.chances_to_forget.saturating_add(1);
        }
    }

    /// A ticket has lain in an inbox for too long.
    pub(super) fn on_back_to_pool(&mut self, event: Event) {
        if !self.still_waits(event) {
            return;
        }
        let id = event.ticket();
        self.comes_to_sight(id);
        self.desk.lines.remove(&mut self.desk.slots, id);
        self.disown(id);
        let line = self.line_for(id);
        self.put_first(id, line);
        self.will_look_again(self.desk.slots[id].facts.team);
    }

    /// A ticket is lost from sight.
    pub(super) fn on_forgotten(&mut self, event: Event) {
        if !self.still_waits(event) {
            return;
        }
        let id = event.ticket();
        // What went back to the pool meanwhile is seen by everybody.
        let owned = self.desk.slots.extra(id).is_some_and(|extra| extra.owner.is_some());
        if !owned && self.desk.slots[id].facts.state != State::OnHold {
            return;
        }
        self.desk.lines.remove(&mut self.desk.slots, id);
        if let Some(extra) = self.desk.slots.extra_mut(id) {
            extra.hidden_since = Some(self.now);
        }
        self.stays_hidden(id);
        self.observer.forgotten(self.now, id, &self.desk.slots[id].facts);
    }

    /// Puts a forgotten ticket that stands in no line where nobody sees it.
    pub(super) fn stays_hidden(&mut self, id: TicketId) -> bool {
        let team = self.desk.slots[id].facts.team;
        let forgotten = self.desk.slots.extra(id).is_some_and(|extra| extra.hidden_since.is_some());
        let Some(hidden) = self.model.teams[team.index()].hidden.filter(|_| forgotten) else {
            return false;
        };
        self.desk.slots[id].order = self.next_order();
        self.desk.lines.push_last(&mut self.desk.slots, id, hidden);
        true
    }

    /// A ticket is forgotten no longer, wherever it goes now.
    #[inline]
    pub(super) fn comes_to_sight(&mut self, id: TicketId) -> bool {
        if PLAIN {
            return false;
        }
        let Some(extra) = self.desk.slots.extra_mut(id) else { return false };
        let Some(since) = extra.hidden_since.take() else { return false };
        let facts = &self.desk.slots[id].facts;
        self.observer.remembered(self.now, id, facts, self.now - since);
        true
    }

    /// A ticket that had been forgotten stands again where it belongs.
    pub(super) fn remember(&mut self, id: TicketId) {
        if !self.comes_to_sight(id) {
            return;
        }
        self.desk.lines.remove(&mut self.desk.slots, id);
        let line = self.line_for(id);
        self.put_in_order(id, line);
        self.arm_forgetting(id);
        self.will_look_again(self.desk.slots[id].facts.team);
    }

    /// A team looks through everything it has.
    pub(super) fn on_audit(&mut self, team: TeamId) {
        let Some(hidden) = self.model.teams[team.index()].hidden else { return };
        while let Some((id, _)) = self.desk.lines.head(&self.desk.slots, hidden) {
            self.remember(id);
        }
    }
}
