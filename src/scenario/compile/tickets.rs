//! Ticket classes: from what is written of one to a `Class`.

use super::super::demand::Demand;
use super::{Compiler, Parts};
use crate::dist::Law;
use crate::ids::TeamId;
use crate::model::class::{self, Class, TicketSpec};
use crate::model::context::Context;
use crate::model::handle::{self, HANDLE_CV};
use crate::model::lateness;
use crate::model::priority::{self, MATRIX, Matrix};
use crate::model::promise::Promise;
use crate::model::reopen;
use crate::model::surge::Surge;
use crate::model::team::TeamSpec;
use crate::problem::{Problem, Problems};
use crate::time::SimTime;
use crate::written::Written;

impl Compiler<'_> {
    pub(super) fn class(
        &self,
        name: &Written<String>,
        spec: &TicketSpec,
        surges: &[&Surge],
        start: SimTime,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Option<Class> {
        let demand = Demand {
            context,
            profiles: &self.spec.profiles,
            start,
            sources: self.sources,
            customers: self.number_of_customers(),
            calm: self.parts == Parts::Calm,
        };
        let arrivals =
            demand.compile(name, &spec.arrivals.clone().unwrap_or_default(), surges, problems);
        let entry = self.entry_team(name, spec, context, problems)?;
        let handle = handle::compile(
            spec.handle.as_ref(),
            handle::default_mean(),
            HANDLE_CV.value,
            problems,
        );
        let mut class = Class::new(&name.value, arrivals, entry, handle);
        class.handle_at = self.handle_at(spec, context, problems);
        class.channel = class::channel(spec.channel.as_ref(), problems);
        class.priority = priority::compile(
            spec.urgency.as_ref(),
            spec.impact.as_ref(),
            &self.matrix(problems),
            problems,
        );
        class.promise = spec.promise.clone().unwrap_or_default().compile(context, problems);
        class.patience = spec.patience.as_ref().map(|patience| patience.compile(context, problems));
        class.acknowledgement =
            spec.acknowledgement.as_ref().and_then(|a| a.compile(&class.promise, problems));
        class.turned_away = spec.turned_away.as_ref().map(|away| away.compile(context, problems));
        class.pending =
            spec.pending.as_ref().and_then(|pending| pending.compile(context, problems));
        self.check_promise(name, &class, problems);
        let chasers = spec.chasers.as_ref().and_then(|chasers| chasers.compile(problems));
        let duplicates = spec.duplicates.as_ref().and_then(|d| d.compile(context, problems));
        let targets = class.promise.first_reply.iter().chain(&class.promise.resolution);
        let promises = targets.flatten().next().is_some();
        class.late = lateness::compile(spec.late.as_ref(), promises, problems);
        let reopen = spec.reopen.as_ref().and_then(|r| reopen::compile(&r.value, problems));
        self.check_misroute(name, spec, problems);
        if duplicates.is_some() && chasers.is_none() {
            problems.push(
                Problem::warning(
                    "duplicates-without-chasers",
                    format!("nobody chases `{}` tickets, so nobody opens duplicates", name.value),
                )
                .at(name.span.clone(), "this ticket class")
                .help("add chasers = {}"),
            );
        }
        (class.chasers, class.duplicates, class.reopen) = (chasers, duplicates, reopen);
        Some(class)
    }

    fn number_of_customers(&self) -> Option<u32> {
        let customers = self.spec.customers.as_ref()?;
        customers.value.number.as_ref().map(|number| number.value)
    }

    /// A class's handle times at teams that have one of their own; the class's word goes first.
    pub(super) fn handle_at(
        &self,
        spec: &TicketSpec,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Vec<(TeamId, Law)> {
        let mut laws = Vec::new();
        for (team, time) in spec.handle_at.iter() {
            if let Some(team) = context.team(team, problems) {
                laws.push((
                    team,
                    handle::compile(Some(time), handle::default_mean(), HANDLE_CV.value, problems),
                ));
            }
        }
        for (index, (_, team)) in self.spec.teams.iter().enumerate() {
            if let Some(time) = &team.handle {
                laws.push((
                    TeamId::new(index),
                    handle::compile(Some(time), handle::default_mean(), HANDLE_CV.value, problems),
                ));
            }
        }
        laws
    }

    /// Warns where it matters to reopens that a ticket was misrouted, and none ever is.
    fn check_misroute(&self, name: &Written<String>, spec: &TicketSpec, problems: &mut Problems) {
        let span = spec.reopen.as_ref().and_then(|spec| reopen::misroute_span(&spec.value));
        let sorted = self.spec.triage.as_ref().is_some_and(|triage| {
            triage.tickets.is_empty() || triage.tickets.iter().any(|t| t.value == name.value)
        });
        if let Some(span) = span.filter(|_| !sorted) {
            let what = format!("nobody sorts `{}` tickets, so none is misrouted", name.value);
            problems.push(
                Problem::warning("misroute-without-triage", what)
                    .at(span, "for tickets that went to a wrong team")
                    .help("add a [triage] table, or leave this out"),
            );
        }
    }

    pub(super) fn check_promise(
        &self,
        name: &Written<String>,
        class: &Class,
        problems: &mut Problems,
    ) {
        let mean = class.mean_handle_at(class.entry);
        if class.promise.resolution.iter().flatten().any(|promised| *promised < mean) {
            problems.push(
                Problem::warning(
                    "promise-too-short",
                    format!(
                        "solving `{}` is promised sooner than its mean handle time of {mean}",
                        name.value
                    ),
                )
                .at(name.span.clone(), "this ticket class"),
            );
        }
        let Promise { first_reply, resolution, .. } = &class.promise;
        if first_reply
            .iter()
            .zip(resolution)
            .any(|(reply, solved)| reply.zip(*solved).is_some_and(|(reply, solved)| solved < reply))
        {
            problems.push(
                Problem::warning(
                    "promises-crossed",
                    format!("solving `{}` is promised sooner than a first reply", name.value),
                )
                .at(name.span.clone(), "this ticket class")
                .help("both count from when the ticket is created: give the solution more time"),
            );
        }
    }

    /// The team that gets a class first: the one written, or the first that handles it.
    pub(super) fn entry_team(
        &self,
        name: &Written<String>,
        spec: &TicketSpec,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Option<TeamId> {
        if let Some(team) = &spec.team {
            return context.team(team, problems);
        }
        let handles = |team: &TeamSpec| {
            team.handles.is_empty()
                || team.handles.iter().any(|handled| handled.value == name.value)
        };
        let first = self.spec.teams.0.iter().position(|(_, team)| handles(team));
        if first.is_none() && !self.spec.teams.0.is_empty() {
            problems.push(
                Problem::error("nobody-handles", format!("no team handles `{}`", name.value))
                    .at(name.span.clone(), "this ticket class")
                    .help(format!("add \"{}\" to the handles of a team", name.value)),
            );
        }
        first.map(TeamId::new)
    }

    pub(super) fn matrix(&self, problems: &mut Problems) -> Matrix {
        let Some(written) = &self.spec.priority_matrix else { return MATRIX };
        let good = written.value.len() == 4
            && written
                .value
                .iter()
                .all(|row| row.len() == 4 && row.iter().all(|p| (1..=4).contains(p)));
        if !good {
            problems.push(
                Problem::error(
                    "wrong-matrix",
                    "a priority matrix has four rows of four priorities from 1 to 4",
                )
                .at(written.span.clone(), "this matrix"),
            );
            return MATRIX;
        }
        let mut matrix = MATRIX;
        for (row, written) in matrix.iter_mut().zip(&written.value) {
            for (cell, priority) in row.iter_mut().zip(written) {
                *cell = priority - 1;
            }
        }
        matrix
    }
}
