//! Staffing reviews: every so often the manager looks at the backlog and hires, or lets go.
//!
//! *In a manager's words*: "every other Monday I look at the pile: an extra head for every hundred
//! tickets too many. It takes six weeks until they are here, and by then the pile may be gone."
//!
//! *Assumption*: at certain closes the number of extra people asked for changes by the gap between
//! the team's tickets (waiting or in work) and a target, in a fixed proportion and within limits,
//! whoever is on the way already. Those asked for come after recruiting and training; who is let go
//! leaves after a notice, the last one to come first. With a long delay this oscillates, as real
//! desks do. *Source*: M25 of the catalogue; form: proportional control with a delay.

use super::attrition;
use super::context::{Context, amount, wall};
use super::learning::{Ramp, RampSpec};
use crate::evidence::{Evidence, Grade};
use crate::ids::TeamId;
use crate::problem::{Problem, Problems};
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Length, Moment, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Days between reviews.
pub const EVERY: Evidence = Evidence {
    key: "staffing_reviews.every",
    value: 14.0,
    unit: "d",
    range: (1.0, 90.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Tickets too many for which one agent is asked for.
pub const TICKETS_PER_AGENT: Evidence = Evidence {
    key: "staffing_reviews.tickets_per_agent",
    value: 100.0,
    unit: "tickets",
    range: (10.0, 1000.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Notice of who is let go.
pub const NOTICE: Evidence = Evidence {
    key: "staffing_reviews.notice",
    value: 2.0,
    unit: "weeks",
    range: (0.0, 13.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Most people of a review, where nobody says.
const AT_MOST: u32 = 10;

/// A review as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewSpec {
    /// Team whose staff is reviewed.
    pub team: Written<String>,
    /// Its tickets, waiting or in work, that are as many as should be.
    #[serde(default)]
    pub backlog: Option<Written<u32>>,
    /// Or the share of them past the promised solution that is as large as should be.
    #[serde(default)]
    pub overdue: Option<Written<Share>>,
    /// The first review.
    #[serde(default)]
    pub from: Option<Written<Moment>>,
    /// Time between reviews.
    #[serde(default)]
    pub every: Option<Written<Length>>,
    /// Tickets too many, or too few, for which one agent is hired or let go.
    #[serde(default)]
    pub tickets_per_agent: Option<Written<Amount>>,
    /// The most extra people at any time.
    #[serde(default)]
    pub at_most: Option<Written<u32>>,
    /// Time until somebody has been found.
    #[serde(default)]
    pub recruiting: Option<Written<Length>>,
    /// Training before the first ticket.
    #[serde(default)]
    pub training: Option<Written<Length>>,
    /// How they get up to speed.
    #[serde(default)]
    pub ramp: Option<RampSpec>,
    /// Notice of who is let go.
    #[serde(default)]
    pub notice: Option<Written<Length>>,
}

/// What a review looks at.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Watch {
    /// Tickets of the team, against so many.
    Backlog(u32),
    /// Those past the promised solution, against that share of all.
    Overdue(f64),
}

/// A review.
#[derive(Clone, PartialEq, Debug)]
pub struct Review {
    /// The team.
    pub team: TeamId,
    /// What it looks at.
    pub watch: Watch,
    /// When.
    pub at: Vec<SimTime>,
    /// Tickets for which one agent is hired or let go.
    pub tickets_per_agent: f64,
    /// The most extra people.
    pub at_most: u32,
    /// Time until somebody has been found.
    pub recruiting: SimDuration,
    /// Training after that.
    pub training: SimDuration,
    /// How they get up to speed.
    pub ramp: Ramp,
    /// Notice of who is let go.
    pub notice: SimDuration,
}

impl ReviewSpec {
    /// The review this describes, of a desk that closes then.
    pub fn compile(
        &self,
        closes: &[SimTime],
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Option<Review> {
        let team = context.team(&self.team, problems)?;
        let watch = match (&self.backlog, &self.overdue) {
            (Some(backlog), None) => Watch::Backlog(backlog.value),
            (None, Some(overdue)) => Watch::Overdue(overdue.value.0),
            (None, None) | (Some(_), Some(_)) => {
                problems.push(
                    Problem::error("review-of-what", "a staffing review looks at one thing")
                        .at(self.team.span.clone(), "this review")
                        .help("write backlog = 300, or overdue = \"10%\""),
                );
                return None;
            }
        };
        let every = wall(&self.every, Length::new(EVERY.value, TimeUnit::Day), problems);
        let tickets_per_agent = amount(&self.tickets_per_agent, TICKETS_PER_AGENT.value);
        let nothing = [
            (every <= SimDuration::ZERO, self.every.as_ref().map(|every| &every.span)),
            (tickets_per_agent <= 0.0, self.tickets_per_agent.as_ref().map(|n| &n.span)),
        ];
        for (_, span) in nothing.iter().filter(|(nothing, _)| *nothing) {
            problems.push(
                Problem::error("out-of-range", "this must be more than nothing")
                    .at(span.cloned().unwrap_or_default(), "here"),
            );
        }
        let from = self.from.as_ref().map_or(SimTime::ZERO, |from| context.instant(from, problems));
        let weeks = |weeks: f64| Length::new(weeks, TimeUnit::Week);
        Some(Review {
            team,
            watch,
            at: times(closes, from, every.max(SimDuration::from_minutes(1))),
            tickets_per_agent: tickets_per_agent.max(1e-6),
            at_most: self.at_most.as_ref().map_or(AT_MOST, |most| most.value),
            recruiting: wall(&self.recruiting, weeks(attrition::RECRUITING.value), problems),
            training: wall(&self.training, weeks(attrition::TRAINING.value), problems),
            ramp: RampSpec::compile(self.ramp.as_ref(), problems),
            notice: wall(&self.notice, weeks(NOTICE.value), problems),
        })
    }
}

/// The closes at which a review takes place: the first at or after its beginning, and then each
/// first one after so long.
fn times(closes: &[SimTime], from: SimTime, every: SimDuration) -> Vec<SimTime> {
    let mut next = from;
    let mut at = Vec::new();
    for close in closes {
        if *close >= next {
            at.push(*close);
            next = *close + every;
        }
    }
    at
}

impl Review {
    /// How many extra people are asked for from now, after so many: `tickets` of the team wait or are
    /// in work, `overdue` of them past the promised solution.
    pub fn asks_for(&self, before: u32, tickets: u32, overdue: u32) -> u32 {
        let gap = match self.watch {
            Watch::Backlog(target) => f64::from(tickets) - f64::from(target),
            Watch::Overdue(share) => f64::from(overdue) - share * f64::from(tickets),
        };
        let wanted = f64::from(before) + (gap / self.tickets_per_agent).trunc();
        wanted.clamp(0.0, f64::from(self.at_most)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::learning::Curve;

    fn review(watch: Watch) -> Review {
        Review {
            team: TeamId(0),
            watch,
            at: Vec::new(),
            tickets_per_agent: 50.0,
            at_most: 6,
            recruiting: SimDuration::ZERO,
            training: SimDuration::ZERO,
            ramp: Ramp {
                start: 1.0,
                over: SimDuration::from_days(1),
                curve: Curve::Linear,
                reopens: 1.0,
            },
            notice: SimDuration::ZERO,
        }
    }

    #[test]
    fn an_agent_for_every_fifty_tickets_too_many() {
        let review = review(Watch::Backlog(200));
        assert_eq!(review.asks_for(0, 349, 0), 2);
        assert_eq!(review.asks_for(2, 349, 0), 4);
        assert_eq!((review.asks_for(4, 5000, 0), review.asks_for(1, 0, 0)), (6, 0));
        assert_eq!(review.asks_for(3, 151, 0), 3);
    }

    #[test]
    fn or_for_every_fifty_overdue_beyond_a_share() {
        let review = review(Watch::Overdue(0.1));
        assert_eq!((review.asks_for(0, 500, 150), review.asks_for(5, 1000, 0)), (2, 3));
    }

    #[test]
    fn it_takes_place_at_closes() {
        let day = |n: f64| SimTime::from_hours(24.0 * n);
        let closes: Vec<SimTime> = [0.75, 1.75, 4.75, 5.75, 6.75].map(day).to_vec();
        let two = SimDuration::from_days(2);
        assert_eq!(times(&closes, day(1.0), two), [1.75, 4.75, 6.75].map(day));
    }
}
