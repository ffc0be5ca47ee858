//! A sweep as a picture: a line with its interval over one key, a heat map over two, and a panel of
//! dots per key where there are more.

use super::axis::Axis;
use super::canvas::{Canvas, Pen, Rect};
use super::frame::Frame;
use super::text;
use super::theme::{Align, BLUE, CAPTION, Colour, GREY, LABEL, RULE, TICK, WHITE, ramp};
use super::{Chart, ChartError, dates, words};
use crate::outcome::measure::{Better, Measure};
use crate::report::comparison::figure;
use crate::report::swept::{SweepResults, bare, short};
use crate::report::text::value;
use crate::scenario::vary::place;
use crate::stats::Estimate;

/// Most panels of dots.
const MOST_PANELS: usize = 6;

/// Shades of a heat map.
const SHADES: usize = 64;

/// Draws a sweep; nothing where there is nothing to see.
///
/// *Errors*: the drawing library fails.
pub fn sweep(results: &SweepResults) -> Result<Option<Chart>, ChartError> {
    let Some(measure) = results.by() else { return Ok(None) };
    let found: Vec<Option<&Estimate>> =
        results.points.iter().map(|point| figure(&point.figures, measure.key)).collect();
    let drawing = Drawing { results, measure, found };
    let frame = match (results.keys.len(), results.design.as_str()) {
        _ if drawing.found.iter().flatten().next().is_none() => return Ok(None),
        (0, _) => return Ok(None),
        (1, _) => drawing.line(),
        (2, "grid") => drawing.heat(),
        _ => drawing.dots(),
    };
    Ok(Some(Chart { name: "sweep", svg: frame.svg()? }))
}

struct Drawing<'a> {
    results: &'a SweepResults,
    measure: &'static Measure,
    found: Vec<Option<&'a Estimate>>,
}

/// The values of a key in their order, and where each lies on its axis from 0 to 1.
struct Scale {
    values: Vec<String>,
    shares: Vec<f64>,
}

impl Scale {
    fn share(&self, value: &str) -> f64 {
        let at = self.values.iter().position(|known| known == value);
        at.map_or(0.5, |at| self.shares[at])
    }

    /// Values that can be written beside each other in so much room.
    fn labels(&self, room: f64, upright: bool) -> Vec<(f64, &str)> {
        let widths = self.values.iter().map(|value| text::width(value, TICK));
        let needs = if upright { 22.0 } else { widths.fold(0.0, f64::max) + 14.0 };
        let fit = (room / needs).max(2.0) as usize;
        let each = self.values.len().div_ceil(fit.max(1)).max(1);
        let all = self.shares.iter().zip(&self.values);
        all.step_by(each).map(|(share, value)| (*share, value.as_str())).collect()
    }
}

