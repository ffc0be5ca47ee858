//! From a scenario to a model: names resolved, times placed, everything checked on the way.
//!
//! It is long because it is flat: one short function for each table of the language, in the order in
//! which they need each other. What a table means stands with its mechanism in `model`.

use super::demand::Demand;
use super::files::{Table, short, spoken};
use super::source::Sources;
use super::spec::ScenarioSpec;
use crate::dist::Law;
use crate::ids::{ClassId, TeamId};
use crate::model::Model;
use crate::model::automation::Automation;
use crate::model::build::{DEFAULT_CAP, ModelBuilder};
use crate::model::busyness::BUSYNESS_MEMORY;
use crate::model::calendar::{Calendar, CalendarSpec};
use crate::model::class::{Class, TicketSpec};
use crate::model::context::{Context, wall};
use crate::model::crowding;
use crate::model::days::Days;
use crate::model::discipline::DisciplineSpec;
use crate::model::escalation::{EscalationSpec, Rule};
use crate::model::handle::{self, HANDLE_CV};
use crate::model::hires::Hire;
use crate::model::learning::Ramp;
use crate::model::money::{Paid, Payroll};
use crate::model::opening::OpeningTicket;
use crate::model::priority::{self, MATRIX, Matrix};
use crate::model::reopen;
use crate::model::rush::Rush;
use crate::model::shrinkage::{self, Shrinkage};
use crate::model::surge::Surge;
use crate::model::team::{Pace, PoolPlan, ShiftEnd, TeamPlan, TeamSpec};
use crate::price::Prices;
use crate::problem::{Problem, Problems, grouped};
use crate::ticket::{Priority, State};
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Brief, DayHours, Hours, Length, TimeUnit, Written};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

/// Longest run, in days.
const MOST_DAYS: f64 = 10.0 * 366.0;

/// Calm weeks before the start, where the scenario has no opening backlog and does not say.
const WARM_UP: SimDuration = SimDuration::from_days(28);

/// Which parts of a scenario are compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parts {
    /// Everything.
    All,
    /// The calm companion: no surge, opening backlog, hires, rushes or bulk replies.
    Calm,
    /// Everything but the follow-up loops: chasers, duplicates, reopens.
    WithoutLoops,
}

/// Something planned or expected, for marking in charts.
#[derive(Clone, PartialEq, Debug)]
pub struct Happening {
    /// When.
    pub at: SimTime,
    /// Until when, where it lasts.
    pub until: Option<SimTime>,
    /// What it is called.
    pub label: String,
    /// What it is: surge, hires, rush, bulk-reply.
    pub kind: &'static str,
}

/// A compiled scenario.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The desk.
    pub model: Model,
    /// What is planned or expected when.
    pub happenings: Vec<Happening>,
    /// Whether its days are ordinary: no surge, no opening backlog, no history with its storms.
    pub ordinary: bool,
}

/// Compiles a scenario. Nothing where problems keep it from running.
pub fn compile(
    spec: &ScenarioSpec,
    sources: &Sources,
    parts: Parts,
    problems: &mut Problems,
) -> Option<Compiled> {
    let before = problems.iter().count();
    let compiled = Compiler { spec, sources, parts }.compile(problems);
    let failed =
        problems.iter().skip(before).any(|p| p.severity == crate::problem::Severity::Error);
    compiled.filter(|_| !failed)
}

struct Compiler<'a> {
    spec: &'a ScenarioSpec,
    sources: &'a Sources,
    parts: Parts,
}

