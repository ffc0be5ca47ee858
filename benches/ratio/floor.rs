//! The floor: each workload as a loop written by hand for it alone, without any of what a general
//! engine offers. What the engine costs is said as a multiple of this.

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, Exp1, LogNormal};
use std::collections::VecDeque;

/// What a run of a loop yields.
#[derive(Clone, Copy, Default)]
pub(super) struct Answer {
    /// Customers that came.
    pub(super) customers: u64,
    /// Mean wait before the first service (or abandonment), in minutes.
    pub(super) mean_wait: f64,
}

/// Completions in a heap of four children a node.
#[derive(Default)]
struct Completions(Vec<u64>);

impl Completions {
    fn next(&self) -> f64 {
        self.0.first().map_or(f64::INFINITY, |key| f64::from_bits(*key))
    }

    #[inline]
    fn push(&mut self, at: f64) {
        // Times are not negative, so their bits are in the order of their values.
        let key = at.to_bits();
        self.0.push(key);
        let mut at = self.0.len() - 1;
        while at > 0 {
            let parent = (at - 1) / 4;
            if self.0[parent] <= key {
                break;
            }
            self.0[at] = self.0[parent];
            at = parent;
        }
        self.0[at] = key;
    }

    #[inline(always)]
    fn replace_top(&mut self, at: f64) {
        let key = at.to_bits();
        let heap = &mut self.0[..];
        let mut at = 0;
        while let Some(children) = heap.get(4 * at + 1..) {
            let (offset, least) = match children {
                // Chosen without a branch: which of four is least cannot be foretold.
                [a, b, c, d, ..] => {
                    let low = if b < a { (1, *b) } else { (0, *a) };
                    let high = if d < c { (3, *d) } else { (2, *c) };
                    if high.1 < low.1 { high } else { low }
                }
                [] => break,
                [first, rest @ ..] => {
                    let mut least = (0, *first);
                    for (offset, child) in rest.iter().enumerate() {
                        if *child < least.1 {
                            least = (offset + 1, *child);
                        }
                    }
                    least
                }
            };
            if least >= key {
                break;
            }
            heap[at] = least;
            at = 4 * at + 1 + offset;
        }
        heap[at] = key;
    }

    fn pop(&mut self) {
        if let Some(last) = self.0.pop()
            && !self.0.is_empty()
        {
            self.replace_top(f64::from_bits(last));
        }
    }
}

/// W1, W2, W3: one line, equal servers, services of mean 1 minute.
pub(super) fn queue(
    customers: u64,
    per_minute: f64,
    servers: usize,
    patience: f64,
    seed: u64,
) -> Answer {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut exp = || -> f64 { Exp1.sample(&mut random) };
    let mut busy = Completions::default();
    // Arrival and deadline of those who wait; who gave up is noticed when their turn comes.
    let mut line: VecDeque<(f64, f64)> = VecDeque::new();
    let (mut arrival, mut came, mut waited) = (exp() / per_minute, 0, 0.0);
    while came < customers {
        let completion = busy.next();
        if completion < arrival {
            let mut started = false;
            while let Some((since, deadline)) = line.pop_front() {
                if deadline < completion {
                    waited += deadline - since;
                    continue;
                }
                waited += completion - since;
                busy.replace_top(completion + exp());
                started = true;
                break;
            }
            if !started {
                busy.pop();
            }
        } else {
            came += 1;
            if busy.0.len() < servers {
                busy.push(arrival + exp());
            } else {
                let deadline =
                    if patience > 0.0 { arrival + patience * exp() } else { f64::INFINITY };
                line.push_back((arrival, deadline));
            }
            arrival += exp() / per_minute;
        }
    }
    Answer { customers: came, mean_wait: waited / came as f64 }
}

/// Who staffs the desk of W4 and W4L, and what awaits them.
pub(super) struct Staffing {
    /// Agents of the three tiers.
    pub(super) agents: [usize; 3],
    /// Tickets there at the start.
    pub(super) opening: usize,
    /// Expected arrivals.
    pub(super) expected: f64,
}

const DAY: f64 = 1440.0;
const OPENS: f64 = 540.0;
const CLOSES: f64 = 1020.0;

struct Tier {
    /// Who waits, by priority: since when.
    lines: [VecDeque<f64>; 2],
    busy: Completions,
    handle: LogNormal<f64>,
}

impl Tier {
    fn take(&mut self) -> Option<(usize, f64)> {
        let priority = usize::from(self.lines[0].is_empty());
        self.lines[priority].pop_front().map(|since| (priority, since))
    }
}

