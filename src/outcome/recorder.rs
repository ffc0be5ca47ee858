//! The recorder: follows a run and counts everything that reports and measures are made from.
//!
//! It is long because it is one visitor: a callback for each fact, in the order of `Observer`, and
//! what a fact changes stands in one place.

use super::bills::Verdict;
use super::frame::{Frame, WEEK_HOURS};
use super::observer::{Departure, Exit, Observer, Share, Touch};
use super::tally::{ByCause, ClassTally, RunTally, TeamTally};
use crate::ids::{AgentId, ClassId, TeamId, TicketId};
use crate::price::{Turnover, Unpaid};
use crate::stats::histogram::Histogram;
use crate::ticket::{Cause, State, Task, Ticket};
use crate::time::{SimDuration, SimTime};
use std::collections::BTreeMap;

const HOUR: i64 = SimDuration::from_minutes(60).micros();
/// Promises fall due within quarters of an hour; a census counts the quarters that are over.
const QUARTER: i64 = HOUR / 4;
/// Waits and replies are binned in seconds.
const SECOND: u64 = SimDuration::from_seconds(1).micros() as u64;

/// Upper ends of the age buckets in hours; the last bucket is open.
pub const AGE_HOURS: [usize; 5] = [24, 48, 72, 120, 168];
/// How many age buckets there are.
pub const AGES: usize = AGE_HOURS.len() + 1;

/// Figures of a week, each summed over the week.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Week {
    /// Tickets created.
    pub created: u64,
    /// Solutions, by agents and in bulk.
    pub solved: u64,
    /// First replies kept and missed, by when that was decided.
    pub reply: [u64; 2],
    /// Solutions kept and missed, by when that was decided.
    pub solution: [u64; 2],
    /// Work by cause, in microseconds.
    pub work_micros: ByCause,
    /// Agent time at the queue, in microseconds.
    pub staffed_micros: u64,
}

/// The state of the backlog at a census.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Snapshot {
    /// Unsolved tickets.
    pub unsolved: u32,
    /// Unsolved tickets that are nobody's duplicate: customers without an answer.
    pub customers: u32,
    /// Tickets that wait for an agent.
    pub waiting: u32,
    /// Unsolved tickets past the promised solution.
    pub overdue: u32,
    /// Tickets without a reply past the promised one.
    pub unanswered: u32,
    /// Age of the oldest unsolved ticket, in hours.
    pub oldest_hours: u32,
}

/// Counts one replication after the other. *Shape*: `classes` and `teams` by id, `snapshots` by
/// census, `ages[close][bucket]`, `weeks` by week, hours of the week from Monday 00:00.
#[derive(Clone, Debug)]
pub struct Recorder<'a> {
    frame: &'a Frame,
    /// Counts by class.
    pub classes: Vec<ClassTally>,
    /// Counts by team.
    pub teams: Vec<TeamTally>,
    /// Counts of the run.
    pub run: RunTally,
    /// First reply times in seconds, by class.
    pub reply_seconds: Vec<Histogram>,
    /// Full resolution times in seconds, by class.
    pub resolution_seconds: Vec<Histogram>,
    /// The backlog at each census.
    pub snapshots: Vec<Snapshot>,
    /// Ages of unsolved tickets at each close.
    pub ages: Vec<[u32; AGES]>,
    /// Figures by week.
    pub weeks: Vec<Week>,
    /// Work that came in by hour of the week, in microseconds of mean handle time.
    pub load_micros: Vec<u64>,
    /// Agent time at the queue by hour of the week, in microseconds.
    pub staffed_micros: Vec<u64>,
    live: Live,
}

/// What must be known at every instant.
#[derive(Clone, Debug, Default)]
struct Live {
    begin: SimTime,
    unsolved: u32,
    duplicates: u32,
    waiting: u32,
    /// When `unsolved` last changed.
    changed_at: SimTime,
    /// Unsolved tickets by hour of creation.
    by_creation: Vec<u32>,
    /// No unsolved ticket is older than this hour.
    oldest: usize,
    solution: Due,
    reply: Due,
    staff: Vec<(u32, SimTime)>,
    /// When recurring problems are mended, by number.
    mended: Vec<SimTime>,
    /// Seats that nobody is paid for, and since when.
    unpaid: BTreeMap<AgentId, SimTime>,
    /// Empty seats, their teams, and since when.
    empty: BTreeMap<AgentId, (TeamId, SimTime)>,
    turnover: Turnover,
    /// Touches done, by agent.
    touches: Vec<u32>,
    /// Since when a customer who has had a reply waits for the next one, by slot, as far as any does.
    wrote_again: Vec<SimTime>,
    next_close: usize,
    /// Interventions in force, and since when these.
    mask: (u32, SimTime),
    /// The latest week asked for: its number, and from when until when it lasts.
    week: (usize, SimTime, SimTime),
}

