//! The order of work: which waiting ticket a free agent takes.
//!
//! *In a manager's words*: "oldest first", "urgent first", "whatever breaks its promise next",
//! "those that still need something from the customer first".
//!
//! *Assumption*: a team has one order, and everyone in it keeps to it. Tickets stand in lines so
//! that only the heads of lines need comparing. *Source*: M14 of the catalogue; article 0
//! (state-first); Kleinrock 1964 and Stanford, Taylor, Ziedins 2014 (accumulating priority).

use super::picking::{EASY_FIRST, Picking};
use crate::problem::{Problem, Problems};
use crate::ticket::Priority;
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// The order of work as written: a word, or a word with what it needs.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DisciplineSpec {
    /// The ticket that has waited longest in its line.
    #[default]
    Oldest,
    /// The ticket that came last.
    Newest,
    /// Any, with equal chances.
    Random,
    /// The most urgent priority, oldest first within it.
    Priority,
    /// Priorities that grow with the wait: the rates of urgent, high, normal and low.
    PriorityAgeing(Vec<Amount>),
    /// The promise that is due first: the first reply until it is given, then the solution.
    EarliestDue,
    /// The promise with the least time left after the expected handle time.
    LeastSlack,
    /// The ticket with the shortest handle time.
    Shortest,
    /// Cost of waiting, growing with the wait, over expected handle time (generalised c-mu):
    /// weights of urgent, high, normal and low.
    CostOfWaiting(Vec<Amount>),
    /// Tickets that still need something from the customer, then those the customer has answered,
    /// then the rest.
    StateFirst,
    /// What scores most of several things, each with a weight.
    Mix(MixSpec),
    /// The oldest; but the more wait, the likelier an easier one is taken, as has been measured.
    CherryPicking,
    /// The same with a rate of one's own: how much likelier for each ticket waiting per agent.
    EasyFirst(Amount),
}

/// Points that a waiting ticket scores, as written.
#[derive(Clone, Copy, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MixSpec {
    /// For each day in its line.
    pub age: Amount,
    /// For each step of priority above low: three steps for urgent.
    pub priority: Amount,
    /// For a ticket whose customer has answered, and twice for one that needs something from its
    /// customer.
    pub state: Amount,
    /// For each hour that its handle time is expected to be shorter.
    pub quick: Amount,
}

/// Points that a waiting ticket scores.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Mix {
    /// For each day in its line.
    pub age: f64,
    /// For each step of priority above low.
    pub priority: f64,
    /// For each step of its state.
    pub state: f64,
    /// For each hour less of handle time.
    pub quick: f64,
}

impl Mix {
    /// The points of the head of a line that has waited so long.
    fn points(&self, waited: SimDuration, head: &Head) -> f64 {
        let steps = |last: usize, at: usize| (last - at) as f64;
        self.age * waited.hours() / 24.0
            + self.priority * steps(Priority::COUNT - 1, head.priority.index())
            + self.state * steps(Group::Rest as usize, head.group as usize)
            - self.quick * head.mean_handle.hours()
    }
}

/// Points are compared in millionths.
const POINT: f64 = 1e6;

/// The order of work, ready for use.
#[derive(Clone, PartialEq, Debug)]
pub enum Discipline {
    /// First come, first served.
    Oldest,
    /// Last come, first served.
    Newest,
    /// Any, with equal chances.
    Random,
    /// Strict priority.
    Priority,
    /// Priority accumulates at these rates per unit of waiting.
    PriorityAgeing([f64; Priority::COUNT]),
    /// Earliest due date first.
    EarliestDue,
    /// Least slack first.
    LeastSlack,
    /// Shortest job first.
    Shortest,
    /// Generalised c-mu with quadratic costs of these weights.
    CostOfWaiting([f64; Priority::COUNT]),
    /// By state group.
    StateFirst,
    /// Most points first.
    Mix(Mix),
    /// First come, first served, or an easier one.
    CherryPicking(Picking),
}

/// What a ticket needs next, for `StateFirst`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Group {
    /// Something from the customer: asking early lets the answer travel while others are served.
    NeedsInformation = 0,
    /// Action: the customer has answered.
    AwaitsAction = 1,
    /// The rest.
    Rest = 2,
}

