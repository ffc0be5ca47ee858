//! Interventions: what the manager changes during the run, at a date or when it gets bad enough.
//!
//! *In a manager's words*: "once two thousand have waited for two days I decide, a week later eight
//! people more sit there, and when we are down to five hundred they go home."
//!
//! *Assumption*: an intervention changes any keys of the scenario but those that the customers
//! decide (see `Interventions::must_not_change`). Conditions are judged at the close of each open day. What
//! has begun goes on as it was: a touch in progress, a promise made, a timer set. The desk while
//! some interventions are in force is a model of its own with the same ids. *Source*: M34 of the
//! catalogue; all articles.

use super::build::{BuildError, ModelBuilder};
use super::bulk::{BulkReply, BulkReplySpec};
use super::context::{Context, amount, wall};
use super::team::PoolPlan;
use super::{Change, Model};
use crate::evidence::{Evidence, Grade};
use crate::ids::{ClassId, PoolId, TeamId};
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
    /// When it ends.
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

/// Which interventions are in force: a bit for each.
pub type Mask = u32;

/// The interventions of a model, and what the desk is under each set of them.
#[derive(Clone, Debug, Default)]
pub struct Interventions {
    /// The rules, in the order of their bits.
    pub rules: Vec<Intervention>,
    /// The desk under every set of them that can be in force, in the order of masks; without any
    /// it is the model that these interventions belong to.
    pub desks: Vec<(Mask, Model)>,
}

impl Interventions {
    /// Whether any of them goes by how busy people are.
    pub fn watch_occupancy(&self) -> bool {
        self.rules.iter().any(|rule| {
            let when = match rule.trigger {
                Trigger::When(condition) => Some(condition),
                Trigger::At(_) => None,
            };
            when.iter().chain(&rule.stop).any(|condition| condition.occupancy.is_some())
        })
    }

    /// The desk under a set of interventions; nothing for the empty set.
    pub fn desk(&self, mask: Mask) -> Option<&Model> {
        let place = self.desks.binary_search_by_key(&mask, |(of, _)| *of).ok()?;
        Some(&self.desks[place].1)
    }

    /// What an intervention must leave as it is but changes: something that customers decide, or
    /// that names who is who. `desk` is the model under some of them, `base` that under none.
    pub fn must_not_change(base: &Model, desk: &Model) -> Option<&'static str> {
        let names = |model: &Model| -> Vec<String> {
            let classes = model.classes.iter().map(|class| class.name.clone());
            classes.chain(model.teams.iter().map(|team| team.name.clone())).collect()
        };
        let arrivals =
            |(a, b): (&super::class::Class, &super::class::Class)| a.arrivals != b.arrivals;
        let crowding = |(a, b): (&super::team::Team, &super::team::Team)| a.crowding != b.crowding;
        if names(base) != names(desk) {
            return Some("ticket classes and teams: they are there from the start");
        }
        if (base.start, base.end) != (desk.start, desk.end) {
            return Some("the span of the run");
        }
        if base.classes.iter().zip(&desk.classes).any(arrivals) {
            return Some("when customers write: they decide it themselves");
        }
        if base.opening != desk.opening {
            return Some("the opening backlog");
        }
        let stems = |model: &Model| -> Vec<(Vec<ClassId>, f64)> {
            model.root_causes.iter().map(|cause| (cause.classes.clone(), cause.p_share)).collect()
        };
        if stems(base) != stems(desk) {
            return Some("which contacts stem from recurring problems");
        }
        if base.busyness_memory != desk.busyness_memory || base.cap != desk.cap {
            return Some("the busyness of days or the cap");
        }
        if base.customers != desk.customers {
            return Some("who the customers are: they decide for themselves");
        }
        let leaving = |(a, b): (&super::team::Pool, &super::team::Pool)| {
            a.leaving.is_some() != b.leaving.is_some()
        };
        if base.pools.iter().zip(&desk.pools).any(leaving) {
            return Some("whether people leave a team: they do from the start, or not at all");
        }
        if base.reviews != desk.reviews {
            return Some("reviews of staff: they go by the backlog themselves");
        }
        if base.teams.iter().zip(&desk.teams).any(crowding) {
            return Some("how crowding slows a team");
        }
        if base.triage != desk.triage {
            return Some("who sorts new tickets: some may be on their way");
        }
        if (&base.approvals, &base.procedures) != (&desk.approvals, &desk.procedures) {
            return Some("approvals and how clear escalations are: some tickets may be on hold");
        }
        let held = |model: &Model| -> Vec<_> {
            let teams = model.teams.iter();
            teams.map(|team| team.concurrency.as_ref().map(|c| c.tickets.clone())).collect()
        };
        if held(base) != held(desk) {
            return Some(
                "which tickets agents hold several of at once, only how many: some are in hand",
            );
        }
        let lying = |model: &Model| -> Vec<_> {
            let teams = model.teams.iter();
            teams.map(|team| (team.assignment.clone(), team.forgetting.clone())).collect()
        };
        if lying(base) != lying(desk) {
            return Some("who has an inbox and what is forgotten: tickets may lie there");
        }
        for class in (0..base.classes.len()).map(ClassId::new) {
            for team in (0..base.teams.len()).map(TeamId::new) {
                if base.can_wait(class, team) != desk.can_wait(class, team) {
                    return Some("which teams work on a ticket class: some may be waiting there");
                }
            }
        }
        None
    }
}

