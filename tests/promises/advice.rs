//! Stories of those who ask what to do: `diagnose`, `phase`, `plan`, and the seven questions of
//! `init --ask`; and the promise that `plan` finds what trying everything finds.

use crate::support::binary::{command, finish, surgecast_in};
use crate::support::desk::folder_with;
use serde_json::Value;
use std::io::Write;
use std::process::Stdio;
use surgecast::experiment::ensemble::{Ensemble, Trial};
use surgecast::experiment::frame::frame_of;
use surgecast::experiment::plan::{Asked, Batch, Goal, Stopped, plan};
use surgecast::model::Model;
use surgecast::outcome::clearance::Target;
use surgecast::outcome::measure::find;
use surgecast::scenario::Scenario;
use surgecast::scenario::compile::Parts;
use surgecast::stats::proportion;
use tempfile::TempDir;

/// A small desk with a wave of tickets that it cannot work off.
const DESK: &str = "name = \"Desk\"
start = 2026-11-16
weeks = 5

[cleared]
at_most = 60

[tickets.questions]
team = \"desk\"
arrivals = { per_day = 90 }
handle = \"12 min\"
chasers = { per_day = 0.3, at_most = 0 }

[teams.desk]
agents = 6

[teams.experts]
agents = 2
handle = \"15 min\"

[[escalations]]
from = \"desk\"
to = \"experts\"
after_touch = \"15%\"

[[surges]]
name = \"Launch\"
from = 2026-11-19
lasts = \"5 d\"
lift = \"120%\"

