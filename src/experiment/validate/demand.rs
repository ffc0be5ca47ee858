//! Arrivals and laws of a case, as the library's own.

use super::case::{Arrivals, Dist};
use super::unexpressed::Unexpressed;
use crate::dist::Law;
use crate::model::arrivals::{ArrivalProcess, Batches, Incidents, Piece};
use crate::model::busyness::Busyness;
use crate::time::{SimDuration, SimTime};

/// Microseconds in an hour.
const HOUR: f64 = 3.6e9;

/// Steps of a sine wave in a period: the error of the rate at a step's middle is below 1 in
/// 100,000 of its swing.
const STEPS: f64 = 480.0;

/// The law of a span.
pub(super) fn law(dist: &Dist) -> Law {
    let span = SimDuration::from_hours;
    match dist {
        Dist::Exponential { mean } => Law::exponential(span(*mean)),
        Dist::Deterministic { value } => Law::Constant(span(*value)),
        Dist::Erlang { k, mean } => Law::gamma(span(*mean), f64::from(*k)),
        Dist::Gamma { shape, mean } => Law::gamma(span(*mean), *shape),
        Dist::Lognormal { mean, scv } => Law::log_normal(span(*mean), scv.sqrt()),
        Dist::Hyperexponential { probs, means } => {
            let branches: Vec<(f64, SimDuration)> =
                probs.iter().zip(means).map(|(p, mean)| (*p, span(*mean))).collect();
            Law::mixture(&branches)
        }
        Dist::Uniform { low, high } => Law::Uniform { low: low * HOUR, high: high * HOUR },
    }
}

/// The mean of a law, in its unit.
pub(super) fn mean(dist: &Dist) -> f64 {
    match dist {
        Dist::Exponential { mean }
        | Dist::Erlang { mean, .. }
        | Dist::Gamma { mean, .. }
        | Dist::Lognormal { mean, .. } => *mean,
        Dist::Deterministic { value } => *value,
        Dist::Hyperexponential { probs, means } => {
            probs.iter().zip(means).map(|(p, mean)| p * mean).sum()
        }
        Dist::Uniform { low, high } => (low + high) / 2.0,
    }
}

/// Steps of a periodic or lasting function up to an end: (from, value), in hours.
pub(super) fn unroll<T: Copy>(pieces: &[(f64, T)], period: Option<f64>, end: f64) -> Vec<(f64, T)> {
    let Some(period) = period else { return pieces.to_vec() };
    let rounds = (end / period).ceil() as u32;
    let round = |n: u32| pieces.iter().map(move |(at, value)| (f64::from(n) * period + at, *value));
    (0..rounds).flat_map(round).collect()
}

/// The arrivals of a class from time zero until the end; a trace is taken apart elsewhere.
pub(super) fn arrivals(arrivals: &Arrivals, end: f64) -> Result<ArrivalProcess, Unexpressed> {
    let until = SimTime::from_hours(end);
    let steps = |steps: Vec<(f64, f64)>| {
        let piece = |(from, rate): (f64, f64)| Piece {
            from: SimTime::from_hours(from),
            rate: rate / HOUR,
            block: 0,
        };
        ArrivalProcess::poisson(steps.into_iter().map(piece).collect(), until)
    };
    let flat = |rate: f64| steps(vec![(0.0, rate)]);
    match arrivals {
        Arrivals::Poisson { rate } => Ok(flat(*rate)),
        Arrivals::PoissonPiecewise { pieces, period } => Ok(steps(unroll(pieces, *period, end))),
        Arrivals::PoissonSinusoid { mean, amplitude, angular_frequency, phase } => {
            let period = std::f64::consts::TAU / angular_frequency;
            let width = period / STEPS;
            let crest = |at: f64| -(angular_frequency * at + phase).cos() / angular_frequency;
            let step = |n: u32| {
                // The mean of the wave over the step, so that counts are exact.
                let (from, to) = (f64::from(n) * width, f64::from(n + 1) * width);
                (from, mean + amplitude * (crest(to) - crest(from)) / width)
            };
            Ok(steps((0..(end / width).ceil() as u32).map(step).collect()))
        }
        Arrivals::BatchPoisson { rate, batch_probs } => {
            let mut so_far = 0.0;
            let p_up_to = batch_probs.iter().map(|p| {
                so_far += p;
                so_far
            });
            let batches = Some(Batches { p_up_to: p_up_to.collect() });
            Ok(ArrivalProcess { batches, ..flat(*rate) })
        }
        Arrivals::Mmpp { rates, switch } => {
            let jumps = switch.iter().map(|row| row.iter().map(|rate| rate / HOUR).collect());
            let mut so_far = 0.0;
            let p_start_up_to = stationary(switch).into_iter().map(|share| {
                so_far += share;
                so_far
            });
            let incidents = Some(Incidents {
                factors: rates.clone(),
                p_start_up_to: p_start_up_to.collect(),
                jumps: jumps.collect(),
            });
            Ok(ArrivalProcess { incidents, ..flat(1.0) })
        }
        Arrivals::RandomRatePoisson { rate_dist: Dist::Gamma { shape, mean } } => {
            let busyness = Some(Busyness::new(1.0 / shape.sqrt()));
            Ok(ArrivalProcess { busyness, ..flat(*mean) })
        }
        Arrivals::RandomRatePoisson { .. } => {
            Err(Unexpressed::new("the busyness of a day follows a gamma law and no other"))
        }
        Arrivals::Renewal { .. } => Err(Unexpressed::new(
            "renewal arrivals: customers of a desk write independently of each other",
        )),
        Arrivals::FiniteSource { .. } => Err(Unexpressed::new(
            "a finite source: a desk's customers are many, and one more ticket leaves as many",
        )),
        Arrivals::Trace { .. } => Ok(ArrivalProcess::none()),
    }
}

