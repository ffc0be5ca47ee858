//! Inboxes: who is given a ticket, what becomes of it there, and tickets that nobody sees.

use super::Naive;
use super::future::What;
use super::lines::LineOf;
use surgecast::ids::{AgentId, LineId, TeamId};
use surgecast::outcome::observer::Observer;
use surgecast::ticket::State;

impl<O: Observer> Naive<'_, O> {
    /// How many tickets an agent has been given and not yet dealt with.
    fn has(&self, agent: usize) -> u32 {
        self.tickets.iter().filter(|life| life.owner == Some(agent)).count() as u32
    }

    /// Whom a ticket that comes to that line is given to, if anybody.
    pub fn owner_for(&self, id: usize, line: LineId) -> Option<usize> {
        let line = &self.model.lines[line.index()];
        let rules = self.model.teams[line.team.index()].assignment.as_ref()?;
        let there = |agent: usize| {
            let person = &self.people[agent];
            let able = line.pools.iter().any(|(_, pool)| *pool == person.pool);
            let fenced = line.immediate && self.keeps_to_deferred(agent);
            able && person.on_roster && !person.called_away && !fenced
        };
        let last = self.tickets[id].last_owner.filter(|last| there(*last));
        if rules.returns_to_owner && last.is_some() {
            return last;
        }
        let agents = (0..self.people.len()).filter(|agent| there(*agent));
        let places = agents.filter_map(|agent| {
            Some((rules.place(self.has(agent), self.people[agent].given)?, agent))
        });
        places.min().map(|(_, agent)| agent)
    }

    pub fn give(&mut self, id: usize, owner: usize) {
        if self.tickets[id].last_owner == Some(owner) {
            self.sees("given to whoever answered it last");
        }
        self.given += 1;
        self.people[owner].given = self.given;
        self.tickets[id].owner = Some(owner);
        let (name, facts) = (self.name(id), &self.tickets[id].facts);
        self.observer.assigned(self.now, name, facts, AgentId::new(owner));
    }

    /// A ticket that lies in an inbox may go back to the pool, or be forgotten.
    pub fn expect_inbox(&mut self, id: usize) {
        let life = &self.tickets[id];
        let team = &self.model.teams[life.facts.team.index()];
        if life.owner.is_some()
            && let Some(rules) = &team.assignment
        {
            self.will(self.now.saturating_add(rules.returns_after), What::BackToPool(id));
        }
        self.expect_forgetting(id);
    }

    fn expect_forgetting(&mut self, id: usize) {
        let life = &mut self.tickets[id];
        let team = &self.model.teams[life.facts.team.index()];
        let lies = life.owner.is_some() || life.facts.state == State::OnHold;
        if let Some(forgetting) = &team.forgetting
            && lies
        {
            let after = forgetting.draw(life.facts.key, life.chances_to_forget);
            life.chances_to_forget += 1;
            self.will(self.now.saturating_add(after), What::Forgotten(id));
        }
    }

    pub fn on_back_to_pool(&mut self, id: usize) {
        self.sees("went back to the pool");
        self.comes_to_sight(id);
        self.take_from_line(id);
        self.tickets[id].owner = None;
        // What is on hold can be forgotten there as well.
        if self.tickets[id].facts.state != State::OnHold {
            self.strike_forgetting(id);
        }
        self.put_first(id);
    }

    pub fn on_forgotten(&mut self, id: usize) {
        let team = &self.model.teams[self.tickets[id].facts.team.index()];
        let hidden = team.hidden.expect("a team that forgets has somewhere to lose it");
        self.take_from_line(id);
        let order = self.next_join();
        self.put(id, hidden, 0, order);
        self.tickets[id].hidden_since = Some(self.now);
        self.observer.forgotten(self.now, self.name(id), &self.tickets[id].facts);
    }

    pub fn comes_to_sight(&mut self, id: usize) {
        if let Some(since) = self.tickets[id].hidden_since.take() {
            let (name, facts) = (self.name(id), &self.tickets[id].facts);
            self.observer.remembered(self.now, name, facts, self.now - since);
        }
    }

    /// A forgotten ticket stands again where it belongs.
    pub fn remember(&mut self, id: usize) {
        if self.tickets[id].hidden_since.is_some() {
            self.comes_to_sight(id);
            let line = self.line_for(id);
            self.move_within(id, line);
            self.expect_forgetting(id);
        }
    }

    pub fn on_audit(&mut self, team: TeamId) {
        let Some(hidden) = self.model.teams[team.index()].hidden else { return };
        while let Some(id) = self.head(hidden) {
            self.sees("found by an audit");
            self.remember(id);
        }
    }

    /// The lines that an agent takes from: the pool's, and beside each the agent's own.
    pub fn lines_of(&self, agent: usize) -> Vec<LineOf> {
        let pool = &self.model.pools[self.people[agent].pool.index()];
        let own = self.model.teams[pool.team.index()].assignment.is_some();
        let mut lines = Vec::new();
        for (preference, line) in &pool.lines {
            lines.push((*preference, *line));
            if own {
                lines.push((*preference, self.model.own_line(AgentId::new(agent), *line)));
            }
        }
        lines
    }
}
