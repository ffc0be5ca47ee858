//! The words of help desks and telephone systems for what became of a ticket or a call, and their lengths of time.

/// No wait and no touch is longer than a week, in seconds.
const MOST_SECONDS: f64 = 604_800.0;

/// States of tickets that are open, whatever date stands beside them.
const OPEN: [&str; 9] =
    ["open", "new", "pending", "hold", "on hold", "on-hold", "in progress", "reopened", "waiting"];

/// States of tickets that are done, whether or not a date stands beside them.
const CLOSED: [&str; 10] = [
    "closed",
    "close",
    "solved",
    "resolved",
    "done",
    "cancelled",
    "canceled",
    "merged",
    "deleted",
    "spam",
];

/// What became of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Outcome {
    /// Nothing is said.
    #[default]
    Unknown,
    /// An agent answered.
    Answered,
    /// The customer gave up.
    Abandoned,
    /// Neither: to be left out.
    Other,
}

/// Whether a state, in small letters, is that of an open ticket.
pub(super) fn is_open(state: &str) -> bool {
    OPEN.contains(&state)
}

/// Whether a state, in small letters, is that of a ticket that is done.
pub(super) fn is_closed(state: &str) -> bool {
    CLOSED.contains(&state)
}

/// Whether a promise was kept, in the words of exports.
pub(super) fn kept(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "1" | "within sla" | "met" | "achieved" => Some(true),
        "false" | "no" | "0" | "sla violated" | "violated" | "missed" | "breached" => Some(false),
        _ => None,
    }
}

/// What became of a call, in the words of telephone systems.
pub(super) fn outcome(text: &str) -> Outcome {
    const GONE: [&str; 6] =
        ["abandon", "hang", "no answer", "not answered", "unanswered", "missed"];
    const ANSWERED: [&str; 6] = ["answer", "agent", "handled", "connected", "completed", "served"];
    let text = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match () {
        () if text.is_empty() => Outcome::Unknown,
        // "not answered" has "answered" in it.
        () if has(&GONE) => Outcome::Abandoned,
        () if has(&ANSWERED) => Outcome::Answered,
        () => Outcome::Other,
    }
}

/// Seconds in the unit that the header of a column names; plain numbers are seconds.
pub(super) fn seconds_in(header: &str) -> f64 {
    let header = header.to_lowercase();
    match header {
        _ if header.contains("minute") => 60.0,
        _ if header.contains("hour") || header.contains("hrs") => 3600.0,
        _ if header.contains("(ms)") => 0.001,
        _ => 1.0,
    }
}

/// Seconds of a number in that unit, or of hours, minutes and seconds with colons.
pub(super) fn span(text: &str, unit: f64) -> Option<f64> {
    let parts: Option<Vec<f64>> = text.split(':').map(|part| part.parse().ok()).collect();
    match parts?.as_slice() {
        [number] => Some(number * unit),
        [hours, minutes] => Some(3600.0 * hours + 60.0 * minutes),
        [hours, minutes, seconds] => Some(3600.0 * hours + 60.0 * minutes + seconds),
        _ => None,
    }
    .filter(|seconds| (0.0..=MOST_SECONDS).contains(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_what_people_mean_by_them() {
        assert_eq!(outcome("Answered by agent"), Outcome::Answered);
        assert_eq!(outcome("Not answered"), Outcome::Abandoned);
        assert_eq!(outcome("HANG"), Outcome::Abandoned);
        assert_eq!(outcome("PHANTOM"), Outcome::Other);
        assert_eq!(outcome(""), Outcome::Unknown);
        assert_eq!(
            (kept("Within SLA"), kept("SLA Violated"), kept("?")),
            (Some(true), Some(false), None)
        );
        assert!(is_open("pending") && is_closed("solved") && !is_closed("pending"));
    }

    #[test]
    fn lengths_are_numbers_or_clocks() {
        assert_eq!(span("1.5", seconds_in("Wait time in minutes")), Some(90.0));
        assert_eq!(span("0:02:30", 1.0), Some(150.0));
        assert_eq!(span("1:30", 1.0), Some(5400.0));
        for wrong in ["1e12", "inf", "-3", "5,5", "1h", "1:2:3:4"] {
            assert_eq!(span(wrong, 1.0), None, "{wrong}");
        }
    }
}
