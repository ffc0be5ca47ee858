//! A second recorder: every figure found by searching the whole story for it.

#![expect(clippy::wildcard_enum_match_arm, reason = "each figure looks for its own few facts")]

mod backlog;

use super::story::{Told, What};
use std::collections::{BTreeMap, HashMap};
use surgecast::ids::{AgentId, ClassId};
use surgecast::outcome::frame::Frame;
use surgecast::outcome::observer::{Departure, Exit, Share, Touch};
use surgecast::outcome::recorder::{AGES, Recorder, Snapshot, Week};
use surgecast::outcome::tally::{ClassTally, RunTally, TeamTally};
use surgecast::rng::Key;
use surgecast::stats::histogram::Histogram;
use surgecast::ticket::{Cause, State, Task, Ticket};
use surgecast::time::{SimDuration, SimTime};

const HOUR: i64 = SimDuration::from_minutes(60).micros();

/// Everything that a recorder counts.
#[derive(PartialEq, Debug)]
pub struct Figures {
    pub classes: Vec<ClassTally>,
    pub teams: Vec<TeamTally>,
    pub run: RunTally,
    pub reply_seconds: Vec<Histogram>,
    pub resolution_seconds: Vec<Histogram>,
    pub snapshots: Vec<Snapshot>,
    pub ages: Vec<[u32; AGES]>,
    pub weeks: Vec<Week>,
    pub load_micros: Vec<u64>,
    pub staffed_micros: Vec<u64>,
}

/// A thing told since counting began.
struct Event<'a> {
    at: SimTime,
    what: &'a What,
    ticket: Option<&'a Ticket>,
}

impl Event<'_> {
    fn key(&self) -> Option<Key> {
        self.ticket.map(|ticket| ticket.key)
    }

    fn solves(&self) -> bool {
        matches!(self.what, What::Leaves(Exit::Solved | Exit::SolvedInBulk))
    }
}

/// Work that comes in then, by hour of the week.
fn comes_in(frame: &Frame, load: &mut [u64], at: SimTime, work: SimDuration) {
    if let Some(hour) = frame.hour_of_week.get(at.micros().div_euclid(HOUR) as usize) {
        load[usize::from(*hour)] += work.micros() as u64;
    }
}

struct Count<'a> {
    frame: &'a Frame,
    begin: SimTime,
    end: SimTime,
    events: Vec<Event<'a>>,
    /// What is told of each ticket, in order.
    lives: HashMap<Key, Vec<usize>>,
    figures: Figures,
}

impl Figures {
    /// What a recorder has counted.
    pub fn of_recorder(recorder: Recorder<'_>) -> Figures {
        Figures {
            classes: recorder.classes,
            teams: recorder.teams,
            run: recorder.run,
            reply_seconds: recorder.reply_seconds,
            resolution_seconds: recorder.resolution_seconds,
            snapshots: recorder.snapshots,
            ages: recorder.ages,
            weeks: recorder.weeks,
            load_micros: recorder.load_micros,
            staffed_micros: recorder.staffed_micros,
        }
    }

    /// The figures that differ.
    pub fn differences(&self, other: &Figures) -> String {
        let print = |figures: &Figures| format!("{figures:#?}");
        let (ours, theirs) = (print(self), print(other));
        let differ = ours.lines().zip(theirs.lines()).filter(|(ours, theirs)| ours != theirs);
        let differ = differ.map(|(ours, theirs)| format!("recorder {ours}    found {theirs}\n"));
        differ.take(20).collect()
    }