/// W4 and W4L: three tiers from nine to five, two priorities, five weeks.
pub(super) fn desk(staffing: &Staffing, seed: u64) -> Answer {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let rates = rates(staffing.expected);
    let mut tiers = [12.0_f64, 30.0, 90.0].map(|mean| Tier {
        lines: Default::default(),
        busy: Completions::default(),
        handle: LogNormal::new(mean.ln() - 0.32, 0.8).expect("a positive spread"),
    });
    let (mut waited, mut started, mut came) = (0.0, 0_u64, staffing.opening as u64);
    for _ in 0..staffing.opening {
        let priority = usize::from(uniform(&mut random) >= 0.2);
        tiers[0].lines[priority].push_back(0.0);
    }
    let (mut hour, mut arrival) = (0, 0.0);
    next_arrival(&rates, &mut hour, &mut arrival, &mut random);
    let (mut change, mut open) = (OPENS, false);
    let end = rates.len() as f64 * 60.0;
    loop {
        let next = [tiers[0].busy.next(), tiers[1].busy.next(), tiers[2].busy.next()];
        let completion = next[0].min(next[1]).min(next[2]);
        let now = completion.min(arrival).min(change);
        if now >= end {
            break;
        }
        if now == change {
            open = !open;
            let day = (now / DAY).floor();
            if !open {
                // Friday's next opening is on Monday.
                let weekend = if day as u64 % 7 == 4 { 2.0 } else { 0.0 };
                change = (day + 1.0 + weekend) * DAY + OPENS;
                continue;
            }
            change = day * DAY + CLOSES;
            for (index, tier) in tiers.iter_mut().enumerate() {
                while tier.busy.0.len() < staffing.agents[index] {
                    let Some((_, since)) = tier.take() else { break };
                    if index == 0 {
                        waited += now - since;
                        started += 1;
                    }
                    tier.busy.push(now + tier.handle.sample(&mut random));
                }
            }
        } else if now == arrival {
            came += 1;
            let priority = usize::from(uniform(&mut random) >= 0.2);
            let tier = &mut tiers[0];
            if open && tier.busy.0.len() < staffing.agents[0] {
                started += 1;
                tier.busy.push(now + tier.handle.sample(&mut random));
            } else {
                tier.lines[priority].push_back(now);
            }
            next_arrival(&rates, &mut hour, &mut arrival, &mut random);
        } else {
            let index = next.iter().position(|at| *at == completion).unwrap_or(0);
            let tier = &mut tiers[index];
            match if open { tier.take() } else { None } {
                Some((_, since)) => {
                    if index == 0 {
                        waited += now - since;
                        started += 1;
                    }
                    tier.busy.replace_top(now + tier.handle.sample(&mut random));
                }
                None => tier.busy.pop(),
            }
            if index < 2 && uniform(&mut random) < [0.25, 0.2][index] {
                // Escalated tickets keep their priority; which it was does not matter to the time
                // of the loop, and one in five is high here as well.
                let priority = usize::from(uniform(&mut random) >= 0.2);
                let tier = &mut tiers[index + 1];
                if open && tier.busy.0.len() < staffing.agents[index + 1] {
                    tier.busy.push(now + tier.handle.sample(&mut random));
                } else {
                    tier.lines[priority].push_back(now);
                }
            }
        }
    }
    Answer { customers: came, mean_wait: waited / started as f64 }
}

fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    rand_distr::StandardUniform.sample(random)
}

/// Arrivals a minute in each hour of the five weeks.
fn rates(expected: f64) -> Vec<f64> {
    let hours: Vec<f64> = [(6, 0.2), (2, 0.6), (4, 1.6), (5, 1.4), (4, 1.0), (3, 0.5)]
        .into_iter()
        .flat_map(|(n, weight)| std::iter::repeat_n(weight, n))
        .collect();
    let mut rates = Vec::new();
    for week in [1.0, 1.0, 3.0, 1.0, 1.0] {
        for day in [1.2, 1.0, 1.0, 1.0, 0.9, 0.5, 0.4] {
            rates.extend(hours.iter().map(|hour| week * day * hour));
        }
    }
    let sum: f64 = rates.iter().sum();
    rates.iter_mut().for_each(|rate| *rate *= expected / sum / 60.0);
    rates
}

/// The next arrival of a rate that is constant within each hour: an exponential amount of it.
fn next_arrival(
    rates: &[f64],
    hour: &mut usize,
    arrival: &mut f64,
    random: &mut Xoshiro256PlusPlus,
) {
    let mut amount: f64 = Exp1.sample(random);
    while *hour < rates.len() {
        let until = (*hour as f64 + 1.0) * 60.0;
        let left = (until - *arrival) * rates[*hour];
        if amount < left {
            *arrival += amount / rates[*hour];
            return;
        }
        amount -= left;
        *arrival = until;
        *hour += 1;
    }
    *arrival = f64::INFINITY;
}
