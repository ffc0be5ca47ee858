//! A case as a model, through the builder that every user of the library has.

use super::case::{Arrivals, Branch, Case, Class as CaseClass, Order, Staff, Station};
use super::demand::{arrivals, law, mean, peak_rate};
use super::staff::{breaks_off, paces, pools, shift_end};
use super::unexpressed::Unexpressed;
use crate::dist::Law;
use crate::ids::{ClassId, TeamId};
use crate::model::Model;
use crate::model::arrivals::{ArrivalProcess, Placement};
use crate::model::build::ModelBuilder;
use crate::model::chasers::{Bump, Chasers, Reading};
use crate::model::class::Class;
use crate::model::concurrency::Concurrency;
use crate::model::crowding::Crowding;
use crate::model::days::Days;
use crate::model::discipline::Discipline;
use crate::model::duplicates::Duplicates;
use crate::model::escalation::{Route, Rule};
use crate::model::opening::OpeningTicket;
use crate::model::patience::Patience;
use crate::model::priority::PriorityMix;
use crate::model::reopen::Reopen;
use crate::model::room::TurnedAway;
use crate::model::team::TeamPlan;
use crate::ticket::{Priority, State};
use crate::time::{SimDuration, SimTime};

/// Microseconds in an hour.
const HOUR: f64 = 3.6e9;

/// A case as a model, and which of its classes each class of the model stands for.
pub struct Built {
    /// The model.
    pub model: Model,
    /// The case's class of each of the model's.
    pub class_of: Vec<usize>,
}

/// Builds a case that runs from time zero until that hour.
pub fn build(case: &Case, end: f64) -> Result<Built, Unexpressed> {
    let desk = &case.model;
    let days = Days::plain(0, (end / 24.0).ceil() as u32 + 1);
    let mut builder = ModelBuilder::new(&case.id, days);
    builder.ends_at(SimTime::from_hours(end));
    for station in &desk.stations {
        builder.team(team(case, station)?);
    }
    let mut names = Vec::new();
    let mut class_of = Vec::new();
    for (index, plan) in desk.classes.iter().enumerate() {
        for class in classes(case, index, plan, end)? {
            names.push((plan.name.clone(), builder.class(class)));
            class_of.push(index);
        }
    }
    for (index, station) in desk.stations.iter().enumerate() {
        let team = TeamId::new(index);
        let load = desk.classes.iter().map(|class| {
            let service = service(station, &class.name).map_or(0.0, mean);
            2.0 * peak_rate(&class.arrivals) * service
        });
        for pool in pools(station, team, &names, load.sum(), end)? {
            builder.pool(pool);
        }
    }
    let all: Vec<ClassId> = names.iter().map(|(_, id)| *id).collect();
    for routing in &desk.routing {
        if !routing.branches_if_delayed.is_empty() {
            continue; // reopens, which belong to the class
        }
        let from = station(case, &routing.station)?;
        for branch in routing.branches.iter().filter(|branch| branch.to != EXIT) {
            let route = route(case, branch)?;
            let classes = all.clone();
            builder.escalation(Rule { from, classes, after_touch: branch.p, waiting: None, route });
        }
    }
    builder.opening(opening(case, &names)?);
    let model = builder.build().map_err(|error| Unexpressed::new(&error.to_string()))?;
    Ok(Built { model, class_of })
}

const EXIT: &str = "exit";

fn station(case: &Case, name: &str) -> Result<TeamId, Unexpressed> {
    let place = case.model.stations.iter().position(|station| station.name == name);
    place
        .map(TeamId::new)
        .ok_or_else(|| Unexpressed::new(&format!("no station is called `{name}`")))
}

fn route(case: &Case, branch: &Branch) -> Result<Route, Unexpressed> {
    Ok(Route {
        to: station(case, &branch.to)?,
        delay: branch.delay.as_ref().map(law),
        raises_priority: false,
    })
}

fn service<'a>(station: &'a Station, class: &str) -> Option<&'a super::case::Dist> {
    station.service.get(class).or_else(|| station.service.get("*"))
}

fn team(case: &Case, station: &Station) -> Result<TeamPlan, Unexpressed> {
    let discipline = match station.discipline.unwrap_or(Order::Fcfs) {
        Order::Fcfs => Discipline::Oldest,
        Order::Lcfs => Discipline::Newest,
        Order::RandomOrder => Discipline::Random,
        Order::ShortestJobFirst => Discipline::Shortest,
        Order::PriorityNonpreemptive | Order::PriorityPreemptiveResume => Discipline::Priority,
        Order::EarliestDueFirst => Discipline::EarliestDue,
        Order::AccumulatingPriority => {
            let mut rates = [0.0; Priority::COUNT];
            for (rate, class) in rates.iter_mut().zip(&case.model.classes) {
                *rate = class.urgency_rate.unwrap_or(1.0);
            }
            Discipline::PriorityAgeing(rates)
        }
        Order::ShortestRemainingFirstPreemptive => {
            return Err(Unexpressed::new(
                "shortest remaining first: nobody at a desk knows what is left of a ticket",
            ));
        }
        // One agent who holds all of them.
        Order::ProcessorSharing => Discipline::Oldest,
    };
    Ok(TeamPlan {
        discipline,
        shift_end: shift_end(&station.staff),
        interrupts: station.discipline == Some(Order::PriorityPreemptiveResume),
        concurrency: sharing(case, station)?,
        room: station.capacity,
        crowding: station.speed_by_number_in_system.iter().cloned().find_map(Crowding::new),
        ..TeamPlan::new(&station.name)
    })
}

