//! Figures that change at breakpoints only, such as rosters and hourly forecasts.

use super::are_rates;

/// A figure that keeps its value from one breakpoint to the next.
#[derive(Clone, PartialEq, Debug)]
pub struct Steps {
    /// *Shape*: (from, value), the first from 0.
    pieces: Vec<(f64, f64)>,
    period: Option<f64>,
}

impl Steps {
    /// The same value for ever.
    pub fn constant(value: f64) -> Steps {
        Steps { pieces: vec![(0.0, value)], period: None }
    }

    /// The values from their breakpoints on, repeated with the period if there is one; nothing
    /// unless the breakpoints rise from 0, end before the period, and all figures are finite and
    /// not negative.
    pub fn new(pieces: Vec<(f64, f64)>, period: Option<f64>) -> Option<Steps> {
        let starts_at_zero = pieces.first().is_some_and(|(from, _)| *from == 0.0);
        let rises = pieces.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let last = pieces.last()?.0;
        let fits = period.is_none_or(|period| period.is_finite() && last < period);
        let figures = pieces.iter().all(|(from, value)| are_rates(&[*from, *value]));
        (starts_at_zero && rises && fits && figures).then_some(Steps { pieces, period })
    }

    /// The value at a time of at least 0, at a breakpoint that from then on.
    pub fn at(&self, t: f64) -> f64 {
        self.value(self.piece_at(t))
    }

    /// The number of the piece in force, counted through all periods.
    pub(super) fn piece_at(&self, t: f64) -> usize {
        let cycle = self.period.map_or(0.0, |period| (t / period).floor());
        let within = t - cycle * self.period.unwrap_or(0.0);
        let begun = self.pieces.partition_point(|(from, _)| *from <= within);
        let mut piece = cycle as usize * self.pieces.len() + begun.saturating_sub(1);
        // Rounding may put an instant on the wrong side of its breakpoint.
        while piece > 0 && self.start(piece) > t {
            piece -= 1;
        }
        while self.start(piece + 1) <= t {
            piece += 1;
        }
        piece
    }

    /// The value of a piece.
    pub(super) fn value(&self, piece: usize) -> f64 {
        self.pieces[piece % self.pieces.len()].1
    }

    /// When a piece begins; never where there is no such piece.
    pub(super) fn start(&self, piece: usize) -> f64 {
        let n = self.pieces.len();
        match self.period {
            Some(period) => (piece / n) as f64 * period + self.pieces[piece % n].0,
            None => self.pieces.get(piece).map_or(f64::INFINITY, |(from, _)| *from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_know_their_pieces_at_the_breakpoints() {
        // Tenths do not add up in floating point; the pieces must not care.
        let steps = Steps::new(vec![(0.0, 1.0), (0.05, 2.0)], Some(0.1)).unwrap();
        for piece in 0..2000 {
            assert_eq!(steps.piece_at(steps.start(piece)), piece);
        }
        let once = Steps::new(vec![(0.0, 1.0), (2.0, 5.0)], None).unwrap();
        assert_eq!([once.at(1.9), once.at(2.0), once.at(1e6)], [1.0, 5.0, 5.0]);
        assert_eq!(steps.at(0.07), 2.0);
        assert_eq!(Steps::constant(3.0).at(1e9), 3.0);
    }

    #[test]
    fn steps_that_make_no_sense_are_refused() {
        assert_eq!(Steps::new(vec![], None), None);
        assert_eq!(Steps::new(vec![(1.0, 2.0)], None), None);
        assert_eq!(Steps::new(vec![(0.0, 2.0), (0.0, 3.0)], None), None);
        assert_eq!(Steps::new(vec![(0.0, 2.0), (5.0, -3.0)], None), None);
        assert_eq!(Steps::new(vec![(0.0, 2.0), (5.0, 3.0)], Some(5.0)), None);
    }
}