impl ModelBuilder {
    /// Joins the parts of a desk that interventions change: `desks` has what it is like under each
    /// set of them that can be in force.
    ///
    /// *Errors*: see `BuildError`.
    pub fn build_with(
        self,
        rules: Vec<Intervention>,
        desks: Vec<(Mask, ModelBuilder)>,
    ) -> Result<Model, BuildError> {
        let hours = self.desk.clone();
        let (masks, builders): (Vec<Mask>, Vec<ModelBuilder>) = desks.into_iter().unzip();
        let mut all: Vec<ModelBuilder> = std::iter::once(self).chain(builders).collect();
        ModelBuilder::align(&mut all);
        let mut models = all.into_iter().map(|mut builder| {
            (builder.anywhere, builder.desk) = (true, hours.clone());
            builder.build()
        });
        let mut base = models.next().expect("the desk itself comes first")?;
        let mut models: Vec<Model> = models.collect::<Result<_, _>>()?;
        // What any of the desks needs to know of the past is noted from the start.
        let all = || std::iter::once(&base).chain(&models);
        let tells = all().any(|desk| desk.tells_expected_wait);
        let personal = all().any(|desk| desk.personal);
        for desk in std::iter::once(&mut base).chain(&mut models) {
            (desk.tells_expected_wait, desk.personal) = (tells, personal);
        }
        for (mask, desk) in masks.iter().zip(&models) {
            if let Some(what) = Interventions::must_not_change(&base, desk) {
                return Err(BuildError::Fixed { mask: *mask, what });
            }
        }
        let mut desks: Vec<(Mask, Model)> = masks.into_iter().zip(models).collect();
        desks.sort_by_key(|(mask, _)| *mask);
        base.interventions = Some(Box::new(Interventions { rules, desks }));
        Ok(base)
    }

    /// Gives the same pools to models that stand for one desk under different interventions, so
    /// that an agent has the same id in all of them. A pool that a model lacks has nobody in it.
    fn align(desks: &mut [ModelBuilder]) {
        let name = |plan: &PoolPlan| (plan.team, plan.cohort.clone(), plan.first_seat);
        let mut all: Vec<PoolPlan> = Vec::new();
        for plan in desks.iter().flat_map(|desk| &desk.pool_plans) {
            match all.iter_mut().find(|known| name(known) == name(plan)) {
                Some(known) => known.seats = known.seats.max(plan.seats),
                None => all.push(plan.clone()),
            }
        }
        for desk in desks {
            let plans = all.iter().map(|known| {
                let own = desk.pool_plans.iter().find(|plan| name(plan) == name(known)).cloned();
                let nobody = PoolPlan { seats: 0, spans: Vec::new(), ..known.clone() };
                PoolPlan { most_seats: known.seats, ..own.unwrap_or(nobody) }
            });
            desk.pool_plans = plans.collect();
        }
    }
}

