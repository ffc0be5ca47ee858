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

/// Completions in a heap of four children a node; the key is the time with the payload in its
/// lowest bits, so that one comparison of integers orders both.
#[derive(Default)]
struct Completions(Vec<u64>);

const PAYLOAD_BITS: u32 = 2;

impl Completions {
    fn key(at: f64, payload: u64) -> u64 {
        // Times are not negative, so their bits are in the order of their values.
        (at.to_bits() & !((1 << PAYLOAD_BITS) - 1)) | payload
    }

    fn next(&self) -> f64 {
        self.0.first().map_or(f64::INFINITY, |key| f64::from_bits(*key))
    }

    fn payload(&self) -> usize {
        (self.0[0] & ((1 << PAYLOAD_BITS) - 1)) as usize
    }

    fn push(&mut self, key: u64) {
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

    fn replace_top(&mut self, key: u64) {
        let heap = &mut self.0;
        let mut at = 0;
        loop {
            let first = 4 * at + 1;
            if first >= heap.len() {
                break;
            }
            let end = (first + 4).min(heap.len());
            let mut least = first;
            for child in first + 1..end {
                if heap[child] < heap[least] {
                    least = child;
                }
            }
            if heap[least] >= key {
                break;
            }
            heap[at] = heap[least];
            at = least;
        }
        heap[at] = key;
    }

    fn pop(&mut self) {
        if let Some(last) = self.0.pop()
            && !self.0.is_empty()
        {
            self.replace_top(last);
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
                busy.replace_top(Completions::key(completion + exp(), 0));
                started = true;
                break;
            }
            if !started {
                busy.pop();
            }
        } else {
            came += 1;
            if busy.0.len() < servers {
                busy.push(Completions::key(arrival + exp(), 0));
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
    busy: usize,
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
        busy: 0,
        handle: LogNormal::new(mean.ln() - 0.32, 0.8).expect("a positive spread"),
    });
    let (mut waited, mut started, mut came) = (0.0, 0_u64, staffing.opening as u64);
    for _ in 0..staffing.opening {
        let priority = usize::from(uniform(&mut random) >= 0.2);
        tiers[0].lines[priority].push_back(0.0);
    }
    let mut busy = Completions::default();
    let (mut hour, mut arrival) = (0, 0.0);
    next_arrival(&rates, &mut hour, &mut arrival, &mut random);
    let (mut change, mut open) = (OPENS, false);
    let end = rates.len() as f64 * 60.0;
    loop {
        let completion = busy.next();
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
                while tier.busy < staffing.agents[index] {
                    let Some((_, since)) = tier.take() else { break };
                    if index == 0 {
                        waited += now - since;
                        started += 1;
                    }
                    tier.busy += 1;
                    busy.push(Completions::key(
                        now + tier.handle.sample(&mut random),
                        index as u64,
                    ));
                }
            }
        } else if now == arrival {
            came += 1;
            let priority = usize::from(uniform(&mut random) >= 0.2);
            let tier = &mut tiers[0];
            if open && tier.busy < staffing.agents[0] {
                started += 1;
                tier.busy += 1;
                busy.push(Completions::key(now + tier.handle.sample(&mut random), 0));
            } else {
                tier.lines[priority].push_back(now);
            }
            next_arrival(&rates, &mut hour, &mut arrival, &mut random);
        } else {
            let index = busy.payload();
            let tier = &mut tiers[index];
            match if open { tier.take() } else { None } {
                Some((_, since)) => {
                    if index == 0 {
                        waited += now - since;
                        started += 1;
                    }
                    let done = now + tier.handle.sample(&mut random);
                    busy.replace_top(Completions::key(done, index as u64));
                }
                None => {
                    tier.busy -= 1;
                    busy.pop();
                }
            }
            if index < 2 && uniform(&mut random) < [0.25, 0.2][index] {
                // Escalated tickets keep their priority; which it was does not matter to the time
                // of the loop, and one in five is high here as well.
                let priority = usize::from(uniform(&mut random) >= 0.2);
                let tier = &mut tiers[index + 1];
                if open && tier.busy < staffing.agents[index + 1] {
                    tier.busy += 1;
                    let done = now + tier.handle.sample(&mut random);
                    busy.push(Completions::key(done, index as u64 + 1));
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
