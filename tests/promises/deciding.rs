//! Deciding between plans: that common random numbers earn their keep, that the best of several
//! desks is selected as often as promised, and that sweeps and sensitivities tell the same story
//! however they are interrupted.

use crate::support::binary::surgecast_in;
use crate::support::desk::{desk_of, folder_with};
use crate::support::repository;
use std::path::Path;
use surgecast::experiment::compare::{Comparison, Design, Kept, Options, Seasons};
use surgecast::experiment::sweep::Judge;
use surgecast::outcome::measure::find;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::{Compiled, Parts};
use surgecast::stats::mean::variance;
use surgecast::stats::selection::{Rules, select};
use surgecast::time::SimTime;

fn compiled(scenario: &Scenario) -> Compiled {
    let (compiled, problems) = scenario.compile(Parts::All);
    compiled.unwrap_or_else(|| panic!("{problems:?}"))
}

fn shipped(name: &str, overrides: &[&str]) -> Scenario {
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    Scenario::read(&repository().join("scenarios").join(name), &overrides).unwrap()
}

/// Two plans in the same seasons.
fn beside(first: &Scenario, second: &Scenario, target: f64, seasons: u64) -> Comparison {
    let (first, second) = (compiled(first), compiled(second));
    let designs = [&first, &second].map(|desk| Design {
        name: String::new(),
        model: &desk.model,
        watch_from: SimTime::ZERO,
    });
    let seasons = Seasons::Exactly(seasons);
    let by = find("days_above").unwrap();
    let options = Options { seasons, by, seed: 1, cleared: (target, 3) };
    let pool = rayon::ThreadPoolBuilder::new().build().unwrap();
    Comparison::run(&designs, &options, &pool, &())
}

/// The same customers, absences and days under both plans take most of the noise out of their
/// difference where the plans are alike, and cannot do so where they lead the desk into another
/// regime, as a rescue does. `SURGECAST_SEASONS=400` gives figures to quote.
#[test]
#[allow(clippy::print_stdout, reason = "the ratios are figures to read")]
fn the_same_customers_make_differences_sharper() {
    let asked = std::env::var("SURGECAST_SEASONS").ok().and_then(|n| n.parse::<u64>().ok());
    let avalanche = |sets: &[&str]| shipped("holiday-avalanche.toml", sets);
    let pairs = [
        (
            "holiday-avalanche, 26 against 28 agents",
            avalanche(&["teams.front-line.agents=26"]),
            avalanche(&["teams.front-line.agents=28"]),
            300.0,
            1.0,
        ),
        (
            "holiday-avalanche, bot resolves 45 % against 30 %",
            avalanche(&[]),
            avalanche(&["automation.assistant.resolves=30%"]),
            300.0,
            1.0,
        ),
        (
            "rescue-30000, as it is against with help",
            shipped("rescue-30000.toml", &[]),
            shipped("rescue-30000-with-help.toml", &[]),
            1500.0,
            0.0,
        ),
    ];
    for (what, first, second, target, at_least) in pairs {
        // The rescue takes longest, and shows least; a few seasons of it will do here.
        let seasons = asked.unwrap_or(if at_least > 0.0 { 16 } else { 4 });
        let done = beside(&first, &second, target, seasons);
        for key in ["peak_backlog", "days_above", "work_hours"] {
            let by = find(key).unwrap();
            let gain = done.gain(1, 0, by).unwrap();
            let difference = done.difference(1, 0, by, 0.95).unwrap().value;
            println!("{what}: {key}: difference {difference:.1}, variance {gain:.1} times smaller");
            assert!(gain > at_least, "{what}: {key}: {gain}");
        }
    }
}

