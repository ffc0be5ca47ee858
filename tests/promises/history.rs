//! Runs driven by files of counts: what a telephone system or a help desk exports is counted as it stands,
//! and weeks follow the clocks of the desk.

use crate::support::desk::folder_with;
use std::fmt::Write;
use surgecast::experiment::frame::frame_of;
use surgecast::model::Model;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::Parts;
use surgecast::time::{SimDuration, SimTime};

/// A profile in which nobody comes does not make those vanish who were counted.
#[test]
fn who_was_counted_came_whatever_the_profile_says() {
    let folder = folder_with(
        "start = 2026-10-05\ndays = 7\n[profiles.days]\ndays = [1, 1, 1, 1, 1, 0, 0]\n\
         hours = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]\n\
         [tickets.calls]\narrivals = { profile = \"days\", counts = { file = \"counts.csv\" } }\n\
         [teams.desk]\nagents = 40\n",
    );
    let mut counts = "day,calls\n".to_string();
    (5..12).for_each(|day| writeln!(counts, "2026-10-{day:02},70").unwrap());
    std::fs::write(folder.path().join("counts.csv"), counts).unwrap();
    let scenario = Scenario::read(&folder.path().join("desk.toml"), &[]).unwrap();
    let model = scenario.compile(Parts::All).0.unwrap().model;
    assert!((0..7).all(|day| (on_day(&model, day) - 70.0).abs() < 1e-9));
}

/// A desk in Berlin that takes its arrivals from `counts.csv`, with `interval` as its own line.
fn desk(span: &str, interval: &str, counts: &str, parts: Parts) -> Model {
    let folder = folder_with(&format!(
        "{span}\ntime_zone = \"Europe/Berlin\"\n[tickets.calls]\nhandle = \"4 min\"\n\
         arrivals.counts = {{ file = \"counts.csv\", interval = \"{interval}\" }}\n\
         [teams.desk]\nagents = 40\n"
    ));
    std::fs::write(folder.path().join("counts.csv"), counts).unwrap();
    let scenario = Scenario::read(&folder.path().join("desk.toml"), &[]).unwrap();
    let (season, problems) = scenario.compile(parts);
    assert_eq!(problems.iter().count(), 0, "{problems:?}");
    season.unwrap().model
}

/// Calls expected on a day of the run.
fn on_day(model: &Model, day: usize) -> f64 {
    let days = &model.days;
    let first = days.day_of(SimTime::ZERO);
    let (from, to) = (days.midnight(first + day), days.midnight(first + day + 1));
    model.classes[0].arrivals.expected(from, to)
}

#[test]
fn an_export_of_opening_hours_alone_is_enough() {
    // Two weeks of half-hours from eight to ten, none at weekends, and one in which nobody called.
    let mut counts = "from,calls\n".to_string();
    for day in [5, 6, 7, 8, 9, 12, 13, 14, 15, 16] {
        for (half, calls) in [("08:00", 9), ("08:30", 4), ("09:00", 0), ("09:30", day)] {
            if calls > 0 {
                writeln!(counts, "2026-10-{day:02} {half},{calls}").unwrap();
            }
        }
    }
    let model = desk("start = 2026-10-05\ndays = 12", "half-hour", &counts, Parts::All);
    for (day, calls) in [(0, 18.0), (4, 22.0), (5, 0.0), (6, 0.0), (11, 29.0)] {
        assert!((on_day(&model, day) - calls).abs() < 1e-9, "{day}: {}", on_day(&model, day));
    }
}

#[test]
fn times_of_greenwich_become_those_of_the_desk() {
    // Quarters of the two days around the night in which clocks go back, in the time of Greenwich: the
    // desk's Sunday has a hundred of them.
    let mut counts = "from,calls\n".to_string();
    let mut at = jiff::Timestamp::from_second(1_792_792_800).unwrap(); // 2026-10-24 00:00 in Berlin
    for _ in 0..4 * (24 + 25 + 24) {
        writeln!(counts, "{at},2").unwrap();
        at += jiff::SignedDuration::from_mins(15);
    }
    let model = desk("start = 2026-10-24\ndays = 3", "quarter-hour", &counts, Parts::All);
    let calls: Vec<f64> = (0..3).map(|day| on_day(&model, day).round()).collect();
    assert_eq!(calls, [192.0, 200.0, 192.0]);
}

