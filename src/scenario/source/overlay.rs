//! Laying one text over another: a scenario over the one it extends, overrides over both.

use super::Source;
use crate::model::arrivals::WAYS;
use crate::problem::{Problem, Problems, Span, nearest};
use crate::scenario::short::stands_for;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// Lays one table over another: tables merge, also with short forms, lists of tables grow, everything else
/// is replaced.
/// An empty list empties the list below it, and numbers pick from it (`hires.0.agents = 3`).
pub(super) fn lay_over<'a>(below: &mut DeTable<'a>, above: DeTable<'a>) {
    for (key, value) in above {
        let name: &str = key.get_ref();
        let is_arrivals = name == "arrivals";
        let Some(old) = below.get_mut(name) else {
            below.insert(key, value);
            continue;
        };
        let span = value.span();
        if matches!(value.get_ref(), DeValue::Table(_)) {
            write_in_full(name, old);
        }
        match (old.get_mut(), value.into_inner()) {
            (DeValue::Table(old), DeValue::Table(new)) => {
                if is_arrivals {
                    forget_other_ways(old, |key| new.contains_key(key));
                }
                lay_over(old, new);
            }
            (DeValue::Array(old), DeValue::Array(new)) if adds_tables(old, &new) => {
                new.into_iter().for_each(|item| old.push(item));
            }
            (DeValue::Array(old), DeValue::Table(new)) if picks_tables(old, &new) => {
                for (place, item) in new {
                    let below = place.get_ref().parse().ok().and_then(|at: usize| old.get_mut(at));
                    if let (Some(DeValue::Table(below)), DeValue::Table(item)) =
                        (below.map(Spanned::get_mut), item.into_inner())
                    {
                        lay_over(below, item);
                    }
                }
            }
            (_, new) => *old = Spanned::new(span, new),
        }
    }
}

/// Whether every key is the place of a table in the list, counted from 0, and brings a table.
fn picks_tables(old: &[Spanned<DeValue<'_>>], new: &DeTable<'_>) -> bool {
    let is_table = |value: &Spanned<DeValue<'_>>| matches!(value.get_ref(), DeValue::Table(_));
    !new.is_empty()
        && new.iter().all(|(place, item)| {
            let below = place.get_ref().parse().ok().and_then(|at: usize| old.get(at));
            is_table(item) && below.is_some_and(is_table)
        })
}

/// Demand can be written in several ways, and whoever writes it anew in another way than the text below
/// means that one alone.
fn forget_other_ways(below: &mut DeTable<'_>, is_written: impl Fn(&str) -> bool) {
    let (above, others): (Vec<&[&str]>, Vec<&[&str]>) =
        WAYS.iter().partition(|way| way.iter().any(|key| is_written(key)));
    if !above.is_empty() {
        others.into_iter().flatten().for_each(|key| drop(below.remove(*key)));
    }
}

fn adds_tables(old: &[Spanned<DeValue<'_>>], new: &[Spanned<DeValue<'_>>]) -> bool {
    let is_table = |value: &Spanned<DeValue<'_>>| matches!(value.get_ref(), DeValue::Table(_));
    !new.is_empty() && old.iter().chain(new).all(is_table)
}

/// Applies an override `path=value`. A path is keys joined by dots; a number picks from a list.
pub(super) fn apply<'a>(table: &mut DeTable<'a>, source: &'a Source, problems: &mut Problems) {
    let all = source.base..source.base + source.text.len();
    let Some((path, _)) = source.text.split_once('=') else {
        problems.push(
            Problem::error("wrong-override", "an override is written path=value")
                .at(all, "no `=` here")
                .help("write --set teams.front-line.agents=30"),
        );
        return;
    };
    let place = source.base..source.base + path.len();
    if let Some(problem) = unknown_entry(table, path.trim(), &place) {
        problems.push(problem);
        return;
    }
    let parsed = DeTable::parse(&source.padded).ok();
    let value = parsed.and_then(|table| table.into_inner().remove("_")).unwrap_or_else(|| {
        // Anything that is no TOML is taken as text, so that quotes can be left out.
        let text = DeString::Borrowed(source.text[path.len() + 1..].trim());
        Spanned::new(place.end + 1..all.end, DeValue::String(text))
    });
    if let Err(message) = put(table, path.trim(), place.clone(), value) {
        problems.push(Problem::error("wrong-override", message).at(place, "this path"));
    }
}

