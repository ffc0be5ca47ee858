//! Stories through the real binary: what is said, and with which exit code. Never a panic, a hang,
//! exhausted memory or a file that is only half there.

use crate::support::binary::{Told, command, finish, surgecast, surgecast_in};
use crate::support::desk::{DESK, folder};
use crate::support::{headline, repository};
use serde_json::Value;
use std::fs::File;
use std::path::Path;
use std::time::Instant;

/// All files below a folder, by their names in it.
fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                names.push(name.replace('\\', "/"));
            }
        }
    }
    names.sort();
    names
}

/// Asserts exit code and standard error, and that nothing was printed for other programs.
fn refuses(told: &Told, code: i32, err: &str) {
    assert_eq!((told.code, told.err.as_str(), told.out.as_str()), (Some(code), err, ""));
}

#[test]
fn a_run_writes_everything_and_says_the_sentence() {
    let folder = folder();
    let told = surgecast_in(folder.path(), &["run", "desk.toml", "--replications", "20"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(told.out.starts_with("The backlog peaks at "), "{}", told.out);
    assert!(told.out.ends_with("\nFiles: outputs/desk\n"), "{}", told.out);
    let names = names(&folder.path().join("outputs/desk"));
    for name in ["results.json", "replications.csv", "timeline.csv", "measures.csv"] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
    }
    assert!(names.contains(&"charts/backlog.svg".to_string()));
    assert!(!names.iter().any(|name| name.ends_with(".part") || name == "partial.json"));
}

#[test]
fn quiet_prints_the_summary_and_nothing_else() {
    let folder = folder();
    let arguments = ["run", "desk.toml", "--replications", "5", "--quiet", "--set"];
    let told = surgecast_in(folder.path(), &[&arguments[..], &["teams.desk.agents=1"]].concat());
    // One agent is too few, of which the summary tells in its notes.
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(told.out.starts_with("Note: `desk` gets "), "{}", told.out);
    assert!(!told.out.contains("Files:"));
    let told = surgecast_in(folder.path(), &["check", "desk.toml", "--quiet"]);
    assert_eq!((told.code, told.out.as_str(), told.err.as_str()), (Some(0), "", ""));
}

#[test]
fn json_is_for_programs() {
    let folder = folder();
    let json = |arguments: &[&str]| -> Value {
        let told = surgecast_in(folder.path(), arguments);
        assert_eq!(told.err, "");
        serde_json::from_str(&told.out).unwrap_or_else(|error| panic!("{error}: {}", told.out))
    };
    let run = json(&["run", "desk.toml", "--replications", "8", "--format", "json"]);
    assert_eq!(run["runs"]["done"], 8);
    let written = std::fs::read_to_string(folder.path().join("outputs/desk/results.json")).unwrap();
    assert_eq!(run, serde_json::from_str::<Value>(&written).unwrap());
    let check = json(&["check", "desk.toml", "--set", "weeks=0", "--format", "json"]);
    assert_eq!(check[0]["code"], "wrong-length");
    let none = json(&["check", "desk.toml", "--format", "json"]);
    assert_eq!(none, Value::Array(Vec::new()));
    let pair = ["compare", "desk.toml", "desk.toml", "--replications", "4", "--format", "json"];
    assert_eq!(json(&pair)["plans"][1]["replications"], 4);
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = folder();
    let check = |name: &str| surgecast_in(folder.path(), &["check", name]);
    refuses(&check("absent.toml"), 3, "error: cannot open absent.toml: there is no such file\n");
    std::fs::create_dir(folder.path().join("folder.toml")).unwrap();
    refuses(&check("folder.toml"), 3, "error: folder.toml is not a file\n");
    std::fs::write(folder.path().join("latin.toml"), b"name = \"Caf\xe9\"\n").unwrap();
    let wrong = "error: latin.toml is not UTF-8 text: the first wrong byte is number 12\n";
    refuses(&check("latin.toml"), 3, wrong);
    // A gigabyte of nothing takes no room on the disk, and must take none in memory.
    File::create(folder.path().join("huge.toml")).unwrap().set_len(1 << 30).unwrap();
    let huge = "error: huge.toml is too large: 1073741824 bytes, where at most 4194304 are read\n";
    refuses(&check("huge.toml"), 3, huge);
    #[cfg(unix)]
    refuses(&check("/dev/zero"), 3, "error: /dev/zero is not a file\n");
    for told in [
        surgecast_in(folder.path(), &["run", "absent.toml"]),
        surgecast_in(folder.path(), &["compare", "desk.toml", "absent.toml"]),
    ] {
        refuses(&told, 3, "error: cannot open absent.toml: there is no such file\n");
    }
    assert!(!folder.path().join("outputs").exists(), "nothing was made for what cannot run");
}

#[test]
fn a_wrong_scenario_is_told_and_nothing_is_written() {
    let folder = folder();
    let told = surgecast_in(folder.path(), &["run", "desk.toml", "--set", "teams.desk.agnets=7"]);
    let expected = "error[unknown-key]: there is no key `agnets` here
 --> --set:1:1
  |
1 | teams.desk.agnets=7
  | ^^^^^^^^^^^^^^^^^ this key
  |
  = help: did you mean `agents`?

1 error
";
    refuses(&told, 2, expected);
    assert_eq!(names(folder.path()), ["desk.toml"]);
}

#[test]
fn overrides_reach_the_desk() {
    let folder = folder();
    let check = |overrides: &[&str]| {
        let mut arguments = vec!["check", "desk.toml"];
        overrides.iter().for_each(|set| arguments.extend(["--set", set]));
        surgecast_in(folder.path(), &arguments)
    };
    let told = check(&["teams.desk.agents=7", "name=Other", "days=5"]);
    let expected = "Other: 1 ticket class, 1 team, 7 agents, 5 days. It can run.\n";
    assert_eq!((told.code, told.out.as_str(), told.err.as_str()), (Some(0), expected, ""));
    let told = check(&["weeks="]);
    assert_eq!(told.code, Some(2), "an empty value is no number: {}", told.err);
}

#[test]
fn wrong_commands_are_explained() {
    let folder = folder();
    let say = |arguments: &[&str]| {
        let told = surgecast_in(folder.path(), arguments);
        assert_eq!((told.code, told.out.as_str()), (Some(2), ""), "{arguments:?}");
        told.err
    };
    assert!(say(&["rum", "desk.toml"]).starts_with("error: unrecognized subcommand 'rum'"));
    assert!(say(&["rum", "desk.toml"]).contains("'run'"));
    assert!(say(&["run"]).contains("<SCENARIO>"));
    let alone = "error: desk.toml has no variants to compare; name a second scenario, or write \
        [variants.NAME] with the keys that differ\n";
    assert_eq!(say(&["compare", "desk.toml"]), alone);
    let by = say(&["compare", "desk.toml", "desk.toml", "--by", "days_abov"]);
    assert_eq!(by, "error: there is no measure `days_abov`; did you mean `days_above`?\n");
    let variant = say(&["run", "desk.toml", "--variant", "more"]);
    assert!(variant.starts_with("error: desk.toml has no variant `more`; it has none"));
    assert!(say(&["run", "desk.toml", "--replications", "0"]).contains("1..=10000000"));
    assert!(say(&["run", "desk.toml", "--threads", "0"]).contains("1..=1024"));
    assert!(say(&["run", "desk.toml", "--seed", "-1"]).contains("'-1'"));
    let precision = "error: a precision lies between 0.001 and 0.5, not ";
    for (text, read) in [("0", "0"), ("2", "2"), ("nan", "NaN"), ("1e-9", "0.000000001")] {
        let told = say(&["run", "desk.toml", "--precision", text]);
        assert_eq!(told, format!("{precision}{read}\n"));
    }
    assert!(say(&["run", "desk.toml", "--precision", "tight"]).contains("invalid value 'tight'"));
    assert_eq!(names(folder.path()), ["desk.toml"]);
    let help = surgecast(&["--help"]);
    assert_eq!((help.code, help.err.as_str()), (Some(0), ""));
}

#[test]
fn precision_says_how_many_runs_it_took() {
    let folder = folder();
    let arguments = ["run", "desk.toml", "--precision", "0.5", "--format", "json"];
    let told = surgecast_in(folder.path(), &arguments);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    let results: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(results["runs"]["done"], 200);
}

#[test]
fn two_scenarios_are_compared_on_the_same_customers() {
    let folder = folder();
    std::fs::write(
        folder.path().join("more.toml"),
        "extends = \"desk.toml\"\n\n[teams.desk]\nagents = 6\n",
    )
    .unwrap();
    let told = surgecast_in(folder.path(), &["compare", "desk.toml", "more.toml"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    let first = told.out.lines().next().unwrap();
    assert!(
        first.starts_with("more spends ") && first.contains(" fewer days above target than Desk ("),
        "{first}"
    );
    // Neither piles up in most seasons: both are judged at the end.
    assert!(
        first.contains(", and is cleared for good by 2 December with the same probability"),
        "{first}"
    );
    let verdict =
        "Lowest days above target: more, with confidence 0.95, differences below 1.0 d aside";
    assert!(told.out.contains(verdict), "{}", told.out);
    // It stops by itself as soon as that is known.
    assert!(told.out.contains("\n100 seasons of the same customers, seed 1."), "{}", told.out);
    let written = names(&folder.path().join("outputs/compare-desk-more"));
    let expected = [
        "charts/differences.png",
        "charts/differences.svg",
        "differences.csv",
        "measures.csv",
        "replications.csv",
        "results.json",
    ];
    assert_eq!(written, expected);
}

#[test]
fn a_desk_beside_itself_differs_in_nothing_and_that_is_said() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("other")).unwrap();
    std::fs::write(folder.path().join("other/desk.toml"), DESK).unwrap();
    let arguments = ["compare", "desk.toml", "other/desk.toml", "--by", "peak_backlog"];
    let told = surgecast_in(folder.path(), &arguments);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    let peak = told.out.lines().find(|line| line.starts_with("peak backlog")).unwrap();
    assert!(peak.ends_with("0 (0 to 0)"), "{peak}");
    assert!(told.out.contains("Not settled: whether desk-2 is really worse;"), "{}", told.out);
    assert!(told.out.contains("Desk 0.50, desk-2 0.50."), "{}", told.out);
    let arguments =
        ["compare", "desk.toml", "other/desk.toml", "--set", "weeks=2", "--replications", "4"];
    let other = surgecast_in(folder.path(), &arguments);
    assert_eq!(other.code, Some(0), "a key may be changed in all of them");
    std::fs::write(folder.path().join("other/desk.toml"), DESK.replace("weeks = 3", "weeks = 2"))
        .unwrap();
    let told = surgecast_in(folder.path(), &["compare", "desk.toml", "other/desk.toml"]);
    let expected = "error: `desk` runs from 2026-11-16 to 2026-12-06, `desk-2` from 2026-11-16 to \
        2026-11-29: plans are compared over the same days\n";
    refuses(&told, 2, expected);
}

#[test]
fn variants_of_one_file_are_compared_checked_and_run() {
    let folder = folder();
    let variants = "\n[variants.six]\nteams.desk.agents = 6\n[variants.calm]\nsurges = []\n";
    std::fs::write(folder.path().join("plans.toml"), format!("{DESK}{variants}")).unwrap();
    let arguments = ["compare", "plans.toml", "--replications", "20", "--format", "json"];
    let told = surgecast_in(folder.path(), &arguments);
    let results: Value = serde_json::from_str(&told.out).unwrap();
    let titles: Vec<_> = (0..3).map(|plan| results["plans"][plan]["title"].clone()).collect();
    assert_eq!(titles, ["Desk", "six", "calm"]);
    assert_eq!(results["pairs"].as_array().unwrap().len(), 3);
    assert!(folder.path().join("outputs/compare-plans/results.json").exists());
    let run = ["run", "plans.toml", "--variant", "six", "--replications", "3", "--format", "json"];
    assert_eq!(surgecast_in(folder.path(), &run).code, Some(0));
    assert!(folder.path().join("outputs/plans-six/results.json").exists());
    // What is wrong in a variant alone is told by `check`, at its line.
    let wrong = variants.replace("agents = 6", "agnets = 6");
    std::fs::write(folder.path().join("plans.toml"), format!("{DESK}{wrong}")).unwrap();
    let told = surgecast_in(folder.path(), &["check", "plans.toml"]);
    assert_eq!(told.code, Some(2));
    assert!(
        told.err.contains("there is no key `agnets` here") && told.err.contains("plans.toml:22:"),
        "{}",
        told.err
    );
}

#[test]
fn the_template_checks_and_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let init = |arguments: &[&str]| surgecast_in(folder.path(), &[&["init"], arguments].concat());
    let told = init(&["new.toml"]);
    let expected = "wrote new.toml; try: surgecast check new.toml\n";
    assert_eq!((told.code, told.out.as_str(), told.err.as_str()), (Some(0), expected, ""));
    let told = surgecast_in(folder.path(), &["check", "new.toml"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{}", told.out);
    let there = "error: new.toml is there already; --force writes over it\n";
    refuses(&init(&["new.toml"]), 2, there);
    assert_eq!(init(&["new.toml", "--force"]).code, Some(0));
    let nowhere = init(&["nowhere/new.toml"]);
    refuses(&nowhere, 3, "error: cannot write nowhere/new.toml: there is no such file\n");
    let printed = init(&[]);
    let written = std::fs::read_to_string(folder.path().join("new.toml")).unwrap();
    assert_eq!(printed.out, written.replace("\r\n", "\n"));
    assert_eq!(names(folder.path()), ["new.toml"]);
}

#[test]
fn the_schema_is_json_and_describes_every_table() {
    let told = surgecast(&["schema"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    let schema: Value = serde_json::from_str(&told.out).unwrap();
    for key in ["extends", "tickets", "teams", "surges", "opening", "calendars"] {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
    assert_eq!(schema["additionalProperties"], Value::Bool(false));
}

#[test]
fn a_folder_that_cannot_be_made_or_written_is_named() {
    let folder = folder();
    // A file stands where the folder should be: true for everybody, the super-user included.
    std::fs::write(folder.path().join("taken"), "").unwrap();
    let run = |out: &str| {
        let arguments = ["run", "desk.toml", "--replications", "2", "--out", out];
        surgecast_in(folder.path(), &arguments)
    };
    let told = run("taken/here");
    assert_eq!((told.code, told.out.as_str()), (Some(3), ""));
    let begin = "error: cannot write taken/here/charts: ";
    assert!(told.err.replace('\\', "/").starts_with(begin), "{}", told.err);
    // A folder stands where a file should be: what was written before it stays whole.
    std::fs::create_dir_all(folder.path().join("blocked/results.json/inside")).unwrap();
    let told = run("blocked");
    assert_eq!(told.code, Some(3));
    assert!(told.err.starts_with("error: cannot write blocked"), "{}", told.err);
    let left = names(&folder.path().join("blocked"));
    assert!(!left.iter().any(|name| name.ends_with(".part")), "{left:?}");
}

#[cfg(unix)]
#[test]
#[allow(clippy::print_stdout, reason = "whoever reads the output should know what was left out")]
fn a_read_only_folder_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let locked = folder.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o500)).unwrap();
    if File::create(locked.join("probe")).is_ok() {
        println!("skipped: this user may write into read-only folders, as the super-user may");
        return;
    }
    let arguments = ["run", "desk.toml", "--replications", "2", "--out", "locked"];
    let told = surgecast_in(folder.path(), &arguments);
    refuses(&told, 3, "error: cannot write locked/charts: permission denied\n");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o700)).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    // Standard output on a full disk.
    for arguments in [&["schema"][..], &["init"], &["check", "scenarios/holiday-avalanche.toml"]] {
        let mut command = command(repository(), arguments);
        command.stdout(File::options().write(true).open("/dev/full").unwrap());
        let told = finish(command);
        let err = "error: cannot write to standard output: No space left on device (os error 28)\n";
        assert_eq!((told.code, told.err.as_str()), (Some(3), err), "{arguments:?}");
    }
}

