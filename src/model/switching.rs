//! Switching: going from one kind of ticket to another takes a moment.
//!
//! *In a manager's words*: "after an hour of refunds it takes a minute to get into an order again."
//!
//! *Assumption*: a touch takes a fixed time longer where its agent's last one was about another
//! class. *Source*: M23 of the catalogue (context-switch cost); no size is published.

use crate::ids::ClassId;
use crate::time::SimDuration;

/// What a change of class costs an agent; nothing where they have done none yet.
pub fn cost(switch: SimDuration, last: Option<ClassId>, next: ClassId) -> SimDuration {
    if last.is_some_and(|last| last != next) { switch } else { SimDuration::ZERO }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_change_costs() {
        let minute = SimDuration::from_minutes(1);
        assert_eq!(cost(minute, None, ClassId(1)), SimDuration::ZERO);
        assert_eq!(cost(minute, Some(ClassId(1)), ClassId(1)), SimDuration::ZERO);
        assert_eq!(cost(minute, Some(ClassId(0)), ClassId(1)), minute);
    }
}
