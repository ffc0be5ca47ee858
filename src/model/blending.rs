//! Blending: agents who answer chats and calls, and tickets that can wait in between.
//!
//! *In a manager's words*: "e-mail fills the gaps; when the phone rings they put the e-mail down. And
//! two people do nothing but e-mail in the mornings."
//!
//! *Assumption*: immediate tickets are taken before all deferred ones, whatever the order of work.
//! One that finds nobody free suspends the deferred ticket of somebody who may take it (of several
//! the least urgent, and of those the one begun last); what was done of that one stays done, and it
//! goes back to where it is taken first, to be gone on with after a moment to get into it again.
//! Whoever is ring-fenced takes nothing immediate in those hours and is not called away from
//! deferred work; what was in hand before is finished. *Source*: M19 of the catalogue; B13, C7
//! (deferred work as filler, or ring-fenced).

use super::calendar::Calendar;
use super::context::{Context, wall};
use super::pool::PoolPlan;
use crate::evidence::{Evidence, Grade};
use crate::ids::{ClassId, TeamId};
use crate::problem::{Problem, Problems};
use crate::time::{SimDuration, SimTime};
use crate::written::{Brief, Length, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Time to get into a suspended ticket again.
pub const REREAD: Evidence = Evidence {
    key: "teams.*.blending.reread",
    value: 1.0,
    unit: "min",
    range: (0.0, 5.0),
    grade: Grade::J,
    source: "our judgement: less than after a hand-over, for it was one's own",
};

/// Channels whose customers do not go away and come back.
const IMMEDIATE: [&str; 2] = ["chat", "phone"];

/// How much later deferred tickets are looked at than immediate ones.
pub const DEFERRED: u8 = 128;

/// Blending as written: whether there is any, or a table.
pub type BlendingSpec = Brief<bool, BlendingTable>;

/// Blending written in full.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BlendingTable {
    /// Ticket classes that cannot wait; those that come by chat or phone where none is named.
    pub immediate: Vec<Written<String>>,
    /// Whether they suspend deferred work, or only go first.
    pub suspends: Option<Written<bool>>,
    /// Time to get into a suspended ticket again.
    pub reread: Option<Written<Length>>,
    /// Agents who keep to deferred work.
    pub ring_fence: Option<Written<RingFenceSpec>>,
}

/// A ring fence around deferred work, as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RingFenceSpec {
    /// How many agents; all of them where nothing is said.
    pub agents: Option<Written<u32>>,
    /// Calendar of the hours in which it holds; always where none is named.
    pub hours: Option<Written<String>>,
}

/// How a team does immediate and deferred work side by side.
#[derive(Clone, PartialEq, Debug)]
pub struct Blending {
    /// Classes that cannot wait, in order.
    pub immediate: Vec<ClassId>,
    /// Whether they suspend deferred work.
    pub suspends: bool,
    /// Time to get into a suspended ticket again.
    pub reread: SimDuration,
}

/// The blending of a team whose classes come by those channels; none where nothing is immediate.
pub fn compile(
    spec: Option<&Written<BlendingSpec>>,
    channels: &[&str],
    context: &Context<'_>,
    problems: &mut Problems,
) -> Option<Blending> {
    let written = spec?;
    let full = table(&written.value)?;
    let mut immediate: Vec<ClassId> = if full.immediate.is_empty() {
        let at_once = (0..channels.len()).filter(|class| IMMEDIATE.contains(&channels[*class]));
        at_once.map(ClassId::new).collect()
    } else {
        context.tickets(&full.immediate, problems)
    };
    immediate.sort_unstable();
    if immediate.is_empty() {
        problems.push(
            Problem::warning("nothing-immediate", "no ticket class is immediate")
                .at(written.span.clone(), "this changes nothing")
                .help(
                    "write channel = \"chat\" or \"phone\" in a ticket class, or immediate = [...]",
                ),
        );
        return None;
    }
    let default = Length::new(REREAD.value, TimeUnit::Minute);
    Some(Blending {
        immediate,
        suspends: full.suspends.as_ref().is_none_or(|yes| yes.value),
        reread: wall(&full.reread, default, problems),
    })
}

