//! What people read: text, JSON, CSV and charts, all made from `Results`.

pub mod charts;
pub mod results;
