//! Agents come, go, take breaks and are called away.

use super::Naive;
use super::diary::Diary;
use super::future::What;
use super::hands::Chat;
use super::seats::Seat;
use surgecast::ids::{ClassId, PoolId, TeamId};
use surgecast::model::team::ShiftEnd;
use surgecast::outcome::observer::Observer;
use surgecast::rng::{Key, Purpose};
use surgecast::time::{SimDuration, SimTime};

/// An agent.
pub struct Person {
    pub pool: PoolId,
    pub key: Key,
    pub state: State,
    pub on_roster: bool,
    pub called_away: bool,
    pub work: Option<Work>,
    /// Tickets held side by side.
    pub chats: Vec<Chat>,
    /// How long each of them takes now, as a factor.
    pub slow: f64,
    /// Up to when the time has been shared out among them.
    pub shared_until: SimTime,
    /// The how-manieth change of how many are in hand.
    pub turn: u64,
    /// The how-manieth to become idle; nothing for who is not, or has yet to choose.
    pub idle_turn: Option<u64>,
    /// Breaks due and not yet taken.
    pub owed: SimDuration,
    /// Blocks of other work so far.
    pub blocks: u64,
    /// Interruptions so far.
    pub calls: u64,
    /// The how-manieth to be given a ticket.
    pub given: u64,
    /// Factor on the share of solutions that come back, for the touch in hand.
    pub reopens: f64,
    /// Class of the last touch.
    pub last: Option<ClassId>,
    pub diary: Diary,
    pub seat: Seat,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Not at work.
    Off,
    /// At work and free.
    Idle,
    Busy,
    /// On a break or called away.
    Away,
}

/// What a busy agent does.
pub struct Work {
    pub doing: Doing,
    pub since: SimTime,
    pub until: SimTime,
    /// The part that is reading of chasers.
    pub reading: SimDuration,
}

#[derive(Clone, Copy)]
pub enum Doing {
    Ticket(usize),
    /// Chats, as many as are in hand.
    Several,
    /// Somebody else's ticket: whose, and what that adds to the speed of one; nothing for an answer to
    /// a question.
    Helping(usize, Option<f64>),
    Other,
}

impl Person {
    pub fn new(pool: PoolId, key: Key, seat: Seat) -> Person {
        Person {
            pool,
            key,
            state: State::Off,
            on_roster: false,
            called_away: false,
            work: None,
            chats: Vec::new(),
            slow: 1.0,
            shared_until: SimTime::ZERO,
            turn: 0,
            idle_turn: None,
            owed: SimDuration::ZERO,
            blocks: 0,
            calls: 0,
            given: 0,
            reopens: 1.0,
            last: None,
            diary: Diary::default(),
            seat,
        }
    }
}

