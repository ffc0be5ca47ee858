//! One replication: a function of model, seed and index, and of nothing else.
//!
//! The loop advances the clock to the next event, does what is due, and then pairs free agents
//! with waiting tickets. The handlers stand in files by subject: `contacts` (how tickets come),
//! `touches` (how they are worked on), `waiting` (what happens to them meanwhile), `presence`
//! (when agents are there), `intervening` (what the manager changes), `triage` and `inboxes` (to whom
//! tickets go), `approvals` (who must say yes, and unclear escalations), `told` (what customers were
//! told), `loyalty` (who is still a customer), `room` (who is turned away), `crowding` and `effort` (how
//! fast work goes), `diary` (what agents remember), `hands` (who holds several tickets at once),
//! `swarms` (who helps whom), `seats` (who leaves and who comes), `pairing` (who takes what),
//! `choosing` (which one comes first).

mod agenda;
mod agent;
mod approvals;
mod choosing;
mod contacts;
mod crowding;
mod desk;
mod diary;
mod effort;
mod event;
mod hands;
mod inboxes;
mod intervening;
mod lines;
mod loyalty;
mod pairing;
mod presence;
mod room;
mod seats;
mod slots;
mod swarms;
mod told;
mod touches;
mod tournament;
mod triage;
mod waiting;

pub use desk::Desk;

use crate::ids::{AgentId, TeamId};
use crate::model::{Change, Model};
use crate::outcome::observer::{Observer, Touch};
use crate::rng::Key;
use crate::time::SimTime;
use agenda::Next;
use agent::{AgentState, Work};
use event::{Event, Kind};
use slots::Place;

/// Runs one replication of a model and tells the observer what happens. It cannot fail: a backlog
/// that explodes is a finding, and the run is stopped and said to be truncated.
pub fn simulate<O: Observer>(
    model: &Model,
    seed: u64,
    index: u64,
    desk: &mut Desk,
    observer: &mut O,
) {
    let key = Key::replication(seed, index);
    desk.reset(model, key);
    *desk = if model.is_plain() {
        Run::<O, true>::new(model, std::mem::take(desk), observer, key).run()
    } else {
        Run::<O, false>::new(model, std::mem::take(desk), observer, key).run()
    };
}

/// A replication under way.
///
/// Of a `PLAIN` desk, which has only what nearly every desk has (`Model::is_plain`), no mechanism beyond
/// that is asked for: the questions are compiled away, and what a desk does not have costs it nothing.
struct Run<'a, O, const PLAIN: bool> {
    /// The desk without any intervention.
    base: &'a Model,
    /// The desk as it is now.
    model: &'a Model,
    /// Its own for as long as it lasts, so that what it looks up stands one step nearer.
    desk: Desk,
    observer: &'a mut O,
    key: Key,
    now: SimTime,
    /// Unsolved tickets.
    unsolved: u32,
    /// Whether the warm-up is over.
    counting: bool,
}

impl<'a, O: Observer, const PLAIN: bool> Run<'a, O, PLAIN> {
    fn new(model: &'a Model, desk: Desk, observer: &'a mut O, key: Key) -> Self {
        Run {
            base: model,
            model,
            desk,
            observer,
            key,
            now: model.start,
            unsolved: 0,
            counting: false,
        }
    }

    fn run(mut self) -> Desk {
        self.prepare();
        self.go();
        self.finish();
        self.desk
    }

    fn prepare(&mut self) {
        self.observer.begins_run(self.now);
        for index in 0..self.model.classes.len() {
            self.first_arrival(index);
        }
        self.plan_interruptions();
        self.plan_interventions();
    }

    fn go(&mut self) {
        while let Some((at, next)) = self.desk.agenda.next(self.model, &self.desk.slots) {
            self.now = at;
            match next {
                Next::Done(agent) => self.on_done(agent),
                Next::Arrival(class) => self.on_arrival(class),
                Next::Event(event) => {
                    // Who is done or writes later never does by the agenda.
                    if at > self.model.end {
                        break;
                    }
                    self.happen(event);
                    // Whoever is on the roster at nine counts for everything at nine: the whole change
                    // of shift comes before anybody takes anything.
                    if event.kind() == Kind::Change
                        && self.desk.agenda.roster_still_changes(self.model)
                    {
                        continue;
                    }
                }
            }
            self.start_what_can_start();
            if !PLAIN {
                self.adjust_speeds();
            }
            if self.unsolved > self.model.cap {
                break;
            }
        }
    }