/// Why an override would change nothing: it names no key, or an entry that the scenario does not
/// have. Whoever misspells a team wants to hear of it, and not to found another one.
fn unknown_entry(table: &DeTable<'_>, path: &str, place: &Span) -> Option<Problem> {
    const NAMED: [&str; 5] = ["calendars", "profiles", "tickets", "teams", "automation"];
    let wrong =
        |message: String| Problem::error("wrong-override", message).at(place.clone(), "this path");
    let mut keys = path.split('.');
    let (section, entry) = (keys.next()?, keys.next());
    if path.split('.').any(|key| key.trim().is_empty()) {
        let problem = wrong("a key is missing in front of `=`".to_string());
        return Some(problem.help("write --set teams.front-line.agents=30"));
    }
    if section == "variants" {
        return Some(wrong(
            "a variant is chosen, not set: nothing of it is in force here".to_string(),
        ));
    }
    let entry = entry.filter(|_| NAMED.contains(&section) && keys.next().is_some())?;
    let known: Vec<&str> = match table.get(section).map(Spanned::get_ref) {
        Some(DeValue::Table(known)) => known.keys().map(|key| &**key.get_ref()).collect(),
        _ => Vec::new(),
    };
    if known.contains(&entry) {
        return None;
    }
    let help = match nearest(entry, known.iter().copied()) {
        Some(near) => format!("did you mean `{section}.{near}`?"),
        None if known.is_empty() => format!("the scenario has no {section}"),
        None => format!("the scenario has {}", known.join(", ")),
    };
    Some(wrong(format!("there is no `{section}.{entry}` to change")).help(help))
}

/// Writes the short form of a mechanism in full: `handle = "6 min"` is a mean, and what else there is to a
/// handle time can be set beside it.
fn write_in_full<'a>(name: &str, value: &mut Spanned<DeValue<'a>>) {
    let full = match value.get_ref() {
        DeValue::Boolean(true) => None,
        DeValue::Table(_) | DeValue::Array(_) | DeValue::Boolean(false) => return,
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => {
            let Some(key) = stands_for(name) else { return };
            Some((Spanned::new(value.span(), DeString::Borrowed(key)), value.clone()))
        }
    };
    *value = Spanned::new(value.span(), DeValue::Table(full.into_iter().collect()));
}

