//! A second engine, to disagree with: the semantics written down as plainly as they can be said.
//!
//! One list of what is to come, searched from end to end for the earliest; tickets that are never
//! thrown away; lines that are lists without order, searched for whatever comes first; numbers of
//! agents that are counted whenever somebody asks. It shares with the real engine the *decisions*
//! of the mechanisms (`surgecast::model`) and their draws, and nothing of how a run is carried out.
//! What is compared is the journal; every speed-up of the real engine is judged by it.

mod approvals;
mod arrivals;
mod clock;
mod crowding;
mod diary;
mod effort;
mod future;
mod hands;
mod inboxes;
mod intervening;
mod lines;
mod lives;
mod loyalty;
mod pairing;
mod people;
mod plan;
mod room;
mod seats;
mod swarms;
mod told;
mod touches;
mod triage;
mod waiting;

use future::{Due, What};
use intervening::Decision;
use people::{Doing, Person};
use std::collections::BTreeMap;
use surgecast::ids::{AgentId, LineId, TeamId, TicketId};
use surgecast::model::Model;
use surgecast::model::customers::Parting;
use surgecast::outcome::observer::{Observer, Touch};
use surgecast::rng::Key;
use surgecast::ticket::Ticket;
use surgecast::time::{SimDuration, SimTime};

/// How often the rarer turns of events were taken.
pub type Seen = BTreeMap<&'static str, u64>;

/// Runs one replication, plainly.
pub fn simulate<O: Observer>(model: &Model, seed: u64, index: u64, observer: &mut O) -> Seen {
    let rules = model.interventions.as_ref().map_or(0, |all| all.rules.len());
    let mut naive = Naive {
        base: model,
        model,
        decisions: vec![Decision::default(); rules],
        observer,
        key: Key::replication(seed, index),
        now: model.start,
        future: Vec::new(),
        written: 0,
        tickets: Vec::new(),
        chairs: Vec::new(),
        free_chairs: Vec::new(),
        lines: vec![Vec::new(); model.lines.len()],
        joined: 0,
        people: Vec::new(),
        given: 0,
        idled: 0,
        freed: Vec::new(),
        arriving: Vec::new(),
        picks: vec![0; model.teams.len()],
        speeds: vec![1.0; model.teams.len()],
        expected: vec![None; model.classes.len()],
        seen_of: vec![Vec::new(); model.root_causes.len()],
        mended_at: vec![SimTime::NEVER; model.root_causes.len()],
        has_begun: false,
        day_began: model.start,
        partings: Vec::new(),
        seen: Seen::new(),
    };
    naive.observer.begins_run(model.start);
    naive.hire_everybody();
    naive.write_plan(None);
    naive.write_arrivals();
    naive.write_interruptions();
    naive.write_interventions();
    naive.write_census();
    naive.run();
    naive.seen
}

/// Where a ticket is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    InLine(LineId),
    InWork,
    /// With a bot, between teams, with its customer, solved and coming back, or about to join a line.
    Away,
    /// It has left for good.
    Gone,
}

