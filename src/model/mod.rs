//! What is simulated: one file per mechanism, and the `Model` that joins them.

pub mod arrivals;
pub mod busyness;
pub mod calendar;
pub mod chasers;
pub mod context;
pub mod days;
pub mod handle;
pub mod patience;
pub mod priority;
pub mod profile;
pub mod surge;
