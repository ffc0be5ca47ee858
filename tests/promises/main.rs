//! What surgecast promises, a module per promise.
#![allow(
    unreachable_pub,
    reason = "nothing is outside a test: `pub` is what a module offers others"
)]

mod advice;
mod articles;
#[allow(clippy::wildcard_enum_match_arm, reason = "each story is about a few kinds of facts")]
mod by_hand;
mod cli;
mod core_loop;
mod coverage;
mod crowded;
mod deciding;
mod determinism;
mod fitting;
mod golden;
mod history;
mod house;
mod interactions;
mod invariants;
mod money;
mod naive;
mod neutral;
mod page;
mod random_desk;
mod scenarios;
mod second_engine;
#[allow(clippy::wildcard_enum_match_arm, reason = "each story is about a few kinds of facts")]
mod side_by_side;
mod streams;
mod support;
mod theory;
mod theory_cases;
mod tipping;
mod verdicts;
