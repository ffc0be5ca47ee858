//! Interventions: what the manager changes during the run, at a date or when it gets bad enough.
//!
//! *In a manager's words*: "once two thousand have waited for two days I decide, a week later eight
//! people more sit there, and when we are down to five hundred they go home."
//!
//! *Assumption*: an intervention changes any keys of the scenario but those that the customers
//! decide. Conditions are judged at the close of each open day. What has begun goes on as it was: a
//! touch in progress, a promise made, a timer set. The desk while some interventions are in force is
//! a model of its own with the same ids: see `desks`, where it is said too what none may change.
//! *Source*: M34 of the catalogue; all articles.

pub mod desks;

use super::bulk::{BulkReply, BulkReplySpec};
use super::context::{Context, amount, wall};
use crate::evidence::{Evidence, Grade};
use crate::price::Price;
use crate::problem::{Problem, Problems, Span};
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Length, Moment, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// Most interventions of a scenario: each set of them that can be in force is a model.
pub const MOST: usize = 6;

/// Days in a row on which a condition must hold.
pub const DAYS: Evidence = Evidence {
    key: "interventions.when.days",
    value: 1.0,
    unit: "d",
    range: (1.0, 14.0),
    grade: Grade::J,
    source: "our judgement: act on the first bad evening",
};

/// Time from the decision to its effect.
pub const LAG: Evidence = Evidence {
    key: "interventions.lag",
    value: 0.0,
    unit: "d",
    range: (0.0, 90.0),
    grade: Grade::J,
    source: "our judgement: whatever is planned for a date starts on it; hiring takes weeks",
};

/// An intervention as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterventionSpec {
    /// What it is called in charts.
    #[serde(default)]
    pub name: Option<Written<String>>,
    /// When it is decided.
    #[serde(default)]
    pub from: Option<Written<Moment>>,
    /// What must be so, at the close of a day, for it to be decided.
    #[serde(default)]
    pub when: Option<Written<WhenSpec>>,
    /// Time from the decision to its effect.
    #[serde(default)]
    pub lag: Option<Written<Length>>,
    /// When it ends; a date alone is the midnight at which it begins.
    #[serde(default)]
    pub until: Option<Written<Moment>>,
    /// How long it lasts.
    #[serde(default)]
    pub lasts: Option<Written<Length>>,
    /// What must be so, at the close of a day, for it to end.
    #[serde(default)]
    pub stop_when: Option<Written<StopSpec>>,
    /// Whether it is decided once only, however often it gets bad again.
    #[serde(default)]
    pub once: Option<Written<bool>>,
    /// What it costs each time it begins.
    #[serde(default)]
    pub cost: Option<Written<Amount>>,
    /// What it costs for each week in force.
    #[serde(default)]
    pub cost_per_week: Option<Written<Amount>>,
    /// An answer sent to many waiting tickets when it begins.
    #[serde(default)]
    pub bulk_reply: Option<Written<BulkReplySpec>>,
    /// What it changes: keys as in the scenario itself.
    #[serde(default)]
    pub change: Option<Written<Overlay>>,
}

/// Part of a scenario, laid over the rest while the intervention is in force.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Overlay;

impl<'de> Deserialize<'de> for Overlay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Overlay, D::Error> {
        // Read again as part of the whole scenario, where every key is known.
        IgnoredAny::deserialize(deserializer).map(|_| Overlay)
    }
}

impl JsonSchema for Overlay {
    fn schema_name() -> Cow<'static, str> {
        "Overlay".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "Keys of a scenario, laid over the rest."
        })
    }
}

/// When an intervention is decided, as written; all that is written must hold.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WhenSpec {
    /// More unsolved tickets than this.
    pub backlog_above: Option<u32>,
    /// More unsolved tickets past their promise than this.
    pub overdue_above: Option<u32>,
    /// The oldest unsolved ticket is older than this.
    pub oldest_above: Option<Length>,
    /// Time in touches since the close before, of time at the queue, is more than this share.
    pub occupancy_above: Option<Share>,
    /// On so many closes in a row.
    pub days: Option<u16>,
}

/// When an intervention ends, as written; all that is written must hold.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StopSpec {
    /// Fewer unsolved tickets than this.
    pub backlog_below: Option<u32>,
    /// Fewer unsolved tickets past their promise than this.
    pub overdue_below: Option<u32>,
    /// The oldest unsolved ticket is younger than this.
    pub oldest_below: Option<Length>,
    /// Time in touches since the close before, of time at the queue, is less than this share.
    pub occupancy_below: Option<Share>,
    /// On so many closes in a row.
    pub days: Option<u16>,
}

/// How the desk stands at a close.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Standing {
    /// Unsolved tickets.
    pub backlog: u32,
    /// Those past a promise.
    pub overdue: u32,
    /// Age of the oldest of them; zero where there is none.
    pub oldest: SimDuration,
    /// Time in touches since the close before, of time at the queue; zero where nobody was there.
    pub occupancy: f64,
}

