//! Whose time went where: agents at the queue and the work they do, by hour and week.

use super::{HOUR, Recorder};
use crate::ids::ClassId;
use crate::outcome::observer::Touch;
use crate::ticket::Cause;
use crate::time::{SimDuration, SimTime};

impl Recorder<'_> {
    /// Work in an interval up to now counts in the weeks it falls into.
    #[inline(always)]
    pub(super) fn work(
        &mut self,
        now: SimTime,
        (class, cause): (ClassId, Cause),
        (from, to): (SimTime, SimTime),
        part: impl Fn(SimDuration) -> SimDuration,
    ) {
        let present = self.live.hour(self.frame, now);
        let (mut from, mut all) = (from, 0);
        while from < present.week_begins.min(to) {
            let week = self.frame.week(from);
            let until = to.min(self.frame.span_of_week(week).1);
            all += self.work_in(week, cause, part(until - from));
            from = until;
        }
        all += self.work_in(present.week, cause, part(to - from));
        self.classes[class.index()].work_micros[cause as usize] += all;
    }

    #[inline(always)]
    fn work_in(&mut self, week: usize, cause: Cause, worked: SimDuration) -> u64 {
        let worked = worked.micros() as u64;
        self.weeks[week].work_micros[cause as usize] += worked;
        worked
    }

    #[inline(always)]
    pub(super) fn touched(&mut self, now: SimTime, class: ClassId, cause: Cause, touch: &Touch) {
        let from = touch.started_at.max(self.live.begin);
        let team = &mut self.teams[touch.team.index()];
        let lasted = (now - from).micros() as u64;
        if touch.helps {
            team.help_micros += lasted;
        } else {
            team.hand_micros += lasted;
        }
        if touch.beside {
            return; // shared out as it went on
        }
        team.busy_micros += lasted;
        let none_read = touch.reading == SimDuration::ZERO;
        let from = if none_read { from } else { self.has_read(class, (from, now), touch) };
        self.work(now, (class, cause), (from, now), |whole| whole);
    }

    /// The first part of a touch went to reading chasers: says until when.
    fn has_read(
        &mut self,
        class: ClassId,
        (from, now): (SimTime, SimTime),
        touch: &Touch,
    ) -> SimTime {
        let read_until = (touch.started_at + touch.reading).clamp(from, now);
        self.work(now, (class, Cause::Chaser), (from, read_until), |whole| whole);
        read_until
    }

    /// Agent time at the queue since the last change counts in its hours and weeks.
    pub(super) fn staff_until(&mut self, now: SimTime, team: usize) {
        let (agents, since) = self.live.staff[team];
        self.live.staff[team].1 = now;
        if agents == 0 || since >= now {
            return;
        }
        self.teams[team].staffed_micros += u64::from(agents) * (now - since).micros() as u64;
        let mut from = since;
        while from < now {
            let hour = from.micros().div_euclid(HOUR);
            let until = now.min(SimTime::from_micros((hour + 1) * HOUR));
            let micros = u64::from(agents) * (until - from).micros() as u64;
            if let Some(of_week) = self.frame.hour_of_week.get(hour as usize) {
                self.staffed_micros[usize::from(*of_week)] += micros;
            }
            let week = self.frame.week(from);
            self.weeks[week].staffed_micros += micros;
            from = until;
        }
    }
}
