//! Sets of instants: a stretch of time, or the same hours of every period within it.

use crate::time::SimTime;

/// A set of instants, in whole microseconds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Window {
    from: i64,
    to: i64,
    phase: Option<Phase>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct Phase {
    from: i64,
    to: i64,
    period: i64,
}

impl Window {
    /// From one hour to another.
    pub(super) fn new(from: f64, to: f64) -> Window {
        Window { from: micros(from), to: micros(to), phase: None }
    }

    /// Of these, the same hours of every period.
    pub(super) fn every(self, hours: (f64, f64), period: f64) -> Window {
        let phase = Phase { from: micros(hours.0), to: micros(hours.1), period: micros(period) };
        Window { phase: Some(phase), ..self }
    }

    /// Whether an instant belongs to it; the end does not.
    #[inline]
    pub(super) fn holds(&self, at: SimTime) -> bool {
        let at = at.micros();
        let phase = self.phase.is_none_or(|phase| {
            let place = at.rem_euclid(phase.period);
            (phase.from..phase.to).contains(&place)
        });
        (self.from..self.to).contains(&at) && phase
    }

    /// How much of it lies before an instant, in microseconds.
    #[inline]
    pub(super) fn until(&self, at: SimTime) -> i64 {
        let at = at.micros().clamp(self.from, self.to);
        match &self.phase {
            None => at - self.from,
            Some(phase) => phase.until(at) - phase.until(self.from),
        }
    }
}

impl Phase {
    fn until(&self, at: i64) -> i64 {
        let place = at.rem_euclid(self.period).clamp(self.from, self.to) - self.from;
        at.div_euclid(self.period) * (self.to - self.from) + place
    }
}

/// Hours as whole microseconds, as the engine rounds them.
pub(super) fn micros(hours: f64) -> i64 {
    SimTime::from_hours(hours).micros()
}

/// Spans of open hours, and how much of them lies before an instant.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct OpenHours {
    /// (from, to, open time before `from`), in microseconds.
    spans: Vec<(i64, i64, i64)>,
}

impl OpenHours {
    /// These spans, in hours, in order.
    pub(super) fn new(spans: impl IntoIterator<Item = (f64, f64)>) -> OpenHours {
        let mut before = 0;
        let span = |(from, to): (f64, f64)| {
            let span = (micros(from), micros(to), before);
            before += span.1 - span.0;
            span
        };
        OpenHours { spans: spans.into_iter().map(span).collect() }
    }

    /// Open time before an instant, in microseconds.
    pub(super) fn until(&self, at: SimTime) -> i64 {
        let at = at.micros();
        let place = self.spans.partition_point(|(from, _, _)| *from <= at);
        let Some((from, to, before)) = place.checked_sub(1).map(|last| self.spans[last]) else {
            return 0;
        };
        before + at.min(to) - from
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(micros: i64) -> f64 {
        micros as f64 / 3.6e9
    }

    #[test]
    fn a_phase_window_counts_its_hours_of_every_day() {
        let window = Window::new(30.0, 100.0).every((9.0, 12.0), 24.0);
        let at = SimTime::from_hours;
        assert!(window.holds(at(33.0)) && !window.holds(at(36.0)) && !window.holds(at(9.5)));
        // 33 to 36, 57 to 60, 81 to 84.
        assert_eq!(hours(window.until(at(34.0))), 1.0);
        assert_eq!(hours(window.until(at(82.5))), 7.5);
        assert_eq!(hours(window.until(at(200.0))), 9.0);
        assert_eq!(window.until(at(10.0)), 0);
    }

    #[test]
    fn open_hours_add_up() {
        let open = OpenHours::new([(9.0, 17.0), (33.0, 41.0)]);
        let at = |h: f64| hours(open.until(SimTime::from_hours(h)));
        assert_eq!([at(0.0), at(10.0), at(20.0), at(34.5), at(90.0)], [0.0, 1.0, 8.0, 9.5, 16.0]);
    }
}
