//! A fan: how a number spreads over replications as time passes.

use super::ChartError;
use super::canvas::{Canvas, Pen, Point, Rect};
use super::crowd::{self, Crowd};
use super::dates;
use super::panel::Panel;
use super::text;
use super::theme::{Colour, INK, Lettering, REMARK, RULE, WHITE};
use crate::report::results::Results;

/// Horizons longer than this, in days, show the close of each day only: nights and lunch breaks
/// would make a saw of the line.
const SAW: f64 = 21.0;

/// Which points of the timeline are drawn, and when they are.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Moments {
    /// Index in the timeline and days since 1970, in order.
    pub(super) points: Vec<(usize, f64)>,
    /// Whether they are closes of open days only.
    pub(super) closes_only: bool,
    /// Where the axis begins.
    pub(super) from: f64,
    /// Where it ends.
    pub(super) to: f64,
}

/// The points of the timeline that are drawn.
pub(super) fn moments(results: &Results) -> Result<Moments, ChartError> {
    let timeline = &results.timeline;
    let mut points = Vec::with_capacity(timeline.at.len());
    for (index, at) in timeline.at.iter().enumerate() {
        let day = dates::day_number(at)?;
        // An hour comes twice when daylight saving ends; a line must not run backwards.
        if points.last().is_none_or(|(_, before)| day > *before) {
            points.push((index, day));
        }
    }
    let start = dates::day_number(&results.scenario.start)?;
    let end = dates::day_number(&results.scenario.end)?.floor() + 1.0;
    let from = points.first().map_or(start, |(_, day)| start.min(*day));
    let to = points.last().map_or(end, |(_, day)| end.max(*day)).max(from + 1.0 / 24.0);
    let closes: Vec<_> = points
        .iter()
        .filter(|(index, _)| timeline.is_close.get(*index) == Some(&true))
        .copied()
        .collect();
    let closes_only = to - from > SAW && closes.len() > 8;
    Ok(Moments { points: if closes_only { closes } else { points }, closes_only, from, to })
}

/// The quantiles of a fan at the moments at which they are drawn.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Fan {
    /// Day and 5, 25, 50, 75 and 95 % quantiles.
    pub(super) points: Vec<(f64, [f64; 5])>,
}

impl Fan {
    /// The fan of a series given at each point of the timeline.
    pub(super) fn new(moments: &Moments, quantiles: &[[f64; 5]]) -> Fan {
        let points = moments
            .points
            .iter()
            .filter_map(|(index, day)| Some((*day, *quantiles.get(*index)?)))
            .filter(|(_, quantiles)| !quantiles.iter().any(|q| q.is_nan()))
            .collect();
        Fan { points }
    }

    /// The highest finite quantile.
    pub(super) fn highest(&self) -> f64 {
        let all = self.points.iter().flat_map(|(_, quantiles)| quantiles.iter().copied());
        all.filter(|q| q.is_finite()).fold(0.0, f64::max)
    }

    /// The day on which the median is highest, and how high it is.
    pub(super) fn summit(&self) -> Option<(f64, f64)> {
        let medians = self.points.iter().map(|(day, quantiles)| (*day, quantiles[2]));
        medians.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.total_cmp(&a.0)))
    }

    /// A quantile as a line on a panel.
    pub(super) fn line(&self, panel: Panel, quantile: usize) -> Vec<Point> {
        self.points.iter().map(|(day, quantiles)| panel.at(*day, quantiles[quantile])).collect()
    }

    /// Draws bands and median, and notes them as taken.
    pub(super) fn draw(&self, canvas: &mut Canvas, crowd: &mut Crowd, panel: Panel, look: Look) {
        let bands = [(0, 4, Some(look.outer)), (1, 3, look.inner)];
        for (low, high, opacity) in bands {
            let Some(opacity) = opacity else { continue };
            let (upper, lower) = (self.line(panel, high), self.line(panel, low));
            crowd.area(&upper, &lower, crowd::AREA);
            crowd.line(&upper, crowd::EDGE);
            crowd.line(&lower, crowd::EDGE);
            if look.inner.is_none() {
                canvas.line(upper.clone(), Pen::new(look.colour, 0.8));
                canvas.line(lower.clone(), Pen::new(look.colour, 0.8));
            }
            let outline = upper.into_iter().chain(lower.into_iter().rev()).collect();
            canvas.fill(outline, look.colour, opacity);
        }
        let median = self.line(panel, 2);
        crowd.line(&median, crowd::LINE);
        if let [only] = median.as_slice() {
            canvas.dot(*only, 4.0, look.colour);
        }
        canvas.line(median, Pen { colour: look.colour, width: 2.6, dash: look.dash });
    }

    /// Points inside a band, between two quantiles, where it is at least `thick` pixels thick; the
    /// thickest first.
    pub(super) fn inside(&self, panel: Panel, low: usize, high: usize, thick: f64) -> Vec<Point> {
        let (upper, lower) = (self.line(panel, high), self.line(panel, low));
        let mut places: Vec<(f64, Point)> = upper
            .iter()
            .zip(&lower)
            .map(|(above, below)| (below.1 - above.1, (above.0, (above.1 + below.1) / 2.0)))
            .filter(|(thickness, _)| *thickness >= thick)
            .collect();
        places.sort_by(|a, b| b.0.total_cmp(&a.0));
        places.into_iter().map(|(_, at)| at).collect()
    }
}

