//! A waterfall: from a desk without its loops to the desk as it is, one step by loop, a panel by
//! measure.

use super::axis::Axis;
use super::canvas::{Canvas, Pen, Rect};
use super::frame::Frame;
use super::text;
use super::theme::{Align, Lettering};
use super::theme::{
    BLUE, CAPTION, Colour, GREEN, GREY, INK, LABEL, REMARK, SLATE, TICK, VERMILION, WHITE,
};
use super::{Chart, ChartError, dates, words};
use crate::outcome::measure::Unit;
use crate::report::attributed::{Attributed, Attributions, addition, figure, finding, foremost};
use crate::stats::Estimate;

/// Measures that are drawn, the most important first; money or, where there is none, hours.
const DRAWN: [&str; 4] = ["peak_backlog", "days_above", "total_cost", "work_hours"];

/// Most panels: what can still be read across a room.
const MOST: usize = 3;

/// Room above a panel for what it counts, and below it.
const ABOVE: f64 = 26.0;
const BELOW: f64 = 12.0;

/// How the names of the steps are set, and room for a line of them.
const NAME: Lettering = REMARK;
const LINE: f64 = 19.0;

/// Draws the chart; nothing where no loop changes any of the measures.
///
/// *Errors*: the drawing library fails.
pub fn waterfall(told: &Attributions) -> Result<Option<Chart>, ChartError> {
    let shown = shown(told);
    if shown.is_empty() {
        return Ok(None);
    }
    Ok(Some(Chart { name: "attribution", svg: draw(told, &shown).svg()? }))
}

/// The measures to draw: those that some loop changes, the one that the title is about first.
fn shown(told: &Attributions) -> Vec<&Attributed> {
    let first = foremost(told).map_or("", |one| one.measure.key);
    let of = |key: &&str| told.figures.iter().find(|one| one.measure.key == *key);
    let moves = |one: &&Attributed| one.shares.adds.iter().any(|adds| adds.value.abs() > 1e-9);
    let mut shown: Vec<&Attributed> = DRAWN.iter().filter_map(of).filter(moves).collect();
    shown.sort_by_key(|one| one.measure.key != first);
    shown.truncate(MOST);
    shown
}

fn draw(told: &Attributions, shown: &[&Attributed]) -> Frame {
    let subtitle = "From the desk without any of these loops to the desk as it is: what each adds on \
        average over all orders in which they could be taken out, with 95 % intervals. Pale steps \
        may be nothing.";
    let title = finding(told);
    let mut frame = Frame::with_footer(title.trim_end_matches('.'), subtitle, &footer(told));
    let body = frame.body;
    let canvas = &mut frame.canvas;
    let axes: Vec<Axis> = shown.iter().map(|one| axis(one)).collect();
    let numbers = shown.iter().zip(&axes).flat_map(|(one, axis)| {
        axis.ticks().into_iter().map(|tick| text::width(&axis.label(tick, one.measure.unit), TICK))
    });
    let left = body.left + numbers.fold(0.0, f64::max) + 14.0;
    let mut names = vec!["without any of these loops"];
    names.extend(told.loops.iter().map(|one| one.title));
    names.push("as it is");
    let column = (body.right - left) / names.len() as f64;
    let names: Vec<Vec<String>> =
        names.iter().map(|name| text::wrap(name, NAME, column - 14.0, 4)).collect();
    let lines = names.iter().map(Vec::len).max().unwrap_or(1);
    let foot = body.bottom - LINE * lines as f64 - 4.0;
    let each = (foot - body.top) / shown.len() as f64;
    for (place, (one, axis)) in shown.iter().zip(&axes).enumerate() {
        let top = body.top + each * place as f64;
        let panel = Rect::new(left, top + ABOVE, body.right, top + each - BELOW);
        let caption = words::capital(one.measure.title);
        canvas.text((body.left, top + 12.0), &caption, CAPTION.colour(INK));
        axis.draw_beside(canvas, panel, one.measure.unit);
        steps(canvas, one, *axis, panel);
    }
    for (place, lines) in names.iter().enumerate() {
        let middle = left + column * (place as f64 + 0.5);
        let whole = place == 0 || place + 1 == names.len();
        for (line, words) in lines.iter().enumerate() {
            let at = (middle, foot + LINE * (line as f64 + 0.6));
            canvas.text(at, words, NAME.bold(whole).align(Align::Middle));
        }
    }
    frame
}

fn footer(told: &Attributions) -> Vec<String> {
    let day = |text: &String| dates::day_number(text).ok().map(|day| dates::short(day, true));
    let span = day(&told.span.0).zip(day(&told.span.1));
    let n = words::count(told.seasons as f64);
    let each = words::several(&n, "replication", "replications") + " of each set of loops";
    let parts = [Some(told.title.clone()), span.map(|(a, b)| format!("{a} to {b}")), Some(each)];
    parts.into_iter().flatten().collect()
}