/// Limits that must all be passed on a number of closes in a row.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Condition {
    /// Whether it asks for more than its limits, or for less.
    pub above: bool,
    /// Unsolved tickets.
    pub backlog: Option<u32>,
    /// Those past a promise.
    pub overdue: Option<u32>,
    /// Age of the oldest.
    pub oldest: Option<SimDuration>,
    /// Share of the time at the queue in touches, since the close before.
    pub occupancy: Option<f64>,
    /// Closes in a row.
    pub closes: u16,
}

impl Condition {
    /// Whether it is so at a close.
    pub fn holds(&self, standing: &Standing) -> bool {
        fn passes<T: PartialOrd>(above: bool, limit: Option<T>, value: T) -> bool {
            limit.is_none_or(|limit| if above { value > limit } else { value < limit })
        }
        passes(self.above, self.backlog, standing.backlog)
            && passes(self.above, self.overdue, standing.overdue)
            && passes(self.above, self.oldest, standing.oldest)
            && passes(self.above, self.occupancy, standing.occupancy)
    }

    fn is_empty(&self) -> bool {
        self.backlog.is_none()
            && self.overdue.is_none()
            && self.oldest.is_none()
            && self.occupancy.is_none()
    }
}

/// What makes a manager decide.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Trigger {
    /// A date.
    At(SimTime),
    /// How the desk stands.
    When(Condition),
}

/// An intervention.
#[derive(Clone, PartialEq, Debug)]
pub struct Intervention {
    /// What it is called.
    pub name: String,
    /// What makes the manager decide.
    pub trigger: Trigger,
    /// Time from the decision to the effect.
    pub lag: SimDuration,
    /// When it ends at the latest.
    pub until: SimTime,
    /// How long it lasts at most.
    pub lasts: Option<SimDuration>,
    /// How the desk must stand for it to end.
    pub stop: Option<Condition>,
    /// Whether it is decided only once.
    pub once: bool,
    /// An answer sent to many when it begins.
    pub bulk: Option<BulkReply>,
    /// What it costs each time it begins.
    pub cost: Price,
    /// What it costs for each week in force.
    pub cost_per_week: Price,
}

impl Intervention {
    /// When it ends, having begun at that time, whatever the desk does.
    pub fn ends(&self, begun: SimTime) -> SimTime {
        self.lasts.map_or(self.until, |lasts| begun.saturating_add(lasts).min(self.until))
    }

    /// The number by which draws for its answer to many are told from those of other answers.
    pub fn bulk_number(&self, index: usize) -> u16 {
        u16::MAX - index as u16
    }

    /// Whether it may be decided again once it has ended.
    pub fn may_return(&self) -> bool {
        !self.once && matches!(self.trigger, Trigger::When(_))
    }
}

/// How long so many days last from then on: to the same time of day, whatever the clocks do in between.
fn by_the_calendar(
    begins: SimTime,
    length: Length,
    lasts: SimDuration,
    context: &Context<'_>,
) -> SimDuration {
    let days = match length.unit {
        TimeUnit::Day => length.count,
        TimeUnit::Week => length.count * 7.0,
        TimeUnit::Second | TimeUnit::Minute | TimeUnit::Hour => return lasts,
        TimeUnit::BusinessHour | TimeUnit::BusinessDay => return lasts,
    };
    let span = jiff::Span::new().try_days(days as i64);
    let to = span.and_then(|span| context.days.civil(begins).checked_add(span));
    match to {
        Ok(to) if days.fract() == 0.0 => context.days.instant(to) - begins,
        Ok(_) | Err(_) => lasts,
    }
}

