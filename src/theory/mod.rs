//! What queueing theory knows exactly, and what a fluid says at once: the yardsticks against which
//! the simulation is held, and the answers that need no simulation.
//!
//! Times and rates may be in any unit of time, as long as all arguments of a call share it. A
//! figure that does not exist, such as the mean wait of a line that grows for ever, is absent.

pub mod birth_death;
pub mod chasing;
pub mod drain;
pub mod erlang;
pub mod flows;
pub mod fluid;
pub mod jackson;
pub mod mg1;
pub mod priority;
pub mod snowball;
pub mod steps;
pub mod tipping;

/// Whether these are rates a queue can have: finite and not negative.
fn are_rates(rates: &[f64]) -> bool {
    rates.iter().all(|rate| rate.is_finite() && *rate >= 0.0)
}

#[cfg(test)]
mod close {
    /// Exact formulas agree to nine digits.
    #[track_caller]
    pub(super) fn assert_exact(actual: f64, expected: f64) {
        assert!((actual - expected).abs() <= 1e-9 * expected.abs(), "{actual} is not {expected}");
    }

    /// Agrees with a figure printed with so many decimals.
    #[track_caller]
    pub(super) fn assert_printed(actual: f64, printed: f64, decimals: i32) {
        let unit = 10.0_f64.powi(-decimals);
        // Half a unit, and the rounding of the decimal fraction itself.
        let allowed = 0.5 * unit + f64::EPSILON * printed.abs();
        assert!((actual - printed).abs() <= allowed, "{actual} was printed as {printed}");
    }
}
