//! What a desk lived through, from its own records: the backlog and, below it, what came and what was done.

use super::canvas::{Pen, Point, Rect};
use super::frame::Frame;
use super::panel::{self, Panel};
use super::scale::Scale;
use super::theme::{BLUE, Colour, GREEN, LABEL, VERMILION};
use super::{Chart, ChartError, dates, text, words};
use crate::history::Facts;
use crate::history::arrivals::weekday_of;
use crate::history::records::Kind;

/// Height of the panel of flows where there is a backlog above.
const FLOWS: f64 = 150.0;

/// Draws what came, was done and was open on each day.
///
/// *Errors*: the font or the drawing library.
pub fn past(facts: &Facts, file: &str) -> Result<Chart, ChartError> {
    let window = facts.arrivals.window;
    let from = dates::day_number(&window.from.to_string())?;
    let to = from + window.days() as f64;
    // A day without any row is as usual for all that is known.
    let arrivals = &facts.arrivals;
    let counted = window.iter().zip(&arrivals.daily).map(|(date, count)| {
        let is_missing = arrivals.missing.contains(&date);
        if is_missing { arrivals.usual(weekday_of(date)) } else { *count as f64 }
    });
    let came: Vec<f64> = counted.collect();
    let done: Vec<f64> = facts.days.iter().map(|day| day.ended as f64).collect();
    let open: Vec<f64> = facts.days.iter().map(|day| day.open as f64).collect();
    let mut frame = Frame::with_footer(&title(facts), &subtitle(facts), &[file.to_string()]);
    let body = frame.body;
    let noun = if facts.kind == Kind::Calls { "calls" } else { "new" };
    let flows = Scale::holding(came.iter().chain(&done).copied().fold(0.0, f64::max), 3);
    let backlog = Scale::holding(open.iter().copied().fold(0.0, f64::max), 3);
    let left = body.left + panel::margin_for(flows).max(panel::margin_for(backlog));
    let right = body.right - text::width("done", LABEL).max(text::width(noun, LABEL)) - 14.0;
    let bottom = body.bottom - panel::TIME_AXIS + 14.0;
    let top = if open.is_empty() { body.top + 18.0 } else { bottom - FLOWS };
    let lower = Panel { rect: Rect::new(left, top, right, bottom), from, to, scale: flows };
    let canvas = &mut frame.canvas;
    if !open.is_empty() {
        let rect = Rect::new(left, body.top + 18.0, right, top - 42.0);
        let upper = Panel { rect, scale: backlog, ..lower };
        upper.draw_numbers(canvas, "Open at the end of the day");
        canvas.line(through(upper, &open, 1.0), Pen::new(BLUE, 2.4));
    }
    lower.draw_numbers(canvas, "A day, as means of seven days; each day thin");
    for (values, colour) in [(&came, VERMILION), (&done, GREEN)] {
        canvas.line(
            through(lower, values, 0.5),
            Pen::new(colour.towards(super::theme::WHITE, 0.55), 0.8),
        );
    }
    let mut ends: Vec<(f64, &str, Colour)> = Vec::new();
    for (values, colour, name) in [(&came, VERMILION, noun), (&done, GREEN, "done")] {
        let smooth = means_of_seven(values);
        canvas.line(through(lower, &smooth, 3.5), Pen::new(colour, 2.4));
        ends.extend(smooth.last().map(|last| (lower.level(*last), name, colour)));
    }
    let wanted: Vec<f64> = ends.iter().map(|end| end.0).collect();
    let heights = super::crowd::spread(&wanted, 20.0, top, bottom);
    for ((_, name, colour), height) in ends.iter().zip(heights) {
        let lettering = LABEL.colour(colour.towards(super::theme::INK, 0.2));
        canvas.text((right + 10.0, height + lettering.cap_height() / 2.0), name, lettering);
    }
    lower.draw_dates(canvas);
    Ok(Chart { name: "past", svg: frame.svg()? })
}

fn through(panel: Panel, values: &[f64], within_day: f64) -> Vec<Point> {
    let place = |at: usize| panel.from + at as f64 + within_day;
    values.iter().enumerate().map(|(at, value)| panel.at(place(at), *value)).collect()
}

/// Means of seven days in a row, the first of which begins with the first day; fewer days have no mean, lest it
/// be that of their weekdays.
fn means_of_seven(values: &[f64]) -> Vec<f64> {
    values.windows(7).map(|days| days.iter().sum::<f64>() / 7.0).collect()
}

fn title(facts: &Facts) -> String {
    let arrivals = &facts.arrivals;
    let a_day = words::count(arrivals.per_day);
    let Some(peak) = facts.days.iter().max_by_key(|day| day.open) else {
        return format!("{a_day} contacts a day, {}", busiest(facts));
    };
    let day = |date: jiff::civil::Date| date.strftime("%-d\u{a0}%B\u{a0}%Y").to_string();
    let last = facts.days.last().map_or(0, |day| day.open);
    format!(
        "{a_day} tickets a day; at most {} were open, on {}, and {} at the end",
        words::count(peak.open as f64),
        day(peak.date),
        words::count(last as f64)
    )
}

fn busiest(facts: &Facts) -> String {
    let weekdays = &facts.arrivals.weekdays;
    let most = weekdays.iter().max_by(|a, b| a.mean.total_cmp(&b.mean));
    most.map_or(String::new(), |day| format!("most on {}s: {}", day.name, words::count(day.mean)))
}

fn subtitle(facts: &Facts) -> String {
    let window = facts.arrivals.window;
    let before = match facts.days.is_empty() {
        true => ".",
        false => "; what was open before the file begins is not in it.",
    };
    format!(
        "{} of {}, from {} to {}{before}",
        words::several(&words::count(facts.arrivals.contacts as f64), "contact", "contacts"),
        words::several(&words::count(facts.rows as f64), "row", "rows"),
        window.from,
        window.until
    )
}
