//! What surgecast promises, a module per promise.

mod by_hand;
mod coverage;
mod crowded;
mod support;
mod theory;
mod theory_cases;
