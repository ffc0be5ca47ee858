//! What is known before a run begins: when people come and go, and when the desk is counted.

use super::calendar::Calendar;
use super::days::Days;
use super::{Change, Model, Planned};
use crate::ids::{PoolId, TeamId};
use crate::time::{SimDuration, SimTime};

/// When the desk is counted: every hour from the start, and at the close of every open day.
#[derive(Clone, PartialEq, Debug)]
pub struct Census {
    /// Instants, in order; each ends a bin.
    pub at: Vec<SimTime>,
    /// Positions in `at` that are closes of open days.
    pub closes: Vec<u32>,
}

/// Everything planned, in order.
pub fn changes(model: &Model) -> Vec<Planned> {
    let mut changes = vec![Planned { at: SimTime::ZERO.max(model.start), change: Change::Begin }];
    let today = model.days.day_of(SimTime::ZERO) as i64;
    for (index, pool) in model.pools.iter().enumerate() {
        let id = PoolId::new(index);
        if model.teams[pool.team.index()].habits.remembers() || pool.leaving.is_some() {
            let ends = day_ends(&pool.spans, &model.days);
            let ends = ends.into_iter().filter(|at| *at > model.start);
            changes.extend(ends.map(|at| Planned { at, change: Change::DayEnds(id) }));
        }
        for (lesson, planned) in pool.lessons.iter().enumerate() {
            if planned.at >= model.start {
                let change = Change::Lesson { pool: id, lesson: lesson as u16 };
                changes.push(Planned { at: planned.at, change });
            }
        }
        let ends = pool.fence.iter().map(|(_, to)| *to).filter(|at| *at > model.start);
        changes.extend(ends.map(|at| Planned { at, change: Change::FenceEnds(id) }));
        let mut turn = 0;
        for (from, to) in &pool.spans {
            if *to <= model.start || *from >= model.end {
                continue;
            }
            // A shift past midnight meets the absences of each of its days only where it is
            // longer than one.
            let mut at = *from;
            let mut day = model.days.day_of(*from);
            while at < *to {
                changes
                    .push(Planned { at, change: Change::On { pool: id, day: day as i64 - today } });
                day += 1;
                let long = *to - *from > SimDuration::from_days(1) && !pool.shrinkage.is_none();
                at = if long && day < model.days.len() { model.days.midnight(day) } else { *to };
            }
            changes.push(Planned { at: *to, change: Change::Off(id) });
            for (at, lasts) in pool.shrinkage.turns(*from, *to) {
                if at >= model.start {
                    changes.push(Planned { at, change: Change::Turn { pool: id, turn, lasts } });
                }
                turn += 1;
            }
        }
    }
    for (index, team) in model.teams.iter().enumerate() {
        let audits = team.forgetting.iter().flat_map(|f| f.audits(model.start, model.end));
        let change = Change::Audit(TeamId::new(index));
        changes.extend(audits.map(|at| Planned { at, change }));
    }
    for (index, bulk) in model.bulk.iter().enumerate() {
        changes.push(Planned { at: bulk.at, change: Change::Bulk(index as u16) });
    }
    for (index, (review, _)) in model.reviews.iter().enumerate() {
        let change = Change::Review(index as u16);
        changes.extend(review.at.iter().map(|at| Planned { at: *at, change }));
    }
    changes.retain(|planned| planned.at < model.end);
    changes.sort_by_key(|planned| (planned.at, planned.change));
    // What happened before the start has happened by it.
    for planned in &mut changes {
        planned.at = planned.at.max(model.start);
    }
    changes
}

/// When the desk is counted, `desk` being the hours whose closes judge the backlog.
pub fn census(model: &Model, desk: Option<&Calendar>) -> Census {
    let hour = SimDuration::from_minutes(60);
    let mut at = Vec::new();
    let mut next = SimTime::ZERO + hour;
    while next < model.end {
        at.push(next);
        next += hour;
    }
    at.push(model.end);
    let closes = closes(desk, &model.days, model.end);
    at.extend(&closes);
    at.sort_unstable();
    at.dedup();
    let place = |close: &SimTime| at.partition_point(|point| point < close) as u32;
    let closes = closes.iter().map(place).collect();
    Census { at, closes }
}

/// When the days of a roster end: with the last shift that ends on a day, and at midnight within a
/// shift of more than a day.
fn day_ends(spans: &[(SimTime, SimTime)], days: &Days) -> Vec<SimTime> {
    // A shift until midnight ends on the day before.
    let date = |end: SimTime| days.civil(end - SimDuration::from_micros(1)).date();
    let mut ends = Vec::new();
    for (place, (from, to)) in spans.iter().enumerate() {
        if *to - *from > SimDuration::from_days(1) {
            let midnights = (0..days.len()).map(|day| days.midnight(day));
            ends.extend(midnights.filter(|at| from < at && at < to));
        }
        let next = spans.get(place + 1);
        if next.is_none_or(|(_, next)| date(*next) != date(*to)) {
            ends.push(*to);
        }
    }
    ends
}

/// The close of each open day after the start: the last closing time of the day, or its midnight where
/// the desk is open for more than a day.
pub fn closes(desk: Option<&Calendar>, days: &Days, end: SimTime) -> Vec<SimTime> {
    let all = match desk {
        None => (0..days.len()).map(|day| days.midnight(day + 1)).collect(),
        Some(desk) => day_ends(&desk.spans().collect::<Vec<_>>(), days),
    };
    all.into_iter().filter(|close| *close > SimTime::ZERO && *close <= end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_closes_in_the_morning_and_a_desk_that_never_does_at_midnight() {
        let hour = |hour: i64| SimTime::ZERO + SimDuration::from_minutes(60 * hour);
        let days = Days::plain(0, 3);
        let closing = |spans: &[(i64, i64)]| -> Vec<f64> {
            let spans = spans.iter().map(|(from, to)| (hour(*from), hour(*to))).collect();
            let desk = Calendar::new(spans, SimDuration::from_hours(8.0));
            closes(Some(&desk), &days, hour(72)).iter().map(|at| at.hours()).collect()
        };
        assert_eq!(closing(&[(22, 30), (46, 54), (70, 78)]), [30.0, 54.0]);
        assert_eq!(closing(&[(8, 12), (13, 17), (32, 41)]), [17.0, 41.0]);
        assert_eq!(closing(&[(0, 72)]), [24.0, 48.0, 72.0]);
    }
}
