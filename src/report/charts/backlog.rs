//! Unsolved tickets over time, and below them what comes in against what can be worked off.

use super::ChartError;
use super::canvas::{Canvas, Pen, Point, Rect};
use super::crowd::{self, Crowd};
use super::dates;
use super::events::Lane;
use super::fan::{self, Fan, Look, Moments};
use super::frame::Frame;
use super::panel::{self, Panel};
use super::scale::Scale;
use super::text;
use super::theme::{BLUE, GREY, INK, LABEL, Lettering, REMARK, VERMILION, WHITE};
use super::words;
use crate::report::results::Results;

/// Height of the lower panel.
const FLOWS: f64 = 88.0;

/// Draws the chart.
///
/// *Errors*: a date that cannot be read.
pub(super) fn draw(results: &Results) -> Result<Frame, ChartError> {
    let moments = fan::moments(results)?;
    let smooth = moments.closes_only;
    let by_day = has_short_surge(results);
    let mut frame = Frame::new(results, &title(results)?, &subtitle(smooth, by_day));
    let series = results.timeline.series("unsolved");
    let fan = Fan::new(&moments, series.map_or(&[], |series| series.quantiles.as_slice()));
    if fan.points.is_empty() {
        return Ok(frame.nothing("No backlog was recorded."));
    }
    let flows = Flows::new(results, &moments, smooth);
    let peak = &results.peak.backlog;
    let body = frame.body;
    let scales = (
        Scale::holding(fan.highest().max(results.clearance.target).max(peak.value), 3),
        Scale::holding(flows.highest(), 2),
    );
    let left = body.left + panel::margin_for(scales.0).max(panel::margin_for(scales.1));
    let target = format!("target {}", words::count(results.clearance.target));
    let names = [target.as_str(), "new tickets", "capacity"];
    let widest = names.into_iter().map(|name| text::width(name, LABEL)).fold(0.0, f64::max);
    let right = body.right - widest.min(150.0) - 12.0;
    let bottom = body.bottom - panel::TIME_AXIS + 14.0;
    let lower = Rect::new(left, bottom - FLOWS, right, bottom);
    let upper = Rect::new(left, body.top + 18.0, right, lower.top - 42.0);
    let axis = Panel { rect: upper, from: moments.from, to: moments.to, scale: scales.0 };
    let lane = Lane::new(results, axis);
    let main = Panel { rect: Rect { top: upper.top + lane.height(), ..upper }, ..axis };
    let second = Panel { rect: lower, scale: scales.1, ..axis };

    let canvas = &mut frame.canvas;
    lane.draw(canvas, body.top - 6.0, &[main.rect, second.rect]);
    main.draw_numbers(canvas, "Unsolved tickets");
    draw_backlog(canvas, &fan, main, results, &target, smooth);
    flows.draw(canvas, second);
    second.draw_dates(canvas);
    Ok(frame)
}

fn subtitle(smooth: bool, by_day: bool) -> String {
    let how = if smooth && by_day {
        "Backlog at the close of each open day; flows below as means of seven days, new tickets by day too"
    } else if smooth {
        "Backlog at the close of each open day; flows below as means of seven days"
    } else {
        "Backlog at each moment; flows below by day"
    };
    format!("{how}. The middle of all replications and how far they spread.")
}

fn draw_backlog(
    canvas: &mut Canvas,
    fan: &Fan,
    panel: Panel,
    results: &Results,
    target: &str,
    closes_only: bool,
) {
    let mut crowd = Crowd::new();
    let look = Look { colour: BLUE, outer: 0.2, inner: Some(0.3), dash: None };
    fan.draw(canvas, &mut crowd, panel, look);
    let Rect { left, right, .. } = panel.rect;
    let level = panel.level(results.clearance.target);
    canvas.level(left, right, level, Pen::new(INK, 1.4).dashed(7.0, 5.0));
    crowd.line(&[(left, level), (right, level)], crowd::LINE);
    let foot = level + LABEL.cap_height() / 2.0;
    canvas.text((right + 10.0, foot), &text::shorten(target, LABEL, 150.0), LABEL);
    let cap = results.runs.cap as f64;
    if results.runs.truncated > 0 && cap <= panel.scale.top && fan.highest() >= cap * 0.999 {
        let height = panel.level(cap);
        canvas.level(left, right, height, Pen::new(VERMILION, 1.2).dashed(2.0, 3.0));
        crowd.line(&[(left, height), (right, height)], crowd::LINE);
        let words = "replications are stopped here";
        let quiet = REMARK.colour(VERMILION);
        let all: Vec<Point> =
            (0..20).map(|step| (left + f64::from(step) * (right - left) / 20.0, height)).collect();
        fan::name(canvas, &mut crowd, words, quiet, &all, panel.rect);
    }
    if let Some(at) = peak_at(results, panel) {
        // The title speaks of it, and no line here goes through it.
        canvas.disc(at, 5.5, INK);
        canvas.disc(at, 3.5, WHITE);
        crowd.rect(Rect::new(at.0, at.1, at.0, at.1).grown(7.0), crowd::LINE);
        let number = words::estimate(&results.peak.backlog);
        let whose =
            if results.runs.done == 1 { "the peak" } else { "a season's own peak on average" };
        let when = if closes_only { ", between closes too" } else { "" };
        let words = format!("{number}: {whose}{when}");
        fan::name(canvas, &mut crowd, &words, REMARK, &[at], panel.rect);
    }
    fan::name_bands(canvas, &mut crowd, fan, panel, LABEL.colour(BLUE.towards(INK, 0.25)));
}