/// A ticket, a contact that may become one, or a chaser to be read by itself.
struct Life {
    facts: Ticket,
    place: Place,
    is_chaser: bool,
    /// Tickets that act at the same instant do so in the order of their chairs. A newcomer takes
    /// the chair that was left last. No meaning, but somebody has to come first.
    chair: u32,
    /// Its place in its line: smaller is sooner.
    order: i64,
    /// What its line is sorted by before that.
    key: i64,
    /// What is left of a touch that was broken off.
    left: Option<SimDuration>,
    /// Touches broken off since it joined its line.
    interruptions: u16,
    /// Chasers not yet read.
    unread: SimDuration,
    factor: f64,
    /// What was left of the promise when its clock stopped; nothing where nothing was promised.
    promise_left: Option<SimDuration>,
    last_wait: SimDuration,
    /// When its customer was told to expect an answer.
    told: SimTime,
    /// Time to merge it, where it will be seen to be a duplicate.
    merge: Option<SimDuration>,
    /// Decisions so far about the team to which it belongs.
    decisions: u16,
    /// Times it has been passed on since it was sorted.
    bounces: u8,
    astray_since: SimTime,
    /// Whose inbox it is in, or in whose hands; and who answered it last.
    owner: Option<usize>,
    last_owner: Option<usize>,
    hidden_since: Option<SimTime>,
    chances_to_forget: u16,
    /// Approvals it has been put to, the last one last.
    approvals: Vec<usize>,
    /// Team whose ticket it is while another one decides.
    home: TeamId,
    held_since: SimTime,
    /// When it was due, while the clock stands because it is on hold.
    due_before: Option<SimTime>,
    /// Escalations so far.
    escalations: u16,
    /// The last one: from where to where, and how often it was sent back.
    way: (TeamId, TeamId),
    backs: u8,
    /// Its place when it first stood in a line, and since when it waited, where it keeps its age.
    first_place: Option<(i64, SimTime)>,
}

struct Naive<'a, O> {
    /// The desk without any intervention.
    base: &'a Model,
    /// The desk as it is now.
    model: &'a Model,
    decisions: Vec<Decision>,
    observer: &'a mut O,
    key: Key,
    now: SimTime,
    future: Vec<Due>,
    /// Things written into the future so far.
    written: u64,
    tickets: Vec<Life>,
    /// Who sits in which chair.
    chairs: Vec<Option<usize>>,
    free_chairs: Vec<u32>,
    lines: Vec<Vec<usize>>,
    /// Joins of lines so far.
    joined: i64,
    people: Vec<Person>,
    /// Tickets given to somebody so far.
    given: u64,
    /// Times that somebody has become idle so far.
    idled: u64,
    /// Agents who have come free and not yet chosen.
    freed: Vec<usize>,
    /// Tickets that join a line once free agents have chosen.
    arriving: Vec<usize>,
    /// Choices by chance so far, by team.
    picks: Vec<u64>,
    /// How fast tickets in work go, by team.
    speeds: Vec<f64>,
    /// How long the ticket of a class that was taken last had to wait, by class.
    expected: Vec<Option<SimDuration>>,
    /// Contacts that stemmed from each recurring problem, and when it is mended.
    seen_of: Vec<Vec<Key>>,
    mended_at: Vec<SimTime>,
    has_begun: bool,
    /// When the last day closed, or counting began.
    day_began: SimTime,
    /// What customers did when their tickets left for good, and when.
    partings: Vec<(SimTime, Parting)>,
    seen: Seen,
}

