//! What a mechanism may ask while it is read: names, dates and files of the scenario around it.

use super::calendar::Calendar;
use super::days::Days;
use crate::dist::Law;
use crate::ids::{CalendarId, ClassId, TeamId};
use crate::problem::{Problem, Problems, nearest};
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Length, Moment, Written};

/// The scenario around a mechanism.
pub struct Context<'a> {
    /// The days of the run.
    pub days: &'a Days,
    /// When the run ends.
    pub end: SimTime,
    /// Names of the ticket classes, in the order of their ids.
    pub tickets: &'a [String],
    /// Names of the teams, in the order of their ids.
    pub teams: &'a [String],
    /// Names of the calendars, in the order of their ids.
    pub calendars: &'a [String],
    /// The calendars themselves.
    pub open: &'a [Calendar],
}

impl Context<'_> {
    /// The class of that name.
    pub fn ticket(&self, name: &Written<String>, problems: &mut Problems) -> Option<ClassId> {
        find("unknown-ticket", "ticket class", name, self.tickets, problems).map(ClassId::new)
    }

    /// The classes of those names; all of them where none is named.
    pub fn tickets(&self, names: &[Written<String>], problems: &mut Problems) -> Vec<ClassId> {
        if names.is_empty() {
            return (0..self.tickets.len()).map(ClassId::new).collect();
        }
        names.iter().filter_map(|name| self.ticket(name, problems)).collect()
    }

    /// The team of that name.
    pub fn team(&self, name: &Written<String>, problems: &mut Problems) -> Option<TeamId> {
        find("unknown-team", "team", name, self.teams, problems).map(TeamId::new)
    }

    /// The calendar of that name.
    pub fn calendar(&self, name: &Written<String>, problems: &mut Problems) -> Option<CalendarId> {
        find("unknown-calendar", "calendar", name, self.calendars, problems).map(CalendarId::new)
    }

    /// How long that is on a calendar, or else on the wall clock, on which there is no business time.
    pub fn span(
        &self,
        length: &Written<Length>,
        hours: Option<CalendarId>,
        place: &str,
        problems: &mut Problems,
    ) -> SimDuration {
        if let Some(id) = hours {
            return self.open[id.index()].span_of(length.value);
        }
        if length.value.is_business() {
            let known = self.calendars.iter().map(String::as_str).find(|name| *name != "always");
            let known = known.unwrap_or("office-hours");
            problems.push(
                Problem::error("business-time", "business time needs a calendar")
                    .at(length.span.clone(), "counted on which calendar?")
                    .help(format!("add hours = \"{known}\" {place}")),
            );
        }
        length.value.wall()
    }

    /// The instant of a written date; a warning where it lies outside the run.
    pub fn instant(&self, moment: &Written<Moment>, problems: &mut Problems) -> SimTime {
        let at = self.days.instant(moment.value.0);
        if at < SimTime::ZERO || at > self.end {
            // The run ends at midnight: the day before is its last.
            let last = self.days.civil(self.end - SimDuration::from_micros(1)).date();
            problems.push(
                Problem::warning(
                    "date-outside",
                    format!("{} lies outside the run", moment.value.0.date()),
                )
                .at(moment.span.clone(), "this date")
                .help(format!(
                    "the run goes from {} to {last}",
                    self.days.civil(SimTime::ZERO).date()
                )),
            );
        }
        at
    }

    /// Two instants in order; an error where the second does not follow the first.
    pub fn period(
        &self,
        from: &Written<Moment>,
        until: &Written<Moment>,
        problems: &mut Problems,
    ) -> (SimTime, SimTime) {
        let end = self.instant(until, problems);
        (self.since(from, (until, end), problems), end)
    }

    /// When something begins that ends then: a problem where it ends before.
    pub fn since(
        &self,
        from: &Written<Moment>,
        (until, end): (&Written<Moment>, SimTime),
        problems: &mut Problems,
    ) -> SimTime {
        let start = self.instant(from, problems);
        if end <= start {
            problems.push(
                Problem::error("period-reversed", "this period ends before it begins")
                    .at(until.span.clone(), "ends here")
                    .at(from.span.clone(), "begins here"),
            );
        }
        start
    }
}

/// The position of a written name among those declared, or a problem that names the nearest.
pub fn find(
    code: &'static str,
    kind: &str,
    name: &Written<String>,
    known: &[String],
    problems: &mut Problems,
) -> Option<usize> {
    let found = known.iter().position(|known| *known == name.value);
    if found.is_none() {
        let problem = Problem::error(code, format!("no {kind} is named `{}`", name.value))
            .at(name.span.clone(), "asked for here");
        problems.push(problem.help(match nearest(&name.value, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("the scenario declares no {kind}"),
            None => format!("declared: {}", known.join(", ")),
        }));
    }
    found
}

/// The log-normal law of a written mean and CV, the usual shape of delays; the CV is `cv` where
/// none is written.
pub fn delay(mean: &Option<Written<Length>>, default: Length, cv: f64) -> Law {
    Law::log_normal(mean.as_ref().map_or(default, |mean| mean.value).wall(), cv)
}

/// A written number, or the default.
pub fn amount(written: &Option<Written<Amount>>, default: f64) -> f64 {
    written.as_ref().map_or(default, |amount| amount.value.0)
}

/// A written length on the wall clock, or the default; an error where it counts business time,
/// which has no meaning for customers' waiting.
pub fn wall(
    written: &Option<Written<Length>>,
    default: Length,
    problems: &mut Problems,
) -> SimDuration {
    let Some(length) = written else { return default.wall() };
    if length.value.is_business() {
        problems.push(
            Problem::error(
                "business-time",
                "this is counted on the wall clock, not in business time",
            )
            .at(length.span.clone(), "expected hours or days")
            .help("write \"24 h\" or \"1 d\""),
        );
    }
    length.value.wall()
}
