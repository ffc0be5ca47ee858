//! Keys that an experiment varies: the values of each, as `20..30:2`, as a list, or as a range
//! between two ends. A value is text as an override takes it.

use super::source::Sources;
use crate::problem::{Problem, Problems, Span};
use jiff::civil::Date;
use jiff::{Span as Days, Unit};
use toml::de::{DeTable, DeValue};

/// Levels of a range without a step.
const LEVELS: u32 = 5;

/// Most levels of one key.
const MOST_LEVELS: f64 = 1000.0;

/// A key and the values it takes.
#[derive(Clone, PartialEq, Debug)]
pub struct Factor {
    /// The key, as an override names it.
    pub key: String,
    /// Its values.
    pub values: Values,
}

/// The values that a key takes.
#[derive(Clone, PartialEq, Debug)]
pub enum Values {
    /// These.
    List(Vec<String>),
    /// All numbers between two ends.
    Range(Range),
}

/// Numbers or dates between two ends.
#[derive(Clone, PartialEq, Debug)]
pub struct Range {
    low: f64,
    high: f64,
    step: Option<f64>,
    kind: Kind,
    /// Whether its values are changes, each with its sign: "+10%" is not "10%".
    signed: bool,
}

/// What a range is of.
#[derive(Clone, PartialEq, Debug)]
enum Kind {
    /// Whole numbers with a unit, such as agents, per cent, minutes.
    Whole(String),
    /// Numbers with a unit.
    Real(String),
    /// Days since 1970.
    Date,
}

impl Factor {
    /// Reads `key=20..30:2`, `key=20..30` or `key=a,b,c`.
    ///
    /// *Errors*: a sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Factor, String> {
        let example = "write --vary teams.front-line.agents=20..30:2";
        let (key, values) =
            text.split_once('=').ok_or_else(|| format!("`{text}` names no values; {example}"))?;
        let key = key.trim();
        if key.is_empty() {
            return Err(format!("a key is missing in front of `=`; {example}"));
        }
        Ok(Factor { key: key.to_string(), values: Values::parse(values)? })
    }

    /// The override that gives the key a value.
    pub fn set(&self, value: &str) -> String {
        format!("{}={value}", self.key)
    }
}

impl Values {
    /// Reads the values of a key.
    ///
    /// *Errors*: a sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Values, String> {
        if text.contains("..") {
            return Range::parse(text).map(Values::Range);
        }
        let values: Vec<String> = text.split(',').map(|value| value.trim().to_string()).collect();
        if values.iter().any(String::is_empty) {
            return Err(format!("`{text}` is no list of values; write 20,25,30 or 20..30:5"));
        }
        Ok(Values::List(values))
    }

    /// All values of a list; of a range, those at its steps, or five evenly spread.
    pub fn levels(&self) -> Vec<String> {
        match self {
            Values::List(values) => values.clone(),
            Values::Range(range) => range.levels(),
        }
    }

    /// The value at a share of the way from the first to the last.
    pub fn at(&self, share: f64) -> String {
        match self {
            Values::List(values) => {
                let place = (share.clamp(0.0, 1.0) * values.len() as f64) as usize;
                values[place.min(values.len() - 1)].clone()
            }
            Values::Range(range) => range.at(share),
        }
    }
}

impl Range {
    fn parse(text: &str) -> Result<Range, String> {
        let wrong = |why: &str| format!("`{}` is no range: {why}", text.trim());
        let (low, rest) = text.split_once("..").ok_or_else(|| wrong("write 20..30"))?;
        let (high, step) = match rest.split_once(':') {
            Some((high, step)) => (high.trim(), Some(step.trim())),
            None => (rest.trim(), None),
        };
        let low = low.trim();
        if let (Ok(low), Ok(high)) = (low.parse::<Date>(), high.parse::<Date>()) {
            let days = |text: &str| {
                let number = text.trim_end_matches(|c: char| c.is_alphabetic()).trim();
                let weeks = if text.trim_end().ends_with(['k', 's']) && text.contains("week") {
                    7.0
                } else {
                    1.0
                };
                number.parse::<f64>().ok().filter(|n| *n >= 1.0).map(|n| n * weeks)
            };
            let step = step.map(|step| days(step).ok_or_else(|| wrong("a step is days or weeks")));
            let number = |date: Date| Self::day(date);
            return Range {
                low: number(low),
                high: number(high),
                step: step.transpose()?,
                kind: Kind::Date,
                signed: false,
            }
            .checked(text);
        }
        let signed = is_change(low) || is_change(high);
        let (low, unit_of_low) = number(low).ok_or_else(|| wrong("it begins with no number"))?;
        let (high, unit) = number(high).ok_or_else(|| wrong("it ends with no number"))?;
        if !unit_of_low.is_empty() && unit_of_low != unit {
            return Err(wrong("both ends have the same unit"));
        }
        let step = match step.map(number) {
            None => None,
            Some(Some((step, own))) if own.is_empty() || own == unit => Some(step),
            Some(_) => return Err(wrong("a step is a number in the same unit")),
        };
        let is_whole = |x: f64| x.fract() == 0.0;
        let whole = !text.replace("..", " ").contains('.')
            && [low, high].into_iter().chain(step).all(is_whole);
        let unit = unit.to_string();
        let kind = if whole { Kind::Whole(unit) } else { Kind::Real(unit) };
        Range { low, high, step, kind, signed }.checked(text)
    }

