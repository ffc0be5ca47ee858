//! What is wrong with a scenario: problems that point at the user's own lines, collected.

use std::fmt;
use std::ops::Range;

/// Bytes of the scenario text, counted through all files read (see `scenario::source`).
pub type Span = Range<usize>;

/// Every kind of problem, by its code, in the order of the language.
pub const CODES: &[(&str, &str)] = &[
    ("syntax", "The text is no TOML."),
    ("unknown-key", "A key that the language does not have."),
    ("unknown-word", "A word that is none of those known at its place."),
    ("unknown-level", "A level that is not urgent, high, normal or low."),
    ("unknown-channel", "A channel that is not known: a chat that is misspelt is none."),
    ("missing-key", "A table lacks a key that it needs."),
    ("wrong-type", "A number where text belongs, a list where a table belongs, and the like."),
    (
        "wrong-value",
        "A value of the right type that means nothing: no unit, a share above 100 %, no number.",
    ),
    ("wrong-override", "An override that changes nothing."),
    ("wrong-range", "Values of a sweep or an uncertain key that are neither a range nor a list."),
    ("out-of-range", "A number beyond its limits."),
    ("file-unreadable", "A file that is not there or cannot be read."),
    ("file-wrong", "A data file with a wrong line."),
    ("unknown-column", "A data file without the column asked for."),
    ("counts-missing", "Counts that do not cover the run."),
    ("counts-shifted", "Counts moved by a part of a week."),
    ("extends-circle", "Scenarios that extend each other."),
    ("no-start", "No first day."),
    ("wrong-start", "A first day in another age."),
    ("wrong-length", "A run or warm-up that is too short or too long."),
    ("two-lengths", "Weeks and days, or an end and a length, at once."),
    ("unknown-time-zone", "A time zone that does not exist."),
    ("empty-desk", "No ticket class, or no team."),
    ("unknown-calendar", "A calendar that is not declared."),
    ("calendar-empty", "A calendar that never opens."),
    ("hours-overlap", "Hours of one day that overlap."),
    ("wrong-date", "A special day that is no date."),
    ("wrong-target", "A target of a plan that cannot be read."),
    ("wrong-change", "A change of a plan that cannot be read."),
    ("date-outside", "A date, or the whole of a surge, outside the run."),
    ("business-time", "Business time where the wall clock counts, or without a calendar."),
    ("unknown-ticket", "A ticket class that is not declared."),
    ("no-arrivals", "A ticket class without arrivals."),
    ("two-rates", "Two arrival rates for one class."),
    ("wrong-contact-rate", "A contact rate without whom it is of, or the time it is for."),
    ("wrong-answer-time", "A promised time to answer that is no time of the clock."),
    ("too-many-arrivals", "More arrivals than can be simulated."),
    ("unknown-profile", "A profile that is neither declared nor known."),
    ("wrong-profile", "A profile without the right number of weights."),
    ("wrong-busyness", "A spread of days beyond reason."),
    ("wrong-incidents", "Incidents without time, or without a rate to lift."),
    ("no-customers", "[customers] without their number."),
    ("shares-sum", "Shares that do not sum to 100 %."),
    ("zero-time", "A time of zero where it must be longer."),
    ("zero-speed", "A speed of work at which nothing is ever done."),
    ("factor-below-one", "A factor below 1 that means the opposite of what its key is for."),
    ("fixed-arrivals", "What would change arrivals that are counted or regular, and does not."),
    ("touch-beyond-shift", "Work that takes longer than the longest shift of those who do it."),
    ("cv-ignored", "A CV beside a law that has its own."),
    ("promise-too-short", "A promise shorter than the work takes."),
    ("promises-crossed", "A solution promised sooner than a first reply."),
    ("wrong-shape", "A shape beyond its limits."),
    ("wrong-patience", "Patience without a mean, or with a shape beyond its limits."),
    ("nothing-promised", "An acknowledgement that tells of a promise nobody made."),
    ("duplicates-without-chasers", "Duplicates where nobody asks again."),
    ("misroute-without-triage", "Misrouted tickets that come back oftener where nobody sorts."),
    ("never-solved", "Questions to the customer without end."),
    ("endless-ticket", "Tickets that are touched for ever."),
    ("wrong-matrix", "A priority matrix that is not four by four."),
    ("four-priorities", "Not one number for each of the four priorities."),
    ("never-late", "Handle time that grows with lateness where nothing is promised."),
    ("unknown-team", "A team that is not declared."),
    ("team-without-agents", "A team that does not say how many it has."),
    ("same-name", "Two groups of a team with one name."),
    ("overtime-of-nobody", "Overtime within the shift, or on days on which nobody works."),
    ("team-unreached", "A team that no ticket reaches."),
    ("nobody-handles", "Tickets that come to where nobody works on them."),
    ("nobody-left", "Shrinkage that leaves nobody at the queue."),
    ("shrinkage-twice", "Shrinkage as a total and by its parts."),
    ("too-many-agents", "More agents than a run can hold."),
    ("understaffed", "Less staff than the work of calm weeks needs."),
    ("empty-escalation", "An escalation that never happens."),
    ("escalation-to-itself", "An escalation after which tickets are where they were."),
    ("escalations-sum", "Escalations after a touch that sum to more than 100 %."),
    ("escalation-loop", "Waiting tickets that move in a circle."),
    ("two-waiting-rules", "Two rules for waiting too long at one team."),
    ("own-approval", "A team that approves its own tickets."),
    ("too-many-approvals", "More approval rules than a ticket can remember."),
    ("triage-by-nobody", "Tickets to be sorted by hand and nobody who does."),
    ("wrong-is-right", "A wrong destination that is the right one."),
    ("never-learns", "A bot that knows everything from the first day, or ever less."),
    ("easy-beyond-reach", "A bot that is to resolve easier contacts than there are."),
    ("two-bots", "Two bots in front of one ticket class."),
    ("unknown-surge", "A surge that is not known by that name."),
    ("surge-without-start", "A surge without a beginning."),
    ("surge-without-end", "A surge without an end."),
    ("surge-on-history", "A surge over counts that really happened."),
    ("period-reversed", "A period that ends before it begins."),
    ("hires-without-start", "People who join on no day, or on two."),
    ("review-of-what", "A staffing review that looks at nothing, or at two things."),
    ("training-too-long", "People who leave before their training is over."),
    ("two-promises", "A notice that promises two dates."),
    ("opening-too-large", "More tickets at the start than the cap allows."),
    ("wrong-price", "An amount of money beyond reason."),
    ("penalty-without-promise", "A penalty for breaking a promise nobody made."),
    ("wrong-score", "A score that is not from 1 to 5, or out of order."),
    ("cost-without-money", "A cost where nothing else is said about money."),
    ("wage-without-money", "A team's wage where nothing else is said about money."),
    ("intervention-trigger", "An intervention without a date or condition, or with both."),
    ("intervention-restless", "An intervention that ends while its condition still holds."),
    ("intervention-empty", "An intervention that changes nothing."),
    ("intervention-bulk", "An answer to many with a date of its own in an intervention."),
    ("intervention-fixed", "An intervention that changes what cannot be changed during a run."),
    ("too-many-interventions", "More interventions than can be combined."),
    ("two-limits", "Hard touches by their length and by chance at once."),
    ("nothing-at-once", "Concurrency where no ticket class is held side by side."),
    ("nothing-immediate", "Blending where no ticket class is immediate."),
    ("wrong-ages", "Age bands out of order."),
];

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
        debug_assert!(CODES.iter().any(|(known, _)| *known == code), "{code} is not in CODES");
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
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
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
        problems.push(Problem::warning("understaffed", "later").at(20..22, ""));
        problems.push(Problem::error("syntax", "earlier").at(3..5, ""));
        assert!(problems.has_errors());
        let codes: Vec<_> = problems.sorted().iter().map(|p| p.code).collect();
        assert_eq!(codes, ["syntax", "understaffed"]);
    }
}