/// How a line keeps its tickets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineKind {
    /// In the order they came, the oldest first.
    Fifo,
    /// In the order they came, the newest first.
    Lifo,
    /// By a key of their own, the smallest first.
    Keyed,
    /// Any of them can be taken.
    Indexed,
    /// In the order they came, the oldest first, and any of them can be taken.
    Browsed,
}

impl LineKind {
    /// Whether it is a list with two ends.
    pub fn is_list(self) -> bool {
        matches!(self, LineKind::Fifo | LineKind::Lifo | LineKind::Browsed)
    }
}

/// What the head of a line shows to the agent who chooses.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Head {
    /// When it joined its line.
    pub since: SimTime,
    /// Its priority.
    pub priority: Priority,
    /// What it needs.
    pub group: Group,
    /// Mean handle time of its class here.
    pub mean_handle: SimDuration,
    /// Its key in a keyed line.
    pub key: i64,
}

impl DisciplineSpec {
    /// The order of work this describes.
    pub fn compile(spec: Option<&Written<DisciplineSpec>>, problems: &mut Problems) -> Discipline {
        let Some(spec) = spec else { return Discipline::Oldest };
        let mut four = |list: &[Amount]| -> [f64; Priority::COUNT] {
            let values: Vec<f64> = list.iter().map(|amount| amount.0).collect();
            values.try_into().unwrap_or_else(|_| {
                problems.push(
                    Problem::error(
                        "four-priorities",
                        "expected four numbers: for urgent, high, normal and low",
                    )
                    .at(spec.span.clone(), format!("{} numbers", list.len())),
                );
                [1.0; Priority::COUNT]
            })
        };
        // Whoever never looks for an easier ticket serves the oldest.
        let picking = |slope: f64| match slope {
            0.0 => Discipline::Oldest,
            slope => Discipline::CherryPicking(Picking { slope }),
        };
        match &spec.value {
            DisciplineSpec::Oldest => Discipline::Oldest,
            DisciplineSpec::Newest => Discipline::Newest,
            DisciplineSpec::Random => Discipline::Random,
            DisciplineSpec::Priority => Discipline::Priority,
            DisciplineSpec::PriorityAgeing(rates) => Discipline::PriorityAgeing(four(rates)),
            DisciplineSpec::EarliestDue => Discipline::EarliestDue,
            DisciplineSpec::LeastSlack => Discipline::LeastSlack,
            DisciplineSpec::Shortest => Discipline::Shortest,
            DisciplineSpec::CostOfWaiting(weights) => Discipline::CostOfWaiting(four(weights)),
            DisciplineSpec::StateFirst => Discipline::StateFirst,
            DisciplineSpec::Mix(MixSpec { age, priority, state, quick }) => {
                let weights =
                    Mix { age: age.0, priority: priority.0, state: state.0, quick: quick.0 };
                if weights == (Mix { age: 0.0, priority: 0.0, state: 0.0, quick: 0.0 }) {
                    Discipline::Oldest
                } else {
                    Discipline::Mix(weights)
                }
            }
            DisciplineSpec::CherryPicking => picking(EASY_FIRST.value),
            DisciplineSpec::EasyFirst(slope) => picking(slope.0),
        }
    }
}

impl Discipline {
    /// How lines under this order keep their tickets.
    pub fn line_kind(&self) -> LineKind {
        match self {
            Discipline::Oldest
            | Discipline::Priority
            | Discipline::PriorityAgeing(_)
            | Discipline::CostOfWaiting(_)
            | Discipline::Mix(_)
            | Discipline::StateFirst => LineKind::Fifo,
            Discipline::Newest => LineKind::Lifo,
            Discipline::Random => LineKind::Indexed,
            Discipline::CherryPicking(_) => LineKind::Browsed,
            Discipline::EarliestDue | Discipline::LeastSlack | Discipline::Shortest => {
                LineKind::Keyed
            }
        }
    }

    /// Whether tickets of different priorities need lines of their own.
    pub fn splits_priorities(&self) -> bool {
        matches!(
            self,
            Discipline::Priority
                | Discipline::PriorityAgeing(_)
                | Discipline::CostOfWaiting(_)
                | Discipline::Mix(_)
        )
    }

    /// Whether tickets of different classes need lines of their own.
    pub fn splits_classes(&self) -> bool {
        matches!(self, Discipline::CostOfWaiting(_) | Discipline::Mix(_))
    }

