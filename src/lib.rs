#![doc = include_str!("../README.md")]

pub mod dist;
pub mod engine;
pub mod evidence;
pub mod experiment;
pub mod ids;
pub mod model;
pub mod outcome;
pub mod problem;
pub mod report;
pub mod rng;
pub mod scenario;
pub mod stats;
pub mod theory;
pub mod ticket;
pub mod time;
pub mod written;
