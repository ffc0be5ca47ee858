//! Teams that hold only so many tickets.

use super::future::What;
use super::{Naive, Place};
use surgecast::ids::TeamId;
use surgecast::model::escalation::Route;
use surgecast::model::room::NextTry;
use surgecast::outcome::observer::{Exit, Observer};
use surgecast::ticket::Task;
use surgecast::time::SimDuration;

impl<O: Observer> Naive<'_, O> {
    /// Tickets at a team, waiting and in work. Chasers that are read by themselves are among them.
    pub fn present(&self, team: TeamId) -> u32 {
        let there = self.tickets.iter().filter(|life| life.facts.team == team);
        there.filter(|life| matches!(life.place, Place::InLine(_) | Place::InWork)).count() as u32
    }

    /// A chaser always gets through.
    pub fn has_no_room_for(&self, id: usize) -> bool {
        let team = self.tickets[id].facts.team;
        let room = self.model.teams[team.index()].room;
        let life = &self.tickets[id];
        let always = life.is_chaser || life.facts.task == Task::Approve;
        !always && room.is_some_and(|room| self.present(team) >= room)
    }

    /// Another team takes it, its customer tries again, or it is lost.
    pub fn turn_away(&mut self, id: usize) {
        self.tickets[id].facts.visits += 1;
        let facts = &self.tickets[id].facts;
        let (key, visits) = (facts.key, facts.visits);
        let class = &self.model.classes[facts.class.index()];
        self.observer.turned_away(self.now, self.name(id), facts);
        let Some(away) = &class.turned_away else {
            self.sees("lost for want of room");
            self.leave(id, Exit::Withdrawn, None);
            return;
        };
        match away.next(key, visits) {
            NextTry::Overflow(to) => {
                self.sees("overflowed to another team");
                self.tickets[id].facts.task = Task::Answer;
                self.route(
                    id,
                    &Route { to, delay: None, raises_priority: false },
                    SimDuration::ZERO,
                );
            }
            NextTry::After(after) => {
                self.sees("turned away for now");
                self.leave(id, Exit::Withdrawn, Some((after, What::TriesAgain(id))));
            }
            NextTry::Lost => {
                self.sees("lost for want of room");
                self.leave(id, Exit::Withdrawn, None);
            }
        }
    }
}
