//! The text of a scenario: its file, the files it extends, and overrides from the command line, as
//! one table in which every value still knows where it was written.

mod overlay;

use self::overlay::{apply, lay_over};
use super::syntax;
use crate::ids::Mask;
use crate::problem::{Problem, Problems, Span};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The largest scenario file read.
const MOST_BYTES: u64 = 4 << 20;

/// The longest chain of `extends`.
const MOST_FILES: usize = 20;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not there, or may not be opened.
    #[error("cannot open {path}: {}", in_words(reason))]
    Open {
        /// Which file.
        path: PathBuf,
        /// Why not.
        reason: std::io::Error,
    },
    /// It is a folder or a device.
    #[error("{path} is not a file")]
    NotAFile {
        /// Which one.
        path: PathBuf,
    },
    /// It is far larger than such a file can sensibly be.
    #[error("{path} is too large: {bytes} bytes, where at most {most} are read")]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// It is not text.
    #[error("{path} is not UTF-8 text: the first wrong byte is number {at}")]
    NotText {
        /// Which file.
        path: PathBuf,
        /// Position of the first byte that is not text.
        at: usize,
    },
}

/// What the system says, in the same words on every system.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "kinds may be added; the rest speak for themselves"
)]
pub fn in_words(reason: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match reason.kind() {
        ErrorKind::NotFound => "there is no such file".to_string(),
        ErrorKind::PermissionDenied => "permission denied".to_string(),
        _ => reason.to_string(),
    }
}

/// Reads a whole text file of bounded size.
///
/// *Errors*: see `ReadError`.
pub fn read_text(path: &Path, most: u64) -> Result<String, ReadError> {
    let open = |reason| ReadError::Open { path: path.to_path_buf(), reason };
    let about = std::fs::metadata(path).map_err(open)?;
    if !about.is_file() {
        return Err(ReadError::NotAFile { path: path.to_path_buf() });
    }
    let too_large = |bytes| ReadError::TooLarge { path: path.to_path_buf(), bytes, most };
    if about.len() > most {
        return Err(too_large(about.len()));
    }
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(open)?.take(most + 1);
    file.read_to_end(&mut bytes).map_err(open)?;
    if bytes.len() as u64 > most {
        return Err(too_large(bytes.len() as u64));
    }
    String::from_utf8(bytes).map_err(|error| ReadError::NotText {
        path: path.to_path_buf(),
        at: error.utf8_error().valid_up_to() + 1,
    })
}

/// One text that was read: a file, or an override of the command line.
#[derive(Clone, PartialEq, Debug)]
pub struct Source {
    /// What to call it.
    pub name: String,
    /// What it says.
    pub text: String,
    /// Where it begins in the numbering of all bytes.
    pub base: usize,
    /// The text to be parsed, with spaces in front that move every span to its place.
    padded: String,
}

/// All texts of a scenario, the one that was asked for first, then those it extends, then
/// overrides; so that a span can be shown again.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    overrides: Vec<Source>,
    /// Why the last file could not be laid over what it extends.
    unread: Option<String>,
    /// The variant that is read instead of the scenario as it stands.
    variant: Option<String>,
    /// The folder that files named on the command line are sought in.
    pub folder: PathBuf,
}

impl Sources {
    /// Reads a scenario file with everything it extends. Overrides are written `path=value`.
    ///
    /// *Errors*: the file cannot be read. What is wrong inside it, such as that it extends a file
    /// that cannot be read, comes out of `merge`.
    pub fn read(path: &Path, overrides: &[String]) -> Result<Sources, ReadError> {
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        let mut sources = Sources { folder, ..Sources::default() };
        let mut next = Some(path.to_path_buf());
        let mut seen = Vec::new();
        while let Some(path) = next {
            let identity = path.canonicalize().unwrap_or_else(|_| path.clone());
            if seen.contains(&identity) || seen.len() >= MOST_FILES {
                break; // `merge` tells
            }
            seen.push(identity);
            let text = match read_text(&path, MOST_BYTES) {
                Ok(text) => text,
                Err(error) if sources.files.is_empty() => return Err(error),
                Err(error) => {
                    sources.unread = Some(error.to_string());
                    break; // `merge` tells
                }
            };
            sources.add_file(path.display().to_string(), text);
            next = sources
                .base_of_last()
                .map(|base| path.parent().unwrap_or(Path::new("")).join(base));
        }
        sources.add_written_overrides();
        sources.variant = sources.written_variant();
        overrides.iter().for_each(|text| sources.add_override(text));
        Ok(sources)
    }

