//! A sheet to draw on: shapes are collected first and written as SVG at the end, so that drawing
//! cannot fail and a test can look at every text before it is ink.

use super::ChartError;
use super::text;
use super::theme::{self, Align, Colour, Lettering};
use plotters::prelude::{
    Circle, DrawingArea, DrawingBackend, IntoDrawingArea, IntoFont, PathElement, Polygon,
    SVGBackend, Text as Words,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, RGBColor, ShapeStyle, TextStyle};
use std::error::Error;

/// The drawing library knows whole pixels only; on a sheet ten times as large, curves are smooth.
const FINE: f64 = 10.0;
/// The drawing library takes a font's line height for its size.
const LINE_HEIGHT: f64 = 1.24;

/// A place on the sheet, in pixels from its top left corner.
pub(super) type Point = (f64, f64);

/// A rectangle on the sheet.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Rect {
    /// Left edge.
    pub(super) left: f64,
    /// Top edge.
    pub(super) top: f64,
    /// Right edge.
    pub(super) right: f64,
    /// Bottom edge.
    pub(super) bottom: f64,
}

impl Rect {
    /// The rectangle between those edges.
    pub(super) fn new(left: f64, top: f64, right: f64, bottom: f64) -> Rect {
        Rect { left, top, right, bottom }
    }

    /// From left to right.
    pub(super) fn width(self) -> f64 {
        self.right - self.left
    }

    /// From top to bottom.
    pub(super) fn height(self) -> f64 {
        self.bottom - self.top
    }

    /// The same with that much more room on every side.
    pub(super) fn grown(self, by: f64) -> Rect {
        Rect::new(self.left - by, self.top - by, self.right + by, self.bottom + by)
    }

    /// Whether another lies wholly inside.
    pub(super) fn holds(self, other: Rect) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && self.right >= other.right
            && self.bottom >= other.bottom
    }

    /// Whether they share more than an edge.
    #[cfg(test)]
    pub(super) fn overlaps(self, other: Rect) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// A text in its place.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Text {
    /// Where it begins, or its middle, or where it ends; on the line it stands on.
    pub(super) at: Point,
    /// What it says.
    pub(super) words: String,
    /// How it is set.
    pub(super) lettering: Lettering,
}

impl Text {
    /// The room it takes, from the top of its capitals to the foot of its descenders.
    pub(super) fn bounds(&self) -> Rect {
        let Lettering { size, align, .. } = self.lettering;
        let width = text::width(&self.words, self.lettering);
        let left = match align {
            Align::Left => self.at.0,
            Align::Middle => self.at.0 - width / 2.0,
            Align::Right => self.at.0 - width,
        };
        let top = self.at.1 - self.lettering.cap_height();
        Rect::new(left, top, left + width, self.at.1 + 0.21 * size)
    }
}

/// What a line looks like.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Pen {
    /// Its colour.
    pub(super) colour: Colour,
    /// Its width, in pixels.
    pub(super) width: f64,
    /// Lengths of a dash and of the gap after it; nothing for a solid line.
    pub(super) dash: Option<(f64, f64)>,
}

impl Pen {
    /// A solid line.
    pub(super) const fn new(colour: Colour, width: f64) -> Pen {
        Pen { colour, width, dash: None }
    }

    /// The same, dashed.
    pub(super) const fn dashed(self, dash: f64, gap: f64) -> Pen {
        Pen { dash: Some((dash, gap)), ..self }
    }
}

/// Something on the sheet.
#[derive(Clone, PartialEq, Debug)]
enum Shape {
    Fill { outline: Vec<Point>, colour: Colour, opacity: f64 },
    Line { through: Vec<Point>, pen: Pen },
    Dot { at: Point, radius: f64, colour: Colour },
    Text(Text),
}

/// A sheet under work.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Canvas {
    shapes: Vec<Shape>,
}

impl Canvas {
    /// Fills the polygon with that outline.
    pub(super) fn fill(&mut self, outline: Vec<Point>, colour: Colour, opacity: f64) {
        if outline.len() > 2 {
            self.shapes.push(Shape::Fill { outline, colour, opacity });
        }
    }

    /// Fills a rectangle.
    pub(super) fn rect(&mut self, rect: Rect, colour: Colour, opacity: f64) {
        let Rect { left, top, right, bottom } = rect;
        self.fill(
            vec![(left, top), (right, top), (right, bottom), (left, bottom)],
            colour,
            opacity,
        );
    }

