//! The facts of a run, as they happen. Whoever wants to know something implements `Observer`; a
//! callback nobody implements costs nothing. Observers draw nothing and change nothing.

use crate::ids::{AgentId, ClassId, TeamId, TicketId};
use crate::ticket::{Cause, State, Ticket};
use crate::time::{SimDuration, SimTime};

/// How a ticket leaves the backlog.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exit {
    /// Solved by an agent.
    Solved,
    /// Solved by an answer sent to many.
    SolvedInBulk,
    /// Closed because the customer never answered.
    AutoClosed,
    /// Given up by the customer.
    Withdrawn,
    /// Recognised as a duplicate and merged.
    Merged,
}

impl Exit {
    /// Whether its customer has come to a judgement: an answer, or none at all.
    pub fn is_judged(self) -> bool {
        match self {
            Exit::Solved | Exit::SolvedInBulk | Exit::Withdrawn => true,
            Exit::AutoClosed | Exit::Merged => false,
        }
    }

    /// The state in which a ticket leaves.
    pub fn state(self) -> State {
        match self {
            Exit::Solved | Exit::SolvedInBulk => State::Solved,
            Exit::AutoClosed | Exit::Withdrawn | Exit::Merged => State::Closed,
        }
    }
}

/// Why somebody has left a team.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Departure {
    /// They would have left by now whatever the load.
    Usual,
    /// They would still be there had there been less of it.
    Burnout,
    /// They were let go.
    LetGo,
}

/// A piece of work of an agent.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Touch {
    /// Who worked.
    pub agent: AgentId,
    /// For which team.
    pub team: TeamId,
    /// When it began (for a continued touch, when it was continued).
    pub started_at: SimTime,
    /// The part of it that went to reading chasers.
    pub reading: SimDuration,
    /// Whether it was broken off, to be continued later.
    pub broken_off: bool,
    /// Whether it was one of a kind that agents hold several of at once; `shares` then says how
    /// much of the agent's time it took.
    pub beside: bool,
    /// Whether it was help with a ticket in a colleague's hands.
    pub helps: bool,
    /// Agents who worked on it at its end.
    pub together: u32,
}

/// A stretch of time up to now in which an agent held so many tickets, and its part for one of them.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Share {
    /// Who worked.
    pub agent: AgentId,
    /// For which team.
    pub team: TeamId,
    /// When it began.
    pub from: SimTime,
    /// Up to when the ticket's chasers were read.
    pub read_until: SimTime,
    /// The how-manieth ticket in hand, from 0.
    pub place: u32,
    /// Of how many.
    pub of: u32,
}

impl Share {
    /// The ticket's part of a stretch of time; the parts of all in hand add up to it exactly.
    pub fn part(&self, stretch: SimDuration) -> SimDuration {
        let whole = stretch.micros() + i64::from(self.place);
        SimDuration::from_micros(whole.div_euclid(i64::from(self.of)))
    }
}

