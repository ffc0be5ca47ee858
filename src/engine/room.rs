//! Teams with limited room: who is turned away, and what comes of it.

use super::Run;
use super::event::Kind;
use crate::ids::{LineId, TeamId, TicketId};
use crate::model::escalation::Route;
use crate::model::room::NextTry;
use crate::outcome::observer::{Exit, Observer};
use crate::ticket::Task;
use crate::time::SimDuration;

impl<O: Observer, const PLAIN: bool> Run<'_, O, PLAIN> {
    /// Tickets at a team, waiting and in work, and chasers to be read by themselves.
    pub(super) fn present(&self, team: TeamId) -> u32 {
        let lines = self.model.teams[team.index()].all_lines.clone().map(LineId::new);
        let waiting = lines.map(|line| self.desk.lines.len(line)).sum::<u32>();
        let state = &self.desk.teams[team.index()];
        waiting + state.busy + state.beside - state.busy_otherwise
    }

    /// Turns a ticket away that comes to a full team.
    #[inline]
    pub(super) fn is_turned_away(&mut self, id: TicketId) -> bool {
        if PLAIN {
            return false;
        }
        let slot = &self.desk.slots[id];
        let team = slot.facts.team;
        let Some(room) = self.model.teams[team.index()].room else { return false };
        let always = slot.is_chaser || slot.facts.task == Task::Approve;
        if always || self.present(team) < room {
            return false;
        }
        self.turn_away(id);
        true
    }

    fn turn_away(&mut self, id: TicketId) {
        let slot = &mut self.desk.slots[id];
        slot.facts.visits = slot.facts.visits.saturating_add(1);
        self.observer.turned_away(self.now, id, &slot.facts);
        let away = self.model.classes[slot.facts.class.index()].turned_away.as_ref();
        match away.map_or(NextTry::Lost, |away| away.next(slot.facts.key, slot.facts.visits)) {
            NextTry::Overflow(to) => {
                // Whoever takes what is too much for others takes it as it is.
                self.desk.slots[id].facts.task = Task::Answer;
                self.route(
                    id,
                    &Route { to, delay: None, raises_priority: false },
                    SimDuration::ZERO,
                );
            }
            NextTry::After(after) => {
                self.leave_for(id, Exit::Withdrawn, Some(after), Kind::TriesAgain);
            }
            NextTry::Lost => self.leave(id, Exit::Withdrawn),
        }
    }
}
