//! Mistakes of syntax in a planner's words: what the parser says, and what to do about it.

use crate::problem::{Problem, Span};
use toml::de::Error;

/// The syntax errors of a text that begins at `base` as problems.
pub(super) fn problems(text: &str, base: usize, errors: Vec<Error>) -> Vec<Problem> {
    let mut told = Vec::new();
    let mut doubled_table = None;
    for error in errors {
        let span = error.span().unwrap_or(base..base + 1);
        let span = span.start.max(base)..span.end.max(base + 1);
        let mut at = (span.start - base).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let is_table = text[line..].starts_with('[');
        let doubled = error.message().starts_with("duplicate key");
        // Everything under a table that is there twice is there twice; the heading is enough.
        let table = text[..at].rfind("\n[");
        if doubled && !is_table && table.is_some() && table == doubled_table {
            continue;
        }
        if doubled && is_table {
            doubled_table = line.checked_sub(1);
        }
        told.push(explain(error.message(), &text[at..], span));
    }
    told
}

/// One syntax error. `rest` is the text from its place on.
fn explain(message: &str, rest: &str, span: Span) -> Problem {
    let says = |start: &str| message.starts_with(start);
    let line = rest.lines().next().unwrap_or("");
    let (what, help) = match message {
        _ if says("string values must be quoted") => match line.trim_start().chars().next() {
            None | Some('#') => ("a value is missing here", "write it after the ="),
            Some('“' | '”' | '„' | '‘' | '’') => {
                ("these are not the quotes of a scenario", "use straight quotes: \"like this\"")
            }
            Some(_) => {
                ("text stands in quotes", "write \"like this\"; shares too: \"30%\", or 0.3")
            }
        },
        _ if says("key with no value") => {
            ("expected `=` and a value after this key", "write key = value, or # before a comment")
        }
        _ if says("duplicate key") => {
            ("this stands here for the second time", "keep one of the two")
        }
        _ if says("unclosed table") => (
            "the name of a table is not closed",
            "write it between brackets: [tickets.questions], or [[surges]] for one of several",
        ),
        _ if says("invalid basic string") => {
            ("this text has no end", "close the quotes on the same line")
        }
        _ if says("invalid float") || says("invalid integer") || says("invalid local date") => (
            "this is neither a number nor a date",
            "write dates as 2026-12-01, parts as 8.5, and what has a unit in quotes: \"30%\"",
        ),
        _ if says("unexpected leading zero") => {
            ("a number does not begin with 0", "leave the zero out; a date is written 2026-12-01")
        }
        _ if says("unexpected key or value, expected newline") => (
            "only one value stands on a line",
            "numbers have no commas (1000 or 1_000), and units go inside quotes (\"6 min\")",
        ),
        _ => ("", ""),
    };
    if what.is_empty() {
        // Anything rarer is told in the parser's words.
        return Problem::error("syntax", message.to_string()).at(span, "here");
    }
    Problem::error("syntax", what).at(span, "here").help(help)
}
