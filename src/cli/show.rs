//! Problems shown at the user's own line, and errors that have no line.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::io::{IsTerminal, Write};
use surgecast::problem::{Problem, Severity};
use surgecast::scenario::source::Sources;

/// Most problems shown at once.
const MOST: usize = 100;

/// Shows problems on standard error, in the order of the text, and how many there were.
pub(super) fn problems(sources: &Sources, problems: &[Problem]) {
    let renderer = renderer();
    let mut text = String::new();
    for problem in problems.iter().take(MOST) {
        text.push_str(&one(sources, problem, &renderer));
        text.push_str("\n\n");
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let warnings = problems.len() - errors;
    let plural = |n: usize, what: &str| match n {
        0 => None,
        1 => Some(format!("1 {what}")),
        n => Some(format!("{n} {what}s")),
    };
    let counts: Vec<String> =
        [plural(errors, "error"), plural(warnings, "warning")].into_iter().flatten().collect();
    if !counts.is_empty() {
        text.push_str(&counts.join(", "));
        text.push('\n');
    }
    say(&text);
}

fn renderer() -> Renderer {
    // Colours as terminals and their owners want them (no-color.org).
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if std::io::stderr().is_terminal() && !is_set("NO_COLOR") && !is_dumb {
        Renderer::styled().decor_style(DecorStyle::Unicode)
    } else {
        Renderer::plain()
    }
}

fn one(sources: &Sources, problem: &Problem, renderer: &Renderer) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&problem.message).id(problem.code);
    let mut group = Group::with_title(title);
    let mut placed = false;
    for (index, label) in problem.labels.iter().enumerate() {
        let Some((source, place)) = sources.locate(&label.span) else { continue };
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let snippet = Snippet::source(&source.text)
            .path(&source.name)
            .annotation(kind.span(place).label(&label.text));
        group = group.element(snippet);
        placed = true;
    }
    if !placed {
        group = group.element(Origin::path(sources.name()));
    }
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help));
    }
    renderer.render(&[group]).to_string()
}

/// Shows an error that has no line.
pub(super) fn error(text: &str) {
    let group = Group::with_title(Level::ERROR.primary_title(text));
    say(&format!("{}\n", renderer().render(&[group])));
}

/// Writes to standard error; nobody can be told where that fails.
pub(super) fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
