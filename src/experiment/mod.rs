//! Replications into answers: run many of them, estimate, judge clearance, compare.

pub mod frame;
