//! An axis of weeks, each with a place of its own.

use super::ChartError;
use super::canvas::{Canvas, Rect};
use super::dates;
use super::text;
use super::theme::{Align, CAPTION, MARGIN, TICK};
use crate::report::results::WeekResult;

/// Weeks side by side.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Weeks {
    /// First day of each.
    pub(super) from: Vec<f64>,
}

impl Weeks {
    /// The weeks of the results.
    pub(super) fn new(weeks: &[WeekResult]) -> Result<Weeks, ChartError> {
        let from = weeks.iter().map(|week| dates::day_number(&week.from));
        Ok(Weeks { from: from.collect::<Result<_, _>>()? })
    }

    /// Room for each week in a panel.
    pub(super) fn room(&self, panel: Rect) -> f64 {
        panel.width() / self.from.len().max(1) as f64
    }

    /// Left edge of a week.
    pub(super) fn left(&self, panel: Rect, week: usize) -> f64 {
        panel.left + self.room(panel) * week as f64
    }

    /// Middle of a week.
    pub(super) fn middle(&self, panel: Rect, week: usize) -> f64 {
        self.left(panel, week) + self.room(panel) / 2.0
    }

    /// Writes the first day below as many weeks as there is room for, with the year where it
    /// begins.
    pub(super) fn draw(&self, canvas: &mut Canvas, panel: Rect) {
        const ROOM: f64 = 60.0;
        let every = (ROOM / self.room(panel)).ceil().max(1.0) as usize;
        let mut year = None;
        for (week, day) in self.from.iter().enumerate().step_by(every) {
            let x = self.middle(panel, week);
            let centred = TICK.align(Align::Middle);
            canvas.text((x, panel.bottom + 21.0), &dates::short(*day, false), centred);
            let this = dates::date(*day).year();
            if year != Some(this) {
                let below = (x, panel.bottom + 38.0);
                canvas.text(below, &this.to_string(), centred.size(13.0));
                year = Some(this);
            }
        }
        let caption = "Week of";
        let first = self.middle(panel, 0) - 36.0;
        let left = MARGIN.min(first - text::width(caption, CAPTION));
        canvas.text((left, panel.bottom + 21.0), caption, CAPTION);
    }
}
