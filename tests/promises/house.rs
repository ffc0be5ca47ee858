//! The order of the house: floors, what the library may not do, and that nothing is forgotten.

use crate::support::{files, relative, repository};
use std::collections::{BTreeMap, BTreeSet};
use surgecast::outcome::measure::MEASURES;
use surgecast::problem::CODES;
use surgecast::scenario::defaults::DEFAULTS;

/// The floor of every module of the library, from the ground up.
const FLOORS: &[(&str, u8)] = &[
    ("time", 0),
    ("ids", 0),
    ("rng", 0),
    ("problem", 0),
    ("sheet", 0),
    ("when", 0),
    ("stats", 0),
    ("theory", 0),
    ("ticket", 0),
    ("evidence", 0),
    ("price", 0),
    ("opinion", 0),
    ("written", 0),
    ("dist", 1),
    ("model", 2),
    ("history", 3),
    ("outcome", 2),
    ("scenario", 3),
    ("engine", 3),
    ("experiment", 4),
    ("report", 5),
];

/// Lines of a source file that are code: no comments, no tests at its end.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(number, line)| (number + 1, line));
    lines
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// All source files of the library: (path, top module, text).
fn library() -> Vec<(String, String, String)> {
    files("src", "rs")
        .into_iter()
        .map(|path| (relative(&path), std::fs::read_to_string(&path).unwrap()))
        .filter(|(path, _)| {
            !["src/cli/", "src/web/"].iter().any(|binary| path.starts_with(binary))
                && path != "src/main.rs"
        })
        .map(|(path, text)| {
            let below = path.trim_start_matches("src/").trim_end_matches(".rs");
            let top = below.split('/').next().unwrap().to_string();
            (path.clone(), top, text)
        })
        .collect()
}

