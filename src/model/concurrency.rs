//! Concurrency: agents who hold several chats at once.
//!
//! *In a manager's words*: "everybody has up to three chats open; each takes a little longer the more
//! there are."
//!
//! *Assumption*: an agent shares their time equally among the tickets in hand: with k of them each
//! takes f(k) times as long as alone, and what is left of every one is stretched or shortened whenever
//! one comes or goes. Attention divided errs: the more are in hand when one is taken, itself counted, the
//! oftener its solution comes back. A newcomer goes to whoever has the fewest, idle agents first; of several to the
//! one whose number has not changed for longest. Only tickets of the classes named are held side by
//! side; anything else is done alone, and not beside them. Whoever owes a break, or goes home, takes no
//! more; the end of a shift or a call away acts on all of them alike. They are never laid aside for
//! others. *Source*: M19 of the catalogue; B13; processor sharing: Kleinrock 1976; chats: Tezcan and
//! Zhang 2014.

use super::context::Context;
use crate::evidence::{Evidence, Grade};
use crate::ids::ClassId;
use crate::problem::{Problem, Problems};
use crate::written::{Brief, Factor, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Chats that an agent holds at once.
pub const AT_ONCE: Evidence = Evidence {
    key: "teams.*.concurrency.at_once",
    value: 3.0,
    unit: "chats",
    range: (2.0, 5.0),
    grade: Grade::C,
    source: "limits of 3, 4 and 5 tried against each other: reply after 28, 45, 118 s, CSAT 4.3, 4.0, 3.5",
};

/// Factor on the time each takes for every further one.
pub const SLOWER: Evidence = Evidence {
    key: "teams.*.concurrency.slower",
    value: 1.15,
    unit: "factor",
    range: (1.1, 1.36),
    grade: Grade::C,
    source: "three at once instead of two yield 25 to 35 % more, not 50 %; handle times of 18, 22 and 30 min at 1.5, 2.5 and 3.5 (practitioners)",
};

/// Factor on the share of solutions that come back, for every further one in hand.
pub const REOPENS: Evidence = Evidence {
    key: "teams.*.concurrency.reopens",
    value: 1.2,
    unit: "factor",
    range: (1.0, 1.5),
    grade: Grade::C,
    source: "contacts solved at once: 88, 82 and 74 % at 1.5, 2.5 and 3.5 in hand (practitioners), so that what is not grows by 1.47 each; cautious, since not all of it comes back",
};

/// Most tickets that anybody can hold.
const MOST: u32 = 100;

/// Concurrency as written: how many at once, or a table.
pub type ConcurrencySpec = Brief<u32, ConcurrencyTable>;

/// Concurrency written in full.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConcurrencyTable {
    /// How many tickets an agent holds at once.
    pub at_once: Option<Written<u32>>,
    /// How much longer each takes for every further one.
    pub slower: Option<Written<Factor>>,
    /// Instead: how long each takes while 1, 2, 3 … are held; the last one holds for more.
    pub handle: Vec<Written<Factor>>,
    /// How much oftener its solution comes back for every further one in hand when it is taken.
    pub reopens: Option<Written<Factor>>,
    /// Ticket classes held side by side; those that come by chat where none is named.
    pub tickets: Vec<Written<String>>,
}

/// How a team's agents hold tickets side by side.
#[derive(Clone, PartialEq, Debug)]
pub struct Concurrency {
    /// Classes that are.
    pub tickets: Vec<ClassId>,
    /// How many at once.
    pub at_once: u32,
    /// How long each takes while 1, 2, 3 … are held, as a factor.
    handle: Box<[f64]>,
    /// Factor on the share of solutions that come back, for every further one in hand.
    reopens: f64,
}

