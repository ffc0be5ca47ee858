//! The state of a run: everything a worker reuses from one replication to the next.

use super::agenda::Agenda;
use super::agent::Agent;
use super::effort::Person;
use super::hands::Hands;
use super::inboxes::Inbox;
use super::intervening::{Stage, Watch};
use super::lines::Lines;
use super::loyalty::Following;
use super::slots::Slots;
use super::swarms::Help;
use super::told::Telling;
use crate::ids::{AgentId, PoolId, TeamId, TicketId};
use crate::model::Model;
use crate::model::arrivals::{ArrivalProcess, ArrivalStream};
use crate::model::busyness::fill_scores_of;
use crate::rng::{Generator, Key, Purpose};
use crate::time::SimTime;
use std::collections::{BTreeMap, VecDeque};

/// Memory for a run. Make one per worker and use it for all its replications.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    pub(super) agenda: Agenda,
    pub(super) slots: Slots,
    pub(super) lines: Lines,
    pub(super) agents: Vec<Agent>,
    /// What is particular about each agent; empty where nothing is.
    pub(super) people: Vec<Person>,
    /// What each agent holds side by side; empty where nobody does.
    pub(super) hands: Vec<Hands>,
    /// Who helps whom, in the order in which they began.
    pub(super) swarms: Vec<Help>,
    /// How many each review of staff has asked for.
    pub(super) asked_for: Vec<u32>,
    /// Idle agents of each pool, the longest idle first.
    pub(super) idle: Vec<VecDeque<AgentId>>,
    pub(super) teams: Vec<TeamState>,
    pub(super) demand: Vec<Demand>,
    /// Agents who have come free and not yet chosen what to do.
    pub(super) freed: Vec<AgentId>,
    /// Tickets that join a line once free agents have chosen.
    pub(super) arriving: Vec<TicketId>,
    /// Interruptions of each agent planned so far, where there are any.
    pub(super) interruptions: BTreeMap<AgentId, u64>,
    /// Times an agent has become idle so far, which orders idle agents.
    pub(super) idled: u64,
    /// Teams whose idle agents must look again.
    pub(super) look_again: Vec<TeamId>,
    /// Joins of lines so far, which orders tickets that wait.
    pub(super) joined: i64,
    /// Where each intervention stands.
    pub(super) interventions: Vec<Stage>,
    pub(super) watch: Watch,
    pub(super) telling: Telling,
    /// What is known of each recurring problem.
    pub(super) cases: Vec<Case>,
    pub(super) following: Following,
    /// What each agent has been given; empty where no team has inboxes.
    pub(super) inboxes: Vec<Inbox>,
    /// Tickets given to somebody so far.
    pub(super) given: u64,
    scores: Vec<f64>,
}

/// What is known of a recurring problem.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    /// Contacts that stemmed from it so far.
    pub(super) seen: u32,
    /// When it will be mended, as far as anybody knows.
    pub(super) mended_at: SimTime,
}

impl Default for Case {
    fn default() -> Case {
        Case { seen: 0, mended_at: SimTime::NEVER }
    }
}

/// Counts of a team.
#[derive(Clone, Copy, Debug)]
pub(super) struct TeamState {
    /// Agents idle or busy.
    pub(super) staffed: u32,
    /// Agents on the roster and not away.
    pub(super) scheduled: u32,
    /// Agents busy.
    pub(super) busy: u32,
    /// Those of them who do other work, or help.
    pub(super) busy_otherwise: u32,
    /// Tickets in hand beside the first one of their agents.
    pub(super) beside: u32,
    /// Joins and choices by chance so far.
    pub(super) picks: u64,
    /// How fast tickets in work go.
    pub(super) speed: f64,
}

impl Default for TeamState {
    fn default() -> TeamState {
        TeamState {
            staffed: 0,
            scheduled: 0,
            busy: 0,
            busy_otherwise: 0,
            beside: 0,
            picks: 0,
            speed: 1.0,
        }
    }
}

/// The arrivals of a class.
#[derive(Clone, Debug)]
pub(super) struct Demand {
    pub(super) planned: Source,
    /// Those who come by word of mouth, where anybody may.
    pub(super) won: Option<Source>,
    /// Busyness of each day.
    pub(super) factors: Vec<f64>,
}

/// Arrivals one after the other.
#[derive(Clone, Debug)]
pub(super) struct Source {
    stream: ArrivalStream,
    /// Tickets are keyed below this, by their ordinal.
    key: Key,
    ordinal: u64,
    /// When the next one comes.
    at: SimTime,
}