/// Whoever follows a run. Every callback comes at the moment of its fact, in order of time.
pub trait Observer {
    /// A replication begins, with a warm-up where there is one.
    fn begins_run(&mut self, _now: SimTime) {}
    /// Counting begins: forget what came before. A call of `opens_with` follows for every ticket.
    fn begins(&mut self, _now: SimTime) {}
    /// A ticket is there when counting begins, perhaps already in a line.
    fn opens_with(&mut self, _id: TicketId, _ticket: &Ticket, _in_line: bool) {}
    /// A contact has either become a ticket or been contained.
    fn contact(&mut self, _now: SimTime, _class: ClassId, _cause: Cause, _contained: bool) {}
    /// A recurring problem has been found, or will be, and is mended then.
    fn will_be_mended(&mut self, _now: SimTime, _problem: u16, _at: SimTime) {}
    /// A bot tries a contact.
    fn bot_tries(&mut self, _now: SimTime, _class: ClassId) {}
    /// A customer who would have written now has been kept from it, and is no contact.
    fn stays_away(&mut self, _now: SimTime, _class: ClassId) {}
    /// A ticket is created.
    fn created(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket) {}
    /// Somebody, or something, has decided to which team a ticket goes first; `right` says whether
    /// it belongs there.
    fn sorted(
        &mut self,
        _now: SimTime,
        _id: TicketId,
        _ticket: &Ticket,
        _to: TeamId,
        _right: bool,
    ) {
    }
    /// An agent has passed a ticket on that belongs elsewhere; `found` is how long it had been with
    /// wrong teams, where it goes to the right one now. `ticket.team` is the one it leaves.
    fn passed_on(
        &mut self,
        _now: SimTime,
        _id: TicketId,
        _ticket: &Ticket,
        _to: TeamId,
        _found: Option<SimDuration>,
    ) {
    }
    /// A ticket is put on hold until another team approves; `stops` says whether the clock of its
    /// promised solution stands meanwhile. `ticket` is as it was before.
    fn holds(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket, _by: TeamId, _stops: bool) {
    }
    /// A ticket is on hold no longer, after that time; its clock goes on where it had `stopped`.
    fn resumes(
        &mut self,
        _now: SimTime,
        _id: TicketId,
        _ticket: &Ticket,
        _held: SimDuration,
        _stopped: bool,
    ) {
    }
    /// A ticket that comes to a team is given to an agent.
    fn assigned(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket, _owner: AgentId) {}
    /// A waiting ticket is lost from sight.
    fn forgotten(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket) {}
    /// A forgotten ticket is seen again after that time, or leaves.
    fn remembered(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket, _after: SimDuration) {}
    /// A ticket finds its team full and is turned away; it counts as a visit.
    fn turned_away(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket) {}
    /// A ticket begins to wait for an agent of its team.
    fn waits(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket) {}
    /// A ticket ceases to wait in its line, and no agent has taken it.
    fn leaves_line(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket) {}
    /// An agent takes a ticket (for the first time on this visit, or again after it was broken off).
    fn starts(
        &mut self,
        _now: SimTime,
        _id: TicketId,
        _ticket: &Ticket,
        _agent: AgentId,
        _again: bool,
    ) {
    }
    /// An agent has done a touch, or broken it off. `ticket` is as it was during the touch.
    fn ends(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket, _touch: &Touch) {}
    /// An agent has read a chaser as a piece of work of its own, or broken that off.
    fn read_chaser(&mut self, _now: SimTime, _class: ClassId, _touch: &Touch) {}
    /// The time of an agent who holds tickets side by side is shared out among them; a call for
    /// each.
    fn shares(&mut self, _now: SimTime, _ticket: &Ticket, _is_chaser: bool, _share: &Share) {}
    /// An agent has done a block of other work.
    fn side_work(&mut self, _now: SimTime, _touch: &Touch) {}
    /// An idle agent begins to help with a ticket in a colleague's hands.
    fn helps(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket, _helper: AgentId) {}
    /// An agent has helped with a ticket. `ticket` is as it was meanwhile.
    fn helped(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket, _touch: &Touch) {}
    /// An agent's first public reply to a ticket.
    fn first_reply(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket) {}
    /// A ticket moves to another team; `ticket.team` is the one it leaves.
    fn moves(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket, _to: TeamId) {}
    /// A ticket begins to wait for its customer.
    fn asks(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket) {}
    /// The customer has answered; the ticket wants an agent again. Its due date has moved on.
    fn answered(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket) {}
    /// A waiting customer has asked again.
    fn chased(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket) {}
    /// A chaser that is no ticket of its own takes so long to read, now or with its ticket.
    fn is_to_be_read(&mut self, _now: SimTime, _ticket: &Ticket, _takes: SimDuration) {}
    /// A customer who has had a reply has written again, and was promised the next one by then.
    fn awaits_reply(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket, _due: SimTime) {}
    /// A customer who gives up takes it outside; `leaves` follows.
    fn goes_outside(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket) {}
    /// A ticket leaves the backlog.
    fn leaves(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket, _exit: Exit) {}
    /// A ticket that was solved, or (`gave_up`) withdrawn, is open again; `ticket.since` is when it
    /// had left.
    fn reopened(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket, _gave_up: bool) {}
    /// As many agents of a team are at the queue from now: idle, or in a touch.
    fn staffed(&mut self, _now: SimTime, _team: TeamId, _agents: u32) {}
    /// A seat of a team waits for whom a review of staff may ask for when counting begins.
    fn empty(&mut self, _now: SimTime, _agent: AgentId, _team: TeamId) {}
    /// Somebody has left; the seat is empty.
    fn departs(&mut self, _now: SimTime, _agent: AgentId, _team: TeamId, _why: Departure) {}
    /// Somebody has been found for an empty seat, and begins training.
    fn joins(&mut self, _now: SimTime, _agent: AgentId, _team: TeamId) {}
    /// Training is over; the seat is filled.
    fn settles(&mut self, _now: SimTime, _agent: AgentId, _team: TeamId) {}
    /// Interventions begin or end: from now the desk is as those of the mask make it.
    fn intervenes(&mut self, _now: SimTime, _mask: u32) {}
    /// A ticket has left for good: its customer leaves, or wins another one (1) or keeps one away
    /// (-1) by what is told.
    fn parts(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket, _leaves: bool, _word: i64) {
    }
    /// A contact comes from a customer won by word of mouth, or does not come because its customer
    /// has left.
    fn demand_moves(&mut self, _now: SimTime, _class: ClassId, _won: bool) {}
    /// The desk is counted.
    fn census(&mut self, _now: SimTime, _index: usize) {}
    /// The run is over; a call of `remains` for every unsolved ticket came before.
    fn ends_run(&mut self, _now: SimTime, _truncated: bool) {}
    /// A ticket is still unsolved at the end.
    fn remains(&mut self, _now: SimTime, _id: TicketId, _ticket: &Ticket) {}
    /// An agent is still at work on something at the end, on one ticket after the other of those
    /// held side by side.
    fn still_works(&mut self, _now: SimTime, _touch: &Touch, _ticket: Option<&Ticket>) {}
}

