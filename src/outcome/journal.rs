//! The journal of a run: every fact of every ticket, in order, for those who want to see it all.

use super::observer::{Exit, Observer, Touch};
use crate::ids::{AgentId, ClassId, TeamId, TicketId};
use crate::rng::Key;
use crate::ticket::{Cause, Ticket};
use crate::time::{SimDuration, SimTime};
use std::collections::HashMap;

/// One line of the journal.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Entry {
    /// When.
    pub at: SimTime,
    /// Number of the ticket, in the order in which tickets came; nothing for other work.
    pub ticket: Option<u32>,
    /// Its class.
    pub class: Option<ClassId>,
    /// What happened.
    pub fact: Fact,
}

/// What happened.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Fact {
    /// It was there when counting began.
    OpensWith,
    /// A bot contained the contact.
    Contained,
    /// A customer did not write who otherwise would have.
    StaysAway,
    /// A customer won by word of mouth wrote.
    Won,
    /// Nobody was there to write any more.
    Unwritten,
    /// Its customer left, or told others.
    Parts(bool, i64),
    /// It was created.
    Created(Cause),
    /// It began to wait for a team.
    Waits(TeamId),
    /// It left its line without an agent.
    LeavesLine,
    /// An agent took it.
    Starts(AgentId),
    /// The agent was done with it, or broke off.
    Ends(AgentId, bool),
    /// The agent read a chaser, or broke off.
    ReadChaser(AgentId, bool),
    /// The agent did other work.
    SideWork(AgentId),
    /// Its first reply.
    FirstReply,
    /// It was sent to its first team, rightly or not.
    Sorted(TeamId, bool),
    /// An agent passed it on to another team.
    PassedOn(TeamId),
    /// It was put on hold for a team to approve.
    Holds(TeamId),
    /// It was on hold no longer.
    Resumes,
    /// An agent was given it.
    Assigned(AgentId),
    /// It was lost from sight.
    Forgotten,
    /// It was seen again, or left.
    Remembered,
    /// A team had no room for it.
    TurnedAway(TeamId),
    /// It went to another team.
    Moves(TeamId),
    /// Its customer was asked.
    Asks,
    /// Its customer answered.
    Answered,
    /// Its customer asked again.
    Chased,
    /// Its customer gave up and took it outside.
    GoesOutside,
    /// It left the backlog.
    Leaves(Exit),
    /// It came back.
    Reopened,
    /// It was still there at the end.
    Remains,
}

/// Keeps the journal of a run.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// Everything that happened.
    pub entries: Vec<Entry>,
    numbers: HashMap<Key, u32>,
}

impl Journal {
    fn note(&mut self, at: SimTime, ticket: &Ticket, fact: Fact) {
        let next = self.numbers.len() as u32;
        let number = *self.numbers.entry(ticket.key).or_insert(next);
        self.entries.push(Entry { at, ticket: Some(number), class: Some(ticket.class), fact });
    }

    /// The entries of one ticket.
    pub fn of(&self, ticket: u32) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.ticket == Some(ticket))
    }
}

impl Observer for Journal {
    fn begins_run(&mut self, _: SimTime) {
        self.entries.clear();
        self.numbers.clear();
    }
    fn begins(&mut self, _: SimTime) {
        self.entries.clear();
    }
    fn opens_with(&mut self, _: TicketId, ticket: &Ticket, _: bool) {
        self.note(ticket.created_at, ticket, Fact::OpensWith);
    }
    fn contact(&mut self, now: SimTime, class: ClassId, _: Cause, contained: bool) {
        if contained {
            let entry = Entry { at: now, ticket: None, class: Some(class), fact: Fact::Contained };
            self.entries.push(entry);
        }
    }
    fn stays_away(&mut self, now: SimTime, class: ClassId) {
        let entry = Entry { at: now, ticket: None, class: Some(class), fact: Fact::StaysAway };
        self.entries.push(entry);
    }
    fn demand_moves(&mut self, now: SimTime, class: ClassId, won: bool) {
        let fact = if won { Fact::Won } else { Fact::Unwritten };
        self.entries.push(Entry { at: now, ticket: None, class: Some(class), fact });
    }
    fn parts(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, leaves: bool, word: i64) {
        self.note(now, ticket, Fact::Parts(leaves, word));
    }
    fn created(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.note(now, ticket, Fact::Created(ticket.cause));
    }
    fn waits(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.note(now, ticket, Fact::Waits(ticket.team));
    }
    fn sorted(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, to: TeamId, right: bool) {
        self.note(now, ticket, Fact::Sorted(to, right));
    }
    fn passed_on(
        &mut self,
        now: SimTime,
        _: TicketId,
        ticket: &Ticket,
        to: TeamId,
        _: Option<SimDuration>,
    ) {
        self.note(now, ticket, Fact::PassedOn(to));
    }
    fn holds(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, by: TeamId, _: bool) {
        self.note(now, ticket, Fact::Holds(by));
    }
    fn resumes(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, _: SimDuration, _: bool) {
        self.note(now, ticket, Fact::Resumes);
    }
    fn assigned(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, owner: AgentId) {
        self.note(now, ticket, Fact::Assigned(owner));
    }
    fn forgotten(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.note(now, ticket, Fact::Forgotten);
    }
    fn remembered(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, _: SimDuration) {
        self.note(now, ticket, Fact::Remembered);
    }
    fn turned_away(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.note(now, ticket, Fact::TurnedAway(ticket.team));
    }
    fn leaves_line(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.note(now, ticket, Fact::LeavesLine);
    }
    fn starts(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, agent: AgentId, _: bool) {
        self.note(now, ticket, Fact::Starts(agent));
    }
    fn ends(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, touch: &Touch) {
        self.note(now, ticket, Fact::Ends(touch.agent, touch.broken_off));
    }
    fn read_chaser(&mut self, now: SimTime, class: ClassId, touch: &Touch) {
        let fact = Fact::ReadChaser(touch.agent, touch.broken_off);
        self.entries.push(Entry { at: now, ticket: None, class: Some(class), fact });
    }
    fn side_work(&mut self, now: SimTime, touch: &Touch) {
        let fact = Fact::SideWork(touch.agent);
        self.entries.push(Entry { at: now, ticket: None, class: None, fact });
    }
    fn first_reply(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.note(now, ticket, Fact::FirstReply);
    }
    fn moves(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, to: TeamId) {
        self.note(now, ticket, Fact::Moves(to));
    }
    fn asks(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.note(now, ticket, Fact::Asks);
    }
    fn answered(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.note(now, ticket, Fact::Answered);
    }
    fn chased(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.note(now, ticket, Fact::Chased);
    }
    fn goes_outside(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.note(now, ticket, Fact::GoesOutside);
    }
    fn leaves(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, exit: Exit) {
        self.note(now, ticket, Fact::Leaves(exit));
    }
    fn reopened(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, _: bool) {
        self.note(now, ticket, Fact::Reopened);
    }
    fn remains(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.note(now, ticket, Fact::Remains);
    }
}
