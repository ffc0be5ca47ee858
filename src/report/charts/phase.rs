//! The phase diagram: people across, burden upward; where the desk recovers, is trapped, is lost.

use super::axis::Axis;
use super::canvas::{Canvas, Pen, Point, Rect};
use super::frame::Frame;
use super::panel::margin_for;
use super::scale::Scale;
use super::theme::{
    Align, BLUE, CAPTION, GREY, GRID, INK, LABEL, REMARK, SLATE, TICK, VERMILION, WHITE,
};
use super::{Chart, ChartError, words};
use crate::experiment::phase::{Phase, Point as Tried};
use crate::outcome::measure::Unit;

/// What a phase diagram is about.
pub struct About {
    /// Name of the scenario.
    pub name: String,
    /// What is counted across.
    pub across: String,
    /// What is counted upward.
    pub upward: String,
    /// Whether that is a share, printed in percent.
    pub upward_is_share: bool,
    /// Where the desk stands today.
    pub now: (f64, f64),
    /// The day by which it should be cleared, as people say it.
    pub by: String,
    /// Most unsolved tickets that count as cleared.
    pub target: f64,
}

/// Radius of a simulated point.
const RADIUS: f64 = 6.0;

/// Draws the chart.
///
/// *Errors*: the drawing library fails.
pub fn draw(phase: &Phase, about: &About) -> Result<Chart, ChartError> {
    let subtitle = format!(
        "Lines: mean flows, chance left out. Points: simulated seasons, filled as far as they are \
         cleared for good (at most {} unsolved) by {}.",
        words::count(about.target),
        about.by
    );
    let runs = phase.points.first().map_or(0, |point| point.seasons);
    let from = format!(
        "{}  ·  {} places simulated, {} each",
        about.name.trim(),
        phase.points.len(),
        words::several(&words::count(runs as f64), "season", "seasons")
    );
    let mut frame = Frame::with_footer(&finding(phase, about), &subtitle, &[from]);
    let map = Map::new(phase, about, frame.body);
    map.draw(&mut frame.canvas);
    Ok(Chart { name: "phase", svg: frame.svg()? })
}

/// A number on the upward axis.
fn burden(value: f64, about: &About) -> String {
    if about.upward_is_share {
        return words::share(value);
    }
    if value >= 10.0 {
        return words::count(value);
    }
    let digits = format!("{value:.2}");
    digits.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// How far from the desk as it is a simulated point may lie to say something about it, in parts of the map.
const NEAR: f64 = 0.15;

/// The sentence above the chart.
pub fn finding(phase: &Phase, about: &About) -> String {
    let (people, now) = about.now;
    let here = phase
        .columns
        .iter()
        .min_by(|a, b| (a.people - people).abs().total_cmp(&(b.people - people).abs()));
    let enough = phase
        .columns
        .iter()
        .find(|column| !column.lost && column.recovers_up_to.is_some_and(|most| most >= now));
    let is = match here {
        Some(column) if column.lost => "is lost: there is more work than hours",
        Some(column) if column.recovers_up_to.is_some_and(|most| most >= now) => "recovers",
        _ => "has slack on paper and is not cleared in time",
    };
    let today = format!("With {} {} the desk {is}", words::count(people), about.across);
    let text = match (enough, is) {
        // How likely that is the points say.
        (Some(column), "recovers") if Some(column) != phase.columns.first() => {
            format!("{today} on average; below {} it would not", words::count(column.people))
        }
        (_, "recovers") => format!("{today} on average"),
        (None, _) => today,
        (Some(column), _) => format!("{today}; with {} it recovers", words::count(column.people)),
    };
    match nearest(phase, about).map(|point| point.cleared) {
        Some(cleared) if (is == "recovers") != (cleared >= 0.5) => format!(
            "By arithmetic, {}. Simulated seasons near it say otherwise: {} are cleared",
            text.replacen("With", "with", 1),
            words::share(cleared)
        ),
        _ => text,
    }
}

/// The simulated point nearest to the desk as it is, by the size of the map.
fn nearest<'a>(phase: &'a Phase, about: &About) -> Option<&'a Tried> {
    let (people, burden) = about.now;
    let columns = || phase.columns.iter().map(|column| column.people);
    let wide = columns().fold(1.0, f64::max) - columns().fold(f64::INFINITY, f64::min);
    let away = |point: &&Tried| {
        let across = (point.people - people) / wide.max(1.0);
        let up = (point.burden - burden) / phase.top.max(1e-9);
        across.hypot(up)
    };
    let near = phase.points.iter().filter(|point| away(point) < NEAR);
    near.min_by(|a, b| away(a).total_cmp(&away(b)))
}

struct Map<'a> {
    phase: &'a Phase,
    about: &'a About,
    rect: Rect,
    scale: Scale,
    from: f64,
    to: f64,
}

