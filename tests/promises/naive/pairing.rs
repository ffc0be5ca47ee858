//! Who takes what. After everything that happens: agents who have come free choose; then nobody
//! stays idle beside work; then what has just come joins, or is taken at once.

use super::lines::LineOf;
use super::people::{Doing, State};
use super::{Naive, Place};
use rand::RngExt;
use surgecast::ids::{AgentId, LineId, TeamId};
use surgecast::model::discipline::{Discipline, Head, LineKind};
use surgecast::model::handle;
use surgecast::model::picking::Picking;
use surgecast::model::team::ShiftEnd;
use surgecast::outcome::observer::Observer;
use surgecast::rng::Purpose;
use surgecast::ticket::{self, Priority};
use surgecast::time::SimTime;

impl<O: Observer> Naive<'_, O> {
    pub fn pair(&mut self) {
        self.offer_all();
        self.look_again();
        // Whom a full team passes on comes to the other one last.
        while !self.arriving.is_empty() {
            let id = self.arriving.remove(0);
            self.join(id);
            self.offer_all();
        }
        self.look_again();
        assert!(self.freed.is_empty() && self.arriving.is_empty());
    }

    fn offer_all(&mut self) {
        while !self.freed.is_empty() {
            let agent = self.freed.remove(0);
            self.offer_work(agent);
        }
    }

    /// Idle agents look again, team by team, the longest idle first: something may have been put
    /// back, or a team may start more than before.
    fn look_again(&mut self) {
        for team in (0..self.model.teams.len()).map(TeamId::new) {
            let mut idle: Vec<(u64, usize)> = Vec::new();
            for (agent, person) in self.people.iter().enumerate() {
                if self.team_of(agent) == team {
                    idle.extend(person.idle_turn.map(|turn| (turn, agent)));
                }
            }
            idle.sort_unstable();
            let of_team = (0..self.people.len()).filter(|agent| self.team_of(*agent) == team);
            let mut roomy: Vec<(usize, u64, usize)> = of_team
                .filter(|agent| self.has_room(*agent))
                .map(|agent| (self.people[agent].chats.len(), self.people[agent].turn, agent))
                .collect();
            roomy.sort_unstable();
            let mut looking: Vec<usize> = idle.into_iter().map(|(_, agent)| agent).collect();
            looking.extend(roomy.into_iter().map(|(_, _, agent)| agent));
            while !looking.is_empty() {
                let agent = looking.remove(0);
                if self.take_something(agent) {
                    self.sees("an idle agent looked again and found work");
                    if self.has_room(agent) {
                        looking.push(agent);
                    }
                }
            }
        }
    }

    /// A free agent takes the ticket that comes first, or does other work, or stays idle.
    fn offer_work(&mut self, agent: usize) {
        let idle = self.people[agent].state == State::Idle;
        if !idle && !self.has_room(agent) {
            return;
        }
        if self.take_something(agent) {
            // Whoever can hold more looks for more once the others have chosen.
            if self.has_room(agent) {
                self.freed.push(agent);
            }
            return;
        }
        if !idle {
            return;
        }
        let pool = &self.model.pools[self.people[agent].pool.index()];
        if let Some(law) = &pool.side_work {
            let person = &mut self.people[agent];
            let mut chance = person.key.draw(Purpose::SideWork, person.blocks);
            person.blocks += 1;
            let lasts = law.sample(&mut chance);
            self.occupy(agent, Doing::Other, surgecast::time::SimDuration::ZERO, lasts);
            return;
        }
        self.idled += 1;
        self.people[agent].idle_turn = Some(self.idled);
    }

    fn take_something(&mut self, agent: usize) -> bool {
        let may = match self.people[agent].state {
            State::Idle => self.may_start(self.team_of(agent)),
            State::Busy => self.has_room(agent),
            State::Off | State::Away => false,
        };
        if !may {
            return false;
        }
        let Some(id) = self.choose(agent) else { return false };
        self.take_out(id);
        self.start(agent, id);
        true
    }

    /// A team that finishes pooled starts nothing while as many work as are on the roster.
    fn may_start(&mut self, team: TeamId) -> bool {
        let pooled = self.model.teams[team.index()].shift_end == ShiftEnd::FinishPooled;
        let may = !pooled || self.busy(team) < self.scheduled(team);
        if !may {
            self.sees("held back until the team has finished");
        }
        may
    }

    /// Of the heads of its lines: the most preferred, by the order of work, and of equal ones the
    /// first in place.
    fn choose(&mut self, agent: usize) -> Option<usize> {
        let team = self.team_of(agent);
        let discipline = &self.model.teams[team.index()].discipline;
        if *discipline == Discipline::Random {
            return self.choose_any(agent, team);
        }
        let mut best = None;
        for (preference, line) in self.open_to(agent) {
            let Some(id) = self.head(line) else { continue };
            let life = &self.tickets[id];
            let head = Head {
                since: life.first_place.map_or(life.facts.since, |(_, since)| since),
                priority: life.facts.priority,
                group: self.group(id),
                mean_handle: self.model.stage(life.facts.class, life.facts.team).mean_handle,
                key: life.key,
            };
            // A chaser that is read at once comes before everything.
            let score = if life.is_chaser { i64::MIN } else { discipline.score(self.now, &head) };
            let candidate = (preference, score, life.order, id);
            best = Some(best.map_or(candidate, |best| candidate.min(best)));
        }
        let (preference, _, order, id) = best?;
        // A negative number means that it was put first.
        if let Discipline::CherryPicking(picking) = discipline
            && order > 0
            && let Some(easy) = self.pick_easy(agent, picking, preference)
        {
            if easy != id {
                self.sees("an easier ticket taken before the oldest");
            }
            return Some(easy);
        }
        Some(id)
    }

    /// The easiest of a few tickets in the lines of a preference, if the agent looks for one.
    fn pick_easy(&mut self, agent: usize, picking: &Picking, preference: u8) -> Option<usize> {
        let model = self.model;
        let team = self.team_of(agent);
        let there = self.tickets.iter().filter(|life| life.facts.team == team);
        let waiting = there.filter(|life| matches!(life.place, Place::InLine(_))).count();
        let mut among = Vec::new();
        for (p, line) in self.open_to(agent) {
            // Those that keep the place they had elsewhere stand in a line without any choice.
            if p == preference && model.lines[line.index()].kind == LineKind::Browsed {
                among.extend(self.lines[line.index()].iter().copied());
            }
        }
        let n = &mut self.picks[team.index()];
        let mut chance = self.key.nth(team.index() as u64).draw(Purpose::Pick, *n);
        *n += 1;
        let staffed = self.staffed(team);
        let looks = picking.looks_at(waiting as u32, staffed, among.len() as u32, &mut chance)?;
        let ease = |id: &usize| {
            let facts = &self.tickets[*id].facts;
            let law = &model.stage(facts.class, facts.team).handle;
            (handle::draw(law, facts.key, facts.touches), self.tickets[*id].order)
        };
        looks.map(|place| among[place as usize]).into_iter().min_by_key(ease)
    }

    /// Any of the tickets in the most preferred lines where anything waits.
    fn choose_any(&mut self, agent: usize, team: TeamId) -> Option<usize> {
        let lines = self.open_to(agent);
        let waiting = |line: &LineId| !self.lines[line.index()].is_empty();
        let preference = lines.iter().filter(|(_, line)| waiting(line)).map(|(p, _)| *p).min()?;
        let among = lines.iter().filter(|(p, _)| *p == preference);
        let among: Vec<usize> =
            among.flat_map(|(_, line)| self.lines[line.index()].iter().copied()).collect();
        let n = &mut self.picks[team.index()];
        let mut chance = self.key.nth(team.index() as u64).draw(Purpose::Pick, *n);
        *n += 1;
        Some(among[chance.random_range(0..among.len() as u32) as usize])
    }

    /// A ticket, or a chaser, comes to its team.
    fn join(&mut self, id: usize) {
        if self.has_no_room_for(id) {
            self.turn_away(id);
            return;
        }
        let line = self.line_for(id);
        if !self.tickets[id].is_chaser {
            self.tickets[id].interruptions = 0;
            let facts = &mut self.tickets[id].facts;
            facts.visits += 1;
            if !matches!(facts.state, ticket::State::New | ticket::State::OnHold) {
                facts.state = ticket::State::Open;
            }
            self.observer.waits(self.now, self.name(id), &self.tickets[id].facts);
        }
        if !self.tickets[id].is_chaser
            && let Some(owner) = self.owner_for(id, line)
        {
            self.give(id, owner);
            if self.people[owner].idle_turn.is_some() && self.may_start(self.team_of(owner)) {
                self.start(owner, id);
                return;
            }
            if self.model.lines[line.index()].shared && self.has_room(owner) {
                self.start(owner, id);
                return;
            }
            let deferred = self.could_be_interrupted(owner, id);
            let immediate = self.model.lines[line.index()].immediate;
            if immediate && deferred.is_some_and(|(waits, _, _)| waits) {
                self.sees("suspended for a ticket of one's own");
                self.interrupt(owner, id);
                return;
            }
            self.join_line(id, self.model.own_line(AgentId::new(owner), line));
            self.expect(id);
            self.expect_inbox(id);
            return;
        }
        if let Some(agent) = self.idle_agent(line).or_else(|| self.roomiest(line)) {
            self.start(agent, id);
            return;
        }
        if let Some(agent) = self.least_urgent(id, line) {
            self.interrupt(agent, id);
            return;
        }
        if self.tickets[id].is_chaser {
            self.put_first(id);
        } else {
            self.join_line(id, line);
            self.expect(id);
            self.expect_inbox(id);
        }
    }

    /// The agent who takes a ticket of a line at once: of the pools tried first the one who has
    /// been idle longest.
    pub fn idle_agent(&mut self, line: LineId) -> Option<usize> {
        self.idle_agent_who(line, |_, _| true)
    }

    /// The same of those who are fit for it.
    pub fn idle_agent_who(
        &mut self,
        line: LineId,
        fit: impl Fn(&Self, usize) -> bool,
    ) -> Option<usize> {
        let line = &self.model.lines[line.index()];
        if !self.may_start(line.team) {
            return None;
        }
        let mut kept_off = false;
        let mut best = None;
        for (agent, person) in self.people.iter().enumerate() {
            let Some(turn) = person.idle_turn.filter(|_| fit(self, agent)) else { continue };
            for (tried, pool) in &line.pools {
                if *pool == person.pool {
                    if line.immediate && self.keeps_to_deferred(agent) {
                        kept_off = true;
                        continue;
                    }
                    let candidate = (*tried, turn, agent);
                    best = Some(best.map_or(candidate, |best| candidate.min(best)));
                }
            }
        }
        if kept_off {
            self.sees("kept to deferred work");
        }
        best.map(|(_, _, agent)| agent)
    }

    /// Whose touch makes way for that ticket: one that can wait where the ticket cannot before all
    /// others, then the least urgent, and of equal ones the one begun last.
    fn least_urgent(&self, id: usize, line: LineId) -> Option<usize> {
        let line = &self.model.lines[line.index()];
        let mut victim = None;
        for (agent, person) in self.people.iter().enumerate() {
            let able = line.pools.iter().any(|(_, pool)| *pool == person.pool);
            let fenced = line.immediate && self.keeps_to_deferred(agent);
            if !able || fenced {
                continue;
            }
            if let Some((waits, priority, since)) = self.could_be_interrupted(agent, id) {
                victim = victim.max(Some((waits, priority, since, agent)));
            }
        }
        victim.map(|(.., agent)| agent)
    }

    /// Whether the touch of somebody who is not about to go home can wait while that ticket cannot,
    /// or is as deferred as that ticket and less urgent.
    fn could_be_interrupted(&self, agent: usize, id: usize) -> Option<(bool, Priority, SimTime)> {
        let person = &self.people[agent];
        let work = person.work.as_ref().filter(|_| person.on_roster)?;
        let Doing::Ticket(other) = work.doing else { return None };
        let (mine, yours) = (&self.tickets[other], &self.tickets[id]);
        assert_eq!(mine.place, Place::InWork);
        let team = &self.model.teams[yours.facts.team.index()];
        let blending = team.blending.as_ref();
        let waits = |class| blending.is_some_and(|blending| !blending.is_immediate(class));
        let may = match (waits(mine.facts.class), waits(yours.facts.class)) {
            (true, false) => blending.is_some_and(|blending| blending.suspends),
            (false, true) => false,
            (true, true) | (false, false) => {
                team.interrupts && mine.facts.priority > yours.facts.priority
            }
        };
        may.then_some((waits(mine.facts.class), mine.facts.priority, work.since))
    }

    /// An agent lays down what is in hand and takes that ticket.
    fn interrupt(&mut self, agent: usize, id: usize) {
        let Some(work) = &self.people[agent].work else { unreachable!("who is idle is not") };
        let Doing::Ticket(other) = work.doing else { unreachable!("nobody interrupts other work") };
        let team = &self.model.teams[self.team_of(agent).index()];
        let immediate = |id: usize| {
            let class = self.tickets[id].facts.class;
            team.blending.as_ref().is_some_and(|blending| blending.is_immediate(class))
        };
        if immediate(id) && !immediate(other) {
            self.sees("suspended for immediate work");
            self.break_off(agent, team.blending.as_ref().map(|blending| blending.reread));
        } else {
            self.sees("interrupted for an urgent ticket");
            self.break_off(agent, None);
        }
        self.start(agent, id);
    }

    /// Whether somebody takes nothing immediate now.
    pub fn keeps_to_deferred(&self, agent: usize) -> bool {
        let fence = &self.model.pools[self.people[agent].pool.index()].fence;
        fence.iter().any(|(from, to)| *from <= self.now && self.now < *to)
    }

    /// The lines that an agent takes from now.
    fn open_to(&self, agent: usize) -> Vec<LineOf> {
        let mut lines = self.lines_of(agent);
        let fenced = self.keeps_to_deferred(agent);
        let beside = self.holds_several(agent);
        lines.retain(|(_, line)| {
            let line = &self.model.lines[line.index()];
            !(fenced && line.immediate || beside && !line.shared)
        });
        lines
    }
}
