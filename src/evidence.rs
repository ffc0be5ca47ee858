//! Where a default value comes from, and how far to trust it.

use std::fmt;

/// How good the evidence for a value is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Grade {
    /// Peer-reviewed paper, or primary documentation read directly.
    A,
    /// Practitioner reference, or vendor data with a stated sample.
    B,
    /// Vendor marketing or second-hand: a range to try, never a fact.
    C,
    /// Recalled; the source text was not at hand.
    R,
    /// Our own judgement or derivation.
    J,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// A default of the scenario language with its evidence.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Evidence {
    /// The key it is the default of; `*` stands for a name of the planner's own.
    pub key: &'static str,
    /// The default.
    pub value: f64,
    /// Unit of value and range, such as "min", "h", "d", "share", "per day".
    pub unit: &'static str,
    /// Lowest and highest published or plausible value.
    pub range: (f64, f64),
    /// How good the evidence is.
    pub grade: Grade,
    /// Where it comes from.
    pub source: &'static str,
}

impl Evidence {
    /// A value of its kind, with its unit.
    pub fn shown(&self, value: f64) -> String {
        let rounded = |value: f64| format!("{}", (value * 1e4).round() / 1e4);
        match self.unit {
            "share" => format!("{} %", rounded(value * 100.0)),
            unit => format!("{} {unit}", rounded(value)).trim_end().to_string(),
        }
    }

    /// The range of published or plausible values.
    pub fn range_shown(&self) -> String {
        let (low, high) = self.range;
        let bare = |value: f64| {
            let shown = self.shown(value);
            shown.split_once(' ').map_or(shown.clone(), |(number, _)| number.to_string())
        };
        format!("{} to {}", bare(low), self.shown(high))
    }

    /// What its grade means, in a word.
    pub fn standing(&self) -> &'static str {
        match self.grade {
            Grade::A => "published",
            Grade::B => "practice",
            Grade::C => "vendor figure",
            Grade::R => "recalled",
            Grade::J => "judged",
        }
    }
}
