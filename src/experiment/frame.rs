//! The frame that a recorder needs, taken from a model.

use crate::ids::{ClassId, TeamId};
use crate::model::Model;
use crate::model::money::cohort_number;
use crate::model::pool::Pool;
use crate::outcome::frame::Frame;
use crate::price::Seat;
use crate::time::{SimDuration, SimTime};
use std::ops::Range;

/// The frame of a model's figures.
pub fn frame_of(model: &Model) -> Frame {
    let oldest = model.opening.first().map_or(SimTime::ZERO, |ticket| ticket.created_at);
    // A ticket of the warm-up may still be there when counting begins.
    let oldest = oldest.min(model.start).min(SimTime::ZERO);
    let hours = model.end.hours().ceil() as i64;
    let hour_of_week = (0..hours).map(|hour| {
        let at = SimTime::ZERO + SimDuration::from_minutes(60 * hour);
        let civil = model.days.civil(at);
        let day = civil.weekday().to_monday_zero_offset();
        (i32::from(day) * 24 + i32::from(civil.hour())) as u8
    });
    let days = &model.days;
    let mondays = (days.day_of(SimTime::ZERO)..days.len()).step_by(7).map(|day| days.midnight(day));
    let stages = (0..model.classes.len()).flat_map(|class| {
        (0..model.teams.len()).map(move |team| (ClassId::new(class), TeamId::new(team)))
    });
    let answers = model.classes.iter().map(|class| class.promise.answer);
    let interventions = model.interventions.as_deref();
    let rules = interventions.iter().flat_map(|all| &all.rules);
    let desks = interventions.iter().flat_map(|all| &all.desks);
    let priced = desks.filter_map(|(mask, desk)| Some((*mask, desk.prices.clone()?)));
    Frame {
        classes: model.classes.len(),
        teams: model.teams.len(),
        start: model.start,
        end: model.end,
        oldest_opening: SimTime::ZERO - oldest,
        census: model.census.at.clone(),
        closes: model.census.closes.clone(),
        week_starts: mondays.take_while(|start| *start < model.end).collect(),
        hour_of_week: hour_of_week.collect(),
        prices: model.prices.clone(),
        has_customers: model.customers.is_some(),
        interventions: rules.map(|rule| (rule.cost, rule.cost_per_week)).collect(),
        prices_under: priced.collect(),
        pools: model.pools.iter().map(seats).collect(),
        answer_within: if answers.clone().all(|answer| answer.is_none()) {
            Vec::new()
        } else {
            answers.collect()
        },
        entries: model.classes.iter().map(|class| class.entry).collect(),
        agent_time: stages.map(|(class, team)| model.agent_time(class, team)).collect(),
        errands: (0..model.teams.len()).map(|team| model.errands(TeamId::new(team))).collect(),
    }
}

/// The agents of a pool, their team, and the seat of the first.
fn seats(pool: &Pool) -> (Range<u32>, TeamId, Seat) {
    let first = Seat { cohort: cohort_number(&pool.cohort), number: pool.first_seat };
    (pool.agents.clone(), pool.team, first)
}
