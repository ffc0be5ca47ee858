//! Arrivals: when customers write, hour by hour, from a rate or from recorded counts.
//!
//! *In a manager's words*: "about 430 mails a day, most of them before noon, twice that in
//! December", or "take last winter's counts as they were".
//!
//! *Assumption*: arrivals are Poisson given the hour's rate and the day's busyness; or, for
//! history, exactly as many in each interval as were counted, spread within it by the profile.
//! They may come in batches, and the rate may jump at random between levels (incidents).
//! *Source*: M01 of the catalogue; Ibrahim, Ye, L'Ecuyer, Shen 2016. Arrivals are inverted from the
//! cumulative rate, never thinned.

use super::busyness::Busyness;
use super::contact_rate::{ContactRate, Contacts};
use crate::dist::exponential;
use crate::rng::{Generator, Key, Purpose};
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Change, Factor, Length, Share, Written};
use rand::RngExt;
use schemars::JsonSchema;
use serde::Deserialize;

/// Arrivals of a class as written: one of `per_day`, `per_hour`, `per_week`, `contact_rate`, `every`
/// and `counts`.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ArrivalsSpec {
    /// Mean arrivals on an average day of the week.
    pub per_day: Option<Written<Amount>>,
    /// Mean arrivals in an average hour of the week.
    pub per_hour: Option<Written<Amount>>,
    /// Mean arrivals in a week.
    pub per_week: Option<Written<Amount>>,
    /// How many customers there are, each of whom writes as often as `contact_rate` says; those of
    /// `[customers]` where nothing is written.
    pub customers: Option<Written<Amount>>,
    /// Orders on an average day of the week, each of which leads to as many contacts as
    /// `contact_rate` says.
    pub orders_per_day: Option<Written<Amount>>,
    /// Contacts of each: "8% per week" of customers, "18%" of orders.
    pub contact_rate: Option<Written<ContactRate>>,
    /// One arrival after each such time from the start on, without chance; for worked examples.
    pub every: Option<Written<Length>>,
    /// Counts per interval from a file.
    pub counts: Option<CountsSpec>,
    /// Shape of the week: a preset, or a profile of the scenario.
    pub profile: Option<Written<String>>,
    /// Spread of a day's volume beyond chance.
    pub busyness_cv: Option<Written<Amount>>,
    /// Growth per year: "20%" means 1.2 times the arrivals after a year.
    pub growth_per_year: Option<Written<Change>>,
    /// Where it levels off, of the arrivals of the first day: "300%" means at three times as many.
    pub growth_limit: Option<Written<Factor>>,
    /// Shares of contacts that come alone, in pairs, in threes …
    pub batches: Option<Written<Vec<Share>>>,
    /// Incidents that begin by chance and multiply the arrivals until they are mended.
    pub incidents: Option<IncidentsSpec>,
}

/// The keys of each way in which demand can be written.
pub const WAYS: [&[&str]; 6] = [
    &["per_day"],
    &["per_hour"],
    &["per_week"],
    &["contact_rate", "customers", "orders_per_day"],
    &["every"],
    &["counts"],
];

impl ArrivalsSpec {
    /// Demand as customers or orders and their contact rate, as far as it is written so.
    pub fn contacts(&self) -> Contacts<'_> {
        Contacts {
            customers: self.customers.as_ref(),
            orders: self.orders_per_day.as_ref(),
            rate: self.contact_rate.as_ref(),
        }
    }
}

/// Counts per interval from a CSV file.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountsSpec {
    /// The file, relative to the scenario.
    pub file: Written<String>,
    /// Column that says when an interval begins; the first column where none is named.
    #[serde(default)]
    pub time: Option<Written<String>>,
    /// Column that counts; the second column where none is named.
    #[serde(default)]
    pub count: Option<Written<String>>,
    /// Length of an interval.
    #[serde(default)]
    pub interval: Option<Written<Interval>>,
    /// `"exact"`: history, exactly as many as were counted. `"mean"`: a forecast.
    #[serde(default)]
    pub counts: Option<Written<CountsAs>>,
}

/// Length of a counted interval.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Interval {
    /// A day.
    #[default]
    Day,
    /// An hour.
    Hour,
    /// Half an hour.
    HalfHour,
    /// A quarter of an hour.
    QuarterHour,
}

