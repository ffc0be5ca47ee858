//! Who serves at a station of a case, as pools of a team.

use super::case::{OnReduction, Order, Pool, Staff, Station};
use super::demand::{law, mean, unroll};
use super::unexpressed::Unexpressed;
use crate::dist::Law;
use crate::ids::{ClassId, TeamId};
use crate::model::pace::Pace;
use crate::model::pool::{Interruptions, PoolPlan};
use crate::model::team::ShiftEnd;
use crate::time::{SimDuration, SimTime};
use std::collections::BTreeMap;

/// What happens at the end of a shift at a station.
pub(super) fn shift_end(staff: &Staff) -> ShiftEnd {
    match staff {
        Staff::Schedule { on_reduction, .. } => match on_reduction {
            OnReduction::PreemptToFront => ShiftEnd::Suspend,
            OnReduction::FinishThenLeavePooled => ShiftEnd::FinishPooled,
            OnReduction::FinishThenLeaveNamed => ShiftEnd::Finish,
        },
        Staff::Constant { .. }
        | Staff::Infinite
        | Staff::Pools { .. }
        | Staff::Unreliable { .. }
        | Staff::Vacations { .. }
        | Staff::StartThreshold { .. } => ShiftEnd::Finish,
    }
}

/// Whether tickets in service there may be broken off.
pub(super) fn breaks_off(staff: &Staff) -> bool {
    matches!(staff, Staff::Unreliable { .. }) || shift_end(staff) == ShiftEnd::Suspend
}

/// Handle times at a station with pools: a law per class for a pool of pace 1, and each pool's
/// pace, such that their products are what the case says.
pub(super) struct Paces {
    /// By class name.
    pub(super) handle: BTreeMap<String, Law>,
    factors: Vec<f64>,
}

/// Finds handle times and paces for pools, starting with the first pool at pace 1.
pub(super) fn paces(pools: &[Pool]) -> Result<Paces, Unexpressed> {
    let mut base: BTreeMap<String, f64> = BTreeMap::new();
    let mut handle = BTreeMap::new();
    let mut factors: Vec<Option<f64>> = vec![None; pools.len()];
    factors[0] = Some(1.0);
    for _ in 0..pools.len() {
        for (pool, factor) in pools.iter().zip(&mut factors) {
            for (class, dist) in &pool.service {
                match (*factor, base.get(class)) {
                    (None, Some(known)) => *factor = Some(mean(dist) / known),
                    (Some(known), None) => {
                        base.insert(class.clone(), mean(dist) / known);
                        handle.insert(class.clone(), law(dist).scaled(1.0 / known));
                    }
                    (Some(_), Some(_)) | (None, None) => {}
                }
            }
        }
    }
    for (pool, factor) in pools.iter().zip(&factors) {
        for (class, dist) in &pool.service {
            let (Some(factor), Some(base)) = (factor, base.get(class)) else {
                return Err(Unexpressed::new("pools that share no class need a team each"));
            };
            // Means printed with ten digits.
            if (factor * base / mean(dist) - 1.0).abs() > 1e-8 {
                return Err(Unexpressed::new(
                    "a pool has one pace for all classes, and here it differs by class",
                ));
            }
        }
    }
    Ok(Paces { handle, factors: factors.into_iter().flatten().collect() })
}

