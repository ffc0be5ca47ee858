//! What is asked of an export, and why it cannot be answered.

use crate::when::Order;

/// Why an export cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// What was asked for does not fit the file.
    #[error("{0}")]
    Asked(String),
    /// A row is wrong.
    #[error("line {line}: {what}")]
    Row {
        /// Line in the file.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
}

/// What is said of the file, to read it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Columns: "created=Opened on".
    pub columns: Vec<String>,
    /// Whether days or months come first, where dates leave it open.
    pub order: Option<Order>,
}

/// What is said beside the file, to make a scenario of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Fitting {
    /// What the desk is called.
    pub name: String,
    /// The file, as it is to be named in comments.
    pub file: String,
    /// Name of the desk's time zone.
    pub zone: String,
    /// People of the desk, where somebody knows.
    pub agents: Option<u32>,
    /// Minutes that an agent works on a ticket in all, where somebody knows.
    pub handle: Option<f64>,
    /// What makes classes.
    pub by: By,
    /// How many of the last weeks say how many come now, and how they fare; those that the facts name by
    /// default.
    pub recent: Option<u32>,
    /// How many days the scenario has; twelve weeks, where nobody says.
    pub days: Option<usize>,
    /// Share of their time for which people take no call, where the simulation has found it.
    pub off_queue: Option<f64>,
}

/// What makes classes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum By {
    /// There is one.
    #[default]
    Nothing,
    /// The column of classes.
    Class,
    /// The column of channels.
    Channel,
}
