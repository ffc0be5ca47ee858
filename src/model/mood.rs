//! Mood: what customers were told changes how soon they ask again or give up.
//!
//! *In a manager's words*: "who has been told that it will be Friday waits until Friday, and is
//! twice as angry on Saturday."
//!
//! *Assumption*: what a customer was told last counts. While it holds, the rate of asking again is
//! multiplied by a factor below 1, and patience runs down so much slower. Where a date was promised
//! it holds until then; past it the factor is above 1 until somebody answers: the promise is a
//! reference point. The factor is a step function of time that is known for each ticket beforehand,
//! so hazards are integrated exactly from step to step. *Source*: M29 and M05 of the catalogue; L6.

use super::acknowledgement::Acknowledgement;
use super::notices::Notice;
use super::told::Told;
use crate::rng::Key;
use crate::ticket::Ticket;
use crate::time::{SimDuration, SimTime};

/// Everything a waiting customer was told, and will be told.
#[derive(Clone, Copy, Debug)]
pub struct Mood<'a> {
    acknowledgement: Option<&'a Acknowledgement>,
    notices: &'a [Notice],
    key: Key,
    created_at: SimTime,
    /// What the acknowledgement promised.
    promised: SimTime,
    /// A reply keeps every promise.
    unanswered: bool,
}

impl<'a> Mood<'a> {
    /// The mood of the customer of a ticket, whose acknowledgement promised a reply for that time.
    #[inline]
    pub fn of(
        (acknowledgement, notices): (Option<&'a Acknowledgement>, &'a [Notice]),
        ticket: &Ticket,
        promised: SimTime,
    ) -> Mood<'a> {
        Mood {
            acknowledgement,
            notices,
            key: ticket.key,
            created_at: ticket.created_at,
            promised,
            unanswered: ticket.replied_at == SimTime::NEVER,
        }
    }

    /// The mood of customers whom nobody tells anything.
    pub fn plain() -> Mood<'static> {
        Mood {
            acknowledgement: None,
            notices: &[],
            key: Key(0),
            created_at: SimTime::ZERO,
            promised: SimTime::NEVER,
            unanswered: true,
        }
    }

    #[inline]
    fn is_plain(&self) -> bool {
        self.acknowledgement.is_none() && self.notices.is_empty()
    }

    fn told(&self) -> impl Iterator<Item = Told> {
        let first = self.acknowledgement.map(|a| a.told(self.created_at, self.promised));
        let later = self.notices.iter().filter_map(|n| n.told(self.key, self.created_at));
        first.into_iter().chain(later)
    }

    /// The factor at an instant, and until when it stays so.
    #[inline]
    pub fn at(&self, now: SimTime) -> (f64, SimTime) {
        if self.is_plain() { (1.0, SimTime::NEVER) } else { self.step(now) }
    }

    fn step(&self, now: SimTime) -> (f64, SimTime) {
        let mut until = SimTime::NEVER;
        let mut last: Option<Told> = None;
        for told in self.told() {
            if told.at > now {
                until = until.min(told.at);
            } else if last.is_none_or(|last| told.at >= last.at) {
                last = Some(told);
            }
        }
        match last {
            Some(told) if now < told.holds_until => (told.effect.calm, until.min(told.holds_until)),
            Some(told) if told.promises && self.unanswered => (told.effect.past, until),
            _ => (1.0, until),
        }
    }

    /// When patience of that length runs out, which runs down by the factor.
    #[inline]
    pub fn after(&self, now: SimTime, patience: SimDuration) -> SimTime {
        if self.is_plain() { now.saturating_add(patience) } else { self.walk(now, patience) }
    }

    fn walk(&self, now: SimTime, patience: SimDuration) -> SimTime {
        let (mut at, mut left) = (now, patience.micros() as f64);
        loop {
            let (factor, until) = self.at(at);
            let lasts = SimDuration::from_micros((left / factor).round() as i64);
            let ends = at.saturating_add(lasts);
            if ends < until || until == SimTime::NEVER {
                return ends;
            }
            left = (left - (until - at).micros() as f64 * factor).max(0.0);
            at = until;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::notices::Promised;
    use super::super::told::Effect;
    use super::*;

    fn hours(h: f64) -> SimTime {
        SimTime::from_hours(h)
    }

    fn notice(from: f64, until: f64, promised: Promised) -> Notice {
        Notice {
            number: 0,
            from: hours(from),
            until: hours(until),
            p_reach: 1.0,
            p_stays_away: 0.0,
            promised,
            effect: Effect { calm: 0.5, past: 2.0 },
        }
    }

    #[test]
    fn patience_runs_slower_and_then_faster() {
        let notices = [notice(10.0, 20.0, Promised::By(hours(20.0)))];
        let mood = Mood { notices: &notices, created_at: hours(4.0), ..Mood::plain() };
        assert_eq!(mood.at(hours(4.0)), (1.0, hours(10.0)));
        assert_eq!(mood.at(hours(10.0)), (0.5, hours(20.0)));
        assert_eq!(mood.at(hours(20.0)), (2.0, SimTime::NEVER));
        let lasts = |h: f64| mood.after(hours(4.0), SimDuration::from_hours(h)).hours();
        // 6 hours until the notice, 5 in its 10, then two an hour.
        assert_eq!([5.0, 6.0, 8.0, 11.0, 15.0].map(lasts), [9.0, 10.0, 14.0, 20.0, 22.0]);
        // Whoever has had an answer was not let down.
        let answered = Mood { unanswered: false, ..mood };
        assert_eq!(answered.at(hours(20.0)), (1.0, SimTime::NEVER));
    }

    #[test]
    fn what_was_told_last_counts() {
        let notices = [
            notice(10.0, 20.0, Promised::By(hours(20.0))),
            notice(15.0, 40.0, Promised::Within(SimDuration::from_hours(30.0))),
        ];
        let mood = Mood { notices: &notices, ..Mood::plain() };
        assert_eq!(mood.at(hours(12.0)), (0.5, hours(15.0)));
        // The first date passes, but a second one has been given.
        assert_eq!(mood.at(hours(21.0)), (0.5, hours(45.0)));
        assert_eq!(mood.at(hours(45.0)), (2.0, SimTime::NEVER));
        // Who comes while the second is up is promised the same time from then on; who comes after
        // both are down is told nothing.
        let later = Mood { created_at: hours(30.0), ..mood };
        assert_eq!(later.at(hours(30.0)), (0.5, hours(60.0)));
        let last = Mood { created_at: hours(40.0), ..mood };
        assert_eq!(last.at(hours(41.0)), (1.0, SimTime::NEVER));
    }
}
