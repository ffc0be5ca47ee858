//! What surgecast promises, a module per promise.

mod by_hand;
mod naive;
mod random_desk;
mod second_engine;
mod support;
