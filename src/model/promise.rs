//! Promises: when a first reply and a solution are due, on the wall clock or in business hours.
//!
//! *In a manager's words*: "we answer within four business hours and solve within three days; the
//! clock stands while we wait for the customer."
//!
//! *Assumption*: the clock for the solution pauses while a ticket is pending; a late ticket stays
//! late. *Source*: M16 of the catalogue; Zendesk, GitLab and help-desk SLA documentation (D1-D3).

use super::calendar::Calendar;
use super::context::Context;
use crate::ids::CalendarId;
use crate::problem::{Problem, Problems};
use crate::time::{SimDuration, SimTime};
use crate::written::{Length, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// A promise as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PromiseSpec {
    /// Time until an agent first replies.
    pub first_reply: Option<Written<Length>>,
    /// Time until the ticket is solved.
    pub resolution: Option<Written<Length>>,
    /// Calendar whose open time is counted; the wall clock where none is named. On a calendar
    /// "2 d" means two usual open days.
    pub hours: Option<Written<String>>,
}

/// A promise to the customers of a class.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Promise {
    /// Time until the first reply.
    pub first_reply: Option<SimDuration>,
    /// Time until the solution.
    pub resolution: Option<SimDuration>,
    /// Calendar that counts, or the wall clock.
    pub hours: Option<CalendarId>,
}

impl PromiseSpec {
    /// The promise this describes.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> Promise {
        let hours = self.hours.as_ref().and_then(|name| context.calendar(name, problems));
        let mut span = |length: &Option<Written<Length>>| {
            let length = length.as_ref()?;
            if hours.is_none() && length.value.is_business() {
                problems.push(
                    Problem::error("business-time", "business time needs a calendar")
                        .at(length.span.clone(), "counted on which calendar?")
                        .help("add hours = \"desk\" to this promise"),
                );
            }
            let span = match hours {
                Some(id) => context.open[id.index()].span_of(length.value),
                None => length.value.wall(),
            };
            if span <= SimDuration::ZERO {
                problems.push(
                    Problem::error("zero-time", "a promise must be longer than zero")
                        .at(length.span.clone(), "here"),
                );
            }
            Some(span)
        };
        let (first_reply, resolution) = (span(&self.first_reply), span(&self.resolution));
        Promise { first_reply, resolution, hours }
    }
}

impl Promise {
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
            first_reply: None,
            resolution: Some(SimDuration::from_hours(4.0)),
            hours: Some(CalendarId(0)),
        };
        let due = promise.due(hours(15.0), promise.resolution, &open);
        assert_eq!(due, hours(35.0));
        // Stopped at 16:00 with three hours left, resumed next day at 34:00: due at 37:00.
        let left = promise.left(hours(16.0), due, &open);
        assert_eq!(left.hours(), 3.0);
        assert_eq!(promise.due(hours(34.0), Some(left), &open), hours(37.0));
        assert_eq!(promise.due(hours(1.0), promise.first_reply, &open), SimTime::NEVER);
    }
}
