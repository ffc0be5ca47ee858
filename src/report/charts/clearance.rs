//! When the backlog is cleared: the probability by date, beside what the naive division says.

use super::ChartError;
use super::canvas::{Canvas, Pen, Point, Rect};
use super::crowd::{self, Crowd};
use super::dates;
use super::fan;
use super::frame::Frame;
use super::panel::{self, Panel};
use super::scale::Scale;
use super::text;
use super::theme::{BLUE, GREY, INK, LABEL, REMARK, VERMILION};
use super::words;
use crate::report::results::Results;
use crate::stats::Estimate;

/// Room to the right for what happens beyond the horizon.
const BEYOND: f64 = 190.0;

/// A date and the probability of being cleared by then.
#[derive(Clone, Copy, PartialEq, Debug)]
struct By {
    day: f64,
    p: Estimate,
}

/// Draws the chart.
///
/// *Errors*: a date that cannot be read.
pub(super) fn draw(results: &Results) -> Result<Frame, ChartError> {
    let by = results
        .clearance
        .that_matters(&results.peak)
        .iter()
        .filter(|by| by.p.value.is_finite())
        .map(|by| Ok(By { day: dates::day_number(&by.date)?, p: by.p }))
        .collect::<Result<Vec<By>, ChartError>>()?;
    let naive = naive_day(results);
    let mut frame = Frame::new(results, &title(results, &by, naive), &subtitle(results, &by));
    let Some(last) = by.last() else {
        return Ok(frame.nothing(&format!(
            "{} is too short to judge when the backlog is cleared.",
            words::capital(&words::horizon(&results.scenario))
        )));
    };
    let end = dates::day_number(&results.scenario.end)?.floor() + 1.0;
    let to = end.max(last.day + 1.0);
    let from = beginning(&by, naive, to);
    let body = frame.body;
    let scale = Scale::shares();
    let rect = Rect::new(
        body.left + panel::margin_for(Scale { top: 100.0, step: 50.0 }) + 16.0,
        body.top + 22.0,
        body.right - BEYOND,
        body.bottom - panel::TIME_AXIS + 10.0,
    );
    let panel = Panel { rect, from, to, scale };
    let canvas = &mut frame.canvas;
    panel.draw_shares(canvas, "Probability of being cleared");
    panel.draw_dates(canvas);
    let mut crowd = Crowd::new();
    let visible: Vec<By> = by.iter().copied().filter(|by| by.day >= from - 1e-9).collect();
    draw_curve(canvas, &mut crowd, panel, &visible);
    draw_beyond(canvas, &mut crowd, panel, last.p.value, results);
    // The dates keep clear of the line that the naive division will draw.
    if let Some(x) = naive.map(|day| panel.x(day)) {
        crowd.line(&[(x, panel.rect.top), (x, panel.rect.bottom)], crowd::LINE);
    }
    let first = |share| by.iter().find(|by| by.p.value >= share);
    // Where one day brings both, the higher one says it all.
    let half = first(0.5).filter(|half| first(0.9).is_none_or(|most| most.day > half.day));
    for by in [first(0.9), half].into_iter().flatten() {
        mark(canvas, &mut crowd, panel, *by, results);
    }
    draw_naive(canvas, &mut crowd, panel, &by, naive, results);
    Ok(frame)
}

/// The axis begins shortly before anything happens, at the naive date at the latest.
fn beginning(by: &[By], naive: Option<f64>, to: f64) -> f64 {
    let earliest = by.first().map_or(to - 1.0, |by| by.day);
    let moves = by.iter().find(|by| by.p.value > 0.002).map_or(earliest, |by| by.day);
    let interesting = naive.map_or(moves, |naive| naive.min(moves)).max(earliest);
    let lead = ((to - interesting) * 0.08).clamp(1.0, 14.0);
    // An axis of a day or two would be all stairs.
    (interesting - lead).max(earliest).min(to - 7.0).max(earliest.min(to - 1.0))
}

fn naive_day(results: &Results) -> Option<f64> {
    let date = results.clearance.naive.date.as_ref()?;
    dates::day_number(date).ok().map(f64::floor)
}

