//! A forecast that is past, in words and as a table.

use super::text::{count, several};
use crate::experiment::backtest::Backtest;
use csv::Writer;
use std::fmt::Write;

/// How well it did, for a screen.
pub fn text(found: &Backtest) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{:<28}{:>12}{:>12}{:>13}{:>15}",
        "forecast", "off by", "tickets", "bias", "on last day"
    );
    for errors in &found.errors {
        let _ = writeln!(
            text,
            "{:<28}{:>10.1} %{:>12.1}{:>+11.1} %{:>+13.1} %",
            errors.of,
            100.0 * errors.relative,
            errors.absolute,
            100.0 * errors.bias,
            100.0 * errors.at_end
        );
    }
    let _ = writeln!(
        text,
        "\nOn {:.0} % of {} what came lay in the band of nine tenths. New tickets: {} predicted, {} came.",
        100.0 * found.within,
        several(found.days.len() as u64, "day"),
        count(found.created.0),
        count(found.created.1)
    );
    let (own, others) = found
        .errors
        .split_first()
        .map_or((f64::NAN, &[][..]), |(own, others)| (own.relative, others));
    if let Some(better) = others
        .iter()
        .filter(|other| other.relative < own)
        .min_by(|a, b| a.relative.total_cmp(&b.relative))
    {
        let _ = writeln!(
            text,
            "A simpler forecast did better: {}. The scenario lacks something that this desk had, or other weeks say \
             more about these (--recent-weeks, --from).",
            better.of
        );
    }
    text
}

/// `backtest.csv`: a row per day.
///
/// *Errors*: never in memory; kept because the writer is general.
pub fn table(found: &Backtest) -> Result<String, csv::Error> {
    let mut out = Writer::from_writer(Vec::new());
    out.write_record(["date", "actual", "mean", "p05", "p25", "p50", "p75", "p95"])?;
    for day in &found.days {
        let mut record =
            vec![day.date.to_string(), day.actual.to_string(), format!("{:.2}", day.mean)];
        record.extend(day.quantiles.iter().map(|quantile| format!("{quantile:.1}")));
        out.write_record(record)?;
    }
    super::csv::finish(out)
}
