//! What is reckoned at a close, at a change of prices and at the end: bills, ages, unevenness.

use super::{AGE_HOURS, AGES, Recorder};
use crate::ids::{AgentId, TeamId};
use crate::price::Unpaid;
use crate::time::{SimDuration, SimTime};

impl Recorder<'_> {
    pub(super) fn is_paid_from(&mut self, now: SimTime, agent: AgentId) {
        if let Some(from) = self.live.unpaid.remove(&agent) {
            let unpaid = Unpaid { seat: self.frame.seat(agent), from, to: now };
            self.live.turnover.unpaid.push(unpaid);
        }
    }

    pub(super) fn is_filled_from(&mut self, now: SimTime, agent: AgentId) {
        if let Some((team, since)) = self.live.empty.remove(&agent) {
            self.teams[team.index()].empty_micros += (now - since).micros() as u64;
        }
    }

    pub(super) fn make_bills(&mut self, now: SimTime) {
        self.run.may_intervene = !self.frame.interventions.is_empty();
        self.pay_until(now);
        let loyal = u64::from(self.frame.has_customers);
        self.classes.iter_mut().for_each(|tally| tally.loyal = loyal);
        let Some(prices) = self.frame.prices.as_ref().filter(|prices| prices.any) else { return };
        self.run.priced = true;
        let weeks = self.frame.without_clock_changes(self.live.begin, now);
        self.run.fixed_cents =
            prices.fixed(weeks.micros() as u64) + prices.tools(self.live.begin, now);
        let mended = (0..self.live.mended.len()).filter(|n| self.live.mended[*n] <= now);
        self.run.outlay_cents = prices.outlays(self.live.begin, now) + prices.mending(mended);
        self.classes.iter_mut().zip(&prices.classes).for_each(|(tally, price)| tally.bill(price));
    }

    /// Enters what people and interventions cost since the interventions in force last changed.
    pub(super) fn pay_until(&mut self, now: SimTime) {
        let (mask, since) = self.live.mask;
        let lasted = self.frame.without_clock_changes(since, now).micros() as u64;
        for (index, (_, per_week)) in self.frame.interventions.iter().enumerate() {
            if mask >> index & 1 == 1 {
                self.run.intervention_micros += lasted;
                self.run.intervention_cents +=
                    per_week.over(u128::from(lasted), SimDuration::from_days(7));
            }
        }
        // Whoever is not there is not paid so far; what follows belongs to the next bill.
        for (agent, from) in &mut self.live.unpaid {
            let unpaid = Unpaid { seat: self.frame.seat(*agent), from: *from, to: now };
            self.live.turnover.unpaid.push(unpaid);
            *from = now;
        }
        let turnover = std::mem::take(&mut self.live.turnover);
        let prices = self.frame.prices_under(mask).filter(|prices| prices.any);
        let Some(prices) = prices else { return };
        for (team, tally) in self.teams.iter_mut().enumerate() {
            tally.bill(&prices.team_bill(TeamId::new(team), (since, now), &turnover));
        }
    }

    /// How unevenly the touches of each team are spread over its agents.
    pub(super) fn count_unevenness(&mut self) {
        for (team, tally) in self.teams.iter_mut().enumerate() {
            let pools = self.frame.pools.iter().filter(|(_, of, _)| of.index() == team);
            let of_pool = pools.map(|(agents, ..)| agents.start as usize..agents.end as usize);
            let done = of_pool.flat_map(|agents| &self.live.touches[agents]);
            let mut done: Vec<u64> = done.filter(|n| **n > 0).map(|n| u64::from(*n)).collect();
            done.sort_unstable();
            let mut fewer = 0;
            for (place, touches) in done.iter().enumerate() {
                tally.uneven += place as u64 * touches - fewer;
                fewer += touches;
            }
            tally.touches = fewer;
            tally.uneven_at_most = done.len() as u64 * fewer;
        }
    }

    /// A day closes: the backlog may have grown once more.
    pub(super) fn count_growth(&mut self) {
        let (before, closes) = self.live.growth;
        let closes = if self.live.unsolved > before { closes + 1 } else { 0 };
        self.live.growth = (self.live.unsolved, closes);
        self.run.longest_growth = self.run.longest_growth.max(closes);
    }

    /// A day closes: some tickets were there before the last one did.
    pub(super) fn count_stale(&mut self, now: SimTime) {
        let this_hour = self.live.creation_hour(now);
        if let Some(before) = self.live.closed.replace(this_hour) {
            let younger: u32 = self.live.by_creation[before..=this_hour].iter().sum();
            let stale = u64::from(self.live.unsolved - younger);
            self.run.peak_stale = self.run.peak_stale.max(stale);
        }
    }

    pub(super) fn count_ages(&mut self, now: SimTime) {
        let by_creation = &self.live.by_creation;
        let this_hour = self.live.creation_hour(now);
        let mut ages = [0; AGES];
        let mut younger = 0;
        let mut last = this_hour + 1;
        for (bucket, hours) in AGE_HOURS.into_iter().enumerate() {
            let first = (this_hour + 1).saturating_sub(hours).max(self.live.oldest.min(last));
            ages[bucket] = by_creation[first.min(last)..last].iter().sum();
            younger += ages[bucket];
            last = first.min(last);
        }
        ages[AGES - 1] = self.live.unsolved - younger;
        self.ages.push(ages);
        let oldest = self.snapshots.last().map_or(0, |snapshot| snapshot.oldest_hours);
        self.run.oldest_hours = self.run.oldest_hours.max(u64::from(oldest));
    }
}
