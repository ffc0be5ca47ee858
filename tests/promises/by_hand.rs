//! Constant times, worked out on paper: every ticket exactly where it must be.

use crate::support::{hours, journal};
use surgecast::dist::Law;
use surgecast::engine::{Desk, simulate};
use surgecast::experiment::frame::frame_of;
use surgecast::ids::{AgentId, ClassId, TeamId};
use surgecast::model::arrivals::{ArrivalProcess, Placement};
use surgecast::model::build::ModelBuilder;
use surgecast::model::class::Class;
use surgecast::model::days::Days;
use surgecast::model::patience::Patience;
use surgecast::model::pool::PoolPlan;
use surgecast::model::reopen::Reopen;
use surgecast::model::team::{ShiftEnd, TeamPlan};
use surgecast::outcome::journal::Fact;
use surgecast::outcome::recorder::Recorder;
use surgecast::outcome::tally::ClassTally;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::Parts;
use surgecast::ticket::Priority;
use surgecast::time::SimDuration;

fn listed(times: impl IntoIterator<Item = f64>) -> ArrivalProcess {
    let mut process = ArrivalProcess::none();
    process.placement = Placement::Listed(times.into_iter().map(hours).collect());
    process.end = hours(1e6);
    process
}

fn minutes(m: i64) -> SimDuration {
    SimDuration::from_minutes(m)
}

/// One agent from 9 to 17; a ticket every 10 minutes from 9:00 to 16:50; 15 minutes each.
fn one_agent(days: u32, shift_end: ShiftEnd) -> ModelBuilder {
    let mut builder = ModelBuilder::new("one agent", Days::plain(0, days));
    let team = builder.team(TeamPlan { shift_end, ..TeamPlan::new("desk") });
    let every_ten = (0..48).map(|i| 9.0 + f64::from(i) / 6.0);
    builder.class(Class::new("ticket", listed(every_ten), team, Law::Constant(minutes(15))));
    let shifts = (0..days)
        .map(|day| (hours(f64::from(day) * 24.0 + 9.0), hours(f64::from(day) * 24.0 + 17.0)));
    builder.pool(PoolPlan::new(team, "desk", 1, shifts.collect()));
    builder
}

fn times(model: &surgecast::model::Model, fact: impl Fn(&Fact) -> bool) -> Vec<(u32, f64)> {
    let journal = journal(model, 1, 0);
    let entries = journal.entries.iter().filter(|entry| fact(&entry.fact));
    entries.map(|entry| (entry.ticket.unwrap(), entry.at.hours())).collect()
}

#[test]
fn one_agent_works_through_the_day_ticket_by_ticket() {
    let model = one_agent(1, ShiftEnd::Finish).build().unwrap();
    // On paper: ticket n arrives at 9:00 + 10 n min and starts at 9:00 + 15 n min. The 32nd
    // (n = 31) starts at 16:45 and is done at 17:00; sixteen are left.
    let starts = times(&model, |fact| matches!(fact, Fact::Starts(_)));
    let expected: Vec<(u32, f64)> = (0..32).map(|n| (n, 9.0 + 0.25 * f64::from(n))).collect();
    assert_eq!(starts, expected);
    let ends = times(&model, |fact| matches!(fact, Fact::Ends(AgentId(0), false)));
    let expected: Vec<(u32, f64)> = (0..32).map(|n| (n, 9.25 + 0.25 * f64::from(n))).collect();
    assert_eq!(ends, expected);
    let remain = times(&model, |fact| *fact == Fact::Remains);
    let mut remain: Vec<u32> = remain.iter().map(|(number, _)| *number).collect();
    remain.sort_unstable();
    assert_eq!(remain, (32..48).collect::<Vec<_>>());
}

/// Counts of a day with one agent, from nine to five, for one class.
fn counted(class: impl FnOnce(TeamId) -> Class) -> ClassTally {
    let mut builder = ModelBuilder::new("one agent", Days::plain(0, 1));
    let team = builder.team(TeamPlan::new("desk"));
    builder.class(class(team));
    builder.pool(PoolPlan::new(team, "desk", 1, vec![(hours(9.0), hours(17.0))]));
    let model = builder.build().unwrap();
    let frame = frame_of(&model);
    let mut recorder = Recorder::new(&frame);
    simulate(&model, 1, 0, &mut Desk::new(), &mut recorder);
    recorder.classes[0].clone()
}