impl Source {
    /// Arrivals of that law in a span; the first is not drawn yet.
    pub(super) fn new(
        law: &ArrivalProcess,
        key: Key,
        (from, until): (SimTime, SimTime),
        factors: &[f64],
    ) -> Source {
        let stream = ArrivalStream::new(law, key, from, until, factors);
        Source { stream, key, ordinal: 0, at: SimTime::NEVER }
    }
}

impl Demand {
    /// When the first one comes.
    pub(super) fn first(&mut self, law: &ArrivalProcess) -> SimTime {
        for source in [Some(&mut self.planned), self.won.as_mut()].into_iter().flatten() {
            source.at = source.stream.next(law, &self.factors);
        }
        self.next_at()
    }

    fn next_at(&self) -> SimTime {
        self.won.as_ref().map_or(self.planned.at, |won| won.at.min(self.planned.at))
    }

    /// Takes the arrival that is due: its key, whether it is of those won by word of mouth, and when
    /// the next one comes.
    #[inline]
    pub(super) fn take(&mut self, law: &ArrivalProcess) -> (Key, bool, SimTime) {
        let (source, is_won) = match &mut self.won {
            Some(won) if won.at < self.planned.at => (won, true),
            _ => (&mut self.planned, false),
        };
        let key = source.key.nth(source.ordinal);
        source.ordinal += 1;
        source.at = source.stream.next(law, &self.factors);
        (key, is_won, self.next_at())
    }
}

impl Desk {
    /// Memory that will grow as it is used.
    pub fn new() -> Desk {
        Desk::default()
    }

    /// Makes ready for a replication.
    pub(super) fn reset(&mut self, model: &Model, key: Key) {
        self.agenda.reset(model);
        self.slots.clear(model.has_extras);
        self.lines.reset(model);
        self.agents.clear();
        for (index, pool) in model.pools.iter().enumerate() {
            let agent = Agent::off(PoolId::new(index), pool.team);
            self.agents.extend(pool.agents.clone().map(|_| agent));
        }
        self.asked_for.clear();
        self.asked_for.resize(model.reviews.len(), 0);
        self.people.clear();
        if model.personal {
            for pool in &model.pools {
                let born = |agent| Person::new(pool, pool.key(key, agent));
                self.people.extend(pool.agents.clone().map(born));
            }
        }
        self.swarms.clear();
        self.hands.clear();
        let with_hands = if model.side_by_side { model.agents() } else { 0 };
        self.hands.resize(with_hands, Hands::empty());
        self.idle.resize_with(model.pools.len(), VecDeque::new);
        self.idle.iter_mut().for_each(VecDeque::clear);
        self.teams.clear();
        self.teams.resize(model.teams.len(), TeamState::default());
        self.freed.clear();
        self.arriving.clear();
        self.inboxes.clear();
        self.inboxes.resize(if model.has_inboxes() { model.agents() } else { 0 }, Inbox::default());
        self.given = 0;
        self.joined = 0;
        self.idled = 0;
        self.look_again.clear();
        self.interruptions.clear();
        let rules = model.interventions.as_ref().map_or(0, |all| all.rules.len());
        self.interventions.clear();
        self.interventions.resize(rules, Stage::default());
        let watched = model.interventions.as_ref().is_some_and(|all| all.watch_occupancy());
        self.watch = Watch::new(watched);
        self.telling.reset(model.classes.len());
        self.following.reset(model.customers.as_ref().map_or(0, |customers| customers.number));
        self.cases.clear();
        self.cases.resize(model.root_causes.len(), Case::default());
        self.reset_demand(model, key);
    }

    fn reset_demand(&mut self, model: &Model, key: Key) {
        fill_scores_of(model, key, &mut self.scores);
        for (index, class) in model.classes.iter().enumerate() {
            let key = key.named(&class.name);
            let mut factors = match self.demand.get_mut(index) {
                Some(demand) => std::mem::take(&mut demand.factors),
                None => Vec::new(),
            };
            factors.clear();
            if let Some(busyness) = &class.arrivals.busyness {
                factors.extend(self.scores.iter().map(|score| busyness.factor(*score)));
            }
            // Before the start comes a stream of its own, so that a warm-up changes no customer
            // of the days that count.
            let warm_up = key.named("warm-up");
            let until = SimTime::ZERO.max(model.start);
            let planned = Source::new(&class.arrivals, warm_up, (model.start, until), &factors);
            let demand = Demand { planned, won: None, factors };
            match self.demand.get_mut(index) {
                Some(old) => *old = demand,
                None => self.demand.push(demand),
            }
        }
        self.demand.truncate(model.classes.len());
    }

    /// A generator for a choice that a team makes.
    pub(super) fn pick(&mut self, team: usize, key: Key) -> Generator {
        let n = self.teams[team].picks;
        self.teams[team].picks += 1;
        key.nth(team as u64).draw(Purpose::Pick, n)
    }
}
