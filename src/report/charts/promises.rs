//! How many first replies and solutions keep their promise, week by week.

use super::ChartError;
use super::canvas::{Canvas, Pen, Point, Rect};
use super::crowd;
use super::dates;
use super::frame::Frame;
use super::panel::{self, Panel};
use super::scale::Scale;
use super::text;
use super::theme::{BLUE, Colour, INK, LABEL, VERMILION};
use super::weeks::Weeks;
use super::words;
use crate::report::results::Results;
use crate::stats::Estimate;

/// One of the two promises.
#[derive(Clone, PartialEq, Debug)]
struct Promise {
    name: &'static str,
    colour: Colour,
    dash: Option<(f64, f64)>,
    /// How far to the side of a week's middle it is drawn, so that intervals do not cover each
    /// other.
    aside: f64,
    kept: Vec<Option<Estimate>>,
}

/// Draws the chart; nothing where there are no promises.
///
/// *Errors*: a date that cannot be read.
pub(super) fn draw(results: &Results) -> Result<Option<Frame>, ChartError> {
    let decided = |kept: Option<Estimate>| kept.filter(|kept| kept.value.is_finite());
    let replies = results.weeks.iter().map(|week| decided(week.reply_attainment));
    let solutions = results.weeks.iter().map(|week| decided(week.solution_attainment));
    let promises: Vec<Promise> = [
        Promise {
            name: "first replies",
            colour: BLUE,
            dash: None,
            aside: -1.0,
            kept: replies.collect(),
        },
        Promise {
            name: "solutions",
            colour: VERMILION,
            dash: Some((9.0, 4.0)),
            aside: 1.0,
            kept: solutions.collect(),
        },
    ]
    .into_iter()
    .filter(|promise| promise.kept.iter().any(Option::is_some))
    .collect();
    if promises.is_empty() {
        return Ok(None);
    }
    let weeks = Weeks::new(&results.weeks)?;
    let subtitle = subtitle(&promises);
    let mut frame = Frame::new(results, &title(results, &weeks, &promises), &subtitle);
    let body = frame.body;
    let widest = promises.iter().map(|p| text::width(p.name, LABEL)).fold(0.0, f64::max);
    let rect = Rect::new(
        body.left + panel::margin_for(Scale { top: 100.0, step: 50.0 }).max(48.0) + 16.0,
        body.top + 22.0,
        body.right - widest - 14.0,
        body.bottom - panel::TIME_AXIS + 10.0,
    );
    let panel = Panel { rect, from: 0.0, to: 1.0, scale: Scale::shares() };
    let canvas = &mut frame.canvas;
    panel.draw_shares(canvas, "Promises kept");
    weeks.draw(canvas, rect);
    let ends: Vec<Option<Point>> =
        promises.iter().map(|promise| draw_promise(canvas, panel, &weeks, promise)).collect();
    let wanted: Vec<f64> = ends.iter().flatten().map(|end| end.1).collect();
    let heights = crowd::spread(&wanted, 22.0, rect.top, rect.bottom - 6.0);
    for (promise, height) in promises.iter().zip(heights) {
        let lettering = LABEL.colour(promise.colour.towards(INK, 0.2));
        let foot = height + lettering.cap_height() / 2.0;
        canvas.text((rect.right + 10.0, foot), promise.name, lettering);
    }
    Ok(Some(frame))
}

/// Draws a promise and says where it ends.
fn draw_promise(
    canvas: &mut Canvas,
    panel: Panel,
    weeks: &Weeks,
    promise: &Promise,
) -> Option<Point> {
    let room = weeks.room(panel.rect);
    let aside = promise.aside * (room * 0.08).min(5.0);
    let place = |week: usize, value: f64| {
        (weeks.middle(panel.rect, week) + aside, panel.level(value.clamp(0.0, 1.0)))
    };
    let mut run: Vec<Point> = Vec::new();
    let mut runs: Vec<Vec<Point>> = Vec::new();
    for (week, kept) in promise.kept.iter().enumerate() {
        let Some(kept) = kept else {
            runs.push(std::mem::take(&mut run));
            continue;
        };
        run.push(place(week, kept.value));
        if let Some(interval) = kept.interval {
            let ends = vec![place(week, interval.low), place(week, interval.high)];
            let pen = Pen::new(promise.colour.towards(super::theme::WHITE, 0.55), 5.0);
            canvas.line(ends, Pen { width: pen.width.min(room * 0.4), ..pen });
        }
    }
    runs.push(run);
    let pen = Pen { colour: promise.colour, width: 2.4, dash: promise.dash };
    for run in &runs {
        canvas.line(run.clone(), pen);
    }
    let all: Vec<Point> = runs.concat();
    if room > 9.0 {
        for at in &all {
            canvas.dot(*at, 3.6, promise.colour);
        }
    }
    all.last().copied()
}

fn subtitle(promises: &[Promise]) -> String {
    let names: Vec<String> = promises.iter().map(|promise| promise.name.to_owned()).collect();
    let kept = promises.iter().flat_map(|promise| promise.kept.iter().flatten());
    let level = kept.filter(|kept| kept.interval.is_some()).map(|kept| kept.level).next();
    let mut sentence = format!(
        "Share of {} within their promise, by the week in which it was decided.",
        words::listed(&names)
    );
    if let Some(level) = level {
        sentence.push_str(&format!(" Bars are {} intervals.", words::share(level)));
    }
    sentence
}

/// Names the worst week of each promise, or says that they are kept.
fn title(results: &Results, weeks: &Weeks, promises: &[Promise]) -> String {
    let long = results.scenario.weeks > 48.0;
    let worst: Vec<(&str, f64, f64)> = promises
        .iter()
        .filter_map(|promise| {
            let decided = promise.kept.iter().enumerate();
            let (week, kept) = decided
                .filter_map(|(week, kept)| Some((week, kept.as_ref()?.value)))
                .min_by(|a, b| a.1.total_cmp(&b.1))?;
            Some((promise.name, weeks.from[week], kept))
        })
        .collect();
    let week = |day: f64| format!("the week of {}", dates::spelled(day, long));
    let lowest = worst.iter().map(|(_, _, kept)| *kept).fold(1.0, f64::min);
    if lowest >= 0.95 {
        return format!(
            "Promises are kept: {} or more in every week",
            words::share((lowest * 100.0).floor() / 100.0)
        );
    }
    let best = promises.iter().flat_map(|promise| promise.kept.iter().flatten());
    let best = best.map(|kept| kept.value).fold(0.0, f64::max);
    if best - lowest < 0.005 {
        return format!("Promises are kept in {} of cases, in every week", words::share(best));
    }
    match worst.as_slice() {
        [(name, day, kept)] => {
            format!("In {}, only {} of {name} keep the promise", week(*day), words::share(*kept))
        }
        [(first, day, kept), (second, other, also), ..] if day == other => format!(
            "In {}, only {} of {first} and {} of {second} keep the promise",
            week(*day),
            words::share(*kept),
            words::share(*also)
        ),
        [(first, day, kept), (second, other, also), ..] => format!(
            "Promises suffer most in {} ({} of {first} kept) and in that of {} ({} of {second})",
            week(*day),
            words::share(*kept),
            dates::spelled(*other, long),
            words::share(*also)
        ),
        [] => "Promises kept".to_owned(),
    }
}