/// Promises by the quarter of an hour in which they fall due.
#[derive(Clone, Debug, Default)]
struct Due {
    quarters: Vec<i32>,
    /// Quarters that are over.
    over: usize,
    /// Tickets whose quarter is over.
    late: i32,
}

impl Due {
    fn reset(&mut self, quarters: usize) {
        self.quarters.clear();
        self.quarters.resize(quarters, 0);
        (self.over, self.late) = (0, 0);
    }

    /// A ticket begins (+1) or ceases (-1) to owe something that is due then.
    #[inline]
    fn count(&mut self, due: SimTime, change: i32) {
        if due == SimTime::NEVER {
            return;
        }
        // A promise due on the stroke is late after it.
        let quarter = ((due.micros() - 1).max(0) / QUARTER) as usize;
        if quarter < self.over || due <= SimTime::ZERO {
            self.late += change;
        } else if let Some(count) = self.quarters.get_mut(quarter) {
            *count += change;
        }
    }

    fn advance(&mut self, now: SimTime) {
        let over = ((now.micros() / QUARTER) as usize).min(self.quarters.len());
        while self.over < over {
            self.late += self.quarters[self.over];
            self.over += 1;
        }
    }
}

impl<'a> Recorder<'a> {
    /// A recorder for runs of a model with that frame.
    pub fn new(frame: &'a Frame) -> Recorder<'a> {
        let mut recorder = Recorder {
            frame,
            classes: Vec::new(),
            teams: Vec::new(),
            run: RunTally::default(),
            reply_seconds: vec![Histogram::new(); frame.classes],
            resolution_seconds: vec![Histogram::new(); frame.classes],
            snapshots: Vec::new(),
            ages: Vec::new(),
            weeks: Vec::new(),
            load_micros: Vec::new(),
            staffed_micros: Vec::new(),
            live: Live::default(),
        };
        recorder.reset(frame.start);
        recorder
    }

    fn reset(&mut self, now: SimTime) {
        let frame = self.frame;
        let clear =
            |histograms: &mut Vec<Histogram>| histograms.iter_mut().for_each(Histogram::clear);
        clear(&mut self.reply_seconds);
        clear(&mut self.resolution_seconds);
        refill(&mut self.classes, frame.classes, ClassTally::default());
        refill(&mut self.teams, frame.teams, TeamTally::default());
        self.run = RunTally::default();
        self.snapshots.clear();
        self.ages.clear();
        refill(&mut self.weeks, frame.weeks(), Week::default());
        refill(&mut self.load_micros, WEEK_HOURS, 0);
        refill(&mut self.staffed_micros, WEEK_HOURS, 0);
        let live = &mut self.live;
        let hours = (frame.end - SimTime::ZERO).micros() / HOUR + 2;
        live.begin = now;
        live.changed_at = now;
        live.mask = (0, now);
        live.week = (0, now, now);
        (live.unsolved, live.duplicates, live.waiting, live.next_close) = (0, 0, 0, 0);
        let before = frame.oldest_opening.micros() / HOUR + 1;
        refill(&mut live.by_creation, (before + hours) as usize, 0);
        live.oldest = live.by_creation.len();
        live.solution.reset(hours as usize * 4);
        live.reply.reset(hours as usize * 4);
        let agents = frame.pools.last().map_or(0, |(agents, ..)| agents.end as usize);
        refill(&mut live.touches, agents, 0);
        live.wrote_again.clear();
        live.mended.clear();
        live.unpaid.clear();
        live.empty.clear();
        live.turnover.unpaid.clear();
        live.turnover.found.clear();
        live.staff.resize(frame.teams, (0, now));
        live.staff.iter_mut().for_each(|(_, since)| *since = now);
    }

    fn creation_hour(&self, created_at: SimTime) -> usize {
        let since = created_at.micros() + self.frame.oldest_opening.micros();
        ((since.max(0) as u64 / HOUR as u64) as usize).min(self.live.by_creation.len() - 1)
    }

    /// The week of an instant. Most facts fall into the week of the one before.
    #[inline]
    fn week(&mut self, at: SimTime) -> usize {
        let (week, begins, ends) = self.live.week;
        if begins <= at && at < ends { week } else { self.find_week(at) }
    }

    fn find_week(&mut self, at: SimTime) -> usize {
        let week = self.frame.week(at);
        if at >= self.live.week.2 {
            let begins = SimTime::from_micros(week as i64 * Frame::WEEK_MICROS);
            // The end itself belongs to the last week.
            let last = week + 1 == self.weeks.len();
            let ends = SimTime::from_micros(begins.micros() + Frame::WEEK_MICROS);
            self.live.week = (week, begins, if last { SimTime::NEVER } else { ends });
        }
        week
    }

    fn backlog_changes(&mut self, now: SimTime) {
        let lasted = (now - self.live.changed_at).micros() as u64;
        self.run.backlog_micros += u128::from(lasted) * u128::from(self.live.unsolved);
        self.live.changed_at = now;
    }

    /// A ticket enters the backlog.
    #[inline]
    fn enters(&mut self, now: SimTime, ticket: &Ticket) {
        self.backlog_changes(now);
        self.live.unsolved += 1;
        self.live.duplicates += u32::from(ticket.cause == Cause::Duplicate);
        let unsolved = u64::from(self.live.unsolved);
        if unsolved > self.run.peak {
            (self.run.peak, self.run.peak_micros) = (unsolved, now.micros());
        }
        let hour = self.creation_hour(ticket.created_at);
        self.live.by_creation[hour] += 1;
        self.live.oldest = self.live.oldest.min(hour);
        self.live.solution.count(ticket.solution_due, 1);
    }

    #[inline(always)]
    fn kept_or_missed(&mut self, class: ClassId, due: SimTime, done: SimTime, is_reply: bool) {
        if due == SimTime::NEVER {
            return; // nothing was promised
        }
        if let Some((tally, week)) = self.decided(class, due, done, is_reply) {
            *tally += 1;
            *week += 1;
        }
    }

    /// The counters of a promise that is decided now, by class and by week.
    fn decided(
        &mut self,
        class: ClassId,
        due: SimTime,
        done: SimTime,
        is_reply: bool,
    ) -> Option<(&mut u64, &mut u64)> {
        if due < self.live.begin {
            return None;
        }
        let missed = done > due;
        let week = self.week(done.min(due));
        let (tally, week) = (&mut self.classes[class.index()], &mut self.weeks[week]);
        Some(match (is_reply, missed) {
            (true, false) => (&mut tally.reply_kept, &mut week.reply[0]),
            (true, true) => (&mut tally.reply_missed, &mut week.reply[1]),
            (false, false) => (&mut tally.solution_kept, &mut week.solution[0]),
            (false, true) => (&mut tally.solution_missed, &mut week.solution[1]),
        })
    }

    /// A customer who had given up has come back: the promises that were missed when they left are
    /// decided later, lest they count twice.
    fn takes_misses_back(&mut self, ticket: &Ticket) {
        let reply = ticket.replied_at == SimTime::NEVER;
        let promises =
            [(reply, ticket.reply_due, true), (ticket.reopens == 0, ticket.solution_due, false)];
        for (open, due, is_reply) in promises {
            if open
                && due < ticket.since
                && let Some((tally, week)) = self.decided(ticket.class, due, ticket.since, is_reply)
            {
                *tally -= 1;
                *week -= 1;
            }
        }
    }

    /// A ticket more waits for an agent.
    fn one_more_waits(&mut self) {
        self.live.waiting += 1;
        self.run.peak_waiting = self.run.peak_waiting.max(u64::from(self.live.waiting));
    }

    /// Work in an interval counts in the weeks it falls into.
    #[inline]
    fn work(
        &mut self,
        class: ClassId,
        cause: Cause,
        (from, to): (SimTime, SimTime),
        part: impl Fn(SimDuration) -> SimDuration,
    ) {
        let (mut from, mut all) = (from, 0);
        while from < to {
            let week = self.week(from);
            let (_, begins, ends) = self.live.week;
            let until = if begins <= from && to <= ends {
                to
            } else {
                let next = SimTime::from_micros((week as i64 + 1) * Frame::WEEK_MICROS);
                if week + 1 == self.weeks.len() { to } else { to.min(next) }
            };
            let worked = part(until - from).micros() as u64;
            self.weeks[week].work_micros[cause as usize] += worked;
            all += worked;
            from = until;
        }
        self.classes[class.index()].work_micros[cause as usize] += all;
    }

    #[inline(always)]
    fn touched(&mut self, now: SimTime, class: ClassId, cause: Cause, touch: &Touch) {
        let from = touch.started_at.max(self.live.begin);
        let team = &mut self.teams[touch.team.index()];
        let lasted = (now - from).micros() as u64;
        if touch.helps {
            team.help_micros += lasted;
        } else {
            team.hand_micros += lasted;
        }
        if touch.beside {
            return; // shared out as it went on
        }
        team.busy_micros += lasted;
        let mut from = from;
        if touch.reading > SimDuration::ZERO {
            let read_until = (touch.started_at + touch.reading).clamp(from, now);
            self.work(class, Cause::Chaser, (from, read_until), |whole| whole);
            from = read_until;
        }
        self.work(class, cause, (from, now), |whole| whole);
    }

    /// Agent time at the queue since the last change counts in its hours and weeks.
    fn staff_until(&mut self, now: SimTime, team: usize) {
        let (agents, since) = self.live.staff[team];
        self.live.staff[team].1 = now;
        if agents == 0 || since >= now {
            return;
        }
        self.teams[team].staffed_micros += u64::from(agents) * (now - since).micros() as u64;
        let mut from = since;
        while from < now {
            let hour = from.micros().div_euclid(HOUR);
            let until = now.min(SimTime::from_micros((hour + 1) * HOUR));
            let micros = u64::from(agents) * (until - from).micros() as u64;
            if let Some(of_week) = self.frame.hour_of_week.get(hour as usize) {
                self.staffed_micros[usize::from(*of_week)] += micros;
            }
            let week = self.frame.week(from);
            self.weeks[week].staffed_micros += micros;
            from = until;
        }
    }

    fn is_paid_from(&mut self, now: SimTime, agent: AgentId) {
        if let Some(from) = self.live.unpaid.remove(&agent) {
            let unpaid = Unpaid { seat: self.frame.seat(agent), from, to: now };
            self.live.turnover.unpaid.push(unpaid);
        }
    }

    fn is_filled_from(&mut self, now: SimTime, agent: AgentId) {
        if let Some((team, since)) = self.live.empty.remove(&agent) {
            self.teams[team.index()].empty_micros += (now - since).micros() as u64;
        }
    }

    /// A customer has written again: who has had a reply waits for the next one.
    fn writes_again(&mut self, now: SimTime, id: TicketId, ticket: &Ticket) {
        if ticket.replied_at == SimTime::NEVER {
            return; // for the first one, still
        }
        let waits = &mut self.live.wrote_again;
        if waits.len() <= id.index() {
            waits.resize(id.index() + 1, SimTime::NEVER);
        }
        waits[id.index()] = waits[id.index()].min(now);
    }

    /// A customer is replied to, or (`is_reply` false) waits no more.
    #[inline]
    fn next_reply(&mut self, now: SimTime, id: TicketId, ticket: &Ticket, is_reply: bool) {
        let Some(since) = self.live.wrote_again.get_mut(id.index()) else { return };
        let since = std::mem::replace(since, SimTime::NEVER);
        if is_reply && since != SimTime::NEVER {
            let tally = &mut self.classes[ticket.class.index()];
            tally.next_replies += 1;
            tally.next_reply_micros += (now - since).micros() as u64;
        }
    }

    /// A ticket is solved, by whatever answer.
    #[inline(always)]
    fn solved(&mut self, now: SimTime, ticket: &Ticket) {
        let class = ticket.class.index();
        let took = now - ticket.created_at;
        let tally = &mut self.classes[class];
        tally.full_resolutions += 1;
        tally.full_resolution_micros += took.micros() as u64;
        tally.requester_wait_micros += (took - ticket.with_customer).micros() as u64;
        if ticket.reopens == 0 {
            tally.first_resolutions += 1;
            tally.first_resolution_micros += took.micros() as u64;
            let touches = usize::from(ticket.touches.clamp(1, 3)) - 1;
            tally.touches_to_solve[touches] += 1;
            self.kept_or_missed(ticket.class, ticket.solution_due, now, false);
        }
        self.resolution_seconds[class].add(took.micros() as u64 / SECOND);
        let week = self.week(now);
        self.weeks[week].solved += 1;
        if self.frame.prices.is_some() {
            self.judge(ticket, now, ticket.reopens, Verdict::Counted);
        }
    }

    /// What the customer thinks of a ticket that was solved then.
    fn judge(&mut self, ticket: &Ticket, solved_at: SimTime, reopens: u16, verdict: Verdict) {
        let Some(prices) = &self.frame.prices else { return };
        let resolution = solved_at - ticket.created_at;
        let reply = (ticket.replied_at.min(solved_at) - ticket.created_at).at_least_zero();
        let score = prices.opinion.score(reply, resolution, reopens, ticket.touches);
        self.classes[ticket.class.index()].judge(score, verdict);
    }

    fn make_bills(&mut self, now: SimTime) {
        self.run.may_intervene = !self.frame.interventions.is_empty();
        self.pay_until(now);
        let loyal = u64::from(self.frame.has_customers);
        self.classes.iter_mut().for_each(|tally| tally.loyal = loyal);
        let Some(prices) = self.frame.prices.as_ref().filter(|prices| prices.any) else { return };
        self.run.priced = true;
        self.run.fixed_cents = prices.fixed(self.run.micros);
        let mended = (0..self.live.mended.len()).filter(|n| self.live.mended[*n] <= now);
        self.run.outlay_cents = prices.outlays(self.live.begin, now) + prices.mending(mended);
        self.classes.iter_mut().zip(&prices.classes).for_each(|(tally, price)| tally.bill(price));
    }

    /// Enters what people and interventions cost since the interventions in force last changed.
    fn pay_until(&mut self, now: SimTime) {
        let (mask, since) = self.live.mask;
        let lasted = (now - since).micros().max(0) as u64;
        for (index, (_, per_week)) in self.frame.interventions.iter().enumerate() {
            if mask >> index & 1 == 1 {
                self.run.intervention_micros += lasted;
                self.run.intervention_cents +=
                    per_week.over(u128::from(lasted), SimDuration::from_days(7));
            }
        }
        // Whoever is not there is not paid so far; what follows belongs to the next bill.
        for (agent, from) in &mut self.live.unpaid {
            let unpaid = Unpaid { seat: self.frame.seat(*agent), from: *from, to: now };
            self.live.turnover.unpaid.push(unpaid);
            *from = now;
        }
        let turnover = std::mem::take(&mut self.live.turnover);
        let prices = self.frame.prices_under(mask).filter(|prices| prices.any);
        let Some(prices) = prices else { return };
        for (team, tally) in self.teams.iter_mut().enumerate() {
            tally.bill(&prices.team_bill(TeamId::new(team), (since, now), &turnover));
        }
    }

    /// How unevenly the touches of each team are spread over its agents.
    fn count_unevenness(&mut self) {
        for (team, tally) in self.teams.iter_mut().enumerate() {
            let pools = self.frame.pools.iter().filter(|(_, of, _)| of.index() == team);
            let of_pool = pools.map(|(agents, ..)| agents.start as usize..agents.end as usize);
            let done = of_pool.flat_map(|agents| &self.live.touches[agents]);
            let mut done: Vec<u64> = done.filter(|n| **n > 0).map(|n| u64::from(*n)).collect();
            done.sort_unstable();
            let mut fewer = 0;
            for (place, touches) in done.iter().enumerate() {
                tally.uneven += place as u64 * touches - fewer;
                fewer += touches;
            }
            tally.uneven_at_most = done.len() as u64 * fewer;
        }
    }

    fn count_ages(&mut self, now: SimTime) {
        let by_creation = &self.live.by_creation;
        let this_hour = self.creation_hour(now);
        let mut ages = [0; AGES];
        let mut younger = 0;
        let mut last = this_hour + 1;
        for (bucket, hours) in AGE_HOURS.into_iter().enumerate() {
            let first = (this_hour + 1).saturating_sub(hours).max(self.live.oldest.min(last));
            ages[bucket] = by_creation[first.min(last)..last].iter().sum();
            younger += ages[bucket];
            last = first.min(last);
        }
        ages[AGES - 1] = self.live.unsolved - younger;
        self.ages.push(ages);
        let oldest = self.snapshots.last().map_or(0, |snapshot| snapshot.oldest_hours);
        self.run.oldest_hours = self.run.oldest_hours.max(u64::from(oldest));
    }
}

fn refill<T: Clone>(list: &mut Vec<T>, length: usize, value: T) {
    list.clear();
    list.resize(length, value);
}

impl Observer for Recorder<'_> {
    fn begins_run(&mut self, now: SimTime) {
        self.live.staff.clear();
        self.reset(now);
    }

