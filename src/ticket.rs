//! The words of a help desk: a ticket, its state, its priority, and why it is there.

use crate::ids::{ClassId, TeamId};
use crate::rng::Key;
use crate::time::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// Where a ticket stands, in the words of help desks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// No agent has touched it yet.
    New,
    /// It wants an agent, or has one.
    Open,
    /// It waits for the customer.
    Pending,
    /// It waits for a third party or an approval.
    OnHold,
    /// An agent, or a bulk answer, has solved it.
    Solved,
    /// It has left for good.
    Closed,
}

impl State {
    /// Whether it counts as backlog: new, open, pending or on hold.
    pub fn is_unsolved(self) -> bool {
        matches!(self, State::New | State::Open | State::Pending | State::OnHold)
    }
}

/// Why a ticket, or a touch, exists.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A customer needs something.
    New,
    /// A waiting customer asks again.
    Chaser,
    /// A waiting customer opens a second ticket for the same need.
    Duplicate,
    /// A solved ticket comes back.
    Reopen,
    /// A ticket landed with the wrong team and was passed on.
    Bounced,
    /// A bot called it resolved, and it was not.
    BotReturn,
}

impl Cause {
    /// All causes, in the order of their numbers.
    pub const ALL: [Cause; 6] = [
        Cause::New,
        Cause::Chaser,
        Cause::Duplicate,
        Cause::Reopen,
        Cause::Bounced,
        Cause::BotReturn,
    ];

    /// What reports call it.
    pub fn title(self) -> &'static str {
        match self {
            Cause::New => "new",
            Cause::Chaser => "chasers",
            Cause::Duplicate => "duplicates",
            Cause::Reopen => "reopened",
            Cause::Bounced => "bounced",
            Cause::BotReturn => "bot returns",
        }
    }
}

/// What an agent does for a ticket in a touch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Task {
    /// Works on what the customer needs.
    #[default]
    Answer,
    /// Sees to which team it belongs.
    Sort,
    /// Sees that it belongs to another team, and passes it on.
    PassOn,
    /// Decides whether it may go on.
    Approve,
    /// Sees that something is missing, and sends it back to where it came from.
    SendBack,
    /// Adds what was missing, and sends it on again.
    Clarify,
}

impl Task {
    /// How many there are.
    pub const COUNT: usize = 6;
}

/// How soon a ticket should be looked at: 0 is the most urgent of four.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Priority(pub u8);

impl Priority {
    /// How many there are.
    pub const COUNT: usize = 4;

    /// Position, the most urgent first.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is known of a ticket while something may still happen to it.
#[derive(Clone, PartialEq, Debug)]
pub struct Ticket {
    /// Its name in chance: the same in every policy that is compared.
    pub key: Key,
    /// When the customer wrote.
    pub created_at: SimTime,
    /// When it last began to wait, for an agent or for whatever its state says.
    pub since: SimTime,
    /// When a public reply by an agent is promised.
    pub reply_due: SimTime,
    /// When the solution is promised; moves on while the clock is paused.
    pub solution_due: SimTime,
    /// When an agent first replied; `NEVER` before.
    pub replied_at: SimTime,
    /// Time it has spent waiting for its customer.
    pub with_customer: SimDuration,
    /// Its class.
    pub class: ClassId,
    /// The team that has it now.
    pub team: TeamId,
    /// Its priority.
    pub priority: Priority,
    /// Its state.
    pub state: State,
    /// Why it wants work now.
    pub cause: Cause,
    /// What its next touch, or the one in hand, is for.
    pub task: Task,
    /// Touches by agents so far.
    pub touches: u16,
    /// Visits to lines so far.
    pub visits: u16,
    /// Times the customer has asked again while waiting.
    pub chasers: u16,
    /// Times it was reopened.
    pub reopens: u16,
    /// Whether it was there when the run began to count.
    pub opening: bool,
}

impl Ticket {
    /// Whether somebody had looked at it before the run began: an opening ticket that is not new.
    #[inline]
    pub fn was_seen_before(&self) -> bool {
        self.opening && self.replied_at == self.created_at
    }

    /// What the work of its next touch, or of the one in hand, counts as.
    #[inline]
    pub fn cause_of_work(&self) -> Cause {
        match self.task {
            Task::Answer | Task::Sort | Task::Approve => self.cause,
            Task::PassOn | Task::SendBack | Task::Clarify => Cause::Bounced,
        }
    }
}
