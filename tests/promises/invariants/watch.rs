//! An observer that believes nothing: it keeps its own books of a run and compares.

use std::collections::{BTreeMap, BTreeSet};
use surgecast::ids::{AgentId, ClassId, LineId, TeamId, TicketId};
use surgecast::model::Model;
use surgecast::model::chasers::Reading;
use surgecast::model::team::ShiftEnd;
use surgecast::outcome::observer::{Exit, Observer, Touch};
use surgecast::ticket::{Cause, Ticket};
use surgecast::time::{SimDuration, SimTime};

/// Books of one run.
pub struct Watch<'a> {
    base: &'a Model,
    /// The desk as it is now, under the interventions in force.
    model: &'a Model,
    now: SimTime,
    /// Unsolved tickets, by when they came into the backlog.
    open: BTreeMap<TicketId, SimTime>,
    /// Tickets of the warm-up of which nothing has been heard since counting began.
    unheard: BTreeSet<TicketId>,
    /// Who waits for which team, and since when.
    line: BTreeMap<TicketId, (TeamId, SimTime)>,
    /// Who works for which team.
    busy: BTreeMap<AgentId, (TeamId, u32)>,
    staffed: Vec<u32>,
    /// When each agent was last known to be done.
    free_since: BTreeMap<AgentId, SimTime>,
    /// Teams all of whose agents may take all that waits, so that nobody is idle beside work.
    all_may: Vec<bool>,
    /// Little's law on the path: tickets times time, counted over time and over tickets.
    pub waiting_over_time: i128,
    pub waiting_over_tickets: i128,
    pub open_over_time: i128,
    pub open_over_tickets: i128,
    /// Since counting began.
    pub counted_over_time: i128,
    /// Promises found and held against the slow reference.
    pub clocks: u64,
    /// Moments at which idleness was looked at beside work.
    pub looked: u64,
}

/// Whether all agents of a team may take all that waits there, and see it.
fn all_may_take_all(model: &Model, team: usize) -> bool {
    let at_once = model
        .classes
        .iter()
        .any(|class| class.chasers.as_ref().is_some_and(|c| c.reading == Reading::AtOnce));
    let team = &model.teams[team];
    let serves_all = team.pools.iter().all(|pool| {
        let pool = &model.pools[pool.index()];
        let serves = |line| pool.lines.iter().any(|(_, l)| *l == LineId::new(line));
        pool.side_work.is_none() && pool.fence.is_empty() && team.lines.clone().all(serves)
    });
    let all_see_all = team.assignment.is_none() && team.forgetting.is_none();
    serves_all && all_see_all && team.shift_end != ShiftEnd::FinishPooled && !at_once
}

impl<'a> Watch<'a> {
    pub fn new(model: &'a Model) -> Watch<'a> {
        let others = model.interventions.iter().flat_map(|all| &all.desks);
        let desks: Vec<&Model> =
            std::iter::once(model).chain(others.map(|(_, desk)| desk)).collect();
        let all_may = |team: usize| desks.iter().all(|desk| all_may_take_all(desk, team));
        let all_may = (0..model.teams.len()).map(all_may);
        Watch {
            base: model,
            model,
            now: model.start,
            open: BTreeMap::new(),
            unheard: BTreeSet::new(),
            line: BTreeMap::new(),
            busy: BTreeMap::new(),
            staffed: vec![0; model.teams.len()],
            free_since: BTreeMap::new(),
            all_may: all_may.collect(),
            waiting_over_time: 0,
            waiting_over_tickets: 0,
            open_over_time: 0,
            open_over_tickets: 0,
            counted_over_time: 0,
            clocks: 0,
            looked: 0,
        }
    }

    /// Time moves on: only then must everything be settled.
    fn at(&mut self, now: SimTime) {
        assert!(now >= self.now, "the clock went back from {:?} to {now:?}", self.now);
        if now == self.now {
            return;
        }
        for (index, staffed) in self.staffed.iter().enumerate() {
            let team = TeamId::new(index);
            let busy = self.busy.values().filter(|(of, _)| *of == team).count() as u32;
            assert!(busy <= *staffed, "{busy} of {staffed} agents are busy");
            let waiting = self.line.values().filter(|(of, _)| *of == team).count();
            if self.all_may[index] && waiting > 0 {
                self.looked += 1;
                assert_eq!(busy, *staffed, "idle beside {waiting} at {:?}", self.now);
            }
        }
        let passed = i128::from((now - self.now).micros());
        self.waiting_over_time += passed * self.line.len() as i128;
        self.open_over_time += passed * self.open.len() as i128;
        self.counted_over_time += passed * self.open.len() as i128;
        self.now = now;
    }

    fn join(&mut self, id: TicketId, team: TeamId) {
        assert!(self.line.insert(id, (team, self.now)).is_none(), "{id:?} waits twice");
    }

    fn leave_line(&mut self, id: TicketId) {
        let (_, since) = self.line.remove(&id).expect("whoever leaves a line was in it");
        self.waiting_over_tickets += i128::from((self.now - since).micros());
    }

    fn enter(&mut self, id: TicketId) {
        assert!(self.open.insert(id, self.now).is_none(), "{id:?} is created twice");
    }

    /// The open time between two instants, minute by minute and by whole spans only at their ends.
    fn open_time(&self, class: ClassId, from: SimTime, to: SimTime) -> SimDuration {
        let Some(hours) = self.model.classes[class.index()].promise.hours else { return to - from };
        let mut open = SimDuration::ZERO;
        for (opens, closes) in self.model.calendars[hours.index()].spans() {
            let mut at = opens.max(from);
            let end = closes.min(to);
            while at < end {
                let next = (at + SimDuration::from_minutes(1)).min(end);
                open += next - at;
                at = next;
            }
        }
        open
    }

    fn hold_to(&mut self, ticket: &Ticket, due: SimTime, promised: Option<SimDuration>) {
        // What is due beyond the calendar is due never.
        let (Some(promised), true) = (promised, due < self.model.end) else { return };
        self.clocks += 1;
        assert_eq!(self.open_time(ticket.class, ticket.created_at, due), promised);
    }

    fn worked(&mut self, touch: &Touch) {
        assert!(touch.started_at <= self.now);
        if touch.beside {
            return;
        }
        let free = self.free_since.insert(touch.agent, self.now);
        assert!(
            free.is_none_or(|free| free <= touch.started_at),
            "{:?} did two things",
            touch.agent
        );
    }
}

impl Observer for Watch<'_> {
    fn begins(&mut self, now: SimTime) {
        self.at(now);
        self.counted_over_time = 0;
        self.unheard = self.open.keys().copied().collect();
    }

