//! What surgecast promises, a module per promise.

mod by_hand;
mod cli;
mod determinism;
mod golden;
mod house;
mod scenarios;
mod streams;
mod support;