/// Where the mean peak stands, on the day that has it most often; nothing in an ordinary season, whose
/// peak may be any day.
fn peak_at(results: &Results, panel: Panel) -> Option<Point> {
    let peak = &results.peak;
    let day = dates::day_number(&peak.date).ok()?;
    let ordinary = results.clearance.in_band.is_some();
    (!ordinary && peak.backlog.value.is_finite()).then(|| panel.at(day + 0.5, peak.backlog.value))
}

/// What comes in and what can be worked off, by day.
#[derive(Clone, PartialEq, Debug)]
struct Flows {
    new: Vec<(f64, f64)>,
    capacity: Vec<(f64, f64)>,
    /// New tickets day by day, where the others are means of seven days: a surge of a few hours is none
    /// of a week.
    by_day: Vec<(f64, f64)>,
}

impl Flows {
    fn new(results: &Results, moments: &Moments, smooth: bool) -> Flows {
        let flows = &results.flows;
        let days = |values: &[f64]| -> Vec<(f64, f64)> {
            // A day whose date cannot be read is left out; the axis has complained of its own.
            let days = flows.on.iter().zip(values).filter(|(_, value)| value.is_finite());
            days.filter_map(|(on, value)| Some((dates::day_number(on).ok()?.floor(), *value)))
                .collect()
        };
        let (new, capacity) = (days(&flows.new), days(&flows.capacity));
        let by_day = |days: &[(f64, f64)]| steps(days, moments.to);
        if smooth {
            let by_day = if has_short_surge(results) { by_day(&new) } else { Vec::new() };
            let means = middle_of_seven;
            return Flows { new: means(&new), capacity: means(&capacity), by_day };
        }
        Flows { new: by_day(&new), capacity: by_day(&capacity), by_day: Vec::new() }
    }

    fn highest(&self) -> f64 {
        let all = self.new.iter().chain(&self.capacity).chain(&self.by_day);
        all.map(|(_, value)| *value).fold(0.0, f64::max)
    }

    fn draw(&self, canvas: &mut Canvas, panel: Panel) {
        panel.draw_numbers(canvas, "Tickets a day");
        let place = |line: &[(f64, f64)]| -> Vec<Point> {
            line.iter().map(|(day, value)| panel.at(*day, *value)).collect()
        };
        let shortage = self.shortage();
        let upper: Vec<Point> = shortage.iter().map(|(day, new, _)| panel.at(*day, *new)).collect();
        let lower = shortage.iter().map(|(day, _, capacity)| panel.at(*day, *capacity));
        let outline = upper.into_iter().chain(lower.rev()).collect();
        canvas.fill(outline, VERMILION, 0.3);
        canvas.line(place(&self.by_day), Pen::new(VERMILION.towards(WHITE, 0.45), 0.9));
        let (new, capacity) = (place(&self.new), place(&self.capacity));
        let ends = [new.last().copied(), capacity.last().copied()];
        canvas.line(capacity, Pen::new(GREY, 2.0).dashed(6.0, 3.0));
        canvas.line(new, Pen::new(VERMILION, 2.0));
        let Rect { top, right, bottom, .. } = panel.rect;
        let wanted: Vec<f64> = ends.iter().flatten().map(|at| at.1).collect();
        let placed = crowd::spread(&wanted, 20.0, top + 4.0, bottom - 4.0);
        let names: [(&str, Lettering); 2] = [
            ("new tickets", LABEL.colour(VERMILION.towards(INK, 0.2))),
            ("capacity", LABEL.colour(GREY)),
        ];
        let named = names.into_iter().zip(ends).filter(|(_, end)| end.is_some());
        for (((name, lettering), _), height) in named.zip(placed) {
            canvas.text((right + 10.0, height + lettering.cap_height() / 2.0), name, lettering);
        }
    }