    fn opens_with(&mut self, id: TicketId, _: &Ticket, in_line: bool) {
        if self.unheard.remove(&id) {
            assert_eq!(in_line, self.line.contains_key(&id), "{id:?} is elsewhere");
        } else {
            assert!(!in_line, "what waits from the start begins to wait then");
            self.enter(id);
        }
    }

    fn created(&mut self, now: SimTime, id: TicketId, ticket: &Ticket) {
        self.at(now);
        self.enter(id);
        let promise = self.model.classes[ticket.class.index()].promise.clone();
        let place = ticket.priority.index();
        self.hold_to(ticket, ticket.reply_due, promise.first_reply[place]);
        self.hold_to(ticket, ticket.solution_due, promise.resolution[place]);
    }

    fn waits(&mut self, now: SimTime, id: TicketId, ticket: &Ticket) {
        self.at(now);
        self.join(id, ticket.team);
    }

    fn leaves_line(&mut self, now: SimTime, id: TicketId, _: &Ticket) {
        self.at(now);
        self.leave_line(id);
    }

    fn starts(&mut self, now: SimTime, id: TicketId, ticket: &Ticket, agent: AgentId, _: bool) {
        self.at(now);
        self.leave_line(id);
        let free = self.free_since.get(&agent).is_none_or(|free| *free <= now);
        let (_, held) = self.busy.entry(agent).or_insert((ticket.team, 0));
        *held += 1;
        let concurrency = self.model.teams[ticket.team.index()].concurrency.as_ref();
        let shares = concurrency.filter(|concurrency| concurrency.shares(ticket.class));
        let at_once = shares.map_or(1, |concurrency| concurrency.at_once);
        assert!(free && *held <= at_once, "{agent:?} has {held} in hand");
    }

    fn ends(&mut self, now: SimTime, id: TicketId, ticket: &Ticket, touch: &Touch) {
        self.at(now);
        let (team, held) = self.busy.get_mut(&touch.agent).expect("who ends has begun");
        assert_eq!(*team, touch.team);
        *held -= 1;
        if *held == 0 {
            self.busy.remove(&touch.agent);
        }
        self.worked(touch);
        if touch.broken_off {
            self.join(id, ticket.team);
        }
    }

    fn helps(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, helper: AgentId) {
        self.at(now);
        let busy = self.busy.insert(helper, (ticket.team, 1));
        assert!(busy.is_none(), "{helper:?} helps and is busy");
    }

    fn helped(&mut self, now: SimTime, _: TicketId, _: &Ticket, touch: &Touch) {
        self.at(now);
        assert!(self.busy.remove(&touch.agent).is_some());
        self.worked(touch);
    }

    fn read_chaser(&mut self, now: SimTime, _: ClassId, touch: &Touch) {
        self.at(now);
        self.worked(touch);
    }

    fn side_work(&mut self, now: SimTime, touch: &Touch) {
        self.at(now);
        self.worked(touch);
    }

    fn leaves(&mut self, now: SimTime, id: TicketId, _: &Ticket, _: Exit) {
        self.at(now);
        assert!(!self.line.contains_key(&id), "{id:?} leaves and still waits");
        let since = self.open.remove(&id).expect("whoever leaves the backlog was in it");
        self.open_over_tickets += i128::from((now - since).micros());
    }

    fn reopened(&mut self, now: SimTime, id: TicketId, _: &Ticket, _: bool) {
        self.at(now);
        self.enter(id);
    }

    fn intervenes(&mut self, now: SimTime, mask: u32) {
        self.at(now);
        let all = self.base.interventions.as_ref();
        self.model = all.and_then(|all| all.desk(mask)).unwrap_or(self.base);
    }

    fn staffed(&mut self, now: SimTime, team: TeamId, agents: u32) {
        self.at(now);
        self.staffed[team.index()] = agents;
    }

    fn contact(&mut self, now: SimTime, _: ClassId, _: Cause, _: bool) {
        self.at(now);
    }

    fn census(&mut self, now: SimTime, _: usize) {
        self.at(now);
    }

    fn remains(&mut self, now: SimTime, id: TicketId, _: &Ticket) {
        self.at(now);
        let since = self.open.remove(&id).expect("what remains was in the backlog");
        self.open_over_tickets += i128::from((now - since).micros());
    }

    fn ends_run(&mut self, now: SimTime, _: bool) {
        assert!(self.open.is_empty(), "tickets were lost: {:?}", self.open);
        assert!(self.unheard.is_empty(), "counting began without {:?}", self.unheard);
        for id in self.line.keys().copied().collect::<Vec<_>>() {
            self.leave_line(id);
        }
        self.now = now;
    }
}
