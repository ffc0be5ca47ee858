//! A desk of several teams as mean flows, with the age of everything that waits: who waits longer
//! asks oftener, so a fluid without ages would not know the snowball.
//!
//! Time goes in equal steps. Each team works off the oldest first; what arrived in one step at one
//! team is a cohort that shares its wait; what its tickets asked in earlier waits goes with them as a
//! mean, so that an end to asking counts by ticket. Chance is left out, and with it the small backlog that
//! chance alone makes; what remains is exact as arrivals and staff grow large and steps short.
//!
//! *Source*: the fluid of `theory::fluid` (Mandelbaum, Massey and Reiman 1998), with ages.

mod course;

use super::chasing::Chasing;

/// Tickets that behave alike. A class has two kinds: its genuine tickets, and its duplicates.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Kind {
    /// The team that gets them first.
    pub entry: usize,
    /// How their customers ask again.
    pub chasing: Option<Chasing>,
    /// Hours to read one asking.
    pub reading: f64,
    /// Whether it is read at once, not with the ticket.
    pub at_once: bool,
    /// Share of askings that open a second ticket, and the kind of that.
    pub duplicates: Option<(f64, usize)>,
    /// Share of customers who have given up, by steps waited.
    pub given_up: Vec<f64>,
}

/// What a touch leads to.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Move {
    /// Share of touches.
    pub p: f64,
    /// Team and kind that the ticket goes on as; it is over where there is none.
    pub to: Option<(usize, usize)>,
    /// Steps until then.
    pub after: usize,
    /// Whether it stays unsolved for that time.
    pub unsolved: bool,
}

/// A kind at a team.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Stage {
    /// Hours of a touch.
    pub hours: f64,
    /// What it leads to; the rest is solved.
    pub moves: Vec<Move>,
}

/// An answer sent to many at once.
#[derive(Clone, PartialEq, Debug)]
pub struct Mailing {
    /// In which step.
    pub step: usize,
    /// To waiting tickets of these kinds.
    pub kinds: Vec<usize>,
    /// Share of them it solves.
    pub fits: f64,
    /// Share of those that come back, and after how many steps.
    pub back: (f64, usize),
}

/// A desk as mean flows. Hours are agent hours.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Flows {
    /// Length of a step, in hours.
    pub step_hours: f64,
    /// How many steps there are.
    pub steps: usize,
    /// How many teams.
    pub teams: usize,
    /// All kinds.
    pub kinds: Vec<Kind>,
    /// *Shape*: `[kind * teams + team]`.
    pub stages: Vec<Stage>,
    /// New tickets. *Shape*: `[kind][step]`.
    pub arrivals: Vec<Vec<f64>>,
    /// Hours of work beside tickets, done first. *Shape*: `[team][step]`.
    pub errands: Vec<Vec<f64>>,
    /// Agent hours. *Shape*: `[team][step]`.
    pub staff: Vec<Vec<f64>>,
    /// Tickets that wait at first: kind, steps waited, how many.
    pub opening: Vec<(usize, usize, f64)>,
    /// Tickets that wait for their customers at first: kind, steps until they come back, how many.
    pub away: Vec<(usize, usize, f64)>,
    /// Answers sent to many.
    pub mailings: Vec<Mailing>,
}

/// What was there at the end of each step.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Course {
    /// Unsolved tickets.
    pub unsolved: Vec<f64>,
    /// Waiting tickets. *Shape*: `[team][step]`.
    pub waiting: Vec<Vec<f64>>,
}
