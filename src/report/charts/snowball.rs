//! The same surge on the same customers, with and without the follow-up loops.

use super::ChartError;
use super::canvas::{Canvas, Pen, Point, Rect};
use super::crowd::{self, Crowd};
use super::fan::{self, Fan, Look};
use super::frame::Frame;
use super::panel::{self, Panel};
use super::scale::Scale;
use super::text;
use super::theme::{BLUE, INK, LABEL, REMARK, VERMILION, WHITE};
use super::words;
use crate::report::results::{Results, Snowball};
use crate::stats::Estimate;

/// Draws the chart; nothing where the loops were not switched off for comparison.
///
/// *Errors*: a date that cannot be read.
pub(super) fn draw(results: &Results) -> Result<Option<Frame>, ChartError> {
    let Some(snowball) = &results.snowball else { return Ok(None) };
    let moments = fan::moments(results)?;
    let subtitle = subtitle(snowball, moments.closes_only);
    let mut frame = Frame::new(results, &title(results, snowball), &subtitle);
    let with = Fan::new(&moments, &snowball.with);
    let without = Fan::new(&moments, &snowball.without);
    if with.points.is_empty() || without.points.is_empty() {
        return Ok(Some(frame.nothing("No backlog was recorded.")));
    }
    let target = results.clearance.target;
    let scale = Scale::holding(with.highest().max(without.highest()).max(target), 3);
    let name = format!("target {}", words::count(target));
    let body = frame.body;
    let rect = Rect::new(
        body.left + panel::margin_for(scale),
        body.top + 22.0,
        body.right - text::width(&name, LABEL).min(150.0) - 12.0,
        body.bottom - panel::TIME_AXIS + 10.0,
    );
    let panel = Panel { rect, from: moments.from, to: moments.to, scale };
    let canvas = &mut frame.canvas;
    panel.draw_numbers(canvas, "Unsolved tickets");
    panel.draw_dates(canvas);
    let mut crowd = Crowd::new();
    let level = panel.level(target);
    canvas.level(rect.left, rect.right, level, Pen::new(INK, 1.4).dashed(7.0, 5.0));
    crowd.line(&[(rect.left, level), (rect.right, level)], crowd::LINE);
    let foot = level + LABEL.cap_height() / 2.0;
    canvas.text((rect.right + 10.0, foot), &text::shorten(&name, LABEL, 150.0), LABEL);
    let look = Look { colour: VERMILION, outer: 0.2, inner: None, dash: None };
    with.draw(canvas, &mut crowd, panel, look);
    let look = Look { colour: BLUE, dash: Some((10.0, 4.0)), ..look };
    without.draw(canvas, &mut crowd, panel, look);
    draw_gap(canvas, &mut crowd, panel, &with, &without, results);
    for (fan, other, words, colour) in [
        (&with, &without, "with follow-ups", VERMILION),
        (&without, &with, "without follow-ups", BLUE),
    ] {
        let lettering = LABEL.colour(colour.towards(INK, 0.2));
        // A name says most where the two lines are apart.
        let both = fan.line(panel, 2).into_iter().zip(other.line(panel, 2));
        let apart = both.filter(|(own, other)| (own.1 - other.1).abs() > 12.0);
        let mut anchors: Vec<Point> = apart.map(|(own, _)| own).collect();
        if anchors.is_empty() {
            anchors = fan.line(panel, 2);
        }
        anchors.sort_by(|a, b| a.1.total_cmp(&b.1));
        fan::name(canvas, &mut crowd, words, lettering, &anchors, rect);
    }
    Ok(Some(frame))
}