impl Interval {
    /// How long it is, in minutes.
    pub fn minutes(self) -> u32 {
        match self {
            Interval::Day => 1440,
            Interval::Hour => 60,
            Interval::HalfHour => 30,
            Interval::QuarterHour => 15,
        }
    }
}

/// What counts stand for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CountsAs {
    /// What happened: exactly as many.
    #[default]
    Exact,
    /// What is expected: as many on average.
    Mean,
}

/// Incidents as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentsSpec {
    /// Mean time between the end of one and the beginning of the next.
    pub every: Written<Length>,
    /// Mean time until it is mended.
    pub lasts: Written<Length>,
    /// How much it adds: "300%" means four times the arrivals.
    pub lift: Written<Change>,
}

/// A stretch of constant arrival rate. It lasts until the next piece begins.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Piece {
    /// When it begins.
    pub from: SimTime,
    /// Arrivals per microsecond; for exact counts only proportions within a block matter.
    pub rate: f64,
    /// The block it belongs to: the day, whose busyness it shares, or the interval counted.
    pub block: u32,
}

/// How arrivals of one class come.
#[derive(Clone, PartialEq, Debug)]
pub struct ArrivalProcess {
    /// Rates over the run.
    pub pieces: Vec<Piece>,
    /// When the last piece ends.
    pub end: SimTime,
    /// How the rates become arrivals.
    pub placement: Placement,
    /// Busyness of blocks, for a Poisson placement.
    pub busyness: Option<Busyness>,
    /// Sizes of batches, where customers come several at once.
    pub batches: Option<Batches>,
    /// Random jumps of the rate.
    pub incidents: Option<Incidents>,
}

/// How rates become arrivals.
#[derive(Clone, PartialEq, Debug)]
pub enum Placement {
    /// A Poisson process of that rate.
    Poisson,
    /// Exactly `counts[block]` arrivals in each block, spread in proportion to the rates.
    Exact(Vec<u32>),
    /// At these instants and no other, in order.
    Listed(Vec<SimTime>),
}

/// How many customers come at once.
#[derive(Clone, PartialEq, Debug)]
pub struct Batches {
    /// Probability of at most 1, 2, 3 … customers.
    pub p_up_to: Vec<f64>,
}

/// A rate that jumps at random between levels: an outage begins, and is mended.
#[derive(Clone, PartialEq, Debug)]
pub struct Incidents {
    /// Factor on the arrival rate at each level.
    pub factors: Vec<f64>,
    /// Rate of jumps between levels, per microsecond, from the first index to the second.
    pub jumps: Vec<Vec<f64>>,
    /// Probability of beginning at this level or an earlier one.
    pub p_start_up_to: Vec<f64>,
}

impl ArrivalProcess {
    /// A Poisson process with these pieces.
    pub fn poisson(pieces: Vec<Piece>, end: SimTime) -> ArrivalProcess {
        ArrivalProcess {
            pieces,
            end,
            placement: Placement::Poisson,
            busyness: None,
            batches: None,
            incidents: None,
        }
    }

    /// Nobody ever comes.
    pub fn none() -> ArrivalProcess {
        ArrivalProcess::poisson(Vec::new(), SimTime::ZERO)
    }

    /// Expected arrivals between two instants, busyness and incidents at their mean.
    pub fn expected(&self, from: SimTime, to: SimTime) -> f64 {
        if let Placement::Listed(times) = &self.placement {
            return times.iter().filter(|at| **at >= from && **at < to).count() as f64;
        }
        let batch = self.batches.as_ref().map_or(1.0, Batches::mean);
        let mut sum = 0.0;
        for (index, piece) in self.pieces.iter().enumerate() {
            let (start, end) = (piece.from.max(from), self.piece_end(index).min(to));
            if start < end {
                sum += (end - start).micros() as f64 * piece.rate * self.scale(piece.block);
            }
        }
        sum * batch * self.incidents.as_ref().map_or(1.0, Incidents::mean_factor)
    }

