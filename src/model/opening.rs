//! The opening backlog: tickets that already wait when the run begins.
//!
//! *In a manager's words*: "we start with thirty thousand open tickets, a third of them older than
//! a week."
//!
//! *Assumption*: a count with an age histogram stands for tickets spread evenly within each age
//! band; a list is taken as it is. *Source*: W1 and M16 of the catalogue.

use super::context::Context;
use crate::ids::ClassId;
use crate::problem::{Problem, Problems};
use crate::ticket::{Priority, State};
use crate::time::{SimDuration, SimTime};
use crate::written::{Brief, Length, Named, Share, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// The opening backlog as written: `"empty"`, or a table.
pub type OpeningSpec = Brief<OpeningWord, OpeningTable>;

/// An opening backlog that needs no table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OpeningWord {
    /// Nothing waits, and there is no warm-up.
    Empty,
}

/// An opening backlog as a count with ages, as a file, or both, which add up.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpeningTable {
    /// Open tickets of each class.
    pub tickets: Named<Written<u32>>,
    /// Shares of age bands, youngest first; they sum to 100 %.
    pub ages: Vec<AgeBand>,
    /// Share of them that waits for the customer.
    pub pending: Option<Written<Share>>,
    /// A CSV file with the columns created, ticket and optionally priority, state and asked (when the
    /// customer of a pending one was).
    pub file: Option<Written<String>>,
}

/// A band of ages.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgeBand {
    /// The oldest in this band.
    pub up_to: Written<Length>,
    /// Share of the tickets.
    pub share: Written<Share>,
}

/// A ticket that waits when the run begins.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct OpeningTicket {
    /// Its class.
    pub class: ClassId,
    /// When it was created: at or before the start.
    pub created_at: SimTime,
    /// Its priority, where it is known.
    pub priority: Option<Priority>,
    /// New, open or pending.
    pub state: State,
    /// When its customer was asked, of a pending one: now, where nobody knows.
    pub asked_at: Option<SimTime>,
}

impl OpeningTable {
    /// The tickets counted in the table, oldest first. Files are read elsewhere.
    pub fn compile(&self, context: &Context<'_>, problems: &mut Problems) -> Vec<OpeningTicket> {
        let shares: f64 = self.ages.iter().map(|band| band.share.value.0).sum();
        if !self.ages.is_empty() && (shares - 1.0).abs() > 1e-6 {
            problems.push(
                Problem::error(
                    "shares-sum",
                    format!("the age bands sum to {:.0}%, not 100%", shares * 100.0),
                )
                .at(self.ages[0].share.span.clone(), "these shares"),
            );
        }
        let bands = self.bands(problems);
        let p_pending = self.pending.as_ref().map_or(0.0, |share| share.value.0);
        let mut tickets = Vec::new();
        for (name, count) in self.tickets.iter() {
            let Some(class) = context.ticket(name, problems) else { continue };
            for i in 0..count.value {
                // Every ticket stands for an equal slice of the age distribution.
                let place = (f64::from(i) + 0.5) / f64::from(count.value);
                let pending = (f64::from(i) + 0.5) * p_pending % 1.0 + p_pending >= 1.0;
                let state = if pending { State::Pending } else { State::Open };
                let created_at = SimTime::ZERO - age_at(&bands, place);
                tickets.push(OpeningTicket {
                    class,
                    created_at,
                    priority: None,
                    state,
                    asked_at: None,
                });
            }
        }
        tickets.sort_by_key(|ticket| ticket.created_at);
        tickets
    }

    /// (share up to here, oldest age), youngest band first.
    fn bands(&self, problems: &mut Problems) -> Vec<(f64, SimDuration)> {
        let mut sum = 0.0;
        let mut oldest = SimDuration::ZERO;
        let mut bands = Vec::new();
        for band in &self.ages {
            let up_to = band.up_to.value.wall();
            if up_to <= oldest || up_to > SimDuration::from_days(3650) {
                problems.push(
                    Problem::error(
                        "wrong-ages",
                        "age bands go from the youngest to the oldest, up to ten years",
                    )
                    .at(band.up_to.span.clone(), "this band"),
                );
            }
            oldest = up_to;
            sum += band.share.value.0;
            bands.push((sum, up_to));
        }
        if bands.is_empty() {
            bands.push((1.0, SimDuration::from_days(3)));
        }
        bands
    }
}

/// The age below which that share of the tickets lies, evenly spread within each band.
fn age_at(bands: &[(f64, SimDuration)], place: f64) -> SimDuration {
    let (mut share_before, mut young) = (0.0, SimDuration::ZERO);
    for (share, old) in bands {
        if place <= *share && *share > share_before {
            let within = (place - share_before) / (share - share_before);
            return young + (*old - young).scale(within);
        }
        (share_before, young) = (*share, *old);
    }
    young
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_fill_their_bands_and_some_tickets_wait_for_the_customer() {
        let text = "pending = 0.25\nages = [{ up_to = \"1 d\", share = \"50%\" }, { up_to = \"5 d\", share = \"50%\" }]\n[tickets]\nreturns = 8\n";
        let table: OpeningTable = toml::from_str(text).unwrap();
        let days = super::super::days::Days::plain(0, 1);
        let names = ["returns".to_string()];
        let context = Context {
            days: &days,
            end: days.end(),
            tickets: &names,
            teams: &[],
            calendars: &[],
            open: &[],
        };
        let mut problems = Problems::default();
        let tickets = table.compile(&context, &mut problems);
        assert_eq!(problems.iter().count(), 0);
        let ages: Vec<f64> = tickets.iter().map(|t| -t.created_at.hours() / 24.0).collect();
        assert_eq!(ages, [4.5, 3.5, 2.5, 1.5, 0.875, 0.625, 0.375, 0.125]);
        assert_eq!(tickets.iter().filter(|t| t.state == State::Pending).count(), 2);
    }
}
