//! Notices: the desk tells customers about a known issue before they ask.
//!
//! *In a manager's words*: "we put a banner up and wrote to everybody who waits: the carrier is
//! late, you will have an answer by Friday. A third of the mails never came. On Saturday they did."
//!
//! *Assumption*: while a notice is up, a share of those it reaches do not write at all; those who
//! wait, and those who write all the same, ask again less often and are more patient for a time, or
//! until the promised date. Past that date they ask the more, until somebody answers (see `mood`).
//! Who is reached and who stays away is each customer's own mark, so that another plan meets the
//! same customers. *Source*: M29 of the catalogue; B16, L6.

use super::context::{Context, wall};
use super::money::Cost;
use super::told::{Effect, PAST_PROMISE, Told};
use crate::dist::happens;
use crate::evidence::{Evidence, Grade};
use crate::ids::ClassId;
use crate::problem::{Problem, Problems};
use crate::rng::{Key, Purpose};
use crate::time::{SimDuration, SimTime};
use crate::written::{Amount, Factor, Length, Moment, Share, TimeUnit, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Share of the customers reached who do not write.
pub const FEWER: Evidence = Evidence {
    key: "notices.fewer",
    value: 0.35,
    unit: "share",
    range: (0.30, 0.80),
    grade: Grade::C,
    source: "status contacts -30 to -50 % (get-squire.com, bookbag.ai), -50 to -80 % by vendors",
};

/// How much less those who wait ask again or give up.
pub const CALMS: Evidence = Evidence {
    key: "notices.calms",
    value: 0.40,
    unit: "share",
    range: (0.0, 0.6),
    grade: Grade::J,
    source: "our judgement",
};

/// How long a notice stays up.
pub const LASTS: Evidence = Evidence {
    key: "notices.lasts",
    value: 3.0,
    unit: "d",
    range: (1.0, 14.0),
    grade: Grade::J,
    source: "our judgement",
};

/// Share of the customers whom a notice reaches.
pub const REACH: Evidence = Evidence {
    key: "notices.reach",
    value: 1.0,
    unit: "share",
    range: (0.3, 1.0),
    grade: Grade::J,
    source: "the published effects are those on all customers, whether they saw it or not",
};

/// A notice as written.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeSpec {
    /// What it is called in charts.
    #[serde(default)]
    pub name: Option<Written<String>>,
    /// Ticket classes it is about; all of them where none is named.
    #[serde(default)]
    pub tickets: Vec<Written<String>>,
    /// When it goes out.
    pub from: Written<Moment>,
    /// How long it stays up and is believed; until the promised date where one is written.
    #[serde(default)]
    pub lasts: Option<Written<Length>>,
    /// Share of the customers whom it reaches.
    #[serde(default)]
    pub reach: Option<Written<Share>>,
    /// Share of them who then do not write.
    #[serde(default)]
    pub fewer: Option<Written<Share>>,
    /// How much less the others ask again or give up while it holds.
    #[serde(default)]
    pub calms: Option<Written<Share>>,
    /// A date by which it promises an answer …
    #[serde(default)]
    pub promised_by: Option<Written<Moment>>,
    /// … or a time within which it does, counted from when a customer reads it.
    #[serde(default)]
    pub promised_within: Option<Written<Length>>,
    /// How much faster customers ask again or give up once that has passed: 1.5 or "+50%".
    #[serde(default)]
    pub past_promise: Option<Written<Factor>>,
    /// What it costs, once.
    #[serde(default)]
    pub cost: Option<Written<Amount>>,
}

/// What a notice promises.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Promised {
    /// Nothing.
    Nothing,
    /// An answer by that date.
    By(SimTime),
    /// An answer within so long of reading it.
    Within(SimDuration),
}

/// A notice to the customers of a class.
#[derive(Clone, PartialEq, Debug)]
pub struct Notice {
    /// Its number, by which customers' marks are drawn.
    pub number: u16,
    /// When it goes out.
    pub from: SimTime,
    /// When it is taken down.
    pub until: SimTime,
    /// Probability that a customer sees it.
    pub p_reach: f64,
    /// Probability that one who sees it does not write.
    pub p_stays_away: f64,
    /// What it promises.
    pub promised: Promised,
    /// What it does to those who wait.
    pub effect: Effect,
}

/// A notice and the classes it is about.
#[derive(Clone, PartialEq, Debug)]
pub struct Broadcast {
    /// What the planner calls it.
    pub name: String,
    /// The classes it is about.
    pub classes: Vec<ClassId>,
    /// What their customers are told; nothing where it has no effect.
    pub notice: Option<Notice>,
    /// When it goes out.
    pub from: SimTime,
    /// When it is taken down.
    pub until: SimTime,
    /// What it costs.
    pub cost: Option<Cost>,
}

