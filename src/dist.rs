//! Sampling laws of spans of time, described by mean and coefficient of variation (CV).

use crate::rng::Generator;
use crate::time::SimDuration;
use rand::RngExt;
use rand_distr::{Distribution, Exp1, Gamma, StandardNormal};

/// The law of a random span of time.
#[derive(Clone, PartialEq, Debug)]
pub enum Law {
    /// Always the same span.
    Constant(SimDuration),
    /// Exponential: memoryless, CV 1.
    Exponential {
        /// Mean, in microseconds.
        mean: f64,
    },
    /// Log-normal: the usual shape of handle times.
    LogNormal {
        /// Mean of the logarithm of the span in microseconds.
        mu: f64,
        /// Standard deviation of that logarithm.
        sigma: f64,
    },
    /// Gamma; Erlang where the shape is whole.
    Gamma {
        /// Sampler of the law of that shape and scale 1.
        unit: Gamma<f64>,
        /// Shape.
        shape: f64,
        /// Scale, in microseconds.
        scale: f64,
    },
    /// Weibull: hazard rising (shape above 1) or falling (below 1) with the time waited.
    Weibull {
        /// Scale, in microseconds.
        scale: f64,
        /// Shape.
        shape: f64,
    },
    /// A mix of exponentials: a few long ones among many short ones.
    Mixture(Box<[Branch]>),
    /// Uniform between two spans.
    Uniform {
        /// Shortest, in microseconds.
        low: f64,
        /// Longest, in microseconds.
        high: f64,
    },
}

/// One branch of a mixture of exponentials.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Branch {
    /// Probability of this branch or an earlier one.
    pub p_up_to: f64,
    /// Mean, in microseconds.
    pub mean: f64,
}

impl Law {
    /// The exponential law of that mean.
    pub fn exponential(mean: SimDuration) -> Law {
        Law::Exponential { mean: mean.micros() as f64 }
    }

    /// The log-normal law of that mean and coefficient of variation; constant where the CV is zero.
    pub fn log_normal(mean: SimDuration, cv: f64) -> Law {
        if cv == 0.0 || mean == SimDuration::ZERO {
            return Law::Constant(mean);
        }
        let variance = (1.0 + cv * cv).ln();
        Law::LogNormal { mu: (mean.micros() as f64).ln() - variance / 2.0, sigma: variance.sqrt() }
    }

    /// The gamma law of that mean and shape. A whole shape is an Erlang law with as many phases.
    ///
    /// *Panics* where the shape is not positive.
    pub fn gamma(mean: SimDuration, shape: f64) -> Law {
        let unit = Gamma::new(shape, 1.0).expect("a gamma law needs a positive shape");
        Law::Gamma { unit, shape, scale: mean.micros() as f64 / shape }
    }

    /// The mixture of exponentials with these (probability, mean) pairs.
    pub fn mixture(branches: &[(f64, SimDuration)]) -> Law {
        let mut p_up_to = 0.0;
        let branches = branches.iter().map(|&(p, mean)| {
            p_up_to += p;
            Branch { p_up_to, mean: mean.micros() as f64 }
        });
        Law::Mixture(branches.collect())
    }

    /// Draws a span, rounded to a microsecond.
    #[inline]
    pub fn sample(&self, chance: &mut Generator) -> SimDuration {
        let micros = match self {
            Law::Constant(span) => return *span,
            Law::Exponential { mean } => mean * exponential(chance),
            Law::LogNormal { mu, sigma } => {
                let z: f64 = StandardNormal.sample(chance);
                (mu + sigma * z).exp()
            }
            Law::Gamma { unit, scale, .. } => scale * unit.sample(chance),
            Law::Weibull { scale, shape } => scale * exponential(chance).powf(1.0 / shape),
            Law::Mixture(branches) => {
                let u: f64 = chance.random();
                let last = branches[branches.len() - 1];
                let branch = branches.iter().find(|branch| u < branch.p_up_to).unwrap_or(&last);
                branch.mean * exponential(chance)
            }
            Law::Uniform { low, high } => low + (high - low) * chance.random::<f64>(),
        };
        // A cast saturates, so a span beyond all time becomes the longest one.
        SimDuration::from_micros((micros + 0.5) as i64)
    }

