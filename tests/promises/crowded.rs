//! Rooms that are full, work that slows down, and customers who do not come back to it: worked out
//! on paper.

use crate::determinism::row;
use crate::support::{hours, journal};
use surgecast::dist::Law;
use surgecast::model::Model;
use surgecast::model::arrivals::{ArrivalProcess, Placement};
use surgecast::model::build::ModelBuilder;
use surgecast::model::class::Class;
use surgecast::model::crowding::Crowding;
use surgecast::model::days::Days;
use surgecast::model::patience::Patience;
use surgecast::model::pool::PoolPlan;
use surgecast::model::room::TurnedAway;
use surgecast::model::team::{ShiftEnd, TeamPlan};
use surgecast::outcome::journal::Fact;
use surgecast::time::SimDuration;

fn minutes(m: i64) -> SimDuration {
    SimDuration::from_minutes(m)
}

/// Agents from 9 to 17 on two days, an hour a ticket.
fn desk(times: &[f64], agents: u32, plan: TeamPlan, change: impl FnOnce(&mut Class)) -> Model {
    desk_with(times, agents, plan, change, |_| {})
}

fn desk_with(
    times: &[f64],
    agents: u32,
    plan: TeamPlan,
    change: impl FnOnce(&mut Class),
    group: impl FnOnce(&mut PoolPlan),
) -> Model {
    let mut builder = ModelBuilder::new("desk", Days::plain(0, 2));
    let team = builder.team(plan);
    let mut arrivals = ArrivalProcess::none();
    arrivals.placement = Placement::Listed(times.iter().map(|at| hours(*at)).collect());
    arrivals.end = hours(1e6);
    let mut class = Class::new("ticket", arrivals, team, Law::Constant(minutes(60)));
    change(&mut class);
    builder.class(class);
    let shifts = vec![(hours(9.0), hours(17.0)), (hours(33.0), hours(41.0))];
    let mut pool = PoolPlan::new(team, "desk", agents, shifts);
    group(&mut pool);
    builder.pool(pool);
    builder.build().unwrap()
}

fn of(model: &Model, fact: impl Fn(&Fact) -> bool) -> Vec<(u32, f64)> {
    let journal = journal(model, 1, 0);
    let entries = journal.entries.iter().filter(|entry| fact(&entry.fact));
    entries.map(|entry| (entry.ticket.unwrap(), entry.at.hours())).collect()
}

fn ends(model: &Model) -> Vec<(u32, f64)> {
    of(model, |fact| matches!(fact, Fact::Ends(_, false)))
}

#[test]
fn a_full_team_turns_away_and_whoever_tries_again_finds_room() {
    let plan = TeamPlan { room: Some(2), ..TeamPlan::new("lines") };
    let arrivals = [9.0, 9.25, 9.5];
    // One in work, one waiting: the third is turned away, and lost unless it tries again.
    let lost = desk(&arrivals, 1, plan.clone(), |_| {});
    assert_eq!(ends(&lost), [(0, 10.0), (1, 11.0)]);
    // Nor was it ever there: the peak is what there is room for, from when that was reached.
    let run = row(&lost, 0, None).run;
    assert_eq!((run.peak, run.peak_micros), (2, hours(9.25).micros()));
    let again = desk(&arrivals, 1, plan, |class| {
        class.turned_away = Some(TurnedAway {
            overflow: None,
            p_first: 1.0,
            p_later: 0.0,
            after: Law::Constant(minutes(60)),
        });
    });
    // It tries again at 10:30, when one is in work and nobody waits.
    assert_eq!(ends(&again), [(0, 10.0), (1, 11.0), (2, 12.0)]);
}