    /// Day, new tickets (at least the capacity) and capacity, with the days on which they cross.
    fn shortage(&self) -> Vec<(f64, f64, f64)> {
        let both: Vec<(f64, f64, f64)> = self
            .new
            .iter()
            .zip(&self.capacity)
            .filter(|(new, capacity)| new.0 == capacity.0)
            .map(|(new, capacity)| (new.0, new.1, capacity.1))
            .collect();
        let mut shape = Vec::with_capacity(both.len() * 2);
        for (index, &(day, new, capacity)) in both.iter().enumerate() {
            if let Some(&(before, was_new, was_capacity)) = index.checked_sub(1).map(|i| &both[i]) {
                let (was, is) = (was_new - was_capacity, new - capacity);
                if was * is < 0.0 {
                    let share = was / (was - is);
                    let level = was_new + (new - was_new) * share;
                    shape.push((before + (day - before) * share, level, level));
                }
            }
            shape.push((day, new.max(capacity), capacity));
        }
        shape
    }
}

/// Whether a surge is over within a week, which its means would flatten.
fn has_short_surge(results: &Results) -> bool {
    let mut surges = results.events.iter().filter(|event| event.kind == "surge");
    surges.any(|surge| {
        let day = |at: &str| dates::day_number(at).ok();
        let span = day(&surge.at).zip(surge.until.as_deref().and_then(day));
        span.is_some_and(|(from, until)| until - from < 7.0)
    })
}

/// Each value until the next day's, as stairs.
fn steps(days: &[(f64, f64)], end: f64) -> Vec<(f64, f64)> {
    let mut line = Vec::with_capacity(days.len() * 2);
    for (index, (day, value)) in days.iter().enumerate() {
        let until = days.get(index + 1).map_or(end.max(*day), |(next, _)| *next);
        line.extend([(*day, *value), (until, *value)]);
    }
    line
}

/// The mean of seven days with each day in their middle, or as near to it as the horizon allows:
/// weekends would hide what the week brings.
fn middle_of_seven(days: &[(f64, f64)]) -> Vec<(f64, f64)> {
    (0..days.len())
        .map(|index| {
            let from = index.saturating_sub(3).min(days.len().saturating_sub(7));
            let near = &days[from..days.len().min(from + 7)];
            let sum: f64 = near.iter().map(|(_, value)| value).sum();
            (days[index].0 + 0.5, sum / near.len() as f64)
        })
        .collect()
}

/// The sentence a manager can act on.
fn title(results: &Results) -> Result<String, ChartError> {
    let peak = words::estimate(&results.peak.backlog);
    let long = results.scenario.weeks > 48.0;
    // Without any backlog there is no date of its peak.
    let on = dates::day_number(&results.peak.date)
        .map_or_else(|_| String::new(), |day| format!(" on {}", dates::spelled(day, long)));
    let clearance = &results.clearance;
    let target = words::count(clearance.target);
    if let Some(share) = &clearance.in_band {
        let share = words::share(share.value);
        return Ok(format!(
            "The backlog is at or below {target} at {share} of closes; the most at any moment is {peak}"
        ));
    }
    if let Some(share) = clearance.seldom_piles_up() {
        let mostly = words::mostly(share);
        return Ok(format!(
            "The backlog peaks at {peak}{on}; {mostly}it never stays above its target of {target}"
        ));
    }
    let good = if clearance.comes_again(&results.peak) { "for good " } else { "" };
    let cleared = match clearance.named(&results.peak) {
        Some(by) => {
            let day = dates::spelled(dates::day_number(&by.date)?, long);
            if by.date < results.peak.date {
                let likely = words::likely(&by.p, &results.runs);
                return Ok(format!(
                    "The backlog is cleared {good}by {day} {likely}; its peak of {peak} comes later,{on}"
                ));
            }
            format!("is cleared {good}by {day} {}", words::likely(&by.p, &results.runs))
        }
        None if good.is_empty() && clearance.within_horizon.value > 0.0 => {
            let likely = words::likely(&clearance.within_horizon, &results.runs);
            format!("is cleared within {} {likely}", words::horizon(&results.scenario))
        }
        None => format!("is not cleared {good}within {}", words::horizon(&results.scenario)),
    };
    Ok(format!("The backlog peaks at {peak}{on} and {cleared}"))
}
