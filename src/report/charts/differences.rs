//! What differs between plans: for each of a few measures, every plan's difference to the first
//! with its interval. Not two overlapping fans, from which nobody can read a difference.

use super::axis::Axis;
use super::canvas::{Canvas, Pen, Rect};
use super::frame::Frame;
use super::text;
use super::theme::{Align, BLUE, CAPTION, GREY, LABEL, REMARK, RULE, TICK, VERMILION, WHITE};
use super::{Chart, ChartError, dates, words};
use crate::outcome::measure::{Better, Unit, find};
use crate::report::compared::{difference, sentence};
use crate::report::comparison::{ComparisonResults, PairResult, figure};
use crate::report::text::{count, probability};
use crate::stats::Estimate;

/// Measures that are drawn, the most important first; the probability of clearance comes second.
const DRAWN: [&str; 5] =
    ["days_above", "total_cost", "peak_backlog", "first_reply_p90", "solution_attainment"];

/// Room for the figures at the right.
const FIGURES: f64 = 320.0;

/// Height of the title above a panel.
const TITLE: f64 = 24.0;

/// Height of the numbers below a panel.
const NUMBERS: f64 = 28.0;

/// Between the numbers of one panel and the title of the next.
const GAP: f64 = 12.0;

/// The least height of a row whose name can be read.
const ROW: f64 = 20.0;

/// A panel: one measure, a row for every plan but the first.
struct Strip {
    title: String,
    unit: Unit,
    better: Better,
    rows: Vec<Option<Estimate>>,
}

/// Draws the differences of a comparison.
///
/// *Errors*: the drawing library fails.
pub fn differences(results: &ComparisonResults) -> Result<Chart, ChartError> {
    Ok(Chart { name: "differences", svg: draw(results).svg()? })
}

fn draw(results: &ComparisonResults) -> Frame {
    let base = &results.plans[0];
    let pairs: Vec<&PairResult> =
        (1..results.plans.len()).filter_map(|plan| results.pair(plan, 0)).collect();
    let title = match pairs[..] {
        [pair] => words::capital(&without_brackets(&sentence(results, pair))),
        _ => words::capital(&many(results)),
    };
    let level = words::share(results.level);
    let subtitle = format!(
        "Difference to {} on the same customers, with {level} intervals. Blue is better, red is \
         worse, hollow may be no difference.",
        base.title
    );
    let mut frame = Frame::with_footer(&title, &subtitle, &footer(results));
    let mut strips = strips(results, &pairs);
    let body = frame.body;
    // As many as leave every row room to be read.
    let least = TITLE + NUMBERS + GAP + ROW * pairs.len() as f64;
    strips.truncate(((body.height() + GAP) / least).clamp(1.0, 6.0) as usize);
    let names = pairs.iter().map(|pair| results.plans[pair.plan].title.as_str());
    let names: Vec<String> = names.map(|name| text::shorten(name, LABEL, 250.0)).collect();
    let widest = names.iter().map(|name| text::width(name, LABEL)).fold(0.0, f64::max);
    // One plan needs no name beside its rows: the measure stands there instead.
    let beside = if pairs.len() == 1 { 0.0 } else { widest + 16.0 };
    let each = (body.height() + GAP) / strips.len().max(1) as f64;
    for (place, strip) in strips.iter().enumerate() {
        let top = body.top + each * place as f64;
        let left = body.left + beside.max(30.0);
        let foot = top + each - NUMBERS - GAP;
        let panel = Rect::new(left, top + TITLE, body.right - FIGURES, foot);
        strip.draw(&mut frame.canvas, panel, body, &names);
    }
    frame
}

fn footer(results: &ComparisonResults) -> Vec<String> {
    let span = dates::day_number(&results.start).ok().zip(dates::day_number(&results.end).ok());
    let span = span
        .map(|(from, to)| format!("{} to {}", dates::short(from, true), dates::short(to, true)));
    let most = results.plans.iter().map(|plan| plan.replications).max().unwrap_or(0);
    let done = words::several(&words::count(most as f64), "replication", "replications");
    [Some("Comparison".to_string()), span, Some(done)].into_iter().flatten().collect()
}

fn strips(results: &ComparisonResults, pairs: &[&PairResult]) -> Vec<Strip> {
    let of = |key: &str| -> Option<Strip> {
        let measure = find(key)?;
        let rows: Vec<_> = pairs.iter().map(|pair| figure(&pair.measures, key).copied()).collect();
        let moves = |row: &Option<Estimate>| {
            row.is_some_and(|row| row.value != 0.0 || row.interval.is_some_and(|i| i.high > i.low))
        };
        rows.iter().any(moves).then(|| Strip {
            title: measure.title.to_string(),
            unit: measure.unit,
            better: measure.better,
            rows,
        })
    };
    let mut strips: Vec<Strip> = DRAWN.iter().filter_map(|key| of(key)).collect();
    if let Some(date) = &results.by_date {
        let by = crate::report::text::date(date, &results.start);
        let strip = Strip {
            title: format!("probability of being cleared for good by {by}"),
            unit: Unit::Share,
            better: Better::Higher,
            rows: pairs.iter().map(|pair| pair.cleared).collect(),
        };
        strips.insert(strips.len().min(1), strip);
    }
    if !DRAWN.contains(&results.best.by.as_str())
        && let Some(strip) = of(&results.best.by)
    {
        strips.insert(0, strip);
    }
    strips
}

