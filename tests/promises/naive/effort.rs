//! How quickly an agent works, and how well: every factor there is, one after the other.

use super::{Naive, Place};
use surgecast::model::switching;
use surgecast::outcome::observer::Observer;
use surgecast::time::SimDuration;

impl<O: Observer> Naive<'_, O> {
    /// The factor on handle times of a touch that begins now, and what it costs to get into it; who
    /// does it remembers how well.
    pub fn effort(&mut self, agent: usize, id: usize) -> (f64, SimDuration) {
        let team = self.team_of(agent);
        let habits = self.model.teams[team.index()].habits;
        let pool = &self.model.pools[self.people[agent].pool.index()];
        let key = self.people[agent].key;
        let learns = self.learns(agent);
        let mut pace = pool.spread.handle(key) * pool.pace.at_for(self.now, learns);
        let mut reopens = pool.spread.reopens(key) * pool.pace.reopens_at_for(self.now, learns);
        if let Some(pressure) = habits.pressure {
            let there = self.tickets.iter().filter(|life| life.facts.team == team);
            let waiting = there.filter(|life| matches!(life.place, Place::InLine(_))).count();
            let felt = pressure.felt(waiting as u32, self.staffed(team));
            pace *= pressure.handle(felt);
            reopens *= pressure.reopen_factor(felt);
            if felt > 0.0 {
                self.sees("a touch begun under pressure");
            }
        }
        if let Some(overwork) = habits.overwork {
            let slower = overwork.factor(self.people[agent].diary.occupancy);
            pace *= slower;
            if slower != 1.0 {
                self.sees("a touch begun overworked");
            }
        }
        if let Some(fatigue) = habits.fatigue {
            let diary = &self.people[agent].diary;
            let slower = fatigue.factor(diary.hours_today(self.now), diary.tired, self.now);
            pace *= slower;
            if slower != 1.0 {
                self.sees("a touch begun tired");
            }
        }
        let class = self.tickets[id].facts.class;
        let person = &mut self.people[agent];
        let switch = switching::cost(habits.switch, person.last, class);
        person.last = Some(class);
        person.reopens = reopens;
        (pace, switch)
    }
}