impl<O: Observer> Naive<'_, O> {
    pub fn team_of(&self, agent: usize) -> TeamId {
        self.model.pools[self.people[agent].pool.index()].team
    }

    fn count(&self, team: TeamId, which: impl Fn(&Person) -> bool) -> u32 {
        let all = self.people.iter().enumerate();
        all.filter(|(agent, person)| self.team_of(*agent) == team && which(person)).count() as u32
    }

    /// Agents at the queue: idle or busy.
    pub fn staffed(&self, team: TeamId) -> u32 {
        self.count(team, |person| matches!(person.state, State::Idle | State::Busy))
    }

    pub fn busy(&self, team: TeamId) -> u32 {
        self.count(team, |person| person.state == State::Busy)
    }

    /// Agents on the roster and not away.
    pub fn scheduled(&self, team: TeamId) -> u32 {
        let there = |p: &Person| p.on_roster && !p.called_away && p.state != State::Away;
        self.count(team, there)
    }

    fn of_pool(&self, pool: PoolId) -> Vec<usize> {
        let employed = self.model.pools[pool.index()].seats as usize;
        self.seats_of(pool).take(employed).collect()
    }

    /// All who may ever sit in a pool, whoever is employed now.
    pub fn seats_of(&self, pool: PoolId) -> impl Iterator<Item = usize> + use<O> {
        self.model.pools[pool.index()].agents.clone().map(|agent| agent as usize)
    }

    /// A shift begins, or another day of a long one: whoever is not absent is there.
    pub fn on_on(&mut self, pool: PoolId, day: i64) {
        for agent in self.of_pool(pool) {
            if !self.people[agent].seat.is_filled() {
                continue;
            }
            let shrinkage = &self.model.pools[pool.index()].shrinkage;
            let p_today = shrinkage.p_absent_on(self.key, day);
            let absent = shrinkage.absent(self.people[agent].key, day, p_today);
            if absent {
                self.sees("absent on a day");
            }
            match (self.people[agent].on_roster, absent) {
                (false, false) => self.clock_in(agent),
                (true, true) => self.clock_out(agent),
                (true, false) | (false, true) => {}
            }
        }
    }

    pub fn on_off(&mut self, pool: PoolId) {
        for agent in self.of_pool(pool) {
            if self.people[agent].on_roster {
                self.clock_out(agent);
            }
        }
    }

    pub fn clock_in(&mut self, agent: usize) {
        let person = &mut self.people[agent];
        person.diary.clocks_in(self.now);
        person.on_roster = true;
        if person.state == State::Off && !person.called_away {
            self.comes_free(agent);
        } else if self.holds_several(agent) {
            self.freed.push(agent);
        }
    }

    pub fn clock_out(&mut self, agent: usize) {
        let shift_end = self.model.teams[self.team_of(agent).index()].shift_end;
        let person = &mut self.people[agent];
        let ends_now = person
            .work
            .as_ref()
            .is_some_and(|work| matches!(work.doing, Doing::Ticket(_)) && work.until == self.now);
        person.diary.clocks_out(self.now);
        person.on_roster = false;
        person.owed = SimDuration::ZERO;
        match (person.state, &person.work) {
            (State::Off, _) => {}
            (State::Idle, _) => self.leaves_queue(agent, State::Off),
            (State::Away, _) => {
                person.state = State::Off;
                self.strike_break(agent);
            }
            (
                State::Busy,
                Some(Work {
                    doing: Doing::Ticket(_) | Doing::Several | Doing::Helping(..), ..
                }),
            ) => match shift_end {
                ShiftEnd::Finish | ShiftEnd::FinishPooled => {}
                // It is over in this instant, and is told so after the change of shift.
                _ if ends_now => {}
                ShiftEnd::Suspend | ShiftEnd::HandOver => {
                    self.break_off(agent, None);
                    self.leaves_queue(agent, State::Off);
                }
            },
            // Other work is done to its end.
            (State::Busy, _) => {}
        }
    }

    /// An agent comes to the queue, or has finished something, and chooses what is next.
    fn comes_free(&mut self, agent: usize) {
        let there = matches!(self.people[agent].state, State::Idle | State::Busy);
        self.people[agent].state = State::Idle;
        if !there {
            self.people[agent].diary.comes(self.now);
            self.tell_staffed(agent);
        }
        self.freed.push(agent);
    }

    fn leaves_queue(&mut self, agent: usize, to: State) {
        self.people[agent].state = to;
        self.people[agent].diary.goes(self.now);
        self.people[agent].idle_turn = None;
        self.freed.retain(|freed| *freed != agent);
        self.tell_staffed(agent);
    }

    fn tell_staffed(&mut self, agent: usize) {
        let team = self.team_of(agent);
        self.observer.staffed(self.now, team, self.staffed(team));
    }

    /// An agent is done with something: home, away, on a break, or the next ticket.
    pub fn has_finished(&mut self, agent: usize) {
        let person = &self.people[agent];
        if !person.on_roster {
            self.leaves_queue(agent, State::Off);
        } else if person.called_away {
            self.leaves_queue(agent, State::Away);
        } else if person.owed > SimDuration::ZERO {
            self.leaves_queue(agent, State::Away);
            self.begin_break(agent);
        } else {
            self.comes_free(agent);
        }
    }

    /// A turn of the rota: those whose turn it is owe a break, and take it once they are free.
    pub fn on_turn(&mut self, pool: PoolId, turn: u64, lasts: SimDuration) {
        let agents = self.of_pool(pool);
        let seats = agents.len() as u32;
        let shrinkage = self.model.pools[pool.index()].shrinkage;
        for (seat, agent) in (0..seats).zip(agents) {
            if shrinkage.away(seat, seats, turn) {
                self.owes(agent, lasts);
            }
        }
    }

    /// Part of a pool is trained.
    pub fn on_lesson(&mut self, pool: PoolId, number: usize) {
        let lesson = self.model.pools[pool.index()].lessons[number];
        for (seat, agent) in (0..).zip(self.of_pool(pool)) {
            if lesson.is_for(seat) {
                self.sees("a lesson");
                self.owes(agent, lesson.lasts);
            }
        }
    }

    fn owes(&mut self, agent: usize, lasts: SimDuration) {
        if self.people[agent].on_roster {
            self.people[agent].owed += lasts;
            if self.people[agent].state == State::Idle {
                self.leaves_queue(agent, State::Away);
                self.begin_break(agent);
            }
        }
    }

    /// All breaks owed are taken together.
    fn begin_break(&mut self, agent: usize) {
        self.sees("a break");
        let owed = std::mem::replace(&mut self.people[agent].owed, SimDuration::ZERO);
        self.will(self.now + owed, What::BreakOver(agent));
    }

    pub fn on_break_over(&mut self, agent: usize) {
        if self.people[agent].owed > SimDuration::ZERO {
            self.begin_break(agent);
        } else {
            self.comes_free(agent);
        }
    }

    /// Interruptions go on from the start of the run, at work or not.
    pub fn write_interruptions(&mut self) {
        for agent in 0..self.people.len() {
            self.expect_call(agent);
        }
    }

    fn expect_call(&mut self, agent: usize) {
        let person = &mut self.people[agent];
        let Some(plan) = &self.model.pools[person.pool.index()].interruptions else { return };
        person.calls += 1;
        let every = plan.every.sample(&mut person.key.draw(Purpose::Break, person.calls * 2));
        self.will(self.now.saturating_add(every), What::CalledAway(agent));
    }

    pub fn on_called_away(&mut self, agent: usize) {
        let person = &mut self.people[agent];
        let plan = &self.model.pools[person.pool.index()].interruptions;
        let plan = plan.as_ref().expect("only who has interruptions");
        let lasts = plan.lasts.sample(&mut person.key.draw(Purpose::Break, person.calls * 2 + 1));
        person.called_away = true;
        match (person.state, &person.work) {
            (State::Off, _) => {}
            (State::Idle, _) => self.leaves_queue(agent, State::Away),
            // The call ends the break, too.
            (State::Away, _) => self.strike_break(agent),
            (
                State::Busy,
                Some(Work {
                    doing: Doing::Ticket(_) | Doing::Several | Doing::Helping(..), ..
                }),
            ) => {
                let goes = if person.on_roster { State::Away } else { State::Off };
                self.sees("called away from a touch");
                self.break_off(agent, None);
                self.leaves_queue(agent, goes);
            }
            (State::Busy, _) => self.sees("called away from other work"),
        }
        self.will(self.now.saturating_add(lasts), What::Back(agent));
    }

    pub fn on_back(&mut self, agent: usize) {
        let person = &mut self.people[agent];
        person.called_away = false;
        if person.on_roster && person.state != State::Busy {
            self.comes_free(agent);
        }
        self.expect_call(agent);
    }
}