    fn begins(&mut self, now: SimTime) {
        self.reset(now);
    }

    fn opens_with(&mut self, _: TicketId, ticket: &Ticket, in_line: bool) {
        self.enters(self.live.begin, ticket);
        self.classes[ticket.class.index()].opening += 1;
        if ticket.state == State::Pending {
            // Its clock stands.
            self.live.solution.count(ticket.solution_due, -1);
        }
        if ticket.replied_at == SimTime::NEVER {
            self.live.reply.count(ticket.reply_due, 1);
        }
        if in_line {
            self.one_more_waits();
        }
    }

    fn contact(&mut self, _: SimTime, class: ClassId, cause: Cause, contained: bool) {
        let tally = &mut self.classes[class.index()];
        tally.contacts[cause as usize] += 1;
        tally.contained += u64::from(contained);
    }

    fn will_be_mended(&mut self, _: SimTime, problem: u16, at: SimTime) {
        let (problem, mended) = (usize::from(problem), &mut self.live.mended);
        mended.resize(mended.len().max(problem + 1), SimTime::NEVER);
        mended[problem] = at;
    }

    fn bot_tries(&mut self, _: SimTime, class: ClassId) {
        self.classes[class.index()].tried += 1;
    }

    fn stays_away(&mut self, _: SimTime, class: ClassId) {
        self.classes[class.index()].averted += 1;
    }