/// Tickets that share one server: full speed up to its capacity, and less the more there are. More
/// than so many at once are never met.
fn sharing(case: &Case, station: &Station) -> Result<Option<Concurrency>, Unexpressed> {
    const MOST: u32 = 200;
    if station.discipline != Some(Order::ProcessorSharing) {
        return Ok(None);
    }
    if !matches!(station.staff, Staff::Infinite | Staff::Constant { agents: 1 }) {
        return Err(Unexpressed::new("tickets are shared out within one agent"));
    }
    let capacity = station.sharing_capacity.unwrap_or(1.0);
    let handle = (1..=MOST).map(|held| (f64::from(held) / capacity).max(1.0));
    let all = (0..case.model.classes.len()).map(ClassId::new).collect();
    Ok(Concurrency::new(all, MOST, handle))
}

/// The classes that stand for one of the case: one, or for a trace one per ticket, each with its
/// handle time.
fn classes(
    case: &Case,
    index: usize,
    plan: &CaseClass,
    end: f64,
) -> Result<Vec<Class>, Unexpressed> {
    let one = class(case, index, plan, end)?;
    let Arrivals::Trace { times, service_times } = &plan.arrivals else { return Ok(vec![one]) };
    let traced = times.iter().zip(service_times).enumerate().map(|(number, (at, service))| {
        let mut arrivals = ArrivalProcess::none();
        arrivals.placement = Placement::Listed(vec![SimTime::from_hours(*at)]);
        arrivals.end = SimTime::from_hours(end);
        Class {
            name: format!("{} {number}", plan.name),
            arrivals,
            handle: Law::Constant(SimDuration::from_hours(*service)),
            handle_at: Vec::new(),
            ..one.clone()
        }
    });
    Ok(traced.collect())
}

fn class(case: &Case, index: usize, plan: &CaseClass, end: f64) -> Result<Class, Unexpressed> {
    let desk = &case.model;
    let mut handle_at = Vec::new();
    for (place, station) in desk.stations.iter().enumerate() {
        let law = if let Staff::Pools { pools, .. } = &station.staff {
            paces(pools)?.handle.get(&plan.name).cloned()
        } else {
            service(station, &plan.name).map(law)
        };
        handle_at.extend(law.map(|law| (TeamId::new(place), law)));
    }
    let entry = station(case, &plan.entry)?;
    let handle = handle_at.iter().find(|(team, _)| *team == entry).map(|(_, law)| law.clone());
    let handle = handle.ok_or_else(|| Unexpressed::new("no service at its entry"))?;
    let mut class = Class::new(&plan.name, arrivals(&plan.arrivals, end)?, entry, handle);
    class.handle_at = handle_at;
    class.priority = PriorityMix::only(priority(case, index, plan)?);
    class.promise.resolution = [plan.due_after.map(SimDuration::from_hours); Priority::COUNT];
    class.patience = patience(case, plan)?;
    class.turned_away = turned_away(case, plan)?;
    class.reopen = reopen(case)?;
    if let Some(rate) = plan.chaser_rate {
        (class.chasers, class.duplicates) = chasers(rate);
    }
    Ok(class)
}

fn priority(case: &Case, index: usize, plan: &CaseClass) -> Result<Priority, Unexpressed> {
    // Under an accumulating priority a class is told from the others by its rate alone.
    let accumulates =
        case.model.stations.iter().any(|s| s.discipline == Some(Order::AccumulatingPriority));
    let level = match plan.priority {
        _ if accumulates => index,
        Some(written) => usize::from(written) - 1,
        None => 2,
    };
    if level >= Priority::COUNT {
        return Err(Unexpressed::new("a desk knows four priorities"));
    }
    Ok(Priority(level as u8))
}

fn patience(case: &Case, plan: &CaseClass) -> Result<Option<Patience>, Unexpressed> {
    let Some(dist) = &plan.patience else { return Ok(None) };
    let mut patience = Patience::new(law(dist));
    let mut back = plan.on_abandon.iter().filter(|branch| branch.to != EXIT);
    if let Some(branch) = back.next() {
        if branch.to != plan.entry || back.next().is_some() {
            return Err(Unexpressed::new("whoever gave up and comes back begins anew"));
        }
        patience.p_returns = branch.p;
        patience.returns_after =
            branch.delay.as_ref().map_or(Law::Constant(SimDuration::ZERO), law);
    }
    patience.after_interruption = case.model.stations.iter().any(|s| breaks_off(&s.staff));
    Ok(Some(patience))
}

