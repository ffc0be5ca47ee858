//! Replications into answers: run many of them, estimate, judge clearance, compare.

pub mod attribution;
pub mod backtest;
pub mod compare;
pub mod controls;
pub mod design;
pub mod diagnose;
pub mod ensemble;
pub mod fluid;
pub mod forecast;
pub mod frame;
pub mod naive;
pub mod phase;
pub mod plan;
pub mod screening;
pub mod sweep;
pub mod swings;
pub mod target;
pub mod tuning;
pub mod validate;
