//! What a run says first: whether something piles up at all, and when it is over.

use crate::support::binary::surgecast_in;

/// What is said of a desk.
fn told(command: &[&str], desk: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("desk.toml"), desk).unwrap();
    let told = surgecast_in(folder.path(), &[command, &["desk.toml"]].concat());
    assert_eq!(told.code, Some(0), "{}", told.err);
    told.out
}

fn run(desk: &str) -> String {
    told(&["run", "--replications", "40", "--charts", "none", "--quiet"], desk)
}

/// A desk open on weekdays that gets 800 mails a week, for which seven agents are just enough.
fn mails(weeks: u32, agents: u32, closed: &str, beside: &str) -> String {
    format!(
        r#"
        start = 2026-09-07
        weeks = {weeks}
        [calendars.days]
        mon-fri = "09:00-17:00"
        closed = [{closed}]
        [tickets.mails]
        arrivals = {{ per_week = 800, profile = "office-week", busyness_cv = 0 }}
        handle = "15 min"
        [teams.desk]
        agents = {agents}
        hours = "days"
        shrinkage = "20%"
        {beside}
        "#
    )
}

#[test]
fn a_strike_or_a_week_without_anybody_is_no_ordinary_season() {
    let strike =
        "[[interventions]]\nfrom = 2026-09-14\nuntil = 2026-09-19\nchange.teams.desk.agents = 0";
    for desk in [
        mails(5, 9, "", strike),
        mails(5, 9, "2026-09-14, 2026-09-15, 2026-09-16, 2026-09-17, 2026-09-18", ""),
    ] {
        let told = run(&desk);
        assert!(told.starts_with("The backlog peaks at "), "{told}");
        assert!(told.contains(" on 21 September") && told.contains(" is cleared "), "{told}");
    }
}

#[test]
fn public_holidays_are_part_of_an_ordinary_season() {
    // The last one on the last Friday: the pile of the weekend after it is no sign of falling behind.
    let told = run(&mails(12, 9, "2026-10-12, 2026-11-27", ""));
    assert!(told.contains("an ordinary season, with nothing to clear."), "{told}");
}

#[test]
fn a_desk_with_too_few_hours_falls_behind_however_short_the_run() {
    for weeks in [1, 2, 4] {
        let told = run(&mails(weeks, 5, "", ""));
        assert!(told.contains("this desk falls behind though every day is"), "{told}");
    }
}

#[test]
fn a_desk_that_piles_up_every_weekend_does_not_fall_behind() {
    // One agent at weekends leaves some 330 on Sunday evening, and the week works them off.
    let desk = r#"
        start = 2027-02-22
        weeks = 10
        [calendars.week]
        mon-fri = "07:00-19:00"
        [calendars.weekend]
        sat-sun = "09:00-17:00"
        [tickets.mail]
        arrivals = { per_day = 200 }
        handle = "10 min"
        [teams.front]
        groups = [
            { name = "week", agents = 7, hours = "week" },
            { name = "weekend", agents = 1, hours = "weekend" },
        ]
        [[surges]]
        from = 2027-03-09
        lasts = "2 weeks"
        lift = "100%"
    "#;
    for seed in ["1", "2", "5"] {
        let told = told(&["run", "--replications", "20", "--charts", "none", "--seed", seed], desk);
        assert!(told.contains("stays below at 95 % of closes in calm weeks"), "{told}");
    }
}

#[test]
fn a_peak_after_the_last_close_is_not_called_cleared() {
    let season = "[[surges]]\nfrom = 2026-09-14\nuntil = 2026-09-19\nlift = \"70%\"";
    let told = run(&mails(5, 9, "2026-10-08, 2026-10-09", season));
    assert!(told.contains(" on 11 October"), "{told}");
    assert!(told.contains("What piles up before that is cleared "), "{told}");
    assert!(told.contains("No close follows the peak"), "{told}");
}

