//! What is simulated: one file per mechanism, and the `Model` that joins them.

pub mod arrivals;
pub mod automation;
pub mod busyness;
pub mod calendar;
pub mod chasers;
pub mod context;
pub mod days;
pub mod discipline;
pub mod duplicates;
pub mod escalation;
pub mod handle;
pub mod learning;
pub mod patience;
pub mod pending;
pub mod priority;
pub mod profile;
pub mod promise;
pub mod reopen;
pub mod shrinkage;
pub mod surge;