    /// What the story amounts to.
    pub fn of_story(told: &[Told], frame: &Frame) -> Figures {
        // A run may be stopped before its warm-up is over.
        let begins = |told: &Told| matches!(told.what, What::BeginsRun | What::Begins);
        let from = told.iter().rposition(begins).expect("counting begins");
        let begin = told[from].at.expect("it has its time");
        let events: Vec<Event> = told[from..]
            .iter()
            .map(|told| Event {
                at: told.at.unwrap_or(begin),
                what: &told.what,
                ticket: told.ticket.as_ref(),
            })
            .collect();
        let mut lives: HashMap<Key, Vec<usize>> = HashMap::new();
        for (place, event) in events.iter().enumerate() {
            // Time spent says nothing of where a ticket is.
            if let Some(key) = event.key()
                && !matches!(event.what, What::Shares(..) | What::Helped(_))
            {
                lives.entry(key).or_default().push(place);
            }
        }
        let end = events.last().expect("it ends").at;
        let figures = Figures {
            classes: vec![ClassTally::default(); frame.classes],
            teams: vec![TeamTally::default(); frame.teams],
            run: RunTally::default(),
            reply_seconds: vec![Histogram::new(); frame.classes],
            resolution_seconds: vec![Histogram::new(); frame.classes],
            snapshots: Vec::new(),
            ages: Vec::new(),
            weeks: vec![Week::default(); frame.weeks()],
            load_micros: vec![0; 168],
            staffed_micros: vec![0; 168],
        };
        let loyal = u64::from(frame.has_customers);
        let classes = vec![ClassTally { loyal, ..ClassTally::default() }; frame.classes];
        let figures = Figures { classes, ..figures };
        let mut count = Count { frame, begin, end, events, lives, figures };
        count.count_what_happens();
        count.count_solutions();
        count.count_promises();
        count.count_work();
        count.count_staff();
        count.count_turnover();
        count.count_backlog();
        count.count_interventions();
        count.figures
    }
}

