//! Standard output, and the folder of a run.

use super::failure::Failure;
use serde::Serialize;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
#[cfg(feature = "png")]
use surgecast::report::charts;
use surgecast::report::charts::Chart;
use surgecast::report::write::{make_folder, write_whole};

/// Writes to standard output. A reader that has gone away is no error.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| {
        if error.kind() == ErrorKind::BrokenPipe {
            Failure::PipeClosed
        } else {
            Failure::Files(format!("cannot write to standard output: {error}"))
        }
    })
}

/// The folder that results go to: the one asked for, or one of that name.
pub(super) fn folder(asked: Option<&PathBuf>, name: &str) -> PathBuf {
    asked.map_or_else(|| Path::new("outputs").join(name), Clone::clone)
}

/// Writes a chart as SVG and PNG into a folder that exists.
pub(super) fn draw(folder: &Path, chart: &Chart) -> Result<(), Failure> {
    write_whole(&folder.join(format!("{}.svg", chart.name)), chart.svg.as_bytes())?;
    #[cfg(feature = "png")]
    {
        let failed = |error: charts::ChartError| Failure::Files(error.to_string());
        let picture = charts::png(&chart.svg).map_err(failed)?;
        write_whole(&folder.join(format!("{}.png", chart.name)), &picture)?;
    }
    Ok(())
}

/// Writes tables and `results.json`, the latter last, so that whoever finds it finds everything it
/// speaks of.
pub(super) fn write_all(
    folder: &Path,
    tables: Vec<(&str, Result<String, csv::Error>)>,
    charts: &[Chart],
    json: &str,
) -> Result<(), Failure> {
    make_folder(&folder.join("charts"))?;
    for (name, table) in tables {
        let table = table.map_err(|error| Failure::Files(error.to_string()))?;
        write_whole(&folder.join(name), table.as_bytes())?;
    }
    for chart in charts {
        draw(&folder.join("charts"), chart)?;
    }
    Ok(write_whole(&folder.join("results.json"), json.as_bytes())?)
}

/// Results as they are written to `results.json`.
pub(super) fn to_json(results: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(results);
    text.map(|text| text + "\n").map_err(|error| Failure::Files(error.to_string()))
}