/// Fences some of a team's agents, the first ones, and splits the pool of which only some are.
pub fn fence(
    spec: Option<&Written<BlendingSpec>>,
    team: TeamId,
    pools: &mut Vec<PoolPlan>,
    context: &Context<'_>,
    problems: &mut Problems,
) {
    let full = spec.and_then(|written| table(&written.value));
    let Some(ring) = full.and_then(|full| full.ring_fence) else { return };
    let hours = match &ring.value.hours {
        Some(name) => context.calendar(name, problems).map(|id| &context.open[id.index()]),
        None => None,
    };
    let always = [(SimTime::from_micros(i64::MIN), SimTime::NEVER)];
    let hours: Vec<_> = hours.map_or(always.to_vec(), |hours: &Calendar| hours.spans().collect());
    let agents = ring.value.agents.as_ref().map_or(u32::MAX, |agents| agents.value);
    let there: u32 = pools.iter().filter(|pool| pool.team == team).map(|pool| pool.seats).sum();
    if let Some(wanted) = ring.value.agents.as_ref().filter(|wanted| wanted.value > there) {
        problems.push(
            Problem::error("out-of-range", format!("the team has {there} agents"))
                .at(wanted.span.clone(), "more than there are"),
        );
    }
    super::overtime::call(pools, team, agents, |_| true, |pool| pool.fence.clone_from(&hours));
}

fn table(spec: &BlendingSpec) -> Option<BlendingTable> {
    match spec {
        Brief::Short(false) => None,
        Brief::Short(true) => Some(BlendingTable::default()),
        Brief::Full(full) => Some(full.clone()),
    }
}

impl Blending {
    /// Whether tickets of a class cannot wait.
    #[inline]
    pub fn is_immediate(&self, class: ClassId) -> bool {
        self.immediate.contains(&class)
    }

    /// How early an agent with that preference for a class looks at its tickets: smaller first.
    pub fn preference(&self, class: ClassId, preference: u8) -> u8 {
        let preference = preference.min(DEFERRED - 1);
        if self.is_immediate(class) { preference } else { preference + DEFERRED }
    }
}

/// Whether an instant lies within a fence.
#[inline]
pub fn is_fenced(fence: &[(SimTime, SimTime)], now: SimTime) -> bool {
    let begun = fence.partition_point(|(from, _)| *from <= now);
    begun > 0 && now < fence[begun - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn immediate_classes_come_first_and_keep_their_order() {
        let blending =
            Blending { immediate: vec![ClassId(1)], suspends: true, reread: SimDuration::ZERO };
        assert_eq!([0, 1, 2].map(|c| blending.preference(ClassId(c), c as u8)), [128, 1, 130]);
    }

    #[test]
    fn the_first_agents_are_fenced_in_those_hours() {
        let hour = SimTime::from_hours;
        let spec = Written::unwritten(BlendingSpec::Full(BlendingTable {
            ring_fence: Some(Written::unwritten(RingFenceSpec {
                agents: Some(Written::unwritten(2)),
                hours: None,
            })),
            ..BlendingTable::default()
        }));
        let mut pools = vec![PoolPlan::new(TeamId(0), "desk", 5, vec![(hour(9.0), hour(17.0))])];
        let context = Context {
            days: &super::super::days::Days::plain(0, 1),
            end: hour(24.0),
            tickets: &[],
            teams: &[],
            calendars: &[],
            open: &[],
        };
        fence(Some(&spec), TeamId(0), &mut pools, &context, &mut Problems::default());
        assert_eq!(
            pools.iter().map(|pool| (pool.seats, pool.first_seat)).collect::<Vec<_>>(),
            [(2, 0), (3, 2)]
        );
        assert!(is_fenced(&pools[0].fence, hour(12.0)) && !is_fenced(&pools[1].fence, hour(12.0)));
        let morning = [(hour(9.0), hour(12.0))];
        assert_eq!(
            [8.0, 9.0, 11.9, 12.0].map(|h| is_fenced(&morning, hour(h))),
            [false, true, true, false]
        );
    }
}