impl Count<'_> {
    /// The spans in which each intervention was in force, and what they cost.
    fn count_interventions(&mut self) {
        let mut sets: Vec<(SimTime, u32)> = Vec::new();
        for event in &self.events {
            if let What::Intervenes(mask) = event.what {
                sets.push((event.at, *mask));
            }
        }
        sets.push((self.end, 0));
        let run = &mut self.figures.run;
        run.may_intervene = !self.frame.interventions.is_empty();
        for (index, (cost, per_week)) in self.frame.interventions.iter().enumerate() {
            let mut was = false;
            for (place, (at, mask)) in sets.iter().enumerate() {
                let is = mask >> index & 1 == 1;
                if is {
                    // Pay is rounded whenever anything begins or ends.
                    let micros = self.frame.without_clock_changes(*at, sets[place + 1].0);
                    let micros = micros.micros() as u64;
                    run.intervention_micros += micros;
                    run.intervention_cents +=
                        per_week.over(u128::from(micros), SimDuration::from_days(7));
                }
                if is && !was {
                    run.interventions += 1;
                    run.intervention_cents += cost.of(1);
                }
                was = is;
            }
        }
    }

    fn count_what_happens(&mut self) {
        // Since when a customer who has had a reply waits for the next one.
        let mut wrote_again: HashMap<Key, SimTime> = HashMap::new();
        let mut next_due: HashMap<Key, SimTime> = HashMap::new();
        for event in &self.events {
            let (at, week) = (event.at, self.frame.week(event.at));
            if let What::Contact(class, cause, contained) = event.what {
                let tally = &mut self.figures.classes[class.index()];
                tally.contacts[*cause as usize] += 1;
                tally.contained += u64::from(*contained);
            }
            if let What::BotTries(class) = event.what {
                self.figures.classes[class.index()].tried += 1;
            }
            if let What::StaysAway(class) = event.what {
                self.figures.classes[class.index()].averted += 1;
            }
            if let What::Parts(class, leaves, word) = event.what {
                let tally = &mut self.figures.classes[class.index()];
                tally.churned += u64::from(*leaves);
                tally.recommended += u64::from(*word == 1);
                tally.warned += u64::from(*word == -1);
            }
            if let What::DemandMoves(class, won) = event.what {
                let tally = &mut self.figures.classes[class.index()];
                tally.won += u64::from(*won);
                tally.unwritten += u64::from(!won);
            }
            let Some(ticket) = event.ticket else { continue };
            let tally = &mut self.figures.classes[ticket.class.index()];
            let team = &mut self.figures.teams[ticket.team.index()];
            let is_reply = match event.what {
                What::Ends(touch) => !touch.broken_off && ticket.task == Task::Answer,
                What::Leaves(exit) => *exit == Exit::SolvedInBulk,
                _ => false,
            };
            if let What::AwaitsReply(due) = event.what {
                next_due.entry(ticket.key).or_insert(*due);
            }
            let gone = matches!(event.what, What::Leaves(Exit::Withdrawn) | What::Remains);
            if is_reply || gone || matches!(event.what, What::Leaves(_)) {
                let missed = next_due.remove(&ticket.key).map(|due| at > due);
                tally.next_reply_missed += u64::from(missed == Some(true) && (is_reply || gone));
                tally.next_reply_kept += u64::from(missed == Some(false) && is_reply);
            }
            if is_reply || matches!(event.what, What::Leaves(_)) {
                let since = wrote_again.remove(&ticket.key).filter(|_| is_reply);
                tally.next_replies += u64::from(since.is_some());
                tally.next_reply_micros += since.map_or(0, |since| (at - since).micros() as u64);
            }
            if matches!(event.what, What::Answered | What::Chased | What::Reopened(_))
                && ticket.replied_at != SimTime::NEVER
            {
                wrote_again.entry(ticket.key).or_insert(at);
            }
            match event.what {
                What::OpensWith(_) => tally.opening += 1,
                What::Created => {
                    tally.created[ticket.cause as usize] += 1;
                    self.figures.weeks[week].created += 1;
                }
                What::Reopened(gave_up) => {
                    tally.reopened += 1;
                    tally.tried_again += u64::from(*gave_up);
                }
                What::Leaves(Exit::Solved) => tally.solved += 1,
                What::Leaves(Exit::SolvedInBulk) => tally.solved_in_bulk += 1,
                What::Leaves(Exit::AutoClosed) => tally.auto_closed += 1,
                What::Leaves(Exit::Withdrawn) => {
                    tally.withdrawn += 1;
                    let within = self.frame.answer_within(ticket.class);
                    let waited = at - ticket.since;
                    if let Some(within) = within.filter(|_| ticket.touches == 0)
                        && waited > SimDuration::ZERO
                    {
                        tally.unanswered[usize::from(waited > within)] += 1;
                    }
                }
                What::TurnedAway => tally.turned_away += 1,
                What::Leaves(Exit::Merged) => tally.merged += 1,
                What::Remains => tally.remaining += 1,
                What::Chased => tally.chasers += 1,
                What::GoesOutside => tally.outside += u64::from(ticket.cause != Cause::Duplicate),
                What::Asks => tally.questions += 1,
                What::Moves(to) => {
                    tally.moves += 1;
                    self.figures.teams[to.index()].moves_in += 1;
                }
                What::Assigned(_) => tally.assigned += 1,
                What::Forgotten => tally.forgotten += 1,
                What::Remembered(after) => {
                    let longest = &mut self.figures.run.longest_forgotten_micros;
                    *longest = (*longest).max(after.micros() as u64);
                }
                What::Holds(..) => tally.approvals += 1,
                What::Resumes(held, _) => {
                    tally.resumed += 1;
                    tally.held_micros += held.micros() as u64;
                }
                What::Sorted(_, right) => tally.misrouted += u64::from(!right),
                What::PassedOn(to, found) => {
                    tally.bounces += 1;
                    tally.found += u64::from(found.is_some());
                    tally.astray_micros += found.map_or(0, |found| found.micros() as u64);
                    self.figures.teams[to.index()].moves_in += 1;
                }
                What::Starts(_, false) => {
                    let wait = (at - ticket.since.max(self.begin)).micros() as u64;
                    let within = self.frame.answer_within(ticket.class);
                    if let Some(within) = within
                        && (ticket.task, ticket.touches) == (Task::Answer, 0)
                    {
                        tally.answered[usize::from(at - ticket.since > within)] += 1;
                    }
                    tally.waits += 1;
                    tally.wait_micros += wait;
                    team.waits += 1;
                    team.wait_micros += wait;
                }
                What::FirstReply => {
                    let took = (at - ticket.created_at).micros() as u64;
                    tally.replies += 1;
                    tally.reply_micros += took;
                    self.figures.reply_seconds[ticket.class.index()].add(took / 1_000_000);
                }
                // Nobody wrote when the run began.
                What::Waits if ticket.opening && at == self.begin => {}
                What::ToBeRead(takes) => {
                    comes_in(self.frame, &mut self.figures.load_micros, at, *takes);
                }
                What::Waits => {
                    let cell = ticket.class.index() * self.frame.teams + ticket.team.index();
                    let mean = match ticket.task {
                        Task::Answer => self.frame.agent_time[cell],
                        task => self.frame.errands[ticket.team.index()][task as usize],
                    };
                    comes_in(self.frame, &mut self.figures.load_micros, at, mean);
                }
                _ => {}
            }
        }
    }

    fn count_solutions(&mut self) {
        for (place, event) in self.events.iter().enumerate().filter(|(_, event)| event.solves()) {
            let ticket = event.ticket.expect("a ticket is solved");
            let tally = &mut self.figures.classes[ticket.class.index()];
            let took = (event.at - ticket.created_at).micros() as u64;
            self.figures.weeks[self.frame.week(event.at)].solved += 1;
            if ticket.reopens == 0 {
                tally.first_resolution_micros += took;
                tally.touches_to_solve[usize::from(ticket.touches.clamp(1, 3)) - 1] += 1;
            }
            let back = |later: &usize| matches!(self.events[*later].what, What::Reopened(_));
            let back = self.lives[&ticket.key].iter().any(|later| *later > place && back(later));
            if ticket.reopens == 0 {
                tally.first_level +=
                    u64::from(ticket.team == self.frame.entries[ticket.class.index()]);
                let once = ticket.touches <= 1 && ticket.chasers == 0;
                tally.first_contact += u64::from(once && !back);
            }
            if !back {
                tally.full_resolutions += 1;
                tally.full_resolution_micros += took;
                tally.requester_wait_micros += took - ticket.with_customer.micros() as u64;
                let earlier = self.lives[&ticket.key].iter().filter(|other| **other < place);
                tally.on_hold_micros += earlier
                    .map(|other| match self.events[*other].what {
                        What::Resumes(held, _) => held.micros() as u64,
                        _ => 0,
                    })
                    .sum::<u64>();
                self.figures.resolution_seconds[ticket.class.index()].add(took / 1_000_000);
            }
        }
    }

    /// A promise is decided once: by the reply or the first solution, or because it had run out when
    /// the customer went for good or the run ended.
    fn count_promises(&mut self) {
        for life in self.lives.values() {
            let of = |which: &dyn Fn(&Event) -> bool| {
                let found = life.iter().map(|place| &self.events[*place]).find(|e| which(e));
                found.map(|event| (event.at, event.ticket.expect("it is told of a ticket")))
            };
            let last = |which: &dyn Fn(&Event) -> bool| {
                let mut events = life.iter().map(|place| &self.events[*place]);
                events.rfind(|e| !matches!(e.what, What::StillWorks(_))).filter(|e| which(e))
            };
            let replied = of(&|e| matches!(e.what, What::FirstReply));
            let solved = of(&|e| e.solves() && e.ticket.is_some_and(|ticket| ticket.reopens == 0));
            let gone = last(&|e| matches!(e.what, What::Leaves(Exit::Withdrawn) | What::Remains));
            let gone = gone.map(|event| (event.at, event.ticket.expect("it is told of a ticket")));
            let unanswered =
                gone.filter(|(at, t)| t.replied_at == SimTime::NEVER && t.reply_due < *at);
            let unsolved = gone.filter(|(at, t)| {
                t.reopens == 0 && t.state != State::Pending && t.solution_due < *at
            });
            if let Some((at, ticket)) = replied.or(unanswered)
                && (self.begin..SimTime::NEVER).contains(&ticket.reply_due)
            {
                let tally = &mut self.figures.classes[ticket.class.index()];
                let missed = at > ticket.reply_due;
                *if missed { &mut tally.reply_missed } else { &mut tally.reply_kept } += 1;
                let week = self.frame.week(at.min(ticket.reply_due));
                self.figures.weeks[week].reply[usize::from(missed)] += 1;
            }
            if let Some((at, ticket)) = solved.or(unsolved)
                && (self.begin..SimTime::NEVER).contains(&ticket.solution_due)
            {
                let tally = &mut self.figures.classes[ticket.class.index()];
                let missed = at > ticket.solution_due;
                *if missed { &mut tally.solution_missed } else { &mut tally.solution_kept } += 1;
                let week = self.frame.week(at.min(ticket.solution_due));
                self.figures.weeks[week].solution[usize::from(missed)] += 1;
            }
        }
    }

    fn count_work(&mut self) {
        let mut by_agent: BTreeMap<(usize, AgentId), u64> = BTreeMap::new();
        for place in 0..self.events.len() {
            let Event { at, what, ticket } = self.events[place];
            let by_ticket = ticket.map(|ticket| {
                let bounced = matches!(ticket.task, Task::PassOn | Task::SendBack | Task::Clarify);
                (ticket.class, if bounced { Cause::Bounced } else { ticket.cause })
            });
            let sorts = ticket.is_some_and(|ticket| ticket.task == Task::Sort);
            let (touch, done) = match what {
                What::Ends(touch) | What::Helped(touch) => (touch, by_ticket),
                What::ReadChaser(class, touch) => (touch, Some((*class, Cause::Chaser))),
                What::StillWorks(touch) => (touch, by_ticket),
                What::SideWork(touch) => (touch, None),
                What::Shares(is_chaser, share) => {
                    let by_ticket = by_ticket.map(|(class, cause)| {
                        (class, if *is_chaser { Cause::Chaser } else { cause })
                    });
                    self.count_share(at, by_ticket, sorts, share);
                    continue;
                }
                _ => continue,
            };
            let from = touch.started_at.max(self.begin);
            let team = &mut self.figures.teams[touch.team.index()];
            let Some((class, cause)) = done else {
                team.side_work_micros += (at - from).micros() as u64;
                continue;
            };
            let lasted = (at - from).micros() as u64;
            *if touch.helps { &mut team.help_micros } else { &mut team.hand_micros } += lasted;
            team.broken_off += u64::from(touch.broken_off && matches!(what, What::Ends(_)));
            team.busy_micros += if touch.beside { 0 } else { (at - from).micros() as u64 };
            if sorts && matches!(what, What::Ends(_)) && !touch.beside {
                let tally = &mut self.figures.classes[class.index()];
                tally.sorting_micros += (at - from).micros() as u64;
            }
            let finished =
                !touch.broken_off && !touch.helps && !sorts && !matches!(what, What::StillWorks(_));
            team.touches += u64::from(finished);
            *by_agent.entry((touch.team.index(), touch.agent)).or_default() += u64::from(finished);
            self.figures.classes[class.index()].touches[cause as usize] += u64::from(finished);
            if touch.beside {
                continue;
            }
            let Touch { started_at, reading, .. } = *touch;
            let read = (started_at + reading).min(at);
            for (from, to, cause) in [(from, read, Cause::Chaser), (from.max(read), at, cause)] {
                for (hour, lasts) in hours(from, to) {
                    let week = &mut self.figures.weeks[self.frame.week(hour)];
                    week.work_micros[cause as usize] += lasts;
                    self.figures.classes[class.index()].work_micros[cause as usize] += lasts;
                }
            }
        }
        by_agent.retain(|_, done| *done > 0);
        for ((team, one), done) in &by_agent {
            for ((other_team, other), fewer) in &by_agent {
                let figures = &mut self.figures.teams[*team];
                if team == other_team {
                    figures.uneven_at_most += fewer;
                    figures.uneven += if one < other { done.abs_diff(*fewer) } else { 0 };
                }
            }
        }
    }

    /// A ticket's part of a stretch of its agent's time.
    fn count_share(
        &mut self,
        at: SimTime,
        of: Option<(ClassId, Cause)>,
        sorts: bool,
        share: &Share,
    ) {
        let (class, cause) = of.expect("a ticket has its share");
        let from = share.from.max(self.begin);
        let part = |from: SimTime, to: SimTime| {
            ((to - from).micros() as u64 + u64::from(share.place)) / u64::from(share.of)
        };
        self.figures.teams[share.team.index()].busy_micros += part(from, at);
        let tally = &mut self.figures.classes[class.index()];
        tally.sorting_micros += if sorts { part(from, at) } else { 0 };
        let read = share.read_until.min(at).max(from);
        for (mut from, to, cause) in [(from, read, Cause::Chaser), (read, at, cause)] {
            while from < to {
                let week = self.frame.week(from);
                let mut until = from;
                for (hour, lasts) in hours(from, to) {
                    if self.frame.week(hour) == week {
                        until += SimDuration::from_micros(lasts as i64);
                    }
                }
                self.figures.weeks[week].work_micros[cause as usize] += part(from, until);
                let tally = &mut self.figures.classes[class.index()];
                tally.work_micros[cause as usize] += part(from, until);
                from = until;
            }
        }
    }

    fn count_staff(&mut self) {
        for team in 0..self.frame.teams {
            let (mut agents, mut since) = (0, self.begin);
            for event in &self.events {
                let now = match event.what {
                    What::Staffed(of, there) if of.index() == team => u64::from(*there),
                    What::EndsRun(_) => 0,
                    _ => continue,
                };
                for (hour, lasts) in hours(since, event.at) {
                    let micros = agents * lasts;
                    self.figures.teams[team].staffed_micros += micros;
                    self.figures.weeks[self.frame.week(hour)].staffed_micros += micros;
                    let of_week =
                        self.frame.hour_of_week.get(hour.micros().div_euclid(HOUR) as usize);
                    if let Some(of_week) = of_week {
                        self.figures.staffed_micros[usize::from(*of_week)] += micros;
                    }
                }
                (agents, since) = (now, event.at);
            }
        }
    }

    /// A seat that somebody has left is empty until somebody else settles or the run ends.
    fn count_turnover(&mut self) {
        for (place, event) in self.events.iter().enumerate() {
            let (agent, team) = match event.what {
                What::Departs(agent, team, Departure::Usual) => {
                    self.figures.teams[team.index()].left += 1;
                    (agent, team)
                }
                What::Departs(agent, team, Departure::Burnout) => {
                    self.figures.teams[team.index()].burnt_out += 1;
                    (agent, team)
                }
                What::Joins(_, team) => {
                    self.figures.teams[team.index()].found += 1;
                    continue;
                }
                _ => continue,
            };
            let mut later = self.events[place..].iter();
            let settles = later.find(|e| matches!(e.what, What::Settles(of, _) if of == agent));
            let until = settles.map_or(self.end, |event| event.at);
            self.figures.teams[team.index()].empty_micros += (until - event.at).micros() as u64;
        }
    }
}

/// A span cut at every full hour: where each piece begins, and how long it lasts.
fn hours(from: SimTime, to: SimTime) -> Vec<(SimTime, u64)> {
    let mut pieces = Vec::new();
    let mut from = from;
    while from < to {
        let next = SimTime::from_micros((from.micros().div_euclid(HOUR) + 1) * HOUR).min(to);
        pieces.push((from, (next - from).micros() as u64));
        from = next;
    }
    pieces
}
