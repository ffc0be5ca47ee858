//! Everything an observer is told, with the ticket as it was at that moment. Only the slots that
//! tickets happen to live in are left out.

use surgecast::ids::{AgentId, ClassId, TeamId, TicketId};
use surgecast::outcome::observer::{Departure, Exit, Observer, Share, Touch};
use surgecast::ticket::{Cause, Ticket};
use surgecast::time::{SimDuration, SimTime};

/// One thing told.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    pub at: Option<SimTime>,
    pub what: What,
    pub ticket: Option<Ticket>,
}

/// What is told.
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    BeginsRun,
    Begins,
    OpensWith(bool),
    Contact(ClassId, Cause, bool),
    BotTries(ClassId),
    WillBeMended(u16, SimTime),
    StaysAway(ClassId),
    DemandMoves(ClassId, bool),
    Parts(ClassId, bool, i64),
    Created,
    Waits,
    TurnedAway,
    Assigned(AgentId),
    Forgotten,
    Remembered(SimDuration),
    Holds(TeamId, bool),
    Resumes(SimDuration, bool),
    Sorted(TeamId, bool),
    PassedOn(TeamId, Option<SimDuration>),
    LeavesLine,
    Starts(AgentId, bool),
    Ends(Touch),
    ReadChaser(ClassId, Touch),
    Helps(AgentId),
    Helped(Touch),
    Shares(bool, Share),
    SideWork(Touch),
    FirstReply,
    Moves(TeamId),
    Asks,
    Answered,
    Chased,
    ToBeRead(SimDuration),
    AwaitsReply(SimTime),
    GoesOutside,
    Leaves(Exit),
    Reopened(bool),
    Staffed(TeamId, u32),
    Empty(AgentId, TeamId),
    Departs(AgentId, TeamId, Departure),
    Joins(AgentId, TeamId),
    Settles(AgentId, TeamId),
    Intervenes(u32),
    Census(usize),
    EndsRun(bool),
    Remains,
    StillWorks(Touch),
}

/// Keeps all of it.
#[derive(Default, PartialEq)]
pub struct Story {
    pub told: Vec<Told>,
}

impl Story {
    fn tell(&mut self, at: SimTime, what: What) {
        self.told.push(Told { at: Some(at), what, ticket: None });
    }

    fn of(&mut self, at: SimTime, ticket: &Ticket, what: What) {
        self.told.push(Told { at: Some(at), what, ticket: Some(ticket.clone()) });
    }
}

