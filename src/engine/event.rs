//! What can happen, and in which order at one instant.
//!
//! An event is one integer: time, rank, id, stamp, from the highest bits to the lowest, so that
//! comparing integers orders events totally and without branches. The ranks at one instant, and
//! why:
//!
//! 1. *changes of plan*: who is on the roster at nine o'clock counts for everything at nine, so a
//!    whole change of shift comes before anybody takes anything; then *interventions*;
//! 2. *completions*: an agent who is done at ten can take what arrives at ten;
//! 3. *customers' actions and other timers*: a customer whose patience ends at ten has been served
//!    if an agent came free at ten;
//! 4. *arrivals*;
//! 5. *the census*, which counts the state after all that.
//!
//! Completions and arrivals are no events of this kind: the agenda keeps them by agent and by class.

use crate::ids::{AgentId, TicketId};
use crate::time::SimTime;

/// Bits of an agent's or ticket's stamp that an event carries.
const STAMP_BITS: u32 = 24;
const STAMP_MASK: u32 = (1 << STAMP_BITS) - 1;

/// The kind of an event; its number is its rank.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub(crate) enum Kind {
    /// The next planned change.
    Change = 0,
    /// An intervention begins or ends.
    Intervenes,
    /// An agent's break is over.
    BreakOver,
    /// An agent is called away.
    CalledAway,
    /// An agent is back.
    Back,
    /// Somebody has been found for a seat.
    Recruited,
    /// Somebody's training is over.
    Trained,
    /// Somebody's notice is over.
    LetGo,
    /// A bot hands a contact over.
    HandedOver,
    /// A contact that a bot called resolved comes back.
    BotReturn,
    /// A ticket reaches another team.
    Reaches,
    /// A customer answers.
    Answers,
    /// A ticket without an answer is closed.
    AutoClose,
    /// A solved ticket comes back.
    Reopens,
    /// A customer gives up.
    GivesUp,
    /// A customer who gave up tries again.
    TriesAgain,
    /// A customer asks again.
    Chases,
    /// A ticket has waited too long for its team.
    WaitedTooLong,
    /// A ticket has lain in an inbox for too long.
    BackToPool,
    /// A ticket is lost from sight.
    Forgotten,
    /// The desk is counted.
    Census,
}

const KINDS: [Kind; 21] = [
    Kind::Change,
    Kind::Intervenes,
    Kind::BreakOver,
    Kind::CalledAway,
    Kind::Back,
    Kind::Recruited,
    Kind::Trained,
    Kind::LetGo,
    Kind::HandedOver,
    Kind::BotReturn,
    Kind::Reaches,
    Kind::Answers,
    Kind::AutoClose,
    Kind::Reopens,
    Kind::GivesUp,
    Kind::TriesAgain,
    Kind::Chases,
    Kind::WaitedTooLong,
    Kind::BackToPool,
    Kind::Forgotten,
    Kind::Census,
];

impl Kind {
    /// Whether it comes before the completions of its instant.
    pub(crate) fn is_before_completions(self) -> bool {
        self <= Kind::Intervenes
    }

    /// Whether it is cancelled as soon as its ticket waits no longer as it did.
    pub(crate) fn is_of_waiting(self) -> bool {
        (Kind::GivesUp..=Kind::Forgotten).contains(&self) && self != Kind::TriesAgain
    }

    /// Whether it comes after the arrivals of its instant.
    pub(crate) fn is_after_arrivals(self) -> bool {
        self == Kind::Census
    }
}

/// An event, packed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Event(pub(crate) u128);

impl Event {
    #[inline]
    pub(crate) fn new(at: SimTime, kind: Kind, id: u32, stamp: u32) -> Event {
        // Flipping the sign bit makes negative times smaller as unsigned integers.
        let time = (at.micros() as u64) ^ (1 << 63);
        let low = u64::from(kind as u8) << 56
            | u64::from(id) << STAMP_BITS
            | u64::from(stamp & STAMP_MASK);
        Event(u128::from(time) << 64 | u128::from(low))
    }

    #[inline]
    pub(crate) fn at(self) -> SimTime {
        SimTime::from_micros(((self.0 >> 64) as u64 ^ (1 << 63)) as i64)
    }

    #[inline]
    pub(crate) fn kind(self) -> Kind {
        KINDS[(self.0 as u64 >> 56) as usize]
    }

    pub(crate) fn id(self) -> u32 {
        (self.0 as u64 >> STAMP_BITS) as u32
    }

    #[inline]
    pub(crate) fn agent(self) -> AgentId {
        AgentId(self.id())
    }

    #[inline]
    pub(crate) fn ticket(self) -> TicketId {
        TicketId(self.id())
    }

    /// Whether it was made when its agent or ticket bore this stamp; if not, it has been cancelled.
    #[inline]
    pub(crate) fn bears(self, stamp: u32) -> bool {
        self.0 as u32 & STAMP_MASK == stamp & STAMP_MASK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_keeps_everything_and_the_order() {
        let early = Event::new(SimTime::from_hours(-3.0), Kind::Chases, 7, 0);
        let late = Event::new(SimTime::from_hours(1.0), Kind::Back, u32::MAX, 5);
        assert!(early < late);
        assert_eq!(
            (early.at().hours(), early.kind(), early.ticket()),
            (-3.0, Kind::Chases, TicketId(7))
        );
        assert_eq!((late.kind(), late.agent()), (Kind::Back, AgentId(u32::MAX)));
        assert!(late.bears(5) && late.bears(5 + (1 << 24)) && !late.bears(6));
        for (number, kind) in KINDS.into_iter().enumerate() {
            assert_eq!(kind as usize, number);
            assert_eq!(Event::new(SimTime::ZERO, kind, 1, 1).kind(), kind);
        }
    }
}