    /// Expected arrivals in each of so many steps from the start on.
    pub fn by_step(&self, step: SimDuration, steps: usize) -> Vec<f64> {
        let mut expected = vec![0.0; steps];
        let place = |at: SimTime| (at.micros() / step.micros()) as usize;
        if let Placement::Listed(times) = &self.placement {
            for at in times.iter().filter(|at| **at >= SimTime::ZERO && place(**at) < steps) {
                expected[place(*at)] += 1.0;
            }
            return expected;
        }
        let end = SimTime::ZERO + SimDuration::from_micros(step.micros() * steps as i64);
        let batch = self.batches.as_ref().map_or(1.0, Batches::mean);
        let factor = batch * self.incidents.as_ref().map_or(1.0, Incidents::mean_factor);
        for (index, piece) in self.pieces.iter().enumerate() {
            let rate = piece.rate * self.scale(piece.block) * factor;
            let (mut from, to) = (piece.from.max(SimTime::ZERO), self.piece_end(index).min(end));
            while from < to {
                let at = place(from);
                let next = SimTime::from_micros(step.micros() * (at as i64 + 1)).min(to);
                expected[at] += (next - from).micros() as f64 * rate;
                from = next;
            }
        }
        expected
    }

    /// What turns a piece's rate into arrivals per microsecond: 1, or for exact counts the count
    /// over the weight of its block.
    fn scale(&self, block: u32) -> f64 {
        let Placement::Exact(counts) = &self.placement else { return 1.0 };
        let weight = self.block_weight(block);
        if weight > 0.0 { f64::from(counts[block as usize]) / weight } else { 0.0 }
    }

    fn block_weight(&self, block: u32) -> f64 {
        let first = self.pieces.partition_point(|piece| piece.block < block);
        let pieces = self.pieces[first..].iter().take_while(|piece| piece.block == block);
        pieces.enumerate().map(|(i, piece)| self.piece_micros(first + i) * piece.rate).sum()
    }

    fn piece_end(&self, index: usize) -> SimTime {
        self.pieces.get(index + 1).map_or(self.end, |next| next.from)
    }

    fn piece_micros(&self, index: usize) -> f64 {
        (self.piece_end(index) - self.pieces[index].from).micros() as f64
    }
}

impl Batches {
    fn mean(&self) -> f64 {
        // The mean of a size is the sum of P(size > k) over k = 0, 1, 2 …
        1.0 + self.p_up_to.iter().map(|p| 1.0 - p).sum::<f64>()
    }

    fn size(&self, chance: &mut Generator) -> u32 {
        let u: f64 = chance.random();
        let size = self.p_up_to.iter().position(|p| u < *p).unwrap_or(self.p_up_to.len() - 1);
        size as u32 + 1
    }
}

impl Incidents {
    /// Two levels: calm, and an incident that multiplies the rate. Both last exponentially long;
    /// the run begins as if it had gone on for ever.
    pub fn two_level(calm_micros: f64, incident_micros: f64, factor: f64) -> Incidents {
        let calm_share = calm_micros / (calm_micros + incident_micros);
        Incidents {
            factors: vec![1.0, factor],
            jumps: vec![vec![0.0, 1.0 / calm_micros], vec![1.0 / incident_micros, 0.0]],
            p_start_up_to: vec![calm_share, 1.0],
        }
    }

    fn mean_factor(&self) -> f64 {
        let mut before = 0.0;
        let shares = self.p_start_up_to.iter().map(|p| {
            let share = p - before;
            before = *p;
            share
        });
        shares.zip(&self.factors).map(|(share, factor)| share * factor).sum()
    }
}

/// The arrivals of one class in one replication, one after the other.
#[derive(Clone, Debug)]
pub struct ArrivalStream {
    chance: Generator,
    /// Where in the pieces we are.
    piece: usize,
    piece_end: f64,
    /// Microseconds per expected arrival here, and its inverse.
    gap: f64,
    rate: f64,
    /// Time reached, in microseconds; kept unrounded so that rounding does not add up.
    at: f64,
    /// No arrival at or after this.
    until: f64,
    /// Customers of the present batch still to come.
    batch_left: u32,
    /// Exact counts: arrivals left in the block, its weight passed and in all.
    block: Option<Block>,
    incident: Option<Level>,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    left: u32,
    /// Weight between the block's start and where we are.
    passed: f64,
    weight: f64,
}

#[derive(Clone, Debug)]
struct Level {
    chance: Generator,
    now: usize,
    next_jump: f64,
}