    /// Draws a line.
    pub(super) fn line(&mut self, through: Vec<Point>, pen: Pen) {
        if through.len() > 1 {
            self.shapes.push(Shape::Line { through, pen });
        }
    }

    /// Draws a level line; its height is moved to the middle of a pixel, where it is crisp.
    pub(super) fn level(&mut self, left: f64, right: f64, height: f64, pen: Pen) {
        let height = height.floor() + 0.5;
        self.line(vec![(left, height), (right, height)], pen);
    }

    /// Draws an upright line; its place is moved to the middle of a pixel, where it is crisp.
    pub(super) fn upright(&mut self, place: f64, top: f64, bottom: f64, pen: Pen) {
        let place = place.floor() + 0.5;
        self.line(vec![(place, top), (place, bottom)], pen);
    }

    /// Draws a dot with a white rim, so that it stands out on any ground.
    pub(super) fn dot(&mut self, at: Point, radius: f64, colour: Colour) {
        self.shapes.push(Shape::Dot { at, radius: radius + 1.5, colour: theme::WHITE });
        self.shapes.push(Shape::Dot { at, radius, colour });
    }

    /// Draws a dot without a rim.
    pub(super) fn disc(&mut self, at: Point, radius: f64, colour: Colour) {
        self.shapes.push(Shape::Dot { at, radius, colour });
    }

    /// Writes a text and says what room it takes.
    pub(super) fn text(&mut self, at: Point, words: &str, lettering: Lettering) -> Rect {
        // A name may hold characters that no XML file may.
        let words =
            words.replace(|c: char| c.is_control() || c > '\u{fffd}' && c < '\u{10000}', " ");
        let text = Text { at, words, lettering };
        let bounds = text.bounds();
        if !text.words.trim().is_empty() {
            self.shapes.push(Shape::Text(text));
        }
        bounds
    }

    /// The finished sheet as SVG. The title is for those who hear a chart rather than see it.
    pub(super) fn svg(&self, title: &str) -> Result<String, ChartError> {
        if !theme::fonts_are_ready() {
            return Err(ChartError::Font);
        }
        let mut raw = String::new();
        let size = ((theme::WIDTH * FINE) as u32, (theme::HEIGHT * FINE) as u32);
        let sheet = SVGBackend::with_string(&mut raw, size).into_drawing_area();
        let drawn = self.shapes.iter().try_for_each(|shape| draw(&sheet, shape));
        drawn.and_then(|()| sheet.present()).map_err(|problem| ChartError::Draw(problem.into()))?;
        drop(sheet);
        Ok(finish(&raw, title))
    }
}

type Refusal<B> = plotters::drawing::DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>;

fn draw<B: DrawingBackend>(
    sheet: &DrawingArea<B, plotters::coord::Shift>,
    shape: &Shape,
) -> Result<(), Refusal<B>> {
    match shape {
        Shape::Fill { outline, colour, opacity } => {
            sheet.draw(&Polygon::new(fine_all(outline), paint(*colour).mix(*opacity).filled()))
        }
        Shape::Line { through, pen } => {
            let style = ShapeStyle {
                color: paint(pen.colour).to_rgba(),
                filled: false,
                stroke_width: fine(pen.width).max(1) as u32,
            };
            match pen.dash {
                None => sheet.draw(&PathElement::new(fine_all(through), style)),
                Some((dash, gap)) => dashes(through, dash, gap)
                    .iter()
                    .try_for_each(|one| sheet.draw(&PathElement::new(fine_all(one), style))),
            }
        }
        Shape::Dot { at, radius, colour } => {
            sheet.draw(&Circle::new(fine_point(*at), fine(*radius), paint(*colour).filled()))
        }
        Shape::Text(text) => {
            let Lettering { size, bold, colour, align } = text.lettering;
            let face = if bold { FontStyle::Bold } else { FontStyle::Normal };
            let across = match align {
                Align::Left => HPos::Left,
                Align::Middle => HPos::Center,
                Align::Right => HPos::Right,
            };
            let font = (theme::FAMILY, size * FINE * LINE_HEIGHT, face).into_font();
            let ink = paint(colour);
            let style = TextStyle::from(font).color(&ink).pos(Pos::new(across, VPos::Bottom));
            sheet.draw(&Words::new(text.words.as_str(), fine_point(text.at), style))
        }
    }
}