/// Each value until the next date's, as stairs.
fn stairs(panel: Panel, by: &[By], value: impl Fn(&By) -> f64) -> Vec<Point> {
    let mut line = Vec::with_capacity(by.len() * 2);
    for (index, one) in by.iter().enumerate() {
        let until = by.get(index + 1).map_or(one.day + 1.0, |next| next.day);
        line.extend([panel.at(one.day, value(one)), panel.at(until, value(one))]);
    }
    line
}

fn draw_curve(canvas: &mut Canvas, crowd: &mut Crowd, panel: Panel, by: &[By]) {
    let end = |by: &By, high: bool| match by.p.interval {
        Some(interval) => (if high { interval.high } else { interval.low }).clamp(0.0, 1.0),
        None => by.p.value,
    };
    let upper = stairs(panel, by, |by| end(by, true));
    let lower = stairs(panel, by, |by| end(by, false));
    crowd.area(&upper, &lower, crowd::LINE);
    canvas.fill(upper.into_iter().chain(lower.into_iter().rev()).collect(), BLUE, 0.22);
    let line = stairs(panel, by, |by| by.p.value);
    crowd.line(&line, crowd::LINE);
    canvas.line(line, Pen::new(BLUE, 2.8));
}

/// What is left when the horizon ends, as a bracket beside the panel.
fn draw_beyond(
    canvas: &mut Canvas,
    crowd: &mut Crowd,
    panel: Panel,
    reached: f64,
    results: &Results,
) {
    let Rect { right, .. } = panel.rect;
    let horizon = words::horizon(&results.scenario);
    let left_over = 1.0 - reached;
    let (top, bottom) = (panel.level(1.0), panel.level(reached));
    let room = BEYOND - 26.0;
    let (sentence, middle) = if left_over > 0.0 {
        let not = format!("not cleared within {horizon}: {}", words::share(left_over));
        (not, (top + bottom) / 2.0)
    } else {
        (format!("always cleared within {horizon}"), top)
    };
    if bottom - top > 3.0 && left_over > 0.0 {
        let x = right + 8.0;
        let bracket = vec![(x - 4.0, top), (x, top), (x, bottom), (x - 4.0, bottom)];
        canvas.line(bracket, Pen::new(INK, 1.4));
    }
    let lines = text::wrap(&sentence, LABEL, room, 4);
    let height = lines.len() as f64 * 20.0;
    let first = (middle - height / 2.0).max(panel.rect.top - 6.0);
    for (index, line) in lines.iter().enumerate() {
        let foot = first + 20.0 * index as f64 + 16.0;
        crowd.rect(canvas.text((right + 18.0, foot), line, LABEL), crowd::TEXT);
    }
}

/// A dot on the curve, lines to both axes, and the date in words.
fn mark(canvas: &mut Canvas, crowd: &mut Crowd, panel: Panel, by: By, results: &Results) {
    let at = panel.at(by.day, by.p.value);
    let pen = Pen::new(GREY, 1.0).dashed(3.0, 3.0);
    canvas.upright(at.0, at.1, panel.rect.bottom, pen);
    crowd.line(&[at, (at.0, panel.rect.bottom)], crowd::LINE);
    let long = results.scenario.weeks > 48.0;
    let share = words::share(by.p.value);
    let sentence = format!("{share} by {}", dates::spelled(by.day, long));
    let lettering = LABEL.colour(BLUE.towards(INK, 0.25));
    fan::name(canvas, crowd, &sentence, lettering, &[at], panel.rect);
    canvas.dot(at, 5.0, BLUE);
}

