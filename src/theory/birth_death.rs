//! A line that is bounded by its room or by its customers' patience (M/M/c/K, Erlang A), solved as
//! a birth-death chain.

use super::are_rates;

/// A desk of equal agents in its steady state, with every level of it.
///
/// Contacts that find the room full are turned away. Shares and means *of contacts* are over those
/// admitted; a wait ends when service starts or the customer gives up.
#[derive(Clone, PartialEq, Debug)]
pub struct SteadyState {
    arrival_rate: f64,
    abandonment_rate: f64,
    agents: usize,
    room: Option<usize>,
    first: usize,
    /// *Shape*: by number present, from `first` on; the probability of other levels is nil.
    levels: Vec<f64>,
}

/// The line with at most `room` present, waiting or in service (M/M/c/K); nothing where there is
/// no arrival, no service or no agent.
///
/// *Source*: Gross and Harris 1998, Fundamentals of Queueing Theory, section 2.5.
pub fn mmck(λ: f64, μ: f64, c: u32, room: u32) -> Option<SteadyState> {
    SteadyState::new(λ, μ, 0.0, c, Some(room))
}

/// The line whose waiting customers give up at the rate `θ` each (M/M/c+M, Erlang A); nothing where
/// there is no arrival, no service, no agent or no abandonment (which leaves `erlang::MMc`).
///
/// *Source*: Palm 1957; Garnett, Mandelbaum and Reiman 2002, section 3.
pub fn erlang_a(λ: f64, μ: f64, θ: f64, c: u32) -> Option<SteadyState> {
    SteadyState::new(λ, μ, θ, c, None)
}

impl SteadyState {
    /// The line with abandonment at rate `θ` and, if given, room for so many (M/M/c/K+M); nothing
    /// where neither bounds it, or there is no arrival, no service or no agent.
    pub fn new(λ: f64, μ: f64, θ: f64, c: u32, room: Option<u32>) -> Option<SteadyState> {
        let bounded = room.is_some() || θ > 0.0;
        if !are_rates(&[λ, μ, θ]) || λ == 0.0 || μ == 0.0 || c == 0 || !bounded {
            return None;
        }
        let room = room.map(|room| room as usize);
        let agents = c as usize;
        let death = |n: usize| n.min(agents) as f64 * μ + n.saturating_sub(agents) as f64 * θ;
        let (first, levels) = stationary(λ, death, room.unwrap_or(usize::MAX));
        Some(SteadyState { arrival_rate: λ, abandonment_rate: θ, agents, room, first, levels })
    }

    /// The share of time exactly `n` are present.
    pub fn p_level(&self, n: usize) -> f64 {
        let place = n.checked_sub(self.first);
        place.and_then(|place| self.levels.get(place)).copied().unwrap_or(0.0)
    }

    /// The share of arrivals turned away.
    pub fn p_blocked(&self) -> f64 {
        self.room.map_or(0.0, |room| self.p_level(room))
    }

    /// The share of contacts that find all agents busy.
    pub fn p_wait(&self) -> f64 {
        let all_busy = self.mean_of(|n| f64::from(u8::from(n >= self.agents)));
        (all_busy - self.p_blocked()).max(0.0) / self.admitted()
    }

    /// The share of contacts that give up.
    pub fn p_abandon(&self) -> f64 {
        self.abandonment_rate * self.mean_wait()
    }

    /// The mean wait of contacts, whether it ends in service or not.
    pub fn mean_wait(&self) -> f64 {
        self.mean_queue() / (self.arrival_rate * self.admitted())
    }

    /// The mean number waiting.
    pub fn mean_queue(&self) -> f64 {
        self.mean_of(|n| n.saturating_sub(self.agents) as f64)
    }

    /// The mean number of busy agents.
    pub fn mean_busy(&self) -> f64 {
        self.mean_of(|n| n.min(self.agents) as f64)
    }