    /// A scenario given as text instead of a file; it cannot extend anything.
    pub fn from_text(name: &str, text: &str, overrides: &[String]) -> Sources {
        let unread = Some("a scenario given as text has no files beside it".to_string());
        let mut sources = Sources { unread, ..Sources::default() };
        sources.add_file(name.to_string(), text.to_string());
        sources.add_written_overrides();
        sources.variant = sources.written_variant();
        overrides.iter().for_each(|text| sources.add_override(text));
        sources
    }

    fn end(&self) -> usize {
        let last = self.overrides.last().or(self.files.last());
        last.map_or(1, |last| last.base + last.text.len() + 1)
    }

    fn add_file(&mut self, name: String, text: String) {
        let base = self.end();
        // A byte order mark is no TOML; a space keeps every later byte in its place.
        let parsed = text.replacen('\u{feff}', "   ", usize::from(text.starts_with('\u{feff}')));
        let padded = " ".repeat(base) + &parsed;
        self.files.push(Source { name, text, base, padded });
    }

    /// Adds what the files themselves override, in lists named `set`: the file that lies lowest
    /// first.
    fn add_written_overrides(&mut self) {
        for place in (0..self.files.len()).rev() {
            let file = &self.files[place];
            let (table, _) = DeTable::parse_recoverable(&file.padded);
            let Some(DeValue::Array(list)) = table.get_ref().get("set").map(Spanned::get_ref)
            else {
                continue; // `merge` tells where it is something else
            };
            let name = format!("set, in {}", file.name);
            let text = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                DeValue::Integer(_)
                | DeValue::Float(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_)
                | DeValue::Array(_)
                | DeValue::Table(_) => None,
            };
            let texts: Vec<String> = list.iter().filter_map(text).collect();
            texts.iter().for_each(|text| self.add_override_of(&name, text));
        }
    }

    fn add_override(&mut self, text: &str) {
        self.add_override_of("--set", text);
    }

    fn add_override_of(&mut self, name: &str, text: &str) {
        let base = self.end();
        // As a document with a single key, which keeps the value in its place.
        let value = text.split_once('=').map_or("", |(_, value)| value);
        let padded = " ".repeat(base + text.len() - value.len() - 2) + "_=" + value;
        let name = name.to_string();
        self.overrides.push(Source { name, text: text.to_string(), base, padded });
    }

    /// The same texts, of which that variant is read: what it changes lies over the files and under
    /// the overrides.
    pub fn variant(&self, name: &str) -> Sources {
        Sources { variant: Some(name.to_string()), ..self.clone() }
    }

    /// The same texts with further overrides `path=value`.
    pub fn with(&self, overrides: &[String]) -> Sources {
        let mut sources = self.clone();
        overrides.iter().for_each(|text| sources.add_override(text));
        sources
    }

    /// What the file read last extends, if anything.
    fn base_of_last(&self) -> Option<String> {
        text_at_top(self.files.last()?, "extends")
    }

    /// The variant that a file asks for; of several, the one that lies on top.
    fn written_variant(&self) -> Option<String> {
        self.files.iter().find_map(|file| text_at_top(file, "variant"))
    }

    /// The text a span lies in, and its place there; nothing for a value nobody wrote.
    pub fn locate(&self, span: &Span) -> Option<(&Source, Span)> {
        let all = || self.files.iter().chain(&self.overrides);
        let source = all().rfind(|source| source.base <= span.start)?;
        let end = (span.end - source.base).min(source.text.len());
        let mut start = (span.start - source.base).min(end);
        // A byte order mark was parsed as spaces; a place inside it is its beginning.
        while !source.text.is_char_boundary(start) {
            start -= 1;
        }
        Some((source, start..end))
    }

    /// The folder that a file named at that place is sought in: that of the scenario file which
    /// names it.
    pub fn folder_of(&self, span: &Span) -> PathBuf {
        let file = self.locate(span).map(|(source, _)| source);
        let file = file.filter(|source| self.files.iter().any(|file| file.base == source.base));
        let parent = file.and_then(|file| Path::new(&file.name).parent());
        parent.map_or_else(|| self.folder.clone(), Path::to_path_buf)
    }

    /// Everything the texts say, as one table: a file over what it extends, overrides over all.
    pub fn merge(&self, problems: &mut Problems) -> DeTable<'_> {
        let mut merged = DeTable::new();
        let mut asked = None;
        for (place, source) in self.files.iter().enumerate().rev() {
            let mut table = parse(source, problems);
            let is_last = place + 1 == self.files.len();
            if let Some((_, extends)) = table.remove_entry("extends")
                && is_last
            {
                problems.push(self.unread_base(&extends));
            }
            if let Some((_, set)) = table.remove_entry("set")
                && !is_texts(set.get_ref())
            {
                problems.push(
                    Problem::error("wrong-type", "set is a list of overrides in quotes")
                        .at(set.span(), "this value")
                        .help("write set = [\"teams.front-line.agents=30\"]"),
                );
            }
            asked = table.remove_entry("variant").map(|(_, name)| name).or(asked);
            lay_over(&mut merged, table);
        }
        let change = self.variant.as_ref().and_then(|name| change_of(&merged, name));
        match (change, asked) {
            (Some(change), _) => lay_over(&mut merged, change),
            (None, Some(asked)) => problems.push(unknown_variant(&merged, &asked)),
            (None, None) => {}
        }
        for source in &self.overrides {
            apply(&mut merged, source, problems);
        }
        merged
    }

    /// The scenario as it is while some interventions are in force: what they change, laid over
    /// everything else in their order.
    pub fn merge_under(&self, mask: Mask, problems: &mut Problems) -> DeTable<'_> {
        let mut table = self.merge(problems);
        let Some(interventions) = table.remove("interventions") else { return table };
        let DeValue::Array(all) = interventions.into_inner() else { return table };
        for (index, intervention) in all.into_iter().enumerate() {
            let DeValue::Table(mut intervention) = intervention.into_inner() else { continue };
            let change = intervention.remove("change").map(Spanned::into_inner);
            if let Some(DeValue::Table(change)) = change
                && mask >> index & 1 == 1
            {
                lay_over(&mut table, change);
            }
        }
        table
    }

    /// Whether what stands at one place is laid over what stands at another; nothing where both
    /// stand in the same text.
    pub fn lies_over(&self, one: &Span, other: &Span) -> Option<bool> {
        let (one, other) = (self.locate(one)?.0.base, self.locate(other)?.0.base);
        let first_override = self.overrides.first().map_or(usize::MAX, |source| source.base);
        // Of files the one read first lies on top, of overrides the last.
        let height = |base: usize| {
            if base < first_override { usize::MAX / 2 - base } else { usize::MAX / 2 + base }
        };
        (one != other).then(|| height(one) > height(other))
    }

    /// Why the last file of a chain still extends something.
    fn unread_base(&self, extends: &Spanned<DeValue<'_>>) -> Problem {
        match (extends.get_ref(), &self.unread) {
            (DeValue::String(_), Some(reason)) => Problem::error("file-unreadable", reason.clone())
                .at(extends.span(), "asked for here"),
            (DeValue::String(_), None) => Problem::error(
                "extends-circle",
                "these files extend each other in a circle, or too many of them",
            )
            .at(extends.span(), "leads back"),
            _ => Problem::error("wrong-type", "extends names one file")
                .at(extends.span(), "expected a path in quotes"),
        }
    }

    /// Name of the file that was asked for.
    pub fn name(&self) -> &str {
        self.files.first().map_or("", |file| &file.name)
    }

    /// A hash of all texts, in which nothing but their content counts.
    pub fn digest(&self) -> String {
        // FNV-1a, 64 bits, over every text and its length: enough to tell scenarios apart.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut eat =
            |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        let all = self.files.iter().chain(&self.overrides).map(|source| &source.text);
        for text in all.chain(&self.variant) {
            text.len().to_le_bytes().into_iter().for_each(&mut eat);
            text.bytes().for_each(&mut eat);
        }
        format!("{hash:016x}")
    }
}

