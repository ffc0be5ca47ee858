#![doc = include_str!("../README.md")]

pub mod dist;
pub mod ids;
pub mod problem;
pub mod rng;
pub mod stats;
pub mod theory;
pub mod time;
pub mod written;