    /// Whether tickets in different states need lines of their own.
    pub fn splits_groups(&self) -> bool {
        matches!(self, Discipline::StateFirst | Discipline::Mix(_))
    }

    /// The key of a ticket in a keyed line; smaller is sooner.
    pub fn key(&self, due: SimTime, mean_handle: SimDuration, handle: SimDuration) -> i64 {
        match self {
            Discipline::EarliestDue => due.micros(),
            Discipline::LeastSlack => due.micros().saturating_sub(mean_handle.micros()),
            Discipline::Shortest => handle.micros(),
            Discipline::Oldest
            | Discipline::Newest
            | Discipline::Random
            | Discipline::Priority
            | Discipline::PriorityAgeing(_)
            | Discipline::CostOfWaiting(_)
            | Discipline::Mix(_)
            | Discipline::StateFirst
            | Discipline::CherryPicking(_) => 0,
        }
    }

    /// How soon the head of a line is to be taken: smaller is sooner, and of two equal ones the
    /// one that joined earlier (or, newest first, later).
    pub fn score(&self, now: SimTime, head: &Head) -> i64 {
        let waited = || (now - head.since).micros() as f64;
        match self {
            Discipline::Oldest
            | Discipline::Newest
            | Discipline::Random
            | Discipline::CherryPicking(_) => 0,
            Discipline::Priority => i64::from(head.priority.0),
            Discipline::PriorityAgeing(rates) => -(rates[head.priority.index()] * waited()) as i64,
            Discipline::EarliestDue | Discipline::LeastSlack | Discipline::Shortest => head.key,
            Discipline::CostOfWaiting(weights) => {
                let hours = head.mean_handle.hours().max(1e-6);
                -(weights[head.priority.index()] * waited() / hours) as i64
            }
            Discipline::Mix(mix) => -(mix.points(now - head.since, head) * POINT).round() as i64,
            Discipline::StateFirst => head.group as i64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(since: f64, priority: u8, mean_hours: f64) -> Head {
        Head {
            since: SimTime::from_hours(since),
            priority: Priority(priority),
            group: Group::Rest,
            mean_handle: SimDuration::from_hours(mean_hours),
            key: 0,
        }
    }

    #[test]
    fn a_growing_priority_overtakes_a_higher_one() {
        // Rates 4 and 1: after 8 hours the low one scores 8, the high one after 1 hour 4.
        let ageing = Discipline::PriorityAgeing([4.0, 2.0, 1.0, 1.0]);
        let now = SimTime::from_hours(8.0);
        assert!(ageing.score(now, &head(0.0, 2, 1.0)) < ageing.score(now, &head(7.0, 0, 1.0)));
        assert!(ageing.score(now, &head(5.0, 0, 1.0)) < ageing.score(now, &head(0.0, 2, 1.0)));
    }

    #[test]
    fn points_of_a_mix_worked_by_hand() {
        let mix = Mix { age: 2.0, priority: 5.0, state: 3.0, quick: 4.0 };
        // Half a day, high priority, half an hour: 1 + 10 + 0 - 2.
        let high = head(0.0, 1, 0.5);
        assert_eq!(mix.points(SimDuration::from_hours(12.0), &high), 9.0);
        // Two days, low, needing something from the customer: 4 + 0 + 6 - 2 = 8, after the other.
        let asks = Head { group: Group::NeedsInformation, ..head(-36.0, 3, 0.5) };
        assert_eq!(mix.points(SimDuration::from_hours(48.0), &asks), 8.0);
        let (order, now) = (Discipline::Mix(mix), SimTime::from_hours(12.0));
        assert!(order.score(now, &high) < order.score(now, &asks));
    }

    #[test]
    fn cost_of_waiting_prefers_quick_work_of_equal_weight() {
        let cost = Discipline::CostOfWaiting([1.0; 4]);
        let now = SimTime::from_hours(4.0);
        assert!(cost.score(now, &head(2.0, 2, 0.1)) < cost.score(now, &head(1.0, 2, 0.3)));
    }

    #[test]
    fn slack_leaves_room_for_the_work() {
        let due = SimTime::from_hours(5.0);
        let (long, short) = (SimDuration::from_hours(2.0), SimDuration::from_hours(1.0));
        let slack = Discipline::LeastSlack;
        assert!(slack.key(due, long, long) < slack.key(due, short, short));
        assert_eq!(Discipline::EarliestDue.key(due, long, long), due.micros());
    }
}