    #[inline(always)]
    fn created(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.classes[ticket.class.index()].created[ticket.cause as usize] += 1;
        let week = self.week(now);
        self.weeks[week].created += 1;
        self.enters(now, ticket);
        self.live.reply.count(ticket.reply_due, 1);
    }

    #[inline(always)]
    fn waits(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.one_more_waits();
        let cell = ticket.class.index() * self.frame.teams + ticket.team.index();
        // Before zero comes the warm-up, which has no hour here.
        let hour = (now.micros() as u64 / HOUR as u64) as usize;
        if let Some(hour) = self.frame.hour_of_week.get(hour) {
            let work = if ticket.task == Task::Answer {
                self.frame.mean_handle[cell]
            } else {
                self.frame.errands[ticket.team.index()][ticket.task as usize]
            };
            self.load_micros[usize::from(*hour)] += work.micros() as u64;
        }
    }

    fn leaves_line(&mut self, _: SimTime, _: TicketId, _: &Ticket) {
        self.live.waiting -= 1;
    }

    #[inline(always)]
    fn starts(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, _: AgentId, again: bool) {
        self.live.waiting -= 1;
        if again {
            return;
        }
        let wait = (now - ticket.since.max(self.live.begin.min(now))).micros() as u64;
        let tally = &mut self.classes[ticket.class.index()];
        tally.waits += 1;
        tally.wait_micros += wait;
        let team = &mut self.teams[ticket.team.index()];
        team.waits += 1;
        team.wait_micros += wait;
    }