impl InterventionSpec {
    /// The intervention this describes, as the `number`-th (from 1).
    pub fn compile(
        &self,
        span: &Span,
        number: usize,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Option<Intervention> {
        let name = self
            .name
            .as_ref()
            .map_or_else(|| format!("intervention {number}"), |n| n.value.clone());
        if self.change.is_none() && self.bulk_reply.is_none() {
            problems.push(
                Problem::error("intervention-empty", format!("`{name}` changes nothing"))
                    .at(span.clone(), "this intervention")
                    .help("write change.teams.front-line.agents = 30"),
            );
        }
        let trigger = match (&self.from, &self.when) {
            (Some(from), None) => Trigger::At(context.instant(from, problems).max(SimTime::ZERO)),
            (None, Some(when)) => Trigger::When(when.value.condition(when, problems)?),
            (from, when) => {
                let at = when.as_ref().map_or(span, |when| &when.span);
                let text = if from.is_some() {
                    "an intervention is decided at a date or on a condition, not on both"
                } else {
                    "this intervention does not say when it is decided"
                };
                problems.push(
                    Problem::error("intervention-trigger", text)
                        .at(at.clone(), "of this intervention")
                        .help("write from = 2026-12-10, or when = { backlog_above = 3000 }"),
                );
                return None;
            }
        };
        let lag = wall(&self.lag, Length::new(LAG.value, TimeUnit::Day), problems);
        let lasts = self.lasts.as_ref().map(|written| {
            let lasts = wall(&self.lasts, Length::new(1.0, TimeUnit::Day), problems);
            match trigger {
                Trigger::At(decided) => {
                    by_the_calendar(decided.saturating_add(lag), written.value, lasts, context)
                }
                Trigger::When(_) => lasts,
            }
        });
        let until = match (&self.from, &self.until) {
            (Some(from), Some(until)) => context.period(from, until, problems).1,
            (None, Some(until)) => context.instant(until, problems),
            (_, None) => SimTime::NEVER,
        };
        let stop = match &self.stop_when {
            Some(stop) => Some(stop.value.condition(stop, problems)?),
            None => None,
        };
        if let (Trigger::When(when), Some(stop), Some(written)) = (&trigger, &stop, &self.stop_when)
            && when.backlog.zip(stop.backlog).is_some_and(|(above, below)| below > above)
        {
            problems.push(
                Problem::warning(
                    "intervention-restless",
                    "this intervention ends while its condition still holds, and begins again",
                )
                .at(written.span.clone(), "above the backlog at which it begins")
                .help("write less here than in `when`"),
            );
        }
        Some(Intervention {
            name,
            trigger,
            lag,
            until,
            lasts,
            stop,
            once: self.once.as_ref().is_some_and(|once| once.value),
            bulk: self.bulk(context, problems),
            cost: Price::new(amount(&self.cost, 0.0).min(1e9)),
            cost_per_week: Price::new(amount(&self.cost_per_week, 0.0).min(1e9)),
        })
    }

    fn bulk(&self, context: &Context<'_>, problems: &mut Problems) -> Option<BulkReply> {
        let written = self.bulk_reply.as_ref()?;
        if let Some(at) = &written.value.at {
            problems.push(
                Problem::error("intervention-bulk", "this is sent when the intervention begins")
                    .at(at.span.clone(), "not at a date of its own")
                    .help("take the date out, or write [[bulk_replies]]"),
            );
        }
        Some(written.value.compile(SimTime::NEVER, context, problems))
    }
}

fn checked(condition: Condition, span: &Span, problems: &mut Problems) -> Option<Condition> {
    if condition.is_empty() || condition.closes == 0 {
        let word = if condition.above { "above" } else { "below" };
        problems.push(
            Problem::error("intervention-trigger", "this condition says nothing")
                .at(span.clone(), "no limit here, or zero days")
                .help(format!("write {{ backlog_{word} = 1000, days = 2 }}")),
        );
        return None;
    }
    Some(condition)
}

impl WhenSpec {
    fn condition(&self, at: &Written<WhenSpec>, problems: &mut Problems) -> Option<Condition> {
        let condition = Condition {
            above: true,
            backlog: self.backlog_above,
            overdue: self.overdue_above,
            oldest: self.oldest_above.map(Length::wall),
            occupancy: self.occupancy_above.map(|share| share.0),
            closes: self.days.unwrap_or(DAYS.value as u16),
        };
        checked(condition, &at.span, problems)
    }
}

impl StopSpec {
    fn condition(&self, at: &Written<StopSpec>, problems: &mut Problems) -> Option<Condition> {
        let condition = Condition {
            above: false,
            backlog: self.backlog_below,
            overdue: self.overdue_below,
            oldest: self.oldest_below.map(Length::wall),
            occupancy: self.occupancy_below.map(|share| share.0),
            closes: self.days.unwrap_or(DAYS.value as u16),
        };
        checked(condition, &at.span, problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Standing =
        Standing { backlog: 40, overdue: 3, oldest: SimDuration::ZERO, occupancy: 0.9 };

    #[test]
    fn all_limits_must_be_passed() {
        let limits = Condition {
            above: true,
            backlog: Some(40),
            overdue: Some(2),
            oldest: None,
            occupancy: None,
            closes: 1,
        };
        assert!(!limits.holds(&QUIET), "40 is not above 40");
        assert!(limits.holds(&Standing { backlog: 41, ..QUIET }));
        assert!(!limits.holds(&Standing { backlog: 41, overdue: 2, ..QUIET }));
        let busy = Condition { occupancy: Some(0.89), backlog: None, ..limits };
        assert!(busy.holds(&QUIET) && !busy.holds(&Standing { occupancy: 0.88, ..QUIET }));
        let stop = Condition { above: false, overdue: Some(4), ..limits };
        assert!(!stop.holds(&QUIET) && stop.holds(&Standing { backlog: 39, ..QUIET }));
    }

    #[test]
    fn it_ends_after_its_time_or_at_its_date() {
        let week = SimDuration::from_days(7);
        let rule = Intervention {
            name: "temps".into(),
            trigger: Trigger::At(SimTime::ZERO),
            lag: SimDuration::ZERO,
            until: SimTime::from_hours(240.0),
            lasts: Some(week),
            stop: None,
            once: false,
            bulk: None,
            cost: Price::new(0.0),
            cost_per_week: Price::new(0.0),
        };
        assert_eq!(rule.ends(SimTime::ZERO), SimTime::from_hours(168.0));
        assert_eq!(rule.ends(SimTime::from_hours(100.0)), SimTime::from_hours(240.0));
        let open = Intervention { lasts: None, until: SimTime::NEVER, ..rule };
        assert_eq!(open.ends(SimTime::ZERO), SimTime::NEVER);
        assert!(!open.may_return(), "a date comes once");
    }
}
