//! The course of mean flows: step by step, who waits since when, who asks, who is served.

use super::{Course, Flows, Kind, Mailing};
use crate::theory::chasing::Chasing;
use std::collections::VecDeque;

/// Smaller amounts of tickets are none.
const NOTHING: f64 = 1e-9;

/// Steps after which those who came within a block of so many are taken to have come in its middle:
/// an hour is much to somebody who came today, and nothing to somebody who came last week; nor is a
/// day to somebody who came two weeks ago.
const BLOCKS: [(usize, usize); 2] = [(72, 12), (336, 48)];

/// Steps of the table of what an end leaves of unending chasers, per chaser.
const FINE: f64 = 64.0;

/// Steps without staff after which what waits is looked at all the same: until then nobody could
/// read what they ask.
const NIGHT: usize = 12;

/// Tickets, and what they have asked in earlier waits: the sum over them of the chasers that those
/// waits would have brought if there were no end. A ticket asks so often in all, not in each wait.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Amount {
    tickets: f64,
    asked: f64,
}

impl Amount {
    fn add(&mut self, other: Amount) {
        self.tickets += other.tickets;
        self.asked += other.asked;
    }

    fn share(self, share: f64) -> Amount {
        Amount { tickets: self.tickets * share, asked: self.asked * share }
    }

    /// What a ticket has asked before, on average.
    fn before(self) -> f64 {
        if self.tickets > 0.0 { self.asked / self.tickets } else { 0.0 }
    }
}

/// Chasers by steps waited.
struct Table {
    unending: Vec<f64>,
    /// What an end leaves of so many; nothing where there is no end.
    ended: Vec<f64>,
}

impl Table {
    fn new(chasing: &Chasing, longest: usize, step_hours: f64) -> Table {
        let unending = (0..longest).map(|w| chasing.unending(w as f64 * step_hours)).collect();
        let ended = match chasing.at_most {
            None => Vec::new(),
            Some(most) => {
                let most = f64::from(most);
                let enough = ((most + 8.0 * most.sqrt() + 8.0).min(200.0) * FINE) as usize;
                (0..enough).map(|i| chasing.ended(i as f64 / FINE)).collect()
            }
        };
        Table { unending, ended }
    }

    /// Chasers of a wait up to now, of which some was before the first step, of somebody whose
    /// earlier waits would have brought so many; those of the earlier waits included.
    #[inline]
    fn so_far(&self, earlier: f64, (waited, before): (usize, usize)) -> f64 {
        self.ended(earlier + self.unending[waited] - self.unending[before])
    }

    #[inline]
    fn ended(&self, unending: f64) -> f64 {
        let place = unending * FINE;
        let below = place as usize;
        match self.ended.get(below..below + 2) {
            Some(ends) => ends[0] + (ends[1] - ends[0]) * (place - below as f64),
            None => self.ended.last().copied().unwrap_or(unending),
        }
    }
}

struct Run<'a> {
    flows: &'a Flows,
    /// Steps before the first in which somebody may have begun to wait.
    oldest: usize,
    tables: Vec<Option<Table>>,
    /// Waiting, by the step they began in (`oldest` is the first step) and kind, by team.
    waiting: Vec<Vec<Amount>>,
    /// The steps in which those began who may still wait, the oldest first, by team.
    began: Vec<VecDeque<usize>>,
    /// How many wait in all, by team.
    held: Vec<f64>,
    /// Steps since it was last looked what those do who wait.
    unseen: usize,
    /// Coming back, `[step][team * kinds + kind]`.
    coming: Vec<Vec<Amount>>,
    /// Leaving those who are unsolved and away, by step.
    leaving: Vec<f64>,
    away: f64,
    /// Hours of errands not yet done, by team.
    owed: Vec<f64>,
}

impl Flows {
    /// The course of the desk; `help` is a share by which every team has more staff, and the step
    /// from which it has.
    pub fn course(&self, help: Option<(f64, usize)>) -> Course {
        let mut run = Run::new(self);
        let mut course = Course {
            unsolved: Vec::with_capacity(self.steps),
            waiting: vec![Vec::with_capacity(self.steps); self.teams],
        };
        for step in 0..self.steps {
            let more = help.filter(|(_, from)| *from <= step).map_or(1.0, |(share, _)| 1.0 + share);
            run.step(step, more);
            let mut unsolved = run.away;
            for (waiting, course) in run.held.iter().zip(&mut course.waiting) {
                course.push(*waiting);
                unsolved += waiting;
            }
            course.unsolved.push(unsolved);
        }
        course
    }
}

