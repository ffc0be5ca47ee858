//! From a scenario to a model: names resolved, times placed, everything checked on the way.
//!
//! The order in which tables need each other stands here; what becomes of each in the files beside
//! it; what a table means, with its mechanism in `model`.

mod interventions;
mod money;
mod opening;
mod people;
mod season;
mod tickets;

use super::files::{Meaning, Number, Table};
use super::loops::LoopSet;
use super::source::Sources;
use super::spec::ScenarioSpec;
use crate::ids::{ClassId, Mask};
use crate::model::Model;
use crate::model::build::{DEFAULT_CAP, ModelBuilder};
use crate::model::busyness::BUSYNESS_MEMORY;
use crate::model::context::Context;
use crate::model::escalation::{EscalationSpec, Rule};
use crate::model::intervention::Intervention;
use crate::model::macros::Text;
use crate::model::money::Cost;
use crate::model::notices::Broadcast;
use crate::model::plan::closes;
use crate::model::root_causes::{self, RootCause};
use crate::model::surge::Surge;
use crate::problem::{Problem, Problems, grouped};
use crate::time::SimTime;
use crate::written::Written;
use jiff::Span;
use jiff::civil::Time;
use people::Roster;

/// Which parts of a scenario are compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parts {
    /// Everything.
    All,
    /// The calm companion: no surge, opening backlog or long closure, hires (but where a team has nobody
    /// else), overtime, rushes, bulk replies or notices, and no bot or macro that comes
    /// during the run; no recurring problem is mended.
    Calm,
    /// Everything but some loops.
    Without(LoopSet),
}

impl Parts {
    /// Everything but the follow-up loops: chasers, duplicates, reopens.
    pub const WITHOUT_FOLLOW_UPS: Parts = Parts::Without(LoopSet::FOLLOW_UPS);

    /// The loops that are left out.
    fn taken_out(self) -> LoopSet {
        match self {
            Parts::All | Parts::Calm => LoopSet::NONE,
            Parts::Without(loops) => loops,
        }
    }
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
    /// What it is: surge, hires, tool, new-product, overtime, rush, bulk-reply, notice, macro, bot,
    /// intervention.
    pub kind: &'static str,
}

/// A compiled scenario.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The desk.
    pub model: Model,
    /// What is planned or expected when.
    pub happenings: Vec<Happening>,
    /// Whether its days are ordinary: nothing that makes work or keeps people from it for a time, no
    /// opening backlog, no long closure, no history with its storms.
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
    let mut spec = spec.clone();
    parts.taken_out().take_out(&mut spec);
    let compiled = Compiler { spec: &spec, sources, parts }.compile(problems);
    let failed =
        problems.iter().skip(before).any(|p| p.severity == crate::problem::Severity::Error);
    compiled.filter(|_| !failed)
}

/// A desk whose parts are ready to be joined.
struct Parted {
    builder: ModelBuilder,
    agents: u64,
    happenings: Vec<Happening>,
    interventions: Vec<Intervention>,
}

struct Compiler<'a> {
    spec: &'a ScenarioSpec,
    sources: &'a Sources,
    parts: Parts,
}

