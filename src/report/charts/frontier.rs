//! The frontier: what plans cost, and how likely each is to be cleared by the day.

use super::canvas::{Canvas, Pen, Point, Rect};
use super::crowd::{self, Crowd};
use super::fan;
use super::frame::Frame;
use super::panel::margin_for;
use super::scale::Scale;
use super::text;
use super::theme::{
    Align, BLUE, CAPTION, GREY, GRID, INK, LABEL, Lettering, RULE, TICK, VERMILION, WHITE,
};
use super::{Chart, ChartError, words};
use crate::experiment::plan::search::Verdict;
use crate::experiment::plan::{Found, Simulated};
use crate::report::planned::{About, frontier};
use crate::report::text::{date, several};

/// Draws the chart; nothing where no plan was judged.
///
/// *Errors*: the drawing library fails.
pub fn draw(
    found: &Found,
    about: &About<'_>,
    wanted: Option<f64>,
) -> Result<Option<Chart>, ChartError> {
    let mut costs: Vec<f64> = found.tried.iter().map(|plan| plan.cost.value).collect();
    costs.extend(found.today.iter().chain(&found.plan).map(|plan| plan.cost.value));
    let Some((low, high)) = ends(&costs) else { return Ok(None) };
    let by = date(&(about.day)(about.by), &about.start);
    let subtitle = format!(
        "Each point is a plan: its {} and the probability that the backlog is cleared for good by {by}, with \
         95 % intervals; hollow ones miss a target. The line is the likeliest that can be had for as much.",
        about.cost.title
    );
    let seasons: u64 = found.tried.iter().map(|plan| plan.cost.n).sum();
    let from = format!(
        "{}  ·  {}, {}",
        about.name.trim(),
        several(found.tried.len() as u64, "plan"),
        several(seasons, "simulated season")
    );
    let mut frame = Frame::with_footer(&title(found, about, &by), &subtitle, &[from]);
    let body = frame.body;
    let left = body.left + margin_for(Scale::shares()).max(54.0);
    let rect = Rect::new(left, body.top + 22.0, body.right - 20.0, body.bottom - 42.0);
    let map = Map { rect, low, high };
    map.axes(&mut frame.canvas, about.cost.title);
    map.plans(&mut frame.canvas, found, wanted);
    Ok(Some(Chart { name: "frontier", svg: frame.svg()? }))
}

fn title(found: &Found, about: &About<'_>, by: &str) -> String {
    let cost = |plan: &Simulated| words::about(plan.cost.value);
    let comes_to = |plan: &Simulated| about.comes_to(&cost(plan));
    if let (Some(plan), true) = (&found.plan, about.goals.len() > 1) {
        return format!(
            "To meet {} targets {}; it is cleared by {by} with probability {}",
            if about.goals.len() == 2 {
                "both".to_owned()
            } else {
                format!("all {}", about.goals.len())
            },
            comes_to(plan),
            chance(plan.cleared.value)
        );
    }
    match (&found.plan, &found.today) {
        (Some(plan), Some(today)) if is_as_dear(plan, today) => format!(
            "To be cleared by {by} with probability {} {}, as much as the desk as it stands",
            chance(plan.cleared.value),
            comes_to(plan)
        ),
        (Some(plan), Some(today)) if today.cost.value > plan.cost.value => format!(
            "To be cleared by {by} with probability {} {}; as things stand it is {} for {}, which is more",
            chance(plan.cleared.value),
            comes_to(plan),
            chance(today.cleared.value),
            cost(today)
        ),
        (Some(plan), Some(today)) => format!(
            "To be cleared by {by} with probability {} {}; as things stand it is {} for {}",
            chance(plan.cleared.value),
            comes_to(plan),
            chance(today.cleared.value),
            cost(today)
        ),
        (Some(plan), None) => format!(
            "To be cleared by {by} with probability {} {}",
            chance(plan.cleared.value),
            comes_to(plan)
        ),
        (None, _) => {
            format!("No plan within these changes meets the targets by {by} ({})", about.cost.title)
        }
    }
}

/// Whether two plans cost the same but for chance.
fn is_as_dear(one: &Simulated, other: &Simulated) -> bool {
    let (a, b) = (one.cost.value, other.cost.value);
    (a - b).abs() <= 0.005 * a.abs().max(b.abs())
}

fn chance(p: f64) -> String {
    crate::report::text::probability(p)
}

fn ends(costs: &[f64]) -> Option<(f64, f64)> {
    let low = costs.iter().copied().reduce(f64::min)?;
    let high = costs.iter().copied().reduce(f64::max)?;
    let room = ((high - low) * 0.06).max(high.abs() * 0.01).max(1e-6);
    Some((low - room, high + room))
}

/// From each point level to where the next begins, and at last to the edge.
fn stairs(points: &[Point], edge: f64) -> Vec<Point> {
    let mut line: Vec<Point> = Vec::new();
    for point in points {
        if let Some((_, height)) = line.last().copied() {
            line.push((point.0, height));
        }
        line.push(*point);
    }
    line.extend(line.last().map(|(_, height)| (edge, *height)));
    line
}

/// Radius of the ring of a plan with a name, in pixels.
const RING: f64 = 11.0;
/// Height of a name.
const HIGH: f64 = 17.0;

struct Map {
    rect: Rect,
    low: f64,
    high: f64,
}