fn paint(colour: Colour) -> RGBColor {
    RGBColor(colour.0, colour.1, colour.2)
}

fn fine(pixels: f64) -> i32 {
    (pixels * FINE).round() as i32
}

fn fine_point(at: Point) -> (i32, i32) {
    (fine(at.0), fine(at.1))
}

fn fine_all(points: &[Point]) -> Vec<(i32, i32)> {
    points.iter().map(|at| fine_point(*at)).collect()
}

/// Cuts a line into dashes. The SVG of the drawing library knows solid lines only.
fn dashes(through: &[Point], dash: f64, gap: f64) -> Vec<Vec<Point>> {
    let (mut done, mut inked, mut left) = (Vec::new(), true, dash);
    let mut current = through.first().copied().into_iter().collect::<Vec<_>>();
    for pair in through.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            if length <= left {
                left -= length;
                if inked {
                    current.push(to);
                }
                break;
            }
            let share = left / length;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            if inked {
                current.push(from);
                done.push(std::mem::take(&mut current));
            } else {
                current = vec![from];
            }
            inked = !inked;
            left = if inked { dash } else { gap };
        }
    }
    if inked && current.len() > 1 {
        done.push(current);
    }
    done
}

/// Puts right what the drawing library cannot say: the size at which the sheet is shown, round
/// joints, texts that stand on their line (it hangs them half an x-height off) without stray line
/// ends, and the weight of the semibold face.
fn finish(raw: &str, title: &str) -> String {
    let mut svg = String::with_capacity(raw.len() + 400);
    let mut in_text = false;
    for line in raw.lines() {
        if line.starts_with("<svg ") {
            let (width, height) = (theme::WIDTH, theme::HEIGHT);
            let (wide, high) = (width * FINE, height * FINE);
            svg.push_str(&format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
                 viewBox=\"0 0 {wide} {high}\" stroke-linejoin=\"round\" role=\"img\">\n\
                 <title>{}</title>\n\
                 <rect width=\"{wide}\" height=\"{high}\" fill=\"#FFFFFF\"/>\n",
                escaped(title)
            ));
        } else if line.starts_with("<text ") {
            let line =
                line.replace(" dy=\"-0.5ex\"", "").replace("weight=\"bold\"", "weight=\"600\"");
            svg.push_str(&line);
            in_text = true;
        } else {
            svg.push_str(line);
            // The words come on a line of their own, between the tags.
            if !std::mem::take(&mut in_text) {
                svg.push('\n');
            }
        }
    }
    svg
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl<E: Error + Send + Sync + 'static> From<plotters::drawing::DrawingAreaErrorKind<E>>
    for super::DrawingProblem
{
    fn from(problem: plotters::drawing::DrawingAreaErrorKind<E>) -> Self {
        super::DrawingProblem(Box::new(problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::theme::{BLUE, LABEL};

    #[test]
    fn dashes_cover_a_line_evenly_round_a_corner() {
        let pieces = dashes(&[(0.0, 0.0), (5.0, 0.0), (5.0, 5.0)], 4.0, 2.0);
        assert_eq!(pieces, [vec![(0.0, 0.0), (4.0, 0.0)], vec![(5.0, 1.0), (5.0, 5.0)]]);
    }

    #[test]
    fn a_sheet_is_written_as_plain_svg() {
        let mut canvas = Canvas::default();
        canvas.level(10.0, 20.0, 30.2, Pen::new(BLUE, 1.5));
        canvas.text((40.0, 50.0), "A & \"B\"\u{1}", LABEL);
        let svg = canvas.svg("Less < more").unwrap();
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1280\""));
        assert!(svg.contains("<title>Less &lt; more</title>"));
        assert!(svg.contains("points=\"100,305 200,305 \""), "{svg}");
        assert!(svg.contains(">A &amp; &quot;B&quot; </text>"), "{svg}");
        assert!(svg.contains("font-weight=\"600\"") && !svg.contains(" dy="));
        assert!(svg.contains("font-size=\"160\""), "{svg}");
    }

    #[test]
    fn a_text_knows_its_room() {
        let mut canvas = Canvas::default();
        let left = canvas.text((100.0, 50.0), "median", LABEL);
        let right = canvas.text((100.0, 90.0), "median", LABEL.align(Align::Right));
        assert!(left.width() > 40.0 && left.width() < 80.0, "{}", left.width());
        assert!((right.right - left.left).abs() < 1e-9);
        assert!(!left.overlaps(right));
    }
}