impl Strip {
    fn draw(&self, canvas: &mut Canvas, panel: Rect, body: Rect, names: &[String]) {
        let capital = words::capital(&self.title);
        let unit = match self.unit {
            Unit::Hours => ", hours",
            Unit::Days if !self.title.contains("days") => ", days",
            Unit::Share => ", in points",
            Unit::Days | Unit::Count | Unit::Ratio | Unit::Money | Unit::Points => "",
        };
        canvas.text((body.left, panel.top - 8.0), &format!("{capital}{unit}"), CAPTION);
        let ends = self.rows.iter().flatten().flat_map(|row| {
            let interval = row.interval.map_or([row.value; 2], |i| [i.low, i.high]);
            [interval[0], interval[1], row.value]
        });
        let (low, high) =
            ends.fold((0.0, 0.0), |(low, high): (f64, f64), end| (low.min(end), high.max(end)));
        let axis = Axis::holding(low, high, 5);
        axis.draw_below(canvas, panel, self.unit, true);
        let each = panel.height() / self.rows.len().max(1) as f64;
        for (place, row) in self.rows.iter().enumerate() {
            let middle = panel.top + each * (place as f64 + 0.5);
            let foot = middle + LABEL.cap_height() / 2.0;
            if names.len() > 1 {
                canvas.text(
                    (panel.left - 14.0, foot),
                    &names[place],
                    LABEL.size(15.0).align(Align::Right),
                );
            }
            let Some(row) = row else {
                canvas.text((panel.right + 20.0, foot), "nothing to compare", TICK);
                continue;
            };
            let colour = self.colour(row);
            if let Some(interval) = row.interval {
                let (from, to) = (axis.x(panel, interval.low), axis.x(panel, interval.high));
                canvas.level(from, to, middle, Pen::new(colour, 3.0));
                for end in [from, to] {
                    canvas.line(
                        vec![(end, middle - 6.0), (end, middle + 6.0)],
                        Pen::new(colour, 2.0),
                    );
                }
            }
            let at = (axis.x(panel, row.value), middle.floor() + 0.5);
            canvas.dot(at, 6.0, colour);
            if colour == GREY {
                canvas.dot(at, 2.5, WHITE);
            }
            let words = difference(row, self.unit).replace('-', "−");
            canvas.text((panel.right + 20.0, foot), &words, REMARK.colour(colour));
        }
        canvas.level(panel.left, panel.right, panel.bottom, Pen::new(RULE, 1.0));
    }

    /// Blue where it is better, red where it is worse, grey where that is not known or no matter.
    fn colour(&self, row: &Estimate) -> super::theme::Colour {
        let unsure = row.interval.is_some_and(|interval| interval.contains(0.0));
        match self.better {
            _ if unsure || row.value == 0.0 => GREY,
            Better::Lower if row.value < 0.0 => BLUE,
            Better::Higher if row.value > 0.0 => BLUE,
            // What costs more is worse, whatever it buys.
            Better::Neither if self.unit != Unit::Money => GREY,
            Better::Neither if row.value < 0.0 => BLUE,
            Better::Lower | Better::Higher | Better::Neither => VERMILION,
        }
    }
}

/// A sentence without what stands in brackets: the chart draws the intervals.
fn without_brackets(sentence: &str) -> String {
    let mut text = String::new();
    for part in sentence.trim_end_matches('.').split(" (") {
        match part.split_once(')') {
            Some((_, rest)) => text.push_str(rest),
            None => text.push_str(part),
        }
    }
    text
}

/// What is best of many.
fn many(results: &ComparisonResults) -> String {
    let best = &results.plans[results.best.plan];
    let Some(measure) = results.by() else { return String::new() };
    let value = figure(&best.measures, measure.key).map_or(f64::NAN, |estimate| estimate.value);
    let value = match measure.unit {
        Unit::Days if value >= 10.0 => count(value),
        Unit::Days => format!("{value:.1}"),
        Unit::Count | Unit::Hours | Unit::Share | Unit::Ratio | Unit::Money | Unit::Points => {
            crate::report::text::value(value, measure.unit)
        }
    };
    let word = if measure.better == Better::Higher { "highest" } else { "lowest" };
    format!(
        "{} has the {word} {} of {} plans: {value} (best with probability {})",
        best.title,
        measure.title,
        results.plans.len(),
        probability(best.p_best)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_left_out() {
        let told = without_brackets("B spends 9 fewer days (6 to 13), and costs 4 more (3 to 5).");
        assert_eq!(told, "B spends 9 fewer days, and costs 4 more");
    }
}