/// From zero to the highest whisker, with room for what is written above it.
fn axis(one: &Attributed) -> Axis {
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for bar in bars(one) {
        // An interval may reach below zero, what it is of does not.
        (low, high) = (low.min(bar.to), high.max(bar.top()));
    }
    Axis::holding(low, high + 0.15 * (high - low), 4)
}

/// A bar of the waterfall.
struct Bar {
    from: f64,
    to: f64,
    /// Where the end of the bar may truly lie.
    whisker: Option<(f64, f64)>,
    colour: Colour,
    /// Whether it may be nothing.
    pale: bool,
    label: String,
}

impl Bar {
    /// A whole desk, from zero.
    fn whole(estimate: &Estimate, colour: Colour, unit: Unit) -> Bar {
        let whisker = estimate.interval.map(|within| (within.low, within.high));
        let label = figure(estimate, unit);
        Bar { from: 0.0, to: estimate.value, whisker, colour, pale: false, label }
    }

    /// What a loop adds to what there is.
    fn step(from: f64, adds: &Estimate, unit: Unit) -> Bar {
        let to = from + adds.value;
        Bar {
            from,
            to,
            whisker: adds.interval.map(|within| (from + within.low, from + within.high)),
            colour: if adds.value < 0.0 { GREEN } else { VERMILION },
            pale: adds.interval.is_none_or(|within| within.contains(0.0)),
            label: addition(adds, unit),
        }
    }

    /// The highest of bar and whisker.
    fn top(&self) -> f64 {
        self.whisker.map_or(self.to, |(_, high)| high).max(self.from).max(self.to)
    }
}

fn bars(one: &Attributed) -> Vec<Bar> {
    let (unit, shares) = (one.measure.unit, &one.shares);
    let mut bars = vec![Bar::whole(&shares.without, SLATE, unit)];
    let mut level = shares.without.value;
    for adds in &shares.adds {
        bars.push(Bar::step(level, adds, unit));
        level += adds.value;
    }
    bars.push(Bar::whole(&shares.with, BLUE, unit));
    bars
}

fn steps(canvas: &mut Canvas, one: &Attributed, axis: Axis, panel: Rect) {
    let bars = bars(one);
    let column = panel.width() / bars.len() as f64;
    let half = (column * 0.31).min(64.0);
    let middle = |place: usize| panel.left + column * (place as f64 + 0.5);
    for (place, bar) in bars.iter().enumerate() {
        let (x, end) = (middle(place), axis.height(panel, bar.to));
        let start = axis.height(panel, bar.from);
        // A step too small to see still has its place.
        let (top, bottom) = (start.min(end), start.max(end).max(start.min(end) + 1.5));
        let opacity = if bar.pale { 0.4 } else { 1.0 };
        canvas.rect(Rect::new(x - half, top, x + half, bottom), bar.colour, opacity);
        if place + 1 < bars.len() {
            canvas.level(x + half, middle(place + 1) - half, end, Pen::new(GREY, 1.0));
        }
        if let Some((low, high)) = bar.whisker {
            let pen = Pen::new(INK, 1.6);
            canvas.upright(x, axis.height(panel, high), axis.height(panel, low), pen);
            for end in [low, high].into_iter().filter(|end| *end >= axis.from) {
                canvas.level(x - 5.0, x + 5.0, axis.height(panel, end), pen);
            }
        }
        let foot = axis.height(panel, bar.top()) - 7.0;
        let half = text::width(&bar.label, LABEL) / 2.0 + 4.0;
        canvas.rect(Rect::new(x - half, foot - 14.0, x + half, foot + 3.0), WHITE, 0.8);
        canvas.text((x, foot), &bar.label, LABEL.align(Align::Middle));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::attributed::tests::told;

    #[test]
    fn steps_lead_from_without_to_with() {
        let told = told(&[("chasers", 300.0), ("hurry", -90.0), ("reopens", 4.0)]);
        let bars = bars(&told.figures[0]);
        let ends: Vec<f64> = bars.iter().map(|bar| bar.to).collect();
        assert_eq!(ends, [1000.0, 1300.0, 1210.0, 1214.0, 1214.0]);
        let labels: Vec<&str> = bars.iter().map(|bar| bar.label.as_str()).collect();
        assert_eq!(labels, ["1,000", "+300", "−90", "+4", "1,210"]);
        assert_eq!(bars[2].colour, GREEN);
        assert!(bars[3].pale && !bars[2].pale);
        // Axes begin at zero, and hold the highest whisker.
        let axis = axis(&told.figures[0]);
        assert_eq!(axis.from, 0.0);
        assert!(axis.to > 1320.0);
    }

    #[test]
    fn what_no_loop_changes_is_not_drawn() {
        let nothing = told(&[("chasers", 0.0)]);
        assert!(waterfall(&nothing).unwrap().is_none());
        let chart = waterfall(&told(&[("chasers", 300.0)])).unwrap().unwrap();
        assert!(chart.svg.contains("as it is") && chart.svg.contains("Days above target"));
    }
}
