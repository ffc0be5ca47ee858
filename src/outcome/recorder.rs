//! The recorder: follows a run and counts everything that reports and measures are made from.
//!
//! It is long because it is one visitor: a callback for each fact, in the order of `Observer`, and
//! what a fact changes stands in one place. What it must know at every instant is in `live`, agents'
//! time in `working`, later replies in `replies`, bills and ages in `closing`.

mod closing;
mod live;
mod replies;
mod working;

use self::live::Live;
use self::replies::Heard;
use super::bills::Verdict;
use super::frame::{Frame, WEEK_HOURS};
use super::observer::{Departure, Exit, Observer, Share, Touch};
use super::tally::{ByCause, ClassTally, RunTally, TeamTally};
use crate::ids::{AgentId, ClassId, TeamId, TicketId};
use crate::stats::histogram::Histogram;
use crate::ticket::{Cause, State, Task, Ticket};
use crate::time::{SimDuration, SimTime};

const HOUR: i64 = SimDuration::from_minutes(60).micros();
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
    /// Age of the oldest unsolved ticket, in hours of the clock that have begun since.
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
    /// Work that came in by hour of the week, in microseconds of agents' time.
    pub load_micros: Vec<u64>,
    /// Agent time at the queue by hour of the week, in microseconds.
    pub staffed_micros: Vec<u64>,
    live: Live,
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
        self.live.reset(frame, now);
    }

    /// A ticket enters the backlog.
    #[inline]
    fn enters(&mut self, now: SimTime, id: TicketId, ticket: &Ticket) {
        self.live.backlog_micros -= i128::from(now.micros());
        self.live.unsolved += 1;
        self.live.duplicates += u32::from(ticket.cause == Cause::Duplicate);
        let unsolved = u64::from(self.live.unsolved);
        if unsolved > self.run.peak {
            self.live.peak_before = (self.run.peak, self.run.peak_micros);
            self.live.peak_by = Some(id);
            (self.run.peak, self.run.peak_micros) = (unsolved, now.micros());
        }
        let hour = if ticket.created_at == now {
            self.live.hour(self.frame, now).of_creation
        } else {
            self.live.creation_hour(ticket.created_at)
        };
        self.live.by_creation[hour] += 1;
        self.live.oldest = self.live.oldest.min(hour);
        self.live.solution.count(ticket.solution_due, 1);
    }

    /// A ticket gives up. One that was turned away in the moment it came made no peak.
    fn made_no_peak(&mut self, now: SimTime, id: TicketId) {
        if self.live.peak_by == Some(id) && self.run.peak_micros == now.micros() {
            (self.run.peak, self.run.peak_micros) = self.live.peak_before;
            self.live.peak_by = None;
        }
    }

    #[inline(always)]
    fn kept_or_missed(&mut self, class: ClassId, due: SimTime, now: SimTime, is_reply: bool) {
        if due == SimTime::NEVER {
            return; // nothing was promised
        }
        if let Some((tally, week)) = self.decided(now, class, (due, now), is_reply) {
            *tally += 1;
            *week += 1;
        }
    }

    /// The counters of a promise that was due and done or given up then, by class and by week.
    fn decided(
        &mut self,
        now: SimTime,
        class: ClassId,
        (due, done): (SimTime, SimTime),
        is_reply: bool,
    ) -> Option<(&mut u64, &mut u64)> {
        if due < self.live.begin {
            return None;
        }
        let missed = done > due;
        let week = self.live.week(self.frame, now, done.min(due));
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
    fn takes_misses_back(&mut self, now: SimTime, ticket: &Ticket) {
        let reply = ticket.replied_at == SimTime::NEVER;
        let promises =
            [(reply, ticket.reply_due, true), (ticket.reopens == 0, ticket.solution_due, false)];
        for (open, due, is_reply) in promises {
            if open
                && due < ticket.since
                && let Some((tally, week)) =
                    self.decided(now, ticket.class, (due, ticket.since), is_reply)
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

    /// A customer gives up whom nobody has answered. Who is turned away has not waited.
    fn gave_up_unanswered(&mut self, now: SimTime, ticket: &Ticket) {
        let Some(within) = self.frame.answer_within(ticket.class) else { return };
        if ticket.touches == 0 && now > ticket.since {
            let late = usize::from(now - ticket.since > within);
            self.classes[ticket.class.index()].unanswered[late] += 1;
        }
    }

    /// A ticket is solved, by whatever answer.
    #[inline(always)]
    fn solved(&mut self, now: SimTime, id: TicketId, ticket: &Ticket) {
        let class = ticket.class.index();
        let took = now - ticket.created_at;
        let tally = &mut self.classes[class];
        tally.full_resolutions += 1;
        tally.full_resolution_micros += took.micros() as u64;
        tally.requester_wait_micros += (took - ticket.with_customer).micros() as u64;
        if let Some(held) = self.live.held(id) {
            tally.on_hold_micros += held.micros() as u64;
        }
        if ticket.reopens == 0 {
            tally.first_resolution_micros += took.micros() as u64;
            let touches = usize::from(ticket.touches.clamp(1, 3)) - 1;
            tally.touches_to_solve[touches] += 1;
            tally.first_level += u64::from(ticket.team == self.frame.entries[class]);
            tally.first_contact += u64::from(is_first_contact(ticket));
            self.kept_or_missed(ticket.class, ticket.solution_due, now, false);
        }
        self.resolution_seconds[class].add(took.micros() as u64 / SECOND);
        let week = self.live.hour(self.frame, now).week;
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
}

/// Whether a solved ticket took one touch at most, and its customer had not asked again.
fn is_first_contact(ticket: &Ticket) -> bool {
    ticket.touches <= 1 && ticket.chasers == 0
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

    fn opens_with(&mut self, id: TicketId, ticket: &Ticket, in_line: bool) {
        self.enters(self.live.begin, id, ticket);
        // It was there before.
        self.live.peak_by = None;
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
    fn created(&mut self, now: SimTime, id: TicketId, ticket: &Ticket) {
        self.live.was_never_held(id);
        self.classes[ticket.class.index()].created[ticket.cause as usize] += 1;
        let week = self.live.hour(self.frame, now).week;
        self.weeks[week].created += 1;
        self.enters(now, id, ticket);
        self.live.reply.count(ticket.reply_due, 1);
    }

    fn turned_away(&mut self, _: SimTime, _: TicketId, ticket: &Ticket) {
        self.classes[ticket.class.index()].turned_away += 1;
    }

    #[inline(always)]
    fn waits(&mut self, now: SimTime, _: TicketId, ticket: &Ticket) {
        self.one_more_waits();
        if ticket.opening && now == self.live.begin {
            return; // It did not come in then.
        }
        let hour = self.live.hour(self.frame, now).of_week;
        // The warm-up has no hours.
        if let Some(load) = self.load_micros.get_mut(hour) {
            let work = if ticket.task == Task::Answer {
                self.frame.agent_time[ticket.class.index() * self.frame.teams + ticket.team.index()]
            } else {
                self.frame.errands[ticket.team.index()][ticket.task as usize]
            };
            *load += work.micros() as u64;
        }
    }

    fn is_to_be_read(&mut self, now: SimTime, _: &Ticket, takes: SimDuration) {
        let hour = self.live.hour(self.frame, now).of_week;
        if let Some(load) = self.load_micros.get_mut(hour) {
            *load += takes.micros() as u64;
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
        if let Some(within) = self.frame.answer_within(ticket.class)
            && ticket.task == Task::Answer
            && ticket.touches == 0
        {
            let late = usize::from(now - ticket.since > within);
            self.classes[ticket.class.index()].answered[late] += 1;
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
            self.hears(now, id, ticket, Heard::Reply);
        }
        self.classes[ticket.class.index()].touches[ticket.cause_of_work() as usize] += 1;
        self.live.touches[touch.agent.index()] += 1;
    }

    fn read_chaser(&mut self, now: SimTime, class: ClassId, touch: &Touch) {
        self.touched(now, class, Cause::Chaser, touch);
        if touch.broken_off {
            return;
        }
        self.classes[class.index()].touches[Cause::Chaser as usize] += 1;
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
        self.work(now, (ticket.class, Cause::Chaser), (from, read_until), part);
        self.work(now, (ticket.class, cause), (read_until, now), part);
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
        id: TicketId,
        ticket: &Ticket,
        held: SimDuration,
        stopped: bool,
    ) {
        let tally = &mut self.classes[ticket.class.index()];
        tally.resumed += 1;
        tally.held_micros += held.micros() as u64;
        self.live.holds_for(id, held);
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

    fn awaits_reply(&mut self, _: SimTime, id: TicketId, _: &Ticket, due: SimTime) {
        self.will_hear_by(id, due);
    }

    fn goes_outside(&mut self, _: SimTime, _: TicketId, ticket: &Ticket) {
        let tally = &mut self.classes[ticket.class.index()];
        tally.outside += u64::from(ticket.cause != Cause::Duplicate);
    }

    #[inline(always)]
    fn leaves(&mut self, now: SimTime, id: TicketId, ticket: &Ticket, exit: Exit) {
        self.hears(now, id, ticket, Heard::at(exit));
        self.live.backlog_micros += i128::from(now.micros());
        if exit == Exit::Withdrawn {
            self.made_no_peak(now, id);
        }
        self.live.unsolved -= 1;
        self.live.duplicates -= u32::from(ticket.cause == Cause::Duplicate);
        let hour = self.live.creation_hour(ticket.created_at);
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
                self.solved(now, id, ticket);
            }
            Exit::SolvedInBulk => {
                self.classes[ticket.class.index()].solved_in_bulk += 1;
                self.solved(now, id, ticket);
            }
            Exit::AutoClosed => self.classes[ticket.class.index()].auto_closed += 1,
            Exit::Withdrawn => {
                self.gave_up_unanswered(now, ticket);
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
        self.enters(now, id, ticket);
        self.classes[ticket.class.index()].reopened += 1;
        if ticket.replied_at == SimTime::NEVER {
            self.live.reply.count(ticket.reply_due, 1);
        }
        if gave_up {
            self.classes[ticket.class.index()].tried_again += 1;
            self.takes_misses_back(now, ticket);
        } else if ticket.since >= self.live.begin {
            // A solution that was counted before the run began cannot be taken back.
            let took = ticket.since - ticket.created_at;
            let tally = &mut self.classes[ticket.class.index()];
            tally.full_resolutions -= 1;
            tally.full_resolution_micros -= took.micros() as u64;
            tally.requester_wait_micros -= (took - ticket.with_customer).micros() as u64;
            tally.on_hold_micros -= self.live.held(id).map_or(0, |held| held.micros() as u64);
            tally.first_contact -= u64::from(ticket.reopens == 1 && is_first_contact(ticket));
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
        let this_hour = self.live.creation_hour(now);
        while self.live.oldest <= this_hour && self.live.by_creation[self.live.oldest] == 0 {
            self.live.oldest += 1;
        }
        let snapshot = Snapshot {
            unsolved: self.live.unsolved,
            customers: self.live.unsolved - self.live.duplicates,
            waiting: self.live.waiting,
            overdue: self.live.solution.late.max(0) as u32,
            unanswered: self.live.reply.late.max(0) as u32,
            oldest_hours: this_hour.saturating_sub(self.live.oldest) as u32,
        };
        self.run.peak_overdue = self.run.peak_overdue.max(u64::from(snapshot.overdue));
        self.run.peak_unanswered = self.run.peak_unanswered.max(u64::from(snapshot.unanswered));
        self.snapshots.push(snapshot);
        if self.frame.closes.get(self.live.next_close) == Some(&(index as u32)) {
            self.live.next_close += 1;
            self.count_ages(now);
            self.count_growth();
            self.count_stale(now);
            self.run.overdue_at_closes += u64::from(snapshot.overdue);
            self.run.late_quarters += self.live.solution.lateness().max(0) as u64;
        }
    }

    fn still_works(&mut self, now: SimTime, touch: &Touch, ticket: Option<&Ticket>) {
        match ticket {
            Some(ticket) => self.touched(now, ticket.class, ticket.cause_of_work(), touch),
            None => self.side_work(now, touch),
        }
    }

    fn remains(&mut self, now: SimTime, id: TicketId, ticket: &Ticket) {
        self.classes[ticket.class.index()].remaining += 1;
        self.hears(now, id, ticket, Heard::Nothing);
        if ticket.replied_at == SimTime::NEVER && ticket.reply_due < now {
            self.kept_or_missed(ticket.class, ticket.reply_due, now, true);
        }
        let clock_stands = ticket.state == State::Pending;
        if ticket.reopens == 0 && !clock_stands && ticket.solution_due < now {
            self.kept_or_missed(ticket.class, ticket.solution_due, now, false);
        }
    }

    fn ends_run(&mut self, now: SimTime, truncated: bool) {
        let left = i128::from(self.live.unsolved) * i128::from(now.micros());
        self.run.backlog_micros = (self.live.backlog_micros + left) as u128;
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