/// The top modules that a line of code names.
fn named(line: &str) -> Vec<String> {
    let after = line.split("crate::").skip(1);
    after
        .flat_map(|rest| {
            let word = |text: &str| -> String {
                text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
            };
            match rest.strip_prefix('{') {
                Some(list) => list.split(',').map(word).collect::<Vec<_>>(),
                None => vec![word(rest)],
            }
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn every_module_uses_lower_floors_only() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, top, text) in library() {
        if top == "lib" {
            continue;
        }
        let floor = *floors.get(top.as_str()).unwrap_or_else(|| panic!("{top} has no floor"));
        for (number, line) in code(&text) {
            for used in named(line).iter().filter(|used| **used != top) {
                let Some(other) = floors.get(used.as_str()) else { continue };
                let neighbours = floor == 0 && *other == 0;
                // On the ground floor plain values may hold each other, as long as there is no
                // circle (see below).
                if *other > floor || *other == floor && !neighbours {
                    wrong.push(format!("{path}:{number}: {top} (floor {floor}) uses {used}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The path of a source file as a module: "model::team".
fn module_of(path: &str) -> String {
    let below = path.trim_start_matches("src/").trim_end_matches(".rs");
    below.trim_end_matches("/mod").replace('/', "::")
}

/// All paths that begin here: of `a::{b, c::d}` both `a::b` and `a::c::d`.
fn paths(text: &str) -> Vec<String> {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let Some(below) = text[word.len()..].strip_prefix("::") else { return vec![word] };
    let Some(list) = below.strip_prefix('{') else {
        return paths(below).into_iter().map(|path| format!("{word}::{path}")).collect();
    };
    let (mut depth, mut from, mut found) = (0, 0, Vec::new());
    for (at, sign) in list.char_indices() {
        match sign {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                found.extend(paths(list[from..at].trim_start()));
                from = at + 1;
                if sign == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    found.into_iter().map(|path| format!("{word}::{path}")).collect()
}

/// The modules that a file takes something from, those it is a part of left out.
fn used_by(module: &str, text: &str, modules: &BTreeSet<String>) -> BTreeSet<String> {
    let text: String = code(text).map(|(_, line)| format!("{line}\n")).collect();
    let starts = text.match_indices("crate::").chain(text.match_indices("super::"));
    let of = starts.filter(|(at, _)| !text[..*at].ends_with("super::"));
    let full = of.flat_map(|(at, _)| {
        let mut base = module.to_string();
        let mut rest = &text[at..];
        while let Some(above) = rest.strip_prefix("super::") {
            base.truncate(base.rfind("::").unwrap_or(0));
            rest = above;
        }
        let base = if text[at..].starts_with("crate::") { String::new() } else { base };
        let rest = rest.strip_prefix("crate::").unwrap_or(rest);
        let whole = if rest.starts_with('{') { paths(&format!("x::{rest}")) } else { paths(rest) };
        whole.into_iter().map(move |path| format!("{base}::{}", path.trim_start_matches("x::")))
    });
    let known = full.filter_map(|path| {
        let mut path = path.trim_start_matches("::");
        while !modules.contains(path) {
            path = &path[..path.rfind("::")?];
        }
        Some(path.to_string())
    });
    known.filter(|used| used != module && !module.starts_with(&format!("{used}::"))).collect()
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let files = library();
    let modules: BTreeSet<String> = files.iter().map(|(path, ..)| module_of(path)).collect();
    let mut uses: BTreeMap<String, BTreeSet<String>> = files
        .iter()
        .map(|(path, _, text)| (module_of(path), used_by(&module_of(path), text, &modules)))
        .collect();
    let (team, pool) = ("model::team".to_string(), "model::pool".to_string());
    assert!(uses["model::build"].contains(&team) && uses["model::build"].contains(&pool));
    // Take away what uses nothing that is left, and what nothing uses; a circle stays.
    loop {
        let used: BTreeSet<String> = uses.values().flatten().cloned().collect();
        let before = uses.len();
        let left: BTreeSet<String> = uses.keys().cloned().collect();
        uses.retain(|name, uses| {
            used.contains(name) && uses.iter().any(|used| left.contains(used))
        });
        uses.values_mut().for_each(|used| used.retain(|used| left.contains(used)));
        if uses.len() == before {
            break;
        }
    }
    assert!(uses.is_empty(), "these use each other in a circle: {uses:#?}");
}

#[test]
fn every_floor_is_that_of_a_module() {
    let tops: BTreeSet<String> = library().into_iter().map(|(_, top, _)| top).collect();
    for (module, _) in FLOORS {
        assert!(tops.contains(*module), "there is no module {module}");
    }
}

/// Fails where a line of library code holds one of those words.
fn library_never_says(words: &[&str], why: &str) {
    for (path, _, text) in library() {
        for (number, line) in code(&text) {
            for word in words {
                assert!(!line.contains(word), "{path}:{number}: {word}: {why}");
            }
        }
    }
}

#[test]
fn the_library_does_not_print() {
    let words =
        ["println!", "print!", "eprintln!", "eprint!", "dbg!", "std::io::stdout", "stderr()"];
    library_never_says(&words, "the library prints nothing");
}

#[test]
fn the_library_reads_no_clock_and_no_environment() {
    let words = [
        "Instant::now",
        "SystemTime",
        "Timestamp::now",
        "Zoned::now",
        "TimeZone::system",
        "std::env::var",
        "rand::rng()",
        "thread_rng",
        "from_os_rng",
        "RandomState",
    ];
    library_never_says(&words, "a run is a function of its scenario and seed");
}

#[test]
fn the_library_iterates_over_no_hash_map() {
    // Their order differs from run to run. Looking something up is fine, so each use is listed.
    let known = ["src/outcome/journal.rs"];
    for (path, _, text) in library() {
        let uses =
            code(&text).any(|(_, line)| line.contains("HashMap") || line.contains("HashSet"));
        assert!(!uses || known.contains(&path.as_str()), "{path} holds a hash map");
    }
}

#[test]
fn nothing_is_left_to_do_or_switched_off() {
    // Put together here, so that this file does not find itself.
    let words = ["todo", "unimplemented", "unreachable"].map(|word| format!("{word}!("));
    let ignored = format!("#[{}", "ignore");
    for folder in ["src", "tests"] {
        for path in files(folder, "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for word in words.iter().take(2).chain([&ignored]) {
                assert!(!text.contains(word.as_str()), "{}: {word}", relative(&path));
            }
        }
    }
}

#[test]
fn no_test_file_is_forgotten() {
    let folder = repository().join("tests/promises");
    for path in files("tests/promises", "rs") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name == "main" || name == "mod" {
            continue;
        }
        let parent = path.parent().unwrap();
        let declared_in = if parent == folder {
            folder.join("main.rs")
        } else {
            let beside = parent.with_extension("rs");
            if beside.exists() { beside } else { parent.join("mod.rs") }
        };
        let text = std::fs::read_to_string(&declared_in).unwrap_or_default();
        let declared = text.lines().any(|line| line.trim_end().ends_with(&format!("mod {name};")));
        assert!(declared, "{} is in no module", relative(&path));
    }
    // The same for folders with a mod.rs.
    for path in files("tests/promises", "rs") {
        let parent = path.parent().unwrap();
        if path.file_name().is_some_and(|name| name == "mod.rs") {
            let name = parent.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(folder.join("main.rs")).unwrap();
            assert!(text.contains(&format!("mod {name};")), "{} is in no module", relative(&path));
        }
    }
}

#[test]
fn every_measure_is_documented() {
    let mut titles = BTreeSet::new();
    for measure in MEASURES {
        let key = measure.key;
        assert!(titles.insert(measure.title), "two measures are called {}", measure.title);
        assert!(measure.title.len() <= 34, "{key}: the title is too long for the tables");
        assert!(measure.definition.ends_with('.'), "{key}");
        assert!(measure.definition.split_whitespace().count() >= 6, "{key} is not explained");
        let lower = key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        assert!(lower, "{key}");
    }
}

#[test]
fn every_code_of_a_problem_is_unique_documented_and_used() {
    let known: BTreeSet<&str> = CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(known.len(), CODES.len(), "a code is listed twice");
    let sources: Vec<(String, String)> = library()
        .into_iter()
        .filter(|(path, _, _)| path != "src/problem.rs")
        .map(|(path, _, text)| (path, code(&text).map(|(_, line)| line).collect::<String>()))
        .collect();
    for (code, meaning) in CODES {
        let quoted = format!("\"{code}\"");
        assert!(sources.iter().any(|(_, text)| text.contains(&quoted)), "{code} is never told");
        assert!(meaning.ends_with('.') && meaning.len() > 10, "{code} is not explained");
    }
    for (path, text) in &sources {
        for start in ["Problem::error(", "Problem::warning("] {
            for call in text.split(start).skip(1) {
                let Some(literal) = call.trim_start().strip_prefix('"') else { continue };
                let code = literal.split('"').next().unwrap();
                assert!(known.contains(code), "{path}: {code} is not in CODES");
            }
        }
    }
}

#[test]
fn no_font_of_the_system_is_asked_for() {
    let lock = std::fs::read_to_string(repository().join("Cargo.lock")).unwrap();
    for package in
        ["font-kit", "fontconfig", "freetype", "yeslogic-fontconfig-sys", "servo-fontconfig"]
    {
        let entry = format!("name = \"{package}\"");
        assert!(!lock.contains(&entry), "{package}: charts draw with the embedded font");
    }
}

#[test]
fn every_file_says_what_it_is_and_a_long_one_why_it_is_long() {
    for folder in ["src", "tests"] {
        for path in files(folder, "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let first = text.lines().next().unwrap_or("");
            let described = first.starts_with("//!") || first.starts_with("#![doc");
            assert!(described, "{} does not say what it is", relative(&path));
            let comment = text.lines().take_while(|line| line.starts_with("//!")).count();
            let long = text.lines().count() > 600;
            assert!(
                !long || comment >= 2,
                "{} has over 600 lines and does not explain itself",
                relative(&path)
            );
        }
    }
}

#[test]
fn no_path_of_a_workplace_stands_in_the_project() {
    for folder in ["src", "tests", "scenarios"] {
        for extension in ["rs", "toml", "txt"] {
            for path in files(folder, extension) {
                let text = std::fs::read_to_string(&path).unwrap();
                for home in ["/home/", "/Users/", "/root/", "C:\\\\Users"] {
                    let found = text.contains(home) && !path.ends_with("house.rs");
                    assert!(!found, "{} names {home}", relative(&path));
                }
            }
        }
    }
}

#[test]
fn every_default_is_explained() {
    let mut written = BTreeSet::new();
    for (path, _, text) in library() {
        let constants = text.split("pub const ").skip(1);
        let evidence = constants.filter(|rest| rest.contains(": Evidence = Evidence {"));
        for constant in evidence {
            let Some((head, rest)) = constant.split_once(": Evidence = Evidence {") else {
                continue;
            };
            // Another constant may lie between.
            if head.contains(char::is_whitespace) {
                continue;
            }
            let key = rest.split('"').nth(1).unwrap_or_else(|| panic!("{path}: {head} has a key"));
            assert!(written.insert(key.to_string()), "{key} has two defaults");
        }
    }
    let known: BTreeSet<String> =
        DEFAULTS.iter().map(|(evidence, _)| evidence.key.to_string()).collect();
    assert_eq!(written, known, "defaults that `explain` does not know, or that are no more");
    assert!(written.len() > 60);
}
