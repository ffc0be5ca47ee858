//! Triage: who decides where a new ticket goes, how often that is wrong, and what a mistake costs.
//!
//! *In a manager's words*: "somebody reads every mail and puts it into a queue; one in seven lands
//! with the wrong people, who send it on when they get to it."
//!
//! *Assumption*: tickets of a class belong to its first team. A team sorts by hand, or a machine
//! sorts and leaves to people what it is not sure of. The machine knows how good it is: of the
//! tickets it is 90 % sure of it gets 90 % right, and its confidence is spread as a power of a
//! uniform draw whose mean is its accuracy. A ticket in the wrong line waits there until its turn
//! comes; whoever opens it sees that it is not theirs and passes it on, as well as people sort, and
//! at the latest the last time allowed to the right team. Wrong or unsorted tickets are not moved
//! for waiting too long by a team they do not belong to. *Source*: M12 and M28 of the catalogue;
//! B11.

use super::context::{Context, wall};
use crate::dist::happens;
use crate::evidence::{Evidence, Grade};
use crate::ids::{ClassId, TeamId};
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::SimDuration;
use crate::written::{Brief, Length, Named, Share, TimeUnit, Written};
use rand::RngExt;
use schemars::JsonSchema;
use serde::Deserialize;

/// Share of tickets that people send to the right team.
pub const ACCURACY: Evidence = Evidence {
    key: "triage.accuracy",
    value: 0.85,
    unit: "share",
    range: (0.65, 0.95),
    grade: Grade::C,
    source: "23 % of SaaS tickets misrouted; cases 35 % (supportbench.com, supportman.io)",
};

/// Share of tickets that a machine sends to the right team.
pub const AUTOMATIC_ACCURACY: Evidence = Evidence {
    key: "triage.automatic.accuracy",
    value: 0.94,
    unit: "share",
    range: (0.75, 0.98),
    grade: Grade::C,
    source: "cases 35 % down to 6-8 % misrouted; 92 % with 8-15 categories, 78 % with over 20 (supportbench.com, notjustapm.dev)",
};