impl ArrivalStream {
    /// The arrivals of a class from one instant until another. `factors[block]` is the busyness of
    /// each block, empty where there is none.
    pub fn new(
        process: &ArrivalProcess,
        key: Key,
        from: SimTime,
        until: SimTime,
        factors: &[f64],
    ) -> ArrivalStream {
        let piece = match &process.placement {
            // Where in the list we are.
            Placement::Listed(times) => times.partition_point(|at| *at < from),
            Placement::Poisson | Placement::Exact(_) => {
                process.pieces.partition_point(|piece| piece.from <= from).saturating_sub(1)
            }
        };
        let mut stream = ArrivalStream {
            chance: key.draw(Purpose::Arrivals, 0),
            piece,
            piece_end: 0.0,
            gap: 0.0,
            rate: 0.0,
            at: from.micros() as f64,
            until: until.min(process.end).micros() as f64,
            batch_left: 0,
            block: None,
            incident: process.incidents.as_ref().map(|levels| Level::start(levels, key, from)),
        };
        if !process.pieces.is_empty() {
            stream.enter_piece(process, factors);
        }
        stream
    }

    /// The next arrival; `NEVER` once there is none.
    #[inline]
    pub fn next(&mut self, process: &ArrivalProcess, factors: &[f64]) -> SimTime {
        if self.batch_left > 0 {
            self.batch_left -= 1;
            return self.now();
        }
        let found = match &process.placement {
            Placement::Poisson if self.incident.is_none() => self.next_poisson(process, factors),
            Placement::Poisson => self.next_modulated(process, factors),
            Placement::Exact(counts) => self.next_exact(process, counts),
            Placement::Listed(times) => self.next_listed(times),
        };
        if !found {
            return SimTime::NEVER;
        }
        if let Some(batches) = &process.batches {
            self.batch_left = batches.size(&mut self.chance) - 1;
        }
        self.now()
    }

    fn now(&self) -> SimTime {
        SimTime::from_micros(self.at as i64)
    }

    #[inline]
    fn next_poisson(&mut self, process: &ArrivalProcess, factors: &[f64]) -> bool {
        let mut need = exponential(&mut self.chance);
        loop {
            let at = self.at + need * self.gap;
            // Written so that 0 x infinity, which is not a number, moves on to the next piece.
            if at < self.piece_end {
                self.at = at;
                return true;
            }
            need -= (self.piece_end - self.at) * self.rate;
            if !self.leave_piece(process, factors) {
                return false;
            }
        }
    }

    fn next_modulated(&mut self, process: &ArrivalProcess, factors: &[f64]) -> bool {
        let Some(levels) = &process.incidents else { return false };
        let mut need = exponential(&mut self.chance);
        while self.piece < process.pieces.len() {
            let Some(level) = &mut self.incident else { return false };
            let rate = self.rate * levels.factors[level.now];
            let end = self.piece_end.min(level.next_jump);
            let have = (end - self.at) * rate;
            if need < have {
                self.at += need / rate;
                return true;
            }
            need -= have;
            self.at = end;
            if level.next_jump <= self.piece_end {
                level.jump(levels);
            } else if !self.leave_piece(process, factors) {
                return false;
            }
        }
        false
    }

    /// The next of the block's arrivals in order: the smallest of `left` uniform draws on the rest.
    fn next_exact(&mut self, process: &ArrivalProcess, counts: &[u32]) -> bool {
        loop {
            let Some(piece) = process.pieces.get(self.piece) else { return false };
            let mut block = self.block.unwrap_or_else(|| Block {
                left: counts[piece.block as usize],
                passed: 0.0,
                weight: process.block_weight(piece.block),
            });
            if block.left > 0 && block.weight > 0.0 {
                let u: f64 = self.chance.random();
                let step =
                    (block.weight - block.passed) * (1.0 - u.powf(1.0 / f64::from(block.left)));
                block.left -= 1;
                block.passed += step;
                self.block = Some(block);
                return self.advance_by_weight(process, step);
            }
            // The block is used up: go to the next one.
            let next = process.pieces.partition_point(|other| other.block <= piece.block);
            let Some(first) = process.pieces.get(next) else { return false };
            if first.from.micros() as f64 >= self.until {
                return false;
            }
            self.piece = next;
            self.at = first.from.micros() as f64;
            self.block = None;
        }
    }