    #[inline(always)]
    fn ends(&mut self, now: SimTime, id: TicketId, ticket: &Ticket, touch: &Touch) {
        self.touched(now, ticket.class, ticket.cause_of_work(), touch);
        if ticket.task == Task::Sort && !touch.beside {
            let from = touch.started_at.max(self.live.begin);
            self.classes[ticket.class.index()].sorting_micros += (now - from).micros() as u64;
        }
        if touch.broken_off {
            self.teams[touch.team.index()].broken_off += 1;
            self.one_more_waits();
            return;
        }
        if ticket.task == Task::Sort {
            return;
        }
        if ticket.task == Task::Answer {
            self.next_reply(now, id, ticket, true);
        }
        self.classes[ticket.class.index()].touches[ticket.cause_of_work() as usize] += 1;
        self.teams[touch.team.index()].touches += 1;
        self.live.touches[touch.agent.index()] += 1;
    }

    fn read_chaser(&mut self, now: SimTime, class: ClassId, touch: &Touch) {
        self.touched(now, class, Cause::Chaser, touch);
        if touch.broken_off {
            return;
        }
        self.classes[class.index()].touches[Cause::Chaser as usize] += 1;
        self.teams[touch.team.index()].touches += 1;
        self.live.touches[touch.agent.index()] += 1;
    }

