//! Agents who help with a ticket in a colleague's hands, or answer a question about it.

use super::Run;
use super::agent::{AgentState, Work};
use crate::ids::{AgentId, LineId, TicketId};
use crate::model::swarming::{Swarming, speed};
use crate::outcome::observer::{Observer, Touch};
use crate::ticket::Task;
use crate::time::{SimDuration, SimTime};

/// One who helps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Help {
    with: AgentId,
    helper: AgentId,
    /// What the helper adds to the speed of one agent; nothing for one who answers a question, and is
    /// free as soon as that is done.
    adds: Option<f64>,
}

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// Idle agents join an agent who has just begun a hard ticket.
    pub(super) fn swarm(&mut self, agent: AgentId, id: TicketId, swarming: &Swarming) {
        let line = self.team_line_for(id);
        let mut helpers = 0;
        while helpers + 1 < swarming.agents as usize {
            let Some(helper) = self.longest_idle(&self.model.lines[line.index()]) else { break };
            helpers += 1;
            self.desk.swarms.push(Help { with: agent, helper, adds: Some(swarming.helper) });
            self.is_busy_with(helper, Work::Helping);
            self.observer.helps(self.now, id, &self.desk.slots[id].facts, helper);
        }
        if helpers > 0 {
            self.stretch_touch(agent, 1.0 / speed(swarming.helper, helpers));
        }
    }

    /// An agent who has just begun a ticket and still learns may ask somebody who knows more: whoever
    /// has been idle for longest, or else whoever has begun last, who is done later for it.
    pub(super) fn may_ask(&mut self, agent: AgentId, id: TicketId) {
        let slot = &self.desk.slots[id];
        let facts = &slot.facts;
        let Some(questions) = &self.model.teams[facts.team.index()].questions else { return };
        if slot.is_chaser || self.desk.slots.merge(id).is_some() || facts.task != Task::Answer {
            return;
        }
        let left = self.left_to_learn(agent);
        if !questions.is_asked((facts.key, facts.touches), left) {
            return;
        }
        if let Some(colleague) = self.idle_who_knows_more(id, left) {
            self.idles_no_more(colleague);
            self.desk.swarms.push(Help { with: agent, helper: colleague, adds: None });
            self.occupy(colleague, Work::Helping, SimDuration::ZERO, questions.takes);
            self.observer.helps(self.now, id, &self.desk.slots[id].facts, colleague);
        } else if let Some(colleague) = self.busy_who_knows_more(id, left) {
            let state = &mut self.desk.agents[colleague.index()];
            state.ends_at = state.ends_at.saturating_add(questions.takes);
            self.desk.agenda.will_be_done(state.ends_at, colleague);
        } else {
            return;
        }
        self.stretch_touch(agent, questions.handle);
        self.desk.people[agent.index()].reopens *= questions.reopens;
    }

    /// Whoever may do that ticket, has nothing to do and less left to learn than that.
    fn idle_who_knows_more(&self, id: TicketId, left: f64) -> Option<AgentId> {
        let line = &self.model.lines[self.team_line_for(id).index()];
        if !self.may_start(line.team) {
            return None;
        }
        let mut best: Option<(u8, u64, AgentId)> = None;
        for (tried, pool) in &line.pools {
            if line.immediate && self.is_fenced(*pool) {
                continue;
            }
            let mut idle = self.desk.idle[pool.index()].iter();
            let Some(agent) = idle.find(|agent| self.left_to_learn(**agent) < left) else {
                continue;
            };
            let candidate = (*tried, self.desk.agents[agent.index()].idle_turn, *agent);
            if best.is_none_or(|best| candidate < best) {
                best = Some(candidate);
            }
        }
        best.map(|(.., agent)| agent)
    }

    /// The same of those with a ticket in hand.
    fn busy_who_knows_more(&self, id: TicketId, left: f64) -> Option<AgentId> {
        let line = &self.model.lines[self.team_line_for(id).index()];
        let mut best: Option<(SimTime, AgentId)> = None;
        for (_, pool) in &line.pools {
            for agent in self.model.pools[pool.index()].agents.clone().map(AgentId) {
                let state = &self.desk.agents[agent.index()];
                let (AgentState::Busy, Work::Ticket(_)) = (state.state, state.work) else {
                    continue;
                };
                let candidate = Some((state.started_at, agent));
                if state.on_roster && candidate > best && self.left_to_learn(agent) < left {
                    best = candidate;
                }
            }
        }
        best.map(|(_, agent)| agent)
    }

    /// How much an agent has left to learn: 1 for everything.
    fn left_to_learn(&self, agent: AgentId) -> f64 {
        let Some(person) = self.desk.people.get(agent.index()) else { return 0.0 };
        let pool = &self.model.pools[self.desk.agents[agent.index()].pool.index()];
        pool.pace.left_to_learn(self.now, person.seat.learns(pool))
    }

    /// How many help an agent, and how fast they are together.
    #[inline]
    pub(super) fn together(&self, agent: AgentId) -> (usize, f64) {
        if PLAIN || self.desk.swarms.is_empty() {
            return (0, 1.0);
        }
        let with = self.desk.swarms.iter().filter(|help| help.with == agent);
        let mut adding = with.filter_map(|help| help.adds);
        let Some(adds) = adding.next() else { return (0, 1.0) };
        let helpers = 1 + adding.count();
        (helpers, speed(adds, helpers))
    }

    /// Those who helped an agent with a ticket are free.
    pub(super) fn release_helpers(&mut self, agent: AgentId, id: TicketId) {
        while let Some(place) = self.desk.swarms.iter().position(|help| help.with == agent) {
            let helper = self.desk.swarms.remove(place).helper;
            self.tell_of_help(helper, id);
            self.desk.agenda.will_not_be_done(helper);
            self.become_free(helper);
        }
    }

    /// A helper leaves before the ticket is done.
    pub(super) fn leave_swarm(&mut self, helper: AgentId) {
        self.stop_helping(helper);
        self.desk.agenda.will_not_be_done(helper);
        let state = &mut self.desk.agents[helper.index()];
        state.state = AgentState::Idle;
        let team = state.team;
        let counts = &mut self.desk.teams[team.index()];
        counts.busy -= 1;
        counts.busy_otherwise -= 1;
        if self.desk.watch.is_kept {
            self.desk.watch.changes(self.now, 0, -1);
        }
        self.may_start_more(team);
    }

    /// A helper has nothing more to do with a colleague's ticket: the others need longer.
    pub(super) fn stop_helping(&mut self, helper: AgentId) {
        let Some(place) = self.desk.swarms.iter().position(|help| help.helper == helper) else {
            return;
        };
        let with = self.desk.swarms[place].with;
        let (_, before) = self.together(with);
        self.desk.swarms.remove(place);
        let (_, after) = self.together(with);
        self.stretch_touch(with, before / after);
        if let Work::Ticket(id) = self.desk.agents[with.index()].work {
            self.tell_of_help(helper, id);
        }
    }

    fn tell_of_help(&mut self, helper: AgentId, id: TicketId) {
        if !self.desk.people.is_empty() {
            self.note_work(helper);
        }
        let touch = self.touch_of_help(helper);
        self.observer.helped(self.now, id, &self.desk.slots[id].facts, &touch);
    }

    fn touch_of_help(&self, helper: AgentId) -> Touch {
        Touch { helps: true, ..self.touch(helper, &self.desk.agents[helper.index()], false) }
    }

    /// The run ends while an agent helps.
    pub(super) fn still_helps(&mut self, helper: AgentId) {
        let help = self.desk.swarms.iter().find(|help| help.helper == helper);
        let Some(with) = help.map(|help| help.with) else { return };
        if let Work::Ticket(id) = self.desk.agents[with.index()].work {
            let touch = Touch { broken_off: true, ..self.touch_of_help(helper) };
            self.observer.still_works(self.now, &touch, Some(&self.desk.slots[id].facts));
        }
    }

    /// The line of a ticket's team in which it stands, or would stand, where nobody owns it.
    fn team_line_for(&self, id: TicketId) -> LineId {
        let facts = &self.desk.slots[id].facts;
        let team = &self.model.teams[facts.team.index()];
        let group = if team.discipline.splits_groups() {
            self.group(id)
        } else {
            crate::model::discipline::Group::NeedsInformation
        };
        self.model.line(facts.team, facts.class, facts.priority, group)
    }
}