/// Nobody follows.
impl Observer for () {}

macro_rules! both {
    ($($name:ident($($arg:ident: $type:ty),*);)*) => {
        /// Two follow: each gets every fact.
        impl<A: Observer, B: Observer> Observer for (A, B) {
            $(fn $name(&mut self, $($arg: $type),*) {
                self.0.$name($($arg),*);
                self.1.$name($($arg),*);
            })*
        }

        /// Somebody else's observer.
        impl<A: Observer> Observer for &mut A {
            $(fn $name(&mut self, $($arg: $type),*) {
                (**self).$name($($arg),*);
            })*
        }
    };
}

both! {
    begins_run(now: SimTime);
    begins(now: SimTime);
    opens_with(id: TicketId, ticket: &Ticket, in_line: bool);
    contact(now: SimTime, class: ClassId, cause: Cause, contained: bool);
    will_be_mended(now: SimTime, problem: u16, at: SimTime);
    bot_tries(now: SimTime, class: ClassId);
    stays_away(now: SimTime, class: ClassId);
    created(now: SimTime, id: TicketId, ticket: &Ticket);
    sorted(now: SimTime, id: TicketId, ticket: &Ticket, to: TeamId, right: bool);
    passed_on(now: SimTime, id: TicketId, ticket: &Ticket, to: TeamId, found: Option<SimDuration>);
    holds(now: SimTime, id: TicketId, ticket: &Ticket, by: TeamId, stops: bool);
    resumes(now: SimTime, id: TicketId, ticket: &Ticket, held: SimDuration, stopped: bool);
    assigned(now: SimTime, id: TicketId, ticket: &Ticket, owner: AgentId);
    forgotten(now: SimTime, id: TicketId, ticket: &Ticket);
    remembered(now: SimTime, id: TicketId, ticket: &Ticket, after: SimDuration);
    turned_away(now: SimTime, id: TicketId, ticket: &Ticket);
    waits(now: SimTime, id: TicketId, ticket: &Ticket);
    leaves_line(now: SimTime, id: TicketId, ticket: &Ticket);
    starts(now: SimTime, id: TicketId, ticket: &Ticket, agent: AgentId, again: bool);
    ends(now: SimTime, id: TicketId, ticket: &Ticket, touch: &Touch);
    read_chaser(now: SimTime, class: ClassId, touch: &Touch);
    shares(now: SimTime, ticket: &Ticket, is_chaser: bool, share: &Share);
    side_work(now: SimTime, touch: &Touch);
    helps(now: SimTime, id: TicketId, ticket: &Ticket, helper: AgentId);
    helped(now: SimTime, id: TicketId, ticket: &Ticket, touch: &Touch);
    first_reply(now: SimTime, id: TicketId, ticket: &Ticket);
    moves(now: SimTime, id: TicketId, ticket: &Ticket, to: TeamId);
    asks(now: SimTime, id: TicketId, ticket: &Ticket);
    answered(now: SimTime, id: TicketId, ticket: &Ticket);
    chased(now: SimTime, id: TicketId, ticket: &Ticket);
    is_to_be_read(now: SimTime, ticket: &Ticket, takes: SimDuration);
    awaits_reply(now: SimTime, id: TicketId, ticket: &Ticket, due: SimTime);
    goes_outside(now: SimTime, id: TicketId, ticket: &Ticket);
    leaves(now: SimTime, id: TicketId, ticket: &Ticket, exit: Exit);
    reopened(now: SimTime, id: TicketId, ticket: &Ticket, gave_up: bool);
    staffed(now: SimTime, team: TeamId, agents: u32);
    empty(now: SimTime, agent: AgentId, team: TeamId);
    departs(now: SimTime, agent: AgentId, team: TeamId, why: Departure);
    joins(now: SimTime, agent: AgentId, team: TeamId);
    settles(now: SimTime, agent: AgentId, team: TeamId);
    intervenes(now: SimTime, mask: u32);
    parts(now: SimTime, id: TicketId, ticket: &Ticket, leaves: bool, word: i64);
    demand_moves(now: SimTime, class: ClassId, won: bool);
    census(now: SimTime, index: usize);
    ends_run(now: SimTime, truncated: bool);
    remains(now: SimTime, id: TicketId, ticket: &Ticket);
    still_works(now: SimTime, touch: &Touch, ticket: Option<&Ticket>);
}
