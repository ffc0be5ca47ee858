//! A setting that makes the simulation agree with what was measured (McFadden 1989: simulated moments).
//!
//! Some things cannot be read from an export without bias. While somebody waits fewer people than usual are
//! at the queue, or nobody would wait; so who is missing then says too much. What is right is
//! what makes as many customers give up in the simulation as did.

use super::ensemble::{Ensemble, Progress, Trial};
use super::frame::frame_of;
use crate::model::Model;
use crate::outcome::clearance::Target;
use crate::outcome::measure::find;
use rayon::ThreadPool;

/// The setting is known to a thousandth of its range.
const HALVINGS: u32 = 10;

/// Where, between two settings, a figure that rises with the setting reaches what is wanted; the end that is
/// nearer to it where it lies beyond.
///
/// *Errors*: those of the figure.
pub fn reach<E>(
    wanted: f64,
    (mut low, mut high): (f64, f64),
    mut figure: impl FnMut(f64) -> Result<f64, E>,
) -> Result<f64, E> {
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        *if figure(middle)? < wanted { &mut low } else { &mut high } = middle;
    }
    Ok((low + high) / 2.0)
}

/// Share of customers who give up in so many seasons. The same seed meets the same customers, so that two
/// settings differ by themselves and not by luck.
pub fn abandonment(
    model: &Model,
    seasons: u64,
    seed: u64,
    pool: &ThreadPool,
    progress: &dyn Progress,
) -> f64 {
    let frame = frame_of(model);
    let target = Target { at_most: 0.0, closes: 1, watch_from: 0 };
    let trial = Trial { model, frame: &frame, seed, target, points: &[] };
    let ensemble = Ensemble::simulate(&trial, 0..seasons, pool, progress);
    let Some(measure) = find("withdrawn_share") else { return 0.0 };
    let parts = ensemble.rows.iter().map(|row| measure.of_desk(row));
    let (gone, all) = parts.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    if all > 0.0 { gone / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_found_by_halving() {
        let square = |x: f64| Ok::<f64, ()>(x * x);
        assert!((reach(0.5, (0.0, 1.0), square).unwrap() - 0.5_f64.sqrt()).abs() < 1e-3);
        assert!(reach(2.0, (0.0, 1.0), square).unwrap() > 0.999);
        assert_eq!(reach(0.5, (0.0, 1.0), |_| Err::<f64, &str>("no")), Err("no"));
    }
}