/// The text that stands under a key of a file's top table, before anything is checked.
fn text_at_top(file: &Source, key: &str) -> Option<String> {
    let (table, _) = DeTable::parse_recoverable(&file.padded);
    match table.get_ref().get(key)?.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    }
}

/// Why a file gets no variant although it asks for one.
fn unknown_variant(table: &DeTable<'_>, asked: &Spanned<DeValue<'_>>) -> Problem {
    let DeValue::String(name) = asked.get_ref() else {
        return Problem::error("wrong-type", "variant names one of the scenario's variants")
            .at(asked.span(), "expected a name in quotes");
    };
    let known: Vec<String> = match table.get("variants").map(Spanned::get_ref) {
        Some(DeValue::Table(all)) => {
            all.iter().map(|(name, _)| name.get_ref().to_string()).collect()
        }
        _ => Vec::new(),
    };
    let problem = Problem::error("unknown-word", format!("there is no variant `{name}`"))
        .at(asked.span(), "asked for here");
    problem.help(if known.is_empty() {
        "the scenario has none; write [variants.NAME] with the keys that differ".to_string()
    } else {
        format!("there are {}", known.join(", "))
    })
}

/// Whether a value is a list of texts.
fn is_texts(value: &DeValue<'_>) -> bool {
    let is_text = |item: &Spanned<DeValue<'_>>| matches!(item.get_ref(), DeValue::String(_));
    matches!(value, DeValue::Array(list) if list.iter().all(is_text))
}