    fn shares(&mut self, now: SimTime, ticket: &Ticket, is_chaser: bool, share: &Share) {
        let from = share.from.max(self.live.begin);
        let part = share.part(now - from).micros() as u64;
        self.teams[share.team.index()].busy_micros += part;
        if ticket.task == Task::Sort {
            self.classes[ticket.class.index()].sorting_micros += part;
        }
        let cause = if is_chaser { Cause::Chaser } else { ticket.cause_of_work() };
        let read_until = share.read_until.clamp(from, now);
        let part = |whole| share.part(whole);
        self.work(ticket.class, Cause::Chaser, (from, read_until), part);
        self.work(ticket.class, cause, (read_until, now), part);
    }

    fn side_work(&mut self, now: SimTime, touch: &Touch) {
        let from = touch.started_at.max(self.live.begin);
        self.teams[touch.team.index()].side_work_micros += (now - from).micros() as u64;
    }

    fn helped(&mut self, now: SimTime, _: TicketId, ticket: &Ticket, touch: &Touch) {
        self.touched(now, ticket.class, ticket.cause_of_work(), touch);
    }

    #[inline(always)]
    fn first_reply(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.live.reply.count(ticket.reply_due, -1);
        self.kept_or_missed(ticket.class, ticket.reply_due, now, true);
        let took = now - ticket.created_at;
        let tally = &mut self.classes[ticket.class.index()];
        tally.replies += 1;
        tally.reply_micros += took.micros() as u64;
        self.reply_seconds[ticket.class.index()].add(took.micros() as u64 / SECOND);
    }

    fn moves(&mut self, _: SimTime, _: TicketId, ticket: &Ticket, to: TeamId) {
        self.classes[ticket.class.index()].moves += 1;
        self.teams[to.index()].moves_in += 1;
    }

    fn sorted(&mut self, _: SimTime, _: TicketId, ticket: &Ticket, _: TeamId, right: bool) {
        self.classes[ticket.class.index()].misrouted += u64::from(!right);
    }

    fn passed_on(
        &mut self,
        _: SimTime,
        _: TicketId,
        ticket: &Ticket,
        to: TeamId,
        found: Option<SimDuration>,
    ) {
        self.teams[to.index()].moves_in += 1;
        let tally = &mut self.classes[ticket.class.index()];
        tally.bounces += 1;
        if let Some(astray) = found {
            tally.found += 1;
            tally.astray_micros += astray.micros() as u64;
        }
    }