    /// The mean number waiting or being served.
    pub fn mean_in_system(&self) -> f64 {
        self.mean_of(|n| n as f64)
    }

    fn admitted(&self) -> f64 {
        1.0 - self.p_blocked()
    }

    fn mean_of(&self, figure: impl Fn(usize) -> f64) -> f64 {
        self.levels.iter().zip(self.first..).map(|(p, n)| figure(n) * p).sum()
    }
}

/// The probabilities of the levels of a chain with births at the rate `λ`, and deaths that rise
/// with the level, up to `top`: the first level that is not too rare for a number, and its
/// probability and the next ones'.
fn stationary(λ: f64, death: impl Fn(usize) -> f64, top: usize) -> (usize, Vec<f64>) {
    // From the likeliest level outwards nothing overflows, and only what does not matter vanishes.
    let mode = likeliest(λ, &death, top);
    let mut levels = vec![1.0];
    let mut first = mode;
    let mut weight = 1.0;
    while first > 0 && weight >= f64::MIN_POSITIVE {
        weight *= death(first) / λ;
        levels.push(weight);
        first -= 1;
    }
    levels.reverse();
    let mut last = mode;
    weight = 1.0;
    while last < top && weight >= f64::MIN_POSITIVE {
        last += 1;
        weight *= λ / death(last);
        levels.push(weight);
    }
    let total: f64 = levels.iter().sum();
    levels.iter_mut().for_each(|weight| *weight /= total);
    (first, levels)
}

/// The last level up to `top` that is at least as likely as the one before it: deaths from it do
/// not exceed births.
fn likeliest(λ: f64, death: impl Fn(usize) -> f64, top: usize) -> usize {
    let (mut holds, mut fails) = (0, 1);
    while fails <= top && death(fails) <= λ {
        holds = fails;
        fails = fails.saturating_mul(2);
    }
    fails = fails.min(top.saturating_add(1));
    while fails - holds > 1 {
        let middle = holds + (fails - holds) / 2;
        if death(middle) <= λ { holds = middle } else { fails = middle }
    }
    holds
}

#[cfg(test)]
mod tests {
    use super::super::close::{assert_exact, assert_printed};
    use super::super::erlang::{MMc, erlang_b};
    use super::*;

    #[test]
    fn two_agents_and_one_chair_worked_by_hand() {
        // Weights 1, 3/4, 9/32, 27/256: over 547/256. (The M/M/2/3 of simmer's vignette.)
        let desk = mmck(3.0, 4.0, 2, 3).unwrap();
        assert_exact(desk.p_level(0), 256.0 / 547.0);
        assert_exact(desk.p_blocked(), 27.0 / 547.0);
        assert_exact(desk.p_wait(), 72.0 / 520.0);
        assert_exact(desk.mean_queue(), 27.0 / 547.0);
        assert_exact(desk.mean_wait(), 27.0 / (3.0 * 520.0));
        assert_exact(desk.mean_in_system(), 417.0 / 547.0);
    }

    #[test]
    fn published_lines_with_limited_room() {
        // The self-test of GNU Octave's queueing package, M/M/2/5.
        let desk = mmck(3.0, 2.0, 2, 5).unwrap();
        assert_printed(desk.p_level(0), 0.179_334_5, 7);
        assert_printed(desk.p_blocked(), 0.085_113_8, 7);
        assert_printed(desk.mean_in_system(), 2.005_95, 5);
        assert_printed(desk.mean_wait(), 0.230_857_6, 7);
        // P. Jensen's ORMM exercise, M/M/2/5.
        let desk = mmck(5.0, 3.0, 2, 5).unwrap();
        assert_printed(desk.mean_wait(), 0.178, 3);
        assert_printed(5.0 * (1.0 - desk.p_blocked()), 4.424, 3);
        assert_printed(desk.p_level(0), 0.143, 3);
    }

