//! The engine agrees with queueing theory: the shipped cases with few replications and fixed
//! seeds, within four standard errors. `surgecast validate` does the same at length.

use rayon::ThreadPool;
use surgecast::experiment::validate::case::{Case, Metric};
use surgecast::experiment::validate::{Options, Outcome, Validation, shipped};

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