fn put<'a>(
    table: &mut DeTable<'a>,
    path: &'a str,
    span: Span,
    value: Spanned<DeValue<'a>>,
) -> Result<(), String> {
    let (first, rest) = match path.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (path, None),
    };
    let key = Spanned::new(span.clone(), DeString::Borrowed(first));
    let Some(rest) = rest else {
        table.insert(key, value);
        return Ok(());
    };
    if table.get(first).is_none() {
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(format!("the scenario has no `{first}` to pick from"));
        }
        table.insert(key, Spanned::new(span.clone(), DeValue::Table(DeTable::new())));
    }
    if let Some(value) = table.get_mut(first) {
        write_in_full(first, value);
    }
    match table.get_mut(first).map(Spanned::get_mut) {
        Some(DeValue::Table(inner)) => {
            if first == "arrivals" {
                forget_other_ways(inner, |key| key == rest);
            }
            put(inner, rest, span, value)
        }
        Some(DeValue::Array(list)) => {
            let pair = rest.split_once('.');
            let (place, rest) =
                pair.ok_or_else(|| format!("`{first}` is a list; write {first}.0.key=value"))?;
            let length = list.len();
            let item = place.parse::<usize>().ok().and_then(|place| list.get_mut(place));
            match item.map(Spanned::get_mut) {
                Some(DeValue::Table(inner)) => put(inner, rest, span, value),
                _ => Err(format!(
                    "`{first}` has no entry `{place}`; it has {length}, counted from 0"
                )),
            }
        }
        _ => Err(format!("`{first}` is a single value and has no keys")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::source::Sources;

    fn keys(below: &str, above: &str) -> Vec<String> {
        let mut table = DeTable::parse(below).unwrap().into_inner();
        lay_over(&mut table, DeTable::parse(above).unwrap().into_inner());
        let Some(DeValue::Table(arrivals)) = table.get("arrivals").map(Spanned::get_ref) else {
            panic!("there are arrivals")
        };
        let mut keys: Vec<String> = arrivals.keys().map(|key| key.get_ref().to_string()).collect();
        keys.sort();
        keys
    }

    #[test]
    fn demand_written_another_way_replaces_the_one_below() {
        let below = "arrivals = { per_day = 90, profile = \"flat\" }";
        assert_eq!(keys(below, "arrivals.per_week = 700"), ["per_week", "profile"]);
        assert_eq!(keys(below, "arrivals.every = \"5 min\""), ["every", "profile"]);
        assert_eq!(keys(below, "arrivals.busyness_cv = 0"), ["busyness_cv", "per_day", "profile"]);
        let below = "arrivals = { customers = 900, contact_rate = \"8% per week\" }";
        let above = "arrivals.contact_rate = \"6% per week\"";
        assert_eq!(keys(below, above), ["contact_rate", "customers"]);
        // Two ways at once above are the writer's own mistake, to be told.
        assert_eq!(
            keys(below, "arrivals = { per_day = 1, every = \"1 h\" }"),
            ["every", "per_day"]
        );
    }

    #[test]
    fn a_short_form_is_written_in_full_where_something_is_laid_over_it() {
        let laid = |below: &str, above: &str| {
            let mut table = DeTable::parse(below).unwrap().into_inner();
            lay_over(&mut table, DeTable::parse(above).unwrap().into_inner());
            let Some(DeValue::Table(full)) = table.values().next().map(Spanned::get_ref) else {
                panic!("one table")
            };
            let mut keys: Vec<String> = full.keys().map(|key| key.get_ref().to_string()).collect();
            keys.sort();
            keys
        };
        assert_eq!(laid("reopen = \"5%\"", "reopen.after = \"2 d\""), ["after", "share"]);
        assert_eq!(laid("fatigue = true", "fatigue.usual = \"7 h\""), ["usual"]);
    }

    #[test]
    fn numbers_pick_from_a_list() {
        let below = "hires = [{ agents = 2 }, { agents = 3 }]";
        let agents = |above: &str| -> Option<Vec<String>> {
            let mut table = DeTable::parse(below).unwrap().into_inner();
            lay_over(&mut table, DeTable::parse(above).unwrap().into_inner());
            let DeValue::Array(hires) = table.get("hires")?.get_ref() else { return None };
            let of = |hire: &Spanned<DeValue<'_>>| {
                let DeValue::Table(hire) = hire.get_ref() else { return None };
                hire.get("agents")?.get_ref().as_integer().map(ToString::to_string)
            };
            hires.iter().map(of).collect()
        };
        let all = |numbers: [&str; 2]| Some(numbers.map(String::from).to_vec());
        assert_eq!(agents("hires.1.agents = 7"), all(["2", "7"]));
        assert_eq!(agents("hires.2.agents = 7"), None, "there is no third one to change");
    }

    #[test]
    fn an_override_may_write_demand_another_way() {
        let text = "[tickets.calls]\narrivals = { per_day = 90, profile = \"flat\" }\n";
        let set = ["tickets.calls.arrivals.per_week=700".to_string()];
        let mut problems = Problems::default();
        let sources = Sources::from_text("x.toml", text, &set);
        let shown = format!("{:?}", sources.merge(&mut problems));
        assert!(
            problems.iter().next().is_none()
                && shown.contains("per_week")
                && !shown.contains("per_day")
        );
    }
}