/// Time to sort a ticket by hand.
pub const TAKES: Evidence = Evidence {
    key: "triage.takes",
    value: 1.0,
    unit: "min",
    range: (0.5, 3.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Time a machine takes.
pub const AUTOMATIC_TAKES: Evidence = Evidence {
    key: "triage.automatic.takes",
    value: 5.0,
    unit: "s",
    range: (1.0, 60.0),
    grade: Grade::J,
    source: "seconds instead of minutes; our judgement",
};

/// Time until an agent has seen that a ticket belongs elsewhere and passed it on.
pub const BOUNCE_TAKES: Evidence = Evidence {
    key: "triage.bounce.takes",
    value: 3.0,
    unit: "min",
    range: (2.0, 5.0),
    grade: Grade::J,
    source: "our judgement",
};

/// How often a ticket is passed on at most.
pub const BOUNCE_AT_MOST: Evidence = Evidence {
    key: "triage.bounce.at_most",
    value: 3.0,
    unit: "times",
    range: (1.0, 5.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Triage as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TriageSpec {
    /// Ticket classes that are sorted; all of them where none is named.
    pub tickets: Vec<Written<String>>,
    /// Team whose agents sort by hand what no machine sorts.
    pub team: Option<Written<String>>,
    /// Time to sort one by hand.
    pub takes: Option<Written<Length>>,
    /// Share that people send to the right team.
    pub accuracy: Option<Written<Share>>,
    /// A machine that sorts: `true`, or a table.
    pub automatic: Option<Brief<bool, AutomaticSpec>>,
    /// Where tickets of a team go that go wrong: shares of the other teams, which sum to 100 %.
    pub confused_with: Named<Named<Written<Share>>>,
    /// What happens to a ticket in the wrong line.
    pub bounce: Option<BounceSpec>,
}

/// A machine that sorts, as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AutomaticSpec {
    /// Share it would send to the right team if it sorted everything.
    pub accuracy: Option<Written<Share>>,
    /// Time it takes.
    pub takes: Option<Written<Length>>,
    /// How sure it must be; what it is less sure of goes to people.
    pub threshold: Option<Written<Share>>,
}

/// What happens to a ticket in the wrong line, as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BounceSpec {
    /// Time until its agent has seen that and passed it on.
    pub takes: Option<Written<Length>>,
    /// How often it is passed on at most; the last time it reaches the right team.
    pub at_most: Option<Written<u8>>,
    /// Whether it keeps its age: in a line by order of arrival it stands where it would have stood
    /// at first, or else at the end.
    pub keeps_age: Option<Written<bool>>,
}

/// Who sends new tickets where.
#[derive(Clone, PartialEq, Debug)]
pub struct Triage {
    /// Classes that are sorted.
    pub classes: Vec<ClassId>,
    /// Team that sorts by hand, where people sort.
    pub team: Option<TeamId>,
    /// Time to sort one by hand.
    pub takes: SimDuration,
    /// Probability that people are right.
    pub accuracy: f64,
    /// The machine.
    pub machine: Option<Machine>,
    /// Where tickets go that go wrong, by the team they belong to: (share, team).
    pub wrong: Vec<Vec<(f64, TeamId)>>,
    /// Time to pass a ticket on.
    pub bounce_takes: SimDuration,
    /// How often one is passed on at most.
    pub at_most: u8,
    /// Whether it keeps its age.
    pub keeps_age: bool,
}

/// A machine that sorts.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Machine {
    /// Probability that it is right, over all tickets.
    pub accuracy: f64,
    /// Time it takes.
    pub takes: SimDuration,
    /// How sure it must be.
    pub threshold: f64,
}

/// Where a new ticket goes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum First {
    /// To people who sort it.
    ByHand(TeamId),
    /// To a team, after that time.
    To(TeamId, SimDuration),
}

/// Where tickets that go wrong go where nothing is written: to the other teams that get new
/// tickets with equal shares, or else to all others but the one that sorts.
///
/// *Shape*: by the team a ticket belongs to.
pub fn elsewhere(
    entries: &[TeamId],
    sorts: Option<TeamId>,
    teams: usize,
) -> Vec<Vec<(f64, TeamId)>> {
    let all = (0..teams).map(TeamId::new);
    let row = |right: TeamId| {
        let mut others: Vec<TeamId> =
            all.clone().filter(|team| *team != right && entries.contains(team)).collect();
        if others.is_empty() {
            others = all.clone().filter(|team| *team != right && Some(*team) != sorts).collect();
        }
        let share = 1.0 / others.len().max(1) as f64;
        others.into_iter().map(|team| (share, team)).collect()
    };
    all.clone().map(row).collect()
}

