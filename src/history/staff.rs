//! Who works on what an export shows, and how long: as seen at work, or as many as the best weeks take.

use super::arrivals::Window;
use super::asked::Fitting;
use super::facts::Facts;
use super::figures::open_hours;
use super::records::History;
use super::shape::Questions;
use super::shifts::{Shifts, roster};
use crate::model::handle::HANDLE_MEAN;
use crate::model::shrinkage::SHRINKAGE;
use std::fmt::Write;

/// How busy people are taken to have been at most in their best weeks: how long tickets were open is explained
/// without a queue, so there must not be a long one. Queues of large teams are short up to about there.
const BUSY: f64 = 0.85;

/// Who works, and how long on each.
pub struct Staff {
    /// Calendars by name.
    pub calendars: Vec<(String, Shifts)>,
    /// A comment on them.
    pub about_hours: &'static str,
    /// Touches that a ticket takes.
    pub touches: f64,
    /// Minutes of a touch.
    pub handle: f64,
    /// A comment on that.
    pub about_handle: String,
    /// The team in TOML.
    pub team: String,
}

impl Staff {
    /// Those seen at work, or those that the file and the user leave to be said.
    pub fn of(
        facts: &Facts,
        history: &History,
        asked: &Fitting,
        recent: Window,
        questions: Option<Questions>,
    ) -> Staff {
        if facts.staffing.iter().any(|people| *people >= 0.5) {
            return Staff::measured(facts, asked.off_queue);
        }
        let shifts = open_hours(facts, history, recent);
        let hours = shifts.hours();
        let (away, source) = (SHRINKAGE.value, "our default");
        let touches = questions.map_or(1.0, |questions| 1.0 + questions.asks);
        let best = best_weeks(facts, recent);
        // Offered load of so many minutes by ticket, in people who do nothing else; and people at the queue.
        let load = |minutes: f64| best * minutes / (hours * 60.0);
        let there = |agents: u32| f64::from(agents) * (1.0 - away);
        let in_file = facts.handle.as_ref().map(|handle| handle.mean / 60.0);
        let default = HANDLE_MEAN.value * touches;
        // Minutes of a ticket, over all of its touches.
        let (minutes, about_handle) = match (asked.handle, in_file, asked.agents) {
            (Some(said), ..) => (said, "as you said, over the touches of a ticket".to_string()),
            (None, Some(measured), _) => (measured, String::new()),
            (None, None, Some(agents)) => {
                let minutes = load_of(there(agents)) * hours * 60.0 / best.max(1e-9);
                (
                    minutes,
                    "such that the people you name have some time between tickets".to_string(),
                )
            }
            (None, None, None) => {
                (default, format!("NOT in the file: our default ({})", HANDLE_MEAN.source))
            }
        };
        let needed = (people_for(load(minutes)) / (1.0 - away)).ceil().max(1.0) as u32;
        let agents = asked.agents.unwrap_or(needed);
        let busy = 100.0 * load(minutes) / there(agents);
        let about_agents = format!(
            "{}; {busy:.0} % busy in the best four weeks, with {best:.0} tickets a week",
            match (asked.agents, asked.handle.or(in_file)) {
                (Some(_), _) => "as you said",
                (None, Some(_)) => "as many as have some time between tickets",
                (None, None) =>
                    "as many as have some time between tickets; say --agents or --handle-minutes if you know",
            }
        );
        let handle = minutes / touches;
        let team = format!(
            "[teams.desk]\nagents = {agents}   # {about_agents}\nhours = \"desk\"\nshrinkage = \"{:.0}%\"   # {source}\n",
            100.0 * away
        );
        let about_hours = if facts.days.is_empty() || facts.by_day {
            "# NOT in the file: nine to five on the days on which work was done.\n"
        } else {
            "# The hours in which tickets were solved.\n"
        };
        Staff {
            calendars: vec![("desk".to_string(), shifts)],
            about_hours,
            touches,
            handle,
            about_handle,
            team,
        }
    }

    /// The roster that was seen at work.
    fn measured(facts: &Facts, found: Option<f64>) -> Staff {
        let groups = roster(&facts.staffing);
        let mut team = String::from(
            "# People at work in each hour, as their calls show: each is there from the first to the last, without\n\
             # pauses of three quarters of an hour.\n",
        );
        let seen = facts.off_queue.unwrap_or(0.0);
        let abandoned = facts.calls.as_ref().map_or(0.0, |calls| calls.abandoned);
        let _ = match found {
            Some(_) => writeln!(
                team,
                "# Off the queue: so that as many give up in the simulation as did, {:.1} %. (While somebody waited, {:.0} % of\n\
                 # those there were on no call; but fewer than usual are at the queue when somebody waits.)",
                100.0 * abandoned,
                100.0 * seen
            ),
            None => writeln!(team, "# Off the queue: who was on no call though somebody waited."),
        };
        let off = found.unwrap_or(seen);
        let _ = writeln!(
            team,
            "[teams.desk]\nshrinkage = {{ absence = 0, off_queue = {off:.4} }}\ngroups = ["
        );
        let mut calendars = Vec::new();
        for (place, (people, shifts)) in groups.into_iter().enumerate() {
            let name = format!("shift-{}", place + 1);
            let _ =
                writeln!(team, "  {{ name = \"{name}\", agents = {people}, hours = \"{name}\" }},");
            calendars.push((name, shifts));
        }
        team.push_str("]\n");
        Staff {
            calendars,
            about_hours: "",
            touches: 1.0,
            handle: 0.0,
            about_handle: String::new(),
            team,
        }
    }
}

/// People at the queue for a load, so that tickets do not wait for long: 85 % busy, and where they are few more
/// than that, for chance weighs more (square-root staffing; Halfin and Whitt 1981).
fn people_for(load: f64) -> f64 {
    (load / BUSY).max(load + load.sqrt())
}

/// The load that so many people can bear so.
fn load_of(people: f64) -> f64 {
    let root = ((1.0 + 4.0 * people).sqrt() - 1.0) / 2.0;
    (BUSY * people).min(root * root)
}

/// Tickets done a week in the four weeks in a row in which most were; those that came, where the file does
/// not say what was done.
fn best_weeks(facts: &Facts, recent: Window) -> f64 {
    let window = facts.arrivals.window;
    // Of people who were there for four weeks a few of the last ones say too little.
    let span = recent.days().max(28).min(window.days());
    let done: Vec<u64> = match facts.days.as_slice() {
        [] => facts.arrivals.daily.clone(),
        days => days.iter().map(|day| day.ended).collect(),
    };
    let done = &done[done.len().saturating_sub(span)..];
    let span = done.len().min(28);
    let most = done.windows(span.max(1)).map(|days| days.iter().sum::<u64>()).max().unwrap_or(0);
    most as f64 * 7.0 / span.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_their_load_go_back_and_forth() {
        for load in [0.1, 1.0, 4.0, 30.0, 400.0] {
            assert!((load_of(people_for(load)) - load).abs() < 1e-9, "{load}");
        }
        assert_eq!(people_for(1.0), 2.0);
        assert!((people_for(400.0) - 400.0 / 0.85).abs() < 1e-9);
    }
}
