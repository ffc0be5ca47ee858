//! Standard output, and the folder of a run.

use super::failure::Failure;
use clap::ValueEnum;
use rayon::prelude::*;
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

/// What charts are written as.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Pictures {
    /// For pages, and to be drawn at any size.
    Svg,
    /// For slides and programs that take no SVG.
    #[cfg(feature = "png")]
    Png,
    /// As SVG and as PNG.
    #[cfg(feature = "png")]
    Both,
    /// No charts.
    None,
}

impl Pictures {
    /// All there are.
    #[cfg(feature = "png")]
    pub(super) const ALL: Pictures = Pictures::Both;
    /// All there are.
    #[cfg(not(feature = "png"))]
    pub(super) const ALL: Pictures = Pictures::Svg;

    /// Whether charts are written with that extension.
    pub(super) fn include(self, extension: &str) -> bool {
        match self {
            Pictures::Svg => extension == "svg",
            #[cfg(feature = "png")]
            Pictures::Png => extension == "png",
            #[cfg(feature = "png")]
            Pictures::Both => true,
            Pictures::None => false,
        }
    }
}

/// Writes a chart into a folder that exists.
pub(super) fn draw(folder: &Path, chart: &Chart, pictures: Pictures) -> Result<(), Failure> {
    if pictures.include("svg") {
        write_whole(&folder.join(format!("{}.svg", chart.name)), chart.svg.as_bytes())?;
    }
    #[cfg(feature = "png")]
    if pictures.include("png") {
        let failed = |error: charts::ChartError| Failure::Files(error.to_string());
        let picture = charts::png(&chart.svg).map_err(failed)?;
        write_whole(&folder.join(format!("{}.png", chart.name)), &picture)?;
    }
    Ok(())
}

/// Writes charts into a folder that exists, several at a time where there are several threads.
pub(super) fn draw_all(folder: &Path, charts: &[Chart], pictures: Pictures) -> Result<(), Failure> {
    let drawn: Vec<_> = charts.par_iter().map(|chart| draw(folder, chart, pictures)).collect();
    // The first that failed, in the order of the charts, whichever thread met it.
    drawn.into_iter().collect()
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
    draw_all(&folder.join("charts"), charts, Pictures::ALL)?;
    Ok(write_whole(&folder.join("results.json"), json.as_bytes())?)
}

/// Results as they are written to `results.json`.
pub(super) fn to_json(results: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(results);
    text.map(|text| text + "\n").map_err(|error| Failure::Files(error.to_string()))
}