impl TriageSpec {
    /// The triage this describes; `entries` are the teams to which the classes belong, by class.
    pub fn compile(
        &self,
        entries: &[TeamId],
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Triage {
        let share = |written: &Option<Written<Share>>, default: Evidence| {
            written.as_ref().map_or(default.value, |share| share.value.0)
        };
        let classes = context.tickets(&self.tickets, problems);
        let team = self.team.as_ref().and_then(|name| context.team(name, problems));
        let machine = self.machine(problems);
        if self.team.is_none() && machine.is_none_or(|machine| machine.threshold > 0.0) {
            let span = match &self.automatic {
                Some(Brief::Full(full)) => full.threshold.as_ref().map(|t| t.span.clone()),
                _ => self.accuracy.as_ref().map(|share| share.span.clone()),
            };
            problems.push(
                Problem::error("triage-by-nobody", "nobody sorts what no machine is sure of")
                    .at(span.unwrap_or(0..0), "people decide here")
                    .help("name the team that sorts, as in team = \"front-line\""),
            );
        }
        let entry = |class: &ClassId| entries.get(class.index()).copied();
        let entries: Vec<TeamId> = classes.iter().filter_map(entry).collect();
        let mut wrong = elsewhere(&entries, team, context.teams.len());
        for (name, row) in self.confused_with.iter() {
            let right = context.team(name, problems);
            let sum: f64 = row.iter().map(|(_, share)| share.value.0).sum();
            if (sum - 1.0).abs() > 1e-6 {
                problems.push(
                    Problem::error(
                        "shares-sum",
                        format!("the shares of where tickets go wrong sum to {:.0} %", sum * 100.0),
                    )
                    .at(name.span.clone(), "tickets of this team")
                    .help("of the tickets that go wrong, say what share goes to each other team"),
                );
            }
            let to = row.iter().filter_map(|(to, share)| {
                let team = context.team(to, problems)?;
                if Some(team) == right {
                    problems.push(
                        Problem::error(
                            "wrong-is-right",
                            "this is the right team for these tickets",
                        )
                        .at(to.span.clone(), "the team they belong to")
                        .help("name other teams only"),
                    );
                }
                Some((share.value.0, team))
            });
            let to: Vec<(f64, TeamId)> = to.filter(|(share, _)| *share > 0.0).collect();
            if let Some(right) = right {
                wrong[right.index()] = to;
            }
        }
        let bounce = self.bounce.clone().unwrap_or_default();
        if let Some(written) = bounce.at_most.as_ref().filter(|most| most.value == 0) {
            problems.push(
                Problem::error(
                    "out-of-range",
                    "a ticket in the wrong line is passed on at least once",
                )
                .at(written.span.clone(), "at least 1"),
            );
        }
        Triage {
            classes,
            team,
            takes: wall(&self.takes, Length::new(TAKES.value, TimeUnit::Minute), problems),
            accuracy: share(&self.accuracy, ACCURACY),
            machine,
            wrong,
            bounce_takes: wall(
                &bounce.takes,
                Length::new(BOUNCE_TAKES.value, TimeUnit::Minute),
                problems,
            ),
            at_most: bounce.at_most.as_ref().map_or(BOUNCE_AT_MOST.value as u8, |most| most.value),
            keeps_age: bounce.keeps_age.as_ref().is_none_or(|keeps| keeps.value),
        }
    }

    fn machine(&self, problems: &mut Problems) -> Option<Machine> {
        let full = match self.automatic.as_ref()? {
            Brief::Short(false) => return None,
            Brief::Short(true) => &AutomaticSpec::default(),
            Brief::Full(full) => full,
        };
        let default = Length::new(AUTOMATIC_TAKES.value, TimeUnit::Second);
        Some(Machine {
            accuracy: full.accuracy.as_ref().map_or(AUTOMATIC_ACCURACY.value, |a| a.value.0),
            takes: wall(&full.takes, default, problems),
            threshold: full.threshold.as_ref().map_or(0.0, |threshold| threshold.value.0),
        })
    }
}

impl Triage {
    /// Whether tickets of a class are sorted.
    #[inline]
    pub fn sorts(&self, class: ClassId) -> bool {
        self.classes.contains(&class)
    }

    /// Where a ticket goes that belongs to `right`, as the `n`-th decision about it.
    pub fn first(&self, key: Key, n: u16, right: TeamId) -> First {
        let Some(machine) = self.machine else {
            return self.team.map_or(First::To(right, SimDuration::ZERO), First::ByHand);
        };
        let confidence = machine.confidence(key);
        match self.team {
            Some(team) if confidence < machine.threshold => First::ByHand(team),
            _ => First::To(self.pick(key, n, right, right, confidence), machine.takes),
        }
    }

    /// Where people who sort send a ticket.
    pub fn by_hand(&self, key: Key, n: u16, right: TeamId) -> TeamId {
        self.pick(key, n, right, right, self.accuracy)
    }