/// The pools of a station. `load` is how many agents are busy on average where all are served at
/// once.
pub(super) fn pools(
    station: &Station,
    team: TeamId,
    classes: &[(String, ClassId)],
    load: f64,
    end: f64,
) -> Result<Vec<PoolPlan>, Unexpressed> {
    let always = || vec![(SimTime::ZERO, SimTime::from_hours(end))];
    let plain = |seats: u32| PoolPlan::new(team, &station.name, seats, always());
    Ok(match &station.staff {
        Staff::Constant { agents } => vec![plain(*agents)],
        Staff::Infinite if station.discipline == Some(Order::ProcessorSharing) => vec![plain(1)],
        Staff::Infinite => {
            // Twelve standard deviations above the mean of a Poisson number.
            vec![plain((load + 12.0 * load.sqrt() + 60.0).ceil() as u32)]
        }
        Staff::Schedule { pieces, period, .. } => levels(pieces, *period, end)
            .into_iter()
            .map(|level| PoolPlan {
                first_seat: level.seats.0,
                seats: level.seats.1 - level.seats.0,
                ..PoolPlan::new(team, &station.name, 0, level.spans)
            })
            .collect(),
        Staff::Pools { pools, arrival_tries_pools_in_order: tries, .. } => {
            let factors = paces(pools)?.factors;
            let id = |name: &String| {
                classes.iter().find(|(class, _)| class == name).map(|(_, class)| *class)
            };
            let plan = |(pool, factor): (&Pool, f64)| PoolPlan {
                serves: pool.serves_in_order.iter().filter_map(id).collect(),
                ordered: true,
                tried: tries
                    .values()
                    .filter_map(|order| order.iter().position(|name| *name == pool.name))
                    .max()
                    .unwrap_or_default() as u8,
                pace: Pace { factor, ..Pace::default() },
                ..PoolPlan::new(team, &pool.name, pool.agents, always())
            };
            pools.iter().zip(factors).map(plan).collect()
        }
        Staff::Unreliable { agents, mean_present, mean_absent } => {
            let interruptions = Some(Interruptions {
                every: Law::exponential(SimDuration::from_hours(*mean_present)),
                lasts: Law::exponential(SimDuration::from_hours(*mean_absent)),
            });
            vec![PoolPlan { interruptions, ..plain(*agents) }]
        }
        Staff::Vacations { agents, vacation } => {
            vec![PoolPlan { side_work: Some(law(vacation)), ..plain(*agents) }]
        }
        Staff::StartThreshold { .. } => {
            return Err(Unexpressed::new(
                "agents of a desk do not wait for a pile before they begin",
            ));
        }
    })
}

/// Seats that share their hours.
struct Level {
    seats: (u32, u32),
    spans: Vec<(SimTime, SimTime)>,
}

/// Takes a schedule apart into groups of seats: seat k is there while more than k are scheduled,
/// so that the same agents stay throughout.
fn levels(pieces: &[(f64, u32)], period: Option<f64>, end: f64) -> Vec<Level> {
    let steps = unroll(pieces, period, end);
    let mut tops: Vec<u32> = steps.iter().map(|(_, agents)| *agents).filter(|n| *n > 0).collect();
    tops.sort_unstable();
    tops.dedup();
    let mut from = 0;
    let level = |top: u32| {
        let mut spans: Vec<(SimTime, SimTime)> = Vec::new();
        for (place, (at, agents)) in steps.iter().enumerate() {
            if *agents < top {
                continue;
            }
            let until = steps.get(place + 1).map_or(end, |(at, _)| *at);
            let (at, until) = (SimTime::from_hours(*at), SimTime::from_hours(until));
            match spans.last_mut() {
                Some(last) if last.1 == at => last.1 = until,
                _ => spans.push((at, until)),
            }
        }
        let seats = (from, top);
        from = top;
        Level { seats, spans }
    };
    tops.into_iter().map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::super::case::Dist;
    use super::*;

    #[test]
    fn the_same_agents_stay_while_others_come_and_go() {
        let levels = levels(&[(0.0, 3), (8.0, 6), (13.0, 4), (18.0, 3)], Some(24.0), 48.0);
        let seats: Vec<(u32, u32)> = levels.iter().map(|level| level.seats).collect();
        assert_eq!(seats, [(0, 3), (3, 4), (4, 6)]);
        let hours = |level: &Level| -> Vec<(f64, f64)> {
            level.spans.iter().map(|(from, to)| (from.hours(), to.hours())).collect()
        };
        // Three are always there, in one span without a seam at midnight.
        assert_eq!(hours(&levels[0]), [(0.0, 48.0)]);
        assert_eq!(hours(&levels[1]), [(8.0, 18.0), (32.0, 42.0)]);
        assert_eq!(hours(&levels[2]), [(8.0, 13.0), (32.0, 37.0)]);
    }

    #[test]
    fn paces_explain_handle_times_or_are_refused() {
        let pool = |name: &str, means: &[(&str, f64)]| Pool {
            name: name.to_string(),
            agents: 1,
            serves_in_order: Vec::new(),
            service: means
                .iter()
                .map(|(class, mean)| (class.to_string(), Dist::Exponential { mean: *mean }))
                .collect(),
        };
        let found = paces(&[pool("a", &[("x", 0.4)]), pool("b", &[("x", 0.5), ("y", 1.0)])]);
        let found = found.ok().unwrap();
        assert_eq!(found.factors, [1.0, 1.25]);
        assert!((found.handle["y"].mean().hours() - 0.8).abs() < 1e-9);
        let crossed =
            paces(&[pool("a", &[("x", 1.0), ("y", 2.0)]), pool("b", &[("x", 2.0), ("y", 1.0)])]);
        assert!(crossed.is_err());
    }
}
