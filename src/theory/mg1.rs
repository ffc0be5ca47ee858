//! One agent with any law of handle times (M/G/1, Pollaczek-Khinchine).

use super::are_rates;

/// The first three moments of a handle time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Moments {
    /// Mean.
    pub mean: f64,
    /// Mean of the square.
    pub square: f64,
    /// Mean of the cube.
    pub cube: f64,
}

impl Moments {
    /// Those of a constant.
    pub fn constant(mean: f64) -> Moments {
        Moments { mean, square: mean.powi(2), cube: mean.powi(3) }
    }

    /// Those of an exponential law.
    pub fn exponential(mean: f64) -> Moments {
        Moments::gamma(mean, 1.0)
    }

    /// Those of a gamma law; an Erlang law where the shape is whole.
    pub fn gamma(mean: f64, shape: f64) -> Moments {
        let square = mean.powi(2) * (1.0 + 1.0 / shape);
        Moments { mean, square, cube: mean * square * (1.0 + 2.0 / shape) }
    }

    /// Those of a log-normal law with that coefficient of variation.
    pub fn log_normal(mean: f64, cv: f64) -> Moments {
        let spread = 1.0 + cv * cv;
        Moments { mean, square: mean.powi(2) * spread, cube: (mean * spread).powi(3) }
    }
}

/// The mean wait; nothing where the agent cannot keep up.
///
/// *Source*: Pollaczek 1930, Khinchine 1932; Kleinrock 1975, Queueing Systems 1, eq. 5.113.
pub fn mean_wait(λ: f64, service: Moments) -> Option<f64> {
    let idle = idle(λ, service)?;
    Some(λ * service.square / (2.0 * idle))
}

/// The mean of the squared wait; nothing where the agent cannot keep up.
///
/// *Source*: Kleinrock 1975, Queueing Systems 1, eq. 5.114.
pub fn mean_squared_wait(λ: f64, service: Moments) -> Option<f64> {
    let idle = idle(λ, service)?;
    Some(2.0 * mean_wait(λ, service)?.powi(2) + λ * service.cube / (3.0 * idle))
}

fn idle(λ: f64, service: Moments) -> Option<f64> {
    let idle = 1.0 - λ * service.mean;
    (are_rates(&[λ]) && idle > 0.0).then_some(idle)
}

#[cfg(test)]
mod tests {
    use super::super::close::assert_exact;
    use super::super::erlang::MMc;
    use super::*;

    #[test]
    fn handle_times_worked_by_hand() {
        // Log-normal, mean 1, squared CV 3, 0.7 an hour: 0.7 x 4 / (2 x 0.3).
        let log_normal = Moments::log_normal(1.0, 3.0_f64.sqrt());
        assert_exact(mean_wait(0.7, log_normal).unwrap(), 14.0 / 3.0);
        // Constant half hours, 1.8 an hour: 1.8 / 4 / 0.2, and 2 x 2.25^2 + 1.8 / 8 / 0.3.
        let constant = Moments::constant(0.5);
        assert_exact(mean_wait(1.8, constant).unwrap(), 2.25);
        assert_exact(mean_squared_wait(1.8, constant).unwrap(), 10.875);
        // Gamma of shape 1/2: square 3, cube 15; 0.85 x 3 / 0.3, and 2 x 8.5^2 + 0.85 x 15 / 0.45.
        let gamma = Moments::gamma(1.0, 0.5);
        assert_exact(mean_wait(0.85, gamma).unwrap(), 8.5);
        assert_exact(mean_squared_wait(0.85, gamma).unwrap(), 144.5 + 85.0 / 3.0);
    }

    #[test]
    fn exponential_handle_times_are_mm1() {
        let line = MMc::new(3.0, 5.0, 1).unwrap();
        let service = Moments::exponential(0.2);
        assert_exact(mean_wait(3.0, service).unwrap(), line.mean_wait());
        assert_exact(mean_squared_wait(3.0, service).unwrap(), line.mean_squared_wait());
    }

    #[test]
    fn log_normal_moments_are_those_of_the_law() {
        // CV 1 means sigma^2 = ln 2, so E X^k = 2^(k(k-1)/2) for mean 1.
        let Moments { mean, square, cube } = Moments::log_normal(1.0, 1.0);
        assert_eq!((mean, square, cube), (1.0, 2.0, 8.0));
    }

    #[test]
    fn an_overloaded_agent_has_no_mean_wait() {
        assert_eq!(mean_wait(2.0, Moments::constant(0.5)), None);
        assert_eq!(mean_squared_wait(f64::NAN, Moments::constant(0.5)), None);
    }
}
