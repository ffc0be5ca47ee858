//! The naive division: what a spreadsheet says about a backlog. It is printed beside the simulation
//! because it is what planners use today, and it is wrong exactly when it matters.

use crate::ids::{ClassId, TeamId};
use crate::model::Model;
use crate::model::load::{new_tickets, productive_hours};
use crate::time::{SimDuration, SimTime};

/// Days over which the spreadsheet averages.
const WINDOW: SimDuration = SimDuration::from_days(28);

/// Backlog over slack.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Division {
    /// Tickets a day that capacity exceeds forecast, over the 28 days from then.
    pub slack_per_day: f64,
    /// Days the backlog takes; nothing where there is no slack: "never".
    pub days: Option<f64>,
}

/// Divides a backlog by the mean daily slack from an instant on: productive hours of the teams
/// that get tickets first over the mean first-touch time, less forecast new tickets.
pub fn divide(model: &Model, backlog: f64, from: SimTime) -> Division {
    // Plans do not look beyond their end: there the last weeks stand for what follows.
    let to = (from + WINDOW).min(model.end);
    let from = (to - WINDOW).max(SimTime::ZERO).min(from);
    let days = (to - from).days().max(1.0);
    let mut entries: Vec<TeamId> = model.classes.iter().map(|class| class.entry).collect();
    entries.sort_unstable();
    entries.dedup();
    let hours: f64 = entries.iter().map(|team| productive_hours(model, *team, from, to)).sum();
    let (mut tickets, mut first_touch_hours) = (0.0, 0.0);
    for (index, class) in model.classes.iter().enumerate() {
        let new = new_tickets(model, ClassId::new(index), from, to);
        tickets += new;
        first_touch_hours += new * model.agent_hours(ClassId::new(index), class.entry);
    }
    let capacity =
        if first_touch_hours > 0.0 { hours / (first_touch_hours / tickets) } else { 0.0 };
    let slack_per_day = (capacity - tickets) / days;
    let takes = (slack_per_day > 0.0).then(|| backlog / slack_per_day);
    Division { slack_per_day, days: takes }
}
