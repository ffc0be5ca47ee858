//! What agents remember: when they were there and when they worked, all of it written down, and
//! added up when a day is over.

use super::Naive;
use super::people::Doing;
use surgecast::ids::PoolId;
use surgecast::model::fatigue::Tiredness;
use surgecast::model::overwork::remembered;
use surgecast::outcome::observer::Observer;
use surgecast::time::{SimDuration, SimTime};

/// Everything since the run began.
#[derive(Default)]
pub struct Diary {
    /// From when to when at the queue; still there where it has no end.
    there: Vec<(SimTime, Option<SimTime>)>,
    worked: Vec<(SimTime, SimTime)>,
    /// From when to when on the roster.
    on_roster: Vec<(SimTime, Option<SimTime>)>,
    /// When the last day ended.
    day_began: Option<SimTime>,
    /// Occupancy of recent days.
    pub occupancy: f64,
    pub tired: Tiredness,
    /// Occupancy and share of overtime, as they bear on leaving.
    pub load: f64,
    pub overtime: f64,
}

impl Diary {
    pub fn comes(&mut self, now: SimTime) {
        self.there.push((now, None));
    }

    pub fn goes(&mut self, now: SimTime) {
        self.there.last_mut().expect("whoever goes has come").1 = Some(now);
    }

    /// Somebody else keeps it from now.
    pub fn is_handed_on(&mut self, now: SimTime) {
        self.day_began = Some(now);
        (self.occupancy, self.load, self.overtime) = (0.0, 0.0, 0.0);
        self.tired = Tiredness::default();
    }

    pub fn clocks_in(&mut self, now: SimTime) {
        self.on_roster.push((now, None));
    }

    pub fn clocks_out(&mut self, now: SimTime) {
        self.on_roster.last_mut().expect("whoever goes has come").1 = Some(now);
    }

    /// Hours on the roster since the day began.
    pub fn hours_today(&self, now: SimTime) -> SimDuration {
        let began = self.day_began.unwrap_or(SimTime::from_micros(i64::MIN));
        within(self.on_roster.iter().map(|(from, to)| (*from, to.unwrap_or(now))), began, now)
    }

    /// Time at the queue between two instants, and in touches that are over.
    pub fn between(&self, from: SimTime, to: SimTime) -> (SimDuration, SimDuration) {
        let there = self.there.iter().map(|(began, ended)| (*began, ended.unwrap_or(to)));
        (within(there, from, to), within(self.worked.iter().copied(), from, to))
    }

    pub fn works(&mut self, from: SimTime, to: SimTime) {
        self.worked.push((from, to));
    }
}

/// How much of some spans lies between two instants.
fn within(
    spans: impl Iterator<Item = (SimTime, SimTime)>,
    from: SimTime,
    to: SimTime,
) -> SimDuration {
    let mut sum = SimDuration::ZERO;
    for (begins, ends) in spans {
        sum += (ends.min(to) - begins.max(from)).at_least_zero();
    }
    sum
}

impl<O: Observer> Naive<'_, O> {
    pub fn keeps_diaries(&self, pool: PoolId) -> bool {
        let habits = &self.model.teams[self.model.pools[pool.index()].team.index()].habits;
        let leaves = self.model.pools[pool.index()].leaving.is_some();
        habits.overwork.is_some() || habits.fatigue.is_some() || leaves
    }

    pub fn on_day_ends(&mut self, pool: PoolId) {
        self.sees("a day of a diary ended");
        let now = self.now;
        let habits = self.model.teams[self.model.pools[pool.index()].team.index()].habits;
        for agent in self.model.pools[pool.index()].agents.clone() {
            let person = &mut self.people[agent as usize];
            let diary = &mut person.diary;
            let began = diary.day_began.unwrap_or(self.model.start);
            let there = diary.there.iter().map(|(from, to)| (*from, to.unwrap_or(now)));
            let there = within(there, began, now);
            let in_hand = person.work.iter().filter(|w| !matches!(w.doing, Doing::Other));
            let in_hand = in_hand.map(|work| (work.since, now));
            let busy = within(diary.worked.iter().copied().chain(in_hand), began, now);
            if let Some(overwork) = habits.overwork {
                diary.occupancy = remembered(diary.occupancy, busy, there, overwork.days);
            }
            if let Some(fatigue) = habits.fatigue {
                diary.tired = fatigue.after(diary.hours_today(now), diary.tired, now);
            }
            let pool = &self.model.pools[pool.index()];
            if let Some(leaving) = &pool.leaving {
                let hours = diary.hours_today(now);
                let further = within(pool.overtime.iter().copied(), began, now).min(hours);
                let days = leaving.attrition.days;
                diary.load = remembered(diary.load, busy, there, days);
                diary.overtime = remembered(diary.overtime, further, hours, days);
            }
            diary.day_began = Some(now);
            self.judge_leaving(agent as usize);
        }
    }
}
