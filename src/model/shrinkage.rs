//! Shrinkage: paid time in which agents are not at the queue.
//!
//! *In a manager's words*: "of ten on the roster, three are ill, in training or at lunch; and some
//! days half of them have the flu."
//!
//! *Assumption*: some agents are absent for the whole day, each by chance, with a probability that is
//! the same on all days, or else beta distributed over them; those present leave the queue for breaks,
//! meetings and training by a rota that takes an even share of each half-hour. A break begins when the
//! touch in hand is done and lasts its full time. *Source*: M17 of the catalogue; B12, P8.

use crate::dist::happens;
use crate::evidence::{Evidence, Grade};
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Brief, Share, Written};
use rand_distr::{Beta, Distribution};
use schemars::JsonSchema;
use serde::Deserialize;

/// Share of paid time away from the queue, where the scenario does not say.
pub const SHRINKAGE: Evidence = Evidence {
    key: "teams.*.shrinkage.total",
    value: 0.30,
    unit: "share",
    range: (0.20, 0.50),
    grade: Grade::B,
    source: "30-35 % typical; 20-30 % outsourced or tier 1, 30-50 % internal or tier 2 (GoTo, Assembled, WFM Labs)",
};

/// Share of shrinkage that is absence for the whole day, where only the total is written.
pub const ABSENCE_PART: Evidence = Evidence {
    key: "teams.*.shrinkage.absence_part",
    value: 0.2,
    unit: "share of shrinkage",
    range: (0.1, 0.4),
    grade: Grade::J,
    source: "our judgement",
};

/// Length of a turn in the rota of breaks.
const TURN: SimDuration = SimDuration::from_minutes(30);

/// Step of the rota from one turn to the next: the golden section, which spreads most evenly.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// Shrinkage as written: the total, or its parts.
pub type ShrinkageSpec = Brief<Share, ShrinkageTable>;

/// The parts of shrinkage: either its total and how that is split, or both parts.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShrinkageTable {
    /// Share of paid time away from the queue.
    pub total: Option<Written<Share>>,
    /// How much of that is absence for the whole day.
    pub absence_part: Option<Written<Share>>,
    /// Share of agents absent on a day, by chance.
    pub absence: Option<Written<Share>>,
    /// How much that share differs from day to day beyond chance, as a CV.
    pub absence_cv: Option<Written<Amount>>,
    /// Share of the time present that goes to breaks, meetings and training.
    pub off_queue: Option<Written<Share>>,
}

/// How much of a pool's rostered time is lost.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Shrinkage {
    /// Probability that an agent is absent on a day.
    pub p_absent: f64,
    /// CV of that probability over the days.
    pub absence_cv: f64,
    /// Share of the time present spent away from the queue.
    pub off_queue: f64,
}

/// The shrinkage a scenario describes.
pub fn compile(spec: Option<&Written<ShrinkageSpec>>, problems: &mut Problems) -> Shrinkage {
    let shrinkage = match spec.map(|spec| &spec.value) {
        None => Shrinkage::total(SHRINKAGE.value, ABSENCE_PART.value),
        Some(Brief::Short(total)) => Shrinkage::total(total.0, ABSENCE_PART.value),
        Some(Brief::Full(table)) => table.compile(problems),
    };
    if shrinkage.present() < 0.05 {
        let span = spec.map_or(0..0, |spec| spec.span.clone());
        problems.push(
            Problem::error("nobody-left", "this shrinkage leaves nobody at the queue")
                .at(span, "shrinkage")
                .help("it is the paid time away from the queue, usually 20% to 40%"),
        );
    }
    shrinkage
}

impl ShrinkageTable {
    fn compile(&self, problems: &mut Problems) -> Shrinkage {
        let share = |written: &Option<Written<Share>>| written.as_ref().map(|share| share.value.0);
        let mut shrinkage = if self.absence.is_some() || self.off_queue.is_some() {
            if let Some(split) = self.total.as_ref().or(self.absence_part.as_ref()) {
                problems.push(
                    Problem::error("shrinkage-twice", "this shrinkage says both total and parts")
                        .at(split.span.clone(), "of what absence and off_queue make")
                        .help("write total and absence_part, or absence and off_queue"),
                );
            }
            Shrinkage {
                p_absent: share(&self.absence).unwrap_or(0.0),
                absence_cv: 0.0,
                off_queue: share(&self.off_queue).unwrap_or(0.0),
            }
        } else {
            let total = share(&self.total).unwrap_or(SHRINKAGE.value);
            Shrinkage::total(total, share(&self.absence_part).unwrap_or(ABSENCE_PART.value))
        };
        shrinkage.absence_cv = self.spread(shrinkage.p_absent, problems);
        shrinkage
    }

    /// How much absence differs from day to day: a beta law of that mean spreads only so far.
    fn spread(&self, p: f64, problems: &mut Problems) -> f64 {
        let Some(cv) = self.absence_cv.as_ref().filter(|cv| cv.value.0 > 0.0) else { return 0.0 };
        let most = ((1.0 - p) / p).sqrt();
        if p > 0.0 && cv.value.0 <= 0.95 * most {
            return cv.value.0;
        }
        let (text, help) = if p > 0.0 {
            let most = (95.0 * most).floor() / 100.0;
            ("days cannot differ that much", format!("at most {most} with this absence"))
        } else {
            ("nobody is absent on any day", "write absence = \"6%\" beside it".to_string())
        };
        problems.push(
            Problem::error("out-of-range", text)
                .at(cv.span.clone(), "how much absence differs between days")
                .help(help),
        );
        0.0
    }
}

