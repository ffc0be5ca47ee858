//! Agents who hold several tickets at once: each takes longer the more there are.

use super::Run;
use super::agent::{AgentState, Work};
use crate::ids::{AgentId, TeamId, TicketId};
use crate::model::team::{Line, ShiftEnd};
use crate::outcome::observer::{Observer, Share, Touch};
use crate::time::{SimDuration, SimTime};

/// What an agent holds.
#[derive(Clone, Debug)]
pub(super) struct Hands {
    /// In the order in which they came.
    held: Vec<Held>,
    /// How long each of them takes now, as a factor.
    slow: f64,
    /// Up to when the agent's time has been shared out among them.
    shared_until: SimTime,
}

/// A ticket in hand.
#[derive(Clone, Copy, Debug)]
struct Held {
    ticket: TicketId,
    started_at: SimTime,
    ends_at: SimTime,
    reading: SimDuration,
    /// Factor on the share of solutions that come back.
    reopens: f64,
}

impl Hands {
    pub(super) fn empty() -> Hands {
        Hands { held: Vec::new(), slow: 1.0, shared_until: SimTime::ZERO }
    }
}

impl Held {
    /// What is left of it takes that much longer.
    fn stretch(&mut self, now: SimTime, stretch: f64) {
        self.ends_at = now.saturating_add((self.ends_at - now).scale(stretch));
        let read = now - self.started_at;
        if self.reading > read {
            self.reading = read + (self.reading - read).scale(stretch);
        }
    }
}

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// Whether an agent who holds tickets side by side may take another one of the kind.
    #[inline]
    pub(super) fn has_room(&self, agent: AgentId) -> bool {
        if PLAIN {
            return false;
        }
        let state = &self.desk.agents[agent.index()];
        if state.state != AgentState::Busy || state.work != Work::Several {
            return false;
        }
        let team = state.team;
        let at_once = self.model.teams[team.index()].concurrency.as_ref().map_or(0, |c| c.at_once);
        let stays = state.on_roster && !state.called_away && state.owed == SimDuration::ZERO;
        stays && self.held_by(agent) < at_once as usize && self.may_add(team)
    }

    /// How many tickets an agent holds side by side.
    pub(super) fn held_by(&self, agent: AgentId) -> usize {
        self.desk.hands[agent.index()].held.len()
    }

    /// Whether a team that finishes pooled may give another ticket to somebody who is busy.
    fn may_add(&self, team: TeamId) -> bool {
        let state = &self.desk.teams[team.index()];
        self.model.teams[team.index()].shift_end != ShiftEnd::FinishPooled
            || state.busy <= state.scheduled
    }

    /// Of the agents of a line's pools with room in their hands the one who holds the fewest.
    pub(super) fn roomiest(&self, line: &Line) -> Option<AgentId> {
        let mut best: Option<(usize, u8, u64, AgentId)> = None;
        for (tried, pool) in &line.pools {
            if line.immediate && self.is_fenced(*pool) {
                continue;
            }
            for agent in self.model.pools[pool.index()].agents.clone().map(AgentId) {
                if !self.has_room(agent) {
                    continue;
                }
                let turn = self.desk.agents[agent.index()].idle_turn;
                let candidate = (self.held_by(agent), *tried, turn, agent);
                if best.is_none_or(|best| candidate < best) {
                    best = Some(candidate);
                }
            }
        }
        best.map(|(.., agent)| agent)
    }

    /// An agent takes a ticket beside those in hand. Alone it would take that long.
    pub(super) fn take_beside(
        &mut self,
        agent: AgentId,
        ticket: TicketId,
        reading: SimDuration,
        lasts: SimDuration,
    ) {
        self.share_out(agent);
        let pool = self.desk.agents[agent.index()].pool;
        let team = self.model.pools[pool.index()].team;
        if self.desk.agents[agent.index()].state == AgentState::Busy {
            self.desk.teams[team.index()].beside += 1;
        } else {
            self.is_busy_with(agent, Work::Several);
            let hands = &mut self.desk.hands[agent.index()];
            (hands.slow, hands.shared_until) = (1.0, self.now);
        }
        let held = self.held_by(agent) + 1;
        self.will_hold(agent, held);
        let errs = self.model.teams[team.index()].concurrency.as_ref();
        let errs = errs.map_or(1.0, |concurrency| concurrency.reopen_factor(held));
        let reopens = self.desk.people.get(agent.index()).map_or(1.0, |who| who.reopens * errs);
        let hands = &mut self.desk.hands[agent.index()];
        hands.held.push(Held {
            ticket,
            started_at: self.now,
            ends_at: self.now.saturating_add(lasts.scale(hands.slow)),
            reading: reading.scale(hands.slow),
            reopens,
        });
        self.next_is_done(agent);
    }

    /// From now on an agent holds so many tickets: those in hand take longer, or shorter.
    fn will_hold(&mut self, agent: AgentId, held: usize) {
        let state = &mut self.desk.agents[agent.index()];
        self.desk.idled += 1;
        state.idle_turn = self.desk.idled;
        let team = state.team;
        let slow =
            self.model.teams[team.index()].concurrency.as_ref().map_or(1.0, |c| c.handle(held));
        let hands = &mut self.desk.hands[agent.index()];
        let stretch = slow / hands.slow;
        hands.slow = slow;
        self.stretch_held(agent, stretch);
    }

    /// What is left of everything in hand takes that much longer.
    fn stretch_held(&mut self, agent: AgentId, stretch: f64) {
        if stretch != 1.0 {
            let held = &mut self.desk.hands[agent.index()].held;
            held.iter_mut().for_each(|held| held.stretch(self.now, stretch));
        }
    }

    /// The same, where a team's speed has changed.
    pub(super) fn stretch_hands(&mut self, agent: AgentId, stretch: f64) {
        self.stretch_held(agent, stretch);
        self.next_is_done(agent);
    }

    /// Sets the time at which the first of the tickets in hand is done.
    fn next_is_done(&mut self, agent: AgentId) {
        let held = &self.desk.hands[agent.index()].held;
        let Some(ends_at) = held.iter().map(|held| held.ends_at).min() else { return };
        let state = &mut self.desk.agents[agent.index()];
        state.ends_at = ends_at;
        self.desk.agenda.will_be_done(ends_at, agent);
    }

    /// The agent's time since the number in hand last changed is shared out among the tickets.
    fn share_out(&mut self, agent: AgentId) {
        let team = self.desk.agents[agent.index()].team;
        let hands = &mut self.desk.hands[agent.index()];
        let from = std::mem::replace(&mut hands.shared_until, self.now);
        if from == self.now {
            return;
        }
        let of = hands.held.len() as u32;
        for (place, held) in (0..).zip(&self.desk.hands[agent.index()].held) {
            let read_until = held.started_at + held.reading;
            let share = Share { agent, team, from, read_until, place, of };
            let slot = &self.desk.slots[held.ticket];
            self.observer.shares(self.now, &slot.facts, slot.is_chaser, &share);
        }
    }

    fn touch_of(&self, agent: AgentId, held: &Held, broken_off: bool) -> Touch {
        Touch {
            agent,
            team: self.desk.agents[agent.index()].team,
            started_at: held.started_at,
            reading: held.reading.min(self.now - held.started_at),
            broken_off,
            beside: true,
            helps: false,
            together: 1,
        }
    }

    /// The first of the tickets in hand is done.
    pub(super) fn finish_one(&mut self, agent: AgentId) {
        self.share_out(agent);
        let held = &mut self.desk.hands[agent.index()].held;
        let first = (0..held.len()).min_by_key(|place| held[*place].ends_at);
        let Some(done) = first.map(|place| held.remove(place)) else { return };
        let left = held.len();
        let touch = self.touch_of(agent, &done, false);
        if let Some(who) = self.desk.people.get_mut(agent.index()) {
            who.reopens = done.reopens;
            if left == 0 {
                self.note_work(agent);
            }
        }
        self.complete(done.ticket, &touch);
        if left == 0 {
            self.become_free(agent);
            return;
        }
        self.desk.teams[touch.team.index()].beside -= 1;
        self.will_hold(agent, left);
        self.next_is_done(agent);
        self.desk.freed.push(agent);
    }

    /// Everything in hand is broken off.
    pub(super) fn drop_all(&mut self, agent: AgentId, reread: SimDuration) {
        self.share_out(agent);
        if !self.desk.people.is_empty() {
            self.note_work(agent);
        }
        let n = self.held_by(agent);
        self.desk.agenda.will_not_be_done(agent);
        let state = &mut self.desk.agents[agent.index()];
        state.state = AgentState::Idle;
        let team = state.team;
        let counts = &mut self.desk.teams[team.index()];
        counts.busy -= 1;
        counts.beside -= n as u32 - 1;
        if self.desk.watch.is_kept {
            self.desk.watch.changes(self.now, 0, -1);
        }
        let per_hour = self.desk.teams[team.index()].speed / self.desk.hands[agent.index()].slow;
        for place in 0..n {
            let held = self.desk.hands[agent.index()].held[place];
            let left = held.ends_at - self.now;
            let left = if per_hour == 1.0 { left } else { left.scale(per_hour) };
            let touch = self.touch_of(agent, &held, true);
            self.put_aside(held.ticket, left, reread, &touch);
        }
        self.desk.hands[agent.index()].held.clear();
    }

    /// The run ends with tickets in hand.
    pub(super) fn still_holds(&mut self, agent: AgentId) {
        self.share_out(agent);
        for held in &self.desk.hands[agent.index()].held {
            let touch = self.touch_of(agent, held, true);
            let facts = &self.desk.slots[held.ticket].facts;
            self.observer.still_works(self.now, &touch, Some(facts));
        }
    }
}
