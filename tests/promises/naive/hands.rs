//! Agents who hold several tickets at once.

use super::future::What;
use super::people::{Doing, State, Work};
use super::{Naive, Place};
use surgecast::ids::{AgentId, LineId};
use surgecast::model::team::ShiftEnd;
use surgecast::outcome::observer::{Observer, Share, Touch};
use surgecast::time::{SimDuration, SimTime};

/// A ticket in hand beside others.
#[derive(Clone, Copy)]
pub struct Chat {
    pub id: usize,
    pub since: SimTime,
    pub until: SimTime,
    pub reading: SimDuration,
    /// Factor on the share of solutions that come back.
    pub reopens: f64,
}

impl Chat {
    fn takes_longer(&mut self, now: SimTime, longer: f64) {
        let later = |at: SimTime| now.saturating_add((at - now).scale(longer));
        let read = self.since + self.reading;
        if read > now {
            self.reading = later(read) - self.since;
        }
        self.until = later(self.until);
    }
}

impl<O: Observer> Naive<'_, O> {
    /// Whether a ticket is held beside others of its kind by its team.
    pub fn is_held_beside(&self, id: usize) -> bool {
        let facts = &self.tickets[id].facts;
        let concurrency = self.model.teams[facts.team.index()].concurrency.as_ref();
        concurrency.is_some_and(|concurrency| concurrency.shares(facts.class))
    }

    pub fn holds_several(&self, agent: usize) -> bool {
        !self.people[agent].chats.is_empty()
    }

    /// Whether somebody with chats in hand takes another one.
    pub fn has_room(&self, agent: usize) -> bool {
        let person = &self.people[agent];
        let team = self.team_of(agent);
        let plan = &self.model.teams[team.index()];
        let Some(concurrency) = &plan.concurrency else { return false };
        let held = person.chats.len();
        let leaves = !person.on_roster || person.called_away || person.owed > SimDuration::ZERO;
        let pooled = plan.shift_end == ShiftEnd::FinishPooled;
        let held_back = pooled && self.busy(team) > self.scheduled(team);
        (1..concurrency.at_once as usize).contains(&held) && !leaves && !held_back
    }

    /// Of those with room for a ticket of a line whoever has the fewest, tried first, for longest.
    pub fn roomiest(&self, line: LineId) -> Option<usize> {
        let line = &self.model.lines[line.index()];
        let mut best = None;
        for agent in (0..self.people.len()).filter(|agent| self.has_room(*agent)) {
            let person = &self.people[agent];
            if !line.shared || line.immediate && self.keeps_to_deferred(agent) {
                continue;
            }
            for (tried, _) in line.pools.iter().filter(|(_, pool)| *pool == person.pool) {
                let candidate = (person.chats.len(), *tried, person.turn, agent);
                best = Some(best.map_or(candidate, |best| candidate.min(best)));
            }
        }
        best.map(|(.., agent)| agent)
    }

    pub fn take_beside(
        &mut self,
        agent: usize,
        id: usize,
        reading: SimDuration,
        lasts: SimDuration,
    ) {
        self.share_time(agent);
        let now = self.now;
        if self.people[agent].chats.is_empty() {
            let person = &mut self.people[agent];
            person.state = State::Busy;
            person.idle_turn = None;
            let work =
                Work { doing: Doing::Several, since: now, until: now, reading: SimDuration::ZERO };
            person.work = Some(work);
            person.slow = 1.0;
        } else {
            self.sees("a ticket taken beside others");
        }
        self.changes_to(agent, self.people[agent].chats.len() + 1);
        let plan = &self.model.teams[self.team_of(agent).index()];
        let person = &mut self.people[agent];
        let until = now.saturating_add(lasts.scale(person.slow));
        let held = person.chats.len() + 1;
        let errs = plan.concurrency.as_ref().map_or(1.0, |chats| chats.reopen_factor(held));
        let (reading, reopens) = (reading.scale(person.slow), person.reopens * errs);
        person.chats.push(Chat { id, since: now, until, reading, reopens });
        self.expect_done(agent);
    }

    /// Somebody will hold so many: what is in hand takes longer or shorter.
    fn changes_to(&mut self, agent: usize, held: usize) {
        self.idled += 1;
        let plan = &self.model.teams[self.team_of(agent).index()];
        let slow = plan.concurrency.as_ref().map_or(1.0, |concurrency| concurrency.handle(held));
        let person = &mut self.people[agent];
        person.turn = self.idled;
        let longer = slow / person.slow;
        person.slow = slow;
        self.prolong_chats(agent, longer);
    }

    pub fn prolong_chats(&mut self, agent: usize, longer: f64) {
        for chat in self.people[agent].chats.iter_mut().filter(|_| longer != 1.0) {
            chat.takes_longer(self.now, longer);
        }
    }

    pub fn expect_done(&mut self, agent: usize) {
        self.strike_done(agent);
        let until = self.people[agent].chats.iter().map(|chat| chat.until).min();
        if let Some(until) = until {
            self.will(until, What::Done(agent));
        }
    }

    /// The time since the last change has gone to all in hand alike.
    fn share_time(&mut self, agent: usize) {
        let (team, now) = (self.team_of(agent), self.now);
        let from = std::mem::replace(&mut self.people[agent].shared_until, now);
        let chats = self.people[agent].chats.clone();
        for (place, chat) in (0..).zip(&chats) {
            if from < now {
                let share = Share {
                    agent: AgentId::new(agent),
                    team,
                    from,
                    read_until: chat.since + chat.reading,
                    place,
                    of: chats.len() as u32,
                };
                let life = &self.tickets[chat.id];
                self.observer.shares(now, &life.facts, life.is_chaser, &share);
            }
        }
    }

    fn touch_of(&self, agent: usize, chat: &Chat, broken_off: bool) -> Touch {
        Touch {
            agent: AgentId::new(agent),
            team: self.team_of(agent),
            started_at: chat.since,
            reading: chat.reading.min(self.now - chat.since),
            broken_off,
            beside: true,
            helps: false,
            together: 1,
        }
    }

    fn puts_all_down(&mut self, agent: usize) {
        let person = &mut self.people[agent];
        if let Some(work) = person.work.take() {
            person.diary.works(work.since, self.now);
        }
    }

    /// One of those in hand is done.
    pub fn finish_one(&mut self, agent: usize) {
        self.share_time(agent);
        let chats = &mut self.people[agent].chats;
        let place = (0..chats.len()).min_by_key(|place| (chats[*place].until, *place));
        let chat = chats.remove(place.expect("somebody is done with something"));
        let left = chats.len();
        if left == 0 {
            self.puts_all_down(agent);
        }
        self.people[agent].reopens = chat.reopens;
        let touch = self.touch_of(agent, &chat, false);
        self.complete(agent, chat.id, &touch);
        if left == 0 {
            self.has_finished(agent);
        } else {
            self.changes_to(agent, left);
            self.expect_done(agent);
            self.freed.push(agent);
        }
    }

    /// Everything in hand is broken off.
    pub fn drop_all(&mut self, agent: usize) {
        self.share_time(agent);
        if self.people[agent].chats.len() > 1 {
            self.sees("several broken off together");
        }
        self.puts_all_down(agent);
        self.strike_done(agent);
        self.people[agent].state = State::Idle;
        let team = self.team_of(agent);
        let speed = self.speeds[team.index()] / self.people[agent].slow;
        for chat in std::mem::take(&mut self.people[agent].chats) {
            assert_eq!(self.tickets[chat.id].place, Place::InWork);
            let touch = self.touch_of(agent, &chat, true);
            self.put_aside(chat.id, (chat.until - self.now).scale(speed), None, &touch);
        }
    }

    pub fn still_holds(&mut self, agent: usize) {
        self.share_time(agent);
        for chat in self.people[agent].chats.clone() {
            let touch = self.touch_of(agent, &chat, true);
            self.observer.still_works(self.now, &touch, Some(&self.tickets[chat.id].facts));
        }
    }
}