fn draw_naive(
    canvas: &mut Canvas,
    crowd: &mut Crowd,
    panel: Panel,
    by: &[By],
    naive: Option<f64>,
    results: &Results,
) {
    let long = results.scenario.weeks > 48.0;
    let Rect { left, top, right, .. } = panel.rect;
    let lettering = LABEL.colour(VERMILION);
    let Some(day) = naive.filter(|day| (panel.from..=panel.to).contains(day)) else {
        let elsewhere = match naive {
            Some(day) if day > panel.to => {
                format!("the naive division says {}, beyond this chart", dates::short(day, true))
            }
            Some(day) => format!("the naive division says {}", dates::short(day, long)),
            None => "the naive division says never: it finds no slack".to_owned(),
        };
        let corner = [(left + 2.0, top + 2.0), (right - 2.0, top + 2.0)];
        let size = (text::width(&elsewhere, lettering), lettering.size);
        if let Some(place) = crowd.place(size, &corner, &[16.0, 40.0, 80.0], panel.rect) {
            let foot = place.rect.bottom - 3.0;
            canvas.text((place.rect.left, foot), &elsewhere, lettering);
        }
        return;
    };
    let x = panel.x(day);
    canvas.upright(x, top, panel.rect.bottom, Pen::new(VERMILION, 2.0).dashed(8.0, 4.0));
    let sentence = format!("the naive division says {}", dates::short(day, long));
    let heights = [0.94, 0.86, 0.78, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.12, 0.06];
    let anchors: Vec<Point> = heights.iter().map(|p| (x, panel.level(*p))).collect();
    let width = text::width(&sentence, lettering);
    let Some(place) = crowd.place((width, 38.0), &anchors, &[9.0, 60.0, 120.0, 180.0], panel.rect)
    else {
        return;
    };
    let Rect { left, top, .. } = place.rect;
    crowd.rect(place.rect, crowd::TEXT);
    canvas.text((left, top + 14.0), &sentence, lettering);
    let then = by.iter().rev().find(|by| by.day <= day).map_or(0.0, |by| by.p.value);
    let remark = format!("cleared by then: {}", words::share(then));
    canvas.text((left, top + 35.0), &remark, REMARK.colour(VERMILION));
}

/// Whether a date lies so far beyond the horizon that its year must be said.
fn is_far(day: f64, results: &Results) -> bool {
    dates::day_number(&results.scenario.end).is_ok_and(|end| day > end + 180.0)
}

fn subtitle(results: &Results, by: &[By]) -> String {
    let clearance = &results.clearance;
    let closes = words::several(&words::count(f64::from(clearance.closes)), "close", "closes");
    let target = words::count(clearance.target);
    let mut sentence =
        format!("Cleared means {target} unsolved tickets or fewer at {closes} in a row.");
    if clearance.comes_again(&results.peak) {
        sentence.push_str(" For good means that they do not pile up again.");
    }
    if let Some(level) = by.iter().find_map(|by| by.p.interval.map(|_| by.p.level)) {
        let level = words::share(level);
        sentence.push_str(&format!(" The band is the {level} interval of the estimate."));
    }
    if clearance.never_above > 0 && results.runs.done > 0 {
        let share = words::share(clearance.never_above as f64 / results.runs.done as f64);
        sentence.push_str(&format!(" {share} of the replications never pile up."));
    }
    sentence
}

fn title(results: &Results, by: &[By], naive: Option<f64>) -> String {
    let long = results.scenario.weeks > 48.0;
    let clearance = &results.clearance;
    let horizon = words::horizon(&results.scenario);
    if let Some(share) = clearance.seldom_piles_up() {
        let target = words::count(clearance.target);
        let sentence = format!(
            "{}there is nothing to clear: the backlog never stays above {target}",
            words::mostly(share)
        );
        return words::capital(&sentence);
    }
    let says = match naive {
        Some(day) => dates::spelled(day, long || is_far(day, results)),
        None => "never".to_owned(),
    };
    let good = if clearance.comes_again(&results.peak) { "for good " } else { "" };
    let within = by.last().map_or(0.0, |by| by.p.value);
    let date = |p: f64| {
        let first = by.iter().find(|by| by.p.value >= p)?;
        Some(dates::spelled(first.day, long))
    };
    let cleared = match (date(0.5), date(0.9)) {
        (Some(half), Some(most)) if half == most => {
            format!("The backlog is cleared {good}by {half} in nine of ten replications")
        }
        (Some(half), Some(most)) => {
            format!(
                "The backlog is cleared {good}by {half} in half of all cases, by {most} in nine of ten"
            )
        }
        (Some(half), None) => {
            let within = words::share(within);
            format!(
                "The backlog is cleared {good}by {half} in half of all cases, within {horizon} in {within}"
            )
        }
        (None, _) if within > 0.0 => {
            let within = words::share(within);
            format!("The chance of being cleared {good}within {horizon} is only {within}")
        }
        (None, _) => format!("The backlog is not cleared {good}within {horizon}"),
    };
    format!("{cleared}; the naive division says {says}")
}
