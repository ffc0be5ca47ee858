//! The results of a sweep: what every point comes to, in words and in tables. A table has a row per
//! point and season or per point and measure, and repeats the values of the point, so that every
//! program can group by them.

use super::comparison::{Figure, figure};
use super::csv;
use super::text::{count, value};
use crate::outcome::measure::{Better, MEASURES, Measure, find};
use crate::outcome::row::Row;
use crate::stats::ratio;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// Version of the layout of a sweep's `results.json`.
pub const FORMAT: u32 = 1;

/// Most points that are printed.
const PRINTED: usize = 40;

/// A sweep.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SweepResults {
    /// Version of this layout.
    pub format: u32,
    /// Name of the scenario.
    pub title: String,
    /// First and last day.
    pub span: (String, String),
    /// The keys that vary.
    pub keys: Vec<String>,
    /// Which combinations: grid, latin-hypercube, sobol.
    pub design: String,
    /// What every key was set to, by point.
    pub values: Vec<Vec<String>>,
    /// The figures of every point, in the same order.
    pub points: Vec<Point>,
    /// Key of the measure that charts and text show.
    pub by: String,
    /// Seasons of each point.
    pub replications: u64,
    /// The seed.
    pub seed: u64,
    /// Confidence of the intervals.
    pub level: f64,
    /// Most unsolved tickets that count as cleared.
    pub target: f64,
    /// Version of surgecast.
    pub version: String,
}

/// A point that has been simulated.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Point {
    /// Its measures.
    pub figures: Vec<Figure>,
    /// Its row in `replications.csv` for each season, without the values of the point.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seasons: Vec<Vec<String>>,
}

impl Point {
    /// What its seasons come to.
    pub fn new(rows: &[Row], level: f64) -> Point {
        let of = |measure: &Measure| {
            let pairs: Vec<(f64, f64)> = rows.iter().map(|row| measure.of_desk(row)).collect();
            let estimate = measure.possible(ratio::estimate(&pairs, level)?, &pairs);
            Some(Figure { key: measure.key.to_string(), estimate })
        };
        Point {
            figures: MEASURES.iter().filter_map(of).collect(),
            seasons: rows.iter().map(csv::replication).collect(),
        }
    }
}

impl SweepResults {
    /// The measure that charts and text show.
    pub fn by(&self) -> Option<&'static Measure> {
        find(&self.by)
    }

    /// The same without the seasons of each point, which stand in `replications.csv`.
    pub fn without_seasons(&self) -> SweepResults {
        let mut results = self.clone();
        results.points.iter_mut().for_each(|point| point.seasons.clear());
        results
    }
}

/// `replications.csv`: a row per point and season.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn replications_csv(results: &SweepResults) -> Result<String, ::csv::Error> {
    let mut out = ::csv::Writer::from_writer(Vec::new());
    let mut header = vec!["point"];
    header.extend(results.keys.iter().map(String::as_str));
    header.extend(csv::replication_header());
    out.write_record(header)?;
    for (number, (values, point)) in results.values.iter().zip(&results.points).enumerate() {
        for season in &point.seasons {
            let mut record = vec![number.to_string()];
            record.extend(values.iter().map(|value| bare(value)));
            record.extend(season.iter().cloned());
            out.write_record(record)?;
        }
    }
    csv::finish(out)
}

/// `measures.csv`: a row per point and measure.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn measures_csv(results: &SweepResults) -> Result<String, ::csv::Error> {
    let mut out = ::csv::Writer::from_writer(Vec::new());
    let mut header = vec!["point"];
    header.extend(results.keys.iter().map(String::as_str));
    header.push("measure");
    header.extend(csv::ESTIMATED);
    out.write_record(header)?;
    for (number, (values, point)) in results.values.iter().zip(&results.points).enumerate() {
        for figure in &point.figures {
            let mut record = vec![number.to_string()];
            record.extend(values.iter().map(|value| bare(value)));
            record.push(figure.key.clone());
            record.extend(csv::estimated(&figure.estimate));
            out.write_record(record)?;
        }
    }
    csv::finish(out)
}

/// A value without the quotes it has in the scenario.
pub fn bare(value: &str) -> String {
    value.trim().trim_matches(['"', '\'']).to_string()
}

