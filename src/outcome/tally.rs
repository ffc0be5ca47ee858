//! What is counted in a run: whole numbers only, so that sums are exact in any order.

use crate::ticket::Cause;
use serde::{Deserialize, Serialize};

/// Counts by cause, in the order of `Cause::ALL`.
pub type ByCause = [u64; Cause::ALL.len()];

macro_rules! tally {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl $name {
            /// Adds what another one has counted.
            pub fn add(&mut self, other: &$name) {
                $(Sum::add(&mut self.$field, &other.$field);)*
            }
        }
    };
}

/// What can be summed up, alone or one by one.
trait Sum {
    fn add(&mut self, other: &Self);
}

impl Sum for u64 {
    fn add(&mut self, other: &u64) {
        *self += other;
    }
}

impl<const N: usize> Sum for [u64; N] {
    fn add(&mut self, other: &[u64; N]) {
        self.iter_mut().zip(other).for_each(|(sum, more)| *sum += more);
    }
}

tally! {
    /// Counts of one ticket class (or of several together) in one run.
    ClassTally {
        /// Contacts: what customers wrote, by cause.
        contacts: ByCause,
        /// Contacts that a bot tried.
        tried: u64,
        /// Contacts that a bot called resolved.
        contained: u64,
        /// Customers who would have written and were kept from it.
        averted: u64,
        /// Tickets there when counting began.
        opening: u64,
        /// Tickets created, by cause.
        created: ByCause,
        /// Solved or withdrawn tickets that came back.
        reopened: u64,
        /// Those of them whose customer had given up and tries again.
        tried_again: u64,
        /// Solutions by agents.
        solved: u64,
        /// Solutions by an answer sent to many.
        solved_in_bulk: u64,
        /// Tickets closed because the customer never answered.
        auto_closed: u64,
        /// Tickets given up by their customers.
        withdrawn: u64,
        /// Duplicates merged.
        merged: u64,
        /// Unsolved tickets at the end, counted one by one.
        remaining: u64,
        /// Waits for an agent that ended with one.
        waits: u64,
        /// Length of those waits, in microseconds.
        wait_micros: u64,
        /// Contacts of classes with a service level that an agent took, in time and later.
        answered: [u64; 2],
        /// Those given up before, in that time and later.
        unanswered: [u64; 2],
        /// Times a ticket found its team full.
        turned_away: u64,
        /// First replies.
        replies: u64,
        /// Time from creation to first reply, in microseconds.
        reply_micros: u64,
        /// Replies to customers who had written again after the first one.
        next_replies: u64,
        /// Time from the first unanswered word of such a customer to that reply, in microseconds.
        next_reply_micros: u64,
        /// Those of them within the promise, where one was made.
        next_reply_kept: u64,
        /// Promises of such a reply that were missed.
        next_reply_missed: u64,
        /// First replies within the promise.
        reply_kept: u64,
        /// Promises of a first reply that were missed.
        reply_missed: u64,
        /// Time from creation to first solution, in microseconds.
        first_resolution_micros: u64,
        /// Solutions after which the ticket has not come back.
        full_resolutions: u64,
        /// Time from creation to that solution, in microseconds.
        full_resolution_micros: u64,
        /// The same without the time spent waiting for the customer.
        requester_wait_micros: u64,
        /// Time those tickets had been on hold, in microseconds.
        on_hold_micros: u64,
        /// Solutions within the promise.
        solution_kept: u64,
        /// Promises of a solution that were missed.
        solution_missed: u64,
        /// First solutions after one touch, two touches, and more.
        touches_to_solve: [u64; 3],
        /// First solutions by the team that gets the class first.
        first_level: u64,
        /// First solutions after at most one touch, of tickets whose customers neither asked again nor
        /// came back.
        first_contact: u64,
        /// Touches, by cause.
        touches: ByCause,
        /// Work, by cause, in microseconds; reading chasers counts as theirs.
        work_micros: ByCause,
        /// Chasers.
        chasers: u64,
        /// Moves to another team.
        moves: u64,
        /// Tickets that triage sent to a wrong team.
        misrouted: u64,
        /// Time spent sorting by hand, in microseconds.
        sorting_micros: u64,
        /// Times an agent passed a ticket on that belonged elsewhere.
        bounces: u64,
        /// Tickets that found the right team in the end.
        found: u64,
        /// Time they had been with wrong teams, in microseconds.
        astray_micros: u64,
        /// Approvals that tickets were put on hold for.
        approvals: u64,
        /// Those that came to an end.
        resumed: u64,
        /// How long those tickets had been on hold, in microseconds.
        held_micros: u64,
        /// Times a ticket was given to an agent.
        assigned: u64,
        /// Times a ticket was lost from sight.
        forgotten: u64,
        /// Questions to customers.
        questions: u64,
        /// Whether anything has a price: 1 per class in which it has.
        priced: u64,
        /// Customers who gave up and did not come back; second tickets for the same need apart.
        lost: u64,
        /// What they cost, in cents.
        lost_cents: u64,
        /// Customers who gave up and took it outside; second tickets for the same need apart.
        outside: u64,
        /// What that costs, in cents.
        outside_cents: u64,
        /// Penalties for missed promises, in cents.
        penalty_cents: u64,
        /// Customers who left.
        churned: u64,
        /// Customers won by what others told.
        recommended: u64,
        /// Customers kept away by what others told.
        warned: u64,
        /// Planned contacts that did not come because nobody was there to write them.
        unwritten: u64,
        /// Contacts of customers won, beyond those planned.
        won: u64,
        /// Whether demand depends on how customers fare: 1 per class.
        loyal: u64,
        /// Margin of the customers who left, in cents.
        churned_cents: u64,
        /// Fees of bots, in cents.
        automation_cents: u64,
        /// Solved tickets that were judged: those that have not come back.
        opinions: u64,
        /// Sum of their scores, in millionths of a point.
        score_millionths: u64,
        /// Judgements of 4.5 and more.
        promoters: u64,
        /// Judgements below 3.5.
        detractors: u64,
    }
}

