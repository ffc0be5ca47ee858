//! Strict priority among classes of tickets, in order of arrival within each.
//!
//! *Shape* throughout: classes from the highest priority to the lowest, in arguments and results.

use super::are_rates;
use super::erlang::MMc;
use super::mg1::Moments;

/// A class that one agent serves with others.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Class {
    /// Arrivals per unit of time.
    pub arrival_rate: f64,
    /// Its handle times.
    pub service: Moments,
}

/// Mean waits with one agent who finishes the ticket in hand (M/G/1); nothing where the agent
/// cannot keep up with all classes together.
///
/// *Source*: Cobham 1954; Kleinrock 1976, Queueing Systems 2, eq. 3.31.
pub fn finish_first(classes: &[Class]) -> Option<Vec<f64>> {
    let rates: Vec<f64> = classes.iter().map(|class| class.arrival_rate).collect();
    let residual: f64 = classes.iter().map(residual_work).sum();
    let loads = cumulative(classes.iter().map(load));
    let stable = loads.last().is_none_or(|(_, load)| *load < 1.0);
    let wait = |(above, own): &(f64, f64)| residual / ((1.0 - above) * (1.0 - own));
    (are_rates(&rates) && stable).then(|| loads.iter().map(wait).collect())
}

/// Mean times from arrival to the end of service with one agent who interrupts a ticket for one of
/// higher priority and resumes it later (M/G/1); nothing for classes with which, and those above,
/// the agent cannot keep up.
///
/// *Source*: White and Christie 1958; Kleinrock 1976, Queueing Systems 2, eq. 3.39.
pub fn interrupt_and_resume(classes: &[Class]) -> Vec<Option<f64>> {
    let (mut above, mut residual) = (0.0, 0.0);
    let sojourn = |class: &Class| {
        let (higher, own) = (above, above + load(class));
        above = own;
        residual += residual_work(class);
        let in_service = class.service.mean / (1.0 - higher);
        (own < 1.0).then(|| in_service + residual / ((1.0 - higher) * (1.0 - own)))
    };
    classes.iter().map(sojourn).collect()
}

/// Mean waits with `c` agents who finish the ticket in hand and take equally long, in the mean and
/// exponentially, over every class (M/M/c); nothing where the agents cannot keep up.
///
/// *Source*: Cobham 1954; Kella and Yechiali 1985.
pub fn finish_first_mmc(λ: &[f64], μ: f64, c: u32) -> Option<Vec<f64>> {
    let capacity = f64::from(c) * μ;
    let all = MMc::new(λ.iter().sum(), μ, c)?;
    let loads = cumulative(λ.iter().map(|λ| λ / capacity));
    let wait = |(above, own): &(f64, f64)| all.p_wait() / capacity / ((1.0 - above) * (1.0 - own));
    are_rates(λ).then(|| loads.iter().map(wait).collect())
}

/// Mean times from arrival to the end of service with `c` agents who interrupt and resume and take
/// equally long, in the mean and exponentially, over every class (M/M/c); nothing for classes with
/// which, and those above, the agents cannot keep up, nor for classes without arrivals.
///
/// A class and those above it never notice the rest, and together they are one line; what each
/// class adds to the number present gives its time by Little's law.
///
/// *Source*: Buzen and Bondi 1983.
pub fn interrupt_and_resume_mmc(λ: &[f64], μ: f64, c: u32) -> Vec<Option<f64>> {
    let present = |λ: f64| MMc::new(λ, μ, c).map(|line| line.mean_in_system());
    let rates = cumulative(λ.iter().copied());
    let sojourn = |(λ, (above, own)): (&f64, &(f64, f64))| {
        if *λ == 0.0 {
            return None;
        }
        Some((present(*own)? - present(*above)?) / λ)
    };
    λ.iter().zip(&rates).map(sojourn).collect()
}

fn load(class: &Class) -> f64 {
    class.arrival_rate * class.service.mean
}

/// The class's part in the work an arrival finds in service.
fn residual_work(class: &Class) -> f64 {
    class.arrival_rate * class.service.square / 2.0
}