/// Ten real desks whose order is known, because each has more work a ticket than the one before:
/// the quickest must be selected as often as was promised.
#[test]
#[allow(clippy::print_stdout, reason = "the share is a figure to read")]
fn the_best_of_ten_desks_is_selected_as_often_as_promised() {
    const REPEATS: usize = 200;
    const FIRST: usize = 10;
    const MOST: usize = 40;
    let quick = desk_of(2).replace("weeks = 3", "opening = \"empty\"\ndays = 5");
    let quick = quick.replace("2026-11-19", "2026-11-17");
    let by = find("mean_backlog").unwrap();
    let pool = rayon::ThreadPoolBuilder::new().build().unwrap();
    let seasons = (REPEATS * MOST) as u64;
    let values: Vec<Vec<f64>> = (0..10)
        .map(|plan| {
            let minutes = 6.0 + 0.1 * f64::from(plan);
            let set = format!("tickets.questions.handle.mean={minutes:.2} min");
            let desk = compiled(&Scenario::from_text("desk.toml", &quick, &[set]));
            let judge = Judge { at_most: 60.0, closes: 3, watch_from: SimTime::ZERO, seed: 5 };
            let rows = judge.seasons(&desk.model, 0..seasons, &pool, &()).unwrap();
            rows.iter()
                .map(|row| {
                    let (n, d) = by.of_desk(row);
                    n / d
                })
                .collect()
        })
        .collect();
    let means: Vec<f64> = values.iter().map(|v| v.iter().sum::<f64>() / v.len() as f64).collect();
    assert!(means.windows(2).all(|pair| pair[0] < pair[1]), "{means:?}");
    let zone = means[1] - means[0];
    let (mut correct, mut used) = (0, 0);
    for repeat in 0..REPEATS {
        let part = |plan: &Vec<f64>| plan[repeat * MOST..(repeat + 1) * MOST].to_vec();
        let plans: Vec<Vec<f64>> = values.iter().map(part).collect();
        let told = select(&plans, &Rules { confidence: 0.9, zone, first: FIRST });
        correct += usize::from(told.best == 0);
        used += told.out.iter().flatten().map(|out| out.after).max().unwrap_or(MOST);
    }
    let share = correct as f64 / REPEATS as f64;
    println!(
        "the best of ten desks was selected in {share:.3} of {REPEATS}, after {:.0} seasons on average; 0.9 were promised",
        used as f64 / REPEATS as f64
    );
    assert!(share >= 0.9 - 4.0 * (0.9_f64 * 0.1 / REPEATS as f64).sqrt(), "{share}");
    // They do differ from season to season, or there would be nothing to select.
    assert!(variance(&values[0]).unwrap() > 0.0);
}