/// Every set of interventions that can be in force at some time, none left out.
pub fn reachable(rules: &[Intervention]) -> Vec<Mask> {
    let spans: Vec<(SimTime, SimTime)> = rules
        .iter()
        .map(|rule| match rule.trigger {
            Trigger::At(at) => {
                let begins = at.saturating_add(rule.lag);
                (begins, rule.ends(begins).max(begins))
            }
            Trigger::When(_) => (SimTime::ZERO, SimTime::NEVER),
        })
        .collect();
    let mut instants: Vec<SimTime> = spans.iter().flat_map(|(from, to)| [*from, *to]).collect();
    instants.sort_unstable();
    instants.dedup();
    let mut masks = std::collections::BTreeSet::new();
    for now in instants {
        // Those in force for certain just before or after this instant, and those perhaps.
        let (mut sure, mut perhaps) = (0, 0);
        for (index, (rule, (from, to))) in rules.iter().zip(&spans).enumerate() {
            let bit = 1 << index;
            let certain = matches!(rule.trigger, Trigger::At(_)) && rule.stop.is_none();
            if certain && *from < now && now < *to {
                sure |= bit;
            } else if *from <= now && now <= *to {
                perhaps |= bit;
            }
        }
        // All subsets of what is perhaps in force.
        let mut some: Mask = perhaps;
        loop {
            masks.insert(sure | some);
            if some == 0 {
                break;
            }
            some = (some - 1) & perhaps;
        }
    }
    masks.into_iter().filter(|mask| *mask != 0).collect()
}

/// Whether a pool is on the roster at that instant by the plan, and for which day.
pub fn on_roster(model: &Model, pool: PoolId, now: SimTime) -> Option<i64> {
    let mut on = None;
    for planned in model.changes.iter().take_while(|planned| planned.at <= now) {
        match planned.change {
            Change::On { pool: of, day } if of == pool => on = Some(day),
            Change::Off(of) if of == pool => on = None,
            Change::On { .. }
            | Change::Off(_)
            | Change::DayEnds(_)
            | Change::Begin
            | Change::Turn { .. }
            | Change::Lesson { .. }
            | Change::FenceEnds(_)
            | Change::Bulk(_)
            | Change::Audit(_)
            | Change::Review(_) => {}
        }
    }
    on
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
        let lasts = self
            .lasts
            .as_ref()
            .map(|_| wall(&self.lasts, Length::new(1.0, TimeUnit::Day), problems));
        let until = match (&self.from, &self.until) {
            (Some(from), Some(until)) => context.period(from, until, problems).1,
            (None, Some(until)) => context.instant(until, problems),
            (_, None) => SimTime::NEVER,
        };
        let stop = match &self.stop_when {
            Some(stop) => Some(stop.value.condition(stop, problems)?),
            None => None,
        };
        Some(Intervention {
            name,
            trigger,
            lag: wall(&self.lag, Length::new(LAG.value, TimeUnit::Day), problems),
            until,
            lasts,
            stop,
            once: self.once.as_ref().is_some_and(|once| once.value),
            bulk: self.bulk(context, problems),
            cost: Price::new(amount(&self.cost, 0.0).min(1e9)),
            cost_per_week: Price::new(amount(&self.cost_per_week, 0.0).min(1e9)),
        })
    }
}

impl InterventionSpec {
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

    #[test]
    fn only_sets_that_can_meet_are_reachable() {
        let dated = |from: f64, until: f64| Intervention {
            name: String::new(),
            trigger: Trigger::At(SimTime::from_hours(from)),
            lag: SimDuration::ZERO,
            until: SimTime::from_hours(until),
            lasts: None,
            stop: None,
            once: false,
            bulk: None,
            cost: Price::new(0.0),
            cost_per_week: Price::new(0.0),
        };
        // The second begins as the first ends: they may meet at that instant.
        assert_eq!(reachable(&[dated(0.0, 5.0), dated(5.0, 9.0)]), [1, 2, 3]);
        assert_eq!(reachable(&[dated(0.0, 5.0), dated(6.0, 9.0)]), [1, 2]);
        // The second lies within the first; a third may come at any time.
        let limits = Condition {
            above: true,
            backlog: Some(9),
            overdue: None,
            oldest: None,
            occupancy: None,
            closes: 1,
        };
        let any = Intervention { trigger: Trigger::When(limits), ..dated(0.0, 1e9) };
        let within = [dated(1.0, 9.0), dated(2.0, 3.0), any];
        assert_eq!(reachable(&within), [1, 3, 4, 5, 7]);
    }
}
