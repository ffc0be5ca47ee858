//! Crowding: tickets in work go faster or slower with how many are open at their team.
//!
//! *In a manager's words*: "one chat an agent is quick, three at a time drag; and when the board
//! shows fifty waiting everybody speeds up."
//!
//! *Assumption*: every ticket in work at a team progresses at a speed that depends on the number at
//! the team, waiting and in work, at every moment: chasers that are read by themselves are among
//! them, other work is not. A team of chat agents has a seat for every chat they may hold at once.
//! *Source*: Kleinrock 1976 (processor sharing with slow-down); Tezcan and Zhang 2014 (chat
//! concurrency); Delasay et al. 2019 (load effects on speed).

use crate::problem::{Problem, Problems};
use crate::written::{Factor, Written};

/// Speeds as written: of a ticket in work while 1, 2, 3 … are open; the last one holds for more.
pub type CrowdingSpec = Vec<Written<Factor>>;

/// Speed of tickets in work by the number at the team.
#[derive(Clone, PartialEq, Debug)]
pub struct Crowding {
    /// Speed while so many are there; the last one holds for more.
    speeds: Box<[f64]>,
}

/// The crowding that a list describes; none where it is empty.
pub fn compile(spec: &CrowdingSpec, problems: &mut Problems) -> Option<Crowding> {
    let first = spec.first()?.value.0;
    for speed in spec.iter().filter(|speed| speed.value.0 <= 0.0) {
        problems.push(
            Problem::error("zero-speed", "at this speed nothing is ever done")
                .at(speed.span.clone(), "a speed above zero"),
        );
    }
    Crowding::new([first].into_iter().chain(spec.iter().map(|factor| factor.value.0)))
}

impl Crowding {
    /// Speeds while 0, 1, 2 … are there; none where the list is empty or a speed is not positive.
    pub fn new(speeds: impl IntoIterator<Item = f64>) -> Option<Crowding> {
        let speeds: Box<[f64]> = speeds.into_iter().collect();
        let fine = speeds.iter().all(|speed| speed.is_finite() && *speed > 0.0);
        (!speeds.is_empty() && fine).then_some(Crowding { speeds })
    }

    /// The speed while so many are there.
    #[inline]
    pub fn speed(&self, present: u32) -> f64 {
        self.speeds[(present as usize).min(self.speeds.len() - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_speed_holds_for_more() {
        let crowding = Crowding::new([1.0, 1.0, 0.75]).unwrap();
        assert_eq!([0, 1, 2, 50].map(|n| crowding.speed(n)), [1.0, 1.0, 0.75, 0.75]);
        assert_eq!(Crowding::new([1.0, 0.0]), None);
        assert_eq!(Crowding::new([]), None);
    }
}
