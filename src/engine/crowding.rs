//! Teams whose work goes faster or slower with how many tickets are there.

use super::Run;
use super::agent::{AgentState, Work};
use crate::ids::{AgentId, TeamId};
use crate::outcome::observer::Observer;

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// After an event: where the number at a team has changed its speed, every touch in progress
    /// ends sooner or later than planned.
    #[inline]
    pub(super) fn adjust_speeds(&mut self) {
        for place in 0..self.model.crowded.len() {
            let team = self.model.crowded[place];
            let Some(crowding) = &self.model.teams[team.index()].crowding else { continue };
            let speed = crowding.speed(self.present(team));
            let state = &mut self.desk.teams[team.index()];
            if state.speed != speed {
                let stretch = state.speed / speed;
                state.speed = speed;
                self.stretch_touches(team, stretch);
            }
        }
    }

    fn stretch_touches(&mut self, team: TeamId, stretch: f64) {
        for pool in &self.model.teams[team.index()].pools {
            for agent in self.model.pools[pool.index()].agents.clone().map(AgentId) {
                if self.desk.agents[agent.index()].work == Work::Several {
                    self.stretch_hands(agent, stretch);
                    continue;
                }
                self.stretch_touch(agent, stretch);
            }
        }
    }

    /// What is left of an agent's touch takes that much longer.
    pub(super) fn stretch_touch(&mut self, agent: AgentId, stretch: f64) {
        let state = &mut self.desk.agents[agent.index()];
        let (AgentState::Busy, Work::Ticket(_)) = (state.state, state.work) else { return };
        let left = (state.ends_at - self.now).scale(stretch);
        state.ends_at = self.now.saturating_add(left);
        let read = self.now - state.started_at;
        if state.reading > read {
            state.reading = read + (state.reading - read).scale(stretch);
        }
        self.desk.agenda.will_be_done(state.ends_at, agent);
    }
}