impl<O: Observer> Naive<'_, O> {
    fn run(&mut self) {
        while let Some(due) = self.next_due() {
            if due.at > self.model.end {
                break;
            }
            self.now = due.at;
            let due = due.what;
            let part_of_the_roster = due.is_roster();
            self.happen(due);
            // Whoever is on the roster at nine counts for everything at nine, so the whole change
            // of shift comes before anybody takes anything.
            if part_of_the_roster && self.roster_still_changes() {
                continue;
            }
            self.pair();
            self.change_speeds();
            if self.unsolved() > self.model.cap as usize {
                break;
            }
        }
        self.finish();
    }

    fn happen(&mut self, what: What) {
        match what {
            What::Off(pool) => self.on_off(pool),
            What::DayEnds(pool) => self.on_day_ends(pool),
            What::On(pool, day) => self.on_on(pool, day),
            What::Begin => self.on_begin(),
            What::Turn(pool, turn, lasts) => self.on_turn(pool, turn, lasts),
            What::Lesson(pool, number) => self.on_lesson(pool, number),
            // Everybody looks again after whatever happens.
            What::FenceEnds => {}
            What::Bulk(index) => self.on_bulk(index),
            What::Review(index) => self.on_review(index),
            What::Done(agent) => self.on_done(agent),
            What::BreakOver(agent) => self.on_break_over(agent),
            What::CalledAway(agent) => self.on_called_away(agent),
            What::Back(agent) => self.on_back(agent),
            What::Recruited(agent) => self.on_recruited(agent),
            What::Trained(agent) => self.on_trained(agent),
            What::LetGo(agent) => self.on_let_go(agent),
            What::HandedOver(id) => self.on_bot_is_through(id, false),
            What::BotReturn(id) => self.on_bot_is_through(id, true),
            What::Reaches(id) => self.arriving.push(id),
            What::Answers(id) => self.on_answers(id),
            What::AutoClose(id) => self.on_auto_close(id),
            What::Reopens(id) => self.on_reopens(id),
            What::GivesUp(id) => self.on_gives_up(id),
            What::TriesAgain(id) => self.on_tries_again(id),
            What::Chases(id) => self.on_chases(id),
            What::WaitedTooLong(id) => self.on_waited_too_long(id),
            What::BackToPool(id) => self.on_back_to_pool(id),
            What::Forgotten(id) => self.on_forgotten(id),
            What::Audit(team) => self.on_audit(team),
            What::Arrival(class, key, won) => self.on_arrival(class, key, won),
            What::Intervenes(rule) => self.on_intervenes(rule),
            What::Census(index) => {
                self.observer.census(self.now, index);
                self.judge(index);
            }
        }
    }

    /// Counting begins, and the scenario's own backlog joins what is there.
    fn on_begin(&mut self) {
        self.begin_to_count();
        self.open_with_backlog();
    }

    /// What is there becomes the opening backlog.
    fn begin_to_count(&mut self) {
        self.has_begun = true;
        self.day_began = self.now;
        self.observer.begins(self.now);
        for id in self.by_chair() {
            let life = &mut self.tickets[id];
            if !life.is_chaser && life.facts.state.is_unsolved() {
                life.facts.opening = true;
                let in_line = matches!(life.place, Place::InLine(_));
                self.observer.opens_with(TicketId(life.chair), &life.facts, in_line);
            }
        }
        for team in (0..self.model.teams.len()).map(TeamId::new) {
            self.observer.staffed(self.now, team, self.staffed(team));
        }
        self.tell_empty_seats();
    }

    fn finish(&mut self) {
        let truncated = self.unsolved() > self.model.cap as usize;
        if !self.has_begun {
            self.begin_to_count();
        }
        for index in 0..self.people.len() {
            let person = &self.people[index];
            let Some(work) = &person.work else { continue };
            match work.doing {
                Doing::Several => {
                    self.still_holds(index);
                    continue;
                }
                Doing::Helping(..) => {
                    self.still_helps(index);
                    continue;
                }
                Doing::Ticket(_) | Doing::Other => {}
            }
            let touch = Touch {
                agent: AgentId::new(index),
                team: self.team_of(index),
                started_at: work.since,
                reading: work.reading,
                broken_off: true,
                beside: false,
                helps: false,
                together: 1 + self.hands_on(index).len() as u32,
            };
            let ticket = match work.doing {
                Doing::Ticket(id) => Some(&self.tickets[id].facts),
                Doing::Several | Doing::Helping(..) | Doing::Other => None,
            };
            self.observer.still_works(self.now, &touch, ticket);
        }
        for id in self.by_chair() {
            let life = &self.tickets[id];
            if !life.is_chaser && life.facts.state.is_unsolved() {
                self.observer.remains(self.now, TicketId(life.chair), &life.facts);
            }
        }
        self.observer.ends_run(self.now, truncated);
    }

    fn unsolved(&self) -> usize {
        let there = self.tickets.iter().filter(|life| life.place != Place::Gone && !life.is_chaser);
        there.filter(|life| life.facts.state.is_unsolved()).count()
    }

    fn sees(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }
}
