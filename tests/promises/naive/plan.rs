//! What is known before the run begins: who is at work when, turns of breaks, bulk replies, the
//! census.

use super::Naive;
use super::future::What;
use super::people::Person;
use super::seats::Seat;
use surgecast::ids::{PoolId, TeamId};
use surgecast::outcome::observer::Observer;
use surgecast::time::{SimDuration, SimTime};

impl<O: Observer> Naive<'_, O> {
    pub fn hire_everybody(&mut self) {
        for (index, pool) in self.model.pools.iter().enumerate() {
            for agent in pool.agents.clone() {
                let seat = pool.first_seat + agent - pool.agents.start;
                let key = self.key.named("agent").named(&pool.cohort).nth(u64::from(seat));
                let seat = Seat::new(pool.leaving.as_ref(), pool.empty_at_first);
                self.people.push(Person::new(PoolId::new(index), key, seat));
            }
        }
    }

    /// Writes down the roster. At one instant people go, days end, others come, counting begins, those
    /// whose turn it is leave for their breaks, and answers are sent.
    ///
    /// Where it is written anew during the run, `after` says up to when it has happened.
    pub fn write_plan(&mut self, after: Option<SimTime>) {
        let mut plan = Vec::new();
        for index in 0..self.model.pools.len() {
            self.write_shifts(PoolId::new(index), &mut plan);
            if self.keeps_diaries(PoolId::new(index)) {
                self.write_day_ends(PoolId::new(index), &mut plan);
            }
        }
        plan.push((SimTime::ZERO.max(self.model.start), 3, 0, 0, What::Begin));
        for (index, bulk) in self.model.bulk.iter().enumerate() {
            plan.push((bulk.at, 6, index, 0, What::Bulk(index as u16)));
        }
        for (index, (review, _)) in self.model.reviews.iter().enumerate() {
            for at in &review.at {
                plan.push((*at, 8, index, 0, What::Review(index as u16)));
            }
        }
        for (index, team) in self.model.teams.iter().enumerate() {
            let every = team.forgetting.as_ref().and_then(|forgetting| forgetting.audit);
            let Some(every) = every else { continue };
            // From the first one before the run begins.
            let mut at = SimTime::ZERO;
            while at > self.model.start {
                at = at - every;
            }
            while at < self.model.end {
                if at > self.model.start {
                    plan.push((at, 7, index, 0, What::Audit(TeamId::new(index))));
                }
                at += every;
            }
        }
        plan.sort_by_key(|(at, kind, who, n, _)| (*at, *kind, *who, *n));
        for (at, _, _, _, what) in plan {
            if at < self.model.end && after.is_none_or(|after| at > after) {
                // A shift that began before the run is under way when it starts.
                self.will(at.max(self.model.start), what);
            }
        }
    }

    fn write_shifts(&self, id: PoolId, plan: &mut Vec<(SimTime, u8, usize, i64, What)>) {
        let model = self.model;
        let pool = &model.pools[id.index()];
        for (number, lesson) in pool.lessons.iter().enumerate() {
            if lesson.at >= model.start {
                let what = What::Lesson(id, number);
                plan.push((lesson.at, 5, id.index(), number as i64, what));
            }
        }
        for (_, to) in &pool.fence {
            if *to > model.start {
                plan.push((*to, 5, id.index(), i64::MAX, What::FenceEnds));
            }
        }
        let first_day = model.days.day_of(SimTime::ZERO) as i64;
        let mut turn = 0;
        for (from, to) in at_work(&pool.spans) {
            if to <= model.start || from >= model.end {
                continue;
            }
            let came = model.days.day_of(from);
            // Who stays longer than a day may be absent on any of its days.
            let last = match to - from > SimDuration::from_days(1) && !pool.shrinkage.is_none() {
                true => model.days.len() - 1,
                false => came,
            };
            for day in came..=last {
                let at = if day == came { from } else { model.days.midnight(day) };
                if at < to {
                    let day = day as i64 - first_day;
                    plan.push((at, 2, id.index(), day, What::On(id, day)));
                }
            }
            plan.push((to, 0, id.index(), 0, What::Off(id)));
            for (at, lasts) in pool.shrinkage.turns(from, to) {
                if at >= model.start {
                    plan.push((at, 4, id.index(), turn as i64, What::Turn(id, turn, lasts)));
                }
                turn += 1;
            }
        }
    }

    /// A day of a pool ends with its last shift that ends on that date; a shift of more than a day
    /// has a day's end at every midnight.
    fn write_day_ends(&self, id: PoolId, plan: &mut Vec<(SimTime, u8, usize, i64, What)>) {
        let shifts = at_work(&self.model.pools[id.index()].spans);
        let date = |end: SimTime| self.model.days.civil(end - SimDuration::from_micros(1)).date();
        let mut ends = Vec::new();
        for (from, to) in &shifts {
            let on_that_date = shifts.iter().filter(|(_, other)| date(*other) == date(*to));
            if on_that_date.map(|(_, other)| *other).max() == Some(*to) {
                ends.push(*to);
            }
            if *to - *from > SimDuration::from_days(1) {
                let midnights = (0..self.model.days.len()).map(|day| self.model.days.midnight(day));
                ends.extend(midnights.filter(|at| *at > *from && *at < *to));
            }
        }
        for at in ends.into_iter().filter(|at| *at > self.model.start) {
            plan.push((at, 1, id.index(), 0, What::DayEnds(id)));
        }
    }

    pub fn write_census(&mut self) {
        for (index, at) in self.model.census.at.iter().enumerate() {
            self.will(*at, What::Census(index));
        }
    }
}

/// The spans of a roster in order, those that touch or overlap joined: nobody leaves at two to come
/// back at two.
fn at_work(spans: &[(SimTime, SimTime)]) -> Vec<(SimTime, SimTime)> {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let mut joined: Vec<(SimTime, SimTime)> = Vec::new();
    for (from, to) in sorted {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}