/// Counts of a customer who comes back an hour after every answer, and is promised a reply.
fn comes_back_every_hour(promised: i64) -> ClassTally {
    counted(|team| {
        let mut class = Class::new("ticket", listed([9.0]), team, Law::Constant(minutes(15)));
        class.reopen = Some(Reopen::new(1.0, Law::Constant(minutes(60))));
        class.promise.next_reply = [Some(minutes(promised)); Priority::COUNT];
        class
    })
}

#[test]
fn a_customer_who_writes_again_waits_for_the_next_reply() {
    // Answered at 9:15, the customer comes back after an hour and has the next reply a quarter of an
    // hour later, six times. The seventh time, at 17:45, nobody is there: that wait is left out.
    let tally = comes_back_every_hour(15);
    assert_eq!((tally.replies, tally.reopened, tally.next_replies), (1, 7, 6));
    assert_eq!(tally.next_reply_micros, (minutes(15).micros() * 6) as u64);
    // The promise of a quarter of an hour is kept on the stroke; the seventh has run out at midnight.
    assert_eq!((tally.next_reply_kept, tally.next_reply_missed), (6, 1));
    let tally = comes_back_every_hour(14);
    assert_eq!((tally.next_reply_kept, tally.next_reply_missed), (0, 7));
    // Seven hours from 17:45 are not over at the end.
    let tally = comes_back_every_hour(7 * 60);
    assert_eq!((tally.next_reply_kept, tally.next_reply_missed), (6, 0));
}

/// What becomes of ten callers, one every ten minutes, each of whom waits for half an hour, at an agent
/// who takes a quarter of an hour with each: answered in the promised time and later, given up in it and
/// later.
fn callers(promised: i64) -> ([u64; 2], [u64; 2]) {
    let tally = counted(|team| {
        let calls = listed((0..10).map(|i| 9.0 + f64::from(i) / 6.0));
        let mut class = Class::new("call", calls, team, Law::Constant(minutes(15)));
        class.patience = Some(Patience::new(Law::Constant(minutes(30))));
        class.promise.answer = Some(minutes(promised));
        class
    });
    (tally.answered, tally.unanswered)
}

#[test]
fn a_service_level_counts_who_is_taken_and_who_gives_up() {
    // They wait 0, 5, 10, 15, 20, 25, 30 minutes; the eighth would wait 35 and gives up after 30; the
    // last two wait 25 and 30. On the stroke is in time.
    assert_eq!(callers(20), ([5, 4], [0, 1]));
    assert_eq!(callers(30), ([9, 0], [1, 0]));
}

#[test]
fn the_rest_is_done_next_morning_in_order() {
    let model = one_agent(2, ShiftEnd::Finish).build().unwrap();
    let starts = times(&model, |fact| matches!(fact, Fact::Starts(_)));
    let expected: Vec<(u32, f64)> = (0..16).map(|n| (32 + n, 33.0 + 0.25 * f64::from(n))).collect();
    assert_eq!(starts[32..], expected);
}

/// Handling 14 minutes: the 35th touch (n = 34) runs from 16:56 to 17:10.
fn late_touch(shift_end: ShiftEnd) -> Vec<(u32, f64, bool)> {
    let mut builder = ModelBuilder::new("late", Days::plain(0, 2));
    let team = builder.team(TeamPlan { shift_end, reread: minutes(3), ..TeamPlan::new("desk") });
    let every_ten = (0..48).map(|i| 9.0 + f64::from(i) / 6.0);
    builder.class(Class::new("ticket", listed(every_ten), team, Law::Constant(minutes(14))));
    let shifts = vec![(hours(9.0), hours(17.0)), (hours(33.0), hours(41.0))];
    builder.pool(PoolPlan::new(team, "desk", 1, shifts));
    let journal = journal(&builder.build().unwrap(), 1, 0);
    let of = journal.of(34).filter_map(|entry| match entry.fact {
        Fact::Starts(_) => Some((34, entry.at.hours(), true)),
        Fact::Ends(_, _) => Some((34, entry.at.hours(), false)),
        _ => None,
    });
    of.collect()
}

