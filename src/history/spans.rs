//! How long what was measured took: solutions, waits, handle times.

use crate::stats::quantile::Ordered;
use crate::stats::survival::Survival;
use serde::Serialize;

/// A sample of spans, in the unit of whoever made it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Spans {
    /// How many.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation over mean.
    pub cv: f64,
    /// Half are at most that.
    pub median: f64,
    /// Three quarters.
    pub p75: f64,
    /// Nine tenths.
    pub p90: f64,
    /// Nineteen in twenty.
    pub p95: f64,
}

impl Spans {
    /// Describes a sample; nothing for an empty one.
    pub fn of(sample: Vec<f64>) -> Option<Spans> {
        let n = sample.len();
        let mean = sample.iter().sum::<f64>() / n as f64;
        let squares: f64 = sample.iter().map(|x| (x - mean) * (x - mean)).sum();
        let deviation = (squares / (n.max(2) - 1) as f64).sqrt();
        let ordered = Ordered::new(sample);
        let at = |p| ordered.between(p);
        Some(Spans {
            n,
            mean,
            cv: if mean > 0.0 { deviation / mean } else { 0.0 },
            median: at(0.5)?,
            p75: at(0.75)?,
            p90: at(0.9)?,
            p95: at(0.95)?,
        })
    }
}

/// Spans of which some have not ended.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Lasting {
    /// How many, ended or not.
    pub n: usize,
    /// How many have ended.
    pub ended: usize,
    /// Mean, where the longest are taken to end when they were last seen: at most the true mean.
    pub mean: f64,
    /// The time within which half end, also counting those that have not; nothing where it is not known.
    pub median: Option<f64>,
    /// Nine tenths.
    pub p90: Option<f64>,
    /// Nineteen in twenty.
    pub p95: Option<f64>,
}

impl Lasting {
    /// Describes spans that are (length, whether it has ended).
    pub fn of(spans: Vec<(f64, bool)>) -> Lasting {
        let (n, ended) = (spans.len(), spans.iter().filter(|(_, ended)| *ended).count());
        let survival = Survival::of(spans);
        Lasting {
            n,
            ended,
            mean: survival.mean(),
            median: survival.quantile(0.5),
            p90: survival.quantile(0.9),
            p95: survival.quantile(0.95),
        }
    }
}

/// Mean patience of customers from how long each waited and whether they gave up: all waiting over
/// those who gave up, where they do so at a constant rate. Nothing where nobody did.
pub fn patience(waits: &[(f64, bool)]) -> Option<f64> {
    let gave_up = waits.iter().filter(|(_, gave_up)| *gave_up).count();
    let waited: f64 = waits.iter().map(|(wait, _)| wait).sum();
    (gave_up > 0 && waited > 0.0).then(|| waited / gave_up as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_described() {
        let spans = Spans::of(vec![1.0, 2.0, 3.0, 6.0]).unwrap();
        assert_eq!((spans.n, spans.mean, spans.median), (4, 3.0, 2.5));
        assert!((spans.cv - (14.0_f64 / 3.0).sqrt() / 3.0).abs() < 1e-12);
        assert_eq!(Spans::of(Vec::new()), None);
        let lasting = Lasting::of(vec![(1.0, true), (2.0, false), (3.0, true), (9.0, false)]);
        assert_eq!((lasting.n, lasting.ended, lasting.median), (4, 2, Some(3.0)));
        assert_eq!(lasting.p90, None);
    }

    #[test]
    fn patience_is_all_waiting_over_those_who_gave_up() {
        assert_eq!(
            patience(&[(10.0, false), (20.0, true), (30.0, false), (40.0, true)]),
            Some(50.0)
        );
        assert_eq!(patience(&[(10.0, false)]), None);
    }
}