    /// Where the agent of a wrong team sends a ticket that has been passed on `bounces` times.
    pub fn passes_on(&self, key: Key, n: u16, right: TeamId, from: TeamId, bounces: u8) -> TeamId {
        if bounces.saturating_add(1) >= self.at_most {
            return right;
        }
        self.pick(key, n, right, from, self.accuracy)
    }

    /// The right team with that probability, or a wrong one other than `from`.
    fn pick(&self, key: Key, n: u16, right: TeamId, from: TeamId, p_right: f64) -> TeamId {
        let mut chance = key.draw(Purpose::Triage, u64::from(n) + 1);
        if happens(p_right, &mut chance) {
            return right;
        }
        let others = self.wrong[right.index()].iter().filter(|(_, team)| *team != from);
        let all: f64 = others.clone().map(|(share, _)| share).sum();
        let mut left = chance.random::<f64>() * all;
        let mut last = right;
        for (share, team) in others {
            last = *team;
            left -= share;
            if left < 0.0 {
                break;
            }
        }
        last
    }

    /// Teams at which tickets that belong to `right` may turn up.
    pub fn strays(&self, right: TeamId) -> impl Iterator<Item = TeamId> + '_ {
        self.team.into_iter().chain(self.wrong[right.index()].iter().map(|(_, team)| *team))
    }

    /// Shares of tickets that people sort, and that a machine sends to a wrong team.
    fn sorting(&self) -> (f64, f64) {
        match (self.machine, self.team) {
            (None, None) => (0.0, 0.0),
            (None, Some(_)) => (1.0, 0.0),
            (Some(machine), team) => {
                let threshold = if team.is_some() { machine.threshold } else { 0.0 };
                (machine.p_below(threshold), machine.p_wrong_from(threshold))
            }
        }
    }

    /// Share of tickets that go to a wrong team first.
    pub fn p_astray(&self) -> f64 {
        let (by_hand, by_machine) = self.sorting();
        by_hand * (1.0 - self.accuracy) + by_machine
    }

    /// Expected sorting by hand of one ticket that belongs to `right`, and expected times it is
    /// passed on by each team.
    ///
    /// *Shape*: by team.
    pub fn expected(&self, right: TeamId) -> (f64, Vec<f64>) {
        let row = &self.wrong[right.index()];
        let (by_hand, p_wrong) = (self.sorting().0, self.p_astray());
        let mut there: Vec<f64> = row.iter().map(|(share, _)| p_wrong * share).collect();
        let mut passed = vec![0.0; self.wrong.len()];
        for _ in 0..self.at_most {
            let mut next = vec![0.0; row.len()];
            for (place, (share, team)) in row.iter().enumerate() {
                passed[team.index()] += there[place];
                let others = (1.0 - share).max(0.0);
                for (other, (theirs, _)) in row.iter().enumerate() {
                    if other != place && others > 0.0 {
                        next[other] += there[place] * (1.0 - self.accuracy) * theirs / others;
                    }
                }
            }
            there = next;
        }
        (by_hand, passed)
    }
}

impl Machine {
    /// Exponent of the law of its confidence, P(confidence < c) = c^k, whose mean is its accuracy.
    fn exponent(&self) -> f64 {
        self.accuracy / (1.0 - self.accuracy)
    }

    /// How sure it is of a ticket, and so with what probability it is right.
    fn confidence(&self, key: Key) -> f64 {
        match self.accuracy {
            0.0 => 0.0,
            1.0 => 1.0,
            _ => {
                let u: f64 = key.draw(Purpose::Triage, 0).random();
                u.powf(1.0 / self.exponent())
            }
        }
    }

    fn p_below(&self, threshold: f64) -> f64 {
        match self.accuracy {
            0.0 => f64::from(threshold > 0.0),
            1.0 => 0.0,
            _ => threshold.powf(self.exponent()),
        }
    }

