//! What a desk's own records say: from an export of tickets, calls or counts to facts about it, and from
//! these to a scenario.
//!
//! An export is read (`columns`, `records`), the days it covers are found (`arrivals`), and what can be
//! measured is measured: `Facts`. Nothing is smoothed or guessed here; what an export does not hold is
//! absent.

pub mod arrivals;
pub mod asked;
pub mod backlog;
pub mod baseline;
pub mod columns;
pub mod facts;
pub mod figures;
pub mod opening;
pub mod records;
pub mod scenario;
pub mod shape;
pub mod shifts;
pub mod spans;
pub mod staff;
pub mod staffing;
mod words;

pub use asked::{Asked, By, Fitting, HistoryError};
pub use facts::{Facts, Part, measure};

use crate::sheet::Sheet;
use columns::Columns;
use jiff::tz::TimeZone;
use records::History;

/// Reads an export. Times without a zone of their own are of `zone`.
///
/// *Errors*: rows or columns that cannot be read.
pub fn read(sheet: &Sheet, zone: &TimeZone, asked: &Asked) -> Result<History, HistoryError> {
    let columns = Columns::find(sheet, &asked.columns)?;
    records::read(sheet, &columns, asked.order, zone)
}
