//! Several things in one agent's hands, or several agents on one, worked out on paper: chats at once,
//! deferred tickets that make way, helpers, and colleagues who are asked.

use crate::support::{hours, journal};
use surgecast::dist::Law;
use surgecast::engine::{Desk, simulate};
use surgecast::experiment::frame::frame_of;
use surgecast::ids::{AgentId, ClassId};
use surgecast::model::Model;
use surgecast::model::arrivals::{ArrivalProcess, Placement};
use surgecast::model::blending::Blending;
use surgecast::model::build::ModelBuilder;
use surgecast::model::class::Class;
use surgecast::model::concurrency::Concurrency;
use surgecast::model::days::Days;
use surgecast::model::learning::{Curve, Ramp};
use surgecast::model::pool::PoolPlan;
use surgecast::model::questions::Questions;
use surgecast::model::swarming::{Hard, Swarming};
use surgecast::model::team::{ShiftEnd, TeamPlan};
use surgecast::outcome::journal::Fact;
use surgecast::outcome::recorder::Recorder;
use surgecast::time::SimDuration;

fn listed(times: &[f64]) -> ArrivalProcess {
    let mut arrivals = ArrivalProcess::none();
    arrivals.placement = Placement::Listed(times.iter().map(|at| hours(*at)).collect());
    arrivals.end = hours(1e6);
    arrivals
}

/// Agents from 9 to 17 on two days; classes by when they come, and how long they take.
fn desk(agents: u32, plan: TeamPlan, classes: &[(&[f64], i64)]) -> Model {
    let mut builder = ModelBuilder::new("desk", Days::plain(0, 2));
    let team = builder.team(plan);
    for (number, (times, minutes)) in classes.iter().enumerate() {
        let law = Law::Constant(SimDuration::from_minutes(*minutes));
        builder.class(Class::new(&format!("class {number}"), listed(times), team, law));
    }
    let shifts = vec![(hours(9.0), hours(17.0)), (hours(33.0), hours(41.0))];
    builder.pool(PoolPlan::new(team, "desk", agents, shifts));
    builder.build().unwrap()
}

fn chats(handle: [f64; 2]) -> TeamPlan {
    let concurrency = Concurrency::new(vec![ClassId(0)], 2, handle);
    TeamPlan { concurrency, ..TeamPlan::new("chats") }
}

fn ends(model: &Model) -> Vec<(u32, f64)> {
    let journal = journal(model, 1, 0);
    let ended = journal.entries.iter().filter(|entry| matches!(entry.fact, Fact::Ends(_, false)));
    ended.map(|entry| (entry.ticket.unwrap(), entry.at.hours())).collect()
}

#[test]
fn each_of_two_chats_takes_half_as_long_again() {
    let model = desk(1, chats([1.0, 1.5]), &[(&[9.0, 9.5, 9.6], 60)]);
    // At 9:30 the first has half an hour left, which takes 45 min. The third waits until then; the
    // second has half an hour left and takes 45 min beside it; the third's last half hour is alone.
    assert_eq!(ends(&model), [(0, 10.25), (1, 11.0), (2, 11.5)]);
    // The agent was busy for 2.5 hours, in which tickets were in hand for 1.25 + 1.5 + 1.25.
    let frame = frame_of(&model);
    let mut recorder = Recorder::new(&frame);
    simulate(&model, 1, 0, &mut Desk::new(), &mut recorder);
    let micros = |h: f64| SimDuration::from_hours(h).micros() as u64;
    assert_eq!(recorder.teams[0].busy_micros, micros(2.5));
    assert_eq!(recorder.teams[0].hand_micros, micros(4.0));
    assert_eq!(recorder.classes[0].all_work_micros(), micros(2.5));
    assert_eq!(recorder.teams[0].touches, 3);
}