impl Observer for Story {
    fn begins_run(&mut self, now: SimTime) {
        self.tell(now, What::BeginsRun);
    }
    fn begins(&mut self, now: SimTime) {
        self.tell(now, What::Begins);
    }
    fn opens_with(&mut self, _: TicketId, ticket: &Ticket, in_line: bool) {
        let what = What::OpensWith(in_line);
        self.told.push(Told { at: None, what, ticket: Some(ticket.clone()) });
    }
    fn contact(&mut self, now: SimTime, class: ClassId, cause: Cause, contained: bool) {
        self.tell(now, What::Contact(class, cause, contained));
    }
    fn bot_tries(&mut self, now: SimTime, class: ClassId) {
        self.tell(now, What::BotTries(class));
    }
    fn will_be_mended(&mut self, now: SimTime, problem: u16, at: SimTime) {
        self.tell(now, What::WillBeMended(problem, at));
    }
    fn stays_away(&mut self, now: SimTime, class: ClassId) {
        self.tell(now, What::StaysAway(class));
    }
    fn demand_moves(&mut self, now: SimTime, class: ClassId, won: bool) {
        self.tell(now, What::DemandMoves(class, won));
    }
    fn parts(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, leaves: bool, word: i64) {
        self.tell(now, What::Parts(ticket.class, leaves, word));
    }
    fn created(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.of(now, ticket, What::Created);
    }
    fn waits(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.of(now, ticket, What::Waits);
    }
    fn turned_away(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.of(now, ticket, What::TurnedAway);
    }
    fn holds(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, by: TeamId, stops: bool) {
        self.of(now, ticket, What::Holds(by, stops));
    }
    fn resumes(
        &mut self,
        now: SimTime,
        _: TicketId,
        ticket: &Ticket,
        held: SimDuration,
        stopped: bool,
    ) {
        self.of(now, ticket, What::Resumes(held, stopped));
    }
    fn assigned(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, owner: AgentId) {
        self.of(now, ticket, What::Assigned(owner));
    }
    fn forgotten(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.of(now, ticket, What::Forgotten);
    }
    fn remembered(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, after: SimDuration) {
        self.of(now, ticket, What::Remembered(after));
    }
    fn sorted(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, to: TeamId, right: bool) {
        self.of(now, ticket, What::Sorted(to, right));
    }
    fn passed_on(
        &mut self,
        now: SimTime,
        _: TicketId,
        ticket: &Ticket,
        to: TeamId,
        found: Option<SimDuration>,
    ) {
        self.of(now, ticket, What::PassedOn(to, found));
    }
    fn leaves_line(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.of(now, ticket, What::LeavesLine);
    }
    fn starts(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, agent: AgentId, again: bool) {
        self.of(now, ticket, What::Starts(agent, again));
    }
    fn ends(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, touch: &Touch) {
        self.of(now, ticket, What::Ends(*touch));
    }
    fn read_chaser(&mut self, now: SimTime, class: ClassId, touch: &Touch) {
        self.tell(now, What::ReadChaser(class, *touch));
    }
    fn helps(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, helper: AgentId) {
        self.of(now, ticket, What::Helps(helper));
    }
    fn helped(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, touch: &Touch) {
        self.of(now, ticket, What::Helped(*touch));
    }
    fn shares(&mut self, now: SimTime, ticket: &Ticket, is_chaser: bool, share: &Share) {
        self.of(now, ticket, What::Shares(is_chaser, *share));
    }
    fn side_work(&mut self, now: SimTime, touch: &Touch) {
        self.tell(now, What::SideWork(*touch));
    }
    fn first_reply(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.of(now, ticket, What::FirstReply);
    }
    fn moves(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, to: TeamId) {
        self.of(now, ticket, What::Moves(to));
    }
    fn asks(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.of(now, ticket, What::Asks);
    }
    fn answered(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.of(now, ticket, What::Answered);
    }
    fn chased(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.of(now, ticket, What::Chased);
    }
    fn is_to_be_read(&mut self, now: SimTime, ticket: &Ticket, takes: SimDuration) {
        self.of(now, ticket, What::ToBeRead(takes));
    }
    fn awaits_reply(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, due: SimTime) {
        self.of(now, ticket, What::AwaitsReply(due));
    }
    fn goes_outside(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.of(now, ticket, What::GoesOutside);
    }
    fn leaves(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, exit: Exit) {
        self.of(now, ticket, What::Leaves(exit));
    }
    fn reopened(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, gave_up: bool) {
        self.of(now, ticket, What::Reopened(gave_up));
    }
    fn staffed(&mut self, now: SimTime, team: TeamId, agents: u32) {
        self.tell(now, What::Staffed(team, agents));
    }
    fn empty(&mut self, now: SimTime, agent: AgentId, team: TeamId) {
        self.tell(now, What::Empty(agent, team));
    }
    fn departs(&mut self, now: SimTime, agent: AgentId, team: TeamId, why: Departure) {
        self.tell(now, What::Departs(agent, team, why));
    }
    fn joins(&mut self, now: SimTime, agent: AgentId, team: TeamId) {
        self.tell(now, What::Joins(agent, team));
    }
    fn settles(&mut self, now: SimTime, agent: AgentId, team: TeamId) {
        self.tell(now, What::Settles(agent, team));
    }
    fn intervenes(&mut self, now: SimTime, mask: u32) {
        self.tell(now, What::Intervenes(mask));
    }
    fn census(&mut self, now: SimTime, index: usize) {
        self.tell(now, What::Census(index));
    }
    fn ends_run(&mut self, now: SimTime, truncated: bool) {
        self.tell(now, What::EndsRun(truncated));
    }
    fn remains(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.of(now, ticket, What::Remains);
    }
    fn still_works(&mut self, now: SimTime, touch: &Touch, ticket: Option<&Ticket>) {
        let what = What::StillWorks(*touch);
        self.told.push(Told { at: Some(now), what, ticket: ticket.cloned() });
    }
}