/// Everything that is printed: a line per point, the best one first said.
pub fn text(results: &SweepResults) -> String {
    let Some(measure) = results.by() else { return String::new() };
    let mut text = String::new();
    let found: Vec<_> = results.points.iter().map(|p| figure(&p.figures, measure.key)).collect();
    let sign = if measure.better == Better::Higher { -1.0 } else { 1.0 };
    let ranked = found.iter().enumerate().filter_map(|(at, f)| Some((at, sign * (*f)?.value)));
    if let Some((best, _)) = ranked.min_by(|a, b| a.1.total_cmp(&b.1))
        && measure.better != Better::Neither
    {
        let values = &results.values[best];
        let pairs = results.keys.iter().zip(values);
        let setting: Vec<String> =
            pairs.map(|(key, value)| format!("{key} = {}", bare(value))).collect();
        let reached = found[best].map_or(String::new(), |f| value(f.value, measure.unit));
        let _ = writeln!(
            text,
            "Of {} points the best {}, {reached}, is at {}.\n",
            count(results.points.len() as f64),
            measure.title,
            setting.join(", ")
        );
    }
    let wide = |column: usize| {
        let cells = results.values.iter().map(|values| bare(&values[column]).chars().count());
        cells.chain([short(&results.keys[column]).chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..results.keys.len()).map(wide).collect();
    for (key, width) in results.keys.iter().zip(&widths) {
        let _ = write!(text, "{:>width$}  ", short(key));
    }
    let _ = writeln!(text, "{:>16}", measure.title);
    for (values, found) in results.values.iter().zip(&found).take(PRINTED) {
        for (value, width) in values.iter().zip(&widths) {
            let _ = write!(text, "{:>width$}  ", bare(value));
        }
        let shown = found.map_or("–".to_string(), |estimate| {
            let interval = estimate.interval.map_or(String::new(), |interval| {
                let ends = [interval.low, interval.high].map(|end| value(end, measure.unit));
                format!("   ({} to {})", ends[0], ends[1])
            });
            format!("{:>16}{interval}", value(estimate.value, measure.unit))
        });
        let _ = writeln!(text, "{shown}");
    }
    if results.values.len() > PRINTED {
        let _ = writeln!(text, "… and {} more", count((results.values.len() - PRINTED) as f64));
    }
    let _ = writeln!(
        text,
        "\n{} points, {} seasons of the same customers at each, seed {}; {:.0} % intervals. \
         At all of them the target is at most {} unsolved, that of the scenario as it stands.",
        count(results.points.len() as f64),
        count(results.replications as f64),
        results.seed,
        results.level * 100.0,
        count(results.target)
    );
    text
}

/// The last two steps of a key, enough to know it by in a table; three where one is a number.
pub fn short(key: &str) -> &str {
    let dots: Vec<usize> = key.match_indices('.').map(|(at, _)| at).collect();
    let from = |back: usize| dots.len().checked_sub(back).map_or(key, |dot| &key[dots[dot] + 1..]);
    if from(2).starts_with(|c: char| c.is_ascii_digit()) { from(3) } else { from(2) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Estimate, Interval};

    fn results() -> SweepResults {
        let point = |value: f64| Point {
            figures: vec![Figure {
                key: "days_above".to_string(),
                estimate: Estimate {
                    value,
                    interval: Some(Interval { low: value - 1.0, high: value + 1.0 }),
                    level: 0.95,
                    n: 2,
                },
            }],
            seasons: vec![(0..csv::replication_header().len()).map(|n| n.to_string()).collect()],
        };
        SweepResults {
            format: FORMAT,
            title: "Desk".to_string(),
            span: ("2026-11-16".to_string(), "2026-12-06".to_string()),
            keys: vec!["teams.desk.agents".to_string(), "tickets.a.reopen".to_string()],
            design: "grid".to_string(),
            values: vec![
                vec!["4".to_string(), "\"5%\"".to_string()],
                vec!["6".to_string(), "\"5%\"".to_string()],
            ],
            points: vec![point(9.0), point(3.0)],
            by: "days_above".to_string(),
            replications: 2,
            seed: 1,
            level: 0.95,
            target: 60.0,
            version: "0".to_string(),
        }
    }

    #[test]
    fn keys_are_shortened_to_what_tells_them_apart() {
        let keys = ["weeks", "teams.front.agents", "hires.0.from", "a.interventions.0.lag"];
        let shorts = ["weeks", "front.agents", "hires.0.from", "interventions.0.lag"];
        assert_eq!(keys.map(short), shorts);
    }

    #[test]
    fn points_in_words() {
        let told = text(&results());
        let first = "Of 2 points the best days above target, 3.0 d, is at teams.desk.agents = 6, \
            tickets.a.reopen = 5%.\n";
        assert!(told.starts_with(first), "{told}");
        assert!(
            told.contains("\n          4        5%             9.0 d   (8.0 d to 10.0 d)\n"),
            "{told}"
        );
    }

    #[test]
    fn tables_are_long_and_repeat_the_values_of_the_point() {
        let table = measures_csv(&results()).unwrap();
        let expected = "point,teams.desk.agents,tickets.a.reopen,measure,value,low,high,level,n\n\
            0,4,5%,days_above,9,8,10,0.95,2\n1,6,5%,days_above,3,2,4,0.95,2\n";
        assert_eq!(table, expected);
        let seasons = replications_csv(&results()).unwrap();
        assert!(seasons.contains("\n0,4,5%,0,1,2,"), "{seasons}");
        assert!(results().without_seasons().points[0].seasons.is_empty());
    }
}
