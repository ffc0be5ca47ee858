//! What is wrong with a scenario: problems that point at the user's own lines, collected.

use std::fmt;
use std::ops::Range;

/// Bytes of the scenario text, counted through all files read (see `scenario::source`).
pub type Span = Range<usize>;

/// How bad a problem is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The scenario runs, but the planner should know.
    Warning,
    /// The scenario cannot run.
    Error,
}

/// A place in the text and what it has to do with the problem.
#[derive(Clone, PartialEq, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there, in a few words.
    pub text: String,
}

/// One thing wrong with a scenario.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Stable name of the kind of problem, such as `unknown-team`.
    pub code: &'static str,
    /// Warning or error.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where; the first label is the place to mend.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// An error of that kind.
    pub fn error(code: &'static str, message: impl Into<String>) -> Problem {
        Problem::new(code, Severity::Error, message.into())
    }

    /// A warning of that kind.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Problem {
        Problem::new(code, Severity::Warning, message.into())
    }

    fn new(code: &'static str, severity: Severity, message: String) -> Problem {
        Problem { code, severity, message, labels: Vec::new(), help: None }
    }

    /// The same problem with a place added.
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Problem {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The same problem with advice.
    pub fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        if let Some(help) = &self.help {
            write!(f, " ({help})")?;
        }
        Ok(())
    }
}

/// Problems found so far, in the order of the text.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one, unless it has been told already: a team's key may be read once per ticket class.
    pub fn push(&mut self, problem: Problem) {
        if !self.0.contains(&problem) {
            self.0.push(problem);
        }
    }

    /// Whether any of them keeps the scenario from running.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// All problems, first those met first in the text; those without a place come last.
    pub fn sorted(mut self) -> Vec<Problem> {
        self.0.sort_by_key(|problem| problem.labels.first().map_or(usize::MAX, |l| l.span.start));
        self.0
    }

    /// The problems in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    /// Moves all problems of `other` here.
    pub fn append(&mut self, other: Problems) {
        self.0.extend(other.0);
    }
}

/// A whole number with separators: 1,000,000.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The candidate most like `word`, if it is near enough to be a slip of the pen.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().min(word.len()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let known = ["arrivals", "handle", "channel"];
        assert_eq!(nearest("arivals", known), Some("arrivals"));
        assert_eq!(nearest("Handel", known), Some("handle"));
        assert_eq!(nearest("weather", known), None);
    }

    #[test]
    fn problems_come_in_the_order_of_the_text() {
        let mut problems = Problems::default();
        problems.push(Problem::warning("b", "later").at(20..22, ""));
        problems.push(Problem::error("a", "earlier").at(3..5, ""));
        assert!(problems.has_errors());
        let codes: Vec<_> = problems.sorted().iter().map(|p| p.code).collect();
        assert_eq!(codes, ["a", "b"]);
    }
}
