//! Agents who help with a ticket in a colleague's hands.

use super::Run;
use super::desk::{AgentState, Work};
use crate::ids::{AgentId, LineId, TicketId};
use crate::model::swarming::{Swarming, speed};
use crate::outcome::observer::{Observer, Touch};

/// One who helps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Help {
    with: AgentId,
    helper: AgentId,
    /// What the helper adds to the speed of one agent.
    adds: f64,
}

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// Idle agents join an agent who has just begun a hard ticket.
    pub(super) fn swarm(&mut self, agent: AgentId, id: TicketId, swarming: &Swarming) {
        let line = self.team_line_for(id);
        let mut helpers = 0;
        while helpers + 1 < swarming.agents as usize {
            let Some(helper) = self.longest_idle(&self.model.lines[line.index()]) else { break };
            helpers += 1;
            self.desk.swarms.push(Help { with: agent, helper, adds: swarming.helper });
            self.is_busy_with(helper, Work::Helping);
            self.observer.helps(self.now, id, &self.desk.slots[id].facts, helper);
        }
        if helpers > 0 {
            self.stretch_touch(agent, 1.0 / speed(swarming.helper, helpers));
        }
    }

    /// How many help an agent, and how fast they are together.
    #[inline]
    pub(super) fn together(&self, agent: AgentId) -> (usize, f64) {
        if PLAIN || self.desk.swarms.is_empty() {
            return (0, 1.0);
        }
        let mut with = self.desk.swarms.iter().filter(|help| help.with == agent);
        let Some(first) = with.next() else { return (0, 1.0) };
        let helpers = 1 + with.count();
        (helpers, speed(first.adds, helpers))
    }

    /// Those who helped an agent with a ticket are free.
    pub(super) fn release_helpers(&mut self, agent: AgentId, id: TicketId) {
        while let Some(place) = self.desk.swarms.iter().position(|help| help.with == agent) {
            let helper = self.desk.swarms.remove(place).helper;
            self.tell_of_help(helper, id);
            self.become_free(helper);
        }
    }

    /// A helper leaves before the ticket is done: the others need longer.
    pub(super) fn leave_swarm(&mut self, helper: AgentId) {
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

    fn tell_of_help(&mut self, helper: AgentId, id: TicketId) {
        if !self.desk.people.is_empty() {
            self.note_work(helper);
        }
        let touch = self.touch_of_help(helper);
        self.observer.helped(self.now, id, &self.desk.slots[id].facts, &touch);
    }

    fn touch_of_help(&self, helper: AgentId) -> Touch {
        Touch { helps: true, ..self.touch(helper, false) }
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
