//! What people read: text, JSON, CSV, charts and one page with all of it, made from `Results`.

pub mod attributed;
pub mod backtested;
pub mod build;
pub mod charts;
pub mod compared;
pub mod comparison;
pub mod csv;
pub mod diagnosis;
pub mod fitted;
pub mod page;
pub mod planned;
pub mod results;
pub mod sensitive;
pub mod swept;
pub mod text;
pub mod validation;
pub mod write;
