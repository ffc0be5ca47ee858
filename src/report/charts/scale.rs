//! Turning numbers into heights: round ends and round steps for an axis.

use super::words;

/// The upright axis of a panel, from zero to a round number.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Scale {
    /// The number at the top.
    pub(super) top: f64,
    /// Between one grid line and the next.
    pub(super) step: f64,
}

impl Scale {
    /// An axis that holds `most` with at least `fewest` steps and not many more; of those, the one
    /// that leaves least empty.
    pub(super) fn holding(most: f64, fewest: u32) -> Scale {
        let most = if most.is_finite() && most > 1e-9 { most.min(1e15) } else { 1.0 };
        let power = 10.0_f64.powf((most / f64::from(fewest.max(1))).log10().floor());
        let mut best: Option<Scale> = None;
        for factor in [0.1, 0.2, 0.5, 1.0, 2.0, 5.0] {
            let step = factor * power;
            let steps = (most / step - 1e-6).ceil().max(1.0);
            let enough = (f64::from(fewest)..=f64::from(2 * fewest)).contains(&steps);
            let top = steps * step;
            // Of two axes that end at the same number, the one with fewer lines.
            if enough && best.is_none_or(|best| top <= best.top * 1.000_001) {
                best = Some(Scale { top, step });
            }
        }
        best.unwrap_or(Scale { top: 10.0 * power, step: 2.0 * power })
    }

    /// Shares, from nothing to all.
    pub(super) fn shares() -> Scale {
        Scale { top: 1.0, step: 0.25 }
    }

    /// Where the grid lines are.
    pub(super) fn ticks(self) -> Vec<f64> {
        let steps = (self.top / self.step).round().clamp(1.0, 100.0) as u32;
        (0..=steps).map(|step| f64::from(step) * self.step).collect()
    }

    /// What is written at a grid line. Thousands and millions are spelled out unless they would
    /// fill the margin.
    pub(super) fn label(self, tick: f64) -> String {
        let (unit, name) = match self.top {
            top if top >= 1e9 => (1e9, "\u{a0}bn"),
            top if top >= 1e6 => (1e6, "\u{a0}M"),
            top if top >= 1e5 => (1e3, "\u{a0}k"),
            _ => (1.0, ""),
        };
        if tick == 0.0 {
            return "0".to_owned();
        }
        let step = self.step / unit;
        if step >= 0.999 {
            return format!("{}{name}", words::count(tick / unit));
        }
        let decimals = (-step.log10().floor()).clamp(1.0, 9.0) as usize;
        format!("{:.decimals$}{name}", tick / unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(most: f64) -> String {
        let scale = Scale::holding(most, 3);
        let labels: Vec<_> = scale.ticks().iter().map(|tick| scale.label(*tick)).collect();
        labels.join(" ").replace('\u{a0}', "")
    }

    #[test]
    fn axes_end_at_round_numbers() {
        assert_eq!(labels(8400.0), "0 2,000 4,000 6,000 8,000 10,000");
        assert_eq!(labels(104_000.0), "0 20k 40k 60k 80k 100k 120k");
        assert_eq!(labels(710.0), "0 200 400 600 800");
        assert_eq!(labels(1.0), "0 0.2 0.4 0.6 0.8 1.0");
        assert_eq!(labels(0.03), "0 0.01 0.02 0.03");
        assert_eq!(labels(0.0), "0 0.2 0.4 0.6 0.8 1.0");
        assert_eq!(labels(2_000_000.0), "0 0.5M 1.0M 1.5M 2.0M");
        assert_eq!(labels(430_000.0), "0 100k 200k 300k 400k 500k");
        assert_eq!(labels(f64::INFINITY), labels(0.0));
        assert_eq!(labels(f64::NAN), labels(0.0));
        assert_eq!(labels(5.0), "0 1 2 3 4 5");
    }
}