/// The program through a shell, which sets limits and pipes.
#[cfg(unix)]
fn shell(folder: &Path, script: &str) -> Told {
    let mut command = std::process::Command::new("sh");
    command.current_dir(folder).args(["-c", script]).env("NO_COLOR", "1");
    command.env("PROGRAM", env!("CARGO_BIN_EXE_surgecast"));
    command.stdin(std::process::Stdio::null());
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    finish(command)
}

#[cfg(unix)]
#[test]
fn a_file_that_outgrows_its_limit_leaves_nothing_half_written() {
    let folder = folder();
    // Files may have 8 blocks of 512 bytes. The signal that comes with the limit is ignored, as
    // on a full disk, where only the error comes.
    let script = "trap '' XFSZ; ulimit -f 8; \"$PROGRAM\" run desk.toml --replications 60 --quiet";
    let told = shell(folder.path(), script);
    assert_eq!(told.code, Some(3), "{}", told.err);
    assert!(told.err.starts_with("error: cannot write outputs/desk/"), "{}", told.err);
    let left = names(&folder.path().join("outputs/desk"));
    assert!(!left.iter().any(|name| name.ends_with(".part")), "{left:?}");
    assert!(!left.contains(&"results.json".to_string()), "{left:?}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_nobodys_mistake() {
    let told = shell(repository(), "\"$PROGRAM\" schema | head -1");
    assert_eq!((told.code, told.err.as_str(), told.out.as_str()), (Some(0), "", "{\n"));
    let folder = folder();
    let script = "{ \"$PROGRAM\" run desk.toml --replications 3 --format json; echo $? > code; } | head -c 1";
    let told = shell(folder.path(), script);
    assert_eq!((told.code, told.err.as_str(), told.out.as_str()), (Some(0), "", "{"));
    let code = std::fs::read_to_string(folder.path().join("code")).unwrap();
    assert_eq!(code, "0\n");
    assert!(folder.path().join("outputs/desk/results.json").exists());
}

#[test]
fn what_an_interruption_left_is_not_trusted_blindly() {
    let folder = folder();
    let out = folder.path().join("outputs/desk");
    std::fs::create_dir_all(&out).unwrap();
    let resume = |more: &[&str]| {
        let arguments = ["run", "desk.toml", "--replications", "4", "--resume", "--quiet"];
        surgecast_in(folder.path(), &[&arguments[..], more].concat())
    };
    let partial = out.join("partial.json");
    for broken in ["", "{", "{}", "[1, 2, 3]", "{\"version\": 1}"] {
        std::fs::write(&partial, broken).unwrap();
        let told = resume(&[]);
        assert_eq!((told.code, told.out.as_str()), (Some(3), ""), "{broken}: {}", told.err);
        let begin = "error: cannot read outputs/desk/partial.json: ";
        assert!(told.err.replace('\\', "/").starts_with(begin), "{}", told.err);
        assert!(told.err.contains("without --resume"), "{}", told.err);
    }
    // One of another scenario.
    let stale = "{\"version\":\"0.0.0\",\"digest\":\"0\",\"seed\":1,\"work\":{\"target\":null,\
                 \"first\":{\"rows\":[],\"sums\":{\"points\":[],\"ages\":[],\"weeks\":[],\
                 \"load_micros\":[],\"staffed_micros\":[]}},\"rest\":{\"rows\":[],\"sums\":\
                 {\"points\":[],\"ages\":[],\"weeks\":[],\"load_micros\":[],\"staffed_micros\":[]}},\
                 \"without_loops\":{\"rows\":[],\"sums\":{\"points\":[],\"ages\":[],\"weeks\":[],\
                 \"load_micros\":[],\"staffed_micros\":[]}}}}";
    std::fs::write(&partial, stale).unwrap();
    let told = resume(&[]);
    let err = "error: outputs/desk/partial.json was left by another scenario, seed or version; run \
               without --resume to begin anew\n";
    assert_eq!((told.code, told.err.replace('\\', "/").as_str()), (Some(2), err));
    // Without the file there is nothing to resume, and everything to do.
    std::fs::remove_file(&partial).unwrap();
    assert_eq!(resume(&[]).code, Some(0));
}

/// Bytes of every file of a run, provenance and machine left out.
#[cfg(unix)]
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for name in names(folder) {
        let mut bytes = std::fs::read(folder.join(&name)).unwrap();
        if name == "results.json" {
            let mut results: Value = serde_json::from_slice(&bytes).unwrap();
            results.as_object_mut().unwrap().remove("provenance").unwrap();
            bytes = results.to_string().into_bytes();
        }
        if name == "report.html" {
            let page = String::from_utf8(bytes).unwrap();
            bytes = page.split_once("<footer").unwrap().0.as_bytes().to_vec();
        }
        files.push((name, bytes));
    }
    files
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_so_and_is_resumed_to_the_same_bytes() {
    use crate::support::binary::interrupted;
    let folder = folder();
    let arguments = |replications: &str, out: &str| {
        ["run", "desk.toml", "--threads", "2", "--replications", replications, "--out", out]
            .map(str::to_string)
            .to_vec()
    };
    let start = |arguments: &[String]| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        command(folder.path(), &arguments)
    };
    // As many replications as take some three seconds here, so that there is time to interrupt.
    let begun = Instant::now();
    assert_eq!(finish(start(&arguments("400", "trial"))).code, Some(0));
    let pace = 400.0 / begun.elapsed().as_secs_f64();
    let replications = format!("{}", (3.0 * pace) as u64 + 400);
    let whole = arguments(&replications, "whole");
    assert_eq!(finish(start(&whole)).code, Some(0));

    let parts = arguments(&replications, "parts");
    // The folder is made just before the first replication.
    let err = interrupted(start(&parts), &folder.path().join("parts/charts"));
    assert!(err.ends_with("interrupted; go on with --resume\n"), "{err}");
    let left = names(&folder.path().join("parts"));
    assert!(left.contains(&"partial.json".to_string()), "{left:?}");
    // What there is, is marked as a part.
    let results = std::fs::read(folder.path().join("parts/results.json")).unwrap();
    let results: Value = serde_json::from_slice(&results).unwrap();
    let (done, asked) = (&results["runs"]["done"], &results["runs"]["asked"]);
    assert!(done.as_u64().unwrap() < asked.as_u64().unwrap(), "{done} of {asked}");
    assert!(results["notes"].to_string().contains("interrupted"), "{}", results["notes"]);

    let resumed = finish(start(&[parts, vec!["--resume".to_string()]].concat()));
    assert_eq!((resumed.code, resumed.err.as_str()), (Some(0), ""));
    let (whole, parts) =
        (contents(&folder.path().join("whole")), contents(&folder.path().join("parts")));
    let list = |files: &[(String, Vec<u8>)]| {
        files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(list(&whole), list(&parts));
    for ((name, one), (_, other)) in whole.iter().zip(&parts) {
        assert!(one == other, "{name} differs between the whole and the resumed run");
    }
}

#[test]
fn a_shipped_scenario_is_forecast_from_start_to_end() {
    let folder = tempfile::tempdir().unwrap();
    for scenario in headline() {
        let path = scenario.display().to_string();
        // With a target of its own it need not be simulated in calm weeks first.
        let target = ["--set", "cleared.at_most=300"];
        let arguments = ["run", &path, "--replications", "3", "--quiet", "--out", "here"];
        let arguments = [&arguments[..], &target].concat();
        let told = surgecast_in(folder.path(), &arguments);
        assert_eq!(told.code, Some(0), "{path}: {}", told.err);
    }
}

#[test]
fn theory_is_met_and_a_wrong_answer_is_found_out() {
    let told = surgecast(&["validate", "--family", "one-agent", "--effort", "1", "--quiet"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{}", told.out);
    assert!(told.out.contains("verdict: the engine agrees with theory"), "{}", told.out);

    // The same cases with every exact value a tenth too large.
    let file = repository().join("tests/data/theory/one-agent.json");
    let mut cases: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    for case in cases["cases"].as_array_mut().unwrap() {
        for quantity in case["quantities"].as_array_mut().unwrap() {
            quantity["value"] = (quantity["value"].as_f64().unwrap() * 1.1).into();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("wrong.json"), cases.to_string()).unwrap();
    let told = surgecast_in(folder.path(), &["validate", "wrong.json", "--effort", "1", "--quiet"]);
    assert_eq!(told.code, Some(1), "{}", told.out);

    let told = surgecast(&["validate", "--family", "nonsense"]);
    assert_eq!((told.code, told.out.as_str()), (Some(2), ""));
    assert!(told.err.contains("no case or family is called `nonsense`"), "{}", told.err);
    let told = surgecast_in(folder.path(), &["validate", "missing.json"]);
    assert_eq!((told.code, told.out.as_str()), (Some(3), ""), "{}", told.err);
}

#[test]
fn a_chart_of_an_earlier_run_does_not_stay() {
    let folder = folder();
    let charts = folder.path().join("outputs/desk/charts");
    std::fs::create_dir_all(&charts).unwrap();
    std::fs::write(charts.join("promises.svg"), "old").unwrap();
    std::fs::write(charts.join("mine.svg"), "kept").unwrap();
    let told = surgecast_in(folder.path(), &["run", "desk.toml", "--replications", "2", "--quiet"]);
    assert_eq!(told.code, Some(0));
    // The desk promises nothing, so there is nothing to draw of it.
    assert!(!charts.join("promises.svg").exists());
    assert!(charts.join("mine.svg").exists() && charts.join("backlog.svg").exists());
    // Nor in a format that is not asked for.
    let run = ["run", "desk.toml", "--replications", "2", "--quiet", "--charts"];
    let with = |format: &'static str| [&run[..], &[format]].concat();
    let kinds = |format| {
        assert_eq!(surgecast_in(folder.path(), &with(format)).code, Some(0));
        ["svg", "png"].map(|kind| charts.join("backlog").with_extension(kind).exists())
    };
    assert_eq!(kinds("png"), [false, true]);
    assert_eq!(kinds("svg"), [true, false]);
    assert_eq!(kinds("none"), [false, false]);
    assert_eq!(kinds("both"), [true, true]);
    assert!(charts.join("mine.svg").exists());
}

#[test]
fn shells_and_man_know_the_commands() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let told = surgecast_in(folder.path(), &["completions", shell]);
        assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
        assert!(told.out.contains("sensitivity") && told.out.contains("backtest"), "{shell}");
    }
    let page = surgecast_in(folder.path(), &["man", "plan"]).out;
    assert!(page.contains("surgecast\\-plan") && page.contains("target"), "{page}");
    assert!(surgecast_in(folder.path(), &["man"]).out.contains("SUBCOMMANDS"));
    let told = surgecast_in(folder.path(), &["man", "plann"]);
    assert_eq!(told.code, Some(2));
    assert!(told.err.contains("there is no command `plann`; there are run, check"), "{}", told.err);
}