impl NoticeSpec {
    /// The notice this describes, as the scenario's `number`-th.
    pub fn compile(
        &self,
        number: usize,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Broadcast {
        let share = |written: &Option<Written<Share>>, default: Evidence| {
            written.as_ref().map_or(default.value, |share| share.value.0)
        };
        let (from, promised) = self.promise(context, problems);
        let lasts = wall(&self.lasts, Length::new(LASTS.value, TimeUnit::Day), problems);
        if let Some(written) = self.lasts.as_ref().filter(|_| lasts <= SimDuration::ZERO) {
            problems.push(
                Problem::error("zero-time", "a notice stays up longer than no time")
                    .at(written.span.clone(), "here"),
            );
        }
        let until = match promised {
            // Nobody leaves a date up that has passed.
            Promised::By(date) if self.lasts.is_none() => date,
            Promised::By(date) => date.min(from + lasts),
            Promised::Nothing | Promised::Within(_) => from + lasts,
        };
        let past = self.past_promise.as_ref().map_or(PAST_PROMISE.value, |past| past.value.0);
        let effect = Effect { calm: 1.0 - share(&self.calms, CALMS), past };
        let notice = Notice {
            number: number as u16,
            from,
            until,
            p_reach: share(&self.reach, REACH),
            p_stays_away: share(&self.fewer, FEWER),
            promised,
            effect,
        };
        let idle = notice.p_stays_away == 0.0 && effect.is_none(promised != Promised::Nothing);
        Broadcast {
            name: self.name.as_ref().map_or("notice", |name| &name.value).to_string(),
            classes: context.tickets(&self.tickets, problems),
            notice: (notice.p_reach > 0.0 && !idle).then_some(notice),
            from,
            until,
            cost: self.cost.clone().map(|amount| Cost { at: from, amount, is_tool: false }),
        }
    }

    /// When it goes out, and what it promises.
    fn promise(&self, context: &Context<'_>, problems: &mut Problems) -> (SimTime, Promised) {
        match (&self.promised_by, &self.promised_within) {
            (Some(by), within) => {
                if let Some(within) = within {
                    problems.push(
                        Problem::error("two-promises", "a notice promises one date, not two")
                            .at(within.span.clone(), "the second promise")
                            .at(by.span.clone(), "the first")
                            .help("keep promised_by or promised_within"),
                    );
                }
                let (from, by) = context.period(&self.from, by, problems);
                (from, Promised::By(by))
            }
            (None, Some(within)) => {
                let span = wall(&self.promised_within, within.value, problems);
                (context.instant(&self.from, problems), Promised::Within(span))
            }
            (None, None) => (context.instant(&self.from, problems), Promised::Nothing),
        }
    }
}

impl Notice {
    /// Whether a customer sees it, and would then not write.
    fn marks(&self, key: Key) -> (bool, bool) {
        let mut chance = key.draw(Purpose::Notice, u64::from(self.number));
        let sees = happens(self.p_reach, &mut chance);
        (sees, sees && happens(self.p_stays_away, &mut chance))
    }

    /// Whether it keeps a customer from writing who otherwise would write now.
    #[inline]
    pub fn keeps_away(&self, key: Key, now: SimTime) -> bool {
        self.from <= now && now < self.until && self.marks(key).1
    }

    /// Probability that a customer writes then who otherwise would.
    pub fn p_writes(&self, at: SimTime) -> f64 {
        let is_up = self.from <= at && at < self.until;
        if is_up { 1.0 - self.p_reach * self.p_stays_away } else { 1.0 }
    }

    /// What the customer of a ticket is told and when, if they see it: those who wait when it goes
    /// out, and those who write while it is up.
    pub fn told(&self, key: Key, created_at: SimTime) -> Option<Told> {
        if created_at >= self.until || !self.marks(key).0 {
            return None;
        }
        let at = self.from.max(created_at);
        let (holds_until, promises) = match self.promised {
            Promised::Nothing => (self.until, false),
            Promised::By(date) => (date, true),
            Promised::Within(span) => (at.saturating_add(span), true),
        };
        Some(Told { at, holds_until, promises, effect: self.effect })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(p_reach: f64, p_stays_away: f64) -> Notice {
        Notice {
            number: 2,
            from: SimTime::from_hours(10.0),
            until: SimTime::from_hours(20.0),
            p_reach,
            p_stays_away,
            promised: Promised::Nothing,
            effect: Effect { calm: 0.6, past: 1.5 },
        }
    }

    #[test]
    fn it_keeps_its_share_of_those_it_reaches_away_while_it_is_up() {
        let half = notice(0.5, 0.6);
        let n = 20_000;
        let away = |hour: f64| {
            let now = SimTime::from_hours(hour);
            (0..n).filter(|i| half.keeps_away(Key(4).nth(*i), now)).count() as f64 / n as f64
        };
        assert_eq!((away(9.9), away(20.0)), (0.0, 0.0));
        let standard_error = (0.3 * 0.7 / n as f64).sqrt();
        assert!((away(10.0) - 0.3).abs() < 4.0 * standard_error, "{}", away(10.0));
    }

    #[test]
    fn a_stronger_notice_keeps_the_same_customers_away_and_more() {
        let (weak, strong) = (notice(0.8, 0.3), notice(0.8, 0.5));
        let now = SimTime::from_hours(12.0);
        let keys = (0..2000).map(|i| Key(8).nth(i));
        assert!(keys.into_iter().all(|k| !weak.keeps_away(k, now) || strong.keeps_away(k, now)));
    }

    #[test]
    fn those_who_wait_hear_it_when_it_goes_out_and_newcomers_when_they_come() {
        let told = |hour: f64| notice(1.0, 0.0).told(Key(1), SimTime::from_hours(hour));
        assert_eq!(told(3.0).unwrap().at.hours(), 10.0);
        assert_eq!(told(15.0).unwrap().at.hours(), 15.0);
        assert_eq!(told(20.0), None);
    }
}