impl Map {
    fn at(&self, cost: f64, p: f64) -> Point {
        let across = (cost - self.low) / (self.high - self.low);
        (self.rect.left + across * self.rect.width(), self.rect.bottom - p * self.rect.height())
    }

    fn axes(&self, canvas: &mut Canvas, caption: &str) {
        let Rect { left, top, right, bottom } = self.rect;
        for tick in Scale::shares().ticks() {
            let height = self.at(self.low, tick).1;
            let pen = if tick == 0.0 { Pen::new(GREY, 1.2) } else { Pen::new(GRID, 1.0) };
            canvas.level(left, right, height, pen);
            let foot = height + TICK.cap_height() / 2.0;
            canvas.text((left - 10.0, foot), &words::share(tick), TICK.align(Align::Right));
        }
        canvas.text((super::theme::MARGIN, top - 13.0), "cleared in time", CAPTION);
        let step = Scale::holding(self.high - self.low, 5).step;
        let mut cost = (self.low / step).ceil() * step;
        while cost <= self.high {
            let x = self.at(cost, 0.0).0;
            canvas.upright(x, bottom, bottom + 5.0, Pen::new(GREY, 1.0));
            canvas.text((x, bottom + 21.0), &words::count(cost), TICK.align(Align::Middle));
            cost += step;
        }
        canvas.text((right, bottom + 41.0), caption, CAPTION.align(Align::Right));
    }

    fn plans(&self, canvas: &mut Canvas, found: &Found, wanted: Option<f64>) {
        let Rect { left, right, .. } = self.rect;
        let mut crowd = Crowd::new();
        if let Some(p) = wanted {
            let height = self.at(self.low, p).1;
            canvas.level(left, right, height, Pen::new(VERMILION, 1.5).dashed(7.0, 5.0));
            crowd.line(&[(left, height), (right, height)], crowd::LINE);
        }
        let best: Vec<Point> = frontier(found).iter().map(|plan| self.of(plan)).collect();
        let best = stairs(&best, right);
        crowd.line(&best, crowd::LINE);
        canvas.line(best, Pen::new(BLUE, 2.5));
        for plan in &found.tried {
            if let Some(within) = plan.cleared.interval {
                let cost = plan.cost.value;
                let ends = vec![self.at(cost, within.low), self.at(cost, within.high)];
                crowd.line(&ends, crowd::LINE);
                canvas.line(ends, Pen::new(RULE, 1.5));
            }
            let at = self.of(plan);
            canvas.dot(at, 5.0, BLUE);
            if plan.verdict != Some(Verdict::Meets) {
                canvas.disc(at, 2.8, WHITE);
            }
            crowd.rect(Rect::new(at.0, at.1, at.0, at.1).grown(6.0), crowd::LINE);
        }
        let (plan, today) = (found.plan.as_ref(), found.today.as_ref());
        let named = match (plan, today) {
            (Some(one), Some(other)) if self.meet(one, other) => {
                vec![(one, "the plan, and as things stand")]
            }
            (plan, today) => today
                .map(|today| (today, "as things stand"))
                .into_iter()
                .chain(plan.map(|plan| (plan, "the plan")))
                .collect(),
        };
        for (plan, _) in &named {
            let at = self.of(plan);
            self.ring(canvas, at);
            crowd.rect(Rect::new(at.0, at.1, at.0, at.1).grown(RING), crowd::LINE);
        }
        for (plan, name) in named {
            fan::name(canvas, &mut crowd, name, LABEL, &[self.of(plan)], self.rect);
        }
        if let Some(p) = wanted {
            let along = [0.08, 0.25, 0.5, 0.75, 0.92].map(|share| left + share * (right - left));
            let along = along.map(|x| (x, self.at(self.low, p).1));
            let name = format!("wanted: {}", words::share(p));
            let label = LABEL.colour(VERMILION);
            name_at(canvas, &mut crowd, &name, (&along, &[7.0]), (self.rect, label));
        }
    }

    /// Whether the rings of two plans would cover each other.
    fn meet(&self, one: &Simulated, other: &Simulated) -> bool {
        let (a, b) = (self.of(one), self.of(other));
        (a.0 - b.0).hypot(a.1 - b.1) < 22.0
    }

    fn of(&self, plan: &Simulated) -> Point {
        self.at(plan.cost.value, plan.cleared.value)
    }

    fn ring(&self, canvas: &mut Canvas, at: Point) {
        canvas.disc(at, RING, INK);
        canvas.disc(at, 8.5, WHITE);
        canvas.disc(at, 5.0, INK);
    }
}

/// Writes a name near to one of some points, where it covers least.
fn name_at(
    canvas: &mut Canvas,
    crowd: &mut Crowd,
    name: &str,
    (anchors, reach): (&[Point], &[f64]),
    (bounds, lettering): (Rect, Lettering),
) {
    let size = (text::width(name, lettering), HIGH);
    let Some(place) = crowd.place(size, anchors, reach, bounds) else { return };
    crowd.rect(place.rect, crowd::TEXT);
    canvas.text((place.rect.left, place.rect.bottom - 3.0), name, lettering);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_plans_there_is_none() {
        let line = stairs(&[(10.0, 90.0), (30.0, 50.0)], 100.0);
        assert_eq!(line, [(10.0, 90.0), (30.0, 90.0), (30.0, 50.0), (100.0, 50.0)]);
        assert!(stairs(&[], 100.0).is_empty());
    }
}
