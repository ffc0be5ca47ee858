//! Sampling laws of spans of time, described by mean and coefficient of variation (CV).

use crate::rng::Generator;
use crate::time::SimDuration;
use rand::RngExt;
use rand_distr::{Distribution, Exp1, Gamma, StandardNormal};
use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::gamma::gamma_lr;

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
    // Written out where it is called, it knows that most generators give their first word.
    #[inline(always)]
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

    /// Draws a span that is longer than what has passed of it already; that, where none is.
    pub fn sample_beyond(&self, passed: SimDuration, chance: &mut Generator) -> SimDuration {
        if passed <= SimDuration::ZERO {
            return self.sample(chance);
        }
        let before = self.share_up_to(passed);
        let share = before + (1.0 - before) * chance.random::<f64>();
        if share >= 1.0 {
            return passed;
        }
        let span = self.longest_below(share) + SimDuration::from_micros(1);
        if span > passed { span } else { passed }
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

    /// Probability of a span no longer than that.
    pub fn share_up_to(&self, span: SimDuration) -> f64 {
        let x = span.micros().max(0) as f64;
        match self {
            Law::Constant(constant) => f64::from(u8::from(span >= *constant)),
            Law::Exponential { mean } => -(-x / mean).exp_m1(),
            Law::LogNormal { mu, sigma } => Normal::standard().cdf((x.ln() - mu) / sigma),
            Law::Gamma { shape, scale, .. } => gamma_lr_or_none(*shape, x / scale),
            Law::Weibull { scale, shape } => -(-(x / scale).powf(*shape)).exp_m1(),
            Law::Mixture(branches) => {
                let mut before = 0.0;
                let mut share = 0.0;
                for branch in branches {
                    share += (branch.p_up_to - before) * -(-x / branch.mean).exp_m1();
                    before = branch.p_up_to;
                }
                share
            }
            Law::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
        }
    }

    /// The longest whole span, in microseconds, below or at which lies less than that share of all: the
    /// one before zero where that is said of none.
    pub fn longest_below(&self, share: f64) -> SimDuration {
        let (mut below, mut above) = (-1, i64::MAX - 1);
        while above - below > 1 {
            let middle = below + (above - below) / 2;
            let is_below = self.share_up_to(SimDuration::from_micros(middle)) < share;
            *if is_below { &mut below } else { &mut above } = middle;
        }
        SimDuration::from_micros(below)
    }

    /// Share of all time that goes to the shortest spans, of which there is that share: the Lorenz
    /// curve of the law.
    pub fn time_of_shortest(&self, share: f64) -> f64 {
        if share <= 0.0 || share >= 1.0 {
            return share.clamp(0.0, 1.0);
        }
        match self {
            Law::Constant(_) => share,
            Law::Exponential { .. } => share + (1.0 - share) * (1.0 - share).ln(),
            Law::LogNormal { sigma, .. } => {
                let normal = Normal::standard();
                normal.cdf(normal.inverse_cdf(share) - sigma)
            }
            Law::Gamma { .. } | Law::Mixture(_) => self.time_by_quantile(share),
            Law::Weibull { shape, .. } => gamma_lr_or_none(1.0 + 1.0 / shape, -(1.0 - share).ln()),
            Law::Uniform { low, high } => {
                (low * share + (high - low) * share * share / 2.0) / ((low + high) / 2.0)
            }
        }
    }

    /// The same for laws whose quantiles have no formula: the quantile is found by halving.
    fn time_by_quantile(&self, share: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1000.0 * self.mean().micros() as f64);
        for _ in 0..100 {
            let middle = (low + high) / 2.0;
            let below = self.share_up_to(SimDuration::from_micros(middle as i64)) < share;
            *if below { &mut low } else { &mut high } = middle;
        }
        let time = |mean: f64| {
            // Of an exponential law: the time in spans up to x is 1 - (1 + x / mean) exp(-x / mean).
            let x = low / mean;
            1.0 - (1.0 + x) * (-x).exp()
        };
        match self {
            Law::Gamma { shape, scale, .. } => gamma_lr_or_none(shape + 1.0, low / scale),
            Law::Mixture(branches) => {
                let mut before = 0.0;
                let (mut part, mut whole) = (0.0, 0.0);
                for branch in branches {
                    let p = branch.p_up_to - before;
                    part += p * branch.mean * time(branch.mean);
                    whole += p * branch.mean;
                    before = branch.p_up_to;
                }
                part / whole
            }
            Law::Constant(_)
            | Law::Exponential { .. }
            | Law::LogNormal { .. }
            | Law::Weibull { .. }
            | Law::Uniform { .. } => share,
        }
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

/// The lower regularised incomplete gamma function; nothing below zero.
fn gamma_lr_or_none(shape: f64, x: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { gamma_lr(shape, x) }
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
    fn the_longest_below_a_share_is_where_the_share_is_reached() {
        let law = Law::log_normal(SimDuration::from_minutes(6), 1.0);
        for share in [0.0, 1e-9, 0.2, 0.45, 0.999] {
            let longest = law.longest_below(share);
            let next = longest + SimDuration::from_micros(1);
            assert!(law.share_up_to(next) >= share);
            assert!(longest.micros() == -1 || law.share_up_to(longest) < share);
        }
        let constant = Law::Constant(SimDuration::from_minutes(6));
        assert_eq!(constant.longest_below(0.5).micros(), 6 * 60_000_000 - 1);
        assert_eq!(constant.longest_below(1.1).micros(), i64::MAX - 2);
    }

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
    fn every_law_knows_its_shares_and_how_much_time_they_take() {
        let hour = SimDuration::from_hours(1.0);
        let laws = [
            Law::exponential(hour),
            Law::log_normal(hour, 1.3),
            Law::gamma(hour, 0.7),
            Law::Weibull { scale: 3.6e9, shape: 1.5 },
            Law::mixture(&[(0.3, hour.scale(2.0)), (0.7, hour.scale(0.5))]),
            Law::Uniform { low: 1.8e9, high: 5.4e9 },
        ];
        for law in laws {
            let mut chance = Key(5).draw(Purpose::Handle, 0);
            let n = 100_000_u32;
            let mut draws: Vec<SimDuration> = (0..n).map(|_| law.sample(&mut chance)).collect();
            draws.sort_unstable();
            let whole = law.mean().hours();
            for share in [0.05, 0.3, 0.8] {
                let place = (share * f64::from(n)) as usize;
                let spread = (share * (1.0 - share) / f64::from(n)).sqrt();
                let found = law.share_up_to(draws[place]);
                assert!((found - share).abs() < 4.0 * spread, "{law:?}: {found} for {share}");
                // The partial mean of the shortest: its spread is at most that of the count, times
                // the longest of them, and that of the spans themselves.
                let part: Vec<f64> = draws[..place].iter().map(|span| span.hours()).collect();
                let mean = part.iter().sum::<f64>() / f64::from(n);
                let square = part.iter().map(|x| x * x).sum::<f64>() / f64::from(n);
                let spread = part[place - 1] * spread + (square / f64::from(n)).sqrt();
                let expected = law.time_of_shortest(share) * whole;
                assert!((mean - expected).abs() < 4.0 * spread, "{law:?}: {mean} and {expected}");
            }
        }
        assert_eq!(Law::Constant(hour).time_of_shortest(0.2), 0.2);
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
