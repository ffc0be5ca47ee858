//! What people read: text, JSON, CSV and charts, all made from `Results`.

pub mod attributed;
pub mod build;
pub mod charts;
pub mod compared;
pub mod comparison;
pub mod csv;
pub mod diagnosis;
pub mod planned;
pub mod results;
pub mod sensitive;
pub mod swept;
pub mod text;
pub mod validation;
pub mod write;
