//! Promises: when a first reply, a next reply and a solution are due, on the wall clock or in business
//! hours.
//!
//! *In a manager's words*: "we answer within four business hours, whenever they write, and solve within
//! three days; the clock stands while we wait for the customer."
//!
//! Of calls and chats one promises that somebody takes them: "80 % within 20 seconds".
//!
//! *Assumption*: what is promised goes by the priority a ticket is created with; whoever raises it later
//! promises nothing sooner. The clock for the solution pauses while a ticket is pending; a late ticket
//! stays late. A next reply is due from the first word of a customer who has had a reply (an answer, a
//! chaser, a reopened ticket), by the priority of that moment; it is measured only: the order of work,
//! penalties and overdue backlogs know the other two. *Source*: M16 of the catalogue; Zendesk, GitLab and help-desk SLA documentation (D1-D3).

use super::calendar::Calendar;
use super::context::Context;
use crate::ids::CalendarId;
use crate::problem::{Problem, Problems};
use crate::ticket::{Priority, Ticket};
use crate::time::{SimDuration, SimTime};
use crate::written::{Brief, Length, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// A promise as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PromiseSpec {
    /// Time until an agent takes a call or chat, on the wall clock: what a service level is about.
    pub answer: Option<Written<Length>>,
    /// Time until an agent first replies.
    pub first_reply: Option<Written<TargetSpec>>,
    /// Time until an agent replies to a customer who writes again after a reply.
    pub next_reply: Option<Written<TargetSpec>>,
    /// Time until the ticket is solved.
    pub resolution: Option<Written<TargetSpec>>,
    /// Calendar whose open time is counted; the wall clock where none is named. On a calendar
    /// "2 d" means two usual open days.
    pub hours: Option<Written<String>>,
}

/// What is promised as written: the same for all, or by priority.
pub type TargetSpec = Brief<Length, ByPriority>;

/// What is promised by priority; nothing for one that is not named.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ByPriority {
    /// For priority 1.
    pub urgent: Option<Written<Length>>,
    /// For priority 2.
    pub high: Option<Written<Length>>,
    /// For priority 3.
    pub normal: Option<Written<Length>>,
    /// For priority 4.
    pub low: Option<Written<Length>>,
}

/// What is promised by priority, the most urgent first.
pub type Target = [Option<SimDuration>; Priority::COUNT];

/// A promise to the customers of a class.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Promise {
    /// Time until an agent takes a call or chat.
    pub answer: Option<SimDuration>,
    /// Time until the first reply.
    pub first_reply: Target,
    /// Time until a later reply, from when the customer wrote again.
    pub next_reply: Target,
    /// Time until the solution.
    pub resolution: Target,
    /// Calendar that counts, or the wall clock.
    pub hours: Option<CalendarId>,
}

impl PromiseSpec {
    /// The promise this describes.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> Promise {
        let hours = self.hours.as_ref().and_then(|name| context.calendar(name, problems));
        let mut span = |length: Option<&Written<Length>>| {
            let length = length?;
            let span = context.span(length, hours, "to this promise", problems);
            if span <= SimDuration::ZERO {
                problems.push(
                    Problem::error("zero-time", "a promise must be longer than zero")
                        .at(length.span.clone(), "here"),
                );
            }
            Some(span)
        };
        let target = |written: &Option<Written<TargetSpec>>| -> Target {
            let Some(written) = written else { return Target::default() };
            match &written.value {
                Brief::Short(value) => {
                    let same = Written { value: *value, span: written.span.clone() };
                    [span(Some(&same)); Priority::COUNT]
                }
                Brief::Full(ByPriority { urgent, high, normal, low }) => {
                    [urgent, high, normal, low].map(|length| span(length.as_ref()))
                }
            }
        };
        let [first_reply, next_reply, resolution] =
            [&self.first_reply, &self.next_reply, &self.resolution].map(target);
        let answer = self.answer.as_ref().map(|answer| {
            let span = answer.value.wall();
            if answer.value.is_business() || span <= SimDuration::ZERO {
                problems.push(
                    Problem::error(
                        "wrong-answer-time",
                        "calls and chats are answered in a time of the clock",
                    )
                    .at(answer.span.clone(), "here")
                    .help("write answer = \"20 s\""),
                );
            }
            span
        });
        Promise { answer, first_reply, next_reply, resolution, hours }
    }
}

impl Promise {
    /// When an agent's first reply and the solution are due of a ticket created at that instant.
    #[inline]
    pub fn dues(
        &self,
        created: SimTime,
        priority: Priority,
        open: &[Calendar],
    ) -> (SimTime, SimTime) {
        let of = |target: &Target| target[priority.index()];
        let (reply, solution) = (of(&self.first_reply), of(&self.resolution));
        if let Some(hours) = self.hours {
            return open[hours.index()].after_each(created, reply, solution);
        }
        let due = |span: Option<SimDuration>| span.map_or(SimTime::NEVER, |span| created + span);
        (due(reply), due(solution))
    }

    /// When the reply is due to a customer who writes again now, where one is promised and
    /// that day comes.
    pub fn next_due(&self, now: SimTime, ticket: &Ticket, open: &[Calendar]) -> Option<SimTime> {
        let promised = self.next_reply[ticket.priority.index()];
        promised.filter(|_| ticket.replied_at != SimTime::NEVER)?;
        Some(self.due(now, promised, open)).filter(|due| *due != SimTime::NEVER)
    }

    /// When a promise given at that instant is due; `NEVER` where nothing was promised.
    #[inline]
    pub fn due(&self, from: SimTime, promised: Option<SimDuration>, open: &[Calendar]) -> SimTime {
        match (promised, self.hours) {
            (None, _) => SimTime::NEVER,
            (Some(span), None) => from + span,
            (Some(span), Some(hours)) => open[hours.index()].after(from, span),
        }
    }

    /// What is left of a promise when its clock stops; nothing is left of a late one.
    pub fn left(&self, now: SimTime, due: SimTime, open: &[Calendar]) -> SimDuration {
        match self.hours {
            _ if due == SimTime::NEVER => SimDuration::MAX,
            None => (due - now).at_least_zero(),
            Some(hours) => open[hours.index()].open_between(now, due).at_least_zero(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paused_clock_goes_on_where_it_stopped() {
        let hours = SimTime::from_hours;
        // Open 9 to 17 on two days.
        let desk = Calendar::new(
            vec![(hours(9.0), hours(17.0)), (hours(33.0), hours(41.0))],
            SimDuration::from_hours(8.0),
        );
        let open = [desk];
        let promise = Promise {
            answer: None,
            first_reply: [Some(SimDuration::from_hours(1.0)), None, None, None],
            next_reply: Target::default(),
            resolution: [Some(SimDuration::from_hours(4.0)); Priority::COUNT],
            hours: Some(CalendarId(0)),
        };
        let (reply, due) = promise.dues(hours(15.0), Priority(0), &open);
        assert_eq!((reply, due), (hours(16.0), hours(35.0)));
        // Nothing is promised to others for the first reply.
        assert_eq!(promise.dues(hours(15.0), Priority(1), &open), (SimTime::NEVER, due));
        // Stopped at 16:00 with three hours left, resumed next day at 34:00: due at 37:00.
        let left = promise.left(hours(16.0), due, &open);
        assert_eq!(left.hours(), 3.0);
        assert_eq!(promise.due(hours(34.0), Some(left), &open), hours(37.0));
    }
}
