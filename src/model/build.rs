//! The typed way to a model: what `check` has read, or what a library user or `validate` states.

mod lines;

use super::acknowledgement::Says;
use super::approval::{self, Approval};
use super::automation::{Automation, Taste};
use super::bulk::BulkReply;
use super::calendar::Calendar;
use super::class::Class;
use super::concurrency::Concurrency;
use super::customers::Customers;
use super::days::Days;
use super::escalation::{Escalations, Rule};
use super::opening::OpeningTicket;
use super::plan::{self, Census};
use super::pool::{Pool, PoolPlan};
use super::procedure::Procedure;
use super::reviews::Review;
use super::root_causes::RootCause;
use super::team::TeamPlan;
use super::triage::Triage;
use super::{Model, Stage};
use crate::dist::Law;
use crate::ids::{ClassId, Mask, PoolId, TeamId};
use crate::price::Prices;
use crate::time::{SimDuration, SimTime};

/// Most unsolved tickets of a run, where nobody says otherwise.
pub const DEFAULT_CAP: u32 = 1_000_000;

/// Most agents of a model, however short its run.
pub const MOST_AGENTS: u64 = 1_000_000;

/// Why a model cannot be built.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum BuildError {
    /// More agents than a run can hold.
    #[error("{agents} agents are more than the {most} a run of that length can hold")]
    TooManyAgents {
        /// How many there are.
        agents: u64,
        /// How many there may be.
        most: u64,
    },
    /// Shares after a touch that exceed 1.
    #[error("escalations of `{class}` from `{team}` after a touch sum to more than 100 %")]
    TooManyEscalations {
        /// The class.
        class: String,
        /// The team.
        team: String,
    },
    /// Tickets come to a team where nobody can work on them.
    #[error("tickets of `{class}` come to `{team}`, where nobody works on them")]
    NobodyServes {
        /// The class.
        class: String,
        /// The team.
        team: String,
    },
    /// Tickets move from team to team for ever without a touch.
    #[error("tickets of `{class}` that wait at `{team}` move in a circle")]
    MovesInCircle {
        /// The class.
        class: String,
        /// The team.
        team: String,
    },
    /// More approval rules than a ticket can remember.
    #[error("{0} approvals are more than the {most} a scenario may have", most = approval::MOST)]
    TooManyApprovals(usize),
    /// Two bots in front of one class.
    #[error("two bots stand in front of `{class}`")]
    TwoBots {
        /// The class.
        class: String,
    },
    /// An intervention that changes what cannot be changed.
    #[error("an intervention cannot change {what}")]
    Fixed {
        /// The interventions in force.
        mask: Mask,
        /// What it would change.
        what: &'static str,
    },
}

/// Collects the parts of a model.
#[derive(Clone, Debug)]
pub struct ModelBuilder {
    model: Model,
    team_plans: Vec<TeamPlan>,
    pub(super) pool_plans: Vec<PoolPlan>,
    rules: Vec<Rule>,
    pub(super) desk: Option<Calendar>,
    /// Whether every class may come to every team where somebody works on it.
    pub(super) anywhere: bool,
}

impl ModelBuilder {
    /// A model over those days, which begins to count at time zero.
    pub fn new(name: &str, days: Days) -> ModelBuilder {
        let (start, end) = (days.start(), days.end());
        let model = Model {
            name: name.to_string(),
            days,
            start,
            end,
            calendars: Vec::new(),
            classes: Vec::new(),
            teams: Vec::new(),
            lines: Vec::new(),
            pools: Vec::new(),
            stages: Vec::new(),
            triage: None,
            approvals: Vec::new(),
            procedures: Vec::new(),
            has_extras: false,
            automation: Vec::new(),
            bot_of: Vec::new(),
            tastes: Vec::new(),
            root_causes: Vec::new(),
            customers: None,
            bulk: Vec::new(),
            opening: Vec::new(),
            prices: None,
            busyness_memory: 0.0,
            reviews: Vec::new(),
            changes: Vec::new(),
            census: Census { at: Vec::new(), closes: Vec::new() },
            personal: false,
            side_by_side: false,
            crowded: Vec::new(),
            tells_expected_wait: false,
            cap: DEFAULT_CAP,
            interventions: None,
            line_of: Vec::new(),
            own_lines: Vec::new(),
        };
        ModelBuilder {
            model,
            team_plans: Vec::new(),
            pool_plans: Vec::new(),
            rules: Vec::new(),
            desk: None,
            anywhere: false,
        }
    }

    /// Begins at that instant instead of the first midnight: no earlier than it, and at most zero.
    pub fn starts_at(&mut self, start: SimTime) -> &mut Self {
        self.model.start = start;
        self
    }