    /// Probability that it decides and is wrong.
    fn p_wrong_from(&self, threshold: f64) -> f64 {
        match self.accuracy {
            0.0 => f64::from(threshold <= 0.0),
            1.0 => 0.0,
            accuracy => {
                let k = self.exponent();
                let decides = 1.0 - threshold.powf(k);
                (decides - accuracy * (1.0 - threshold.powf(k + 1.0))).max(0.0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triage(machine: Option<Machine>) -> Triage {
        let entries = [TeamId(0), TeamId(1), TeamId(2)];
        Triage {
            classes: vec![ClassId(0)],
            team: Some(TeamId(3)),
            takes: SimDuration::from_minutes(1),
            accuracy: 0.85,
            machine,
            wrong: elsewhere(&entries, Some(TeamId(3)), 4),
            bounce_takes: SimDuration::from_minutes(3),
            at_most: 3,
            keeps_age: true,
        }
    }

    #[test]
    fn mistakes_go_to_the_other_teams_that_get_new_tickets() {
        let triage = triage(None);
        assert_eq!(triage.wrong[0], [(0.5, TeamId(1)), (0.5, TeamId(2))]);
        assert_eq!(triage.first(Key(1), 0, TeamId(0)), First::ByHand(TeamId(3)));
        // One team alone gets new tickets: its mistakes may go anywhere but to the sorters.
        assert_eq!(elsewhere(&[TeamId(0)], Some(TeamId(2)), 3)[0], [(1.0, TeamId(1))]);
        let n = 20_000;
        for (team, p) in [(TeamId(0), 0.85), (TeamId(1), 0.075)] {
            let to = |i: &u64| triage.by_hand(Key(7).nth(*i), 0, TeamId(0)) == team;
            let share = (0..n).filter(to).count() as f64 / n as f64;
            assert!((share - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt(), "{share}");
        }
    }

    #[test]
    fn nobody_passes_a_ticket_on_to_themselves_and_the_last_time_it_arrives() {
        let triage = triage(None);
        for i in 0..2_000 {
            let key = Key(3).nth(i);
            assert_ne!(triage.passes_on(key, 1, TeamId(0), TeamId(1), 0), TeamId(1));
            assert_eq!(triage.passes_on(key, 3, TeamId(0), TeamId(1), 2), TeamId(0));
        }
    }

    #[test]
    fn a_machine_that_asks_when_unsure_is_right_more_often() {
        // Accuracy 0.8: confidence has k = 4. Below 0.5 it is in 0.5^4 = 1/16 of cases; it decides
        // and errs in 15/16 - 0.8 (1 - 1/32) = 0.9375 - 0.775 = 0.1625.
        let machine =
            Machine { accuracy: 0.8, takes: SimDuration::from_seconds(5), threshold: 0.5 };
        assert!((machine.p_below(0.5) - 0.0625).abs() < 1e-12);
        assert!((machine.p_wrong_from(0.5) - 0.1625).abs() < 1e-12);
        let triage = triage(Some(machine));
        let n = 40_000;
        let (mut asks, mut wrong) = (0, 0);
        for i in 0..n {
            match triage.first(Key(5).nth(i), 0, TeamId(0)) {
                First::ByHand(_) => asks += 1,
                First::To(team, _) => wrong += u32::from(team != TeamId(0)),
            }
        }
        for (count, p) in [(asks, 0.0625), (wrong, 0.1625)] {
            let share = f64::from(count) / n as f64;
            assert!((share - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt(), "{share} {p}");
        }
        // Wrong at first: 1/16 x 0.15 + 0.1625 = 0.171875, half to each. Passed on again: 0.15 of
        // those, all to the other wrong team; and once more.
        assert!((triage.p_astray() - 0.171_875).abs() < 1e-12);
        let (by_hand, passed) = triage.expected(TeamId(0));
        assert!((by_hand - 0.0625).abs() < 1e-12);
        let each = 0.171_875 / 2.0 * (1.0 + 0.15 + 0.15 * 0.15);
        assert!((passed[1] - each).abs() < 1e-12 && (passed[2] - each).abs() < 1e-12);
    }
}