/// The concurrency of a team whose classes come by those channels; none where agents hold one ticket
/// at a time.
pub fn compile(
    spec: Option<&Written<ConcurrencySpec>>,
    channels: &[&str],
    context: &Context<'_>,
    problems: &mut Problems,
) -> Option<Concurrency> {
    let written = spec?;
    let full = match &written.value {
        Brief::Short(at_once) => ConcurrencyTable {
            at_once: Some(Written { value: *at_once, span: written.span.clone() }),
            ..ConcurrencyTable::default()
        },
        Brief::Full(full) => full.clone(),
    };
    let at_once = full.at_once.as_ref().map_or(AT_ONCE.value as u32, |n| n.value);
    if let Some(n) = full.at_once.as_ref().filter(|n| !(1..=MOST).contains(&n.value)) {
        problems.push(
            Problem::error(
                "out-of-range",
                format!("an agent holds from 1 to {MOST} tickets at once"),
            )
            .at(n.span.clone(), "here"),
        );
    }
    let none = full.handle.iter().chain(&full.slower).filter(|factor| factor.value.0 <= 0.0);
    for factor in none {
        problems.push(
            Problem::error("zero-time", "at this factor a ticket takes no time")
                .at(factor.span.clone(), "a factor above zero"),
        );
    }
    if let Some(slower) = &full.slower {
        slower.at_least_one("makes each ticket go faster the more are in hand", problems);
    }
    let mut tickets: Vec<ClassId> = if full.tickets.is_empty() {
        let chats = (0..channels.len()).filter(|class| channels[*class] == "chat");
        chats.map(ClassId::new).collect()
    } else {
        context.tickets(&full.tickets, problems)
    };
    tickets.sort_unstable();
    if tickets.is_empty() {
        problems.push(
            Problem::warning("nothing-at-once", "no ticket class is held side by side")
                .at(written.span.clone(), "this changes nothing")
                .help("write channel = \"chat\" in a ticket class, or tickets = [...] here"),
        );
        return None;
    }
    let slower = full.slower.as_ref().map_or(SLOWER.value, |factor| factor.value.0);
    let concurrency = if full.handle.is_empty() {
        let handle = (0..at_once.min(MOST)).map(|further| slower.powi(further as i32));
        Concurrency::new(tickets, at_once, handle)
    } else {
        Concurrency::new(tickets, at_once, full.handle.iter().map(|factor| factor.value.0))
    };
    let reopens = full.reopens.as_ref().map_or(REOPENS.value, |factor| factor.value.0);
    concurrency.map(|concurrency| concurrency.with_errors(reopens))
}

impl Concurrency {
    /// So many tickets at once, each taking so long while 1, 2, 3 … are held; none where that means
    /// one at a time, or a factor is not positive.
    pub fn new(
        tickets: Vec<ClassId>,
        at_once: u32,
        handle: impl IntoIterator<Item = f64>,
    ) -> Option<Concurrency> {
        let handle: Box<[f64]> = handle.into_iter().collect();
        let fine = handle.iter().all(|factor| factor.is_finite() && *factor > 0.0);
        let some = !tickets.is_empty() && !handle.is_empty() && at_once > 1;
        (some && fine).then_some(Concurrency { tickets, at_once, handle, reopens: 1.0 })
    }

    /// The same where a solution comes back so much oftener for every further one in hand.
    pub fn with_errors(self, reopens: f64) -> Concurrency {
        Concurrency { reopens, ..self }
    }

    /// Whether what is in hand bears on how often solutions come back.
    pub fn errs(&self) -> bool {
        self.reopens != 1.0
    }

    /// Factor on the share of solutions that come back, of a ticket that is the so-manieth in hand.
    #[inline]
    pub fn reopen_factor(&self, held: usize) -> f64 {
        self.reopens.powi(held.saturating_sub(1) as i32)
    }

    /// Whether tickets of a class are held side by side.
    #[inline]
    pub fn shares(&self, class: ClassId) -> bool {
        self.tickets.contains(&class)
    }

    /// How many agents one is worth at best who holds several.
    pub fn yields(&self) -> f64 {
        let yields = (1..=self.at_once as usize).map(|held| held as f64 / self.handle(held));
        yields.fold(1.0, f64::max)
    }

    /// How long each ticket takes while so many are held, relative to its handle time.
    #[inline]
    pub fn handle(&self, held: usize) -> f64 {
        self.handle[held.clamp(1, self.handle.len()) - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_at_once_yield_thirty_percent_more_than_two() {
        let handle = (0..3).map(|further| SLOWER.value.powi(further));
        let chats = Concurrency::new(vec![ClassId(0)], 3, handle).unwrap();
        let yields = |held: usize| held as f64 / chats.handle(held);
        assert_eq!(yields(1), 1.0);
        assert!((yields(3) / yields(2) - 1.5 / 1.15).abs() < 1e-12);
        assert!((1.25..=1.35).contains(&(yields(3) / yields(2))));
        assert!((chats.yields() - 3.0 / 1.15_f64.powi(2)).abs() < 1e-12);
        assert_eq!(chats.handle(9), chats.handle(3), "the last one holds for more");
        assert_eq!([1, 2, 3].map(|held| chats.reopen_factor(held)), [1.0; 3]);
        let erring = chats.with_errors(1.5);
        assert_eq!([1, 2, 3].map(|held| erring.reopen_factor(held)), [1.0, 1.5, 2.25]);
    }

    #[test]
    fn one_at_a_time_is_none() {
        assert_eq!(Concurrency::new(vec![ClassId(0)], 1, [1.0]), None);
        assert_eq!(Concurrency::new(vec![], 3, [1.0]), None);
        assert_eq!(Concurrency::new(vec![ClassId(0)], 3, [1.0, 0.0]), None);
    }
}