#[test]
fn a_chat_goes_to_who_has_the_fewest_and_of_those_for_longest() {
    let model = desk(2, chats([1.0, 1.0]), &[(&[9.1, 9.2, 9.3, 9.4], 60)]);
    let journal = journal(&model, 1, 0);
    let taken = journal.entries.iter().filter_map(|entry| match entry.fact {
        Fact::Starts(agent) => Some(agent),
        _ => None,
    });
    assert_eq!(taken.collect::<Vec<_>>(), [0, 1, 0, 1].map(AgentId));
}

#[test]
fn the_end_of_a_shift_finds_all_chats_in_hand() {
    let plan = |shift_end| TeamPlan { shift_end, ..chats([1.0, 1.0]) };
    let late: &[(&[f64], i64)] = &[(&[16.5, 16.75, 16.875], 60)];
    // Two are finished late, and the third waits for the morning.
    let finished = desk(1, plan(ShiftEnd::Finish), late);
    assert_eq!(ends(&finished), [(0, 17.5), (1, 17.75), (2, 34.0)]);
    // Two are put back and go on together; what was put back last comes first.
    let suspended = desk(1, plan(ShiftEnd::Suspend), late);
    assert_eq!(ends(&suspended), [(0, 33.5), (1, 33.75), (2, 34.5)]);
}

#[test]
fn nothing_else_is_done_beside_a_chat() {
    let model = desk(1, chats([1.0, 1.0]), &[(&[9.0, 9.5], 60), (&[9.25], 30)]);
    // The mail of 9:15 waits until both chats are done.
    assert_eq!(ends(&model), [(0, 10.0), (2, 10.5), (1, 11.0)]);
}

#[test]
fn a_call_suspends_a_mail_which_goes_on_where_it_stopped() {
    let blending = Blending {
        immediate: vec![ClassId(0)],
        suspends: true,
        reread: SimDuration::from_minutes(15),
    };
    let plan = |suspends| TeamPlan {
        blending: Some(Blending { suspends, ..blending.clone() }),
        ..TeamPlan::new("desk")
    };
    let classes: &[(&[f64], i64)] = &[(&[9.5, 11.0], 15), (&[9.0, 9.25], 60)];
    // The mail has half an hour left at 9:45 and takes 15 min more to get into.
    let suspended = desk(1, plan(true), classes);
    assert_eq!(ends(&suspended), [(2, 9.75), (0, 10.5), (3, 11.25), (1, 12.0)]);
    // Otherwise calls wait for the mail in hand, and go before the next.
    let first = desk(1, plan(false), classes);
    assert_eq!(ends(&first), [(0, 10.0), (2, 10.25), (1, 11.25), (3, 11.5)]);
}

/// Touches of more than half an hour are hard; a helper is worth an agent.
fn swarming(shift_end: ShiftEnd) -> TeamPlan {
    let swarming = Swarming {
        tickets: vec![ClassId(0)],
        hard: Hard::Longer(SimDuration::from_minutes(30)),
        agents: 2,
        helper: 1.0,
        escalates: 0.5,
    };
    TeamPlan { swarming: Some(swarming), shift_end, ..TeamPlan::new("desk") }
}

#[test]
fn two_do_a_hard_ticket_in_half_the_time_and_others_wait_for_both() {
    let classes: &[(&[f64], i64)] = &[(&[9.0], 60), (&[9.25], 15)];
    let model = desk(2, swarming(ShiftEnd::Finish), classes);
    assert_eq!(ends(&model), [(0, 9.5), (1, 9.75)]);
    let frame = frame_of(&model);
    let mut recorder = Recorder::new(&frame);
    simulate(&model, 1, 0, &mut Desk::new(), &mut recorder);
    let micros = |h: f64| SimDuration::from_hours(h).micros() as u64;
    let team = &recorder.teams[0];
    assert_eq!(
        [team.busy_micros, team.help_micros, team.hand_micros],
        [1.25, 0.5, 0.75].map(micros)
    );
    assert_eq!((team.touches, recorder.classes[0].all_work_micros()), (2, micros(1.0)));
    // Nobody is free: it takes the whole hour.
    assert_eq!(ends(&desk(1, swarming(ShiftEnd::Finish), classes)), [(0, 10.0), (1, 10.25)]);
}

