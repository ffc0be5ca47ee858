//! The backlog of the first day: a number with ages, or a list of open tickets.

use super::super::files::{Table, short, spoken};
use super::Compiler;
use crate::ids::ClassId;
use crate::model::build::DEFAULT_CAP;
use crate::model::context::Context;
use crate::model::opening::OpeningTicket;
use crate::problem::{Problem, Problems, grouped};
use crate::ticket::{Priority, State};
use crate::time::SimTime;
use crate::written::{Brief, Written};

impl Compiler<'_> {
    pub(super) fn opening(
        &self,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Vec<OpeningTicket> {
        if !self.has_opening() {
            return Vec::new();
        }
        let Some(written) = &self.spec.opening else { return Vec::new() };
        let Brief::Full(table) = &written.value else { return Vec::new() };
        let cap = self.spec.backlog_cap.as_ref().map_or(DEFAULT_CAP, |cap| cap.value);
        let counted: u64 = table.tickets.iter().map(|(_, count)| u64::from(count.value)).sum();
        if counted > u64::from(cap) {
            let largest =
                table.tickets.iter().map(|(_, count)| count).max_by_key(|count| count.value);
            problems.push(
                Problem::error(
                    "opening-too-large",
                    format!(
                        "an opening backlog of {} tickets is above the cap of {}",
                        grouped(counted),
                        grouped(u64::from(cap))
                    ),
                )
                .at(largest.map_or(0..0, |count| count.span.clone()), "here")
                .help("raise backlog_cap where this many can really wait"),
            );
            return Vec::new();
        }
        let mut tickets = table.compile(context, problems);
        if let Some(file) = &table.file {
            tickets.extend(self.opening_file(file, context, problems));
            tickets.sort_by_key(|ticket| ticket.created_at);
        }
        tickets
    }

    pub(super) fn opening_file(
        &self,
        file: &Written<String>,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Vec<OpeningTicket> {
        let Some(table) = Table::read(file, self.sources, problems) else { return Vec::new() };
        let rows = table.tickets(context.days.zone(), problems).unwrap_or_default();
        let mut tickets = Vec::with_capacity(rows.len());
        for row in rows {
            let created_at = context.days.at(row.since);
            let asked_at = row.asked.map(|asked| context.days.at(asked));
            let class = context.tickets.iter().position(|name| *name == row.class);
            let state = match row.state.as_str() {
                "" | "open" | "hold" | "on-hold" => Some(State::Open),
                "new" => Some(State::New),
                "pending" => Some(State::Pending),
                _ => None,
            };
            let priority = match row.priority.as_str() {
                "" => Some(None),
                "urgent" => Some(Some(Priority(0))),
                "high" => Some(Some(Priority(1))),
                "normal" | "medium" => Some(Some(Priority(2))),
                "low" => Some(Some(Priority(3))),
                _ => None,
            };
            let what = if class.is_none() {
                format!("no ticket class is named `{}`", short(&row.class))
            } else if state.is_none() {
                format!("`{}` is not new, open, pending or hold", short(&row.state))
            } else if priority.is_none() {
                format!("`{}` is not urgent, high, normal or low", short(&row.priority))
            } else if created_at > SimTime::ZERO {
                format!(
                    "{} is after the start of the scenario: leave it out, or start later",
                    spoken(row.created)
                )
            } else if asked_at.is_some_and(|asked| asked < created_at || asked > SimTime::ZERO) {
                "its customer was asked before it was created, or after the start".to_string()
            } else {
                String::new()
            };
            match (class, state, priority) {
                (Some(class), Some(state), Some(priority)) if what.is_empty() => {
                    tickets.push(OpeningTicket {
                        class: ClassId::new(class),
                        created_at,
                        priority,
                        state,
                        asked_at,
                    });
                }
                _ => {
                    table.row_problem(row.line, &what, problems);
                    return tickets;
                }
            }
        }
        tickets
    }
}
