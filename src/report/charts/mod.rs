//! Charts of `Results`, fit for a slide as they are: each title states a finding, each line is
//! named where it runs, and the face is embedded, so that a chart looks the same everywhere.

mod ages;
mod axis;
mod backlog;
mod backtested;
mod canvas;
mod clearance;
mod crowd;
mod dates;
mod differences;
mod events;
mod fan;
mod frame;
pub mod frontier;
mod panel;
mod past;
pub mod phase;
#[cfg(feature = "png")]
mod png;
mod promises;
mod scale;
mod snowball;
mod stack;
mod sweep;
mod text;
mod theme;
mod tornado;
mod waterfall;
mod week;
mod weeks;
mod words;
mod work;

#[cfg(feature = "png")]
pub use png::png;

pub use backtested::backtested;
pub use differences::differences;
pub use past::past;
pub use sweep::sweep;
pub use tornado::tornado;
pub use waterfall::waterfall;
pub(super) use words::estimate as rounded;

use crate::report::results::Results;
use frame::Frame;
use thiserror::Error;

/// A finished chart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chart {
    /// What it is called, without extension: "backlog".
    pub name: &'static str,
    /// The picture.
    pub svg: String,
}

/// Why a chart could not be drawn.
#[derive(Debug, Error)]
pub enum ChartError {
    /// The results hold something that is no date where there should be one.
    #[error("the results hold the date `{text}`, which cannot be read")]
    Date {
        /// What stands there.
        text: String,
        /// What is wrong with it.
        source: jiff::Error,
    },
    /// The embedded font is damaged.
    #[error("the font of the charts cannot be read")]
    Font,
    /// The drawing library failed.
    #[error("a chart cannot be drawn")]
    Draw(#[source] DrawingProblem),
    /// The SVG of a chart cannot be read.
    #[cfg(feature = "png")]
    #[error("the SVG of a chart cannot be read")]
    Svg(#[source] resvg::usvg::Error),
    /// The picture cannot be written as PNG.
    #[cfg(feature = "png")]
    #[error("a chart cannot be written as PNG")]
    Png(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What the drawing library says went wrong.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct DrawingProblem(Box<dyn std::error::Error + Send + Sync>);

/// What charts are called, whether or not some results have something for them.
pub const NAMES: [&str; 7] =
    ["backlog", "clearance", "ages", "work", "week", "promises", "snowball"];

/// Draws all charts that the results have something for.
///
/// *Errors*: a date that cannot be read.
pub fn all(results: &Results) -> Result<Vec<Chart>, ChartError> {
    frames(results)?
        .into_iter()
        .map(|(name, frame)| Ok(Chart { name, svg: frame.svg()? }))
        .collect()
}

/// The charts before they are written.
fn frames(results: &Results) -> Result<Vec<(&'static str, Frame)>, ChartError> {
    let clears = results.clearance.in_band.is_none();
    let drawn = [
        ("backlog", Some(backlog::draw(results)?)),
        ("clearance", clears.then(|| clearance::draw(results)).transpose()?),
        ("ages", Some(ages::draw(results)?)),
        ("work", Some(work::draw(results)?)),
        ("week", Some(week::draw(results))),
        ("promises", promises::draw(results)?),
        ("snowball", snowball::draw(results)?),
    ];
    Ok(drawn.into_iter().filter_map(|(name, frame)| Some((name, frame?))).collect())
}
