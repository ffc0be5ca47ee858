//! A panel: a rectangle of the sheet with a time axis and an upright axis.

use super::canvas::{Canvas, Pen, Point, Rect};
use super::dates;
use super::scale::Scale;
use super::text;
use super::theme::{Align, CAPTION, GREY, GRID, TICK};
use super::words;

/// How high the marks of a time axis are with what is written below them.
pub(super) const TIME_AXIS: f64 = 44.0;

/// A panel with time from left to right.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Panel {
    /// Where it is.
    pub(super) rect: Rect,
    /// First moment, in days since 1970.
    pub(super) from: f64,
    /// Last moment.
    pub(super) to: f64,
    /// The upright axis.
    pub(super) scale: Scale,
}

impl Panel {
    /// Where a moment is.
    pub(super) fn x(self, day: f64) -> f64 {
        let share = (day - self.from) / (self.to - self.from).max(1e-9);
        self.rect.left + share.clamp(0.0, 1.0) * self.rect.width()
    }

    /// Where a number is; what is beyond the axis is drawn at its end.
    pub(super) fn level(self, value: f64) -> f64 {
        let share = if value.is_nan() { 0.0 } else { value / self.scale.top };
        self.rect.bottom - share.clamp(0.0, 1.0) * self.rect.height()
    }

    /// Where a number at a moment is.
    pub(super) fn at(self, day: f64, value: f64) -> Point {
        (self.x(day), self.level(value))
    }

    /// Draws grid lines and their numbers, with what is counted above.
    pub(super) fn draw_numbers(self, canvas: &mut Canvas, caption: &str) {
        let scale = self.scale;
        self.draw_levels(canvas, caption, |tick| scale.label(tick));
    }

    /// Draws grid lines and their shares, with what they are shares of above.
    pub(super) fn draw_shares(self, canvas: &mut Canvas, caption: &str) {
        self.draw_levels(canvas, caption, words::share);
    }

    fn draw_levels(self, canvas: &mut Canvas, caption: &str, label: impl Fn(f64) -> String) {
        let Rect { left, top, right, .. } = self.rect;
        for tick in self.scale.ticks() {
            let height = self.level(tick);
            let pen = if tick == 0.0 { Pen::new(GREY, 1.2) } else { Pen::new(GRID, 1.0) };
            canvas.level(left, right, height, pen);
            let foot = height + TICK.cap_height() / 2.0;
            canvas.text((left - 10.0, foot), &label(tick), TICK.align(Align::Right));
        }
        canvas.text((super::theme::MARGIN, top - 13.0), caption, CAPTION);
    }

    /// Draws the marks of the time axis below the panel.
    pub(super) fn draw_dates(self, canvas: &mut Canvas) {
        let Rect { bottom, .. } = self.rect;
        for tick in dates::ticks(self.from, self.to, self.rect.width()) {
            let x = self.x(tick.at);
            canvas.upright(x, bottom, bottom + 5.0, Pen::new(GREY, 1.0));
            canvas.text((x, bottom + 21.0), &tick.label, TICK.align(Align::Middle));
            if let Some(below) = tick.below {
                let lettering = TICK.align(Align::Middle).size(13.0);
                canvas.text((x, bottom + 38.0), &below, lettering);
            }
        }
    }
}

/// How much room the numbers of an axis need left of a panel.
pub(super) fn margin_for(scale: Scale) -> f64 {
    let widths = scale.ticks().into_iter().map(|tick| text::width(&scale.label(tick), TICK));
    widths.fold(0.0, f64::max) + 14.0
}
