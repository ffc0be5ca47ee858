//! Promises and business time, by walking through the open hours from the first to the last.

use super::Naive;
use surgecast::ids::CalendarId;
use surgecast::model::promise::Promise;
use surgecast::outcome::observer::Observer;
use surgecast::time::{SimDuration, SimTime};

impl<O: Observer> Naive<'_, O> {
    /// When that much time has passed, on a calendar or on the wall clock.
    pub fn after(&self, from: SimTime, span: SimDuration, hours: Option<CalendarId>) -> SimTime {
        let Some(hours) = hours else { return from.saturating_add(span) };
        let mut left = span;
        for (opens, closes) in self.model.calendars[hours.index()].spans() {
            let opens = opens.max(from);
            if closes <= opens {
                continue;
            }
            if left <= closes - opens {
                return opens + left;
            }
            left = left - (closes - opens);
        }
        SimTime::NEVER
    }

    pub fn between(&self, from: SimTime, to: SimTime, hours: Option<CalendarId>) -> SimDuration {
        let Some(hours) = hours else { return (to - from).at_least_zero() };
        let mut sum = SimDuration::ZERO;
        for (opens, closes) in self.model.calendars[hours.index()].spans() {
            sum += (closes.min(to) - opens.max(from)).at_least_zero();
        }
        sum
    }

    pub fn due(&self, from: SimTime, promised: Option<SimDuration>, of: &Promise) -> SimTime {
        promised.map_or(SimTime::NEVER, |span| self.after(from, span, of.hours))
    }

    /// The clock of a ticket's promise stops.
    pub fn stop_clock(&mut self, id: usize) {
        let facts = &self.tickets[id].facts;
        let hours = self.model.classes[facts.class.index()].promise.hours;
        let due = facts.solution_due;
        let left = (due != SimTime::NEVER).then(|| self.between(self.now, due, hours));
        self.tickets[id].promise_left = left;
    }

    /// It goes on, unless it had run out before it stopped.
    pub fn resume_clock(&mut self, id: usize) {
        let Some(left) = self.tickets[id].promise_left else { return };
        let class = self.tickets[id].facts.class;
        if left > SimDuration::ZERO {
            let hours = self.model.classes[class.index()].promise.hours;
            self.tickets[id].facts.solution_due = self.after(self.now, left, hours);
        }
    }
}
