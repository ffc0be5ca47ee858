//! The arrivals of a class in one replication, drawn one after the other.

use super::{ArrivalProcess, Batches, Incidents, Placement};
use crate::dist::exponential;
use crate::rng::{Generator, Key, Purpose};
use crate::time::SimTime;
use rand::RngExt;

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

impl Batches {
    fn size(&self, chance: &mut Generator) -> u32 {
        let u: f64 = chance.random();
        let size = self.p_up_to.iter().position(|p| u < *p).unwrap_or(self.p_up_to.len() - 1);
        size as u32 + 1
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
    use super::super::Piece;
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
