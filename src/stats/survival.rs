//! How long things last where some have not ended yet (Kaplan and Meier 1958).
//!
//! Leaving out what has not ended makes everything look shorter than it is: the longest are those that
//! are still there.

/// The share that lasts longer, by time.
#[derive(Clone, PartialEq, Debug)]
pub struct Survival {
    /// (time, share that lasts longer than it), where something ended, in order of time.
    steps: Vec<(f64, f64)>,
    /// The longest time seen, ended or not.
    longest: f64,
}

impl Survival {
    /// From spans that are (length, whether it has ended). One that has not ended is longer than what is
    /// known of it; where others end at the same time, those end first.
    ///
    /// *Panics* where a length is not a number.
    pub fn of(spans: Vec<(f64, bool)>) -> Survival {
        Survival::entering(spans.into_iter().map(|(length, ended)| (0.0, length, ended)).collect())
    }

    /// The same where some are watched only from a length that they had already: (length when first
    /// watched, length, whether it has ended). Those that ended before anybody watched are not there, and
    /// what is still watched says nothing of shorter lengths.
    ///
    /// *Panics* where a length is not a number.
    pub fn entering(mut spans: Vec<(f64, f64, bool)>) -> Survival {
        assert!(!spans.iter().any(|span| span.0.is_nan() || span.1.is_nan()), "no number");
        let mut entries: Vec<f64> = spans.iter().map(|span| span.0).collect();
        entries.sort_unstable_by(f64::total_cmp);
        spans.sort_unstable_by(|a, b| a.1.total_cmp(&b.1));
        let longest = spans.last().map_or(0.0, |span| span.1);
        let mut steps = Vec::new();
        let mut surviving = 1.0;
        let mut at = 0;
        while at < spans.len() {
            let length = spans[at].1;
            let same = spans[at..].iter().take_while(|span| span.1 == length);
            let (mut count, mut ended) = (0, 0);
            for span in same {
                count += 1;
                // Who is first seen as it ends was never watched.
                ended += usize::from(span.2 && (span.0 < length || span.0 == 0.0));
            }
            // Who enters at a length is at risk from there on; who was there from the start, from zero.
            let entered = entries.partition_point(|entry| *entry < length || *entry == 0.0);
            if ended > 0 && entered > at {
                surviving *= (1.0 - ended as f64 / (entered - at) as f64).max(0.0);
                steps.push((length, surviving));
            }
            at += count;
        }
        Survival { steps, longest }
    }

    /// The share that lasts longer than that.
    pub fn beyond(&self, length: f64) -> f64 {
        let passed = self.steps.partition_point(|(at, _)| *at <= length);
        if passed == 0 { 1.0 } else { self.steps[passed - 1].1 }
    }

    /// The shortest time within which the share `p` ends; nothing where that is not known, because too
    /// many have not ended.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let enough = self.steps.iter().find(|(_, beyond)| *beyond <= 1.0 - p + 1e-12);
        enough.map(|(at, _)| *at)
    }

    /// Mean and mean square of those that last longer than that, with the longest taken to end when they
    /// were last seen.
    pub fn moments_beyond(&self, length: f64) -> (f64, f64) {
        let share = self.beyond(length);
        let (mut mean, mut square) = (0.0, 0.0);
        let mut before = share;
        for (at, beyond) in self.steps.iter().chain([&(self.longest, 0.0)]) {
            if *at > length {
                mean += (before - beyond) * at;
                square += (before - beyond) * at * at;
                before = *beyond;
            }
        }
        (mean / share, square / share)
    }

    /// Mean time where whatever lasts longer than the longest one seen is taken to end then: at most the
    /// true mean.
    pub fn mean(&self) -> f64 {
        let mut area = 0.0;
        let mut before = (0.0, 1.0);
        for step in self.steps.iter().chain([&(self.longest, 0.0)]) {
            area += (step.0 - before.0) * before.1;
            before = *step;
        }
        area
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The remission times of Freireich's 21 patients under 6-MP, weeks; the figures are those of every
    /// textbook since Cox 1972.
    #[test]
    fn the_textbook_example_comes_out() {
        let ended = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(|weeks| (f64::from(weeks), true));
        let not =
            [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(|weeks| (f64::from(weeks), false));
        let survival = Survival::of(ended.into_iter().chain(not).collect());
        for (weeks, share) in [(5.0, 1.0), (6.0, 0.857), (7.0, 0.807), (10.0, 0.753), (23.0, 0.448)]
        {
            assert!((survival.beyond(weeks) - share).abs() < 5e-4, "{weeks}");
        }
        assert_eq!(survival.quantile(0.5), Some(23.0));
        assert_eq!(survival.quantile(0.9), None);
    }

    #[test]
    fn where_everything_has_ended_it_is_the_sample() {
        let survival = Survival::of([1.0, 2.0, 3.0, 6.0].map(|length| (length, true)).to_vec());
        assert_eq!(survival.mean(), 3.0);
        assert_eq!(survival.quantile(0.5), Some(2.0));
        assert_eq!(survival.quantile(1.0), Some(6.0));
        assert_eq!(survival.moments_beyond(1.0), (11.0 / 3.0, 49.0 / 3.0));
        assert_eq!(Survival::of(Vec::new()).quantile(0.5), None);
    }

    #[test]
    fn who_is_watched_late_says_nothing_of_the_time_before() {
        // Two are watched from 2 on: at 1 one of two ends, at 3 one of three, at 4 one of two.
        let spans = vec![
            (0.0, 1.0, true),
            (0.0, 3.0, true),
            (2.0, 4.0, true),
            (2.0, 5.0, false),
            (3.0, 3.0, true),
        ];
        let survival = Survival::entering(spans);
        assert_eq!(survival.beyond(1.0), 0.5);
        assert!((survival.beyond(3.0) - 1.0 / 3.0).abs() < 1e-12);
        assert!((survival.beyond(4.0) - 1.0 / 6.0).abs() < 1e-12);
    }
}