/// Most arrivals per hour at any time, in the mean.
pub(super) fn peak_rate(arrivals: &Arrivals) -> f64 {
    let most = |rates: &mut dyn Iterator<Item = f64>| rates.fold(0.0, f64::max);
    match arrivals {
        Arrivals::Poisson { rate } => *rate,
        Arrivals::PoissonPiecewise { pieces, .. } => most(&mut pieces.iter().map(|(_, r)| *r)),
        Arrivals::PoissonSinusoid { mean, amplitude, .. } => mean + amplitude.abs(),
        Arrivals::Renewal { interarrival } => 1.0 / mean(interarrival),
        Arrivals::BatchPoisson { rate, batch_probs } => rate * batch_probs.len() as f64,
        Arrivals::Mmpp { rates, .. } => most(&mut rates.iter().copied()),
        Arrivals::RandomRatePoisson { rate_dist } => mean(rate_dist) * 4.0,
        Arrivals::FiniteSource { sources, rate_per_idle_source } => {
            f64::from(*sources) * rate_per_idle_source
        }
        Arrivals::Trace { times, .. } => times.len() as f64,
    }
}

/// Long-run shares of the states of a chain with these jump rates, by repeated steps.
fn stationary(rates: &[Vec<f64>]) -> Vec<f64> {
    let n = rates.len();
    let out =
        |state: usize| (0..n).filter(|to| *to != state).map(|to| rates[state][to]).sum::<f64>();
    // Half as fast again as the fastest state, so that no state is left for certain.
    let clock = 1.5 * (0..n).map(out).fold(0.0, f64::max);
    let mut shares = vec![1.0 / n as f64; n];
    for _ in 0..100_000 {
        let next: Vec<f64> = (0..n)
            .map(|to| {
                let inflow =
                    (0..n).filter(|from| *from != to).map(|from| shares[from] * rates[from][to]);
                shares[to] * (1.0 - out(to) / clock) + inflow.sum::<f64>() / clock
            })
            .collect();
        let moved = shares.iter().zip(&next).any(|(a, b)| (a - b).abs() > 1e-15);
        shares = next;
        if !moved {
            break;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_rests_where_flows_balance() {
        // Up at 0.25, down at 0.5: two thirds of the time low.
        let shares = stationary(&[vec![0.0, 0.25], vec![0.5, 0.0]]);
        assert!((shares[0] - 2.0 / 3.0).abs() < 1e-12 && (shares[1] - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_wave_brings_as_many_as_its_integral() {
        let wave = Arrivals::PoissonSinusoid {
            mean: 12.0,
            amplitude: 6.0,
            angular_frequency: std::f64::consts::TAU / 24.0,
            phase: 0.0,
        };
        let process = arrivals(&wave, 48.0).ok().unwrap();
        // Half a period: 12 x 12 + 6 x 24 / pi.
        let expected = 144.0 + 144.0 / std::f64::consts::PI;
        let found = process.expected(SimTime::ZERO, SimTime::from_hours(12.0));
        assert!((found - expected).abs() < 1e-6, "{found} against {expected}");
    }

    #[test]
    fn steps_repeat_every_period() {
        let steps = unroll(&[(0.0, 1), (9.0, 2)], Some(24.0), 40.0);
        assert_eq!(steps, [(0.0, 1), (9.0, 2), (24.0, 1), (33.0, 2)]);
    }
}
