//! Macros: ready answers that make the work on some tickets quicker.
//!
//! *In a manager's words*: "for a third of the questions there is a text to click; that takes half
//! the time, and a few more of those customers write again."
//!
//! *Assumption*: a macro fits a share of the tickets of its classes, by the ticket's own mark. From
//! its first day every touch of such a ticket takes less time, and its solutions may come back
//! oftener. Of several that fit the first is used. *Source*: M27 of the catalogue; article 3
//! ("scripts and reusable answers for frequent problems").

use super::context::Context;
use super::money::Cost;
use crate::dist::happens;
use crate::evidence::{Evidence, Grade};
use crate::ids::ClassId;
use crate::problem::Problems;
use crate::rng::{Key, Purpose};
use crate::time::SimTime;
use crate::written::{Amount, Factor, Moment, Share, Written};
use schemars::JsonSchema;
use serde::Deserialize;

/// Share of the tickets that a macro fits.
pub const FITS: Evidence = Evidence {
    key: "macros.fits",
    value: 0.30,
    unit: "share",
    range: (0.10, 0.60),
    grade: Grade::J,
    source: "our judgement",
};

/// Handle time of a ticket that a macro fits, relative to what it would take.
pub const HANDLE: Evidence = Evidence {
    key: "macros.handle",
    value: 0.7,
    unit: "factor",
    range: (0.4, 0.9),
    grade: Grade::J,
    source: "our judgement",
};

/// Share of solutions with a macro that come back, relative to those without.
pub const REOPENS: Evidence = Evidence {
    key: "macros.reopens",
    value: 1.0,
    unit: "factor",
    range: (1.0, 2.0),
    grade: Grade::J,
    source: "our judgement: a text that fits does no harm",
};

/// A macro as written.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MacroSpec {
    /// What it is called in charts.
    pub name: Option<Written<String>>,
    /// Ticket classes it answers; all of them where none is named.
    pub tickets: Vec<Written<String>>,
    /// When agents begin to use it; they always did where no date is written.
    pub from: Option<Written<Moment>>,
    /// Share of the tickets that it fits.
    pub fits: Option<Written<Share>>,
    /// Handle time of those, relative to what they would take: "-30%" or 0.7.
    pub handle: Option<Written<Factor>>,
    /// How much oftener their solutions come back: "+20%" or 1.2.
    pub reopens: Option<Written<Factor>>,
    /// What it costs to write, once.
    pub cost: Option<Written<Amount>>,
}

/// A ready answer for tickets of a class.
#[derive(Clone, PartialEq, Debug)]
pub struct Macro {
    /// Its number, by which tickets' marks are drawn.
    pub number: u16,
    /// When agents begin to use it.
    pub from: SimTime,
    /// Probability that it fits a ticket.
    pub p_fits: f64,
    /// Factor on the handle time of those.
    pub handle: f64,
    /// Factor on the share of their solutions that come back.
    pub reopens: f64,
}

/// A macro with the classes it answers.
#[derive(Clone, PartialEq, Debug)]
pub struct Text {
    /// What the planner calls it.
    pub name: String,
    /// The classes it answers.
    pub classes: Vec<ClassId>,
    /// What it does there; nothing where it has no effect.
    pub text: Option<Macro>,
    /// When it is first used, where that is during the run.
    pub from: Option<SimTime>,
    /// What it costs.
    pub cost: Option<Cost>,
}

impl MacroSpec {
    /// The macro this describes, as the scenario's `number`-th.
    pub fn compile(&self, number: usize, context: &Context<'_>, problems: &mut Problems) -> Text {
        let factor = |written: &Option<Written<Factor>>, default: Evidence| {
            written.as_ref().map_or(default.value, |factor| factor.value.0)
        };
        let from = self.from.as_ref().map(|from| context.instant(from, problems));
        let text = Macro {
            number: number as u16,
            from: from.unwrap_or(SimTime::from_micros(i64::MIN)),
            p_fits: self.fits.as_ref().map_or(FITS.value, |share| share.value.0),
            handle: factor(&self.handle, HANDLE),
            reopens: factor(&self.reopens, REOPENS),
        };
        let idle = text.p_fits == 0.0 || (text.handle == 1.0 && text.reopens == 1.0);
        let at = from.unwrap_or(SimTime::ZERO);
        Text {
            name: self.name.as_ref().map_or("macro", |name| &name.value).to_string(),
            classes: context.tickets(&self.tickets, problems),
            text: (!idle).then_some(text),
            from,
            cost: self.cost.clone().map(|amount| Cost { at, amount, is_tool: false }),
        }
    }
}

impl Macro {
    /// Whether an agent who works on that ticket now would use it.
    pub fn helps(&self, key: Key, now: SimTime) -> bool {
        self.from <= now && happens(self.p_fits, &mut key.draw(Purpose::Macro, self.number.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_helps_with_its_share_from_its_first_day() {
        let text = Macro {
            number: 1,
            from: SimTime::from_hours(5.0),
            p_fits: 0.25,
            handle: 0.5,
            reopens: 1.0,
        };
        let n = 20_000;
        let helped = |h: f64| {
            (0..n).filter(|i| text.helps(Key(3).nth(*i), SimTime::from_hours(h))).count() as f64
        };
        assert_eq!(helped(4.9), 0.0);
        let share = helped(5.0) / n as f64;
        assert!((share - 0.25).abs() < 4.0 * (0.25 * 0.75 / n as f64).sqrt(), "{share}");
    }
}