    #[test]
    fn no_chair_is_erlang_b_and_endless_room_is_erlang_c() {
        assert_exact(mmck(25.0, 1.0, 30, 30).unwrap().p_blocked(), erlang_b(30, 25.0));
        let (bounded, endless) = (mmck(48.0, 1.0, 50, 5000), MMc::new(48.0, 1.0, 50).unwrap());
        assert_exact(bounded.unwrap().mean_wait(), endless.mean_wait());
    }

    #[test]
    fn patience_like_service_makes_the_number_present_poisson() {
        // With θ = μ everybody leaves at the same rate: M/M/infinity. Load 3, 2 agents:
        // P(N >= 2) = 1 - 4 e^-3; E(N - 2)^+ = 3 - 2 + 2 P(0) + P(1) = 1 + 5 e^-3.
        let desk = erlang_a(6.0, 2.0, 2.0, 2).unwrap();
        let rare = (-3.0_f64).exp();
        assert_exact(desk.p_wait(), 1.0 - 4.0 * rare);
        assert_exact(desk.mean_queue(), 1.0 + 5.0 * rare);
        assert_exact(desk.p_abandon(), 2.0 * (1.0 + 5.0 * rare) / 6.0);
        assert_exact(desk.mean_in_system(), 3.0);
        // Whitt 2005's base model: 100 agents, room for 200 to wait, load 102.
        let desk = SteadyState::new(102.0, 1.0, 1.0, 100, Some(300)).unwrap();
        assert_printed(desk.p_wait(), 0.591_718_634_5, 10);
        assert_printed(desk.p_abandon(), 0.049_917_976_0, 10);
        assert_exact(desk.mean_in_system(), 102.0);
    }

    #[test]
    fn fifty_agents_with_abandonment() {
        // Garnett, Mandelbaum and Reiman 2002, table 1: mean patience two minutes.
        let centre = erlang_a(48.0, 1.0, 0.5, 50).unwrap();
        assert_printed(centre.p_abandon(), 0.031, 3);
        assert_printed(centre.mean_queue(), 3.0, 0);
        assert_printed(centre.mean_busy() / 50.0, 0.93, 2);
        assert_printed(centre.p_wait(), 0.467_774_068_6, 10);
        assert_printed(centre.p_abandon(), 0.030_912_249_16, 11);
        assert_exact(centre.mean_busy(), 48.0 * (1.0 - centre.p_abandon()));
    }

    #[test]
    fn a_very_patient_overload_neither_overflows_nor_loses_work() {
        // Twice the capacity, patience a thousand handle times: the fluid limit abandons half.
        let desk = erlang_a(2000.0, 1.0, 0.001, 1000).unwrap();
        assert_exact(desk.p_abandon(), 0.5);
        assert_exact(desk.mean_queue(), 1e6);
        // Patience of a million handle times: a billion wait, and only the levels around are kept.
        let desk = erlang_a(2000.0, 1.0, 1e-6, 1000).unwrap();
        assert_exact(desk.mean_queue(), 1e9);
        assert_eq!(desk.p_level(0), 0.0);
    }

    #[test]
    fn rare_levels_keep_their_digits() {
        // Load 1/2, one agent, room for 100: P(full) = (1 - 1/2) / 2^100 / (1 - 1/2^101).
        let desk = mmck(1.0, 2.0, 1, 100).unwrap();
        let half = 0.5_f64;
        assert_exact(desk.p_blocked(), 0.5 * half.powi(100) / (1.0 - half.powi(101)));
    }

    #[test]
    fn what_has_no_steady_state_is_absent() {
        assert_eq!(erlang_a(1.0, 3.0, 0.0, 2), None);
        assert_eq!(erlang_a(0.0, 3.0, 1.0, 2), None);
        assert_eq!(mmck(6.0, 3.0, 0, 5), None);
        assert!(mmck(6.0, 3.0, 2, 5).is_some());
        // A room for fewer than there are agents.
        assert_exact(mmck(2.0, 1.0, 5, 2).unwrap().p_blocked(), 0.4);
    }
}