#[test]
fn a_full_team_passes_on_to_another_one_that_is_full_in_turn() {
    let mut builder = ModelBuilder::new("two teams", Days::plain(0, 1));
    let [lines, backup] = ["lines", "backup"]
        .map(|name| builder.team(TeamPlan { room: Some(1), ..TeamPlan::new(name) }));
    let mut arrivals = ArrivalProcess::none();
    arrivals.placement = Placement::Listed([9.0, 9.25, 9.5].map(hours).to_vec());
    arrivals.end = hours(24.0);
    let mut class = Class::new("call", arrivals, lines, Law::Constant(minutes(60)));
    class.turned_away = Some(TurnedAway {
        overflow: Some(backup),
        p_first: 0.0,
        p_later: 1.0,
        after: Law::Constant(minutes(45)),
    });
    builder.class(class);
    for team in [lines, backup] {
        builder.pool(PoolPlan::new(team, "agents", 1, vec![(hours(9.0), hours(17.0))]));
    }
    let model = builder.build().unwrap();
    // The second goes to the other team. The third is turned away by both and calls the first one
    // again at 10:15, when it is free.
    assert_eq!(ends(&model), [(0, 10.0), (1, 10.25), (2, 11.25)]);
    let away = of(&model, |fact| matches!(fact, Fact::TurnedAway(_)));
    assert_eq!(away, [(1, 9.25), (2, 9.5), (2, 9.5)]);
    assert_eq!(of(&model, |fact| *fact == Fact::Moves(backup)), [(1, 9.25), (2, 9.5)]);
}

#[test]
fn other_work_takes_no_room_and_slows_nobody_down() {
    let slow = Crowding::new([1.0, 1.0, 0.5]);
    let plan = TeamPlan { room: Some(1), crowding: slow, ..TeamPlan::new("desk") };
    // Both agents do other work from 9 to 10 and, when nobody waits, for another hour. There is
    // room for the ticket of 9:30, and it is done at full speed from 10 to 11.
    let other = |pool: &mut PoolPlan| pool.side_work = Some(Law::Constant(minutes(60)));
    let model = desk_with(&[9.5], 2, plan, |_| {}, other);
    assert_eq!(ends(&model), [(0, 11.0)]);
}

#[test]
fn two_at_a_time_go_at_half_speed() {
    let slow = Crowding::new([1.0, 1.0, 0.5]);
    let plan = TeamPlan { crowding: slow, ..TeamPlan::new("chat") };
    // From 9:30 on two are open. The first has half an hour left, which takes an hour; the second
    // has done half of its hour by then and finishes the rest at full speed.
    let model = desk(&[9.0, 9.5], 2, plan, |_| {});
    assert_eq!(ends(&model), [(0, 10.5), (1, 11.0)]);
}

#[test]
fn customers_whose_touch_was_broken_off_wait_for_ever_or_give_up() {
    let plan = TeamPlan { shift_end: ShiftEnd::Suspend, ..TeamPlan::new("desk") };
    let patience = Patience::new(Law::Constant(minutes(120)));
    let stays = desk(&[16.5], 1, plan.clone(), |class| class.patience = Some(patience.clone()));
    assert_eq!(ends(&stays), [(0, 33.5)]);
    let anew = Patience { after_interruption: true, ..patience };
    let leaves = desk(&[16.5], 1, plan, |class| class.patience = Some(anew));
    assert_eq!(ends(&leaves), []);
    assert_eq!(of(&leaves, |fact| matches!(fact, Fact::Leaves(_))), [(0, 19.0)]);
}

#[test]
fn a_room_never_full_and_a_speed_of_one_change_nothing() {
    let times: Vec<f64> = (0..60).map(|n| 9.0 + f64::from(n) * 0.11).collect();
    let random = |class: &mut Class| class.handle = Law::exponential(minutes(20));
    let plain = desk(&times, 2, TeamPlan::new("desk"), random);
    let neutral =
        TeamPlan { room: Some(u32::MAX), crowding: Crowding::new([1.0]), ..TeamPlan::new("desk") };
    let neutral = desk(&times, 2, neutral, random);
    assert_eq!(journal(&plain, 3, 0).entries, journal(&neutral, 3, 0).entries);
}