/// What a variant changes.
fn change_of<'a>(table: &DeTable<'a>, name: &str) -> Option<DeTable<'a>> {
    let DeValue::Table(variants) = table.get("variants")?.get_ref() else { return None };
    let DeValue::Table(change) = variants.get(name)?.get_ref() else { return None };
    Some(change.clone())
}

/// Parses a text; all its syntax errors become problems.
fn parse<'a>(source: &'a Source, problems: &mut Problems) -> DeTable<'a> {
    let (table, errors) = DeTable::parse_recoverable(&source.padded);
    let told = syntax::problems(&source.text, source.base, errors);
    told.into_iter().for_each(|problem| problems.push(problem));
    table.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(table: &DeTable<'_>, path: &str) -> String {
        let mut value = None;
        let mut table = table;
        for key in path.split('.') {
            value = table.get(key).map(Spanned::get_ref);
            if let Some(DeValue::Table(inner)) = value {
                table = inner;
            }
        }
        match value {
            Some(DeValue::String(text)) => text.to_string(),
            Some(DeValue::Integer(number)) => number.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_variant_holds_only_what_differs_and_spans_know_their_file() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write(
            "base.toml",
            "name = \"base\"\n[teams.front]\nagents = 5\nhours = \"desk\"\n[[hires]]\nteam = \"front\"\n",
        );
        write(
            "plan.toml",
            "extends = \"base.toml\"\n[teams.front]\nagents = 8\n[[hires]]\nteam = \"back\"\n",
        );
        let overrides = ["teams.front.hours=24 h".to_string(), "hires.1.agents= 3".to_string()];
        let sources = Sources::read(&folder.path().join("plan.toml"), &overrides).unwrap();
        let mut problems = Problems::default();
        let table = sources.merge(&mut problems);
        assert_eq!(problems.iter().count(), 0, "{problems:?}");
        assert_eq!(text_of(&table, "name"), "base");
        assert_eq!(text_of(&table, "teams.front.agents"), "8");
        assert_eq!(text_of(&table, "teams.front.hours"), "24 h");
        let Some(DeValue::Array(hires)) = table.get("hires").map(Spanned::get_ref) else {
            panic!()
        };
        assert_eq!(hires.len(), 2);
        let DeValue::Table(second) = hires[1].get_ref() else { panic!() };
        let agents = second.get("agents").unwrap();
        let (source, place) = sources.locate(&agents.span()).unwrap();
        assert_eq!((source.name.as_str(), &source.text[place]), ("--set", "3"));
        let span = table.get("name").unwrap().span();
        let (source, place) = sources.locate(&span).unwrap();
        assert!(source.name.ends_with("base.toml"));
        assert_eq!(&source.text[place], "\"base\"");
    }

    #[test]
    fn a_file_may_override_what_it_extends_and_the_command_line_both() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("base.toml", "set = [\"hires.0.agents=1\"]\n[[hires]]\nagents = 9\nteam = \"a\"\n");
        let set = "set = [\"hires.0.agents=5\", \"hires.0.team=b\"]\nextends = \"base.toml\"\n";
        write("plan.toml", set);
        let read = |overrides: &[String]| {
            let sources = Sources::read(&folder.path().join("plan.toml"), overrides).unwrap();
            let mut problems = Problems::default();
            let table = sources.merge(&mut problems);
            assert_eq!(problems.iter().count(), 0, "{problems:?}");
            let Some(DeValue::Array(hires)) = table.get("hires").map(Spanned::get_ref) else {
                panic!()
            };
            let DeValue::Table(hire) = hires[0].get_ref() else { panic!() };
            (text_of(hire, "agents"), text_of(hire, "team"))
        };
        assert_eq!(read(&[]), ("5".to_string(), "b".to_string()));
        assert_eq!(read(&["hires.0.agents=7".to_string()]).0, "7");
        let mut problems = Problems::default();
        Sources::from_text("x.toml", "set = 3\n", &[]).merge(&mut problems);
        assert_eq!(problems.iter().next().unwrap().code, "wrong-type");
    }

    #[test]
    fn a_variant_lies_over_the_file_and_under_the_overrides() {
        let text = "weeks = 4\n[teams.front]\nagents = 5\n[[hires]]\nteam = \"front\"\n\
            [variants.more]\nteams.front.agents = 7\nweeks = 6\n[[variants.more.hires]]\nteam = \"back\"\n";
        let overrides = ["weeks=8".to_string()];
        let plain = Sources::from_text("desk.toml", text, &overrides);
        let more = plain.variant("more");
        let mut problems = Problems::default();
        let table = more.merge(&mut problems);
        assert_eq!(problems.iter().count(), 0, "{problems:?}");
        assert_eq!(
            (text_of(&table, "teams.front.agents").as_str(), text_of(&table, "weeks")),
            ("7", "8".to_string())
        );
        let Some(DeValue::Array(hires)) = table.get("hires").map(Spanned::get_ref) else {
            panic!()
        };
        assert_eq!(hires.len(), 2, "lists of tables grow, as with `extends`");
        assert_ne!(plain.digest(), more.digest());
        assert_eq!(text_of(&plain.merge(&mut problems), "teams.front.agents"), "5");
    }

    #[test]
    fn a_file_may_be_a_variant_of_what_it_extends() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("desk.toml", "weeks = 4\n[variants.long]\nweeks = 9\n[variants.short]\nweeks = 1\n");
        let read = |text: &str| {
            write("mine.toml", text);
            let sources = Sources::read(&folder.path().join("mine.toml"), &[]).unwrap();
            let mut problems = Problems::default();
            let table = sources.merge(&mut problems);
            let told = problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>();
            (text_of(&table, "weeks"), told.join("; "))
        };
        let extends = "extends = \"desk.toml\"\n";
        let of = |more: &str| read(&format!("{extends}{more}\n"));
        assert_eq!(of("variant = \"long\""), ("9".to_string(), String::new()));
        // What the file sets lies over the variant.
        assert_eq!(of("variant = \"long\"\nset = [\"weeks=7\"]").0, "7");
        assert_eq!(of("variant = \"wide\"").1, "there is no variant `wide`");
        assert_eq!(of("variant = 3").1, "variant names one of the scenario's variants");
    }

    #[test]
    fn files_that_extend_each_other_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("a.toml", "extends = \"b.toml\"\n");
        write("b.toml", "extends = \"a.toml\"\n");
        let sources = Sources::read(&folder.path().join("a.toml"), &[]).unwrap();
        let mut problems = Problems::default();
        sources.merge(&mut problems);
        assert_eq!(problems.iter().next().unwrap().code, "extends-circle");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let read = |path: &Path| Sources::read(path, &[]).unwrap_err().to_string();
        assert!(read(&folder.path().join("absent.toml")).contains("cannot open"));
        assert!(read(folder.path()).contains("is not a file"));
        let binary = folder.path().join("binary.toml");
        std::fs::write(&binary, [b'a', 0xff]).unwrap();
        assert!(read(&binary).contains("the first wrong byte is number 2"));
        let huge = folder.path().join("huge.toml");
        File::create(&huge).unwrap().set_len(1 << 30).unwrap();
        assert!(read(&huge).contains("too large"));
    }
}