    fn holds(&mut self, _: SimTime, _: TicketId, ticket: &Ticket, _: TeamId, stops: bool) {
        self.classes[ticket.class.index()].approvals += 1;
        if stops {
            self.live.solution.count(ticket.solution_due, -1);
        }
    }

    fn resumes(
        &mut self,
        _: SimTime,
        _: TicketId,
        ticket: &Ticket,
        held: SimDuration,
        stopped: bool,
    ) {
        let tally = &mut self.classes[ticket.class.index()];
        tally.resumed += 1;
        tally.held_micros += held.micros() as u64;
        if stopped {
            self.live.solution.count(ticket.solution_due, 1);
        }
    }

    fn assigned(&mut self, _: SimTime, _: TicketId, ticket: &Ticket, _: AgentId) {
        self.classes[ticket.class.index()].assigned += 1;
    }

    fn forgotten(&mut self, _: SimTime, _: TicketId, ticket: &Ticket) {
        self.classes[ticket.class.index()].forgotten += 1;
    }

    fn remembered(&mut self, _: SimTime, _: TicketId, _: &Ticket, after: SimDuration) {
        let longest = &mut self.run.longest_forgotten_micros;
        *longest = (*longest).max(after.micros() as u64);
    }

    fn asks(&mut self, _: SimTime, _: TicketId, ticket: &Ticket) {
        self.classes[ticket.class.index()].questions += 1;
        self.live.solution.count(ticket.solution_due, -1);
    }

    fn answered(&mut self, now: SimTime, id: TicketId, ticket: &Ticket) {
        self.writes_again(now, id, ticket);
        self.live.solution.count(ticket.solution_due, 1);
    }

    fn chased(&mut self, now: SimTime, id: TicketId, ticket: &Ticket) {
        self.writes_again(now, id, ticket);
        self.classes[ticket.class.index()].chasers += 1;
    }

    #[inline(always)]
    fn leaves(&mut self, now: SimTime, id: TicketId, ticket: &Ticket, exit: Exit) {
        self.next_reply(now, id, ticket, exit == Exit::SolvedInBulk);
        self.backlog_changes(now);
        self.live.unsolved -= 1;
        self.live.duplicates -= u32::from(ticket.cause == Cause::Duplicate);
        let hour = self.creation_hour(ticket.created_at);
        self.live.by_creation[hour] -= 1;
        if exit != Exit::AutoClosed {
            self.live.solution.count(ticket.solution_due, -1);
        }
        if ticket.replied_at == SimTime::NEVER {
            self.live.reply.count(ticket.reply_due, -1);
            if exit == Exit::Withdrawn && ticket.reply_due < now {
                self.kept_or_missed(ticket.class, ticket.reply_due, now, true);
            }
        }
        match exit {
            Exit::Solved => {
                self.classes[ticket.class.index()].solved += 1;
                self.solved(now, ticket);
            }
            Exit::SolvedInBulk => {
                self.classes[ticket.class.index()].solved_in_bulk += 1;
                self.solved(now, ticket);
            }
            Exit::AutoClosed => self.classes[ticket.class.index()].auto_closed += 1,
            Exit::Withdrawn => {
                let is_lost = self.frame.prices.is_some() && ticket.cause != Cause::Duplicate;
                let tally = &mut self.classes[ticket.class.index()];
                tally.withdrawn += 1;
                tally.lost += u64::from(is_lost);
                if ticket.reopens == 0 && ticket.solution_due < now {
                    self.kept_or_missed(ticket.class, ticket.solution_due, now, false);
                }
            }
            Exit::Merged => self.classes[ticket.class.index()].merged += 1,
        }
    }

    fn reopened(&mut self, now: SimTime, id: TicketId, ticket: &Ticket, gave_up: bool) {
        self.writes_again(now, id, ticket);
        self.enters(now, ticket);
        self.classes[ticket.class.index()].reopened += 1;
        if ticket.replied_at == SimTime::NEVER {
            self.live.reply.count(ticket.reply_due, 1);
        }
        if gave_up {
            self.takes_misses_back(ticket);
        } else if ticket.since >= self.live.begin {
            // A solution that was counted before the run began cannot be taken back.
            let took = ticket.since - ticket.created_at;
            let tally = &mut self.classes[ticket.class.index()];
            tally.full_resolutions -= 1;
            tally.full_resolution_micros -= took.micros() as u64;
            tally.requester_wait_micros -= (took - ticket.with_customer).micros() as u64;
            self.resolution_seconds[ticket.class.index()].take_back(took.micros() as u64 / SECOND);
            self.judge(ticket, ticket.since, ticket.reopens - 1, Verdict::TakenBack);
        }
        if gave_up && ticket.since >= self.live.begin && self.frame.prices.is_some() {
            let tally = &mut self.classes[ticket.class.index()];
            tally.lost -= u64::from(ticket.cause != Cause::Duplicate);
        }
    }