/// What becomes of tickets that find a station full: at first another team or another try, later
/// another try, or nothing.
fn turned_away(case: &Case, plan: &CaseClass) -> Result<Option<TurnedAway>, Unexpressed> {
    let Some(on_blocked) = &plan.on_blocked else { return Ok(None) };
    let redials = |branches: &[Branch]| -> Option<(f64, Option<Law>)> {
        let mut away = branches.iter().filter(|branch| branch.to != EXIT);
        let Some(branch) = away.next() else { return Some((0.0, None)) };
        let back = branch.to == plan.entry && away.next().is_none();
        back.then(|| (branch.p, branch.delay.as_ref().map(law)))
    };
    let none = Law::Constant(SimDuration::ZERO);
    let others = || Unexpressed::new("whoever is turned away again tries the first team again");
    let (p_later, later) = redials(&on_blocked.later_attempts).ok_or_else(others)?;
    if let [Branch { p, to, delay: None }] = &on_blocked.first_attempt[..]
        && *p >= 1.0
        && *to != plan.entry
    {
        let overflow = Some(station(case, to)?);
        let after = later.unwrap_or(none);
        return Ok(Some(TurnedAway { overflow, p_first: 0.0, p_later, after }));
    }
    let (p_first, first) = redials(&on_blocked.first_attempt).ok_or_else(others)?;
    if let (Some(first), Some(later)) = (&first, &later)
        && first != later
    {
        return Err(Unexpressed::new("the time until the next try is the same for every try"));
    }
    let after = first.or(later).unwrap_or(none);
    Ok(Some(TurnedAway { overflow: None, p_first, p_later, after }))
}

/// Tickets that wait breed tickets that wait and breed.
fn chasers(rate_per_hour: f64) -> (Option<Chasers>, Option<Duplicates>) {
    let chasers = Chasers {
        after_bot: 1.0,
        after: SimDuration::ZERO,
        rate: rate_per_hour / HOUR,
        shape: 1.0,
        at_most: u16::MAX,
        handle: SimDuration::ZERO,
        reading: Reading::WithTicket,
        bump: Bump::None,
        raises_priority: false,
    };
    let duplicates = Duplicates {
        p_opens: 1.0,
        p_merge: 0.0,
        merge_handle: SimDuration::ZERO,
        switch: None,
        chased: true,
    };
    (Some(chasers), Some(duplicates))
}

/// Routing that depends on the wait: reopens to the same team.
fn reopen(case: &Case) -> Result<Option<Reopen>, Unexpressed> {
    let mut dependent =
        case.model.routing.iter().filter(|routing| !routing.branches_if_delayed.is_empty());
    let Some(routing) = dependent.next() else { return Ok(None) };
    let back = |branches: &[Branch]| -> Option<f64> {
        let away = branches.iter().filter(|branch| branch.to != EXIT);
        let own = away.clone().all(|b| b.to == routing.station && b.delay.is_none());
        own.then(|| away.map(|branch| branch.p).sum())
    };
    let shares = (back(&routing.branches), back(&routing.branches_if_delayed));
    let (Some(p), Some(delayed)) = shares else {
        return Err(Unexpressed::new("a long wait sends tickets back and nowhere else"));
    };
    if case.model.stations.len() > 1 {
        return Err(Unexpressed::new("reopens go to the team that solved, whichever it was"));
    }
    let after_wait = Some((SimDuration::ZERO, delayed));
    Ok(Some(Reopen { after_wait, ..Reopen::new(p, Law::Constant(SimDuration::ZERO)) }))
}

fn opening(case: &Case, names: &[(String, ClassId)]) -> Result<Vec<OpeningTicket>, Unexpressed> {
    let mut tickets = Vec::new();
    for backlog in case.model.start.iter().flat_map(|start| &start.backlog) {
        let class = names.iter().find(|(name, _)| *name == backlog.class).map(|(_, id)| *id);
        let class = class.ok_or_else(|| Unexpressed::new("a backlog of no class"))?;
        let entry = case.model.classes.iter().find(|plan| plan.name == backlog.class);
        if entry.is_none_or(|plan| plan.entry != backlog.station) {
            return Err(Unexpressed::new("an opening backlog waits where its class enters"));
        }
        let ticket = OpeningTicket {
            class,
            created_at: SimTime::ZERO,
            priority: None,
            state: State::New,
            asked_at: None,
        };
        tickets.extend((0..backlog.count).map(|_| ticket));
    }
    Ok(tickets)
}
