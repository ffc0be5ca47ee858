//! An agent: where somebody stands, and what is in hand.

use crate::ids::{PoolId, TeamId, TicketId};
use crate::time::{SimDuration, SimTime};

/// An agent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Agent {
    pub(super) pool: PoolId,
    /// The team of that pool.
    pub(super) team: TeamId,
    pub(super) state: AgentState,
    /// Whether the roster has the agent at work now.
    pub(super) on_roster: bool,
    /// Whether something has called the agent away.
    pub(super) called_away: bool,
    /// Grows whenever a break is cut short, which cancels its end.
    pub(super) stamp: u32,
    pub(super) work: Work,
    pub(super) started_at: SimTime,
    pub(super) ends_at: SimTime,
    /// Part of the touch in hand that is reading of chasers.
    pub(super) reading: SimDuration,
    /// The how-manieth to become idle.
    pub(super) idle_turn: u64,
    /// Breaks due and not yet taken.
    pub(super) owed: SimDuration,
    /// Blocks of other work so far, by which they are drawn.
    pub(super) blocks: u32,
}

/// What an agent does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum AgentState {
    /// Not at work.
    Off,
    /// At work and free.
    Idle,
    /// In a touch, or in other work.
    Busy,
    /// On a break or called away.
    Away,
}

/// What a busy agent works on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Work {
    /// A ticket, or a chaser read by itself.
    Ticket(TicketId),
    /// Tickets side by side, which are in the agent's hands.
    Several,
    /// A ticket in a colleague's hands.
    Helping,
    /// A block of other work.
    Other,
}

impl Agent {
    /// One who is not at work.
    pub(super) fn off(pool: PoolId, team: TeamId) -> Agent {
        Agent {
            pool,
            team,
            state: AgentState::Off,
            on_roster: false,
            called_away: false,
            stamp: 0,
            work: Work::Other,
            started_at: SimTime::ZERO,
            ends_at: SimTime::ZERO,
            reading: SimDuration::ZERO,
            idle_turn: 0,
            owed: SimDuration::ZERO,
            blocks: 0,
        }
    }
}