    /// Ends at that instant instead of the last midnight.
    pub fn ends_at(&mut self, end: SimTime) -> &mut Self {
        self.model.end = end;
        self
    }

    /// Hours whose closes judge the backlog; midnights where none are given.
    pub fn desk_hours(&mut self, hours: Calendar) -> &mut Self {
        self.desk = Some(hours);
        self
    }

    /// Most unsolved tickets.
    pub fn cap(&mut self, cap: u32) -> &mut Self {
        self.model.cap = cap;
        self
    }

    /// How busyness carries over from day to day.
    pub fn busyness_memory(&mut self, memory: f64) -> &mut Self {
        self.model.busyness_memory = memory;
        self
    }

    /// Calendars that promises and escalations name, in the order of their ids.
    pub fn calendars(&mut self, calendars: Vec<Calendar>) -> &mut Self {
        self.model.calendars = calendars;
        self
    }

    /// Adds a team.
    pub fn team(&mut self, plan: TeamPlan) -> TeamId {
        self.team_plans.push(plan);
        TeamId::new(self.team_plans.len() - 1)
    }

    /// Adds a ticket class.
    pub fn class(&mut self, class: Class) -> ClassId {
        self.model.classes.push(class);
        ClassId::new(self.model.classes.len() - 1)
    }

    /// Adds a pool of agents.
    pub fn pool(&mut self, plan: PoolPlan) -> &mut Self {
        self.pool_plans.push(plan);
        self
    }

    /// Adds a review of a team's staff, with those it may ask for; their seats are empty at first.
    pub fn review(&mut self, review: Review, plan: PoolPlan) -> &mut Self {
        let number = self.model.reviews.len() as u16;
        self.model.reviews.push((review, PoolId::new(self.pool_plans.len())));
        self.pool(PoolPlan { review: Some(number), ..plan })
    }

    /// Adds an escalation rule.
    pub fn escalation(&mut self, rule: Rule) -> &mut Self {
        self.rules.push(rule);
        self
    }

    /// Adds a step that needs somebody else's yes.
    pub fn approval(&mut self, approval: Approval) -> &mut Self {
        self.model.approvals.push(approval);
        self
    }

    /// Says how clear the way from one team to another is; of two about the same way and class the
    /// first holds.
    pub fn procedure(&mut self, procedure: Procedure) -> &mut Self {
        self.model.procedures.push(procedure);
        self
    }

    /// Who sends new tickets where.
    pub fn triage(&mut self, triage: Option<Triage>) -> &mut Self {
        self.model.triage = triage;
        self
    }

    /// Adds a bot.
    pub fn automation(&mut self, automation: Automation) -> &mut Self {
        self.model.automation.push(automation);
        self
    }

    /// Adds a recurring problem.
    pub fn root_cause(&mut self, cause: RootCause) -> &mut Self {
        self.model.root_causes.push(cause);
        self
    }

    /// Says who the customers are; demand does not depend on them where nothing is said.
    pub fn customers(&mut self, customers: Option<Customers>) -> &mut Self {
        self.model.customers = customers;
        self
    }

    /// Adds a bulk reply.
    pub fn bulk(&mut self, bulk: BulkReply) -> &mut Self {
        self.model.bulk.push(bulk);
        self
    }

    /// Tickets that wait at time zero, oldest first.
    pub fn opening(&mut self, tickets: Vec<OpeningTicket>) -> &mut Self {
        self.model.opening = tickets;
        self
    }

    /// What things cost and how customers judge.
    pub fn prices(&mut self, prices: Option<Prices>) -> &mut Self {
        self.model.prices = prices;
        self
    }

    /// The teams added so far.
    pub fn teams_mut(&mut self) -> &mut Vec<TeamPlan> {
        &mut self.team_plans
    }

    /// The pools added so far.
    pub fn pools_mut(&mut self) -> &mut Vec<PoolPlan> {
        &mut self.pool_plans
    }

    /// The classes added so far.
    pub fn classes_mut(&mut self) -> &mut Vec<Class> {
        &mut self.model.classes
    }

