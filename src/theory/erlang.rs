//! Erlang's loss and delay formulas: Poisson arrivals, exponential handle times, equal agents.

use super::are_rates;

/// The share of contacts lost when there is no room to wait (Erlang B), for an offered load in
/// agents' worth of work. Handle times may follow any law.
///
/// *Source*: Erlang 1917, by the recursion of Cooper 1981, Introduction to Queueing Theory, ch. 3.
pub fn erlang_b(agents: u32, load: f64) -> f64 {
    (1..=agents).fold(1.0, |blocked, c| with_another_agent(blocked, c, load))
}

/// The share lost with `c` agents, from the share lost with one fewer.
fn with_another_agent(blocked: f64, c: u32, load: f64) -> f64 {
    load * blocked / (f64::from(c) + load * blocked)
}

/// The share that must wait, from the share that would be lost if nobody could.
fn delayed(blocked: f64, c: u32, load: f64) -> f64 {
    let c = f64::from(c);
    c * blocked / (c - load * (1.0 - blocked))
}

/// A line served in order of arrival by equal agents, in its steady state (M/M/c, Erlang C).
///
/// *Source*: Erlang 1917; Cooper 1981, ch. 3.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MMc {
    arrival_rate: f64,
    service_rate: f64,
    agents: u32,
    p_wait: f64,
}

impl MMc {
    /// The line of these arrival and service rates and agents; nothing where the agents cannot keep
    /// up, so that there is no steady state.
    pub fn new(λ: f64, μ: f64, c: u32) -> Option<MMc> {
        if !are_rates(&[λ, μ]) || λ >= f64::from(c) * μ {
            return None;
        }
        let p_wait = delayed(erlang_b(c, λ / μ), c, λ / μ);
        Some(MMc { arrival_rate: λ, service_rate: μ, agents: c, p_wait })
    }

    /// The share of contacts that must wait.
    pub fn p_wait(&self) -> f64 {
        self.p_wait
    }

    /// The mean wait, over all contacts.
    pub fn mean_wait(&self) -> f64 {
        self.p_wait / self.slack()
    }

    /// The mean of the squared wait, over all contacts.
    pub fn mean_squared_wait(&self) -> f64 {
        2.0 * self.p_wait / self.slack().powi(2)
    }

    /// The probability of waiting longer than `t`.
    pub fn p_wait_over(&self, t: f64) -> f64 {
        self.p_wait * (-self.slack() * t).exp()
    }

    /// The wait that the share `p` of contacts does not exceed; infinite for `p` of 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        ((self.p_wait / (1.0 - p)).ln() / self.slack()).max(0.0)
    }

    /// The mean number waiting.
    pub fn mean_queue(&self) -> f64 {
        self.arrival_rate * self.mean_wait()
    }

    /// The mean number waiting or being served.
    pub fn mean_in_system(&self) -> f64 {
        self.mean_queue() + self.mean_busy()
    }

    /// The mean time from arrival to the end of service.
    pub fn mean_sojourn(&self) -> f64 {
        self.mean_wait() + 1.0 / self.service_rate
    }

    /// The mean number of busy agents, which is the offered load.
    pub fn mean_busy(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// The share of time an agent is busy.
    pub fn occupancy(&self) -> f64 {
        self.mean_busy() / f64::from(self.agents)
    }

    /// The rate at which a line with all agents busy shortens.
    fn slack(&self) -> f64 {
        f64::from(self.agents) * self.service_rate - self.arrival_rate
    }
}