[plan]
targets = [\"cleared by 2026-12-16 >= 80%\"]
change = [\"teams.desk.agents = 5..12\", \"teams.experts.agents = 2..4\"]
";

fn folder() -> TempDir {
    folder_with(DESK)
}

#[test]
fn a_diagnosis_says_what_arithmetic_and_simulation_say() {
    let folder = folder();
    let diagnose = |more: &[&str]| {
        surgecast_in(
            folder.path(),
            &[&["diagnose", "desk.toml", "--replications", "20"], more].concat(),
        )
    };
    let told = diagnose(&[]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(told.out.starts_with("By arithmetic, chance left out, the backlog"), "{}", told.out);
    for part in [
        "Cleared means at most 60 unsolved tickets, as the scenario says.",
        "in 20 simulated seasons",
        "backlog it can bear for long",
        "people)",
    ] {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    // Where nobody says what counts as cleared, arithmetic says it, and simulation says it better.
    std::fs::write(folder.path().join("open.toml"), DESK.replace("at_most = 60", "closes = 3"))
        .unwrap();
    let told = surgecast_in(folder.path(), &["diagnose", "open.toml", "--replications", "4"]);
    let (first, last) = told.out.split_once("in 4 simulated seasons").unwrap();
    assert!(first.contains(", the more of what arithmetic has at a close"), "{}", told.out);
    assert!(last.contains(" Cleared means at most "), "{}", told.out);
    let alone = surgecast_in(folder.path(), &["diagnose", "open.toml", "--replications", "0"]);
    assert!(first.starts_with(&alone.out), "{}", alone.out);
    assert!(alone.out.lines().count() > 8, "{}", alone.out);
    let told = diagnose(&["--format", "json", "--by", "2026-12-10"]);
    let json: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(json["fluid"]["by"], "2026-12-10");
    assert_eq!(json["fluid"]["help"].as_array().unwrap().len(), 4);
    assert_eq!(json["simulated"]["seasons"], 20);
    let told = diagnose(&["--by", "2027-12-10"]);
    assert_eq!((told.code, told.out.as_str()), (Some(2), ""));
    assert!(
        told.err.contains("cannot be judged: that can be any day from 2026-11-16 to"),
        "{}",
        told.err
    );
}

#[test]
fn a_waterfall_tells_which_loop_caused_how_much() {
    let folder = folder();
    let explain = |more: &[&str]| {
        let arguments = ["explain", "desk.toml", "--attribution", "--replications", "6"];
        let set = ["--set", "teams.desk.agents=4"];
        surgecast_in(folder.path(), &[&arguments[..], &set, more].concat())
    };
    let told = explain(&[]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(told.out.starts_with("Without customers who ask again the peak"), "{}", told.out);
    assert!(told.out.contains("\n  customers who ask again "), "{}", told.out);
    assert!(
        told.out.ends_with("\nFiles: outputs/desk-desk.agents=4/attribution.svg\n"),
        "{}",
        told.out
    );
    let out = folder.path().join("outputs/desk-desk.agents=4");
    let table = std::fs::read_to_string(out.join("attribution.csv")).unwrap();
    assert!(table.starts_with("measure,part,value,low,high,level,n\npeak_backlog,without,"));
    assert!(table.contains("\ndays_above,chasers,"), "{table}");
    let picture = std::fs::read_to_string(out.join("attribution.svg")).unwrap();
    for part in ["Peak backlog", "Hours of work", "customers who", "as it is"] {
        assert!(picture.contains(part), "{part}");
    }
    let told = explain(&["--out", "elsewhere", "--format", "json", "--loops", "chasers"]);
    let json: Value = serde_json::from_str(&told.out).unwrap();
    let value = |part: &str| json["figures"][0][part]["value"].as_f64().unwrap();
    let adds = json["figures"][0]["adds"]["chasers"]["value"].as_f64().unwrap();
    assert!(adds > 0.0 && (value("with") - value("without") - adds).abs() < 1e-6 * value("with"));
    assert!(folder.path().join("elsewhere/attribution.svg").exists());
    let told = explain(&["--loops", "reopenings"]);
    assert_eq!((told.code, told.out.as_str()), (Some(2), ""));
    assert!(told.err.contains("no loop `reopenings`; it has chasers"), "{}", told.err);
}

#[test]
fn a_map_is_drawn_and_written() {
    let folder = folder();
    let arguments = ["phase", "desk.toml", "--people", "5..9", "--replications", "1"];
    let told = surgecast_in(folder.path(), &arguments);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(told.out.starts_with("With 6 people in desk the desk "), "{}", told.out);
    let table = std::fs::read_to_string(folder.path().join("outputs/desk/phase.csv")).unwrap();
    assert!(table.starts_with("kind,people,lift,lost,cleared,seasons\n"), "{table}");
    assert_eq!(table.matches("\nline,").count(), 5);
    assert_eq!(table.matches("\npoint,").count(), 35);
    assert!(folder.path().join("outputs/desk/phase.svg").exists());
    let told = surgecast_in(folder.path(), &["phase", "desk.toml", "--up", "backlog"]);
    assert_eq!(told.code, Some(2));
    let told = surgecast_in(folder.path(), &["phase", "desk.toml", "--team", "dsk"]);
    assert!(told.err.contains("no team is called `dsk`; there are desk, experts"), "{}", told.err);
}

#[cfg(unix)]
#[test]
fn an_interrupted_map_is_resumed_to_the_same_bytes() {
    use crate::support::binary::interrupted;
    let folder = folder();
    let start = |seasons: &str, out: &str, more: &[&str]| {
        let arguments =
            ["phase", "desk.toml", "--people", "5..9", "--replications", seasons, "--out", out];
        command(folder.path(), &[&arguments[..], more].concat())
    };
    let partial = folder.path().join("parts/phase.partial");
    let err = interrupted(start("100000", "parts", &[]), &partial);
    assert!(err.ends_with("interrupted; go on with --resume\n"), "{err}");
    let left = std::fs::read_to_string(&partial).unwrap();
    let other = finish(start("2", "parts", &["--resume"]));
    assert_eq!(other.code, Some(2));
    assert!(other.err.contains("was left by another map"), "{}", other.err);
    let whole = finish(start("2", "whole", &["--format", "json"]));
    let points: Value = serde_json::from_str(&whole.out).unwrap();
    // What a map of two seasons a point would have left: some points, and one cut off in the middle.
    let mut lines = left.lines().next().unwrap().replace("\"seasons\":100000", "\"seasons\":2");
    for point in &points["map"]["points"].as_array().unwrap()[..12] {
        lines += &format!("\n{point}");
    }
    std::fs::write(&partial, lines + "\n{\"people\":5.0,\"bur").unwrap();
    let resumed = finish(start("2", "parts", &["--resume", "--format", "json"]));
    assert_eq!((resumed.code, resumed.err.as_str()), (Some(0), ""));
    assert_eq!(resumed.out, whole.out);
    assert!(!partial.exists());
    for name in ["phase.csv", "phase.svg"] {
        let read = |out: &str| std::fs::read(folder.path().join(out).join(name)).unwrap();
        assert!(read("parts") == read("whole"), "{name}");
    }
}

#[test]
fn a_plan_is_found_confirmed_and_can_be_run() {
    let folder = folder();
    let told = surgecast_in(folder.path(), &["plan", "desk.toml", "--confirm", "300"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{}", told.out);
    assert!(told.out.starts_with("The cheapest plan that meets the targets: teams.desk.agents = "));
    let sure = "On 60 fresh seasons of up to 300, which leave no doubt:";
    assert!(told.out.contains(sure), "{}", told.out);
    assert!(told.out.contains("stands, on 60 seasons of the same customers:\n"), "{}", told.out);
    let out = folder.path().join("outputs/desk");
    for file in ["frontier.svg", "plans.csv", "plan.toml"] {
        assert!(out.join(file).exists(), "{file}");
    }
    // The plan is held against what it was found with, not against calm weeks of its own.
    let plan = std::fs::read_to_string(out.join("plan.toml")).unwrap();
    assert!(plan.contains("\"cleared.at_most = "), "{plan}");
    let told = surgecast_in(folder.path(), &["check", "outputs/desk/plan.toml"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(told.out.starts_with("Desk, as planned: "), "{}", told.out);

    // A plan for a variant extends that.
    let variant = "\n[variants.more]\nname = \"More experts\"\nteams.experts.agents = 4\n";
    std::fs::write(folder.path().join("more.toml"), format!("{DESK}{variant}")).unwrap();
    let change = ["--confirm", "100", "--change", "teams.desk.agents = 9..12"];
    let more = ["plan", "more.toml", "--variant", "more", "--target", "occupancy <= 99%"];
    let told = surgecast_in(folder.path(), &[&more[..], &change].concat());
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{}", told.out);
    let file = "outputs/more-more/plan.toml";
    let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
    assert!(text.contains("\nvariant = \"more\"\n"), "{text}");
    let told = surgecast_in(folder.path(), &["explain", file, "--only", "experts.agents"]);
    assert!(told.out.contains("4  "), "{}", told.out);
    let told = surgecast_in(folder.path(), &["check", file]);
    assert!(told.out.starts_with("More experts, as planned: "), "{}", told.out);

    // What cannot be reached is said, and is no plan.
    let hard = ["plan", "desk.toml", "--target", "occupancy <= 20%"];
    let few = ["--confirm", "50", "--change", "teams.desk.agents = 3..4"];
    let told = surgecast_in(folder.path(), &[&hard[..], &few].concat());
    assert_eq!(told.code, Some(1), "{}", told.out);
    let nearest =
        "No plan within these changes meets the targets. The nearest is teams.desk.agents = 3: ";
    assert!(told.out.starts_with(nearest), "{}", told.out);
    let plans = std::fs::read_to_string(out.join("plans.csv")).unwrap();
    assert!(plans.contains(",cleared_high,occupancy,seasons,"), "{plans}");
    assert!(!out.join("plan.toml").exists());
    for (arguments, err) in [
        (["--target", "ocupancy <= 85%"], "did you mean `occupancy`?"),
        (["--change", "teams.dsk.agents = 3..4"], "there is no `teams.dsk` to change"),
        (["--target", "cleared by 2026-11-01 >= 80%"], "cannot be judged"),
        (["--target", "reply_attainment >= 80%"], "nothing that this measure counts"),
    ] {
        let told = surgecast_in(folder.path(), &[&["plan", "desk.toml"], &arguments[..]].concat());
        assert_eq!((told.code, told.out.as_str()), (Some(2), ""));
        assert!(told.err.contains(err), "{}", told.err);
    }
    assert!(!folder.path().join("outputs/desk/plans.partial").exists(), "nothing to go on with");
}

#[cfg(unix)]
#[test]
fn an_interrupted_plan_is_resumed_to_the_same_bytes() {
    use crate::support::binary::interrupted;
    let folder = folder();
    let start = |confirm: &str, out: &str, more: &[&str]| {
        let arguments = ["plan", "desk.toml", "--confirm", confirm, "--out", out];
        command(folder.path(), &[&arguments[..], more].concat())
    };
    let partial = folder.path().join("parts/plans.partial");
    let err = interrupted(start("10000000", "parts", &[]), &partial);
    assert!(err.ends_with("interrupted; go on with --resume\n"), "{err}");
    let left = std::fs::read_to_string(&partial).unwrap();
    assert!(left.lines().count() >= 2, "a batch is kept");
    // Another target is another search.
    let other = finish(start("300", "parts", &["--resume", "--target", "occupancy <= 99%"]));
    assert!(
        other.code == Some(2) && other.err.contains("was left by another search"),
        "{}",
        other.err
    );
    // Fewer seasons are enough now; what they need and is there is not simulated again.
    let resumed = finish(start("300", "parts", &["--resume"]));
    assert_eq!((resumed.code, resumed.err.as_str()), (Some(0), ""));
    assert!(!partial.exists());
    let whole = finish(start("300", "whole", &[]));
    assert_eq!(whole.out.replace("whole", "parts"), resumed.out);
    for name in ["plans.csv", "plan.toml", "frontier.svg"] {
        let of = |out: &str| std::fs::read(folder.path().join(out).join(name)).unwrap();
        assert!(of("whole") == of("parts"), "{name}");
    }
}

#[test]
fn seven_questions_make_a_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |arguments: &[&str], answers: &str| {
        let mut command = command(folder.path(), arguments);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(answers.as_bytes()).unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        command.stdin(Stdio::from(file));
        finish(command)
    };
    // Nonsense is asked again; Enter and the end of the input take the usual answers.
    let told =
        ask(&["init", "--ask", "mine.toml"], "1,200\nmany\n7.5\n9\n\n350\n8 h\n20 %\n80\n2\n");
    assert_eq!(told.code, Some(0), "{}", told.err);
    assert!(told.out.contains("wrote mine.toml; try: surgecast diagnose mine.toml"));
    assert!(told.err.contains("1. How many new tickets come in an ordinary week? [500]"));
    assert!(told.err.contains("`many` is no number") && told.err.contains("7.5 cannot be"));
    let text = std::fs::read_to_string(folder.path().join("mine.toml")).unwrap();
    for part in
        ["per_week = 1200", "agents = 9", "handle = \"12 min\"", "all = 350", "lift = \"80%\""]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let told = surgecast_in(folder.path(), &["check", "mine.toml"]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    // Nobody there to answer.
    let told = ask(&["init", "--ask"], "");
    assert!(told.code == Some(0) && told.out.contains("per_week = 500"), "{}", told.out);
    let told = ask(&["init", "--ask", "mine.toml"], "");
    assert_eq!(told.code, Some(2), "a file that is there is not written over");
}

#[test]
fn the_search_finds_what_trying_everything_finds() {
    let scenario = Scenario::from_text("desk.toml", DESK, &[]);
    let (desk, experts): (Vec<u32>, Vec<u32>) = ((5..13).collect(), (2..5).collect());
    let model = |levels: &[usize]| -> Model {
        let set = [
            format!("teams.desk.agents={}", desk[levels[0]]),
            format!("teams.experts.agents={}", experts[levels[1]]),
        ];
        scenario.with(&set).compile(Parts::All).0.unwrap().model
    };
    let target = Target { at_most: 60.0, closes: 3, watch_from: 3 };
    let closes = model(&[0, 0]).census.closes.len();
    let by = target.last_judged(closes).unwrap() as u32 - 1;
    let pool = rayon::ThreadPoolBuilder::new().build().unwrap();
    let wanted = 0.8;
    let asked = Asked {
        model: &|levels: Option<&[usize]>| Some(model(levels.unwrap_or(&[1, 0]))),
        levels: vec![desk.len(), experts.len()],
        rising: vec![true, true],
        goals: vec![Goal::Cleared { by, p: wanted }],
        cost: find("staffed_hours").unwrap(),
        target,
        by,
        seed: 3,
        confirm: 1000,
    };
    let mut kept = Vec::new();
    let mut keep = |batch: &Batch| {
        kept.push(batch.clone());
        true
    };
    let found = plan(&asked, &[], &mut keep, &pool, &()).unwrap();
    // However much of it an interruption leaves, nothing is simulated twice and the answer is the same.
    for left in [kept.len() / 2, kept.len()] {
        let mut all = kept[..left].to_vec();
        let mut keep = |batch: &Batch| {
            all.push(batch.clone());
            true
        };
        let resumed = plan(&asked, &kept[..left], &mut keep, &pool, &()).unwrap();
        assert!(resumed == found, "{left} of {} left", kept.len());
        assert!(all == kept, "{left} of {} left", kept.len());
    }
    // What cannot be kept is not gone on with.
    assert!(plan(&asked, &[], &mut |_| false, &pool, &()) == Err(Stopped::Interrupted));
    let best = found.plan.as_ref().unwrap();
    assert!(best.goals.iter().all(|goal| goal.met));
    assert!(best.goals[0].estimate.interval.unwrap().low >= wanted);
    // A fifth of the thousand left no doubt, by an interval that errs once in a thousand.
    assert_eq!(best.cleared.n, 200);
    let strict = proportion::estimate((best.cleared.value * 200.0).round() as u64, 200, 0.999);
    assert!(strict.unwrap().interval.unwrap().low >= wanted);

    // Every plan on seasons of its own.
    let cost = find("staffed_hours").unwrap();
    let mut cheapest = f64::INFINITY;
    for levels in (0..desk.len()).flat_map(|a| (0..experts.len()).map(move |b| [a, b])) {
        let model = model(&levels);
        let frame = frame_of(&model);
        let trial = Trial { model: &model, frame: &frame, seed: 77, target, points: &[] };
        let rows = Ensemble::simulate(&trial, 0..400, &pool, &()).rows;
        let cleared = rows.iter().filter(|row| row.judgement.settled_by(by)).count() as u64;
        let low = proportion::estimate(cleared, 400, 0.95).unwrap().interval.unwrap().low;
        let hours = rows.iter().map(|row| cost.of_desk(row).0).sum::<f64>() / 400.0;
        if low >= wanted && hours < cheapest {
            cheapest = hours;
        }
    }
    // Hours at the queue vary by absences from season to season, by less than one in a hundred.
    let own = best.cost.value;
    assert!(own <= cheapest * 1.01, "{own} hours, where {cheapest} are enough");
    let bound = found.bound.unwrap();
    assert!(bound <= own * 1.01 && cheapest >= bound * 0.99, "{bound} {own} {cheapest}");
}
