//! Which of several plans is best, decided season by season: simulation goes on until the order is
//! settled, and no longer.
//!
//! The procedure KN takes a first stage of every plan, learns how much each *difference* of two
//! plans varies (so common random numbers pay), and from then on rules a plan out as soon as it
//! trails another by more than chance explains. With the confidence asked for it selects the best
//! plan whenever that one is ahead by at least the indifference zone; plans closer than that may be
//! told apart by their means alone.
//!
//! *Source*: Kim and Nelson 2001, A fully sequential procedure for indifference-zone selection in
//! simulation, ACM Transactions on Modeling and Computer Simulation 11(3), with c = 1; valid with
//! common random numbers. Normal differences are assumed; means of many seasons are near enough.

use super::mean::{mean, variance};

/// What must be decided, and how surely.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rules {
    /// Probability of selecting the best plan where it is ahead by the zone or more.
    pub confidence: f64,
    /// Smallest difference that matters.
    pub zone: f64,
    /// Seasons of the first stage, at least 2.
    pub first: usize,
}

/// How a plan was ruled out.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Out {
    /// After how many seasons.
    pub after: usize,
    /// By which plan.
    pub by: usize,
    /// Whether it trailed by more than chance explains; otherwise the two are within the zone, and
    /// the mean alone decided.
    pub settled: bool,
}

/// How far the selection has come.
#[derive(Clone, PartialEq, Debug)]
pub struct Selection {
    /// The plan with the lowest mean of those that are still in.
    pub best: usize,
    /// How each plan was ruled out; nothing for those that are still in.
    pub out: Vec<Option<Out>>,
    /// Whether one plan is left.
    pub decided: bool,
    /// Most seasons that those still in may take until it is decided.
    pub at_most: usize,
}

impl Selection {
    /// Plans that are still in.
    pub fn still_in(&self) -> impl Iterator<Item = usize> + '_ {
        self.out.iter().enumerate().filter(|(_, out)| out.is_none()).map(|(plan, _)| plan)
    }

    /// Whether another plan is known to be worse than the best, not merely within the zone of it.
    pub fn is_settled(&self, plan: usize) -> bool {
        // A plan that another one beat for sure may have been beaten by one that went later.
        plan != self.best && self.out[plan].is_some_and(|out| out.settled)
    }
}

/// Judges what is known so far; lower is better.
///
/// *Shape*: one value per season for each plan, the same seasons in the same order; a plan that was
/// ruled out may have fewer than those still in.
///
/// *Panics* with fewer than two plans, where one has fewer seasons than the first stage, or where
/// the rules make no sense.
pub fn select(plans: &[Vec<f64>], rules: &Rules) -> Selection {
    let (k, first) = (plans.len(), rules.first);
    assert!(k >= 2 && first >= 2, "at least two plans and two seasons");
    assert!(rules.zone > 0.0 && rules.confidence > 0.0 && rules.confidence < 1.0);
    assert!(plans.iter().all(|plan| plan.len() >= first), "a plan has no first stage");
    let h_squared = h_squared(k, rules);
    let spread = |one: usize, other: usize| {
        let pairs = plans[one].iter().zip(&plans[other]).take(first);
        variance(&pairs.map(|(a, b)| a - b).collect::<Vec<_>>()).unwrap_or(0.0)
    };
    // Seasons after which the mean alone decides between two plans.
    let seasons = |one, other| h_squared * spread(one, other) / (rules.zone * rules.zone);
    let last: Vec<Vec<f64>> =
        (0..k).map(|one| (0..k).map(|other| seasons(one, other)).collect()).collect();
    let mut out: Vec<Option<Out>> = vec![None; k];
    let mut sums: Vec<f64> = plans.iter().map(|plan| plan[..first].iter().sum()).collect();
    let mut n = first;
    let still = |out: &[Option<Out>]| -> Vec<usize> {
        (0..k).filter(|plan| out[*plan].is_none()).collect()
    };
    loop {
        let inside = still(&out);
        for plan in &inside {
            // How far a plan may trail after n seasons without being ruled out, in its sum.
            let beaten = inside.iter().find_map(|other| {
                let reach = (rules.zone / 2.0 * (last[*plan][*other] - n as f64)).max(0.0);
                let trails = sums[*plan] - sums[*other];
                // Where plans are level for good, the first one stays.
                let level = trails == 0.0 && reach == 0.0 && other < plan;
                let loses = other != plan && (trails > reach || level);
                // By more than the zone on average is many standard errors by then.
                let settled = reach > 0.0 || trails > rules.zone * n as f64;
                loses.then_some(Out { after: n, by: *other, settled })
            });
            out[*plan] = beaten;
        }
        let inside = still(&out);
        if inside.len() <= 1 || inside.iter().any(|plan| plans[*plan].len() <= n) {
            break;
        }
        for plan in inside {
            sums[plan] += plans[plan][n];
        }
        n += 1;
    }
    let inside = still(&out);
    let mean_of = |plan: &usize| mean(&plans[*plan]).unwrap_or(f64::INFINITY);
    let best = inside.iter().copied().min_by(|a, b| mean_of(a).total_cmp(&mean_of(b)));
    let pairs = inside.iter().flat_map(|one| inside.iter().map(|other| last[*one][*other]));
    let at_most = pairs.fold(first as f64, f64::max).min(1e15) as usize + 1;
    Selection { best: best.unwrap_or(0), decided: inside.len() == 1, out, at_most }
}