impl Shrinkage {
    /// Shrinkage of that total, of which a part is absence.
    pub fn total(total: f64, absence_part: f64) -> Shrinkage {
        let total = total.min(0.99);
        let p_absent = absence_part * total;
        let off_queue = 1.0 - (1.0 - total) / (1.0 - p_absent);
        Shrinkage { p_absent, absence_cv: 0.0, off_queue }
    }

    /// Share of rostered time at the queue.
    pub fn present(&self) -> f64 {
        (1.0 - self.p_absent) * (1.0 - self.off_queue)
    }

    /// Whether it takes nothing.
    pub fn is_none(&self) -> bool {
        self.p_absent == 0.0 && self.off_queue == 0.0
    }

    /// Probability that an agent is absent on a day (named by its number from the scenario's start) in
    /// the replication of that key: bad days are bad for all teams.
    pub fn p_absent_on(&self, replication: Key, day: i64) -> f64 {
        if self.absence_cv == 0.0 {
            return self.p_absent;
        }
        // Of a beta law, mean (1 - mean) / variance - 1 is the sum of both parameters.
        let p = self.p_absent;
        let sum = (1.0 - p) / (p * self.absence_cv * self.absence_cv) - 1.0;
        let law = Beta::new(p * sum, (1.0 - p) * sum);
        law.map_or(p, |law| law.sample(&mut replication.draw(Purpose::Absence, day as u64)))
    }

    /// Whether an agent is absent on a day on which all are with that probability.
    pub fn absent(&self, agent: Key, day: i64, p_today: f64) -> bool {
        p_today > 0.0 && happens(p_today, &mut agent.draw(Purpose::Absence, day as u64))
    }

    /// Whether an agent is away from the queue in a turn of the rota: of `seats` agents the
    /// rounded share, each in turn.
    pub fn away(&self, seat: u32, seats: u32, turn: u64) -> bool {
        let place = (f64::from(seat) + 0.5) / f64::from(seats) + turn as f64 * GOLDEN;
        place.fract() < self.off_queue
    }

    /// The turns of the rota in an open span: (when, how long).
    pub fn turns(
        &self,
        from: SimTime,
        to: SimTime,
    ) -> impl Iterator<Item = (SimTime, SimDuration)> {
        let length = to - from;
        let count = if self.off_queue > 0.0 {
            (length.hours() / TURN.hours()).round().max(1.0)
        } else {
            0.0
        };
        let turn = length.scale(1.0 / count.max(1.0));
        (0..count as i64).map(move |i| (from + SimDuration::from_micros(turn.micros() * i), turn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_make_the_total() {
        for (part, absent) in [(0.2, 0.06), (0.0, 0.0), (1.0, 0.3)] {
            let shrinkage = Shrinkage::total(0.30, part);
            assert!((shrinkage.present() - 0.70).abs() < 1e-12);
            assert!((shrinkage.p_absent - absent).abs() < 1e-12);
        }
    }

    #[test]
    fn days_differ_as_much_as_they_are_said_to() {
        let even = Shrinkage { p_absent: 0.1, ..Shrinkage::default() };
        assert_eq!(even.p_absent_on(Key(1), 7), 0.1);
        let uneven = Shrinkage { absence_cv: 0.5, ..even };
        let n = 20_000;
        let days: Vec<f64> = (0..n).map(|day| uneven.p_absent_on(Key(1), day)).collect();
        let mean = days.iter().sum::<f64>() / n as f64;
        let variance = days.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / n as f64;
        // Beta (3.5, 31.5): mean 0.1, deviation 0.05. Its kurtosis of 3.6 makes the deviation of a
        // sample's variance the square root of 2.6 / n of it.
        assert!((mean - 0.1).abs() < 4.0 * 0.05 / (n as f64).sqrt(), "{mean}");
        assert!((variance / 0.0025 - 1.0).abs() < 4.0 * (2.6 / n as f64).sqrt(), "{variance}");
        // On a worse day the same agents are absent, and more.
        let absent = |p: f64| (0..500).map(move |i| even.absent(Key(3).nth(i), 2, p));
        assert!(absent(0.1).zip(absent(0.3)).all(|(few, many)| !few || many));
    }

    #[test]
    fn the_rota_takes_an_even_share_of_every_turn_and_of_every_agent() {
        let shrinkage = Shrinkage { off_queue: 0.23, ..Shrinkage::default() };
        let seats = 26;
        let mut per_agent = vec![0_u32; seats as usize];
        for turn in 0..1000 {
            let away = (0..seats).filter(|seat| shrinkage.away(*seat, seats, turn)).count();
            // 26 x 0.23 = 5.98: five or six at any time.
            assert!((5..=6).contains(&away), "{away}");
            for (seat, count) in per_agent.iter_mut().enumerate() {
                *count += u32::from(shrinkage.away(seat as u32, seats, turn));
            }
        }
        assert!(per_agent.iter().all(|count| (225..=235).contains(count)), "{per_agent:?}");
    }

    #[test]
    fn turns_fill_the_open_span() {
        let shrinkage = Shrinkage { off_queue: 0.2, ..Shrinkage::default() };
        let turns: Vec<_> =
            shrinkage.turns(SimTime::from_hours(9.0), SimTime::from_hours(18.0)).collect();
        assert_eq!(turns.len(), 18);
        assert_eq!(turns[17].0 + turns[17].1, SimTime::from_hours(18.0));
        assert_eq!(Shrinkage::default().turns(SimTime::ZERO, SimTime::from_hours(9.0)).count(), 0);
    }
}