#[test]
fn a_helper_who_goes_home_leaves_the_rest_to_one() {
    let with_shifts = |shift_end| {
        let mut builder = ModelBuilder::new("desk", Days::plain(0, 1));
        let team = builder.team(swarming(shift_end));
        let law = Law::Constant(SimDuration::from_minutes(60));
        builder.class(Class::new("hard", listed(&[9.0]), team, law));
        builder.pool(PoolPlan::new(team, "all day", 1, vec![(hours(8.0), hours(17.0))]));
        builder.pool(PoolPlan::new(team, "early", 1, vec![(hours(8.5), hours(9.25))]));
        builder.build().unwrap()
    };
    // Half is done at 9:15, and the other half takes one agent half an hour.
    assert_eq!(ends(&with_shifts(ShiftEnd::Suspend)), [(0, 9.75)]);
    // Where touches are finished, help is.
    assert_eq!(ends(&with_shifts(ShiftEnd::Finish)), [(0, 9.5)]);
}

/// A newcomer and an old hand; everything the newcomer begins is asked about. Which of them gets the
/// tickets first?
fn newcomer(takes: i64, (new_tried, old_tried): (u8, u8), old_hands: u32) -> Model {
    let questions = Questions {
        share: 1.0,
        takes: SimDuration::from_minutes(takes),
        handle: 0.5,
        reopens: 1.0,
    };
    let mut builder = ModelBuilder::new("desk", Days::plain(0, 1));
    let team = builder.team(TeamPlan { questions: Some(questions), ..TeamPlan::new("desk") });
    let law = Law::Constant(SimDuration::from_minutes(60));
    builder.class(Class::new("mail", listed(&[9.0, 9.05]), team, law));
    let shift = vec![(hours(8.0), hours(17.0))];
    let mut new = PoolPlan { tried: new_tried, ..PoolPlan::new(team, "new", 1, shift.clone()) };
    let over = SimDuration::from_days(30);
    new.pace.ramp =
        Some((hours(8.0), Ramp { start: 1.0, over, curve: Curve::Stepped, reopens: 1.0 }));
    builder.pool(new);
    let old = PoolPlan::new(team, "old", old_hands, shift);
    builder.pool(PoolPlan { tried: old_tried, ..old });
    builder.build().unwrap()
}

fn hours_of(model: &Model) -> [u64; 3] {
    let frame = frame_of(model);
    let mut recorder = Recorder::new(&frame);
    simulate(model, 1, 0, &mut Desk::new(), &mut recorder);
    let team = &recorder.teams[0];
    [team.busy_micros, team.help_micros, team.hand_micros]
}

#[test]
fn an_answer_of_six_minutes_halves_the_newcomers_touch() {
    let micros = |h: f64| SimDuration::from_hours(h).micros() as u64;
    // The old hand answers until 9:06, and takes the second ticket then, alone.
    let idle = newcomer(6, (0, 1), 1);
    assert_eq!(ends(&idle), [(0, 9.5), (1, 10.1)]);
    assert_eq!(hours_of(&idle), [1.6, 0.1, 1.5].map(micros));
    assert!(!idle.is_plain());
    // An answer of somebody idle ends with the touch it is about.
    assert_eq!(ends(&newcomer(60, (0, 1), 1)), [(0, 9.5), (1, 10.5)]);
    // Somebody in a touch is done later for it; the newcomer begins at 9:03.
    let busy = newcomer(6, (1, 0), 1);
    assert_eq!(ends(&busy), [(1, 9.55), (0, 10.1)]);
    assert_eq!(hours_of(&busy), [1.6, 0.0, 1.6].map(micros));
    // Nobody is there to be asked.
    assert_eq!(ends(&newcomer(6, (0, 1), 0)), [(0, 10.0), (1, 11.0)]);
}