impl Drawing<'_> {
    /// Numbers and dates stand where they belong; words stand side by side.
    fn scale(&self, key: usize, even: bool) -> Scale {
        let mut values: Vec<String> = Vec::new();
        for point in &self.results.values {
            let value = bare(&point[key]);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let places: Option<Vec<f64>> = values.iter().map(|value| place(value)).collect();
        if let Some(places) = &places {
            let mut order: Vec<usize> = (0..values.len()).collect();
            order.sort_by(|a, b| places[*a].total_cmp(&places[*b]));
            values = order.iter().map(|at| values[*at].clone()).collect();
        }
        let n = values.len();
        let side_by_side = (0..n).map(|at| (at as f64 + 0.5) / n as f64).collect();
        let shares = match places.filter(|_| !even && n > 1) {
            Some(mut places) => {
                places.sort_by(f64::total_cmp);
                let (low, high) = (places[0], places[n - 1]);
                places.iter().map(|at| 0.02 + 0.96 * (at - low) / (high - low)).collect()
            }
            None => side_by_side,
        };
        Scale { values, shares }
    }

    fn frame(&self, title: &str, subtitle: &str) -> Frame {
        let results = self.results;
        let day = |text: &String| dates::day_number(text).ok().map(|day| dates::short(day, true));
        let span = day(&results.span.0).zip(day(&results.span.1));
        let each = words::several(
            &words::count(results.replications as f64),
            "replication of each point",
            "replications of each point",
        );
        let parts =
            [Some(results.title.clone()), span.map(|(a, b)| format!("{a} to {b}")), Some(each)];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        Frame::with_footer(&words::capital(title), subtitle, &parts)
    }

    fn shown(&self, estimate: &Estimate) -> String {
        value(estimate.value, self.measure.unit)
    }

    fn best(&self) -> Option<(usize, &Estimate)> {
        let sign = if self.measure.better == Better::Higher { -1.0 } else { 1.0 };
        let all = self.found.iter().enumerate().filter_map(|(at, found)| Some((at, (*found)?)));
        all.min_by(|a, b| (sign * a.1.value).total_cmp(&(sign * b.1.value)))
    }

    fn ends(&self) -> (f64, f64) {
        let all = self.found.iter().flatten().flat_map(|estimate| {
            let ends = estimate.interval.map_or([estimate.value; 2], |i| [i.low, i.high]);
            [ends[0], ends[1], estimate.value]
        });
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), end| {
            (low.min(end), high.max(end))
        })
    }

    /// An upright axis: from zero, unless everything lies far above it.
    fn upright(&self, steps: u32) -> Axis {
        let (low, high) = self.ends();
        let negative = self.found.iter().flatten().any(|estimate| estimate.value < 0.0);
        // An interval may reach below what there can be.
        let low = if negative { low } else { low.max(0.0) };
        let low = if low > 0.0 && low < 0.6 * high { 0.0 } else { low };
        Axis::holding(low, high, steps)
    }

    fn line(&self) -> Frame {
        let (results, unit) = (self.results, self.measure.unit);
        let scale = self.scale(0, false);
        let key = short(&results.keys[0]);
        let at = |wanted: &str| {
            let point = results.values.iter().position(|point| bare(&point[0]) == wanted)?;
            self.found[point]
        };
        let first_last = scale.values.first().zip(scale.values.last());
        let title = first_last
            .and_then(|(first, last)| {
                Some(format!(
                    "{}: {} at {key} = {first}, {} at {last}",
                    self.measure.title,
                    self.shown(at(first)?),
                    self.shown(at(last)?)
                ))
            })
            .unwrap_or_else(|| self.measure.title.to_string());
        let level = words::share(results.level);
        let subtitle =
            format!("The same customers at every point; the band is the {level} interval.");
        let mut frame = self.frame(&title, &subtitle);
        let body = frame.body;
        let panel =
            Rect::new(body.left + 60.0, body.top + 26.0, body.right - 10.0, body.bottom - 46.0);
        let axis = self.upright(6);
        let canvas = &mut frame.canvas;
        let caption = words::capital(&words::with_unit(self.measure));
        canvas.text((body.left, panel.top - 12.0), &caption, CAPTION);
        axis.draw_beside(canvas, panel, unit);
        across(canvas, panel, &scale, key);
        let points: Vec<(f64, &Estimate)> = scale
            .values
            .iter()
            .filter_map(|value| Some((panel.left + scale.share(value) * panel.width(), at(value)?)))
            .collect();
        let numbers = scale.values.iter().all(|value| place(value).is_some());
        let edge = |high: bool| -> Vec<(f64, f64)> {
            let end = |estimate: &Estimate| match estimate.interval {
                Some(interval) => {
                    if high {
                        interval.high
                    } else {
                        interval.low
                    }
                }
                None => estimate.value,
            };
            points.iter().map(|(x, estimate)| (*x, axis.height(panel, end(estimate)))).collect()
        };
        let (upper, lower) = (edge(true), edge(false));
        if numbers {
            let band: Vec<_> = upper.iter().chain(lower.iter().rev()).copied().collect();
            canvas.fill(band, BLUE, 0.2);
            let line = points.iter().map(|(x, e)| (*x, axis.height(panel, e.value))).collect();
            canvas.line(line, Pen::new(BLUE, 2.6));
        }
        for ((x, estimate), (up, low)) in points.iter().zip(upper.iter().zip(&lower)) {
            if !numbers {
                canvas.line(vec![*up, *low], Pen::new(BLUE, 2.6));
            }
            canvas.dot((*x, axis.height(panel, estimate.value)), 4.5, BLUE);
        }
        frame
    }

    fn heat(&self) -> Frame {
        let results = self.results;
        let (across_scale, up) = (self.scale(0, true), self.scale(1, true));
        let keys = [short(&results.keys[0]), short(&results.keys[1])];
        let title = match self.best() {
            Some((at, best)) => format!(
                "{} {} at {} = {} and {} = {}",
                self.measure.title,
                self.shown(best),
                keys[0],
                bare(&results.values[at][0]),
                keys[1],
                bare(&results.values[at][1])
            ),
            None => self.measure.title.to_string(),
        };
        let which = if self.measure.better == Better::Neither { "" } else { "The best point: " };
        let title = if which.is_empty() { title } else { format!("{which}{title}") };
        let subtitle = format!(
            "{}; the same customers at every point. The darker, the more.",
            words::capital(self.measure.title)
        );
        let mut frame = self.frame(&title, &subtitle);
        let body = frame.body;
        let beside = up.values.iter().map(|value| text::width(value, TICK)).fold(0.0, f64::max);
        let panel = Rect::new(
            body.left + beside + 16.0,
            body.top + 24.0,
            body.right - 110.0,
            body.bottom - 46.0,
        );
        let (low, high) = self
            .found
            .iter()
            .flatten()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), estimate| {
                (low.min(estimate.value), high.max(estimate.value))
            });
        let shades = ramp(SHADES);
        let shade = |value: f64| -> Colour {
            let share = if high > low { (value - low) / (high - low) } else { 0.0 };
            shades[((share * SHADES as f64) as usize).min(SHADES - 1)]
        };
        let (wide, tall) = (
            panel.width() / across_scale.values.len() as f64,
            panel.height() / up.values.len() as f64,
        );
        let canvas = &mut frame.canvas;
        canvas.text((body.left, panel.top - 10.0), keys[1], CAPTION);
        let best = self.best().map(|(at, _)| at);
        for (point, found) in results.values.iter().zip(&self.found) {
            let Some(found) = found else { continue };
            let x = panel.left + across_scale.share(&bare(&point[0])) * panel.width();
            let middle = panel.bottom - up.share(&bare(&point[1])) * panel.height();
            let cell = Rect::new(
                x - wide / 2.0 + 1.0,
                middle - tall / 2.0 + 1.0,
                x + wide / 2.0 - 1.0,
                middle + tall / 2.0 - 1.0,
            );
            let colour = shade(found.value);
            canvas.rect(cell, colour, 1.0);
            let words = self.shown(found);
            let lettering = TICK.colour(colour.ink_on()).align(Align::Middle);
            let is_best = best.is_some_and(|best| std::ptr::eq(point, &results.values[best]));
            let lettering = lettering.bold(is_best);
            if text::width(&words, lettering) < wide - 6.0 && tall > 20.0 {
                canvas.text((x, middle + lettering.cap_height() / 2.0), &words, lettering);
            }
        }
        across(canvas, panel, &across_scale, keys[0]);
        for (share, value) in up.labels(panel.height(), true) {
            let foot = panel.bottom - share * panel.height() + TICK.cap_height() / 2.0;
            canvas.text((panel.left - 10.0, foot), value, TICK.align(Align::Right));
        }
        legend(canvas, panel, &shades, self.measure, (low, high));
        frame
    }

    fn dots(&self) -> Frame {
        let results = self.results;
        let title = match self.best() {
            Some((_, best)) => {
                format!(
                    "The best of {} points has {} {}",
                    results.points.len(),
                    self.measure.title,
                    self.shown(best)
                )
            }
            None => self.measure.title.to_string(),
        };
        let subtitle = format!(
            "{} of every point over each key, the others varying as well; the same customers.",
            words::capital(self.measure.title)
        );
        let mut frame = self.frame(&title, &subtitle);
        let body = frame.body;
        let keys = results.keys.len().min(MOST_PANELS);
        let columns = if keys <= 3 { keys } else { keys.div_ceil(2) };
        let rows = keys.div_ceil(columns);
        let (wide, tall) = (body.width() / columns as f64, body.height() / rows as f64);
        let axis = self.upright(4);
        for key in 0..keys {
            let (left, top) = (
                body.left + wide * (key % columns) as f64,
                body.top + tall * (key / columns) as f64,
            );
            let panel = Rect::new(left + 56.0, top + 14.0, left + wide - 18.0, top + tall - 50.0);
            let scale = self.scale(key, false);
            axis.draw_beside(&mut frame.canvas, panel, self.measure.unit);
            across(&mut frame.canvas, panel, &scale, short(&results.keys[key]));
            for (point, found) in results.values.iter().zip(&self.found) {
                let Some(found) = found else { continue };
                let x = panel.left + scale.share(&bare(&point[key])) * panel.width();
                frame.canvas.dot((x, axis.height(panel, found.value)), 3.5, BLUE);
            }
        }
        frame
    }
}