    /// Mean of the law.
    pub fn mean(&self) -> SimDuration {
        let micros = match self {
            Law::Constant(span) => return *span,
            Law::Exponential { mean } => *mean,
            Law::LogNormal { mu, sigma } => (mu + sigma * sigma / 2.0).exp(),
            Law::Gamma { shape, scale, .. } => shape * scale,
            Law::Weibull { scale, shape } => {
                scale * statrs::function::gamma::gamma(1.0 + 1.0 / shape)
            }
            Law::Mixture(branches) => {
                let mut before = 0.0;
                let mut sum = 0.0;
                for branch in branches {
                    sum += (branch.p_up_to - before) * branch.mean;
                    before = branch.p_up_to;
                }
                sum
            }
            Law::Uniform { low, high } => (low + high) / 2.0,
        };
        SimDuration::from_micros(micros.round() as i64)
    }

    /// The same law stretched by a factor.
    pub fn scaled(&self, factor: f64) -> Law {
        match self {
            Law::Constant(span) => Law::Constant(span.scale(factor)),
            Law::Exponential { mean } => Law::Exponential { mean: mean * factor },
            Law::LogNormal { mu, sigma } => Law::LogNormal { mu: mu + factor.ln(), sigma: *sigma },
            Law::Gamma { unit, shape, scale } => {
                Law::Gamma { unit: *unit, shape: *shape, scale: scale * factor }
            }
            Law::Weibull { scale, shape } => Law::Weibull { scale: scale * factor, shape: *shape },
            Law::Mixture(branches) => {
                let stretch = |b: &Branch| Branch { p_up_to: b.p_up_to, mean: b.mean * factor };
                Law::Mixture(branches.iter().map(stretch).collect())
            }
            Law::Uniform { low, high } => Law::Uniform { low: low * factor, high: high * factor },
        }
    }
}

/// A standard exponential draw.
#[inline]
pub fn exponential(chance: &mut Generator) -> f64 {
    Exp1.sample(chance)
}

/// Whether something of that probability happens.
#[inline]
pub fn happens(p: f64, chance: &mut Generator) -> bool {
    chance.random::<f64>() < p
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, Purpose};

    #[test]
    fn every_law_has_the_mean_it_says() {
        let hour = SimDuration::from_hours(1.0);
        let laws = [
            Law::Constant(hour),
            Law::exponential(hour),
            Law::log_normal(hour, 0.8),
            Law::gamma(hour, 0.7),
            Law::gamma(hour, 3.0),
            Law::Weibull { scale: 3.6e9, shape: 1.5 },
            Law::mixture(&[(0.3, hour.scale(2.0)), (0.7, hour.scale(0.5))]),
            Law::Uniform { low: 1.8e9, high: 5.4e9 },
        ];
        for law in laws {
            let mut chance = Key(42).draw(Purpose::Handle, 0);
            let n = 200_000_u32;
            let draws: Vec<f64> = (0..n).map(|_| law.sample(&mut chance).hours()).collect();
            let mean = draws.iter().sum::<f64>() / f64::from(n);
            let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(n);
            let standard_error = (variance / f64::from(n)).sqrt() + 1e-9;
            let z = (mean - law.mean().hours()) / standard_error;
            assert!(z.abs() < 4.0, "{law:?}: {mean} against {}, z = {z}", law.mean().hours());
            let stretched = law.scaled(2.0).mean().micros() - law.mean().scale(2.0).micros();
            assert!(stretched.abs() <= 2, "{law:?}");
        }
    }

    #[test]
    fn log_normal_takes_its_cv_from_the_span_itself() {
        // CV 1 means sigma^2 = ln 2.
        let Law::LogNormal { sigma, .. } = Law::log_normal(SimDuration::from_hours(1.0), 1.0)
        else {
            panic!("not log-normal")
        };
        assert!((sigma * sigma - 2.0_f64.ln()).abs() < 1e-12);
    }
}