impl Compiler<'_> {
    fn compile(&self, problems: &mut Problems) -> Option<Compiled> {
        let (days, start, end) = self.span(problems);
        let (calendar_names, calendars) = self.calendars(&days, problems);
        let names =
            |names: &mut dyn Iterator<Item = &str>| names.map(str::to_string).collect::<Vec<_>>();
        let (tickets, teams) =
            (names(&mut self.spec.tickets.names()), names(&mut self.spec.teams.names()));
        self.require_desk(problems);
        let context = Context {
            days: &days,
            end,
            tickets: &tickets,
            teams: &teams,
            calendars: &calendar_names,
            open: &calendars,
        };
        let mut builder = ModelBuilder::new(self.name(), days.clone());
        builder.starts_at(start).ends_at(end).calendars(calendars.clone());
        builder.cap(self.spec.backlog_cap.as_ref().map_or(DEFAULT_CAP, |cap| cap.value));
        let memory =
            self.spec.busyness_memory.as_ref().map_or(BUSYNESS_MEMORY.value, |m| m.value.0);
        builder.busyness_memory(memory.min(0.99));

        let mut happenings = Vec::new();
        let surges = self.surges(&context, problems);
        happenings.extend(surges.iter().map(|surge| Happening {
            at: surge.shape.begins(),
            until: Some(surge.shape.ends()),
            label: surge.name.clone(),
            kind: "surge",
        }));
        for (name, spec) in self.spec.teams.iter() {
            self.team(name, spec, &mut builder, problems);
        }
        for (name, spec) in self.spec.teams.iter() {
            for written in &spec.handles {
                context.ticket(written, problems);
            }
            if spec.agents.is_none() && spec.groups.is_empty() {
                problems.push(
                    Problem::error(
                        "team-without-agents",
                        format!("the team `{}` has no agents", name.value),
                    )
                    .at(name.span.clone(), "this team")
                    .help("write agents = 10, or groups with agents"),
                );
            }
        }
        for (index, (name, spec)) in self.spec.tickets.iter().enumerate() {
            let surges: Vec<&Surge> = surges
                .iter()
                .filter(|surge| surge.classes.contains(&ClassId::new(index)))
                .collect();
            let class = self.class(name, spec, &surges, start, &context, problems);
            if let Some(class) = class {
                builder.class(class);
            }
        }
        let (pools, paid, desk) = self.pools(&context, &mut happenings, problems);
        let rostered = self.spec.money.is_some().then(|| pools.clone());
        let agents: u64 = pools.iter().map(|pool| u64::from(pool.seats)).sum();
        for pool in pools {
            builder.pool(pool);
        }
        builder.desk_hours(desk);
        let mut rules: Vec<Rule> = Vec::new();
        for spec in &self.spec.escalations {
            if let Some(rule) = spec.compile(&context, problems) {
                self.one_wait(spec, &rule, &rules, problems);
                rules.push(rule.clone());
                builder.escalation(rule);
            }
        }
        let mut bots = Vec::new();
        for (name, spec) in self.spec.automation.iter() {
            if let Some(automation) = spec.compile(&name.value, &context, problems) {
                bots.push(automation.clone());
                builder.automation(automation);
            }
        }
        let payroll = Roster { paid, pools: rostered.unwrap_or_default() };
        builder.prices(self.money(&payroll, &bots, &context, problems));
        for spec in self.extras(&self.spec.bulk_replies) {
            let bulk = spec.compile(&context, problems);
            happenings.push(Happening {
                at: bulk.at,
                until: None,
                label: "bulk reply".into(),
                kind: "bulk-reply",
            });
            builder.bulk(bulk);
        }
        builder.opening(self.opening(&context, problems));
        self.build(builder, agents, happenings, problems)
    }

    fn build(
        &self,
        builder: ModelBuilder,
        agents: u64,
        mut happenings: Vec<Happening>,
        problems: &mut Problems,
    ) -> Option<Compiled> {
        use crate::model::build::{BuildError, MOST_AGENTS};
        if agents > MOST_AGENTS {
            let in_teams = self.spec.teams.iter().flat_map(|(_, team)| {
                team.agents.iter().chain(team.groups.iter().map(|group| &group.agents))
            });
            let most = in_teams
                .chain(self.spec.hires.iter().map(|hire| &hire.agents))
                .max_by_key(|agents| agents.value);
            let span = most.map_or(0..0, |agents| agents.span.clone());
            problems.push(
                Problem::error(
                    "too-many-agents",
                    format!(
                        "{} agents are more than the {} a run can hold",
                        grouped(agents),
                        grouped(MOST_AGENTS)
                    ),
                )
                .at(span, "most of them are here"),
            );
        }
        if problems.has_errors() {
            return None;
        }
        happenings.sort_by_key(|happening| happening.at);
        match builder.build() {
            Ok(model) => {
                let mut tickets = self.spec.tickets.iter();
                let counted = tickets.any(|(_, ticket)| {
                    ticket.arrivals.as_ref().is_some_and(|arrivals| arrivals.counts.is_some())
                });
                let ordinary = model.opening.is_empty()
                    && !happenings.iter().any(|happening| happening.kind == "surge")
                    && !counted;
                Some(Compiled { model, happenings, ordinary })
            }
            Err(error) => {
                let (code, span, help) = match &error {
                    BuildError::TooManyAgents(_) => {
                        ("too-many-agents", 0..0, "fewer agents".to_string())
                    }
                    BuildError::TooManyEscalations { team, .. } => (
                        "escalations-sum",
                        self.team_span(team),
                        "after a touch a ticket goes one way only: lower the after_touch shares, or \
                         name the tickets each rule is for"
                            .to_string(),
                    ),
                    BuildError::NobodyServes { class, team } => (
                        "nobody-handles",
                        self.class_span(class),
                        format!(
                            "give `{team}` agents who handle \"{class}\", or name the tickets in the \
                             escalation that leads there"
                        ),
                    ),
                    BuildError::MovesInCircle { class, .. } => (
                        "escalation-loop",
                        self.class_span(class),
                        "let one of the teams on the way keep what waits".to_string(),
                    ),
                    BuildError::TwoBots { class } => (
                        "two-bots",
                        self.class_span(class),
                        "write tickets = [...] in each [automation] table".to_string(),
                    ),
                };
                let problem = Problem::error(code, error.to_string());
                problems.push(problem.at(span, "declared here").help(help));
                None
            }
        }
    }

    /// A ticket at a team can wait too long in one way only.
    fn one_wait(
        &self,
        spec: &EscalationSpec,
        rule: &Rule,
        earlier: &[Rule],
        problems: &mut Problems,
    ) {
        let Some(limit) = spec.waiting_over.as_ref().filter(|_| rule.waiting.is_some()) else {
            return;
        };
        let twice = rule.classes.iter().find(|class| {
            earlier.iter().any(|other| {
                other.waiting.is_some() && other.from == rule.from && other.classes.contains(class)
            })
        });
        let Some((name, _)) = twice.and_then(|class| self.spec.tickets.0.get(class.index())) else {
            return;
        };
        problems.push(
            Problem::error(
                "two-waiting-rules",
                format!(
                    "two escalations say what happens to `{}` that wait too long at `{}`",
                    name.value, spec.from.value
                ),
            )
            .at(limit.span.clone(), "the second")
            .help("keep one of them, or name the tickets each is for"),
        );
    }

    fn team_span(&self, name: &str) -> crate::problem::Span {
        self.spec.teams.iter().find(|(n, _)| n.value == name).map_or(0..0, |(n, _)| n.span.clone())
    }

    fn class_span(&self, name: &str) -> crate::problem::Span {
        self.spec
            .tickets
            .iter()
            .find(|(n, _)| n.value == name)
            .map_or(0..0, |(n, _)| n.span.clone())
    }

    fn name(&self) -> &str {
        self.spec.name.as_ref().map_or("unnamed", |name| &name.value)
    }

    fn require_desk(&self, problems: &mut Problems) {
        let nothing = |what: &str, example: &str| {
            Problem::error("empty-desk", format!("the scenario has no {what}"))
                .help(example.to_string())
        };
        if self.spec.tickets.0.is_empty() {
            problems.push(nothing(
                "tickets",
                "write [tickets.questions] with arrivals = { per_day = 100 }",
            ));
        }
        if self.spec.teams.0.is_empty() {
            problems.push(nothing("teams", "write [teams.desk] with agents = 5"));
        }
    }

    /// Parts that the calm companion leaves out.
    fn extras<'s, T>(&self, list: &'s [T]) -> &'s [T] {
        if self.parts == Parts::Calm { &[] } else { list }
    }

    fn has_opening(&self) -> bool {
        self.spec.opening.is_some() && self.parts != Parts::Calm
    }

    /// The days, and when the simulation begins and ends; a usual span where the written one is
    /// wrong, so that everything else is checked as well.
    fn span(&self, problems: &mut Problems) -> (Days, SimTime, SimTime) {
        let zone = self.time_zone(problems);
        let date = self.first_day(problems);
        let days = self.length(problems);
        let warm_up = match &self.spec.warm_up {
            Some(written) => wall(&Some(written.clone()), written.value, problems),
            None => WARM_UP,
        };
        let warm_up = if warm_up > SimDuration::from_days(366) {
            let span = self.spec.warm_up.as_ref().map_or(0..0, |w| w.span.clone());
            problems.push(
                Problem::error("wrong-length", "a warm-up lasts at most a year")
                    .at(span, "this warm-up"),
            );
            WARM_UP
        } else {
            warm_up
        };
        let warm_up = if self.has_opening() { SimDuration::ZERO } else { warm_up };
        // Promises to tickets of the opening backlog count open time before the start.
        let oldest = if self.has_opening() { self.oldest_opening(date) } else { 0.0 };
        let before = warm_up.days().ceil().max(oldest) as u32 + 1;
        let after = days.ceil() as u32;
        let days = Days::new(zone, date, before, after);
        let start = SimTime::ZERO - warm_up;
        let end = days.end();
        (days, start, end)
    }

    fn first_day(&self, problems: &mut Problems) -> Date {
        let usual = date(2026, 1, 5);
        let Some(start) = &self.spec.start else {
            problems.push(
                Problem::error("no-start", "the scenario does not say when it starts")
                    .help("write start = 2026-11-16"),
            );
            return usual;
        };
        let date = start.value.0.date();
        if (1970..=2200).contains(&date.year()) {
            return date;
        }
        problems.push(
            Problem::error("wrong-start", "a scenario starts between 1970 and 2200")
                .at(start.span.clone(), "this date"),
        );
        usual
    }

    /// How many days are simulated.
    fn length(&self, problems: &mut Problems) -> f64 {
        let usual = 7.0 * 12.0;
        let (mut weeks, mut days) = (self.spec.weeks.as_ref(), self.spec.days.as_ref());
        if let (Some(in_weeks), Some(in_days)) = (weeks, days) {
            // A variant may count in another unit than what it extends.
            match self.sources.lies_over(&in_days.span, &in_weeks.span) {
                Some(true) => weeks = None,
                Some(false) => days = None,
                None => problems.push(
                    Problem::error("two-lengths", "weeks and days both say how long the run lasts")
                        .at(in_days.span.clone(), "days")
                        .at(in_weeks.span.clone(), "weeks")
                        .help("keep one of them"),
                ),
            }
        }
        let (days, span) = match (weeks, days) {
            (Some(weeks), _) => (weeks.value.0 * 7.0, weeks.span.clone()),
            (None, Some(days)) => (f64::from(days.value), days.span.clone()),
            (None, None) => return usual,
        };
        if (1.0..=MOST_DAYS).contains(&days) {
            return days;
        }
        let written = if days < 1e9 { grouped(days.ceil() as u64) } else { format!("{days:e}") };
        problems.push(
            Problem::error(
                "wrong-length",
                format!("a run lasts from one day to ten years, not {written} days"),
            )
            .at(span, "this length"),
        );
        usual
    }

    /// How many days before the start the oldest ticket of the opening backlog may lie.
    fn oldest_opening(&self, start: Date) -> f64 {
        let Some(Brief::Full(table)) = self.spec.opening.as_ref().map(|opening| &opening.value)
        else {
            return 0.0;
        };
        let bands =
            table.ages.iter().map(|band| band.up_to.value.wall().days()).fold(3.0, f64::max);
        let file = table.file.as_ref().map_or(0.0, |name| {
            let rows = Table::read(name, self.sources, &mut Problems::default())
                .and_then(|table| table.tickets(&mut Problems::default()));
            let first = rows.and_then(|rows| rows.iter().map(|row| row.created.date()).min());
            first
                .and_then(|date| date.until(start).ok())
                .map_or(0.0, |span| f64::from(span.get_days()))
        });
        bands.max(file).min(3660.0)
    }

    fn time_zone(&self, problems: &mut Problems) -> TimeZone {
        let Some(name) = &self.spec.time_zone else { return TimeZone::UTC };
        TimeZone::get(&name.value).unwrap_or_else(|_| {
            let known = jiff::tz::db().available().map(|n| n.to_string()).collect::<Vec<_>>();
            let near = crate::problem::nearest(&name.value, known.iter().map(String::as_str));
            problems.push(
                Problem::error(
                    "unknown-time-zone",
                    format!("no time zone is named `{}`", name.value),
                )
                .at(name.span.clone(), "this zone")
                .help(
                    near.map_or("write a zone such as \"Europe/Sofia\"".to_string(), |n| {
                        format!("did you mean `{n}`?")
                    }),
                ),
            );
            TimeZone::UTC
        })
    }

    /// The scenario's calendars, then "always" and "office-hours".
    fn calendars(&self, days: &Days, problems: &mut Problems) -> (Vec<String>, Vec<Calendar>) {
        let mut names = Vec::new();
        let mut calendars = Vec::new();
        for (name, spec) in self.spec.calendars.iter() {
            spec.check(name, days, problems);
            names.push(name.value.clone());
            calendars.push(spec.compile(days));
        }
        if !names.iter().any(|name| name == "always") {
            names.push("always".to_string());
            calendars.push(Calendar::always(days.start(), days.end()));
        }
        if !names.iter().any(|name| name == "office-hours") {
            let hours = DayHours(vec![Hours { from: 9 * 60, to: 17 * 60 }]);
            let office = CalendarSpec {
                mon_fri: Some(Written::unwritten(hours)),
                ..CalendarSpec::default()
            };
            names.push("office-hours".to_string());
            calendars.push(office.compile(days));
        }
        (names, calendars)
    }

    /// The calendar of a shift: the one named, the only one there is, or office hours.
    fn shift<'c>(
        &self,
        name: Option<&Written<String>>,
        context: &'c Context<'_>,
        problems: &mut Problems,
    ) -> &'c Calendar {
        let id = match name {
            Some(name) => {
                context.calendar(name, problems).map(super::super::ids::CalendarId::index)
            }
            None if self.spec.calendars.0.len() == 1 => Some(0),
            None => context.calendars.iter().position(|known| known == "office-hours"),
        };
        &context.open[id.unwrap_or(0)]
    }

    fn surges(&self, context: &Context<'_>, problems: &mut Problems) -> Vec<Surge> {
        let mut surges = Vec::new();
        for spec in self.extras(&self.spec.surges) {
            let curve = spec.curve.as_ref().and_then(|file| {
                let series =
                    Table::read(file, self.sources, problems)?.series(None, None, problems)?;
                Some(
                    series
                        .into_iter()
                        .map(|(at, factor)| (context.days.instant(at), factor))
                        .collect(),
                )
            });
            if spec.curve.is_some() && curve.is_none() {
                continue;
            }
            surges.extend(spec.compile(context, curve, problems));
        }
        surges
    }

    fn team(
        &self,
        name: &Written<String>,
        spec: &TeamSpec,
        builder: &mut ModelBuilder,
        problems: &mut Problems,
    ) {
        let reread = wall(&spec.reread, Length::new(3.0, TimeUnit::Minute), problems);
        builder.team(TeamPlan {
            name: name.value.clone(),
            discipline: DisciplineSpec::compile(spec.order.as_ref(), problems),
            shift_end: spec.shift_end.as_ref().map_or(ShiftEnd::default(), |end| end.value),
            reread,
            interrupts: spec.interrupts.as_ref().is_some_and(|yes| yes.value),
            room: spec.room.as_ref().map(|room| room.value),
            crowding: crowding::compile(&spec.speeds, problems),
        });
    }

    fn class(
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
        class.channel = spec.channel.as_ref().map_or("email", |channel| &channel.value).to_string();
        class.priority = priority::compile(
            spec.urgency.as_ref(),
            spec.impact.as_ref(),
            &self.matrix(problems),
            problems,
        );
        class.promise = spec.promise.clone().unwrap_or_default().compile(context, problems);
        class.patience = spec.patience.as_ref().map(|patience| patience.compile(context, problems));
        class.turned_away = spec.turned_away.as_ref().map(|away| away.compile(context, problems));
        class.pending = spec.pending.as_ref().and_then(|pending| pending.compile(problems));
        self.check_promise(name, &class, problems);
        let chasers = spec.chasers.as_ref().and_then(|chasers| chasers.compile(problems));
        let duplicates = spec.duplicates.as_ref().and_then(|d| d.compile(context, problems));
        let reopen = spec.reopen.as_ref().and_then(|r| reopen::compile(&r.value, problems));
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
        if self.parts != Parts::WithoutLoops {
            (class.chasers, class.duplicates, class.reopen) = (chasers, duplicates, reopen);
        }
        Some(class)
    }

    /// A class's handle times at teams that have one of their own; the class's word goes first.
    fn handle_at(
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

    fn check_promise(&self, name: &Written<String>, class: &Class, problems: &mut Problems) {
        let mean = class.mean_handle_at(class.entry);
        if class.promise.resolution.is_some_and(|promised| promised < mean) {
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
    }

    /// The team that gets a class first: the one written, or the first that handles it.
    fn entry_team(
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

    fn matrix(&self, problems: &mut Problems) -> Matrix {
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

    /// All pools with their rosters, and the hours whose closes judge the backlog.
    fn pools(
        &self,
        context: &Context<'_>,
        happenings: &mut Vec<Happening>,
        problems: &mut Problems,
    ) -> (Vec<PoolPlan>, Vec<Paid>, Calendar) {
        let mut pools = Vec::new();
        let mut open = Vec::new();
        for (index, (name, spec)) in self.spec.teams.iter().enumerate() {
            let team = TeamId::new(index);
            let shrinkage = shrinkage::compile(spec.shrinkage.as_ref(), problems);
            let serves: Vec<ClassId> =
                spec.handles.iter().filter_map(|n| find(context, n)).collect();
            if let Some(agents) = &spec.agents {
                let shift = self.shift(spec.hours.as_ref(), context, problems);
                open.extend(shift.spans());
                let plan = PoolPlan::new(team, &name.value, agents.value, shift.spans().collect());
                pools.push(PoolPlan { serves: serves.clone(), shrinkage, ..plan });
            }
            for group in &spec.groups {
                let shift =
                    self.shift(group.hours.as_ref().or(spec.hours.as_ref()), context, problems);
                open.extend(shift.spans());
                let own: Vec<ClassId> =
                    group.handles.iter().filter_map(|n| context.ticket(n, problems)).collect();
                let cohort = format!("{}/{}", name.value, group.name.value);
                let plan =
                    PoolPlan::new(team, &cohort, group.agents.value, shift.spans().collect());
                pools.push(PoolPlan {
                    tried: u8::from(own.is_empty()),
                    serves: if own.is_empty() { serves.clone() } else { own },
                    ordered: group.in_order.as_ref().is_some_and(|yes| yes.value),
                    shrinkage: match &group.shrinkage {
                        Some(written) => shrinkage::compile(Some(written), problems),
                        None => shrinkage,
                    },
                    pace: Pace {
                        factor: group.handle.as_ref().map_or(1.0, |f| f.value.0),
                        ..Pace::default()
                    },
                    ..plan
                });
            }
        }
        let mut paid: Vec<Paid> = pools.iter().map(Paid::regular).collect();
        self.hires(&mut pools, &mut paid, context, happenings, problems);
        for spec in self.extras(&self.spec.rushes) {
            if let Some(rush) = spec.compile(context, problems) {
                note_rush(&rush, happenings);
                rush.call(&mut pools);
            }
        }
        (pools, paid, Calendar::new(open, SimDuration::from_days(1)))
    }

    fn hires(
        &self,
        pools: &mut Vec<PoolPlan>,
        paid: &mut Vec<Paid>,
        context: &Context<'_>,
        happenings: &mut Vec<Happening>,
        problems: &mut Problems,
    ) {
        for spec in self.extras(&self.spec.hires) {
            let Some(hire) = spec.compile(context, problems) else { continue };
            let Some((_, team)) = self.spec.teams.iter().nth(hire.team.index()) else { continue };
            let group = team.groups.first().and_then(|group| group.hours.as_ref());
            let hours = spec.hours.as_ref().or(team.hours.as_ref()).or(group);
            let roster: Vec<_> = self.shift(hours, context, problems).spans().collect();
            let own: Vec<ClassId> =
                spec.handles.iter().filter_map(|n| context.ticket(n, problems)).collect();
            let serves = if own.is_empty() {
                team.handles.iter().filter_map(|n| find(context, n)).collect()
            } else {
                own
            };
            note_hire(&hire, happenings);
            let cohort = format!("hire/{}/{}", hire.name, hire.from.micros());
            let ramp: Ramp = hire.ramp;
            paid.push(Paid {
                team: hire.team,
                cohort: cohort.clone(),
                agents: hire.agents,
                spans: hire.paid(&roster),
                joins: Some(hire.from),
                temp: hire.until != SimTime::NEVER,
            });
            let plan = PoolPlan::new(hire.team, &cohort, hire.agents, hire.spans(&roster));
            let shrinkage: Shrinkage =
                shrinkage::compile(team.shrinkage.as_ref(), &mut Problems::default());
            let pace = Pace { ramp: Some((hire.works_from, ramp)), ..Pace::default() };
            pools.push(PoolPlan { serves, tried: 1, shrinkage, pace, ..plan });
        }
    }

    /// What things cost, where the scenario says so.
    fn money(
        &self,
        roster: &Roster,
        bots: &[Automation],
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Option<Prices> {
        let wages = self.spec.teams.iter().map(|(_, team)| team.wage.clone());
        let wages: Vec<Option<Written<Amount>>> = wages.collect();
        let Some(money) = &self.spec.money else {
            if let Some(wage) = wages.iter().flatten().next() {
                problems.push(
                    Problem::warning(
                        "wage-without-money",
                        "this wage counts for nothing: the scenario has no [money] table",
                    )
                    .at(wage.span.clone(), "this wage")
                    .help("write [money], with a wage for the other teams"),
                );
            }
            return None;
        };
        let payroll = Payroll { paid: &roster.paid, pools: &roster.pools, wages: &wages };
        Some(money.compile(&payroll, bots, context, problems))
    }

    fn opening(&self, context: &Context<'_>, problems: &mut Problems) -> Vec<OpeningTicket> {
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

    fn opening_file(
        &self,
        file: &Written<String>,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Vec<OpeningTicket> {
        let Some(table) = Table::read(file, self.sources, problems) else { return Vec::new() };
        let rows = table.tickets(problems).unwrap_or_default();
        let mut tickets = Vec::with_capacity(rows.len());
        for row in rows {
            let created_at = context.days.instant(row.created);
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
                format!("{} is after the start of the scenario", spoken(row.created))
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

/// Who is paid, and the pools with their rushes.
struct Roster {
    paid: Vec<Paid>,
    pools: Vec<PoolPlan>,
}

/// The class of a name that has been checked before.
fn find(context: &Context<'_>, name: &Written<String>) -> Option<ClassId> {
    context.tickets.iter().position(|known| *known == name.value).map(ClassId::new)
}

fn note_hire(hire: &Hire, happenings: &mut Vec<Happening>) {
    happenings.push(Happening {
        at: hire.works_from,
        until: hire.until.exists(),
        label: hire.name.clone(),
        kind: "hires",
    });
}

fn note_rush(rush: &Rush, happenings: &mut Vec<Happening>) {
    happenings.push(Happening {
        at: rush.from,
        until: Some(rush.until),
        label: rush.name.clone(),
        kind: "rush",
    });
}
