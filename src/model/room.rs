//! Room: how many tickets a team can hold, and what customers do who find it full.
//!
//! *In a manager's words*: "thirty lines; whoever finds them all busy is passed to the back-up team
//! or hears the busy tone, and most of those try again within the hour."
//!
//! *Assumption*: a team with room for so many tickets, waiting and in work, turns away whatever
//! comes beyond. The first time a ticket is turned away it may overflow to another team; otherwise
//! its customer tries again after a time with some probability, one for the first attempt and one
//! for later ones, and is lost otherwise. Chasers that are read by themselves always get through,
//! and take room like tickets; other work takes none. *Source*: Erlang 1917 (loss); Falin and
//! Templeton 1997 (retrials).

use super::context::{Context, delay};
use crate::dist::{Law, happens};
use crate::evidence::{Evidence, Grade};
use crate::ids::TeamId;
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Length, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Mean time until those try again who found a team full.
pub const AFTER: Evidence = Evidence {
    key: "teams.*.turned_away.after",
    value: 1.0,
    unit: "h",
    range: (0.05, 24.0),
    grade: Grade::J,
    source: "our judgement",
};

/// What customers do who find a team full, as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TurnedAwaySpec {
    /// Team that takes those whom the first team has no room for.
    pub overflow: Option<Written<String>>,
    /// Share of customers that tries again after being turned away for the first time.
    pub tries_again: Option<Written<Share>>,
    /// The share after later attempts; the same where none is written.
    pub then: Option<Written<Share>>,
    /// Mean time until they try again.
    pub after: Option<Written<Length>>,
}

/// What customers of a class do who find a team full.
#[derive(Clone, PartialEq, Debug)]
pub struct TurnedAway {
    /// Team that takes a ticket turned away on its first visit.
    pub overflow: Option<TeamId>,
    /// Probability of trying again after the first attempt.
    pub p_first: f64,
    /// And after later ones.
    pub p_later: f64,
    /// Time until then.
    pub after: Law,
}

/// What becomes of a ticket that has been turned away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NextTry {
    /// Another team takes it.
    Overflow(TeamId),
    /// Its customer tries again after this time.
    After(SimDuration),
    /// It is lost.
    Lost,
}

impl TurnedAwaySpec {
    /// What this describes.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> TurnedAway {
        let share = |written: &Option<Written<Share>>| written.as_ref().map(|share| share.value.0);
        let p_first = share(&self.tries_again).unwrap_or(0.0);
        // Somebody who tries again in no time would do so for ever.
        if let Some(after) =
            self.after.as_ref().filter(|after| after.value.wall() <= SimDuration::ZERO)
        {
            problems.push(
                Problem::error("zero-time", "the next try takes some time")
                    .at(after.span.clone(), "here"),
            );
        }
        TurnedAway {
            overflow: self.overflow.as_ref().and_then(|name| context.team(name, problems)),
            p_first,
            p_later: share(&self.then).unwrap_or(p_first),
            after: delay(&self.after, Length::new(AFTER.value, TimeUnit::Hour), 1.0),
        }
    }
}

impl TurnedAway {
    /// What becomes of a ticket turned away on its `visit`-th visit (1 for the first).
    pub fn next(&self, key: Key, visit: u16) -> NextTry {
        if visit == 1
            && let Some(team) = self.overflow
        {
            return NextTry::Overflow(team);
        }
        let p = if visit == 1 { self.p_first } else { self.p_later };
        let mut chance = key.draw(Purpose::Redial, u64::from(visit));
        if happens(p, &mut chance) {
            NextTry::After(self.after.sample(&mut chance))
        } else {
            NextTry::Lost
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_attempt_overflows_and_later_ones_try_again_or_are_lost() {
        let mut away = TurnedAway {
            overflow: Some(TeamId(3)),
            p_first: 0.0,
            p_later: 1.0,
            after: Law::Constant(SimDuration::from_minutes(5)),
        };
        assert_eq!(away.next(Key(1), 1), NextTry::Overflow(TeamId(3)));
        assert_eq!(away.next(Key(1), 2), NextTry::After(SimDuration::from_minutes(5)));
        away.overflow = None;
        assert_eq!(away.next(Key(1), 1), NextTry::Lost);
    }
}