impl Compiler<'_> {
    fn compile(&self, problems: &mut Problems) -> Option<Compiled> {
        let parted = self.part(problems);
        let desks = self.under_interventions(&parted.interventions, problems);
        self.build(parted, desks, problems)
    }

    /// The parts of the desk.
    fn part(&self, problems: &mut Problems) -> Parted {
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
            self.team(name, spec, &mut builder, &context, problems);
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
        let mut entries = Vec::new();
        let notices = self.notices(&context, &mut happenings, problems);
        let macros = self.macros(&context, &mut happenings, problems);
        for (index, (name, spec)) in self.spec.tickets.iter().enumerate() {
            let surges: Vec<&Surge> = surges
                .iter()
                .filter(|surge| surge.classes.contains(&ClassId::new(index)))
                .collect();
            let class = self.class(name, spec, &surges, start, &context, problems);
            if let Some(mut class) = class {
                let told = notices.iter().filter(|n| n.classes.contains(&ClassId::new(index)));
                class.notices = told.filter_map(|told| told.notice.clone()).collect();
                let texts = macros.iter().filter(|m| m.classes.contains(&ClassId::new(index)));
                class.macros = texts.filter_map(|ready| ready.text.clone()).collect();
                entries.push(class.entry);
                builder.class(class);
            }
        }
        let triage = self.spec.triage.as_ref();
        builder.triage(triage.map(|triage| triage.compile(&entries, &context, problems)));
        let (pools, mut paid, desk) = self.pools(&context, &mut happenings, problems);
        let reviews = self.reviews(&closes(Some(&desk), &days, end), &mut paid, &context, problems);
        let all = pools.iter().chain(reviews.iter().map(|(_, pool)| pool));
        let rostered = self.spec.money.is_some().then(|| all.clone().cloned().collect());
        let agents: u64 = all.map(|pool| u64::from(pool.seats)).sum();
        for pool in pools {
            builder.pool(pool);
        }
        for (review, pool) in reviews {
            builder.review(review, pool);
        }
        builder.desk_hours(desk);
        let mut rules: Vec<Rule> = Vec::new();
        for spec in &self.spec.escalations {
            if let Some(rule) = spec.compile(&context, problems) {
                self.one_wait(spec, &rule, &rules, problems);
                rules.push(rule.clone());
                let unclear = spec.unclear.clone().unwrap_or_default();
                let clarity = spec.clarity.as_ref().map_or(1.0, |clarity| clarity.value.0);
                let way = (rule.from, rule.route.to);
                let procedure = unclear.compile(clarity, way, rule.classes.clone(), problems);
                if let Some(procedure) = procedure {
                    builder.procedure(procedure);
                }
                builder.escalation(rule);
            }
        }
        for spec in &self.spec.approvals {
            if let Some(approval) = spec.compile(&context, problems) {
                builder.approval(approval);
            }
        }
        for (name, spec) in self.spec.automation.iter() {
            let Some(automation) = spec.compile(&name.value, &context, problems) else { continue };
            if spec.from.is_some() {
                // Like whatever is planned, it is no part of the desk's calm weeks.
                if self.parts == Parts::Calm {
                    continue;
                }
                let (at, label) = (automation.from, name.value.clone());
                happenings.push(Happening { at, until: None, label, kind: "bot" });
            }
            builder.automation(automation);
        }
        let payroll = Roster { paid, pools: rostered.unwrap_or_default() };
        let specs = self.extras(&self.spec.problems);
        let (causes, mending): (Vec<RootCause>, Vec<Option<Cost>>) =
            specs.iter().map(|spec| spec.compile(&context, problems)).unzip();
        root_causes::check(specs, &causes, &context, problems);
        for cause in causes {
            builder.root_cause(cause);
        }
        builder.customers(self.customers(problems));
        let mut costs: Vec<Cost> =
            notices.iter().filter_map(|notice| notice.cost.clone()).collect();
        costs.extend(macros.iter().filter_map(|text| text.cost.clone()));
        let tools = self.tools(&context, &mut Problems::default());
        costs.extend(tools.into_iter().flat_map(|rollout| rollout.costs));
        builder.prices(self.money(&payroll, (&costs, &mending), &context, problems));
        for spec in self.extras(&self.spec.bulk_replies) {
            let Some(at) = &spec.value.at else {
                problems.push(
                    Problem::error("missing-key", "the key `at` is missing")
                        .at(spec.span.clone(), "in this table"),
                );
                continue;
            };
            let bulk = spec.value.compile(context.instant(at, problems), &context, problems);
            happenings.push(Happening {
                at: bulk.at,
                until: None,
                label: "bulk reply".into(),
                kind: "bulk-reply",
            });
            builder.bulk(bulk);
        }
        builder.opening(self.opening(&context, problems));
        let interventions = self.interventions(&context, &mut happenings, problems);
        Parted { builder, agents, happenings, interventions }
    }

    fn build(
        &self,
        parted: Parted,
        desks: Vec<(Mask, ModelBuilder)>,
        problems: &mut Problems,
    ) -> Option<Compiled> {
        let Parted { builder, agents, mut happenings, interventions } = parted;
        use crate::model::build::BuildError;
        if agents > builder.most_agents() {
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
                        "{} agents are more than the {} a run of this length can hold",
                        grouped(agents),
                        grouped(builder.most_agents())
                    ),
                )
                .at(span, "most of them are here")
                .help("a run of three months holds a million, one of ten years some 32,000"),
            );
        }
        if problems.has_errors() {
            return None;
        }
        happenings.sort_by_key(|happening| happening.at);
        let built = match interventions.is_empty() {
            true => builder.build(),
            false => builder.build_with(interventions, desks),
        };
        match built {
            Ok(model) => {
                let ordinary = self.is_ordinary(&model, &happenings);
                Some(Compiled { model, happenings, ordinary })
            }
            Err(error) => {
                let (code, span, help) = match &error {
                    BuildError::TooManyAgents { .. } => {
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
                    BuildError::Fixed { mask, .. } => (
                        "intervention-fixed",
                        self.intervention_span(*mask),
                        "write what may change: people, hours, order of work, handling, bots, \
                         promises, what customers are told"
                            .to_string(),
                    ),
                    BuildError::TooManyApprovals(_) => (
                        "too-many-approvals",
                        self.spec.approvals.first().map_or(0..0, |rule| rule.from.span.clone()),
                        "join those that the same team decides".to_string(),
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

    /// Whether nothing makes work or keeps people from it for a time.
    fn is_ordinary(&self, model: &Model, happenings: &[Happening]) -> bool {
        const BURDENS: [&str; 3] = ["surge", "intervention", "new-product"];
        let mut tickets = self.spec.tickets.iter();
        let counted = tickets.any(|(_, ticket)| {
            ticket.arrivals.as_ref().is_some_and(|arrivals| arrivals.counts.is_some())
        });
        let mut closed = self.spec.calendars.iter().flat_map(|(_, spec)| spec.long_closures());
        let closes = closed.any(|date| model.days.index_of(date).is_some());
        model.opening.is_empty()
            && !happenings.iter().any(|happening| {
                let is_past = happening.until.is_some_and(|until| until <= SimTime::ZERO);
                BURDENS.contains(&happening.kind) && happening.at < model.end && !is_past
            })
            && !closes
            && !counted
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

    fn notices(
        &self,
        context: &Context<'_>,
        happenings: &mut Vec<Happening>,
        problems: &mut Problems,
    ) -> Vec<Broadcast> {
        let specs = self.extras(&self.spec.notices).iter().enumerate();
        let notices: Vec<Broadcast> =
            specs.map(|(number, spec)| spec.compile(number, context, problems)).collect();
        happenings.extend(notices.iter().map(|notice| Happening {
            at: notice.from,
            until: Some(notice.until),
            label: notice.name.clone(),
            kind: "notice",
        }));
        notices
    }

    /// Macros are part of the ordinary desk where they always were, and left out of its calm
    /// companion where they come during the run.
    fn macros(
        &self,
        context: &Context<'_>,
        happenings: &mut Vec<Happening>,
        problems: &mut Problems,
    ) -> Vec<Text> {
        let mut texts = Vec::new();
        for (number, spec) in self.spec.macros.iter().enumerate() {
            let text = spec.compile(number, context, problems);
            if let Some(from) = text.from {
                if self.parts == Parts::Calm {
                    continue;
                }
                let label = text.name.clone();
                happenings.push(Happening { at: from, until: None, label, kind: "macro" });
            }
            texts.push(text);
        }
        texts
    }

    fn surges(&self, context: &Context<'_>, problems: &mut Problems) -> Vec<Surge> {
        let mut surges = Vec::new();
        for spec in self.extras(&self.spec.surges) {
            let curve = spec.curve.as_ref().and_then(|file| self.curve(file, context, problems));
            if spec.curve.is_some() && curve.is_none() {
                continue;
            }
            let Some(surge) = spec.compile(context, curve, problems) else { continue };
            surge.warn_if_outside(&spec.span(), context, problems);
            surges.push(surge);
        }
        surges
    }

    /// The factors in a file. A row is a day, the last one too: its factor holds until midnight.
    fn curve(
        &self,
        file: &Written<String>,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Option<Vec<(SimTime, f64)>> {
        let days = context.days;
        let meaning = Meaning { zone: days.zone(), minutes: None, number: Number::Factor };
        let table = Table::read(file, self.sources, problems)?;
        let series = table.series((None, None), &meaning, problems)?;
        let last = series.last().map(|(at, factor)| {
            let midnight = at.date().saturating_add(Span::new().days(1));
            (days.instant(midnight.to_datetime(Time::midnight())), *factor)
        });
        let points = series.into_iter().map(|(at, factor)| (days.instant(at), factor));
        Some(points.chain(last).collect())
    }
}
