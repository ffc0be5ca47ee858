//! How long a backlog takes to drain while new contacts keep arriving: first passages of a
//! birth-death chain.

use super::are_rates;

/// The mean time until one agent who starts with `backlog` tickets is first idle (M/M/1); nothing
/// where the agent cannot keep up.
///
/// *Source*: Kleinrock 1975, Queueing Systems 1, section 5.8: a busy period for each ticket.
pub fn mm1_mean_until_idle(λ: f64, μ: f64, backlog: u32) -> Option<f64> {
    mm1_slack(λ, μ).map(|slack| f64::from(backlog) / slack)
}

/// The variance of that time; nothing where the agent cannot keep up.
///
/// *Source*: Kleinrock 1975, Queueing Systems 1, section 5.8: a busy period for each ticket.
pub fn mm1_variance_until_idle(λ: f64, μ: f64, backlog: u32) -> Option<f64> {
    mm1_slack(λ, μ).map(|slack| f64::from(backlog) * (λ + μ) / slack.powi(3))
}

fn mm1_slack(λ: f64, μ: f64) -> Option<f64> {
    (are_rates(&[λ, μ]) && λ < μ).then_some(μ - λ)
}

/// The mean time until the number present first falls from one level to another, with `c` agents
/// and waiting customers who give up at the rate `θ` each (M/M/c+M); nothing where it has no mean,
/// because the agents cannot keep up and nobody gives up. A line is empty at the level `c`, the desk at the level 0.
///
/// *Source*: Karlin and Taylor 1975, A First Course in Stochastic Processes, ch. 4, section 7.
pub fn mean_fall(λ: f64, μ: f64, θ: f64, c: u32, from: u32, to: u32) -> Option<f64> {
    if !are_rates(&[λ, μ, θ]) {
        return None;
    }
    if from <= to {
        return Some(0.0);
    }
    let death = |n: u32| f64::from(n.min(c)) * μ + f64::from(n.saturating_sub(c)) * θ;
    // The first level has the lowest rate of deaths on the way; without any there is no way.
    if death(to + 1) == 0.0 {
        return None;
    }
    let start = from.max(c);
    let mut one_step = if θ > 0.0 {
        one_step_with_abandonment(λ, |n| death(start) + n as f64 * θ)
    } else {
        mm1_mean_until_idle(λ, death(start), 1)?
    };
    let mut fall = 0.0;
    for n in (to + 1..=start).rev() {
        if n < start {
            one_step = (1.0 + λ * one_step) / death(n);
        }
        if n <= from {
            fall += one_step;
        }
    }
    Some(fall)
}

/// The mean time until the level first falls by one, with deaths at the rate `death(n)` when it is
/// `n` above: the sum over n of λ^n / (death(0) ... death(n)).
fn one_step_with_abandonment(λ: f64, death: impl Fn(u64) -> f64) -> f64 {
    let mut term = 1.0 / death(0);
    let mut sum = term;
    for n in 1.. {
        let ratio = λ / death(n);
        term *= ratio;
        sum += term;
        // Ratios only fall, so what is left is below a geometric rest.
        if ratio < 1.0 && term * ratio / (1.0 - ratio) <= f64::EPSILON * sum {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::close::{assert_exact, assert_printed};
    use super::*;

    #[test]
    fn one_agent_with_twenty_tickets() {
        // 3 arrive and 5 are served an hour: 20 / 2 hours, variance 20 x 8 / 2^3.
        assert_eq!(mm1_mean_until_idle(3.0, 5.0, 20), Some(10.0));
        assert_eq!(mm1_variance_until_idle(3.0, 5.0, 20), Some(20.0));
        assert_exact(mean_fall(3.0, 5.0, 0.0, 1, 20, 0).unwrap(), 10.0);
        assert_eq!(mm1_mean_until_idle(5.0, 5.0, 20), None);
    }

    #[test]
    fn six_agents_drain_their_line_at_the_rate_of_their_slack() {
        // 18 arrive, 24 are served: 114 waiting take 114 / 6 hours.
        assert_exact(mean_fall(18.0, 4.0, 0.0, 6, 120, 6).unwrap(), 19.0);
    }

    #[test]
    fn two_agents_empty_the_desk_by_hand() {
        // λ 1, μ 1, 2 agents: a step down takes 1 from level 2 or above, (1 + 1) / 1 from level 1.
        assert_exact(mean_fall(1.0, 1.0, 0.0, 2, 4, 0).unwrap(), 5.0);
        assert_exact(mean_fall(1.0, 1.0, 0.0, 2, 1, 0).unwrap(), 2.0);
        assert_eq!(mean_fall(1.0, 1.0, 0.0, 2, 3, 3), Some(0.0));
    }

    #[test]
    fn patience_like_service_is_an_unlimited_desk() {
        // From 1 to 0 with λ = μ = θ = 1: the busy period of M/M/infinity, (e^1 - 1) / 1.
        let expected = std::f64::consts::E - 1.0;
        assert_exact(mean_fall(1.0, 1.0, 1.0, 1, 1, 0).unwrap(), expected);
        assert_exact(mean_fall(1.0, 1.0, 1.0, 7, 1, 0).unwrap(), expected);
    }

    #[test]
    fn an_overload_drains_by_abandonment() {
        // 26 arrive, 20 are served, 80 present, patience 2 hours: solved as a Markov chain.
        assert_printed(mean_fall(26.0, 2.0, 0.5, 10, 80, 10).unwrap(), 17.884_292_18, 8);
        assert_eq!(mean_fall(26.0, 2.0, 0.0, 10, 80, 10), None);
    }

    #[test]
    fn a_desk_without_service_never_empties() {
        assert_eq!(mean_fall(1.0, 0.0, 1.0, 2, 5, 0), None);
        assert_eq!(mean_fall(1.0, 1.0, 1.0, 0, 5, 4).map(f64::is_finite), Some(true));
        // Nobody serves, but those who give up leave.
        assert_exact(mean_fall(0.0, 0.0, 0.5, 0, 2, 0).unwrap(), 3.0);
    }
}