    fn advance_by_weight(&mut self, process: &ArrivalProcess, mut step: f64) -> bool {
        loop {
            let piece = process.pieces[self.piece];
            let end = process.piece_end(self.piece).micros() as f64;
            let have = (end - self.at) * piece.rate;
            let last =
                process.pieces.get(self.piece + 1).is_none_or(|next| next.block != piece.block);
            if step <= have || last {
                // Rounding may leave a hair more than the last piece has.
                self.at = (self.at + step / piece.rate).min(end - 1.0);
                return self.at < self.until;
            }
            step -= have;
            self.at = end;
            self.piece += 1;
        }
    }

    fn next_listed(&mut self, times: &[SimTime]) -> bool {
        let found = times.get(self.piece).map(|at| at.micros() as f64);
        self.piece += 1;
        self.at = found.unwrap_or(self.at);
        found.is_some_and(|at| at < self.until)
    }

    fn leave_piece(&mut self, process: &ArrivalProcess, factors: &[f64]) -> bool {
        self.at = self.piece_end;
        self.piece += 1;
        if self.piece >= process.pieces.len() || self.at >= self.until {
            self.piece = process.pieces.len();
            // Every later call ends here again.
            (self.piece_end, self.rate, self.gap) = (self.at, 0.0, f64::INFINITY);
            return false;
        }
        self.enter_piece(process, factors);
        true
    }

    fn enter_piece(&mut self, process: &ArrivalProcess, factors: &[f64]) {
        let piece = process.pieces[self.piece];
        self.at = self.at.max(piece.from.micros() as f64);
        self.piece_end = (process.piece_end(self.piece).micros() as f64).min(self.until);
        self.rate = piece.rate * factors.get(piece.block as usize).copied().unwrap_or(1.0);
        self.gap = 1.0 / self.rate;
    }
}

impl Level {
    fn start(levels: &Incidents, key: Key, from: SimTime) -> Level {
        let mut chance = key.draw(Purpose::Burst, 0);
        let u: f64 = chance.random();
        let now = levels.p_start_up_to.iter().position(|p| u < *p).unwrap_or(0);
        let mut level = Level { chance, now, next_jump: from.micros() as f64 };
        level.schedule(levels);
        level
    }

    fn schedule(&mut self, levels: &Incidents) {
        let rate: f64 = levels.jumps[self.now].iter().sum();
        self.next_jump += exponential(&mut self.chance) / rate;
    }