    fn checked(self, text: &str) -> Result<Range, String> {
        let wrong = |why: &str| Err(format!("`{}` is no range: {why}", text.trim()));
        if self.low >= self.high {
            return wrong("it begins below where it ends");
        }
        match self.step {
            Some(step) if step <= 0.0 => wrong("a step is above 0"),
            Some(step) if (self.high - self.low) / step > MOST_LEVELS => {
                wrong("it has more than a thousand steps")
            }
            _ => Ok(self),
        }
    }

    /// A range of numbers with a unit, whole or not.
    pub fn of(low: f64, high: f64, unit: &str, whole: bool) -> Range {
        let unit = unit.to_string();
        let kind = if whole { Kind::Whole(unit) } else { Kind::Real(unit) };
        Range { low, high, step: None, kind, signed: false }
    }

    /// The same, of changes where `signed`.
    pub fn signed(self, signed: bool) -> Range {
        Range { signed, ..self }
    }

    fn day(date: Date) -> f64 {
        let since = Date::constant(1970, 1, 1).until((Unit::Day, date));
        since.map_or(0.0, |span| f64::from(span.get_days()))
    }

    fn levels(&self) -> Vec<String> {
        let width = self.high - self.low;
        let Some(step) = self.step else {
            let mut levels: Vec<String> =
                (0..LEVELS).map(|i| self.at(f64::from(i) / f64::from(LEVELS - 1))).collect();
            levels.dedup();
            return levels;
        };
        let steps = (width / step + 1e-9).floor() as u32;
        (0..=steps).map(|i| self.written(self.low + f64::from(i) * step)).collect()
    }

    fn at(&self, share: f64) -> String {
        let share = share.clamp(0.0, 1.0);
        match self.kind {
            // Every whole number is as likely as the next; the ends are reached at 0 and 1.
            Kind::Whole(_) | Kind::Date => {
                let numbers = self.high - self.low + 1.0;
                let place = (share * numbers).floor().min(numbers - 1.0);
                self.written(self.low + place)
            }
            Kind::Real(_) => self.written(self.low + share * (self.high - self.low)),
        }
    }

    fn written(&self, value: f64) -> String {
        let with = |number: String, unit: &str| match unit {
            "" | "%" => number + unit,
            unit => format!("{number} {unit}"),
        };
        let sign = if self.signed && value >= 0.0 { "+" } else { "" };
        match &self.kind {
            Kind::Whole(unit) => with(format!("{sign}{value:.0}"), unit),
            Kind::Real(unit) => with(format!("{sign}{}", plain(value)), unit),
            Kind::Date => {
                let date = Date::constant(1970, 1, 1).checked_add(Days::new().days(value as i32));
                date.map_or(String::new(), |date| date.to_string())
            }
        }
    }
}

/// A number with six significant digits and no more than it needs.
pub fn plain(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_string();
    }
    let decimals = (5.0 - value.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    } else {
        text
    }
}

/// A number and the unit after it, `%` included.
pub fn number(text: &str) -> Option<(f64, &str)> {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | '_');
    let end = text.find(|c| !digits(c)).unwrap_or(text.len());
    let value = text[..end].replace('_', "").parse::<f64>().ok()?;
    Some((value, text[end..].trim()))
}

/// Whether a text is a change, in per cent with its sign: "+10%", "-20 %".
pub fn is_change(text: &str) -> bool {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    text.starts_with(['+', '-']) && text.ends_with('%')
}

/// The place of a value on an axis, where it is a number or a date.
pub fn place(value: &str) -> Option<f64> {
    match value.trim_matches(['"', '\'']).parse::<Date>() {
        Ok(date) => Some(Range::day(date)),
        Err(_) => number(value).map(|(number, _)| number),
    }
}

/// The factors that a table of the scenario holds, such as `sweep.vary`: its keys are those of the
/// scenario, in quotes or not. Wrong ones become problems.
pub fn written(sources: &Sources, path: &[&str], problems: &mut Problems) -> Vec<Factor> {
    let all = sources.merge(&mut Problems::default());
    let mut table = &all;
    for step in path {
        let Some(DeValue::Table(inner)) = table.get(*step).map(toml::Spanned::get_ref) else {
            return Vec::new();
        };
        table = inner;
    }
    let mut factors = Vec::new();
    walk(table, "", sources, &mut factors, problems);
    factors.sort_by_key(|(span, _)| span.start);
    factors.into_iter().map(|(_, factor)| factor).collect()
}