/// The sum over the classes above each class, and that sum with the class itself.
fn cumulative(figures: impl Iterator<Item = f64>) -> Vec<(f64, f64)> {
    let mut sum = 0.0;
    let pair = |figure| {
        let above = sum;
        sum += figure;
        (above, sum)
    };
    figures.map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::super::close::{assert_exact, assert_printed};
    use super::super::mg1::mean_wait;
    use super::*;

    // Hillier and Lieberman, Introduction to Operations Research: the County Hospital.
    const HOSPITAL: [f64; 3] = [0.2, 0.6, 1.2];

    fn hospital() -> Vec<Class> {
        let service = Moments::exponential(1.0 / 3.0);
        HOSPITAL.map(|arrival_rate| Class { arrival_rate, service }).to_vec()
    }

    #[test]
    fn one_doctor_who_finishes_first() {
        let waits = finish_first(&hospital()).unwrap();
        // The book prints 0.889 for the third, from rounded steps; the conservation law below
        // holds for 10/11 only.
        for (wait, exact) in waits.iter().zip([5.0 / 21.0, 25.0 / 77.0, 10.0 / 11.0]) {
            assert_exact(*wait, exact);
        }
        assert_printed(waits[0], 0.238, 3);
        assert_printed(waits[1], 0.325, 3);
        let all: f64 = waits.iter().zip(HOSPITAL).map(|(wait, λ)| wait * λ).sum();
        assert_exact(all / 2.0, mean_wait(2.0, Moments::exponential(1.0 / 3.0)).unwrap());
    }

    #[test]
    fn two_doctors_who_finish_first() {
        let waits = finish_first_mmc(&HOSPITAL, 3.0, 2).unwrap();
        for (wait, printed) in waits.iter().zip([0.029, 0.033, 0.048]) {
            assert_printed(*wait, printed, 3);
        }
        assert_printed(waits[0], 0.028_735_632_18, 11);
        assert_printed(waits[2], 0.048_076_923_08, 11);
        let one = finish_first_mmc(&HOSPITAL, 3.0, 1).unwrap();
        for (of_many, of_one) in one.iter().zip(finish_first(&hospital()).unwrap()) {
            assert_exact(*of_many, of_one);
        }
    }

    #[test]
    fn a_doctor_who_interrupts() {
        // Printed without the 1/3 of an hour in service: 0.024, 0.154 and, from rounded steps,
        // 1.033; exactly 34/33.
        let sojourns = interrupt_and_resume(&hospital());
        assert_printed(sojourns[0].unwrap() - 1.0 / 3.0, 0.024, 3);
        assert_printed(sojourns[1].unwrap() - 1.0 / 3.0, 0.154, 3);
        assert_exact(sojourns[2].unwrap() - 1.0 / 3.0, 34.0 / 33.0);
        for (one, many) in sojourns.iter().zip(interrupt_and_resume_mmc(&HOSPITAL, 3.0, 1)) {
            assert_exact(one.unwrap(), many.unwrap());
        }
    }

    #[test]
    fn two_doctors_who_interrupt() {
        // The first class alone is M/M/2 at 0.2; all three together are M/M/2 at 2.
        let sojourns = interrupt_and_resume_mmc(&HOSPITAL, 3.0, 2);
        assert_exact(sojourns[0].unwrap(), MMc::new(0.2, 3.0, 2).unwrap().mean_sojourn());
        let present: f64 = sojourns.iter().zip(HOSPITAL).map(|(t, λ)| t.unwrap() * λ).sum();
        assert_exact(present, MMc::new(2.0, 3.0, 2).unwrap().mean_in_system());
    }

    #[test]
    fn classes_with_handle_times_of_their_own() {
        // Erlang-2 of mean 0.3 at 0.6, log-normal of mean 1 and squared CV 2 at 0.5:
        // residual work 0.6 x 0.135 / 2 + 0.5 x 3 / 2 = 0.7905; loads 0.18 and 0.68.
        let classes = [
            Class { arrival_rate: 0.6, service: Moments::gamma(0.3, 2.0) },
            Class { arrival_rate: 0.5, service: Moments::log_normal(1.0, 2.0_f64.sqrt()) },
        ];
        let waits = finish_first(&classes).unwrap();
        assert_exact(waits[0], 0.7905 / 0.82);
        assert_exact(waits[1], 0.7905 / (0.82 * 0.32));
        // Interrupted: 0.3 + 0.0405 / 0.82, and 1 / 0.82 + 0.7905 / (0.82 x 0.32).
        let sojourns = interrupt_and_resume(&classes);
        assert_exact(sojourns[0].unwrap(), 0.3 + 0.0405 / 0.82);
        assert_exact(sojourns[1].unwrap(), 1.0 / 0.82 + 0.7905 / (0.82 * 0.32));
    }

    #[test]
    fn an_overload_below_does_not_reach_those_who_interrupt() {
        let overloaded = [0.2, 0.6, 5.0];
        assert_eq!(finish_first_mmc(&overloaded, 3.0, 1), None);
        let sojourns = interrupt_and_resume_mmc(&overloaded, 3.0, 1);
        assert_exact(sojourns[1].unwrap(), interrupt_and_resume(&hospital())[1].unwrap());
        assert_eq!(sojourns[2], None);
        assert_eq!(finish_first(&[]), Some(vec![]));
    }
}