/// The values of a key along the bottom of a panel, and its name below.
fn across(canvas: &mut Canvas, panel: Rect, scale: &Scale, key: &str) {
    canvas.level(panel.left, panel.right, panel.bottom, Pen::new(GREY, 1.2));
    for (share, value) in scale.labels(panel.width(), false) {
        let x = panel.left + share * panel.width();
        canvas.upright(x, panel.bottom, panel.bottom + 5.0, Pen::new(RULE, 1.0));
        canvas.text((x, panel.bottom + 20.0), value, TICK.align(Align::Middle));
    }
    let name = LABEL.size(15.0).align(Align::Middle);
    let middle = f64::midpoint(panel.left, panel.right);
    canvas.text((middle, panel.bottom + 41.0), &text::shorten(key, name, panel.width()), name);
}

/// What the shades stand for.
fn legend(
    canvas: &mut Canvas,
    panel: Rect,
    shades: &[Colour],
    measure: &Measure,
    (low, high): (f64, f64),
) {
    let bar = Rect::new(panel.right + 22.0, panel.top, panel.right + 40.0, panel.bottom);
    let each = bar.height() / shades.len() as f64;
    for (step, shade) in shades.iter().enumerate() {
        let bottom = bar.bottom - each * step as f64;
        canvas.rect(Rect::new(bar.left, bottom - each - 0.5, bar.right, bottom), *shade, 1.0);
    }
    canvas.line(vec![(bar.left, bar.top), (bar.left, bar.bottom)], Pen::new(WHITE, 1.0));
    for (at, height) in [(high, bar.top + 10.0), (low, bar.bottom)] {
        canvas.text((bar.right + 8.0, height), &value(at, measure.unit), TICK);
    }
}