    /// Joins the parts.
    ///
    /// *Errors*: see `BuildError`.
    pub fn build(mut self) -> Result<Model, BuildError> {
        self.assign_bots()?;
        self.share_out_problems();
        if self.model.approvals.len() > approval::MOST {
            return Err(BuildError::TooManyApprovals(self.model.approvals.len()));
        }
        let model = &self.model;
        self.model.has_extras = model.triage.is_some()
            || !model.approvals.is_empty()
            || !model.procedures.is_empty()
            || self.team_plans.iter().any(|team| team.assignment.is_some());
        self.make_stages()?;
        self.number_agents()?;
        self.draw_lines()?;
        self.model.changes = plan::changes(&self.model);
        self.model.census = plan::census(&self.model, self.desk.as_ref());
        self.model.tells_expected_wait =
            self.model.classes.iter().any(|class| {
                class.acknowledgement.as_ref().is_some_and(|a| a.says == Says::Expected)
            });
        Ok(self.model)
    }

    fn assign_bots(&mut self) -> Result<(), BuildError> {
        self.model.bot_of = vec![None; self.model.classes.len()];
        self.model.tastes = vec![Taste::default(); self.model.classes.len()];
        for (bot, automation) in self.model.automation.iter().enumerate() {
            for class in &automation.classes {
                let plan = &self.model.classes[class.index()];
                let law = plan.handle_at(plan.entry);
                self.model.tastes[class.index()] = automation.taste(law);
                if self.model.bot_of[class.index()].replace(bot).is_some() {
                    let class = self.model.classes[class.index()].name.clone();
                    return Err(BuildError::TwoBots { class });
                }
            }
        }
        Ok(())
    }

    fn share_out_problems(&mut self) {
        for (number, cause) in self.model.root_causes.iter().enumerate() {
            for class in cause.classes.iter().filter(|_| cause.p_share > 0.0) {
                let shares = &mut self.model.classes[class.index()].problems;
                let before = shares.last().map_or(0.0, |(p_up_to, _)| *p_up_to);
                shares.push((before + cause.p_share, number as u16));
            }
        }
    }

    fn make_stages(&mut self) -> Result<(), BuildError> {
        for (class_index, class) in self.model.classes.iter().enumerate() {
            for (team_index, team) in self.team_plans.iter().enumerate() {
                let (class_id, team_id) = (ClassId::new(class_index), TeamId::new(team_index));
                let mut escalations = Escalations::default();
                let concerns =
                    |rule: &&Rule| rule.from == team_id && rule.classes.contains(&class_id);
                self.rules.iter().filter(concerns).for_each(|rule| escalations.add(rule));
                if escalations.p_after_touch() > 1.0 + 1e-9 {
                    let (class, team) = (class.name.clone(), team.name.clone());
                    return Err(BuildError::TooManyEscalations { class, team });
                }
                let handle: Law = class.handle_at(team_id).clone();
                let mean_handle = handle.mean();
                let concerns = |(_, rule): &(usize, &Approval)| {
                    rule.from == team_id && rule.classes.contains(&class_id)
                };
                let rules = self.model.approvals.iter().enumerate().filter(concerns);
                let approvals: Vec<u16> = rules.map(|(index, _)| index as u16).collect();
                let sets_timers = class.patience.is_some()
                    || class.chasers.is_some()
                    || escalations.waiting.is_some();
                let always_solves = escalations.p_after_touch() == 0.0
                    && approvals.is_empty()
                    && class.pending.is_none()
                    && class.reopen.is_none();
                self.model.stages.push(Stage {
                    handle,
                    mean_handle,
                    escalations,
                    approvals,
                    lines: None,
                    sets_timers,
                    always_solves,
                });
            }
        }
        Ok(())
    }

    /// How many agents a run can hold: the engine keeps the end of a touch, in microseconds, and whose
    /// it is in one word, so that fewer fit into runs of more than a few months.
    pub fn most_agents(&self) -> u64 {
        let instants = (self.model.end - self.model.start).micros() as u64 + 2;
        let names = 1_u64 << (u64::MAX / instants).ilog2();
        MOST_AGENTS.min(names - 1 - self.model.classes.len() as u64)
    }

