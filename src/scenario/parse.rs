//! From a table to a `Spec`, with every mistake of spelling and type reported at once.
//!
//! The reader stops at the first wrong value. So each wrong entry is reported, taken out, and the
//! rest is read again, until nothing wrong is left.

use super::spec::ScenarioSpec;
use crate::problem::{Problem, Problems, Span, nearest};
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer, Error};

/// Most mistakes of this kind that are reported.
const MOST_PROBLEMS: usize = 200;

/// Reads a table. Entries that are wrong are reported and left out.
pub fn parse(table: &DeTable<'_>, problems: &mut Problems) -> ScenarioSpec {
    let mut table = table.clone();
    let mut taken_out: Vec<TakenOut> = Vec::new();
    for _ in 0..MOST_PROBLEMS {
        let document = Spanned::new(0..usize::MAX, table.clone());
        match ScenarioSpec::deserialize(Deserializer::from(document)) {
            Ok(spec) => return spec,
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let lacks =
                    [ONE_WORD, "missing field"].iter().any(|s| error.message().starts_with(s));
                if !lacks || !taken_out.iter().any(|entry| entry.explains(&error)) {
                    problems.push(describe(&error));
                }
                if span == (0..usize::MAX) {
                    break;
                }
                let Some(key) = remove_at(&mut table, &span) else { break };
                taken_out.push(TakenOut { span, key, meant: suggested(&error) });
            }
        }
    }
    ScenarioSpec::default()
}

/// A wrong entry that was reported and taken out.
struct TakenOut {
    span: Span,
    key: String,
    /// The key it may have been meant for.
    meant: Option<String>,
}

impl TakenOut {
    /// Whether a table lacks something only because this entry has been taken out.
    fn explains(&self, error: &Error) -> bool {
        let table = error.span().unwrap_or(0..0);
        if table.start <= self.span.start && self.span.end <= table.end {
            return true;
        }
        // The span of a table with a header of its own ends with that.
        let missing = quoted(error).first().map(ToString::to_string);
        let is_it =
            missing.is_some() && (missing == self.meant || missing.as_ref() == Some(&self.key));
        is_it && table.start <= self.span.start
    }
}

/// What an error names.
fn quoted(error: &Error) -> Vec<&str> {
    error.message().split('`').skip(1).step_by(2).collect()
}

/// The key that an unknown one may be meant for.
fn suggested(error: &Error) -> Option<String> {
    let names = quoted(error);
    let (key, known) = names.split_first()?;
    let near = nearest(key, known.iter().copied()).map(ToString::to_string);
    near.filter(|_| error.message().starts_with("unknown field"))
}

/// How the reader begins what it says of a table that should hold one word with its value.
const ONE_WORD: &str = "wanted exactly 1 element";

/// A reader's error in our words.
fn describe(error: &Error) -> Problem {
    let message = error.message();
    let span = error.span().unwrap_or(0..0);
    let quoted = quoted(error);
    let of_kind = |kind: &str| message.starts_with(kind).then(|| quoted.first().copied()).flatten();
    if let Some(key) = of_kind("unknown field") {
        let problem = Problem::error("unknown-key", format!("there is no key `{key}` here"));
        return problem.at(span, "this key").help(suggestion(key, &quoted[1..]));
    }
    if let Some(word) = of_kind("unknown variant") {
        let problem =
            Problem::error("unknown-word", format!("`{word}` is not one of the words known here"));
        return problem.at(span, "this word").help(suggestion(word, &quoted[1..]));
    }
    if let Some(key) = of_kind("missing field") {
        let problem = Problem::error("missing-key", format!("the key `{key}` is missing"));
        return problem.at(span, "in this table");
    }
    for (code, start) in [("wrong-type", "invalid type: "), ("wrong-value", "invalid value: ")] {
        let parts = message.strip_prefix(start).and_then(|rest| rest.split_once(", expected "));
        if let Some((found, expected)) = parts {
            let expected_words = match plain(expected) {
                // The limits matter to those who wrote a number.
                words if code == "wrong-type" && words.starts_with("a whole number") => {
                    "a whole number".to_string()
                }
                words => words,
            };
            let text = format!("expected {expected_words}, not {}", plain(found));
            let problem = Problem::error(code, text).at(span, "this value");
            let lone = expected == "a sequence" && found == "map";
            return if lone { problem.help(LIST_OF_TABLES) } else { problem };
        }
    }
    if message.starts_with(ONE_WORD) {
        let text = "expected one key in this table, with its value";
        return Problem::error("wrong-value", text).at(span, "this table");
    }
    Problem::error("wrong-value", message.to_string()).at(span, "this value")
}