impl<'a> Map<'a> {
    fn new(phase: &'a Phase, about: &'a About, body: Rect) -> Map<'a> {
        let first = phase.columns.first().map_or(0.0, |column| column.people);
        let last = phase.columns.last().map_or(1.0, |column| column.people);
        let scale = Scale { top: phase.top, ..Scale::holding(phase.top, 4) };
        let left = body.left + margin_for(scale).max(54.0);
        let rect = Rect::new(left, body.top + 22.0, body.right - 8.0, body.bottom - 42.0);
        Map { phase, about, rect, scale, from: first - 0.5, to: last + 0.5 }
    }

    fn x(&self, people: f64) -> f64 {
        self.rect.left + (people - self.from) / (self.to - self.from) * self.rect.width()
    }

    /// What is written at a mark of the upward axis: as many digits as tell it from the next.
    fn mark(&self, tick: f64) -> String {
        if !self.about.upward_is_share {
            return self.scale.label(tick);
        }
        let (to, step) = (self.phase.top, self.scale.step);
        let axis = Axis { from: 0.0, to, step, marks_from: 0.0 };
        axis.label(tick, Unit::Share)
    }

    fn height(&self, burden: f64) -> f64 {
        self.rect.bottom - burden / self.phase.top * self.rect.height()
    }

    fn draw(&self, canvas: &mut Canvas) {
        let Rect { left, top, bottom, .. } = self.rect;
        canvas.rect(self.rect, VERMILION, 0.16);
        let lost = self.lost_up_to();
        self.recovers(canvas, lost);
        if lost > left {
            canvas.rect(Rect::new(left, top, lost, bottom), SLATE, 1.0);
            canvas.upright(lost, top, bottom, Pen::new(INK, 2.0));
        }
        self.axes(canvas);
        for point in &self.phase.points {
            let at = (self.x(point.people), self.height(point.burden));
            let colour = VERMILION.towards(BLUE, point.cleared);
            canvas.dot(at, RADIUS, colour);
            // What is not cleared is hollow.
            let hollow = (RADIUS - 1.8) * (1.0 - point.cleared).sqrt();
            if hollow > 0.5 {
                canvas.disc(at, hollow, WHITE);
            }
        }
        self.names(canvas, lost);
        self.today(canvas);
    }

    /// How far across the desk is lost.
    fn lost_up_to(&self) -> f64 {
        let lost = self.phase.columns.iter().take_while(|column| column.lost).count();
        match lost {
            0 => self.rect.left,
            n if n == self.phase.columns.len() => self.rect.right,
            n => {
                let (last, next) = (self.phase.columns[n - 1], self.phase.columns[n]);
                self.x((last.people + next.people) / 2.0)
            }
        }
    }

    /// The area below the line.
    fn recovers(&self, canvas: &mut Canvas, lost: f64) {
        let mut line: Vec<Point> = Vec::new();
        for column in self.phase.columns.iter().filter(|column| !column.lost) {
            let height = column.recovers_up_to.unwrap_or(0.0);
            line.push((self.x(column.people), self.height(height)));
        }
        let Some((first, last)) = line.first().copied().zip(line.last().copied()) else { return };
        let mut whole = vec![(lost.max(self.rect.left), first.1)];
        whole.extend(&line);
        whole.push((self.rect.right, last.1));
        let mut outline = vec![(whole[0].0, self.rect.bottom)];
        outline.extend(&whole);
        outline.push((self.rect.right, self.rect.bottom));
        // The trapped ground shows through no more.
        canvas.fill(outline.clone(), WHITE, 1.0);
        canvas.fill(outline, BLUE, 0.16);
        canvas.line(whole, Pen::new(INK, 2.5));
    }

    fn axes(&self, canvas: &mut Canvas) {
        let Rect { left, top, right, bottom } = self.rect;
        for tick in self.scale.ticks().into_iter().filter(|tick| *tick <= self.phase.top * 1.001) {
            let height = self.height(tick);
            canvas.level(left - 5.0, left, height, Pen::new(GREY, 1.0));
            let foot = height + TICK.cap_height() / 2.0;
            canvas.text((left - 10.0, foot), &self.mark(tick), TICK.align(Align::Right));
        }
        canvas.text((super::theme::MARGIN, top - 13.0), &self.about.upward, CAPTION);
        let step = Scale::holding(self.to - self.from, 5).step.max(1.0);
        let mut people = (self.from / step).ceil() * step;
        while people <= self.to + 1e-9 {
            let x = self.x(people);
            canvas.upright(x, bottom, bottom + 5.0, Pen::new(GREY, 1.0));
            canvas.text((x, bottom + 21.0), &words::count(people), TICK.align(Align::Middle));
            people += step;
        }
        canvas.text((right, bottom + 41.0), &self.about.across, CAPTION.align(Align::Right));
        for edge in [left, right] {
            canvas.upright(edge, top, bottom, Pen::new(GRID, 1.0));
        }
        canvas.level(left, right, bottom, Pen::new(GREY, 1.2));
    }

    /// Names of the areas, where there is room for them.
    fn names(&self, canvas: &mut Canvas, lost: f64) {
        let Rect { left, top, right, bottom } = self.rect;
        let big = LABEL.size(21.0);
        let mut name = |at: Point, title: &str, why: &str, align: Align, room: f64| {
            let words = [(0.0, title, big.align(align)), (22.0, why, REMARK.align(align))];
            for (down, words, lettering) in words {
                // A narrow area has its name at least.
                if super::text::width(words, lettering) + 24.0 < room {
                    let foot = at.1 + down;
                    let width = super::text::width(words, lettering);
                    let from = match align {
                        Align::Left => at.0,
                        Align::Middle => at.0 - width / 2.0,
                        Align::Right => at.0 - width,
                    };
                    let ground = Rect::new(from - 6.0, foot - 19.0, from + width + 6.0, foot + 6.0);
                    canvas.rect(ground, WHITE, 0.85);
                    canvas.text((at.0, foot), words, lettering);
                }
            }
        };
        let middle = f64::midpoint(left, lost);
        // Points stand in seven rows; names between them.
        let row = (bottom - top) / 7.0;
        name(
            (middle, top + 2.0 * row - 6.0),
            "lost",
            "more work than hours",
            Align::Middle,
            lost - left,
        );
        name(
            (lost + 16.0, top + row - 6.0),
            "late or trapped",
            "slack on paper, not cleared in time",
            Align::Left,
            right - lost,
        );
        name(
            (right - 16.0, bottom - row - 6.0),
            "recovers",
            "cleared in time",
            Align::Right,
            right - lost,
        );
    }

    /// Where the desk stands.
    fn today(&self, canvas: &mut Canvas) {
        let (people, now) = self.about.now;
        if !(self.from..=self.to).contains(&people) || now > self.phase.top {
            return;
        }
        let at = (self.x(people), self.height(now));
        canvas.disc(at, 13.0, INK);
        canvas.disc(at, 10.0, WHITE);
        canvas.disc(at, 5.0, INK);
        let words = format!("today: {}, {}", words::count(people), burden(now, self.about));
        let wide = super::text::width(&words, LABEL);
        let (align, from) = if at.0 + 28.0 + wide < self.rect.right {
            (Align::Left, at.0 + 19.0)
        } else {
            (Align::Right, at.0 - 19.0)
        };
        let start = if align == Align::Left { from } else { from - wide };
        let foot = at.1.max(self.rect.top + 14.0) + LABEL.cap_height() / 2.0;
        canvas.rect(
            Rect::new(start - 5.0, foot - 17.0, start + wide + 5.0, foot + 7.0),
            WHITE,
            0.9,
        );
        canvas.text((from, foot), &words, LABEL.align(align));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::phase::Column;

    fn rate() -> About {
        About {
            name: "n".into(),
            across: "people in desk".into(),
            upward: "lift".into(),
            upward_is_share: false,
            now: (9.0, 0.15),
            by: "1 May".into(),
            target: 100.0,
        }
    }

    #[test]
    fn marks_have_as_many_digits_as_tell_them_apart() {
        let marks = |top, upward_is_share| {
            let phase = Phase { columns: Vec::new(), top, points: Vec::new() };
            let about = About { upward_is_share, ..rate() };
            let map = Map::new(&phase, &about, Rect::new(0.0, 0.0, 900.0, 500.0));
            map.scale.ticks().iter().map(|tick| map.mark(*tick)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(marks(1.0, false), "0 0.2 0.4 0.6 0.8 1.0");
        assert_eq!(marks(0.2, false), "0 0.05 0.10 0.15 0.20");
        assert_eq!(marks(2.0, true).replace('\u{a0}', ""), "0% 50% 100% 150% 200%");
    }

    #[test]
    fn the_title_says_where_the_desk_stands_and_what_would_help() {
        let column = |people, recovers_up_to, lost| Column { people, recovers_up_to, lost };
        let columns = vec![
            column(8.0, None, true),
            column(9.0, Some(0.3), false),
            column(10.0, Some(0.9), false),
        ];
        let phase = Phase { columns, top: 1.0, points: Vec::new() };
        let at = |people, now| {
            let about = About { upward_is_share: true, now: (people, now), ..rate() };
            assert!(draw(&phase, &about).unwrap().svg.contains("today"));
            finding(&phase, &about)
        };
        assert_eq!(
            at(8.0, 0.5),
            "With 8 people in desk the desk is lost: there is more work than hours; with 10 it recovers"
        );
        assert_eq!(
            at(9.0, 0.5),
            "With 9 people in desk the desk has slack on paper and is not cleared in time; with 10 it recovers"
        );
        assert_eq!([0.0, 0.15, 0.5, 12.0].map(|x| burden(x, &rate())), ["0", "0.15", "0.5", "12"]);
        assert_eq!(
            at(10.0, 0.2),
            "With 10 people in desk the desk recovers on average; below 9 it would not"
        );
    }
}