#[test]
fn callers_who_give_up_are_told_of() {
    let desk = |agents: u32| {
        format!(
            r#"
            start = 2026-03-02
            weeks = 2
            [tickets.calls]
            channel = "phone"
            arrivals = {{ per_hour = 60, profile = "flat" }}
            handle = "5 min"
            patience.mean = "3 min"
            [teams.calls]
            agents = {agents}
            hours = "always"
            shrinkage = 0
            "#
        )
    };
    let (few, many) = (run(&desk(4)), run(&desk(9)));
    assert!(
        few.contains("with nothing to clear, but ")
            && few.contains("of 100 times a customer gives up waiting."),
        "{few}"
    );
    assert!(many.contains("with nothing to clear."), "{many}");
}

#[test]
fn arithmetic_knows_that_chats_are_held_side_by_side() {
    // 60 chats an hour of 8 minutes are 8 agents' work alone, and that of 3.5 who hold three each.
    let desk = r#"
        start = 2026-03-02
        weeks = 4
        [tickets.chats]
        channel = "chat"
        arrivals = { per_hour = 60, profile = "flat", busyness_cv = 0 }
        handle = "8 min"
        [teams.chats]
        agents = 4
        hours = "always"
        shrinkage = 0
        concurrency = 3
    "#;
    let told = told(&["diagnose", "--replications", "0"], desk);
    assert!(told.contains("The desk is recoverable"), "{told}");
}

#[test]
fn the_sentence_speaks_of_the_last_pile_up_where_another_one_follows() {
    let desk = r#"
        name = "Twice"
        start = 2026-03-02
        weeks = 10
        [tickets.questions]
        arrivals = { per_day = 120, profile = "office-week" }
        handle = "8 min"
        [teams.support]
        agents = 5
        [[surges]]
        from = 2026-03-10
        until = 2026-03-12
        lift = "100%"
        [[surges]]
        from = 2026-04-13
        until = 2026-04-17
        lift = "100%"
    "#;
    let told = run(desk);
    // The second one is the higher one, and clearing the first is no news.
    let day = |before: &str| {
        let rest = told.split_once(before).unwrap_or_else(|| panic!("{told}")).1;
        let (number, month) = rest.split_once(' ').unwrap();
        (month.split(' ').next().unwrap().to_owned(), number.parse::<u32>().unwrap())
    };
    let peak = told.split_once(" on ").unwrap().1;
    assert!(peak.contains(" April (90 %"), "{told}");
    assert!(matches!(day("It is cleared for good by "), (month, _) if month != "March"));
    assert_eq!(day("A first pile-up is cleared by ").0, "March");
}

#[test]
fn who_was_there_at_the_start_may_give_up_too() {
    let desk = "start = 2026-03-02\nweeks = 3\nreplications = 10\ncalendars.desk.mon-fri = \"09:00-17:00\"\n\
        [tickets.q]\narrivals = { per_day = 1, busyness_cv = 0 }\nhandle = \"6 min\"\n\
        patience.mean = \"1 d\"\n[teams.t]\nagents = 1\nhours = \"desk\"\nshrinkage = \"0%\"\n\
        [opening]\ntickets = { q = 1000 }\n";
    let told = run(desk);
    let line = told.lines().find(|line| line.trim_start().starts_with("abandonment")).unwrap();
    let share: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!((50.0..100.0).contains(&share), "{line}");
}

#[test]
fn a_desk_that_waits_for_its_hires_is_cleared_by_them() {
    let desk = "start = 2026-11-16\nweeks = 8\nreplications = 10\nopening = \"empty\"\n\
        [tickets.q]\narrivals = { per_day = 100, busyness_cv = 0 }\n\
        handle = { mean = \"20 min\", law = \"constant\" }\n\
        [teams.t]\nagents = 1\nhours = \"always\"\nshrinkage = 0\n\
        [[hires]]\nteam = \"t\"\nagents = 2\nfrom = 2026-11-30\ntraining = \"0 d\"\n\
        ramp = { start = \"100%\", over = \"1 week\" }\nearly = 0\n";
    let told = run(desk);
    assert!(told.contains("It is cleared by ") && !told.contains("falls behind though"), "{told}");
}
