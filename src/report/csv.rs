//! Tables for spreadsheets and notebooks: a row per replication, a row per point in time.

use super::planned::{About, frontier};
use super::results::{QUANTILES, Results};
use crate::experiment::ensemble::Ensemble;
use crate::experiment::phase::Phase;
use crate::experiment::plan::Found;
use crate::experiment::plan::search::Verdict;
use crate::outcome::measure::{MEASURES, Measure, find};
use crate::outcome::row::Row;
use csv::Writer;

/// `replications.csv`: a row per replication, a column per measure of the desk. Ratios are those of
/// the single run; empty where there was nothing to measure. `cleared` counts closes from 0, empty
/// where the run was not cleared within the horizon.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn replications(season: &Ensemble) -> Result<String, csv::Error> {
    let mut out = Writer::from_writer(Vec::new());
    out.write_record(replication_header())?;
    for row in &season.rows {
        out.write_record(replication(row))?;
    }
    finish(out)
}

/// The columns of `replication`, its index first.
pub(super) fn replication_header() -> Vec<&'static str> {
    let mut header =
        vec!["replication", "truncated", "piled_up", "cleared", "relapses", "peak_hours"];
    header.extend(MEASURES.iter().map(|measure| measure.key));
    header
}

/// A row per replication and its figures.
pub(super) fn replication(row: &Row) -> Vec<String> {
    let close = |close: Option<u32>| close.map_or(String::new(), |close| close.to_string());
    let mut record = vec![
        row.index.to_string(),
        row.run.truncated.to_string(),
        close(row.judgement.piled_up),
        close(row.judgement.cleared),
        row.judgement.relapses.to_string(),
        format!("{:.3}", row.run.peak_micros as f64 / 3.6e9),
    ];
    record.extend(MEASURES.iter().map(|measure| figure(measure, row)));
    record
}

fn figure(measure: &Measure, row: &Row) -> String {
    match measure.of_desk(row) {
        (_, 0.0) => String::new(),
        (numerator, 1.0) => numerator.to_string(),
        (numerator, denominator) => (numerator / denominator).to_string(),
    }
}

/// `phase.csv`: first the lines, a row per number of people with the greatest burden from which the
/// desk recovers; then the simulated points. `keys` are what goes across and upward.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn phase(phase: &Phase, keys: (&str, &str)) -> Result<String, csv::Error> {
    let mut out = Writer::from_writer(Vec::new());
    out.write_record(["kind", keys.0, keys.1, "lost", "cleared", "seasons"])?;
    for column in &phase.columns {
        let most = column.recovers_up_to.map_or(String::new(), |most| most.to_string());
        let (people, lost) = (column.people.to_string(), column.lost.to_string());
        out.write_record(["line", &people, &most, &lost, "", ""])?;
    }
    for point in &phase.points {
        let (people, burden) = (point.people.to_string(), point.burden.to_string());
        let (cleared, seasons) = (point.cleared.to_string(), point.seasons.to_string());
        out.write_record(["point", &people, &burden, "", &cleared, &seasons])?;
    }
    finish(out)
}