    #[inline(always)]
    fn happen(&mut self, event: Event) {
        match event.kind() {
            Kind::Change => self.on_change(),
            Kind::Intervenes => self.on_intervenes(event),
            Kind::BreakOver => self.on_break_over(event),
            Kind::CalledAway => self.on_called_away(event.agent()),
            Kind::Back => self.on_back(event.agent()),
            Kind::Recruited => self.on_recruited(event),
            Kind::Trained => self.on_trained(event),
            Kind::LetGo => self.on_let_go(event),
            Kind::HandedOver => self.on_handed_over(event.ticket()),
            Kind::BotReturn => self.on_bot_return(event.ticket()),
            Kind::Reaches => self.on_reaches(event.ticket()),
            Kind::Answers => self.on_answers(event.ticket()),
            Kind::AutoClose => self.on_auto_close(event.ticket()),
            Kind::Reopens => self.on_reopens(event.ticket()),
            Kind::GivesUp => self.on_gives_up(event),
            Kind::TriesAgain => self.on_tries_again(event.ticket()),
            Kind::Chases => self.on_chases(event),
            Kind::WaitedTooLong => self.on_waited_too_long(event),
            Kind::BackToPool => self.on_back_to_pool(event),
            Kind::Forgotten => self.on_forgotten(event),
            Kind::Census => self.on_census(self.desk.agenda.census()),
        }
    }

    fn on_change(&mut self) {
        let planned = self.model.changes[self.desk.agenda.change()];
        match planned.change {
            Change::Off(pool) => self.on_off(pool),
            Change::DayEnds(pool) => self.on_day_ends(pool),
            Change::On { pool, day } => self.on_on(pool, day),
            Change::Turn { pool, turn, lasts } => self.on_turn(pool, turn, lasts),
            Change::Lesson { pool, lesson } => self.on_lesson(pool, lesson),
            Change::FenceEnds(pool) => self.will_look_again(self.model.pools[pool.index()].team),
            Change::Begin => self.on_begin(),
            Change::Bulk(index) => self.on_bulk(index),
            Change::Audit(team) => self.on_audit(team),
            Change::Review(index) => self.on_review(index),
        }
    }

    fn on_census(&mut self, index: usize) {
        self.observer.census(self.now, index);
        if self.base.interventions.is_some() {
            self.judge_interventions(index);
        }
    }

    fn on_begin(&mut self) {
        self.begin_to_count();
        self.open_with_backlog();
        self.begin_arrivals();
    }

    /// The warm-up is over: what is there becomes the opening backlog.
    fn begin_to_count(&mut self) {
        self.counting = true;
        self.desk.watch.begins(self.now);
        self.observer.begins(self.now);
        for id in self.desk.slots.ids() {
            let slot = &mut self.desk.slots[id];
            if slot.place != Place::Free && !slot.is_chaser && slot.facts.state.is_unsolved() {
                slot.facts.opening = true;
                self.observer.opens_with(id, &slot.facts, slot.place == Place::InLine);
            }
        }
        for (index, team) in self.desk.teams.iter().enumerate() {
            self.observer.staffed(self.now, TeamId::new(index), team.staffed);
        }
        self.tell_empty_seats();
    }

    fn finish(&mut self) {
        let truncated = self.unsolved > self.model.cap;
        if !self.counting {
            // It was stopped in its warm-up, of which nothing counts.
            self.begin_to_count();
        }
        for index in 0..self.desk.agents.len() {
            let agent = self.desk.agents[index];
            if agent.state != AgentState::Busy {
                continue;
            }
            match agent.work {
                Work::Several => {
                    self.still_holds(AgentId::new(index));
                    continue;
                }
                Work::Helping => {
                    self.still_helps(AgentId::new(index));
                    continue;
                }
                Work::Ticket(_) | Work::Other => {}
            }
            let touch = Touch {
                agent: AgentId::new(index),
                team: agent.team,
                started_at: agent.started_at,
                reading: agent.reading,
                broken_off: true,
                beside: false,
                helps: false,
                together: 1 + self.together(AgentId::new(index)).0 as u32,
            };
            let ticket = match agent.work {
                Work::Ticket(id) => Some(&self.desk.slots[id].facts),
                Work::Several | Work::Helping | Work::Other => None,
            };
            self.observer.still_works(self.now, &touch, ticket);
        }
        for id in self.desk.slots.ids() {
            let slot = &self.desk.slots[id];
            if slot.place != Place::Free && !slot.is_chaser && slot.facts.state.is_unsolved() {
                self.observer.remains(self.now, id, &slot.facts);
            }
        }
        self.observer.ends_run(self.now, truncated);
    }
}
