//! Everything a run writes, made in memory, so that two ways of getting there can be compared.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use surgecast::experiment::ensemble::Progress;
use surgecast::experiment::forecast::{CLOSES, Desks, Forecast, Options, Work};
use surgecast::report::build::{Setting, results};
use surgecast::report::results::Provenance;
use surgecast::report::{charts, csv, page, text};
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};
use surgecast::scenario::explain::values;

/// A scenario ready for a forecast.
pub(crate) struct Plan {
    scenario: Scenario,
    season: Compiled,
    calm: Compiled,
    without_loops: Compiled,
    at_rates: Option<[Compiled; 2]>,
    options: Options,
}

impl Plan {
    /// The plan of a scenario that compiles.
    pub(crate) fn new(scenario: Scenario, replications: u64) -> Plan {
        let part = |parts| scenario.compile(parts).0.unwrap();
        let (season, calm, without_loops) =
            (part(Parts::All), part(Parts::Calm), part(Parts::WITHOUT_FOLLOW_UPS));
        let cleared = scenario.spec.cleared.clone().unwrap_or_default();
        let options = Options {
            replications,
            seed: 1,
            level: 0.95,
            precision: None,
            cleared_at: cleared.at_most.map(|at_most| f64::from(at_most.value)),
            closes: cleared.closes.map_or(CLOSES, |closes| closes.value),
            watch_from: scenario.watch_from(&season),
        };
        let at_rates = scenario.at_rates();
        Plan { scenario, season, calm, without_loops, at_rates, options }
    }

    /// Forecasts on so many threads, from where the work stands.
    pub(crate) fn forecast(&self, threads: usize, work: Work, progress: &dyn Progress) -> Forecast {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let desks = Desks {
            season: &self.season.model,
            calm: &self.calm.model,
            without_loops: Some(&self.without_loops.model),
            chasers: self.at_rates.as_ref().map(|[low, high]| [&low.model, &high.model]),
        };
        Forecast::run(&desks, &self.options, work, &pool, progress)
    }

    /// Every file of a forecast by its name; the provenance is the same for all.
    pub(crate) fn outputs(&self, forecast: &Forecast) -> BTreeMap<String, String> {
        let provenance = Provenance {
            version: "test".to_string(),
            machine: "test".to_string(),
            threads: 0,
            finished: "test".to_string(),
            wall_seconds: 0.0,
            tickets_per_second: 0.0,
            file: "test".to_string(),
        };
        let setting = Setting {
            compiled: &self.season,
            time_zone: self.scenario.spec.time_zone.as_ref().map_or("UTC", |zone| &zone.value),
            digest: self.scenario.sources.digest(),
            changes: Vec::new(),
            seed: self.options.seed,
            level: self.options.level,
            in_force: values(&self.scenario.sources),
            notes: Vec::new(),
            provenance,
        };
        let results = results(forecast, &setting).unwrap();
        let mut files = BTreeMap::from([
            ("results.json".to_string(), serde_json::to_string_pretty(&results).unwrap()),
            ("replications.csv".to_string(), csv::replications(&forecast.season()).unwrap()),
            ("timeline.csv".to_string(), csv::timeline(&results).unwrap()),
            ("measures.csv".to_string(), csv::measures(&results).unwrap()),
            ("summary.txt".to_string(), text::summary(&results)),
        ]);
        let drawn = charts::all(&results).unwrap();
        files.insert("report.html".to_string(), page::page(&results, &drawn));
        for chart in drawn {
            files.insert(format!("charts/{}.svg", chart.name), chart.svg);
        }
        files
    }
}

/// Stops after so many replications.
pub(crate) struct StopAfter(AtomicU64);

impl StopAfter {
    pub(crate) fn new(replications: u64) -> StopAfter {
        StopAfter(AtomicU64::new(replications))
    }
}

impl Progress for StopAfter {
    fn step(&self) {
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            Some(left.saturating_sub(1))
        });
    }
    fn stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

/// Fails unless two sets of files are the same, byte for byte.
pub(crate) fn assert_same(
    one: &BTreeMap<String, String>,
    other: &BTreeMap<String, String>,
    what: &str,
) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{what}");
    for (name, content) in one {
        let differs = content.lines().zip(other[name].lines()).find(|(a, b)| a != b);
        assert!(*content == other[name], "{what}: {name} differs: {differs:?}");
    }
}