/// `plans.csv`: a row per plan that was judged, by cost, with the level of every change.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn plans(found: &Found, about: &About<'_>) -> Result<String, csv::Error> {
    let mut out = Writer::from_writer(Vec::new());
    let mut header: Vec<&str> = about.levers.iter().map(|lever| lever.title.as_str()).collect();
    header.extend([about.cost.key, "cleared", "cleared_low", "cleared_high"]);
    header.extend(about.measures().iter().map(|measure| measure.key));
    header.extend(["seasons", "meets", "frontier"]);
    out.write_record(&header)?;
    let line = frontier(found);
    for plan in &found.tried {
        let levels = about.levers.iter().zip(plan.plan.iter().flatten());
        let mut record: Vec<String> =
            levels.map(|(lever, level)| lever.levels[*level].clone()).collect();
        let within = plan.cleared.interval;
        let end = |end: Option<f64>| end.map_or(String::new(), |end| end.to_string());
        let on_line = line.iter().any(|other| other.plan == plan.plan);
        record.extend([
            plan.cost.value.to_string(),
            plan.cleared.value.to_string(),
            end(within.map(|within| within.low)),
            end(within.map(|within| within.high)),
        ]);
        for measure in about.measures() {
            let met = plan.goals.iter().find(|met| met.goal.measure() == Some(measure));
            record.push(end(met.map(|met| met.estimate.value)));
        }
        record.extend([
            plan.cleared.n.to_string(),
            (plan.verdict == Some(Verdict::Meets)).to_string(),
            on_line.to_string(),
        ]);
        out.write_record(&record)?;
    }
    finish(out)
}

/// `timeline.csv`: a row per point in time, five quantiles and the mean of every series.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn timeline(results: &Results) -> Result<String, csv::Error> {
    let timeline = &results.timeline;
    let mut out = Writer::from_writer(Vec::new());
    let mut header = vec!["at".to_string(), "is_close".to_string()];
    for series in &timeline.series {
        header.extend(QUANTILES.iter().map(|p| format!("{}_p{:02.0}", series.key, p * 100.0)));
        header.push(format!("{}_mean", series.key));
    }
    out.write_record(&header)?;
    for (point, at) in timeline.at.iter().enumerate() {
        let mut record = vec![at.clone(), timeline.is_close[point].to_string()];
        for series in &timeline.series {
            record.extend(series.quantiles[point].iter().map(ToString::to_string));
            record.push(series.mean[point].to_string());
        }
        out.write_record(&record)?;
    }
    finish(out)
}

/// `flows.csv`: a row per calendar day.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn flows(results: &Results) -> Result<String, csv::Error> {
    let flows = &results.flows;
    let mut out = Writer::from_writer(Vec::new());
    out.write_record(["date", "new_tickets", "capacity"])?;
    for (day, (new, capacity)) in flows.on.iter().zip(flows.new.iter().zip(&flows.capacity)) {
        out.write_record([day, &new.to_string(), &capacity.to_string()])?;
    }
    finish(out)
}

/// `measures.csv`: a row per measure and scope, with its interval.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn measures(results: &Results) -> Result<String, csv::Error> {
    use super::results::Scope;
    let mut out = Writer::from_writer(Vec::new());
    out.write_record(["measure", "scope", "name", "value", "low", "high", "level", "n", "unit"])?;
    for result in &results.measures {
        let Some(estimate) = &result.estimate else { continue };
        let (scope, name) = match &result.scope {
            Scope::Desk => ("desk", ""),
            Scope::Tickets(name) => ("tickets", name.as_str()),
            Scope::Team(name) => ("team", name.as_str()),
        };
        let mut record = vec![result.key.clone(), scope.to_string(), name.to_string()];
        record.extend(estimated(estimate));
        record.push(find(&result.key).map_or("", |measure| measure.unit.name()).to_string());
        out.write_record(record)?;
    }
    finish(out)
}

/// What the columns of an estimate are called.
pub(super) const ESTIMATED: [&str; 5] = ["value", "low", "high", "level", "n"];

/// An estimate in five columns; the ends are empty where there is no interval.
pub(super) fn estimated(estimate: &crate::stats::Estimate) -> [String; 5] {
    let end = |pick: fn(&crate::stats::Interval) -> f64| {
        estimate.interval.as_ref().map_or(String::new(), |interval| pick(interval).to_string())
    };
    [
        estimate.value.to_string(),
        end(|interval| interval.low),
        end(|interval| interval.high),
        estimate.level.to_string(),
        estimate.n.to_string(),
    ]
}

pub(super) fn finish(out: Writer<Vec<u8>>) -> Result<String, csv::Error> {
    let bytes = out.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