    fn jump(&mut self, levels: &Incidents) {
        let row = &levels.jumps[self.now];
        let mut u = self.chance.random::<f64>() * row.iter().sum::<f64>();
        let goal = row.iter().position(|rate| {
            u -= rate;
            u < 0.0
        });
        self.now = goal.unwrap_or(self.now);
        self.schedule(levels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: f64 = 3.6e9;

    fn hours(h: f64) -> SimTime {
        SimTime::from_hours(h)
    }

    fn all(process: &ArrivalProcess, seed: u64, until: SimTime) -> Vec<f64> {
        let mut stream = ArrivalStream::new(process, Key(seed), SimTime::ZERO, until, &[]);
        let mut times = Vec::new();
        loop {
            let at = stream.next(process, &[]);
            if at == SimTime::NEVER {
                // Once at the end it stays there.
                assert_eq!(stream.next(process, &[]), SimTime::NEVER);
                return times;
            }
            times.push(at.hours());
        }
    }

    fn steps() -> Vec<Piece> {
        let piece =
            |from, per_hour: f64, block| Piece { from: hours(from), rate: per_hour / HOUR, block };
        vec![piece(0.0, 0.0, 0), piece(1.0, 60.0, 0), piece(1.5, 5.0, 1), piece(3.0, 0.0, 1)]
    }

    #[test]
    fn poisson_counts_follow_the_rate_of_each_piece() {
        let process = ArrivalProcess::poisson(steps(), hours(4.0));
        assert!((process.expected(hours(0.0), hours(4.0)) - 37.5).abs() < 1e-9);
        let n = 4000;
        let (mut early, mut late) = (0, 0);
        for seed in 0..n {
            for at in all(&process, seed, hours(4.0)) {
                assert!((1.0..3.0).contains(&at));
                if at < 1.5 { early += 1 } else { late += 1 }
            }
        }
        for (count, expected) in [(early, 30.0), (late, 7.5)] {
            let mean = f64::from(count) / n as f64;
            let standard_error = (expected / n as f64).sqrt();
            assert!((mean - expected).abs() < 4.0 * standard_error, "{mean} against {expected}");
        }
    }

    #[test]
    fn exact_counts_are_exact_and_spread_by_the_profile() {
        let mut process = ArrivalProcess::poisson(steps(), hours(4.0));
        process.placement = Placement::Exact(vec![7, 300]);
        let times = all(&process, 5, hours(4.0));
        assert_eq!(times.iter().filter(|at| **at < 1.5).count(), 7);
        assert_eq!(times.len(), 307);
        assert!(times.is_sorted() && times.iter().all(|at| (1.0..3.0).contains(at)));
        // Uniform over 1.5 to 3: the mean of 300 is 2.25 within 4 standard errors.
        let late: Vec<f64> = times.into_iter().filter(|at| *at >= 1.5).collect();
        let mean = late.iter().sum::<f64>() / 300.0;
        assert!((mean - 2.25).abs() < 4.0 * (1.5 / 12.0_f64.sqrt()) / 300.0_f64.sqrt(), "{mean}");
    }

    #[test]
    fn batches_come_together_and_listed_arrivals_when_listed() {
        let mut process = ArrivalProcess::poisson(steps(), hours(4.0));
        process.batches = Some(Batches { p_up_to: vec![0.0, 0.0, 1.0] });
        let times = all(&process, 1, hours(4.0));
        assert!(times.len().is_multiple_of(3) && times.chunks(3).all(|b| b[0] == b[2]));
        process.batches = None;
        process.placement = Placement::Listed(vec![hours(0.25), hours(0.25), hours(3.5)]);
        assert_eq!(all(&process, 1, hours(4.0)), [0.25, 0.25, 3.5]);
        assert_eq!(all(&process, 1, hours(3.0)), [0.25, 0.25]);
        // A stream that begins later has nothing of what came before.
        let mut late = ArrivalStream::new(&process, Key(1), hours(0.5), hours(4.0), &[]);
        assert_eq!(late.next(&process, &[]), hours(3.5));
    }

    #[test]
    fn incidents_lift_the_rate_by_their_share_of_the_time() {
        let flat = vec![Piece { from: SimTime::ZERO, rate: 4.0 / HOUR, block: 0 }];
        let mut process = ArrivalProcess::poisson(flat, hours(1000.0));
        process.incidents = Some(Incidents::two_level(4.0 * HOUR, 2.0 * HOUR, 3.0));
        // Calm two thirds of the time: mean factor 5/3.
        let expected = process.expected(SimTime::ZERO, hours(1000.0));
        assert!((expected - 4000.0 * 5.0 / 3.0).abs() < 1e-6);
        let counts: Vec<f64> =
            (0..40).map(|seed| all(&process, seed, hours(1000.0)).len() as f64).collect();
        let mean = counts.iter().sum::<f64>() / 40.0;
        let variance = counts.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / 39.0;
        assert!(
            (mean - expected).abs() < 4.0 * (variance / 40.0).sqrt(),
            "{mean} against {expected}"
        );
        // Far more variable than Poisson: that is the point of incidents.
        assert!(variance > 3.0 * mean);
    }

    #[test]
    fn steps_share_what_is_expected() {
        let hours = SimTime::from_hours;
        let piece =
            |from: f64, rate: f64| Piece { from: hours(from), rate: rate / 3.6e9, block: 0 };
        let process = ArrivalProcess::poisson(vec![piece(-2.0, 9.0), piece(1.5, 4.0)], hours(4.0));
        let by_step = process.by_step(SimDuration::from_minutes(60), 3);
        let expected = [9.0, 4.5 + 2.0, 4.0];
        assert!(by_step.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{by_step:?}");
        let whole = process.expected(SimTime::ZERO, hours(3.0));
        assert!((by_step.iter().sum::<f64>() - whole).abs() < 1e-9);
    }

    #[test]
    fn a_busy_day_speeds_up_every_hour_of_its_block() {
        let process = ArrivalProcess::poisson(steps(), hours(4.0));
        let run = |factors: &[f64]| {
            let mut stream =
                ArrivalStream::new(&process, Key(8), SimTime::ZERO, hours(4.0), factors);
            std::iter::repeat_with(|| stream.next(&process, factors))
                .take_while(|at| *at < hours(1.5))
                .count()
        };
        let (calm, busy) = (run(&[1.0, 1.0]), run(&[2.0, 1.0]));
        assert!(busy > calm, "{busy} against {calm}");
    }
}
