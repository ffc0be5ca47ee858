//! A tornado: how far each uncertain value moves the answer to either side, the furthest on top; or,
//! where values were screened, how much each matters at all.

use super::axis::Axis;
use super::canvas::{Canvas, Pen, Rect};
use super::frame::Frame;
use super::text;
use super::theme::{Align, BLUE, CAPTION, GREY, INK, LABEL, ORANGE, RULE, TICK, VERMILION};
use super::{Chart, ChartError, dates, words};
use crate::report::compared::amount;
use crate::report::sensitive::{SensitivityResults, Swing, Varied, plainly, sentence};
use crate::report::text::value;
use crate::stats::Estimate;

/// Most rows.
const MOST: usize = 14;

/// Draws a tornado, or the effects of a screening; nothing where nothing was varied.
///
/// *Errors*: the drawing library fails.
pub fn tornado(results: &SensitivityResults) -> Result<Option<Chart>, ChartError> {
    if !results.swings.is_empty() {
        return Ok(Some(Chart { name: "tornado", svg: swings(results).svg()? }));
    }
    if !results.effects.is_empty() {
        return Ok(Some(Chart { name: "screening", svg: effects(results).svg()? }));
    }
    Ok(None)
}

fn frame(results: &SensitivityResults, title: &str, subtitle: &str) -> Frame {
    let day = |text: &String| dates::day_number(text).ok().map(|day| dates::short(day, true));
    let span = day(&results.span.0).zip(day(&results.span.1));
    let n = results.seasons();
    let each = words::several(&n, "replication of each setting", "replications of each setting");
    let parts = [Some(results.title.clone()), span.map(|(a, b)| format!("{a} to {b}")), Some(each)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Frame::with_footer(title.trim_end_matches('.'), subtitle, &parts)
}

/// Rows with their names on the left: the panel that is left, and the height of a row.
fn rows(canvas: &mut Canvas, body: Rect, names: &[(String, bool)]) -> (Rect, f64) {
    let lettering = LABEL.size(15.0).align(Align::Right);
    let widest = names.iter().map(|(name, _)| text::width(name, lettering)).fold(0.0, f64::max);
    let left = body.left + widest.min(340.0) + 16.0;
    let panel = Rect::new(left, body.top + 20.0, body.right - 16.0, body.bottom - 46.0);
    let each = panel.height() / names.len().max(1) as f64;
    let each = each.min(56.0);
    for (row, (name, judged)) in names.iter().enumerate() {
        let middle = panel.top + each * (row as f64 + 0.5);
        let colour = if *judged { VERMILION } else { INK };
        let name = text::shorten(name, lettering, 340.0);
        let foot = (left - 14.0, middle + lettering.cap_height() / 2.0);
        canvas.text(foot, &name, lettering.colour(colour));
    }
    let bottom = panel.top + each * names.len() as f64;
    (Rect::new(panel.left, panel.top, panel.right, bottom), each)
}

/// Whether a value is a default that is no more than judged, recalled or a vendor's.
fn is_assumed(varied: &Varied) -> bool {
    matches!(varied.grade.as_deref(), Some("C" | "R" | "J"))
}

fn swings(results: &SensitivityResults) -> Frame {
    // What moves nothing needs no row, unless there is nothing else.
    let moving = results.swings.iter().filter(|swing| swing.reach() > 0.0).count().max(1);
    let Some(measure) = results.by() else { return frame(results, "", "") };
    let base = results.base.value;
    // No bar or interval reaches to where the measure cannot be.
    let held = |end: Estimate| end.within(measure.least() - base, f64::INFINITY);
    let shown: Vec<Swing> = results.swings[..moving.min(MOST)]
        .iter()
        .map(|swing| Swing {
            varied: swing.varied.clone(),
            at_low: held(swing.at_low),
            at_high: held(swing.at_high),
        })
        .collect();
    let title = sentence(results, &shown[0], measure);
    let subtitle = format!(
        "{} when one value at a time is at its lowest (yellow) or highest (blue), on the same \
         customers, with {} intervals. Names in orange are defaults that nobody has measured.",
        words::capital(measure.title),
        words::share(results.level)
    );
    let mut frame = frame(results, &words::capital(&title), &subtitle);
    let names: Vec<(String, bool)> =
        shown.iter().map(|swing| (plainly(&swing.varied), is_assumed(&swing.varied))).collect();
    let body = frame.body;
    let canvas = &mut frame.canvas;
    let (panel, each) = rows(canvas, body, &names);
    let ends = shown.iter().flat_map(|swing| [&swing.at_low, &swing.at_high]).flat_map(|end| {
        let interval = end.interval.map_or([end.value; 2], |i| [i.low, i.high]);
        [base + interval[0], base + interval[1]]
    });
    let (low, high) = ends.fold((base, base), |(low, high), end| (low.min(end), high.max(end)));
    let room = 0.16 * (high - low).max(1e-9);
    // Room for what is written beside the bars.
    let axis = Axis::holding(low - room, high + room, 6).marked_from(measure.least());
    axis.draw_below(canvas, panel, measure.unit, false);
    let centre = axis.x(panel, base);
    for (row, swing) in shown.iter().enumerate() {
        let middle = panel.top + each * (row as f64 + 0.5);
        let half = (each * 0.32).min(13.0);
        let sides = [
            (&swing.at_low, &swing.varied.low, ORANGE),
            (&swing.at_high, &swing.varied.high, BLUE),
        ];
        for (end, _, colour) in sides {
            let x = axis.x(panel, base + end.value);
            let bar = Rect::new(x.min(centre), middle - half, x.max(centre), middle + half);
            canvas.rect(bar, colour, 0.85);
        }
        for (end, ..) in sides {
            whisker(canvas, axis, panel, base, end, middle);
        }
        let (low, high) = (&swing.at_low, &swing.at_high);
        if (low.value < 0.0) == (high.value < 0.0) {
            // Both ends lie on one side: the further one is named last, beyond both.
            let (near, far) = if low.value.abs() <= high.value.abs() { (0, 1) } else { (1, 0) };
            let both = format!("{}, {}", sides[near].1, sides[far].1);
            label(canvas, axis, panel, base, &[low, high], &both, middle);
        } else {
            for (end, set_to, _) in sides {
                label(canvas, axis, panel, base, &[end], set_to, middle);
            }
        }
    }
    canvas.upright(centre, panel.top - 4.0, panel.bottom, Pen::new(INK, 1.6));
    let now = format!("as it is: {}", value(base, measure.unit));
    canvas.text((centre, panel.top - 10.0), &now, CAPTION.align(Align::Middle));
    let foot = (panel.right, panel.bottom + 40.0);
    canvas.text(foot, &words::capital(measure.title), CAPTION.align(Align::Right));
    frame
}

fn whisker(canvas: &mut Canvas, axis: Axis, panel: Rect, base: f64, end: &Estimate, middle: f64) {
    let Some(interval) = end.interval else { return };
    let (from, to) = (axis.x(panel, base + interval.low), axis.x(panel, base + interval.high));
    canvas.level(from, to, middle, Pen::new(INK, 1.4));
    for x in [from, to] {
        canvas.line(vec![(x, middle - 4.0), (x, middle + 4.0)], Pen::new(INK, 1.4));
    }
}

/// What a value was set to, beside bars that end on one side.
fn label(
    canvas: &mut Canvas,
    axis: Axis,
    panel: Rect,
    base: f64,
    ends: &[&Estimate],
    set_to: &str,
    middle: f64,
) {
    let is_left = ends[0].value < 0.0;
    let reach =
        |end: &&Estimate| end.interval.map_or(end.value, |i| if is_left { i.low } else { i.high });
    let reaches = ends.iter().map(reach);
    let far = if is_left { reaches.fold(0.0, f64::min) } else { reaches.fold(0.0, f64::max) };
    let x = axis.x(panel, base + far);
    let foot = middle + TICK.cap_height() / 2.0;
    let lettering = TICK.size(14.0).colour(GREY);
    if is_left {
        canvas.text((x - 8.0, foot), set_to, lettering.align(Align::Right));
    } else {
        canvas.text((x + 8.0, foot), set_to, lettering);
    }
}

fn effects(results: &SensitivityResults) -> Frame {
    let shown = &results.effects[..results.effects.len().min(MOST)];
    let Some(measure) = results.by() else { return frame(results, "", "") };
    let first = &shown[0];
    let title = format!(
        "{} matters most: over its range of {} to {} it moves {} by {} on average",
        words::capital(&plainly(&first.varied)),
        first.varied.low,
        first.varied.high,
        measure.title,
        amount(first.mu_star.value, measure.unit)
    );
    let subtitle = format!(
        "Elementary effects (Morris) of {} walks: dots are their mean size mu* with {} intervals, \
         rings their spread sigma. Names in orange are defaults that nobody has measured.",
        results.walks,
        words::share(results.level)
    );
    let mut frame = frame(results, &title, &subtitle);
    let names: Vec<(String, bool)> =
        shown.iter().map(|effect| (plainly(&effect.varied), is_assumed(&effect.varied))).collect();
    let body = frame.body;
    let canvas = &mut frame.canvas;
    let (panel, each) = rows(canvas, body, &names);
    let tops = shown.iter().flat_map(|effect| {
        let top = effect.mu_star.interval.map_or(effect.mu_star.value, |i| i.high);
        [top, effect.sigma.value]
    });
    let axis = Axis::holding(0.0, tops.fold(0.0, f64::max), 6);
    axis.draw_below(canvas, panel, measure.unit, false);
    for (row, effect) in shown.iter().enumerate() {
        let middle = (panel.top + each * (row as f64 + 0.5)).floor() + 0.5;
        canvas.level(panel.left, axis.x(panel, effect.mu_star.value), middle, Pen::new(RULE, 1.0));
        let sigma = (axis.x(panel, effect.sigma.value), middle);
        canvas.dot(sigma, 6.0, GREY);
        canvas.dot(sigma, 3.0, super::theme::WHITE);
        if let Some(interval) = effect.mu_star.interval {
            let (from, to) = (axis.x(panel, interval.low), axis.x(panel, interval.high));
            canvas.level(from, to, middle, Pen::new(BLUE, 3.0));
        }
        canvas.dot((axis.x(panel, effect.mu_star.value), middle), 6.0, BLUE);
    }
    let foot = (panel.right, panel.bottom + 40.0);
    canvas.text(foot, &words::capital(measure.title), CAPTION.align(Align::Right));
    frame
}
