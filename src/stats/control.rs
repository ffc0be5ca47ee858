//! Control variates: what is known of each replication beforehand explains part of its figures.
//!
//! A season whose days happened to be busy has a higher backlog; that all seasons together were busier
//! than they are on average is known exactly, for the mean of what was drawn is known. The part of a
//! figure that goes with it is taken out again, and with it the part of the error.
//!
//! *Source*: Lavenberg and Welch 1981, A perspective on the use of control variables to increase the
//! efficiency of Monte Carlo simulations, Management Science 27, eq. 20 to 23 (the interval by regression).

use super::mean::mean;
use super::{Estimate, Interval, ratio, t_quantile, tail};

/// Replications for each control, at least: an interval pays for every slope that has to be estimated.
const PER_CONTROL: usize = 10;

/// What is known of each replication beforehand.
///
/// *Shape*: `columns[control][replication]`, each with expectation zero.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Controls {
    columns: Vec<Vec<f64>>,
}

impl Controls {
    /// Nothing is known.
    pub fn none() -> Controls {
        Controls::default()
    }

    /// These controls; only the first few where there are not many replications.
    pub fn new(mut columns: Vec<Vec<f64>>) -> Controls {
        let n = columns.first().map_or(0, Vec::len);
        columns.truncate((n / PER_CONTROL).saturating_sub(1));
        Controls { columns }
    }

    /// Whether anything is known.
    pub fn is_any(&self) -> bool {
        !self.columns.is_empty()
    }

    /// The sum of the controls of each replication; empty where nothing is known.
    pub fn sums(&self) -> Vec<f64> {
        let n = self.columns.first().map_or(0, Vec::len);
        (0..n).map(|i| self.columns.iter().map(|column| column[i]).sum()).collect()
    }

    /// How many controls are worth using with that many replications.
    pub fn at_most(replications: usize) -> usize {
        (replications / PER_CONTROL).saturating_sub(1)
    }

    /// The mean of a sample; nothing where it is empty or holds a value that is not finite.
    pub fn mean(&self, sample: &[f64], level: f64) -> Option<Estimate> {
        let value = mean(sample)?;
        let influence: Vec<f64> = sample.iter().map(|x| x - value).collect();
        let adjusted = self.adjusted(value, &influence, level);
        adjusted.or_else(|| super::mean::estimate(sample, level))
    }

    /// The sum of numerators over the sum of denominators; nothing where the denominators sum to zero.
    pub fn ratio(&self, replications: &[(f64, f64)], level: f64) -> Option<Estimate> {
        let (value, influence) = ratio::linearised(replications)?;
        let adjusted = self.adjusted(value, &influence, level);
        adjusted.or_else(|| ratio::estimate(replications, level))
    }

    /// A value less what goes with the controls, given how far each replication pulls it. Nothing where
    /// there is nothing to go by.
    fn adjusted(&self, value: f64, influence: &[f64], level: f64) -> Option<Estimate> {
        let (n, k) = (influence.len(), self.columns.len());
        if k == 0 || self.columns[0].len() != n {
            return None;
        }
        let means: Vec<f64> =
            self.columns.iter().map(|column| mean(column)).collect::<Option<_>>()?;
        let centred = |control: usize, i: usize| self.columns[control][i] - means[control];
        let sum = |term: &dyn Fn(usize) -> f64| (0..n).map(term).sum::<f64>();
        let mut squares = vec![vec![0.0; k]; k];
        for (a, row) in squares.iter_mut().enumerate() {
            for (b, cell) in row.iter_mut().enumerate() {
                *cell = sum(&|i| centred(a, i) * centred(b, i));
            }
        }
        let with_figure: Vec<f64> =
            (0..k).map(|a| sum(&|i| centred(a, i) * influence[i])).collect();
        let slopes = solve(squares.clone(), with_figure)?;
        let leverage = solve(squares, means.clone())?;
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(p, q)| p * q).sum::<f64>();
        let residual = |i: usize| {
            influence[i] - (0..k).map(|control| slopes[control] * centred(control, i)).sum::<f64>()
        };
        let freedom = (n - k - 1) as f64;
        let variance = sum(&|i| residual(i).powi(2)) / freedom;
        let error = (variance * (1.0 / n as f64 + dot(&means, &leverage))).sqrt();
        let value = value - dot(&slopes, &means);
        let half_width = t_quantile(1.0 - tail(level), freedom) * error;
        let interval = Interval { low: value - half_width, high: value + half_width };
        Some(Estimate { value, interval: Some(interval), level, n: n as u64 })
    }
}