tally! {
    /// Counts of one team (or of several together) in one run.
    TeamTally {
        /// Agent time at the queue, idle or in a touch, in microseconds.
        staffed_micros: u64,
        /// Agent time in touches, in microseconds.
        busy_micros: u64,
        /// Agent time spent helping with tickets in a colleague's hands, in microseconds; it is part of
        /// the time in touches.
        help_micros: u64,
        /// Time that tickets were in hand, in microseconds: more than that in touches where agents
        /// hold several at once.
        hand_micros: u64,
        /// Agent time in other work, in microseconds.
        side_work_micros: u64,
        /// Touches broken off, to be continued.
        broken_off: u64,
        /// Touches done.
        touches: u64,
        /// Waits that ended with an agent.
        waits: u64,
        /// Length of those waits, in microseconds.
        wait_micros: u64,
        /// Tickets that came from another team.
        moves_in: u64,
        /// Differences of touches done between any two of its agents who did one, summed.
        uneven: u64,
        /// What that sum would be if one of them did everything and the others counted as none:
        /// touches times such agents.
        uneven_at_most: u64,
        /// People who left, whatever the load.
        left: u64,
        /// People who left because of the load.
        burnt_out: u64,
        /// People found for empty seats.
        found: u64,
        /// Time in which seats were empty that somebody had left, training included, in
        /// microseconds.
        empty_micros: u64,
        /// Whether anything has a price: 1 per team in which it has.
        priced: u64,
        /// Paid agent time, in microseconds.
        paid_micros: u64,
        /// Pay for regular hours, in cents.
        wage_cents: u64,
        /// Pay for overtime, in cents.
        overtime_cents: u64,
        /// Cost of the people who joined, in cents.
        hiring_cents: u64,
    }
}

