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

mod stream;

pub use stream::ArrivalStream;

use super::busyness::Busyness;
use super::contact_rate::{ContactRate, Contacts};
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Change, Factor, Length, Share, Written};
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
    /// Shares of arrivals that are of one customer, of two, of three …; rates count each arrival once.
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
    /// What a row is: `"counts"`, an interval with its count; or `"tickets"`, a ticket with the time at which
    /// it came, as help desks export them.
    #[serde(default)]
    pub rows: Option<Written<Rows>>,
    /// Length of an interval; a day, or an hour where rows are tickets.
    #[serde(default)]
    pub interval: Option<Written<Interval>>,
    /// By how many weeks later the same is taken to come again: `"52 weeks"` for last year's December.
    #[serde(default)]
    pub later: Option<Written<Length>>,
    /// `"exact"`: history, exactly as many as were counted. `"mean"`: a forecast.
    #[serde(default)]
    pub counts: Option<Written<CountsAs>>,
}

/// What a row of a file of counts is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rows {
    /// An interval and how many came in it.
    #[default]
    Counts,
    /// One ticket.
    Tickets,
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