    fn parts(&mut self, _: SimTime, _: TicketId, ticket: &Ticket, leaves: bool, word: i64) {
        let tally = &mut self.classes[ticket.class.index()];
        tally.churned += u64::from(leaves);
        tally.recommended += u64::from(word > 0);
        tally.warned += u64::from(word < 0);
    }

    fn demand_moves(&mut self, _: SimTime, class: ClassId, won: bool) {
        let tally = &mut self.classes[class.index()];
        *if won { &mut tally.won } else { &mut tally.unwritten } += 1;
    }

    fn staffed(&mut self, now: SimTime, team: TeamId, agents: u32) {
        self.staff_until(now, team.index());
        self.live.staff[team.index()].0 = agents;
    }

    fn empty(&mut self, now: SimTime, agent: AgentId, _: TeamId) {
        self.live.unpaid.insert(agent, now);
    }

    fn departs(&mut self, now: SimTime, agent: AgentId, team: TeamId, why: Departure) {
        self.live.unpaid.insert(agent, now);
        match why {
            Departure::Usual => self.teams[team.index()].left += 1,
            Departure::Burnout => self.teams[team.index()].burnt_out += 1,
            // Nobody misses who was let go.
            Departure::LetGo => return,
        }
        self.live.empty.insert(agent, (team, now));
    }

    fn joins(&mut self, now: SimTime, agent: AgentId, team: TeamId) {
        self.teams[team.index()].found += 1;
        self.live.turnover.found.push(self.frame.seat(agent));
        self.is_paid_from(now, agent);
    }

    fn settles(&mut self, now: SimTime, agent: AgentId, _: TeamId) {
        self.is_filled_from(now, agent);
    }

    fn intervenes(&mut self, now: SimTime, mask: u32) {
        self.pay_until(now);
        let begun = mask & !self.live.mask.0;
        for (index, (cost, _)) in self.frame.interventions.iter().enumerate() {
            if begun >> index & 1 == 1 {
                self.run.interventions += 1;
                self.run.intervention_cents += cost.of(1);
            }
        }
        self.live.mask = (mask, now);
    }

    fn census(&mut self, now: SimTime, index: usize) {
        self.live.solution.advance(now);
        self.live.reply.advance(now);
        let this_hour = self.creation_hour(now);
        while self.live.oldest <= this_hour && self.live.by_creation[self.live.oldest] == 0 {
            self.live.oldest += 1;
        }
        self.snapshots.push(Snapshot {
            unsolved: self.live.unsolved,
            customers: self.live.unsolved - self.live.duplicates,
            waiting: self.live.waiting,
            overdue: self.live.solution.late.max(0) as u32,
            unanswered: self.live.reply.late.max(0) as u32,
            oldest_hours: (this_hour + 1).saturating_sub(self.live.oldest) as u32,
        });
        if self.frame.closes.get(self.live.next_close) == Some(&(index as u32)) {
            self.live.next_close += 1;
            self.count_ages(now);
        }
    }

    fn still_works(&mut self, now: SimTime, touch: &Touch, ticket: Option<&Ticket>) {
        match ticket {
            Some(ticket) => self.touched(now, ticket.class, ticket.cause_of_work(), touch),
            None => self.side_work(now, touch),
        }
    }

    fn remains(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.classes[ticket.class.index()].remaining += 1;
        if ticket.replied_at == SimTime::NEVER && ticket.reply_due < now {
            self.kept_or_missed(ticket.class, ticket.reply_due, now, true);
        }
        let clock_stands = ticket.state == State::Pending;
        if ticket.reopens == 0 && !clock_stands && ticket.solution_due < now {
            self.kept_or_missed(ticket.class, ticket.solution_due, now, false);
        }
    }

    fn ends_run(&mut self, now: SimTime, truncated: bool) {
        self.backlog_changes(now);
        for team in 0..self.teams.len() {
            self.staff_until(now, team);
        }
        self.run.micros = (now - self.live.begin).micros() as u64;
        self.run.truncated = truncated;
        self.run.mended = self.live.mended.iter().filter(|at| **at <= now).count() as u64;
        self.count_unevenness();
        while let Some((agent, _)) = self.live.empty.first_key_value() {
            self.is_filled_from(now, *agent);
        }
        self.make_bills(now);
        let balanced = self.classes.iter().all(ClassTally::balances);
        assert!(balanced, "tickets were lost or made of nothing: {:?}", self.classes);
    }
}
