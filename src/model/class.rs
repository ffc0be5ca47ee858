//! Ticket classes: one kind of request, with everything its customers do.
//!
//! *In a manager's words*: "returns are one thing, order status is another."

use super::arrivals::ArrivalProcess;
use super::chasers::Chasers;
use super::duplicates::Duplicates;
use super::patience::Patience;
use super::pending::Pending;
use super::priority::PriorityMix;
use super::promise::Promise;
use super::reopen::Reopen;
use crate::dist::Law;
use crate::ids::TeamId;
use crate::ticket::Priority;
use crate::time::SimDuration;

/// A ticket class.
#[derive(Clone, PartialEq, Debug)]
pub struct Class {
    /// Its name, by which its tickets are keyed.
    pub name: String,
    /// How its customers reach the desk.
    pub channel: String,
    /// When they write.
    pub arrivals: ArrivalProcess,
    /// The team that gets them first.
    pub entry: TeamId,
    /// How urgent they are.
    pub priority: PriorityMix,
    /// Handle time of a touch, where the team has none of its own.
    pub handle: Law,
    /// Handle time at certain teams.
    pub handle_at: Vec<(TeamId, Law)>,
    /// What is promised to them.
    pub promise: Promise,
    /// How long they wait before giving up.
    pub patience: Option<Patience>,
    /// How they chase.
    pub chasers: Option<Chasers>,
    /// How they open second tickets.
    pub duplicates: Option<Duplicates>,
    /// How they come back after a solution.
    pub reopen: Option<Reopen>,
    /// How their tickets wait for them.
    pub pending: Option<Pending>,
}

impl Class {
    /// A class of tickets that are solved in one touch by the first team, and whose customers only
    /// wait.
    pub fn new(name: &str, arrivals: ArrivalProcess, entry: TeamId, handle: Law) -> Class {
        Class {
            name: name.to_string(),
            channel: "email".to_string(),
            arrivals,
            entry,
            priority: PriorityMix::only(Priority(2)),
            handle,
            handle_at: Vec::new(),
            promise: Promise::default(),
            patience: None,
            chasers: None,
            duplicates: None,
            reopen: None,
            pending: None,
        }
    }

    /// Handle time of a touch at a team.
    pub fn handle_at(&self, team: TeamId) -> &Law {
        self.handle_at.iter().find(|(at, _)| *at == team).map_or(&self.handle, |(_, law)| law)
    }

    /// Mean handle time of a touch at a team.
    pub fn mean_handle_at(&self, team: TeamId) -> SimDuration {
        self.handle_at(team).mean()
    }
}
