//! What is written: a scenario's text, read, checked and compiled into a model.

pub mod parse;
pub mod source;
pub mod spec;
