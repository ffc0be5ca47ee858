//! The backlog of a story: a list of what is unsolved, gone through from fact to fact.

#![expect(clippy::wildcard_enum_match_arm, reason = "each figure looks for its own few facts")]

use super::{Count, Event, HOUR};
use crate::second_engine::story::What;
use std::collections::{BTreeMap, BTreeSet};
use surgecast::outcome::observer::Exit;
use surgecast::outcome::recorder::{AGE_HOURS, AGES, Snapshot};
use surgecast::rng::Key;
use surgecast::ticket::{Cause, State, Ticket};
use surgecast::time::SimTime;

impl Count<'_> {
    /// Goes through the run with a list of what is unsolved.
    pub(super) fn count_backlog(&mut self) {
        let mut backlog: BTreeMap<Key, &Ticket> = BTreeMap::new();
        let mut waiting = 0_u32;
        let mut since = self.begin;
        let (mut closes, mut closed) = (Vec::new(), None);
        let run = &mut self.figures.run;
        let turned_away = turned_away(&self.events);
        for event in &self.events {
            run.backlog_micros += (event.at - since).micros() as u128 * backlog.len() as u128;
            since = event.at;
            match event.what {
                What::OpensWith(true) | What::Waits => waiting += 1,
                What::Ends(touch) => waiting += u32::from(touch.broken_off),
                What::LeavesLine | What::Starts(..) => waiting -= 1,
                _ => {}
            }
            run.peak_waiting = run.peak_waiting.max(u64::from(waiting));
            // What is in work may be a chaser, whose ticket is long solved.
            let still_works = matches!(event.what, What::StillWorks(_) | What::Shares(..));
            if let Some(ticket) = event.ticket.filter(|_| !still_works) {
                backlog.insert(ticket.key, ticket);
                if matches!(event.what, What::Leaves(_)) {
                    backlog.remove(&ticket.key);
                }
            }
            let there = |key: &&Key| !turned_away.contains(&(**key, event.at));
            let there = backlog.keys().filter(there).count() as u64;
            if there > run.peak {
                (run.peak, run.peak_micros) = (there, event.at.micros());
            }
            let What::Census(index) = event.what else { continue };
            let quarter = event.at.micros() / (HOUR / 4) * (HOUR / 4);
            let late = |due: SimTime| due <= SimTime::from_micros(quarter);
            let hour = |at: SimTime| (at.micros() + self.frame.oldest_opening.micros()) / HOUR;
            let ages = backlog.values().map(|ticket| hour(event.at) - hour(ticket.created_at));
            let count = |which: &dyn Fn(&Ticket) -> bool| {
                backlog.values().filter(|ticket| which(ticket)).count() as u32
            };
            let snapshot = Snapshot {
                unsolved: backlog.len() as u32,
                customers: count(&|t| t.cause != Cause::Duplicate),
                waiting,
                overdue: count(&|t| t.state != State::Pending && late(t.solution_due)),
                unanswered: count(&|t| t.replied_at == SimTime::NEVER && late(t.reply_due)),
                oldest_hours: ages.clone().max().map_or(0, |age| age as u32),
            };
            self.figures.snapshots.push(snapshot);
            run.peak_overdue = run.peak_overdue.max(u64::from(snapshot.overdue));
            run.peak_unanswered = run.peak_unanswered.max(u64::from(snapshot.unanswered));
            if self.frame.closes.contains(&(*index as u32)) {
                let mut of = [0; AGES];
                for age in ages {
                    of[AGE_HOURS.iter().filter(|hours| age >= **hours as i64).count()] += 1;
                }
                self.figures.ages.push(of);
                closes.push(snapshot.unsolved);
                let quarter = |at: SimTime| (at.micros() - 1).div_euclid(HOUR / 4);
                let overdue = |t: &&&Ticket| t.state != State::Pending && late(t.solution_due);
                run.overdue_at_closes += u64::from(snapshot.overdue);
                run.late_quarters += backlog
                    .values()
                    .filter(overdue)
                    .map(|t| (event.at.micros() / (HOUR / 4) - quarter(t.solution_due)) as u64)
                    .sum::<u64>();
                if let Some(before) = closed.replace(event.at) {
                    let stale = count(&|t| hour(t.created_at) < hour(before));
                    run.peak_stale = run.peak_stale.max(u64::from(stale));
                }
                run.oldest_hours = run.oldest_hours.max(u64::from(snapshot.oldest_hours));
            }
        }
        for last in 0..closes.len() {
            let grows = |close: &usize| closes[*close] > closes[*close - 1];
            let grown = (1..=last).rev().take_while(grows).count() as u64;
            run.longest_growth = run.longest_growth.max(grown);
        }
        let mut mended: BTreeMap<u16, SimTime> = BTreeMap::new();
        for event in &self.events {
            if let What::WillBeMended(problem, at) = event.what {
                mended.insert(*problem, *at);
            }
        }
        run.mended = mended.values().filter(|at| **at <= self.end).count() as u64;
        run.micros = (self.end - self.begin).micros() as u64;
        run.truncated = matches!(self.events.last(), Some(Event { what: What::EndsRun(true), .. }));
    }
}

/// Who gives up in the very instant of coming, and when.
fn turned_away(events: &[Event<'_>]) -> BTreeSet<(Key, SimTime)> {
    let mut came = BTreeMap::new();
    let mut gone = BTreeSet::new();
    for event in events {
        let Some(ticket) = event.ticket else { continue };
        match event.what {
            What::Created | What::Reopened(_) => drop(came.insert(ticket.key, event.at)),
            What::Leaves(Exit::Withdrawn) if came.get(&ticket.key) == Some(&event.at) => {
                gone.insert((ticket.key, event.at));
            }
            _ => {}
        }
    }
    gone
}
