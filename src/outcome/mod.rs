//! What a run yields: the facts an engine reports, and what is counted from them.

mod bills;
pub mod clearance;
pub mod frame;
pub mod journal;
pub mod measure;
pub mod observer;
pub mod recorder;
pub mod row;
pub mod tally;
