//! The search for the cheapest plan among many: every lever has a few levels, and of some of them a
//! later level is dearer and never worse, such as more people.
//!
//! Along one such lever the plans that meet the targets begin somewhere; that place is found by
//! steps that double and halves that shrink, once for every setting of the other levers, the most
//! promising first. A setting that cannot be cheaper than the best plan so far is not tried, nor a
//! plan that has fewer people than one that failed. What chance has decided stays marked as not
//! sure, and is not used to rule other plans out for good.

use std::collections::BTreeMap;

/// Most plans judged only to tell how near the cheapest one is.
const MOST_NARROWED: usize = 12;

/// A plan: the level of every lever.
pub type Levels = Vec<usize>;

/// What a judge says of a plan.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It meets every target.
    Meets,
    /// It misses one.
    Misses {
        /// Whether that is more than chance explains.
        sure: bool,
    },
}

/// Who knows what plans cost and whether they do.
pub trait Judge {
    /// What a plan costs.
    fn cost(&mut self, plan: &[usize]) -> f64;
    /// Whether it meets the targets; nothing where it was interrupted.
    fn verdict(&mut self, plan: &[usize]) -> Option<Verdict>;
    /// The level of a lever at which a plan will probably begin to meet them.
    fn guess(&mut self, plan: &[usize], lever: usize) -> usize;
}

/// A search under way.
pub struct Search {
    /// How many levels each lever has.
    levels: Vec<usize>,
    /// Of which levers a later level is never worse.
    rising: Vec<bool>,
    known: BTreeMap<Levels, Verdict>,
}

/// The search was interrupted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interrupted;

impl Search {
    /// A search over levers of so many levels.
    pub fn new(levels: Vec<usize>, rising: Vec<bool>) -> Search {
        Search { levels, rising, known: BTreeMap::new() }
    }