/// Solves a positive definite system by Cholesky's factors; nothing where it is not definite.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let k = right.len();
    let least = (0..k).map(|a| matrix[a][a]).fold(0.0, f64::max) * 1e-12;
    for a in 0..k {
        for b in 0..=a {
            let known: f64 = (0..b).map(|c| matrix[a][c] * matrix[b][c]).sum();
            let rest = matrix[a][b] - known;
            matrix[a][b] = if a == b {
                if rest <= least {
                    return None;
                }
                rest.sqrt()
            } else {
                rest / matrix[b][b]
            };
        }
    }
    for a in 0..k {
        let known: f64 = (0..a).map(|c| matrix[a][c] * right[c]).sum();
        right[a] = (right[a] - known) / matrix[a][a];
    }
    for a in (0..k).rev() {
        let known: f64 = (a + 1..k).map(|c| matrix[c][a] * right[c]).sum();
        right[a] = (right[a] - known) / matrix[a][a];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, Purpose};
    use rand_distr::{Distribution, StandardNormal};

    fn normals(key: Key, n: usize) -> Vec<f64> {
        let mut chance = key.draw(Purpose::Busyness, 0);
        (0..n).map(|_| StandardNormal.sample(&mut chance)).collect()
    }

    #[test]
    fn one_control_worked_by_hand() {
        // Controls -1, 0, 1 and 4 (mean 1), figures 1, 2, 3 and 8 (mean 3.5). Centred: -2 -1 0 3 and
        // -2.5 -1.5 -0.5 4.5; squares 14, products 5 + 1.5 + 13.5 = 20, slope 10/7. At control 0 the
        // figure is 3.5 - 10/7. Residuals 5/14, -1/14, -1/2, 3/14: squares 25 + 1 + 49 + 9 = 84/196,
        // over 4 - 1 - 1 degrees of freedom 3/14; times (1/4 + 1/14).
        let controls = Controls { columns: vec![vec![-1.0, 0.0, 1.0, 4.0]] };
        let estimate = controls.mean(&[1.0, 2.0, 3.0, 8.0], 0.9).unwrap();
        assert!((estimate.value - (3.5 - 10.0 / 7.0)).abs() < 1e-12);
        let error = (3.0 / 14.0 * (0.25 + 1.0 / 14.0_f64)).sqrt();
        let half_width = t_quantile(0.95, 2.0) * error;
        assert!((estimate.interval.unwrap().half_width() - half_width).abs() < 1e-12);
    }

    #[test]
    fn intervals_are_narrower_and_still_cover() {
        // Figure 10 + 3a - 2b + noise: 13 of its variance of 14 go with the controls.
        let (repeats, n) = (1000_u64, 60);
        let (mut covered, mut narrower) = (0, 0.0);
        for repeat in 0..repeats {
            let key = Key::replication(11, repeat);
            let [a, b, noise] = ["a", "b", "noise"].map(|name| normals(key.named(name), n));
            let figure: Vec<f64> =
                (0..n).map(|i| 10.0 + 3.0 * a[i] - 2.0 * b[i] + noise[i]).collect();
            let plain = super::super::mean::estimate(&figure, 0.9).unwrap().interval.unwrap();
            let with = Controls::new(vec![a, b]).mean(&figure, 0.9).unwrap().interval.unwrap();
            covered += u64::from(with.contains(10.0));
            narrower += with.half_width() / plain.half_width() / repeats as f64;
        }
        let share = covered as f64 / repeats as f64;
        assert!((share - 0.9).abs() < 4.0 * (0.09 / repeats as f64).sqrt(), "{share}");
        // One part in fourteen of the variance is left: a width of 0.27.
        assert!((narrower - (1.0_f64 / 14.0).sqrt()).abs() < 0.02, "{narrower}");
    }

    #[test]
    fn few_replications_and_useless_controls_change_nothing() {
        let sample = [3.0, 8.0, 1.0, 6.5];
        let plain = super::super::mean::estimate(&sample, 0.9);
        assert_eq!(Controls::new(vec![vec![0.1, -0.4, 0.2, 0.6]]).mean(&sample, 0.9), plain);
        assert_eq!(Controls { columns: vec![vec![0.0; 4]] }.mean(&sample, 0.9), plain);
        assert_eq!(Controls::none().mean(&sample, 0.9), plain);
    }
}