/// A bracket from the highest median without the loops to that with them, wherever each of them is.
fn draw_gap(
    canvas: &mut Canvas,
    crowd: &mut Crowd,
    panel: Panel,
    with: &Fan,
    without: &Fan,
    results: &Results,
) {
    let (Some((day, high)), Some((other, low))) = (with.summit(), without.summit()) else { return };
    let Some(snowball) = &results.snowball else { return };
    let (top, bottom) = (panel.at(day, high), panel.at(day, low));
    if bottom.1 - top.1 < 24.0 {
        return;
    }
    let summit = panel.at(other, low);
    canvas.line(vec![summit, bottom], Pen::new(BLUE, 1.2).dashed(2.0, 4.0));
    canvas.line(vec![top, bottom], Pen::new(INK, 1.6));
    for end in [top, bottom] {
        canvas.line(vec![(end.0 - 6.0, end.1), (end.0 + 6.0, end.1)], Pen::new(INK, 1.6));
    }
    let lines = [
        // What the bracket spans, which is less than what the title says of each season's own peak.
        format!("+{}\u{a0}tickets between the middle lines", words::about(high - low)),
        format!("{} above target", days(results, &snowball.days_difference, true)),
    ];
    let widest = lines.iter().map(|line| text::width(line, LABEL)).fold(0.0, f64::max);
    let heights: Vec<Point> = (1..10)
        .map(|tenth| (top.0, top.1 + (bottom.1 - top.1) * f64::from(tenth) / 10.0))
        .collect();
    let place = crowd.place((widest, 40.0), &heights, &[10.0, 24.0, 60.0], panel.rect);
    crowd.line(&[top, bottom], crowd::LINE);
    if let Some(place) = place {
        crowd.rect(place.rect.grown(4.0), crowd::TEXT);
        canvas.rect(place.rect.grown(4.0), WHITE, 0.75);
        canvas.text((place.rect.left, place.rect.top + 15.0), &lines[0], LABEL);
        canvas.text((place.rect.left, place.rect.top + 36.0), &lines[1], REMARK);
    }
}

/// "12 days", "at least 12 days" where the run ends before they do.
fn days(results: &Results, difference: &Estimate, signed: bool) -> String {
    let number = words::estimate(difference);
    let sign = if signed && difference.value > 0.0 { "+" } else { "" };
    let least = if results.is_cut_off() { "at least " } else { "" };
    format!("{least}{sign}{}", words::several(&number, "day", "days"))
}

fn loops(snowball: &Snowball) -> String {
    if snowball.loops.is_empty() { "follow-ups".to_owned() } else { words::listed(&snowball.loops) }
}

/// Whether a difference could as well be none.
fn could_be_none(difference: &Estimate) -> bool {
    match difference.interval {
        Some(interval) => interval.contains(0.0),
        None => difference.value == 0.0,
    }
}

fn title(results: &Results, snowball: &Snowball) -> String {
    let loops = words::capital(&loops(snowball));
    let (peak, longer) = (&snowball.peak_difference, &snowball.days_difference);
    let verb = if snowball.loops.len() == 1 && !loops.ends_with('s') { "adds" } else { "add" };
    match (could_be_none(peak), could_be_none(longer)) {
        (true, true) => format!("{loops} make no difference that can be told from chance"),
        (false, true) => {
            let tickets = words::estimate(peak);
            let none = if results.is_cut_off() { "" } else { ", and no days above target" };
            format!("{loops} {verb} {tickets} tickets to the peak{none}")
        }
        (true, false) => {
            let days = days(results, longer, false);
            format!("{loops} {verb} {days} above target, and hardly anything to the peak")
        }
        (false, false) => {
            let tickets = words::estimate(peak);
            let days = days(results, longer, false);
            format!("{loops} {verb} {tickets} tickets to the peak and {days} above target")
        }
    }
}

fn subtitle(snowball: &Snowball, closes_only: bool) -> String {
    let when = if closes_only { "Unsolved tickets at each close" } else { "Unsolved tickets" };
    let runs = words::count(snowball.replications as f64);
    let mut sentence = format!(
        "{when}, the same customers with and without follow-ups, {runs} replications each."
    );
    sentence.push_str(" Bands hold 90\u{a0}% of them.");
    if let Some(touches) = snowball.amplification.filter(|a| a.value.is_finite()) {
        let number = format!("{:.2}", touches.value);
        sentence.push_str(&format!(" Each new ticket costs {number} touches with them."));
    }
    sentence
}