/// What a fan looks like.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Look {
    /// Colour of bands and median.
    pub(super) colour: Colour,
    /// How much ink the band of 90 % takes.
    pub(super) outer: f64,
    /// How much more the band of 50 % takes; nothing where a hair line around the other will do.
    pub(super) inner: Option<f64>,
    /// Dashes of the median.
    pub(super) dash: Option<(f64, f64)>,
}

/// Names something drawn: puts the text where there is room, with a thin leader to the best of the
/// anchors, and notes it as taken. Whether there was room.
pub(super) fn name(
    canvas: &mut Canvas,
    crowd: &mut Crowd,
    words: &str,
    lettering: Lettering,
    anchors: &[Point],
    bounds: Rect,
) -> bool {
    const REACH: [f64; 5] = [14.0, 26.0, 40.0, 60.0, 90.0];
    let size = (text::width(words, lettering), lettering.size);
    // Neighbouring points lead to the same places; a few dozen are plenty.
    let every = (anchors.len() / 40).max(1);
    let anchors: Vec<Point> = anchors.iter().step_by(every).copied().collect();
    let Some(place) = crowd.place(size, &anchors, &REACH, bounds) else {
        return false;
    };
    let from = crowd::nearest(place.rect.grown(3.0), place.anchor);
    canvas.line(vec![from, place.anchor], Pen::new(RULE, 1.0));
    canvas.dot(place.anchor, 2.2, INK);
    write_in(canvas, crowd, place.rect, words, lettering);
    crowd.line(&[from, place.anchor], crowd::LINE);
    true
}

/// Names the bands and the median of a fan, where they are thick enough to be seen: inside a band
/// where there is room, beside it otherwise.
pub(super) fn name_bands(
    canvas: &mut Canvas,
    crowd: &mut Crowd,
    fan: &Fan,
    panel: Panel,
    lettering: Lettering,
) {
    let bounds = panel.rect;
    let median: Vec<Point> = by_height(fan.line(panel, 2));
    if fan.inside(panel, 0, 4, 8.0).is_empty() {
        name(canvas, crowd, "all replications alike", lettering, &median, bounds);
        return;
    }
    let quiet = REMARK.colour(lettering.colour);
    let bands = [
        ("half of the replications", [(2, 3), (1, 2)]),
        ("90\u{a0}% of the replications", [(3, 4), (0, 1)]),
    ];
    let mut outside = Vec::new();
    for (words, halves) in bands {
        let size = (text::width(words, quiet), quiet.size);
        let room = halves.iter().find_map(|(low, high)| {
            crowd.between(size, &fan.line(panel, *high), &fan.line(panel, *low))
        });
        match room {
            Some(rect) => write_in(canvas, crowd, rect, words, quiet),
            None => outside.push((words, halves)),
        }
    }
    name(canvas, crowd, "median", lettering, &median, bounds);
    for (words, halves) in outside {
        let places = halves.map(|(low, high)| fan.inside(panel, low, high, 5.0));
        name(canvas, crowd, words, quiet, &places.concat(), bounds);
    }
}

/// Writes a text into the room found for it.
pub(super) fn write_in(
    canvas: &mut Canvas,
    crowd: &mut Crowd,
    rect: Rect,
    words: &str,
    lettering: Lettering,
) {
    if !crowd.is_clear(rect) {
        // What it covers after all shows through a veil.
        canvas.rect(rect.grown(3.0), WHITE, 0.75);
    }
    let foot = (rect.top + rect.bottom + lettering.cap_height()) / 2.0;
    canvas.text((rect.left, foot), words, lettering);
    crowd.rect(rect.grown(3.0), crowd::TEXT);
}

fn by_height(mut line: Vec<Point>) -> Vec<Point> {
    line.sort_by(|a, b| a.1.total_cmp(&b.1));
    line
}
