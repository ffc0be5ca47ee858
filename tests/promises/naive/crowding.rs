//! Teams whose tickets in work go faster or slower with how many are there.

use super::Naive;
use super::people::Doing;
use surgecast::ids::TeamId;
use surgecast::outcome::observer::Observer;

impl<O: Observer> Naive<'_, O> {
    /// When everything of an instant has happened, what is left of every touch takes as much longer
    /// as its team has become slower.
    pub fn change_speeds(&mut self) {
        for team in (0..self.model.teams.len()).map(TeamId::new) {
            let Some(crowding) = &self.model.teams[team.index()].crowding else { continue };
            let speed = crowding.speed(self.present(team));
            let longer = self.speeds[team.index()] / speed;
            self.speeds[team.index()] = speed;
            if longer != 1.0 {
                self.prolong(team, longer);
            }
        }
    }

    fn prolong(&mut self, team: TeamId, longer: f64) {
        for agent in 0..self.people.len() {
            let in_team = self.team_of(agent) == team;
            if in_team && self.holds_several(agent) {
                self.prolong_chats(agent, longer);
                self.expect_done(agent);
                self.sees("slower or faster with several in hand");
                continue;
            }
            let Some(work) = &self.people[agent].work else { continue };
            if !in_team || !matches!(work.doing, Doing::Ticket(_)) {
                continue;
            }
            self.prolong_touch(agent, longer);
            self.sees("slower or faster in the middle of a touch");
        }
    }
}
