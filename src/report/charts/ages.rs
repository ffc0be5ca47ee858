//! How old unsolved tickets are, at each close.

use super::ChartError;
use super::canvas::{Pen, Point, Rect};
use super::dates;
use super::frame::Frame;
use super::panel::{self, Panel};
use super::scale::Scale;
use super::stack::{self, Layer};
use super::theme::{self, Colour, GREY, WHITE};
use super::words;
use crate::report::results::Results;

/// A close ends its day, and is drawn there as in other charts.
const DAY: f64 = 1.0;

/// A close: its day and the heights of all layers, each including those below it.
type Close = (f64, Vec<f64>);

/// Draws the chart.
///
/// *Errors*: a date that cannot be read.
pub(super) fn draw(results: &Results) -> Result<Frame, ChartError> {
    let closes = closes(results)?;
    let buckets = &results.ages.buckets;
    let subtitle = "Unsolved tickets at the close of each open day by age, mean over replications. \
                    The darker, the older.";
    let mut frame = Frame::new(results, &title(results, &closes), subtitle);
    let (Some(first), Some(last)) = (closes.first(), closes.last()) else {
        return Ok(frame.nothing("No close of an open day was recorded."));
    };
    let highest = closes.iter().filter_map(|(_, heights)| heights.last().copied());
    let scale = Scale::holding(highest.fold(0.0, f64::max), 3);
    let body = frame.body;
    let rect = Rect::new(
        body.left + panel::margin_for(scale),
        body.top + 22.0,
        body.right - stack::room(buckets),
        body.bottom - panel::TIME_AXIS + 10.0,
    );
    let (from, to) = (first.0 + DAY, last.0.max(first.0 + 1.0) + DAY);
    let panel = Panel { rect, from, to, scale };
    let canvas = &mut frame.canvas;
    panel.draw_numbers(canvas, "Unsolved tickets");
    let colours = theme::ramp(buckets.len());
    for layer in (0..buckets.len()).rev() {
        // From the axis up, the highest first: side by side, their edges would let the paper
        // shine through.
        let top: Vec<Point> = edge(panel, &closes, layer);
        let mut outline = top.clone();
        outline
            .extend([(panel.x(last.0 + DAY), rect.bottom), (panel.x(first.0 + DAY), rect.bottom)]);
        canvas.fill(outline, colours[layer], 1.0);
        canvas.line(top, Pen::new(WHITE, 0.8));
    }
    // The thinnest of areas would otherwise hide the axis.
    canvas.level(rect.left, rect.right, rect.bottom, Pen::new(GREY, 1.2));
    panel.draw_dates(canvas);
    let layers = beside(panel, &closes, buckets, &colours);
    let column = Rect::new(rect.right, rect.top, body.right, rect.bottom);
    stack::draw(canvas, &layers, rect.right + 4.0, column);
    Ok(frame)
}

fn closes(results: &Results) -> Result<Vec<Close>, ChartError> {
    let ages = &results.ages;
    let mut closes: Vec<Close> = Vec::with_capacity(ages.at.len());
    for (at, means) in ages.at.iter().zip(&ages.mean) {
        let day = dates::day_number(at)?;
        let mut sum = 0.0;
        let heights = (0..ages.buckets.len()).map(|bucket| {
            sum += means.get(bucket).copied().filter(|m| m.is_finite()).unwrap_or(0.0).max(0.0);
            sum
        });
        let heights: Vec<f64> = heights.collect();
        if closes.last().is_none_or(|(before, _)| day > *before) && !heights.is_empty() {
            closes.push((day, heights));
        }
    }
    Ok(closes)
}

fn edge(panel: Panel, closes: &[Close], layer: usize) -> Vec<Point> {
    closes.iter().map(|(day, heights)| panel.at(*day + DAY, heights[layer])).collect()
}

fn beside(panel: Panel, closes: &[Close], names: &[String], colours: &[Colour]) -> Vec<Layer> {
    let last = closes.last().map(|(_, heights)| heights.as_slice()).unwrap_or_default();
    names
        .iter()
        .zip(colours)
        .enumerate()
        .map(|(layer, (name, colour))| {
            let below = layer.checked_sub(1).map_or(0.0, |below| last[below]);
            let (top, bottom) = (panel.level(last[layer]), panel.level(below));
            let meets = (bottom - top > 2.0).then_some((top + bottom) / 2.0);
            Layer { name: name.clone(), colour: *colour, is_line: false, meets }
        })
        .collect()
}

/// Says how many tickets are in the oldest bucket that matters when that bucket is fullest.
fn title(results: &Results, closes: &[Close]) -> String {
    let long = results.scenario.weeks > 48.0;
    let buckets = &results.ages.buckets;
    let total = |heights: &[f64]| heights.last().copied().unwrap_or(0.0);
    for layer in (1..buckets.len()).rev() {
        let older = |heights: &[f64]| total(heights) - heights[layer - 1];
        let fullest = closes.iter().max_by(|a, b| older(&a.1).total_cmp(&older(&b.1)));
        let Some((day, heights)) = fullest else { break };
        let (older, total) = (older(heights), total(heights));
        // The oldest age that a fair part of the tickets has.
        if older >= 1.0 && older >= 0.2 * total {
            return format!(
                "On {}, {} of {} unsolved tickets are {}",
                dates::spelled(*day, long),
                words::about(older),
                words::about(total),
                over(&buckets[layer])
            );
        }
    }
    match buckets.first() {
        Some(youngest) if !closes.is_empty() => {
            format!("Nearly all unsolved tickets are {}", aged(youngest))
        }
        _ => "How old unsolved tickets are".to_owned(),
    }
}

/// That tickets are at least as old as a bucket: "over 5 d old" of "5-7 d".
fn over(bucket: &str) -> String {
    match bucket.split_once('-').zip(bucket.split_once(' ')) {
        Some(((young, _), (_, unit))) => format!("over {young} {unit} old"),
        None => aged(bucket),
    }
}

/// The name of a bucket after "they are": "over 7 days old", "older than a week".
fn aged(bucket: &str) -> String {
    if bucket.contains("old") { bucket.to_owned() } else { format!("{bucket} old") }
}
