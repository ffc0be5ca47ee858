//! Ticket classes: one kind of request, with everything its customers do.
//!
//! *In a manager's words*: "returns are one thing, order status is another."

use super::acknowledgement::{Acknowledgement, AcknowledgementSpec};
use super::arrivals::{ArrivalProcess, ArrivalsSpec};
use super::chasers::{Chasers, ChasersSpec};
use super::duplicates::{Duplicates, DuplicatesSpec};
use super::handle::TimeSpec;
use super::lateness::{Lateness, LatenessSpec};
use super::macros::Macro;
use super::notices::Notice;
use super::patience::{Patience, PatienceSpec};
use super::pending::{Pending, PendingSpec};
use super::priority::{LevelsSpec, PriorityMix};
use super::promise::{Promise, PromiseSpec};
use super::reopen::{Reopen, ReopenSpec};
use super::room::{TurnedAway, TurnedAwaySpec};
use crate::dist::Law;
use crate::ids::TeamId;
use crate::problem::{Problem, Problems, nearest};
use crate::rng::Key;
use crate::ticket::Priority;
use crate::time::{SimDuration, SimTime};
use crate::written::{Named, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// A ticket class as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TicketSpec {
    /// When its customers write.
    pub arrivals: Option<ArrivalsSpec>,
    /// How they reach the desk: "email", "chat", "phone", "portal" …
    pub channel: Option<Written<String>>,
    /// The team that gets its tickets first; the first team that handles them where none is named.
    pub team: Option<Written<String>>,
    /// How urgent its tickets are: a level, or shares of levels.
    pub urgency: Option<Written<LevelsSpec>>,
    /// How many each of them hurts: a level, or shares of levels.
    pub impact: Option<Written<LevelsSpec>>,
    /// Handle time of a touch: its mean, or a table.
    pub handle: Option<Written<TimeSpec>>,
    /// Handle times at certain teams.
    pub handle_at: Named<Written<TimeSpec>>,
    /// How handle time grows once a ticket is late: a share for every day, or a table.
    pub late: Option<Written<LatenessSpec>>,
    /// What is promised to its customers.
    pub promise: Option<PromiseSpec>,
    /// How long its customers wait for an agent before giving up.
    pub patience: Option<PatienceSpec>,
    /// What its customers do who find a team full.
    pub turned_away: Option<TurnedAwaySpec>,
    /// The automatic first answer to its tickets.
    pub acknowledgement: Option<AcknowledgementSpec>,
    /// How waiting customers ask again.
    pub chasers: Option<ChasersSpec>,
    /// How waiting customers open second tickets.
    pub duplicates: Option<DuplicatesSpec>,
    /// How solved tickets come back: a share, or a table.
    pub reopen: Option<Written<ReopenSpec>>,
    /// How tickets wait for their customers.
    pub pending: Option<PendingSpec>,
}

/// Channels that are known. Where it is said nowhere else, chats are held side by side, and chats and
/// calls are immediate; all others wait.
const CHANNELS: [&str; 11] = [
    "email",
    "portal",
    "form",
    "web",
    "social",
    "messaging",
    "sms",
    "letter",
    "fax",
    "chat",
    "phone",
];

/// The channel as written.
pub fn channel(written: Option<&Written<String>>, problems: &mut Problems) -> String {
    let Some(written) = written else { return "email".to_string() };
    if !CHANNELS.contains(&written.value.as_str()) {
        let help = match nearest(&written.value, CHANNELS.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known channels: {}", CHANNELS.join(", ")),
        };
        problems.push(
            Problem::warning(
                "unknown-channel",
                format!("`{}` is not a channel known here: it is treated as email", written.value),
            )
            .at(written.span.clone(), "this channel")
            .help(help),
        );
    }
    written.value.clone()
}

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
    /// How handle time grows once a ticket is late.
    pub late: Option<Lateness>,
    /// What is promised to them.
    pub promise: Promise,
    /// How long they wait before giving up.
    pub patience: Option<Patience>,
    /// What they do who find a team full; they are lost where nothing is said.
    pub turned_away: Option<TurnedAway>,
    /// The automatic first answer to them.
    pub acknowledgement: Option<Acknowledgement>,
    /// What they are told by notices.
    pub notices: Vec<Notice>,
    /// Recurring problems that some of them stem from: the share up to each, and its number.
    pub problems: Vec<(f64, u16)>,
    /// Ready answers to them.
    pub macros: Vec<Macro>,
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
            late: None,
            promise: Promise::default(),
            patience: None,
            turned_away: None,
            acknowledgement: None,
            notices: Vec::new(),
            problems: Vec::new(),
            macros: Vec::new(),
            chasers: None,
            duplicates: None,
            reopen: None,
            pending: None,
        }
    }

    /// Whether something keeps a customer from writing who otherwise would write now.
    #[inline]
    pub fn keeps_away(&self, key: Key, now: SimTime) -> bool {
        self.notices.iter().any(|notice| notice.keeps_away(key, now))
    }

    /// The ready answer that an agent who works on that ticket now would use.
    #[inline]
    pub fn ready_answer(&self, key: Key, now: SimTime) -> Option<&Macro> {
        self.macros.iter().find(|text| text.helps(key, now))
    }

    /// Expected factor of ready answers on the handle time of a touch then.
    pub fn ready_factor(&self, at: SimTime) -> f64 {
        let used = self.macros.iter().filter(|text| text.from <= at);
        let (factor, without) = used.fold((0.0, 1.0), |(factor, without), text| {
            (factor + without * text.p_fits * text.handle, without * (1.0 - text.p_fits))
        });
        factor + without
    }

    /// Probability that a customer writes then in spite of all notices.
    pub fn p_writes(&self, at: SimTime) -> f64 {
        self.notices.iter().map(|notice| notice.p_writes(at)).product()
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