/// What is counted over a whole run.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RunTally {
    /// Most unsolved tickets at any instant.
    pub peak: u64,
    /// When that was first so, in microseconds from the start.
    pub peak_micros: i64,
    /// Most tickets waiting for an agent at any instant.
    pub peak_waiting: u64,
    /// Unsolved tickets, summed over time: ticket-microseconds.
    pub backlog_micros: u128,
    /// Age of the oldest unsolved ticket at any close, in hours.
    pub oldest_hours: u64,
    /// Most unsolved tickets past their promised solution, whenever the desk was counted.
    pub peak_overdue: u64,
    /// Unsolved tickets past their promised solution, summed over closes.
    pub overdue_at_closes: u64,
    /// How long they had been so, in quarters of an hour begun.
    pub late_quarters: u64,
    /// Most tickets without a reply past the promised one, whenever the desk was counted.
    pub peak_unanswered: u64,
    /// Most unsolved tickets at a close that had been there before the close before, to the hour.
    pub peak_stale: u64,
    /// Most closes in a row each of which left more unsolved tickets than the one before.
    pub longest_growth: u64,
    /// The longest time a ticket was lost from sight before it was seen again or left, in
    /// microseconds.
    pub longest_forgotten_micros: u64,
    /// Length counted, in microseconds.
    pub micros: u64,
    /// Whether anything has a price.
    pub priced: bool,
    /// Recurring problems mended.
    pub mended: u64,
    /// What was paid once: notices and the like, in cents.
    pub outlay_cents: u64,
    /// Tools and other fixed cost, in cents.
    pub fixed_cents: u64,
    /// Whether the scenario has interventions.
    pub may_intervene: bool,
    /// Interventions begun.
    pub interventions: u64,
    /// Time for which they were in force, in microseconds.
    pub intervention_micros: u64,
    /// What they cost beside wages, in cents.
    pub intervention_cents: u64,
    /// Whether the backlog passed the cap and the run was stopped.
    pub truncated: bool,
}

impl ClassTally {
    /// Whether both identities hold: contacts = contained + created, and opening + created +
    /// reopened = all ways out + still unsolved. Every term has a counter of its own.
    pub fn balances(&self) -> bool {
        let created: u64 = self.created.iter().sum();
        let came = self.opening + created + self.reopened;
        let left =
            self.solved + self.solved_in_bulk + self.auto_closed + self.withdrawn + self.merged;
        let contacts: u64 = self.contacts.iter().sum();
        contacts == self.contained + created && came == left + self.remaining
    }

    /// All touches.
    pub fn all_touches(&self) -> u64 {
        self.touches.iter().sum()
    }

    /// All work, in microseconds.
    pub fn all_work_micros(&self) -> u64 {
        self.work_micros.iter().sum()
    }

    /// Tickets created because a customer needed something.
    pub fn genuine(&self) -> u64 {
        self.created[Cause::New as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_go_field_by_field() {
        let mut a = ClassTally { solved: 2, created: [1, 0, 0, 0, 0, 0], ..ClassTally::default() };
        let b = ClassTally { solved: 3, created: [4, 0, 1, 0, 0, 0], ..ClassTally::default() };
        a.add(&b);
        assert_eq!((a.solved, a.created), (5, [5, 0, 1, 0, 0, 0]));
        assert_eq!(a.genuine(), 5);
    }

    #[test]
    fn a_lost_ticket_breaks_the_balance() {
        let mut tally = ClassTally { opening: 3, solved: 2, remaining: 1, ..ClassTally::default() };
        assert!(tally.balances());
        tally.remaining = 0;
        assert!(!tally.balances());
        tally = ClassTally { contacts: [2, 0, 0, 0, 0, 0], contained: 1, ..ClassTally::default() };
        assert!(!tally.balances());
    }
}