fn walk(
    table: &DeTable<'_>,
    at: &str,
    sources: &Sources,
    factors: &mut Vec<(Span, Factor)>,
    problems: &mut Problems,
) {
    let raw = |span: &Span| {
        let place = sources.locate(span);
        place.map_or(String::new(), |(source, at)| source.text[at].trim().to_string())
    };
    for (name, value) in table {
        let name: &str = name.get_ref();
        let key = if at.is_empty() { name.to_string() } else { format!("{at}.{name}") };
        let span = value.span();
        let values = match value.get_ref() {
            DeValue::Table(inner) => {
                walk(inner, &key, sources, factors, problems);
                continue;
            }
            DeValue::Array(items) if !items.is_empty() => {
                Ok(Values::List(items.iter().map(|item| raw(&item.span())).collect()))
            }
            DeValue::String(text) => Values::parse(text),
            DeValue::Array(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => Err("write a range or a list".to_string()),
        };
        match values {
            Ok(values) => factors.push((span, Factor { key, values })),
            Err(why) => problems.push(
                Problem::error("wrong-range", why)
                    .at(span, "these values")
                    .help("write \"20..30:2\" or [20, 25, 30]"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(text: &str) -> Vec<String> {
        Factor::parse(&format!("key={text}")).unwrap().values.levels()
    }

    #[test]
    fn ranges_and_lists_become_values() {
        assert_eq!(levels("20..30:5"), ["20", "25", "30"]);
        assert_eq!(levels("20..31:5"), ["20", "25", "30"]);
        assert_eq!(levels("0.1..0.2"), ["0.1", "0.125", "0.15", "0.175", "0.2"]);
        assert_eq!(levels("30..50%:10"), ["30%", "40%", "50%"]);
        assert_eq!(levels("30%..50%:10%"), ["30%", "40%", "50%"]);
        assert_eq!(levels("+5%..+15%:5%"), ["+5%", "+10%", "+15%"]);
        assert_eq!(levels("-10%..+10%:10"), ["-10%", "+0%", "+10%"]);
        assert_eq!(levels("4 h..12 h:4 h"), ["4 h", "8 h", "12 h"]);
        assert_eq!(
            levels("2026-11-16..2026-11-30:1 week"),
            ["2026-11-16", "2026-11-23", "2026-11-30"]
        );
        assert_eq!(levels("2026-11-16..2026-11-18:1"), ["2026-11-16", "2026-11-17", "2026-11-18"]);
        assert_eq!(levels("oldest, priority"), ["oldest", "priority"]);
        assert_eq!(levels("1..3"), ["1", "2", "3"]);
    }

    #[test]
    fn a_share_picks_a_value() {
        let at = |text: &str, share: f64| Values::parse(text).unwrap().at(share);
        assert_eq!([at("20..30", 0.0), at("20..30", 0.5), at("20..30", 1.0)], ["20", "25", "30"]);
        assert_eq!(at("0.02..0.5", 0.25), "0.14");
        assert_eq!([at("a,b,c", 0.0), at("a,b,c", 0.4), at("a,b,c", 1.0)], ["a", "b", "c"]);
    }

    #[test]
    fn what_is_no_range_is_told() {
        let told = |text: &str| Factor::parse(text).unwrap_err();
        assert!(told("agents").contains("names no values"));
        assert!(told("=3").contains("a key is missing"));
        assert_eq!(told("a=30..20"), "`30..20` is no range: it begins below where it ends");
        assert!(told("a=20..x").contains("it ends with no number"));
        assert!(told("a=4 h..8 d").contains("same unit"));
        assert!(told("a=1..9:0").contains("above 0"));
        assert!(told("a=1..90000:1").contains("thousand"));
        assert!(told("a=1,,2").contains("no list"));
    }

    #[test]
    fn numbers_are_written_plainly() {
        assert_eq!(
            [plain(0.12), plain(1e-4), plain(1_234_567.8), plain(0.0)],
            ["0.12", "0.0001", "1234568", "0"]
        );
        assert_eq!((number("30 %"), number("\"4 h\"")), (Some((30.0, "%")), Some((4.0, "h"))));
        assert!(place("2026-11-17").unwrap() - place("2026-11-16").unwrap() == 1.0);
    }

    #[test]
    fn a_table_of_the_scenario_holds_factors() {
        let text = "[sweep.vary]\nteams.desk.agents = \"4..6:1\"\n\"tickets.a.reopen\" = [\"5%\", \"10%\"]\nhires.0.agents = 3\n";
        let sources = Sources::from_text("desk.toml", text, &[]);
        let mut problems = Problems::default();
        let factors = written(&sources, &["sweep", "vary"], &mut problems);
        let keys: Vec<&str> = factors.iter().map(|factor| factor.key.as_str()).collect();
        assert_eq!(keys, ["teams.desk.agents", "tickets.a.reopen"]);
        assert_eq!(factors[1].values.levels(), ["\"5%\"", "\"10%\""]);
        assert_eq!(problems.iter().next().unwrap().code, "wrong-range");
    }
}
