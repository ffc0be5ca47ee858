//! Clearance: when a backlog that had piled up is down again, and stays down.
//!
//! It is judged at the closes of open days. An episode begins at the first of `k` closes in a row above
//! the target; it is cleared at the first later close that begins `k` in a row at or below it. Both ways
//! take as many, so that a desk with less at every close is never judged worse. A run that is never so long
//! above the target has no pile-up. A run not cleared by the end is
//! right-censored: it is cleared later, and nobody knows when.

use serde::{Deserialize, Serialize};

/// What counts as cleared.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Target {
    /// Most unsolved tickets at a close.
    pub at_most: f64,
    /// How many closes in a row.
    pub closes: u32,
    /// The first close that is watched: that of the first surge, or of the start. What has piled up before
    /// and is still there is watched as well.
    pub watch_from: u32,
}

/// How one run fared.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Judgement {
    /// The close at which the backlog was first above the target for as many closes in a row as
    /// clearance takes.
    pub piled_up: Option<u32>,
    /// The close that begins the clearance.
    pub cleared: Option<u32>,
    /// The close that begins the last clearance: after it the backlog has not piled up again.
    pub settled: Option<u32>,
    /// Times it rose above the target again, for as many closes in a row as clearance takes.
    pub relapses: u32,
    /// Closes above the target.
    pub closes_above: u32,
}

impl Target {
    /// Judges the unsolved tickets at the closes of a run.
    pub fn judge(&self, closes: &[u32]) -> Judgement {
        let above = |close: &u32| f64::from(*close) > self.at_most;
        let watched = closes.iter().skip(self.watched_from(closes, above));
        let closes_above = watched.filter(|close| above(close)).count() as u32;
        let k = self.closes.max(1) as usize;
        let runs_of = |from: usize, is: &dyn Fn(&u32) -> bool| {
            closes[from..].windows(k).position(|window| window.iter().all(is)).map(|i| from + i)
        };
        let Some(piled_up) = runs_of(self.watched_from(closes, above), &above) else {
            return Judgement { closes_above, ..Judgement::default() };
        };
        let below = |close: &u32| !above(close);
        let cleared = runs_of(piled_up + 1, &below);
        let mut relapses = 0;
        let mut at = cleared;
        while let Some(up) = at.and_then(|from| runs_of(from, &above)) {
            relapses += 1;
            at = runs_of(up, &below);
        }
        Judgement {
            piled_up: Some(piled_up as u32),
            cleared: cleared.map(|i| i as u32),
            settled: at.map(|i| i as u32),
            relapses,
            closes_above,
        }
    }

    /// The close from which on the backlog is watched: earlier than planned where by then it has been above
    /// for as many closes in a row as clearance takes.
    fn watched_from(&self, closes: &[u32], above: impl Fn(&u32) -> bool) -> usize {
        let planned = (self.watch_from as usize).min(closes.len());
        let before = closes[..planned].iter().rev().take_while(|close| above(close)).count();
        if before >= self.closes.max(1) as usize { planned - before } else { planned }
    }

    /// The last close by which clearance can be judged, of so many: `closes` before the end.
    pub fn last_judged(&self, closes: usize) -> Option<usize> {
        closes.checked_sub(self.closes.max(1) as usize)
    }
}

impl Judgement {
    /// Whether the backlog was cleared by that close; a run without a pile-up always is.
    pub fn cleared_by(&self, close: u32) -> bool {
        self.piled_up.is_none() || self.cleared.is_some_and(|cleared| cleared <= close)
    }

    /// Whether it was cleared by that close for good: a small pile-up that is cleared before a large
    /// one comes does not count.
    pub fn settled_by(&self, close: u32) -> bool {
        self.piled_up.is_none() || self.settled.is_some_and(|settled| settled <= close)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: Target = Target { at_most: 10.0, closes: 3, watch_from: 1 };

    #[test]
    fn an_episode_worked_by_hand() {
        // The first close is not watched; up at 2, briefly down at 5 and 6, down for good at 8.
        let judgement = TARGET.judge(&[50, 10, 11, 30, 40, 9, 10, 12, 8, 10, 3, 4]);
        assert_eq!(judgement.piled_up, Some(2));
        assert_eq!(judgement.cleared, Some(8));
        assert_eq!((judgement.relapses, judgement.closes_above), (0, 4));
        assert!(!judgement.cleared_by(7) && judgement.cleared_by(8));
    }

    #[test]
    fn what_piled_up_before_the_surge_and_stays_is_watched() {
        let late = Target { watch_from: 5, ..TARGET };
        let judged = late.judge(&[1, 20, 30, 40, 50, 60, 70]);
        assert_eq!((judged.piled_up, judged.closes_above), (Some(1), 6));
        // Two bad days before it are none of the surge's, and what is cleared by then is no news.
        assert_eq!(late.judge(&[1, 2, 3, 40, 50, 5, 7]).piled_up, None);
        assert_eq!(late.judge(&[20, 30, 40, 50, 1, 5, 7]).piled_up, None);
        // The surge may lie beyond the run.
        let never = Target { watch_from: 99, ..TARGET };
        assert_eq!(never.judge(&[20, 30, 40, 50]).closes_above, 4);
    }

    #[test]
    fn clearance_needs_all_its_closes_within_the_horizon() {
        assert_eq!(TARGET.judge(&[0, 20, 20, 20, 5, 5]).cleared, None);
        assert_eq!(TARGET.judge(&[0, 20, 20, 20, 5, 5, 5]).cleared, Some(4));
        assert_eq!(TARGET.last_judged(5), Some(2));
        assert_eq!(TARGET.last_judged(2), None);
    }

    #[test]
    fn less_at_every_close_is_never_judged_worse() {
        // One high Monday after the surge is forgiven whoever piled up before, and whoever did not.
        let piled = [0, 20, 20, 20, 5, 5, 5, 5, 11, 5, 5, 5];
        let not = [0, 5, 5, 5, 5, 5, 5, 5, 11, 5, 5, 5];
        for close in 0..piled.len() as u32 {
            let (more, less) = (TARGET.judge(&piled), TARGET.judge(&not));
            assert!(less.settled_by(close) >= more.settled_by(close), "{close}");
        }
        assert_eq!((TARGET.judge(&not).piled_up, TARGET.judge(&not).closes_above), (None, 1));
    }

    #[test]
    fn no_pile_up_counts_as_cleared_and_a_relapse_is_told() {
        let calm = TARGET.judge(&[99, 1, 2, 3]);
        assert!(calm.piled_up.is_none() && calm.cleared_by(0));
        // Down at 4, one high close is no relapse, three in a row are.
        let again = TARGET.judge(&[0, 20, 20, 20, 5, 5, 5, 11, 5, 5, 5, 20, 20, 20, 1, 1, 1]);
        assert_eq!((again.cleared, again.relapses), (Some(4), 1));
        assert_eq!(again.settled, Some(14));
        assert!(again.cleared_by(5) && !again.settled_by(13) && again.settled_by(14));
        let up = TARGET.judge(&[0, 20, 20, 20, 5, 5, 5, 20, 20, 20]);
        assert!(up.cleared_by(5) && !up.settled_by(9));
    }
}