#[test]
fn a_touch_at_the_end_of_the_shift_is_finished_suspended_or_handed_over() {
    let near = |a: &[(u32, f64, bool)], b: &[(f64, bool)]| {
        assert_eq!(a.len(), b.len(), "{a:?}");
        for ((_, at, starts), (expected, expected_starts)) in a.iter().zip(b) {
            // Minutes are not exact in binary hours.
            assert!((at - expected).abs() < 1e-9 && starts == expected_starts, "{a:?}");
        }
    };
    let (start, shift_over) = (16.0 + 56.0 / 60.0, 17.0);
    near(&late_touch(ShiftEnd::Finish), &[(start, true), (17.0 + 10.0 / 60.0, false)]);
    // Four minutes done, ten left next morning.
    let next = 33.0 + 10.0 / 60.0;
    near(
        &late_touch(ShiftEnd::Suspend),
        &[(start, true), (shift_over, false), (33.0, true), (next, false)],
    );
    // And three more to read it again.
    let next = 33.0 + 13.0 / 60.0;
    near(
        &late_touch(ShiftEnd::HandOver),
        &[(start, true), (shift_over, false), (33.0, true), (next, false)],
    );
}

#[test]
fn two_agents_take_turns_and_the_longest_idle_goes_first() {
    let mut builder = ModelBuilder::new("two", Days::plain(0, 1));
    let team = builder.team(TeamPlan::new("desk"));
    // At 9:00 and 9:05 both get busy; at 10:00 the one who finished first takes the next.
    let arrivals = listed([9.0, 9.0 + 5.0 / 60.0, 10.0, 10.5]);
    builder.class(Class::new("ticket", arrivals, team, Law::Constant(minutes(20))));
    builder.pool(PoolPlan::new(team, "desk", 2, vec![(hours(9.0), hours(17.0))]));
    let model = builder.build().unwrap();
    let journal = journal(&model, 1, 0);
    let agents: Vec<u32> = journal
        .entries
        .iter()
        .filter_map(|entry| match entry.fact {
            Fact::Starts(agent) => Some(agent.0),
            _ => None,
        })
        .collect();
    assert_eq!(agents, [0, 1, 0, 1]);
    assert_eq!(journal.entries[0].class, Some(ClassId(0)));
}

#[test]
fn a_touch_broken_off_goes_to_an_idle_agent_who_stays() {
    let mut builder = ModelBuilder::new("hand over", Days::plain(0, 1));
    let team = builder.team(TeamPlan { shift_end: ShiftEnd::Suspend, ..TeamPlan::new("desk") });
    // Two leave at noon, one busy and one idle for longest; who stays has been idle since 11:00.
    builder.class(Class::new(
        "ticket",
        listed([9.0, 10.0, 10.5, 11.5]),
        team,
        Law::Constant(minutes(60)),
    ));
    builder.pool(PoolPlan::new(team, "leave", 2, vec![(hours(9.0), hours(12.0))]));
    builder.pool(PoolPlan::new(team, "stay", 1, vec![(hours(9.0), hours(17.0))]));
    let journal = journal(&builder.build().unwrap(), 1, 0);
    let starts: Vec<(f64, u32)> = journal
        .of(3)
        .filter_map(|entry| match entry.fact {
            Fact::Starts(agent) => Some((entry.at.hours(), agent.0)),
            _ => None,
        })
        .collect();
    // 0 took 9:00, 1 took 10:00, 2 took 10:30; at 11:30 agent 0 is free since 10:00 and goes on
    // until noon; 2, idle since 11:30, takes over at once although 1 has been idle since 11:00.
    assert_eq!(starts, [(11.5, 0), (12.0, 2)]);
}

/// The desk on paper, as a user would write it.
const ON_PAPER: &str = r#"
name = "On paper"
start = 2026-03-02
days = 1
opening = "empty"

[calendars.desk]
mon-fri = "09:00-17:00"

[tickets.ticket]
arrivals = { every = "10 min" }
handle = { mean = "15 min", law = "constant" }

[teams.desk]
agents = 1
shrinkage = 0
"#;

#[test]
fn the_desk_on_paper_written_in_toml() {
    let scenario = Scenario::from_text("on-paper.toml", ON_PAPER, &[]);
    let model = scenario.compile(Parts::All).0.unwrap().model;
    // Tickets come around the clock: number n at 10 n minutes, 144 of them.
    let created = times(&model, |fact| matches!(fact, Fact::Created(_)));
    let expected: Vec<(u32, f64)> = (0..144).map(|n| (n, f64::from(n) / 6.0)).collect();
    assert_eq!(created, expected);
    // The agent comes at 9:00, takes the oldest, and does one in a quarter of an hour.
    let starts = times(&model, |fact| matches!(fact, Fact::Starts(_)));
    let expected: Vec<(u32, f64)> = (0..32).map(|n| (n, 9.0 + 0.25 * f64::from(n))).collect();
    assert_eq!(starts, expected);
    let remain = times(&model, |fact| *fact == Fact::Remains);
    assert_eq!(remain.len(), 144 - 32);
}