#[test]
fn a_rush_of_weeks_is_not_its_own_measure() {
    let first = jiff::civil::date(2026, 8, 3);
    let mut counts = "day,calls\n".to_string();
    for day in 0..26 * 7 {
        let date = first.saturating_add(jiff::Span::new().days(day));
        // Six weeks of twice as many around the turn of the year.
        let calls = if (112..154).contains(&day) { 400 } else { 200 };
        writeln!(counts, "{date},{calls}").unwrap();
    }
    let span = "start = 2026-11-16\nweeks = 10";
    let (rush, calm) =
        (desk(span, "day", &counts, Parts::All), desk(span, "day", &counts, Parts::Calm));
    assert!((on_day(&rush, 30) - 400.0).abs() < 1e-9);
    for day in [0, 10, 30, 40, 69] {
        assert!((on_day(&calm, day) - 200.0).abs() < 1e-9, "{day}: {}", on_day(&calm, day));
    }
}

#[test]
fn weeks_begin_at_local_midnight_whatever_the_clocks_do() {
    let mut counts = "day,calls\n".to_string();
    for day in 0..42 {
        let date = jiff::civil::date(2026, 10, 12).saturating_add(jiff::Span::new().days(day));
        writeln!(counts, "{date},100").unwrap();
    }
    let model = desk("start = 2026-10-12\nweeks = 6", "day", &counts, Parts::All);
    let frame = frame_of(&model);
    assert_eq!(frame.weeks(), 6);
    let second = SimDuration::from_seconds(1);
    for week in 0..6 {
        let (begins, ends) = frame.span_of_week(week);
        let monday = model.days.civil(frame.week_starts[week]);
        assert_eq!((monday.hour(), monday.weekday()), (0, jiff::civil::Weekday::Monday));
        assert_eq!(frame.week(frame.week_starts[week]), week);
        if week > 0 {
            assert_eq!((begins, frame.week(begins - second)), (frame.week_starts[week], week - 1));
        }
        if week < 5 {
            assert_eq!(frame.week(ends - second), week);
        }
    }
    assert_eq!(frame.week(model.end), 5, "the end belongs to the last week");
    assert_eq!(frame.week(SimTime::ZERO - second), 0);
}

#[test]
fn a_list_of_tickets_is_counted_and_taken_for_the_next_year() {
    let folder = folder_with(
        "start = 2026-10-05\ndays = 7\n[tickets.mail]\narrivals.counts = { file = \"tickets.csv\", \
         rows = \"tickets\", time = \"Created at\", later = \"52 weeks\" }\n[teams.desk]\nagents = 40\n",
    );
    // As a help desk exports them: not in order, other columns, days and hours without any.
    let tickets = "ID;Created at;Subject\n3;2025-10-07 09:10:00;\"Late; again\"\n\
                   1;2025-10-06 08:00:01;Where\n2;2025-10-06 08:59:59;Where\n4;2025-10-12T23:30:00;No\n";
    std::fs::write(folder.path().join("tickets.csv"), tickets).unwrap();
    let read = |overrides: &[String]| {
        let scenario = Scenario::read(&folder.path().join("desk.toml"), overrides).unwrap();
        let (season, problems) = scenario.compile(Parts::All);
        (season.map(|season| season.model), problems)
    };
    let (model, problems) = read(&[]);
    let model = model.unwrap();
    assert_eq!(problems.iter().count(), 0, "{problems:?}");
    let counts: Vec<f64> = (0..7).map(|day| on_day(&model, day).round()).collect();
    assert_eq!(counts, [2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    let hour = |hour: f64| SimTime::ZERO + SimDuration::from_hours(hour);
    assert!((model.classes[0].arrivals.expected(hour(8.0), hour(9.0)) - 2.0).abs() < 1e-9);
    // By the day it is as much, and the file's own year is not the run's.
    let (model, _) = read(&["tickets.mail.arrivals.counts.interval=\"day\"".to_string()]);
    assert!((on_day(&model.unwrap(), 0) - 2.0).abs() < 1e-9);
    let (_, problems) = read(&["tickets.mail.arrivals.counts.later=\"0 weeks\"".to_string()]);
    assert!(problems.iter().any(|problem| problem.code == "counts-missing"), "{problems:?}");
}
