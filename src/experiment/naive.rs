//! The naive division: what a spreadsheet says about a backlog. It is printed beside the simulation
//! because it is what planners use today, and it is wrong exactly when it matters.

use crate::ids::{ClassId, TeamId};
use crate::model::Model;
use crate::model::load::{new_tickets, productive_hours};
use crate::time::{SimDuration, SimTime};

const WEEK: SimDuration = SimDuration::from_days(7);

/// Weeks over which the spreadsheet averages.
const WEEKS: i64 = 4;

/// Backlog over slack.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Division {
    /// Tickets a day that capacity exceeds forecast, over the four weeks from then.
    pub slack_per_day: f64,
    /// Days the backlog takes; nothing where there is no slack: "never".
    pub days: Option<f64>,
}

/// What the spreadsheet divides, and from when on: the peak, or the opening backlog on the first day where
/// that is most of the pile.
pub fn pile(model: &Model, peak: f64, peak_at: SimTime) -> (f64, SimTime) {
    let opening = model.opening.len() as f64;
    if 2.0 * opening >= peak { (opening, SimTime::ZERO) } else { (peak, peak_at) }
}

/// Divides a backlog by the mean daily slack from an instant on: productive hours of the teams
/// that get tickets first over the mean first-touch time, less forecast new tickets. Interventions
/// that have a date are in the plan that is divided.
pub fn divide(model: &Model, backlog: f64, from: SimTime) -> Division {
    let (from, to) = weeks_from(from, model.end);
    let days = (to - from).days().max(1.0);
    let (mut hours, mut tickets, mut first_touch_hours) = (0.0, 0.0, 0.0);
    // Bots may learn from day to day.
    let day = SimDuration::from_days(1);
    let mornings = std::iter::successors(Some(from), |begins| Some(*begins + day));
    let mornings = mornings.take_while(|begins| *begins < to);
    let parts = mornings.flat_map(|begins| model.stretches(begins, to.min(begins + day)));
    for (begins, ends) in parts {
        let desk = model.planned_at(begins);
        let mut entries: Vec<TeamId> = desk.classes.iter().map(|class| class.entry).collect();
        entries.sort_unstable();
        entries.dedup();
        hours +=
            entries.iter().map(|team| productive_hours(desk, *team, begins, ends)).sum::<f64>();
        for (index, class) in desk.classes.iter().enumerate() {
            let new = new_tickets(desk, ClassId::new(index), begins, ends);
            tickets += new;
            first_touch_hours += new * desk.agent_hours(ClassId::new(index), class.entry);
        }
    }
    let touch = if first_touch_hours > 0.0 {
        first_touch_hours / tickets
    } else {
        // Nothing new is planned: what is there takes as long.
        mean_first_touch(model)
    };
    let capacity = if touch > 0.0 { hours / touch } else { 0.0 };
    let slack_per_day = (capacity - tickets) / days;
    let takes = (slack_per_day > 0.0).then(|| backlog / slack_per_day);
    Division { slack_per_day, days: takes }
}

/// Mean hours of a first touch of the tickets that the run opens with, or of all classes alike.
fn mean_first_touch(model: &Model) -> f64 {
    let hours = |class: ClassId| model.agent_hours(class, model.classes[class.index()].entry);
    let opening: Vec<f64> = model.opening.iter().map(|ticket| hours(ticket.class)).collect();
    let all: Vec<f64> = (0..model.classes.len()).map(|index| hours(ClassId::new(index))).collect();
    let of = if opening.is_empty() { &all } else { &opening };
    of.iter().sum::<f64>() / of.len().max(1) as f64
}

/// Four weeks from then on, or as many whole ones as are left: no weekday counts more than another. Plans
/// do not look beyond their end, where the last week stands for what follows.
fn weeks_from(from: SimTime, end: SimTime) -> (SimTime, SimTime) {
    let left = (end - from).micros() / WEEK.micros();
    if left < 1 {
        return ((end - WEEK).max(SimTime::ZERO), end);
    }
    (from, from + SimDuration::from_micros(WEEK.micros() * left.min(WEEKS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_weeks_from_then_on_or_the_last_one() {
        let day = |day: i64| SimTime::ZERO + SimDuration::from_days(day);
        let weeks = |from, end| weeks_from(day(from), day(end));
        assert_eq!(weeks(10, 60), (day(10), day(38)));
        assert_eq!(weeks(10, 28), (day(10), day(24)));
        assert_eq!(weeks(27, 28), (day(21), day(28)));
        assert_eq!(weeks(2, 5), (day(0), day(5)));
    }
}
