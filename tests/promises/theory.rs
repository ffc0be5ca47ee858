//! The engine agrees with queueing theory: the shipped cases with few replications and fixed
//! seeds, within four standard errors. `surgecast validate` does the same at length.

use rayon::ThreadPool;
use surgecast::experiment::validate::case::{Arrivals, Case, Dist, Metric, Quantity, Staff};
use surgecast::experiment::validate::{Options, Outcome, Validation, shipped};
use surgecast::theory::fluid::{Content, FluidDesk};
use surgecast::theory::steps::Steps;

fn pool() -> ThreadPool {
    rayon::ThreadPoolBuilder::new().build().unwrap()
}

fn few() -> Options {
    Options { seed: 7, replications: Some(30), most_visits: 1 }
}

#[test]
fn the_shipped_cases_lie_within_four_standard_errors() {
    let validation = Validation::run(&shipped::cases(), &few(), &pool(), &());
    assert_eq!(validation.expressed, validation.cases.len() as u64);
    for case in &validation.cases {
        let Outcome::Simulated { findings, .. } = &case.outcome else { panic!("{}", case.id) };
        for finding in findings {
            assert!(finding.z.abs() < 4.0, "{}: {finding:?}", case.id);
        }
    }
    assert!(validation.holds, "{:?}", validation.spread);
}

#[test]
fn a_wrong_exact_value_is_found_out() {
    let of_line = |case: &Case| case.id.starts_with("line-c");
    let mut cases: Vec<Case> = shipped::cases().into_iter().filter(of_line).collect();
    assert!(Validation::run(&cases, &few(), &pool(), &()).holds);
    let delayed = cases[1].quantities.iter_mut().find(|q| q.metric == Metric::ProbDelayed).unwrap();
    delayed.value *= 1.05;
    let validation = Validation::run(&cases, &few(), &pool(), &());
    assert!(!validation.holds);
    let rejected: Vec<&str> = validation
        .cases
        .iter()
        .filter(|case| matches!(case.outcome, Outcome::Simulated { rejected: true, .. }))
        .map(|case| case.id.as_str())
        .collect();
    assert_eq!(rejected, [cases[1].id.as_str()]);
}

#[test]
fn a_validation_is_the_same_on_any_number_of_threads() {
    let cases: Vec<Case> = shipped::cases().into_iter().take(1).collect();
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        Validation::run(&cases, &few(), &pool, &())
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn a_large_desk_is_a_fluid() {
    // Thirty an hour for four hours and then twelve, ten agents who each do two, fifteen there at
    // the start; all of it four hundred times over. The mean then differs from the fluid by less
    // than chance does.
    let scale = 400;
    let rates = vec![(0.0, 30.0), (4.0, 12.0)];
    let fluid = FluidDesk {
        arrivals: Steps::new(rates.clone(), None).unwrap(),
        agents: Steps::constant(10.0),
        service_rate: 2.0,
        chaser_rate: 0.0,
        abandonment_rate: 0.0,
        follow_ups: None,
    };
    let hours = [2.0, 4.0, 6.0, 12.0];
    let course = fluid.trajectory(Content { at_desk: 15.0, away: 0.0 }, &hours);
    let mut case = shipped::cases().into_iter().find(|case| case.id == "drain-1").unwrap();
    let factor = f64::from(scale);
    case.model.classes[0].arrivals = Arrivals::PoissonPiecewise {
        pieces: rates.into_iter().map(|(from, rate)| (from, rate * factor)).collect(),
        period: None,
    };
    case.model.stations[0].staff = Staff::Constant { agents: 10 * scale };
    case.model.stations[0].service = [("*".to_string(), Dist::Exponential { mean: 0.5 })].into();
    case.model.start.as_mut().unwrap().backlog[0].count = 15 * scale;
    let known = course.iter().map(|point| Quantity {
        metric: Metric::InSystemAt,
        value: point.at_desk * factor,
        at_h: Some(point.at),
        ..Quantity::default()
    });
    case.quantities = known.collect();
    let validation = Validation::run(&[case], &few(), &pool(), &());
    let Outcome::Simulated { findings, .. } = &validation.cases[0].outcome else { panic!() };
    for finding in findings {
        assert!(finding.z.abs() < 4.0 && finding.precise, "{finding:?}");
    }
}
