//! Small runs of the headline scenarios, rounded to the digits we print. A change of these numbers is
//! a change of results: it is recorded with SURGECAST_RECORD=1 and explained in the change log.

use crate::support::outputs::Plan;
use crate::support::{EVERYTHING, assert_recorded, headline, recorded, relative, repository};
use std::fmt::Write;
use surgecast::experiment::forecast::{Forecast, Work};
use surgecast::outcome::measure::MEASURES;
use surgecast::report::text::value;
use surgecast::scenario::Scenario;
use surgecast::stats::ratio;

/// Enough that every branch of the summary is met, and few enough to be quick.
const REPLICATIONS: u64 = 12;

#[test]
fn small_runs_give_the_recorded_figures() {
    let folder = repository().join("tests/data/golden");
    let mut differences = Vec::new();
    let mut paths = headline();
    paths.push(repository().join(EVERYTHING));
    for path in paths {
        let scenario = Scenario::read(&path, &[]).unwrap();
        let plan = Plan::new(scenario, REPLICATIONS);
        let forecast = plan.forecast(2, Work::default(), &());
        let summary = &plan.outputs(&forecast)["summary.txt"];
        let text = format!("{summary}\n{}", measures(&forecast));
        let name = relative(&path).replace("scenarios/", "").replace("tests/data/", "");
        let golden = folder.join(name.replace('/', "-")).with_extension("txt");
        differences.extend(recorded(&golden, &text));
    }
    assert_recorded(&differences);
}

/// All measures of the desk as they are printed.
fn measures(forecast: &Forecast) -> String {
    let season = forecast.season();
    let mut text = String::new();
    for measure in MEASURES {
        let pairs: Vec<(f64, f64)> = season.rows.iter().map(|row| measure.of_desk(row)).collect();
        let printed = ratio::estimate(&pairs, 0.95)
            .map_or("-".to_string(), |estimate| value(estimate.value, measure.unit));
        let _ = writeln!(text, "{:<34} {printed:>14}", measure.title);
    }
    text
}

#[test]
fn nothing_recorded_has_lost_its_scenario() {
    let mut known: Vec<String> = headline()
        .iter()
        .map(|path| relative(path).replace("scenarios/", "").replace('/', "-"))
        .collect();
    known.push("everything.toml".to_string());
    for path in crate::support::files("tests/data/golden", "txt") {
        let name = path.with_extension("toml").file_name().unwrap().to_string_lossy().into_owned();
        assert!(known.contains(&name), "{} has no scenario", relative(&path));
    }
}