/// The constant h^2 = 2 eta (first - 1) of the procedure.
fn h_squared(k: usize, rules: &Rules) -> f64 {
    let freedom = rules.first as f64 - 1.0;
    let error = (1.0 - rules.confidence) / (k as f64 - 1.0);
    let eta = 0.5 * ((2.0 * error).powf(-2.0 / freedom) - 1.0);
    2.0 * eta * freedom
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, Purpose};
    use rand::RngExt;
    use rand_distr::StandardNormal;

    fn rules(first: usize, zone: f64) -> Rules {
        Rules { confidence: 0.95, zone, first }
    }

    #[test]
    fn the_constant_worked_by_hand() {
        // Two plans, ten seasons, 95 %: eta = ((2 x 0.05)^(-2/9) - 1) / 2 = (1.66810 - 1) / 2.
        assert!((h_squared(2, &rules(10, 1.0)) - 9.0 * 0.668_100_5).abs() < 1e-5);
        // Ten plans share the error among nine rivals: (2 x 0.05 / 9)^(-2/9) = 2.71827.
        assert!((h_squared(10, &rules(10, 1.0)) - 9.0 * 1.718_258).abs() < 2e-3);
    }

    #[test]
    fn a_selection_worked_by_hand() {
        // First stage of four: differences 3, 5, 3, 5 with mean 4 and variance 4/3.
        // h^2 = 3 (0.1^(-2/3) - 1) = 3 x 3.641589 = 10.92477; with a zone of 2 the mean alone
        // decides after 10.92477 x 4/3 / 4 = 3.64159 seasons: at four there is no reach left.
        let worse = vec![3.0, 5.0, 3.0, 5.0];
        let plans = [worse.clone(), vec![0.0; 4]];
        let told = select(&plans, &rules(4, 2.0));
        assert_eq!((told.best, told.decided), (1, true));
        // Ahead by 16 in four seasons, twice the zone: that is no matter of the mean alone.
        assert_eq!(told.out[0], Some(Out { after: 4, by: 1, settled: true }));
        // With a zone of 1/2: 10.92477 x 4/3 x 4 = 58.27 seasons; reach 0.25 x 54.27 = 13.6 < 16.
        assert!(select(&plans, &rules(4, 0.5)).decided);
        // With a zone of 1/4: 233.06 seasons, reach 0.125 x 229.06 = 28.6: not decided yet.
        let open = select(&plans, &rules(4, 0.25));
        assert_eq!((open.decided, open.best, open.at_most), (false, 1, 234));
        let longer = [worse.repeat(4), vec![0.0; 16]];
        let told = select(&longer, &rules(4, 0.25));
        // After 7 seasons it trails by 27 < 0.125 x 226.06 = 28.3, after 8 by 32 > 28.1.
        assert_eq!(told.out[0], Some(Out { after: 8, by: 1, settled: true }));
    }

    #[test]
    fn equal_plans_are_within_the_zone() {
        let one: Vec<f64> = (0..200).map(|i| f64::from(i * 37 % 11)).collect();
        let told = select(&[one.clone(), one.clone()], &rules(20, 1.0));
        // Nothing varies between them: one is taken at once, and nothing is settled.
        assert!(told.decided && !told.is_settled(1));
        assert_eq!(told.out[1], Some(Out { after: 20, by: 0, settled: false }));
    }

    #[test]
    #[allow(clippy::print_stdout, reason = "the share is a figure to read")]
    fn the_best_of_ten_correlated_plans_is_selected_as_often_as_promised() {
        // Ten plans one zone apart, the least favourable way for the best: all others at exactly
        // the zone. Noise is shared in part, as with common random numbers.
        let (repeats, zone, mut correct, mut seasons) = (1000, 0.5, 0, 0);
        for repeat in 0..repeats {
            let key = Key(repeat).named("selection");
            let normal = |n: u64, plan: u64| -> f64 {
                key.nth(n).draw(Purpose::Pick, plan).sample(StandardNormal)
            };
            let plan = |plan: u64| -> Vec<f64> {
                let ahead = if plan == 3 { 0.0 } else { zone };
                (0..600).map(|n| ahead + 2.0 * normal(n, 99) + normal(n, plan)).collect()
            };
            let plans: Vec<Vec<f64>> = (0..10).map(plan).collect();
            let told = select(&plans, &rules(20, zone));
            assert!(told.decided);
            correct += u32::from(told.best == 3);
            seasons += told.out.iter().flatten().map(|out| out.after).max().unwrap_or(0);
        }
        // Promised: 0.95. Four standard errors below that are sqrt(0.95 x 0.05 / 1000) x 4.
        let share = f64::from(correct) / repeats as f64;
        let mean = seasons as f64 / repeats as f64;
        println!("selected correctly: {share:.3} of {repeats}; {mean:.0} seasons on average");
        assert!(share >= 0.95 - 4.0 * (0.95_f64 * 0.05 / repeats as f64).sqrt(), "{share}");
        // Of 600 seasons at hand far fewer were looked at.
        assert!(mean < 300.0, "{mean}");
    }
}
