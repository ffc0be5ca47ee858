//! The loops by which a backlog feeds itself, each of which can be taken out of a scenario: what
//! `explain --attribution` removes, one set of them after the other.

use super::spec::ScenarioSpec;
use crate::model::automation::ReturnsSpec;
use crate::written::{Share, Written};

/// A loop, or a group of loops with one cause.
pub struct Loop {
    /// Its name on the command line.
    pub name: &'static str,
    /// What reports call it.
    pub title: &'static str,
    take_out: fn(&mut ScenarioSpec),
}

/// A set of loops, a bit for each in the order of `LOOPS`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct LoopSet(pub u32);

/// All loops.
pub const LOOPS: &[Loop] = &[
    Loop {
        name: "chasers",
        title: "customers who ask again",
        take_out: |spec| {
            for (_, ticket) in &mut spec.tickets.0 {
                (ticket.chasers, ticket.duplicates) = (None, None);
            }
        },
    },
    Loop {
        name: "reopens",
        title: "answers that did not help",
        take_out: |spec| {
            for (_, ticket) in &mut spec.tickets.0 {
                ticket.reopen = None;
            }
        },
    },
    Loop {
        name: "bot-returns",
        title: "bots that call resolved what is not",
        take_out: |spec| {
            for (_, bot) in &mut spec.automation.0 {
                let never = Written::unwritten(Share(0.0));
                let returns = bot.returns.take().unwrap_or_default();
                bot.returns = Some(ReturnsSpec { share: Some(never), ..returns });
            }
        },
    },
    Loop {
        name: "detours",
        title: "wrong teams, approvals and unclear steps",
        take_out: |spec| {
            spec.triage = None;
            spec.approvals.clear();
            for escalation in &mut spec.escalations {
                (escalation.clarity, escalation.unclear) = (None, None);
            }
        },
    },
    Loop {
        name: "forgetting",
        title: "tickets lost from sight",
        take_out: |spec| {
            for (_, team) in &mut spec.teams.0 {
                team.forgotten = None;
            }
        },
    },
    Loop {
        name: "load",
        title: "work that slows down under load",
        take_out: |spec| {
            for (_, ticket) in &mut spec.tickets.0 {
                ticket.late = None;
            }
            for (_, team) in &mut spec.teams.0 {
                (team.pressure, team.overwork, team.fatigue) = (None, None, None);
            }
        },
    },
];

impl LoopSet {
    /// No loop.
    pub const NONE: LoopSet = LoopSet(0);

    /// The follow-up loops: customers who ask again, and answers that did not help.
    pub const FOLLOW_UPS: LoopSet = LoopSet(0b11);

    /// A set that holds one loop, by its place in `LOOPS`.
    pub fn only(place: usize) -> LoopSet {
        LoopSet(1 << place)
    }

    /// Both sets together.
    #[must_use]
    pub fn and(self, other: LoopSet) -> LoopSet {
        LoopSet(self.0 | other.0)
    }

    /// Takes its loops out of a scenario.
    pub fn take_out(self, spec: &mut ScenarioSpec) {
        for (place, one) in LOOPS.iter().enumerate() {
            if self.0 >> place & 1 == 1 {
                (one.take_out)(spec);
            }
        }
    }
}

/// The loops that a scenario has, by their places in `LOOPS`.
pub fn present(spec: &ScenarioSpec) -> Vec<usize> {
    let changes = |place: &usize| {
        let mut without = spec.clone();
        LoopSet::only(*place).take_out(&mut without);
        without != *spec
    };
    (0..LOOPS.len()).filter(changes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn only_loops_that_are_there_are_taken_out() {
        let text = "start = 2026-11-16\n[tickets.a]\narrivals = { per_day = 9 }\nchasers = {}\n\
            late = \"5%\"\n[automation.bot]\n[teams.b]\nagents = 2\n";
        let spec = Scenario::from_text("loops.toml", text, &[]).spec;
        let names: Vec<&str> = present(&spec).into_iter().map(|place| LOOPS[place].name).collect();
        assert_eq!(names, ["chasers", "bot-returns", "load"]);
        let mut without = spec.clone();
        LoopSet(u32::MAX).take_out(&mut without);
        assert!(present(&without).is_empty());
        assert_eq!(without.teams, spec.teams);
    }
}