impl<'a> Run<'a> {
    fn new(flows: &'a Flows) -> Run<'a> {
        let oldest = flows.opening.iter().map(|(_, age, _)| *age).max().unwrap_or(0);
        let kinds = flows.kinds.len();
        let longest = oldest + flows.steps + 2;
        let table = |kind: &Kind| {
            kind.chasing.as_ref().map(|chasing| Table::new(chasing, longest, flows.step_hours))
        };
        let mut run = Run {
            flows,
            oldest,
            tables: flows.kinds.iter().map(table).collect(),
            waiting: vec![vec![Amount::default(); (oldest + flows.steps) * kinds]; flows.teams],
            began: vec![VecDeque::new(); flows.teams],
            held: vec![0.0; flows.teams],
            unseen: 0,
            coming: vec![Vec::new(); flows.steps],
            leaving: vec![0.0; flows.steps],
            away: 0.0,
            owed: vec![0.0; flows.teams],
        };
        for (kind, age, tickets) in &flows.opening {
            let block = BLOCKS.iter().rev().find(|(after, _)| age > after);
            let age = block.map_or(*age, |(_, long)| (age / long * long + long / 2).min(oldest));
            let entry = flows.kinds[*kind].entry;
            run.waiting[entry][(oldest - age) * kinds + kind].tickets += tickets;
            run.held[entry] += tickets;
        }
        for (waiting, began) in run.waiting.iter().zip(&mut run.began) {
            let waits = |cohort: &usize| {
                waiting[cohort * kinds..(cohort + 1) * kinds].iter().any(|all| all.tickets > 0.0)
            };
            began.extend((0..oldest).filter(waits));
        }
        for (kind, after, tickets) in &flows.away {
            let amount = Amount { tickets: *tickets, asked: 0.0 };
            run.send((flows.kinds[*kind].entry, *kind), 0, *after, amount, true);
        }
        run
    }

    /// Sends tickets to a team and kind after some steps.
    fn send(
        &mut self,
        to: (usize, usize),
        now: usize,
        after: usize,
        amount: Amount,
        unsolved: bool,
    ) {
        let kinds = self.flows.kinds.len();
        if after == 0 {
            self.waiting[to.0][(self.oldest + now) * kinds + to.1].add(amount);
            self.held[to.0] += amount.tickets;
            return;
        }
        if unsolved {
            self.away += amount.tickets;
        }
        let Some(coming) = self.coming.get_mut(now + after) else { return };
        if coming.is_empty() {
            *coming = vec![Amount::default(); self.flows.teams * kinds];
        }
        coming[to.0 * kinds + to.1].add(amount);
        if unsolved {
            self.leaving[now + after] += amount.tickets;
        }
    }

    fn step(&mut self, step: usize, more: f64) {
        let flows = self.flows;
        let kinds = flows.kinds.len();
        let here = (self.oldest + step) * kinds;
        self.away -= self.leaving[step];
        self.began.iter_mut().for_each(|began| began.push_back(self.oldest + step));
        let coming = std::mem::take(&mut self.coming[step]);
        for (place, amount) in coming.iter().enumerate() {
            self.waiting[place / kinds][here + place % kinds].add(*amount);
            self.held[place / kinds] += amount.tickets;
        }
        for (kind, arrivals) in flows.arrivals.iter().enumerate() {
            let entry = flows.kinds[kind].entry;
            self.waiting[entry][here + kind].tickets += arrivals[step];
            self.held[entry] += arrivals[step];
        }
        for mailing in flows.mailings.iter().filter(|mailing| mailing.step == step) {
            self.mail(mailing, step);
        }
        self.unseen += 1;
        let somebody_works = (0..flows.teams).any(|team| flows.staff[team][step] > 0.0);
        let is_seen = somebody_works || self.unseen >= NIGHT;
        for team in 0..flows.teams {
            BLOCKS.iter().for_each(|block| self.join(team, step, *block));
            self.owed[team] += flows.errands[team][step];
            if is_seen {
                self.wait(team, step);
            }
            self.serve(team, step, flows.staff[team][step] * more);
        }
        if is_seen {
            self.unseen = 0;
        }
    }

    fn mail(&mut self, mailing: &Mailing, step: usize) {
        let kinds = self.flows.kinds.len();
        let mut back = vec![Amount::default(); kinds];
        for (waiting, held) in self.waiting.iter_mut().zip(&mut self.held) {
            for (place, all) in waiting.iter_mut().enumerate() {
                let kind = place % kinds;
                if mailing.kinds.contains(&kind) {
                    *held -= all.tickets * mailing.fits;
                    back[kind].add(all.share(mailing.fits * mailing.back.0));
                    *all = all.share(1.0 - mailing.fits);
                }
            }
        }
        for (kind, amount) in back.into_iter().enumerate() {
            let entry = self.flows.kinds[kind].entry;
            self.send((entry, kind), step, mailing.back.1.max(1), amount, false);
        }
    }

    /// Joins a block of cohorts that are no longer fresh.
    fn join(&mut self, team: usize, step: usize, (after, long): (usize, usize)) {
        let Some(last) = (self.oldest + step).checked_sub(after) else { return };
        let Some(first) = (last + 1).checked_sub(long).filter(|first| first % long == 0) else {
            return;
        };
        // Those who were there before the first step have asked before, those after have not.
        if first < self.oldest && last >= self.oldest {
            return;
        }
        let began = &mut self.began[team];
        let here = began.partition_point(|cohort| *cohort < first);
        let there = began.partition_point(|cohort| *cohort <= last);
        if there < here + 2 {
            return;
        }
        let kinds = self.flows.kinds.len();
        let middle = first + long / 2;
        for place in here..there {
            let cohort = self.began[team][place];
            for k in (0..kinds).filter(|_| cohort != middle) {
                let amount = std::mem::take(&mut self.waiting[team][cohort * kinds + k]);
                self.waiting[team][middle * kinds + k].add(amount);
            }
        }
        self.began[team].drain(here + 1..there);
        self.began[team][here] = middle;
    }

    /// The wait of a cohort in steps at a step, and how much of it was before the first step.
    fn waits(&self, cohort: usize, step: usize) -> (usize, usize) {
        (self.oldest + step - cohort, self.oldest.saturating_sub(cohort))
    }

    /// What those who wait at a team have done since that was last seen: opened second tickets, had
    /// their askings read at once, given up.
    fn wait(&mut self, team: usize, step: usize) {
        let flows = self.flows;
        let kinds = flows.kinds.len();
        let began = std::mem::take(&mut self.began[team]);
        for (k, kind) in flows.kinds.iter().enumerate() {
            let asks = self.tables[k].is_some() && (kind.at_once || kind.duplicates.is_some());
            if !asks && kind.given_up.is_empty() {
                continue;
            }
            let mut asked = 0.0;
            for cohort in &began {
                let here = cohort * kinds + k;
                let all = self.waiting[team][here];
                if all.tickets < NOTHING {
                    continue;
                }
                let (waited, before) = self.waits(*cohort, step);
                let seen = (waited + 1).saturating_sub(self.unseen);
                if let Some(table) = self.tables[k].as_ref().filter(|_| asks) {
                    let earlier = all.before();
                    asked += all.tickets
                        * (table.so_far(earlier, (waited + 1, before))
                            - table.so_far(earlier, (seen.max(before), before)));
                }
                if !kind.given_up.is_empty() {
                    let at = |w: usize| kind.given_up[w.min(kind.given_up.len() - 1)];
                    let left = (1.0 - at(waited + 1)) / (1.0 - at(seen)).max(1e-12);
                    let left = all.share(left.clamp(0.0, 1.0));
                    self.held[team] -= all.tickets - left.tickets;
                    self.waiting[team][here] = left;
                }
            }
            let (opens, other) = kind.duplicates.unwrap_or((0.0, 0));
            if opens > 0.0 {
                let amount = Amount { tickets: asked * opens, asked: 0.0 };
                self.send((flows.kinds[other].entry, other), step, 0, amount, true);
            }
            if kind.at_once {
                self.owed[team] += asked * (1.0 - opens) * kind.reading;
            }
        }
        self.began[team] = began;
    }

    /// Hours to treat a ticket of a kind now, the reading of its askings included.
    fn hours(&self, team: usize, k: usize, earlier: f64, waits: (usize, usize)) -> f64 {
        let kind = &self.flows.kinds[k];
        let touch = self.flows.stages[k * self.flows.teams + team].hours;
        match &self.tables[k] {
            Some(table) if !kind.at_once => {
                let opens = kind.duplicates.map_or(0.0, |(opens, _)| opens);
                let asked = table.so_far(earlier, waits) - table.ended(earlier);
                touch + asked * (1.0 - opens) * kind.reading
            }
            _ => touch,
        }
    }

    fn serve(&mut self, team: usize, step: usize, hours: f64) {
        let flows = self.flows;
        let kinds = flows.kinds.len();
        let first = hours.min(self.owed[team]);
        self.owed[team] -= first;
        let mut left = hours - first;
        while left > 0.0 {
            let Some(cohort) = self.began[team].front().copied() else { return };
            let waits = self.waits(cohort, step);
            let here = cohort * kinds;
            let mut work = 0.0;
            for k in 0..kinds {
                let all = self.waiting[team][here + k];
                if all.tickets > 0.0 {
                    work += all.tickets * self.hours(team, k, all.before(), waits);
                }
            }
            let share = if work <= left { 1.0 } else { left / work };
            left -= work * share;
            for k in 0..kinds {
                let all = self.waiting[team][here + k];
                let mut done = all.share(share);
                if done.tickets > 0.0 {
                    self.waiting[team][here + k] = all.share(1.0 - share);
                    self.held[team] -= done.tickets;
                    if let Some(table) = self.tables[k].as_ref().filter(|t| !t.ended.is_empty()) {
                        let wait = table.unending[waits.0] - table.unending[waits.1];
                        done.asked += done.tickets * wait;
                    }
                    for m in &flows.stages[k * flows.teams + team].moves {
                        match m.to {
                            // A ticket that is back at once is treated in the next step, or a
                            // team could treat it for ever in this one.
                            Some(to) => {
                                let after = if to.0 <= team { m.after.max(1) } else { m.after };
                                self.send(to, step, after, done.share(m.p), m.unsolved);
                            }
                            None => self.leave(step, m.after, done.tickets * m.p),
                        }
                    }
                }
            }
            if share < 1.0 {
                return;
            }
            if cohort == self.oldest + step {
                // Sums of what came and went leave a trace of rounding.
                self.held[team] = 0.0;
                return;
            }
            self.began[team].pop_front();
        }
    }

    /// Tickets that stay unsolved for a while and then are over.
    fn leave(&mut self, now: usize, after: usize, tickets: f64) {
        self.away += tickets;
        if let Some(leaving) = self.leaving.get_mut(now + after.max(1)) {
            *leaving += tickets;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Move, Stage};
    use super::*;

    /// Ten tickets an hour of half an hour, so five hours of work an hour.
    fn desk(steps: usize, staff: f64) -> Flows {
        Flows {
            step_hours: 1.0,
            steps,
            teams: 1,
            kinds: vec![Kind::default()],
            stages: vec![Stage { hours: 0.5, moves: Vec::new() }],
            arrivals: vec![vec![10.0; steps]],
            errands: vec![vec![0.0; steps]],
            staff: vec![vec![staff; steps]],
            ..Flows::default()
        }
    }

    #[track_caller]
    fn close(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 1e-9, "{actual} is not {expected}");
    }

    #[test]
    fn a_backlog_is_divided_by_the_slack() {
        // Six hours of staff solve 12 an hour: 2 more than arrive.
        let flows = Flows { opening: vec![(0, 3, 20.0)], ..desk(12, 6.0) };
        let course = flows.course(None);
        close(course.unsolved[0], 18.0);
        close(course.unsolved[8], 2.0);
        close(course.unsolved[10], 0.0);
        // A half more from the fourth step on: 9 hours, 18 an hour, 8 more than arrive.
        close(flows.course(Some((0.5, 3))).unsolved[3], 14.0 - 8.0);
    }

    #[test]
    fn reading_askings_takes_the_time_it_takes() {
        // After one hour two askings an hour, of 0.1 h each. The opening ticket has waited one
        // hour; when it is taken in the second step it has asked twice since the start.
        let chasing = Chasing { after: 1.0, rate: 2.0, shape: 1.0, at_most: None };
        let mut flows = desk(3, 0.5);
        flows.kinds[0].chasing = Some(chasing);
        flows.kinds[0].reading = 0.1;
        flows.arrivals = vec![vec![0.0; 3]];
        flows.staff = vec![vec![0.0, 0.7, 0.0]];
        flows.opening = vec![(0, 1, 2.0)];
        // 0.5 + 2 x 0.1 = 0.7 hours for one of the two.
        close(flows.course(None).unsolved[1], 1.0);
        // Read at once the four askings of both tickets in two steps cost 0.8 in all, first.
        flows.kinds[0].at_once = true;
        flows.staff = vec![vec![0.0, 0.8 + 0.25, 0.0]];
        close(flows.course(None).unsolved[1], 1.5);
    }

    #[test]
    fn second_tickets_those_who_give_up_and_mailings() {
        let chasing = Chasing { after: 0.0, rate: 0.5, shape: 1.0, at_most: Some(200) };
        // Somebody is there, who can do next to nothing.
        let mut flows = desk(2, 1e-12);
        flows.kinds = vec![
            Kind { chasing: Some(chasing), duplicates: Some((0.4, 1)), ..Kind::default() },
            Kind::default(),
        ];
        flows.stages = vec![Stage { hours: 0.5, moves: Vec::new() }; 2];
        flows.arrivals = vec![vec![0.0; 2]; 2];
        flows.opening = vec![(0, 0, 10.0)];
        // 10 x 0.5 x 0.4 = 2 second tickets an hour.
        close(flows.course(None).unsolved[1], 14.0);
        flows.kinds[0].chasing = None;
        flows.kinds[0].given_up = vec![0.0, 0.2, 0.6];
        close(flows.course(None).unsolved[0], 8.0);
        close(flows.course(None).unsolved[1], 4.0);
        flows.kinds[0].given_up = Vec::new();
        flows.mailings = vec![Mailing { step: 0, kinds: vec![0], fits: 0.7, back: (0.5, 1) }];
        close(flows.course(None).unsolved[0], 3.0);
        close(flows.course(None).unsolved[1], 6.5);
    }

    #[test]
    fn an_end_to_asking_counts_by_ticket() {
        // One asking an hour, at most one in all. Ten tickets are treated after an hour, all come
        // back an hour later, and are treated again after a wait of one more.
        let chasing = Chasing { after: 0.0, rate: 1.0, shape: 1.0, at_most: Some(1) };
        let back = Move { p: 1.0, to: Some((0, 0)), after: 1, unsolved: false };
        let mut flows = desk(4, 0.0);
        flows.kinds[0] = Kind { chasing: Some(chasing), reading: 1.0, ..Kind::default() };
        flows.stages = vec![Stage { hours: 0.0, moves: vec![back] }];
        flows.arrivals = vec![vec![0.0; 4]];
        flows.opening = vec![(0, 0, 10.0)];
        // P(asked within an hour) is 1 - 1/e; that the first comes in the second wait, 1/e less.
        let e = (-1.0_f64).exp();
        flows.staff = vec![vec![0.0, 10.0 * (1.0 - e), 0.0, 5.0 * (e - e * e)]];
        let course = flows.course(None);
        let within = |actual: f64, expected: f64| {
            assert!((actual - expected).abs() < 0.01, "{actual} is not {expected}");
        };
        within(course.unsolved[1], 0.0);
        within(course.unsolved[2], 10.0);
        // Staff enough for half of them.
        within(course.unsolved[3], 5.0);
    }

    #[test]
    fn nights_may_be_seen_at_once() {
        // Who asks while nobody works has asked by the morning, whenever that was looked at.
        let chasing = Chasing { after: 0.0, rate: 0.05, shape: 1.0, at_most: Some(3) };
        let mut flows = desk(30, 0.0);
        flows.kinds = vec![
            Kind { chasing: Some(chasing), duplicates: Some((0.4, 1)), ..Kind::default() },
            Kind::default(),
        ];
        flows.stages = vec![Stage { hours: 0.5, moves: Vec::new() }; 2];
        flows.arrivals.push(vec![0.0; 30]);
        flows.opening = vec![(0, 0, 100.0)];
        let awake = Flows { staff: vec![vec![1e-12; 30]], ..flows.clone() };
        let (asleep, awake) = (flows.course(None), awake.course(None));
        close(asleep.unsolved[11], awake.unsolved[11]);
        close(asleep.unsolved[23], awake.unsolved[23]);
        assert!(asleep.unsolved[22] < awake.unsolved[22]);
    }

    #[test]
    fn tickets_go_on_to_the_next_team_and_wait_for_their_customers() {
        let mut flows = desk(4, 100.0);
        flows.teams = 2;
        flows.arrivals = vec![vec![10.0, 0.0, 0.0, 0.0]];
        let on = Move { p: 0.3, to: Some((1, 0)), after: 0, unsolved: true };
        let asks = Move { p: 0.2, to: Some((0, 0)), after: 2, unsolved: true };
        let silent = Move { p: 0.1, to: None, after: 1, unsolved: true };
        let first = Stage { hours: 0.5, moves: vec![on, asks, silent] };
        flows.stages = vec![first, Stage { hours: 1.0, moves: Vec::new() }];
        flows.errands = vec![vec![0.0; 4]; 2];
        flows.staff = vec![vec![100.0; 4], vec![2.0; 4]];
        let course = flows.course(None);
        // 3 go on, of which 2 are served; 2 asked, 1 silent.
        close(course.waiting[1][0], 1.0);
        close(course.unsolved[0], 4.0);
        close(course.unsolved[1], 2.0);
        // The two are back in step 2: 0.6 go on, 0.4 are asked, 0.2 silent.
        close(course.unsolved[2], 0.4 + 0.2);
    }
}