/// What to do where one of several is written as the only one.
const LIST_OF_TABLES: &str =
    "there may be several of these: double the brackets, as in [[surges]], for each of them";

/// The reader's names of types in a planner's words.
fn plain(type_name: &str) -> String {
    const WORDS: [(&str, &str); 9] = [
        ("u8", "a whole number from 0 to 255"),
        ("u16", "a whole number from 0 to 65,535"),
        ("u32", "a whole number from 0 to 4,294,967,295"),
        ("u64", "a whole number of at least 0"),
        ("a string", "text in quotes"),
        ("a boolean", "true or false"),
        ("a sequence", "a list"),
        ("sequence", "a list"),
        ("map", "a table"),
    ];
    if type_name.starts_with("struct ") {
        return "a table".to_string();
    }
    if let Some((_, words)) = WORDS.iter().find(|(name, _)| *name == type_name) {
        return (*words).to_string();
    }
    let value = |kind: &str| type_name.strip_prefix(kind).map(|value| value.trim_matches('`'));
    if let Some(text) = value("string ") {
        return format!("the text {text}");
    }
    let number = value("integer ").or(value("floating point ")).or(value("boolean "));
    number.unwrap_or(type_name).to_string()
}

fn suggestion(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "nothing can stand here".to_string(),
        None => format!("known here: {}", known.join(", ")),
    }
}

/// Takes out the innermost entry whose key or value holds that span, and gives its key; that of a list
/// for one of its entries.
fn remove_at(table: &mut DeTable<'_>, span: &Span) -> Option<String> {
    let holds = |outer: Span| outer.start <= span.start && span.end <= outer.end;
    let wrong_key = table.iter().find(|(key, _)| holds(key.span())).map(|(key, _)| key.clone());
    if let Some(key) = wrong_key {
        return remove(table, key.get_ref());
    }
    // Tables written in pieces have spans that do not enclose their values, so every table is
    // searched.
    let mut inner = table.iter_mut();
    let inner = inner.find_map(|(key, value)| remove_within(key.get_ref(), value, span));
    if inner.is_some() {
        return inner;
    }
    let whole = table.iter().find(|(_, value)| holds(value.span())).map(|(key, _)| key.clone());
    whole.and_then(|key| remove(table, key.get_ref()))
}

fn remove(table: &mut DeTable<'_>, key: &str) -> Option<String> {
    table.remove(key).map(|_| key.to_string())
}

fn remove_within(key: &str, value: &mut Spanned<DeValue<'_>>, span: &Span) -> Option<String> {
    match value.get_mut() {
        DeValue::Table(inner) => remove_at(inner, span),
        DeValue::Array(items) => {
            let inner = items.iter_mut().find_map(|item| remove_within(key, item, span));
            if inner.is_some() {
                return inner;
            }
            let holds = |outer: Span| outer.start <= span.start && span.end <= outer.end;
            let place = items.iter().position(|item| holds(item.span()))?;
            let all = std::mem::replace(items, DeArray::new());
            let kept = all.into_iter().enumerate().filter(|(i, _)| *i != place);
            kept.for_each(|(_, item)| items.push(item));
            Some(key.to_string())
        }
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::source::Sources;

    fn codes(text: &str) -> Vec<(&'static str, String)> {
        let sources = Sources::from_text("test", text, &[]);
        let mut problems = Problems::default();
        let table = sources.merge(&mut problems);
        parse(&table, &mut problems);
        let at = |problem: &Problem| {
            let (source, place) = sources.locate(&problem.labels[0].span).unwrap();
            source.text[place].to_string()
        };
        problems.sorted().iter().map(|problem| (problem.code, at(problem))).collect()
    }

    #[test]
    fn several_mistakes_are_all_told_where_they_stand() {
        let text = "name = 3\nstrat = 2026-11-16\n[tickets.a]\nhandle = \"6\"\nreopen = \"150%\"\n[tickets.a.chasers]\nper_day = -1.0\nread = \"with-tickets\"\n[[escalations]]\nfrom = \"x\"\n";
        let expected = [
            ("wrong-type", "3"),
            ("unknown-key", "strat"),
            ("wrong-value", "\"6\""),
            ("wrong-value", "\"150%\""),
            ("wrong-value", "-1.0"),
            ("unknown-word", "\"with-tickets\""),
            ("missing-key", "[[escalations]]"),
        ];
        let found = codes(text);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(code, at)| (*code, at.as_str())).collect();
        assert_eq!(found, expected);
    }
}
