//! What a run yields: the facts an engine reports, and what is counted from them.

pub mod observer;