    /// The cheapest plan that meets the targets.
    pub fn cheapest(&mut self, judge: &mut dyn Judge) -> Result<Option<Levels>, Interrupted> {
        let main = self.main();
        let mut settings: Vec<(f64, Levels, usize)> = Vec::new();
        for mut setting in self.settings(main) {
            let guess = main.map_or(0, |main| judge.guess(&setting, main));
            if let Some(main) = main {
                setting[main] = guess;
            }
            settings.push((judge.cost(&setting), setting, guess));
        }
        settings.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut best = self.best_known(judge);
        for (_, setting, guess) in settings {
            let found = match main {
                Some(main) => self.along(setting, main, guess, best.as_ref(), judge)?,
                None => self.one(setting, best.as_ref(), judge)?,
            };
            if let Some(plan) = found {
                let cost = judge.cost(&plan);
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, plan));
                }
            }
        }
        Ok(best.map(|(_, plan)| plan))
    }

    /// Takes back that a plan meets the targets.
    pub fn reject(&mut self, plan: &[usize], sure: bool) {
        self.known.insert(plan.to_vec(), Verdict::Misses { sure });
    }

    /// What has been judged.
    pub fn known(&self) -> impl Iterator<Item = (&Levels, Verdict)> {
        self.known.iter().map(|(plan, verdict)| (plan, *verdict))
    }

    /// The cheapest plan that is not ruled out for sure: no plan that meets the targets is cheaper.
    pub fn bound(&self, judge: &mut dyn Judge) -> Option<(f64, Levels)> {
        let main = self.main();
        let mut least: Option<(f64, Levels)> = None;
        for mut setting in self.settings(main) {
            let levels = main.map_or(0..1, |main| 0..self.levels[main]);
            for level in levels {
                if let Some(main) = main {
                    setting[main] = level;
                }
                if !self.misses(&setting, true) {
                    let cost = judge.cost(&setting);
                    if least.as_ref().is_none_or(|(known, _)| cost < *known) {
                        least = Some((cost, setting.clone()));
                    }
                    break;
                }
            }
        }
        least
    }

    /// Judges plans cheaper than so much that are still open, to say how near the cheapest one is: the
    /// dearest of them first, for it rules out all below it. Chance may leave some open.
    ///
    /// *Errors*: it was interrupted.
    pub fn narrow(&mut self, than: f64, judge: &mut dyn Judge) -> Result<(), Interrupted> {
        let Some(main) = self.main() else { return Ok(()) };
        for _ in 0..MOST_NARROWED {
            let Some((_, mut plan)) = self.bound(judge).filter(|(cost, _)| *cost < than) else {
                break;
            };
            let first = plan[main];
            let (mut cheap, mut dear) = (first + 1, self.levels[main]);
            while cheap < dear {
                plan[main] = (cheap + dear) / 2;
                if judge.cost(&plan) < than { cheap = plan[main] + 1 } else { dear = plan[main] }
            }
            let open = (first..cheap).rev().find(|level| {
                plan[main] = *level;
                !self.known.contains_key(&plan)
            });
            if open.is_none() {
                break;
            }
            let sure = judge.verdict(&plan).ok_or(Interrupted)? == (Verdict::Misses { sure: true });
            // One that chance lets meet them where more people did not is no finding.
            self.known.insert(plan, Verdict::Misses { sure });
        }
        Ok(())
    }

    /// The lever along which is searched: of those that rise, the one with most levels.
    fn main(&self) -> Option<usize> {
        let rising = (0..self.levels.len()).filter(|lever| self.rising[*lever]);
        rising.max_by_key(|lever| (self.levels[*lever], usize::MAX - lever))
    }

    /// All settings of the other levers, with the main one at its first level.
    fn settings(&self, main: Option<usize>) -> Vec<Levels> {
        let mut all = vec![vec![0; self.levels.len()]];
        for lever in (0..self.levels.len()).filter(|lever| Some(*lever) != main) {
            let with = |setting: &Levels| {
                let setting = setting.clone();
                (0..self.levels[lever]).map(move |level| {
                    let mut with = setting.clone();
                    with[lever] = level;
                    with
                })
            };
            all = all.iter().flat_map(with).collect();
        }
        all
    }

    fn best_known(&self, judge: &mut dyn Judge) -> Option<(f64, Levels)> {
        let meets = self.known.iter().filter(|(_, verdict)| **verdict == Verdict::Meets);
        let priced = meets.map(|(plan, _)| (judge.cost(plan), plan.clone()));
        priced.min_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// Whether a plan misses the targets because one does that is no worse.
    fn misses(&self, plan: &[usize], sure_only: bool) -> bool {
        let no_worse = |other: &Levels| {
            let mut levers = other.iter().zip(plan).zip(&self.rising);
            levers.all(|((other, own), rising)| if *rising { other >= own } else { other == own })
        };
        self.known.iter().any(|(other, verdict)| match verdict {
            Verdict::Misses { sure } => (*sure || !sure_only) && no_worse(other),
            Verdict::Meets => false,
        })
    }

    fn judge(&mut self, plan: &[usize], judge: &mut dyn Judge) -> Result<bool, Interrupted> {
        if let Some(known) = self.known.get(plan) {
            return Ok(*known == Verdict::Meets);
        }
        if self.misses(plan, false) {
            return Ok(false);
        }
        let verdict = judge.verdict(plan).ok_or(Interrupted)?;
        self.known.insert(plan.to_vec(), verdict);
        Ok(verdict == Verdict::Meets)
    }

    fn one(
        &mut self,
        plan: Levels,
        best: Option<&(f64, Levels)>,
        judge: &mut dyn Judge,
    ) -> Result<Option<Levels>, Interrupted> {
        if best.is_some_and(|(least, _)| judge.cost(&plan) >= *least) {
            return Ok(None);
        }
        Ok(self.judge(&plan, judge)?.then_some(plan))
    }

    /// The first level of the main lever at which a setting meets the targets, if it is cheaper than
    /// the best plan so far.
    fn along(
        &mut self,
        setting: Levels,
        main: usize,
        guess: usize,
        best: Option<&(f64, Levels)>,
        judge: &mut dyn Judge,
    ) -> Result<Option<Levels>, Interrupted> {
        let at = |level: usize| {
            let mut plan = setting.clone();
            plan[main] = level;
            plan
        };
        let count = self.levels[main];
        // `low` is the first level not known to miss; `high` is past the last that is cheap enough.
        let low = (0..count).find(|level| !self.misses(&at(*level), false)).unwrap_or(count);
        let mut high = count;
        if let Some((least, _)) = best {
            let (mut cheap, mut dear) = (low, count);
            while cheap < dear {
                let middle = (cheap + dear) / 2;
                if judge.cost(&at(middle)) < *least { cheap = middle + 1 } else { dear = middle }
            }
            high = cheap;
        }
        if low >= high {
            return Ok(None);
        }
        // From the guess outward in doubling steps, to a level that misses and one that meets.
        let start = guess.clamp(low, high - 1);
        let (mut misses, mut meets) = (low, high);
        let mut step = 1;
        if self.judge(&at(start), judge)? {
            meets = start;
            while meets > misses {
                let next = meets.saturating_sub(step).max(misses);
                if self.judge(&at(next), judge)? {
                    meets = next;
                    step *= 2;
                } else {
                    misses = next + 1;
                    break;
                }
            }
        } else {
            misses = start + 1;
            while misses < high {
                let next = (misses + step - 1).min(high - 1);
                if self.judge(&at(next), judge)? {
                    meets = next;
                    break;
                }
                misses = next + 1;
                step *= 2;
            }
            if meets == high {
                return Ok(None);
            }
        }
        while misses < meets {
            let middle = (misses + meets) / 2;
            if self.judge(&at(middle), judge)? { meets = middle } else { misses = middle + 1 }
        }
        Ok(Some(at(meets)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plans are judged by a rule and cost by another; how often is counted.
    struct Rule<'a> {
        meets: &'a dyn Fn(&[usize]) -> bool,
        cost: &'a dyn Fn(&[usize]) -> f64,
        asked: usize,
        guess: usize,
    }

    impl Judge for Rule<'_> {
        fn cost(&mut self, plan: &[usize]) -> f64 {
            (self.cost)(plan)
        }
        fn verdict(&mut self, plan: &[usize]) -> Option<Verdict> {
            self.asked += 1;
            Some(if (self.meets)(plan) { Verdict::Meets } else { Verdict::Misses { sure: true } })
        }
        fn guess(&mut self, _: &[usize], _: usize) -> usize {
            self.guess
        }
    }

    #[test]
    fn two_teams_and_a_choice_are_searched_without_trying_everything() {
        // Twice the people of the first and those of the second team must reach 40; with the third
        // choice 31 are enough, which costs 5.
        let meets = |p: &[usize]| 2 * p[0] + p[1] >= [40, 40, 31][p[2]];
        let cost = |p: &[usize]| 3.0 * p[0] as f64 + p[1] as f64 + [0.0, 1.0, 5.0][p[2]];
        let brute = || {
            let all =
                (0..31).flat_map(|a| (0..21).flat_map(move |b| (0..3).map(move |c| [a, b, c])));
            all.filter(|p| meets(p)).map(|p| cost(&p)).fold(f64::INFINITY, f64::min)
        };
        for guess in [0, 9, 12, 30] {
            let mut rule = Rule { meets: &meets, cost: &cost, asked: 0, guess };
            let mut search = Search::new(vec![31, 21, 3], vec![true, true, false]);
            let best = search.cheapest(&mut rule).unwrap().unwrap();
            assert_eq!(cost(&best), brute(), "{best:?}");
            assert!(rule.asked < 1953 / 4, "{} of 1,953 judged", rule.asked);
            // Nothing cheaper is open.
            assert!(search.bound(&mut rule).unwrap().0 >= cost(&best));
            // Were it to fail after all, the next one comes.
            search.reject(&best, false);
            let next = search.cheapest(&mut rule).unwrap().unwrap();
            assert!(next != best && meets(&next) && cost(&next) >= cost(&best));
            // The one taken back without being sure still bounds what is known.
            assert_eq!(search.bound(&mut rule).unwrap().1, best);
        }
    }

    #[test]
    fn what_is_left_open_is_judged_from_the_dearest_on() {
        // Chance lets 12 miss, but not for sure; nobody has looked at fewer yet.
        let meets = |p: &[usize]| p[0] >= 12;
        let cost = |p: &[usize]| p[0] as f64;
        let mut rule = Rule { meets: &meets, cost: &cost, asked: 0, guess: 13 };
        let mut search = Search::new(vec![20], vec![true]);
        search.reject(&[12], false);
        let best = search.cheapest(&mut rule).unwrap().unwrap();
        assert_eq!(best, [13]);
        assert_eq!(search.bound(&mut rule), Some((0.0, vec![0])));
        rule.asked = 0;
        search.narrow(13.0, &mut rule).unwrap();
        // That 11 misses for sure rules out all below; 12 stays open, and is not judged again.
        assert_eq!((search.bound(&mut rule), rule.asked), (Some((12.0, vec![12])), 1));
    }

    #[test]
    fn choices_alone_are_tried_from_the_cheapest_on_and_nothing_may_be_enough() {
        let cost = |p: &[usize]| [7.0, 3.0, 5.0][p[p.len() - 1]];
        let not_the_second = |p: &[usize]| p[0] != 1;
        let mut rule = Rule { meets: &not_the_second, cost: &cost, asked: 0, guess: 0 };
        let mut search = Search::new(vec![3], vec![false]);
        assert_eq!(search.cheapest(&mut rule), Ok(Some(vec![2])));
        assert_eq!(rule.asked, 2);
        let never = |_: &[usize]| false;
        let mut rule = Rule { meets: &never, cost: &cost, asked: 0, guess: 5 };
        let mut search = Search::new(vec![9, 3], vec![true, false]);
        assert_eq!(search.cheapest(&mut rule), Ok(None));
        assert_eq!(search.bound(&mut rule), None);
    }
}