    fn number_agents(&mut self) -> Result<(), BuildError> {
        let mut first = 0_u64;
        for (index, plan) in self.pool_plans.iter().enumerate() {
            if let Some(review) = plan.review {
                self.model.reviews[usize::from(review)].1 = PoolId::new(index);
            }
            let end = first + u64::from(plan.seats.max(plan.most_seats));
            let most = self.most_agents();
            if end > most {
                let seats = |plan: &PoolPlan| u64::from(plan.seats.max(plan.most_seats));
                let agents = self.pool_plans.iter().map(seats).sum();
                return Err(BuildError::TooManyAgents { agents, most });
            }
            self.model.pools.push(Pool {
                team: plan.team,
                cohort: plan.cohort.clone(),
                first_seat: plan.first_seat,
                agents: first as u32..end as u32,
                seats: plan.seats,
                spans: joined(&plan.spans),
                lines: Vec::new(),
                in_turn: None,
                fence: fences(&plan.fence, self.model.end),
                shrinkage: plan.shrinkage,
                interruptions: plan.interruptions.clone(),
                side_work: plan.side_work.clone(),
                pace: plan.pace.clone(),
                spread: plan.spread,
                overtime: plan.overtime.clone(),
                lessons: plan.lessons.clone(),
                leaving: plan.leaving,
                empty_at_first: plan.review.is_some(),
            });
            first = end;
        }
        let reopens = self.model.classes.iter().any(|class| class.reopen.is_some());
        let personal = |pool: &Pool| {
            let habits = &self.team_plans[pool.team.index()].habits;
            let differs = !pool.pace.is_plain() || !pool.spread.is_none();
            let concurrency = self.team_plans[pool.team.index()].concurrency.as_ref();
            let errs = reopens && concurrency.is_some_and(Concurrency::errs);
            differs || errs || pool.leaving.is_some() || !habits.is_none()
        };
        self.model.personal = self.model.pools.iter().any(personal);
        Ok(())
    }
}

/// Fences; one that holds until the end of the run holds for good.
fn fences(spans: &[(SimTime, SimTime)], end: SimTime) -> Vec<(SimTime, SimTime)> {
    let lasts = |(from, to): (SimTime, SimTime)| (from, if to < end { to } else { SimTime::NEVER });
    spans.iter().copied().map(lasts).collect()
}

/// Spans in order, those that touch or overlap joined: a rush that begins before the shift ends
/// makes one long shift.
fn joined(spans: &[(SimTime, SimTime)]) -> Vec<(SimTime, SimTime)> {
    Calendar::new(spans.to_vec(), SimDuration::ZERO).spans().collect()
}

#[cfg(test)]
mod tests {
    use super::super::arrivals::ArrivalProcess;
    use super::super::discipline::Discipline;
    use super::super::escalation::Route;
    use super::*;

    fn hours(h: f64) -> SimTime {
        SimTime::from_hours(h)
    }

    fn two_tiers(discipline: Discipline) -> ModelBuilder {
        let mut builder = ModelBuilder::new("two tiers", Days::plain(0, 2));
        let front = builder.team(TeamPlan { discipline, ..TeamPlan::new("front") });
        let back = builder.team(TeamPlan::new("back"));
        let law = Law::Constant(SimDuration::from_minutes(5));
        let class = |name: &str| Class::new(name, ArrivalProcess::none(), front, law.clone());
        let a = builder.class(class("a"));
        builder.class(class("b"));
        let spans = vec![(hours(9.0), hours(17.0)), (hours(33.0), hours(41.0))];
        builder.pool(PoolPlan::new(front, "front", 3, spans.clone()));
        builder.pool(PoolPlan { serves: vec![a], ..PoolPlan::new(back, "back", 2, spans) });
        let route = Route { to: back, delay: None, raises_priority: false };
        builder.escalation(Rule {
            from: front,
            classes: vec![a],
            after_touch: 0.2,
            waiting: None,
            route,
        });
        builder
    }

    #[test]
    fn a_team_has_only_the_lines_it_needs() {
        let fifo = two_tiers(Discipline::Oldest).build().unwrap();
        assert_eq!(fifo.teams.iter().map(|t| t.lines.len()).collect::<Vec<_>>(), [1, 1]);
        let priorities = two_tiers(Discipline::Priority).build().unwrap();
        assert_eq!(priorities.teams[0].lines.len(), 4);
        assert_eq!(fifo.agents(), 5);
        assert_eq!(fifo.pool_of(2).index(), 0);
        assert_eq!(fifo.pool_of(3).index(), 1);
    }

    #[test]
    fn changes_and_closes_come_in_order() {
        let model = two_tiers(Discipline::Oldest).build().unwrap();
        assert!(model.changes.is_sorted_by_key(|planned| planned.at));
        assert_eq!(model.changes.len(), 1 + 2 * 2 * 2);
        let closes: Vec<f64> =
            model.census.closes.iter().map(|i| model.census.at[*i as usize].hours()).collect();
        assert_eq!(closes, [24.0, 48.0]);
    }

    #[test]
    fn a_class_that_nobody_serves_is_refused() {
        let mut builder = two_tiers(Discipline::Oldest);
        let route = Route { to: TeamId(1), delay: None, raises_priority: false };
        let all = vec![ClassId(1)];
        builder.escalation(Rule {
            from: TeamId(0),
            classes: all,
            after_touch: 0.1,
            waiting: None,
            route,
        });
        assert!(matches!(builder.build(), Err(BuildError::NobodyServes { .. })));
    }
}
