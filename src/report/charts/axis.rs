//! An axis between any two numbers, with round steps and what is written at them.

use super::canvas::{Canvas, Pen, Rect};
use super::theme::{Align, GREY, GRID, TICK};
use super::words;
use crate::outcome::measure::Unit;

/// An axis from left to right or from bottom to top.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Axis {
    /// The number at its beginning.
    pub(super) from: f64,
    /// The number at its end.
    pub(super) to: f64,
    /// Between one mark and the next.
    pub(super) step: f64,
    /// No mark below this: what is not there has no number.
    pub(super) marks_from: f64,
}

impl Axis {
    /// An axis that holds both numbers, with about so many steps; its ends lie on marks.
    pub(super) fn holding(low: f64, high: f64, steps: u32) -> Axis {
        let (low, high) = (low.min(high), low.max(high));
        let (low, high) =
            if low.is_finite() && high.is_finite() { (low, high) } else { (0.0, 1.0) };
        let size = high.abs().max(low.abs()).max(1e-9);
        let width = if high - low > 1e-9 * size { high - low } else { size };
        let rough = width / f64::from(steps.max(1));
        let power = 10.0_f64.powf(rough.log10().floor());
        let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|f| f * power >= rough * 0.999);
        let step = factor.unwrap_or(10.0) * power;
        let from = (low / step + 1e-6).floor() * step;
        let to = (high / step - 1e-6).ceil() * step;
        let to = if to > from { to } else { from + step };
        Axis { from, to, step, marks_from: f64::NEG_INFINITY }
    }

    /// The same axis without marks below a number.
    pub(super) fn marked_from(self, least: f64) -> Axis {
        Axis { marks_from: least, ..self }
    }

    /// Where the marks are.
    pub(super) fn ticks(self) -> Vec<f64> {
        let steps = ((self.to - self.from) / self.step).round().clamp(1.0, 100.0) as u32;
        let tick = |step: u32| {
            let value = self.from + f64::from(step) * self.step;
            // What is zero but for rounding is zero.
            if value.abs() < self.step * 1e-6 { 0.0 } else { value }
        };
        (0..=steps).map(tick).filter(|mark| *mark >= self.marks_from).collect()
    }

    /// How far along a number lies, from 0 to 1; what is beyond an end is at it.
    pub(super) fn share(self, value: f64) -> f64 {
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    /// Where a number lies between the left and right edge of a panel.
    pub(super) fn x(self, panel: Rect, value: f64) -> f64 {
        panel.left + self.share(value) * panel.width()
    }

    /// Where a number lies between the bottom and top edge of a panel.
    pub(super) fn height(self, panel: Rect, value: f64) -> f64 {
        panel.bottom - self.share(value) * panel.height()
    }

    /// A number as it is written at a mark.
    pub(super) fn label(self, value: f64, unit: Unit) -> String {
        let number = |value: f64, step: f64| {
            let decimals = (-step.log10().floor()).clamp(0.0, 6.0) as usize;
            if decimals == 0 {
                return words::count(value);
            }
            format!("{value:.decimals$}").replace('-', "−")
        };
        match unit {
            Unit::Share => format!("{}\u{a0}%", number(value * 100.0, self.step * 100.0)),
            Unit::Money | Unit::Count
                if value != 0.0 && self.to.abs().max(self.from.abs()) >= 1e5 =>
            {
                format!("{}\u{a0}k", number(value / 1e3, self.step / 1e3))
            }
            Unit::Count | Unit::Hours | Unit::Ratio | Unit::Days | Unit::Money | Unit::Points => {
                number(value, self.step)
            }
        }
    }

    /// Draws upright grid lines in a panel, with their numbers below it.
    pub(super) fn draw_below(self, canvas: &mut Canvas, panel: Rect, unit: Unit, signed: bool) {
        for tick in self.ticks() {
            let x = self.x(panel, tick);
            let pen = if tick == 0.0 { Pen::new(GREY, 1.2) } else { Pen::new(GRID, 1.0) };
            canvas.upright(x, panel.top, panel.bottom, pen);
            let plus = if signed && tick > 0.0 { "+" } else { "" };
            let label = format!("{plus}{}", self.label(tick, unit));
            // Shares differ by points, not by per cent.
            let label = if signed { label.trim_end_matches("\u{a0}%") } else { &label };
            canvas.text((x, panel.bottom + 19.0), label, TICK.align(Align::Middle));
        }
    }

    /// Draws level grid lines in a panel, with their numbers left of it.
    pub(super) fn draw_beside(self, canvas: &mut Canvas, panel: Rect, unit: Unit) {
        for tick in self.ticks() {
            let height = self.height(panel, tick);
            let pen = if tick == 0.0 { Pen::new(GREY, 1.2) } else { Pen::new(GRID, 1.0) };
            canvas.level(panel.left, panel.right, height, pen);
            let foot = (panel.left - 10.0, height + TICK.cap_height() / 2.0);
            canvas.text(foot, &self.label(tick, unit), TICK.align(Align::Right));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_hold_what_they_must_and_end_on_marks() {
        let ticks = |low, high| Axis::holding(low, high, 4).ticks();
        assert_eq!(ticks(-3.2, 9.0), [-5.0, 0.0, 5.0, 10.0]);
        assert_eq!(ticks(0.0, 1.0), [0.0, 0.5, 1.0]);
        assert_eq!(ticks(20.0, 30.0), [20.0, 25.0, 30.0]);
        assert_eq!(ticks(0.0, 0.0).first(), Some(&0.0));
        assert!(ticks(f64::NAN, f64::INFINITY).len() > 1);
        let axis = Axis::holding(-0.2, 0.4, 4);
        assert_eq!(axis.label(-0.2, Unit::Share), "−20\u{a0}%");
        assert_eq!(axis.share(9.0), 1.0);
        assert_eq!(Axis::holding(0.0, 200_000.0, 4).label(50_000.0, Unit::Money), "50\u{a0}k");
    }
}