/// The fewest agents with which the share `s` of contacts waits no longer than `t`; nothing where
/// no number of agents will do (`s` of 1 or more) or a figure makes no sense.
pub fn fewest_agents(λ: f64, μ: f64, t: f64, s: f64) -> Option<u32> {
    let makes_sense = are_rates(&[λ, μ]) && μ > 0.0 && t >= 0.0 && s < 1.0;
    if !makes_sense {
        return None;
    }
    let load = λ / μ;
    let mut blocked = 1.0;
    for c in 1..=u32::MAX {
        blocked = with_another_agent(blocked, c, load);
        let slack = f64::from(c) * μ - λ;
        if slack > 0.0 && 1.0 - delayed(blocked, c, load) * (-slack * t).exp() >= s {
            return Some(c);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::close::{assert_exact, assert_printed};
    use super::*;

    #[test]
    fn loss_worked_by_hand() {
        // Load 2, 2 agents: (4/2) / (1 + 2 + 4/2) = 2/5; a third agent: (8/6) / (5 + 8/6) = 4/19.
        assert_exact(erlang_b(2, 2.0), 0.4);
        assert_exact(erlang_b(3, 2.0), 4.0 / 19.0);
        assert_eq!((erlang_b(0, 2.0), erlang_b(3, 0.0)), (1.0, 0.0));
        // 25 erlangs on 30 lines, the sum of Erlang 1917 taken term by term.
        assert_exact(erlang_b(30, 25.0), 0.052_603_172_23);
    }

    #[test]
    fn loss_stays_exact_where_factorials_overflow() {
        // As many lines as erlangs: Jagerman 1974 expands 1/B as sqrt(pi a/2) + 2/3 + sqrt(2 pi/a)/24
        // and smaller terms, of order 1/a.
        let a = 1e6;
        let pi = std::f64::consts::PI;
        let inverse = (pi * a / 2.0).sqrt() + 2.0 / 3.0 + (2.0 * pi / a).sqrt() / 24.0;
        assert_exact(1.0 / erlang_b(1_000_000, a), inverse);
    }

    #[test]
    fn the_eye_clinic() {
        // Gross and Harris, Fundamentals of Queueing Theory: 3 agents, 6 an hour, 20 minutes each.
        let clinic = MMc::new(6.0, 3.0, 3).unwrap();
        assert_exact(clinic.p_wait(), 4.0 / 9.0);
        assert_exact(clinic.mean_queue(), 8.0 / 9.0);
        assert_exact(clinic.mean_wait(), 4.0 / 27.0);
        assert_exact(clinic.mean_squared_wait(), 8.0 / 81.0);
        assert_exact(clinic.p_wait_over(0.25), 4.0 / 9.0 * (-0.75_f64).exp());
        assert_exact(clinic.mean_in_system(), 26.0 / 9.0);
        assert_printed(clinic.mean_sojourn() * 60.0, 28.9, 1);
        assert_exact(clinic.occupancy(), 2.0 / 3.0);
    }

    #[test]
    fn fifty_agents_without_abandonment() {
        // Garnett, Mandelbaum and Reiman 2002, table 1: 48 calls a minute of one minute each.
        let centre = MMc::new(48.0, 1.0, 50).unwrap();
        assert_printed(centre.mean_wait() * 60.0, 20.8, 1);
        assert_printed(centre.wait_quantile(0.9) * 60.0, 58.1, 1);
        assert_printed(centre.mean_queue(), 17.0, 0);
        assert_printed(centre.p_wait(), 0.694_455_611_2, 10);
        assert_exact(centre.p_wait_over(centre.wait_quantile(0.9)), 0.1);
        assert_eq!(centre.wait_quantile(0.2), 0.0);
    }

    #[test]
    fn one_agent_is_mm1() {
        let line = MMc::new(3.0, 5.0, 1).unwrap();
        assert_exact(line.p_wait(), 0.6);
        assert_exact(line.mean_wait(), 0.3);
    }

    #[test]
    fn an_overloaded_line_has_no_steady_state() {
        assert_eq!(MMc::new(6.0, 3.0, 2), None);
        assert_eq!(MMc::new(6.0, 0.0, 2), None);
        assert_eq!(MMc::new(f64::NAN, 3.0, 2), None);
        assert_eq!(MMc::new(0.0, 3.0, 2).unwrap().mean_queue(), 0.0);
    }

    #[test]
    fn staffing_is_the_least_that_meets_the_target() {
        // 100 calls an hour of 3 minutes, 80 % within 20 seconds: 8 agents, the textbook example.
        let (λ, μ, t) = (100.0, 20.0, 20.0 / 3600.0);
        assert_eq!(fewest_agents(λ, μ, t, 0.8), Some(8));
        let within = |c| 1.0 - MMc::new(λ, μ, c).unwrap().p_wait_over(t);
        assert!(within(8) >= 0.8 && within(7) < 0.8);
        assert_eq!(fewest_agents(λ, μ, t, 0.0), Some(6));
        assert_eq!(fewest_agents(λ, μ, t, 1.0), None);
        assert_eq!(fewest_agents(λ, μ, f64::NAN, 0.8), None);
        assert_eq!(fewest_agents(0.0, μ, t, 0.99), Some(1));
    }
}
