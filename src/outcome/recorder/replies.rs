//! Later replies: how long customers wait for them who have written again, and whether that was within
//! the promise.

use super::Recorder;
use crate::ids::TicketId;
use crate::outcome::observer::Exit;
use crate::ticket::Ticket;
use crate::time::SimTime;

/// What a customer who has written again hears in the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Heard {
    /// A reply.
    Reply,
    /// Nothing: nobody replied before the customer gave up or the run ended.
    Nothing,
    /// Nothing that is about this ticket: it was another's second, or closed by rule.
    Elsewhere,
}

impl Heard {
    /// What is heard where a ticket leaves; the reply with which an agent solves it came before.
    pub(super) fn at(exit: Exit) -> Heard {
        match exit {
            Exit::SolvedInBulk => Heard::Reply,
            Exit::Withdrawn => Heard::Nothing,
            Exit::Solved | Exit::AutoClosed | Exit::Merged => Heard::Elsewhere,
        }
    }
}

impl Recorder<'_> {
    /// A customer has written again: who has had a reply waits for the next one.
    pub(super) fn writes_again(&mut self, now: SimTime, id: TicketId, ticket: &Ticket) {
        if ticket.replied_at != SimTime::NEVER {
            note_first(&mut self.live.wrote_again, id, now);
        }
    }

    /// Who has written again was promised a reply by then.
    pub(super) fn will_hear_by(&mut self, id: TicketId, due: SimTime) {
        note_first(&mut self.live.next_due, id, due);
    }

    /// A customer is replied to, or waits no more.
    #[inline]
    pub(super) fn hears(&mut self, now: SimTime, id: TicketId, ticket: &Ticket, heard: Heard) {
        let Some(since) = self.live.wrote_again.get_mut(id.index()) else { return };
        let since = std::mem::replace(since, SimTime::NEVER);
        if since != SimTime::NEVER {
            self.heard(now, since, id, ticket, heard);
        }
    }

    fn heard(&mut self, now: SimTime, since: SimTime, id: TicketId, ticket: &Ticket, heard: Heard) {
        let due = self.live.next_due.get_mut(id.index());
        let due = due.map_or(SimTime::NEVER, |due| std::mem::replace(due, SimTime::NEVER));
        let tally = &mut self.classes[ticket.class.index()];
        match heard {
            Heard::Reply => {
                tally.next_replies += 1;
                tally.next_reply_micros += (now - since).micros() as u64;
                tally.next_reply_kept += u64::from(due != SimTime::NEVER && now <= due);
                tally.next_reply_missed += u64::from(now > due);
            }
            Heard::Nothing => tally.next_reply_missed += u64::from(now > due),
            Heard::Elsewhere => {}
        }
    }
}

/// Notes an instant for a slot, unless one is noted already: the first word counts.
fn note_first(noted: &mut Vec<SimTime>, id: TicketId, at: SimTime) {
    if noted.len() <= id.index() {
        noted.resize(id.index() + 1, SimTime::NEVER);
    }
    if noted[id.index()] == SimTime::NEVER {
        noted[id.index()] = at;
    }
}