/// The desk with too few agents for its wave.
fn folder() -> tempfile::TempDir {
    folder_with(&desk_of(2))
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn a_sweep_writes_long_tables_and_a_picture() {
    let folder = folder();
    let sweep = ["sweep", "desk.toml", "--replications", "5", "--vary", "teams.desk.agents=2..4:1"];
    let told = surgecast_in(folder.path(), &sweep);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(told.out.starts_with("Of 3 points the best days above target, "), "{}", told.out);
    assert!(told.out.contains(" is at teams.desk.agents = 4.\n"), "{}", told.out);
    let out = folder.path().join("outputs/sweep-desk");
    let seasons = read(&out, "replications.csv");
    assert_eq!(seasons.lines().count(), 1 + 3 * 5);
    assert!(seasons.starts_with("point,teams.desk.agents,replication,truncated,"), "{seasons}");
    let measures = read(&out, "measures.csv");
    assert!(measures.starts_with("point,teams.desk.agents,measure,value,low,high,level,n\n0,2,"));
    assert!(out.join("charts/sweep.svg").exists() && !out.join("points.partial").exists());
    // Two keys from a table of the scenario; dates and words as well as numbers.
    let table = "\n[sweep]\nreplications = 2\nvary.surges.0.from = [2026-11-19, 2026-11-24]\n\
        vary.teams.desk.order = [\"oldest\", \"newest\"]\n";
    std::fs::write(folder.path().join("table.toml"), format!("{}{table}", desk_of(2))).unwrap();
    let told = surgecast_in(folder.path(), &["sweep", "table.toml", "--quiet"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    let seasons = read(&folder.path().join("outputs/sweep-table"), "replications.csv");
    assert!(seasons.contains("\n3,2026-11-24,newest,1,"), "{seasons}");
}

#[test]
fn designs_other_than_grids_take_as_many_points_as_wanted() {
    let folder = folder();
    let vary = ["--vary", "teams.desk.agents=3..6", "--vary", "tickets.questions.reopen=0.0..0.2"];
    for design in ["latin-hypercube", "sobol"] {
        let sweep =
            ["sweep", "desk.toml", "--replications", "2", "--points", "8", "--design", design];
        let told = surgecast_in(folder.path(), &[&sweep[..], &vary].concat());
        assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
        assert!(told.out.starts_with("Of 8 points the best "), "{}", told.out);
    }
}

#[test]
fn an_interrupted_sweep_goes_on_and_ends_with_the_same_bytes() {
    let folder = folder();
    let sweep = |out: &str, more: &[&str]| {
        let arguments = ["sweep", "desk.toml", "--replications", "4", "--out", out, "--vary"];
        let told = surgecast_in(
            folder.path(),
            &[&arguments[..], &["teams.desk.agents=3..6:1"], more].concat(),
        );
        assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    };
    sweep("whole", &[]);
    // What an interruption leaves: the heading, two points, and one that was cut off while it was
    // written. The points of a sweep over another range are of no use.
    let all = ["replications.csv", "measures.csv", "results.json", "charts/sweep.svg"];
    let kept = |points: usize| -> String {
        let results: serde_json::Value =
            serde_json::from_str(&read(&folder.path().join("whole"), "results.json")).unwrap();
        let seasons = read(&folder.path().join("whole"), "replications.csv");
        let mut text = serde_json::json!({
            "version": results["version"],
            "digest": digest(&folder.path().join("desk.toml")),
            "seed": 1, "replications": 4, "keys": results["keys"],
            "values": results["values"], "target": results["target"],
        })
        .to_string();
        text.push('\n');
        for point in 0..points {
            let rows = seasons.lines().skip(1).filter(|row| row.starts_with(&format!("{point},")));
            let rows: Vec<Vec<&str>> = rows.map(|row| row.split(',').skip(2).collect()).collect();
            let figures = &results["points"][point]["figures"];
            text += &serde_json::json!({ "figures": figures, "seasons": rows }).to_string();
            text.push('\n');
        }
        text
    };
    std::fs::create_dir(folder.path().join("resumed")).unwrap();
    let left = folder.path().join("resumed/points.partial");
    std::fs::write(&left, kept(2) + "{\"figures\":[{\"ke").unwrap();
    sweep("resumed", &["--resume"]);
    for name in all {
        let (whole, resumed) = (folder.path().join("whole"), folder.path().join("resumed"));
        assert_eq!(read(&whole, name), read(&resumed, name), "{name}");
    }
    std::fs::write(&left, kept(1)).unwrap();
    let other =
        ["sweep", "desk.toml", "--replications", "4", "--out", "resumed", "--resume", "--vary"];
    let told = surgecast_in(folder.path(), &[&other[..], &["teams.desk.agents=3..7:1"]].concat());
    assert_eq!(told.code, Some(2));
    assert!(told.err.contains("was left by another sweep"), "{}", told.err);
}

/// Whatever an interruption left of it, a comparison ends with the same rows and the same ranking.
#[test]
fn an_interrupted_comparison_goes_on_and_ends_with_the_same_bits() {
    let desks: Vec<Compiled> = (3..6)
        .map(|agents| compiled(&Scenario::from_text("desk.toml", &desk_of(agents), &[])))
        .collect();
    let designs: Vec<Design<'_>> = desks
        .iter()
        .map(|desk| Design { name: String::new(), model: &desk.model, watch_from: SimTime::ZERO })
        .collect();
    let seasons = Seasons::UntilSettled { confidence: 0.95, zone: Some(0.1), at_most: 160 };
    let by = find("mean_backlog").unwrap();
    let options = Options { seasons, by, seed: 1, cleared: (60.0, 3) };
    let pool = rayon::ThreadPoolBuilder::new().build().unwrap();
    let whole = Comparison::run(&designs, &options, &pool, &());
    let rows = |done: &Comparison, plan: usize| done.ensembles[plan].rows.clone();
    for left in [[0, 0, 0], [100, 30, 0], [100, 100, 100], [120, 101, 100]] {
        let done = (0..3).map(|plan| rows(&whole, plan).into_iter().take(left[plan]).collect());
        let mut simulated = 0;
        let mut keep = |plan: usize, rows: &[surgecast::outcome::row::Row]| {
            assert!(rows.iter().all(|row| row.index >= left[plan] as u64), "none is done twice");
            simulated += rows.len();
        };
        let kept = Kept { done: done.collect(), keep: &mut keep };
        let resumed = Comparison::go_on(&designs, &options, kept, &pool, &());
        assert!(resumed.ranking == whole.ranking, "{left:?}");
        let mut all = 0;
        for (plan, left) in left.into_iter().enumerate() {
            assert!(rows(&resumed, plan) == rows(&whole, plan), "{left} seasons of plan {plan}");
            all += rows(&whole, plan).len() - left.min(rows(&whole, plan).len());
        }
        assert_eq!(simulated, all, "all that is new is kept");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_compare_is_resumed_from_the_command_line() {
    use crate::support::binary::{command, finish, interrupted};
    let folder = folder();
    let start = |n: &str, out: &str, more: &[&str]| {
        let arguments = ["compare", "desk.toml", "more.toml", "--replications", n, "--out", out];
        command(folder.path(), &[&arguments[..], more].concat())
    };
    std::fs::write(folder.path().join("more.toml"), desk_of(3)).unwrap();
    let partial = folder.path().join("parts/seasons.partial");
    let err = interrupted(start("1000000", "parts", &[]), &partial);
    assert!(err.contains("go on with --resume"), "{err}");
    assert!(std::fs::read_to_string(&partial).unwrap().lines().count() >= 2, "a batch is kept");
    // Fewer seasons are enough now; what they need and is there is not simulated again.
    let resumed = finish(start("20", "parts", &["--resume"]));
    assert_eq!((resumed.code, resumed.err.as_str()), (Some(0), ""));
    assert!(!partial.exists());
    let whole = finish(start("20", "whole", &[]));
    assert_eq!(whole.out.replace("whole", "parts"), resumed.out);
    for name in ["results.json", "differences.csv", "measures.csv", "replications.csv"] {
        let of = |out: &str| read(&folder.path().join(out), name);
        assert_eq!(of("whole"), of("parts"), "{name}");
    }
    // Another seed meets other customers.
    std::fs::write(&partial, "{\"version\":\"0\",\"digests\":[],\"seed\":9,\"target\":60.0}\n")
        .unwrap();
    let told = finish(start("20", "parts", &["--resume"]));
    assert_eq!((told.code, told.out.as_str()), (Some(2), ""));
    assert!(told.err.contains("was left by another comparison"), "{}", told.err);
}

fn digest(path: &Path) -> String {
    Scenario::read(path, &[]).unwrap().sources.digest()
}

#[test]
fn wrong_sweeps_are_explained() {
    let folder = folder();
    let say = |arguments: &[&str]| {
        let told = surgecast_in(folder.path(), &[&["sweep", "desk.toml"], arguments].concat());
        assert_eq!((told.code, told.out.as_str()), (Some(2), ""), "{arguments:?}");
        told.err
    };
    assert!(say(&[]).starts_with("error: nothing varies; write --vary teams.front-line.agents="));
    let backwards = "error: `9..4` is no range: it begins below where it ends\n";
    assert_eq!(say(&["--vary", "teams.desk.agents=9..4"]), backwards);
    assert!(say(&["--vary", "teams.dsk.agents=4..9"]).contains("did you mean `teams.desk`?"));
    let twice = say(&["--vary", "weeks=1..2", "--vary", "weeks=3..4"]);
    assert_eq!(twice, "error: `weeks` varies twice; list its values once\n");
    let huge = say(&["--vary", "weeks=1..900:1", "--vary", "teams.desk.agents=1..900:1"]);
    assert!(huge.contains("more than 100000 points"), "{huge}");
    assert!(!folder.path().join("outputs").exists(), "nothing was made for what cannot run");
}

#[test]
fn a_tornado_says_what_moves_the_answer_and_what_is_judged() {
    let folder = folder();
    let arguments = ["sensitivity", "desk.toml", "--replications", "10", "--only", "chasers"];
    let told = surgecast_in(folder.path(), &arguments);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(told.out.starts_with("What moves days above target most is chasers "), "{}", told.out);
    assert!(told.out.contains("\ntickets.*.chasers.per_day "), "{}", told.out);
    let out = folder.path().join("outputs/sensitivity-desk");
    let table = read(&out, "sensitivity.csv");
    let row = "tickets.*.chasers.per_day,tickets.questions.chasers.per_day,J,range of the default (judged),0.15 per day,0.02,0.5,low,days_above,";
    assert!(table.contains(row), "{table}");
    assert!(out.join("charts/tornado.svg").exists() && out.join("results.json").exists());
    // Keys that are named, with their ranges, and nothing else.
    let named = [
        "sensitivity",
        "desk.toml",
        "--replications",
        "4",
        "--vary",
        "teams.desk.agents=1..4",
        "--format",
        "json",
    ];
    let told = surgecast_in(folder.path(), &named);
    let results: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(results["swings"].as_array().unwrap().len(), 1);
    let swing = |end: &str| results["swings"][0][end]["value"].as_f64().unwrap();
    assert!(swing("at_low") > 0.0 && swing("at_high") < 0.0, "fewer agents, more days above");
    let wrong = surgecast_in(folder.path(), &["sensitivity", "desk.toml", "--vary", "weeks=0..4"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.starts_with("error: weeks cannot be 0: "), "{}", wrong.err);
}

#[test]
fn screening_tells_what_matters() {
    let folder = folder();
    let arguments = [
        "sensitivity",
        "desk.toml",
        "--screen",
        "--walks",
        "4",
        "--replications",
        "3",
        "--vary",
        "teams.desk.agents=1..4",
        "--vary",
        "busyness_memory=0.2..0.4",
    ];
    let told = surgecast_in(folder.path(), &arguments);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(told.out.starts_with("What matters most is teams.desk.agents: "), "{}", told.out);
    let out = folder.path().join("outputs/screening-desk");
    assert!(out.join("charts/screening.svg").exists());
    assert_eq!(read(&out, "sensitivity.csv").lines().count(), 1 + 2 * 3);
}

#[test]
fn a_run_says_what_its_judged_defaults_may_come_to() {
    let folder = folder();
    let run = |set: &[&str]| {
        let arguments = ["run", "desk.toml", "--replications", "12", "--quiet"];
        surgecast_in(folder.path(), &[&arguments[..], set].concat()).out
    };
    let told = run(&[]);
    let line = told
        .lines()
        .find(|line| line.starts_with("The chasers' rate of questions (0.15 a day) is judged"));
    let line = line.unwrap_or_else(|| panic!("{told}"));
    assert!(
        line.contains(": at 0.02 the peak is ") && line.contains(", at 0.5 the peak is "),
        "{line}"
    );
    let results: serde_json::Value =
        serde_json::from_str(&read(&folder.path().join("outputs/desk"), "results.json")).unwrap();
    let defaults = results["defaults"].as_array().unwrap();
    let judged =
        defaults.iter().filter(|d| ["C", "R", "J"].iter().any(|g| d["grade"] == **g)).count();
    let count = format!(
        "{} numbers in force are defaults, {judged} of them judged, recalled or from vendors: \
         surgecast explain desk.toml --defaults",
        defaults.len()
    );
    assert!(told.contains(&count), "{told}");
    assert_eq!(results["chaser_rate"]["replications"], 12);
    let rate = |end: usize| results["chaser_rate"]["at"][end]["peak_difference"]["value"].as_f64();
    assert!(rate(0) < Some(0.0) && rate(1) > Some(0.0), "more chasers, a higher peak");
    // Whoever knows the rate is not told about it.
    assert!(!run(&["--set", "tickets.questions.chasers.per_day=0.2"]).contains("chasers' rate"));
}
